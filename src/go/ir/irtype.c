// go/ir/irtype.c: the session's type table: types of the checker and of instances, interned.
// Rules: cmd/compile/internal/types (type.go, identity.go), noder/reader.go (doTyp, shapify).
#include "go/ir/irtype_internal.h"

void irtypes_lock(IrTypes *ts) { pthread_mutex_lock(&ts->lock); }
void irtypes_unlock(IrTypes *ts) { pthread_mutex_unlock(&ts->lock); }

// ---- interning

static uint64_t field_hash(uint64_t h, const IrField *f, bool with_names) {
    h = hash_mix(h, f->type->id);
    if (with_names) h = hash_mix(h, (uint64_t)f->name << 1 | f->embedded);
    return h;
}

static bool named_fields(const IrType *t) { return t->kind == KIND_STRUCT; }

static uint64_t type_hash(const IrType *t) {
    uint64_t h = hash_mix((uint64_t)t->kind << 8 | (uint64_t)t->shape << 1 | t->variadic,
                          (uint64_t)(uintptr_t)t->obj);
    if (t->elem) h = hash_mix(h, t->elem->id);
    if (t->key) h = hash_mix(h, t->key->id);
    h = hash_mix(h, (uint64_t)t->len * 4 + t->dir);
    for (uint32_t i = 0; i < t->nfields; i++) h = field_hash(h, &t->fields[i], named_fields(t));
    for (uint32_t i = 0; i < t->targs.len; i++) h = hash_mix(h, t->targs.v[i]->id);
    IrMethodList ms = t->lazy ? irtype_lazy(t)->methods : (IrMethodList){0};
    for (uint32_t i = 0; i < ms.len; i++) h = hash_mix(h, ms.v[i].name);
    return h;
}

static bool same_fields(const IrType *x, const IrType *y) {
    if (x->nfields != y->nfields || x->nparams != y->nparams) return false;
    for (uint32_t i = 0; i < x->nfields; i++) {
        const IrField *f = &x->fields[i], *g = &y->fields[i];
        if (f->type != g->type) return false;
        if (named_fields(x) && (f->name != g->name || f->pkg != g->pkg ||
                                f->embedded != g->embedded || !str_eq(f->tag, g->tag)))
            return false;
    }
    return true;
}

static bool same_methods(const IrType *x, const IrType *y) {
    if (x->kind != KIND_INTER) return true;
    IrMethodList a = irtype_lazy(x)->methods, b = irtype_lazy(y)->methods;
    if (a.len != b.len) return false;
    for (uint32_t i = 0; i < a.len; i++)
        if (a.v[i].name != b.v[i].name || a.v[i].pkg != b.v[i].pkg || a.v[i].sig != b.v[i].sig)
            return false;
    return true;
}

static bool same_targs(const IrType *x, const IrType *y) {
    if (x->targs.len != y->targs.len) return false;
    for (uint32_t i = 0; i < x->targs.len; i++)
        if (x->targs.v[i] != y->targs.v[i]) return false;
    return true;
}

// Named types are told by name and arguments, others by what they are made of.
static bool same_type(const IrType *x, const IrType *y) {
    if (x->obj != y->obj || x->shape != y->shape) return false;
    if (x->obj) return same_targs(x, y);
    return x->kind == y->kind && x->elem == y->elem && x->key == y->key && x->len == y->len &&
           x->dir == y->dir && x->variadic == y->variadic && same_fields(x, y) &&
           same_methods(x, y);
}

static uint64_t key_hash(const IrType *t) {
    if (!t->obj) return type_hash(t);
    uint64_t h = (uint64_t)(uintptr_t)t->obj;
    for (uint32_t i = 0; i < t->targs.len; i++) h = hash_mix(h, t->targs.v[i]->id);
    return h;
}

static IrType *find(IrTypes *ts, const IrType *t, uint64_t hash) {
    for (IndexIter it = index_find(&ts->index, hash); it.id; index_next(&it))
        if (same_type(ts->all.v[it.id - 1], t)) return ts->all.v[it.id - 1];
    return NULL;
}

