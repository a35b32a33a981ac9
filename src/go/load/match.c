// go/load: package patterns to packages: ./dir, ./..., path/..., std, cmd, all. `go help packages`.
#include "go/load/load_internal.h"

static bool is_meta(Str p) {
    static const char *const names[] = {"std", "cmd", "tool", "work", "all"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_eq_c(p, names[i])) return true;
    return false;
}

static bool has_wildcard(Str p) { return str_find(p, STR("...")) != STR_NONE; }

bool match_is_literal(Str p) { return !has_wildcard(p) && !is_meta(p); }

bool match_is_local(Str p) { return path_is_local(p) || path_is_abs(p); }

static Str clean_pattern(Arena *a, Str p) {
    if (path_is_abs(p)) return path_clean(a, p);
    Str cleaned = path_clean(a, p);
    if (!str_starts(p, STR("./"))) return cleaned;
    return str_eq_c(cleaned, ".") ? cleaned : str_join2(a, STR("./"), cleaned);
}

StrVec match_clean(Arena *a, const StrVec *patterns) {
    StrVec out = {0};
    for (uint32_t i = 0; i < patterns->len; i++)
        vec_push(a, &out, clean_pattern(a, patterns->v[i]));
    if (out.len == 0) vec_push(a, &out, STR("."));
    return out;
}

// ---- wildcards ------------------------------------------------------------------------------

// "..." matches anything but the inside of a vendor directory that the pattern does not name: an
// element "vendor" that is not the last becomes a NUL, which no wildcard matches.
static Str hide_vendor(Arena *a, Str path) {
    if (str_find(path, STR("vendor")) == STR_NONE) return path;
    Buf b = buf_new(a);
    Str rest = path;
    for (bool more = true; more;) {
        more = str_find_byte(rest, '/') != STR_NONE;
        Str elem = str_split(&rest, '/');
        if (more && str_eq_c(elem, "vendor"))
            buf_byte(&b, '\0');
        else
            buf_str(&b, elem);
        if (more) buf_byte(&b, '/');
    }
    return buf_view(&b);
}

static bool match_wild(Str pattern, Str name) {
    Str star_pattern = {0}, star_name = {0};
    bool star = false;
    for (;;) {
        if (pattern.len == 0 && name.len == 0) return true;
        if (str_starts(pattern, STR("..."))) {
            pattern = str_from(pattern, 3);
            star = true, star_pattern = pattern, star_name = name;
        } else if (pattern.len > 0 && name.len > 0 && pattern.ptr[0] == name.ptr[0]) {
            pattern = str_from(pattern, 1), name = str_from(name, 1);
        } else if (star && star_name.len > 0 && star_name.ptr[0] != '\0') {
            star_name = str_from(star_name, 1);
            pattern = star_pattern, name = star_name;
        } else {
            return false;
        }
    }
}

static bool pattern_matches(Arena *a, Str pattern, Str name) {
    if (str_find_byte(name, '\0') != STR_NONE) return false;
    Str p = hide_vendor(a, pattern), n = hide_vendor(a, name);
    if (match_wild(p, n)) return true;
    if (!str_cut_suffix(&p, STR("/..."))) return false; // "x/..." is x too
    if (str_ends(p, (Str){"/\0", 2})) {
        p = str_join2(a, str_to(p, p.len - 1), STR("vendor"));
    } else if (str_eq(p, (Str){"\0", 1})) {
        p = STR("/vendor");
    }
    return match_wild(p, n);
}

static bool tree_can_match(Str pattern, Str name) {
    size_t dots = str_find(pattern, STR("..."));
    Str fixed = str_to(pattern, MIN(dots, pattern.len));
    if (name.len <= fixed.len && path_has_prefix(fixed, name)) return true;
    return dots != STR_NONE && str_starts(name, fixed);
}

// ---- walking --------------------------------------------------------------------------------

