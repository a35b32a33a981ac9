// go/types/constant.c: what a constant is: making values, asking about them, changing their kind.
// When a value is an integer, a fraction or a float decides how it prints and whether it is exact,
// so the rules are those of go/constant, step by step.
#include "go/types/constant.h"

#include <math.h>

#include "go/types/constant_internal.h"

const Const const_unknown = {.form = FORM_UNKNOWN};
static Const unknown = {.form = FORM_UNKNOWN}; // the same, for results, which are not const

Const *const_none(void) { return &unknown; }

Const *const_new(Arena *a, Form form) {
    Const *c = NEW(a, Const);
    c->form = form;
    return c;
}

ConstKind const_kind(const Const *c) {
    switch (form_of(c)) {
    case FORM_UNKNOWN: return CONST_UNKNOWN;
    case FORM_BOOL: return CONST_BOOL;
    case FORM_STRING: return CONST_STRING;
    case FORM_I64:
    case FORM_BIG: return CONST_INT;
    case FORM_RATIO:
    case FORM_FLOAT: return CONST_FLOAT;
    case FORM_COMPLEX: return CONST_COMPLEX;
    }
    BUG("form of constant %d", (int)c->form);
}

// ---- between GMP's and MPFR's variables and the arena

Big big_copy(Arena *a, const mpz_t z) {
    static const mp_limb_t zero; // GMP reads the first limb even of a 0
    mp_size_t n = (mp_size_t)mpz_size(z);
    if (!n) return (Big){&zero, 0};
    size_t bytes = (size_t)n * sizeof(mp_limb_t);
    const mp_limb_t *limbs = arena_copy(a, mpz_limbs_read(z), bytes, alignof(mp_limb_t));
    return (Big){limbs, mpz_sgn(z) < 0 ? -n : n};
}

void big_view(BigView *v, const Const *integer) {
    if (form_of(integer) == FORM_BIG) {
        mpz_roinit_n(v->z, integer->big.limbs, integer->big.size);
        return;
    }
    int64_t i = integer->i;
    v->small = i < 0 ? -(mp_limb_t)i : (mp_limb_t)i;
    mpz_roinit_n(v->z, &v->small, i < 0 ? -1 : i > 0);
}

void ratio_view(mpq_t q, const Const *ratio) {
    const Ratio *r = ratio->ratio;
    mpz_roinit_n(mpq_numref(q), r->num.limbs, r->num.size);
    mpz_roinit_n(mpq_denref(q), r->den.limbs, r->den.size);
}

void float_zero(FloatTemp *t) {
    // Every computation starts here: MPFR's range of exponents, one a thread, is as wide as it can
    // be, so that make_float alone decides what is too large or too small.
    mpfr_set_emin(mpfr_get_emin_min());
    mpfr_set_emax(mpfr_get_emax_max());
    mpfr_custom_init(t->limbs, FLOAT_BITS);
    mpfr_custom_init_set(t->x, MPFR_ZERO_KIND, 0, FLOAT_BITS, t->limbs);
}

void float_load(FloatTemp *t, const Const *number) {
    float_zero(t);
    Form form = form_of(number);
    if (form == FORM_I64 || form == FORM_BIG) {
        BigView v;
        big_view(&v, number);
        mpfr_set_z(t->x, v.z, MPFR_RNDN);
    } else if (form == FORM_RATIO) {
        mpq_t q;
        ratio_view(q, number);
        mpfr_set_q(t->x, q, MPFR_RNDN);
    } else if (form == FORM_FLOAT) {
        memcpy(t->limbs, number->flt->limbs, sizeof t->limbs);
        mpfr_custom_init_set(t->x, number->flt->kind, number->flt->exp, FLOAT_BITS, t->limbs);
    }
}

