// go/types/subst.c: type arguments put in place of type parameters; instances, each made once.
#include "go/types/types_internal.h"

typedef struct Substing {
    Check *c;
    Pos pos;
    Subst s;
} Substing;

static Type *subst_type(const Substing *s, Type *t);

static Type *mapped(const Substing *s, Type *tparam) {
    for (uint32_t i = 0; i < s->s.from.len; i++)
        if (s->s.from.v[i] == tparam) return s->s.to.v[i] ? s->s.to.v[i] : tparam;
    return tparam;
}

Obj *clone_obj(Check *c, Obj *o, Type *t) {
    Obj *copy = NEW(c->arena, Obj);
    *copy = *o;
    copy->life = c->lazy ? LIFE_SETTLED : LIFE_CHECK;
    copy->type = t;
    copy->origin = o->origin ? o->origin : o;
    return copy;
}

// The list with what changed replaced; the list itself when nothing did.
static ObjList subst_objs(const Substing *s, ObjList in) {
    ObjList out = in;
    for (uint32_t i = 0; i < in.len; i++) {
        Type *old = in.v[i]->type;
        Type *t = old ? subst_type(s, old) : NULL;
        if (t == old) continue;
        if (out.v == in.v) {
            NEW_LIST(s->c->arena, &out, in.len);
            memcpy(out.v, in.v, in.len * sizeof *in.v);
        }
        out.v[i] = clone_obj(s->c, in.v[i], t);
    }
    return out;
}

static TypeList subst_list(const Substing *s, TypeList in) {
    TypeList out = in;
    for (uint32_t i = 0; i < in.len; i++) {
        Type *t = subst_type(s, in.v[i]);
        if (t == in.v[i]) continue;
        if (out.v == in.v) {
            NEW_LIST(s->c->arena, &out, in.len);
            memcpy(out.v, in.v, in.len * sizeof *in.v);
        }
        out.v[i] = t;
    }
    return out;
}

static Type *subst_tuple(const Substing *s, Type *t) {
    if (!t) return NULL;
    ObjList vars = subst_objs(s, t->tuple.vars);
    return vars.v == t->tuple.vars.v ? t : new_tuple(s->c, vars);
}

static Type *subst_signature(const Substing *s, Type *t) {
    Type *params = subst_tuple(s, t->sig.params), *results = subst_tuple(s, t->sig.results);
    if (params == t->sig.params && results == t->sig.results) return t;
    Type *copy = new_signature(s->c, params, results, t->sig.variadic);
    copy->sig.rparams = t->sig.rparams;
    copy->sig.tparams = t->sig.tparams;
    copy->sig.recv = t->sig.recv;
    return copy;
}

static Type *subst_union(const Substing *s, Type *t) {
    TermList terms = t->unio.terms;
    Term *out = NULL;
    for (uint32_t i = 0; i < terms.len; i++) {
        Type *u = subst_type(s, terms.v[i].type);
        if (u == terms.v[i].type) continue;
        if (!out) {
            out = NEW_ARRAY(s->c->arena, Term, terms.len);
            memcpy(out, terms.v, terms.len * sizeof *out);
        }
        out[i].type = u;
    }
    if (!out) return t;
    Type *copy = type_new(s->c, TYPE_UNION);
    copy->unio.terms = (TermList){out, terms.len};
    return copy;
}

bool replace_recv(Check *c, ObjList in, Type *from, Type *to, ObjList *out) {
    *out = in;
    for (uint32_t i = 0; i < in.len; i++) {
        Type *sig = in.v[i]->type;
        if (!is_kind(sig, TYPE_SIGNATURE) || !sig->sig.recv || sig->sig.recv->type != from)
            continue;
        if (out->v == in.v) {
            NEW_LIST(c->arena, out, in.len);
            memcpy(out->v, in.v, in.len * sizeof *in.v);
        }
        Type *copy = type_copy(c, sig);
        copy->sig.recv = clone_obj(c, sig->sig.recv, to);
        out->v[i] = clone_obj(c, in.v[i], copy);
    }
    return out->v != in.v;
}

static Type *subst_interface(const Substing *s, Type *t) {
    ObjList methods = subst_objs(s, t->iface.methods);
    TypeList embeddeds = subst_list(s, t->iface.embeddeds);
    if (methods.v == t->iface.methods.v && embeddeds.v == t->iface.embeddeds.v) return t;
    Type *copy = new_interface(s->c);
    copy->iface.embeddeds = embeddeds;
    copy->iface.embed_pos = t->iface.embed_pos;
    copy->iface.implicit = t->iface.implicit;
    copy->iface.complete = t->iface.complete;
    replace_recv(s->c, methods, t, copy, &copy->iface.methods);
    if (s->c->lazy) iface_type_set(s->c, 0, copy);
    return copy;
}

