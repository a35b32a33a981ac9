// go/ir/irtype_ask.c: sizes, identity and method sets of types.
// Rules: types/size.go, types/identity.go, typecheck/subr.go (CalcMethods, dotpath, implements),
// reflectdata/reflect.go (NeedEmit).
#include "go/ir/irtype_internal.h"

// ---- identity

typedef struct Pair {
    const IrType *x, *y;
    const struct Pair *outer;
} Pair;

static bool identical(const IrType *x, const IrType *y, const Pair *outer);

static bool identical_lists(const IrType *x, const IrType *y, const Pair *p) {
    if (x->nfields != y->nfields || x->nparams != y->nparams || x->variadic != y->variadic)
        return false;
    for (uint32_t i = 0; i < x->nfields; i++) {
        const IrField *f = &x->fields[i], *g = &y->fields[i];
        if (x->kind == KIND_STRUCT && (f->name != g->name || f->pkg != g->pkg ||
                                       f->embedded != g->embedded || !str_eq(f->tag, g->tag)))
            return false;
        if (!identical(f->type, g->type, p)) return false;
    }
    return true;
}

static bool identical_methods(const IrType *x, const IrType *y, const Pair *p) {
    IrMethodList a = irtype_lazy(x->under)->methods, b = irtype_lazy(y->under)->methods;
    if (a.len != b.len) return false;
    for (uint32_t i = 0; i < a.len; i++)
        if (a.v[i].name != b.v[i].name || a.v[i].pkg != b.v[i].pkg ||
            !identical(a.v[i].sig, b.v[i].sig, p))
            return false;
    return true;
}

static bool is_simple(IrKind k) { return k >= KIND_BOOL && k <= KIND_PTR; }

static bool identical(const IrType *x, const IrType *y, const Pair *outer) {
    if (x->canon == y->canon) return true;
    if (x->kind != y->kind) return false;
    if (!x->has_shape && !y->has_shape) return false; // interned: canon says it all
    if (x->named || y->named)
        if (is_simple(x->kind)) return true;
    for (const Pair *p = outer; p; p = p->outer)
        if (p->x == x && p->y == y) return true;
    Pair here = {x, y, outer};
    switch ((int)x->kind) {
    case KIND_INTER: return identical_methods(x, y, &here);
    case KIND_STRUCT:
    case KIND_FUNC:
    case KIND_TUPLE: return identical_lists(x->under, y->under, &here);
    case KIND_ARRAY:
        if (x->len != y->len) return false;
        break;
    case KIND_CHAN:
        if (x->dir != y->dir) return false;
        break;
    case KIND_MAP:
        if (!identical(x->key, y->key, &here)) return false;
        break;
    default: break;
    }
    return x->elem && y->elem && identical(x->elem, y->elem, &here);
}

bool irtype_identical(const IrType *x, const IrType *y) { return identical(x, y, NULL); }

bool irtype_is_unsigned(const IrType *t) {
    return t->kind == KIND_UINT8 || t->kind == KIND_UINT16 || t->kind == KIND_UINT32 ||
           t->kind == KIND_UINT64 || t->kind == KIND_UINT || t->kind == KIND_UINTPTR;
}

bool irtype_is_untyped(const IrType *t) {
    return t->kind >= KIND_UNTYPED_BOOL && t->kind <= KIND_UNTYPED_STRING;
}

bool irtype_is_bool(const IrType *t) {
    return t->kind == KIND_BOOL || t->kind == KIND_UNTYPED_BOOL;
}
bool irtype_is_string(const IrType *t) {
    return t->kind == KIND_STRING || t->kind == KIND_UNTYPED_STRING;
}
bool irtype_is_integer(const IrType *t) {
    return irtype_is_int(t) || t->kind == KIND_UNTYPED_INT || t->kind == KIND_UNTYPED_RUNE;
}
bool irtype_is_float(const IrType *t) {
    return t->kind == KIND_FLOAT32 || t->kind == KIND_FLOAT64 || t->kind == KIND_UNTYPED_FLOAT;
}
bool irtype_is_complex(const IrType *t) {
    return t->kind == KIND_COMPLEX64 || t->kind == KIND_COMPLEX128 ||
           t->kind == KIND_UNTYPED_COMPLEX;
}

