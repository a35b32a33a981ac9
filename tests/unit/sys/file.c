#include "sys/file.h"
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

TEST(files_are_replaced_whole) {
    Str dir, have;
    CHECK_OK(t, dir_temp(t->arena, "heapwise-test", &dir));
    Str path = path_join(t->arena, dir, STR("x/y.txt"));
    CHECK_OK(t, dir_make(t->arena, path_dir(path)));
    CHECK_OK(t, file_write(t->arena, path, STR("one")));
    CHECK_OK(t, file_write(t->arena, path, STR("two\n")));
    CHECK_OK(t, file_read(t->arena, path, &have));
    CHECK_STR(t, have, STR("two\n"));
    DirList list;
    CHECK_OK(t, dir_list(t->arena, path_dir(path), &list));
    CHECK_EQ(t, list.len, 1);
    CHECK_ERR(t, file_read_limit(t->arena, path, 3, &have), "larger than the limit");
    FileMap m;
    CHECK_OK(t, file_map(t->arena, path, &m));
    CHECK_STR(t, m.bytes, STR("two\n"));
    file_unmap(&m);
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
    CHECK(t, !file_exists(dir));
    CHECK_ERR(t, file_read(t->arena, path, &have), "No such file");
}
