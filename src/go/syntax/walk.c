// go/syntax/walk.c: every node of a tree, parents first, in the compiler's order of children.
#include "go/syntax/syntax.h"

// Chains of operators and selectors are as long as SYNTAX_MAX_CHAIN, so the left operand is
// followed in a loop; the expressions on the way wait here for their other children.
typedef struct Walker {
    const SyntaxWalk *w;
    Arena *arena;
    VEC(const Expr *) spine;
} Walker;

static void walk_node(Walker *k, SyntaxNode n);
static void walk_expr(Walker *k, const Expr *x);

static void walk_exprs(Walker *k, ExprList l) {
    for (uint32_t i = 0; i < l.len; i++) walk_expr(k, l.v[i]);
}
static void walk_stmts(Walker *k, StmtList l) {
    for (uint32_t i = 0; i < l.len; i++) walk_node(k, node_stmt(l.v[i]));
}
static void walk_decls(Walker *k, DeclList l) {
    for (uint32_t i = 0; i < l.len; i++) walk_node(k, node_decl(l.v[i]));
}
static void walk_fields(Walker *k, FieldList l) {
    for (uint32_t i = 0; i < l.len; i++) walk_node(k, node_field(&l.v[i]));
}
static void walk_stmt_opt(Walker *k, const Stmt *s) {
    if (s) walk_node(k, node_stmt(s));
}
static void walk_clauses(Walker *k, ClauseList l) {
    for (uint32_t i = 0; i < l.len; i++) walk_node(k, node_clause(&l.v[i]));
}

// The child that is met first, where it may be the start of a long chain.
static const Expr *left_child(const Expr *x) { // flat switch
    switch (x->kind) {
    case EXPR_SELECTOR: return x->selector.x;
    case EXPR_INDEX: return x->index.x;
    case EXPR_SLICE: return x->slice.x;
    case EXPR_ASSERT: return x->assert.x;
    case EXPR_OPERATION: return x->operation.x;
    case EXPR_CALL: return x->call.fn;
    case EXPR_COMPOSITE: return x->composite.type;
    case EXPR_BAD:
    case EXPR_NAME:
    case EXPR_LIT:
    case EXPR_KEY_VALUE:
    case EXPR_FUNC_LIT:
    case EXPR_PAREN:
    case EXPR_TYPE_SWITCH:
    case EXPR_LIST:
    case EXPR_ARRAY_TYPE:
    case EXPR_SLICE_TYPE:
    case EXPR_DOTS_TYPE:
    case EXPR_STRUCT_TYPE:
    case EXPR_INTERFACE_TYPE:
    case EXPR_FUNC_TYPE:
    case EXPR_MAP_TYPE:
    case EXPR_CHAN_TYPE: return NULL;
    }
    BUG("expression kind %d", x->kind);
}

static void walk_tags(Walker *k, FieldList l) {
    for (uint32_t i = 0; i < l.len; i++) walk_expr(k, l.v[i].tag);
}

// The children but left_child.
static void walk_other_children(Walker *k, const Expr *x) { // flat switch
    switch (x->kind) {
    case EXPR_BAD:
    case EXPR_NAME:
    case EXPR_LIT: return;
    case EXPR_COMPOSITE: walk_exprs(k, x->composite.elems); return;
    case EXPR_KEY_VALUE:
        walk_expr(k, x->key_value.key);
        walk_expr(k, x->key_value.value);
        return;
    case EXPR_FUNC_LIT:
        walk_expr(k, x->func_lit.type);
        walk_stmt_opt(k, x->func_lit.body);
        return;
    case EXPR_PAREN: walk_expr(k, x->paren.x); return;
    case EXPR_SELECTOR: walk_expr(k, x->selector.sel); return;
    case EXPR_INDEX: walk_expr(k, x->index.index); return;
    case EXPR_SLICE:
        for (int i = 0; i < 3; i++) walk_expr(k, x->slice.index[i]);
        return;
    case EXPR_ASSERT: walk_expr(k, x->assert.type); return;
    case EXPR_TYPE_SWITCH:
        walk_expr(k, x->type_switch.lhs);
        walk_expr(k, x->type_switch.x);
        return;
    case EXPR_OPERATION: walk_expr(k, x->operation.y); return;
    case EXPR_CALL: walk_exprs(k, x->call.args); return;
    case EXPR_LIST: walk_exprs(k, x->list); return;
    case EXPR_ARRAY_TYPE:
        walk_expr(k, x->array_type.len);
        walk_expr(k, x->array_type.elem);
        return;
    case EXPR_SLICE_TYPE:
    case EXPR_DOTS_TYPE:
    case EXPR_CHAN_TYPE: walk_expr(k, x->elem_type.elem); return;
    case EXPR_STRUCT_TYPE:
        walk_fields(k, x->fields);
        walk_tags(k, x->fields);
        return;
    case EXPR_INTERFACE_TYPE: walk_fields(k, x->fields); return;
    case EXPR_FUNC_TYPE:
        walk_fields(k, x->func_type.params);
        walk_fields(k, x->func_type.results);
        return;
    case EXPR_MAP_TYPE:
        walk_expr(k, x->map_type.key);
        walk_expr(k, x->map_type.value);
        return;
    }
}

