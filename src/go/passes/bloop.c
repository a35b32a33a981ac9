// go/passes/bloop.c: what a benchmark computes inside `for b.Loop()` is kept alive: each statement
// of such a loop is followed by calls of runtime.KeepAlive for the variables it sets or is given.
// Rules: cmd/compile/internal/bloop.
#include "go/passes/passes.h"

typedef struct Editor {
    IrPkg *p;
    Func *fn;
    bool in_loop;
} Editor;

static bool verbose(const Editor *e) { return e->p->flags.m > 1; }

// The variable that an expression is a part of, or points into; NULL: none that can be kept alive.
static Node *variable_of(Node *n) {
    while (n) switch ((int)n->op) {
        case IR_NAME: return n->u.name->cls == CLASS_FUNC ? NULL : n;
        case IR_SLICE:
        case IR_SLICE3: n = n->u.slice.x; break;
        case IR_DOT:
        case IR_DOTPTR: n = n->u.field.x; break;
        case IR_CONV:
        case IR_CONVIFACE:
        case IR_CONVNOP: n = n->u.conv.x; break;
        case IR_ADDR:
        case IR_INDEX:
        case IR_INDEXMAP: n = n->u.xy.x; break;
        default: return NULL;
        }
    return NULL;
}

static void say_variable(const Editor *e, const Node *name, IrPos pos) {
    if (!verbose(e)) return;
    const NameInfo *info = name->u.name;
    Buf prefix = buf_new(e->p->scratch);
    irtype_write_prefix(e->p->types, &prefix,
                        info->pkg && !info->auto_temp ? info->pkg : e->p->pkg);
    ir_warn(e->p, pos, STR_FMT "." STR_FMT " will be kept alive", STR_ARG(buf_view(&prefix)),
            STR_ARG(info->name));
}

static void say(const Editor *e, IrPos pos, const char *what) {
    if (verbose(e)) ir_warn(e->p, pos, "%s", what);
}

static void declare(const Editor *e, Node *stmt, Node *tmp) {
    stmt->def = true;
    ir_add_init(e->p, stmt, ir_unary(e->p, IR_DCL, stmt->pos, tmp, NULL));
}

static Node *block(const Editor *e, IrPos pos, NodeVec list) {
    Node *n = ir_node(e->p, IR_BLOCK, pos);
    n->u.list.v = list;
    return n;
}

// stmt, then a call for each of names.
static Node *keep_alive(const Editor *e, NodeVec names, Node *stmt) {
    if (!names.len) return stmt;
    NodeVec list = {0};
    vec_push(e->p->arena, &list, stmt);
    for (uint32_t i = 0; i < names.len; i++) {
        if (names.v[i]->op != IR_NAME || ir_is_blank(names.v[i])) continue;
        Node *call = ir_keep_alive(e->p, e->fn, stmt->pos, names.v[i]);
        vec_push(e->p->arena, &list, call);
    }
    return block(e, stmt->pos, list);
}

// What is assigned to lives on: a variable, or what a pointer leads to, which needs nothing.
static void keep_target(const Editor *e, Node *lhs, IrPos pos, NodeVec *names) {
    Node *name = variable_of(lhs);
    if (name) {
        say_variable(e, name, pos);
        vec_push(e->p->arena, names, name);
    } else if (lhs->op == IR_DEREF) {
        say(e, pos, "dereference will be kept alive");
        vec_push(e->p->arena, names, lhs);
    } else {
        say(e, pos, "expr is unknown to bloop pass");
    }
}

static Node *keep_assignment(const Editor *e, Node *n) {
    if (n->op == IR_AS && ir_is_blank(n->u.as.x)) {
        n->u.as.x = ir_temp(e->p, e->fn, n->pos, n->u.as.y->type);
        declare(e, n, n->u.as.x);
    }
    NodeVec names = {0};
    keep_target(e, n->u.as.x, n->pos, &names);
    return keep_alive(e, names, n);
}

// The type of what the i-th variable gets; NULL: not known.
static IrType *assigned_type(const Node *n, uint32_t i) {
    NodeVec rhs = n->u.as2.rhs;
    IrType *t = rhs.len == 1 ? rhs.v[0]->type : NULL;
    if (t && t->kind == KIND_TUPLE && t->nfields == n->u.as2.lhs.len) return t->fields[i].type;
    return rhs.len == n->u.as2.lhs.len ? rhs.v[i]->type : NULL;
}

static Node *keep_assignments(const Editor *e, Node *n) {
    NodeVec names = {0};
    for (uint32_t i = 0; i < n->u.as2.lhs.len; i++) {
        if (ir_is_blank(n->u.as2.lhs.v[i])) {
            IrType *t = assigned_type(n, i);
            if (!t) {
                ir_warn(e->p, n->pos,
                        "unrecognized shape for assign list stmt for blank assignment");
                continue;
            }
            n->u.as2.lhs.v[i] = ir_temp(e->p, e->fn, n->pos, t);
            declare(e, n, n->u.as2.lhs.v[i]);
        }
        keep_target(e, n->u.as2.lhs.v[i], n->pos, &names);
    }
    return keep_alive(e, names, n);
}

