// go/types/infer.c: type arguments from function arguments, constraints and untyped constants.
#include "go/types/types_internal.h"

// ---- is a type parameterized by one of some type parameters

typedef struct Walk {
    TypeList tparams;
    PtrMap seen; // types on the way or done without a hit
    Arena *a;
} Walk;

static bool walk(Walk *w, Type *t);

static bool walk_vars(Walk *w, Type *tuple) {
    for (uint32_t i = 0; tuple && i < tuple->tuple.vars.len; i++)
        if (walk(w, tuple->tuple.vars.v[i]->type)) return true;
    return false;
}

static bool walk_objs(Walk *w, ObjList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (walk(w, list.v[i]->type)) return true;
    return false;
}

static bool walk_types(Walk *w, TypeList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (walk(w, list.v[i])) return true;
    return false;
}

static bool walk_interface(Walk *w, Type *t) {
    TypeSet *set = type_set(t);
    if (walk_objs(w, set->methods)) return true;
    if (!type_set_has_terms(set)) return false;
    for (uint32_t i = 0; i < set->terms.len; i++) // every term must be
        if (!walk(w, set->terms.v[i].type)) return false;
    return true;
}

static bool walk_kind(Walk *w, Type *t) {
    switch (t->kind) {
    case TYPE_BASIC:
    case TYPE_UNION: return false;
    case TYPE_ALIAS: return walk(w, type_unalias(t));
    case TYPE_ARRAY: return walk(w, t->array.elem);
    case TYPE_SLICE: return walk(w, t->slice.elem);
    case TYPE_STRUCT: return walk_objs(w, t->strct.fields);
    case TYPE_POINTER: return walk(w, t->pointer.elem);
    case TYPE_TUPLE: return walk_objs(w, t->tuple.vars);
    case TYPE_SIGNATURE: return walk_vars(w, t->sig.params) || walk_vars(w, t->sig.results);
    case TYPE_INTERFACE: return walk_interface(w, t);
    case TYPE_MAP: return walk(w, t->map.key) || walk(w, t->map.elem);
    case TYPE_CHAN: return walk(w, t->chan.elem);
    case TYPE_NAMED: return walk_types(w, t->named.targs);
    case TYPE_TPARAM:
        for (uint32_t i = 0; i < w->tparams.len; i++)
            if (w->tparams.v[i] == t) return true;
        return false;
    }
    BUG("type kind %d", t->kind);
}

static bool walk(Walk *w, Type *t) {
    if (!t || t->kind == TYPE_BASIC) return false;
    if (t->kind == TYPE_TPARAM) return walk_kind(w, t);
    void *known = ptrmap_get(&w->seen, t);
    if (known) return known == (void *)w;
    ptrmap_put(&w->seen, t, &w->seen); // not (yet)
    bool hit = walk_kind(w, t);
    if (hit) ptrmap_put(&w->seen, t, w);
    return hit;
}

bool is_parameterized(TypeList tparams, Type *t) {
    if (!t || t->kind == TYPE_BASIC) return false;
    Walk w = {.tparams = tparams, .a = arena_new("parameterized")};
    w.seen = ptrmap_new(w.a);
    bool hit = walk(&w, t);
    arena_free(w.a);
    return hit;
}

// ---- renaming

TypeList rename_tparams(Check *c, Pos pos, TypeList tparams, Type *t, Type **renamed) {
    *renamed = t;
    if (!tparams.len) return tparams;
    TypeList fresh;
    NEW_LIST(c->arena, &fresh, tparams.len);
    for (uint32_t i = 0; i < tparams.len; i++) {
        const Obj *old = tparams.v[i]->tparam.obj;
        Obj *o = obj_new(c, OBJ_TYPE, old->pos, old->name);
        o->pkg = old->pkg;
        fresh.v[i] = new_tparam(c, o, NULL);
        fresh.v[i]->tparam.index = tparams.v[i]->tparam.index;
    }
    Subst s = {tparams, fresh};
    for (uint32_t i = 0; i < tparams.len; i++)
        fresh.v[i]->tparam.bound = check_subst(c, pos, tparams.v[i]->tparam.bound, s);
    *renamed = t ? check_subst(c, pos, t, s) : NULL;
    return fresh;
}

// ---- inference

typedef struct Inference {
    Check *c;
    const InferInput *in;
    ErrorBuilder *err;
    Unifier *u;
    Type *params;
    U32Vec untyped; // arguments that are untyped constants for a bare type parameter
} Inference;

static Str tparams_string(Check *c, TypeList list) {
    Buf b = buf_new(c->arena);
    for (uint32_t i = 0; i < list.len; i++) {
        if (i) buf_c(&b, list.len == 2 ? " and " : i + 1 == list.len ? ", and " : ", ");
        buf_str(&b, name_str(c->env->names, list.v[i]->tparam.obj->name));
    }
    return buf_view(&b);
}

static bool none_known(TypeList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]) return false;
    return true;
}

