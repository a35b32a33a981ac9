// go/load: packages put together from their directories and their imports, depth first, as the go
// command does it: the order decides which import chain an error shows.
#include "go/load/load_internal.h"

// ---- errors ---------------------------------------------------------------------------------

static void copy_stack(Assembly *as, PackageError *e) {
    e->import_stack = e->stack_files = (StrVec){0};
    for (uint32_t i = 0; i < as->stack.len; i++) {
        vec_push(as->arena, &e->import_stack, as->stack.v[i].package);
        vec_push(as->arena, &e->stack_files, as->stack.v[i].file);
    }
}

static Str show_position(Assembly *as, const FilePos *at) {
    if (!at || at->line == 0) return STR("");
    return str_fmt(as->arena, STR_FMT ":%u:%u", STR_ARG(mods_short_path(as->ld->mods, at->file)),
                   at->line, at->col);
}

static PackageError new_error(Assembly *as, Str text) {
    PackageError e = {.text = text};
    copy_stack(as, &e);
    return e;
}

static void push(Assembly *as, Str package, const FilePos *at) {
    vec_push(as->arena, &as->stack, ((StackItem){package, at ? path_base(at->file) : STR("")}));
}

static bool stack_top_is(const Assembly *as, Str path) {
    return as->stack.len > 0 && str_eq(vec_last(&as->stack).package, path);
}

// The first error of a package stays.
static void set_error(Assembly *as, Pkg *p, Str path, const FilePos *at, Str text) {
    if (p->pub.error.text.len > 0) return;
    p->pub.error = new_error(as, text);
    p->pub.incomplete = true;
    if (as->stack.len > 0 && !stack_top_is(as, path)) p->pub.error.pos = show_position(as, at);
}

static Str no_go_text(Assembly *as, const Package *p) {
    const char *why = p->ignored_go_files.len > 0 ? "build constraints exclude all Go files in "
                      : p->test_go_files.len + p->xtest_go_files.len > 0
                          ? "no non-test Go files in "
                          : "no Go files in ";
    return str_join2(as->arena, str_c(why), p->dir);
}

static void set_data_error(Assembly *as, Pkg *p, Str path, const FilePos *at) {
    const PackageData *d = p->data;
    bool own = d->error_kind == BUILD_NO_GO || d->error_kind == BUILD_SYNTAX;
    if (own) push(as, path, at);
    Str text = d->error_kind == BUILD_NO_GO ? no_go_text(as, &p->pub) : d->error;
    p->pub.error = new_error(as, text);
    p->pub.incomplete = true;
    if (d->error_kind == BUILD_SYNTAX) p->pub.error.pos = show_position(as, &d->error_at);
    if (own)
        as->stack.len--;
    else if (as->stack.len > 0 && !stack_top_is(as, path))
        p->pub.error.pos = show_position(as, at);
}

// ---- what a directory holds -------------------------------------------------------------------

static bool in_testdata(Str sub) {
    return path_has_prefix(sub, STR("testdata")) || str_ends(sub, STR("/testdata")) ||
           str_find(sub, STR("/testdata/")) != STR_NONE;
}

static void read_directory(Assembly *as, PackageData *d, Str dir, const ImportError *error) {
    Loader *ld = as->ld;
    const Dir *found = dirs_get(ld->dirs, dir);
    bool standard = path_has_prefix(dir, ld->env.goroot_src);
    BuildOptions options = {&ld->env.tags, standard || !str_eq_c(ld->env.mod, "vendor"), false};
    build_package(as->arena, found, options, &d->build);
    bool cached = ld->env.modcache.len > 0 && path_has_prefix(dir, ld->env.modcache);
    bool faulty = d->build.error_kind == BUILD_SYNTAX || d->build.error_kind == BUILD_OTHER;
    if (faulty && options.indexed && !cached && dir_is_fresh(ld->dirs, found)) {
        options.indexed = false;
        build_package(as->arena, found, options, &d->build);
    }
    d->goroot = standard && !in_testdata(path_below(dir, ld->env.goroot_src));
    d->error_kind = d->build.error_kind;
    d->error = d->build.error;
    d->error_at = d->build.at;
    if (d->error_kind != BUILD_OK || error->kind == IMPORT_OK || error->kind == IMPORT_NO_GO)
        return;
    d->error_kind = BUILD_OTHER;
    d->error = error->text;
}

