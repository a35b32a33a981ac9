// profile/calltree.h: the stacks of one or several profiles as one tree of functions, cut to so
// many nodes: what a page can draw of any profile, however large. Sums of functions and lines are
// exact; the tree keeps its heaviest nodes, and what was below the others is charged to `rest` of
// the nearest one kept.
// Columns  one per side and type: side * types.len + type. Values are sums of samples.
// Owns     results in the arena given, texts too: the profiles may be freed.
// Threads  one at a time.
#ifndef HEAPWISE_PROFILE_CALLTREE_H
#define HEAPWISE_PROFILE_CALLTREE_H

#include "profile/profile.h"

typedef struct CallFunction {
    Str name, file; // without a name: "[object]" or "<unknown>"
    int64_t start_line;
    uint64_t stamp; // the last sample that counted it
    bool inlined;   // some frame of it was inlined into its caller
} CallFunction;

typedef struct CallLine {
    uint32_t function;
    int64_t line;
    uint64_t stamp;
} CallLine;

typedef struct CallNode {
    uint32_t function, parent; // parents stand before their children
    double weight;             // part of the whole, over all columns; never above the parent's
} CallNode;
typedef VEC(CallNode) CallNodeVec;

typedef struct CallTree {
    Arena *arena;
    ProfileTypeVec types;
    uint32_t sides, columns;
    VEC(CallFunction) functions; // [0] is none
    VEC(CallLine) lines;         // [0] is none
    CallNodeVec nodes;           // [0] is the root, of no function
    int64_t *self, *rest;        // nodes x columns: ends there; was below it and is not kept
    int64_t *flat, *cum;         // functions x columns; cum once a stack
    int64_t *line_flat, *line_cum;
    int64_t *total; // by column
    uint64_t samples;
} CallTree;

// The profiles agree in their types (profile_agree). most_nodes: 1 at least.
CallTree *calltree_new(Arena *a, const Profile *const *sides, uint32_t count, uint32_t most_nodes);
// Cuts the tree further.
void calltree_cut(CallTree *t, uint32_t most_nodes);

#endif
