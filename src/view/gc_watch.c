// view/gc_watch.c: the records of `heapwise gc watch`: a row of text, a line of JSON, a table on
// the page of a whole trace, or a plot in one HTML file.
#include <math.h>

#include "codec/json.h"
#include "view/gc.h"

typedef struct Column {
    const char *key, *title;
    size_t offset;
    double scale; // what is shown is the value times this
    const char *unit;
} Column;

#define AT(member) offsetof(GcRecord, member)
static const Column columns[] = {
    {"at_s", "at s", AT(at_s), 1, "s"},
    {"alloc_bytes_per_s", "alloc MiB/s", AT(alloc_bytes), 1.0 / (1 << 20), "MiB/s"},
    {"live", "live MiB", AT(live), 1.0 / (1 << 20), "MiB"},
    {"floating", "floating", AT(floating), 1.0 / (1 << 20), "MiB"},
    {"marked", "marked", AT(marked), 1.0 / (1 << 20), "MiB"},
    {"goal", "goal", AT(goal), 1.0 / (1 << 20), "MiB"},
    {"cycles_per_s", "cycles/s", AT(cycles), 1, "/s"},
    {"gc_cpu", "GC CPUs", AT(gc_cpu), 1, ""},
    {"used_cpu", "CPUs used", AT(used_cpu), 1, ""},
    {"on_cpu", "got", AT(on_cpu), 1, ""},
    {"pause_s", "paused ms", AT(pause_s), 1000, "ms"},
    {"stacks", "stacks KiB", AT(stacks), 1.0 / 1024, "KiB"},
    {"globals", "globals KiB", AT(globals), 1.0 / 1024, "KiB"},
    {"rss", "RSS MiB", AT(rss), 1.0 / (1 << 20), "MiB"},
    {"alloc_objects_per_s", "objects/s", AT(alloc_objects), 1, "/s"},
};

static double value_of(const GcRecord *r, const Column *c) {
    double v;
    memcpy(&v, (const char *)r + c->offset, sizeof v);
    return v;
}

// The share of the CPU used, where both are known.
static double share_of(const GcRecord *r) {
    return r->used_cpu > 0 ? r->gc_cpu / r->used_cpu : NAN;
}

void view_gc_record_json(Buf *out, const GcRecord *r) {
    Json j = json_new(out, 0);
    json_object(&j);
    for (size_t i = 0; i < COUNT(columns); i++) {
        json_key(&j, str_c(columns[i].key));
        double v = value_of(r, &columns[i]);
        if (isfinite(v))
            json_f64(&j, v);
        else
            json_null(&j);
    }
    json_key(&j, STR("seconds"));
    json_f64(&j, r->seconds);
    json_key(&j, STR("gc_share"));
    if (isfinite(share_of(r)))
        json_f64(&j, share_of(r));
    else
        json_null(&j);
    json_key(&j, STR("restarted"));
    json_bool(&j, r->restarted);
    json_close(&j);
    buf_byte(out, '\n');
}

static Str shown(Arena *a, double v, double scale) {
    if (!isfinite(v)) return STR("-");
    v *= scale;
    return v >= 100 ? str_fmt(a, "%.0f", v)
           : v >= 1 ? str_fmt(a, "%.1f", v)
                    : str_fmt(a, "%.3f", v);
}

void view_gc_record_head(Buf *out) {
    for (size_t i = 0; i < COUNT(columns); i++)
        buf_fmt(out, "%s%11s", i ? " " : "", columns[i].title);
    buf_byte(out, '\n');
}

void view_gc_record_row(Buf *out, const GcRecord *r) {
    for (size_t i = 0; i < COUNT(columns); i++) {
        Str s = shown(out->arena, value_of(r, &columns[i]), columns[i].scale);
        buf_fmt(out, "%s%11.*s", i ? " " : "", STR_ARG(s));
    }
    if (r->restarted) buf_lit(out, "  restarted");
    buf_byte(out, '\n');
}

static bool any_known(const GcRecordVec *records, const Column *c) {
    for (uint32_t i = 0; i < records->len; i++)
        if (isfinite(value_of(&records->v[i], c))) return true;
    return false;
}

void view_gc_records(Doc *d, const GcRecordVec *records) {
    DocColumn *heads = NEW_ARRAY(d->arena, DocColumn, COUNT(columns));
    const Column *used[COUNT(columns)];
    uint32_t n = 0;
    for (size_t i = 0; i < COUNT(columns); i++) {
        if (!any_known(records, &columns[i])) continue;
        used[n] = &columns[i];
        heads[n++] = (DocColumn){NULL, columns[i].title, true};
    }
    doc_open(d, NULL, STR("over time"));
    doc_table(d, NULL, heads, n);
    for (uint32_t r = 0; r < records->len; r++)
        for (uint32_t i = 0; i < n; i++)
            doc_cell(d,
                     doc_text(shown(d->arena, value_of(&records->v[r], used[i]), used[i]->scale)));
    doc_close(d);
    doc_open_list(d, "records", STR(""));
    for (uint32_t r = 0; r < records->len; r++) {
        doc_open_item(d, STR(""));
        for (uint32_t i = 0; i < n; i++) {
            double v = value_of(&records->v[r], used[i]);
            if (isfinite(v)) doc_field(d, used[i]->key, NULL, doc_float(v));
        }
        doc_close(d);
    }
    doc_close(d);
}

// ---- the plot ----

enum { PLOT_WIDTH = 860, PLOT_HEIGHT = 180, PLOT_LEFT = 60, PLOT_TOP = 8 };

typedef struct Chart {
    const char *title;
    const char *keys[3];
} Chart;

