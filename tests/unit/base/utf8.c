#include "base/utf8.h"
#include "harness.h"

TEST(utf8_decodes_as_go) {
    static const struct {
        const char *name;
        Str in;
        uint32_t rune, width;
    } rows[] = {
        {"ascii", STR_INIT("a"), 'a', 1},
        {"two", STR_INIT("\xc3\xa9"), 0xe9, 2},
        {"three", STR_INIT("\xe2\x86\x90"), 0x2190, 3},
        {"four", STR_INIT("\xf0\x9f\x98\x80"), 0x1f600, 4},
        {"overlong", STR_INIT("\xc0\x80"), UTF8_BAD, 1},
        {"surrogate", STR_INIT("\xed\xa0\x80"), UTF8_BAD, 1},
        {"cut", STR_INIT("\xe2\x86"), UTF8_BAD, 1},
        {"too large", STR_INIT("\xf4\x90\x80\x80"), UTF8_BAD, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        uint32_t w;
        CHECK_EQ(t, utf8_decode(rows[i].in, &w), rows[i].rune);
        CHECK_EQ(t, w, rows[i].width);
    }
}
