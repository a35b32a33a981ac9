// go/types/builtin.c: calls of append, len, make and the other predeclared functions.
#include "go/types/types_internal.h"

typedef struct BuiltinSpec {
    const char *name;
    uint32_t nargs;
    bool variadic;
} BuiltinSpec;

#define X(id, text, nargs, variadic, class) {text, nargs, variadic},
static const BuiltinSpec specs[] = {BUILTINS(X)};
#undef X

typedef struct BCall { // one call of one of them
    Check *c;
    Operand *x; // the first argument, and the result
    Expr *call;
    BuiltinId id;
    OperandVec args;
} BCall;

static Type *sig_of(Check *c, Type *result, TypeList params) {
    ObjList vars, res;
    Name none = name_intern(c->env->names, STR(""));
    NEW_LIST(c->arena, &vars, params.len);
    for (uint32_t i = 0; i < params.len; i++)
        vars.v[i] = var_new(c, VAR_PARAM, 0, none, default_type(params.v[i]));
    Type *r = NULL;
    if (result) {
        NEW_LIST(c->arena, &res, 1);
        res.v[0] = var_new(c, VAR_RESULT, 0, none, result);
        r = new_tuple(c, res);
    }
    return new_signature(c, new_tuple(c, vars), r, false);
}

static Type *sig1(Check *c, Type *result, Type *p) {
    Type **one = NEW(c->arena, Type *);
    *one = p;
    return sig_of(c, result, (TypeList){one, 1});
}

static Type *sig2(Check *c, Type *result, Type *p, Type *q) {
    Type **two = NEW_ARRAY(c->arena, Type *, 2);
    two[0] = p;
    two[1] = q;
    return sig_of(c, result, (TypeList){two, 2});
}

static bool fault(BCall *b, Operand *at, const char *fmt) {
    check_error(b->c, at_operand(at), fmt, at);
    return false;
}

Type *array_ptr_deref(Type *t) {
    Type *p = unalias_as(t, TYPE_POINTER);
    Type *a = p ? under_as(p->pointer.elem, TYPE_ARRAY) : NULL;
    return a ? a : t;
}

// ---- append, copy

// The element type shared by all slices x may be; NULL with *cause.
static Type *slice_elem(Check *c, Operand *x, Str *cause) {
    Type *elem = NULL, *t, *u;
    for (Under it = under_each(x->type); under_next(&it, &t, &u);) {
        if (!is_kind(u, TYPE_SLICE)) {
            *cause = operand_is_nil(x) ? STR("argument must be a slice; have untyped nil")
                                       : check_format(c, "argument must be a slice; have %O", x);
            return NULL;
        }
        if (elem && !type_identical(elem, u->slice.elem)) {
            *cause = check_format(c, "mismatched slice element types %T and %T in %O", elem,
                                  u->slice.elem, x);
            return NULL;
        }
        elem = u->slice.elem;
    }
    return elem;
}

// Everything y may be is a string or []byte; *strings: some is a string.
static bool bytes_or_strings(Operand *y, bool *strings) {
    Type *t, *u;
    for (Under it = under_each(y->type); under_next(&it, &t, &u);) {
        if (is_kind(u, TYPE_SLICE) && type_identical(u->slice.elem, &basic_byte)) continue;
        if (!u || !is_string(u)) return false;
        *strings = true;
    }
    return true;
}

static bool append_call(BCall *b) {
    Check *c = b->c;
    Str cause;
    Type *elem = slice_elem(c, b->x, &cause), *slice = b->x->type, *sig = NULL;
    if (!elem) {
        check_error(c, at_operand(b->x), "invalid append: %S", cause);
        return false;
    }
    bool strings = false;
    if (b->args.len == 2 && b->call->has_dots &&
        operand_assignable(c, b->x, new_slice(c, &basic_byte), NULL) &&
        bytes_or_strings(b->args.v[1], &strings) && strings)
        sig = sig2(c, slice, slice, b->args.v[1]->type);
    if (sig) {
        // append([]byte, string...) leaves an untyped string to become a string.
        if (is_untyped(b->args.v[1]->type)) convert_untyped(c, b->args.v[1], BASIC(STRING));
        sig->sig.variadic = true;
    } else {
        sig = sig2(c, slice, slice, new_slice(c, elem));
        sig->sig.variadic = true;
        CallArgs a = {.args = b->args};
        check_arguments(c, b->call, sig, &a);
    }
    record_builtin(c, b->call->call.fn, sig);
    b->x->mode = MODE_VALUE;
    b->x->type = slice;
    return true;
}

