// go/load: the go command's environment: variables of the process, what `go env -w` wrote, the
// release's own go.env, GOFLAGS, and from them the build tags. https://pkg.go.dev/cmd/go,
// "Environment variables" and "Build constraints".
#include "go/load/load_internal.h"

#if defined(__aarch64__)
#define HOST_ARCH "arm64"
#else
#define HOST_ARCH "amd64"
#endif

// The process's variable, or the one the caller puts in its place.
static Str process_env(const Env *e, const char *name) {
    const StrVec *own = &e->config->env;
    size_t n = strlen(name);
    for (uint32_t i = own->len; i-- > 0;) {
        Str pair = own->v[i];
        if (pair.len > n && pair.ptr[n] == '=' && str_eq_c(str_to(pair, n), name))
            return str_from(pair, n + 1);
    }
    return str_c(getenv(name));
}

// As the go command's own Getenv: the process, then the user's file, then the release's.
Str goenv_get(const Env *e, const char *name) {
    Str v = process_env(e, name);
    for (size_t i = 0; v.len == 0 && i < COUNT(e->files); i++) {
        uint32_t *at = e->files[i].index.arena ? strmap_get(&e->files[i], str_c(name)) : NULL;
        if (at) v = e->values.v[*at];
    }
    return v;
}

static Str env_or(const Env *e, const char *name, const char *absent) {
    Str v = goenv_get(e, name);
    return v.len > 0 ? v : str_c(absent);
}

static void read_env_file(Env *e, Str path, StrMap *out) {
    Str text;
    *out = strmap_new(e->arena);
    if (path.len == 0 || !file_try_read(e->arena, str_to_c(e->arena, path), &text)) return;
    while (text.len > 0) {
        Str line = str_split(&text, '\n');
        size_t eq = str_find_byte(line, '=');
        if (eq == STR_NONE || line.ptr[0] < 'A' || line.ptr[0] > 'Z') continue;
        *strmap_put(out, str_to(line, eq)) = e->values.len;
        vec_push(e->arena, &e->values, str_from(line, eq + 1));
    }
}

static Str user_env_file(const Env *e) {
    Str file = process_env(e, "GOENV");
    if (file.len > 0) return str_eq_c(file, "off") ? STR("") : file;
    Str dir = process_env(e, "XDG_CONFIG_HOME");
    if (dir.len == 0) {
        Str home = process_env(e, "HOME");
        if (home.len == 0) return STR("");
        dir = path_join(e->arena, home, STR(".config"));
    }
    return path_join(e->arena, dir, STR("go/env"));
}

// ---- where Go is ----------------------------------------------------------------------------

static bool has_go_source(Arena *a, Str root) {
    return root.len > 0 && file_kind(path_join(a, root, STR("src/runtime"))) == FILE_DIR;
}

// The tree that holds the `go` found on PATH, by its links; the program itself is never run.
static Str goroot_of_path(const Env *e) {
    Arena *a = e->arena;
    Str path = process_env(e, "PATH");
    while (path.len > 0) {
        Str dir = str_split(&path, ':');
        Str go = path_join(a, dir, STR("go"));
        if (dir.len == 0 || !file_executable(go) || file_kind(go) != FILE_REGULAR) continue;
        Str root = path_dir(path_dir(path_clean(a, go)));
        if (has_go_source(a, root)) return root;
        root = path_dir(path_dir(path_resolve(a, go)));
        return has_go_source(a, root) ? root : STR("");
    }
    return STR("");
}

// The newest of the directories in `dir` whose names start with prefix and hold Go's source.
static Str newest_in(Arena *a, Str dir, Str prefix) {
    DirList list;
    Str best = STR(""), best_version = STR("");
    if (dir_list(a, dir, &list)) return best;
    for (uint32_t i = 0; i < list.len; i++) {
        Str version = list.v[i].name;
        if (!str_cut_prefix(&version, prefix)) continue;
        Str root = path_join(a, dir, list.v[i].name);
        if (best.len > 0 && gover_compare(version, best_version) <= 0) continue;
        if (!has_go_source(a, root)) continue;
        best = root;
        best_version = version;
    }
    return best;
}

