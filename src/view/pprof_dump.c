// view/pprof_dump.c: raw (all of a profile as text), tags, callgrind's format and topproto.
#include <time.h>

#include "base/utf8.h"
#include "view/pprof.h"

typedef long long LL;
typedef unsigned long long ULL;

// ---- raw

// A time as Go prints one: nanoseconds without trailing zeros, zone as offset and name.
static Str full_time(Arena *a, int64_t nanos) {
    int64_t part = nanos % 1000000000;
    time_t seconds = (time_t)(nanos / 1000000000);
    if (part < 0) {
        part += 1000000000;
        seconds--;
    }
    struct tm tm;
    char date[64], zone[64];
    localtime_r(&seconds, &tm);
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &tm);
    strftime(zone, sizeof zone, " %z %Z", &tm);
    Str digits = STR("");
    if (part) {
        digits = str_fmt(a, ".%09lld", (LL)part);
        while (digits.ptr[digits.len - 1] == '0') digits.len--;
    }
    return str_fmt(a, "%s" STR_FMT "%s", date, STR_ARG(digits), zone);
}

// A span as Go's Duration.String prints it.
static Str duration(Arena *a, int64_t nanos) {
    uint64_t n = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;
    const char *sign = nanos < 0 ? "-" : "";
    if (n == 0) return STR("0s");
    const char *unit = n < 1000 ? "ns" : n < 1000000 ? "µs" : n < 1000000000 ? "ms" : "s";
    uint64_t scale = n < 1000 ? 1 : n < 1000000 ? 1000 : n < 1000000000 ? 1000000 : 1000000000;
    uint64_t whole = n / scale, part = n % scale;
    Str digits = STR("");
    if (part) {
        int width = scale == 1000 ? 3 : scale == 1000000 ? 6 : 9;
        digits = str_fmt(a, ".%0*llu", width, (ULL)part);
        while (digits.ptr[digits.len - 1] == '0') digits.len--;
    }
    if (scale < 1000000000 || whole < 60)
        return str_fmt(a, "%s%llu" STR_FMT "%s", sign, (ULL)whole, STR_ARG(digits), unit);
    uint64_t minutes = whole / 60;
    Str hours = minutes >= 60 ? str_fmt(a, "%lluh", (ULL)(minutes / 60)) : STR("");
    return str_fmt(a, "%s" STR_FMT "%llum%llu" STR_FMT "s", sign, STR_ARG(hours),
                   (ULL)(minutes % 60), (ULL)(whole % 60), STR_ARG(digits));
}

// At most n runes.
static Str first_runes(Str s, int n) {
    size_t at = 0;
    for (; n > 0 && at < s.len; n--) {
        uint32_t width;
        utf8_decode(str_from(s, at), &width);
        at += width;
    }
    return str_to(s, at);
}

static void raw_head(PprofReport *r, Buf *out) {
    const Profile *p = r->p;
    Arena *a = r->arena;
    for (uint32_t i = 0; i < p->comments.len; i++)
        buf_fmt(out, "Comment: " STR_FMT "\n", STR_ARG(p->comments.v[i]));
    if (p->doc_url.len) buf_fmt(out, "Doc: " STR_FMT "\n", STR_ARG(p->doc_url));
    buf_fmt(out, "PeriodType: " STR_FMT " " STR_FMT "\nPeriod: %lld\n",
            STR_ARG(p->period_type.type), STR_ARG(p->period_type.unit), (LL)p->period);
    if (p->time_nanos) buf_fmt(out, "Time: " STR_FMT "\n", STR_ARG(full_time(a, p->time_nanos)));
    if (p->duration_nanos)
        buf_fmt(out, "Duration: " STR_FMT "\n",
                STR_ARG(first_runes(duration(a, p->duration_nanos), 4)));
    buf_lit(out, "Samples:\n");
    Buf types = buf_new(a);
    for (uint32_t i = 0; i < p->types.len; i++)
        buf_fmt(&types, STR_FMT "/" STR_FMT "%s ", STR_ARG(p->types.v[i].type),
                STR_ARG(p->types.v[i].unit),
                str_eq(p->types.v[i].type, p->default_type) ? "[dflt]" : "");
    buf_str(out, str_trim(buf_view(&types)));
    buf_byte(out, '\n');
}

