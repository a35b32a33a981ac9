// cli/cmd_program.c: map: what a built program's memory looks like before it runs.
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
