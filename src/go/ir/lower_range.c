// go/ir/lower_range.c: loops over functions: the body becomes a literal that the function is called
// with, and jumps out of it become values the code after the call looks at.
// Rules: cmd/compile/internal/rangefunc/rewrite.go, which rewrites trees; here the IR its trees
// would give is made at once. States: internal/abi/rangefuncconsts.go.
#include "go/ir/lower_internal.h"

enum { STATE_DONE, STATE_READY, STATE_PANIC, STATE_EXHAUSTED, STATE_MISSING_PANIC };

typedef struct LabelBranch {
    Keyword keyword;
    Name label;
    int64_t next;
} LabelBranch;

struct RangeFunc { // of one function, while an outermost loop is lowered
    Low *low;      // of the function
    Obj *next, *defers;
    const FuncShape *shape;
};

struct RangeLoop {
    const Stmt *stmt;
    RangeLoop *outer; // around it, in the same function
    RangeFunc *func;
    uint32_t depth; // of the outermost: 1
    Obj *state;
    bool check_return, check_break, check_continue;
    VEC(LabelBranch) check_branch;
};

static Type *core_signature(Type *t) {
    t = lower_core(t);
    return t->kind == TYPE_SIGNATURE ? t : NULL;
}

bool lower_is_range_func(const TypesInfo *info, const Stmt *s) {
    if (s->kind != STMT_FOR || !s->for_.init || s->for_.init->kind != STMT_RANGE) return false;
    const Expr *x = syntax_unparen(s->for_.init->range.x);
    Type *t = info->exprs[x->id].type;
    return t && core_signature(t);
}

// ---- small statements

typedef struct At { // where made-up code goes and stands
    Low *w;
    IrPos pos;
    NodeVec *out;
} At;

static void add(const At *a, Node *n) { vec_push(a->w->p->arena, a->out, n); }

static Node *number(const At *a, int64_t v) {
    return ir_int(a->w->p, a->pos, irtype_basic(a->w->p->types, KIND_INT), v);
}

static void set(const At *a, Obj *var, int64_t v) {
    add(a, ir_assign(a->w->p, a->pos, lower_local(a->w, a->pos.pos, var), number(a, v)));
}

static Obj *new_var(Low *w, Str name) {
    Obj *o = NEW(w->p->arena, Obj);
    o->kind = OBJ_VAR;
    o->name = name_intern(w->p->names, name);
    return o;
}

// var name = value; the variable stands at pos.
static void declare_var(const At *a, Obj *o, IrPos pos, IrType *t, Node *value) {
    IrPkg *p = a->w->p;
    Node *n = lower_declare(a->w, o, pos, t);
    Node *as = ir_assign(p, a->pos, n, value);
    as->def = value != NULL;
    if (value) n->u.name->defn = as;
    ir_add_init(p, as, ir_unary(p, IR_DCL, value ? pos : a->pos, n, NULL));
    add(a, as);
}

static void return_bool(const At *a, bool v) {
    IrPkg *p = a->w->p;
    Node *n = ir_node(p, IR_RETURN, a->pos);
    Node *lit = ir_literal(p, at(0), irtype_basic(p->types, KIND_BOOL), const_bool(p->arena, v));
    vec_push(p->arena, &n->u.list.v, lit);
    add(a, n);
}

static Node *compare(const At *a, IrOp op, Obj *var, int64_t v) {
    IrPkg *p = a->w->p;
    Node *x = lower_local(a->w, a->pos.pos, var);
    return ir_binary(p, op, a->pos, x, number(a, v), irtype_basic(p->types, KIND_BOOL));
}

static At if_then(const At *a, Node *cond) {
    Node *n = ir_node(a->w->p, IR_IF, a->pos);
    n->u.if_.cond = cond;
    add(a, n);
    return (At){a->w, a->pos, &n->u.if_.then};
}

static Node *runtime_call(const At *a, const char *name, Node *arg) {
    IrTypes *ts = a->w->p->types;
    IrField in = {.type = irtype_basic(ts, KIND_INT)}, out = {.type = irtype_any(ts)};
    IrType *sig = irtype_func(ts, &in, arg ? 1 : 0, &out, arg ? 0 : 1, false);
    NodeVec args = {0};
    if (arg) vec_push(a->w->p->arena, &args, arg);
    Node *fn = lower_runtime_func(a->w->l, name, sig)->nname;
    return lower_finish_call(a->w->p, a->w->fn, a->pos, fn, args, false);
}

static void call_panic(const At *a, Node *state) {
    add(a, runtime_call(a, "panicrangestate", state));
}

// ---- the function's own variables

