// go/types/operand.c: may a value be assigned to a type, or converted to it.
#include "base/utf8.h"
#include "go/types/types_internal.h"

bool operand_is_nil(const Operand *x) { return x->mode == MODE_NIL; }

static void add_cause(Check *c, Str *cause, Str text) {
    if (!cause) return;
    *cause = cause->len ? check_format(c, "%S\n\t%S", text, *cause) : text;
}

static bool untyped_assignable(Check *c, const Operand *x, Type *t) {
    Const *v;
    ConstFault fault;
    Operand copy = *x;
    return implicit_type(c, &copy, t, &v, &fault) != NULL;
}

static bool untyped_to_tparam(Check *c, const Operand *x, Type *tp) {
    bool specific;
    TermList terms = tparam_terms(tp, &specific);
    for (uint32_t i = 0; specific && i < terms.len; i++)
        if (!untyped_assignable(c, x, terms.v[i].type)) return false;
    return specific;
}

// x to every type of tp's type set.
static bool assignable_to_terms(Check *c, const Operand *x, Type *tp, Str *cause) {
    bool specific;
    TermList terms = tparam_terms(tp, &specific);
    for (uint32_t i = 0; specific && i < terms.len; i++) {
        if (operand_assignable(c, x, terms.v[i].type, cause)) continue;
        if (cause)
            add_cause(
                c, cause,
                check_format(c, "cannot assign %T to %T (in %T)", x->type, terms.v[i].type, tp));
        return false;
    }
    return specific;
}

static bool assignable_from_terms(Check *c, const Operand *x, Type *vp, Type *t, Str *cause) {
    bool specific;
    TermList terms = tparam_terms(vp, &specific);
    for (uint32_t i = 0; specific && i < terms.len; i++) {
        Operand one = *x;
        one.type = terms.v[i].type;
        if (operand_assignable(c, &one, t, cause)) continue;
        if (cause)
            add_cause(c, cause, check_format(c, "cannot assign %T (in %T) to %T", one.type, vp, t));
        return false;
    }
    return specific;
}

// A bidirectional channel to one with a direction; true when the rule decides (*ok).
static bool channel_rule(Type *v, Type *t, Type *vu, Type *tu, bool *ok) {
    if (vu->kind != TYPE_CHAN || vu->chan.dir != CHAN_BOTH || tu->kind != TYPE_CHAN) return false;
    if (!type_identical(vu->chan.elem, tu->chan.elem)) return false;
    *ok = !has_type_name(v) || !has_type_name(t);
    return true;
}

bool operand_assignable(Check *c, const Operand *x, Type *target, Str *cause) {
    if (x->mode == MODE_INVALID || !is_valid(target)) return true;
    Type *v = type_unalias(x->type), *t = type_unalias(target);
    if (type_identical(v, t)) return true;
    Type *vu = type_under(v), *tu = type_under(t);
    Type *vp = v->kind == TYPE_TPARAM ? v : NULL, *tp = t->kind == TYPE_TPARAM ? t : NULL;
    if (is_untyped(vu)) return tp ? untyped_to_tparam(c, x, tp) : untyped_assignable(c, x, t);
    bool one_unnamed = !has_type_name(v) || !has_type_name(t);
    if (type_identical(vu, tu) && one_unnamed && !vp && !tp) return true;
    if ((tu->kind == TYPE_INTERFACE && !tp) || is_iface_ptr(tu)) {
        if (check_implements(c, v, t, false, cause)) return true;
        if (!vp) return false;
        if (cause) *cause = STR("");
    }
    if (vu->kind == TYPE_INTERFACE && !vp && check_implements(c, t, v, false, NULL)) {
        if (cause) *cause = STR("need type assertion");
        return false;
    }
    bool ok;
    if (channel_rule(v, t, vu, tu, &ok)) return ok;
    if (tp && !has_type_name(v)) return assignable_to_terms(c, x, tp, cause);
    if (vp && !has_type_name(t)) return assignable_from_terms(c, x, vp, target, cause);
    return false;
}