static IrType *add(IrTypes *ts, const IrType *t, uint64_t hash) {
    IrType *made = NEW(ts->arena, IrType);
    *made = *t;
    if (!made->lazy) made->lazy = NEW(ts->arena, IrLazy);
    if (!made->under && !made->obj) made->under = made;
    if (!made->canon) made->canon = made;
    vec_push(ts->arena, &ts->all, made);
    made->id = ts->all.len;
    index_add(&ts->index, hash, made->id);
    return made;
}

static IrField *copy_fields(IrTypes *ts, const IrField *fields, uint32_t n) {
    return n ? arena_copy(ts->arena, fields, n * sizeof *fields, _Alignof(IrField)) : NULL;
}

// An interface's methods, as a type keeps them.
static IrLazy *copy_methods(IrTypes *ts, IrMethodList ms) {
    IrLazy *lazy = NEW(ts->arena, IrLazy);
    lazy->methods = ms;
    lazy->methods.v = arena_copy(ts->arena, ms.v, ms.len * sizeof *ms.v, _Alignof(IrMethod));
    lazy->has_methods = true;
    return lazy;
}

static void note_parts(IrType *t) {
    if (t->elem) t->has_shape |= t->elem->has_shape;
    if (t->key) t->has_shape |= t->key->has_shape;
    for (uint32_t i = 0; i < t->nfields; i++) t->has_shape |= t->fields[i].type->has_shape;
    if (t->kind == KIND_ARRAY) t->not_in_heap = t->elem->not_in_heap;
    if (t->kind == KIND_STRUCT)
        for (uint32_t i = 0; i < t->nfields; i++) t->not_in_heap |= t->fields[i].type->not_in_heap;
}

static IrType *intern(IrTypes *ts, IrType *t);

// The same type with byte, rune and any gone; NULL when it has none.
static IrType *canonical(IrTypes *ts, const IrType *t) {
    bool plain = (!t->elem || t->elem->canon == t->elem) && (!t->key || t->key->canon == t->key);
    for (uint32_t i = 0; i < t->nfields; i++)
        plain = plain && t->fields[i].type->canon == t->fields[i].type;
    IrMethodList ms = t->kind == KIND_INTER ? irtype_lazy(t)->methods : (IrMethodList){0};
    for (uint32_t i = 0; i < ms.len; i++) plain = plain && ms.v[i].sig->canon == ms.v[i].sig;
    if (plain) return NULL;
    IrType c = *t;
    if (c.elem) c.elem = c.elem->canon;
    if (c.key) c.key = c.key->canon;
    c.fields = copy_fields(ts, t->fields, t->nfields);
    for (uint32_t i = 0; i < c.nfields; i++) c.fields[i].type = c.fields[i].type->canon;
    if (ms.len) {
        c.lazy = copy_methods(ts, ms);
        for (uint32_t i = 0; i < ms.len; i++)
            irtype_lazy(&c)->methods.v[i].sig = ms.v[i].sig->canon;
    }
    return intern(ts, &c);
}

// t lies on the caller's stack; its lists are copied when it is new. Not for named types.
static IrType *intern(IrTypes *ts, IrType *t) {
    irtypes_lock(ts);
    uint64_t hash = key_hash(t);
    IrType *made = find(ts, t, hash);
    if (!made) {
        note_parts(t);
        t->fields = copy_fields(ts, t->fields, t->nfields);
        if (t->kind == KIND_INTER) t->lazy = copy_methods(ts, irtype_lazy(t)->methods);
        t->canon = canonical(ts, t);
        made = add(ts, t, hash);
    }
    irtypes_unlock(ts);
    return made;
}

// ---- simple types

IrType *irtype_basic(IrTypes *ts, IrKind kind) { return ts->basic[kind]; }
IrType *irtype_byte(IrTypes *ts) { return ts->byte; }
IrType *irtype_rune(IrTypes *ts) { return ts->rune; }
IrType *irtype_any(IrTypes *ts) { return ts->any; }
IrType *irtype_empty_interface(IrTypes *ts) { return ts->eface; }
IrType *irtype_error(IrTypes *ts) { return ts->error; }

