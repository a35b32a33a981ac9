// go/inline/caninline.c: which functions can be inlined, callees judged before their callers, and
// the bodies kept for it. Rules: cmd/compile/internal/inline/inl.go CanInline, InlineImpossible,
// canDelayResults.
#include "go/inline/inline_internal.h"
#include "go/inline/rules.h"

const char *inline_impossible(IrPkg *p, const Func *f) {
    static const struct {
        uint32_t pragma;
        const char *why;
    } rows[] = {
        {PRAGMA_NOINLINE, "marked go:noinline"},
        {PRAGMA_CGO_UNSAFE_ARGS, "marked go:cgo_unsafe_args"},
        // go:uintptrescapes implies the other one.
        {PRAGMA_UINTPTRKEEPALIVE | PRAGMA_UINTPTRESCAPES,
         "marked as having a keep-alive uintptr argument"},
        {PRAGMA_YESWRITEBARRIERREC, "marked go:yeswritebarrierrec"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (f->pragma & rows[i].pragma) return rows[i].why;
    return f->body.len || ir_body_available(p, f) ? NULL : "no function body";
}

static int32_t budget_of(IrPkg *p, const Func *f) {
    int32_t budget = inline_rules.budget * cost_simd_factor(p->types, f);
    if (f->pgo && f->pgo->hot) budget = inline_rules.hot;
    return f->closure_parent ? MAX(budget, inline_rules.closure_once) : budget;
}

// ---- results that wait for the return

static bool count_return(void *ctx, Node *n) {
    uint32_t *left = ctx;
    if (n->op == IR_RETURN) *left -= n->u.list.v.len && *left ? 1 : *left;
    return !*left;
}

// One return, of values, and no result has a name.
static bool can_delay_results(const Func *f) {
    for (uint32_t i = 0; i < f->nresults; i++)
        if (!str_starts(f->dcl.v[f->nparams + i]->u.name->name, STR("~r"))) return false;
    uint32_t left = 2;
    for (uint32_t i = 0; i < f->body.len; i++)
        if (ir_any(f->body.v[i], count_return, &left)) return false;
    return left == 1;
}

// ---- what is said

static void note_can(IrPkg *p, const Func *f, int32_t cost, bool silent) {
    ir_log(p, f->pos, "canInlineFunction", "cost: %d", cost);
    if (silent || !p->flags.m) return;
    Str name = ir_func_label(p, p->scratch, f);
    if (p->flags.m < 2) {
        ir_warn(p, f->pos, "can inline " STR_FMT, STR_ARG(name));
        return;
    }
    Buf b = buf_new(p->scratch);
    if (f->recv) {
        buf_lit(&b, "method(");
        irtype_write(p->types, &b, p->pkg, f->recv);
        buf_lit(&b, ") ");
    }
    irtype_write(p->types, &b, p->pkg, f->type);
    buf_lit(&b, " { ");
    buf_str(&b, ir_nodes_string(p, p->scratch, f->body, "; "));
    buf_lit(&b, " }");
    ir_warn(p, f->pos, "can inline " STR_FMT " with cost %d as: " STR_FMT, STR_ARG(name), cost,
            STR_ARG(buf_view(&b)));
}

static void note_cannot(IrPkg *p, const Func *f, Str reason, bool silent) {
    ir_log(p, f->pos, "cannotInlineFunction", STR_FMT, STR_ARG(reason));
    if (silent || p->flags.m < 2) return;
    ir_warn(p, f->pos, "cannot inline " STR_FMT ": " STR_FMT,
            STR_ARG(ir_func_label(p, p->scratch, f)), STR_ARG(reason));
}

void can_inline(IrPkg *p, Func *f, bool silent) {
    const char *why = inline_impossible(p, f);
    if (why) {
        note_cannot(p, f, str_c(why), silent);
        return;
    }
    if (f->inlinability_checked) return;
    Cost c = cost_of(p, f, budget_of(p, f));
    f->inlinability_checked = true;
    if (c.reason.len) {
        note_cannot(p, f, c.reason, silent);
        return;
    }
    Inline *kept = ir_keep_body(p, f);
    kept->cost = c.cost;
    kept->can_delay_results = can_delay_results(f);
    f->inl = kept;
    note_can(p, f, c.cost, silent);
}

// ---- all functions

static void can_inline_group(void *ctx, FuncVec group, bool recursive) {
    (void)recursive;
    IrPkg *p = ctx;
    for (uint32_t i = 0; i < group.len; i++) can_inline(p, group.v[i], false);
}

void can_inline_all(IrPkg *p, FuncVec funcs) {
    if (p->flags.no_inline) return;
    ir_visit_bottom_up(p, funcs, can_inline_group, p);
}

// ---- functions made while others are being inlined: judged before their callers, too

typedef struct Late {
    IrPkg *p;
    bool silent;
    FuncVec seen;   // functions visited
    FuncVec *group; // the function and literals that capture, outermost first
} Late;

static void visit_late(Late *l, Func *f);

static bool reach_late(void *ctx, Node *n) {
    Late *l = ctx;
    if (n->op != IR_NAME && n->op != IR_METHEXPR && n->op != IR_CLOSURE) return false;
    Func *f = ir_callee(n);
    if (!f || f->home != l->p || !f->has_syntax || f->inlinability_checked) return false;
    for (uint32_t i = 0; i < l->seen.len; i++)
        if (l->seen.v[i] == f) return false;
    visit_late(l, f);
    return false;
}

static void visit_late(Late *l, Func *f) {
    FuncVec own = {0}, *outer = l->group;
    if (!func_is_closure(f) || !outer) l->group = &own;
    vec_push(l->p->scratch, &l->seen, f);
    vec_push(l->p->scratch, l->group, f);
    ir_visit_func(f, reach_late, l);
    l->group = outer;
    for (uint32_t i = 0; i < own.len; i++) can_inline(l->p, own.v[i], l->silent);
}

void inline_can_inline(IrPkg *p, Func *f, bool silent) {
    if (p->flags.no_inline) return;
    Late l = {.p = p, .silent = silent};
    visit_late(&l, f);
}

void can_inline_silently(IrPkg *p, Func *f) { inline_can_inline(p, f, true); }
