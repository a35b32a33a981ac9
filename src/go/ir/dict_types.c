// go/ir/dict_types.c: the types and instances a generic declaration's dictionaries hold. Who makes
// a dictionary meets them: instances in it are made, and wrappers for its types. Rules:
// noder/writer.go (rtype, itab, convRTTI, varDictIndex, subdictIdx), noder/reader.go dictNameOf.
#include "go/ir/lower_internal.h"

typedef struct Scan {
    Lower *l;
    const TypesInfo *info;
    TypeList tparams;
    DictTypes *out;
    VEC(Type *) results; // of the functions being scanned, innermost last
} Scan;

static Type *type_at(const Scan *s, const Expr *e) {
    e = syntax_unparen(e);
    if (e->kind == EXPR_NAME && s->info->instances[e->id]) return s->info->instances[e->id]->type;
    return s->info->exprs[e->id].type;
}

static bool is_derived(Scan *s, Type *t) {
    IrEnv env = {.tparams = s->tparams};
    env.targs.v = s->out->dummies.v;
    env.targs.len = s->tparams.len;
    return t && t->kind != TYPE_TUPLE && irtype_depends(s->l->p->types, &env, t);
}

static void hold(Scan *s, Type *t) {
    if (!is_derived(s, t)) return;
    for (uint32_t i = 0; i < s->out->types.len; i++)
        if (s->out->types.v[i].type == t) return;
    DictType d = {t, s->tparams};
    vec_push(s->l->p->stays, &s->out->types, d);
}

static void converted(Scan *s, Type *src, Type *dst) {
    if (!src || !dst || src->kind == TYPE_TUPLE || type_identical(src, dst)) return;
    hold(s, src);
    hold(s, dst);
}

Type *lower_core(Type *t) {
    t = type_under(type_unalias(t));
    if (t->kind != TYPE_INTERFACE) return t;
    TypeSet *set = type_set(t);
    for (uint32_t i = 0; i < set->terms.len; i++)
        if (set->terms.v[i].type) return type_under(set->terms.v[i].type);
    return t;
}

static Type *element(Type *t) {
    Type *u = lower_core(t);
    return u->kind == TYPE_SLICE   ? u->slice.elem
           : u->kind == TYPE_ARRAY ? u->array.elem
           : u->kind == TYPE_MAP   ? u->map.elem
           : u->kind == TYPE_CHAN  ? u->chan.elem
                                   : NULL;
}

static void hold_map(Scan *s, Type *t) {
    if (t && lower_core(t)->kind == TYPE_MAP) hold(s, t);
}

// ---- calls

static void scan_builtin(Scan *s, const Expr *e, BuiltinId id) {
    ExprList args = e->call.args;
    Type *t = args.len ? type_at(s, args.v[0]) : NULL;
    switch ((int)id) {
    case BUILTIN_MAKE:
        hold(s, t);
        if (lower_core(t)->kind == TYPE_SLICE) hold(s, element(t));
        return;
    case BUILTIN_NEW:
        if (s->info->exprs[syntax_unparen(args.v[0])->id].mode == MODE_TYPE) hold(s, t);
        return;
    case BUILTIN_APPEND: {
        Type *elem = element(type_at(s, e));
        hold(s, elem);
        for (uint32_t i = 1; i < args.len && !e->has_dots; i++)
            converted(s, type_at(s, args.v[i]), elem);
        return;
    }
    case BUILTIN_COPY: hold(s, t ? element(t) : NULL); return;
    case BUILTIN_DELETE: hold(s, t); return;
    default: return;
    }
}

static void scan_args(Scan *s, const Expr *e, const Type *sig) {
    ObjList params = tuple_vars(sig->sig.params);
    for (uint32_t i = 0; i < e->call.args.len && params.len; i++) {
        bool rest = sig->sig.variadic && !e->has_dots && i + 1 >= params.len;
        Type *want = params.v[rest ? params.len - 1 : i < params.len ? i : params.len - 1]->type;
        converted(s, type_at(s, e->call.args.v[i]), rest ? element(want) : want);
    }
}

static void scan_call(Scan *s, const Expr *e) {
    const Expr *fun = syntax_unparen(e->call.fn);
    const TypeAndValue *tv = &s->info->exprs[fun->id];
    if (tv->mode == MODE_TYPE) {
        hold(s, type_at(s, e->call.args.v[0]));
        hold(s, tv->type);
        return;
    }
    if (tv->mode == MODE_BUILTIN) {
        const Expr *name = fun->kind == EXPR_SELECTOR ? fun->selector.sel : fun;
        scan_builtin(s, e, s->info->names[name->id]->builtin);
        return;
    }
    Type *t = type_at(s, fun);
    if (fun->kind == EXPR_INDEX) t = type_at(s, fun->index.x);
    if (fun->kind == EXPR_SELECTOR && s->info->instances[fun->selector.sel->id])
        t = s->info->instances[fun->selector.sel->id]->type;
    if (t && lower_core(t)->kind == TYPE_SIGNATURE) scan_args(s, e, lower_core(t));
}

