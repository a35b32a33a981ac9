// base/quote.c: which runes are printed as they are, and the escapes of the others.
#include "base/quote.h"

#include "base/printable.h"
#include "base/utf8.h"

bool rune_is_print(uint32_t rune) {
    if (rune < 0x80) return rune >= ' ' && rune < 0x7F;
    size_t lo = 0, hi = COUNT(printable);
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (rune > printable[mid][1])
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < COUNT(printable) && rune >= printable[lo][0];
}

static void quote_rune(Buf *b, uint32_t rune) {
    static const char controls[] = "\a\b\f\n\r\t\v", letters[] = "abfnrtv";
    const char *at = rune && rune < ' ' ? strchr(controls, (int)rune) : NULL;
    if (at) {
        buf_byte(b, '\\');
        buf_byte(b, letters[at - controls]);
    } else if (rune < ' ' || rune == 0x7F) {
        buf_fmt(b, "\\x%02x", rune);
    } else if (rune < 0x10000) {
        buf_fmt(b, "\\u%04x", rune);
    } else {
        buf_fmt(b, "\\U%08x", rune);
    }
}

void buf_quote(Buf *b, Str s) {
    buf_byte(b, '"');
    for (uint32_t width; s.len; s = str_from(s, width)) {
        uint32_t rune = utf8_decode(s, &width);
        if (rune == UTF8_BAD && width == 1) {
            buf_fmt(b, "\\x%02x", (unsigned char)s.ptr[0]);
        } else if (rune == '"' || rune == '\\') {
            buf_byte(b, '\\');
            buf_byte(b, (char)rune);
        } else if (rune_is_print(rune)) {
            buf_str(b, str_to(s, width));
        } else {
            quote_rune(b, rune);
        }
    }
    buf_byte(b, '"');
}
