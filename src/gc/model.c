// gc/model.c: what another GOGC or GOMEMLIMIT would have done to a run that was observed.
//
// The run is replayed cycle by cycle against the bytes it allocated, which the settings do not
// change: at each place in that sequence the observation says how much was reachable, how much
// garbage floated, and what a mark cost. A setting only decides where the cycles fall.
//
// Rules, from runtime/mgcpacer.go (Go 1.19 to 1.27):
//   goal      = live + (live + stacks + globals) * GOGC/100, at least 4 MiB * GOGC/100
//   limited   = the heap that fits beside everything else the runtime has mapped, less 3 % (1 MiB
//   at
//               least); the goal is the smaller one, never below live
//   live      holds what was allocated during the mark: floating garbage, at most what fits between
//               the latest trigger (70 % of the way to the goal) and the goal
#include <math.h>

#include "gc/gc.h"

static const double mebibyte = 1 << 20;

// Fitted on runs of four programs (tests/go/gcload: sess, tree, queue, words) at seven settings
// each; tools/gc-whatif-check measures how well they carry over to others.
static const double mutator_slowed = 0.5;   // by how much marking all the time slows the program
static const double runtime_base = 5 << 20; // bytes the runtime maps beside heap and stacks
// Heap mapped but not usable, part of the heap: of memory without pointers (mostly large buffers),
// and what small objects with pointers add.
static const double unused_plain = 0.02, unused_scanned = 0.07;
static const double way_for_mark = 0.3; // of the way to the goal: what the latest trigger leaves
static const double cost_spread_out = 0.15; // power of the heap's size in the cost of a mark
static const double spread_cycles = 0.13;   // standard deviations of log(measured/predicted)
static const double spread_cpu = 0.26;
static const double spread_rss = 0.09;
static const double file_pages = 5.5e6; // resident pages of the binary
static const double z90 = 1.645;

struct GcModel {
    Arena *arena;
    const GcObservation *seen;
    GcStepVec steps;
    double *at;              // bytes allocated at the end of each step
    double allocated;        // in the whole run
    double fixed_scan;       // stacks and globals
    double end_fix;          // where marks ended, against where the replay's rule has them end
    double unused_mapped;    // heap mapped but not usable, part of it
    double on_cpu, gc_cpu_s; // on_cpu: part of gc_cpu_s that was spent on a CPU
    double stop_s;           // stop-the-world time of all processors
    double unused;           // mapped beyond the heap in use, part of it
    double beside;           // resident beside the heap, bytes
    double excursion;        // largest heap beyond what the replay expects, bytes
    // The replay of the observed setting itself; what it misses is taken out of every prediction.
    double replay_cycles, replay_cpu_s, replay_peak;
    double replay_begun, replay_begun_cpu_s;
    double cost_spread; // of the cost of a cycle within the run, relative
};

typedef struct Replay {
    double cycles, cpu_s, peak;
    double begun, begun_cpu_s; // part of a next cycle that the end of the run cuts off
    double tightest;           // smallest room over live heap: (goal - live) / live
    bool limited;
} Replay;

// A figure of the steps at a place in the allocation sequence.
typedef struct Place {
    uint32_t step;  // the one that ends at or after the place
    double between; // 0..1 from the step before it
} Place;

static Place place_at(const GcModel *m, double allocated) {
    uint32_t low = 0, high = m->steps.len - 1;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (m->at[mid] < allocated)
            low = mid + 1;
        else
            high = mid;
    }
    double before = low ? m->at[low - 1] : 0, width = m->at[low] - before;
    double between = width > 0 ? (allocated - before) / width : 1;
    return (Place){low, MIN(MAX(between, 0.0), 1.0)};
}

static double blend(double before, double after, double between) {
    return before + (after - before) * between;
}

static GcStep step_at(const GcModel *m, double allocated) {
    Place p = place_at(m, allocated);
    GcStep zero = {0}, x = p.step ? m->steps.v[p.step - 1] : zero, y = m->steps.v[p.step];
    if (!p.step)
        x.during_mark = y.during_mark, x.runway = y.runway, x.end = y.end,
        x.marked = y.marked - y.live; // before the first cycle
    return (GcStep){
        .live = blend(x.live, y.live, p.between),
        .marked = blend(x.marked, y.marked, p.between),
        .during_mark = blend(x.during_mark, y.during_mark, p.between),
        .end = blend(x.end, y.end, p.between),
        .runway = blend(x.runway, y.runway, p.between),
        .cpu_s = blend(x.cpu_s, y.cpu_s, p.between),
    };
}

