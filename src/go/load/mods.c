// go/load: the modules a build draws on: go.mod or go.work of the directory, replacements,
// exclusions, checksums, and where each module's code lies in the module cache.
// https://go.dev/ref/mod. Nothing is downloaded and no file is written.
#include "go/load/load_internal.h"

Mod *mod_get(const Mods *ms, ModId id) { return ms->all.v[id - 1]; }

static uint64_t mod_hash(Str path, Str version) {
    return hash_mix(str_hash(path), str_hash(version));
}

ModId mods_intern(Mods *ms, Str path, Str version) {
    uint64_t hash = mod_hash(path, version);
    for (IndexIter it = index_find(&ms->index, hash); it.id; index_next(&it)) {
        const Mod *m = mod_get(ms, it.id);
        if (str_eq(m->path, path) && str_eq(m->version, version)) return it.id;
    }
    Mod *m = NEW(ms->arena, Mod);
    m->path = path;
    m->version = version;
    vec_push(ms->arena, &ms->all, m);
    index_add(&ms->index, hash, ms->all.len);
    return ms->all.len;
}

bool mods_is_main_path(const Mods *ms, Str path) {
    for (uint32_t i = 0; i < ms->mains.len; i++)
        if (str_eq(mod_get(ms, ms->mains.v[i])->path, path)) return true;
    return false;
}

bool mods_has_root(const Mods *ms) { return mod_get(ms, ms->mains.v[0])->root.len > 0; }

bool mods_in_workspace(const Mods *ms) { return ms->work_file.len > 0; }

Str mod_text(Arena *a, ModRef r) {
    return r.version.len > 0 ? str_join3(a, r.path, STR("@"), r.version) : r.path;
}

// The shorter of the path and how it looks from the working directory.
Str mods_short_path(const Mods *ms, Str path) {
    Str rel = path_relative(ms->arena, ms->env->cwd, path);
    return rel.len < path.len ? rel : path;
}

static int compare_mods(const Mods *ms, ModId x, ModId y) {
    const Mod *a = mod_get(ms, x), *b = mod_get(ms, y);
    int c = str_cmp(a->path, b->path);
    return c != 0 ? c : module_compare(a->path, a->version, b->version);
}

void mods_sort(const Mods *ms, U32Vec *ids) { // few and mostly sorted already
    for (uint32_t i = 1; i < ids->len; i++)
        for (uint32_t k = i; k > 0 && compare_mods(ms, ids->v[k - 1], ids->v[k]) > 0; k--) {
            uint32_t t = ids->v[k];
            ids->v[k] = ids->v[k - 1];
            ids->v[k - 1] = t;
        }
}

// ---- replacements ---------------------------------------------------------------------------

static Str replace_key(Arena *a, Str path, Str version) {
    return str_join3(a, path, STR("@"), version);
}

static const ReplaceTo *find_replace(const Mods *ms, Str path, Str version) {
    if (ms->replace_list.len == 0) return NULL;
    ArenaMark mark = arena_mark(ms->arena);
    uint32_t *at = strmap_get(&ms->replaces, replace_key(ms->arena, path, version));
    arena_pop_to(mark);
    return at ? &ms->replace_list.v[*at] : NULL;
}

const ReplaceTo *mods_replacement(const Mods *ms, const Mod *m) {
    if (m->version.len == 0 && mods_is_main_path(ms, m->path)) return NULL;
    const ReplaceTo *r = find_replace(ms, m->path, m->version);
    return r ? r : find_replace(ms, m->path, STR(""));
}

ModRef mods_resolved(const Mods *ms, const Mod *m) {
    const ReplaceTo *r = mods_replacement(ms, m);
    return r ? r->now : (ModRef){m->path, m->version};
}

Str mods_replace_base(const Mods *ms) {
    if (mods_in_workspace(ms)) return path_dir(ms->work_file);
    return mod_get(ms, ms->mains.v[0])->root;
}

// In a workspace a path is seen from go.work, whoever wrote it.
static ModRef seen_from_work(const Mods *ms, ModRef r, Str root) {
    if (!mods_in_workspace(ms) || root.len == 0 || r.version.len > 0 || path_is_abs(r.path))
        return r;
    Arena *a = ms->arena;
    Str rel = path_relative(a, path_dir(ms->work_file), path_under(a, root, r.path));
    if (!path_is_local(rel)) rel = str_join2(a, STR("./"), rel);
    return (ModRef){rel, r.version};
}

