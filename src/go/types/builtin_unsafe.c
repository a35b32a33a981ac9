// go/types/builtin_unsafe.c: the functions of package unsafe.
#include "go/types/types_internal.h"

typedef struct UCall {
    Check *c;
    Operand *x;
    Expr *call;
    OperandVec *args;
} UCall;

static Type *signature(Check *c, Type *result, Type *p, Type *q) {
    Name none = name_intern(c->env->names, STR(""));
    ObjList params, results;
    NEW_LIST(c->arena, &params, q ? 2 : 1);
    params.v[0] = var_new(c, VAR_PARAM, 0, none, default_type(p));
    if (q) params.v[1] = var_new(c, VAR_PARAM, 0, none, default_type(q));
    NEW_LIST(c->arena, &results, 1);
    results.v[0] = var_new(c, VAR_RESULT, 0, none, result);
    return new_signature(c, new_tuple(c, params), new_tuple(c, results), false);
}

static bool result(UCall *u, Type *t, Type *p, Type *q) {
    u->x->mode = MODE_VALUE;
    u->x->type = t;
    record_builtin(u->c, u->call->call.fn, signature(u->c, t, p, q));
    return true;
}

static bool size_result(UCall *u, int64_t n, Type *of) {
    if (!type_has_size(of)) return result(u, BASIC(UINTPTR), of, NULL);
    if (n < 0) {
        check_error(u->c, at_operand(u->x), "%O is too large", u->x);
        return false;
    }
    u->x->mode = MODE_CONST;
    u->x->value = const_i64(u->c->local, n);
    u->x->type = BASIC(UINTPTR);
    return true;
}

static bool measured(UCall *u, bool align) {
    Operand *x = u->x;
    check_assignment(u->c, x, NULL,
                     align ? STR("argument to unsafe.Alignof") : STR("argument to unsafe.Sizeof"));
    if (x->mode == MODE_INVALID) return false;
    bool variable = !type_has_size(x->type);
    int64_t n = variable ? 0
                : align  ? sizes_align(u->c->sizes, x->type)
                         : sizes_of(u->c->sizes, x->type);
    return size_result(u, n, x->type);
}

static bool offsetof_call(UCall *u) {
    Check *c = u->c;
    Operand *x = u->x;
    Expr *arg = u->call->call.args.v[0], *sel = syntax_unparen_mut(arg);
    if (sel->kind != EXPR_SELECTOR) {
        check_error(c, at_expr(arg), "invalid argument: %E is not a selector expression", arg);
        check_use1(c, arg, false);
        return false;
    }
    check_expr(c, NULL, x, sel->selector.x);
    if (x->mode == MODE_INVALID) return false;
    Type *p = under_as(x->type, TYPE_POINTER), *base = x->type;
    if (p && under_as(p->pointer.elem, TYPE_STRUCT)) base = p->pointer.elem;
    Name name = sel->selector.sel->name;
    Found f = lookup_member(c, base, false, name, c->pkg, false);
    if (!f.obj) {
        check_error(c, at_operand(x), "invalid argument: %T has no single field %N", base, name);
        return false;
    }
    if (f.obj->kind == OBJ_FUNC) {
        check_error(c, at_expr(arg), "invalid argument: %E is a method value", arg);
        return false;
    }
    if (f.indirect) {
        check_error(c, at_operand(x), "invalid argument: field %N is embedded via a pointer in %T",
                    name, base);
        return false;
    }
    record_selection(c, sel, FIELD_VAL, base, &f);
    record_type(c, sel, x->mode == MODE_VARIABLE ? MODE_VARIABLE : MODE_VALUE, f.obj->type, NULL);
    if (!type_has_size(base)) return result(u, BASIC(UINTPTR), f.obj->type, NULL);
    int64_t n = offset_of(c->sizes, base, &f.index);
    if (n < 0) {
        check_error(c, at_operand(x), "%O is too large", x);
        return false;
    }
    x->mode = MODE_CONST;
    x->value = const_i64(c->local, n);
    x->type = BASIC(UINTPTR);
    return true;
}

static bool add_call(UCall *u) {
    Check *c = u->c;
    check_verify(c, at_expr(u->call->call.fn), 117, "unsafe.Add");
    check_assignment(c, u->x, BASIC(UNSAFE_POINTER), STR("argument to unsafe.Add"));
    if (u->x->mode == MODE_INVALID) return false;
    Operand *y = u->args->v[1];
    if (!check_valid_index(c, y, "length", true)) return false;
    return result(u, BASIC(UNSAFE_POINTER), BASIC(UNSAFE_POINTER), y->type);
}

static bool slice_call(UCall *u) {
    Check *c = u->c;
    check_verify(c, at_expr(u->call->call.fn), 117, "unsafe.Slice");
    Type *p = common_under(c, u->x->type, NULL, NULL, NULL);
    if (!is_kind(p, TYPE_POINTER)) {
        check_error(c, at_operand(u->x), "invalid argument: %O is not a pointer", u->x);
        return false;
    }
    Operand *y = u->args->v[1];
    if (!check_valid_index(c, y, "length", false)) return false;
    return result(u, new_slice(c, p->pointer.elem), p, y->type);
}

static bool slice_data_call(UCall *u) {
    Check *c = u->c;
    check_verify(c, at_expr(u->call->call.fn), 120, "unsafe.SliceData");
    Type *s = common_under(c, u->x->type, NULL, NULL, NULL);
    if (!is_kind(s, TYPE_SLICE)) {
        check_error(c, at_operand(u->x), "invalid argument: %O is not a slice", u->x);
        return false;
    }
    return result(u, new_pointer(c, s->slice.elem), s, NULL);
}

static bool string_call(UCall *u) {
    Check *c = u->c;
    check_verify(c, at_expr(u->call->call.fn), 120, "unsafe.String");
    Type *bytes = new_pointer(c, &basic_byte);
    check_assignment(c, u->x, bytes, STR("argument to unsafe.String"));
    if (u->x->mode == MODE_INVALID) return false;
    Operand *y = u->args->v[1];
    if (!check_valid_index(c, y, "length", false)) return false;
    return result(u, BASIC(STRING), bytes, y->type);
}

static bool string_data_call(UCall *u) {
    Check *c = u->c;
    check_verify(c, at_expr(u->call->call.fn), 120, "unsafe.StringData");
    check_assignment(c, u->x, BASIC(STRING), STR("argument to unsafe.StringData"));
    if (u->x->mode == MODE_INVALID) return false;
    return result(u, new_pointer(c, &basic_byte), BASIC(STRING), NULL);
}

bool check_builtin_unsafe(Check *c, Operand *x, Expr *call, BuiltinId id, OperandVec *args) {
    UCall u = {c, x, call, args};
    switch ((int)id) {
    case BUILTIN_ADD: return add_call(&u);
    case BUILTIN_ALIGNOF: return measured(&u, true);
    case BUILTIN_OFFSETOF: return offsetof_call(&u);
    case BUILTIN_SIZEOF: return measured(&u, false);
    case BUILTIN_SLICE: return slice_call(&u);
    case BUILTIN_SLICE_DATA: return slice_data_call(&u);
    case BUILTIN_STRING: return string_call(&u);
    case BUILTIN_STRING_DATA: return string_data_call(&u);
    default: BUG("built-in %d is not of package unsafe", id);
    }
}
