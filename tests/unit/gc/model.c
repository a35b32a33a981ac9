// Observations written and read back, and the model against runs made up by the pacer's own rules.
#include <math.h>

#include "gc/gc.h"
#include "harness.h"

typedef struct Made {
    double live, floating, cost_s; // reachable, allocated during a mark, GC CPU of a cycle
    double total;                  // bytes allocated by the run
    int64_t gogc;
} Made;

// A run of a steady program: the heap starts at its live size, which takes part in the allocation.
static GcObservation make_run(Test *t, Made made) {
    GcObservation o = {.gogc = made.gogc, .memlimit = GC_NO_LIMIT, .procs = 2};
    double allocated = 0, marked = 0, g = (double)made.gogc / 100, peak = 0;
    for (uint32_t n = 1;; n++) {
        double goal = fmax(marked + marked * g, 4 * (1 << 20) * g);
        allocated += goal - marked;
        if (allocated > made.total) break;
        double live = fmin(made.live, allocated),
               float_now = allocated > made.live * 2 ? made.floating : 0;
        float_now = fmin(float_now, 0.3 * (goal - marked));
        GcCycle c = {.number = n, .start_s = allocated / 1e9, .procs = 2, .exact = true};
        c.heap_end = (uint64_t)goal, c.goal = (uint64_t)goal;
        c.heap_start = (uint64_t)(goal - float_now);
        marked = live + float_now;
        c.marked = (uint64_t)marked;
        c.cpu_worker_ms = made.cost_s * 1000 * live / made.live;
        peak = fmax(peak, goal);
        vec_push(t->arena, &o.cycles, c);
    }
    double gc = 0;
    for (uint32_t i = 0; i < o.cycles.len; i++) gc += o.cycles.v[i].cpu_worker_ms / 1000;
    o.cpu_s = 3 + gc;
    o.wall_s = made.total / 1e9;
    o.peak_rss = (uint64_t)(peak * 1.05 + 8e6), o.peak_anon = (uint64_t)(peak * 1.05 + 3e6);
    return o;
}

TEST(model_steady_program) {
    static const int64_t others[] = {50, 200, 400};
    for (size_t i = 0; i < COUNT(others); i++) {
        Made made = {.live = 40e6, .floating = 6e6, .cost_s = 0.03, .total = 3e9, .gogc = 100};
        GcObservation seen = make_run(t, made);
        made.gogc = others[i];
        GcObservation want = make_run(t, made);
        GcModel *m;
        CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
        GcPrediction p = gc_model_predict(m, others[i], GC_NO_LIMIT);
        CHECK(t, fabs(p.cycles.value - want.cycles.len) <= 1 + want.cycles.len * 0.15);
        CHECK(t, fabs(p.gc_cpu_s.value / (want.cpu_s - 3) - 1) < 0.15);
        CHECK(t, fabs(p.peak_rss.value / (double)want.peak_rss - 1) < 0.08);
        CHECK(t, p.cycles.low <= want.cycles.len && want.cycles.len <= p.cycles.high);
        CHECK(t, p.gc_share.low <= p.gc_share.value && p.gc_share.value <= p.gc_share.high);
        CHECK(t, !p.limited && !p.thrash);
    }
}

TEST(model_same_setting_predicts_itself) {
    GcObservation seen = make_run(
        t, (Made){.live = 20e6, .floating = 2e6, .cost_s = 0.02, .total = 1e9, .gogc = 100});
    GcModel *m;
    CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
    GcPrediction p = gc_model_predict(m, 100, GC_NO_LIMIT);
    CHECK_EQ(t, p.cycles.value + 0.5, seen.cycles.len);
    CHECK(t, fabs(p.cpu_s.value - seen.cpu_s) < 1e-6);
    CHECK(t, fabs(p.peak_rss.value / (double)seen.peak_rss - 1) < 0.02);
}

TEST(model_limit_and_budget) {
    GcObservation seen = make_run(
        t, (Made){.live = 40e6, .floating = 4e6, .cost_s = 0.03, .total = 3e9, .gogc = 100});
    GcModel *m;
    CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
    GcPrediction tight = gc_model_predict(m, 100, 55u << 20),
                 wide = gc_model_predict(m, 100, 1u << 30);
    CHECK(t, tight.limited && tight.thrash);
    CHECK(t, !wide.limited && !wide.thrash);
    CHECK(t, tight.cycles.value > 1.5 * wide.cycles.value);
    CHECK(t, tight.peak_rss.value < wide.peak_rss.value);
    GcPrediction off = gc_model_predict(m, -1, 150u << 20);
    CHECK(t, off.limited && off.cycles.value < wide.cycles.value);
    CHECK(t, gc_model_predict(m, -1, GC_NO_LIMIT).cycles.value == 0);
    int64_t small = gc_model_largest_gogc(m, 90u << 20, GC_NO_LIMIT),
            large = gc_model_largest_gogc(m, 400u << 20, GC_NO_LIMIT);
    CHECK(t, small >= 10 && small < 100);
    CHECK(t, large > 300);
    CHECK_EQ(t, gc_model_largest_gogc(m, 20u << 20, GC_NO_LIMIT), 0);
    GcObservation few = seen;
    few.cycles.len = 2;
    CHECK_ERR(t, gc_model_new(t->arena, &few, &m), "too few");
}

TEST(observation_round_trip) {
    GcObservation seen = make_run(
        t, (Made){.live = 20e6, .floating = 2e6, .cost_s = 0.02, .total = 1e9, .gogc = 100});
    seen.go_version = STR("go1.26.8");
    Buf b = buf_new(t->arena), again = buf_new(t->arena);
    observation_write(&seen, &b);
    GcObservation back;
    CHECK_OK(t, observation_read(t->arena, buf_view(&b), &back));
    observation_write(&back, &again);
    CHECK_STR(t, buf_view(&again), buf_view(&b));
    for (size_t cut = b.len - 200; cut < b.len; cut++) { // what was read so far is kept
        CHECK_OK(t, observation_read(t->arena, str_to(buf_view(&b), cut), &back));
        CHECK(t, back.cycles.len + 3 >= seen.cycles.len);
    }
    CHECK_ERR(
        t,
        observation_read(t->arena, STR("heapwise-gc-observation 1\ncycle 1 2\ngogc 100\n"), &back),
        "not a line");
    CHECK_ERR(t, observation_read(t->arena, STR("hello\n"), &back), "gctrace");
}

TEST(observation_floating_garbage) {
    GcObservation seen = make_run(
        t, (Made){.live = 40e6, .floating = 6e6, .cost_s = 0.03, .total = 3e9, .gogc = 100});
    seen.run_s = 1, seen.wait_s = 0;
    GcSummary s = observation_summary(t->arena, &seen);
    CHECK(t, fabs(s.live / 40e6 - 1) < 0.02);
    CHECK(t, fabs(s.floating / 6e6 - 1) < 0.1);
    CHECK(t, s.exact && s.gc_share > 0 && s.on_cpu == 1);
}
