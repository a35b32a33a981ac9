#include "harness.h"

TEST(arena_gives_zeroed_aligned_bytes) {
    for (size_t align = 1; align <= 64; align *= 2) {
        char *p = arena_push(t->arena, 3, 5, align);
        CHECK_EQ(t, (uintptr_t)p % align, 0);
        for (int i = 0; i < 15; i++) CHECK_EQ(t, p[i], 0);
        memset(p, 0xff, 15);
    }
}

TEST(arena_gives_no_bytes_as_well) {
    Arena *a = arena_new("none");
    for (int i = 0; i < 1000; i++) {
        CHECK(t, arena_push(a, 0, 8, 8) != NULL);
        char *p = arena_push(a, (size_t)i % 90, 1, 1);
        for (int k = 0; k < i % 90; k++) CHECK_EQ(t, p[k], 0);
        memset(p, 0xff, (size_t)i % 90);
    }
    arena_free(a);
}

TEST(arena_pop_gives_back_and_zeroes_again) {
    ArenaMark m = arena_mark(t->arena);
    size_t used = arena_used(t->arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++) {
            char *p = arena_push(t->arena, 1000, 1, 8);
            for (int k = 0; k < 1000; k++)
                if (p[k]) CHECK(t, !"old bytes were handed out");
            memset(p, 0xaa, 1000);
        }
        arena_pop_to(m);
        CHECK_EQ(t, arena_used(t->arena), used);
    }
    CHECK(t, arena_peak(t->arena) >= 200000);
}

TEST(arena_pool_hands_blocks_on_and_zeroes_them) {
    ArenaPool *pool = arena_pool_new(4 << 20, NULL);
    for (int round = 0; round < 3; round++) {
        Arena *a = arena_new_in(pool, "one"), *b = arena_new_in(pool, "other");
        for (int i = 0; i < 300; i++) {
            size_t size = i == 200 ? 300000 : 700;
            char *p = arena_push(i % 2 ? a : b, size, 1, 8);
            for (size_t k = 0; k < size; k++)
                if (p[k]) CHECK(t, !"old bytes were handed out");
            memset(p, 0xaa, size);
            if (i == 100) arena_pop_to((ArenaMark){a, 0});
        }
        arena_free(a);
        arena_free(b);
    }
    arena_pool_free(pool);
}

TEST(arena_pool_gives_the_same_block_again) {
    ArenaPool *pool = arena_pool_new(4 << 20, NULL);
    Arena *a = arena_new_in(pool, "first");
    uintptr_t first = (uintptr_t)arena_push(a, 10000, 1, 8);
    arena_free(a);
    a = arena_new_in(pool, "second");
    CHECK_EQ(t, (uintptr_t)arena_push(a, 10000, 1, 8), first);
    arena_free(a);
    arena_pool_free(pool);
}

TEST(arena_grow_keeps_old_bytes) {
    char *p = arena_push(t->arena, 4, 1, 1);
    memcpy(p, "abcd", 4);
    for (size_t n = 4; n < 100000; n *= 3) {
        p = arena_grow(t->arena, p, n, n * 3, 1);
        CHECK_EQ(t, memcmp(p, "abcd", 4), 0);
        CHECK_EQ(t, p[n * 3 - 1], 0);
        if (n % 2) arena_push(t->arena, 1, 1, 1); // no longer the newest
    }
}

TEST(vec_grows) {
    U32Vec xs = {0};
    for (uint32_t i = 0; i < 5000; i++) vec_push(t->arena, &xs, i * 3);
    CHECK_EQ(t, xs.len, 5000);
    for (uint32_t i = 0; i < 5000; i++) CHECK_EQ(t, xs.v[i], i * 3);
}