// types.simdify: the marker every vector begins with.
static bool is_simd_tag(IrTypes *ts, const IrType *t) {
    if (t->kind != KIND_STRUCT || !t->nfields || !t->obj || !t->obj->pkg) return false;
    if (t->obj->pkg->path != ts->archsimd) return false;
    Str name = name_str(ts->names, t->obj->name);
    return str_eq_c(name, "v128") || str_eq_c(name, "v256") || str_eq_c(name, "v512");
}

bool irtype_is_simd(IrTypes *ts, const IrType *t) {
    if (t->kind != KIND_STRUCT || !t->nfields) return false;
    return is_simd_tag(ts, t) || is_simd_tag(ts, t->fields[0].type);
}

bool irtype_is_comparable(IrTypes *ts, IrType *t) {
    switch ((int)t->kind) {
    case KIND_FUNC:
    case KIND_SLICE:
    case KIND_MAP: return false;
    case KIND_ARRAY: return irtype_is_comparable(ts, t->elem);
    case KIND_STRUCT:
        for (uint32_t i = 0; i < t->nfields; i++)
            if (!irtype_is_comparable(ts, t->fields[i].type)) return false;
        return true;
    default: return true;
    }
}

bool irtype_is_empty_interface(const IrType *t) {
    return t->kind == KIND_INTER && irtype_lazy(t->under)->methods.len == 0;
}

// ---- sizes

static void size_now(IrTypes *ts, IrType *t);

static bool wants_align64(IrTypes *ts, const IrType *t) {
    return t->obj && obj_is_align64(ts->env, t->obj);
}

static void size_struct(IrTypes *ts, IrType *t, IrLazy *z) {
    int64_t at = 0, last = 0;
    z->align = 1;
    for (uint32_t i = 0; i < t->nfields; i++) {
        IrField *f = &t->fields[i];
        size_now(ts, f->type);
        const IrLazy *fz = irtype_lazy(f->type);
        at = align_up(at, fz->align);
        f->offset = at;
        if (fz->pointer_bytes) z->pointer_bytes = at + fz->pointer_bytes;
        last = fz->size;
        at += last;
        if (fz->align > z->align) z->align = fz->align;
        if (wants_align64(ts, f->type)) z->align = 8;
    }
    if (at > 0 && last == 0) at++; // an address after the last field stays inside
    z->size = align_up(at, z->align);
}

static void size_array(IrTypes *ts, IrType *t, IrLazy *z) {
    size_now(ts, t->elem);
    const IrLazy *e = irtype_lazy(t->elem);
    z->align = e->align;
    z->size = e->size * t->len;
    if (e->pointer_bytes && t->len > 0)
        z->pointer_bytes = e->size * (t->len - 1) + e->pointer_bytes;
}

static void size_words(IrTypes *ts, IrLazy *z, int64_t words, int64_t pointers) {
    z->size = words * ts->sizes.word;
    z->align = ts->sizes.word;
    z->pointer_bytes = pointers * ts->sizes.word;
}

static void size_number(IrTypes *ts, IrLazy *z, int64_t size) {
    z->size = size;
    z->align = size < ts->sizes.max_align ? size : ts->sizes.max_align;
}

static void size_kind(IrTypes *ts, IrType *t, IrLazy *z) { // flat switch
    z->align = 1;
    switch ((int)t->kind) {
    case KIND_BOOL:
    case KIND_INT8:
    case KIND_UINT8: size_number(ts, z, 1); return;
    case KIND_INT16:
    case KIND_UINT16: size_number(ts, z, 2); return;
    case KIND_INT32:
    case KIND_UINT32:
    case KIND_FLOAT32: size_number(ts, z, 4); return;
    case KIND_INT64:
    case KIND_UINT64:
    case KIND_FLOAT64: size_number(ts, z, 8); return;
    case KIND_COMPLEX64:
        size_number(ts, z, 8);
        z->align = 4;
        return;
    case KIND_COMPLEX128:
        size_number(ts, z, 16);
        z->align = ts->sizes.max_align;
        return;
    case KIND_INT:
    case KIND_UINT:
    case KIND_UINTPTR: size_words(ts, z, 1, 0); return;
    case KIND_UNSAFEPTR:
    case KIND_FUNC:
    case KIND_CHAN:
    case KIND_MAP: size_words(ts, z, 1, 1); return;
    case KIND_PTR: size_words(ts, z, 1, t->elem->not_in_heap ? 0 : 1); return;
    case KIND_STRING: size_words(ts, z, 2, 1); return;
    case KIND_INTER: size_words(ts, z, 2, 2); return;
    case KIND_SLICE: size_words(ts, z, 3, t->elem->not_in_heap ? 0 : 1); return;
    case KIND_ARRAY: size_array(ts, t, z); return;
    case KIND_STRUCT:
    case KIND_TUPLE: size_struct(ts, t, z); return;
    default: return;
    }
}

