// go/escape/solve.c: the fewest dereferences between all pairs of locations, and what follows.
//
// One walk a location, the heap and the two pseudo-locations first, then the newest; a location
// that gains an attribute is walked again. The order is the compiler's: explanations come from it.
#include "go/escape/escape_internal.h"

// A ring that has room for every location once.
typedef struct Queue {
    LocId *v;
    uint32_t mask, head, len;
} Queue;

static Queue queue_new(Arena *a, uint32_t room) {
    uint32_t size = 4;
    while (size < room) size *= 2;
    return (Queue){NEW_ARRAY(a, LocId, size), size - 1, 0, 0};
}
static inline void push_front(Queue *q, LocId l) {
    q->head = (q->head - 1) & q->mask;
    q->v[q->head] = l;
    q->len++;
}
static inline void push_back(Queue *q, LocId l) { q->v[(q->head + q->len++) & q->mask] = l; }
static inline LocId pop_front(Queue *q) {
    LocId l = q->v[q->head];
    q->head = (q->head + 1) & q->mask;
    q->len--;
    return l;
}

typedef struct Solver {
    Esc *e;
    Queue all;   // roots to walk from
    Queue one;   // of the walk under way
    Step *steps; // with explain: how each location reaches the root
} Solver;

// Whether c is a literal somewhere inside f.
static bool contains(const Func *f, const Func *c) {
    if (f == c || !c->oclosure) return false;
    for (const Func *p = c->closure_parent; p; p = p->closure_parent)
        if (p == f) return true;
    return false;
}

// Whether what is stored in l may live longer than other, were other on the stack.
static bool outlives(const Esc *e, LocId l, LocId other) {
    if (e->locs.v[l].attrs & ATTR_ESCAPES) return true;
    if (l == LOC_MUTATOR || l == LOC_CALLEE) return false;
    const LocInfo *x = &e->infos.v[l], *y = &e->infos.v[other];
    // Nobody knows what callers do with results; of a literal all of whose calls are known, though,
    // results that are its surroundings' own variables stay where they are.
    if (e->locs.v[l].result) return !contains(y->func, x->func) || x->func->closure_results_lost;
    if (x->func == y->func && x->loop_depth < y->loop_depth) return true;
    return contains(x->func, y->func);
}

static void enqueue(Solver *s, LocId l) {
    Loc *loc = &s->e->locs.v[l];
    if (loc->queued) return;
    loc->queued = true;
    if (loc->attrs & ATTR_ESCAPES)
        push_front(&s->all, l);
    else
        push_back(&s->all, l);
}

// A literal whose calls are no longer all known: its results flow anew.
static void lose_results(Solver *s, LocId root) {
    Node *n = s->e->infos.v[root].n;
    if (!n || n->op != IR_CLOSURE) return;
    Func *f = n->u.closure.func;
    if (f->closure_results_lost || !esc_in_batch(s->e, f)) return;
    f->closure_results_lost = true;
    for (uint32_t i = 0; i < f->nresults; i++)
        enqueue(s, esc_loc_of(s->e, f->dcl.v[f->nparams + i]));
}

// Records that parameter l leaks to root.
static void leak_to(Esc *e, LocId root, LocId l, int derefs) {
    LocInfo *param = &e->infos.v[l];
    const LocInfo *sink = &e->infos.v[root];
    if (!(e->locs.v[root].attrs & ATTR_ESCAPES) && e->locs.v[root].result &&
        sink->func == param->func && sink->result <= LEAK_RESULTS) {
        leaks_add(&param->leaks, LEAK_RESULT0 + (int)sink->result - 1, derefs);
        return;
    }
    leaks_add(&param->leaks, LEAK_HEAP, derefs);
}

static void visit_param(Solver *s, LocId root, LocId l, int derefs) {
    Esc *e = s->e;
    if (outlives(e, root, l)) {
        if (e->explain && !(e->locs.v[l].attrs & ATTR_ESCAPES)) {
            esc_explain_leak(e, root, l, derefs);
            esc_explain_path(e, s->steps, root, l);
            esc_log_leak(e, root, l, derefs);
        }
        leak_to(e, root, l, derefs);
    }
    uint8_t attrs = e->locs.v[root].attrs;
    if (attrs & ATTR_MUTATES) leaks_add(&e->infos.v[l].leaks, LEAK_MUTATOR, derefs);
    if (attrs & ATTR_CALLS) leaks_add(&e->infos.v[l].leaks, LEAK_CALLEE, derefs);
}

