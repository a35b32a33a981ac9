// go/load: the import graph: from the packages asked for to everything they import, wave by wave.
// Each wave's directories are read at once; what is found depends on no order.
#include "go/load/load_internal.h"

static uint32_t pkg_for(Loader *ld, Str path) {
    uint32_t *at = strmap_get(&ld->pkg_at, path);
    if (at) return *at;
    LoadPkg *p = NEW(ld->arena, LoadPkg);
    p->path = path;
    vec_push(ld->arena, &ld->pkgs, p);
    *strmap_put(&ld->pkg_at, path) = ld->pkgs.len;
    return ld->pkgs.len;
}

LoadPkg *scan_find(const Loader *ld, Str path) {
    uint32_t *at = strmap_get(&ld->pkg_at, path);
    return at ? ld->pkgs.v[*at - 1] : NULL;
}

// Imports App Engine once provided itself; they never were packages of a module.
static bool is_app_engine(Str path) {
    return path_has_prefix(path, STR("appengine")) ||
           path_has_prefix(path, STR("appengine_internal"));
}

// What the files of a directory that the build takes import: for the plain package, or its tests.
static void collect_imports(Loader *ld, const Dir *dir, bool tests, StrVec *out, uint32_t *files) {
    const BuildTags *tags = &ld->env.tags;
    *files = 0;
    for (uint32_t i = 0; i < dir->files.len; i++) {
        const DirFile *f = &dir->files.v[i];
        if (f->kind != SOURCE_GO || !f->name_fits || !f->fits) continue;
        const HeaderImports *imports = &f->header.imports;
        bool cgo = false;
        for (uint32_t k = 0; k < imports->len; k++) cgo = cgo || str_eq_c(imports->v[k].path, "C");
        if (cgo && !tags->cgo) continue;
        ++*files;
        if (str_ends(f->name, STR("_test.go")) != tests) continue;
        for (uint32_t k = 0; k < imports->len; k++) {
            Str path = imports->v[k].path;
            if (!str_eq_c(path, "C") && !is_app_engine(path)) vec_push(ld->arena, out, path);
        }
    }
    strvec_sort(out);
    strvec_uniq(out);
}

// Whether a build would find any Go file there at all.
bool scan_has_package(Loader *ld, const Dir *dir) {
    StrVec none = {0};
    uint32_t files;
    collect_imports(ld, dir, false, &none, &files);
    return files > 0;
}

// Standard packages use copies of golang.org/x below GOROOT/src/vendor and GOROOT/src/cmd/vendor.
static Str vendor_prefix(Str parent) {
    return path_has_prefix(parent, STR("cmd")) ? STR("cmd/vendor/") : STR("vendor/");
}

Str scan_std_vendor(Loader *ld, Str parent, Str path) {
    if (import_is_standard(path)) return path;
    Str inner = str_join2(ld->arena, vendor_prefix(parent), path);
    bool there = dirs_get(ld->dirs, path_join(ld->arena, ld->env.goroot_src, inner))->exists;
    return there ? inner : path;
}

static void find_package(Loader *ld, LoadPkg *p) {
    Found f = resolve_import(ld, p->path);
    p->mod = f.mod;
    p->dir = f.dir;
    p->error = f.error;
    if (p->dir.len == 0) return;
    p->in_std = import_is_standard(p->path) && path_has_prefix(p->dir, ld->env.goroot_src);
    uint32_t files;
    collect_imports(ld, dirs_get(ld->dirs, p->dir), false, &p->import_paths, &files);
    if (files == 0 && p->error.kind == IMPORT_OK) p->error.kind = IMPORT_NO_GO;
    bool of_main = p->mod != 0 && mod_get(ld->mods, p->mod)->main;
    bool old_all = gover_compare(mods_go_version(ld->mods), STR("1.16")) < 0;
    if (ld->all_tests && (of_main || old_all)) p->want_tests = true;
    if (files > 0 && p->want_tests)
        collect_imports(ld, dirs_get(ld->dirs, p->dir), true, &p->test_paths, &files);
    if (files == 0) p->import_paths.len = 0;
}

