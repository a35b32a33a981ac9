// cli/gc_env.c: `heapwise gc env`: gathers the settings and hands them to gc/settings.c.
#include "cli/gc.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/term.h"
#include "view/gc.h"

static const char *const variables[] = {"GODEBUG", "GOMEMLIMIT", "GOGC", "GOEXPERIMENT"};

typedef struct Found {
    Str value[COUNT(variables)];
    bool running; // of a process that runs, not of a build to come
} Found;

// cgroup v2: memory.max of the process's group and of those above it; v1: memory.limit_in_bytes.
uint64_t cli_gc_container_limit(Arena *a, uint64_t pid) {
    Str text, path = STR("/");
    Str self =
        pid ? str_fmt(a, "/proc/%llu/cgroup", (unsigned long long)pid) : STR("/proc/self/cgroup");
    if (file_try_read(a, str_to_c(a, self), &text))
        while (text.len) {
            Str line = str_line(&text);
            if (str_cut_prefix(&line, STR("0::"))) path = line;
        }
    uint64_t least = 0, n;
    for (;;) {
        Str file = str_fmt(a, "/sys/fs/cgroup" STR_FMT "/memory.max", STR_ARG(path));
        if (file_try_read(a, str_to_c(a, file), &text) && str_to_u64(str_trim(text), &n))
            least = least ? MIN(least, n) : n;
        if (path.len <= 1) break;
        path = str_to(path, str_rfind_byte(path, '/'));
    }
    if (!least && file_try_read(a, "/sys/fs/cgroup/memory/memory.limit_in_bytes", &text) &&
        str_to_u64(str_trim(text), &n) && n < (uint64_t)1 << 60)
        least = n;
    return least;
}

static Err read_words(Arena *a, const StrVec *rest, Found *out) {
    for (uint32_t i = 1; i < rest->len; i++) {
        Str value = rest->v[i];
        Str name = str_split(&value, '=');
        bool known = false;
        for (size_t k = 0; k < COUNT(variables); k++)
            if (str_eq_c(name, variables[k])) out->value[k] = value, known = true;
        if (!known)
            return err_new(a, ERR_USAGE, 0,
                           STR_FMT ": not one of GODEBUG, GOGC, GOMEMLIMIT, GOEXPERIMENT",
                           STR_ARG(rest->v[i]));
    }
    return NULL;
}

static Err read_process(Arena *a, Str pid, Found *out) {
    uint64_t n;
    if (!str_to_u64(pid, &n))
        return err_new(a, ERR_USAGE, 0, "--pid=" STR_FMT ": wants a process number", STR_ARG(pid));
    Str text;
    TRY(file_read(a, str_fmt(a, "/proc/" STR_FMT "/environ", STR_ARG(pid)), &text));
    while (text.len) {
        Str value = str_split(&text, '\0');
        Str name = str_split(&value, '=');
        for (size_t k = 0; k < COUNT(variables); k++)
            if (str_eq_c(name, variables[k])) out->value[k] = value;
    }
    out->running = true;
    return NULL;
}

// What `go env` says in the module's directory, where go.mod and go.work choose the toolchain.
static bool ask_go(Arena *a, Str dir, Str *version) {
    ProcSpec spec = {.dir = dir, .timeout_ms = 20000};
    vec_push(a, &spec.argv, STR("go"));
    vec_push(a, &spec.argv, STR("env"));
    vec_push(a, &spec.argv, STR("GOVERSION"));
    vec_push(a, &spec.env, STR("GOEXPERIMENT=")); // a wrong one would make the go command fail
    ProcResult r;
    if (!proc_find(a, STR("go")).len || proc_run(a, &spec, &r) || r.status != 0) return false;
    *version = str_trim(r.out);
    return version->len > 0;
}

// What the linker wrote into the program; nothing when it is no Go program or not ours to read.
static bool ask_binary(Arena *a, Str path, GcBuild *build) {
    FileMap map;
    if (file_map(a, path, &map)) return false;
    bool ok = !buildinfo_read(a, map.bytes, build);
    if (ok)
        *build = (GcBuild){str_copy(a, build->version), STR(""), str_copy(a, build->experiments)};
    file_unmap(&map);
    return ok;
}

typedef struct Target {
    Str version, from, collector;
} Target;

