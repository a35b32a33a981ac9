// The compiler engine: asks the installed Go toolchain what moves to the heap, in three steps.
// `go list -e -json` says which packages and files there are. `go list -e -export -deps` builds as
// usual, so that dependencies are in the cache. `go list -e -export -gcflags=-m=2` compiles the
// packages again, in a cache of their own, explaining.
// The user's build cache is read through an overlay, and the output of the compiler goes to a
// directory in it; both are removed, also when something fails.
#include "base/buf.h"
#include "engine/engine_internal.h"
#include "sys/file.h"
#include "sys/proc.h"

typedef struct Run {
    Arena *arena;
    const EngineRequest *request;
    EngineResult *out;
    Str go;
    Str dir;   // where the go command runs: relative positions start there
    Str temp;  // for the compiler's -json files
    Str cache; // the overlay
} Run;

static void say(const Run *r, const char *what) {
    if (r->request->progress) r->request->progress(r->request->progress_ctx, str_c(what));
}

static void push_words(Run *r, ProcSpec *spec, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) vec_push(r->arena, &spec->argv, str_c(words[i]));
}

static void set_env(Run *r, ProcSpec *spec, const char *name, Str value) {
    vec_push(r->arena, &spec->env, str_fmt(r->arena, "%s=" STR_FMT, name, STR_ARG(value)));
}

static ProcSpec go_command(Run *r, const char *const *words, size_t count) {
    ProcSpec spec = {.dir = r->dir};
    vec_push(r->arena, &spec.argv, r->go);
    push_words(r, &spec, words, count);
    if (r->request->toolchain.len) set_env(r, &spec, "GOTOOLCHAIN", r->request->toolchain);
    return spec;
}

static void push_patterns(Run *r, ProcSpec *spec) {
    const EngineRequest *q = r->request;
    if (q->tags.len) {
        vec_push(r->arena, &spec->argv, STR("-tags"));
        vec_push(r->arena, &spec->argv, q->tags);
    }
    vec_push(r->arena, &spec->argv, STR("--"));
    if (q->patterns.len == 0) vec_push(r->arena, &spec->argv, STR("./..."));
    for (uint32_t i = 0; i < q->patterns.len; i++)
        vec_push(r->arena, &spec->argv, q->patterns.v[i]);
}

// The first line of what the go command complained about that is not progress; with the next one
// where it ends in a colon.
Str go_first_complaint(Arena *a, Str err) {
    while (err.len) {
        Str line = str_trim(str_line(&err));
        if (!line.len || str_starts(line, STR("go: downloading "))) continue;
        return str_ends(line, STR(":")) ? str_join3(a, line, STR(" "), str_trim(str_line(&err)))
                                        : line;
    }
    return STR("it said nothing");
}

static Err run_go(Run *r, const ProcSpec *spec, ProcResult *result) {
    TRY(proc_run(r->arena, spec, result));
    if (result->status == 0) return NULL;
    Str why = go_first_complaint(r->arena, result->err);
    str_cut_prefix(&why, STR("go: "));
    return err_new(r->arena, ERR_IO, 0, STR_FMT ": " STR_FMT, STR_ARG(spec->argv.v[0]),
                   STR_ARG(why));
}

// --- the steps ---

// GOVERSION and GOCACHE, one a line.
static Err read_environment(Run *r, Str *version, Str *cache) {
    static const char *const words[] = {"env", "GOVERSION", "GOCACHE"};
    ProcSpec spec = go_command(r, words, COUNT(words));
    ProcResult result;
    TRY(run_go(r, &spec, &result));
    Str text = result.out;
    *version = str_trim(str_line(&text));
    *cache = str_trim(str_line(&text));
    if (!cache->len)
        return err_new(r->arena, ERR_IO, 0, "go: it names no build cache; set GOCACHE");
    return NULL;
}

Err go_ask_environment(Arena *a, const EngineRequest *request, Str *version, Str *cache) {
    Run r = {.arena = a, .request = request, .go = STR("go")};
    r.dir = request->dir.len ? path_absolute(a, request->dir) : dir_current(a);
    if (!proc_find(a, r.go).len)
        return err_new(a, ERR_IO, 0, "go: not found on PATH; install Go or add it to PATH");
    return read_environment(&r, version, cache);
}

static Err list_packages(Run *r) {
    static const char *const words[] = {"list", "-e",
                                        "-json=ImportPath,Name,Dir,Module,GoFiles,CgoFiles,Error"};
    ProcSpec spec = go_command(r, words, COUNT(words));
    push_patterns(r, &spec);
    ProcResult result;
    say(r, "listing packages");
    TRY(run_go(r, &spec, &result));
    TRY(golist_parse(r->arena, result.out, r->out));
    if (r->out->packages.len) return NULL;
    return err_new(r->arena, ERR_USAGE, 0,
                   "no packages match; give a pattern such as ./... inside a module");
}

