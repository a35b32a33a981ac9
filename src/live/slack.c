// live/slack.c: memory that is held and hardly used: large arrays seen through short slices and
// strings only, tables of maps with room for many more entries than they have; and what pools keep
// and closures captured. References are noted while the heap is scanned, when its bytes are there.
#include <stdlib.h>

#include "live/graph_internal.h"

enum { ARRAY_MIN = 1024, SLOTS_MIN = 64, SPARSE = 8 }; // at least so much, at most an eighth used

typedef struct ArraySeen {
    uint32_t object, references, holder; // holder: a node
    uint64_t offset;                     // of the reference within it
    uint64_t low, high;                  // what any of them can see by its length
} ArraySeen;

typedef struct TableSeen {
    uint32_t object, used, room;
    uint64_t bytes; // of its groups
} TableSeen;

typedef enum Interest { INTEREST_NEW, INTEREST_NONE, INTEREST_SOME } Interest;

struct GraphSlack {
    Arena *arena;
    Index index; // of arrays, by object
    VEC(ArraySeen) arrays;
    VEC(TableSeen) tables;
    VEC(uint8_t) interest; // by type
};

typedef struct Holder {
    LiveGraph *g;
    uint32_t node;
    const char *start; // of its bytes
} Holder;

static bool types_interest(LiveGraph *g, TypeId id, int depth);

static bool slots_interest(LiveGraph *g, TypeId id, int depth) {
    const GoType *t = gotypes_get(g->types, id);
    TypeSlotVec slots = t->slots;
    if (t->role) return t->role == ROLE_MAP_TABLE || t->role == ROLE_CLOSURE;
    for (uint32_t i = 0; i < slots.len; i++) {
        SlotKind kind = slots.v[i].kind;
        if (kind == SLOT_SLICE || kind == SLOT_STRING) return true;
        if (kind == SLOT_ARRAY && types_interest(g, slots.v[i].type, depth + 1)) return true;
    }
    return false;
}

// Whether values of a type say how much of something is used. Asked for every object.
static bool types_interest(LiveGraph *g, TypeId id, int depth) {
    enum { DEPTH_MAX = 16 };
    GraphSlack *s = g->slack;
    if (depth > DEPTH_MAX) return false;
    while (s->interest.len <= id) vec_push(s->arena, &s->interest, INTEREST_NEW);
    if (s->interest.v[id] == INTEREST_NEW)
        s->interest.v[id] = slots_interest(g, id, depth) ? INTEREST_SOME : INTEREST_NONE;
    return s->interest.v[id] == INTEREST_SOME;
}

static ArraySeen *array_seen(GraphSlack *s, uint32_t object) {
    uint64_t hash = hash_mix(object, 5);
    for (IndexIter it = index_find(&s->index, hash); it.id; index_next(&it))
        if (s->arrays.v[it.id - 1].object == object) return &s->arrays.v[it.id - 1];
    vec_push(s->arena, &s->arrays, ((ArraySeen){.object = object, .low = UINT64_MAX}));
    index_add(&s->index, hash, s->arrays.len);
    return &vec_last(&s->arrays);
}

// A slice or string at `at` of the holder sees [addr, addr + bytes).
static void see_array(const Holder *h, const char *at, uint64_t addr, uint64_t bytes) {
    const GraphSpan *span = graph_span_at(h->g, addr);
    if (!span || span->elem_bytes < ARRAY_MIN) return;
    uint32_t id = graph_number(h->g, span, graph_slot(span, addr));
    if (id == GRAPH_NONE) return;
    ArraySeen *a = array_seen(h->g->slack, id);
    if (!a->references++) {
        a->holder = h->node;
        a->offset = (uint64_t)(at - h->start);
    }
    a->low = MIN(a->low, addr);
    a->high = MAX(a->high, addr + MIN(bytes, span->elem_bytes));
}

static void see_values(const Holder *h, TypeId type, const char *bytes, uint64_t size);

static void see_slot(const Holder *h, const TypeSlot *s, const char *bytes, uint64_t size) {
    const char *at = bytes + s->offset;
    if (s->offset + 16 > size) return;
    if (s->kind == SLOT_ARRAY) {
        see_values(h, s->type, at, MIN(size - s->offset, s->count * s->stride));
    } else if (s->kind == SLOT_STRING) {
        see_array(h, at, graph_word(at), graph_word(at + 8));
    } else if (s->kind == SLOT_SLICE) {
        uint64_t one = h->g->types->all.v[s->type].size, n = graph_word(at + 8);
        see_array(h, at, graph_word(at), one && n > UINT32_MAX ? UINT64_MAX / 2 : n * one);
    }
}

