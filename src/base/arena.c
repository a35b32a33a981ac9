// base/arena.c: an arena is a chain of blocks; positions count bytes over the whole chain.
#include "base/arena.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/trace.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
enum { RED_ZONE = 16 }; // between two allocations, so a small overrun is seen
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
enum { RED_ZONE = 0 };
#endif

enum {
    BLOCK_FIRST = 16 * 1024,
    BLOCK_MAX = 512 * 1024,
    BLOCK_POOLED = 64 * 1024, // small, so that what is cleared before its next use is in a cache
    BLOCK_ALIGN = 64
};

typedef struct Block Block;
struct Block {
    Block *prev;
    size_t base; // position of the block's first byte in the whole arena
    size_t cap;  // bytes that can be handed out
    size_t used; // of a pooled one: bytes that hold old data
    alignas(BLOCK_ALIGN) char bytes[];
};

struct Arena {
    char *next; // next free byte of the newest block
    char *end;
    char *dirty_end; // bytes below this in the newest block may hold old data
    Block *block;
    size_t peak;
    size_t block_size; // size of the next block
    ArenaPool *pool;   // where blocks come from and go; NULL: the system
    const char *name;
};

struct ArenaPool {
    atomic_flag lock;
    size_t idle_bytes, keep_bytes;
    Block *common; // those of BLOCK_POOLED bytes
    Block *large;  // few
};

Arena *arena_new_in(ArenaPool *pool, const char *name) {
    Arena *a = calloc(1, sizeof *a);
    if (!a) base_out_of("memory", sizeof *a);
    a->name = name;
    a->pool = pool;
    a->block_size = pool ? BLOCK_POOLED : BLOCK_FIRST;
    return a;
}

Arena *arena_new(const char *name) { return arena_new_in(NULL, name); }

size_t arena_used(const Arena *a) {
    return a->block ? a->block->base + (size_t)(a->next - a->block->bytes) : 0;
}

size_t arena_peak(const Arena *a) { return MAX(a->peak, arena_used(a)); }

// ---- blocks

ArenaPool *arena_pool_new(size_t keep_bytes) {
    ArenaPool *pool = calloc(1, sizeof *pool);
    if (!pool) base_out_of("memory", sizeof *pool);
    atomic_flag_clear(&pool->lock);
    pool->keep_bytes = keep_bytes;
    return pool;
}

static void chain_free(Block *b) {
    for (Block *next; b; b = next) {
        next = b->prev;
        UNPOISON(b->bytes, b->cap);
        free(b);
    }
}

void arena_pool_free(ArenaPool *pool) {
    if (!pool) return;
    chain_free(pool->common);
    chain_free(pool->large);
    free(pool);
}

static void pool_lock(ArenaPool *pool) {
    while (atomic_flag_test_and_set_explicit(&pool->lock, memory_order_acquire)) sched_yield();
}

static void pool_unlock(ArenaPool *pool) {
    atomic_flag_clear_explicit(&pool->lock, memory_order_release);
}

// An idle block of at least cap bytes, and not of many more; NULL: none.
static Block *pool_take(ArenaPool *pool, size_t cap) {
    Block *found = NULL;
    pool_lock(pool);
    Block **at = cap == BLOCK_POOLED ? &pool->common : &pool->large;
    while (*at && ((*at)->cap < cap || (*at)->cap / 2 > cap)) at = &(*at)->prev;
    if (*at) {
        found = *at;
        *at = found->prev;
        pool->idle_bytes -= found->cap;
    }
    pool_unlock(pool);
    if (!found) return NULL;
    UNPOISON(found->bytes, found->cap);
    memset(found->bytes, 0, found->used);
    return found;
}

static void pool_give(ArenaPool *pool, Block *b) {
    POISON(b->bytes, b->cap);
    pool_lock(pool);
    bool keep = pool->idle_bytes + b->cap <= pool->keep_bytes;
    if (keep) {
        Block **list = b->cap == BLOCK_POOLED ? &pool->common : &pool->large;
        b->prev = *list;
        *list = b;
        pool->idle_bytes += b->cap;
    }
    pool_unlock(pool);
    if (keep) return;
    UNPOISON(b->bytes, b->cap);
    free(b);
}

// Of the newest block everything below dirty_end may hold data, of those before it all.
static void block_free(Arena *a, Block *b) {
    UNPOISON(b->bytes, b->cap);
    b->used = b == a->block ? (size_t)(a->dirty_end - b->bytes) : b->cap;
    if (a->pool)
        pool_give(a->pool, b);
    else
        free(b);
}

static Block *block_new(Arena *a, size_t cap) {
    Block *b = a->pool ? pool_take(a->pool, cap) : NULL;
    if (b) return b;
    if (cap > SIZE_MAX - sizeof(Block)) base_out_of("memory", cap);
    b = calloc(1, sizeof(Block) + cap);
    if (!b) base_out_of("memory", cap);
    b->cap = cap;
    return b;
}

