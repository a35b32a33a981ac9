// cli/cmd_benchstat.c: benchstat's command line.
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/bench.h"
#include "cli/commands.h"
#include "sys/file.h"
#include "view/bench.h"

static const Option options[] = {
    {"table", OPTION_VALUE, "KEYS", "split results into tables by these keys (.config)", 0},
    {"row", OPTION_VALUE, "KEYS", "one row for each value of these keys (.fullname)", 0},
    {"col", OPTION_VALUE, "KEYS", "compare across the values of these keys (.file)", 0},
    {"ignore", OPTION_VALUE, "KEYS", "put together what differs in these keys only", 0},
    {"filter", OPTION_VALUE, "QUERY", "take only what matches, as in '.unit:ns/op /size:(1 OR 2)'",
     0},
    {"alpha", OPTION_VALUE, "P", "call a change significant when p is at most P (0.05)", 0},
    {"confidence", OPTION_VALUE, "LEVEL", "of the intervals (0.95)", 0},
    {"format", OPTION_VALUE, "text|csv", "csv writes notes to standard error", 0},
    {"compat", OPTION_FLAG, NULL, "benchstat's exit status: 0 even when an input cannot be read",
     0},
};

typedef struct Request {
    Cli *cli;
    BenchSet *set;
    bool compat, json, csv;
    Str format;
    double alpha, confidence;
    BenchQuery query;
    StrVec inputs;
    Status status;
} Request;

// benchstat ends with status 0 whatever it could not do; heapwise says 2, unless asked not to.
static Err refuse(Request *r, Str what) {
    Doc *d = r->cli->doc;
    if (r->compat)
        doc_verbatim_error(d, str_join3(r->cli->arena, STR("benchstat: "), what, STR("\n")));
    else
        doc_warn(d, STR_FMT, STR_ARG(what));
    r->status = r->compat ? STATUS_OK : STATUS_USAGE;
    return NULL;
}

// ---- inputs: path, label=path or "-"

typedef struct Input {
    Str path, label;
} Input;

static Input read_input_name(Request *r, uint32_t at) {
    Str word = r->inputs.v[at];
    size_t equals = str_find_byte(word, '=');
    if (equals != STR_NONE) return (Input){str_from(word, equals + 1), str_to(word, equals)};
    uint32_t same = 0, before = 0; // a path given twice is two columns: path#0, path#1
    for (uint32_t i = 0; i < r->inputs.len; i++)
        if (str_eq(r->inputs.v[i], word)) {
            same++;
            before += i < at;
        }
    Str label = same > 1 ? str_fmt(r->cli->arena, STR_FMT "#%u", STR_ARG(word), before) : word;
    return (Input){word, label};
}

