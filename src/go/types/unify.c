// go/types/unify.c: makes two types the same by giving type parameters types. Inexact unification
// lets a named type meet a type literal, and directional channels meet bidirectional ones.
#include "go/types/types_internal.h"

enum { DEPTH_MAX = 50 };

struct Unifier {
    Check *c;
    TypeList tparams;
    uint32_t *handles; // per type parameter: which slot holds its type (joined ones share)
    Type **slots;
    int depth;
    bool interfaces; // interfaces may be matched by their methods (go1.21)
};

Unifier *unifier_new(Check *c, TypeList tparams, TypeList targs, bool interfaces) {
    Unifier *u = NEW(c->arena, Unifier);
    *u = (Unifier){.c = c, .tparams = tparams, .interfaces = interfaces};
    u->handles = NEW_ARRAY(c->arena, uint32_t, tparams.len);
    u->slots = NEW_ARRAY(c->arena, Type *, tparams.len);
    for (uint32_t i = 0; i < tparams.len; i++) {
        u->handles[i] = i;
        u->slots[i] = i < targs.len ? targs.v[i] : NULL;
    }
    return u;
}

static int bound_index(const Unifier *u, Type *t) {
    t = type_unalias(t);
    if (!is_kind(t, TYPE_TPARAM)) return -1;
    for (uint32_t i = 0; i < u->tparams.len; i++)
        if (u->tparams.v[i] == t) return (int)i;
    return -1;
}

static Type **slot(Unifier *u, int i) { return &u->slots[u->handles[i]]; }

Type *unifier_at(Unifier *u, Type *tparam) { return *slot(u, bound_index(u, tparam)); }
void unifier_set(Unifier *u, Type *tparam, Type *t) { *slot(u, bound_index(u, tparam)) = t; }

uint32_t unifier_unknowns(const Unifier *u) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->tparams.len; i++) n += !u->slots[u->handles[i]];
    return n;
}

TypeList unifier_inferred(Unifier *u, TypeList tparams) {
    TypeList out;
    NEW_LIST(u->c->arena, &out, tparams.len);
    for (uint32_t i = 0; i < tparams.len; i++) out.v[i] = unifier_at(u, tparams.v[i]);
    return out;
}

// Both parameters share one type from now on. False: both have one already.
static bool join(Unifier *u, int x, int y) {
    uint32_t hx = u->handles[x], hy = u->handles[y];
    if (hx == hy) return true;
    if (u->slots[hx] && u->slots[hy]) return false;
    uint32_t keep = u->slots[hx] ? hx : hy, drop = keep == hx ? hy : hx;
    for (uint32_t i = 0; i < u->tparams.len; i++)
        if (u->handles[i] == drop) u->handles[i] = keep;
    return true;
}

static bool nify(Unifier *u, Type *x, Type *y, unsigned mode, const IfacePair *p);

static Type *as_interface(Type *t) {
    return type_is_tparam(t) ? NULL : under_as(t, TYPE_INTERFACE);
}

// x is a parameter with a type: unify that with y, and keep the better of the two.
static bool nify_known(Unifier *u, int px, Type *y, unsigned mode, const IfacePair *p) {
    Type *x = *slot(u, px);
    if (!nify(u, x, y, mode, p)) return false;
    Type *xi = as_interface(x), *yi = as_interface(y);
    bool xn = type_named(x) != NULL, yn = type_named(y) != NULL;
    if (xi && yi) {
        if (xn && yn) return type_identical(x, y);
        if (type_set(xi)->methods.len != type_set(yi)->methods.len) return false;
    } else if (xi || yi) {
        return false;
    }
    if (mode & UNIFY_EXACT || xn) return true;
    Type *yc = under_as(y, TYPE_CHAN);
    if (yn || (yc && yc->chan.dir != CHAN_BOTH)) *slot(u, px) = y;
    return true;
}

