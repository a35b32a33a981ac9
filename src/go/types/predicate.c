// go/types/predicate.c: yes-or-no questions about types, and identity.
#include "go/types/types_internal.h"

bool is_basic(Type *t, unsigned info) {
    Type *u = type_under(t);
    return u->kind == TYPE_BASIC && (u->basic.info & info);
}

bool all_basic(Type *t, unsigned info) {
    Type *tp = unalias_as(t, TYPE_TPARAM);
    if (!tp) return is_basic(t, info);
    bool specific;
    TermList terms = tparam_terms(tp, &specific);
    for (uint32_t i = 0; specific && i < terms.len; i++)
        if (!is_basic(terms.v[i].type, info)) return false;
    return specific;
}

bool has_type_name(Type *t) {
    TypeKind k = type_unalias(t)->kind;
    return k == TYPE_BASIC || k == TYPE_NAMED || k == TYPE_TPARAM;
}

bool is_type_lit(Type *t) {
    t = type_unalias(t);
    return !t || (t->kind != TYPE_NAMED && t->kind != TYPE_TPARAM);
}

bool is_untyped_numeric(Type *t) { return is_untyped(t) && (t->basic.info & INFO_NUMERIC); }
bool type_is_interface(Type *t) { return type_under(t)->kind == TYPE_INTERFACE; }
bool type_is_tparam(Type *t) { return unalias_as(t, TYPE_TPARAM) != NULL; }
bool is_plain_interface(Type *t) { return !type_is_tparam(t) && type_is_interface(t); }

bool has_empty_type_set(Type *t) {
    Type *tp = unalias_as(t, TYPE_TPARAM);
    if (!tp || !tp->tparam.bound) return false;
    Type *u = type_under(tp->tparam.bound);
    return u->kind == TYPE_INTERFACE && u->iface.tset && type_set_is_empty(u->iface.tset);
}

bool is_generic(Type *t) {
    if (t->kind == TYPE_ALIAS && t->alias.tparams.len && !t->alias.targs.len) return true;
    Type *n = type_named(t);
    return n && !n->named.origin && named_tparams(n).len > 0;
}

bool is_basic_kind(Type *t, BasicKind k) {
    Type *u = type_under(t);
    return u->kind == TYPE_BASIC && u->basic.kind == k;
}

bool is_iface_ptr(Type *t) {
    Type *p = under_as(t, TYPE_POINTER);
    return p && type_is_interface(p->pointer.elem);
}

bool is_bytes_or_runes(Type *t) {
    Type *s = under_as(t, TYPE_SLICE);
    return s &&
           (is_basic_kind(s->slice.elem, BASIC_UINT8) || is_basic_kind(s->slice.elem, BASIC_INT32));
}

static bool nil_under(void *ctx, Type *u) {
    (void)ctx;
    return u && has_nil(u);
}

bool has_nil(Type *t) {
    Type *u = type_under(t);
    switch (u->kind) {
    case TYPE_BASIC: return u->basic.kind == BASIC_UNSAFE_POINTER;
    case TYPE_SLICE:
    case TYPE_POINTER:
    case TYPE_SIGNATURE:
    case TYPE_MAP:
    case TYPE_CHAN: return true;
    case TYPE_INTERFACE: return !type_is_tparam(t) || under_is(t, nil_under, NULL);
    case TYPE_ARRAY:
    case TYPE_STRUCT:
    case TYPE_TUPLE:
    case TYPE_UNION:
    case TYPE_NAMED:
    case TYPE_TPARAM:
    case TYPE_ALIAS: return false;
    }
    BUG("type kind %d", u->kind);
}

// ---- comparability

// What a walk has met, apart for types compared dynamically and statically.
typedef struct Compared {
    TypeVisits visits[2];
} Compared;

static bool not_comparable(Check *c, Type *t, bool dynamic, Compared *met, Str *why);

static void compared_end(Compared *met) {
    visits_end(&met->visits[0]);
    visits_end(&met->visits[1]);
}

static bool set_comparable(const TypeSet *s, Compared *met) {
    if (terms_all(s->terms)) return s->comparable;
    for (uint32_t i = 0; i < s->terms.len; i++)
        if (not_comparable(NULL, s->terms.v[i].type, false, met, NULL)) return false;
    return s->terms.len > 0;
}

bool type_set_comparable(const TypeSet *s) {
    Compared met = {0};
    bool yes = set_comparable(s, &met);
    compared_end(&met);
    return yes;
}

