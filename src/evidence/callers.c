// How many functions reach a function: the weight of a place when there is no profile. Calls are
// known by name: those of methods by the type a parameter or the receiver declares, else by the
// method's name alone as long as no more than MOST_METHODS have it. So the count is a lower bound
// for calls through interfaces and of methods called Close or Write, and close for the rest.
#include "evidence/evidence_internal.h"

typedef struct Edge {
    uint32_t from, to;
    uint32_t next; // of those with the same to: place + 1
} Edge;

typedef struct Graph {
    Arena *arena;
    const Sources *s;
    StrMap named;      // "path.name" or ".method" -> place + 1 of its newest function
    uint32_t *same;    // per function: the next of the same name
    uint32_t *callers; // per function: first edge + 1
    VEC(Edge) edges;
    Index seen; // (from, to) pairs
} Graph;

enum { MOST_METHODS = 2 };

static Str key_of(Arena *a, Str package, Str name) { return str_join3(a, package, STR("."), name); }

static Str method_key(Arena *a, Str package, Str type, Str name) {
    return key_of(a, key_of(a, package, type), name);
}

static void add_names(Graph *g) {
    for (uint32_t i = 0; i < g->s->funcs.len; i++) {
        const SourceFunc *f = &g->s->funcs.v[i];
        Str package = f->method ? STR("") : g->s->engine->packages.v[f->package].path;
        uint32_t *place = strmap_put(&g->named, key_of(g->arena, package, f->bare));
        g->same[i] = *place;
        *place = i + 1;
        if (!f->method) continue;
        Str path = g->s->engine->packages.v[f->package].path;
        *strmap_put(&g->named, method_key(g->arena, path, f->type, f->bare)) = i + 1;
    }
}

static void add_edge(Graph *g, uint32_t from, uint32_t to) {
    uint64_t hash = hash_mix(from, to);
    for (IndexIter it = index_find(&g->seen, hash); it.id; index_next(&it))
        if (g->edges.v[it.id - 1].from == from && g->edges.v[it.id - 1].to == to) return;
    Edge edge = {from, to, g->callers[to]};
    vec_push(g->arena, &g->edges, edge);
    g->callers[to] = g->edges.len;
    index_add(&g->seen, hash, g->edges.len);
}

static uint32_t lookup(const Graph *g, Str key) {
    const uint32_t *place = strmap_get(&g->named, key);
    return place ? *place : 0;
}

static void add_call(Graph *g, const SourceCall *c, Arena *scratch) {
    if (c->type.len) {
        uint32_t exact = lookup(g, method_key(scratch, c->package, c->type, c->name));
        if (exact) {
            if (exact != c->from) add_edge(g, c->from - 1, exact - 1);
            return;
        }
    }
    // A field's method, or one that an embedded type brings: by its name alone.
    bool method = c->type.len || !c->package.len;
    uint32_t first = lookup(g, key_of(scratch, method ? STR("") : c->package, c->name)), count = 0;
    for (uint32_t id = first; id; id = g->same[id - 1]) count++;
    if (method && count > MOST_METHODS) return;
    for (uint32_t id = first; id; id = g->same[id - 1])
        if (id != c->from) add_edge(g, c->from - 1, id - 1);
}

static void add_calls(Graph *g) {
    Arena *scratch = arena_new("call names");
    for (uint32_t i = 0; i < g->s->calls.len; i++) {
        if (!g->s->calls.v[i].from) continue;
        ArenaMark mark = arena_mark(scratch);
        add_call(g, &g->s->calls.v[i], scratch);
        arena_pop_to(mark);
    }
    arena_free(scratch);
}

// Counts what reaches f, breadth first; round marks what this search has met.
static uint32_t count_callers(const Graph *g, uint32_t f, uint32_t *met, uint32_t *queue) {
    uint32_t head = 0, tail = 0, round = f + 1;
    queue[tail++] = f;
    met[f] = round;
    while (head < tail) {
        for (uint32_t e = g->callers[queue[head++]]; e; e = g->edges.v[e - 1].next) {
            uint32_t from = g->edges.v[e - 1].from;
            if (met[from] == round) continue;
            met[from] = round;
            queue[tail++] = from;
        }
    }
    return tail - 1;
}

void callers_count(Sources *s) {
    uint32_t count = s->funcs.len;
    Graph g = {.arena = arena_new("call graph"), .s = s};
    g.named = strmap_new(g.arena);
    g.seen = index_new(g.arena);
    g.same = NEW_ARRAY(g.arena, uint32_t, count + 1);
    g.callers = NEW_ARRAY(g.arena, uint32_t, count + 1);
    uint32_t *met = NEW_ARRAY(g.arena, uint32_t, count + 1);
    uint32_t *queue = NEW_ARRAY(g.arena, uint32_t, count + 1);
    bool *wanted = NEW_ARRAY(g.arena, bool, count + 1);
    add_names(&g);
    add_calls(&g);
    for (uint32_t i = 0; i < s->spots.len; i++) wanted[s->spots.v[i].func] = true;
    for (uint32_t i = 0; i < count; i++)
        if (wanted[i + 1]) s->funcs.v[i].callers = count_callers(&g, i, met, queue);
    arena_free(g.arena);
}
