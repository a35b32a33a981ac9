// go/ir/ir.c: nodes, names and functions are made here.
// Rules: cmd/compile/internal/ir (name.go, func.go closureName, NewClosureFunc), typecheck/dcl.go.
#include <stdarg.h>

#include "go/ir/lower_internal.h"

static const struct OpFacts {
    const char *name, *text;
} facts[IR_OP_COUNT] = {
#define X(id, text, shape) {#id, text},
    IR_OPS(X)
#undef X
};

const uint8_t ir_shapes[IR_OP_COUNT] = {
#define X(id, text, shape) SHAPE_##shape,
    IR_OPS(X)
#undef X
};

const char *ir_op_text(IrOp op) { return facts[op].text; }
const char *ir_op_name(IrOp op) { return facts[op].name; }

// Memory ends after the member of Node.u that the shape uses.
#define ROOM(member) (offsetof(Node, u) + sizeof(((Node *)NULL)->u.member))
static const size_t rooms[] = {
    [SHAPE_NONE] = offsetof(Node, u), [SHAPE_NAME] = ROOM(name),
    [SHAPE_LIT] = ROOM(lit),          [SHAPE_XY] = ROOM(xy),
    [SHAPE_LIST] = ROOM(list),        [SHAPE_CONV] = ROOM(conv),
    [SHAPE_CLOSURE] = ROOM(closure),  [SHAPE_FIELD] = ROOM(field),
    [SHAPE_METHOD] = ROOM(method),    [SHAPE_ASSERT] = ROOM(assert),
    [SHAPE_SLICE] = ROOM(slice),      [SHAPE_CALL] = ROOM(call),
    [SHAPE_INLCALL] = ROOM(inlcall),  [SHAPE_AS] = ROOM(as),
    [SHAPE_AS2] = ROOM(as2),          [SHAPE_BRANCH] = ROOM(branch),
    [SHAPE_FOR] = ROOM(for_),         [SHAPE_RANGE] = ROOM(range),
    [SHAPE_IF] = ROOM(if_),           [SHAPE_SWITCH] = ROOM(switch_),
    [SHAPE_TYPESW] = ROOM(typesw),    [SHAPE_CASE] = ROOM(case_),
};

size_t ir_node_room(IrOp op) { return rooms[ir_shape(op)]; }

Node *ir_node(IrPkg *p, IrOp op, IrPos pos) {
    Node *n = arena_push(p->arena, 1, ir_node_room(op), _Alignof(Node));
    n->op = op;
    n->pos = pos;
    return n;
}

Node *ir_name(IrPkg *p, IrPos pos, Str name, const Pkg *pkg, IrType *t, NameClass cls) {
    Node *n = ir_node(p, IR_NAME, pos);
    n->type = t;
    n->u.name = NEW(p->arena, NameInfo);
    n->u.name->cls = cls;
    n->u.name->pkg = pkg;
    n->u.name->name = name;
    return n;
}

Node *ir_unary(IrPkg *p, IrOp op, IrPos pos, Node *x, IrType *t) {
    Node *n = ir_node(p, op, pos);
    n->u.xy.x = x;
    n->type = t;
    return n;
}

Node *ir_binary(IrPkg *p, IrOp op, IrPos pos, Node *x, Node *y, IrType *t) {
    Node *n = ir_unary(p, op, pos, x, t);
    n->u.xy.y = y;
    return n;
}

Node *ir_local(IrPkg *p, Func *f, IrPos pos, Str name, const Pkg *pkg, IrType *t) {
    Node *n = ir_name(p, pos, name, pkg, t, CLASS_AUTO);
    n->u.name->curfn = f;
    vec_push(p->arena, &f->dcl, n);
    return n;
}

Node *ir_temp(IrPkg *p, Func *f, IrPos pos, IrType *t) {
    Node *n = ir_local(p, f, pos, str_fmt(p->arena, ".autotmp_%u", f->dcl.len), p->pkg, t);
    n->u.name->auto_temp = true;
    n->esc = ESC_NEVER;
    return n;
}

Node *ir_assign(IrPkg *p, IrPos pos, Node *x, Node *y) {
    Node *n = ir_node(p, IR_AS, pos);
    n->u.as.x = x;
    n->u.as.y = y;
    return n;
}

Node *ir_literal(IrPkg *p, IrPos pos, IrType *t, Const *v) {
    Node *n = ir_node(p, IR_LITERAL, pos);
    n->type = t;
    n->u.lit.value = v;
    return n;
}

Node *ir_conv_node(IrPkg *p, IrOp op, IrPos pos, IrType *t, Node *x) {
    Node *n = ir_node(p, op, pos);
    n->type = t;
    n->u.conv.x = x;
    return n;
}

Node *ir_int(IrPkg *p, IrPos pos, IrType *t, int64_t v) {
    return ir_literal(p, pos, t, const_i64(p->arena, v));
}

