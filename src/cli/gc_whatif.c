// cli/gc_whatif.c: `heapwise gc whatif OBSERVATION`: other settings for the same work.
#include "cli/gc.h"
#include "sys/file.h"
#include "view/gc.h"

typedef VEC(GcPrediction) Grid;

typedef VEC(int64_t) I64Vec;

static Err gogc_list(Arena *a, Str list, I64Vec *out) {
    while (list.len) {
        Str word = str_split(&list, ',');
        int64_t n = -1;
        bool off = str_eq_c(word, "off");
        if (!off && (!str_to_i64(word, &n) || n < 1 || n > 100000))
            return err_new(a, ERR_USAGE, 0,
                           "--gogc: '" STR_FMT "' is neither off nor a percentage from 1",
                           STR_ARG(word));
        vec_push(a, out, n);
    }
    return NULL;
}

static Err limit_list(Arena *a, Str list, I64Vec *out) {
    while (list.len) {
        Str word = str_split(&list, ',');
        uint64_t n = GC_NO_LIMIT;
        if (!str_eq_c(word, "off") && (!word.len || !settings_parse_memlimit(word, &n)))
            return err_new(a, ERR_USAGE, 0,
                           "--memlimit: '" STR_FMT "' is no memory size; one looks like 512MiB",
                           STR_ARG(word));
        vec_push(a, out, (int64_t)n);
    }
    return NULL;
}

// A list of settings when none is given: the usual GOGC values, and limits around what was used.
static void default_grid(Arena *a, const GcModel *m, uint64_t budget, I64Vec *gogc,
                         I64Vec *limits) {
    static const int64_t usual[] = {50, 100, 150, 200, 400};
    bool given = gogc->len > 0;
    for (size_t i = 0; !given && i < COUNT(usual); i++) vec_push(a, gogc, usual[i]);
    if (limits->len) return;
    vec_push(a, limits, GC_NO_LIMIT);
    double live = gc_model_live(m);
    int64_t mib = (int64_t)(live * 2.5 / (1 << 20)) + 8;
    vec_push(a, limits, (budget ? (int64_t)(budget / 10 * 9) : mib << 20) >> 20 << 20);
}

static Err seconds_option(Arena *a, const Args *args, const char *name, double *out) {
    Str text = args_value(args, name, STR(""));
    if (!text.len) return NULL;
    if (!str_to_f64(text, out) || !(*out > 0))
        return err_new(a, ERR_USAGE, 0, "--%s=" STR_FMT ": wants seconds", name, STR_ARG(text));
    return NULL;
}

static Err find_budget(Cli *cli, GcWhatIfPage *page) {
    Str text = args_value(&cli->args, "budget", STR(""));
    page->budget_from = "memory budget";
    if (text.len) {
        if (!settings_parse_memlimit(text, &page->budget))
            return err_new(cli->arena, ERR_USAGE, 0,
                           "--budget=" STR_FMT ": no memory size; one looks like 512MiB",
                           STR_ARG(text));
        return NULL;
    }
    uint64_t pid = 0;
    TRY(args_u64(cli->arena, &cli->args, "pid", &pid));
    page->budget = cli_gc_container_limit(cli->arena, pid);
    page->budget_from = "container limit";
    return NULL;
}

static Err read_run(Cli *cli, Str path, GcObservation *seen, GcModel **model) {
    Arena *a = cli->arena;
    Str text;
    TRY(file_read(a, path, &text));
    Err e = observation_read(a, text, seen);
    if (!e) e = seconds_option(a, &cli->args, "cpu", &seen->cpu_s);
    if (!e) e = gc_model_new(a, seen, model);
    return e ? err_wrap(a, e, STR_FMT, STR_ARG(path)) : NULL;
}

Err cli_gc_whatif(Cli *cli, Status *status) {
    (void)status;
    Arena *a = cli->arena;
    const StrVec *words = &cli->args.rest;
    if (words->len < 2)
        return err_new(
            a, ERR_USAGE, 0,
            "gc whatif wants an observation: heapwise gc run --out=FILE -- CMD makes one");
    uint32_t runs = words->len - 1;
    GcObservation *seen = NEW_ARRAY(a, GcObservation, runs);
    GcModel *model = NULL;
    for (uint32_t i = 0; i < runs; i++) {
        GcModel *more;
        TRY(read_run(cli, words->v[i + 1], &seen[i], &more));
        Err e = i ? gc_model_add(model, more) : NULL;
        if (e) return err_wrap(a, e, STR_FMT, STR_ARG(words->v[i + 1]));
        if (!i) model = more;
    }
    GcWhatIfPage page = {.seen = seen, .runs = runs, .model = model};
    TRY(find_budget(cli, &page));
    I64Vec gogc = {0}, limits = {0};
    TRY(gogc_list(a, args_value(&cli->args, "gogc", STR("")), &gogc));
    TRY(limit_list(a, args_value(&cli->args, "memlimit", STR("")), &limits));
    default_grid(a, model, page.budget, &gogc, &limits);
    Grid grid = {0};
    for (uint32_t l = 0; l < limits.len; l++)
        for (uint32_t g = 0; g < gogc.len; g++)
            vec_push(a, &grid, gc_model_predict(model, gogc.v[g], (uint64_t)limits.v[l]));
    page.grid = grid.v;
    page.count = grid.len;
    if (page.budget) page.largest_gogc = gc_model_largest_gogc(model, page.budget, GC_NO_LIMIT);
    view_gc_whatif(cli->doc, &page);
    return NULL;
}
