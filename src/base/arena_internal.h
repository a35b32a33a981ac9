// base/arena_internal.h: what arenas and the pools of their blocks share.
#ifndef HEAPWISE_BASE_ARENA_INTERNAL_H
#define HEAPWISE_BASE_ARENA_INTERNAL_H

#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum {
    ARENA_UNIT = 16 * 1024, // what a pool's blocks are multiples of, with their heads
    ARENA_BLOCK_ALIGN = 64
};

struct ArenaBlock {
    ArenaBlock *prev;
    size_t base;     // position of the block's first byte in the whole arena
    size_t cap;      // bytes that can be handed out
    size_t used;     // of one that is entered: bytes that may hold old data; the others are zero
    uint32_t region; // of the pool
    alignas(ARENA_BLOCK_ALIGN) char bytes[];
};

// A block of at least cap bytes, with cap, used and region set.
ArenaBlock *arena_pool_take(ArenaPool *pool, size_t cap);
void arena_pool_give(ArenaPool *pool, ArenaBlock *b);

#endif
