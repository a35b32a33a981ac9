// go/passes/loopvar.c: variables of a loop that are new in each turn, where anybody can tell: those
// a literal captures or whose address is taken inside the loop, unless on the way out of it. Rules:
// cmd/compile/internal/loopvar.
#include "go/passes/passes.h"

// NameInfo.mark is `candidate` for variables of loops around, `leaked` for those somebody may keep.
typedef struct Loops {
    IrPkg *p;
    Func *f;
    uint32_t candidate, leaked;
    int depth, return_depth; // loops around; those around the return statement around
    uint32_t labels;
    IrPos last;     // the last place seen in the loop, for the log
    uint32_t moved; // mark of variables whose declaration moves into the loop: defn says where
    bool changed;
} Loops;

static bool scan(void *ctx, Node *n);

static void note(Loops *l, const Node *x) {
    if (x && x->op == IR_NAME && !ir_is_blank(x)) x->u.name->mark = l->candidate;
}

static void leak(Loops *l, Node *x) {
    if (x->op == IR_NAME && x->u.name->mark == l->candidate) x->u.name->mark = l->leaked;
}

static bool is_leaked(const Loops *l, const Node *x) {
    return x && x->op == IR_NAME && x->u.name->mark == l->leaked;
}

static Node *new_assign(Loops *l, IrPos pos, Node *x, Node *y, bool def) {
    Node *as = ir_assign(l->p, pos, x, y);
    as->def = def;
    return as;
}

static void prepend(Arena *a, NodeVec *list, Node *n) {
    vec_push(a, list, n);
    memmove(list->v + 1, list->v, (list->len - 1) * sizeof *list->v);
    list->v[0] = n;
}

static void append_all(Arena *a, NodeVec *list, NodeVec more) {
    for (uint32_t i = 0; i < more.len; i++) vec_push(a, list, more.v[i]);
}

// The declaration of x goes to the assignment that now sets it.
static void move_decl(Loops *l, Node *x, Node *as) {
    x->u.name->mark = l->moved;
    x->u.name->opt = as;
    l->changed = true;
}

// ---- for the log: which variables, and how far their loops reach

static void note_last(Loops *l, IrPos at) {
    if (at.inl == l->last.inl && at.pos > l->last.pos && at.pos != IR_POS_AUTOGEN &&
        fileset_file(l->p->files, at.pos) == fileset_file(l->p->files, l->last.pos))
        l->last = at;
}

static IrPos enter(Loops *l, const Node *loop) {
    IrPos outer = l->last;
    l->last = loop->pos;
    l->depth++;
    return outer;
}

static void leave(Loops *l, IrPos outer) {
    IrPos seen = l->last;
    l->last = outer;
    note_last(l, seen);
}

static void note_new(const Loops *l, Node *x, Node *loop) {
    if (!l->p->flags.log) return;
    vec_push(l->p->arena, &l->p->loop_vars, ((IrLoopVar){x, loop, l->last}));
}

static void log_var(IrPkg *p, Node *n) {
    bool heap = n->esc == ESC_HEAP;
    ir_log(p, n->pos, heap ? "iteration-variable-to-heap" : "iteration-variable-to-stack",
           STR_FMT "%s", STR_ARG(ir_string(p, p->scratch, n)), n->pos.inl ? " (from inline)" : "");
}

void pass_loopvar_log(IrPkg *p) {
    for (uint32_t i = 0; i < p->loop_vars.len; i++) log_var(p, p->loop_vars.v[i].name);
    for (uint32_t i = 0; i < p->loop_vars.len; i++) {
        const IrLoopVar *v = &p->loop_vars.v[i];
        uint32_t first = 0;
        while (p->loop_vars.v[first].loop != v->loop) first++;
        if (first < i) continue;
        bool range = v->loop->op == IR_RANGE;
        IrLogged *l =
            ir_log(p, v->loop->pos, range ? "loop-modified-range" : "loop-modified-for", "%s", "");
        if (l) l->last = v->last;
    }
}

// ---- for x, y := range z: a temporary takes the loop's values, and is copied at the top of the
// body

static Node *replace_range_var(Loops *l, Node *x, Node *loop) {
    if (!is_leaked(l, x)) return x;
    note_new(l, x, loop);
    Node *tmp = ir_temp(l->p, l->f, loop->pos, x->type);
    Node *as = new_assign(l, loop->pos, x, tmp, true);
    prepend(l->p->arena, &loop->u.range.body, as);
    move_decl(l, x, as);
    return tmp;
}

