// go/ir/verify.c: walks trees and says what no pass may leave behind. Types and what each kind of
// node must have are in verify_types.c.
#include "go/ir/verify.h"

#include "go/ir/lower_internal.h"
#include "go/ir/verify_internal.h"

enum { MOST_LINES = 20 };

typedef struct Local {
    const Func *owner;
    bool has_dcl; // a DCL of it stands somewhere in the body
    bool declared;
} Local;

// What break and continue may leave, innermost first.
typedef struct Enclosing {
    const struct Enclosing *up;
    const Node *stmt;
} Enclosing;

typedef struct Verify {
    IrPkg *p;
    const char *pass;
    Buf *out;
    uint32_t count;
    Arena *scratch;
    ArenaSpans live; // memory a node may be in
    PtrMap seen;     // nodes to themselves
    PtrMap locals;   // NAMEs to Local
    PtrMap owned;    // functions whose variables are in locals
    // Of the function being walked:
    const Func *f;
    bool kept; // its kept body
    StrMap labels;
    const Enclosing *enclosing;
} Verify;

static void complain(Verify *v, const Node *n, const char *what) {
    if (v->count++ >= MOST_LINES) return;
    IrPos pos = n ? n->pos : v->f->pos;
    if (n && pos.inl > v->p->inl_tree.len) pos.inl = 0;
    ir_write_pos(v->p, v->out, pos);
    buf_fmt(v->out, ": after %s: " STR_FMT "%s: %s", v->pass, STR_ARG(v->f->name),
            v->kept ? " (kept)" : "", n && n->op < IR_OP_COUNT ? ir_op_name(n->op) : "function");
    if (n && n->op == IR_NAME && n->u.name) buf_fmt(v->out, " " STR_FMT, STR_ARG(n->u.name->name));
    buf_fmt(v->out, ": %s\n", what);
}

static void must(Verify *v, bool ok, const Node *n, const char *what) {
    if (!ok) complain(v, n, what);
}

// ---- variables of functions

static void own_local(Verify *v, const Func *f, Node *name, bool captured) {
    must(v, name->op == IR_NAME, name, "in a list of variables");
    if (name->op != IR_NAME) return;
    const NameInfo *info = name->u.name;
    must(v, !ptrmap_get(&v->locals, name), name, "is listed twice");
    must(v, info->closure_var == captured, name, "is in the wrong list of variables");
    must(v, info->curfn == f, name, "is listed by a function that is not its own");
    must(v, name->type != NULL, name, "has no type");
    Local *l = NEW(v->scratch, Local);
    l->owner = f;
    ptrmap_put(&v->locals, name, l);
}

static NameClass class_at(const Func *f, uint32_t i) {
    if (i < f->nparams) return CLASS_PARAM;
    return i < f->nparams + f->nresults ? CLASS_RESULT : CLASS_AUTO;
}

static void own_locals(Verify *v, const Func *f, NodeVec dcl) {
    v->f = f;
    for (uint32_t i = 0; i < dcl.len; i++) {
        own_local(v, f, dcl.v[i], false);
        must(v, dcl.v[i]->u.name->cls == class_at(f, i), dcl.v[i],
             "does not stand among variables of its kind");
    }
    for (uint32_t i = 0; i < f->closure_vars.len; i++) own_local(v, f, f->closure_vars.v[i], true);
}

// The function around a literal may have lost its body, being compiled elsewhere.
static void own_func(Verify *v, const Func *f) {
    if (ptrmap_get(&v->owned, f)) return;
    ptrmap_put(&v->owned, f, v);
    if (f->closure_parent && f->closure_parent->home == v->p) own_func(v, f->closure_parent);
    own_locals(v, f, f->dcl);
}

static void check_captured(Verify *v, const Node *name) {
    const NameInfo *info = name->u.name;
    must(v, info->outer && info->canonical, name, "captures nothing");
    if (!info->outer || !info->canonical || !v->f->oclosure) return;
    const Local *outer = ptrmap_get(&v->locals, info->outer);
    must(v, outer && outer->owner == v->f->closure_parent, name,
         "captures what the function around does not have");
    must(v, !info->canonical->u.name->closure_var, name, "has no original");
    must(v, info->outer->type == name->type, name, "has another type than what it captures");
}

static const char *global_problem(const NameInfo *info) {
    if (info->cls == CLASS_FUNC && !info->func) return "names no function";
    if (info->cls == CLASS_NONE && !str_eq_c(info->name, "_")) return "is of no class";
    return NULL;
}