// The heap that fits under the limit: everything else is the base and what lies unused in the heap.
static double limited_goal(const GcModel *m, uint64_t memlimit) {
    double room = ((double)memlimit - runtime_base - m->fixed_scan) / (1 + m->unused_mapped);
    return room - MAX(room * 0.03, mebibyte);
}

static double goal_of(const GcModel *m, double marked, int64_t gogc, uint64_t memlimit,
                      bool *limited) {
    double g = (double)gogc / 100;
    double goal =
        gogc < 0 ? INFINITY : MAX(marked + (marked + m->fixed_scan) * g, 4 * mebibyte * g);
    *limited = false;
    if (memlimit == GC_NO_LIMIT) return goal;
    double limit = MAX(limited_goal(m, memlimit), marked);
    *limited = limit < goal;
    return MIN(goal, limit);
}

// Where a mark ends: it starts a runway before the goal, at most the last part of the way, and ends
// when as much as usual was allocated meanwhile. Assists hold the heap at the goal.
static double mark_end(const GcStep *s, double marked, double goal, double scale) {
    double way = MAX(goal - marked, 0.0);
    double least = MIN(way * 0.05, 4 * mebibyte), most = way * way_for_mark;
    double before = MIN(MAX(s->runway * scale, least), most);
    return goal - MAX(before - s->during_mark * scale, 0.0);
}

// The larger the heap around them, the more pages the same live objects lie on.
static double mark_cost(const GcStep *s, double end) {
    return s->cpu_s * pow(end / MAX(s->end, mebibyte), cost_spread_out);
}

// scale: the part of the allocation that is left; 1 replays the run as it was. Places in the run
// are counted in the bytes it allocated when nothing was left out.
static Replay replay(const GcModel *m, int64_t gogc, uint64_t memlimit, double scale) {
    enum { CYCLES_MAX = 200000 };
    Replay r = {.tightest = INFINITY};
    double place = 0, marked = 0;
    while (r.cycles < CYCLES_MAX) {
        bool limited;
        double goal = goal_of(m, marked, gogc, memlimit, &limited);
        GcStep now = step_at(m, place + (goal - marked) / scale);
        double end = mark_end(&now, marked, goal, scale) * m->end_fix;
        end = MAX(end, marked + mebibyte / 2); // a cycle is never free of progress
        double room = end - marked;
        if (place + room / scale > m->allocated) {
            r.peak = MAX(r.peak, marked + (m->allocated - place) * scale);
            r.begun = (m->allocated - place) * scale / room;
            r.begun_cpu_s = r.begun * mark_cost(&now, end);
            return r;
        }
        place += room / scale;
        r.peak = MAX(r.peak, end);
        r.limited |= limited;
        GcStep s = step_at(m, place);
        if (limited) r.tightest = MIN(r.tightest, (goal - s.live) / MAX(s.live, mebibyte));
        marked = s.live + MIN(MAX(s.marked - s.live, 0.0) * scale, way_for_mark * room);
        r.cpu_s += mark_cost(&s, end);
        r.cycles++;
    }
    return r;
}

// What the rule for a mark's end misses in this program, median.
static double end_fix(const GcModel *m) {
    double *ratios = NEW_ARRAY(m->arena, double, m->steps.len);
    uint32_t n = 0;
    for (uint32_t i = 1; i < m->steps.len; i++) {
        const GcCycle *c = &m->seen->cycles.v[i];
        if (c->forced || c->epoch != c[-1].epoch || c->goal < 8 * mebibyte) continue;
        double goal = (double)c->goal + (c->exact ? 0 : mebibyte / 2);
        ratios[n++] =
            m->steps.v[i].end / mark_end(&m->steps.v[i], m->steps.v[i - 1].marked, goal, 1);
    }
    return n ? MIN(MAX(gc_median(m->arena, ratios, n), 0.9), 1.1) : 1;
}

static double unused_mapped(const GcModel *m) {
    double *parts = NEW_ARRAY(m->arena, double, m->steps.len);
    uint32_t n = 0;
    for (uint32_t i = m->steps.len / 2; i < m->steps.len; i++) {
        const GcCycle *c = &m->seen->cycles.v[i];
        if (c->exact && m->steps.v[i].marked > mebibyte)
            parts[n++] = MIN((double)c->scan_heap / m->steps.v[i].marked, 1.0);
    }
    return unused_plain + unused_scanned * (n ? gc_median(m->arena, parts, n) : 1);
}

// How much one cycle's cost per marked byte varies: the standard deviation of its logarithm.
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