static void scan_range(Loops *l, Node *n) {
    note(l, n->u.range.key);
    note(l, n->u.range.value);
    IrPos outer = enter(l, n);
    ir_children(n, scan, l);
    l->depth--;
    n->u.range.key = replace_range_var(l, n->u.range.key, n);
    n->u.range.value = replace_range_var(l, n->u.range.value, n);
    leave(l, outer);
    n->distinct_vars = false;
}

// ---- for x := a; cond; post
//
//   for x', first := a, true; ; {
//       x := x'
//       if first { first = false } else { post }
//       if !cond { break }
//       body, with goto next for continue
//   next:
//       x' = x
//   }

typedef void EachVar(Loops *l, void *ctx, Node **x);

// The variables that the loop declares.
static void each_var(Loops *l, const Node *loop, EachVar *visit, void *ctx) {
    for (uint32_t i = 0; loop->init && i < loop->init->len; i++) {
        Node *s = loop->init->v[i];
        if (s->op == IR_AS && s->def) visit(l, ctx, &s->u.as.x);
        for (uint32_t k = 0; s->op == IR_AS2 && s->def && k < s->u.as2.lhs.len; k++)
            visit(l, ctx, &s->u.as2.lhs.v[k]);
    }
}

static void note_var(Loops *l, void *ctx, Node **x) {
    (void)ctx;
    note(l, *x);
}

typedef struct ForParts {
    Node *loop;
    NodeVec before, after; // of the new body
    bool leaks;
} ForParts;

// x becomes x' in front of the loop.
static void split_var(Loops *l, void *ctx, Node **x) {
    ForParts *parts = ctx;
    if (!is_leaked(l, *x)) return;
    note_new(l, *x, parts->loop);
    IrPos pos = parts->loop->pos;
    Node *var = *x, *tmp = ir_temp(l->p, l->f, pos, var->type);
    Node *as = new_assign(l, pos, var, tmp, true);
    vec_push(l->p->arena, &parts->before, as);
    vec_push(l->p->arena, &parts->after, new_assign(l, pos, tmp, var, false));
    var->u.name->defn = as;
    move_decl(l, var, as);
    parts->leaks = true;
    *x = tmp;
}

typedef struct Continues {
    Str loop, next; // the loop's label; where its continue statements go now
    int depth;
} Continues;

static bool edit_continue(void *ctx, Node *n) {
    Continues *c = ctx;
    if (n->op == IR_CONTINUE) {
        Str label = n->u.branch.label;
        if ((c->depth == 0 && !label.len) || (c->loop.len && str_eq(label, c->loop))) {
            n->op = IR_GOTO;
            n->u.branch.label = c->next;
        }
    }
    bool loop = n->op == IR_FOR || n->op == IR_RANGE;
    c->depth += loop;
    ir_children(n, edit_continue, c);
    c->depth -= loop;
    return false;
}

static Node *make_if(IrPkg *p, IrPos pos, Node *cond, Node *then, Node *els) {
    Node *n = ir_node(p, IR_IF, pos);
    n->u.if_.cond = cond;
    vec_push(p->arena, &n->u.if_.then, then);
    if (els) vec_push(p->arena, &n->u.if_.els, els);
    return n;
}

static Node *make_bool(IrPkg *p, IrPos pos, bool v) {
    return ir_literal(p, pos, irtype_basic(p->types, KIND_BOOL), const_bool(p->arena, v));
}

// if first { first = false } else { post }; returns first = true.
static Node *guard_post(Loops *l, ForParts *parts, Node *post) {
    IrPkg *p = l->p;
    IrPos pos = parts->loop->pos;
    Node *first = ir_temp(p, l->f, pos, irtype_basic(p->types, KIND_BOOL));
    Node *set = ir_assign(p, pos, first, make_bool(p, pos, true));
    Node *clear = ir_assign(p, pos, first, make_bool(p, pos, false));
    Node *cond = make_if(p, pos, first, clear, post);
    ir_add_init(p, set, ir_unary(p, IR_DCL, pos, first, NULL));
    vec_push(p->arena, &parts->before, cond);
    return set;
}

static void guard_body(Loops *l, ForParts *parts, Node *cond) {
    IrPkg *p = l->p;
    IrPos pos = parts->loop->pos;
    Node *negated = ir_unary(p, IR_NOT, cond->pos, cond, cond->type);
    Node *leave = ir_node(p, IR_BREAK, pos);
    vec_push(p->arena, &parts->before, make_if(p, pos, negated, leave, NULL));
}

