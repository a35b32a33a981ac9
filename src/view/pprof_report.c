// view/pprof_report.c: from settings and a profile to a report ready to be printed: filters,
// totals, the graph with its small nodes trimmed, the unit, and the legend.
#include <math.h>
#include <time.h>

#include "base/utf8.h"
#include "view/pprof.h"
#include "view/view_time.h"

// ---- small things Go's packages do

int64_t pprof_i64(double v) {
    if (!(v >= -9223372036854775808.0 && v < 9223372036854775808.0)) return INT64_MIN;
    return (int64_t)v;
}

Str pprof_base(Str path) {
    if (path.len == 0) return STR(".");
    while (path.len > 1 && path.ptr[path.len - 1] == '/') path.len--;
    size_t slash = str_rfind_byte(path, '/');
    return slash == STR_NONE || path.len == 1 ? path : str_from(path, slash + 1);
}

void pprof_pad(Buf *b, Str s, size_t width) {
    size_t have = utf8_count(s);
    if (have < width) buf_fill(b, ' ', width - have);
    buf_str(b, s);
}

static void message(PprofReport *r, Str text) {
    buf_str(r->messages, text);
    buf_byte(r->messages, '\n');
}

// ---- what the command forces

static PprofConfig forced(const PprofCommand *c, PprofConfig cfg) {
    bool trim = cfg.trim;
    switch (c->format) {
    case PPROF_DISASM:
        trim = false;
        cfg.granularity = STR("addresses");
        cfg.noinlines = true;
        break;
    case PPROF_WEBLIST:
        trim = false;
        cfg.granularity = STR("addresses");
        cfg.noinlines = false;
        break;
    case PPROF_LIST:
        trim = false;
        cfg.granularity = STR("lines");
        break;
    case PPROF_TEXT:
    case PPROF_TOPPROTO:
        if (cfg.nodecount == -1) cfg.nodecount = 0;
        break;
    case PPROF_TREE:
        if (c->wants_expression)
            trim = false; // peek
        else if (cfg.nodecount == -1)
            cfg.nodecount = 80;
        break;
    case PPROF_PROTO:
    case PPROF_RAW:
    case PPROF_CALLGRIND:
        trim = false;
        cfg.granularity = STR("addresses");
        break;
    case PPROF_COMMENTS:
    case PPROF_DOT:
    case PPROF_TAGS:
    case PPROF_TRACES:
        if (cfg.nodecount == -1) cfg.nodecount = 80;
        break;
    }
    if (!trim) {
        cfg.nodecount = 0;
        cfg.nodefraction = cfg.edgefraction = 0;
    }
    return cfg;
}

// ---- filters

static Err compile(PprofReport *r, const char *name, Str value, Regex **out) {
    if (value.len == 0) return NULL;
    Err err = regex_compile(r->arena, value, out);
    return err ? err_wrap(r->arena, err, "parsing %s regexp", name) : NULL;
}

// A number with its unit at the head of *s: "12kb". False: none there.
static bool take_number(Str *s, Str *whole, int64_t *number, Str *unit) {
    Str in = *s;
    size_t n = in.len && (in.ptr[0] == '+' || in.ptr[0] == '-') ? 1 : 0, digits = n;
    while (n < in.len && in.ptr[n] >= '0' && in.ptr[n] <= '9') n++;
    if (n == digits) return false;
    Str num = str_to(in, n);
    str_cut_prefix(&num, STR("+"));
    if (!str_to_i64(num, number)) return false;
    size_t from = n;
    while (n < in.len && ((in.ptr[n] | 0x20) >= 'a' && (in.ptr[n] | 0x20) <= 'z')) n++;
    *unit = str_slice(in, from, n);
    *whole = str_to(in, n);
    *s = str_from(in, n);
    return true;
}

