// go/types/type.c: making types, and what lies behind a name: aliases, named types and their
// instances (expanded when first looked into), type parameters.
#include <pthread.h>
#include <stdatomic.h>

#include "go/types/types_internal.h"

#define TYPE_SIZE(member) (offsetof(Type, member) + sizeof(((Type *)NULL)->member))

size_t type_size(TypeKind kind) { // flat switch
    switch (kind) {
    case TYPE_BASIC: return TYPE_SIZE(basic);
    case TYPE_ARRAY: return TYPE_SIZE(array);
    case TYPE_SLICE: return TYPE_SIZE(slice);
    case TYPE_POINTER: return TYPE_SIZE(pointer);
    case TYPE_CHAN: return TYPE_SIZE(chan);
    case TYPE_MAP: return TYPE_SIZE(map);
    case TYPE_STRUCT: return TYPE_SIZE(strct);
    case TYPE_TUPLE: return TYPE_SIZE(tuple);
    case TYPE_SIGNATURE: return TYPE_SIZE(sig);
    case TYPE_UNION: return TYPE_SIZE(unio);
    case TYPE_INTERFACE: return TYPE_SIZE(iface);
    case TYPE_NAMED: return TYPE_SIZE(named);
    case TYPE_TPARAM: return TYPE_SIZE(tparam);
    case TYPE_ALIAS: return TYPE_SIZE(alias);
    }
    BUG("type kind %d", kind);
}

static Type *type_cut(Check *c, TypeKind kind) {
    return arena_push(c->arena, 1, type_size(kind), alignof(Type));
}

Type *type_new(Check *c, TypeKind kind) {
    Type *t = type_cut(c, kind);
    t->kind = kind;
    t->life = c->lazy ? LIFE_SETTLED : LIFE_CHECK;
    return t;
}

Type *type_copy(Check *c, const Type *t) {
    Type *copy = type_cut(c, t->kind);
    memcpy(copy, t, type_size(t->kind));
    copy->life = c->lazy ? LIFE_SETTLED : LIFE_CHECK;
    return copy;
}

void needs_cleanup(Check *c, Type *t) {
    if (!c->lazy) vec_push(c->arena, &c->cleaners, t);
}

Type *new_pointer(Check *c, Type *elem) {
    Type *t = type_new(c, TYPE_POINTER);
    t->pointer.elem = elem;
    return t;
}

Type *new_slice(Check *c, Type *elem) {
    Type *t = type_new(c, TYPE_SLICE);
    t->slice.elem = elem;
    return t;
}

Type *new_tuple(Check *c, ObjList vars) {
    if (!vars.len) return NULL;
    Type *t = type_new(c, TYPE_TUPLE);
    t->tuple.vars = vars;
    return t;
}

Type *new_signature(Check *c, Type *params, Type *results, bool variadic) {
    Type *t = type_new(c, TYPE_SIGNATURE);
    t->sig.params = params;
    t->sig.results = results;
    t->sig.variadic = variadic;
    return t;
}

Type *new_named(Check *c, Obj *o) {
    Type *t = type_new(c, TYPE_NAMED);
    t->named.obj = o;
    t->named.check = c->lazy ? NULL : c;
    t->named.env = c->env;
    if (!o->type) o->type = t;
    needs_cleanup(c, t);
    return t;
}

Type *new_interface(Check *c) {
    Type *t = type_new(c, TYPE_INTERFACE);
    t->iface.check = c;
    needs_cleanup(c, t);
    return t;
}

Type *new_alias(Check *c, Obj *o, Type *rhs) {
    Type *t = type_new(c, TYPE_ALIAS);
    t->alias.obj = o;
    t->alias.origin = t;
    t->alias.rhs = rhs;
    if (!o->type) o->type = t;
    needs_cleanup(c, t);
    return t;
}

Type *new_tparam(Check *c, Obj *o, Type *bound) {
    Type *t = type_new(c, TYPE_TPARAM);
    t->tparam.obj = o;
    t->tparam.bound = bound;
    t->tparam.check = c;
    t->tparam.id = ++c->next_tparam_id;
    t->tparam.index = UINT32_MAX;
    if (!o->type) o->type = t;
    needs_cleanup(c, t);
    return t;
}

