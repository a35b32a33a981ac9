// view/profile_page.c: from a call tree to the data of a page (doc/stacks.h): which functions are
// named, the order of the tree, and pieces of source around the lines that cost something.
#include "view/profile_page.h"

#include <math.h>

#include "base/bitset.h"
#include "view/view_time.h"

enum { NAME_MOST = 400, SOURCES_MOST = 60, MARGIN = 6, WHOLE_MOST = 120 };

typedef struct Maker {
    Arena *arena;
    const ProfilePage *page;
    const CallTree *tree;
    DocStacks *out;
    uint32_t *frame_of; // by function of the tree; 0: not on the page
    double *heat;       // by function: its largest share of any column
} Maker;

static double largest_share(const CallTree *t, const int64_t *row) {
    double most = 0;
    for (uint32_t i = 0; i < t->columns; i++)
        if (t->total[i]) most = fmax(most, fabs((double)row[i]) / fabs((double)t->total[i]));
    return most;
}

// ---- frames

// Names of generated code reach many kilobytes; a page needs to tell them apart, no more.
static Str cut_name(Arena *a, Str name) {
    if (name.len <= NAME_MOST) return name;
    size_t end = NAME_MOST;
    while (end > 0 && ((unsigned char)name.ptr[end] & 0xc0) == 0x80) end--;
    return str_join2(a, str_to(name, end), STR("…"));
}

static void add_frame(Maker *m, uint32_t function) {
    if (!function || m->frame_of[function]) return;
    const CallFunction *f = &m->tree->functions.v[function];
    DocStackFrame frame = {cut_name(m->arena, f->name), cut_name(m->arena, f->file), f->start_line,
                           f->inlined};
    m->frame_of[function] = m->out->frames.len;
    vec_push(m->arena, &m->out->frames, frame);
}

typedef struct Ranked {
    double heat;
    uint32_t id;
} Ranked;

static int hottest_first(const void *x, const void *y) {
    const Ranked *a = x, *b = y;
    if (a->heat != b->heat) return a->heat < b->heat ? 1 : -1;
    return a->id < b->id ? -1 : a->id > b->id;
}

// Functions by their largest share in `values` of any column, those without any left out.
static Ranked *rank(const Maker *m, const int64_t *values, uint32_t *count) {
    const CallTree *t = m->tree;
    Ranked *list = NEW_ARRAY(m->arena, Ranked, t->functions.len + 1);
    *count = 0;
    for (uint32_t i = 1; i < t->functions.len; i++) {
        double heat = largest_share(t, values + (size_t)i * t->columns);
        if (heat > 0) list[(*count)++] = (Ranked){heat, i};
    }
    qsort(list, *count, sizeof *list, hottest_first);
    return list;
}

static const int64_t *by_frame(const Maker *m, const int64_t *by_function) {
    uint32_t columns = m->tree->columns;
    int64_t *out = NEW_ARRAY(m->arena, int64_t, (size_t)m->out->frames.len * columns + 1);
    for (uint32_t i = 1; i < m->tree->functions.len; i++)
        if (m->frame_of[i])
            memcpy(out + (size_t)m->frame_of[i] * columns, by_function + (size_t)i * columns,
                   columns * sizeof *out);
    return out;
}

static void frames(Maker *m) {
    const CallTree *t = m->tree;
    m->frame_of = NEW_ARRAY(m->arena, uint32_t, t->functions.len + 1);
    vec_push(m->arena, &m->out->frames, ((DocStackFrame){.name = STR("(too small to draw)")}));
    uint32_t flat_count, cum_count;
    Ranked *flat = rank(m, t->flat, &flat_count), *cum = rank(m, t->cum, &cum_count);
    uint32_t half = m->page->most_functions / 2;
    for (uint32_t i = 0; i < flat_count && i < half; i++) add_frame(m, flat[i].id);
    for (uint32_t i = 0; i < cum_count && i < half; i++) add_frame(m, cum[i].id);
    for (uint32_t i = 1; i < t->nodes.len; i++) add_frame(m, t->nodes.v[i].function);
    uint32_t named = m->out->frames.len - 1;
    m->out->frames_left_out = cum_count > named ? cum_count - named : 0;
    m->out->flat = by_frame(m, t->flat);
    m->out->cum = by_frame(m, t->cum);
}

// ---- nodes

