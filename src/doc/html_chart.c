// doc/html_chart.c: flame graphs and treemaps, laid out here so that a page shows them without
// script; the script only adds zooming. Boxes are positioned elements: their text can be searched.
#include <math.h>

#include "doc/html_internal.h"

enum { FLAME_ROW = 21, FLAME_MAX_DEPTH = 120, MAP_WIDTH = 1110, MAP_HEIGHT = 420, MAP_HEADER = 19 };

static const double FLAME_LEAST = 0.0008; // of the whole: narrower boxes cannot be seen

static const char *box_class(DocTone tone) {
    switch (tone) {
    case TONE_DIM: return "tq";
    case TONE_WARN: return "t1";
    case TONE_BAD:
    case TONE_REMOVED: return "t2";
    case TONE_PLAIN:
    case TONE_STRONG:
    case TONE_GOOD:
    case TONE_ADDED: return "t0";
    }
    BUG("tone %d", tone);
}

static int64_t whole_of(const DocChart *c) {
    int64_t whole = 0;
    for (uint32_t i = 0; i < c->boxes.len; i++)
        if (!c->boxes.v[i].parent) whole += c->boxes.v[i].value;
    return whole;
}

// label: 1.5 MiB, 12.3% [, detail]
static void box_title(Html *h, const DocChart *c, const DocBox *b, int64_t whole) {
    Str value;
    doc_format_value(h->arena, (DocValue){.kind = c->unit, .n = b->value}, &value);
    html_text(h, b->label);
    buf_lit(h->out, ": ");
    html_text(h, value);
    buf_fmt(h->out, ", %.1f%%", 100.0 * (double)b->value / (double)whole);
    if (b->detail.len) buf_lit(h->out, ", ");
    html_text(h, b->detail);
}

static void open_box(Html *h, const DocChart *c, const DocBox *b, int64_t whole) {
    buf_fmt(h->out, "<a class=\"b %s\" title=\"", box_class(b->tone));
    box_title(h, c, b, whole);
    buf_byte(h->out, '"');
    if (b->link.len) {
        buf_lit(h->out, " href=\"");
        html_text(h, b->link);
        buf_byte(h->out, '"');
    }
}

// --- flame graph: roots at the top, children below, side by side in the order given ---

typedef struct FlameSpan {
    double left, width, used; // parts of the whole; used: by children placed so far
    uint32_t depth;
} FlameSpan;

static uint32_t flame_spans(const DocChart *c, int64_t whole, FlameSpan *spans) {
    double used = 0;
    uint32_t deepest = 0;
    for (uint32_t i = 0; i < c->boxes.len; i++) {
        const DocBox *b = &c->boxes.v[i];
        FlameSpan *above = b->parent ? &spans[b->parent - 1] : NULL;
        double *taken = above ? &above->used : &used;
        spans[i] = (FlameSpan){(above ? above->left : 0) + *taken, (double)b->value / (double)whole,
                               0, above ? above->depth + 1 : 0};
        *taken += spans[i].width;
        if (spans[i].width >= FLAME_LEAST && spans[i].depth < FLAME_MAX_DEPTH)
            deepest = MAX(deepest, spans[i].depth);
    }
    return deepest;
}

static void flame(Html *h, const DocChart *c, int64_t whole) {
    FlameSpan *spans = NEW_ARRAY(h->arena, FlameSpan, c->boxes.len + 1);
    uint32_t deepest = flame_spans(c, whole, spans);
    buf_fmt(h->out, "<div class=\"chart flame\" style=\"height:%upx\">\n",
            (deepest + 1) * FLAME_ROW);
    for (uint32_t i = 0; i < c->boxes.len; i++) {
        const FlameSpan *s = &spans[i];
        if (s->width < FLAME_LEAST || s->depth >= FLAME_MAX_DEPTH) continue;
        open_box(h, c, &c->boxes.v[i], whole);
        buf_fmt(h->out,
                " data-l=\"%.5f\" data-w=\"%.5f\" data-d=\"%u\" "
                "style=\"left:%.3f%%;width:%.3f%%;top:%upx\">",
                s->left, s->width, s->depth, s->left * 100, s->width * 100, s->depth * FLAME_ROW);
        html_text(h, c->boxes.v[i].label);
        buf_lit(h->out, "</a>\n");
    }
    buf_lit(h->out, "</div>\n");
}

// --- treemap: squarified, as Bruls, Huizing and van Wijk describe (2000) ---

typedef struct Rect {
    double x, y, w, h;
} Rect;

typedef struct Map {
    Html *h;
    const DocChart *chart;
    int64_t whole;
    U32Vec *children; // per box, sorted by value; [boxes.len] holds the top boxes
} Map;

static int64_t value_of(const Map *m, uint32_t id) { return m->chart->boxes.v[id].value; }

static void sort_children(const Map *m, U32Vec *list) { // insertion: lists are short or sorted
    for (uint32_t i = 1; i < list->len; i++) {
        uint32_t id = list->v[i], k = i;
        for (; k > 0 && value_of(m, list->v[k - 1]) < value_of(m, id); k--)
            list->v[k] = list->v[k - 1];
        list->v[k] = id;
    }
}

