// go/program/program.c: the units of a program and the order they are worked on: every unit is
// parsed by a task of its own, checked by another one once it and its imports are ready, and
// analysed by a third one. Parsing is some units ahead, so that trees nobody keeps do not fill the
// memory.
#include <stdlib.h>

#include "go/program/program_internal.h"
#include "sys/pages.h"

enum { POOL_KEEP = 6 << 20 }; // what a large package may leave idle

Program *program_new(const ProgramConfig *config) {
    Arena *a = arena_new("program");
    Program *p = NEW(a, Program);
    p->arena = a;
    p->pool = arena_pool_new(POOL_KEEP, pages_source());
    p->stay_pool = arena_pool_new(POOL_KEEP, pages_source());
    p->config = *config;
    if (!p->config.goarch.len) p->config.goarch = STR("amd64");
    p->names = names_new();
    p->files = fileset_new();
    p->tasks = tasks_new(config->workers);
    p->syntaxes = NEW_ARRAY(a, Syntax *, tasks_workers(p->tasks));
    p->file_units = strmap_new(a);
    types_setup(p);
    if (p->config.analyse) {
        p->config.keep = true;
        Sizes sizes = {8, 8};
        sizes_for(p->config.goarch, &sizes);
        p->ir = ir_session_new(p->names, p->files, p->env, sizes, p->stay_pool);
    }
    return p;
}

void program_free(Program *p) {
    if (!p) return;
    uint32_t workers = tasks_workers(p->tasks);
    tasks_free(p->tasks);
    for (uint32_t i = 0; i < workers; i++) syntax_free(p->syntaxes[i]);
    for (uint32_t i = p->units.len; i--;) {
        ir_pkg_free(p->units.v[i]->pub.ir);
        arena_free(p->units.v[i]->pub.trees);
        arena_free(p->units.v[i]->pub.bodies);
        arena_free(p->units.v[i]->pub.arena);
    }
    ir_session_free(p->ir);
    types_teardown(p);
    fileset_free(p->files);
    names_free(p->names);
    arena_pool_free(p->stay_pool);
    arena_pool_free(p->pool);
    arena_free(p->arena);
}

void program_each(Program *p, void (*fn)(void *ctx, uint32_t unit, uint32_t worker), void *ctx) {
    task_each(p->tasks, fn, ctx, p->units.len);
}

uint32_t program_unit_count(const Program *p) { return p->units.len; }
ProgramUnit *program_unit(const Program *p, uint32_t i) { return &p->units.v[i]->pub; }
FileSet *program_files(const Program *p) { return p->files; }
Names *program_names(const Program *p) { return p->names; }
TypesEnv *program_types(const Program *p) { return p->env; }
Arena *program_arena(const Program *p) { return p->arena; }

static Unit *unit_new(Program *p) {
    Arena *a = arena_new_in(p->stay_pool, "package");
    Unit *u = NEW(a, Unit);
    u->program = p;
    u->place = p->units.len;
    u->pub.arena = a;
    for (int i = 0; i < STAGE_COUNT; i++) u->pub.diags[i] = diags_new(a);
    vec_push(p->arena, &p->units, u);
    return u;
}

// Packages of the standard library with functions that package runtime provides.
static bool has_runtime_bodies(Str path) {
    static const char *const paths[] = {"bytes",           "internal/poll", "net",           "os",
                                        "runtime/metrics", "runtime/pprof", "runtime/trace", "sync",
                                        "syscall",         "time"};
    for (size_t i = 0; i < COUNT(paths); i++)
        if (str_eq_c(path, paths[i])) return true;
    return false;
}

bool package_is_root(const PackageSet *set, const Package *pkg) {
    PackageId original = pkg->for_main.len ? package_find(set, pkg->path) : 0;
    return !(original ? package_get(set, original) : pkg)->dep_only;
}

static void add_package(Program *p, const PackageSet *set, PackageId id) {
    const Package *pkg = package_get(set, id);
    Unit *u = unit_new(p);
    u->pub.package = pkg;
    u->pub.path = pkg->path.len ? pkg->path : pkg->import_path;
    u->pub.title = pkg->import_path;
    u->pub.dir = pkg->dir;
    u->pub.lang = package_lang(set, pkg);
    u->pub.standard = pkg->standard;
    u->pub.root =
        !p->set_first && package_is_root(set, pkg); // beside files packages are what those import
    u->pub.import_failed = pkg->error.text.len || pkg->incomplete;
    u->complete = !pkg->has_body_elsewhere && !pkg->cgo_files.len &&
                  !(pkg->standard && has_runtime_bodies(u->pub.path));
}

Err program_add_packages(Program *p, const PackageSet *set) {
    if (p->set) return err_new(p->arena, ERR_USAGE, 0, "a program has one set of packages");
    p->set = set;
    p->set_first = p->units.len;
    for (PackageId id = 1; id <= package_count(set); id++) add_package(p, set, id);
    return p->config.analyse ? program_read_profiles(p) : NULL;
}

