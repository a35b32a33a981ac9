// gc/settings.c: what Go does with GODEBUG, GOGC, GOMEMLIMIT, GOEXPERIMENT, //go:debug and go.mod
// godebug lines. Go ignores most mistakes without a word; this file says the word.
//
// The rules are those of runtime/runtime1.go (parsegodebug), runtime/mgcpacer.go (readGOGC,
// readGOMEMLIMIT), internal/cpu (processOptions), internal/buildcfg/exp.go and cmd/go
// (CheckGodebug). Which keys a release knows comes from settings_table.inc, made by
// tools/gc-settings-table.
#include "gc/gc.h"

typedef struct Setting {
    const char *name;
    uint16_t runtime, table, library; // bit n: Go 1.(18+n) reads it there
    uint8_t changed;                  // Go 1.changed has a new default; 0: none
    const char *old;                  // the value that keeps the former behaviour
    uint8_t removed;
    bool immutable;
    const char *package;
} Setting;

typedef struct Experiment {
    const char *name;
    uint16_t known, on;
} Experiment;

#define EXPERIMENT(...)
#define SETTING(...) {__VA_ARGS__},
static const Setting table[] = {
#include "gc/settings_table.inc"
};
#undef SETTING
#undef EXPERIMENT
#define SETTING(...)
#define EXPERIMENT(...) {__VA_ARGS__},
static const Experiment experiments[] = {
#include "gc/settings_table.inc"
};
#undef SETTING
#undef EXPERIMENT

// Runtime settings that help to find bugs in Go and hurt a service.
static const struct {
    const char *name, *text;
} cautions[] = {
    {"clobberfree",
     "fills every freed object with a pattern: for finding bugs in the runtime, slow"},
    {"efence", "every object gets a page of its own that is never used again: memory only grows"},
    {"gccheckmark", "marks everything a second time while the program is stopped: for finding bugs "
                    "in the collector"},
    {"gcstoptheworld",
     "turns the concurrent mark off: the program stands still for the whole of every cycle"},
    {"sbrk", "replaces the allocator and the collector: memory is never freed"},
    {"gcshrinkstackoff", "goroutine stacks never shrink"},
    {"allocfreetrace", "writes a stack trace for every allocation"},
    {"asyncpreemptoff",
     "a loop without calls can hold up every collection (stop-the-world waits for it)"},
    {"dontfreezetheworld",
     "goroutines run on while a crash is reported: for debugging the runtime"},
    {"harddecommit",
     "memory given back is unmapped with mprotect: for finding bugs in the runtime"},
};

// What is worth knowing about a setting that does work.
static const struct {
    const char *name, *text;
} remarks[] = {
    {"gctrace", "one line on standard error per cycle, in some 40 write calls: lines tear when the "
                "program logs "
                "too, and an undrained pipe stops the program; heapwise gc run takes care of both"},
    {"madvdontneed", "decides how memory is given back: 1 (the default since Go 1.16) shows in RSS "
                     "at once, 0 late"},
    {"memprofilerate",
     "bytes between samples of the heap profile: 1 samples every allocation and costs much"},
    {"gcpacertrace", "the pacer's figures on standard error, two lines per cycle"},
    {"scavtrace", "one line on standard error whenever memory is given back to the system"},
};

static uint16_t bit(uint32_t minor) { return (uint16_t)(1u << (minor - GC_MINOR_MIN)); }

static uint16_t any_mask(const Setting *s) { return s->runtime | s->table | s->library; }

static uint32_t first_minor(uint16_t mask) { return GC_MINOR_MIN + (uint32_t)__builtin_ctz(mask); }
static uint32_t last_minor(uint16_t mask) {
    return GC_MINOR_MIN + 31 - (uint32_t)__builtin_clz(mask);
}

static const Setting *find_setting(Str name) {
    for (size_t i = 0; i < COUNT(table); i++)
        if (str_eq_c(name, table[i].name)) return &table[i];
    return NULL;
}

static const Experiment *find_experiment(Str name) {
    for (size_t i = 0; i < COUNT(experiments); i++)
        if (str_eq_c(name, experiments[i].name)) return &experiments[i];
    return NULL;
}

