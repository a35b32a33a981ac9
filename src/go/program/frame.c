// go/program/frame.c: functions whose stack frame exceeds 1 GB by what is declared alone:
// parameters and results, and the copy of an array that `for i, v := range array` makes. What else
// stays on the stack is known after inlining and escape analysis only.
#include "go/program/program_internal.h"

#define FRAME_LIMIT ((int64_t)1 << 30) // cmd/compile/internal/ssagen.maxStackSize

typedef struct FrameWalk {
    const ProgramUnit *unit;
    Sizes sizes;
    Name blank;     // "_"
    bool arrays;    // the unit has some that do not fit on a stack
    int64_t copied; // largest array copied for a range statement
} FrameWalk;

static int64_t large_size(Sizes s, Type *t) {
    TypeKind k = type_under(t)->kind;
    if (k != TYPE_ARRAY && k != TYPE_STRUCT) return 0; // a few words
    return MAX(sizes_of(s, t), 0);
}

static int64_t tuple_size(Sizes s, const Type *tuple) {
    int64_t sum = 0;
    for (uint32_t i = 0; tuple && i < tuple->tuple.vars.len; i++)
        if (__builtin_add_overflow(sum, large_size(s, tuple->tuple.vars.v[i]->type), &sum))
            return INT64_MAX;
    return sum;
}

static int64_t argument_size(Sizes s, const Type *sig) {
    int64_t sum = sig->sig.recv ? large_size(s, sig->sig.recv->type) : 0;
    if (__builtin_add_overflow(sum, tuple_size(s, sig->sig.params), &sum) ||
        __builtin_add_overflow(sum, tuple_size(s, sig->sig.results), &sum))
        return INT64_MAX;
    return sum;
}

// Whether a range statement's second variable is wanted: without it nothing is copied.
static bool wants_values(const FrameWalk *w, const Stmt *range) {
    const Expr *lhs = range->range.lhs;
    if (!lhs || lhs->kind != EXPR_LIST || lhs->list.len != 2) return false;
    const Expr *value = syntax_unparen(lhs->list.v[1]);
    return value->kind != EXPR_NAME || value->name != w->blank;
}

static bool visit_range(void *ctx, SyntaxNode n) {
    FrameWalk *w = ctx;
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_FUNC_LIT) return false; // has its own frame
    if (n.tag != TREE_STMT || n.stmt->kind != STMT_RANGE || !wants_values(w, n.stmt)) return true;
    Type *t = w->unit->info.exprs[n.stmt->range.x->id].type;
    if (t && type_under(t)->kind == TYPE_ARRAY) w->copied = MAX(w->copied, large_size(w->sizes, t));
    return true;
}

static void check_frame(Unit *u, FrameWalk *w, const Decl *d) {
    const Obj *o = u->pub.info.names[d->func.name->id];
    if (!o || !o->type || o->type->kind != TYPE_SIGNATURE) return;
    const Type *sig = o->type;
    if (sig->sig.tparams.len || sig->sig.rparams.len) return; // its instances are compiled
    w->copied = 0;
    SyntaxWalk walk = {.visit = visit_range, .ctx = w};
    if (w->arrays) syntax_walk(node_stmt(d->func.body), &walk);
    int64_t args = argument_size(w->sizes, sig);
    if (args >= FRAME_LIMIT || w->copied >= FRAME_LIMIT)
        diag_error(&u->pub.diags[STAGE_LATE], d->pos, 0,
                   "stack frame too large (>1GB): %lld MB locals + %lld MB args",
                   (long long)(w->copied >> 20), (long long)(args >> 20));
}

bool frame_is_large_array(Sizes s, Type *t) {
    TypeKind k = type_unalias(t)->kind;
    return (k == TYPE_ARRAY || k == TYPE_NAMED) && type_under(t)->kind == TYPE_ARRAY &&
           type_has_size(t) && sizes_of(s, t) >= FRAME_LIMIT;
}

void frame_check(Unit *u, Sizes sizes, bool large_arrays) {
    FrameWalk w = {.unit = &u->pub,
                   .sizes = sizes,
                   .blank = name_intern(u->program->names, STR("_")),
                   .arrays = large_arrays};
    for (uint32_t i = 0; i < u->pub.file_count; i++) {
        DeclList decls = u->pub.files[i]->decls;
        for (uint32_t k = 0; k < decls.len; k++)
            if (decls.v[k]->kind == DECL_FUNC && decls.v[k]->func.body)
                check_frame(u, &w, decls.v[k]);
    }
}
