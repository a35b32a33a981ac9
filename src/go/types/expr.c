// go/types/expr.c: expressions: operators, comparisons, shifts, assertions, and the dispatch to
// literals, calls and selectors.
#include "go/types/types_internal.h"

static bool is_shift(Op op) { return op == OP_SHL || op == OP_SHR; }
static bool is_comparison(Op op) { return op >= OP_EQL && op <= OP_GEQ; }

// ---- channels

typedef struct ChanUse {
    bool recv;
} ChanUse;

static bool refuse_chan(void *ctx, Check *c, Type *t, Type *u, Str *cause) {
    const ChanUse *use = ctx;
    if (!u)
        *cause = STR("no specific channel type");
    else if (u->kind != TYPE_CHAN)
        *cause = check_format(c, "non-channel %T", t);
    else if (use->recv && u->chan.dir == CHAN_SEND_ONLY)
        *cause = check_format(c, "send-only channel %T", t);
    else if (!use->recv && u->chan.dir == CHAN_RECV_ONLY)
        *cause = check_format(c, "receive-only channel %T", t);
    else
        return false;
    return true;
}

Type *chan_elem(Check *c, Pos pos, Operand *x, bool recv) {
    ChanUse use = {recv};
    Str cause;
    Type *u = common_under(c, x->type, refuse_chan, &use, &cause);
    if (u) return u->chan.elem;
    const char *verb = recv ? "receive from" : "send to";
    if (type_is_tparam(x->type))
        check_error(c, pos, "invalid operation: cannot %s %O: %S", verb, x, cause);
    else
        check_error(c, pos, "invalid operation: cannot %s %S %O", verb, cause, x);
    return NULL;
}

// ---- unary

static unsigned unary_info(Op op) {
    return op == OP_XOR ? INFO_INTEGER : op == OP_NOT ? INFO_BOOLEAN : INFO_NUMERIC;
}

static bool defined_on(Check *c, Operand *x, Op op, unsigned info) {
    if (all_basic(x->type, info)) return true;
    check_error(c, at_operand(x), "invalid operation: operator %X not defined on %O", op, x);
    return false;
}

