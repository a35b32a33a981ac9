// go/escape/assign.c: stores: where a value assigned to an expression goes.
#include "go/escape/escape_internal.h"

static void mutate(Esc *e, Node *x) { esc_expr(e, hole_of(LOC_MUTATOR), x); }

// The hole that stands for storing into n.
Hole esc_addr(Esc *e, Node *n) {
    Hole heap = hole_of(LOC_HEAP);
    if (!n || ir_is_blank(n)) return hole_of(LOC_BLANK);
    switch ((int)n->op) { // only what can be assigned to comes here
    case IR_NAME: return n->u.name->cls == CLASS_EXTERN ? heap : hole_of(esc_loc_of(e, n));
    case IR_LINKSYM_OFFSET: return heap;
    case IR_DOT: return esc_addr(e, n->u.field.x);
    case IR_INDEX:
        esc_discard(e, n->u.xy.y);
        if (n->u.xy.x->type->kind == KIND_ARRAY) return esc_addr(e, n->u.xy.x);
        mutate(e, n->u.xy.x);
        return heap;
    case IR_DEREF: mutate(e, n->u.xy.x); return heap;
    case IR_DOTPTR: mutate(e, n->u.field.x); return heap;
    case IR_INDEXMAP:
        esc_discard(e, n->u.xy.x);
        esc_assign_heap(e, n->u.xy.y, "key of map put", n);
        return heap;
    default: BUG("store to %s", ir_op_name(n->op));
    }
}

Holes esc_addrs(Esc *e, NodeVec list) {
    Holes ks = {NEW_ARRAY(e->arena, Hole, list.len + 1), list.len};
    for (uint32_t i = 0; i < list.len; i++) ks.v[i] = esc_addr(e, list.v[i]);
    return ks;
}

void esc_assign_heap(Esc *e, Node *src, const char *why, Node *where) {
    esc_expr(e, esc_note(e, hole_of(LOC_HEAP), where, why), src);
}

static void say_self_assign(Esc *e, Node *where) {
    if (!e->p->flags.m) return;
    Str label = ir_func_label(e->p, e->arena, e->func), text = ir_string(e->p, e->arena, where);
    ir_warn(e->p, where->pos, STR_FMT " ignoring self-assignment in " STR_FMT, STR_ARG(label),
            STR_ARG(text));
}

static void assign_one(Esc *e, Hole k, Node *dst, Node *src, const Note *of) {
    if (dst && dst->op == IR_DOTPTR && esc_is_reflect_data(e, dst)) {
        esc_unsafe_value(e, esc_note(e, hole_of(LOC_HEAP), of->where, of->why), src);
        return;
    }
    if (dst && src && esc_is_self_assign(dst, src)) {
        say_self_assign(e, of->where);
        k = hole_of(LOC_BLANK);
    }
    esc_expr(e, esc_note(e, k, of->where, of->why), src);
}

// dsts... = srcs...; there may be fewer sources.
void esc_assign_list(Esc *e, NodeVec dsts, NodeVec srcs, const char *why, Node *where) {
    Holes ks = esc_addrs(e, dsts);
    Note of = {0, where, why};
    for (uint32_t i = 0; i < ks.len; i++)
        assign_one(e, ks.v[i], dsts.v[i], i < srcs.len ? srcs.v[i] : NULL, &of);
    esc_reassigned(e, ks, where);
}

// Marks what where assigns to as reassigned, but for variables it declares: they are set there and,
// unless by a range, once.
void esc_reassigned(Esc *e, Holes ks, const Node *where) {
    if (where->op == IR_AS && !where->u.as.y) { // var x T
        const Node *x = where->u.as.x;
        if (x->op == IR_NAME && !x->u.name->defn && !x->u.name->canonical) return;
    }
    for (uint32_t i = 0; i < ks.len; i++) {
        LocInfo *l = &e->infos.v[ks.v[i].dst];
        bool declared = l->n && l->n->op == IR_NAME && l->n->u.name->defn == where;
        if (!declared || where->op == IR_RANGE) l->reassigned = true;
    }
}

bool esc_is_reflect_data(const Esc *e, const Node *n) {
    if (n->type->kind != KIND_UINTPTR || n->type->obj) return false;
    const IrType *t = n->u.field.x->type;
    if (n->op == IR_DOTPTR) t = t->under->elem;
    if (!t->obj || !ir_pkg_is(e->p, t->obj->pkg, "reflect")) return false;
    const Names *names = e->p->names;
    if (!str_eq_c(name_str(names, n->u.field.sel), "Data")) return false;
    Str name = name_str(names, t->obj->name);
    return str_eq_c(name, "SliceHeader") || str_eq_c(name, "StringHeader");
}
