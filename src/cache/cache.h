// cache/cache.h: answers of earlier runs, kept under a hash of everything they depend on: an entry
// is never out of date, only unused. Whoever asks computes the key; a byte that differs misses.
// Files    DIR/ab/cdef...: written beside their place and renamed, so that many processes may use
// one
//          directory. Each has its own key and a checksum: a torn or changed file is a miss.
// Size     bounded: after a run that wrote, what was used least lately goes.
// Threads  get and put from any thread, with an arena of the caller's.
// Failure  none that is seen: a cache that cannot be read or written is no cache.
#ifndef HEAPWISE_CACHE_CACHE_H
#define HEAPWISE_CACHE_CACHE_H

#include "base/err.h"
#include "base/vec.h"

typedef struct CacheKey {
    uint64_t lo, hi;
} CacheKey;

// ---- keys: 128 bits over parts that cannot run into each other
typedef struct KeyMaker KeyMaker;
KeyMaker *key_new(Arena *a);
void key_str(KeyMaker *k, Str s); // its length and its bytes
void key_num(KeyMaker *k, uint64_t n);
void key_key(KeyMaker *k, CacheKey x);
CacheKey key_end(KeyMaker *k); // and frees it
CacheKey key_of_bytes(Str s);
bool key_eq(CacheKey x, CacheKey y);
// Of this very program: another build has other answers. False: it cannot be read.
bool key_of_program(CacheKey *out);

typedef struct Cache Cache;
// Where HEAPWISE_CACHE says, else heapwise below $XDG_CACHE_HOME or ~/.cache. NULL: nowhere, or
// "off".
Cache *cache_open(Arena *a);
bool cache_get(Cache *c, Arena *a, CacheKey key, Str *out);
void cache_put(Cache *c, CacheKey key, Str value);
void cache_close(Cache *c); // bounds what was written to; NULL is fine

typedef struct CacheState {
    Str dir; // empty: there is none
    uint64_t entries, bytes, limit;
} CacheState;
CacheState cache_state(Arena *a, Cache *c);
Err cache_clean(Arena *a, Cache *c, CacheState *gone); // removes every entry

#endif
