// go/types/assign.c: values to variables: assignment, initialization, and the counts on both sides.
#include "go/types/types_internal.h"

// Where a value is used, put into words only for a message.
typedef struct Use {
    Str text;
    const Expr *callee; // of an argument; else NULL
} Use;

static Str use_text(Check *c, const Use *use) {
    return use->callee ? check_format(c, "argument to %E", use->callee) : use->text;
}

static bool assignment_untyped(Check *c, Operand *x, Type *t, const Use *use) {
    Type *target = t;
    if (operand_is_nil(x)) {
        if (!t) {
            check_error(c, at_operand(x), "use of untyped nil in %S", use_text(c, use));
            return false;
        }
    } else if (!t || is_plain_interface(t)) {
        target = default_type(x->type);
    }
    Const *v;
    ConstFault fault;
    Type *got = implicit_type(c, x, target, &v, &fault);
    if (!got) {
        const char *why = fault == FAULT_TRUNCATED  ? " (truncated)"
                          : fault == FAULT_OVERFLOW ? " (overflows)"
                                                    : "";
        check_error(c, at_operand(x), "cannot use %O as %T value in %S%s", x, target,
                    use_text(c, use), why);
        return false;
    }
    take_type(c, x, got, v);
    return true;
}

static bool assignable_mode(Mode m) {
    return m == MODE_NIL || m == MODE_CONST || m == MODE_VARIABLE || m == MODE_MAPINDEX ||
           m == MODE_VALUE || m == MODE_COMMAOK || m == MODE_COMMAERR;
}

static bool assign_to(Check *c, Operand *x, Type *t, const Use *use) {
    if (!assignable_mode(x->mode)) {
        check_error(c, at_operand(x), "cannot assign %O to %T in %S", x, t, use_text(c, use));
        return false;
    }
    if (is_untyped(x->type) && !assignment_untyped(c, x, t, use)) return false;
    Type *sig = under_as(x->type, TYPE_SIGNATURE);
    if (sig && sig->sig.tparams.len) {
        check_error(c, at_operand(x), "cannot use generic function %O without instantiation in %S",
                    x, use_text(c, use));
        return false;
    }
    Str cause = STR("");
    if (!t || operand_assignable(c, x, t, &cause)) return true;
    if (cause.len)
        check_error(c, at_operand(x), "cannot use %O as %T value in %S: %S", x, t, use_text(c, use),
                    cause);
    else
        check_error(c, at_operand(x), "cannot use %O as %T value in %S", x, t, use_text(c, use));
    return false;
}

// t NULL: to the blank identifier; an untyped x then takes its default type.
static void assign_in(Check *c, Operand *x, Type *t, Use use) {
    check_single_value(c, x);
    if (x->mode != MODE_INVALID && !assign_to(c, x, t, &use)) x->mode = MODE_INVALID;
}

void check_assignment(Check *c, Operand *x, Type *t, Str context) {
    assign_in(c, x, t, (Use){.text = context});
}

void check_argument(Check *c, Operand *x, Type *t, const Expr *callee) {
    assign_in(c, x, t, (Use){.callee = callee});
}

void check_init_const(Check *c, Obj *lhs, Operand *x) {
    if (x->mode == MODE_INVALID || !is_valid(x->type) || (lhs->type && !is_valid(lhs->type))) {
        if (!lhs->type) lhs->type = BASIC(INVALID);
        return;
    }
    if (x->mode != MODE_CONST) {
        check_error(c, at_operand(x), "%O is not constant", x);
        if (!lhs->type) lhs->type = BASIC(INVALID);
        return;
    }
    if (!lhs->type) lhs->type = x->type;
    check_assignment(c, x, lhs->type, STR("constant declaration"));
    if (x->mode != MODE_INVALID) lhs->value = x->value;
}

