// go/load: from an import path to the module that provides it and the directory it lies in, and
// what to say when none does. Errors are worded as by the go command, which many tools look for.
#include "go/load/load_internal.h"

typedef struct Provider {
    ModId mod;
    Str dir;
} Provider;
typedef VEC(Provider) ProviderVec;

// The directory a package of that path would have in a module; "" when the path is not below it.
static Str dir_for(Arena *a, Str path, Str prefix, Str root) {
    if (str_eq(path, prefix)) return root;
    if (prefix.len == 0) return path_join(a, root, path);
    if (!path_has_prefix(path, prefix)) return STR("");
    return path_join(a, root, path_below(path, prefix));
}

// A directory below another go.mod belongs to that module, not to the one around it.
static bool in_other_module(Loader *ld, Str dir, Str root) {
    for (Str d = dir; d.len > root.len; d = path_dir(d))
        if (mods_has_go_mod(ld->mods, d)) return true;
    return false;
}

typedef struct Region {
    Str prefix, root; // import paths below prefix lie below root
    bool local;       // other modules may start below it
} Region;

static bool package_in(Loader *ld, Str path, Region in, Str *dir) {
    *dir = in.root.len > 0 ? dir_for(ld->arena, path, in.prefix, in.root) : STR("");
    if (dir->len == 0 || (in.local && in_other_module(ld, *dir, in.root))) return false;
    return dirs_get(ld->dirs, *dir)->has_go;
}

Str standard_dir(Loader *ld, Str path) {
    if (!import_is_standard(path)) return STR("");
    Str dir = path_join(ld->arena, ld->env.goroot_src, path);
    return dirs_get(ld->dirs, dir)->has_go ? dir : STR("");
}

// ---- looking ahead --------------------------------------------------------------------------

// Asks for the directories resolve_import will look at, so that they are read many at a time.
void resolve_want(Loader *ld, Str path) {
    if (path.len == 0 || path_is_local(path) || path_is_abs(path)) return;
    Mods *ms = ld->mods;
    Arena *a = ld->arena;
    if (import_is_standard(path)) dirs_want(ld->dirs, path_join(a, ld->env.goroot_src, path));
    if (str_eq_c(ld->env.mod, "vendor")) {
        for (uint32_t i = 0; i < ms->mains.len; i++) {
            const Mod *m = mod_get(ms, ms->mains.v[i]);
            Str dir = m->root.len > 0 ? dir_for(a, path, m->prefix, m->root) : STR("");
            if (dir.len > 0) dirs_want(ld->dirs, dir);
        }
        if (mods_has_root(ms) && !import_is_standard(path))
            dirs_want(ld->dirs, path_join(a, vendor_dir(ms), path));
        return;
    }
    for (Str prefix = path; !str_eq_c(prefix, "."); prefix = path_dir(prefix)) {
        ModId id = ld->whole_graph ? mods_selected(ms, prefix) : mods_root_selected(ms, prefix);
        if (id == 0) continue;
        Mod *m = mod_get(ms, id);
        mods_locate(ms, m);
        if (m->dir.len > 0) dirs_want(ld->dirs, dir_for(a, path, prefix, m->dir));
    }
}

// ---- errors ---------------------------------------------------------------------------------

static Found failed(ImportErrorKind kind, Str text) {
    return (Found){.error = {.kind = kind, .text = text}};
}

static Found ambiguous(Loader *ld, Str path, const ProviderVec *list, bool modules) {
    Buf b = buf_new(ld->arena);
    buf_fmt(&b, "ambiguous import: found package " STR_FMT " in multiple %s:", STR_ARG(path),
            modules ? "modules" : "directories");
    for (uint32_t k = 0; k < list->len; k++) {
        const Provider *p = &list->v[modules ? list->len - 1 - k : k];
        buf_c(&b, "\n\t");
        const Mod *m = modules && p->mod ? mod_get(ld->mods, p->mod) : NULL;
        if (m) buf_str(&b, m->path);
        if (m && m->version.len > 0) buf_fmt(&b, " " STR_FMT, STR_ARG(m->version));
        if (modules)
            buf_fmt(&b, " (" STR_FMT ")", STR_ARG(p->dir));
        else
            buf_str(&b, p->dir);
    }
    return failed(IMPORT_OTHER, buf_view(&b));
}