static void note(GcSettings *s, GcVerdict verdict, GcNote about, Str text) {
    about.verdict = verdict;
    about.text = text;
    vec_push(s->arena, &s->notes, about);
}

#define NOTE(s, verdict, about, ...) note((s), (verdict), (about), str_fmt((s)->arena, __VA_ARGS__))

// How many single-byte changes, insertions, removals or swaps of neighbours part two short words.
static size_t distance(Str x, Str y) {
    enum { WORD_MAX = 40 };
    if (x.len > WORD_MAX || y.len > WORD_MAX) return WORD_MAX;
    size_t row[3][WORD_MAX + 1];
    for (size_t j = 0; j <= y.len; j++) row[0][j] = j;
    for (size_t i = 1; i <= x.len; i++) {
        size_t *now = row[i % 3], *above = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= y.len; j++) {
            size_t same = above[j - 1] + (x.ptr[i - 1] != y.ptr[j - 1]);
            now[j] = MIN(same, MIN(above[j], now[j - 1]) + 1);
            bool swapped =
                i > 1 && j > 1 && x.ptr[i - 1] == y.ptr[j - 2] && x.ptr[i - 2] == y.ptr[j - 1];
            if (swapped) now[j] = MIN(now[j], before[j - 2] + 1);
        }
    }
    return row[x.len % 3][y.len];
}

static const char *nearest_key(Str name, uint32_t minor, bool compiled) {
    const char *best = NULL;
    size_t best_distance = name.len > 5 ? 3 : 2;
    for (size_t i = 0; i < COUNT(table); i++) {
        uint16_t mask = compiled ? table[i].table : any_mask(&table[i]);
        if (!(mask & bit(minor))) continue;
        size_t d = distance(name, str_c(table[i].name));
        if (d < best_distance) best_distance = d, best = table[i].name;
    }
    return best;
}

bool settings_experiment_on(uint32_t minor, Str name) {
    const Experiment *e = find_experiment(name);
    return e && (e->on & bit(minor));
}

bool settings_experiment_known(uint32_t minor, Str name) {
    const Experiment *e = find_experiment(name);
    return e && (e->known & bit(minor));
}

static bool contains(Str s, Str what) { return str_find(s, what) != STR_NONE; }

// The collector's name in a GODEBUG pair: people write gc=greentea, greentea=1, greenteagc=1.
static bool means_green_tea(Str key, Str value) {
    return contains(key, STR("greentea")) || contains(value, STR("greentea")) ||
           contains(key, STR("green_tea"));
}

static Str green_tea_text(GcSettings *s, Str key, Str value) {
    uint32_t m = s->minor;
    Str said =
        value.len ? str_fmt(s->arena, STR_FMT "=" STR_FMT, STR_ARG(key), STR_ARG(value)) : key;
    if (str_eq_c(s->collector, "Green Tea"))
        return str_fmt(
            s->arena,
            STR_FMT
            " is not a Go setting and Go ignores it without a word. Good news: this "
            "binary (Go 1.%u) already runs the Green Tea collector. To compare, rebuild with "
            "GOEXPERIMENT=nogreenteagc; 'heapwise gc ab --collectors' does both",
            STR_ARG(said), m);
    if (s->collector.len && settings_experiment_on(m, STR("greenteagc")))
        return str_fmt(
            s->arena,
            STR_FMT
            " is not a Go setting and Go ignores it without a word. This binary (Go "
            "1.%u) was built with GOEXPERIMENT=nogreenteagc and runs the classic collector; "
            "rebuild without that to get Green Tea",
            STR_ARG(said), m);
    if (settings_experiment_on(m, STR("greenteagc")))
        return str_fmt(s->arena,
                       STR_FMT
                       " is not a Go setting and Go ignores it without a word. Good news: Go "
                       "1.%u runs the Green Tea collector anyway. To compare, build a second "
                       "binary with GOEXPERIMENT=nogreenteagc; 'heapwise gc ab --collectors' "
                       "runs both in turn",
                       STR_ARG(said), m);
    const Experiment *e = find_experiment(STR("greenteagc"));
    if (e && (e->known & bit(m)))
        return str_fmt(s->arena,
                       STR_FMT " is not a Go setting and Go ignores it without a word. In Go 1.%u "
                               "the Green Tea collector is chosen "
                               "when the program is built: GOEXPERIMENT=greenteagc go build. Go "
                               "1.26 and later run it by default. "
                               "'heapwise gc ab' compares the two",
                       STR_ARG(said), m);
    return str_fmt(s->arena,
                   STR_FMT
                   " is not a Go setting and Go ignores it without a word. Go 1.%u has no Green "
                   "Tea collector: it came with Go "
                   "1.25 (GOEXPERIMENT=greenteagc when building) and is the default since Go 1.26",
                   STR_ARG(said), m);
}

