// go/ir/settle.c: what importers may look at of a finished package, copied together into one place,
// so that all else its compile has made can go: bodies that nobody inlines are most of it. Works as
// a copying collector does, as go/types/settle.c: what is met first is copied as it is and queued,
// the old one says where the copy is, and what a queued copy points to is replaced in turn.
//
// Stays: names of package-level variables and functions; of functions what calls of them ask; kept
// bodies of inlinable functions with all they name. Importers find them through Lower.objs.
#include "go/ir/lower_internal.h"

enum { ESC_MOVED = 0xff }; // Node.esc of an old node: opt is its copy

typedef struct Settling {
    IrPkg *p;
    Arena *a;       // of the copies
    Arena *scratch; // of the queues
    NodeVec nodes;  // copies whose members are still the old ones
    FuncVec funcs;
    PtrMap func_copies, inst_copies, inline_copies;
    StrMap strs; // text to its place in texts + 1
    VEC(Str) texts;
} Settling;

// Most texts are there many times.
static Str settle_str(Settling *s, Str text) {
    if (!text.len) return text;
    uint32_t *known = strmap_put(&s->strs, text);
    if (!*known) {
        vec_push(s->scratch, &s->texts, str_copy(s->a, text));
        *known = s->texts.len;
    }
    return s->texts.v[*known - 1];
}

static Func *settle_func(Settling *s, Func *f) {
    if (!f || f->home != s->p) return f;
    Func *copy = ptrmap_get(&s->func_copies, f);
    if (copy) return copy;
    copy = arena_copy(s->a, f, sizeof *f, _Alignof(Func));
    copy->callees = (FuncVec){0};
    ptrmap_put(&s->func_copies, f, copy);
    vec_push(s->scratch, &s->funcs, copy);
    return copy;
}

// Names of other packages are theirs.
static bool is_own(const Settling *s, const Node *n) {
    if (n->op != IR_NAME) return true;
    const NameInfo *info = n->u.name;
    if (info->cls == CLASS_FUNC) return info->func->home == s->p;
    return info->cls != CLASS_EXTERN || !info->obj || info->obj->pkg == s->p->pkg;
}

static Node *settle_node(Settling *s, Node *n) {
    if (!n) return NULL;
    if (n->esc == ESC_MOVED) return n->opt;
    if (!is_own(s, n)) return n;
    Node *copy = arena_copy(s->a, n, ir_node_room(n->op), _Alignof(Node));
    copy->opt = NULL;
    n->esc = ESC_MOVED;
    n->opt = copy;
    vec_push(s->scratch, &s->nodes, copy);
    return copy;
}

static Node *settle_child(void *ctx, Node *n) { return settle_node(ctx, n); }

static void settle_list(Settling *s, NodeVec *list) {
    *list = (NodeVec){
        list->len ? arena_copy(s->a, list->v, list->len * sizeof *list->v, _Alignof(Node *)) : NULL,
        list->len, list->len};
    for (uint32_t i = 0; i < list->len; i++) list->v[i] = settle_node(s, list->v[i]);
}

static Inst *settle_inst(Settling *s, Inst *inst) {
    if (!inst) return NULL;
    Inst *copy = ptrmap_get(&s->inst_copies, inst);
    if (copy) return copy;
    copy = arena_copy(s->a, inst, sizeof *inst, _Alignof(Inst));
    ptrmap_put(&s->inst_copies, inst, copy);
    copy->env = (IrEnv){0};
    copy->twin = NULL;
    copy->dict = NULL;
    copy->func = settle_func(s, inst->func);
    copy->targs.v =
        arena_copy(s->a, inst->targs.v, inst->targs.len * sizeof(IrType *), _Alignof(IrType *));
    copy->methods = NEW_ARRAY(s->a, Func *, inst->nmethods + 1);
    for (uint32_t i = 0; i < inst->nmethods; i++)
        copy->methods[i] = settle_func(s, inst->methods[i]);
    return copy;
}

static Inline *settle_inline(Settling *s, Inline *body) {
    if (!body) return NULL;
    Inline *copy = ptrmap_get(&s->inline_copies, body);
    if (copy) return copy;
    copy = arena_copy(s->a, body, sizeof *body, _Alignof(Inline));
    ptrmap_put(&s->inline_copies, body, copy);
    settle_list(s, &copy->body);
    settle_list(s, &copy->dcl);
    return copy;
}

static void settle_tags(Settling *s, Func *f) {
    if (!f->param_tags) return;
    f->param_tags = arena_copy(s->a, f->param_tags, (f->nparams + 1) * sizeof(Str), _Alignof(Str));
    for (uint32_t i = 0; i < f->nparams; i++) f->param_tags[i] = settle_str(s, f->param_tags[i]);
}

