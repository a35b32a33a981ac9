// gc/replay.c: the pacer run again, under another setting, over the bytes a program allocated.
//
// What the program does at each place in that sequence was observed: how much is reachable, what a
// mark costs, how much is allocated while one runs. The setting decides where the marks fall. No
// two runs are the same: how long a mark takes is up to the scheduler, and what is allocated
// meanwhile floats as garbage and moves all later goals. So each mark is drawn from the observed
// ones near its place, the run is replayed many times, and the median is what is predicted.
//
// Rules, from runtime/mgcpacer.go (Go 1.19 to 1.27):
//   goal      = live + (live + stacks + globals) * GOGC/100, at least 4 MiB * GOGC/100
//   limited   = the limit less everything mapped that is no heap, less 3 % (1 MiB at least); the
//   goal
//               is the smaller one, never below live
//   trigger   = goal - runway, from 70 % of the way to the goal up to 95 % (or 4 MiB before it)
//   runway    = 3 * (allocated / scanned) * bytes to scan, the ratio being the largest of the last
//               five marks, each weighed by the processors it had
//   end       = trigger + what was allocated meanwhile; assists hold the program up at the goal
//   live      = reachable + garbage among what was allocated meanwhile
#include <math.h>

#include "base/index.h"
#include "gc/gc_internal.h"

enum {
    REPLAYS = 25,
    CYCLES_MAX = 200000,    // of one replay
    WORK_MAX = 2000000,     // cycles of all replays; long runs have fewer replays
    AROUND = 5,             // marks are drawn from so many before and after the place
    REMEMBERED = 5,         // marks the pacer learns from
    ROOM_LEAST = 512 << 10, // a cycle is never free of progress
};

static const double way_for_mark = 0.3;  // of the way to the goal: what the latest trigger leaves
static const double beside_grows = 0.09; // with the heap: what is mapped and not in use
static const double used_held = 0.5; // GcMark.used, at least, of a mark that holds the program up
// A goal under a limit moves as memory is mapped: lower when a mark begins than when it ends, by
// this part of the heap; by more where survivors lie scattered and leave memory in between unused.
static const double limit_wavers = 0.015, limit_wavers_far = 0.035;

// Power of the heap's size in the cost of a mark: objects that are hard to reach lie on more pages
// the more garbage is between them.
static const double cost_spread_out = 0.03, cost_spread_far = 0.4;

typedef struct Pacer {
    double marked;
    double learned[REMEMBERED]; // allocated / scanned, weighed
    uint32_t cycle;
    uint64_t random;
} Pacer;

typedef struct Once {
    double cycles, cpu_s, beside_s, peak, begun, begun_cpu_s, tightest;
    bool limited;
} Once;

static uint32_t draw(Pacer *p, uint32_t below) {
    p->random = hash_mix(p->random, p->cycle + 1);
    return (uint32_t)((p->random >> 32) * below >> 32);
}

