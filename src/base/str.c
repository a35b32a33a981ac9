// base/str.c: the string helpers of str.h.
#include "base/str.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Str str_copy(Arena *a, Str s) { return (Str){arena_copy(a, s.ptr, s.len, 1), s.len}; }

char *str_to_c(Arena *a, Str s) {
    char *p = arena_push(a, s.len + 1, 1, 1);
    if (s.len) memcpy(p, s.ptr, s.len);
    return p;
}

typedef struct Plain { // text being written where there is room for so much
    char *p;
    size_t len, room;
} Plain;

static bool plain_bytes(Plain *w, const char *s, size_t n) {
    if (n >= w->room - w->len) return false;
    if (n) memcpy(w->p + w->len, s, n);
    w->len += n;
    return true;
}

static bool plain_number(Plain *w, unsigned n, bool negative) {
    char digits[16];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    if (negative) digits[--at] = '-';
    return plain_bytes(w, digits + at, sizeof digits - at);
}

// The C library reads every format as if it were the hardest one: most of ours are these few.
size_t str_fmt_plain(char *out, size_t room, const char *fmt, va_list ap) {
    Plain w = {out, 0, room};
    for (;;) {
        const char *mark = strchrnul(fmt, '%');
        if (!plain_bytes(&w, fmt, (size_t)(mark - fmt))) return STR_NONE;
        if (!*mark) return w.len;
        bool fits;
        fmt = mark + 2;
        if (mark[1] == 's') {
            const char *s = va_arg(ap, const char *);
            fits = s && plain_bytes(&w, s, strlen(s));
        } else if (mark[1] == '.' && mark[2] == '*' && mark[3] == 's') {
            int n = va_arg(ap, int); // always of a Str, which may hold no NUL
            const char *s = va_arg(ap, const char *);
            fits = n == 0 || (n > 0 && s && plain_bytes(&w, s, strnlen(s, (size_t)n)));
            fmt = mark + 4;
        } else if (mark[1] == 'd') {
            int n = va_arg(ap, int);
            fits = plain_number(&w, n < 0 ? -(unsigned)n : (unsigned)n, n < 0);
        } else {
            fits = mark[1] == 'u' && plain_number(&w, va_arg(ap, unsigned), false);
        }
        if (!fits) return STR_NONE;
    }
}

Str str_vfmt(Arena *a, const char *fmt, va_list ap) {
    char few[512];
    va_list again;
    va_copy(again, ap);
    size_t n = str_fmt_plain(few, sizeof few, fmt, ap);
    char *p;
    if (n == STR_NONE) {
        va_list measured;
        va_copy(measured, again);
        int len = vsnprintf(NULL, 0, fmt, measured);
        va_end(measured);
        if (len < 0) BUG("bad format %s", fmt);
        n = (size_t)len;
        p = arena_push(a, n + 1, 1, 1);
        vsnprintf(p, n + 1, fmt, again);
    } else {
        p = arena_push(a, n + 1, 1, 1);
        memcpy(p, few, n);
    }
    va_end(again);
    return (Str){p, n};
}

Str str_fmt(Arena *a, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Str s = str_vfmt(a, fmt, ap);
    va_end(ap);
    return s;
}

Str str_join2(Arena *a, Str x, Str y) { return str_join3(a, x, y, (Str){0}); }

Str str_join3(Arena *a, Str x, Str y, Str z) {
    char *p = arena_push(a, x.len + y.len + z.len + 1, 1, 1);
    if (x.len) memcpy(p, x.ptr, x.len);
    if (y.len) memcpy(p + x.len, y.ptr, y.len);
    if (z.len) memcpy(p + x.len + y.len, z.ptr, z.len);
    return (Str){p, x.len + y.len + z.len};
}

int str_cmp(Str x, Str y) {
    size_t n = MIN(x.len, y.len);
    int c = n ? memcmp(x.ptr, y.ptr, n) : 0;
    if (c) return c;
    return x.len < y.len ? -1 : x.len > y.len;
}