static Err add_replaces(Mods *ms, const ModFile *file, Str root, Str from) {
    Arena *a = ms->arena;
    for (uint32_t i = 0; i < file->replaces.len; i++) {
        const ModReplace *r = &file->replaces.v[i];
        ModRef now = seen_from_work(ms, r->now, root);
        Str key = replace_key(a, r->old.path, r->old.version);
        uint32_t *had = strmap_get(&ms->replaces, key);
        if (had) {
            const ReplaceTo *before = &ms->replace_list.v[*had];
            if (str_eq(before->from, ms->work_file) && mods_in_workspace(ms)) continue;
            if (str_eq(before->now.path, now.path) && str_eq(before->now.version, now.version))
                continue;
            return err_new(a, ERR_FORMAT, 0,
                           "conflicting replacements for " STR_FMT ":\n\t" STR_FMT "\n\t" STR_FMT,
                           STR_ARG(mod_text(a, r->old)), STR_ARG(mod_text(a, before->now)),
                           STR_ARG(mod_text(a, now)));
        }
        *strmap_put(&ms->replaces, key) = ms->replace_list.len;
        vec_push(a, &ms->replace_list, ((ReplaceTo){now, root, from}));
    }
    return NULL;
}

// ---- checksums ------------------------------------------------------------------------------

static void read_sums(Mods *ms) {
    ms->sums = strmap_new(ms->arena);
    Str text, file = mod_file_path(ms, mod_get(ms, ms->mains.v[0])->root);
    str_cut_suffix(&file, STR(".mod"));
    file = str_join2(ms->arena, file, STR(".sum"));
    if (!file_try_read(ms->arena, str_to_c(ms->arena, file), &text)) return;
    while (text.len > 0) {
        Str line = str_line(&text), rest = line;
        Str path = str_field(&rest), version = str_field(&rest), hash = str_field(&rest);
        if (!str_starts(hash, STR("h1:"))) continue;
        strmap_put(&ms->sums, str_join3(ms->arena, path, STR(" "), version));
    }
}

bool mods_must_have_sums(const Mods *ms) {
    return mods_has_root(ms) && str_eq_c(ms->env->mod, "readonly") && !mods_in_workspace(ms);
}

bool mods_have_sum(Mods *ms, ModRef r, bool go_mod) {
    if (!ms->sums.index.arena) read_sums(ms);
    ArenaMark mark = arena_mark(ms->arena);
    Str key = str_join3(ms->arena, r.path, STR(" "), r.version);
    if (go_mod) key = str_join2(ms->arena, key, STR("/go.mod"));
    bool have = strmap_get(&ms->sums, key) != NULL;
    arena_pop_to(mark);
    return have;
}

// ---- the module cache -----------------------------------------------------------------------

static Str cache_file(const Mods *ms, ModRef r, const char *ext) {
    Arena *a = ms->arena;
    return str_fmt(a, STR_FMT "/cache/download/" STR_FMT "/@v/" STR_FMT ".%s",
                   STR_ARG(ms->env->modcache), STR_ARG(path_escape(a, r.path)),
                   STR_ARG(path_escape(a, r.version)), ext);
}

static Str cache_dir(const Mods *ms, ModRef r) {
    Arena *a = ms->arena;
    return str_fmt(a, STR_FMT "/" STR_FMT "@" STR_FMT, STR_ARG(ms->env->modcache),
                   STR_ARG(path_escape(a, r.path)), STR_ARG(path_escape(a, r.version)));
}

static void locate_directory(Mods *ms, Mod *m, Str path) {
    m->local = true;
    m->dir = path_under(ms->arena, mods_replace_base(ms), path);
    if (path_is_abs(path)) m->dir = path_clean(ms->arena, path);
    if (file_exists(m->dir)) return;
    m->locate_error =
        str_fmt(ms->arena, STR_FMT ": replacement directory " STR_FMT " does not exist",
                STR_ARG(mod_text(ms->arena, (ModRef){m->path, m->version})), STR_ARG(path));
}

static bool lookup_is_off(const Mods *ms) { return str_eq_c(goenv_get(ms->env, "GOPROXY"), "off"); }

