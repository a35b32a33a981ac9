// cli/cmd_review.c: the main command: from patterns and a profile to a ranked review.
#include <unistd.h>

#include "cli/commands.h"
#include "gc/gc.h"
#include "live/live.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/term.h"
#include "view/review.h"
#include "view/verify.h"

static const Option options[] = {
    {"profile", OPTION_VALUE, "FILE", "a heap or allocs profile: findings are ranked by its bytes",
     0},
    {"pid", OPTION_VALUE, "PID",
     "in place of --profile: the heap profile of this running program (docs/live.md)", 0},
    {"gc", OPTION_VALUE, "OBSERVATION",
     "with --profile: a run of the same work kept by heapwise gc run --out; each finding shows "
     "what "
     "its bytes cost the collector",
     0},
    {"engine", OPTION_VALUE, "NAME",
     "who says what moves to the heap: own (default), or compiler: the installed Go's", 0},
    {"verify", OPTION_FLAG, NULL,
     "ask the other engine, too, and add where it says something else (exit status 1)", 0},
    {"html", OPTION_VALUE, "FILE", "also write the review as one self-contained page", 0},
    {"sarif", OPTION_VALUE, "FILE", "also write the findings as SARIF 2.1.0", 0},
    {"fail-on", OPTION_VALUE, "SPEC",
     "exit with 1 when this holds: any, N (more than N findings), share=P, bytes=N, or a rule "
     "such as returned-pointer; several with commas",
     0},
    {"top", OPTION_VALUE, "N",
     "show the first N findings (default 10, in JSON all; 0: all); files have them all", 0},
    {"cost", OPTION_VALUE, "CLASS",
     "always: only what allocates each time it runs; sometimes (default): also what depends on "
     "values",
     0},
    {"tags", OPTION_VALUE, "LIST", "build tags, as for go build", 0},
    {"C", OPTION_VALUE, "DIR", "review the module in DIR", 0},
};

enum { TOP_TEXT = 10, TOP_HTML = 400 };

typedef struct Progress {
    uint64_t start_ns;
    bool tty, shown;
} Progress;

// Says what it does once a second has gone by.
static void progress(void *ctx, Str what) {
    Progress *p = ctx;
    if (!p->shown && clock_ns() - p->start_ns < 1000000000u) return;
    p->shown = true;
    fprintf(stderr, p->tty ? "\r\033[K" STR_FMT " ..." : STR_FMT " ...\n", STR_ARG(what));
    fflush(stderr);
}

static void progress_end(Progress *p) {
    if (p->shown && p->tty) fprintf(stderr, "\r\033[K");
}

typedef struct Job {
    Cli *cli;
    Progress progress;
    EngineRequest request;
    const Engine *engine;
    FailOn fail_on;
    uint32_t pid; // whose heap profile is taken; 0: a file's, or none
    Profile profile;
    ReviewPage page;
} Job;

static Err read_profile_options(Job *j) {
    const Args *args = &j->cli->args;
    Arena *a = j->cli->arena;
    uint64_t pid = 0;
    j->page.profile = args_value(args, "profile", STR(""));
    if (!args_given(args, "pid")) return NULL;
    if (j->page.profile.len)
        return err_new(a, ERR_USAGE, 0, "--pid and --profile: findings are ranked by one of them");
    TRY(args_u64(a, args, "pid", &pid));
    if (pid == 0 || pid > INT32_MAX)
        return err_new(a, ERR_USAGE, 0, "--pid %llu: no such process", (unsigned long long)pid);
    j->pid = (uint32_t)pid;
    j->page.profile = str_fmt(a, "pid:%u", j->pid);
    return NULL;
}

