#include "unit/go/ir/lowered.h"

static Pkg *import(void *ctx, Str path, Str *why) {
    const Lowered *l = ctx;
    if (l->imports && str_eq_c(path, "p")) return l->imports->pkg;
    *why = STR("there is no such package in this test");
    return NULL;
}

static void check_and_lower(Test *t, Lowered *l, const char *path, const char *body) {
    Diags diags = diags_new(t->arena);
    Str text = str_fmt(t->arena, "package %s\n%s", path, body);
    syntax_begin(l->syntax, l->arena, &diags, SYNTAX_CHECK_BRANCHES);
    File **files = NEW(l->arena, File *);
    files[0] = syntax_parse(l->syntax, str_fmt(t->arena, "%s.go", path), text);
    TypesConfig config = {.env = l->env,
                          .path = name_str(l->names, name_intern(l->names, str_c(path))),
                          .lang = STR("go1.26"),
                          .goarch = STR("amd64"),
                          .import = import,
                          .import_ctx = l};
    TypesInput in = {files, 1, l->syntax->expr_count, l->syntax->stmt_count, l->arena};
    TypesInfo *info = NEW(l->arena, TypesInfo);
    l->pkg = types_check(&config, l->arena, in, &diags, info);
    for (uint32_t i = 0; i < diags.list.len; i++)
        test_fail(t, __FILE__, __LINE__, STR_FMT, STR_ARG(diags.list.v[i].text));
    IrInput input = {.pkg = l->pkg,
                     .files = files,
                     .file_count = 1,
                     .info = info,
                     .lang = go_version(STR("go1.26")),
                     .flags = {.m = 1}};
    IrPkg *imports[] = {l->imports ? l->imports->ir : NULL};
    l->ir = ir_lower(l->session, &input, imports, l->imports ? 1 : 0);
}

Lowered lowered(Test *t, const char *body) {
    Lowered l = {.names = names_new(), .files = fileset_new(), .arena = t->arena};
    l.env = types_env_new(l.names, l.files);
    l.syntax = syntax_new(l.names, l.files);
    Sizes sizes = {8, 8};
    CHECK(t, sizes_for(STR("amd64"), &sizes));
    l.session = ir_session_new(l.names, l.files, l.env, sizes, NULL);
    check_and_lower(t, &l, "p", body);
    return l;
}

Lowered lowered_user(Test *t, const Lowered *first, const char *body) {
    Lowered l = *first;
    l.imports = first;
    check_and_lower(t, &l, "user", body);
    return l;
}

void lowered_free_user(Lowered *l) { ir_pkg_free(l->ir); }

void lowered_free(Lowered *l) {
    ir_pkg_free(l->ir);
    ir_session_free(l->session);
    syntax_free(l->syntax);
    types_env_free(l->env);
    fileset_free(l->files);
    names_free(l->names);
}

Func *lowered_func(Test *t, const Lowered *l, const char *name) {
    for (uint32_t i = 0; i < l->ir->funcs.len; i++)
        if (str_eq_c(l->ir->funcs.v[i]->name, name)) return l->ir->funcs.v[i];
    test_fail(t, __FILE__, __LINE__, "no function %s", name);
    return NULL;
}

typedef struct Search {
    IrOp op;
    uint32_t n;
    Node *found;
} Search;

static bool search(void *ctx, Node *n) {
    Search *s = ctx;
    if (n->op == s->op && !s->found && !s->n--) s->found = n;
    return s->found != NULL;
}

Node *lowered_node(Func *f, IrOp op, uint32_t n) {
    Search s = {op, n, NULL};
    ir_visit_func(f, search, &s);
    return s.found;
}

Str lowered_messages(Test *t, const IrPkg *ir) {
    Buf b = buf_new(t->arena);
    for (uint32_t i = 0; i < ir->messages.len; i++) {
        if (i) buf_byte(&b, '|');
        buf_str(&b, ir->messages.v[i].text);
    }
    return buf_view(&b);
}
