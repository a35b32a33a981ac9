// base/arena.h: bump allocation, one lifetime per arena.
// Owns     every byte it hands out; nothing is freed singly.
// Units    sizes and positions are bytes.      Threads  one thread at a time.
// Failure  out of memory ends the program with a message; callers never test.
#ifndef HEAPWISE_BASE_ARENA_H
#define HEAPWISE_BASE_ARENA_H

#include "base/base.h"

typedef struct Arena Arena;
typedef struct ArenaMark {
    Arena *arena;
    size_t pos;
} ArenaMark;

Arena *arena_new(const char *name); // the name shows in HEAPWISE_TRACE=mem
void arena_free(Arena *a);          // NULL is fine

// Blocks that freed arenas leave for the next ones, so that the system need not clear new pages.
// Threads: any number.  It must outlive the arenas made in it.
typedef struct ArenaPool ArenaPool;
ArenaPool *arena_pool_new(size_t keep_bytes);           // at most so much lies idle
void arena_pool_free(ArenaPool *pool);                  // NULL is fine
Arena *arena_new_in(ArenaPool *pool, const char *name); // pool NULL: as arena_new

void *arena_push(Arena *a, size_t count, size_t size,
                 size_t align); // zeroed; count*size is checked
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