// "32kb", ":64kb", "4mb:", "12kb:64mb". False: not a range.
static bool parse_range(Str text, TagFilter *t) {
    Str rest = text, whole, unit, high_unit;
    int64_t low, high;
    bool open = str_cut_prefix(&rest, STR(":"));
    if (!take_number(&rest, &whole, &low, &unit)) return false;
    double value = measure_scale(low, unit, unit, &t->unit);
    t->low = open ? -(double)INFINITY : value;
    t->high = value;
    if (rest.len == 0) return true;
    if (open || !str_cut_prefix(&rest, STR(":"))) return false;
    t->high = (double)INFINITY;
    if (rest.len == 0) return true;
    if (!take_number(&rest, &whole, &high, &unit) || rest.len) return false;
    t->high = measure_scale(high, unit, t->unit, &high_unit);
    return str_eq(high_unit, t->unit);
}

static Err compile_tag(PprofReport *r, const char *name, Str value, TagFilter **out) {
    if (value.len == 0) return NULL;
    TagFilter *t = NEW(r->arena, TagFilter);
    size_t eq = str_find_byte(value, '=');
    if (eq != STR_NONE) {
        t->has_key = true;
        t->key = str_to(value, eq);
        value = str_from(value, eq + 1);
    }
    *out = t;
    if (parse_range(value, t)) {
        t->range = true;
        buf_fmt(r->messages, "%s:Interpreted '" STR_FMT "' as range, not regexp\n", name,
                STR_ARG(value));
        return NULL;
    }
    for (bool more = true; more && t->expression_count < COUNT(t->expressions);) {
        more = str_find_byte(value, ',') != STR_NONE;
        Err err =
            regex_compile(r->arena, str_split(&value, ','), &t->expressions[t->expression_count++]);
        if (err) return err_wrap(r->arena, err, "parsing %s regexp", name);
    }
    return NULL;
}

static void warn_unmatched(PprofReport *r, bool asked, bool matched, const char *option) {
    if (asked && !matched) buf_fmt(r->messages, "%s expression matched no samples\n", option);
}

static void free_filter(ProfileFilter *f) {
    Regex *all[] = {f->focus,     f->ignore,     f->hide,     f->show,
                    f->show_from, f->prune_from, f->tag_show, f->tag_hide};
    for (size_t i = 0; i < COUNT(all); i++) regex_free(all[i]);
    TagFilter *tags[] = {f->tag_focus, f->tag_ignore};
    for (size_t i = 0; i < COUNT(tags); i++)
        for (uint32_t k = 0; tags[i] && k < tags[i]->expression_count; k++)
            regex_free(tags[i]->expressions[k]);
}

static Err compile_filters(PprofReport *r, ProfileFilter *f) {
    const PprofConfig *c = &r->cfg;
    TRY(compile(r, "focus", c->focus, &f->focus));
    TRY(compile(r, "ignore", c->ignore, &f->ignore));
    TRY(compile(r, "hide", c->hide, &f->hide));
    TRY(compile(r, "show", c->show, &f->show));
    TRY(compile(r, "show_from", c->show_from, &f->show_from));
    TRY(compile_tag(r, "tagfocus", c->tagfocus, &f->tag_focus));
    TRY(compile_tag(r, "tagignore", c->tagignore, &f->tag_ignore));
    return compile(r, "prune_from", c->prune_from, &f->prune_from);
}

static Err apply_filters(PprofReport *r) {
    ProfileFilter f = {.units = &r->label_units, .unit_names = &r->label_unit_names};
    Err err = compile_filters(r, &f);
    if (err) {
        free_filter(&f);
        return err;
    }
    // pprof compiles these two late: its earlier warnings come out before their errors.
    err = compile(r, "tagshow", r->cfg.tagshow, &f.tag_show);
    if (!err) err = compile(r, "taghide", r->cfg.taghide, &f.tag_hide);
    ProfileMatches m = profile_filter(r->p, &f);
    warn_unmatched(r, f.focus, m.focus, "Focus");
    warn_unmatched(r, f.ignore, m.ignore, "Ignore");
    warn_unmatched(r, f.hide, m.hide, "Hide");
    warn_unmatched(r, f.show, m.show, "Show");
    warn_unmatched(r, f.show_from, m.show_from, "ShowFrom");
    warn_unmatched(r, f.tag_focus, m.tag_focus, "TagFocus");
    warn_unmatched(r, f.tag_ignore, m.tag_ignore, "TagIgnore");
    warn_unmatched(r, f.tag_show, m.tag_show, "TagShow");
    warn_unmatched(r, f.tag_hide, m.tag_hide, "TagHide");
    free_filter(&f);
    return err;
}

