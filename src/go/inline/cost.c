// go/inline/cost.c: what inlining a function would cost: its nodes, more or less, or why it is out
// of the question. Rules: cmd/compile/internal/inline/inl.go hairyVisitor, IsBigFunc.
#include "go/inline/inline_internal.h"
#include "go/inline/rules.h"

typedef struct Visit {
    IrPkg *p;
    Func *f;
    int32_t budget;
    bool exact; // count on when the budget is spent
    int8_t big; // whether f is a big function: 0 not asked yet, 1 yes, -1 no
    Str reason;
} Visit;

static bool visit(void *ctx, Node *n);

static bool visit_list(Visit *v, NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i] && visit(v, list.v[i])) return true;
    return false;
}

static bool refuse(Visit *v, const char *why, Str what) {
    v->reason = str_join2(v->p->scratch, str_c(why), what);
    return true;
}

// ---- calls

static bool name_matches(Str name, const char *pattern) {
    Str want = str_c(pattern);
    return want.ptr[want.len - 1] == '[' ? str_starts(name, want) : str_eq(name, want);
}

static bool is_cheap(const IrPkg *p, const Func *f, bool method) {
    if (!f->pkg) return false;
    Str path = name_str(p->names, f->pkg->path);
    for (uint32_t i = 0; i < COUNT(cheap_calls); i++) {
        const CheapCalls *row = &cheap_calls[i];
        if (row->methods != method || !str_eq_c(path, row->path)) continue;
        for (uint32_t k = 0; row->names[k]; k++)
            if (name_matches(f->name, row->names[k])) return true;
    }
    return false;
}

// Declared by the compiler, not by the program, to call into package runtime.
static bool is_runtime_helper(const Func *f, const char *name) {
    return !f->obj && !f->oclosure && !f->has_syntax && !f->has_body && str_eq_c(f->name, name);
}

typedef enum CallKind { CALL_NORMAL, CALL_CHEAP, CALL_REFUSED } CallKind;

static CallKind call_kind(Visit *v, const Node *fn, const Func *f) {
    if (fn->op == IR_METHEXPR) return is_cheap(v->p, f, true) ? CALL_CHEAP : CALL_NORMAL;
    if (ir_pkg_is(v->p, f->pkg, "internal/runtime/sys") &&
        (str_eq_c(f->name, "GetCallerPC") || str_eq_c(f->name, "GetCallerSP"))) {
        refuse(v, "call to ", f->name);
        return CALL_REFUSED;
    }
    if (is_runtime_helper(f, "deferrangefunc")) {
        refuse(v, "defer call in range func", STR(""));
        return CALL_REFUSED;
    }
    if (is_runtime_helper(f, "panicrangestate")) return CALL_CHEAP;
    return is_cheap(v->p, f, false) ? CALL_CHEAP : CALL_NORMAL;
}

// A big function is never inlined itself, so this matters to the cost that is printed alone.
static bool is_big_caller(Visit *v) {
    if (!v->exact) return false;
    if (!v->big) v->big = cost_is_big(v->f) ? 1 : -1;
    return v->big > 0;
}

static int32_t cost_of_call(const Visit *v) {
    return v->p->flags.cheap_calls ? inline_rules.cheap_call : inline_rules.call;
}

static bool visit_call(Visit *v, Node *n) {
    Node *fn = n->u.call.fn;
    Func *named = fn->op == IR_NAME || fn->op == IR_METHEXPR ? ir_callee(fn) : NULL;
    int32_t extra = cost_of_call(v);
    if (named) {
        CallKind kind = call_kind(v, fn, named);
        if (kind == CALL_REFUSED) return true;
        if (kind == CALL_CHEAP || ir_is_intrinsic(v->p, named)) return false;
    } else if (fn->op == IR_NAME && (fn->u.name->cls == CLASS_PARAM || fn->u.name->closure_var)) {
        extra = MIN(extra, inline_rules.param_call);
    }
    const Func *callee = call_callee(v->p, v->f, fn, false);
    if (callee && callee->inl && ir_body_available(v->p, callee)) {
        CallSite at = {v->f, callee->inl->cost > inline_rules.big_function_cost && is_big_caller(v),
                       false};
        if (call_may_inline(v->p, &at, n, callee, false)) extra = callee->inl->cost;
    }
    v->budget -= extra;
    return false;
}

// ---- other nodes that do not cost one

// &x.f where f is at the start of x costs nothing.
static bool is_first_field(Visit *v, const Node *addr) {
    const Node *dot = addr->u.xy.x;
    if (dot->op != IR_DOT && dot->op != IR_DOTPTR) return false;
    const Node *x = dot->u.field.x;
    if (x->op != IR_NAME) return false;
    IrType *t = dot->op == IR_DOT ? x->type->under : x->type->under->elem->under;
    irtype_size(v->p->types, t); // sets the offsets
    return t->fields[dot->u.field.index].offset == 0;
}

