// profile/graph.c: the node table and the folds over the samples. The fold is the hot loop of every
// report: a sample of value 0 is passed over unread; the rest is one table look-up per frame.
#include "profile/graph.h"

#include <math.h>

#include "base/path.h"
#include "profile/profile_internal.h"

// ---- the node table

typedef struct Table {
    Graph *g;
    Index by_info;
    uint32_t *name_of, *file_of; // by function: number of the text, 0: not known yet
    uint32_t *object_of;         // by mapping
    VEC(uint64_t) keys;          // by node: name and file, to compare quickly
    uint32_t *plain;             // by function: its node when nothing but name and file counts
} Table;

static uint32_t text_number(Graph *g, Str s) {
    uint32_t *at = strmap_put(&g->strings, s);
    if (!*at) *at = g->strings.entries.len;
    return *at;
}

// A path as Go's filepath.Clean makes it: most are clean already.
static Str clean_path(Arena *a, Str path) {
    bool dirty = path.len > 1 && path.ptr[path.len - 1] == '/';
    for (size_t i = 0; i < path.len && !dirty; i++) {
        if (path.ptr[i] == '/' && i + 1 < path.len && path.ptr[i + 1] == '/') dirty = true;
        if (path.ptr[i] == '.' && (i == 0 || path.ptr[i - 1] == '/')) {
            Str rest = str_from(path, i);
            dirty = rest.len == 1 || rest.ptr[1] == '/' ||
                    (rest.ptr[1] == '.' && (rest.len == 2 || rest.ptr[2] == '/'));
        }
    }
    return dirty ? path_clean(a, path) : path;
}

static bool same_info(const NodeInfo *x, const NodeInfo *y) {
    return x->address == y->address && x->line == y->line && x->column == y->column &&
           x->start_line == y->start_line && str_eq(x->object, y->object);
}

static uint32_t find_node(Table *t, NodeInfo info, uint64_t key) {
    Graph *g = t->g;
    uint64_t h =
        hash_mix(hash_mix(key, info.address), hash_mix((uint64_t)info.line, (uint64_t)info.column));
    for (IndexIter it = index_find(&t->by_info, h); it.id; index_next(&it))
        if (t->keys.v[it.id] == key && same_info(&g->nodes.v[it.id].info, &info)) return it.id;
    GraphNode *n = vec_add(g->arena, &g->nodes);
    vec_push(g->arena, &t->keys, key);
    uint32_t at = g->nodes.len - 1;
    n->info = info;
    n->function = at;
    n->base = at;
    index_add(&t->by_info, h, at);
    if (info.address == 0 && info.line == 0) return at;
    info.address = 0;
    info.line = info.column = 0;
    uint32_t function = find_node(t, info, key);
    g->nodes.v[at].function = function;
    return at;
}

static Str object_of(const Profile *p, const ProfileLocation *l) {
    return l->mapping ? p->mappings.v[l->mapping].file : STR("");
}

static uint32_t line_node(Table *t, const ProfileLocation *l, const ProfileLine *line) {
    Graph *g = t->g;
    const ProfileFunction *f = &g->p->functions.v[line->function];
    bool object = g->o.object_names || f->name.len == 0;
    bool plain = !object && l->address == 0 && line->line == 0 && line->column == 0;
    if (plain && t->plain[line->function]) return t->plain[line->function];
    if (!t->name_of[line->function]) {
        t->name_of[line->function] = text_number(g, f->name);
        t->file_of[line->function] =
            text_number(g, f->file.len ? clean_path(g->arena, f->file) : f->file);
    }
    uint64_t key = (uint64_t)t->name_of[line->function] << 32 | t->file_of[line->function];
    NodeInfo info = {.name = f->name,
                     .file = g->strings.entries.v[t->file_of[line->function] - 1].key,
                     .address = l->address,
                     .line = line->line,
                     .column = line->column};
    if (object) {
        info.object = object_of(g->p, l);
        info.start_line = f->start_line;
    }
    uint32_t at = find_node(t, info, key);
    if (plain) t->plain[line->function] = at;
    return at;
}

