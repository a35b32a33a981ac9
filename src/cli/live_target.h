// cli/live_target.h: the process or core file that live, heap and core are about.
#ifndef HEAPWISE_CLI_LIVE_TARGET_H
#define HEAPWISE_CLI_LIVE_TARGET_H

#include "cli/cli.h"
#include "live/live.h"

// The one word on the command line: a process's number, or (cores) a core file; ready to be read.
// name: as errors call it.
Err live_target_open(Cli *cli, bool cores, LiveTarget *out, Str *name);

#endif
