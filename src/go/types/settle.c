// go/types/settle.c: what importers may look at of a checked package, copied together into one
// place, so that all else the check has made can go: trees, bodies' types, results. Works as a
// copying collector does: an object met first is copied as it is and queued; the old one says where
// the copy is; what a queued copy points to is then replaced in turn.
#include "go/types/types_internal.h"

#include "go/types/constant.h"

typedef struct Settling {
    Arena *a;       // of the copies
    Arena *scratch; // of the queues
    const TypesEnv *env;
    const Pkg *from;
    Pkg *to;
    TypeVec types; // copies whose members are still the old ones
    ObjVec objs;
} Settling;

static Type *settle_type(Settling *s, Type *t) {
    if (!t || t->life == LIFE_SETTLED) return t;
    if (t->life == LIFE_MOVED) return t->moved;
    Type *copy = arena_copy(s->a, t, type_size(t->kind), alignof(Type));
    copy->life = LIFE_SETTLED;
    t->life = LIFE_MOVED;
    t->moved = copy;
    vec_push(s->scratch, &s->types, copy);
    return copy;
}

static Obj *settle_obj(Settling *s, Obj *o) {
    if (!o || o->life == LIFE_SETTLED) return o;
    if (o->life == LIFE_MOVED) return o->moved;
    Obj *copy = arena_copy(s->a, o, sizeof *o, alignof(Obj));
    copy->life = LIFE_SETTLED;
    o->life = LIFE_MOVED;
    o->moved = copy;
    vec_push(s->scratch, &s->objs, copy);
    return copy;
}

static void settle_types(Settling *s, TypeList *list) {
    if (!list->len) return;
    list->v = arena_copy(s->a, list->v, list->len * sizeof *list->v, alignof(Type *));
    for (uint32_t i = 0; i < list->len; i++) list->v[i] = settle_type(s, list->v[i]);
}

static Obj **settle_array(Settling *s, Obj **v, uint32_t len) {
    if (!len) return NULL;
    Obj **copy = arena_copy(s->a, v, len * sizeof *v, alignof(Obj *));
    for (uint32_t i = 0; i < len; i++) copy[i] = settle_obj(s, copy[i]);
    return copy;
}

static void settle_objs(Settling *s, ObjList *list) {
    list->v = settle_array(s, list->v, list->len);
}

static void settle_terms(Settling *s, TermList *list) {
    if (!list->len || list->v == all_terms.v) return;
    list->v = arena_copy(s->a, list->v, list->len * sizeof *list->v, alignof(Term));
    for (uint32_t i = 0; i < list->len; i++) list->v[i].type = settle_type(s, list->v[i].type);
}

static TypeSet *settle_set(Settling *s, TypeSet *set) {
    if (!set || set == &top_type_set) return set;
    TypeSet *copy = arena_copy(s->a, set, sizeof *set, alignof(TypeSet));
    settle_objs(s, &copy->methods);
    settle_terms(s, &copy->terms);
    return copy;
}

static void settle_struct(Settling *s, Type *t) {
    settle_objs(s, &t->strct.fields);
    if (!t->strct.tags) return;
    uint32_t n = t->strct.fields.len;
    t->strct.tags = arena_copy(s->a, t->strct.tags, n * sizeof(Str), alignof(Str));
    for (uint32_t i = 0; i < n; i++) t->strct.tags[i] = str_copy(s->a, t->strct.tags[i]);
}

static void settle_signature(Settling *s, Type *t) {
    settle_types(s, &t->sig.rparams);
    settle_types(s, &t->sig.tparams);
    t->sig.scope = NULL;
    t->sig.recv = settle_obj(s, t->sig.recv);
    t->sig.params = settle_type(s, t->sig.params);
    t->sig.results = settle_type(s, t->sig.results);
}

static void settle_interface(Settling *s, Type *t) {
    settle_objs(s, &t->iface.methods);
    settle_types(s, &t->iface.embeddeds);
    t->iface.tset = settle_set(s, t->iface.tset);
}

static void settle_named(Settling *s, Type *t) {
    t->named.obj = settle_obj(s, t->named.obj);
    t->named.origin = settle_type(s, t->named.origin);
    settle_types(s, &t->named.targs);
    settle_types(s, &t->named.tparams);
    t->named.rhs = settle_type(s, t->named.rhs);
    t->named.under = settle_type(s, t->named.under);
    t->named.methods.v = settle_array(s, t->named.methods.v, t->named.methods.len);
    t->named.methods.cap = t->named.methods.len;
}