bool str_ends(Str s, Str suffix) {
    return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

bool str_cut_prefix(Str *s, Str prefix) {
    if (!str_starts(*s, prefix)) return false;
    *s = str_from(*s, prefix.len);
    return true;
}

bool str_cut_suffix(Str *s, Str suffix) {
    if (!str_ends(*s, suffix)) return false;
    s->len -= suffix.len;
    return true;
}

size_t str_find(Str s, Str what) {
    if (!what.len) return 0;
    const char *p = s.len ? memmem(s.ptr, s.len, what.ptr, what.len) : NULL;
    return p ? (size_t)(p - s.ptr) : STR_NONE;
}

size_t str_find_byte(Str s, char c) {
    const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return p ? (size_t)(p - s.ptr) : STR_NONE;
}

size_t str_rfind_byte(Str s, char c) {
    const char *p = s.len ? memrchr(s.ptr, c, s.len) : NULL;
    return p ? (size_t)(p - s.ptr) : STR_NONE;
}

Str str_to(Str s, size_t end) { return (Str){s.ptr, MIN(end, s.len)}; }

Str str_slice(Str s, size_t start, size_t end) { return str_from(str_to(s, end), start); }

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Str str_trim(Str s) {
    while (s.len && is_space(s.ptr[0])) s = str_from(s, 1);
    while (s.len && is_space(s.ptr[s.len - 1])) s.len--;
    return s;
}

Str str_split(Str *s, char sep) {
    size_t i = str_find_byte(*s, sep);
    Str head = str_to(*s, i); // STR_NONE takes all
    *s = i == STR_NONE ? str_from(*s, s->len) : str_from(*s, i + 1);
    return head;
}

Str str_line(Str *s) {
    Str line = str_split(s, '\n');
    str_cut_suffix(&line, STR("\r"));
    return line;
}

bool str_to_u64(Str s, uint64_t *out) {
    uint64_t n = 0;
    if (!s.len) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
        if (__builtin_mul_overflow(n, 10, &n)) return false;
        if (__builtin_add_overflow(n, (uint64_t)(s.ptr[i] - '0'), &n)) return false;
    }
    *out = n;
    return true;
}

bool str_to_i64(Str s, int64_t *out) {
    bool negative = str_cut_prefix(&s, STR("-"));
    uint64_t n;
    if (!str_to_u64(s, &n) || n > (uint64_t)INT64_MAX + negative) return false;
    *out = negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

bool str_to_f64(Str s, double *out) {
    char text[64]; // longer numbers than this are not numbers anyone writes
    if (!s.len || s.len >= sizeof text || is_space(s.ptr[0])) return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = 0;
    char *end;
    double v = strtod(text, &end);
    if (*end) return false;
    *out = v;
    return true;
}

// A multiply-and-fold hash in the manner of wyhash: 16 bytes a step, good for short names.
static uint64_t fold(uint64_t x, uint64_t y) {
    __uint128_t p = (__uint128_t)x * y;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static uint64_t load64(const char *p, size_t n) {
    uint64_t v = 0;
    memcpy(&v, p, n);
    return v;
}

uint64_t str_hash(Str s) {
    const uint64_t k0 = 0x9e3779b97f4a7c15u, k1 = 0xe7037ed1a0b428dbu;
    uint64_t h = s.len * k0;
    const char *p = s.ptr;
    size_t n = s.len;
    for (; n > 16; p += 16, n -= 16) h = fold(load64(p, 8) ^ k0 ^ h, load64(p + 8, 8) ^ k1);
    uint64_t lo = load64(p ? p : "", MIN(n, (size_t)8));
    uint64_t hi = n > 8 ? load64(p + 8, n - 8) : 0;
    return fold(fold(lo ^ k0 ^ h, hi ^ k1), k1);
}