static bool fits_int32(Str value) {
    int64_t n;
    str_cut_prefix(&value, STR("+"));
    return str_to_i64(value, &n) && n >= INT32_MIN && n <= INT32_MAX;
}

// A key no part of this release reads from the environment.
static void note_unknown(GcSettings *s, GcNote about, const Setting *known) {
    uint32_t m = s->minor;
    if (known && any_mask(known)) {
        uint16_t mask = any_mask(known);
        if (m < first_minor(mask))
            NOTE(s, VERDICT_IGNORED, about,
                 "Go 1.%u does not know this key yet (it came with Go 1.%u): ignored", m,
                 first_minor(mask));
        else
            NOTE(s, VERDICT_IGNORED, about,
                 "gone from Go 1.%u (the last release with it is Go 1.%u): ignored", m,
                 last_minor(mask));
        return;
    }
    if (means_green_tea(about.name, about.value)) {
        note(s, VERDICT_IGNORED, about, green_tea_text(s, about.name, about.value));
        return;
    }
    Str trimmed = str_trim(about.name);
    if (trimmed.len < about.name.len) {
        NOTE(s, VERDICT_IGNORED, about,
             "the key has a space in it, so Go ignores it: write '" STR_FMT
             "' without spaces around it",
             STR_ARG(trimmed));
        return;
    }
    if (find_experiment(about.name)) {
        NOTE(s, VERDICT_IGNORED, about,
             "no GODEBUG key but an experiment of the toolchain: it is chosen when building, "
             "GOEXPERIMENT=" STR_FMT " go build; here it is ignored",
             STR_ARG(about.name));
        return;
    }
    const char *near = nearest_key(about.name, m, false);
    if (near)
        NOTE(s, VERDICT_IGNORED, about,
             "no key of Go 1.%u, ignored without a word; did you mean %s?", m, near);
    else
        NOTE(s, VERDICT_IGNORED, about, "no key of Go 1.%u, ignored without a word", m);
}

static void check_cpu_option(GcSettings *s, GcNote about) {
    if (str_eq_c(about.value, "on") || str_eq_c(about.value, "off")) {
        NOTE(s, VERDICT_FINE, about, "turns a processor feature %s for the library's assembly",
             about.value.len == 2 ? "on" : "off");
        return;
    }
    NOTE(s, VERDICT_IGNORED, about,
         "cpu options are on or off; Go prints a complaint and ignores it");
}

static void check_runtime_key(GcSettings *s, GcNote about) {
    if (!fits_int32(about.value)) {
        NOTE(
            s, VERDICT_IGNORED, about,
            "'" STR_FMT
            "' is no whole number, so the runtime ignores it without a word and keeps the default; "
            "write " STR_FMT "=1",
            STR_ARG(about.value), STR_ARG(about.name));
        return;
    }
    int64_t n = 0;
    Str digits = about.value;
    str_cut_prefix(&digits, STR("+"));
    (void)str_to_i64(digits, &n);
    if (str_eq_c(about.name, "cgocheck") && n > 1 && s->minor >= 21) {
        NOTE(s, VERDICT_REJECTED, about,
             "the program stops at its start: since Go 1.21 cgocheck above 1 is chosen when "
             "building "
             "(GOEXPERIMENT=cgocheck2)");
        return;
    }
    for (size_t i = 0; i < COUNT(cautions); i++)
        if (n != 0 && str_eq_c(about.name, cautions[i].name)) {
            note(s, VERDICT_CAUTION, about, str_c(cautions[i].text));
            return;
        }
    for (size_t i = 0; i < COUNT(remarks); i++)
        if (n != 0 && str_eq_c(about.name, remarks[i].name)) {
            note(s, VERDICT_FINE, about, str_c(remarks[i].text));
            return;
        }
    NOTE(s, VERDICT_FINE, about, "read by the runtime");
}

