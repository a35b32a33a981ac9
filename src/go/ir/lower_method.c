// go/ir/lower_method.c: what x.M and T.M mean, and generic functions as values.
// Rules: noder/reader.go methodExpr, funcInst, curry, methodExprWrap, syntheticClosure, callShaped.
#include "go/ir/lower_internal.h"

static IrType *recv_type(Low *w, RecvType rt) {
    IrType *t = lower_type(w, rt.base);
    return rt.pointer ? irtype_pointer(w->p->types, t) : t;
}

static Type *deref(Type *t) {
    Type *u = type_unalias(t);
    if (u->kind == TYPE_POINTER) return u->pointer.elem;
    u = type_under(u);
    return u->kind == TYPE_POINTER ? u->pointer.elem : t;
}

static Type *field_of(Type *t, uint32_t index) {
    return type_under(deref(t))->strct.fields.v[index]->type;
}

// How far the receiver is from what the method wants: -1 take an address, 1 follow a pointer.
static int receiver_step(Type *t, const Obj *method) {
    const Obj *recv = method->type->sig.recv;
    if (!recv || type_is_interface(type_unalias(recv->type))) return 0;
    bool want = type_unalias(recv->type)->kind == TYPE_POINTER;
    bool have = type_unalias(t)->kind == TYPE_POINTER;
    return have && !want ? 1 : want && !have ? -1 : 0;
}

// The receiver sel's path reaches from t. *step: -1 its address is taken, 1 it is followed.
static RecvType reached(Type *t, const Selection *sel, int *step) {
    for (uint32_t i = 0; i + 1 < sel->index.len; i++) t = field_of(t, sel->index.v[i]);
    *step = receiver_step(t, sel->obj);
    Type *u = type_unalias(t);
    if (*step < 0) return (RecvType){t, true};
    if (u->kind == TYPE_POINTER) return (RecvType){u->pointer.elem, *step == 0};
    return (RecvType){t, false};
}

RecvType lower_receiver(Type *t, const Selection *sel) {
    int step;
    return reached(t, sel, &step);
}

static Node *adjust(IrPkg *p, IrPos pos, Node *x, int step) {
    if (!step) return x;
    return ir_implicit(step > 0 ? ir_deref(p, pos, x) : ir_addr(p, pos, x));
}

// The receiver of x.M, embedded fields and the step to the receiver's type made explicit.
Node *lower_recv(Low *w, const Expr *e, const Selection *sel, RecvType *out) {
    const Expr *left = syntax_unparen(e->selector.x);
    Node *x = lower_expr(w, left);
    for (uint32_t i = 0; i + 1 < sel->index.len; i++)
        x = ir_implicit(ir_field(w->p, at(e->pos), x, sel->index.v[i]));
    int step;
    *out = reached(info_of(w, left)->type, sel, &step);
    return adjust(w->p, at(e->pos), x, step);
}

// ---- method expressions

// typecheck.NewMethodExpr
Node *lower_method_node(Lower *l, IrPos pos, IrType *recv, Name name, const Pkg *pkg) {
    IrPkg *p = l->p;
    IrType *base = irtype_base(recv);
    const IrMethod *m = irtype_method(p->types, base, name, pkg);
    if (!m) BUG("a method that is not there");
    Node *x = ir_node(p, IR_TYPE, pos);
    x->type = recv;
    Node *n = ir_node(p, IR_METHEXPR, pos);
    n->u.method.x = x;
    n->u.method.sel = name;
    n->u.method.pkg = pkg;
    n->u.method.method = m;
    n->u.method.func = lower_method_func(l, m->recv ? m->recv : recv, m);
    const IrType *sig = n->u.method.func ? n->u.method.func->type : m->sig;
    n->type = irtype_with_first(p->types, sig, 0, recv);
    return n;
}

Node *lower_interface_method(IrPkg *p, IrPos pos, Node *x, Name name, const Pkg *pkg) {
    const IrMethod *m = irtype_method(p->types, x->type, name, pkg);
    if (!m) BUG("an interface's method that is not there");
    Node *n = ir_node(p, IR_DOTINTER, pos);
    n->u.method.x = x;
    n->u.method.sel = name;
    n->u.method.pkg = pkg;
    n->u.method.method = m;
    n->type = m->sig;
    return n;
}

