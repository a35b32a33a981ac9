// go/ir/dict_scan.c: the words of a generic declaration's dictionaries. Its bodies are walked as
// the compiler writes them: in its order, without what it leaves out. Types are told apart as the
// checker made them: `[]T` written twice is two of them. Rules: noder/writer.go (varDictIndex,
// rtype, itab, subdictIdx, typeParamMethodExprIdx and who calls them).
#include "go/ir/lower_internal.h"

typedef struct Scan {
    Low low; // for questions about the tree alone
    TypeList tparams;
    DictTypes *out;
    const Type *sig; // of the function or literal being walked
    uint32_t mixed;  // switches whose cases become interfaces
} Scan;

static void scan_expr(Scan *s, const Expr *e);
static void scan_stmt(Scan *s, const Stmt *x);
static void scan_stmts(Scan *s, StmtList list);
static void scan_body(Scan *s, const Type *sig, const Stmt *body);

// ---- words

static Type *type_at(const Scan *s, const Expr *e) {
    return lower_checked_type(&s->low, syntax_unparen(e));
}

static bool is_derived(const Scan *s, Type *t) {
    IrEnv env = {.tparams = s->tparams};
    env.targs.v = s->out->dummies.v;
    env.targs.len = s->tparams.len;
    return t && t->kind != TYPE_TUPLE && irtype_depends(s->low.p->types, &env, t);
}

static bool scan_rtype(Scan *s, Type *t) {
    t = dict_written(t);
    if (!is_derived(s, t)) return false;
    if (dict_find_type(s->out, t) < s->out->types.len) return true;
    DictType d = {t, s->tparams, false};
    vec_push(s->low.p->stays, &s->out->types, d);
    return true;
}

// mixed: 0, or the number of the switch whose own interface{} iface stands for.
static void add_itab(Scan *s, Type *t, Type *iface, uint32_t mixed) {
    bool derived = scan_rtype(s, t);
    derived |= iface && scan_rtype(s, iface);
    if (!derived) return;
    DictItab d = {dict_written(t), dict_written(iface), mixed, s->tparams};
    if (dict_find_itab(s->out, t, iface, mixed) == s->out->itabs.len)
        vec_push(s->low.p->stays, &s->out->itabs, d);
}

static void scan_itab(Scan *s, Type *t, Type *iface) {
    if (t && iface) add_itab(s, t, iface, 0);
}

static void scan_sub(Scan *s, Obj *o, TypeList targs) {
    TypeList outer = {0};
    if (o->kind == OBJ_TYPE) lower_local_type(o, &outer);
    bool derived = outer.len;
    for (uint32_t i = 0; i < targs.len; i++) derived |= is_derived(s, targs.v[i]);
    if (!derived) return;
    DictSub d = {o, targs, s->tparams};
    if (dict_find_sub(s->out, o, targs) == s->out->subs.len)
        vec_push(s->low.p->stays, &s->out->subs, d);
}

static void scan_tparam_method(Scan *s, const Type *tparam, const Obj *m) {
    DictMethod d = {tparam->tparam.index, m->name, m->pkg};
    if (dict_find_method(s->out, tparam, m) == s->out->methods.len)
        vec_push(s->low.p->stays, &s->out->methods, d);
}

static void scan_local(Scan *s, const Obj *o) { // a variable is declared
    if (o) scan_rtype(s, o->type);
}

// ---- conversions

static Type *element(Type *t) { // NULL: it has none
    Type *u = lower_core(t);
    return u->kind == TYPE_SLICE   ? u->slice.elem
           : u->kind == TYPE_ARRAY ? u->array.elem
           : u->kind == TYPE_MAP   ? u->map.elem
           : u->kind == TYPE_CHAN  ? u->chan.elem
                                   : NULL;
}

static bool is_value_interface(Type *t) { return type_is_interface(t) && !type_is_tparam(t); }

