// go/ir/lower_stmt.c: statements become IR.
// Rules: noder/writer.go stmt, noder/reader.go stmt, typecheck/stmt.go.
#include "go/ir/lower_internal.h"

static void lower_stmt(Low *w, const Stmt *s, NodeVec *out);

static void push(Low *w, NodeVec *out, Node *n) { vec_push(w->p->arena, out, n); }

// No statement, one, or a block of them.
static Node *block_of(Low *w, NodeVec stmts) {
    if (!stmts.len) return NULL;
    if (stmts.len == 1) return stmts.v[0];
    Node *n = ir_node(w->p, IR_BLOCK, stmts.v[0]->pos);
    n->u.list.v = stmts;
    return n;
}

static Node *stmt_of(Low *w, const Stmt *s) {
    NodeVec list = {0};
    if (s) lower_stmt(w, s, &list);
    return block_of(w, list);
}

static Str name_of(Low *w, const Expr *name) { return name_str(w->p->names, name->name); }

// ---- statements that are never reached

const Stmt *lower_last_stmt(StmtList list) {
    for (uint32_t i = list.len; i-- > 0;)
        if (list.v[i]->kind != STMT_EMPTY) return list.v[i];
    return NULL;
}

static bool is_builtin_panic(Low *w, const Expr *call) {
    const Expr *fn = syntax_unparen(call->call.fn);
    if (fn->kind != EXPR_NAME || info_of(w, fn)->mode != MODE_BUILTIN) return false;
    return str_eq_c(name_of(w, fn), "panic");
}

bool lower_terminates(Low *w, const Stmt *s) { // flat switch
    if (!s) return false;
    switch ((int)s->kind) {
    case STMT_BRANCH: return s->keyword == KEYWORD_GOTO || lower_leaves_range(w, s);
    case STMT_RETURN: return true;
    case STMT_EXPR: {
        const Expr *x = syntax_unparen(s->expr.x);
        return x->kind == EXPR_CALL && is_builtin_panic(w, x);
    }
    case STMT_IF: {
        int cond = static_bool(w, s->if_.cond);
        return (cond < 0 || lower_terminates(w, s->if_.then)) &&
               (cond > 0 || lower_terminates(w, s->if_.els));
    }
    case STMT_BLOCK: return lower_terminates(w, lower_last_stmt(s->block.list));
    default: return false;
    }
}

void lower_each_stmt(Low *w, StmtList list, StmtFn *fn, void *ctx) {
    bool dead = false;
    int64_t last_label = -1;
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]->kind == STMT_LABELED) last_label = i;
    for (uint32_t i = 0; i < list.len; i++) {
        const Stmt *s = list.v[i];
        dead = dead && (int64_t)i > last_label && s->kind != STMT_LABELED;
        fn(ctx, s, dead);
        dead = dead || lower_terminates(w, s);
    }
}

typedef struct Stmts {
    Low *w;
    NodeVec *out;
} Stmts;

static void lower_reached(void *ctx, const Stmt *s, bool dead) {
    const Stmts *to = ctx;
    if (dead)
        lower_skip(to->w, s);
    else
        lower_stmt(to->w, s, to->out);
}

void lower_stmts(Low *w, StmtList list, NodeVec *out) {
    lower_each_stmt(w, list, lower_reached, &(Stmts){w, out});
}

void lower_block(Low *w, const Stmt *block, NodeVec *out) {
    if (block) lower_stmts(w, block->block.list, out);
}

// ---- declarations and assignments

// Left sides: names that are declared get variables at once.
Node *lower_assignee(Low *w, const Expr *e, NodeVec *declared) {
    e = syntax_unparen(e);
    if (e->kind != EXPR_NAME) return lower_expr(w, e);
    if (lower_is_blank(w->p, e)) return lower_blank(w->l);
    Obj *o = w->info->names[e->id];
    if (!o || o->kind != OBJ_VAR || o->pos != e->pos || o->var_kind != VAR_LOCAL ||
        ptrmap_get(&w->locals, o))
        return lower_expr(w, e);
    Node *n = lower_declare(w, o, at(o->pos), lower_type(w, o->type));
    push(w, declared, n);
    return n;
}