Const *make_float(Arena *a, const FloatTemp *t) {
    if (mpfr_nan_p(t->x) || mpfr_inf_p(t->x)) return const_none();
    bool zero = mpfr_zero_p(t->x);
    if (!zero && mpfr_get_exp(t->x) > INT32_MAX) return const_none();
    if (!zero && mpfr_get_exp(t->x) < INT32_MIN) zero = true; // go/constant's floats end there
    Float *f = NEW(a, Float);
    f->kind = MPFR_ZERO_KIND; // there is no -0
    if (!zero) {
        f->kind = mpfr_custom_get_kind(t->x);
        f->exp = mpfr_get_exp(t->x);
        memcpy(f->limbs, t->limbs, sizeof f->limbs);
    }
    Const *c = const_new(a, FORM_FLOAT);
    c->flt = f;
    return c;
}

static Big limbs_copy(Arena *a, Big big) {
    size_t n = (size_t)(big.size < 0 ? -big.size : big.size);
    big.limbs = arena_copy(a, big.limbs, MAX(n, 1) * sizeof(mp_limb_t), alignof(mp_limb_t));
    return big;
}

Const *const_copy(Arena *a, Const *old) { // flat switch
    if (form_of(old) == FORM_UNKNOWN) return const_none();
    if (old->form == FORM_STRING) return const_string(a, str_copy(a, const_string_value(a, old)));
    Const *c = arena_copy(a, old, sizeof *old, alignof(Const));
    switch (c->form) {
    case FORM_UNKNOWN:
    case FORM_STRING:
    case FORM_BOOL:
    case FORM_I64: return c;
    case FORM_BIG: c->big = limbs_copy(a, old->big); return c;
    case FORM_RATIO: {
        Ratio r = {limbs_copy(a, old->ratio->num), limbs_copy(a, old->ratio->den)};
        c->ratio = arena_copy(a, &r, sizeof r, alignof(Ratio));
        return c;
    }
    case FORM_FLOAT: c->flt = arena_copy(a, old->flt, sizeof(Float), alignof(Float)); return c;
    case FORM_COMPLEX:
        c->complex.re = const_copy(a, old->complex.re);
        c->complex.im = const_copy(a, old->complex.im);
        return c;
    }
    BUG("form of constant %d", (int)c->form);
}

Const *make_integer(Arena *a, const mpz_t z) {
    if (mpz_fits_slong_p(z)) return const_i64(a, mpz_get_si(z));
    Const *c = const_new(a, FORM_BIG);
    c->big = big_copy(a, z);
    return c;
}

Const *make_ratio_only(Arena *a, const mpq_t q) {
    Ratio *r = NEW(a, Ratio);
    r->num = big_copy(a, mpq_numref(q));
    r->den = big_copy(a, mpq_denref(q));
    Const *c = const_new(a, FORM_RATIO);
    c->ratio = r;
    return c;
}

static bool small_integer(const mpz_t z) {
    return mpz_sgn(z) == 0 || mpz_sizeinbase(z, 2) < RATIO_BITS;
}

Const *make_ratio(Arena *a, const mpq_t q) {
    if (small_integer(mpq_numref(q)) && small_integer(mpq_denref(q))) return make_ratio_only(a, q);
    FloatTemp t;
    float_zero(&t);
    mpfr_set_q(t.x, q, MPFR_RNDN);
    return make_float(a, &t);
}

Const *make_complex(Arena *a, Const *re, Const *im) {
    if (form_of(re) == FORM_UNKNOWN || form_of(im) == FORM_UNKNOWN) return const_none();
    Const *c = const_new(a, FORM_COMPLEX);
    c->complex.re = re;
    c->complex.im = im;
    return c;
}

// ---- making values

Const *const_bool(Arena *a, bool v) {
    Const *c = const_new(a, FORM_BOOL);
    c->b = v;
    return c;
}

Const *const_i64(Arena *a, int64_t v) {
    Const *c = const_new(a, FORM_I64);
    c->i = v;
    return c;
}

Const *const_u64(Arena *a, uint64_t v) {
    if (v <= INT64_MAX) return const_i64(a, (int64_t)v);
    Const *c = const_new(a, FORM_BIG);
    mp_limb_t limb = v;
    c->big = (Big){arena_copy(a, &limb, sizeof limb, alignof(mp_limb_t)), 1};
    return c;
}