// Of two types whose values are compared or assigned, one way or the other: this way.
static bool is_assignable(Type *x, Type *y) {
    if (type_identical(x, y)) return true;
    if (is_value_interface(y))
        return !is_value_interface(x) ||
               type_set(type_under(x))->methods.len >= type_set(type_under(y))->methods.len;
    if (is_value_interface(x)) return false;
    Type *from = type_under(x), *to = type_under(y);
    bool chans = from->kind == TYPE_CHAN && to->kind == TYPE_CHAN;
    return !chans || from->chan.dir == CHAN_BOTH || to->chan.dir != CHAN_BOTH;
}

static Type *common_type(Type *x, Type *y) {
    if (!x || !y) return NULL;
    return is_assignable(x, y) ? y : x;
}

static void scan_implicit(Scan *s, Type *dst, const Expr *e) {
    Type *src = type_at(s, e);
    if (dst && src && !type_identical(src, dst)) scan_itab(s, src, dst);
    scan_expr(s, e);
}

// Where the values of a list go.
typedef struct Targets {
    const Type *params; // TUPLE
    bool rest;          // the last parameter takes what is left
    const Expr *lhs;
} Targets;

static Type *assigned_type(const Scan *s, const Expr *dst) {
    dst = syntax_unparen(dst);
    if (dst->kind != EXPR_NAME) return type_at(s, dst);
    const Obj *o = s->low.info->names[dst->id];
    return o && !lower_is_blank(s->low.p, dst) ? o->type : NULL;
}

static Type *target_at(const Scan *s, const Targets *t, uint32_t i) {
    if (t->lhs) {
        Expr *one;
        ExprList list = syntax_unpack_list((Expr *)(uintptr_t)t->lhs, &one);
        return i < list.len ? assigned_type(s, list.v[i]) : NULL;
    }
    ObjList vars = tuple_vars(t->params);
    if (t->rest && i + 1 >= vars.len) return element(vars.v[vars.len - 1]->type);
    return i < vars.len ? vars.v[i]->type : NULL;
}

static void scan_multi(Scan *s, const Targets *to, ExprList list) {
    Type *tuple = list.len == 1 ? type_at(s, list.v[0]) : NULL;
    if (!tuple || tuple->kind != TYPE_TUPLE) {
        for (uint32_t i = 0; i < list.len; i++) scan_implicit(s, target_at(s, to, i), list.v[i]);
        return;
    }
    scan_expr(s, list.v[0]);
    for (uint32_t i = 0; i < tuple->tuple.vars.len; i++) {
        Type *src = tuple->tuple.vars.v[i]->type, *dst = target_at(s, to, i);
        if (dst && !type_identical(src, dst)) scan_itab(s, src, dst);
    }
}

// writer.exprType
static void scan_type(Scan *s, Type *iface, const Expr *type) {
    Type *t = type_at(s, type);
    if (iface && type_set(type_under(iface))->methods.len)
        scan_itab(s, t, iface);
    else
        scan_rtype(s, t);
}

// ---- methods

static void scan_method(Scan *s, Type *base, const Selection *sel) {
    if (base->kind == TYPE_TPARAM)
        scan_tparam_method(s, base, sel->obj);
    else if (base->kind == TYPE_NAMED && type_under(base)->kind != TYPE_INTERFACE)
        scan_sub(s, lower_generic_obj(base), base->named.targs);
}

static void scan_selector(Scan *s, const Expr *e) {
    const Selection *sel = s->low.info->selections[e->id];
    if (!sel) return;
    if (sel->kind != METHOD_EXPR) scan_expr(s, e->selector.x);
    if (sel->kind == FIELD_VAL) return;
    RecvType recv = lower_receiver(type_at(s, e->selector.x), sel);
    scan_method(s, type_unalias(recv.base), sel);
}

// ---- calls

static void scan_exprs(Scan *s, ExprList list) {
    for (uint32_t i = 0; i < list.len; i++) scan_expr(s, list.v[i]);
}

