// profile/calltree.c: three walks over the samples. The first finds totals, so that columns of
// different units weigh the same. The second grows the tree and, whenever it holds too many nodes,
// lets go of the light half (as lossy counting does): what matters in the end is never light for
// long. The third counts exactly, into the nodes that are left.
#include "profile/calltree.h"

#include <math.h>

// Nodes held at once while the tree grows.
enum { GROW_LIMIT = 1 << 20 };

// A profile's tables seen from the tree: functions and lines of its line entries.
typedef struct Side {
    const Profile *p;
    uint32_t first_column;
    uint32_t *line_of; // by place in p->lines: place in tree->lines
    uint32_t *bare_of; // by location without lines: place in tree->functions
} Side;

typedef struct Build {
    CallTree *t;
    Arena *scratch;
    Side *sides;
    StrMap functions; // "name\0file" -> function
    Index lines;      // function and line -> line
    Index children;   // parent and function -> node
    double *scale;    // by column: 1 / (total of absolute values * columns)
    uint64_t stamp;
    bool counting;
} Build;

// ---- functions and lines

static uint32_t function_of(Build *b, Str name, Str file, int64_t start_line) {
    CallTree *t = b->t;
    Str key = str_join3(b->scratch, name, (Str){"", 1}, file);
    uint32_t *at = strmap_put(&b->functions, key);
    if (!*at) {
        *at = t->functions.len;
        vec_push(t->arena, &t->functions,
                 ((CallFunction){.name = str_copy(t->arena, name),
                                 .file = str_copy(t->arena, file),
                                 .start_line = start_line}));
    }
    return *at;
}

static uint32_t line_of(Build *b, uint32_t function, int64_t line) {
    CallTree *t = b->t;
    uint64_t hash = hash_mix(function, (uint64_t)line);
    for (IndexIter it = index_find(&b->lines, hash); it.id; index_next(&it))
        if (t->lines.v[it.id].function == function && t->lines.v[it.id].line == line) return it.id;
    uint32_t id = t->lines.len;
    vec_push(t->arena, &t->lines, ((CallLine){.function = function, .line = line}));
    index_add(&b->lines, hash, id);
    return id;
}

static Str bare_name(Build *b, const Profile *p, const ProfileLocation *l) {
    Str file = l->mapping ? p->mappings.v[l->mapping].file : STR("");
    if (!file.len) return STR("<unknown>");
    size_t slash = str_rfind_byte(file, '/');
    return str_fmt(b->scratch, "[" STR_FMT "]",
                   STR_ARG(slash == STR_NONE ? file : str_from(file, slash + 1)));
}

static void see_tables(Build *b, Side *s) {
    const Profile *p = s->p;
    uint32_t *function = NEW_ARRAY(b->scratch, uint32_t, p->functions.len + 1);
    s->line_of = NEW_ARRAY(b->scratch, uint32_t, p->lines.len + 1);
    s->bare_of = NEW_ARRAY(b->scratch, uint32_t, p->locations.len + 1);
    for (uint32_t i = 1; i < p->functions.len; i++) {
        const ProfileFunction *f = &p->functions.v[i];
        Str name = f->name.len ? f->name : f->system_name.len ? f->system_name : STR("<unknown>");
        function[i] = function_of(b, name, f->file, f->start_line);
    }
    for (uint32_t i = 1; i < p->locations.len; i++) {
        const ProfileLocation *l = &p->locations.v[i];
        if (!l->line_count) s->bare_of[i] = function_of(b, bare_name(b, p, l), STR(""), 0);
        for (uint32_t k = l->first_line; k < l->first_line + l->line_count; k++) {
            uint32_t f = function[p->lines.v[k].function];
            if (!f) f = function_of(b, bare_name(b, p, l), STR(""), 0);
            if (k + 1 < l->first_line + l->line_count) b->t->functions.v[f].inlined = true;
            s->line_of[k] = line_of(b, f, p->lines.v[k].line);
        }
    }
}

// ---- totals

static void find_totals(Build *b) {
    CallTree *t = b->t;
    double *sum = NEW_ARRAY(b->scratch, double, t->columns + 1);
    for (uint32_t i = 0; i < t->sides; i++) {
        Side *s = &b->sides[i];
        Cursor c = cursor_new(s->p, b->scratch);
        while (cursor_next(&c)) {
            t->samples++;
            for (uint32_t k = 0; k < t->types.len; k++) {
                uint32_t column = s->first_column + k;
                t->total[column] = (int64_t)((uint64_t)t->total[column] + (uint64_t)c.values[k]);
                sum[column] += fabs((double)c.values[k]);
            }
        }
    }
    b->scale = NEW_ARRAY(b->scratch, double, t->columns + 1);
    for (uint32_t i = 0; i < t->columns; i++)
        b->scale[i] = sum[i] > 0 ? 1 / (sum[i] * t->columns) : 0;
}

// ---- nodes

static uint64_t node_hash(uint32_t parent, uint32_t function) { return hash_mix(parent, function); }

