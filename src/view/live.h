// view/live.h: the memory of a running process: where its resident memory is, the heap by size
// class, stacks by who started the goroutine, what the runtime holds; each with its cross-check.
#ifndef HEAPWISE_VIEW_LIVE_H
#define HEAPWISE_VIEW_LIVE_H

#include "doc/doc.h"
#include "live/live.h"

typedef struct LiveOptions {
    uint32_t top; // rows of a table; 0: all
    bool treemap; // a picture of the resident memory too
} LiveOptions;

// False: some cross-check failed, and the page says which.
bool view_live(Doc *d, const LiveTarget *t, const LiveFacts *f, const LiveOptions *o);

#endif
