// go/why/walk.c: every place of a package that may ask for memory, in the order of its functions
// and statements, with the loops around it; and what the statement around an expression makes free
// (walk/order.go, walk/switch.go).
#include "go/why/why_internal.h"

#define X(id, name) name,
static const char *const kind_names[] = {COST_KINDS(X)};
#undef X
const char *cost_kind_name(CostKind k) { return kind_names[k]; }

const char *cost_class_name(CostClass c) {
    switch (c) {
    case COST_NEVER: return "never";
    case COST_SOMETIMES: return "sometimes";
    case COST_ALWAYS: return "always";
    }
    BUG("class %d", (int)c);
}

// ---- one site

static Str condition(Arena *a, const Cost *c) {
    if (!c->when) return (Str){0};
    Str text = str_c(c->when);
    size_t at = str_find_byte(text, '%');
    if (at == STR_NONE) return text;
    return str_fmt(a, STR_FMT "%lld" STR_FMT, STR_ARG(str_to(text, at)), (long long)c->limit,
                   STR_ARG(str_from(text, at + 1)));
}

CostSite *why_add(Why *w, const Cost *c, IrPos pos, Str what) {
    bool pointers = c->pointer_bytes != 0;
    CostSite site = {.pos = pos,
                     .at = pos,
                     .func = w->func_label,
                     .what = what,
                     .kind = c->kind,
                     .cls = c->cls,
                     .when = condition(w->arena, c),
                     .bytes = c->bytes,
                     .block = why_block(c->bytes, pointers),
                     .pointer_bytes = c->pointer_bytes,
                     .loops = w->loops,
                     .tiny = why_is_tiny(c->bytes, pointers)};
    if (c->kind == COST_MAKE_CHAN && pointers && c->bytes > 0) site.block = COST_UNKNOWN; // two
    if (c->kind == COST_MAKE_MAP && c->bytes < 0) site.block = COST_UNKNOWN;
    vec_push(w->arena, w->out, site);
    return &vec_last(w->out);
}

// A variable that moved to the heap. Small ones without pointers that stand together are one block
// (ssagen's pending heap allocations).
static void add_variable(Why *w, Node *name, IrPos at) {
    enum { TOGETHER = 16 };
    if (name->esc != ESC_HEAP) return;
    Cost c = why_cost_of_type(w, COST_VARIABLE, name->type);
    CostSite *s = why_add(w, &c, name->pos, ir_string(w->p, w->arena, name));
    s->at = at;
    s->escapes = true;
    s->grouped = c.pointer_bytes == 0 && c.bytes < TOGETHER && c.bytes > 0;
}

static void add_site(Why *w, Node *n) {
    Cost c;
    if (!why_cost(w, n, &c)) return;
    Str what = n->op == IR_APPEND ? STR("append") : ir_string(w->p, w->arena, n);
    why_add(w, &c, n->pos, what)->escapes = n->esc == ESC_HEAP;
}

// Entries of a map literal: the first makes its first group, others make it grow.
static void add_entries(Why *w, const Node *n) {
    enum { ON_STACK = 8 };
    Cost c = {COST_MAP_ENTRY, COST_SOMETIMES, "the map has to grow", 0, COST_UNKNOWN, COST_UNKNOWN};
    NodeVec entries = n->u.list.v;
    if (n->esc == ESC_NONE && entries.len <= ON_STACK) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        Node *key = entries.v[i]->op == IR_KEY ? entries.v[i]->u.xy.x : entries.v[i];
        why_add(w, &c, entries.v[i]->pos, ir_string(w->p, w->arena, key));
    }
}

// ---- what is free because of where it stands

static void spare(Why *w, const Node *n) { vec_push(w->scratch, &w->spared, n); }

static bool is_spared(const Why *w, const Node *n) {
    for (uint32_t i = w->spared.len; i-- > 0;)
        if (w->spared.v[i] == n) return true;
    return false;
}

static void spare_string(Why *w, const Node *n) {
    if (n && n->op == IR_BYTES2STR) spare(w, n);
}

// string(b) in a key that is looked up, alone or in a literal.
static void spare_key(Why *w, const Node *n) {
    spare_string(w, n);
    if (n->op != IR_STRUCTLIT && n->op != IR_ARRAYLIT) return;
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        const Node *el = n->u.list.v.v[i];
        spare_key(w, el->op == IR_KEY         ? el->u.xy.y
                     : el->op == IR_STRUCTKEY ? el->u.field.value
                                              : el);
    }
}

static void spare_operands(Why *w, const Node *sum) {
    bool text = false;
    for (uint32_t i = 0; i < sum->u.list.v.len; i++) {
        Node *x = sum->u.list.v.v[i];
        text = text || (ir_is_const(x, CONST_STRING) && const_string_len(x->u.lit.value));
    }
    for (uint32_t i = 0; text && i < sum->u.list.v.len; i++) spare_string(w, sum->u.list.v.v[i]);
}

static void spare_tag(Why *w, const Node *n) {
    NodeVec cases = n->u.switch_.cases;
    for (uint32_t i = 0; i < cases.len; i++)
        for (uint32_t k = 0; k < cases.v[i]->u.case_.exprs.len; k++)
            if (cases.v[i]->u.case_.exprs.v[k]->op != IR_LITERAL) return;
    spare_string(w, n->u.switch_.tag);
}

