// go/types/lookup.c: fields and methods by name, through embedding; missing methods and why.
#include "go/types/types_internal.h"

Type *deref(Type *t, bool *is_ptr) {
    Type *p = unalias_as(t, TYPE_POINTER);
    if (is_ptr) *is_ptr = p != NULL;
    return p ? p->pointer.elem : t;
}

bool func_has_ptr_recv(Obj *f) {
    Type *sig = f->type;
    if (!is_kind(sig, TYPE_SIGNATURE) || !sig->sig.recv) return f->has_ptr_recv;
    bool is_ptr;
    deref(sig->sig.recv->type, &is_ptr);
    return is_ptr;
}

int field_index(Check *c, ObjList fields, Name name, bool fold) {
    for (uint32_t i = 0; name != c->env->blank && i < fields.len; i++)
        if (obj_same_id(c->env, fields.v[i], c->pkg, name, fold)) return (int)i;
    return -1;
}

// ---- breadth first through embedded fields

typedef struct Embedded {
    Type *t;
    U32Vec index; // path to it
    bool indirect, multiples;
} Embedded;
typedef VEC(Embedded) EmbeddedVec;

typedef struct Search {
    Check *c;
    Arena *a; // for paths
    Name name;
    const Pkg *pkg;
    bool fold;
    TypeVec seen;
    EmbeddedVec next;
    Obj *obj;
    U32Vec index;
    bool indirect;
    bool ambiguous;
} Search;

static U32Vec path_with(Arena *a, const U32Vec *path, uint32_t i) {
    U32Vec out = {NEW_ARRAY(a, uint32_t, path->len + 1), path->len, path->len + 1};
    for (uint32_t k = 0; k < path->len; k++) out.v[k] = path->v[k];
    out.v[out.len++] = i;
    return out;
}

// A match at place i of e. False: it is the second at this depth.
static bool match(Search *s, const Embedded *e, Obj *o, uint32_t i) {
    s->index = path_with(s->a, &e->index, i);
    if (s->obj || e->multiples) {
        s->obj = NULL;
        s->ambiguous = true;
        return false;
    }
    s->obj = o;
    s->indirect = e->indirect;
    return true;
}

static bool search_struct(Search *s, const Embedded *e, Type *u) {
    for (uint32_t i = 0; i < u->strct.fields.len; i++) {
        Obj *f = u->strct.fields.v[i];
        if (obj_same_id(s->c->env, f, s->pkg, s->name, s->fold)) {
            if (!match(s, e, f, i)) return false;
            continue;
        }
        if (s->obj || !f->embedded) continue;
        bool is_ptr;
        Type *t = deref(f->type, &is_ptr);
        Embedded below = {t, path_with(s->a, &e->index, i), e->indirect || is_ptr, e->multiples};
        vec_push(s->a, &s->next, below);
    }
    return true;
}

static bool seen_named(const Search *s, Type *n) {
    for (uint32_t i = 0; i < s->seen.len; i++)
        if (s->seen.v[i] == n || type_identical(s->seen.v[i], n)) return true;
    return false;
}

// One type of the present depth. False: ambiguous, stop.
static bool search_one(Search *s, const Embedded *e) {
    uint32_t i;
    Type *n = type_named(e->t);
    if (n) {
        if (seen_named(s, n)) return true;
        vec_push(s->a, &s->seen, n);
        Obj *m = named_lookup(n, s->pkg, s->name, s->fold, &i);
        if (m) return match(s, e, m, i);
    }
    Type *u = type_under(e->t);
    if (u->kind == TYPE_STRUCT) return search_struct(s, e, u);
    if (u->kind == TYPE_INTERFACE) {
        Obj *m = type_set_lookup(s->c->env, type_set(u), s->pkg, s->name, s->fold, &i);
        if (m) return match(s, e, m, i);
    }
    return true;
}

// The same type embedded more than once at one depth counts once, marked.
static void consolidate(EmbeddedVec *list) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->len; i++) {
        uint32_t k = 0;
        while (k < n && !type_identical(list->v[k].t, list->v[i].t)) k++;
        if (k < n)
            list->v[k].multiples = true;
        else
            list->v[n++] = list->v[i];
    }
    list->len = n;
}

// A generic type that embeds ever larger instances of itself has no end; it is reported elsewhere.
enum { EMBED_DEPTH_MAX = 100 };