static RangeFunc *start_outermost(const At *a, const Stmt *s) {
    Low *w = a->w;
    RangeFunc *f = NEW(w->p->scratch, RangeFunc);
    *f = (RangeFunc){.low = w, .shape = w->shape};
    uint32_t needs = lower_loop_needs(w->shape, s);
    IrTypes *ts = w->p->types;
    if (needs & LOOP_NEXT) {
        f->next = new_var(w, STR("#next"));
        declare_var(a, f->next, at(0), irtype_basic(ts, KIND_INT), NULL);
    }
    if (needs & LOOP_DEFERS) {
        f->defers = new_var(w, STR("#defers"));
        declare_var(a, f->defers, at(0), irtype_any(ts), runtime_call(a, "deferrangefunc", NULL));
    }
    return f;
}

// ---- the body

static Obj *yield_param(Low *inner, const At *start, Obj *want, const Expr *lhs, bool def,
                        uint32_t i) {
    if (lhs && def) return inner->info->names[lhs->id];
    Obj *o = NEW(inner->p->arena, Obj);
    *o = *want;
    o->name = name_intern(inner->p->names, str_fmt(inner->p->scratch, "#p%u", i + 1));
    o->pos = start->pos.pos;
    return o;
}

static void declare_results(Low *inner, Pos pos) {
    IrPkg *p = inner->p;
    Func *f = inner->fn;
    Node *r = ir_local(p, f, at(pos), STR("#r"), NULL, irtype_basic(p->types, KIND_BOOL));
    r->u.name->cls = CLASS_RESULT;
    f->nresults = 1;
}

static void assign_param(Low *inner, const Expr *lhs, Obj *param) {
    IrPkg *p = inner->p;
    NodeVec none = {0};
    Node *dst = lower_assignee(inner, lhs, &none);
    IrPos pos = at(lhs->pos);
    Node *value = lower_local(inner, lhs->pos, param);
    if (dst->type) lower_itab(inner->l, value->type, dst->type);
    if (dst->type) value = ir_assign_conv(p, pos, value, dst->type);
    vec_push(p->arena, &inner->fn->body, ir_assign(p, pos, dst, value));
}

static void body_params(Low *inner, const At *start, const Stmt *clause, ObjList want) {
    Expr *one;
    ExprList lhs = clause->range.lhs ? syntax_unpack_list(clause->range.lhs, &one) : (ExprList){0};
    Obj **params = NEW_ARRAY(inner->p->scratch, Obj *, want.len + 1);
    for (uint32_t i = 0; i < want.len; i++) {
        const Expr *x = i < lhs.len ? syntax_unparen(lhs.v[i]) : NULL;
        params[i] = yield_param(inner, start, want.v[i], x, clause->def, i);
        lower_declare_param(inner, params[i], want.v[i]->type, i);
    }
    inner->fn->nparams = want.len;
    declare_results(inner, start->pos.pos);
    for (uint32_t i = 0; i < want.len && i < lhs.len && !clause->def; i++)
        assign_param(inner, lhs.v[i], params[i]);
}

static IrType *body_type(Low *w, ObjList params) {
    IrTypes *ts = w->p->types;
    IrField *in = NEW_ARRAY(w->p->scratch, IrField, params.len + 1);
    for (uint32_t i = 0; i < params.len; i++)
        in[i] = (IrField){.type = lower_type(w, params.v[i]->type)};
    IrField out = {.type = irtype_basic(ts, KIND_BOOL)};
    return irtype_func(ts, in, params.len, &out, 1, false);
}

static Node *body_literal(const At *start, RangeLoop *loop, const Type *yield, Pos end) {
    Low *w = start->w;
    IrPkg *p = w->p;
    const Stmt *s = loop->stmt;
    ObjList want = tuple_vars(yield->sig.params);
    Func *f = ir_closure_func(p, start->pos, start->pos, IR_RANGE, body_type(w, want), w->fn);
    Low inner = lower_inner(w, f);
    inner.loop = loop;
    inner.shape = w->shape;
    inner.range_counts = w->range_counts;
    body_params(&inner, start, s->for_.init, want);
    f->has_body = f->has_syntax = true;
    At in = {&inner, start->pos, &f->body}, nowhere = {&inner, at(0), &f->body};
    Obj *tmp = new_var(&inner, STR("#tmpState"));
    declare_var(&nowhere, tmp, at(0), irtype_basic(p->types, KIND_INT),
                lower_local(&inner, 0, loop->state));
    set(&in, loop->state, STATE_PANIC);
    At not_ready = if_then(&in, compare(&in, IR_NE, tmp, STATE_READY));
    call_panic(&not_ready, lower_local(&inner, start->pos.pos, tmp));
    lower_block(&inner, s->for_.body, &f->body);
    At last = {&inner, at(end), &f->body};
    if (!lower_terminates(&inner, lower_last_stmt(s->for_.body->block.list))) {
        set(&last, loop->state, STATE_READY);
        return_bool(&last, true);
    }
    f->endpos = at(end);
    lower_close_inner(&inner);
    return f->oclosure;
}

