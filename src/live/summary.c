// live/summary.c: one walk over the dominator tree: what each type and each root retains, and the
// tree with equal types below one another made one (a list of a million nodes is one line).
#include <math.h>
#include <stdlib.h>

#include "live/graph_internal.h"
#include "sys/region.h"

enum { TREE_NODES_MAX = 1 << 18, TREE_DEPTH_MAX = 48, LARGEST = 64 };

typedef struct Key {
    uint64_t value;
    Str name;
    uint32_t row;    // of the type + 1
    uint32_t active; // how many of it are above the place of the walk
} Key;

typedef struct Summing {
    Arena *arena;
    const LiveGraph *g;
    HeapSummary *out;
    Index keys, nodes;
    uint32_t *type_key; // by word of LiveGraph.type
    VEC(Key) all;
    uint32_t *child, *sibling; // of the dominator tree: + 1
} Summing;

static uint32_t key_of(Summing *s, uint64_t value, Str name) {
    uint64_t hash = hash_mix(value, name.len ? str_hash(name) : 7);
    for (IndexIter it = index_find(&s->keys, hash); it.id; index_next(&it))
        if (s->all.v[it.id - 1].value == value && str_eq(s->all.v[it.id - 1].name, name))
            return it.id;
    vec_push(s->arena, &s->all, ((Key){.value = value, .name = name}));
    index_add(&s->keys, hash, s->all.len);
    return s->all.len;
}

// Objects of one type share a key; of unknown ones those of one size.
static uint32_t object_key(Summing *s, uint32_t id, uint64_t size) {
    uint32_t word = s->g->type[id];
    if (word && s->type_key[word]) return s->type_key[word];
    uint64_t value =
        word ? word : (uint64_t)1 << 63 | size << 1 | (graph_object(s->g, id).bytes != NULL);
    uint32_t key = key_of(s, value, STR(""));
    if (word) s->type_key[word] = key;
    Key *k = &s->all.v[key - 1];
    if (!k->row) {
        HeapRow row = {.name = graph_type_name(s->arena, s->g, id), .unknown = !word};
        vec_push(s->arena, &s->out->types, row);
        k->row = s->out->types.len;
    }
    return key;
}

// The node of the merged tree below `parent` for a key; the parent itself where it is of that key.
static uint32_t tree_node(Summing *s, uint32_t parent, uint32_t key, Str name) {
    HeapSummary *out = s->out;
    uint64_t hash = hash_mix(parent + 1, key);
    uint32_t depth = parent ? out->tree.v[parent - 1].depth + 1 : 0;
    for (IndexIter it = index_find(&s->nodes, hash); it.id; index_next(&it)) {
        HeapNode *n = &out->tree.v[it.id - 1];
        if (n->parent == parent && str_eq(n->name, name)) return it.id;
    }
    if (parent && (depth > TREE_DEPTH_MAX || out->tree.len >= TREE_NODES_MAX)) return parent;
    vec_push(s->arena, &out->tree, ((HeapNode){.name = name, .parent = parent, .depth = depth}));
    index_add(&s->nodes, hash, out->tree.len);
    return out->tree.len;
}

// Who is dominated by whom, turned around.
static void list_children(Summing *s) {
    const LiveGraph *g = s->g;
    for (uint32_t i = g->nodes; i-- > 0;) {
        if (g->idom[i] == i) continue;
        s->sibling[i] = s->child[g->idom[i]];
        s->child[g->idom[i]] = i + 1;
    }
}

typedef struct Place { // of the walk
    uint32_t node, key, tree;
    bool first; // no other of its key is above it
} Place;

static Place enter_root(Summing *s, uint32_t node) {
    Str name = graph_node_name(s->arena, s->g, node);
    uint32_t key = key_of(s, (uint64_t)1 << 62, name);
    return (Place){node, 0, tree_node(s, 0, key, name), false};
}