IrType *irtype_pointer(IrTypes *ts, IrType *elem) {
    return intern(ts, &(IrType){.kind = KIND_PTR, .elem = elem});
}
IrType *irtype_slice(IrTypes *ts, IrType *elem) {
    return intern(ts, &(IrType){.kind = KIND_SLICE, .elem = elem});
}
IrType *irtype_array(IrTypes *ts, IrType *elem, int64_t len) {
    return intern(ts, &(IrType){.kind = KIND_ARRAY, .elem = elem, .len = len});
}
IrType *irtype_map(IrTypes *ts, IrType *key, IrType *elem) {
    return intern(ts, &(IrType){.kind = KIND_MAP, .key = key, .elem = elem});
}
IrType *irtype_chan(IrTypes *ts, IrType *elem, ChanDir dir) {
    return intern(ts, &(IrType){.kind = KIND_CHAN, .elem = elem, .dir = dir});
}
IrType *irtype_struct(IrTypes *ts, const IrField *fields, uint32_t n) {
    return intern(
        ts, &(IrType){.kind = KIND_STRUCT, .fields = (IrField *)(uintptr_t)fields, .nfields = n});
}
IrType *irtype_tuple(IrTypes *ts, const IrField *fields, uint32_t n) {
    return intern(
        ts, &(IrType){.kind = KIND_TUPLE, .fields = (IrField *)(uintptr_t)fields, .nfields = n});
}

IrType *irtype_func(IrTypes *ts, const IrField *params, uint32_t nparams, const IrField *results,
                    uint32_t nresults, bool variadic) {
    IrField few[16], *all = few;
    Arena *a = nparams + nresults > COUNT(few) ? arena_new("fields") : NULL;
    if (a) all = NEW_ARRAY(a, IrField, nparams + nresults);
    for (uint32_t i = 0; i < nparams; i++) all[i] = params[i];
    for (uint32_t i = 0; i < nresults; i++) all[nparams + i] = results[i];
    IrType t = {.kind = KIND_FUNC,
                .fields = all,
                .nfields = nparams + nresults,
                .nparams = nparams,
                .variadic = variadic};
    IrType *made = intern(ts, &t);
    arena_free(a);
    return made;
}

IrType *irtype_niladic(IrTypes *ts) { return irtype_func(ts, NULL, 0, NULL, 0, false); }

IrType *irtype_with_first(IrTypes *ts, const IrType *sig, uint32_t skip, IrType *first) {
    Arena *a = arena_new("parameters");
    uint32_t n = irtype_nparams(sig), k = 0;
    IrField *params = NEW_ARRAY(a, IrField, n + 1);
    if (first) params[k++] = (IrField){.type = first};
    for (uint32_t i = skip; i < n; i++) params[k++] = irtype_params(sig)[i];
    IrType *made =
        irtype_func(ts, params, k, irtype_results(sig), irtype_nresults(sig), sig->under->variadic);
    arena_free(a);
    return made;
}

// ---- from the checker

typedef struct Convert {
    IrTypes *ts;
    IrEnv *env;
    bool depends; // a type parameter was met
} Convert;

static IrType *convert(Convert *c, Type *t);

static IrKind basic_kind(BasicKind k) {
    static const IrKind kinds[BASIC_COUNT] = {
        [BASIC_INVALID] = KIND_INT,
        [BASIC_BOOL] = KIND_BOOL,
        [BASIC_INT] = KIND_INT,
        [BASIC_INT8] = KIND_INT8,
        [BASIC_INT16] = KIND_INT16,
        [BASIC_INT32] = KIND_INT32,
        [BASIC_INT64] = KIND_INT64,
        [BASIC_UINT] = KIND_UINT,
        [BASIC_UINT8] = KIND_UINT8,
        [BASIC_UINT16] = KIND_UINT16,
        [BASIC_UINT32] = KIND_UINT32,
        [BASIC_UINT64] = KIND_UINT64,
        [BASIC_UINTPTR] = KIND_UINTPTR,
        [BASIC_FLOAT32] = KIND_FLOAT32,
        [BASIC_FLOAT64] = KIND_FLOAT64,
        [BASIC_COMPLEX64] = KIND_COMPLEX64,
        [BASIC_COMPLEX128] = KIND_COMPLEX128,
        [BASIC_STRING] = KIND_STRING,
        [BASIC_UNSAFE_POINTER] = KIND_UNSAFEPTR,
        [BASIC_UNTYPED_BOOL] = KIND_UNTYPED_BOOL,
        [BASIC_UNTYPED_INT] = KIND_UNTYPED_INT,
        [BASIC_UNTYPED_RUNE] = KIND_UNTYPED_RUNE,
        [BASIC_UNTYPED_FLOAT] = KIND_UNTYPED_FLOAT,
        [BASIC_UNTYPED_COMPLEX] = KIND_UNTYPED_COMPLEX,
        [BASIC_UNTYPED_STRING] = KIND_UNTYPED_STRING,
        [BASIC_UNTYPED_NIL] = KIND_NIL,
    };
    return kinds[k];
}