static Found search(Search *s, Embedded first, bool addressable) {
    EmbeddedVec current = {&first, 1, 1};
    for (int depth = 0; current.len && depth < EMBED_DEPTH_MAX; depth++) {
        s->next = (EmbeddedVec){0};
        for (uint32_t i = 0; i < current.len; i++)
            if (!search_one(s, &current.v[i])) return (Found){.index = s->index};
        if (s->obj) {
            bool needs_ptr = s->obj->kind == OBJ_FUNC && func_has_ptr_recv(s->obj);
            if (needs_ptr && !s->indirect && !addressable) return (Found){.indirect = true};
            return (Found){s->obj, s->index, s->indirect};
        }
        consolidate(&s->next);
        current = s->next;
    }
    return (Found){0};
}

// NULL: none, or several.
static Obj *own_field(const Search *s, ObjList fields, uint32_t *at) {
    Obj *found = NULL;
    for (uint32_t i = 0; i < fields.len; i++) {
        if (fields.v[i]->name != s->name) continue;
        if (!obj_same_id(s->c->env, fields.v[i], s->pkg, s->name, false)) continue;
        if (found) return NULL;
        found = fields.v[i];
        *at = i;
    }
    return found;
}

// Most members are fields or methods of the type itself, where nothing can be ambiguous. False:
// it is to be searched for.
static bool own_member(const Search *s, Embedded first, bool addressable, Found *f) {
    uint32_t at = 0;
    Type *n = type_named(first.t), *u = type_under(first.t);
    Obj *o = n ? named_lookup(n, s->pkg, s->name, false, &at) : NULL;
    if (o && func_has_ptr_recv(o) && !first.indirect && !addressable) {
        *f = (Found){.indirect = true};
        return true;
    }
    if (!o && u->kind == TYPE_STRUCT) o = own_field(s, u->strct.fields, &at);
    if (!o) return false;
    *f = (Found){o, {NEW(s->c->local, uint32_t), 1, 1}, first.indirect};
    f->index.v[0] = at;
    return true;
}

Found lookup_member_impl(Check *c, Type *t, bool addressable, Name name, const Pkg *pkg,
                         bool fold) {
    if (name == c->env->blank) return (Found){0};
    bool is_ptr;
    Type *base = deref(t, &is_ptr);
    if (is_ptr && type_is_interface(base)) return (Found){0};
    Search s = {.c = c, .a = c->scratch, .name = name, .pkg = pkg, .fold = fold};
    Embedded first = {.t = base, .indirect = is_ptr};
    Found f;
    if (!fold && own_member(&s, first, addressable, &f)) return f;
    ArenaMark mark = arena_mark(c->scratch);
    f = search(&s, first, addressable);
    uint32_t n = f.index.len;
    f.index.v = n ? arena_copy(c->local, f.index.v, n * sizeof(uint32_t), sizeof(uint32_t)) : NULL;
    f.index.cap = n;
    arena_pop_to(mark);
    return f;
}

Found lookup_member(Check *c, Type *t, bool addressable, Name name, const Pkg *pkg, bool fold) {
    Type *n = type_named(t);
    Type *p = n ? under_as(n, TYPE_POINTER) : NULL;
    if (!p) return lookup_member_impl(c, t, addressable, name, pkg, fold);
    // A named pointer type has the fields of what it points to, not its methods.
    Found f = lookup_member_impl(c, p, false, name, pkg, fold);
    return f.obj && f.obj->kind == OBJ_FUNC ? (Found){0} : f;
}

// ---- missing methods

typedef enum Missing {
    MISSING_OK,
    MISSING_NOT_FOUND,
    MISSING_WRONG_NAME,
    MISSING_UNEXPORTED,
    MISSING_WRONG_SIG,
    MISSING_AMBIGUOUS,
    MISSING_PTR_RECV,
    MISSING_FIELD
} Missing;

typedef struct MethodQuery {
    Check *c;
    Type *v, *t;
    bool is_static;
    SameType *same;
    void *ctx;
    Obj *m, *f; // wanted and found
} MethodQuery;

static bool same_type(void *ctx, Type *x, Type *y) {
    (void)ctx;
    return type_identical(x, y);
}

static Missing missing_in_interface(MethodQuery *q, const TypeSet *have, const TypeSet *want) {
    for (uint32_t i = 0; i < want->methods.len; i++) {
        uint32_t at;
        q->m = want->methods.v[i];
        q->f = type_set_lookup(q->c->env, have, q->m->pkg, q->m->name, false, &at);
        if (!q->f) {
            if (!q->is_static) continue;
            return MISSING_NOT_FOUND;
        }
        if (!q->same(q->ctx, q->f->type, q->m->type)) return MISSING_WRONG_SIG;
    }
    return MISSING_OK;
}

