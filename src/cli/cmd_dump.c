// cli/cmd_dump.c: `heapwise dump`: what a pass left behind, for people who work on heapwise.
#include "cli/commands.h"
#include "cli/units.h"
#include "go/ir/verify.h"
#include "go/program/program.h"
#include "view/dump.h"

// ---- after types

static void dump_roots(Cli *cli, const Program *p, Sizes sizes, Status *status) {
    Buf out = buf_new(cli->arena);
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        if (u->root) view_dump_types(&out, p, u, sizes);
        if (u->failed) *status = STATUS_FINDINGS;
    }
    doc_verbatim(cli->doc, buf_view(&out));
}

// ---- after a pass of the analysis: text is made while the trees are there

typedef struct Look {
    Str after, func;
    bool check_only;
} Look;

typedef struct Seen { // of one unit
    Buf text, mistakes;
    uint32_t funcs, mistake_count;
} Seen;

static Seen *seen_of(ProgramUnit *u) {
    if (!u->results[0]) {
        Seen *s = u->results[0] = NEW(u->arena, Seen);
        s->text = s->mistakes = buf_new(u->arena);
    }
    return u->results[0];
}

static void look(void *ctx, ProgramUnit *u, IrPkg *ir, const char *pass) {
    const Look *l = ctx;
    if (!u->root) return;
    Seen *s = seen_of(u);
    s->mistake_count +=
        ir->arena ? ir_verify(ir, pass, &s->mistakes) : ir_verify_kept(ir, pass, &s->mistakes);
    if (!l->check_only && str_eq_c(l->after, pass))
        s->funcs = view_dump_ir(&s->text, u, ir, l->func);
}

// What keeps a unit out of the answer.
static void say_failure(Cli *cli, const Program *p, const ProgramUnit *u, Buf *out,
                        Status *status) {
    if (u->failed) {
        program_print_build(out, p, u, (ReportStyle){0});
        *status = MAX(*status, STATUS_FINDINGS);
    }
    unit_say_missing(cli, u, status);
}

// As data: the page outlives the program, so text is copied.
static void list_seen(Cli *cli, const Program *p, uint32_t packages, uint32_t mistakes) {
    static const DocColumn columns[] = {{"package", NULL, false},
                                        {"functions", NULL, true},
                                        {"dump", NULL, false},
                                        {"mistakes", NULL, true},
                                        {"said", NULL, false}};
    doc_field(cli->doc, "packages", NULL, doc_count(packages));
    doc_field(cli->doc, "mistakes", NULL, doc_count(mistakes));
    if (!args_flag(&cli->args, "json")) return; // on the page the text is enough
    doc_table(cli->doc, "seen", columns, COUNT(columns));
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        const Seen *s = u->results[0];
        if (!s) continue;
        doc_cell(cli->doc, doc_text(str_copy(cli->arena, u->title)));
        doc_cell(cli->doc, doc_count(s->funcs));
        doc_cell(cli->doc, doc_text(str_copy(cli->arena, buf_view(&s->text))));
        doc_cell(cli->doc, doc_count(s->mistake_count));
        doc_cell(cli->doc, doc_text(str_copy(cli->arena, buf_view(&s->mistakes))));
    }
}

static Err print_seen(Cli *cli, const Program *p, const Look *l, Status *status) {
    Arena *a = cli->arena;
    Buf out = buf_new(a), mistakes = buf_new(a);
    uint32_t funcs = 0, packages = 0, count = 0;
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        say_failure(cli, p, u, &out, status);
        const Seen *s = u->results[0];
        if (!s) continue;
        packages++;
        funcs += s->funcs;
        count += s->mistake_count;
        buf_str(&out, buf_view(&s->text));
        if (s->mistake_count) buf_fmt(&mistakes, "# " STR_FMT "\n", STR_ARG(u->title));
        buf_str(&mistakes, buf_view(&s->mistakes));
    }
    if (!l->check_only && l->func.len && packages && !funcs)
        return err_new(a, ERR_USAGE, 0,
                       "--func=" STR_FMT ": no such function after this pass; names are as in "
                       "`heapwise escape -m`: F, (*T).M, F.func1",
                       STR_ARG(l->func));
    if (l->check_only) {
        buf_str(&out, buf_view(&mistakes));
        buf_fmt(&out, "%u packages checked after every pass: %u mistakes\n", packages, count);
    } else if (count) {
        doc_verbatim_error(cli->doc, buf_view(&mistakes));
    }
    doc_verbatim(cli->doc, buf_view(&out));
    list_seen(cli, p, packages, count);
    if (count) *status = STATUS_OWN;
    return NULL;
}

