// gc/observe.c: one run of a program as an observation: its cycles and what the system said of it,
// written to a file, read back, and summed up.
//
// What a trace calls live (the third heap figure) holds everything allocated while the mark ran,
// because it is allocated black. What is really reachable is that figure less the garbage among
// those bytes; how much of them is garbage follows from how the heap grows from cycle to cycle.
#include <math.h>

#include "gc/gc.h"

// The runtime times marking by the wall clock while it holds a processor of its own, so on a busy
// machine the figure holds waiting too, and rather more than the process on average: a mark keeps
// every processor busy. Of twelve programs run three times each at 34 to 95 % of the CPU, this
// power makes the runs of one setting differ least.
static const double waiting_power = 1.1;

double gc_got_of_marking(double on_cpu) { return pow(on_cpu, waiting_power); }

static const Str magic = STR_INIT("heapwise-gc-observation 1\n");

static void write_cycle(Buf *out, const GcCycle *c) {
    buf_fmt(out, "cycle %u %u %.3f %u", c->number, c->epoch, c->start_s, c->cpu_percent);
    buf_fmt(out, " %g %g %g", c->stop_sweep_ms, c->mark_ms, c->stop_mark_ms);
    buf_fmt(out, " %g %g %g %g %g", c->cpu_stop_sweep_ms, c->cpu_assist_ms, c->cpu_worker_ms,
            c->cpu_idle_ms, c->cpu_stop_mark_ms);
    const uint64_t words[] = {
        c->heap_start,  c->heap_end,     c->marked,      c->goal,        c->stacks,    c->globals,
        c->procs,       c->forced,       c->leak_check,  c->torn,        c->exact,     c->scan_heap,
        c->scan_stacks, c->scan_globals, c->objs_single, c->objs_sparse, c->objs_dense};
    for (size_t i = 0; i < COUNT(words); i++) {
        buf_byte(out, ' ');
        buf_u64(out, words[i]);
    }
    buf_byte(out, '\n');
}

void observation_write(const GcObservation *o, Buf *out) {
    buf_str(out, magic);
    if (o->go_version.len) buf_fmt(out, "go " STR_FMT "\n", STR_ARG(o->go_version));
    buf_fmt(out, "gogc %lld\nmemlimit %llu\nprocs %u\n", (long long)o->gogc,
            (unsigned long long)o->memlimit, o->procs);
    buf_fmt(out, "wall_s %.6f\ncpu_s %.6f\nrun_s %.6f\nwait_s %.6f\n", o->wall_s, o->cpu_s,
            o->run_s, o->wait_s);
    buf_fmt(out, "peak_rss %llu\npeak_anon %llu\nearly_anon %llu\nfile_rss %llu\n",
            (unsigned long long)o->peak_rss, (unsigned long long)o->peak_anon,
            (unsigned long long)o->early_anon, (unsigned long long)o->file_rss);
    for (uint32_t i = 0; i < o->cycles.len; i++) write_cycle(out, &o->cycles.v[i]);
}

// ---- reading ----

// Seconds and milliseconds of thirty thousand years: beyond that a figure is no time.
static const double time_max = 1e15;

static bool read_time(Str word, double *out) {
    return str_to_f64(word, out) && *out >= 0 && *out <= time_max;
}

static bool next_number(Str *line, double *out) { return read_time(str_split(line, ' '), out); }

static bool next_word(Str *line, uint64_t *out) {
    Str word = str_split(line, ' ');
    return str_to_u64(word, out) && *out <= (uint64_t)1 << 62;
}