// reader.initDefn: what n declares.
static void declare(Low *w, Node *n, NodeVec declared) {
    n->def = declared.len > 0;
    for (uint32_t i = 0; i < declared.len; i++) {
        Node *name = declared.v[i];
        name->u.name->defn = n;
        ir_add_init(w->p, n, ir_unary(w->p, IR_DCL, name->pos, name, NULL));
    }
}

static IrType *assigned_type(Low *w, void *ctx, uint32_t i) {
    const ExprList *lhs = ctx;
    if (i >= lhs->len) return NULL;
    const Expr *dst = syntax_unparen(lhs->v[i]);
    if (dst->kind != EXPR_NAME) return type_of(w, dst);
    if (lower_is_blank(w->p, dst)) return NULL;
    return lower_type(w, w->info->names[dst->id]->type);
}

static Node *settle(Low *w, Node *value, const Node *dst) { // convlit to what it is assigned to
    return ir_default_lit(w->p, value, dst->type);
}

void lower_assign(Low *w, Pos pos, ExprList lhs, ExprList rhs, NodeVec *out) {
    IrPkg *p = w->p;
    NodeVec declared = {0}, left = {0}, right = {0};
    for (uint32_t i = 0; i < lhs.len; i++) push(w, &left, lower_assignee(w, lhs.v[i], &declared));
    DstTypes dst = {assigned_type, &lhs};
    lower_multi(w, pos, dst, rhs, &right);
    if (!right.len) { // var x, y T
        for (uint32_t i = 0; i < declared.len; i++) {
            Node *as = ir_assign(p, at(pos), declared.v[i], NULL);
            ir_add_init(p, as, ir_unary(p, IR_DCL, at(pos), declared.v[i], NULL));
            push(w, out, as);
        }
        return;
    }
    for (uint32_t i = 0; i < right.len && i < left.len; i++)
        right.v[i] = settle(w, right.v[i], left.v[i]);
    Node *n;
    if (left.len == 1 && right.len == 1) {
        n = ir_assign(p, at(pos), left.v[0], right.v[0]);
    } else {
        n = ir_node(p, IR_AS2, at(pos));
        n->u.as2.lhs = left;
        n->u.as2.rhs = right;
    }
    declare(w, n, declared);
    push(w, out, n);
}

static void lower_var_decl(Low *w, const Decl *d, NodeVec *out) {
    Expr *one;
    ExprList rhs = d->value.values ? syntax_unpack_list(d->value.values, &one) : (ExprList){0};
    lower_assign(w, d->pos, d->value.names, rhs, out);
}

static Node *one_of(IrPkg *p, IrPos pos, IrType *t) {
    return ir_literal(p, pos, t, ir_convert_const(p, const_i64(p->arena, 1), t, false));
}

static Node *assign_op(Low *w, const Stmt *s) {
    IrPkg *p = w->p;
    Node *n = ir_node(p, IR_ASOP, at(s->pos));
    n->u.as.x = lower_expr(w, s->assign.lhs);
    n->u.as.op = s->op;
    IrType *t = n->u.as.x->type;
    if (!s->assign.rhs) {
        n->incdec = true;
        n->u.as.y = one_of(p, at(s->pos), t);
        return n;
    }
    bool shift = s->op == OP_SHL || s->op == OP_SHR;
    IrType *want = shift ? NULL : type_of(w, syntax_unparen(s->assign.lhs));
    Node *y = lower_implicit(w, want, s->assign.rhs);
    n->u.as.y = ir_default_lit(p, y, shift ? irtype_basic(p->types, KIND_UINT) : t);
    return n;
}

