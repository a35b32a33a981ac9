// view/gc_ab.c: the page of `heapwise gc ab`: two variants, run in turn, and whether they differ.
//
// Decided on CPU time and on bytes allocated, never on wall clock: on a shared machine two
// identical programs differ on the wall in most comparisons. Exact Mann-Whitney test per figure,
// Holm's correction over both, median ratio with its exact interval.
#include <math.h>

#include "bench/stats.h"
#include "view/gc.h"

typedef struct Figure {
    const char *key, *label;
    const double *a, *b;
    StatsTest test;
    StatsRatio ratio; // b over a
    double adjusted;  // p after Holm's correction
    size_t needed;    // runs per side that find the difference asked for; 0: cannot say
} Figure;

static const double confidence = 0.95;

static const double *sorted(Arena *a, const double *xs, uint32_t n) {
    double *copy = arena_copy(a, xs, n * sizeof *xs, _Alignof(double));
    stats_sort(copy, n);
    return copy;
}

// The spread of one side as the standard deviation of its logarithm, from the middle half, so that
// one held-up run does not count.
static double log_spread(const double *xs, uint32_t n) {
    if (n < 4 || !(xs[n / 4] > 0)) return 0;
    uint32_t high = n - 1 - n / 4;
    double wide = 2 * stats_normal_quantile((high + 0.5) / n); // in standard deviations
    return log(xs[high] / xs[n / 4]) / wide;
}

// Runs per side after which a difference of `percent` would be found with power 0.8.
static size_t runs_for(const Figure *f, uint32_t n, double percent, double alpha) {
    double spread = hypot(log_spread(f->a, n), log_spread(f->b, n)) / sqrt(2);
    double shift = log1p(percent / 100);
    double wins = spread > 0 ? stats_normal_cdf(shift / (spread * sqrt(2))) : 1;
    return stats_runs_needed(wins, alpha, 0.8);
}

static Figure measure(Arena *a, StatsU *su, const GcAbPage *page, bool cpu) {
    Figure f = {.key = cpu ? "cpu" : "bytes", .label = cpu ? "CPU" : "allocated"};
    uint32_t n = page->pairs;
    f.a = sorted(a, cpu ? page->a.cpu_s : page->a.bytes, n);
    f.b = sorted(a, cpu ? page->b.cpu_s : page->b.bytes, n);
    f.test = stats_u_test(su, f.a, n, f.b, n);
    f.ratio = (StatsRatio){1, 0, INFINITY};
    if (f.a[0] > 0 && f.b[0] > 0)
        f.ratio = stats_ratio(a, su, (StatsPair){f.a, f.b, n, n}, confidence);
    // Where both figures are decided on, Holm's correction asks more of the first one.
    f.needed = runs_for(&f, n, page->want_percent, (1 - confidence) / (page->same_program ? 1 : 2));
    return f;
}

static Str change(Arena *a, double ratio) {
    if (!isfinite(ratio)) return STR("?");
    return str_fmt(a, "%+.1f %%", (ratio - 1) * 100);
}

static void figure_data(Doc *d, const Figure *f, uint32_t n) {
    doc_open(d, f->key, STR(""));
    doc_field(d, "a", NULL, doc_float(stats_median(f->a, n)));
    doc_field(d, "b", NULL, doc_float(stats_median(f->b, n)));
    doc_field(d, "ratio", NULL, doc_float(f->ratio.center));
    doc_field(d, "low", NULL, doc_float(f->ratio.lo));
    doc_field(d, "high", NULL, doc_float(f->ratio.hi));
    doc_field(d, "p", NULL, doc_float(f->test.p));
    doc_field(d, "p_corrected", NULL, doc_float(f->adjusted));
    doc_field(d, "exact", NULL, doc_bool(f->test.exact));
    doc_field(d, "differs", NULL, doc_bool(f->adjusted < 1 - confidence));
    doc_field(d, "runs_needed", NULL, doc_int(f->needed > INT32_MAX ? -1 : (int64_t)f->needed));
    doc_close(d);
}

