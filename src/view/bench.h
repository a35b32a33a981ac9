// view/bench.h: benchmark tables and verdicts as pages.
#ifndef HEAPWISE_VIEW_BENCH_H
#define HEAPWISE_VIEW_BENCH_H

#include "bench/gate.h"
#include "doc/doc.h"

// What benchstat prints, byte for byte. Notes of the CSV form go to its standard error.
void view_benchstat_text(Doc *d, const BenchSet *s, const BenchTables *tables);
void view_benchstat_csv(Doc *d, const BenchSet *s, const BenchTables *tables);
// The same cells as data (heapwise.benchstat/1).
void view_benchstat_data(Doc *d, const BenchSet *s, const BenchTables *tables);

typedef struct BenchGatePage {
    const BenchSet *set;
    const Gate *gate;
    const GateRules *rules;
    bool all;               // list what is the same, too
    const DocValue *places; // per row: where the benchmark is, or the results' line
    StrVec remarks;         // more about how it was measured
} BenchGatePage;
// Verdicts (heapwise.bench-gate/1); those that are worse are findings.
void view_bench_gate(Doc *d, const BenchGatePage *page);

#endif
