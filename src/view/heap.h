// view/heap.h: who holds the memory of a process: types, roots, the dominator tree, and why one
// object is alive.
#ifndef HEAPWISE_VIEW_HEAP_H
#define HEAPWISE_VIEW_HEAP_H

#include "doc/doc.h"
#include "live/graph.h"

typedef struct HeapOptions {
    uint32_t top;   // rows of a table; 0: all
    uint32_t depth; // of the tree
    double share;   // of the heap in percent a node of the tree must have
    Str why;        // a type, address or variable; empty: the whole heap
    bool treemap;   // and ways drawn: for a page that can
} HeapOptions;

// False: the counts of the copy do not agree with the runtime's.
bool view_heap(Doc *d, const LiveGraph *g, const HeapSummary *s, const HeapOptions *o);
// A name as a column for people has it: not too wide.
DocValue view_heap_name(Arena *a, Str name);
// Large arrays and maps that are hardly used, pools, closures: view_heap's last tables.
void view_heap_slack(Doc *d, const LiveGraph *g, const HeapSummary *s, uint32_t top);
// Growth by type, path and root since another moment of the same program.
void view_heap_diff(Doc *d, const HeapSummary *before, const HeapSummary *after,
                    const HeapOptions *o);
// The shortest ways from roots to what o->why names. False: nothing is called so.
bool view_heap_why(Doc *d, const LiveGraph *g, const HeapOptions *o);

#endif