static Obj *method_like(const Unifier *u, const TypeSet *set, const Obj *m) {
    uint32_t at;
    return type_set_lookup(u->c->env, set, m->pkg, m->name, false, &at);
}

static bool nify_interfaces(Unifier *u, Type *x, Type *y, const IfacePair *p) {
    TypeSet *xs = type_set(x), *ys = type_set(y);
    if (xs->comparable != ys->comparable || !terms_equal(xs->terms, ys->terms)) return false;
    if (iface_pair_seen(p, x, y)) return true;
    if (xs->methods.len > ys->methods.len) {
        TypeSet *t = xs;
        xs = ys;
        ys = t;
    }
    for (uint32_t i = 0; i < xs->methods.len; i++) {
        Obj *ym = method_like(u, ys, xs->methods.v[i]);
        if (!ym || !nify(u, xs->methods.v[i]->type, ym->type, UNIFY_EXACT, NULL)) return false;
    }
    return true;
}

static bool nify_methods(Unifier *u, Type *iface, Type *t) {
    TypeSet *set = type_set(iface);
    for (uint32_t i = 0; i < set->methods.len; i++) {
        Obj *m = set->methods.v[i];
        Found f = lookup_member(u->c, t, false, m->name, m->pkg, false);
        if (!f.obj || f.obj->kind != OBJ_FUNC) return false;
        if (!u->c->lazy) check_obj_decl(u->c, f.obj);
        if (!nify(u, m->type, f.obj->type, UNIFY_EXACT, NULL)) return false;
    }
    return true;
}

static bool nify_tuple(Unifier *u, Type *x, Type *y, unsigned mode, const IfacePair *p) {
    ObjList none = {0}, xs = x ? x->tuple.vars : none, ys = y ? y->tuple.vars : none;
    if (xs.len != ys.len) return false;
    for (uint32_t i = 0; i < xs.len; i++)
        if (!nify(u, xs.v[i]->type, ys.v[i]->type, mode, p)) return false;
    return true;
}

static bool nify_struct(Unifier *u, Type *x, Type *y, unsigned mode, const IfacePair *p) {
    ObjList xf = x->strct.fields, yf = y->strct.fields;
    if (xf.len != yf.len) return false;
    for (uint32_t i = 0; i < xf.len; i++) {
        Obj *f = xf.v[i], *g = yf.v[i];
        Str xt = x->strct.tags ? x->strct.tags[i] : (Str){"", 0};
        Str yt = y->strct.tags ? y->strct.tags[i] : (Str){"", 0};
        if (f->embedded != g->embedded || !str_eq(xt, yt)) return false;
        if (!obj_same_id(u->c->env, f, g->pkg, g->name, false)) return false;
        if (!nify(u, f->type, g->type, mode, p)) return false;
    }
    return true;
}

static bool nify_exact_interface(Unifier *u, Type *x, Type *y, const IfacePair *p) {
    TypeSet *xs = type_set(x), *ys = type_set(y);
    if (xs->comparable != ys->comparable || !terms_equal(xs->terms, ys->terms)) return false;
    if (xs->methods.len != ys->methods.len) return false;
    if (iface_pair_seen(p, x, y)) return true;
    IfacePair q = {x, y, p};
    for (uint32_t i = 0; i < xs->methods.len; i++) {
        Obj *f = xs->methods.v[i], *g = ys->methods.v[i];
        if (!obj_same_id(u->c->env, f, g->pkg, g->name, false)) return false;
        if (!nify(u, f->type, g->type, UNIFY_EXACT, &q)) return false;
    }
    return true;
}

static bool nify_named(Unifier *u, Type *x, Type *y, unsigned mode, const IfacePair *p) {
    if (x->named.targs.len != y->named.targs.len) return false;
    for (uint32_t i = 0; i < x->named.targs.len; i++)
        if (!nify(u, x->named.targs.v[i], y->named.targs.v[i], mode, p)) return false;
    return identical_origin(x, y);
}