// The go command would download it now.
static Str not_cached(const Mods *ms, ModRef r) {
    if (lookup_is_off(ms)) return STR("module lookup disabled by GOPROXY=off");
    return str_join2(ms->arena, STR("not in the module cache; to fetch it:\n\tgo mod download "),
                     r.path);
}

static void locate_in_cache(Mods *ms, Mod *m, ModRef r) {
    Arena *a = ms->arena;
    if (mods_must_have_sums(ms) && !mods_have_sum(ms, r, false)) {
        m->missing_sum = true;
        m->locate_error = str_join2(a, mod_text(a, r), STR(": missing go.sum entry"));
        return;
    }
    Str dir = cache_dir(ms, r);
    bool whole = file_kind(dir) == FILE_DIR && file_exists(cache_file(ms, r, "ziphash")) &&
                 !file_exists(cache_file(ms, r, "partial"));
    if (whole)
        m->dir = dir;
    else
        m->locate_error = lookup_is_off(ms)
                              ? not_cached(ms, r)
                              : str_join3(a, mod_text(a, r), STR(": "), not_cached(ms, r));
}

void mods_locate(Mods *ms, Mod *m) {
    if (m->located) return;
    m->located = true;
    if (m->main) {
        m->dir = m->root;
        m->local = true;
        return;
    }
    ModRef r = mods_resolved(ms, m);
    if (r.version.len == 0)
        locate_directory(ms, m, r.path);
    else
        locate_in_cache(ms, m, r);
}

// ---- what a module requires -----------------------------------------------------------------

static Pruning pruning_for(Str go) {
    return gover_compare(go, STR("1.17")) < 0 ? PRUNING_UNPRUNED : PRUNING_PRUNED;
}

static bool is_excluded(const Mods *ms, Str path, Str version) {
    if (ms->excludes.entries.len == 0) return false;
    ArenaMark mark = arena_mark(ms->arena);
    bool found = strmap_get(&ms->excludes, replace_key(ms->arena, path, version)) != NULL;
    arena_pop_to(mark);
    return found;
}

static void summarize(Mods *ms, const ModFile *f, ModSummary *out) {
    out->module = f->module;
    out->go = f->go;
    out->pruning = f->go.len > 0 ? pruning_for(f->go) : PRUNING_UNPRUNED;
    out->ignores = f->ignores;
    for (uint32_t i = 0; i < f->requires.len; i++) {
        ModRef r = f->requires.v[i].mod;
        if (is_excluded(ms, r.path, r.version) || module_is_toolchain(r.path)) continue;
        vec_push(ms->arena, &out->require, mods_intern(ms, r.path, r.version));
    }
}

// Reads the go.mod that stands for `r`, which m asked for.
static Str read_summary(Mods *ms, Mod *m, ModRef r) {
    Arena *a = ms->arena;
    Str text, name = cache_file(ms, r, "mod");
    if (r.version.len == 0) {
        Str dir = path_is_abs(r.path) ? r.path : path_under(a, mods_replace_base(ms), r.path);
        name = path_under(a, dir, STR("go.mod"));
    } else if (mods_must_have_sums(ms) && !mods_have_sum(ms, r, true)) {
        m->summary_missing_sum = true;
        return str_fmt(
            a, "missing go.sum entry for go.mod file; to add it:\n\tgo mod download " STR_FMT,
            STR_ARG(m->path));
    }
    if (!file_try_read(a, str_to_c(a, name), &text))
        return r.version.len == 0
                   ? str_fmt(a, "reading " STR_FMT ": open " STR_FMT ": no such file or directory",
                             STR_ARG(mods_short_path(ms, name)), STR_ARG(name))
                   : not_cached(ms, r);
    ModFile f;
    modfile_parse(a, r.version.len == 0 ? mods_short_path(ms, name) : STR("go.mod"), text,
                  MODFILE_LAX, &f);
    if (f.errors.len > 0) return str_fmt(a, "parsing go.mod: " STR_FMT, STR_ARG(f.errors.v[0]));
    summarize(ms, &f, &m->summary);
    if (r.version.len == 0) return STR("");
    if (!f.has_module) return STR("parsing go.mod: missing module line");
    if (!str_eq(f.module, m->path) && !str_eq(f.module, r.path))
        return str_fmt(a,
                       "parsing go.mod:\n\tmodule declares its path as: " STR_FMT
                       "\n\t        but was required as: " STR_FMT,
                       STR_ARG(f.module), STR_ARG(m->path));
    return STR("");
}