void type_finish(Type *t) {
    if (t->kind == TYPE_NAMED) {
        if (!t->named.origin) type_under(t);
    } else if (t->kind == TYPE_INTERFACE) {
        iface_type_set(t->iface.check, 0, t);
    } else if (t->kind == TYPE_TPARAM) {
        tparam_iface(t);
    } else if (t->kind == TYPE_ALIAS) {
        type_unalias(t);
    }
}

void type_detach(Type *t) {
    if (t->kind == TYPE_NAMED) {
        t->named.check = NULL;
    } else if (t->kind == TYPE_INTERFACE) {
        t->iface.check = NULL;
        t->iface.embed_pos = NULL;
    } else if (t->kind == TYPE_TPARAM) {
        t->tparam.check = NULL;
    }
}

void bind_tparams(TypeList list) {
    for (uint32_t i = 0; i < list.len; i++) {
        if (list.v[i]->tparam.index != UINT32_MAX) BUG("type parameter bound twice");
        list.v[i]->tparam.index = i;
    }
}

static Type *unalias(Type *a0) {
    if (a0->alias.actual) return a0->alias.actual;
    Type *t = a0;
    while (t && t->kind == TYPE_ALIAS) t = t->alias.rhs;
    if (t) a0->alias.actual = t;
    return t;
}

Type *type_unalias_slowly(Type *t) { return unalias(t); }

Type *type_named(Type *t) { return unalias_as(t, TYPE_NAMED); }

Type *named_origin(Type *n) { return n->named.origin ? n->named.origin : n; }

// ---- instances

static uint8_t state(Type *n) {
    return atomic_load_explicit(&n->named.state, memory_order_acquire);
}
static void set_state(Type *n, uint8_t bits) {
    atomic_fetch_or_explicit(&n->named.state, bits, memory_order_release);
}

// The check to work with: the one at hand while its package is being checked, else the lazy one,
// whose lock is then held until `leave`.
static Check *enter(Type *n) {
    if (n->named.check) return n->named.check;
    pthread_mutex_lock(n->named.env->lock);
    return n->named.env->lazy;
}

static void leave(Type *n, Check *c) {
    if (c == n->named.env->lazy) pthread_mutex_unlock(n->named.env->lock);
}

static Type *expand_interface(Check *c, Type *n, Type *iface) {
    Type *orig = n->named.origin;
    ObjList methods;
    if (!replace_recv(c, iface->iface.methods, orig, n, &methods)) return iface;
    if (iface == orig->named.rhs) {
        Type *crafted = new_interface(c);
        crafted->iface.complete = true;
        crafted->iface.embeddeds = iface->iface.embeddeds;
        iface = crafted;
    }
    iface->iface.methods = methods;
    iface->iface.tset = NULL;
    if (c->lazy) iface_type_set(c, 0, iface);
    return iface;
}

static Type *expand_rhs(Check *c, Type *n) {
    Type *orig = n->named.origin;
    TypeList tparams = orig->named.tparams;
    if (n->named.targs.len != tparams.len) return BASIC(INVALID);
    context_update(c, orig, n->named.targs, n);
    Type *rhs =
        check_subst(c, n->named.obj->pos, orig->named.rhs, (Subst){tparams, n->named.targs});
    return is_kind(rhs, TYPE_INTERFACE) ? expand_interface(c, n, rhs) : rhs;
}

static void unpack_locked(Check *c, Type *n) {
    if (state(n) & NAMED_UNPACKED) return;
    Type *orig = n->named.origin;
    if (!orig) {
        set_state(n, NAMED_UNPACKED | NAMED_METHODS);
        return;
    }
    named_unpack(orig);
    n->named.rhs = expand_rhs(c, n);
    n->named.tparams = orig->named.tparams;
    set_state(n, NAMED_UNPACKED | (orig->named.methods.len ? 0 : NAMED_METHODS));
}

void named_unpack(Type *n) {
    if (state(n) & NAMED_UNPACKED) return;
    Check *c = enter(n);
    unpack_locked(c, n);
    leave(n, c);
}

