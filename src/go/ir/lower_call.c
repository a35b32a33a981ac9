// go/ir/lower_call.c: calls, builtin functions, go and defer.
// Rules: noder/writer.go and reader.go (CallExpr), typecheck/func.go, typecheck/stmt.go
// (normalizeGoDeferCall).
#include "go/ir/lower_internal.h"

static bool runs_code(void *ctx, Node *n) { // typecheck.callOrChan, but for new
    (void)ctx;
    switch ((int)n->op) {
    case IR_APPEND:
    case IR_CALLFUNC:
    case IR_CALLINTER:
    case IR_CAP:
    case IR_CLEAR:
    case IR_CLOSE:
    case IR_COMPLEX:
    case IR_COPY:
    case IR_DELETE:
    case IR_IMAG:
    case IR_LEN:
    case IR_MAX:
    case IR_MIN:
    case IR_PANIC:
    case IR_PRINT:
    case IR_PRINTLN:
    case IR_REAL:
    case IR_RECOVER:
    case IR_RECV:
    case IR_UNSAFEADD:
    case IR_UNSAFESLICE:
    case IR_UNSAFESLICEDATA:
    case IR_UNSAFESTRING:
    case IR_UNSAFESTRINGDATA: return true;
    default: return false;
    }
}

// typecheck.RewriteNonNameCall: what is called, when finding it runs code, goes to a temporary.
static void hoist_callee(IrPkg *p, Func *cur, Node *call) {
    Node **slot = &call->u.call.fn;
    if ((*slot)->op == IR_DOTINTER || (*slot)->op == IR_METHVALUE) slot = &(*slot)->u.method.x;
    if (!ir_any(*slot, runs_code, NULL)) return;
    Node *tmp = ir_temp(p, cur, call->pos, (*slot)->type);
    Node *as = ir_assign(p, call->pos, tmp, *slot);
    tmp->u.name->defn = as;
    ir_add_init(p, as, ir_unary(p, IR_DCL, call->pos, tmp, NULL));
    *slot = tmp;
    ir_add_init(p, call, as);
}

// typecheck.FixVariadicCall
static void pack_variadic(IrPkg *p, Node *call, const IrType *sig) {
    if (!sig->under->variadic || call->ddd) return;
    NodeVec *args = &call->u.call.args;
    uint32_t fixed = irtype_nparams(sig) - 1;
    IrType *t = irtype_params(sig)[fixed].type;
    Node *rest;
    if (args->len == fixed) {
        rest = ir_node(p, IR_NIL, call->pos);
    } else {
        rest = ir_node(p, IR_SLICELIT, call->pos);
        rest->implicit = true;
        for (uint32_t i = fixed; i < args->len; i++)
            vec_push(p->arena, &rest->u.list.v, args->v[i]);
        rest->u.list.len = rest->u.list.v.len;
    }
    rest->type = t;
    args->len = fixed;
    vec_push(p->arena, args, rest);
    call->ddd = true;
}

static void settle_args(IrPkg *p, Node *call, const IrType *sig) {
    NodeVec *args = &call->u.call.args;
    uint32_t n = irtype_nparams(sig);
    for (uint32_t i = 0; i < args->len; i++) {
        uint32_t k = i < n ? i : n - 1;
        IrType *t = irtype_params(sig)[k].type;
        if (sig->under->variadic && k == n - 1 && !call->ddd) t = t->under->elem;
        args->v[i] = ir_assign_conv(p, args->v[i]->pos, args->v[i], t);
    }
}