// A compatibility setting whose former value is asked for in a release that still has it as
// default.
static bool is_old_default(const GcSettings *s, const Setting *known, Str value) {
    return known->changed > s->minor && str_eq_c(value, known->old);
}

static void check_library_key(GcSettings *s, GcNote about, const Setting *known) {
    if (is_old_default(s, known, about.value)) {
        NOTE(s, VERDICT_DEFAULT, about,
             "this is what Go 1.%u does anyway (the default changes in Go 1.%u)", s->minor,
             known->changed);
        return;
    }
    static const char *const fips[] = {"on", "off", "only", "debug", ""};
    bool fips_ok = !str_eq_c(about.name, "fips140");
    for (size_t i = 0; i < COUNT(fips); i++) fips_ok |= str_eq_c(about.value, fips[i]);
    if (!fips_ok) {
        NOTE(s, VERDICT_REJECTED, about,
             "the program panics at its start: fips140 is on, off, only or debug");
        return;
    }
    const char *package = known->package[0] ? known->package : "the standard library";
    if (!(known->table & bit(s->minor)))
        NOTE(s, VERDICT_FINE, about, "read by the standard library, not documented");
    else if (known->changed && str_eq_c(about.value, known->old))
        NOTE(s, VERDICT_FINE, about, "read by %s: keeps what Go did before 1.%u", package,
             known->changed);
    else
        NOTE(s, VERDICT_FINE, about, "read by %s", package);
}

static bool repeated_later(Str rest, Str key) {
    while (rest.len) {
        Str field = str_split(&rest, ',');
        Str name = str_split(&field, '=');
        if (str_eq(name, key)) return true;
    }
    return false;
}

static bool godebug_sets(Str value, Str key) { return repeated_later(value, key); }

static void check_pair(GcSettings *s, Str field, Str rest, Str all) {
    size_t eq = str_find_byte(field, '=');
    GcNote about = {.source = SOURCE_GODEBUG, .name = eq == STR_NONE ? field : str_to(field, eq)};
    if (eq == STR_NONE) {
        if (means_green_tea(field, STR("")))
            note(s, VERDICT_IGNORED, about, green_tea_text(s, field, STR("")));
        else
            NOTE(s, VERDICT_IGNORED, about,
                 "no key=value, so Go ignores it; settings are parted by commas");
        return;
    }
    about.value = str_from(field, eq + 1);
    if (str_starts(about.name, STR("cpu."))) {
        check_cpu_option(s, about);
        return;
    }
    const Setting *known = find_setting(about.name);
    if (!known || !(any_mask(known) & bit(s->minor))) {
        note_unknown(s, about, known);
        return;
    }
    if (repeated_later(rest, about.name)) {
        NOTE(s, VERDICT_IGNORED, about, "set again further on; the last one counts");
        return;
    }
    if (str_eq_c(about.name, "scheddetail") && !godebug_sets(all, STR("schedtrace"))) {
        NOTE(s, VERDICT_IGNORED, about, "has an effect only together with schedtrace=MILLISECONDS");
        return;
    }
    bool only_runtime = (known->runtime & bit(s->minor)) && !(known->table & bit(s->minor));
    if (only_runtime)
        check_runtime_key(s, about);
    else if ((known->runtime & bit(s->minor)) && !fits_int32(about.value))
        check_runtime_key(s, about);
    else
        check_library_key(s, about, known);
}