static StrVec split_keys(Arena *a, Str list) {
    StrVec keys = {0};
    while (list.len) {
        Str key = str_split(&list, ',');
        if (key.len) vec_push(a, &keys, key);
    }
    return keys;
}

static void tag_frames(PprofReport *r) {
    StrVec roots = split_keys(r->arena, r->cfg.tagroot),
           leaves = split_keys(r->arena, r->cfg.tagleaf);
    TagFrames found = profile_tag_frames(r->p, &roots, &leaves, r->cfg.unit);
    warn_unmatched(r, r->cfg.tagroot.len, found.root, "TagRoot");
    warn_unmatched(r, r->cfg.tagleaf.len, found.leaf, "TagLeaf");
}

static Err aggregate(PprofReport *r) {
    Str how = r->cfg.granularity;
    ProfileGrain g = {.inlines = !r->cfg.noinlines, .column = r->cfg.showcolumns};
    if (str_eq(how, STR("addresses"))) {
        if (g.inlines) return NULL;
        g.function = g.file = g.line = g.address = true;
    } else if (str_eq(how, STR("lines"))) {
        g.function = g.file = g.line = true;
    } else if (str_eq(how, STR("files"))) {
        g.file = true;
    } else if (str_eq(how, STR("filefunctions"))) {
        g.function = g.file = true;
    } else {
        g.function = true;
    }
    profile_aggregate(r->p, &g);
    return profile_validate(r->p, r->arena);
}

// ---- values

static Err choose_values(PprofReport *r) {
    Arena *a = r->arena;
    const PprofConfig *c = &r->cfg;
    if (r->p->types.len == 0) return err_new(a, ERR_FORMAT, 0, "profile has no samples");
    Str why;
    int at = profile_value_index(r->p, c->sample_index, a, &why);
    if (at < 0) return err_new(a, ERR_USAGE, 0, STR_FMT, STR_ARG(why));
    r->value = (uint32_t)at;
    r->divisor = c->mean ? 0 : -1;
    r->type = r->p->types.v[at].type;
    r->unit = r->p->types.v[at].unit;
    if (c->mean) r->type = str_join2(a, STR("mean_"), r->type);
    if (c->divide_by == 0) return err_new(a, ERR_USAGE, 0, "zero divisor specified");
    r->ratio = 1 / c->divide_by;
    r->output_unit = c->unit;
    const struct {
        const char *name;
        Str value;
    } filters[] = {
        {"focus", c->focus},         {"ignore", c->ignore},       {"hide", c->hide},
        {"show", c->show},           {"show_from", c->show_from}, {"tagfocus", c->tagfocus},
        {"tagignore", c->tagignore}, {"tagshow", c->tagshow},     {"taghide", c->taghide}};
    for (size_t i = 0; i < COUNT(filters); i++)
        if (filters[i].value.len)
            vec_push(a, &r->filters,
                     str_fmt(a, "%s=" STR_FMT, filters[i].name, STR_ARG(filters[i].value)));
    return NULL;
}

// The sum of absolute values; with samples of a base to compare with, of theirs alone.
static void find_total(PprofReport *r) {
    Arena *scratch = arena_new("total");
    Cursor c = cursor_new(r->p, scratch);
    uint64_t total = 0, div = 0, base_total = 0, base_div = 0;
    bool base = profile_may_have_label(r->p, STR("pprof::base"));
    if (r->divisor < 0) cursor_only(&c, (uint32_t)r->value);
    while (cursor_next(&c)) {
        uint64_t v = (uint64_t)graph_abs(c.values[r->value]);
        uint64_t d = r->divisor >= 0 ? (uint64_t)c.values[r->divisor] : 0;
        if (v == 0 && d == 0) continue;
        total += v;
        div += d;
        if (base && cursor_is_labelled(&c, STR("pprof::base"), STR("true"))) {
            base_total += v;
            base_div += d;
        }
    }
    if ((int64_t)base_total > 0) {
        total = base_total;
        div = base_div;
    }
    r->total = div ? (int64_t)total / (int64_t)div : (int64_t)total;
    arena_free(scratch);
}

