// tests/fuzz/types.c: any bytes, parsed and checked as one file: an error list, never a crash or
// hang. Labels are checked here, and trees with syntax errors too, as an editor would ask. Then
// once more with each body read when its turn comes: the errors must be the same ones.
#include "go/types/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Pkg *no_import(void *ctx, Str path, Str *why) {
    (void)ctx, (void)path;
    *why = STR("nothing can be imported here");
    return NULL;
}

typedef struct Run {
    TypesEnv *env;
    Syntax *syntax;
    Diags diags;
    Arena *bodies;
    bool failed;
} Run;

static bool read_body(void *ctx, Stmt *body, uint32_t *exprs, uint32_t *stmts) {
    Run *r = ctx;
    r->failed |= !syntax_read_body(r->syntax, body, exprs, stmts);
    return !r->failed;
}

static void body_checked(void *ctx, const Decl *func, uint32_t first, uint32_t last) {
    (void)ctx;
    ASSERT(func->func.body && first <= last + 1);
}

static Pkg *check(Run *r, Arena *a, File *f, const TypesBodies *bodies) {
    TypesConfig cfg = {0};
    cfg.env = r->env;
    cfg.path = STR("p");
    cfg.goarch = STR("amd64");
    cfg.labels = true;
    cfg.import = no_import;
    cfg.bodies = bodies;
    cfg.settle = bodies != NULL;
    TypesInput in = {0};
    in.files = &f;
    in.file_count = 1;
    in.expr_count = r->syntax->expr_count;
    in.stmt_count = r->syntax->stmt_count;
    TypesInfo info;
    return types_check(&cfg, a, in, &r->diags, &info);
}

static void check_whole(Run *r, Arena *a, File *f) {
    Pkg *pkg = check(r, a, f, NULL);
    ASSERT(pkg->complete);
    for (uint32_t i = 0; i < pkg->scope->objs.len; i++) { // what was declared can be described
        Obj *o = pkg->scope->objs.v[i];
        ASSERT(o->type != NULL);
        obj_string(a, r->env, o, pkg);
        if (o->kind == OBJ_TYPE && o->type->kind == TYPE_NAMED)
            types_method_set(r->env, a, o->type);
    }
}

static void check_by_bodies(Run *r, Arena *a, const File *whole, Str text) {
    Diags want = r->diags;
    r->diags = diags_new(a);
    r->bodies = arena_new("bodies");
    Arena *trees = arena_new("trees");
    syntax_begin(r->syntax, trees, &r->diags, SYNTAX_SKIP_BODIES);
    File *f = syntax_parse(r->syntax, STR("fuzz.go"), text);
    ASSERT(f && !r->diags.count); // or there would have been errors before
    r->syntax->arena = r->bodies;
    Pkg *pkg = check(r, trees, f, &(TypesBodies){read_body, body_checked, r, r->bodies});
    ASSERT(!r->failed && r->diags.count == want.count);
    Pos shift = f->source->base - whole->source->base;
    for (uint32_t i = 0; i < want.list.len; i++) {
        const Diag *x = &want.list.v[i], *y = &r->diags.list.v[i];
        ASSERT(x->pos ? x->pos + shift == y->pos : !y->pos);
        ASSERT(str_eq(x->text, y->text) || str_find(x->text, STR("fuzz.go:")) != STR_NONE);
    }
    types_settle(pkg, a);
    arena_free(r->bodies);
    arena_free(trees);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Names *names = names_new();
    FileSet *files = fileset_new();
    Run r = {.env = types_env_new(names, files), .syntax = syntax_new(names, files)};
    types_env_add_test_builtins(r.env);
    r.diags = diags_new(a);
    syntax_begin(r.syntax, a, &r.diags, 0);
    Str text = {(const char *)data, size};
    File *f = syntax_parse(r.syntax, STR("fuzz.go"), text);
    bool clean = !r.diags.count;
    if (f) check_whole(&r, a, f);
    if (f && clean) check_by_bodies(&r, a, f, text);
    syntax_free(r.syntax);
    types_env_free(r.env);
    fileset_free(files);
    names_free(names);
    arena_free(a);
    return 0;
}
