// view/verify.h: our output beside the compiler's.
#ifndef HEAPWISE_VIEW_VERIFY_H
#define HEAPWISE_VIEW_VERIFY_H

#include "doc/doc.h"
#include "engine/engine.h"

// most: differing lines shown; 0: all. A section `verify` of the page.
void view_verify(Doc *d, const VerifyResult *r, uint32_t most);

#endif
