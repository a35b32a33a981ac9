// go/types/constant_literal.c: numbers as they are written. A float is read twice, as go/constant
// does: roughly, to see whether its exponent is small, then exactly as a fraction if so. The rough
// value is the result otherwise, so it is computed with the same intermediate precisions.
#include "go/types/constant_internal.h"

typedef struct Numeral {
    char *digits; // NUL-terminated, without prefix, point and underscores
    size_t count;
    int base;
    int64_t fraction; // how many of the digits stand behind the point
    int64_t exp;
    bool exp_is_binary; // a p exponent, else e
} Numeral;

static int digit_value(char c) {
    if ('0' <= c && c <= '9') return c - '0';
    c |= 0x20;
    return 'a' <= c && c <= 'f' ? c - 'a' + 10 : 16;
}

static int prefix_base(Str text) {
    if (text.len < 2 || text.ptr[0] != '0') return 10;
    switch (text.ptr[1] | 0x20) {
    case 'b': return 2;
    case 'o': return 8;
    case 'x': return 16;
    default: return 10;
    }
}

// Digits with underscores between them (a prefix counts as a digit) and, if allowed, a point.
static bool read_mantissa(Str *text, bool point_allowed, Numeral *n) {
    bool digit_before = n->base != 10, seen_point = false;
    size_t i = 0;
    for (; i < text->len; i++) {
        char c = text->ptr[i];
        if (c == '_') {
            if (!digit_before) return false;
            digit_before = false;
        } else if (c == '.' && point_allowed && !seen_point) {
            if (i && text->ptr[i - 1] == '_') return false;
            seen_point = true;
            digit_before = false;
        } else if (digit_value(c) < n->base) {
            n->digits[n->count++] = c;
            n->fraction += seen_point;
            digit_before = true;
        } else {
            break;
        }
    }
    if (i && text->ptr[i - 1] == '_') return false;
    n->digits[n->count] = '\0';
    *text = str_from(*text, i);
    return n->count > 0;
}

static bool read_exponent(Str text, Numeral *n) {
    if (!text.len) return true;
    char c = text.ptr[0] | 0x20;
    if (c != 'e' && c != 'p') return false;
    n->exp_is_binary = c == 'p';
    text = str_from(text, 1);
    bool negative = text.len && text.ptr[0] == '-', digit_before = false;
    if (negative || (text.len && text.ptr[0] == '+')) text = str_from(text, 1);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '_' && digit_before) {
            digit_before = false;
            continue;
        }
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
        digit_before = true;
        if (__builtin_mul_overflow(n->exp, 10, &n->exp)) return false;
        if (__builtin_add_overflow(n->exp, text.ptr[i] - '0', &n->exp)) return false;
    }
    if (negative) n->exp = -n->exp;
    return digit_before;
}

static bool read_numeral(Arena *scratch, Str text, bool is_float, Numeral *n) {
    *n = (Numeral){.base = prefix_base(text), .digits = NEW_ARRAY(scratch, char, text.len + 1)};
    if (n->base != 10)
        text = str_from(text, 2);
    else if (!is_float && text.len > 1 && text.ptr[0] == '0')
        n->base = 8; // 0755
    if (!read_mantissa(&text, is_float, n)) return false;
    return is_float ? read_exponent(text, n) : text.len == 0;
}

// Most literals are small: those are read without GMP. False: it has digits outside the base, or
// does not fit.
static bool small_numeral(const Numeral *n, int64_t *value) {
    int64_t x = 0;
    for (size_t i = 0; i < n->count; i++) {
        int digit = digit_value(n->digits[i]);
        if (digit >= n->base || __builtin_mul_overflow(x, n->base, &x) ||
            __builtin_add_overflow(x, digit, &x))
            return false;
    }
    *value = x;
    return true;
}

// The digit's value in base 16; 16: it is none.
static unsigned hex_digit(uint8_t c) {
    if ((uint8_t)(c - '0') < 10) return (unsigned)(c - '0');
    c |= 0x20;
    return (uint8_t)(c - 'a') < 6 ? (unsigned)(c - 'a') + 10 : 16;
}

bool const_small_literal(Str text, int64_t *value) {
    bool hex = text.len > 2 && text.ptr[0] == '0' && (text.ptr[1] | 0x20) == 'x';
    if (!text.len || text.len > 15 || (!hex && text.ptr[0] == '0' && text.len > 1)) return false;
    unsigned base = hex ? 16 : 10;
    int64_t v = 0;
    for (size_t i = hex ? 2 : 0; i < text.len; i++) {
        unsigned digit = hex_digit((uint8_t)text.ptr[i]);
        if (digit >= base) return false;
        v = v * base + digit;
    }
    *value = v;
    return true;
}

Const *integer_literal(Arena *a, Str text) {
    int64_t small;
    if (const_small_literal(text, &small)) return const_i64(a, small);
    ArenaMark mark = arena_mark(a);
    Numeral n;
    bool ok = read_numeral(a, text, false, &n);
    if (ok && small_numeral(&n, &small)) {
        arena_pop_to(mark);
        return const_i64(a, small);
    }
    mpz_t z;
    mpz_init(z);
    ok = ok && mpz_set_str(z, n.digits, n.base) == 0;
    arena_pop_to(mark);
    Const *c = ok ? make_integer(a, z) : const_none();
    mpz_clear(z);
    return c;
}