TypeList named_tparams(Type *n) {
    named_unpack(n);
    return n->named.tparams;
}

uint32_t type_method_count(Type *n) {
    Type *orig = named_origin(n);
    named_unpack(orig);
    return orig->named.methods.len;
}

// Method i of an instance: the generic method with the type arguments put in.
static Obj *expand_method(Check *c, Type *n, uint32_t i) {
    Obj *origm = type_method(n->named.origin, i);
    if (!c->lazy) check_obj_decl(c, origm);
    Type *orig_sig = origm->type;
    if (deref(orig_sig->sig.recv->type, NULL) == n) return origm;
    Type *sig = orig_sig;
    if (orig_sig->sig.rparams.len == n->named.targs.len)
        sig = check_subst(c, origm->pos, orig_sig, (Subst){orig_sig->sig.rparams, n->named.targs});
    if (sig == orig_sig) sig = type_copy(c, orig_sig);
    Type *rtype = func_has_ptr_recv(origm) ? new_pointer(c, n) : n;
    sig->sig.recv = clone_obj(c, orig_sig->sig.recv, rtype);
    return clone_obj(c, origm, sig);
}

static Obj *method_locked(Check *c, Type *n, uint32_t i) {
    Type *orig = n->named.origin;
    while (n->named.methods.len < orig->named.methods.len)
        vec_push(c->arena, &n->named.methods, NULL);
    if (!n->named.methods.v[i]) n->named.methods.v[i] = expand_method(c, n, i);
    return n->named.methods.v[i];
}

Obj *type_method(Type *n, uint32_t i) {
    named_unpack(n);
    if (!n->named.origin || (state(n) & NAMED_METHODS)) return n->named.methods.v[i];
    Check *c = enter(n);
    Obj *m = method_locked(c, n, i);
    leave(n, c);
    return m;
}

static int method_index(const TypesEnv *env, Type *n, Name name, bool fold) {
    if (name == env->blank) return -1;
    for (uint32_t i = 0; i < n->named.methods.len; i++) {
        Name have = n->named.methods.v[i]->name;
        if (have == name) return (int)i;
        if (fold && name_fold_equal(name_str(env->names, have), name_str(env->names, name)))
            return (int)i;
    }
    return -1;
}

void named_add_method(Check *c, Type *n, Obj *m) {
    named_unpack(n);
    if (method_index(c->env, n, m->name, false) < 0) vec_push(c->arena, &n->named.methods, m);
}

Obj *named_lookup(Type *n, const Pkg *pkg, Name name, bool fold, uint32_t *index) {
    const TypesEnv *env = n->named.env;
    Type *orig = named_origin(n);
    named_unpack(n);
    if (!orig->named.methods.len) return NULL;
    if (!same_pkg(n->named.obj->pkg, pkg) && !fold && !name_is_exported(name_str(env->names, name)))
        return NULL;
    int i = method_index(env, orig, name, fold);
    if (i < 0) return NULL;
    *index = (uint32_t)i;
    return type_method(n, (uint32_t)i);
}

// ---- underlying types

enum { UNDER_CHAIN_MAX = 100000 };

static Type *resolve_under(Type *n) {
    Type *t = n;
    for (int steps = 0; t && steps < UNDER_CHAIN_MAX; steps++) {
        if (t->kind == TYPE_ALIAS) {
            t = unalias(t);
        } else if (t->kind == TYPE_NAMED) {
            if (state(t) & NAMED_UNDER) return t->named.under;
            named_unpack(t);
            t = t->named.rhs;
        } else {
            return t;
        }
    }
    return BASIC(INVALID);
}

static Type *named_under(Type *n) {
    if (LIKELY(state(n) & NAMED_UNDER)) return n->named.under;
    named_unpack(n);
    if (!n->named.rhs) return BASIC(INVALID); // in the middle of its own declaration
    Type *u = resolve_under(n);
    Check *c = enter(n);
    if (!(state(n) & NAMED_UNDER)) {
        n->named.under = u;
        set_state(n, NAMED_UNDER);
    }
    leave(n, c);
    return n->named.under;
}

