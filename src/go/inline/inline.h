// go/inline/inline.h: which functions can be inlined and at what cost, and the calls that are:
// devirtualization and inlining take turns until nothing changes.
//
// Needs    a lowered package (go/ir). Keeps: the identity of NAMEs. Changes: bodies, in place.
// Says     "can inline", "cannot inline", "inlining call to", "devirtualizing", in the order and
// words
//          of cmd/compile (ir_warn).
// Rules    cmd/compile/internal/{inline,inline/interleaved,devirtualize} of Go 1.26.
#ifndef HEAPWISE_GO_INLINE_INLINE_H
#define HEAPWISE_GO_INLINE_INLINE_H

#include "base/index.h"
#include "go/ir/ir.h"

// ---- a CPU profile that steers inlining (IrPkg.pgo), as cmd/internal/pgo sees it

typedef struct PgoEdge { // calls from one line of a function
    Str caller, callee;  // linker names
    int64_t offset;      // lines from the caller's start
    int64_t weight;
    uint32_t next; // the caller's next edge, plus 1; 0: none
} PgoEdge;

struct PgoProfile {
    PgoEdge *edges; // the heaviest first; equal ones by caller, callee, offset
    uint32_t count;
    uint32_t hot; // the first so many are hot
    int64_t total;
    StrMap callers;     // to the first edge, plus 1
    StrMap hot_callees; // to 1
};
// Takes edges, sorted and each once. NULL: no weight, so nothing to go by.
PgoProfile *pgo_profile_new(Arena *a, PgoEdge *edges, uint32_t count);

int64_t pgo_add(int64_t x, int64_t y); // wraps around, as Go's integers do

// interleaved.DevirtualizeAndInlinePackage, with p->pgo where it is set.
void inline_package(IrPkg *p);
// interleaved.DevirtualizeAndInlineFunc: one function made late (a wrapper).
void inline_func(IrPkg *p, Func *f);
// inline.CanInline for one function (instances made while inlining): silent says nothing.
void inline_can_inline(IrPkg *p, Func *f, bool silent);

#endif
