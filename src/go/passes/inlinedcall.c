// go/passes/inlinedcall.c: var ErrX = errors.New("x"): an inlined call of a function that only
// returns an expression is that expression, with the arguments in the parameters' place. Rules:
// staticinit.staticAssignInlinedCall, subst.
#include "go/passes/staticinit.h"

// The parts of such a call. Its init is [params = args; INLMARK], its body
// [{var result; result = expression; goto label}; label:].
typedef struct Parts {
    NodeVec params, args;
    Node *result;
} Parts;

static bool take_apart(const Node *call, Parts *out) {
    NodeVec body = call->u.inlcall.body;
    if (!call->init || call->init->len != 2 || body.len != 2) return false;
    const Node *args = call->init->v[0], *block = body.v[0], *label = body.v[1];
    if (args->op != IR_AS2 || call->init->v[1]->op != IR_INLMARK) return false;
    if (block->op != IR_BLOCK || label->op != IR_LABEL || block->u.list.v.len != 3) return false;
    Node **list = block->u.list.v.v;
    const Node *as = list[1];
    if (list[0]->op != IR_DCL || as->op != IR_AS2 || list[2]->op != IR_GOTO) return false;
    if (!str_eq(list[2]->u.branch.label, label->u.branch.label)) return false;
    if (as->u.as2.lhs.len != 1 || as->u.as2.lhs.v[0] != list[0]->u.xy.x) return false;
    *out = (Parts){args->u.as2.lhs, args->u.as2.rhs, as->u.as2.rhs.v[0]};
    return true;
}

typedef struct Uses {
    const Parts *parts;
    uint32_t *count; // of each parameter
    bool closure;    // a literal captures something
} Uses;

static bool count_use(void *ctx, Node *n) {
    Uses *u = ctx;
    if (n->op == IR_CLOSURE && func_is_closure(n->u.closure.func)) u->closure = true;
    for (uint32_t i = 0; n->op == IR_NAME && i < u->parts->params.len; i++)
        if (u->parts->params.v[i] == n) u->count[i]++;
    return false;
}

// Whether arguments can stand where parameters are used.
static bool can_substitute(Static *s, const Parts *parts) {
    uint32_t n = parts->params.len;
    for (uint32_t i = 0; i < n; i++)
        if (parts->params.v[i]->u.name->addrtaken || ir_has_side_effects(parts->args.v[i]))
            return false;
    Uses uses = {parts, NEW_ARRAY(s->p->scratch, uint32_t, n + 1), false};
    ir_any(parts->result, count_use, &uses);
    if (uses.closure) return false;
    for (uint32_t i = 0; i < n; i++)
        if (uses.count[i] > 1 && !ir_can_repeat(parts->args.v[i])) return false;
    return true;
}

// ---- what constant arguments make constant

typedef struct Subst {
    IrPkg *p;
    NodeVec args;
    bool failed;
} Subst;

// A constant converted as a variable would be, cut to size; NULL: too difficult.
static Node *truncated(IrPkg *p, const Node *x, IrType *t) {
    Const *v = x->u.lit.value;
    if (x->type->kind != t->kind) {
        if (!irtype_is_int(x->type) || !irtype_is_int(t)) return NULL;
        int64_t bits = irtype_size(p->types, t) * 8;
        uint64_t mask = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1, word;
        v = const_binary(p->arena, v, OP_AND, const_u64(p->arena, mask), false);
        bool sign = !irtype_is_unsigned(t) && const_to_u64_exact(v, &word) && word >> (bits - 1);
        if (sign) v = const_i64(p->arena, (int64_t)(word | ~mask));
    }
    return ir_literal(p, x->pos, t, v);
}

static Node *fold_conv(Subst *s, Node *n) {
    if (n->u.conv.x->op != IR_LITERAL) return n;
    Node *folded = truncated(s->p, n->u.conv.x, n->type);
    if (folded) return folded;
    s->failed = true;
    return n;
}

// Joins constants that stand side by side in a sum of strings.
static Node *fold_sum(Subst *s, Node *n) {
    IrPkg *p = s->p;
    NodeVec out = {0};
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        Node *x = n->u.list.v.v[i];
        bool join =
            out.len && ir_is_const(vec_last(&out), CONST_STRING) && ir_is_const(x, CONST_STRING);
        if (!join) {
            vec_push(p->arena, &out, x);
            continue;
        }
        Node *last = vec_last(&out);
        Str text = str_join2(p->arena, const_string_value(p->arena, last->u.lit.value),
                             const_string_value(p->arena, x->u.lit.value));
        vec_last(&out) = ir_literal(p, last->pos, last->type, const_string(p->arena, text));
    }
    if (out.len == 1 && vec_last(&out)->op == IR_LITERAL) {
        vec_last(&out)->type = n->type;
        return vec_last(&out);
    }
    n->u.list.v = out;
    return n;
}

static Node *fold(void *ctx, Node *n) {
    Subst *s = ctx;
    for (uint32_t i = 0; i < s->args.len; i++)
        if (s->args.v[i] == n) return n; // it is the call's own
    if (n->op == IR_NAME || n->op == IR_CLOSURE || n->op == IR_TYPE) return n;
    ir_edit_children(n, fold, s);
    if (n->op == IR_CONV) return fold_conv(s, n);
    if (n->op == IR_ADDSTR) return fold_sum(s, n);
    return n;
}

bool static_inlined_call(Static *s, StaticPlace at, Node *call) {
    Parts parts;
    if (!take_apart(call, &parts) || !can_substitute(s, &parts)) return false;
    IrClone clone = {.p = s->p, .into = s->init, .same_literals = true};
    for (uint32_t i = 0; i < parts.params.len; i++)
        if (!ir_is_blank(parts.params.v[i]))
            ir_clone_map(&clone, parts.params.v[i], parts.args.v[i]);
    Subst subst = {s->p, parts.args, false};
    Node *r = fold(&subst, ir_clone(&clone, parts.result));
    return !subst.failed && static_assign(s, at, r);
}