// ---- other expressions

static void scan_composite(Scan *s, const Expr *e) {
    Type *t = type_at(s, e);
    if (lower_core(t)->kind == TYPE_POINTER) t = lower_core(t)->pointer.elem;
    Type *u = lower_core(t), *elem = element(t);
    hold_map(s, t);
    for (uint32_t i = 0; i < e->composite.elems.len; i++) {
        const Expr *x = e->composite.elems.v[i];
        Type *want = elem;
        if (u->kind == TYPE_STRUCT) {
            const Obj *f = x->kind == EXPR_KEY_VALUE ? s->info->names[x->key_value.key->id]
                           : i < u->strct.fields.len ? u->strct.fields.v[i]
                                                     : NULL;
            want = f ? f->type : NULL;
        } else if (x->kind == EXPR_KEY_VALUE && u->kind == TYPE_MAP) {
            converted(s, type_at(s, x->key_value.key), u->map.key);
        }
        converted(s, type_at(s, x->kind == EXPR_KEY_VALUE ? x->key_value.value : x), want);
    }
}

static void scan_name(Scan *s, const Expr *e) {
    const Obj *o = s->info->names[e->id];
    if (o && o->kind == OBJ_VAR && o->pos == e->pos && o->var_kind != VAR_FIELD) hold(s, o->type);
}

static void scan_instance(Scan *s, const Expr *e, Obj *o) {
    const Instance *inst = s->info->instances[e->id];
    if (!inst || !o || o->kind != OBJ_FUNC) return;
    bool derived = false;
    for (uint32_t i = 0; i < inst->targs.len; i++) derived |= is_derived(s, inst->targs.v[i]);
    if (!derived) return;
    DictSub d = {o, inst->targs, s->tparams};
    vec_push(s->l->p->stays, &s->out->subs, d);
}

static void scan_method(Scan *s, const Expr *e) { // of a generic type: its dictionary is needed
    const Selection *sel = s->info->selections[e->id];
    if (!sel || sel->kind == FIELD_VAL || !sel->obj->type->sig.recv) return;
    Type *t = type_unalias(sel->obj->type->sig.recv->type);
    if (t->kind == TYPE_POINTER) t = type_unalias(t->pointer.elem);
    if (t->kind != TYPE_NAMED || !t->named.targs.len || !is_derived(s, t)) return;
    DictSub d = {t->named.origin->named.obj, t->named.targs, s->tparams};
    vec_push(s->l->p->stays, &s->out->subs, d);
}

static void scan_operation(Scan *s, const Expr *e) {
    if (!e->operation.y || e->op == OP_SHL || e->op == OP_SHR) return;
    Type *x = type_at(s, e->operation.x), *y = type_at(s, e->operation.y);
    if (x && y && x->kind != TYPE_BASIC && y->kind != TYPE_BASIC) converted(s, x, y);
}

static void scan_expr(Scan *s, const Expr *e) { // flat switch
    switch ((int)e->kind) {
    case EXPR_NAME:
        scan_name(s, e);
        scan_instance(s, e, s->info->names[e->id]);
        return;
    case EXPR_COMPOSITE: scan_composite(s, e); return;
    case EXPR_CALL: scan_call(s, e); return;
    case EXPR_SELECTOR: scan_method(s, e); return;
    case EXPR_OPERATION: scan_operation(s, e); return;
    case EXPR_INDEX: hold_map(s, type_at(s, e->index.x)); return;
    case EXPR_ASSERT:
        hold(s, type_at(s, e->assert.type));
        hold(s, type_at(s, e->assert.x));
        return;
    default: return;
    }
}

// ---- statements

static void scan_assign(Scan *s, const Expr *lhs, const Expr *rhs) {
    if (!lhs || !rhs) return;
    Expr *one_left, *one_right;
    ExprList left = syntax_unpack_list((Expr *)(uintptr_t)lhs, &one_left);
    ExprList right = syntax_unpack_list((Expr *)(uintptr_t)rhs, &one_right);
    for (uint32_t i = 0; i < left.len && left.len == right.len; i++) {
        const Expr *x = syntax_unparen(left.v[i]);
        const Obj *o = x->kind == EXPR_NAME ? s->info->names[x->id] : NULL;
        Type *dst = o ? o->type : x->kind == EXPR_NAME ? NULL : type_at(s, x);
        converted(s, type_at(s, right.v[i]), dst);
    }
}

static void scan_return(Scan *s, const Stmt *x) {
    if (!x->ret.results || !s->results.len || !vec_last(&s->results)) return;
    Expr *one;
    ExprList list = syntax_unpack_list(x->ret.results, &one);
    ObjList vars = vec_last(&s->results)->tuple.vars;
    for (uint32_t i = 0; i < list.len && i < vars.len; i++)
        converted(s, type_at(s, list.v[i]), vars.v[i]->type);
}