static void lower_assign_stmt(Low *w, const Stmt *s, NodeVec *out) {
    if (!s->assign.rhs || (s->op != OP_NONE && s->op != OP_DEF)) {
        push(w, out, assign_op(w, s));
        return;
    }
    Expr *one_left, *one_right;
    ExprList lhs = syntax_unpack_list(s->assign.lhs, &one_left);
    ExprList rhs = syntax_unpack_list(s->assign.rhs, &one_right);
    lower_assign(w, s->pos, lhs, rhs, out);
}

// ---- loops

static void range_itabs(Low *w, const Node *n) { // of what the loop gives, as its variables' types
    IrType *t = n->u.range.x->type;
    if (t->kind == KIND_PTR) t = t->under->elem;
    const Node *key = n->u.range.key, *value = n->u.range.value;
    IrType *first = t->kind == KIND_MAP ? t->key : t->kind == KIND_CHAN ? t->elem : NULL;
    if (key && key->type && first) lower_itab(w->l, first, key->type);
    if (value && value->type && t->elem) lower_itab(w->l, t->elem, value->type);
}

static Node *lower_range(Low *w, const Stmt *s, Str label) {
    IrPkg *p = w->p;
    const Stmt *clause = s->for_.init;
    Node *n = ir_node(p, IR_RANGE, at(clause->pos));
    n->u.range.label = label;
    Expr *one;
    ExprList lhs = clause->range.lhs ? syntax_unpack_list(clause->range.lhs, &one) : (ExprList){0};
    NodeVec declared = {0};
    if (lhs.len) n->u.range.key = lower_assignee(w, lhs.v[0], &declared);
    if (lhs.len > 1) n->u.range.value = lower_assignee(w, lhs.v[1], &declared);
    declare(w, n, declared);
    n->u.range.x = ir_default_lit(p, lower_expr(w, clause->range.x), NULL);
    range_itabs(w, n);
    lower_block(w, s->for_.body, &n->u.range.body);
    n->distinct_vars = w->distinct_vars;
    return n;
}

static Node *lower_for(Low *w, const Stmt *s, Str label) {
    if (s->for_.init && s->for_.init->kind == STMT_RANGE) return lower_range(w, s, label);
    IrPkg *p = w->p;
    bool never = s->for_.cond && static_bool(w, s->for_.cond) < 0;
    Node *init = stmt_of(w, s->for_.init);
    Node *cond = s->for_.cond ? ir_default_lit(p, lower_cond(w, s->for_.cond), NULL) : NULL;
    Node *post = never ? NULL : stmt_of(w, s->for_.post);
    NodeVec body = {0};
    if (never)
        lower_skip(w, s->for_.body);
    else
        lower_block(w, s->for_.body, &body);
    if (never && cond->op == IR_LITERAL) return init;
    Node *n = ir_node(p, IR_FOR, at(s->pos));
    if (init) ir_add_init(p, n, init);
    n->u.for_.label = label;
    n->u.for_.cond = cond;
    n->u.for_.post = post;
    n->u.for_.body = body;
    n->distinct_vars = w->distinct_vars;
    return n;
}

// ---- branches

static Node *lower_if(Low *w, const Stmt *s) {
    IrPkg *p = w->p;
    int known = static_bool(w, s->if_.cond);
    NodeVec init = {0}, then = {0}, els = {0};
    if (s->if_.init) lower_stmt(w, s->if_.init, &init);
    Node *cond = lower_cond(w, s->if_.cond);
    if (known >= 0)
        lower_block(w, s->if_.then, &then);
    else
        lower_skip(w, s->if_.then);
    if (known > 0)
        lower_skip(w, s->if_.els);
    else if (s->if_.els)
        lower_stmt(w, s->if_.els, &els);
    if (known) {
        if (cond->op != IR_LITERAL)
            push(w, &init,
                 ir_assign(p, at(s->pos), lower_blank(w->l), ir_default_lit(p, cond, NULL)));
        for (uint32_t i = 0; i < then.len; i++) push(w, &init, then.v[i]);
        for (uint32_t i = 0; i < els.len; i++) push(w, &init, els.v[i]);
        return block_of(w, init);
    }
    Node *n = ir_node(p, IR_IF, at(s->pos));
    for (uint32_t i = 0; i < init.len; i++) ir_add_init(p, n, init.v[i]);
    n->u.if_.cond = ir_default_lit(p, cond, NULL);
    n->u.if_.then = then;
    n->u.if_.els = els;
    return n;
}

