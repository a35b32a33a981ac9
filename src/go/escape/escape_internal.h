// go/escape/escape_internal.h: the graph of one batch, and what the files that build and solve it
// share.
//
// A batch is a group of functions that call each other, with the literals inside them. Its graph
// has a location for each variable and each expression that allocates, and an edge dst <- src for
// each flow of values, with the number of dereferences on the way (-1: the address is taken).
#ifndef HEAPWISE_GO_ESCAPE_ESCAPE_INTERNAL_H
#define HEAPWISE_GO_ESCAPE_ESCAPE_INTERNAL_H

#include "go/escape/escape.h"

// Locations are numbers, in order of creation; the first ones stand for no variable.
typedef uint32_t LocId;
enum { LOC_NONE, LOC_BLANK, LOC_HEAP, LOC_MUTATOR, LOC_CALLEE, LOC_FIRST };

enum {                 // Loc.attrs
    ATTR_ESCAPES = 1,  // its address outlives the function: it must be on the heap
    ATTR_PERSISTS = 2, // its address outlives the statement
    ATTR_MUTATES = 4,  // memory reached from it may be written
    ATTR_CALLS = 8,    // literals reached from it may be called, their results untracked
    ATTR_ALL = 15
};

enum { LEAK_HEAP, LEAK_MUTATOR, LEAK_CALLEE, LEAK_RESULT0, LEAK_COUNT = 8 };
enum { LEAK_RESULTS = LEAK_COUNT - LEAK_RESULT0 };

// Where a parameter leaks to: for each sink 1 + the fewest dereferences on the way; 0: not there.
typedef struct Leaks {
    uint8_t v[LEAK_COUNT];
} Leaks;

typedef uint32_t NoteId; // place in Esc.notes; 0: none
typedef struct Note {    // why a value flows, for -m=2
    NoteId next;
    Node *where;
    const char *why;
} Note;

// What the walks touch.
typedef struct Loc {
    int32_t derefs;       // from the root of the walk under way
    uint32_t walk;        // the walk derefs belongs to
    uint32_t queued_walk; // the walk it is queued in; 0: none
    uint32_t edges;       // its incoming edges start here and end where the next location's start
    uint8_t attrs;
    bool param, result; // a parameter or result of its function
    bool queued;        // to be the root of a walk
} Loc;

// The rest of a location.
typedef struct LocInfo {
    Node *n; // NULL: a temporary without a node
    Func *func;
    int32_t loop_depth;
    uint32_t result; // 1 + index of a result; 0: none
    Leaks leaks;     // of a parameter
    bool captured, reassigned, addrtaken;
} LocInfo;

typedef struct Edge {
    LocId src;
    int32_t derefs;
} Edge;

typedef struct Flow { // an edge before they are sorted by dst
    LocId dst, src;
    int32_t derefs;
    NoteId notes;
} Flow;

// Where the value of an expression goes: to a location, after so many dereferences.
typedef struct Hole {
    LocId dst;
    int32_t derefs; // >= -1
    NoteId notes;
    bool addrtaken; // the address is taken here, stored or not
} Hole;

typedef struct Holes { // v NULL: of a call as a statement
    Hole *v;
    uint32_t len;
} Holes;

typedef struct PendingClosure { // a literal whose captured variables still have to flow to it
    Hole k;
    Node *closure;
} PendingClosure;

typedef struct Label {
    Str name;
    Node *stmt;
} Label;

typedef struct Esc {
    IrPkg *p;
    IrTypes *ts;
    bool explain;     // -m=2
    uint32_t oracles; // see literal.c
    Arena *arena;     // of the batch
    Arena *lists;     // of the lists below, which keep their room from batch to batch
    // The batch.
    FuncVec funcs;
    VEC(Loc) locs;
    VEC(LocInfo) infos; // one for each of locs
    VEC(Flow) flows;
    Edge *edges;        // flows, sorted by dst
    NoteId *edge_notes; // with explain: of edges
    VEC(Note) notes;
    IrRelatedVec related; // of the explanation under way, for the log
    VEC(PendingClosure) closures;
    VEC(Label) labels; // of the function being walked
    // The function being walked.
    Func *func;
    int32_t loop_depth;
} Esc;

