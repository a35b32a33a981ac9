// sys/sparse.h: a large file written here and there: what is left out is a hole. It appears under
// its name only when it is finished.
#ifndef HEAPWISE_SYS_SPARSE_H
#define HEAPWISE_SYS_SPARSE_H

#include "base/err.h"

typedef struct Sparse {
    int fd;
    Str path, temp;
} Sparse;

Err sparse_new(Arena *a, Str path, Sparse *out); // readable by its owner alone
Err sparse_write(Arena *a, const Sparse *s, uint64_t at, const void *bytes, size_t size);
Err sparse_finish(Arena *a, Sparse *s, uint64_t size); // its whole length
void sparse_drop(Arena *a, Sparse *s);                 // not finished: nothing is left

#endif