typedef struct Walk {
    Loader *ld;
    Match *match;
    Str pattern;  // NULL-free; "" when everything matches
    StrMap *have; // import paths already seen
    const StrVec *ignores;
    Str ignore_root;
    bool stop_at_go_mod, stop_in_vendor, standard;
    bool tree_only;     // names are import paths: the pattern also prunes the tree
    bool dirs;          // collect directories instead of packages
    bool standard_only; // std or cmd
} Walk;

static bool is_skipped_name(Str name) {
    return name.ptr[0] == '.' || name.ptr[0] == '_' || str_eq_c(name, "testdata");
}

// "./x" ignores only from the module's root, "x" anywhere below it.
static bool is_ignored(const Walk *w, Str dir) {
    if (!w->ignores || w->ignores->len == 0) return false;
    Arena *a = w->ld->arena;
    Str rel = str_join3(a, STR("/"), path_below(dir, w->ignore_root), STR("/"));
    for (uint32_t i = 0; i < w->ignores->len; i++) {
        Str one = w->ignores->v[i];
        bool rooted = str_cut_prefix(&one, STR("./"));
        if (!str_starts(one, STR("/"))) one = str_join2(a, STR("/"), one);
        if (!str_ends(one, STR("/"))) one = str_join2(a, one, STR("/"));
        if (rooted ? str_starts(rel, one) : str_find(rel, one) != STR_NONE) return true;
    }
    return false;
}

static bool wants_below(const Walk *w, const Dir *dir, Str child_dir, Str child_name, Str elem) {
    if (is_skipped_name(elem) || is_ignored(w, child_dir)) return false;
    if (w->standard && (!import_is_standard(child_name) || str_eq_c(child_name, "cmd")))
        return false;
    if (w->stop_in_vendor && str_eq_c(path_base(dir->path), "vendor")) return false;
    return !w->tree_only || w->pattern.len == 0 || tree_can_match(w->pattern, child_name);
}

static Str child_name(const Walk *w, Str name, Str elem) {
    if (name.len == 0) return elem;
    return str_join3(w->ld->arena, name, STR("/"), elem);
}

// Reads the tree level by level, each level's directories at once.
static void read_tree(Walk *w, Str root, Str root_name) {
    Loader *ld = w->ld;
    StrVec dirs = {0}, names = {0};
    vec_push(ld->arena, &dirs, root);
    vec_push(ld->arena, &names, root_name);
    for (uint32_t done = 0; done < dirs.len;) {
        uint32_t end = dirs.len;
        for (uint32_t i = done; i < end; i++) dirs_want(ld->dirs, dirs.v[i]);
        dirs_read(ld->dirs);
        for (; done < end; done++) {
            const Dir *d = dirs_get(ld->dirs, dirs.v[done]);
            if (w->stop_at_go_mod && done > 0 && d->has_go_mod) continue;
            for (uint32_t k = 0; k < d->subdirs.len; k++) {
                Str elem = d->subdirs.v[k], name = child_name(w, names.v[done], elem);
                Str sub = path_join(ld->arena, d->path, elem);
                if (!wants_below(w, d, sub, name, elem)) continue;
                vec_push(ld->arena, &dirs, sub);
                vec_push(ld->arena, &names, name);
            }
        }
    }
}

// Whether the go command would list the directory: something in it is for this build, or is wrong.
static bool has_buildable(const Loader *ld, const Dir *d) {
    for (uint32_t i = 0; i < d->files.len; i++) {
        const DirFile *f = &d->files.v[i];
        if (f->kind != SOURCE_GO || !f->name_fits) continue;
        const FileHeader *h = &f->header;
        if (f->unreadable || h->read_error.len > 0 || h->constraint_error.len > 0 ||
            f->constraint_error.len > 0)
            return true;
        if (!f->fits || str_eq_c(h->package_name, "documentation")) continue;
        bool cgo = false;
        for (uint32_t k = 0; k < h->imports.len; k++)
            cgo = cgo || str_eq_c(h->imports.v[k].path, "C");
        if (!cgo || ld->env.tags.cgo || str_ends(f->name, STR("_test.go"))) return true;
    }
    BuildPackage b; // rare: only files left out; what is wrong with one of them still counts
    build_package(ld->arena, d, (BuildOptions){&ld->env.tags, false, false}, &b);
    return b.error_kind != BUILD_NO_GO;
}