static void check_name(Verify *v, Node *n) {
    const NameInfo *info = n->u.name;
    if (info->cls == CLASS_EXTERN || info->cls == CLASS_FUNC || info->cls == CLASS_NONE) {
        const char *problem = global_problem(info);
        if (problem) complain(v, n, problem);
        return;
    }
    const Local *l = ptrmap_get(&v->locals, n);
    must(v, l != NULL, n, "is in no function's list of variables");
    if (!l) return;
    must(v, l->owner == v->f, n, "is another function's");
    must(v, v->kept || !l->has_dcl || l->declared, n, "is used before its declaration");
}

// ---- before the walk: declarations and labels

static bool find_declared(void *ctx, Node *n) {
    Verify *v = ctx;
    if (n->op == IR_LABEL) {
        uint32_t *times = strmap_put(&v->labels, n->u.branch.label);
        must(v, !(*times)++, n, "is a label that is there already");
    }
    if (n->op != IR_DCL || !n->u.xy.x || n->u.xy.x->op != IR_NAME) return false;
    Local *l = ptrmap_get(&v->locals, n->u.xy.x);
    if (l) l->has_dcl = true;
    return false;
}

static void declare(Verify *v, const Node *dcl) {
    Local *l = ptrmap_get(&v->locals, dcl->u.xy.x);
    if (!l || v->kept) return;
    must(v, !l->declared, dcl->u.xy.x, "is declared twice");
    l->declared = true;
}

// ---- jumps

static bool is_loop(const Node *n) { return n->op == IR_FOR || n->op == IR_RANGE; }

static Str label_of(const Node *n) {
    return n->op == IR_FOR     ? n->u.for_.label
           : n->op == IR_RANGE ? n->u.range.label
                               : n->u.switch_.label;
}

static bool has_target(const Verify *v, const Node *jump) {
    Str label = jump->u.branch.label;
    if (jump->op == IR_GOTO) return strmap_get(&v->labels, label) != NULL;
    for (const Enclosing *e = v->enclosing; e; e = e->up) {
        if (jump->op == IR_CONTINUE && !is_loop(e->stmt)) continue;
        if (!label.len || str_eq(label, label_of(e->stmt))) return true;
    }
    return false;
}

static void check_jump(Verify *v, const Node *n) {
    if (n->op == IR_BREAK || n->op == IR_CONTINUE || n->op == IR_GOTO)
        must(v, has_target(v, n), n, "leads nowhere");
}

// ---- one node

static void check_closure(Verify *v, const Node *n) {
    const Func *f = n->u.closure.func;
    if (v->kept) return; // shares the functions of the body it was copied from
    must(v, f->oclosure == n, n, "is not the literal of its function");
    must(v, f->closure_parent == v->f, n, "is a literal of another function");
}

static bool is_shared(const Node *n) { return n->op == IR_NAME || n->op == IR_TYPE; }

static bool is_made_up(const Node *name) {
    return name->op == IR_NAME && str_starts(name->u.name->name, STR("#"));
}

// What the compiler makes without a position: the block an empty body gets, nil in a type switch,
// variables of loops over functions (#next, #tmpState, ...) and what their bodies return.
static bool may_lack_pos(const Node *n) {
    switch ((int)n->op) { // all others stand somewhere
    case IR_NAME:
    case IR_TYPE:
    case IR_NIL: return true;
    case IR_BLOCK: return !n->u.list.v.len;
    case IR_LITERAL: return irtype_is_bool(n->type);
    case IR_DCL: return is_made_up(n->u.xy.x);
    case IR_AS: return is_made_up(n->u.as.x);
    default: return false;
    }
}

static void check_pos(Verify *v, const Node *n) {
    must(v, n->pos.pos || may_lack_pos(n), n, "has no position");
    must(v, n->pos.inl <= v->p->inl_tree.len, n, "stands in a call that was not inlined");
}

static bool visit(void *ctx, Node *n);

static void visit_below(Verify *v, Node *n) {
    Enclosing here = {v->enclosing, n};
    if (is_loop(n) || n->op == IR_SWITCH || n->op == IR_SELECT) v->enclosing = &here;
    ir_children(n, visit, v);
    v->enclosing = here.up;
}

// Whether n may be looked at, and what stands below it has not been already.
static bool is_sound(Verify *v, Node *n) {
    if (!is_shared(n) || (n->op == IR_NAME && n->u.name && n->u.name->curfn)) {
        if (!arena_spans_hold(v->live, n)) {
            complain(v, NULL, "has a node in memory that is not the package's");
            return false;
        }
    }
    if (n->op == IR_BAD || n->op >= IR_OP_COUNT) {
        complain(v, n, "is no operation");
        return false;
    }
    if (is_shared(n)) return true;
    if (ptrmap_get(&v->seen, n)) {
        must(v, n->two_parents, n, "has two parents");
        return false;
    }
    ptrmap_put(&v->seen, n, n);
    const char *problem = ir_shape_problem(n);
    if (problem) complain(v, n, problem);
    return !problem;
}

