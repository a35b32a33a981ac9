// Asks the go command for the compiler's -m, afresh: output that it replays from its cache has the
// relative paths of whoever ran it first. A flag that names a directory of this run's own (-D,
// which only imports like "./x" would look at) makes the compilation new, and a cache laid over the
// user's takes what is written.
#include "base/buf.h"
#include "engine/engine_internal.h"
#include "sys/file.h"
#include "sys/proc.h"

static ProcSpec build_command(Arena *a, const EngineRequest *request, Str flags, const StrVec *more,
                              Str cache) {
    ProcSpec spec = {.dir = request->dir};
    vec_push(a, &spec.argv, STR("go"));
    vec_push(a, &spec.argv, STR("build"));
    vec_push(a, &spec.argv, STR("-o"));
    vec_push(a, &spec.argv, STR("/dev/null"));
    for (uint32_t i = 0; i < more->len; i++) vec_push(a, &spec.argv, more->v[i]);
    vec_push(a, &spec.argv,
             str_fmt(a, "-gcflags=" STR_FMT " '-D=" STR_FMT "'", STR_ARG(flags), STR_ARG(cache)));
    vec_push(a, &spec.argv, STR("--"));
    for (uint32_t i = 0; i < request->patterns.len; i++)
        vec_push(a, &spec.argv, request->patterns.v[i]);
    vec_push(a, &spec.env, STR("CGO_ENABLED=0"));
    vec_push(a, &spec.env, str_join2(a, STR("GOCACHE="), cache));
    return spec;
}

// Packages with errors are compared, too: what else ends a build is none.
static Err run_build(Arena *a, const ProcSpec *spec, Str *out) {
    ProcResult result;
    TRY(proc_run(a, spec, &result));
    *out = result.err;
    bool any = str_starts(result.err, STR("# ")) || str_find(result.err, STR("\n# ")) != STR_NONE;
    if (result.status == 0 || any) return NULL;
    return err_new(a, ERR_IO, 0, "go build: " STR_FMT, STR_ARG(go_first_complaint(a, result.err)));
}

Err verify_ask_go(Arena *a, const EngineRequest *request, Str flags, const StrVec *more,
                  VerifyAnswer *out) {
    Str cache, overlay = {0};
    Err e = go_ask_environment(a, request, &out->version, &cache);
    if (e)
        return err_new(a, e->code, 0, "--verify asks the Go toolchain: " STR_FMT, STR_ARG(e->what));
    if (request->progress) request->progress(request->progress_ctx, STR("asking the go command"));
    e = overlay_cache(a, cache, &overlay);
    if (!e) {
        ProcSpec spec = build_command(a, request, flags, more, overlay);
        e = run_build(a, &spec, &out->text);
    }
    if (overlay.len) (void)dir_remove_tree(a, overlay);
    return e;
}