Err program_add_files(Program *p, const ProgramFiles *files) {
    Unit *u = unit_new(p);
    u->source = *files;
    u->pub.path = u->pub.title = files->path.len ? files->path : STR("p");
    u->pub.lang = files->lang;
    u->pub.standard = files->standard;
    u->pub.root = files->root;
    u->complete = files->complete;
    unit_parse(p, u, 0, false);
    *strmap_put(&p->file_units, files->id.len ? files->id : u->pub.path) = p->units.len;
    return NULL;
}

static Str import_path_of(Arena *a, const Decl *d) {
    Str path = {0};
    if (d->kind != DECL_IMPORT || !d->import.path || d->import.path->bad) return path;
    return syntax_unquote(a, d->import.path->text, &path) ? path : (Str){0};
}

StrVec program_missing_imports(Program *p, Arena *a) {
    StrVec out = {0};
    for (uint32_t i = 0; i < p->units.len; i++) {
        const Unit *u = p->units.v[i];
        for (uint32_t f = 0; !u->pub.package && f < u->pub.file_count; f++) {
            DeclList decls = u->pub.files[f]->decls;
            for (uint32_t d = 0; d < decls.len; d++) {
                Str path = import_path_of(a, decls.v[d]);
                bool known = str_eq_c(path, "C") || str_eq_c(path, "unsafe") || !path.len;
                if (!known && path.ptr[0] != '.' && path.ptr[0] != '/' && !unit_import(p, u, path))
                    vec_push(a, &out, path);
            }
        }
    }
    strvec_sort(&out);
    strvec_uniq(&out);
    return out;
}

// ---- the order of work

static void add_import(Program *p, Unit *u, Unit *from) {
    if (!from || from->rank >= u->rank) return; // a cycle: found and reported elsewhere
    for (uint32_t k = 0; k < u->imports.len; k++)
        if (p->units.v[u->imports.v[k]] == from) return;
    vec_push(p->arena, &u->imports, from->place);
    vec_push(p->arena, &from->importers, u->place);
}

static void link_imports(Program *p, Unit *u) {
    if (u->pub.package) {
        const Package *pkg = u->pub.package;
        for (uint32_t i = 0; i < MIN(pkg->source_imports, pkg->imported.len); i++) {
            PackageId id = pkg->imported.v[i].id;
            if (id) add_import(p, u, p->units.v[p->set_first + id - 1]);
        }
        return;
    }
    for (uint32_t f = 0; f < u->pub.file_count; f++) {
        DeclList decls = u->pub.files[f]->decls;
        for (uint32_t d = 0; d < decls.len; d++) {
            Str path = import_path_of(u->pub.arena, decls.v[d]);
            if (path.len) add_import(p, u, unit_import(p, u, path));
        }
    }
}

static void check_task(void *ctx, uint32_t item, uint32_t worker);
static void analyse_task(void *ctx, uint32_t item, uint32_t worker);

static void one_less_to_check(Program *p, Unit *u) {
    if (atomic_fetch_sub(&u->to_check, 1) == 1)
        task_add(p->tasks, check_task, p, u->place, u->turn);
}

static void one_less_to_analyse(Program *p, Unit *u) {
    if (atomic_fetch_sub(&u->to_analyse, 1) == 1)
        task_add(p->tasks, analyse_task, p, u->place, u->turn);
}

static void parse_task(void *ctx, uint32_t item, uint32_t worker) {
    Program *p = ctx;
    Unit *u = p->units.v[item];
    if (!u->parsed) unit_parse(p, u, worker, false);
    one_less_to_check(p, u);
}

static void parse_next(Program *p) {
    uint32_t at = atomic_fetch_add(&p->next_parse, 1);
    if (at >= p->turns.len) return;
    const Unit *u = p->turns.v[at];
    task_add(p->tasks, parse_task, p, u->place, u->turn);
}

static void drop_trees(ProgramUnit *u) {
    arena_free(u->trees);
    arena_free(u->bodies);
    u->trees = u->bodies = NULL;
    u->files = NULL;
    u->file_count = 0;
    u->info = (TypesInfo){0};
}

// What importers may ask stays, and the messages.
static void settle_unit(ProgramUnit *u) {
    if (u->pkg && u->pkg->check) u->pkg = types_settle(u->pkg, u->arena);
    for (uint32_t i = 0; i < u->file_count; i++) u->files[i]->source->text = (Str){0};
}

// Nothing more is done with u.
static void finish_unit(Program *p, Unit *u) {
    if (!p->config.keep) settle_unit(&u->pub);
    bool analysed = p->config.analyse && u->pub.ir && !u->pub.ir->needs_syntax;
    if (!p->config.keep || analysed) drop_trees(&u->pub);
}