static void size_now(IrTypes *ts, IrType *t) {
    IrLazy *z = irtype_lazy(t);
    if (atomic_load_explicit(&z->has_size, memory_order_acquire)) return;
    irtypes_lock(ts);
    if (!z->has_size) {
        if (t->under != t) {
            size_now(ts, t->under);
            const IrLazy *u = irtype_lazy(t->under);
            z->size = u->size;
            z->align = u->align;
            z->pointer_bytes = u->pointer_bytes;
            if (wants_align64(ts, t)) z->align = 8;
        } else {
            size_kind(ts, t, z);
        }
        atomic_store_explicit(&z->has_size, true, memory_order_release);
    }
    irtypes_unlock(ts);
}

int64_t irtype_size(IrTypes *ts, IrType *t) {
    size_now(ts, t);
    return irtype_lazy(t)->size;
}
int64_t irtype_align(IrTypes *ts, IrType *t) {
    size_now(ts, t);
    return irtype_lazy(t)->align;
}
int64_t irtype_pointer_bytes(IrTypes *ts, IrType *t) {
    size_now(ts, t);
    return irtype_lazy(t)->pointer_bytes;
}
bool irtype_has_pointers(IrTypes *ts, IrType *t) { return irtype_pointer_bytes(ts, t) != 0; }
bool irtype_is_direct_iface(IrTypes *ts, IrType *t) {
    return irtype_size(ts, t) == ts->sizes.word && irtype_pointer_bytes(ts, t) == ts->sizes.word;
}

// ---- declared methods

static IrType *method_sig(IrTypes *ts, IrType *t, const Obj *m, TypeList outer) {
    if (!t->targs.len) return irtype_sig_of(ts, NULL, m->type);
    IrEnv env = {.tparams = irtype_join(ts->arena, outer, m->type->sig.rparams),
                 .targs = t->targs,
                 .implicits = t->implicits,
                 .arena = ts->arena};
    return irtype_sig_of(ts, &env, m->type);
}

static IrMethodList declared_methods(IrTypes *ts, IrType *t) {
    Type *named = t->obj ? type_named(t->obj->type) : NULL;
    uint32_t n = named ? type_method_count(named) : 0;
    if (!n) return (IrMethodList){0};
    TypeList outer;
    lower_local_type(t->obj, &outer);
    IrMethod *v = NEW_ARRAY(ts->arena, IrMethod, n);
    uint32_t len = 0;
    for (uint32_t i = 0; i < n; i++) {
        Obj *m = irobj_origin(type_method(named, i));
        if (str_eq_c(name_str(ts->names, m->name), "_")) continue;
        v[len] = (IrMethod){.name = m->name, .obj = m, .pkg = irobj_pkg(m)};
        bool pointer = type_unalias(m->type->sig.recv->type)->kind == TYPE_POINTER;
        v[len].recv = pointer ? irtype_pointer(ts, t) : t;
        v[len++].sig = method_sig(ts, t, m, outer);
    }
    return irtype_sorted_methods(ts, v, len);
}

static Obj *method_called(const TypeSet *set, const IrMethod *m) {
    for (uint32_t i = 0; i < set->methods.len; i++) {
        Obj *o = set->methods.v[i];
        if (o->name == m->name && irobj_pkg(o) == m->pkg) return irobj_origin(o);
    }
    return m->obj;
}

// Interfaces of one form share their list, with the declarations of whichever was met first: an
// interface with a name has its own.
static IrMethodList interface_methods(IrTypes *ts, IrType *t) {
    IrMethodList shared = irtype_lazy(t->under)->methods;
    Type *u = t->obj && t->obj->type ? type_under(t->obj->type) : NULL;
    if (!shared.len || !u || u->kind != TYPE_INTERFACE) return shared;
    IrMethodList own = {
        arena_copy(ts->arena, shared.v, shared.len * sizeof *shared.v, alignof(IrMethod)),
        shared.len};
    for (uint32_t i = 0; i < own.len; i++) own.v[i].obj = method_called(type_set(u), &own.v[i]);
    return own;
}

