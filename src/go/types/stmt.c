// go/types/stmt.c: statements and function bodies.
#include "go/types/types_internal.h"

#include <stdlib.h>

// ---- variables that nobody uses

static void collect_unused(Check *c, const Scope *s, ObjVec *out) {
    for (uint32_t i = 0; i < s->objs.len; i++) {
        Obj *o = s->objs.v[i];
        if (o->kind == OBJ_VAR && o->var_kind == VAR_LOCAL && !o->used) vec_push(c->local, out, o);
    }
}

static void usage(Check *c, const Scope *s) {
    ObjVec unused = {0};
    collect_unused(c, s, &unused);
    for (uint32_t i = 1; i < unused.len; i++) { // by position; lists are short
        Obj *o = unused.v[i];
        uint32_t k = i;
        for (; k && unused.v[k - 1]->pos > o->pos; k--) unused.v[k] = unused.v[k - 1];
        unused.v[k] = o;
    }
    for (uint32_t i = 0; i < unused.len; i++)
        check_soft_error(c, unused.v[i]->pos, "declared and not used: %N", unused.v[i]->name);
    for (const Scope *child = s->first_child; child; child = child->next)
        if (!child->is_func) usage(c, child);
}

void check_func_body(Check *c, DeclInfo *decl, Type *sig, Stmt *body, Const *iota) {
    Env saved = c->e;
    c->e = (Env){
        .decl = decl, .scope = sig->sig.scope, .version = saved.version, .iota = iota, .sig = sig};
    check_stmt_list(c, 0, body->block.list);
    if (c->e.has_label && c->cfg->labels) check_labels(c, body);
    if (sig->sig.results && !is_terminating(c, body, 0))
        check_error(c, body->block.rbrace, "missing return");
    usage(c, sig->sig.scope);
    c->e = saved;
}

void check_stmt_list(Check *c, unsigned ctxt, StmtList list) {
    bool fall = ctxt & CTXT_FALLTHROUGH;
    ctxt &= ~(unsigned)CTXT_FALLTHROUGH;
    while (list.len && list.v[list.len - 1]->kind == STMT_EMPTY) list.len--;
    for (uint32_t i = 0; i < list.len; i++)
        check_stmt(c, fall && i + 1 == list.len ? ctxt | CTXT_FALLTHROUGH : ctxt, list.v[i]);
}

// ---- simple statements

static void expr_stmt(Check *c, Stmt *s) {
    Operand x = {0};
    ExprClass class = raw_expr(c, NULL, &x, s->expr.x, NULL, false);
    const char *text = "is not used";
    if (x.mode == MODE_BUILTIN)
        text = "must be called";
    else if (x.mode == MODE_TYPE)
        text = "is not an expression";
    else if (class == CLASS_STATEMENT)
        return;
    check_error(c, at_operand(&x), "%O %s", &x, text);
}

static void send_stmt(Check *c, Stmt *s) {
    Operand ch = {0}, value = {0};
    check_expr(c, NULL, &ch, s->send.chan);
    check_expr(c, NULL, &value, s->send.value);
    if (ch.mode == MODE_INVALID || value.mode == MODE_INVALID) return;
    Type *elem = chan_elem(c, at_stmt(s), &ch, false);
    if (elem) check_assignment(c, &value, elem, STR("send"));
}

static void inc_dec(Check *c, Stmt *s) {
    Operand x = {0};
    check_expr(c, NULL, &x, s->assign.lhs);
    if (x.mode == MODE_INVALID) return;
    if (!all_numeric(x.type)) {
        check_error(c, at_expr(s->assign.lhs), "invalid operation: %E%X%X (non-numeric type %T)",
                    s->assign.lhs, s->op, s->op, x.type);
        return;
    }
    check_assign_var(c, s->assign.lhs, NULL, &x, "assignment");
}

static void assign_stmt(Check *c, Stmt *s) {
    if (!s->assign.rhs) {
        inc_dec(c, s);
        return;
    }
    ExprList lhs = list_of(c, s->assign.lhs), rhs = list_of(c, s->assign.rhs);
    if (s->op == OP_NONE) {
        check_assign_vars(c, lhs, rhs);
        return;
    }
    if (s->op == OP_DEF) {
        check_short_var_decl(c, s->pos, lhs, rhs);
        return;
    }
    if (lhs.len != 1 || rhs.len != 1) {
        check_error(c, at_stmt(s), "assignment operation %X requires single-valued expressions",
                    s->op);
        return;
    }
    Operand x = {0};
    check_binary(c, &x, NULL, (Expr *[]){lhs.v[0], rhs.v[0]}, s->op);
    check_assign_var(c, lhs.v[0], NULL, &x, "assignment");
}