Graph graph_new(Arena *a, const Profile *p, GraphOptions o) {
    Graph g = {.arena = a, .p = p, .o = o, .strings = strmap_new(a)};
    (void)vec_add(a, &g.nodes);
    Arena *scratch = arena_new("graph table");
    Table t = {.g = &g,
               .by_info = index_new(scratch),
               .name_of = NEW_ARRAY(scratch, uint32_t, p->functions.len),
               .file_of = NEW_ARRAY(scratch, uint32_t, p->functions.len),
               .plain = NEW_ARRAY(scratch, uint32_t, p->functions.len)};
    vec_push(a, &t.keys, 0);
    g.line_node = NEW_ARRAY(a, uint32_t, p->lines.len + 1);
    g.bare_node = NEW_ARRAY(a, uint32_t, p->locations.len);
    uint32_t none = text_number(&g, STR(""));
    for (uint32_t i = 1; i < p->locations.len; i++) {
        const ProfileLocation *l = &p->locations.v[i];
        for (uint32_t k = 0; k < l->line_count; k++) {
            uint32_t at = line_node(&t, l, &p->lines.v[l->first_line + k]);
            g.line_node[l->first_line + k] = at;
            if (k + 1 < l->line_count) g.nodes.v[at].inlined = true;
        }
        if (l->line_count) continue;
        NodeInfo bare = {.address = l->address, .object = object_of(p, l)};
        g.bare_node[i] = find_node(&t, bare, (uint64_t)none << 32 | none);
    }
    arena_free(scratch);
    return g;
}

int64_t graph_flat(const GraphNode *n) { return n->flat_div ? n->flat / n->flat_div : n->flat; }
int64_t graph_cum(const GraphNode *n) { return n->cum_div ? n->cum / n->cum_div : n->cum; }
int64_t graph_weight(const GraphEdge *e) {
    return e->weight_div ? e->weight / e->weight_div : e->weight;
}

static int64_t add(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }

// ---- a fold's plan: per location, the nodes to count, outermost first

enum {
    FRAME_INLINED = 1u << 31,   // in front of a node number: it was inlined into the one before
    FRAME_SOMETIMES = 1u << 30, // the node is inlined somewhere
    FRAME_NODE = FRAME_SOMETIMES - 1,
    FRAME_SEVERAL = 1u << 31 // in Plan.one, where nothing is inlined
};

typedef struct Plan {
    uint32_t *one;    // by location: its only frame, or FRAME_SEVERAL
    uint32_t *first;  // by location: its frames are frames[first[l] .. first[l+1])
    uint32_t *frames; // node, 0: not kept
} Plan;

typedef struct Frames {
    const uint32_t *at, *end;
} Frames;

// Most locations have one frame: it is found at once.
static inline Frames frames_of(const Plan *plan, uint32_t l) {
    const uint32_t *one = &plan->one[l];
    if (LIKELY(!(*one & FRAME_SEVERAL))) return (Frames){one, one + 1};
    return (Frames){plan->frames + plan->first[l], plan->frames + plan->first[l + 1]};
}

// Locations of which nothing is kept keep one 0, so that the gap is seen.
static Plan make_plan(const Graph *g, Arena *a) {
    const Profile *p = g->p;
    Plan plan = {NEW_ARRAY(a, uint32_t, p->locations.len),
                 NEW_ARRAY(a, uint32_t, p->locations.len + 1),
                 NEW_ARRAY(a, uint32_t, p->lines.len + p->locations.len)};
    plan.one[0] = FRAME_SEVERAL; // of no frames
    uint32_t at = 0;
    for (uint32_t i = 1; i < p->locations.len; i++) {
        const ProfileLocation *l = &p->locations.v[i];
        plan.first[i] = at;
        if (g->bare_node[i]) {
            uint32_t n = g->bare_node[i];
            if (g->kept && !bitset_has(g->kept, n)) n = 0;
            // A nameless function that is inlined somewhere is the same node.
            if (n && g->nodes.v[n].inlined) n |= FRAME_SOMETIMES;
            plan.frames[at++] = n;
        }
        for (uint32_t k = l->line_count; k > 0; k--) {
            uint32_t n = g->line_node[l->first_line + k - 1];
            if (g->kept && !bitset_has(g->kept, n)) n = 0;
            if (n && g->nodes.v[n].inlined) n |= FRAME_SOMETIMES;
            plan.frames[at++] = n && k < l->line_count ? n | FRAME_INLINED : n;
        }
        plan.first[i + 1] = at;
        plan.one[i] = at - plan.first[i] == 1 ? plan.frames[at - 1] : FRAME_SEVERAL;
    }
    return plan;
}

