// cli/gc_ab.c: `heapwise gc ab`: the same work under two variants, in turn and in random order.
// A variant is settings (--a, --b), a program (--a-program, --b-program), or a collector: with
// --collectors DIR the package there is built with Green Tea and with the classic collector.
#include "base/index.h"
#include "cli/gc.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "view/gc.h"

typedef struct Variant {
    GcRunSpec spec;
    double *cpu_s, *bytes;
    LoadResult *loads; // per run, where a load is given
    Str settings, collector;
} Variant;

static Err read_settings(Arena *a, Str text, StrVec *env) {
    while (text.len) {
        Str word = str_split(&text, ' ');
        if (!word.len) continue;
        size_t eq = str_find_byte(word, '=');
        if (eq == STR_NONE || eq == 0)
            return err_new(a, ERR_USAGE, 0,
                           "'" STR_FMT "': settings are NAME=VALUE, parted by spaces",
                           STR_ARG(word));
        vec_push(a, env, word);
    }
    return NULL;
}

// Which collector the binary has, "" when it does not say.
static Str collector_of(Arena *a, Str program) {
    Str path = proc_find(a, program);
    FileMap map;
    GcBuild build;
    if (!path.len || file_map(a, path, &map)) return STR("");
    Str found = STR("");
    if (!buildinfo_read(a, map.bytes, &build))
        found = str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(buildinfo_collector(&build)),
                        STR_ARG(str_copy(a, build.version)));
    file_unmap(&map);
    return found;
}

static Err build_with(Arena *a, Str dir, const char *experiment, Str out) {
    ProcSpec spec = {.dir = dir, .timeout_ms = 600000};
    const char *const words[] = {"go", "build", "-o"};
    for (size_t i = 0; i < COUNT(words); i++) vec_push(a, &spec.argv, str_c(words[i]));
    vec_push(a, &spec.argv, out);
    vec_push(a, &spec.argv, STR("."));
    vec_push(a, &spec.env, str_fmt(a, "GOEXPERIMENT=%s", experiment));
    ProcResult r;
    TRY(proc_run(a, &spec, &r));
    if (r.status == 0) return NULL;
    bool unknown = str_find(r.err, STR("unknown GOEXPERIMENT")) != STR_NONE;
    if (unknown)
        return err_new(a, ERR_FORMAT, 0,
                       "this Go release cannot build with GOEXPERIMENT=%s: it has one collector "
                       "only; take an older "
                       "toolchain (GOTOOLCHAIN=go1.26.0)",
                       experiment);
    return err_new(a, ERR_FORMAT, 0, "go build in " STR_FMT " failed: " STR_FMT, STR_ARG(dir),
                   STR_ARG(str_trim(str_to(r.err, 400))));
}

static Err build_collectors(Arena *a, Str dir, Str folder, Variant v[2]) {
    static const char *const experiments[] = {"nogreenteagc", "greenteagc"};
    for (int i = 0; i < 2; i++) {
        Str out = path_join(a, folder, str_c(experiments[i]));
        TRY(build_with(a, dir, experiments[i], out));
        vec_push(a, &v[i].spec.argv, out);
    }
    return NULL;
}

static bool header_ok(Str header) {
    size_t colon = str_find_byte(header, ':');
    return colon != STR_NONE && colon > 0 && str_find_byte(header, '\n') == STR_NONE;
}

// --load=URL: the command is a service, which gets --rate requests a second for --for seconds.
static Err read_load(Cli *cli, LoadSpec *out, bool *given) {
    Arena *a = cli->arena;
    Str url = args_value(&cli->args, "load", STR(""));
    *given = url.len > 0;
    static const char *const needs[] = {"rate", "for", "post", "header", "insecure"};
    const double most[] = {1e5, 3600};
    double value[] = {200, 5};
    for (size_t i = 0; i < COUNT(needs); i++) {
        if (!args_given(&cli->args, needs[i])) continue;
        if (!*given) return err_new(a, ERR_USAGE, 0, "--%s goes with --load=URL", needs[i]);
        if (i >= COUNT(value)) continue;
        Str text = args_value(&cli->args, needs[i], STR(""));
        if (!str_to_f64(text, &value[i]) || !(value[i] > 0) || value[i] > most[i])
            return err_new(a, ERR_USAGE, 0,
                           "--%s=" STR_FMT ": wants a number above 0, at most %.0f", needs[i],
                           STR_ARG(text), most[i]);
    }
    if (!*given) return NULL;
    TRY(load_read_url(a, url, out));
    out->rate = value[0], out->seconds = value[1];
    out->insecure = args_flag(&cli->args, "insecure");
    out->headers = *args_list(&cli->args, "header");
    for (uint32_t i = 0; i < out->headers.len; i++)
        if (!header_ok(out->headers.v[i]))
            return err_new(a, ERR_USAGE, 0, "--header=" STR_FMT ": wants 'Name: value'",
                           STR_ARG(out->headers.v[i]));
    out->posts = args_given(&cli->args, "post");
    return out->posts ? file_read(a, args_value(&cli->args, "post", STR("")), &out->body) : NULL;
}