static void see_value(const Holder *h, TypeId type, const char *bytes, uint64_t size) {
    TypeSlotVec slots = gotypes_get(h->g->types, type)->slots;
    for (uint32_t i = 0; i < slots.len; i++) see_slot(h, &slots.v[i], bytes, size);
}

static void see_values(const Holder *h, TypeId type, const char *bytes, uint64_t size) {
    uint64_t step = gotypes_get(h->g->types, type)->size;
    if (!types_interest(h->g, type, 0) || !step) return;
    for (uint64_t at = 0; at + step <= size; at += step)
        see_value(h, type, bytes + at, MIN(size - at, step));
}

// {used, capacity uint16, ...}: internal/runtime/maps.table.
static void see_table(LiveGraph *g, uint32_t id, const GoType *type, const char *bytes) {
    enum { GROUP_SLOTS = 8 };
    uint16_t used, room;
    memcpy(&used, bytes, sizeof used);
    memcpy(&room, bytes + 2, sizeof room);
    if (room < SLOTS_MIN || used > room / SPARSE) return;
    uint64_t group = g->types->all.v[type->group].size;
    vec_push(g->slack->arena, &g->slack->tables,
             ((TableSeen){id, used, room, room / GROUP_SLOTS * group}));
}

void graph_see_object(LiveGraph *g, uint32_t id, const char *bytes, uint64_t size) {
    TypeId type = g->type[id] / 2;
    if (!types_interest(g, type, 0)) return;
    const GoType *t = gotypes_get(g->types, type);
    Holder h = {g, id, bytes};
    if (t->role == ROLE_MAP_TABLE)
        see_table(g, id, t, bytes);
    else if (g->type[id] % 2)
        see_values(&h, type, bytes, size);
    else
        see_value(&h, type, bytes, MIN(size, t->size));
}

