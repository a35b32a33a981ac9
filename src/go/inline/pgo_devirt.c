// go/inline/pgo_devirt.c: an indirect call that the profile has seen go to one function becomes a
// test and two calls: t, ok := x.(T); if ok { t.M() } else { x.M() }. The first one can then be
// inlined. Rules: cmd/compile/internal/devirtualize/pgo.go.
#include "go/inline/inline_internal.h"

typedef struct Site { // one call
    Pgo *g;
    IrPkg *p;
    Func *f; // the caller
    Node *call;
} Site;

// ---- the callee

// Of an interface call: a method of a type that has the interface, by the method's name.
static bool is_candidate(const Site *s, const PgoEdge *e, const Func *callee) {
    IrPkg *p = s->p;
    Node *fn = s->call->u.call.fn;
    if (s->call->op == IR_CALLFUNC)
        return irtype_identical(fn->type->under, callee->type->under) && !callee->recv;
    if (!callee->recv || !irtype_implements(p->types, callee->recv, fn->u.method.x->type))
        return false;
    Str want = str_join2(p->scratch, STR("."), name_str(p->names, fn->u.method.sel));
    return str_ends(e->callee, want);
}

static bool is_hotter(Pgo *g, const PgoEdge *e, const PgoEdge *than) {
    if (!than) return true;
    if (e->weight != than->weight) return e->weight > than->weight;
    bool known = pgo_find(g, e->callee), known_than = pgo_find(g, than->callee);
    if (known != known_than) return known;
    return str_cmp(e->callee, than->callee) < 0;
}

// A callee that cannot be seen here counts: the second hottest is not taken in its place.
static Func *hottest_callee(const Site *s) {
    if (!s->f->pgo) return NULL;
    int64_t offset = pgo_line_offset(s->p, s->f, s->call);
    const PgoEdge *hottest = NULL;
    for (uint32_t i = s->f->pgo->first_edge; i; i = s->p->pgo->edges[i - 1].next) {
        const PgoEdge *e = &s->p->pgo->edges[i - 1];
        if (e->offset != offset || !is_hotter(s->g, e, hottest)) continue;
        const Func *callee = pgo_find(s->g, e->callee);
        if (!callee || is_candidate(s, e, callee)) hottest = e;
    }
    return hottest && hottest->weight ? pgo_find(s->g, hottest->callee) : NULL;
}

static bool should_devirtualize(IrPkg *p, const Func *callee) {
    if (callee->oclosure) return false;
    if (ir_pkg_is(p, callee->pkg, "runtime") && str_eq_c(callee->name, "memhash_varlen"))
        return false; // called as a closure
    const char *why = inline_impossible(p, callee);
    if (why && p->flags.m > 1)
        ir_warn(p, callee->pos, "should not PGO devirtualize " STR_FMT ": %s",
                STR_ARG(ir_func_label(p, p->scratch, callee)), why);
    return !why;
}

// ---- the rewriting

static NodeVec copy_list(IrPkg *p, NodeVec list) {
    NodeVec out = {0};
    for (uint32_t i = 0; i < list.len; i++) vec_push(p->arena, &out, list.v[i]);
    return out;
}

static Node *assign_list(IrPkg *p, IrPos pos, NodeVec lhs, NodeVec rhs) {
    Node *n = ir_node(p, IR_AS2, pos);
    n->u.as2.lhs = lhs;
    n->u.as2.rhs = rhs;
    return n;
}

static Node *assign_call(const Site *s, NodeVec lhs, Node *call) {
    NodeVec rhs = {0};
    vec_push(s->p->arena, &rhs, call);
    Node *n = assign_list(s->p, call->pos, lhs, rhs);
    if (lhs.len > 1) n->op = IR_AS2FUNC;
    return n;
}

// Evaluates x and the call's arguments into temporaries. Those of the arguments take their places,
// that of x is returned: the call keeps x itself, as the compiler leaves it.
static Node *copy_inputs(const Site *s, Node *x, NodeVec *init) {
    IrPkg *p = s->p;
    NodeVec lhs = {0}, rhs = {0}, args = s->call->u.call.args;
    vec_push(p->arena, &lhs, ir_temp(p, s->f, s->call->pos, x->type));
    vec_push(p->arena, &rhs, x);
    x->two_parents = true;
    s->call->u.call.args = (NodeVec){0};
    for (uint32_t i = 0; i < args.len; i++) {
        Node *temp = ir_temp(p, s->f, s->call->pos, args.v[i]->type);
        vec_push(p->arena, &lhs, temp);
        vec_push(p->arena, &rhs, args.v[i]);
        vec_push(p->arena, &s->call->u.call.args, temp);
    }
    vec_push(p->arena, init, assign_list(p, s->call->pos, lhs, rhs));
    return lhs.v[0];
}

static Node *direct_call(const Site *s, Node *fn, Node *recv) {
    IrPkg *p = s->p;
    Node *n = ir_node(p, IR_CALLFUNC, s->call->pos);
    n->type = s->call->type;
    n->ddd = s->call->ddd;
    n->u.call.fn = fn;
    if (recv) vec_push(p->arena, &n->u.call.args, recv);
    for (uint32_t i = 0; i < s->call->u.call.args.len; i++)
        vec_push(p->arena, &n->u.call.args, s->call->u.call.args.v[i]);
    return n;
}

static void add_branch(const Site *s, NodeVec results, Node *call, NodeVec *out) {
    if (results.len) call = assign_call(s, copy_list(s->p, results), call);
    vec_push(s->p->arena, out, call);
}

