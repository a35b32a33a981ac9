// go/program/late.c: what the compiler refuses after type-checking, in turn: anonymous interfaces
// that contain themselves, types that may not live in the heap where they would (notinheap.c),
// misplaced directives and functions without a body (decl.c), types that are too large (size.c),
// functions whose stack frame is (frame.c).
#include "go/program/program_internal.h"

// ---- anonymous interface cycles (go.dev/issue/56103)

typedef struct Seen {
    Type *iface;
    bool cyclic;
} Seen;

typedef struct CycleFinder {
    Arena *arena;
    VEC(Seen) seen; // non-empty anonymous interfaces met on the way; few
} CycleFinder;

static bool visit_type(CycleFinder *f, Type *t);

static bool has_cycle(CycleFinder *f, Type *iface) {
    const TypeSet *set = type_set(iface);
    for (uint32_t i = 0; i < set->methods.len; i++)
        if (visit_type(f, set->methods.v[i]->type)) return true;
    return false;
}

static bool visit_interface(CycleFinder *f, Type *t) {
    if (!t->iface.methods.len && !t->iface.embeddeds.len) return false;
    for (uint32_t i = 0; i < f->seen.len; i++)
        if (f->seen.v[i].iface == t) return f->seen.v[i].cyclic;
    uint32_t at = f->seen.len;
    vec_push(f->arena, &f->seen, ((Seen){t, true}));
    if (has_cycle(f, t)) return true;
    f->seen.v[at].cyclic = false;
    return false;
}

static bool visit_objects(CycleFinder *f, ObjList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (visit_type(f, list.v[i]->type)) return true;
    return false;
}

// Named types cannot be part of an anonymous cycle.
static bool visit_type(CycleFinder *f, Type *t) {
    if (!t) return false;
    t = type_unalias(t);
    switch (t->kind) {
    case TYPE_BASIC:
    case TYPE_NAMED:
    case TYPE_TPARAM:
    case TYPE_ALIAS:
    case TYPE_UNION: return false;
    case TYPE_POINTER: return visit_type(f, t->pointer.elem);
    case TYPE_ARRAY: return visit_type(f, t->array.elem);
    case TYPE_SLICE: return visit_type(f, t->slice.elem);
    case TYPE_CHAN: return visit_type(f, t->chan.elem);
    case TYPE_MAP: return visit_type(f, t->map.key) || visit_type(f, t->map.elem);
    case TYPE_STRUCT: return visit_objects(f, t->strct.fields);
    case TYPE_TUPLE: return visit_objects(f, t->tuple.vars);
    case TYPE_SIGNATURE: return visit_type(f, t->sig.params) || visit_type(f, t->sig.results);
    case TYPE_INTERFACE: return visit_interface(f, t);
    }
    BUG("kind of type %d", t->kind);
}

typedef struct LateWalk {
    Unit *unit;
    CycleFinder finder;
} LateWalk;

static Type *interface_at(const ProgramUnit *u, const Expr *x) {
    Type *t = type_unalias(u->info.exprs[x->id].type);
    return t && t->kind == TYPE_INTERFACE ? t : NULL;
}

static bool report_cycle(void *ctx, SyntaxNode n) {
    LateWalk *w = ctx;
    if (n.tag != TREE_EXPR || n.expr->kind != EXPR_INTERFACE_TYPE) return true;
    Type *t = interface_at(&w->unit->pub, n.expr);
    if (!t || !has_cycle(&w->finder, t)) return false;
    diag_error(&w->unit->pub.diags[STAGE_LATE], n.expr->pos, 0,
               "invalid recursive type: anonymous interface refers to itself (see "
               "https://go.dev/issue/56103)");
    for (uint32_t i = 0; i < w->finder.seen.len; i++) w->finder.seen.v[i].cyclic = false;
    return false;
}

static bool is_cyclic(CycleFinder *f, Type *t) {
    t = type_unalias(t);
    return t->kind == TYPE_INTERFACE && t->iface.methods.len + t->iface.embeddeds.len &&
           has_cycle(f, t);
}

