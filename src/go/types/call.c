// go/types/call.c: calls: conversions, built-in functions, arguments and inference of type
// arguments.
#include "go/types/types_internal.h"

// ---- instantiating a generic function

typedef struct SigCheck {
    Pos pos;
    TypeList tparams, targs;
    ExprList xlist;
} SigCheck;

static void sig_later(Check *c, void *ctx) {
    SigCheck *k = ctx;
    Str cause;
    int i = check_verify_targs(c, k->pos, k->tparams, k->targs, &cause);
    if (i < 0) {
        mono_record(c, k->pos, k->tparams, k->targs, k->xlist);
        return;
    }
    Pos pos = (uint32_t)i < k->xlist.len ? at_expr(k->xlist.v[i]) : k->pos;
    check_soft_error(c, pos, "%S", cause);
}

static Type *instantiate(Check *c, Pos pos, Expr *e, Type *sig, const CallArgs *a) {
    Type *inst = check_instance(c, pos, sig, a->targs);
    record_instance(c, e, a->targs, inst);
    SigCheck *k = NEW(c->local, SigCheck);
    *k = (SigCheck){pos, sig->sig.tparams, a->targs, a->xlist};
    check_later(c, sig_later, k);
    return inst;
}

static TypeList padded(Check *c, TypeList targs, uint32_t n) {
    TypeList out;
    NEW_LIST(c->arena, &out, MAX(n, targs.len));
    for (uint32_t i = 0; i < targs.len; i++) out.v[i] = targs.v[i];
    return out;
}

// Infers from what the function is assigned to: its parameters against the target's.
static bool infer_from_target(Check *c, const Target *t, Operand *x, Expr *inst, TypeList *targs) {
    Type *sig = x->type, *params = NULL;
    InferInput in = {.pos = inst ? inst->pos : x->expr ? x->expr->pos : 0};
    if (t) {
        Type *gsig = new_signature(c, sig->sig.params, sig->sig.results, sig->sig.variadic);
        ObjList vars;
        NEW_LIST(c->arena, &vars, 1);
        vars.v[0] = var_new(c, VAR_PARAM, in.pos, name_intern(c->env->names, STR("")), gsig);
        params = new_tuple(c, vars);
        Expr *desc = NEW(c->arena, Expr);
        desc->kind = EXPR_NAME;
        desc->pos = in.pos;
        desc->name = name_intern(c->env->names, t->desc);
        Operand *arg = NEW(c->local, Operand);
        *arg = (Operand){.mode = MODE_VALUE, .expr = desc, .type = t->sig};
        vec_push(c->local, &in.args, arg);
        in.reverse = true;
    }
    in.tparams = rename_tparams(c, in.pos, sig->sig.tparams, params, &in.params);
    in.targs = padded(c, *targs, sig->sig.tparams.len);
    ErrorBuilder err = error_begin(c);
    if (check_infer(c, &in, &err, targs)) return true;
    error_report(&err);
    return false;
}

TypeList check_func_inst(Check *c, const Target *t, Operand *x, Expr *inst, bool infer) {
    CallArgs a = {0};
    Pos pos = inst ? inst->pos : x->expr->pos;
    if (inst) x->expr = inst;
    bool version_ok = check_verify(c, pos, 118, "function instantiation");
    if (inst) {
        a.xlist = list_of(c, inst->index.index);
        if (!check_type_list(c, a.xlist, &a.targs)) {
            x->mode = MODE_INVALID;
            return (TypeList){0};
        }
    }
    Type *sig = x->type;
    uint32_t got = a.targs.len, want = sig->sig.tparams.len;
    if (got > want) {
        check_error(c, at_expr(a.xlist.v[got - 1]), "got %d type arguments but want %d", got, want);
        x->mode = MODE_INVALID;
        return (TypeList){0};
    }
    if (got < want) {
        if (!infer) return a.targs;
        if (t && version_ok && !check_allow(c, 121))
            check_version_error(c, pos, 121,
                                inst ? "partially instantiated function in assignment"
                                     : "implicitly instantiated function in assignment");
        if (!infer_from_target(c, t, x, inst, &a.targs)) {
            x->mode = MODE_INVALID;
            return (TypeList){0};
        }
    }
    x->type = instantiate(c, x->expr->pos, x->expr, sig, &a);
    x->mode = MODE_VALUE;
    return (TypeList){0};
}

