// go/types/constant_number.c: operators on constants. Two operands are brought to the form of the
// more complex one, and the result to the simplest form its kind allows.
#include "go/types/constant_internal.h"

// Shifts past this many bits give an unknown value; the checker refuses far smaller counts.
#define SHIFT_LIMIT (1u << 20)

static Form common_form(const Const *x, const Const *y) {
    Form fx = form_of(x), fy = form_of(y);
    if (fx == FORM_UNKNOWN || fy == FORM_UNKNOWN) return FORM_UNKNOWN;
    if (fx < FORM_I64 || fy < FORM_I64) return fx == fy ? fx : FORM_UNKNOWN;
    return MAX(fx, fy);
}

// ---- integers

static bool i64_arithmetic(Op op, int64_t x, int64_t y, int64_t *out) {
    if (op == OP_ADD) return !__builtin_add_overflow(x, y, out);
    if (op == OP_SUB) return !__builtin_sub_overflow(x, y, out);
    return !__builtin_mul_overflow(x, y, out);
}

// The quotient of the smallest int64 by -1 wraps around, as it does in go/constant.
static int64_t i64_quotient(int64_t x, int64_t y) {
    return y == -1 ? (int64_t) - (uint64_t)x : x / y;
}

static Const *big_binary(Arena *a, const Const *x, Op op, const Const *y);

static Const *i64_binary(Arena *a, const Const *cx, Op op, const Const *cy) {
    int64_t x = cx->i, y = cy->i, z;
    if (op == OP_ADD || op == OP_SUB || op == OP_MUL)
        return i64_arithmetic(op, x, y, &z) ? const_i64(a, z) : big_binary(a, cx, op, cy);
    if ((op == OP_DIV || op == OP_REM) && y == 0) return const_none();
    if (op == OP_DIV) return const_i64(a, i64_quotient(x, y));
    if (op == OP_REM) return const_i64(a, y == -1 ? 0 : x % y);
    if (op == OP_AND) return const_i64(a, x & y);
    if (op == OP_OR) return const_i64(a, x | y);
    if (op == OP_XOR) return const_i64(a, x ^ y);
    if (op == OP_ANDNOT) return const_i64(a, x & ~y);
    return const_none();
}

static bool big_apply(mpz_t z, const mpz_t x, Op op, const mpz_t y) {
    if ((op == OP_DIV || op == OP_REM) && mpz_sgn(y) == 0) return false;
    if (op == OP_ADD)
        mpz_add(z, x, y);
    else if (op == OP_SUB)
        mpz_sub(z, x, y);
    else if (op == OP_MUL)
        mpz_mul(z, x, y);
    else if (op == OP_DIV)
        mpz_tdiv_q(z, x, y);
    else if (op == OP_REM)
        mpz_tdiv_r(z, x, y);
    else if (op == OP_AND)
        mpz_and(z, x, y);
    else if (op == OP_OR)
        mpz_ior(z, x, y);
    else if (op == OP_XOR)
        mpz_xor(z, x, y);
    else if (op == OP_ANDNOT) {
        mpz_com(z, y);
        mpz_and(z, x, z);
    } else
        return false;
    return true;
}

static Const *big_binary(Arena *a, const Const *x, Op op, const Const *y) {
    BigView vx, vy;
    big_view(&vx, x);
    big_view(&vy, y);
    mpz_t z;
    mpz_init(z);
    Const *c = big_apply(z, vx.z, op, vy.z) ? make_integer(a, z) : const_none();
    mpz_clear(z);
    return c;
}

// ---- fractions and floats

static void load_ratio(mpq_t q, const Const *c) {
    if (form_of(c) == FORM_RATIO) {
        mpq_t view;
        ratio_view(view, c);
        mpq_set(q, view);
        return;
    }
    BigView v;
    big_view(&v, c);
    mpq_set_z(q, v.z);
}

static bool ratio_apply(mpq_t x, Op op, const mpq_t y) {
    if (op == OP_DIV && mpq_sgn(y) == 0) return false;
    if (op == OP_ADD)
        mpq_add(x, x, y);
    else if (op == OP_SUB)
        mpq_sub(x, x, y);
    else if (op == OP_MUL)
        mpq_mul(x, x, y);
    else if (op == OP_DIV)
        mpq_div(x, x, y);
    else
        return false;
    return true;
}