typedef struct Fold {
    Graph *g;
    Plan plan;
    Cursor c;
    int64_t w, dw;
    GraphEdges edges;
    uint32_t *last_parent, *last_edge; // by node: the edge used last, which is most often the next
    // Tags of the current sample.
    U32Vec sample_tags;          // numbers of what; see tags_of
    VEC(int64_t) sample_numbers; // the number each stands for in this sample
    StrMap tag_names;
    uint32_t labels;
    uint32_t hit;  // the next of the graph's hits
    bool too_many; // to remember
} Fold;

// A small direct table in front of the edge index would be no faster: a node's last caller repeats.
static uint32_t edge_of(Fold *f, uint32_t src, uint32_t dest) {
    Graph *g = f->g;
    if (!g->o.call_tree && f->last_parent[dest] == src) return f->last_edge[dest];
    uint64_t h = hash_mix(src, dest);
    uint32_t at = 0;
    for (IndexIter it = index_find(&g->edge_index, h); it.id; index_next(&it))
        if (g->edges.v[it.id].src == src && g->edges.v[it.id].dest == dest) {
            at = it.id;
            break;
        }
    if (!at) {
        GraphEdge *e = vec_add(g->arena, &g->edges);
        at = g->edges.len - 1;
        *e = (GraphEdge){.src = src, .dest = dest, .inlined = true};
        e->next_in = g->nodes.v[dest].in;
        e->next_out = g->nodes.v[src].out;
        g->nodes.v[dest].in = g->nodes.v[src].out = at;
        index_add(&g->edge_index, h, at);
    }
    if (!g->o.call_tree) {
        f->last_parent[dest] = src;
        f->last_edge[dest] = at;
    }
    return at;
}

static void add_edge(Fold *f, uint32_t src, uint32_t dest, bool residual, bool inlined) {
    uint32_t at = edge_of(f, src, dest); // may move the edges
    GraphEdge *e = &f->g->edges.v[at];
    if (e->stamp == f->c.number) return;
    e->stamp = f->c.number;
    e->weight = add(e->weight, f->w);
    e->weight_div = add(e->weight_div, f->dw);
    e->residual |= residual;
    e->inlined &= inlined;
}

// ---- tags

// A tag of a node: filed under node, label set and text.
static void add_tag(Fold *f, uint32_t node, uint32_t i, bool flat) {
    Graph *g = f->g;
    uint32_t what = f->sample_tags.v[i];
    uint64_t h = hash_mix((uint64_t)node << 32 | what, f->labels);
    GraphTag *tag = NULL;
    for (IndexIter it = index_find(&g->tag_index, h); it.id && !tag; index_next(&it)) {
        const uint32_t *id = &f->g->tag_ids.v[(size_t)it.id * 3];
        if (id[0] == node && id[1] == what && id[2] == f->labels) tag = &g->tags.v[it.id];
    }
    if (!tag) {
        tag = vec_add(g->arena, &g->tags);
        uint32_t at = g->tags.len - 1;
        *tag = g->tag_kinds.v[what];
        tag->value = f->sample_numbers.v[i]; // numbers written alike share a tag: the first counts
        tag->labels = f->labels;
        tag->next = g->nodes.v[node].tags;
        g->nodes.v[node].tags = at;
        index_add(&g->tag_index, h, at);
        vec_push(g->arena, &g->tag_ids, node);
        vec_push(g->arena, &g->tag_ids, what);
        vec_push(g->arena, &g->tag_ids, f->labels);
    }
    int64_t *value = flat ? &tag->flat : &tag->cum, *div = flat ? &tag->flat_div : &tag->cum_div;
    *value = add(*value, f->w);
    *div = add(*div, f->dw);
}

static uint32_t tag_kind(Fold *f, Str key, GraphTag kind) {
    uint32_t *at = strmap_put(&f->tag_names, key);
    if (!*at) {
        vec_push(f->g->arena, &f->g->tag_kinds, kind);
        *at = f->g->tag_kinds.len; // + 1
    }
    return *at - 1;
}

