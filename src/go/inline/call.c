// go/inline/call.c: one call: whether its callee can be inlined there, and the call replaced by the
// body. Rules: cmd/compile/internal/inline/inl.go (inlineCallCheck, inlCallee, inlineCostOK,
// canInlineCallExpr, mkinlcall), noder/reader.go unifiedInlineCall.
#include "go/inline/inline_internal.h"
#include "go/inline/rules.h"

bool call_might_inline(const IrPkg *p, const Node *call) {
    if (p->flags.no_inline || call->op != IR_CALLFUNC || call->go_defer || call->no_inline)
        return false;
    Node *fn = call->u.call.fn;
    Func *named = ir_callee(fn);
    if (!named) return true;
    if (ir_is_escape_non_string(p, named)) return false;
    return fn->op == IR_CLOSURE || !ir_is_intrinsic(p, named);
}

static bool is_method_of(const Func *f, const Node *methexpr) {
    return f->recv && irtype_identical(f->recv, methexpr->u.method.x->type);
}

Func *call_callee(IrPkg *p, Func *caller, Node *fn, bool resolve_only) {
    fn = ir_static_value(fn);
    Func *f = ir_callee(fn);
    if (f && fn->op == IR_METHEXPR) return is_method_of(f, fn) ? f : NULL;
    if (fn->op != IR_CLOSURE) return f;
    if (f->closure_vars.len && f->closure_vars.v[0]->u.name->outer->u.name->curfn != caller)
        return NULL; // its variables are another frame's
    if (!resolve_only) can_inline(p, f, false);
    return f;
}

// ---- may it

// The path of the package and the name inside it.
static Str path_name(IrPkg *p, const Func *f) {
    return str_fmt(p->scratch, STR_FMT "." STR_FMT, STR_ARG(name_str(p->names, f->pkg->path)),
                   STR_ARG(f->name));
}

static bool is_cheap_enough(IrPkg *p, const CallSite *at, const Node *call, const Func *callee,
                            bool log) {
    int32_t most = at->big ? inline_rules.big_function_cost : inline_rules.budget;
    int32_t most_simd = most * cost_simd_factor(p->types, callee);
    if (callee->closure_parent) {
        most *= inline_rules.closure_factor;
        if (at->called_once) most = MAX(most, inline_rules.closure_once);
    }
    int32_t cost = callee->inl->cost;
    most = MAX(most, most_simd);
    if (cost <= most) return true;
    bool hot = pgo_is_hot_call(p, at->caller, call);
    if (hot && !at->big && cost <= inline_rules.hot) return true;
    if (log && p->flags.log)
        ir_log(p, call->pos, "cannotInlineCall",
               "cost %d of " STR_FMT " exceeds max caller cost %d", cost,
               STR_ARG(path_name(p, callee)), hot && !at->big ? inline_rules.hot : most);
    return false;
}

static bool same_function(const Func *x, const Func *y) {
    return x == y || (x->pkg == y->pkg && str_eq(x->name, y->name));
}

bool call_may_inline(IrPkg *p, const CallSite *at, const Node *call, const Func *callee, bool log) {
    if (!is_cheap_enough(p, at, call, callee, log)) return false;
    for (uint32_t i = call->pos.inl; i; i = p->inl_tree.v[i - 1].parent) {
        if (p->inl_tree.v[i - 1].call.pos != call->pos.pos) continue;
        if (log) ir_log(p, call->pos, "cannotInlineCall", "%s", ""); // direct recursion
        return false;
    }
    for (uint32_t i = call->pos.inl; i; i = p->inl_tree.v[i - 1].parent) {
        if (!same_function(p->inl_tree.v[i - 1].callee, callee)) continue;
        if (log && p->flags.m > 1)
            ir_warn(p, call->pos,
                    "cannot inline " STR_FMT " into " STR_FMT ": repeated recursive cycle",
                    STR_ARG(ir_func_label(p, p->scratch, callee)), STR_ARG(at->caller->name));
        if (log && p->flags.log)
            ir_log(p, call->pos, "cannotInlineCall", "repeated recursive cycle to " STR_FMT,
                   STR_ARG(path_name(p, callee)));
        return false;
    }
    return true;
}