void settings_check_godebug(GcSettings *s, Str value) {
    Str rest = value;
    while (rest.len) {
        Str field = str_split(&rest, ',');
        if (field.len) check_pair(s, field, rest, value);
    }
}

void settings_check_gogc(GcSettings *s, Str value) {
    GcNote about = {.source = SOURCE_GOGC, .name = STR("GOGC"), .value = value};
    if (!value.len) return;
    if (str_eq_c(value, "off")) {
        if (s->has_memlimit)
            NOTE(s, VERDICT_FINE, about, "cycles start only near GOMEMLIMIT");
        else
            NOTE(s, VERDICT_CAUTION, about,
                 "nothing is ever collected: without a GOMEMLIMIT the heap grows until the system "
                 "ends the program");
        return;
    }
    if (!fits_int32(value)) {
        Str digits = str_trim(value);
        str_cut_suffix(&digits, STR("%"));
        digits = str_trim(digits);
        bool usable = fits_int32(digits);
        Str hint = usable ? str_fmt(s->arena, "; write GOGC=" STR_FMT, STR_ARG(digits))
                          : STR("; write a whole number or off");
        NOTE(s, VERDICT_IGNORED, about,
             "no whole number, so the runtime ignores it without a word and uses 100" STR_FMT,
             STR_ARG(hint));
        return;
    }
    int64_t n = 0;
    Str digits = value;
    str_cut_prefix(&digits, STR("+"));
    (void)str_to_i64(digits, &n);
    if (n == 100)
        NOTE(s, VERDICT_DEFAULT, about, "the default");
    else if (n < 0)
        NOTE(s, VERDICT_CAUTION, about, "below 0 the collector is off, as with GOGC=off");
    else if (n < 10)
        NOTE(s, VERDICT_CAUTION, about, "the collector runs nearly without a break");
    else
        NOTE(s, VERDICT_FINE, about,
             "a cycle each time the heap has grown by %d%% of what was live", (int)n);
}

bool settings_parse_memlimit(Str value, uint64_t *bytes) {
    uint64_t unit = 1;
    static const struct {
        const char *suffix;
        uint64_t unit;
    } units[] = {{"KiB", 1u << 10},
                 {"MiB", 1u << 20},
                 {"GiB", 1u << 30},
                 {"TiB", (uint64_t)1 << 40},
                 {"B", 1}};
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_cut_suffix(&value, str_c(units[i].suffix))) {
            unit = units[i].unit;
            break;
        }
    uint64_t n;
    str_cut_prefix(&value, STR("+"));
    if (!str_to_u64(value, &n) || n > (uint64_t)INT64_MAX / unit) return false;
    *bytes = n * unit;
    return true;
}

// 100MB, 1G, 512mb: what was meant, written as the runtime wants it; empty when unclear.
static Str memlimit_hint(Arena *a, Str value) {
    value = str_trim(value);
    size_t n = 0;
    while (n < value.len && value.ptr[n] >= '0' && value.ptr[n] <= '9') n++;
    if (n == 0 || n == value.len) return n == 0 ? STR("") : value;
    Str digits = str_to(value, n), unit = str_trim(str_from(value, n));
    char letter = unit.len ? (char)(unit.ptr[0] & ~0x20) : 0;
    if (unit.len > 3 || !memchr("KMGT", letter, 4)) return STR("");
    return str_fmt(a, STR_FMT "%ciB", STR_ARG(digits), letter);
}