static bool nify_kind(Unifier *u, Type *x, Type *y, unsigned mode, const IfacePair *p) {
    unsigned emode = mode & UNIFY_ASSIGN ? mode | UNIFY_EXACT : mode; // for element types
    if (x->kind == TYPE_TPARAM) {
        Type *core = common_under(u->c, x, NULL, NULL, NULL);
        return core && nify(u, core, y, UNIFY_ASSIGN, p);
    }
    if (x->kind != y->kind) return false;
    switch (x->kind) {
    case TYPE_BASIC: return x->basic.kind == y->basic.kind;
    case TYPE_ARRAY:
        if (x->array.len >= 0 && y->array.len >= 0 && x->array.len != y->array.len) return false;
        return nify(u, x->array.elem, y->array.elem, emode, p);
    case TYPE_SLICE: return nify(u, x->slice.elem, y->slice.elem, emode, p);
    case TYPE_STRUCT: return nify_struct(u, x, y, emode, p);
    case TYPE_POINTER: return nify(u, x->pointer.elem, y->pointer.elem, emode, p);
    case TYPE_TUPLE: return nify_tuple(u, x, y, mode, p);
    case TYPE_SIGNATURE:
        return x->sig.variadic == y->sig.variadic &&
               nify_tuple(u, x->sig.params, y->sig.params, emode, p) &&
               nify_tuple(u, x->sig.results, y->sig.results, emode, p);
    case TYPE_INTERFACE: return nify_exact_interface(u, x, y, p);
    case TYPE_MAP:
        return nify(u, x->map.key, y->map.key, emode, p) &&
               nify(u, x->map.elem, y->map.elem, emode, p);
    case TYPE_CHAN:
        if ((mode & UNIFY_EXACT) && x->chan.dir != y->chan.dir) return false;
        return nify(u, x->chan.elem, y->chan.elem, emode, p);
    case TYPE_NAMED: return nify_named(u, x, y, mode, p);
    case TYPE_UNION: return false;
    case TYPE_TPARAM:
    case TYPE_ALIAS: break;
    }
    BUG("type kind %d", x->kind);
}

static bool nify_swapped(Unifier *u, Type *x, Type *y, unsigned mode, const IfacePair *p) {
    // The named type is y, unless x is a parameter to be bound.
    Type *ny = type_named(y);
    if (!(mode & UNIFY_EXACT) && ny && is_type_lit(x) && !(u->interfaces && type_is_interface(x))) {
        y = type_under(ny);
        if (x == y || type_unalias(x) == type_unalias(y)) return true;
    }
    int px = bound_index(u, x), py = bound_index(u, y);
    if (px >= 0 && py >= 0) return join(u, px, py) || nify(u, *slot(u, px), *slot(u, py), mode, p);
    if (px >= 0) {
        if (*slot(u, px)) return nify_known(u, px, y, mode, p);
        *slot(u, px) = y;
        return true;
    }
    if (u->interfaces && !(mode & UNIFY_EXACT)) {
        Type *xi = as_interface(x), *yi = as_interface(y);
        if (xi && yi) return nify_interfaces(u, xi, yi, p);
        if (yi) return nify_methods(u, yi, x);
        if (xi) return nify_methods(u, xi, y);
    }
    if (type_is_tparam(y)) {
        Type *t = x;
        x = y;
        y = t;
    }
    return nify_kind(u, type_unalias(x), type_unalias(y), mode, p);
}

static bool nify(Unifier *u, Type *x, Type *y, unsigned mode, const IfacePair *p) {
    if (x == y || type_unalias(x) == type_unalias(y)) return true;
    if (!x || !y || u->depth >= DEPTH_MAX) return false;
    u->depth++;
    bool swap = type_named(x) || bound_index(u, y) >= 0;
    bool ok = swap ? nify_swapped(u, y, x, mode, p) : nify_swapped(u, x, y, mode, p);
    u->depth--;
    return ok;
}

bool unify(Unifier *u, Type *x, Type *y, unsigned mode) { return nify(u, x, y, mode, NULL); }