const ModSummary *mods_summary(Mods *ms, ModId id) {
    Mod *m = mod_get(ms, id);
    if (m->summarized) return &m->summary;
    m->summarized = true;
    if (m->main) {
        if (m->file) summarize(ms, m->file, &m->summary);
        return &m->summary;
    }
    ModRef r = mods_resolved(ms, m);
    Str why = read_summary(ms, m, r);
    m->summary.why = why;
    if (why.len > 0)
        m->summary.error = str_join3(ms->arena, mod_text(ms->arena, r), STR(": "), why);
    return &m->summary;
}

// ---- roots ----------------------------------------------------------------------------------

ModId mods_root_selected(const Mods *ms, Str path) {
    uint32_t *at = strmap_get(&ms->root_mods, path);
    return at ? *at : 0;
}

static void set_roots(Mods *ms) {
    ms->root_mods = strmap_new(ms->arena);
    for (uint32_t i = 0; i < ms->mains.len; i++)
        *strmap_put(&ms->root_mods, mod_get(ms, ms->mains.v[i])->path) = ms->mains.v[i];
    mods_sort(ms, &ms->roots);
    for (uint32_t i = 0; i < ms->roots.len; i++) {
        const Mod *m = mod_get(ms, ms->roots.v[i]);
        uint32_t *at = strmap_put(&ms->root_mods, m->path);
        const Mod *had = *at ? mod_get(ms, *at) : NULL;
        if (had && (had->main || module_compare(m->path, had->version, m->version) >= 0)) continue;
        *at = ms->roots.v[i];
    }
}

static void take_requires(Mods *ms, const ModFile *f) {
    for (uint32_t i = 0; i < f->requires.len; i++) {
        ModRef r = f->requires.v[i].mod;
        if (is_excluded(ms, r.path, r.version)) {
            vec_push(ms->arena, ms->warnings,
                     str_fmt(ms->arena,
                             "go: %s requirement on excluded version " STR_FMT " " STR_FMT,
                             str_eq_c(ms->env->mod, "mod") ? "dropping" : "ignoring",
                             STR_ARG(r.path), STR_ARG(r.version)));
            continue;
        }
        if (!module_is_toolchain(r.path))
            vec_push(ms->arena, &ms->roots, mods_intern(ms, r.path, r.version));
    }
}

Str mods_go_version(const Mods *ms) {
    if (mods_in_workspace(ms)) return ms->work.go.len > 0 ? ms->work.go : STR("1.18");
    const Mod *m = mod_get(ms, ms->mains.v[0]);
    if (!m->file) return ms->env->go_version;
    return m->file->go.len > 0 ? m->file->go : STR("1.16");
}

// ---- finding and reading go.mod and go.work ---------------------------------------------------

bool mods_has_go_mod(Mods *ms, Str dir) {
    uint32_t *known = strmap_get(&ms->go_mod_at, dir);
    if (known) return *known == 1;
    bool is = file_kind(path_under(ms->arena, dir, STR("go.mod"))) == FILE_REGULAR;
    *strmap_put(&ms->go_mod_at, dir) = is;
    return is;
}

static Str find_up(Mods *ms, Str dir, const char *name, Str stop) {
    for (;; dir = path_dir(dir)) {
        Str file = path_under(ms->arena, dir, str_c(name));
        if (file_kind(file) == FILE_REGULAR) return file;
        if (str_eq_c(dir, "/") || dir.len == 0) return STR("");
        if (stop.len > 0 && str_eq(path_dir(dir), stop)) return STR("");
    }
}

Str mod_file_path(const Mods *ms, Str root) {
    if (ms->env->modfile.len > 0) return ms->env->modfile;
    return path_under(ms->arena, root, STR("go.mod"));
}

