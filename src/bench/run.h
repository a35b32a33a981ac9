// bench/run.h: runs the benchmarks of two versions of a Go module by turns until the verdicts are
// settled: the version before in a git worktree of its own, which is removed whatever happens.
// Threads  one at a time.     Failure  Err says what git, go or a benchmark said.
#ifndef HEAPWISE_BENCH_RUN_H
#define HEAPWISE_BENCH_RUN_H

#include "bench/gate.h"

// A round measures each benchmark in many short windows and takes the lower quintile of their
// times: what disturbs a machine only ever adds time, and most windows of a millisecond escape it.
// On a machine with five times as much to do as it has processors this leaves about 1 % of noise
// where whole runs have 40 %. It also means that garbage collections, which rarely fall in so short
// a window, are not in the time; what causes them is counted in B/op.
enum { RUN_WINDOWS = 60 };
#define RUN_BENCHTIME "1ms"
#define RUN_QUANTILE 0.2

typedef struct RunSpec {
    Str dir;         // in the repository; packages are found from here
    Str before;      // revision; empty: HEAD when the tree has changes, else HEAD~1
    Str pattern;     // -bench
    StrVec packages; // as go test takes them
    Str benchtime;   // of one window
    size_t windows;  // per round; 0: as many as fit, up to RUN_WINDOWS
    Str cpu;         // -cpu; empty: go's
    GateRules rules;
    size_t least;      // rounds before the first look
    uint64_t limit_ns; // no new round past this; 0: none
    Str profiles;      // directory for memory profiles; empty: none
    void (*progress)(void *ctx, Str line);
    void *ctx;
} RunSpec;

typedef struct RunResult {
    Str text[2];                   // what the benchmarks printed: before, after
    Str version[2];                // "HEAD (abc1234)", "the working tree"
    size_t rounds, looks, windows; // windows: the most of any package
    bool settled, out_of_time;
    double alpha;    // of one look, so that all together stay within the rules'
    StrVec profiles; // written
} RunResult;

Err bench_run(Arena *a, const RunSpec *spec, RunResult *out);

#endif
