// profile/profile_internal.h: what the files of this folder share.
#ifndef HEAPWISE_PROFILE_INTERNAL_H
#define HEAPWISE_PROFILE_INTERNAL_H

#include "profile/profile.h"

#define PROFILE_EMPTY "empty input file"
#define PROFILE_CONCAT "concatenated profiles detected"

// Ids of a table whose elements begin with a uint64_t id; element 0 is none.
ProfileIds profile_ids(Arena *a, const void *table, uint32_t len, size_t elem);
int64_t profile_to_i64(double v); // as the processor Go runs on: out of range is the least value
bool profile_hex(Str digits, uint64_t *out); // of at most 64 bits
static inline uint64_t ids_hash(uint64_t id) { return hash_mix(id, 1); }

// What the stacks looked over so far name.
typedef struct StackScan {
    uint64_t max; // largest location id
    bool zero;    // an id was 0
} StackScan;

static inline void stack_note(StackScan *s, uint64_t id) {
    if (id > s->max) s->max = id;
    if (id == 0) s->zero = true;
}

// Packed location ids: how many, or -1 where they are not well formed. The two bytes before them
// must be readable, and at[-1] below 0x80: they are a field's key and length.
int64_t stack_scan(StackScan *s, const uint8_t *at, const uint8_t *end);

Err profile_decode_with(Arena *a, Str bytes, ProfileRelease release, Profile *out);

#endif
