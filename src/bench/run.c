// bench/run.c: see run.h.
//
// Old and new run by turns, so that what disturbs the machine disturbs both; who goes first changes
// every round. Looking at results again and again would find something in the end, so there are few
// looks, each after twice as many rounds as the one before, and each gets its share of alpha.
// A round's result is the lower quintile of many short windows (run.h says why).
#include "bench/run.h"

#include <string.h>

#include "codec/regex.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/stop.h"

typedef struct Binary { // one package's tests, built for both versions
    Str package;
    Str path[2], dir[2]; // of the program; where it runs
    size_t windows;      // a round
} Binary;

typedef struct Run {
    Arena *arena;
    const RunSpec *spec;
    Str temp, worktree, top; // top: the repository's
    Str sub;                 // spec->dir below top
    VEC(Binary) binaries;
    Buf text[2];
    StrVec open; // benchmarks whose verdict is open; empty: all
    uint64_t start_ns;
    RunResult result;
} Run;

// ---- git and go

static Err command(Run *r, StrVec argv, Str dir, Str *out) {
    ProcSpec spec = {.argv = argv, .dir = dir};
    ProcResult res;
    TRY(proc_run(r->arena, &spec, &res));
    if (res.status == 0) {
        *out = str_trim(res.out);
        return NULL;
    }
    Str said = str_trim(res.err.len ? res.err : res.out);
    return err_new(r->arena, ERR_IO, 0, STR_FMT " " STR_FMT ": " STR_FMT, STR_ARG(argv.v[0]),
                   STR_ARG(argv.v[1]), STR_ARG(said));
}

static StrVec words(Run *r, const char *const *list) {
    StrVec v = {0};
    for (; *list; list++) vec_push(r->arena, &v, str_c(*list));
    return v;
}
#define WORDS(r, ...) words((r), (const char *const[]){__VA_ARGS__, NULL})

static Err git(Run *r, StrVec argv, Str *out) { return command(r, argv, r->top, out); }

static Err find_repository(Run *r) {
    Str top;
    Err e = command(r, WORDS(r, "git", "rev-parse", "--show-toplevel"), r->spec->dir, &top);
    if (e)
        return err_wrap(r->arena, e,
                        "bench run compares with a version in git, and " STR_FMT " is in none; "
                        "heapwise bench gate compares two files of results",
                        STR_ARG(r->spec->dir));
    r->top = top;
    Str here = path_resolve(r->arena, path_absolute(r->arena, r->spec->dir));
    r->sub = path_relative(r->arena, path_resolve(r->arena, top), here);
    return NULL;
}

static Err pick_version(Run *r, Str *rev) {
    Str changes;
    *rev = r->spec->before;
    if (rev->len) return NULL;
    TRY(git(r, WORDS(r, "git", "status", "--porcelain", "--untracked-files=no"), &changes));
    *rev = changes.len ? STR("HEAD") : STR("HEAD~1");
    return NULL;
}

static Err add_worktree(Run *r) {
    Str rev, hash, ignored;
    TRY(pick_version(r, &rev));
    StrVec parse = WORDS(r, "git", "rev-parse", "--verify", "--short");
    vec_push(r->arena, &parse, str_join2(r->arena, rev, STR("^{commit}")));
    TRY(git(r, parse, &hash));
    r->result.version[0] = str_fmt(r->arena, STR_FMT " (" STR_FMT ")", STR_ARG(rev), STR_ARG(hash));
    r->result.version[1] = STR("the working tree");
    r->worktree = path_join(r->arena, r->temp, STR("before"));
    StrVec add = WORDS(r, "git", "worktree", "add", "--quiet", "--detach");
    vec_push(r->arena, &add, r->worktree);
    vec_push(r->arena, &add, hash);
    return git(r, add, &ignored);
}

static void remove_worktree(Run *r) {
    Str ignored;
    if (r->worktree.len) {
        StrVec remove = WORDS(r, "git", "worktree", "remove", "--force");
        vec_push(r->arena, &remove, r->worktree);
        (void)git(r, remove, &ignored);
    }
    if (r->temp.len) (void)dir_remove_tree(r->arena, r->temp);
    if (r->worktree.len) (void)git(r, WORDS(r, "git", "worktree", "prune"), &ignored);
}

// ---- building

// "import/path<TAB>dir" for each package.
static Err list_packages(Run *r, Str dir, StrVec *out) {
    StrVec argv = WORDS(r, "go", "list", "-f", "{{.ImportPath}}\t{{.Dir}}");
    for (uint32_t i = 0; i < r->spec->packages.len; i++)
        vec_push(r->arena, &argv, r->spec->packages.v[i]);
    Str text;
    TRY(command(r, argv, dir, &text));
    while (text.len) vec_push(r->arena, out, str_line(&text));
    return NULL;
}