// The variable's own root: so far there are no others, by address.
static uint32_t root_at(const LiveGraph *g, uint64_t addr) {
    uint32_t lo = 0, hi = g->roots.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (g->roots.v[mid].addr < addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < g->roots.len && g->roots.v[lo].addr == addr ? g->objects + lo : GRAPH_NONE;
}

void graph_see_variables(LiveGraph *g) {
    for (uint32_t i = 0; i < g->types->variables.len; i++) {
        const DwarfVariable *v = &g->types->variables.v[i];
        uint64_t addr = v->addr + g->target->bias, left;
        const char *bytes = graph_static_bytes(g, addr, &left);
        uint32_t root = bytes ? root_at(g, addr) : GRAPH_NONE; // none: it leads nowhere
        TypeId type = root == GRAPH_NONE ? 0 : gotypes_dwarf(g->types, v->type);
        if (!type) continue;
        Holder h = {g, root, bytes};
        see_values(&h, type, bytes, MIN(left, g->types->all.v[type].size));
    }
}

GraphSlack *graph_slack_new(Arena *a) {
    GraphSlack *s = NEW(a, GraphSlack);
    *s = (GraphSlack){.arena = a, .index = index_new(a)};
    return s;
}

// ---- what it comes to

// How many pointers lead to each array noted; where there are more than slices and strings were
// seen, something else may use the rest of it.
static U32Vec count_pointers(Arena *a, const LiveGraph *g) {
    const GraphSlack *s = g->slack;
    U32Vec counts = {0};
    uint64_t *noted = NEW_ARRAY(a, uint64_t, (size_t)g->objects / 64 + 1);
    for (uint32_t i = 0; i < s->arrays.len; i++) {
        vec_push(a, &counts, 0);
        noted[s->arrays.v[i].object / 64] |= (uint64_t)1 << (s->arrays.v[i].object % 64);
    }
    for (uint64_t e = 0; e < g->edge_count; e++) {
        uint32_t to = g->edges[e];
        if (to >= g->objects || !(noted[to / 64] >> (to % 64) & 1)) continue;
        for (IndexIter it = index_find(&s->index, hash_mix(to, 5)); it.id; index_next(&it))
            if (s->arrays.v[it.id - 1].object == to) counts.v[it.id - 1]++;
    }
    return counts;
}

static Str holder_name(Arena *a, const LiveGraph *g, const ArraySeen *s) {
    Str name = graph_node_name(a, g, s->holder);
    if (s->holder >= g->objects) return name;
    TypeId type = g->type[s->holder] / 2;
    uint64_t size = g->types->all.v[type].size;
    Str field = size ? gotypes_field(g->types, type, s->offset % size) : STR("");
    return field.len ? str_join3(a, name, STR("."), field) : name;
}

static HeapSlackRow *row_named(Arena *a, HeapSlackRowVec *rows, StrMap *places, Str name,
                               Str what) {
    uint32_t *place = strmap_put(places, str_join3(a, name, STR("\n"), what));
    if (!*place) {
        vec_push(a, rows, ((HeapSlackRow){.holder = name, .what = what}));
        *place = rows->len;
    }
    return &rows->v[*place - 1];
}

static bool is_reached(const LiveGraph *g, uint32_t id) { return g->idom[id] != id; }

static void sum_arrays(Arena *a, const LiveGraph *g, HeapSlack *out) {
    StrMap places = strmap_new(a);
    U32Vec pointers = count_pointers(a, g);
    for (uint32_t i = 0; i < g->slack->arrays.len; i++) {
        const ArraySeen *s = &g->slack->arrays.v[i];
        uint64_t size = graph_size(g, s->object), used = MIN(s->high - s->low, size);
        if (used > size / SPARSE || pointers.v[i] != s->references || !is_reached(g, s->object))
            continue;
        HeapSlackRow *r = row_named(a, &out->arrays, &places, holder_name(a, g, s),
                                    graph_type_name(a, g, s->object));
        r->count++;
        r->used += used;
        r->bytes += size;
        r->object = s->object;
    }
}

static void sum_maps(Arena *a, const LiveGraph *g, HeapSlack *out) {
    StrMap places = strmap_new(a);
    for (uint32_t i = 0; i < g->slack->tables.len; i++) {
        const TableSeen *s = &g->slack->tables.v[i];
        if (!is_reached(g, s->object)) continue;
        uint32_t at = s->object; // table, directory, map, whoever holds it
        for (int n = 0; n < 3 && at < g->objects; n++) {
            at = g->idom[at];
            if (at < g->objects && g->types->all.v[g->type[at] / 2].role == ROLE_MAP) break;
        }
        bool map = at < g->objects && g->types->all.v[g->type[at] / 2].role == ROLE_MAP;
        Str what = g->types->all.v[g->types->all.v[g->type[s->object] / 2].elem].name;
        uint32_t holder = map ? g->idom[at] : g->top;
        Str name = holder == g->top ? STR("(several)") : graph_node_name(a, g, holder);
        HeapSlackRow *r = row_named(a, &out->maps, &places, name, what);
        r->count++;
        r->used += s->used;
        r->room += s->room;
        r->bytes += s->bytes;
        r->object = map ? at : s->object;
    }
}

static void sum_pools(Arena *a, const LiveGraph *g, HeapSlack *out) {
    StrMap places = strmap_new(a);
    for (uint32_t i = 0; g->types->pool_local && i < g->objects; i++) {
        if (g->type[i] / 2 != g->types->pool_local || !is_reached(g, i)) continue;
        Str name = g->idom[i] == g->top ? STR("(several)") : graph_node_name(a, g, g->idom[i]);
        HeapSlackRow *r = row_named(a, &out->pools, &places, name, STR("sync.Pool"));
        r->count++;
        r->bytes += g->retained[i];
        r->used += graph_size(g, i);
        r->object = i;
    }
}

static void sum_closures(Arena *a, const LiveGraph *g, const HeapSummary *s, HeapSlack *out) {
    StrMap places = strmap_new(a);
    for (TypeId id = TYPE_FIRST; id < g->types->all.len; id++)
        if (g->types->all.v[id].role == ROLE_CLOSURE)
            *strmap_put(&places, g->types->all.v[id].name) = id;
    for (uint32_t i = 0; i < s->types.len; i++) {
        const HeapRow *row = &s->types.v[i];
        uint32_t id = *strmap_put(&places, row->name);
        Str captured = id ? gotypes_captured(a, g->types, id) : STR("");
        if (!captured.len) continue;
        vec_push(
            a, &out->closures,
            ((HeapSlackRow){row->name, captured, row->objects, row->bytes, 0, row->retained, 0}));
    }
}

static int compare_slack(const void *x, const void *y) {
    const HeapSlackRow *a = x, *b = y;
    if (a->bytes != b->bytes) return a->bytes > b->bytes ? -1 : 1;
    int c = str_cmp(a->holder, b->holder);
    return c ? c : str_cmp(a->what, b->what);
}

void graph_slack(Arena *a, const LiveGraph *g, const HeapSummary *s, HeapSlack *out) {
    *out = (HeapSlack){0};
    sum_arrays(a, g, out);
    sum_maps(a, g, out);
    sum_pools(a, g, out);
    sum_closures(a, g, s, out);
    HeapSlackRowVec *all[] = {&out->arrays, &out->maps, &out->pools, &out->closures};
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i]->len) qsort(all[i]->v, all[i]->len, sizeof(HeapSlackRow), compare_slack);
}