// "key:[a b]" for every key of one kind, sorted, on one line.
static void raw_labels(Buf *out, const Cursor *c, bool numeric, Arena *a) {
    StrVec items = {0};
    for (uint32_t i = 0; i < c->labels.len;) {
        const ProfileLabel *l = &c->labels.v[i];
        if (l->numeric != numeric) {
            i++;
            continue;
        }
        Buf b = buf_new(a);
        buf_str(&b, l->key);
        buf_lit(&b, ":[");
        Str key = l->key;
        for (uint32_t from = i; i < c->labels.len && c->labels.v[i].numeric == numeric &&
                                str_eq(c->labels.v[i].key, key);
             i++) {
            l = &c->labels.v[i];
            if (i > from) buf_byte(&b, ' ');
            if (numeric)
                buf_i64(&b, l->number);
            else
                buf_str(&b, l->text);
            if (numeric && l->has_units) {
                buf_byte(&b, ' ');
                buf_str(&b, l->unit);
            }
        }
        buf_byte(&b, ']');
        vec_push(a, &items, buf_view(&b));
    }
    if (!items.len) return;
    strvec_sort(&items);
    buf_lit(out, "                ");
    buf_str(out, strvec_join(a, &items, STR(" ")));
    buf_byte(out, '\n');
}

static void raw_samples(PprofReport *r, Buf *out) {
    const Profile *p = r->p;
    Arena *own = arena_new("raw cursor"), *a = arena_new("raw");
    ArenaMark mark = arena_mark(a);
    Cursor c = cursor_new(p, own);
    while (cursor_next(&c)) {
        for (uint32_t i = 0; i < p->types.len; i++) buf_fmt(out, " %10lld", (LL)c.values[i]);
        buf_lit(out, ": ");
        cursor_stack(&c);
        for (uint32_t i = 0; i < c.depth; i++) {
            buf_u64(out, p->locations.v[c.locations[i]].id);
            buf_byte(out, ' ');
        }
        buf_byte(out, '\n');
        cursor_labels(&c);
        raw_labels(out, &c, false, a);
        raw_labels(out, &c, true, a);
        arena_pop_to(mark);
    }
    arena_free(own);
    arena_free(a);
}

static void hex(Buf *out, uint64_t v) { buf_fmt(out, "0x%llx", (ULL)v); }

static void raw_location(const Profile *p, const ProfileLocation *l, Buf *out) {
    buf_fmt(out, "%6llu: ", (ULL)l->id);
    hex(out, l->address);
    buf_byte(out, ' ');
    if (l->mapping) buf_fmt(out, "M=%llu ", (ULL)p->mappings.v[l->mapping].id);
    if (l->folded) buf_lit(out, "[F] ");
    if (l->line_count == 0) buf_byte(out, '\n');
    for (uint32_t i = 0; i < l->line_count; i++) {
        const ProfileLine *line = &p->lines.v[l->first_line + i];
        const ProfileFunction *f = &p->functions.v[line->function];
        if (i) buf_lit(out, "             ");
        buf_str(out, f->name);
        buf_byte(out, ' ');
        buf_str(out, f->file);
        buf_fmt(out, ":%lld:%lld s=%lld", (LL)line->line, (LL)line->column, (LL)f->start_line);
        if (!str_eq(f->name, f->system_name)) {
            buf_byte(out, '(');
            buf_str(out, f->system_name);
            buf_byte(out, ')');
        }
        buf_byte(out, '\n');
    }
}

Err pprof_print_raw(PprofReport *r, Buf *out) {
    const Profile *p = r->p;
    raw_head(r, out);
    raw_samples(r, out);
    buf_lit(out, "Locations\n");
    for (uint32_t i = 1; i < p->locations.len; i++) raw_location(p, &p->locations.v[i], out);
    buf_lit(out, "Mappings\n");
    for (uint32_t i = 1; i < p->mappings.len; i++) {
        const ProfileMapping *m = &p->mappings.v[i];
        buf_fmt(out, "%llu: 0x%llx/0x%llx/0x%llx ", (ULL)m->id, (ULL)m->start, (ULL)m->limit,
                (ULL)m->offset);
        buf_str(out, m->file);
        buf_byte(out, ' ');
        buf_str(out, m->build_id);
        buf_fmt(out, " %s%s%s%s\n", m->has_functions ? "[FN]" : "", m->has_files ? "[FL]" : "",
                m->has_lines ? "[LN]" : "", m->has_inlines ? "[IN]" : "");
    }
    return NULL;
}

