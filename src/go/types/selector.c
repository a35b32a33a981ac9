// go/types/selector.c: x.f: a package's member, a field, a method value or a method expression.
#include "go/types/types_internal.h"

static const char *const cgo_prefixes[] = {"_Ciconst_", "_Cfconst_",   "_Csconst_", "_Ctype_",
                                           "_Cvar_",    "_Cfpvar_fp_", "_Cfunc_",   "_Cmacro_"};

static Obj *cgo_member(Check *c, Str sel, Mode *func_mode) {
    if (str_eq(sel, STR("malloc")))
        sel = STR("_CMalloc");
    else
        *func_mode = MODE_CGOFUNC;
    for (size_t i = 0; i < COUNT(cgo_prefixes); i++) {
        Str full = str_join2(c->arena, str_c(cgo_prefixes[i]), sel);
        Obj *o = check_lookup(c, name_intern(c->env->names, full), NULL);
        if (o) return o;
    }
    return NULL;
}

static Obj *similar_member(Check *c, const Pkg *pkg, Str sel) {
    Obj *best = NULL; // first by name
    for (uint32_t i = 0; i < pkg->scope->objs.len; i++) {
        Obj *o = pkg->scope->objs.v[i];
        Str name = name_str(c->env->names, o->name);
        if (!o->exported || !name_fold_equal(name, sel)) continue;
        if (!best || str_cmp(name, name_str(c->env->names, best->name)) < 0) best = o;
    }
    return best;
}

static Obj *undefined_member(Check *c, Expr *e, Pkg *pkg) {
    const Expr *sel = e->selector.sel;
    Str name = name_str(c->env->names, sel->name);
    if (pkg->fake || !name_is_valid(name)) return NULL;
    Obj *alt = pkg->cgo ? NULL : similar_member(c, pkg, name);
    if (alt)
        check_error(c, at_expr(sel), "undefined: %E (but have %N)", e, alt->name);
    else
        check_error(c, at_expr(sel), "undefined: %E", e);
    return NULL;
}

static Obj *pkg_member(Check *c, Expr *e, Pkg *pkg, Mode *func_mode) {
    Expr *sel = e->selector.sel;
    Str name = name_str(c->env->names, sel->name);
    Obj *o = pkg->cgo ? cgo_member(c, name, func_mode) : scope_lookup(pkg->scope, sel->name);
    if (!o) return undefined_member(c, e, pkg);
    if (pkg->cgo)
        check_obj_decl(c, o);
    else if (!o->exported && !pkg->fake && !in_export_data(c, o))
        return undefined_member(c, e, pkg);
    else if (!o->exported)
        check_error(c, at_expr(sel), "name %N not exported by package %N", sel->name, pkg->name);
    return o;
}

static void use_member(Check *c, Operand *x, Obj *o, bool cgo, Mode func_mode) {
    Str name = name_str(c->env->names, o->name);
    x->type = o->type;
    switch (o->kind) {
    case OBJ_CONST:
        x->mode = MODE_CONST;
        x->value = o->value;
        return;
    case OBJ_TYPE: x->mode = MODE_TYPE; return;
    case OBJ_VAR:
        x->mode = MODE_VARIABLE;
        if (cgo && str_starts(name, STR("_Cvar_"))) x->type = x->type->pointer.elem;
        return;
    case OBJ_FUNC:
        x->mode = func_mode;
        if (cgo && str_starts(name, STR("_Cmacro_"))) {
            x->mode = MODE_VALUE;
            x->type = x->type->sig.results->tuple.vars.v[0]->type;
        }
        return;
    case OBJ_BUILTIN:
        x->mode = MODE_BUILTIN;
        x->id = o->builtin;
        return;
    case OBJ_PKG:
    case OBJ_LABEL:
    case OBJ_NIL: break;
    }
    BUG("a package member of kind %d", o->kind);
}

static void missing_member(Check *c, Operand *x, Expr *e) {
    Expr *sel = e->selector.sel;
    Str why;
    if (is_iface_ptr(x->type)) {
        why = iface_ptr_error(c, x->type);
    } else {
        Found alt = lookup_member(c, x->type, x->mode == MODE_VARIABLE, sel->name, c->pkg, true);
        why = lookup_error(c, x->type, sel->name, alt.obj, false);
    }
    check_error(c, at_expr(sel), "%E.%N undefined (%S)", x->expr, sel->name, why);
}

