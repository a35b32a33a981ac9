// go/types/constant.h: exact constants. Rules of go/constant: small integers, big integers,
// fractions while they are small, 512-bit floats beyond, complex pairs, strings, booleans.
//
// Owns     values are immutable and live in the arena given; big numbers' limbs do too (a custom
//          allocator is not needed: they are copied out of GMP and MPFR after each operation).
// Failure  an operation without a result (overflow to infinity) gives an UNKNOWN value.
#ifndef HEAPWISE_GO_TYPES_CONSTANT_H
#define HEAPWISE_GO_TYPES_CONSTANT_H

#include "go/syntax/syntax.h"

typedef struct Const Const;

typedef enum ConstKind {
    CONST_UNKNOWN,
    CONST_BOOL,
    CONST_STRING,
    CONST_INT,
    CONST_FLOAT,
    CONST_COMPLEX
} ConstKind;

extern const Const const_unknown;

ConstKind const_kind(const Const *c);
Const *const_bool(Arena *a, bool v);
Const *const_string(Arena *a, Str s); // keeps s
Const *const_i64(Arena *a, int64_t v);
Const *const_u64(Arena *a, uint64_t v);
Const *const_f64(Arena *a, double v); // not finite: unknown
Const *const_imag(Arena *a, Const *x);
Const *const_from_literal(Arena *a, Str text, LitKind kind); // malformed: unknown
// The value of a decimal or hexadecimal integer of up to 15 bytes without underscores; false:
// another form.
bool const_small_literal(Str text, int64_t *value);

Const *const_copy(Arena *a, Const *c); // borrows nothing from the old one's arena

bool const_bool_value(const Const *c);
Str const_string_value(Arena *a, Const *c);
size_t const_string_len(const Const *c);
bool const_to_i64_exact(const Const *c, int64_t *out); // of an INT
bool const_to_u64_exact(const Const *c, uint64_t *out);
double const_to_f64(const Const *c); // nearest; of INT, FLOAT; infinite when too large
float const_to_f32(const Const *c);
uint32_t const_bit_len(const Const *c); // of an INT's magnitude
int const_sign(const Const *c);         // complex: 0 only for zero
Const *const_real(Arena *a, Const *c);
Const *const_imag_part(Arena *a, Const *c);

// To the kind, when the value allows it exactly enough; else unknown.
Const *const_to_int(Arena *a, Const *c);
Const *const_to_float(Arena *a, Const *c);
Const *const_to_complex(Arena *a, Const *c);

// Unary +, -, ^, !. For ^, bits > 0 limits the result to that many bits (unsigned types).
Const *const_unary(Arena *a, Op op, Const *x, uint32_t bits);
// Binary arithmetic and logic; int_div makes / an integer division. Division by zero is the
// caller's to exclude.
Const *const_binary(Arena *a, Const *x, Op op, Const *y, bool int_div);
Const *const_shift(Arena *a, Const *x, Op op, uint32_t count);
bool const_compare(Arena *a, Const *x, Op op, Const *y);
bool const_same(Arena *a, Const *x, Const *y); // same kind and value

// Short form, as in messages: long strings cut, floats with six digits.
Str const_str(Arena *a, Const *c);
// Exact form, as go/constant's ExactString.
Str const_exact_str(Arena *a, Const *c);

#endif
