// cli/cmd_dump.c: `heapwise dump`: what a pass left behind, for people who work on heapwise.
#include "cli/commands.h"
#include "go/program/program.h"
#include "view/dump.h"

static void dump_roots(Cli *cli, const Program *p, Sizes sizes, Status *status) {
    Buf out = buf_new(cli->arena);
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        if (u->root) view_dump_types(&out, p, u, sizes);
        if (u->failed) *status = STATUS_FINDINGS;
    }
    doc_verbatim(cli->doc, buf_view(&out));
}

static Err run_dump(Cli *cli, Status *status) {
    Arena *a = cli->arena;
    Str after = args_value(&cli->args, "after", STR("types")),
        arch = args_value(&cli->args, "arch", STR("amd64"));
    if (!str_eq(after, STR("types")))
        return err_new(a, ERR_USAGE, 0, "--after=" STR_FMT ": no such pass; types", STR_ARG(after));
    Sizes sizes;
    if (!sizes_for(arch, &sizes))
        return err_new(a, ERR_USAGE, 0, "--arch=" STR_FMT ": no such architecture", STR_ARG(arch));
    LoadConfig load = {.tags = args_value(&cli->args, "tags", (Str){0})};
    PackageSet *set = NULL;
    TRY(load_packages(a, &load, &cli->args.rest, &set));
    Program *p = program_new(&(ProgramConfig){.goarch = arch, .keep = true});
    Err e = program_add_packages(p, set);
    if (!e) {
        program_run(p);
        dump_roots(cli, p, sizes, status);
    }
    program_free(p);
    package_set_free(set);
    return e;
}

static const Option dump_options[] = {
    {"after", OPTION_VALUE, "PASS", "which pass: types (the default)", 0},
    {"arch", OPTION_VALUE, "GOARCH", "whose sizes to use (default amd64)", 0},
    {"tags", OPTION_VALUE, "LIST", "build tags, comma-separated", 0},
};

const Command cmd_dump = {
    .name = "dump",
    .summary = "show what a pass left behind, for work on heapwise",
    .usage = "[--after=types] [PATTERN...]",
    .details =
        "After types: every package-level object with its type; exact values of constants; size, "
        "alignment and field offsets; method sets of T and *T with the path through embedded "
        "fields; the order of initialization.",
    .example = "heapwise dump --after=types ./...",
    .schema = "heapwise.dump/1",
    .options = {dump_options, COUNT(dump_options), .interleaved = true},
    .run = run_dump,
};
