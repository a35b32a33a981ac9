// view/pprof_json.c: the nodes, calls and tags of a report as data (heapwise.pprof/1), for programs
// that would otherwise have to read columns of text.
#include "view/pprof.h"

typedef struct JsonPage {
    PprofReport *r;
    Doc *doc;
} JsonPage;

static DocValue text_or_none(Str s) { return s.len ? doc_text(s) : (DocValue){.kind = DOC_NONE}; }
static DocValue int_or_none(int64_t n) { return n ? doc_int(n) : (DocValue){.kind = DOC_NONE}; }

static void summary(const JsonPage *p) {
    PprofReport *r = p->r;
    doc_open(p->doc, "summary", (Str){0});
    doc_field(p->doc, "value", NULL, doc_text(r->type));
    doc_field(p->doc, "unit", NULL, doc_text(r->unit));
    doc_field(p->doc, "total", NULL, doc_int(r->total));
    doc_field(p->doc, "nodes", NULL, doc_int(r->node_count));
    doc_field(p->doc, "dropped_nodes", NULL, doc_int(r->dropped_nodes));
    doc_field(p->doc, "time_nanos", NULL, int_or_none(r->p->time_nanos));
    doc_field(p->doc, "duration_nanos", NULL, int_or_none(r->p->duration_nanos));
    doc_close(p->doc);
    static const DocColumn columns[] = {{"text", NULL, false}};
    doc_table(p->doc, "filters", columns, COUNT(columns));
    for (uint32_t i = 0; i < r->filters.len; i++) doc_cell(p->doc, doc_text(r->filters.v[i]));
}

// Peek shows the nodes that match; their calls lead to others, which are listed too.
static bool wanted(const JsonPage *p, uint32_t node) {
    return !p->r->symbol || regex_match(p->r->symbol, graph_name(&p->r->graph, node));
}

static const char *how_called(uint8_t kinds) {
    if (!(kinds & CALL_INLINED)) return "no";
    return kinds & CALL_PLAIN ? "sometimes" : "always";
}

static void nodes(const JsonPage *p, const uint32_t *number, const uint8_t *kinds) {
    static const DocColumn columns[] = {
        {"id", NULL, false},      {"name", NULL, false}, {"function", NULL, false},
        {"file", NULL, false},    {"line", NULL, false}, {"address", NULL, false},
        {"flat", NULL, false},    {"cum", NULL, false},  {"inlined", NULL, false},
        {"matches", NULL, false},
    };
    Graph *g = &p->r->graph;
    doc_table(p->doc, "nodes", columns, COUNT(columns));
    for (uint32_t i = 0; i < g->order.len; i++) {
        uint32_t at = g->order.v[i];
        const GraphNode *n = &g->nodes.v[at];
        if (!number[at]) continue;
        doc_cell(p->doc, doc_int(number[at]));
        doc_cell(p->doc, doc_text(graph_name(g, at)));
        doc_cell(p->doc, text_or_none(n->info.name));
        doc_cell(p->doc, text_or_none(n->info.file));
        doc_cell(p->doc, int_or_none(n->info.line));
        doc_cell(p->doc, int_or_none((int64_t)n->info.address));
        doc_cell(p->doc, doc_int(graph_flat(n)));
        doc_cell(p->doc, doc_int(graph_cum(n)));
        doc_cell(p->doc, doc_text(str_c(how_called(kinds[at]))));
        doc_cell(p->doc, doc_bool(wanted(p, at)));
    }
}

static void calls(const JsonPage *p, const uint32_t *number) {
    static const DocColumn columns[] = {{"from", NULL, false},
                                        {"to", NULL, false},
                                        {"weight", NULL, false},
                                        {"inlined", NULL, false},
                                        {"residual", NULL, false}};
    Graph *g = &p->r->graph;
    doc_table(p->doc, "calls", columns, COUNT(columns));
    for (uint32_t i = 0; i < g->order.len; i++) {
        U32Vec edges = graph_edges(g, g->order.v[i], false, p->r->arena);
        for (uint32_t k = 0; k < edges.len; k++) {
            const GraphEdge *e = &g->edges.v[edges.v[k]];
            if (!number[e->src] || !number[e->dest]) continue;
            if (!wanted(p, e->src) && !wanted(p, e->dest)) continue;
            doc_cell(p->doc, doc_int(number[e->src]));
            doc_cell(p->doc, doc_int(number[e->dest]));
            doc_cell(p->doc, doc_int(graph_weight(e)));
            doc_cell(p->doc, doc_bool(e->inlined));
            doc_cell(p->doc, doc_bool(e->residual));
        }
    }
}

// The nodes that are shown, numbered from 1 in the report's order.
static uint32_t *number_nodes(const JsonPage *p) {
    Graph *g = &p->r->graph;
    uint32_t *number = NEW_ARRAY(p->r->arena, uint32_t, g->nodes.len), last = 0;
    bool *near = NEW_ARRAY(p->r->arena, bool, g->nodes.len);
    for (uint32_t e = 1; e < g->edges.len; e++) {
        if (g->edges.v[e].gone) continue;
        near[g->edges.v[e].src] |= wanted(p, g->edges.v[e].dest);
        near[g->edges.v[e].dest] |= wanted(p, g->edges.v[e].src);
    }
    for (uint32_t i = 0; i < g->order.len; i++)
        if (near[g->order.v[i]] || wanted(p, g->order.v[i])) number[g->order.v[i]] = ++last;
    return number;
}

Err view_pprof_json(Doc *d, PprofReport *r) {
    JsonPage p = {r, d};
    PprofFormat f = r->command->format;
    if (f != PPROF_TEXT && f != PPROF_TREE && f != PPROF_DOT)
        return err_new(r->arena, ERR_USAGE, 0,
                       "-json goes with -top, -text, -tree, -peek and -dot, not with -%s",
                       r->command->name);
    pprof_trimmed_graph(r);
    bool any = !r->symbol;
    for (uint32_t i = 0; i < r->graph.order.len && !any; i++) any = wanted(&p, r->graph.order.v[i]);
    if (!any)
        return err_new(r->arena, ERR_USAGE, 0, "no matches found for regexp: " STR_FMT,
                       STR_ARG(r->symbol_text));
    uint32_t *number = number_nodes(&p);
    summary(&p);
    nodes(&p, number, pprof_call_kinds(&r->graph, r->arena));
    if (f != PPROF_TEXT) calls(&p, number);
    return NULL;
}