Const *const_f64(Arena *a, double v) {
    if (!isfinite(v)) return const_none();
    mpq_t q; // every double is a small enough fraction
    mpq_init(q);
    mpq_set_d(q, v);
    Const *c = make_ratio_only(a, q);
    mpq_clear(q);
    return c;
}

static bool is_real(Form f) { return f >= FORM_I64 && f <= FORM_FLOAT; }

Const *const_imag(Arena *a, Const *x) {
    return is_real(form_of(x)) ? make_complex(a, const_i64(a, 0), x) : const_none();
}

// ---- questions

bool const_bool_value(const Const *c) { return form_of(c) == FORM_BOOL && c->b; }

bool const_to_i64_exact(const Const *c, int64_t *out) {
    if (form_of(c) != FORM_I64) return false;
    *out = c->i;
    return true;
}

bool const_to_u64_exact(const Const *c, uint64_t *out) {
    if (form_of(c) == FORM_I64 && c->i >= 0) {
        *out = (uint64_t)c->i;
        return true;
    }
    if (form_of(c) != FORM_BIG || c->big.size != 1) return false;
    *out = c->big.limbs[0];
    return true;
}

// A value that rounds to every shorter format as the exact one does: a fraction's first 512 bits
// with the last one set when something was cut off.
static void load_for_rounding(FloatTemp *t, const Const *c) {
    float_load(t, c);
    if (form_of(c) != FORM_RATIO) return;
    mpq_t q;
    ratio_view(q, c);
    if (mpfr_set_q(t->x, q, MPFR_RNDZ)) t->limbs[0] |= 1;
}

double const_to_f64(const Const *c) {
    if (!is_real(form_of(c))) return 0;
    if (c->form == FORM_I64) return (double)c->i;
    FloatTemp t;
    load_for_rounding(&t, c);
    return mpfr_get_d(t.x, MPFR_RNDN);
}

float const_to_f32(const Const *c) {
    if (!is_real(form_of(c))) return 0;
    if (c->form == FORM_I64) return (float)c->i;
    FloatTemp t;
    load_for_rounding(&t, c);
    return mpfr_get_flt(t.x, MPFR_RNDN);
}

uint32_t const_bit_len(const Const *c) {
    if (form_of(c) == FORM_I64) {
        uint64_t size = c->i < 0 ? -(uint64_t)c->i : (uint64_t)c->i;
        return size ? 64 - (uint32_t)__builtin_clzll(size) : 0;
    }
    if (form_of(c) != FORM_BIG) return 0;
    BigView v;
    big_view(&v, c);
    return (uint32_t)mpz_sizeinbase(v.z, 2);
}

int const_sign(const Const *c) {
    switch (form_of(c)) {
    case FORM_I64: return (c->i > 0) - (c->i < 0);
    case FORM_BIG: return c->big.size < 0 ? -1 : 1;
    case FORM_RATIO: return (c->ratio->num.size > 0) - (c->ratio->num.size < 0);
    case FORM_FLOAT:
        if (c->flt->kind == MPFR_ZERO_KIND) return 0;
        return c->flt->kind < 0 ? -1 : 1;
    case FORM_COMPLEX: return const_sign(c->complex.re) | const_sign(c->complex.im);
    case FORM_UNKNOWN: // so that it is never taken for a division by zero
    case FORM_BOOL:
    case FORM_STRING: return 1;
    }
    BUG("form of constant %d", (int)c->form);
}

Const *const_real(Arena *a, Const *c) {
    (void)a;
    if (is_real(form_of(c))) return c;
    return form_of(c) == FORM_COMPLEX ? c->complex.re : const_none();
}

Const *const_imag_part(Arena *a, Const *c) {
    if (is_real(form_of(c))) return const_i64(a, 0);
    return form_of(c) == FORM_COMPLEX ? c->complex.im : const_none();
}

// ---- from one kind to another