// The first mark that ends at or after the place.
static uint32_t mark_after(const GcRun *r, double place) {
    uint32_t low = 0, high = r->count - 1;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (r->at[mid] < place)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static double live_at(const GcRun *r, double place) {
    uint32_t i = mark_after(r, place);
    double before = i ? r->at[i - 1] : 0, width = r->at[i] - before;
    double between = width > 0 ? MIN(MAX((place - before) / width, 0.0), 1.0) : 1;
    double from = i ? r->live[i - 1] : 0;
    return from + (r->live[i] - from) * between;
}

static const GcMark *mark_near(const GcRun *r, Pacer *p, double place) {
    uint32_t i = mark_after(r, place);
    uint32_t from = i > AROUND ? i - AROUND : 0, to = MIN(i + AROUND + 1, r->count);
    return &r->marks[from + draw(p, to - from)];
}

// The heap that fits under the limit beside everything else.
static double limited_goal(const GcRun *r, uint64_t memlimit) {
    double room = (double)memlimit - r->beside;
    double more = room - r->beside_heap;
    if (more > 0) room -= more * beside_grows / (1 + beside_grows);
    return room - MAX(room * 0.03, GC_MEBIBYTE);
}

static double goal_of(const GcRun *r, double marked, int64_t gogc, uint64_t memlimit,
                      bool *limited) {
    double g = (double)gogc / 100;
    double goal =
        gogc < 0 ? INFINITY : MAX(marked + (marked + r->fixed_scan) * g, 4 * GC_MEBIBYTE * g);
    *limited = false;
    if (memlimit == GC_NO_LIMIT) return goal;
    double limit = MAX(limited_goal(r, memlimit), marked);
    *limited = limit < goal;
    return MIN(goal, limit);
}

// How far before the goal the mark begins.
static double runway(const Pacer *p, double scanned, double way) {
    double ratio = 0;
    for (int i = 0; i < REMEMBERED; i++) ratio = MAX(ratio, p->learned[i]);
    double least = MIN(way * 0.05, 4 * GC_MEBIBYTE);
    return MIN(MAX(3 * ratio * scanned, least), way * way_for_mark);
}

// Where a mark ends that began `before` the goal. One that did not hold the program up in the run
// goes as far beyond the goal as one that did.
static double mark_end(const GcRun *r, Pacer *p, const GcMark *m, double goal, double before) {
    double during = m->during;
    if (during <= before) return goal - before + during;
    double beyond = m->beyond >= 0      ? m->beyond
                    : r->overshot_count ? r->overshots[draw(p, r->overshot_count)]
                                        : 0;
    return goal + MIN(during - before, beyond);
}

// GC CPU of a mark with so much reachable in a heap that ended at `end`.
static double mark_cost(const GcRun *r, const GcMark *m, double live, double end) {
    double beside = r->fixed_scan + GC_MEBIBYTE; // scanned whatever lives
    double larger = MAX(MIN(end, 1e15) / MAX(m->end, GC_MEBIBYTE), 1.0);
    return m->cost_s * (live + beside) / (m->live + beside) *
           pow(larger, r->far ? cost_spread_far : cost_spread_out);
}

static Once replay_once(const GcRun *r, int64_t gogc, uint64_t memlimit, double scale,
                        uint64_t seed) {
    Once o = {.tightest = INFINITY};
    Pacer p = {.random = hash_mix(seed, 0x6763)};
    double place = 0;
    for (;; p.cycle++) {
        bool limited;
        double goal = goal_of(r, p.marked, gogc, memlimit, &limited);
        double way = MAX(goal - p.marked, 0.0);
        double scanned = live_at(r, place) + r->fixed_scan;
        double before = isfinite(way) ? runway(&p, scanned, way) : 0;
        if (limited) before = MIN(before + goal * (r->far ? limit_wavers_far : limit_wavers), way);
        GcMark m = *mark_near(r, &p, place + (way - before) / scale);
        m.during *= scale;
        double end = mark_end(r, &p, &m, goal, before);
        end = MAX(end, p.marked + ROOM_LEAST);
        double room = end - p.marked;
        double left = r->allocated - place;
        double live = live_at(r, MIN(place + room / scale, r->allocated));
        double cost = mark_cost(r, &m, live, end);
        if (room / scale > left || p.cycle >= CYCLES_MAX) {
            o.peak = MAX(o.peak, p.marked + left * scale);
            o.begun = MIN(left * scale / room, 1.0);
            o.begun_cpu_s = isfinite(room) ? o.begun * cost : 0;
            return o;
        }
        place += room / scale;
        o.peak = MAX(o.peak, end);
        o.limited |= limited;
        if (limited) o.tightest = MIN(o.tightest, (goal - live) / MAX(live, GC_MEBIBYTE));
        double during = MAX(MIN(end - (goal - before), room), 0.0);
        // Assists that hold the program up count as processors used: the next mark starts earlier.
        double used = m.during > before ? MAX(m.used, used_held) : m.used;
        p.learned[p.cycle % REMEMBERED] = during * used / (live + r->fixed_scan);
        p.marked = live + m.floats * during;
        o.cpu_s += cost;
        o.beside_s += cost * (0.5 + 0.5 * MIN(during / MAX(m.during, 1.0), 1.0));
        o.cycles++;
    }
}

static int by_value(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static GcEstimate estimate(double *values, uint32_t n) {
    qsort(values, n, sizeof *values, by_value);
    return (GcEstimate){values[n / 2], values[n / 20], values[n - 1 - n / 20]};
}

GcReplay gc_replay(const GcRun *run, int64_t gogc, uint64_t memlimit, double scale) {
    double cycles[REPLAYS], cpu_s[REPLAYS], peak[REPLAYS], begun[REPLAYS], begun_cpu_s[REPLAYS],
        beside_s[REPLAYS];
    GcReplay out = {.tightest = INFINITY};
    uint32_t n = 0;
    double work = 0;
    while (n < REPLAYS && (n < 3 || work < WORK_MAX)) {
        Once o = replay_once(run, gogc, memlimit, scale, n);
        cycles[n] = o.cycles, cpu_s[n] = o.cpu_s, peak[n] = o.peak;
        beside_s[n] = o.beside_s;
        begun[n] = o.begun, begun_cpu_s[n] = o.begun_cpu_s;
        out.tightest = MIN(out.tightest, o.tightest);
        out.limited |= o.limited;
        work += o.cycles;
        n++;
    }
    out.cycles = estimate(cycles, n);
    out.cpu_s = estimate(cpu_s, n);
    out.peak = estimate(peak, n);
    out.beside_s = estimate(beside_s, n).value;
    out.begun = estimate(begun, n).value;
    out.begun_cpu_s = estimate(begun_cpu_s, n).value;
    return out;
}