Type *type_under_slowly(Type *t) {
    if (t->kind == TYPE_ALIAS) t = unalias(t);
    if (!t) return BASIC(INVALID);
    if (t->kind == TYPE_NAMED) return named_under(t);
    if (t->kind == TYPE_TPARAM) return tparam_iface(t);
    return t;
}

// ---- type parameters

// The constraint as an interface; a constraint that is none is wrapped in an implicit one.
Type *tparam_iface(Type *tp) {
    Type *bound = tp->tparam.bound, *iface = NULL;
    if (!bound) return &empty_interface;
    Type *u = type_under(bound);
    if (u->kind == TYPE_BASIC && !is_valid(u)) return &empty_interface;
    if (u->kind == TYPE_INTERFACE) {
        if (type_is_tparam(bound)) return &empty_interface; // an error reported elsewhere
        iface = u;
    }
    Check *c = tp->tparam.check;
    if (!iface) {
        iface = new_interface(c);
        NEW_LIST(c->arena, &iface->iface.embeddeds, 1);
        iface->iface.embeddeds.v[0] = bound;
        iface->iface.complete = true;
        iface->iface.implicit = true;
        tp->tparam.bound = iface;
    }
    if (!iface->iface.tset) {
        Type *n = type_named(bound);
        iface_type_set(c, n ? n->named.obj->pos : tp->tparam.obj->pos, iface);
    }
    return iface;
}

TermList tparam_terms(Type *tp, bool *specific) {
    TypeSet *s = type_set(tparam_iface(tp));
    *specific = type_set_has_terms(s);
    return s->terms;
}

Under under_each(Type *t) {
    Type *tp = unalias_as(t, TYPE_TPARAM);
    if (!tp) return (Under){.one = t, .n = 1};
    Under it = {.is_tparam = true};
    it.terms = tparam_terms(tp, &it.specific);
    it.n = it.specific ? it.terms.len : 1;
    return it;
}

bool under_next(Under *it, Type **t, Type **u) {
    if (it->i >= it->n) return false;
    uint32_t i = it->i++;
    if (!it->is_tparam) {
        *t = it->one;
        *u = type_under(it->one);
    } else if (!it->specific) {
        *t = *u = NULL;
    } else {
        *t = it->terms.v[i].type;
        *u = type_unalias(*t);
        if (!it->terms.v[i].tilde) *u = type_under(*u);
    }
    return true;
}

bool under_is(Type *t, UnderFn *f, void *ctx) {
    Type *tt, *u;
    for (Under it = under_each(t); under_next(&it, &tt, &u);)
        if (!f(ctx, u)) return false;
    return true;
}

// Two channel types agree when their directions can; the one with a direction wins. False: *cause.
static bool join_channels(Check *c, Type **ct, Type **cu, Type *t, Type *u, Str *cause) {
    if (!type_identical((*cu)->chan.elem, u->chan.elem)) {
        *cause = check_format(c, "channels %T and %T have different element types", *ct, t);
        return false;
    }
    if ((*cu)->chan.dir == u->chan.dir) return true;
    if ((*cu)->chan.dir == CHAN_BOTH) {
        *ct = t;
        *cu = u;
    } else if (u->chan.dir != CHAN_BOTH) {
        *cause = check_format(c, "channels %T and %T have conflicting directions", *ct, t);
        return false;
    }
    return true;
}

Type *common_under(Check *c, Type *t0, UnderCond *cond, void *ctx, Str *cause) {
    Str ignored;
    if (!cause) cause = &ignored;
    Type *ct = NULL, *cu = NULL, *t, *u;
    for (Under it = under_each(t0); under_next(&it, &t, &u);) {
        if (cond && cond(ctx, c, t, u, cause)) return NULL;
        if (!u) {
            *cause = STR("no specific type");
            return NULL;
        }
        if (!cu) {
            ct = t;
            cu = u;
        } else if (cu->kind == TYPE_CHAN && u->kind == TYPE_CHAN) {
            if (!join_channels(c, &ct, &cu, t, u, cause)) return NULL;
        } else if (!type_identical(cu, u)) {
            *cause = check_format(c, "%T and %T have different underlying types", ct, t);
            return NULL;
        }
    }
    return cu;
}