static bool visit(void *ctx, Node *n) {
    Verify *v = ctx;
    if (!is_sound(v, n)) return false;
    check_pos(v, n);
    if (n->op == IR_NAME) check_name(v, n);
    if (n->op == IR_CLOSURE) check_closure(v, n);
    if (n->op == IR_DCL) declare(v, n);
    check_jump(v, n);
    visit_below(v, n);
    const char *problem = ir_type_problem(v->f, n);
    if (problem) complain(v, n, problem);
    return false;
}

// ---- functions

static void visit_list(Verify *v, NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++) {
        if (list.v[i])
            visit(v, list.v[i]);
        else
            complain(v, NULL, "has a hole in its body");
    }
}

static void check_func(Verify *v, Func *f) {
    v->f = f;
    v->labels = strmap_new(v->scratch);
    v->enclosing = NULL;
    must(v, f->type != NULL && f->nname != NULL, NULL, "has no type or no name");
    must(v, !f->oclosure || f->oclosure->u.closure.func == f, NULL, "is not its literal's");
    must(v, f->nparams + f->nresults <= f->dcl.len || !f->has_body, NULL, "lacks parameters");
    for (uint32_t i = 0; i < f->closure_vars.len; i++) check_captured(v, f->closure_vars.v[i]);
    ir_visit_func(f, find_declared, v);
    visit_list(v, f->body);
}

static void check_kept(Verify *v, const Func *f) {
    if (!f->kept) return;
    v->f = f;
    v->kept = true;
    v->labels = strmap_new(v->scratch);
    for (uint32_t i = 0; i < f->kept->body.len; i++) ir_any(f->kept->body.v[i], find_declared, v);
    visit_list(v, f->kept->body);
    v->kept = false;
}

static Verify verify_new(IrPkg *p, const char *pass, Buf *out, const Arena *live) {
    Verify v = {.p = p, .pass = pass, .out = out, .scratch = arena_new("verify")};
    v.live = arena_spans(live, v.scratch);
    v.seen = ptrmap_new(v.scratch);
    v.locals = ptrmap_new(v.scratch);
    v.owned = ptrmap_new(v.scratch);
    return v;
}

static uint32_t verify_done(Verify *v) {
    if (v->count > MOST_LINES)
        buf_fmt(v->out, "after %s: and %u more\n", v->pass, v->count - MOST_LINES);
    arena_free(v->scratch);
    return v->count;
}

uint32_t ir_verify(IrPkg *p, const char *pass, Buf *out) {
    Verify v = verify_new(p, pass, out, p->arena);
    for (uint32_t i = 0; i < p->funcs.len; i++) own_func(&v, p->funcs.v[i]);
    for (uint32_t i = 0; i < p->funcs.len; i++) check_func(&v, p->funcs.v[i]);
    for (uint32_t i = 0; i < p->funcs.len; i++) check_kept(&v, p->funcs.v[i]);
    return verify_done(&v);
}

// ---- what importers see

typedef struct Kept {
    Arena *arena;
    FuncVec funcs;
} Kept;

static bool find_literals(void *ctx, Node *n) {
    Kept *k = ctx;
    if (n->op == IR_CLOSURE) vec_push(k->arena, &k->funcs, n->u.closure.func);
    return false;
}

// Functions that importers may inline, and the literals in them.
static FuncVec kept_funcs(const Verify *v) {
    const PtrMap *objs = &lower_of(v->p)->objs;
    Kept k = {.arena = v->scratch};
    for (uint32_t i = 0; objs->count && i <= objs->mask; i++) {
        const Node *n = objs->slots[i].key ? objs->slots[i].value : NULL;
        if (n && n->u.name->cls == CLASS_FUNC && n->u.name->func->kept)
            vec_push(k.arena, &k.funcs, n->u.name->func);
    }
    for (uint32_t i = 0; i < k.funcs.len; i++) {
        const Inline *kept = k.funcs.v[i]->kept;
        for (uint32_t n = 0; kept && n < kept->body.len; n++)
            ir_any(kept->body.v[n], find_literals, &k);
    }
    return k.funcs;
}

uint32_t ir_verify_kept(IrPkg *p, const char *pass, Buf *out) {
    Verify v = verify_new(p, pass, out, p->stays);
    FuncVec funcs = kept_funcs(&v);
    for (uint32_t i = 0; i < funcs.len; i++) {
        const Func *f = v.f = funcs.v[i];
        must(&v, f->kept != NULL, NULL, "is in a kept body and has none itself");
        if (f->kept) own_locals(&v, f, f->kept->dcl);
    }
    for (uint32_t i = 0; i < funcs.len; i++) check_kept(&v, funcs.v[i]);
    return verify_done(&v);
}