static IrType *convert_basic(Convert *c, const Type *t) {
    IrTypes *ts = c->ts;
    if (t->basic.kind == BASIC_UINT8 && t->basic.name[0] == 'b') return ts->byte;
    if (t->basic.kind == BASIC_INT32 && t->basic.name[0] == 'r') return ts->rune;
    return ts->basic[basic_kind(t->basic.kind)];
}

static IrType *convert_tparam(Convert *c, const Type *t) {
    c->depends = true;
    const IrEnv *env = c->env;
    for (uint32_t i = 0; env && i < env->tparams.len; i++)
        if (env->tparams.v[i] == t) return env->targs.v[i];
    return c->ts->eface; // only in types nobody asks a value of
}

static IrField convert_var(Convert *c, const Obj *o) {
    return (IrField){
        .name = o->name, .pkg = irobj_pkg(o), .type = convert(c, o->type), .embedded = o->embedded};
}

static IrType *convert_struct(Convert *c, const Type *t) {
    ObjList fields = t->strct.fields;
    Arena *a = arena_new("struct");
    IrField *out = NEW_ARRAY(a, IrField, fields.len + 1);
    for (uint32_t i = 0; i < fields.len; i++) {
        out[i] = convert_var(c, fields.v[i]);
        if (t->strct.tags) out[i].tag = t->strct.tags[i];
    }
    IrType *made = irtype_struct(c->ts, out, fields.len);
    arena_free(a);
    return made;
}

static IrType *convert_list(Convert *c, const Type *params, const Type *results, bool variadic,
                            bool tuple) {
    ObjList ps = tuple_vars(params);
    ObjList rs = tuple_vars(results);
    Arena *a = arena_new("signature");
    IrField *out = NEW_ARRAY(a, IrField, ps.len + rs.len + 1);
    for (uint32_t i = 0; i < ps.len; i++) out[i] = convert_var(c, ps.v[i]);
    for (uint32_t i = 0; i < rs.len; i++) out[ps.len + i] = convert_var(c, rs.v[i]);
    IrType *made = tuple ? irtype_tuple(c->ts, out, ps.len)
                         : irtype_func(c->ts, out, ps.len, out + ps.len, rs.len, variadic);
    arena_free(a);
    return made;
}

int irsym_cmp(IrTypes *ts, Name x, const Pkg *xp, Name y, const Pkg *yp) {
    if (x == y && xp == yp) return 0;
    Str xs = name_str(ts->names, x), ys = name_str(ts->names, y);
    bool xe = name_is_exported(xs), ye = name_is_exported(ys);
    if (xe != ye) return xe ? -1 : 1;
    int order = str_cmp(xs, ys);
    if (order || xe) return order;
    return str_cmp(xp ? name_str(ts->names, xp->path) : STR(""),
                   yp ? name_str(ts->names, yp->path) : STR(""));
}

IrMethodList irtype_sorted_methods(IrTypes *ts, IrMethod *v, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) { // lists are short and nearly sorted
        IrMethod m = v[i];
        uint32_t k = i;
        for (; k && irsym_cmp(ts, m.name, m.pkg, v[k - 1].name, v[k - 1].pkg) < 0; k--)
            v[k] = v[k - 1];
        v[k] = m;
    }
    return (IrMethodList){v, n};
}

