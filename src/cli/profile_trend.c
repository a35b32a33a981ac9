// cli/profile_trend.c: `heapwise profile trend FILE...`: several profiles of one program, from
// files or taken from a running one at intervals.
#include <poll.h>
#include <time.h>

#include "cli/pprof_cli.h"
#include "cli/profile_cli.h"
#include "codec/inflate.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/stop.h"
#include "view/profile_trend.h"

enum { TOP = 20, KEEP = 100, FAILURES_MOST = 3 };

// ---- a live program

typedef struct Polling {
    Cli *cli;
    Str source, dir;
    uint64_t every_ns, count, keep;
    StrVec files; // oldest first
} Polling;

// Names sort as they were taken: "heap-20261130-210405.123.pb.gz".
static Str snapshot_name(Arena *a, const Polling *p, int64_t nanos) {
    time_t seconds = (time_t)(nanos / 1000000000);
    struct tm tm;
    char text[40];
    gmtime_r(&seconds, &tm);
    size_t n = strftime(text, sizeof text, "%Y%m%d-%H%M%S", &tm);
    return path_join(a, p->dir,
                     str_fmt(a, "heap-" STR_FMT ".%03lld.pb.gz", STR_ARG(((Str){text, n})),
                             (long long)(nanos / 1000000 % 1000)));
}

static Err take(Polling *p) {
    Arena *scratch = arena_new("snapshot");
    PprofLine line = {.timeout = 60};
    Buf messages = buf_new(scratch);
    Profile profile;
    bool remote;
    Err err =
        pprof_read_source(scratch, &(PprofFetch){&line, &messages}, p->source, &profile, &remote);
    if (!err) {
        if (!profile.time_nanos) profile.time_nanos = clock_unix_ns();
        int64_t now = clock_unix_ns();
        Str path = snapshot_name(p->cli->arena, p, now);
        while (file_exists(path)) // two within a millisecond
            path = snapshot_name(p->cli->arena, p, now += 1000000);
        err = file_write(scratch, path, deflate_gzip(scratch, profile_encode(&profile, scratch)));
        profile_free(&profile);
        if (!err) vec_push(p->cli->arena, &p->files, path);
    }
    if (err)
        err = err_new(p->cli->arena, err->code, 0, STR_FMT ": " STR_FMT,
                      STR_ARG(pprof_source_shown(p->cli->arena, p->source)), STR_ARG(err->what));
    arena_free(scratch);
    return err;
}

// The ring: the oldest file goes when there is one too many.
static void forget_oldest(Polling *p) {
    while (p->files.len > p->keep) {
        (void)dir_remove_tree(p->cli->arena, p->files.v[0]);
        memmove(p->files.v, p->files.v + 1, (p->files.len - 1) * sizeof *p->files.v);
        p->files.len--;
    }
}

static void wait_until(uint64_t at_ns) {
    while (!stop_asked() && clock_ns() < at_ns)
        poll(NULL, 0, (int)MIN((at_ns - clock_ns()) / 1000000 + 1, (uint64_t)100));
}

static Err poll_source(Polling *p) {
    TRY(dir_make(p->cli->arena, p->dir));
    stop_watch();
    Err err = NULL;
    uint64_t next = clock_ns();
    for (uint64_t i = 0, failures = 0; (!p->count || i < p->count) && !stop_asked(); i++) {
        Err failed = take(p);
        failures = failed ? failures + 1 : 0;
        if (failed && (failures >= FAILURES_MOST || !p->files.len)) {
            err = failed;
            break;
        }
        if (failed) doc_warn(p->cli->doc, STR_FMT, STR_ARG(failed->what));
        forget_oldest(p);
        next += p->every_ns;
        if (!p->count || i + 1 < p->count) wait_until(next);
    }
    stop_unwatch();
    if (!err || p->files.len < 2) return err;
    doc_warn(p->cli->doc, STR_FMT, STR_ARG(err->what)); // what was taken so far stands
    return NULL;
}

static Err read_polling(Cli *cli, Polling *out) {
    const Args *args = &cli->args;
    Polling p = {.cli = cli, .keep = KEEP, .dir = args_value(args, "dir", STR(""))};
    TRY(args_duration(cli->arena, args, "every", &p.every_ns));
    TRY(args_u64(cli->arena, args, "count", &p.count));
    TRY(args_u64(cli->arena, args, "keep", &p.keep));
    if (!args_given(args, "every")) {
        if (args_given(args, "count") || args_given(args, "keep") || p.dir.len)
            return err_new(cli->arena, ERR_USAGE, 0,
                           "--count, --keep and --dir want --every: how often a snapshot is taken");
        return NULL;
    }
    if (args->rest.len != 2)
        return err_new(cli->arena, ERR_USAGE, 0,
                       "--every wants one source: host:port/debug/pprof/heap or pid:PID");
    p.source = args->rest.v[1];
    if (p.keep < 2 || p.count == 1)
        return err_new(cli->arena, ERR_USAGE, 0, "a trend needs two snapshots at least");
    if (!p.dir.len) p.dir = STR("heapwise-snapshots");
    *out = p;
    return NULL;
}

// ---- the profiles

static Err add_source(Trend *t, Str source) {
    Arena *scratch = arena_new("snapshot");
    PprofLine line = {0};
    Buf messages = buf_new(scratch);
    Profile p;
    bool remote;
    Err err = pprof_read_source(scratch, &(PprofFetch){&line, &messages}, source, &p, &remote);
    if (err) {
        err = err_new(t->arena, err->code, 0, STR_FMT ": " STR_FMT,
                      STR_ARG(pprof_source_shown(t->arena, source)), STR_ARG(err->what));
    } else {
        err = trend_add(t, &p, source);
        profile_free(&p);
    }
    arena_free(scratch);
    return err;
}

Err cli_profile_trend(Cli *cli, Status *status) {
    Arena *a = cli->arena;
    const Args *args = &cli->args;
    uint64_t top = args_flag(args, "all") || args_flag(args, "json") ? 0 : TOP;
    Polling polling = {0};
    TrendRules rules = {.value = args_value(args, "sample_index", STR(""))};
    TRY(args_u64(a, args, "top", &top));
    TRY(profile_parse_by(cli, &rules.by, &rules.label));
    TRY(read_polling(cli, &polling));
    StrVec sources = {0};
    for (uint32_t i = 1; i < args->rest.len; i++) vec_push(a, &sources, args->rest.v[i]);
    if (polling.every_ns) {
        TRY(poll_source(&polling));
        sources = polling.files;
    }
    if (sources.len < 2)
        return err_new(a, ERR_USAGE, 0, "profile trend wants two profiles at least, or --every");
    Trend trend;
    trend_init(a, &rules, &trend);
    for (uint32_t i = 0; i < sources.len; i++) TRY(add_source(&trend, sources.v[i]));
    TRY(trend_finish(&trend));
    cli->doc->schema = "heapwise.profile-trend/1";
    view_profile_trend(cli->doc, &(ProfileTrendPage){&trend, (uint32_t)MIN(top, UINT32_MAX)});
    *status = STATUS_OK;
    return cli_draw_format(cli);
}