// Where the latest trigger cut the mark's allocation short, a longer way lets it take what the
// program allocates in that time when nothing holds it up.
static double unhindered(const GcModel *m, uint32_t i) {
    const GcStep *s = &m->steps.v[i], *before = i ? s - 1 : s;
    const GcCycle *c = &m->seen->cycles.v[i];
    double way = (double)c->goal - before->marked;
    if (!i || c->epoch != c[-1].epoch || s->during_mark < way * 0.25) return s->during_mark;
    double between = MAX(c->start_s - before->at_s, 1e-3);
    double pace = (s->allocated - s->during_mark) / between;
    return MAX(pace * c->mark_ms / 1000 * 0.75, s->during_mark);
}

// One cycle that the scheduler held up floats much garbage; another run has such cycles elsewhere.
static void smooth_steps(GcModel *m) {
    enum { AROUND = 3 };
    uint32_t n = m->steps.len;
    double *floating = NEW_ARRAY(m->arena, double, n), *during = NEW_ARRAY(m->arena, double, n),
           *runway = NEW_ARRAY(m->arena, double, n);
    for (uint32_t i = 0; i < n; i++) {
        GcStep *s = &m->steps.v[i];
        double most = i && i + 1 < n ? MAX(s[-1].live, s[1].marked) : s->live;
        s->live = MIN(s->live, most); // all that a held-up mark saw allocated counts as marked
        during[i] = unhindered(m, i);
        floating[i] = (s->marked - s->live) * during[i] / MAX(s->during_mark, 1.0);
        runway[i] = s->runway;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t from = i > AROUND ? i - AROUND : 0, to = MIN(i + AROUND + 1, n);
        GcStep *s = &m->steps.v[i];
        s->marked = s->live + gc_median(m->arena, floating + from, to - from);
        s->during_mark = gc_median(m->arena, during + from, to - from);
        s->runway = gc_median(m->arena, runway + from, to - from);
    }
}

// What the process had mapped beside the heap at its largest, and how far the largest heap of the
// observed run stood above what the replay expects (one held-up cycle is enough).
static void fit_rss(GcModel *m) {
    const GcObservation *o = m->seen;
    double most = m->replay_peak;
    for (uint32_t i = 0; i < o->cycles.len; i++) most = MAX(most, (double)o->cycles.v[i].heap_end);
    double anon = o->peak_anon ? (double)o->peak_anon : (double)o->peak_rss - file_pages;
    m->excursion = most - m->replay_peak;
    m->unused =
        o->peak_rss ? MIN(MAX((anon - most - runtime_base) / most, 0.0), 0.12) : m->unused_mapped;
    m->beside =
        o->peak_rss ? (double)o->peak_rss - most * (1 + m->unused) : runtime_base + file_pages;
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
    smooth_steps(m);
    m->at = NEW_ARRAY(a, double, m->steps.len);
    double sum = 0;
    for (uint32_t i = 0; i < m->steps.len; i++) {
        sum += m->steps.v[i].allocated;
        m->at[i] = sum;
        m->gc_cpu_s += m->steps.v[i].cpu_s;
        m->stop_s += (o->cycles.v[i].cpu_stop_sweep_ms + o->cycles.v[i].cpu_stop_mark_ms) / 1000;
    }
    GcSummary s = observation_summary(a, o);
    m->on_cpu = m->gc_cpu_s > 0 ? s.gc_cpu_s / m->gc_cpu_s : 1;
    m->fixed_scan = s.stacks + s.globals;
    m->end_fix = end_fix(m);
    m->unused_mapped = unused_mapped(m);
    m->allocated = observation_allocated(o, &m->steps);
    m->cost_spread = cost_spread(m);
    Replay r = replay(m, o->gogc, o->memlimit, 1);
    m->replay_cycles = MAX(r.cycles, 1.0);
    m->replay_cpu_s = MAX(r.cpu_s, 1e-9);
    m->replay_peak = r.peak;
    m->replay_begun = r.begun;
    m->replay_begun_cpu_s = r.begun_cpu_s;
    fit_rss(m);
    *out = m;
    return NULL;
}

// CPU of everything but the collector: the more of the time is spent marking, the slower the
// program runs (write barriers, caches). Solved for a program that spends gc_cpu_s on marking.
static double own_cpu(const GcModel *m, double was, double gc_cpu_s) {
    double seen = m->seen->cpu_s - was;
    double alone = seen / (1 + mutator_slowed * was / m->seen->cpu_s), own = seen;
    for (int i = 0; i < 30; i++) own = alone * (1 + mutator_slowed * gc_cpu_s / (gc_cpu_s + own));
    return own;
}