// ---- after the call

static At if_next(const RangeLoop *loop, const At *a, IrOp op, int64_t c, bool clear) {
    At then = if_then(a, compare(a, op, loop->func->next, c));
    if (clear) set(&then, loop->func->next, 0);
    return then;
}

static void check_labels(RangeLoop *loop, const At *a) {
    static const IrOp ops[] = {
        [KEYWORD_BREAK] = IR_BREAK, [KEYWORD_CONTINUE] = IR_CONTINUE, [KEYWORD_GOTO] = IR_GOTO};
    for (uint32_t i = 0; i < loop->check_branch.len; i++) {
        const LabelBranch *b = &loop->check_branch.v[i];
        bool done = false;
        for (uint32_t k = 0; k < i; k++) done |= loop->check_branch.v[k].next == b->next;
        if (done) continue;
        At then = if_next(loop, a, IR_EQ, b->next, true);
        Node *n = ir_node(a->w->p, ops[b->keyword], a->pos);
        if (n->op == IR_GOTO) a->w->fn->has_goto = true;
        n->u.branch.label = name_str(a->w->p->names, b->label);
        add(&then, n);
    }
}

// Leaves the loop around: its state, and what its body returns.
static void leave(const RangeLoop *loop, At then, int64_t state, bool go_on) {
    set(&then, loop->outer->state, state);
    return_bool(&then, go_on);
}

static void check_inner(RangeLoop *loop, const At *a) {
    int64_t step = 2 * (int64_t)(loop->depth - 1);
    if (loop->check_return) leave(loop, if_next(loop, a, IR_LT, 0, false), STATE_DONE, false);
    if (!loop->func->next) return;
    At beyond = if_next(loop, a, IR_GT, step, false);
    call_panic(&beyond, number(&beyond, STATE_DONE));
    if (loop->check_continue)
        leave(loop, if_next(loop, a, IR_EQ, step - 1, true), STATE_READY, true);
    if (loop->check_break) leave(loop, if_next(loop, a, IR_EQ, step, true), STATE_DONE, false);
    if (loop->check_continue || loop->check_break)
        leave(loop, if_next(loop, a, IR_GT, 0, false), STATE_DONE, false);
}

static void check_after(RangeLoop *loop, const At *a) {
    check_labels(loop, a);
    if (loop->outer) {
        check_inner(loop, a);
        return;
    }
    if (!loop->check_return) return;
    At then = if_next(loop, a, IR_EQ, -1, false);
    add(&then, ir_node(a->w->p, IR_RETURN, a->pos));
}

void lower_range_func(Low *w, const Stmt *s, NodeVec *out) {
    IrPkg *p = w->p;
    Pos end = s->for_.body->block.rbrace;
    At start = {w, at(s->pos), out}, after = {w, at(end), out};
    RangeLoop *loop = NEW(p->scratch, RangeLoop);
    *loop = (RangeLoop){.stmt = s, .outer = w->loop, .depth = w->loop ? w->loop->depth + 1 : 1};
    loop->func = w->loop ? w->loop->func : start_outermost(&start, s);
    loop->state = new_var(w, str_fmt(p->scratch, "#state%u", ++w->range_counts[0]));
    declare_var(&start, loop->state, at(s->pos), irtype_basic(p->types, KIND_INT),
                number(&start, STATE_READY));
    const Expr *x = syntax_unparen(s->for_.init->range.x);
    Type *iter = core_signature(w->info->exprs[x->id].type);
    Type *yield = core_signature(iter->sig.params->tuple.vars.v[0]->type);
    Obj *var = new_var(w, STR("#yield"));
    ObjList params = tuple_vars(yield->sig.params);
    Node *name = lower_declare(w, var, at(0), body_type(w, params));
    Node *as = ir_assign(p, start.pos, name, body_literal(&start, loop, yield, end));
    as->def = true;
    name->u.name->defn = as;
    ir_add_init(p, as, ir_unary(p, IR_DCL, at(0), name, NULL));
    name->u.name->name = str_fmt(p->arena, "#yield%u", ++w->range_counts[1]);
    add(&start, as);
    add(&start, lower_call_with(w, x, lower_local(w, s->pos, var), s->pos));
    At lost = if_then(&after, compare(&after, IR_EQ, loop->state, STATE_PANIC));
    At lost_at_start = {w, start.pos, lost.out};
    call_panic(&lost_at_start, number(&lost_at_start, STATE_MISSING_PANIC));
    set(&after, loop->state, STATE_EXHAUSTED);
    check_after(loop, &after);
}

