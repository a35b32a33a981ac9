// cli/bench.h: what the subcommands of `heapwise bench` share.
#ifndef HEAPWISE_CLI_BENCH_H
#define HEAPWISE_CLI_BENCH_H

#include "bench/gate.h"
#include "cli/cli.h"

// The rules the options name.
Err cli_bench_rules(const Cli *cli, GateRules *out);

// One side of a comparison: results in text, and what to call them.
typedef struct BenchSide {
    Str bytes, path;
} BenchSide;
// Decides and builds the page; *status becomes 1 when something got worse.
Err cli_bench_judge(Cli *cli, const BenchSide *sides, const GateRules *rules, StrVec remarks,
                    Status *status); // sides: old, new
Err cli_bench_gate(Cli *cli, Status *status);
Err cli_bench_run(Cli *cli, Status *status);

#endif