static Str usual_goroot(const Env *e) {
    static const char *const fixed[] = {"/usr/local/go", "/usr/lib/go", "/usr/lib/golang",
                                        "/usr/share/go", "/opt/go",     "/snap/go/current"};
    Arena *a = e->arena;
    for (size_t i = 0; i < COUNT(fixed); i++)
        if (has_go_source(a, str_c(fixed[i]))) return str_c(fixed[i]);
    Str root = newest_in(a, STR("/usr/lib"), STR("go-"));
    if (root.len == 0) root = newest_in(a, STR("/usr/share"), STR("go-"));
    Str home = process_env(e, "HOME");
    if (root.len == 0 && home.len > 0)
        root = newest_in(a, path_join(a, home, STR("sdk")), STR("go"));
    return root;
}

static Err find_goroot(Env *e) {
    Str said = goenv_get(e, "GOROOT");
    if (said.len > 0) {
        e->goroot = path_clean(e->arena, said);
        if (has_go_source(e->arena, e->goroot)) return NULL;
        return err_new(e->arena, ERR_FORMAT, 0,
                       "GOROOT=" STR_FMT ": no Go source there (no src/runtime); unset GOROOT or "
                       "set it to a Go tree",
                       STR_ARG(said));
    }
    e->goroot = goroot_of_path(e);
    if (e->goroot.len == 0) e->goroot = usual_goroot(e);
    if (e->goroot.len > 0) return NULL;
    return err_new(e->arena, ERR_FORMAT, 0,
                   "GOROOT: no Go source found (no go on PATH, none in /usr/local/go, /usr/lib/go* "
                   "or /usr/share/go-*); install Go's source (Debian: apt install golang-src) or "
                   "set GOROOT");
}

// "go1.26.8", "devel go1.27-abc": what follows go, as far as it is a version.
static Str version_in(Str line) {
    size_t at = str_find(line, STR("go1"));
    if (at == STR_NONE) return STR("");
    Str v = str_from(line, at + 2);
    size_t n = 0;
    while (n < v.len &&
           (memchr("0123456789.", v.ptr[n], 11) || (v.ptr[n] >= 'a' && v.ptr[n] <= 'z')))
        n++;
    for (v = str_to(v, n); v.len > 0 && !gover_is_valid(v);) v.len--;
    return v;
}

static Err find_version(Env *e) {
    Arena *a = e->arena;
    Str text;
    if (file_try_read(a, str_to_c(a, path_join(a, e->goroot, STR("VERSION"))), &text))
        e->go_version = version_in(str_line(&text));
    Str name = path_join(a, e->goroot, STR("src/internal/goversion/goversion.go"));
    if (e->go_version.len == 0 && file_try_read(a, str_to_c(a, name), &text)) {
        size_t at = str_find(text, STR("const Version = "));
        Str rest = at == STR_NONE ? STR("") : str_from(text, at + strlen("const Version = "));
        Str minor = str_trim(str_line(&rest));
        uint64_t n;
        if (str_to_u64(minor, &n)) e->go_version = str_join2(a, STR("1."), minor);
    }
    if (e->go_version.len > 0) return NULL;
    return err_new(a, ERR_FORMAT, 0, STR_FMT ": cannot tell which Go release this is (no VERSION)",
                   STR_ARG(e->goroot));
}

// ---- experiments ----------------------------------------------------------------------------

static bool one_of(Str s, const char *const *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(s, list[i])) return true;
    return false;
}

// The value of a baseline flag: true, or a name that stands for "on this platform".
static bool flag_value(const Env *e, Str value) {
    static const char *const register_abi[] = {"amd64", "arm64",   "loong64", "ppc64le",
                                               "ppc64", "riscv64", "s390x"};
    static const char *const old_dwarf[] = {"darwin", "ios", "aix"};
    if (str_eq_c(value, "regabiSupported"))
        return one_of(e->tags.goarch, register_abi, COUNT(register_abi));
    if (str_eq_c(value, "dwarf5Supported"))
        return !one_of(e->tags.goos, old_dwarf, COUNT(old_dwarf));
    return !str_eq_c(value, "false");
}

