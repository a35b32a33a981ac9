// go/types/decl.c: one declaration: its type, its constant value, its methods. Declarations are
// checked when first needed; the path of those under way finds cycles.
#include "go/types/types_internal.h"

void check_declare(Check *c, Scope *s, Expr *id, Obj *o, Pos scope_pos) {
    if (o->name != c->env->blank) {
        Obj *alt = scope_insert(c->local, s, o);
        if (alt) {
            ErrorBuilder e = error_begin(c);
            error_add(&e, o->pos, "%N redeclared in this block", o->name);
            error_add_alt(&e, alt);
            error_report(&e);
            return;
        }
        o->scope_pos = scope_pos;
    }
    if (id) record_def(c, id, o);
}

// ---- cycles

// Values may refer to each other only through functions; types only with a definition on the way.
static bool valid_cycle(Check *c, const Obj *o) {
    uint32_t start = o->path_index - 1, len = c->path.len - start, values = 0, definitions = 0;
    for (uint32_t i = start; i < c->path.len; i++) {
        const Obj *x = c->path.v[i];
        if (x->kind == OBJ_CONST || x->kind == OBJ_VAR) {
            values++;
        } else if (x->kind == OBJ_TYPE) {
            if (c->e.in_tparam_list && x->type && is_generic(x->type)) return true;
            definitions += !obj_is_alias(x);
        }
    }
    if (values == len || (!values && definitions)) return true;
    Obj **cycle = &c->path.v[start];
    cycle_error(c, cycle, len, first_in_source(c, cycle, len));
    return false;
}

static void decl_again(Check *c, Obj *o) {
    bool valid = valid_cycle(c, o);
    bool value = o->kind == OBJ_CONST || o->kind == OBJ_VAR;
    if ((!valid && o->kind != OBJ_FUNC) || (value && !o->type)) o->type = BASIC(INVALID);
    if (!o->type) BUG("an object on the path without a type");
}

static void const_decl(Check *c, Obj *o, Expr *type, Expr *init, bool inherited);
static void var_decl(Check *c, Obj *o, ObjList lhs, Expr *type, Expr *init);
static void type_decl(Check *c, Obj *o, Decl *d);
static void func_decl(Check *c, Obj *o, DeclInfo *d);

void check_obj_decl(Check *c, Obj *o) {
    if (o->path_index) {
        decl_again(c, o);
        return;
    }
    if (o->type) return;
    DeclInfo *d = o->decl;
    if (!d) BUG("an object without a declaration");
    check_push(c, o);
    Env saved = c->e;
    c->e = (Env){.scope = d->file, .version = d->version};
    if (o->kind == OBJ_CONST) {
        c->e.decl = d;
        const_decl(c, o, d->vtype, d->init, d->inherited);
    } else if (o->kind == OBJ_VAR) {
        c->e.decl = d;
        var_decl(c, o, d->lhs, d->vtype, d->init);
    } else if (o->kind == OBJ_TYPE) {
        type_decl(c, o, d->tdecl);
        collect_methods(c, o);
    } else {
        func_decl(c, o, d);
    }
    c->e = saved;
    check_pop(c);
}

// ---- constants and variables

static void const_decl(Check *c, Obj *o, Expr *type, Expr *init, bool inherited) {
    Const *saved_iota = c->e.iota;
    Pos saved_errpos = c->e.errpos;
    c->e.iota = o->value;
    c->e.errpos = 0;
    o->value = (Const *)(uintptr_t)&const_unknown;
    Type *t = type ? check_typ(c, type) : NULL;
    if (t && !is_const_type(t)) {
        if (is_valid(type_under(t))) check_error(c, at_expr(type), "invalid constant type %T", t);
        o->type = BASIC(INVALID);
    } else {
        o->type = t;
        Operand x = {0};
        if (init) {
            if (inherited) c->e.errpos = o->pos;
            check_expr(c, NULL, &x, init);
        }
        check_init_const(c, o, &x);
        bool stays = o->order && c->local != c->arena;
        if (stays) o->value = const_copy(c->arena, o->value);
    }
    c->e.iota = saved_iota;
    c->e.errpos = saved_errpos;
}