static PackageData *data_for(Assembly *as, Str path, Str dir, const ImportError *error) {
    uint32_t *at = strmap_get(&as->data_at, path);
    if (at) return as->data.v[*at];
    PackageData *d = NEW(as->arena, PackageData);
    d->path = path;
    *strmap_put(&as->data_at, path) = as->data.len;
    vec_push(as->arena, &as->data, d);
    if (dir.len > 0) {
        read_directory(as, d, dir, error);
    } else {
        d->error_kind = BUILD_OTHER;
        d->error = error->text;
        if (d->error.len == 0)
            d->error = str_fmt(as->arena,
                               "unknown import path " STR_FMT
                               ": internal error: module loader did not resolve import",
                               STR_ARG(text_quote(as->arena, path)));
    }
    return d;
}

// Finds what an import stands for. NULL: no import path at all, *error says why.
static PackageData *find_data(Assembly *as, Str path, const Pkg *parent, Str *error) {
    Loader *ld = as->ld;
    if (str_starts(path, STR("mod/"))) {
        *error = str_join2(as->arena, STR("disallowed import path "), text_quote(as->arena, path));
        return NULL;
    }
    if (str_find_byte(path, '@') != STR_NONE) {
        *error = STR("can only use path@version syntax with 'go get' and 'go install' in "
                     "module-aware mode");
        return NULL;
    }
    if (parent && parent->pub.standard) path = scan_std_vendor(ld, parent->pub.path, path);
    const LoadPkg *known = scan_find(ld, path);
    if (known) return data_for(as, path, known->dir, &known->error);
    ImportError none = {IMPORT_OK, STR("")};
    Str dir = standard_dir(ld, path);
    if (dir.len == 0) none = (ImportError){IMPORT_OTHER, STR("cannot find package")};
    return data_for(as, path, dir, &none);
}

// ---- visibility -----------------------------------------------------------------------------

// Where the element "internal" that guards a path starts; false when there is none.
static bool find_internal(Str path, size_t *at) {
    if (str_ends(path, STR("/internal"))) {
        *at = path.len - strlen("internal");
        return true;
    }
    for (size_t i = path.len; i-- > 0;)
        if (str_starts(str_from(path, i), STR("/internal/"))) {
            *at = i + 1;
            return true;
        }
    *at = 0;
    return str_eq_c(path, "internal") || str_starts(path, STR("internal/"));
}

static Str import_path_of_dir(Assembly *as, Str dir) {
    const Mods *ms = as->ld->mods;
    Str best = STR("."), best_prefix = STR("");
    for (uint32_t i = 0; i < ms->mains.len; i++) {
        const Mod *m = mod_get(ms, ms->mains.v[i]);
        if (m->root.len == 0 || !path_has_prefix(dir, m->root)) continue;
        if (str_eq(dir, m->root)) return m->prefix;
        if (str_cmp(m->prefix, best_prefix) <= 0) continue;
        best_prefix = m->prefix;
        best = str_join3(as->arena, m->prefix, STR("/"), path_below(dir, m->root));
    }
    return best;
}

static bool may_see_internal(Assembly *as, const Pkg *parent, const Pkg *p) {
    const Package *pub = &p->pub;
    Str importer = parent->pub.path, path = pub->path;
    size_t at;
    if (!find_internal(path, &at)) return true;
    if (at > 0) at--;
    bool fips = path_has_prefix(importer, STR("crypto/internal/fips140"));
    if (path_has_prefix(importer, STR("crypto")) &&
        path_has_prefix(path, STR("crypto/internal/fips140")))
        return true;
    if (fips) return path_has_prefix(path, STR("crypto/internal"));
    if (!pub->module) {
        size_t cut = at + pub->dir.len - path.len;
        return cut <= pub->dir.len && path_has_prefix(parent->pub.dir, str_to(pub->dir, cut));
    }
    if (parent->files_named) importer = import_path_of_dir(as, parent->pub.dir);
    return path_has_prefix(importer, str_to(path, at));
}

static bool find_vendor(Str path, size_t *at) {
    for (size_t i = path.len; i-- > 0;)
        if (str_starts(str_from(path, i), STR("/vendor/"))) {
            *at = i + 1;
            return true;
        }
    *at = 0;
    return str_starts(path, STR("vendor/"));
}

