// bench/gate.c: see gate.h. First every row is looked at alone, then the family of tests is
// corrected, then verdicts are given.
#include "bench/gate.h"

#include <math.h>
#include <string.h>

const GateRules gate_rules_default = {
    .alpha = 0.01, .min_change = 0.01, .same_within = 0.05, .max_runs = 100};
const BenchQuery gate_query = {STR_INIT(""), STR_INIT("pkg,.fullname"), STR_INIT(".file@(old new)"),
                               STR_INIT(".config"), STR_INIT("*")};

#define X(id, text) text,
static const char *const verdict_texts[] = {GATE_VERDICTS(X)};
#undef X
const char *gate_verdict_text(GateVerdict v) { return verdict_texts[v]; }

typedef struct Deciding {
    BenchSet *set;
    Arena *arena;
    const GateRules *rules;
    StatsU *u;
    Gate gate;
} Deciding;

static bool counts(BenchSet *s, const BenchTable *t) {
    Str unit = bench_str(s, t->unit);
    return t->exact || str_eq(unit, STR("B/op")) || str_eq(unit, STR("allocs/op"));
}

static double first(const BenchCell *c) { return c->values.v[0]; }
static double last(const BenchCell *c) { return c->values.v[c->values.len - 1]; }
static bool constant(const BenchCell *c) { return first(c) == last(c); }

// Counted numbers that waver a little are still told apart when the gap between the sides is wider
// than what either side wavers by.
static bool clearly_apart(const BenchCell *x, const BenchCell *y) {
    double gap = fmax(first(y) - last(x), first(x) - last(y));
    return gap > 0 && gap > fmax(last(x) - first(x), last(y) - first(y));
}

static GateVerdict direction(const Deciding *d, BenchStr unit, double old, double now) {
    int better = bench_unit_better(d->set, unit);
    if (better == 0) return GATE_CHANGED;
    return (now > old) == (better > 0) ? GATE_BETTER : GATE_WORSE;
}

static void measure(Deciding *d, GateRow *row, const BenchCell *old, const BenchCell *now) {
    StatsPair s = {old->values.v, now->values.v, old->values.len, now->values.len};
    row->tested = true;
    StatsTest test = stats_u_test(d->u, s.x, s.n, s.y, s.m);
    row->p = test.p;
    row->wins = test.u / ((double)s.n * (double)s.m);
    if (first(old) > 0 && first(now) > 0)
        row->ratio = stats_ratio(d->arena, d->u, s, 1 - d->rules->alpha);
    d->gate.family++;
}

static void count_row(Deciding *d, GateRow *row) {
    row->counted = true;
    row->verdict = row->old_center == row->new_center
                       ? GATE_SAME
                       : direction(d, row->unit, row->old_center, row->new_center);
    if (row->old_center > 0) {
        double r = row->new_center / row->old_center;
        row->ratio = (StatsRatio){r, r, r};
    }
}

// Bytes per operation waver by a rounding or a background allocation where allocations do not: a
// small difference between single runs is no proof yet. (Of 9,200 pairs of equal programs, two runs
// a side told 11 apart, three none.)
enum { BYTES_RUNS = 3 };
#define BYTES_WAVER 0.005

static bool may_be_waver(const Deciding *d, const GateRow *row) {
    if (!str_eq(bench_str(d->set, row->unit), STR("B/op"))) return false;
    return MIN(row->old_runs, row->new_runs) < BYTES_RUNS && row->old_center != row->new_center &&
           fabs(row->new_center - row->old_center) < BYTES_WAVER * row->old_center;
}

static void look_at(Deciding *d, GateRow *row, const BenchTable *t, const BenchCell *old,
                    const BenchCell *now) {
    if (!old || !now) {
        row->verdict = old ? GATE_GONE : GATE_ADDED;
        row->counted = true;
        return;
    }
    bool both = constant(old) && constant(now);
    if (counts(d->set, t) && (both || clearly_apart(old, now)))
        count_row(d, row);
    else
        measure(d, row, old, now);
    if (!may_be_waver(d, row)) return;
    row->verdict = GATE_MORE_RUNS;
    row->more_runs = BYTES_RUNS - MIN(row->old_runs, row->new_runs);
}

// ---- verdicts of measured rows, once the family is known

static double farthest(StatsRatio r) { return fmax(fabs(r.lo - 1), fabs(r.hi - 1)); }

// Runs per side after which the interval, which narrows with the root of their number, fits the
// tolerance.
static size_t runs_for_same(const Deciding *d, const GateRow *row, size_t runs) {
    double tolerance = d->rules->same_within;
    double room = fmax(tolerance - fabs(row->ratio.center - 1), tolerance / 4);
    double wide = (row->ratio.hi - row->ratio.lo) / 2 / room;
    double need = ceil((double)runs * wide * wide);
    return need > 1e6 ? (size_t)1000000 : (size_t)need;
}

