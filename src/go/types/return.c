// go/types/return.c: does a statement list end in a terminating statement (specification,
// "Terminating statements").
#include "go/types/types_internal.h"

static bool list_terminates(Check *c, StmtList list, Name label) {
    for (uint32_t i = list.len; i > 0; i--)
        if (list.v[i - 1]->kind != STMT_EMPTY) return is_terminating(c, list.v[i - 1], label);
    return false;
}

// A break that leaves the statement labelled so; implicit: also one without a label.
static bool has_break(const Stmt *s, Name label, bool implicit);

static bool list_breaks(StmtList list, Name label, bool implicit) {
    for (uint32_t i = 0; i < list.len; i++)
        if (has_break(list.v[i], label, implicit)) return true;
    return false;
}

static bool clauses_break(ClauseList list, Name label) {
    for (uint32_t i = 0; label && i < list.len; i++)
        if (list_breaks(list.v[i].body, label, false)) return true;
    return false;
}

static bool has_break(const Stmt *s, Name label, bool implicit) { // flat switch
    switch (s->kind) {
    case STMT_DECL:
    case STMT_EMPTY:
    case STMT_EXPR:
    case STMT_SEND:
    case STMT_ASSIGN:
    case STMT_CALL:
    case STMT_RETURN:
    case STMT_RANGE: return false;
    case STMT_LABELED: return has_break(s->labeled.stmt, label, implicit);
    case STMT_BRANCH:
        if (s->keyword != KEYWORD_BREAK) return false;
        return s->branch.label ? label && s->branch.label->name == label : implicit;
    case STMT_BLOCK: return list_breaks(s->block.list, label, implicit);
    case STMT_IF:
        return has_break(s->if_.then, label, implicit) ||
               (s->if_.els && has_break(s->if_.els, label, implicit));
    case STMT_SWITCH: return clauses_break(s->switch_.body, label);
    case STMT_SELECT: return clauses_break(s->select.body, label);
    case STMT_FOR: return label && has_break(s->for_.body, label, false);
    }
    BUG("statement kind %d", s->kind);
}

static bool clauses_terminate(Check *c, ClauseList list, Name label) {
    for (uint32_t i = 0; i < list.len; i++)
        if (!list_terminates(c, list.v[i].body, 0) || list_breaks(list.v[i].body, label, true))
            return false;
    return true;
}

static bool has_default(ClauseList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (!list.v[i].cases) return true;
    return false;
}

static bool is_panic_call(Check *c, const Stmt *s) {
    const Expr *x = syntax_unparen(s->expr.x);
    return x->kind == EXPR_CALL && x->id && c->info->exprs[x->id].is_panic;
}

bool is_terminating(Check *c, Stmt *s, Name label) { // flat switch
    switch (s->kind) {
    case STMT_DECL:
    case STMT_EMPTY:
    case STMT_SEND:
    case STMT_ASSIGN:
    case STMT_CALL:
    case STMT_RANGE: return false;
    case STMT_LABELED: return is_terminating(c, s->labeled.stmt, s->labeled.label->name);
    case STMT_EXPR: return is_panic_call(c, s);
    case STMT_RETURN: return true;
    case STMT_BRANCH: return s->keyword == KEYWORD_GOTO || s->keyword == KEYWORD_FALLTHROUGH;
    case STMT_BLOCK: return list_terminates(c, s->block.list, 0);
    case STMT_IF:
        return s->if_.els && is_terminating(c, s->if_.then, 0) && is_terminating(c, s->if_.els, 0);
    case STMT_SWITCH:
        return has_default(s->switch_.body) && clauses_terminate(c, s->switch_.body, label);
    case STMT_SELECT: return clauses_terminate(c, s->select.body, label);
    case STMT_FOR:
        if (s->for_.init && s->for_.init->kind == STMT_RANGE) return false;
        return !s->for_.cond && !has_break(s->for_.body, label, true);
    }
    BUG("statement kind %d", s->kind);
}