static Err build(Run *r, Str package_dir, Str to) {
    StrVec argv = WORDS(r, "go", "test", "-c", "-o");
    Str ignored;
    vec_push(r->arena, &argv, to);
    vec_push(r->arena, &argv, STR("."));
    return command(r, argv, package_dir, &ignored);
}

static Binary *find_binary(Run *r, Str package) {
    for (uint32_t i = 0; i < r->binaries.len; i++)
        if (str_eq(r->binaries.v[i].package, package)) return &r->binaries.v[i];
    Binary *b = vec_add(r->arena, &r->binaries);
    b->package = package;
    return b;
}

static Err build_side(Run *r, int side, Str dir) {
    StrVec packages = {0};
    TRY(list_packages(r, dir, &packages));
    for (uint32_t i = 0; i < packages.len; i++) {
        if (stop_asked()) return NULL;
        Str package_dir = packages.v[i], package = str_split(&package_dir, '\t');
        Str to = path_join(r->arena, r->temp,
                           str_fmt(r->arena, "%s-%u.test", side ? "after" : "before", i));
        Err e = build(r, package_dir, to);
        if (e) return err_wrap(r->arena, e, STR_FMT, STR_ARG(r->result.version[side]));
        if (!file_exists(to)) continue; // no test files
        Binary *b = find_binary(r, package);
        b->path[side] = to;
        b->dir[side] = package_dir;
    }
    return NULL;
}

// ---- running

// Names that are open, one level deep: "^(BenchmarkA|BenchmarkB)$", then the pattern's own deeper
// levels.
static Str pattern_now(Run *r) {
    size_t slash = str_find_byte(r->spec->pattern, '/');
    bool both = slash != STR_NONE && str_find_byte(r->spec->pattern, '|') != STR_NONE;
    if (!r->open.len || both) return r->spec->pattern; // "A/x|B/y" cannot be cut in two
    Buf out = buf_new(r->arena);
    buf_lit(&out, "^(");
    for (uint32_t i = 0; i < r->open.len; i++) {
        if (i) buf_byte(&out, '|');
        buf_str(&out, r->open.v[i]);
    }
    buf_lit(&out, ")$");
    if (slash != STR_NONE) buf_str(&out, str_from(r->spec->pattern, slash));
    return buf_view(&out);
}

static void add_flag(Run *r, StrVec *argv, const char *flag, Str value) {
    if (value.len) vec_push(r->arena, argv, str_join2(r->arena, str_c(flag), value));
}

typedef struct Once { // one run of a program
    const Binary *binary;
    int side;
    size_t windows;
    Str profile;
} Once;

static Err run_once(Run *r, Once o, Str *out) {
    StrVec argv = {0};
    vec_push(r->arena, &argv, o.binary->path[o.side]);
    vec_push(r->arena, &argv, STR("-test.run=^$"));
    vec_push(r->arena, &argv, STR("-test.benchmem"));
    vec_push(r->arena, &argv, str_fmt(r->arena, "-test.count=%zu", o.windows));
    add_flag(r, &argv, "-test.bench=", pattern_now(r));
    if (!o.profile.len) add_flag(r, &argv, "-test.benchtime=", r->spec->benchtime);
    add_flag(r, &argv, "-test.cpu=", r->spec->cpu);
    add_flag(r, &argv, "-test.memprofile=", o.profile);
    ProcSpec spec = {.argv = argv, .dir = o.binary->dir[o.side]};
    ProcResult res;
    TRY(proc_run(r->arena, &spec, &res));
    *out = res.out;
    if (res.status == 0) return NULL;
    return err_new(r->arena, ERR_IO, 0, STR_FMT ": the benchmarks of " STR_FMT " failed:\n" STR_FMT,
                   STR_ARG(r->result.version[o.side]), STR_ARG(o.binary->package),
                   STR_ARG(str_trim(res.err.len ? res.err : res.out)));
}

// ---- windows: the lines of a round become one line per benchmark

// Times are taken from the quick windows, everything else from the middle.
static double of_windows(const BenchSet *s, const BenchTable *t, const BenchCell *c) {
    bool time = str_eq(bench_str(s, t->unit), STR("sec/op"));
    double place = (double)(c->values.len - 1) * (time ? RUN_QUANTILE : 0.5);
    return c->values.v[(size_t)place];
}

// "sec/op" goes back to what the testing package writes.
static void put_value(Buf *out, const BenchSet *s, const BenchTable *t, double v) {
    Str unit = bench_str(s, t->unit);
    bool time = str_eq(unit, STR("sec/op"));
    buf_fmt(out, "\t%.7g " STR_FMT, time ? v * 1e9 : v, STR_ARG(time ? STR("ns/op") : unit));
}

