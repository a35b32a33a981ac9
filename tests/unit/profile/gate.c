// tests/unit/profile/gate.c: sums by name, the sampling error, verdicts.
#include "profile/gate.h"

#include <math.h>

#include "harness.h"
#include "writer.h"

// A heap profile of main.work and lib/x.(*T).fill: objects of one size each.
typedef struct Side {
    int64_t period, work_objects, work_size, fill_objects, fill_size;
} Side;

static Profile side(Test *t, Side s) {
    Writer w = writer_new(t->arena);
    writer_type(&w, "inuse_objects", "count");
    writer_type(&w, "inuse_space", "bytes");
    writer_mapping(&w, 1, 0x1000, 0x9000, "/bin/x");
    writer_function(&w, 1, "main.work", "/src/main.go", 10);
    writer_function(&w, 2, "example.com/lib/x.(*T).fill", "/src/x.go", 20);
    for (uint64_t i = 1; i <= 2; i++) {
        writer_location(&w, i, 1, 0x1000 + i * 16, (const uint64_t[][2]){{i, 10 * i + 2}}, 1);
        int64_t n = i == 1 ? s.work_objects : s.fill_objects;
        int64_t values[] = {n, n * (i == 1 ? s.work_size : s.fill_size)};
        Buf sample = writer_sample(&w, (WriterSample){(uint64_t[]){i}, 1, values, 2, true});
        writer_text_label(&w, &sample, "tenant", i == 1 ? "a" : "b");
        writer_add(&w, 2, &sample);
    }
    Buf type = buf_new(t->arena);
    const char period_type[] = {1 << 3, (char)writer_text(&w, "space"), 2 << 3,
                                (char)writer_text(&w, "bytes")};
    buf_str(&type, (Str){period_type, sizeof period_type});
    writer_add(&w, 11, &type);
    writer_number(&w, 12, s.period);
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    return p;
}

static ProfileGate decide(Test *t, Side old, Side now, ProfileGateRules rules) {
    Profile a = side(t, old), b = side(t, now);
    if (rules.alpha == 0) rules.alpha = 0.01;
    ProfileGate g = {0};
    CHECK_OK(t, profile_gate(t->arena, &a, &b, &rules, &g));
    return g;
}

static const ProfileRow *row(Test *t, const ProfileGate *g, const char *name) {
    for (uint32_t i = 0; i < g->rows.len; i++)
        if (str_eq_c(g->rows.v[i].name, name)) return &g->rows.v[i];
    CHECK(t, false);
    return &g->rows.v[0];
}

static ProfileLimitVec limits(Test *t, double share, double amount) {
    ProfileLimitVec v = {0};
    vec_push(t->arena, &v, ((ProfileLimit){.share = share, .amount = amount}));
    return v;
}

