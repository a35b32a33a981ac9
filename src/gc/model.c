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
static const double mutator_per_gc =
    0.35; // CPU the program itself saves per GC CPU saved: caches, write barriers
static const double runtime_base = 4e6; // bytes the runtime maps beside heap and stacks
static const double overshoot = 0.2;    // of end_to_goal, per part of the way that a mark takes up
static const double mark_part_max = 0.35;
static const double unused_limited =
    0.06; // heap mapped but not usable near a limit, part of the heap
static const double spread_cycles = 0.13; // standard deviations of log(measured/predicted)
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
    double end_to_goal;      // where the mark ends, part of the goal
    double mark_part;        // bytes allocated during a mark, part of the way to the goal
    double on_cpu, gc_cpu_s; // on_cpu: part of gc_cpu_s that was spent on a CPU
    double stop_s;           // stop-the-world time of all processors
    double unused;           // mapped beyond the heap in use, part of it
    double beside;           // resident beside the heap, bytes
    double excursion;        // largest heap beyond what the replay expects, bytes
    // The replay of the observed setting itself; what it misses is taken out of every prediction.
    double replay_cycles, replay_cpu_s, replay_peak;
    double cost_spread; // of the cost of a cycle within the run, relative
};

typedef struct Replay {
    double cycles, cpu_s, peak;
    double tightest; // smallest room over live heap: (goal - live) / live
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
        x.during_mark = y.during_mark, x.marked = y.marked - y.live; // before the first cycle
    return (GcStep){
        .live = blend(x.live, y.live, p.between),
        .marked = blend(x.marked, y.marked, p.between),
        .during_mark = blend(x.during_mark, y.during_mark, p.between),
        .cpu_s = blend(x.cpu_s, y.cpu_s, p.between),
    };
}

// The heap that fits under the limit: everything else is the base and what lies unused in the heap.
static double limited_goal(const GcModel *m, uint64_t memlimit) {
    double room = ((double)memlimit - runtime_base - m->fixed_scan) / (1 + unused_limited);
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

// Where the mark ends, part of the goal: a short way to the goal is overshot, because what is
// allocated during the mark does not shrink with it.
static double end_to_goal(const GcModel *m, double allocated, double room) {
    double part = mark_part_max;
    if (room > 0) part = MIN(step_at(m, allocated).during_mark / room, mark_part_max);
    return MIN(m->end_to_goal + overshoot * MAX(part - m->mark_part, 0.0), 1.05);
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
        double part = end_to_goal(m, place, (goal - marked) / scale);
        double end = MAX(goal * part, marked + mebibyte / 2); // a cycle is never free of progress
        double room = end - marked;
        if (place + room / scale > m->allocated) {
            r.peak = MAX(r.peak, marked + (m->allocated - place) * scale);
            return r;
        }
        place += room / scale;
        r.peak = MAX(r.peak, end);
        r.limited |= limited;
        GcStep s = step_at(m, place);
        if (limited) r.tightest = MIN(r.tightest, (goal - s.live) / MAX(s.live, mebibyte));
        marked = s.live + MIN(MAX(s.marked - s.live, 0.0) * scale, 0.3 * room);
        r.cpu_s += s.cpu_s;
        r.cycles++;
    }
    return r;
}

// The median part of the way to the goal that a mark takes up.
static double mark_part(const GcModel *m) {
    double *parts = NEW_ARRAY(m->arena, double, m->steps.len);
    uint32_t n = 0;
    for (uint32_t i = 1; i < m->steps.len; i++) {
        double room = (double)m->seen->cycles.v[i].goal - m->steps.v[i - 1].marked;
        if (room > 0) parts[n++] = MIN(m->steps.v[i].during_mark / room, mark_part_max);
    }
    return gc_median(m->arena, parts, n);
}

static double ratio_median(GcModel *m) {
    double *ratios = NEW_ARRAY(m->arena, double, m->steps.len);
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->steps.len; i++) {
        const GcCycle *c = &m->seen->cycles.v[i];
        if (c->forced || c->goal < 8 * mebibyte) continue;
        double half = c->exact ? 0 : mebibyte / 2;
        ratios[n++] = ((double)c->heap_end + half) / ((double)c->goal + half);
    }
    double r = gc_median(m->arena, ratios, n);
    return n ? MIN(MAX(r, 0.9), 1.1) : 1;
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

// One cycle that the scheduler held up floats much garbage; another run has such cycles elsewhere.
static void smooth_floating(GcModel *m) {
    enum { AROUND = 3 };
    uint32_t n = m->steps.len;
    double *floating = NEW_ARRAY(m->arena, double, n);
    for (uint32_t i = 0; i < n; i++) floating[i] = m->steps.v[i].marked - m->steps.v[i].live;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t from = i > AROUND ? i - AROUND : 0, to = MIN(i + AROUND + 1, n);
        m->steps.v[i].marked = m->steps.v[i].live + gc_median(m->arena, floating + from, to - from);
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
        o->peak_rss ? MIN(MAX((anon - most - runtime_base) / most, 0.0), 0.12) : unused_limited;
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
    smooth_floating(m);
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
    m->end_to_goal = ratio_median(m);
    m->mark_part = mark_part(m);
    m->allocated = observation_allocated(o, &m->steps);
    m->cost_spread = cost_spread(m);
    Replay r = replay(m, o->gogc, o->memlimit, 1);
    m->replay_cycles = MAX(r.cycles, 1.0);
    m->replay_cpu_s = MAX(r.cpu_s, 1e-9);
    m->replay_peak = r.peak;
    fit_rss(m);
    *out = m;
    return NULL;
}

static GcEstimate within(double value, double spread, double step) {
    double factor = exp(z90 * spread);
    return (GcEstimate){value, MAX(value / factor - step, 0.0), value * factor + step};
}

static GcEstimate predict_rss(const GcModel *m, const Replay *r, uint64_t memlimit) {
    double heap = r->peak + m->excursion / 2; // it may have such a cycle or not
    double rss = m->beside + heap * (1 + m->unused);
    double files =
        m->seen->peak_anon ? (double)m->seen->peak_rss - (double)m->seen->peak_anon : file_pages;
    if (memlimit != GC_NO_LIMIT)
        rss = MIN(rss, MAX((double)memlimit, r->peak + runtime_base) + files);
    GcEstimate e = within(MAX(rss, mebibyte), spread_rss, mebibyte);
    e.high = MAX(e.high, rss + m->excursion / 2);
    e.low = MIN(e.low, rss - m->excursion / 2);
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
    double change = cpu - was + per_cycle * (cycles - m->steps.len);
    double total = MAX(m->seen->cpu_s + (1 + mutator_per_gc) * change, cpu * 1.02);
    double own = total - cpu;
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
    GcCredit c = {.cycles = m->steps.len - r.cycles * m->steps.len / m->replay_cycles};
    c.gc_cpu_s = (m->gc_cpu_s - r.cpu_s * m->gc_cpu_s / m->replay_cpu_s) * m->on_cpu;
    c.rss = MAX((m->replay_peak - r.peak) * (1 + m->unused), 0.0);
    c.bytes = m->allocated * part;
    return c;
}

double gc_model_live(const GcModel *m) {
    double most = 0;
    for (uint32_t i = 0; i < m->steps.len; i++) most = MAX(most, m->steps.v[i].live);
    return most;
}
