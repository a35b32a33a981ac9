// live: the graph, shared by the files that build it.
#ifndef HEAPWISE_LIVE_GRAPH_INTERNAL_H
#define HEAPWISE_LIVE_GRAPH_INTERNAL_H

#include "live/graph.h"
#include "live/live_internal.h"

// Gives every object reached from typed memory its type.
void graph_type_objects(Arena *a, LiveGraph *g);
// The object any byte of which is at addr, and what it is.
uint32_t graph_locate(const LiveGraph *g, uint64_t addr, GraphObject *out);
// The bytes of a static address, as far as they were copied; NULL.
const char *graph_static_bytes(const LiveGraph *g, uint64_t addr, uint64_t *left);

static inline uint64_t graph_word(const char *bytes) {
    uint64_t v;
    memcpy(&v, bytes, sizeof v);
    return v;
}

#endif
