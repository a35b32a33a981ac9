// go/passes/passes.h: what happens to a package between inlining and escape analysis, in this
// order, and the one message of the walk after it. Rules
// cmd/compile/internal/{bloop,loopvar,pkginit,staticinit,deadlocals,walk} of Go 1.26.
#ifndef HEAPWISE_GO_PASSES_PASSES_H
#define HEAPWISE_GO_PASSES_PASSES_H

#include "go/ir/ir.h"

void pass_bloop(IrPkg *p);       // before inlining, where package testing is imported directly
void pass_loopvar_log(IrPkg *p); // after escape: its records in the log
void pass_loopvar(IrPkg *p);     // variables per iteration, where it shows
void pass_staticinit(IrPkg *p);  // package variables that need no code vanish from init
void pass_deadlocals(IrPkg *p);
void pass_bounds(IrPkg *p); // after escape: "index bounds check elided"

#endif