static void scan_make(Scan *s, const Expr *e) {
    ExprList args = e->call.args;
    scan_type(s, NULL, args.v[0]);
    scan_exprs(s, (ExprList){args.v + 1, args.len - 1});
    Type *t = type_at(s, e);
    scan_rtype(s, lower_core(t)->kind == TYPE_SLICE ? element(t) : t);
}

// True: nothing else is written of the call. *rtype: what it is written with.
static bool scan_builtin(Scan *s, const Expr *e, BuiltinId id, Type **rtype) {
    ExprList args = e->call.args;
    Type *t = args.len ? type_at(s, args.v[0]) : NULL;
    if (t && t->kind == TYPE_TUPLE) t = t->tuple.vars.v[0]->type;
    switch ((int)id) {
    case BUILTIN_MAKE: scan_make(s, e); return true;
    case BUILTIN_NEW:
        if (s->low.info->exprs[syntax_unparen(args.v[0])->id].mode == MODE_TYPE)
            scan_type(s, NULL, args.v[0]);
        else
            scan_expr(s, args.v[0]);
        return true;
    case BUILTIN_SIZEOF:
    case BUILTIN_ALIGNOF:
    case BUILTIN_OFFSETOF: return true;
    case BUILTIN_APPEND:
    case BUILTIN_SLICE: *rtype = element(type_at(s, e)); return false;
    case BUILTIN_COPY: *rtype = element(t); return false;
    case BUILTIN_DELETE: *rtype = t; return false;
    default: return false;
    }
}

static void scan_callee(Scan *s, const Expr *fun) {
    const Selection *sel = fun->kind == EXPR_SELECTOR ? s->low.info->selections[fun->id] : NULL;
    if (sel && sel->kind == METHOD_VAL)
        scan_selector(s, fun);
    else
        scan_expr(s, fun);
}

static void scan_call(Scan *s, const Expr *e) {
    const Expr *fun = syntax_unparen(e->call.fn);
    const TypeAndValue *tv = &s->low.info->exprs[fun->id];
    if (tv->mode == MODE_TYPE) {
        scan_itab(s, type_at(s, e->call.args.v[0]), tv->type);
        scan_expr(s, e->call.args.v[0]);
        return;
    }
    Type *rtype = NULL;
    if (tv->mode == MODE_BUILTIN) {
        const Expr *name = fun->kind == EXPR_SELECTOR ? fun->selector.sel : fun;
        if (scan_builtin(s, e, s->low.info->names[name->id]->builtin, &rtype)) return;
    }
    Instance *inst;
    lookup_obj(&s->low, fun, &inst);
    scan_callee(s, fun);
    Type *sig = inst ? inst->type : tv->type;
    sig = sig ? lower_core(sig) : NULL;
    Targets to = {0};
    if (sig && sig->kind == TYPE_SIGNATURE)
        to = (Targets){sig->sig.params, sig->sig.variadic && !e->has_dots, NULL};
    scan_multi(s, &to, e->call.args);
    if (rtype) scan_rtype(s, rtype);
}

// ---- other expressions

static void scan_composite(Scan *s, const Expr *e) {
    Type *t = type_at(s, e);
    if (lower_core(t)->kind == TYPE_POINTER) t = lower_core(t)->pointer.elem;
    Type *u = lower_core(t), *elem = element(t);
    if (u->kind == TYPE_MAP) scan_rtype(s, t);
    for (uint32_t i = 0; i < e->composite.elems.len; i++) {
        const Expr *x = e->composite.elems.v[i];
        Type *want = elem;
        if (u->kind == TYPE_STRUCT) {
            bool keyed = x->kind == EXPR_KEY_VALUE;
            want =
                keyed ? s->low.info->names[x->key_value.key->id]->type : u->strct.fields.v[i]->type;
        } else if (x->kind == EXPR_KEY_VALUE) {
            scan_implicit(s, u->kind == TYPE_MAP ? u->map.key : NULL, x->key_value.key);
        }
        scan_implicit(s, want, x->kind == EXPR_KEY_VALUE ? x->key_value.value : x);
    }
}

