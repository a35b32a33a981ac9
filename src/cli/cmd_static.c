// cli/cmd_static.c: package-level variables of a built program, of source, or of both: a program's
// own sources are read where they are found.
#include "base/path.h"
#include "cli/commands.h"
#include "cli/units.h"
#include "sys/file.h"
#include "view/program.h"

// What is to be analysed.
typedef struct SourceQuestion {
    LoadConfig load;
    StrVec patterns;
    Str goarch;
    bool built; // for a built program: all packages, and nothing said of those that cannot be read
} SourceQuestion;

static void say_failures(Cli *cli, const Program *p, Status *status) {
    Buf errors = buf_new(cli->arena);
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        if (u->failed) {
            program_print_build(&errors, p, u, (ReportStyle){0});
            *status = MAX(*status, STATUS_FINDINGS);
        }
        unit_say_missing(cli, u, status);
    }
    if (errors.len) doc_verbatim_error(cli->doc, buf_view(&errors));
}

static Err read_source(Cli *cli, const SourceQuestion *q, VariableVec *out, Str *go_version,
                       Status *status) {
    PackageSet *set = NULL;
    TRY(load_packages(cli->arena, &q->load, &q->patterns, &set));
    *go_version = str_copy(cli->arena, package_set_facts(set)->go_version);
    ProgramConfig config = {
        .analyse = true, .goarch = q->goarch, .after_pass = evidence_watch_variables};
    Program *p = program_new(&config);
    Err e = program_add_packages(p, set);
    if (!e) {
        program_run(p);
        *out = evidence_source_variables(cli->arena, p, q->built);
        if (!q->built) say_failures(cli, p, status);
    }
    program_free(p);
    package_set_free(set);
    return e;
}

// ---- a built program

// The value of a line "KEY=value" of the settings it was built with.
static Str setting(const Binary *b, const char *key) {
    for (Str rest = b->build.settings; rest.len;) {
        Str line = str_line(&rest), name = str_split(&line, '=');
        if (str_eq_c(name, key)) return line;
    }
    return STR("");
}

// Where the main package's source was; empty: not known, or not here.
static Str source_dir(Arena *a, const Binary *b) {
    for (uint32_t i = 0; i < b->table.func_count; i++) {
        PclnFunc f;
        if (!pclntab_func(&b->table, i, &f) || !str_eq_c(f.name, "main.main")) continue;
        PclnWalk w = pclntab_walk(&b->table, f.pcfile, f.entry);
        Str file = pclntab_step(&w) ? pclntab_file(&b->table, &f, w.value) : STR("");
        bool here = file.len && *file.ptr == '/' && file_exists(file);
        return here ? path_dir(str_copy(a, file)) : STR("");
    }
    return STR("");
}

// Build settings the sources are to be read with.
static SourceQuestion question_of(Arena *a, const Binary *b, Str dir) {
    static const char *const names[] = {"GOOS", "GOARCH", "GOAMD64", "GOEXPERIMENT"};
    SourceQuestion q = {.load = {.dir = dir, .tags = setting(b, "-tags")}, .built = true};
    q.goarch = setting(b, "GOARCH");
    vec_push(a, &q.load.env, STR("CGO_ENABLED=0")); // what C declares is not known here
    for (size_t i = 0; i < COUNT(names); i++) {
        Str v = setting(b, names[i]);
        if (v.len) vec_push(a, &q.load.env, str_join3(a, str_c(names[i]), STR("="), v));
    }
    vec_push(a, &q.patterns, STR("."));
    return q;
}

// What another release's library looks like is no fact about this program.
static VariableVec of_same_release(Arena *a, const VariableVec *all, const Binary *b,
                                   Str go_version) {
    Str built = b->build.go_version;
    VariableVec out = {0};
    str_cut_prefix(&built, STR("go"));
    bool same = str_eq(str_split(&built, ' '), go_version);
    for (uint32_t i = 0; i < all->len; i++)
        if (same || !package_is_std(all->v[i].package)) vec_push(a, &out, all->v[i]);
    return out;
}

static bool join_source(Cli *cli, const Binary *b, VariableVec *vars) {
    Str dir = source_dir(cli->arena, b), go_version = STR("");
    VariableVec found = {0};
    if (!dir.len) {
        doc_warn(cli->doc, "the program's sources are not here: what declares and writes its "
                           "variables is left out (--no-source leaves this out)");
        return false;
    }
    SourceQuestion q = question_of(cli->arena, b, dir);
    Status ignored = STATUS_OK;
    Err e = read_source(cli, &q, &found, &go_version, &ignored);
    if (e) {
        doc_warn(cli->doc, "the program's sources in " STR_FMT " cannot be read: " STR_FMT,
                 STR_ARG(dir), STR_ARG(e->what));
        return false;
    }
    found = of_same_release(cli->arena, &found, b, go_version);
    evidence_join_variables(cli->arena, vars, &found);
    return true;
}