Node *lower_dict_word(Low *w, IrPos pos, uint32_t index) {
    IrPkg *p = w->p;
    if (!w->dict) BUG("no dictionary in " STR_FMT, STR_ARG(w->fn->name));
    Node *array = ir_implicit(ir_deref(p, pos, w->dict));
    IrTypes *ts = p->types;
    return ir_binary(p, IR_INDEX, pos, array,
                     ir_int(p, pos, irtype_basic(ts, KIND_INT), (int64_t)index),
                     irtype_basic(ts, KIND_UINTPTR));
}

static Node *address_of_dict(Low *w, IrPos pos, Inst *plain) {
    return ir_addr(w->p, pos, lower_dict_name(w->l, plain));
}

// A method called through the type parameter's entry in the dictionary.
static MethodRef tparam_method(Low *w, IrPos pos, IrType *recv, const Type *tparam,
                               const Obj *method) {
    IrPkg *p = w->p;
    IrType *sig = lower_type(w, method->type);
    Node *addr =
        ir_unary(p, IR_ADDR, pos, lower_dict_word(w, pos, lower_method_word(w, tparam, method)),
                 irtype_pointer(p->types, irtype_basic(p->types, KIND_UINTPTR)));
    Node *fn = ir_conv_node(p, IR_CONVNOP, pos, irtype_with_first(p->types, sig, 0, recv), addr);
    return (MethodRef){fn, fn, NULL};
}

static Node *shaped_method(Low *w, IrPos pos, Inst *shaped, Name name, const Pkg *pkg) {
    const IrMethod *m = irtype_method(w->p->types, shaped->type, name, pkg);
    if (!m || m->path_len) BUG("a shaped type without the method");
    return lower_method_node(w->l, pos, m->recv, name, pkg);
}

static MethodRef generic_method(Low *w, IrPos pos, RecvType rt, const Obj *method) {
    IrPkg *p = w->p;
    Type *named = type_unalias(rt.base);
    Obj *o = lower_generic_obj(named);
    uint32_t implicits;
    IrTypeList targs = lower_targs(w, named->named.targs, o, &implicits);
    Name name = method->name;
    const Pkg *pkg = irobj_pkg(method);
    Inst *shaped = lower_inst(w->l, o, targs, implicits, true);
    Node *base = shaped_method(w, pos, shaped, name, pkg);
    IrType *dict_type = irtype_params(base->type)[1].type;
    if (lower_is_derived(w, named)) {
        Node *word = lower_dict_word(w, pos, lower_sub_word(w, o, named->named.targs));
        return (MethodRef){NULL, base, ir_conv_node(p, IR_CONVNOP, pos, dict_type, word)};
    }
    Inst *plain = lower_inst(w->l, o, targs, implicits, false);
    Node *wrapper = lower_method_node(w->l, pos, recv_type(w, rt), name, pkg);
    return (MethodRef){wrapper, base, address_of_dict(w, pos, plain)};
}

MethodRef lower_method_ref(Low *w, const Expr *e, RecvType rt, const Selection *sel) {
    IrPos pos = at(e->pos);
    IrType *recv = recv_type(w, rt);
    Type *base = type_unalias(rt.base);
    if (base->kind == TYPE_TPARAM && !rt.pointer)
        return tparam_method(w, pos, recv, base, sel->obj);
    if (base->kind == TYPE_NAMED && type_under(base)->kind != TYPE_INTERFACE) {
        bool local_generic = w->env && lower_is_derived(w, base);
        if (base->named.targs.len || local_generic) return generic_method(w, pos, rt, sel->obj);
    }
    Node *fn = lower_method_node(w->l, pos, recv, sel->obj->name, irobj_pkg(sel->obj));
    return (MethodRef){fn, fn, NULL};
}

// ---- functions made to hold operands

static bool needs_no_capture(const Node *n) {
    return (n->op == IR_NAME && n->u.name->cls == CLASS_FUNC) || n->op == IR_METHEXPR;
}

// return call, or call alone; several results go through temporaries.
void lower_return_call(IrPkg *p, Func *f, IrPos pos, Node *call) {
    f->wrapper = true;
    if (!call->type) {
        vec_push(p->arena, &f->body, call);
        return;
    }
    Node *ret = ir_node(p, IR_RETURN, pos);
    if (f->nresults == 1)
        vec_push(p->arena, &ret->u.list.v, call);
    else
        ir_split_results(p, f, ret, call, &ret->u.list.v);
    vec_push(p->arena, &f->body, ret);
}

static void tail_call(IrPkg *p, Func *f, IrPos pos, Node *fn, NodeVec args) {
    lower_return_call(p, f, pos, lower_finish_call(p, f, pos, fn, args, fn->type->under->variadic));
}

