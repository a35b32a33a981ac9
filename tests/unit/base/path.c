#include "base/path.h"
#include "harness.h"

TEST(path_clean_and_relative) {
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"a/./b/../c", "a/c"}, {"/..", "/"},     {"", "."},
        {"../x", "../x"},      {"a//b/", "a/b"}, {"a/..", "."},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_STR(t, path_clean(t->arena, str_c(rows[i].in)), str_c(rows[i].want));
    CHECK_STR(t, path_relative(t->arena, STR("/a/b"), STR("/a/c/d")), STR("../c/d"));
    CHECK_STR(t, path_relative(t->arena, STR("/a"), STR("/a/c")), STR("c"));
    CHECK_STR(t, path_relative(t->arena, STR("/ab"), STR("/a")), STR("../a"));
    CHECK_STR(t, path_relative(t->arena, STR("/a"), STR("/a")), STR("."));
    CHECK_STR(t, path_dir(STR("/a")), STR("/"));
    CHECK_STR(t, path_base(STR("a/b/")), STR("b"));
}
