// tests/unit/profile/measure.c: units and percentages.
#include "harness.h"
#include "profile/profile.h"

TEST(measure_label) {
    static const struct {
        int64_t value;
        const char *from, *to, *want;
    } rows[] = {
        {0, "bytes", "auto", "0"},
        {1023, "bytes", "auto", "1023B"},
        {1536, "bytes", "auto", "1.50kB"},
        {1048576, "bytes", "minimum", "1MB"},
        {-2048, "bytes", "auto", "-2kB"},
        {524288, "bytes", "MB", "0.50MB"},
        {5, "bytes", "kB", "0"},
        {7, "count", "minimum", "7"},
        {7, "count", "auto", "7"},
        {7, "count", "parsecs", "7parsecs"},
        {1500000, "nanoseconds", "auto", "1.50ms"},
        {3, "ns", "s", "0"},
        {90000000000, "nanoseconds", "auto", "90s"},
        {12, "bytes", "apples", "12B"},
        {3, "kilobytes", "bytes", "3072B"},
        {INT64_MAX, "bytes", "auto", "8192PB"},
        {1, "nanogcu", "auto", "1n*GCU"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].want;
        CHECK_STR(t, measure_label(t->arena, rows[i].value, str_c(rows[i].from), str_c(rows[i].to)),
                  str_c(rows[i].want));
    }
}

TEST(measure_percent) {
    static const struct {
        int64_t value, total;
        const char *want;
    } rows[] = {
        {0, 0, "    0%"},         {1, 0, "    0%"},
        {9996, 10000, "  100%"},  {1, 1, "  100%"},
        {10005, 10000, "  100%"}, {10006, 10000, "100.06%"},
        {5, 100, " 5.00%"},       {-1234, 10000, "12.34%"},
        {49, 100000, "0.049%"},   {44, 100000000, "4.4e-05%"},
        {1, 100, " 1.00%"},       {99, 10000, " 0.99%"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].want;
        CHECK_STR(t, measure_percent(t->arena, rows[i].value, rows[i].total), str_c(rows[i].want));
    }
}

TEST(measure_comparable) {
    CHECK(t, measure_comparable(STR("bytes"), STR("kb")));
    CHECK(t, measure_comparable(STR("count"), STR("count")));
    CHECK(t, !measure_comparable(STR("bytes"), STR("ns")));
    CHECK(t, !measure_comparable(STR("count"), STR("objects")));
}
