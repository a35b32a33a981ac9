#include "base/quote.h"

#include "harness.h"

TEST(quote_as_go) {
    static const struct {
        const char *name;
        Str in, want;
    } rows[] = {
        {"plain", STR_INIT("a b"), STR_INIT("\"a b\"")},
        {"escapes", STR_INIT("\a\n\\\""), STR_INIT("\"\\a\\n\\\\\\\"\"")},
        {"control", STR_INIT("\x01\x7f"), STR_INIT("\"\\x01\\x7f\"")},
        {"bad bytes", STR_INIT("\xff\xc3"), STR_INIT("\"\\xff\\xc3\"")},
        {"printable", STR_INIT("\xc3\xa9\xf0\x9f\x98\x80"),
         STR_INIT("\"\xc3\xa9\xf0\x9f\x98\x80\"")},
        {"soft hyphen", STR_INIT("\xc2\xad"), STR_INIT("\"\\u00ad\"")},
        {"tag", STR_INIT("\xf3\xa0\x80\x81"), STR_INIT("\"\\U000e0001\"")},
        {"replacement", STR_INIT("\xef\xbf\xbd"), STR_INIT("\"\xef\xbf\xbd\"")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Buf b = buf_new(t->arena);
        buf_quote(&b, rows[i].in);
        CHECK_STR(t, buf_view(&b), rows[i].want);
    }
}