// What root learns about l, whose value (or address: derefs < 0) flows to it.
static uint8_t visit_source(Solver *s, LocId root, LocId l, int derefs) {
    Esc *e = s->e;
    uint8_t attrs = 0;
    if (derefs < 0) {
        if (outlives(e, root, l)) {
            if (e->explain && !(e->locs.v[l].attrs & ATTR_ESCAPES)) {
                esc_explain_escape(e, l);
                esc_explain_path(e, s->steps, root, l);
                esc_log_escape(e, l, "escape");
            }
            attrs = ATTR_ALL;
        } else {
            attrs = e->locs.v[root].attrs & ATTR_PERSISTS;
        }
    }
    // "root = &l; l = x": l's address flows to root, x's does not.
    if (derefs <= 0) attrs |= e->locs.v[root].attrs & (ATTR_MUTATES | ATTR_CALLS);
    if (e->locs.v[l].param) visit_param(s, root, l, MAX(derefs, 0));
    return attrs;
}

// Offers l's sources a way of so many dereferences to the root.
static void relax(Solver *s, LocId l, int32_t derefs, uint32_t walk) {
    Loc *locs = s->e->locs.v;
    const Edge *edges = s->e->edges;
    for (uint32_t i = locs[l].edges, end = locs[l + 1].edges; i < end; i++) {
        Loc *src = &locs[edges[i].src];
        if (src->attrs & ATTR_ESCAPES) continue;
        int32_t d = derefs + edges[i].derefs;
        if (src->walk == walk && src->derefs <= d) continue;
        src->walk = walk;
        src->derefs = d;
        if (s->steps) s->steps[edges[i].src] = (Step){l, i};
        if (src->queued_walk == walk) continue;
        src->queued_walk = walk;
        push_back(&s->one, edges[i].src);
    }
}

// Bellman and Ford's algorithm: addresses are negative edges, but dereferences never count below
// zero on the way, so no cycle is negative.
static void walk_one(Solver *s, LocId root, uint32_t walk) {
    Loc *locs = s->e->locs.v;
    if (locs[root].attrs & ATTR_CALLS) lose_results(s, root);
    bool no_sources = locs[root].edges == locs[root + 1].edges;
    if (no_sources && !locs[root].param) return; // nothing to learn
    locs[root].walk = walk;
    locs[root].derefs = 0;
    push_front(&s->one, root);
    while (s->one.len > 0) {
        LocId l = pop_front(&s->one);
        locs[l].queued_walk = 0;
        int32_t derefs = locs[l].derefs;
        uint8_t attrs = visit_source(s, root, l, derefs);
        if (attrs & ~locs[l].attrs) {
            locs[l].attrs |= attrs;
            enqueue(s, l);
            if (locs[l].attrs & ATTR_ESCAPES) continue;
        }
        relax(s, l, MAX(derefs, 0), walk);
    }
}

void esc_solve(Esc *e) {
    uint32_t n = e->locs.len;
    esc_sort_edges(e);
    Solver s = {.e = e, .all = queue_new(e->arena, n), .one = queue_new(e->arena, n + 1)};
    if (e->explain) s.steps = NEW_ARRAY(e->arena, Step, n);
    for (LocId l = LOC_FIRST; l < n; l++) push_front(&s.all, l);
    push_front(&s.all, LOC_MUTATOR);
    push_front(&s.all, LOC_CALLEE);
    push_front(&s.all, LOC_HEAP);
    for (LocId l = LOC_HEAP; l < n; l++) e->locs.v[l].queued = true;
    for (uint32_t walk = 1; s.all.len > 0; walk++) {
        LocId root = pop_front(&s.all);
        e->locs.v[root].queued = false;
        walk_one(&s, root, walk);
    }
}
