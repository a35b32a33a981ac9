// view/heap: the object graph of a process as a page.
#include "view/heap.h"

#include <stdlib.h>

typedef struct Page {
    Doc *d;
    const LiveGraph *g;
    const HeapSummary *s;
    const HeapOptions *o;
    uint64_t all; // bytes of objects
} Page;

static double share(const Page *p, uint64_t part) {
    return p->all ? 100.0 * (double)part / (double)p->all : 0;
}

// A page's column stays readable; JSON has the whole name.
DocValue view_heap_name(Arena *a, Str name) {
    enum { WIDEST = 72 };
    if (name.len <= WIDEST) return doc_text(name);
    size_t end = WIDEST - 3;
    while (end && ((uint8_t)name.ptr[end] & 0xc0) == 0x80) end--; // within a character
    return doc_text(str_join2(a, str_to(name, end), STR("…")));
}

static bool shown(const Page *p, uint32_t i) { return !p->o->top || i < p->o->top; }

static void identity(Page *p) {
    Doc *d = p->d;
    const LiveTarget *t = p->g->target;
    const LiveImage *m = p->g->image;
    if (t->pid) doc_field(d, "pid", "process", doc_int(t->pid));
    doc_field(d, "program", "program", doc_text(t->exe));
    doc_field(d, "go_version", "built with", doc_text(t->program.build.go_version));
    if (t->pid) doc_field(d, "stopped_ns", "stood still for", doc_nanos((int64_t)m->stopped_ns));
    doc_field(d, "copied_bytes", "copied", doc_bytes((int64_t)m->copied_bytes));
    doc_field(d, "objects", "objects", doc_count((int64_t)m->walk.objects));
    doc_field(d, "bytes", "bytes in objects", doc_bytes((int64_t)m->walk.bytes));
    doc_field(d, "counts_agree", "counts = the runtime's statistics",
              doc_toned(doc_bool(m->walk.agrees), m->walk.agrees ? TONE_GOOD : TONE_BAD));
    doc_field(d, "pointers", "pointers", doc_count((int64_t)p->g->edge_count));
    doc_field(d, "unreached_objects", "not reached from any root (garbage): objects",
              doc_count((int64_t)p->s->unreached_objects));
    doc_field(d, "unreached_bytes", "  bytes", doc_bytes((int64_t)p->s->unreached_bytes));
    doc_field(d, "unreached_survivors", "  objects that a collection has kept",
              doc_count((int64_t)p->s->survivors));
    doc_field(d, "unknown_bytes", "reached, of unknown type",
              doc_bytes((int64_t)p->s->unknown_bytes));
    uint64_t reached = p->g->reached_bytes;
    doc_field(d, "typed_share", "  of known type",
              doc_percent(reached
                              ? 100.0 * (double)(reached - p->s->unknown_bytes) / (double)reached
                              : 100));
}

static void roots(Page *p) {
    static const DocColumn columns[] = {{"name", NULL, false},
                                        {NULL, "root", false},
                                        {"kind", "kind", false},
                                        {"count", "count", true},
                                        {"retained_bytes", "retains", true},
                                        {"share", "of heap", true}};
    static const char *const kinds[] = {"variable", "goroutine", "finalizer",
                                        "cleanup",  "weak",      "queue"};
    doc_open(p->d, "roots", STR("What goes when a variable or goroutine goes"));
    doc_table(p->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < p->s->roots.len && shown(p, i); i++) {
        const HeapRoot *r = &p->s->roots.v[i];
        doc_cell(p->d, doc_text(r->name));
        doc_cell(p->d, view_heap_name(p->d->arena, r->name));
        doc_cell(p->d, doc_text(str_c(kinds[r->kind])));
        doc_cell(p->d, doc_count((int64_t)r->count));
        doc_cell(p->d, doc_bytes((int64_t)r->retained));
        doc_cell(p->d, doc_percent(share(p, r->retained)));
    }
    doc_close(p->d);
}

