// cli/gc_run.c: `heapwise gc run -- CMD`: runs a program with gctrace on, reads its standard error
// as fast as it comes (a pipe that nobody drains stops the program), hands on what is the program's
// own, and sums up its cycles.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "cli/gc.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/term.h"
#include "view/gc.h"

enum {
    CHUNK = 1 << 16,
    QUIET_MS = 50,       // after this long without output, what is held back is decided on
    SAMPLE_MS = 200,     // how often the kernel is asked about the process
    HELD_MAX = 64 << 20, // bytes of the program's output that wait for our own standard error
};

typedef struct Run {
    Arena *arena, *scratch;
    Child child;
    GcTrace *trace;
    GcObservation seen;
    uint64_t started_ns, sampled_ns;
    size_t written; // of the foreign text
    bool stderr_gone;
    bool quiet; // nothing is handed on; the newest of it is kept
} Run;

// GODEBUG of the child: what was there, and gctrace (with the pacer's exact figures when asked
// for).
static Str godebug_with_trace(Arena *a, Str have, bool precise) {
    Buf b = buf_new(a);
    Str rest = have;
    bool traced = false;
    while (rest.len) {
        Str field = str_split(&rest, ',');
        if (!field.len) continue;
        traced |= str_eq_c(field, "gctrace=2");
        if (str_starts(field, STR("gctrace="))) continue;
        buf_str(&b, field);
        buf_byte(&b, ',');
    }
    buf_c(&b, traced ? "gctrace=2" : "gctrace=1");
    if (precise) buf_lit(&b, ",gcpacertrace=1");
    return buf_view(&b);
}

// Writes what standard error takes; the rest waits, so that a slow reader of ours never holds up
// the reading of the pipe (until very much waits).
static void hand_on(Run *r, bool all) {
    Buf *foreign = gctrace_foreign(r->trace);
    if (r->quiet) {
        if (foreign->len > CHUNK && !all) foreign->len = 0;
        return;
    }
    while (r->written < foreign->len && !r->stderr_gone) {
        bool must = all || foreign->len - r->written > HELD_MAX;
        struct pollfd fd = {STDERR_FILENO, POLLOUT, 0};
        if (poll(&fd, 1, must ? 1000 : 0) == 0) {
            if (must) continue;
            return;
        }
        size_t n = MIN(foreign->len - r->written, (size_t)4096); // what a ready pipe surely takes
        ssize_t done = write(STDERR_FILENO, foreign->ptr + r->written, n);
        if (done > 0)
            r->written += (size_t)done;
        else if (errno != EINTR && errno != EAGAIN)
            r->stderr_gone = true;
    }
    foreign->len = 0;
    r->written = 0;
}

static void sample(Run *r) {
    uint64_t now = clock_ns();
    if (now - r->sampled_ns < (uint64_t)SAMPLE_MS * 1000000) return;
    r->sampled_ns = now;
    ProcessFacts f;
    if (!process_facts(r->scratch, r->child.pid, &f)) return;
    GcObservation *o = &r->seen;
    if (!o->early_anon) o->early_anon = f.rss_anon;
    o->peak_anon = MAX(o->peak_anon, f.rss_anon);
    if (f.rss > f.rss_anon) o->file_rss = MAX(o->file_rss, f.rss - f.rss_anon);
    o->run_s = (double)f.run_ns / 1e9;
    o->wait_s = (double)f.wait_ns / 1e9;
}

static void follow(Run *r) {
    char *chunk = NEW_ARRAY(r->arena, char, CHUNK);
    for (;;) {
        size_t got;
        ChildEvent event = child_read(&r->child, chunk, CHUNK, QUIET_MS, &got);
        if (event == CHILD_CLOSED) break;
        if (event == CHILD_BYTES)
            gctrace_feed(r->trace, (Str){chunk, got});
        else
            gctrace_settle(r->trace);
        hand_on(r, false);
        sample(r);
    }
    gctrace_end(r->trace);
    hand_on(r, true);
}