Str pprof_value(const PprofReport *r, Arena *a, int64_t v) {
    if (r->ratio > 0 && r->ratio != 1) v = pprof_i64((double)v * r->ratio);
    return measure_label(a, v, r->unit, r->output_unit);
}

Str pprof_value_or_dot(const PprofReport *r, Arena *a, int64_t v) {
    return v == 0 ? STR(".") : pprof_value(r, a, v);
}

// Units are looked for where labels are shown or compared; units given may need a warning.
static bool wants_units(const PprofReport *r) {
    PprofFormat f = r->command->format;
    return r->p->has_units || f == PPROF_DOT || f == PPROF_TAGS || f == PPROF_TRACES ||
           r->cfg.tagfocus.len || r->cfg.tagignore.len;
}

// Without filters between the total and the graph, one pass finds both.
static bool total_with_graph(const PprofReport *r) {
    PprofFormat f = r->command->format;
    const PprofConfig *c = &r->cfg;
    Str filters[] = {c->focus,     c->ignore,     c->hide,     c->show,
                     c->show_from, c->prune_from, c->tagfocus, c->tagignore};
    for (size_t i = 0; i < COUNT(filters); i++)
        if (filters[i].len) return false;
    bool graph = f == PPROF_TEXT || f == PPROF_TREE || f == PPROF_DOT || f == PPROF_CALLGRIND ||
                 f == PPROF_TOPPROTO;
    return graph && !profile_may_have_label(r->p, STR("pprof::base"));
}

// Which units numeric labels have, and a word where a key has several.
static void find_units(PprofReport *r) {
    StrVec ignored = {0};
    r->label_units = strmap_new(r->arena);
    if (!wants_units(r)) return;
    profile_label_units(r->p, r->arena, &r->label_units, &r->label_unit_names, &ignored);
    for (uint32_t i = 0; i < ignored.len; i += 2) {
        Str unit = r->label_unit_names.v[*strmap_get(&r->label_units, ignored.v[i])];
        message(r, str_fmt(r->arena,
                           "For tag " STR_FMT " used unit " STR_FMT
                           ", also encountered unit(s) " STR_FMT,
                           STR_ARG(ignored.v[i]), STR_ARG(unit), STR_ARG(ignored.v[i + 1])));
    }
}

static Err prepare(PprofReport *r, Str argument) {
    find_units(r);
    tag_frames(r);
    if (r->cfg.relative_percentages) TRY(apply_filters(r));
    TRY(choose_values(r));
    if (r->command->wants_expression) {
        r->symbol_text = argument;
        Err err = regex_compile(r->arena, argument, &r->symbol);
        if (err)
            return err_wrap(r->arena, err, "parsing argument regexp " STR_FMT, STR_ARG(argument));
    }
    r->total_pending = total_with_graph(r);
    if (!r->total_pending) find_total(r);
    if (!r->cfg.relative_percentages) TRY(apply_filters(r));
    return aggregate(r);
}

Err pprof_report(Arena *a, const PprofRequest *q, Buf *messages, PprofReport *out) {
    PprofReport r = {.arena = a,
                     .p = q->p,
                     .command = q->command,
                     .cfg = forced(q->command, q->cfg),
                     .files = q->files,
                     .messages = messages,
                     .compat = q->compat,
                     .no_tags = q->no_tags,
                     .early = buf_new(a)};
    Err err = prepare(&r, q->argument);
    if (err) {
        regex_free(r.symbol);
        return err;
    }
    *out = r;
    return NULL;
}

// ---- the graph