static void scan_index(Scan *s, const Expr *e) {
    Type *t = type_at(s, e->index.x);
    const Type *u = t ? lower_core(t) : NULL;
    bool map = u && u->kind == TYPE_MAP;
    scan_expr(s, e->index.x);
    scan_implicit(s, map ? u->map.key : NULL, e->index.index);
    if (map) scan_rtype(s, t);
}

static void scan_operation(Scan *s, const Expr *e) {
    const Expr *x = e->operation.x, *y = e->operation.y;
    if (!y) {
        scan_expr(s, x);
        return;
    }
    bool shift = e->op == OP_SHL || e->op == OP_SHR;
    Type *common = shift ? NULL : common_type(type_at(s, x), type_at(s, y));
    scan_implicit(s, common, x);
    scan_implicit(s, common, y);
}

static void scan_expr(Scan *s, const Expr *e) { // flat switch
    e = syntax_unparen(e);
    if (s->low.info->exprs[e->id].value) return;
    Instance *inst;
    Obj *o = lookup_obj(&s->low, e, &inst);
    if (o) {
        if (inst && inst->targs.len) scan_sub(s, o, inst->targs);
        return;
    }
    switch ((int)e->kind) {
    case EXPR_COMPOSITE: scan_composite(s, e); return;
    case EXPR_FUNC_LIT: scan_body(s, type_under(type_at(s, e)), e->func_lit.body); return;
    case EXPR_SELECTOR: scan_selector(s, e); return;
    case EXPR_INDEX: scan_index(s, e); return;
    case EXPR_SLICE:
        scan_expr(s, e->slice.x);
        for (int i = 0; i < 3; i++)
            if (e->slice.index[i]) scan_expr(s, e->slice.index[i]);
        return;
    case EXPR_ASSERT:
        scan_expr(s, e->assert.x);
        scan_type(s, type_at(s, e->assert.x), e->assert.type);
        scan_rtype(s, type_at(s, e->assert.x));
        return;
    case EXPR_OPERATION: scan_operation(s, e); return;
    case EXPR_CALL: scan_call(s, e); return;
    default: return;
    }
}

// A condition, without the sides of && and || that are known.
static void scan_cond(Scan *s, const Expr *e) {
    e = lower_cut_down(&s->low, e);
    bool operation = e->kind == EXPR_OPERATION && !s->low.info->exprs[e->id].value;
    if (operation && e->op == OP_NOT && !e->operation.y) {
        scan_cond(s, e->operation.x);
    } else if (operation && (e->op == OP_ANDAND || e->op == OP_OROR)) {
        Type *x = type_at(s, e->operation.x), *y = type_at(s, e->operation.y);
        Type *common = common_type(x, y);
        if (common && !type_identical(x, common)) scan_itab(s, x, common);
        scan_cond(s, e->operation.x);
        if (common && !type_identical(y, common)) scan_itab(s, y, common);
        scan_cond(s, e->operation.y);
    } else {
        scan_expr(s, e);
    }
}

// ---- statements

static ExprList unpack(const Expr *e, Expr **one) {
    return e ? syntax_unpack_list((Expr *)(uintptr_t)e, one) : (ExprList){0};
}

static const Obj *declared_at(const Scan *s, const Expr *e) {
    const Obj *o = e->kind == EXPR_NAME ? s->low.info->names[e->id] : NULL;
    return o && o->kind == OBJ_VAR && o->pos == e->pos && o->var_kind != VAR_FIELD ? o : NULL;
}

static void scan_assignee(Scan *s, const Expr *e) {
    e = syntax_unparen(e);
    if (lower_is_blank(s->low.p, e)) return;
    const Obj *o = declared_at(s, e);
    if (o)
        scan_local(s, o);
    else
        scan_expr(s, e);
}

