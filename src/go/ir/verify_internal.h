// go/ir/verify_internal.h: what verify.c asks of one node, and what verify_types.c and
// verify_values.c share.
#ifndef HEAPWISE_GO_IR_VERIFY_INTERNAL_H
#define HEAPWISE_GO_IR_VERIFY_INTERNAL_H

#include "go/ir/ir.h"

// Of one node of f, its children being sound: what is missing in it, or does not fit; NULL:
// nothing.
const char *ir_shape_problem(const Node *n);
const char *ir_type_problem(const Func *f, Node *n);
const char *ir_value_problem(const Node *n); // the part of it that verify_values.c has

static inline bool verify_same(const IrType *x, const IrType *y) {
    return x && y && irtype_identical(x, y);
}

// n may stand where a t is wanted.
static inline bool verify_fits(const Node *n, const IrType *t) {
    return n->op == IR_NIL || verify_same(n->type, t);
}

#endif
