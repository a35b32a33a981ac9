// go/program/size.c: types larger than the compiler allows: elements of channels, and arrays beyond
// the address space. The error stands at the variable or type declared with it.
#include "go/program/program_internal.h"

#define CHAN_ELEM_LIMIT (1 << 16)
#define ARRAY_LIMIT ((int64_t)1 << 50) // 64-bit: cmd/compile/internal/types.MaxWidth

typedef struct SizeWalk {
    Unit *unit;
    Sizes sizes;
    VEC(Type *) reported;
} SizeWalk;

static bool large_element(Sizes s, Type *t) {
    if (t->kind != TYPE_CHAN) return false;
    TypeKind k = type_under(t->chan.elem)->kind;
    if ((k != TYPE_ARRAY && k != TYPE_STRUCT) || !type_has_size(t->chan.elem)) return false;
    int64_t size = sizes_of(s, t->chan.elem);
    return size < 0 || size >= CHAN_ELEM_LIMIT;
}

static bool large_array(Sizes s, Type *t) {
    if (t->kind != TYPE_ARRAY || t->array.len <= 0 || !type_has_size(t)) return false;
    int64_t elem = sizes_of(s, t->array.elem);
    return elem < 0 || (elem && t->array.len > (ARRAY_LIMIT - 1) / elem);
}

static bool reported(SizeWalk *w, Type *t) {
    for (uint32_t i = 0; i < w->reported.len; i++)
        if (w->reported.v[i] == t) return true;
    vec_push(w->unit->pub.arena, &w->reported, t);
    return false;
}

static void check_declared(SizeWalk *w, const Expr *name) {
    Unit *u = w->unit;
    const Obj *o = name->kind == EXPR_NAME ? u->pub.info.names[name->id] : NULL;
    if (!o || !o->type || o->pos != name->pos) return;
    if (o->kind != OBJ_VAR && o->kind != OBJ_TYPE) return;
    Type *t = type_unalias(o->type);
    if (o->kind == OBJ_TYPE) t = type_under(t);
    Diags *d = &u->pub.diags[STAGE_LATE];
    if (large_element(w->sizes, t) && !reported(w, t))
        diag_error(d, name->pos, 0, "channel element type too large (>64kB)");
    if (large_array(w->sizes, t) && !reported(w, t)) {
        Str text = type_string(u->pub.arena, u->program->env, t, u->pub.pkg);
        diag_error(d, name->pos, 0, "type " STR_FMT " larger than address space", STR_ARG(text));
    }
}

static bool visit_name(void *ctx, SyntaxNode n) {
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_NAME) check_declared(ctx, n.expr);
    return true;
}

bool size_is_too_large(Sizes s, Type *t) {
    t = type_unalias(t);
    return large_element(s, t) || large_array(s, t);
}

void size_check(Unit *u, Sizes sizes) {
    SizeWalk w = {.unit = u, .sizes = sizes};
    unit_walk(u, visit_name, &w);
}
