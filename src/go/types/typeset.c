// go/types/typeset.c: what an interface admits: its methods, and the types its elements leave.
#include "go/types/types_internal.h"

enum { MAX_TERMS = 100 };

// ---- lists of terms. The list with one term that has no type admits every type; an empty one
// none.

bool terms_empty(TermList x) { return x.len == 0; }

bool terms_all(TermList x) {
    for (uint32_t i = 0; i < x.len; i++)
        if (!x.v[i].type) return true;
    return false;
}

bool term_disjoint(Term x, Term y) {
    Type *ux = y.tilde ? type_under(x.type) : x.type;
    Type *uy = x.tilde ? type_under(y.type) : y.type;
    return !type_identical(ux, uy);
}

static bool term_subset(Term x, Term y) {
    if (!y.type) return true;
    if (!x.type || term_disjoint(x, y)) return false;
    return !x.tilde || y.tilde;
}

bool term_includes(Term x, Type *t) {
    if (!x.type) return true;
    return type_identical(x.type, x.tilde ? type_under(t) : t);
}

// True when the union of x and y is one term.
static bool term_merge(Term x, Term y, Term *out) {
    if (!x.type || !y.type) {
        *out = x.type ? y : x;
        return true;
    }
    if (term_disjoint(x, y)) return false;
    *out = x.tilde || !y.tilde ? x : y;
    return true;
}

static bool term_intersect(Term x, Term y, Term *out) {
    if (!x.type || !y.type) {
        *out = x.type ? x : y;
        return true;
    }
    if (term_disjoint(x, y)) return false;
    *out = !x.tilde || y.tilde ? x : y;
    return true;
}

// Merges what overlaps, in place.
static TermList terms_norm(TermList x) {
    uint32_t n = 0;
    bool *used = NULL, few[MAX_TERMS * 4] = {0};
    if (x.len > COUNT(few)) return x; // beyond the limit of a union; reported there
    used = few;
    for (uint32_t i = 0; i < x.len; i++) {
        if (used[i]) continue;
        Term t = x.v[i];
        for (uint32_t j = i + 1; j < x.len; j++) {
            if (used[j] || !term_merge(t, x.v[j], &t)) continue;
            if (!t.type) return all_terms;
            used[j] = true;
        }
        x.v[n++] = t;
    }
    x.len = n;
    return x;
}

TermList terms_union(Arena *a, TermList x, TermList y) {
    TermList r = {NEW_ARRAY(a, Term, x.len + y.len + 1), x.len + y.len};
    for (uint32_t i = 0; i < r.len; i++) r.v[i] = i < x.len ? x.v[i] : y.v[i - x.len];
    return terms_norm(r);
}

TermList terms_intersect(Arena *a, TermList x, TermList y) {
    if (terms_all(x)) return y;
    if (terms_all(y)) return x;
    VEC(Term) r = {0};
    for (uint32_t i = 0; i < x.len; i++)
        for (uint32_t j = 0; j < y.len; j++) {
            Term t;
            if (term_intersect(x.v[i], y.v[j], &t)) vec_push(a, &r, t);
        }
    return terms_norm((TermList){r.v, r.len});
}

bool terms_subset(TermList x, TermList y) {
    if (terms_empty(y)) return terms_empty(x);
    for (uint32_t i = 0; i < x.len; i++) {
        bool found = false;
        for (uint32_t j = 0; j < y.len && !found; j++) found = term_subset(x.v[i], y.v[j]);
        if (!found) return false;
    }
    return true;
}

bool terms_equal(TermList x, TermList y) { return terms_subset(x, y) && terms_subset(y, x); }

// ---- questions

bool type_set_is_empty(const TypeSet *s) { return terms_empty(s->terms); }
bool type_set_is_method_set(const TypeSet *s) { return !s->comparable && terms_all(s->terms); }
bool type_set_is_all(const TypeSet *s) { return type_set_is_method_set(s) && !s->methods.len; }
bool type_set_has_terms(const TypeSet *s) { return !terms_empty(s->terms) && !terms_all(s->terms); }

