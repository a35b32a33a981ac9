// bench/gate.h: two sets of runs, old and new: which benchmarks got better or worse, which are the
// same, and which have too few runs to say.
//
// Allocations are counted, not measured: where every run of a side says the same number, one run is
// enough and any difference is a finding. Everything else is tested with the exact Mann-Whitney
// test; Holm's correction holds the chance of even one false finding among all tests to alpha.
// Owns     results in the arena of the set.     Threads  one at a time.
#ifndef HEAPWISE_BENCH_GATE_H
#define HEAPWISE_BENCH_GATE_H

#include "bench/bench.h"

// clang-format off
#define GATE_VERDICTS(X)                                                                           \
    X(WORSE, "worse") X(BETTER, "better") X(CHANGED, "changed") X(SAME, "same")                    \
    X(MORE_RUNS, "not enough runs") X(NOISY, "too noisy") X(GONE, "gone") X(ADDED, "new")
// clang-format on
#define X(id, text) GATE_##id,
typedef enum GateVerdict { GATE_VERDICTS(X) } GateVerdict;
#undef X
const char *gate_verdict_text(GateVerdict v);

typedef struct GateRules {
    double alpha;       // of a false finding anywhere
    double min_change;  // measured changes below this share are no findings
    double same_within; // the same once the interval of the change lies within this share
    size_t max_runs;    // per side; a verdict that would need more is given up as too noisy
} GateRules;
extern const GateRules gate_rules_default;

typedef struct GateRow {
    Str name;      // "pkg Benchmark/sub-8" without the package where there is only one
    Str package;   // empty when the results do not say
    Str benchmark; // without the prefix "Benchmark"
    BenchStr unit;
    size_t old_runs, new_runs;
    double old_center, new_center;
    bool counted;       // decided without a test
    bool tested;        // p is one of the family
    double wins;        // how often an old value is above a new one
    double p, family_p; // family_p: after Holm's correction
    StatsRatio ratio;   // new to old, with its interval at the rules' level; 0s when not above zero
    GateVerdict verdict;
    double within;    // SAME: the change is at most this share
    size_t more_runs; // MORE_RUNS: per side, estimated
} GateRow;

typedef struct Gate {
    VEC(GateRow) rows; // by unit in the order met, then as the results have them
    size_t family;     // tests the correction counts
    size_t count[8];   // by verdict
    StrVec notes;      // what makes the comparison doubtful
} Gate;

// The query that puts old and new side by side: one table per unit, rows by package and name.
extern const BenchQuery gate_query;
// tables: of a builder with gate_query, inputs labelled "old" and "new".
Gate gate_decide(BenchSet *s, const BenchTables *tables, const GateRules *rules);

#endif
