// live/dominate.c: immediate dominators (semi-NCA: Georgiadis, Tarjan, Werneck, "Finding Dominators
// in Practice") and what each node retains. Everything is an array by number of a depth-first walk;
// lists of heap objects are deep, so nothing recurses.
// Half of a heap are leaves that one object leads to: that is their dominator, and the walk does
// not number them. Edges of the walk's own tree say nothing new either: what is left is little.
#include "live/graph_internal.h"
#include "sys/region.h"

typedef struct Way { // towards the top, shortened as it is followed
    uint32_t up;     // number
    uint32_t least;  // smallest semidominator from here up to there
} Way;

typedef struct Cross { // an edge that is none of the walk's tree
    uint32_t from, to; // numbers
} Cross;

typedef struct Walk {
    const Digraph *g;
    uint32_t count, leaves; // numbers in use, from 0: the top
    uint64_t *leaf;         // a bit a node: one edge leads to it, and none away
    uint32_t *number;       // of a node; + 1, 0: not reached
    uint32_t *order;        // node by number; leaves from the end on
    uint32_t *parent;       // by number
    Cross *cross;
    uint64_t cross_count;
    Way *way;
    uint32_t *semi, *idom, *first, *preds; // by number
} Walk;

static bool has_bit(const uint64_t *bits, uint32_t i) { return bits[i / 64] >> (i % 64) & 1; }

static void find_leaves(Walk *w) {
    const Digraph *g = w->g;
    uint64_t bytes = ((uint64_t)g->nodes / 64 + 1) * 8;
    uint64_t *met = region_new(bytes), *again = region_new(bytes);
    for (uint32_t e = 0; e < g->first[g->nodes]; e++) {
        uint32_t i = g->edges[e];
        uint64_t bit = (uint64_t)1 << (i % 64);
        again[i / 64] |= met[i / 64] & bit;
        met[i / 64] |= bit;
    }
    for (uint32_t i = 0; i < g->nodes; i++)
        if (g->first[i] == g->first[i + 1] && !has_bit(again, i) && i != g->top)
            w->leaf[i / 64] |= (uint64_t)1 << (i % 64);
    region_free(met, bytes);
    region_free(again, bytes);
}

// The memory a node's edges ask for, on its way before they are followed.
static void announce(const Walk *w, uint32_t node) {
    enum { AHEAD = 8 };
    uint32_t from = w->g->first[node], end = w->g->first[node + 1];
    for (uint32_t e = from; e < end && e < from + AHEAD; e++) {
        uint32_t to = w->g->edges[e];
        if (has_bit(w->leaf, to)) continue;
        __builtin_prefetch(&w->number[to], 1);
        __builtin_prefetch(&w->g->first[to]);
    }
}

// Numbers in the order nodes are first met.
static void number_nodes(Walk *w, uint32_t *idom, uint32_t *next, uint32_t *stack) {
    const Digraph *g = w->g;
    uint32_t depth = 0;
    w->number[g->top] = 1;
    w->order[w->count++] = g->top;
    next[0] = g->first[g->top];
    stack[depth++] = 0;
    while (depth) {
        uint32_t at = stack[depth - 1], node = w->order[at];
        if (next[at] == g->first[node + 1]) {
            depth--;
            continue;
        }
        uint32_t to = g->edges[next[at]++];
        if (has_bit(w->leaf, to)) {
            idom[to] = node;
            w->order[g->nodes - ++w->leaves] = to;
            continue;
        }
        if (w->number[to]) {
            if (w->number[to] != at + 1)
                w->cross[w->cross_count++] = (Cross){at, w->number[to] - 1};
            continue;
        }
        uint32_t n = w->count++;
        w->number[to] = n + 1;
        w->order[n] = to;
        w->parent[n] = at;
        next[n] = g->first[to];
        stack[depth++] = n;
        announce(w, to);
    }
}

