// go/load: the whole road: environment, modules, patterns, import graph, packages, order.
#include "go/load/load_internal.h"

struct PackageSet {
    Arena *arena;
    Loader loader;
    Assembly assembly;
    LoadFacts facts;
    U32Vec order; // places in assembly.pkgs + 1, by PackageId - 1
    U32Vec roots; // PackageIds
    StrMap by_path;
};

// ---- files named on the command line ----------------------------------------------------------

static bool names_files(const Loader *ld, const StrVec *patterns) {
    for (uint32_t i = 0; i < patterns->len; i++) {
        Str p = patterns->v[i];
        if (!str_ends(p, STR(".go"))) continue;
        if (file_kind(path_under(ld->arena, ld->env.cwd, p)) == FILE_REGULAR) return true;
    }
    return false;
}

static Str absolute(const Loader *ld, Str p) {
    return path_is_abs(p) ? path_clean(ld->arena, p) : path_under(ld->arena, ld->env.cwd, p);
}

static Err check_named_file(const Loader *ld, Str file, Str *dir) {
    Str abs = absolute(ld, file);
    FileKind kind = file_kind(abs);
    if (kind == FILE_NONE)
        return err_new(ld->arena, ERR_FORMAT, 0, "stat " STR_FMT ": no such file or directory",
                       STR_ARG(file));
    if (kind == FILE_DIR)
        return err_new(ld->arena, ERR_FORMAT, 0, STR_FMT " is a directory, should be a Go file",
                       STR_ARG(file));
    if (!str_ends(file, STR(".go")))
        return err_new(ld->arena, ERR_FORMAT, 0, "named files must be .go files: " STR_FMT,
                       STR_ARG(file));
    Str own = path_dir(abs);
    if (dir->len > 0 && !str_eq(*dir, own))
        return err_new(ld->arena, ERR_FORMAT, 0,
                       "named files must all be in one directory; have " STR_FMT " and " STR_FMT,
                       STR_ARG(mods_short_path(ld->mods, *dir)),
                       STR_ARG(mods_short_path(ld->mods, own)));
    *dir = own;
    return NULL;
}

// The named files as a directory of their own, in the order they were named.
static Err named_dir(Loader *ld, const StrVec *files, Dir **out) {
    Str path = STR("");
    for (uint32_t i = 0; i < files->len; i++) TRY(check_named_file(ld, files->v[i], &path));
    const Dir *all = dirs_get(ld->dirs, path);
    Dir *d = NEW(ld->arena, Dir);
    *d = (Dir){.path = path, .read = true, .exists = true, .has_go = true};
    for (uint32_t i = 0; i < files->len; i++)
        for (uint32_t k = 0; k < all->files.len; k++)
            if (str_eq(all->files.v[k].name, path_base(files->v[i])))
                vec_push(ld->arena, &d->files, all->files.v[k]);
    *out = d;
    return NULL;
}

static void named_imports(Loader *ld, const Dir *d, StrVec *out) {
    for (uint32_t i = 0; i < d->files.len; i++) {
        const HeaderImports *imports = &d->files.v[i].header.imports;
        bool cgo = false;
        for (uint32_t k = 0; k < imports->len; k++) cgo = cgo || str_eq_c(imports->v[k].path, "C");
        if (cgo && !ld->env.tags.cgo) continue;
        for (uint32_t k = 0; k < imports->len; k++)
            if (!str_eq_c(imports->v[k].path, "C")) vec_push(ld->arena, out, imports->v[k].path);
    }
    strvec_sort(out);
    strvec_uniq(out);
}

static Err load_named_files(PackageSet *set, const StrVec *files) {
    Loader *ld = &set->loader;
    Assembly *as = &set->assembly;
    Dir *dir;
    StrVec imports = {0};
    TRY(named_dir(ld, files, &dir));
    named_imports(ld, dir, &imports);
    TRY(scan_packages(ld, &imports));
    PackageData *d = NEW(ld->arena, PackageData);
    d->path = STR("command-line-arguments");
    build_package(ld->arena, dir, (BuildOptions){&ld->env.tags, false, true}, &d->build);
    d->error_kind = d->build.error_kind;
    d->error = d->build.error;
    d->error_at = d->build.at;
    uint32_t id;
    Pkg *p = assembly_new(as, d->path, &id);
    p->files_named = true;
    assembly_fill(as, p, d->path, NULL, d);
    vec_push(ld->arena, &as->roots, id);
    return NULL;
}

// ---- packages by patterns -----------------------------------------------------------------------

static bool seen_before(Assembly *as, uint32_t id) {
    for (uint32_t i = 0; i < as->roots.len; i++)
        if (as->roots.v[i] == id) return true;
    return false;
}

static void add_failed_match(Assembly *as, const Match *m) {
    uint32_t id;
    Pkg *p = assembly_new(as, m->pattern, &id);
    bool literal = match_is_literal(m->pattern);
    Str dir = m->error;
    if (literal && str_cut_prefix(&dir, STR("no Go files in "))) p->pub.dir = dir;
    p->pub.error.text = literal || m->error_is_of_graph
                            ? m->error
                            : str_fmt(as->arena, "pattern " STR_FMT ": " STR_FMT,
                                      STR_ARG(m->pattern), STR_ARG(m->error));
    p->pub.incomplete = p->imports_known = true;
    vec_push(as->arena, &as->roots, id);
}