// Cuts what is common in front of source paths: the prefixes given, or up to a search directory's
// name.
Str pprof_trim_path(Arena *a, Str path, Str trim, Str search) {
    if (trim.len == 0) {
        while (search.len) {
            Str want = str_join3(a, STR("/"), pprof_base(str_split(&search, ':')), STR("/"));
            size_t at = str_find(path, want);
            if (at != STR_NONE) return str_from(path, at + want.len);
        }
    }
    StrVec prefixes = {0};
    while (trim.len) vec_push(a, &prefixes, str_split(&trim, ':'));
    vec_push(a, &prefixes, STR("/proc/self/cwd/./"));
    vec_push(a, &prefixes, STR("/proc/self/cwd/"));
    for (uint32_t i = 0; i < prefixes.len; i++) {
        Str p = prefixes.v[i];
        if (!str_ends(p, STR("/"))) p = str_join2(a, p, STR("/"));
        if (str_starts(path, p)) return str_from(path, p.len);
    }
    return path;
}

static void trim_files(PprofReport *r) {
    bool configured = r->cfg.trim_path.len || r->cfg.source_path.len;
    for (uint32_t i = 1; i < r->p->functions.len; i++) {
        ProfileFunction *f = &r->p->functions.v[i];
        if (configured || str_starts(f->file, STR("/proc/self/cwd/")))
            f->file = pprof_trim_path(r->arena, f->file, r->cfg.trim_path, r->cfg.source_path);
    }
}

static GraphOptions graph_options(const PprofReport *r) {
    PprofFormat f = r->command->format;
    uint32_t *bytes = strmap_get(&r->label_units, STR("bytes"));
    return (GraphOptions){.value = r->value,
                          .divisor = r->divisor,
                          .drop_negative = r->cfg.drop_negative,
                          .object_names = f == PPROF_RAW || f == PPROF_LIST || f == PPROF_WEBLIST ||
                                          f == PPROF_DISASM || f == PPROF_CALLGRIND,
                          .call_tree = r->cfg.call_tree && (f == PPROF_DOT || f == PPROF_CALLGRIND),
                          .tags = f == PPROF_DOT && !r->no_tags,
                          .tag_unit = r->output_unit,
                          .bytes_unit = bytes ? r->label_unit_names.v[*bytes] : STR("")};
}

void pprof_full_graph(PprofReport *r) {
    trim_files(r);
    r->graph = graph_new(r->arena, r->p, graph_options(r));
    graph_fold(&r->graph, NULL, GRAPH_NO_EDGES);
}

// The nodes at or above a cutoff, of those shown; NULL when that is all of them.
static Bitset *keep_heavy(PprofReport *r, int64_t cutoff) {
    Graph *g = &r->graph;
    Bitset *kept = NEW(r->arena, Bitset);
    *kept = bitset_new(r->arena, g->nodes.len);
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->order.len; i++)
        if (graph_abs(g->nodes.v[g->order.v[i]].cum) >= cutoff) {
            bitset_add(kept, g->order.v[i]);
            n++;
        }
    return n == g->order.len ? NULL : kept;
}

static uint32_t count_tags(const Graph *g, uint32_t node) {
    uint32_t n = 0;
    for (uint32_t t = g->nodes.v[node].tags; t; t = g->tags.v[t].next)
        n += !g->tags.v[t].gone && g->tags.v[t].flat != 0;
    return n;
}

// The first nodes in the order; in a drawing up to four tags of a node count as nodes too.
static Bitset *keep_first(PprofReport *r, bool drawing) {
    Graph *g = &r->graph;
    uint64_t most = (uint64_t)r->cfg.nodecount, count = 0;
    for (uint32_t i = 0; drawing && i < g->order.len; i++) {
        count += MIN(count_tags(g, g->order.v[i]), 4u) + 1;
        if (count >= most) {
            most = i + 1;
            break;
        }
    }
    if (most >= g->order.len) return NULL;
    Bitset *kept = NEW(r->arena, Bitset);
    *kept = bitset_new(r->arena, g->nodes.len);
    for (uint32_t i = 0; i < most; i++) bitset_add(kept, g->order.v[i]);
    return kept;
}

