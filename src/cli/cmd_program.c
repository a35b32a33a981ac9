// cli/cmd_program.c: map and static: what a built program's memory looks like before it runs.
#include "cli/commands.h"
#include "sys/file.h"
#include "view/program.h"

// Opens the one program named on the command line; it stays mapped until the page is written.
static Err open_program(Cli *cli, const char *command, Str *path, Binary *out) {
    if (cli->args.rest.len != 1)
        return err_new(cli->arena, ERR_USAGE, 0, "%s: name one program (the output of go build)",
                       command);
    *path = cli->args.rest.v[0];
    FileMap map;
    TRY(file_map(cli->arena, *path, &map));
    Err e = binary_open(cli->arena, map.bytes, out);
    return e ? err_wrap(cli->arena, e, STR_FMT, STR_ARG(*path)) : NULL;
}

static Err run_map(Cli *cli, Status *status) {
    (void)status;
    Str path;
    Binary p;
    TRY(open_program(cli, "map", &path, &p));
    view_map(cli->doc, path, &p);
    return NULL;
}

static const Option static_options[] = {
    {"package", OPTION_VALUE, "PATH", "only this package and the packages below it", 'p'},
    {"std", OPTION_FLAG, NULL, "the standard library's packages too", 0},
    {"min", OPTION_VALUE, "BYTES", "list variables of at least this size (default 1)", 0},
    {"top", OPTION_VALUE, "N", "list the N largest variables (default 50; 0: all)", 'n'},
};

static Err run_static(Cli *cli, Status *status) {
    (void)status;
    Str path;
    Binary p;
    StaticOptions o = {.package = args_value(&cli->args, "package", STR("")),
                       .std = args_flag(&cli->args, "std")};
    uint64_t top = 50;
    TRY(args_u64(cli->arena, &cli->args, "min", &o.at_least));
    TRY(args_u64(cli->arena, &cli->args, "top", &top));
    o.top = (uint32_t)MIN(top, (uint64_t)UINT32_MAX);
    TRY(open_program(cli, "static", &path, &p));
    Err e = view_static(cli->doc, path, &p, &o);
    return e ? err_wrap(cli->arena, e, STR_FMT, STR_ARG(path)) : NULL;
}

const Command cmd_map = {
    .name = "map",
    .summary = "show a program's memory map: text, data, BSS, tables, in the file and in memory",
    .usage = "BINARY",
    .details =
        "Sections are cut along the runtime's own bounds, so BSS, data and their pointer-free "
        "halves are told "
        "apart on every platform, and type descriptors, method tables and the line table are "
        "counted by "
        "themselves. Sizes in the file add up to the file exactly. Works on stripped programs.",
    .example = "heapwise map ./server",
    .schema = "heapwise.map/1",
    .run = run_map,
};

const Command cmd_static = {
    .name = "static",
    .summary = "list package-level variables: section, size, type, package",
    .usage = "[--package PATH] [--std] [--top N] [--min BYTES] BINARY",
    .details =
        "Sections and sizes are the linker's (symbol table and the runtime's bounds), types are "
        "from DWARF. "
        "A package-level variable exists once per process and keeps what it points to alive.",
    .example = "heapwise static --top 20 ./server",
    .schema = "heapwise.static/1",
    .options = OPTIONS(static_options),
    .run = run_static,
};
