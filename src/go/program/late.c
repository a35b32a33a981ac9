// go/program/late.c: what the compiler refuses between type-checking and its own representation:
// anonymous interfaces that contain themselves, types that may not live in the heap where they
// would, and directives and functions without a body (directive.c).
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

// Cycles are rare: the tree is walked only when the table of types holds one.
static bool any_cycle(CycleFinder *f, const ProgramUnit *u) {
    for (uint32_t id = 1; id <= u->expr_count; id++) {
        const TypeAndValue *tv = &u->info.exprs[id];
        if (tv->mode != MODE_TYPE || !tv->type) continue;
        Type *t = type_unalias(tv->type);
        if (t->kind == TYPE_INTERFACE && t->iface.methods.len + t->iface.embeddeds.len &&
            has_cycle(f, t))
            return true;
    }
    return false;
}

static void walk_files(const ProgramUnit *u, const SyntaxWalk *walk) {
    for (uint32_t i = 0; i < u->file_count; i++) syntax_walk(node_file(u->files[i]), walk);
}

static void check_interface_cycles(Unit *u) {
    Arena *scratch = arena_new("cycles");
    CycleFinder finder = {.arena = scratch};
    if (any_cycle(&finder, &u->pub)) {
        LateWalk w = {.unit = u, .finder = {.arena = scratch}};
        walk_files(&u->pub, &(SyntaxWalk){.visit = report_cycle, .ctx = &w});
    }
    arena_free(scratch);
}

// ---- types that may not live in the heap: those that contain internal/runtime/sys.nih

static bool not_in_heap(const Program *p, Type *t) {
    t = t ? type_unalias(t) : NULL;
    if (t && t->kind == TYPE_NAMED) {
        const Obj *o = t->named.obj;
        if (o->pkg && str_eq_c(name_str(p->names, o->name), "nih") &&
            str_eq_c(name_str(p->names, o->pkg->path), "internal/runtime/sys"))
            return true;
        t = type_under(t);
    }
    if (t && t->kind == TYPE_ARRAY) return not_in_heap(p, t->array.elem);
    for (uint32_t i = 0; t && t->kind == TYPE_STRUCT && i < t->strct.fields.len; i++)
        if (not_in_heap(p, t->strct.fields.v[i]->type)) return true;
    return false;
}

static bool report_type_argument(void *ctx, SyntaxNode n) {
    Unit *u = ((LateWalk *)ctx)->unit;
    if (n.tag != TREE_EXPR || n.expr->kind != EXPR_NAME) return true;
    const Instance *inst = u->pub.info.instances[n.expr->id];
    for (uint32_t i = 0; inst && i < inst->targs.len; i++) {
        Type *t = inst->targs.v[i];
        if (!not_in_heap(u->program, t)) continue;
        Str name = type_string(u->pub.arena, u->program->env, t, u->pub.pkg);
        diag_error(&u->pub.diags[STAGE_LATE], n.expr->pos, 0,
                   "cannot use incomplete (or unallocatable) type as a type argument: " STR_FMT,
                   STR_ARG(name));
    }
    return true;
}

static bool report_declared_type(void *ctx, SyntaxNode n) {
    Unit *u = ((LateWalk *)ctx)->unit;
    const Program *p = u->program;
    if (n.tag != TREE_DECL || n.decl->kind != DECL_TYPE) return true;
    const Expr *x = n.decl->type.type;
    Type *t = type_under(u->pub.info.exprs[x->id].type);
    Diags *d = &u->pub.diags[STAGE_LATE];
    if (x->kind == EXPR_MAP_TYPE && not_in_heap(p, t->map.key))
        diag_error(d, x->pos, 0, "incomplete (or unallocatable) map key not allowed");
    if (x->kind == EXPR_MAP_TYPE && not_in_heap(p, t->map.elem))
        diag_error(d, x->pos, 0, "incomplete (or unallocatable) map value not allowed");
    if (x->kind == EXPR_CHAN_TYPE && not_in_heap(p, t->chan.elem))
        diag_error(d, x->pos, 0, "chan of incomplete (or unallocatable) type not allowed");
    return true;
}

// Only packages that can name such a type are looked at.
static bool sees_runtime_types(const Unit *u) {
    if (str_starts(u->pub.path, STR("internal/runtime/"))) return true;
    for (uint32_t i = 0; i < u->imports.len; i++) {
        const ProgramUnit *dep = &u->program->units.v[u->imports.v[i]]->pub;
        if (str_eq_c(dep->path, "internal/runtime/sys") || str_eq_c(dep->path, "runtime"))
            return true;
    }
    return false;
}

void unit_check_late(Program *p, Unit *u) {
    const Diags *found = &u->pub.diags[STAGE_LATE];
    LateWalk w = {.unit = u};
    check_interface_cycles(u);
    bool look = sees_runtime_types(u);
    if (look && !found->count)
        walk_files(&u->pub, &(SyntaxWalk){.visit = report_type_argument, .ctx = &w});
    if (look && !found->count)
        walk_files(&u->pub, &(SyntaxWalk){.visit = report_declared_type, .ctx = &w});
    if (!found->count) directives_check(u, p->names);
}