// ---- arguments

// An argument may be a generic function, with or without some type arguments.
static void one_arg(Check *c, Expr *e, bool infer, Operand *x, TypeList *targs) {
    if (e->kind == EXPR_INDEX && check_index_expr(c, x, e)) {
        *targs = check_func_inst(c, NULL, x, e, infer);
        if (targs->len)
            x->expr = e;
        else
            record_operand(c, x);
        return;
    }
    if (e->kind == EXPR_INDEX) { // not a function: as any expression that was checked already
        x->expr = e;
        check_non_generic(c, NULL, x);
        record_operand(c, x);
        check_exclude(c, x, 1 << MODE_NOVALUE | 1 << MODE_BUILTIN | 1 << MODE_TYPE);
        check_single_value(c, x);
        return;
    }
    check_generic_expr(c, x, e);
}

static void spread_tuple(Check *c, Operand *x, Expr *e, OperandVec *out) {
    for (uint32_t i = 0; i < x->type->tuple.vars.len; i++) {
        Operand *v = NEW(c->local, Operand);
        *v = (Operand){.mode = MODE_VALUE, .expr = e, .type = x->type->tuple.vars.v[i]->type};
        vec_push(c->local, out, v);
    }
}

static void generic_expr_list(Check *c, ExprList list, CallArgs *a) {
    bool infer = !(list.len && check_allow(c, 121));
    a->atargs = NEW_ARRAY(c->local, TypeList, list.len + 1);
    if (list.len == 1 && list.v[0]->kind != EXPR_INDEX) {
        Operand *x = NEW(c->local, Operand);
        raw_expr(c, NULL, x, list.v[0], NULL, true);
        check_exclude(c, x, 1 << MODE_NOVALUE | 1 << MODE_BUILTIN | 1 << MODE_TYPE);
        if (x->mode != MODE_INVALID && is_kind(x->type, TYPE_TUPLE)) {
            a->atargs = NULL;
            spread_tuple(c, x, list.v[0], &a->args);
        } else {
            vec_push(c->local, &a->args, x);
        }
        return;
    }
    for (uint32_t i = 0; i < list.len; i++) {
        Operand *x = NEW(c->local, Operand);
        one_arg(c, list.v[i], infer, x, &a->atargs[i]);
        vec_push(c->local, &a->args, x);
    }
}

static Obj *param_like(Check *c, const Obj *last, Type *t) {
    Obj *o = var_new(c, VAR_PARAM, last->pos, last->name, t);
    o->pkg = last->pkg;
    return o;
}

// f(a, b, c) of a variadic f: its last parameter once for each extra argument.
static Type *unroll(Check *c, Type *sig, uint32_t nargs) {
    ObjList vars = sig->sig.params->tuple.vars, out;
    uint32_t fixed = vars.len - 1;
    NEW_LIST(c->arena, &out, nargs);
    Obj *extra = NULL;
    if (nargs > fixed) extra = param_like(c, vars.v[fixed], vars.v[fixed]->type->slice.elem);
    for (uint32_t i = 0; i < nargs; i++) out.v[i] = i < fixed ? vars.v[i] : extra;
    return new_tuple(c, out);
}

static TypeList types_of_args(Check *c, const OperandVec *args) {
    TypeList out;
    NEW_LIST(c->arena, &out, args->len);
    for (uint32_t i = 0; i < args->len; i++) out.v[i] = args->v[i]->type;
    return out;
}

static TypeList types_of_vars(Check *c, Type *tuple) {
    TypeList out = {0};
    if (!tuple) return out;
    NEW_LIST(c->arena, &out, tuple->tuple.vars.len);
    for (uint32_t i = 0; i < out.len; i++) out.v[i] = tuple->tuple.vars.v[i]->type;
    return out;
}

