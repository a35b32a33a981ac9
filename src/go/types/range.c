// go/types/range.c: for ... range over everything that can be ranged over.
#include "go/types/types_internal.h"

typedef struct RangeTypes {
    Type *key, *value; // NULL: not permitted
    Str cause;
    bool ok;
} RangeTypes;

static RangeTypes bad(Str cause) {
    return (RangeTypes){BASIC(INVALID), BASIC(INVALID), cause, false};
}

static bool refuse_send_only(void *ctx, Check *c, Type *t, Type *u, Str *cause) {
    (void)ctx;
    if (!is_kind(u, TYPE_CHAN) || u->chan.dir != CHAN_SEND_ONLY) return false;
    *cause = check_format(c, "receive from send-only channel %T", t);
    return true;
}

static uint32_t tuple_len(Type *t) { return t ? t->tuple.vars.len : 0; }

static RangeTypes bad_func(Check *c, const char *what) {
    return bad(check_format(c, "func must be func(yield func(...) bool): %s", what));
}

static RangeTypes range_func(Check *c, Type *t) {
    if (!check_allow(c, 123)) return bad(STR("requires go1.23 or later"));
    if (tuple_len(t->sig.params) != 1) return bad_func(c, "wrong argument count");
    if (tuple_len(t->sig.results)) return bad_func(c, "unexpected results");
    Str cause = STR("");
    Type *yield = common_under(c, t->sig.params->tuple.vars.v[0]->type, NULL, NULL, &cause);
    if (!yield)
        return bad(
            check_format(c, "func must be func(yield func(...) bool): in yield type, %S", cause));
    if (yield->kind != TYPE_SIGNATURE) return bad_func(c, "argument is not func");
    Type *params = yield->sig.params, *results = yield->sig.results;
    if (tuple_len(params) > 2) return bad_func(c, "yield func has too many parameters");
    bool one = tuple_len(results) == 1;
    Type *r = one ? results->tuple.vars.v[0]->type : NULL;
    if (!one || !type_identical(r, BASIC(BOOL)))
        return bad_func(c, one && is_boolean(r)
                               ? "yield func returns user-defined boolean, not bool"
                               : "yield func does not return bool");
    RangeTypes k = {.ok = true};
    if (tuple_len(params) >= 1) k.key = params->tuple.vars.v[0]->type;
    if (tuple_len(params) >= 2) k.value = params->tuple.vars.v[1]->type;
    return k;
}

static RangeTypes range_types(Check *c, Type *orig) {
    Str cause = STR("");
    Type *t = common_under(c, orig, refuse_send_only, NULL, &cause);
    if (!t) return bad(cause);
    t = array_ptr_deref(t);
    if (t->kind == TYPE_BASIC && is_string(t))
        return (RangeTypes){BASIC(INT), &basic_rune, cause, true};
    if (t->kind == TYPE_BASIC && is_integer(t)) {
        if (!check_allow(c, 122)) return bad(STR("requires go1.22 or later"));
        return (RangeTypes){orig, NULL, cause, true};
    }
    if (t->kind == TYPE_ARRAY) return (RangeTypes){BASIC(INT), t->array.elem, cause, true};
    if (t->kind == TYPE_SLICE) return (RangeTypes){BASIC(INT), t->slice.elem, cause, true};
    if (t->kind == TYPE_MAP) return (RangeTypes){t->map.key, t->map.elem, cause, true};
    if (t->kind == TYPE_CHAN) return (RangeTypes){t->chan.elem, NULL, cause, true};
    if (t->kind == TYPE_SIGNATURE) return range_func(c, t);
    return (RangeTypes){.cause = STR("")};
}

typedef struct Ranging {
    Expr *lhs[2], *extra;
    Type *rhs[2];
    Operand x;
    bool over_int;
} Ranging;

static void range_faults(Check *c, Ranging *r) {
    RangeTypes k = range_types(c, r->x.type);
    Operand *x = &r->x;
    if (!k.ok && k.cause.len)
        check_soft_error(c, at_operand(x), "cannot range over %O: %S", x, k.cause);
    else if (!k.ok)
        check_soft_error(c, at_operand(x), "cannot range over %O", x);
    else if (!k.key && r->lhs[0])
        check_soft_error(c, at_expr(r->lhs[0]), "range over %O permits no iteration variables", x);
    else if (!k.value && r->lhs[1])
        check_soft_error(c, at_expr(r->lhs[1]), "range over %O permits only one iteration variable",
                         x);
    else if (r->extra)
        check_soft_error(c, at_expr(r->extra),
                         "range clause permits at most two iteration variables");
    r->rhs[0] = k.key;
    r->rhs[1] = k.value;
}

