// view/pprof_dot.c: the graph in Graphviz' language, with pprof's sizes and colours.
#include <math.h>

#include "view/pprof.h"

enum { MAX_NODELETS = 4 }; // boxes for tags beside a node

typedef struct Dot {
    PprofReport *r;
    Graph *g;
    Buf *out;
    Arena *a;
    uint32_t *number; // by node, from 1
    int64_t max_flat;
} Dot;

// ---- names

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "a/b/v2.F" without the major version.
static Str without_version(Arena *a, Str s) {
    for (size_t i = 0; i + 2 < s.len; i++) {
        if (s.ptr[i] != '/' || s.ptr[i + 1] != 'v') continue;
        size_t n = i + 2;
        while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9') n++;
        size_t digits = n - i - 2;
        char first = s.ptr[i + 2];
        if (digits == 0 || first == '0' || (digits == 1 && first == '1')) continue;
        if (n == s.len || (s.ptr[n] != '.' && s.ptr[n] != '/')) continue;
        return str_join2(a, str_to(s, i), str_from(s, n));
    }
    return s;
}

// Is this "name.rest", as what stands behind a package's path?
static bool qualified(Str s) {
    size_t dot = str_find_byte(s, '.');
    return dot != STR_NONE && dot > 0 && dot + 1 < s.len && s.ptr[dot + 1] != '\n';
}

// "example.com/a-b/pkg.F" without the path; the longest path that leaves a qualified name.
static Str without_path(Str s) {
    size_t best = STR_NONE, start = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '/') {
            if (i == start) break;
            start = i + 1;
            if (qualified(str_from(s, start))) best = start;
        } else if (!is_word(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '.') {
            break;
        }
    }
    return best == STR_NONE ? s : str_from(s, best);
}

#define JAVA_CLASS "[A-Z][\\w$]*"
#define JAVA_METHOD "(?:<init>|[a-z][\\w$]*)"
#define CPP_WORD "[_a-zA-Z]\\w*"

// The part of Java and C++ names that tells functions apart.
static Str foreign(Arena *a, Str s) {
    static const char *const forms[] = {
        "^(?:[a-z]\\w*[.])*(" JAVA_CLASS "[.]" JAVA_METHOD ")(?:[(]|$)",
        "^(?:" CPP_WORD "::)+(_*[A-Z]\\w*::~?" CPP_WORD "(?:<.*>)?)",
    };
    for (size_t i = 0; i < COUNT(forms); i++) {
        Regex *re = NULL;
        Str groups[2];
        if (regex_compile(a, str_c(forms[i]), &re)) BUG("%s", forms[i]);
        bool hit = regex_groups(re, s, groups, 2);
        regex_free(re);
        if (hit) return groups[1];
    }
    return s;
}

Str pprof_short_name(Arena *a, Str name) {
    str_cut_prefix(&name, STR("(anonymous namespace)::"));
    name = without_version(a, name);
    Str go = without_path(name);
    return go.len != name.len ? go : foreign(a, name);
}

static Str replace(Arena *a, Str s, Str what, Str with) {
    Buf b = buf_new(a);
    for (size_t at; (at = str_find(s, what)) != STR_NONE; s = str_from(s, at + what.len)) {
        buf_str(&b, str_to(s, at));
        buf_str(&b, with);
    }
    buf_str(&b, s);
    return buf_view(&b);
}

static Str escape(Arena *a, Str s) {
    s = replace(a, s, STR("\\"), STR("\\\\"));
    s = replace(a, s, STR("\""), STR("\\\""));
    return replace(a, s, STR("\n"), STR("\\l"));
}

// A node's name over several lines.
static Str node_label(Dot *d, uint32_t node) {
    Arena *a = d->a;
    NodeInfo info = d->g->nodes.v[node].info;
    Str name = escape(a, pprof_short_name(a, info.name));
    name = replace(a, name, STR("::"), STR("\\n"));
    name = replace(a, name, STR("[...]"), STR("[…]"));
    info.name = replace(a, name, STR("."), STR("\\n"));
    if (info.file.len) info.file = pprof_base(info.file);
    return str_join2(a, graph_info_name(a, &info, STR("\\n")), STR("\\n"));
}

// ---- colours

static unsigned channel(double v) { return (uint8_t)pprof_i64(v * 255.0); }

