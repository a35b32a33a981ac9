// cli/gc_watch.c: `heapwise gc watch SOURCE`: a trace file, a stream of trace lines (-), a process
// (pid:PID), or a URL that serves /debug/pprof/heap?debug=1 or Prometheus text. A source that can
// be asked at any time is one function that yields a snapshot; the others yield records.
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <unistd.h>

#include "cli/gc.h"
#include "cli/gc_live.h"
#include "cli/pprof_cli.h"
#include "live/gc_counters.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/stop.h"
#include "view/gc.h"

// One heap profile costs a service 2 to 3 ms of CPU: every 3 s is a thousandth of a core.
static const double url_interval_s = 3;
// A process is read from outside, which costs it nothing.
static const double process_interval_s = 1;

typedef struct Watch {
    Cli *cli;
    Str source;
    double interval_s, for_s;
    uint64_t started_ns;
    bool ndjson, head_written;
    pid_t pid;                   // 0: not told
    const LiveGcSource *process; // NULL: the source is no process
    GcRecordVec all;
    GcLive *live; // NULL: rows or lines of JSON
} Watch;

static double now_s(const Watch *w) { return (double)(clock_ns() - w->started_ns) / 1e9; }

static bool time_is_up(const Watch *w) {
    return stop_asked() || (w->live && gc_live_quit(w->live)) ||
           (w->for_s > 0 && now_s(w) >= w->for_s);
}

// Records appear as they come; everything else of a page waits for the end.
static Err show(Watch *w, const GcRecord *r) {
    Arena *a = w->cli->arena;
    vec_push(a, &w->all, *r);
    if (w->live) {
        gc_live_draw(w->live, &w->all);
        return NULL;
    }
    Buf out = buf_new(a);
    if (w->ndjson) {
        view_gc_record_json(&out, r);
    } else {
        if (!w->head_written) view_gc_record_head(&out);
        w->head_written = true;
        view_gc_record_row(&out, r);
    }
    return file_write_fd(a, STDOUT_FILENO, buf_view(&out), STR("standard output"));
}

// ---- a stream of trace lines ----

static Err show_new(Watch *w, GcTrace *t, uint32_t *shown) {
    GcObservation o = {.gogc = 100, .memlimit = GC_NO_LIMIT, .cycles = *gctrace_cycles(t)};
    if (o.cycles.len == *shown) return NULL;
    GcRecordVec records = gc_records(w->cli->arena, &o, *shown, INFINITY);
    *shown = o.cycles.len;
    for (uint32_t i = 0; i < records.len; i++) TRY(show(w, &records.v[i]));
    return NULL;
}

static Err watch_stream(Watch *w) {
    enum { CHUNK = 1 << 16 };
    Arena *a = w->cli->arena;
    GcTrace *t = gctrace_new(a);
    char *chunk = NEW_ARRAY(a, char, CHUNK);
    uint32_t shown = 0;
    double next = w->interval_s;
    while (!time_is_up(w)) {
        struct pollfd fd = {STDIN_FILENO, POLLIN, 0};
        int ready = poll(&fd, 1, 100);
        ssize_t n = ready > 0 ? read(STDIN_FILENO, chunk, CHUNK) : -1;
        if (n == 0 || (n < 0 && ready > 0 && errno != EINTR)) break;
        if (n > 0)
            gctrace_feed(t, (Str){chunk, (size_t)n});
        else
            gctrace_settle(t);
        gctrace_foreign(t)->len = 0;
        if (now_s(w) < next) continue;
        next = now_s(w) + w->interval_s;
        TRY(show_new(w, t, &shown));
    }
    gctrace_end(t);
    TRY(show_new(w, t, &shown));
    GcTraceCounts c = gctrace_counts(t);
    if (!c.cycles)
        return err_new(
            a, ERR_FORMAT, 0,
            "standard input: no gctrace line in it: start the program with GODEBUG=gctrace=1");
    if (c.lost || c.restarts)
        doc_warn(w->cli->doc, "%llu trace lines lost, %llu restarts", (unsigned long long)c.lost,
                 (unsigned long long)c.restarts);
    return NULL;
}

// ---- a service ----

static void put(GcSnapshot *s, GcCounter c, double value) {
    s->value[c] = value;
    s->have |= (uint64_t)1 << c;
}