Node *lower_finish_call(IrPkg *p, Func *cur, IrPos pos, Node *fn, NodeVec args, bool ddd) {
    const IrType *sig = fn->type;
    Node *n = ir_node(p, fn->op == IR_DOTINTER ? IR_CALLINTER : IR_CALLFUNC, pos);
    n->u.call.fn = fn;
    n->u.call.args = args;
    n->ddd = ddd;
    hoist_callee(p, cur, n);
    settle_args(p, n, sig);
    pack_variadic(p, n, sig);
    uint32_t results = irtype_nresults(sig);
    if (results == 1) n->type = irtype_results(sig)[0].type;
    if (results > 1) n->type = irtype_tuple(p->types, irtype_results(sig), results);
    if (results == 1 && fn->op == IR_NAME && str_eq_c(fn->u.name->name, "getg") &&
        ir_pkg_is(p, fn->u.name->pkg, "runtime")) {
        Node *g = ir_node(p, IR_GETG, pos);
        g->type = n->type;
        g->u.xy.x = fn;
        return g;
    }
    return n;
}

// ---- arguments

typedef struct ParamTypes {
    const Type *sig;
    bool dots;
} ParamTypes;

static IrType *param_type(Low *w, void *ctx, uint32_t i) {
    const ParamTypes *pt = ctx;
    ObjList params = tuple_vars(pt->sig->sig.params);
    if (pt->sig->sig.variadic && !pt->dots && i >= params.len - 1) {
        IrType *rest = lower_type(w, params.v[params.len - 1]->type);
        return rest->kind == KIND_SLICE ? rest->under->elem : rest;
    }
    return i < params.len ? lower_type(w, params.v[i]->type) : NULL;
}

static void lower_args(Low *w, const Expr *e, const Type *sig, NodeVec *out) {
    ParamTypes pt = {sig, e->has_dots};
    lower_multi(w, e->pos, (DstTypes){param_type, &pt}, e->call.args, out);
}

// ---- builtin functions

static Node *builtin_make(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    IrType *t = type_of(w, e), *integer = irtype_basic(p->types, KIND_INT);
    IrOp op = t->kind == KIND_SLICE ? IR_MAKESLICE : t->kind == KIND_MAP ? IR_MAKEMAP : IR_MAKECHAN;
    Node *size[2] = {NULL, NULL};
    for (uint32_t i = 1; i < e->call.args.len && i < 3; i++)
        size[i - 1] = ir_default_lit(p, lower_expr(w, e->call.args.v[i]), integer);
    if (!size[0]) size[0] = ir_int(p, at(e->pos), irtype_basic(p->types, KIND_UNTYPED_INT), 0);
    return ir_binary(p, op, at(e->pos), size[0], size[1], t);
}

static Node *builtin_new(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    const Expr *arg = syntax_unparen(e->call.args.v[0]);
    if (info_of(w, arg)->mode == MODE_TYPE) {
        Node *t = lower_type_case(w, arg, NULL);
        return ir_unary(p, IR_NEW, at(e->pos), t, irtype_pointer(p->types, t->type));
    }
    NodeVec init = {0};
    Node *x = ir_default_lit(p, lower_expr(w, arg), NULL);
    Node *addr = ir_addr(p, at(e->pos), lower_temp_copy(w, at(e->pos), x, &init));
    for (uint32_t i = 0; i < init.len; i++) ir_add_init(p, addr, init.v[i]);
    return addr;
}

static int64_t offset_of(Low *w, const Expr *arg) {
    const Expr *x = syntax_unparen(arg);
    const Selection *sel = w->info->selections[x->id];
    IrType *t = type_of(w, syntax_unparen(x->selector.x));
    if (t->kind == KIND_PTR) t = t->under->elem;
    int64_t offset = 0;
    for (uint32_t i = 0; i < sel->index.len; i++) {
        irtype_size(w->p->types, t);
        const IrField *f = &t->under->fields[sel->index.v[i]];
        offset += f->offset;
        t = f->type;
    }
    return offset;
}