// ---- conversions

static bool convertible(Check *c, const Operand *x, Type *target, Str *cause);

static bool slice_to_array(Check *c, Type *vu, Type *tu, Str *cause, bool *ok) {
    Type *s = vu->kind == TYPE_SLICE ? vu : NULL, *a = tu->kind == TYPE_ARRAY ? tu : NULL;
    bool pointer = false;
    if (s && tu->kind == TYPE_POINTER) {
        a = under_as(tu->pointer.elem, TYPE_ARRAY);
        pointer = true;
    }
    if (!s || !a || !type_identical(s->slice.elem, a->array.elem)) return false;
    *ok = check_allow(c, pointer ? 117 : 120);
    if (!*ok && cause)
        *cause = pointer ? STR("conversion of slice to array pointer requires go1.17 or later")
                         : STR("conversion of slice to array requires go1.20 or later");
    return true;
}

static bool basic_conversion(Type *vu, Type *tu) {
    const unsigned real = INFO_INTEGER | INFO_FLOAT;
    if (is_basic(vu, real) && is_basic(tu, real)) return true;
    if (is_complex(vu) && is_complex(tu)) return true;
    if ((is_integer(vu) || is_bytes_or_runes(vu)) && is_string(tu)) return true;
    if (is_string(vu) && is_bytes_or_runes(tu)) return true;
    bool v_ptr = vu->kind == TYPE_POINTER || is_basic_kind(vu, BASIC_UINTPTR);
    bool t_ptr = tu->kind == TYPE_POINTER || is_basic_kind(tu, BASIC_UINTPTR);
    if (v_ptr && is_basic_kind(tu, BASIC_UNSAFE_POINTER)) return true;
    return is_basic_kind(vu, BASIC_UNSAFE_POINTER) && t_ptr;
}

static bool pointers_alike(Type *v, Type *t) {
    if (v->kind != TYPE_POINTER || t->kind != TYPE_POINTER) return false;
    Type *ve = v->pointer.elem, *te = t->pointer.elem;
    return !type_is_tparam(ve) && !type_is_tparam(te) &&
           identical_ignore_tags(type_under(ve), type_under(te));
}

static bool convertible_both(Check *c, const Operand *x, Type *vp, Type *tp, Str *cause) {
    bool v_specific, t_specific;
    TermList vs = tparam_terms(vp, &v_specific), ts = tparam_terms(tp, &t_specific);
    if (!v_specific || !t_specific) return false;
    for (uint32_t i = 0; i < vs.len; i++)
        for (uint32_t k = 0; k < ts.len; k++) {
            Operand one = *x;
            one.type = vs.v[i].type;
            if (convertible(c, &one, ts.v[k].type, cause)) continue;
            add_cause(c, cause,
                      check_format(c, "cannot convert %T (in %T) to type %T (in %T)", vs.v[i].type,
                                   vp, ts.v[k].type, tp));
            return false;
        }
    return true;
}

static bool convertible_from(Check *c, const Operand *x, Type *vp, Type *t, Str *cause) {
    bool specific;
    TermList terms = tparam_terms(vp, &specific);
    for (uint32_t i = 0; specific && i < terms.len; i++) {
        Operand one = *x;
        one.type = terms.v[i].type;
        if (convertible(c, &one, t, cause)) continue;
        add_cause(c, cause,
                  check_format(c, "cannot convert %T (in %T) to type %T", one.type, vp, t));
        return false;
    }
    return specific;
}

static bool convertible_to(Check *c, const Operand *x, Type *tp, Str *cause) {
    bool specific;
    TermList terms = tparam_terms(tp, &specific);
    for (uint32_t i = 0; specific && i < terms.len; i++) {
        if (convertible(c, x, terms.v[i].type, cause)) continue;
        add_cause(
            c, cause,
            check_format(c, "cannot convert %T to type %T (in %T)", x->type, terms.v[i].type, tp));
        return false;
    }
    return specific;
}