static Err look_process(Watch *w, Arena *scratch, GcSnapshot *out) {
    enum { MARK_TRIES = 10, MARK_WAIT_MS = 5 };
    LiveGc g;
    for (int i = 0; i < MARK_TRIES; i++) { // only between marks is the last cycle known whole
        if (i) poll(NULL, 0, MARK_WAIT_MS);
        TRY(live_pid_gc_read(scratch, w->process, &g));
        if (!g.marking) break;
    }
    GcSnapshot s = {0};
    double gc_ns = (double)(g.assist_ns + g.dedicated_ns + g.idle_ns);
    put(&s, GC_TOTAL_ALLOC, (double)g.alloc);
    put(&s, GC_NUM_GC, g.cycles);
    put(&s, GC_NUM_FORCED_GC, g.forced);
    put(&s, GC_PAUSE_TOTAL, (double)g.paused_ns / 1e9);
    put(&s, GC_GC_CPU, gc_ns / 1e9);
    put(&s, GC_GOGC, (double)g.gogc);
    put(&s, GC_MEMLIMIT, (double)g.memlimit);
    put(&s, GC_NEXT_GC, (double)g.goal);
    put(&s, GC_HEAP_LIVE, (double)g.marked);
    put(&s, GC_SCAN_STACK, (double)g.stack_scan);
    put(&s, GC_SCAN_GLOBALS, (double)g.globals_scan);
    if (g.cycles && !g.marking && g.last_end >= g.last_start)
        put(&s, GC_FLOATING, (double)MIN(g.last_end - g.last_start, g.marked));
    *out = s;
    return NULL;
}

static Err look(Watch *w, Arena *scratch, GcSnapshot *out) {
    if (w->process) return look_process(w, scratch, out);
    HttpRequest request = {.url = w->source, .timeout_seconds = 20};
    Str body;
    TRY(http_fetch(scratch, &request, &body));
    bool memstats = str_find(body, STR("# runtime.MemStats")) != STR_NONE;
    return memstats ? memstats_read(scratch, body, out) : prometheus_read(scratch, body, out);
}

static void add_process(const Watch *w, Arena *scratch, GcRecord *r, ProcessFacts *before) {
    ProcessFacts now;
    if (!w->pid || !process_facts(scratch, w->pid, &now)) return;
    double run = (double)(now.run_ns - before->run_ns) / 1e9,
           wait = (double)(now.wait_ns - before->wait_ns) / 1e9;
    if (before->run_ns && now.run_ns >= before->run_ns && r->seconds > 0) {
        r->used_cpu = run / r->seconds;
        r->on_cpu = run + wait > 0 ? run / (run + wait) : 1;
        r->gc_cpu *= gc_got_of_marking(r->on_cpu); // the runtime's figure holds waiting
    }
    r->rss = (double)now.rss;
    *before = now;
}

static void wait_until(const Watch *w, double at) {
    while (!time_is_up(w) && now_s(w) < at)
        poll(NULL, 0, (int)fmin((at - now_s(w)) * 1000 + 1, 100));
}

static Err watch_service(Watch *w) {
    enum { FAILURES_MAX = 3 };
    Arena *scratch = arena_new("gc watch");
    GcSnapshot before = {0}, after;
    ProcessFacts process = {0};
    double before_at = -1;
    int failures = 0;
    Err e = NULL;
    while (!e && !time_is_up(w)) {
        ArenaMark mark = arena_mark(scratch);
        double at = now_s(w);
        Err failed = look(w, scratch, &after);
        GcRecord r = gc_record_none();
        if (!failed && before_at >= 0) {
            failed = gc_record_between(scratch, &before, &after, at - before_at, &r);
            if (failed) { // a restart: begin again from here
                doc_warn(w->cli->doc, STR_FMT, STR_ARG(failed->what));
                r.restarted = true;
                failed = NULL;
            }
            r.at_s = at;
            add_process(w, scratch, &r, &process);
            e = show(w, &r);
        } else if (!failed) {
            add_process(w, scratch, &r, &process);
        }
        if (failed && (++failures >= FAILURES_MAX || before_at < 0))
            e = err_new(w->cli->arena, failed->code, 0, STR_FMT, STR_ARG(failed->what));
        if (!failed) failures = 0, before = after, before_at = at, before.go_version = STR("");
        arena_pop_to(mark);
        wait_until(w, at + w->interval_s);
    }
    arena_free(scratch);
    if (e && w->all.len) { // what was read so far stands
        doc_warn(w->cli->doc, STR_FMT, STR_ARG(e->what));
        return NULL;
    }
    return e;
}