static void visit(Walk *w, const Dir *d, Str name) {
    Loader *ld = w->ld;
    if (w->have) {
        uint32_t *seen = strmap_put(w->have, name);
        if (*seen) return;
        *seen = 1;
    }
    if (w->pattern.len > 0 && !pattern_matches(ld->arena, w->pattern, name)) return;
    if (w->dirs) {
        if (has_buildable(ld, d)) vec_push(ld->arena, &w->match->dirs, name);
        return;
    }
    bool listed = w->standard_only ? has_buildable(ld, d) : scan_has_package(ld, d);
    if (listed) vec_push(ld->arena, &w->match->packages, name);
}

// Visits in the order of a walk: a directory before what is in it, names sorted.
static void visit_tree(Walk *w, Str dir, Str name, uint32_t depth, bool self) {
    Loader *ld = w->ld;
    const Dir *d = dirs_get(ld->dirs, dir);
    if (depth > 1000 || !d->exists) return;
    if (w->stop_at_go_mod && depth > 0 && d->has_go_mod) return;
    if (self) visit(w, d, name);
    for (uint32_t k = 0; k < d->subdirs.len; k++) {
        Str elem = d->subdirs.v[k], sub_name = child_name(w, name, elem);
        Str sub = path_join(ld->arena, d->path, elem);
        if (wants_below(w, d, sub, sub_name, elem)) visit_tree(w, sub, sub_name, depth + 1, true);
    }
}

static void walk(Walk *w, Str root, Str name, bool self) {
    read_tree(w, root, name);
    visit_tree(w, root, name, 0, self);
}

// ---- std, cmd -------------------------------------------------------------------------------

static StrMap seen_at_start(Loader *ld) {
    StrMap have = strmap_new(ld->arena);
    *strmap_put(&have, STR("builtin")) = 1; // documentation only
    if (!ld->env.tags.cgo) *strmap_put(&have, STR("runtime/cgo")) = 1;
    return have;
}

static void match_standard(Loader *ld, Match *m) {
    StrMap have = seen_at_start(ld);
    bool cmd = str_eq_c(m->pattern, "cmd");
    Walk w = {.ld = ld, .match = m, .have = &have, .standard = !cmd, .standard_only = true};
    if (cmd)
        walk(&w, path_join(ld->arena, ld->env.goroot_src, STR("cmd")), STR("cmd"), false);
    else
        walk(&w, ld->env.goroot_src, STR(""), false);
    StrVec kept = {0};
    for (uint32_t i = 0; i < m->packages.len; i++) {
        Str name = m->packages.v[i];
        const Dir *d = dirs_get(ld->dirs, path_join(ld->arena, ld->env.goroot_src, name));
        BuildPackage b;
        bool vendored = path_has_prefix(name, STR("cmd/vendor"));
        if (vendored) build_package(ld->arena, d, (BuildOptions){&ld->env.tags, false, false}, &b);
        if (!vendored || !str_eq_c(b.name, "main")) vec_push(ld->arena, &kept, name);
    }
    m->packages = kept;
}

// ---- path/..., all --------------------------------------------------------------------------

static void match_in_module(Walk *w, ModId id) {
    Mods *ms = w->ld->mods;
    Mod *m = mod_get(ms, id);
    if (m->main && m->root.len == 0) return;
    if (w->pattern.len > 0 && !tree_can_match(w->pattern, m->path)) return;
    mods_locate(ms, m);
    if (m->dir.len == 0) {
        if (w->match->error.len == 0) w->match->error = m->locate_error;
        return;
    }
    w->ignores = m->main ? &m->file->ignores : &mods_summary(ms, id)->ignores;
    w->ignore_root = m->dir;
    w->stop_at_go_mod = m->local;
    w->stop_in_vendor = true;
    Str prefix = m->main ? m->prefix : m->path;
    walk(w, m->dir, prefix, prefix.len > 0);
}

