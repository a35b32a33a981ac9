// view/pprof_text.c: top, tree and peek, traces: the reports that are tables and blocks of text.
#include "view/pprof.h"

static void put_labels(Buf *out, const StrVec *labels) {
    for (uint32_t i = 0; i < labels->len; i++) {
        if (i) buf_byte(out, '\n');
        buf_str(out, labels->v[i]);
    }
    buf_byte(out, '\n');
}

// One pass over the edges in the order
// they stand in memory: a chain per node would visit millions of them at random.
uint8_t *pprof_call_kinds(const Graph *g, Arena *a) {
    uint8_t *kinds = NEW_ARRAY(a, uint8_t, g->nodes.len);
    for (uint32_t e = 1; e < g->edges.len; e++) {
        const GraphEdge *edge = &g->edges.v[e];
        if (edge->gone || graph_abs(edge->weight) < g->edge_cutoff) continue;
        kinds[edge->dest] |= edge->inlined ? CALL_INLINED : CALL_PLAIN;
    }
    return kinds;
}

// " (inline)" when every call seen was inlined, " (partial-inline)" when some were.
static Str inline_word(uint8_t kinds) {
    if (!(kinds & CALL_INLINED)) return STR("");
    return kinds & CALL_PLAIN ? STR(" (partial-inline)") : STR(" (inline)");
}

Err pprof_print_text(PprofReport *r, Buf *out) {
    pprof_trimmed_graph(r);
    StrVec labels = pprof_labels(r, false);
    put_labels(out, &labels);
    buf_lit(out, "      flat  flat%   sum%        cum   cum%\n");
    Graph *g = &r->graph;
    Arena *a = arena_new("top");
    const uint8_t *kinds = pprof_call_kinds(g, a);
    ArenaMark mark = arena_mark(a);
    PprofSum sum = {0};
    for (uint32_t i = 0; i < g->order.len; i++) {
        const GraphNode *n = &g->nodes.v[g->order.v[i]];
        int64_t flat = graph_flat(n), cum = graph_cum(n);
        pprof_sum_add(r, &sum, n);
        pprof_pad(out, pprof_value(r, a, flat), 10);
        buf_byte(out, ' ');
        buf_str(out, measure_percent(a, flat, r->total));
        buf_byte(out, ' ');
        buf_str(out, measure_percent(a, pprof_sum(&sum), r->total));
        buf_byte(out, ' ');
        pprof_pad(out, pprof_value(r, a, cum), 10);
        buf_byte(out, ' ');
        buf_str(out, measure_percent(a, cum, r->total));
        buf_lit(out, "  ");
        buf_str(out, graph_name(g, g->order.v[i]));
        buf_str(out, inline_word(kinds[g->order.v[i]]));
        buf_byte(out, '\n');
        arena_pop_to(mark);
    }
    arena_free(a);
    return NULL;
}

// ---- tree and peek

#define TREE_LINE "----------------------------------------------------------+-------------\n"

static void put_edges(PprofReport *r, Buf *out, uint32_t node, bool in, Arena *a) {
    Graph *g = &r->graph;
    int64_t cum = graph_cum(&g->nodes.v[node]);
    U32Vec edges = graph_edges(g, node, in, a);
    for (uint32_t i = 0; i < edges.len; i++) {
        const GraphEdge *e = &g->edges.v[edges.v[i]];
        pprof_pad(out, pprof_value(r, a, e->weight), 50);
        buf_byte(out, ' ');
        buf_str(out, measure_percent(a, e->weight, cum));
        buf_lit(out, " |   ");
        buf_str(out, graph_name(g, in ? e->src : e->dest));
        if (e->inlined) buf_lit(out, " (inline)");
        buf_byte(out, '\n');
    }
}

static void put_node(PprofReport *r, Buf *out, uint32_t node, int64_t sum, Arena *a) {
    const GraphNode *n = &r->graph.nodes.v[node];
    pprof_pad(out, pprof_value(r, a, graph_flat(n)), 10);
    buf_byte(out, ' ');
    buf_str(out, measure_percent(a, graph_flat(n), r->total));
    buf_byte(out, ' ');
    buf_str(out, measure_percent(a, sum, r->total));
    buf_byte(out, ' ');
    pprof_pad(out, pprof_value(r, a, graph_cum(n)), 10);
    buf_byte(out, ' ');
    buf_str(out, measure_percent(a, graph_cum(n), r->total));
    buf_lit(out, "                | ");
    buf_str(out, graph_name(&r->graph, node));
    buf_byte(out, '\n');
}

