// tests/unit/codec/httphead.c: request heads as clients send them, and as they must not be;
// queries.
#include "codec/httphead.h"

#include "harness.h"

TEST(http_heads) {
    static const struct {
        const char *name;
        Str bytes;
        HttpHeadState want;
        const char *path, *query;
    } rows[] = {
        {"a request", STR_INIT("GET /a/b?x=1&y HTTP/1.1\r\nHost: h\r\n\r\nrest"), HTTP_HEAD_WHOLE,
         "/a/b", "x=1&y"},
        {"without a query", STR_INIT("GET / HTTP/1.0\r\n\r\n"), HTTP_HEAD_WHOLE, "/", ""},
        {"an empty query", STR_INIT("GET /? HTTP/1.1\r\n\r\n"), HTTP_HEAD_WHOLE, "/", ""},
        {"cut", STR_INIT("GET / HTTP/1.1\r\nHost: h\r\n"), HTTP_HEAD_SHORT, "", ""},
        {"nothing", STR_INIT(""), HTTP_HEAD_SHORT, "", ""},
        {"an empty line", STR_INIT("\r\n\r\n"), HTTP_HEAD_WRONG, "", ""},
        {"another version", STR_INIT("GET / HTTP/2.0\r\n\r\n"), HTTP_HEAD_WRONG, "", ""},
        {"no version", STR_INIT("GET /\r\n\r\n"), HTTP_HEAD_WRONG, "", ""},
        {"four words", STR_INIT("GET / x HTTP/1.1\r\n\r\n"), HTTP_HEAD_WRONG, "", ""},
        {"a whole address", STR_INIT("GET http://h/ HTTP/1.1\r\n\r\n"), HTTP_HEAD_WRONG, "", ""},
        {"a zero byte", STR_INIT("GET /\0 HTTP/1.1\r\n\r\n"), HTTP_HEAD_WRONG, "", ""},
        {"a field without a name", STR_INIT("GET / HTTP/1.1\r\n: x\r\n\r\n"), HTTP_HEAD_WRONG, "",
         ""},
        {"a space in a name", STR_INIT("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), HTTP_HEAD_WRONG, "",
         ""},
        {"a continued field", STR_INIT("GET / HTTP/1.1\r\nA: x\r\n y\r\n\r\n"), HTTP_HEAD_WRONG, "",
         ""},
        {"a lone line feed", STR_INIT("GET / HTTP/1.1\r\nA: x\nHost: y\r\n\r\n"), HTTP_HEAD_WRONG,
         "", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        HttpHead h = {0};
        CHECK_EQ(t, http_head_read(t->arena, rows[i].bytes, &h), rows[i].want);
        if (rows[i].want != HTTP_HEAD_WHOLE) continue;
        CHECK_STR(t, h.path, str_c(rows[i].path));
        CHECK_STR(t, h.query, str_c(rows[i].query));
        CHECK(t, h.size_bytes <= rows[i].bytes.len);
    }
}

TEST(http_fields) {
    HttpHead h;
    Str value, bytes = STR("GET / HTTP/1.1\r\nHOST:  a:1 \r\nX: 1\r\nx: 2\r\nEmpty:\r\n\r\n");
    CHECK_EQ(t, http_head_read(t->arena, bytes, &h), HTTP_HEAD_WHOLE);
    CHECK(t, http_field(&h, "host", &value));
    CHECK_STR(t, value, STR("a:1"));
    CHECK(t, !http_field(&h, "x", &value)); // twice
    CHECK(t, !http_field(&h, "hos", &value));
    CHECK(t, http_field(&h, "empty", &value));
    CHECK_EQ(t, value.len, 0);
}

TEST(http_queries) {
    HttpPairVec q = http_query(t->arena, STR("a=1&&b=x+y%21%zz%4&a=%C3%a9=&c&=d"));
    CHECK_EQ(t, q.len, 5);
    CHECK_STR(t, http_query_get(&q, "a"), STR("é="));
    CHECK_STR(t, http_query_get(&q, "b"), STR("x y!%zz%4"));
    CHECK_STR(t, http_query_get(&q, "c"), STR(""));
    CHECK_STR(t, http_query_get(&q, "nosuch"), STR(""));
}