static void address_of(Check *c, Operand *x, const Expr *e) {
    const Expr *inner = syntax_unparen(e->operation.x);
    if (inner->kind != EXPR_COMPOSITE && x->mode != MODE_VARIABLE) {
        check_error(c, at_operand(x), "invalid operation: cannot take address of %O", x);
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_VALUE;
    x->type = new_pointer(c, x->type);
}

static void receive(Check *c, Operand *x) {
    Type *elem = chan_elem(c, at_operand(x), x, true);
    x->mode = elem ? MODE_COMMAOK : MODE_INVALID;
    if (!elem) return;
    x->type = elem;
    c->e.has_call_or_recv = true;
}

static void check_unary(Check *c, Operand *x, Expr *e) {
    check_expr(c, NULL, x, e->operation.x);
    if (x->mode == MODE_INVALID) return;
    Op op = e->op;
    if (op == OP_AND) {
        address_of(c, x, e);
        return;
    }
    if (op == OP_RECV) {
        receive(c, x);
        return;
    }
    if (op == OP_TILDE) {
        bool integer = all_integer(x->type);
        check_error(c, at_expr(e),
                    integer ? "cannot use ~ outside of interface or type constraint "
                              "(use ^ for bitwise complement)"
                            : "cannot use ~ outside of interface or type constraint");
        if (!integer) {
            x->mode = MODE_INVALID;
            return;
        }
        op = OP_XOR;
    }
    if (!defined_on(c, x, op, unary_info(op))) {
        x->mode = MODE_INVALID;
        return;
    }
    if (x->mode != MODE_CONST) {
        x->mode = MODE_VALUE;
        return;
    }
    if (const_kind(x->value) == CONST_UNKNOWN) return;
    uint32_t bits = is_unsigned(x->type) ? (uint32_t)(8 * sizes_of(c->sizes, x->type)) : 0;
    x->value = const_unary(c->local, op, x->value, bits);
    x->expr = e;
    check_overflow(c, x, op_pos(e));
}

// ---- comparison

static Str incomparable_cause(Check *c, Type *t) {
    TypeKind k = type_under(t)->kind;
    if (k == TYPE_SLICE || k == TYPE_SIGNATURE || k == TYPE_MAP)
        return check_format(c, "%s can only be compared to nil", composite_kind(t));
    Str why;
    incomparable(c, t, true, &why);
    return why;
}

typedef struct Comparison {
    Operand *x, *y, *culprit;
    Op op;
    Str cause;
} Comparison;

static bool equality(Check *c, Comparison *k) {
    if (operand_is_nil(k->x) || operand_is_nil(k->y)) {
        k->culprit = k->y;
        return has_nil(operand_is_nil(k->x) ? k->y->type : k->x->type);
    }
    for (int i = 0; i < 2; i++) {
        k->culprit = i ? k->y : k->x;
        if (type_comparable(k->culprit->type)) continue;
        k->cause = incomparable_cause(c, k->culprit->type);
        return false;
    }
    return true;
}

static bool comparison_ok(Check *c, Comparison *k) {
    if (!operand_assignable(c, k->x, k->y->type, NULL) &&
        !operand_assignable(c, k->y, k->x->type, NULL)) {
        k->culprit = k->y;
        k->cause = check_format(c, "mismatched types %T and %T", k->x->type, k->y->type);
        return false;
    }
    if (k->op == OP_EQL || k->op == OP_NEQ) return equality(c, k);
    k->culprit = k->x;
    if (!all_ordered(k->x->type)) return false;
    k->culprit = k->y;
    return all_ordered(k->y->type);
}

static void comparison_error(Check *c, Comparison *k, bool switch_case) {
    if (!k->cause.len) {
        if (type_is_tparam(k->x->type) || type_is_tparam(k->y->type)) {
            if (!type_is_tparam(k->x->type)) k->culprit = k->y;
            k->cause = check_format(c, "type parameter %T cannot use operator %X", k->culprit->type,
                                    k->op);
        } else {
            const char *what = composite_kind(k->culprit->type);
            k->cause =
                *what ? check_format(c, "operator %X not defined on %s", k->op, what)
                      : check_format(c, "operator %X not defined on %T", k->op, k->culprit->type);
        }
    }
    if (switch_case)
        check_error(c, at_operand(k->x), "invalid case %E in switch on %E (%S)", k->x->expr,
                    k->y->expr, k->cause);
    else
        check_error(c, at_operand(k->culprit), "invalid operation: %E %X %E (%S)", k->x->expr,
                    k->op, k->y->expr, k->cause);
}

void check_comparison(Check *c, Operand *x, Operand *y, Op op, bool switch_case) {
    if (!is_valid(x->type) || !is_valid(y->type)) {
        x->mode = MODE_INVALID;
        return;
    }
    Comparison k = {
        .x = x, .y = y, .culprit = x, .op = switch_case ? OP_EQL : op, .cause = STR("")};
    if (!comparison_ok(c, &k)) {
        comparison_error(c, &k, switch_case);
        x->mode = MODE_INVALID;
        return;
    }
    if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
        x->value = const_bool(c->local, const_compare(c->local, x->value, k.op, y->value));
    } else {
        x->mode = MODE_VALUE;
        // The operands get their default types now, for the result says nothing of them.
        update_expr_type(c, x->expr, default_type(x->type), true);
        update_expr_type(c, y->expr, default_type(y->type), true);
    }
    x->type = BASIC(UNTYPED_BOOL);
}

// ---- shifts

enum { SHIFT_MAX = 1023 - 1 + 52 };

static bool shift_error(Check *c, Operand *x, Operand *at, const char *fmt) {
    check_error(c, at_operand(at), fmt, at);
    x->mode = MODE_INVALID;
    return false;
}

