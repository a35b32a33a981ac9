// view/gc_whatif.c: the page of `heapwise gc whatif`: a grid of settings and what each would do.
#include "view/gc.h"

static Str setting_text(Arena *a, const GcPrediction *p) {
    Str gogc = p->gogc < 0 ? STR("off") : str_fmt(a, "%lld", (long long)p->gogc);
    if (p->memlimit == GC_NO_LIMIT) return str_fmt(a, "GOGC=" STR_FMT, STR_ARG(gogc));
    return str_fmt(a, "GOGC=" STR_FMT " GOMEMLIMIT=%lluMiB", STR_ARG(gogc),
                   (unsigned long long)(p->memlimit >> 20));
}

static void estimate(Doc *d, const char *key, const GcEstimate *e) {
    doc_open(d, key, STR(""));
    doc_field(d, "value", NULL, doc_float(e->value));
    doc_field(d, "low", NULL, doc_float(e->low));
    doc_field(d, "high", NULL, doc_float(e->high));
    doc_close(d);
}

// The grid as data: one object per setting.
static void grid_data(Doc *d, const GcPrediction *p, uint32_t count) {
    doc_open_list(d, "settings", STR(""));
    for (uint32_t i = 0; i < count; i++) {
        doc_open_item(d, STR(""));
        doc_field(d, "gogc", NULL, doc_int(p[i].gogc));
        doc_field(d, "memlimit", NULL,
                  doc_int(p[i].memlimit == GC_NO_LIMIT ? -1 : (int64_t)p[i].memlimit));
        estimate(d, "cycles", &p[i].cycles);
        estimate(d, "gc_cpu_s", &p[i].gc_cpu_s);
        estimate(d, "gc_share", &p[i].gc_share);
        estimate(d, "cpu_s", &p[i].cpu_s);
        estimate(d, "peak_rss", &p[i].peak_rss);
        doc_field(d, "limited", NULL, doc_bool(p[i].limited));
        doc_field(d, "thrash", NULL, doc_bool(p[i].thrash));
        doc_close(d);
    }
    doc_close(d);
}

static Str range(Arena *a, const GcEstimate *e, double scale, const char *unit) {
    const char *fmt = e->high * scale >= 100 ? "%.0f (%.0f to %.0f)%s" : "%.1f (%.1f to %.1f)%s";
    char text[96];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int n =
        snprintf(text, sizeof text, fmt, e->value * scale, e->low * scale, e->high * scale, unit);
#pragma GCC diagnostic pop
    return str_copy(a, (Str){text, n > 0 ? MIN((size_t)n, sizeof text - 1) : 0});
}

static void grid_table(Doc *d, const GcPrediction *p, uint32_t count) {
    static const DocColumn columns[] = {
        {NULL, "setting", false}, {NULL, "cycles", true},       {NULL, "GC share", true},
        {NULL, "CPU", true},      {NULL, "peak RSS MiB", true}, {NULL, "", false},
    };
    Arena *a = d->arena;
    doc_table(d, NULL, columns, COUNT(columns));
    for (uint32_t i = 0; i < count; i++) {
        bool known = p[i].gc_share.value >= 0;
        DocTone tone = p[i].thrash ? TONE_BAD : TONE_PLAIN;
        doc_cell(d, doc_toned(doc_text(setting_text(a, &p[i])), tone));
        doc_cell(d, doc_text(range(a, &p[i].cycles, 1, "")));
        doc_cell(d, doc_text(known ? range(a, &p[i].gc_share, 100, " %") : STR("?")));
        doc_cell(d, doc_text(known ? range(a, &p[i].cpu_s, 1, " s") : STR("?")));
        doc_cell(d, doc_text(range(a, &p[i].peak_rss, 1.0 / (1 << 20), "")));
        doc_cell(d, doc_toned(doc_text(p[i].thrash    ? STR("thrash zone")
                                       : p[i].limited ? STR("at the limit")
                                                      : STR("")),
                              tone));
    }
}

void view_gc_whatif(Doc *d, const GcWhatIfPage *page) {
    GcSummary s = observation_summary(d->arena, page->seen);
    doc_open(d, "observed", STR("observed"));
    if (page->runs > 1) doc_field(d, "runs", "runs (this is the first)", doc_count(page->runs));
    doc_field(d, "gogc", "GOGC",
              page->seen->gogc < 0 ? doc_text(STR("off")) : doc_int(page->seen->gogc));
    doc_field(d, "cycles", "cycles", doc_count(s.cycles));
    doc_field(d, "live", "reachable at most", doc_bytes((int64_t)gc_model_live(page->model)));
    doc_field(d, "floating", "floating garbage", doc_bytes((int64_t)s.floating));
    if (s.gc_share >= 0)
        doc_field(d, "gc_share", "GC share of the CPU used", doc_percent(s.gc_share * 100));
    if (page->seen->peak_rss)
        doc_field(d, "peak_rss", "peak RSS", doc_bytes((int64_t)page->seen->peak_rss));
    doc_close(d);
    doc_open(d, NULL, STR("what if"));
    grid_table(d, page->grid, page->count);
    doc_prose_toned(d, STR("In brackets: where nine of ten runs should fall."), TONE_DIM);
    doc_close(d);
    grid_data(d, page->grid, page->count);
    if (!page->budget) return;
    doc_open(d, "budget", STR("budget"));
    doc_field(d, "bytes", page->budget_from, doc_bytes((int64_t)page->budget));
    if (page->largest_gogc)
        doc_field(d, "largest_gogc", "largest safe GOGC",
                  doc_toned(doc_int(page->largest_gogc), TONE_GOOD));
    else
        doc_field(d, "largest_gogc", "largest safe GOGC",
                  doc_toned(doc_text(STR("none: even GOGC=10 does not fit")), TONE_BAD));
    doc_close(d);
}