// ---- a whole file ----

static Err watch_file(Watch *w) {
    Arena *a = w->cli->arena;
    Str text;
    GcObservation o;
    TRY(file_read(a, w->source, &text));
    Err e = observation_read(a, text, &o);
    if (e) return err_wrap(a, e, STR_FMT, STR_ARG(w->source));
    double span = vec_last(&o.cycles).start_s;
    w->all = gc_records(a, &o, 0, w->interval_s > 0 ? w->interval_s : fmax(span / 40, 0.05));
    for (uint32_t i = 0; w->ndjson && i < w->all.len; i++) {
        Buf out = buf_new(a);
        view_gc_record_json(&out, &w->all.v[i]);
        TRY(file_write_fd(a, STDOUT_FILENO, buf_view(&out), STR("standard output")));
    }
    if (w->ndjson) return NULL;
    view_gc_run(w->cli->doc, &o, NULL, -1);
    view_gc_records(w->cli->doc, &w->all);
    return NULL;
}

static Err seconds(Arena *a, const Args *args, const char *name, double *out) {
    Str text = args_value(args, name, STR(""));
    if (text.len && (!str_to_f64(text, out) || !(*out > 0) || *out > 1e6))
        return err_new(a, ERR_USAGE, 0, "--%s=" STR_FMT ": wants seconds", name, STR_ARG(text));
    return NULL;
}

// pid:4711
static Err open_process(Watch *w) {
    Arena *a = w->cli->arena;
    Str rest = w->source;
    uint64_t pid;
    if (!str_cut_prefix(&rest, STR("pid:"))) return NULL;
    if (!str_to_u64(rest, &pid) || !pid || pid > INT32_MAX)
        return err_new(a, ERR_USAGE, 0, "'" STR_FMT "': a process is pid:4711", STR_ARG(w->source));
    LiveGcSource *s = NEW(a, LiveGcSource);
    Err e = live_pid_gc_open(a, (uint32_t)pid, s);
    if (e) return err_wrap(a, e, STR_FMT, STR_ARG(w->source));
    w->process = s;
    w->pid = (pid_t)pid;
    return NULL;
}

Err cli_gc_watch(Cli *cli, Status *status) {
    (void)status;
    Arena *a = cli->arena;
    if (cli->args.rest.len != 2)
        return err_new(a, ERR_USAGE, 0,
                       "gc watch wants one source: a trace file, - for a stream, pid:PID, or a URL "
                       "that ends in "
                       "/debug/pprof/heap?debug=1 or /metrics");
    Watch w = {.cli = cli,
               .source = cli->args.rest.v[1],
               .started_ns = clock_ns(),
               .ndjson = args_flag(&cli->args, "ndjson")};
    uint64_t pid = 0;
    TRY(seconds(a, &cli->args, "interval", &w.interval_s));
    TRY(seconds(a, &cli->args, "for", &w.for_s));
    TRY(args_u64(a, &cli->args, "pid", &pid));
    w.pid = (pid_t)pid;
    bool url = str_starts(w.source, STR("http://")) || str_starts(w.source, STR("https://"));
    bool stream = str_eq_c(w.source, "-");
    TRY(open_process(&w));
    bool asked = url || w.process;
    if ((asked || stream) && !(w.interval_s > 0))
        w.interval_s = url ? url_interval_s : process_interval_s;
    bool live = args_flag(&cli->args, "live");
    if (live && !asked)
        return err_new(
            a, ERR_USAGE, 0,
            "--live wants a URL or a process: the keyboard cannot be read beside a stream");
    if (live) TRY(gc_live_open(a, w.source, &w.live));
    if (asked || stream) stop_watch();
    if (live) gc_live_draw(w.live, &w.all);
    Err e = asked ? watch_service(&w) : stream ? watch_stream(&w) : watch_file(&w);
    if (asked || stream) stop_unwatch();
    if (live) gc_live_close(w.live);
    TRY(e);
    Str plot = args_value(&cli->args, "plot", STR(""));
    if (!plot.len) return NULL;
    Buf page = buf_new(a);
    view_gc_plot(&page, &w.all, w.source);
    return file_write(a, plot, buf_view(&page));
}