static GcEstimate within(double value, double spread, double step) {
    double factor = exp(z90 * spread);
    return (GcEstimate){value, MAX(value / factor - step, 0.0), value * factor + step};
}

static GcEstimate predict_rss(const GcModel *m, const Replay *r, uint64_t memlimit) {
    // One such cycle was seen: a run of about as many cycles or more rather has one than not.
    double likely = r->cycles >= 0.7 * m->replay_cycles ? m->excursion : 0;
    double heap = r->peak + likely;
    double rss = m->beside + heap * (1 + m->unused);
    double files =
        m->seen->peak_anon ? (double)m->seen->peak_rss - (double)m->seen->peak_anon : file_pages;
    if (memlimit != GC_NO_LIMIT)
        rss = MIN(rss, MAX((double)memlimit, r->peak + runtime_base) + files);
    GcEstimate e = within(MAX(rss, mebibyte), spread_rss, mebibyte);
    e.high = MAX(e.high, rss + m->excursion - likely);
    e.low = MIN(e.low, rss - likely);
    return e;
}

GcPrediction gc_model_predict(const GcModel *m, int64_t gogc, uint64_t memlimit) {
    Replay r = replay(m, gogc, memlimit, 1);
    GcPrediction p = {.gogc = gogc, .memlimit = memlimit, .limited = r.limited};
    double cycles = r.cycles * m->steps.len / m->replay_cycles;
    double cpu = r.cpu_s * m->gc_cpu_s / m->replay_cpu_s * m->on_cpu;
    double was = m->gc_cpu_s * m->on_cpu;
    p.cycles = within(cycles, spread_cycles, 1);
    double spread =
        sqrt(spread_cpu * spread_cpu + m->cost_spread * m->cost_spread / MAX(cycles, 1.0));
    p.gc_cpu_s = within(cpu, spread, cycles > 0 ? cpu / cycles / 2 : 0);
    p.peak_rss = predict_rss(m, &r, memlimit);
    p.thrash = r.limited && r.tightest < 0.5;
    p.gc_share = p.cpu_s = (GcEstimate){-1, -1, -1};
    if (m->seen->cpu_s <= was) return p;
    // What goes with every cycle beside the marking: stopping the program, and the caches it loses.
    double per_cycle = m->stop_s / m->steps.len * m->on_cpu;
    double own =
        own_cpu(m, was, cpu) + MAX(per_cycle * (cycles - m->steps.len), -0.02 * m->seen->cpu_s);
    double total = own + cpu;
    p.cpu_s = within(total, 0.08, 0);
    p.gc_share = (GcEstimate){cpu / total, p.gc_cpu_s.low / (p.gc_cpu_s.low + own),
                              p.gc_cpu_s.high / (p.gc_cpu_s.high + own)};
    return p;
}

int64_t gc_model_largest_gogc(const GcModel *m, uint64_t budget, uint64_t memlimit) {
    int64_t best = 0;
    for (int64_t gogc = 10; gogc <= 2000; gogc += gogc < 100 ? 5 : gogc < 400 ? 10 : 50) {
        GcPrediction p = gc_model_predict(m, gogc, memlimit);
        if (p.peak_rss.high <= (double)budget && !p.thrash) best = gogc;
    }
    return best;
}

GcCredit gc_model_credit(const GcModel *m, double part) {
    part = MIN(MAX(part, 0.0), 0.99);
    Replay r = replay(m, m->seen->gogc, m->seen->memlimit, 1 - part);
    // Parts of cycles count: a saving smaller than a cycle is one, too.
    double cycles = (r.cycles + r.begun) / (m->replay_cycles + m->replay_begun);
    double cpu = (r.cpu_s + r.begun_cpu_s) / (m->replay_cpu_s + m->replay_begun_cpu_s);
    GcCredit c = {.cycles = m->steps.len * MAX(1 - cycles, 0.0)};
    c.gc_cpu_s = m->gc_cpu_s * m->on_cpu * MAX(1 - cpu, 0.0);
    c.rss = MAX((m->replay_peak - r.peak) * (1 + m->unused), 0.0);
    c.bytes = m->allocated * part;
    return c;
}

GcCredit gc_model_cost(const GcModel *m) {
    return (GcCredit){
        .bytes = m->allocated, .cycles = m->steps.len, .gc_cpu_s = m->gc_cpu_s * m->on_cpu};
}

double gc_model_live(const GcModel *m) {
    double most = 0;
    for (uint32_t i = 0; i < m->steps.len; i++) most = MAX(most, m->steps.v[i].live);
    return most;
}