IrMethodList irtype_methods(IrTypes *ts, IrType *t) {
    bool interface = t->kind == KIND_INTER;
    if (interface && (t == t->under || !t->named)) return irtype_lazy(t->under)->methods;
    IrLazy *z = irtype_lazy(t);
    if (!atomic_load_explicit(&z->has_methods, memory_order_acquire)) {
        irtypes_lock(ts);
        if (!z->has_methods) {
            z->methods = interface ? interface_methods(ts, t) : declared_methods(ts, t);
            atomic_store_explicit(&z->has_methods, true, memory_order_release);
        }
        irtypes_unlock(ts);
    }
    return z->methods;
}

static const IrMethod *in_list(IrMethodList list, Name name, const Pkg *pkg) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i].name == name && list.v[i].pkg == pkg) return &list.v[i];
    return NULL;
}

// ---- promoted methods

typedef struct Path {
    uint32_t fields[64];
    uint32_t len;
} Path;

typedef struct Search {
    IrTypes *ts;
    Name name;
    const Pkg *pkg;
    const IrMethod *method; // found at the end of path
    bool from_interface;
    Path path;
    VEC(const IrType *) open; // types being searched: embedding may come back to one
} Search;

static IrType *pointee(IrType *t) { return t->kind == KIND_PTR ? t->under->elem : t; }

// Fields and methods called so at t itself (typecheck.lookdot0).
static uint32_t count_here(Search *s, IrType *t, const IrMethod **found) {
    IrType *u = pointee(t);
    uint32_t n = 0;
    if (u->kind == KIND_STRUCT)
        for (uint32_t i = 0; i < u->nfields; i++)
            n += u->fields[i].name == s->name && u->fields[i].pkg == s->pkg;
    const IrMethod *m = NULL;
    if (u->kind == KIND_INTER) {
        if (u == t) m = in_list(irtype_methods(s->ts, u), s->name, s->pkg);
    } else if (!(t->kind == KIND_PTR && t->named)) {
        m = in_list(irtype_methods(s->ts, u), s->name, s->pkg);
    }
    if (m) {
        n++;
        *found = m;
    }
    return n;
}

static bool is_open(const Search *s, const IrType *t) {
    for (uint32_t i = 0; i < s->open.len; i++)
        if (s->open.v[i] == t) return true;
    return false;
}

// typecheck.adddot1: how often the name is met depth steps below t. more: there are deeper fields.
static uint32_t count_below(Search *s, IrType *t, uint32_t depth, uint32_t at, bool *more) {
    if (is_open(s, t) || at >= COUNT(s->path.fields)) return 0;
    if (!depth) {
        const IrMethod *m = NULL;
        uint32_t n = count_here(s, t, &m);
        if (n) {
            s->method = m;
            s->from_interface = m && pointee(t)->kind == KIND_INTER;
            return n;
        }
    }
    IrType *u = pointee(t);
    if (u->kind != KIND_STRUCT) return 0;
    vec_push(s->ts->arena, &s->open, t);
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->nfields; i++) {
        if (!u->fields[i].embedded) continue;
        if (!depth) {
            *more = true;
            break;
        }
        uint32_t k = count_below(s, u->fields[i].type, depth - 1, at + 1, more);
        if (k && !n) s->path.fields[at] = i;
        n += k;
    }
    s->open.len--;
    return n;
}

// typecheck.dotpath: the shallowest place the name is unique at.
static bool find_path(Search *s, IrType *t) {
    for (uint32_t depth = 0; depth < COUNT(s->path.fields); depth++) {
        bool more = false;
        uint32_t n = count_below(s, t, depth, 0, &more);
        s->path.len = depth;
        if (n == 1) return s->method != NULL;
        if (n > 1 || !more) return false;
    }
    return false;
}

typedef VEC(IrMethod) MethodVec;

static bool listed(const MethodVec *v, Name name, const Pkg *pkg) {
    for (uint32_t i = 0; i < v->len; i++)
        if (v->v[i].name == name && v->v[i].pkg == pkg) return true;
    return false;
}

