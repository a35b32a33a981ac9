// go/ir/clone.c: copies of lowered bodies, for inlining: what the compiler gets by reading a body
// once more. Rules: noder/reader.go unifiedInlineCall, funcLit, label.
#include "go/ir/lower_internal.h"

struct NameMap {
    PtrMap map;
};

void ir_clone_map(IrClone *c, Node *from, Node *to) {
    if (!c->names) {
        c->names = NEW(c->p->scratch, struct NameMap);
        c->names->map = ptrmap_new(c->p->scratch);
    }
    ptrmap_put(&c->names->map, from, to);
}

static IrPos moved(const IrClone *c, IrPos pos) {
    if (c->place.pos) return c->place;
    if (c->inl && pos.pos) pos.inl = c->inl;
    return pos;
}

static Node *mapped(const IrClone *c, Node *name) {
    Node *to = c->names ? ptrmap_get(&c->names->map, name) : NULL;
    return to ? to : name;
}

static Node *clone_name(IrClone *c, Node *n) {
    if (!c->into) return n;
    Node *to = mapped(c, n);
    if (to != n) return to;
    if (n->u.name->cls != CLASS_FUNC) return n;
    Func *f = n->u.name->func, *here = ir_func_here(c->p, f);
    return here == f ? n : here->nname;
}

static Str renamed(const IrClone *c, Str label) {
    if (!label.len || !c->label_suffix.len) return label;
    return str_join3(c->p->arena, STR("~"), label, c->label_suffix);
}

// Names that src declares are declared by its copy. A kept body shares its names with the body it
// was made from, so they have two declarations.
static void redefine(IrClone *c, const Node *src, Node *name, Node *copy) {
    if (!name || name->op != IR_NAME) return;
    NameInfo *info = name->u.name;
    if (info->defn != src && info->kept_defn != src) return;
    if (!c->into) {
        info->kept_defn = copy;
        return;
    }
    Node *to = mapped(c, name);
    if (to != name) to->u.name->defn = copy;
}

static void redefine_all(IrClone *c, const Node *src, NodeVec names, Node *copy) {
    for (uint32_t i = 0; i < names.len; i++) redefine(c, src, names.v[i], copy);
}

void ir_clone_list(IrClone *c, NodeVec src, NodeVec *dst) {
    NodeVec out = {src.len ? NEW_ARRAY(c->p->arena, Node *, src.len) : NULL, src.len, src.len};
    for (uint32_t i = 0; i < src.len; i++) out.v[i] = ir_clone(c, src.v[i]);
    *dst = out;
}

// ---- literals

// Temporaries are the compiling package's, parameters without a name their function's.
static const Pkg *package_of_copy(const IrClone *c, const NameInfo *info) {
    if (info->auto_temp) return c->p->pkg;
    return str_starts(info->name, STR("~")) ? c->into->pkg : info->pkg;
}

Node *ir_clone_local(IrClone *c, Node *from) {
    const NameInfo *info = from->u.name;
    Node *to = ir_local(c->p, c->into, moved(c, from->pos), info->name, package_of_copy(c, info),
                        from->type);
    NameInfo *made = to->u.name;
    made->cls = info->cls;
    made->auto_temp = info->auto_temp;
    made->ddd = info->ddd;
    made->byval = info->byval;
    ir_clone_map(c, from, to);
    return to;
}

static void clone_closure_vars(IrClone *c, const Func *src, Func *f) {
    for (uint32_t i = 0; i < src->closure_vars.len; i++) {
        Node *cv = src->closure_vars.v[i];
        Node *outer = mapped(c, cv->u.name->outer);
        Node *to = ir_closure_var(c->p, moved(c, cv->pos), f, outer);
        to->u.name->addrtaken = cv->u.name->addrtaken;
        if (src->dict_name == cv) f->dict_name = to;
        ir_clone_map(c, cv, to);
    }
}

static Node *keep_closure(IrClone *c, Node *n) {
    Node *to = ir_node(c->p, IR_CLOSURE, n->pos);
    to->type = n->type;
    to->u.closure = n->u.closure;
    ir_keep_body(c->p, n->u.closure.func);
    return to;
}

