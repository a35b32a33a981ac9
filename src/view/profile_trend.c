// view/profile_trend.c: what grows, what is let go of at once, and the sizes of objects.
#include "view/profile_trend.h"

#include <math.h>

#include "view/view_time.h"

typedef struct Page {
    Doc *doc;
    Arena *arena;
    const Trend *t;
    uint32_t top;
} Page;

static int64_t whole(double v) { return (int64_t)fmax(fmin(v, 9e18), -9e18); }

static Str amount(const Page *p, double v) {
    return measure_label(p->arena, whole(v), p->t->type.unit, STR("auto"));
}

static Str bytes(const Page *p, int64_t v) {
    return measure_label(p->arena, v, STR("bytes"), STR("auto"));
}

static Str signed_amount(const Page *p, double v) {
    return str_join2(p->arena, v > 0 ? STR("+") : STR(""), amount(p, v));
}

static Str span_text(Arena *a, double seconds) {
    if (seconds < 0) return STR("");
    if (seconds < 0.001) return str_fmt(a, "%.1f µs", seconds * 1e6);
    if (seconds < 1) return str_fmt(a, "%.0f ms", seconds * 1000);
    if (seconds < 120) return str_fmt(a, "%.1f s", seconds);
    if (seconds < 7200) return str_fmt(a, "%.1f min", seconds / 60);
    if (seconds < 172800) return str_fmt(a, "%.1f h", seconds / 3600);
    return str_fmt(a, "%.1f d", seconds / 86400);
}

// A slope as a reader follows it: by the minute, or by a longer time when it is less than one by
// then.
static Str slope_text(const Page *p, const TrendRow *r) {
    static const struct {
        double seconds;
        const char *text;
    } spans[] = {{60, "/min"}, {3600, "/h"}, {86400, "/d"}};
    if (!p->t->timed) return str_join2(p->arena, signed_amount(p, r->slope), STR(" each"));
    size_t i = vec_last(&p->t->snapshots).at_s > 7200;
    while (r->slope != 0 && i + 1 < COUNT(spans) && fabs(r->slope * spans[i].seconds) < 1) i++;
    return str_join2(p->arena, signed_amount(p, r->slope * spans[i].seconds), str_c(spans[i].text));
}

static DocTone tone(const TrendRow *r) {
    return r->verdict == TREND_GROWS     ? TONE_BAD
           : r->verdict == TREND_SHRINKS ? TONE_GOOD
           : r->verdict == TREND_WAVERS  ? TONE_WARN
                                         : TONE_PLAIN;
}

static double since_s(const Page *p, uint32_t snapshot) {
    return vec_last(&p->t->snapshots).at_s - p->t->snapshots.v[snapshot].at_s;
}

// ---- what grows

static DocValue kept(const Page *p, const TrendRow *r) {
    if (!p->t->heap || !r->kept) return doc_text(STR(""));
    Str text = bytes(p, r->kept);
    uint32_t count = p->t->snapshots.len - 1 - r->kept_since;
    text = p->t->timed ? str_fmt(p->arena, STR_FMT " for %s", STR_ARG(text),
                                 str_to_c(p->arena, span_text(p->arena, since_s(p, r->kept_since))))
                       : str_fmt(p->arena, STR_FMT " over %u", STR_ARG(text), count);
    return doc_text(text);
}

static const DocColumn growth_columns[] = {
    {"name", NULL, false},       {NULL, "name", false},         {NULL, "first", true},
    {NULL, "last", true},        {NULL, "growth", true},        {NULL, "r²", true},
    {NULL, "surely kept", true}, {"verdict", "verdict", false}, {"first", NULL, false},
    {"last", NULL, false},       {"slope", NULL, false},        {"r2", NULL, false},
    {"growth", NULL, false},     {"sigma", NULL, false},        {"kept_bytes", NULL, false},
    {"survived", NULL, false},   {"window_alloc", NULL, false}, {"window_freed", NULL, false},
    {"lifetime_s", NULL, false}, {"file", NULL, false},         {"line", NULL, false},
};

static DocValue known(bool is, DocValue v) { return is ? v : (DocValue){.kind = DOC_NONE}; }