static Type *subst_alias(const Substing *s, Type *t) {
    TypeList tparams = t->alias.origin->alias.tparams;
    if (!tparams.len) return t;
    if (t->alias.targs.len != tparams.len) return BASIC(INVALID);
    TypeList targs = subst_list(s, t->alias.targs);
    return targs.v == t->alias.targs.v ? t : check_instance(s->c, s->pos, t->alias.origin, targs);
}

static Type *subst_named(const Substing *s, Type *t) {
    Type *orig = named_origin(t);
    TypeList tparams = named_tparams(orig);
    if (!tparams.len) return t;
    if (t->named.targs.len != tparams.len) return BASIC(INVALID);
    TypeList targs = subst_list(s, t->named.targs);
    return targs.v == t->named.targs.v ? t : check_instance(s->c, s->pos, orig, targs);
}

static Type *subst_elem(const Substing *s, Type *t, Type *elem) {
    Type *e = elem ? subst_type(s, elem) : BASIC(INVALID);
    if (e == elem) return t;
    Type *copy = type_copy(s->c, t);
    if (t->kind == TYPE_ARRAY)
        copy->array.elem = e;
    else if (t->kind == TYPE_SLICE)
        copy->slice.elem = e;
    else if (t->kind == TYPE_POINTER)
        copy->pointer.elem = e;
    else
        copy->chan.elem = e;
    return copy;
}

static Type *subst_map(const Substing *s, Type *t) {
    Type *key = subst_type(s, t->map.key), *elem = subst_type(s, t->map.elem);
    if (key == t->map.key && elem == t->map.elem) return t;
    Type *copy = type_new(s->c, TYPE_MAP);
    copy->map.key = key;
    copy->map.elem = elem;
    return copy;
}

static Type *subst_struct(const Substing *s, Type *t) {
    ObjList fields = subst_objs(s, t->strct.fields);
    if (fields.v == t->strct.fields.v) return t;
    Type *copy = type_new(s->c, TYPE_STRUCT);
    copy->strct.fields = fields;
    copy->strct.tags = t->strct.tags;
    return copy;
}

static Type *subst_type(const Substing *s, Type *t) { // flat switch
    switch (t->kind) {
    case TYPE_BASIC: return t;
    case TYPE_ARRAY: return subst_elem(s, t, t->array.elem);
    case TYPE_SLICE: return subst_elem(s, t, t->slice.elem);
    case TYPE_POINTER: return subst_elem(s, t, t->pointer.elem);
    case TYPE_CHAN: return subst_elem(s, t, t->chan.elem);
    case TYPE_STRUCT: return subst_struct(s, t);
    case TYPE_TUPLE: return subst_tuple(s, t);
    case TYPE_SIGNATURE: return subst_signature(s, t);
    case TYPE_UNION: return subst_union(s, t);
    case TYPE_INTERFACE: return subst_interface(s, t);
    case TYPE_MAP: return subst_map(s, t);
    case TYPE_NAMED: return subst_named(s, t);
    case TYPE_TPARAM: return mapped(s, t);
    case TYPE_ALIAS: return subst_alias(s, t);
    }
    BUG("type kind %d", t->kind);
}

Type *check_subst(Check *c, Pos pos, Type *t, Subst s) {
    if (!s.from.len || !t) return t;
    Substing st = {c, pos, s};
    return subst_type(&st, t);
}

// ---- instances

static uint64_t hash_type(Type *t, int depth) {
    t = type_unalias(t);
    if (!t || depth > 6) return 7;
    uint64_t h = (uint64_t)t->kind * 0x9e3779b97f4a7c15u;
    switch (t->kind) {
    case TYPE_BASIC: return hash_mix(h, t->basic.kind);
    case TYPE_ARRAY: return hash_mix(h, hash_type(t->array.elem, depth + 1)); // lengths may be open
    case TYPE_SLICE: return hash_mix(h, hash_type(t->slice.elem, depth + 1));
    case TYPE_POINTER: return hash_mix(h, hash_type(t->pointer.elem, depth + 1));
    case TYPE_CHAN: return hash_mix(h, hash_type(t->chan.elem, depth + 1));
    case TYPE_MAP:
        return hash_mix(hash_mix(h, hash_type(t->map.key, depth + 1)),
                        hash_type(t->map.elem, depth + 1));
    case TYPE_STRUCT: return hash_mix(h, t->strct.fields.len);
    case TYPE_SIGNATURE:
        return hash_mix(h, (t->sig.params ? t->sig.params->tuple.vars.len : 0) * 16 +
                               (t->sig.results ? t->sig.results->tuple.vars.len : 0));
    case TYPE_NAMED:
        h = hash_mix(h, (uintptr_t)named_origin(t)->named.obj);
        for (uint32_t i = 0; i < t->named.targs.len; i++)
            h = hash_mix(h, hash_type(t->named.targs.v[i], depth + 1));
        return h;
    case TYPE_TPARAM: return hash_mix(h, (uintptr_t)t);
    case TYPE_TUPLE:
    case TYPE_UNION:
    case TYPE_INTERFACE:
    case TYPE_ALIAS: return h;
    }
    BUG("type kind %d", t->kind);
}