static void split_for(Loops *l, Node *n) {
    IrPkg *p = l->p;
    ForParts parts = {.loop = n};
    each_var(l, n, split_var, &parts);
    if (!parts.leaks) return;
    Node *label = ir_node(p, IR_LABEL, n->pos);
    label->u.branch.label = str_fmt(p->arena, ".3clNext_%u", ++l->labels);
    Continues c = {n->u.for_.label, label->u.branch.label, 0};
    NodeVec body = n->u.for_.body;
    for (uint32_t i = 0; i < body.len; i++) edit_continue(&c, body.v[i]);
    Node *set = n->u.for_.post ? guard_post(l, &parts, n->u.for_.post) : NULL;
    if (n->u.for_.cond) guard_body(l, &parts, n->u.for_.cond);
    if (set) ir_add_init(p, n, set);
    append_all(p->arena, &parts.before, body);
    vec_push(p->arena, &parts.before, label);
    append_all(p->arena, &parts.before, parts.after);
    n->u.for_.body = parts.before;
    n->u.for_.cond = n->u.for_.post = NULL;
}

static void scan_for(Loops *l, Node *n) {
    each_var(l, n, note_var, NULL);
    IrPos outer = enter(l, n);
    ir_children(n, scan, l);
    l->depth--;
    split_for(l, n);
    leave(l, outer);
    n->distinct_vars = false;
}

// ---- the search

static void scan_closure(Loops *l, const Node *n) {
    const Func *f = n->u.closure.func;
    for (uint32_t i = 0; i < f->closure_vars.len; i++) leak(l, ir_canonical(f->closure_vars.v[i]));
}

static bool scan(void *ctx, Node *n) {
    Loops *l = ctx;
    bool leaves = l->return_depth >= l->depth; // a return leaves all loops around it
    int return_depth = l->return_depth;
    if (l->depth > 0 && l->p->flags.log) note_last(l, n->pos);
    switch ((int)n->op) { // nothing to do for the others
    case IR_CLOSURE:
        if (!leaves) scan_closure(l, n);
        break;
    case IR_ADDR:
        if (!leaves) leak(l, ir_outer_value(n->u.xy.x));
        break;
    case IR_RETURN: l->return_depth = l->depth; break;
    case IR_RANGE:
        if (n->def && n->distinct_vars) {
            scan_range(l, n);
            return false;
        }
        n->distinct_vars = false;
        break;
    case IR_FOR:
        if (n->distinct_vars) {
            scan_for(l, n);
            return false;
        }
        break;
    default: break;
    }
    ir_children(n, scan, l);
    l->return_depth = return_depth;
    return false;
}

// ---- declarations that move

static void edit_list(Loops *l, NodeVec *list) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->len; i++) {
        Node *n = list->v[i], *x = n->op == IR_DCL ? n->u.xy.x : NULL;
        if (x && x->op == IR_NAME && x->u.name->mark == l->moved && x->u.name->opt) {
            Node *as = x->u.name->opt;
            x->u.name->opt = NULL;
            ir_add_init(l->p, as, n);
            continue;
        }
        list->v[kept++] = n;
    }
    list->len = kept;
}

static bool edit_lists(void *ctx, Node *n) {
    Loops *l = ctx;
    if (n->init) edit_list(l, n->init);
    switch ((int)n->op) { // the others hold no statements
    case IR_INLCALL: edit_list(l, &n->u.inlcall.body); break;
    case IR_CASE: edit_list(l, &n->u.case_.body); break;
    case IR_BLOCK: edit_list(l, &n->u.list.v); break;
    case IR_FOR: edit_list(l, &n->u.for_.body); break;
    case IR_RANGE: edit_list(l, &n->u.range.body); break;
    case IR_IF:
        edit_list(l, &n->u.if_.then);
        edit_list(l, &n->u.if_.els);
        break;
    default: break;
    }
    ir_children(n, edit_lists, l);
    return false;
}

static void loops_in_func(IrPkg *p, Func *f) {
    if (f->met && !f->met_loop) return;
    Loops l = {.p = p, .f = f};
    l.candidate = ir_new_mark(p);
    l.leaked = ir_new_mark(p);
    l.moved = ir_new_mark(p);
    for (uint32_t i = 0; i < f->body.len; i++) scan(&l, f->body.v[i]);
    if (!l.changed) return;
    edit_list(&l, &f->body);
    for (uint32_t i = 0; i < f->body.len; i++) edit_lists(&l, f->body.v[i]);
}

void pass_loopvar(IrPkg *p) {
    for (uint32_t i = 0; i < p->funcs.len; i++) loops_in_func(p, p->funcs.v[i]);
}