static void types(Page *p) {
    static const DocColumn columns[] = {{"type", NULL, false},
                                        {NULL, "type", false},
                                        {"objects", "objects", true},
                                        {"bytes", "bytes", true},
                                        {"retained_bytes", "retain", true},
                                        {"share", "of heap", true}};
    doc_open(p->d, "types", STR("Objects by type"));
    doc_table(p->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < p->s->types.len && shown(p, i); i++) {
        const HeapRow *r = &p->s->types.v[i];
        doc_cell(p->d, doc_text(r->name));
        doc_cell(p->d, view_heap_name(p->d->arena, r->name));
        doc_cell(p->d, doc_count((int64_t)r->objects));
        doc_cell(p->d, doc_bytes((int64_t)r->bytes));
        doc_cell(p->d, doc_bytes((int64_t)r->retained));
        doc_cell(p->d, doc_percent(share(p, r->retained)));
    }
    doc_close(p->d);
}

static void largest(Page *p) {
    static const DocColumn columns[] = {{"address", "object", true},
                                        {"type", NULL, false},
                                        {NULL, "type", false},
                                        {"bytes", "bytes", true},
                                        {"retained_bytes", "retains", true},
                                        {"held_by", "held by", false}};
    doc_open(p->d, "largest", STR("Single objects that hold most"));
    doc_table(p->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < p->s->largest.len && shown(p, i); i++) {
        uint32_t id = p->s->largest.v[i];
        GraphObject o = graph_object(p->g, id);
        uint32_t above = p->g->idom[id];
        doc_cell(p->d, doc_address(o.addr));
        Str type = graph_type_name(p->d->arena, p->g, id);
        doc_cell(p->d, doc_text(type));
        doc_cell(p->d, view_heap_name(p->d->arena, type));
        doc_cell(p->d, doc_bytes((int64_t)o.size));
        doc_cell(p->d, doc_bytes((int64_t)p->g->retained[id]));
        doc_cell(p->d, doc_text(above == p->g->top ? STR("(several roots)")
                                                   : graph_node_name(p->d->arena, p->g, above)));
    }
    doc_close(p->d);
}

static void sites(Page *p) {
    static const DocColumn columns[] = {
        {"function", "allocated by", false}, {"place", "at", false},
        {"sampled", "sampled", true},        {"estimated_bytes", "stand for", true},
        {"type", "largest: type", false},    {"retained_bytes", "retains", true}};
    doc_open(p->d, "sites",
             STR("Where objects that are alive were allocated (the runtime's samples)"));
    if (!p->s->sites.len) doc_prose(p->d, STR("None: memory profiling is off in this program."));
    doc_table(p->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < p->s->sites.len && shown(p, i); i++) {
        const HeapSite *s = &p->s->sites.v[i];
        doc_cell(p->d, view_heap_name(p->d->arena, s->at.function));
        doc_cell(p->d, s->at.line ? doc_place(s->at.file, (uint32_t)MAX(s->at.line, 0), 0)
                                  : doc_text(STR("")));
        doc_cell(p->d, doc_count((int64_t)s->sampled));
        doc_cell(p->d, doc_bytes((int64_t)s->bytes));
        doc_cell(p->d, view_heap_name(p->d->arena, graph_type_name(p->d->arena, p->g, s->object)));
        doc_cell(p->d, doc_bytes((int64_t)p->g->retained[s->object]));
    }
    doc_close(p->d);
}

// ---- the tree

typedef struct Order {
    const HeapSummary *s;
    uint32_t *child, *sibling; // + 1; children by what they retain
} Order;

static int compare_nodes(const HeapSummary *s, uint32_t x, uint32_t y) {
    const HeapNode *a = &s->tree.v[x], *b = &s->tree.v[y];
    if (a->retained != b->retained) return a->retained > b->retained ? -1 : 1;
    return str_cmp(a->name, b->name);
}