static void call_stmt(Check *c, Stmt *s) {
    const char *word = s->keyword == KEYWORD_DEFER ? "defer" : "go";
    Expr *call = s->call.call;
    if (call->kind != EXPR_CALL) {
        check_error(c, at_expr(call), "expression in %s must be function call", word);
        check_use1(c, call, false);
        return;
    }
    Operand x = {0};
    const char *text = "discards result of";
    ExprClass class = raw_expr(c, NULL, &x, call, NULL, false);
    if (class == CLASS_STATEMENT) return;
    if (class == CLASS_CONVERSION) text = "requires function call, not conversion";
    check_error(c, at_operand(&x), "%s %s %O", word, text, &x);
}

static void shadowed_results(Check *c, Stmt *s, ObjList results) {
    for (uint32_t i = 0; i < results.len; i++) {
        Obj *o = results.v[i], *alt = check_lookup(c, o->name, NULL);
        if (!alt || alt == o) continue;
        ErrorBuilder e = error_begin(c);
        error_add(&e, at_stmt(s), "result parameter %N not in scope at return", o->name);
        error_add(&e, alt->pos, "inner declaration of %J", o);
        error_report(&e);
    }
}

static void return_stmt(Check *c, Stmt *s) {
    Type *r = c->e.sig->sig.results;
    ObjList results = r ? r->tuple.vars : (ObjList){0};
    ExprList values = list_of(c, s->ret.results);
    if (!values.len && results.len && name_str(c->env->names, results.v[0]->name).len)
        shadowed_results(c, s, results);
    else if (results.len || values.len)
        check_init_vars(c, results, values, s);
}

static void branch_stmt(Check *c, unsigned ctxt, Stmt *s) {
    if (s->branch.label) c->e.has_label = true;
    if (s->branch.label || !c->cfg->labels) return;
    const char *fault = NULL;
    if (s->keyword == KEYWORD_BREAK && !(ctxt & CTXT_BREAK))
        fault = "break not in for, switch, or select statement";
    if (s->keyword == KEYWORD_CONTINUE && !(ctxt & CTXT_CONTINUE))
        fault = "continue not in for statement";
    if (s->keyword == KEYWORD_FALLTHROUGH && !(ctxt & CTXT_FALLTHROUGH))
        fault = ctxt & CTXT_FINAL_CASE    ? "cannot fallthrough final case in switch"
                : ctxt & CTXT_TYPE_SWITCH ? "cannot fallthrough in type switch"
                                          : "fallthrough statement out of place";
    if (fault) check_error(c, at_stmt(s), "%s", fault);
}

// ---- compound statements

static void open_stmt_scope(Check *c, Stmt *s) {
    check_open_scope(c, s->pos, syntax_end_pos(node_stmt(s)));
}

static void open_clause_scope(Check *c, Clause *k) {
    check_open_scope(c, k->pos, syntax_end_pos(node_clause(k)));
}

static void condition(Check *c, Expr *cond, const char *what) {
    Operand x = {0};
    check_expr(c, NULL, &x, cond);
    if (x.mode != MODE_INVALID && !all_boolean(x.type))
        check_error(c, at_expr(cond), "non-boolean condition in %s statement", what);
}

static void if_stmt(Check *c, unsigned ctxt, Stmt *s) {
    open_stmt_scope(c, s);
    if (s->if_.init) check_stmt(c, 0, s->if_.init);
    condition(c, s->if_.cond, "if");
    check_stmt(c, ctxt, s->if_.then);
    if (s->if_.els) check_stmt(c, ctxt, s->if_.els);
    check_close_scope(c);
}