static bool count_loop(void *ctx, SyntaxNode n) {
    Low *w = ctx;
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_FUNC_LIT) return false; // counts on its own
    if (n.tag != TREE_STMT || !lower_is_range_func(w->info, n.stmt)) return true;
    w->range_counts[0]++;
    w->range_counts[1]++;
    return true;
}

void lower_skip(Low *w, const Stmt *s) {
    if (!s || !w->range_counts) return;
    SyntaxWalk walk = {count_loop, NULL, w};
    syntax_walk(node_stmt(s), &walk);
}

// ---- jumps out of a body

static void leave_body(const At *a, RangeLoop *loop, int64_t state, bool go_on) {
    set(a, loop->state, state);
    return_bool(a, go_on);
}

void lower_range_return(Low *w, const Stmt *s, NodeVec *out) {
    At a = {w, at(s->pos), out};
    Low *f = w->loop->func->low;
    if (s->ret.results) {
        IrPkg *p = w->p;
        Expr *one;
        ExprList results = syntax_unpack_list(s->ret.results, &one);
        ObjList vars = f->sig->sig.results->tuple.vars;
        NodeVec left = {0}, right = {0};
        for (uint32_t i = 0; i < vars.len; i++) {
            Node *var = lower_local(w, s->pos, vars.v[i]);
            vec_push(p->arena, &left, var);
        }
        lower_results(w, s->pos, f->sig, results, &right);
        if (left.len == 1) {
            add(&a, ir_assign(p, a.pos, left.v[0], right.v[0]));
        } else {
            Node *as = ir_node(p, IR_AS2, a.pos);
            as->u.as2.lhs = left;
            as->u.as2.rhs = right;
            add(&a, as);
        }
    }
    for (RangeLoop *l = w->loop; l; l = l->outer) l->check_return = true;
    set(&a, w->loop->func->next, -1);
    leave_body(&a, w->loop, STATE_DONE, false);
}

static uint32_t label_place(const FuncShape *shape, Name label) {
    uint32_t i = 0;
    while (i < shape->labels.len && shape->labels.v[i].label != label) i++;
    return i;
}

// A jump to a label outside of the body, or to a loop that is not over a function.
static bool jump_to_label(Low *w, const Stmt *s, const At *a) {
    RangeLoop *top = w->loop;
    Name label = s->branch.label->name;
    uint32_t place = label_place(top->func->shape, label);
    const Stmt *around = top->func->shape->labels.v[place].loop;
    if (around == top->stmt) return false;
    int64_t used = -1 - 3 * (int64_t)(place + 1);
    int64_t next = used + (s->keyword == KEYWORD_BREAK      ? 0
                           : s->keyword == KEYWORD_CONTINUE ? 1
                                                            : 2);
    RangeLoop *l = top;
    for (; l->outer && l->outer->stmt != around; l = l->outer) l->check_return = true;
    LabelBranch b = {s->keyword, label, next};
    vec_push(w->p->scratch, &l->check_branch, b);
    set(a, top->func->next, next);
    leave_body(a, top, STATE_DONE, false);
    return true;
}

static void jump_to_loop(const At *a, RangeLoop *top, RangeLoop *target, bool go_on) {
    RangeLoop *below = top; // the loop right inside the target
    while (below->outer != target) below = below->outer;
    RangeLoop *first = go_on ? below : target;
    if (go_on)
        below->check_continue = true;
    else
        target->check_break = true;
    for (RangeLoop *l = top; l != first; l = l->outer) l->check_break = true;
    set(a, top->func->next, 2 * (int64_t)target->depth - (go_on ? 1 : 0));
    leave_body(a, top, STATE_DONE, false);
}

bool lower_leaves_range(const Low *w, const Stmt *s) {
    const RangeLoop *l = w->loop;
    while (l && l->stmt != s->branch.target) l = l->outer;
    return l && s->keyword != KEYWORD_FALLTHROUGH;
}

bool lower_range_branch(Low *w, const Stmt *s, NodeVec *out) {
    RangeLoop *top = w->loop, *l = top;
    if (s->keyword == KEYWORD_FALLTHROUGH) return false;
    if (!s->branch.label && top->stmt != s->branch.target) return false;
    while (l && l->stmt != s->branch.target) l = l->outer;
    At a = {w, at(s->pos), out};
    if (s->keyword == KEYWORD_GOTO || !l) return jump_to_label(w, s, &a);
    bool go_on = s->keyword == KEYWORD_CONTINUE;
    if (l == top)
        leave_body(&a, top, go_on ? STATE_READY : STATE_DONE, go_on);
    else
        jump_to_loop(&a, top, l, go_on);
    return true;
}

Node *lower_range_defers(Low *w, const Stmt *s) {
    return w->loop ? lower_local(w, s->pos, w->loop->func->defers) : NULL;
}