// ---- tags

typedef struct TagSum {
    Str key, text;
    uint32_t key_number;
    int64_t value;
} TagSum;

typedef struct TagTable {
    Arena *arena;
    VEC(TagSum) keys, values;
    StrMap key_map, value_map;
} TagTable;

static int64_t plus(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }

static void count_tag(TagTable *t, Str key, Str text, int64_t v) {
    uint32_t *k = strmap_put(&t->key_map, key);
    if (!*k) {
        vec_push(t->arena, &t->keys, ((TagSum){.key = key, .text = key}));
        *k = t->keys.len;
    }
    uint32_t number = *k;
    t->keys.v[number - 1].value = plus(t->keys.v[number - 1].value, v);
    uint32_t *at = strmap_put(&t->value_map, str_join3(t->arena, key, STR("\n"), text));
    if (!*at) {
        vec_push(t->arena, &t->values, ((TagSum){key, text, number, 0}));
        *at = t->values.len;
    }
    t->values.v[*at - 1].value = plus(t->values.v[*at - 1].value, v);
}

static int heavier(const void *px, const void *py) {
    const TagSum *x = px, *y = py;
    if (x->key_number != y->key_number) return x->key_number < y->key_number ? -1 : 1;
    int64_t vx = graph_abs(x->value), vy = graph_abs(y->value);
    if (x->value != y->value) return vx > vy ? -1 : vx < vy;
    return str_cmp(x->text, y->text);
}

static int by_key(const void *px, const void *py) {
    return str_cmp(((const TagSum *)px)->key, ((const TagSum *)py)->key);
}

static void gather_tags(PprofReport *r, TagTable *t) {
    Cursor c = cursor_new(r->p, t->arena);
    while (cursor_next(&c)) {
        cursor_labels(&c);
        for (uint32_t i = 0; i < c.labels.len; i++) {
            const ProfileLabel *l = &c.labels.v[i];
            Str text = l->text;
            if (l->numeric) {
                uint32_t *unit = strmap_get(&r->label_units, l->key);
                text = measure_label(t->arena, l->number,
                                     unit ? r->label_unit_names.v[*unit] : STR(""), r->output_unit);
            }
            count_tag(t, l->key, text, c.values[r->value]);
        }
    }
}

// Lines of cells; a cell that ends with a tab stands at the right of its column. A column is a run
// of neighbouring lines that have that cell.
typedef struct TabLine {
    Str cells[4];
    uint32_t count; // of cells that end with a tab; one more follows
} TabLine;
typedef VEC(TabLine) TabLines;

static void put_tabs(Buf *out, const TabLines *lines, Arena *a) {
    size_t(*widths)[4] = arena_push(a, lines->len + 1, sizeof *widths, 8);
    for (uint32_t col = 0; col < 3; col++)
        for (uint32_t i = 0; i < lines->len;) {
            if (lines->v[i].count <= col) {
                i++;
                continue;
            }
            uint32_t end = i;
            size_t width = 0;
            for (; end < lines->len && lines->v[end].count > col; end++) {
                size_t w = utf8_count(lines->v[end].cells[col]) + 1;
                if (w > width) width = w;
            }
            for (; i < end; i++) widths[i][col] = width;
        }
    for (uint32_t i = 0; i < lines->len; i++) {
        for (uint32_t col = 0; col < lines->v[i].count; col++)
            pprof_pad(out, lines->v[i].cells[col], widths[i][col]);
        buf_str(out, lines->v[i].cells[lines->v[i].count]);
        buf_byte(out, '\n');
    }
}

static Str share(PprofReport *r, int64_t v, const char *before, const char *after) {
    if (r->total <= 0) return STR("");
    return str_fmt(r->arena, "%s(" STR_FMT ")%s", before,
                   STR_ARG(measure_percent(r->arena, v, r->total)), after);
}

