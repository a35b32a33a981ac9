// go/types/parts.c: what a type is made of, and walks over it, each part once. A type may hold
// another one twice, and that one a third one twice, and so on: looking at each as often as it is
// held would never end. Most types are small, so the first steps of a walk remember nothing.
#include "go/types/types_internal.h"

enum { VISITS_FREE = 64 };

bool visits_again(TypeVisits *v, const Type *t) {
    if (v->steps < VISITS_FREE) {
        v->steps++;
        return false;
    }
    if (!v->scratch) {
        v->scratch = arena_new("visits");
        v->met = ptrmap_new(v->scratch);
    }
    if (ptrmap_get(&v->met, t)) return true;
    ptrmap_put(&v->met, t, v);
    return false;
}

void visits_end(TypeVisits *v) {
    arena_free(v->scratch);
    v->scratch = NULL;
}

typedef struct PartTest {
    TypeVisits visits;
    bool (*test)(void *ctx, Type *t);
    void *ctx;
} PartTest;

static bool any_part(PartTest *p, Type *t) {
    if (!t) return false;
    t = type_unalias(t);
    if (p->test(p->ctx, t)) return true;
    if (t->kind == TYPE_TPARAM) return false;
    Type *u = type_under(t);
    if ((u->kind != TYPE_ARRAY && u->kind != TYPE_STRUCT) || visits_again(&p->visits, u))
        return false;
    if (u->kind == TYPE_ARRAY) return any_part(p, u->array.elem);
    for (uint32_t i = 0; i < u->strct.fields.len; i++)
        if (any_part(p, u->strct.fields.v[i]->type)) return true;
    return false;
}

bool type_any_part(Type *t, bool (*test)(void *ctx, Type *t), void *ctx) {
    PartTest p = {.test = test, .ctx = ctx};
    bool found = any_part(&p, t);
    visits_end(&p.visits);
    return found;
}

static bool is_tparam(void *ctx, Type *t) {
    (void)ctx;
    return t->kind == TYPE_TPARAM;
}

bool type_has_size(Type *t) { return !type_any_part(t, is_tparam, NULL); }

static void each_obj(ObjList list, TypeVisit *visit, void *ctx) {
    for (uint32_t i = 0; i < list.len; i++) visit(ctx, list.v[i]->type);
}

static void each_type(TypeList list, TypeVisit *visit, void *ctx) {
    for (uint32_t i = 0; i < list.len; i++) visit(ctx, list.v[i]);
}

static void each_in_interface(const Type *t, TypeVisit *visit, void *ctx) {
    for (uint32_t i = 0; i < t->iface.methods.len; i++) {
        const Type *sig = t->iface.methods.v[i]->type; // its receiver may be t itself
        visit(ctx, sig->sig.params);
        visit(ctx, sig->sig.results);
    }
    each_type(t->iface.embeddeds, visit, ctx);
}

void type_each_part(Type *t, TypeVisit *visit, void *ctx) { // flat switch
    switch (t->kind) {
    case TYPE_BASIC:
    case TYPE_TPARAM: return;
    case TYPE_ARRAY: visit(ctx, t->array.elem); return;
    case TYPE_SLICE: visit(ctx, t->slice.elem); return;
    case TYPE_POINTER: visit(ctx, t->pointer.elem); return;
    case TYPE_CHAN: visit(ctx, t->chan.elem); return;
    case TYPE_MAP:
        visit(ctx, t->map.key);
        visit(ctx, t->map.elem);
        return;
    case TYPE_STRUCT: each_obj(t->strct.fields, visit, ctx); return;
    case TYPE_TUPLE: each_obj(t->tuple.vars, visit, ctx); return;
    case TYPE_SIGNATURE:
        visit(ctx, t->sig.params);
        visit(ctx, t->sig.results);
        return;
    case TYPE_UNION:
        for (uint32_t i = 0; i < t->unio.terms.len; i++) visit(ctx, t->unio.terms.v[i].type);
        return;
    case TYPE_INTERFACE: each_in_interface(t, visit, ctx); return;
    case TYPE_NAMED: each_type(t->named.targs, visit, ctx); return;
    case TYPE_ALIAS: each_type(t->alias.targs, visit, ctx); return;
    }
    BUG("type kind %d", t->kind);
}
