// view/bench_gate.c: the verdicts of a comparison of benchmarks.
#include <math.h>
#include <string.h>

#include "view/bench.h"

typedef struct Page {
    Doc *doc;
    Arena *arena;
    const BenchGatePage *in;
} Page;

static Str quantity(const Page *p, const GateRow *row, double v) {
    Str unit = bench_str(p->in->set, row->unit);
    Buf out = buf_new(p->arena);
    bool whole = v == floor(v) && fabs(v) < 1e15 && !str_eq(unit, STR("sec/op"));
    if (whole)
        buf_fmt(&out, "%.0f", v);
    else
        bench_put_scaled(&out, bench_scale(&v, 1, bench_unit_is_bytes(unit)), v);
    return buf_view(&out);
}

static Str percent(const Page *p, double share, bool sign) {
    double v = share * 100;
    int digits = fabs(v) >= 99.95 ? 0 : fabs(v) >= 9.995 ? 1 : 2;
    return str_fmt(p->arena, sign ? "%+.*f%%" : "%.*f%%", digits, v);
}

static Str change(const Page *p, const GateRow *row) {
    if (row->verdict == GATE_GONE || row->verdict == GATE_ADDED) return (Str){0};
    if (row->ratio.center > 0) return percent(p, row->ratio.center - 1, true);
    return row->old_center == row->new_center ? STR("+0.00%") : STR("from 0");
}

// "-3.1% to +0.2%"; nothing for what was counted.
static Str range(const Page *p, const GateRow *row) {
    if (row->counted || row->ratio.center <= 0) return (Str){0};
    if (isinf(row->ratio.hi)) return STR("unknown");
    return str_join3(p->arena, percent(p, row->ratio.lo - 1, true), STR(" to "),
                     percent(p, row->ratio.hi - 1, true));
}

static Str runs(const Page *p, const GateRow *row) {
    if (row->old_runs == row->new_runs) return str_fmt(p->arena, "%zu", row->old_runs);
    return str_fmt(p->arena, "%zu+%zu", row->old_runs, row->new_runs);
}

static Str verdict(const Page *p, const GateRow *row) {
    Str text = str_c(gate_verdict_text(row->verdict));
    switch (row->verdict) {
    case GATE_SAME:
        if (row->within > 0)
            return str_fmt(p->arena, "same within " STR_FMT,
                           STR_ARG(percent(p, row->within, false)));
        return text;
    case GATE_MORE_RUNS: return str_fmt(p->arena, "not enough runs: run %zu more", row->more_runs);
    case GATE_NOISY:
        return str_fmt(p->arena, "too noisy: %zu runs would not settle it", p->in->rules->max_runs);
    case GATE_GONE: return STR("only in the old results");
    case GATE_ADDED: return STR("only in the new results");
    case GATE_WORSE:
    case GATE_BETTER:
    case GATE_CHANGED: return text;
    }
    BUG("verdict %d", row->verdict);
}

static DocTone tone(GateVerdict v) {
    switch (v) {
    case GATE_WORSE: return TONE_BAD;
    case GATE_BETTER: return TONE_GOOD;
    case GATE_CHANGED:
    case GATE_MORE_RUNS:
    case GATE_NOISY:
    case GATE_GONE: return TONE_WARN;
    case GATE_SAME:
    case GATE_ADDED: return TONE_PLAIN;
    }
    BUG("verdict %d", v);
}

static Str unit_name(const Page *p, const GateRow *row) { return bench_str(p->in->set, row->unit); }

// ---- the table. Text for people, numbers for JSON.

static const DocColumn columns[] = {
    {"benchmark", "benchmark", false},
    {"package", NULL, false},
    {"unit", "unit", false},
    {NULL, "old", true},
    {NULL, "new", true},
    {NULL, "change", true},
    {NULL, "interval", true},
    {NULL, "runs", true},
    {NULL, "verdict", false},
    {"verdict", NULL, false},
    {"old", NULL, false},
    {"new", NULL, false},
    {"old_runs", NULL, false},
    {"new_runs", NULL, false},
    {"ratio", NULL, false},
    {"ratio_low", NULL, false},
    {"ratio_high", NULL, false},
    {"counted", NULL, false},
    {"p", NULL, false},
    {"family_p", NULL, false},
    {"same_within", NULL, false},
    {"more_runs", NULL, false},
};

static DocValue number_if(bool known, double v) {
    return known && !isinf(v) && !isnan(v) ? doc_float(v) : (DocValue){0};
}

static void data_cells(const Page *p, const GateRow *row) {
    Doc *d = p->doc;
    bool has_ratio = row->ratio.center > 0;
    doc_cell(d, doc_text(str_c(gate_verdict_text(row->verdict))));
    doc_cell(d, number_if(row->old_runs > 0, row->old_center));
    doc_cell(d, number_if(row->new_runs > 0, row->new_center));
    doc_cell(d, doc_int((int64_t)row->old_runs));
    doc_cell(d, doc_int((int64_t)row->new_runs));
    doc_cell(d, number_if(has_ratio, row->ratio.center));
    doc_cell(d, number_if(has_ratio, row->ratio.lo));
    doc_cell(d, number_if(has_ratio, row->ratio.hi));
    doc_cell(d, doc_bool(row->counted));
    doc_cell(d, number_if(row->tested, row->p));
    doc_cell(d, number_if(row->tested, row->family_p));
    doc_cell(d, number_if(row->verdict == GATE_SAME, row->within));
    doc_cell(d, row->verdict == GATE_MORE_RUNS ? doc_int((int64_t)row->more_runs) : (DocValue){0});
}