static Err read_options(Job *j) {
    const Args *args = &j->cli->args;
    Arena *a = j->cli->arena;
    Str name = args_value(args, "engine", str_c(engine_default()->name));
    j->engine = engine_find(name);
    if (!j->engine)
        return err_new(a, ERR_USAGE, 0, "--engine " STR_FMT ": no such engine; there is: " STR_FMT,
                       STR_ARG(name), STR_ARG(engine_names(a)));
    Str cost = args_value(args, "cost", STR("sometimes"));
    if (!str_eq_c(cost, "always") && !str_eq_c(cost, "sometimes"))
        return err_new(a, ERR_USAGE, 0, "--cost " STR_FMT ": give always or sometimes",
                       STR_ARG(cost));
    if (args_given(args, "fail-on"))
        TRY(review_parse_fail_on(a, args_value(args, "fail-on", STR("")), &j->fail_on));
    uint64_t top = args_flag(args, "json") ? 0 : TOP_TEXT;
    TRY(args_u64(a, args, "top", &top));
    j->page.top = (uint32_t)MIN(top, UINT32_MAX);
    j->request.patterns = args->rest;
    j->request.tags = args_value(args, "tags", STR(""));
    j->request.dir = args_value(args, "C", STR(""));
    if (j->request.dir.len && file_kind(j->request.dir) != FILE_DIR)
        return err_new(a, ERR_USAGE, 0, "-C " STR_FMT ": no such directory",
                       STR_ARG(j->request.dir));
    j->page.base = j->request.dir.len ? path_absolute(a, j->request.dir) : dir_current(a);
    j->page.patterns = args->rest.len ? strvec_join(a, &args->rest, STR(" ")) : STR("./...");
    TRY(read_profile_options(j));
    j->page.observation = args_value(args, "gc", STR(""));
    if (j->page.observation.len && !j->page.profile.len)
        return err_new(
            a, ERR_USAGE, 0,
            "--gc wants --profile or --pid too: the profile says what each place allocates");
    return NULL;
}

#define ADVICE "; go test -memprofile FILE and /debug/pprof/heap write what --profile reads"

// Before the long part: a profile that cannot be read is found out at once.
static Err read_profile(Job *j) {
    Arena *a = j->cli->arena;
    Str bytes, path = j->page.profile;
    if (!path.len) return NULL;
    if (j->pid) {
        Err err = live_pid_heap_profile(a, j->pid, NULL, &j->profile);
        return err ? err_wrap(a, err, "pid:%u", j->pid) : NULL;
    }
    if (file_kind(path) == FILE_NONE)
        return err_new(a, ERR_IO, 0, STR_FMT ": no such file" ADVICE, STR_ARG(path));
    TRY(file_read(a, path, &bytes));
    Err err = profile_read(a, bytes, &j->profile);
    if (!err) return NULL;
    return err_new(a, err->code, err->offset, STR_FMT ": " STR_FMT ADVICE, STR_ARG(path),
                   STR_ARG(err->what));
}

static Err read_observation(Job *j) {
    Arena *a = j->cli->arena;
    Str text, path = j->page.observation;
    if (!path.len) return NULL;
    TRY(file_read(a, path, &text));
    GcObservation *seen = NEW(a, GcObservation);
    GcModel *model;
    Err err = observation_read(a, text, seen);
    if (!err) err = gc_model_new(a, seen, &model);
    if (err) return err_wrap(a, err, STR_FMT, STR_ARG(path));
    j->page.gc = model;
    return NULL;
}

static Err add_profile(Job *j, Evidence *e) {
    if (!j->page.profile.len) return NULL;
    progress(&j->progress, STR("joining the profile"));
    Err err = evidence_add_profile(j->cli->arena, e, &j->profile);
    return err ? err_wrap(j->cli->arena, err, STR_FMT, STR_ARG(j->page.profile)) : NULL;
}

static Err write_file(Job *j, const Review *r, const char *option,
                      void (*render)(Job *j, const Doc *d, Buf *out)) {
    if (!args_given(&j->cli->args, option)) return NULL;
    Doc *d = doc_new(j->cli->arena, cmd_review.schema);
    ReviewPage page = j->page;
    bool html = str_eq_c(STR("html"), option);
    page.pictures = html;
    page.top = html ? TOP_HTML : 0;
    view_review(d, r, &page);
    Buf out = buf_new(j->cli->arena);
    render(j, d, &out);
    return file_write(j->cli->arena, args_value(&j->cli->args, option, STR("")), buf_view(&out));
}

static void render_html(Job *j, const Doc *d, Buf *out) {
    (void)j;
    doc_render_html(d, out);
}

static void render_sarif(Job *j, const Doc *d, Buf *out) {
    (void)j;
    doc_render_sarif(d, STR(HEAPWISE_VERSION), out);
}