// c and why are NULL when nobody asks why. A type met before is comparable, or the walk would have
// ended there.
static bool not_comparable(Check *c, Type *t, bool dynamic, Compared *met, Str *why) {
    if (visits_again(&met->visits[dynamic], t)) return false;
    Type *u = type_under(t);
    switch (u->kind) {
    case TYPE_BASIC: return u->basic.kind == BASIC_UNTYPED_NIL;
    case TYPE_POINTER:
    case TYPE_CHAN: return false;
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < u->strct.fields.len; i++) {
            Type *f = u->strct.fields.v[i]->type;
            if (!not_comparable(NULL, f, dynamic, met, NULL)) continue;
            if (why) *why = check_format(c, "struct containing %T cannot be compared", f);
            return true;
        }
        return false;
    case TYPE_ARRAY:
        if (!not_comparable(NULL, u->array.elem, dynamic, met, NULL)) return false;
        if (why) *why = check_format(c, "%T cannot be compared", t);
        return true;
    case TYPE_INTERFACE:
        if ((dynamic && !type_is_tparam(t)) || set_comparable(type_set(u), met)) return false;
        if (why)
            *why = type_set_is_empty(type_set(u)) ? STR("empty type set")
                                                  : STR("incomparable types in type set");
        return true;
    case TYPE_SLICE:
    case TYPE_TUPLE:
    case TYPE_SIGNATURE:
    case TYPE_UNION:
    case TYPE_MAP:
    case TYPE_NAMED:
    case TYPE_TPARAM:
    case TYPE_ALIAS: return true;
    }
    BUG("type kind %d", u->kind);
}

bool incomparable(Check *c, Type *t, bool dynamic, Str *why) {
    if (why) *why = STR("");
    Compared met = {0};
    bool no = not_comparable(c, t, dynamic, &met, why);
    compared_end(&met);
    return no;
}

bool type_comparable(Type *t) { return !incomparable(NULL, t, true, NULL); }

// ---- untyped

Type *default_type(Type *t) {
    if (!t || t->kind != TYPE_BASIC) return t;
    switch ((int)t->basic.kind) {
    case BASIC_UNTYPED_BOOL: return BASIC(BOOL);
    case BASIC_UNTYPED_INT: return BASIC(INT);
    case BASIC_UNTYPED_RUNE: return &basic_rune;
    case BASIC_UNTYPED_FLOAT: return BASIC(FLOAT64);
    case BASIC_UNTYPED_COMPLEX: return BASIC(COMPLEX128);
    case BASIC_UNTYPED_STRING: return BASIC(STRING);
    default: return t;
    }
}

Type *max_type(Type *x, Type *y) {
    if (x == y) return x;
    if (!is_untyped_numeric(x) || !is_untyped_numeric(y)) return NULL;
    return x->basic.kind > y->basic.kind ? x : y;
}

// ---- identity

static bool same(Type *x, Type *y, bool ignore_tags, const IfacePair *p);

static bool same_vars(ObjList x, ObjList y, bool ignore_tags, const IfacePair *p) {
    if (x.len != y.len) return false;
    for (uint32_t i = 0; i < x.len; i++)
        if (!same(x.v[i]->type, y.v[i]->type, ignore_tags, p)) return false;
    return true;
}

static bool same_tuple(Type *x, Type *y, bool ignore_tags, const IfacePair *p) {
    ObjList none = {0};
    return same_vars(x ? x->tuple.vars : none, y ? y->tuple.vars : none, ignore_tags, p);
}

static Str tag_of(Type *t, uint32_t i) { return t->strct.tags ? t->strct.tags[i] : (Str){"", 0}; }

// The same field or method: exported names anywhere, others of one package.
static bool same_member(const Obj *x, const Obj *y) {
    return x->name == y->name && (x->exported || same_pkg(x->pkg, y->pkg));
}

static bool same_struct(Type *x, Type *y, bool ignore_tags, const IfacePair *p) {
    ObjList xf = x->strct.fields, yf = y->strct.fields;
    if (xf.len != yf.len) return false;
    for (uint32_t i = 0; i < xf.len; i++) {
        Obj *f = xf.v[i], *g = yf.v[i];
        if (f->embedded != g->embedded || !same_member(f, g)) return false;
        if (!ignore_tags && !str_eq(tag_of(x, i), tag_of(y, i))) return false;
        if (!same(f->type, g->type, ignore_tags, p)) return false;
    }
    return true;
}

bool iface_pair_seen(const IfacePair *p, Type *x, Type *y) {
    for (; p; p = p->prev)
        if ((p->x == x && p->y == y) || (p->x == y && p->y == x)) return true;
    return false;
}