static Err run_built(Cli *cli, Str path, const Binary *b, StaticOptions *o) {
    VariableVec vars = {0};
    Err e = evidence_binary_variables(cli->arena, b, &vars);
    if (e) return err_wrap(cli->arena, e, STR_FMT, STR_ARG(path));
    o->source = !args_flag(&cli->args, "no-source") && join_source(cli, b, &vars);
    doc_field(cli->doc, "file", "program", doc_text(path));
    if (b->build.go_version.len)
        doc_field(cli->doc, "go_version", "built with", doc_text(b->build.go_version));
    view_static(cli->doc, &vars, o);
    return NULL;
}

// ---- the command

static Err run_patterns(Cli *cli, StaticOptions *o, Status *status) {
    SourceQuestion q = {.load = {.tags = args_value(&cli->args, "tags", STR(""))},
                        .patterns = cli->args.rest,
                        .goarch = args_value(&cli->args, "arch", STR("amd64"))};
    VariableVec vars = {0};
    Str go_version;
    vec_push(cli->arena, &q.load.env, STR("CGO_ENABLED=0"));
    vec_push(cli->arena, &q.load.env, str_join2(cli->arena, STR("GOARCH="), q.goarch));
    TRY(read_source(cli, &q, &vars, &go_version, status));
    o->source = o->std = true; // what was asked for by name is shown
    doc_field(cli->doc, "patterns", "packages",
              doc_text(q.patterns.len ? strvec_join(cli->arena, &q.patterns, STR(" ")) : STR(".")));
    view_static(cli->doc, &vars, o);
    return NULL;
}

// A file that is there and is no Go source is a program.
static bool names_program(const Cli *cli) {
    return cli->args.rest.len == 1 && file_kind(cli->args.rest.v[0]) == FILE_REGULAR &&
           !str_ends(cli->args.rest.v[0], STR(".go"));
}

static Err run_static(Cli *cli, Status *status) {
    StaticOptions o = {.package = args_value(&cli->args, "package", STR("")),
                       .std = args_flag(&cli->args, "std"),
                       .base = dir_current(cli->arena)};
    uint64_t top = 50;
    TRY(args_u64(cli->arena, &cli->args, "min", &o.at_least));
    TRY(args_u64(cli->arena, &cli->args, "top", &top));
    o.top = (uint32_t)MIN(top, (uint64_t)UINT32_MAX);
    if (!names_program(cli)) return run_patterns(cli, &o, status);
    Str path = cli->args.rest.v[0];
    FileMap map; // stays mapped until the page is written
    Binary b;
    TRY(file_map(cli->arena, path, &map));
    Err e = binary_open(cli->arena, map.bytes, &b);
    if (e) return err_wrap(cli->arena, e, STR_FMT, STR_ARG(path));
    return run_built(cli, path, &b, &o);
}

static const Option static_options[] = {
    {"package", OPTION_VALUE, "PATH", "only this package and the packages below it", 'p'},
    {"std", OPTION_FLAG, NULL, "of a program: the standard library's packages too", 0},
    {"min", OPTION_VALUE, "BYTES", "list variables of at least this size (default 1)", 0},
    {"top", OPTION_VALUE, "N", "list the N largest variables (default 50; 0: all)", 'n'},
    {"no-source", OPTION_FLAG, NULL, "of a program: do not read its sources", 0},
    {"tags", OPTION_VALUE, "LIST", "of packages: build tags, comma-separated", 0},
    {"arch", OPTION_VALUE, "GOARCH", "of packages: whose sizes to use (default amd64)", 0},
};

const Command cmd_static = {
    .name = "static",
    .summary = "list package-level variables: section, size, where declared, how initialised, "
               "who writes",
    .usage = "[--package PATH] [--std] [--top N] [--min BYTES] BINARY | [PATTERN...]",
    .details =
        "Of a built program, sections and sizes are the linker's (symbol table and the runtime's "
        "bounds), types are from DWARF; where its sources are found, they say the rest. Of "
        "packages (the default is the one in this directory), sections are those the compiler "
        "will choose.\n\n"
        "Initialised: zero, statically (the value is data in the file), or at init (code runs "
        "before main; what it makes is heap). Truly process-wide? says who writes a variable "
        "outside of init, changes what it holds, or takes its address. A package-level variable "
        "exists once per process and keeps what it points to alive.",
    .example = "heapwise static --top 20 ./server",
    .schema = "heapwise.static/1",
    .options = OPTIONS(static_options),
    .run = run_static,
};