static bool shift_count_ok(Check *c, Operand *x, Operand *y) {
    if (y->mode == MODE_CONST) {
        Const *v = const_to_int(c->local, y->value);
        if (const_kind(v) == CONST_INT && const_sign(v) < 0)
            return shift_error(c, x, y, "invalid operation: negative shift count %O");
        if (is_untyped(y->type)) check_representable(c, y, BASIC(UINT));
        if (y->mode != MODE_INVALID) return true;
    } else if (all_integer(y->type)) {
        if (all_basic(y->type, INFO_UNSIGNED) ||
            check_verify(c, at_operand(y), 113, "invalid operation: signed shift count %O", y))
            return true;
    } else if (is_untyped(y->type)) {
        convert_untyped(c, y, BASIC(UINT));
        if (y->mode != MODE_INVALID) return true;
    } else {
        return shift_error(c, x, y, "invalid operation: shift count %O must be integer");
    }
    x->mode = MODE_INVALID;
    return false;
}

static void const_shift_by(Check *c, Operand *x, Operand *y, Expr *e, Op op) {
    if (const_kind(x->value) == CONST_UNKNOWN || const_kind(y->value) == CONST_UNKNOWN) {
        x->value = (Const *)(uintptr_t)&const_unknown;
        if (!is_integer(x->type)) x->type = BASIC(UNTYPED_INT);
        return;
    }
    uint64_t s;
    if (!const_to_u64_exact(const_to_int(c->local, y->value), &s) || s > SHIFT_MAX) {
        shift_error(c, x, y, "invalid operation: invalid shift count %O");
        return;
    }
    if (!is_integer(x->type)) x->type = BASIC(UNTYPED_INT);
    x->value = const_shift(c->local, const_to_int(c->local, x->value), op, (uint32_t)s);
    x->expr = e;
    check_overflow(c, x, op_pos(e));
}

static void check_shift(Check *c, Operand *x, Operand *y, Expr *e, Op op) {
    bool const_int =
        x->mode == MODE_CONST && const_kind(const_to_int(c->local, x->value)) == CONST_INT;
    if (!all_integer(x->type) && !(is_untyped(x->type) && const_int)) {
        shift_error(c, x, x, "invalid operation: shifted operand %O must be integer");
        return;
    }
    if (!shift_count_ok(c, x, y)) return;
    if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
        const_shift_by(c, x, y, e, op);
        return;
    }
    if (x->mode == MODE_CONST && is_untyped(x->type)) {
        // 1 << n: the type of 1 is what the context makes of the whole.
        if (x->expr && x->expr->id && c->info->exprs[x->expr->id].pending)
            c->info->exprs[x->expr->id].is_lhs = true;
        x->mode = MODE_VALUE;
        return;
    }
    if (!all_integer(x->type)) {
        shift_error(c, x, x, "invalid operation: shifted operand %O must be integer");
        return;
    }
    x->mode = MODE_VALUE;
}

// ---- binary

static bool may_convert(Operand *x, Operand *y) {
    if (is_typed(x->type) && is_typed(y->type)) return false;
    if (all_numeric(x->type) != all_numeric(y->type)) return false;
    if (is_plain_interface(x->type) || is_plain_interface(y->type)) return true;
    if (all_boolean(x->type) != all_boolean(y->type)) return false;
    if (all_string(x->type) != all_string(y->type)) return false;
    if (operand_is_nil(x)) return has_nil(y->type);
    if (operand_is_nil(y)) return has_nil(x->type);
    return type_under(x->type)->kind != TYPE_POINTER && type_under(y->type)->kind != TYPE_POINTER;
}

void check_match_types(Check *c, Operand *x, Operand *y) {
    // Constants that cannot be made one are reported as mismatched types by the callers.
    if (!may_convert(x, y)) return;
    convert_untyped(c, x, y->type);
    if (x->mode == MODE_INVALID) return;
    convert_untyped(c, y, x->type);
    if (y->mode == MODE_INVALID) x->mode = MODE_INVALID;
}

