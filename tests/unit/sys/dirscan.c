#include "harness.h"

#include "sys/dirscan.h"

TEST(dirscan_lists_and_reads) {
    Str dir;
    CHECK_OK(t, dir_temp(t->arena, "heapwise-scan", &dir));
    Buf big = buf_new(t->arena);
    buf_fill(&big, 'x', 100000);
    CHECK_OK(t, file_write(t->arena, path_join(t->arena, dir, STR("b")), buf_view(&big)));
    CHECK_OK(t, file_write(t->arena, path_join(t->arena, dir, STR("a")), STR("hello")));
    CHECK_OK(t, dir_make(t->arena, path_join(t->arena, dir, STR("c"))));
    DirScan d;
    CHECK(t, dirscan_open(t->arena, dir, &d));
    CHECK_EQ(t, d.list.len, 3);
    CHECK_STR(t, d.list.v[0].name, STR("a"));
    CHECK_EQ(t, d.list.v[1].kind, FILE_REGULAR);
    CHECK_EQ(t, d.list.v[2].kind, FILE_DIR);
    char *buf = NEW_ARRAY(t->arena, char, 200000);
    CHECK_EQ(t, dirscan_read(&d, STR("a"), buf, 200000), 5);
    CHECK_EQ(t, dirscan_read(&d, STR("b"), buf, 200000), 100000);
    CHECK_EQ(t, dirscan_read(&d, STR("b"), buf, 1000), 1000);
    CHECK(t, dirscan_read(&d, STR("nope"), buf, 1000) == SCAN_FAILED);
    CHECK(t, dirscan_changed_ns(&d, STR("a")) > 0);
    dirscan_close(&d);
    CHECK(t, !dirscan_open(t->arena, path_join(t->arena, dir, STR("nope")), &d));
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
}