static bool copy_call(BCall *b) {
    Check *c = b->c;
    Operand *x = b->x, *y = b->args.v[1];
    bool strings = false;
    bool special =
        operand_assignable(c, x, new_slice(c, &basic_byte), NULL) && bytes_or_strings(y, &strings);
    if (!special) {
        Str cause;
        Type *dst = slice_elem(c, x, &cause);
        if (!dst) {
            check_error(c, at_operand(x), "invalid copy: %S", cause);
            return false;
        }
        Type *src = slice_elem(c, y, &cause);
        if (!src && !all_string(y->type)) {
            check_error(c, at_operand(y), "invalid copy: %S", cause);
            return false;
        }
        if (!src) src = &basic_byte;
        if (!type_identical(dst, src)) {
            check_error(c, at_operand(x),
                        "invalid copy: arguments %O and %O have different element types %T and %T",
                        x, y, dst, src);
            return false;
        }
    }
    record_builtin(c, b->call->call.fn, sig2(c, BASIC(INT), x->type, y->type));
    x->mode = MODE_VALUE;
    x->type = BASIC(INT);
    return true;
}

// ---- len, cap

static bool has_len(Type *u, BuiltinId id) {
    if (!u) return false;
    u = array_ptr_deref(u);
    if (u->kind == TYPE_BASIC) return id == BUILTIN_LEN && is_string(u);
    if (u->kind == TYPE_MAP) return id == BUILTIN_LEN;
    return u->kind == TYPE_ARRAY || u->kind == TYPE_SLICE || u->kind == TYPE_CHAN;
}

static bool all_have_len(Type *t, BuiltinId id) {
    Type *tt, *u;
    for (Under it = under_each(t); under_next(&it, &tt, &u);)
        if (!has_len(u, id)) return false;
    return true;
}

static bool len_call(BCall *b) {
    Check *c = b->c;
    Operand *x = b->x;
    Mode mode = MODE_INVALID;
    Const *v = NULL;
    Type *u = array_ptr_deref(type_under(x->type));
    if (u->kind == TYPE_INTERFACE) {
        if (type_is_tparam(x->type) && all_have_len(x->type, b->id)) mode = MODE_VALUE;
    } else if (has_len(u, b->id)) {
        mode = MODE_VALUE;
        if (u->kind == TYPE_BASIC && x->mode == MODE_CONST) {
            mode = MODE_CONST;
            v = const_i64(c->local, (int64_t)const_string_len(x->value));
        } else if (u->kind == TYPE_ARRAY && !c->e.has_call_or_recv) {
            mode = MODE_CONST;
            v = u->array.len >= 0 ? const_i64(c->local, u->array.len)
                                  : (Const *)(uintptr_t)&const_unknown;
        }
    }
    if (mode == MODE_INVALID) {
        if (is_valid(type_under(x->type)))
            check_error(c, at_operand(x), "invalid argument: %O for built-in %s", x,
                        specs[b->id].name);
        return false;
    }
    if (mode != MODE_CONST) record_builtin(c, b->call->call.fn, sig1(c, BASIC(INT), x->type));
    x->mode = mode;
    x->type = BASIC(INT);
    x->value = v;
    return true;
}

// ---- clear, close, delete

static bool clear_call(BCall *b) {
    Check *c = b->c;
    check_verify(c, at_expr(b->call->call.fn), 121, "clear");
    Type *t, *u;
    for (Under it = under_each(b->x->type); under_next(&it, &t, &u);)
        if (!is_kind(u, TYPE_MAP) && !is_kind(u, TYPE_SLICE))
            return fault(b, b->x,
                         "invalid argument: cannot clear %O: argument must be (or constrained by) "
                         "map or slice");
    b->x->mode = MODE_NOVALUE;
    record_builtin(c, b->call->call.fn, sig1(c, NULL, b->x->type));
    return true;
}