static IrType *convert_interface(Convert *c, Type *t) {
    IrTypes *ts = c->ts;
    if (t == ts->any_iface) return ts->any;
    ObjList methods = type_set(t)->methods;
    if (!methods.len) return ts->eface;
    Arena *a = arena_new("methods"); // ts->arena is for who holds the lock
    IrMethod *v = NEW_ARRAY(a, IrMethod, methods.len);
    bool shape = false;
    for (uint32_t i = 0; i < methods.len; i++) {
        Obj *m = methods.v[i];
        v[i] = (IrMethod){.name = m->name, .obj = m, .pkg = irobj_pkg(m)};
        v[i].sig = convert(c, m->type);
        shape |= v[i].sig->has_shape;
    }
    IrLazy lazy = {.methods = irtype_sorted_methods(ts, v, methods.len), .has_methods = true};
    IrType it = {.kind = KIND_INTER, .lazy = &lazy, .has_shape = shape};
    IrType *made = intern(ts, &it);
    arena_free(a);
    return made;
}

static IrType *convert_named(Convert *c, Type *t) {
    IrTypes *ts = c->ts;
    if (t == ts->error_type) return ts->error;
    Type *origin = t->named.origin ? t->named.origin : t;
    Obj *o = origin->named.obj;
    TypeList outer;
    lower_local_type(o, &outer);
    uint32_t n = outer.len + t->named.targs.len;
    if (!n) return irtype_named(ts, o, (IrTypeList){0}, 0);
    Arena *a = arena_new("type arguments");
    IrTypeList targs = {NEW_ARRAY(a, IrType *, n), n};
    for (uint32_t i = 0; i < outer.len; i++) targs.v[i] = convert(c, outer.v[i]);
    for (uint32_t i = 0; i < t->named.targs.len; i++)
        targs.v[outer.len + i] = convert(c, t->named.targs.v[i]);
    IrType *made = irtype_named(ts, o, targs, outer.len);
    arena_free(a);
    return made;
}

static IrType *convert(Convert *c, Type *t) { // flat switch
    IrTypes *ts = c->ts;
    t = type_unalias(t);
    switch (t->kind) {
    case TYPE_BASIC: return convert_basic(c, t);
    case TYPE_ARRAY: return irtype_array(ts, convert(c, t->array.elem), t->array.len);
    case TYPE_SLICE: return irtype_slice(ts, convert(c, t->slice.elem));
    case TYPE_STRUCT: return convert_struct(c, t);
    case TYPE_POINTER: return irtype_pointer(ts, convert(c, t->pointer.elem));
    case TYPE_TUPLE: return convert_list(c, t, NULL, false, true);
    case TYPE_SIGNATURE:
        return convert_list(c, t->sig.params, t->sig.results, t->sig.variadic, false);
    case TYPE_UNION: return ts->eface;
    case TYPE_INTERFACE: return convert_interface(c, t);
    case TYPE_MAP: {
        IrType *key = convert(c, t->map.key);
        return irtype_map(ts, key, convert(c, t->map.elem));
    }
    case TYPE_CHAN: return irtype_chan(ts, convert(c, t->chan.elem), t->chan.dir);
    case TYPE_NAMED: return convert_named(c, t);
    case TYPE_TPARAM: return convert_tparam(c, t);
    case TYPE_ALIAS: break;
    }
    BUG("type kind %d", t->kind);
}

IrType *irtype_sig_of(IrTypes *ts, IrEnv *env, Type *sig) {
    Convert c = {ts, env, false};
    return convert_list(&c, sig->sig.params, sig->sig.results, sig->sig.variadic, false);
}

// ---- caches: of types without type parameters for the session, of others for an instance

static uint32_t type_slot(const Type *t) {
    return (uint32_t)hash_mix((uint64_t)(uintptr_t)t, 0x9d2c5680);
}

static IrType *cached(IrTypes *ts, const Type *t) {
    const TypeCaches *c = atomic_load_explicit(&ts->cache, memory_order_acquire);
    for (uint32_t i = type_slot(t) & c->mask;; i = (i + 1) & c->mask) {
        const Type *key = atomic_load_explicit(&c->slots[i].key, memory_order_acquire);
        if (key == t) return c->slots[i].value;
        if (!key) return NULL;
    }
}

static void cache_put(TypeCaches *c, Type *t, IrType *v) {
    uint32_t i = type_slot(t) & c->mask;
    for (;; i = (i + 1) & c->mask) {
        Type *key = atomic_load_explicit(&c->slots[i].key, memory_order_relaxed);
        if (key == t) return;
        if (!key) break;
    }
    c->slots[i].value = v;
    atomic_store_explicit(&c->slots[i].key, t, memory_order_release);
}

