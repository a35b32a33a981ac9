// go/escape/self.c: assignments that store nothing new: x.f = x.g, p.buf = p.buf[i:j]. They would
// make x leak, though what is stored was reachable from x before.
#include "go/escape/escape_internal.h"

// The variable a *x or x.f, with x a pointer, goes through; NULL: something else.
static Node *deref_base(const Node *n) {
    Node *x = NULL;
    if (n->op == IR_DEREF) x = n->u.xy.x;
    if (n->op == IR_DOTPTR) x = n->u.field.x;
    return x && x->op == IR_NAME ? x : NULL;
}

// p.buf = p.buf[i:j]. A slice of an array inside *p is a new pointer into *p, so it is not one:
// there the address is taken. A slice of an array that p.buf points to is.
static bool is_slice_self_assign(const Node *dst, const Node *src) {
    const Node *x = deref_base(dst);
    if (!x) return false;
    bool of_array = src->op == IR_SLICEARR || src->op == IR_SLICE3ARR;
    if (!of_array && src->op != IR_SLICE && src->op != IR_SLICE3 && src->op != IR_SLICESTR)
        return false;
    return deref_base(src->u.slice.x) == x;
}

// Whether the value of n may depend on when it is computed.
static bool may_affect_memory(const Node *n) { // flat switch
    // clang-format off
    switch ((int)n->op) { // all others may
    case IR_NAME: case IR_LITERAL: case IR_NIL: return false;
    case IR_ADD: case IR_SUB: case IR_OR: case IR_XOR: case IR_MUL: case IR_LSH: case IR_RSH:
    case IR_AND: case IR_ANDNOT: case IR_DIV: case IR_MOD: case IR_INDEX:
        return may_affect_memory(n->u.xy.x) || may_affect_memory(n->u.xy.y);
    case IR_CONVNOP: case IR_CONV: return may_affect_memory(n->u.conv.x);
    case IR_LEN: case IR_CAP: case IR_NOT: case IR_BITNOT: case IR_PLUS: case IR_NEG: case IR_DEREF:
        return may_affect_memory(n->u.xy.x);
    case IR_DOT: case IR_DOTPTR: return may_affect_memory(n->u.field.x);
    default: return true;
    }
    // clang-format on
}

bool esc_is_self_assign(Node *dst, Node *src) {
    if (is_slice_self_assign(dst, src)) return true;
    if (dst->op != src->op) return false;
    if (dst->op == IR_DOT || dst->op == IR_DOTPTR)
        return ir_same_safe_expr(dst->u.field.x, src->u.field.x);
    if (dst->op != IR_INDEX) return false;
    if (may_affect_memory(dst->u.xy.y) || may_affect_memory(src->u.xy.y)) return false;
    return ir_same_safe_expr(dst->u.xy.x, src->u.xy.x);
}
