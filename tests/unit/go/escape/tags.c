// Tags: what callers know about parameters.
#include "go/escape/escape_internal.h"
#include "harness.h"

TEST(tags_encode) {
    static const struct {
        const char *name;
        Leaks leaks;
        Str want;
    } rows[] = {
        {"nowhere", {{0}}, STR_INIT("esc:")},
        {"itself to the heap", {{1}}, STR_INIT("")},
        {"itself to the heap, whatever else", {{1, 1, 1, 1}}, STR_INIT("")},
        {"content to the heap", {{2}}, STR_INIT("esc:\x02")},
        {"second result", {{0, 0, 0, 0, 1}}, STR_INIT("esc:\0\0\0\0\x01")},
        {"last result", {{0, 1, 0, 0, 0, 0, 0, 3}}, STR_INIT("esc:\0\x01\0\0\0\0\0\x03")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Str tag = leaks_encode(t->arena, &rows[i].leaks);
        CHECK_STR(t, tag, rows[i].want);
        Leaks back = leaks_parse(tag);
        if (rows[i].leaks.v[LEAK_HEAP] != 1) CHECK(t, !memcmp(&back, &rows[i].leaks, sizeof back));
        CHECK_EQ(t, leaks_get(&back, LEAK_HEAP), leaks_get(&rows[i].leaks, LEAK_HEAP));
    }
}

TEST(tags_unknown_leaks) {
    Leaks l = leaks_parse(STR("something else"));
    CHECK_EQ(t, leaks_get(&l, LEAK_HEAP), 0);
    CHECK_EQ(t, leaks_get(&l, LEAK_RESULT0), -1);
}

TEST(tags_add_keeps_least) {
    Leaks l = {0};
    leaks_add(&l, LEAK_CALLEE, 3);
    leaks_add(&l, LEAK_CALLEE, 1);
    leaks_add(&l, LEAK_CALLEE, 2);
    leaks_add(&l, LEAK_RESULT0, 1000);
    CHECK_EQ(t, leaks_get(&l, LEAK_CALLEE), 1);
    CHECK_EQ(t, leaks_get(&l, LEAK_RESULT0), 254); // as far as a byte counts
    CHECK_EQ(t, leaks_get(&l, LEAK_HEAP), -1);
}

TEST(tags_optimize) {
    static const struct {
        const char *name;
        Leaks have, want;
    } rows[] = {
        {"no way to the heap", {{0, 1, 2, 3}}, {{0, 1, 2, 3}}},
        {"longer and equal ways go", {{2, 2, 3, 1, 4}}, {{2, 0, 0, 1}}},
        {"the heap is nearest", {{1, 1, 2, 3}}, {{1}}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Leaks l = rows[i].have;
        leaks_optimize(&l);
        CHECK(t, !memcmp(&l, &rows[i].want, sizeof l));
    }
}