static Err setup_variants(Cli *cli, Str folder, Variant v[2]) {
    static const char *const settings[] = {"a", "b"}, *const programs[] = {"a-program",
                                                                           "b-program"};
    Arena *a = cli->arena;
    Str dir = args_value(&cli->args, "collectors", STR(""));
    if (dir.len) TRY(build_collectors(a, dir, folder, v));
    for (int i = 0; i < 2; i++) {
        v[i].settings = args_value(&cli->args, settings[i], STR(""));
        TRY(read_settings(a, v[i].settings, &v[i].spec.env));
        Str program = args_value(&cli->args, programs[i], STR(""));
        if (program.len && !dir.len) vec_push(a, &v[i].spec.argv, program);
        uint32_t first =
            v[i].spec.argv.len && !dir.len ? 2 : 1; // the program replaces the command's own
        for (uint32_t k = first; k < cli->args.rest.len; k++)
            vec_push(a, &v[i].spec.argv, cli->args.rest.v[k]);
        if (!v[i].spec.argv.len)
            return err_new(a, ERR_USAGE, 0,
                           "gc ab wants a command that does a fixed amount of work: heapwise gc ab "
                           "--b=GOGC=200 -- ./job");
        v[i].spec.precise = v[i].spec.quiet = true;
        v[i].spec.output = CHILD_OUTPUT_DROPPED;
        v[i].collector = collector_of(a, v[i].spec.argv.v[0]);
    }
    bool same =
        str_eq(v[0].settings, v[1].settings) && str_eq(v[0].spec.argv.v[0], v[1].spec.argv.v[0]);
    if (same) doc_warn(cli->doc, "both variants are the same: any difference shown is chance");
    return NULL;
}

static Err run_one(Arena *a, Variant *v, uint32_t at, char name) {
    GcRunResult r;
    TRY(cli_gc_observe(a, &v->spec, &r));
    bool ended_by_us = v->spec.load && r.end.status == 128 + 15; // SIGTERM
    if (r.end.status != 0 && !ended_by_us)
        return err_new(a, ERR_FORMAT, 0, "variant %c ended with status %d: " STR_FMT, name,
                       r.end.status, STR_ARG(str_trim(r.last_words)));
    GcStepVec steps = observation_steps(a, &r.seen);
    v->cpu_s[at] = r.seen.cpu_s;
    v->bytes[at] = observation_allocated(&r.seen, &steps);
    if (v->loads) v->loads[at] = r.load;
    return NULL;
}

static Err run_pairs(Arena *a, Variant v[2], uint32_t pairs, uint64_t seed) {
    for (uint32_t i = 0; i < pairs; i++) {
        seed = hash_mix(seed, i + 1);
        int first = (int)(seed & 1);
        TRY(run_one(a, &v[first], i, "AB"[first]));
        TRY(run_one(a, &v[!first], i, "AB"[!first]));
    }
    return NULL;
}

// Two files with one run per line, "CPU-seconds bytes": runs made earlier or elsewhere.
static Err read_runs(Arena *a, Str path, Variant *v, uint32_t *count) {
    Str text;
    TRY(file_read(a, path, &text));
    VEC(double) cpu = {0}, bytes = {0};
    while (text.len) {
        Str line = str_trim(str_line(&text));
        if (!line.len) continue;
        double c, b;
        if (!str_to_f64(str_split(&line, ' '), &c) || !str_to_f64(line, &b) || !(c >= 0) ||
            !(b >= 0))
            return err_new(a, ERR_FORMAT, 0, STR_FMT ": run %u: wants 'CPU-seconds bytes'",
                           STR_ARG(path), cpu.len + 1);
        vec_push(a, &cpu, c);
        vec_push(a, &bytes, b);
    }
    v->cpu_s = cpu.v, v->bytes = bytes.v;
    v->spec.argv = (StrVec){0};
    vec_push(a, &v->spec.argv, path);
    *count = cpu.len;
    return NULL;
}

