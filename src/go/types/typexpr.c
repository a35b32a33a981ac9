// go/types/typexpr.c: names, and expressions that denote types.
#include "go/types/types_internal.h"

static bool ident_version(Check *c, Expr *e, const Obj *o) {
    bool new_name =
        o == c->env->comparable_obj || (o->name == c->env->any && o->parent == c->env->universe);
    return !new_name || check_verify(c, at_expr(e), 118, "predeclared %N", e->name);
}

static void use_dot_import(Check *c, const Scope *scope, const Obj *o) {
    struct Dot {
        Scope *scope;
        Obj *pkg_name;
        struct Dot *next;
    } *d = ptrmap_get(&c->dot_imports, o);
    for (; d; d = d->next)
        if (d->scope == scope) d->pkg_name->used = true;
}

static void ident_const(Check *c, Operand *x, Expr *e, Obj *o) {
    check_add_dep(c, o);
    if (!is_valid(o->type)) return;
    x->value = o->value;
    if (o == c->env->iota_obj) {
        if (!c->e.iota) {
            check_error(c, at_expr(e), "cannot use iota outside constant declaration");
            return;
        }
        x->value = c->e.iota;
    }
    x->mode = MODE_CONST;
}

static void ident_mode(Check *c, Operand *x, Expr *e, Obj *o) {
    switch (o->kind) {
    case OBJ_PKG: check_error(c, at_expr(e), "use of package %N not in selector", o->name); return;
    case OBJ_CONST: ident_const(c, x, e, o); break;
    case OBJ_TYPE: x->mode = MODE_TYPE; break;
    case OBJ_VAR:
        if (o->pkg == c->pkg) o->used = true;
        check_add_dep(c, o);
        if (!is_valid(o->type)) return;
        x->mode = MODE_VARIABLE;
        break;
    case OBJ_FUNC:
        check_add_dep(c, o);
        x->mode = MODE_VALUE;
        break;
    case OBJ_BUILTIN:
        x->id = o->builtin;
        x->mode = MODE_BUILTIN;
        break;
    case OBJ_NIL: x->mode = MODE_NIL; break;
    case OBJ_LABEL: BUG("a label in a scope");
    }
    if (x->mode != MODE_INVALID) x->type = o->type;
}

void check_ident(Check *c, Operand *x, Expr *e, bool want_type) {
    x->mode = MODE_INVALID;
    x->expr = e;
    Scope *scope = NULL;
    Obj *o = check_lookup(c, e->name, &scope);
    if (!o) {
        if (e->name == c->env->blank)
            check_error(c, at_expr(e), "cannot use _ as value or type");
        else if (name_is_valid(name_str(c->env->names, e->name)))
            check_error(c, at_expr(e), "undefined: %N", e->name);
        return;
    }
    if (!ident_version(c, e, o)) return;
    record_use(c, e, o);
    bool got_type = o->kind == OBJ_TYPE;
    if (!got_type && want_type) {
        check_error(c, at_expr(e), "%N (%s) is not a type", o->name, object_kind(o));
        if (o->kind == OBJ_VAR && o->pkg == c->pkg) o->used = true;
        return;
    }
    if (!o->type || (got_type && want_type && o->pkg == c->pkg && (o->decl || o->path_index)))
        check_obj_decl(c, o);
    if (c->dot_imports.count && o->pkg != c->pkg) use_dot_import(c, scope, o);
    ident_mode(c, x, e, o);
}

Type *check_typ(Check *c, Expr *e) { return check_declared_type(c, e, NULL); }

Type *check_var_type(Check *c, Expr *e) {
    Type *t = check_declared_type(c, e, NULL);
    check_valid_var_type(c, e, t);
    return t;
}

typedef struct VarTypeCheck {
    Expr *e;
    Type *t;
} VarTypeCheck;

static void var_type_later(Check *c, void *ctx) {
    VarTypeCheck *k = ctx;
    Type *u = type_under(k->t);
    if (u->kind != TYPE_INTERFACE) return;
    Pos pos = at_expr(k->e);
    TypeSet *set = iface_type_set(c, pos, u);
    if (type_set_is_method_set(set)) return;
    check_soft_error(c, pos, "cannot use type %T outside a type constraint: interface %s", k->t,
                     set->comparable ? "is (or embeds) comparable" : "contains type constraints");
}

void check_valid_var_type(Check *c, Expr *e, Type *t) {
    Type *u = type_unalias(t);
    // Only names and interface literals can turn out to be interfaces.
    if (!u || (u->kind != TYPE_NAMED && u->kind != TYPE_INTERFACE) || u == &empty_interface) return;
    VarTypeCheck *k = NEW(c->local, VarTypeCheck);
    *k = (VarTypeCheck){e, t};
    check_later(c, var_type_later, k);
}

