// bench/table.c: results fall into cells of tables; cells get summaries, tests and notes.
#include <math.h>
#include <string.h>

#include "bench/bench_internal.h"

const BenchQuery bench_query_default = {STR_INIT(".config"), STR_INIT(".fullname"),
                                        STR_INIT(".file"), STR_INIT(""), STR_INIT("*")};

// Which kinds of result a cell mixes: the first residue key and the columns others differ in.
struct CellMix {
    uint32_t first, last;
    U32Vec differs; // residue columns
};
typedef struct CellMix CellMix;

typedef struct Raw { // a table while results are added
    uint32_t key;    // of the table projection
    BenchStr unit;
    VEC(BenchCell *) cells; // row and col are keys here, places later
} Raw;

struct BenchBuilder {
    BenchSet *set;
    Arena *arena;
    Projector projector;
    Projection table, row, col, ignored, residue;
    FilterVec filters;
    RegexVec regexes;
    VEC(Raw) raws;
    Index raw_index, cell_index;
    U32Vec unit_ranks; // by unit: rank + 1 in the order met
    uint32_t units_ranked;
    VEC(BenchCell *) cells;
    U32Vec recent;                // the table of a result's i-th value, last time
    VEC(StatsInterval) intervals; // of medians, by sample size; lo == hi: not worked out
    double confidence, alpha;
    StatsU *u;
};

// ---- the query

static Err wrap(Arena *a, const char *flag, Err e) {
    return e ? err_wrap(a, e, "parsing -%s", flag) : NULL;
}

static Err parse_query(BenchBuilder *b, const BenchQuery *q) {
    Filter *filter = NULL;
    Err e = query_parse_filter(b->arena, q->filter, &b->regexes, &filter);
    if (!e) e = filter_check(b->arena, q->filter, filter);
    TRY(wrap(b->arena, "filter", e));
    const struct {
        const char *flag;
        Str text;
        Projection *to;
    } parts[] = {{"table", q->table, &b->table},
                 {"row", q->row, &b->row},
                 {"col", q->col, &b->col},
                 {"ignore", q->ignore, &b->ignored}};
    for (size_t i = 0; i < COUNT(parts); i++)
        TRY(wrap(b->arena, parts[i].flag,
                 project_parse(&b->projector, parts[i].text, parts[i].to, &b->filters)));
    project_residue(&b->projector, &b->residue);
    vec_push(b->arena, &b->filters, filter);
    return NULL;
}

Err bench_builder_new(BenchSet *s, const BenchQuery *q, BenchBuilder **out) {
    BenchBuilder *b = NEW(s->arena, BenchBuilder);
    b->set = s;
    b->arena = s->arena;
    b->projector = (Projector){.set = s, .arena = s->arena};
    b->raw_index = index_new(s->arena);
    b->cell_index = index_new(s->arena);
    b->u = stats_u_new(s->arena);
    Err e = parse_query(b, q);
    if (e)
        bench_builder_free(b);
    else
        *out = b;
    return e;
}

void bench_builder_free(BenchBuilder *b) {
    for (uint32_t i = 0; i < b->regexes.len; i++) regex_free(b->regexes.v[i]);
    b->regexes.len = 0;
}

// ---- adding

static uint32_t look_up_raw(BenchBuilder *b, uint32_t key, BenchStr unit) {
    uint64_t h = hash_mix(key, unit);
    for (IndexIter it = index_find(&b->raw_index, h); it.id; index_next(&it)) {
        const Raw *raw = &b->raws.v[it.id - 1];
        if (raw->key == key && raw->unit == unit) return it.id - 1;
    }
    while (b->unit_ranks.len <= unit) vec_push(b->arena, &b->unit_ranks, 0);
    if (!b->unit_ranks.v[unit]) b->unit_ranks.v[unit] = ++b->units_ranked;
    vec_push(b->arena, &b->raws, ((Raw){.key = key, .unit = unit}));
    index_add(&b->raw_index, h, b->raws.len);
    return b->raws.len - 1;
}

// The i-th value of a result mostly has the unit the i-th value had before.
static uint32_t find_raw(BenchBuilder *b, uint32_t key, BenchStr unit, uint32_t i) {
    while (b->recent.len <= i) vec_push(b->arena, &b->recent, 0);
    uint32_t *recent = &b->recent.v[i];
    bool same =
        *recent < b->raws.len && b->raws.v[*recent].key == key && b->raws.v[*recent].unit == unit;
    if (!same) *recent = look_up_raw(b, key, unit);
    return *recent;
}

