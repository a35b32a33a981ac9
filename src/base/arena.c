// base/arena.c: an arena is a chain of blocks; positions count bytes over the whole chain.
#include "base/arena_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/trace.h"

#if defined(__SANITIZE_ADDRESS__)
enum { RED_ZONE = 16 }; // between two allocations, so a small overrun is seen
#else
enum { RED_ZONE = 0 };
#endif

enum {
    FIRST = 4 * 1024, // lies in one piece with its arena
    BLOCK_LEAST = ARENA_UNIT,
    BLOCK_MAX = 512 * 1024,
    CLEARED_AHEAD = 512 // bytes that later pushes find zero
};

typedef ArenaBlock Block;

typedef struct Small { // an arena and its first block
    Arena arena;
    Block first;
} Small;

// b becomes the newest block.
static void block_enter(Arena *a, Block *b) {
    b->prev = a->block;
    b->base = arena_used(a);
    a->block = b;
    a->next = a->clean = b->bytes;
    a->dirty = b->bytes + b->used;
    a->end = b->bytes + b->cap;
    POISON(b->bytes, b->cap);
}

Arena *arena_new_in(ArenaPool *pool, const char *name) {
    Small *s = malloc(sizeof *s + FIRST);
    if (!s) base_out_of("memory", sizeof *s + FIRST);
    s->arena = (Arena){.pool = pool, .block_size = BLOCK_LEAST - sizeof(Block), .name = name};
    s->first.cap = s->first.used = FIRST;
    block_enter(&s->arena, &s->first);
    return &s->arena;
}

Arena *arena_new(const char *name) { return arena_new_in(NULL, name); }

size_t arena_used(const Arena *a) {
    return a->block ? a->block->base + (size_t)(a->next - a->block->bytes) : 0;
}

size_t arena_peak(const Arena *a) { return MAX(a->peak, arena_used(a)); }

// ---- blocks

// Of the newest block everything from dirty on is zero, of those before it nothing is known.
static void block_free(Arena *a, Block *b) {
    if (!b->prev) return; // the first one goes with its arena
    char *zero = a->clean == a->end ? a->next : a->dirty;
    b->used = b == a->block ? (size_t)(zero - b->bytes) : b->cap;
    if (a->pool) {
        arena_pool_give(a->pool, b);
    } else {
        UNPOISON(b->bytes, b->cap);
        free(b);
    }
}

static Block *block_new(Arena *a, size_t cap) {
    if (a->pool) return arena_pool_take(a->pool, cap);
    if (cap > SIZE_MAX - sizeof(Block)) base_out_of("memory", cap);
    bool alone = cap > BLOCK_MAX; // the system has cleared it
    Block *b = alone ? calloc(1, sizeof(Block) + cap) : malloc(sizeof(Block) + cap);
    if (!b) base_out_of("memory", cap);
    b->cap = cap;
    b->used = alone ? 0 : cap;
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
    UNPOISON(a, sizeof(Small) + FIRST);
    free(a);
}

static char *align_ptr(char *p, size_t align) {
    return (char *)(((uintptr_t)p + align - 1) & ~(uintptr_t)(align - 1));
}

// The newest block's bytes below p + bytes are handed out, those from p on zeroed.
static void take_to(Arena *a, char *p, size_t bytes) {
    char *last = p + bytes;
    UNPOISON(p, bytes);
    if (last > a->clean) {
        char *to = (size_t)(a->end - last) < CLEARED_AHEAD ? a->end : last + CLEARED_AHEAD;
        UNPOISON(a->clean, (size_t)(to - a->clean));
        memset(a->clean, 0, (size_t)(MIN(to, a->dirty) - a->clean));
        POISON(last, (size_t)(to - last));
        a->clean = to < a->dirty ? to : a->end;
    }
    a->next = last + RED_ZONE;
}

// What lies from next on counts as dirty as far as it was ever handed out.
static void forget_clean(Arena *a, char *handed_out) {
    if (a->clean == a->end) a->dirty = handed_out;
    a->clean = a->next;
    a->dirty = MAX(a->dirty, a->clean);
}

static bool fits(const Arena *a, const char *p, size_t bytes) {
    return p <= a->end && (size_t)(a->end - p) + 1 > RED_ZONE &&
           (size_t)(a->end - p) - RED_ZONE >= bytes;
}

void *arena_push_slowly(Arena *a, size_t count, size_t size, size_t align) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        base_out_of("memory", SIZE_MAX);
    char *p = align_ptr(a->next, align);
    if (!fits(a, p, bytes)) {
        block_enter(a, block_new(a, MAX(a->block_size, bytes + align + RED_ZONE)));
        if (a->block_size < BLOCK_MAX && !a->pool) a->block_size *= 2;
        p = align_ptr(a->next, align);
    }
    take_to(a, p, bytes);
    if (RED_ZONE) forget_clean(a, a->next); // so that every push comes here
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
        fits(a, p, new_bytes)) {
        take_to(a, p + old_bytes, new_bytes - old_bytes);
        if (RED_ZONE) forget_clean(a, a->next);
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
    char *handed_out = a->next;
    while (a->block->base > m.pos) {
        Block *prev = a->block->prev;
        block_free(a, a->block);
        a->block = prev;
        a->end = a->clean = a->dirty = handed_out = prev->bytes + prev->cap; // nothing is known
    }
    a->next = a->block->bytes + (m.pos - a->block->base);
    forget_clean(a, handed_out);
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
