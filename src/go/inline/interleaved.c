// go/inline/interleaved.c: devirtualization and inlining take turns: a call that is inlined shows
// concrete types, a devirtualized one can be inlined.
//
// Calls are kept in a list per function, inner ones first, and are replaced in place (the compiler
// puts parentheses around them for that).
// Rules: cmd/compile/internal/inline/interleaved/interleaved.go.
#include "go/inline/inline_internal.h"

typedef struct Work { // on one function
    IrPkg *p;
    Func *f;
    Arena *arena;
    bool big;
    NodeVec calls;
    FuncVec callees; // of calls, by place; NULL: not known
} Work;

typedef struct Task {
    IrPkg *p;
    Arena *arena;
    Devirt *devirt;
} Task;

// ---- finding calls

static bool add_call(void *ctx, Node *n);

static void add_calls_below(Work *w, Node *n) { ir_children(n, add_call, w); }

static bool add_call(void *ctx, Node *n) {
    Work *w = ctx;
    if (n->listed) return false; // an argument of a call that was inlined
    w->f->met_loop |= n->op == IR_FOR || n->op == IR_RANGE;
    w->f->met_index |= n->op == IR_INDEX || n->op == IR_CLOSURE;
    if (n->op == IR_TAILCALL) {
        n->u.xy.x->no_inline = true; // not inlined, nor is it a place where others go
        add_calls_below(w, n->u.xy.x);
        return false;
    }
    add_calls_below(w, n);
    if (n->op == IR_CALLFUNC || n->op == IR_CALLINTER) {
        n->listed = true;
        vec_push(w->arena, &w->calls, n);
        vec_push(w->arena, &w->callees, NULL);
    }
    return false;
}

static Work *work_new(IrPkg *p, Arena *a, Func *f) {
    Work *w = NEW(a, Work);
    w->p = p;
    w->f = f;
    w->arena = a;
    w->big = !p->flags.no_inline && cost_is_big(f);
    if (w->big && p->flags.m > 1)
        ir_warn(p, f->pos, "function " STR_FMT " considered 'big'; reducing max cost of inlinees",
                STR_ARG(ir_func_label(p, p->scratch, f)));
    for (uint32_t i = 0; i < f->body.len; i++) add_call(w, f->body.v[i]);
    f->met = true;
    return w;
}

// ---- one call

static Func *resolve(Work *w, Devirt *d, uint32_t i) {
    Node *call = w->calls.v[i];
    if (w->callees.v[i]) return w->callees.v[i];
    if (call->op == IR_INLCALL) return NULL;
    bool dynamic = call->op == IR_CALLINTER;
    devirt_call(d, call);
    if (dynamic && call->op != IR_CALLINTER) w->f->steady_run = 0; // it calls one more
    if (!call_might_inline(w->p, call)) return NULL;
    Func *callee = call_callee(w->p, w->f, call->u.call.fn, true);
    if (!callee) return NULL;
    w->callees.v[i] = callee;
    if (callee->closure_parent) callee->use_count++;
    return callee;
}

static bool try_inline(Work *w, Devirt *d, uint32_t i) {
    Node *call = w->calls.v[i];
    if (call->op == IR_INLCALL) return false;
    const Func *callee = resolve(w, d, i);
    if (!callee) return false;
    CallSite at = {w->f, w->big, callee->closure_parent && callee->use_count == 1};
    if (!call_try_inline(w->p, &at, call)) return false;
    add_calls_below(w, call);
    devirt_inlined(d, w->f, call);
    return true;
}

// ---- one function

// Calls that inlining brings are resolved together before any of them is inlined, so that a literal
// called twice is not taken for one called once.
static bool inline_batches(Work *w, Devirt *d) {
    bool changed = false;
    uint32_t from = 0, to = w->calls.len;
    for (;;) {
        for (uint32_t i = from; i < to; i++) changed |= try_inline(w, d, i);
        from = to;
        to = w->calls.len;
        if (from == to) return changed;
        for (uint32_t i = from; i < to; i++) resolve(w, d, i);
    }
}

static void inline_group(void *ctx, FuncVec group, bool recursive) {
    (void)recursive;
    Task *t = ctx;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < group.len; i++) {
            Work *w = group.v[i]->home == t->p ? group.v[i]->opt : NULL;
            if (w) changed |= inline_batches(w, t->devirt);
        }
    }
}

void inline_package(IrPkg *p) {
    p->can_inline = can_inline_silently;
    if (p->pgo) pgo_devirtualize(pgo_new(p));
    Arena *a = arena_new("inline");
    ir_steady(p, true);
    can_inline_all(p, p->funcs);
    Task t = {p, a, devirt_new(p, a)};
    FuncVec funcs = p->funcs; // literals that inlining makes are no callers
    for (uint32_t i = 0; i < funcs.len; i++) {
        Work *w = work_new(p, a, funcs.v[i]);
        funcs.v[i]->opt = w;
        for (uint32_t k = 0; k < w->calls.len; k++) resolve(w, t.devirt, k);
    }
    ir_visit_bottom_up(p, funcs, inline_group, &t);
    ir_steady(p, false);
    for (uint32_t i = 0; i < funcs.len; i++) funcs.v[i]->opt = NULL;
    arena_free(a);
}

void inline_func(IrPkg *p, Func *f) {
    Arena *a = arena_new("inline");
    Devirt *d = devirt_new(p, a);
    Work *w = work_new(p, a, f);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < w->calls.len; i++) changed |= try_inline(w, d, i);
    }
    arena_free(a);
}