// Of functions that are not inlined only what their callers ask.
static void finish_func(Settling *s, Func *f) {
    bool kept = f->inl || f->oclosure;
    f->name = settle_str(s, f->name);
    f->nname = settle_node(s, f->nname);
    f->body = f->dcl = (NodeVec){0};
    f->oclosure = settle_node(s, f->oclosure);
    f->closure_parent = kept ? settle_func(s, f->closure_parent) : NULL;
    f->range_parent = kept ? settle_func(s, f->range_parent) : NULL;
    if (!kept) f->closure_vars = (NodeVec){0};
    settle_list(s, &f->closure_vars);
    f->inl = settle_inline(s, f->inl);
    f->kept = kept ? settle_inline(s, f->kept) : NULL;
    f->dict_name = kept ? settle_node(s, f->dict_name) : NULL;
    f->inst = settle_inst(s, f->inst);
    f->opt = NULL;
    f->pgo = NULL;
    settle_tags(s, f);
}

// A kept body's declaration of the name is the one that stays.
static void finish_name(Settling *s, Node *n) {
    NameInfo *info = n->u.name = arena_copy(s->a, n->u.name, sizeof(NameInfo), _Alignof(NameInfo));
    info->name = settle_str(s, info->name);
    info->defn = info->kept_defn = settle_node(s, info->kept_defn);
    info->func = settle_func(s, info->func);
    info->curfn = settle_func(s, info->curfn);
    info->outer = settle_node(s, info->outer);
    info->canonical = settle_node(s, info->canonical);
    info->opt = NULL;
}

static void finish_node(Settling *s, Node *n) {
    if (n->init) {
        n->init = arena_copy(s->a, n->init, sizeof *n->init, _Alignof(NodeVec));
        n->init->v = arena_copy(s->a, n->init->v, n->init->len * sizeof(Node *), _Alignof(Node *));
        n->init->cap = n->init->len;
    }
    ir_move_children(n, s->a, settle_child, s);
    switch ((int)ir_shape(n->op)) {
    case SHAPE_NAME:
        if (n->u.name) finish_name(s, n); // a static temporary's address may have none
        break;
    case SHAPE_LIT: n->u.lit.value = const_copy(s->a, n->u.lit.value); break;
    case SHAPE_CLOSURE: n->u.closure.func = settle_func(s, n->u.closure.func); break;
    case SHAPE_METHOD: n->u.method.func = settle_func(s, n->u.method.func); break;
    case SHAPE_BRANCH: n->u.branch.label = settle_str(s, n->u.branch.label); break;
    case SHAPE_FOR: n->u.for_.label = settle_str(s, n->u.for_.label); break;
    case SHAPE_RANGE: n->u.range.label = settle_str(s, n->u.range.label); break;
    case SHAPE_SWITCH: n->u.switch_.label = settle_str(s, n->u.switch_.label); break;
    default: break;
    }
}

static void settle_objs(Settling *s, Lower *l) {
    PtrMap old = l->objs;
    l->objs = ptrmap_new(s->a);
    for (uint32_t i = 0; old.count && i <= old.mask; i++)
        if (old.slots[i].key)
            ptrmap_put(&l->objs, old.slots[i].key, settle_node(s, old.slots[i].value));
}

// Only messages show how something was inlined.
static void settle_inl_tree(Settling *s, IrPkg *p) {
    if (!p->messages.len) p->inl_tree.len = 0;
    uint32_t n = p->inl_tree.len;
    p->inl_tree.v =
        n ? arena_copy(s->a, p->inl_tree.v, n * sizeof(InlNode), _Alignof(InlNode)) : NULL;
    p->inl_tree.cap = n;
    for (uint32_t i = 0; i < n; i++) {
        p->inl_tree.v[i].callee = NULL;
        p->inl_tree.v[i].name = settle_str(s, p->inl_tree.v[i].name);
    }
}

// What only the compile itself needed; the rest of Lower is in the arena that stays.
static void forget(IrPkg *p) {
    Lower *l = p->lower;
    *l = (Lower){.p = p,
                 .in = l->in,
                 .objs = l->objs,
                 .decls = l->decls,
                 .leads = l->leads,
                 .types = l->types,
                 .dict_types = l->dict_types,
                 .shapes = l->shapes,
                 .runtime = l->runtime};
    p->funcs = (FuncVec){0};
    p->init = NULL;
}

void ir_settle(IrPkg *p) {
    Settling s = {.p = p, .a = p->stays, .scratch = p->scratch};
    s.func_copies = ptrmap_new(s.scratch);
    s.inst_copies = ptrmap_new(s.scratch);
    s.inline_copies = ptrmap_new(s.scratch);
    s.strs = strmap_new(s.scratch);
    settle_objs(&s, p->lower);
    settle_inl_tree(&s, p);
    for (uint32_t n = 0, f = 0; n < s.nodes.len || f < s.funcs.len;) {
        if (n < s.nodes.len)
            finish_node(&s, s.nodes.v[n++]);
        else
            finish_func(&s, s.funcs.v[f++]);
    }
    forget(p);
    arena_free(p->arena);
    p->arena = NULL;
}