static void table_row(const Page *p, const GateRow *row) {
    Doc *d = p->doc;
    doc_cell(d, doc_text(row->benchmark));
    doc_cell(d, doc_text(row->package));
    doc_cell(d, doc_text(unit_name(p, row)));
    doc_cell(d, doc_text(row->old_runs ? quantity(p, row, row->old_center) : (Str){0}));
    doc_cell(d, doc_text(row->new_runs ? quantity(p, row, row->new_center) : (Str){0}));
    doc_cell(d, doc_toned(doc_text(change(p, row)), tone(row->verdict)));
    doc_cell(d, doc_text(range(p, row)));
    doc_cell(d, doc_text(runs(p, row)));
    doc_cell(d, doc_toned(doc_text(verdict(p, row)), tone(row->verdict)));
    data_cells(p, row);
}

static bool listed(const Page *p, const GateRow *row) {
    return p->in->all || (row->verdict != GATE_SAME && row->verdict != GATE_ADDED);
}

static bool several_packages(const Gate *g) {
    for (uint32_t i = 1; i < g->rows.len; i++)
        if (!str_eq(g->rows.v[i].package, g->rows.v[0].package)) return true;
    return false;
}

static void table(const Page *p) {
    DocColumn *shown = arena_copy(p->arena, columns, sizeof columns, _Alignof(DocColumn));
    if (several_packages(p->in->gate)) shown[1].title = "package";
    doc_table(p->doc, "rows", shown, COUNT(columns));
    for (uint32_t i = 0; i < p->in->gate->rows.len; i++)
        if (listed(p, &p->in->gate->rows.v[i])) table_row(p, &p->in->gate->rows.v[i]);
}

// ---- findings

static Str message(const Page *p, const GateRow *row) {
    Buf out = buf_new(p->arena);
    buf_fmt(&out,
            "Benchmark" STR_FMT ": " STR_FMT " went from " STR_FMT " to " STR_FMT " (" STR_FMT ")",
            STR_ARG(row->benchmark), STR_ARG(unit_name(p, row)),
            STR_ARG(quantity(p, row, row->old_center)), STR_ARG(quantity(p, row, row->new_center)),
            STR_ARG(change(p, row)));
    if (row->counted)
        buf_lit(&out, "; every run says so.");
    else
        buf_fmt(&out, "; p=%.2g among %zu tests.", row->family_p, p->in->gate->family);
    return buf_view(&out);
}

static void finding(const Page *p, uint32_t i) {
    const GateRow *row = &p->in->gate->rows.v[i];
    Str unit = unit_name(p, row);
    bool memory = str_eq(unit, STR("B/op")) || str_eq(unit, STR("allocs/op"));
    DocFinding f = {
        .rule = memory ? STR("benchmark-allocates-more") : STR("benchmark-slower"),
        .rule_title = memory ? STR("benchmark allocates more") : STR("benchmark got worse"),
        .rule_help = memory ? STR("Allocations per operation are counted, so any rise is real.")
                            : STR("A Mann-Whitney test with Holm's correction over all tests found "
                                  "the change."),
        .level = LEVEL_ERROR,
        .message = message(p, row),
        .place = p->in->places[i],
        .id = str_fmt(p->arena, "%016llx",
                      (unsigned long long)hash_mix(str_hash(row->name), str_hash(unit))),
        .measure = change(p, row),
        .share = -1,
    };
    doc_open_finding(p->doc, f);
    doc_close(p->doc);
}

static void findings(const Page *p) {
    if (!p->in->gate->count[GATE_WORSE]) return;
    doc_open_list(p->doc, "findings", STR("Worse"));
    for (uint32_t i = 0; i < p->in->gate->rows.len; i++)
        if (p->in->gate->rows.v[i].verdict == GATE_WORSE) finding(p, i);
    doc_close(p->doc);
}

// ---- summary

static void summary(const Page *p) {
    static const struct {
        GateVerdict verdict;
        const char *key;
    } order[] = {{GATE_WORSE, "worse"},
                 {GATE_BETTER, "better"},
                 {GATE_CHANGED, "changed"},
                 {GATE_SAME, "same"},
                 {GATE_MORE_RUNS, "not_enough_runs"},
                 {GATE_NOISY, "too_noisy"},
                 {GATE_GONE, "gone"},
                 {GATE_ADDED, "new"}};
    const Gate *g = p->in->gate;
    Buf line = buf_new(p->arena);
    doc_open(p->doc, "summary", (Str){0});
    for (size_t i = 0; i < COUNT(order); i++) {
        size_t n = g->count[order[i].verdict];
        const char *text = gate_verdict_text(order[i].verdict);
        if (n) buf_fmt(&line, "%s%zu %s", line.len ? ", " : "", n, text);
        doc_field(p->doc, order[i].key, NULL, doc_int((int64_t)n));
    }
    doc_field(p->doc, "tests", NULL, doc_int((int64_t)g->family));
    doc_close(p->doc);
    doc_prose_toned(p->doc, buf_view(&line), g->count[GATE_WORSE] ? TONE_BAD : TONE_STRONG);
}

void view_bench_gate(Doc *d, const BenchGatePage *in) {
    Page p = {d, d->arena, in};
    summary(&p);
    for (uint32_t i = 0; i < in->gate->notes.len; i++)
        doc_prose_toned(d, in->gate->notes.v[i], TONE_WARN);
    for (uint32_t i = 0; i < in->remarks.len; i++) doc_prose(d, in->remarks.v[i]);
    table(&p);
    findings(&p);
}