static void count_error(Check *c, Expr *call, Type *sig, const OperandVec *args, uint32_t npars) {
    bool many = args->len > npars;
    Pos at = at_expr(call);
    if (many)
        at = at_expr(args->v[npars]->expr);
    else if (args->len)
        at = at_expr(args->v[args->len - 1]->expr);
    ErrorBuilder e = error_begin(c);
    error_add(&e, at, "%s arguments in call to %E", many ? "too many" : "not enough",
              call->call.fn);
    error_add(&e, 0, "have %S", types_summary(c, types_of_args(c, args), false, call->has_dots));
    error_add(&e, 0, "want %S",
              types_summary(c, types_of_vars(c, sig->sig.params), sig->sig.variadic, false));
    error_report(&e);
}

typedef struct Matching {
    Type *sig;
    Type *params; // one for each argument
    bool adjusted;
} Matching;

// Parameters to match the arguments; false with an error when their numbers differ.
static bool match_counts(Check *c, Expr *call, CallArgs *a, Matching *m) {
    Type *sig = m->sig;
    uint32_t nargs = a->args.len, npars = sig->sig.params ? sig->sig.params->tuple.vars.len : 0;
    m->params = sig->sig.params;
    if (sig->sig.variadic && call->has_dots) {
        if (call->call.args.len == 1 && nargs > 1) {
            check_error(c, at_expr(call), "cannot use ... with %d-valued %E", nargs,
                        call->call.args.v[0]);
            return false;
        }
    } else if (sig->sig.variadic) {
        if (nargs + 1 >= npars) {
            m->params = unroll(c, sig, nargs);
            m->adjusted = true;
            npars = nargs;
        } else {
            npars--; // not enough arguments even without the last
        }
    } else if (call->has_dots) {
        check_error(c, at_expr(call), "cannot use ... in call to non-variadic %E", call->call.fn);
        return false;
    }
    if (nargs == npars) return true;
    count_error(c, call, sig, &a->args, npars);
    return false;
}

static TypeList joined(Check *c, TypeList x, TypeList y) {
    TypeList out;
    NEW_LIST(c->arena, &out, x.len + y.len);
    for (uint32_t i = 0; i < out.len; i++) out.v[i] = i < x.len ? x.v[i] : y.v[i - x.len];
    return out;
}

// Generic functions among the arguments bring their own type parameters into the inference.
static void add_generic_args(Check *c, Expr *call, CallArgs *a, InferInput *in, U32Vec *generic) {
    for (uint32_t i = 0; i < a->args.len; i++) {
        Operand *arg = a->args.v[i];
        if (!is_kind(arg->type, TYPE_SIGNATURE) || !arg->type->sig.tparams.len) continue;
        Type *copy = type_copy(c, arg->type), *renamed;
        TypeList own = copy->sig.tparams;
        TypeList fresh = rename_tparams(c, call->pos, own, copy, &renamed);
        if (renamed == copy || renamed == arg->type) renamed = type_copy(c, copy);
        renamed->sig.tparams = fresh;
        arg->type = renamed;
        in->tparams = joined(c, in->tparams, fresh);
        if (a->atargs) in->targs = joined(c, in->targs, a->atargs[i]);
        in->targs = padded(c, in->targs, in->tparams.len);
        vec_push(c->local, generic, i);
    }
}

static TypeList part(TypeList list, uint32_t from, uint32_t len) {
    return (TypeList){list.v + from, len};
}

// Puts what was inferred into the signature and the generic arguments.
static void apply_inferred(Check *c, Expr *call, CallArgs *a, Matching *m, const InferInput *in,
                           const U32Vec *generic) {
    uint32_t n = m->sig->sig.tparams.len, at = n;
    if (n) {
        CallArgs own = {.targs = part(in->targs, 0, n), .xlist = a->xlist};
        Type *inst = instantiate(c, call->pos, call->call.fn, m->sig, &own);
        if (m->adjusted)
            m->params =
                check_subst(c, call->pos, in->params, (Subst){part(in->tparams, 0, n), own.targs});
        else
            m->params = inst->sig.params;
        m->sig = inst;
    }
    for (uint32_t k = 0; k < generic->len; k++) {
        Operand *arg = a->args.v[generic->v[k]];
        uint32_t len = arg->type->sig.tparams.len;
        CallArgs own = {.targs = part(in->targs, at, len)};
        arg->type = instantiate(c, call->pos, arg->expr, arg->type, &own);
        record_operand(c, arg);
        at += len;
    }
}

