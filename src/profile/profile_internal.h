// profile/profile_internal.h: what the files of this folder share.
#ifndef HEAPWISE_PROFILE_INTERNAL_H
#define HEAPWISE_PROFILE_INTERNAL_H

#include "profile/profile.h"

#define PROFILE_EMPTY "empty input file"
#define PROFILE_CONCAT "concatenated profiles detected"

// Ids of a table whose elements begin with a uint64_t id; element 0 is none.
ProfileIds profile_ids(Arena *a, const void *table, uint32_t len, size_t elem);
Str profile_clean_path(Arena *a, Str path); // as Go's filepath.Clean
int64_t profile_to_i64(double v); // as the processor Go runs on: out of range is the least value
static inline uint64_t ids_hash(uint64_t id) { return hash_mix(id, 1); }

#endif
