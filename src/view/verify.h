// view/verify.h: our output beside the compiler's.
#ifndef HEAPWISE_VIEW_VERIFY_H
#define HEAPWISE_VIEW_VERIFY_H

#include "doc/doc.h"
#include "engine/engine.h"

// A section `verify` of the page: with all lines that differ, or the first of them.
void view_verify(Doc *d, const VerifyResult *r, bool all);

#endif