static bool close_call(BCall *b) {
    Type *t, *u;
    for (Under it = under_each(b->x->type); under_next(&it, &t, &u);) {
        if (!is_kind(u, TYPE_CHAN))
            return fault(b, b->x, "invalid operation: cannot close non-channel %O");
        if (u->chan.dir == CHAN_RECV_ONLY)
            return fault(b, b->x, "invalid operation: cannot close receive-only channel %O");
    }
    b->x->mode = MODE_NOVALUE;
    record_builtin(b->c, b->call->call.fn, sig1(b->c, NULL, b->x->type));
    return true;
}

static bool delete_call(BCall *b) {
    Check *c = b->c;
    Type *map = b->x->type, *key = NULL, *t, *u;
    for (Under it = under_each(map); under_next(&it, &t, &u);) {
        if (!is_kind(u, TYPE_MAP)) return fault(b, b->x, "invalid argument: %O is not a map");
        if (key && !type_identical(u->map.key, key))
            return fault(b, b->x, "invalid argument: maps of %O must have identical key types");
        key = u->map.key;
    }
    *b->x = *b->args.v[1];
    check_assignment(c, b->x, key, STR("argument to delete"));
    if (b->x->mode == MODE_INVALID) return false;
    b->x->mode = MODE_NOVALUE;
    record_builtin(c, b->call->call.fn, sig2(c, NULL, map, key));
    return true;
}

// ---- complex, real, imag

static Type *complex_part(Type *t, BuiltinId id) {
    Type *u = under_as(t, TYPE_BASIC);
    if (!u) return NULL;
    bool make = id == BUILTIN_COMPLEX;
    switch ((int)u->basic.kind) {
    case BASIC_FLOAT32: return make ? BASIC(COMPLEX64) : NULL;
    case BASIC_FLOAT64: return make ? BASIC(COMPLEX128) : NULL;
    case BASIC_UNTYPED_FLOAT: return make ? BASIC(UNTYPED_COMPLEX) : NULL;
    case BASIC_COMPLEX64: return make ? NULL : BASIC(FLOAT32);
    case BASIC_COMPLEX128: return make ? NULL : BASIC(FLOAT64);
    case BASIC_UNTYPED_COMPLEX: return make ? NULL : BASIC(UNTYPED_FLOAT);
    default: return NULL;
    }
}

// The result for a type parameter is a type parameter over the results of its types.
static Type *complex_tparam(BCall *b, Type *tp) {
    Check *c = b->c;
    bool specific;
    TermList terms = tparam_terms(tp, &specific);
    VEC(Term) out = {0};
    for (uint32_t i = 0; specific && i < terms.len; i++) {
        Type *r = complex_part(terms.v[i].type, b->id);
        if (!r) return NULL;
        vec_push(c->arena, &out, ((Term){terms.v[i].tilde, r}));
    }
    if (!out.len) return NULL;
    check_soft_error(
        c, at_operand(b->x),
        "%O not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)", b->x,
        specs[b->id].name);
    Type *u = type_new(c, TYPE_UNION), *iface = new_interface(c);
    u->unio.terms = (TermList){out.v, out.len};
    NEW_LIST(c->arena, &iface->iface.embeddeds, 1);
    iface->iface.embeddeds.v[0] = u;
    iface->iface.complete = true;
    Type *t = new_tparam(c, obj_new(c, OBJ_TYPE, 0, tp->tparam.obj->name), iface);
    t->tparam.index = tp->tparam.index;
    return t;
}

static Type *complex_result(BCall *b) {
    Type *tp = unalias_as(b->x->type, TYPE_TPARAM);
    return tp ? complex_tparam(b, tp) : complex_part(b->x->type, b->id);
}

static void to_untyped_float(Check *c, Operand *x) {
    if (is_numeric(x->type) && const_sign(const_imag_part(c->local, x->value)) == 0)
        x->type = BASIC(UNTYPED_FLOAT);
}

static void match_complex(BCall *b, Operand *x, Operand *y) {
    Check *c = b->c;
    bool ux = is_untyped(x->type), uy = is_untyped(y->type);
    if (ux && !uy) {
        convert_untyped(c, x, y->type);
    } else if (!ux && uy) {
        convert_untyped(c, y, x->type);
    } else if (ux && uy) {
        if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
            to_untyped_float(c, x);
            to_untyped_float(c, y);
        } else {
            convert_untyped(c, x, BASIC(FLOAT64));
            convert_untyped(c, y, BASIC(FLOAT64));
        }
    }
}

