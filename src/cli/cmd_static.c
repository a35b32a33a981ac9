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
    bool built; // for a built program: all packages, and no messages of those that cannot be read
    Str module; // the main module they must belong to; empty: any
} SourceQuestion;

typedef struct SourceAnswer {
    VariableVec variables;
    Str go_version;
    StrVec missing; // "path (why)" of packages nothing is known of
} SourceAnswer;

// Why a unit has no variables; empty: it has, or there is nothing to read.
static Str missing_why(const ProgramUnit *u) {
    if (u->ir || str_eq_c(u->path, "unsafe")) return STR("");
    if (u->package && u->package->error.text.len) return STR("not found");
    if (u->failed) return STR("does not compile");
    if (u->import_failed) return STR("imports what could not be read");
    return u->file_count ? STR("not analysed") : STR("");
}

static void note_missing(Arena *a, const Program *p, bool all, StrVec *out) {
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        Str why = u->root || all ? missing_why(u) : STR("");
        if (why.len)
            vec_push(a, out, str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(u->path), STR_ARG(why)));
    }
}

static void say_not_covered(Cli *cli, const StrVec *missing) {
    enum { SHOWN = 20 };
    Buf text = buf_new(cli->arena);
    for (uint32_t i = 0; i < missing->len && i < SHOWN; i++) {
        if (i) buf_lit(&text, ", ");
        buf_str(&text, missing->v[i]);
    }
    if (missing->len > SHOWN) buf_fmt(&text, " and %u more", missing->len - SHOWN);
    if (missing->len) doc_field(cli->doc, "not_covered", "not covered", doc_text(buf_view(&text)));
}

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

// False: the packages asked for are of another module than the one wanted.
static bool is_of_module(const PackageSet *set, Str module) {
    const U32Vec *roots = package_roots(set);
    if (!module.len) return true;
    const Package *root = roots->len ? package_get(set, roots->v[0]) : NULL;
    return root && root->module && root->module->main && str_eq(root->module->path, module);
}

static Err read_source(Cli *cli, const SourceQuestion *q, SourceAnswer *out, Status *status) {
    PackageSet *set = NULL;
    TRY(load_packages(cli->arena, &q->load, &q->patterns, &set));
    if (!is_of_module(set, q->module)) {
        package_set_free(set);
        return err_new(cli->arena, ERR_USAGE, 0, "not in module " STR_FMT, STR_ARG(q->module));
    }
    out->go_version = str_copy(cli->arena, package_set_facts(set)->go_version);
    ProgramConfig config = {
        .analyse = true, .goarch = q->goarch, .after_pass = evidence_watch_variables};
    Program *p = program_new(&config);
    Err e = program_add_packages(p, set);
    if (!e) {
        program_run(p);
        out->variables = evidence_source_variables(cli->arena, p, q->built);
        note_missing(cli->arena, p, q->built, &out->missing);
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

// Where the main package's source was; empty: not known (-trimpath), or not here.
static Str built_in(Arena *a, const Binary *b) {
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
    if (!dir.len) q.module = b->build.main_module;
    vec_push(a, &q.patterns, dir.len ? STR(".") : b->build.path);
    return q;
}

// The program's main package: in the folder given or the one it was built in, else by its path in
// the module we stand in.
static bool find_source(Cli *cli, const Binary *b, SourceQuestion *out) {
    Str dir = args_value(&cli->args, "source", STR(""));
    if (!dir.len) dir = built_in(cli->arena, b);
    *out = question_of(cli->arena, b, dir);
    return dir.len || (b->build.path.len && b->build.main_module.len);
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

static bool join_source(Cli *cli, const Binary *b, VariableVec *vars, StrVec *missing) {
    SourceQuestion q;
    SourceAnswer found = {0};
    Status ignored = STATUS_OK;
    bool known = find_source(cli, b, &q);
    Err e = known ? read_source(cli, &q, &found, &ignored) : NULL;
    if (e && q.load.dir.len) {
        doc_warn(cli->doc, "the program's sources in " STR_FMT " cannot be read: " STR_FMT,
                 STR_ARG(q.load.dir), STR_ARG(e->what));
        return false;
    }
    if (!known || e) {
        doc_warn(cli->doc,
                 "the program's sources are not here: what declares and writes its variables is "
                 "left out (--source DIR says where its main package is, --no-source leaves this "
                 "out)");
        return false;
    }
    found.variables = of_same_release(cli->arena, &found.variables, b, found.go_version);
    evidence_join_variables(cli->arena, vars, &found.variables);
    *missing = found.missing;
    return true;
}

static Err run_built(Cli *cli, Str path, const Binary *b, StaticOptions *o) {
    VariableVec vars = {0};
    Err e = evidence_binary_variables(cli->arena, b, &vars);
    if (e) return err_wrap(cli->arena, e, STR_FMT, STR_ARG(path));
    StrVec missing = {0};
    o->source = !args_flag(&cli->args, "no-source") && join_source(cli, b, &vars, &missing);
    doc_field(cli->doc, "file", "program", doc_text(path));
    if (b->build.go_version.len)
        doc_field(cli->doc, "go_version", "built with", doc_text(b->build.go_version));
    say_not_covered(cli, &missing);
    view_static(cli->doc, &vars, o);
    return NULL;
}

// ---- the command

static Err run_patterns(Cli *cli, StaticOptions *o, Status *status) {
    SourceQuestion q = {.load = {.tags = args_value(&cli->args, "tags", STR(""))},
                        .patterns = cli->args.rest,
                        .goarch = args_value(&cli->args, "arch", STR("amd64"))};
    SourceAnswer found = {0};
    vec_push(cli->arena, &q.load.env, STR("CGO_ENABLED=0"));
    vec_push(cli->arena, &q.load.env, str_join2(cli->arena, STR("GOARCH="), q.goarch));
    TRY(read_source(cli, &q, &found, status));
    if (!found.variables.len && *status != STATUS_OK) return NULL; // the errors say it all
    o->source = o->std = true; // what was asked for by name is shown
    doc_field(cli->doc, "patterns", "packages",
              doc_text(q.patterns.len ? strvec_join(cli->arena, &q.patterns, STR(" ")) : STR(".")));
    say_not_covered(cli, &found.missing);
    view_static(cli->doc, &found.variables, o);
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
    {"source", OPTION_VALUE, "DIR", "of a program: the folder of its main package", 0},
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