static bool may_see_vendored(const Pkg *parent, const Pkg *p) {
    size_t at;
    if (!find_vendor(p->pub.path, &at)) return true;
    if (at > 0) at--;
    size_t cut = at + p->pub.dir.len - p->pub.path.len;
    if (cut > p->pub.dir.len) return true;
    Str around = str_to(p->pub.dir, cut);
    str_cut_suffix(&around, STR("/"));
    return path_has_prefix(parent->pub.dir, around);
}

// What forbids parent to import p as `path`; "" when nothing does.
static Str import_fault(Assembly *as, Str path, const Pkg *parent, const Pkg *p, bool *show_stack) {
    Arena *a = as->arena;
    size_t at;
    *show_stack = false;
    if (p->pub.error.text.len == 0 && !may_see_internal(as, parent, p)) {
        *show_stack = true;
        return str_join3(a, STR("use of internal package "), p->pub.path, STR(" not allowed"));
    }
    if (!may_see_vendored(parent, p)) return STR("use of vendored package not allowed");
    if (find_vendor(path, &at))
        return str_fmt(a, STR_FMT " must be imported as " STR_FMT, STR_ARG(path),
                       STR_ARG(str_from(path, at + strlen("vendor/"))));
    if (str_eq_c(p->pub.name, "main") && !str_eq(parent->pub.dir, p->pub.dir))
        return str_join3(a, STR("import "), text_quote(a, path),
                         STR(" is a program, not an importable package"));
    if (path_is_local(path) && !parent->files_named)
        return str_eq_c(path, ".") ? str_join2(a, path, STR(": cannot import current directory"))
                                   : str_join3(a, STR("local import "), text_quote(a, path),
                                               STR(" in non-local package"));
    return STR("");
}

// ---- one package ----------------------------------------------------------------------------

static void copy_build(Assembly *as, Pkg *p, const PackageData *d) {
    const BuildPackage *b = &d->build;
    Package *pub = &p->pub;
    p->data = d;
    pub->dir = b->dir;
    pub->name = b->name;
    pub->standard = d->goroot && import_is_standard(pub->import_path);
    pub->go_files = b->lists[SOURCE_GO];
    pub->cgo_files = b->cgo_files;
    pub->ignored_go_files = b->ignored_go_files;
    pub->invalid_go_files = b->invalid_go_files;
    pub->ignored_other_files = b->ignored_other_files;
    pub->c_files = b->lists[SOURCE_C];
    pub->cxx_files = b->lists[SOURCE_CXX];
    pub->m_files = b->lists[SOURCE_M];
    pub->h_files = b->lists[SOURCE_H];
    pub->f_files = b->lists[SOURCE_F];
    pub->s_files = b->lists[SOURCE_S];
    pub->swig_files = b->lists[SOURCE_SWIG];
    pub->swigcxx_files = b->lists[SOURCE_SWIGCXX];
    pub->syso_files = b->lists[SOURCE_SYSO];
    pub->test_go_files = b->test_go_files;
    pub->xtest_go_files = b->xtest_go_files;
    pub->raw_imports = positions_names(as->arena, &b->imports);
    pub->imports = positions_names(as->arena, &b->imports);
    pub->test_imports = positions_names(as->arena, &b->test_imports);
    pub->xtest_imports = positions_names(as->arena, &b->xtest_imports);
    pub->embed_patterns = positions_names(as->arena, &b->embeds);
    pub->test_embed_patterns = positions_names(as->arena, &b->test_embeds);
    pub->xtest_embed_patterns = positions_names(as->arena, &b->xtest_embeds);
}

static void add_import(Assembly *as, StrVec *paths, const char *path) {
    if (!strvec_has(paths, str_c(path))) vec_push(as->arena, paths, str_c(path));
}

static bool must_link_externally(const BuildTags *t) {
    bool android = str_eq_c(t->goos, "android") && !str_eq_c(t->goarch, "arm64");
    return android || str_eq_c(t->goos, "ios");
}

