// base/gosort.h: Go's sort.Slice and slices.SortFunc: the order of equal elements included.
// Both are an unstable but deterministic pattern-defeating quicksort, so output that must equal a
// Go tool's byte for byte has to take the same steps. For anything else, any sort will do.
#ifndef HEAPWISE_BASE_GOSORT_H
#define HEAPWISE_BASE_GOSORT_H

#include "base/base.h"

typedef struct GoSort {
    void *ctx;
    bool (*less)(const void *ctx, size_t i, size_t j); // of the elements now at i and j
    void (*swap)(void *ctx, size_t i, size_t j);
} GoSort;

void gosort(const GoSort *s, size_t n);

#endif
