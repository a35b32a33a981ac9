// base/reader.c: the reader of reader.h.
#include "base/reader.h"

#include <string.h>

Reader reader_over(Str in) { return (Reader){.in = in}; }

size_t reader_left(const Reader *r) { return r->in.len - r->at; }

static void fail(Reader *r) {
    r->failed = true;
    r->at = r->in.len;
}

void reader_seek(Reader *r, size_t at) {
    if (at > r->in.len)
        fail(r);
    else
        r->at = at;
}

Str read_bytes(Reader *r, size_t n) {
    if (n > reader_left(r)) {
        fail(r);
        return (Str){"", 0};
    }
    Str s = str_slice(r->in, r->at, r->at + n);
    r->at += n;
    return s;
}

Str read_c_string(Reader *r) {
    size_t n = str_find_byte(str_from(r->in, r->at), '\0');
    if (n == STR_NONE) {
        fail(r);
        return (Str){"", 0};
    }
    Str s = read_bytes(r, n);
    r->at++;
    return s;
}

uint64_t read_word(Reader *r, unsigned size_bytes) {
    Str s = read_bytes(r, size_bytes);
    uint64_t v = 0;
    for (size_t i = 0; i < s.len; i++) {
        size_t shift = r->big_endian ? s.len - 1 - i : i;
        v |= (uint64_t)(uint8_t)s.ptr[i] << (8 * shift);
    }
    return v;
}

uint8_t read_u8(Reader *r) { return (uint8_t)read_word(r, 1); }
uint16_t read_u16(Reader *r) { return (uint16_t)read_word(r, 2); }
uint32_t read_u32(Reader *r) { return (uint32_t)read_word(r, 4); }
uint64_t read_u64(Reader *r) { return read_word(r, 8); }

uint64_t read_uleb(Reader *r) {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint8_t b = read_u8(r);
        if (r->failed || (shift == 63 && b > 1)) break;
        v |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) return v;
    }
    fail(r);
    return 0;
}

int64_t read_sleb(Reader *r) {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint8_t b = read_u8(r);
        if (r->failed || (shift == 63 && b != 0 && b != 0x7f)) break;
        v |= (uint64_t)(b & 0x7f) << shift;
        if (b & 0x80) continue;
        if ((b & 0x40) && shift < 57) v |= UINT64_MAX << (shift + 7);
        return (int64_t)v;
    }
    fail(r);
    return 0;
}

uint32_t read_count(Reader *r, size_t item_bytes) {
    uint32_t n = read_u32(r);
    if (n <= reader_left(r) / MAX(item_bytes, (size_t)1)) return n;
    fail(r);
    return 0;
}

Err reader_err(Arena *a, const Reader *r, const char *what) {
    return r->failed ? err_new(a, ERR_TRUNCATED, r->at, "%s: the input ends too early", what)
                     : NULL;
}