static Str lower(Arena *a, Str s) {
    char *p = NEW_ARRAY(a, char, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        p[i] = (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] + 32 : s.ptr[i]);
    return (Str){p, s.len};
}

static void set_experiment(Env *e, Str name, bool on) {
    StrVec kept = {0};
    for (uint32_t i = 0; i < e->experiments.len; i++)
        if (!str_eq(e->experiments.v[i], name)) vec_push(e->arena, &kept, e->experiments.v[i]);
    if (on) vec_push(e->arena, &kept, name);
    e->experiments = kept;
}

// What the release turns on by itself stands in its own source, so any release can be read.
static void read_baseline(Env *e) {
    Arena *a = e->arena;
    Str text;
    Str name = path_join(a, e->goroot, STR("src/internal/buildcfg/exp.go"));
    if (!file_try_read(a, str_to_c(a, name), &text)) return;
    size_t at = str_find(text, STR("baseline := goexperiment.Flags{"));
    if (at == STR_NONE) return;
    text = str_from(text, at);
    str_line(&text);
    while (text.len > 0) {
        Str line = str_trim(str_line(&text));
        if (str_starts(line, STR("}"))) return;
        size_t colon = str_find_byte(line, ':');
        if (colon == STR_NONE || str_starts(line, STR("//"))) continue;
        Str value = str_from(line, colon + 1);
        value = str_trim(str_to(value, MIN(str_find_byte(value, ','), value.len)));
        if (flag_value(e, value)) set_experiment(e, lower(a, str_to(line, colon)), true);
    }
}

static Err read_experiments(Env *e) {
    read_baseline(e);
    Str wanted = goenv_get(e, "GOEXPERIMENT");
    while (wanted.len > 0) {
        Str name = str_split(&wanted, ',');
        if (name.len == 0) continue;
        if (str_eq_c(name, "none")) {
            e->experiments.len = 0;
            continue;
        }
        bool on = !str_cut_prefix(&name, STR("no"));
        if (str_eq_c(name, "regabi")) {
            set_experiment(e, STR("regabiwrappers"), on);
            set_experiment(e, STR("regabiargs"), on);
            continue;
        }
        Str flag =
            str_fmt(e->arena, "src/internal/goexperiment/exp_" STR_FMT "_on.go", STR_ARG(name));
        if (!file_exists(path_join(e->arena, e->goroot, flag)))
            return err_new(e->arena, ERR_FORMAT, 0, "GOEXPERIMENT: unknown GOEXPERIMENT " STR_FMT,
                           STR_ARG(name));
        set_experiment(e, name, on);
    }
    return NULL;
}

// ---- tags -----------------------------------------------------------------------------------

static void add_tag(Env *e, Str tag) {
    if (tag.len > 0) strmap_put(&e->tags.set, str_copy(e->arena, tag));
}

static void add_levels(Env *e, const char *prefix, uint64_t from, uint64_t to) {
    for (uint64_t i = from; i <= to && i < 100; i++)
        add_tag(e, str_fmt(e->arena, "%s%llu", prefix, (unsigned long long)i));
}