// append(x, make([]T, n)...) makes room and no slice.
static void spare_make(Why *w, const Node *n) {
    NodeVec args = n->u.call.args;
    if (n->ddd && args.len == 2 && args.v[1]->op == IR_MAKESLICE && !args.v[1]->u.xy.y)
        spare(w, args.v[1]);
}

static void spare_assigned(Why *w, const Node *x) {
    if (x && x->op == IR_INDEXMAP) spare(w, x); // not looked up: its key is kept
}

static void spare_children(Why *w, const Node *n) {
    switch ((int)n->op) { // around the others everything is what it is
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GE:
    case IR_GT:
        spare_string(w, n->u.xy.x);
        spare_string(w, n->u.xy.y);
        return;
    case IR_LEN: {
        const Node *x = n->u.xy.x;
        if (x->op == IR_BYTES2STR || x->op == IR_STR2RUNES) spare(w, x);
        return;
    }
    case IR_ADDSTR: spare_operands(w, n); return;
    case IR_STR2BYTES:
        if (n->u.conv.x->op == IR_ADDSTR) spare(w, n->u.conv.x);
        return;
    case IR_RANGE:
        if (n->u.range.x->op == IR_STR2BYTES) spare(w, n->u.range.x);
        return;
    case IR_APPEND: spare_make(w, n); return;
    case IR_INDEXMAP:
        if (!is_spared(w, n)) spare_key(w, n->u.xy.y);
        return;
    case IR_AS:
    case IR_ASOP: spare_assigned(w, n->u.as.x); return;
    case IR_SWITCH:
        if (n->u.switch_.tag) spare_tag(w, n);
        return;
    default: break;
    }
    for (uint32_t i = 0; ir_is_assign_list(n) && i < n->u.as2.lhs.len; i++)
        spare_assigned(w, n->u.as2.lhs.v[i]);
}

// ---- the walk

static bool visit(void *ctx, Node *n);

static void visit_list(Why *w, NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]) visit(w, list.v[i]);
}

static void visit_one(Why *w, Node *n) {
    if (n) visit(w, n);
}

static void visit_for(Why *w, Node *n) {
    if (n->init) visit_list(w, *n->init);
    w->loops++;
    visit_one(w, n->u.for_.cond);
    visit_one(w, n->u.for_.post);
    visit_list(w, n->u.for_.body);
}

static void visit_range(Why *w, Node *n) {
    if (n->init) visit_list(w, *n->init);
    visit_one(w, n->u.range.x);
    w->loops++;
    visit_one(w, n->u.range.key);
    visit_one(w, n->u.range.value);
    visit_list(w, n->u.range.body);
}

// A branch that cannot be taken has no code.
static void visit_if(Why *w, Node *n) {
    const Node *cond = n->u.if_.cond;
    bool known = ir_is_const(cond, CONST_BOOL);
    if (n->init) visit_list(w, *n->init);
    visit_one(w, n->u.if_.cond);
    if (!known || const_bool_value(cond->u.lit.value)) visit_list(w, n->u.if_.then);
    if (!known || !const_bool_value(cond->u.lit.value)) visit_list(w, n->u.if_.els);
}

static bool visit(void *ctx, Node *n) {
    Why *w = ctx;
    uint32_t loops = w->loops, spared = w->spared.len;
    spare_children(w, n);
    if (n->op == IR_DCL)
        add_variable(w, n->u.xy.x, n->pos);
    else if (n->op == IR_CASE && n->u.case_.var)
        add_variable(w, n->u.case_.var, n->pos);
    else if (!is_spared(w, n))
        add_site(w, n);
    if (n->op == IR_MAPLIT) add_entries(w, n);
    switch ((int)n->op) { // the others run once where they stand
    case IR_FOR: visit_for(w, n); break;
    case IR_RANGE: visit_range(w, n); break;
    case IR_IF: visit_if(w, n); break;
    case IR_DCL: break;
    default: ir_children(n, visit, w);
    }
    w->spared.len = spared;
    // What follows a label that is jumped back to runs in a loop, up to the end of the block.
    w->loops = loops + (n->op == IR_LABEL && n->has_backjump);
    return false;
}

static void visit_func(Why *w, Func *f) {
    w->func = f;
    w->func_label = ir_func_label(w->p, w->arena, f);
    w->loops = 0;
    for (uint32_t i = 0; i < f->nparams + f->nresults && i < f->dcl.len; i++)
        add_variable(w, f->dcl.v[i], f->pos);
    visit_list(w, f->body);
    ArenaMark mark = arena_mark(w->scratch);
    why_moves(w);
    arena_pop_to(mark);
}

static bool is_fips(const IrPkg *p) {
    Str path = name_str(p->names, p->pkg->path);
    if (str_ends(path, STR("_test"))) return false;
    return str_cut_prefix(&path, STR("crypto/internal/fips140")) &&
           (!path.len || path.ptr[0] == '/');
}

Costs why_costs(IrPkg *p, Arena *a) {
    Costs out = {0};
    Why w = {.p = p, .ts = p->types, .arena = a, .out = &out, .fips = is_fips(p)};
    w.scratch = arena_new("why");
    for (uint32_t i = 0; i < p->funcs.len; i++) visit_func(&w, p->funcs.v[i]);
    arena_free(w.scratch);
    return out;
}
