// Keys: XXH3, 128 bits. It is no shield against somebody who wants two inputs to collide, who could
// as well write into the directory; by accident it never happens.
#include <xxhash.h>

#include "cache/cache.h"
#include "sys/file.h"

struct KeyMaker {
    XXH3_state_t *state;
};

static CacheKey key_from(XXH128_hash_t h) { return (CacheKey){h.low64, h.high64}; }

KeyMaker *key_new(Arena *a) {
    KeyMaker *k = NEW(a, KeyMaker);
    k->state = XXH3_createState();
    if (!k->state) BUG("no memory for a hash");
    XXH3_128bits_reset(k->state);
    return k;
}

void key_num(KeyMaker *k, uint64_t n) { XXH3_128bits_update(k->state, &n, sizeof n); }

void key_str(KeyMaker *k, Str s) {
    key_num(k, s.len);
    if (s.len) XXH3_128bits_update(k->state, s.ptr, s.len);
}

void key_key(KeyMaker *k, CacheKey x) {
    key_num(k, x.lo);
    key_num(k, x.hi);
}

CacheKey key_end(KeyMaker *k) {
    CacheKey key = key_from(XXH3_128bits_digest(k->state));
    XXH3_freeState(k->state);
    k->state = NULL;
    return key;
}

CacheKey key_of_bytes(Str s) { return key_from(XXH3_128bits(s.len ? s.ptr : "", s.len)); }
bool key_eq(CacheKey x, CacheKey y) { return x.lo == y.lo && x.hi == y.hi; }

bool key_of_program(CacheKey *out) {
    Arena *scratch = arena_new("program's key");
    FileMap self;
    Err e = file_map(scratch, STR("/proc/self/exe"), &self);
    if (!e) {
        *out = key_of_bytes(self.bytes);
        file_unmap(&self);
    }
    arena_free(scratch);
    return !e;
}
