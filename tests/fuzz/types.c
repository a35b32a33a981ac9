// tests/fuzz/types.c: any bytes, parsed and checked as one file: an error list, never a crash or
// hang. Labels are checked here, and trees with syntax errors too, as an editor would ask.
#include "go/types/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Pkg *no_import(void *ctx, Str path, Str *why) {
    (void)ctx, (void)path;
    *why = STR("nothing can be imported here");
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Names *names = names_new();
    FileSet *files = fileset_new();
    TypesEnv *env = types_env_new(names, files);
    types_env_add_test_builtins(env);
    Diags diags = diags_new(a);
    Syntax *s = syntax_new(names, files);
    syntax_begin(s, a, &diags, 0);
    File *f = syntax_parse(s, STR("fuzz.go"), (Str){(const char *)data, size});
    if (f) {
        TypesConfig cfg = {0};
        cfg.env = env;
        cfg.path = STR("p");
        cfg.goarch = STR("amd64");
        cfg.labels = true;
        cfg.import = no_import;
        TypesInput in = {0};
        in.files = &f;
        in.file_count = 1;
        in.expr_count = s->expr_count;
        in.stmt_count = s->stmt_count;
        TypesInfo info;
        Pkg *pkg = types_check(&cfg, a, in, &diags, &info);
        ASSERT(pkg->complete);
        for (uint32_t i = 0; i < pkg->scope->objs.len; i++) { // what was declared can be described
            Obj *o = pkg->scope->objs.v[i];
            ASSERT(o->type != NULL);
            obj_string(a, env, o, pkg);
            if (o->kind == OBJ_TYPE && o->type->kind == TYPE_NAMED)
                types_method_set(env, a, o->type);
        }
    }
    syntax_free(s);
    types_env_free(env);
    fileset_free(files);
    names_free(names);
    arena_free(a);
    return 0;
}