// The worst ratio of sides in a row of areas that sum to `sum` along a side.
static double worst_ratio(double least, double most, double sum, double side) {
    double s2 = sum * sum, w2 = side * side;
    return fmax(w2 * most / s2, s2 / (w2 * least));
}

static void map_box(Map *m, uint32_t id, Rect r, uint32_t depth);

// A run of a list that is laid out together.
typedef struct MapRow {
    const U32Vec *list;
    uint32_t from, to;
    double scale; // area per unit of value
} MapRow;

// Lays the row along the shorter side of *free, and cuts it off.
static void map_row(Map *m, const MapRow *row, Rect *free, uint32_t depth) {
    double sum = 0;
    for (uint32_t i = row->from; i < row->to; i++)
        sum += (double)value_of(m, row->list->v[i]) * row->scale;
    bool upright = free->w >= free->h;
    double side = upright ? free->h : free->w, thick = side > 0 ? sum / side : 0, at = 0;
    for (uint32_t i = row->from; i < row->to; i++) {
        double len = thick > 0 ? (double)value_of(m, row->list->v[i]) * row->scale / thick : 0;
        Rect r = upright ? (Rect){free->x, free->y + at, thick, len}
                         : (Rect){free->x + at, free->y, len, thick};
        map_box(m, row->list->v[i], r, depth);
        at += len;
    }
    if (upright)
        *free = (Rect){free->x + thick, free->y, free->w - thick, free->h};
    else
        *free = (Rect){free->x, free->y + thick, free->w, free->h - thick};
}

static void map_list(Map *m, const U32Vec *list, Rect free, uint32_t depth) {
    double total = 0;
    for (uint32_t i = 0; i < list->len; i++) total += (double)MAX(value_of(m, list->v[i]), 0);
    if (total <= 0 || free.w < 4 || free.h < 4) return;
    double scale = free.w * free.h / total;
    for (uint32_t from = 0; from < list->len;) {
        double side = fmin(free.w, free.h), sum = 0, best = INFINITY;
        double most = (double)value_of(m, list->v[from]) * scale;
        uint32_t to = from;
        for (; to < list->len; to++) {
            double area = (double)value_of(m, list->v[to]) * scale;
            if (area <= 0) return; // sorted: nothing visible follows
            double ratio = worst_ratio(area, most, sum + area, side);
            if (ratio > best) break;
            best = ratio;
            sum += area;
        }
        map_row(m, &(MapRow){list, from, to, scale}, &free, depth);
        from = to;
    }
}

static void position(Html *h, Rect r) {
    buf_fmt(h->out, " style=\"left:%.3f%%;top:%.1fpx;width:%.3f%%;height:%.1fpx\">",
            100 * r.x / MAP_WIDTH, r.y, 100 * r.w / MAP_WIDTH, r.h);
}

static void map_box(Map *m, uint32_t id, Rect r, uint32_t depth) {
    const DocBox *b = &m->chart->boxes.v[id];
    if (r.w < 2 || r.h < 2) return;
    if (m->children[id].len && r.h > 2 * MAP_HEADER && depth < 8) {
        buf_lit(m->h->out, "<div class=\"g\" title=\"");
        box_title(m->h, m->chart, b, m->whole);
        buf_byte(m->h->out, '"');
        position(m->h, r);
        buf_lit(m->h->out, "<i>");
        html_text(m->h, b->label);
        buf_lit(m->h->out, "</i></div>\n");
        map_list(m, &m->children[id],
                 (Rect){r.x + 3, r.y + MAP_HEADER, r.w - 6, r.h - MAP_HEADER - 3}, depth + 1);
        return;
    }
    open_box(m->h, m->chart, b, m->whole);
    position(m->h, r);
    if (r.w > 30 && r.h > 14) html_text(m->h, b->label);
    buf_lit(m->h->out, "</a>\n");
}

static void treemap(Html *h, const DocChart *c, int64_t whole) {
    uint32_t count = c->boxes.len;
    Map m = {h, c, whole, NEW_ARRAY(h->arena, U32Vec, count + 1)};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parent = c->boxes.v[i].parent;
        vec_push(h->arena, &m.children[parent ? parent - 1 : count], i);
    }
    for (uint32_t i = 0; i <= count; i++) sort_children(&m, &m.children[i]);
    buf_fmt(h->out, "<div class=\"chart treemap\" style=\"height:%dpx\">\n", MAP_HEIGHT);
    map_list(&m, &m.children[count], (Rect){0, 0, MAP_WIDTH, MAP_HEIGHT}, 0);
    buf_lit(h->out, "</div>\n");
}

void html_chart(Html *h, const DocChart *c) {
    int64_t whole = whole_of(c);
    if (whole <= 0) return;
    if (c->kind == CHART_FLAME)
        flame(h, c, whole);
    else
        treemap(h, c, whole);
    buf_lit(h->out, "<p class=\"caption\">");
    html_text(h, c->caption);
    buf_lit(h->out, "</p>\n");
}
