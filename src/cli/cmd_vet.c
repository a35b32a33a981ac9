// cli/cmd_vet.c: `heapwise vet`: one package for the go command, which calls us as its vet tool:
// `go vet -vettool=$(which heapwise) ./...`. The protocol is that of golang.org/x/tools'
// unitchecker: -V=full names the program, -flags its flags, FILE.cfg is one package. Facts are
// written always; what is found goes to standard error and exit status 1, or into the report file
// (-json, -m), which the go command prints and keeps.
#include <stdlib.h>

#include "cli/commands.h"
#include "codec/json.h"
#include "go/program/vet.h"
#include "sys/file.h"

#ifndef HEAPWISE_VERSION
#error "the build passes HEAPWISE_VERSION"
#endif

typedef struct Vet {
    Cli *cli;
    VetConfig config;
    VetFacts facts; // all below, the package itself last
    Program *program;
    bool json, lines, sometimes, loops;
} Vet;

static const Option vet_options[] = {
    {"V", OPTION_VALUE, "full", "print version and identity, as the go command asks", 0},
    {"flags", OPTION_FLAG, NULL, "print the flags as JSON, as the go command asks", 0},
    {"help", OPTION_FLAG, NULL, "show this help", 'h'},
    {"json", OPTION_FLAG, NULL, "report as JSON, into the report file of FILE.cfg", 0},
    {"m", OPTION_FLAG, NULL, "report what the compiler's -m says", 0},
    {"sometimes", OPTION_FLAG, NULL, "report places that allocate for some values, too", 0},
    {"loops", OPTION_FLAG, NULL, "report only what is inside a loop", 0},
};

enum { OWN_FLAGS = 3 }; // from here on they are the analysis'

// ---- who we are

// The go command keeps answers by this line: every build of the program has its own.
static Err print_identity(Cli *cli) {
    Str self;
    TRY(file_read(cli->arena, STR("/proc/self/exe"), &self));
    doc_verbatim(cli->doc, str_fmt(cli->arena, "heapwise version %s %016llx%zx\n", HEAPWISE_VERSION,
                                   (unsigned long long)str_hash(self), self.len));
    return NULL;
}

static void print_flags(Cli *cli) {
    Buf b = buf_new(cli->arena);
    Json j = json_new(&b, 0);
    json_array(&j);
    for (size_t i = OWN_FLAGS; i < COUNT(vet_options); i++) {
        const Option *o = &vet_options[i];
        json_object(&j);
        json_key(&j, STR("Name"));
        json_str(&j, str_c(o->name));
        json_key(&j, STR("Bool"));
        json_bool(&j, true);
        json_key(&j, STR("Usage"));
        json_str(&j, str_c(o->help));
        json_close(&j);
    }
    json_close(&j);
    buf_byte(&b, '\n');
    doc_verbatim(cli->doc, buf_view(&b));
}

// ---- facts

static Err gather_facts(Vet *v) {
    Arena *a = v->cli->arena;
    for (uint32_t i = 0; i < v->config.deps.len; i++) {
        Str bytes;
        TRY(file_read(a, v->config.deps.v[i].file, &bytes));
        Err e = vet_facts_parse(a, bytes, &v->facts);
        if (e) return err_wrap(a, e, STR_FMT, STR_ARG(v->config.deps.v[i].file));
    }
    vec_push(a, &v->facts, v->config.own);
    if (!v->config.facts_out.len) return NULL;
    return file_write(a, v->config.facts_out, vet_facts_write(a, &v->facts));
}

// ---- the report

typedef struct VetReport {
    Buf text;
    Json json;
    uint32_t count;
} VetReport;

static Str place_text(const Vet *v, IrPkg *ir, IrPos pos) {
    Buf b = buf_new(v->cli->arena);
    ir_write_pos(ir, &b, ir_outermost(ir, pos));
    return buf_view(&b);
}

static void put(const Vet *v, VetReport *r, Str place, Str message) {
    r->count++;
    if (!v->json) {
        buf_fmt(&r->text, STR_FMT ": " STR_FMT "\n", STR_ARG(place), STR_ARG(message));
        return;
    }
    json_object(&r->json);
    json_key(&r->json, STR("posn"));
    json_str(&r->json, place);
    json_key(&r->json, STR("message"));
    json_str(&r->json, message);
    json_close(&r->json);
}

static Str cost_message(const Vet *v, const CostSite *s) {
    Arena *a = v->cli->arena;
    Str size = STR("");
    if (s->bytes >= 0) size = str_fmt(a, " %lld bytes", (long long)s->bytes);
    const char *each = s->loops ? " each turn of the loop" : "";
    if (s->cls == COST_ALWAYS)
        return str_fmt(a, STR_FMT " allocates" STR_FMT "%s", STR_ARG(s->what), STR_ARG(size), each);
    return str_fmt(a, STR_FMT " allocates" STR_FMT "%s when " STR_FMT, STR_ARG(s->what),
                   STR_ARG(size), each, STR_ARG(s->when));
}

static bool is_wanted(const Vet *v, const CostSite *s) {
    if (s->kind == COST_RUNTIME || (v->loops && !s->loops)) return false;
    return s->cls == COST_ALWAYS || (v->sometimes && s->cls == COST_SOMETIMES);
}

