// go/ir/reach.c: which of the functions inlined into a package are in its export data: those that
// its exported declarations lead to. A declaration leads to the types in it, a type to its methods,
// a function whose body is exported to all that its body names; bodies of generic functions always
// are. Rules: noder/linker.go relocObj, noder/unified.go writeUnifiedExport.
#include "go/ir/lower_internal.h"

typedef struct Reach {
    IrPkg *p;
    Arena *arena;
    const PtrMap *used; // functions inlined here
    PtrMap *carried;    // those found
    PtrMap seen;        // Obj to the round it was last met in
    uintptr_t round;
    VEC(Obj *) todo;
    const TypesInfo *info; // of the body being read
} Reach;

static bool is_field_or_local(const Obj *o) {
    return o->kind == OBJ_VAR && o->var_kind != VAR_PACKAGE;
}

static void reach_obj(Reach *r, Obj *o) {
    if (!o || !o->pkg) return;
    if (o->kind == OBJ_FUNC && o->origin) o = o->origin;
    if (o->kind != OBJ_FUNC && o->kind != OBJ_TYPE && o->kind != OBJ_VAR) return;
    void *round = (void *)(r->round + 1);
    if (is_field_or_local(o) || ptrmap_get(&r->seen, o) == round) return;
    ptrmap_put(&r->seen, o, round);
    vec_push(r->arena, &r->todo, o);
}

// ---- types

// Bounds of type parameters belong to the declaration.
static void reach_part(void *ctx, Type *t) {
    if (!t) return;
    Reach *r = ctx;
    type_each_part(t, reach_part, r);
    if (t->kind == TYPE_NAMED) reach_obj(r, lower_generic_obj(t));
    if (t->kind == TYPE_ALIAS) reach_part(r, t->alias.actual);
    if (t->kind == TYPE_SIGNATURE && t->sig.recv) reach_part(r, t->sig.recv->type);
}

static void reach_bounds(Reach *r, TypeList tparams) {
    for (uint32_t i = 0; i < tparams.len; i++) reach_part(r, tparams.v[i]->tparam.bound);
}

// ---- bodies

static bool reach_name(void *ctx, SyntaxNode n) {
    Reach *r = ctx;
    if (n.tag != TREE_EXPR) return true;
    const Expr *e = n.expr;
    if (e->kind == EXPR_NAME) {
        Obj *o = r->info->names[e->id];
        if (!o) return true;
        if (o->kind == OBJ_CONST || (is_field_or_local(o) && o->pos == e->pos))
            reach_part(r, o->type);
        reach_obj(r, o);
    } else if (e->kind == EXPR_SELECTOR) {
        const Selection *sel = r->info->selections[e->id];
        if (!sel)
            reach_obj(r, r->info->names[e->selector.sel->id]);
        else if (sel->obj->kind == OBJ_FUNC)
            reach_part(r, sel->obj->type);
    }
    return true;
}

// What a body leads to is noted while its syntax is there.
static void note_body(Reach *r, Lower *l, Obj *o) {
    const FuncDecl *f = ptrmap_get(&l->decls, o);
    if (!f || !f->decl->func.body) return;
    r->todo.len = 0;
    r->round++;
    SyntaxWalk walk = {reach_name, NULL, r};
    syntax_walk(node_stmt(f->decl->func.body), &walk);
    ObjList *leads = NEW(r->arena, ObjList);
    size_t bytes = r->todo.len * sizeof(Obj *);
    *leads = (ObjList){arena_copy(r->arena, r->todo.v, bytes, _Alignof(Obj *)), r->todo.len};
    ptrmap_put(&l->leads, o, leads);
}

static bool is_generic(const Type *sig) { return sig->sig.tparams.len || sig->sig.rparams.len; }

