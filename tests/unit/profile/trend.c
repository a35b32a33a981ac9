// tests/unit/profile/trend.c: slopes, what is surely kept, lifetimes, sizes, order, restarts.
#include "profile/trend.h"

#include <math.h>

#include "harness.h"
#include "writer.h"

// What one snapshot says of main.work: objects of one size.
typedef struct Snap {
    int64_t time_s, alloc_objects, in_use_objects, size;
} Snap;

static Profile snapshot(Test *t, Snap s, int64_t period) {
    Writer w = writer_new(t->arena);
    writer_type(&w, "alloc_objects", "count");
    writer_type(&w, "alloc_space", "bytes");
    writer_type(&w, "inuse_objects", "count");
    writer_type(&w, "inuse_space", "bytes");
    writer_mapping(&w, 1, 0x1000, 0x9000, "/bin/x");
    writer_function(&w, 1, "main.work", "/src/main.go", 10);
    writer_location(&w, 1, 1, 0x1010, (const uint64_t[][2]){{1, 12}}, 1);
    int64_t values[] = {s.alloc_objects, s.alloc_objects * s.size, s.in_use_objects,
                        s.in_use_objects * s.size};
    Buf sample = writer_sample(&w, (WriterSample){(uint64_t[]){1}, 1, values, 4, true});
    writer_number_label(&w, &sample, "bytes", s.size, NULL);
    writer_add(&w, 2, &sample);
    Buf type = buf_new(t->arena);
    const char period_type[] = {1 << 3, (char)writer_text(&w, "space"), 2 << 3,
                                (char)writer_text(&w, "bytes")};
    buf_str(&type, (Str){period_type, sizeof period_type});
    writer_add(&w, 11, &type);
    writer_number(&w, 12, period);
    writer_number(&w, 9, s.time_s * 1000000000);
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    return p;
}

static Trend follow(Test *t, const Snap *snaps, size_t count, int64_t period) {
    TrendRules rules = {.value = STR("inuse_space")};
    Trend trend;
    trend_init(t->arena, &rules, &trend);
    for (size_t i = 0; i < count; i++) {
        Profile p = snapshot(t, snaps[i], period);
        CHECK_OK(t, trend_add(&trend, &p, str_fmt(t->arena, "%zu", i)));
        profile_free(&p);
    }
    CHECK_OK(t, trend_finish(&trend));
    return trend;
}