static Str invalid_import(Loader *ld, Str path) {
    Arena *a = ld->arena;
    Str quoted = text_quote(a, path);
    static const char *const meta[] = {"std", "cmd", "tool", "work", "all"};
    if (str_find_byte(path, '@') != STR_NONE)
        return str_join3(a, STR("import path "), quoted, STR(" should not have @version"));
    if (path_is_local(path))
        return str_join2(a, quoted,
                         STR(" is relative, but relative import paths are not supported in module "
                             "mode"));
    if (path_is_abs(path))
        return str_join2(a, quoted, STR(" is not a package path; see 'go help packages'"));
    for (size_t i = 0; i < COUNT(meta); i++)
        if (str_eq_c(path, meta[i]))
            return str_join2(a, quoted,
                             STR(" is not an importable package; see 'go help packages'"));
    return import_path_check(a, path);
}

// ---- the search -----------------------------------------------------------------------------

// std and cmd are modules of their own when they are the ones worked on.
static bool in_goroot_main(Loader *ld, Str path, Found *out) {
    Mods *ms = ld->mods;
    for (uint32_t i = 0; i < ms->mains.len; i++) {
        const Mod *m = mod_get(ms, ms->mains.v[i]);
        Str dir;
        if (!m->in_goroot || !package_in(ld, path, (Region){m->prefix, m->root, true}, &dir))
            continue;
        *out = (Found){.mod = ms->mains.v[i], .dir = dir, .found = true};
        return true;
    }
    return false;
}

static bool vendored(Loader *ld, Str path, Provider *out) {
    Mods *ms = ld->mods;
    if (!mods_has_root(ms)) return false;
    if (!package_in(ld, path, (Region){STR(""), vendor_dir(ms), false}, &out->dir)) return false;
    uint32_t *id = strmap_get(&ms->vendor.package_module, path);
    out->mod = id ? *id : 0;
    if (id || gover_compare(mods_go_version(ms), STR("1.23")) < 0) return true;
    vec_push(ld->arena, &ld->warnings,
             str_fmt(ld->arena,
                     "go: ignoring package " STR_FMT
                     " which exists in the vendor directory but is missing from "
                     "vendor/modules.txt. To sync the vendor directory run go %s vendor.",
                     STR_ARG(path), mods_in_workspace(ms) ? "work" : "mod"));
    return false;
}

static Found search_vendor(Loader *ld, Str path, ProviderVec *list) {
    Mods *ms = ld->mods;
    Provider p = {0};
    for (uint32_t i = 0; i < ms->mains.len; i++) {
        const Mod *m = mod_get(ms, ms->mains.v[i]);
        p.mod = ms->mains.v[i];
        if (package_in(ld, path, (Region){m->prefix, m->root, true}, &p.dir))
            vec_push(ld->arena, list, p);
    }
    if (vendored(ld, path, &p)) vec_push(ld->arena, list, p);
    if (list->len > 1) return ambiguous(ld, path, list, false);
    if (list->len == 0) return failed(IMPORT_MISSING, STR(""));
    return (Found){.mod = list->v[0].mod, .dir = list->v[0].dir, .found = true};
}

// Looks into every module whose path the import path starts with. False: *out is an error.
static bool search_prefixes(Loader *ld, Str path, bool graph, ProviderVec *list, Found *out) {
    Mods *ms = ld->mods;
    bool missing_sum = false;
    for (Str prefix = path; !str_eq_c(prefix, "."); prefix = path_dir(prefix)) {
        ModId id = graph ? mods_selected(ms, prefix) : mods_root_selected(ms, prefix);
        if (id == 0) continue;
        Mod *m = mod_get(ms, id);
        if (m->main && m->root.len == 0) continue;
        mods_locate(ms, m);
        if (m->missing_sum) {
            missing_sum = true;
            continue;
        }
        if (m->locate_error.len > 0) {
            *out = failed(IMPORT_OTHER, m->locate_error);
            return false;
        }
        Provider p = {.mod = id};
        Str inner = m->main ? m->prefix : prefix;
        if (package_in(ld, path, (Region){inner, m->dir, m->local}, &p.dir))
            vec_push(ld->arena, list, p);
    }
    if (!missing_sum || list->len > 1) return true;
    *out = failed(IMPORT_MISSING_SUM, list->len > 0 ? STR("ambiguous") : STR(""));
    return false;
}

