// go/ir/visit.c: walks over nodes and over groups of functions.
// Rules: ir/visit.go, the fields' order in ir/expr.go and ir/stmt.go, ir/scc.go.
#include "go/ir/lower_internal.h"

// The children of each shape, in the compiler's order: one node, or a list of them, and its role.
// clang-format off
#define CHILDREN(ONE, MANY)                                                                        \
    case SHAPE_NONE: case SHAPE_NAME: case SHAPE_LIT: case SHAPE_CLOSURE:                          \
    case SHAPE_BRANCH: break;                                                                      \
    case SHAPE_XY: ONE(xy.x, "x") ONE(xy.y, "y") break;                                            \
    case SHAPE_LIST: MANY(list.v, "") break;                                                       \
    case SHAPE_CONV: ONE(conv.x, "x") break;                                                       \
    case SHAPE_FIELD: ONE(field.x, "x") ONE(field.value, "value") break;                           \
    case SHAPE_METHOD: ONE(method.x, "x") break;                                                   \
    case SHAPE_ASSERT: ONE(assert.x, "x") ONE(assert.src_rtype, "src") ONE(assert.rtype, "rtype")  \
        ONE(assert.itab, "itab") break;                                                            \
    case SHAPE_SLICE: ONE(slice.x, "x") ONE(slice.lo, "lo") ONE(slice.hi, "hi")                    \
        ONE(slice.max, "max") break;                                                               \
    case SHAPE_CALL: ONE(call.fn, "fn") MANY(call.args, "arg") MANY(call.keep_alive, "keep")       \
        break;                                                                                     \
    case SHAPE_INLCALL: MANY(inlcall.body, "body") MANY(inlcall.results, "result") break;          \
    case SHAPE_AS: ONE(as.x, "x") ONE(as.y, "y") break;                                            \
    case SHAPE_AS2: MANY(as2.lhs, "lhs") MANY(as2.rhs, "rhs") break;                               \
    case SHAPE_FOR: ONE(for_.cond, "cond") ONE(for_.post, "post") MANY(for_.body, "body") break;   \
    case SHAPE_RANGE: ONE(range.x, "x") ONE(range.key, "key") ONE(range.value, "value")            \
        MANY(range.body, "body") break;                                                            \
    case SHAPE_IF: ONE(if_.cond, "cond") MANY(if_.then, "then") MANY(if_.els, "else") break;       \
    case SHAPE_SWITCH: ONE(switch_.tag, "tag") MANY(switch_.cases, "case") break;                  \
    case SHAPE_TYPESW: ONE(typesw.x, "x") break;                                                   \
    case SHAPE_CASE: ONE(case_.comm, "comm") ONE(case_.var, "var") MANY(case_.exprs, "value")      \
        MANY(case_.body, "body") break;
// clang-format on

#define ONE(m, role)                                                                               \
    if (n->u.m && visit(ctx, n->u.m)) return true;
#define MANY(m, role)                                                                              \
    for (uint32_t i = 0; i < n->u.m.len; i++)                                                      \
        if (n->u.m.v[i] && visit(ctx, n->u.m.v[i])) return true;
bool ir_each_child(Node *n, NodeVisit *visit, void *ctx) { // flat switch
    if (UNLIKELY(n->init != NULL) && n->op != IR_NAME)
        for (uint32_t i = 0; i < n->init->len; i++)
            if (n->init->v[i] && visit(ctx, n->init->v[i])) return true;
    switch (ir_shape(n->op)) { CHILDREN(ONE, MANY) }
    return false;
}
#undef ONE
#undef MANY

#define ONE(m, role)                                                                               \
    if (n->u.m) visit(ctx, role, n->u.m);
#define MANY(m, role)                                                                              \
    for (uint32_t i = 0; i < n->u.m.len; i++)                                                      \
        if (n->u.m.v[i]) visit(ctx, role, n->u.m.v[i]);
void ir_named_children(const Node *n, NodeRoleVisit *visit, void *ctx) { // flat switch
    switch (ir_shape(n->op)) { CHILDREN(ONE, MANY) }
}
#undef ONE
#undef MANY

// The same for all below: one function a node, as half of the analysis' time are such walks.
#define ONE(m, role)                                                                               \
    if (n->u.m && any_below(n->u.m, visit, ctx)) return true;
#define MANY(m, role)                                                                              \
    for (uint32_t i = 0; i < n->u.m.len; i++)                                                      \
        if (n->u.m.v[i] && any_below(n->u.m.v[i], visit, ctx)) return true;
