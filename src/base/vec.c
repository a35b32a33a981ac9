// base/vec.c: growth of vectors, and the few operations on vectors of strings.
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void *vec_grow(Arena *a, void *v, uint32_t *cap, size_t elem) {
    if (*cap >= UINT32_MAX / 2) base_out_of("room in a vector", elem * *cap);
    uint32_t grown = *cap ? *cap * 2 : 4;
    void *p = arena_grow(a, v, (size_t)*cap * elem, (size_t)grown * elem, alignof(max_align_t));
    *cap = grown;
    return p;
}

static int by_bytes(const void *x, const void *y) {
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

void strvec_sort(StrVec *xs) {
    if (xs->len > 1) qsort(xs->v, xs->len, sizeof *xs->v, by_bytes);
}

void strvec_uniq(StrVec *xs) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < xs->len; i++)
        if (!n || !str_eq(xs->v[n - 1], xs->v[i])) xs->v[n++] = xs->v[i];
    xs->len = n;
}

bool strvec_has(const StrVec *xs, Str s) {
    for (uint32_t i = 0; i < xs->len; i++)
        if (str_eq(xs->v[i], s)) return true;
    return false;
}

Str strvec_join(Arena *a, const StrVec *xs, Str sep) {
    size_t total = 0;
    for (uint32_t i = 0; i < xs->len; i++) total += xs->v[i].len + (i ? sep.len : 0);
    char *p = arena_push(a, total + 1, 1, 1), *at = p;
    for (uint32_t i = 0; i < xs->len; i++) {
        if (i && sep.len) at = (char *)memcpy(at, sep.ptr, sep.len) + sep.len;
        if (xs->v[i].len) at = (char *)memcpy(at, xs->v[i].ptr, xs->v[i].len) + xs->v[i].len;
    }
    return (Str){p, total};
}
