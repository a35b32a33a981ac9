// view/pprof_list.c: the source of functions, with what each line costs.
#include "view/pprof.h"

typedef struct Source {
    StrVec lines;
    Err err; // it could not be read
} Source;

// The nodes of one function in one file.
typedef struct Block {
    Str name, file; // without a file: there is no source to show
    U32Vec nodes;
    uint64_t stamp;                 // the last sample counted
    int64_t flat, cum, first, last; // lines shown
} Block;

typedef struct List {
    PprofReport *r;
    Arena *a;
    Buf *out;
    StrMap opened; // path -> place in sources + 1
    VEC(Source) sources;
    VEC(Block) blocks;
} List;

static Err open_as_pprof(PprofReport *r, Str path, Str *out) {
    Str search = r->cfg.source_path.len ? r->cfg.source_path : r->files.directory;
    path = pprof_trim_path(r->arena, path, r->cfg.trim_path, search);
    if (path.len && path.ptr[0] == '/') return r->files.read(r->files.ctx, r->arena, path, out);
    // Each directory and all above it.
    for (Str dirs = search; dirs.len;) {
        Str dir = str_split(&dirs, ':');
        for (;;) {
            Str file = str_join3(r->arena, dir, str_eq(dir, STR("/")) ? STR("") : STR("/"), path);
            if (!r->files.read(r->files.ctx, r->arena, file, out)) return NULL;
            size_t slash = str_rfind_byte(dir, '/');
            if (slash == STR_NONE || str_eq(dir, STR("/"))) break;
            dir = slash == 0 ? STR("/") : str_to(dir, slash);
        }
    }
    return err_new(r->arena, ERR_IO, 0, "could not find file " STR_FMT " on path " STR_FMT,
                   STR_ARG(path), STR_ARG(search));
}

Err pprof_open_source(PprofReport *r, Str path, Str *out) {
    Err err = open_as_pprof(r, path, out);
    bool found = err && !r->compat && r->files.find(r->files.ctx, r->arena, path, out);
    return found ? NULL : err;
}

static Source *source_of(List *l, Str path) {
    uint32_t *at = strmap_put(&l->opened, path);
    if (*at) return &l->sources.v[*at - 1];
    Source s = {0};
    Str text;
    s.err = pprof_open_source(l->r, path, &text);
    while (!s.err && text.len) vec_push(l->a, &s.lines, str_line(&text));
    vec_push(l->a, &l->sources, s);
    *at = l->sources.len;
    return &l->sources.v[*at - 1];
}

static int64_t plus(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }

enum { MARGIN = 5 };

static void grow(Block *b, const GraphNode *n) {
    int64_t start = n->info.start_line ? n->info.start_line : n->info.line - MARGIN;
    int64_t end = n->info.line + MARGIN;
    if (b->first == INT64_MIN || start < b->first) b->first = start;
    if (end > b->last) b->last = end;
    b->flat = plus(b->flat, n->flat);
    b->cum = plus(b->cum, n->cum);
}

static void put_line(List *l, const Block *b, int64_t line, Str text) {
    int64_t flat = 0, cum = 0;
    for (uint32_t i = 0; i < b->nodes.len; i++) {
        const GraphNode *n = &l->r->graph.nodes.v[b->nodes.v[i]];
        if (n->info.line != line) continue;
        flat = plus(flat, n->flat);
        cum = plus(cum, n->cum);
    }
    pprof_pad(l->out, pprof_value_or_dot(l->r, l->a, flat), 10);
    buf_byte(l->out, ' ');
    pprof_pad(l->out, pprof_value_or_dot(l->r, l->a, cum), 10);
    buf_fmt(l->out, " %6lld:", (long long)line);
    buf_str(l->out, text);
    buf_byte(l->out, '\n');
}

static void put_block(List *l, const Block *b) {
    Str name = b->name, file = b->file;
    if (!file.len) {
        buf_fmt(l->out, "No source information for " STR_FMT "\n", STR_ARG(name));
        return;
    }
    buf_lit(l->out, "ROUTINE ======================== ");
    buf_str(l->out, name);
    buf_lit(l->out, " in ");
    buf_str(l->out, file);
    buf_byte(l->out, '\n');
    pprof_pad(l->out, pprof_value(l->r, l->a, b->flat), 10);
    buf_byte(l->out, ' ');
    pprof_pad(l->out, pprof_value(l->r, l->a, b->cum), 10);
    buf_fmt(l->out, " (flat, cum) " STR_FMT " of Total\n",
            STR_ARG(measure_percent(l->a, b->cum, l->r->total)));
    // Without a line to show pprof does not look for the file, but remembers that it failed before.
    if (MAX(b->first, 1) > b->last && !strmap_get(&l->opened, file)) return;
    Source *s = source_of(l, file);
    if (s->err) {
        buf_fmt(l->out, " Error: " STR_FMT "\n", STR_ARG(s->err->what));
        return;
    }
    for (int64_t line = MAX(b->first, 1); line <= b->last && line <= (int64_t)s->lines.len; line++)
        put_line(l, b, line, s->lines.v[line - 1]);
}

