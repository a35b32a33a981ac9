// base/str.h: a string is a pointer and a length: bytes, not NUL-terminated, not owned.
#ifndef HEAPWISE_BASE_STR_H
#define HEAPWISE_BASE_STR_H

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"

typedef struct Str {
    const char *ptr;
    size_t len;
} Str;

#define STR(lit) ((Str){("" lit), sizeof(lit) - 1})
#define STR_INIT(lit)                                                                              \
    { ("" lit), sizeof(lit) - 1 } // for static tables
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).ptr
#define STR_NONE ((size_t)-1) // "not found"

// NULL gives the empty string. Inline, as the next ones: of what is written the length is known.
static inline Str str_c(const char *nul_terminated) {
    return nul_terminated ? (Str){nul_terminated, strlen(nul_terminated)} : (Str){"", 0};
}
Str str_copy(Arena *a, Str s);
char *str_to_c(Arena *a, Str s); // NUL-terminated copy
Str str_fmt(Arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
Str str_vfmt(Arena *a, const char *fmt, va_list ap);
// Writes what fmt and ap say where there is room for so many bytes, when fmt holds nothing but
// text, %s, %.*s, %d and %u and all fits; its length, without a NUL. Else STR_NONE.
size_t str_fmt_plain(char *out, size_t room, const char *fmt, va_list ap);
Str str_join2(Arena *a, Str x, Str y);
Str str_join3(Arena *a, Str x, Str y, Str z);

static inline bool str_eq(Str x, Str y) {
    return x.len == y.len && (!x.len || !memcmp(x.ptr, y.ptr, x.len));
}
static inline bool str_eq_c(Str x, const char *y) { return str_eq(x, str_c(y)); }
int str_cmp(Str x, Str y); // bytewise, shorter first
static inline bool str_starts(Str s, Str prefix) {
    return s.len >= prefix.len && (!prefix.len || !memcmp(s.ptr, prefix.ptr, prefix.len));
}
bool str_ends(Str s, Str suffix);
bool str_cut_prefix(Str *s, Str prefix); // true: removed
bool str_cut_suffix(Str *s, Str suffix);
size_t str_find(Str s, Str what); // first place or STR_NONE
size_t str_find_byte(Str s, char c);
size_t str_rfind_byte(Str s, char c);
// s[start:], start may be past the end
static inline Str str_from(Str s, size_t start) {
    start = MIN(start, s.len);
    return (Str){s.len ? s.ptr + start : s.ptr, s.len - start};
}
Str str_to(Str s, size_t end);     // s[:end]
Str str_slice(Str s, size_t start, size_t end);
Str str_trim(Str s); // ASCII white space at both ends
// Cuts s at the first sep: returns what stands before, leaves in *s what follows (empty if none).
Str str_split(Str *s, char sep);
Str str_line(Str *s);                  // next line without "\n" or "\r\n"
bool str_to_u64(Str s, uint64_t *out); // decimal, whole string, no overflow
bool str_to_i64(Str s, int64_t *out);
bool str_to_f64(Str s, double *out);
uint64_t str_hash(Str s);

#endif
