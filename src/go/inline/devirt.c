// go/inline/devirt.c: calls of interface methods whose receiver's concrete type is known become
// calls of that type's method.
//
// What interface variables are assigned is collected function by function, when first asked for,
// and kept up to date while calls are inlined: a call's result is unknown until the call is
// inlined. Rules: cmd/compile/internal/devirtualize/devirtualize.go.
#include "go/inline/inline_internal.h"

typedef enum AssignKind { ASSIGN_UNKNOWN, ASSIGN_TYPE, ASSIGN_NODE, ASSIGN_CALL } AssignKind;

// A concrete type and where it was read: the compiler tells types by address, and makes some anew.
typedef struct Concrete {
    IrType *type;
    const void *read; // an expression that makes its type, or the package; NULL: not told
} Concrete;

typedef struct Assign {
    AssignKind kind;
    Concrete type;   // TYPE: a concrete one
    Node *node;      // NODE: the value; CALL: the call, an INLCALL once it is inlined
    uint32_t result; // CALL: which of its results
} Assign;

typedef struct Variable { // an interface variable
    const Node *name;
    VEC(Assign) assigns;
} Variable;

struct Devirt {
    IrPkg *p;
    Arena *arena;
    Index var_index; // of vars, by name
    VEC(Variable) vars;
    Index func_index;        // of funcs, by address
    VEC(const Func *) funcs; // whose assignments are known
};

Devirt *devirt_new(IrPkg *p, Arena *a) {
    Devirt *d = NEW(a, Devirt);
    d->p = p;
    d->arena = a;
    d->var_index = index_new(a);
    d->func_index = index_new(a);
    return d;
}

static uint64_t hash_of(const void *p) { return hash_mix((uintptr_t)p, 0); }

static Variable *variable(Devirt *d, const Node *name) { // NULL: never assigned
    for (IndexIter it = index_find(&d->var_index, hash_of(name)); it.id; index_next(&it))
        if (d->vars.v[it.id - 1].name == name) return &d->vars.v[it.id - 1];
    return NULL;
}

static bool is_analyzed(const Devirt *d, const Func *f) {
    for (IndexIter it = index_find(&d->func_index, hash_of(f)); it.id; index_next(&it))
        if (d->funcs.v[it.id - 1] == f) return true;
    return false;
}

// Whether f was not yet analyzed.
static bool start_analysis(Devirt *d, const Func *f) {
    if (is_analyzed(d, f)) return false;
    vec_push(d->arena, &d->funcs, f);
    index_add(&d->func_index, hash_of(f), d->funcs.len);
    return true;
}

// ---- collecting assignments

static void assign(Devirt *d, Node *to, Assign what) {
    if (!to || to->op != IR_NAME || ir_is_blank(to)) return;
    if (!to->u.name->curfn || !irtype_is_interface(to->type)) return;
    const Node *name = ir_canonical(to);
    if (name->u.name->cls != CLASS_AUTO) return;
    if (what.kind == ASSIGN_TYPE && irtype_is_interface(what.type.type)) what.kind = ASSIGN_UNKNOWN;
    if (what.kind == ASSIGN_NODE && what.node->op == IR_NIL) return;
    Variable *v = variable(d, name);
    if (!v) {
        v = vec_add(d->arena, &d->vars);
        v->name = name;
        index_add(&d->var_index, hash_of(name), d->vars.len);
    }
    vec_push(d->arena, &v->assigns, what);
}

static void assign_unknown(Devirt *d, Node *to) { assign(d, to, (Assign){.kind = ASSIGN_UNKNOWN}); }

static void assign_type(Devirt *d, Node *to, IrType *t) {
    assign(d, to, (Assign){.kind = ASSIGN_TYPE, .type = {t, NULL}});
}

static void assign_node(Devirt *d, Node *to, Node *value) {
    assign(d, to, (Assign){.kind = ASSIGN_NODE, .node = value});
}

static bool is_call(const Node *n) { return n->op == IR_CALLFUNC || n->op == IR_CALLINTER; }

// The package whose export data a value's type was read from.
static const void *package_read_in(const Node *n) {
    if (is_call(n)) n = n->u.call.fn;
    if (n->op == IR_NAME) return n->u.name->pkg;
    if (n->op == IR_METHEXPR && n->u.method.func) return n->u.method.func->nname->u.name->pkg;
    return NULL;
}

// &x and new(T) make a pointer type each time.
static Concrete type_of_value(Node *n) {
    bool made = n->op == IR_ADDR || n->op == IR_PTRLIT || n->op == IR_NEW;
    return (Concrete){n->type, made ? n : package_read_in(n)};
}

static void assign_result(Devirt *d, Node *to, Node *call, uint32_t i) {
    IrType *t = irtype_results(call->u.call.fn->type)[i].type;
    Assign a = {.kind = ASSIGN_TYPE, .type = {t, package_read_in(call)}};
    if (irtype_is_interface(t)) a = (Assign){.kind = ASSIGN_CALL, .node = call, .result = i};
    assign(d, to, a);
}