static bool read_cycle(Str line, GcCycle *c) {
    uint64_t head[2], percent, w[17];
    *c = (GcCycle){0};
    if (!next_word(&line, &head[0]) || !next_word(&line, &head[1]) ||
        !next_number(&line, &c->start_s) || !next_word(&line, &percent))
        return false;
    double *const times[] = {&c->stop_sweep_ms,     &c->mark_ms,         &c->stop_mark_ms,
                             &c->cpu_stop_sweep_ms, &c->cpu_assist_ms,   &c->cpu_worker_ms,
                             &c->cpu_idle_ms,       &c->cpu_stop_mark_ms};
    for (size_t i = 0; i < COUNT(times); i++)
        if (!next_number(&line, times[i])) return false;
    for (size_t i = 0; i < COUNT(w); i++)
        if (!next_word(&line, &w[i])) return false;
    c->number = (uint32_t)head[0], c->epoch = (uint32_t)head[1], c->cpu_percent = (uint32_t)percent;
    c->heap_start = w[0], c->heap_end = w[1], c->marked = w[2], c->goal = w[3], c->stacks = w[4],
    c->globals = w[5];
    c->procs = (uint32_t)w[6], c->forced = w[7] != 0, c->leak_check = w[8] != 0,
    c->torn = w[9] != 0, c->exact = w[10] != 0;
    c->scan_heap = w[11], c->scan_stacks = w[12], c->scan_globals = w[13];
    c->objs_single = w[14], c->objs_sparse = w[15], c->objs_dense = w[16];
    return line.len == 0;
}

static bool read_fact(GcObservation *o, Str name, Str value) {
    const struct {
        const char *name;
        double *number;
        uint64_t *word;
    } facts[] = {{"memlimit", NULL, &o->memlimit},   {"wall_s", &o->wall_s, NULL},
                 {"cpu_s", &o->cpu_s, NULL},         {"run_s", &o->run_s, NULL},
                 {"wait_s", &o->wait_s, NULL},       {"peak_rss", NULL, &o->peak_rss},
                 {"peak_anon", NULL, &o->peak_anon}, {"early_anon", NULL, &o->early_anon},
                 {"file_rss", NULL, &o->file_rss}};
    if (str_eq_c(name, "go")) {
        o->go_version = value;
        return true;
    }
    if (str_eq_c(name, "gogc"))
        return str_to_i64(value, &o->gogc) && o->gogc >= -1 && o->gogc <= INT32_MAX;
    uint64_t procs;
    if (str_eq_c(name, "procs") && str_to_u64(value, &procs) && procs < 1 << 20) {
        o->procs = (uint32_t)procs;
        return true;
    }
    for (size_t i = 0; i < COUNT(facts); i++)
        if (str_eq_c(name, facts[i].name)) {
            if (facts[i].word) return str_to_u64(value, facts[i].word);
            return read_time(value, facts[i].number);
        }
    return false;
}

static Err read_own_form(Arena *a, Str text, GcObservation *o) {
    size_t size = text.len;
    str_cut_prefix(&text, magic);
    while (text.len) {
        size_t at = size - text.len;
        Str line = str_line(&text);
        Str value = line;
        Str name = str_split(&value, ' ');
        GcCycle c;
        bool ok;
        if (str_eq_c(name, "cycle")) {
            ok = read_cycle(value, &c);
            if (ok) vec_push(a, &o->cycles, c);
        } else {
            ok = read_fact(o, name, value);
        }
        if (ok) continue;
        if (!text.len) return NULL; // cut in its last line: what was read so far counts
        return err_new(a, ERR_FORMAT, at, "not a line of an observation: " STR_FMT,
                       STR_ARG(str_to(line, 60)));
    }
    return NULL;
}

Err observation_read(Arena *a, Str text, GcObservation *out) {
    GcObservation o = {.gogc = 100, .memlimit = GC_NO_LIMIT};
    if (str_starts(text, magic)) {
        TRY(read_own_form(a, text, &o));
    } else {
        GcTrace *t = gctrace_new(a);
        gctrace_feed(t, text);
        gctrace_end(t);
        o.cycles = *gctrace_cycles(t);
    }
    if (!o.cycles.len)
        return err_new(a, ERR_FORMAT, 0,
                       "no gctrace line in it: start the program with GODEBUG=gctrace=1, or with "
                       "heapwise gc run");
    if (!o.procs) o.procs = vec_last(&o.cycles).procs;
    *out = o;
    return NULL;
}