static void var_decl(Check *c, Obj *o, ObjList lhs, Expr *type, Expr *init) {
    if (type) o->type = check_var_type(c, type);
    if (!init) {
        if (!type) o->type = BASIC(INVALID);
        return;
    }
    if (lhs.len <= 1) {
        Operand x = {0};
        check_expr(c, target_new(c, o->type, name_str(c->env->names, o->name)), &x, init);
        check_init_var(c, o, &x, "variable declaration");
        return;
    }
    for (uint32_t i = 0; type && i < lhs.len; i++) lhs.v[i]->type = o->type;
    check_init_vars(c, lhs, list_of(c, init), NULL);
}

// ---- types

bool is_imported_constraint(Check *c, Type *t) {
    Type *n = type_named(t);
    if (!n || n->named.obj->pkg == c->pkg || !n->named.obj->pkg) return false;
    Type *u = type_under(n);
    return u->kind == TYPE_INTERFACE && !type_set_is_method_set(type_set(u));
}

typedef struct TypeDeclCheck {
    Obj *o;
    Expr *rhs_expr;
    Type *rhs;
    bool version_error;
} TypeDeclCheck;

static void type_decl_later(Check *c, void *ctx) {
    TypeDeclCheck *k = ctx;
    Type *n = type_named(k->o->type);
    if (n) valid_type(c, n);
    if (!k->version_error && k->rhs && is_imported_constraint(c, k->rhs))
        check_verify(c, at_expr(k->rhs_expr), 118, "using type constraint %T", k->rhs);
}

static bool has_tparam(TypeList list, Type *t) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i] == t) return true;
    return false;
}

static void open_tparam_scope(Check *c, Decl *d) {
    check_open_scope(c, d->pos, syntax_end_pos(node_decl(d)));
}

static void alias_decl(Check *c, Obj *o, Decl *d, TypeDeclCheck *k) {
    FieldList tparams = d->type.tparams;
    if (tparams.len && !check_verify(c, tparams.v[0].pos, 123, "generic type alias"))
        k->version_error = true;
    if (!k->version_error && !check_verify(c, d->pos, 109, "type alias")) k->version_error = true;
    Type *alias = new_alias(c, o, NULL);
    if (tparams.len) {
        open_tparam_scope(c, d);
        collect_tparams(c, &alias->alias.tparams, tparams);
    }
    k->rhs = check_declared_type(c, d->type.type, o);
    // A cycle may have decided already that it is invalid; the right side is then that.
    alias->alias.rhs = k->rhs;
    if (k->rhs->kind == TYPE_TPARAM && has_tparam(alias->alias.tparams, k->rhs)) {
        check_error(c, at_expr(d->type.type),
                    "cannot use type parameter declared in alias declaration as RHS");
        alias->alias.rhs = BASIC(INVALID);
    }
    if (tparams.len) check_close_scope(c);
}

static void type_decl(Check *c, Obj *o, Decl *d) {
    TypeDeclCheck *k = NEW(c->arena, TypeDeclCheck);
    *k = (TypeDeclCheck){.o = o, .rhs_expr = d->type.type};
    check_later(c, type_decl_later, k);
    if (d->alias) {
        alias_decl(c, o, d, k);
        return;
    }
    FieldList tparams = d->type.tparams;
    if (tparams.len && !check_verify(c, tparams.v[0].pos, 118, "type parameter"))
        k->version_error = true;
    Type *named = new_named(c, o);
    if (tparams.len) {
        open_tparam_scope(c, d);
        collect_tparams(c, &named->named.tparams, tparams);
    }
    k->rhs = check_declared_type(c, d->type.type, o);
    named->named.rhs = k->rhs;
    if (type_is_tparam(k->rhs)) {
        check_error(c, at_expr(d->type.type),
                    "cannot use a type parameter as RHS in type declaration");
        named->named.rhs = BASIC(INVALID);
    }
    if (tparams.len) check_close_scope(c);
}