static void add_match(Assembly *as, const Match *m) {
    for (uint32_t i = 0; i < m->packages.len; i++) {
        PackageError none = {0};
        uint32_t id = assembly_import(as, m->packages.v[i], NULL, NULL, &none);
        Pkg *p = as->pkgs.v[id - 1];
        if (p->is_root || seen_before(as, id)) continue;
        p->is_root = true;
        vec_push(as->arena, &as->roots, id);
    }
    if (m->error.len > 0) add_failed_match(as, m);
    if (m->error.len == 0 && m->packages.len == 0)
        vec_push(as->arena, &as->ld->warnings,
                 str_fmt(as->arena, "go: warning: " STR_FMT " matched no packages",
                         STR_ARG(text_quote(as->arena, m->pattern))));
}

static Err load_patterns(PackageSet *set, const StrVec *patterns) {
    Loader *ld = &set->loader;
    StrVec cleaned = match_clean(ld->arena, patterns), paths = {0};
    MatchVec matches = {0};
    for (uint32_t i = 0; i < cleaned.len; i++) vec_add(ld->arena, &matches)->pattern = cleaned.v[i];
    TRY(match_patterns(ld, &matches));
    for (uint32_t i = 0; i < matches.len; i++)
        for (uint32_t k = 0; k < matches.v[i].packages.len; k++)
            vec_push(ld->arena, &paths, matches.v[i].packages.v[k]);
    TRY(scan_packages(ld, &paths));
    for (uint32_t i = 0; i < matches.len; i++) add_match(&set->assembly, &matches.v[i]);
    return NULL;
}

// ---- the order of output ------------------------------------------------------------------------

static void renumber(PackageSet *set) {
    Assembly *as = &set->assembly;
    set->order = assembly_order(as);
    U32Vec id_of = {0};
    for (uint32_t i = 0; i < as->pkgs.len; i++) vec_push(as->arena, &id_of, 0);
    for (uint32_t i = 0; i < set->order.len; i++) id_of.v[set->order.v[i] - 1] = i + 1;
    set->by_path = strmap_new(as->arena);
    for (uint32_t i = 0; i < set->order.len; i++) {
        Pkg *p = as->pkgs.v[set->order.v[i] - 1];
        for (uint32_t k = 0; k < p->imports.len; k++) {
            const Package *q = &as->pkgs.v[p->imports.v[k] - 1]->pub;
            ImportedPackage one = {q->path, id_of.v[p->imports.v[k] - 1]};
            for (uint32_t n = 0; n < p->pub.imports.len; n++) {
                if (!str_eq(p->pub.imports.v[n], q->import_path)) continue;
                one.path = p->pub.raw_imports.v[n];
                p->pub.source_imports = k + 1;
                break;
            }
            vec_push(as->arena, &p->pub.imported, one);
        }
        p->pub.dep_only = true;
        *strmap_put(&set->by_path, p->pub.import_path) = i + 1;
    }
    for (uint32_t i = 0; i < as->roots.len; i++) {
        vec_push(as->arena, &set->roots, id_of.v[as->roots.v[i] - 1]);
        as->pkgs.v[as->roots.v[i] - 1]->pub.dep_only = false;
    }
}

// Deps as sets of bits over the sorted import paths: a union is a few words.
static void collect_deps(PackageSet *set) {
    Assembly *as = &set->assembly;
    uint32_t n = set->order.len, words = (n + 63) / 64;
    StrVec paths = {0};
    StrMap rank = strmap_new(as->arena);
    for (uint32_t i = 0; i < n; i++)
        vec_push(as->arena, &paths, as->pkgs.v[set->order.v[i] - 1]->pub.import_path);
    strvec_sort(&paths);
    for (uint32_t i = 0; i < n; i++) *strmap_put(&rank, paths.v[i]) = i;
    uint64_t *bits = NEW_ARRAY(as->arena, uint64_t, (size_t)n * words);
    for (uint32_t i = 0; i < n; i++) {
        Package *p = &as->pkgs.v[set->order.v[i] - 1]->pub;
        uint64_t *own = bits + (size_t)i * words;
        for (uint32_t k = 0; k < p->imported.len; k++) {
            PackageId id = p->imported.v[k].id;
            if (id == 0) continue;
            const uint64_t *other = bits + (size_t)(id - 1) * words;
            for (uint32_t w = 0; w < words; w++) own[w] |= other[w]; // none yet in a cycle
            uint32_t r = *strmap_get(&rank, package_get(set, id)->import_path);
            own[r / 64] |= (uint64_t)1 << (r % 64);
        }
        for (uint32_t r = 0; r < n; r++)
            if (own[r / 64] >> (r % 64) & 1) vec_push(as->arena, &p->deps, paths.v[r]);
    }
}