static Err read_mod_file(Mods *ms, Str path, ModFileKind kind, ModFile *out) {
    Arena *a = ms->arena;
    Str text;
    TRY(file_read(a, path, &text));
    Str name = mods_short_path(ms, path);
    modfile_parse(a, name, text, kind, out);
    if (out->errors.len > 0)
        return err_new(a, ERR_FORMAT, 0, STR_FMT, STR_ARG(strvec_join(a, &out->errors, STR("\n"))));
    if (gover_compare(out->go, ms->env->go_version) > 0)
        return err_new(a, ERR_FORMAT, 0,
                       STR_FMT " requires go >= " STR_FMT " (GOROOT has go " STR_FMT
                               "); set GOROOT to a newer Go tree",
                       STR_ARG(name), STR_ARG(out->go), STR_ARG(ms->env->go_version));
    if (kind == MODFILE_STRICT && !out->has_module)
        return err_new(a, ERR_FORMAT, 0,
                       "error reading " STR_FMT ": missing module declaration. To specify the "
                       "module path:\n\tgo mod edit -module=example.com/mod",
                       STR_ARG(name));
    return NULL;
}

static Err add_main(Mods *ms, Str root) {
    Arena *a = ms->arena;
    ModFile *f = NEW(a, ModFile);
    TRY(read_mod_file(ms, mod_file_path(ms, root), MODFILE_STRICT, f));
    Str why = import_path_check(a, f->module);
    if (why.len > 0)
        return err_new(a, ERR_FORMAT, 0, "malformed module path" STR_FMT,
                       STR_ARG(str_from(why, strlen("malformed import path"))));
    if (mods_is_main_path(ms, f->module))
        return err_new(a, ERR_FORMAT, 0, "module " STR_FMT " appears multiple times in workspace",
                       STR_ARG(f->module));
    ModId id = mods_intern(ms, f->module, STR(""));
    Mod *m = mod_get(ms, id);
    m->main = true;
    m->root = root;
    m->file = f;
    m->in_goroot = path_has_prefix(root, ms->env->goroot_src);
    m->prefix = m->in_goroot && str_eq_c(f->module, "std") ? STR("") : f->module;
    m->raw_go = f->go;
    vec_push(a, &ms->mains, id);
    for (uint32_t i = 0; i < f->excludes.len; i++)
        strmap_put(&ms->excludes, replace_key(a, f->excludes.v[i].path, f->excludes.v[i].version));
    return NULL;
}

// go.work must list a Go version as high as that of each of its modules (from Go 1.21 on).
static Err check_work_version(const Mods *ms, Str root) {
    Str have = mods_go_version(ms);
    const Mod *m = mod_get(ms, vec_last(&ms->mains));
    if (gover_compare(m->file->go, have) <= 0 || gover_compare(m->file->go, STR("1.21")) < 0)
        return NULL;
    return err_new(ms->arena, ERR_FORMAT, 0,
                   "module " STR_FMT " listed in go.work file requires go >= " STR_FMT
                   ", but go.work %s go " STR_FMT "; to update it:\n\tgo work use",
                   STR_ARG(mods_short_path(ms, root)), STR_ARG(m->file->go),
                   ms->work.go.len > 0 ? "lists" : "implicitly requires", STR_ARG(have));
}

static Err open_workspace(Mods *ms) {
    Arena *a = ms->arena;
    TRY(read_mod_file(ms, ms->work_file, MODFILE_WORK, &ms->work));
    Str dir = path_dir(ms->work_file);
    StrMap seen = strmap_new(a);
    for (uint32_t i = 0; i < ms->work.uses.len; i++) {
        Str use = ms->work.uses.v[i];
        Str root = path_is_abs(use) ? path_clean(a, use) : path_under(a, dir, use);
        if (strmap_get(&seen, root))
            return err_new(a, ERR_FORMAT, 0,
                           "error loading go.work:\n" STR_FMT ":%u: path " STR_FMT
                           " appears multiple times in workspace",
                           STR_ARG(mods_short_path(ms, ms->work_file)), ms->work.use_lines.v[i],
                           STR_ARG(root));
        strmap_put(&seen, root);
        Err err = add_main(ms, root);
        if (err)
            return err_wrap(a, err, "cannot load module " STR_FMT " listed in go.work file",
                            STR_ARG(mods_short_path(ms, root)));
        TRY(check_work_version(ms, root));
    }
    return NULL;
}

static void no_main_module(Mods *ms) {
    ModId id = mods_intern(ms, STR("command-line-arguments"), STR(""));
    Mod *m = mod_get(ms, id);
    m->main = true;
    m->prefix = m->path;
    m->raw_go = ms->env->go_version;
    vec_push(ms->arena, &ms->mains, id);
}

