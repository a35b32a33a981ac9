// go/passes/bounds.c: "index bounds check elided": indexes whose type or operator keeps them inside
// an array. Rules: walk/expr.go walkIndex and bounded; the order of functions:
// gc/compile.go.
#include "go/passes/passes.h"

static bool small_const(const Node *n, int64_t *v) {
    return ir_int_value(n, v) && *v == (int32_t)*v;
}

// The constant a value is masked with; -1: none.
static int64_t mask_of(const Node *n, int64_t bits) {
    bool is_signed = !irtype_is_unsigned(n->type);
    int64_t v;
    if (small_const(n->u.xy.x, &v)) return v;
    if (!small_const(n->u.xy.y, &v)) return -1;
    if (n->op == IR_AND) return v;
    v = ~v;
    if (!is_signed && bits < 64) v &= (int64_t)(((uint64_t)1 << bits) - 1);
    return v;
}

static bool is_bounded(IrPkg *p, const Node *n, int64_t max) { // flat switch
    if (!n->type || !irtype_is_int(n->type)) return false;
    bool is_signed = !irtype_is_unsigned(n->type);
    int64_t bits = 8 * irtype_size(p->types, n->type), v;
    if (small_const(n, &v)) return 0 <= v && v < max;
    switch ((int)n->op) {
    case IR_AND:
    case IR_ANDNOT:
        v = mask_of(n, bits);
        if (0 <= v && v < max) return true;
        break;
    case IR_MOD:
        if (!is_signed && small_const(n->u.xy.y, &v) && 0 <= v && v <= max) return true;
        break;
    case IR_DIV:
        if (!is_signed && small_const(n->u.xy.y, &v))
            for (; bits > 0 && v >= 2; v >>= 1) bits--;
        break;
    case IR_RSH:
        if (is_signed || !small_const(n->u.xy.y, &v)) break;
        if (v > bits) return true;
        bits -= v;
        break;
    default: break;
    }
    return !is_signed && bits <= 62 && (int64_t)1 << bits <= max;
}

typedef struct Bounds {
    IrPkg *p;
    FuncVec todo;   // literals met, the last one first
    NodeVec before; // of the statement that is walked: what became a statement before it
} Bounds;

// What append is given is evaluated before: an index that is computed is known by its type alone.
static void save_indexes(NodeVec args) {
    for (uint32_t i = 1; i < args.len; i++) {
        Node *n = args.v[i];
        if (n->op != IR_INDEX || n->u.xy.y->op == IR_NAME || n->u.xy.y->op == IR_LITERAL) continue;
        n->index_saved = true;
    }
}

static bool type_bounded(IrPkg *p, IrType *t, int64_t max) {
    int64_t bits = 8 * irtype_size(p->types, t);
    return irtype_is_unsigned(t) && bits <= 62 && (int64_t)1 << bits <= max;
}

static void check_index(Bounds *b, Node *n) {
    IrPkg *p = b->p;
    const Node *x = n->u.xy.x;
    int64_t max;
    if (x->type->kind == KIND_ARRAY)
        max = x->type->under->len;
    else if (ir_is_const(x, CONST_STRING))
        max = (int64_t)const_string_len(x->u.lit.value);
    else
        return;
    if (n->bounded || ir_is_const(n->u.xy.y, CONST_INT)) return;
    Node *index = n->u.xy.y;
    n->bounded = n->index_saved ? type_bounded(p, index->type, max) : is_bounded(p, index, max);
    if (n->bounded) ir_warn(p, n->pos, "index bounds check elided");
}

static bool visit(void *ctx, Node *n);

// ---- what is evaluated before the statement it stands in: walk/order.go, walk/assign.go
// ascompatee

static bool visit_calls(void *ctx, Node *n) {
    Bounds *b = ctx;
    if (!ir_is_call(n)) return ir_children(n, visit_calls, ctx);
    visit(b, n);
    vec_push(b->p->scratch, &b->before, n);
    return false;
}

typedef struct Written { // by the assignments so far
    NodeVec names;
    bool memory;
} Written;