// A review with holes is shown, but never passes: 2 wins over 1.
static Status judge(Job *j, const Review *r) {
    const EngineResult *e = r->evidence->engine;
    Status status = review_failures(r, &j->fail_on) ? STATUS_FINDINGS : STATUS_OK;
    for (uint32_t i = 0; i < e->packages.len; i++) {
        const EnginePackage *p = &e->packages.v[i];
        if (p->covered) continue;
        Str rest = p->error, why = str_line(&rest);
        doc_warn(j->cli->doc, STR_FMT ": not covered: " STR_FMT, STR_ARG(p->path), STR_ARG(why));
        status = STATUS_USAGE;
    }
    if (e->unparsed) {
        doc_warn(j->cli->doc,
                 "%s: %u lines of its output were not understood; the review may miss something",
                 j->engine->name, e->unparsed);
        status = STATUS_USAGE;
    }
    return status;
}

static Err show(Job *j, Evidence *e, Status *status) {
    TRY(add_profile(j, e));
    if (j->page.gc && str_eq_c(e->heap.type, "inuse_space")) {
        doc_warn(j->cli->doc, "--gc: the profile holds no allocated bytes, only those in use; "
                              "/debug/pprof/allocs and go test -memprofile have them");
        j->page.gc = NULL;
    }
    Review *r = review_make(j->cli->arena, e);
    if (str_eq_c(args_value(&j->cli->args, "cost", STR("sometimes")), "always"))
        review_keep(r, ENGINE_COST_ALWAYS);
    j->page.gated = j->fail_on.set;
    j->page.failing = review_failures(r, &j->fail_on);
    progress(&j->progress, STR("writing"));
    TRY(write_file(j, r, "html", render_html));
    TRY(write_file(j, r, "sarif", render_sarif));
    view_review(j->cli->doc, r, &j->page);
    *status = judge(j, r);
    return NULL;
}

// Both engines' results as lines: moves, ways, what inlining did, captures, functions.
static Err verify(Job *j, const EngineResult *result, Status *status) {
    Arena *a = j->cli->arena;
    bool own = str_eq_c(str_c(j->engine->name), "own");
    const Engine *beside = engine_find(own ? STR("compiler") : STR("own"));
    EngineResult other = {0};
    Err e = beside->run(a, &j->request, &other);
    if (e)
        return err_new(a, e->code, 0, "--verify asks the Go toolchain: " STR_FMT, STR_ARG(e->what));
    VerifyResult *r = NEW(a, VerifyResult);
    Str mine = verify_result_text(a, result), others = verify_result_text(a, &other);
    r->version = own ? other.version : result->version;
    verify_compare(a, own ? others : mine, own ? mine : others, r);
    view_verify(j->cli->doc, r, args_flag(&j->cli->args, "json"));
    if (r->lines.len && *status == STATUS_OK) *status = STATUS_FINDINGS;
    return NULL;
}

static Err review(Job *j, Status *status) {
    EngineResult *result = NEW(j->cli->arena, EngineResult);
    TRY(j->engine->run(j->cli->arena, &j->request, result));
    progress(&j->progress, STR("reading the source"));
    Evidence *e = evidence_gather(j->cli->arena, result);
    Err err = show(j, e, status);
    if (!err && args_flag(&j->cli->args, "verify")) err = verify(j, result, status);
    evidence_free(e);
    return err;
}

static Err run_review(Cli *cli, Status *status) {
    Job j = {.cli = cli, .progress = {clock_ns(), term_is_tty(STDERR_FILENO), false}};
    TRY(read_options(&j));
    TRY(read_observation(&j));
    TRY(read_profile(&j));
    j.request.progress = progress;
    j.request.progress_ctx = &j.progress;
    Err e = review(&j, status);
    progress_end(&j.progress);
    if (j.page.profile.len) profile_free(&j.profile);
    return e;
}

const Command cmd_review = {
    .name = "review",
    .summary = "rank what moves to the heap, with the way out and a profile's evidence",
    .usage = "[PATTERN...] [--profile FILE|--pid PID [--gc OBSERVATION]] [--html FILE] "
             "[--fail-on SPEC]",
    .details =
        "Reviews the memory use of Go packages: one finding per place where something moves to the "
        "heap, with the source, the way out, the guide's category, the question of its checklist "
        "and an answer. With a profile, findings are ranked by the bytes charged to their line.\n"
        "Exit status: 0 done, 1 --fail-on holds, 2 something could not be read or covered whole, 3 "
        "our own failure.",
    .example = "heapwise review ./... --profile mem.pprof --html review.html",
    .schema = "heapwise.review/1",
    .options = OPTIONS(options),
    .run = run_review,
};