static void want_vendored(Loader *ld, const LoadPkg *p, const StrVec *paths) {
    for (uint32_t i = 0; i < paths->len; i++) {
        if (import_is_standard(paths->v[i])) continue;
        Str inner = str_join2(ld->arena, vendor_prefix(p->path), paths->v[i]);
        dirs_want(ld->dirs, path_join(ld->arena, ld->env.goroot_src, inner));
    }
}

static void link_imports(Loader *ld, LoadPkg *p, const StrVec *paths) {
    for (uint32_t i = 0; i < paths->len; i++) {
        Str path = paths->v[i];
        if (p->in_std) path = scan_std_vendor(ld, p->path, path);
        vec_push(ld->arena, &p->imports, pkg_for(ld, path));
    }
}

// One wave: packages [from, to) of the table; what they import is added behind them.
static void scan_wave(Loader *ld, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) resolve_want(ld, ld->pkgs.v[i]->path);
    dirs_read(ld->dirs);
    for (uint32_t i = from; i < to; i++) find_package(ld, ld->pkgs.v[i]);
    for (uint32_t i = from; i < to; i++) {
        const LoadPkg *p = ld->pkgs.v[i];
        if (!p->in_std) continue;
        want_vendored(ld, p, &p->import_paths);
        want_vendored(ld, p, &p->test_paths);
    }
    dirs_read(ld->dirs);
    for (uint32_t i = from; i < to; i++) {
        LoadPkg *p = ld->pkgs.v[i];
        link_imports(ld, p, &p->import_paths);
        uint32_t plain = p->imports.len;
        link_imports(ld, p, &p->test_paths);
        p->plain_imports = plain;
    }
}

// Through whom each package came in, by the shortest way; the first of equals.
static void build_stacks(Loader *ld, const U32Vec *roots) {
    U32Vec queue = {0};
    for (uint32_t i = 0; i < roots->len; i++) {
        LoadPkg *p = ld->pkgs.v[roots->v[i] - 1];
        if (p->reached) continue;
        p->reached = true;
        vec_push(ld->arena, &queue, roots->v[i]);
    }
    for (uint32_t at = 0; at < queue.len; at++) {
        const LoadPkg *p = ld->pkgs.v[queue.v[at] - 1];
        for (uint32_t i = 0; i < p->imports.len; i++) {
            LoadPkg *next = ld->pkgs.v[p->imports.v[i] - 1];
            if (next->reached) continue;
            next->reached = true;
            next->stack = queue.v[at];
            vec_push(ld->arena, &queue, p->imports.v[i]);
        }
    }
}

static void mark_needed(Loader *ld, uint32_t id) { // everything main packages need, or asked for
    U32Vec work = {0};
    vec_push(ld->arena, &work, id);
    while (work.len > 0) {
        LoadPkg *p = ld->pkgs.v[vec_pop(&work) - 1];
        if (p->needed) continue;
        p->needed = true;
        for (uint32_t i = 0; i < p->imports.len; i++) vec_push(ld->arena, &work, p->imports.v[i]);
    }
}

static bool is_external(const Loader *ld, const LoadPkg *p) {
    return p->mod != 0 && !mod_get(ld->mods, p->mod)->main;
}

// A direct import must come from a module go.mod itself lists at that version.
static void check_direct_imports(Loader *ld) {
    Mods *ms = ld->mods;
    bool work = mods_in_workspace(ms);
    for (uint32_t i = 0; i < ld->pkgs.len; i++) {
        LoadPkg *p = ld->pkgs.v[i];
        if (p->mod == 0 || !mod_get(ms, p->mod)->main) continue;
        for (uint32_t k = 0; k < p->imports.len; k++) {
            const LoadPkg *dep = ld->pkgs.v[p->imports.v[k] - 1];
            if (!is_external(ld, dep)) continue;
            const Mod *m = mod_get(ms, dep->mod);
            bool listed = work ? m->in_graph : mods_root_selected(ms, m->path) == dep->mod;
            if (listed || (!work && p->error.kind != IMPORT_OK)) continue;
            p->error = (ImportError){
                IMPORT_OTHER,
                str_fmt(ld->arena,
                        "package " STR_FMT " imports " STR_FMT
                        " from implicitly required module; to add missing requirements, run:\n\tgo "
                        "get " STR_FMT "@" STR_FMT,
                        STR_ARG(p->path), STR_ARG(dep->path), STR_ARG(m->path),
                        STR_ARG(m->version))};
        }
    }
}