static Node *clone_closure(IrClone *c, Node *n) {
    if (!c->into) return keep_closure(c, n);
    IrPkg *p = c->p;
    Func *src = n->u.closure.func;
    const Inline *kept = src->kept;
    bool stmt = src->closure_why == IR_GO || src->closure_why == IR_DEFER;
    IrPos cpos = moved(c, n->pos);
    uint32_t gen = c->into->go_defer_gen;
    if (stmt) c->into->go_defer_gen = c->go_defer_gen; // counted in the copy alone
    Func *f =
        ir_closure_func(p, stmt ? cpos : src->pos, cpos, src->closure_why, src->type, c->into);
    if (stmt) {
        c->go_defer_gen = c->into->go_defer_gen;
        c->into->go_defer_gen = gen;
    }
    f->wrapper = src->wrapper;
    f->ddd = src->ddd;
    f->pragma = src->pragma;
    f->has_body = f->has_syntax = true;
    f->has_defer = src->has_defer;
    f->has_goto = src->has_goto;
    f->inst = src->home == p ? src->inst : NULL;
    f->endpos = src->endpos;
    clone_closure_vars(c, src, f);
    IrClone inner = {.p = p, .into = f, .names = c->names};
    if (stmt) {
        inner.inl = c->inl;
        inner.label_suffix = c->label_suffix;
    }
    for (uint32_t i = 0; i < kept->dcl.len; i++) ir_clone_local(&inner, kept->dcl.v[i]);
    c->names = inner.names;
    f->nparams = src->nparams;
    f->nresults = src->nresults;
    ir_clone_list(&inner, kept->body, &f->body);
    return f->oclosure;
}

// ---- nodes

// A method's receiver is read before the method is looked up.
static void clone_call(IrClone *c, const Node *n, Node *to) {
    NodeVec args = n->u.call.args;
    Node *fn = n->u.call.fn;
    Node *recv = fn && fn->op == IR_METHEXPR && args.len ? ir_clone(c, args.v[0]) : NULL;
    to->u.call.fn = fn ? ir_clone(c, fn) : NULL;
    if (recv) {
        vec_push(c->p->arena, &to->u.call.args, recv);
        for (uint32_t i = 1; i < args.len; i++)
            vec_push(c->p->arena, &to->u.call.args, ir_clone(c, args.v[i]));
    } else {
        ir_clone_list(c, args, &to->u.call.args);
    }
    ir_clone_list(c, n->u.call.keep_alive, &to->u.call.keep_alive);
}

static void clone_method(IrClone *c, const Node *n, Node *to) {
    to->u.method = n->u.method;
    to->u.method.x = ir_clone(c, n->u.method.x);
    if (n->u.method.func && c->into) to->u.method.func = ir_func_here(c->p, n->u.method.func);
}

static void clone_switch(IrClone *c, const Node *n, Node *to) {
    to->u.switch_.label = renamed(c, n->u.switch_.label);
    Node *tag = n->u.switch_.tag;
    to->u.switch_.tag = tag ? ir_clone(c, tag) : NULL;
    ir_clone_list(c, n->u.switch_.cases, &to->u.switch_.cases);
    for (uint32_t i = 0; tag && i < n->u.switch_.cases.len; i++)
        redefine(c, tag, n->u.switch_.cases.v[i]->u.case_.var, to->u.switch_.tag);
}

static Node *opt(IrClone *c, Node *n) { return n ? ir_clone(c, n) : NULL; }

