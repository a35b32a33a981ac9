// profile/graph_order.c: names of nodes, their orders, and what is trimmed from a graph.
#include <math.h>

#include "base/path.h"
#include "profile/graph.h"
#include "profile/profile_internal.h"

// ---- names

Str graph_info_name(Arena *a, const NodeInfo *info, Str separator) {
    Str parts[3];
    uint32_t n = 0;
    if (info->address) parts[n++] = str_fmt(a, "%016llx", (unsigned long long)info->address);
    if (info->name.len) parts[n++] = info->name;
    if (info->line) {
        Str column = info->column ? str_fmt(a, ":%lld", (long long)info->column) : STR("");
        parts[n++] = str_fmt(a, STR_FMT ":%lld" STR_FMT, STR_ARG(info->file), (long long)info->line,
                             STR_ARG(column));
    } else if (info->file.len) {
        parts[n++] = info->file;
    } else if (info->name.len) {
        // The name says it all.
    } else if (info->object.len) {
        parts[n++] = str_join3(a, STR("["), path_base(info->object), STR("]"));
    } else {
        parts[n++] = STR("<unknown>");
    }
    if (n == 1) return parts[0];
    StrVec list = {parts, n, n};
    return strvec_join(a, &list, separator);
}

Str graph_name(Graph *g, uint32_t node) {
    GraphNode *n = &g->nodes.v[node];
    if (n->printable.len == 0) n->printable = graph_info_name(g->arena, &n->info, STR(" "));
    return n->printable;
}

// ---- orders

// As Go computes it, so that scores cut to whole numbers come out the same.
static double log_2(double x) {
    int exponent;
    double fraction = frexp(x, &exponent);
    if (fraction == 0.5) return exponent - 1;
    return log(fraction) * (1 / 0.693147180559945309417232121458176568) + exponent;
}

static double edges_entropy(const Graph *g, uint32_t first, bool in, int64_t self) {
    int64_t total = self;
    double score = 0;
    for (uint32_t i = first; i; i = in ? g->edges.v[i].next_in : g->edges.v[i].next_out)
        if (!g->edges.v[i].gone && g->edges.v[i].weight > 0) total += g->edges.v[i].weight;
    if (total == 0) return 0;
    for (uint32_t i = first; i; i = in ? g->edges.v[i].next_in : g->edges.v[i].next_out) {
        if (g->edges.v[i].gone) continue;
        double part = (double)graph_abs(g->edges.v[i].weight) / (double)total;
        score += -part * log_2(part);
    }
    if (self > 0) {
        double part = (double)self / (double)total;
        score += -part * log_2(part);
    }
    return score;
}

static bool has_edges(const Graph *g, uint32_t first, bool in) {
    for (uint32_t i = first; i; i = in ? g->edges.v[i].next_in : g->edges.v[i].next_out)
        if (!g->edges.v[i].gone) return true;
    return false;
}

// How much a node tells: nodes a call merely passes through score low.
static int64_t entropy_score(const Graph *g, const GraphNode *n) {
    double score = has_edges(g, n->in, true) ? edges_entropy(g, n->in, true, 0) : 1;
    score += has_edges(g, n->out, false) ? edges_entropy(g, n->out, false, n->flat) : 1;
    return (int64_t)((uint64_t)profile_to_i64(score * (double)n->cum) + (uint64_t)n->flat);
}

typedef struct Ranked {
    Graph *g;
    int64_t *first, *second; // by node: absolute values compared before and after the name
    bool by_name;
} Ranked;

static bool same_str(Str x, Str y) {
    return x.len == y.len && (x.ptr == y.ptr || memcmp(x.ptr, y.ptr, x.len) == 0);
}

static bool same_node_info(const NodeInfo *x, const NodeInfo *y) {
    return x->address == y->address && x->line == y->line && x->column == y->column &&
           x->start_line == y->start_line && same_str(x->name, y->name) &&
           same_str(x->file, y->file) && same_str(x->object, y->object);
}

static int compare(const void *px, const void *py, void *ctx) {
    Ranked *r = ctx;
    uint32_t x = *(const uint32_t *)px, y = *(const uint32_t *)py;
    if (r->first[x] != r->first[y]) return r->first[x] > r->first[y] ? -1 : 1;
    const NodeInfo *ix = &r->g->nodes.v[x].info, *iy = &r->g->nodes.v[y].info;
    int order = 0;
    if (ix->address && iy->address && ix->address != iy->address)
        order = ix->address < iy->address ? -1 : 1;
    else if (!same_node_info(ix, iy))
        order = str_cmp(graph_name(r->g, x), graph_name(r->g, y));
    if (order) return order;
    if (r->second[x] != r->second[y]) return r->second[x] > r->second[y] ? -1 : 1;
    return x < y ? -1 : x > y;
}

static int compare_names(const void *px, const void *py, void *ctx) {
    Graph *g = ctx;
    uint32_t x = *(const uint32_t *)px, y = *(const uint32_t *)py;
    int order = str_cmp(g->nodes.v[x].info.name, g->nodes.v[y].info.name);
    return order ? order : x < y ? -1 : x > y;
}

void graph_sort(Graph *g, GraphSort by) {
    if (g->order.len < 2) return;
    if (by == GRAPH_BY_NAME) {
        qsort_r(g->order.v, g->order.len, sizeof *g->order.v, compare_names, g);
        return;
    }
    Ranked r = {.g = g};
    r.first = NEW_ARRAY(g->arena, int64_t, g->nodes.len);
    r.second = NEW_ARRAY(g->arena, int64_t, g->nodes.len);
    for (uint32_t i = 0; i < g->order.len; i++) {
        uint32_t at = g->order.v[i];
        const GraphNode *n = &g->nodes.v[at];
        int64_t score = by == GRAPH_BY_FLAT  ? n->flat
                        : by == GRAPH_BY_CUM ? n->cum
                                             : entropy_score(g, n);
        r.first[at] = graph_abs(score);
        r.second[at] = graph_abs(by == GRAPH_BY_FLAT ? n->cum : n->flat);
    }
    qsort_r(g->order.v, g->order.len, sizeof *g->order.v, compare, &r);
}

