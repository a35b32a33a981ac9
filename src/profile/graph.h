// profile/graph.h: samples folded into nodes (functions, lines, addresses) and the calls between
// them. A node is one combination of name, address, file, line, column and object; `order` lists
// those that are shown, sorted. Building again with fewer nodes kept is a new fold over the same
// node table. Owns     everything lives in the arena given to graph_new.
#ifndef HEAPWISE_PROFILE_GRAPH_H
#define HEAPWISE_PROFILE_GRAPH_H

#include "base/bitset.h"
#include "profile/profile.h"

typedef struct NodeInfo {
    Str name, file, object;
    uint64_t address;
    int64_t start_line, line, column;
} NodeInfo;

typedef struct GraphNode {
    NodeInfo info;
    Str printable; // empty until asked for
    int64_t flat, flat_div, cum, cum_div;
    uint32_t function;  // the node of the whole function (itself, when it is that)
    uint32_t in, out;   // first edges, 0: none
    uint32_t tags;      // first tag, 0: none
    uint32_t base;      // call tree: the node of the table it was made from
    uint32_t in_parent; // call tree: its caller, 0 at the root
    bool inlined;       // some location has it inlined into another function
    uint64_t stamp;     // the last sample that counted it
} GraphNode;

typedef struct GraphEdge {
    uint32_t src, dest;
    int64_t weight, weight_div;
    uint32_t next_in, next_out; // of dest's and src's lists
    bool residual;              // a frame between them is not shown; not of GRAPH_INLINE_EDGES
    bool inlined;               // in every use
    bool gone;
    uint64_t stamp;
} GraphEdge;

typedef struct GraphTag {
    Str name, unit; // unit of a number
    int64_t value, flat, flat_div, cum, cum_div;
    uint32_t labels; // number of the label set it belongs to; of a label set itself: its own
    bool numeric, gone;
    uint32_t next; // of the same node
} GraphTag;

typedef struct GraphOptions {
    uint32_t value;    // column shown
    int divisor;       // column of the mean's divisor, -1: no mean
    bool object_names; // nodes are told apart by object and start line too
    bool drop_negative;
    bool call_tree;
    bool tags;      // collect tags per node
    Str tag_unit;   // how numeric tags are written
    Str bytes_unit; // of the label "bytes"
} GraphOptions;

typedef struct Graph {
    Arena *arena;
    const Profile *p;
    GraphOptions o;
    VEC(GraphNode) nodes;    // [0] unused
    uint32_t *line_node;     // by place in p->lines
    uint32_t *bare_node;     // by location: the node of one without lines, else 0
    VEC(GraphEdge) edges;    // [0] unused
    VEC(GraphTag) tags;      // [0] unused
    VEC(GraphTag) tag_kinds; // one per distinct text
    U32Vec tag_ids;          // node, kind and label set of each tag
    U32Vec order;            // nodes shown
    int64_t sum, sum_div;    // of the absolute values of all samples, and of their divisors
    VEC(CursorMark) hits;    // the samples that count, when they are few
    bool hits_known;
    const Bitset *kept;  // NULL: all
    int64_t edge_cutoff; // GRAPH_INLINE_EDGES leaves out lighter edges, which nobody will look at
    Index edge_index, tag_index, tree_index;
    StrMap strings;
} Graph;

typedef enum GraphEdges { GRAPH_NO_EDGES, GRAPH_INLINE_EDGES, GRAPH_ALL_EDGES } GraphEdges;

Graph graph_new(Arena *a, const Profile *p, GraphOptions o);
// Counts samples into the nodes of kept (NULL: all), forgetting what was counted before; fills
// order, not sorted. GRAPH_NO_EDGES wants all nodes; GRAPH_INLINE_EDGES finds only calls of
// functions that are inlined somewhere.
void graph_fold(Graph *g, const Bitset *kept, GraphEdges edges);

int64_t graph_flat(const GraphNode *n); // divided where there is a divisor
int64_t graph_cum(const GraphNode *n);
int64_t graph_weight(const GraphEdge *e);
Str graph_name(Graph *g, uint32_t node); // "name file:line", "[object]", "<unknown>"
Str graph_info_name(Arena *a, const NodeInfo *info, Str separator);

typedef enum GraphSort { GRAPH_BY_FLAT, GRAPH_BY_CUM, GRAPH_BY_ENTROPY, GRAPH_BY_NAME } GraphSort;
void graph_sort(Graph *g, GraphSort by);
// The edges into (or out of) a node, heaviest first.
U32Vec graph_edges(Graph *g, uint32_t node, bool in, Arena *a);
void graph_sort_edges(Graph *g, U32Vec *edges);
void graph_unlink(Graph *g, uint32_t edge);
uint32_t graph_trim_edges(Graph *g, int64_t cutoff); // how many went
void graph_trim_tags(Graph *g, int64_t cutoff);
void graph_trim_tree(Graph *g,
                     const Bitset *kept); // call trees: children move to the nearest one kept
void graph_remove_redundant(Graph *g);

static inline int64_t graph_abs(int64_t v) { return v < 0 ? (int64_t)(0 - (uint64_t)v) : v; }

#endif
