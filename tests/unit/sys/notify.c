#include "sys/notify.h"

#include "harness.h"
#include "sys/file.h"

TEST(notify_tells_of_files_written_moved_and_removed) {
    Arena *a = t->arena;
    Str dir, other;
    Notify n;
    NotifyChanges c;
    CHECK(t, !dir_temp(a, "notify", &dir));
    CHECK(t, !dir_temp(a, "notify", &other));
    CHECK(t, !notify_new(a, &n));
    CHECK(t, !notify_dir(a, &n, dir, 7));
    CHECK(t, !notify_dir(a, &n, other, 9));
    CHECK(t, !notify_waiting(&n));
    CHECK(t, !notify_wait(a, &n, 0, 1, &c));
    CHECK_EQ(t, c.len, 0);
    CHECK(t,
          !file_write(a, path_join(a, dir, STR("x.go")), STR("package x\n"))); // written, renamed
    CHECK(t, !file_write(a, path_join(a, other, STR("y.go")), STR("package y\n")));
    CHECK(t, notify_waiting(&n));
    CHECK(t, !notify_wait(a, &n, 1000, 5, &c));
    bool x = false, y = false;
    for (uint32_t i = 0; i < c.len; i++) {
        x |= c.v[i].dir == 7 && str_eq_c(c.v[i].name, "x.go");
        y |= c.v[i].dir == 9 && str_eq_c(c.v[i].name, "y.go");
    }
    CHECK(t, x && y);
    CHECK(t, file_remove(path_join(a, dir, STR("x.go"))));
    CHECK(t, !notify_wait(a, &n, 1000, 5, &c));
    CHECK_EQ(t, c.len, 1);
    CHECK_STR(t, c.v[0].name, STR("x.go"));
    CHECK(t, notify_dir(a, &n, STR("/nonexistent"), 1) != NULL);
    notify_free(&n);
    CHECK(t, !dir_remove_tree(a, dir));
    CHECK(t, !dir_remove_tree(a, other));
}