Type *declare_tparam(Check *c, Expr *name, Pos scope_pos) {
    Obj *o = obj_new(c, OBJ_TYPE, name->pos, name->name);
    Type *t = new_tparam(c, o, BASIC(INVALID));
    check_declare(c, c->e.scope, name, o, scope_pos);
    return t;
}

// A constraint may be written without interface{ }: ~int | string.
static Type *check_bound(Check *c, Expr *x) {
    bool elem = x->kind == EXPR_OPERATION && (x->op == OP_TILDE || x->op == OP_OR);
    if (!elem) return check_typ(c, x);
    Field *f = NEW(c->arena, Field);
    f->pos = x->pos;
    f->type = x;
    Expr *iface = NEW(c->arena, Expr);
    iface->kind = EXPR_INTERFACE_TYPE;
    iface->pos = x->pos;
    iface->fields = (FieldList){f, 1};
    Type *t = check_typ(c, iface);
    if (t->kind == TYPE_INTERFACE) t->iface.implicit = true;
    return t;
}

void collect_tparams(Check *c, TypeList *dst, FieldList list) {
    TypeList tparams;
    NEW_LIST(c->arena, &tparams, list.len);
    for (uint32_t i = 0; i < list.len; i++)
        tparams.v[i] = declare_tparam(c, list.v[i].name, list.v[0].pos);
    *dst = tparams; // before the bounds are checked: they may mention the type itself
    bind_tparams(tparams);
    c->e.in_tparam_list = true;
    Type *bound = NULL;
    for (uint32_t i = 0; i < list.len; i++) {
        if (!i || list.v[i].type != list.v[i - 1].type) {
            bound = check_bound(c, list.v[i].type);
            if (type_is_tparam(bound)) {
                check_error(c, at_expr(list.v[i].type),
                            "cannot use a type parameter as constraint");
                bound = BASIC(INVALID);
            }
        }
        tparams.v[i]->tparam.bound = bound;
    }
    c->e.in_tparam_list = false;
}

// ---- methods

static Obj *find_method(const ObjVec *list, Name name) {
    for (uint32_t i = 0; i < list->len; i++)
        if (list->v[i]->name == name) return list->v[i];
    return NULL;
}

static void check_field_uniqueness(Check *c, void *ctx) {
    Type *base = ctx, *s = under_as(base, TYPE_STRUCT);
    if (!s) return;
    ObjVec methods = {0};
    for (uint32_t i = 0; i < base->named.methods.len; i++)
        vec_push(c->arena, &methods, base->named.methods.v[i]);
    for (uint32_t i = 0; i < s->strct.fields.len; i++) {
        Obj *f = s->strct.fields.v[i], *m = find_method(&methods, f->name);
        if (f->name == c->env->blank || !m) continue;
        ErrorBuilder e = error_begin(c);
        error_add(&e, m->pos, "field and method with the same name %N", f->name);
        error_add_alt(&e, f);
        error_report(&e);
    }
}

void collect_methods(Check *c, Obj *o) {
    ObjVec *methods = ptrmap_get(&c->methods, o);
    if (!methods) return;
    ptrmap_put(&c->methods, o, NULL);
    Type *base = type_named(o->type);
    if (base) check_later(c, check_field_uniqueness, base);
    ObjVec seen = {0};
    for (uint32_t i = 0; i < methods->len; i++) {
        Obj *m = methods->v[i], *alt = find_method(&seen, m->name);
        if (alt) {
            check_error(c, m->pos, "method %N.%N already declared at %P", o->name, m->name,
                        alt->pos);
            continue;
        }
        vec_push(c->arena, &seen, m);
        if (base) named_add_method(c, base, m);
    }
}

// ---- functions

typedef struct BodyCheck {
    DeclInfo *decl;
    Type *sig;
} BodyCheck;

static void body_later(Check *c, void *ctx) {
    BodyCheck *k = ctx;
    check_declared_body(c, k->decl, k->sig);
}