static void match_wildcard(Loader *ld, Match *m) {
    Mods *ms = ld->mods;
    StrMap have = seen_at_start(ld);
    bool all = is_meta(m->pattern);
    Walk w = {.ld = ld, .match = m, .have = &have, .tree_only = true};
    w.pattern = all ? STR("") : m->pattern;
    if (!all) {
        w.stop_at_go_mod = true;
        walk(&w, ld->env.goroot_src, STR(""), false);
        if (tree_can_match(w.pattern, STR("cmd")))
            walk(&w, path_join(ld->arena, ld->env.goroot_src, STR("cmd")), STR("cmd"), true);
    }
    if (str_eq_c(ld->env.mod, "vendor")) {
        for (uint32_t i = 0; i < ms->mains.len; i++) match_in_module(&w, ms->mains.v[i]);
        w.ignores = NULL;
        w.stop_at_go_mod = false;
        if (mods_has_root(ms) && !all) walk(&w, vendor_dir(ms), STR(""), false);
    } else if (all) {
        for (uint32_t i = 0; i < ms->mains.len; i++) match_in_module(&w, ms->mains.v[i]);
    } else {
        graph_read(ms);
        if (ms->graph_error.len > 0) m->error = ms->graph_error, m->error_is_of_graph = true;
        for (uint32_t i = 0; i < ms->build_list.len; i++) match_in_module(&w, ms->build_list.v[i]);
    }
    strvec_sort(&m->packages);
}

// ---- ./dir and ./... ------------------------------------------------------------------------

// The import path of a directory inside one of the modules in use; "" when it is in none.
static Str path_in_modules(Loader *ld, Str dir) {
    Mods *ms = ld->mods;
    graph_read(ms);
    for (uint32_t i = 0; i < ms->build_list.len; i++) {
        Mod *m = mod_get(ms, ms->build_list.v[i]);
        if (m->main) continue;
        mods_locate(ms, m);
        if (m->dir.len == 0 || !path_has_prefix(dir, m->dir)) continue;
        Str sub = path_below(dir, m->dir);
        bool inner = str_eq(dir, m->dir);
        if (inner) return m->path;
        if (str_find(sub, STR("/vendor/")) != STR_NONE || str_starts(sub, STR("vendor/")) ||
            str_find_byte(sub, '@') != STR_NONE)
            continue;
        return str_join3(ld->arena, m->path, STR("/"), sub);
    }
    return STR("");
}

static Str find_module_root(Loader *ld, Str dir) {
    for (;; dir = path_dir(dir)) {
        if (mods_has_go_mod(ld->mods, dir)) return dir;
        if (str_eq_c(dir, "/") || str_eq_c(dir, ".")) return STR("");
    }
}

static const Mod *main_with_root(Loader *ld, Str root) {
    for (uint32_t i = 0; i < ld->mods->mains.len; i++) {
        const Mod *m = mod_get(ld->mods, ld->mods->mains.v[i]);
        if (root.len > 0 && str_eq(m->root, root)) return m;
    }
    return NULL;
}