// typecheck.expand1: names of all methods below t.
static void collect_names(Search *s, IrType *t, bool top, MethodVec *out) {
    if (is_open(s, t)) return;
    vec_push(s->ts->arena, &s->open, t);
    IrType *u = pointee(t);
    if (!top && !(t->kind == KIND_PTR && t->named)) {
        IrMethodList ms = irtype_methods(s->ts, u);
        for (uint32_t i = 0; i < ms.len; i++)
            if (!listed(out, ms.v[i].name, ms.v[i].pkg)) vec_push(s->ts->arena, out, ms.v[i]);
    }
    if (u->kind == KIND_STRUCT)
        for (uint32_t i = 0; i < u->nfields; i++)
            if (u->fields[i].embedded) collect_names(s, u->fields[i].type, false, out);
    s->open.len--;
}

static void add_promoted(IrTypes *ts, IrType *t, Name name, const Pkg *pkg, MethodVec *out) {
    Search s = {.ts = ts, .name = name, .pkg = pkg};
    if (!find_path(&s, t)) return;
    IrMethod m = *s.method;
    uint32_t *path = NEW_ARRAY(ts->arena, uint32_t, s.path.len + 1);
    IrType *at = t;
    for (uint32_t i = 0; i < s.path.len; i++) {
        path[i] = s.path.fields[i];
        at = pointee(at)->fields[path[i]].type;
        if (at->kind == KIND_PTR) m.follows_pointer = true;
    }
    m.path = path;
    m.path_len = s.path.len;
    m.from_interface = s.from_interface;
    vec_push(ts->arena, out, m);
}

static IrMethodList all_methods(IrTypes *ts, IrType *t) {
    IrMethodList own = irtype_methods(ts, t);
    MethodVec names = {0}, out = {0};
    Search s = {.ts = ts};
    collect_names(&s, t, true, &names);
    for (uint32_t i = 0; i < names.len; i++)
        if (!in_list(own, names.v[i].name, names.v[i].pkg))
            add_promoted(ts, t, names.v[i].name, names.v[i].pkg, &out);
    for (uint32_t i = 0; i < own.len; i++) vec_push(ts->arena, &out, own.v[i]);
    return irtype_sorted_methods(ts, out.v, out.len);
}

IrMethodList irtype_all_methods(IrTypes *ts, IrType *t) {
    if (t->kind == KIND_INTER) return irtype_methods(ts, t);
    IrLazy *z = irtype_lazy(t);
    if (!atomic_load_explicit(&z->has_all, memory_order_acquire)) {
        irtypes_lock(ts);
        if (!z->has_all) {
            z->all = all_methods(ts, t);
            atomic_store_explicit(&z->has_all, true, memory_order_release);
        }
        irtypes_unlock(ts);
    }
    return z->all;
}

const IrMethod *irtype_method(IrTypes *ts, IrType *t, Name name, const Pkg *pkg) {
    const IrMethod *m = in_list(irtype_methods(ts, t), name, pkg);
    return m ? m : in_list(irtype_all_methods(ts, t), name, pkg);
}

bool irtype_is_method_applicable(IrType *t, const IrMethod *m) {
    return t->kind == KIND_PTR || !m->recv || m->recv->kind != KIND_PTR || m->from_interface ||
           m->follows_pointer;
}

bool irtype_implements(IrTypes *ts, IrType *t, IrType *iface) {
    IrMethodList want = irtype_methods(ts, iface);
    if (!want.len) return true;
    IrType *base = irtype_base(t);
    if (base != t && (base->kind == KIND_INTER || base->kind == KIND_PTR)) return false;
    if (t->kind == KIND_PTR && t->named) return false;
    for (uint32_t i = 0; i < want.len; i++) {
        const IrMethod *m = irtype_method(ts, base, want.v[i].name, want.v[i].pkg);
        if (!m || !irtype_identical(m->sig, want.v[i].sig)) return false;
        if (t->kind != KIND_INTER && !irtype_is_method_applicable(t, m)) return false;
    }
    return true;
}

static bool is_basic_descriptor(IrTypes *ts, IrType *t) { // reflectdata.writtenByWriteBasicTypes
    if (!t->obj && t->named && !t->shape) return true;
    if (t == ts->error || t->canon == ts->eface) return true;
    return t->kind == KIND_PTR && !t->named && t->elem->named && !t->elem->obj && !t->elem->shape;
}

bool irtype_need_emit(IrTypes *ts, const Pkg *local, IrType *t) {
    if (is_basic_descriptor(ts, t)) return str_eq_c(name_str(ts->names, local->path), "runtime");
    if (!t->named) return true;
    if (t->obj && t->obj->pkg == local) return true;
    return t->fully_instantiated || t->has_shape;
}
