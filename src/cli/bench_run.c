// cli/bench_run.c: `heapwise bench run PATTERN`.
#include "bench/run.h"

#include <stdio.h>

#include "cli/bench.h"
#include "sys/file.h"

enum { FIRST_LOOK = 10, MOST_RUNS = 80 };

static void progress(void *ctx, Str line) {
    (void)ctx;
    fprintf(stderr, "heapwise: " STR_FMT "\n", STR_ARG(line));
}

static Err read_spec(const Cli *cli, RunSpec *out) {
    RunSpec s = {.dir = STR("."), .least = FIRST_LOOK, .progress = progress};
    if (cli->args.rest.len < 2)
        return err_new(cli->arena, ERR_USAGE, 0, "bench run wants the pattern of go test -bench");
    s.pattern = cli->args.rest.v[1];
    for (uint32_t i = 2; i < cli->args.rest.len; i++)
        vec_push(cli->arena, &s.packages, cli->args.rest.v[i]);
    if (!s.packages.len) vec_push(cli->arena, &s.packages, STR("."));
    TRY(cli_bench_rules(cli, &s.rules));
    if (!args_given(&cli->args, "max-runs")) s.rules.max_runs = MOST_RUNS;
    uint64_t least = s.least;
    TRY(args_u64(cli->arena, &cli->args, "first-look", &least));
    if (least < 1 || least > 1000)
        return err_new(cli->arena, ERR_USAGE, 0, "--first-look=%llu: wants 1 to 1000",
                       (unsigned long long)least);
    s.least = (size_t)least;
    TRY(args_duration(cli->arena, &cli->args, "max-time", &s.limit_ns));
    s.before = args_value(&cli->args, "before", (Str){0});
    s.benchtime = args_value(&cli->args, "benchtime", STR(RUN_BENCHTIME));
    uint64_t windows = 0;
    TRY(args_u64(cli->arena, &cli->args, "windows", &windows));
    if (windows > 10000) return err_new(cli->arena, ERR_USAGE, 0, "--windows: wants 1 to 10000");
    s.windows = (size_t)windows;
    s.cpu = args_value(&cli->args, "cpu", (Str){0});
    s.profiles = args_value(&cli->args, "memprofile", (Str){0});
    *out = s;
    return NULL;
}

static StrVec remarks(Cli *cli, const RunResult *r) {
    Arena *a = cli->arena;
    StrVec out = {0};
    vec_push(a, &out,
             str_fmt(a,
                     "%zu rounds by turns of up to %zu windows, " STR_FMT " against " STR_FMT ".",
                     r->rounds, r->windows, STR_ARG(r->version[0]), STR_ARG(r->version[1])));
    if (!r->settled)
        vec_push(a, &out,
                 r->out_of_time ? STR("Stopped by --max-time before every verdict was settled.")
                                : STR("Stopped at --max-runs before every verdict was settled."));
    for (uint32_t i = 0; i < r->profiles.len; i++)
        vec_push(a, &out, str_join2(a, STR("Memory profile: "), r->profiles.v[i]));
    return out;
}

static Err keep(Cli *cli, const RunResult *r) {
    Str dir = args_value(&cli->args, "keep", (Str){0});
    if (!dir.len) return NULL;
    TRY(dir_make(cli->arena, dir));
    TRY(file_write(cli->arena, path_join(cli->arena, dir, STR("old.txt")), r->text[0]));
    return file_write(cli->arena, path_join(cli->arena, dir, STR("new.txt")), r->text[1]);
}

Err cli_bench_run(Cli *cli, Status *status) {
    RunSpec spec;
    RunResult r;
    TRY(read_spec(cli, &spec));
    TRY(bench_run(cli->arena, &spec, &r));
    TRY(keep(cli, &r));
    BenchSide sides[2];
    for (int i = 0; i < 2; i++) sides[i] = (BenchSide){r.text[i], r.version[i]};
    GateRules rules = spec.rules;
    rules.alpha = r.alpha;
    TRY(cli_bench_judge(cli, sides, &rules, remarks(cli, &r), status));
    return cli_draw_format(cli);
}