static void match_tree(Loader *ld, Match *m) {
    Arena *a = ld->arena;
    size_t dots = str_find(m->pattern, STR("..."));
    Str top = path_dir(path_clean(a, str_to(m->pattern, dots + 3)));
    Str abs = path_is_abs(top) ? top : path_under(a, ld->env.cwd, top);
    const Mod *main = main_with_root(ld, find_module_root(ld, abs));
    if (!main && !path_has_prefix(abs, ld->env.goroot_src) && path_in_modules(ld, abs).len == 0) {
        m->error = str_fmt(a, "directory prefix " STR_FMT " does not contain %s",
                           STR_ARG(mods_short_path(ld->mods, abs)),
                           mods_in_workspace(ld->mods)
                               ? "modules listed in go.work or their selected dependencies"
                               : "main module or its selected dependencies");
        return;
    }
    Str last = path_base(top);
    bool here = str_eq_c(last, ".") || str_eq_c(last, "..");
    if (!here && is_skipped_name(last)) return;
    bool dotted = str_starts(m->pattern, STR("./"));
    Walk w = {.ld = ld, .match = m, .stop_at_go_mod = true, .dirs = true};
    w.pattern = path_clean(a, m->pattern);
    if (dotted && !str_eq_c(w.pattern, ".")) w.pattern = str_join2(a, STR("./"), w.pattern);
    if (main && main->file) w.ignores = &main->file->ignores, w.ignore_root = main->root;
    Str name = dotted ? (str_eq_c(top, ".") ? STR(".") : str_join2(a, STR("./"), top)) : top;
    walk(&w, abs, name, true);
}

// Why a directory holds nothing that can be a package; "" when it may.
static Str directory_fault(Loader *ld, Str abs) {
    Arena *a = ld->arena;
    const Dir *d = dirs_get(ld->dirs, abs);
    if (!d->exists) return str_fmt(a, "stat " STR_FMT ": directory not found", STR_ARG(abs));
    BuildPackage b;
    build_package(a, d, (BuildOptions){&ld->env.tags, false, false}, &b);
    if (b.error_kind != BUILD_NO_GO || b.ignored_go_files.len > 0) return STR("");
    return str_join2(a, STR("no Go files in "), abs);
}

static Str vendored_package(Loader *ld, Str abs, Str sub, Str *error) {
    Mods *ms = ld->mods;
    vendor_read(ms);
    if (!str_eq_c(ld->env.mod, "vendor"))
        *error =
            str_fmt(ld->arena, "without -mod=vendor, directory " STR_FMT " has no package path",
                    STR_ARG(abs));
    else if (!strmap_get(&ms->vendor.package_module, sub))
        *error = str_fmt(ld->arena,
                         "directory " STR_FMT " is not a package listed in vendor/modules.txt",
                         STR_ARG(abs));
    return error->len > 0 ? STR("") : sub;
}

#define BUILTIN_FAULT STR("\"builtin\" is a pseudo-package, not an importable package")

static Str package_in_main(Loader *ld, const Mod *m, Str abs, Str *error) {
    Str sub = path_below(abs, m->root);
    if (str_eq(abs, m->root)) {
        if (!str_eq(abs, ld->env.goroot_src)) return m->prefix;
        *error = STR("GOROOT/src is not an importable package");
        return STR("");
    }
    if (str_find_byte(sub, '@') != STR_NONE) return STR("");
    if (str_cut_prefix(&sub, STR("vendor/"))) return vendored_package(ld, abs, sub, error);
    if (m->prefix.len == 0) {
        if (str_eq_c(sub, "builtin")) *error = BUILTIN_FAULT;
        return error->len > 0 ? STR("") : sub;
    }
    Str path = str_join3(ld->arena, m->prefix, STR("/"), sub);
    if (str_eq(find_module_root(ld, abs), m->root)) return path;
    *error = str_fmt(ld->arena, "main module (" STR_FMT ") does not contain package " STR_FMT,
                     STR_ARG(m->path), STR_ARG(path));
    return STR("");
}

static Str outside_fault(Loader *ld, Str abs) {
    Arena *a = ld->arena;
    Mods *ms = ld->mods;
    Str shown = mods_short_path(ms, abs);
    Str what =
        str_eq_c(shown, ".") ? STR("current directory") : str_join2(a, STR("directory "), shown);
    Str root = mods_in_workspace(ms) ? find_module_root(ld, abs) : STR("");
    if (root.len > 0)
        return str_fmt(a,
                       STR_FMT " is contained in a module that is not one of the workspace modules "
                               "listed in go.work. You can add the module to the workspace "
                               "using:\n\tgo work use " STR_FMT,
                       STR_ARG(what), STR_ARG(mods_short_path(ms, root)));
    return str_fmt(a, STR_FMT " outside %s selected dependencies", STR_ARG(what),
                   mods_in_workspace(ms) ? "modules listed in go.work or their"
                                         : "main module or its");
}

