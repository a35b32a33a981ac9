// Source text for people: the lines of an excerpt.
#include "evidence/evidence_internal.h"

SourceLines evidence_lines(const Sources *s, Str file, uint32_t from, uint32_t to) {
    uint32_t id = sources_file(s, file);
    const SourceFile *f = id ? s->files.v[id - 1].source : NULL;
    if (!f || from == 0 || from > f->lines.len || to < from) return (SourceLines){0};
    to = MIN(to, f->lines.len);
    size_t start = f->lines.v[from - 1], end = to < f->lines.len ? f->lines.v[to] : f->text.len;
    return (SourceLines){from, str_slice(f->text, start, end)};
}

Str evidence_line(const Sources *s, Str file, uint32_t line) {
    Str text = evidence_lines(s, file, line, line).text;
    return str_line(&text);
}

typedef struct Container {
    const Sources *s;
    Str name;
    char found;
} Container;

// What a type or an initial value shows: a map or a slice.
static char container_kind(const Sources *s, const Expr *x) {
    if (!x) return 0;
    switch ((int)x->kind) {
    case EXPR_MAP_TYPE: return 'm';
    case EXPR_SLICE_TYPE:
    case EXPR_ARRAY_TYPE: return 's';
    case EXPR_COMPOSITE: return container_kind(s, x->composite.type);
    case EXPR_CALL:
        if (x->call.fn->kind == EXPR_NAME && x->call.args.len &&
            str_eq(name_str(s->names, x->call.fn->name), STR("make")))
            return container_kind(s, x->call.args.v[0]);
        return 0;
    default: return 0;
    }
}

static void consider(Container *c, const Expr *name, const Expr *type) {
    if (c->found || !name || name->kind != EXPR_NAME || !type) return;
    if (str_eq(name_str(c->s->names, name->name), c->name)) c->found = container_kind(c->s, type);
}

static bool look(void *ctx, SyntaxNode n) {
    Container *c = ctx;
    if (n.tag == TREE_FIELD) consider(c, n.field->name, n.field->type);
    if (n.tag == TREE_STMT && n.stmt->kind == STMT_ASSIGN && n.stmt->op == OP_DEF)
        consider(c, n.stmt->assign.lhs, n.stmt->assign.rhs);
    if (n.tag == TREE_DECL && n.decl->kind == DECL_VAR)
        for (uint32_t i = 0; i < n.decl->value.names.len; i++) {
            consider(c, n.decl->value.names.v[i], n.decl->value.type);
            consider(c, n.decl->value.names.v[i], n.decl->value.values);
        }
    return !c->found;
}

// The file itself first, then the other files of the package.
char evidence_container(const Sources *s, Str file, Str name) {
    uint32_t id = sources_file(s, file);
    Container c = {s, name, 0};
    SyntaxWalk walk = {look, NULL, &c};
    if (!id) return 0;
    if (s->files.v[id - 1].tree) syntax_walk(node_file(s->files.v[id - 1].tree), &walk);
    for (uint32_t i = 0; i < s->files.len && !c.found; i++) {
        const SourceText *f = &s->files.v[i];
        if (f->package == s->files.v[id - 1].package && f->tree)
            syntax_walk(node_file(f->tree), &walk);
    }
    return c.found;
}