static void tag_block(PprofReport *r, const TagTable *t, const TagSum *key, TabLines *lines) {
    Arena *a = r->arena;
    TabLine *head = vec_add(a, lines);
    head->count = 1;
    head->cells[0] = str_join2(a, key->key, STR(":"));
    head->cells[1] =
        str_fmt(a, " Total " STR_FMT " of " STR_FMT STR_FMT, STR_ARG(pprof_value(r, a, key->value)),
                STR_ARG(pprof_value(r, a, r->total)), STR_ARG(share(r, key->value, " ", "")));
    for (uint32_t i = 0; i < t->values.len; i++) {
        const TagSum *v = &t->values.v[i];
        if (!str_eq(v->key, key->key)) continue;
        TabLine *line = vec_add(a, lines);
        line->count = 2;
        line->cells[0] = STR(" ");
        line->cells[1] = str_fmt(a, STR_FMT STR_FMT ":", STR_ARG(pprof_value(r, a, v->value)),
                                 STR_ARG(share(r, v->value, " ", "")));
        line->cells[2] = str_join2(a, STR(" "), v->text);
    }
    vec_add(a, lines)->cells[0] = STR("");
}

Err pprof_print_tags(PprofReport *r, Buf *out) {
    Arena *a = r->arena;
    TagTable t = {.arena = a, .key_map = strmap_new(a), .value_map = strmap_new(a)};
    gather_tags(r, &t);
    if (t.keys.len) qsort(t.keys.v, t.keys.len, sizeof *t.keys.v, by_key);
    if (t.values.len) qsort(t.values.v, t.values.len, sizeof *t.values.v, heavier);
    TabLines lines = {0};
    for (uint32_t i = 0; i < t.keys.len; i++) tag_block(r, &t, &t.keys.v[i], &lines);
    put_tabs(out, &lines, a);
    return NULL;
}

// ---- callgrind

typedef struct Grind {
    PprofReport *r;
    Buf *out;
    StrMap objects, files, names;
    StrVec node_names; // by node: told apart when several functions share file and name
} Grind;

// "(3) name" the first time, "(3)" afterwards.
static void grind_name(Grind *g, const char *what, StrMap *known, Str name) {
    buf_c(g->out, what);
    if (name.len) {
        uint32_t *at = strmap_put(known, name);
        bool fresh = *at == 0;
        if (fresh) *at = known->entries.len;
        buf_fmt(g->out, "(%u)", *at);
        if (fresh) buf_byte(g->out, ' ');
        if (fresh) buf_str(g->out, name);
    }
    buf_byte(g->out, '\n');
}

// An address, relative to the last one where that is shorter.
static void grind_address(Buf *out, const NodeInfo *last, uint64_t at) {
    char whole[24], step[24];
    int n = snprintf(whole, sizeof whole, "0x%llx", (ULL)at);
    if (last && last->address == at) {
        buf_byte(out, '*');
        return;
    }
    int m = last ? snprintf(step, sizeof step, "%+lld", (LL)(at - last->address)) : n;
    buf_c(out, m < n ? step : whole);
}

static int64_t grind_value(const PprofReport *r, int64_t v) {
    Str unit;
    return pprof_i64(measure_scale(v, r->unit, r->output_unit, &unit));
}

static void name_nodes(Grind *g) {
    Graph *graph = &g->r->graph;
    Arena *a = g->r->arena;
    StrMap groups = strmap_new(a), members = strmap_new(a);
    VEC(uint32_t) sizes = {0};
    uint32_t *group = NEW_ARRAY(a, uint32_t, graph->nodes.len),
             *place = NEW_ARRAY(a, uint32_t, graph->nodes.len);
    for (uint32_t i = 0; i < graph->order.len; i++) {
        uint32_t at = graph->order.v[i];
        const GraphNode *n = &graph->nodes.v[at];
        uint32_t *k = strmap_put(&groups, str_join3(a, n->info.file, STR("\n"), n->info.name));
        if (!*k) {
            vec_push(a, &sizes, 0);
            *k = sizes.len;
        }
        group[at] = *k;
        Str function = str_fmt(a, "%u/%u/%u", *k, n->function, n->in_parent);
        uint32_t *m = strmap_put(&members, function);
        if (!*m) *m = ++sizes.v[group[at] - 1];
        place[at] = *m;
    }
    for (uint32_t i = 0; i < graph->nodes.len; i++) {
        Str name = group[i] ? graph->nodes.v[i].info.name : STR(""); // nodes not shown have none
        if (group[i] && sizes.v[group[i] - 1] > 1)
            name = str_fmt(a, STR_FMT " [%u/%u]", STR_ARG(name), place[i], sizes.v[group[i] - 1]);
        vec_push(a, &g->node_names, name);
    }
}