// typecheck.RewriteMultiValueCall
void ir_split_results(IrPkg *p, Func *f, Node *stmt, Node *call, NodeVec *out) {
    Node *as = ir_node(p, IR_AS2FUNC, stmt->pos);
    vec_push(p->arena, &as->u.as2.rhs, call);
    for (uint32_t i = 0; i < call->type->nfields; i++) {
        Node *tmp = ir_temp(p, f, stmt->pos, call->type->fields[i].type);
        ir_add_init(p, as, ir_unary(p, IR_DCL, stmt->pos, tmp, NULL));
        vec_push(p->arena, &as->u.as2.lhs, tmp);
        vec_push(p->arena, out, tmp);
    }
    ir_add_init(p, stmt, as);
}

typedef struct Captured { // operands inside the synthesized function
    NodeVec in;
    NodeVec init;
} Captured;

static Captured capture(Low *w, IrPos pos, Func *f, NodeVec operands, bool check_nil) {
    IrPkg *p = w->p;
    Captured c = {{0}, {0}};
    for (uint32_t i = 0; i < operands.len; i++) {
        Node *x = operands.v[i];
        if (needs_no_capture(x)) {
            vec_push(p->arena, &c.in, x);
            continue;
        }
        Node *tmp = lower_temp_copy(w, pos, x, &c.init);
        vec_push(p->arena, &c.in, ir_closure_var(p, pos, f, tmp));
        if (!check_nil || i != 1 || !irtype_is_interface(x->type)) continue;
        vec_push(p->arena, &c.init, lower_check_nil(p, pos, tmp));
    }
    return c;
}

// Its parameters are named as those of the function it calls; a method's have lost their names
// where its receiver has become one of them (typecheck.NewMethodType).
static Func *synthetic_func(Low *w, IrPos pos, IrType *sig, const Obj *called) {
    Func *f = ir_closure_func(w->p, pos, pos, IR_CLOSURE, sig, w->fn);
    f->wrapper = f->has_body = f->has_syntax = true;
    f->inst = w->inst;
    ir_declare_params(w->p, f);
    for (uint32_t i = 0; i < f->dcl.len; i++) f->dcl.v[i]->pos = (IrPos){IR_POS_AUTOGEN, 0};
    if (called->type->sig.recv) return f;
    ObjList names = tuple_vars(called->type->sig.params);
    for (uint32_t i = 0; i < names.len && i < f->nparams; i++)
        lower_name_param(w->l, f->dcl.v[f->nparams - names.len + i], names.v[i]);
    return f;
}

// reader.curry: a function that waits for the parameters fun has left.
static Node *curry(Low *w, IrPos pos, const Obj *called, Node *fun, Node *first, Node *second) {
    IrPkg *p = w->p;
    NodeVec operands = {0};
    vec_push(p->arena, &operands, fun);
    vec_push(p->arena, &operands, first);
    if (second) vec_push(p->arena, &operands, second);
    Func *f = synthetic_func(w, pos, irtype_with_first(p->types, fun->type, operands.len - 1, NULL),
                             called);
    Captured c = capture(w, pos, f, operands, called->type->sig.recv != NULL);
    NodeVec args = {0};
    for (uint32_t i = 1; i < c.in.len; i++) vec_push(p->arena, &args, c.in.v[i]);
    for (uint32_t i = 0; i < f->nparams; i++) vec_push(p->arena, &args, f->dcl.v[i]);
    tail_call(p, f, pos, c.in.v[0], args);
    return lower_init_expr(p, c.init, f->oclosure);
}

// reader.methodExprWrap: T.M through embedded fields or a dictionary.
static Node *method_expr_wrap(Low *w, const Expr *e, IrType *recv, const Selection *sel, int step,
                              MethodRef ref) {
    IrPkg *p = w->p;
    IrPos pos = at(e->pos);
    NodeVec operands = {0};
    vec_push(p->arena, &operands, ref.base);
    if (ref.dict) vec_push(p->arena, &operands, ref.dict);
    uint32_t skip = ref.dict ? 2 : 1;
    Func *f =
        synthetic_func(w, pos, irtype_with_first(p->types, ref.base->type, skip, recv), sel->obj);
    Captured c = capture(w, pos, f, operands, false);
    Node *x = f->dcl.v[0];
    for (uint32_t i = 0; i + 1 < sel->index.len; i++)
        x = ir_implicit(ir_field(p, pos, x, sel->index.v[i]));
    NodeVec args = {0};
    vec_push(p->arena, &args, adjust(p, pos, x, step));
    if (ref.dict) vec_push(p->arena, &args, c.in.v[1]);
    for (uint32_t i = 1; i < f->nparams; i++) vec_push(p->arena, &args, f->dcl.v[i]);
    tail_call(p, f, pos, c.in.v[0], args);
    return lower_init_expr(p, c.init, f->oclosure);
}