static Err find_work_file(Mods *ms) {
    Str said = goenv_get(ms->env, "GOWORK");
    if (str_eq_c(said, "off")) return NULL;
    if (said.len == 0 || str_eq_c(said, "auto")) {
        ms->work_file = find_up(ms, ms->env->cwd, "go.work", ms->env->goroot);
        return NULL;
    }
    if (!path_is_abs(said))
        return err_new(ms->arena, ERR_FORMAT, 0, "invalid GOWORK: not an absolute path");
    ms->work_file = said;
    return NULL;
}

static Err open_main_modules(Mods *ms) {
    Env *e = ms->env;
    TRY(find_work_file(ms));
    if (mods_in_workspace(ms)) {
        if (e->modfile.len > 0)
            return err_new(ms->arena, ERR_FORMAT, 0, "-modfile cannot be used in workspace mode");
        TRY(open_workspace(ms));
    } else {
        Str file = find_up(ms, e->cwd, "go.mod", STR(""));
        const char *tmp = getenv("TMPDIR");
        Str temp_root = path_clean(ms->arena, str_c(tmp && *tmp ? tmp : "/tmp"));
        if (file.len > 0 && str_eq(path_dir(file), temp_root)) {
            vec_push(ms->arena, ms->warnings,
                     str_join2(ms->arena, STR("go: warning: ignoring go.mod in system temp root "),
                               temp_root));
            file = STR("");
        }
        if (file.len > 0)
            TRY(add_main(ms, path_dir(file)));
        else if (e->modfile.len > 0)
            return err_new(ms->arena, ERR_FORMAT, 0,
                           "cannot find main module, but -modfile was set.\n\t-modfile cannot be "
                           "used to set the module root directory.");
    }
    if (ms->mains.len == 0) no_main_module(ms);
    return NULL;
}

// ---- -mod -----------------------------------------------------------------------------------

static bool vendor_is_of_workspace(Mods *ms, Str dir) {
    Str text;
    Str name = path_under(ms->arena, dir, STR("modules.txt"));
    if (!file_try_read(ms->arena, str_to_c(ms->arena, name), &text)) return false;
    Str line = str_line(&text);
    if (!str_cut_prefix(&line, STR("## "))) return false;
    while (line.len > 0)
        if (str_eq_c(str_trim(str_split(&line, ';')), "workspace")) return true;
    return false;
}

static Str reason_against_vendor(Mods *ms, Str go) {
    const char *file = mods_in_workspace(ms) ? "go.work" : "go.mod";
    Arena *a = ms->arena;
    if (go.len == 0)
        return str_fmt(a, "Go version in %s is unspecified, so vendor directory was not used.",
                       file);
    if (gover_compare(go, STR("1.14")) < 0)
        return str_fmt(a, "Go version in %s is " STR_FMT ", so vendor directory was not used.",
                       file, STR_ARG(go));
    bool of_work = vendor_is_of_workspace(ms, vendor_dir(ms));
    if (of_work == mods_in_workspace(ms)) return STR("");
    return of_work ? STR("Outside workspace mode, but vendor directory is for a workspace.")
                   : STR("In workspace mode, but vendor directory is not for a workspace");
}

static Err decide_mod(Mods *ms) {
    Env *e = ms->env;
    if (e->mod_explicit) {
        if (mods_in_workspace(ms) && str_eq_c(e->mod, "mod"))
            return err_new(ms->arena, ERR_FORMAT, 0,
                           "-mod may only be set to readonly or vendor when in workspace mode, but "
                           "it is set to \"mod\"\n\tRemove the -mod flag to use the default "
                           "readonly value, \n\tor set GOWORK=off to disable workspace mode.");
        return NULL;
    }
    e->mod = STR("readonly");
    if (!mods_has_root(ms) || file_kind(vendor_dir(ms)) != FILE_DIR) return NULL;
    const Mod *m = mod_get(ms, ms->mains.v[0]);
    e->mod_reason = reason_against_vendor(ms, mods_in_workspace(ms) ? ms->work.go : m->file->go);
    if (e->mod_reason.len > 0) return NULL;
    e->mod = STR("vendor");
    e->mod_reason =
        str_fmt(ms->arena, "Go version in %s is at least 1.14 and vendor directory exists.",
                mods_in_workspace(ms) ? "go.work" : "go.mod");
    return NULL;
}