void settings_check_memlimit(GcSettings *s, Str value) {
    GcNote about = {.source = SOURCE_GOMEMLIMIT, .name = STR("GOMEMLIMIT"), .value = value};
    if (!value.len) return;
    if (s->minor < 19) {
        NOTE(s, VERDICT_IGNORED, about, "Go 1.%u does not know it (it came with Go 1.19): ignored",
             s->minor);
        return;
    }
    if (str_eq_c(value, "off")) {
        NOTE(s, VERDICT_DEFAULT, about, "the default");
        return;
    }
    uint64_t bytes;
    if (!settings_parse_memlimit(value, &bytes)) {
        Str hint = memlimit_hint(s->arena, value);
        NOTE(s, VERDICT_REJECTED, about,
             "malformed: the program stops at its start. A whole number of B, KiB, MiB, GiB or "
             "TiB%s" STR_FMT,
             hint.len ? ", here " : "", STR_ARG(hint));
        return;
    }
    s->has_memlimit = true;
    if (s->container_limit && bytes > s->container_limit)
        NOTE(s, VERDICT_IGNORED, about,
             "above the container's limit of %llu MiB: the system ends the program first",
             (unsigned long long)(s->container_limit >> 20));
    else if (bytes < 8u << 20)
        NOTE(s, VERDICT_CAUTION, about,
             "%llu bytes is less than a small program needs: the collector will run at its limit "
             "of half the CPU",
             (unsigned long long)bytes);
    else
        NOTE(s, VERDICT_FINE, about,
             "a soft limit of %llu MiB on what the runtime maps; C memory and the binary are not "
             "in it",
             (unsigned long long)(bytes >> 20));
}

static void check_experiment(GcSettings *s, Str word) {
    GcNote about = {
        .source = SOURCE_GOEXPERIMENT_BUILD, .name = STR("GOEXPERIMENT"), .value = word};
    if (str_eq_c(word, "none")) {
        NOTE(s, VERDICT_CAUTION, about,
             "turns every experiment off, those that are on by default too");
        return;
    }
    Str name = word;
    bool off = str_cut_prefix(&name, STR("no"));
    if (str_eq_c(name, "regabi")) {
        NOTE(s, VERDICT_FINE, about, "stands for regabiwrappers and regabiargs");
        return;
    }
    const Experiment *e = find_experiment(name);
    if (!e || !(e->known & bit(s->minor))) {
        if (e && last_minor(e->known) < s->minor)
            NOTE(s, VERDICT_REJECTED, about,
                 "the build fails: Go 1.%u no longer has this experiment (the last release with it "
                 "is 1.%u)",
                 s->minor, last_minor(e->known));
        else if (e)
            NOTE(s, VERDICT_REJECTED, about, "the build fails: this experiment came with Go 1.%u",
                 first_minor(e->known));
        else if (means_green_tea(name, STR("")))
            NOTE(s, VERDICT_REJECTED, about,
                 "the build fails: unknown GOEXPERIMENT " STR_FMT "; the name is greenteagc",
                 STR_ARG(word));
        else
            NOTE(s, VERDICT_REJECTED, about, "the build fails: unknown GOEXPERIMENT " STR_FMT,
                 STR_ARG(word));
        return;
    }
    bool is_on = (e->on & bit(s->minor)) != 0;
    if (is_on != off)
        NOTE(s, VERDICT_DEFAULT, about, "%s by default in Go 1.%u", is_on ? "on" : "off", s->minor);
    else
        NOTE(s, VERDICT_FINE, about, "turned %s when building; it is %s by default in Go 1.%u",
             off ? "off" : "on", is_on ? "on" : "off", s->minor);
}

void settings_check_experiment(GcSettings *s, Str value, bool building) {
    if (!value.len) return;
    if (!building) {
        GcNote about = {
            .source = SOURCE_GOEXPERIMENT_RUN, .name = STR("GOEXPERIMENT"), .value = value};
        NOTE(s, VERDICT_IGNORED, about,
             "read when a program is built, not when it runs: here it does nothing");
        return;
    }
    while (value.len) {
        Str word = str_split(&value, ',');
        if (word.len) check_experiment(s, word);
    }
}

// "default=go1.21": every compatibility setting as that release had it.
static void check_default_pair(GcSettings *s, GcNote about) {
    uint64_t minor;
    Str v = about.value;
    if (!str_cut_prefix(&v, STR("go1.")) || !str_to_u64(str_split(&v, '.'), &minor)) {
        NOTE(s, VERDICT_REJECTED, about,
             "the build fails: the value of default= is a Go version, as in default=go1.%u",
             s->minor);
        return;
    }
    if (minor > s->minor)
        NOTE(s, VERDICT_REJECTED, about, "the build fails: Go 1.%u is older than that", s->minor);
    else
        NOTE(s, VERDICT_FINE, about, "compatibility settings as Go 1.%u had them", (uint32_t)minor);
}

