// gc/record.c: what happened in one stretch of time, from cycles of a trace or from two looks at a
// service's counters. Figures a source does not give are NaN.
#include <math.h>

#include "gc/gc.h"

GcRecord gc_record_none(void) {
    return (GcRecord){.at_s = NAN,
                      .seconds = NAN,
                      .alloc_bytes = NAN,
                      .alloc_objects = NAN,
                      .cycles = NAN,
                      .live = NAN,
                      .floating = NAN,
                      .marked = NAN,
                      .goal = NAN,
                      .gc_cpu = NAN,
                      .used_cpu = NAN,
                      .on_cpu = NAN,
                      .stacks = NAN,
                      .globals = NAN,
                      .pause_s = NAN,
                      .rss = NAN};
}

// Steps from..to of an observation; the time reaches back to the step before.
static GcRecord record_of(Arena *a, const GcObservation *o, const GcStepVec *steps, uint32_t from,
                          uint32_t to) {
    GcRecord r = gc_record_none();
    uint32_t n = to - from;
    double *live = NEW_ARRAY(a, double, n), *floating = NEW_ARRAY(a, double, n);
    r.alloc_bytes = r.gc_cpu = r.pause_s = 0;
    for (uint32_t i = from; i < to; i++) {
        const GcCycle *c = &o->cycles.v[i];
        const GcStep *s = &steps->v[i];
        r.alloc_bytes += s->allocated;
        r.gc_cpu += s->cpu_s;
        r.pause_s += (c->stop_sweep_ms + c->stop_mark_ms) / 1000;
        live[i - from] = s->live;
        floating[i - from] = s->marked - s->live;
    }
    const GcCycle *last = &o->cycles.v[to - 1];
    bool follows = from > 0 && o->cycles.v[from - 1].epoch == o->cycles.v[from].epoch;
    double begin = follows                         ? steps->v[from - 1].at_s
                   : o->cycles.v[from].number == 1 ? 0
                                                   : o->cycles.v[from].start_s;
    r.at_s = steps->v[to - 1].at_s;
    r.seconds = fmax(r.at_s - begin, 1e-3);
    r.cycles = n / r.seconds;
    r.alloc_bytes /= r.seconds;
    r.gc_cpu /= r.seconds;
    r.live = gc_median(a, live, n);
    r.floating = gc_median(a, floating, n);
    r.marked = steps->v[to - 1].marked;
    r.goal = (double)last->goal;
    r.stacks = (double)(last->exact ? last->scan_stacks : last->stacks);
    r.globals = (double)(last->exact ? last->scan_globals : last->globals);
    r.restarted = from > 0 && !follows;
    return r;
}

GcRecordVec gc_records(Arena *a, const GcObservation *o, uint32_t first_cycle, double interval_s) {
    GcRecordVec out = {0};
    GcStepVec steps = observation_steps(a, o);
    uint32_t from = first_cycle;
    for (uint32_t i = first_cycle; i < steps.len; i++) {
        bool last = i + 1 == steps.len || o->cycles.v[i + 1].epoch != o->cycles.v[i].epoch;
        double begin = from > 0 && o->cycles.v[from - 1].epoch == o->cycles.v[from].epoch
                           ? steps.v[from - 1].at_s
                           : 0;
        if (!last && steps.v[i].at_s - begin < interval_s) continue;
        vec_push(a, &out, record_of(a, o, &steps, from, i + 1));
        from = i + 1;
    }
    return out;
}

static double figure(const GcSnapshot *s, GcCounter c) { return gc_has(s, c) ? s->value[c] : NAN; }

// Live heap as the goal implies it: goal = live + (live + stacks + globals) * GOGC/100.
static double marked_by_goal(const GcSnapshot *s, double gogc) {
    double goal = figure(s, GC_NEXT_GC), g = gogc / 100;
    double scanned = (gc_has(s, GC_STACK_INUSE) ? s->value[GC_STACK_INUSE] : 0);
    if (gc_has(s, GC_HEAP_LIVE)) return s->value[GC_HEAP_LIVE];
    if (!(goal > 4 * (1 << 20) * g * 1.01) || !(g > 0)) return NAN; // the least goal says nothing
    return fmax((goal - scanned * g) / (1 + g), 0);
}

Err gc_record_between(Arena *a, const GcSnapshot *before, const GcSnapshot *after, double seconds,
                      GcRecord *out) {
    GcRates rates;
    TRY(gc_rates(a, before, after, seconds, &rates));
    GcRecord r = gc_record_none();
    r.seconds = seconds;
    r.alloc_bytes = rates.alloc_bytes;
    r.alloc_objects = gc_has(after, GC_MALLOCS) ? rates.alloc_objects : NAN;
    r.cycles = gc_has(after, GC_NUM_GC) ? rates.cycles : NAN;
    r.pause_s = gc_has(after, GC_PAUSE_TOTAL) ? rates.pause * seconds : NAN;
    double finished = after->value[GC_NUM_GC] - before->value[GC_NUM_GC];
    if (isnan(r.pause_s) && after->pause_count && finished <= after->pause_count) {
        r.pause_s = 0;
        for (uint32_t i = 0; i < (uint32_t)finished; i++)
            r.pause_s += (double)after->pauses_ns[i] / 1e9;
    }
    if (rates.gc_cpu >= 0) r.gc_cpu = rates.gc_cpu;
    if (rates.used_cpu >= 0) r.used_cpu = rates.used_cpu;
    double gogc = gc_has(after, GC_GOGC) ? after->value[GC_GOGC] : 100;
    r.marked = marked_by_goal(after, gogc);
    r.floating = figure(after, GC_FLOATING);
    r.live = r.marked - r.floating;
    r.goal = figure(after, GC_NEXT_GC);
    r.stacks =
        gc_has(after, GC_SCAN_STACK) ? after->value[GC_SCAN_STACK] : figure(after, GC_STACK_INUSE);
    r.globals = figure(after, GC_SCAN_GLOBALS);
    r.rss = figure(after, GC_RSS);
    *out = r;
    return NULL;
}