void check_init_var(Check *c, Obj *lhs, Operand *x, const char *context) {
    if (x->mode == MODE_INVALID || !is_valid(x->type) || (lhs->type && !is_valid(lhs->type))) {
        if (!lhs->type) lhs->type = BASIC(INVALID);
        x->mode = MODE_INVALID;
        return;
    }
    if (!lhs->type) {
        if (x->type == BASIC(UNTYPED_NIL)) {
            check_error(c, at_operand(x), "use of untyped nil in %s", context);
            lhs->type = BASIC(INVALID);
            x->mode = MODE_INVALID;
            return;
        }
        lhs->type = default_type(x->type);
    }
    check_assignment(c, x, lhs->type, str_c(context));
}

// ---- left sides

// The variable an assignment names, with what is known of its use: being assigned to is none.
static Obj *assigned_var(Check *c, Expr *lhs, bool *used) {
    const Expr *id = syntax_unparen(lhs);
    Obj *v = id->kind == EXPR_NAME ? check_lookup(c, id->name, NULL) : NULL;
    if (!v || v->kind != OBJ_VAR || v->pkg != c->pkg) return NULL;
    *used = v->used;
    return v;
}

// The type that may be assigned to lhs; NULL for the blank identifier.
static Type *lhs_type(Check *c, Expr *lhs) {
    Expr *id = syntax_unparen_mut(lhs);
    if (id->kind == EXPR_NAME && id->name == c->env->blank) {
        record_def(c, id, NULL);
        return NULL;
    }
    bool used = false;
    Obj *v = assigned_var(c, lhs, &used);
    Operand x = {0};
    check_expr(c, NULL, &x, lhs);
    if (v) v->used = used;
    if (x.mode == MODE_INVALID || !is_valid(x.type)) return BASIC(INVALID);
    if (x.mode == MODE_VARIABLE || x.mode == MODE_MAPINDEX) return x.type;
    if (x.expr->kind == EXPR_SELECTOR) {
        Operand op = {0};
        check_expr(c, NULL, &op, x.expr->selector.x);
        if (op.mode == MODE_MAPINDEX) {
            check_error(c, at_operand(&x), "cannot assign to struct field %E in map", x.expr);
            return BASIC(INVALID);
        }
    }
    check_error(c, at_operand(&x),
                "cannot assign to %E (neither addressable nor a map index expression)", x.expr);
    return BASIC(INVALID);
}

// Either rhs or its value x is given.
void check_assign_var(Check *c, Expr *lhs, Expr *rhs, Operand *x, const char *context) {
    Type *t = lhs_type(c, lhs);
    if (t && !is_valid(t)) {
        if (x)
            x->mode = MODE_INVALID;
        else
            check_use1(c, rhs, false);
        return;
    }
    Operand own = {0};
    if (!x) {
        x = &own;
        Target *target = NULL;
        if (t && type_under(t)->kind == TYPE_SIGNATURE)
            target = target_new(c, t, syntax_expr_string(c->arena, c->env->names, lhs));
        check_expr(c, target, x, rhs);
    }
    if (!t && !strcmp(context, "assignment")) context = "assignment to _ identifier";
    check_assignment(c, x, t, str_c(context));
}

// ---- counts

Str measure(Check *c, uint32_t n, const char *unit) {
    return check_format(c, "%d %s%s", (int)n, unit, n == 1 ? "" : "s");
}

static Str type_summary(Check *c, Type *t) {
    if (!t || !is_valid(t)) return STR("unknown type");
    if (is_typed(t)) return check_format(c, "%T", t);
    if (is_numeric(t)) return STR("number");
    Str name = str_c(t->basic.name);
    str_cut_prefix(&name, STR("untyped "));
    return name;
}

Str types_summary(Check *c, TypeList list, bool variadic, bool dots) {
    Buf b = buf_new(c->arena);
    buf_byte(&b, '(');
    for (uint32_t i = 0; i < list.len; i++) {
        bool last = i + 1 == list.len;
        Type *t = list.v[i];
        if (i) buf_lit(&b, ", ");
        if (last && variadic) {
            buf_lit(&b, "...");
            if (is_kind(t, TYPE_SLICE)) t = t->slice.elem;
        }
        buf_str(&b, type_summary(c, t));
        if (last && dots) buf_lit(&b, "...");
    }
    buf_byte(&b, ')');
    return buf_view(&b);
}