void reach_note(IrPkg *p) {
    Lower *l = p->lower;
    Reach r = {.p = p, .arena = p->scratch, .info = l->in->info};
    r.seen = ptrmap_new(r.arena);
    for (uint32_t i = 0; l->decls.count && i <= l->decls.mask; i++) {
        Obj *o = l->decls.slots[i].key ? ((FuncDecl *)l->decls.slots[i].value)->obj : NULL;
        if (!o || !o->type) continue;
        if (is_generic(o->type)) p->needs_syntax = true;
        note_body(&r, l, o);
    }
}

void reach_settle(IrPkg *p) {
    Lower *l = p->lower;
    PtrMap all = l->leads;
    l->leads = ptrmap_new(p->stays);
    for (uint32_t i = 0; all.count && i <= all.mask; i++) {
        const Obj *o = all.slots[i].key;
        if (!o) continue;
        const Node *name = ptrmap_get(&l->objs, o);
        if (!is_generic(o->type) && !(name && name->u.name->func->inl)) continue;
        ObjList *leads = arena_copy(p->stays, all.slots[i].value, sizeof *leads, _Alignof(ObjList));
        leads->v = arena_copy(p->stays, leads->v, leads->len * sizeof(Obj *), _Alignof(Obj *));
        ptrmap_put(&l->leads, o, leads);
    }
}

static void reach_body(Reach *r, const IrPkg *home, const Obj *o) {
    const ObjList *leads = ptrmap_get(&lower_of(home)->leads, o);
    for (uint32_t i = 0; leads && i < leads->len; i++) reach_obj(r, leads->v[i]);
}

// Whether the function's body is exported; notes those that are not our own.
static bool has_exported_body(Reach *r, const IrPkg *home, const Obj *o) {
    const Node *name = ptrmap_get(&lower_of(home)->objs, o);
    Func *f = name ? name->u.name->func : NULL;
    if (!f || !f->inl) return false;
    if (home == r->p) return true;
    if (!ptrmap_get(r->used, f)) return false;
    ptrmap_put(r->carried, f, f);
    return true;
}

static void reach_func(Reach *r, Obj *o) {
    reach_part(r, o->type);
    const Type *sig = o->type;
    reach_bounds(r, sig->sig.tparams);
    const IrPkg *home = o->pkg->ir;
    if (!home) return;
    if (is_generic(sig) || has_exported_body(r, home, o)) reach_body(r, home, o);
}

static void reach_decl(Reach *r, Obj *o) {
    if (o->kind == OBJ_VAR) {
        reach_part(r, o->type);
    } else if (o->kind == OBJ_FUNC) {
        reach_func(r, o);
    } else if (o->type && o->type->kind == TYPE_NAMED) {
        const Type *t = o->type;
        reach_bounds(r, t->named.tparams);
        reach_part(r, t->named.rhs ? t->named.rhs : t->named.under);
        for (uint32_t i = 0; i < t->named.methods.len; i++) reach_obj(r, t->named.methods.v[i]);
    } else {
        reach_part(r, o->type);
    }
}

static void reach_exported(Reach *r) {
    const Scope *s = r->p->pkg->scope;
    for (uint32_t i = 0; i < s->objs.len; i++)
        if (s->objs.v[i]->exported && s->objs.v[i]->pkg == r->p->pkg) reach_obj(r, s->objs.v[i]);
}

void reach_bodies(IrPkg *p, const PtrMap *used, PtrMap *carried) {
    Reach r = {.p = p, .arena = p->scratch, .used = used, .carried = carried};
    r.seen = ptrmap_new(r.arena);
    reach_exported(&r);
    while (r.todo.len && carried->count < used->count) reach_decl(&r, vec_pop(&r.todo));
}

void reach_objects(IrPkg *home, const PtrMap *carried, Arena *a, PtrMap *seen) {
    PtrMap again = ptrmap_new(a);
    Reach r = {.p = home, .arena = a, .used = carried, .carried = &again, .seen = *seen};
    reach_exported(&r);
    while (r.todo.len) reach_decl(&r, vec_pop(&r.todo));
    *seen = r.seen;
}
