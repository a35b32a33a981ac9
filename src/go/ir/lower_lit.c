// go/ir/lower_lit.c: composite literals and function literals.
// Rules: noder/reader.go compLit and funcLit, typecheck/expr.go tcCompLit.
#include "go/ir/lower_internal.h"

static uint32_t field_index(Low *w, const IrType *t, Name name) {
    const IrField *fields = t->under->fields;
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < t->under->nfields; i++) {
        if (fields[i].name != name) continue;
        if (!fields[i].pkg || fields[i].pkg == w->home->pkg) return i;
        found = i;
    }
    if (found == UINT32_MAX) BUG("a literal's key is no field");
    return found;
}

static void struct_elements(Low *w, const Expr *e, Node *n) {
    IrPkg *p = w->p;
    for (uint32_t i = 0; i < e->composite.elems.len; i++) {
        const Expr *elem = e->composite.elems.v[i];
        uint32_t index = i;
        Pos pos = elem->pos;
        if (elem->kind == EXPR_KEY_VALUE) {
            pos = elem->key_value.key->pos;
            index = field_index(w, n->type, elem->key_value.key->name);
            elem = elem->key_value.value;
        }
        const IrField *f = &n->type->under->fields[index];
        Node *key = ir_node(p, IR_STRUCTKEY, at(pos));
        key->u.field.sel = f->name;
        key->u.field.pkg = f->pkg;
        key->u.field.index = index;
        key->u.field.value = ir_default_lit(p, lower_implicit(w, f->type, elem), f->type);
        key->type = f->type;
        vec_push(p->arena, &n->u.list.v, key);
    }
}

static void keyed_elements(Low *w, const Expr *e, Node *n) {
    IrPkg *p = w->p;
    IrType *u = n->type->under, *key = u->kind == KIND_MAP ? u->key : NULL;
    int64_t next = 0, len = 0;
    for (uint32_t i = 0; i < e->composite.elems.len; i++) {
        const Expr *elem = e->composite.elems.v[i];
        Node *kv = NULL;
        if (elem->kind == EXPR_KEY_VALUE) {
            kv = ir_node(p, IR_KEY, at(elem->key_value.key->pos));
            kv->u.xy.x = lower_implicit(w, key, elem->key_value.key);
            if (key)
                kv->u.xy.x = ir_default_lit(p, kv->u.xy.x, key);
            else
                ir_int_value(kv->u.xy.x, &next);
            elem = elem->key_value.value;
        }
        Node *value = ir_default_lit(p, lower_implicit(w, u->elem, elem), u->elem);
        if (kv) kv->u.xy.y = value;
        vec_push(p->arena, &n->u.list.v, kv ? kv : value);
        if (++next > len) len = next;
    }
    n->u.list.len = len;
}

Node *lower_composite(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    IrType *whole = type_of(w, e);
    IrType *t = whole->kind == KIND_PTR ? whole->under->elem : whole;
    static const IrOp ops[KIND_COUNT] = {[KIND_ARRAY] = IR_ARRAYLIT,
                                         [KIND_SLICE] = IR_SLICELIT,
                                         [KIND_MAP] = IR_MAPLIT,
                                         [KIND_STRUCT] = IR_STRUCTLIT};
    Node *n = ir_node(p, ops[t->kind], at(e->pos));
    n->type = t;
    if (t->kind == KIND_STRUCT)
        struct_elements(w, e, n);
    else
        keyed_elements(w, e, n);
    if (whole == t) return n;
    n = ir_addr(p, at(e->pos), n);
    n->type = whole;
    return n;
}

// ---- function literals

// The dictionary is captured by every literal of generic code, as its last variable.
static void capture_dict(Low *w, Low *inner) {
    if (!w->dict) return;
    inner->dict = ir_closure_var(w->p, w->dict->pos, inner->fn, w->dict);
    inner->fn->closure_vars.len--;
    inner->fn->dict_name = inner->dict;
}

Low lower_inner(Low *w, Func *f) {
    Low inner = {.l = w->l,
                 .p = w->p,
                 .home = w->home,
                 .info = w->info,
                 .env = w->env,
                 .inst = w->inst,
                 .fn = f,
                 .outer = w,
                 .distinct_vars = w->distinct_vars,
                 .locals = ptrmap_new(w->p->scratch)};
    f->inst = w->inst;
    capture_dict(w, &inner);
    return inner;
}

void lower_close_inner(Low *inner) {
    if (inner->dict) vec_push(inner->p->arena, &inner->fn->closure_vars, inner->dict);
}

Node *lower_func_lit(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    Type *sig = info_of(w, e)->type;
    Func *f = ir_closure_func(p, at(e->pos), at(e->pos), IR_CLOSURE, type_of(w, e), w->fn);
    Low inner = lower_inner(w, f);
    inner.sig = type_under(sig);
    lower_find_shape(&inner, e->func_lit.body);
    lower_params(&inner, f, inner.sig);
    f->has_body = true;
    f->has_syntax = true;
    lower_body(&inner, e->func_lit.body);
    lower_close_inner(&inner);
    return f->oclosure;
}
