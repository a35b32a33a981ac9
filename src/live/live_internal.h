// live, shared by its files.
#ifndef HEAPWISE_LIVE_LIVE_INTERNAL_H
#define HEAPWISE_LIVE_LIVE_INTERNAL_H

#include "live/live.h"

// 26: Go 1.26.
Err live_known_release(Arena *a, const Binary *p, uint64_t *out);

#endif