// What leads to number i besides its parent: preds from first[i] up to first[i + 1].
static void sort_crosses(Walk *w) {
    for (uint64_t e = 0; e < w->cross_count; e++) w->first[w->cross[e].to]++;
    for (uint32_t i = 0; i < w->count; i++) w->first[i + 1] += w->first[i]; // now ends of parts
    for (uint64_t e = w->cross_count; e-- > 0;) // filled from the end: starts
        w->preds[--w->first[w->cross[e].to]] = w->cross[e].from;
}

// The smallest semidominator on the way from v up to what was linked last. The way is walked up
// with its links turned around, and down again, so that it needs no list of its own.
static uint32_t evaluate(Way *way, uint32_t v, uint32_t last) {
    uint32_t below = UINT32_MAX;
    if (way[v].up < last) return way[v].least;
    while (way[v].up >= last) {
        uint32_t up = way[v].up;
        way[v].up = below;
        below = v;
        v = up;
    }
    uint32_t top = way[v].up, least = way[v].least;
    while (below != UINT32_MAX) {
        uint32_t next = way[below].up;
        least = MIN(least, way[below].least);
        way[below] = (Way){top, least};
        below = next;
    }
    return least;
}

static void dominators(Walk *w) {
    for (uint32_t i = 0; i < w->count; i++) w->way[i] = (Way){w->parent[i], i};
    for (uint32_t i = w->count; i-- > 1;) {
        uint32_t semi = w->parent[i];
        for (uint32_t e = w->first[i]; e < w->first[i + 1]; e++) {
            uint32_t from = w->preds[e];
            uint32_t u = from <= i ? from : evaluate(w->way, from, i + 1);
            if (u < semi) semi = u;
        }
        w->semi[i] = semi;
        w->way[i].least = semi;
    }
    for (uint32_t i = 1; i < w->count; i++) {
        uint32_t d = w->parent[i];
        while (d > w->semi[i]) d = w->idom[d];
        w->idom[i] = d;
    }
}

uint32_t digraph_dominators(const Digraph *g, uint32_t *idom, uint32_t *order) {
    uint64_t n = (uint64_t)g->nodes + 2, edges = (uint64_t)g->first[g->nodes] + 1;
    Walk w = {.g = g, .order = order};
    for (uint32_t i = 0; i < g->nodes; i++) idom[i] = i;
    w.leaf = region_new((n / 64 + 1) * 8);
    find_leaves(&w);
    w.number = REGION_ARRAY(uint32_t, n);
    w.parent = REGION_ARRAY(uint32_t, n);
    w.cross = REGION_ARRAY(Cross, edges);
    uint32_t *next = REGION_ARRAY(uint32_t, n), *stack = REGION_ARRAY(uint32_t, n);
    number_nodes(&w, idom, next, stack);
    region_free(next, n * 4);
    region_free(stack, n * 4);
    region_free(w.number, n * 4);
    region_free(w.leaf, (n / 64 + 1) * 8);
    uint64_t m = (uint64_t)w.count + 2, crosses = w.cross_count + 1;
    w.first = REGION_ARRAY(uint32_t, m);
    w.preds = REGION_ARRAY(uint32_t, crosses);
    sort_crosses(&w);
    region_free(w.cross, edges * sizeof(Cross));
    w.way = region_new_huge(m * sizeof(Way));
    w.semi = region_new_huge(m * 4);
    w.idom = region_new_huge(m * 4);
    dominators(&w);
    for (uint32_t i = 1; i < w.count; i++) idom[order[i]] = order[w.idom[i]];
    for (uint32_t i = 0; i < w.leaves; i++) order[w.count + i] = order[g->nodes - w.leaves + i];
    uint32_t *owned[] = {w.first, w.semi, w.idom};
    for (size_t i = 0; i < COUNT(owned); i++) region_free(owned[i], m * 4);
    region_free(w.way, m * sizeof(Way));
    region_free(w.preds, crosses * 4);
    region_free(w.parent, n * 4);
    return w.count + w.leaves;
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