TEST(trend_verdicts) {
    static const struct {
        const char *name;
        int64_t in_use[5];
        int64_t period; // sampling rate
        TrendVerdict want;
    } rows[] = {
        {"a line", {100, 200, 300, 400, 500}, 1, TREND_GROWS},
        {"nearly a line", {100, 190, 320, 390, 510}, 1, TREND_GROWS},
        {"down", {500, 410, 290, 200, 90}, 1, TREND_SHRINKS},
        {"nothing changes", {300, 300, 300, 300, 300}, 1, TREND_STEADY},
        {"up and down", {100, 900, 100, 900, 100}, 1, TREND_WAVERS},
        {"up and down, ends higher", {100, 900, 100, 900, 300}, 1, TREND_WAVERS},
        // 100 objects of 64 bytes met one time in 8192: the error is larger than the growth
        {"noise", {100, 105, 110, 115, 120}, 524288, TREND_STEADY},
        {"more than noise",
         {100000000, 200000000, 300000000, 400000000, 500000000},
         524288,
         TREND_GROWS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Snap snaps[5];
        for (int k = 0; k < 5; k++)
            snaps[k] = (Snap){1000 + 10 * k, rows[i].in_use[k] + 1000 * k, rows[i].in_use[k], 64};
        Trend trend = follow(t, snaps, 5, rows[i].period);
        CHECK_EQ(t, trend.rows.len, 2);
        CHECK_STR(t, trend.rows.v[1].name, STR("main.work"));
        CHECK_STR(t, str_c(trend_verdict_text(trend.rows.v[1].verdict)),
                  str_c(trend_verdict_text(rows[i].want)));
        CHECK_EQ(t, trend.rows.v[0].verdict, trend.rows.v[1].verdict);
    }
}

TEST(trend_figures) {
    // 100 objects of 64 bytes a second, each lives four seconds.
    static const Snap snaps[] = {
        {1000, 10000, 400, 64}, {1010, 11000, 400, 64}, {1020, 12000, 400, 64}};
    Trend trend = follow(t, snaps, 3, 1);
    const TrendRow *r = &trend.rows.v[1];
    CHECK(t, trend.timed && trend.heap && trend.sampled);
    CHECK_EQ(t, r->window_alloc, 2000 * 64);
    CHECK_EQ(t, r->window_freed, 2000 * 64);
    CHECK(t, fabs(r->lifetime_s - 4) < 1e-9);
    CHECK_EQ(t, r->kept, 0);
    CHECK_EQ(t, r->kept_since, 2);
    CHECK_EQ(t, r->line, 12);
    CHECK_EQ(t, r->r2 == 0 && r->slope == 0, true);
}

TEST(trend_surely_kept) {
    // 50 of the first 60 stay; by the end 30 objects in all have been freed.
    static const Snap snaps[] = {{1000, 60, 50, 64}, {1010, 80, 60, 64}, {1020, 110, 80, 64}};
    Trend trend = follow(t, snaps, 3, 1);
    const TrendRow *r = &trend.rows.v[1];
    CHECK_EQ(t, r->kept, 30 * 64); // 60 allocated by then, at most 30 of them are gone
    CHECK_EQ(t, r->kept_since, 0);
    CHECK(t, fabs(r->slope - 1.5 * 64) < 1e-9);
    CHECK(t, fabs(r->growth - 30 * 64) < 1e-9);
}

TEST(trend_sizes) {
    static const struct {
        int64_t size, class, rounding;
    } rows[] = {
        {8, 8, 7},   {16, 16, 7},  {48, 48, 15},     {1024, 1024, 127}, {32768, 32768, 4095},
        {40, 48, 8}, {33, 48, 15}, {40960, 0, 8191}, {40000, 0, 960},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Snap snaps[] = {{1000, 10, 5, rows[i].size}, {1010, 30, 7, rows[i].size}};
        Trend trend = follow(t, snaps, 2, 1);
        CHECK_EQ(t, trend.classes.len, 1);
        CHECK_EQ(t, trend.classes.v[0].size, rows[i].class);
        CHECK_EQ(t, trend.classes.v[0].objects, 7);
        CHECK_EQ(t, trend.classes.v[0].bytes, 7 * rows[i].size);
        CHECK_EQ(t, trend.classes.v[0].window_objects, 20);
        CHECK_EQ(t, trend.classes.v[0].rounding_most, 7 * rows[i].rounding);
    }
}

TEST(trend_order_and_restarts) {
    static const Snap mixed[] = {{1020, 30, 30, 64}, {1000, 10, 10, 64}, {1010, 20, 20, 64}};
    Trend trend = follow(t, mixed, 3, 1);
    CHECK_STR(t, trend.snapshots.v[0].name, STR("1"));
    CHECK_STR(t, trend.snapshots.v[2].name, STR("0"));
    CHECK(t, fabs(trend.snapshots.v[2].at_s - 20) < 1e-9);
    CHECK(t, fabs(trend.rows.v[1].slope - 64) < 1e-9);
    static const Snap restarted[] = {{1000, 500, 90, 64}, {1010, 5, 5, 64}, {1020, 10, 10, 64}};
    trend = follow(t, restarted, 3, 1);
    CHECK_EQ(t, trend.restarts, 1);
    CHECK_EQ(t, trend.snapshots.len, 2);
    CHECK_EQ(t, trend.rows.v[1].points.v[0].value, 5 * 64);
    static const Snap untimed[] = {{0, 10, 10, 64}, {0, 20, 30, 64}, {0, 30, 50, 64}};
    trend = follow(t, untimed, 3, 1);
    CHECK(t, !trend.timed);
    CHECK(t, fabs(trend.rows.v[1].slope - 20 * 64) < 1e-9);
    CHECK(t, trend.rows.v[1].lifetime_s < 0);
}

TEST(trend_refuses) {
    TrendRules rules = {.value = STR("inuse_space")};
    Trend trend;
    trend_init(t->arena, &rules, &trend);
    Profile p = snapshot(t, (Snap){1000, 10, 10, 64}, 1);
    CHECK_OK(t, trend_add(&trend, &p, STR("a")));
    Writer w = writer_new(t->arena);
    writer_type(&w, "samples", "count");
    Profile other = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &other));
    CHECK_ERR(t, trend_add(&trend, &other, STR("cpu.pb")), "cpu.pb");
    CHECK_ERR(t, trend_finish(&trend), "two profiles at least");
}