static void scan_assign(Scan *s, const Stmt *x) {
    Expr *one;
    if (x->op != OP_NONE && x->op != OP_DEF) {
        scan_expr(s, x->assign.lhs);
        bool shift = x->op == OP_SHL || x->op == OP_SHR;
        if (x->assign.rhs)
            scan_implicit(s, shift ? NULL : type_at(s, x->assign.lhs), x->assign.rhs);
        return;
    }
    ExprList left = unpack(x->assign.lhs, &one);
    for (uint32_t i = 0; i < left.len; i++) scan_assignee(s, left.v[i]);
    scan_multi(s, &(Targets){.lhs = x->assign.lhs}, unpack(x->assign.rhs, &one));
}

static void scan_var(Scan *s, const Decl *d) {
    Expr *one;
    for (uint32_t i = 0; i < d->value.names.len; i++) scan_assignee(s, d->value.names.v[i]);
    ExprList names = d->value.names;
    Expr list = {.kind = EXPR_LIST, .list = names};
    const Expr *lhs = names.len == 1 ? names.v[0] : &list;
    scan_multi(s, &(Targets){.lhs = lhs}, unpack(d->value.values, &one));
}

static void scan_decls(Scan *s, DeclList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]->kind == DECL_VAR) scan_var(s, list.v[i]);
}

typedef struct KeyValue {
    Type *key, *value;
} KeyValue;

// What a loop over t gives. NULL: nothing, or a type that depends on no parameter.
static KeyValue range_types(Type *t) {
    Type *u = lower_core(t);
    switch ((int)u->kind) {
    case TYPE_POINTER: return (KeyValue){NULL, element(u->pointer.elem)};
    case TYPE_ARRAY:
    case TYPE_SLICE: return (KeyValue){NULL, element(u)};
    case TYPE_MAP: return (KeyValue){u->map.key, u->map.elem};
    case TYPE_CHAN: return (KeyValue){u->chan.elem, NULL};
    case TYPE_BASIC: return (KeyValue){u->basic.info & INFO_STRING ? NULL : t, NULL};
    default: return (KeyValue){0};
    }
}

static void scan_range_value(Scan *s, ExprList lhs, uint32_t i, Type *src) {
    if (i >= lhs.len || !src || lower_is_blank(s->low.p, syntax_unparen(lhs.v[i]))) return;
    scan_itab(s, src, assigned_type(s, lhs.v[i]));
}

static void scan_range(Scan *s, const Stmt *x) {
    Expr *one;
    ExprList lhs = unpack(x->range.lhs, &one);
    for (uint32_t i = 0; i < lhs.len; i++) scan_assignee(s, lhs.v[i]);
    scan_expr(s, x->range.x);
    Type *t = type_at(s, x->range.x);
    if (lower_core(t)->kind == TYPE_MAP) scan_rtype(s, t);
    KeyValue kv = range_types(t);
    scan_range_value(s, lhs, 0, kv.key);
    scan_range_value(s, lhs, 1, kv.value);
}

// The type of a loop's body as a literal: a type of its own.
static void scan_yield(Scan *s, Type *yield) {
    if (!is_derived(s, yield)) return;
    DictType d = {yield, s->tparams, true};
    vec_push(s->low.p->stays, &s->out->types, d);
}

static void scan_yield_params(Scan *s, const Stmt *range, ObjList params) {
    Expr *one;
    ExprList lhs = unpack(range->range.lhs, &one);
    for (uint32_t i = 0; i < params.len; i++) {
        const Obj *own = i < lhs.len ? declared_at(s, syntax_unparen(lhs.v[i])) : NULL;
        scan_local(s, own ? own : params.v[i]);
    }
    for (uint32_t i = 0; i < lhs.len && i < params.len && !range->def; i++) {
        if (lower_is_blank(s->low.p, syntax_unparen(lhs.v[i]))) continue;
        scan_expr(s, lhs.v[i]);
        Type *dst = assigned_type(s, lhs.v[i]), *src = params.v[i]->type;
        if (dst && !type_identical(src, dst)) scan_itab(s, src, dst);
    }
}

