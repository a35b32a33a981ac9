// gc/model.c: what another GOGC or GOMEMLIMIT would have done to a run that was observed.
//
// The run is replayed cycle by cycle (replay.c) against the bytes it allocated, which the settings
// do not change: at each place in that sequence the observation says how much was reachable, how
// much garbage floated, and what a mark cost. A setting only decides where the cycles fall. Here
// the run is taken out of the observation, and replays are turned into CPU and RSS.
#include <math.h>
#include <stddef.h>

#include "gc/gc_internal.h"

// Fitted on twelve programs at seven settings each (tools/gc-whatif-check names them, and measures
// how well they carry over to twelve others).
static const double own_slowed = 0.5; // CPU of the program's own for one second of marking
static const double beside_untouched = 3.8 * (1 << 20); // mapped by the runtime and never touched
static const double heap_beside = 0.04;     // resident beside the heap, part of its growth
static const double runtime_base = 4 << 20; // where the RSS is not known
static const double unused_plain = 0.02, unused_scanned = 0.05; // then: of the heap, mapped unused
static const double pace_in_mark = 0.5; // of the program, against the time between marks
static const double far_from_ns = 1.3, far_to_ns = 10; // CPU of a mark per byte scanned
static const double spread_cycles = 0.08; // standard deviations of log(measured/predicted)
static const double spread_cpu = 0.16;
static const double spread_rss = 0.05;
static const double file_pages = 6.5e6; // resident pages of the binary, where not known
static const double z90 = 1.645;

// What is saved grows with the part that is left out, and replays scatter: so it is looked up
// between a few parts, each replayed once.
static const double credit_parts[] = {0, 0.04, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.99};

typedef struct CreditCurve {
    bool known;
    struct {
        double cycles, cpu, peak; // parts of all cycles and all GC CPU; bytes
    } saved[COUNT(credit_parts)];
} CreditCurve;

struct GcModel {
    Arena *arena;
    const GcObservation *seen;
    GcStepVec steps;
    GcRun run;
    double on_cpu, gc_cpu_s; // on_cpu: part of gc_cpu_s that was spent on a CPU
    double stop_s;           // stop-the-world time of all processors
    double files, beside;    // resident: pages of files, and of the runtime beside the heap
    double most;             // the largest heap there was
    // The replay of the observed setting itself; what it misses is taken out of every prediction.
    GcReplay self;
    double peak_bias;    // the largest heap against what its replays have at most or at least
    double cost_spread;  // of the cost of a cycle within the run, relative
    CreditCurve *credit; // made when first asked for
    GcModel *next;       // of another run of the same work
};

// How much one cycle's cost per reachable byte varies: the standard deviation of its logarithm.
static double cost_spread(const GcModel *m) {
    double sum = 0, squares = 0, n = 0;
    for (uint32_t i = m->steps.len / 2; i < m->steps.len; i++) {
        const GcStep *s = &m->steps.v[i];
        if (!(s->cpu_s > 0) || !(s->live > 0)) continue;
        double x = log(s->cpu_s / s->live);
        sum += x, squares += x * x, n++;
    }
    return n > 2 ? sqrt(MAX(squares / n - sum * sum / (n * n), 0.0)) : 0.2;
}

// ---- the run ----

static bool held_up(const GcCycle *c) { return (double)c->heap_end >= 0.98 * (double)c->goal; }

// Bytes per millisecond allocated between the mark before and this one.
static double pace_before(const GcModel *m, uint32_t i) {
    const GcStep *s = &m->steps.v[i], *before = i ? s - 1 : s;
    const GcCycle *c = &m->seen->cycles.v[i];
    double since = i && c->epoch == c[-1].epoch ? c->start_s - before->at_s : 0;
    return since > 1e-5 ? MAX(s->allocated - s->during_mark, 0.0) / (since * 1000) : 0;
}