// Runs per side until either verdict can be reached: the same, or the change there seems to be.
static size_t runs_for_verdict(const Deciding *d, const GateRow *row) {
    size_t runs = MIN(row->old_runs, row->new_runs);
    double level = d->rules->alpha / (double)d->gate.family;
    size_t least = MAX(MAX(stats_runs_min(level), (size_t)4), runs + 1);
    if (isinf(row->ratio.hi) || row->ratio.lo <= 0) return least;
    size_t need = runs_for_same(d, row, runs);
    if (fabs(row->ratio.center - 1) >= d->rules->min_change)
        need = MIN(need, stats_runs_needed(row->wins, level, 0.8));
    return MAX(need, least);
}

static void judge(Deciding *d, GateRow *row) {
    bool has_ratio = row->ratio.center > 0;
    double change = has_ratio ? fabs(row->ratio.center - 1) : INFINITY;
    bool found = row->family_p <= d->rules->alpha && row->old_center != row->new_center;
    if (found && change >= d->rules->min_change) {
        row->verdict = direction(d, row->unit, row->old_center, row->new_center);
        return;
    }
    row->within = has_ratio ? farthest(row->ratio) : INFINITY;
    if (row->within <= d->rules->same_within) {
        row->verdict = GATE_SAME;
        return;
    }
    size_t need = runs_for_verdict(d, row);
    row->more_runs = need - MIN(row->old_runs, row->new_runs);
    row->verdict = need > d->rules->max_runs ? GATE_NOISY : GATE_MORE_RUNS;
}

static void correct_family(Deciding *d) {
    size_t n = d->gate.rows.len, k = 0;
    double *p = NEW_ARRAY(d->arena, double, n), *adjusted = NEW_ARRAY(d->arena, double, n);
    uint32_t *order = NEW_ARRAY(d->arena, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        if (d->gate.rows.v[i].tested) p[k++] = d->gate.rows.v[i].p;
    stats_holm(p, k, order, adjusted);
    k = 0;
    for (size_t i = 0; i < n; i++)
        if (d->gate.rows.v[i].tested) d->gate.rows.v[i].family_p = adjusted[k++];
}

// ---- rows

static void name_row(GateRow *row, Str label) {
    size_t space = str_find_byte(label, ' ');
    row->name = label;
    row->benchmark = space == STR_NONE ? label : str_from(label, space + 1);
    row->package = space == STR_NONE ? (Str){0} : str_to(label, space);
}

static uint32_t column_of(const BenchTable *t, const char *label) {
    for (uint32_t i = 0; i < t->col_count; i++)
        if (str_eq_c(t->col_keys.v[0].values.v[i], label)) return i;
    return UINT32_MAX;
}

static const BenchCell *cell(const BenchTable *t, uint32_t row, uint32_t col) {
    return col == UINT32_MAX ? NULL : t->cells[(size_t)row * t->col_count + col];
}

static void add_rows(Deciding *d, const BenchTable *t) {
    uint32_t old_col = column_of(t, "old"), new_col = column_of(t, "new");
    for (uint32_t i = 0; i < t->rows.len; i++) {
        const BenchCell *old = cell(t, i, old_col), *now = cell(t, i, new_col);
        GateRow *row = vec_add(d->arena, &d->gate.rows);
        name_row(row, t->rows.v[i]);
        row->unit = t->unit;
        if (old)
            row->old_runs = old->values.len,
            row->old_center = stats_median(old->values.v, old->values.len);
        if (now)
            row->new_runs = now->values.len,
            row->new_center = stats_median(now->values.v, now->values.len);
        look_at(d, row, t, old, now);
    }
}

// Throughput is bytes over time: with the time there, testing it too would count one change twice.
static bool repeats_time(BenchSet *s, const BenchTables *tables, const BenchTable *t) {
    if (!str_eq(bench_str(s, t->unit), STR("B/s"))) return false;
    for (uint32_t i = 0; i < tables->len; i++)
        if (str_eq(bench_str(s, tables->v[i].unit), STR("sec/op"))) return true;
    return false;
}

Gate gate_decide(BenchSet *s, const BenchTables *tables, const GateRules *rules) {
    Arena *a = bench_set_arena(s);
    Deciding d = {.set = s, .arena = a, .rules = rules, .u = stats_u_new(a)};
    for (uint32_t i = 0; i < tables->len; i++)
        if (!repeats_time(s, tables, &tables->v[i])) add_rows(&d, &tables->v[i]);
    correct_family(&d);
    for (uint32_t i = 0; i < d.gate.rows.len; i++) {
        GateRow *row = &d.gate.rows.v[i];
        if (row->tested) judge(&d, row);
        d.gate.count[row->verdict]++;
    }
    return d.gate;
}