// GOGC and GOMEMLIMIT as the child got them.
static void note_settings(GcObservation *o, Str gogc, Str limit) {
    int64_t n;
    uint64_t bytes;
    o->gogc = str_eq_c(gogc, "off") ? -1 : str_to_i64(gogc, &n) ? n : 100;
    o->memlimit = settings_parse_memlimit(limit, &bytes) && limit.len ? bytes : GC_NO_LIMIT;
}

// NAME as the child gets it: from the run's own settings, else from our environment.
static Str child_env(const GcRunSpec *spec, const char *name) {
    Str found = env_get(name);
    for (uint32_t i = 0; i < spec->env.len; i++) {
        Str value = spec->env.v[i];
        if (str_eq_c(str_split(&value, '='), name)) found = value;
    }
    return found;
}

Err cli_gc_observe(Arena *a, const GcRunSpec *spec, GcRunResult *out) {
    if (spec->load && load_taken(spec->load))
        return err_new(a, ERR_IO, 0,
                       STR_FMT ":" STR_FMT
                               ": something answers there already; end it, or take another port",
                       STR_ARG(spec->load->host), STR_ARG(spec->load->port));
    StrVec env = {0};
    for (uint32_t i = 0; i < spec->env.len; i++) vec_push(a, &env, spec->env.v[i]);
    Str godebug = godebug_with_trace(a, child_env(spec, "GODEBUG"), spec->precise);
    vec_push(a, &env, str_join2(a, STR("GODEBUG="), godebug));
    Run r = {
        .arena = a, .scratch = arena_new("gc run"), .trace = gctrace_new(a), .quiet = spec->quiet};
    r.started_ns = clock_ns();
    note_settings(&r.seen, child_env(spec, "GOGC"), child_env(spec, "GOMEMLIMIT"));
    TRY(child_start(a, &spec->argv, &env, spec->output, &r.child));
    Load *load = spec->load ? load_start(a, spec->load, r.child.pid) : NULL;
    follow(&r);
    LoadResult answers = {0};
    Err failed = load ? load_join(a, load, &answers) : NULL;
    ChildEnd end;
    TRY(child_wait(a, &r.child, &end));
    arena_free(r.scratch);
    r.seen.wall_s = (double)(clock_ns() - r.started_ns) / 1e9;
    r.seen.cpu_s = (double)(end.user_ns + end.system_ns) / 1e9;
    r.seen.peak_rss = end.peak_rss;
    r.seen.cycles = *gctrace_cycles(r.trace);
    if (r.seen.cycles.len) r.seen.procs = vec_last(&r.seen.cycles).procs;
    Str words = buf_view(gctrace_foreign(r.trace)); // of a quiet run
    *out = (GcRunResult){
        .seen = r.seen, .counts = gctrace_counts(r.trace), .end = end, .load = answers};
    out->last_words = str_from(words, words.len > 400 ? words.len - 400 : 0);
    if (failed) return err_wrap(a, failed, STR_FMT, STR_ARG(spec->argv.v[0]));
    return NULL;
}

static Err save(Cli *cli, const GcObservation *o) {
    Str path = args_value(&cli->args, "out", STR(""));
    if (!path.len) return NULL;
    Buf b = buf_new(cli->arena);
    observation_write(o, &b);
    return file_write(cli->arena, path, buf_view(&b));
}

Err cli_gc_run(Cli *cli, Status *status) {
    (void)status;
    Arena *a = cli->arena;
    GcRunSpec spec = {.precise = args_flag(&cli->args, "precise")};
    spec.output = args_flag(&cli->args, "json") ? CHILD_OUTPUT_TO_STDERR : CHILD_OUTPUT_OURS;
    for (uint32_t i = 1; i < cli->args.rest.len; i++) vec_push(a, &spec.argv, cli->args.rest.v[i]);
    if (!spec.argv.len)
        return err_new(a, ERR_USAGE, 0, "gc run wants a program: heapwise gc run -- ./server");
    GcRunResult r;
    TRY(cli_gc_observe(a, &spec, &r));
    TRY(save(cli, &r.seen));
    view_gc_run(cli->doc, &r.seen, &r.counts, r.end.status);
    return NULL;
}
