// go/types/initorder.c: the order in which package-level variables are initialized, and cycles in
// it. Functions are taken out of the dependency graph: who uses one depends on all it uses.
#include "go/types/types_internal.h"

#include <stdlib.h>

typedef struct Node {
    Obj *obj;
    U32Vec pred, succ; // node numbers, each once
    uint32_t stamp;    // of the node whose edges lead here
    uint32_t heap_at, ndeps;
    bool gone;
} Node;

typedef struct Graph {
    Check *c;
    Arena *a;
    Node *nodes; // by obj->order
    uint32_t count, stamp;
    U32Vec heap;
} Graph;

// From node `from` on, edge knows where it leads already.
static void edges_from(Graph *g, uint32_t from) {
    const U32Vec *succ = &g->nodes[from].succ;
    g->stamp++;
    for (uint32_t i = 0; i < succ->len; i++) g->nodes[succ->v[i]].stamp = g->stamp;
}

static void edge(Graph *g, uint32_t from, uint32_t to) {
    if (g->nodes[to].stamp == g->stamp) return;
    g->nodes[to].stamp = g->stamp;
    vec_push(g->a, &g->nodes[from].succ, to);
    vec_push(g->a, &g->nodes[to].pred, from);
}

static bool in_graph(const Obj *o) {
    return o->kind == OBJ_CONST || o->kind == OBJ_VAR || o->kind == OBJ_FUNC;
}

static void build(Graph *g) {
    Check *c = g->c;
    g->count = c->objects.len;
    g->nodes = NEW_ARRAY(g->a, Node, g->count + 1);
    for (uint32_t i = 0; i < g->count; i++) {
        Obj *o = c->objects.v[i];
        g->nodes[i + 1].obj = o;
        edges_from(g, i + 1);
        for (uint32_t k = 0; in_graph(o) && k < o->decl->deps.len; k++)
            if (in_graph(o->decl->deps.v[k])) edge(g, i + 1, o->decl->deps.v[k]->order);
    }
}

static uint32_t live(const Graph *g, const U32Vec *list) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->len; i++) n += !g->nodes[list->v[i]].gone;
    return n;
}

typedef struct Cost {
    uint32_t node;
    uint64_t cost;
} Cost;

static int by_cost(const void *x, const void *y) {
    const Cost *a = x, *b = y;
    if (a->cost != b->cost) return a->cost < b->cost ? -1 : 1;
    return a->node < b->node ? -1 : 1;
}

static void take_out(Graph *g, uint32_t f) {
    Node *n = &g->nodes[f];
    n->gone = true;
    for (uint32_t i = 0; i < n->pred.len; i++) {
        uint32_t p = n->pred.v[i];
        if (p == f || g->nodes[p].gone) continue;
        edges_from(g, p);
        for (uint32_t k = 0; k < n->succ.len; k++) {
            uint32_t s = n->succ.v[k];
            if (s != f && !g->nodes[s].gone) edge(g, p, s);
        }
    }
}

static void take_out_functions(Graph *g) {
    VEC(Cost) funcs = {0};
    for (uint32_t i = 1; i <= g->count; i++) {
        const Node *n = &g->nodes[i];
        if (n->obj->kind == OBJ_FUNC)
            vec_push(g->a, &funcs, ((Cost){i, (uint64_t)n->pred.len * n->succ.len}));
    }
    if (funcs.len > 1) qsort(funcs.v, funcs.len, sizeof *funcs.v, by_cost); // cheapest first
    for (uint32_t i = 0; i < funcs.len; i++) take_out(g, funcs.v[i].node);
}

// ---- a heap: constants, then fewest dependencies, then source order

static bool before(const Graph *g, uint32_t x, uint32_t y) {
    const Node *a = &g->nodes[x], *b = &g->nodes[y];
    bool ac = a->obj->kind == OBJ_CONST, bc = b->obj->kind == OBJ_CONST;
    if (ac != bc) return ac;
    return a->ndeps < b->ndeps || (a->ndeps == b->ndeps && a->obj->order < b->obj->order);
}

static void place(Graph *g, uint32_t at, uint32_t n) {
    g->heap.v[at] = n;
    g->nodes[n].heap_at = at;
}