static bool is_deref_of_addr(const Node *n) {
    const Node *x = n->u.xy.x;
    while (x->op == IR_CONVNOP) x = x->u.conv.x;
    return x->op == IR_ADDR;
}

bool cost_is_multi_value(const Node *n) {
    if (n->op != IR_AS2 || !n->u.as2.rhs.len) return false;
    const NodeVec *init = n->u.as2.rhs.v[0]->init;
    return init && init->len == 1 && ir_is_assign_list(init->v[0]);
}

static int32_t slice_saving(const Node *n) {
    const Node *lo = n->u.slice.lo, *hi = n->u.slice.hi;
    int64_t value;
    int32_t saved = 0;
    if (lo && lo->op == IR_LITERAL && ir_int_value(lo, &value) && value == 0) saved++;
    if (hi && hi->op == IR_LEN && hi->u.xy.x == n->u.slice.x) saved += 2;
    return saved;
}

static bool visit_const_if(Visit *v, Node *n) {
    if (n->init && visit_list(v, *n->init)) return true;
    return visit_list(v,
                      const_bool_value(n->u.if_.cond->u.lit.value) ? n->u.if_.then : n->u.if_.els);
}

static bool visit(void *ctx, Node *n) { // flat switch
    Visit *v = ctx;
    switch ((int)n->op) {
    case IR_CALLFUNC:
        if (visit_call(v, n)) return true;
        break;
    case IR_CALLINTER: v->budget -= cost_of_call(v); break;
    case IR_PANIC:
        if (n->u.xy.x->op == IR_CONVIFACE && n->u.xy.x->implicit) v->budget++;
        v->budget -= inline_rules.panic;
        break;
    case IR_RECOVER: return refuse(v, "call to recover", STR(""));
    case IR_CLOSURE: v->budget -= inline_rules.closure; break;
    case IR_GO:
    case IR_DEFER:
    case IR_TAILCALL: return refuse(v, "unhandled op ", str_c(ir_op_name(n->op)));
    case IR_ADDR:
        if (is_first_field(v, n)) v->budget += 2;
        break;
    case IR_DEREF:
        if (is_deref_of_addr(n)) v->budget++;
        break;
    case IR_FALL:
    case IR_TYPE: return false;
    case IR_IF:
        if (ir_is_const(n->u.if_.cond, CONST_BOOL)) return visit_const_if(v, n);
        break;
    case IR_CONVNOP:
    case IR_BLOCK:
    case IR_METHEXPR: v->budget++; break;
    case IR_METHVALUE:
    case IR_SLICELIT: v->budget--; break;
    case IR_TYPESW:
        if (n->u.typesw.tag) v->budget--; // the variable counts
        break;
    case IR_AS2:
        if (cost_is_multi_value(n)) v->budget += 4 * (int32_t)n->u.as2.lhs.len + 1;
        break;
    case IR_SLICE:
    case IR_SLICEARR:
    case IR_SLICESTR:
    case IR_SLICE3:
    case IR_SLICE3ARR: v->budget += slice_saving(n); break;
    default: break;
    }
    v->budget--;
    if (v->budget < 0 && !v->exact) return refuse(v, "too expensive", STR(""));
    return ir_children(n, visit, v);
}

Cost cost_of(IrPkg *p, Func *f, int32_t budget) {
    Visit v = {.p = p, .f = f, .budget = budget, .exact = p->flags.m > 1};
    Cost c = {0};
    if (!visit_list(&v, f->body) && v.budget < 0)
        v.reason = str_fmt(p->scratch, "function too complex: cost %d exceeds budget %d",
                           budget - v.budget, budget);
    c.reason = v.reason;
    c.cost = budget - v.budget;
    return c;
}

// ---- facts about functions

typedef struct Count {
    int32_t left;
} Count;

static bool count_node(void *ctx, Node *n) {
    Count *c = ctx;
    if (cost_is_multi_value(n)) c->left += 4 * (int32_t)n->u.as2.lhs.len + 1;
    if (n->op == IR_TYPESW && n->u.typesw.tag) c->left--;
    return --c->left <= 0 || ir_children(n, count_node, c);
}

// The function's own node counts as one.
bool cost_is_big(const Func *f) {
    Count c = {inline_rules.big_function - 1};
    for (uint32_t i = 0; i < f->body.len; i++)
        if (count_node(&c, f->body.v[i])) return true;
    return false;
}

static bool any_simd(IrTypes *ts, const IrField *fields, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (irtype_is_simd(ts, fields[i].type)) return true;
    return false;
}

int32_t cost_simd_factor(IrTypes *ts, const Func *f) {
    if (f->recv && irtype_is_simd(ts, f->recv)) return inline_rules.simd_factor;
    if (any_simd(ts, f->type->under->fields, f->type->under->nfields))
        return inline_rules.simd_factor;
    for (uint32_t i = 0; i < f->closure_vars.len; i++)
        if (irtype_is_simd(ts, f->closure_vars.v[i]->type)) return inline_rules.simd_capture_factor;
    return 1;
}