static Const *ratio_binary(Arena *a, const Const *x, Op op, const Const *y) {
    mpq_t qx, qy;
    mpq_init(qx);
    mpq_init(qy);
    load_ratio(qx, x);
    load_ratio(qy, y);
    Const *c = ratio_apply(qx, op, qy) ? make_ratio(a, qx) : const_none();
    mpq_clear(qx);
    mpq_clear(qy);
    return c;
}

static Const *float_binary(Arena *a, const Const *cx, Op op, const Const *cy) {
    FloatTemp x, y, z;
    float_load(&x, cx);
    float_load(&y, cy);
    float_zero(&z);
    if (op == OP_ADD)
        mpfr_add(z.x, x.x, y.x, MPFR_RNDN);
    else if (op == OP_SUB)
        mpfr_sub(z.x, x.x, y.x, MPFR_RNDN);
    else if (op == OP_MUL)
        mpfr_mul(z.x, x.x, y.x, MPFR_RNDN);
    else if (op == OP_DIV)
        mpfr_div(z.x, x.x, y.x, MPFR_RNDN);
    else
        return const_none();
    return make_float(a, &z);
}

// ---- complex numbers: through their parts, each in its own form

static Const *op2(Arena *a, Const *x, Op op, Const *y) { return const_binary(a, x, op, y, false); }

static Const *complex_quotient(Arena *a, const Const *x, const Const *y) {
    Const *p = x->complex.re, *q = x->complex.im, *r = y->complex.re, *s = y->complex.im;
    Const *norm = op2(a, op2(a, r, OP_MUL, r), OP_ADD, op2(a, s, OP_MUL, s));
    if (const_sign(norm) == 0) return const_none();
    Const *re = op2(a, op2(a, p, OP_MUL, r), OP_ADD, op2(a, q, OP_MUL, s));
    Const *im = op2(a, op2(a, q, OP_MUL, r), OP_SUB, op2(a, p, OP_MUL, s));
    return make_complex(a, op2(a, re, OP_DIV, norm), op2(a, im, OP_DIV, norm));
}

static Const *complex_binary(Arena *a, const Const *x, Op op, const Const *y) {
    Const *p = x->complex.re, *q = x->complex.im, *r = y->complex.re, *s = y->complex.im;
    if (op == OP_ADD || op == OP_SUB) return make_complex(a, op2(a, p, op, r), op2(a, q, op, s));
    if (op == OP_DIV) return complex_quotient(a, x, y);
    if (op != OP_MUL) return const_none();
    Const *re = op2(a, op2(a, p, OP_MUL, r), OP_SUB, op2(a, q, OP_MUL, s));
    Const *im = op2(a, op2(a, q, OP_MUL, r), OP_ADD, op2(a, p, OP_MUL, s));
    return make_complex(a, re, im);
}

// ---- operators

static Const *bool_binary(Arena *a, const Const *x, Op op, const Const *y) {
    if (op == OP_ANDAND) return const_bool(a, x->b && y->b);
    return op == OP_OROR ? const_bool(a, x->b || y->b) : const_none();
}

Const *const_binary(Arena *a, Const *x, Op op, Const *y, bool int_div) {
    Form form = common_form(x, y);
    bool fraction = op == OP_DIV && !int_div;
    switch (form) {
    case FORM_UNKNOWN: return const_none();
    case FORM_BOOL: return bool_binary(a, x, op, y);
    case FORM_STRING: return op == OP_ADD ? text_concat(a, x, y) : const_none();
    case FORM_I64: return fraction ? ratio_binary(a, x, op, y) : i64_binary(a, x, op, y);
    case FORM_BIG: return fraction ? ratio_binary(a, x, op, y) : big_binary(a, x, op, y);
    case FORM_RATIO: return ratio_binary(a, x, op, y);
    case FORM_FLOAT: return float_binary(a, x, op, y);
    case FORM_COMPLEX: return complex_binary(a, const_to_complex(a, x), op, const_to_complex(a, y));
    }
    BUG("form of constant %d", (int)form);
}