// ---- the command

// After the last one there is nothing to print.
static bool is_pass(Str name) {
    for (size_t i = 0; program_passes[i + 1]; i++)
        if (str_eq_c(name, program_passes[i])) return true;
    return str_eq_c(name, "types");
}

static Str pass_names(Arena *a) {
    Str s = STR("types");
    for (size_t i = 0; program_passes[i + 1]; i++)
        s = str_join3(a, s, STR(", "), str_c(program_passes[i]));
    return s;
}

static Err dump_packages(Cli *cli, const LoadConfig *load, const ProgramConfig *config,
                         const Look *l, Status *status) {
    Sizes sizes;
    if (!sizes_for(config->goarch, &sizes))
        return err_new(cli->arena, ERR_USAGE, 0, "--arch=" STR_FMT ": no such architecture",
                       STR_ARG(config->goarch));
    PackageSet *set = NULL;
    TRY(load_packages(cli->arena, load, &cli->args.rest, &set));
    Program *p = program_new(config);
    Err e = program_add_packages(p, set);
    if (!e) {
        program_run(p);
        if (config->analyse)
            e = print_seen(cli, p, l, status);
        else
            dump_roots(cli, p, sizes, status);
    }
    program_free(p);
    package_set_free(set);
    return e;
}

static Err run_dump(Cli *cli, Status *status) {
    Arena *a = cli->arena;
    const Args *args = &cli->args;
    Look l = {.after = args_value(args, "after", STR("types")),
              .func = args_value(args, "func", (Str){0}),
              .check_only = args_flag(args, "check")};
    bool types = str_eq_c(l.after, "types") && !l.check_only;
    if (!is_pass(l.after))
        return err_new(a, ERR_USAGE, 0, "--after=" STR_FMT ": no such pass; " STR_FMT,
                       STR_ARG(l.after), STR_ARG(pass_names(a)));
    if (types && l.func.len)
        return err_new(a, ERR_USAGE, 0, "--func needs --after=ir or a later pass");
    LoadConfig load = {.tags = args_value(args, "tags", (Str){0}),
                       .build_only = true,
                       .pgo = args_value(args, "pgo", (Str){0})};
    ProgramConfig config = {.goarch = args_value(args, "arch", STR("amd64")), .keep = true};
    if (!types) {
        vec_push(a, &load.env, STR("CGO_ENABLED=0")); // what C declares is not known here
        config.analyse = true;
        config.flags.no_inline = args_flag(args, "l");
        config.after_pass = look;
        config.after_pass_ctx = &l;
    }
    return dump_packages(cli, &load, &config, &l, status);
}

static const Option dump_options[] = {
    {"after", OPTION_VALUE, "PASS",
     "types (the default), ir, bloop, inline, loopvar, staticinit, deadlocals, escape or bounds",
     0},
    {"func", OPTION_VALUE, "NAME", "this function and the literals in it; not after types", 0},
    {"check", OPTION_FLAG, NULL, "print what the checker finds after each pass, and no dump", 0},
    {"l", OPTION_FLAG, NULL, "no inlining, as the compiler's -l", 0},
    {"pgo", OPTION_VALUE, "FILE", "CPU profile to compile with; auto: default.pgo; off: none", 0},
    {"arch", OPTION_VALUE, "GOARCH", "whose sizes to use (default amd64)", 0},
    {"tags", OPTION_VALUE, "LIST", "build tags, comma-separated", 0},
};

const Command cmd_dump = {
    .name = "dump",
    .summary = "show what a pass left behind, for work on heapwise",
    .usage = "[--after=PASS] [--func=NAME] [--check] [PATTERN...]",
    .details =
        "After types: every package-level object with its type; exact values of constants; size, "
        "alignment and field offsets; method sets of T and *T with the path through embedded "
        "fields; the order of initialization.\n\n"
        "After ir, inline and the other passes of the analysis: functions with their variables, "
        "and a line for every node: operation, type, position, flags. NAME#N is the function's "
        "variable number N, NAME^N a captured one; LINE:COL/N stands in the inlined call number N, "
        "listed below the function. After each pass a checker looks at the trees: what it finds is "
        "heapwise's own mistake, and the exit status 3.",
    .example = "heapwise dump --after=inline --func='(*T).Close' ./...",
    .schema = "heapwise.dump/1",
    .options = {dump_options, COUNT(dump_options), .interleaved = true},
    .run = run_dump,
};