Node *ir_zero(IrPkg *p, IrPos pos, IrType *t) { // flat switch
    Arena *a = p->arena;
    switch ((int)t->kind) {
    case KIND_STRUCT:
    case KIND_ARRAY: {
        Node *n = ir_node(p, t->kind == KIND_STRUCT ? IR_STRUCTLIT : IR_ARRAYLIT, pos);
        n->type = t;
        return n;
    }
    case KIND_BOOL:
    case KIND_UNTYPED_BOOL: return ir_literal(p, pos, t, const_bool(a, false));
    case KIND_STRING: return ir_literal(p, pos, t, const_string(a, STR("")));
    case KIND_FLOAT32:
    case KIND_FLOAT64: return ir_literal(p, pos, t, const_to_float(a, const_i64(a, 0)));
    case KIND_COMPLEX64:
    case KIND_COMPLEX128: return ir_literal(p, pos, t, const_to_complex(a, const_i64(a, 0)));
    default: break;
    }
    if (irtype_is_int(t)) return ir_int(p, pos, t, 0);
    Node *n = ir_node(p, IR_NIL, pos);
    n->type = t;
    return n;
}

void ir_add_init(IrPkg *p, Node *n, Node *stmt) {
    if (!n->init) n->init = NEW(p->arena, NodeVec);
    vec_push(p->arena, n->init, stmt);
}

// ---- functions

Node *ir_closure_var(IrPkg *p, IrPos pos, Func *f, Node *outer) {
    const NameInfo *from = outer->u.name;
    Node *n = ir_name(p, pos, from->name, from->pkg, outer->type, CLASS_AUTO);
    NameInfo *info = n->u.name;
    info->closure_var = true;
    info->auto_temp = from->auto_temp;
    info->curfn = f;
    info->outer = outer;
    info->canonical = from->canonical ? from->canonical : outer;
    vec_push(p->arena, &f->closure_vars, n);
    return n;
}

Func *ir_func(IrPkg *p, IrPos pos, IrPos name_pos, Str name, const Pkg *pkg, IrType *sig) {
    Func *f = NEW(p->arena, Func);
    f->name = name;
    f->pkg = pkg;
    f->home = p;
    f->pos = pos;
    f->type = sig;
    f->ddd = sig->under->variadic;
    f->nname = ir_name(p, name_pos, name, pkg, sig, CLASS_FUNC);
    f->nname->u.name->func = f;
    return f;
}

// Names of the functions inlined on the way to pos, outermost first, joined to outer.
static Str joined_names(IrPkg *p, Str outer, uint32_t inl) {
    if (!inl) return outer;
    const InlNode *call = &p->inl_tree.v[inl - 1];
    return str_join3(p->arena, joined_names(p, outer, call->parent), STR("."), call->name);
}

static Str closure_name(IrPkg *p, Func *outer, IrPos pos, IrOp why) {
    if (outer->oclosure && outer->range_parent) outer = outer->range_parent;
    const char *suffix = ".";
    uint32_t *gen = &outer->func_lit_gen;
    switch ((int)why) {
    case IR_CLOSURE:
        if (!outer->oclosure) suffix = ".func";
        break;
    case IR_RANGE:
        suffix = "-range";
        gen = &outer->range_lit_gen;
        break;
    case IR_GO:
        suffix = ".gowrap";
        gen = &outer->go_defer_gen;
        break;
    case IR_DEFER:
        suffix = ".deferwrap";
        gen = &outer->go_defer_gen;
        break;
    default: BUG("a function literal made by %s", ir_op_name(why));
    }
    Str name = outer->name;
    if (str_eq_c(name, "_")) {
        name = STR("glob.");
        gen = &p->glob_closure_gen;
    }
    name = joined_names(p, name, pos.inl);
    return str_fmt(p->arena, STR_FMT "%s%u", STR_ARG(name), suffix, ++*gen);
}

Func *ir_closure_func(IrPkg *p, IrPos fpos, IrPos cpos, IrOp why, IrType *sig, Func *outer) {
    Str name = closure_name(p, outer, cpos, why);
    Func *f = ir_func(p, fpos, fpos, name, outer->pkg, sig);
    f->dupok = outer->dupok;
    f->closure_why = why;
    f->oclosure = ir_node(p, IR_CLOSURE, cpos);
    f->oclosure->type = sig;
    f->oclosure->u.closure.func = f;
    f->closure_parent = outer;
    f->has_syntax = true;
    if (why == IR_RANGE)
        f->range_parent = outer->oclosure && outer->range_parent ? outer->range_parent : outer;
    vec_push(p->arena, &p->funcs, f);
    return f;
}

// ---- messages

void ir_write_pos(IrPkg *p, Buf *b, IrPos pos) {
    pos = ir_outermost(p, pos);
    if (pos.pos == IR_POS_AUTOGEN) {
        buf_lit(b, "<autogenerated>:1");
        return;
    }
    if (!pos.pos) {
        buf_lit(b, "<unknown line number>");
        return;
    }
    Place at_ = pos_place(p->files, pos.pos);
    buf_str(b, at_.file);
    buf_byte(b, ':');
    buf_u64(b, at_.line);
    if (at_.col && at_.col < 255) {
        buf_byte(b, ':');
        buf_u64(b, at_.col);
    }
}

void ir_warn(IrPkg *p, IrPos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    IrMessage m = {.pos = ir_outermost(p, pos), .at = pos, .text = str_vfmt(p->stays, fmt, ap)};
    va_end(ap);
    vec_push(p->stays, &p->messages, m);
}

IrLogged *ir_log(IrPkg *p, IrPos pos, const char *code, const char *fmt, ...) {
    if (!p->flags.log) return NULL;
    va_list ap;
    va_start(ap, fmt);
    IrLogged l = {.pos = pos, .last = pos, .code = code, .text = str_vfmt(p->stays, fmt, ap)};
    va_end(ap);
    vec_push(p->stays, &p->logged, l);
    return &vec_last(&p->logged);
}