// Architecture levels: a build for level N takes the files of every level below it too.
static void add_architecture_tags(Env *e) {
    Str arch = e->tags.goarch;
    uint64_t n = 0;
    Arena *a = e->arena;
    if (str_eq_c(arch, "amd64")) {
        str_to_u64(str_from(e->goamd64, 1), &n);
        add_levels(e, "amd64.v", 1, n);
    } else if (str_eq_c(arch, "arm")) {
        str_to_u64(str_to(env_or(e, "GOARM", "7"), 1), &n);
        add_levels(e, "arm.", 5, n);
    } else if (str_eq_c(arch, "386")) {
        add_tag(e, str_join2(a, STR("386."), env_or(e, "GO386", "sse2")));
    } else if (str_eq_c(arch, "arm64")) {
        Str v = env_or(e, "GOARM64", "v8.0");
        v = str_to(v, MIN(str_find_byte(v, ','), v.len));
        if (v.len == 4) str_to_u64(str_from(v, 3), &n);
        add_levels(e, "arm64.v8.", 0, str_starts(v, STR("v9")) ? MIN(n + 5, 9) : n);
        if (str_starts(v, STR("v9"))) add_levels(e, "arm64.v9.", 0, n);
    } else if (str_starts(arch, STR("ppc64"))) {
        str_to_u64(str_from(env_or(e, "GOPPC64", "power8"), strlen("power")), &n);
        Str prefix = str_join2(a, arch, STR(".power"));
        add_levels(e, str_to_c(a, prefix), 8, n);
    } else if (str_starts(arch, STR("mips"))) {
        bool wide = str_starts(arch, STR("mips64"));
        Str family = str_to(arch, wide ? strlen("mips64") : strlen("mips"));
        if (str_ends(arch, STR("le"))) family = arch;
        Str kind = env_or(e, wide ? "GOMIPS64" : "GOMIPS", "hardfloat");
        add_tag(e, str_join3(a, family, STR("."), kind));
    } else if (str_eq_c(arch, "riscv64")) {
        str_to_u64(str_from(env_or(e, "GORISCV64", "rva20u64"), strlen("rva")), &n);
        add_tag(e, STR("riscv64.rva20u64"));
        Str level = env_or(e, "GORISCV64", "rva20u64");
        if (!str_eq_c(level, "rva20u64")) add_tag(e, STR("riscv64.rva22u64"));
        if (str_eq_c(level, "rva23u64")) add_tag(e, STR("riscv64.rva23u64"));
    }
}

static void add_release_tags(Env *e) {
    Str minor = str_from(gover_lang(e->go_version), strlen("1."));
    uint64_t n;
    if (str_to_u64(minor, &n)) add_levels(e, "go1.", 1, n);
    // Far releases: the count above is bounded, this one names the release itself.
    add_tag(e, str_join2(e->arena, STR("go1."), minor));
}

static bool platform_has_cgo(Str os) {
    static const char *const without[] = {"js", "wasip1", "plan9"};
    return !one_of(os, without, COUNT(without));
}

static bool on_path(const Env *e, Str program) {
    Str path = process_env(e, "PATH");
    if (str_find_byte(program, '/') != STR_NONE) return file_executable(program);
    while (path.len > 0) {
        Str dir = str_split(&path, ':');
        if (dir.len > 0 && file_executable(path_join(e->arena, dir, program))) return true;
    }
    return false;
}

// cgo is on by default for a native build where a C compiler is found.
static bool cgo_enabled(const Env *e) {
    Str said = goenv_get(e, "CGO_ENABLED");
    if (str_eq_c(said, "1")) return true;
    if (str_eq_c(said, "0")) return false;
    bool native = str_eq_c(e->tags.goos, "linux") && str_eq_c(e->tags.goarch, HOST_ARCH);
    if (!native || !platform_has_cgo(e->tags.goos)) return false;
    return process_env(e, "CC").len > 0 || on_path(e, STR("gcc"));
}

// ---- GOFLAGS --------------------------------------------------------------------------------

// Words between blanks; one that starts with a quote goes to the same quote.
static Err split_quoted(Env *e, Str s, StrVec *out) {
    for (;;) {
        while (s.len > 0 && is_space(s.ptr[0])) s = str_from(s, 1);
        if (s.len == 0) return NULL;
        if (s.ptr[0] == '"' || s.ptr[0] == '\'') {
            size_t end = str_find_byte(str_from(s, 1), s.ptr[0]);
            if (end == STR_NONE)
                return err_new(e->arena, ERR_FORMAT, 0, "parsing $GOFLAGS: unterminated %c string",
                               s.ptr[0]);
            vec_push(e->arena, out, str_slice(s, 1, end + 1));
            s = str_from(s, end + 2);
        } else {
            vec_push(e->arena, out, str_field(&s));
        }
    }
}

