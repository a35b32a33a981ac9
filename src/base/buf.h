// base/buf.h: text being written: a growable byte buffer in an arena.
#ifndef HEAPWISE_BASE_BUF_H
#define HEAPWISE_BASE_BUF_H

#include <string.h>

#include "base/str.h"

typedef struct Buf {
    Arena *arena;
    char *ptr;
    size_t len, cap;
} Buf;

Buf buf_new(Arena *a);
void buf_c(Buf *b, const char *s);
void buf_fill(Buf *b, char c, size_t n); // n times c
void buf_fmt(Buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_u64(Buf *b, uint64_t n); // decimal
void buf_i64(Buf *b, int64_t n);
void buf_grow(Buf *b, size_t n); // makes room for n more bytes
Str buf_view(const Buf *b);      // valid until the next write
#define buf_lit(b, lit) buf_str((b), STR(lit))

// Inline: writers of large texts live in these three.
// n bytes to fill; then add what was used to b->len.
static inline char *buf_room(Buf *b, size_t n) {
    if (UNLIKELY(b->cap - b->len < n)) buf_grow(b, n);
    return b->ptr + b->len;
}

static inline void buf_str(Buf *b, Str s) {
    if (!s.len) return;
    memcpy(buf_room(b, s.len), s.ptr, s.len);
    b->len += s.len;
}

static inline void buf_byte(Buf *b, char c) {
    *buf_room(b, 1) = c;
    b->len++;
}

#endif