static void no_member(Check *c, Operand *x, Expr *e, const Found *f) {
    Expr *sel = e->selector.sel;
    if (!is_valid(type_under(x->type))) return;
    if (f->index.len)
        check_error(c, at_expr(sel), "ambiguous selector %E.%N", x->expr, sel->name);
    else if (f->indirect && x->mode == MODE_TYPE)
        check_error(c, at_expr(sel),
                    "invalid method expression %T.%N (needs pointer receiver (*%T).%N)", x->type,
                    sel->name, x->type, sel->name);
    else if (f->indirect)
        check_error(c, at_expr(sel), "cannot call pointer method %N on %T", sel->name, x->type);
    else
        missing_member(c, x, e);
}

// T.m: a function with the receiver as its first parameter.
static bool method_expr(Check *c, Operand *x, Expr *e, const Found *f) {
    Expr *sel = e->selector.sel;
    if (f->obj->kind != OBJ_FUNC) {
        check_error(c, at_expr(sel), "%E.%N undefined (type %T has no method %N)", x->expr,
                    sel->name, x->type, sel->name);
        return false;
    }
    record_selection(c, e, METHOD_EXPR, x->type, f);
    Type *sig = f->obj->type;
    if (!sig->sig.recv) {
        check_error(c, at_expr(e), "illegal cycle in method declaration");
        return false;
    }
    ObjList old = tuple_vars(sig->sig.params), vars;
    Name name = name_intern(c->env->names, STR(""));
    if (old.len && old.v[0]->name != name)
        name = sig->sig.recv->name != name ? sig->sig.recv->name : c->env->blank;
    NEW_LIST(c->arena, &vars, old.len + 1);
    vars.v[0] = var_new(c, VAR_PARAM, sig->sig.recv->pos, name, x->type);
    vars.v[0]->pkg = sig->sig.recv->pkg;
    for (uint32_t i = 0; i < old.len; i++) vars.v[i + 1] = old.v[i];
    x->mode = MODE_VALUE;
    x->type = new_signature(c, new_tuple(c, vars), sig->sig.results, sig->sig.variadic);
    x->type->sig.tparams = sig->sig.tparams;
    check_add_dep(c, f->obj);
    return true;
}

// The type of a method as a value: without its receiver.
static Type *method_value_type(Check *c, const Obj *method) {
    Type *sig = ptrmap_get(&c->method_values, method);
    if (sig) return sig;
    sig = type_copy(c, method->type);
    sig->sig.recv = NULL;
    ptrmap_put(&c->method_values, method, sig);
    return sig;
}

static void field_or_method(Check *c, Operand *x, Expr *e, const Found *f) {
    if (f->obj->kind == OBJ_VAR) {
        record_selection(c, e, FIELD_VAL, x->type, f);
        x->mode = x->mode == MODE_VARIABLE || f->indirect ? MODE_VARIABLE : MODE_VALUE;
        x->type = f->obj->type;
        return;
    }
    record_selection(c, e, METHOD_VAL, x->type, f);
    x->mode = MODE_VALUE;
    x->type = method_value_type(c, f->obj);
    check_add_dep(c, f->obj);
}

static bool pkg_selector(Check *c, Operand *x, Expr *e, Obj *pkg_name) {
    Mode func_mode = MODE_VALUE;
    record_use(c, e->selector.x, pkg_name);
    pkg_name->used = true;
    Obj *o = pkg_member(c, e, pkg_name->imported, &func_mode);
    if (!o) return false;
    record_use(c, e->selector.sel, o);
    use_member(c, x, o, pkg_name->imported->cgo, func_mode);
    return true;
}

static bool select_member(Check *c, Operand *x, Expr *e, bool want_type) {
    Expr *sel = e->selector.sel;
    if (e->selector.x->kind == EXPR_NAME) {
        Obj *o = check_lookup(c, e->selector.x->name, NULL);
        if (o && o->kind == OBJ_PKG) return pkg_selector(c, x, e, o);
    }
    check_expr_or_type(c, x, e->selector.x, false);
    if (x->mode == MODE_INVALID) return false;
    if (x->mode == MODE_BUILTIN) {
        check_error(c, e->pos, "invalid use of %O in selector expression", x);
        return false;
    }
    if (want_type) {
        check_error(c, at_expr(sel), "%E is not a type", e);
        return false;
    }
    Found f = lookup_member(c, x->type, x->mode == MODE_VARIABLE, sel->name, c->pkg, false);
    if (!f.obj) {
        no_member(c, x, e, &f);
        return false;
    }
    if (f.obj->kind == OBJ_FUNC) check_obj_decl(c, f.obj);
    if (x->mode == MODE_TYPE) return method_expr(c, x, e, &f);
    field_or_method(c, x, e, &f);
    return true;
}

void check_selector(Check *c, Operand *x, Expr *e, bool want_type) {
    if (!select_member(c, x, e, want_type)) {
        x->mode = MODE_INVALID;
        x->type = BASIC(INVALID);
    }
    x->expr = e;
}