static BenchCell *find_cell(BenchBuilder *b, uint32_t raw, uint32_t row, uint32_t col) {
    uint64_t h = hash_mix(hash_mix(raw, row), col);
    for (IndexIter it = index_find(&b->cell_index, h); it.id; index_next(&it)) {
        BenchCell *c = b->cells.v[it.id - 1];
        if (c->row == row && c->col == col && c->table == raw) return c;
    }
    BenchCell *c = NEW(b->arena, BenchCell);
    c->table = raw;
    c->row = row;
    c->col = col;
    vec_push(b->arena, &b->cells, c);
    vec_push(b->arena, &b->raws.v[raw].cells, c);
    index_add(&b->cell_index, h, b->cells.len);
    return c;
}

static void mix_in(BenchBuilder *b, BenchCell *c, uint32_t residue) {
    if (!c->mix) {
        c->mix = NEW(b->arena, CellMix);
        c->mix->first = c->mix->last = residue;
    }
    if (residue == c->mix->last || residue == c->mix->first) return;
    c->mix->last = residue;
    for (uint32_t k = 0; k < b->residue.column_names.len; k++) {
        if (project_get(&b->residue, residue, k) == project_get(&b->residue, c->mix->first, k))
            continue;
        bool known = false;
        for (uint32_t i = 0; i < c->mix->differs.len; i++) known |= c->mix->differs.v[i] == k;
        if (!known) vec_push(b->arena, &c->mix->differs, k);
    }
}

void bench_builder_add(BenchBuilder *b, BenchResult *r) {
    for (uint32_t i = 0; i < b->filters.len; i++)
        if (!filter_apply(b->set, b->filters.v[i], r)) return;
    BenchStr name = bench_intern(b->set, r->name);
    uint32_t table = project_key(&b->projector, &b->table, r, name);
    uint32_t row = project_key(&b->projector, &b->row, r, name);
    uint32_t col = project_key(&b->projector, &b->col, r, name);
    uint32_t residue = project_key(&b->projector, &b->residue, r, name);
    for (uint32_t i = 0; i < r->values.len; i++) {
        BenchCell *c = find_cell(b, find_raw(b, table, r->values.v[i].unit, i), row, col);
        vec_push(b->arena, &c->values, r->values.v[i].value);
        mix_in(b, c, residue);
    }
}

// ---- summaries of cells

static Str need_samples(BenchBuilder *b, const char *op, size_t n, const char *what, double level) {
    Buf text = buf_new(b->arena);
    buf_fmt(&text, "need %s %zu samples %s ", op, n, what);
    bench_put_go(&text, level);
    return buf_view(&text);
}

static Str need_for_interval(BenchBuilder *b, double confidence) {
    enum { LIMIT = 50 };
    for (size_t n = 2; n <= LIMIT; n++) {
        StatsInterval i = stats_median_interval(n, confidence);
        if (i.lo > 0 && i.hi <= n)
            return need_samples(b, ">=", n, "for confidence interval at level", confidence);
    }
    return need_samples(b, ">", LIMIT, "for confidence interval at level", confidence);
}

static StatsInterval interval_for(BenchBuilder *b, uint32_t n) {
    while (b->intervals.len <= n) vec_push(b->arena, &b->intervals, (StatsInterval){0});
    StatsInterval *i = &b->intervals.v[n];
    if (i->lo == i->hi) *i = stats_median_interval(n, b->confidence);
    return *i;
}

static BenchSummary summarize_median(BenchBuilder *b, const BenchCell *c) {
    uint32_t n = c->values.len;
    StatsInterval i = interval_for(b, n);
    BenchSummary s = {stats_median(c->values.v, n), -INFINITY, INFINITY, {0}};
    if (i.lo >= 1) s.lo = c->values.v[i.lo - 1];
    if (i.hi <= n) s.hi = c->values.v[i.hi - 1];
    if (isinf(s.lo) || isinf(s.hi))
        vec_push(b->arena, &s.warnings, need_for_interval(b, b->confidence));
    return s;
}

static BenchSummary summarize_exact(BenchBuilder *b, const BenchCell *c) {
    size_t n = c->values.len, count;
    BenchSummary s = {stats_mode(c->values.v, n, &count), c->values.v[0], c->values.v[n - 1], {0}};
    if (count == n) return s;
    Buf text = buf_new(b->arena);
    buf_lit(&text, "exact distribution expected, but values range from ");
    bench_put_go(&text, s.lo);
    buf_lit(&text, " to ");
    bench_put_go(&text, s.hi);
    vec_push(b->arena, &s.warnings, buf_view(&text));
    return s;
}

static Str need_for_test(BenchBuilder *b, double alpha, size_t *n) {
    enum { LIMIT = 10 };
    for (*n = 1; *n < LIMIT; (*n)++)
        if (stats_u_min_p(*n, *n) <= alpha)
            return need_samples(b, ">=", *n, "to detect a difference at alpha level", alpha);
    return need_samples(b, ">", LIMIT, "to detect a difference at alpha level", alpha);
}