// ---- the body in place of the call

typedef struct Splice {
    IrPkg *p;
    Func *callee;
    Node *call;
    IrClone clone;
    NodeVec params, results; // of the callee, as variables of the caller
    Str label;               // where returns go
    NodeVec init;
} Splice;

static void push(Splice *s, NodeVec *list, Node *n) { vec_push(s->p->arena, list, n); }

static void add_inits(Splice *s, Node *from, NodeVec *out) {
    if (!from->init) return;
    for (uint32_t i = 0; i < from->init->len; i++) push(s, out, from->init->v[i]);
    from->init = NULL;
}

// What evaluating the callee does besides.
static void add_callee_effects(Splice *s, Node *fn) {
    for (;;) {
        add_inits(s, fn, &s->init);
        if (fn->op == IR_CONVNOP) {
            fn = fn->u.conv.x;
        } else if (fn->op == IR_INLCALL) {
            for (uint32_t i = 0; i < fn->u.inlcall.body.len; i++)
                push(s, &s->init, fn->u.inlcall.body.v[i]);
            fn->u.inlcall.body = (NodeVec){0};
            fn = fn->u.inlcall.results.v[0];
        } else {
            return;
        }
    }
}

static Node *declaration(Splice *s, Node *name) {
    return ir_unary(s->p, IR_DCL, s->call->pos, name, NULL);
}

// Each list is its own: passes replace names in one of them.
static NodeVec results_copy(Splice *s) {
    NodeVec out = {0};
    for (uint32_t i = 0; i < s->results.len; i++) push(s, &out, s->results.v[i]);
    return out;
}

// Parameters, results and locals of the callee become the caller's.
static void adopt_names(Splice *s) {
    const Func *f = s->callee;
    for (uint32_t i = 0; i < f->inl->dcl.len; i++) {
        Node *to = ir_clone_local(&s->clone, f->inl->dcl.v[i]);
        to->u.name->cls = CLASS_AUTO;
        if (i < f->nparams)
            push(s, &s->params, to);
        else if (i < f->nparams + f->nresults)
            push(s, &s->results, to);
    }
    for (uint32_t i = 0; i < f->closure_vars.len; i++) {
        Node *cv = f->closure_vars.v[i];
        ir_clone_map(&s->clone, cv, cv->u.name->outer);
    }
}

static void assign_params(Splice *s) {
    Node *as = ir_node(s->p, IR_AS2, s->call->pos);
    as->def = true;
    as->u.as2.lhs = s->params;
    as->u.as2.rhs = s->call->u.call.args;
    for (uint32_t i = 0; i < s->params.len; i++) {
        Node *name = s->params.v[i];
        if (ir_is_blank(name)) continue;
        ir_add_init(s->p, as, declaration(s, name));
        name->u.name->defn = as;
    }
    push(s, &s->init, as);
}

static void declare_results(Splice *s) {
    for (uint32_t i = 0; i < s->results.len; i++) {
        push(s, &s->init, declaration(s, s->results.v[i]));
        push(s, &s->init, ir_assign(s->p, s->call->pos, s->results.v[i], NULL));
    }
}

static Node *jump(Splice *s, IrOp op) {
    Node *n = ir_node(s->p, op, s->call->pos);
    n->u.branch.label = s->label;
    return n;
}

// return x, y becomes { r0, r1 = x, y; goto label }.
static Node *return_block(Splice *s, Node *ret) {
    Node *block = ir_node(s->p, IR_BLOCK, s->call->pos);
    NodeVec *out = &block->u.list.v;
    add_inits(s, ret, out);
    if (ret->u.list.v.len) {
        Node *as = ir_node(s->p, IR_AS2, s->call->pos);
        as->u.as2.lhs = results_copy(s);
        as->u.as2.rhs = ret->u.list.v;
        for (uint32_t i = 0; s->callee->inl->can_delay_results && i < s->results.len; i++) {
            push(s, out, declaration(s, s->results.v[i]));
            s->results.v[i]->u.name->defn = as;
        }
        push(s, out, as);
    }
    push(s, out, jump(s, IR_GOTO));
    return block;
}