static Type *typ_internal(Check *c, Expr *e, Obj *def);

Type *check_declared_type(Check *c, Expr *e, Obj *def) {
    Type *t = typ_internal(c, e, def);
    if (is_generic(t)) {
        check_error(c, at_expr(e), "cannot use generic type %T without instantiation", t);
        t = BASIC(INVALID);
    }
    record_type(c, e, MODE_TYPE, t, NULL);
    return t;
}

Type *check_generic_type(Check *c, Expr *e, Str *cause) {
    Type *t = typ_internal(c, e, NULL);
    if (is_valid(t) && !is_generic(t)) {
        *cause = check_format(c, "%T is not a generic type", t);
        t = BASIC(INVALID);
    }
    record_type(c, e, MODE_TYPE, t, NULL);
    return t;
}

static Type *type_of_operand(Check *c, Operand *x) {
    if (x->mode == MODE_TYPE) return x->type;
    if (x->mode == MODE_NOVALUE)
        check_error(c, at_operand(x), "%O used as type", x);
    else if (x->mode != MODE_INVALID)
        check_error(c, at_operand(x), "%O is not a type", x);
    return BASIC(INVALID);
}

// ---- array lengths

static int64_t array_length(Check *c, Expr *e) {
    if (e->kind == EXPR_NAME) {
        Obj *o = check_lookup(c, e->name, NULL);
        if (!o) {
            check_error(c, at_expr(e), "undefined array length %N or missing type constraint",
                        e->name);
            return -1;
        }
        if (o->kind != OBJ_CONST) {
            check_error(c, at_expr(e), "invalid array length %N", e->name);
            return -1;
        }
    }
    Operand x = {0};
    check_expr(c, NULL, &x, e);
    if (x.mode != MODE_CONST) {
        if (x.mode != MODE_INVALID)
            check_error(c, at_operand(&x), "array length %O must be constant", &x);
        return -1;
    }
    int64_t n;
    if (is_untyped(x.type) || is_integer(x.type)) {
        Const *v = const_to_int(c->local, x.value);
        if (const_kind(v) == CONST_INT && representable_const(c, v, BASIC(INT), NULL) &&
            const_to_i64_exact(v, &n) && n >= 0)
            return n;
    }
    check_error(c, at_operand(&x),
                is_integer(x.type) ? "invalid array length %O" : "array length %O must be integer",
                &x);
    return -1;
}

static Type *array_type(Check *c, Expr *e) {
    Type *t = type_new(c, TYPE_ARRAY);
    if (e->array_type.len) {
        t->array.len = array_length(c, e->array_type.len);
    } else {
        check_error(c, at_expr(e), "invalid use of [...] array (outside a composite literal)");
        t->array.len = -1;
    }
    t->array.elem = check_var_type(c, e->array_type.elem);
    return t->array.len >= 0 ? t : BASIC(INVALID);
}

// ---- maps

typedef struct MapKeyCheck {
    Expr *e;
    Type *t;
} MapKeyCheck;

static void map_key_later(Check *c, void *ctx) {
    MapKeyCheck *k = ctx;
    if (type_comparable(k->t->map.key)) return;
    check_error(c, at_expr(k->e), "invalid map key type %T%s", k->t->map.key,
                type_is_tparam(k->t->map.key) ? " (missing comparable constraint)" : "");
}

static Type *map_type(Check *c, Expr *e) {
    Type *t = type_new(c, TYPE_MAP);
    t->map.key = check_var_type(c, e->map_type.key);
    t->map.elem = check_var_type(c, e->map_type.value);
    MapKeyCheck *k = NEW(c->local, MapKeyCheck);
    *k = (MapKeyCheck){e->map_type.key, t};
    check_later(c, map_key_later, k);
    return t;
}

// ---- instances

bool check_type_list(Check *c, ExprList list, TypeList *out) {
    bool ok = true;
    NEW_LIST(c->arena, out, list.len);
    for (uint32_t i = 0; i < list.len; i++) {
        out->v[i] = check_var_type(c, list.v[i]);
        ok &= is_valid(out->v[i]);
    }
    return ok;
}

typedef struct InstanceCheck {
    Expr *x;
    ExprList xlist;
    TypeList targs;
    Type *inst;
} InstanceCheck;