static void put_line(Buf *out, const BenchSet *s, const BenchTables *tables, Str name) {
    buf_fmt(out, "Benchmark" STR_FMT "\t1", STR_ARG(name));
    for (uint32_t i = 0; i < tables->len; i++) {
        const BenchTable *t = &tables->v[i];
        for (uint32_t row = 0; row < t->rows.len; row++)
            if (str_eq(t->rows.v[row], name)) put_value(out, s, t, of_windows(s, t, t->cells[row]));
    }
    buf_byte(out, '\n');
}

static void keep_keys(Buf *out, Str text) { // "pkg: ..." and the like
    while (text.len) {
        Str line = str_line(&text);
        if (line.len && line.ptr[0] >= 'a' && line.ptr[0] <= 'z' &&
            str_find(line, STR(": ")) != STR_NONE)
            buf_fmt(out, STR_FMT "\n", STR_ARG(line));
    }
}

static void reduce(Buf *out, Str text) {
    static const BenchQuery by_name = {STR_INIT(""), STR_INIT(".fullname"), STR_INIT(""),
                                       STR_INIT(".config,.file"), STR_INIT("*")};
    Arena *scratch = arena_new("windows");
    BenchSet *s = bench_set_new(scratch);
    BenchBuilder *b;
    if (bench_builder_new(s, &by_name, &b)) BUG("a fixed query is wrong");
    BenchReader in = bench_reader(s, text, STR("results"), STR("results"));
    while (bench_read(&in)) bench_builder_add(b, &in.result);
    BenchTables tables = bench_builder_tables(b, .95, .05);
    bench_builder_free(b);
    keep_keys(out, text);
    StrVec names = {0};
    for (uint32_t i = 0; i < tables.len; i++)
        for (uint32_t row = 0; row < tables.v[i].rows.len; row++)
            if (!strvec_has(&names, tables.v[i].rows.v[row]))
                vec_push(scratch, &names, tables.v[i].rows.v[row]);
    for (uint32_t i = 0; i < names.len; i++) put_line(out, s, &tables, names.v[i]);
    arena_free(scratch);
}

// A first run that is not counted says how many windows fit in the time of a round. It also finds
// benchmarks that fail before much time is spent.
static Err choose_windows(Run *r) {
    static const uint64_t ROUND_NS = 4000000000u;
    for (uint32_t i = 0; i < r->binaries.len; i++) {
        Binary *b = &r->binaries.v[i];
        uint64_t slowest = 1;
        for (int side = 0; side < 2; side++) {
            Str ignored;
            uint64_t before = clock_ns();
            if (b->path[side].len && !stop_asked())
                TRY(run_once(r, (Once){b, side, 1, {0}}, &ignored));
            slowest = MAX(slowest, clock_ns() - before);
        }
        uint64_t fit = MIN(ROUND_NS / slowest, (uint64_t)RUN_WINDOWS);
        b->windows = r->spec->windows ? r->spec->windows : MAX((size_t)fit, (size_t)1);
        r->result.windows = MAX(r->result.windows, b->windows);
    }
    return NULL;
}

static Err run_round(Run *r) {
    for (uint32_t i = 0; i < r->binaries.len; i++) {
        const Binary *b = &r->binaries.v[i];
        for (int turn = 0; turn < 2; turn++) {
            int side = (int)((r->result.rounds + (size_t)turn) % 2);
            if (stop_asked()) return NULL;
            if (!b->path[side].len) continue;
            Str text;
            TRY(run_once(r, (Once){b, side, b->windows, {0}}, &text));
            reduce(&r->text[side], text);
        }
    }
    r->result.rounds++;
    return NULL;
}

// ---- looking

static void note_open(Run *r, const GateRow *row) {
    size_t end = str_find_byte(row->benchmark, '/');
    Str base = end == STR_NONE ? row->benchmark : str_to(row->benchmark, end);
    size_t dash = end == STR_NONE ? str_rfind_byte(base, '-') : STR_NONE;
    if (dash != STR_NONE) base = str_to(base, dash);
    Str name = str_join2(r->arena, STR("Benchmark"), base);
    if (!strvec_has(&r->open, name)) vec_push(r->arena, &r->open, name);
}

