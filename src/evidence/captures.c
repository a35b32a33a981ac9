// Does a function literal use variables of the function around it? If not it is one object made by
// the linker, whatever escapes: no memory is taken at run time.
// Names decide, without scopes: a name declared on both sides counts as used from outside, so that
// no allocation is ever argued away.
#include "evidence/evidence_internal.h"

typedef struct Captures {
    const Sources *s;
    const Expr *lit;
    Index declared; // hash of a name -> 1
    const Expr *sel;
    bool any;
} Captures;

static bool inside(const Captures *c, Pos pos) { return pos >= c->lit->pos && pos < c->lit->end; }

static void declare(Captures *c, const Expr *x) {
    if (!x || x->kind != EXPR_NAME || inside(c, x->pos)) return;
    index_add(&c->declared, hash_mix(x->name, 1), x->name);
}

static void declare_all(Captures *c, Expr *x) {
    Expr *one;
    ExprList list = syntax_unpack_list(x, &one);
    for (uint32_t i = 0; i < list.len; i++) declare(c, list.v[i]);
}

static bool find_declared(void *ctx, SyntaxNode n) {
    Captures *c = ctx;
    if (n.tag == TREE_FIELD) declare(c, n.field->name);
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_TYPE_SWITCH) declare(c, n.expr->type_switch.lhs);
    if (n.tag == TREE_STMT && n.stmt->kind == STMT_ASSIGN && n.stmt->op == OP_DEF)
        declare_all(c, n.stmt->assign.lhs);
    if (n.tag == TREE_STMT && n.stmt->kind == STMT_RANGE && n.stmt->def)
        declare_all(c, n.stmt->range.lhs);
    if (n.tag == TREE_DECL && n.decl->kind == DECL_VAR)
        for (uint32_t i = 0; i < n.decl->value.names.len; i++) declare(c, n.decl->value.names.v[i]);
    return true;
}

static bool find_used(void *ctx, SyntaxNode n) {
    Captures *c = ctx;
    if (n.tag != TREE_EXPR) return true;
    if (n.expr->kind == EXPR_SELECTOR) c->sel = n.expr->selector.sel;
    if (n.expr->kind != EXPR_NAME || n.expr == c->sel) return true;
    IndexIter it = index_find(&c->declared, hash_mix(n.expr->name, 1));
    for (; it.id; index_next(&it)) c->any |= it.id == n.expr->name;
    return true;
}

bool captures_any(Sources *s, const Spot *spot) {
    if (!spot->func) return false; // of a package variable: nothing around it to use
    Captures c = {.s = s, .lit = spot->expr, .declared = index_new(s->arena)};
    SyntaxWalk declared = {find_declared, NULL, &c}, used = {find_used, NULL, &c};
    syntax_walk(node_decl(s->funcs.v[spot->func - 1].decl), &declared);
    syntax_walk(node_expr(spot->expr), &used);
    return c.any;
}