// How a directory given on the command line is called as a package, or why it is none.
static Str local_package(Loader *ld, Str dir, Str *error) {
    Mods *ms = ld->mods;
    Str abs =
        path_is_abs(dir) ? path_clean(ld->arena, dir) : path_under(ld->arena, ld->env.cwd, dir);
    Str not_found = STR("");
    *error = directory_fault(ld, abs);
    if (error->len > 0) return STR("");
    for (uint32_t i = 0; i < ms->mains.len; i++) {
        const Mod *m = mod_get(ms, ms->mains.v[i]);
        if (m->root.len == 0 || !path_has_prefix(abs, m->root)) continue;
        Str path = package_in_main(ld, m, abs, error);
        if (path.len > 0) return path;
        bool elsewhere = str_starts(*error, STR("main module ("));
        if (error->len > 0 && !elsewhere) return STR("");
        if (elsewhere) not_found = *error;
        *error = STR("");
    }
    *error = not_found;
    if (error->len > 0) return STR("");
    Str src = ld->env.goroot_src;
    if (path_has_prefix(abs, src) && !str_eq(abs, src)) {
        Str path = path_below(abs, src);
        if (str_eq_c(path, "builtin")) *error = BUILTIN_FAULT;
        return error->len > 0 ? STR("") : path;
    }
    Str path = path_in_modules(ld, abs);
    if (path.len == 0) *error = outside_fault(ld, abs);
    return path;
}

static Err match_local(Loader *ld, Match *m) {
    bool literal = match_is_literal(m->pattern);
    if (literal)
        vec_push(ld->arena, &m->dirs, m->pattern);
    else
        match_tree(ld, m);
    for (uint32_t i = 0; i < m->dirs.len; i++) {
        Str error, path = local_package(ld, m->dirs.v[i], &error);
        bool passed_over = !literal && (str_eq(error, BUILTIN_FAULT) ||
                                        str_starts(error, STR("GOROOT/src is not")));
        if (path.len > 0) vec_push(ld->arena, &m->packages, path);
        if (path.len > 0 || passed_over) continue;
        if (!mods_has_root(ld->mods))
            return err_new(ld->arena, ERR_FORMAT, 0,
                           "go.mod file not found in current directory or any parent directory; "
                           "see 'go help modules'");
        if (m->error.len == 0) m->error = error;
    }
    return NULL;
}

// Everything the main modules' packages need, their tests included.
static Err match_all(Loader *ld, Match *m) {
    match_wildcard(ld, m);
    return scan_all(ld, &m->packages);
}

Err match_patterns(Loader *ld, MatchVec *matches) {
    for (uint32_t i = 0; i < matches->len; i++) {
        Match *m = &matches->v[i];
        if (match_is_local(m->pattern)) {
            TRY(match_local(ld, m));
        } else if (match_is_literal(m->pattern)) {
            vec_push(ld->arena, &m->packages, m->pattern);
        } else if (str_eq_c(m->pattern, "std") || str_eq_c(m->pattern, "cmd")) {
            match_standard(ld, m);
        } else if (str_eq_c(m->pattern, "all")) {
            TRY(match_all(ld, m));
        } else if (str_eq_c(m->pattern, "tool")) {
            for (uint32_t k = 0; k < ld->mods->mains.len; k++) {
                const ModFile *f = mod_get(ld->mods, ld->mods->mains.v[k])->file;
                for (uint32_t t = 0; f && t < f->tools.len; t++)
                    vec_push(ld->arena, &m->packages, f->tools.v[t]);
            }
        } else {
            match_wildcard(ld, m);
        }
    }
    return NULL;
}
