// go/passes/staticinit.h: what the files about static initialization share.
#ifndef HEAPWISE_GO_PASSES_STATICINIT_H
#define HEAPWISE_GO_PASSES_STATICINIT_H

#include "go/passes/passes.h"

typedef struct Static {
    IrPkg *p;
    Func *init;
    IrPos pos;        // of what is being initialized
    NodeVec out;      // what has to run
    bool mutation;    // something that ran may have changed variables of the package
    bool fips;
    uint32_t statics; // variables made
} Static;

typedef struct StaticPlace { // where a value is put
    Node *var;
    int64_t offset;
    IrType *type;
} StaticPlace;

typedef struct PlanEntry {
    int64_t offset;
    Node *expr;
} PlanEntry;
typedef VEC(PlanEntry) Plan; // of a composite literal: what is not zero in it

// Puts r there without code, or what of it needs code into s->out. FALSE: all of it needs code.
bool static_assign(Static *s, StaticPlace at, Node *r);
// The same for the value of a variable or function.
bool static_copy(Static *s, StaticPlace at, Node *from);
// inlinedcall.c: the same for a call of a function that returns one expression.
bool static_inlined_call(Static *s, StaticPlace at, Node *call);

#endif
