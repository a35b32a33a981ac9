// go/types/constant_internal.h: how a constant is kept, for the constant*.c files alone.
//
// GMP and MPFR work on temporaries of their own; results are copied into the arena in the form
// below, and read again through views that borrow the arena's limbs.
#ifndef HEAPWISE_GO_TYPES_CONSTANT_INTERNAL_H
#define HEAPWISE_GO_TYPES_CONSTANT_INTERNAL_H

#include <stdatomic.h>
#include <stdint.h>

#include <gmp.h>
#include <mpfr.h>

#include "go/types/constant.h"

enum {
    FLOAT_BITS = 512,
    FLOAT_LIMBS = FLOAT_BITS / (int)(8 * sizeof(mp_limb_t)),
    RATIO_BITS = 4096, // fractions with larger parts become floats
};
// A string of more bytes is not made: the value is unknown. (The linker would refuse it.)
#define TEXT_LIMIT ((size_t)1 << 28)

// In the order of complexity: an operation works in the higher of its operands' forms.
typedef enum Form {
    FORM_UNKNOWN,
    FORM_BOOL,
    FORM_STRING,
    FORM_I64,
    FORM_BIG,   // an integer outside int64
    FORM_RATIO, // a float that is known exactly
    FORM_FLOAT, // rounded to 512 bits; never goes back to a ratio
    FORM_COMPLEX
} Form;

typedef struct Big {
    const mp_limb_t *limbs;
    mp_size_t size; // negative: a negative number
} Big;

typedef struct Ratio { // in lowest terms, den > 0
    Big num, den;
} Ratio;

typedef struct Float {
    mp_limb_t limbs[FLOAT_LIMBS];
    mpfr_exp_t exp;
    int kind; // MPFR's, negative for a negative number
} Float;

// A string, or the concatenation of two. The joined bytes are made when first asked for; they are
// kept only when they come to live as long as the value, in its own arena.
typedef struct Text {
    _Atomic(const char *) flat; // NULL: not joined yet
    size_t len;
    const struct Text *left, *right; // not empty, neither of them
    Arena *home;
} Text;

struct Const {
    Form form;
    union {
        bool b;
        int64_t i;
        Big big;
        const Ratio *ratio;
        const Float *flt;
        Text *text;
        struct {
            Const *re, *im;
        } complex;
    };
};

// ---- constant.c
Const *const_none(void); // the unknown value
Const *const_new(Arena *a, Form form);
Const *make_integer(Arena *a, const mpz_t z);
Const *make_ratio(Arena *a, const mpq_t q);      // a float when its parts are large
Const *make_ratio_only(Arena *a, const mpq_t q); // a ratio, however large
Const *make_complex(Arena *a, Const *re, Const *im);
Big big_copy(Arena *a, const mpz_t z);

static inline Form form_of(const Const *c) { return c ? c->form : FORM_UNKNOWN; }

// A borrowed view of an integer's value; small holds the limb of an int64.
typedef struct BigView {
    mp_limb_t small;
    mpz_t z;
} BigView;
void big_view(BigView *v, const Const *integer);
void ratio_view(mpq_t q, const Const *ratio);

// A 512-bit float on the stack. Never cleared, never resized.
typedef struct FloatTemp {
    mp_limb_t limbs[FLOAT_LIMBS];
    mpfr_t x;
} FloatTemp;
void float_zero(FloatTemp *t);
void float_load(FloatTemp *t, const Const *number); // I64, BIG, RATIO, FLOAT, rounded to nearest
Const *make_float(Arena *a, const FloatTemp *t);    // infinite or out of range: unknown

// ---- constant_text.c
Const *text_concat(Arena *a, Const *x, Const *y);

// ---- constant_literal.c
Const *integer_literal(Arena *a, Str text);
Const *float_literal(Arena *a, Str text);

#endif