// The program's pace while a mark runs against its pace before, where nothing held it up.
static double pace_ratio(const GcModel *m) {
    double *ratios = NEW_ARRAY(m->arena, double, m->steps.len);
    uint32_t n = 0;
    for (uint32_t i = 1; i < m->steps.len; i++) {
        const GcCycle *c = &m->seen->cycles.v[i];
        double pace = pace_before(m, i) * c->mark_ms;
        if (!held_up(c) && pace > 0) ratios[n++] = m->steps.v[i].during_mark / pace;
    }
    return n >= 5 ? MIN(gc_median(m->arena, ratios, n), 1.0) : pace_in_mark;
}

// What the pacer weighs a mark by: processors it had, those that idled counted as free to allocate.
static double processors_used(const GcCycle *c) {
    const double planned = 0.25;
    double all_ms = c->mark_ms * MAX(c->procs, 1u);
    if (!(all_ms > 0)) return planned / (1 - planned);
    double used = MIN(planned + c->cpu_assist_ms / all_ms, 0.9);
    return (used + MIN(c->cpu_idle_ms / all_ms, 1.0)) / (1 - used);
}

static void fill_marks(GcModel *m) {
    GcRun *r = &m->run;
    double ratio = pace_ratio(m);
    for (uint32_t i = 0; i < r->count; i++) {
        const GcStep *s = &m->steps.v[i];
        const GcCycle *c = &m->seen->cycles.v[i];
        double during = s->during_mark;
        double floats = during > 0 ? (s->marked - s->live) / during : 0;
        bool held = i > 0 && held_up(c);
        // Assists cut short what was allocated; where there is more room, the mark takes its time.
        if (held) during = MAX(during, pace_before(m, i) * c->mark_ms * ratio);
        double beyond = held ? MAX((double)c->heap_end - (double)c->goal, 0.0) : -1;
        r->marks[i] = (GcMark){.live = s->live,
                               .floats = MIN(MAX(floats, 0.0), 1.0),
                               .during = during,
                               .used = processors_used(c),
                               .cost_s = s->cpu_s,
                               .end = s->end,
                               .beyond = beyond};
        if (held) r->overshots[r->overshot_count++] = beyond;
    }
}

// One held-up mark counts all it saw allocated as live; what is reachable does not jump about.
static void smooth_live(GcModel *m) {
    enum { AROUND = 3 };
    GcRun *r = &m->run;
    double *live = NEW_ARRAY(m->arena, double, r->count);
    for (uint32_t i = 0; i < r->count; i++) live[i] = m->steps.v[i].live;
    for (uint32_t i = 0; i < r->count; i++) {
        uint32_t around = MIN(MIN(i, r->count - 1 - i), (uint32_t)AROUND);
        r->live[i] = gc_median(m->arena, live + i - around, 2 * around + 1);
    }
}

static double scanned_part(const GcModel *m) {
    double *parts = NEW_ARRAY(m->arena, double, m->steps.len);
    uint32_t n = 0;
    for (uint32_t i = m->steps.len / 2; i < m->steps.len; i++) {
        const GcCycle *c = &m->seen->cycles.v[i];
        if (c->exact && m->steps.v[i].marked > GC_MEBIBYTE)
            parts[n++] = MIN((double)c->scan_heap / m->steps.v[i].marked, 1.0);
    }
    return n ? gc_median(m->arena, parts, n) : 1;
}

// Whether marks wait for memory: median CPU per byte scanned. (A single chain cannot get worse.)
static bool far_apart(const GcModel *m) {
    double *ns = NEW_ARRAY(m->arena, double, m->steps.len);
    uint32_t n = 0;
    for (uint32_t i = m->steps.len / 3; i < m->steps.len; i++) {
        const GcCycle *c = &m->seen->cycles.v[i];
        double scanned = (double)(c->scan_heap + c->scan_stacks + c->scan_globals);
        if (c->exact && scanned > 2 * GC_MEBIBYTE)
            ns[n++] = m->steps.v[i].cpu_s * 1e9 / scanned * m->on_cpu;
    }
    double each = gc_median(m->arena, ns, n);
    return each > far_from_ns && each < far_to_ns;
}