static void reject_unknown(GcSettings *s, GcNote about, const Setting *known) {
    if (known && known->removed && s->minor >= known->removed) {
        NOTE(s, VERDICT_REJECTED, about, "the build fails: this setting was removed in Go 1.%u",
             known->removed);
    } else if (known && (known->runtime & bit(s->minor))) {
        NOTE(s, VERDICT_REJECTED, about,
             "the build fails: the runtime reads this key from the environment only "
             "(GODEBUG=" STR_FMT "=" STR_FMT ")",
             STR_ARG(about.name), STR_ARG(about.value));
    } else if (known && known->table && s->minor < first_minor(known->table)) {
        NOTE(s, VERDICT_REJECTED, about, "the build fails: this key came with Go 1.%u",
             first_minor(known->table));
    } else if (means_green_tea(about.name, about.value)) {
        NOTE(s, VERDICT_REJECTED, about, "the build fails: " STR_FMT,
             STR_ARG(green_tea_text(s, about.name, about.value)));
    } else {
        const char *near = nearest_key(about.name, s->minor, true);
        NOTE(s, VERDICT_REJECTED, about, "the build fails: no such setting in Go 1.%u%s%s%s",
             s->minor, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
}

static Str folder_of(Str where) {
    size_t at = str_rfind_byte(where, '/');
    return at == STR_NONE ? STR("") : str_to(where, at);
}

// A package may set a key once, in whichever of its files.
static const GcNote *directive_before(const GcSettings *s, GcNote about) {
    for (uint32_t i = 0; i < s->notes.len; i++) {
        const GcNote *n = &s->notes.v[i];
        if (n->source == SOURCE_DIRECTIVE && str_eq(n->name, about.name) &&
            str_eq(folder_of(n->where), folder_of(about.where)))
            return n;
    }
    return NULL;
}

void settings_check_compiled(GcSettings *s, GcSettingSource source, Str pair, Str where) {
    size_t eq = str_find_byte(pair, '=');
    GcNote about = {
        .source = source, .where = where, .name = eq == STR_NONE ? pair : str_to(pair, eq)};
    if (eq != STR_NONE) about.value = str_from(pair, eq + 1);
    if (source == SOURCE_DIRECTIVE && s->minor < 21) {
        NOTE(s, VERDICT_IGNORED, about,
             "Go 1.%u takes the line for a comment (//go:debug came with Go 1.21)", s->minor);
        return;
    }
    if (source == SOURCE_GOMOD && s->minor < 23) {
        NOTE(s, VERDICT_REJECTED, about,
             "go.mod cannot be read: Go 1.%u knows no godebug lines (they came with Go 1.23)",
             s->minor);
        return;
    }
    if (eq == STR_NONE) {
        NOTE(s, VERDICT_REJECTED, about, "the build fails: missing key=value");
        return;
    }
    bool spaces = str_find_byte(pair, ' ') != STR_NONE || str_find_byte(pair, '\t') != STR_NONE;
    if (spaces || str_find_byte(pair, ',') != STR_NONE) {
        NOTE(s, VERDICT_REJECTED, about,
             "the build fails: a %s in the setting; one key=value to a line",
             spaces ? "space" : "comma");
        return;
    }
    if (str_eq_c(about.name, "default")) {
        check_default_pair(s, about);
        return;
    }
    const GcNote *before = source == SOURCE_DIRECTIVE ? directive_before(s, about) : NULL;
    if (before) {
        NOTE(s, VERDICT_REJECTED, about, "the build fails: repeated, the first one is at " STR_FMT,
             STR_ARG(before->where));
        return;
    }
    const Setting *known = find_setting(about.name);
    if (!known || !(known->table & bit(s->minor)))
        reject_unknown(s, about, known);
    else
        check_library_key(s, about, known);
}

static void mark_unused(GcSettings *s, uint32_t first) {
    for (uint32_t i = first; i < s->notes.len; i++) {
        GcNote *n = &s->notes.v[i];
        if (n->verdict == VERDICT_REJECTED || n->verdict == VERDICT_IGNORED) continue;
        n->verdict = VERDICT_IGNORED;
        n->text =
            STR("only the lines of package main (and of tests) count: move it there, or to go.mod");
    }
}

static Str place(GcSettings *s, Str path, uint32_t line) {
    return str_fmt(s->arena, STR_FMT ":%u", STR_ARG(path), line);
}

// Comments stand before the package clause, which ends the header. Settings of a package that is no
// program (and no test) are checked by the go command and then used by nobody.
void settings_check_go_file(GcSettings *s, Str text, Str path) {
    bool in_comment = false;
    uint32_t first = s->notes.len;
    for (uint32_t number = 1; text.len; number++) {
        Str line = str_line(&text);
        Str plain = str_trim(line);
        if (in_comment) {
            in_comment = !contains(plain, STR("*/"));
            continue;
        }
        in_comment = str_starts(plain, STR("/*")) && !contains(plain, STR("*/"));
        bool comment =
            plain.len == 0 || str_starts(plain, STR("//")) || str_starts(plain, STR("/*"));
        if (!comment) {
            if (!str_starts(plain, STR("package main")) && !str_ends(path, STR("_test.go")))
                mark_unused(s, first);
            return;
        }
        if (!str_cut_prefix(&line, STR("//go:debug"))) continue;
        if (line.len && line.ptr[0] != ' ' && line.ptr[0] != '\t') continue;
        settings_check_compiled(s, SOURCE_DIRECTIVE, str_trim(line), place(s, path, number));
    }
}

static Str without_comment(Str line) {
    size_t at = str_find(line, STR("//"));
    return str_trim(at == STR_NONE ? line : str_to(line, at));
}

void settings_check_go_mod(GcSettings *s, Str text, Str path) {
    bool in_block = false;
    for (uint32_t number = 1; text.len; number++) {
        Str line = without_comment(str_line(&text));
        if (in_block) {
            if (str_eq_c(line, ")"))
                in_block = false;
            else if (line.len)
                settings_check_compiled(s, SOURCE_GOMOD, line, place(s, path, number));
            continue;
        }
        if (!str_cut_prefix(&line, STR("godebug"))) continue;
        if (line.len && line.ptr[0] != ' ' && line.ptr[0] != '\t' && line.ptr[0] != '(') continue;
        line = str_trim(line);
        if (str_eq_c(line, "("))
            in_block = true;
        else
            settings_check_compiled(s, SOURCE_GOMOD, line, place(s, path, number));
    }
}

Str settings_go_mod_version(Str text) {
    while (text.len) {
        Str line = without_comment(str_line(&text));
        if (str_cut_prefix(&line, STR("go ")) || str_cut_prefix(&line, STR("go\t")))
            return str_trim(line);
    }
    return STR("");
}

GcSettings settings_new(Arena *a, uint32_t minor) {
    ASSERT(minor >= GC_MINOR_MIN && minor <= GC_MINOR_MAX);
    return (GcSettings){.arena = a, .minor = minor};
}

Err settings_go_version(Arena *a, Str version, uint32_t *minor) {
    Str v = version;
    (void)(str_cut_prefix(&v, STR("go1.")) || str_cut_prefix(&v, STR("1.")));
    size_t n = 0;
    while (n < v.len && v.ptr[n] >= '0' && v.ptr[n] <= '9') n++;
    uint64_t m;
    if (v.len == version.len || !str_to_u64(str_to(v, n), &m))
        return err_new(a, ERR_USAGE, 0,
                       "'" STR_FMT "' is no Go version; one looks like go1.26 or go1.26.8",
                       STR_ARG(version));
    if (m < GC_MINOR_MIN || m > GC_MINOR_MAX)
        return err_new(a, ERR_USAGE, 0, "Go 1.%llu: the settings of Go 1.%d to 1.%d are known",
                       (unsigned long long)m, GC_MINOR_MIN, GC_MINOR_MAX);
    *minor = (uint32_t)m;
    return NULL;
}