static Found accept(Loader *ld, Provider p) {
    Mods *ms = ld->mods;
    if (p.mod != 0 && !mod_get(ms, p.mod)->main) {
        const ModSummary *s = mods_summary(ms, p.mod);
        if (s->error.len > 0) return failed(IMPORT_OTHER, s->error);
    }
    return (Found){.mod = p.mod, .dir = p.dir, .found = true};
}

Found resolve_import(Loader *ld, Str path) {
    Str why = invalid_import(ld, path);
    if (str_eq_c(path, "C")) return (Found){0};
    if (why.len > 0) return failed(IMPORT_OTHER, why);
    ProviderVec list = {0};
    Found out;
    Str std = standard_dir(ld, path);
    if (std.len > 0) {
        if (in_goroot_main(ld, path, &out)) return out;
        vec_push(ld->arena, &list, ((Provider){0, std}));
    }
    if (str_eq_c(ld->env.mod, "vendor")) return search_vendor(ld, path, &list);
    uint32_t standard = list.len;
    for (int round = 0; round < 2; round++) {
        bool graph = round == 1 || ld->whole_graph;
        list.len = standard;
        if (round == 1 && ld->mods->graph_error.len > 0)
            return failed(IMPORT_OTHER, ld->mods->graph_error);
        if (!search_prefixes(ld, path, graph, &list, &out)) return out;
        if (list.len > 1) return ambiguous(ld, path, &list, true);
        if (list.len == 1) return accept(ld, list.v[0]);
        if (graph) break;
        graph_read(ld->mods);
    }
    return failed(IMPORT_MISSING, STR(""));
}

// ---- what to say when nothing was found -------------------------------------------------------

static const Mod *importing_main(const Loader *ld, const LoadPkg *p) {
    for (uint32_t at = p->stack; at != 0; at = ld->pkgs.v[at - 1]->stack) {
        const LoadPkg *q = ld->pkgs.v[at - 1];
        if (q->mod != 0 && mod_get(ld->mods, q->mod)->main) return mod_get(ld->mods, q->mod);
    }
    return NULL;
}

static bool contains_cwd(Loader *ld, const Mod *m) {
    for (Str dir = ld->env.cwd;; dir = path_dir(dir)) {
        if (mods_has_go_mod(ld->mods, dir)) return str_eq(dir, m->root);
        if (str_eq_c(dir, "/") || str_eq_c(dir, ".")) return false;
    }
}

// A module that a replace directive provides but nothing requires.
static Str replaced_but_not_required(Loader *ld, Str path) {
    Mods *ms = ld->mods;
    for (uint32_t i = 0; i < ms->replaces.entries.len; i++) {
        Str key = ms->replaces.entries.v[i].key;
        size_t at = str_rfind_byte(key, '@');
        Str mod_path = str_to(key, at), version = str_from(key, at + 1), dir;
        if (!path_has_prefix(path, mod_path) || mods_selected(ms, mod_path) != 0) continue;
        ModId id = mods_intern(ms, mod_path, version);
        Mod *m = mod_get(ms, id);
        mods_locate(ms, m);
        if (m->dir.len == 0 || !package_in(ld, path, (Region){mod_path, m->dir, m->local}, &dir))
            continue;
        return str_fmt(ld->arena,
                       "module " STR_FMT " provides package " STR_FMT
                       " and is replaced but not required; to add it:\n\tgo get " STR_FMT,
                       STR_ARG(mod_path), STR_ARG(path),
                       STR_ARG(mod_text(ld->arena, (ModRef){mod_path, version})));
    }
    return STR("");
}