static uint32_t child_of(const Build *b, uint32_t parent, uint32_t function) {
    const CallNode *nodes = b->t->nodes.v;
    for (IndexIter it = index_find(&b->children, node_hash(parent, function)); it.id;
         index_next(&it))
        if (nodes[it.id].parent == parent && nodes[it.id].function == function) return it.id;
    return 0;
}

static void index_nodes(Build *b) {
    b->children = index_new(b->scratch);
    index_reserve(&b->children, b->t->nodes.len);
    for (uint32_t i = 1; i < b->t->nodes.len; i++)
        index_add(&b->children, node_hash(b->t->nodes.v[i].parent, b->t->nodes.v[i].function), i);
}

static int heavier_first(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? 1 : a > b ? -1 : 0;
}

// Where each node goes when the heaviest `most` of more stay: 0 for those that go. Of nodes of
// equal weight the first stay, so that a parent is never let go of before its child.
static uint32_t *choose(const CallTree *t, Arena *scratch, uint32_t most) {
    uint32_t len = t->nodes.len, *to = NEW_ARRAY(scratch, uint32_t, len);
    double *weights = NEW_ARRAY(scratch, double, len);
    for (uint32_t i = 1; i < len; i++) weights[i - 1] = t->nodes.v[i].weight;
    qsort(weights, len - 1, sizeof *weights, heavier_first);
    double least = weights[most - 1];
    uint32_t equal = 0; // how many of that weight stay
    while (equal < most && weights[most - 1 - equal] == least) equal++;
    uint32_t kept = 1;
    for (uint32_t i = 1; i < len; i++) {
        double w = t->nodes.v[i].weight;
        if (w > least || (w == least && equal && equal--)) to[i] = kept++;
    }
    return to;
}

static void move_nodes(CallTree *t, const uint32_t *to) {
    uint32_t kept = 1;
    for (uint32_t i = 1; i < t->nodes.len; i++) {
        if (!to[i]) continue;
        CallNode n = t->nodes.v[i];
        n.parent = to[n.parent];
        t->nodes.v[to[i]] = n;
        kept++;
    }
    t->nodes.len = kept;
}

static void let_go(Build *b, uint32_t most) {
    if (b->t->nodes.len <= most + 1) return;
    Arena *choice = arena_new("call tree");
    move_nodes(b->t, choose(b->t, choice, most));
    arena_free(choice);
}

static void add(int64_t *to, const int64_t *values, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) to[i] = (int64_t)((uint64_t)to[i] + (uint64_t)values[i]);
}

// ---- one sample

// A frame of the stack: its line (0: none) and function.
typedef struct Frame {
    uint32_t line, function;
} Frame;
typedef VEC(Frame) FrameVec;

// The frames of the cursor's sample, outermost first.
static void frames_of(Build *b, const Side *s, Cursor *c, FrameVec *out) {
    cursor_stack(c);
    out->len = 0;
    for (uint32_t i = c->depth; i-- > 0;) {
        uint32_t at = c->locations[i];
        const ProfileLocation *l = &s->p->locations.v[at];
        if (!l->line_count) vec_push(b->scratch, out, ((Frame){0, s->bare_of[at]}));
        for (uint32_t k = l->line_count; k-- > 0;) {
            uint32_t line = s->line_of[l->first_line + k];
            vec_push(b->scratch, out, ((Frame){line, b->t->lines.v[line].function}));
        }
    }
}

static void grow(Build *b, const FrameVec *frames, double weight) {
    CallTree *t = b->t;
    uint32_t node = 0;
    t->nodes.v[0].weight += weight;
    for (uint32_t i = 0; i < frames->len; i++) {
        uint32_t next = child_of(b, node, frames->v[i].function);
        if (!next) {
            next = t->nodes.len;
            vec_push(t->arena, &t->nodes, ((CallNode){frames->v[i].function, node, 0}));
            index_add(&b->children, node_hash(node, frames->v[i].function), next);
        }
        t->nodes.v[next].weight += weight;
        node = next;
    }
}

static void count_tables(Build *b, const FrameVec *frames, const Side *s, const int64_t *values) {
    CallTree *t = b->t;
    uint32_t n = t->types.len;
    b->stamp++;
    for (uint32_t i = 0; i < frames->len; i++) {
        Frame f = frames->v[i];
        if (t->functions.v[f.function].stamp != b->stamp) {
            t->functions.v[f.function].stamp = b->stamp;
            add(t->cum + (size_t)f.function * t->columns + s->first_column, values, n);
        }
        if (!f.line || t->lines.v[f.line].stamp == b->stamp) continue;
        t->lines.v[f.line].stamp = b->stamp;
        add(t->line_cum + (size_t)f.line * t->columns + s->first_column, values, n);
    }
    if (!frames->len) return;
    Frame leaf = frames->v[frames->len - 1];
    add(t->flat + (size_t)leaf.function * t->columns + s->first_column, values, n);
    if (leaf.line) add(t->line_flat + (size_t)leaf.line * t->columns + s->first_column, values, n);
}

