// go/why/move.c: slices that grow on the stack and move to the heap where they leave. A slice
// variable nobody else has a hold of may have its elements in the frame; the one statement that
// gives it away then copies them.
// Rules: cmd/compile/internal/slice.
#include "go/why/why_internal.h"

enum { ON_STACK_BYTES = 32 }; // base.Debug.VariableMakeThreshold

typedef struct Tracked {
    const Node *name; // NULL: given up
    uint32_t ok_uses, all_uses, append_weight, decl_depth;
    const Node *leaves; // where it is given away; NULL: nowhere yet
} Tracked;

typedef struct Moves {
    Why *w;
    VEC(Tracked) list;
    uint32_t depth;
} Moves;

static Tracked *tracked(const Moves *m, const Node *n) {
    if (!n || n->op != IR_NAME) return NULL;
    for (uint32_t i = 0; i < m->list.len; i++)
        if (m->list.v[i].name == n) return &m->list.v[i];
    return NULL;
}

static void start(Moves *m, const Func *f) {
    for (uint32_t i = 0; i < f->dcl.len; i++) {
        Node *n = f->dcl.v[i];
        if (n->type->kind != KIND_SLICE) continue;
        if (irtype_size(m->w->ts, n->type->elem) > ON_STACK_BYTES) continue;
        vec_push(m->w->scratch, &m->list, (Tracked){.name = n});
    }
}

// Given away more than once, or in a loop: it is left alone.
static void leaves(const Moves *m, Tracked *t, const Node *stmt) {
    if (t->leaves || m->depth > t->decl_depth)
        t->name = NULL;
    else
        t->leaves = stmt;
}

static void see_value(const Moves *m, Tracked *x, const Node *y) {
    if (!y || y->op == IR_NIL || y->op == IR_SLICELIT) {
        x->ok_uses++;
    } else if (y->op == IR_SLICE && y->u.slice.x == x->name) {
        x->ok_uses += 2;
    } else if (y->op == IR_APPEND && y->u.call.args.v[0] == x->name) {
        x->ok_uses += 2;
        x->append_weight += 1 + (m->depth - x->decl_depth);
    }
}

static void see_assignment(const Moves *m, const Node *x, const Node *y, const Node *stmt) {
    Tracked *t = tracked(m, x);
    if (t) see_value(m, t, y);
    t = tracked(m, y);
    if (!t) return;
    t->ok_uses++;
    leaves(m, t, stmt);
}

static void see_return(Moves *m, const Node *n) {
    NodeVec list = n->u.list.v;
    for (uint32_t i = 0; i < list.len; i++) {
        Tracked *t = tracked(m, list.v[i]);
        if (!t) continue;
        t->ok_uses++;
        leaves(m, t, n);
    }
    const Func *f = m->w->func;
    for (uint32_t i = 0; !list.len && i < f->nresults; i++) {
        Tracked *t = tracked(m, f->dcl.v[f->nparams + i]);
        if (t) leaves(m, t, n);
    }
}

// A parameter leaks when its tag says anything, or says nothing at all.
static void see_call(const Moves *m, const Node *n) {
    const Func *f = ir_callee(ir_static_value(n->u.call.fn));
    for (uint32_t i = 0; i < n->u.call.args.len; i++) {
        Tracked *t = tracked(m, n->u.call.args.v[i]);
        bool known = f && f->param_tags && i < f->nparams;
        if (t && known && str_eq_c(f->param_tags[i], "esc:")) t->ok_uses++;
    }
}

static void count(const Moves *m, const Node *n, bool declares) {
    Tracked *t = tracked(m, n);
    if (!t) return;
    t->ok_uses++;
    if (declares) t->decl_depth = m->depth;
}

static bool see(void *ctx, Node *n);

static void see_closure(Moves *m, const Node *n) {
    const Func *f = n->u.closure.func;
    for (uint32_t i = 0; i < f->closure_vars.len; i++) see(m, f->closure_vars.v[i]->u.name->outer);
}

static bool see(void *ctx, Node *n) {
    Moves *m = ctx;
    uint32_t depth = m->depth;
    Tracked *t;
    switch ((int)n->op) { // the others are uses nobody understands
    case IR_NAME:
        t = tracked(m, n);
        if (t) t->all_uses++;
        break;
    case IR_DCL: count(m, n->u.xy.x, true); break;
    case IR_INDEX: count(m, n->u.xy.x, false); break;
    case IR_LEN:
    case IR_CAP: count(m, n->u.xy.x, false); break;
    case IR_ADDR:
        t = n->u.xy.x->op == IR_INDEX ? tracked(m, n->u.xy.x->u.xy.x) : NULL;
        if (t) t->name = NULL;
        break;
    case IR_RETURN: see_return(m, n); break;
    case IR_CALLFUNC: see_call(m, n); break;
    case IR_RANGE: count(m, n->u.range.x, false); break;
    case IR_AS: see_assignment(m, n->u.as.x, n->u.as.y, n); break;
    case IR_AS2:
        for (uint32_t i = 0; i < n->u.as2.lhs.len; i++)
            see_assignment(m, n->u.as2.lhs.v[i], n->u.as2.rhs.v[i], n);
        break;
    case IR_CLOSURE: see_closure(m, n); break;
    default: break;
    }
    m->depth += n->op == IR_FOR || n->op == IR_RANGE;
    ir_children(n, see, m);
    m->depth = depth;
    return false;
}

void why_moves(Why *w) {
    Moves m = {.w = w};
    start(&m, w->func);
    if (!m.list.len) return;
    for (uint32_t i = 0; i < w->func->body.len; i++) see(&m, w->func->body.v[i]);
    for (uint32_t i = 0; i < m.list.len; i++) {
        const Tracked *t = &m.list.v[i];
        if (!t->name || t->ok_uses != t->all_uses || !t->leaves || t->append_weight < 2) continue;
        bool pointers = irtype_has_pointers(w->ts, t->name->type->elem);
        Cost c = {COST_MOVE, COST_SOMETIMES, "its elements are still on the stack",
                  0,         COST_UNKNOWN,   pointers ? COST_UNKNOWN : 0};
        why_add(w, &c, t->leaves->pos, t->name->u.name->name);
    }
}
