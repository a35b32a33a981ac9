// go/types/switch.c: expression and type switches, with their duplicate cases.
#include "go/types/types_internal.h"

static void open_clause(Check *c, Clause *k) {
    check_open_scope(c, k->pos, syntax_end_pos(node_clause(k)));
}

static void one_default(Check *c, ClauseList list) {
    const Clause *first = NULL;
    for (uint32_t i = 0; i < list.len; i++) {
        Clause *k = &list.v[i];
        if (k->cases) continue;
        if (first)
            check_error(c, k->pos, "multiple defaults (first at %P)", first->pos);
        else
            first = k;
    }
}

// ---- expression switches

typedef struct CaseMet {
    Pos pos;
    Type *type;
    struct CaseMet *next;
} CaseMet;

typedef struct Cases {
    StrMap index; // value text -> place in met + 1
    VEC(CaseMet *) met;
} Cases;

// Text of a case value that Go's maps can compare: 64-bit integers, floats, strings.
static bool case_text(Check *c, const Const *v, Str *out) {
    int64_t i;
    uint64_t u;
    ConstKind k = const_kind(v);
    if (k == CONST_INT && const_to_i64_exact(v, &i))
        *out = str_fmt(c->local, "i%lld", (long long)i);
    else if (k == CONST_INT && const_to_u64_exact(v, &u))
        *out = str_fmt(c->local, "u%llu", (unsigned long long)u);
    else if (k == CONST_FLOAT)
        *out = str_fmt(c->local, "f%a", const_to_f64(v));
    else if (k == CONST_STRING)
        *out = str_join2(c->local, STR("s"), const_string_value(c->local, (Const *)(uintptr_t)v));
    else
        return false;
    return true;
}

static void note_case(Check *c, Cases *k, Operand *v) {
    Str text;
    if (!case_text(c, v->value, &text)) return;
    if (!k->index.index.arena) k->index = strmap_new(c->local);
    uint32_t *at = strmap_put(&k->index, text);
    if (!*at) {
        vec_push(c->local, &k->met, NULL);
        *at = k->met.len;
    }
    for (CaseMet *m = k->met.v[*at - 1]; m; m = m->next) {
        if (!type_identical(v->type, m->type)) continue;
        ErrorBuilder e = error_begin(c);
        error_add(&e, at_operand(v), "duplicate case %O in expression switch", v);
        error_add(&e, m->pos, "previous case");
        error_report(&e);
        return;
    }
    CaseMet *m = NEW(c->local, CaseMet);
    *m = (CaseMet){v->expr->pos, v->type, k->met.v[*at - 1]};
    k->met.v[*at - 1] = m;
}

static void case_values(Check *c, Operand *x, ExprList values, Cases *seen) {
    for (uint32_t i = 0; i < values.len; i++) {
        Operand v = {0};
        check_expr(c, NULL, &v, values.v[i]);
        if (x->mode == MODE_INVALID || v.mode == MODE_INVALID) continue;
        convert_untyped(c, &v, x->type);
        if (v.mode == MODE_INVALID) continue;
        Operand result = v, tag = *x;
        check_comparison(c, &result, &tag, OP_EQL, true);
        if (result.mode != MODE_INVALID && v.mode == MODE_CONST) note_case(c, seen, &v);
    }
}

static void switch_tag(Check *c, Operand *x, Stmt *s) {
    if (s->switch_.tag) {
        check_expr(c, NULL, x, s->switch_.tag);
        check_assignment(c, x, NULL, STR("switch expression"));
        if (x->mode != MODE_INVALID && !type_comparable(x->type) && !has_nil(x->type)) {
            check_error(c, at_operand(x), "cannot switch on %O (%T is not comparable)", x, x->type);
            x->mode = MODE_INVALID;
        }
        return;
    }
    // A missing tag is true, placed where the first case begins.
    x->mode = MODE_CONST;
    x->type = BASIC(BOOL);
    x->value = const_bool(c->local, true);
    x->expr = NEW(c->arena, Expr);
    x->expr->kind = EXPR_NAME;
    x->expr->name = c->env->true_;
    x->expr->pos = s->switch_.body.len ? s->switch_.body.v[0].pos : s->switch_.rbrace;
}