static void func_decl(Check *c, Obj *o, DeclInfo *d) {
    Type *sig = type_new(c, TYPE_SIGNATURE);
    o->type = sig; // guards against cycles
    Decl *f = d->fdecl;
    check_func_type(c, sig, f->func.recv, f->func.tparams, f->func.type);
    sig->sig.scope->pos = f->pos;
    sig->sig.scope->end = syntax_end_pos(node_decl(f));
    if (f->func.tparams.len && !f->func.body)
        check_soft_error(c, f->pos, "generic function is missing function body");
    if (c->cfg->ignore_bodies || !f->func.body) return;
    BodyCheck *k = NEW(c->arena, BodyCheck);
    *k = (BodyCheck){d, sig};
    check_later(c, body_later, k);
}

// ---- declarations in bodies

typedef struct LocalConsts {
    int first;
    Decl *last;
} LocalConsts;

static void local_consts(Check *c, DeclList list, uint32_t index, LocalConsts *k) {
    Decl *s = list.v[index];
    uint32_t top = c->delayed.len;
    if (k->first < 0 || !s->group || list.v[index - 1]->group != s->group) {
        k->first = (int)index;
        k->last = NULL;
    }
    bool own = s->value.type || s->value.values, inherited = !own && k->last;
    if (own) k->last = s;
    ExprList names = s->value.names,
             values = k->last ? list_of(c, k->last->value.values) : (ExprList){0};
    ObjList lhs;
    NEW_LIST(c->local, &lhs, names.len);
    for (uint32_t i = 0; i < names.len; i++) {
        lhs.v[i] = obj_new(c, OBJ_CONST, names.v[i]->pos, names.v[i]->name);
        lhs.v[i]->value = const_i64(c->local, (int64_t)index - k->first);
        const_decl(c, lhs.v[i], k->last ? k->last->value.type : NULL,
                   i < values.len ? values.v[i] : NULL, inherited);
    }
    check_arity(c, s->pos, names, values, true, inherited);
    check_process_delayed(c, top);
    Pos scope_pos = syntax_end_pos(node_decl(s));
    for (uint32_t i = 0; i < names.len; i++)
        check_declare(c, c->e.scope, names.v[i], lhs.v[i], scope_pos);
}

static void local_vars(Check *c, Decl *s) {
    uint32_t top = c->delayed.len;
    ExprList names = s->value.names, values = list_of(c, s->value.values);
    ObjList all, none = {0};
    NEW_LIST(c->local, &all, names.len);
    for (uint32_t i = 0; i < names.len; i++)
        all.v[i] = var_new(c, VAR_LOCAL, names.v[i]->pos, names.v[i]->name, NULL);
    for (uint32_t i = 0; i < names.len; i++) {
        bool shared = values.len == 1 && names.len != 1;
        Expr *init = shared ? values.v[0] : i < values.len ? values.v[i] : NULL;
        var_decl(c, all.v[i], shared ? all : none, s->value.type, init);
        if (values.len == 1) break; // the rest went along
    }
    if (!s->value.type || values.len) check_arity(c, s->pos, names, values, false, false);
    check_process_delayed(c, top);
    Pos scope_pos = syntax_end_pos(node_decl(s));
    for (uint32_t i = 0; i < names.len; i++) {
        if (!all.v[i]->type) all.v[i]->type = BASIC(INVALID);
        check_declare(c, c->e.scope, names.v[i], all.v[i], scope_pos);
    }
}

static void local_type(Check *c, Decl *s) {
    Expr *name = s->type.name;
    Obj *o = obj_new(c, OBJ_TYPE, name->pos, name->name);
    check_declare(c, c->e.scope, name, o, name->pos);
    check_push(c, o);
    type_decl(c, o, s);
    check_pop(c);
}

void check_decl_stmt(Check *c, DeclList list) {
    LocalConsts k = {.first = -1};
    for (uint32_t i = 0; i < list.len; i++) {
        Decl *s = list.v[i];
        if (s->kind != DECL_CONST) k.first = -1;
        switch (s->kind) {
        case DECL_CONST: local_consts(c, list, i, &k); break;
        case DECL_VAR: local_vars(c, s); break;
        case DECL_TYPE: local_type(c, s); break;
        case DECL_IMPORT:
        case DECL_FUNC: check_error(c, s->pos, "unknown syntax.Decl node"); break;
        }
    }
}