// Results nobody takes go to temporaries.
static Node *keep_results(const Editor *e, Node *call) {
    IrPkg *p = e->p;
    const IrType *sig = call->u.call.fn->type;
    uint32_t n = irtype_nresults(sig);
    Node *as = ir_node(p, IR_AS2, call->pos);
    NodeVec names = {0};
    for (uint32_t i = 0; i < n; i++) {
        Node *tmp = ir_temp(p, e->fn, call->pos, irtype_results(sig)[i].type);
        vec_push(p->arena, &as->u.as2.lhs, tmp);
        vec_push(p->arena, &names, tmp);
    }
    vec_push(p->arena, &as->u.as2.rhs, call);
    if (n > 1) as->op = IR_AS2FUNC;
    for (uint32_t i = 0; i < n; i++) declare(e, as, names.v[i]);
    say(e, call->pos,
        n > 1 ? "function results will be kept alive" : "function result will be kept alive");
    return keep_alive(e, names, as);
}

typedef struct Args {
    NodeVec before; // assignments to temporaries
    NodeVec names;
} Args;

// An operand that is no variable is computed into a temporary before the call.
static void save_arg(const Editor *e, Node **slot, IrPos pos, Args *out) {
    Node *tmp = ir_temp(e->p, e->fn, pos, (*slot)->type);
    Node *as = ir_assign(e->p, pos, tmp, *slot);
    declare(e, as, tmp);
    vec_push(e->p->arena, &out->before, as);
    vec_push(e->p->arena, &out->names, tmp);
    *slot = tmp;
}

// The packed arguments of a variadic call; variables come after the temporaries.
static void keep_packed(const Editor *e, Node *call, Node *lit, Args *out) {
    NodeVec named = {0};
    for (uint32_t i = 0; i < lit->u.list.v.len; i++) {
        Node **slot = &lit->u.list.v.v[i];
        Node *name = variable_of(*slot);
        if (name) {
            say_variable(e, name, call->pos);
            vec_push(e->p->arena, &named, name);
        } else {
            save_arg(e, slot, (*slot)->pos, out);
            say(e, call->pos, "function arg will be kept alive");
        }
    }
    for (uint32_t i = 0; i < named.len; i++) vec_push(e->p->arena, &out->names, named.v[i]);
}

static Node *keep_args(const Editor *e, Node *call) {
    Args out = {0};
    for (uint32_t i = 0; i < call->u.call.args.len; i++) {
        Node **slot = &call->u.call.args.v[i];
        Node *name = variable_of(*slot);
        if (name) {
            say_variable(e, name, call->pos);
            vec_push(e->p->arena, &out.names, name);
        } else if ((*slot)->op == IR_SLICELIT) {
            keep_packed(e, call, *slot, &out);
        } else {
            save_arg(e, slot, call->pos, &out);
            say(e, call->pos, "function arg will be kept alive");
        }
    }
    if (!out.before.len) return keep_alive(e, out.names, call);
    vec_push(e->p->arena, &out.before, call);
    return keep_alive(e, out.names, block(e, call->pos, out.before));
}

static Node *keep_statement(const Editor *e, Node *n) {
    switch (ir_shape(n->op)) {
    case SHAPE_AS: return keep_assignment(e, n);
    case SHAPE_AS2: return keep_assignments(e, n);
    case SHAPE_CALL: {
        const Node *fn = n->u.call.fn;
        bool results = fn && fn->type && irtype_nresults(fn->type);
        return results ? keep_results(e, n) : keep_args(e, n);
    }
    case SHAPE_NONE:
    case SHAPE_NAME:
    case SHAPE_LIT:
    case SHAPE_XY:
    case SHAPE_LIST:
    case SHAPE_CONV:
    case SHAPE_CLOSURE:
    case SHAPE_FIELD:
    case SHAPE_METHOD:
    case SHAPE_ASSERT:
    case SHAPE_SLICE:
    case SHAPE_INLCALL:
    case SHAPE_BRANCH:
    case SHAPE_FOR:
    case SHAPE_RANGE:
    case SHAPE_IF:
    case SHAPE_SWITCH:
    case SHAPE_TYPESW:
    case SHAPE_CASE: return n;
    }
    BUG("shape of operation %s", ir_op_name(n->op));
}

static void keep_list(const Editor *e, NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++) list.v[i] = keep_statement(e, list.v[i]);
}

static bool is_benchmark_loop(const Editor *e, const Node *n) {
    const Node *cond = n->op == IR_FOR ? n->u.for_.cond : NULL;
    if (!cond || cond->op != IR_CALLFUNC || cond->u.call.fn->op != IR_METHEXPR) return false;
    const Func *f = cond->u.call.fn->u.method.func;
    return f && str_eq_c(f->name, "(*B).Loop") && ir_pkg_is(e->p, f->pkg, "testing");
}

static Node *edit(void *ctx, Node *n) {
    Editor e = *(const Editor *)ctx;
    e.in_loop = e.in_loop || is_benchmark_loop(&e, n);
    ir_edit_children(n, edit, &e);
    if (!e.in_loop) return n;
    switch ((int)n->op) { // those with statements
    case IR_FOR: keep_list(&e, n->u.for_.body); break;
    case IR_IF:
        keep_list(&e, n->u.if_.then);
        keep_list(&e, n->u.if_.els);
        break;
    case IR_BLOCK: keep_list(&e, n->u.list.v); break;
    case IR_CASE: keep_list(&e, n->u.case_.body); break;
    case IR_RANGE: keep_list(&e, n->u.range.body); break;
    default: break;
    }
    return n;
}

void pass_bloop(IrPkg *p) {
    if (!p->imports_testing) return;
    for (uint32_t i = 0; i < p->funcs.len; i++) {
        Editor e = {p, p->funcs.v[i], false};
        NodeVec body = e.fn->body;
        for (uint32_t k = 0; k < body.len; k++) body.v[k] = edit(&e, body.v[k]);
    }
}