static Place enter_object(Summing *s, uint32_t node, Place above) {
    uint64_t size = graph_size(s->g, node);
    uint32_t key = object_key(s, node, size);
    Key *k = &s->all.v[key - 1];
    HeapRow *row = &s->out->types.v[k->row - 1];
    Place p = {node, key, 0, k->active == 0};
    k->active++;
    row->objects++;
    row->bytes += size;
    if (p.first) row->retained += s->g->retained[node];
    if (row->unknown) s->out->unknown_bytes += size;
    if (!above.tree) // several roots lead to it: it hangs from none
        above.tree = tree_node(s, 0, key_of(s, (uint64_t)1 << 61, STR("(several roots)")),
                               STR("(several roots)"));
    p.tree = above.key == key ? above.tree : tree_node(s, above.tree, key, row->name);
    HeapNode *n = &s->out->tree.v[p.tree - 1];
    n->objects++;
    n->bytes += size;
    return p;
}

static void walk(Summing *s) {
    const LiveGraph *g = s->g;
    uint64_t room = (uint64_t)g->nodes + 1;
    Place *stack = REGION_ARRAY(Place, room);
    uint32_t depth = 0;
    stack[depth++] = (Place){g->top, 0, 0, false};
    while (depth) {
        Place *top = &stack[depth - 1];
        uint32_t child = s->child[top->node];
        if (!child) {
            if (top->key) s->all.v[top->key - 1].active--;
            depth--;
            continue;
        }
        s->child[top->node] = s->sibling[child - 1];
        Place above = *top;
        stack[depth++] =
            child - 1 >= g->objects ? enter_root(s, child - 1) : enter_object(s, child - 1, above);
    }
    region_free(stack, room * sizeof *stack);
}