void check_switch(Check *c, unsigned ctxt, Stmt *s) {
    Operand x = {0};
    switch_tag(c, &x, s);
    ClauseList body = s->switch_.body;
    one_default(c, body);
    Cases seen = {0};
    for (uint32_t i = 0; i < body.len; i++) {
        Clause *k = &body.v[i];
        unsigned inner = ctxt | (i + 1 < body.len ? CTXT_FALLTHROUGH : CTXT_FINAL_CASE);
        case_values(c, &x, list_of(c, k->cases), &seen);
        open_clause(c, k);
        check_stmt_list(c, inner, k->body);
        check_close_scope(c);
    }
}

// ---- type switches

typedef struct TypeCase {
    Type *type; // NULL: nil
    Expr *expr;
} TypeCase;
typedef VEC(TypeCase) TypeCases;

static bool is_nil_name(Check *c, Expr *e) {
    const Expr *n = syntax_unparen(e);
    if (n->kind != EXPR_NAME) return false;
    Obj *o = check_lookup(c, n->name, NULL);
    return o && o->kind == OBJ_NIL;
}

static bool duplicate_type(Check *c, TypeCases *seen, Type *t, Expr *e) {
    for (uint32_t i = 0; i < seen->len; i++) {
        Type *other = seen->v[i].type;
        if (t ? !other || !type_identical(t, other) : other != NULL) continue;
        Str text = t ? check_format(c, "%T", t) : STR("nil");
        ErrorBuilder err = error_begin(c);
        error_add(&err, at_expr(e), "duplicate case %S in type switch", text);
        error_add(&err, at_expr(seen->v[i].expr), "previous case");
        error_report(&err);
        return true;
    }
    vec_push(c->local, seen, ((TypeCase){t, e}));
    return false;
}

// The type of the clause's variable: that of a single type case, else the operand's.
static Type *case_types(Check *c, Operand *x, ExprList types, TypeCases *seen) {
    Type *t = NULL;
    for (uint32_t i = 0; i < types.len; i++) {
        Expr *e = types.v[i];
        if (is_nil_name(c, e)) {
            Operand dummy = {0};
            t = NULL;
            check_expr(c, NULL, &dummy, e);
        } else {
            t = check_var_type(c, e);
            if (!is_valid(t)) continue;
        }
        if (!duplicate_type(c, seen, t, e) && x && t) check_type_assertion(c, e, x, t, true);
    }
    if (types.len == 1 && t) return t;
    return x ? x->type : BASIC(INVALID);
}

static Operand *guard_operand(Check *c, Expr *guard, Operand *x) {
    check_expr(c, NULL, x, guard->type_switch.x);
    if (x->mode == MODE_INVALID) return NULL;
    if (type_is_tparam(x->type)) {
        check_error(c, at_operand(x), "cannot use type switch on type parameter value %O", x);
        return NULL;
    }
    if (type_is_interface(x->type)) return x;
    check_error(c, at_operand(x), "%O is not an interface", x);
    return NULL;
}

static void report_unused(Check *c, Expr *lhs, const ObjVec *vars) {
    bool used = false;
    for (uint32_t i = 0; i < vars->len; i++) {
        used |= vars->v[i]->used;
        vars->v[i]->used = true; // no message for each clause
    }
    if (!used) check_soft_error(c, at_expr(lhs), "%N declared and not used", lhs->name);
}

void check_type_switch(Check *c, unsigned ctxt, Stmt *s) {
    Expr *guard = s->switch_.tag, *lhs = guard->type_switch.lhs;
    if (lhs && lhs->name == c->env->blank) {
        check_soft_error(c, at_expr(lhs), "no new variable on left side of :=");
        lhs = NULL;
    }
    Operand x = {0}, *sx = guard_operand(c, guard, &x);
    one_default(c, s->switch_.body);
    ObjVec vars = {0};
    TypeCases seen = {0};
    for (uint32_t i = 0; i < s->switch_.body.len; i++) {
        Clause *k = &s->switch_.body.v[i];
        Type *t = case_types(c, sx, list_of(c, k->cases), &seen);
        open_clause(c, k);
        if (lhs) {
            Obj *v = var_new(c, VAR_LOCAL, lhs->pos, lhs->name, t);
            check_declare(c, c->e.scope, NULL, v, k->colon);
            if (k->id) c->info->clause_vars[k->id] = v;
            vec_push(c->local, &vars, v);
        }
        check_stmt_list(c, ctxt, k->body);
        check_close_scope(c);
    }
    if (lhs) report_unused(c, lhs, &vars);
}
