// go/types/signature.c: function types: receiver, type parameters, parameters, results.
#include "go/types/types_internal.h"

typedef struct Params {
    VEC(Expr *) names; // NULL where there is none
    ObjVec vars;
    bool variadic;
} Params;

static void collect_params(Check *c, VarKind kind, FieldList list, Params *p) {
    Type *t = NULL;
    Expr *prev = NULL;
    Name none = name_intern(c->env->names, STR(""));
    for (uint32_t i = 0; i < list.len; i++) {
        Field *f = &list.v[i];
        Expr *ftype = f->type;
        if (ftype != prev) {
            prev = ftype;
            if (ftype->kind == EXPR_DOTS_TYPE) {
                if (kind == VAR_PARAM && i + 1 == list.len)
                    p->variadic = true;
                else
                    check_error(c, at_expr(ftype), "invalid syntax tree: invalid use of ...");
                ftype = ftype->elem_type.elem;
            }
            t = check_var_type(c, ftype);
        }
        Pos pos = f->name ? f->name->pos : f->pos;
        vec_push(c->arena, &p->names, f->name);
        vec_push(c->arena, &p->vars, var_new(c, kind, pos, f->name ? f->name->name : none, t));
    }
    if (!p->variadic) return;
    Obj *last = vec_last(&p->vars);
    last->type = new_slice(c, last->type);
    record_type(c, list.v[list.len - 1].type, MODE_TYPE, last->type, NULL);
}

static void declare_params(Check *c, const Params *p, Pos scope_pos) {
    for (uint32_t i = 0; i < p->names.len; i++)
        if (p->names.v[i]) check_declare(c, c->e.scope, p->names.v[i], p->vars.v[i], scope_pos);
}

// ---- receivers

static void valid_recv(Check *c, Expr *at, Obj *recv) {
    Type *r = deref(recv->type, NULL), *t = type_unalias(r);
    if (!is_valid(t)) return;
    if (t->kind == TYPE_BASIC) {
        check_error(c, at_expr(at), "cannot define new methods on non-local type %T", r);
        return;
    }
    if (t->kind != TYPE_NAMED) {
        check_error(c, at_expr(at), "invalid receiver type %T", recv->type);
        return;
    }
    bool cgo = str_starts(name_str(c->env->names, t->named.obj->name), STR("_Ctype_"));
    if (t->named.obj->pkg != c->pkg || cgo) {
        check_error(c, at_expr(at), "cannot define new methods on non-local type %T", r);
        return;
    }
    Type *u = type_under(t);
    const char *cause = NULL;
    if (u->kind == TYPE_BASIC && u->basic.kind == BASIC_UNSAFE_POINTER) cause = "unsafe.Pointer";
    if (u->kind == TYPE_POINTER || u->kind == TYPE_INTERFACE) cause = "pointer or interface type";
    if (cause) check_error(c, at_expr(at), "invalid receiver type %T (%s)", r, cause);
}

typedef struct RecvCheck {
    Expr *at;
    Obj *recv;
} RecvCheck;

static void recv_later(Check *c, void *ctx) {
    RecvCheck *k = ctx;
    valid_recv(c, k->at, k->recv);
}

static Type *unpointer(Type *t) {
    while (is_kind(t, TYPE_POINTER)) t = t->pointer.elem;
    return t;
}

static bool is_generic_or_instance(Type *t) {
    if (!t) return false;
    if (t->kind == TYPE_NAMED) return named_tparams(t).len > 0;
    return t->kind == TYPE_ALIAS && t->alias.tparams.len > 0;
}

static Type *plain_recv(Check *c, Field *recv, Expr *base) {
    Type *t = check_var_type(c, recv->type), *a = unpointer(t);
    while (is_kind(a, TYPE_ALIAS)) { // type T = G[int]; func (T) m()
        Type *b = unpointer(a->alias.rhs);
        if (is_generic_or_instance(b)) {
            check_error(c, at_expr(base), "cannot define new methods on instantiated type %T", b);
            return BASIC(INVALID);
        }
        a = b;
    }
    return t;
}

static void record_recv_types(Check *c, Expr *e, Type *t) {
    for (;;) {
        record_type(c, e, MODE_TYPE, t, NULL);
        if (e->kind == EXPR_PAREN) {
            e = e->paren.x;
        } else if (e->kind == EXPR_OPERATION && e->op == OP_MUL && !e->operation.y &&
                   t->kind == TYPE_POINTER) {
            e = e->operation.x;
            t = t->pointer.elem;
        } else {
            return;
        }
    }
}

