// go/types/const.c: constants that fit their types, and untyped expressions that get one.
#include "go/types/types_internal.h"

#include <math.h>

enum { PRECISION = 512 }; // bits of an untyped integer

static const char *op_name(const Expr *e) {
    if (!e || e->kind != EXPR_OPERATION) return "";
    if (!e->operation.y) return e->op == OP_XOR ? "bitwise complement " : "";
    switch ((int)e->op) {
    case OP_ADD: return "addition ";
    case OP_SUB: return "subtraction ";
    case OP_XOR: return "bitwise XOR ";
    case OP_MUL: return "multiplication ";
    case OP_SHL: return "shift ";
    default: return "";
    }
}

Pos op_pos(const Expr *e) {
    if (!e) return 0;
    return e->kind == EXPR_OPERATION ? e->pos : at_expr(e);
}

void check_overflow(Check *c, Operand *x, Pos pos) {
    if (const_kind(x->value) == CONST_UNKNOWN) {
        check_error(c, pos, "constant result is not representable");
        return;
    }
    if (is_typed(x->type)) {
        check_representable(c, x, type_under(x->type));
        return;
    }
    if (const_kind(x->value) == CONST_INT && const_bit_len(x->value) > PRECISION) {
        check_error(c, pos, "constant %soverflow", op_name(x->expr));
        x->value = (Const *)(uintptr_t)&const_unknown;
    }
}

static bool fits_int(Check *c, Const *v, BasicKind k) {
    if (k == BASIC_UNTYPED_INT || k == BASIC_UNTYPED_RUNE) return true;
    uint32_t bits = (uint32_t)(8 * sizes_of(c->sizes, &basic_types[k]));
    uint32_t len = const_bit_len(v);
    if (basic_types[k].basic.info & INFO_UNSIGNED) return const_sign(v) >= 0 && len <= bits;
    if (len < bits) return true;
    int64_t n; // the least value of a signed type has one bit more
    return len == bits && const_sign(v) < 0 && const_to_i64_exact(v, &n) &&
           n == (int64_t)(UINT64_MAX << (bits - 1));
}

// v rounded to 32 or 64 bits; NULL when it does not fit.
static Const *round_float(Check *c, Const *v, bool single) {
    double f = single ? (double)const_to_f32(v) : const_to_f64(v);
    return isinf(f) ? NULL : const_f64(c->local, f);
}

static bool representable_float(Check *c, Const *v, BasicKind k, Const **rounded) {
    v = const_to_float(c->local, v);
    if (const_kind(v) != CONST_FLOAT) return false;
    if (k == BASIC_UNTYPED_FLOAT) return true;
    Const *r = round_float(c, v, k == BASIC_FLOAT32);
    if (r && rounded) *rounded = r;
    return r != NULL;
}

static bool representable_complex(Check *c, Const *v, BasicKind k, Const **rounded) {
    v = const_to_complex(c->local, v);
    if (const_kind(v) != CONST_COMPLEX) return false;
    if (k == BASIC_UNTYPED_COMPLEX) return true;
    bool single = k == BASIC_COMPLEX64;
    Const *re = round_float(c, const_real(c->local, v), single);
    Const *im = round_float(c, const_imag_part(c->local, v), single);
    if (!re || !im) return false;
    if (rounded) *rounded = const_binary(c->local, re, OP_ADD, const_imag(c->local, im), false);
    return true;
}

bool representable_const(Check *c, Const *v, Type *t, Const **rounded) {
    if (const_kind(v) == CONST_UNKNOWN) return true; // reported already
    BasicKind k = t->basic.kind;
    if (is_integer(t)) {
        v = const_to_int(c->local, v);
        if (const_kind(v) != CONST_INT) return false;
        if (rounded) *rounded = v;
        return fits_int(c, v, k);
    }
    if (is_float(t)) return representable_float(c, v, k, rounded);
    if (is_complex(t)) return representable_complex(c, v, k, rounded);
    if (is_string(t)) return const_kind(v) == CONST_STRING;
    return is_boolean(t) && const_kind(v) == CONST_BOOL;
}

ConstFault representation(Check *c, Operand *x, Type *t, Const **out) {
    Const *v = x->value;
    if (representable_const(c, x->value, t, &v)) {
        *out = v;
        return FAULT_NONE;
    }
    if (!is_numeric(x->type) || !is_numeric(t)) return FAULT_CONVERSION;
    return !is_integer(x->type) && is_integer(t) ? FAULT_TRUNCATED : FAULT_OVERFLOW;
}

void invalid_conversion(Check *c, ConstFault f, Operand *x, Type *t) {
    const char *text = f == FAULT_TRUNCATED  ? "%O truncated to %T"
                       : f == FAULT_OVERFLOW ? "%O overflows %T"
                                             : "cannot convert %O to type %T";
    check_error(c, at_operand(x), text, x, t);
}

void check_representable(Check *c, Operand *x, Type *t) {
    ConstFault f = representation(c, x, t, &x->value);
    if (f == FAULT_NONE) return;
    invalid_conversion(c, f, x, t);
    x->mode = MODE_INVALID;
}

