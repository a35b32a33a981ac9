// gc/counters.c: what a running service says of itself over HTTP: the MemStats block that ends a
// heap profile in text form, and Prometheus text. Both become one GcSnapshot.
//
// MemStats: lines "# Name = value" after "# runtime.MemStats" (runtime/pprof). "Stack" is
// "in use / mapped"; PauseNs is a ring in which cycle n stands at (n+255)%256.
// Prometheus: lines "name{labels} value [timestamp]"; only metrics without labels are ours.
#include "gc/gc.h"

static const struct {
    GcCounter id;
    Str memstats, prometheus;
} counters[] = {
#define X(id, memstats, prometheus) {GC_##id, STR_INIT(memstats), STR_INIT(prometheus)},
    GC_COUNTERS(X)
#undef X
};

static void set(GcSnapshot *s, GcCounter c, double v) {
    s->value[c] = v;
    s->have |= (uint64_t)1 << c;
}

// The ring as a list, newest first.
static void read_pauses(GcSnapshot *s, const uint64_t *ring, uint32_t filled) {
    uint64_t cycles = gc_has(s, GC_NUM_GC) ? (uint64_t)s->value[GC_NUM_GC] : 0;
    s->pause_count = (uint32_t)MIN(MIN(cycles, (uint64_t)256), (uint64_t)filled);
    for (uint32_t i = 0; i < s->pause_count; i++) s->pauses_ns[i] = ring[(cycles - i + 255) % 256];
}

static uint32_t read_list(Str text, uint64_t *ring) {
    uint32_t n = 0;
    str_cut_prefix(&text, STR("["));
    str_cut_suffix(&text, STR("]"));
    while (text.len && n < 256) {
        Str word = str_split(&text, ' ');
        if (!str_to_u64(word, &ring[n])) break;
        n++;
    }
    return n;
}

static void memstats_line(GcSnapshot *s, Str name, Str value) {
    double v;
    Str first = str_split(&value, ' '); // "Stack = 1 / 2"
    if (!str_to_f64(first, &v) || !(v >= 0)) return;
    for (size_t i = 0; i < COUNT(counters); i++)
        if (counters[i].memstats.len && str_eq(counters[i].memstats, name))
            set(s, counters[i].id, v);
}

Err memstats_read(Arena *a, Str text, GcSnapshot *out) {
    static const Str head = STR_INIT("# runtime.MemStats\n");
    size_t at = str_find(text, head);
    if (at == STR_NONE)
        return err_new(a, ERR_FORMAT, 0,
                       "no '# runtime.MemStats' block: ask for /debug/pprof/heap?debug=1");
    GcSnapshot s = {0};
    uint64_t ring[256] = {0};
    uint32_t filled = 0;
    text = str_from(text, at + head.len);
    while (text.len) {
        bool whole = str_find_byte(text, '\n') != STR_NONE;
        Str line = str_line(&text);
        if (!whole) break; // cut: its number may be too
        if (!str_cut_prefix(&line, STR("# "))) break;
        size_t eq = str_find(line, STR(" = "));
        if (eq == STR_NONE) continue;
        Str name = str_to(line, eq), value = str_from(line, eq + 3);
        if (str_eq_c(name, "PauseNs"))
            filled = read_list(value, ring);
        else
            memstats_line(&s, name, value);
    }
    if (!gc_has(&s, GC_TOTAL_ALLOC) || !gc_has(&s, GC_NUM_GC))
        return err_new(a, ERR_TRUNCATED, at, "the runtime.MemStats block has no %s: cut short?",
                       gc_has(&s, GC_TOTAL_ALLOC) ? "NumGC" : "TotalAlloc");
    s.value[GC_LAST_GC] /= 1e9;
    s.value[GC_PAUSE_TOTAL] /= 1e9;
    read_pauses(&s, ring, filled);
    *out = s;
    return NULL;
}

// go_info{version="go1.26.8"} 1
static void read_info(GcSnapshot *s, Str line) {
    if (!str_cut_prefix(&line, STR("go_info{"))) return;
    size_t at = str_find(line, STR("version=\""));
    if (at == STR_NONE) return;
    Str version = str_from(line, at + 9);
    size_t end = str_find_byte(version, '"');
    if (end != STR_NONE) s->go_version = str_to(version, end);
}

Err prometheus_read(Arena *a, Str text, GcSnapshot *out) {
    GcSnapshot s = {0};
    while (text.len) {
        bool is_whole = str_find_byte(text, '\n') != STR_NONE;
        Str line = str_line(&text);
        if (!is_whole) break;
        read_info(&s, line);
        Str name = str_split(&line, ' '), value = str_split(&line, ' ');
        double v;
        if (!name.len || name.ptr[0] == '#' || !str_to_f64(value, &v) || !(v >= 0)) continue;
        for (size_t i = 0; i < COUNT(counters); i++)
            if (counters[i].prometheus.len && str_eq(counters[i].prometheus, name))
                set(&s, counters[i].id, v);
    }
    if (!gc_has(&s, GC_TOTAL_ALLOC))
        return err_new(a, ERR_FORMAT, 0,
                       "no go_memstats_alloc_bytes_total among the metrics: "
                       "the Go collector of the Prometheus client is not registered");
    *out = s;
    return NULL;
}

static double delta(const GcSnapshot *x, const GcSnapshot *y, GcCounter c) {
    return gc_has(x, c) && gc_has(y, c) ? y->value[c] - x->value[c] : -1;
}

Err gc_rates(Arena *a, const GcSnapshot *before, const GcSnapshot *after, double seconds,
             GcRates *out) {
    static const GcCounter growing[] = {GC_TOTAL_ALLOC, GC_MALLOCS, GC_NUM_GC};
    for (size_t i = 0; i < COUNT(growing); i++)
        if (gc_has(before, growing[i]) && gc_has(after, growing[i]) &&
            after->value[growing[i]] < before->value[growing[i]])
            return err_new(a, ERR_FORMAT, 0,
                           STR_FMT " went back from %.0f to %.0f: the service was restarted",
                           STR_ARG(counters[growing[i]].prometheus), before->value[growing[i]],
                           after->value[growing[i]]);
    if (!(seconds > 0)) return err_new(a, ERR_FORMAT, 0, "two looks at the same time");
    double gc_cpu = delta(before, after, GC_GC_CPU), used = delta(before, after, GC_PROCESS_CPU);
    *out = (GcRates){
        .seconds = seconds,
        .alloc_bytes = delta(before, after, GC_TOTAL_ALLOC) / seconds,
        .alloc_objects = MAX(delta(before, after, GC_MALLOCS), 0.0) / seconds,
        .cycles = MAX(delta(before, after, GC_NUM_GC), 0.0) / seconds,
        .gc_cpu = gc_cpu >= 0 ? gc_cpu / seconds : -1,
        .used_cpu = used >= 0 ? used / seconds : -1,
        .pause = MAX(delta(before, after, GC_PAUSE_TOTAL), 0.0) / seconds,
    };
    return NULL;
}
