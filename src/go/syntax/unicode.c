// go/syntax/unicode.c: which runes may stand in names, and how messages show a rune.
#include <stdio.h>
#include <string.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "go/syntax/syntax_internal.h"
#include "go/syntax/unicode_tables.h"

static bool in_ranges(const RuneRange *ranges, size_t count, uint32_t rune) {
    size_t lo = 0, hi = count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (rune > ranges[mid].last)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < count && rune >= ranges[lo].first;
}

bool unicode_is_letter(uint32_t rune) {
    if (rune < 0x80) return (rune | 0x20) - 'a' < 26;
    return in_ranges(letters, COUNT(letters), rune);
}

bool unicode_is_digit(uint32_t rune) {
    if (rune < 0x80) return rune - '0' < 10;
    return in_ranges(digit_runes, COUNT(digit_runes), rune);
}

static void append_rune(RuneText *t, size_t at, uint32_t rune) {
    uint32_t n = utf8_encode(t->text + at, rune);
    t->text[at + n] = '\'';
    t->text[at + n + 1] = '\0';
}

RuneText rune_sharp_u(uint32_t rune) {
    RuneText t;
    int n = snprintf(t.text, sizeof t.text, "U+%04X", rune);
    if (rune > 0x10FFFF || !rune_is_print(rune)) return t;
    t.text[n] = ' ';
    t.text[n + 1] = '\'';
    append_rune(&t, (size_t)n + 2, rune);
    return t;
}

RuneText rune_quoted(uint32_t rune) {
    static const char escaped[] = "\a\b\f\n\r\t\v\\'", letter[] = "abfnrtv\\'";
    RuneText t = {"'"};
    const char *e = rune && rune < 0x80 ? strchr(escaped, (int)rune) : NULL;
    if (e)
        snprintf(t.text, sizeof t.text, "'\\%c'", letter[e - escaped]);
    else if (rune_is_print(rune))
        append_rune(&t, 1, rune);
    else if (rune < ' ' || rune == 0x7F)
        snprintf(t.text, sizeof t.text, "'\\x%02x'", rune);
    else if (rune < 0x10000)
        snprintf(t.text, sizeof t.text, "'\\u%04x'", rune);
    else
        snprintf(t.text, sizeof t.text, "'\\U%08x'", rune);
    return t;
}