static Node *builtin_size(Low *w, const Expr *e, BuiltinId id) {
    IrTypes *ts = w->p->types;
    const Expr *arg = e->call.args.v[0];
    int64_t v = id == BUILTIN_OFFSETOF ? offset_of(w, arg)
                : id == BUILTIN_SIZEOF ? irtype_size(ts, type_of(w, syntax_unparen(arg)))
                                       : irtype_align(ts, type_of(w, syntax_unparen(arg)));
    return ir_int(w->p, at(e->pos), irtype_basic(ts, KIND_UINTPTR), v);
}

typedef struct BuiltinOp {
    IrOp op;
    enum { FORM_NONE, FORM_LIST, FORM_ONE, FORM_TWO } form;
} BuiltinOp;

static const BuiltinOp builtin_ops[BUILTIN_COUNT] = {
    [BUILTIN_APPEND] = {IR_APPEND, FORM_LIST},
    [BUILTIN_DELETE] = {IR_DELETE, FORM_LIST},
    [BUILTIN_PRINT] = {IR_PRINT, FORM_LIST},
    [BUILTIN_PRINTLN] = {IR_PRINTLN, FORM_LIST},
    [BUILTIN_MIN] = {IR_MIN, FORM_LIST},
    [BUILTIN_MAX] = {IR_MAX, FORM_LIST},
    [BUILTIN_RECOVER] = {IR_RECOVER, FORM_LIST},
    [BUILTIN_CAP] = {IR_CAP, FORM_ONE},
    [BUILTIN_LEN] = {IR_LEN, FORM_ONE},
    [BUILTIN_CLEAR] = {IR_CLEAR, FORM_ONE},
    [BUILTIN_CLOSE] = {IR_CLOSE, FORM_ONE},
    [BUILTIN_PANIC] = {IR_PANIC, FORM_ONE},
    [BUILTIN_REAL] = {IR_REAL, FORM_ONE},
    [BUILTIN_IMAG] = {IR_IMAG, FORM_ONE},
    [BUILTIN_SLICE_DATA] = {IR_UNSAFESLICEDATA, FORM_ONE},
    [BUILTIN_STRING_DATA] = {IR_UNSAFESTRINGDATA, FORM_ONE},
    [BUILTIN_COPY] = {IR_COPY, FORM_TWO},
    [BUILTIN_COMPLEX] = {IR_COMPLEX, FORM_TWO},
    [BUILTIN_ADD] = {IR_UNSAFEADD, FORM_TWO},
    [BUILTIN_SLICE] = {IR_UNSAFESLICE, FORM_TWO},
    [BUILTIN_STRING] = {IR_UNSAFESTRING, FORM_TWO},
};

static IrType *builtin_type(Low *w, BuiltinId id, NodeVec args) { // flat switch
    IrTypes *ts = w->p->types;
    IrType *t = args.len ? args.v[0]->type : NULL;
    switch ((int)id) {
    case BUILTIN_APPEND:
    case BUILTIN_MIN:
    case BUILTIN_MAX: return t;
    case BUILTIN_RECOVER: return irtype_empty_interface(ts);
    case BUILTIN_CAP:
    case BUILTIN_LEN:
    case BUILTIN_COPY: return irtype_basic(ts, KIND_INT);
    case BUILTIN_REAL:
    case BUILTIN_IMAG:
        return irtype_basic(ts, t->kind == KIND_COMPLEX64 ? KIND_FLOAT32 : KIND_FLOAT64);
    case BUILTIN_COMPLEX:
        return irtype_basic(ts, t->kind == KIND_FLOAT32 ? KIND_COMPLEX64 : KIND_COMPLEX128);
    case BUILTIN_SLICE_DATA: return irtype_pointer(ts, t->under->elem);
    case BUILTIN_STRING_DATA: return irtype_pointer(ts, irtype_byte(ts));
    case BUILTIN_ADD: return t;
    case BUILTIN_SLICE: return irtype_slice(ts, t->under->elem);
    case BUILTIN_STRING: return irtype_basic(ts, KIND_STRING);
    default: return NULL;
    }
}

