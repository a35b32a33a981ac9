// base/bitset.h: a fixed number of bits in an arena.
#ifndef HEAPWISE_BASE_BITSET_H
#define HEAPWISE_BASE_BITSET_H

#include "base/arena.h"

typedef struct Bitset {
    uint64_t *words;
    uint32_t len; // bits
} Bitset;

static inline Bitset bitset_new(Arena *a, uint32_t bits) {
    return (Bitset){NEW_ARRAY(a, uint64_t, ((size_t)bits + 63) / 64), bits};
}
static inline bool bitset_has(const Bitset *b, uint32_t i) {
    return i < b->len && (b->words[i / 64] >> (i % 64) & 1);
}
static inline void bitset_add(Bitset *b, uint32_t i) {
    ASSERT(i < b->len);
    b->words[i / 64] |= (uint64_t)1 << (i % 64);
}
static inline void bitset_remove(Bitset *b, uint32_t i) {
    ASSERT(i < b->len);
    b->words[i / 64] &= ~((uint64_t)1 << (i % 64));
}

// Of the bits set. __builtin_popcountll is a call where the processor need not have the
// instruction.
static inline uint32_t bits_count(uint64_t x) {
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (uint32_t)(x * 0x0101010101010101u >> 56);
}

#endif