// What cgo and the linker need beside what the source says. "" or an error.
static Str add_tool_imports(Assembly *as, const Pkg *p, StrVec *paths) {
    const BuildTags *tags = &as->ld->env.tags;
    static const char *const no_syscall[] = {"runtime/cgo", "runtime/race", "runtime/msan",
                                             "runtime/asan"};
    const Package *pub = &p->pub;
    bool swig = pub->swig_files.len + pub->swigcxx_files.len > 0;
    if (pub->cgo_files.len > 0) {
        bool without = false;
        for (size_t i = 0; i < COUNT(no_syscall); i++)
            without = without || (pub->standard && str_eq_c(pub->path, no_syscall[i]));
        add_import(as, paths, "unsafe");
        if (!pub->standard || !str_eq_c(pub->path, "runtime/cgo"))
            add_import(as, paths, "runtime/cgo");
        if (!without) add_import(as, paths, "syscall");
    }
    if (swig) {
        add_import(as, paths, "unsafe");
        add_import(as, paths, "runtime/cgo");
        add_import(as, paths, "syscall");
        add_import(as, paths, "sync");
    }
    if (!str_eq_c(pub->name, "main")) return STR("");
    add_import(as, paths, "runtime");
    if (must_link_externally(tags)) {
        if (!tags->cgo)
            return str_fmt(as->arena,
                           STR_FMT "/" STR_FMT
                                   " requires external (cgo) linking, but cgo is not enabled",
                           STR_ARG(tags->goos), STR_ARG(tags->goarch));
        add_import(as, paths, "runtime/cgo");
    }
    if (str_eq_c(tags->goarch, "arm")) add_import(as, paths, "math");
    return STR("");
}

static bool is_safe_argument(Str name) {
    if (name.len == 0) return false;
    unsigned char c = (unsigned char)name.ptr[0];
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '/' || c >= 0x80;
}

