// go/escape/expr.c: an expression is evaluated and its value flows into a hole.
//
// Every part of an expression is visited, be its value used or not: there may be statements and
// allocations in it.
#include "go/escape/escape_internal.h"

void esc_discard(Esc *e, Node *n) { esc_expr(e, hole_of(LOC_BLANK), n); }

void esc_discards(Esc *e, NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++) esc_discard(e, list.v[i]);
}

static void discard_both(Esc *e, Node *n) {
    esc_discard(e, n->u.xy.x);
    esc_discard(e, n->u.xy.y);
}

static void flow_index(Esc *e, Hole k, Node *n) {
    Node *x = n->u.xy.x;
    if (x->type->kind == KIND_ARRAY)
        esc_expr(e, esc_note(e, k, n, "fixed-array-index-of"), x);
    else
        esc_expr(e, esc_deref(e, k, n, "dot of pointer"), x);
    esc_discard(e, n->u.xy.y);
}

static void flow_slice(Esc *e, Hole k, Node *n) {
    esc_expr(e, esc_note(e, k, n, "slice"), n->u.slice.x);
    esc_discard(e, n->u.slice.lo);
    esc_discard(e, n->u.slice.hi);
    esc_discard(e, n->u.slice.max);
}

static void flow_conv(Esc *e, Hole k, Node *n) {
    Node *x = n->u.conv.x;
    if (n->type->kind == KIND_UNSAFEPTR && x->type->kind == KIND_UINTPTR)
        esc_unsafe_value(e, k, x);
    else
        esc_expr(e, k, x);
}

static void flow_conv_iface(Esc *e, Hole k, Node *n) {
    Node *x = n->u.conv.x;
    if (!irtype_is_interface(x->type) && !irtype_is_direct_iface(e->ts, x->type))
        k = esc_spill(e, k, n);
    esc_expr(e, esc_note(e, k, n, "interface-converted"), x);
}

// The receiver flows to the closure record and to the method, whose results may go anywhere.
static void flow_method_value(Esc *e, Hole k, Node *n) {
    Hole record = esc_spill(e, k, n);
    uint32_t nresults = irtype_nresults(n->type);
    Holes results = {NEW_ARRAY(e->arena, Hole, nresults), nresults};
    for (uint32_t i = 0; i < nresults; i++) results.v[i] = hole_of(LOC_HEAP);
    if (!nresults) results.v = NULL;
    Hole param = esc_tag_hole(e, results, n->u.method.func, 0);
    Hole both[] = {param, record};
    esc_expr(e, esc_tee(e, (Holes){both, 2}), n->u.method.x);
}

static void flow_elements(Esc *e, Hole k, Node *n, const char *why) {
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        Node *elem = n->u.list.v.v[i];
        if (elem->op == IR_KEY) elem = elem->u.xy.y;
        esc_expr(e, esc_note(e, k, n, why), elem);
    }
}

static void flow_struct(Esc *e, Hole k, Node *n) {
    for (uint32_t i = 0; i < n->u.list.v.len; i++)
        esc_expr(e, esc_note(e, k, n, "struct literal element"), n->u.list.v.v[i]->u.field.value);
}

// Keys and values of maps are always on the heap.
static void flow_map(Esc *e, Hole k, Node *n) {
    esc_spill(e, k, n);
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        Node *elem = n->u.list.v.v[i];
        esc_assign_heap(e, elem->u.xy.x, "map literal key", n);
        esc_assign_heap(e, elem->u.xy.y, "map literal value", n);
    }
}

// Marks what a literal captures, and walks its body where it stands.
static void flow_captures(Esc *e, Func *f) {
    for (uint32_t i = 0; i < f->closure_vars.len; i++) {
        LocInfo *var = &e->infos.v[esc_loc_of(e, f->closure_vars.v[i])];
        if (var->captured) continue;
        var->captured = true;
        // Assignments in straight code before the first capture do no harm.
        if (var->loop_depth == e->loop_depth) var->reassigned = false;
    }
    esc_walk_func(e, f);
}

static void flow_closure(Esc *e, Hole k, Node *n) {
    k = esc_spill(e, k, n);
    vec_push(e->lists, &e->closures, ((PendingClosure){k, n}));
    if (func_is_closure(n->u.closure.func)) flow_captures(e, n->u.closure.func);
}

static void flow_name(Esc *e, Hole k, Node *n) {
    NameClass cls = n->u.name->cls;
    if (cls != CLASS_FUNC && cls != CLASS_EXTERN) esc_flow(e, k, esc_loc_of(e, n));
}

void esc_expr(Esc *e, Hole k, Node *n) {
    if (!n) return;
    if (n->init) esc_stmts(e, *n->init);
    esc_expr_skip_init(e, k, n);
}