static void analyze_assign(Devirt *d, Node *n) {
    Node *value = n->u.as.y;
    if (!value) return;
    if (is_call(value))
        assign_result(d, n->u.as.x, value, 0);
    else
        assign_node(d, n->u.as.x, value);
}

static void analyze_results(Devirt *d, Node *n) {
    Node *call = n->u.as2.rhs.v[0];
    for (uint32_t i = 0; i < n->u.as2.lhs.len; i++) {
        Node *to = n->u.as2.lhs.v[i];
        if (is_call(call))
            assign_result(d, to, call, i);
        else
            assign_node(d, to, call->u.inlcall.results.v[i]);
    }
}

static void analyze_range(Devirt *d, Node *n) {
    IrType *t = n->u.range.x->type;
    Node *key = n->u.range.key, *value = n->u.range.value;
    if (t->kind == KIND_PTR && t->under->elem->kind == KIND_ARRAY) t = t->under->elem;
    if (t->kind == KIND_ARRAY || t->kind == KIND_SLICE) {
        assign_unknown(d, key);
        assign_type(d, value, t->under->elem);
    } else if (t->kind == KIND_CHAN) {
        assign_type(d, key, t->under->elem);
    } else if (t->kind == KIND_MAP) {
        assign_type(d, key, t->under->key);
        assign_type(d, value, t->under->elem);
    } else {
        assign_unknown(d, key);
        assign_unknown(d, value);
    }
}

static void analyze_switch(Devirt *d, Node *n) {
    Node *tag = n->u.switch_.tag;
    if (!tag || tag->op != IR_TYPESW) return;
    for (uint32_t i = 0; i < n->u.switch_.cases.len; i++)
        assign_node(d, n->u.switch_.cases.v[i]->u.case_.var, tag->u.typesw.x);
}

static bool analyze(void *ctx, Node *n) { // flat switch
    Devirt *d = ctx;
    switch ((int)n->op) {
    case IR_AS: analyze_assign(d, n); break;
    case IR_AS2:
        for (uint32_t i = 0; i < n->u.as2.lhs.len; i++)
            if (n->u.as2.rhs.v[i]) assign_node(d, n->u.as2.lhs.v[i], n->u.as2.rhs.v[i]);
        break;
    case IR_AS2DOTTYPE:
        assign_node(d, n->u.as2.lhs.v[0], n->u.as2.rhs.v[0]);
        assign_unknown(d, n->u.as2.lhs.v[1]);
        break;
    case IR_AS2MAPR:
    case IR_AS2RECV:
    case IR_SELRECV2:
        assign_type(d, n->u.as2.lhs.v[0], n->u.as2.rhs.v[0]->type);
        assign_unknown(d, n->u.as2.lhs.v[1]);
        break;
    case IR_AS2FUNC: analyze_results(d, n); break;
    case IR_RANGE: analyze_range(d, n); break;
    case IR_SWITCH: analyze_switch(d, n); break;
    case IR_CLOSURE:
        if (start_analysis(d, n->u.closure.func)) ir_visit_func(n->u.closure.func, analyze, d);
        break;
    default: break;
    }
    return false;
}

void devirt_inlined(Devirt *d, Func *f, Node *inlcall) {
    if (!is_analyzed(d, f)) return;
    const NodeVec *init = inlcall->init;
    for (uint32_t i = 0; init && i < init->len; i++) ir_any(init->v[i], analyze, d);
    for (uint32_t i = 0; i < inlcall->u.inlcall.body.len; i++)
        ir_any(inlcall->u.inlcall.body.v[i], analyze, d);
}

// ---- concrete types

typedef VEC(const Node *) Seen;

// What is known about a value's concrete type. NONE: it is nil, or adds nothing.
typedef enum Known { KNOWN_NOT, KNOWN_NONE, KNOWN_TYPE } Known;

static Known concrete(Devirt *d, Node *n, Seen *seen, Concrete *out);

static Known assigned(Devirt *d, const Assign *a, Seen *seen, Concrete *out) {
    switch (a->kind) {
    case ASSIGN_UNKNOWN: return KNOWN_NOT;
    case ASSIGN_TYPE: *out = a->type; return KNOWN_TYPE;
    case ASSIGN_NODE: return concrete(d, a->node, seen, out);
    case ASSIGN_CALL:
        if (a->node->op != IR_INLCALL) return KNOWN_NOT;
        return concrete(d, a->node->u.inlcall.results.v[a->result], seen, out);
    }
    BUG("assignment of kind %d", a->kind);
}

// A struct type without a name is another one wherever it is written; so is, wherever it is made or
// read from another package, a pointer to a type that only inlined bodies mention.
static bool same_type(const IrPkg *p, Concrete x, Concrete y) {
    if (x.type != y.type) return false;
    const IrType *of = irtype_base(x.type);
    if (!of->named && of->kind == KIND_STRUCT) return false;
    if (x.type->named || ir_has_one_pointer(p, of)) return true;
    return !x.read || !y.read || x.read == y.read;
}