// The number is mantissa * 2^two * 5^five. False: an exponent does not fit.
static bool exponents(const Numeral *n, int64_t *two, int64_t *five) {
    int64_t bits = n->base == 16 ? 4 : n->base == 8 ? 3 : 1;
    *two = -n->fraction * bits;
    *five = n->base == 10 ? -n->fraction : 0;
    if (__builtin_add_overflow(*two, n->exp, two)) return false;
    return n->exp_is_binary || !__builtin_add_overflow(*five, n->exp, five);
}

// p = 5^n, each product rounded to p's bits. The squares carry 64 bits more.
static void power_of_five(mpfr_t p, uint64_t n) {
    static const uint64_t largest_exponent = 27; // 5^27 is the largest power in 64 bits
    uint64_t first = MIN(n, largest_exponent), value = 1;
    for (uint64_t i = 0; i < first; i++) value *= 5;
    mpfr_set_ui(p, value, MPFR_RNDN);
    n -= first;
    if (!n) return;
    mpfr_t square;
    mpfr_init2(square, mpfr_get_prec(p) + 64);
    mpfr_set_ui(square, 5, MPFR_RNDN);
    for (; n; n >>= 1) {
        if (n & 1) mpfr_mul(p, p, square, MPFR_RNDN);
        mpfr_sqr(square, square, MPFR_RNDN);
    }
    mpfr_clear(square);
}

// The 512-bit value. False: the exponent is out of all range.
static bool rough_value(FloatTemp *out, const Numeral *n, const mpz_t mantissa) {
    float_zero(out);
    if (mpz_sgn(mantissa) == 0) return true;
    int64_t two, five, exp2;
    if (!exponents(n, &two, &five)) return false;
    size_t bits = mpz_sizeinbase(mantissa, 2);
    if (__builtin_add_overflow(two, (int64_t)bits, &exp2)) return false;
    if (exp2 < INT32_MIN || exp2 > INT32_MAX) return false;
    mpfr_t m, power;
    mpfr_init2(m, (mpfr_prec_t)MAX(bits, (size_t)64));
    mpfr_set_z_2exp(m, mantissa, two, MPFR_RNDN); // exact
    mpfr_init2(power, FLOAT_BITS + 64);
    power_of_five(power, five < 0 ? -(uint64_t)five : (uint64_t)five);
    if (five < 0)
        mpfr_div(out->x, m, power, MPFR_RNDN);
    else
        mpfr_mul(out->x, m, power, MPFR_RNDN);
    mpfr_clear(power);
    mpfr_clear(m);
    return true;
}

// The exact value. False: it would take too much room.
static bool exact_value(mpq_t q, const Numeral *n, const mpz_t mantissa) {
    int64_t two, five;
    mpq_set_z(q, mantissa);
    if (mpz_sgn(mantissa) == 0) return true;
    if (!exponents(n, &two, &five)) return false;
    if (five < -1000000 || five > 1000000 || two < -10000000 || two > 10000000) return false;
    if (five) {
        mpz_t power;
        mpz_init(power);
        mpz_ui_pow_ui(power, 5, (unsigned long)(five < 0 ? -five : five));
        mpz_ptr part = five < 0 ? mpq_denref(q) : mpq_numref(q);
        mpz_mul(part, part, power);
        mpz_clear(power);
    }
    mpz_ptr part = two < 0 ? mpq_denref(q) : mpq_numref(q);
    mpz_mul_2exp(part, part, (mp_bitcnt_t)(two < 0 ? -two : two));
    mpq_canonicalize(q);
    return true;
}

// What a rough value underflows to is exactly 0.
static bool underflows(const FloatTemp *rough) {
    return mpfr_zero_p(rough->x) || mpfr_get_exp(rough->x) < INT32_MIN;
}

static Const *number_literal(Arena *a, const Numeral *n, const mpz_t mantissa) {
    FloatTemp rough;
    if (!rough_value(&rough, n, mantissa)) return const_none();
    bool zero = underflows(&rough);
    mpfr_exp_t exp = zero ? 0 : mpfr_get_exp(rough.x);
    if (exp <= -RATIO_BITS || exp >= RATIO_BITS) return make_float(a, &rough);
    mpq_t q;
    mpq_init(q);
    bool exact = zero || exact_value(q, n, mantissa);
    Const *c = exact ? make_ratio_only(a, q) : make_float(a, &rough);
    mpq_clear(q);
    return c;
}

Const *float_literal(Arena *a, Str text) {
    ArenaMark mark = arena_mark(a);
    Numeral n;
    mpz_t mantissa;
    mpz_init(mantissa);
    bool ok = read_numeral(a, text, true, &n) && mpz_set_str(mantissa, n.digits, n.base) == 0;
    arena_pop_to(mark);
    Const *c = ok ? number_literal(a, &n, mantissa) : const_none();
    mpz_clear(mantissa);
    return c;
}