Obj *type_set_lookup(const TypesEnv *env, const TypeSet *s, const Pkg *pkg, Name name, bool fold,
                     uint32_t *index) {
    for (uint32_t i = 0; name != env->blank && i < s->methods.len; i++)
        if (obj_same_id(env, s->methods.v[i], pkg, name, fold)) {
            *index = i;
            return s->methods.v[i];
        }
    return NULL;
}

TypeSet *type_set(Type *iface) {
    if (LIKELY(iface->iface.tset != NULL)) return iface->iface.tset;
    return iface_type_set(iface->iface.check, 0, iface);
}

// ---- computing

typedef struct Building {
    Check *c;
    ObjVec methods;
    VEC(Pos) places; // of methods, where they came in
    PtrMap by_name;  // place + 1 of the first method of a name, once there are many
} Building;

typedef struct DuplicateCheck { // an embedded method met again: fine when the signatures agree
    Obj *m, *other;
    Pos pos, other_pos;
} DuplicateCheck;

static void report_duplicate(Check *c, const DuplicateCheck *d) {
    ErrorBuilder e = error_begin(c);
    error_add(&e, d->pos, "duplicate method %N", d->m->name);
    error_add(&e, d->other_pos, "other declaration of method %N", d->m->name);
    error_report(&e);
}

static void check_duplicate(Check *c, void *ctx) {
    DuplicateCheck *d = ctx;
    if ((d->pos && !check_allow(c, 114)) || !type_identical(d->m->type, d->other->type))
        report_duplicate(c, d);
}

enum { FEW_METHODS = 16 };

static const void *name_key(const Obj *m) { return (const void *)(uintptr_t)m->name; }

static int find_method(const Building *b, const Obj *m) {
    uint32_t i = 0;
    if (b->methods.len > FEW_METHODS) {
        uintptr_t first = (uintptr_t)ptrmap_get(&b->by_name, name_key(m));
        if (!first) return -1;
        i = (uint32_t)first - 1; // unexported names of several packages may follow
    }
    for (; i < b->methods.len; i++)
        if (obj_same_id(b->c->env, b->methods.v[i], m->pkg, m->name, false)) return (int)i;
    return -1;
}

static void index_method(Building *b, uint32_t i) {
    const Obj *m = b->methods.v[i];
    if (ptrmap_get(&b->by_name, name_key(m))) return;
    ptrmap_put(&b->by_name, name_key(m), (void *)(uintptr_t)(i + 1));
}

static void append_method(Building *b, Pos pos, Obj *m) {
    vec_push(b->c->arena, &b->methods, m);
    vec_push(b->c->arena, &b->places, pos);
    if (b->methods.len <= FEW_METHODS) return;
    uint32_t from = b->methods.len == FEW_METHODS + 1 ? 0 : b->methods.len - 1;
    for (uint32_t i = from; i < b->methods.len; i++) index_method(b, i);
}

static void add_method(Building *b, Pos pos, Obj *m, bool is_explicit) {
    Check *c = b->c;
    int at = find_method(b, m);
    if (at < 0) {
        append_method(b, pos, m);
        return;
    }
    if (c->lazy) return;
    DuplicateCheck *d = NEW(c->arena, DuplicateCheck);
    *d = (DuplicateCheck){m, b->methods.v[at], pos, b->places.v[at]};
    if (is_explicit)
        report_duplicate(c, d);
    else
        check_later(c, check_duplicate, d);
}

// With comparable among the elements only strictly comparable terms remain.
static void intersect(Check *c, TypeSet *set, TermList terms, bool comparable) {
    set->terms = terms_intersect(c->arena, set->terms, terms);
    set->comparable = set->comparable || comparable;
    if (!set->comparable || terms_all(set->terms)) return;
    VEC(Term) kept = {0};
    for (uint32_t i = 0; i < set->terms.len; i++)
        if (!incomparable(NULL, set->terms.v[i].type, false, NULL))
            vec_push(c->arena, &kept, set->terms.v[i]);
    set->terms = (TermList){kept.v, kept.len};
    set->comparable = false;
}

static void add_interface(Building *b, TypeSet *set, Pos pos, Type *t, Type *u) {
    Check *c = b->c;
    TypeSet *inner = iface_type_set(c, pos, u);
    if (pos && !c->lazy && is_imported_constraint(c, t) &&
        !check_verify(c, pos, 118, "embedding constraint interface %T", t))
        return;
    for (uint32_t i = 0; i < inner->methods.len; i++)
        add_method(b, pos, inner->methods.v[i], false);
    intersect(c, set, inner->terms, inner->comparable);
}

