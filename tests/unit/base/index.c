#include "harness.h"

#include "base/index.h"

TEST(strmap_keeps_order_and_values) {
    StrMap m = strmap_new(t->arena);
    for (uint32_t i = 0; i < 3000; i++) *strmap_put(&m, str_fmt(t->arena, "k%u", i)) = i;
    for (uint32_t i = 0; i < 3000; i++) {
        uint32_t *v = strmap_get(&m, str_fmt(t->arena, "k%u", i));
        CHECK(t, v && *v == i);
        CHECK_EQ(t, m.entries.v[i].value, i);
    }
    CHECK(t, !strmap_get(&m, STR("absent")));
}

TEST(ptrmap_finds_and_replaces) {
    static char keys[3000];
    PtrMap m = ptrmap_new(t->arena);
    CHECK(t, !ptrmap_get(&m, &keys[0]));
    for (uint32_t i = 0; i < COUNT(keys); i++) ptrmap_put(&m, &keys[i], &keys[0]);
    for (uint32_t i = 0; i < COUNT(keys); i += 2) ptrmap_put(&m, &keys[i], &keys[i]);
    CHECK_EQ(t, m.count, COUNT(keys));
    for (uint32_t i = 0; i < COUNT(keys); i++)
        CHECK(t, ptrmap_get(&m, &keys[i]) == (i % 2 ? &keys[0] : &keys[i]));
    CHECK(t, !ptrmap_get(&m, &m));
}

TEST(index_holds_equal_hashes) {
    Index ix = index_new(t->arena);
    for (uint32_t i = 1; i <= 50; i++) index_add(&ix, 42, i);
    uint64_t sum = 0;
    for (IndexIter it = index_find(&ix, 42); it.id; index_next(&it)) sum += it.id;
    CHECK_EQ(t, sum, 50 * 51 / 2);
    CHECK_EQ(t, index_find(&ix, 43).id, 0);
}