static unsigned binary_info(Op op) {
    switch ((int)op) {
    case OP_ADD: return INFO_NUMERIC | INFO_STRING;
    case OP_SUB:
    case OP_MUL:
    case OP_DIV: return INFO_NUMERIC;
    case OP_ANDAND:
    case OP_OROR: return INFO_BOOLEAN;
    default: return INFO_INTEGER;
    }
}

// A complex division needs the squares of the divisor's parts, which may vanish.
static bool is_zero_complex(Check *c, Const *v) {
    Const *re = const_real(c->local, v), *im = const_imag_part(c->local, v);
    return const_sign(const_binary(c->local, re, OP_MUL, re, false)) == 0 &&
           const_sign(const_binary(c->local, im, OP_MUL, im, false)) == 0;
}

static bool divides_by_zero(Check *c, Operand *x, Operand *y, Op op) {
    if ((op != OP_DIV && op != OP_REM) || y->mode != MODE_CONST) return false;
    if (const_kind(y->value) == CONST_UNKNOWN) return false;
    bool zero = (x->mode == MODE_CONST || all_integer(x->type)) && const_sign(y->value) == 0;
    if (!zero && x->mode == MODE_CONST && is_complex(x->type)) zero = is_zero_complex(c, y->value);
    if (zero) check_error(c, at_operand(y), "invalid operation: division by zero");
    return zero;
}

static void mismatched(Check *c, Operand *x, Operand *y, Expr *e, Expr *operands[2], Op op) {
    if (!is_valid(x->type) || !is_valid(y->type)) return;
    if (e)
        check_error(c, at_operand(x), "invalid operation: %E (mismatched types %T and %T)", e,
                    x->type, y->type);
    else
        check_error(c, at_operand(x), "invalid operation: %E %X= %E (mismatched types %T and %T)",
                    operands[0], op, operands[1], x->type, y->type);
}

static bool binary_types_ok(Check *c, Operand *x, Operand *y, Op op) {
    return defined_on(c, x, op, binary_info(op)) && !divides_by_zero(c, x, y, op);
}

static void apply_binary(Check *c, Operand *x, Operand *y, Expr *e, Op op) {
    if (x->mode != MODE_CONST || y->mode != MODE_CONST) {
        x->mode = MODE_VALUE;
        return;
    }
    if (const_kind(x->value) == CONST_UNKNOWN || const_kind(y->value) == CONST_UNKNOWN) {
        x->value = (Const *)(uintptr_t)&const_unknown;
        return;
    }
    x->value = const_binary(c->local, x->value, op, y->value, op == OP_DIV && is_integer(x->type));
    x->expr = e;
    check_overflow(c, x, op_pos(e));
}

static void finish_binary(Check *c, Operand *x, Operand *y, Expr *e, Expr *operands[2], Op op) {
    if (is_shift(op)) {
        check_shift(c, x, y, e, op);
        return;
    }
    check_match_types(c, x, y);
    if (x->mode == MODE_INVALID) return;
    if (is_comparison(op)) {
        check_comparison(c, x, y, op, false);
        return;
    }
    if (!type_identical(x->type, y->type)) {
        mismatched(c, x, y, e, operands, op);
        x->mode = MODE_INVALID;
        return;
    }
    if (!binary_types_ok(c, x, y, op)) {
        x->mode = MODE_INVALID;
        return;
    }
    apply_binary(c, x, y, e, op);
}

void check_binary(Check *c, Operand *x, Expr *e, Expr *operands[2], Op op) {
    Operand y = {0};
    check_expr(c, NULL, x, operands[0]);
    check_expr(c, NULL, &y, operands[1]);
    if (x->mode == MODE_INVALID) return;
    if (y.mode == MODE_INVALID) {
        x->mode = MODE_INVALID;
        x->expr = y.expr;
        return;
    }
    finish_binary(c, x, &y, e, operands, op);
}