static void take_run(GcModel *m, const GcSummary *s) {
    GcRun *r = &m->run;
    r->arena = m->arena;
    r->count = m->steps.len;
    r->marks = NEW_ARRAY(m->arena, GcMark, r->count);
    r->at = NEW_ARRAY(m->arena, double, r->count);
    r->live = NEW_ARRAY(m->arena, double, r->count);
    r->overshots = NEW_ARRAY(m->arena, double, r->count);
    double sum = 0;
    for (uint32_t i = 0; i < r->count; i++) r->at[i] = sum += m->steps.v[i].allocated;
    smooth_live(m);
    fill_marks(m);
    r->allocated = observation_allocated(m->seen, &m->steps);
    r->fixed_scan = s->stacks + s->globals;
    r->far = far_apart(m);
}

// ---- memory ----

// What was resident beside the largest heap there was.
static void take_memory(GcModel *m) {
    const GcObservation *o = m->seen;
    for (uint32_t i = 0; i < o->cycles.len; i++)
        m->most = MAX(m->most, (double)o->cycles.v[i].heap_end);
    m->files = o->file_rss                                  ? (double)o->file_rss
               : o->peak_anon && o->peak_anon < o->peak_rss ? (double)(o->peak_rss - o->peak_anon)
                                                            : file_pages;
    m->beside = runtime_base + m->run.fixed_scan +
                m->most * (unused_plain + unused_scanned * scanned_part(m));
    if (o->peak_rss) m->beside = MAX((double)o->peak_rss - m->files - m->most, runtime_base / 2);
    m->run.beside = m->beside + beside_untouched;
    m->run.beside_heap = m->most;
}

Err gc_model_new(Arena *a, const GcObservation *o, GcModel **out) {
    if (o->cycles.len < GC_MODEL_CYCLES)
        return err_new(
            a, ERR_FORMAT, 0,
            "%u cycles are too few to predict from; watch the program longer (at least %d)",
            o->cycles.len, GC_MODEL_CYCLES);
    GcModel *m = NEW(a, GcModel);
    m->arena = a;
    m->seen = o;
    m->steps = observation_steps(a, o);
    for (uint32_t i = 0; i < m->steps.len; i++) {
        m->gc_cpu_s += m->steps.v[i].cpu_s;
        m->stop_s += (o->cycles.v[i].cpu_stop_sweep_ms + o->cycles.v[i].cpu_stop_mark_ms) / 1000;
    }
    GcSummary s = observation_summary(a, o);
    m->on_cpu = m->gc_cpu_s > 0 ? s.gc_cpu_s / m->gc_cpu_s : 1;
    m->cost_spread = cost_spread(m);
    take_run(m, &s);
    take_memory(m);
    m->self = gc_replay(&m->run, o->gogc, o->memlimit, 1);
    m->self.cycles.value = MAX(m->self.cycles.value, 1.0);
    m->self.cpu_s.value = MAX(m->self.cpu_s.value, 1e-9);
    m->peak_bias = m->most / MIN(MAX(m->most, m->self.peak.low), m->self.peak.high);
    m->credit = NEW(a, CreditCurve);
    *out = m;
    return NULL;
}

// ---- predictions ----

static GcEstimate within(double value, double spread, double step) {
    double factor = exp(z90 * spread);
    return (GcEstimate){value, MAX(value / factor - step, 0.0), value * factor + step};
}

// The interval of the replays, widened by what the rules themselves miss.
static GcEstimate widened(const GcEstimate *replayed, double scale, double spread, double step) {
    GcEstimate e = within(replayed->value * scale, spread, step);
    if (!(replayed->value > 0)) return e;
    double low = log(replayed->value / MAX(replayed->low, replayed->value / 100)),
           high = log(replayed->high / replayed->value), own = z90 * spread;
    e.low = MAX(e.value * exp(-sqrt(low * low + own * own)) - step, 0.0);
    e.high = e.value * exp(sqrt(high * high + own * own)) + step;
    return e;
}