static Err recorded(Cli *cli, Variant v[2], uint32_t *pairs) {
    Arena *a = cli->arena;
    Str second = args_value(&cli->args, "recorded", STR(""));
    Str first = str_split(&second, ',');
    uint32_t n[2];
    TRY(read_runs(a, first, &v[0], &n[0]));
    TRY(read_runs(a, second, &v[1], &n[1]));
    if (n[0] != n[1] || !n[0])
        return err_new(a, ERR_FORMAT, 0,
                       "--recorded: %u and %u runs; both files need the same number", n[0], n[1]);
    *pairs = n[0];
    return NULL;
}

static Err keep_runs(Cli *cli, const Variant v[2], uint32_t pairs) {
    static const char *const endings[] = {".a", ".b"};
    Str out = args_value(&cli->args, "out", STR(""));
    for (int i = 0; out.len && i < 2; i++) {
        Buf b = buf_new(cli->arena);
        for (uint32_t k = 0; k < pairs; k++)
            buf_fmt(&b, "%.6f %.0f\n", v[i].cpu_s[k], v[i].bytes[k]);
        TRY(file_write(cli->arena, str_join2(cli->arena, out, str_c(endings[i])), buf_view(&b)));
    }
    return NULL;
}

// The percentiles of each run.
static const GcLatency *latencies(Arena *a, const Variant *v, uint32_t pairs) {
    if (!v->loads) return NULL;
    GcLatency *out = NEW_ARRAY(a, GcLatency, pairs);
    for (uint32_t i = 0; i < pairs; i++) {
        const LoadResult *r = &v->loads[i];
        for (int k = 0; k < GC_LATENCIES; k++)
            out[i].at_s[k] = (double)load_percentile(r, gc_latency_percents[k]) / 1e9;
        out[i].answered = r->count, out[i].failed = r->failed;
    }
    return out;
}

static GcAbSide side(Arena *a, const Variant *v, uint32_t pairs) {
    return (GcAbSide){.settings = v->settings,
                      .program = strvec_join(a, &v->spec.argv, STR(" ")),
                      .collector = v->collector,
                      .cpu_s = v->cpu_s,
                      .bytes = v->bytes,
                      .latency = latencies(a, v, pairs)};
}

static Err measure(Cli *cli, Variant v[2], uint32_t *pairs) {
    Arena *a = cli->arena;
    uint64_t n = 12, seed = clock_ns();
    TRY(args_u64(a, &cli->args, "pairs", &n));
    TRY(args_u64(a, &cli->args, "seed", &seed));
    LoadSpec *load = NEW(a, LoadSpec);
    bool loaded;
    TRY(read_load(cli, load, &loaded));
    if (n < 1 || n > 1000) return err_new(a, ERR_USAGE, 0, "--pairs: 1 to 1000");
    Str folder;
    TRY(dir_temp(a, "heapwise-ab", &folder));
    Err e = setup_variants(cli, folder, v);
    for (int i = 0; i < 2; i++) {
        v[i].cpu_s = NEW_ARRAY(a, double, n);
        v[i].bytes = NEW_ARRAY(a, double, n);
        v[i].loads = loaded ? NEW_ARRAY(a, LoadResult, n) : NULL;
        v[i].spec.load = loaded ? load : NULL;
    }
    if (!e) e = run_pairs(a, v, (uint32_t)n, seed);
    Err cleared = dir_remove_tree(a, folder);
    TRY(e ? e : cleared);
    *pairs = (uint32_t)n;
    return keep_runs(cli, v, *pairs);
}

Err cli_gc_ab(Cli *cli, Status *status) {
    Arena *a = cli->arena;
    Variant v[2] = {0};
    GcAbPage page = {.want_percent = 5};
    if (args_given(&cli->args, "recorded"))
        TRY(recorded(cli, v, &page.pairs));
    else
        TRY(measure(cli, v, &page.pairs));
    page.same_program =
        !args_given(&cli->args, "recorded") && str_eq(v[0].spec.argv.v[0], v[1].spec.argv.v[0]);
    page.a = side(a, &v[0], page.pairs);
    page.b = side(a, &v[1], page.pairs);
    if (view_gc_ab(cli->doc, &page)) *status = STATUS_FINDINGS;
    return NULL;
}