static void sift_up(Graph *g, uint32_t at) {
    uint32_t n = g->heap.v[at];
    while (at && before(g, n, g->heap.v[(at - 1) / 2])) {
        place(g, at, g->heap.v[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(g, at, n);
}

static void sift_down(Graph *g, uint32_t at) {
    uint32_t n = g->heap.v[at];
    for (;;) {
        uint32_t child = at * 2 + 1;
        if (child >= g->heap.len) break;
        if (child + 1 < g->heap.len && before(g, g->heap.v[child + 1], g->heap.v[child])) child++;
        if (!before(g, g->heap.v[child], n)) break;
        place(g, at, g->heap.v[child]);
        at = child;
    }
    place(g, at, n);
}

static uint32_t pop_first(Graph *g) {
    uint32_t first = g->heap.v[0], last = vec_pop(&g->heap);
    if (g->heap.len) {
        place(g, 0, last);
        sift_down(g, 0);
    }
    g->nodes[first].heap_at = UINT32_MAX;
    return first;
}

static void fill_heap(Graph *g) {
    for (uint32_t i = 1; i <= g->count; i++) {
        Node *n = &g->nodes[i];
        if (n->gone || !in_graph(n->obj)) continue;
        n->ndeps = live(g, &n->succ);
        vec_push(g->a, &g->heap, i);
        sift_up(g, g->heap.len - 1);
    }
}

// ---- cycles

static int by_order(const void *x, const void *y) {
    uint32_t a = (*(Obj *const *)x)->order, b = (*(Obj *const *)y)->order;
    return a < b ? -1 : a > b;
}

// The way from one object back to itself, last step first.
static bool find_path(Graph *g, const Obj *from, const Obj *to, uint8_t *seen, ObjVec *path) {
    if (seen[from->order]) return false;
    seen[from->order] = 1;
    uint32_t n = from->decl->deps.len;
    Obj **deps = NEW_ARRAY(g->a, Obj *, n + 1);
    for (uint32_t i = 0; i < n; i++) deps[i] = from->decl->deps.v[i];
    if (n > 1) qsort(deps, n, sizeof *deps, by_order);
    for (uint32_t i = 0; i < n; i++) {
        if (deps[i] == to || find_path(g, deps[i], to, seen, path)) {
            vec_push(g->a, path, deps[i]);
            return true;
        }
    }
    return false;
}

static void report(Check *c, const ObjVec *cycle) {
    Obj *o = cycle->v[0];
    if (cycle->len == 1) {
        check_error(c, o->pos, "initialization cycle: %N refers to itself", o->name);
        return;
    }
    ErrorBuilder e = error_begin(c);
    error_add(&e, o->pos, "initialization cycle for %N", o->name);
    for (uint32_t i = cycle->len; i > 0; i--) {
        Obj *next = cycle->v[i - 1];
        error_add(&e, o->pos, "%N refers to %N", o->name, next->name);
        o = next;
    }
    error_report(&e);
}

static void check_cycle(Graph *g, Obj *o) {
    ObjVec path = {0};
    if (find_path(g, o, o, NEW_ARRAY(g->a, uint8_t, g->count + 1), &path)) report(g->c, &path);
}

static void emit(Check *c, Obj *v) {
    DeclInfo *d = v->decl;
    if (v->kind != OBJ_VAR || !d->init || d->emitted) return;
    d->emitted = true;
    Initializer init = {d->lhs, d->init};
    if (!init.lhs.len) {
        NEW_LIST(c->arena, &init.lhs, 1);
        init.lhs.v[0] = v;
    }
    vec_push(c->arena, &c->info->init_order, init);
}

void init_order(Check *c) {
    Graph g = {.c = c, .a = arena_new_in(c->cfg->pool, "initialization order")};
    build(&g);
    take_out_functions(&g);
    fill_heap(&g);
    while (g.heap.len) {
        uint32_t at = pop_first(&g);
        Node *n = &g.nodes[at];
        if (n->ndeps) check_cycle(&g, n->obj);
        for (uint32_t i = 0; i < n->pred.len; i++) {
            Node *p = &g.nodes[n->pred.v[i]];
            if (p->gone || p->heap_at == UINT32_MAX || n->pred.v[i] == at) continue;
            p->ndeps--;
            sift_up(&g, p->heap_at);
        }
        emit(c, n->obj);
    }
    arena_free(g.a);
}
