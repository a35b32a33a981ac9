// cli/gc.h: the subcommands of `heapwise gc`, one file each, and what they share.
#ifndef HEAPWISE_CLI_GC_H
#define HEAPWISE_CLI_GC_H

#include "cli/cli.h"

Err cli_gc_env(Cli *cli, Status *status);
Err cli_gc_run(Cli *cli, Status *status);
Err cli_gc_whatif(Cli *cli, Status *status);

// The memory limit of the cgroup that process `pid` is in (0: ours), in bytes; 0: none, or
// unreadable.
uint64_t cli_gc_container_limit(Arena *a, uint64_t pid);

#endif