static Operand element(Expr *lhs, Type *t) {
    return (Operand){.mode = MODE_VALUE, .expr = lhs, .type = t};
}

static void define_one(Check *c, Ranging *r, int i, ObjVec *vars) {
    Expr *lhs = r->lhs[i];
    Obj *o;
    if (lhs->kind == EXPR_NAME) {
        o = var_new(c, VAR_LOCAL, lhs->pos, lhs->name, NULL);
        record_def(c, lhs, o);
        if (lhs->name != c->env->blank) vec_push(c->local, vars, o);
    } else {
        check_error(c, at_expr(lhs), "invalid syntax tree: cannot declare %E", lhs);
        o = var_new(c, VAR_LOCAL, lhs->pos, c->env->blank, NULL);
    }
    Type *t = r->rhs[i];
    if (!t || t == BASIC(INVALID)) {
        o->type = BASIC(INVALID);
        o->used = true; // no second complaint
    } else if (r->over_int) {
        check_init_var(c, o, &r->x, "range clause");
    } else {
        Operand y = element(lhs, t);
        check_init_var(c, o, &y, "assignment");
    }
}

static void define_vars(Check *c, Ranging *r, Stmt *s) {
    ObjVec vars = {0};
    for (int i = 0; i < 2; i++)
        if (r->lhs[i]) define_one(c, r, i, &vars);
    if (!vars.len) check_error(c, at_stmt(s), "no new variables on left side of :=");
    for (uint32_t i = 0; i < vars.len; i++)
        check_declare(c, c->e.scope, NULL, vars.v[i], s->for_.body->pos);
}

static void assign_vars(Check *c, Ranging *r) {
    for (int i = 0; i < 2; i++) {
        Expr *lhs = r->lhs[i];
        Type *t = r->rhs[i];
        if (!lhs || !t || t == BASIC(INVALID)) continue;
        if (!r->over_int) {
            Operand y = element(lhs, t);
            check_assign_var(c, lhs, NULL, &y, "assignment");
            continue;
        }
        check_assign_var(c, lhs, NULL, &r->x, "range clause");
        if (r->x.mode != MODE_INVALID && !is_integer(r->x.type))
            check_soft_error(c, at_expr(lhs), "cannot use iteration variable of type %T",
                             r->x.type);
    }
}

// range a without a value needs only a's length: a constant for arrays.
static void record_array_len(Check *c, const Ranging *r, Expr *e) {
    Type *a = array_ptr_deref(type_under(r->x.type));
    if (a->kind != TYPE_ARRAY) return;
    while (e->kind == EXPR_PAREN) e = e->paren.x;
    Operand len = {.mode = MODE_CONST,
                   .expr = e,
                   .type = BASIC(INT),
                   .value = const_i64(c->local, a->array.len)};
    record_operand(c, &len);
}

void check_range(Check *c, unsigned ctxt, Stmt *s) {
    Stmt *clause = s->for_.init;
    Ranging r = {.lhs = {clause->range.lhs}};
    if (r.lhs[0] && r.lhs[0]->kind == EXPR_LIST) {
        ExprList list = clause->range.lhs->list;
        r.lhs[0] = list.v[0];
        r.lhs[1] = list.len > 1 ? list.v[1] : NULL;
        r.extra = list.len > 2 ? list.v[2] : NULL;
    }
    c->e.has_call_or_recv = false;
    check_expr(c, NULL, &r.x, clause->range.x);
    if (r.x.mode != MODE_INVALID && !r.lhs[1] && !c->e.has_call_or_recv)
        record_array_len(c, &r, clause->range.x);
    if (r.x.mode != MODE_INVALID) range_faults(c, &r);
    check_open_scope(c, s->pos, syntax_end_pos(node_stmt(s)));
    r.over_int = r.x.type && is_integer(r.x.type);
    if (clause->def)
        define_vars(c, &r, s);
    else if (r.lhs[0])
        assign_vars(c, &r);
    else if (r.over_int)
        check_assignment(c, &r.x, NULL, STR("range clause"));
    check_stmt(c, ctxt, s->for_.body);
    check_close_scope(c);
}