static bool complex_call(BCall *b) {
    Check *c = b->c;
    Operand *x = b->x, *y = b->args.v[1];
    match_complex(b, x, y);
    if (x->mode == MODE_INVALID || y->mode == MODE_INVALID) return false;
    if (!type_identical(x->type, y->type)) {
        check_error(c, at_operand(x), "invalid operation: %E (mismatched types %T and %T)", b->call,
                    x->type, y->type);
        return false;
    }
    Type *result = complex_result(b);
    if (!result) {
        check_error(c, at_operand(x),
                    "invalid argument: arguments have type %T, expected floating-point", x->type);
        return false;
    }
    if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
        Const *im = const_imag(c->local, const_to_float(c->local, y->value));
        x->value = const_binary(c->local, const_to_float(c->local, x->value), OP_ADD, im, false);
    } else {
        x->mode = MODE_VALUE;
        record_builtin(c, b->call->call.fn, sig2(c, result, x->type, x->type));
    }
    x->type = result;
    return true;
}

static bool real_call(BCall *b) {
    Check *c = b->c;
    Operand *x = b->x;
    if (is_untyped(x->type)) {
        if (x->mode != MODE_CONST) {
            convert_untyped(c, x, BASIC(COMPLEX128));
            if (x->mode == MODE_INVALID) return false;
        } else if (is_numeric(x->type)) {
            x->type = BASIC(UNTYPED_COMPLEX);
        }
    }
    Type *result = complex_result(b);
    if (!result) {
        check_error(c, at_operand(x),
                    "invalid argument: argument has type %T, expected complex type", x->type);
        return false;
    }
    if (x->mode == MODE_CONST) {
        x->value = b->id == BUILTIN_REAL ? const_real(c->local, x->value)
                                         : const_imag_part(c->local, x->value);
    } else {
        x->mode = MODE_VALUE;
        record_builtin(c, b->call->call.fn, sig1(c, result, x->type));
    }
    x->type = result;
    return true;
}

// ---- make, new

static bool refuse_make(void *ctx, Check *c, Type *t, Type *u, Str *cause) {
    (void)ctx, (void)c, (void)t;
    if (u && (u->kind == TYPE_SLICE || u->kind == TYPE_MAP || u->kind == TYPE_CHAN)) return false;
    *cause = u ? STR("type must be slice, map, or channel") : STR("no specific type");
    return true;
}

static bool make_call(BCall *b) {
    Check *c = b->c;
    ExprList args = b->call->call.args;
    Type *t = check_var_type(c, args.v[0]);
    if (!is_valid(t)) return false;
    Str cause;
    Type *u = common_under(c, t, refuse_make, NULL, &cause);
    if (!u) {
        check_error(c, at_expr(args.v[0]), "invalid argument: cannot make %E: %S", args.v[0],
                    cause);
        return false;
    }
    uint32_t min = u->kind == TYPE_SLICE ? 2 : 1;
    if (args.len < min || args.len > min + 1) {
        check_error(c, at_expr(b->call),
                    "invalid operation: %E expects %d or %d arguments; found %d", b->call, min,
                    min + 1, args.len);
        return false;
    }
    TypeList types;
    NEW_LIST(c->arena, &types, args.len);
    types.v[0] = t;
    int64_t sizes[2], n = 0;
    for (uint32_t i = 1; i < args.len; i++) {
        int64_t size;
        types.v[i] = check_index(c, args.v[i], -1, &size);
        if (size >= 0) sizes[n++] = size;
    }
    if (n == 2 && sizes[0] > sizes[1])
        check_error(c, at_expr(args.v[1]), "invalid argument: length and capacity swapped");
    b->x->mode = MODE_VALUE;
    b->x->type = t;
    record_builtin(c, b->call->call.fn, sig_of(c, t, types));
    return true;
}

static bool new_call(BCall *b) {
    Check *c = b->c;
    Operand *x = b->x;
    Expr *arg = b->call->call.args.v[0];
    check_expr_or_type(c, x, arg, false);
    check_exclude(c, x, 1 << MODE_NOVALUE | 1 << MODE_BUILTIN);
    if (x->mode == MODE_INVALID) return false;
    if (x->mode == MODE_TYPE) {
        check_valid_var_type(c, arg, x->type);
    } else {
        if (is_untyped(x->type)) {
            check_assignment(c, x, NULL, STR("argument to new"));
            if (x->mode == MODE_INVALID) return false;
        }
        check_verify(c, at_expr(b->call->call.fn), 126, "new(%E)", arg);
    }
    Type *t = x->type;
    x->mode = MODE_VALUE;
    x->type = new_pointer(c, t);
    record_builtin(c, b->call->call.fn, sig1(c, x->type, t));
    return true;
}