static const Chart charts[] = {
    {"heap, MiB", {"live", "marked", "goal"}},
    {"allocation, MiB/s", {"alloc_bytes_per_s", NULL, NULL}},
    {"cycles per second", {"cycles_per_s", NULL, NULL}},
    {"CPUs", {"gc_cpu", "used_cpu", NULL}},
    {"paused per interval, ms", {"pause_s", NULL, NULL}},
    {"resident, MiB", {"rss", NULL, NULL}},
};
static const char *const inks[] = {"#0969da", "#cf222e", "#6e7781"};

static const Column *column_named(const char *key) {
    for (size_t i = 0; i < COUNT(columns); i++)
        if (str_eq_c(str_c(key), columns[i].key)) return &columns[i];
    BUG("no column %s", key);
}

static double largest(const GcRecordVec *records, const Chart *chart) {
    double most = 0;
    for (size_t k = 0; k < COUNT(chart->keys) && chart->keys[k]; k++) {
        const Column *c = column_named(chart->keys[k]);
        for (uint32_t i = 0; i < records->len; i++) {
            double v = value_of(&records->v[i], c) * c->scale;
            if (isfinite(v)) most = fmax(most, v);
        }
    }
    return most;
}

// The end of the axis: a figure whose half is as round.
static double axis_top(double most) {
    static const double round[] = {1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10};
    double unit = pow(10, floor(log10(most)));
    for (size_t i = 0; i < COUNT(round); i++)
        if (most <= round[i] * unit * (1 + 1e-9)) return round[i] * unit;
    return 10 * unit;
}

static void plot_line(Buf *out, const GcRecordVec *records, const Column *c, const char *ink,
                      double most) {
    double first = records->v[0].at_s, span = fmax(vec_last(records).at_s - first, 1e-9);
    uint32_t run = 0; // points of the line so far
    double x = 0, y = 0;
    for (uint32_t i = 0; i <= records->len; i++) {
        double v = i < records->len ? value_of(&records->v[i], c) * c->scale : NAN;
        bool breaks = !isfinite(v) || records->v[i].restarted;
        if (run && breaks) buf_lit(out, "\"/>\n");
        if (run == 1 && breaks) // a line of one point shows nothing
            buf_fmt(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\"/>\n", x, y, ink);
        if (breaks) run = 0;
        if (!isfinite(v)) continue;
        if (!run)
            buf_fmt(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"",
                    ink);
        run++;
        x = PLOT_LEFT + (records->v[i].at_s - first) / span * (PLOT_WIDTH - PLOT_LEFT - 8);
        y = PLOT_TOP + (1 - v / most) * (PLOT_HEIGHT - PLOT_TOP - 20);
        buf_fmt(out, "%.1f,%.1f ", x, y);
    }
}

static void plot_chart(Buf *out, const GcRecordVec *records, const Chart *chart) {
    double most = largest(records, chart);
    if (!(most > 0)) return;
    most = axis_top(most);
    buf_fmt(out, "<h2>%s</h2>\n<p>", chart->title);
    for (size_t k = 0; k < COUNT(chart->keys) && chart->keys[k]; k++) {
        const Column *c = column_named(chart->keys[k]);
        if (any_known(records, c))
            buf_fmt(out, "<span style=\"color:%s\">&#9644; %s</span> ", inks[k], c->title);
    }
    buf_fmt(out, "</p>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", PLOT_WIDTH,
            PLOT_HEIGHT, chart->title);
    for (int i = 0; i <= 2; i++) {
        int y = PLOT_TOP + (PLOT_HEIGHT - PLOT_TOP - 20) * i / 2;
        buf_fmt(out, "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" class=\"grid\"/>", PLOT_LEFT,
                PLOT_WIDTH - 8, y, y);
        buf_fmt(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-size=\"11\">%.4g</text>\n",
                PLOT_LEFT - 6, y + 4, most * (2 - i) / 2);
    }
    for (size_t k = 0; k < COUNT(chart->keys) && chart->keys[k]; k++)
        plot_line(out, records, column_named(chart->keys[k]), inks[k], most);
    double first = records->v[0].at_s, last = vec_last(records).at_s;
    buf_fmt(out, "<text x=\"%d\" y=\"%d\" font-size=\"11\">%.1f s</text>", PLOT_LEFT,
            PLOT_HEIGHT - 4, first);
    buf_fmt(out,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-size=\"11\">%.1f s</text>\n</svg>\n",
            PLOT_WIDTH - 8, PLOT_HEIGHT - 4, last);
}

static void html_text(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '<')
            buf_lit(out, "&lt;");
        else if (s.ptr[i] == '&')
            buf_lit(out, "&amp;");
        else
            buf_byte(out, s.ptr[i]);
    }
}

void view_gc_plot(Buf *out, const GcRecordVec *records, Str source) {
    buf_lit(out, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>heapwise gc "
                 "watch</title>\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n"
                 "<style>:root{color-scheme:light "
                 "dark}text{fill:currentColor}.grid{stroke:#8884}body{font:14px "
                 "system-ui,sans-serif;max-width:900px;margin:2em auto;padding:0 1em}"
                 "h2{font-size:1em;margin:1.5em 0 .2em}p{margin:0 0 "
                 ".3em}svg{width:100%;height:auto}</style>\n<h1>gc watch ");
    html_text(out, source);
    buf_lit(out, "</h1>\n");
    if (!records->len) buf_lit(out, "<p>Nothing was read.</p>\n");
    for (size_t i = 0; records->len && i < COUNT(charts); i++) plot_chart(out, records, &charts[i]);
    buf_lit(out, "</html>\n");
}