static bool reads_memory(const Node *n) { // flat switch
    switch ((int)n->op) {
    case IR_NAME:
        return n->u.name->cls != CLASS_FUNC &&
               (n->u.name->addrtaken || n->u.name->cls == CLASS_EXTERN);
    case IR_ADD:
    case IR_AND:
    case IR_ANDAND:
    case IR_ANDNOT:
    case IR_BITNOT:
    case IR_CONV:
    case IR_CONVIFACE:
    case IR_CONVNOP:
    case IR_DIV:
    case IR_DOT:
    case IR_DOTTYPE:
    case IR_LITERAL:
    case IR_LSH:
    case IR_MOD:
    case IR_MUL:
    case IR_NEG:
    case IR_NIL:
    case IR_OR:
    case IR_OROR:
    case IR_PLUS:
    case IR_RSH:
    case IR_SUB:
    case IR_XOR: return false;
    default: return true;
    }
}

static bool is_affected(void *ctx, Node *n) {
    const Written *w = ctx;
    for (uint32_t i = 0; n->op == IR_NAME && i < w->names.len; i++)
        if (ir_canonical(n) == w->names.v[i]) return true;
    return w->memory && reads_memory(n);
}

static void note_written(Bounds *b, Written *w, Node *lhs) {
    lhs = ir_outer_value(lhs);
    if (lhs->op != IR_NAME) {
        w->memory = true;
    } else if (!ir_is_blank(lhs)) {
        if (reads_memory(lhs))
            w->memory = true;
        else
            vec_push(b->p->scratch, &w->names, ir_canonical(lhs));
    }
}

// a, b = c, d: pair by pair; a value that an earlier pair may change is saved before its own.
static void visit_pairs(Bounds *b, const Node *n) {
    NodeVec lhs = n->u.as2.lhs, rhs = n->u.as2.rhs;
    Written w = {{0}, false};
    for (uint32_t i = 0; i < lhs.len; i++) visit_calls(b, lhs.v[i]);
    for (uint32_t i = 0; i < rhs.len; i++) visit_calls(b, rhs.v[i]);
    for (uint32_t i = 0; i < lhs.len; i++) {
        bool first = ir_any(rhs.v[i], is_affected, &w);
        visit(b, first ? rhs.v[i] : lhs.v[i]);
        visit(b, first ? lhs.v[i] : rhs.v[i]);
        note_written(b, &w, lhs.v[i]);
    }
}

static void visit_assignment(Bounds *b, Node *n) {
    uint32_t outer = b->before.len;
    bool init = n->init && n->init->len;
    if (n->op == IR_AS2 && !init && n->u.as2.lhs.len == n->u.as2.rhs.len) {
        visit_pairs(b, n);
    } else {
        if (n->op == IR_AS && !init && n->u.as.y && n->u.as.x->op != IR_NAME) {
            visit_calls(b, n->u.as.x);
            visit_calls(b, n->u.as.y);
        }
        ir_children(n, visit, b);
    }
    b->before.len = outer;
}

static void visit_call(Bounds *b, Node *n) {
    uint32_t outer = b->before.len;
    if (!n->init || !n->init->len) ir_children(n, visit_calls, b);
    ir_children(n, visit, b);
    b->before.len = outer;
}

// Operands first, as they are walked.
static bool visit(void *ctx, Node *n) {
    Bounds *b = ctx;
    for (uint32_t i = 0; i < b->before.len; i++)
        if (b->before.v[i] == n) return false;
    if (n->op == IR_APPEND && !n->ddd) save_indexes(n->u.call.args);
    if (n->op == IR_AS || n->op == IR_AS2)
        visit_assignment(b, n);
    else if (n->op == IR_CALLFUNC || n->op == IR_CALLINTER)
        visit_call(b, n);
    else
        ir_children(n, visit, ctx);
    if (n->op == IR_INDEX) check_index(b, n);
    if (n->op == IR_CLOSURE && func_is_closure(n->u.closure.func))
        vec_push(b->p->scratch, &b->todo, n->u.closure.func);
    return false;
}

static void walk_body(Bounds *b, Func *f) {
    if (f->met && !f->met_index) return;
    for (uint32_t i = 0; i < f->body.len; i++) visit(b, f->body.v[i]);
}

void pass_bounds(IrPkg *p) {
    if (!p->flags.m) return;
    Bounds b = {.p = p};
    for (uint32_t i = 0; i < p->funcs.len; i++) {
        Func *f = p->funcs.v[i];
        if (func_is_closure(f) || str_eq_c(f->name, "_")) continue;
        walk_body(&b, f);
        while (b.todo.len) walk_body(&b, vec_pop(&b.todo));
    }
}