// ---- max, min, panic, print

static TypeList same_types(Check *c, Type *t, uint32_t n) {
    TypeList out;
    NEW_LIST(c->arena, &out, n);
    for (uint32_t i = 0; i < n; i++) out.v[i] = t;
    return out;
}

static bool minmax_arg(BCall *b, Operand *a) {
    Check *c = b->c;
    Operand *x = b->x;
    check_match_types(c, x, a);
    if (x->mode == MODE_INVALID) return false;
    if (!type_identical(x->type, a->type)) {
        check_error(c, at_operand(a),
                    "invalid argument: mismatched types %T (previous argument) and %T (type of %E)",
                    x->type, a->type, a->expr);
        return false;
    }
    if (x->mode != MODE_CONST || a->mode != MODE_CONST)
        x->mode = MODE_VALUE;
    else if (const_compare(c->local, a->value, b->id == BUILTIN_MAX ? OP_GTR : OP_LSS, x->value))
        *x = *a;
    return true;
}

static bool minmax_call(BCall *b) {
    Check *c = b->c;
    Operand *x = b->x;
    check_verify(c, at_expr(b->call->call.fn), 121, "built-in %s", specs[b->id].name);
    for (uint32_t i = 0; i < b->args.len; i++) {
        Operand *a = b->args.v[i];
        if (a->mode == MODE_INVALID) return false;
        if (!all_ordered(a->type)) return fault(b, a, "invalid argument: %O cannot be ordered");
        if (i && !minmax_arg(b, a)) return false;
    }
    if (x->mode != MODE_CONST) {
        x->mode = MODE_VALUE;
        // An untyped result that is no constant takes its default type.
        check_assignment(c, x, &empty_interface,
                         check_format(c, "argument to built-in %s", specs[b->id].name));
        if (x->mode == MODE_INVALID) return false;
    }
    for (uint32_t i = 0; i < b->args.len; i++)
        update_expr_type(c, b->args.v[i]->expr, x->type, true);
    if (x->mode != MODE_CONST)
        record_builtin(c, b->call->call.fn,
                       sig_of(c, x->type, same_types(c, x->type, b->args.len)));
    return true;
}

static bool panic_call(BCall *b) {
    Check *c = b->c;
    if (c->e.sig && c->e.sig->sig.results && b->call->id)
        c->info->exprs[b->call->id].is_panic = true;
    check_assignment(c, b->x, &empty_interface, STR("argument to panic"));
    if (b->x->mode == MODE_INVALID) return false;
    b->x->mode = MODE_NOVALUE;
    record_builtin(c, b->call->call.fn, sig1(c, NULL, &empty_interface));
    return true;
}

static bool print_call(BCall *b) {
    Check *c = b->c;
    TypeList types;
    NEW_LIST(c->arena, &types, b->args.len);
    Str context = check_format(c, "argument to built-in %s", specs[b->id].name);
    for (uint32_t i = 0; i < b->args.len; i++) {
        check_assignment(c, b->args.v[i], NULL, context);
        if (b->args.v[i]->mode == MODE_INVALID) return false;
        types.v[i] = b->args.v[i]->type;
    }
    b->x->mode = MODE_NOVALUE;
    record_builtin(c, b->call->call.fn, sig_of(c, NULL, types));
    return true;
}

static bool recover_call(BCall *b) {
    b->x->mode = MODE_VALUE;
    b->x->type = &empty_interface;
    record_builtin(b->c, b->call->call.fn, sig_of(b->c, &empty_interface, (TypeList){0}));
    return true;
}

// ---- for tests of the checker only

static bool assert_call(BCall *b) {
    Check *c = b->c;
    if (b->x->mode != MODE_CONST || !is_boolean(b->x->type))
        return fault(b, b->x, "invalid argument: %O is not a boolean constant");
    if (const_kind(b->x->value) != CONST_BOOL)
        return fault(b, b->x, "internal error: value of %O should be a boolean constant");
    if (!const_bool_value(b->x->value)) check_error(c, at_expr(b->call), "%E failed", b->call);
    return true;
}

