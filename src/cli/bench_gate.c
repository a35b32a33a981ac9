// cli/bench_gate.c: `heapwise bench gate OLD NEW`.
#include "cli/bench.h"
#include "cli/bench_source.h"
#include "sys/file.h"
#include "view/bench.h"

// ---- options

static Err read_share(const Cli *cli, const char *name, double scale, double *inout) {
    if (!args_given(&cli->args, name)) return NULL;
    Str text = args_value(&cli->args, name, (Str){0}), number = text;
    str_cut_suffix(&number, STR("%"));
    double v;
    if (!bench_parse_number(cli->arena, number, &v) || !(v >= 0 && v * scale <= 1))
        return err_new(cli->arena, ERR_USAGE, 0, "--%s=" STR_FMT ": wants a number from 0 to %g",
                       name, STR_ARG(text), 1 / scale);
    *inout = v * scale;
    return NULL;
}

Err cli_bench_rules(const Cli *cli, GateRules *out) {
    GateRules rules = gate_rules_default;
    uint64_t most = rules.max_runs;
    TRY(read_share(cli, "alpha", 1, &rules.alpha));
    TRY(read_share(cli, "min-change", 0.01, &rules.min_change));
    TRY(read_share(cli, "same-within", 0.01, &rules.same_within));
    TRY(args_u64(cli->arena, &cli->args, "max-runs", &most));
    if (rules.alpha <= 0)
        return err_new(cli->arena, ERR_USAGE, 0, "--alpha=0: no result could ever be a finding");
    rules.max_runs = (size_t)MIN(most, 1000000u);
    *out = rules;
    return NULL;
}

// ---- reading

typedef struct Results { // of one side
    uint32_t count;
    Str machine;  // goos/goarch cpu of the first result
    StrMap lines; // "pkg name" -> line of the first result
    Err failed;
} Results;

static Str config(const BenchSet *s, const BenchResult *r, const char *key) {
    for (uint32_t i = 0; i < r->config.len; i++)
        if (str_eq_c(bench_str(s, r->config.v[i].key), key))
            return bench_str(s, r->config.v[i].value);
    return (Str){0};
}

static Str row_label(Arena *a, const BenchSet *s, const BenchResult *r) {
    Str package = config(s, r, "pkg");
    return package.len ? str_join3(a, package, STR(" "), r->name) : r->name;
}

static Results read_side(Cli *cli, BenchSet *s, BenchBuilder *b, const BenchSide *side,
                         const char *label) {
    Results out = {.lines = strmap_new(cli->arena)};
    BenchReader r = bench_reader(s, side->bytes, side->path, str_c(label));
    for (; bench_read(&r); out.count++) {
        if (!out.count)
            out.machine = str_fmt(
                cli->arena, STR_FMT "/" STR_FMT " " STR_FMT, STR_ARG(config(s, &r.result, "goos")),
                STR_ARG(config(s, &r.result, "goarch")), STR_ARG(config(s, &r.result, "cpu")));
        uint32_t *line = strmap_put(&out.lines, row_label(cli->arena, s, &r.result));
        if (!*line) *line = r.result.line;
        bench_builder_add(b, &r.result);
    }
    out.failed = r.failed;
    return out;
}

static Err check_side(Cli *cli, const Results *r, Str path) {
    if (r->failed) return r->failed;
    if (r->count) return NULL;
    return err_new(cli->arena, ERR_FORMAT, 0,
                   STR_FMT ": no benchmark results; it should be what go test -bench prints",
                   STR_ARG(path));
}

typedef struct Judging {
    Cli *cli;
    BenchSet *set;
    BenchBuilder *builder;
    const BenchSide *sides; // old, new
    Results results[2];
    BenchGatePage page;
} Judging;

// ---- where a benchmark is

