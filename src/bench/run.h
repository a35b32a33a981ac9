// bench/run.h: runs the benchmarks of two versions of a Go module by turns until the verdicts are
// settled: the version before in a git worktree of its own, which is removed whatever happens.
// Threads  one at a time.     Failure  Err says what git, go or a benchmark said.
#ifndef HEAPWISE_BENCH_RUN_H
#define HEAPWISE_BENCH_RUN_H

#include "bench/gate.h"

typedef struct RunSpec {
    Str dir;         // in the repository; packages are found from here
    Str before;      // revision; empty: HEAD when the tree has changes, else HEAD~1
    Str pattern;     // -bench
    StrVec packages; // as go test takes them
    Str benchtime;   // empty: go's
    Str cpu;         // -cpu; empty: go's
    GateRules rules;
    size_t least;      // rounds before the first look
    uint64_t limit_ns; // no new round past this; 0: none
    Str profiles;      // directory for memory profiles; empty: none
    void (*progress)(void *ctx, Str line);
    void *ctx;
} RunSpec;

typedef struct RunResult {
    Str text[2];    // what the benchmarks printed: before, after
    Str version[2]; // "HEAD (abc1234)", "the working tree"
    size_t rounds, looks;
    bool settled, out_of_time;
    double alpha;    // of one look, so that all together stay within the rules'
    StrVec profiles; // written
} RunResult;

Err bench_run(Arena *a, const RunSpec *spec, RunResult *out);

#endif