static void figure_row(Doc *d, const Figure *f, uint32_t n) {
    Arena *a = d->arena;
    bool cpu = f->key[0] == 'c', differs = f->adjusted < 1 - confidence;
    double before = stats_median(f->a, n), after = stats_median(f->b, n);
    DocTone tone = !differs ? TONE_PLAIN : f->ratio.center > 1 ? TONE_BAD : TONE_GOOD;
    doc_cell(d, doc_text(str_c(f->label)));
    doc_cell(d, cpu ? doc_nanos((int64_t)(before * 1e9)) : doc_bytes((int64_t)before));
    doc_cell(d, cpu ? doc_nanos((int64_t)(after * 1e9)) : doc_bytes((int64_t)after));
    doc_cell(d, doc_toned(doc_text(change(a, f->ratio.center)), tone));
    doc_cell(d, doc_text(str_fmt(a, STR_FMT " to " STR_FMT, STR_ARG(change(a, f->ratio.lo)),
                                 STR_ARG(change(a, f->ratio.hi)))));
    doc_cell(d, doc_text(str_fmt(a, "%.3g", f->adjusted)));
    doc_cell(d, doc_toned(doc_text(differs ? STR("differs") : STR("no difference shown")), tone));
}

// ---- latency ----

const double gc_latency_percents[GC_LATENCIES] = {50, 90, 99, 99.9, 100};

static const double *latency_runs(Arena *a, const GcAbSide *s, uint32_t n, int k) {
    double *xs = NEW_ARRAY(a, double, n);
    for (uint32_t i = 0; i < n; i++) xs[i] = s->latency[i].at_s[k];
    stats_sort(xs, n);
    return xs;
}

static void latency_cell(Doc *d, const double *xs, uint32_t n) {
    doc_cell(d, doc_text(str_fmt(d->arena, "%.2f (%.2f to %.2f)", stats_median(xs, n) * 1e3,
                                 xs[0] * 1e3, xs[n - 1] * 1e3)));
}

static void latency_side_data(Doc *d, const char *key, const double *xs, uint32_t n) {
    doc_open(d, key, STR(""));
    doc_field(d, "median_s", NULL, doc_float(stats_median(xs, n)));
    doc_field(d, "low_s", NULL, doc_float(xs[0]));
    doc_field(d, "high_s", NULL, doc_float(xs[n - 1]));
    doc_close(d);
}

static void latency_unanswered(Doc *d, const GcAbPage *page) {
    uint32_t failed[2] = {0}, answered = 0;
    for (uint32_t i = 0; i < page->pairs; i++) {
        failed[0] += page->a.latency[i].failed, failed[1] += page->b.latency[i].failed;
        answered += page->a.latency[i].answered + page->b.latency[i].answered;
    }
    if (failed[0] + failed[1])
        doc_warn(d,
                 "requests without an answer, or with a status from 400: %u of A, %u of B (%u were "
                 "answered)",
                 failed[0], failed[1], answered);
}