static bool infer_call(Check *c, Expr *call, CallArgs *a, Matching *m) {
    InferInput in = {.pos = call->pos, .params = m->params, .args = a->args};
    uint32_t n = m->sig->sig.tparams.len;
    if (n) {
        if (!check_allow(c, 118)) {
            Expr *fn = call->call.fn;
            if (fn->kind == EXPR_INDEX)
                check_version_error(c, at_expr(fn), 118, "function instantiation");
            else
                check_version_error(c, at_expr(call), 118, "implicit function instantiation");
        }
        in.tparams = rename_tparams(c, call->pos, m->sig->sig.tparams, m->params, &in.params);
        in.targs = padded(c, a->targs, n);
    }
    U32Vec generic = {0};
    add_generic_args(c, call, a, &in, &generic);
    if (generic.len)
        check_verify(c, at_operand(a->args.v[generic.v[0]]), 121,
                     "implicitly instantiated function as argument");
    if (!in.tparams.len) return true;
    ErrorBuilder err = error_begin(c);
    if (!check_infer(c, &in, &err, &in.targs)) {
        if (err.parts.len)
            check_error(c, err.parts.v[0].pos, "in call to %E, %S", call->call.fn,
                        error_text(&err));
        return false;
    }
    apply_inferred(c, call, a, m, &in, &generic);
    return true;
}

Type *check_arguments(Check *c, Expr *call, Type *sig, CallArgs *a) {
    Matching m = {.sig = sig};
    if (!match_counts(c, call, a, &m)) return sig;
    if (!infer_call(c, call, a, &m)) return sig;
    for (uint32_t i = 0; i < a->args.len; i++)
        check_argument(c, a->args.v[i], m.params->tuple.vars.v[i]->type, call->call.fn);
    return m.sig;
}

// ---- calls

static ExprClass conversion_call(Check *c, Operand *x, Expr *call) {
    check_non_generic(c, NULL, x);
    if (x->mode == MODE_INVALID) return CLASS_CONVERSION;
    Type *t = x->type;
    ExprList args = call->call.args;
    x->mode = MODE_INVALID;
    if (args.len == 0) {
        check_error(c, at_expr(call), "missing argument in conversion to %T", t);
    } else if (args.len == 1) {
        check_expr(c, NULL, x, args.v[0]);
        if (x->mode != MODE_INVALID) {
            Type *u = under_as(t, TYPE_INTERFACE);
            if (u && !type_is_tparam(t) && !type_set_is_method_set(type_set(u))) {
                check_error(
                    c, at_expr(call),
                    "cannot use interface %T in conversion (contains specific type constraints or "
                    "is comparable)",
                    t);
                x->mode = MODE_INVALID;
            } else if (call->has_dots) {
                check_error(c, at_expr(args.v[0]), "invalid use of ... in conversion to %T", t);
                x->mode = MODE_INVALID;
            } else {
                check_conversion(c, x, t);
            }
        }
    } else {
        check_use(c, args, false);
        check_error(c, at_expr(args.v[args.len - 1]), "too many arguments in conversion to %T", t);
    }
    x->expr = call;
    return CLASS_CONVERSION;
}

static ExprClass builtin_call(Check *c, Operand *x, Expr *call) {
#define X(id, text, nargs, variadic, class) CLASS_##class,
    static const ExprClass classes[] = {BUILTINS(X)};
#undef X
    BuiltinId id = x->id;
    if (!check_builtin(c, x, call, id)) x->mode = MODE_INVALID;
    x->expr = call;
    if (x->mode != MODE_INVALID && x->mode != MODE_CONST) c->e.has_call_or_recv = true;
    return classes[id];
}

static bool refuse_non_func(void *ctx, Check *c, Type *t, Type *u, Str *cause) {
    (void)ctx;
    if (!u || u->kind == TYPE_SIGNATURE) return false;
    *cause = check_format(c, "%T is not a function", t);
    return true;
}

static ExprClass call_failed(Operand *x, Expr *call) {
    x->mode = MODE_INVALID;
    x->expr = call;
    return CLASS_STATEMENT;
}