static Err read_goflags(Env *e) {
    StrVec words = {0};
    TRY(split_quoted(e, goenv_get(e, "GOFLAGS"), &words));
    for (uint32_t i = 0; i < words.len; i++) {
        Str f = words.v[i];
        if (!str_starts(f, STR("-")) || f.len < 2)
            return err_new(e->arena, ERR_FORMAT, 0, "parsing $GOFLAGS: non-flag " STR_FMT,
                           STR_ARG(text_quote(e->arena, f)));
        str_cut_prefix(&f, STR("-"));
        str_cut_prefix(&f, STR("-"));
        if (str_cut_prefix(&f, STR("mod=")))
            e->mod = f;
        else if (str_cut_prefix(&f, STR("modfile=")))
            e->modfile = f;
        else if (str_cut_prefix(&f, STR("tags=")))
            e->tag_list = f;
    }
    return NULL;
}

static Err read_flags(Env *e) {
    TRY(read_goflags(e));
    const LoadConfig *c = e->config;
    if (c->mod.len > 0) e->mod = c->mod;
    if (c->modfile.len > 0) e->modfile = c->modfile;
    if (c->tags.len > 0) e->tag_list = c->tags;
    e->mod_explicit = e->mod.len > 0;
    bool known = str_eq_c(e->mod, "mod") || str_eq_c(e->mod, "readonly") ||
                 str_eq_c(e->mod, "vendor") || e->mod.len == 0;
    if (!known)
        return err_new(e->arena, ERR_FORMAT, 0,
                       "-mod=" STR_FMT
                       ": not supported (can be '', 'mod', 'readonly', or 'vendor')",
                       STR_ARG(e->mod));
    if (e->modfile.len > 0 && !str_ends(e->modfile, STR(".mod")))
        return err_new(e->arena, ERR_FORMAT, 0,
                       "-modfile=" STR_FMT ": file does not have .mod extension",
                       STR_ARG(e->modfile));
    if (e->modfile.len > 0) e->modfile = path_under(e->arena, e->cwd, e->modfile);
    bool commas = str_find_byte(e->tag_list, ',') != STR_NONE;
    Str list = e->tag_list;
    while (list.len > 0) add_tag(e, commas ? str_split(&list, ',') : str_field(&list));
    return NULL;
}

// ---- the whole ------------------------------------------------------------------------------

static void find_gopath(Env *e) {
    Arena *a = e->arena;
    Str list = goenv_get(e, "GOPATH");
    Str home = process_env(e, "HOME");
    e->gopath = str_to(list, MIN(str_find_byte(list, ':'), list.len));
    if (e->gopath.len == 0 && home.len > 0) e->gopath = path_join(a, home, STR("go"));
    e->modcache = goenv_get(e, "GOMODCACHE");
    if (e->modcache.len == 0 && e->gopath.len > 0)
        e->modcache = path_under(a, e->gopath, STR("pkg/mod"));
    e->modcache = e->modcache.len > 0 ? path_clean(a, e->modcache) : STR("");
}

Err goenv_read(Arena *a, const LoadConfig *config, Env *e) {
    *e = (Env){.arena = a, .config = config};
    e->cwd = config->dir.len > 0 ? path_absolute(a, config->dir) : dir_current(a);
    read_env_file(e, user_env_file(e), &e->files[0]);
    TRY(find_goroot(e));
    read_env_file(e, path_join(a, e->goroot, STR("go.env")), &e->files[1]);
    e->goroot_src = path_join(a, e->goroot, STR("src"));
    TRY(find_version(e));
    if (str_eq_c(goenv_get(e, "GO111MODULE"), "off"))
        return err_new(a, ERR_FORMAT, 0,
                       "GO111MODULE=off: packages in GOPATH are not supported; unset GO111MODULE");
    e->tags = (BuildTags){.goos = env_or(e, "GOOS", "linux"),
                          .goarch = env_or(e, "GOARCH", HOST_ARCH),
                          .set = strmap_new(a)};
    e->goamd64 = env_or(e, "GOAMD64", "v1");
    e->tags.cgo = cgo_enabled(e);
    TRY(read_experiments(e));
    for (uint32_t i = 0; i < e->experiments.len; i++)
        add_tag(e, str_join2(a, STR("goexperiment."), e->experiments.v[i]));
    add_architecture_tags(e);
    add_release_tags(e);
    find_gopath(e);
    return read_flags(e);
}