static bool convertible(Check *c, const Operand *x, Type *target, Str *cause) {
    if (operand_assignable(c, x, target, cause)) return true;
    Type *v = type_unalias(x->type), *t = type_unalias(target);
    Type *vu = type_under(v), *tu = type_under(t);
    Type *vp = v->kind == TYPE_TPARAM ? v : NULL, *tp = t->kind == TYPE_TPARAM ? t : NULL;
    if (!vp && !tp && identical_ignore_tags(vu, tu)) return true;
    bool ok;
    if (pointers_alike(v, t) || basic_conversion(vu, tu)) return true;
    if (slice_to_array(c, vu, tu, cause, &ok)) return ok;
    if (vp && tp) return convertible_both(c, x, vp, tp, cause);
    if (vp) return convertible_from(c, x, vp, target, cause);
    return tp && convertible_to(c, x, tp, cause);
}

// A constant to a basic type; integers become one-character strings.
static bool const_convertible(Check *c, const Operand *x, Type *t, Const **v) {
    Type *b = under_as(t, TYPE_BASIC);
    if (!b) return false;
    if (representable_const(c, x->value, b, v)) return true;
    if (!is_integer(x->type) || !is_string(b)) return false;
    uint64_t code;
    char bytes[4];
    if (!const_to_u64_exact(x->value, &code) || code > 0x10FFFF) code = UINT32_MAX;
    if (v)
        *v = const_string(c->local,
                          str_copy(c->local, (Str){bytes, utf8_encode(bytes, (uint32_t)code)}));
    return true;
}

static bool const_to_tparam(Check *c, Operand *x, Type *t, Str *cause) {
    Type *tt, *u;
    for (Under it = under_each(t); under_next(&it, &tt, &u);) {
        if (!u) {
            *cause = check_format(c, "%T does not contain specific types", t);
            return false;
        }
        if ((is_string(x->type) && is_bytes_or_runes(u)) || const_convertible(c, x, u, NULL))
            continue;
        if (is_integer(x->type) && is_integer(u))
            *cause = check_format(c, "constant %V overflows %T (in %T)", x->value, u, t);
        else
            *cause = check_format(c, "cannot convert %O to type %T (in %T)", x, u, t);
        return false;
    }
    return true;
}

static void final_conversion_type(Check *c, Operand *x, Type *t, bool const_arg) {
    if (!is_untyped(x->type)) return;
    Type *final = t;
    if (x->type == BASIC(UNTYPED_NIL)) {
    } else if (is_plain_interface(t) || (const_arg && !is_const_type(t))) {
        final = default_type(x->type);
    } else if (x->mode == MODE_CONST && is_integer(x->type) && all_string(t)) {
        final = x->type;
    }
    update_expr_type(c, x->expr, final, true);
}

void check_conversion(Check *c, Operand *x, Type *t) {
    bool const_arg = x->mode == MODE_CONST, ok = false;
    Str cause = STR("");
    if (const_arg && is_const_type(t)) {
        ok = const_convertible(c, x, t, &x->value);
        if (!ok && is_integer(x->type) && is_integer(t)) {
            check_error(c, at_operand(x), "constant %V overflows %T", x->value, t);
            x->mode = MODE_INVALID;
            return;
        }
    } else if (const_arg && type_is_tparam(t)) {
        ok = const_to_tparam(c, x, t, &cause);
        x->mode = MODE_VALUE;
    } else if (convertible(c, x, t, &cause)) {
        ok = true;
        x->mode = MODE_VALUE;
    }
    if (!ok) {
        if (cause.len)
            check_error(c, at_operand(x), "cannot convert %O to type %T: %S", x, t, cause);
        else
            check_error(c, at_operand(x), "cannot convert %O to type %T", x, t);
        x->mode = MODE_INVALID;
        return;
    }
    final_conversion_type(c, x, t, const_arg);
    x->type = t;
}
