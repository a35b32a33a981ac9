// gc/gc_internal.h: the run as the model sees it, between model.c (which takes it out of an
// observation and turns replays into predictions) and replay.c (which lets the pacer run over it).
#ifndef HEAPWISE_GC_INTERNAL_H
#define HEAPWISE_GC_INTERNAL_H

#include "gc/gc.h"

#define GC_MEBIBYTE ((double)(1 << 20))

// One observed mark, as a replay draws it.
typedef struct GcMark {
    double live;   // reachable bytes
    double floats; // part of what is allocated meanwhile that is garbage and yet counts as live
    double during; // bytes the program would allocate meanwhile if nothing held it up
    double used;   // (used + idle) / (1 - used) of the processors: what the pacer learns from
    double cost_s; // GC CPU
    double end;    // the heap when it ended
    double beyond; // bytes past the goal, of a mark that held the program up; negative: it did not
} GcMark;

typedef struct GcRun {
    Arena *arena;
    GcMark *marks;
    double *at;   // bytes allocated when each mark ended
    double *live; // reachable then, smoothed
    uint32_t count;
    double allocated;  // in the whole run
    double fixed_scan; // stacks and globals
    double beside;     // bytes the runtime has mapped beside a heap of `beside_heap` bytes
    double beside_heap;
    bool far;          // objects are hard to reach: marks wait for memory
    double *overshots; // of marks that held the program up
    uint32_t overshot_count;
} GcRun;

// What a setting made of the run: medians of several replays, and where nine of ten lie.
typedef struct GcReplay {
    GcEstimate cycles, cpu_s, peak; // peak: the largest heap
    double beside_s; // of cpu_s, while the program ran: assists hold it up where marks take long
    double begun, begun_cpu_s; // part of a next cycle that the end of the run cuts off
    double tightest;           // smallest room over live heap: (goal - live) / live
    bool limited;
} GcReplay;

// scale: the part of the allocation that is left; 1 replays the run as it was. Places in the run
// are counted in the bytes it allocated when nothing was left out.
GcReplay gc_replay(const GcRun *run, int64_t gogc, uint64_t memlimit, double scale);

#endif
