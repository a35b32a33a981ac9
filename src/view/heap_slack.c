// view/heap_slack: memory that is held and hardly used, as the tables of a heap's page.
#include "view/heap.h"

typedef struct Tables {
    Doc *d;
    const LiveGraph *g;
    uint32_t top;
} Tables;

static bool shown(const Tables *t, uint32_t i) { return !t->top || i < t->top; }

static DocValue address(const Tables *t, const HeapSlackRow *r) {
    return doc_address(graph_object(t->g, r->object).addr);
}

// The whole name for JSON, a readable column for people.
static void name_cells(const Tables *t, Str name) {
    doc_cell(t->d, doc_text(name));
    doc_cell(t->d, view_heap_name(t->d->arena, name));
}

static void arrays(const Tables *t, const HeapSlackRowVec *rows) {
    static const DocColumn columns[] = {
        {"held_by", NULL, false},         {NULL, "seen through", false},   {"type", NULL, false},
        {NULL, "array", false},           {"count", "arrays", true},       {"bytes", "bytes", true},
        {"used_bytes", "in sight", true}, {"address", "one of them", true}};
    doc_open(t->d, "arrays",
             STR("Large arrays of which slices and strings show an eighth at most"));
    if (!rows->len) doc_prose(t->d, STR("None."));
    doc_table(t->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < rows->len && shown(t, i); i++) {
        const HeapSlackRow *r = &rows->v[i];
        name_cells(t, r->holder);
        name_cells(t, r->what);
        doc_cell(t->d, doc_count((int64_t)r->count));
        doc_cell(t->d, doc_bytes((int64_t)r->bytes));
        doc_cell(t->d, doc_bytes((int64_t)r->used));
        doc_cell(t->d, address(t, r));
    }
    doc_close(t->d);
}

static void maps(const Tables *t, const HeapSlackRowVec *rows) {
    static const DocColumn columns[] = {
        {"held_by", NULL, false},   {NULL, "held by", false},   {"type", NULL, false},
        {NULL, "map", false},       {"tables", "tables", true}, {"entries", "entries", true},
        {"room", "room for", true}, {"bytes", "bytes", true},   {"address", "one of them", true}};
    doc_open(t->d, "maps",
             STR("Maps with room for eight times their entries: a map never gives room back"));
    if (!rows->len) doc_prose(t->d, STR("None."));
    doc_table(t->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < rows->len && shown(t, i); i++) {
        const HeapSlackRow *r = &rows->v[i];
        name_cells(t, r->holder);
        name_cells(t, r->what);
        doc_cell(t->d, doc_count((int64_t)r->count));
        doc_cell(t->d, doc_count((int64_t)r->used));
        doc_cell(t->d, doc_count((int64_t)r->room));
        doc_cell(t->d, doc_bytes((int64_t)r->bytes));
        doc_cell(t->d, address(t, r));
    }
    doc_close(t->d);
}

static void pools(const Tables *t, const HeapSlackRowVec *rows) {
    static const DocColumn columns[] = {{"held_by", NULL, false},
                                        {NULL, "pool", false},
                                        {"generations", "generations", true},
                                        {"retained_bytes", "retain", true},
                                        {"own_bytes", "of that its own", true}};
    doc_open(t->d, "pools", STR("What sync.Pools keep until the second collection from now"));
    if (!rows->len) doc_prose(t->d, STR("None."));
    doc_table(t->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < rows->len && shown(t, i); i++) {
        const HeapSlackRow *r = &rows->v[i];
        name_cells(t, r->holder);
        doc_cell(t->d, doc_count((int64_t)r->count));
        doc_cell(t->d, doc_bytes((int64_t)r->bytes));
        doc_cell(t->d, doc_bytes((int64_t)r->used));
    }
    doc_close(t->d);
}

static void closures(const Tables *t, const HeapSlackRowVec *rows) {
    static const DocColumn columns[] = {
        {"function", NULL, false},         {NULL, "closure", false},    {"captured", NULL, false},
        {NULL, "captured", false},         {"count", "closures", true}, {"bytes", "bytes", true},
        {"retained_bytes", "retain", true}};
    doc_open(t->d, "closures", STR("Closures and what they captured"));
    if (!rows->len) doc_prose(t->d, STR("None whose variables are known."));
    doc_table(t->d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < rows->len && shown(t, i); i++) {
        const HeapSlackRow *r = &rows->v[i];
        name_cells(t, r->holder);
        name_cells(t, r->what);
        doc_cell(t->d, doc_count((int64_t)r->count));
        doc_cell(t->d, doc_bytes((int64_t)r->used));
        doc_cell(t->d, doc_bytes((int64_t)r->bytes));
    }
    doc_close(t->d);
}

void view_heap_slack(Doc *d, const LiveGraph *g, const HeapSummary *s, uint32_t top) {
    Tables t = {d, g, top};
    HeapSlack slack;
    graph_slack(d->arena, g, s, &slack);
    arrays(&t, &slack.arrays);
    maps(&t, &slack.maps);
    pools(&t, &slack.pools);
    closures(&t, &slack.closures);
}