// One function: its files one after the other, by name.
static void add_function(List *l, const U32Vec *nodes) {
    Graph *g = &l->r->graph;
    Str name = g->nodes.v[nodes->v[0]].info.name;
    StrVec files = {0};
    for (uint32_t i = 0; i < nodes->len; i++) {
        Str file = g->nodes.v[nodes->v[i]].info.file;
        if (file.len && !strvec_has(&files, file)) vec_push(l->a, &files, file);
    }
    if (!files.len) vec_push(l->a, &l->blocks, ((Block){.name = name}));
    strvec_sort(&files);
    for (uint32_t k = 0; k < files.len; k++) {
        Block b = {.name = name, .file = files.v[k], .first = INT64_MIN, .last = INT64_MIN};
        for (uint32_t i = 0; i < nodes->len; i++) {
            if (!str_eq(g->nodes.v[nodes->v[i]].info.file, files.v[k])) continue;
            vec_push(l->a, &b.nodes, nodes->v[i]);
            grow(&b, &g->nodes.v[nodes->v[i]]);
        }
        vec_push(l->a, &l->blocks, b);
    }
}

static void count_frame(List *l, uint32_t block, uint64_t sample, int64_t w) {
    Block *b = &l->blocks.v[block];
    if (b->stamp == sample) return;
    b->stamp = sample;
    b->cum = plus(b->cum, w);
}

// A recursive function has several of its lines on a stack: each counts the stack, and their sum,
// which pprof prints, exceeds what was allocated under the function. Here a stack counts once.
static void count_once(List *l) {
    const Graph *g = &l->r->graph;
    const Profile *p = l->r->p;
    Arena *scratch = arena_new("list");
    uint32_t *block_of = NEW_ARRAY(scratch, uint32_t, g->nodes.len); // place + 1
    for (uint32_t i = 0; i < l->blocks.len; i++) {
        l->blocks.v[i].cum = 0;
        for (uint32_t k = 0; k < l->blocks.v[i].nodes.len; k++)
            block_of[l->blocks.v[i].nodes.v[k]] = i + 1;
    }
    Cursor c = cursor_new(p, scratch);
    while (cursor_next(&c)) {
        int64_t w = c.values[l->r->value];
        if (!w) continue;
        cursor_stack(&c);
        for (uint32_t i = 0; i < c.depth; i++) {
            const ProfileLocation *at = &p->locations.v[c.locations[i]];
            for (uint32_t k = 0; k < at->line_count; k++) {
                uint32_t block = block_of[g->line_node[at->first_line + k]];
                if (block) count_frame(l, block - 1, c.number, w);
            }
        }
    }
    arena_free(scratch);
}

Err pprof_print_list(PprofReport *r, Buf *out) {
    pprof_full_graph(r);
    Graph *g = &r->graph;
    graph_sort(g, GRAPH_BY_NAME);
    List l = {.r = r, .a = r->arena, .out = out, .opened = strmap_new(r->arena)};
    bool any = false;
    U32Vec nodes = {0};
    for (uint32_t i = 0; i < g->order.len; i++) {
        Str name = g->nodes.v[g->order.v[i]].info.name;
        nodes.len = 0;
        vec_push(l.a, &nodes, g->order.v[i]);
        while (i + 1 < g->order.len && str_eq(g->nodes.v[g->order.v[i + 1]].info.name, name))
            vec_push(l.a, &nodes, g->order.v[++i]);
        if (!regex_match(r->symbol, name)) continue;
        if (!any) buf_fmt(out, "Total: " STR_FMT "\n", STR_ARG(pprof_value(r, l.a, r->total)));
        any = true;
        add_function(&l, &nodes);
    }
    if (!r->compat && r->divisor < 0) count_once(&l);
    for (uint32_t i = 0; i < l.blocks.len; i++) put_block(&l, &l.blocks.v[i]);
    if (any) return NULL;
    return err_new(r->arena, ERR_USAGE, 0, "no matches found for regexp: " STR_FMT,
                   STR_ARG(r->symbol_text));
}