static int64_t cutoff_of(int64_t total, double fraction) {
    return graph_abs(pprof_i64((double)total * fraction));
}

typedef struct Trim {
    bool drawing, tree;
    GraphSort sort;
    GraphEdges edges; // the printer needs
    const Bitset *kept;
    int64_t node_cutoff, edge_cutoff;
} Trim;

// First step: nodes with too small a total go.
static void drop_light(PprofReport *r, Trim *t) {
    Graph *g = &r->graph;
    if (t->node_cutoff <= 0) return;
    uint32_t before = g->order.len;
    Bitset *kept = keep_heavy(r, t->node_cutoff);
    if (!kept) return;
    if (t->tree) {
        graph_trim_tree(g, kept);
        r->dropped_nodes = before - g->order.len;
        return;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < before; i++)
        if (bitset_has(kept, g->order.v[i])) g->order.v[n++] = g->order.v[i];
    g->order.len = n;
    r->dropped_nodes = before - n;
    t->kept = kept;
}

// Second step: only so many nodes. Edges count for the order of a drawing, so they must be there.
static void limit_count(PprofReport *r, Trim *t) {
    Graph *g = &r->graph;
    if (t->drawing && !t->tree) graph_fold(g, t->kept, GRAPH_ALL_EDGES);
    graph_sort(g, t->sort);
    if (r->cfg.nodecount <= 0) return;
    if (t->drawing) {
        graph_trim_tags(g, t->node_cutoff);
        graph_trim_edges(g, t->edge_cutoff);
    }
    Bitset *kept = keep_first(r, t->drawing);
    if (!kept) return;
    if (t->tree) {
        graph_trim_tree(g, kept);
        graph_sort(g, t->sort);
        return;
    }
    t->kept = kept;
    if (t->drawing) {
        graph_fold(g, kept, GRAPH_ALL_EDGES);
        graph_sort(g, t->sort);
    } else {
        uint32_t n = 0;
        for (uint32_t i = 0; i < g->order.len; i++)
            if (bitset_has(kept, g->order.v[i])) g->order.v[n++] = g->order.v[i];
        g->order.len = n;
    }
}

static void choose_unit(PprofReport *r) {
    Graph *g = &r->graph;
    if (!str_eq(r->output_unit, STR("minimum")) || g->order.len == 0) return;
    int64_t min = 0, max = r->total;
    for (uint32_t i = 0; i < g->order.len; i++) {
        const GraphNode *n = &g->nodes.v[g->order.v[i]];
        int64_t v = graph_abs(graph_flat(n));
        if (v == 0) v = graph_abs(graph_cum(n));
        if (v > 0 && (min == 0 || v < min)) min = v;
    }
    if (min == 0) min = max;
    if (r->ratio > 0 && r->ratio != 1) {
        min = pprof_i64((double)min * r->ratio);
        max = pprof_i64((double)max * r->ratio);
    }
    Str min_unit, max_unit, unit;
    measure_scale(min, r->unit, STR("minimum"), &min_unit);
    measure_scale(max, r->unit, STR("minimum"), &max_unit);
    unit = min_unit;
    int64_t hundred = (int64_t)((uint64_t)min * 100);
    if (!str_eq(min_unit, max_unit) && hundred < max && r->command->format != PPROF_CALLGRIND)
        measure_scale(hundred, r->unit, STR("minimum"), &unit);
    r->output_unit = unit.len ? unit : r->unit;
}

