// Observations written and read back, and the model against runs made up by the pacer's own rules.
#include <math.h>

#include "gc/gc.h"
#include "harness.h"

typedef struct Made {
    double live, floating, cost_s; // reachable, allocated during a mark, GC CPU of a cycle
    double total;                  // bytes allocated by the run
    int64_t gogc;
    double runway; // how far before the goal a mark starts where there is the way; 0: just in time
} Made;

// A run of a steady program: the heap starts at its live size, which takes part in the allocation.
static GcObservation make_run(Test *t, Made made) {
    GcObservation o = {.gogc = made.gogc, .memlimit = GC_NO_LIMIT, .procs = 2};
    double allocated = 0, marked = 0, g = (double)made.gogc / 100, peak = 0, now_s = 0;
    double mark_ms = made.floating / 0.5e9 * 1000; // at a pace of 1 GB/s, half of it in a mark
    double idle = made.runway > 0 ? made.runway / made.floating / 4 - 0.25 : 0; // of 2 processors
    for (uint32_t n = 1;; n++) {
        double goal = fmax(marked + marked * g, 4 * (1 << 20) * g);
        double way = goal - marked;
        double end = goal - fmax(fmin(made.runway, 0.3 * way) - fmin(made.floating, 0.3 * way), 0);
        allocated += end - marked;
        if (allocated > made.total) break;
        double live = fmin(made.live, allocated),
               float_now = allocated > made.live * 2 ? made.floating : 0;
        float_now = fmin(float_now, 0.3 * (end - marked));
        GcCycle c = {.number = n, .procs = 2, .exact = true, .mark_ms = mark_ms};
        c.heap_end = (uint64_t)end, c.goal = (uint64_t)goal;
        c.heap_start = (uint64_t)(end - float_now);
        c.start_s = now_s + (end - marked - float_now) / 1e9;
        now_s = c.start_s + mark_ms / 1000;
        marked = live + float_now;
        c.scan_heap = (uint64_t)live;
        c.marked = (uint64_t)marked;
        c.cpu_idle_ms = idle * mark_ms * 2;
        c.cpu_worker_ms = fmax(made.cost_s * 1000 * live / made.live - c.cpu_idle_ms, 0);
        peak = fmax(peak, end);
        vec_push(t->arena, &o.cycles, c);
    }
    double gc = 0;
    for (uint32_t i = 0; i < o.cycles.len; i++)
        gc += (o.cycles.v[i].cpu_worker_ms + o.cycles.v[i].cpu_idle_ms) / 1000;
    o.cpu_s = 3 + gc;
    o.wall_s = now_s + (made.total - allocated) / 1e9;
    o.peak_rss = (uint64_t)(peak * 1.05 + 8e6), o.peak_anon = (uint64_t)(peak * 1.05 + 3e6);
    return o;
}

// A larger heap makes each mark a little dearer in the model, by up to 30 % at four times the size.
static void check_other_setting(Test *t, Made made, int64_t gogc) {
    GcObservation seen = make_run(t, made);
    made.gogc = gogc;
    GcObservation want = make_run(t, made);
    GcModel *m;
    CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
    GcPrediction p = gc_model_predict(m, gogc, GC_NO_LIMIT);
    CHECK(t, fabs(p.cycles.value - want.cycles.len) <= 1 + want.cycles.len * 0.08);
    CHECK(t, fabs(p.gc_cpu_s.value / (want.cpu_s - 3) - 1) < 0.3);
    CHECK(t, fabs(p.peak_rss.value / (double)want.peak_rss - 1) < 0.08);
    CHECK(t, p.cycles.low <= want.cycles.len && want.cycles.len <= p.cycles.high);
    CHECK(t, p.gc_share.low <= p.gc_share.value && p.gc_share.value <= p.gc_share.high);
    CHECK(t, !p.limited && !p.thrash);
}

