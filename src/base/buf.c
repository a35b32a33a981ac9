// base/buf.c: the buffer of buf.h.
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

Buf buf_new(Arena *a) { return (Buf){.arena = a}; }

void buf_grow(Buf *b, size_t n) {
    if (n > SIZE_MAX / 4) base_out_of("memory", n);
    size_t cap = MAX(b->cap * 2, b->len + n + 64);
    b->ptr = arena_grow(b->arena, b->ptr, b->cap, cap, 1);
    b->cap = cap;
}

void buf_c(Buf *b, const char *s) { buf_str(b, str_c(s)); }

void buf_fill(Buf *b, char c, size_t n) {
    if (!n) return;
    memset(buf_room(b, n), c, n);
    b->len += n;
}

void buf_fmt(Buf *b, const char *fmt, ...) {
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    char *p = buf_room(b, 128);
    size_t room = b->cap - b->len, n = str_fmt_plain(p, room, fmt, ap);
    va_end(ap);
    if (n == STR_NONE) {
        va_copy(ap, again);
        int len = vsnprintf(p, room, fmt, ap);
        va_end(ap);
        if (len < 0) BUG("bad format %s", fmt);
        n = (size_t)len;
        if (n >= room) vsnprintf(buf_room(b, n + 1), n + 1, fmt, again);
    }
    b->len += n;
    va_end(again);
}

void buf_u64(Buf *b, uint64_t n) {
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    buf_str(b, (Str){digits + at, sizeof digits - at});
}

void buf_i64(Buf *b, int64_t n) {
    if (n < 0) buf_byte(b, '-');
    buf_u64(b, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

Str buf_view(const Buf *b) { return (Str){b->ptr ? b->ptr : "", b->len}; }