static Err look(Run *r, bool *settled) {
    Arena *scratch = arena_new("look");
    BenchSet *s = bench_set_new(scratch);
    BenchBuilder *b;
    Err e = bench_builder_new(s, &gate_query, &b);
    if (e) BUG("the gate's own query is wrong");
    for (int side = 0; side < 2; side++) {
        BenchReader in = bench_reader(s, buf_view(&r->text[side]), STR("results"),
                                      side ? STR("new") : STR("old"));
        while (bench_read(&in)) bench_builder_add(b, &in.result);
    }
    BenchTables tables = bench_builder_tables(b, .95, .05);
    bench_builder_free(b);
    GateRules rules = r->spec->rules;
    rules.alpha = r->result.alpha;
    rules.max_runs *= 4; // the estimate wavers too: only the hopeless are given up before the end
    Gate g = gate_decide(s, &tables, &rules);
    r->open.len = 0;
    for (uint32_t i = 0; i < g.rows.len; i++)
        if (g.rows.v[i].verdict == GATE_MORE_RUNS) note_open(r, &g.rows.v[i]);
    *settled = r->open.len == 0;
    r->result.looks++;
    size_t open = g.count[GATE_MORE_RUNS], rows = g.rows.len;
    arena_free(scratch);
    if (!rows)
        return err_new(r->arena, ERR_FORMAT, 0, "no benchmark matches " STR_FMT,
                       STR_ARG(r->spec->pattern));
    if (r->spec->progress)
        r->spec->progress(r->spec->ctx, str_fmt(r->arena, "%zu rounds: %zu of %zu verdicts open",
                                                r->result.rounds, open, rows));
    return NULL;
}

static size_t count_looks(const RunSpec *spec) {
    size_t looks = 1;
    for (size_t n = spec->least; n < spec->rules.max_runs; n *= 2) looks++;
    return looks;
}

static bool out_of_time(Run *r) {
    uint64_t limit = r->spec->limit_ns;
    r->result.out_of_time = limit && clock_ns() - r->start_ns > limit;
    return r->result.out_of_time;
}

static Err run_until_settled(Run *r) {
    size_t most = MAX(r->spec->rules.max_runs, r->spec->least), next = r->spec->least;
    while (!r->result.settled && r->result.rounds < most && !stop_asked()) {
        if (r->result.rounds && out_of_time(r)) break;
        TRY(run_round(r));
        if (r->result.rounds < next) continue;
        TRY(look(r, &r->result.settled));
        next = MIN(next * 2, most);
    }
    return NULL;
}

// ---- memory profiles: one more run each, since profiling costs time

static Str profile_name(Run *r, const Binary *b, int side) {
    Buf name = buf_new(r->arena);
    for (size_t i = 0; i < b->package.len; i++)
        buf_byte(&name, b->package.ptr[i] == '/' ? '_' : b->package.ptr[i]);
    buf_fmt(&name, ".%s.pb.gz", side ? "after" : "before");
    return path_join(r->arena, path_absolute(r->arena, r->spec->profiles), buf_view(&name));
}

static Err take_profiles(Run *r) {
    if (!r->spec->profiles.len || stop_asked()) return NULL;
    TRY(dir_make(r->arena, r->spec->profiles));
    r->open.len = 0; // of everything
    for (uint32_t i = 0; i < r->binaries.len; i++)
        for (int side = 0; side < 2; side++) {
            if (!r->binaries.v[i].path[side].len || stop_asked()) continue;
            Str path = profile_name(r, &r->binaries.v[i], side);
            Str ignored;
            TRY(run_once(r, (Once){&r->binaries.v[i], side, 1, path}, &ignored));
            vec_push(r->arena, &r->result.profiles, path);
        }
    return NULL;
}

// ---- all of it

static Err prepare(Run *r) {
    TRY(find_repository(r));
    TRY(dir_temp(r->arena, "heapwise-bench", &r->temp));
    TRY(add_worktree(r));
    TRY(build_side(r, 0, path_join(r->arena, r->worktree, r->sub)));
    TRY(build_side(r, 1, r->spec->dir));
    if (!r->binaries.len && !stop_asked())
        return err_new(r->arena, ERR_FORMAT, 0, "no package has tests");
    return NULL;
}

static Err measure(Run *r) {
    TRY(prepare(r));
    r->start_ns = clock_ns();
    TRY(choose_windows(r));
    r->result.alpha = r->spec->rules.alpha / (double)count_looks(r->spec);
    TRY(run_until_settled(r));
    return take_profiles(r);
}

Err bench_run(Arena *a, const RunSpec *spec, RunResult *out) {
    Run r = {.arena = a, .spec = spec, .text = {buf_new(a), buf_new(a)}};
    Regex *re;
    TRY(regex_compile(a, spec->pattern, &re)); // a wrong pattern should not cost a build
    regex_free(re);
    stop_watch();
    Err e = measure(&r);
    bool stopped = stop_asked();
    remove_worktree(&r);
    stop_unwatch();
    if (e) return e;
    if (stopped) return err_new(a, ERR_IO, 0, "stopped; the worktree is removed");
    for (int side = 0; side < 2; side++) r.result.text[side] = buf_view(&r.text[side]);
    *out = r.result;
    return NULL;
}