static Missing missing_kind(MethodQuery *q, const Found *f) {
    q->f = NULL;
    if (f->index.len) return MISSING_AMBIGUOUS;
    if (f->indirect) return MISSING_PTR_RECV;
    Found alt = lookup_member_impl(q->c, q->v, false, q->m->name, q->m->pkg, true);
    if (!alt.obj || alt.obj->kind != OBJ_FUNC) return MISSING_NOT_FOUND;
    q->f = alt.obj;
    return alt.obj->name == q->m->name ? MISSING_UNEXPORTED : MISSING_WRONG_NAME;
}

static Missing missing_in_type(MethodQuery *q, const TypeSet *want) {
    for (uint32_t i = 0; i < want->methods.len; i++) {
        q->m = want->methods.v[i];
        Found f = lookup_member_impl(q->c, q->v, false, q->m->name, q->m->pkg, false);
        if (!f.obj) return missing_kind(q, &f);
        q->f = f.obj->kind == OBJ_FUNC ? f.obj : NULL;
        if (!q->f) return MISSING_FIELD;
        if (!q->c->lazy) check_obj_decl(q->c, q->f);
        if (!q->same(q->ctx, q->f->type, q->m->type)) return MISSING_WRONG_SIG;
    }
    return MISSING_OK;
}

Str iface_ptr_error(Check *c, Type *t) {
    if (type_is_tparam(type_under(t)->pointer.elem))
        return check_format(c, "type %T is pointer to type parameter, not type parameter", t);
    return check_format(c, "type %T is pointer to interface, not interface", t);
}

static Str func_string(Check *c, Obj *f, bool pkg_info) {
    Buf b = buf_new(c->arena);
    buf_str(&b, name_str(c->env->names, f->name));
    write_signature_bare(c, &b, f->type, pkg_info);
    return buf_view(&b);
}

static Str wrong_signature(Check *c, Obj *f, Obj *m, bool wrong_type) {
    Str fs = func_string(c, f, false), ms = func_string(c, m, false);
    if (wrong_type && str_eq(fs, ms)) {
        fs = func_string(c, f, true);
        ms = func_string(c, m, true);
        if (str_eq(fs, ms)) return check_format(c, "(wrong type for method %N)", m->name);
    }
    return check_format(c, "(%s method %N)\n\t\thave %S\n\t\twant %S",
                        wrong_type ? "wrong type for" : "missing", m->name, fs, ms);
}

static Str missing_cause(MethodQuery *q, Missing state) {
    Check *c = q->c;
    if (q->f && !c->lazy) check_obj_decl(c, q->f);
    switch (state) {
    case MISSING_OK: break;
    case MISSING_NOT_FOUND:
        if (is_iface_ptr(q->v)) return check_format(c, "(%S)", iface_ptr_error(c, q->v));
        if (is_iface_ptr(q->t)) return check_format(c, "(%S)", iface_ptr_error(c, q->t));
        return check_format(c, "(missing method %N)", q->m->name);
    case MISSING_WRONG_NAME: return wrong_signature(c, q->f, q->m, false);
    case MISSING_UNEXPORTED: return check_format(c, "(unexported method %N)", q->m->name);
    case MISSING_WRONG_SIG: return wrong_signature(c, q->f, q->m, true);
    case MISSING_AMBIGUOUS: return check_format(c, "(ambiguous selector %T.%N)", q->v, q->m->name);
    case MISSING_PTR_RECV: return check_format(c, "(method %N has pointer receiver)", q->m->name);
    case MISSING_FIELD:
        return check_format(c, "(%T.%N is a field, not a method)", q->v, q->m->name);
    }
    BUG("missing method state %d", state);
}

static Obj *find_missing(MethodQuery *q, Str *cause) {
    const TypeSet *want = type_set(type_under(q->t));
    if (!want->methods.len) return NULL;
    Type *u = type_under(q->v);
    Missing state = u->kind == TYPE_INTERFACE ? missing_in_interface(q, type_set(u), want)
                                              : missing_in_type(q, want);
    if (state == MISSING_OK) return NULL;
    if (cause) *cause = missing_cause(q, state);
    return q->m;
}

