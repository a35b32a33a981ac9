// go/escape/escape.h: what moves to the heap. The graph of locations and flows of each group of
// functions is built, solved, and said in the compiler's words; tags of parameters are kept for
// callers.
//
// Needs    a package after go/inline and go/passes. Changes: Node.esc, Func.param_tags, and
// operands that
//          literals replace (rewriteWithLiterals). Says: every escape line (ir_warn).
// Rules    cmd/compile/internal/escape of Go 1.26.
#ifndef HEAPWISE_GO_ESCAPE_ESCAPE_H
#define HEAPWISE_GO_ESCAPE_ESCAPE_H

#include "go/ir/ir.h"

void escape_package(IrPkg *p); // escape.Funcs over p->funcs

#endif