static void growth_row(const Page *p, const TrendRow *r) {
    Doc *d = p->doc;
    const Trend *t = p->t;
    int64_t first = r->points.v[0].value, last = vec_last(&r->points).value;
    doc_cell(d, doc_text(r->name));
    doc_cell(d, doc_text(profile_short_stack(p->arena, r->name)));
    doc_cell(d, doc_text(amount(p, (double)first)));
    doc_cell(d, doc_text(amount(p, (double)last)));
    doc_cell(d, doc_text(slope_text(p, r)));
    doc_cell(d, doc_text(str_fmt(p->arena, "%.2f", r->r2)));
    doc_cell(d, kept(p, r));
    doc_cell(d, doc_toned(doc_text(str_c(trend_verdict_text(r->verdict))), tone(r)));
    doc_cell(d, doc_int(first));
    doc_cell(d, doc_int(last));
    doc_cell(d, doc_float(r->slope));
    doc_cell(d, doc_float(r->r2));
    doc_cell(d, doc_float(r->growth));
    doc_cell(d, doc_float(r->sigma));
    doc_cell(d, known(t->heap, doc_int(r->kept)));
    doc_cell(d, known(t->heap, doc_int(t->snapshots.len - 1 - r->kept_since)));
    doc_cell(d, known(t->heap, doc_int(r->window_alloc)));
    doc_cell(d, known(t->heap, doc_int(r->window_freed)));
    doc_cell(d, known(r->lifetime_s >= 0, doc_float(r->lifetime_s)));
    doc_cell(d, doc_text(r->file));
    doc_cell(d, doc_int(r->line));
}

static bool silent(const TrendRow *r) {
    for (uint32_t i = 0; i < r->points.len; i++)
        if (r->points.v[i].value) return false;
    return true;
}

static void growth(const Page *p) {
    doc_open(p->doc, NULL, STR("What grows"));
    doc_table(p->doc, "rows", growth_columns, COUNT(growth_columns));
    uint32_t shown = 0;
    for (uint32_t i = 0; i < p->t->rows.len; i++) {
        const TrendRow *r = &p->t->rows.v[i];
        bool quiet = p->top && i && (r->verdict == TREND_STEADY || silent(r));
        if (quiet || (p->top && shown > p->top)) continue;
        growth_row(p, r);
        shown++;
    }
    doc_close(p->doc);
}

// ---- what is let go of

static int by_freed(const void *x, const void *y) {
    const TrendRow *a = *(const TrendRow *const *)x, *b = *(const TrendRow *const *)y;
    if (a->window_freed != b->window_freed) return a->window_freed < b->window_freed ? 1 : -1;
    return str_cmp(a->name, b->name);
}

static void churn_row(const Page *p, const TrendRow *r) {
    Doc *d = p->doc;
    double span = vec_last(&p->t->snapshots).at_s;
    doc_cell(d, doc_text(profile_short_stack(p->arena, r->name)));
    doc_cell(d, doc_text(bytes(p, r->window_alloc)));
    doc_cell(d, doc_percent(100 * (double)r->window_freed / (double)r->window_alloc));
    doc_cell(d, doc_text(p->t->timed && span > 0
                             ? str_join2(p->arena, bytes(p, whole((double)r->window_alloc / span)),
                                         STR("/s"))
                             : STR("")));
    doc_cell(d, doc_text(span_text(p->arena, r->lifetime_s)));
}

// Without a key: the figures are in the rows of JSON already.
static void churn(const Page *p) {
    static const DocColumn columns[] = {{NULL, "name", false},
                                        {NULL, "allocated", true},
                                        {NULL, "gone again", true},
                                        {NULL, "rate", true},
                                        {NULL, "mean lifetime", true}};
    const Trend *t = p->t;
    const TrendRow **rows = NEW_ARRAY(p->arena, const TrendRow *, t->rows.len);
    for (uint32_t i = 0; i < t->rows.len; i++) rows[i] = &t->rows.v[i];
    qsort(rows + 1, t->rows.len - 1, sizeof *rows, by_freed);
    doc_open(p->doc, NULL, STR("What is let go of again"));
    doc_table(p->doc, NULL, columns, COUNT(columns));
    for (uint32_t i = 0, shown = 0; i < t->rows.len && (!p->top || shown <= p->top); i++) {
        if (rows[i]->window_alloc <= 0) continue;
        churn_row(p, rows[i]);
        shown++;
    }
    doc_close(p->doc);
}

// ---- sizes