static bool mismatch(Inference *n, Type *tpar, Operand *arg) {
    Check *c = n->c;
    TypeList targs = unifier_inferred(n->u, n->in->tparams);
    if (none_known(targs)) {
        error_add(n->err, at_operand(arg), "type %T of %E does not match %T (cannot infer %S)",
                  arg->type, arg->expr, tpar, tparams_string(c, n->in->tparams));
        return false;
    }
    Type *inferred = check_subst(c, at_operand(arg), tpar, (Subst){n->in->tparams, targs});
    if (inferred == tpar)
        error_add(n->err, at_operand(arg), "type %T of %E does not match %T", arg->type, arg->expr,
                  tpar);
    else if (n->in->reverse)
        error_add(n->err, at_operand(arg), "inferred type %T for %T does not match type %T of %E",
                  inferred, tpar, arg->type, arg->expr);
    else
        error_add(n->err, at_operand(arg), "type %T of %E does not match inferred type %T for %T",
                  arg->type, arg->expr, inferred, tpar);
    return false;
}

static bool from_arguments(Inference *n) {
    const InferInput *in = n->in;
    for (uint32_t i = 0; i < in->args.len; i++) {
        Operand *arg = in->args.v[i];
        Type *par = n->params->tuple.vars.v[i]->type;
        if (arg->mode == MODE_INVALID) continue;
        if (!is_parameterized(in->tparams, par) && !is_parameterized(in->tparams, arg->type))
            continue;
        if (is_typed(arg->type)) {
            if (!unify(n->u, par, arg->type, UNIFY_ASSIGN)) return mismatch(n, par, arg);
        } else if (par->kind == TYPE_TPARAM && !operand_is_nil(arg)) {
            vec_push(n->c->arena, &n->untyped, i);
        }
    }
    return true;
}

// The one type all of a constraint's types share underneath; single: there is but one term.
static bool core_term(Check *c, Type *tpar, Term *core, bool *single) {
    bool specific;
    TermList terms = tparam_terms(tpar, &specific);
    *single = specific && terms.len == 1;
    if (*single) {
        *core = terms.v[0];
        return true;
    }
    core->type = common_under(c, tpar, NULL, NULL, NULL);
    core->tilde = false;
    for (uint32_t i = 0; specific && i < terms.len; i++) core->tilde |= terms.v[i].tilde;
    return core->type != NULL;
}

static bool unify_exact(void *ctx, Type *x, Type *y) { return unify(ctx, x, y, UNIFY_EXACT); }

static bool from_constraint(Inference *n, Type *tpar) {
    Type *tx = unifier_at(n->u, tpar);
    Term core;
    bool single;
    if (core_term(n->c, tpar, &core, &single)) {
        if (tx) {
            if (!unify(n->u, tx, core.type, UNIFY_INEXACT)) {
                error_add(n->err, n->in->pos, "%T (type %T) does not satisfy %T", tpar, tx,
                          tpar->tparam.bound);
                return false;
            }
        } else if (single && !core.tilde) {
            unifier_set(n->u, tpar, core.type);
        }
    }
    if (!tx || is_parameterized(n->in->tparams, tx)) return true;
    Str cause = STR("");
    if (has_all_methods_by(n->c, tx, tparam_iface(tpar), unify_exact, n->u, &cause)) return true;
    error_add(n->err, n->in->pos, "%T (type %T) does not satisfy %T %S", tpar, tx,
              tpar->tparam.bound, cause);
    return false;
}

static bool from_constraints(Inference *n) {
    for (uint32_t unknown = UINT32_MAX; unifier_unknowns(n->u) != unknown;) {
        unknown = unifier_unknowns(n->u);
        for (uint32_t i = 0; i < n->in->tparams.len; i++)
            if (!from_constraint(n, n->in->tparams.v[i])) return false;
    }
    return true;
}

static bool from_untyped(Inference *n) {
    TypeList tparams = n->in->tparams, max;
    NEW_LIST(n->c->arena, &max, tparams.len);
    for (uint32_t k = 0; k < n->untyped.len; k++) {
        Operand *arg = n->in->args.v[n->untyped.v[k]];
        Type *tpar = n->params->tuple.vars.v[n->untyped.v[k]]->type;
        if (unifier_at(n->u, tpar)) continue;
        uint32_t i = 0;
        while (tparams.v[i] != tpar) i++;
        Type *m = max.v[i] ? max_type(max.v[i], arg->type) : arg->type;
        if (!m) {
            error_add(n->err, at_operand(arg), "mismatched types %T and %T (cannot infer %T)",
                      max.v[i], arg->type, tpar);
            return false;
        }
        max.v[i] = m;
    }
    for (uint32_t i = 0; i < tparams.len; i++)
        if (max.v[i]) unifier_set(n->u, tparams.v[i], default_type(max.v[i]));
    return true;
}

// ---- cycles through the inferred types are cut

typedef struct CycleWalk {
    TypeList tparams, inferred;
    TypeVec on_path;
    Arena *a;
} CycleWalk;

static void cut(CycleWalk *w, Type *t);

