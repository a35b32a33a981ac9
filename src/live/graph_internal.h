// live: the graph, shared by the files that build it.
#ifndef HEAPWISE_LIVE_GRAPH_INTERNAL_H
#define HEAPWISE_LIVE_GRAPH_INTERNAL_H

#include "live/graph.h"
#include "live/live_internal.h"

// Gives every object reached from typed memory its type.
void graph_type_objects(Arena *a, LiveGraph *g);
// The object any byte of which is at addr, and what it is.
uint32_t graph_locate(const LiveGraph *g, uint64_t addr, GraphObject *out);
// Calls seen for each variable that lies in some goroutine's frame: its type in .debug_info, its
// bytes and how many of them are there.
typedef void (*FrameSeen)(void *context, uint64_t type, const char *bytes, uint64_t left);
void graph_frames(Arena *a, const LiveGraph *g, FrameSeen seen, void *context);
// The bytes of a static address, as far as they were copied; NULL.
const char *graph_static_bytes(const LiveGraph *g, uint64_t addr, uint64_t *left);

static inline uint64_t graph_word(const char *bytes) {
    uint64_t v;
    memcpy(&v, bytes, sizeof v);
    return v;
}

#endif