// ---- graph.c: locations, holes, flows
LocId esc_new_loc(Esc *e, Node *n, bool persists);
LocId esc_loc_of(const Esc *e, Node *name);
bool esc_has_loc(const Node *name);
void esc_flow(Esc *e, Hole k, LocId src);
static inline Hole hole_of(LocId l) { return (Hole){.dst = l}; }
Hole esc_note(Esc *e, Hole k, Node *where, const char *why);
Hole esc_shift(Hole k, int delta);
Hole esc_deref(Esc *e, Hole k, Node *where, const char *why);
Hole esc_addr_of(Esc *e, Hole k, Node *where, const char *why);
Hole esc_dot_type(Esc *e, Hole k, IrType *t, Node *where, const char *why);
Hole esc_tee(Esc *e, Holes ks); // a hole that flows into each of ks
Hole esc_later(Esc *e, Hole k);
Hole esc_spill(Esc *e, Hole k, Node *n); // a location for n, its address flows to k
void esc_sort_edges(Esc *e);

// ---- expr.c, call.c, assign.c, stmt.c: flows of syntax
void esc_expr(Esc *e, Hole k, Node *n);
void esc_expr_skip_init(Esc *e, Hole k, Node *n);
void esc_unsafe_value(Esc *e, Hole k, Node *n);
void esc_discard(Esc *e, Node *n);
void esc_discards(Esc *e, NodeVec list);
void esc_call(Esc *e, Holes ks, Node *call);
void esc_go_defer(Esc *e, Node *n);
Hole esc_tag_hole(Esc *e, Holes ks, Func *fn, uint32_t param);
Hole esc_addr(Esc *e, Node *n);
Holes esc_addrs(Esc *e, NodeVec list);
void esc_assign_heap(Esc *e, Node *src, const char *why, Node *where);
void esc_assign_list(Esc *e, NodeVec dsts, NodeVec srcs, const char *why, Node *where);
void esc_reassigned(Esc *e, Holes ks, const Node *where);
bool esc_is_reflect_data(const Esc *e,
                         const Node *n);       // x.Data of a reflect.SliceHeader or StringHeader
bool esc_is_self_assign(Node *dst, Node *src); // self.c
void esc_stmt(Esc *e, Node *n);
void esc_stmts(Esc *e, NodeVec list);
void esc_walk_func(Esc *e, Func *f);
void esc_init_func(Esc *e, Func *f);

// ---- literal.c, reason.c
void esc_rewrite_with_literals(Esc *e, LocId l);
const char *esc_heap_reason(Esc *e, Node *n); // NULL: none

// ---- solve.c, explain.c
void esc_solve(Esc *e);
// Where a location's value goes next on its way to the root of a walk, and by which edge.
typedef struct Step {
    LocId dst;
    uint32_t edge;
} Step;
void esc_explain_escape(Esc *e, LocId l);
void esc_explain_leak(Esc *e, LocId root, LocId l, int derefs);
void esc_explain_path(Esc *e, const Step *steps, LocId root, LocId l);
void esc_explain_flow(Esc *e, const Flow *f);
// After an explanation: its record in the log of -json.
void esc_log_escape(Esc *e, LocId l, const char *code);
void esc_log_leak(Esc *e, LocId root, LocId l, int derefs);

// ---- tags.c
int leaks_get(const Leaks *l, int sink); // -1: does not leak there
void leaks_add(Leaks *l, int sink, int derefs);
Leaks leaks_parse(Str tag);
Str leaks_encode(Arena *a, const Leaks *l);
void leaks_optimize(Leaks *l);
void esc_tag_params(Esc *e, Func *f);
// Functions of this batch have no tags yet: arguments flow to their parameters.
bool esc_in_batch(const Esc *e, const Func *f);

#endif
