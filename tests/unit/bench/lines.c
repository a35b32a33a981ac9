#include <math.h>

#include "bench/bench.h"
#include "bench/bench_internal.h"
#include "harness.h"

static BenchSet *read_all(Test *t, const char *text, uint32_t *results, BenchReader *last) {
    BenchSet *s = bench_set_new(t->arena);
    *last = bench_reader(s, str_c(text), STR("f"), STR("label"));
    for (*results = 0; bench_read(last); (*results)++) {}
    return s;
}

TEST(lines_read) {
    static const struct {
        const char *text;
        uint32_t results;
        const char *warning; // the first; NULL: none
    } rows[] = {
        {"BenchmarkX 1 2 ns/op\n", 1, NULL},
        {"BenchmarkX\nBenchmarkX-8 \t 10\t3 B/op 4 x\n", 1, NULL},
        {"BenchmarkX 1\n", 0, "f:1: missing measurements"},
        {"BenchmarkX \n", 0, "f:1: missing iteration count"},
        {"ok\nBenchmarkX a 1 ns\n", 0, "f:2: parsing iteration count: invalid syntax"},
        {"BenchmarkX 99999999999999999999 1 ns\n", 0,
         "f:1: parsing iteration count: value out of range"},
        {"BenchmarkX 1 zz ns\n", 0, "f:1: parsing measurement: invalid syntax"},
        {"BenchmarkX 1 1e999 ns\n", 0, "f:1: parsing measurement: value out of range"},
        {"BenchmarkX 1 5\n", 0, "f:1: missing units"},
        {"Unit\n", 0, "f:1: missing unit"},
        {"Unit x =\n", 0, "f:1: expected key=value"},
        {"Unit ns/op assume=exact\nUnit sec/op assume=nothing\n", 0,
         "f:2: metadata assume of unit sec/op already set to exact"},
        {"goos:linux\nGoos: x\n: y\nkey value\n", 0, NULL},
        {"BenchmarkX 1 2 ns/op\r\nBenchmarkY 1 2 ns/op", 2, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].text;
        uint32_t results;
        BenchReader last;
        BenchSet *s = read_all(t, rows[i].text, &results, &last);
        CHECK_EQ(t, results, rows[i].results);
        CHECK_EQ(t, bench_warnings(s)->len, rows[i].warning != NULL);
        if (rows[i].warning && bench_warnings(s)->len)
            CHECK_STR(t, bench_warnings(s)->v[0], str_c(rows[i].warning));
    }
}

TEST(values_are_in_base_units) {
    uint32_t results;
    BenchReader r;
    BenchSet *s = read_all(t, "BenchmarkX 1 250 ns/op 3 MB/s 7 op/ns 0 ns/op\n", &results, &r);
    static const struct {
        double value;
        const char *unit;
    } want[] = {{250e-9, "sec/op"}, {3e6, "B/s"}, {7, "op/ns"}, {0, "ns/op"}};
    CHECK_EQ(t, r.result.values.len, COUNT(want));
    for (uint32_t i = 0; i < r.result.values.len; i++) {
        CHECK(t, fabs(r.result.values.v[i].value - want[i].value) <= 1e-20);
        CHECK_STR(t, bench_str(s, r.result.values.v[i].unit), str_c(want[i].unit));
    }
    CHECK_EQ(t, bench_unit_better(s, bench_intern(s, STR("B/s"))), 1);
    CHECK_EQ(t, bench_unit_better(s, bench_intern(s, STR("allocs/op"))), -1);
    CHECK_EQ(t, bench_unit_better(s, bench_intern(s, STR("widgets"))), 0);
}

TEST(config_keys_come_and_go) {
    uint32_t results;
    BenchReader r;
    BenchSet *s = read_all(t, "a: 1\nb: 2\nc: 3\na:\nb:  two words \n\u00e4: 4\n", &results, &r);
    CHECK_EQ(t, r.result.config.len, 4); // .file b c and the last
    CHECK_STR(t, bench_str(s, r.result.config.v[0].value), STR("label"));
    CHECK_STR(t, bench_str(s, r.result.config.v[1].key), STR("c")); // took a's place
    CHECK_STR(t, bench_str(s, r.result.config.v[2].value), STR("two words "));
}