static Type *generic_base(Check *c, Expr *base) {
    Str cause = STR("");
    Type *t = check_generic_type(c, base, &cause);
    if (!is_valid(t)) {
        if (cause.len) check_error(c, at_expr(base), "%S", cause);
        return NULL;
    }
    if (t->kind == TYPE_NAMED) return t;
    check_error(c, at_expr(base), "cannot define new methods on generic alias type %T", t);
    return NULL;
}

static void bind_recv_bounds(Check *c, Expr *base, Type *type, TypeList tparams) {
    TypeList own = named_tparams(type);
    if (own.len != tparams.len) {
        check_error(c, at_expr(base), "receiver declares %S, but receiver base type declares %d",
                    measure(c, tparams.len, "type parameter"), own.len);
        return;
    }
    for (uint32_t i = 0; i < own.len; i++) {
        mono_record_canon(c, tparams.v[i], own.v[i]);
        tparams.v[i]->tparam.bound = check_subst(c, tparams.v[i]->tparam.obj->pos,
                                                 own.v[i]->tparam.bound, (Subst){own, tparams});
    }
}

// func (r *G[P, Q]) m(): P and Q are declared here, and stand for G's type parameters.
static Type *generic_recv(Check *c, Type *sig, Field *recv, Pos scope_pos) {
    bool ptr;
    Expr *base;
    ExprList names;
    unpack_recv(c, recv->type, true, &ptr, &base, &names);
    Type *type = generic_base(c, base);
    TypeList tparams;
    NEW_LIST(c->arena, &tparams, names.len);
    for (uint32_t i = 0; i < names.len; i++) {
        tparams.v[i] = declare_tparam(c, names.v[i], scope_pos);
        record_use(c, names.v[i], tparams.v[i]->tparam.obj);
        record_type(c, names.v[i], MODE_TYPE, tparams.v[i], NULL);
    }
    bind_tparams(tparams);
    sig->sig.rparams = tparams;
    if (!type) return BASIC(INVALID);
    bind_recv_bounds(c, base, type, tparams);
    check_verify(c, at_expr(base), 118, "type instantiation");
    Type *t = check_instance(c, recv->type->pos, type, tparams);
    record_instance(c, base, tparams, t);
    if (ptr && is_valid(t)) t = new_pointer(c, t);
    record_recv_types(c, recv->type, t);
    return t;
}

static Obj *collect_recv(Check *c, Type *sig, Field *recv, Pos scope_pos) {
    bool ptr;
    Expr *base;
    ExprList none;
    unpack_recv(c, recv->type, false, &ptr, &base, &none);
    Expr *x = syntax_unparen_mut(recv->type);
    if (x->kind == EXPR_OPERATION && x->op == OP_MUL && !x->operation.y)
        x = syntax_unparen_mut(x->operation.x);
    bool generic = x->kind == EXPR_INDEX;
    Type *t = generic ? generic_recv(c, sig, recv, scope_pos) : plain_recv(c, recv, base);
    Name name = recv->name ? recv->name->name : name_intern(c->env->names, STR(""));
    Obj *o = var_new(c, VAR_RECV, recv->name ? recv->name->pos : recv->pos, name, t);
    RecvCheck *k = NEW(c->arena, RecvCheck);
    *k = (RecvCheck){base, o};
    check_later(c, recv_later, k);
    return o;
}

static ObjList list_from(const ObjVec *v) { return (ObjList){v->v, v->len}; }

void check_func_type(Check *c, Type *sig, Field *recv, FieldList tparams, Expr *ftype) {
    check_open_scope(c, ftype->pos, syntax_end_pos(node_expr(ftype)));
    c->e.scope->is_func = true;
    sig->sig.scope = c->e.scope;
    Obj *r = recv ? collect_recv(c, sig, recv, ftype->pos) : NULL;
    if (tparams.len) collect_tparams(c, &sig->sig.tparams, tparams);
    Params params = {0}, results = {0};
    collect_params(c, VAR_PARAM, ftype->func_type.params, &params);
    collect_params(c, VAR_RESULT, ftype->func_type.results, &results);
    Pos scope_pos = syntax_end_pos(node_expr(ftype));
    if (r && recv->name) check_declare(c, c->e.scope, recv->name, r, scope_pos);
    declare_params(c, &params, scope_pos);
    declare_params(c, &results, scope_pos);
    sig->sig.recv = r;
    sig->sig.params = new_tuple(c, list_from(&params.vars));
    sig->sig.results = new_tuple(c, list_from(&results.vars));
    sig->sig.variadic = params.variadic;
    check_close_scope(c);
}