static void scan_cases(Scan *s, const Stmt *x) {
    const Expr *tag = x->switch_.tag;
    if (!tag || tag->kind != EXPR_TYPE_SWITCH) return;
    for (uint32_t i = 0; i < x->switch_.body.len; i++) {
        const Clause *c = &x->switch_.body.v[i];
        Expr *one;
        ExprList cases = c->cases ? syntax_unpack_list(c->cases, &one) : (ExprList){0};
        for (uint32_t k = 0; k < cases.len; k++) hold(s, type_at(s, cases.v[k]));
        if (s->info->clause_vars[c->id]) hold(s, s->info->clause_vars[c->id]->type);
    }
}

static void scan_stmt(Scan *s, const Stmt *x) { // flat switch
    switch ((int)x->kind) {
    case STMT_ASSIGN: scan_assign(s, x->assign.lhs, x->assign.rhs); return;
    case STMT_RETURN: scan_return(s, x); return;
    case STMT_SWITCH: scan_cases(s, x); return;
    case STMT_RANGE: hold_map(s, type_at(s, x->range.x)); return;
    case STMT_SEND:
        converted(s, type_at(s, x->send.value), element(type_at(s, x->send.chan)));
        return;
    default: return;
    }
}

static Type *signature_results(const Scan *s, const Expr *lit) {
    Type *t = s->info->exprs[lit->id].type;
    return t ? type_under(t)->sig.results : NULL;
}

static bool scan_visit(void *ctx, SyntaxNode n) {
    Scan *s = ctx;
    if (n.tag == TREE_EXPR) {
        if (n.expr->kind == EXPR_FUNC_LIT)
            vec_push(s->l->p->scratch, &s->results, signature_results(s, n.expr));
        scan_expr(s, n.expr);
    }
    if (n.tag == TREE_STMT) scan_stmt(s, n.stmt);
    return true;
}

static void scan_leave(void *ctx, SyntaxNode n) {
    Scan *s = ctx;
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_FUNC_LIT) s->results.len--;
}

static void hold_vars(Scan *s, const Type *tuple) {
    ObjList vars = tuple_vars(tuple);
    for (uint32_t i = 0; i < vars.len; i++) hold(s, vars.v[i]->type);
}

static void scan_function(Scan *s, const FuncDecl *d) {
    const Type *sig = d->obj->type;
    s->tparams = sig->sig.recv ? sig->sig.rparams : sig->sig.tparams;
    while (s->out->dummies.len < s->tparams.len)
        vec_push(s->l->p->stays, &s->out->dummies, irtype_any(s->l->p->types));
    if (sig->sig.recv) hold(s, sig->sig.recv->type);
    hold_vars(s, sig->sig.params);
    hold_vars(s, sig->sig.results);
    s->results.len = 0;
    vec_push(s->l->p->scratch, &s->results, sig->sig.results);
    SyntaxWalk walk = {scan_visit, scan_leave, s};
    if (d->decl->func.body) syntax_walk(node_stmt(d->decl->func.body), &walk);
}

// Scanned when its package is lowered: o is a generic function or a generic type with its methods.
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
        o = t->named.origin ? t->named.origin->named.obj : t->named.obj;
    }
    Scan s = {.l = l, .info = l->in->info, .out = dict_types_of(l, o)};
    scan_function(&s, f);
}

// ---- a dictionary is made

static bool first_time(Lower *l, const Obj *o, IrTypeList targs) {
    Str key = {(const char *)arena_push(l->p->scratch, targs.len + 1, sizeof(void *), 8),
               (targs.len + 1) * sizeof(void *)};
    const void **words = (const void **)(uintptr_t)key.ptr;
    words[0] = o;
    for (uint32_t i = 0; i < targs.len; i++) words[i + 1] = targs.v[i]->canon;
    uint32_t *seen = strmap_put(&l->dicts_done, key);
    return !(*seen)++;
}

void lower_meet_dict(Lower *l, const Obj *o, IrTypeList targs, uint32_t implicits) {
    if (implicits || !first_time(l, o, targs)) return;
    const IrPkg *home = o->pkg->ir;
    const DictTypes *d = home ? ptrmap_get(&lower_of(home)->dict_types, o) : NULL;
    if (!d) return;
    for (uint32_t i = 0; i < d->subs.len; i++) {
        const DictSub *sub = &d->subs.v[i];
        IrEnv env = {.tparams = sub->tparams, .targs = targs, .arena = l->p->scratch};
        IrTypeList list = {NEW_ARRAY(l->p->arena, IrType *, sub->targs.len + 1), sub->targs.len};
        for (uint32_t k = 0; k < list.len; k++) {
            list.v[k] = irtype_of(l->p->types, &env, sub->targs.v[k]);
            lower_meet_type(l, list.v[k]);
        }
        lower_meet_dict(l, sub->obj, list, 0);
    }
    for (uint32_t i = 0; i < d->types.len; i++) {
        IrEnv env = {.tparams = d->types.v[i].tparams, .targs = targs, .arena = l->p->scratch};
        lower_meet_type(l, irtype_of(l->p->types, &env, d->types.v[i].type));
    }
}