TEST(a_line_that_never_ends_is_an_error) {
    char *text = NEW_ARRAY(t->arena, char, 70001);
    memset(text, 'x', 70000);
    uint32_t results;
    BenchReader r;
    read_all(t, text, &results, &r);
    CHECK_ERR(t, r.failed, "token too long");
}

TEST(numbers_are_gos) {
    static const struct {
        const char *text, *shown; // NULL: wrong
    } rows[] = {{"1", "1"},
                {"1e6", "1e+06"},
                {"123456.5", "123456.5"},
                {"1_000", "1000"},
                {"0x1p-2", "0.25"},
                {"1__0", NULL},
                {"_1", NULL},
                {"1e", NULL},
                {"0x1", NULL},
                {"+Inf", "+Inf"},
                {"nan", "NaN"},
                {".5", "0.5"},
                {"5.", "5"},
                {".", NULL},
                {"-0", "-0"},
                {"1e-5", "1e-05"},
                {"0.0001", "0.0001"},
                {"1.7976931348623157e308", "1.7976931348623157e+308"},
                {"4.9e-324", "5e-324"},
                {"123456789012345678901234567890", "1.2345678901234568e+29"},
                {"", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].text;
        double v = 0;
        bool fine = bench_parse_number(t->arena, str_c(rows[i].text), &v);
        CHECK_EQ(t, fine, rows[i].shown != NULL);
        if (!fine || !rows[i].shown) continue;
        Buf out = buf_new(t->arena);
        bench_put_go(&out, v);
        CHECK_STR(t, buf_view(&out), str_c(rows[i].shown));
    }
}

TEST(scales) {
    static const struct {
        double value;
        bool bytes;
        const char *shown;
    } rows[] = {
        {0, false, "0.000"},       {999.95, false, "1.000k"},   {999.94, false, "999.9"},
        {1.5e-7, false, "150.0n"}, {2e-12, false, "0.002000n"}, {1024, true, "1.000Ki"},
        {1020, true, "1020.0"},    {.5, true, "0.5000"},        {1e20, false, "100000000.0T"},
        {99.995, false, "100.0"},  {-1.5, false, "-1.500"},     {3e-9, true, "0.0000000030"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf out = buf_new(t->arena);
        bench_put_scaled(&out, bench_scale(&rows[i].value, 1, rows[i].bytes), rows[i].value);
        CHECK_STR(t, buf_view(&out), str_c(rows[i].shown));
    }
    CHECK(t, bench_unit_is_bytes(STR("B/op")) && bench_unit_is_bytes(STR("x-MB*s")) &&
                 !bench_unit_is_bytes(STR("op/B")));
}

TEST(queries_that_are_wrong) {
    static const struct {
        const char *row, *filter, *part;
    } rows[] = {{"a@", "*", "expected named sort order"},
                {"a@x", "*", "unknown order \"x\""},
                {".config@(a)", "*", "fixed order not allowed"},
                {".unit", "*", ".unit is only allowed in filters"},
                {"", "a", "expected key:value\n\ta\n\t^"},
                {"", "(a:b", "missing \")\""},
                {"", "a:/(/", "missing close"},
                {"", "a:/*/", "missing argument to repetition operator: `*`"},
                {"", ".config:a", "only allowed in projections"},
                {"", "a:b )", "unexpected \")\"\n\ta:b )\n\t    ^"},
                {"\"\"", "*", "key must not be empty"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].part;
        BenchQuery q = bench_query_default;
        q.row = str_c(rows[i].row);
        q.filter = str_c(rows[i].filter);
        BenchBuilder *b;
        Err e = bench_builder_new(bench_set_new(t->arena), &q, &b);
        CHECK(t, e && str_find(e->what, str_c(rows[i].part)) != STR_NONE);
    }
    Buf deep = buf_new(t->arena);
    buf_fill(&deep, '(', 100000);
    BenchQuery q = bench_query_default;
    q.filter = buf_view(&deep);
    BenchBuilder *b;
    CHECK_ERR(t, bench_builder_new(bench_set_new(t->arena), &q, &b), "nests too deeply");
}