void pprof_trimmed_graph(PprofReport *r) {
    trim_files(r);
    PprofFormat f = r->command->format;
    bool cum = str_eq(r->cfg.sort, STR("cum"));
    Trim t = {.drawing = f == PPROF_DOT};
    t.tree = r->cfg.call_tree && (f == PPROF_DOT || f == PPROF_CALLGRIND);
    t.sort = t.drawing ? GRAPH_BY_ENTROPY : cum ? GRAPH_BY_CUM : GRAPH_BY_FLAT;
    t.edges = f == PPROF_TEXT       ? GRAPH_INLINE_EDGES
              : f == PPROF_TOPPROTO ? GRAPH_NO_EDGES
                                    : GRAPH_ALL_EDGES;
    r->graph = graph_new(r->arena, r->p, graph_options(r));
    Graph *g = &r->graph;
    graph_fold(g, NULL, t.tree ? GRAPH_ALL_EDGES : GRAPH_NO_EDGES);
    if (r->total_pending) r->total = g->sum_div ? g->sum / g->sum_div : g->sum;
    int64_t total = 0;
    for (uint32_t i = 0; i < g->order.len; i++)
        total = (int64_t)((uint64_t)total + (uint64_t)g->nodes.v[g->order.v[i]].flat);
    t.node_cutoff = cutoff_of(total, r->cfg.nodefraction);
    t.edge_cutoff = cutoff_of(total, r->cfg.edgefraction);
    drop_light(r, &t);
    r->node_count = g->order.len;
    limit_count(r, &t);
    g->edge_cutoff = t.edge_cutoff;
    if (!t.drawing && !t.tree && t.edges != GRAPH_NO_EDGES) {
        graph_fold(g, t.kept, t.edges);
        graph_sort(g, t.sort);
    }
    graph_trim_tags(g, t.node_cutoff);
    if (f != PPROF_TEXT) r->dropped_edges = graph_trim_edges(g, t.edge_cutoff);
    if (t.drawing) graph_remove_redundant(g);
    choose_unit(r);
}

// ---- sums

// pprof adds up the means: of two nodes with 500 bytes an object each it says 1000.
void pprof_sum_add(const PprofReport *r, PprofSum *s, const GraphNode *n) {
    int64_t flat = r->compat ? graph_flat(n) : n->flat, div = r->compat ? 0 : n->flat_div;
    s->flat = (int64_t)((uint64_t)s->flat + (uint64_t)flat);
    s->div = (int64_t)((uint64_t)s->div + (uint64_t)div);
}

int64_t pprof_sum(const PprofSum *s) { return s->div ? s->flat / s->div : s->flat; }

// ---- the legend

Str view_local_time(Arena *a, int64_t nanos) {
    time_t seconds = (time_t)(nanos / 1000000000 - (nanos % 1000000000 < 0));
    struct tm tm;
    char text[100];
    localtime_r(&seconds, &tm);
    size_t n = strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", &tm);
    return str_copy(a, (Str){text, n});
}

StrVec pprof_profile_labels(PprofReport *r) {
    Arena *a = r->arena;
    const Profile *p = r->p;
    StrVec l = {0};
    if (p->mappings.len > 1) {
        const ProfileMapping *m = &p->mappings.v[1];
        if (m->file.len) vec_push(a, &l, str_join2(a, STR("File: "), pprof_base(m->file)));
        if (m->build_id.len) vec_push(a, &l, str_join2(a, STR("Build ID: "), m->build_id));
    }
    for (uint32_t i = 0; i < p->comments.len; i++)
        if (!str_starts(p->comments.v[i], STR("#"))) vec_push(a, &l, p->comments.v[i]);
    if (r->type.len) vec_push(a, &l, str_join2(a, STR("Type: "), r->type));
    if (p->doc_url.len) vec_push(a, &l, str_join2(a, STR("Doc: "), p->doc_url));
    if (p->time_nanos)
        vec_push(a, &l, str_join2(a, STR("Time: "), view_local_time(a, p->time_nanos)));
    if (p->duration_nanos) {
        Str unit, ratio = STR("");
        double nanos = measure_scale(r->total, r->unit, STR("nanoseconds"), &unit);
        if (str_eq(unit, STR("ns")) && nanos != 0)
            ratio = str_join3(a, STR("("), measure_percent(a, pprof_i64(nanos), p->duration_nanos),
                              STR(")"));
        vec_push(
            a, &l,
            str_fmt(a, "Duration: " STR_FMT ", Total samples = " STR_FMT " " STR_FMT,
                    STR_ARG(measure_label(a, p->duration_nanos, STR("nanoseconds"), STR("auto"))),
                    STR_ARG(pprof_value(r, a, r->total)), STR_ARG(ratio)));
    }
    return l;
}