static Node *replace_returns(void *ctx, Node *n) {
    if (n->op == IR_RETURN) return return_block(ctx, n);
    ir_edit_children(n, replace_returns, ctx);
    return n;
}

// Bodies that the compiler makes up stand where it made them: what an instance does for its shape
// at the call, what a literal for a method value or an instance does in its own place. Rules:
// noder/reader.go syntheticBody, callShaped, syntheticClosure.
static void place_made_up(Splice *s) {
    const Func *f = s->callee;
    if (f->oclosure && f->wrapper)
        s->clone.inl = 0;
    else if (f->inst && !f->dict_param && !f->oclosure)
        s->clone.place = s->call->pos;
}

static void splice_body(Splice *s, NodeVec *body) {
    place_made_up(s);
    ir_clone_list(&s->clone, s->callee->inl->body, body);
    s->clone.place = (IrPos){0};
    ir_read_instances(s->p);
    for (uint32_t i = 0; i < body->len; i++) body->v[i] = replace_returns(s, body->v[i]);
    push(s, body, jump(s, IR_LABEL));
}

static void become_inlcall(Splice *s, NodeVec body) {
    Node *n = s->call;
    n->op = IR_INLCALL;
    n->ddd = false;
    n->init = NULL;
    for (uint32_t i = 0; i < s->init.len; i++) ir_add_init(s->p, n, s->init.v[i]);
    n->u.inlcall.body = body;
    n->u.inlcall.results = s->results;
}

static uint32_t add_inl_node(IrPkg *p, const Node *call, Func *callee) {
    InlNode n = {call->pos.inl, call->pos, callee, callee->name};
    vec_push(p->arena, &p->inl_tree, n);
    return p->inl_tree.len;
}

// The compiler reads an imported body once more before it first inlines it.
static bool warn_imprecise(void *ctx, Node *n) {
    IrPkg *p = ctx;
    if (n->imprecise) ir_warn(p, n->pos, "imprecise interface call");
    if (n->op == IR_CLOSURE) {
        const Inline *kept = n->u.closure.func->kept;
        for (uint32_t i = 0; i < kept->body.len; i++) ir_any(kept->body.v[i], warn_imprecise, p);
    }
    return false;
}

static void inline_call(IrPkg *p, Func *caller, Node *call, Func *callee) {
    uint32_t place = add_inl_node(p, call, callee);
    if (p->flags.m)
        ir_warn(p, call->pos, "inlining call to " STR_FMT,
                STR_ARG(ir_func_label(p, p->scratch, callee)));
    const Inline *inl = callee->inl;
    if (ir_body_used(p, callee) && p->flags.m)
        for (uint32_t i = 0; i < inl->body.len; i++) ir_any(inl->body.v[i], warn_imprecise, p);
    Splice s = {.p = p, .callee = callee, .call = call};
    s.clone = (IrClone){.p = p, .into = caller, .inl = place, .foreign = callee->home != p};
    s.clone.label_suffix = str_fmt(p->arena, ".%u", p->inl_gen++);
    s.label = str_fmt(p->arena, ".i%u", caller->label_gen++);
    adopt_names(&s);
    add_inits(&s, call, &s.init);
    add_callee_effects(&s, call->u.call.fn);
    assign_params(&s);
    if (!callee->inl->can_delay_results) declare_results(&s);
    push(&s, &s.init, ir_node(p, IR_INLMARK, call->pos));
    NodeVec body;
    splice_body(&s, &body);
    become_inlcall(&s, body);
}

bool call_try_inline(IrPkg *p, const CallSite *at, Node *call) {
    if (!call_might_inline(p, call)) return false;
    Func *callee = call_callee(p, at->caller, call->u.call.fn, false);
    if (!callee || !callee->inl || !ir_body_available(p, callee)) return false;
    if (!call_may_inline(p, at, call, callee, true)) return false;
    inline_call(p, at->caller, call, callee);
    return true;
}
