#include <math.h>
#include <stdlib.h>

#include "bench/gate.h"
#include "harness.h"

// "name unit: old values | new values" -> results in text for both sides.
typedef struct Side {
    const char *name, *unit;
    double old[24], now[24]; // ended by a negative value
} Side;

static void add_lines(Buf *out, const Side *s, const double *values) {
    for (int i = 0; i < 24 && values[i] >= 0; i++)
        buf_fmt(out, "Benchmark%s 1 %.17g %s\n", s->name, values[i], s->unit);
}

static Gate decide(Test *t, const Side *sides, size_t count, const GateRules *rules) {
    BenchSet *set = bench_set_new(t->arena);
    BenchBuilder *b;
    CHECK_OK(t, bench_builder_new(set, &gate_query, &b));
    for (int side = 0; side < 2; side++) {
        Buf text = buf_new(t->arena);
        for (size_t i = 0; i < count; i++)
            add_lines(&text, &sides[i], side ? sides[i].now : sides[i].old);
        BenchReader r =
            bench_reader(set, buf_view(&text), STR("f"), side ? STR("new") : STR("old"));
        while (bench_read(&r)) bench_builder_add(b, &r.result);
    }
    BenchTables tables = bench_builder_tables(b, .95, .05);
    bench_builder_free(b);
    return gate_decide(set, &tables, rules);
}

static const struct {
    Side side;
    GateVerdict want;
} verdict_rows[] = {
    {{"A", "allocs/op", {3, -1}, {4, -1}}, GATE_WORSE}, // one run each is enough
    {{"B", "allocs/op", {3, 3, 3, -1}, {2, 2, -1}}, GATE_BETTER},
    {{"C", "B/op", {640, 640, -1}, {640, -1}}, GATE_SAME},
    {{"D", "B/op", {640, 641, 640, -1}, {704, 704, 705, -1}}, GATE_WORSE}, // far apart
    {{"E", "B/op", {640, 650, 640, -1}, {655, 640, 650, -1}}, GATE_MORE_RUNS},
    {{"F", "ns/op", {100, 101, -1}, {150, 151, -1}}, GATE_MORE_RUNS}, // too few for any test
    {{"G",
      "ns/op",
      {100, 101, 102, 103, 104, 105, 106, 107, 108, 109, -1},
      {150, 151, 152, 153, 154, 155, 156, 157, 158, 159, -1}},
     GATE_WORSE},
    {{"H",
      "MB/s",
      {100, 101, 102, 103, 104, 105, 106, 107, 108, 109, -1},
      {150, 151, 152, 153, 154, 155, 156, 157, 158, 159, -1}},
     GATE_BETTER},
    {{"I",
      "widgets",
      {100, 101, 102, 103, 104, 105, 106, 107, 108, 109, -1},
      {150, 151, 152, 153, 154, 155, 156, 157, 158, 159, -1}},
     GATE_CHANGED},
    {{"J",
      "ns/op",
      {1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, -1},
      {1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1010, -1}},
     GATE_SAME},
    {{"K",
      "ns/op",
      {1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, -1},
      {1015, 1016, 1017, 1018, 1019, 1020, 1021, 1022, 1023, 1014, -1}},
     GATE_WORSE}, // 1.4 %
    {{"L",
      "ns/op",
      {1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, -1},
      {1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, -1}},
     GATE_SAME}, // 0.5 %
    {{"M",
      "ns/op",
      {1, 50, 3, 900, 4, 7, 100, 2, 10, 30, -1},
      {2, 60, 5, 800, 1, 9, 120, 3, 11, 25, -1}},
     GATE_NOISY},
    {{"N", "ns/op", {5, -1}, {-1}}, GATE_GONE},
    {{"Q", "B/op", {34608, -1}, {34528, -1}}, GATE_MORE_RUNS}, // 0.2 %: may be wavering
    {{"R", "B/op", {34608, 34608, 34608, -1}, {34528, 34528, 34528, -1}}, GATE_BETTER},
    {{"S", "allocs/op", {34608, -1}, {34609, -1}}, GATE_WORSE},
    {{"O", "allocs/op", {0, 0, -1}, {0, 0, -1}}, GATE_SAME},
    {{"P", "allocs/op", {0, -1}, {1, -1}}, GATE_WORSE},
};

TEST(verdicts) {
    for (size_t i = 0; i < COUNT(verdict_rows); i++) {
        t->row = verdict_rows[i].side.name;
        Gate g = decide(t, &verdict_rows[i].side, 1, &gate_rules_default);
        CHECK_EQ(t, g.rows.len, 1);
        CHECK_STR(t, str_c(gate_verdict_text(g.rows.v[0].verdict)),
                  str_c(gate_verdict_text(verdict_rows[i].want)));
        CHECK_EQ(t, g.count[verdict_rows[i].want], 1);
    }
}

TEST(throughput_is_left_out_beside_time) {
    static const Side sides[] = {{"A", "ns/op", {1, 2, 3, -1}, {1, 2, 3, -1}},
                                 {"A", "MB/s", {1, 2, 3, -1}, {1, 2, 3, -1}}};
    CHECK_EQ(t, decide(t, sides, 2, &gate_rules_default).family, 1);
    CHECK_EQ(t, decide(t, sides + 1, 1, &gate_rules_default).family, 1);
}

TEST(the_runs_it_asks_for_make_a_verdict_possible) {
    static const Side few = {"F", "ns/op", {100, 101, -1}, {150, 151, -1}};
    Gate g = decide(t, &few, 1, &gate_rules_default);
    CHECK_EQ(t, g.rows.v[0].more_runs, stats_runs_min(gate_rules_default.alpha) - 2);
}
