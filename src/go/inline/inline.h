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

#include "go/ir/ir.h"

// interleaved.DevirtualizeAndInlinePackage without a profile.
void inline_package(IrPkg *p);
// interleaved.DevirtualizeAndInlineFunc: one function made late (a wrapper).
void inline_func(IrPkg *p, Func *f);
// inline.CanInline for one function (instances made while inlining): silent says nothing.
void inline_can_inline(IrPkg *p, Func *f, bool silent);

#endif