static TypeCaches *caches_new(Arena *a, uint32_t len) {
    TypeCaches *c = NEW(a, TypeCaches);
    *c = (TypeCaches){NEW_ARRAY(a, TypeCache, len), len - 1};
    return c;
}

static void cache_type(IrTypes *ts, Type *t, IrType *v) {
    irtypes_lock(ts);
    TypeCaches *c = atomic_load_explicit(&ts->cache, memory_order_relaxed);
    if (++ts->cached * 2 > c->mask) {
        TypeCaches *bigger = caches_new(ts->arena, (c->mask + 1) * 2);
        for (uint32_t i = 0; i <= c->mask; i++) {
            Type *key = atomic_load_explicit(&c->slots[i].key, memory_order_relaxed);
            if (key) cache_put(bigger, key, c->slots[i].value);
        }
        atomic_store_explicit(&ts->cache, bigger, memory_order_release);
        c = bigger;
    }
    cache_put(c, t, v);
    irtypes_unlock(ts);
}

// An instance's own cache: keys and values alternate.
static IrType **env_slot(const IrEnv *env, const Type *t) {
    uint32_t i = type_slot(t) & env->cache_mask;
    while (env->cache[i * 2] && env->cache[i * 2] != (const void *)t) i = (i + 1) & env->cache_mask;
    return &env->cache[i * 2];
}

static void env_put(IrEnv *env, Type *t, IrType *v) {
    if (!env->cache || (env->cache_len + 1) * 2 > env->cache_mask) {
        IrEnv bigger = *env;
        bigger.cache_mask = env->cache ? env->cache_mask * 2 + 1 : 15;
        bigger.cache = NEW_ARRAY(env->arena, IrType *, (bigger.cache_mask + 1) * 2);
        for (uint32_t i = 0; env->cache && i <= env->cache_mask; i++) {
            if (!env->cache[i * 2]) continue;
            IrType **to = env_slot(&bigger, (const void *)env->cache[i * 2]);
            to[0] = env->cache[i * 2];
            to[1] = env->cache[i * 2 + 1];
        }
        *env = bigger;
    }
    IrType **slot = env_slot(env, t);
    if (!slot[0]) env->cache_len++;
    slot[0] = (IrType *)t;
    slot[1] = v;
}

IrType *irtype_of(IrTypes *ts, IrEnv *env, Type *t) {
    IrType *known = cached(ts, t);
    if (known) return known;
    if (env && env->cache) {
        IrType **slot = env_slot(env, t);
        if (slot[0]) return slot[1];
    }
    Convert c = {ts, env, false};
    IrType *made = convert(&c, t);
    if (!c.depends)
        cache_type(ts, t, made);
    else if (env)
        env_put(env, t, made);
    return made;
}

bool irtype_depends(IrTypes *ts, const IrEnv *env, Type *t) {
    if (cached(ts, t)) return false;
    Convert c = {ts, (IrEnv *)(uintptr_t)env, false};
    convert(&c, t);
    return c.depends;
}

// ---- named types

static IrKind kind_under(Type *u) {
    static const IrKind kinds[] = {
        [TYPE_ARRAY] = KIND_ARRAY, [TYPE_SLICE] = KIND_SLICE,    [TYPE_STRUCT] = KIND_STRUCT,
        [TYPE_POINTER] = KIND_PTR, [TYPE_SIGNATURE] = KIND_FUNC, [TYPE_INTERFACE] = KIND_INTER,
        [TYPE_MAP] = KIND_MAP,     [TYPE_CHAN] = KIND_CHAN,      [TYPE_ALIAS] = KIND_BAD,
    };
    return u->kind == TYPE_BASIC ? basic_kind(u->basic.kind) : kinds[u->kind];
}

static void fill_under(IrType *t, IrType *u) {
    t->under = u;
    t->kind = u->kind;
    t->elem = u->elem;
    t->key = u->key;
    t->len = u->len;
    t->dir = u->dir;
    t->fields = u->fields;
    t->nfields = u->nfields;
    t->nparams = u->nparams;
    t->variadic = u->variadic;
    t->not_in_heap |= u->not_in_heap;
}

