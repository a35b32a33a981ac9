// live: the graph, shared by the files that build it.
#ifndef HEAPWISE_LIVE_GRAPH_INTERNAL_H
#define HEAPWISE_LIVE_GRAPH_INTERNAL_H

#include "base/bitset.h"
#include "live/graph.h"
#include "live/live_internal.h"

// Gives every object reached from typed memory its type.
void graph_type_objects(Arena *a, LiveGraph *g);
// What slices, strings and maps say of their memory's use (slack.c): of an object that is scanned,
// less its header, and of package variables.
GraphSlack *graph_slack_new(Arena *a);
void graph_see_object(LiveGraph *g, uint32_t id, const char *bytes, uint64_t size);
void graph_see_variables(LiveGraph *g);
// The object any byte of which is at addr, and what it is.
uint32_t graph_locate(const LiveGraph *g, uint64_t addr, GraphObject *out);
// Calls seen for each variable that lies in some goroutine's frame: its type in .debug_info, its
// bytes and how many of them are there.
typedef void (*FrameSeen)(void *context, uint64_t type, const char *bytes, uint64_t left);
void graph_frames(Arena *a, const LiveGraph *g, FrameSeen seen, void *context);
// Addresses of objects that the stacks lead to, goroutine after goroutine in the image's order.
typedef struct GraphStacks {
    VEC(uint64_t) words;
    U32Vec ends; // of each goroutine's words
} GraphStacks;
void graph_stacks(Arena *a, const LiveGraph *g, GraphStacks *out);
// The bytes of a static address, as far as they were copied; NULL.
const char *graph_static_bytes(const LiveGraph *g, uint64_t addr, uint64_t *left);

static inline uint64_t graph_word(const char *bytes) {
    uint64_t v;
    memcpy(&v, bytes, sizeof v);
    return v;
}

// Of objects with pointers: those up to this size have a bitmap in their span, of larger ones the
// runtime names the type, in a word before the value or in the span.
enum { GRAPH_BITMAP_MAX = 512 };

static inline uint64_t graph_header_bytes(const LiveSpan *s) {
    return s->elem_bytes > GRAPH_BITMAP_MAX && s->size_class && !s->noscan ? 8 : 0;
}

// The address of that type; 0: it has none.
static inline uint64_t graph_told_type(const LiveSpan *s, const char *object) {
    return graph_header_bytes(s) ? graph_word(object) : s->large_type;
}

// The slot an address of a span lies in; it may be behind the last.
static inline uint32_t graph_slot(const GraphSpan *s, uint64_t addr) {
    return (uint32_t)((addr - s->start) * s->magic >> 32);
}

// The span of an address, NULL where there is none of objects.
static inline const GraphSpan *graph_span_at(const LiveGraph *g, uint64_t addr) {
    uint64_t page = addr / LIVE_PAGE - g->first_page;
    if (page >= g->page_count || !g->page_span[page]) return NULL;
    return &g->spans[g->page_span[page] - 1];
}

// The number of the object in a slot; GRAPH_NONE: it is free.
static inline uint32_t graph_number(const LiveGraph *g, const GraphSpan *s, uint32_t slot) {
    if (slot >= s->elems) return GRAPH_NONE;
    GraphSlots w = g->slots[s->bits + slot / 64];
    uint64_t bit = (uint64_t)1 << (slot % 64);
    return w.allocated & bit ? w.first + bits_count(w.allocated & (bit - 1)) : GRAPH_NONE;
}

#endif