// A loop over a function is a variable with the body as a literal, and a call of the function
// (cmd/compile/internal/rangefunc).
static void scan_range_func(Scan *s, const Stmt *x) {
    const Stmt *range = x->for_.init;
    const Type *loop = lower_core(type_at(s, range->range.x));
    Type *yield = lower_core(tuple_vars(loop->sig.params).v[0]->type);
    scan_yield(s, yield);
    scan_yield_params(s, range, tuple_vars(yield->sig.params));
    scan_stmts(s, x->for_.body->block.list);
    scan_expr(s, range->range.x);
}

static void scan_for(Scan *s, const Stmt *x) {
    if (lower_is_range_func(s->low.info, x)) {
        scan_range_func(s, x);
        return;
    }
    bool never = false;
    if (x->for_.init && x->for_.init->kind == STMT_RANGE) {
        scan_range(s, x->for_.init);
    } else {
        never = x->for_.cond && static_bool(&s->low, x->for_.cond) < 0;
        if (x->for_.init) scan_stmt(s, x->for_.init);
        if (x->for_.cond) scan_cond(s, x->for_.cond);
        if (x->for_.post && !never) scan_stmt(s, x->for_.post);
    }
    if (!never) scan_stmts(s, x->for_.body->block.list);
}

static void scan_if(Scan *s, const Stmt *x) {
    int known = static_bool(&s->low, x->if_.cond);
    if (x->if_.init) scan_stmt(s, x->if_.init);
    scan_cond(s, x->if_.cond);
    if (known >= 0) scan_stmts(s, x->if_.then->block.list);
    if (known <= 0 && x->if_.els) scan_stmt(s, x->if_.els);
}

static void scan_select(Scan *s, const Stmt *x) {
    for (uint32_t i = 0; i < x->select.body.len; i++) {
        const Clause *c = &x->select.body.v[i];
        if (c->comm) scan_stmt(s, c->comm);
        scan_stmts(s, c->body);
    }
}

// ---- switch

static void scan_type_switch(Scan *s, const Stmt *x) {
    Type *iface = type_at(s, x->switch_.tag->type_switch.x);
    scan_expr(s, x->switch_.tag->type_switch.x);
    for (uint32_t i = 0; i < x->switch_.body.len; i++) {
        const Clause *c = &x->switch_.body.v[i];
        Expr *one;
        ExprList cases = unpack(c->cases, &one);
        for (uint32_t k = 0; k < cases.len; k++) {
            bool nil = s->low.info->exprs[syntax_unparen(cases.v[k])->id].mode == MODE_NIL;
            if (!nil) scan_type(s, iface, cases.v[k]);
        }
        scan_local(s, s->low.info->clause_vars[c->id]);
        scan_stmts(s, c->body);
    }
}

static bool is_mixed(const Scan *s, const Stmt *x, Type *tag) {
    for (uint32_t i = 0; i < x->switch_.body.len; i++) {
        Expr *one;
        ExprList cases = unpack(x->switch_.body.v[i].cases, &one);
        for (uint32_t k = 0; k < cases.len; k++) {
            Type *t = type_at(s, cases.v[k]);
            if (!t || is_assignable(t, tag)) continue;
            if (type_is_interface(t) || type_is_interface(tag)) return true;
        }
    }
    return false;
}

// What a case or the tag of a switch is converted to.
typedef struct TagType {
    Type *type; // NULL: it stays as it is
    uint32_t mixed;
} TagType;

static void scan_tagged(Scan *s, TagType tag, const Expr *e) {
    if (tag.mixed) {
        add_itab(s, type_at(s, e), NULL, tag.mixed);
        scan_expr(s, e);
    } else {
        scan_implicit(s, tag.type, e);
    }
}

static TagType tag_type(Scan *s, const Stmt *x) {
    Type *t = x->switch_.tag ? type_at(s, x->switch_.tag) : NULL;
    if (!t || type_under(t)->kind == TYPE_CHAN) return (TagType){0};
    if (is_mixed(s, x, t)) return (TagType){NULL, ++s->mixed};
    return (TagType){t, 0};
}