static void check_interface_cycles(Unit *u, Arena *scratch) {
    LateWalk w = {.unit = u, .finder = {.arena = scratch}};
    unit_walk(u, report_cycle, &w);
}

void unit_walk(const Unit *u, bool (*visit)(void *ctx, SyntaxNode n), void *ctx) {
    SyntaxWalk walk = {.visit = visit, .ctx = ctx};
    for (uint32_t i = 0; i < u->pub.file_count; i++) syntax_walk(node_file(u->pub.files[i]), &walk);
}

typedef struct Suspicion {
    const Unit *unit;
    CycleFinder finder;
    Sizes sizes;
    bool sized;
    Suspects found;
} Suspicion;

static void suspect_written(Suspicion *s, Type *t) {
    Suspects *f = &s->found;
    f->cyclic |= !f->cyclic && is_cyclic(&s->finder, t);
    f->not_in_heap |= !f->not_in_heap && not_in_heap(s->unit->program, t);
    f->too_large |= s->sized && size_is_too_large(s->sizes, t);
}

static bool may_be_array(const Type *t) {
    return t->kind == TYPE_ARRAY || t->kind == TYPE_NAMED || t->kind == TYPE_ALIAS;
}

// Most types stand there many times: those met last are known.
static void suspect_all(Suspicion *s, uint32_t first, uint32_t last) {
    const ProgramUnit *u = &s->unit->pub;
    const Type *met[2][16] = {{NULL}};
    for (uint32_t id = first; id <= last; id++) {
        const TypeAndValue *tv = &u->info.exprs[id];
        if (!tv->type) continue;
        bool written = tv->mode == MODE_TYPE;
        if (!written && !may_be_array(tv->type)) continue;
        const Type **known = &met[written][(uintptr_t)tv->type / 16 % COUNT(met[0])];
        if (*known == tv->type) continue;
        *known = tv->type;
        if (written)
            suspect_written(s, tv->type);
        else
            s->found.large_array |= s->sized && frame_is_large_array(s->sizes, tv->type);
    }
}

Suspects unit_suspects(Arena *scratch, const Unit *u, uint32_t first, uint32_t last) {
    Suspicion s = {.unit = u, .finder = {.arena = scratch}};
    s.sized = sizes_for(u->program->config.goarch, &s.sizes);
    suspect_all(&s, first, last);
    return s.found;
}

Suspects suspects_union(Suspects x, Suspects y) {
    return (Suspects){.cyclic = x.cyclic || y.cyclic,
                      .not_in_heap = x.not_in_heap || y.not_in_heap,
                      .too_large = x.too_large || y.too_large,
                      .large_array = x.large_array || y.large_array};
}

// Each check runs when those before it have found nothing.
static void check_all(Unit *u, Suspects s, Arena *scratch) {
    const Program *p = u->program;
    const Diags *found = &u->pub.diags[STAGE_LATE];
    Sizes sizes;
    bool sized = sizes_for(p->config.goarch, &sizes);
    if (s.cyclic) check_interface_cycles(u, scratch);
    if (!found->count && s.not_in_heap) heap_check_types(u);
    if (!found->count) directives_check(u, p->names);
    if (!found->count && s.too_large) size_check(u, sizes);
    if (!found->count && s.not_in_heap) heap_check_allocations(u);
    if (!found->count && sized) frame_check(u, sizes, s.large_array);
}

bool unit_check_late(Unit *u, Suspects seen) {
    Arena *scratch = arena_new("late checks");
    Suspects s = suspects_union(seen, unit_suspects(scratch, u, 1, u->pub.expr_count));
    bool able = u->whole || !(s.cyclic || s.too_large || s.large_array ||
                              (s.not_in_heap && !unit_sees_not_in_heap(u)));
    if (able) check_all(u, s, scratch);
    arena_free(scratch);
    return able;
}
