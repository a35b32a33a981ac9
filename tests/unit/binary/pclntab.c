// binary/pclntab: a line table whose functions do not stand in order ends where the order does;
// walks through what is no table of values go as Go's do, but end.
#include "binary/pclntab/pclntab.h"

#include <string.h>

#include "harness.h"

enum { HEAD = 8 + 8 * 8, ENTRY = 8, FUNCTIONS = 3 };

// The head of a Go 1.20 table and the index of its functions; nothing else is asked for.
static Str table(uint8_t bytes[HEAD + ENTRY * (FUNCTIONS + 1)],
                 const uint32_t entries[FUNCTIONS + 1]) {
    static const uint8_t magic[8] = {0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8};
    uint64_t words[8] = {FUNCTIONS, 1, 0, HEAD, HEAD, HEAD, HEAD, HEAD};
    memset(bytes, 0, HEAD + ENTRY * (FUNCTIONS + 1));
    memcpy(bytes, magic, sizeof magic);
    memcpy(bytes + 8, words, sizeof words);
    for (size_t i = 0; i <= FUNCTIONS; i++)
        memcpy(bytes + HEAD + i * ENTRY, &entries[i], sizeof entries[i]);
    return (Str){(const char *)bytes, HEAD + ENTRY * (FUNCTIONS + 1)};
}

TEST(functions_in_order) {
    static const struct {
        uint32_t entries[FUNCTIONS + 1], want;
    } rows[] = {
        {{0, 0x10, 0x20, 0x30}, 3},    {{0, 0x10, 0x10, 0x30}, 3}, {{0, 0x20, 0x10, 0x30}, 1},
        {{0x40, 0x10, 0x20, 0x30}, 0}, {{0, 0x10, 0x20, 0x08}, 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[HEAD + ENTRY * (FUNCTIONS + 1)];
        Pclntab tab;
        CHECK(t, !pclntab_open(t->arena, table(bytes, rows[i].entries), 0x1000, &tab));
        CHECK_EQ(t, tab.func_count, rows[i].want);
        if (rows[i].want) CHECK_EQ(t, pclntab_entry(&tab, 0), 0x1000 + rows[i].entries[0]);
    }
}

// Value and run take turns, a value of 0 ends; the runtime reads the same of such bytes.
TEST(values_of_no_table) {
    static const struct {
        const char *name;
        Str bytes;
        uint64_t pc;
        int32_t want;
    } rows[] = {{"one run", STR("\x04\x08\0"), 7, 1},
                {"behind its end", STR("\x04\x08\0"), 8, -1},
                {"a run of nothing", STR("\x04\0\x02\x08\0"), 7, 2},
                {"0 first", STR("\0\x02\x02\x08\0"), 3, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Pclntab table = {.quantum = 1, .values = rows[i].bytes};
        PclnWalk w = pclntab_walk(&table, 0, 0);
        CHECK_EQ(t, pclntab_value_at(&w, rows[i].pc), rows[i].want);
    }
    char nothing[1000];
    for (size_t i = 0; i < sizeof nothing; i += 2) memcpy(nothing + i, "\x02\0", 2);
    Pclntab table = {.quantum = 1, .values = {nothing, sizeof nothing}};
    PclnWalk w = pclntab_walk(&table, 0, 0);
    int steps = 0;
    while (pclntab_step(&w)) steps++;
    CHECK_EQ(t, steps < 100, true);
}