static void scan_switch(Scan *s, const Stmt *x) {
    if (x->switch_.init) scan_stmt(s, x->switch_.init);
    const Expr *tag = x->switch_.tag;
    if (tag && tag->kind == EXPR_TYPE_SWITCH) {
        scan_type_switch(s, x);
        return;
    }
    const Clause *only;
    if (lower_chosen_clause(&s->low, x, &only)) {
        if (only) scan_stmts(s, only->body);
        return;
    }
    TagType to = tag_type(s, x);
    if (tag) scan_tagged(s, to, tag);
    for (uint32_t i = 0; i < x->switch_.body.len; i++) {
        Expr *one;
        ExprList cases = unpack(x->switch_.body.v[i].cases, &one);
        for (uint32_t k = 0; k < cases.len; k++) scan_tagged(s, to, cases.v[k]);
        scan_stmts(s, x->switch_.body.v[i].body);
    }
}

static void scan_stmt(Scan *s, const Stmt *x) { // flat switch
    Expr *one;
    switch ((int)x->kind) {
    case STMT_LABELED: scan_stmt(s, x->labeled.stmt); return;
    case STMT_BLOCK: scan_stmts(s, x->block.list); return;
    case STMT_EXPR: scan_expr(s, x->expr.x); return;
    case STMT_SEND:
        scan_expr(s, x->send.chan);
        scan_implicit(s, element(type_at(s, x->send.chan)), x->send.value);
        return;
    case STMT_DECL: scan_decls(s, x->decl.list); return;
    case STMT_ASSIGN: scan_assign(s, x); return;
    case STMT_CALL: scan_expr(s, x->call.call); return;
    case STMT_RETURN:
        scan_multi(s, &(Targets){.params = s->sig->sig.results}, unpack(x->ret.results, &one));
        return;
    case STMT_IF: scan_if(s, x); return;
    case STMT_FOR: scan_for(s, x); return;
    case STMT_SWITCH: scan_switch(s, x); return;
    case STMT_SELECT: scan_select(s, x); return;
    default: return;
    }
}

static void scan_reached(void *ctx, const Stmt *x, bool dead) {
    if (!dead) scan_stmt(ctx, x);
}

static void scan_stmts(Scan *s, StmtList list) { lower_each_stmt(&s->low, list, scan_reached, s); }

static void scan_vars(Scan *s, const Type *tuple) {
    ObjList vars = tuple_vars(tuple);
    for (uint32_t i = 0; i < vars.len; i++) scan_local(s, vars.v[i]);
}

static void scan_body(Scan *s, const Type *sig, const Stmt *body) {
    const Type *outer = s->sig;
    s->sig = sig;
    scan_local(s, sig->sig.recv);
    scan_vars(s, sig->sig.params);
    scan_vars(s, sig->sig.results);
    if (body) scan_stmts(s, body->block.list);
    s->sig = outer;
}

// ---- a declaration

static DictTypes *dict_types_of(Lower *l, const Obj *o) {
    DictTypes *d = ptrmap_get(&l->dict_types, o);
    if (!d) {
        d = NEW(l->p->stays, DictTypes);
        ptrmap_put(&l->dict_types, o, d);
    }
    return d;
}

void lower_scan_dict(Lower *l, const FuncDecl *f) {
    const Type *sig = f->obj->type;
    const Obj *o = f->obj;
    if (sig->sig.recv) {
        Type *t = type_unalias(sig->sig.recv->type);
        if (t->kind == TYPE_POINTER) t = type_unalias(t->pointer.elem);
        o = lower_generic_obj(t);
    }
    Scan s = {.low = {.l = l, .p = l->p, .home = l->p, .info = l->in->info},
              .tparams = sig->sig.recv ? sig->sig.rparams : sig->sig.tparams,
              .out = dict_types_of(l, o)};
    while (s.out->dummies.len < s.tparams.len)
        vec_push(l->p->stays, &s.out->dummies, irtype_any(l->p->types));
    s.mixed = s.out->mixed;
    scan_body(&s, sig, f->decl->func.body);
    s.out->mixed = s.mixed;
}