static void builtin_settle(Low *w, BuiltinId id, NodeVec args) {
    IrPkg *p = w->p;
    if (id == BUILTIN_COMPLEX && args.len == 2) ir_default_lit2(p, &args.v[0], &args.v[1], true);
    IrType *elem = id == BUILTIN_APPEND ? args.v[0]->type->under->elem : NULL;
    for (uint32_t i = 0; i < args.len; i++) {
        IrType *t = elem && i ? elem : NULL;
        if ((id == BUILTIN_ADD || id == BUILTIN_SLICE || id == BUILTIN_STRING) && i == 1)
            t = irtype_basic(p->types, KIND_INT);
        if (id == BUILTIN_DELETE && i == 1) t = args.v[0]->type->under->key;
        args.v[i] = ir_default_lit(p, args.v[i], t);
    }
}

// The first argument's statements (of f(g())) belong to the call itself.
static Node *lower_builtin(Low *w, const Expr *e, BuiltinId id, const Type *sig) {
    IrPkg *p = w->p;
    if (id == BUILTIN_MAKE) return builtin_make(w, e);
    if (id == BUILTIN_NEW) return builtin_new(w, e);
    if (id == BUILTIN_SIZEOF || id == BUILTIN_ALIGNOF || id == BUILTIN_OFFSETOF)
        return builtin_size(w, e, id);
    NodeVec args = {0};
    lower_args(w, e, sig, &args);
    BuiltinOp b = builtin_ops[id];
    if (id == BUILTIN_APPEND && e->has_dots && args.len == 2) {
        Node *last = args.v[1];
        if (last->op == IR_CONVNOP && last->implicit) args.v[1] = last->u.conv.x;
    }
    builtin_settle(w, id, args);
    Node *n = ir_node(p, b.op, at(e->pos));
    n->type = builtin_type(w, id, args);
    if (b.form == FORM_LIST) {
        n->u.call.args = args;
        n->ddd = e->has_dots;
        return n;
    }
    n->u.xy.x = args.v[0];
    if (b.form == FORM_TWO) n->u.xy.y = args.v[1];
    return n;
}

// ---- calls

static Node *method_callee(Low *w, const Expr *fun, const Selection *sel, NodeVec *args) {
    IrPkg *p = w->p;
    RecvType rt;
    Node *recv = lower_recv(w, fun, sel, &rt);
    MethodRef ref = lower_method_ref(w, fun, rt, sel);
    Node *fn = ref.base;
    if (irtype_is_interface(recv->type) && fn->op == IR_METHEXPR) {
        fn = lower_interface_method(p, ref.base->pos, recv, ref.base->u.method.sel,
                                    ref.base->u.method.pkg);
    } else {
        if (irtype_is_interface(recv->type)) {
            ir_warn(p, fn->pos, "imprecise interface call");
            fn->imprecise = true;
        }
        vec_push(p->arena, args, recv);
    }
    if (ref.dict) vec_push(p->arena, args, ref.dict);
    return fn;
}

static Node *callee(Low *w, const Expr *fun, NodeVec *args) {
    if (fun->kind == EXPR_SELECTOR) {
        const Selection *sel = w->info->selections[fun->id];
        if (sel && sel->kind == METHOD_VAL) return method_callee(w, fun, sel, args);
    }
    Instance *inst;
    Obj *o = lookup_obj(w, fun, &inst);
    if (o && inst && inst->targs.len) {
        MethodRef ref = lower_func_inst(w, fun, o, inst->targs);
        vec_push(w->p->arena, args, ref.dict);
        return ref.base;
    }
    return lower_expr(w, fun);
}

// The function type that is called: also of operands whose type set has one underlying type.
static const Type *called_signature(Low *w, const Expr *fun) {
    Instance *inst;
    lookup_obj(w, fun, &inst);
    return lower_core(inst ? inst->type : w->info->exprs[fun->id].type);
}