static DocValue *find_places(const Judging *j, const Gate *gate) {
    Arena *a = j->cli->arena;
    Str dir = args_value(&j->cli->args, "src", (Str){0});
    BenchFuncs funcs = {0};
    if (dir.len || file_exists(STR("go.mod")))
        funcs = bench_source_scan(a, dir.len ? dir : STR("."));
    DocValue *places = NEW_ARRAY(a, DocValue, MAX(gate->rows.len, 1u));
    for (uint32_t i = 0; i < gate->rows.len; i++) {
        const GateRow *row = &gate->rows.v[i];
        const BenchFunc *f = bench_source_find(&funcs, row->package, row->benchmark);
        int side = row->new_runs > 0;
        const uint32_t *line = strmap_get(&j->results[side].lines, row->name);
        places[i] = f ? doc_place(f->path, f->line, 0)
                      : doc_place(j->sides[side].path, line ? *line : 0, 0);
    }
    return places;
}

static Err decide(Judging *j) {
    Arena *a = j->cli->arena;
    const GateRules *rules = j->page.rules;
    for (int i = 0; i < 2; i++) TRY(check_side(j->cli, &j->results[i], j->sides[i].path));
    BenchTables tables = bench_builder_tables(j->builder, 1 - rules->alpha, rules->alpha);
    Gate *gate = NEW(a, Gate);
    *gate = gate_decide(j->set, &tables, rules);
    if (gate->count[GATE_GONE] + gate->count[GATE_ADDED] == gate->rows.len)
        return err_new(a, ERR_FORMAT, 0, "no benchmark is in both " STR_FMT " and " STR_FMT,
                       STR_ARG(j->sides[0].path), STR_ARG(j->sides[1].path));
    Str old = j->results[0].machine, now = j->results[1].machine;
    if (!str_eq(old, now))
        vec_push(a, &gate->notes,
                 str_fmt(a,
                         "The sides ran on different machines (" STR_FMT "; " STR_FMT
                         "): times do not compare.",
                         STR_ARG(old), STR_ARG(now)));
    j->page.set = j->set;
    j->page.gate = gate;
    j->page.places = find_places(j, gate);
    return NULL;
}

Err cli_bench_judge(Cli *cli, const BenchSide *sides, const GateRules *rules, StrVec remarks,
                    Status *status) {
    Judging j = {.cli = cli, .set = bench_set_new(cli->arena), .sides = sides};
    BenchQuery q = gate_query;
    q.filter = args_value(&cli->args, "filter", q.filter);
    TRY(bench_builder_new(j.set, &q, &j.builder));
    for (int i = 0; i < 2; i++)
        j.results[i] = read_side(cli, j.set, j.builder, &sides[i], i ? "new" : "old");
    j.page =
        (BenchGatePage){.rules = rules, .all = args_flag(&cli->args, "all"), .remarks = remarks};
    Err e = decide(&j);
    bench_builder_free(j.builder);
    if (e) return e;
    const StrVec *warnings = bench_warnings(j.set);
    for (uint32_t i = 0; i < warnings->len; i++)
        doc_warn(cli->doc, STR_FMT, STR_ARG(warnings->v[i]));
    view_bench_gate(cli->doc, &j.page);
    const size_t *count = j.page.gate->count;
    bool open = count[GATE_MORE_RUNS] + count[GATE_NOISY] > 0;
    bool failed = count[GATE_WORSE] > 0 || (open && args_flag(&cli->args, "settled"));
    *status = failed ? STATUS_FINDINGS : STATUS_OK;
    return NULL;
}

// ---- forms

Err cli_bench_gate(Cli *cli, Status *status) {
    if (cli->args.rest.len != 3)
        return err_new(cli->arena, ERR_USAGE, 0, "bench gate wants two files of results: OLD NEW");
    GateRules rules;
    TRY(cli_bench_rules(cli, &rules));
    BenchSide sides[2];
    for (uint32_t i = 0; i < 2; i++) {
        sides[i].path = cli->args.rest.v[1 + i];
        TRY(file_read(cli->arena, sides[i].path, &sides[i].bytes));
    }
    TRY(cli_bench_judge(cli, sides, &rules, (StrVec){0}, status));
    return cli_draw_format(cli);
}