static void assign_error(Check *c, ExprList rhs, uint32_t l, uint32_t r) {
    Str vars = measure(c, l, "variable"), vals = measure(c, r, "value");
    const Expr *call = syntax_unparen(rhs.v[0]);
    if (rhs.len == 1 && call->kind == EXPR_CALL)
        check_error(c, at_expr(rhs.v[0]), "assignment mismatch: %S but %E returns %S", vars,
                    call->call.fn, vals);
    else
        check_error(c, at_expr(rhs.v[0]), "assignment mismatch: %S but %S", vars, vals);
}

static void return_error(Check *c, Stmt *at, ObjList lhs, const OperandVec *rhs) {
    uint32_t l = lhs.len, r = rhs->len;
    Pos pos = at_stmt(at);
    if (r > l)
        pos = at_operand(rhs->v[l]);
    else if (r)
        pos = at_operand(rhs->v[r - 1]);
    TypeList have, want;
    NEW_LIST(c->local, &have, r);
    NEW_LIST(c->local, &want, l);
    for (uint32_t i = 0; i < r; i++) have.v[i] = rhs->v[i]->type;
    for (uint32_t i = 0; i < l; i++) want.v[i] = lhs.v[i]->type;
    ErrorBuilder e = error_begin(c);
    error_add(&e, pos, "%s return values", r > l ? "too many" : "not enough");
    error_add(&e, 0, "have %S", types_summary(c, have, false, false));
    error_add(&e, 0, "want %S", types_summary(c, want, false, false));
    error_report(&e);
}

static void invalidate(ObjList lhs) {
    for (uint32_t i = 0; i < lhs.len; i++)
        if (!lhs.v[i]->type) lhs.v[i]->type = BASIC(INVALID);
}

static bool is_call(ExprList rhs) {
    return rhs.len == 1 && syntax_unparen(rhs.v[0])->kind == EXPR_CALL;
}

static void init_pairwise(Check *c, ObjList lhs, ExprList rhs, Stmt *return_stmt,
                          const char *context) {
    for (uint32_t i = 0; i < lhs.len; i++) {
        Str desc = name_str(c->env->names, lhs.v[i]->name);
        if (return_stmt && !desc.len) desc = STR("result variable");
        Operand x = {0};
        check_expr(c, target_new(c, lhs.v[i]->type, desc), &x, rhs.v[i]);
        check_init_var(c, lhs.v[i], &x, context);
    }
}

static void init_mismatch(Check *c, ObjList lhs, ExprList rhs, Stmt *return_stmt) {
    if (check_use(c, rhs, false)) {
        if (return_stmt) {
            OperandVec values = {0};
            check_expr_list(c, rhs, &values);
            return_error(c, return_stmt, lhs, &values);
        } else if (rhs.len) {
            assign_error(c, rhs, lhs.len, rhs.len);
        }
    }
    invalidate(lhs);
}

void check_init_vars(Check *c, ObjList lhs, ExprList rhs, Stmt *return_stmt) {
    const char *context = return_stmt ? "return statement" : "assignment";
    if (lhs.len == rhs.len && !is_call(rhs)) {
        init_pairwise(c, lhs, rhs, return_stmt, context);
        return;
    }
    if (rhs.len != 1) {
        init_mismatch(c, lhs, rhs, return_stmt);
        return;
    }
    OperandVec values = {0};
    bool comma_ok;
    check_multi_expr(c, rhs.v[0], lhs.len == 2 && !return_stmt, &values, &comma_ok);
    if (values.len == lhs.len) {
        for (uint32_t i = 0; i < lhs.len; i++) check_init_var(c, lhs.v[i], values.v[i], context);
        if (comma_ok && values.v[0]->mode != MODE_INVALID && values.v[1]->mode != MODE_INVALID)
            record_comma_ok(c, rhs.v[0], values.v[0], values.v[1]);
        return;
    }
    if (values.v[0]->mode != MODE_INVALID) {
        if (return_stmt)
            return_error(c, return_stmt, lhs, &values);
        else
            assign_error(c, rhs, lhs.len, values.len);
    }
    invalidate(lhs);
}