static void dropped(PprofReport *r, StrVec *l, uint32_t count, const char *what, Str limit) {
    vec_push(r->arena, l,
             str_fmt(r->arena, "Dropped %u %.4s%s (%s <= " STR_FMT ")", count, what,
                     count > 1 ? "s" : "", what + 5, STR_ARG(limit)));
}

StrVec pprof_labels(PprofReport *r, bool full) {
    Arena *a = r->arena;
    StrVec l = {0};
    if (full || !r->cfg.compact_labels) l = pprof_profile_labels(r);
    if (r->filters.len) vec_push(a, &l, STR("Active filters:"));
    for (uint32_t i = 0; i < r->filters.len; i++) {
        Str f = r->filters.v[i];
        vec_push(a, &l,
                 f.len > 80 ? str_join3(a, STR("   "), str_to(f, 80), STR("…"))
                            : str_join2(a, STR("   "), f));
    }
    PprofSum sum = {0};
    for (uint32_t i = 0; i < r->graph.order.len; i++)
        pprof_sum_add(r, &sum, &r->graph.nodes.v[r->graph.order.v[i]]);
    int64_t shown = pprof_sum(&sum);
    vec_push(a, &l,
             str_fmt(a,
                     "Showing nodes accounting for " STR_FMT ", " STR_FMT " of " STR_FMT " total",
                     STR_ARG(pprof_value(r, a, shown)),
                     STR_ARG(str_trim(measure_percent(a, shown, r->total))),
                     STR_ARG(pprof_value(r, a, r->total))));
    if (r->total != 0) {
        if (r->dropped_nodes)
            dropped(r, &l, r->dropped_nodes, "node\0cum",
                    pprof_value(r, a, cutoff_of(r->total, r->cfg.nodefraction)));
        if (full && r->dropped_edges)
            dropped(r, &l, r->dropped_edges, "edge\0freq",
                    pprof_value(r, a, cutoff_of(r->total, r->cfg.edgefraction)));
        if (r->graph.order.len && r->graph.order.len < r->node_count)
            vec_push(
                a, &l,
                str_fmt(a, "Showing top %u nodes out of %u", r->graph.order.len, r->node_count));
    }
    if (full) vec_push(a, &l, STR("\nSee https://git.io/JfYMW for how to read the graph"));
    return l;
}

// ---- printing

Err pprof_print(PprofReport *r, Buf *out) {
    switch (r->command->format) {
    case PPROF_COMMENTS:
        for (uint32_t i = 0; i < r->p->comments.len; i++) {
            buf_str(out, r->p->comments.v[i]);
            buf_byte(out, '\n');
        }
        return NULL;
    case PPROF_DOT: return pprof_print_dot(r, out);
    case PPROF_LIST: return pprof_print_list(r, out);
    case PPROF_TREE: return pprof_print_tree(r, out);
    case PPROF_RAW: return pprof_print_raw(r, out);
    case PPROF_TAGS: return pprof_print_tags(r, out);
    case PPROF_TEXT: return pprof_print_text(r, out);
    case PPROF_TRACES: return pprof_print_traces(r, out);
    case PPROF_CALLGRIND: return pprof_print_callgrind(r, out);
    case PPROF_TOPPROTO: return pprof_print_topproto(r, out);
    case PPROF_PROTO:
        if (r->ratio > 0 && r->ratio != 1) profile_ratio(r->p, r->ratio);
        buf_str(out, deflate_gzip(r->arena, profile_encode(r->p, r->arena)));
        return NULL;
    case PPROF_DISASM: return pprof_print_disasm(r, out);
    case PPROF_WEBLIST: return pprof_print_weblist(r, out);
    }
    BUG("format %d", r->command->format);
}
