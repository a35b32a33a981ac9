// go/inline/profile.c: what a CPU profile says of the package being compiled: which functions are
// called often, from which lines, and by whom. A function is known by its linker name, a call by
// its distance in lines from the function's start.
// Rules: cmd/compile/internal/pgoir/irgraph.go, inline.PGOInlinePrologue, hotNodesFromCDF.
#include "go/inline/inline_internal.h"

// Hot calls are those that make up this share of all weight, in percent.
static const double hot_share = 99;

// ---- the profile itself, shared by all packages

int64_t pgo_add(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }

static void count_hot(PgoProfile *g) {
    int64_t sum = 0;
    g->hot = g->count;
    for (uint32_t i = 0; i < g->count; i++) {
        sum = pgo_add(sum, g->edges[i].weight);
        if ((double)sum / (double)g->total * 100 <= hot_share) continue;
        g->hot = i + 1; // with the one that goes over it
        return;
    }
}

PgoProfile *pgo_profile_new(Arena *a, PgoEdge *edges, uint32_t count) {
    PgoProfile *g = NEW(a, PgoProfile);
    *g = (PgoProfile){.edges = edges, .count = count};
    g->callers = strmap_new(a);
    g->hot_callees = strmap_new(a);
    for (uint32_t i = 0; i < count; i++) g->total = pgo_add(g->total, edges[i].weight);
    if (!g->total) return NULL;
    for (uint32_t i = count; i--;) {
        uint32_t *first = strmap_put(&g->callers, edges[i].caller);
        edges[i].next = *first;
        *first = i + 1;
    }
    count_hot(g);
    for (uint32_t i = 0; i < g->hot; i++) *strmap_put(&g->hot_callees, edges[i].callee) = 1;
    return g;
}

// ---- one package

static Str link_name(const IrPkg *p, Arena *a, const Func *f) {
    Buf b = buf_new(a);
    irtype_write_prefix(p->types, &b, f->pkg);
    buf_byte(&b, '.');
    buf_str(&b, f->name);
    return buf_view(&b);
}

static void mark_group(void *ctx, FuncVec group, bool recursive) {
    (void)recursive;
    Pgo *g = ctx;
    IrPkg *p = g->p;
    for (uint32_t i = 0; i < group.len; i++) {
        Func *f = group.v[i];
        Str name = link_name(p, p->scratch, f);
        *strmap_put(&g->own, name) = g->funcs.len + 1;
        vec_push(p->scratch, &g->funcs, f);
        const uint32_t *first = strmap_get(&p->pgo->callers, name);
        bool hot = strmap_get(&p->pgo->hot_callees, name);
        if (!first && !hot) continue;
        f->pgo = NEW(p->scratch, PgoFunc);
        *f->pgo = (PgoFunc){hot, first ? *first : 0};
    }
}

static int64_t line_of(const IrPkg *p, IrPos pos) { return pos_place(p->files, pos.pos).line; }

int64_t pgo_line_offset(const IrPkg *p, const Func *caller, const Node *n) {
    return line_of(p, n->pos) - line_of(p, caller->pos);
}

bool pgo_is_hot_call(const IrPkg *p, const Func *caller, const Node *call) {
    if (!caller->pgo || !caller->pgo->first_edge) return false;
    int64_t offset = pgo_line_offset(p, caller, call);
    for (uint32_t i = caller->pgo->first_edge; i; i = p->pgo->edges[i - 1].next)
        if (i <= p->pgo->hot && p->pgo->edges[i - 1].offset == offset) return true;
    return false;
}

// ---- functions by their linker names

static void reach_imports(Pgo *g, IrPkg *q) {
    for (uint32_t i = 0; i < q->imports.len; i++) {
        IrPkg *dep = q->imports.v[i];
        if (ptrmap_get(&g->reached, dep)) continue;
        ptrmap_put(&g->reached, dep, dep);
        Buf b = buf_new(g->p->scratch);
        irtype_write_prefix(g->p->types, &b, dep->pkg);
        *strmap_put(&g->paths, buf_view(&b)) = g->pkgs.len + 1;
        vec_push(g->p->scratch, &g->pkgs, dep);
        reach_imports(g, dep);
    }
}

// "a.b/c%2ed.(*T).M" is (*T).M of a.b/c%2ed.
static bool split_name(Str name, Str *path, Str *sym) {
    size_t slash = str_rfind_byte(name, '/');
    size_t from = slash == STR_NONE ? 0 : slash + 1;
    size_t dot = str_find_byte(str_from(name, from), '.');
    if (dot == STR_NONE) return false;
    *path = str_slice(name, 0, from + dot);
    *sym = str_from(name, from + dot + 1);
    return true;
}

static Func *find_imported(Pgo *g, Str name) {
    Str path, sym;
    if (!split_name(name, &path, &sym)) return NULL;
    if (!g->pkgs.len) reach_imports(g, g->p);
    const uint32_t *place = strmap_get(&g->paths, path);
    if (!place) return NULL;
    const IrPkg *home = g->pkgs.v[*place - 1];
    return ir_find_func(g->p, home, sym);
}

Func *pgo_find(Pgo *g, Str name) {
    const uint32_t *own = strmap_get(&g->own, name);
    if (own) return g->funcs.v[*own - 1];
    uint32_t *found = strmap_put(&g->found, name);
    if (!*found) {
        Func *f = find_imported(g, name);
        if (f) vec_push(g->p->scratch, &g->funcs, f);
        *found = f ? g->funcs.len + 1 : 1;
    }
    return *found > 1 ? g->funcs.v[*found - 2] : NULL;
}

// ---- the call graph

static bool add_callee(void *ctx, Node *n) {
    Pgo *g = ctx;
    if (n->op != IR_CALLFUNC) return false;
    const Func *callee = ir_callee(ir_static_value(n->u.call.fn));
    if (callee) *strmap_put(&g->callees, link_name(g->p, g->p->scratch, callee)) = 1;
    return false;
}

static bool is_node(const Pgo *g, Str name) {
    return strmap_get(&g->own, name) || strmap_get(&g->callees, name);
}

// Callees that only the profile knows are looked up, the hottest first, which reads their types.
static void look_up_callees(Pgo *g) {
    const PgoProfile *profile = g->p->pgo;
    uint32_t own = g->funcs.len;
    for (uint32_t i = 0; i < own; i++) ir_visit_func(g->funcs.v[i], add_callee, g);
    VEC(Str) wanted = {0};
    for (uint32_t i = 0; i < profile->count; i++) {
        const PgoEdge *e = &profile->edges[i];
        if (is_node(g, e->caller) && !is_node(g, e->callee))
            vec_push(g->p->scratch, &wanted, e->callee);
    }
    for (uint32_t i = 0; i < wanted.len; i++) pgo_find(g, wanted.v[i]);
    ir_found_funcs(g->p);
}

Pgo *pgo_new(IrPkg *p) {
    Arena *a = p->scratch;
    Pgo *g = NEW(a, Pgo);
    *g = (Pgo){.p = p, .own = strmap_new(a), .callees = strmap_new(a), .found = strmap_new(a)};
    g->reached = ptrmap_new(a);
    g->paths = strmap_new(a);
    ir_visit_bottom_up(p, p->funcs, mark_group, g);
    look_up_callees(g);
    return g;
}