static void check_one(Program *p, Unit *u, uint32_t worker) {
    for (uint32_t i = 0; i < u->imports.len; i++) {
        const ProgramUnit *dep = &p->units.v[u->imports.v[i]]->pub;
        if (dep->failed || dep->import_failed) u->pub.import_failed = true;
    }
    unit_check(p, u, worker);
    for (int i = 0; i < STAGE_COUNT; i++)
        if (u->pub.diags[i].count) u->pub.failed = true;
    if (!p->config.analyse) finish_unit(p, u);
}

static void check_task(void *ctx, uint32_t item, uint32_t worker) {
    Program *p = ctx;
    Unit *u = p->units.v[item];
    check_one(p, u, worker);
    for (uint32_t i = 0; i < u->importers.len; i++)
        one_less_to_check(p, p->units.v[u->importers.v[i]]);
    if (p->config.analyse)
        one_less_to_analyse(p, u);
    else
        parse_next(p);
}

static void analyse_one(Program *p, Unit *u) {
    if (!u->pub.failed && !u->pub.import_failed) unit_analyse(p, u);
    finish_unit(p, u);
}

static void analyse_task(void *ctx, uint32_t item, uint32_t worker) {
    (void)worker;
    Program *p = ctx;
    Unit *u = p->units.v[item];
    analyse_one(p, u);
    for (uint32_t i = 0; i < u->importers.len; i++)
        one_less_to_analyse(p, p->units.v[u->importers.v[i]]);
    parse_next(p);
}

static void put_in_order(Program *p, bool files) {
    for (uint32_t i = 0; i < p->units.len; i++) {
        Unit *u = p->units.v[i];
        if (!u->pub.package != files) continue;
        u->rank = p->order.len;
        vec_push(p->arena, &p->order, u);
    }
}

static uint64_t weight(const Unit *u) {
    const Package *pkg = u->pub.package;
    return 1 + (pkg ? pkg->go_files.len : u->source.names.len);
}

static int by_turn(const void *x, const void *y) {
    const Unit *a = *(Unit *const *)x, *b = *(Unit *const *)y;
    if (a->chain != b->chain) return a->chain < b->chain ? 1 : -1;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

// What is not wanted is no import of what is.
static bool is_wanted(const Program *p, const Unit *u) {
    if (!p->config.kept || !u->pub.package) return true;
    return kept_needs(p->config.kept, u->place - p->set_first + 1);
}

// What the longest chain of importers waits for comes first.
static void give_turns(Program *p) {
    for (uint32_t i = p->order.len; i--;) {
        Unit *u = p->order.v[i];
        for (uint32_t k = 0; k < u->importers.len; k++)
            u->chain = MAX(u->chain, p->units.v[u->importers.v[k]]->chain);
        u->chain += weight(u);
        if (is_wanted(p, u) && !u->later) vec_push(p->arena, &p->turns, u);
    }
    if (p->turns.len) qsort(p->turns.v, p->turns.len, sizeof *p->turns.v, by_turn);
    for (uint32_t i = 0; i < p->turns.len; i++) p->turns.v[i]->turn = i;
}

// The first unit by turns that is not finished has its imports finished, and is parsed or next to
// be: so the work never stops before the end.
static void run_turns(Program *p) {
    // Units parsed and not yet finished, at most, for each further worker. Everything waits for
    // package runtime for a while, long where it is analysed, and the others parse meanwhile.
    enum { AHEAD = 120, AHEAD_ANALYSED = 160 };
    uint32_t each = p->config.analyse ? AHEAD_ANALYSED : AHEAD;
    uint32_t ahead = 1 + each * (tasks_workers(p->tasks) - 1);
    give_turns(p);
    for (uint32_t i = 0; i < p->units.len; i++) {
        Unit *u = p->units.v[i];
        atomic_store(&u->to_check, 1 + u->imports.len);
        atomic_store(&u->to_analyse, 1 + u->imports.len);
    }
    for (uint32_t i = 0; i < ahead; i++) parse_next(p);
    task_run(p->tasks);
}

static void link_units(Program *p) {
    put_in_order(p, false);
    put_in_order(p, true);
    for (uint32_t i = 0; i < p->units.len; i++) link_imports(p, p->units.v[i]);
}

void program_run(Program *p) {
    link_units(p);
    run_turns(p);
}

void program_run_but(Program *p, bool *later) {
    link_units(p);
    for (uint32_t i = 0; i < p->order.len; i++) {
        Unit *u = p->order.v[i];
        for (uint32_t k = 0; k < u->imports.len; k++) later[u->place] |= later[u->imports.v[k]];
        u->later = later[u->place];
    }
    run_turns(p);
    tasks_free(p->tasks);
    p->tasks = tasks_new(1);
}

void program_run_unit(Program *p, uint32_t i) {
    Unit *u = p->units.v[i];
    unit_parse(p, u, 0, false);
    check_one(p, u, 0);
    if (p->config.analyse) analyse_one(p, u);
}

bool program_imports(const Program *p, uint32_t i, uint32_t k, uint32_t *from) {
    const Unit *u = p->units.v[i];
    if (k >= u->imports.len) return false;
    *from = u->imports.v[k];
    return true;
}