static double rss_of(const GcModel *m, double heap, uint64_t memlimit) {
    double rss = m->files + m->beside + heap + MAX(heap - m->most, 0.0) * heap_beside;
    if (memlimit != GC_NO_LIMIT)
        rss = MIN(rss, MAX((double)memlimit, heap + runtime_base) + m->files);
    return rss;
}

static GcEstimate predict_rss(const GcModel *m, const GcReplay *r, uint64_t memlimit) {
    GcEstimate heap = widened(&r->peak, m->peak_bias, spread_rss, GC_MEBIBYTE);
    return (GcEstimate){rss_of(m, heap.value, memlimit), rss_of(m, heap.low, memlimit),
                        rss_of(m, heap.high, GC_NO_LIMIT)};
}

static GcPrediction predict_from_run(const GcModel *m, int64_t gogc, uint64_t memlimit) {
    GcReplay r = gc_replay(&m->run, gogc, memlimit, 1);
    GcPrediction p = {.gogc = gogc, .memlimit = memlimit, .limited = r.limited};
    double scale = m->steps.len / m->self.cycles.value;
    double was = m->gc_cpu_s * m->on_cpu;
    p.cycles = widened(&r.cycles, scale, spread_cycles, 1);
    double cycles = p.cycles.value, cpu = r.cpu_s.value * was / m->self.cpu_s.value;
    double spread =
        sqrt(spread_cpu * spread_cpu + m->cost_spread * m->cost_spread / MAX(cycles, 1.0));
    p.gc_cpu_s =
        widened(&r.cpu_s, was / m->self.cpu_s.value, spread, cycles > 0 ? cpu / cycles / 2 : 0);
    p.peak_rss = predict_rss(m, &r, memlimit);
    p.thrash = r.limited && r.tightest < 0.5;
    p.gc_share = p.cpu_s = (GcEstimate){-1, -1, -1};
    if (m->seen->cpu_s <= was) return p;
    // What goes with every cycle beside the marking: stopping the program, and the caches it loses.
    double per_cycle = m->stop_s / m->steps.len * m->on_cpu;
    double own = m->seen->cpu_s - was +
                 own_slowed * (r.beside_s - m->self.beside_s) * was / m->self.cpu_s.value +
                 per_cycle * (cycles - m->steps.len);
    own = MAX(own, (m->seen->cpu_s - was) / 3);
    double total = own + cpu;
    p.cpu_s = within(total, 0.08, 0);
    p.gc_share = (GcEstimate){cpu / total, p.gc_cpu_s.low / (p.gc_cpu_s.low + own),
                              p.gc_cpu_s.high / (p.gc_cpu_s.high + own)};
    return p;
}

// One estimate of several: the median of their values and of the ends of their intervals. One run
// of three that met a busy machine does not count.
static GcEstimate middle(Arena *a, const GcPrediction *of, uint32_t n, size_t member) {
    double *values = NEW_ARRAY(a, double, 3 * n);
    for (uint32_t i = 0; i < n; i++) {
        GcEstimate e;
        memcpy(&e, (const char *)&of[i] + member, sizeof e);
        values[i] = e.value, values[n + i] = e.low, values[2 * n + i] = e.high;
    }
    return (GcEstimate){gc_median(a, values, n), gc_median(a, values + n, n),
                        gc_median(a, values + 2 * n, n)};
}

GcPrediction gc_model_predict(const GcModel *m, int64_t gogc, uint64_t memlimit) {
    if (!m->next) return predict_from_run(m, gogc, memlimit);
    uint32_t n = 0, thrash = 0, limited = 0;
    for (const GcModel *at = m; at; at = at->next) n++;
    Arena *a = m->arena;
    GcPrediction *of = NEW_ARRAY(a, GcPrediction, n), p = {.gogc = gogc, .memlimit = memlimit};
    uint32_t i = 0;
    for (const GcModel *at = m; at; at = at->next, i++) {
        of[i] = predict_from_run(at, gogc, memlimit);
        thrash += of[i].thrash, limited += of[i].limited;
    }
    p.cycles = middle(a, of, n, offsetof(GcPrediction, cycles));
    p.gc_cpu_s = middle(a, of, n, offsetof(GcPrediction, gc_cpu_s));
    p.gc_share = middle(a, of, n, offsetof(GcPrediction, gc_share));
    p.cpu_s = middle(a, of, n, offsetof(GcPrediction, cpu_s));
    p.peak_rss = middle(a, of, n, offsetof(GcPrediction, peak_rss));
    p.thrash = 2 * thrash > n, p.limited = 2 * limited > n;
    return p;
}