static void add_element(Building *b, TypeSet *set, Pos pos, Type *t) {
    Check *c = b->c;
    Type *u = type_under(t);
    if (u->kind == TYPE_INTERFACE) {
        add_interface(b, set, pos, t, u);
        return;
    }
    if (u->kind == TYPE_UNION) {
        bool bad = false;
        if (pos && !c->lazy && !check_verify(c, pos, 118, "embedding interface element %T", u))
            return;
        TermList terms = union_terms(c, pos, u, &bad);
        if (!bad) intersect(c, set, terms, false);
        return;
    }
    if (!is_valid(u)) return;
    if (pos && !c->lazy && !check_verify(c, pos, 118, "embedding non-interface type %T", t)) return;
    Term *one = NEW(c->arena, Term);
    one->type = t;
    intersect(c, set, (TermList){one, 1}, false);
}

TypeSet *iface_type_set(Check *c, Pos pos, Type *t) {
    (void)pos;
    if (t->iface.tset) return t->iface.tset;
    if (!t->iface.complete) return &top_type_set; // still being declared
    if (!c) BUG("an interface without a type set after its package's check");
    // An embedding cycle meets this unfinished set; the cycle itself is reported elsewhere.
    TypeSet *set = NEW(c->arena, TypeSet);
    set->terms = all_terms;
    t->iface.tset = set;
    Building b = {.c = c, .by_name = ptrmap_new(c->arena)};
    TypeSet result = {.terms = all_terms};
    for (uint32_t i = 0; i < t->iface.methods.len; i++)
        add_method(&b, t->iface.methods.v[i]->pos, t->iface.methods.v[i], true);
    for (uint32_t i = 0; i < t->iface.embeddeds.len; i++)
        add_element(&b, &result, t->iface.embed_pos ? t->iface.embed_pos[i] : 0,
                    t->iface.embeddeds.v[i]);
    sort_methods(c->env, &b.methods);
    result.methods = (ObjList){b.methods.v, b.methods.len};
    *set = result;
    return set;
}

static TermList *union_terms_of(Check *c, Pos pos, Type *u, bool *bad) {
    TermList *set = NEW(c->arena, TermList);
    ptrmap_put(&c->union_sets, u, set);
    for (uint32_t i = 0; i < u->unio.terms.len; i++) {
        Term t = u->unio.terms.v[i];
        TermList terms = {&t, 1};
        Type *ut = type_under(t.type);
        if (ut->kind == TYPE_INTERFACE)
            terms = iface_type_set(c, pos, ut)->terms;
        else if (!is_valid(ut))
            continue;
        else if (t.tilde && !type_identical(t.type, ut))
            continue; // reported with the union
        *set = terms_union(c->arena, *set, terms);
        if (set->len > MAX_TERMS) {
            check_error(c, pos,
                        "cannot handle more than %d union terms (implementation limitation)",
                        MAX_TERMS);
            *bad = true;
            break;
        }
    }
    return set;
}

TermList union_terms(Check *c, Pos pos, Type *u, bool *bad) {
    TermList *set = ptrmap_get(&c->union_sets, u);
    if (!set) set = union_terms_of(c, pos, u, bad);
    if (set->len > MAX_TERMS) *bad = true;
    return *set;
}

// ---- unions as written

typedef struct UnionCheck {
    TermList terms;
    ExprList exprs;
} UnionCheck;

static void write_term(Check *c, Term t, Str *out) {
    Buf b = buf_new(c->arena);
    write_terms(c, &b, (TermList){&t, 1});
    *out = buf_view(&b);
}

static void check_interface_term(Check *c, Expr *x, Term t, Type *iface) {
    TypeSet *set = type_set(iface);
    Str text;
    write_term(c, t, &text);
    if (set->methods.len)
        check_error(c, at_expr(x), "cannot use %S in union (%S contains methods)", text, text);
    else if (t.type == c->env->comparable_obj->type)
        check_error(c, at_expr(x), "cannot use comparable in union");
    else if (set->comparable)
        check_error(c, at_expr(x), "cannot use %S in union (%S embeds comparable)", text, text);
}

