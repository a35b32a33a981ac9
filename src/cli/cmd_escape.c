// cli/cmd_escape.c: `heapwise escape`: what the compiler's -m says, from source alone.
#include "cli/commands.h"
#include "go/program/program.h"

static Err escape_config(const Cli *cli, ProgramConfig *out) {
    const Args *args = &cli->args;
    ProgramConfig config = {.analyse = true, .all_flags = args_flag(args, "all")};
    config.flags.m = 1;
    TRY(args_count(cli->arena, args, "m", &config.flags.m));
    config.flags.no_inline = args_flag(args, "l");
    *out = config;
    return NULL;
}

// What keeps a package out of the answer: said, and no exit status of 0.
static void say_missing(Cli *cli, const ProgramUnit *u, Status *status) {
    Arena *a = cli->arena;
    const Package *g = u->package;
    Str why = {0};
    if (g->error.text.len)
        why = package_error_text(a, &g->error);
    else if (!u->ir && u->pkg && u->file_count && !u->failed && !str_eq_c(u->path, "unsafe"))
        why = str_fmt(a, "package " STR_FMT ": not analysed: something it imports could not be",
                      STR_ARG(u->path));
    if (!why.len) return;
    doc_verbatim_error(cli->doc, str_fmt(a, "heapwise: " STR_FMT "\n", STR_ARG(why)));
    *status = STATUS_USAGE;
}

static void print_units(Cli *cli, const Program *p, Status *status) {
    Buf out = buf_new(cli->arena);
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        if (u->failed) {
            program_print_build(&out, p, u, (ReportStyle){0});
            *status = STATUS_FINDINGS;
        } else
            program_print_messages(&out, p, u);
        if (u->root) say_missing(cli, u, status);
    }
    doc_verbatim(cli->doc, buf_view(&out));
}

static Err run_escape(Cli *cli, Status *status) {
    ProgramConfig config;
    TRY(escape_config(cli, &config));
    LoadConfig load = {.tags = args_value(&cli->args, "tags", (Str){0}),
                       .mod = args_value(&cli->args, "mod", (Str){0}),
                       .modfile = args_value(&cli->args, "modfile", (Str){0})};
    vec_push(cli->arena, &load.env, STR("CGO_ENABLED=0")); // what C declares is not known here
    PackageSet *set = NULL;
    TRY(load_packages(cli->arena, &load, &cli->args.rest, &set));
    Program *p = program_new(&config);
    Err e = program_add_packages(p, set);
    if (!e) {
        program_run(p);
        print_units(cli, p, status);
    }
    program_free(p);
    package_set_free(set);
    return e;
}

static const Option escape_options[] = {
    {"m", OPTION_COUNT, "LEVEL", "as the compiler's -m: 1 (default) or 2; -m -m is 2", 0},
    {"l", OPTION_FLAG, NULL, "no inlining, as the compiler's -l", 0},
    {"all", OPTION_FLAG, NULL, "the flags hold for every package, as -gcflags=all=", 0},
    {"tags", OPTION_VALUE, "LIST", "build tags, comma-separated", 0},
    {"mod", OPTION_VALUE, "MODE", "mod, readonly or vendor", 0},
    {"modfile", OPTION_VALUE, "FILE", "use FILE in place of go.mod", 0},
};

const Command cmd_escape = {
    .name = "escape",
    .summary = "say what moves to the heap, in the compiler's words, without the compiler",
    .usage = "[-m[=LEVEL]] [-l] [PATTERN...]",
    .details =
        "Prints what `go build -gcflags=-m` prints: what can be inlined, what was, what escapes. "
        "Packages and everything they import are read from source, as with CGO_ENABLED=0; no Go "
        "toolchain is run.",
    .example = "heapwise escape ./...",
    .schema = "heapwise.escape/1",
    .options = {escape_options, COUNT(escape_options), .interleaved = true},
    .run = run_escape,
};
