// go/types/bodies.c: bodies of declared functions. One that was skipped by the parser is read here;
// its tree, what was found out about its nodes, its scopes and its variables go when it is checked.
// Types and constants it makes stay: types are shared, and constants are parts of types' names.
#include "go/types/types_internal.h"

#include <string.h>

// What a body must put back.
typedef struct BodyVisit {
    ArenaMark mark;
    Arena *local;
    PtrMap instances;
    uint32_t exprs, stmts; // highest ids before it
} BodyVisit;

static void *more_room(Check *c, void *old, uint32_t had, uint32_t want, size_t size) {
    char *v = arena_push(c->arena, (size_t)want + 1, size, alignof(max_align_t));
    memcpy(v, old, ((size_t)had + 1) * size);
    return v;
}

static uint32_t grown(uint32_t had, uint32_t need) {
    uint32_t step = MAX(had / 8, 1024u);
    return had > UINT32_MAX - step ? UINT32_MAX - 1 : MAX(need, had + step);
}

static void make_room(Check *c) {
    TypesInfo *i = c->info;
    if (c->expr_last > c->expr_room) {
        uint32_t want = grown(c->expr_room, c->expr_last);
        i->exprs = more_room(c, i->exprs, c->expr_room, want, sizeof *i->exprs);
        i->names = more_room(c, i->names, c->expr_room, want, sizeof *i->names);
        c->expr_room = want;
    }
    if (c->stmt_last > c->stmt_room) {
        uint32_t want = grown(c->stmt_room, c->stmt_last);
        i->clause_vars = more_room(c, i->clause_vars, c->stmt_room, want, sizeof *i->clause_vars);
        c->stmt_room = want;
    }
}

// The next body's nodes get the same ids.
static void forget_results(Check *c, uint32_t exprs, uint32_t stmts) {
    TypesInfo *i = c->info;
    uint32_t n = MIN(c->expr_last, c->expr_room) - exprs;
    memset(i->exprs + exprs + 1, 0, n * sizeof *i->exprs);
    memset(i->names + exprs + 1, 0, n * sizeof *i->names);
    n = MIN(c->stmt_last, c->stmt_room) - stmts;
    memset(i->clause_vars + stmts + 1, 0, n * sizeof *i->clause_vars);
    c->expr_last = exprs;
    c->stmt_last = stmts;
}

static BodyVisit enter(Check *c) {
    const TypesBodies *b = c->cfg->bodies;
    BodyVisit v = {.mark = arena_mark(b->arena),
                   .local = c->local,
                   .instances = c->info->instances,
                   .exprs = c->expr_last,
                   .stmts = c->stmt_last};
    c->local = b->arena;
    c->info->instances = ptrmap_new(b->arena); // trees that come later have the same addresses
    return v;
}

static void leave(Check *c, const BodyVisit *v, Type *sig) {
    c->info->instances = v->instances;
    forget_results(c, v->exprs, v->stmts);
    Scope *s = sig->sig.scope; // the body's own names are in it
    *s = (Scope){.parent = s->parent, .pos = s->pos, .end = s->end, .is_func = s->is_func};
    c->local = v->local;
    arena_pop_to(v->mark);
}

static void check_unread(Check *c, DeclInfo *d, Type *sig) {
    const TypesBodies *b = c->cfg->bodies;
    const Decl *f = d->fdecl;
    BodyVisit v = enter(c);
    uint32_t top = c->delayed.len;
    if (b->read(b->ctx, f->func.body, &c->expr_last, &c->stmt_last)) {
        make_room(c);
        check_func_body(c, d, sig, f->func.body, NULL);
        check_process_delayed(c, top);
        b->checked(b->ctx, f, v.exprs + 1, c->expr_last);
    }
    leave(c, &v, sig);
    f->func.body->block.list = (StmtList){0};
}

static void check_read(Check *c, DeclInfo *d, Type *sig) {
    Arena *local = c->local;
    c->local = syntax_is_generic(d->fdecl) ? c->in.generic : c->in.results;
    check_func_body(c, d, sig, d->fdecl->func.body, NULL);
    c->local = local;
}

void check_declared_body(Check *c, DeclInfo *d, Type *sig) {
    Stmt *body = d->fdecl->func.body;
    if (body->unread)
        check_unread(c, d, sig);
    else
        check_read(c, d, sig);
}
