// go/escape/literal.c: the size of a make and the operand of an interface conversion become
// literals where they can have one value only. A slice of known size may stay on the stack, and a
// boxed constant needs no memory.
//
// The oracle says which variables are set once, by their declaration. It looks at a whole function
// with the literals in it (of a literal: at the function around it all), as it is when first asked:
// NameInfo.single_def is the (even) number of the oracle that found one definition, or one more:
// there are several.
#include "go/escape/escape_internal.h"

static bool is_candidate(const NameInfo *n) {
    return n->defn && !n->addrtaken && !n->closure_var && n->cls == CLASS_AUTO;
}

static void see_assignment(uint32_t oracle, Node *lhs, const Node *stmt) {
    if (!lhs) return;
    Node *x = ir_outer_value(lhs);
    if (x->op != IR_NAME) return;
    NameInfo *n = ir_canonical(x)->u.name;
    if (n->cls == CLASS_AUTO && n->defn != stmt) n->single_def = oracle + 1;
}

static bool see_node(void *ctx, Node *n) {
    uint32_t oracle = *(const uint32_t *)ctx;
    switch ((int)n->op) { // the others assign nothing
    case IR_NAME:
        if (n->u.name->single_def < oracle && is_candidate(n->u.name))
            n->u.name->single_def = oracle;
        break;
    case IR_AS:
    case IR_ASOP: see_assignment(oracle, n->u.as.x, n); break;
    case IR_RANGE:
        see_assignment(oracle, n->u.range.key, n);
        see_assignment(oracle, n->u.range.value, n);
        break;
    case IR_CLOSURE: ir_visit_func(n->u.closure.func, see_node, ctx); break;
    default: break;
    }
    for (uint32_t i = 0; ir_is_assign_list(n) && i < n->u.as2.lhs.len; i++)
        see_assignment(oracle, n->u.as2.lhs.v[i], n);
    return false;
}

static uint32_t oracle_of(Esc *e, Func *f) {
    while (f->closure_parent && !f->closure_parent->package_init) f = f->closure_parent;
    if (!f->oracle) {
        f->oracle = e->oracles += 2;
        ir_visit_func(f, see_node, &f->oracle);
    }
    return f->oracle;
}

static bool is_set_again(void *ctx, Node *name) {
    return name->u.name->single_def != *(const uint32_t *)ctx;
}

static Node *static_value(uint32_t oracle, Node *n) {
    return ir_static_value_by(n, is_set_again, &oracle);
}

// x is still computed, into a variable nobody reads.
static void keep_effects(Esc *e, Func *f, Node *of, Node *x) {
    Node *tmp = ir_temp(e->p, f, of->pos, x->type);
    ir_add_init(e->p, of, ir_unary(e->p, IR_DCL, of->pos, tmp, NULL));
    ir_add_init(e->p, of, ir_assign(e->p, of->pos, tmp, x));
}

static void rewrite_make(Esc *e, Func *f, Node *n) {
    Node **size = n->u.xy.y ? &n->u.xy.y : &n->u.xy.x;
    if ((*size)->op == IR_LITERAL) return;
    uint32_t oracle = oracle_of(e, f);
    const Node *v = static_value(oracle, *size);
    IrType *t = (*size)->type;
    Const *value = NULL;
    if (v->op == IR_LITERAL) {
        if (const_sign(v->u.lit.value) >= 0) value = v->u.lit.value;
    } else if (v->op == IR_LEN) {
        const Node *x = static_value(oracle, v->u.xy.x);
        if (x->op == IR_SLICELIT) {
            value = const_i64(e->p->scratch, x->u.list.len);
            t = irtype_basic(e->ts, KIND_INT);
        }
    }
    if (!value) return;
    keep_effects(e, f, n, *size);
    *size = ir_literal(e->p, n->pos, t, value);
}

static bool fits(const IrType *t, const Const *v) {
    switch (const_kind(v)) {
    case CONST_BOOL: return irtype_is_bool(t);
    case CONST_STRING: return irtype_is_string(t);
    case CONST_INT: return irtype_is_integer(t);
    case CONST_FLOAT: return irtype_is_float(t);
    case CONST_COMPLEX: return irtype_is_complex(t);
    case CONST_UNKNOWN: return false;
    }
    return false;
}

static void rewrite_conv(Esc *e, Func *f, Node *n) {
    Node *x = n->u.conv.x;
    if (x->op == IR_LITERAL || irtype_is_interface(x->type)) return;
    const Node *v = static_value(oracle_of(e, f), x);
    if (v->op != IR_LITERAL || !fits(x->type, v->u.lit.value)) return;
    keep_effects(e, f, n, x);
    n->u.conv.x = ir_literal(e->p, n->pos, x->type, v->u.lit.value);
}

void esc_rewrite_with_literals(Esc *e, LocId l) {
    Node *n = e->infos.v[l].n;
    if (!n) return;
    if (n->op == IR_MAKESLICE) rewrite_make(e, e->infos.v[l].func, n);
    if (n->op == IR_CONVIFACE) rewrite_conv(e, e->infos.v[l].func, n);
}
