// go/types/methodset.c: the methods that can be called on values of a type (specification, "Method
// sets"), promoted ones included.
#include "go/types/types_internal.h"

#include <stdlib.h>

typedef struct Collect {
    Check *c;
    ObjVec candidates; // by name and package, each once
    TypeVec seen;
    int depth; // of embedding
} Collect;

enum { EMBED_DEPTH_MAX = 100 }; // as in lookup.c: nothing is found deeper

static void add_candidate(Collect *k, Obj *m) {
    for (uint32_t i = 0; i < k->candidates.len; i++)
        if (obj_same_id(k->c->env, k->candidates.v[i], m->pkg, m->name, false)) return;
    vec_push(k->c->arena, &k->candidates, m);
}

static bool seen_type(const Collect *k, Type *t) {
    for (uint32_t i = 0; i < k->seen.len; i++)
        if (type_identical(k->seen.v[i], t)) return true;
    return false;
}

static void collect(Collect *k, Type *t) {
    t = deref(t, NULL);
    Type *n = type_named(t);
    if (n) {
        if (seen_type(k, n)) return;
        vec_push(k->c->arena, &k->seen, n);
        for (uint32_t i = 0; i < type_method_count(n); i++) add_candidate(k, type_method(n, i));
    }
    Type *u = type_under(t);
    if (u->kind == TYPE_INTERFACE) {
        TypeSet *s = type_set(u);
        for (uint32_t i = 0; i < s->methods.len; i++) add_candidate(k, s->methods.v[i]);
    }
    if (u->kind != TYPE_STRUCT || k->depth == EMBED_DEPTH_MAX) return;
    k->depth++;
    for (uint32_t i = 0; i < u->strct.fields.len; i++)
        if (u->strct.fields.v[i]->embedded) collect(k, u->strct.fields.v[i]->type);
    k->depth--;
}

static void sort_by_id(const TypesEnv *env, Method *v, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        Method m = v[i];
        uint32_t k = i;
        for (; k && obj_cmp(env, v[k - 1].obj, m.obj) > 0; k--) v[k] = v[k - 1];
        v[k] = m;
    }
}

MethodList types_method_set(TypesEnv *env, Arena *a, Type *t) {
    Check c = *env->lazy; // finds, and makes nothing but in a
    c.arena = c.local = a;
    Collect k = {.c = &c};
    collect(&k, t);
    VEC(Method) out = {0};
    for (uint32_t i = 0; i < k.candidates.len; i++) {
        Obj *m = k.candidates.v[i];
        Found f = lookup_member(&c, t, false, m->name, m->pkg, false);
        if (f.obj && f.obj->kind == OBJ_FUNC)
            vec_push(a, &out, ((Method){f.obj, f.index, f.indirect}));
    }
    sort_by_id(env, out.v, out.len);
    return (MethodList){out.v, out.len};
}
