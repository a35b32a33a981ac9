// tests/fuzz/syntax.c: any bytes are parsed without harm, and the tree is sound: ids are within the
// counts, positions within the file, every expression can be printed, starts before it ends; and
// parsing the same again gives the same.
#include "go/syntax/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Check {
    const Syntax *syntax;
    const SourceFile *source;
    Buf text;
    uint32_t printed;
} Check;

static void check_pos(const Check *c, Pos pos) {
    ASSERT(pos >= c->source->base &&
           pos <= c->source->base + c->source->text.len + 2); // x++: end + 2
}

static bool check_node(void *ctx, SyntaxNode n) {
    Check *c = ctx;
    check_pos(c, syntax_pos(n));
    if (n.tag == TREE_STMT) ASSERT(n.stmt->id > 0 && n.stmt->id <= c->syntax->stmt_count);
    if (n.tag == TREE_DECL) ASSERT(n.decl->id > 0 && n.decl->id <= c->syntax->decl_count);
    if (n.tag != TREE_EXPR) return true;
    ASSERT(n.expr->id > 0 && n.expr->id <= c->syntax->expr_count);
    check_pos(c, n.expr->end);
    if (c->printed++ > 200) return true; // printing all of a deep tree would be quadratic
    check_pos(c, syntax_start_pos(n));
    check_pos(c, syntax_end_pos(n));
    syntax_write(&c->text, c->syntax->names, n);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Names *names = names_new();
    FileSet *files = fileset_new();
    Syntax *s = syntax_new(names, files);
    uint32_t exprs[2], errors[2];
    for (int round = 0; round < 2; round++) {
        Diags diags = diags_new(a);
        syntax_begin(s, a, &diags, SYNTAX_CHECK_BRANCHES);
        File *f = syntax_parse(s, STR("fuzz.go"), (Str){(const char *)data, size});
        ASSERT(f || diags.count);
        exprs[round] = s->expr_count;
        errors[round] = diags.count;
        if (!f) continue;
        ASSERT(!f->had_errors == !diags.count);
        Check c = {.syntax = s, .source = f->source, .text = buf_new(a)};
        syntax_walk(node_file(f), &(SyntaxWalk){check_node, NULL, &c});
        for (uint32_t i = 0; i < diags.list.len; i++) check_pos(&c, diags.list.v[i].pos);
    }
    ASSERT(exprs[0] == exprs[1] && errors[0] == errors[1]);
    syntax_free(s);
    fileset_free(files);
    names_free(names);
    arena_free(a);
    return 0;
}
