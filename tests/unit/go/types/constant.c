#include "go/types/constant.h"

#include "harness.h"

static Const *lit(Test *t, const char *text, LitKind kind) {
    return const_from_literal(t->arena, str_c(text), kind);
}

static Const *number(Test *t, const char *text) {
    Const *c = lit(t, text, LIT_INT);
    return const_kind(c) == CONST_UNKNOWN ? lit(t, text, LIT_FLOAT) : c;
}

TEST(const_literals) {
    static const struct {
        const char *name;
        LitKind lit;
        ConstKind kind;
        Str text, exact;
    } rows[] = {
        {"0", LIT_INT, CONST_INT, STR_INIT("0"), STR_INIT("0")},
        {"0755", LIT_INT, CONST_INT, STR_INIT("493"), STR_INIT("493")},
        {"0x_ff", LIT_INT, CONST_INT, STR_INIT("255"), STR_INIT("255")},
        {"09", LIT_INT, CONST_UNKNOWN, STR_INIT("unknown"), STR_INIT("unknown")},
        {"1__0", LIT_INT, CONST_UNKNOWN, STR_INIT("unknown"), STR_INIT("unknown")},
        {"18446744073709551616", LIT_INT, CONST_INT, STR_INIT("18446744073709551616"),
         STR_INIT("18446744073709551616")},
        {"0.1", LIT_FLOAT, CONST_FLOAT, STR_INIT("0.1"), STR_INIT("1/10")},
        {"08.5", LIT_FLOAT, CONST_FLOAT, STR_INIT("8.5"), STR_INIT("17/2")},
        {"1e21", LIT_FLOAT, CONST_FLOAT, STR_INIT("1e+21"), STR_INIT("1000000000000000000000")},
        {"123456.7", LIT_FLOAT, CONST_FLOAT, STR_INIT("123456.7"), STR_INIT("1234567/10")},
        {"0x1p4096", LIT_FLOAT, CONST_FLOAT, STR_INIT("1.04439e+1233"), STR_INIT("0x.8p+4097")},
        {"1e1000000000", LIT_FLOAT, CONST_UNKNOWN, STR_INIT("unknown"), STR_INIT("unknown")},
        {"1e-1000000000", LIT_FLOAT, CONST_FLOAT, STR_INIT("0"), STR_INIT("0")},
        {"1e99999999999999999999", LIT_FLOAT, CONST_UNKNOWN, STR_INIT("unknown"),
         STR_INIT("unknown")},
        {"0123i", LIT_IMAG, CONST_COMPLEX, STR_INIT("(0 + 123i)"), STR_INIT("(0 + 123i)")},
        {"'\\u4e16'", LIT_RUNE, CONST_INT, STR_INIT("19990"), STR_INIT("19990")},
        {"\"a\\tb\"", LIT_STRING, CONST_STRING, STR_INIT("\"a\\tb\""), STR_INIT("\"a\\tb\"")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Const *c = lit(t, rows[i].name, rows[i].lit);
        CHECK_EQ(t, const_kind(c), rows[i].kind);
        CHECK_STR(t, const_str(t->arena, c), rows[i].text);
        CHECK_STR(t, const_exact_str(t->arena, c), rows[i].exact);
    }
}

TEST(const_small_literals) {
    static const struct {
        const char *name;
        bool small;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"42", true, 42},
        {"0xfF", true, 255},
        {"0XAb", true, 171},
        {"999999999999999", true, 999999999999999},
        {"0x7fffffffffffff", false, 0}, // 16 bytes
        {"1234567890123456", false, 0},
        {"0755", false, 0},
        {"08", false, 0},
        {"0b11", false, 0},
        {"0x", false, 0},
        {"0xg", false, 0},
        {"1_0", false, 0},
        {"1a", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        int64_t value = 0;
        CHECK_EQ(t, const_small_literal(str_c(rows[i].name), &value), rows[i].small);
        CHECK_EQ(t, value, rows[i].value);
    }
}

TEST(const_binary_operators) {
    static const struct {
        const char *name, *x, *y;
        Op op;
        bool int_div;
        Str exact;
    } rows[] = {
        {"overflow of int64", "9223372036854775807", "1", OP_ADD, false,
         STR_INIT("9223372036854775808")},
        {"back into int64", "9223372036854775808", "1", OP_SUB, false,
         STR_INIT("9223372036854775807")},
        {"integer division", "7", "2", OP_DIV, true, STR_INIT("3")},
        {"exact division", "7", "2", OP_DIV, false, STR_INIT("7/2")},
        {"division by zero", "7", "0", OP_DIV, true, STR_INIT("unknown")},
        {"remainder by zero", "36893488147419103232", "0", OP_REM, false, STR_INIT("unknown")},
        {"float division by zero", "1.5", "0.0", OP_DIV, false, STR_INIT("unknown")},
        {"and not", "255", "18446744073709551615", OP_ANDNOT, false, STR_INIT("0")},
        {"fraction", "0.1", "0.2", OP_ADD, false, STR_INIT("3/10")},
        {"large fraction", "0x1p4095", "0x1p1", OP_MUL, false, STR_INIT("0x.8p+4097")},
        {"too large", "1e600000000", "1e600000000", OP_MUL, false, STR_INIT("unknown")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Const *c = const_binary(t->arena, number(t, rows[i].x), rows[i].op, number(t, rows[i].y),
                                rows[i].int_div);
        CHECK_STR(t, const_exact_str(t->arena, c), rows[i].exact);
    }
}

TEST(const_conversions) {
    Arena *a = t->arena;
    Const *third = const_binary(a, const_i64(a, 1), OP_DIV, const_i64(a, 3), false);
    CHECK_EQ(t, const_kind(const_to_int(a, third)), CONST_UNKNOWN);
    CHECK(t, const_to_f64(third) == 1.0 / 3);
    CHECK(t, const_to_f32(third) == 1.0f / 3);
    CHECK_EQ(t, const_kind(const_to_int(a, number(t, "2.0"))), CONST_INT);
    // A float that misses an integer by its last bits.
    Const *large = number(t, "0x1p5000"), *x = const_binary(a, large, OP_DIV, large, false);
    CHECK_EQ(t, const_kind(const_to_int(a, x)), CONST_INT);
    int64_t i = 0;
    uint64_t u = 0;
    CHECK(t, !const_to_i64_exact(number(t, "18446744073709551615"), &i));
    CHECK(t, const_to_u64_exact(number(t, "18446744073709551615"), &u) && u == UINT64_MAX);
    CHECK(t, !const_to_u64_exact(const_i64(a, -1), &u));
    Const *wide = const_shift(a, const_i64(a, 1), OP_SHL, 1074);
    CHECK_EQ(t, const_bit_len(wide), 1075);
    CHECK_EQ(t, const_kind(const_shift(a, const_i64(a, 1), OP_SHL, 1000000000)), CONST_UNKNOWN);
    CHECK_STR(t, const_str(a, const_unary(a, OP_XOR, const_i64(a, 5), 8)), STR("250"));
    CHECK_EQ(t, const_kind(const_f64(a, 1e308 * 10)), CONST_UNKNOWN);
    CHECK_EQ(t, const_kind(NULL), CONST_UNKNOWN);
}

TEST(const_complex) {
    Arena *a = t->arena;
    Const *i = const_imag(a, const_i64(a, 1));
    Const *minus_one = const_binary(a, i, OP_MUL, i, false);
    CHECK_STR(t, const_str(a, minus_one), STR("(-1 + 0i)"));
    CHECK_EQ(t, const_kind(const_to_int(a, minus_one)), CONST_INT);
    CHECK(t, const_compare(a, minus_one, OP_EQL, const_i64(a, -1)));
    CHECK(t, !const_same(a, minus_one, const_i64(a, -1)));
    CHECK_EQ(t, const_sign(i) != 0, true);
}

// Chains lean to the left in an expression, to the right through a chain of declarations.
TEST(const_string_chains) {
    enum { PARTS = 200000 };
    Arena *a = t->arena;
    Const *left = const_string(a, STR("")), *right = left, *part = const_string(a, STR("xy"));
    for (int i = 0; i < PARTS; i++) {
        left = const_binary(a, left, OP_ADD, part, false);
        right = const_binary(a, part, OP_ADD, right, false);
    }
    CHECK_EQ(t, const_string_len(left), 2 * PARTS);
    CHECK_EQ(t, const_string_value(a, left).len, 2 * PARTS);
    CHECK(t, const_compare(a, left, OP_EQL, right));
    CHECK(t, const_string_value(a, left).ptr == const_string_value(a, left).ptr);
    // Another arena's caller gets bytes of his own; the value keeps nothing of them.
    Arena *other = arena_new("other");
    Const *fresh = const_binary(a, left, OP_ADD, part, false);
    CHECK(t, const_string_value(other, fresh).ptr != const_string_value(other, fresh).ptr);
    arena_free(other);
    CHECK_EQ(t, const_string_value(a, fresh).len, 2 * PARTS + 2);
}

TEST(const_string_doubling_is_bounded) {
    Arena *a = t->arena;
    Const *s = const_string(a, STR("0123456789abcdef"));
    for (int i = 0; i < 100; i++) s = const_binary(a, s, OP_ADD, s, false);
    CHECK_EQ(t, const_kind(s), CONST_UNKNOWN);
}

TEST(const_string_text_is_cut) {
    Arena *a = t->arena;
    Buf b = buf_new(a);
    for (int i = 0; i < 70; i++) buf_c(&b, "\xe4\xb8\x96");
    Const *fits = const_string(a, str_copy(a, buf_view(&b)));
    CHECK_EQ(t, const_str(a, fits).len, 212);
    buf_c(&b, "!");
    Str cut = const_str(a, const_string(a, buf_view(&b)));
    CHECK_EQ(t, cut.len, 1 + 68 * 3 + 3);
    CHECK(t, str_ends(cut, STR("\xe4\xb8\x96...")));
}
