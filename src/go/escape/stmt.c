// go/escape/stmt.c: statements, and the bodies they make up.
//
// Loop depth: 1 in a function's body, one more in each loop, and after each label that a later goto
// jumps back to, to the end of the block the label stands in.
#include "go/escape/escape_internal.h"

void esc_stmts(Esc *e, NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++) esc_stmt(e, list.v[i]);
}

static void block(Esc *e, NodeVec list) {
    int32_t depth = e->loop_depth;
    esc_stmts(e, list);
    e->loop_depth = depth;
}

// The depth a variable is declared at.
static Hole declare(Esc *e, Node *name) {
    LocId l = esc_loc_of(e, name);
    e->infos.v[l].loop_depth = e->loop_depth;
    return hole_of(l);
}

static void stmt_for(Esc *e, Node *n) {
    e->loop_depth++;
    esc_discard(e, n->u.for_.cond);
    if (n->u.for_.post) esc_stmt(e, n->u.for_.post);
    block(e, n->u.for_.body);
    e->loop_depth--;
}

// The operand is evaluated before the loop and lives until its end.
static void stmt_range(Esc *e, Node *n) {
    Node *x = n->u.range.x;
    LocId tmp = esc_new_loc(e, NULL, true);
    esc_expr(e, hole_of(tmp), x);
    e->loop_depth++;
    Hole ks[2];
    ks[0] = esc_addr(e, n->u.range.key);
    ks[1] = esc_addr(e, n->u.range.value);
    if (x->type->kind == KIND_ARRAY)
        esc_flow(e, esc_note(e, ks[1], n, "range"), tmp);
    else
        esc_flow(e, esc_deref(e, ks[1], n, "range-deref"), tmp);
    esc_reassigned(e, (Holes){ks, 2}, n);
    block(e, n->u.range.body);
    e->loop_depth--;
}

// The operand flows to each clause's variable.
static void switch_type(Esc *e, const Node *n) {
    NodeVec cases = n->u.switch_.cases;
    const Node *guard = n->u.switch_.tag;
    Holes ks = {NEW_ARRAY(e->arena, Hole, cases.len + 1), 0};
    for (uint32_t i = 0; guard->u.typesw.tag && i < cases.len; i++) {
        Node *clause = cases.v[i], *var = clause->u.case_.var;
        Hole k = declare(e, var);
        if (irtype_has_pointers(e->ts, var->type))
            ks.v[ks.len++] = esc_dot_type(e, k, var->type, clause, "switch case");
    }
    esc_expr(e, esc_tee(e, ks), guard->u.typesw.x);
}

static void stmt_switch(Esc *e, Node *n) {
    Node *tag = n->u.switch_.tag;
    if (tag && tag->op == IR_TYPESW)
        switch_type(e, n);
    else
        esc_discard(e, tag);
    for (uint32_t i = 0; i < n->u.switch_.cases.len; i++) {
        Node *clause = n->u.switch_.cases.v[i];
        esc_discards(e, clause->u.case_.exprs);
        block(e, clause->u.case_.body);
    }
}

static void stmt_select(Esc *e, Node *n) {
    for (uint32_t i = 0; i < n->u.switch_.cases.len; i++) {
        Node *clause = n->u.switch_.cases.v[i];
        if (clause->u.case_.comm) esc_stmt(e, clause->u.case_.comm);
        block(e, clause->u.case_.body);
    }
}

static void stmt_assign(Esc *e, Node *n) {
    NodeVec dst = {.v = &n->u.as.x, .len = 1}, src = {.v = &n->u.as.y, .len = 1};
    esc_assign_list(e, dst, src, "assign", n);
}

static void stmt_assign_list(Esc *e, Node *n, const char *why) {
    esc_assign_list(e, n->u.as2.lhs, n->u.as2.rhs, why, n);
}

static void stmt_assign_call(Esc *e, Node *n) {
    Node *call = n->u.as2.rhs.v[0];
    if (call->init) esc_stmts(e, *call->init);
    Holes ks = esc_addrs(e, n->u.as2.lhs);
    esc_call(e, ks, call);
    esc_reassigned(e, ks, n);
}

static void stmt_return(Esc *e, Node *n) {
    NodeVec results = {.v = e->func->dcl.v + e->func->nparams, .len = e->func->nresults};
    esc_assign_list(e, results, n->u.list.v, "return", n);
}