static void walk_expr(Walker *k, const Expr *x) {
    uint32_t bottom = k->spine.len;
    for (; x && k->w->visit(k->w->ctx, node_expr(x)); x = left_child(x))
        vec_push(k->arena, &k->spine, x);
    while (k->spine.len > bottom) {
        x = vec_pop(&k->spine);
        walk_other_children(k, x);
        if (k->w->leave) k->w->leave(k->w->ctx, node_expr(x));
    }
}

static void walk_stmt(Walker *k, const Stmt *s) { // flat switch
    switch (s->kind) {
    case STMT_EMPTY: return;
    case STMT_LABELED:
        walk_expr(k, s->labeled.label);
        walk_stmt_opt(k, s->labeled.stmt);
        return;
    case STMT_BLOCK: walk_stmts(k, s->block.list); return;
    case STMT_EXPR: walk_expr(k, s->expr.x); return;
    case STMT_SEND:
        walk_expr(k, s->send.chan);
        walk_expr(k, s->send.value);
        return;
    case STMT_DECL: walk_decls(k, s->decl.list); return;
    case STMT_ASSIGN:
        walk_expr(k, s->assign.lhs);
        walk_expr(k, s->assign.rhs);
        return;
    case STMT_BRANCH: walk_expr(k, s->branch.label); return; // the target stands elsewhere
    case STMT_CALL: walk_expr(k, s->call.call); return;
    case STMT_RETURN: walk_expr(k, s->ret.results); return;
    case STMT_IF:
        walk_stmt_opt(k, s->if_.init);
        walk_expr(k, s->if_.cond);
        walk_stmt_opt(k, s->if_.then);
        walk_stmt_opt(k, s->if_.els);
        return;
    case STMT_FOR:
        walk_stmt_opt(k, s->for_.init);
        walk_expr(k, s->for_.cond);
        walk_stmt_opt(k, s->for_.post);
        walk_stmt_opt(k, s->for_.body);
        return;
    case STMT_SWITCH:
        walk_stmt_opt(k, s->switch_.init);
        walk_expr(k, s->switch_.tag);
        walk_clauses(k, s->switch_.body);
        return;
    case STMT_SELECT: walk_clauses(k, s->select.body); return;
    case STMT_RANGE:
        walk_expr(k, s->range.lhs);
        walk_expr(k, s->range.x);
        return;
    }
}

static void walk_decl(Walker *k, const Decl *d) {
    switch (d->kind) {
    case DECL_IMPORT:
        walk_expr(k, d->import.local);
        walk_expr(k, d->import.path);
        return;
    case DECL_CONST:
    case DECL_VAR:
        walk_exprs(k, d->value.names);
        walk_expr(k, d->value.type);
        walk_expr(k, d->value.values);
        return;
    case DECL_TYPE:
        walk_expr(k, d->type.name);
        walk_fields(k, d->type.tparams);
        walk_expr(k, d->type.type);
        return;
    case DECL_FUNC:
        if (d->func.recv) walk_node(k, node_field(d->func.recv));
        walk_expr(k, d->func.name);
        walk_fields(k, d->func.tparams);
        walk_expr(k, d->func.type);
        walk_stmt_opt(k, d->func.body);
        return;
    }
}

static void walk_node(Walker *k, SyntaxNode n) {
    if (n.tag == TREE_EXPR) {
        walk_expr(k, n.expr);
        return;
    }
    if (!k->w->visit(k->w->ctx, n)) return;
    switch (n.tag) {
    case TREE_FILE:
        walk_expr(k, n.file->pkg_name);
        walk_decls(k, n.file->decls);
        break;
    case TREE_DECL: walk_decl(k, n.decl); break;
    case TREE_FIELD:
        walk_expr(k, n.field->name);
        walk_expr(k, n.field->type);
        break;
    case TREE_EXPR: break;
    case TREE_STMT: walk_stmt(k, n.stmt); break;
    case TREE_CLAUSE:
        walk_expr(k, n.clause->cases);
        walk_stmt_opt(k, n.clause->comm);
        walk_stmts(k, n.clause->body);
        break;
    }
    if (k->w->leave) k->w->leave(k->w->ctx, n);
}

void syntax_walk(SyntaxNode root, const SyntaxWalk *w) {
    Walker k = {.w = w, .arena = arena_new("syntax walk")};
    walk_node(&k, root);
    arena_free(k.arena);
}
