// go/program/check.c: a parsed unit is type-checked, its imports being checked already.
#include "go/program/program_internal.h"
#include "sys/file.h"

void types_setup(Program *p) {
    p->env = types_env_new(p->names, p->files);
    if (p->config.test_builtins) types_env_add_test_builtins(p->env);
}

void types_teardown(Program *p) { types_env_free(p->env); }

static bool is_local(Str path) {
    return str_starts(path, STR("./")) || str_starts(path, STR("../")) ||
           str_starts(path, STR("/")) || str_eq_c(path, ".") || str_eq_c(path, "..");
}

// "./a" in a unit compiled with -D test is test/a.
static Str resolve_local(const Unit *u, Str path) {
    if (!is_local(path)) return path;
    Str prefix = u->source.local_prefix;
    return path_clean(u->pub.arena,
                      str_join3(u->pub.arena, prefix.len ? prefix : STR("."), STR("/"), path));
}

static Unit *package_import(const Program *p, const Unit *u, Str path) {
    const Package *pkg = u->pub.package;
    for (uint32_t i = 0; i < pkg->imported.len; i++) {
        PackageId id = pkg->imported.v[i].id;
        if (id && str_eq(pkg->imported.v[i].path, path)) return p->units.v[p->set_first + id - 1];
    }
    return NULL;
}

Unit *unit_import(const Program *p, const Unit *u, Str path) {
    if (u->pub.package) return package_import(p, u, path);
    for (uint32_t i = 0; i < u->source.imports.len; i++)
        if (str_eq(u->source.imports.v[i].path, path)) path = u->source.imports.v[i].id;
    const uint32_t *place = strmap_get(&p->file_units, resolve_local(u, path));
    if (place) return p->units.v[*place - 1];
    PackageId id = p->set ? package_find(p->set, path) : 0;
    return id ? p->units.v[p->set_first + id - 1] : NULL;
}

// What the compiler itself refuses in an import path; empty: nothing.
static Str bad_import_path(const Unit *u, Str path) {
    Arena *a = u->pub.arena;
    if (str_eq_c(path, "main")) return STR("cannot import \"main\"");
    if (str_eq(path, u->pub.path))
        return str_fmt(a, "import \"" STR_FMT "\" while compiling that package (import cycle)",
                       STR_ARG(path));
    if (path.len && path.ptr[0] == '/') return STR("import path cannot be absolute path");
    Str clean = path_clean(a, path);
    if (!is_local(path) && !str_eq(clean, path))
        return str_fmt(a, "non-canonical import path \"" STR_FMT "\" (should be \"" STR_FMT "\")",
                       STR_ARG(path), STR_ARG(clean));
    return (Str){0};
}

static Pkg *import_package(void *ctx, Str path, Str *why) {
    const Unit *u = ctx;
    if (str_eq_c(path, "unsafe")) return types_unsafe(u->program->env);
    Str bad =
        u->pub.package ? (Str){0} : bad_import_path(u, path); // else the go command's business
    if (bad.len) {
        *why = bad;
        return NULL;
    }
    Unit *from = unit_import(u->program, u, path);
    if (from && from->pub.pkg) return from->pub.pkg;
    *why = from && from->pub.failed ? STR("it has errors") : STR("file not found");
    return NULL;
}

// Messages about the version of the language say where that version was set.
static bool asks_for_version(Str text) {
    size_t at = str_find(text, STR("requires go"));
    if (at == STR_NONE) return false;
    Str s = str_from(text, at + 11);
    size_t digits = 0, dots = 0;
    for (; s.len; s = str_from(s, 1)) {
        if (s.ptr[0] >= '0' && s.ptr[0] <= '9')
            digits++;
        else if (s.ptr[0] == '.' && digits)
            dots++;
        else
            break;
    }
    return dots == 1 && str_starts(s, STR(" or later"));
}

static Str effective_version(Arena *a, const File *f, Str lang) {
    GoVersion v = go_version(f->go_version), least = go_version(STR("go1.21"));
    if (!v) return lang;
    return v < least ? STR("go1.21") : go_version_str(a, v);
}

static void say_version(Program *p, Unit *u, Diag *d) {
    if (!asks_for_version(d->text)) return;
    const SourceFile *source = fileset_file(p->files, d->pos);
    for (uint32_t i = 0; i < u->pub.file_count; i++) {
        const File *f = u->pub.files[i];
        if (f->source != source) continue;
        Str version = effective_version(u->pub.arena, f, u->pub.lang);
        if (f->go_version.len && str_eq(f->go_version, version))
            d->text = str_fmt(u->pub.arena, STR_FMT " (file declares //go:build " STR_FMT ")",
                              STR_ARG(d->text), STR_ARG(version));
        else
            d->text = str_fmt(u->pub.arena, STR_FMT " (-lang was set to " STR_FMT "; check go.mod)",
                              STR_ARG(d->text), STR_ARG(u->pub.lang));
    }
}

// Names of package C have no type here: what is said of values of such a type is not an error.
static void drop_followers(Diags *d) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->list.len; i++) {
        size_t at = str_find(d->list.v[i].text, STR("invalid type"));
        if (at == STR_NONE || at == 0) d->list.v[kept++] = d->list.v[i];
    }
    d->list.len = d->count = kept;
}

