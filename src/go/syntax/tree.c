// go/syntax/tree.c: cutting nodes and lists from the package's arena, and the public way to do it.
#include <string.h>

#include "go/syntax/syntax_internal.h"

enum { NODE_BLOCK = 4 * 1024 };

void *node_block(Parser *p, size_t size) {
    p->block = arena_push(p->arena, NODE_BLOCK, 1, 16);
    p->block_end = p->block + NODE_BLOCK;
    void *n = p->block;
    p->block += size;
    return n;
}

size_t expr_size(ExprKind kind) { // flat switch
    switch (kind) {
    case EXPR_BAD: return offsetof(Expr, name);
    case EXPR_NAME: return EXPR_SIZE(name);
    case EXPR_LIT: return EXPR_SIZE(text);
    case EXPR_COMPOSITE: return EXPR_SIZE(composite);
    case EXPR_KEY_VALUE: return EXPR_SIZE(key_value);
    case EXPR_FUNC_LIT: return EXPR_SIZE(func_lit);
    case EXPR_PAREN: return EXPR_SIZE(paren);
    case EXPR_SELECTOR: return EXPR_SIZE(selector);
    case EXPR_INDEX: return EXPR_SIZE(index);
    case EXPR_SLICE: return EXPR_SIZE(slice);
    case EXPR_ASSERT: return EXPR_SIZE(assert);
    case EXPR_TYPE_SWITCH: return EXPR_SIZE(type_switch);
    case EXPR_OPERATION: return EXPR_SIZE(operation);
    case EXPR_CALL: return EXPR_SIZE(call);
    case EXPR_LIST: return EXPR_SIZE(list);
    case EXPR_ARRAY_TYPE: return EXPR_SIZE(array_type);
    case EXPR_SLICE_TYPE:
    case EXPR_DOTS_TYPE:
    case EXPR_CHAN_TYPE: return EXPR_SIZE(elem_type);
    case EXPR_STRUCT_TYPE:
    case EXPR_INTERFACE_TYPE: return EXPR_SIZE(fields);
    case EXPR_FUNC_TYPE: return EXPR_SIZE(func_type);
    case EXPR_MAP_TYPE: return EXPR_SIZE(map_type);
    }
    BUG("expression kind %d", kind);
}

Expr *syntax_new_expr(Syntax *s, ExprKind kind, Pos pos) {
    Expr *x = arena_push(s->arena, expr_size(kind), 1, alignof(Expr));
    x->kind = kind;
    x->pos = x->end = pos;
    x->id = ++s->expr_count;
    x->implicit = true;
    return x;
}

Expr *syntax_new_name(Syntax *s, Pos pos, Name name) {
    Expr *x = syntax_new_expr(s, EXPR_NAME, pos);
    x->name = name;
    return x;
}

Expr *syntax_copy_expr(Syntax *s, const Expr *x) {
    Expr *copy = arena_push(s->arena, expr_size(x->kind), 1, alignof(Expr));
    memcpy(copy, x, expr_size(x->kind));
    copy->id = ++s->expr_count;
    return copy;
}

Stmt *syntax_new_stmt(Syntax *s, StmtKind kind, Pos pos) {
    Stmt *x = NEW(s->arena, Stmt);
    x->kind = kind;
    x->pos = pos;
    x->id = ++s->stmt_count;
    return x;
}

Decl *syntax_new_decl(Syntax *s, DeclKind kind, Pos pos) {
    Decl *d = NEW(s->arena, Decl);
    d->kind = kind;
    d->pos = pos;
    d->id = ++s->decl_count;
    return d;
}

Decl *decl_cut(Parser *p, DeclKind kind, Pos pos, uint32_t group) {
    Decl *d = node_alloc(p, sizeof *d);
    d->kind = kind;
    d->pos = pos;
    d->id = ++p->s->decl_count;
    d->group = group;
    d->pragmas = pragma_take(p, PRAGMA_DECL);
    return d;
}

void node_push_slow(Parser *p) {
    SyntaxStacks *k = &p->cache->stacks;
    k->nodes.v = vec_room(p->cache->arena, k->nodes.v, k->nodes.len, &k->nodes.cap, sizeof(void *));
}

// Copies elements [from, to) of a scratch stack to the tree.
static void *take(Parser *p, const void *stack, uint32_t from, uint32_t to, size_t elem) {
    if (from == to) return NULL;
    size_t size = (to - from) * elem;
    void *copy = size <= NODE_BLOCK / 16 ? node_alloc(p, size) : arena_push(p->arena, size, 1, 16);
    memcpy(copy, (const char *)stack + from * elem, size);
    return copy;
}

static void **take_nodes(Parser *p, uint32_t mark, uint32_t *len) {
    SyntaxStacks *k = &p->cache->stacks;
    *len = k->nodes.len - mark;
    void **v = take(p, k->nodes.v, mark, k->nodes.len, sizeof(void *));
    k->nodes.len = mark;
    return v;
}

ExprList take_exprs(Parser *p, uint32_t mark) {
    ExprList l;
    l.v = (Expr **)take_nodes(p, mark, &l.len);
    return l;
}

StmtList take_stmts(Parser *p, uint32_t mark) {
    StmtList l;
    l.v = (Stmt **)take_nodes(p, mark, &l.len);
    return l;
}

DeclList take_decls(Parser *p, uint32_t mark) {
    DeclList l;
    l.v = (Decl **)take_nodes(p, mark, &l.len);
    return l;
}

FieldList take_fields(Parser *p, uint32_t mark) {
    SyntaxStacks *k = &p->cache->stacks;
    uint32_t n = k->fields.len - mark;
    FieldList l = {take(p, k->fields.v, mark, k->fields.len, sizeof(Field)), n};
    k->fields.len = mark;
    return l;
}

ClauseList take_clauses(Parser *p, uint32_t mark) {
    SyntaxStacks *k = &p->cache->stacks;
    uint32_t n = k->clauses.len - mark;
    ClauseList l = {take(p, k->clauses.v, mark, k->clauses.len, sizeof(Clause)), n};
    k->clauses.len = mark;
    return l;
}

Syntax *syntax_new(Names *names, FileSet *files) {
    SyntaxCache *c = cache_new(names);
    Syntax *s = NEW(c->arena, Syntax);
    *s = (Syntax){.names = names, .files = files, .cache = c};
    return s;
}

void syntax_free(Syntax *s) {
    if (s) cache_free(s->cache);
}

void syntax_begin(Syntax *s, Arena *a, Diags *diags, unsigned mode) {
    s->arena = a;
    s->diags = diags;
    s->mode = mode;
    s->expr_count = s->stmt_count = s->decl_count = s->group_count = 0;
}
