// go/syntax/node.c: the vocabulary of the tree: names of kinds and operators, and small questions.
#include "go/syntax/syntax.h"

static const char *const op_texts[OP_COUNT] = {
#define X(name, text, prec) [OP_##name] = text,
    SYNTAX_OPS(X)
#undef X
};

static const uint8_t op_precedences[OP_COUNT] = {
#define X(name, text, prec) [OP_##name] = prec,
    SYNTAX_OPS(X)
#undef X
};

#define X(kind, text) text,
static const char *const expr_texts[] = {EXPR_KINDS(X)};
static const char *const stmt_texts[] = {STMT_KINDS(X)};
static const char *const decl_texts[] = {DECL_KINDS(X)};
#undef X

const char *op_text(Op op) { return op_texts[op]; }
int op_precedence(Op op) { return op_precedences[op]; }

const char *keyword_text(Keyword k) {
    switch (k) {
    case KEYWORD_BREAK: return "break";
    case KEYWORD_CONTINUE: return "continue";
    case KEYWORD_FALLTHROUGH: return "fallthrough";
    case KEYWORD_GOTO: return "goto";
    case KEYWORD_GO: return "go";
    case KEYWORD_DEFER: return "defer";
    }
    BUG("keyword %d", k);
}

const char *syntax_kind(SyntaxNode n) {
    switch (n.tag) {
    case TREE_FILE: return "File";
    case TREE_DECL: return decl_texts[n.decl->kind];
    case TREE_FIELD: return "Field";
    case TREE_EXPR: return expr_texts[n.expr->kind];
    case TREE_STMT: return stmt_texts[n.stmt->kind];
    case TREE_CLAUSE: return n.clause->is_comm ? "CommClause" : "CaseClause";
    }
    BUG("node tag %d", n.tag);
}

Pos syntax_pos(SyntaxNode n) {
    switch (n.tag) {
    case TREE_FILE: return n.file->pos;
    case TREE_DECL: return n.decl->pos;
    case TREE_FIELD: return n.field->pos;
    case TREE_EXPR: return n.expr->pos;
    case TREE_STMT: return n.stmt->pos;
    case TREE_CLAUSE: return n.clause->pos;
    }
    BUG("node tag %d", n.tag);
}

const Expr *syntax_unparen(const Expr *x) {
    while (x->kind == EXPR_PAREN) x = x->paren.x;
    return x;
}

Expr *syntax_unparen_mut(Expr *x) {
    while (x->kind == EXPR_PAREN) x = x->paren.x;
    return x;
}

ExprList syntax_unpack_list(Expr *x, Expr **one) {
    if (!x) return (ExprList){NULL, 0};
    if (x->kind == EXPR_LIST) return x->list;
    *one = x;
    return (ExprList){one, 1};
}
