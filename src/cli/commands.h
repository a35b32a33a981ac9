// cli/commands.h: the commands, each defined in its own cmd_NAME.c.
#ifndef HEAPWISE_CLI_COMMANDS_H
#define HEAPWISE_CLI_COMMANDS_H

#include "cli/cli.h"

extern const Command cmd_bench;
extern const Command cmd_benchstat;
extern const Command cmd_check;
extern const Command cmd_escape;
extern const Command cmd_core;
extern const Command cmd_heap;
extern const Command cmd_list;
extern const Command cmd_live;
extern const Command cmd_review;
extern const Command cmd_dump;
extern const Command cmd_cache;
extern const Command cmd_man;
extern const Command cmd_nm;
extern const Command cmd_objdump;
extern const Command cmd_pprof;
extern const Command cmd_profile;
extern const Command cmd_map;
extern const Command cmd_static;
extern const Command cmd_size;
extern const Command cmd_completion;
extern const Command cmd_version;
extern const Command cmd_web;
extern const Command cmd_vet;
extern const Command cmd_gc;

#endif