Err mods_dirty_error(const Mods *ms) {
    const Env *e = ms->env;
    if (e->mod_explicit)
        return err_new(ms->arena, ERR_FORMAT, 0,
                       "updates to go.mod needed, disabled by -mod=" STR_FMT
                       "; to update it:\n\tgo mod tidy",
                       STR_ARG(e->mod));
    if (e->mod_reason.len > 0)
        return err_new(ms->arena, ERR_FORMAT, 0,
                       "updates to go.mod needed, disabled by -mod=" STR_FMT "\n\t(" STR_FMT
                       ")\n\tto update it:\n\tgo mod tidy",
                       STR_ARG(e->mod), STR_ARG(e->mod_reason));
    return err_new(ms->arena, ERR_FORMAT, 0,
                   "updates to go.mod needed; to update it:\n\tgo mod tidy");
}

// ---- the whole ------------------------------------------------------------------------------

static Err collect_roots(Mods *ms) {
    if (mods_in_workspace(ms)) {
        TRY(add_replaces(ms, &ms->work, STR(""), ms->work_file));
        ms->pruning = PRUNING_WORKSPACE;
    } else {
        ms->pruning = pruning_for(mods_go_version(ms));
    }
    for (uint32_t i = 0; i < ms->mains.len; i++) {
        const Mod *m = mod_get(ms, ms->mains.v[i]);
        if (!m->file) continue;
        TRY(add_replaces(ms, m->file, m->root, mod_file_path(ms, m->root)));
        if (!mods_in_workspace(ms)) take_requires(ms, m->file);
    }
    set_roots(ms);
    return NULL;
}

// A main module without a go line: 1.16 rules, or with -mod=mod the release's own.
static void default_go_line(Mods *ms) {
    Mod *m = mod_get(ms, ms->mains.v[0]);
    if (mods_in_workspace(ms) || !m->file || m->file->go.len > 0) return;
    m->raw_go = str_eq_c(ms->env->mod, "mod") ? ms->env->go_version : STR("1.16");
}

Err mods_open(Arena *a, Env *env, Dirs *dirs, StrVec *warnings, Mods **out) {
    Mods *ms = NEW(a, Mods);
    *ms = (Mods){.arena = a, .env = env, .dirs = dirs, .warnings = warnings};
    ms->index = index_new(a);
    ms->replaces = strmap_new(a);
    ms->excludes = strmap_new(a);
    ms->go_mod_at = strmap_new(a);
    TRY(open_main_modules(ms));
    TRY(decide_mod(ms));
    TRY(collect_roots(ms));
    default_go_line(ms);
    if (str_eq_c(env->mod, "vendor") && mods_has_root(ms)) TRY(vendor_open(ms));
    *out = ms;
    return NULL;
}

// ---- what is shown of a module ----------------------------------------------------------------

static void complete_info(Mods *ms, Mod *m, ModRef r, LoadModule *info) {
    if (str_eq_c(ms->env->mod, "vendor")) {
        info->go_version = m->raw_go;
        return;
    }
    bool checked = r.version.len == 0 || !mods_must_have_sums(ms);
    if (r.version.len == 0) {
        info->dir =
            path_is_abs(r.path) ? r.path : path_under(ms->arena, mods_replace_base(ms), r.path);
        info->go_mod = path_under(ms->arena, info->dir, STR("go.mod"));
    } else {
        if (checked || mods_have_sum(ms, r, true)) info->go_mod = cache_file(ms, r, "mod");
        Str dir = cache_dir(ms, r);
        if ((checked || mods_have_sum(ms, r, false)) && file_kind(dir) == FILE_DIR) info->dir = dir;
    }
    info->go_version = mods_summary(ms, mods_intern(ms, m->path, m->version))->go;
}

const LoadModule *mods_info(Mods *ms, ModId id) {
    Mod *m = mod_get(ms, id);
    if (m->info) return m->info;
    LoadModule *info = m->info = NEW(ms->arena, LoadModule);
    info->path = m->path;
    info->version = m->version;
    info->main = m->main;
    if (m->main) {
        info->go_version = m->raw_go;
        info->dir = m->root;
        if (m->root.len > 0) info->go_mod = mod_file_path(ms, m->root);
        return info;
    }
    const ReplaceTo *to = mods_replacement(ms, m);
    if (to) {
        info->replace_path = to->now.path;
        info->replace_version = to->now.version;
    }
    complete_info(ms, m, mods_resolved(ms, m), info);
    return info;
}