static void grind_calls(Grind *g, uint32_t node, const NodeInfo *last) {
    Graph *graph = &g->r->graph;
    U32Vec edges = graph_edges(graph, node, false, g->r->arena);
    for (uint32_t i = 0; i < edges.len; i++) {
        const GraphEdge *e = &graph->edges.v[edges.v[i]];
        const NodeInfo *to = &graph->nodes.v[e->dest].info;
        grind_name(g, "cfl=", &g->files, to->file);
        grind_name(g, "cfn=", &g->names, g->node_names.v[e->dest]);
        buf_lit(g->out, "calls=0 ");
        grind_address(g->out, last, to->address);
        buf_fmt(g->out, " %lld\n* * %lld\n", (LL)to->line, (LL)grind_value(g->r, e->weight));
    }
}

Err pprof_print_callgrind(PprofReport *r, Buf *out) {
    Arena *a = r->arena;
    pprof_trimmed_graph(r);
    Grind g = {.r = r,
               .out = out,
               .objects = strmap_new(a),
               .files = strmap_new(a),
               .names = strmap_new(a)};
    name_nodes(&g);
    buf_fmt(out, "positions: instr line\nevents: " STR_FMT "(" STR_FMT ")\n", STR_ARG(r->type),
            STR_ARG(r->output_unit));
    const NodeInfo *last = NULL;
    for (uint32_t i = 0; i < r->graph.order.len; i++) {
        uint32_t node = r->graph.order.v[i];
        const GraphNode *n = &r->graph.nodes.v[node];
        if (!last || !str_eq(n->info.object, last->object) || !str_eq(n->info.file, last->file) ||
            !str_eq(n->info.name, last->name)) {
            buf_byte(out, '\n');
            grind_name(&g, "ob=", &g.objects, n->info.object);
            grind_name(&g, "fl=", &g.files, n->info.file);
            grind_name(&g, "fn=", &g.names, n->info.name);
        }
        grind_address(out, last, n->info.address);
        buf_fmt(out, " %lld %lld\n", (LL)n->info.line, (LL)grind_value(r, graph_flat(n)));
        grind_calls(&g, node, last);
        last = &n->info;
    }
    return NULL;
}

// ---- topproto

Err pprof_print_topproto(PprofReport *r, Buf *out) {
    pprof_trimmed_graph(r);
    Arena *a = r->arena;
    const Profile *p = r->p;
    Profile top = {.arena = a,
                   .time_nanos = p->time_nanos,
                   .duration_nanos = p->duration_nanos,
                   .period_type = p->period_type,
                   .period = p->period};
    vec_push(a, &top.types, ((ProfileType){STR("cum"), r->output_unit}));
    vec_push(a, &top.types, ((ProfileType){STR("flat"), r->output_unit}));
    vec_push(a, &top.strings, STR(""));
    (void)vec_add(a, &top.mappings);
    (void)vec_add(a, &top.functions);
    (void)vec_add(a, &top.locations);
    StrMap functions = strmap_new(a);
    SampleSink sink = sink_new(&top);
    top.location_ids = (ProfileIds){.same = true, .count = r->graph.order.len};
    for (uint32_t i = 0; i < r->graph.order.len; i++) {
        const GraphNode *n = &r->graph.nodes.v[r->graph.order.v[i]];
        Str key = str_fmt(a, STR_FMT "\n" STR_FMT "\n%lld", STR_ARG(n->info.name),
                          STR_ARG(n->info.file), (LL)n->info.start_line);
        uint32_t *f = strmap_put(&functions, key);
        if (!*f) {
            *f = top.functions.len;
            vec_push(a, &top.functions,
                     ((ProfileFunction){.id = *f,
                                        .name = n->info.name,
                                        .system_name = STR(""),
                                        .file = n->info.file,
                                        .start_line = n->info.start_line}));
        }
        vec_push(a, &top.lines, ((ProfileLine){n->info.line, n->info.column, *f}));
        vec_push(a, &top.locations,
                 ((ProfileLocation){
                     .id = i + 1, .address = n->info.address, .first_line = i, .line_count = 1}));
        int64_t values[2] = {grind_value(r, graph_cum(n)), grind_value(r, graph_flat(n))};
        sink_add(&sink, (uint32_t[]){i + 1}, 1, values, STR(""));
    }
    sink_finish(&sink);
    buf_str(out, deflate_gzip(a, profile_encode(&top, a)));
    inflate_free(&top.owned2);
    return NULL;
}