void esc_expr_skip_init(Esc *e, Hole k, Node *n) { // flat switch
    if (k.derefs >= 0 && n->type && !irtype_is_untyped(n->type) &&
        !irtype_has_pointers(e->ts, n->type))
        k.dst = LOC_BLANK;
    // clang-format off
    switch ((int)n->op) { // statements never come here
    case IR_LITERAL: case IR_NIL: case IR_GETG: case IR_TYPE: case IR_METHEXPR:
    case IR_LINKSYM_OFFSET: case IR_DYNAMICTYPE: return;
    case IR_NAME: flow_name(e, k, n); return;
    case IR_PLUS: case IR_NEG: case IR_BITNOT: case IR_NOT: case IR_RECV: case IR_MAKECHAN:
        esc_discard(e, n->u.xy.x); return;
    case IR_ADD: case IR_SUB: case IR_OR: case IR_XOR: case IR_MUL: case IR_DIV: case IR_MOD:
    case IR_LSH: case IR_RSH: case IR_AND: case IR_ANDNOT: case IR_EQ: case IR_NE: case IR_LT:
    case IR_LE: case IR_GT: case IR_GE: case IR_ANDAND: case IR_OROR: case IR_INDEXMAP:
        discard_both(e, n); return;
    case IR_ADDR: esc_expr(e, esc_addr_of(e, k, n, "address-of"), n->u.xy.x); return;
    case IR_DEREF: esc_expr(e, esc_deref(e, k, n, "indirection"), n->u.xy.x); return;
    case IR_DOT: esc_expr(e, esc_note(e, k, n, "dot"), n->u.field.x); return;
    case IR_DOTINTER: esc_expr(e, esc_note(e, k, n, "dot"), n->u.method.x); return;
    case IR_DOTPTR: esc_expr(e, esc_deref(e, k, n, "dot of pointer"), n->u.field.x); return;
    case IR_DOTTYPE: case IR_DOTTYPE2: case IR_DYNAMICDOTTYPE: case IR_DYNAMICDOTTYPE2:
        esc_expr(e, esc_dot_type(e, k, n->type, n, "dot"), n->u.assert.x); return;
    case IR_INDEX: flow_index(e, k, n); return;
    case IR_SLICE: case IR_SLICEARR: case IR_SLICE3: case IR_SLICE3ARR: case IR_SLICESTR:
        flow_slice(e, k, n); return;
    case IR_CONV: case IR_CONVNOP: flow_conv(e, k, n); return;
    case IR_CONVIFACE: flow_conv_iface(e, k, n); return;
    case IR_ITAB: esc_expr(e, k, n->u.xy.x); return;
    case IR_SLICE2ARR: esc_expr(e, esc_deref(e, k, n, "slice-to-array"), n->u.conv.x); return;
    case IR_SLICE2ARRPTR: esc_expr(e, k, n->u.conv.x); return;
    case IR_CALLFUNC: case IR_CALLINTER: case IR_INLCALL: case IR_LEN: case IR_CAP: case IR_MIN:
    case IR_MAX: case IR_COMPLEX: case IR_REAL: case IR_IMAG: case IR_APPEND: case IR_COPY:
    case IR_RECOVER: case IR_UNSAFEADD: case IR_UNSAFESLICE: case IR_UNSAFESTRING:
    case IR_UNSAFESTRINGDATA: case IR_UNSAFESLICEDATA:
        esc_call(e, (Holes){&k, 1}, n); return;
    case IR_NEW: esc_spill(e, k, n); return;
    case IR_MAKESLICE: esc_spill(e, k, n); discard_both(e, n); return;
    case IR_MAKEMAP: esc_spill(e, k, n); esc_discard(e, n->u.xy.x); return;
    case IR_METHVALUE: flow_method_value(e, k, n); return;
    case IR_PTRLIT: esc_expr(e, esc_spill(e, k, n), n->u.xy.x); return;
    case IR_ARRAYLIT: flow_elements(e, k, n, "array literal element"); return;
    case IR_SLICELIT: flow_elements(e, esc_spill(e, k, n), n, "slice-literal-element"); return;
    case IR_STRUCTLIT: flow_struct(e, k, n); return;
    case IR_MAPLIT: flow_map(e, k, n); return;
    case IR_CLOSURE: flow_closure(e, k, n); return;
    case IR_RUNES2STR: case IR_BYTES2STR: case IR_STR2RUNES: case IR_STR2BYTES: case IR_RUNESTR:
        esc_spill(e, k, n); esc_discard(e, n->u.conv.x); return;
    case IR_ADDSTR: esc_spill(e, k, n); esc_discards(e, n->u.list.v); return;
    default: BUG("%s is no expression", ir_op_name(n->op));
    }
    // clang-format on
}

// A uintptr that is made into an unsafe.Pointer: looks for the pointers it was computed from.
void esc_unsafe_value(Esc *e, Hole k, Node *n) { // flat switch
    if (n->init) esc_stmts(e, *n->init);
    // clang-format off
    switch ((int)n->op) { // all others: no pointer comes out of them
    case IR_CONV: case IR_CONVNOP:
        if (n->u.conv.x->type->kind == KIND_UNSAFEPTR) esc_expr(e, k, n->u.conv.x);
        else esc_discard(e, n->u.conv.x);
        return;
    case IR_DOTPTR:
        if (esc_is_reflect_data(e, n)) esc_expr(e, esc_deref(e, k, n, "reflect.Header.Data"), n->u.field.x);
        else esc_discard(e, n->u.field.x);
        return;
    case IR_PLUS: case IR_NEG: case IR_BITNOT: esc_unsafe_value(e, k, n->u.xy.x); return;
    case IR_ADD: case IR_SUB: case IR_OR: case IR_XOR: case IR_MUL: case IR_DIV: case IR_MOD:
    case IR_AND: case IR_ANDNOT:
        esc_unsafe_value(e, k, n->u.xy.x);
        esc_unsafe_value(e, k, n->u.xy.y);
        return;
    case IR_LSH: case IR_RSH: // the count need not be a uintptr
        esc_unsafe_value(e, k, n->u.xy.x);
        esc_discard(e, n->u.xy.y);
        return;
    default: esc_expr_skip_init(e, hole_of(LOC_BLANK), n); return;
    }
    // clang-format on
}
