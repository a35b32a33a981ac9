// The build cache of a review: what was used lately is there, and the user's stays as it is.
#include "engine/engine_internal.h"
#include "harness.h"
#include "sys/file.h"
#include "sys/proc.h"

TEST(the_overlay_has_recent_entries_and_keeps_what_is_written) {
    Arena *a = t->arena;
    Str dir, top, text;
    CHECK_OK(t, dir_temp(a, "overlay-", &dir));
    Str cache = path_join(a, dir, STR("cache")), shard = path_join(a, cache, STR("a7"));
    Str stale = path_join(a, dir, STR("cache.heapwise-2147483647")); // no process has that number
    CHECK_OK(t, dir_make(a, shard));
    CHECK_OK(t, dir_make(a, stale));
    CHECK_OK(t, file_write(a, path_join(a, shard, STR("entry-d")), STR("built")));
    CHECK_OK(t, file_write(a, path_join(a, cache, STR("trim.txt")), STR("1")));
    CHECK_OK(t, overlay_cache(a, cache, &top));
    CHECK_OK(t, file_read(a, path_join(a, path_join(a, top, STR("a7")), STR("entry-d")), &text));
    CHECK_STR(t, text, STR("built"));
    CHECK(t, !file_exists(path_join(a, top, STR("trim.txt"))));
    CHECK(t, !file_exists(stale));
    CHECK_OK(t, file_write(a, path_join(a, path_join(a, top, STR("a7")), STR("new-d")), STR("x")));
    CHECK_OK(t, dir_remove_tree(a, top));
    CHECK(t, !file_exists(path_join(a, shard, STR("new-d"))));
    CHECK(t, file_exists(path_join(a, shard, STR("entry-d"))));
    CHECK_OK(t, dir_remove_tree(a, dir));
}

TEST(processes_are_alive_or_not) {
    CHECK(t, proc_is_alive(proc_self()));
    CHECK(t, !proc_is_alive(0));
    CHECK(t, !proc_is_alive(UINT64_MAX));
}
