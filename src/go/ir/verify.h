// go/ir/verify.h: whether a package's trees are as every pass may rely on, for dumps and tests:
// what is wrong shows where it was made, and not where it is stumbled over.
//
// Says     one line a mistake: "FILE:LINE:COL: after PASS: FUNC: OP: what". All are heapwise's own.
// Threads  the task that compiles the package.
#ifndef HEAPWISE_GO_IR_VERIFY_H
#define HEAPWISE_GO_IR_VERIFY_H

#include "go/ir/ir.h"

// The functions of p->funcs and the bodies kept of them: no node of memory that is gone, none with
// two parents, every variable declared where it is used and before, every jump with a target, types
// and positions set and in agreement. Returns how many mistakes; at most 20 are written.
uint32_t ir_verify(IrPkg *p, const char *pass, Buf *out);
// After ir_lower_done: what importers may clone has nothing that went with the package's trees.
uint32_t ir_verify_kept(IrPkg *p, const char *pass, Buf *out);

#endif
