// go/ir/wrapper.c: the functions that adapt receivers: T.M for promoted methods, (*T).M for methods
// of T, T.M-fm for method values. Rules: noder/reader.go MakeWrappers, wrapType, methodWrapper,
// wrapMethodValue, addTailCall.
#include "go/ir/lower_internal.h"

// A wrapper whose body makes method values: their wrappers are made before it is filed.
typedef struct Waiting {
    Func *func;
    uint32_t next, end; // of found
} Waiting;

typedef struct Wrappers {
    uint32_t type;   // next of need_wrappers
    uint32_t method; // next method of it, several steps each: T, *T, **T if not in the heap
    uint32_t steps;
    IrMethodList methods;
    uint32_t value; // next of need_values
    VEC(MethodValue) found;
    VEC(Waiting) waiting; // innermost last
    PtrMap types_done;    // canonical types
    StrMap values_done;
} Wrappers;

static Wrappers *wrappers_of(Lower *l) {
    if (!l->wrappers) {
        l->wrappers = NEW(l->p->scratch, Wrappers);
        l->wrappers->types_done = ptrmap_new(l->p->scratch);
        l->wrappers->values_done = strmap_new(l->p->scratch);
        lower_meet_aliases(l);
    }
    return l->wrappers;
}

void lower_name_param(Lower *l, Node *param, const Obj *o) {
    Str name = name_str(l->p->names, o->name);
    if (!name.len || str_eq_c(name, "_")) return;
    param->u.name->name = name;
    // An interface type without a name may have been met first in another variant of this package.
    param->u.name->pkg = o->pkg && o->pkg->path == l->p->pkg->path ? l->p->pkg : o->pkg;
}

static void place_param(Lower *l, Node *param, const Obj *o) {
    param->pos = at(o->pos);
    lower_name_param(l, param, o);
}

// The method as callers of the promoted one see it; f NULL: an interface's.
typedef struct Wrapped {
    const Func *f;
    IrType *sig;
    const Obj *obj;
} Wrapped;

static Wrapped wrapped(Lower *l, IrType *recv, const IrMethod *m) {
    const Func *f = lower_method_func(l, m->recv ? m->recv : recv, m);
    return (Wrapped){f, f ? f->type : m->sig, m->obj};
}

// Parameters are named as the method's own, and stand where those do.
static void name_params(Lower *l, Func *f, Wrapped of, bool recv) {
    const Type *sig = of.obj->type;
    const Obj *own = sig->sig.recv;
    uint32_t k = recv && own;
    if (k && type_under(own->type)->kind != TYPE_INTERFACE) place_param(l, f->dcl.v[0], own);
    if (of.f && of.f->dict_param) {
        f->dcl.v[k]->pos = of.f->pos;
        f->dcl.v[k++]->u.name->name = STR(".dict");
    }
    ObjList params = tuple_vars(sig->sig.params);
    ObjList results = tuple_vars(sig->sig.results);
    for (uint32_t i = 0; i < params.len + results.len && k < f->dcl.len; i++, k++) {
        const Obj *o = i < params.len ? params.v[i] : results.v[i - params.len];
        place_param(l, f->dcl.v[k], o);
    }
}

static const IrPos autogen = {IR_POS_AUTOGEN, 0};

static Func *new_wrapper(Lower *l, Str name, const Pkg *pkg, IrType *recv, Wrapped of) {
    Func *f = ir_func(l->p, autogen, autogen, name, pkg, of.sig);
    f->recv = recv;
    f->dupok = f->has_body = f->has_syntax = true;
    f->ddd = of.sig->under->variadic;
    ir_declare_params(l->p, f);
    if (of.obj) name_params(l, f, of, recv != NULL);
    return f;
}

// if recv == nil { panicwrap() }
static void add_nil_check(Lower *l, Func *f, Node *recv) {
    IrPkg *p = l->p;
    Node *nil = ir_node(p, IR_NIL, autogen);
    nil->type = recv->type;
    Node *n = ir_node(p, IR_IF, autogen);
    n->u.if_.cond = ir_binary(p, IR_EQ, autogen, recv, nil, irtype_basic(p->types, KIND_BOOL));
    IrType *none = irtype_niladic(p->types);
    Node *fn = lower_runtime_func(l, "panicwrap", none)->nname;
    vec_push(p->arena, &n->u.if_.then, lower_finish_call(p, f, autogen, fn, (NodeVec){0}, false));
    vec_push(p->arena, &f->body, n);
}

Node *ir_select_method(IrPkg *p, IrPos pos, Node *recv, const IrMethod *m, Node **arg) {
    Node *x = recv;
    for (uint32_t i = 0; i < m->path_len; i++) x = ir_implicit(ir_field(p, pos, x, m->path[i]));
    *arg = NULL;
    if (irtype_is_interface(x->type)) return lower_interface_method(p, pos, x, m->name, m->pkg);
    bool have = x->type->kind == KIND_PTR && !x->type->named;
    bool want = m->recv->kind == KIND_PTR && !m->recv->named;
    if (have != want) x = ir_implicit(have ? ir_deref(p, pos, x) : ir_addr(p, pos, x));
    *arg = x;
    return lower_method_node(p->lower, pos, x->type, m->name, m->pkg);
}

static bool is_tail_call(Lower *l, const Node *recv, const IrMethod *m, const Node *fn) {
    return recv->type->kind == KIND_PTR && m->recv && m->recv->kind == KIND_PTR && m->path_len &&
           !m->from_interface && fn->op == IR_METHEXPR &&
           !(fn->u.method.func && ir_body_available(l->p, fn->u.method.func));
}