// Green for -1, grey for 0, red for 1; pale for backgrounds. Small values are moved away from grey.
static Str color(Arena *a, double score, bool background) {
    double saturation = background ? 0.1 : 1.0, value = background ? 0.93 : 0.7;
    if (score > 1) score = 1;
    if (score < -1) score = -1;
    if (fabs(score) < 0.2) saturation *= fabs(score) / 0.2;
    if (score > 0) score = pow(score, 0.3);
    if (score < 0) score = -pow(-score, 0.3);
    double red = value, green = value, blue = value * (1 - saturation);
    if (score < 0)
        red = value * (1 + saturation * score);
    else
        green = value * (1 - saturation * score);
    return str_fmt(a, "#%02x%02x%02x", channel(red), channel(green), channel(blue));
}

static double share(const Dot *d, int64_t v) { return (double)v / (double)graph_abs(d->r->total); }

static Str percent(Dot *d, int64_t v) { return str_trim(measure_percent(d->a, v, d->r->total)); }

// ---- nodes

static void put_node(Dot *d, uint32_t node) {
    Arena *a = d->a;
    const GraphNode *n = &d->g->nodes.v[node];
    int64_t flat = graph_flat(n), cum = graph_cum(n);
    Str flat_text = pprof_value(d->r, a, flat), cum_text = flat_text;
    Buf label = buf_new(a);
    buf_str(&label, node_label(d, node));
    if (flat)
        buf_fmt(&label, STR_FMT " (" STR_FMT ")", STR_ARG(flat_text), STR_ARG(percent(d, flat)));
    else
        buf_byte(&label, '0');
    if (cum != flat) {
        buf_c(&label, flat ? "\\n" : " ");
        cum_text = pprof_value(d->r, a, cum);
        buf_fmt(&label, "of " STR_FMT " (" STR_FMT ")", STR_ARG(cum_text),
                STR_ARG(percent(d, cum)));
    }
    int font = 8;
    if (d->max_flat != 0 && flat != 0)
        font += (int)ceil(16.0 * sqrt((double)graph_abs(flat) / (double)d->max_flat));
    buf_fmt(d->out, "N%u [label=\"", d->number[node]);
    buf_str(d->out, buf_view(&label));
    buf_fmt(d->out, "\" id=\"node%u\" fontsize=%d shape=box tooltip=\"", d->number[node], font);
    buf_str(d->out, escape(a, graph_name(d->g, node)));
    buf_fmt(d->out, " (" STR_FMT ")\" color=\"" STR_FMT "\" fillcolor=\"" STR_FMT "\"]\n",
            STR_ARG(cum_text), STR_ARG(color(a, share(d, cum), false)),
            STR_ARG(color(a, share(d, cum), true)));
}

// ---- tags

typedef VEC(GraphTag) TagVec;

static int64_t divided(int64_t v, int64_t by) { return by ? v / by : v; }

static int tag_order(const void *px, const void *py, void *ctx) {
    const GraphTag *x = px, *y = py;
    if (!*(bool *)ctx && x->cum != y->cum) {
        int64_t cx = graph_abs(x->cum), cy = graph_abs(y->cum);
        return cx > cy ? -1 : cx < cy;
    }
    if (x->flat != y->flat) {
        int64_t fx = graph_abs(x->flat), fy = graph_abs(y->flat);
        return fx > fy ? -1 : fx < fy;
    }
    return str_cmp(x->name, y->name);
}

static void sort_tags(TagVec *tags, bool flat) {
    if (tags->len > 1) qsort_r(tags->v, tags->len, sizeof *tags->v, tag_order, &flat);
}

// A node's tags of one kind and label set.
static TagVec tags_of(Dot *d, uint32_t node, bool numeric, uint32_t labels) {
    TagVec out = {0};
    for (uint32_t t = d->g->nodes.v[node].tags; t; t = d->g->tags.v[t].next) {
        GraphTag *tag = &d->g->tags.v[t];
        if (!tag->gone && tag->numeric == numeric && (!numeric || tag->labels == labels))
            vec_push(d->a, &out, *tag);
    }
    return out;
}

static double distance(const GraphTag *x, const GraphTag *y) {
    Str unit;
    double v = measure_scale(y->value, y->unit, x->unit, &unit);
    return fabs(v - (double)x->value);
}