static void cut_objs(CycleWalk *w, ObjList list) {
    for (uint32_t i = 0; i < list.len; i++) cut(w, list.v[i]->type);
}

static int index_of(TypeList list, Type *t) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i] == t) return (int)i;
    return -1;
}

static void cut_below(CycleWalk *w, Type *t) { // flat switch
    switch (t->kind) {
    case TYPE_BASIC:
    case TYPE_ALIAS: return;
    case TYPE_ARRAY: cut(w, t->array.elem); return;
    case TYPE_SLICE: cut(w, t->slice.elem); return;
    case TYPE_STRUCT: cut_objs(w, t->strct.fields); return;
    case TYPE_POINTER: cut(w, t->pointer.elem); return;
    case TYPE_TUPLE: cut_objs(w, t->tuple.vars); return;
    case TYPE_SIGNATURE:
        if (t->sig.params) cut_objs(w, t->sig.params->tuple.vars);
        if (t->sig.results) cut_objs(w, t->sig.results->tuple.vars);
        return;
    case TYPE_UNION:
        for (uint32_t i = 0; i < t->unio.terms.len; i++) cut(w, t->unio.terms.v[i].type);
        return;
    case TYPE_INTERFACE:
        cut_objs(w, t->iface.methods);
        for (uint32_t i = 0; i < t->iface.embeddeds.len; i++) cut(w, t->iface.embeddeds.v[i]);
        return;
    case TYPE_MAP:
        cut(w, t->map.key);
        cut(w, t->map.elem);
        return;
    case TYPE_CHAN: cut(w, t->chan.elem); return;
    case TYPE_NAMED:
        for (uint32_t i = 0; i < t->named.targs.len; i++) cut(w, t->named.targs.v[i]);
        return;
    case TYPE_TPARAM: {
        int i = index_of(w->tparams, t);
        if (i >= 0 && w->inferred.v[i]) cut(w, w->inferred.v[i]);
        return;
    }
    }
    BUG("type kind %d", t->kind);
}

static void cut(CycleWalk *w, Type *t) {
    t = type_unalias(t);
    if (!t || t->kind == TYPE_BASIC) return;
    for (uint32_t i = 0; i < w->on_path.len; i++)
        if (w->on_path.v[i] == t) {
            int k = t->kind == TYPE_TPARAM ? index_of(w->tparams, t) : -1;
            if (k >= 0) w->inferred.v[k] = NULL;
            return;
        }
    vec_push(w->a, &w->on_path, t);
    cut_below(w, t);
    w->on_path.len--;
}

static void kill_cycles(Check *c, TypeList tparams, TypeList inferred) {
    CycleWalk w = {.tparams = tparams, .inferred = inferred, .a = c->arena};
    for (uint32_t i = 0; i < tparams.len; i++) cut(&w, tparams.v[i]);
}

// Inferred types may mention other parameters: put in what is known until nothing changes.
static void simplify(Check *c, const InferInput *in, TypeList inferred) {
    U32Vec dirty = {0};
    for (uint32_t i = 0; i < inferred.len; i++)
        if (inferred.v[i] && !in->targs.v[i]) vec_push(c->arena, &dirty, i);
    while (dirty.len) {
        uint32_t n = 0;
        for (uint32_t k = 0; k < dirty.len; k++) {
            uint32_t i = dirty.v[k];
            Type *t = check_subst(c, 0, inferred.v[i], (Subst){in->tparams, inferred});
            if (t == inferred.v[i]) continue;
            if (t->kind == TYPE_SIGNATURE && t->sig.tparams.len &&
                !is_parameterized(in->tparams, t))
                t->sig.tparams = (TypeList){0};
            inferred.v[i] = t;
            dirty.v[n++] = i;
        }
        dirty.len = n;
    }
}

static bool all_known(TypeList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (!list.v[i]) return false;
    return true;
}

bool check_infer(Check *c, const InferInput *in, ErrorBuilder *err, TypeList *out) {
    if (all_known(in->targs)) {
        *out = in->targs;
        return true;
    }
    for (uint32_t i = 0; i < in->args.len; i++)
        if (in->args.v[i]->mode == MODE_INVALID) return false;
    Inference n = {.c = c, .in = in, .err = err, .params = in->params};
    if (in->params) n.params = check_subst(c, 0, in->params, (Subst){in->tparams, in->targs});
    n.u = unifier_new(c, in->tparams, in->targs, check_allow(c, 121));
    if (!from_arguments(&n) || !from_constraints(&n) || !from_untyped(&n)) return false;
    TypeList inferred = unifier_inferred(n.u, in->tparams);
    kill_cycles(c, in->tparams, inferred);
    simplify(c, in, inferred);
    for (uint32_t i = 0; i < inferred.len; i++) {
        if (inferred.v[i] && !is_parameterized(in->tparams, inferred.v[i])) continue;
        const Obj *o = in->tparams.v[i]->tparam.obj;
        error_add(err, in->pos, "cannot infer %N (declared at %P)", o->name, o->pos);
        return false;
    }
    *out = inferred;
    return true;
}