static int compare_edges(const void *px, const void *py, void *ctx) {
    Graph *g = ctx;
    uint32_t a = *(const uint32_t *)px, b = *(const uint32_t *)py;
    const GraphEdge *x = &g->edges.v[a], *y = &g->edges.v[b];
    if (x->weight != y->weight) {
        int64_t wx = graph_abs(x->weight), wy = graph_abs(y->weight);
        if (wx != wy) return wx > wy ? -1 : 1;
    } else {
        int order = str_cmp(graph_name(g, x->src), graph_name(g, y->src));
        if (!order) order = str_cmp(graph_name(g, x->dest), graph_name(g, y->dest));
        if (order) return order;
    }
    return a < b ? -1 : a > b;
}

void graph_sort_edges(Graph *g, U32Vec *edges) {
    if (edges->len > 1) qsort_r(edges->v, edges->len, sizeof *edges->v, compare_edges, g);
}

U32Vec graph_edges(Graph *g, uint32_t node, bool in, Arena *a) {
    U32Vec list = {0};
    uint32_t i = in ? g->nodes.v[node].in : g->nodes.v[node].out;
    for (; i; i = in ? g->edges.v[i].next_in : g->edges.v[i].next_out)
        if (!g->edges.v[i].gone) vec_push(a, &list, i);
    graph_sort_edges(g, &list);
    return list;
}

// ---- trimming

void graph_unlink(Graph *g, uint32_t edge) { g->edges.v[edge].gone = true; }

// Only edges into nodes that are shown are looked at, as pprof does.
uint32_t graph_trim_edges(Graph *g, int64_t cutoff) {
    uint32_t dropped = 0;
    for (uint32_t i = 0; i < g->order.len; i++)
        for (uint32_t e = g->nodes.v[g->order.v[i]].in; e; e = g->edges.v[e].next_in) {
            GraphEdge *edge = &g->edges.v[e];
            if (edge->gone || graph_abs(edge->weight) >= cutoff) continue;
            edge->gone = true;
            dropped++;
        }
    return dropped;
}

void graph_trim_tags(Graph *g, int64_t cutoff) {
    for (uint32_t i = 0; i < g->order.len; i++)
        for (uint32_t t = g->nodes.v[g->order.v[i]].tags; t; t = g->tags.v[t].next) {
            GraphTag *tag = &g->tags.v[t];
            if (graph_abs(tag->flat) < cutoff && graph_abs(tag->cum) < cutoff) tag->gone = true;
        }
}

// The one caller of a tree's node, 0 at a root.
static uint32_t tree_edge(const Graph *g, uint32_t node) {
    for (uint32_t e = g->nodes.v[node].in; e; e = g->edges.v[e].next_in)
        if (!g->edges.v[e].gone) return e;
    return 0;
}

// Hangs the calls of a removed node under its caller; without one its callees become roots.
static void lift_children(Graph *g, uint32_t node) {
    uint32_t up = tree_edge(g, node);
    uint32_t e = g->nodes.v[node].out;
    g->nodes.v[node].out = 0;
    if (up) graph_unlink(g, up);
    while (e) {
        GraphEdge *edge = &g->edges.v[e];
        uint32_t next = edge->next_out;
        if (!up) {
            edge->gone = true;
        } else if (!edge->gone) {
            uint32_t parent = g->edges.v[up].src;
            edge->src = parent;
            edge->residual = true;
            edge->inlined &= g->edges.v[up].inlined;
            edge->next_out = g->nodes.v[parent].out;
            g->nodes.v[parent].out = e;
        }
        e = next;
    }
}

void graph_trim_tree(Graph *g, const Bitset *kept) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->order.len; i++) {
        uint32_t node = g->order.v[i];
        if (bitset_has(kept, node))
            g->order.v[n++] = node;
        else
            lift_children(g, node);
    }
    g->order.len = n;
}

// Is src still reached from dest, against the calls, without the edge itself?
static bool is_redundant(const Graph *g, uint32_t edge, Arena *scratch) {
    const GraphEdge *e = &g->edges.v[edge];
    Bitset seen = bitset_new(scratch, g->nodes.len);
    U32Vec queue = {0};
    vec_push(scratch, &queue, e->dest);
    bitset_add(&seen, e->dest);
    for (uint32_t i = 0; i < queue.len; i++)
        for (uint32_t k = g->nodes.v[queue.v[i]].in; k; k = g->edges.v[k].next_in) {
            const GraphEdge *in = &g->edges.v[k];
            if (in->gone || k == edge || bitset_has(&seen, in->src)) continue;
            if (in->src == e->src) return true;
            bitset_add(&seen, in->src);
            vec_push(scratch, &queue, in->src);
        }
    return false;
}

void graph_remove_redundant(Graph *g) {
    Arena *scratch = arena_new("redundant edges");
    ArenaMark mark = arena_mark(scratch);
    for (uint32_t i = g->order.len; i-- > 0;) {
        U32Vec in = graph_edges(g, g->order.v[i], true, scratch);
        for (uint32_t k = in.len; k-- > 0;) {
            // An edge heavier than one that is really there is not removed: it would confuse.
            if (!g->edges.v[in.v[k]].residual) break;
            if (is_redundant(g, in.v[k], scratch)) graph_unlink(g, in.v[k]);
        }
        arena_pop_to(mark);
    }
    arena_free(scratch);
}
