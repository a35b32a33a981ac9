// cli/units.h: what the commands that check or analyse packages share.
#ifndef HEAPWISE_CLI_UNITS_H
#define HEAPWISE_CLI_UNITS_H

#include "cli/cli.h"
#include "go/program/program.h"

// What keeps u out of an analysis: said, and no exit status of 0.
void unit_say_missing(Cli *cli, const ProgramUnit *u, Status *status);

// ---- packages given as files, as `go tool compile` takes them: --compile of check and escape

typedef struct Compiled {
    LoadConfig load; // how what they import is found
    bool any_lang;   // no --lang means none, not the newest
    bool no_imports; // imports are not followed
    PackageSet *set; // what was loaded, to be freed after the program; NULL: nothing
} Compiled;

// The files on the command line become a package of p, those of each --package others it may
// import.
Err compiled_add(Cli *cli, Program *p, Compiled *c);

// Of their options; to be put into a command's table.
// clang-format off
#define COMPILED_OPTIONS                                                                           \
    {"compile", OPTION_FLAG, NULL, "take files as `go tool compile` does: one package, no go.mod", \
     0},                                                                                           \
    {"lang", OPTION_VALUE, "V", "with --compile: language version, go1.21", 0},                    \
    {"p", OPTION_VALUE, "PATH", "with --compile: import path of the package", 0},                  \
    {"D", OPTION_VALUE, "PATH", "with --compile: what imports of ./x are relative to", 0},         \
    {"package", OPTION_LIST, "PATH=FILES",                                                         \
     "with --compile: another package the files may import, comma-separated files", 0},            \
    {"complete", OPTION_FLAG, NULL, "with --compile: no function body comes from elsewhere", 0},   \
    {"std", OPTION_FLAG, NULL, "with --compile: the package is of the standard library", 0}
// clang-format on

#endif