// ---- assertions, indirection

void check_type_assertion(Check *c, Expr *e, Operand *x, Type *t, bool type_switch) {
    Str cause = STR("");
    if (assertable_to(c, x->type, t, &cause)) return;
    if (type_switch)
        check_error(c, at_expr(e),
                    "impossible type switch case: %E\n\t%O cannot have dynamic type %T %S", e, x, t,
                    cause);
    else
        check_error(c, at_expr(e), "impossible type assertion: %E\n\t%T does not implement %T %S",
                    e, t, x->type, cause);
}

static bool assert_expr(Check *c, Operand *x, Expr *e) {
    check_expr(c, NULL, x, e->assert.x);
    if (x->mode == MODE_INVALID) return false;
    if (type_is_tparam(x->type)) {
        check_error(c, at_operand(x),
                    "invalid operation: cannot use type assertion on type parameter value %O", x);
        return false;
    }
    if (type_under(x->type)->kind != TYPE_INTERFACE) {
        check_error(c, at_operand(x), "invalid operation: %O is not an interface", x);
        return false;
    }
    Type *t = check_var_type(c, e->assert.type);
    if (!is_valid(t)) return false;
    check_type_assertion(c, e, x, t, false);
    x->mode = MODE_COMMAOK;
    x->type = t;
    return true;
}

static bool indirect(Check *c, Operand *x, Expr *e) {
    check_expr_or_type(c, x, e->operation.x, false);
    if (x->mode == MODE_INVALID) return false;
    if (x->mode == MODE_TYPE) {
        check_valid_var_type(c, e->operation.x, x->type);
        x->type = new_pointer(c, x->type);
        return true;
    }
    Type *base = NULL, *t, *u;
    for (Under it = under_each(x->type); under_next(&it, &t, &u);) {
        if (!is_kind(u, TYPE_POINTER)) {
            check_error(c, at_operand(x), "invalid operation: cannot indirect %O", x);
            return false;
        }
        if (base && !type_identical(u->pointer.elem, base)) {
            check_error(c, at_operand(x),
                        "invalid operation: pointers of %O must have identical base types", x);
            return false;
        }
        base = u->pointer.elem;
    }
    x->mode = MODE_VARIABLE;
    x->type = base;
    return true;
}

// ---- the dispatch

static ExprClass fail(Operand *x, Expr *e) {
    x->mode = MODE_INVALID;
    x->expr = e;
    return CLASS_STATEMENT; // avoid a second message about an unused result
}

static ExprClass done(Operand *x, Expr *e) {
    if (x->mode == MODE_INVALID) return fail(x, e);
    x->expr = e;
    return CLASS_EXPRESSION;
}

static ExprClass operation(Check *c, Operand *x, Expr *e) {
    if (e->operation.y) {
        check_binary(c, x, e, (Expr *[]){e->operation.x, e->operation.y}, e->op);
        return done(x, e);
    }
    if (e->op == OP_MUL) return indirect(c, x, e) ? done(x, e) : fail(x, e);
    check_unary(c, x, e);
    if (x->mode == MODE_INVALID) return fail(x, e);
    x->expr = e;
    return e->op == OP_RECV ? CLASS_STATEMENT : CLASS_EXPRESSION;
}

static ExprClass syntax_fault(Check *c, Operand *x, Expr *e, const char *what) {
    check_error(c, at_expr(e), "invalid syntax tree: %s", what);
    return fail(x, e);
}

static ExprClass name_expr(Check *c, Operand *x, Expr *e) {
    check_ident(c, x, e, false);
    x->expr = e;
    return CLASS_EXPRESSION;
}

static ExprClass index_expr(Check *c, const Target *t, Operand *x, Expr *e) {
    if (check_index_expr(c, x, e)) {
        x->expr = e;
        check_func_inst(c, t, x, e, true);
    }
    return done(x, e);
}