static BenchCompare compare_ranks(BenchBuilder *b, const BenchCell *base, const BenchCell *c) {
    double alpha = b->alpha;
    StatsTest t =
        stats_u_test_benchstat(b->u, base->values.v, base->values.len, c->values.v, c->values.len);
    BenchCompare r = {t.p, alpha, base->values.len, c->values.len, {0}};
    if (t.all_equal) {
        vec_push(b->arena, &r.warnings, STR("all samples are equal"));
    } else if (r.p > alpha) {
        size_t n;
        Str warning = need_for_test(b, alpha, &n);
        if (r.n1 < n && r.n2 < n) vec_push(b->arena, &r.warnings, warning);
    }
    return r;
}

static void note_mix(BenchBuilder *b, BenchCell *c) {
    if (!c->mix->differs.len) return;
    Buf text = buf_new(b->arena);
    buf_lit(&text, "benchmarks vary in ");
    bool first = true;
    U32Vec flat = project_flat(b->arena, &b->residue);
    for (uint32_t i = 0; i < flat.len; i++)
        for (uint32_t k = 0; k < c->mix->differs.len; k++)
            if (c->mix->differs.v[k] == flat.v[i]) {
                if (!first) buf_lit(&text, ", ");
                buf_str(&text, b->residue.column_names.v[flat.v[i]]);
                first = false;
            }
    vec_push(b->arena, &c->warnings, buf_view(&text));
}

// ---- tables

static uint32_t *sorted_keys(BenchBuilder *b, const Projection *p, const Raw *raw, bool rows,
                             uint32_t *count) {
    uint32_t all = project_count(p), *place = NEW_ARRAY(b->arena, uint32_t, all);
    U32Vec keys = {0};
    for (uint32_t i = 0; i < raw->cells.len; i++) {
        uint32_t key = rows ? raw->cells.v[i]->row : raw->cells.v[i]->col;
        if (!place[key]) vec_push(b->arena, &keys, key);
        place[key] = 1;
    }
    project_sort(b->set, p, keys.v, keys.len);
    *count = keys.len;
    return keys.v;
}

// By key: its place in the table.
static uint32_t *places(BenchBuilder *b, const Projection *p, const uint32_t *keys,
                        uint32_t count) {
    uint32_t *place = NEW_ARRAY(b->arena, uint32_t, project_count(p));
    for (uint32_t i = 0; i < count; i++) place[keys[i]] = i;
    return place;
}

static void label_table(BenchBuilder *b, BenchTable *t, const uint32_t *rows, uint32_t row_count,
                        const uint32_t *cols) {
    for (uint32_t i = 0; i < row_count; i++)
        vec_push(b->arena, &t->rows, project_label(b->arena, b->set, &b->row, rows[i]));
    U32Vec flat = project_flat(b->arena, &b->col);
    for (uint32_t k = 0; k < flat.len; k++) {
        BenchHeader h = {.key = b->col.column_names.v[flat.v[k]]};
        for (uint32_t i = 0; i < t->col_count; i++)
            vec_push(b->arena, &h.values,
                     bench_str(b->set, project_get(&b->col, cols[i], flat.v[k])));
        vec_push(b->arena, &t->col_keys, h);
    }
}

static void place_cells(BenchBuilder *b, const Raw *raw, BenchTable *t) {
    uint32_t rows, *row_keys = sorted_keys(b, &b->row, raw, true, &rows);
    uint32_t *col_keys = sorted_keys(b, &b->col, raw, false, &t->col_count);
    label_table(b, t, row_keys, rows, col_keys);
    uint32_t *row_place = places(b, &b->row, row_keys, rows);
    uint32_t *col_place = places(b, &b->col, col_keys, t->col_count);
    t->cells = NEW_ARRAY(b->arena, BenchCell *, (size_t)rows * t->col_count);
    for (uint32_t i = 0; i < raw->cells.len; i++) {
        BenchCell *c = raw->cells.v[i];
        c->row = row_place[c->row];
        c->col = col_place[c->col];
        t->cells[(size_t)c->row * t->col_count + c->col] = c;
        stats_sort(c->values.v, c->values.len);
    }
}

static void summarize_cells(BenchBuilder *b, const Raw *raw, BenchTable *t) {
    for (uint32_t i = 0; i < raw->cells.len; i++) {
        BenchCell *c = raw->cells.v[i];
        c->base = c->col ? t->cells[(size_t)c->row * t->col_count] : NULL;
        c->summary = t->exact ? summarize_exact(b, c) : summarize_median(b, c);
        if (c->base && t->exact)
            c->compare = (BenchCompare){0, 0, c->base->values.len, c->values.len, {0}};
        else if (c->base)
            c->compare = compare_ranks(b, c->base, c);
        note_mix(b, c);
    }
}