static void settle_alias(Settling *s, Type *t) {
    t->alias.obj = settle_obj(s, t->alias.obj);
    t->alias.origin = settle_type(s, t->alias.origin);
    settle_types(s, &t->alias.tparams);
    settle_types(s, &t->alias.targs);
    t->alias.rhs = settle_type(s, t->alias.rhs);
    t->alias.actual = settle_type(s, t->alias.actual);
}

static void settle_members(Settling *s, Type *t) { // flat switch
    type_detach(t);
    switch (t->kind) {
    case TYPE_BASIC: return;
    case TYPE_ARRAY: t->array.elem = settle_type(s, t->array.elem); return;
    case TYPE_SLICE: t->slice.elem = settle_type(s, t->slice.elem); return;
    case TYPE_POINTER: t->pointer.elem = settle_type(s, t->pointer.elem); return;
    case TYPE_CHAN: t->chan.elem = settle_type(s, t->chan.elem); return;
    case TYPE_MAP:
        t->map.key = settle_type(s, t->map.key);
        t->map.elem = settle_type(s, t->map.elem);
        return;
    case TYPE_STRUCT: settle_struct(s, t); return;
    case TYPE_TUPLE: settle_objs(s, &t->tuple.vars); return;
    case TYPE_SIGNATURE: settle_signature(s, t); return;
    case TYPE_UNION: settle_terms(s, &t->unio.terms); return;
    case TYPE_INTERFACE: settle_interface(s, t); return;
    case TYPE_NAMED: settle_named(s, t); return;
    case TYPE_TPARAM:
        t->tparam.obj = settle_obj(s, t->tparam.obj);
        t->tparam.bound = settle_type(s, t->tparam.bound);
        return;
    case TYPE_ALIAS: settle_alias(s, t); return;
    }
    BUG("type kind %d", t->kind);
}

static void settle_obj_members(Settling *s, Obj *o) {
    if (o->pkg == s->from) o->pkg = s->to;
    bool universe = o->parent == s->env->universe;
    o->parent = o->parent == s->from->scope ? s->to->scope : universe ? o->parent : NULL;
    o->decl = NULL;
    o->path_index = 0;
    o->type = settle_type(s, o->type);
    if (o->kind == OBJ_CONST)
        o->value = const_copy(s->a, o->value);
    else if (o->kind == OBJ_VAR || o->kind == OBJ_FUNC)
        o->origin = settle_obj(s, o->origin);
}

static Scope *settle_scope(Settling *s, const Scope *old) {
    Scope *scope = NEW(s->a, Scope);
    uint32_t n = old->objs.len;
    scope->parent = old->parent;
    scope->names.v = arena_copy(s->a, old->names.v, n * sizeof(Name), alignof(Name));
    scope->names.len = scope->names.cap = n;
    scope->slot_mask = old->slot_mask;
    if (old->slots)
        scope->slots = arena_copy(s->a, old->slots, ((size_t)old->slot_mask + 1) * sizeof(uint32_t),
                                  alignof(uint32_t));
    return scope;
}

static void settle_imports(Settling *s) {
    for (uint32_t i = 0; i < s->from->imports.len; i++) {
        Pkg *p = s->from->imports.v[i];
        if (!p->fake || p->arena) vec_push(s->a, &s->to->imports, p); // others are the check's own
    }
}

void types_drop(Pkg *pkg) {
    if (pkg && pkg->check) check_free(pkg->check);
}

Pkg *types_settle(Pkg *pkg, Arena *a) {
    Check *c = pkg->check;
    check_finish_types(c); // what was made since
    Settling s = {.a = a, .scratch = c->scratch, .env = c->env, .from = pkg};
    s.to = arena_copy(a, pkg, sizeof *pkg, alignof(Pkg));
    s.to->check = NULL;
    s.to->arena = a;
    s.to->imports.v = NULL;
    s.to->imports.len = s.to->imports.cap = 0;
    settle_imports(&s);
    s.to->scope = settle_scope(&s, pkg->scope);
    uint32_t n = pkg->scope->objs.len;
    s.to->scope->objs.v = settle_array(&s, pkg->scope->objs.v, n);
    s.to->scope->objs.len = s.to->scope->objs.cap = n;
    while (s.types.len || s.objs.len) {
        if (s.types.len)
            settle_members(&s, vec_pop(&s.types));
        else
            settle_obj_members(&s, vec_pop(&s.objs));
    }
    check_free(c);
    return s.to;
}