// ---- arenas

void arena_free(Arena *a) {
    if (!a) return;
    TRACE(TRACE_MEM, 1, "arena %s: %zu bytes at its peak", a->name, arena_peak(a));
    for (Block *b = a->block, *prev; b; b = prev) {
        prev = b->prev;
        block_free(a, b); // only the first one is a->block
    }
    free(a);
}

static void block_add(Arena *a, size_t need) {
    Block *b = block_new(a, MAX(a->block_size, need));
    b->prev = a->block;
    b->base = arena_used(a);
    a->block = b;
    a->next = a->dirty_end = b->bytes;
    a->end = b->bytes + b->cap;
    if (a->block_size < BLOCK_MAX && !a->pool) a->block_size *= 2;
    POISON(b->bytes, b->cap);
}

static char *align_ptr(char *p, size_t align) {
    return (char *)(((uintptr_t)p + align - 1) & ~(uintptr_t)(align - 1));
}

void *arena_push(Arena *a, size_t count, size_t size, size_t align) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        base_out_of("memory", SIZE_MAX);
    char *p = align_ptr(a->next, align);
    if (UNLIKELY(!a->block || p > a->end || (size_t)(a->end - p) < bytes + RED_ZONE)) {
        block_add(a, bytes + align + RED_ZONE);
        p = align_ptr(a->next, align);
    }
    UNPOISON(p, bytes);
    a->next = p + bytes + RED_ZONE;
    if (p < a->dirty_end) { memset(p, 0, MIN(bytes, (size_t)(a->dirty_end - p))); }
    if (a->next > a->dirty_end) a->dirty_end = a->next;
    return p;
}

void *arena_copy(Arena *a, const void *src, size_t size_bytes, size_t align) {
    void *p = arena_push(a, size_bytes, 1, align);
    if (size_bytes) memcpy(p, src, size_bytes);
    return p;
}

void *arena_grow(Arena *a, void *ptr, size_t old_bytes, size_t new_bytes, size_t align) {
    char *p = ptr;
    if (p && p + old_bytes + RED_ZONE == a->next && new_bytes >= old_bytes &&
        (size_t)(a->end - p) >= new_bytes + RED_ZONE) {
        UNPOISON(p, new_bytes);
        char *fresh = p + old_bytes;
        if (fresh < a->dirty_end)
            memset(fresh, 0, MIN(new_bytes - old_bytes, (size_t)(a->dirty_end - fresh)));
        a->next = p + new_bytes + RED_ZONE;
        if (a->next > a->dirty_end) a->dirty_end = a->next;
        return p;
    }
    char *q = arena_push(a, new_bytes, 1, align);
    if (old_bytes) memcpy(q, p, MIN(old_bytes, new_bytes));
    return q;
}

ArenaMark arena_mark(Arena *a) { return (ArenaMark){a, arena_used(a)}; }

void arena_pop_to(ArenaMark m) {
    Arena *a = m.arena;
    size_t used = arena_used(a);
    if (m.pos > used) BUG("arena %s: mark %zu is past the end %zu", a->name, m.pos, used);
    a->peak = MAX(a->peak, used);
    while (a->block && a->block->base > m.pos) {
        Block *prev = a->block->prev;
        block_free(a, a->block);
        a->block = prev;
        if (prev) a->end = prev->bytes + prev->cap;
        a->dirty_end = a->end; // what was handed out there is unknown by now
    }
    if (!a->block) {
        a->next = a->end = a->dirty_end = NULL;
        return;
    }
    a->next = a->block->bytes + (m.pos - a->block->base);
    POISON(a->next, (size_t)(a->end - a->next));
}

// ---- where they are

static int cmp_spans(const void *x, const void *y) {
    uintptr_t a = ((const ArenaSpan *)x)->start, b = ((const ArenaSpan *)y)->start;
    return (a > b) - (a < b);
}

ArenaSpans arena_spans(const Arena *a, Arena *out) {
    ArenaSpans s = {0};
    for (const Block *b = a ? a->block : NULL; b; b = b->prev) s.len++;
    s.v = NEW_ARRAY(out, ArenaSpan, s.len);
    uint32_t i = 0;
    for (const Block *b = a ? a->block : NULL; b; b = b->prev) {
        const char *end = b == a->block ? a->next : b->bytes + b->cap;
        s.v[i++] = (ArenaSpan){(uintptr_t)b->bytes, (uintptr_t)end};
    }
    qsort(s.v, s.len, sizeof *s.v, cmp_spans);
    return s;
}

bool arena_spans_hold(ArenaSpans s, const void *p) {
    uintptr_t at = (uintptr_t)p;
    uint32_t low = 0, high = s.len;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (s.v[mid].end <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s.len && s.v[low].start <= at;
}
