// go/types/mono.c: instantiation that would never end: a type parameter that flows, wrapped in a
// type, into itself. Found as a cycle of positive weight among type parameters.
#include "go/types/types_internal.h"

static int vertex(Check *c, const void *key, Obj *o) {
    void *have = ptrmap_get(&c->mono.name_index, key);
    if (have) return (int)(uintptr_t)have - 1;
    vec_push(c->arena, &c->mono.vertices, ((MonoVertex){.obj = o}));
    ptrmap_put(&c->mono.name_index, key, (void *)(uintptr_t)c->mono.vertices.len);
    return (int)c->mono.vertices.len - 1;
}

static int tparam_vertex(Check *c, Type *tp) {
    Type *canon = ptrmap_get(&c->mono.canon, tp);
    if (canon) tp = canon;
    return vertex(c, tp->tparam.obj, tp->tparam.obj);
}

static void add_edge(Check *c, MonoEdge e) { vec_push(c->arena, &c->mono.edges, e); }

void mono_record_canon(Check *c, Type *mpar, Type *tpar) { ptrmap_put(&c->mono.canon, mpar, tpar); }

// A type declared in a function is parameterized by the type parameters in scope there. -1: none.
static int local_vertex(Check *c, Type *named) {
    Obj *o = named_origin(named)->named.obj;
    if (o->pkg != c->pkg || o->parent == c->pkg->scope || !o->parent) return -1;
    void *have = ptrmap_get(&c->mono.name_index, o);
    if (have) return (int)(uintptr_t)have - 1;
    int v = -1;
    for (Scope *s = o->parent; s && s != c->pkg->scope; s = s->parent)
        for (uint32_t i = 0; i < s->objs.len; i++) {
            Obj *x = s->objs.v[i];
            if (x->kind != OBJ_TYPE || !is_kind(x->type, TYPE_TPARAM) || obj_is_alias(x)) continue;
            if (x->pos >= o->pos) continue;
            if (v < 0) v = vertex(c, o, o);
            add_edge(c, (MonoEdge){v, tparam_vertex(c, x->type), 1, o->pos, x->type});
        }
    return v;
}

typedef struct Flow {
    Check *c;
    Pos pos;
    Type *tpar, *targ;
    int depth;
} Flow;

enum { FLOW_DEPTH_MAX = 200 };

static void flow(Flow *f, int src, Type *t) {
    add_edge(f->c, (MonoEdge){tparam_vertex(f->c, f->tpar), src, t != f->targ, f->pos, f->targ});
}

static void flows_in(Flow *f, Type *t);

static void flows_in_objs(Flow *f, ObjList list) {
    for (uint32_t i = 0; i < list.len; i++) flows_in(f, list.v[i]->type);
}

static void flows_in_named(Flow *f, Type *t) {
    int src = local_vertex(f->c, t);
    if (src >= 0) flow(f, src, t);
    for (uint32_t i = 0; i < t->named.targs.len; i++) flows_in(f, t->named.targs.v[i]);
}

static void flows_in_kind(Flow *f, Type *t) { // flat switch
    switch (t->kind) {
    case TYPE_TPARAM: flow(f, tparam_vertex(f->c, t), t); return;
    case TYPE_NAMED: flows_in_named(f, t); return;
    case TYPE_ARRAY: flows_in(f, t->array.elem); return;
    case TYPE_CHAN: flows_in(f, t->chan.elem); return;
    case TYPE_POINTER: flows_in(f, t->pointer.elem); return;
    case TYPE_SLICE: flows_in(f, t->slice.elem); return;
    case TYPE_MAP:
        flows_in(f, t->map.key);
        flows_in(f, t->map.elem);
        return;
    case TYPE_INTERFACE: flows_in_objs(f, type_set(t)->methods); return;
    case TYPE_SIGNATURE:
        if (t->sig.params) flows_in_objs(f, t->sig.params->tuple.vars);
        if (t->sig.results) flows_in_objs(f, t->sig.results->tuple.vars);
        return;
    case TYPE_STRUCT: flows_in_objs(f, t->strct.fields); return;
    case TYPE_BASIC:
    case TYPE_TUPLE:
    case TYPE_UNION:
    case TYPE_ALIAS: return;
    }
    BUG("type kind %d", t->kind);
}

static void flows_in(Flow *f, Type *t) {
    t = type_unalias(t);
    if (!t || t->kind == TYPE_BASIC || f->depth >= FLOW_DEPTH_MAX) return;
    f->depth++;
    flows_in_kind(f, t);
    f->depth--;
}

void mono_record(Check *c, Pos pos, TypeList tparams, TypeList targs, ExprList xlist) {
    for (uint32_t i = 0; i < tparams.len && i < targs.len; i++) {
        if (tparams.v[i]->tparam.obj->pkg != c->pkg) continue;
        Flow f = {c, i < xlist.len ? at_expr(xlist.v[i]) : pos, tparams.v[i], targs.v[i], 0};
        flows_in(&f, targs.v[i]);
    }
}

static void report(Check *c, int v) {
    Mono *m = &c->mono;
    bool *seen = NEW_ARRAY(c->arena, bool, m->vertices.len);
    VEC(int) stack = {0};
    while (!seen[v]) {
        vec_push(c->arena, &stack, v);
        seen[v] = true;
        v = m->edges.v[m->vertices.v[v].pre].src;
    }
    uint32_t start = 0;
    while (stack.v[start] != v) start++;
    ErrorBuilder e = error_begin(c);
    error_add(&e, m->vertices.v[v].obj->pos, "instantiation cycle:");
    for (uint32_t i = start; i < stack.len; i++) {
        const MonoEdge *edge = &m->edges.v[m->vertices.v[stack.v[i]].pre];
        const Obj *o = m->vertices.v[edge->dst].obj;
        Str type = type_string(c->arena, c->env, edge->type, c->pkg);
        error_add(&e, edge->pos,
                  is_kind(o->type, TYPE_NAMED) ? "%N implicitly parameterized by %S"
                                               : "%N instantiated as %S",
                  o->name, type);
    }
    error_report(&e);
}

// Longest paths by relaxation; a path as long as there are vertices is a cycle.
void mono_check(Check *c) {
    Mono *m = &c->mono;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < m->edges.len; i++) {
            const MonoEdge *e = &m->edges.v[i];
            const MonoVertex *src = &m->vertices.v[e->src];
            MonoVertex *dst = &m->vertices.v[e->dst];
            int w = src->weight + e->weight;
            if (w <= dst->weight) continue;
            dst->pre = (int)i;
            dst->len = src->len + 1;
            if (dst->len == (int)m->vertices.len) {
                report(c, e->dst);
                return;
            }
            dst->weight = w;
            again = true;
        }
    }
}