Node *lower_call(Low *w, const Expr *e) {
    const Expr *fun = syntax_unparen(e->call.fn);
    const TypeAndValue *tv = info_of(w, fun);
    if (tv->mode == MODE_TYPE) {
        Type *t = tv->type;
        return lower_convert(w, lower_type(w, t), e->call.args.v[0], false,
                             type_is_tparam(type_unalias(t)));
    }
    if (tv->mode == MODE_BUILTIN) {
        Instance *inst;
        Obj *o = lookup_obj(w, fun, &inst);
        return lower_builtin(w, e, o->builtin, tv->type ? type_under(tv->type) : NULL);
    }
    const Type *sig = called_signature(w, fun);
    NodeVec args = {0};
    Node *fn = callee(w, fun, &args);
    lower_args(w, e, sig, &args);
    return lower_finish_call(w->p, w->fn, at(e->pos), fn, args, e->has_dots);
}

Node *lower_call_with(Low *w, const Expr *fun, Node *arg, Pos pos) {
    NodeVec args = {0};
    Node *fn = callee(w, fun, &args);
    IrType *want = irtype_params(fn->type)[irtype_nparams(fn->type) - 1].type;
    vec_push(w->p->arena, &args, ir_assign_conv(w->p, at(pos), arg, want));
    return lower_finish_call(w->p, w->fn, at(pos), fn, args, false);
}

// A function of package runtime that only the compiler calls.
Func *lower_runtime_func(Lower *l, const char *name, IrType *sig) {
    Func *f = ir_func(l->p, at(0), at(0), str_c(name), l->runtime, sig);
    f->has_syntax = false;
    return f;
}

Node *ir_keep_alive(IrPkg *p, Func *f, IrPos pos, Node *name) {
    const IrField param = {.type = irtype_empty_interface(p->types)};
    IrType *sig = irtype_func(p->types, &param, 1, NULL, 0, false);
    Node *fn = lower_runtime_func(p->lower, "KeepAlive", sig)->nname;
    Node *addr = ir_addr(p, pos, name);
    NodeVec args = {0};
    vec_push(p->arena, &args, ir_conv(p, pos, irtype_basic(p->types, KIND_UNSAFEPTR), addr));
    Node *call = lower_finish_call(p, f, pos, fn, args, false);
    call->keep_alive = call->no_inline = true;
    return call;
}

// A nil interface panics where its method is taken, not where that is called.
Node *lower_check_nil(IrPkg *p, IrPos pos, Node *iface) {
    IrType *word = irtype_pointer(p->types, irtype_basic(p->types, KIND_UINTPTR));
    Node *itab = ir_unary(p, IR_ITAB, iface->pos, iface, word);
    return ir_unary(p, IR_CHECKNIL, pos, itab, NULL);
}

// ---- go and defer

typedef VEC(Node **) SlotVec;

// Operands that must be evaluated now, not when the function runs.
static void find_operands(Arena *a, Node **slot, SlotVec *out) { // flat switch
    Node *arg = *slot;
    if (!arg) return;
    switch ((int)arg->op) {
    case IR_LITERAL:
    case IR_NIL:
    case IR_METHEXPR:
    case IR_NEW: return;
    case IR_NAME:
        if (arg->u.name->cls == CLASS_FUNC) return;
        break;
    case IR_ADDR:
        if (arg->u.xy.x->op == IR_LINKSYM_OFFSET) return;
        break;
    case IR_CONVNOP:
        if (arg->type->kind == KIND_UINTPTR && arg->u.conv.x->type->kind == KIND_UNSAFEPTR) {
            find_operands(a, &arg->u.conv.x, out);
            return;
        }
        break;
    case IR_ARRAYLIT:
    case IR_SLICELIT:
    case IR_STRUCTLIT:
        for (uint32_t i = 0; i < arg->u.list.v.len; i++) {
            Node *el = arg->u.list.v.v[i];
            Node **value = el->op == IR_KEY         ? &el->u.xy.y
                           : el->op == IR_STRUCTKEY ? &el->u.field.value
                                                    : &arg->u.list.v.v[i];
            find_operands(a, value, out);
        }
        return;
    default: break;
    }
    vec_push(a, out, slot);
}