static ExprClass expr_internal(Check *c, const Target *t, Operand *x, Expr *e,
                               Type *hint) { // flat switch
    x->mode = MODE_INVALID;
    x->type = BASIC(INVALID);
    ExprClass class;
    switch (e->kind) {
    case EXPR_BAD: return fail(x, e);
    case EXPR_NAME: return name_expr(c, x, e);
    case EXPR_DOTS_TYPE: return syntax_fault(c, x, e, "invalid use of ...");
    case EXPR_LIT:
        if (e->bad) return fail(x, e);
        check_basic_lit(c, x, e);
        return done(x, e);
    case EXPR_FUNC_LIT: check_func_lit(c, x, e); return done(x, e);
    case EXPR_COMPOSITE: check_composite_lit(c, x, e, hint); return done(x, e);
    case EXPR_PAREN:
        class = raw_expr(c, NULL, x, e->paren.x, NULL, false);
        x->expr = e;
        return class;
    case EXPR_SELECTOR:
        check_selector(c, x, e, false);
        x->expr = e;
        return CLASS_EXPRESSION;
    case EXPR_INDEX: return index_expr(c, t, x, e);
    case EXPR_SLICE: check_slice_expr(c, x, e); return done(x, e);
    case EXPR_ASSERT: return assert_expr(c, x, e) ? done(x, e) : fail(x, e);
    case EXPR_TYPE_SWITCH:
        check_error(c, at_expr(e), "invalid syntax tree: use of .(type) outside type switch");
        check_use1(c, e->type_switch.x, false);
        return fail(x, e);
    case EXPR_CALL: return check_call(c, x, e);
    case EXPR_LIST: return syntax_fault(c, x, e, "unexpected list of expressions");
    case EXPR_OPERATION: return operation(c, x, e);
    case EXPR_KEY_VALUE: return syntax_fault(c, x, e, "no key:value expected");
    case EXPR_ARRAY_TYPE:
    case EXPR_SLICE_TYPE:
    case EXPR_STRUCT_TYPE:
    case EXPR_FUNC_TYPE:
    case EXPR_INTERFACE_TYPE:
    case EXPR_MAP_TYPE:
    case EXPR_CHAN_TYPE:
        x->mode = MODE_TYPE;
        x->type = check_typ(c, e);
        x->expr = e;
        return CLASS_EXPRESSION;
    }
    BUG("expression kind %d", e->kind);
}

void check_non_generic(Check *c, const Target *t, Operand *x) {
    if (x->mode == MODE_INVALID || x->mode == MODE_NOVALUE || !x->type) return;
    const char *what = NULL;
    if ((x->type->kind == TYPE_NAMED || x->type->kind == TYPE_ALIAS) && is_generic(x->type))
        what = "type";
    if (x->type->kind == TYPE_SIGNATURE && x->type->sig.tparams.len) {
        if (t) {
            check_func_inst(c, t, x, NULL, true);
            return;
        }
        what = "function";
    }
    if (!what) return;
    check_error(c, at_expr(x->expr), "cannot use generic %s %E without instantiation", what,
                x->expr);
    x->mode = MODE_INVALID;
    x->type = BASIC(INVALID);
}

ExprClass raw_expr(Check *c, const Target *t, Operand *x, Expr *e, Type *hint, bool generic) {
    ExprClass class = expr_internal(c, t, x, e, hint);
    if (!generic) check_non_generic(c, t, x);
    if (x->mode != MODE_INVALID && x->mode != MODE_NOVALUE && !finite_size(c, x->type)) {
        x->mode = MODE_INVALID;
        x->type = BASIC(INVALID);
    }
    record_operand(c, x);
    return class;
}

enum {
    NOT_NOVALUE = 1 << MODE_NOVALUE,
    NOT_BUILTIN = 1 << MODE_BUILTIN,
    NOT_TYPE = 1 << MODE_TYPE,
    VALUES_ONLY = NOT_NOVALUE | NOT_BUILTIN | NOT_TYPE
};