// Whether the versions go.mod lists are the ones its dependencies ask for, as far as they were
// used.
static bool roots_are_consistent(Loader *ld, const U32Vec *roots) {
    Mods *ms = ld->mods;
    for (uint32_t i = 0; i < roots->len; i++) mark_needed(ld, roots->v[i]);
    for (uint32_t i = 0; i < ld->pkgs.len; i++) {
        const LoadPkg *p = ld->pkgs.v[i];
        if (!p->needed || !is_external(ld, p)) continue;
        if (mods_root_selected(ms, mod_get(ms, p->mod)->path) == 0) return false;
        const ModSummary *s = mods_summary(ms, p->mod);
        for (uint32_t k = 0; k < s->require.len; k++) {
            const Mod *r = mod_get(ms, s->require.v[k]);
            ModId root = mods_root_selected(ms, r->path);
            const Mod *have = root ? mod_get(ms, root) : NULL;
            if (!have || have->main) continue;
            if (module_compare(r->path, have->version, r->version) < 0) return graph_roots_hold(ms);
        }
    }
    return true;
}

static Err check_requirements(Loader *ld, const U32Vec *roots, bool *again) {
    Mods *ms = ld->mods;
    *again = false;
    if (str_eq_c(ld->env.mod, "vendor") || !mods_has_root(ms)) return NULL;
    bool updates = str_eq_c(ld->env.mod, "mod");
    if (mods_in_workspace(ms)) {
        graph_read(ms);
        check_direct_imports(ld);
        return NULL;
    }
    if (!updates) check_direct_imports(ld);
    if (ms->pruning != PRUNING_PRUNED || ld->whole_graph) return NULL;
    if (roots_are_consistent(ld, roots)) return NULL;
    if (!updates) return mods_dirty_error(ms);
    *again = true; // with -mod=mod the go command would add to go.mod what the graph selects
    return NULL;
}

static Err scan_once(Loader *ld, const StrVec *paths, bool *again) {
    U32Vec roots = {0};
    ld->pkgs.len = 0;
    ld->pkg_at = strmap_new(ld->arena);
    for (uint32_t i = 0; i < paths->len; i++) {
        uint32_t id = pkg_for(ld, paths->v[i]);
        ld->pkgs.v[id - 1]->want_tests = ld->config->tests;
        vec_push(ld->arena, &roots, id);
    }
    for (uint32_t done = 0; done < ld->pkgs.len;) {
        uint32_t end = ld->pkgs.len;
        scan_wave(ld, done, end);
        done = end;
    }
    build_stacks(ld, &roots);
    return check_requirements(ld, &roots, again);
}

// Module rules older than Go 1.17 and workspaces choose from the whole graph, and complain at once
// when go.mod does not list what it selects.
Err scan_prepare(Loader *ld) {
    Mods *ms = ld->mods;
    bool vendor = str_eq_c(ld->env.mod, "vendor");
    if (!mods_has_root(ms) || vendor) return NULL;
    ld->whole_graph = ms->pruning == PRUNING_UNPRUNED;
    if (!ld->whole_graph) return NULL;
    graph_read(ms);
    if (ms->graph_error.len > 0)
        return err_new(ld->arena, ERR_FORMAT, 0, STR_FMT, STR_ARG(ms->graph_error));
    if (!graph_roots_hold(ms) && !str_eq_c(ld->env.mod, "mod")) return mods_dirty_error(ms);
    return NULL;
}

Err scan_packages(Loader *ld, const StrVec *paths) {
    bool again;
    TRY(scan_once(ld, paths, &again));
    if (again) {
        ld->whole_graph = true;
        TRY(scan_once(ld, paths, &again));
    }
    resolve_word_errors(ld);
    return NULL;
}

Err scan_all(Loader *ld, StrVec *paths) {
    bool again;
    ld->all_tests = true; // the first scan only finds which packages there are
    TRY(scan_once(ld, paths, &again));
    ld->all_tests = false;
    paths->len = 0;
    for (uint32_t i = 0; i < ld->pkgs.len; i++) {
        const LoadPkg *p = ld->pkgs.v[i];
        if (import_path_check(ld->arena, p->path).len == 0) vec_push(ld->arena, paths, p->path);
    }
    strvec_sort(paths);
    return NULL;
}
