// go/types/implements.c: does a type implement an interface, or satisfy a constraint; if not, why.
#include "go/types/types_internal.h"

typedef struct Question {
    Check *c;
    Type *v, *t, *ti; // ti: t's interface
    bool constraint;
    Str *cause; // may be NULL
} Question;

static const char *verb(const Question *q) { return q->constraint ? "satisfy" : "implement"; }

static bool no(const Question *q, const char *detail_format, Type *x) {
    if (!q->cause) return false;
    Str detail = check_format(q->c, detail_format, x);
    *q->cause = check_format(q->c, "%T does not %s %T (%S)", q->v, verb(q), q->t, detail);
    return false;
}

static bool plain_no(const Question *q, Str text) {
    if (q->cause) *q->cause = text;
    return false;
}

static bool comparable_enough(const Question *q) {
    Check *c = q->c;
    if (!type_set_comparable(type_set(q->ti))) return true;
    if (!incomparable(NULL, q->v, false, NULL)) return true;
    if (q->constraint && !incomparable(NULL, q->v, true, NULL)) {
        if (c->lazy || check_allow(c, 120)) return true;
        return plain_no(
            q, check_format(c, "%T to %s comparable requires go1.20 or later", q->v, verb(q)));
    }
    return plain_no(q, q->cause ? check_format(c, "%T does not %s comparable", q->v, verb(q))
                                : STR(""));
}

static bool mentions(Type *t, Type *what) {
    if (t->kind == TYPE_INTERFACE) {
        for (uint32_t i = 0; i < t->iface.embeddeds.len; i++)
            if (mentions(t->iface.embeddeds.v[i], what)) return true;
        return false;
    }
    if (t->kind == TYPE_UNION) {
        for (uint32_t i = 0; i < t->unio.terms.len; i++)
            if (mentions(t->unio.terms.v[i].type, what)) return true;
        return false;
    }
    return type_identical(t, what);
}

static bool missing_term(const Question *q, Type *alt) {
    Check *c = q->c;
    if (!q->cause) return false;
    Str detail;
    if (alt) {
        detail = check_format(c, "possibly missing ~ for %T in %T", alt, q->t);
    } else if (mentions(q->ti, q->v)) {
        detail = check_format(c, "%T mentions %T, but %T is not in the type set of %T", q->t, q->v,
                              q->v, q->t);
    } else {
        Buf b = buf_new(c->arena);
        write_terms(c, &b, type_set(q->ti)->terms);
        detail = check_format(c, "%T missing in %S", q->v, buf_view(&b));
    }
    *q->cause = check_format(c, "%T does not %s %T (%S)", q->v, verb(q), q->t, detail);
    return false;
}

static bool among_terms(const Question *q) {
    TermList terms = type_set(q->ti)->terms;
    Type *alt = NULL;
    for (uint32_t i = 0; i < terms.len; i++) {
        Term t = terms.v[i];
        if (term_includes(t, q->v)) return comparable_enough(q);
        if (alt || t.tilde || !type_identical(t.type, type_under(t.type))) continue;
        t.tilde = true;
        if (term_includes(t, q->v)) alt = t.type;
    }
    return missing_term(q, alt);
}

static bool not_interface(const Question *q, Type *tu) {
    if (!q->cause) return false;
    if (is_iface_ptr(tu)) return no(q, "type %T is pointer to interface, not interface", q->t);
    return no(q, "%T is not an interface", q->t);
}

bool check_implements(Check *c, Type *v, Type *t, bool constraint, Str *cause) {
    Type *vu = type_under(v), *tu = type_under(t);
    if (!is_valid(vu) || !is_valid(tu)) return true;
    if (vu->kind == TYPE_POINTER && !is_valid(type_under(vu->pointer.elem))) return true;
    Question q = {c, v, t, tu, constraint, cause};
    if (tu->kind != TYPE_INTERFACE) return not_interface(&q, tu);
    TypeSet *ts = type_set(tu);
    if (type_set_is_all(ts)) return true;
    bool v_iface = vu->kind == TYPE_INTERFACE;
    if (v_iface && type_set_is_empty(type_set(vu))) return true;
    if (type_set_is_empty(ts))
        return plain_no(&q, check_format(c, "cannot %s %T (empty type set)", verb(&q), t));
    if (!has_all_methods(c, v, t, true, cause)) {
        if (cause) *cause = check_format(c, "%T does not %s %T %S", v, verb(&q), t, *cause);
        return false;
    }
    if (!type_set_has_terms(ts)) return comparable_enough(&q);
    if (!v_iface) return among_terms(&q);
    if (!terms_subset(type_set(vu)->terms, ts->terms))
        return plain_no(&q, check_format(c, "%T does not %s %T", v, verb(&q), t));
    return comparable_enough(&q);
}
