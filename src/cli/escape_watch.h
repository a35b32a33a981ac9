// cli/escape_watch.h: `heapwise escape --watch`, and what it shares with `heapwise escape`.
#ifndef HEAPWISE_CLI_ESCAPE_WATCH_H
#define HEAPWISE_CLI_ESCAPE_WATCH_H

#include "cli/cli.h"
#include "go/program/program.h"

// What the go command would print of a unit, of one given as files what the compiler would.
void escape_print_unit(const Program *p, const ProgramUnit *u, Buf *out);

// The page gets the whole output, and a stream of what changes with each edit. The set must live as
// long as the process.
Err escape_watch(Cli *cli, const ProgramConfig *config, const PackageSet *set, Status *status);

#endif