static void clone_shape(IrClone *c, const Node *n, Node *to) { // flat switch
    switch (ir_shape(n->op)) {
    case SHAPE_NONE: return;
    case SHAPE_NAME: to->u.name = n->u.name; return;
    case SHAPE_LIT: to->u.lit = n->u.lit; return;
    case SHAPE_XY:
        to->u.xy = n->u.xy;
        to->u.xy.x = opt(c, n->u.xy.x);
        to->u.xy.y = opt(c, n->u.xy.y);
        return;
    case SHAPE_LIST:
        to->u.list.len = n->u.list.len;
        ir_clone_list(c, n->u.list.v, &to->u.list.v);
        return;
    case SHAPE_CONV:
        to->u.conv = n->u.conv;
        to->u.conv.x = opt(c, n->u.conv.x);
        return;
    case SHAPE_CLOSURE: BUG("literals are cloned elsewhere");
    case SHAPE_FIELD:
        to->u.field = n->u.field;
        to->u.field.x = opt(c, n->u.field.x);
        to->u.field.value = opt(c, n->u.field.value);
        return;
    case SHAPE_METHOD: clone_method(c, n, to); return;
    case SHAPE_ASSERT:
        to->u.assert.x = opt(c, n->u.assert.x);
        to->u.assert.src_rtype = opt(c, n->u.assert.src_rtype);
        to->u.assert.rtype = opt(c, n->u.assert.rtype);
        to->u.assert.itab = opt(c, n->u.assert.itab);
        return;
    case SHAPE_SLICE:
        to->u.slice.x = opt(c, n->u.slice.x);
        to->u.slice.lo = opt(c, n->u.slice.lo);
        to->u.slice.hi = opt(c, n->u.slice.hi);
        to->u.slice.max = opt(c, n->u.slice.max);
        return;
    case SHAPE_CALL: clone_call(c, n, to); return;
    case SHAPE_INLCALL:
        ir_clone_list(c, n->u.inlcall.body, &to->u.inlcall.body);
        ir_clone_list(c, n->u.inlcall.results, &to->u.inlcall.results);
        return;
    case SHAPE_AS:
        to->u.as.op = n->u.as.op;
        to->u.as.x = opt(c, n->u.as.x);
        to->u.as.y = opt(c, n->u.as.y);
        redefine(c, n, n->u.as.x, to);
        return;
    case SHAPE_AS2:
        ir_clone_list(c, n->u.as2.lhs, &to->u.as2.lhs);
        ir_clone_list(c, n->u.as2.rhs, &to->u.as2.rhs);
        redefine_all(c, n, n->u.as2.lhs, to);
        return;
    case SHAPE_BRANCH: to->u.branch.label = renamed(c, n->u.branch.label); return;
    case SHAPE_FOR:
        to->u.for_.label = renamed(c, n->u.for_.label);
        to->u.for_.cond = opt(c, n->u.for_.cond);
        to->u.for_.post = opt(c, n->u.for_.post);
        ir_clone_list(c, n->u.for_.body, &to->u.for_.body);
        return;
    case SHAPE_RANGE:
        to->u.range.label = renamed(c, n->u.range.label);
        to->u.range.key = opt(c, n->u.range.key);
        to->u.range.value = opt(c, n->u.range.value);
        to->u.range.x = opt(c, n->u.range.x);
        redefine(c, n, n->u.range.key, to);
        redefine(c, n, n->u.range.value, to);
        ir_clone_list(c, n->u.range.body, &to->u.range.body);
        return;
    case SHAPE_IF:
        to->u.if_.cond = opt(c, n->u.if_.cond);
        ir_clone_list(c, n->u.if_.then, &to->u.if_.then);
        ir_clone_list(c, n->u.if_.els, &to->u.if_.els);
        return;
    case SHAPE_SWITCH: clone_switch(c, n, to); return;
    case SHAPE_TYPESW:
        to->u.typesw.x = opt(c, n->u.typesw.x);
        to->u.typesw.tag = n->u.typesw.tag;
        return;
    case SHAPE_CASE:
        to->u.case_.comm = opt(c, n->u.case_.comm);
        ir_clone_list(c, n->u.case_.exprs, &to->u.case_.exprs);
        to->u.case_.var = opt(c, n->u.case_.var);
        ir_clone_list(c, n->u.case_.body, &to->u.case_.body);
        return;
    }
}

static void copy_flags(const Node *n, Node *to) {
    to->implicit = n->implicit;
    to->ddd = n->ddd;
    to->bounded = n->bounded;
    to->def = n->def;
    to->incdec = n->incdec;
    to->no_inline = n->no_inline;
    to->go_defer = n->go_defer;
    to->distinct_vars = n->distinct_vars;
    to->keep_alive = n->keep_alive;
    to->imprecise = n->imprecise;
}

// Types of an inlined body are met; what they instantiate is lowered after it.
static void meet_type(IrClone *c, const Node *n) {
    if (c->foreign && n->type) lower_meet_inlined(c->p->lower, n->type);
}

Node *ir_clone(IrClone *c, Node *n) {
    meet_type(c, n);
    if (n->op == IR_NAME) return clone_name(c, n);
    if (n->op == IR_TYPE && !n->init) return n;
    if (n->op == IR_CLOSURE && c->same_literals) return n;
    if (n->op == IR_CLOSURE && !n->init) return clone_closure(c, n);
    NodeVec init = {0};
    if (n->init) ir_clone_list(c, *n->init, &init);
    Node *to;
    if (n->op == IR_CLOSURE) {
        to = clone_closure(c, n);
    } else {
        to = ir_node(c->p, n->op, moved(c, n->pos));
        copy_flags(n, to);
        to->type = n->type;
        clone_shape(c, n, to);
    }
    for (uint32_t i = 0; i < init.len; i++) ir_add_init(c->p, to, init.v[i]);
    if (n->op == IR_ADDR && c->into) ir_mark_addrtaken(to->u.xy.x);
    if (n->imprecise && c->into && !c->same_literals && c->p->flags.m)
        ir_warn(c->p, to->pos, "imprecise interface call");
    return to;
}

Inline *ir_keep_body(IrPkg *p, Func *f) {
    if (f->kept) return f->kept;
    f->kept = NEW(p->arena, Inline);
    for (uint32_t i = 0; i < f->dcl.len; i++) vec_push(p->arena, &f->kept->dcl, f->dcl.v[i]);
    IrClone c = {.p = p};
    ir_clone_list(&c, f->body, &f->kept->body);
    return f->kept;
}