// A file that can no longer be read counts as empty: only the words of an error depend on it.
static Str reread(Arena *a, Str name) {
    Str text = {0};
    return file_read(a, name, &text) ? (Str){0} : text;
}

// ---- bodies read one at a time

typedef struct Bodies {
    Unit *unit;
    Syntax *syntax;
    Arena *arena;
    Suspects seen;
    bool sees_not_in_heap; // unit_sees_not_in_heap
    bool failed;
} Bodies;

static bool read_body(void *ctx, Stmt *body, uint32_t *exprs, uint32_t *stmts) {
    Bodies *b = ctx;
    b->failed |= !syntax_read_body(b->syntax, body, exprs, stmts);
    return !b->failed;
}

static void body_checked(void *ctx, const Decl *func, uint32_t first, uint32_t last) {
    Bodies *b = ctx;
    Unit *u = b->unit;
    b->seen = suspects_union(b->seen, unit_suspects(b->arena, u, first, last));
    if (b->sees_not_in_heap) heap_check_body(u, func->func.body);
}

// Those of functions that could not be declared.
static void read_rest(Bodies *b) {
    const ProgramUnit *u = &b->unit->pub;
    for (uint32_t i = 0; i < u->file_count; i++)
        for (uint32_t k = 0; k < u->files[i]->decls.len && !b->failed; k++) {
            const Decl *d = u->files[i]->decls.v[k];
            if (d->kind != DECL_FUNC || !d->func.body || !d->func.body->unread) continue;
            ArenaMark mark = arena_mark(b->arena);
            uint32_t exprs = 0, stmts = 0;
            read_body(b, d->func.body, &exprs, &stmts);
            arena_pop_to(mark);
            d->func.body->block.list = (StmtList){0};
        }
}

static Bodies bodies_new(Program *p, Unit *u, uint32_t worker) {
    Bodies b = {.unit = u};
    if (u->whole) return b;
    b.sees_not_in_heap = unit_sees_not_in_heap(u);
    b.syntax = worker_syntax(p, worker);
    b.arena = arena_new_in(p->pool, "body");
    syntax_begin(b.syntax, b.arena, &u->pub.diags[STAGE_PARSE], SYNTAX_CHECK_BRANCHES);
    return b;
}

static void check_types(Program *p, Unit *u, Bodies *b) {
    ProgramUnit *pub = &u->pub;
    const Package *pkg = pub->package;
    TypesBodies bodies = {read_body, body_checked, b, b->arena};
    TypesConfig config = {
        .env = p->env,
        .path = pub->path,
        .lang = pub->lang,
        .goarch = p->config.goarch,
        .goroot = p->set ? package_set_facts(p->set)->goroot : (Str){0},
        .fake_import_c = p->config.fake_import_c || (pkg && pkg->cgo_files.len),
        .labels = p->config.raw,
        .import = import_package,
        .import_ctx = u,
        .reread = p->config.keep ? NULL : reread,
        .bodies = u->whole ? NULL : &bodies,
        .pool = p->pool,
        .settle = !p->config.keep,
    };
    TypesInput in = {.files = pub->files,
                     .file_count = pub->file_count,
                     .expr_count = pub->expr_count,
                     .stmt_count = pub->stmt_count,
                     .results = pub->bodies ? pub->bodies : pub->trees,
                     .generic = pub->trees};
    Diags *diags = &pub->diags[STAGE_TYPES];
    Arena *a = p->config.keep ? pub->arena : pub->trees;
    pub->pkg = types_check(&config, a, in, diags, &pub->info);
    if (p->config.raw) return;
    if (config.fake_import_c) drop_followers(diags);
    for (uint32_t i = 0; i < diags->list.len; i++) say_version(p, u, &diags->list.v[i]);
}

static bool has_syntax_errors(const Diags *d) {
    for (uint32_t i = 0; i < d->list.len; i++)
        if (str_starts(d->list.v[i].text, STR("syntax error"))) return true;
    return false;
}

// False: all is to be done again with all bodies.
static bool check_unit(Program *p, Unit *u, uint32_t worker) {
    ProgramUnit *pub = &u->pub;
    Bodies b = bodies_new(p, u, worker);
    check_types(p, u, &b);
    if (!u->whole) read_rest(&b);
    arena_free(b.arena);
    if (b.failed || pub->diags[STAGE_LATE].count) return false;
    bool clean = !pub->diags[STAGE_PARSE].count && !pub->diags[STAGE_TYPES].count;
    if (!clean) pub->pkg->fake = true; // what it lacks is not its importers' fault
    return !clean || p->config.raw || unit_check_late(u, b.seen);
}

void unit_check(Program *p, Unit *u, uint32_t worker) {
    ProgramUnit *pub = &u->pub;
    const Diags *parse = &pub->diags[STAGE_PARSE];
    if (str_eq_c(pub->path, "unsafe")) {
        pub->pkg = types_unsafe(p->env);
        return;
    }
    if (p->config.syntax_only || !pub->file_count || pub->cut_short) return;
    if (has_syntax_errors(parse) && !p->config.raw) return;
    if (check_unit(p, u, worker)) return;
    types_drop(pub->pkg);
    pub->pkg = NULL;
    unit_parse(p, u, worker, true);
    if (!pub->file_count || pub->cut_short || has_syntax_errors(parse)) return;
    check_unit(p, u, worker);
}