static void stmt_if(Esc *e, Node *n) {
    esc_discard(e, n->u.if_.cond);
    block(e, n->u.if_.then);
    block(e, n->u.if_.els);
}

void esc_stmt(Esc *e, Node *n) { // flat switch
    if (n->init) esc_stmts(e, *n->init);
    // clang-format off
    switch ((int)n->op) { // only statements come here
    case IR_FALL: case IR_INLMARK: case IR_BREAK: case IR_CONTINUE: case IR_GOTO: return;
    case IR_BLOCK: esc_stmts(e, n->u.list.v); return;
    case IR_DCL: if (!ir_is_blank(n->u.xy.x)) declare(e, n->u.xy.x); return;
    case IR_LABEL: if (n->has_backjump) e->loop_depth++; return;
    case IR_IF: stmt_if(e, n); return;
    case IR_CHECKNIL: esc_discard(e, n->u.xy.x); return;
    case IR_FOR: stmt_for(e, n); return;
    case IR_RANGE: stmt_range(e, n); return;
    case IR_SWITCH: stmt_switch(e, n); return;
    case IR_SELECT: stmt_select(e, n); return;
    case IR_RECV: esc_expr_skip_init(e, hole_of(LOC_BLANK), n); return;
    case IR_SEND: esc_discard(e, n->u.xy.x); esc_assign_heap(e, n->u.xy.y, "send", n); return;
    case IR_AS: case IR_ASOP: stmt_assign(e, n); return;
    case IR_AS2: stmt_assign_list(e, n, "assign-pair"); return;
    case IR_AS2DOTTYPE: stmt_assign_list(e, n, "assign-pair-dot-type"); return;
    case IR_AS2MAPR: stmt_assign_list(e, n, "assign-pair-mapr"); return;
    case IR_AS2RECV: case IR_SELRECV2: stmt_assign_list(e, n, "assign-pair-receive"); return;
    case IR_AS2FUNC: stmt_assign_call(e, n); return;
    case IR_RETURN: stmt_return(e, n); return;
    case IR_CALLFUNC: case IR_CALLINTER: case IR_INLCALL: case IR_CLEAR: case IR_CLOSE: case IR_COPY:
    case IR_DELETE: case IR_PANIC: case IR_PRINT: case IR_PRINTLN: case IR_RECOVER:
        esc_call(e, (Holes){0}, n); return;
    case IR_GO: case IR_DEFER: esc_go_defer(e, n); return;
    case IR_TAILCALL: esc_call(e, (Holes){0}, n->u.xy.x); return;
    default: BUG("%s is no statement", ir_op_name(n->op));
    }
    // clang-format on
}

// ---- whole functions

// Finds the labels that a later goto jumps back to. Labels that inlining makes stand behind every
// goto that leads to them.
static bool find_labels(void *ctx, Node *n) {
    Esc *e = ctx;
    if (n->op != IR_LABEL && n->op != IR_GOTO) return false;
    Str name = n->u.branch.label;
    if (str_starts(name, STR(".i"))) return false;
    if (n->op == IR_LABEL) {
        n->has_backjump = false;
        vec_push(e->lists, &e->labels, ((Label){name, n}));
        return false;
    }
    for (uint32_t i = e->labels.len; i-- > 0;) {
        if (!str_eq(e->labels.v[i].name, name)) continue;
        e->labels.v[i].stmt->has_backjump = true;
        break;
    }
    return false;
}

void esc_walk_func(Esc *e, Func *f) {
    Func *outer = e->func;
    int32_t depth = e->loop_depth;
    e->func = f;
    e->loop_depth = 1;
    e->labels.len = 0;
    if (f->has_goto) ir_visit_func(f, find_labels, e);
    block(e, f->body);
    e->func = outer;
    e->loop_depth = depth;
}

void esc_init_func(Esc *e, Func *f) {
    e->func = f;
    e->loop_depth = 1;
    for (uint32_t i = 0; i < f->dcl.len; i++) esc_new_loc(e, f->dcl.v[i], true);
    if (!f->oclosure) // hidden parameters, such as the receiver of a method value's wrapper
        for (uint32_t i = 0; i < f->closure_vars.len; i++)
            esc_new_loc(e, ir_canonical(f->closure_vars.v[i]), true);
    for (uint32_t i = 0; i < f->nresults; i++)
        e->infos.v[esc_loc_of(e, f->dcl.v[f->nparams + i])].result = 1 + i;
}