static void count(Build *b, const FrameVec *frames, const Side *s, const Cursor *c) {
    CallTree *t = b->t;
    uint32_t node = 0, i = 0;
    for (; i < frames->len; i++) {
        uint32_t next = child_of(b, node, frames->v[i].function);
        if (!next) break;
        node = next;
    }
    int64_t *to = i == frames->len ? t->self : t->rest;
    add(to + (size_t)node * t->columns + s->first_column, c->values, t->types.len);
    count_tables(b, frames, s, c->values);
}

static double weight_of(const Build *b, const Side *s, const int64_t *values) {
    double w = 0;
    for (uint32_t k = 0; k < b->t->types.len; k++)
        w += fabs((double)values[k]) * b->scale[s->first_column + k];
    return w;
}

static void walk(Build *b, bool counting) {
    Arena *walking = arena_new("call tree walk");
    FrameVec frames = {0};
    for (uint32_t i = 0; i < b->t->sides; i++) {
        Side *s = &b->sides[i];
        Cursor c = cursor_new(s->p, walking);
        while (cursor_next(&c)) {
            double weight = weight_of(b, s, c.values);
            if (weight == 0) continue;
            frames_of(b, s, &c, &frames);
            if (counting) {
                count(b, &frames, s, &c);
                continue;
            }
            if (b->t->nodes.len + frames.len > GROW_LIMIT) {
                let_go(b, GROW_LIMIT / 2);
                index_nodes(b);
            }
            grow(b, &frames, weight);
        }
    }
    arena_free(walking);
}

// ---- the tree

static int64_t *cells(Arena *a, uint32_t rows, uint32_t columns) {
    return NEW_ARRAY(a, int64_t, (size_t)rows * columns + 1);
}

static void name_types(CallTree *t, const Profile *p) {
    for (uint32_t i = 0; i < p->types.len; i++) {
        ProfileType type = {str_copy(t->arena, p->types.v[i].type),
                            str_copy(t->arena, p->types.v[i].unit)};
        vec_push(t->arena, &t->types, type);
    }
}

static void make_tables(CallTree *t) {
    t->flat = cells(t->arena, t->functions.len, t->columns);
    t->cum = cells(t->arena, t->functions.len, t->columns);
    t->line_flat = cells(t->arena, t->lines.len, t->columns);
    t->line_cum = cells(t->arena, t->lines.len, t->columns);
    t->self = cells(t->arena, t->nodes.len, t->columns);
    t->rest = cells(t->arena, t->nodes.len, t->columns);
}

CallTree *calltree_new(Arena *a, const Profile *const *sides, uint32_t count, uint32_t most_nodes) {
    CallTree *t = NEW(a, CallTree);
    *t = (CallTree){.arena = a, .sides = count};
    name_types(t, sides[0]);
    t->columns = count * t->types.len;
    t->total = cells(a, 1, t->columns);
    vec_add(a, &t->functions);
    vec_add(a, &t->lines);
    vec_add(a, &t->nodes);
    Build b = {.t = t, .scratch = arena_new("call tree tables")};
    b.sides = NEW_ARRAY(b.scratch, Side, count + 1);
    b.functions = strmap_new(b.scratch);
    b.lines = index_new(b.scratch);
    for (uint32_t i = 0; i < count; i++) {
        b.sides[i] = (Side){.p = sides[i], .first_column = i * t->types.len};
        see_tables(&b, &b.sides[i]);
    }
    find_totals(&b);
    index_nodes(&b);
    walk(&b, false);
    let_go(&b, MAX(most_nodes, 1u));
    index_nodes(&b);
    make_tables(t);
    walk(&b, true);
    arena_free(b.scratch);
    return t;
}

void calltree_cut(CallTree *t, uint32_t most_nodes) {
    most_nodes = MAX(most_nodes, 1u);
    if (t->nodes.len <= most_nodes + 1) return;
    Arena *scratch = arena_new("call tree cut");
    uint32_t *to = choose(t, scratch, most_nodes), columns = t->columns;
    // Children stand behind their parents: from the end on, what goes is handed up.
    for (uint32_t i = t->nodes.len; i-- > 1;) {
        if (to[i]) continue;
        int64_t *up = t->rest + (size_t)t->nodes.v[i].parent * columns;
        add(up, t->self + (size_t)i * columns, columns);
        add(up, t->rest + (size_t)i * columns, columns);
    }
    for (uint32_t i = 1; i < t->nodes.len; i++) {
        if (!to[i]) continue;
        memmove(t->self + (size_t)to[i] * columns, t->self + (size_t)i * columns,
                columns * sizeof *t->self);
        memmove(t->rest + (size_t)to[i] * columns, t->rest + (size_t)i * columns,
                columns * sizeof *t->rest);
    }
    move_nodes(t, to);
    arena_free(scratch);
}
