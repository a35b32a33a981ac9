// live/gc_counters.h: the collector's own figures, read from a process that runs on.
// Units    bytes and nanoseconds.
// Failure  Err: an unknown Go release or GOEXPERIMENT is refused, never guessed; a process that
//          ended, or whose memory is not ours to read.
#ifndef HEAPWISE_LIVE_GC_COUNTERS_H
#define HEAPWISE_LIVE_GC_COUNTERS_H

#include "live/live.h"

#define X(id, variable, member) LIVE_GC_##id,
typedef enum LiveGcField {
#include "live/gc_fields.inc"
    LIVE_GC_COUNT
} LiveGcField;
#undef X

// Where they are in a process.
typedef struct LiveGcVars {
    uint64_t at[LIVE_GC_COUNT];
} LiveGcVars;
Err live_gc_vars(Arena *a, const Binary *program, uint64_t bias, LiveGcVars *out);

// Read while the process runs: nothing is stopped, and one look takes some twenty small reads. All
// of them are of the same cycle, or Err.
typedef struct LiveGc {
    int64_t gogc;                               // percent; negative: off
    uint64_t memlimit;                          // bytes; INT64_MAX: none
    uint64_t goal, marked, live, alloc, freed;  // bytes; goal: what GOGC or the limit allows
    uint64_t stack_scan, globals_scan;          // bytes
    uint64_t last_start, last_end, last_marked; // of the last finished cycle, as gctrace has it
    uint64_t assist_ns, dedicated_ns, idle_ns;  // marking, up to the last finished cycle
    uint64_t paused_ns;
    uint32_t cycles, forced;
    bool marking; // then last_start is of the cycle under way already
} LiveGc;
Err live_gc_read(Arena *a, const LiveMemory *m, const LiveGcVars *vars, LiveGc *out);

// The whole way for a process. It runs on; what is opened stays valid while it does.
typedef struct LiveGcSource {
    uint32_t pid;
    LiveGcVars vars;
} LiveGcSource;
Err live_pid_gc_open(Arena *a, uint32_t pid, LiveGcSource *out);
Err live_pid_gc_read(Arena *a, const LiveGcSource *s, LiveGc *out);

#endif