// ---- what follows from the cycles ----

static int by_value(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

double gc_median(Arena *a, const double *values, uint32_t count) {
    if (!count) return 0;
    double *sorted = arena_copy(a, values, count * sizeof *values, _Alignof(double));
    qsort(sorted, count, sizeof *sorted, by_value);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

// The next goal was computed from this cycle's live heap, so it says that figure to the byte:
// goal = live + (live + stacks + globals) * GOGC/100, unless the minimum or a limit decided.
static double exact_marked(const GcObservation *o, uint32_t i) {
    const GcCycle *c = &o->cycles.v[i], *next = i + 1 < o->cycles.len ? c + 1 : NULL;
    double said = (double)c->marked;
    if (!next || !next->exact || next->epoch != c->epoch || o->gogc <= 0 ||
        o->memlimit != GC_NO_LIMIT)
        return said;
    double g = (double)o->gogc / 100;
    double least = 4.0 * (1 << 20) * g;
    if ((double)next->goal <= least * 1.0001) return said;
    double marked =
        ((double)next->goal - ((double)c->scan_stacks + (double)c->scan_globals) * g) / (1 + g);
    return fabs(marked - said) <= 1.5 * (1 << 20) ? marked
                                                  : said; // else someone changed GOGC meanwhile
}

// Marking and assists. While the world is stopped most processors wait, so the trace's figure for
// that (pause times GOMAXPROCS) is no CPU anybody used; pauses are reported apart.
static double cycle_cpu_s(const GcCycle *c) {
    return (c->cpu_assist_ms + c->cpu_worker_ms + c->cpu_idle_ms) / 1000;
}

// Figures rounded down to a MiB are half a MiB too small on average.
static double heap_bytes(const GcCycle *c, uint64_t n) {
    return (double)n + (c->exact ? 0 : 1 << 19);
}

GcStepVec observation_steps(Arena *a, const GcObservation *o) {
    GcStepVec steps = {0};
    double before = 0; // marked by the cycle before; a trace that begins late tells nothing of it
    for (uint32_t i = 0; i < o->cycles.len; i++) {
        const GcCycle *c = &o->cycles.v[i];
        bool first = i == 0 || c->epoch != c[-1].epoch;
        double end = heap_bytes(c, c->heap_end), start = heap_bytes(c, c->heap_start);
        if (first) before = c->number == 1 ? 0 : end;
        double marked = exact_marked(o, i);
        if (!c->exact) marked += 1 << 19;
        GcStep s = {.allocated = MAX(end - before, 0.0),
                    .during_mark = MAX(end - start, 0.0),
                    .end = end,
                    .marked = marked};
        double grown = s.allocated > 0 ? (marked - before) / s.allocated : 0;
        double survives = MIN(MAX(grown, 0.0), 1.0);
        s.live = MAX(marked - (1 - survives) * s.during_mark, MIN(marked, 1024.0 * 64));
        s.cpu_s = cycle_cpu_s(c);
        s.at_s = c->start_s + (c->stop_sweep_ms + c->mark_ms + c->stop_mark_ms) / 1000;
        vec_push(a, &steps, s);
        before = marked;
    }
    return steps;
}

double observation_allocated(const GcObservation *o, const GcStepVec *steps) {
    double sum = 0;
    for (uint32_t i = 0; i < steps->len; i++) sum += steps->v[i].allocated;
    if (!steps->len) return 0;
    const GcStep *last = &vec_last(steps);
    double goal = sum;
    if (o->gogc >= 0) {
        double g = (double)o->gogc / 100;
        goal = MAX(last->marked * (1 + g), 4.0 * (1 << 20) * g);
    }
    if (o->memlimit != GC_NO_LIMIT) goal = MIN(goal, (double)o->memlimit);
    double most = MAX(goal - last->marked, 0.0);
    if (o->wall_s <= 0) return sum + most / 2;
    double seconds = MAX(o->wall_s - last->at_s, 0.0);
    return sum + MIN(seconds * sum / MAX(last->at_s, 1e-3), most);
}

static void sum_steps(Arena *a, const GcStepVec *steps, GcSummary *s) {
    uint32_t from = steps->len / 2, n = steps->len - from;
    double *live = NEW_ARRAY(a, double, n), *floating = NEW_ARRAY(a, double, n);
    for (uint32_t i = 0; i < steps->len; i++) {
        const GcStep *x = &steps->v[i];
        s->alloc_bytes += x->allocated;
        s->gc_cpu_s += x->cpu_s;
        if (i < from) continue;
        live[i - from] = x->live;
        floating[i - from] = x->marked - x->live;
    }
    s->live = gc_median(a, live, n);
    s->floating = gc_median(a, floating, n);
}

// The same where the length of the marks is known. The kernel shares a busy machine out by sessions
// or containers, not by threads: so the odds of one thread to be on a CPU fall with the number of
// those that want to be. A mark has all processors want one; the rest of the run has as many as its
// demand says. What the odds are follows from what the process got altogether.
static double got_of_marks(const GcObservation *o) {
    double wanted = o->run_s + o->wait_s, mark_s = 0, procs = MAX(o->procs, 1u);
    for (uint32_t i = 0; i < o->cycles.len; i++) mark_s += o->cycles.v[i].mark_ms / 1000;
    double in_marks = MIN(procs * mark_s, wanted), other = wanted - in_marks;
    if (!(o->wall_s > mark_s) || !(o->run_s > 0)) return gc_got_of_marking(o->run_s / wanted);
    double threads = MIN(MAX(other / (o->wall_s - mark_s), 1.0), procs);
    double low = 1e-6, high = 1e6; // odds of a single thread
    for (int i = 0; i < 60; i++) {
        double odds = sqrt(low * high);
        double ran = in_marks * odds / (odds + procs) + other * odds / (odds + threads);
        *(ran < o->run_s ? &low : &high) = odds;
    }
    return low / (low + procs);
}

GcSummary observation_summary(Arena *a, const GcObservation *o) {
    GcSummary s = {.cycles = o->cycles.len, .on_cpu = 1, .gc_share = -1, .exact = true};
    if (!s.cycles) return s;
    GcStepVec steps = observation_steps(a, o);
    sum_steps(a, &steps, &s);
    double first = o->cycles.v[0].number == 1 ? 0 : steps.v[0].at_s;
    double restarted = 0;
    for (uint32_t i = 0; i < s.cycles; i++) {
        const GcCycle *c = &o->cycles.v[i];
        if (i > 0 && c->epoch != c[-1].epoch) restarted += steps.v[i - 1].at_s;
        s.forced += c->forced;
        s.exact &= c->exact;
        s.idle_mark_s += c->cpu_idle_ms / 1000;
        double pause = (c->stop_sweep_ms + c->stop_mark_ms) / 1000;
        s.pause_s += pause;
        s.longest_pause_s = MAX(s.longest_pause_s, MAX(c->stop_sweep_ms, c->stop_mark_ms) / 1000);
    }
    const GcCycle *last = &vec_last(&o->cycles);
    s.seconds = restarted + vec_last(&steps).at_s - first;
    s.stacks = (double)(last->exact ? last->scan_stacks : last->stacks);
    s.globals = (double)(last->exact ? last->scan_globals : last->globals);
    s.goal = (double)last->goal;
    s.marked = vec_last(&steps).marked;
    if (o->run_s > 0 && o->wait_s >= 0) s.on_cpu = o->run_s / (o->run_s + o->wait_s);
    double got = o->wait_s > 0 ? got_of_marks(o) : gc_got_of_marking(s.on_cpu);
    s.gc_cpu_s *= got;
    s.idle_mark_s *= got;
    if (o->cpu_s > 0) s.gc_share = s.gc_cpu_s / o->cpu_s;
    return s;
}