static Const *negated(Arena *a, Const *x) {
    Form form = form_of(x);
    if (form < FORM_I64) return const_none();
    if (form != FORM_COMPLEX) return op2(a, const_i64(a, 0), OP_SUB, x);
    return make_complex(a, negated(a, x->complex.re), negated(a, x->complex.im));
}

static Const *complemented(Arena *a, const Const *x, uint32_t bits) {
    if (const_kind(x) != CONST_INT) return const_none();
    BigView v;
    big_view(&v, x);
    mpz_t z;
    mpz_init(z);
    mpz_com(z, v.z);
    if (bits) mpz_fdiv_r_2exp(z, z, bits); // an unsigned type has no more
    Const *c = make_integer(a, z);
    mpz_clear(z);
    return c;
}

Const *const_unary(Arena *a, Op op, Const *x, uint32_t bits) {
    if (op == OP_ADD) return form_of(x) >= FORM_I64 ? x : const_none();
    if (op == OP_SUB) return negated(a, x);
    if (op == OP_XOR) return complemented(a, x, bits);
    if (op == OP_NOT && form_of(x) == FORM_BOOL) return const_bool(a, !x->b);
    return const_none();
}

Const *const_shift(Arena *a, Const *x, Op op, uint32_t count) {
    if (const_kind(x) != CONST_INT || (op != OP_SHL && op != OP_SHR)) return const_none();
    if (count == 0) return x;
    if (op == OP_SHL && count > SHIFT_LIMIT && const_sign(x)) return const_none();
    BigView v;
    big_view(&v, x);
    mpz_t z;
    mpz_init(z);
    if (op == OP_SHL)
        mpz_mul_2exp(z, v.z, count);
    else
        mpz_fdiv_q_2exp(z, v.z, count);
    Const *c = make_integer(a, z);
    mpz_clear(z);
    return c;
}

// ---- comparison

static int integer_compare(const Const *x, const Const *y) {
    BigView vx, vy;
    big_view(&vx, x);
    big_view(&vy, y);
    return mpz_cmp(vx.z, vy.z);
}

static int ratio_compare(const Const *x, const Const *y) {
    mpq_t qx, qy;
    mpq_init(qx);
    mpq_init(qy);
    load_ratio(qx, x);
    load_ratio(qy, y);
    int order = mpq_cmp(qx, qy);
    mpq_clear(qx);
    mpq_clear(qy);
    return order;
}

static int float_compare(const Const *cx, const Const *cy) {
    FloatTemp x, y;
    float_load(&x, cx);
    float_load(&y, cy);
    return mpfr_cmp(x.x, y.x);
}

static bool order_is(int order, Op op) {
    if (op == OP_EQL) return order == 0;
    if (op == OP_NEQ) return order != 0;
    if (op == OP_LSS) return order < 0;
    if (op == OP_LEQ) return order <= 0;
    if (op == OP_GTR) return order > 0;
    return op == OP_GEQ && order >= 0;
}

static bool complex_compare(Arena *a, Const *x, Op op, Const *y) {
    Const *zx = const_to_complex(a, x), *zy = const_to_complex(a, y);
    bool equal = const_compare(a, zx->complex.re, OP_EQL, zy->complex.re) &&
                 const_compare(a, zx->complex.im, OP_EQL, zy->complex.im);
    return order_is(!equal, op);
}

bool const_compare(Arena *a, Const *x, Op op, Const *y) {
    Form form = common_form(x, y);
    switch (form) {
    case FORM_UNKNOWN: return false;
    case FORM_BOOL: return order_is(x->b != y->b, op);
    case FORM_STRING:
        return order_is(str_cmp(const_string_value(a, x), const_string_value(a, y)), op);
    case FORM_I64: return order_is((x->i > y->i) - (x->i < y->i), op);
    case FORM_BIG: return order_is(integer_compare(x, y), op);
    case FORM_RATIO: return order_is(ratio_compare(x, y), op);
    case FORM_FLOAT: return order_is(float_compare(x, y), op);
    case FORM_COMPLEX: return complex_compare(a, x, op, y);
    }
    BUG("form of constant %d", (int)form);
}

bool const_same(Arena *a, Const *x, Const *y) {
    if (const_kind(x) != const_kind(y)) return false;
    return const_kind(x) == CONST_UNKNOWN || const_compare(a, x, OP_EQL, y);
}
