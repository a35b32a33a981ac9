// Profiles that packages are compiled with: how calls are counted, and which are hot.
#include "go/program/program_internal.h"
#include "harness.h"

static PgoProfile *decode(Test *t, const char *text) {
    PgoProfile *g = NULL;
    CHECK_OK(t, pgo_decode(t->arena, str_c(text), &g));
    return g;
}

TEST(pgo_hot_calls_are_the_first_99_percent) {
    const PgoProfile *g = decode(t, "GO PREPROFILE V1\n"
                                    "m.f\nm.g\n3 90\n"
                                    "m.f\nm.h\n4 8\n"
                                    "m.g\nm.h\n1 2\n"
                                    "m.g\nm.i\n2 1\n");
    CHECK_EQ(t, g->count, 4);
    CHECK_EQ(t, g->total, 101);
    CHECK_EQ(t, g->hot, 3); // 98 of 101 are 97 %, the third goes over
    CHECK_EQ(t, *strmap_get(&g->callers, STR("m.g")), 3);
    CHECK_EQ(t, g->edges[0].next, 2);
    CHECK(t, strmap_get(&g->hot_callees, STR("m.h")));
    CHECK(t, !strmap_get(&g->hot_callees, STR("m.i")));
}

TEST(pgo_nothing_to_go_by) {
    static const char *const rows[] = {"", "GO PREPROFILE V1\n", "GO PREPROFILE V1\na\nb\n1 0\n"};
    for (size_t i = 0; i < COUNT(rows); i++) CHECK(t, !decode(t, rows[i]));
}

TEST(pgo_malformed) {
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"GO PREPROFILE V1\na\nb\n1\n", "preprocessed"},
        {"GO PREPROFILE V1\na\nb\nx 1\n", "preprocessed"},
        {"no profile", "malformed"},
        {"\x12\x02\x10\x01", "sample index"}, // a sample without a sample type
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].text;
        PgoProfile *g = NULL;
        Err e = pgo_decode(t->arena, str_c(rows[i].text), &g);
        CHECK(t, e && str_find(e->what, str_c(rows[i].want)) != STR_NONE);
    }
}