static Node *lower_branch(Low *w, const Stmt *s) {
    static const IrOp ops[] = {[KEYWORD_BREAK] = IR_BREAK,
                               [KEYWORD_CONTINUE] = IR_CONTINUE,
                               [KEYWORD_FALLTHROUGH] = IR_FALL,
                               [KEYWORD_GOTO] = IR_GOTO};
    Node *n = ir_node(w->p, ops[s->keyword], at(s->pos));
    if (s->branch.label) n->u.branch.label = name_of(w, s->branch.label);
    if (n->op == IR_GOTO) w->fn->has_goto = true;
    return n;
}

static IrType *result_type(Low *w, void *ctx, uint32_t i) {
    const Type *sig = ctx;
    return lower_type(w, sig->sig.results->tuple.vars.v[i]->type);
}

void lower_results(Low *w, Pos pos, Type *sig, ExprList results, NodeVec *out) {
    DstTypes dst = {result_type, sig};
    lower_multi(w, pos, dst, results, out);
    for (uint32_t i = 0; i < out->len; i++)
        out->v[i] = ir_default_lit(w->p, out->v[i], result_type(w, sig, i));
}

static Node *lower_return(Low *w, const Stmt *s) {
    Node *n = ir_node(w->p, IR_RETURN, at(s->pos));
    Expr *one;
    ExprList results = s->ret.results ? syntax_unpack_list(s->ret.results, &one) : (ExprList){0};
    lower_results(w, s->pos, w->sig, results, &n->u.list.v);
    return n;
}

// ---- select

static Node *receive_into(Low *w, Node *from, Node *dst, Node *recv) {
    Node *n = ir_node(w->p, IR_SELRECV2, from->pos);
    push(w, &n->u.as2.lhs, dst);
    push(w, &n->u.as2.lhs, lower_blank(w->l));
    push(w, &n->u.as2.rhs, recv);
    n->init = from->init;
    return n;
}

// A received value that becomes an interface does so in the clause's body, from a temporary.
static Node *convert_later(Low *w, Pos pos, Node *as, NodeVec *body) {
    IrPkg *p = w->p;
    Node *conv = as->u.as.y;
    Node *tmp = ir_temp(p, w->fn, at(pos), conv->u.conv.x->type);
    Node *first = ir_assign(p, at(pos), tmp, conv->u.conv.x);
    first->def = true;
    tmp->u.name->defn = first;
    ir_add_init(p, first, ir_unary(p, IR_DCL, at(pos), tmp, NULL));
    conv->u.conv.x = tmp;
    push(w, body, as);
    return first;
}

static Node *comm_clause(Low *w, Pos pos, Node *comm, NodeVec *body) { // flat switch
    if (comm->op == IR_AS && !comm->def && comm->u.as.y->op == IR_CONVIFACE)
        comm = convert_later(w, pos, comm, body);
    if (comm->op == IR_AS2) {
        Node *as2 = comm;
        NodeVec *init = as2->u.as2.rhs.v[0]->init;
        comm = init->v[0];
        as2->u.as2.rhs.v[0]->init = NULL;
        push(w, body, as2);
    }
    switch ((int)comm->op) {
    case IR_AS: {
        Node *y = comm->u.as.y;
        if ((y->op == IR_CONVNOP || y->op == IR_CONVIFACE) && y->implicit) y = y->u.conv.x;
        Node *n = receive_into(w, comm, comm->u.as.x, y);
        n->def = comm->def;
        return n;
    }
    case IR_AS2RECV: comm->op = IR_SELRECV2; return comm;
    case IR_RECV: return receive_into(w, comm, lower_blank(w->l), comm);
    default: return comm; // a send
    }
}

