// go/syntax/position.c: where a node begins and ends, as the compiler sees it (scopes and some
// messages depend on just that, so its approximations are kept).
#include "go/syntax/syntax.h"

// The operand a node's text begins with, or NULL: the node's own position is its start.
static const Expr *first_operand(const Expr *x) { // flat switch
    switch (x->kind) {
    case EXPR_COMPOSITE: return x->composite.type;
    case EXPR_KEY_VALUE: return x->key_value.key;
    case EXPR_SELECTOR: return x->selector.x;
    case EXPR_INDEX: return x->index.x;
    case EXPR_ASSERT: return x->assert.x;
    case EXPR_TYPE_SWITCH: return x->type_switch.lhs ? x->type_switch.lhs : x->type_switch.x;
    case EXPR_OPERATION: return x->operation.y ? x->operation.x : NULL;
    case EXPR_CALL: return x->call.fn;
    case EXPR_LIST: return x->list.len ? x->list.v[0] : NULL;
    case EXPR_BAD:
    case EXPR_NAME:
    case EXPR_LIT:
    case EXPR_FUNC_LIT:
    case EXPR_PAREN:
    case EXPR_SLICE: // at its "[", though an operand stands before it
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

static Pos expr_start(const Expr *x) {
    for (const Expr *first; (first = first_operand(x));) x = first;
    return x->pos;
}

static Pos stmt_start(const Stmt *s) {
    if (s->kind == STMT_SEND) return expr_start(s->send.chan);
    if (s->kind == STMT_ASSIGN) return expr_start(s->assign.lhs);
    if (s->kind == STMT_RANGE) return expr_start(s->range.lhs ? s->range.lhs : s->range.x);
    return s->pos;
}

Pos syntax_start_pos(SyntaxNode n) {
    switch (n.tag) {
    case TREE_FILE: return n.file->source->base;
    case TREE_EXPR: return expr_start(n.expr);
    case TREE_STMT: return stmt_start(n.stmt);
    case TREE_DECL:
    case TREE_FIELD:
    case TREE_CLAUSE: return syntax_pos(n);
    }
    BUG("node tag %d", n.tag);
}

typedef struct End {
    SyntaxNode next; // the node whose end it is, if !done
    Pos pos;
    bool done;
} End;

static End end_at(Pos pos) { return (End){.pos = pos, .done = true}; }
static End end_of(const Expr *x) { return (End){.next = node_expr(x)}; }
static End end_of_stmt(const Stmt *x) { return (End){.next = node_stmt(x)}; }
static End end_of_fields(FieldList l, Pos none) {
    return l.len ? (End){.next = node_field(&l.v[l.len - 1])} : end_at(none);
}

static End expr_end(const Expr *x) { // flat switch
    switch (x->kind) {
    case EXPR_BAD: return end_at(x->pos);
    case EXPR_NAME:
    case EXPR_LIT: return end_at(x->end);
    case EXPR_COMPOSITE: return end_at(x->composite.rbrace);
    case EXPR_KEY_VALUE: return end_of(x->key_value.value);
    case EXPR_FUNC_LIT: return end_of_stmt(x->func_lit.body);
    case EXPR_PAREN: return end_of(x->paren.x);
    case EXPR_SELECTOR: return end_of(x->selector.sel);
    case EXPR_INDEX: return end_of(x->index.index);
    case EXPR_SLICE: return end_of(x->slice.x); // the compiler forgets the indices
    case EXPR_ASSERT: return end_of(x->assert.type);
    case EXPR_TYPE_SWITCH: return end_of(x->type_switch.x);
    case EXPR_OPERATION: return end_of(x->operation.y ? x->operation.y : x->operation.x);
    case EXPR_CALL:
        return end_of(x->call.args.len ? x->call.args.v[x->call.args.len - 1] : x->call.fn);
    case EXPR_LIST: return x->list.len ? end_of(x->list.v[x->list.len - 1]) : end_at(x->pos);
    case EXPR_ARRAY_TYPE: return end_of(x->array_type.elem);
    case EXPR_SLICE_TYPE:
    case EXPR_DOTS_TYPE:
    case EXPR_CHAN_TYPE: return end_of(x->elem_type.elem);
    case EXPR_STRUCT_TYPE:
    case EXPR_INTERFACE_TYPE: return end_of_fields(x->fields, x->pos);
    case EXPR_FUNC_TYPE:
        return end_of_fields(x->func_type.results.len ? x->func_type.results : x->func_type.params,
                             x->pos);
    case EXPR_MAP_TYPE: return end_of(x->map_type.value);
    }
    BUG("expression kind %d", x->kind);
}

static End stmt_end(const Stmt *s) { // flat switch
    switch (s->kind) {
    case STMT_EMPTY: return end_at(s->pos);
    case STMT_LABELED: return end_of_stmt(s->labeled.stmt);
    case STMT_BLOCK: return end_at(s->block.rbrace);
    case STMT_EXPR: return end_of(s->expr.x);
    case STMT_SEND: return end_of(s->send.value);
    case STMT_DECL:
        if (!s->decl.list.len) return end_at(s->pos);
        return (End){.next = node_decl(s->decl.list.v[s->decl.list.len - 1])};
    case STMT_ASSIGN:
        if (s->assign.rhs) return end_of(s->assign.rhs);
        return end_at(syntax_end_pos(node_expr(s->assign.lhs)) + 2); // x++
    case STMT_BRANCH: return s->branch.label ? end_of(s->branch.label) : end_at(s->pos);
    case STMT_CALL: return end_of(s->call.call);
    case STMT_RETURN: return s->ret.results ? end_of(s->ret.results) : end_at(s->pos);
    case STMT_IF: return end_of_stmt(s->if_.els ? s->if_.els : s->if_.then);
    case STMT_FOR: return end_of_stmt(s->for_.body);
    case STMT_SWITCH: return end_at(s->switch_.rbrace);
    case STMT_SELECT: return end_at(s->select.rbrace);
    case STMT_RANGE: return end_of(s->range.x);
    }
    BUG("statement kind %d", s->kind);
}

static End decl_end(const Decl *d) {
    switch (d->kind) {
    case DECL_IMPORT: return d->import.path ? end_of(d->import.path) : end_at(d->pos);
    case DECL_CONST:
    case DECL_VAR:
        if (d->value.values) return end_of(d->value.values);
        if (d->value.type) return end_of(d->value.type);
        return end_of(d->value.names.v[d->value.names.len - 1]);
    case DECL_TYPE: return end_of(d->type.type);
    case DECL_FUNC: return d->func.body ? end_of_stmt(d->func.body) : end_of(d->func.type);
    }
    BUG("declaration kind %d", d->kind);
}

static End clause_end(const Clause *c) {
    return c->body.len ? end_of_stmt(c->body.v[c->body.len - 1]) : end_at(c->colon);
}

Pos syntax_end_pos(SyntaxNode n) {
    for (;;) {
        End e = end_at(0);
        switch (n.tag) {
        case TREE_FILE: e = end_at(n.file->eof); break;
        case TREE_DECL: e = decl_end(n.decl); break;
        case TREE_FIELD: e = end_of(n.field->type ? n.field->type : n.field->name); break;
        case TREE_EXPR: e = expr_end(n.expr); break;
        case TREE_STMT: e = stmt_end(n.stmt); break;
        case TREE_CLAUSE: e = clause_end(n.clause); break;
        }
        if (e.done) return e.pos;
        n = e.next;
    }
}
