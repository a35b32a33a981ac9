// go/ir/visit.c: walks over nodes and over groups of functions.
// Rules: ir/visit.go, the fields' order in ir/expr.go and ir/stmt.go, ir/scc.go.
#include "go/ir/lower_internal.h"

static bool visit_list(NodeVec list, NodeVisit *visit, void *ctx) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i] && visit(ctx, list.v[i])) return true;
    return false;
}

#define ONE(x) ((x) && visit(ctx, (x)))

bool ir_children(Node *n, NodeVisit *visit, void *ctx) { // flat switch
    if (n->init && n->op != IR_NAME && visit_list(*n->init, visit, ctx)) return true;
    switch (ir_shape(n->op)) {
    case SHAPE_NONE:
    case SHAPE_NAME:
    case SHAPE_LIT:
    case SHAPE_CLOSURE:
    case SHAPE_BRANCH: return false;
    case SHAPE_XY: return ONE(n->u.xy.x) || ONE(n->u.xy.y);
    case SHAPE_LIST: return visit_list(n->u.list.v, visit, ctx);
    case SHAPE_CONV: return ONE(n->u.conv.x);
    case SHAPE_FIELD: return ONE(n->u.field.x) || ONE(n->u.field.value);
    case SHAPE_METHOD: return ONE(n->u.method.x);
    case SHAPE_ASSERT:
        return ONE(n->u.assert.x) || ONE(n->u.assert.src_rtype) || ONE(n->u.assert.rtype) ||
               ONE(n->u.assert.itab);
    case SHAPE_SLICE:
        return ONE(n->u.slice.x) || ONE(n->u.slice.lo) || ONE(n->u.slice.hi) || ONE(n->u.slice.max);
    case SHAPE_CALL:
        return ONE(n->u.call.fn) || visit_list(n->u.call.args, visit, ctx) ||
               visit_list(n->u.call.keep_alive, visit, ctx);
    case SHAPE_INLCALL:
        return visit_list(n->u.inlcall.body, visit, ctx) ||
               visit_list(n->u.inlcall.results, visit, ctx);
    case SHAPE_AS: return ONE(n->u.as.x) || ONE(n->u.as.y);
    case SHAPE_AS2:
        return visit_list(n->u.as2.lhs, visit, ctx) || visit_list(n->u.as2.rhs, visit, ctx);
    case SHAPE_FOR:
        return ONE(n->u.for_.cond) || ONE(n->u.for_.post) || visit_list(n->u.for_.body, visit, ctx);
    case SHAPE_RANGE:
        return ONE(n->u.range.x) || ONE(n->u.range.key) || ONE(n->u.range.value) ||
               visit_list(n->u.range.body, visit, ctx);
    case SHAPE_IF:
        return ONE(n->u.if_.cond) || visit_list(n->u.if_.then, visit, ctx) ||
               visit_list(n->u.if_.els, visit, ctx);
    case SHAPE_SWITCH: return ONE(n->u.switch_.tag) || visit_list(n->u.switch_.cases, visit, ctx);
    case SHAPE_TYPESW: return ONE(n->u.typesw.x);
    case SHAPE_CASE:
        return ONE(n->u.case_.comm) || ONE(n->u.case_.var) ||
               visit_list(n->u.case_.exprs, visit, ctx) || visit_list(n->u.case_.body, visit, ctx);
    }
    BUG("shape of %s", ir_op_name(n->op));
}

typedef struct Any {
    NodeVisit *visit;
    void *ctx;
} Any;

static bool any_below(void *ctx, Node *n) {
    const Any *a = ctx;
    return a->visit(a->ctx, n) || ir_children(n, any_below, ctx);
}

bool ir_any(Node *n, NodeVisit *visit, void *ctx) {
    Any a = {visit, ctx};
    return any_below(&a, n);
}

void ir_visit_func(Func *f, NodeVisit *visit, void *ctx) {
    Any a = {visit, ctx};
    visit_list(f->body, any_below, &a);
}

static bool into_closures(void *ctx, Node *n) {
    const Any *a = ctx;
    a->visit(a->ctx, n);
    if (n->op == IR_CLOSURE) ir_visit_func(n->u.closure.func, into_closures, ctx);
    return false;
}

void ir_visit_func_and_closures(Func *f, NodeVisit *visit, void *ctx) {
    Any a = {visit, ctx};
    ir_visit_func(f, into_closures, &a);
}

// ---- replacing children

static void edit_list(NodeVec list, NodeEdit *edit, void *ctx) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]) list.v[i] = edit(ctx, list.v[i]);
}

#define EDIT(x) ((x) = (x) ? edit(ctx, (x)) : NULL)