static void classes(const Page *p) {
    static const DocColumn columns[] = {{NULL, "size", true},
                                        {NULL, "objects", true},
                                        {NULL, "in use", true},
                                        {NULL, "rounding", true},
                                        {NULL, "allocated since", true},
                                        {"size", NULL, false},
                                        {"objects", NULL, false},
                                        {"bytes", NULL, false},
                                        {"rounding_most", NULL, false},
                                        {"window_objects", NULL, false}};
    const Trend *t = p->t;
    int64_t all = 0, most = 0;
    if (!t->classes.len) return;
    doc_open(p->doc, NULL, STR("Sizes in use at the last snapshot"));
    doc_table(p->doc, "classes", columns, COUNT(columns));
    for (uint32_t i = 0; i < t->classes.len; i++) {
        const TrendClass *c = &t->classes.v[i];
        all += c->bytes;
        most += c->rounding_most;
        doc_cell(p->doc,
                 doc_text(c->size ? str_fmt(p->arena, "%lld", (long long)c->size) : STR("larger")));
        doc_cell(p->doc, doc_count(c->objects));
        doc_cell(p->doc, doc_text(bytes(p, c->bytes)));
        doc_cell(p->doc, doc_text(c->rounding_most
                                      ? str_join2(p->arena, STR("≤ "), bytes(p, c->rounding_most))
                                      : STR("")));
        doc_cell(p->doc, doc_count(c->window_objects));
        doc_cell(p->doc, c->size ? doc_int(c->size) : (DocValue){.kind = DOC_NONE});
        doc_cell(p->doc, doc_int(c->objects));
        doc_cell(p->doc, doc_int(c->bytes));
        doc_cell(p->doc, doc_int(c->rounding_most));
        doc_cell(p->doc, doc_int(c->window_objects));
    }
    doc_prose_toned(p->doc,
                    str_fmt(p->arena,
                            "Rounding up to these sizes takes at most " STR_FMT " of " STR_FMT
                            " in use: a profile has the rounded size, not the one asked for.",
                            STR_ARG(bytes(p, most)), STR_ARG(bytes(p, all))),
                    TONE_DIM);
    doc_close(p->doc);
}

// ---- the head

static void snapshots(const Page *p) {
    static const DocColumn columns[] = {
        {"name", NULL, false}, {"time_nanos", NULL, false}, {"at_s", NULL, false}};
    doc_table(p->doc, "snapshots", columns, COUNT(columns));
    for (uint32_t i = 0; i < p->t->snapshots.len; i++) {
        const TrendSnapshot *s = &p->t->snapshots.v[i];
        doc_cell(p->doc, doc_text(s->name));
        doc_cell(p->doc, known(s->time_nanos > 0, doc_int(s->time_nanos)));
        doc_cell(p->doc, doc_float(s->at_s));
    }
}

static void summary(const Page *p) {
    const Trend *t = p->t;
    Doc *d = p->doc;
    uint32_t count[4] = {0};
    for (uint32_t i = 1; i < t->rows.len; i++) count[t->rows.v[i].verdict]++;
    Buf line = buf_new(p->arena);
    buf_fmt(&line, STR_FMT " of %u snapshots", STR_ARG(t->type.type), t->snapshots.len);
    if (t->timed)
        buf_fmt(&line, " over %s",
                str_to_c(p->arena, span_text(p->arena, vec_last(&t->snapshots).at_s)));
    buf_fmt(&line, ": %u grow, %u shrink, %u go up and down, %u are steady.", count[TREND_GROWS],
            count[TREND_SHRINKS], count[TREND_WAVERS], count[TREND_STEADY]);
    doc_prose_toned(d, buf_view(&line), count[TREND_GROWS] ? TONE_BAD : TONE_STRONG);
    doc_open(d, "summary", (Str){0});
    doc_field(d, "value", NULL, doc_text(t->type.type));
    doc_field(d, "unit", NULL, doc_text(t->type.unit));
    doc_field(d, "snapshots", NULL, doc_int(t->snapshots.len));
    doc_field(d, "left_out", NULL, doc_int(t->restarts));
    doc_field(d, "timed", NULL, doc_bool(t->timed));
    doc_field(d, "span_s", NULL, known(t->timed, doc_float(vec_last(&t->snapshots).at_s)));
    for (int i = 0; i < 4; i++) {
        static const char *const keys[] = {"grow", "shrink", "up_and_down", "steady"};
        doc_field(d, keys[i], NULL, doc_int(count[i]));
    }
    doc_close(d);
    if (!t->timed)
        doc_prose_toned(d,
                        STR("The profiles do not say when they were taken, each at another "
                            "moment: their order counts, one step each."),
                        TONE_WARN);
    if (t->snapshots.len == 2)
        doc_prose_toned(d,
                        STR("Two snapshots always lie on a line: take more to tell a leak from a "
                            "swing."),
                        TONE_WARN);
}

void view_profile_trend(Doc *d, const ProfileTrendPage *in) {
    Page p = {d, d->arena, in->trend, in->top};
    if (in->trend->restarts)
        doc_warn(d,
                 "the program was started again: the first %u snapshots are of another run and "
                 "left out",
                 in->trend->restarts);
    summary(&p);
    snapshots(&p);
    growth(&p);
    if (!in->trend->heap) return;
    churn(&p);
    classes(&p);
}