TypeList irtype_join(Arena *a, TypeList first, TypeList then) {
    TypeList out = {NEW_ARRAY(a, Type *, first.len + then.len + 1), 0};
    for (uint32_t i = 0; i < first.len; i++) out.v[out.len++] = first.v[i];
    for (uint32_t i = 0; i < then.len; i++) out.v[out.len++] = then.v[i];
    return out;
}

TypeList irtype_tparams(Arena *a, const Obj *o) {
    TypeList outer;
    lower_local_type(o, &outer);
    return irtype_join(a, outer, type_named(o->type)->named.tparams);
}

static void find_under(IrTypes *ts, IrType *t) {
    IrEnv env = {.tparams = irtype_tparams(ts->arena, t->obj),
                 .targs = t->targs,
                 .implicits = t->implicits,
                 .arena = ts->arena};
    Convert c = {ts, &env, false};
    fill_under(t, convert(&c, type_under(type_named(t->obj->type)))->under);
}

static IrType *make_named(IrTypes *ts, Obj *o, IrTypeList targs, uint32_t implicits,
                          uint64_t hash) {
    Type *named = type_named(o->type);
    IrType t = {.kind = kind_under(type_under(named)),
                .named = true,
                .obj = o,
                .implicits = implicits,
                .fully_instantiated = targs.len > 0};
    t.not_in_heap = obj_is_not_in_heap(ts->env, o);
    t.targs = (IrTypeList){NEW_ARRAY(ts->arena, IrType *, targs.len + 1), targs.len};
    for (uint32_t i = 0; i < targs.len; i++) {
        t.targs.v[i] = targs.v[i]->canon;
        t.has_shape |= targs.v[i]->has_shape;
    }
    IrType *made = add(ts, &t, hash);
    find_under(ts, made);
    return made;
}

// X[any] is X[interface {}] with other arguments: it prints alike, but what is made of it does not.
static IrType *respelled(IrTypes *ts, IrType *canon, IrTypeList targs) {
    IrType key = {.obj = canon->obj, .targs = targs, .named = true};
    uint64_t hash = key_hash(&key);
    IrType *made = find(ts, &key, hash);
    if (made) return made;
    IrType t = *canon;
    t.targs.v = arena_copy(ts->arena, targs.v, targs.len * sizeof *targs.v, _Alignof(IrType *));
    t.under = NULL;
    made = add(ts, &t, hash);
    find_under(ts, made);
    return made;
}

bool irtype_is_plain_constraint(Type *tparam) {
    TypeSet *set = type_set(type_under(tparam));
    if (set->comparable) return false;
    for (uint32_t i = 0; i < set->terms.len; i++)
        if (set->terms.v[i].type) return false;
    return true;
}

// An argument with a shape makes all of them shapes.
static void shapify_all(IrTypes *ts, Obj *o, IrTypeList targs) {
    bool shaped = false;
    for (uint32_t i = 0; i < targs.len; i++) shaped |= targs.v[i]->has_shape;
    if (!shaped) return;
    Arena *a = arena_new("type parameters");
    TypeList tparams = irtype_tparams(a, o);
    for (uint32_t i = 0; i < targs.len; i++)
        targs.v[i] = irtype_shapify(ts, targs.v[i], irtype_is_plain_constraint(tparams.v[i]));
    arena_free(a);
}

static IrType *named(IrTypes *ts, Obj *o, IrTypeList targs, uint32_t implicits, bool exact) {
    IrType *few[8];
    Arena *a = targs.len > COUNT(few) ? arena_new("type arguments") : NULL;
    IrTypeList canon = {a ? NEW_ARRAY(a, IrType *, targs.len) : few, targs.len};
    bool respell = false;
    for (uint32_t i = 0; i < targs.len; i++) {
        canon.v[i] = targs.v[i]->canon;
        respell |= canon.v[i] != targs.v[i];
    }
    for (uint32_t i = 0; i < targs.len; i++) respell &= !targs.v[i]->has_shape;
    if (!exact) shapify_all(ts, o, canon);
    IrType key = {.obj = o, .targs = canon, .named = true};
    irtypes_lock(ts);
    uint64_t hash = key_hash(&key);
    IrType *made = find(ts, &key, hash);
    if (!made) made = make_named(ts, o, canon, implicits, hash);
    if (respell) made = respelled(ts, made, targs);
    irtypes_unlock(ts);
    arena_free(a);
    return made;
}