// ---- values

Node *lower_method_value(Low *w, const Expr *e, const Selection *sel) {
    IrPkg *p = w->p;
    RecvType rt;
    Node *recv = lower_recv(w, e, sel, &rt);
    MethodRef ref = lower_method_ref(w, e, rt, sel);
    if (!ref.wrapper || ref.wrapper->op != IR_METHEXPR)
        return curry(w, at(e->pos), sel->obj, ref.base, recv, ref.dict);
    Node *m = ref.wrapper;
    if (recv->type->has_shape)
        recv = ir_conv_node(p, IR_CONVNOP, recv->pos, irtype_params(m->type)[0].type, recv);
    Node *n = ir_node(p, IR_METHVALUE, at(e->pos));
    n->u.method = m->u.method;
    n->u.method.x = recv;
    const IrType *sig = m->u.method.func ? m->u.method.func->type : m->u.method.method->sig;
    n->type = irtype_func(p->types, irtype_params(sig), irtype_nparams(sig), irtype_results(sig),
                          irtype_nresults(sig), sig->under->variadic);
    MethodValue v = {recv->type, m->u.method.method};
    vec_push(p->arena, &w->l->need_values, v);
    return n;
}

Node *lower_method_expr(Low *w, const Expr *e, const Selection *sel) {
    Type *t = info_of(w, syntax_unparen(e->selector.x))->type;
    IrType *recv = lower_type(w, t);
    int step;
    MethodRef ref = lower_method_ref(w, e, reached(t, sel, &step), sel);
    if (ref.wrapper && sel->index.len == 1 && !step) return ref.wrapper;
    if (ref.wrapper && ref.wrapper->op == IR_METHEXPR && !recv->has_shape)
        return lower_method_node(w->l, at(e->pos), recv, sel->obj->name, irobj_pkg(sel->obj));
    return method_expr_wrap(w, e, recv, sel, step, ref);
}

MethodRef lower_func_inst(Low *w, const Expr *e, Obj *o, TypeList list) {
    IrPkg *p = w->p;
    IrPos pos = at(e->pos);
    bool derived = false;
    for (uint32_t i = 0; i < list.len; i++)
        derived = derived || (w->env && lower_is_derived(w, list.v[i]));
    uint32_t implicits;
    IrTypeList targs = lower_targs(w, list, o, &implicits);
    if (derived) {
        Inst *shaped = lower_inst(w->l, o, targs, implicits, true);
        Node *fn = shaped->func->nname;
        IrType *dict_type = irtype_params(fn->type)[0].type;
        Node *word = lower_dict_word(w, pos, lower_sub_word(w, o, list));
        return (MethodRef){NULL, fn, ir_conv_node(p, IR_CONVNOP, pos, dict_type, word)};
    }
    Inst *plain = lower_inst(w->l, o, targs, implicits, false);
    Inst *shaped = lower_inst(w->l, o, targs, implicits, true);
    return (MethodRef){plain->func->nname, shaped->func->nname, address_of_dict(w, pos, plain)};
}

Node *lower_func_inst_value(Low *w, const Expr *e, Obj *o, TypeList targs) {
    MethodRef ref = lower_func_inst(w, e, o, targs);
    if (ref.wrapper) return ref.wrapper;
    return curry(w, at(e->pos), o, ref.base, ref.dict, NULL);
}

// reader.callShaped: the body of an instance that is not by shape.
void lower_call_shaped(Low *w, const Todo *t) {
    IrPkg *p = w->p;
    Func *f = w->fn;
    Inst *twin = t->inst->twin;
    IrPos pos = f->pos;
    NodeVec args = {0};
    uint32_t i = 0;
    Node *fn;
    if (t->method.name) {
        fn = shaped_method(w, pos, twin, t->method.name, t->method.pkg);
        vec_push(p->arena, &args, f->dcl.v[i++]);
    } else {
        fn = twin->func->nname;
    }
    vec_push(p->arena, &args, address_of_dict(w, pos, t->inst));
    for (; i < f->nparams; i++) vec_push(p->arena, &args, f->dcl.v[i]);
    tail_call(p, f, pos, fn, args);
}