// All that is assigned to the variable has one type.
static Known concrete_variable(Devirt *d, Node *name, Seen *seen, Concrete *out) {
    name = ir_canonical(name);
    const NameInfo *info = name->u.name;
    if (info->cls != CLASS_AUTO || info->addrtaken) return KNOWN_NOT;
    for (uint32_t i = 0; i < seen->len; i++)
        if (seen->v[i] == name) return KNOWN_NONE;
    vec_push(d->arena, seen, name);
    if (start_analysis(d, info->curfn)) ir_visit_func(info->curfn, analyze, d);
    const Variable *v = variable(d, name);
    Concrete t = {0};
    for (uint32_t i = 0; v && i < v->assigns.len; i++) {
        Concrete one = {0};
        Known k = assigned(d, &v->assigns.v[i], seen, &one);
        if (k == KNOWN_NONE) continue;
        if (k == KNOWN_NOT || (t.type && !same_type(d->p, t, one))) return KNOWN_NOT;
        t = one;
    }
    if (!t.type) return KNOWN_NONE;
    *out = t;
    return KNOWN_TYPE;
}

static Node *step(Node *n) { // to what an interface value comes from; NULL: no step
    if (n->op == IR_CONVNOP || n->op == IR_CONVIFACE) return n->u.conv.x;
    if (n->op == IR_INLCALL) return n->u.inlcall.results.v[0];
    if (n->op == IR_DOTTYPE || n->op == IR_DOTTYPE2) return n->u.assert.x;
    return NULL;
}

static Known concrete(Devirt *d, Node *n, Seen *seen, Concrete *out) {
    for (Node *next = n; next; next = step(n)) {
        n = next;
        if (irtype_is_interface(n->type)) continue;
        *out = type_of_value(n);
        return KNOWN_TYPE;
    }
    return n->op == IR_NAME ? concrete_variable(d, n, seen, out) : KNOWN_NOT;
}

// ---- calls

static bool refuses(IrPkg *p, Node *call, const char *what, IrType *t) {
    if (!t->has_shape) return false;
    if (p->flags.m)
        ir_warn(p, call->pos, "cannot devirtualize " STR_FMT ": shaped %s " STR_FMT,
                STR_ARG(ir_string(p, p->scratch, call)), what,
                STR_ARG(irtype_string(p->types, p->scratch, p->pkg, t)));
    return true;
}

static void note(IrPkg *p, Node *call, const char *how, Node *sel, IrType *t) {
    if (!p->flags.m) return;
    ir_warn(p, call->pos, "%sdevirtualizing " STR_FMT " to " STR_FMT, how,
            STR_ARG(ir_string(p, p->scratch, sel)),
            STR_ARG(irtype_string(p->types, p->scratch, p->pkg, t)));
}

static void rewrite(IrPkg *p, Node *call, IrType *t) {
    Node *sel = call->u.call.fn;
    Node *x = ir_node(p, IR_DOTTYPE, call->pos);
    x->type = t;
    x->u.assert.x = sel->u.method.x;
    const IrMethod *m =
        irtype_method(p->types, irtype_base(t), sel->u.method.sel, sel->u.method.pkg);
    if (!m) BUG("a type without the method of the interface it has");
    Node *recv;
    Node *fn = ir_select_method(p, sel->pos, x, m, &recv);
    ir_read_instances(p);
    note(p, call, recv ? "" : "partially ", sel, t);
    call->u.call.fn = fn;
    if (!recv) return;
    call->op = IR_CALLFUNC;
    NodeVec args = {0};
    vec_push(p->arena, &args, recv);
    for (uint32_t i = 0; i < call->u.call.args.len; i++)
        vec_push(p->arena, &args, call->u.call.args.v[i]);
    call->u.call.args = args;
}

// Methods of shaped types take a dictionary, too: no interface has such methods.
static bool takes_dictionary(IrPkg *p, IrType *t, IrType *iface) {
    IrMethodList want = irtype_methods(p->types, iface);
    for (uint32_t i = 0; i < want.len; i++) {
        const IrMethod *m = irtype_method(p->types, irtype_base(t), want.v[i].name, want.v[i].pkg);
        if (m && m->recv && irtype_base(m->recv)->has_shape) return true;
    }
    return false;
}

void devirt_call(Devirt *d, Node *call) {
    if (call->go_defer || call->op != IR_CALLINTER) return;
    IrPkg *p = d->p;
    Node *x = call->u.call.fn->u.method.x;
    Seen seen = {0};
    Concrete found;
    if (concrete(d, x, &seen, &found) != KNOWN_TYPE) return;
    IrType *t = found.type;
    if (!irtype_implements(p->types, t, x->type) || takes_dictionary(p, t, x->type)) return;
    if (t->shape || refuses(p, call, "receiver", t)) return;
    if (refuses(p, call, "interface", x->type)) return;
    rewrite(p, call, t);
}