// An ordinary build into the user's cache, as `go build` would leave it. What does not build is
// found out, and reported, by the next step.
static Err build_dependencies(Run *r) {
    static const char *const words[] = {"list", "-e", "-export", "-deps", "-f", "{{/**/}}"};
    ProcSpec spec = go_command(r, words, COUNT(words));
    push_patterns(r, &spec);
    ProcResult result;
    say(r, "building dependencies");
    return proc_run(r->arena, &spec, &result);
}

// -json files lie in DIR/package, but every main package is called "main" there: each gets its own.
static Str explain_flags(Run *r, Str sub) {
    return str_fmt(r->arena, "-m=2 '-json=0," STR_FMT "/" STR_FMT "'", STR_ARG(r->temp),
                   STR_ARG(sub));
}

static Str main_dir(Run *r, uint32_t i) { return str_fmt(r->arena, "main%u", i); }

static Err explain(Run *r) {
    static const char *const words[] = {"list", "-e", "-export", "-trimpath=false",
                                        "-json=ImportPath,Export,Error,DepsErrors"};
    ProcSpec spec = go_command(r, words, COUNT(words));
    vec_push(r->arena, &spec.argv,
             str_join2(r->arena, STR("-gcflags="), explain_flags(r, STR("lib"))));
    for (uint32_t i = 0; i < r->out->packages.len; i++) {
        const EnginePackage *p = &r->out->packages.v[i];
        if (!str_eq(p->name, STR("main"))) continue;
        vec_push(r->arena, &spec.argv,
                 str_join3(r->arena, STR("-gcflags="), str_join2(r->arena, p->path, STR("=")),
                           explain_flags(r, main_dir(r, i))));
    }
    push_patterns(r, &spec);
    set_env(r, &spec, "GOCACHE", r->cache);
    ProcResult result;
    say(r, "compiling with -m=2");
    TRY(run_go(r, &spec, &result));
    TRY(golist_exports(r->arena, result.out, r->out));
    m2_parse(r->arena, result.err, r->dir, r->out);
    return NULL;
}

static Err read_json_dir(Run *r, Logopt *l, uint32_t package, Str dir) {
    DirList files = {0};
    TRY(dir_list(r->arena, dir, &files));
    for (uint32_t i = 0; i < files.len; i++) {
        Str text;
        if (!str_ends(files.v[i].name, STR(".json"))) continue;
        TRY(file_read(r->arena, path_join(r->arena, dir, files.v[i].name), &text));
        TRY(logopt_add(l, package, text));
    }
    return NULL;
}

// Go's url.PathEscape of an import path, as the compiler names its directories.
static Str escape_path(Arena *a, Str path) {
    static const char plain[] = "-_.~$&+:=@";
    Buf b = buf_new(a);
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    (c && memchr(plain, c, sizeof plain - 1));
        if (keep)
            buf_byte(&b, c);
        else
            buf_fmt(&b, "%%%02X", (unsigned char)c);
    }
    return buf_view(&b);
}

static Err read_chains(Run *r) {
    Logopt *l = logopt_new(r->arena, r->out);
    for (uint32_t i = 0; i < r->out->packages.len; i++) {
        const EnginePackage *p = &r->out->packages.v[i];
        bool is_main = str_eq(p->name, STR("main"));
        Str sub = is_main ? main_dir(r, i) : STR("lib");
        Str name = is_main ? STR("main") : escape_path(r->arena, p->path);
        Str dir = path_join(r->arena, path_join(r->arena, r->temp, sub), name);
        if (file_kind(dir) == FILE_DIR) TRY(read_json_dir(r, l, i, dir));
    }
    return NULL;
}

static Err run_steps(Run *r, Str cache) {
    TRY(list_packages(r));
    TRY(build_dependencies(r));
    TRY(overlay_cache(r->arena, cache, &r->cache));
    // Inside the overlay, so that a run that was killed leaves one directory, which the next
    // removes.
    r->temp = path_join(r->arena, r->cache, STR("explain"));
    TRY(dir_make(r->arena, r->temp));
    TRY(explain(r));
    return read_chains(r);
}

Err compiler_run(Arena *a, const EngineRequest *request, EngineResult *out) {
    EngineResult result = {.engine = STR("compiler")};
    Run r = {.arena = a, .request = request, .out = &result, .go = STR("go")};
    r.dir = request->dir.len ? path_absolute(a, request->dir) : dir_current(a);
    Str cache;
    TRY(go_ask_environment(a, request, &result.version, &cache));
    Err e = run_steps(&r, cache);
    if (r.cache.len) (void)dir_remove_tree(a, r.cache);
    if (!e) {
        say(&r, "costs");
        engine_costs_beside(a, request, &result);
        *out = result;
    }
    return e;
}
