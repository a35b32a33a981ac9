// go/escape/escape.c: the analysis from end to end: batches of functions, callees first; for each
// the graph, its solution, and what that says.
#include "go/escape/escape_internal.h"

// Captured variables flow to their literals, now that every assignment is known: by value if they
// are small and set once.
static void flow_captured(Esc *e, const PendingClosure *c) {
    Func *f = c->closure->u.closure.func;
    for (uint32_t i = 0; i < f->closure_vars.len; i++) {
        Node *var = f->closure_vars.v[i], *n = ir_canonical(var);
        LocId l = esc_loc_of(e, var);
        const LocInfo *info = &e->infos.v[l];
        ASSERT(info->captured);
        int64_t width = irtype_size(e->ts, n->type);
        NameInfo *name = n->u.name;
        name->byval = !info->addrtaken && !info->reassigned && width <= 128;
        if (!name->byval) name->addrtaken = true;
        if (e->explain) {
            Str label = ir_func_label(e->p, e->arena, name->curfn);
            Str text = ir_string(e->p, e->arena, n);
            ir_warn(e->p, n->pos,
                    STR_FMT " capturing by %s: " STR_FMT " (addr=%s assign=%s width=%lld)",
                    STR_ARG(label), name->byval ? "value" : "ref", STR_ARG(text),
                    info->addrtaken ? "true" : "false", info->reassigned ? "true" : "false",
                    (long long)width);
        }
        Hole k = name->byval ? c->k : esc_addr_of(e, c->k, var, "reference");
        esc_flow(e, esc_note(e, k, var, "captured by a closure"), l);
    }
}

static void say(Esc *e, const Node *n, Str text, const char *what) {
    if (e->p->flags.m) ir_warn(e->p, n->pos, STR_FMT " %s", STR_ARG(text), what);
}

static Str alloc_text(Esc *e, Node *n) {
    return n->op == IR_APPEND ? STR("append") : ir_string(e->p, e->arena, n);
}

// Runtime packages may not allocate behind their own back.
static void error_in_runtime(Esc *e, Node *n) {
    Str text = ir_string(e->p, e->arena, n);
    ir_warn(e->p, n->pos, STR_FMT " escapes to heap, not allowed in runtime", STR_ARG(text));
    vec_last(&e->p->messages).error = true;
}

static void finish_var(Esc *e, Node *n, bool escapes) {
    n->u.name->opt = NULL;
    n->esc = escapes ? ESC_HEAP : ESC_NONE;
    if (!escapes) return;
    if (e->p->is_runtime) error_in_runtime(e, n);
    if (!e->p->flags.m) return;
    Str text = ir_string(e->p, e->arena, n);
    ir_warn(e->p, n->pos, "moved to heap: " STR_FMT, STR_ARG(text));
}

static void finish_alloc(Esc *e, Node *n, uint8_t attrs) {
    bool escapes = attrs & ATTR_ESCAPES;
    // What the compiler wraps the call of a go or defer statement in is not what somebody wrote.
    bool wrapper = n->op == IR_CLOSURE && n->u.closure.func->wrapper;
    if (!wrapper && e->p->flags.m)
        say(e, n, alloc_text(e, n), escapes ? "escapes to heap" : "does not escape");
    if (escapes) ir_log(e->p, n->pos, "escape", "%s", "");
    n->esc = escapes ? ESC_HEAP : ESC_NONE;
    if (n->op != IR_STR2BYTES || (attrs & ATTR_MUTATES)) return;
    n->zero_copy = true;
    say(e, n, STR("zero-copy"), "string->[]byte conversion");
}

static void finish(Esc *e) {
    for (uint32_t i = 0; i < e->funcs.len; i++) esc_tag_params(e, e->funcs.v[i]);
    for (LocId l = LOC_FIRST; l < e->locs.len; l++) {
        Node *n = e->infos.v[l].n;
        if (!n) continue;
        if (n->op == IR_NAME)
            finish_var(e, n, e->locs.v[l].attrs & ATTR_ESCAPES);
        else
            finish_alloc(e, n, e->locs.v[l].attrs);
    }
}

static void start(Esc *e, FuncVec group) {
    static const uint8_t attrs[LOC_FIRST] = {
        [LOC_HEAP] = ATTR_ALL, [LOC_MUTATOR] = ATTR_MUTATES, [LOC_CALLEE] = ATTR_CALLS};
    e->funcs = group;
    e->locs.len = e->infos.len = e->flows.len = e->notes.len = e->closures.len = 0;
    for (LocId l = 0; l < LOC_FIRST; l++) {
        esc_new_loc(e, NULL, false);
        e->locs.v[l].attrs = attrs[l];
    }
    vec_add(e->lists, &e->notes); // number 0 is none
}

static void analyse(void *ctx, FuncVec group, bool recursive) {
    (void)recursive;
    Esc *e = ctx;
    ArenaMark mark = arena_mark(e->arena);
    start(e, group);
    for (uint32_t i = 0; i < group.len; i++) esc_init_func(e, group.v[i]);
    for (uint32_t i = 0; i < group.len; i++)
        if (!func_is_closure(group.v[i])) esc_walk_func(e, group.v[i]);
    for (uint32_t i = 0; i < e->closures.len; i++) flow_captured(e, &e->closures.v[i]);
    for (LocId l = LOC_FIRST; l < e->locs.len; l++) {
        esc_rewrite_with_literals(e, l);
        Node *n = e->infos.v[l].n;
        const char *why = esc_heap_reason(e, n);
        if (why) esc_flow(e, esc_addr_of(e, hole_of(LOC_HEAP), n, why), l);
    }
    esc_solve(e);
    finish(e);
    arena_pop_to(mark);
}

void escape_package(IrPkg *p) {
    Esc e = {.p = p, .ts = p->types, .explain = p->flags.m >= 2};
    e.arena = arena_new("escape");
    e.lists = arena_new("escape lists");
    ir_steady(p, true);
    ir_visit_bottom_up(p, p->funcs, analyse, &e);
    ir_steady(p, false);
    arena_free(e.lists);
    arena_free(e.arena);
}