static void note_facts(PackageSet *set) {
    const Env *e = &set->loader.env;
    set->facts = (LoadFacts){.goroot = e->goroot,
                             .go_version = e->go_version,
                             .goos = e->tags.goos,
                             .goarch = e->tags.goarch,
                             .goamd64 = e->goamd64,
                             .module_cache = e->modcache,
                             .experiments = e->experiments,
                             .cgo = e->tags.cgo};
}

static Err load_into(PackageSet *set, const LoadConfig *config, const StrVec *patterns) {
    Loader *ld = &set->loader;
    Arena *a = set->arena;
    ld->arena = a;
    ld->config = config;
    ld->pkg_at = strmap_new(a);
    TRY(goenv_read(a, config, &ld->env));
    note_facts(set);
    ld->dirs = dirs_new(a, &ld->env,
                        config->build_only && !config->tests &&
                            !names_files(ld, patterns)); // named: any file
    TRY(mods_open(a, &ld->env, ld->dirs, &ld->warnings, &ld->mods));
    TRY(scan_prepare(ld));
    Assembly *as = &set->assembly;
    *as = (Assembly){.arena = a, .ld = ld};
    as->pkg_at = strmap_new(a);
    as->data_at = strmap_new(a);
    as->folded = strmap_new(a);
    if (names_files(ld, patterns))
        TRY(load_named_files(set, patterns));
    else
        TRY(load_patterns(set, patterns));
    if (gover_compare(ld->env.go_version, STR("1.21")) >= 0) assembly_split_profiles(as);
    if (config->tests) assembly_add_tests(as);
    renumber(set);
    if (config->want_deps_lists) collect_deps(set);
    return NULL;
}

Err load_packages(Arena *a, const LoadConfig *config, const StrVec *patterns, PackageSet **out) {
    Arena *own = arena_new("go/load");
    PackageSet *set = NEW(own, PackageSet);
    set->arena = own;
    Err err = load_into(set, config, patterns);
    if (err) {
        err = err_new(a, err->code, err->offset, STR_FMT, STR_ARG(err->what));
        package_set_free(set);
        return err;
    }
    *out = set;
    return NULL;
}

void package_set_free(PackageSet *set) {
    if (!set) return;
    dirs_free(set->loader.dirs);
    arena_free(set->arena);
}

// ---- questions ----------------------------------------------------------------------------------

uint32_t package_count(const PackageSet *set) { return set->order.len; }

const Package *package_get(const PackageSet *set, PackageId id) {
    ASSERT(id > 0 && id <= set->order.len);
    return &set->assembly.pkgs.v[set->order.v[id - 1] - 1]->pub;
}

const U32Vec *package_roots(const PackageSet *set) { return &set->roots; }

PackageId package_find(const PackageSet *set, Str import_path) {
    uint32_t *at = strmap_get(&set->by_path, import_path);
    return at ? *at : 0;
}

const LoadFacts *package_set_facts(const PackageSet *set) { return &set->facts; }

const StrVec *package_set_warnings(const PackageSet *set) { return &set->loader.warnings; }

Str package_lang(const PackageSet *set, const Package *p) {
    Str v = p->module ? p->module->go_version : set->facts.go_version;
    if (p->module && v.len == 0) v = STR("1.16");
    return str_join2(set->arena, STR("go"), gover_lang(v));
}

static const DirFile *find_file(const PackageSet *set, const Package *p, Str name) {
    const Dir *d = dirs_known(set->loader.dirs, p->dir);
    for (uint32_t i = 0; d && i < d->files.len; i++)
        if (str_eq(d->files.v[i].name, name)) return &d->files.v[i];
    return NULL;
}

Err package_file(const PackageSet *set, const Package *p, Str name, Arena *a, SourceText *out) {
    const DirFile *f = find_file(set, p, name);
    SourceText t = {.path = path_join(a, p->dir, name)};
    if (f) t.go_version = f->header.go_version;
    if (f && f->bytes.ptr)
        t.bytes = f->bytes;
    else
        TRY(file_read(a, t.path, &t.bytes));
    *out = t;
    return NULL;
}

// "pos: text", or "package a\n\timports b: text" where the import chain is what matters.
Str package_error_text(Arena *a, const PackageError *e) {
    if (e->pos.len > 0 && (e->import_stack.len == 0 || !e->print_stack))
        return str_join3(a, e->pos, STR(": "), e->text);
    if (e->import_stack.len == 0) return e->text;
    Buf b = buf_new(a);
    buf_c(&b, "package ");
    for (uint32_t i = 0; i < e->import_stack.len; i++) {
        if (i > 0) buf_c(&b, "\n\timports ");
        buf_str(&b, e->import_stack.v[i]);
        if (e->is_cycle && e->stack_files.v[i].len > 0)
            buf_fmt(&b, " from " STR_FMT, STR_ARG(e->stack_files.v[i]));
    }
    if (e->pos.len > 0) buf_fmt(&b, "\n\t" STR_FMT, STR_ARG(e->pos));
    buf_fmt(&b, ": " STR_FMT, STR_ARG(e->text));
    return buf_view(&b);
}