static void report_unit(const Vet *v, const ProgramUnit *u, VetReport *r) {
    for (uint32_t i = 0; v->lines && i < u->ir->messages.len; i++) {
        const IrMessage *m = &u->ir->messages.v[i];
        if (m->pos.pos) put(v, r, place_text(v, u->ir, m->pos), m->text);
    }
    for (uint32_t i = 0; !v->lines && i < u->costs.len; i++) {
        const CostSite *s = &u->costs.v[i];
        Pos pos = ir_outermost(u->ir, s->pos).pos;
        if (pos && pos != IR_POS_AUTOGEN && is_wanted(v, s))
            put(v, r, place_text(v, u->ir, s->pos), cost_message(v, s));
    }
}

static Err write_report(Vet *v, const VetReport *r, Status *status) {
    Arena *a = v->cli->arena;
    Str text = buf_view(&r->text);
    if (!v->json && !v->lines) { // as any analyzer of go vet
        doc_verbatim_error(v->cli->doc, text);
        if (r->count) *status = STATUS_FINDINGS;
        return NULL;
    }
    if (v->config.report_out.len) return file_write(a, v->config.report_out, text);
    doc_verbatim(v->cli->doc, text);
    return NULL;
}

// {"package id": {"heapwise": [{"posn", "message"}...]}}
static Err report(Vet *v, const ProgramUnit *u, Status *status) {
    VetReport r = {.text = buf_new(v->cli->arena)};
    r.json = json_new(&r.text, 4);
    if (v->json) {
        json_object(&r.json);
        json_key(&r.json, v->config.own.id);
        json_object(&r.json);
        json_key(&r.json, STR("heapwise"));
        json_array(&r.json);
    }
    report_unit(v, u, &r);
    for (int i = 0; v->json && i < 3; i++) json_close(&r.json);
    if (v->json) buf_byte(&r.text, '\n');
    return write_report(v, &r, status);
}

// ---- the package

static Err why_not(Vet *v, const ProgramUnit *u) {
    Buf b = buf_new(v->cli->arena);
    program_print_unit(&b, v->program, u, (ReportStyle){.import_fail = true});
    Str rest = buf_view(&b), line = str_line(&rest);
    return err_new(v->cli->arena, ERR_FORMAT, 0, STR_FMT ": not analysed: " STR_FMT,
                   STR_ARG(v->config.own.id),
                   STR_ARG(line.len ? line : STR("something it imports could not be")));
}

static Err analyse(Vet *v, Status *status) {
    TRY(vet_add(v->program, &v->facts));
    program_run(v->program);
    const ProgramUnit *u = program_unit(v->program, program_unit_count(v->program) - 1);
    if (u->ir) return report(v, u, status);
    bool nothing = !v->config.own.files.len || str_eq_c(u->path, "unsafe");
    return nothing || v->config.may_fail ? NULL : why_not(v, u);
}

static Err run_unit(Vet *v, Str file, Status *status) {
    Arena *a = v->cli->arena;
    Str bytes;
    const char *goroot = getenv("GOROOT"), *goarch = getenv("GOARCH");
    TRY(file_read(a, file, &bytes));
    Err e = vet_parse(a, bytes, str_c(goroot ? goroot : ""), &v->config);
    if (!e) e = vet_read_files(a, &v->config);
    if (!e) e = gather_facts(v);
    if (e) return err_wrap(a, e, STR_FMT, STR_ARG(file));
    if (v->config.facts_only) return NULL;
    ProgramConfig config = {.analyse = true,
                            .costs = !v->lines,
                            .goarch = str_c(goarch ? goarch : "amd64"),
                            .flags = {.m = 1}};
    v->program = program_new(&config);
    e = analyse(v, status);
    program_free(v->program);
    return e;
}

static Err run_vet(Cli *cli, Status *status) {
    const Args *args = &cli->args;
    TRY(args_parse(cli->arena, cmd_vet.options, cli->argv, cli->argc, &cli->args));
    if (args_flag(args, "help")) doc_verbatim(cli->doc, cli_help(cli->arena, &cmd_vet));
    if (args_flag(args, "help")) return NULL;
    if (args_given(args, "V")) return print_identity(cli);
    if (args_flag(args, "flags")) {
        print_flags(cli);
        return NULL;
    }
    Vet v = {.cli = cli,
             .json = args_flag(args, "json"),
             .lines = args_flag(args, "m"),
             .sometimes = args_flag(args, "sometimes"),
             .loops = args_flag(args, "loops")};
    if (args->rest.len != 1 || !str_ends(args->rest.v[0], STR(".cfg")))
        return err_new(cli->arena, ERR_USAGE, 0,
                       "one .cfg file is wanted; packages are vetted by `go vet -vettool=heapwise "
                       "./...`");
    return run_unit(&v, args->rest.v[0], status);
}

const Command cmd_vet = {
    .name = "vet",
    .summary = "analyse one package for go vet, Bazel and others that schedule packages themselves",
    .usage = "[-m] [-sometimes] [-loops] [-json] FILE.cfg",
    .details =
        "Called by the go command: `go vet -vettool=$(which heapwise) ./...` reports each place "
        "that "
        "allocates whenever it runs. The go command schedules and caches; facts hold what the "
        "analysis needs of a package's imports: their files. Exit status: 1 places were found (not "
        "with -json or -m).",
    .example = "go vet -vettool=$(which heapwise) -loops ./...",
    .schema = "heapwise.vet/1",
    .options = {vet_options, COUNT(vet_options), .interleaved = true},
    .run = run_vet,
    .raw = true, // -json is go vet's, not a form of our page
};