static void call_operands(Arena *a, Node *call, SlotVec *out) { // flat switch
    switch ((int)call->op) {
    case IR_CALLINTER: {
        Node **recv = &call->u.call.fn->u.method.x;
        vec_push(a, out, recv);
        break;
    }
    case IR_CALLFUNC: find_operands(a, &call->u.call.fn, out); break;
    case IR_COPY:
        find_operands(a, &call->u.xy.x, out);
        find_operands(a, &call->u.xy.y, out);
        return;
    case IR_CLEAR:
    case IR_CLOSE:
    case IR_PANIC: find_operands(a, &call->u.xy.x, out); return;
    default: break;
    }
    for (uint32_t i = 0; i < call->u.call.args.len; i++)
        find_operands(a, &call->u.call.args.v[i], out);
}

static void save_operands(IrPkg *p, Func *cur, Func *wrapper, Node *stmt, SlotVec slots) {
    Node *as = ir_node(p, IR_AS2, stmt->pos);
    for (uint32_t i = 0; i < slots.len; i++) {
        Node *arg = *slots.v[i];
        bool unique = arg->op != IR_NAME && arg->pos.pos;
        IrPos pos = unique ? arg->pos : stmt->pos;
        Node *tmp = ir_temp(p, cur, pos, arg->type);
        ir_add_init(p, stmt, ir_unary(p, IR_DCL, pos, tmp, NULL));
        tmp->u.name->defn = as;
        vec_push(p->arena, &as->u.as2.lhs, tmp);
        vec_push(p->arena, &as->u.as2.rhs, arg);
        *slots.v[i] = ir_closure_var(p, pos, wrapper, tmp);
    }
    ir_add_init(p, stmt, as);
}

static Node *normalize_call(IrPkg *p, Func *cur, Node *stmt, Node *call) {
    if (call->init) {
        for (uint32_t i = 0; i < call->init->len; i++) ir_add_init(p, stmt, call->init->v[i]);
        call->init = NULL;
    }
    if (call->op == IR_CALLFUNC) {
        const IrType *sig = call->u.call.fn->type;
        if (!irtype_nparams(sig) && !irtype_nresults(sig)) return call;
    }
    IrType *none = irtype_niladic(p->types);
    Func *wrapper = ir_closure_func(p, stmt->pos, stmt->pos, stmt->op, none, cur);
    wrapper->wrapper = wrapper->has_body = wrapper->has_syntax = true;
    SlotVec slots = {0};
    call_operands(p->scratch, call, &slots);
    if (slots.len) save_operands(p, cur, wrapper, stmt, slots);
    if (slots.len && call->op == IR_CALLINTER) {
        Node *iface = stmt->init->v[stmt->init->len - 1]->u.as2.lhs.v[0];
        ir_add_init(p, stmt, lower_check_nil(p, stmt->pos, iface));
    }
    vec_push(p->arena, &wrapper->body, call);
    return lower_finish_call(p, cur, call->pos, wrapper->oclosure, (NodeVec){0}, false);
}

Node *lower_go_defer(Low *w, const Stmt *s) {
    IrPkg *p = w->p;
    Node *n = ir_node(p, s->keyword == KEYWORD_GO ? IR_GO : IR_DEFER, at(s->pos));
    Node *call = normalize_call(p, w->fn, n, lower_expr(w, s->call.call));
    call->go_defer = true;
    n->u.xy.x = call;
    if (s->keyword != KEYWORD_DEFER) return n;
    n->u.xy.y = lower_range_defers(w, s);
    w->fn->has_defer = true;
    return n;
}
