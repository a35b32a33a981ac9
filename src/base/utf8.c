// base/utf8.c: decoding by the table of well-formed sequences (Unicode, table 3-7).
#include "base/utf8.h"

#include <string.h>

static bool cont(uint8_t b, uint8_t lo, uint8_t hi) { return b >= lo && b <= hi; }

static uint32_t bad(uint32_t *width) {
    *width = 1;
    return UTF8_BAD;
}

static uint32_t decode3(const uint8_t *p, uint32_t *width) {
    uint8_t lo = p[0] == 0xE0 ? 0xA0 : 0x80, hi = p[0] == 0xED ? 0x9F : 0xBF;
    if (!cont(p[1], lo, hi) || !cont(p[2], 0x80, 0xBF)) return bad(width);
    *width = 3;
    return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
}

static uint32_t decode4(const uint8_t *p, uint32_t *width) {
    uint8_t lo = p[0] == 0xF0 ? 0x90 : 0x80, hi = p[0] == 0xF4 ? 0x8F : 0xBF;
    if (!cont(p[1], lo, hi) || !cont(p[2], 0x80, 0xBF) || !cont(p[3], 0x80, 0xBF))
        return bad(width);
    *width = 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
           (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
}

uint32_t utf8_decode(Str s, uint32_t *width) {
    const uint8_t *p = (const uint8_t *)s.ptr;
    if (!s.len) return bad(width);
    if (p[0] < 0x80) {
        *width = 1;
        return p[0];
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF && s.len >= 2 && cont(p[1], 0x80, 0xBF)) {
        *width = 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if (p[0] >= 0xE0 && p[0] <= 0xEF && s.len >= 3) return decode3(p, width);
    if (p[0] >= 0xF0 && p[0] <= 0xF4 && s.len >= 4) return decode4(p, width);
    return bad(width);
}

uint32_t utf8_encode(char out[4], uint32_t r) {
    if (r > 0x10FFFF || (r >= 0xD800 && r <= 0xDFFF)) r = UTF8_BAD;
    if (r < 0x80) {
        out[0] = (char)r;
        return 1;
    }
    if (r < 0x800) {
        out[0] = (char)(0xC0 | r >> 6);
        out[1] = (char)(0x80 | (r & 0x3F));
        return 2;
    }
    if (r < 0x10000) {
        out[0] = (char)(0xE0 | r >> 12);
        out[1] = (char)(0x80 | (r >> 6 & 0x3F));
        out[2] = (char)(0x80 | (r & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | r >> 18);
    out[1] = (char)(0x80 | (r >> 12 & 0x3F));
    out[2] = (char)(0x80 | (r >> 6 & 0x3F));
    out[3] = (char)(0x80 | (r & 0x3F));
    return 4;
}

bool utf8_valid(Str s) {
    while (s.len) {
        uint32_t w;
        if (utf8_decode(s, &w) == UTF8_BAD && w == 1) return false;
        s = str_from(s, w);
    }
    return true;
}

// Eight bytes at a time as long as there is nothing but ASCII.
static size_t ascii_prefix(Str s) {
    size_t n = 0;
    for (uint64_t word; s.len - n >= 8; n += 8) {
        memcpy(&word, s.ptr + n, 8);
        if (word & 0x8080808080808080u) return n;
    }
    while (n < s.len && !(s.ptr[n] & 0x80)) n++;
    return n;
}

size_t utf8_count(Str s) {
    size_t n = ascii_prefix(s);
    s = str_from(s, n);
    for (uint32_t w; s.len; s = str_from(s, w), n++) utf8_decode(s, &w);
    return n;
}

bool utf8_is_space(uint32_t r) { // property White_Space
    if (r < 0x80) return r == ' ' || (r >= '\t' && r <= '\r');
    return r == 0x85 || r == 0xA0 || r == 0x1680 || (r >= 0x2000 && r <= 0x200A) || r == 0x2028 ||
           r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000;
}

// The blocks a terminal draws two cells wide or none (Unicode East Asian Width W/F, combining).
static const struct {
    uint32_t lo, hi;
    uint8_t cells;
} odd_widths[] = {
    {0x0300, 0x036F, 0},   {0x1100, 0x115F, 2}, {0x200B, 0x200F, 0},   {0x2E80, 0xA4CF, 2},
    {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2}, {0xFE00, 0xFE0F, 0},   {0xFE30, 0xFE6F, 2},
    {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1F64F, 2}, {0x1F900, 0x1F9FF, 2},
    {0x20000, 0x3FFFD, 2},
};

size_t utf8_columns(Str s) {
    size_t cells = 0;
    for (uint32_t w; s.len; s = str_from(s, w)) {
        uint32_t r = utf8_decode(s, &w);
        size_t wide = 1;
        for (size_t i = 0; i < COUNT(odd_widths); i++)
            if (r >= odd_widths[i].lo && r <= odd_widths[i].hi) wide = odd_widths[i].cells;
        cells += wide;
    }
    return cells;
}
