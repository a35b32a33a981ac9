// tests/fuzz/url.c: what is taken for a URL is read again from what it is written as, unchanged; a
// hidden password is nowhere in the text.
#include "codec/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Url u, again;
    if (size < 4096 && url_parse(a, (Str){(const char *)data, size}, &u)) {
        Str text = url_text(a, &u);
        if (!url_parse(a, text, &again)) BUG("a URL that is none when written");
        if (!str_eq(text, url_text(a, &again))) BUG("a URL that changes");
        if (!str_eq(u.host, again.host) || !str_eq(u.password, again.password))
            BUG("parts that change");
        Str query = url_query_with(a, u.query, STR("seconds"), STR("5")), value;
        if (!url_query_get(a, query, STR("seconds"), &value)) BUG("a word that is not there");
        if (!str_eq(query, url_query_with(a, query, STR("x"), STR(""))))
            BUG("a query that changes");
        u.password = STR("Zecret@12");
        u.has_user = u.has_password = true;
        Str hidden = url_text_without_password(a, &u);
        if (str_find(hidden, STR("Zecret")) != STR_NONE &&
            str_find(text, STR("Zecret")) == STR_NONE)
            BUG("a password that shows");
    }
    arena_free(a);
    return 0;
}
