// cli/cmd_check.c: `heapwise check`: what the Go compiler would refuse, without the compiler.
#include "cli/commands.h"
#include "cli/units.h"
#include "go/program/program.h"
#include "sys/file.h"

// ---- packages ---------------------------------------------------------------------------------

static void print_warnings(Cli *cli, const PackageSet *set) {
    const StrVec *warnings = package_set_warnings(set);
    for (uint32_t i = 0; i < warnings->len; i++) {
        doc_verbatim_error(cli->doc, warnings->v[i]);
        doc_verbatim_error(cli->doc, STR("\n"));
    }
}

static const DocColumn error_columns[] = {
    {"package", NULL, false}, {"place", NULL, false}, {"stage", NULL, false},
    {"code", NULL, true},     {"text", NULL, false},
};

static DocValue place_of(Arena *a, const Program *p, Pos pos) {
    Place at = pos_place(program_files(p), pos);
    return doc_place(str_copy(a, at.file), at.line, at.col);
}

// The page outlives the program: text is copied.
static void list_errors(Cli *cli, const Program *p, const ProgramUnit *u, ReportStyle style) {
    static const char *const stages[STAGE_COUNT] = {"parse", "types", "late"};
    Report r = program_report(cli->arena, p, u, style);
    for (uint32_t i = 0; i < r.lines.len; i++) {
        doc_cell(cli->doc, doc_text(str_copy(cli->arena, u->title)));
        doc_cell(cli->doc, place_of(cli->arena, p, r.lines.v[i].pos));
        doc_cell(cli->doc, doc_text(str_c(stages[r.lines.v[i].stage])));
        doc_cell(cli->doc, doc_int(r.lines.v[i].code));
        doc_cell(cli->doc, doc_text(str_copy(cli->arena, r.lines.v[i].text)));
    }
}

// Packages that could not be found or read: as the go command says it, before all others.
static bool print_load_errors(const PackageSet *set, Buf *out) {
    size_t before = out->len;
    for (PackageId id = 1; id <= package_count(set); id++) {
        const Package *g = package_get(set, id);
        if (!g->error.text.len) continue;
        buf_str(out, package_error_text(out->arena, &g->error));
        buf_byte(out, '\n');
    }
    return out->len > before;
}

static void print_units(Cli *cli, const Program *p, ReportStyle style, Buf *out) {
    bool as_compiler = style.raw || args_flag(&cli->args, "compile");
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        if (u->package || !as_compiler)
            program_print_build(out, p, u, style);
        else
            program_print_unit(out, p, u, style);
    }
}

static void print_program(Cli *cli, const Program *p, const PackageSet *set, Status *status) {
    ReportStyle style = {.all = args_flag(&cli->args, "e"), .raw = args_flag(&cli->args, "raw")};
    style.import_fail = style.all;
    Buf out = buf_new(cli->arena);
    if (set && print_load_errors(set, &out)) *status = STATUS_FINDINGS;
    print_units(cli, p, style, &out);
    doc_verbatim(cli->doc, buf_view(&out));
    doc_field(cli->doc, "packages", NULL, doc_count(program_unit_count(p)));
    bool json = args_flag(&cli->args, "json"); // on the page the text above is enough
    if (json) doc_table(cli->doc, "errors", error_columns, COUNT(error_columns));
    uint32_t skipped = 0;
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        if (u->failed && *status == STATUS_OK) *status = STATUS_FINDINGS;
        if (u->unreadable) *status = STATUS_USAGE;
        if (u->import_failed && !style.import_fail) skipped++;
        if (json) list_errors(cli, p, u, style);
    }
    doc_field(cli->doc, "import_failed", NULL, doc_count(skipped));
}

static ProgramConfig program_config(const Cli *cli) {
    const Args *args = &cli->args;
    return (ProgramConfig){
        .syntax_only = args_flag(args, "syntax"),
        .raw = args_flag(args, "raw"),
        .test_builtins = args_flag(args, "test-builtins"),
        .fake_import_c = args_flag(args, "fake-import-c"),
        .goarch = args_value(args, "arch", (Str){0}),
    };
}

static LoadConfig load_config(const Cli *cli) {
    return (LoadConfig){
        .tags = args_value(&cli->args, "tags", (Str){0}),
        .mod = args_value(&cli->args, "mod", (Str){0}),
        .modfile = args_value(&cli->args, "modfile", (Str){0}),
        .tests = args_flag(&cli->args, "test"),
        .skip_embed = args_flag(&cli->args, "compile"),
        .build_only = true,
    };
}

static Err check_packages(Cli *cli, Program *p, Status *status) {
    LoadConfig load = load_config(cli);
    PackageSet *set = NULL;
    TRY(load_packages(cli->arena, &load, &cli->args.rest, &set));
    print_warnings(cli, set);
    Err e = program_add_packages(p, set);
    if (!e) {
        program_run(p);
        print_program(cli, p, set, status);
    }
    package_set_free(set);
    return e;
}

// ---- files, as the compiler takes them --------------------------------------------------------

static Err check_files(Cli *cli, Program *p, Status *status) {
    Compiled c = {.load = load_config(cli),
                  .any_lang = args_flag(&cli->args, "raw"),
                  .no_imports = args_flag(&cli->args, "syntax")};
    Err e = compiled_add(cli, p, &c);
    if (!e) {
        program_run(p);
        print_program(cli, p, NULL, status);
    }
    package_set_free(c.set);
    return e;
}

static Err run_check(Cli *cli, Status *status) {
    ProgramConfig config = program_config(cli);
    Program *p = program_new(&config);
    bool files = args_flag(&cli->args, "compile") || config.raw;
    Err e = files ? check_files(cli, p, status) : check_packages(cli, p, status);
    program_free(p);
    return e;
}

static const Option check_options[] = {
    {"e", OPTION_FLAG, NULL,
     "no limit of ten errors a package; packages whose imports have errors too", 0},
    {"syntax", OPTION_FLAG, NULL, "only parse", 0},
    {"tags", OPTION_VALUE, "LIST", "build tags, comma-separated", 0},
    {"mod", OPTION_VALUE, "MODE", "mod, readonly or vendor", 0},
    {"modfile", OPTION_VALUE, "FILE", "use FILE in place of go.mod", 0},
    {"test", OPTION_FLAG, NULL, "the packages' tests too", 0},
    {"arch", OPTION_VALUE, "GOARCH", "whose sizes to use", 0},
    COMPILED_OPTIONS,
    {"fake-import-c", OPTION_FLAG, NULL, "names of package C are opaque", 0},
    {"raw", OPTION_FLAG, NULL,
     "with --compile, for tests of the checker: every error as found, directives not looked at", 0},
    {"test-builtins", OPTION_FLAG, NULL, "for tests of the checker: assert and trace are built in",
     0},
};

const Command cmd_check = {
    .name = "check",
    .summary = "find what the Go compiler would refuse",
    .usage = "[-e] [-tags LIST] [PATTERN...]  or  --compile [-lang V] FILE...",
    .details =
        "Parses and type-checks packages and everything they import, in parallel, without the "
        "go command. What is wrong is printed in the compiler's words, order and places, package "
        "by package as `go build` does; errors in one package do not hide those of another that "
        "does not import it. Exit status 1 when there are errors.",
    .example = "heapwise check ./...",
    .schema = "heapwise.check/1",
    .options = {check_options, COUNT(check_options), .interleaved = true},
    .run = run_check,
};