static Str reason(Arena *a) { // in Go's words: those of the C library, without the capital
    Str text = str_copy(a, str_c(strerror(errno)));
    if (text.len && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z')
        return str_join2(a, str_fmt(a, "%c", text.ptr[0] + ('a' - 'A')), str_from(text, 1));
    return text;
}

static bool read_all(Request *r, Str path, FileMap *map, Str *why) {
    Arena *a = r->cli->arena;
    errno = 0;
    if (str_eq(path, STR("-"))) {
        Err e = file_read(a, path, &map->bytes);
        if (e) *why = e->what;
        return !e;
    }
    if (file_kind(path) == FILE_DIR) {
        *why = str_fmt(a, STR_FMT ":0: read " STR_FMT ": is a directory", STR_ARG(path),
                       STR_ARG(path));
        return false;
    }
    Err e = path.len ? file_map(a, path, map) : NULL;
    if (!e && path.len) return true;
    if (!path.len) errno = ENOENT;
    *why = errno ? str_fmt(a, "open " STR_FMT ": " STR_FMT, STR_ARG(path), STR_ARG(reason(a)))
                 : e->what;
    return false;
}

// False: what is wrong with this input is in *why.
static bool add_input(Request *r, BenchBuilder *b, uint32_t at, Str *why) {
    Input in = read_input_name(r, at);
    FileMap map = {0};
    if (!read_all(r, in.path, &map, why)) return false;
    BenchReader reader = bench_reader(r->set, map.bytes, in.path, in.label);
    while (bench_read(&reader)) bench_builder_add(b, &reader.result);
    if (map.base) file_unmap(&map);
    if (reader.failed) *why = reader.failed->what;
    return !reader.failed;
}

static void show(Request *r, BenchBuilder *b) {
    BenchTables tables = bench_builder_tables(b, r->confidence, r->alpha);
    if (r->json)
        view_benchstat_data(r->cli->doc, r->set, &tables);
    else if (r->csv)
        view_benchstat_csv(r->cli->doc, r->set, &tables);
    else
        view_benchstat_text(r->cli->doc, r->set, &tables);
}

static Err compare(Request *r) {
    BenchBuilder *b;
    Err e = bench_builder_new(r->set, &r->query, &b);
    if (e) return refuse(r, e->what);
    if (!(r->alpha >= 0 && r->alpha <= 1)) return refuse(r, STR("-alpha must be in range [0, 1]"));
    if (!(r->confidence >= 0 && r->confidence <= 1))
        return refuse(r, STR("-confidence must be in range [0, 1]"));
    if (!r->csv && !str_eq(r->format, STR("text")))
        return refuse(r, STR("-format must be text or csv"));
    Str why = {0};
    bool all = true;
    for (uint32_t i = 0; i < r->inputs.len && all; i++) all = add_input(r, b, i, &why);
    const StrVec *warnings = bench_warnings(r->set);
    for (uint32_t i = 0; i < warnings->len; i++)
        doc_verbatim_error(r->cli->doc, str_join2(r->cli->arena, warnings->v[i], STR("\n")));
    if (all) show(r, b);
    bench_builder_free(b);
    return all ? NULL : refuse(r, why);
}

static Err read_number(Request *r, const char *name, double *inout) {
    const Args *args = &r->cli->args;
    if (!args_given(args, name)) return NULL;
    Str text = args_value(args, name, (Str){0});
    if (bench_parse_number(r->cli->arena, text, inout)) return NULL;
    return err_new(r->cli->arena, ERR_USAGE, 0, "-%s=" STR_FMT ": wants a number", name,
                   STR_ARG(text));
}

static Err run(Cli *cli, Status *status) {
    const Args *args = &cli->args;
    Request r = {.cli = cli, .set = bench_set_new(cli->arena), .alpha = 0.05, .confidence = 0.95};
    const BenchQuery q = bench_query_default;
    r.query = (BenchQuery){args_value(args, "table", q.table), args_value(args, "row", q.row),
                           args_value(args, "col", q.col), args_value(args, "ignore", q.ignore),
                           args_value(args, "filter", q.filter)};
    r.compat = args_flag(args, "compat");
    r.json = args_flag(args, "json");
    r.inputs = args->rest;
    if (!r.inputs.len) return err_new(cli->arena, ERR_USAGE, 0, "benchstat: no input files");
    TRY(read_number(&r, "alpha", &r.alpha));
    TRY(read_number(&r, "confidence", &r.confidence));
    r.format = args_value(args, "format", STR("text"));
    r.csv = str_eq(r.format, STR("csv"));
    Err e = compare(&r);
    *status = r.status;
    return e;
}

const Command cmd_benchstat = {
    .name = "benchstat",
    .summary = "compare Go benchmark results: what golang.org/x/perf/cmd/benchstat prints",
    .usage = "[OPTIONS] [LABEL=]FILE...",
    .details =
        "Medians with confidence intervals for each benchmark and input, and the change against "
        "the "
        "first input where a Mann-Whitney test finds one. Text and CSV are those of benchstat. An "
        "input that cannot be read ends with status 2; --compat keeps benchstat's 0. \"-\" is "
        "standard "
        "input. See heapwise bench gate for a verdict.",
    .example = "heapwise benchstat old.txt new.txt",
    .schema = "heapwise.benchstat/1",
    .options = OPTIONS(options),
    .run = run,
};