static bool any_below(Node *n, NodeVisit *visit, void *ctx) { // flat switch
    if (visit(ctx, n)) return true;
    if (ir_is_leaf(n)) return false;
    if (UNLIKELY(n->init != NULL) && n->op != IR_NAME)
        for (uint32_t i = 0; i < n->init->len; i++)
            if (n->init->v[i] && any_below(n->init->v[i], visit, ctx)) return true;
    switch (ir_shape(n->op)) { CHILDREN(ONE, MANY) }
    return false;
}
#undef ONE
#undef MANY

bool ir_any(Node *n, NodeVisit *visit, void *ctx) { return any_below(n, visit, ctx); }

void ir_visit_func(Func *f, NodeVisit *visit, void *ctx) {
    for (uint32_t i = 0; i < f->body.len; i++)
        if (f->body.v[i] && any_below(f->body.v[i], visit, ctx)) return;
}

typedef struct IntoClosures {
    NodeVisit *visit;
    void *ctx;
} IntoClosures;

static bool into_closures(void *ctx, Node *n) {
    const IntoClosures *in = ctx;
    in->visit(in->ctx, n);
    if (n->op == IR_CLOSURE) ir_visit_func(n->u.closure.func, into_closures, ctx);
    return false;
}

void ir_visit_func_and_closures(Func *f, NodeVisit *visit, void *ctx) {
    IntoClosures in = {visit, ctx};
    ir_visit_func(f, into_closures, &in);
}

// ---- replacing children

static void edit_list(NodeVec list, NodeEdit *edit, void *ctx) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]) list.v[i] = edit(ctx, list.v[i]);
}

#define ONE(m, role)                                                                               \
    if (n->u.m) n->u.m = edit(ctx, n->u.m);
#define MANY(m, role) edit_list(n->u.m, edit, ctx);
void ir_edit_children(Node *n, NodeEdit *edit, void *ctx) { // flat switch
    if (n->init && n->op != IR_NAME) edit_list(*n->init, edit, ctx);
    switch (ir_shape(n->op)) { CHILDREN(ONE, MANY) }
}
#undef ONE
#undef MANY

static void move_list(NodeVec *list, Arena *a, NodeEdit *edit, void *ctx) {
    if (!list->len) return;
    list->v = arena_copy(a, list->v, list->len * sizeof *list->v, _Alignof(Node *));
    list->cap = list->len;
    edit_list(*list, edit, ctx);
}

#define ONE(m, role)                                                                               \
    if (n->u.m) n->u.m = edit(ctx, n->u.m);
#define MANY(m, role) move_list(&n->u.m, a, edit, ctx);
void ir_move_children(Node *n, Arena *a, NodeEdit *edit, void *ctx) { // flat switch
    if (n->init && n->op != IR_NAME) edit_list(*n->init, edit, ctx);
    switch (ir_shape(n->op)) { CHILDREN(ONE, MANY) }
}
#undef ONE
#undef MANY

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
    FuncVec *callees; // to be remembered; NULL: not
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
    if (c->callees) vec_push(c->b->p->scratch, c->callees, f);
    uint32_t m = visit_function(c->b, f);
    if (m < c->least) c->least = m;
    return false;
}

void ir_steady(IrPkg *p, bool steady) { p->steady_run = steady ? ir_new_mark(p) : 0; }

static uint32_t follow_all(BottomUp *b, Func *f, uint32_t least) {
    uint32_t run = b->p->steady_run;
    if (run && f->steady_run == run) {
        for (uint32_t i = 0; i < f->callees.len; i++) {
            uint32_t m = visit_function(b, f->callees.v[i]);
            least = MIN(least, m);
        }
        return least;
    }
    FuncVec callees = {0};
    Calls calls = {b, least, run ? &callees : NULL};
    ir_visit_func(f, follow_calls, &calls);
    f->callees = callees;
    f->steady_run = run;
    return calls.least;
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
    uint32_t first = ++b->gen;
    vec_push(b->p->scratch, &b->stack, f);
    uint32_t least = follow_all(b, f, first);
    if ((least == id || least == id + 1) && !func_is_closure(f)) finish_group(b, f, least == id);
    return least;
}

void ir_visit_bottom_up(IrPkg *p, FuncVec roots, FuncGroupVisit *visit, void *ctx) {
    BottomUp b = {.p = p, .visit = visit, .ctx = ctx, .run = ++p->visit_runs};
    for (uint32_t i = 0; i < roots.len; i++)
        if (!func_is_closure(roots.v[i])) visit_function(&b, roots.v[i]);
}

uint32_t ir_new_mark(IrPkg *p) { return ++p->mark_gen; }