Err pprof_print_tree(PprofReport *r, Buf *out) {
    pprof_trimmed_graph(r);
    StrVec labels = pprof_labels(r, false);
    put_labels(out, &labels);
    buf_lit(out, TREE_LINE
            "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n");
    Graph *g = &r->graph;
    Arena *a = arena_new("tree");
    ArenaMark mark = arena_mark(a);
    PprofSum sum = {0};
    uint32_t matched = 0;
    for (uint32_t i = 0; i < g->order.len; i++) {
        uint32_t node = g->order.v[i];
        if (r->symbol && !regex_match(r->symbol, graph_name(g, node))) continue;
        matched++;
        buf_lit(out, TREE_LINE);
        put_edges(r, out, node, true, a);
        pprof_sum_add(r, &sum, &g->nodes.v[node]);
        put_node(r, out, node, pprof_sum(&sum), a);
        put_edges(r, out, node, false, a);
        arena_pop_to(mark);
    }
    arena_free(a);
    if (g->order.len) buf_lit(out, TREE_LINE);
    if (r->symbol && matched == 0)
        return err_new(r->arena, ERR_USAGE, 0, "no matches found for regexp: " STR_FMT,
                       STR_ARG(r->symbol_text));
    return NULL;
}

// ---- traces

#define TRACE_LINE "-----------+-------------------------------------------------------\n"

// The labels of one kind, a line per key, in the order of the lines.
static void put_trace_labels(PprofReport *r, Buf *out, const Cursor *c, bool numeric, Arena *a) {
    StrVec lines = {0};
    for (uint32_t i = 0; i < c->labels.len;) {
        Str key = c->labels.v[i].key;
        if (c->labels.v[i].numeric != numeric) {
            i++;
            continue;
        }
        Buf b = buf_new(a);
        pprof_pad(&b, key, 10);
        buf_lit(&b, ":  ");
        uint32_t *unit = strmap_get(&r->label_units, key);
        for (bool first = true; i < c->labels.len && c->labels.v[i].numeric == numeric &&
                                str_eq(c->labels.v[i].key, key);
             i++) {
            if (!first) buf_byte(&b, ' ');
            first = false;
            const ProfileLabel *l = &c->labels.v[i];
            buf_str(&b, numeric ? measure_label(a, l->number,
                                                unit ? r->label_unit_names.v[*unit] : STR(""),
                                                STR("auto"))
                                : l->text);
        }
        buf_byte(&b, '\n');
        vec_push(a, &lines, buf_view(&b));
    }
    if (lines.len > 1) strvec_sort(&lines);
    for (uint32_t i = 0; i < lines.len; i++) buf_str(out, lines.v[i]);
}

static void put_frame(Buf *out, Str value, Str name, bool inlined) {
    pprof_pad(out, value, 10);
    buf_lit(out, "   ");
    buf_str(out, name);
    if (inlined) buf_lit(out, " (inline)");
    buf_byte(out, '\n');
}

static void put_stack(PprofReport *r, Buf *out, const Cursor *c, Str value) {
    Graph *g = &r->graph;
    for (uint32_t i = 0; i < c->depth; i++) {
        const ProfileLocation *l = &r->p->locations.v[c->locations[i]];
        if (l->line_count == 0) {
            put_frame(out, value, graph_name(g, g->bare_node[c->locations[i]]), false);
            value = STR("");
        }
        for (uint32_t k = 0; k < l->line_count; k++) {
            put_frame(out, value, graph_name(g, g->line_node[l->first_line + k]),
                      k + 1 < l->line_count);
            value = STR("");
        }
    }
}

Err pprof_print_traces(PprofReport *r, Buf *out) {
    StrVec labels = pprof_profile_labels(r);
    put_labels(out, &labels);
    r->graph = graph_new(r->arena, r->p, (GraphOptions){.divisor = -1});
    Arena *own = arena_new("traces cursor"), *a = arena_new("traces");
    ArenaMark mark = arena_mark(a);
    Cursor c = cursor_new(r->p, own);
    while (cursor_next(&c)) {
        cursor_stack(&c);
        if (c.depth == 0) continue;
        buf_lit(out, TRACE_LINE);
        cursor_labels(&c);
        put_trace_labels(r, out, &c, false, a);
        put_trace_labels(r, out, &c, true, a);
        int64_t v = c.values[r->value], d = r->divisor >= 0 ? c.values[r->divisor] : 0;
        if (d == -1)
            v = (int64_t)(0 - (uint64_t)v);
        else if (d != 0)
            v /= d;
        put_stack(r, out, &c, pprof_value(r, a, v));
        arena_pop_to(mark);
    }
    arena_free(own);
    arena_free(a);
    buf_lit(out, TRACE_LINE);
    return NULL;
}