static Str folded(Arena *a, Str s) {
    char *p = NEW_ARRAY(a, char, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        p[i] = (char)(s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? s.ptr[i] - 32 : s.ptr[i]);
    return (Str){p, s.len};
}

static bool has_capitals(const StrVec *list) {
    for (uint32_t i = 0; i < list->len; i++)
        for (size_t k = 0; k < list->v[i].len; k++)
            if (list->v[i].ptr[k] >= 'A' && list->v[i].ptr[k] <= 'Z') return true;
    return false;
}

// Two names a file system that folds case would take for one; "" when there are none.
static Str fold_collision(Assembly *as, const StrVec *names) {
    if (!has_capitals(names)) return STR("");
    StrMap seen = strmap_new(as->arena);
    for (uint32_t i = 0; i < names->len; i++) {
        uint32_t *at = strmap_put(&seen, folded(as->arena, names->v[i]));
        if (*at)
            return str_fmt(as->arena,
                           "case-insensitive file name collision: " STR_FMT " and " STR_FMT,
                           STR_ARG(text_quote(as->arena, names->v[*at - 1])),
                           STR_ARG(text_quote(as->arena, names->v[i])));
        *at = i + 1;
    }
    return STR("");
}

static StrVec input_files(Assembly *as, const Package *p) {
    const StrVec *lists[] = {
        &p->go_files,   &p->cgo_files,     &p->ignored_go_files, &p->ignored_other_files,
        &p->c_files,    &p->cxx_files,     &p->m_files,          &p->h_files,
        &p->f_files,    &p->s_files,       &p->swig_files,       &p->swigcxx_files,
        &p->syso_files, &p->test_go_files, &p->xtest_go_files};
    StrVec all = {0};
    for (size_t i = 0; i < COUNT(lists); i++)
        for (uint32_t k = 0; k < lists[i]->len; k++) vec_push(as->arena, &all, lists[i]->v[k]);
    uint32_t sources = all.len;
    for (uint32_t i = 0; i < p->embed_files.len; i++) {
        StrVec first = {all.v, sources, sources};
        Str file = p->embed_files.v[i];
        bool own = str_find_byte(file, '/') == STR_NONE && strvec_has(&first, file);
        if (!own) vec_push(as->arena, &all, file);
    }
    return all;
}

// File and directory names a build could not pass on.
static Str name_fault(Assembly *as, const Package *p) {
    StrVec inputs = input_files(as, p);
    Str fault = fold_collision(as, &inputs);
    if (fault.len > 0) return fault;
    for (uint32_t i = 0; i < inputs.len; i++)
        if (!is_safe_argument(inputs.v[i]) || str_starts(inputs.v[i], STR("_cgo_")))
            return str_join2(as->arena, STR("invalid input file name "),
                             text_quote(as->arena, inputs.v[i]));
    Str base = path_base(p->import_path);
    if (!is_safe_argument(base))
        return str_join2(as->arena, STR("invalid input directory name "),
                         text_quote(as->arena, base));
    bool newline =
        str_find_byte(p->dir, '\n') != STR_NONE || str_find_byte(p->dir, '\r') != STR_NONE;
    return newline ? str_join2(as->arena, STR("invalid package directory "),
                               text_quote(as->arena, p->dir))
                   : STR("");
}

static Str path_fault(Assembly *as, const Package *p) {
    Arena *a = as->arena;
    uint32_t *other = strmap_put(&as->folded, folded(a, p->import_path));
    if (*other == 0) {
        vec_push(a, &as->fold_list, p->import_path);
        *other = as->fold_list.len;
    }
    Str had = as->fold_list.v[*other - 1];
    if (!str_eq(had, p->import_path))
        return str_fmt(a, "case-insensitive import collision: " STR_FMT " and " STR_FMT,
                       STR_ARG(text_quote(a, p->import_path)), STR_ARG(text_quote(a, had)));
    if (is_safe_argument(p->import_path)) return STR("");
    return str_join2(a, STR("invalid import path "), text_quote(a, p->import_path));
}

static Str join_files(Assembly *as, const char *what, const StrVec *files) {
    if (files->len == 0) return STR("");
    return str_fmt(as->arena, "%s source files not allowed when not using cgo or SWIG: " STR_FMT,
                   what, STR_ARG(strvec_join(as->arena, files, STR(" "))));
}

// Without cgo, C files are no part of the build; with it, a package that does not use it may not
// have any.
static Str foreign_fault(Assembly *as, Package *p) {
    if (!as->ld->env.tags.cgo) {
        StrVec none = {0};
        p->c_files = p->cxx_files = p->m_files = p->swig_files = p->swigcxx_files = none;
    }
    if (p->cgo_files.len + p->swig_files.len + p->swigcxx_files.len > 0) return STR("");
    Str fault = join_files(as, "C", &p->c_files);
    if (fault.len == 0) fault = join_files(as, "C++", &p->cxx_files);
    if (fault.len == 0) fault = join_files(as, "Objective-C", &p->m_files);
    return fault.len > 0 ? fault : join_files(as, "Fortran", &p->f_files);
}

static void find_module(Assembly *as, Pkg *p) {
    if (p->files_named || standard_dir(as->ld, p->pub.import_path).len > 0) return;
    const LoadPkg *known = scan_find(as->ld, p->pub.import_path);
    if (known && known->mod != 0) p->pub.module = mods_info(as->ld->mods, known->mod);
}

static void find_embeds(Assembly *as, Pkg *p, Str path) {
    EmbedResult r = {0};
    Package *pub = &p->pub;
    if (as->ld->config->skip_embed || pub->embed_patterns.len == 0) return;
    if (embed_resolve(as->arena, pub->dir, &pub->embed_patterns, &r)) {
        pub->embed_files = r.files;
        return;
    }
    pub->incomplete = true;
    set_error(
        as, p, path, NULL,
        str_fmt(as->arena, "pattern " STR_FMT ": " STR_FMT, STR_ARG(r.failed), STR_ARG(r.error)));
    pub->error.pos = show_position(as, positions_find(&p->data->build.embeds, r.failed));
}

static void import_all(Assembly *as, Pkg *p, const StrVec *paths) {
    U32Vec imports = {0};
    for (uint32_t i = 0; i < paths->len; i++) {
        Str path = paths->v[i];
        if (str_eq_c(path, "C")) continue;
        PackageError error = {0};
        uint32_t id =
            assembly_import(as, path, p, positions_find(&p->data->build.imports, path), &error);
        const Pkg *got = as->pkgs.v[id - 1];
        if (error.text.len > 0 && p->pub.error.text.len == 0) {
            p->pub.error = error;
            p->pub.incomplete = true;
        }
        if (i < p->pub.imports.len) p->pub.imports.v[i] = got->pub.import_path;
        vec_push(as->arena, &imports, id);
        p->pub.incomplete = p->pub.incomplete || got->pub.incomplete;
    }
    p->imports = imports;
    p->imports_known = true;
}

// Fills in a package whose directory was read.
void assembly_fill(Assembly *as, Pkg *p, Str path, const FilePos *at, const PackageData *d) {
    copy_build(as, p, d);
    if (d->error_kind != BUILD_OK) set_data_error(as, p, path, at);
    StrVec paths = {0};
    for (uint32_t i = 0; i < p->pub.imports.len; i++)
        vec_push(as->arena, &paths, p->pub.imports.v[i]);
    Str fault = add_tool_imports(as, p, &paths);
    if (fault.len == 0) fault = path_fault(as, &p->pub);
    if (fault.len > 0) {
        set_error(as, p, path, at, fault);
        p->imports_known = true;
        return;
    }
    push(as, path, at);
    find_module(as, p);
    find_embeds(as, p, path);
    fault = name_fault(as, &p->pub);
    if (fault.len == 0)
        import_all(as, p, &paths);
    else
        p->imports_known = true;
    if (fault.len == 0) fault = foreign_fault(as, &p->pub);
    if (fault.len > 0) set_error(as, p, path, at, fault);
    as->stack.len--;
    const Package *pub = &p->pub;
    p->pub.has_body_elsewhere = pub->s_files.len + pub->c_files.len + pub->cxx_files.len +
                                    pub->m_files.len + pub->f_files.len + pub->syso_files.len +
                                    pub->cgo_files.len + pub->swig_files.len +
                                    pub->swigcxx_files.len >
                                0;
}

Pkg *assembly_new(Assembly *as, Str import_path, uint32_t *id) {
    Pkg *p = NEW(as->arena, Pkg);
    p->pub.import_path = p->pub.path = import_path;
    vec_push(as->arena, &as->pkgs, p);
    *id = as->pkgs.len;
    return p;
}

static bool stack_is_shorter(const Assembly *as, const StrVec *than) {
    if (as->stack.len != than->len) return as->stack.len < than->len;
    for (uint32_t i = 0; i < than->len; i++) {
        int c = str_cmp(as->stack.v[i].package, than->v[i]);
        if (c != 0) return c < 0;
    }
    return false;
}

// Reached again: still being filled in means that it imports itself.
static void reuse(Assembly *as, Pkg *p, Str path, const FilePos *at) {
    push(as, path, at);
    PackageError *e = &p->pub.error;
    if (!p->imports_known) {
        if (e->text.len == 0) *e = new_error(as, STR("import cycle not allowed"));
        e->is_cycle = true;
        p->pub.incomplete = true;
    }
    if (e->text.len > 0 && e->import_stack.v && !e->is_cycle &&
        stack_is_shorter(as, &e->import_stack))
        copy_stack(as, e);
    as->stack.len--;
}

static uint32_t not_a_path(Assembly *as, Str path, const FilePos *at, Str why) {
    uint32_t id;
    Pkg *p = assembly_new(as, path, &id);
    push(as, path, at);
    p->pub.error = new_error(as, why);
    p->pub.incomplete = p->imports_known = true;
    as->stack.len--;
    return id;
}

// The package an import leads to, loaded when it is met for the first time. parent NULL: the
// command line. *error: why parent may not import it.
uint32_t assembly_import(Assembly *as, Str path, const Pkg *parent, const FilePos *at,
                         PackageError *error) {
    Str why = STR("");
    PackageData *d = find_data(as, path, parent, &why);
    if (!d) return not_a_path(as, path, at, why);
    uint32_t *known = strmap_get(&as->pkg_at, d->path), id;
    Pkg *p;
    if (known) {
        id = *known;
        p = as->pkgs.v[id - 1];
        reuse(as, p, path, at);
    } else {
        p = assembly_new(as, d->path, &id);
        *strmap_put(&as->pkg_at, d->path) = id;
        assembly_fill(as, p, path, at, d);
    }
    if (!parent) return id;
    bool show_stack;
    Str fault = import_fault(as, path, parent, p, &show_stack);
    if (fault.len > 0) {
        *error = new_error(as, fault);
        error->print_stack = show_stack;
        error->pos = show_position(as, at);
    }
    return id;
}
