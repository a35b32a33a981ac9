// Entries: what comes back is what was put, or nothing.
#include "cache/cache.h"

#include <stdlib.h>

#include "harness.h"
#include "sys/file.h"

static Cache *fresh(Test *t, const char *mib, Str *dir) {
    CHECK_OK(t, dir_temp(t->arena, "heapwise-cache", dir));
    setenv("HEAPWISE_CACHE", str_to_c(t->arena, *dir), 1);
    setenv("HEAPWISE_CACHE_MIB", mib, 1);
    return cache_open(t->arena);
}

static Str entry_file(Test *t, Str dir) { // of the only one there is
    DirList shards = {0}, files = {0};
    CHECK_OK(t, dir_list(t->arena, dir, &shards));
    Str shard = path_join(t->arena, dir, shards.v[0].name);
    CHECK_OK(t, dir_list(t->arena, shard, &files));
    return path_join(t->arena, shard, files.v[0].name);
}

TEST(an_entry_comes_back_whole_or_not_at_all) {
    Str dir, out;
    Cache *c = fresh(t, "10", &dir);
    CacheKey key = key_of_bytes(STR("key")), other = key_of_bytes(STR("Key"));
    CHECK(t, !cache_get(c, t->arena, key, &out));
    cache_put(c, key, STR("the answer"));
    CHECK(t, cache_get(c, t->arena, key, &out));
    CHECK_STR(t, out, STR("the answer"));
    CHECK(t, !cache_get(c, t->arena, other, &out));
    Str file = entry_file(t, dir), bytes;
    CHECK_OK(t, file_read(t->arena, file, &bytes));
    for (size_t i = 0; i < bytes.len; i++) { // any byte changed
        char *bad = str_to_c(t->arena, bytes);
        bad[i] ^= 4;
        CHECK_OK(t, file_write(t->arena, file, (Str){bad, bytes.len}));
        CHECK(t, !cache_get(c, t->arena, key, &out));
    }
    for (size_t n = 0; n < bytes.len; n++) { // cut anywhere
        CHECK_OK(t, file_write(t->arena, file, str_to(bytes, n)));
        CHECK(t, !cache_get(c, t->arena, key, &out));
    }
    CHECK_OK(t, file_write(t->arena, file, str_join2(t->arena, bytes, STR("x"))));
    CHECK(t, !cache_get(c, t->arena, key, &out));
    cache_put(c, key, STR(""));
    CHECK(t, cache_get(c, t->arena, key, &out));
    CHECK_EQ(t, out.len, 0);
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
}

TEST(it_stays_below_its_limit_and_cleans_only_its_own) {
    Str dir, out;
    Cache *c = fresh(t, "1", &dir);
    char *large = NEW_ARRAY(t->arena, char, 200000);
    for (uint32_t i = 0; i < 8; i++)
        cache_put(c, key_of_bytes((Str){(char *)&i, 4}), (Str){large, 200000});
    Str mine = path_join(t->arena, dir, STR("notes.txt"));
    CHECK_OK(t, file_write(t->arena, mine, STR("not ours")));
    CHECK(t, cache_state(t->arena, c).bytes > 1 << 20);
    cache_close(c);
    CacheState s = cache_state(t->arena, c), gone;
    CHECK(t, s.bytes <= 1 << 20);
    CHECK(t, s.entries >= 4);
    CHECK_EQ(t, s.limit, 1 << 20);
    CHECK_OK(t, cache_clean(t->arena, c, &gone));
    CHECK_EQ(t, gone.entries, s.entries);
    CHECK_EQ(t, gone.bytes, s.bytes);
    CHECK_EQ(t, cache_state(t->arena, c).entries, 0);
    CHECK(t, file_exists(mine));
    uint32_t one = 1;
    CHECK(t, !cache_get(c, t->arena, key_of_bytes((Str){(char *)&one, 4}), &out));
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
}

TEST(parts_of_a_key_do_not_run_together) {
    static const char *const rows[][2] = {{"ab", "c"}, {"a", "bc"}, {"", "abc"}, {"abc", ""}};
    CacheKey keys[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        KeyMaker *m = key_new(t->arena);
        key_str(m, str_c(rows[i][0]));
        key_str(m, str_c(rows[i][1]));
        keys[i] = key_end(m);
        for (size_t k = 0; k < i; k++) CHECK(t, !key_eq(keys[i], keys[k]));
    }
    CacheKey self, again;
    CHECK(t, key_of_program(&self) && key_of_program(&again) && key_eq(self, again));
}

TEST(off_is_no_cache) {
    setenv("HEAPWISE_CACHE", "off", 1);
    CHECK(t, !cache_open(t->arena));
    CHECK_EQ(t, cache_state(t->arena, NULL).entries, 0);
    cache_close(NULL);
}