Obj *missing_method(Check *c, Type *v, Type *t, bool is_static, Str *cause) {
    MethodQuery q = {.c = c, .v = v, .t = t, .is_static = is_static, .same = same_type};
    return find_missing(&q, cause);
}

static bool embeds_invalid(TypeVisits *v, Type *t) {
    Type *p = under_as(t, TYPE_POINTER);
    Type *s =
        under_as(p && under_as(p->pointer.elem, TYPE_STRUCT) ? p->pointer.elem : t, TYPE_STRUCT);
    if (!s || visits_again(v, s)) return false;
    for (uint32_t i = 0; i < s->strct.fields.len; i++) {
        Obj *f = s->strct.fields.v[i];
        if (f->embedded && (!is_valid(f->type) || embeds_invalid(v, f->type))) return true;
    }
    return false;
}

static bool has_invalid_embedded(Type *t) {
    TypeVisits v = {0};
    bool found = embeds_invalid(&v, t);
    visits_end(&v);
    return found;
}

bool has_all_methods(Check *c, Type *v, Type *t, bool is_static, Str *cause) {
    if (!is_valid(v)) return true;
    return !missing_method(c, v, t, is_static, cause) || has_invalid_embedded(v);
}

bool has_all_methods_by(Check *c, Type *v, Type *t, SameType *same, void *ctx, Str *cause) {
    if (!is_valid(v)) return true;
    MethodQuery q = {.c = c, .v = v, .t = t, .is_static = true, .same = same, .ctx = ctx};
    return !find_missing(&q, cause) || has_invalid_embedded(v);
}

bool assertable_to(Check *c, Type *v, Type *t, Str *cause) {
    return type_is_interface(t) || has_all_methods(c, t, v, false, cause);
}

// ---- the words for a name that is not there

typedef enum Near { NEAR_MISSING, NEAR_MISSPELLED, NEAR_UNEXPORTED, NEAR_INACCESSIBLE } Near;

static Str tail(Str s) { // all but the first rune
    size_t i = 1;
    while (i < s.len && ((uint8_t)s.ptr[i] & 0xC0) == 0x80) i++;
    return str_from(s, i);
}

static Near how_near(Check *c, Str sel, const Obj *alt) {
    if (!alt) return NEAR_MISSING;
    Str have = name_str(c->env->names, alt->name);
    if (alt->pkg == c->pkg) return NEAR_MISSPELLED;
    bool same_tail = str_eq(tail(sel), tail(have));
    if (name_is_exported(sel)) {
        if (alt->exported) return NEAR_MISSPELLED;
        return same_tail ? NEAR_UNEXPORTED : NEAR_MISSING;
    }
    if (alt->exported) return same_tail ? NEAR_MISSPELLED : NEAR_MISSING;
    return str_eq(sel, have) ? NEAR_INACCESSIBLE : NEAR_MISSING;
}

static Str literal_error(Check *c, Type *t, Name sel, Obj *alt, Near near) {
    switch (near) {
    case NEAR_MISSING:
        return check_format(c, "unknown field %N in struct literal of type %T", sel, t);
    case NEAR_MISSPELLED:
        return check_format(c, "unknown field %N in struct literal of type %T, but does have %N",
                            sel, t, alt->name);
    case NEAR_UNEXPORTED:
        return check_format(
            c, "unknown field %N in struct literal of type %T, but does have unexported %N", sel, t,
            alt->name);
    case NEAR_INACCESSIBLE:
        return check_format(c, "cannot refer to unexported field %N in struct literal of type %T",
                            alt->name, t);
    }
    BUG("nearness %d", near);
}

Str lookup_error(Check *c, Type *t, Name sel, Obj *alt, bool struct_lit) {
    Near near = how_near(c, name_str(c->env->names, sel), alt);
    if (struct_lit) return literal_error(c, t, sel, alt, near);
    const char *what = !alt ? "object" : alt->kind == OBJ_VAR ? "field" : "method";
    switch (near) {
    case NEAR_MISSING: return check_format(c, "type %T has no field or method %N", t, sel);
    case NEAR_MISSPELLED:
        return check_format(c, "type %T has no field or method %N, but does have %s %N", t, sel,
                            what, alt->name);
    case NEAR_UNEXPORTED:
        return check_format(c, "type %T has no field or method %N, but does have unexported %s %N",
                            t, sel, what, alt->name);
    case NEAR_INACCESSIBLE:
        return check_format(c, "cannot refer to unexported %s %N", what, alt->name);
    }
    BUG("nearness %d", near);
}