static Node *lower_select(Low *w, const Stmt *s, Str label) {
    IrPkg *p = w->p;
    Node *n = ir_node(p, IR_SELECT, at(s->pos));
    n->u.switch_.label = label;
    for (uint32_t i = 0; i < s->select.body.len; i++) {
        const Clause *c = &s->select.body.v[i];
        Node *k = ir_node(p, IR_CASE, at(c->pos));
        Node *comm = stmt_of(w, c->comm);
        NodeVec before = {0}, body = {0};
        lower_stmts(w, c->body, &body);
        if (comm) k->u.case_.comm = comm_clause(w, c->pos, comm, &before);
        for (uint32_t j = 0; j < body.len; j++) push(w, &before, body.v[j]);
        k->u.case_.body = before;
        push(w, &n->u.switch_.cases, k);
    }
    return n;
}

// ---- switch

static bool ends_in_fallthrough(StmtList list) {
    const Stmt *s = lower_last_stmt(list);
    while (s && s->kind == STMT_LABELED) s = s->labeled.stmt;
    return s && s->kind == STMT_BRANCH && s->keyword == KEYWORD_FALLTHROUGH;
}

static ExprList cases_of(const Clause *c, Expr **one) {
    return c->cases ? syntax_unpack_list(c->cases, one) : (ExprList){0};
}

bool lower_chosen_clause(Low *w, const Stmt *s, const Clause **out) {
    const Expr *on = s->switch_.tag;
    Const *tag = on ? info_of(w, syntax_unparen(on))->value : const_bool(w->p->arena, true);
    if (!tag) return false;
    const Clause *target = NULL;
    bool found = false;
    for (uint32_t i = 0; i < s->switch_.body.len && !found; i++) {
        const Clause *c = &s->switch_.body.v[i];
        if (!c->cases) target = c;
        Expr *one;
        ExprList cases = cases_of(c, &one);
        for (uint32_t j = 0; j < cases.len; j++) {
            Const *v = info_of(w, cases.v[j])->value;
            if (!v) return false;
            if (!const_compare(w->p->arena, tag, OP_EQL, v)) continue;
            target = c;
            found = true;
            break;
        }
    }
    if (target && ends_in_fallthrough(target->body)) return false;
    *out = target;
    return true;
}

typedef struct SwitchPlan {
    const Expr *tag;      // NULL: none
    IrType *type;         // cases are converted to it; NULL: not at all
    bool chosen;          // only clause is left, as default
    const Clause *clause; // NULL: none is
} SwitchPlan;

static IrType *mixed_tag(Low *w, const Stmt *s, IrType *tag) {
    for (uint32_t i = 0; i < s->switch_.body.len; i++) {
        Expr *one;
        ExprList cases = cases_of(&s->switch_.body.v[i], &one);
        for (uint32_t j = 0; j < cases.len; j++) {
            IrType *t = type_of(w, syntax_unparen(cases.v[j]));
            if (t->canon == tag->canon || ir_assign_op(w->p, t, tag) != IR_BAD) continue;
            if (irtype_is_interface(t) || irtype_is_interface(tag))
                return irtype_empty_interface(w->p->types);
        }
    }
    return tag;
}

static SwitchPlan plan_switch(Low *w, const Stmt *s) {
    SwitchPlan plan = {s->switch_.tag, irtype_basic(w->p->types, KIND_BOOL), false, NULL};
    bool chan = false;
    if (plan.tag) {
        plan.type = type_of(w, syntax_unparen(plan.tag));
        chan = plan.type->kind == KIND_CHAN;
    }
    if (lower_chosen_clause(w, s, &plan.clause)) {
        plan.chosen = true;
        plan.tag = NULL;
        return plan;
    }
    plan.type = chan ? NULL : mixed_tag(w, s, plan.type);
    return plan;
}