static int by_text(const void *x, const void *y) {
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

// "key:text" of all text labels, sorted, joined with a backslash and an n.
static Str joined_labels(Fold *f) {
    StrVec parts = {0};
    Arena *a = f->g->arena;
    for (uint32_t i = 0; i < f->c.labels.len; i++) {
        const ProfileLabel *l = &f->c.labels.v[i];
        if (l->numeric || str_eq(l->key, STR("pprof::base"))) continue;
        vec_push(a, &parts, str_join3(a, l->key, STR(":"), l->text));
    }
    if (parts.len > 1) qsort(parts.v, parts.len, sizeof *parts.v, by_text);
    return strvec_join(a, &parts, STR("\\n"));
}

// Finds what the sample's labels add to each of its nodes: the label set, and numbers under
// "bytes".
static void tags_of(Fold *f) {
    Graph *g = f->g;
    f->sample_tags.len = f->sample_numbers.len = 0;
    f->labels = 0;
    if (!f->c.label && !g->p->all_key.len) return;
    cursor_labels(&f->c);
    Str labels = joined_labels(f);
    if (labels.len) {
        Str key = str_join2(g->arena, STR("L"), labels);
        f->labels = tag_kind(f, key, (GraphTag){.name = labels}) + 1;
        vec_push(g->arena, &f->sample_tags, f->labels - 1);
        vec_push(g->arena, &f->sample_numbers, 0);
    }
    for (uint32_t i = 0; i < f->c.labels.len; i++) {
        const ProfileLabel *l = &f->c.labels.v[i];
        if (!l->numeric || !str_eq(l->key, STR("bytes"))) continue;
        Str name = measure_label(g->arena, l->number, g->o.bytes_unit, g->o.tag_unit);
        GraphTag kind = {
            .name = name, .unit = g->o.bytes_unit, .value = l->number, .numeric = true};
        vec_push(g->arena, &f->sample_numbers, l->number);
        vec_push(g->arena, &f->sample_tags, tag_kind(f, str_join2(g->arena, STR("N"), name), kind));
    }
}

static void add_tags(Fold *f, uint32_t node, bool flat) {
    for (uint32_t i = 0; i < f->sample_tags.len; i++) add_tag(f, node, i, flat);
}

// ---- folds

// Few samples may count (3 % of a heap profile's are in use): the first fold remembers which, the
// later ones visit no others.
static void note_hit(Fold *f) {
    Graph *g = f->g;
    if (g->hits_known || f->too_many || f->c.marked) return;
    bool no_room = g->p->release.call && g->hits.len > 100000; // memory is what is short
    if (no_room || g->hits.len > g->p->sample_count / 8) {
        f->too_many = true;
        g->hits.len = 0;
        return;
    }
    vec_push(g->arena, &g->hits, cursor_mark(&f->c));
}

static bool next_sample(Fold *f) {
    if (!f->g->hits_known) return cursor_next(&f->c);
    if (f->hit == f->g->hits.len) return false;
    cursor_return(&f->c, f->g->hits.v[f->hit++]);
    return cursor_next(&f->c);
}

// False: the sample adds nothing.
static bool weigh(Fold *f) {
    const GraphOptions *o = &f->g->o;
    f->w = f->c.values[o->value];
    f->dw = o->divisor >= 0 ? f->c.values[o->divisor] : 0;
    if (f->w == 0 && f->dw == 0) return false;
    note_hit(f);
    f->g->sum = add(f->g->sum, graph_abs(f->w));
    f->g->sum_div = add(f->g->sum_div, f->dw);
    return true;
}

// ---- walks along paths

// Samples that follow each other mostly share their callers. A frame stands on the walk's path as
// long as samples have it there, and what they weigh is added up where it stands; when it leaves,
// that goes to its node or edge, and to the frame in front of it. Frames that are not kept are not
// on the path. The loops have as few branches as can be: how many frames a location has and which
// are kept cannot be foreseen.
typedef struct Pair {
    uint32_t outer, inner; // the frames of a location that are kept; 0: none
} Pair;

enum { PAIR_SEVERAL = UINT32_MAX }; // in outer: more than two, see the plan

typedef struct Walk {
    Fold *f;
    Arena *arena;
    Path path;
    Pair *pairs;      // by location
    uint32_t *tops;   // by location of the path: frames up to it
    uint32_t *frames; // of the path, from 1: as in the plan
    uint32_t *to;     // what each adds to when it leaves
    int64_t *w, *dw;
    uint32_t top, room;
} Walk;

static Pair pair_of(const Plan *plan, uint32_t location) {
    Pair pair = {0, 0};
    Frames x = frames_of(plan, location);
    for (; x.at < x.end; x.at++) {
        if (!(*x.at & FRAME_NODE)) continue;
        if (pair.inner) return (Pair){PAIR_SEVERAL, 0};
        if (pair.outer)
            pair.inner = *x.at;
        else
            pair.outer = *x.at;
    }
    return pair;
}

// Makes room for as many frames more, and the two that a pair writes.
static void walk_room(Walk *w, size_t more) {
    size_t want = (size_t)w->top + more + 3;
    if (LIKELY(want <= w->room)) return;
    if (want > UINT32_MAX / 2) base_out_of("memory", want);
    uint32_t room = (uint32_t)want * 2;
#define MOVE(xs)                                                                                   \
    do {                                                                                           \
        void *moved = arena_push(w->arena, room, sizeof *(xs), 8);                                 \
        if (w->room) memcpy(moved, (xs), w->room * sizeof *(xs));                                  \
        (xs) = moved;                                                                              \
    } while (0)
    MOVE(w->frames);
    MOVE(w->to);
    MOVE(w->w);
    MOVE(w->dw);
#undef MOVE
    w->room = room;
}

static Walk walk_new(Fold *f, Arena *scratch) {
    const Profile *p = f->g->p;
    Walk w = {.f = f, .arena = scratch, .path = path_new(p, scratch)};
    w.tops = NEW_ARRAY(scratch, uint32_t, (size_t)p->max_depth + 1);
    w.pairs = NEW_ARRAY(scratch, Pair, p->locations.len);
    for (uint32_t i = 1; i < p->locations.len; i++) w.pairs[i] = pair_of(&f->plan, i);
    walk_room(&w, 64);
    return w;
}

// The next sample that counts. *top: frames of the path it shares; what is above has to leave.
static inline bool walk_next(Walk *w, uint32_t *top) {
    *top = 0;
    do {
        if (!next_sample(w->f)) return false;
    } while (!weigh(w->f));
    cursor_path(&w->f->c, &w->path);
    if (w->path.shared) *top = w->tops[w->path.shared - 1];
    return true;
}

static void enter_several(Walk *w, uint32_t location) {
    Frames x = frames_of(&w->f->plan, location);
    walk_room(w, (size_t)(x.end - x.at));
    for (; x.at < x.end; x.at++)
        if (*x.at & FRAME_NODE) w->frames[++w->top] = *x.at;
}

// Puts the sample's frames on the path; what they add to is the caller's.
static inline void walk_enter(Walk *w) {
    uint32_t depth = w->path.depth;
    walk_room(w, (size_t)(depth - w->path.shared) * 2);
    uint32_t top = w->top;
    for (uint32_t d = w->path.shared; d < depth; d++) {
        Pair pair = w->pairs[w->path.locations[d]];
        if (UNLIKELY(pair.outer == PAIR_SEVERAL)) {
            w->top = top;
            enter_several(w, w->path.locations[d]);
            walk_room(w, (size_t)(depth - d) * 2);
            top = w->top;
        } else {
            w->frames[top + 1] = pair.outer;
            w->frames[top + 2] = pair.inner;
            top += (pair.outer != 0) + (uint32_t)(pair.inner != 0);
        }
        w->tops[d] = top;
    }
    w->top = top;
}

// Only flat and cum: what the first look at a profile needs.
typedef struct NodeWalk {
    Walk walk;
    int64_t *cum, *div;
    bool *on_path; // by node
} NodeWalk;

static void leave_nodes(NodeWalk *n, uint32_t down_to) {
    Walk *w = &n->walk;
    uint32_t top = w->top;
    bool divide = w->f->g->o.divisor >= 0;
    for (; top > down_to; top--) {
        uint32_t node = w->to[top];
        n->on_path[node] = false;
        n->cum[node] = add(n->cum[node], w->w[top]);
        w->w[top - 1] = add(w->w[top - 1], w->w[top]);
        if (!divide) continue;
        n->div[node] = add(n->div[node], w->dw[top]);
        w->dw[top - 1] = add(w->dw[top - 1], w->dw[top]);
    }
    w->top = top;
}

// A node that is on the path already counts there: this frame adds to node 0, which is no node.
static void enter_nodes(NodeWalk *n) {
    Walk *w = &n->walk;
    uint32_t before = w->top;
    walk_enter(w);
    for (uint32_t i = before + 1; i <= w->top; i++) {
        uint32_t node = w->frames[i] & FRAME_NODE;
        w->to[i] = n->on_path[node] ? 0 : node;
        n->on_path[node] = true;
        w->w[i] = w->dw[i] = 0;
    }
    w->w[w->top] = add(w->w[w->top], w->f->w);
    w->dw[w->top] = add(w->dw[w->top], w->f->dw);
}

// The table of nodes would not stay in the cache: what is counted has arrays of its own.
static void fold_nodes(Fold *f, Arena *scratch) {
    GraphNode *nodes = f->g->nodes.v;
    uint32_t node_count = f->g->nodes.len, top;
    ASSERT(!f->g->kept); // else the innermost frame on the path need not be the sample's
    NodeWalk n = {walk_new(f, scratch), NEW_ARRAY(scratch, int64_t, node_count),
                  NEW_ARRAY(scratch, int64_t, node_count), NEW_ARRAY(scratch, bool, node_count)};
    int64_t *flat = NEW_ARRAY(scratch, int64_t, node_count);
    int64_t *flat_div = NEW_ARRAY(scratch, int64_t, node_count);
    n.walk.frames[0] = 0;
    while (walk_next(&n.walk, &top)) {
        leave_nodes(&n, top);
        enter_nodes(&n);
        uint32_t leaf = n.walk.frames[n.walk.top] & FRAME_NODE;
        flat[leaf] = add(flat[leaf], f->w);
        if (f->dw) flat_div[leaf] = add(flat_div[leaf], f->dw);
    }
    leave_nodes(&n, 0);
    for (uint32_t i = 0; i < node_count; i++) {
        nodes[i].flat = flat[i];
        nodes[i].flat_div = flat_div[i];
        nodes[i].cum = n.cum[i];
        nodes[i].cum_div = n.div[i];
    }
}

// Edges may be millions where a few weigh enough to be kept. A sketch files the absolute weights of
// all under a few hash values, in units of which `SKETCH_ENOUGH` make the weight an edge must have;
// each weight is rounded up, so no edge weighs more than its place in the sketch. Small numbers
// keep it in the cache.
typedef struct Sketch {
    uint16_t *sums;   // filled by the first walk; the last place is of what is no edge
    Bitset full;      // places that reached enough: all the second walk asks for
    double per_value; // units
    uint32_t bits;
} Sketch;

enum { SKETCH_ENOUGH = 32000 };

// A larger sketch lets fewer edges pass, but no longer stays in the cache.
enum { SKETCH_BITS = 17, SKETCH_BITS_LOW_MEM = 20 };

static inline uint32_t sketch_place(const Sketch *s, uint32_t src, uint32_t dest) {
    return (src * 0x9e3779b1u ^ dest * 0x85ebca77u) >> (32 - s->bits);
}

static int64_t sketch_units(const Sketch *s, int64_t weight) {
    double units = ceil(fabs((double)weight) * s->per_value);
    return units < SKETCH_ENOUGH ? (int64_t)units : SKETCH_ENOUGH;
}

// Calls of functions that are inlined somewhere: nodes were counted by fold_nodes.
static inline bool is_wanted(uint32_t parent, uint32_t frame) {
    return ((frame & FRAME_SOMETIMES) != 0) & (parent != 0) & (parent != (frame & FRAME_NODE));
}

static void leave_sketch(Walk *w, Sketch *s, uint32_t down_to) {
    uint32_t top = w->top;
    for (; top > down_to; top--) {
        uint64_t sum = s->sums[w->to[top]] + (uint64_t)w->w[top];
        s->sums[w->to[top]] = (uint16_t)MIN(sum, (uint64_t)UINT16_MAX);
        w->w[top - 1] += w->w[top];
    }
    w->top = top;
}

// Fills the sketch.
static void walk_sketch(Fold *f, Sketch *s, Arena *scratch) {
    Walk w = walk_new(f, scratch);
    uint32_t top, nowhere = 1u << s->bits;
    while (walk_next(&w, &top)) {
        leave_sketch(&w, s, top);
        walk_enter(&w);
        uint32_t parent = w.frames[top] & FRAME_NODE;
        for (uint32_t i = top + 1; i <= w.top; i++) {
            uint32_t frame = w.frames[i], node = frame & FRAME_NODE;
            uint32_t place = sketch_place(s, parent, node);
            w.to[i] = is_wanted(parent, frame) ? place : nowhere;
            w.w[i] = 0;
            parent = node;
        }
        w.w[w.top] += sketch_units(s, f->w);
    }
    leave_sketch(&w, s, 0);
}

static void leave_edges(Walk *w, uint32_t down_to) {
    uint32_t top = w->top;
    for (; top > down_to; top--) {
        w->w[top - 1] = add(w->w[top - 1], w->w[top]);
        w->dw[top - 1] = add(w->dw[top - 1], w->dw[top]);
        if (!w->to[top]) continue;
        GraphEdge *e = &w->f->g->edges.v[w->to[top]];
        e->weight = add(e->weight, w->w[top]);
        e->weight_div = add(e->weight_div, w->dw[top]);
        e->stamp = 0;
    }
    w->top = top;
}

// The edge on the path, unless it is there further out already: 0 then.
static uint32_t enter_edge(Fold *f, uint32_t src, uint32_t frame) {
    uint32_t at = edge_of(f, src, frame & FRAME_NODE);
    GraphEdge *e = &f->g->edges.v[at];
    if (e->stamp) return 0;
    e->stamp = 1;
    e->inlined &= (frame & FRAME_INLINED) != 0;
    return at;
}

// The edges the sketch lets pass; without one all.
static void walk_inline_edges(Fold *f, const Sketch *s, Arena *scratch) {
    Walk w = walk_new(f, scratch);
    uint32_t top;
    while (walk_next(&w, &top)) {
        leave_edges(&w, top);
        walk_enter(&w);
        uint32_t parent = w.frames[top] & FRAME_NODE;
        for (uint32_t i = top + 1; i <= w.top; i++) {
            uint32_t frame = w.frames[i], node = frame & FRAME_NODE;
            bool wanted = is_wanted(parent, frame);
            if (s) wanted &= bitset_has(&s->full, sketch_place(s, parent, node));
            w.to[i] = wanted ? enter_edge(f, parent, frame) : 0;
            w.w[i] = w.dw[i] = 0;
            parent = node;
        }
        w.w[w.top] = add(w.w[w.top], f->w);
        w.dw[w.top] = add(w.dw[w.top], f->dw);
    }
    leave_edges(&w, 0);
}

// False: no edge weighs enough.
static bool fill_sketch(Fold *f, Sketch *s, Arena *scratch) {
    uint32_t places = 1u << s->bits;
    bool any = false;
    s->sums = NEW_ARRAY(scratch, uint16_t, places + 1);
    s->full = bitset_new(scratch, places);
    walk_sketch(f, s, scratch);
    for (uint32_t i = 0; i < places; i++) {
        if (s->sums[i] < SKETCH_ENOUGH) continue;
        bitset_add(&s->full, i);
        any = true;
    }
    return any;
}

static void fold_inline_edges(Fold *f, int64_t cutoff, Arena *scratch) {
    if (cutoff <= 0) {
        walk_inline_edges(f, NULL, scratch);
        return;
    }
    Cursor start = f->c;
    // A little more than enough units for the cutoff: the product is rounded.
    Sketch sketch = {.bits = f->g->p->release.call ? SKETCH_BITS_LOW_MEM : SKETCH_BITS,
                     .per_value = SKETCH_ENOUGH * 1.001 / (double)cutoff};
    if (!fill_sketch(f, &sketch, scratch)) return;
    f->c = start;
    f->hit = 0;
    f->g->hits_known = !f->too_many && !f->c.marked;
    f->g->sum = f->g->sum_div = 0;
    walk_inline_edges(f, &sketch, scratch);
}

static void fold_all(Fold *f) {
    Graph *g = f->g;
    Cursor *c = &f->c;
    while (next_sample(f)) {
        if (!weigh(f)) continue;
        cursor_stack(c);
        if (g->o.tags) tags_of(f);
        uint32_t parent = 0;
        bool residual = false;
        for (uint32_t i = c->depth; i-- > 0;) {
            Frames x = frames_of(&f->plan, c->locations[i]);
            for (; x.at < x.end; x.at++) {
                uint32_t at = *x.at & FRAME_NODE;
                if (!at) {
                    residual = true;
                    continue;
                }
                GraphNode *n = &g->nodes.v[at];
                if (n->stamp != c->number) {
                    n->stamp = c->number;
                    n->cum = add(n->cum, f->w);
                    n->cum_div = add(n->cum_div, f->dw);
                    if (g->o.tags) add_tags(f, at, false);
                }
                if (parent && parent != at)
                    add_edge(f, parent, at, residual, (*x.at & FRAME_INLINED) != 0);
                parent = at;
                residual = false;
            }
        }
        if (!parent || residual) continue;
        GraphNode *n = &g->nodes.v[parent];
        n->flat = add(n->flat, f->w);
        n->flat_div = add(n->flat_div, f->dw);
        if (g->o.tags) add_tags(f, parent, true);
    }
}

// ---- call trees: a node for every path

static uint32_t tree_node(Graph *g, uint32_t parent, uint32_t base) {
    uint64_t h = hash_mix(parent, (uint64_t)base << 1 | 1);
    for (IndexIter it = index_find(&g->tree_index, h); it.id; index_next(&it))
        if (g->nodes.v[it.id].base == base && g->nodes.v[it.id].in_parent == parent) return it.id;
    GraphNode n = {.info = g->nodes.v[base].info, .base = base, .in_parent = parent};
    n.function = g->nodes.v[base].function;
    vec_push(g->arena, &g->nodes, n);
    index_add(&g->tree_index, h, g->nodes.len - 1);
    return g->nodes.len - 1;
}

static void fold_tree(Fold *f) {
    Graph *g = f->g;
    Cursor *c = &f->c;
    while (next_sample(f)) {
        if (!weigh(f)) continue;
        cursor_stack(c);
        if (g->o.tags) tags_of(f);
        uint32_t parent = 0;
        for (uint32_t i = c->depth; i-- > 0;) {
            Frames x = frames_of(&f->plan, c->locations[i]);
            for (; x.at < x.end; x.at++) {
                uint32_t at = tree_node(g, parent, *x.at & FRAME_NODE);
                GraphNode *n = &g->nodes.v[at];
                n->cum = add(n->cum, f->w);
                n->cum_div = add(n->cum_div, f->dw);
                if (g->o.tags) add_tags(f, at, false);
                if (parent) add_edge(f, parent, at, false, (*x.at & FRAME_INLINED) != 0);
                parent = at;
            }
        }
        if (!parent) continue;
        GraphNode *n = &g->nodes.v[parent];
        n->flat = add(n->flat, f->w);
        n->flat_div = add(n->flat_div, f->dw);
        if (g->o.tags) add_tags(f, parent, true);
    }
}

// ---- one fold

static void forget(Graph *g, bool nodes, Arena *a) {
    for (uint32_t i = 0; i < g->nodes.len; i++) {
        GraphNode *n = &g->nodes.v[i];
        n->in = n->out = n->tags = 0;
        n->stamp = 0;
        if (nodes) n->flat = n->flat_div = n->cum = n->cum_div = 0;
    }
    g->edges.len = g->tags.len = g->tag_ids.len = g->tag_kinds.len = 0;
    (void)vec_add(a, &g->edges);
    (void)vec_add(a, &g->tags);
    for (int i = 0; i < 3; i++) vec_push(a, &g->tag_ids, 0);
    g->edge_index = index_new(a);
    g->tag_index = index_new(a);
    g->tree_index = index_new(a);
}

static bool dropped_as_negative(const GraphNode *n) {
    return n->flat < 0 || (n->flat == 0 && n->cum < 0);
}

static void list_nodes(Graph *g, uint32_t from) {
    g->order.len = 0;
    for (uint32_t i = from; i < g->nodes.len; i++) {
        const GraphNode *n = &g->nodes.v[i];
        if (n->cum == 0 && n->flat == 0) continue;
        if (g->kept && !bitset_has(g->kept, i)) continue;
        if (g->o.drop_negative && dropped_as_negative(n)) continue;
        vec_push(g->arena, &g->order, i);
    }
}

void graph_fold(Graph *g, const Bitset *kept, GraphEdges edges) {
    Arena *scratch = arena_new("fold");
    g->kept = kept;
    g->sum = g->sum_div = 0;
    bool count = edges != GRAPH_INLINE_EDGES;
    forget(g, count, g->arena);
    uint32_t table = g->nodes.len;
    Fold f = {
        .g = g, .plan = make_plan(g, scratch), .edges = edges, .tag_names = strmap_new(scratch)};
    f.c = cursor_new(g->p, scratch);
    if (g->o.divisor < 0) cursor_only(&f.c, (uint32_t)g->o.value);
    f.last_parent = NEW_ARRAY(scratch, uint32_t, g->o.call_tree ? 1 : table);
    f.last_edge = NEW_ARRAY(scratch, uint32_t, g->o.call_tree ? 1 : table);
    if (g->o.call_tree)
        fold_tree(&f);
    else if (edges == GRAPH_ALL_EDGES)
        fold_all(&f);
    else if (edges == GRAPH_INLINE_EDGES)
        fold_inline_edges(&f, g->edge_cutoff, scratch);
    else
        fold_nodes(&f, scratch);
    g->hits_known = !f.too_many && !f.c.marked;
    // Node 0 gathers what is not kept.
    g->nodes.v[0].flat = g->nodes.v[0].cum = g->nodes.v[0].flat_div = g->nodes.v[0].cum_div = 0;
    list_nodes(g, g->o.call_tree ? table : 1);
    arena_free(scratch);
}
