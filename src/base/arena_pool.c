// base/arena_pool.c: the blocks of arenas that come and go, cut from regions of two mebibytes so
// that the system can back each with one large page. A region is a set of units; a block is a run
// of them.
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena_internal.h"

enum { REGION = 2 << 20, UNITS = REGION / ARENA_UNIT, ALONE = UINT32_MAX };

__extension__ typedef unsigned __int128 UnitSet;
_Static_assert(UNITS == 8 * sizeof(UnitSet), "one bit a unit");

typedef struct Region {
    UnitSet free;
    char *start;        // NULL: the place is free
    uint32_t untouched; // units from here on were never handed out, and are zero
    uint32_t longest;   // no run of free units is longer
} Region;

struct ArenaPool {
    atomic_flag lock;
    const ArenaSource *source;
    size_t keep; // so many regions may lie idle
    size_t idle;
    Region *v;
    uint32_t len, cap;
    uint32_t lowest; // below it no region has a free unit
};

static void *system_take(size_t bytes) { return aligned_alloc(REGION, bytes); }

static void system_give(void *start, size_t bytes) {
    (void)bytes;
    free(start);
}

ArenaPool *arena_pool_new(size_t keep_bytes, const ArenaSource *source) {
    static const ArenaSource system = {system_take, system_give, false};
    ArenaPool *pool = calloc(1, sizeof *pool);
    if (!pool) base_out_of("memory", sizeof *pool);
    atomic_flag_clear(&pool->lock);
    pool->source = source ? source : &system;
    pool->keep = keep_bytes / REGION;
    return pool;
}

void arena_pool_free(ArenaPool *pool) {
    if (!pool) return;
    for (uint32_t i = 0; i < pool->len; i++) {
        if (!pool->v[i].start) continue;
        UNPOISON(pool->v[i].start, REGION);
        pool->source->give(pool->v[i].start, REGION);
    }
    free(pool->v);
    free(pool);
}

static void lock(ArenaPool *pool) {
    while (atomic_flag_test_and_set_explicit(&pool->lock, memory_order_acquire)) sched_yield();
}

static void unlock(ArenaPool *pool) {
    atomic_flag_clear_explicit(&pool->lock, memory_order_release);
}

static void *take(ArenaPool *pool, size_t bytes) {
    void *start = pool->source->take(bytes);
    if (!start) base_out_of("memory", bytes);
    return start;
}

static UnitSet units_from(uint32_t first, uint32_t n) {
    UnitSet all = ~(UnitSet)0;
    return (n == UNITS ? all : ((UnitSet)1 << n) - 1) << first;
}

// The first unit of a run of n free ones; UNITS: there is none.
static uint32_t find_run(UnitSet free, uint32_t n) {
    for (uint32_t have = 1, step; have < n && free; have += step) {
        step = MIN(have, n - have);
        free &= free >> step;
    }
    if (!free) return UNITS;
    uint64_t low = (uint64_t)free;
    return (uint32_t)(low ? __builtin_ctzll(low) : 64 + __builtin_ctzll((uint64_t)(free >> 64)));
}

static uint32_t region_new(ArenaPool *pool) {
    uint32_t i = 0;
    while (i < pool->len && pool->v[i].start) i++;
    if (i == pool->cap) {
        pool->cap = MAX(16u, pool->cap * 2);
        pool->v = realloc(pool->v, pool->cap * sizeof *pool->v);
        if (!pool->v) base_out_of("memory", pool->cap * sizeof *pool->v);
    }
    if (i == pool->len) pool->len++;
    pool->v[i] = (Region){.free = ~(UnitSet)0,
                          .start = take(pool, REGION),
                          .untouched = pool->source->zeroed ? 0 : UNITS,
                          .longest = UNITS};
    pool->idle++;
    pool->lowest = MIN(pool->lowest, i);
    return i;
}

// Where a run of n units is free; *first is its first one.
static uint32_t region_with(ArenaPool *pool, uint32_t n, uint32_t *first) {
    for (uint32_t i = pool->lowest; i < pool->len; i++) {
        Region *r = &pool->v[i];
        if (!r->start || r->longest < n) continue;
        *first = find_run(r->free, n);
        if (*first < UNITS) return i;
        r->longest = n - 1;
    }
    *first = 0;
    return region_new(pool);
}

static ArenaBlock *run_take(ArenaPool *pool, uint32_t n) {
    uint32_t first, i;
    lock(pool);
    i = region_with(pool, n, &first);
    Region *r = &pool->v[i];
    if (!~r->free) pool->idle--;
    r->free &= ~units_from(first, n);
    uint32_t zero_from = MIN(MAX(r->untouched, first), first + n);
    r->untouched = MAX(r->untouched, first + n);
    while (pool->lowest < pool->len && !pool->v[pool->lowest].free) pool->lowest++;
    char *start = r->start;
    unlock(pool);
    ArenaBlock *b = (ArenaBlock *)(start + (size_t)first * ARENA_UNIT);
    UNPOISON(b, (size_t)n * ARENA_UNIT);
    size_t old = (size_t)(zero_from - first) * ARENA_UNIT;
    b->cap = (size_t)n * ARENA_UNIT - sizeof *b;
    b->used = old > sizeof *b ? old - sizeof *b : 0;
    b->region = i;
    return b;
}

static size_t alone_bytes(size_t cap) {
    return (cap + sizeof(ArenaBlock) + REGION - 1) / REGION * REGION;
}

ArenaBlock *arena_pool_take(ArenaPool *pool, size_t cap) {
    if (cap > SIZE_MAX / 2) base_out_of("memory", cap);
    size_t bytes = cap + sizeof(ArenaBlock);
    if (bytes <= REGION) return run_take(pool, (uint32_t)((bytes + ARENA_UNIT - 1) / ARENA_UNIT));
    ArenaBlock *b = take(pool, alone_bytes(cap));
    b->cap = cap;
    b->used = pool->source->zeroed ? 0 : cap;
    b->region = ALONE;
    return b;
}

static void run_give(ArenaPool *pool, ArenaBlock *b) {
    lock(pool);
    Region *r = &pool->v[b->region];
    char *start = r->start;
    uint32_t first = (uint32_t)((size_t)((char *)b - start) / ARENA_UNIT);
    pool->lowest = MIN(pool->lowest, b->region);
    r->free |= units_from(first, (uint32_t)((b->cap + sizeof *b) / ARENA_UNIT));
    r->longest = UNITS;
    POISON(b, b->cap + sizeof *b);
    bool idle = !~r->free, drop = idle && pool->idle >= pool->keep;
    if (drop) r->start = NULL, r->free = 0;
    pool->idle += idle && !drop;
    unlock(pool);
    if (!drop) return;
    UNPOISON(start, REGION);
    pool->source->give(start, REGION);
}

void arena_pool_give(ArenaPool *pool, ArenaBlock *b) {
    if (b->region != ALONE) {
        run_give(pool, b);
        return;
    }
    UNPOISON(b->bytes, b->cap);
    pool->source->give(b, alone_bytes(b->cap));
}
