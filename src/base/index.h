// base/index.h: hash tables. Index maps a hash to 32-bit ids the caller compares himself; StrMap
// maps strings to 32-bit values, PtrMap addresses to addresses. Order of output never comes from a
// table's slots. Threads: one at a time.  Memory: the arena given; growth leaves the old slots in
// the arena.
#ifndef HEAPWISE_BASE_INDEX_H
#define HEAPWISE_BASE_INDEX_H

#include "base/vec.h"

typedef struct IndexSlot {
    uint32_t hash; // the upper half of the hash, to skip most comparisons
    uint32_t id;   // 0 is an empty slot
} IndexSlot;

typedef struct Index {
    Arena *arena;
    IndexSlot *slots;
    uint32_t mask, count;
} Index;

// Walks the ids filed under a hash: `for (IndexIter it = index_find(ix, h); it.id;
// index_next(&it))`.
typedef struct IndexIter {
    const Index *index;
    uint32_t at, hash;
    uint32_t id; // 0 at the end
} IndexIter;

Index index_new(Arena *a);
void index_reserve(Index *ix, uint32_t count);
void index_add(Index *ix, uint64_t hash, uint32_t id); // id != 0; does not look for equals
IndexIter index_find(const Index *ix, uint64_t hash);
void index_next(IndexIter *it);

typedef struct StrMapEntry {
    Str key;
    uint32_t value;
} StrMapEntry;

typedef struct StrMap {
    Index index;              // ids are places in entries + 1
    VEC(StrMapEntry) entries; // in order of insertion
} StrMap;

StrMap strmap_new(Arena *a);
// The value filed under key, or NULL. Valid until the next strmap_put.
uint32_t *strmap_get(const StrMap *m, Str key);
// The value's place, made (0) when absent; the key's bytes are kept as they are, not copied.
uint32_t *strmap_put(StrMap *m, Str key);

typedef struct PtrMap {
    Arena *arena;
    struct PtrSlot {
        const void *key;
        void *value;
    } * slots; // NULL: empty
    uint32_t mask, count;
} PtrMap;

PtrMap ptrmap_new(Arena *a);
void *ptrmap_get(const PtrMap *m, const void *key);       // NULL: none; key is not NULL
void ptrmap_put(PtrMap *m, const void *key, void *value); // in place of what is there

static inline uint64_t hash_mix(uint64_t x, uint64_t y) {
    __uint128_t p = (__uint128_t)(x ^ 0x9e3779b97f4a7c15u) * (y ^ 0xe7037ed1a0b428dbu);
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

#endif