// Several numbers as one tag "low..high".
static GraphTag join_tags(Dot *d, const TagVec *group) {
    const GraphTag *low = &group->v[0], *high = low;
    GraphTag sum = {.numeric = true};
    for (uint32_t i = 0; i < group->len; i++) {
        const GraphTag *t = &group->v[i];
        Str unit;
        if (i && pprof_i64(measure_scale(t->value, t->unit, low->unit, &unit)) < low->value)
            low = t;
        if (i && pprof_i64(measure_scale(t->value, t->unit, high->unit, &unit)) > high->value)
            high = t;
        sum.flat += t->flat;
        sum.flat_div += t->flat_div;
        sum.cum += t->cum;
        sum.cum_div += t->cum_div;
    }
    sum.name = measure_label(d->a, low->value, low->unit, STR("auto"));
    if (group->len > 1)
        sum.name = str_join3(d->a, sum.name, STR(".."),
                             measure_label(d->a, high->value, high->unit, STR("auto")));
    sum.flat = divided(sum.flat, sum.flat_div);
    sum.cum = divided(sum.cum, sum.cum_div);
    sum.flat_div = sum.cum_div = 0;
    return sum;
}

// At most four: the others join the one of the four they are nearest to.
static TagVec collapse(Dot *d, TagVec tags, bool flat) {
    sort_tags(&tags, flat);
    if (tags.len <= MAX_NODELETS) return tags;
    TagVec groups[MAX_NODELETS] = {{0}};
    for (uint32_t i = 0; i < tags.len; i++) {
        uint32_t best = i;
        if (i >= MAX_NODELETS) {
            best = 0;
            for (uint32_t k = 1; k < MAX_NODELETS; k++)
                if (distance(&tags.v[i], &groups[k].v[0]) <
                    distance(&tags.v[i], &groups[best].v[0]))
                    best = k;
        }
        vec_push(d->a, &groups[best], tags.v[i]);
    }
    TagVec out = {0};
    for (uint32_t i = 0; i < MAX_NODELETS; i++) vec_push(d->a, &out, join_tags(d, &groups[i]));
    sort_tags(&out, flat);
    return out;
}

static bool put_numbers(Dot *d, uint32_t node, uint32_t labels, bool flat, Str source) {
    TagVec tags = tags_of(d, node, true, labels);
    bool any = false;
    tags = collapse(d, tags, flat);
    for (uint32_t i = 0; i < tags.len; i++) {
        const GraphTag *t = &tags.v[i];
        int64_t f = divided(t->flat, t->flat_div), c = divided(t->cum, t->cum_div);
        bool solid = flat || f == c;
        int64_t w = solid ? f : c;
        if (w == 0) continue;
        any = true;
        Str v = pprof_value(d->r, d->a, w);
        buf_fmt(d->out,
                "N" STR_FMT "_%u [label = \"" STR_FMT "\" id=\"N" STR_FMT
                "_%u\" fontsize=8 shape=box3d tooltip=\"" STR_FMT "\"]\n",
                STR_ARG(source), i, STR_ARG(t->name), STR_ARG(source), i, STR_ARG(v));
        buf_fmt(d->out,
                STR_FMT " -> N" STR_FMT "_%u [label=\" " STR_FMT "\" weight=100 tooltip=\"" STR_FMT
                        "\" labeltooltip=\"" STR_FMT "\"%s]\n",
                STR_ARG(source), STR_ARG(source), i, STR_ARG(v), STR_ARG(v), STR_ARG(v),
                solid ? "" : " style=\"dotted\"");
    }
    return any;
}

// Boxes for the node's tags. Nodes that call nothing show all that went through them.
static bool put_tags(Dot *d, uint32_t node) {
    bool flat = false, any = false;
    for (uint32_t e = d->g->nodes.v[node].out; e; e = d->g->edges.v[e].next_out)
        flat |= !d->g->edges.v[e].gone;
    TagVec tags = tags_of(d, node, false, 0);
    sort_tags(&tags, flat);
    unsigned n = d->number[node];
    for (uint32_t i = 0; i < MIN(tags.len, (uint32_t)MAX_NODELETS); i++) {
        const GraphTag *t = &tags.v[i];
        int64_t w = flat ? divided(t->flat, t->flat_div) : divided(t->cum, t->cum_div);
        if (w == 0) continue;
        any = true;
        Str v = pprof_value(d->r, d->a, w);
        buf_fmt(d->out, "N%u_%u [label = \"", n, i);
        buf_str(d->out, t->name);
        buf_fmt(d->out, "\" id=\"N%u_%u\" fontsize=8 shape=box3d tooltip=\"" STR_FMT "\"]\n", n, i,
                STR_ARG(v));
        buf_fmt(d->out,
                "N%u -> N%u_%u [label=\" " STR_FMT "\" weight=100 tooltip=\"" STR_FMT
                "\" labeltooltip=\"" STR_FMT "\"]\n",
                n, n, i, STR_ARG(v), STR_ARG(v), STR_ARG(v));
        any |= put_numbers(d, node, t->labels, flat, str_fmt(d->a, "N%u_%u", n, i));
    }
    any |= put_numbers(d, node, 0, flat, str_fmt(d->a, "N%u", n));
    return any;
}