void check_exclude(Check *c, Operand *x, unsigned modes) {
    if (!(modes >> x->mode & 1)) return;
    const char *text = "%O is not an expression";
    if (x->mode == MODE_NOVALUE)
        text = modes & NOT_TYPE ? "%O used as value" : "%O used as value or type";
    if (x->mode == MODE_BUILTIN) text = "%O must be called";
    check_error(c, at_operand(x), text, x);
    x->mode = MODE_INVALID;
}

void check_single_value(Check *c, Operand *x) {
    if (x->mode != MODE_VALUE || !is_kind(x->type, TYPE_TUPLE)) return;
    check_error(c, at_operand(x), "multiple-value %O in single-value context", x);
    x->mode = MODE_INVALID;
}

void check_expr(Check *c, const Target *t, Operand *x, Expr *e) {
    raw_expr(c, t, x, e, NULL, false);
    check_exclude(c, x, VALUES_ONLY);
    check_single_value(c, x);
}

void check_generic_expr(Check *c, Operand *x, Expr *e) {
    raw_expr(c, NULL, x, e, NULL, true);
    check_exclude(c, x, VALUES_ONLY);
    check_single_value(c, x);
}

void check_expr_hint(Check *c, Operand *x, Expr *e, Type *hint) {
    raw_expr(c, NULL, x, e, hint, false);
    check_exclude(c, x, VALUES_ONLY);
    check_single_value(c, x);
}

void check_expr_or_type(Check *c, Operand *x, Expr *e, bool generic) {
    raw_expr(c, NULL, x, e, NULL, generic);
    check_exclude(c, x, NOT_NOVALUE);
    check_single_value(c, x);
}

static Operand *operand_new(Check *c, Mode mode, Expr *e, Type *t) {
    Operand *x = NEW(c->local, Operand);
    *x = (Operand){.mode = mode, .expr = e, .type = t};
    return x;
}

void check_multi_expr(Check *c, Expr *e, bool comma_ok, OperandVec *out, bool *was_comma_ok) {
    Operand *x = operand_new(c, MODE_INVALID, e, NULL);
    *was_comma_ok = false;
    raw_expr(c, NULL, x, e, NULL, false);
    check_exclude(c, x, VALUES_ONLY);
    if (x->mode != MODE_INVALID && is_kind(x->type, TYPE_TUPLE)) {
        for (uint32_t i = 0; i < x->type->tuple.vars.len; i++)
            vec_push(c->local, out, operand_new(c, MODE_VALUE, e, x->type->tuple.vars.v[i]->type));
        return;
    }
    vec_push(c->local, out, x);
    if (!comma_ok ||
        (x->mode != MODE_MAPINDEX && x->mode != MODE_COMMAOK && x->mode != MODE_COMMAERR))
        return;
    Type *second = x->mode == MODE_COMMAERR ? c->env->error_type : BASIC(UNTYPED_BOOL);
    vec_push(c->local, out, operand_new(c, MODE_VALUE, e, second));
    *was_comma_ok = true;
}

void check_expr_list(Check *c, ExprList list, OperandVec *out) {
    bool comma_ok;
    if (list.len == 1) {
        check_multi_expr(c, list.v[0], false, out, &comma_ok);
        return;
    }
    for (uint32_t i = 0; i < list.len; i++) {
        Operand *x = operand_new(c, MODE_INVALID, NULL, NULL);
        check_expr(c, NULL, x, list.v[i]);
        vec_push(c->local, out, x);
    }
}

Target *target_new(Check *c, Type *t, Str desc) {
    Type *sig = t ? under_as(t, TYPE_SIGNATURE) : NULL;
    if (!sig) return NULL;
    Target *target = NEW(c->local, Target);
    *target = (Target){sig, desc};
    return target;
}
