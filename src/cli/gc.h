// cli/gc.h: the subcommands of `heapwise gc`, one file each, and what they share.
#ifndef HEAPWISE_CLI_GC_H
#define HEAPWISE_CLI_GC_H

#include "cli/cli.h"
#include "gc/gc.h"
#include "sys/child.h"
#include "sys/load.h"

Err cli_gc_env(Cli *cli, Status *status);
Err cli_gc_ab(Cli *cli, Status *status);
Err cli_gc_run(Cli *cli, Status *status);
Err cli_gc_credit(Cli *cli, Status *status);
Err cli_gc_watch(Cli *cli, Status *status);
Err cli_gc_whatif(Cli *cli, Status *status);

// A program run under observation.
typedef struct GcRunSpec {
    StrVec argv, env; // env: "NAME=value" on top of ours
    bool precise;     // heap sizes to the byte
    bool quiet;       // its standard error is not handed on
    ChildOutput output;
    const LoadSpec *load; // the program is a service: loaded, then ended; NULL: it ends by itself
} GcRunSpec;
typedef struct GcRunResult {
    GcObservation seen;
    GcTraceCounts counts;
    ChildEnd end;
    LoadResult load;
    Str last_words; // the end of what a quiet program wrote to standard error
} GcRunResult;
Err cli_gc_observe(Arena *a, const GcRunSpec *spec, GcRunResult *out);

// The memory limit of the cgroup that process `pid` is in (0: ours), in bytes; 0: none, or
// unreadable.
uint64_t cli_gc_container_limit(Arena *a, uint64_t pid);

#endif