// ---- edges

static void put_edge(Dot *d, const GraphEdge *e, bool has_tags) {
    Arena *a = d->a;
    int64_t w = graph_weight(e), total = d->r->total;
    Str v = pprof_value(d->r, a, w);
    buf_fmt(d->out, "N%u -> N%u [label=\" " STR_FMT "%s\"", d->number[e->src], d->number[e->dest],
            STR_ARG(v), e->inlined ? "\\n (inline)" : "");
    if (total != 0) {
        int64_t weight = graph_abs((int64_t)((uint64_t)w * 100) / total),
                width = graph_abs((int64_t)((uint64_t)w * 5) / total);
        weight = 1 + MIN(weight, 100);
        width = 1 + MIN(width, 5);
        if (weight > 1) buf_fmt(d->out, " weight=%lld", (long long)weight);
        if (width > 1) buf_fmt(d->out, " penwidth=%lld", (long long)width);
        buf_fmt(d->out, " color=\"" STR_FMT "\"", STR_ARG(color(a, share(d, w), false)));
    }
    Buf tip = buf_new(a);
    buf_byte(&tip, '"');
    buf_str(&tip, escape(a, graph_name(d->g, e->src)));
    buf_c(&tip, e->residual ? " ... " : " -> ");
    buf_str(&tip, escape(a, graph_name(d->g, e->dest)));
    buf_fmt(&tip, " (" STR_FMT ")\"", STR_ARG(v));
    buf_lit(d->out, " tooltip=");
    buf_str(d->out, buf_view(&tip));
    buf_lit(d->out, " labeltooltip=");
    buf_str(d->out, buf_view(&tip));
    if (e->residual) buf_lit(d->out, " style=\"dotted\"");
    if (has_tags) buf_lit(d->out, " minlen=2");
    buf_lit(d->out, "]\n");
}

static void put_legend(Dot *d, Str title) {
    StrVec labels = pprof_labels(d->r, true);
    buf_lit(d->out, "subgraph cluster_L { \"");
    buf_str(d->out, escape(d->a, labels.v[0]));
    buf_lit(d->out, "\" [shape=box fontsize=16 label=\"");
    for (uint32_t i = 0; i < labels.len; i++) {
        buf_str(d->out, escape(d->a, labels.v[i]));
        buf_lit(d->out, "\\l");
    }
    buf_byte(d->out, '"');
    if (title.len) {
        buf_lit(d->out, " tooltip=\"");
        buf_str(d->out, title);
        buf_byte(d->out, '"');
    }
    buf_lit(d->out, "] }\n");
}

static void put_graph(Dot *d) {
    Graph *g = d->g;
    Bitset tagged = bitset_new(d->a, g->nodes.len);
    U32Vec edges = {0};
    for (uint32_t i = 0; i < g->order.len; i++) {
        d->number[g->order.v[i]] = i + 1;
        d->max_flat = MAX(d->max_flat, graph_abs(graph_flat(&g->nodes.v[g->order.v[i]])));
    }
    for (uint32_t i = 0; i < g->order.len; i++) {
        uint32_t node = g->order.v[i];
        put_node(d, node);
        if (put_tags(d, node)) bitset_add(&tagged, node);
        for (uint32_t e = g->nodes.v[node].out; e; e = g->edges.v[e].next_out)
            if (!g->edges.v[e].gone) vec_push(d->a, &edges, e);
    }
    graph_sort_edges(g, &edges);
    for (uint32_t i = 0; i < edges.len; i++)
        put_edge(d, &g->edges.v[edges.v[i]], bitset_has(&tagged, g->edges.v[edges.v[i]].src));
}

Err pprof_print_dot(PprofReport *r, Buf *out) {
    pprof_trimmed_graph(r);
    Dot d = {.r = r, .g = &r->graph, .out = out, .a = r->arena};
    d.number = NEW_ARRAY(r->arena, uint32_t, r->graph.nodes.len);
    const Profile *p = r->p;
    Str title = p->mappings.len > 1 && p->mappings.v[1].file.len ? pprof_base(p->mappings.v[1].file)
                                                                 : STR("");
    buf_lit(out, "digraph \"");
    buf_str(out, title.len ? title : STR("unnamed"));
    buf_lit(out, "\" {\nnode [style=filled fillcolor=\"#f8f8f8\"]\n");
    put_legend(&d, title);
    put_graph(&d);
    buf_lit(out, "}\n");
    return NULL;
}
