// go/why/why_internal.h: what the files of this folder share.
#ifndef HEAPWISE_GO_WHY_WHY_INTERNAL_H
#define HEAPWISE_GO_WHY_WHY_INTERNAL_H

#include "go/why/why.h"

// What one expression costs, by the rules of cost.c.
typedef struct Cost {
    CostKind kind;
    CostClass cls;
    const char *when; // static text, with limit in place of its "%" (if it has one)
    int64_t limit;
    int64_t bytes;         // COST_UNKNOWN
    int64_t pointer_bytes; // COST_UNKNOWN
} Cost;

typedef struct Why {
    IrPkg *p;
    IrTypes *ts;
    Arena *arena; // of the result
    Arena *scratch;
    Costs *out;
    bool fips; // no addresses in its read-only data
    // The function under way.
    Func *func;
    Str func_label;
    uint32_t loops;
    VEC(const Node *) spared; // nodes that what stands around them makes free
} Why;

// ---- cost.c
bool why_cost(const Why *w, const Node *n,
              Cost *out); // false: it asks for nothing and says nothing
Cost why_cost_of_type(const Why *w, CostKind kind, IrType *t);
// ---- walk.c
CostSite *why_add(Why *w, const Cost *c, IrPos pos, Str what);
// ---- move.c: slices that are moved to the heap where they leave (cmd/compile/internal/slice)
void why_moves(Why *w);

#endif