static void expr_clause(Low *w, Node *n, const Clause *c, const SwitchPlan *plan) {
    IrPkg *p = w->p;
    Node *k = ir_node(p, IR_CASE, at(c->pos));
    Expr *one;
    ExprList cases = plan->chosen ? (ExprList){0} : cases_of(c, &one);
    Node *tag = n->u.switch_.tag;
    IrType *want = tag ? tag->type : irtype_basic(p->types, KIND_BOOL);
    for (uint32_t j = 0; j < cases.len; j++)
        push(w, &k->u.case_.exprs,
             ir_default_lit(p, lower_implicit(w, plan->type, cases.v[j]), want));
    lower_stmts(w, c->body, &k->u.case_.body);
    push(w, &n->u.switch_.cases, k);
}

static void expr_switch(Low *w, const Stmt *s, Node *n) {
    SwitchPlan plan = plan_switch(w, s);
    if (plan.tag) {
        Node *tag = lower_implicit(w, plan.type, plan.tag);
        n->u.switch_.tag = ir_default_lit(w->p, tag, NULL);
    }
    if (plan.chosen) {
        if (plan.clause) expr_clause(w, n, plan.clause, &plan);
        return;
    }
    for (uint32_t i = 0; i < s->switch_.body.len; i++)
        expr_clause(w, n, &s->switch_.body.v[i], &plan);
}

static Pos type_end(const Expr *e) { // noder.typeExprEndPos: where the type's last word stands
    for (;;) {
        switch ((int)e->kind) {
        case EXPR_SELECTOR: return e->selector.x->pos;
        case EXPR_PAREN: e = e->paren.x; break;
        case EXPR_OPERATION:
            if (e->operation.y) return e->pos;
            e = e->operation.x;
            break;
        case EXPR_ARRAY_TYPE: e = e->array_type.elem; break;
        case EXPR_CHAN_TYPE:
        case EXPR_SLICE_TYPE:
        case EXPR_DOTS_TYPE: e = e->elem_type.elem; break;
        case EXPR_MAP_TYPE: e = e->map_type.value; break;
        case EXPR_INTERFACE_TYPE:
            if (!e->fields.len) return e->pos;
            e = e->fields.v[e->fields.len - 1].type;
            break;
        case EXPR_FUNC_TYPE: {
            FieldList last = e->func_type.results.len ? e->func_type.results : e->func_type.params;
            if (!last.len) return e->pos;
            e = last.v[last.len - 1].type;
            break;
        }
        case EXPR_INDEX:
            e = e->index.index;
            if (e->kind == EXPR_LIST) e = e->list.v[e->list.len - 1];
            break;
        default: return e->pos;
        }
    }
}

static void type_clause(Low *w, Node *n, const Clause *c, Type *iface) {
    IrPkg *p = w->p;
    Node *k = ir_node(p, IR_CASE, at(c->pos));
    Expr *one;
    ExprList cases = cases_of(c, &one);
    for (uint32_t j = 0; j < cases.len; j++) {
        const Expr *e = syntax_unparen(cases.v[j]);
        if (info_of(w, e)->mode == MODE_NIL || info_of(w, e)->mode == MODE_VALUE) {
            Node *nil = ir_node(p, IR_NIL, at(0));
            nil->type = irtype_basic(p->types, KIND_NIL);
            push(w, &k->u.case_.exprs, nil);
        } else
            push(w, &k->u.case_.exprs, lower_type_case(w, e, iface));
    }
    Obj *var = w->info->clause_vars[c->id];
    if (var) {
        Pos pos = cases.len ? type_end(cases.v[cases.len - 1]) : c->pos;
        Node *v = lower_declare(w, var, at(pos), lower_type(w, var->type));
        v->u.name->defn = n->u.switch_.tag;
        k->u.case_.var = v;
    }
    lower_stmts(w, c->body, &k->u.case_.body);
    push(w, &n->u.switch_.cases, k);
}