static void instance_later(Check *c, void *ctx) {
    InstanceCheck *k = ctx;
    Type *t = k->inst;
    record_instance(c, k->x, k->targs, t);
    bool named = t->kind == TYPE_NAMED;
    const Obj *o = named ? named_origin(t)->named.obj : t->alias.origin->alias.obj;
    TypeList tparams = named ? named_tparams(t) : t->alias.tparams;
    Pos pos = k->x->pos;
    if (!check_targ_len(c, pos, name_str(c->env->names, o->name), tparams.len, k->targs.len))
        return;
    Str cause;
    int i = check_verify_targs(c, pos, tparams, k->targs, &cause);
    if (i < 0) {
        mono_record(c, pos, tparams, k->targs, k->xlist);
        return;
    }
    if ((uint32_t)i < k->xlist.len) pos = at_expr(k->xlist.v[i]);
    check_soft_error(c, pos, "%S", cause);
}

static Str expr_list_string(Check *c, ExprList list) {
    Buf b = buf_new(c->arena);
    buf_byte(&b, '[');
    for (uint32_t i = 0; i < list.len; i++) {
        if (i) buf_lit(&b, ", ");
        syntax_write(&b, c->env->names, node_expr(list.v[i]));
    }
    buf_byte(&b, ']');
    return buf_view(&b);
}

static Type *instantiated_type(Check *c, Expr *x, ExprList xlist) {
    Str cause = STR("");
    Type *generic = check_generic_type(c, x, &cause);
    if (cause.len)
        check_error(c, at_expr(x), "invalid operation: %E%S (%S)", x, expr_list_string(c, xlist),
                    cause);
    if (!is_valid(generic)) return generic;
    TypeList targs;
    if (!check_type_list(c, xlist, &targs)) return BASIC(INVALID);
    Type *t = check_instance(c, x->pos, generic, targs);
    if (t->kind != TYPE_NAMED && t->kind != TYPE_ALIAS) return BASIC(INVALID);
    InstanceCheck *k = NEW(c->local, InstanceCheck);
    *k = (InstanceCheck){x, xlist, targs, t};
    check_later(c, instance_later, k);
    return t;
}

static Type *pointer_type(Check *c, Expr *e) {
    Type *t = new_pointer(c, BASIC(INVALID));
    t->pointer.elem = check_var_type(c, e->operation.x);
    return is_valid(t->pointer.elem) ? t : BASIC(INVALID);
}

static Type *not_a_type(Check *c, Expr *e) {
    check_error(c, at_expr(e), "%E is not a type", e);
    check_use1(c, e, false);
    return BASIC(INVALID);
}

static Type *typ_internal(Check *c, Expr *e, Obj *def) { // flat switch
    Operand x = {0};
    Type *t;
    switch (e->kind) {
    case EXPR_BAD: return BASIC(INVALID);
    case EXPR_NAME: check_ident(c, &x, e, true); return type_of_operand(c, &x);
    case EXPR_SELECTOR: check_selector(c, &x, e, true); return type_of_operand(c, &x);
    case EXPR_INDEX:
        check_verify(c, at_expr(e), 118, "type instantiation");
        return instantiated_type(c, e->index.x, list_of(c, e->index.index));
    case EXPR_PAREN: return check_declared_type(c, e->paren.x, def);
    case EXPR_ARRAY_TYPE: return array_type(c, e);
    case EXPR_SLICE_TYPE:
        t = new_slice(c, NULL);
        t->slice.elem = check_var_type(c, e->elem_type.elem);
        return t;
    case EXPR_DOTS_TYPE:
        check_error(c, at_expr(e), "invalid syntax tree: invalid use of ...");
        return BASIC(INVALID);
    case EXPR_STRUCT_TYPE:
        t = type_new(c, TYPE_STRUCT);
        check_struct_type(c, t, e);
        return t;
    case EXPR_OPERATION:
        return e->op == OP_MUL && !e->operation.y ? pointer_type(c, e) : not_a_type(c, e);
    case EXPR_FUNC_TYPE:
        t = type_new(c, TYPE_SIGNATURE);
        check_func_type(c, t, NULL, (FieldList){0}, e);
        return t;
    case EXPR_INTERFACE_TYPE:
        t = new_interface(c);
        check_interface_type(c, t, e, def);
        return t;
    case EXPR_MAP_TYPE: return map_type(c, e);
    case EXPR_CHAN_TYPE:
        t = type_new(c, TYPE_CHAN);
        t->chan.dir = e->dir;
        t->chan.elem = check_var_type(c, e->elem_type.elem);
        return t;
    case EXPR_LIT:
    case EXPR_COMPOSITE:
    case EXPR_KEY_VALUE:
    case EXPR_FUNC_LIT:
    case EXPR_SLICE:
    case EXPR_ASSERT:
    case EXPR_TYPE_SWITCH:
    case EXPR_CALL:
    case EXPR_LIST: return not_a_type(c, e);
    }
    BUG("expression kind %d", e->kind);
}
