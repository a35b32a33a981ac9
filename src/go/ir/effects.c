// go/ir/effects.c: what evaluating an expression may change or tell. Rules:
// staticinit.isSideEffect, mayModifyPkgVar, canRepeat.
#include "go/ir/ir.h"

static bool is_zero_const(const Node *n) {
    int64_t v;
    return n && ir_int_value(n, &v) && v == 0;
}

static bool is_side_effect(void *ctx, Node *n) { // flat switch
    (void)ctx;
    // clang-format off
    switch ((int)n->op) { // all others may do anything
    case IR_NAME: case IR_TYPE: case IR_LITERAL: case IR_NIL: case IR_ADD: case IR_SUB: case IR_OR:
    case IR_XOR: case IR_ADDSTR: case IR_ADDR: case IR_ANDAND: case IR_BYTES2STR:
    case IR_RUNES2STR: case IR_STR2BYTES: case IR_STR2RUNES: case IR_CAP: case IR_MAPLIT:
    case IR_STRUCTLIT: case IR_ARRAYLIT: case IR_SLICELIT: case IR_PTRLIT: case IR_CONV:
    case IR_CONVIFACE: case IR_CONVNOP: case IR_DOT: case IR_EQ: case IR_NE: case IR_LT: case IR_LE:
    case IR_GT: case IR_GE: case IR_KEY: case IR_STRUCTKEY: case IR_LEN: case IR_MUL: case IR_LSH:
    case IR_RSH: case IR_AND: case IR_ANDNOT: case IR_NEW: case IR_NOT: case IR_BITNOT:
    case IR_PLUS: case IR_NEG: case IR_OROR:  case IR_RUNESTR: case IR_REAL:
    case IR_IMAG: case IR_COMPLEX:
        return false;
    case IR_DIV: case IR_MOD: // by zero
        return n->u.xy.y->op != IR_LITERAL || const_sign(n->u.xy.y->u.lit.value) == 0;
    case IR_MAKECHAN: case IR_MAKEMAP: // of a size that may be wrong
        return !is_zero_const(n->u.xy.x);
    default: return true;
    }
    // clang-format on
}

bool ir_has_side_effects(Node *n) { return ir_any(n, is_side_effect, NULL); }

static bool is_unrepeatable(void *ctx, Node *n) {
    if (is_side_effect(ctx, n)) return true;
    switch ((int)n->op) { // makes something new each time
    case IR_MAKECHAN:
    case IR_MAKEMAP:
    case IR_MAKESLICE:
    case IR_MAPLIT:
    case IR_NEW:
    case IR_PTRLIT:
    case IR_SLICELIT:
    case IR_STR2BYTES:
    case IR_STR2RUNES: return true;
    default: return false;
    }
}

bool ir_can_repeat(Node *n) { return !ir_any(n, is_unrepeatable, NULL); }

// A local variable, what it points to, or another package's.
static bool is_safe_target(const IrPkg *p, Node *x) {
    x = ir_outer_value(x);
    while (x->op == IR_DEREF) x = x->u.xy.x;
    return x->op == IR_NAME && !(x->u.name->cls == CLASS_EXTERN && x->u.name->pkg == p->pkg);
}

static bool is_func_pc(const IrPkg *p, const Node *call) {
    const Node *fn = call->u.call.fn;
    if (call->op != IR_CALLFUNC || fn->op != IR_NAME) return false;
    Str name = fn->u.name->name;
    return (str_eq_c(name, "FuncPCABI0") || str_eq_c(name, "FuncPCABIInternal")) &&
           ir_pkg_is(p, fn->u.name->pkg, "internal/abi");
}

static bool may_modify(void *ctx, Node *n) {
    const IrPkg *p = ctx;
    switch ((int)n->op) { // the others store nothing
    case IR_CALLFUNC:
    case IR_CALLINTER: return !is_func_pc(p, n);
    case IR_APPEND:
    case IR_CLEAR:
    case IR_COPY: return true;
    case IR_ASOP:
    case IR_AS: return !is_safe_target(p, n->u.as.x);
    case IR_AS2:
    case IR_AS2DOTTYPE:
    case IR_AS2FUNC:
    case IR_AS2MAPR:
    case IR_AS2RECV:
        for (uint32_t i = 0; i < n->u.as2.lhs.len; i++)
            if (!is_safe_target(p, n->u.as2.lhs.v[i])) return true;
        return false;
    default: return false;
    }
}

bool ir_may_modify_globals(IrPkg *p, Node *n) { return ir_any(n, may_modify, p); }