static Node *conditional_call(const Site *s, Node *cond, Node *direct, NodeVec init) {
    IrPkg *p = s->p;
    const IrType *sig = s->call->u.call.fn->type->under;
    NodeVec results = {0}, body = {0};
    for (uint32_t i = sig->nparams; i < sig->nfields; i++)
        vec_push(p->arena, &results, ir_temp(p, s->f, s->call->pos, sig->fields[i].type));
    Node *n = ir_node(p, IR_IF, s->call->pos);
    n->u.if_.cond = cond;
    add_branch(s, results, direct, &n->u.if_.then);
    add_branch(s, results, s->call, &n->u.if_.els);
    for (uint32_t i = 0; i < init.len; i++) ir_add_init(p, n, init.v[i]);
    vec_push(p->arena, &body, n);
    Node *out = ir_node(p, IR_INLCALL, s->call->pos);
    out->type = s->call->type;
    out->u.inlcall.body = body;
    out->u.inlcall.results = results;
    return out;
}

static NodeVec take_init(IrPkg *p, Node *n) {
    NodeVec init = n->init ? copy_list(p, *n->init) : (NodeVec){0};
    n->init = NULL;
    return init;
}

static void note(const Site *s, const char *what, const Func *callee) {
    IrPkg *p = s->p;
    if (p->flags.m)
        ir_warn(p, s->call->pos, "PGO devirtualizing %s call " STR_FMT " to " STR_FMT, what,
                STR_ARG(ir_string(p, p->scratch, s->call->u.call.fn)),
                STR_ARG(ir_func_label(p, p->scratch, callee)));
}

static Node *rewrite_interface(const Site *s, const Func *callee) {
    IrPkg *p = s->p;
    note(s, "interface", callee);
    IrPos pos = s->call->pos;
    NodeVec init = take_init(p, s->call), lhs = {0}, rhs = {0};
    Node *sel = s->call->u.call.fn;
    Node *x = copy_inputs(s, sel->u.method.x, &init);
    Node *value = ir_temp(p, s->f, pos, callee->recv);
    Node *ok = ir_temp(p, s->f, pos, irtype_basic(p->types, KIND_BOOL));
    Node *assert = ir_node(p, IR_DOTTYPE2, pos);
    assert->type = callee->recv;
    assert->u.assert.x = x;
    vec_push(p->arena, &lhs, value);
    vec_push(p->arena, &lhs, ok);
    vec_push(p->arena, &rhs, assert);
    Node *as = assign_list(p, pos, lhs, rhs);
    as->op = IR_AS2DOTTYPE;
    vec_push(p->arena, &init, as);
    const IrMethod *m =
        irtype_method(p->types, irtype_base(callee->recv), sel->u.method.sel, sel->u.method.pkg);
    if (!m) BUG("a type without the method of the interface it has");
    Node *recv;
    Node *fn = ir_select_method(p, pos, value, m, &recv);
    return conditional_call(s, ok, direct_call(s, fn, recv), init);
}

// abi.FuncPCABIInternal(fn) == abi.FuncPCABIInternal(callee)
static Node *same_function(const Site *s, Node *fn, const Func *callee) {
    IrPkg *p = s->p;
    IrPos pos = s->call->pos;
    IrType *word = irtype_basic(p->types, KIND_UINTPTR);
    IrType *place = irtype_pointer(p->types, word);
    Node *iface = ir_conv_node(p, IR_CONVIFACE, pos, irtype_empty_interface(p->types), fn);
    Node *pc = ir_unary(p, IR_DEREF, pos, ir_unary(p, IR_ITAB, pos, iface, place), word);
    Node *sym = ir_node(p, IR_LINKSYM_OFFSET, pos);
    sym->type = word;
    sym->u.name = callee->nname->u.name;
    Node *want = ir_conv_node(p, IR_CONVNOP, pos, word, ir_unary(p, IR_ADDR, pos, sym, place));
    return ir_binary(p, IR_EQ, pos, pc, want, irtype_basic(p->types, KIND_BOOL));
}

static Node *rewrite_function(const Site *s, const Func *callee) {
    IrPkg *p = s->p;
    note(s, "function", callee);
    NodeVec init = take_init(p, s->call);
    Node *fn = copy_inputs(s, s->call->u.call.fn, &init);
    Node *cond = same_function(s, fn, callee);
    return conditional_call(s, cond, direct_call(s, callee->nname, NULL), init);
}

static Node *edit(void *ctx, Node *n) {
    Site s = *(Site *)ctx;
    ir_edit_children(n, edit, ctx);
    if ((n->op != IR_CALLFUNC && n->op != IR_CALLINTER) || n->go_defer) return n;
    s.call = n;
    if (n->op == IR_CALLFUNC && ir_callee(ir_static_value(n->u.call.fn))) return n;
    const Func *callee = hottest_callee(&s);
    if (!callee || !should_devirtualize(s.p, callee)) return n;
    ir_keep_body(s.p, s.f); // importers and callers inline what was written
    return n->op == IR_CALLINTER ? rewrite_interface(&s, callee) : rewrite_function(&s, callee);
}

static void devirtualize_group(void *ctx, FuncVec group, bool recursive) {
    (void)recursive;
    Pgo *g = ctx;
    for (uint32_t i = 0; i < group.len; i++) {
        Func *f = group.v[i];
        if (!f->pgo || !f->pgo->first_edge) continue;
        Site s = {g, g->p, f, NULL};
        for (uint32_t k = 0; k < f->body.len; k++) f->body.v[k] = edit(&s, f->body.v[k]);
    }
}

void pgo_devirtualize(Pgo *g) { ir_visit_bottom_up(g->p, g->p->funcs, devirtualize_group, g); }
