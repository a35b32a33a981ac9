// base/arena.h: bump allocation, one lifetime per arena.
// Owns     every byte it hands out; nothing is freed singly.
// Units    sizes and positions are bytes.      Threads  one thread at a time.
// Failure  out of memory ends the program with a message; callers never test.
#ifndef HEAPWISE_BASE_ARENA_H
#define HEAPWISE_BASE_ARENA_H

#include "base/base.h"

typedef struct ArenaBlock ArenaBlock;
typedef struct ArenaPool ArenaPool;

// The fields are arena.c's; they stand here so that a push is a few instructions where it is
// written. In the newest block next <= clean <= dirty <= end, or clean == end: bytes from next to
// clean and from dirty to end are zero.
typedef struct Arena {
    char *next; // next free byte
    char *clean;
    char *dirty;
    char *end;
    ArenaBlock *block; // the newest one
    size_t peak;
    size_t block_size; // size of the next block
    ArenaPool *pool;   // where blocks come from and go; NULL: the system
    const char *name;
} Arena;
typedef struct ArenaMark {
    Arena *arena;
    size_t pos;
} ArenaMark;

Arena *arena_new(const char *name); // the name shows in HEAPWISE_TRACE=mem
void arena_free(Arena *a);          // NULL is fine

// Where a pool's memory comes from, in pieces that are multiples of two mebibytes and aligned to
// them.
typedef struct ArenaSource {
    void *(*take)(size_t bytes); // NULL: there is none
    void (*give)(void *start, size_t bytes);
    bool zeroed; // what take gives is zero
} ArenaSource;

// Blocks that freed arenas leave for the next ones, so that the system need not clear new pages.
// Threads: any number.  It must outlive the arenas made in it.
ArenaPool *arena_pool_new(size_t keep_bytes,            // at most so much lies idle
                          const ArenaSource *source);   // NULL: malloc
void arena_pool_free(ArenaPool *pool);                  // NULL is fine
Arena *arena_new_in(ArenaPool *pool, const char *name); // pool NULL: as arena_new

void *arena_push_slowly(Arena *a, size_t count, size_t size, size_t align);

// Zeroed; count * size is checked, align a power of two.
static inline void *arena_push(Arena *a, size_t count, size_t size, size_t align) {
    size_t bytes, gap = -(uintptr_t)a->next & (align - 1), ready = (size_t)(a->clean - a->next);
    if (UNLIKELY(__builtin_mul_overflow(count, size, &bytes) || bytes > ready ||
                 gap > ready - bytes))
        return arena_push_slowly(a, count, size, align);
    char *p = a->next + gap;
    a->next = p + bytes;
    return p;
}

// Grows the last allocation in place when ptr is the newest one, else copies; new bytes are zeroed.
void *arena_grow(Arena *a, void *ptr, size_t old_bytes, size_t new_bytes, size_t align);
void *arena_copy(Arena *a, const void *src, size_t size_bytes, size_t align);
ArenaMark arena_mark(Arena *a);
void arena_pop_to(ArenaMark m); // poisons what it gives back under ASan
// The memory a has handed out so far, for checks: where pointers may lead. Later pushes may not be
// in it.
typedef struct ArenaSpan {
    uintptr_t start, end;
} ArenaSpan;
typedef struct ArenaSpans {
    ArenaSpan *v; // by address
    uint32_t len;
} ArenaSpans;
ArenaSpans arena_spans(const Arena *a, Arena *out); // NULL: none
bool arena_spans_hold(ArenaSpans s, const void *p);
size_t arena_used(const Arena *a);
size_t arena_peak(const Arena *a);

#define NEW(a, T) ((T *)arena_push((a), 1, sizeof(T), _Alignof(T)))
#define NEW_ARRAY(a, T, n) ((T *)arena_push((a), (n), sizeof(T), _Alignof(T)))

#endif