static bool trace_call(BCall *b) {
    Operand *x = b->x, other = {0};
    ExprList args = b->call->call.args;
    if (!args.len) x->mode = MODE_NOVALUE;
    for (uint32_t i = 0; i < args.len; i++)
        raw_expr(b->c, NULL, i ? &other : x, args.v[i], NULL, false);
    return x->mode != MODE_INVALID;
}

static bool dispatch(BCall *b) { // flat switch
    switch (b->id) {
    case BUILTIN_APPEND: return append_call(b);
    case BUILTIN_CAP:
    case BUILTIN_LEN: return len_call(b);
    case BUILTIN_CLEAR: return clear_call(b);
    case BUILTIN_CLOSE: return close_call(b);
    case BUILTIN_COMPLEX: return complex_call(b);
    case BUILTIN_COPY: return copy_call(b);
    case BUILTIN_DELETE: return delete_call(b);
    case BUILTIN_IMAG:
    case BUILTIN_REAL: return real_call(b);
    case BUILTIN_MAKE: return make_call(b);
    case BUILTIN_MAX:
    case BUILTIN_MIN: return minmax_call(b);
    case BUILTIN_NEW: return new_call(b);
    case BUILTIN_PANIC: return panic_call(b);
    case BUILTIN_PRINT:
    case BUILTIN_PRINTLN: return print_call(b);
    case BUILTIN_RECOVER: return recover_call(b);
    case BUILTIN_ADD:
    case BUILTIN_ALIGNOF:
    case BUILTIN_OFFSETOF:
    case BUILTIN_SIZEOF:
    case BUILTIN_SLICE:
    case BUILTIN_SLICE_DATA:
    case BUILTIN_STRING:
    case BUILTIN_STRING_DATA: return check_builtin_unsafe(b->c, b->x, b->call, b->id, &b->args);
    case BUILTIN_ASSERT: return assert_call(b);
    case BUILTIN_TRACE: return trace_call(b);
    case BUILTIN_COUNT: break;
    }
    BUG("built-in %d", b->id);
}

// Arguments that are not plain expressions are checked by the functions themselves.
static bool own_arguments(BuiltinId id) {
    return id == BUILTIN_MAKE || id == BUILTIN_NEW || id == BUILTIN_OFFSETOF || id == BUILTIN_TRACE;
}

static bool evaluate(BCall *b, uint32_t *nargs) {
    ExprList list = b->call->call.args;
    *nargs = list.len;
    if (own_arguments(b->id)) return true;
    check_expr_list(b->c, list, &b->args);
    *nargs = b->args.len;
    for (uint32_t i = 0; i < b->args.len; i++)
        if (b->args.v[i]->mode == MODE_INVALID) return false;
    if (b->args.len) *b->x = *b->args.v[0];
    return true;
}

static bool counted(BCall *b, uint32_t nargs) {
    const BuiltinSpec *s = &specs[b->id];
    const char *what = NULL;
    if (nargs < s->nargs)
        what = "not enough";
    else if (!s->variadic && nargs > s->nargs)
        what = "too many";
    if (!what) return true;
    check_error(b->c, at_expr(b->call),
                "invalid operation: %s arguments for %E (expected %d, found %d)", what, b->call,
                s->nargs, nargs);
    return false;
}

bool check_builtin(Check *c, Operand *x, Expr *call, BuiltinId id) {
    BCall b = {.c = c, .x = x, .call = call, .id = id};
    if (call->has_dots && id != BUILTIN_APPEND) {
        check_error(c, at_expr(call), "invalid operation: invalid use of ... with built-in %s",
                    specs[id].name);
        check_use(c, call->call.args, false);
        return false;
    }
    // len and cap of an array are constant unless something is called or received in them.
    bool saved = c->e.has_call_or_recv, own = id == BUILTIN_LEN || id == BUILTIN_CAP;
    if (own) c->e.has_call_or_recv = false;
    uint32_t nargs;
    bool ok = evaluate(&b, &nargs) && counted(&b, nargs) && dispatch(&b);
    if (own) c->e.has_call_or_recv = saved;
    return ok;
}