static Const *integer_of(Arena *a, mpfr_srcptr x) {
    mpz_t z;
    mpz_init(z);
    mpfr_get_z(z, x, MPFR_RNDZ);
    Const *c = make_integer(a, z);
    mpz_clear(z);
    return c;
}

// A float that is an integer but for its last four bits is taken for one: they are the rounding
// errors of the computation before. Down is tried first.
static Const *float_to_int(Arena *a, const Const *c) {
    if (c->flt->kind == MPFR_ZERO_KIND) return const_i64(a, 0);
    if (c->flt->exp <= -RATIO_BITS || c->flt->exp >= RATIO_BITS) return const_none();
    FloatTemp t;
    float_load(&t, c);
    if (mpfr_integer_p(t.x)) return integer_of(a, t.x);
    static const mpfr_rnd_t modes[] = {MPFR_RNDZ, MPFR_RNDA};
    for (size_t i = 0; i < COUNT(modes); i++) {
        FloatTemp near;
        float_load(&near, c);
        mpfr_prec_round(near.x, FLOAT_BITS - 4, modes[i]); // shorter: works in place
        if (mpfr_integer_p(near.x)) return integer_of(a, near.x);
    }
    return const_none();
}

static Const *ratio_to_int(Arena *a, const Const *c) {
    mpq_t q;
    ratio_view(q, c);
    if (mpz_cmp_ui(mpq_denref(q), 1) != 0) return const_none();
    return make_integer(a, mpq_numref(q));
}

Const *const_to_int(Arena *a, Const *c) {
    switch (form_of(c)) {
    case FORM_I64:
    case FORM_BIG: return c;
    case FORM_RATIO: return ratio_to_int(a, c);
    case FORM_FLOAT: return float_to_int(a, c);
    case FORM_COMPLEX: {
        Const *re = const_to_float(a, c);
        return const_kind(re) == CONST_FLOAT ? const_to_int(a, re) : const_none();
    }
    case FORM_UNKNOWN:
    case FORM_BOOL:
    case FORM_STRING: return const_none();
    }
    BUG("form of constant %d", (int)c->form);
}

static Const *int_to_float(Arena *a, const Const *c) {
    BigView v;
    big_view(&v, c);
    if (!small_integer(v.z)) {
        FloatTemp t;
        float_load(&t, c);
        return make_float(a, &t);
    }
    mpq_t q;
    mpq_init(q);
    mpq_set_z(q, v.z);
    Const *r = make_ratio_only(a, q);
    mpq_clear(q);
    return r;
}

Const *const_to_float(Arena *a, Const *c) {
    switch (form_of(c)) {
    case FORM_I64:
    case FORM_BIG: return int_to_float(a, c);
    case FORM_RATIO:
    case FORM_FLOAT: return c;
    case FORM_COMPLEX:
        return const_sign(c->complex.im) == 0 ? const_to_float(a, c->complex.re) : const_none();
    case FORM_UNKNOWN:
    case FORM_BOOL:
    case FORM_STRING: return const_none();
    }
    BUG("form of constant %d", (int)c->form);
}

Const *const_to_complex(Arena *a, Const *c) {
    if (is_real(form_of(c))) return make_complex(a, c, const_i64(a, 0));
    return form_of(c) == FORM_COMPLEX ? c : const_none();
}

Const *const_from_literal(Arena *a, Str text, LitKind kind) {
    switch (kind) {
    case LIT_INT: return integer_literal(a, text);
    case LIT_FLOAT: return float_literal(a, text);
    case LIT_IMAG:
        if (!str_cut_suffix(&text, STR("i"))) return const_none();
        return const_imag(a, float_literal(a, text));
    case LIT_RUNE: {
        int32_t rune;
        return syntax_rune_value(text, &rune) ? const_i64(a, rune) : const_none();
    }
    case LIT_STRING: {
        Str s;
        return syntax_unquote(a, text, &s) ? const_string(a, s) : const_none();
    }
    }
    BUG("kind of literal %d", (int)kind);
}