static int lightest_first(const void *x, const void *y) {
    const Ranked *a = x, *b = y;
    if (a->heat != b->heat) return a->heat < b->heat ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

typedef struct Order {
    uint32_t *first, *next; // children of a node, the heaviest first
} Order;

static Order order_children(const Maker *m) {
    const CallTree *t = m->tree;
    uint32_t len = t->nodes.len;
    Order o = {NEW_ARRAY(m->arena, uint32_t, len), NEW_ARRAY(m->arena, uint32_t, len)};
    Ranked *list = NEW_ARRAY(m->arena, Ranked, len);
    for (uint32_t i = 1; i < len; i++) list[i - 1] = (Ranked){t->nodes.v[i].weight, i};
    qsort(list, len - 1, sizeof *list, lightest_first);
    for (uint32_t i = 0; i + 1 < len; i++) {
        uint32_t parent = t->nodes.v[list[i].id].parent;
        o.next[list[i].id] = o.first[parent];
        o.first[parent] = list[i].id;
    }
    return o;
}

static bool any(const int64_t *row, uint32_t columns) {
    for (uint32_t i = 0; i < columns; i++)
        if (row[i]) return true;
    return false;
}

static void put_node(Maker *m, DocStackNode node, const int64_t *row, int64_t *self) {
    uint32_t columns = m->tree->columns;
    memcpy(self + (size_t)m->out->nodes.len * columns, row, columns * sizeof *self);
    vec_push(m->arena, &m->out->nodes, node);
}

static void nodes(Maker *m) {
    const CallTree *t = m->tree;
    Order o = order_children(m);
    int64_t *self = NEW_ARRAY(m->arena, int64_t, (size_t)t->nodes.len * 2 * t->columns + 1);
    uint32_t depth = 0;
    for (uint32_t at = 0;;) {
        const CallNode *n = &t->nodes.v[at];
        const int64_t *rest = t->rest + (size_t)at * t->columns;
        put_node(m, (DocStackNode){depth, m->frame_of[n->function]},
                 t->self + (size_t)at * t->columns, self);
        if (any(rest, t->columns)) put_node(m, (DocStackNode){depth + 1, 0}, rest, self);
        if (o.first[at]) {
            at = o.first[at];
            depth++;
            continue;
        }
        while (at && !o.next[at]) {
            at = t->nodes.v[at].parent;
            depth--;
        }
        if (!at) break;
        at = o.next[at];
    }
    m->out->self = self;
}

// ---- source

typedef struct LineRef {
    int64_t number;
    uint32_t id;
} LineRef;
typedef VEC(LineRef) LineRefVec;

static int by_number(const void *x, const void *y) {
    const LineRef *a = x, *b = y;
    return a->number < b->number ? -1 : a->number > b->number;
}

static LineRefVec *lines_by_function(const Maker *m) {
    const CallTree *t = m->tree;
    LineRefVec *v = NEW_ARRAY(m->arena, LineRefVec, t->functions.len + 1);
    for (uint32_t i = 1; i < t->lines.len; i++) {
        const CallLine *l = &t->lines.v[i];
        if (any(t->line_cum + (size_t)i * t->columns, t->columns) && l->line > 0)
            vec_push(m->arena, &v[l->function], ((LineRef){l->line, i}));
    }
    for (uint32_t i = 1; i < t->functions.len; i++)
        if (v[i].len > 1) qsort(v[i].v, v[i].len, sizeof *v[i].v, by_number);
    return v;
}

// Lines first to last of the text; empty when it has no such lines.
static Str cut_lines(Str text, int64_t first, int64_t last) {
    for (int64_t i = 1; i < first && text.len; i++) str_line(&text);
    Str rest = text;
    for (int64_t i = first; i <= last && rest.len; i++) str_line(&rest);
    return str_to(text, text.len - rest.len);
}

// Around the lines that cost something; a function that is not long is shown whole.
static void cut_pieces(Maker *m, DocStackSource *s, const LineRefVec *lines, Str text) {
    int64_t start = m->out->frames.v[s->frame].line, end = lines->v[lines->len - 1].number;
    bool whole = start > 0 && start <= lines->v[0].number && end - start < WHOLE_MOST;
    for (uint32_t i = 0; i < lines->len;) {
        int64_t first = whole ? start : MAX(lines->v[i].number - MARGIN, (int64_t)1);
        int64_t last = lines->v[i].number + MARGIN;
        for (i++; i < lines->len && (whole || lines->v[i].number <= last + MARGIN + 1); i++)
            last = lines->v[i].number + MARGIN;
        Str part = cut_lines(text, first, last);
        if (part.len) vec_push(m->arena, &s->pieces, ((DocStackPiece){(uint32_t)first, part}));
    }
}

static size_t source_size(const Maker *m, const DocStackSource *s) {
    size_t n = s->file.len + 40 + s->lines.len * (8 + 6 * (size_t)m->tree->columns);
    for (uint32_t i = 0; i < s->pieces.len; i++) n += s->pieces.v[i].text.len;
    return n;
}

typedef struct Opened {
    StrMap at; // path -> place in texts + 1
    StrVec texts;
} Opened;

static Str open_file(const Maker *m, Opened *o, Str path) {
    uint32_t *at = strmap_put(&o->at, path);
    if (!*at) {
        Str text = {0};
        const ProfileSources *s = &m->page->sources;
        if (!s->read || !s->read(s->ctx, m->arena, path, &text)) text = (Str){0};
        vec_push(m->arena, &o->texts, text);
        *at = o->texts.len;
    }
    return o->texts.v[*at - 1];
}

static void sources(Maker *m) {
    const CallTree *t = m->tree;
    LineRefVec *lines = lines_by_function(m);
    uint32_t flat_count, cum_count;
    Ranked *by[2] = {rank(m, t->flat, &flat_count), rank(m, t->cum, &cum_count)};
    Bitset done = bitset_new(m->arena, t->functions.len);
    Opened opened = {.at = strmap_new(m->arena)};
    size_t room = m->page->source_bytes;
    // In turn: who allocates, and who has it done.
    for (uint32_t i = 0; i < 2 * SOURCES_MOST; i++) {
        uint32_t k = i / 2;
        if (k >= (i % 2 ? cum_count : flat_count)) continue;
        uint32_t f = by[i % 2][k].id;
        if (bitset_has(&done, f) || !lines[f].len || !m->frame_of[f]) continue;
        bitset_add(&done, f);
        Str text = open_file(m, &opened, t->functions.v[f].file);
        if (!text.len) continue;
        DocStackSource s = {.frame = m->frame_of[f], .file = t->functions.v[f].file};
        cut_pieces(m, &s, &lines[f], text);
        for (uint32_t n = 0; n < lines[f].len; n++) {
            size_t row = (size_t)lines[f].v[n].id * t->columns;
            vec_push(m->arena, &s.lines,
                     ((DocStackLine){(uint32_t)lines[f].v[n].number, t->line_flat + row,
                                     t->line_cum + row}));
        }
        size_t size = source_size(m, &s);
        if (!s.pieces.len || size > room) continue;
        room -= size;
        vec_push(m->arena, &m->out->sources, s);
    }
}

// ---- the head

static void fact(Maker *m, const char *name, Str value) {
    if (!value.len) return;
    vec_push(m->arena, &m->out->facts, str_c(name));
    vec_push(m->arena, &m->out->facts, value);
}

static void facts(Maker *m) {
    const ProfilePage *page = m->page;
    const ProfilePageSide *s = &page->sides[page->side];
    Str text;
    fact(m, "profile", s->name);
    if (page->base >= 0) fact(m, "compared with", page->sides[page->base].name);
    if (m->tree->sides > 2) fact(m, "profiles", str_fmt(m->arena, "%u", m->tree->sides));
    if (s->time_nanos) fact(m, "taken", view_local_time(m->arena, s->time_nanos));
    if (s->duration_nanos) {
        doc_format_value(m->arena, doc_nanos(s->duration_nanos), &text);
        fact(m, "over", text);
    }
    doc_format_value(m->arena, doc_count((int64_t)s->samples), &text);
    fact(m, "samples", text);
    for (uint32_t i = 0; i < m->tree->types.len && i < 8; i++) {
        ProfileType type = m->tree->types.v[i];
        int64_t v = m->tree->total[page->side * m->tree->types.len + i];
        fact(m, str_to_c(m->arena, type.type), measure_label(m->arena, v, type.unit, STR("auto")));
    }
}

static void names(Maker *m) {
    for (uint32_t i = 0; i < m->tree->types.len; i++)
        vec_push(m->arena, &m->out->types,
                 ((DocStackType){m->tree->types.v[i].type, m->tree->types.v[i].unit}));
    for (uint32_t i = 0; i < m->tree->sides; i++)
        vec_push(m->arena, &m->out->sides,
                 ((DocStackSide){cut_name(m->arena, m->page->sides[i].name),
                                 m->page->sides[i].time_nanos}));
}

void view_profile_page(Doc *d, const ProfilePage *page) {
    DocStacks *out = NEW(d->arena, DocStacks);
    *out = (DocStacks){.type = page->type,
                       .side = page->side,
                       .base = page->base,
                       .total = page->tree->total,
                       .note = page->note,
                       .form = page->form};
    Maker m = {.arena = d->arena, .page = page, .tree = page->tree, .out = out};
    names(&m);
    facts(&m);
    frames(&m);
    nodes(&m);
    sources(&m);
    if (page->drawings) {
        out->drawings.v = page->drawings->v;
        out->drawings.len = page->drawings->len;
    }
    doc_stacks(d, out);
}