static uint64_t hash_instance(Type *orig, TypeList targs) {
    uint64_t h = (uintptr_t)orig;
    for (uint32_t i = 0; i < targs.len; i++) h = hash_mix(h, hash_type(targs.v[i], 0));
    return h;
}

static Type *context_lookup(Context *ctx, uint64_t h, Type *orig, TypeList targs) {
    for (IndexIter it = index_find(&ctx->index, h); it.id; index_next(&it)) {
        const CtxtEntry *e = &ctx->entries.v[it.id - 1];
        if (e->orig == orig && identical_lists(e->targs, targs)) return e->inst;
    }
    return NULL;
}

Type *context_update(Check *c, Type *orig, TypeList targs, Type *inst) {
    uint64_t h = hash_instance(orig, targs);
    Type *have = context_lookup(&c->ctxt, h, orig, targs);
    if (have) return have;
    vec_push(c->arena, &c->ctxt.entries, ((CtxtEntry){orig, inst, targs}));
    index_add(&c->ctxt.index, h, c->ctxt.entries.len);
    return inst;
}

bool check_targ_len(Check *c, Pos pos, Str name, uint32_t want, uint32_t got) {
    if (got == want) return true;
    check_error(c, pos, "%s type arguments for type %S: have %d, want %d",
                got < want ? "not enough" : "too many", name, got, want);
    return false;
}

static Obj *instance_obj(Check *c, Pos pos, const Obj *orig) {
    Obj *o = obj_new(c, OBJ_TYPE, pos, orig->name);
    o->pkg = orig->pkg;
    return o;
}

static Type *alias_instance(Check *c, Pos pos, Type *orig, TypeList targs) {
    Type *rhs = check_subst(c, pos, orig->alias.rhs, (Subst){orig->alias.tparams, targs});
    Type *t = new_alias(c, instance_obj(c, pos, orig->alias.obj), rhs);
    t->alias.origin = orig;
    t->alias.tparams = orig->alias.tparams;
    t->alias.targs = targs;
    return t;
}

static Type *signature_instance(Check *c, Pos pos, Type *orig, TypeList targs) {
    Type *sig = check_subst(c, pos, orig, (Subst){orig->sig.tparams, targs});
    if (sig == orig) sig = type_copy(c, orig);
    sig->sig.tparams = (TypeList){0};
    return sig;
}

Type *check_instance(Check *c, Pos pos, Type *orig, TypeList targs) {
    uint64_t h = hash_instance(orig, targs);
    Type *inst = context_lookup(&c->ctxt, h, orig, targs);
    if (inst) return inst;
    if (orig->kind == TYPE_NAMED) {
        inst = new_named(c, instance_obj(c, pos, orig->named.obj));
        inst->named.origin = orig;
        inst->named.targs = targs;
    } else if (orig->kind == TYPE_ALIAS) {
        Str name = name_str(c->env->names, orig->alias.obj->name);
        if (!check_targ_len(c, pos, name, orig->alias.tparams.len, targs.len))
            return BASIC(INVALID);
        if (!targs.len) return orig;
        inst = alias_instance(c, pos, orig, targs);
    } else {
        Str name = check_format(c, "%T", orig);
        if (!check_targ_len(c, pos, name, orig->sig.tparams.len, targs.len)) return BASIC(INVALID);
        if (!targs.len) return orig;
        inst = signature_instance(c, pos, orig, targs);
    }
    return context_update(c, orig, targs, inst);
}

int check_verify_targs(Check *c, Pos pos, TypeList tparams, TypeList targs, Str *cause) {
    for (uint32_t i = 0; i < tparams.len; i++) {
        tparam_iface(tparams.v[i]);
        Type *bound = check_subst(c, pos, tparams.v[i]->tparam.bound, (Subst){tparams, targs});
        *cause = STR("");
        if (!check_implements(c, targs.v[i], bound, true, cause)) return (int)i;
    }
    return -1;
}
