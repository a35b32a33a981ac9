// live/live.h: a Go process seen from outside: its runtime's variables read through any source of
// bytes, never changed. Copy first, while it stands still; name and scale afterwards.
// Units    sizes are bytes; addresses are the process's own unless said to be those of the file.
// Failure  Err: an unknown Go release or GOEXPERIMENT is refused, never guessed; a list that does
//          not end or leads nowhere is an error, and memory is bounded by the limits in the .c
//          files.
#ifndef HEAPWISE_LIVE_LIVE_H
#define HEAPWISE_LIVE_LIVE_H

#include "binary/map/map.h"
#include "profile/profile.h"

// Bytes at addresses: a process, or a test's own image. All of them or false.
typedef struct LiveMemory {
    bool (*read)(void *context, uint64_t addr, void *out, size_t size);
    void *context;
} LiveMemory;

// Where the runtime keeps its heap profile (runtime/mprof.go), in the process.
typedef struct LiveHeapVars {
    uint64_t buckets; // mbuckets
    uint64_t cycle;   // mProfCycle
    uint64_t rate;    // MemProfileRate
    bool counts_only; // Go 1.27 on: a record has no bytes, they are its counts times its size
} LiveHeapVars;

// bias: what to add to an address of the file.
Err live_heap_vars(Arena *a, const Binary *program, uint64_t bias, LiveHeapVars *out);

typedef struct LiveHeapRecord { // counts of the samples themselves, not scaled
    uint64_t allocs, frees, alloc_bytes, free_bytes;
    uint64_t object_bytes; // of one object, as the endpoint names it in a label; 0: not said
    uint32_t first, depth; // its stack in LiveHeap.stacks: return addresses, leaf first
} LiveHeapRecord;

typedef struct LiveHeap {
    VEC(LiveHeapRecord) records; // in the runtime's order
    VEC(uint64_t) stacks;
    uint64_t rate; // average bytes between two samples
} LiveHeap;

// What runtime.MemProfile(_, true) would give now: the published cycle, with the finished one that
// waits to be added; all of them while there has been no collection.
Err live_heap_read(Arena *a, const LiveMemory *m, const LiveHeapVars *vars, LiveHeap *out);

// The records as /debug/pprof/heap names and scales them, samples in the records' order, a call and
// what was inlined into it as one location. Names are views into the program's bytes.
void live_heap_profile(Arena *a, const Binary *program, uint64_t bias, const LiveHeap *heap,
                       Profile *out);

// The whole way for a process: opens its program, stops it, copies, lets it go, names.
Err live_pid_heap_profile(Arena *a, uint32_t pid, Profile *out);

#endif