// f[T](...): the type arguments written; the rest may be inferred. False: an error was reported.
static bool explicit_targs(Check *c, Expr *inst, Expr *call, CallArgs *a, Type **sig) {
    a->xlist = list_of(c, inst->index.index);
    if (!check_type_list(c, a->xlist, &a->targs)) {
        check_use(c, call->call.args, false);
        return false;
    }
    uint32_t got = a->targs.len, want = (*sig)->sig.tparams.len;
    if (got > want) {
        check_error(c, at_expr(a->xlist.v[want]), "got %d type arguments but want %d", got, want);
        check_use(c, call->call.args, false);
        return false;
    }
    if (got == want && want) {
        check_verify(c, at_expr(inst), 118, "function instantiation");
        *sig = instantiate(c, inst->pos, inst, *sig, a);
        a->targs = (TypeList){0};
        a->xlist = (ExprList){0};
    }
    return true;
}

static void call_result(Check *c, Operand *x, Type *sig, bool cgo) {
    Type *r = sig->sig.results;
    if (!r) {
        x->mode = MODE_NOVALUE;
    } else if (r->tuple.vars.len == 1) {
        x->mode = cgo ? MODE_COMMAERR : MODE_VALUE;
        x->type = r->tuple.vars.v[0]->type;
    } else {
        x->mode = MODE_VALUE;
        x->type = r;
    }
    // Failed inference may leave type parameters in the result.
    if (x->mode == MODE_VALUE && sig->sig.tparams.len &&
        is_parameterized(sig->sig.tparams, x->type))
        x->mode = MODE_INVALID;
    c->e.has_call_or_recv = true;
}

static Expr *callee(Check *c, Operand *x, Expr *call) {
    Expr *fn = call->call.fn;
    if (fn->kind != EXPR_INDEX) {
        check_expr_or_type(c, x, fn, true);
        return NULL;
    }
    bool inst = check_index_expr(c, x, fn); // f[T] is left as it is: T may be a part only
    x->expr = fn;
    record_operand(c, x);
    return inst ? fn : NULL;
}

ExprClass check_call(Check *c, Operand *x, Expr *call) {
    Expr *inst = callee(c, x, call);
    if (x->mode == MODE_INVALID) {
        check_use(c, call->call.args, false);
        return call_failed(x, call);
    }
    if (x->mode == MODE_TYPE) return conversion_call(c, x, call);
    if (x->mode == MODE_BUILTIN) return builtin_call(c, x, call);
    bool cgo = x->mode == MODE_CGOFUNC;
    Str cause;
    Type *sig = common_under(c, x->type, refuse_non_func, NULL, &cause);
    if (!sig) {
        check_error(c, at_operand(x), "invalid operation: cannot call %O: %S", x, cause);
        return call_failed(x, call);
    }
    bool was_generic = sig->sig.tparams.len > 0;
    CallArgs a = {0};
    if (inst && !explicit_targs(c, inst, call, &a, &sig)) return call_failed(x, call);
    generic_expr_list(c, call->call.args, &a);
    sig = check_arguments(c, call, sig, &a);
    if (was_generic && !sig->sig.tparams.len) record_type(c, call->call.fn, MODE_VALUE, sig, NULL);
    call_result(c, x, sig, cgo);
    x->expr = call;
    return CLASS_STATEMENT;
}

// ---- expressions looked at only for what they use

bool check_use(Check *c, ExprList list, bool lhs) {
    bool ok = true;
    for (uint32_t i = 0; i < list.len; i++) ok &= check_use1(c, list.v[i], lhs);
    return ok;
}

bool check_use1(Check *c, Expr *e, bool lhs) {
    Operand x = {.mode = MODE_VALUE};
    if (!e) return true;
    Expr *n = syntax_unparen_mut(e);
    if (n->kind == EXPR_LIST) return check_use(c, n->list, lhs);
    if (n->kind != EXPR_NAME) {
        raw_expr(c, NULL, &x, e, NULL, true);
        return x.mode != MODE_INVALID;
    }
    if (n->name == c->env->blank) return true;
    Obj *v = lhs ? check_lookup(c, n->name, NULL) : NULL; // assigning to a variable is no use
    if (v && (v->kind != OBJ_VAR || v->pkg != c->pkg)) v = NULL;
    bool used = v && v->used;
    check_expr_or_type(c, &x, n, true);
    if (v) v->used = used;
    return x.mode != MODE_INVALID;
}