TEST(model_steady_program) {
    static const struct {
        const char *name;
        Made made;
    } rows[] = {
        {"plain", {.live = 40e6, .floating = 6e6, .cost_s = 0.03, .total = 3e9, .gogc = 100}},
        {"marks start early",
         {.live = 40e6,
          .floating = 6e6,
          .cost_s = 0.03,
          .total = 3e9,
          .gogc = 100,
          .runway = 20e6}},
        {"marks cut short by the latest trigger",
         {.live = 40e6, .floating = 25e6, .cost_s = 0.04, .total = 6e9, .gogc = 100}},
    };
    static const int64_t others[] = {50, 200, 400};
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        for (size_t k = 0; k < COUNT(others); k++) check_other_setting(t, rows[i].made, others[k]);
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

// Of three runs, one on a busy machine: it does not count. Other work is refused.
TEST(model_of_several_runs) {
    Made made = {.live = 40e6, .floating = 6e6, .cost_s = 0.03, .total = 3e9, .gogc = 100};
    Made busy = made, other = made;
    busy.cost_s = 0.09, other.total = 5e9;
    GcObservation seen[] = {make_run(t, busy), make_run(t, made), make_run(t, made),
                            make_run(t, other)};
    GcModel *m[COUNT(seen)], *alone;
    for (size_t i = 0; i < COUNT(seen); i++) CHECK_OK(t, gc_model_new(t->arena, &seen[i], &m[i]));
    CHECK_OK(t, gc_model_new(t->arena, &seen[1], &alone));
    GcPrediction want = gc_model_predict(alone, 50, GC_NO_LIMIT);
    GcPrediction wrong = gc_model_predict(m[0], 50, GC_NO_LIMIT);
    CHECK(t, wrong.gc_share.value > want.gc_share.value * 1.2);
    CHECK_OK(t, gc_model_add(m[0], m[1]));
    CHECK_OK(t, gc_model_add(m[0], m[2]));
    CHECK_ERR(t, gc_model_add(m[0], m[3]), "not the same work");
    GcPrediction p = gc_model_predict(m[0], 50, GC_NO_LIMIT);
    CHECK(t, p.gc_share.value == want.gc_share.value && p.gc_share.high == want.gc_share.high);
    CHECK(t, p.cycles.value == want.cycles.value && p.cpu_s.value == want.cpu_s.value);
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

// What the process had resident beside its heap (stacks of many goroutines, say) leaves a limit
// less room, and a prediction asked for twice is the same.
TEST(model_limit_counts_what_is_beside_the_heap) {
    GcObservation seen = make_run(
        t, (Made){.live = 40e6, .floating = 4e6, .cost_s = 0.03, .total = 3e9, .gogc = 100});
    GcObservation more = seen;
    more.peak_rss += 20 << 20, more.peak_anon += 20 << 20;
    GcModel *m, *with;
    CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
    CHECK_OK(t, gc_model_new(t->arena, &more, &with));
    GcPrediction p = gc_model_predict(m, 100, 90u << 20),
                 q = gc_model_predict(with, 100, 90u << 20),
                 again = gc_model_predict(m, 100, 90u << 20);
    CHECK(t, q.cycles.value > 1.3 * p.cycles.value);
    CHECK(t, q.peak_rss.value <= 110e6);
    CHECK(t, memcmp(&p, &again, sizeof p) == 0);
    GcPrediction free = gc_model_predict(m, 100, GC_NO_LIMIT),
                 free_with = gc_model_predict(with, 100, GC_NO_LIMIT);
    CHECK(t, free.cycles.value == free_with.cycles.value);
    CHECK(t, fabs(free_with.peak_rss.value - free.peak_rss.value - (20 << 20)) < 1 << 20);
}

// One mark that the scheduler held up lets the heap grow far: other runs may have such a mark or
// not, so the interval holds both.
TEST(model_held_up_mark_widens_the_interval) {
    GcObservation seen = make_run(
        t, (Made){.live = 8e6, .floating = 1e6, .cost_s = 0.005, .total = 1e9, .gogc = 100});
    GcModel *m;
    CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
    GcPrediction calm = gc_model_predict(m, 200, GC_NO_LIMIT);
    GcCycle *held = &seen.cycles.v[seen.cycles.len / 2];
    held->mark_ms += 40;
    held->heap_end += 20 << 20, held->marked += 20 << 20;
    held[1].heap_start += 40 << 20, held[1].heap_end += 40 << 20, held[1].goal += 40 << 20;
    seen.peak_rss += 40 << 20, seen.peak_anon += 40 << 20;
    CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
    GcPrediction p = gc_model_predict(m, 200, GC_NO_LIMIT);
    CHECK(t, p.peak_rss.high > calm.peak_rss.high + 20e6);
    CHECK(t, p.peak_rss.low < calm.peak_rss.value * 1.25);
    CHECK(t, fabs(p.cycles.value - calm.cycles.value) <= 2);
}

// However few the cycles, more bytes never save less, and all that is left out saves nearly all.
TEST(model_credit_grows) {
    GcObservation seen = make_run(
        t, (Made){.live = 20e6, .floating = 2e6, .cost_s = 0.02, .total = 3e8, .gogc = 100});
    GcModel *m;
    CHECK_OK(t, gc_model_new(t->arena, &seen, &m));
    GcCredit all = gc_model_cost(m), before = gc_model_credit(m, 0);
    CHECK(t, before.gc_cpu_s == 0 && before.cycles == 0);
    for (double part = 0.02; part < 0.9; part += 0.02) {
        GcCredit c = gc_model_credit(m, part);
        CHECK(t, c.gc_cpu_s >= before.gc_cpu_s * 0.9 && c.gc_cpu_s <= all.gc_cpu_s);
        CHECK(t, c.cycles <= all.cycles);
        before = c;
    }
    CHECK(t, before.gc_cpu_s > 0.6 * all.gc_cpu_s);
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