static void add_call(Lower *l, Func *f, Node *recv, const IrMethod *m, uint32_t first_param) {
    IrPkg *p = l->p;
    Node *arg;
    Node *fn = ir_select_method(p, autogen, recv, m, &arg);
    NodeVec args = {0};
    if (arg) vec_push(p->arena, &args, arg);
    for (uint32_t i = first_param; i < f->nparams; i++) vec_push(p->arena, &args, f->dcl.v[i]);
    Node *call = lower_finish_call(p, f, autogen, fn, args, fn->type->under->variadic);
    if (is_tail_call(l, recv, m, fn)) {
        vec_push(p->arena, &f->body, ir_unary(p, IR_TAILCALL, autogen, call, NULL));
        return;
    }
    lower_return_call(p, f, autogen, call);
}

// The package a method's symbol belongs to: its receiver's.
static const Pkg *symbol_package(const Lower *l, IrType *recv) {
    recv = irtype_base(recv);
    if (recv->shape) return lower_shapes(l);
    return recv->obj && recv->obj->pkg ? recv->obj->pkg : l->p->pkg;
}

static Func *method_wrapper(Lower *l, IrType *base, uint32_t derefs, const IrMethod *m) {
    IrPkg *p = l->p;
    IrType *recv = base;
    for (uint32_t i = 0; i < derefs; i++) recv = irtype_pointer(p->types, recv);
    if (m->recv && irtype_identical(recv, m->recv)) return NULL;
    if (!irtype_is_method_applicable(recv, m)) return NULL;
    Str name = irtype_method_symbol(p->types, p->arena, recv, m->name, m->pkg);
    Func *f = new_wrapper(l, name, symbol_package(l, base), recv, wrapped(l, base, m));
    Node *x = f->dcl.v[0];
    if (derefs && m->recv && irtype_identical(recv->elem, m->recv)) add_nil_check(l, f, x);
    for (uint32_t i = 1; i < derefs; i++) x = ir_implicit(ir_deref(p, autogen, x));
    add_call(l, f, x, m, 1);
    return f;
}

static Func *next_method_wrapper(Lower *l, Wrappers *ws) {
    for (;;) {
        while (ws->method < ws->methods.len * ws->steps) {
            uint32_t k = ws->method++;
            IrType *t = l->need_wrappers.v[ws->type - 1];
            Func *f = method_wrapper(l, t, k % ws->steps, &ws->methods.v[k / ws->steps]);
            if (f) return f;
        }
        if (ws->type == l->need_wrappers.len) return NULL;
        IrType *t = l->need_wrappers.v[ws->type++];
        ws->method = 0;
        ws->methods = (IrMethodList){0};
        if (ptrmap_get(&ws->types_done, t->canon)) continue;
        if (lower_met_imported(l, t)) continue;
        ptrmap_put(&ws->types_done, t->canon, t);
        if (!irtype_need_emit(l->p->types, l->p->pkg, t)) continue;
        bool iface = irtype_is_interface(t);
        ws->methods = iface ? irtype_methods(l->p->types, t) : irtype_all_methods(l->p->types, t);
        ws->steps = iface ? 1 : t->not_in_heap ? 3 : 2;
    }
}

// x.M as a value: M with its receiver in the closure.
static Func *value_wrapper(Lower *l, Wrappers *ws, MethodValue v) {
    IrPkg *p = l->p;
    Str name = irtype_method_symbol(p->types, p->arena, v.recv, v.method->name, v.method->pkg);
    name = str_join2(p->arena, name, STR("-fm"));
    Str key = str_join3(p->arena, irtype_link_string(p->types, p->arena, v.recv), STR("."), name);
    uint32_t *done = strmap_put(&ws->values_done, key);
    if (*done) return NULL;
    *done = 1;
    Func *f = new_wrapper(l, name, symbol_package(l, v.recv), NULL, wrapped(l, v.recv, v.method));
    Node *fake = ir_name(p, autogen, STR(".this"), p->pkg, v.recv, CLASS_PARAM);
    fake->u.name->byval = true;
    Node *recv = ir_closure_var(p, autogen, f, fake);
    add_call(l, f, recv, v.method, 0);
    return f;
}

static Func *next_found(Lower *l, Wrappers *ws) {
    while (ws->waiting.len) {
        Waiting *w = &vec_last(&ws->waiting);
        while (w->next < w->end) {
            Func *f = value_wrapper(l, ws, ws->found.v[w->next++]);
            if (f) return f;
        }
        vec_push(l->p->arena, &l->p->funcs, w->func);
        ws->waiting.len--;
    }
    return NULL;
}

Func *ir_next_wrapper(IrPkg *p) {
    Lower *l = p->lower;
    Wrappers *ws = wrappers_of(l);
    Func *f = next_found(l, ws);
    if (!f) f = next_method_wrapper(l, ws);
    while (!f && ws->value < l->need_values.len)
        f = value_wrapper(l, ws, l->need_values.v[ws->value++]);
    return f;
}

static bool find_method_values(void *ctx, Node *n) {
    Lower *l = ctx;
    if (n->op == IR_METHVALUE) {
        MethodValue v = {n->u.method.x->type, n->u.method.method};
        vec_push(l->p->scratch, &l->wrappers->found, v);
    }
    return false;
}

void ir_finish_wrapper(IrPkg *p, Func *f) {
    Wrappers *ws = wrappers_of(p->lower);
    Waiting w = {.func = f, .next = ws->found.len};
    ir_visit_func_and_closures(f, find_method_values, p->lower);
    w.end = ws->found.len;
    vec_push(p->scratch, &ws->waiting, w);
}
