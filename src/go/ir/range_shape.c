// go/ir/range_shape.c: what the loops over functions in a body need, before it is lowered: which
// names and variables they make depends on jumps deep inside.
#include "go/ir/lower_internal.h"

typedef struct Shaper {
    Lower *l;
    const TypesInfo *info;
    FuncShape *shape;
    VEC(const Stmt *) loops; // over functions, around the present node
    bool named;              // labels only
} Shaper;

uint32_t lower_loop_needs(const FuncShape *shape, const Stmt *loop) {
    for (uint32_t i = 0; shape && i < shape->loops.len; i++)
        if (shape->loops.v[i].loop == loop) return shape->loops.v[i].needs;
    return 0;
}

static void need(Shaper *s, uint32_t what) {
    for (uint32_t i = 0; i < s->shape->loops.len; i++)
        if (s->shape->loops.v[i].loop == s->loops.v[0]) s->shape->loops.v[i].needs |= what;
}

static const Stmt *loop_of_label(const FuncShape *shape, Name label) {
    for (uint32_t i = 0; i < shape->labels.len; i++)
        if (shape->labels.v[i].label == label) return shape->labels.v[i].loop;
    return NULL;
}

static bool is_loop(const Shaper *s, const Stmt *x) {
    for (uint32_t i = 0; i < s->loops.len; i++)
        if (s->loops.v[i] == x) return true;
    return false;
}

static bool jumps_out(const Shaper *s, const Stmt *x) {
    const Stmt *top = vec_last(&s->loops);
    if (x->keyword == KEYWORD_FALLTHROUGH || !x->branch.label) return false;
    if (x->keyword != KEYWORD_GOTO && is_loop(s, x->branch.target)) return x->branch.target != top;
    return loop_of_label(s->shape, x->branch.label->name) != top;
}

static void enter_loop(Shaper *s, const Stmt *x) {
    if (!s->loops.len) {
        LoopNeeds n = {x, 0};
        vec_push(s->l->p->stays, &s->shape->loops, n);
    }
    vec_push(s->l->p->scratch, &s->loops, x);
    if (s->loops.len > 1) need(s, LOOP_NEXT);
}

static void see_stmt(Shaper *s, const Stmt *x) {
    if (lower_is_range_func(s->info, x)) {
        enter_loop(s, x);
        return;
    }
    if (s->named && x->kind == STMT_LABELED) {
        LabelPlace p = {x->labeled.label->name, s->loops.len ? vec_last(&s->loops) : NULL};
        vec_push(s->l->p->stays, &s->shape->labels, p);
    }
    if (s->named || !s->loops.len) return;
    if (x->kind == STMT_RETURN) {
        need(s, LOOP_NEXT);
        if (x->ret.results) s->shape->rename_results = true;
    }
    if (x->kind == STMT_BRANCH && jumps_out(s, x)) need(s, LOOP_NEXT);
    if (x->kind == STMT_CALL && x->keyword == KEYWORD_DEFER) need(s, LOOP_DEFERS);
}

static bool shape_visit(void *ctx, SyntaxNode n) {
    Shaper *s = ctx;
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_FUNC_LIT && !s->named) {
        lower_shape_function(s->l, n.expr->func_lit.body);
        return false;
    }
    if (n.tag == TREE_STMT) see_stmt(s, n.stmt);
    return true;
}

static void shape_leave(void *ctx, SyntaxNode n) {
    Shaper *s = ctx;
    if (n.tag == TREE_STMT && s->loops.len && vec_last(&s->loops) == n.stmt) s->loops.len--;
}

// Labels first, then loops and jumps.
void lower_shape_function(Lower *l, const Stmt *body) {
    FuncShape *shape = NEW(l->p->stays, FuncShape);
    Shaper s = {.l = l, .info = l->in->info, .shape = shape, .named = true};
    SyntaxWalk walk = {shape_visit, shape_leave, &s};
    syntax_walk(node_stmt(body), &walk);
    shape->loops.len = 0;
    s.named = false;
    syntax_walk(node_stmt(body), &walk);
    if (shape->loops.len) ptrmap_put(&l->shapes, body, shape);
}