static Err find_version(Cli *cli, Str dir, Target *t) {
    Arena *a = cli->arena;
    Str pid = args_value(&cli->args, "pid", STR("")),
        binary = args_value(&cli->args, "binary", STR(""));
    Str path = binary.len ? binary
               : pid.len  ? str_fmt(a, "/proc/" STR_FMT "/exe", STR_ARG(pid))
                          : STR("");
    GcBuild build;
    bool known = path.len && ask_binary(a, path, &build);
    if (binary.len && !known)
        return err_new(a, ERR_FORMAT, 0, STR_FMT ": not a Go binary that can be read",
                       STR_ARG(binary));
    if (known) *t = (Target){build.version, path, buildinfo_collector(&build)};
    Str *version = &t->version, *from = &t->from;
    Str given = args_value(&cli->args, "go", STR(""));
    if (given.len) *version = given, *from = STR("--go");
    if (version->len) return NULL;
    *from = STR("the go command");
    if (ask_go(a, dir, version)) return NULL;
    Str text;
    Str mod = path_join(a, dir.len ? dir : STR("."), STR("go.mod"));
    if (file_try_read(a, str_to_c(a, mod), &text)) *version = settings_go_mod_version(text);
    *from = mod;
    if (version->len) return NULL;
    return err_new(a, ERR_USAGE, 0,
                   "which Go version counts? There is no go command and no go.mod: give --go=1.26");
}

enum { DEPTH_MAX = 40 };

static bool is_source_dir(Str name) {
    static const char *const skipped[] = {"vendor", "testdata", "node_modules"};
    if (name.ptr[0] == '.' || name.ptr[0] == '_') return false;
    for (size_t i = 0; i < COUNT(skipped); i++)
        if (str_eq_c(name, skipped[i])) return false;
    return true;
}

// The Go files of a module; a directory with a go.mod of its own is another module.
static Err check_sources(Arena *a, GcSettings *s, Str dir, uint32_t depth) {
    DirList list;
    TRY(dir_list(a, dir, &list));
    for (uint32_t i = 0; i < list.len; i++) {
        Str path = path_join(a, dir, list.v[i].name), text;
        if (list.v[i].kind == FILE_DIR && !list.v[i].is_link && depth < DEPTH_MAX &&
            is_source_dir(list.v[i].name)) {
            if (!file_exists(path_join(a, path, STR("go.mod"))))
                TRY(check_sources(a, s, path, depth + 1));
        } else if (list.v[i].kind == FILE_REGULAR && str_ends(list.v[i].name, STR(".go"))) {
            TRY(file_read(a, path, &text));
            settings_check_go_file(s, text, path);
        }
    }
    return NULL;
}

static Err check_module(Arena *a, GcSettings *s, Str dir) {
    Str text, mod = path_join(a, dir, STR("go.mod"));
    if (file_exists(mod)) {
        TRY(file_read(a, mod, &text));
        settings_check_go_mod(s, text, mod);
    }
    return check_sources(a, s, dir, 0);
}

Err cli_gc_env(Cli *cli, Status *status) {
    Arena *a = cli->arena;
    Found found = {0};
    Str pid = args_value(&cli->args, "pid", STR("")), dir = args_value(&cli->args, "dir", STR(""));
    if (pid.len)
        TRY(read_process(a, pid, &found));
    else if (cli->args.rest.len > 1)
        TRY(read_words(a, &cli->args.rest, &found));
    else
        for (size_t k = 0; k < COUNT(variables); k++) found.value[k] = env_get(variables[k]);

    Target target = {0};
    uint32_t minor;
    TRY(find_version(cli, dir, &target));
    TRY(settings_go_version(a, target.version, &minor));
    GcSettings s = settings_new(a, minor);
    s.collector = target.collector;
    uint64_t n = 0;
    (void)str_to_u64(pid, &n);
    s.container_limit = cli_gc_container_limit(a, n);
    settings_check_godebug(&s, found.value[0]);
    settings_check_memlimit(&s, found.value[1]);
    settings_check_gogc(&s, found.value[2]);
    settings_check_experiment(&s, found.value[3], !found.running);
    if (dir.len) TRY(check_module(a, &s, dir));
    if (view_gc_env(cli->doc, &s, target.from)) *status = STATUS_FINDINGS;
    return NULL;
}