// Shown, not decided on: times by the wall clock are the machine's as much as the program's.
static void latency_table(Doc *d, const GcAbPage *page) {
    static const DocColumn columns[] = {
        {NULL, "latency, ms", false}, {NULL, "A", true}, {NULL, "B", true}, {NULL, "change", true}};
    Arena *a = d->arena;
    uint32_t n = page->pairs;
    doc_open(d, NULL, STR("latency"));
    doc_table(d, NULL, columns, COUNT(columns));
    for (int k = 0; k < GC_LATENCIES; k++) {
        const double *x = latency_runs(a, &page->a, n, k), *y = latency_runs(a, &page->b, n, k);
        double percent = gc_latency_percents[k], before = stats_median(x, n);
        doc_cell(d, doc_text(percent < 100 ? str_fmt(a, "p%g", percent) : STR("longest")));
        latency_cell(d, x, n);
        latency_cell(d, y, n);
        doc_cell(d, doc_text(change(a, before > 0 ? stats_median(y, n) / before : NAN)));
    }
    doc_prose_toned(d, STR("Median over the runs, and the shortest and the longest of them."),
                    TONE_DIM);
    doc_close(d);
    doc_open_list(d, "latency", STR(""));
    for (int k = 0; k < GC_LATENCIES; k++) {
        doc_open_item(d, STR(""));
        doc_field(d, "percent", NULL, doc_float(gc_latency_percents[k]));
        latency_side_data(d, "a", latency_runs(a, &page->a, n, k), n);
        latency_side_data(d, "b", latency_runs(a, &page->b, n, k), n);
        doc_close(d);
    }
    doc_close(d);
    latency_unanswered(d, page);
}

static void side_fields(Doc *d, const char *key, const char *label, const GcAbSide *s) {
    doc_open(d, key, str_c(label));
    doc_field(d, "settings", "settings",
              doc_text(s->settings.len ? s->settings : STR("as in the environment")));
    doc_field(d, "program", "program", doc_text(s->program));
    if (s->collector.len) doc_field(d, "collector", "collector", doc_text(s->collector));
    doc_close(d);
}

static void advice(Doc *d, const GcAbPage *page, const Figure *f) {
    if (f->adjusted < 1 - confidence || f->needed <= page->pairs) return;
    if (f->needed > 10000)
        doc_prose(
            d, str_fmt(d->arena,
                       "%s: too noisy to find %.0f %% here; try a quieter machine or a longer run.",
                       f->label, page->want_percent));
    else
        doc_prose(
            d, str_fmt(
                   d->arena,
                   "%s: to find a difference of %.0f %% in four of five tries, run %zu more pairs.",
                   f->label, page->want_percent, f->needed - page->pairs));
}

bool view_gc_ab(Doc *d, const GcAbPage *page) {
    static const DocColumn columns[] = {
        {NULL, "", false},     {NULL, "A", true}, {NULL, "B", true},       {NULL, "change", true},
        {NULL, "95 %", false}, {NULL, "p", true}, {NULL, "verdict", false}};
    Arena *a = d->arena;
    StatsU *su = stats_u_new(a);
    Figure figures[2];
    uint32_t count = 0;
    figures[count++] = measure(a, su, page, true);
    if (!page->same_program) figures[count++] = measure(a, su, page, false);
    double p[2] = {figures[0].test.p, count > 1 ? figures[1].test.p : 1}, adjusted[2];
    uint32_t order[2];
    stats_holm(p, count, order, adjusted);
    side_fields(d, "a", "variant A", &page->a);
    side_fields(d, "b", "variant B", &page->b);
    doc_field(d, "pairs", "pairs, in random order", doc_int(page->pairs));
    for (uint32_t i = 0; i < count; i++) {
        figures[i].adjusted = adjusted[i];
        figure_data(d, &figures[i], page->pairs);
    }
    doc_open(d, NULL, STR("decision"));
    doc_table(d, NULL, columns, COUNT(columns));
    for (uint32_t i = 0; i < count; i++) figure_row(d, &figures[i], page->pairs);
    for (uint32_t i = 0; i < count; i++) advice(d, page, &figures[i]);
    if (page->same_program)
        doc_prose_toned(
            d, STR("One program under two settings allocates the same; only its CPU is compared."),
            TONE_DIM);
    if (page->pairs < stats_runs_min(1 - confidence))
        doc_prose_toned(d, STR("So few pairs can never show a difference."), TONE_WARN);
    doc_close(d);
    if (page->a.latency && page->b.latency) latency_table(d, page);
    bool worse = false;
    for (uint32_t i = 0; i < count; i++)
        worse |= adjusted[i] < 1 - confidence && figures[i].ratio.center > 1;
    return worse;
}