IrType *irtype_named(IrTypes *ts, Obj *o, IrTypeList targs, uint32_t implicits) {
    return named(ts, o, targs, implicits, false);
}

IrType *irtype_exact(IrTypes *ts, Obj *o, IrTypeList targs, uint32_t implicits) {
    return named(ts, o, targs, implicits, true);
}

// ---- shapes

static IrType *shape_of(IrTypes *ts, IrType *under) {
    IrType t = {
        .kind = under->kind, .named = true, .shape = true, .has_shape = true, .elem = under->canon};
    irtypes_lock(ts);
    uint64_t hash = hash_mix(under->canon->id, 0x5ba9e);
    IrType *made = NULL;
    for (IndexIter it = index_find(&ts->index, hash); it.id && !made; index_next(&it)) {
        IrType *known = ts->all.v[it.id - 1];
        if (known->shape && known->under == under->canon) made = known;
    }
    if (!made) {
        t.under = under->canon;
        made = add(ts, &t, hash);
        fill_under(made, under->canon);
        made->not_in_heap = false;
    }
    irtypes_unlock(ts);
    return made;
}

IrType *irtype_shapify(IrTypes *ts, IrType *targ, bool basic) {
    if (!targ->under) return targ; // still being made: left as it is
    if (targ->kind == KIND_INTER && targ->fully_instantiated && targ->has_shape) return targ;
    bool pointer = basic && targ->kind == KIND_PTR && !targ->under->elem->not_in_heap;
    if (pointer && !targ->under->elem->shape && targ->under->elem->has_shape) return targ;
    if (pointer) return shape_of(ts, irtype_pointer(ts, ts->basic[KIND_UINT8]));
    return shape_of(ts, targ->under);
}

// ---- the table

static IrType *plain(IrTypes *ts, IrKind kind, IrType *canon) {
    IrType t = {.kind = kind, .named = kind <= KIND_UNSAFEPTR, .canon = canon};
    IrType *made = NEW(ts->arena, IrType);
    *made = t;
    made->lazy = NEW(ts->arena, IrLazy);
    made->under = canon ? canon : made;
    if (!canon) made->canon = made;
    vec_push(ts->arena, &ts->all, made);
    made->id = ts->all.len;
    return made;
}

static void declare_error(IrTypes *ts, const Scope *universe) {
    Obj *o = scope_lookup(universe, name_intern(ts->names, STR("error")));
    ts->error_type = type_unalias(o->type);
    IrTypeList none = {0};
    ts->error = irtype_named(ts, o, none, 0);
}

IrTypes *irtypes_new(Names *names, TypesEnv *env, Sizes sizes, ArenaPool *pool) {
    Arena *a = arena_new_in(pool, "ir types");
    IrTypes *ts = NEW(a, IrTypes);
    ts->arena = a;
    ts->names = names;
    ts->env = env;
    ts->sizes = sizes;
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&ts->lock, &attr);
    pthread_mutexattr_destroy(&attr);
    ts->index = index_new(a);
    atomic_store(&ts->cache, caches_new(a, 1u << 14));
    for (IrKind k = 0; k < KIND_COUNT; k++) ts->basic[k] = plain(ts, k, NULL);
    ts->byte = plain(ts, KIND_UINT8, ts->basic[KIND_UINT8]);
    ts->rune = plain(ts, KIND_INT32, ts->basic[KIND_INT32]);
    IrLazy *lazy = NEW(a, IrLazy);
    lazy->has_methods = true;
    ts->eface = intern(ts, &(IrType){.kind = KIND_INTER, .lazy = lazy});
    ts->any = plain(ts, KIND_INTER, ts->eface);
    irtype_lazy(ts->any)->has_methods = true;
    ts->archsimd = name_intern(names, STR("simd/archsimd"));
    const Scope *universe = types_unsafe(env)->scope->parent;
    ts->any_iface = type_unalias(scope_lookup(universe, name_intern(names, STR("any")))->type);
    declare_error(ts, universe);
    return ts;
}

void irtypes_free(IrTypes *ts) {
    if (!ts) return;
    pthread_mutex_destroy(&ts->lock);
    arena_free(ts->arena);
}
