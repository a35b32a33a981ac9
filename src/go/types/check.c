// go/types/check.c: the check from beginning to end, and the work put off: bodies and questions
// that need declarations complete.
#include "go/types/types_internal.h"

void check_later(Check *c, ActionFn *fn, void *ctx) {
    vec_push(c->meanwhile, &c->delayed, ((Action){c->e.version, fn, ctx, c->local}));
}

void check_process_delayed(Check *c, uint32_t top) {
    GoVersion saved = c->e.version;
    Arena *local = c->local;
    for (uint32_t i = top; i < c->delayed.len; i++) {
        Action a = c->delayed.v[i]; // actions may add actions
        c->e.version = a.version;
        c->local = a.local;
        a.fn(c, a.ctx);
    }
    c->delayed.len = top;
    c->e.version = saved;
    c->local = local;
}

void check_push(Check *c, Obj *o) {
    vec_push(c->arena, &c->path, o);
    o->path_index = c->path.len;
}

void check_pop(Check *c) { vec_pop(&c->path)->path_index = 0; }

Obj *check_lookup(Check *c, Name name, Scope **where) {
    for (Scope *s = c->e.scope; s; s = s->parent) {
        Obj *o = scope_lookup(s, name);
        if (!o) continue;
        if (where) *where = s;
        return o;
    }
    return NULL;
}

void check_add_dep(Check *c, Obj *to) {
    DeclInfo *from = c->e.decl;
    if (!from || !to->decl || to->pkg != c->pkg) return;
    uint64_t h = hash_mix((uintptr_t)to, 3);
    for (IndexIter it = index_find(&from->dep_index, h); it.id; index_next(&it))
        if (from->deps.v[it.id - 1] == to) return;
    if (!from->dep_index.arena) from->dep_index = index_new(c->meanwhile);
    vec_push(c->meanwhile, &from->deps, to);
    index_add(&from->dep_index, h, from->deps.len);
}

void check_open_scope(Check *c, Pos pos, Pos end) {
    c->e.scope = scope_new(c->local, c->e.scope, pos, end);
}

void check_close_scope(Check *c) { c->e.scope = c->e.scope->parent; }

static Pkg *pkg_new(Check *c, Name path) {
    Pkg *p = NEW(c->arena, Pkg);
    p->path = path;
    p->arena = c->arena;
    p->scope = scope_new(c->arena, c->env->universe, 0, 0);
    return p;
}

static GoVersion current_release(void) { return 126; }

GoVersion file_lang(const File *f, GoVersion lang) {
    GoVersion own = go_version(f->go_version);
    return own ? MAX(own, (GoVersion)121) : lang;
}

static void file_version(Check *c, uint32_t i) {
    const File *f = c->in.files[i];
    GoVersion own = go_version(f->go_version);
    if (own > current_release())
        check_error(c, at_expr(f->pkg_name), "file requires newer Go version %S",
                    go_version_str(c->arena, own));
    c->file_versions[i] = file_lang(f, c->lang);
}

static void init_files(Check *c) {
    Pkg *pkg = c->pkg;
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->in.file_count; i++) {
        File *f = c->in.files[i];
        Name name = f->pkg_name->name;
        if (!pkg->name) {
            if (name == c->env->blank)
                check_error(c, at_expr(f->pkg_name), "invalid package name _");
            else
                pkg->name = name;
        } else if (pkg->name != name) {
            check_error(c, syntax_start_pos(node_file(f)), "package %N; expected package %N", name,
                        pkg->name);
            continue;
        }
        c->in.files[n++] = f;
    }
    c->in.file_count = n;
    if (c->lang > current_release() && n)
        check_error(c, syntax_start_pos(node_file(c->in.files[0])),
                    "package requires newer Go version %S (application built with %S)",
                    go_version_str(c->arena, c->lang), go_version_str(c->arena, current_release()));
    c->file_versions = NEW_ARRAY(c->arena, GoVersion, n + 1);
    for (uint32_t i = 0; i < n; i++) file_version(c, i);
}

static TypesInfo info_new(Arena *a, TypesInput in, bool settle) {
    TypesInfo info = {.expr_count = in.expr_count, .stmt_count = in.stmt_count};
    info.exprs = NEW_ARRAY(a, TypeAndValue, in.expr_count + 1);
    info.names = NEW_ARRAY(a, Obj *, in.expr_count + 1);
    if (!settle) info.selections = NEW_ARRAY(a, Selection *, in.expr_count + 1);
    info.instances = ptrmap_new(in.generic ? in.generic : a);
    info.clause_vars = NEW_ARRAY(a, Obj *, in.stmt_count + 1);
    return info;
}

void check_finish_types(Check *c) {
    for (uint32_t i = 0; i < c->cleaners.len; i++) type_finish(c->cleaners.v[i]); // may add more
}

void check_free(Check *c) {
    arena_free(c->scratch);
    arena_free(c->meanwhile);
}

// Importers may come, or types_settle does before them.
static void finish(Check *c) {
    c->pkg->complete = true;
    if (c->cfg->settle) {
        c->done = true;
        c->pkg->check = c;
        return;
    }
    for (uint32_t i = 0; i < c->cleaners.len; i++) type_detach(c->cleaners.v[i]);
    check_free(c);
}

static Check *check_new(const TypesConfig *cfg, Arena *a, Diags *diags) {
    Check *c = NEW(a, Check);
    c->cfg = arena_copy(a, cfg, sizeof *cfg, alignof(TypesConfig));
    c->env = cfg->env;
    c->arena = c->local = a;
    c->diags = diags;
    c->lang = go_version(cfg->lang);
    if (!sizes_for(cfg->goarch, &c->sizes)) c->sizes = (Sizes){8, 8};
    c->ctxt.index = index_new(a);
    c->dot_imports = ptrmap_new(a);
    c->methods = ptrmap_new(a);
    c->union_sets = ptrmap_new(a);
    c->mono.canon = ptrmap_new(a);
    c->mono.name_index = ptrmap_new(a);
    c->scratch = arena_new_in(cfg->pool, "types");
    c->meanwhile = arena_new_in(cfg->pool, "types meanwhile");
    c->method_values = ptrmap_new(c->meanwhile);
    return c;
}

Pkg *types_check(const TypesConfig *cfg, Arena *a, TypesInput in, Diags *diags, TypesInfo *info) {
    Check *c = check_new(cfg, a, diags);
    *info = info_new(in.results ? in.results : a, in, cfg->settle);
    c->info = info;
    c->expr_room = c->expr_last = in.expr_count;
    c->stmt_room = c->stmt_last = in.stmt_count;
    c->in = in;
    if (!c->in.results) c->in.results = a;
    if (!c->in.generic) c->in.generic = c->in.results;
    c->in.files = NEW_ARRAY(a, File *, in.file_count + 1);
    for (uint32_t i = 0; i < in.file_count; i++) c->in.files[i] = in.files[i];
    c->pkg = pkg_new(c, name_intern(cfg->env->names, cfg->path));
    init_files(c);
    collect_objects(c);
    c->local = c->in.generic;
    direct_cycles(c);
    package_objects(c);
    check_process_delayed(c, 0);
    check_finish_types(c);
    init_order(c);
    unused_imports(c);
    if (!c->has_error) mono_check(c);
    finish(c);
    return c->pkg;
}
