// base/vec.h: a growable array that lives in an arena. `VEC(T) xs = {0}` is an empty one.
// The elements may move when it grows; nothing keeps a pointer into a vector that still grows.
#ifndef HEAPWISE_BASE_VEC_H
#define HEAPWISE_BASE_VEC_H

#include "base/str.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *v;                                                                                      \
        uint32_t len, cap;                                                                         \
    }

typedef VEC(Str) StrVec;
typedef VEC(uint32_t) U32Vec;

void *vec_grow(Arena *a, void *v, uint32_t *cap, size_t elem);
// Makes room for one more element and returns the (moved) elements.
static inline void *vec_room(Arena *a, void *v, uint32_t len, uint32_t *cap, size_t elem) {
    return LIKELY(len < *cap) ? v : vec_grow(a, v, cap, elem);
}

#define vec_push(a, xs, x)                                                                         \
    ((xs)->v = vec_room((a), (xs)->v, (xs)->len, &(xs)->cap, sizeof *(xs)->v),                     \
     (xs)->v[(xs)->len++] = (x))
// Adds a zeroed element and gives its address.
#define vec_add(a, xs)                                                                             \
    ((xs)->v = vec_room((a), (xs)->v, (xs)->len, &(xs)->cap, sizeof *(xs)->v),                     \
     memset(&(xs)->v[(xs)->len], 0, sizeof *(xs)->v), &(xs)->v[(xs)->len++])
#define vec_last(xs) ((xs)->v[(xs)->len - 1])
#define vec_pop(xs) ((xs)->v[--(xs)->len])

void strvec_sort(StrVec *xs);             // bytewise
void strvec_uniq(StrVec *xs);             // of a sorted one
bool strvec_has(const StrVec *xs, Str s); // linear
Str strvec_join(Arena *a, const StrVec *xs, Str sep);

#endif