static Str missing_text(Loader *ld, const LoadPkg *p) {
    Arena *a = ld->arena;
    const Env *e = &ld->env;
    Str path = p->path;
    if (import_is_standard(path))
        return str_fmt(a, "package " STR_FMT " is not in std (" STR_FMT ")", STR_ARG(path),
                       STR_ARG(path_join(a, e->goroot_src, path)));
    if (!mods_has_root(ld->mods))
        return str_fmt(a, "no required module provides package " STR_FMT ": %s", STR_ARG(path),
                       mods_in_workspace(ld->mods)
                           ? "no modules were found in the current workspace; see 'go help work'"
                           : "go.mod file not found in current directory or any parent directory; "
                             "see 'go help modules'");
    if (str_eq_c(e->mod, "mod"))
        return str_join2(a, STR("cannot find module providing package "), path);
    Str replaced = replaced_but_not_required(ld, path);
    if (replaced.len > 0) return replaced;
    if (e->mod_explicit || e->mod_reason.len > 0)
        return str_fmt(a,
                       "cannot find module providing package " STR_FMT
                       ": import lookup disabled by -mod=" STR_FMT "%s" STR_FMT "%s",
                       STR_ARG(path), STR_ARG(e->mod), e->mod_explicit ? "" : "\n\t(",
                       STR_ARG(e->mod_explicit ? STR("") : e->mod_reason),
                       e->mod_explicit ? "" : ")");
    const Mod *main = importing_main(ld, p);
    bool elsewhere = main && !contains_cwd(ld, main);
    return str_fmt(a,
                   "no required module provides package " STR_FMT "; to add it:\n\t%s" STR_FMT
                   "%sgo get " STR_FMT,
                   STR_ARG(path), elsewhere ? "cd " : "", STR_ARG(elsewhere ? main->root : STR("")),
                   elsewhere ? "\n\t" : "", STR_ARG(path));
}

static Str missing_sum_text(Loader *ld, const LoadPkg *p) {
    Arena *a = ld->arena;
    const LoadPkg *by = p->stack ? ld->pkgs.v[p->stack - 1] : NULL;
    Str importer = by ? str_join3(a, STR(" (imported by "), by->path, STR(")")) : STR("");
    Str text = str_fmt(a,
                       p->error.text.len > 0
                           ? "missing go.sum entry needed to verify package " STR_FMT STR_FMT
                             " is provided by exactly one module"
                           : "missing go.sum entry for module providing package " STR_FMT STR_FMT,
                       STR_ARG(p->path), STR_ARG(importer));
    if (!by) {
        Buf b = buf_new(a);
        for (Str prefix = p->path; !str_eq_c(prefix, "."); prefix = path_dir(prefix)) {
            ModId id = ld->whole_graph ? mods_selected(ld->mods, prefix)
                                       : mods_root_selected(ld->mods, prefix);
            if (id && mod_get(ld->mods, id)->missing_sum) buf_fmt(&b, " " STR_FMT, STR_ARG(prefix));
        }
        return str_join3(a, text, STR("; to add:\n\tgo mod download"), buf_view(&b));
    }
    const Mod *m = by->mod ? mod_get(ld->mods, by->mod) : NULL;
    Str version = m && m->version.len > 0 ? str_join2(a, STR("@"), m->version) : STR("");
    return str_fmt(a, STR_FMT "; to add:\n\tgo get " STR_FMT STR_FMT, STR_ARG(text),
                   STR_ARG(by->path), STR_ARG(version));
}

// Called when the import graph is known: errors name who imports.
void resolve_word_errors(Loader *ld) {
    for (uint32_t i = 0; i < ld->pkgs.len; i++) {
        LoadPkg *p = ld->pkgs.v[i];
        if (p->error.kind == IMPORT_MISSING) p->error.text = missing_text(ld, p);
        if (p->error.kind == IMPORT_MISSING_SUM) p->error.text = missing_sum_text(ld, p);
    }
}