TEST(gate_verdicts) {
    static const struct {
        const char *name;
        Side old, now;
        double share, amount;
        bool new_sites;
        ProfileVerdict want; // of main.work
    } rows[] = {
        {"equal", {1, 10, 64}, {1, 10, 64}, 0, 0, false, PROFILE_SAME},
        {"exact: one object more", {1, 10, 64}, {1, 11, 64}, 0, 0, false, PROFILE_WORSE},
        {"exact: one object less", {1, 10, 64}, {1, 9, 64}, 0, 0, false, PROFILE_BETTER},
        {"exact: at the share", {1, 10, 64}, {1, 11, 64}, 0.1, 0, false, PROFILE_SAME},
        {"exact: beyond the share", {1, 10, 64}, {1, 12, 64}, 0.1, 0, false, PROFILE_WORSE},
        {"exact: at the amount", {1, 10, 64}, {1, 12, 64}, 0, 128, false, PROFILE_SAME},
        {"exact: beyond the amount", {1, 10, 64}, {1, 12, 64}, 0, 127, false, PROFILE_WORSE},
        // 100 met objects of 512 KB: about 800 KB * sqrt(100) of error a side
        {"sampled: noise",
         {524288, 100, 524288},
         {524288, 115, 524288},
         0,
         0,
         false,
         PROFILE_UNSURE},
        {"sampled: growth",
         {524288, 100, 524288},
         {524288, 200, 524288},
         0,
         0,
         false,
         PROFILE_WORSE},
        {"sampled: less",
         {524288, 200, 524288},
         {524288, 100, 524288},
         0,
         0,
         false,
         PROFILE_BETTER},
        {"sampled: one small object stands for many",
         {524288, 0, 16},
         {524288, 32768, 16},
         0,
         0,
         false,
         PROFILE_UNSURE},
        {"new, allowed by its limit", {1, 0, 64}, {1, 2, 64}, 0, 1000, false, PROFILE_SAME},
        {"new, a finding of its own", {1, 0, 64}, {1, 2, 64}, 0, 1000, true, PROFILE_WORSE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        ProfileGateRules rules = {.limits = limits(t, rows[i].share, rows[i].amount),
                                  .new_sites = rows[i].new_sites};
        ProfileGate g = decide(t, rows[i].old, rows[i].now, rules);
        CHECK_EQ(t, row(t, &g, "main.work")->verdict, rows[i].want);
    }
}

TEST(gate_variance) {
    Side s = {524288, 100, 1024, 0, 0};
    ProfileGate g = decide(t, s, s, (ProfileGateRules){.limits = limits(t, 0, 0)});
    double met = 1 - exp(-1024.0 / 524288);
    double want = 100 / met * 1024 * 1024;
    CHECK(t, g.sampled[0] && g.sampled[1]);
    CHECK(t, fabs(row(t, &g, "main.work")->variance[0] / want - 1) < 1e-9);
    g = decide(t, s, s,
               (ProfileGateRules){.limits = limits(t, 0, 0), .value = STR("inuse_objects")});
    CHECK(t, fabs(row(t, &g, "main.work")->variance[1] / (100 / met) - 1) < 1e-9);
}

TEST(gate_names) {
    Side old = {1, 1, 64, 1, 64}, now = {1, 2, 64, 3, 64};
    ProfileLimitVec any = limits(t, 0, 0);
    ProfileGate g = decide(t, old, now, (ProfileGateRules){.limits = any});
    CHECK_EQ(t, g.rows.len, 3);
    CHECK_EQ(t, g.rows.v[0].sides[1], 5 * 64);
    CHECK_STR(t, g.rows.v[1].name, STR("example.com/lib/x.(*T).fill")); // grew most
    CHECK_STR(t, g.rows.v[1].file, STR("/src/x.go"));
    CHECK_EQ(t, g.rows.v[1].line, 22);
    g = decide(t, old, now, (ProfileGateRules){.limits = any, .by = PROFILE_BY_PACKAGE});
    CHECK_EQ(t, row(t, &g, "example.com/lib/x")->sides[1], 3 * 64);
    g = decide(t, old, now,
               (ProfileGateRules){.limits = any, .by = PROFILE_BY_LABEL, .label = STR("tenant")});
    CHECK_EQ(t, row(t, &g, "b")->sides[0], 64);
    g = decide(t, old, now,
               (ProfileGateRules){.limits = any, .by = PROFILE_BY_LABEL, .label = STR("none")});
    CHECK_EQ(t, row(t, &g, "(no label)")->sides[1], 5 * 64);
}

TEST(gate_many_names) {
    Writer w = writer_new(t->arena);
    writer_type(&w, "x", "count");
    writer_mapping(&w, 1, 0x1000, 0x90000, "/bin/x");
    for (uint64_t i = 1; i <= 500; i++) {
        writer_function(&w, i, (char *)str_fmt(t->arena, "main.f%03d", (int)i).ptr, "/m.go", 1);
        writer_location(&w, i, 1, 0x1000 + i, (const uint64_t[][2]){{i, i}}, 1);
        Buf sample = writer_sample(&w, (WriterSample){&i, 1, (int64_t[]){(int64_t)i}, 1, true});
        writer_add(&w, 2, &sample);
    }
    Str bytes = writer_finish(&w);
    Profile a = {0}, b = {0};
    CHECK_OK(t, profile_read(t->arena, bytes, &a));
    CHECK_OK(t, profile_read(t->arena, bytes, &b));
    ProfileGateRules rules = {.alpha = 0.01, .limits = limits(t, 0, 0)};
    ProfileGate g = {0};
    CHECK_OK(t, profile_gate(t->arena, &a, &b, &rules, &g));
    CHECK_EQ(t, g.rows.len, 501);
    CHECK_EQ(t, g.count[PROFILE_SAME], 501);
    CHECK(t, !g.sampled[0]);
    CHECK_EQ(t, row(t, &g, "main.f400")->sides[1], 400);
}

TEST(gate_refuses_other_types) {
    Side s = {1, 1, 64, 1, 64};
    Profile a = side(t, s), b;
    Writer w = writer_new(t->arena);
    writer_type(&w, "cpu", "nanoseconds");
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &b));
    ProfileGateRules rules = {.alpha = 0.01, .limits = limits(t, 0, 0)};
    ProfileGate g;
    CHECK(t, profile_gate(t->arena, &a, &b, &rules, &g) != NULL);
    rules.value = STR("nosuch");
    CHECK(t, profile_gate(t->arena, &a, &a, &rules, &g) != NULL);
}