// ---- the last row: geometric means

static void summarize_column(BenchBuilder *b, const BenchTable *t, uint32_t col, size_t bases) {
    BenchColumnSummary *s = &t->columns[col];
    double *centers = NEW_ARRAY(b->arena, double, t->rows.len),
           *ratios = NEW_ARRAY(b->arena, double, t->rows.len);
    size_t n = 0, pairs = 0;
    bool by_zero = false;
    for (uint32_t row = 0; row < t->rows.len; row++) {
        const BenchCell *c = t->cells[(size_t)row * t->col_count + col];
        if (!c) continue;
        centers[n++] = c->summary.center;
        if (!c->base) continue;
        double now = c->summary.center, before = c->base->summary.center;
        by_zero |= before == 0 && now != 0;
        ratios[pairs++] = now == before ? 1 : before == 0 ? 0 : now / before;
    }
    if (col > 0 && pairs != bases)
        vec_push(b->arena, &s->warnings,
                 STR("benchmark set differs from baseline; geomeans may not be comparable"));
    s->center = stats_geomean(centers, n);
    s->has_center = !isnan(s->center);
    if (!s->has_center)
        vec_push(b->arena, &s->warnings, STR("summaries must be >0 to compute geomean"));
    if (col == 0 || by_zero) return;
    s->ratio = stats_geomean(ratios, pairs);
    s->has_ratio = !isnan(s->ratio);
    if (!s->has_ratio)
        vec_push(b->arena, &s->warnings, STR("ratios must be >0 to compute geomean"));
}

static void summarize_columns(BenchBuilder *b, BenchTable *t) {
    size_t bases = 0;
    for (uint32_t row = 0; row < t->rows.len; row++)
        bases += t->cells[(size_t)row * t->col_count] != NULL;
    t->columns = NEW_ARRAY(b->arena, BenchColumnSummary, t->col_count);
    for (uint32_t col = 0; col < t->col_count; col++) summarize_column(b, t, col, bases);
}

// ---- order of tables

static bool table_before(BenchBuilder *b, const uint32_t *place, const Raw *x, const Raw *y) {
    if (x->key != y->key) return place[x->key] < place[y->key];
    return b->unit_ranks.v[x->unit] < b->unit_ranks.v[y->unit];
}

static uint32_t *sorted_tables(BenchBuilder *b) {
    uint32_t keys = project_count(&b->table);
    uint32_t *by_key = NEW_ARRAY(b->arena, uint32_t, keys),
             *order = NEW_ARRAY(b->arena, uint32_t, b->raws.len);
    for (uint32_t i = 0; i < keys; i++) by_key[i] = i;
    project_sort(b->set, &b->table, by_key, keys);
    uint32_t *place = places(b, &b->table, by_key, keys);
    for (uint32_t i = 0; i < b->raws.len; i++) {
        uint32_t j = i;
        for (; j > 0 && table_before(b, place, &b->raws.v[i], &b->raws.v[order[j - 1]]); j--)
            order[j] = order[j - 1];
        order[j] = i;
    }
    return order;
}

static void note_keys(BenchBuilder *b, BenchTable *t, const Raw *now, const Raw *before) {
    U32Vec flat = project_flat(b->arena, &b->table);
    for (uint32_t k = 0; k < flat.len; k++) {
        BenchStr value = project_get(&b->table, now->key, flat.v[k]);
        bool same = before && value == project_get(&b->table, before->key, flat.v[k]);
        Str name = b->table.column_names.v[flat.v[k]];
        Str line = str_join3(b->arena, name, STR(": "), bench_str(b->set, value));
        if (!same) vec_push(b->arena, &t->changed, line);
        if (value) vec_push(b->arena, &t->keys, line);
    }
}

BenchTables bench_builder_tables(BenchBuilder *b, double confidence, double alpha) {
    BenchTables tables = {0};
    b->confidence = confidence;
    b->alpha = alpha;
    uint32_t *order = sorted_tables(b);
    for (uint32_t i = 0; i < b->raws.len; i++) {
        const Raw *raw = &b->raws.v[order[i]];
        BenchTable t = {.unit = raw->unit, .exact = bench_unit_exact(b->set, raw->unit)};
        note_keys(b, &t, raw, i ? &b->raws.v[order[i - 1]] : NULL);
        place_cells(b, raw, &t);
        summarize_cells(b, raw, &t);
        summarize_columns(b, &t);
        vec_push(b->arena, &tables, t);
    }
    return tables;
}
