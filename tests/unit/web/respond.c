// tests/unit/web/respond.c: who is answered: the token, the name, the method.
#include <string.h>

#include "harness.h"
#include "web/web.h"

static void answer(void *ctx, Arena *a, Str path, const HttpPairVec *query, WebReply *out) {
    uint32_t *asked = ctx;
    ++*asked;
    if (path.len) return;
    *out = (WebReply){200, "text/html", str_join2(a, STR("page "), http_query_get(query, "q"))};
}

static Web web(void) {
    Web w = {.listener = {-1, 0}, .port = 8123};
    memcpy(w.token, "0123456789abcdef0123456789abcdef", WEB_TOKEN_CHARS);
    return w;
}

TEST(web_answers) {
    static const struct {
        const char *name, *head, *status;
        bool asked; // the site is asked at all
    } rows[] = {
#define PATH "/0123456789abcdef0123456789abcdef/"
        {"right", "GET " PATH "?q=7 HTTP/1.1\r\nHost: 127.0.0.1:8123\r\n\r\n", "200", true},
        {"by name", "GET " PATH " HTTP/1.1\r\nhost: localhost:8123\r\n\r\n", "200", true},
        {"another page", "GET " PATH "x HTTP/1.1\r\nHost: localhost:8123\r\n\r\n", "404", true},
        {"another host", "GET " PATH " HTTP/1.1\r\nHost: example.com:8123\r\n\r\n", "403", false},
        {"another port", "GET " PATH " HTTP/1.1\r\nHost: localhost:80\r\n\r\n", "403", false},
        {"host and more", "GET " PATH " HTTP/1.1\r\nHost: localhost:8123.x\r\n\r\n", "403", false},
        {"no host", "GET " PATH " HTTP/1.1\r\n\r\n", "403", false},
        {"two hosts",
         "GET " PATH " HTTP/1.1\r\nHost: localhost:8123\r\nHost: localhost:8123\r\n\r\n", "403",
         false},
        {"no token", "GET / HTTP/1.1\r\nHost: localhost:8123\r\n\r\n", "403", false},
        {"first character",
         "GET /1123456789abcdef0123456789abcdef/ HTTP/1.1\r\nHost: localhost:8123\r\n\r\n", "403",
         false},
        {"last character",
         "GET /0123456789abcdef0123456789abcdee/ HTTP/1.1\r\nHost: localhost:8123\r\n\r\n", "403",
         false},
        {"token without its end",
         "GET /0123456789abcdef0123456789abcdef HTTP/1.1\r\nHost: localhost:8123\r\n\r\n", "403",
         false},
        {"longer token",
         "GET /0123456789abcdef0123456789abcdef0/ HTTP/1.1\r\nHost: localhost:8123\r\n\r\n", "403",
         false},
        {"post", "POST " PATH " HTTP/1.1\r\nHost: localhost:8123\r\n\r\n", "405", false},
        {"no request", "\r\n\r\n", "400", false},
        {"cut", "GET " PATH " HTT", "400", false},
    };
    Web w = web();
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        uint32_t asked = 0;
        Buf out = buf_new(t->arena);
        web_respond(&w, &(WebSite){&asked, answer}, t->arena, str_c(rows[i].head), &out);
        CHECK_STR(t, str_slice(buf_view(&out), 9, 12), str_c(rows[i].status));
        CHECK_EQ(t, asked > 0, rows[i].asked);
        CHECK(t, str_find(buf_view(&out), STR("Content-Security-Policy: default-src 'none'")) !=
                     STR_NONE);
    }
}

TEST(web_head_has_no_body) {
    Web w = web();
    uint32_t asked = 0;
    Buf get = buf_new(t->arena), head = buf_new(t->arena);
    web_respond(&w, &(WebSite){&asked, answer}, t->arena,
                STR("GET " PATH "?q=7 HTTP/1.1\r\nHost: localhost:8123\r\n\r\n"), &get);
    web_respond(&w, &(WebSite){&asked, answer}, t->arena,
                STR("HEAD " PATH "?q=7 HTTP/1.1\r\nHost: localhost:8123\r\n\r\n"), &head);
    CHECK(t, str_ends(buf_view(&get), STR("\r\n\r\npage 7")));
    CHECK(t, str_ends(buf_view(&head), STR("\r\n\r\n")));
    CHECK_EQ(t, get.len - head.len, 6);
    CHECK(t, str_find(buf_view(&head), STR("Content-Length: 6\r\n")) != STR_NONE);
}

TEST(web_addresses_differ) {
    Web a, b;
    CHECK_OK(t, web_open(t->arena, 0, &a));
    CHECK_OK(t, web_open(t->arena, 0, &b));
    CHECK(t, memcmp(a.token, b.token, WEB_TOKEN_CHARS) != 0);
    CHECK(t, a.port != b.port);
    CHECK_EQ(t, web_url(&a, t->arena).len,
             strlen("http://127.0.0.1:/32/") - 2 + 32 + (a.port >= 10000 ? 5 : 4));
    CHECK_ERR(t, web_open(t->arena, a.port, &b), "cannot listen on 127.0.0.1");
    web_close(&a);
    web_close(&b);
}