// Puts node i into its parent's list, the largest first.
static void insert(Order *r, uint32_t i) {
    uint32_t *at = &r->child[r->s->tree.v[i].parent];
    while (*at && compare_nodes(r->s, *at - 1, i) <= 0) at = &r->sibling[*at - 1];
    r->sibling[i] = *at;
    *at = i + 1;
}

static Order order_tree(Page *p) {
    uint32_t n = p->s->tree.len + 1;
    Order r = {p->s, NEW_ARRAY(p->d->arena, uint32_t, n), NEW_ARRAY(p->d->arena, uint32_t, n)};
    for (uint32_t i = 0; i < p->s->tree.len; i++)
        if (share(p, p->s->tree.v[i].retained) >= p->o->share &&
            p->s->tree.v[i].depth < p->o->depth)
            insert(&r, i);
    return r;
}

static void tree_row(Page *p, const HeapNode *n) {
    Buf name = buf_new(p->d->arena);
    buf_fill(&name, ' ', (size_t)n->depth * 2);
    buf_str(&name, n->name);
    doc_cell(p->d, doc_int(n->depth));
    doc_cell(p->d, doc_text(n->name));
    doc_cell(p->d, view_heap_name(p->d->arena, buf_view(&name)));
    doc_cell(p->d, doc_count((int64_t)n->objects));
    doc_cell(p->d, doc_bytes((int64_t)n->bytes));
    doc_cell(p->d, doc_bytes((int64_t)n->retained));
    doc_cell(p->d, doc_percent(share(p, n->retained)));
}

static void tree(Page *p) {
    static const DocColumn columns[] = {
        {"depth", NULL, true},        {"name", NULL, false},  {NULL, "who keeps what", false},
        {"objects", "objects", true}, {"bytes", "own", true}, {"retained_bytes", "retained", true},
        {"share", "of heap", true}};
    Order r = order_tree(p);
    U32Vec stack = {0};
    doc_open(p->d, "tree", STR("Dominator tree: each line goes when the line above it goes"));
    doc_table(p->d, "rows", columns, COUNT(columns));
    if (r.child[0]) vec_push(p->d->arena, &stack, r.child[0]);
    while (stack.len) {
        uint32_t at = vec_pop(&stack) - 1;
        tree_row(p, &p->s->tree.v[at]);
        if (r.sibling[at]) vec_push(p->d->arena, &stack, r.sibling[at]);
        if (r.child[at + 1]) vec_push(p->d->arena, &stack, r.child[at + 1]);
    }
    doc_close(p->d);
}

static void treemap(Page *p) {
    DocChart c = {.kind = CHART_TREEMAP,
                  .unit = DOC_BYTES,
                  .caption = STR("Heap by who keeps it: roots, then types")};
    uint32_t *box = NEW_ARRAY(p->d->arena, uint32_t, p->s->tree.len + 1);
    for (uint32_t i = 0; i < p->s->tree.len; i++) {
        const HeapNode *n = &p->s->tree.v[i];
        if (n->retained * 1000 < p->all || n->depth >= 8) continue;
        if (n->parent && !box[n->parent]) continue;
        vec_push(p->d->arena, &c.boxes,
                 ((DocBox){.label = n->name,
                           .parent = n->parent ? box[n->parent] : 0,
                           .value = (int64_t)n->retained}));
        box[i + 1] = c.boxes.len;
    }
    doc_chart(p->d, NULL, STR("Who keeps what"), c);
}

bool view_heap(Doc *d, const LiveGraph *g, const HeapSummary *s, const HeapOptions *o) {
    Page p = {d, g, s, o, g->image->walk.bytes};
    identity(&p);
    if (o->treemap) treemap(&p);
    roots(&p);
    types(&p);
    largest(&p);
    sites(&p);
    view_heap_slack(d, g, s, o->top);
    tree(&p);
    return g->image->walk.agrees;
}

// ---- one object

