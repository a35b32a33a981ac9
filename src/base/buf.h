// base/buf.h: text being written: a growable byte buffer in an arena.
#ifndef HEAPWISE_BASE_BUF_H
#define HEAPWISE_BASE_BUF_H

#include "base/str.h"

typedef struct Buf {
    Arena *arena;
    char *ptr;
    size_t len, cap;
} Buf;

Buf buf_new(Arena *a);
void buf_str(Buf *b, Str s);
void buf_c(Buf *b, const char *s);
void buf_byte(Buf *b, char c);
void buf_fill(Buf *b, char c, size_t n); // n times c
void buf_fmt(Buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_u64(Buf *b, uint64_t n); // decimal
void buf_i64(Buf *b, int64_t n);
char *buf_room(Buf *b, size_t n); // n bytes to fill; then add what was used to b->len
Str buf_view(const Buf *b);       // valid until the next write
#define buf_lit(b, lit) buf_str((b), STR(lit))

#endif
