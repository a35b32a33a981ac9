// go/types/record.c: what the check leaves behind for later passes, filed by the ids of the tree.
// Nodes the check itself makes have id 0; what is said of them is dropped.
#include "go/types/types_internal.h"

void record_type(Check *c, Expr *e, Mode mode, Type *t, Const *v) {
    if (mode == MODE_INVALID || !e->id || !c->info) return;
    TypeAndValue *tv = &c->info->exprs[e->id];
    tv->mode = mode;
    tv->type = t;
    tv->value = v;
    tv->pending = false;
}

void record_operand(Check *c, Operand *x) {
    if (!x->expr || !x->expr->id) return;
    Type *t = x->mode == MODE_INVALID ? BASIC(INVALID) : x->mode == MODE_NOVALUE ? NULL : x->type;
    Const *v = x->mode == MODE_CONST ? x->value : NULL;
    if (is_typed(t)) {
        record_type(c, x->expr, x->mode, t, v);
        return;
    }
    TypeAndValue *tv = &c->info->exprs[x->expr->id];
    tv->mode = x->mode;
    tv->type = t;
    tv->value = v;
    tv->pending = true;
    tv->is_lhs = false;
}

void record_def(Check *c, Expr *name, Obj *o) {
    if (name->id) c->info->names[name->id] = o;
}

void record_use(Check *c, Expr *name, Obj *o) { record_def(c, name, o); }

void record_selection(Check *c, Expr *sel, SelectionKind kind, Type *recv, const Found *f) {
    record_use(c, sel->selector.sel, f->obj);
    if (!sel->id || !c->info->selections) return;
    Selection *s = NEW(c->local, Selection);
    *s = (Selection){kind, f->indirect, recv, f->obj, f->index};
    c->info->selections[sel->id] = s;
}

void record_instance(Check *c, Expr *e, TypeList targs, Type *t) {
    if (e->kind == EXPR_INDEX) e = e->index.x;
    if (e->kind == EXPR_SELECTOR) e = e->selector.sel;
    if (!e->id) return;
    Instance *inst = NEW(c->local, Instance);
    *inst = (Instance){targs, t};
    ptrmap_put(&c->info->instances, e, inst);
}

static Obj *unnamed(Check *c, Pos pos, Type *t) {
    return var_new(c, VAR_RESULT, pos, name_intern(c->env->names, STR("")), t);
}

void record_comma_ok(Check *c, Expr *e, Operand *x0, Operand *x1) {
    if (x0->mode == MODE_INVALID) return;
    for (;; e = e->paren.x) {
        ObjList vars;
        NEW_LIST(c->arena, &vars, 2);
        vars.v[0] = unnamed(c, e->pos, x0->type);
        vars.v[1] = unnamed(c, e->pos, x1->type);
        if (e->id) c->info->exprs[e->id].type = new_tuple(c, vars);
        if (e->kind != EXPR_PAREN) return;
    }
}

void record_builtin(Check *c, Expr *f, Type *sig) {
    for (;; f = f->paren.x) {
        record_type(c, f, MODE_BUILTIN, sig, NULL);
        if (f->kind != EXPR_PAREN) return;
    }
}
