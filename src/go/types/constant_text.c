// go/types/constant_text.c: strings, and every value as text. "a" + "b" + ... of any length costs
// no more than its bytes: the parts are joined once, when somebody looks.
#include <inttypes.h>
#include <math.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "go/types/constant_internal.h"

// ---- strings

static Const *text_new(Arena *a, Text text) {
    Const *c = const_new(a, FORM_STRING);
    c->text = arena_copy(a, &text, sizeof text, alignof(Text));
    return c;
}

Const *const_string(Arena *a, Str s) {
    Text text = {.len = s.len, .home = a};
    atomic_init(&text.flat, s.ptr ? s.ptr : "");
    return text_new(a, text);
}

Const *text_concat(Arena *a, Const *x, Const *y) {
    if (!x->text->len) return y;
    if (!y->text->len) return x;
    if (y->text->len > TEXT_LIMIT - MIN(x->text->len, TEXT_LIMIT)) return const_none();
    Text text = {.len = x->text->len + y->text->len, .home = a};
    text.left = x->text;
    text.right = y->text;
    return text_new(a, text);
}

// Fills the bytes from the end: right parts first, so that a + b + c + ..., which leans to the
// left, needs no room to remember.
static void text_join(const Text *root, char *bytes) {
    Arena *scratch = arena_new("constant");
    VEC(const Text *) todo = {0};
    vec_push(scratch, &todo, root);
    size_t end = root->len;
    while (todo.len) {
        const Text *t = vec_pop(&todo);
        const char *flat = atomic_load_explicit(&t->flat, memory_order_acquire);
        if (flat) {
            end -= t->len;
            memcpy(bytes + end, flat, t->len);
        } else {
            vec_push(scratch, &todo, t->left);
            vec_push(scratch, &todo, t->right);
        }
    }
    arena_free(scratch);
}

Str const_string_value(Arena *a, Const *c) {
    if (form_of(c) != FORM_STRING) return (Str){0};
    Text *t = c->text;
    const char *flat = atomic_load_explicit(&t->flat, memory_order_acquire);
    if (flat) return (Str){flat, t->len};
    char *bytes = NEW_ARRAY(a, char, t->len);
    text_join(t, bytes);
    if (t->home == a) atomic_store_explicit(&t->flat, bytes, memory_order_release);
    return (Str){bytes, t->len};
}

size_t const_string_len(const Const *c) { return form_of(c) == FORM_STRING ? c->text->len : 0; }

// ---- numbers as text

static void write_integer(Buf *b, const Const *c) {
    if (c->form == FORM_I64) {
        buf_i64(b, c->i);
        return;
    }
    BigView v;
    big_view(&v, c);
    size_t room = mpz_sizeinbase(v.z, 10) + 2;
    char *digits = buf_room(b, room);
    mpz_get_str(digits, 10, v.z);
    b->len += strlen(digits);
}

// The fewest digits that give x back, laid out as Go's %g: an exponent below -4 or above 5.
static void write_shortest(Buf *b, double x) {
    char digits[40];
    int precision = 0;
    do snprintf(digits, sizeof digits, "%.*e", precision, x);
    while (strtod(digits, NULL) != x && ++precision < 17);
    char *e = strchr(digits, 'e');
    int exp = (int)strtol(e + 1, NULL, 10);
    if (exp < -4 || exp >= 6)
        buf_c(b, digits);
    else
        buf_fmt(b, "%.*f", MAX(precision - exp, 0), x);
}

// Beyond double's range: mantissa and decimal exponent, computed in doubles like go/constant.
static void write_giant(Buf *b, const FloatTemp *t) {
    FloatTemp mantissa = *t;
    mpfr_custom_init_set(mantissa.x, mpfr_custom_get_kind(t->x), 0, FLOAT_BITS, mantissa.limbs);
    double m = mpfr_get_d(mantissa.x, MPFR_RNDN);
    // The factor is log10(2).
    double decimal = (double)mpfr_get_exp(t->x) * 0.30102999566398119521;
    int64_t e = (int64_t)decimal;
    m *= pow(10, decimal - (double)e);
    if (fabs(m) < 1 - 0.5e-6) {
        m *= 10;
        e--;
    } else if (fabs(m) >= 10) {
        m /= 10;
        e++;
    }
    buf_fmt(b, "%.6ge%+" PRId64, m, e);
}