Err gc_model_add(GcModel *m, GcModel *more) {
    const double alike = 1.25;
    double ours = m->run.allocated, theirs = more->run.allocated;
    if (theirs > ours * alike || theirs < ours / alike)
        return err_new(m->arena, ERR_FORMAT, 0,
                       "it allocated %.1f MiB, the first run %.1f MiB: not the same work",
                       theirs / GC_MEBIBYTE, ours / GC_MEBIBYTE);
    if ((m->seen->cpu_s > 0) != (more->seen->cpu_s > 0))
        return err_new(m->arena, ERR_FORMAT, 0,
                       "only one of it and the first run says how much CPU was used");
    GcModel *last = m;
    while (last->next) last = last->next;
    last->next = more;
    return NULL;
}

int64_t gc_model_largest_gogc(const GcModel *m, uint64_t budget, uint64_t memlimit) {
    int64_t best = 0;
    for (int64_t gogc = 10; gogc <= 2000; gogc += gogc < 100 ? 5 : gogc < 400 ? 10 : 50) {
        GcPrediction p = gc_model_predict(m, gogc, memlimit);
        if (p.peak_rss.high <= (double)budget && !p.thrash) best = gogc;
        if (p.peak_rss.low > (double)budget) break;
    }
    return best;
}

static const CreditCurve *credit_curve(const GcModel *m) {
    CreditCurve *c = m->credit;
    if (c->known) return c;
    for (size_t i = 1; i < COUNT(credit_parts); i++) {
        GcReplay r = gc_replay(&m->run, m->seen->gogc, m->seen->memlimit, 1 - credit_parts[i]);
        // Parts of cycles count: a saving smaller than a cycle is one, too.
        double cycles = (r.cycles.value + r.begun) / (m->self.cycles.value + m->self.begun);
        double cpu = (r.cpu_s.value + r.begun_cpu_s) / (m->self.cpu_s.value + m->self.begun_cpu_s);
        c->saved[i].cycles = MAX(1 - cycles, c->saved[i - 1].cycles);
        c->saved[i].cpu = MAX(1 - cpu, c->saved[i - 1].cpu);
        c->saved[i].peak = MAX(m->self.peak.value - r.peak.value, c->saved[i - 1].peak);
    }
    c->known = true;
    return c;
}

GcCredit gc_model_credit(const GcModel *m, double part) {
    const CreditCurve *curve = credit_curve(m);
    part = MIN(MAX(part, 0.0), credit_parts[COUNT(credit_parts) - 1]);
    size_t i = 1;
    while (credit_parts[i] < part) i++;
    double between = (part - credit_parts[i - 1]) / (credit_parts[i] - credit_parts[i - 1]);
#define AT(figure)                                                                                 \
    (curve->saved[i - 1].figure + (curve->saved[i].figure - curve->saved[i - 1].figure) * between)
    return (GcCredit){.bytes = m->run.allocated * part,
                      .cycles = m->steps.len * AT(cycles),
                      .gc_cpu_s = m->gc_cpu_s * m->on_cpu * AT(cpu),
                      .rss = AT(peak) * (1 + heap_beside)};
#undef AT
}

GcCredit gc_model_cost(const GcModel *m) {
    return (GcCredit){
        .bytes = m->run.allocated, .cycles = m->steps.len, .gc_cpu_s = m->gc_cpu_s * m->on_cpu};
}

double gc_model_live(const GcModel *m) {
    double most = 0;
    for (uint32_t i = 0; i < m->run.count; i++) most = MAX(most, m->run.live[i]);
    return most;
}
