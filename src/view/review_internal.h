// view/review_internal.h: what the files that draw a review share.
#ifndef HEAPWISE_VIEW_REVIEW_INTERNAL_H
#define HEAPWISE_VIEW_REVIEW_INTERNAL_H

#include "view/review.h"

typedef struct ReviewView {
    Doc *doc;
    const Review *review;
    const ReviewPage *page;
} ReviewView;

Str review_path(const ReviewView *v, Str path);
DocValue review_place(const ReviewView *v, EnginePos pos);
Str review_link(const ReviewView *v, const ReviewFinding *f);

void review_pictures(const ReviewView *v); // the map of packages and the flame graph
void review_hotspots(const ReviewView *v); // what the profile charges to lines without a finding

#endif