void ir_edit_children(Node *n, NodeEdit *edit, void *ctx) { // flat switch
    if (n->init && n->op != IR_NAME) edit_list(*n->init, edit, ctx);
    switch (ir_shape(n->op)) {
    case SHAPE_NONE:
    case SHAPE_NAME:
    case SHAPE_LIT:
    case SHAPE_CLOSURE:
    case SHAPE_BRANCH: return;
    case SHAPE_XY:
        EDIT(n->u.xy.x);
        EDIT(n->u.xy.y);
        return;
    case SHAPE_LIST: edit_list(n->u.list.v, edit, ctx); return;
    case SHAPE_CONV: EDIT(n->u.conv.x); return;
    case SHAPE_FIELD:
        EDIT(n->u.field.x);
        EDIT(n->u.field.value);
        return;
    case SHAPE_METHOD: EDIT(n->u.method.x); return;
    case SHAPE_ASSERT:
        EDIT(n->u.assert.x);
        EDIT(n->u.assert.src_rtype);
        EDIT(n->u.assert.rtype);
        EDIT(n->u.assert.itab);
        return;
    case SHAPE_SLICE:
        EDIT(n->u.slice.x);
        EDIT(n->u.slice.lo);
        EDIT(n->u.slice.hi);
        EDIT(n->u.slice.max);
        return;
    case SHAPE_CALL:
        EDIT(n->u.call.fn);
        edit_list(n->u.call.args, edit, ctx);
        edit_list(n->u.call.keep_alive, edit, ctx);
        return;
    case SHAPE_INLCALL:
        edit_list(n->u.inlcall.body, edit, ctx);
        edit_list(n->u.inlcall.results, edit, ctx);
        return;
    case SHAPE_AS:
        EDIT(n->u.as.x);
        EDIT(n->u.as.y);
        return;
    case SHAPE_AS2:
        edit_list(n->u.as2.lhs, edit, ctx);
        edit_list(n->u.as2.rhs, edit, ctx);
        return;
    case SHAPE_FOR:
        EDIT(n->u.for_.cond);
        EDIT(n->u.for_.post);
        edit_list(n->u.for_.body, edit, ctx);
        return;
    case SHAPE_RANGE:
        EDIT(n->u.range.x);
        EDIT(n->u.range.key);
        EDIT(n->u.range.value);
        edit_list(n->u.range.body, edit, ctx);
        return;
    case SHAPE_IF:
        EDIT(n->u.if_.cond);
        edit_list(n->u.if_.then, edit, ctx);
        edit_list(n->u.if_.els, edit, ctx);
        return;
    case SHAPE_SWITCH:
        EDIT(n->u.switch_.tag);
        edit_list(n->u.switch_.cases, edit, ctx);
        return;
    case SHAPE_TYPESW: EDIT(n->u.typesw.x); return;
    case SHAPE_CASE:
        EDIT(n->u.case_.comm);
        EDIT(n->u.case_.var);
        edit_list(n->u.case_.exprs, edit, ctx);
        edit_list(n->u.case_.body, edit, ctx);
        return;
    }
}

// ---- groups of functions that call each other, callees first

typedef struct BottomUp {
    IrPkg *p;
    FuncGroupVisit *visit;
    void *ctx;
    uint32_t run, gen;
    FuncVec stack;
} BottomUp;

typedef struct Calls { // of one function
    BottomUp *b;
    uint32_t least;
} Calls;

static uint32_t visit_function(BottomUp *b, Func *f);

static bool follow_calls(void *ctx, Node *n) {
    Calls *c = ctx;
    Func *f = NULL;
    if (n->op == IR_NAME && n->u.name->cls == CLASS_FUNC)
        f = n->u.name->func;
    else if (n->op == IR_METHVALUE || n->op == IR_METHEXPR)
        f = n->u.method.func;
    else if (n->op == IR_CLOSURE)
        f = n->u.closure.func;
    if (!f || !f->has_syntax || f->home != c->b->p) return false;
    uint32_t m = visit_function(c->b, f);
    if (m < c->least) c->least = m;
    return false;
}

static void finish_group(BottomUp *b, Func *root, bool recursive) {
    uint32_t first = b->stack.len;
    do {
        first--;
        b->stack.v[first]->visit_id = UINT32_MAX;
    } while (b->stack.v[first] != root);
    uint32_t n = b->stack.len - first;
    FuncVec group = {
        arena_copy(b->p->scratch, b->stack.v + first, n * sizeof(Func *), _Alignof(Func *)), n, n};
    b->stack.len = first;
    b->visit(b->ctx, group, recursive);
}

static uint32_t visit_function(BottomUp *b, Func *f) {
    if (f->visit_run == b->run) return f->visit_id;
    f->visit_run = b->run;
    uint32_t id = ++b->gen;
    f->visit_id = id;
    Calls calls = {b, ++b->gen};
    vec_push(b->p->scratch, &b->stack, f);
    ir_visit_func(f, follow_calls, &calls);
    if ((calls.least == id || calls.least == id + 1) && !func_is_closure(f))
        finish_group(b, f, calls.least == id);
    return calls.least;
}

void ir_visit_bottom_up(IrPkg *p, FuncVec roots, FuncGroupVisit *visit, void *ctx) {
    BottomUp b = {.p = p, .visit = visit, .ctx = ctx, .run = ++p->visit_runs};
    for (uint32_t i = 0; i < roots.len; i++)
        if (!func_is_closure(roots.v[i])) visit_function(&b, roots.v[i]);
}

uint32_t ir_new_mark(IrPkg *p) { return ++p->mark_gen; }