static void update_expr_value(Check *c, Expr *x, Const *v) {
    if (x && x->id && c->info->exprs[x->id].pending) c->info->exprs[x->id].value = v;
}

void take_type(Check *c, Operand *x, Type *t, Const *v) {
    if (v) {
        x->value = v;
        update_expr_value(c, x->expr, v);
    }
    if (t == x->type) return;
    x->type = t;
    const Expr *e = x->expr;
    bool leaf = e && e->id && (e->kind == EXPR_LIT || e->kind == EXPR_NAME) && is_typed(t);
    TypeAndValue *tv = leaf ? &c->info->exprs[e->id] : NULL;
    if (tv && tv->pending && !tv->is_lhs && x->mode == MODE_CONST && tv->value == x->value) {
        tv->type = t; // the value was just found to fit
        tv->pending = false;
        return;
    }
    update_expr_type(c, x->expr, t, false);
}

void convert_untyped(Check *c, Operand *x, Type *target) {
    Const *v;
    ConstFault fault;
    Type *t = implicit_type(c, x, target, &v, &fault);
    if (!t) {
        invalid_conversion(c, fault, x, type_is_tparam(target) ? target : type_under(target));
        x->mode = MODE_INVALID;
        return;
    }
    take_type(c, x, t, v);
}

static bool basic_takes(const Operand *x, Type *target) {
    switch ((int)x->type->basic.kind) {
    case BASIC_UNTYPED_BOOL: return is_boolean(target);
    case BASIC_UNTYPED_INT:
    case BASIC_UNTYPED_RUNE:
    case BASIC_UNTYPED_FLOAT:
    case BASIC_UNTYPED_COMPLEX: return is_numeric(target);
    case BASIC_UNTYPED_STRING: return is_string(target);
    default: return false;
    }
}

static Type *implicit_interface(Check *c, Operand *x, Type *target, Type *u) {
    if (!type_is_tparam(target)) return type_set_is_all(type_set(u)) ? default_type(x->type) : NULL;
    Type *tt, *uu;
    for (Under it = under_each(target); under_next(&it, &tt, &uu);) {
        Const *v;
        ConstFault fault;
        if (!uu || !implicit_type(c, x, uu, &v, &fault)) return NULL;
    }
    return target;
}

// The type an untyped x takes where target is wanted; NULL with *fault when it cannot. *v is the
// rounded value, or NULL to keep x's.
Type *implicit_type(Check *c, Operand *x, Type *target, Const **v, ConstFault *fault) {
    *v = NULL;
    *fault = FAULT_CONVERSION;
    if (x->mode == MODE_INVALID || is_typed(x->type) || !is_valid(target)) return x->type;
    if (is_untyped(target)) return max_type(x->type, target);
    if (operand_is_nil(x)) return has_nil(target) ? target : NULL;
    Type *u = type_under(target);
    if (u->kind == TYPE_BASIC) {
        if (x->mode != MODE_CONST) return basic_takes(x, target) ? target : NULL;
        *fault = representation(c, x, u, v);
        if (*fault == FAULT_NONE) return target;
        *v = NULL;
        return NULL;
    }
    return u->kind == TYPE_INTERFACE ? implicit_interface(c, x, target, u) : NULL;
}

static bool is_comparison(Op op) { return op >= OP_EQL && op <= OP_GEQ; }

// Operands whose type follows from the expression's. True: x's own type may be set.
static bool update_operands(Check *c, Expr *x, const TypeAndValue *old, Type *t, bool final) {
    if (x->kind == EXPR_CALL || x->kind == EXPR_NAME || x->kind == EXPR_LIT ||
        x->kind == EXPR_SELECTOR)
        return true;
    if (x->kind == EXPR_PAREN) {
        update_expr_type(c, x->paren.x, t, final);
        return true;
    }
    if (x->kind != EXPR_OPERATION) return false;
    if (!x->operation.y && x->op == OP_MUL) return false;
    if (old->value) return true; // a constant: its operands stay untyped
    bool shift = x->op == OP_SHL || x->op == OP_SHR;
    if (x->operation.y && is_comparison(x->op)) return true; // the operands' types are their own
    update_expr_type(c, x->operation.x, t, final);
    if (x->operation.y && !shift) update_expr_type(c, x->operation.y, t, final);
    return true;
}

void update_expr_type(Check *c, Expr *x, Type *t, bool final) {
    if (!x || !x->id) return;
    TypeAndValue *tv = &c->info->exprs[x->id];
    if (!tv->pending) return;
    TypeAndValue old = *tv;
    if (!update_operands(c, x, &old, t, final)) return;
    if (!final && is_untyped(t)) {
        tv->type = type_under(t);
        return;
    }
    tv->pending = false;
    if (old.is_lhs && !all_integer(t)) {
        check_error(c, at_expr(x),
                    "invalid operation: shifted operand %E (type %T) must be integer", x, t);
        return;
    }
    if (old.value) {
        Operand o = {.mode = old.mode, .expr = x, .type = old.type, .value = old.value};
        convert_untyped(c, &o, t);
        if (o.mode == MODE_INVALID) return;
    }
    record_type(c, x, old.mode, t, old.value);
}