void check_assign_vars(Check *c, ExprList lhs, ExprList rhs) {
    if (lhs.len == rhs.len && !is_call(rhs)) {
        for (uint32_t i = 0; i < lhs.len; i++)
            check_assign_var(c, lhs.v[i], rhs.v[i], NULL, "assignment");
        return;
    }
    if (rhs.len != 1) {
        bool ok_lhs = check_use(c, lhs, true), ok_rhs = check_use(c, rhs, false);
        if (ok_lhs && ok_rhs) assign_error(c, rhs, lhs.len, rhs.len);
        return;
    }
    OperandVec values = {0};
    bool comma_ok;
    check_multi_expr(c, rhs.v[0], lhs.len == 2, &values, &comma_ok);
    if (values.len == lhs.len) {
        for (uint32_t i = 0; i < lhs.len; i++)
            check_assign_var(c, lhs.v[i], NULL, values.v[i], "assignment");
        if (comma_ok && values.v[0]->mode != MODE_INVALID && values.v[1]->mode != MODE_INVALID)
            record_comma_ok(c, rhs.v[0], values.v[0], values.v[1]);
        return;
    }
    if (values.v[0]->mode != MODE_INVALID) assign_error(c, rhs, lhs.len, values.len);
    check_use(c, lhs, true);
}

// ---- :=

typedef struct ShortDecl {
    Check *c;
    ObjList vars; // one for each name on the left
    ObjVec fresh;
    bool error;
} ShortDecl;

static bool repeated(ExprList lhs, uint32_t i) {
    for (uint32_t k = 0; k < i; k++)
        if (lhs.v[k]->kind == EXPR_NAME && lhs.v[k]->name == lhs.v[i]->name) return true;
    return false;
}

static Obj *short_var(ShortDecl *s, ExprList lhs, uint32_t i) {
    Check *c = s->c;
    Expr *id = lhs.v[i];
    s->error = s->error || id->kind != EXPR_NAME;
    if (id->kind != EXPR_NAME) {
        check_use1(c, id, true);
        check_error(c, at_expr(id), "non-name %E on left side of :=", id);
        return NULL;
    }
    bool blank = id->name == c->env->blank;
    if (!blank && repeated(lhs, i)) {
        check_error(c, at_expr(id), "%E repeated on left side of :=", id);
        s->error = true;
        return NULL;
    }
    Obj *alt = scope_lookup(c->e.scope, id->name);
    if (alt) {
        record_use(c, id, alt);
        if (alt->kind == OBJ_VAR) return alt;
        check_error(c, at_expr(id), "cannot assign to %E", id);
        s->error = true;
        return NULL;
    }
    Obj *v = var_new(c, VAR_LOCAL, id->pos, id->name, NULL);
    if (!blank) vec_push(c->local, &s->fresh, v);
    record_def(c, id, v);
    return v;
}

void check_short_var_decl(Check *c, Pos pos, ExprList lhs, ExprList rhs) {
    uint32_t top = c->delayed.len;
    Scope *scope = c->e.scope;
    ShortDecl s = {.c = c};
    NEW_LIST(c->local, &s.vars, lhs.len);
    for (uint32_t i = 0; i < lhs.len; i++) s.vars.v[i] = short_var(&s, lhs, i);
    for (uint32_t i = 0; i < lhs.len; i++)
        if (!s.vars.v[i]) s.vars.v[i] = var_new(c, VAR_LOCAL, lhs.v[i]->pos, c->env->blank, NULL);
    check_init_vars(c, s.vars, rhs, NULL);
    check_process_delayed(c, top); // literals on the right do not see the new variables
    if (!s.fresh.len && !s.error) {
        check_soft_error(c, pos, "no new variables on left side of :=");
        return;
    }
    Pos scope_pos = syntax_end_pos(node_expr(rhs.v[rhs.len - 1]));
    for (uint32_t i = 0; i < s.fresh.len; i++)
        check_declare(c, scope, NULL, s.fresh.v[i], scope_pos);
}