// The same way as steps one below the other, for a page that draws them.
static void draw_path(Page *p, const U32Vec *way) {
    Arena *a = p->d->arena;
    DocStepVec steps = {0};
    for (uint32_t i = 1; i < way->len; i++) {
        uint32_t at = way->v[i];
        DocStep step = {.text = graph_node_name(a, p->g, at),
                        .place = doc_bytes((int64_t)p->g->retained[at])};
        if (i + 1 < way->len) step.source = graph_step(a, p->g, at, way->v[i + 1]);
        vec_push(a, &steps, step);
    }
    doc_flow(p->d, NULL, STR("The shortest way from a root"), steps);
}

static void path(Page *p, uint32_t node) {
    static const DocColumn columns[] = {{"address", "address", true},
                                        {"name", "what", false},
                                        {"field", "leads on by", false},
                                        {"retained_bytes", "retains", true}};
    Arena *a = p->d->arena;
    U32Vec way = graph_path(a, p->g, node);
    if (!way.len) {
        doc_prose(p->d, STR("Nothing leads to it: it is garbage, not collected yet."));
        return;
    }
    if (p->o->treemap) draw_path(p, &way);
    doc_table(p->d, "path", columns, COUNT(columns));
    for (uint32_t i = 1; i < way.len; i++) {
        uint32_t at = way.v[i];
        bool object = at < p->g->objects;
        doc_cell(p->d, object ? doc_address(graph_object(p->g, at).addr) : doc_text(STR("")));
        doc_cell(p->d, doc_text(graph_node_name(a, p->g, at)));
        doc_cell(p->d, doc_text(i + 1 < way.len ? graph_step(a, p->g, at, way.v[i + 1]) : STR("")));
        doc_cell(p->d, doc_bytes((int64_t)p->g->retained[at]));
    }
}

bool view_heap_why(Doc *d, const LiveGraph *g, const HeapOptions *o) {
    enum { SHOWN = 3 };
    uint32_t nodes[SHOWN];
    HeapSummary none = {0};
    Page p = {d, g, &none, o, g->image->walk.bytes};
    uint32_t n = graph_find(g, o->why, nodes, SHOWN);
    doc_open_list(d, "why", STR("Why it is alive"));
    for (uint32_t i = 0; i < n; i++) {
        Str name = graph_node_name(d->arena, g, nodes[i]);
        doc_open_item(d, name);
        doc_field(d, "name", NULL, doc_text(name));
        if (nodes[i] < g->objects) {
            GraphObject object = graph_object(g, nodes[i]);
            doc_field(d, "address", "object", doc_address(object.addr));
            doc_field(d, "bytes", "bytes", doc_bytes((int64_t)object.size));
        }
        doc_field(d, "retained_bytes", "retains", doc_bytes((int64_t)g->retained[nodes[i]]));
        uint32_t above = g->idom[nodes[i]];
        doc_field(d, "dominator", "would go with",
                  doc_text(above == nodes[i] ? STR("(nothing: it is garbage)")
                           : above == g->top ? STR("(no single one: several roots lead to it)")
                                             : graph_node_name(d->arena, g, above)));
        path(&p, nodes[i]);
        doc_close(d);
    }
    doc_close(d);
    return n > 0;
}

// ---- two moments

typedef struct Change {
    Str name;
    int64_t before[2], after[2]; // objects or count, bytes
} Change;

typedef struct Changes {
    Arena *arena;
    StrMap places;
    VEC(Change) all;
} Changes;

static Change *change_named(Changes *c, Str name) {
    uint32_t *place = strmap_put(&c->places, name);
    if (!*place) {
        vec_push(c->arena, &c->all, ((Change){.name = name}));
        *place = c->all.len;
    }
    return &c->all.v[*place - 1];
}

static int64_t growth(const Change *c) { return c->after[1] - c->before[1]; }