static void type_switch(Low *w, const Stmt *s, Node *n) {
    const Expr *guard = s->switch_.tag;
    Node *tag = ir_node(w->p, IR_TYPESW, at(guard->pos));
    if (guard->type_switch.lhs) tag->u.typesw.tag = guard->type_switch.lhs->name;
    const Expr *x = syntax_unparen(guard->type_switch.x);
    tag->u.typesw.x = lower_expr(w, x);
    n->u.switch_.tag = tag;
    Type *iface = info_of(w, x)->type;
    for (uint32_t i = 0; i < s->switch_.body.len; i++)
        type_clause(w, n, &s->switch_.body.v[i], iface);
}

static Node *lower_switch(Low *w, const Stmt *s, Str label) {
    Node *n = ir_node(w->p, IR_SWITCH, at(s->pos));
    n->u.switch_.label = label;
    Node *init = stmt_of(w, s->switch_.init);
    if (init) ir_add_init(w->p, n, init);
    const Expr *tag = s->switch_.tag;
    if (tag && tag->kind == EXPR_TYPE_SWITCH)
        type_switch(w, s, n);
    else
        expr_switch(w, s, n);
    return n;
}

// ---- all of them

static Node *lower_send(Low *w, const Stmt *s) {
    IrPkg *p = w->p;
    Node *ch = ir_default_lit(p, lower_expr(w, s->send.chan), NULL);
    IrType *elem = ch->type->under->elem;
    Node *v = lower_implicit(w, elem, s->send.value);
    return ir_binary(p, IR_SEND, at(s->pos), ch, ir_assign_conv(p, v->pos, v, elem), NULL);
}

static void lower_labeled(Low *w, const Stmt *s, NodeVec *out) {
    Str label = name_of(w, s->labeled.label);
    bool blank = str_eq_c(label, "_");
    Node *n = ir_node(w->p, blank ? IR_BLOCK : IR_LABEL, at(s->pos));
    if (!blank) n->u.branch.label = label;
    push(w, out, n);
    lower_stmt(w, s->labeled.stmt, out);
}

static void lower_decls(Low *w, DeclList list, NodeVec *out) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]->kind == DECL_VAR) lower_var_decl(w, list.v[i], out);
}

static void lower_stmt(Low *w, const Stmt *s, NodeVec *out) { // flat switch
    Str label = {0};
    if (out->len && out->v[out->len - 1]->op == IR_LABEL)
        label = out->v[out->len - 1]->u.branch.label;
    Node *n = NULL;
    switch (s->kind) {
    case STMT_EMPTY: return;
    case STMT_LABELED: lower_labeled(w, s, out); return;
    case STMT_BLOCK: lower_stmts(w, s->block.list, out); return;
    case STMT_EXPR: n = lower_expr(w, s->expr.x); break;
    case STMT_SEND: n = lower_send(w, s); break;
    case STMT_DECL: lower_decls(w, s->decl.list, out); return;
    case STMT_ASSIGN: lower_assign_stmt(w, s, out); return;
    case STMT_BRANCH:
        if (w->loop && lower_range_branch(w, s, out)) return;
        n = lower_branch(w, s);
        break;
    case STMT_CALL: n = lower_go_defer(w, s); break;
    case STMT_RETURN:
        if (w->loop)
            lower_range_return(w, s, out);
        else
            n = lower_return(w, s);
        break;
    case STMT_IF: n = lower_if(w, s); break;
    case STMT_FOR:
        if (w->shape && lower_is_range_func(w->info, s))
            lower_range_func(w, s, out);
        else
            n = lower_for(w, s, label);
        break;
    case STMT_SWITCH: n = lower_switch(w, s, label); break;
    case STMT_SELECT: n = lower_select(w, s, label); break;
    case STMT_RANGE: BUG("a range clause outside a loop");
    }
    if (n) push(w, out, n);
}
