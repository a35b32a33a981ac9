// view/review.h: a review as a page: what was looked at, where the memory goes, and the findings.
#ifndef HEAPWISE_VIEW_REVIEW_H
#define HEAPWISE_VIEW_REVIEW_H

#include "doc/doc.h"
#include "gc/gc.h"
#include "review/review.h"

typedef struct ReviewPage {
    Str base;         // paths are shown relative to this directory
    Str patterns;     // as given
    Str profile;      // file name; empty: none
    uint32_t top;     // findings shown; 0: all
    bool pictures;    // charts, for pages that can draw
    uint32_t failing; // findings above --fail-on
    bool gated;
    const GcModel *gc; // of a run of the same work; NULL: none
    Str observation;   // file name
} ReviewPage;

void view_review(Doc *d, const Review *r, const ReviewPage *page);

#endif
