// go/passes/deadlocals.c: assignments to variables nobody reads vanish, and with them the literals
// they hold: after inlining f := func() {...}; f() nothing else uses f.
// Rules: cmd/compile/internal/deadlocals.
#include "go/passes/passes.h"

typedef struct Assign {
    Node **lhs, **rhs;
    struct Assign *next;
} Assign;

// NameInfo.mark is `seen` for variables with assignments that may go (in NameInfo.opt), `used` for
// variables that are read.
typedef struct Dead {
    IrPkg *p;
    uint32_t seen, used;
    NodeVec names; // all that are seen or used
    Node *blank;
} Dead;

static bool is_local(const Node *name, bool blank_too) {
    if (ir_is_blank(name)) return blank_too;
    NameClass cls = name->u.name->cls;
    return cls == CLASS_AUTO || cls == CLASS_PARAM;
}

static bool has_effects(const Node *n) {
    if (!n) return false;
    if (n->init && n->init->len) return true;
    return n->op != IR_NAME && n->op != IR_LITERAL && n->op != IR_NIL && n->op != IR_CLOSURE;
}

static bool visit(void *ctx, Node *n);

static void meet(Dead *d, Node *name, uint32_t mark) {
    NameInfo *n = name->u.name;
    if (n->mark != d->seen && n->mark != d->used) {
        n->opt = NULL;
        vec_push(d->p->scratch, &d->names, name);
    }
    n->mark = mark;
}

// A variable is read: what was put into it stays.
static void use(Dead *d, Node *name) {
    name = ir_canonical(name);
    if (!is_local(name, false)) return;
    meet(d, name, d->used);
    Assign *as = name->u.name->opt;
    name->u.name->opt = NULL;
    for (; as; as = as->next)
        if (*as->rhs) visit(d, *as->rhs);
}

static void assign(Dead *d, Node **lhs, Node **rhs, bool blank_is_no_use) {
    if ((*lhs)->op != IR_NAME) {
        visit(d, *lhs);
        if (*rhs) visit(d, *rhs);
        return;
    }
    // a blank of an inlined body is its package's, which others may be reading
    Node *name = ir_is_blank(*lhs) ? d->blank : ir_canonical(*lhs);
    if (is_local(name, blank_is_no_use) && !has_effects(*rhs) && name->u.name->mark != d->used) {
        meet(d, name, d->seen);
        Assign *as = NEW(d->p->scratch, Assign), **end = (Assign **)&name->u.name->opt;
        *as = (Assign){lhs, rhs, NULL};
        while (*end) end = &(*end)->next;
        *end = as;
        return; // what it holds is looked at when somebody reads it
    }
    if (*rhs) visit(d, *rhs);
}

static void assign_list(Dead *d, Node *n) {
    bool blank_is_no_use = false;
    for (uint32_t i = 0; i < n->u.as2.lhs.len; i++)
        if (!ir_is_blank(n->u.as2.lhs.v[i])) blank_is_no_use = true;
    for (uint32_t i = 0; i < n->u.as2.lhs.len; i++)
        assign(d, &n->u.as2.lhs.v[i], &n->u.as2.rhs.v[i], blank_is_no_use);
}

static void visit_list(Dead *d, NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++) visit(d, list.v[i]);
}

static bool visit(void *ctx, Node *n) {
    Dead *d = ctx;
    switch ((int)n->op) { // all others read what is in them
    case IR_CLOSURE:
        if (n->init) visit_list(d, *n->init);
        for (uint32_t i = 0; i < n->u.closure.func->closure_vars.len; i++)
            use(d, n->u.closure.func->closure_vars.v[i]);
        visit_list(d, n->u.closure.func->body);
        return false;
    case IR_DCL: return false;
    case IR_NAME:
        if (n->u.name->cls != CLASS_NONE) use(d, n);
        return false;
    case IR_AS: assign(d, &n->u.as.x, &n->u.as.y, false); return false;
    case IR_AS2: assign_list(d, n); return false;
    default: return ir_children(n, visit, d);
    }
}

static void drop(Dead *d, Node *name) {
    static const IrPos pos = {IR_POS_AUTOGEN, 0};
    IrType *t = irtype_basic(d->p->types, KIND_INT);
    NameInfo *n = name->u.name;
    for (Assign *as = n->opt; as; as = as->next) {
        *as->lhs = d->blank;
        *as->rhs = ir_int(d->p, pos, t, 0);
        n->defn = NULL; // it may be one of these
    }
    n->opt = NULL;
}

static void dead_in_func(Dead *d, Func *f) {
    d->seen = ir_new_mark(d->p);
    d->used = ir_new_mark(d->p);
    d->names.len = 0;
    visit_list(d, f->body);
    for (uint32_t i = 0; i < d->names.len; i++) drop(d, d->names.v[i]);
}

void pass_deadlocals(IrPkg *p) {
    IrPos pos = {IR_POS_AUTOGEN, 0};
    Dead d = {.p = p, .blank = ir_name(p, pos, STR("_"), NULL, NULL, CLASS_NONE)};
    for (uint32_t i = 0; i < p->funcs.len; i++)
        if (!func_is_closure(p->funcs.v[i])) dead_in_func(&d, p->funcs.v[i]);
}