static void write_float(Buf *b, const Const *c) {
    FloatTemp t;
    float_load(&t, c);
    double x = mpfr_get_d(t.x, MPFR_RNDN);
    if (isinf(x) || (x == 0) != mpfr_zero_p(t.x)) {
        write_giant(b, &t);
        return;
    }
    size_t start = b->len;
    buf_fmt(b, "%.6g", x);
    Str written = str_from(buf_view(b), start);
    if (mpfr_integer_p(t.x) || str_find_byte(written, '.') != STR_NONE) return;
    b->len = start; // six digits hide that it is no integer
    write_shortest(b, x);
}

static void write_ratio_exact(Buf *b, const Const *c) {
    Const num = {.form = FORM_BIG, .big = c->ratio->num}, den = num;
    den.big = c->ratio->den;
    write_integer(b, &num);
    bool integral = den.big.size == 1 && den.big.limbs[0] == 1;
    if (integral) return;
    buf_byte(b, '/');
    write_integer(b, &den);
}

// 0x.8p+1: the mantissa in [1/2, 1) in hexadecimal, a decimal exponent of 2.
static void write_float_exact(Buf *b, const Float *f) {
    if (f->kind == MPFR_ZERO_KIND) {
        buf_byte(b, '0');
        return;
    }
    buf_c(b, f->kind < 0 ? "-0x." : "0x.");
    for (int i = FLOAT_LIMBS - 1; i >= 0; i--) buf_fmt(b, "%016" PRIx64, (uint64_t)f->limbs[i]);
    while (b->ptr[b->len - 1] == '0') b->len--;
    buf_fmt(b, "p%+" PRId64, (int64_t)f->exp);
}

// ---- values as text

// At most 72 runes with the quotes, else 69 and three dots.
static void write_text_cut(Arena *a, Buf *b, Const *c) {
    enum { MOST = 72 };
    // A rune is at most 10 characters of source and one of text: more bytes cannot matter.
    Str s = str_to(const_string_value(a, c), 4 * MOST);
    Buf quoted = buf_new(a);
    buf_quote(&quoted, s);
    Str q = buf_view(&quoted);
    if (utf8_count(q) <= MOST) {
        buf_str(b, q);
        return;
    }
    uint32_t width, n = 0;
    size_t end = 0;
    for (; n < MOST - 3; n++, end += width) utf8_decode(str_from(q, end), &width);
    buf_str(b, str_to(q, end));
    buf_c(b, "...");
}

static void write_value(Arena *a, Buf *b, Const *c, bool exact) {
    switch (form_of(c)) {
    case FORM_UNKNOWN: buf_c(b, "unknown"); return;
    case FORM_BOOL: buf_c(b, c->b ? "true" : "false"); return;
    case FORM_STRING:
        if (exact)
            buf_quote(b, const_string_value(a, c));
        else
            write_text_cut(a, b, c);
        return;
    case FORM_I64:
    case FORM_BIG: write_integer(b, c); return;
    case FORM_RATIO:
        if (exact)
            write_ratio_exact(b, c);
        else
            write_float(b, c);
        return;
    case FORM_FLOAT:
        if (exact)
            write_float_exact(b, c->flt);
        else
            write_float(b, c);
        return;
    case FORM_COMPLEX:
        buf_byte(b, '(');
        write_value(a, b, c->complex.re, exact);
        buf_c(b, " + ");
        write_value(a, b, c->complex.im, exact);
        buf_c(b, "i)");
        return;
    }
    BUG("form of constant %d", (int)c->form);
}

Str const_str(Arena *a, Const *c) {
    Buf b = buf_new(a);
    write_value(a, &b, c, false);
    return buf_view(&b);
}

Str const_exact_str(Arena *a, Const *c) {
    Buf b = buf_new(a);
    write_value(a, &b, c, true);
    return buf_view(&b);
}