static void check_overlap(Check *c, const UnionCheck *uc, uint32_t i) {
    for (uint32_t k = 0; k < i; k++) {
        if (type_is_interface(uc->terms.v[k].type)) continue;
        if (term_disjoint(uc->terms.v[k], uc->terms.v[i])) continue;
        Str x, y;
        write_term(c, uc->terms.v[i], &x);
        write_term(c, uc->terms.v[k], &y);
        check_soft_error(c, at_expr(uc->exprs.v[i]), "overlapping terms %S and %S", x, y);
        return;
    }
}

static void check_union(Check *c, void *ctx) {
    UnionCheck *uc = ctx;
    for (uint32_t i = 0; i < uc->terms.len; i++) {
        Term t = uc->terms.v[i];
        Expr *x = uc->exprs.v[i];
        if (!is_valid(t.type)) continue;
        Type *u = type_under(t.type);
        bool iface = u->kind == TYPE_INTERFACE;
        if (t.tilde && iface) {
            check_error(c, at_expr(x), "invalid use of ~ (%T is an interface)", t.type);
        } else if (t.tilde && !type_identical(u, t.type)) {
            check_error(c, at_expr(x), "invalid use of ~ (underlying type of %T is %T)", t.type, u);
        } else if (iface) {
            check_interface_term(c, x, t, u);
        } else {
            check_overlap(c, uc, i);
        }
    }
}

static Term parse_term(Check *c, Expr *tx) {
    Expr *x = tx;
    bool tilde = tx->kind == EXPR_OPERATION && tx->op == OP_TILDE;
    if (tilde) x = tx->operation.x;
    Type *t = check_typ(c, x);
    if (type_is_tparam(t)) {
        if (tilde)
            check_error(c, at_expr(x), "type in term %E cannot be a type parameter", tx);
        else
            check_error(c, at_expr(x), "term cannot be a type parameter");
        t = BASIC(INVALID);
    }
    if (tilde) {
        Type *u = type_new(c, TYPE_UNION);
        u->unio.terms = (TermList){NEW(c->arena, Term), 1};
        u->unio.terms.v[0] = (Term){true, t};
        record_type(c, tx, MODE_TYPE, u, NULL);
    }
    return (Term){tilde, t};
}

typedef VEC(Expr *) ExprVec;

static void flatten(Check *c, Expr *x, ExprVec *operators, ExprVec *terms) {
    ExprVec spine = {0};
    while (x->kind == EXPR_OPERATION && x->op == OP_OR && x->operation.y) {
        vec_push(c->arena, &spine, x);
        x = x->operation.x;
    }
    vec_push(c->arena, terms, x);
    while (spine.len) {
        Expr *o = vec_pop(&spine);
        vec_push(c->arena, operators, o);
        vec_push(c->arena, terms, o->operation.y);
    }
}

Type *parse_union(Check *c, Expr *x) {
    ExprVec operators = {0}, exprs = {0};
    flatten(c, x, &operators, &exprs);
    VEC(Term) terms = {0};
    Type *u = NULL;
    for (uint32_t i = 0; i < exprs.len; i++) {
        Term t = parse_term(c, exprs.v[i]);
        if (exprs.len == 1 && !t.tilde) return t.type; // no union at all
        if (terms.len >= MAX_TERMS) {
            if (is_valid(u)) {
                check_error(c, at_expr(exprs.v[i]),
                            "cannot handle more than %d union terms (implementation limitation)",
                            MAX_TERMS);
                u = BASIC(INVALID);
            }
        } else {
            vec_push(c->arena, &terms, t);
            u = type_new(c, TYPE_UNION);
            u->unio.terms = (TermList){terms.v, terms.len};
        }
        if (i) record_type(c, operators.v[i - 1], MODE_TYPE, u, NULL);
    }
    if (!is_valid(u)) return u;
    UnionCheck *uc = NEW(c->arena, UnionCheck);
    uc->terms = u->unio.terms;
    uc->exprs = (ExprList){exprs.v, exprs.len};
    check_later(c, check_union, uc);
    return u;
}