static bool same_interface(Type *x, Type *y, bool ignore_tags, const IfacePair *p) {
    TypeSet *xs = type_set(x), *ys = type_set(y);
    if (xs->comparable != ys->comparable || xs->methods.len != ys->methods.len) return false;
    if (!terms_equal(xs->terms, ys->terms)) return false;
    if (iface_pair_seen(p, x, y)) return true;
    IfacePair q = {x, y, p};
    for (uint32_t i = 0; i < xs->methods.len; i++) {
        Obj *f = xs->methods.v[i], *g = ys->methods.v[i];
        if (!same_member(f, g) || !same(f->type, g->type, ignore_tags, &q)) return false;
    }
    return true;
}

// Generic signatures are the same when renaming one's type parameters gives the other.
static bool same_generic(Type *x, Type *y, bool ignore_tags, const IfacePair *p) {
    Check *c = x->sig.tparams.v[0]->tparam.check;
    if (!c) c = y->sig.tparams.v[0]->tparam.check;
    if (!c) return false; // neither is being checked: generic functions have no such types
    Subst s = {y->sig.tparams, x->sig.tparams};
    for (uint32_t i = 0; i < x->sig.tparams.len; i++) {
        Type *bound = check_subst(c, 0, y->sig.tparams.v[i]->tparam.bound, s);
        if (!same(x->sig.tparams.v[i]->tparam.bound, bound, ignore_tags, p)) return false;
    }
    Type *params = y->sig.params ? check_subst(c, 0, y->sig.params, s) : NULL;
    Type *results = y->sig.results ? check_subst(c, 0, y->sig.results, s) : NULL;
    return same_tuple(x->sig.params, params, ignore_tags, p) &&
           same_tuple(x->sig.results, results, ignore_tags, p);
}

static bool same_signature(Type *x, Type *y, bool ignore_tags, const IfacePair *p) {
    if (x->sig.tparams.len != y->sig.tparams.len || x->sig.variadic != y->sig.variadic)
        return false;
    if (x->sig.tparams.len) return same_generic(x, y, ignore_tags, p);
    return same_tuple(x->sig.params, y->sig.params, ignore_tags, p) &&
           same_tuple(x->sig.results, y->sig.results, ignore_tags, p);
}

bool identical_origin(Type *x, Type *y) {
    return named_origin(x)->named.obj == named_origin(y)->named.obj;
}

bool identical_lists(TypeList x, TypeList y) {
    if (x.len != y.len) return false;
    for (uint32_t i = 0; i < x.len; i++)
        if (!type_identical(x.v[i], y.v[i])) return false;
    return true;
}

static bool same_kind(Type *x, Type *y, bool ignore_tags, const IfacePair *p) {
    switch (x->kind) {
    case TYPE_BASIC: return x->basic.kind == y->basic.kind;
    case TYPE_ARRAY:
        if (x->array.len >= 0 && y->array.len >= 0 && x->array.len != y->array.len) return false;
        return same(x->array.elem, y->array.elem, ignore_tags, p);
    case TYPE_SLICE: return same(x->slice.elem, y->slice.elem, ignore_tags, p);
    case TYPE_STRUCT: return same_struct(x, y, ignore_tags, p);
    case TYPE_POINTER: return same(x->pointer.elem, y->pointer.elem, ignore_tags, p);
    case TYPE_TUPLE: return same_tuple(x, y, ignore_tags, p);
    case TYPE_SIGNATURE: return same_signature(x, y, ignore_tags, p);
    case TYPE_UNION: return terms_equal(x->unio.terms, y->unio.terms);
    case TYPE_INTERFACE: return same_interface(x, y, ignore_tags, p);
    case TYPE_MAP:
        return same(x->map.key, y->map.key, ignore_tags, p) &&
               same(x->map.elem, y->map.elem, ignore_tags, p);
    case TYPE_CHAN:
        return x->chan.dir == y->chan.dir && same(x->chan.elem, y->chan.elem, ignore_tags, p);
    case TYPE_NAMED:
        return identical_origin(x, y) && identical_lists(x->named.targs, y->named.targs);
    case TYPE_TPARAM: return false; // only with itself
    case TYPE_ALIAS: break;
    }
    BUG("type kind %d", x->kind);
}

static bool same(Type *x, Type *y, bool ignore_tags, const IfacePair *p) {
    x = type_unalias(x);
    y = type_unalias(y);
    if (x == y) return true;
    if (!x || !y || x->kind != y->kind) return false;
    return same_kind(x, y, ignore_tags, p);
}

bool type_identical(Type *x, Type *y) { return same(x, y, false, NULL); }
bool identical_ignore_tags(Type *x, Type *y) { return same(x, y, true, NULL); }