static void for_stmt(Check *c, unsigned ctxt, Stmt *s) {
    ctxt |= CTXT_BREAK | CTXT_CONTINUE;
    if (s->for_.init && s->for_.init->kind == STMT_RANGE) {
        check_range(c, ctxt, s);
        return;
    }
    open_stmt_scope(c, s);
    if (s->for_.init) check_stmt(c, 0, s->for_.init);
    if (s->for_.cond) condition(c, s->for_.cond, "for");
    if (s->for_.post) {
        check_stmt(c, 0, s->for_.post);
        // The parser has complained of x := in a post statement: its variables count as used.
        if (s->for_.post->kind == STMT_ASSIGN && s->for_.post->op == OP_DEF)
            check_use1(c, s->for_.post->assign.lhs, false);
    }
    check_stmt(c, ctxt, s->for_.body);
    check_close_scope(c);
}

static bool valid_comm(const Stmt *s) {
    const Expr *rhs = NULL;
    if (!s || s->kind == STMT_SEND) return true;
    if (s->kind == STMT_ASSIGN && s->assign.rhs && s->assign.rhs->kind != EXPR_LIST)
        rhs = s->assign.rhs;
    if (s->kind == STMT_EXPR) rhs = s->expr.x;
    if (!rhs) return false;
    rhs = syntax_unparen(rhs);
    return rhs->kind == EXPR_OPERATION && rhs->op == OP_RECV && !rhs->operation.y;
}

static void select_stmt(Check *c, unsigned ctxt, Stmt *s) {
    ctxt |= CTXT_BREAK;
    const Clause *first = NULL;
    for (uint32_t i = 0; i < s->select.body.len; i++) {
        Clause *k = &s->select.body.v[i];
        if (k->comm) continue;
        if (first)
            check_error(c, k->pos, "multiple defaults (first at %P)", first->pos);
        else
            first = k;
    }
    for (uint32_t i = 0; i < s->select.body.len; i++) {
        Clause *k = &s->select.body.v[i];
        if (!valid_comm(k->comm)) {
            check_error(c, at_stmt(k->comm),
                        "select case must be send or receive (possibly with assignment)");
            continue;
        }
        open_clause_scope(c, k);
        if (k->comm) check_stmt(c, ctxt, k->comm);
        check_stmt_list(c, ctxt, k->body);
        check_close_scope(c);
    }
}

static void switch_stmt(Check *c, unsigned ctxt, Stmt *s) {
    ctxt |= CTXT_BREAK;
    open_stmt_scope(c, s);
    if (s->switch_.init) check_stmt(c, 0, s->switch_.init);
    if (s->switch_.tag && s->switch_.tag->kind == EXPR_TYPE_SWITCH)
        check_type_switch(c, ctxt | CTXT_TYPE_SWITCH, s);
    else
        check_switch(c, ctxt, s);
    check_close_scope(c);
}

static void stmt(Check *c, unsigned ctxt, Stmt *s) { // flat switch
    unsigned inner = ctxt & ~(unsigned)(CTXT_FALLTHROUGH | CTXT_FINAL_CASE | CTXT_TYPE_SWITCH);
    switch (s->kind) {
    case STMT_EMPTY: return;
    case STMT_DECL: check_decl_stmt(c, s->decl.list); return;
    case STMT_LABELED: check_stmt(c, ctxt, s->labeled.stmt); return;
    case STMT_EXPR: expr_stmt(c, s); return;
    case STMT_SEND: send_stmt(c, s); return;
    case STMT_ASSIGN: assign_stmt(c, s); return;
    case STMT_CALL: call_stmt(c, s); return;
    case STMT_RETURN: return_stmt(c, s); return;
    case STMT_BRANCH: branch_stmt(c, ctxt, s); return;
    case STMT_BLOCK:
        open_stmt_scope(c, s);
        check_stmt_list(c, inner, s->block.list);
        check_close_scope(c);
        return;
    case STMT_IF: if_stmt(c, inner, s); return;
    case STMT_SWITCH: switch_stmt(c, inner, s); return;
    case STMT_SELECT: select_stmt(c, inner, s); return;
    case STMT_FOR: for_stmt(c, inner, s); return;
    case STMT_RANGE: BUG("a range clause as a statement");
    }
    BUG("statement kind %d", s->kind);
}

void check_stmt(Check *c, unsigned ctxt, Stmt *s) {
    uint32_t top = c->delayed.len;
    stmt(c, ctxt, s);
    check_process_delayed(c, top);
}
