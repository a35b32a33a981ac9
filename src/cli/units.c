// cli/units.c: packages given as files, and what is said of those that are missing.
#include "cli/units.h"

// PATH=FILE,FILE
static Err add_other_package(Cli *cli, Program *p, ProgramFiles like, Str spec) {
    like.path = str_split(&spec, '=');
    like.names = (StrVec){0};
    like.root = false;
    while (spec.len) vec_push(cli->arena, &like.names, str_split(&spec, ','));
    if (!like.names.len)
        return err_new(cli->arena, ERR_USAGE, 0,
                       "--package " STR_FMT ": a package is given as PATH=FILE,FILE",
                       STR_ARG(like.path));
    return program_add_files(p, &like);
}

static Err add_files(Cli *cli, Program *p, bool any_lang) {
    const Args *args = &cli->args;
    ProgramFiles files = {
        .path = args_value(args, "p", (Str){0}),
        .lang = args_value(args, "lang", any_lang ? (Str){0} : STR("go1.26")),
        .local_prefix = args_value(args, "D", (Str){0}),
        .complete = args_flag(args, "complete"),
        .standard = args_flag(args, "std"),
        .root = true,
        .names = args->rest,
    };
    if (!files.names.len) return err_new(cli->arena, ERR_USAGE, 0, "no files given");
    const StrVec *others = args_list(args, "package");
    for (uint32_t i = 0; i < others->len; i++) TRY(add_other_package(cli, p, files, others->v[i]));
    return program_add_files(p, &files);
}

Err compiled_add(Cli *cli, Program *p, Compiled *c) {
    TRY(add_files(cli, p, c->any_lang));
    StrVec imports = program_missing_imports(p, cli->arena);
    if (!imports.len || c->no_imports) return NULL;
    TRY(load_packages(cli->arena, &c->load, &imports, &c->set));
    return program_add_packages(p, c->set);
}

void unit_say_missing(Cli *cli, const ProgramUnit *u, Status *status) {
    Str why = program_why_missing(cli->arena, u);
    if (!why.len) return;
    doc_verbatim_error(cli->doc, str_fmt(cli->arena, "heapwise: " STR_FMT "\n", STR_ARG(why)));
    *status = MAX(*status, STATUS_USAGE);
}
