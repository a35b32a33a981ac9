// cli/commands.c: the table of commands: one row each, in the order a reader meets them.
#include "cli/commands.h"
#include "cli/cli.h"

// clang-format off
const Command *const cli_commands[] = {
    &cmd_review,
    &cmd_check,
    &cmd_escape,
    &cmd_vet,
    &cmd_list,
    &cmd_bench, &cmd_benchstat,
    &cmd_pprof, &cmd_profile, &cmd_web,
    &cmd_nm,
    &cmd_objdump,
    &cmd_map,
    &cmd_static,
    &cmd_size,
    &cmd_live,
    &cmd_heap,
    &cmd_core,
    &cmd_gc,
    &cmd_dump,
    &cmd_cache,
    &cmd_man,
    &cmd_completion,
    &cmd_version,
    NULL,
};
// clang-format on

const Command *cli_find(Str name) {
    for (const Command *const *c = cli_commands; *c; c++)
        if (str_eq_c(name, (*c)->name)) return *c;
    return NULL;
}
