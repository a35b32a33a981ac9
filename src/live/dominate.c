// live/dominate.c: immediate dominators (semi-NCA: Georgiadis, Tarjan, Werneck, "Finding Dominators
// in Practice") and what each node retains. Everything is an array by number of a depth-first walk;
// lists of heap objects are deep, so nothing recurses.
#include "live/graph_internal.h"
#include "sys/region.h"

typedef struct Walk {
    const Digraph *g;
    uint32_t count;   // numbers in use, from 0: the top
    uint32_t *number; // of a node; + 1, 0: not reached
    uint32_t *order;  // node by number
    uint32_t *parent; // by number; later the ancestor on the way to which label is known
    uint32_t *semi, *label, *idom;
    uint32_t *first, *preds; // by number
    uint32_t *stack;
} Walk;

// Numbers in the order nodes are first met.
static void number_nodes(Walk *w) {
    uint32_t *next = w->semi, *stack = w->stack; // semi is not needed yet: the next edge to follow
    uint32_t depth = 0;
    w->number[w->g->top] = 1;
    w->order[w->count++] = w->g->top;
    next[0] = w->g->first[w->g->top];
    stack[depth++] = 0;
    while (depth) {
        uint32_t at = stack[depth - 1], node = w->order[at];
        if (next[at] == w->g->first[node + 1]) {
            depth--;
            continue;
        }
        uint32_t to = w->g->edges[next[at]++];
        if (w->number[to]) continue;
        uint32_t n = w->count++;
        w->number[to] = n + 1;
        w->order[n] = to;
        w->parent[n] = at;
        next[n] = w->g->first[to];
        stack[depth++] = n;
    }
}

// What leads to number i: preds from first[i + 1] up to first[i + 2].
static void turn_edges(Walk *w) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        uint32_t node = w->order[i];
        for (uint32_t e = w->g->first[node]; e < w->g->first[node + 1]; e++, total++)
            w->first[w->number[w->g->edges[e]]]++;
    }
    for (uint32_t i = 0; i < w->count; i++) w->first[i + 1] += w->first[i]; // now ends of parts
    for (uint32_t i = w->count; i-- > 0;) {
        uint32_t node = w->order[i];
        for (uint32_t e = w->g->first[node]; e < w->g->first[node + 1]; e++)
            w->preds[--w->first[w->number[w->g->edges[e]]]] = i; // filled from the end: starts
    }
    w->first[w->count + 1] = total;
}

// The smallest semidominator on the way from v up to what was linked last.
static uint32_t evaluate(Walk *w, uint32_t v, uint32_t last) {
    uint32_t depth = 0;
    if (w->parent[v] < last) return w->label[v];
    for (; w->parent[v] >= last; v = w->parent[v]) w->stack[depth++] = v;
    uint32_t up = v;
    while (depth) {
        v = w->stack[--depth];
        w->parent[v] = w->parent[up];
        if (w->semi[w->label[up]] < w->semi[w->label[v]]) w->label[v] = w->label[up];
        up = v;
    }
    return w->label[v];
}

static void dominators(Walk *w) {
    for (uint32_t i = 0; i < w->count; i++) {
        w->idom[i] = w->parent[i];
        w->semi[i] = i;
        w->label[i] = i;
    }
    for (uint32_t i = w->count; i-- > 1;) {
        uint32_t semi = w->idom[i]; // where the walk came from
        for (uint32_t e = w->first[i + 1]; e < w->first[i + 2]; e++) {
            uint32_t u = w->semi[evaluate(w, w->preds[e], i + 1)];
            if (u < semi) semi = u;
        }
        w->semi[i] = semi;
    }
    for (uint32_t i = 1; i < w->count; i++) {
        uint32_t d = w->idom[i];
        while (d > w->semi[i]) d = w->idom[d];
        w->idom[i] = d;
    }
}

uint32_t digraph_dominators(const Digraph *g, uint32_t *idom, uint32_t *order) {
    uint64_t n = (uint64_t)g->nodes + 2, edges = g->first[g->nodes];
    Walk w = {.g = g,
              .number = REGION_ARRAY(uint32_t, n),
              .order = order,
              .parent = REGION_ARRAY(uint32_t, n),
              .semi = REGION_ARRAY(uint32_t, n),
              .label = REGION_ARRAY(uint32_t, n),
              .idom = REGION_ARRAY(uint32_t, n),
              .first = REGION_ARRAY(uint32_t, n),
              .preds = REGION_ARRAY(uint32_t, edges + 1),
              .stack = REGION_ARRAY(uint32_t, n)};
    number_nodes(&w);
    turn_edges(&w);
    dominators(&w);
    for (uint32_t i = 0; i < g->nodes; i++) idom[i] = i;
    for (uint32_t i = 1; i < w.count; i++) idom[order[i]] = order[w.idom[i]];
    uint32_t *owned[] = {w.number, w.parent, w.semi, w.label, w.idom, w.first, w.stack};
    for (size_t i = 0; i < COUNT(owned); i++) region_free(owned[i], n * 4);
    region_free(w.preds, (edges + 1) * 4);
    return w.count;
}

static void own_sizes(LiveGraph *g) {
    const LiveSpanVec *spans = &g->image->walk.spans;
    for (uint32_t i = 0; i < spans->len; i++)
        for (uint32_t id = g->span_first[i]; id < g->span_first[i + 1]; id++)
            g->retained[id] = spans->v[i].elem_bytes;
}

void graph_dominate(LiveGraph *g) {
    uint64_t n = (uint64_t)g->objects + g->roots.len + 2;
    g->idom = REGION_ARRAY(uint32_t, n);
    uint32_t *order = REGION_ARRAY(uint32_t, n);
    Digraph d = {g->nodes, g->top, g->first, g->edges};
    uint32_t count = digraph_dominators(&d, g->idom, order);
    g->retained = REGION_ARRAY(uint64_t, n);
    own_sizes(g);
    g->reached = 0;
    for (uint32_t i = count; i-- > 1;) { // a dominator is met before what it dominates
        g->retained[g->idom[order[i]]] += g->retained[order[i]];
        g->reached += order[i] < g->objects;
    }
    g->reached_bytes = g->retained[g->top];
    region_free(order, n * 4);
}

U32Vec graph_path(Arena *a, const LiveGraph *g, uint32_t node) {
    uint64_t n = (uint64_t)g->nodes + 1;
    uint32_t *from = REGION_ARRAY(uint32_t, n), *queue = REGION_ARRAY(uint32_t, n); // from: + 1
    uint32_t head = 0, tail = 0;
    U32Vec out = {0};
    queue[tail++] = g->top;
    from[g->top] = g->top + 1;
    while (head < tail && !from[node]) {
        uint32_t at = queue[head++];
        for (uint32_t e = g->first[at]; e < g->first[at + 1]; e++) {
            uint32_t to = g->edges[e];
            if (from[to]) continue;
            from[to] = at + 1;
            queue[tail++] = to;
        }
    }
    if (from[node])
        for (uint32_t at = node;; at = from[at] - 1) {
            vec_push(a, &out, at);
            if (at == g->top) break;
        }
    for (uint32_t i = 0; i < out.len / 2; i++) {
        uint32_t other = out.v[i];
        out.v[i] = out.v[out.len - 1 - i];
        out.v[out.len - 1 - i] = other;
    }
    region_free(from, n * 4);
    region_free(queue, n * 4);
    return out;
}
