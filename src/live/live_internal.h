// live, shared by its files.
#ifndef HEAPWISE_LIVE_LIVE_INTERNAL_H
#define HEAPWISE_LIVE_LIVE_INTERNAL_H

#include <string.h>

#include "live/live.h"
#include "sys/file.h"

// The program of a process and where it was loaded; its bytes are map's, which the caller unmaps.
Err live_open_program(Arena *a, uint32_t pid, FileMap *map, LiveTarget *out);
LiveMemory live_memory_of(uint32_t *pid);       // of a process; *pid must outlive it
Err live_find_runtime(Arena *a, LiveTarget *t); // release and variables; program and bias are set
Err live_known_release(Arena *a, const Binary *p, uint32_t *out);
Err live_find_vars(Arena *a, LiveTarget *t);
// Variables that code shows: those it is sure of.
void live_guess_vars(Arena *a, const LiveTarget *t, uint64_t out[LIVE_VAR_COUNT]);
Err live_parse_maps(Arena *a, Str text, LiveMappingVec *out);

// Where the runtime keeps its heap profile. Failure: it keeps none.
Err live_profile_vars(Arena *a, const LiveTarget *t, LiveHeapVars *out);

typedef struct LiveFrame {
    Str name; // as the linker has it; empty: no Go code
    Str file;
    int64_t line, start_line;
    uint64_t entry; // of the function whose code it is
    bool inlined;   // into that function, or into one inlined there
} LiveFrame;
// What a return address of the process called from.
LiveFrame live_frame(const Binary *p, uint64_t bias, uint64_t address);

// A field of a structure that was copied to `bytes`.
static inline uint64_t field64(const LiveTarget *t, const char *bytes, LiveField f) {
    uint64_t v;
    memcpy(&v, bytes + t->layout.at[f], sizeof v);
    return v;
}
static inline uint32_t field32(const LiveTarget *t, const char *bytes, LiveField f) {
    uint32_t v;
    memcpy(&v, bytes + t->layout.at[f], sizeof v);
    return v;
}
static inline uint16_t field16(const LiveTarget *t, const char *bytes, LiveField f) {
    uint16_t v;
    memcpy(&v, bytes + t->layout.at[f], sizeof v);
    return v;
}
static inline uint8_t field8(const LiveTarget *t, const char *bytes, LiveField f) {
    return (uint8_t)bytes[t->layout.at[f]];
}
static inline size_t field_size(const LiveTarget *t, LiveField f) { // of a structure
    return (size_t)t->layout.at[f];
}

// A Go slice's pointer and length at addr of the process; false: it cannot be read.
typedef struct LiveSlice {
    uint64_t ptr, len, cap;
} LiveSlice;
static inline bool live_slice(const LiveTarget *t, uint64_t addr, LiveSlice *out) {
    return live_read(t, addr, out, sizeof *out);
}

#endif