// What grew most first, what shrank most last.
static int compare_change(const void *x, const void *y) {
    const Change *a = x, *b = y;
    if (growth(a) != growth(b)) return growth(a) > growth(b) ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static void change_table(Doc *d, Changes *c, const HeapOptions *o) {
    static const DocColumn columns[] = {
        {"name", "name", false},      {"before_count", "before", true},
        {"after_count", "now", true}, {"before_bytes", "bytes before", true},
        {"after_bytes", "now", true}, {"growth_bytes", "growth", true}};
    if (c->all.len) qsort(c->all.v, c->all.len, sizeof *c->all.v, compare_change);
    doc_table(d, "rows", columns, COUNT(columns));
    uint32_t shown_rows = 0, changed = 0;
    for (uint32_t i = 0; i < c->all.len; i++)
        changed += growth(&c->all.v[i]) != 0 || c->all.v[i].before[0] != c->all.v[i].after[0];
    if (!changed) doc_prose(d, STR("Nothing changed."));
    for (uint32_t i = 0; i < c->all.len; i++) {
        const Change *r = &c->all.v[i];
        bool same = growth(r) == 0 && r->before[0] == r->after[0];
        if (same || (o->top && shown_rows >= o->top)) continue;
        shown_rows++;
        doc_cell(d, doc_text(r->name));
        doc_cell(d, doc_count(r->before[0]));
        doc_cell(d, doc_count(r->after[0]));
        doc_cell(d, doc_bytes(r->before[1]));
        doc_cell(d, doc_bytes(r->after[1]));
        doc_cell(d, doc_toned(doc_bytes(growth(r)), growth(r) > 0 ? TONE_WARN : TONE_PLAIN));
    }
}

static void add_types(Changes *c, const HeapSummary *s, bool now) {
    for (uint32_t i = 0; i < s->types.len; i++) {
        Change *r = change_named(c, s->types.v[i].name);
        int64_t *to = now ? r->after : r->before;
        to[0] += (int64_t)s->types.v[i].objects;
        to[1] += (int64_t)s->types.v[i].bytes;
    }
}

static void add_roots(Changes *c, const HeapSummary *s, bool now) {
    for (uint32_t i = 0; i < s->roots.len; i++) {
        Change *r = change_named(c, s->roots.v[i].name);
        int64_t *to = now ? r->after : r->before;
        to[0] += (int64_t)s->roots.v[i].count;
        to[1] += (int64_t)s->roots.v[i].retained;
    }
}

// Ways down the dominator tree: who keeps what grew.
static void add_paths(Changes *c, const HeapSummary *s, bool now) {
    Str *paths = NEW_ARRAY(c->arena, Str, s->tree.len + 1);
    for (uint32_t i = 0; i < s->tree.len; i++) { // a node's parent is before it
        const HeapNode *n = &s->tree.v[i];
        paths[i] =
            n->parent ? str_join3(c->arena, paths[n->parent - 1], STR(" > "), n->name) : n->name;
        if (!n->objects) continue;
        Change *r = change_named(c, paths[i]);
        int64_t *to = now ? r->after : r->before;
        to[0] += (int64_t)n->objects;
        to[1] += (int64_t)n->bytes;
    }
}

void view_heap_diff(Doc *d, const HeapSummary *before, const HeapSummary *after,
                    const HeapOptions *o) {
    Changes types = {.arena = d->arena, .places = strmap_new(d->arena)}, roots = types;
    Changes paths = types;
    roots.places = strmap_new(d->arena);
    paths.places = strmap_new(d->arena);
    add_paths(&paths, before, false);
    add_paths(&paths, after, true);
    add_types(&types, before, false);
    add_types(&types, after, true);
    add_roots(&roots, before, false);
    add_roots(&roots, after, true);
    doc_open(d, "types", STR("Reached objects by type"));
    change_table(d, &types, o);
    doc_close(d);
    doc_open(d, "paths", STR("Reached objects by who keeps them"));
    change_table(d, &paths, o);
    doc_close(d);
    doc_open(d, "roots", STR("What variables and goroutines retain"));
    change_table(d, &roots, o);
    doc_close(d);
}