static int compare_row(const void *x, const void *y) {
    const HeapRow *a = x, *b = y;
    if (a->retained != b->retained) return a->retained > b->retained ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static int compare_root(const void *x, const void *y) {
    const HeapRoot *a = x, *b = y;
    if (a->retained != b->retained) return a->retained > b->retained ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static void sum_roots(Summing *s) {
    StrMap places = strmap_new(s->arena);
    for (uint32_t i = 0; i < s->g->roots.len; i++) {
        Str name = graph_node_name(s->arena, s->g, s->g->objects + i);
        uint32_t *place = strmap_put(&places, name);
        if (!*place) {
            vec_push(s->arena, &s->out->roots,
                     ((HeapRoot){.kind = s->g->roots.v[i].kind, .name = name}));
            *place = s->out->roots.len;
        }
        s->out->roots.v[*place - 1].count++;
        s->out->roots.v[*place - 1].retained += s->g->retained[s->g->objects + i];
    }
}

// The objects that retain most: of a chain the first, not each link of it again.
static void find_largest(Summing *s) {
    const LiveGraph *g = s->g;
    for (uint32_t i = 0; i < g->objects; i++) {
        if (g->idom[i] == i) continue;
        uint32_t above = g->idom[i];
        // All but what it is itself comes from one below: a wrapper, not the holder.
        if (above < g->objects && g->retained[above] - g->retained[i] < g->retained[above] / 16)
            continue;
        U32Vec *l = &s->out->largest;
        if (l->len == LARGEST && g->retained[vec_last(l)] >= g->retained[i]) continue;
        if (l->len < LARGEST) vec_push(s->arena, l, i);
        uint32_t at = l->len - 1;
        for (; at && g->retained[l->v[at - 1]] < g->retained[i]; at--) l->v[at] = l->v[at - 1];
        l->v[at] = i;
    }
}

// ---- where sampled objects were allocated

// The first frame that is not the runtime's own.
static LiveSite site_of(const LiveGraph *g, const LiveHeapRecord *r) {
    LiveSite last = {0};
    for (uint32_t i = 0; i < r->depth; i++) {
        LiveSite s = live_site(g->target, g->image->profile.stacks.v[r->first + i], true);
        if (s.function.len) last = s;
        if (s.function.len && !str_starts(s.function, STR("runtime.")) &&
            !str_starts(s.function, STR("internal/runtime/")))
            break;
    }
    return last;
}

static uint32_t record_at(const Index *buckets, const LiveHeap *h, uint64_t addr) { // + 1
    for (IndexIter it = index_find(buckets, hash_mix(addr, 3)); it.id; index_next(&it))
        if (h->records.v[it.id - 1].addr == addr) return it.id;
    return 0;
}

static int compare_site(const void *x, const void *y) {
    const HeapSite *a = x, *b = y;
    if (a->bytes != b->bytes) return a->bytes > b->bytes ? -1 : 1;
    int c = str_cmp(a->at.function, b->at.function);
    return c ? c : (a->at.line > b->at.line) - (a->at.line < b->at.line);
}

static HeapSite *site_named(Summing *s, StrMap *places, const LiveHeapRecord *r) {
    LiveSite at = site_of(s->g, r);
    Str key = str_fmt(s->arena, STR_FMT ":" STR_FMT ":%d", STR_ARG(at.function), STR_ARG(at.file),
                      at.line);
    uint32_t *place = strmap_put(places, key);
    if (!*place) {
        vec_push(s->arena, &s->out->sites, ((HeapSite){.at = at}));
        *place = s->out->sites.len;
    }
    return &s->out->sites.v[*place - 1];
}

static void find_sites(Summing *s) {
    const LiveImage *m = s->g->image;
    const LiveHeap *h = &m->profile;
    Index buckets = index_new(s->arena);
    StrMap places = strmap_new(s->arena);
    for (uint32_t i = 0; i < h->records.len; i++)
        index_add(&buckets, hash_mix(h->records.v[i].addr, 3), i + 1);
    for (uint32_t i = 0; i < m->specials.len; i++) {
        const ImageSpecial *sp = &m->specials.v[i];
        uint32_t id = graph_object_at(s->g, sp->object), record = 0;
        if (sp->kind == SPECIAL_PROFILE) record = record_at(&buckets, h, sp->words[3]);
        if (!record || id == GRAPH_NONE || s->g->idom[id] == id) continue; // garbage is not kept
        double size = (double)graph_size(s->g, id), rate = (double)h->rate;
        HeapSite *site = site_named(s, &places, &h->records.v[record - 1]);
        if (!site->sampled || s->g->retained[id] > s->g->retained[site->object]) site->object = id;
        site->sampled++;
        site->bytes += rate > 1 ? size / (1 - exp(-size / rate)) : size;
    }
    if (s->out->sites.len)
        qsort(s->out->sites.v, s->out->sites.len, sizeof(HeapSite), compare_site);
}

// Objects nothing leads to that a collection has kept: what died since it, or its own leavings.
static uint64_t count_survivors(const LiveGraph *g) {
    const LiveWalk *w = &g->image->walk;
    uint64_t n = 0;
    for (uint32_t i = 0; i < w->spans.len; i++) {
        const LiveSpan *s = &w->spans.v[i];
        uint32_t id = g->span_first[i];
        for (uint32_t slot = 0; slot < s->elems && s->state == LIVE_SPAN_HEAP; slot++) {
            uint32_t at = s->bits + slot / 64;
            if (!live_is_allocated(w, s, slot)) continue;
            if (g->idom[id] == id) n += w->survived[at] >> (slot % 64) & 1;
            id++;
        }
    }
    return n;
}

void graph_summary(Arena *a, const LiveGraph *g, HeapSummary *out) {
    uint64_t room = (uint64_t)g->nodes + 1;
    *out = (HeapSummary){0};
    Summing s = {.arena = a, .g = g, .out = out, .keys = index_new(a), .nodes = index_new(a)};
    s.type_key = NEW_ARRAY(a, uint32_t, (size_t)g->types->all.len * 2);
    s.child = REGION_ARRAY(uint32_t, room);
    s.sibling = REGION_ARRAY(uint32_t, room);
    list_children(&s);
    walk(&s);
    region_free(s.child, room * 4);
    region_free(s.sibling, room * 4);
    for (uint32_t i = out->tree.len; i-- > 0;) { // children are met after their parents
        HeapNode *n = &out->tree.v[i];
        n->retained += n->bytes;
        if (n->parent) out->tree.v[n->parent - 1].retained += n->retained;
    }
    sum_roots(&s);
    find_largest(&s);
    find_sites(&s);
    out->unreached_objects = g->objects - g->reached;
    out->survivors = count_survivors(g);
    out->unreached_bytes = g->image->walk.bytes - g->reached_bytes;
    if (out->types.len) qsort(out->types.v, out->types.len, sizeof *out->types.v, compare_row);
    if (out->roots.len) qsort(out->roots.v, out->roots.len, sizeof *out->roots.v, compare_root);
}
