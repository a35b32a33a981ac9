// tests/unit/codec/url.c: URLs as Go's net/url writes them again, and what it refuses.
#include "codec/url.h"

#include "harness.h"

TEST(urls_written_again) {
    static const struct {
        const char *text, *want; // NULL: refused
    } rows[] = {
        {"http://h/p", "http://h/p"},
        {"HTTP://h:80", "http://h:80"},
        {"http://u:p@h:1/x?y=1#z", "http://u:p@h:1/x?y=1#z"},
        {"http://u:a%40b%3Ac@h/", "http://u:a%40b%3Ac@h/"},
        {"http://u:p@x@h/", "http://u:p%40x@h/"},
        {"http://u@h/", "http://u@h/"},
        {"http://u:@h/", "http://u:@h/"},
        {"http://:p@h/", "http://:p@h/"},
        {"http://u p@h/", NULL},
        {"http://u%zz@h/", NULL},
        {"//h/p", "//h/p"},
        {"http://h?", "http://h?"},
        {"http://h/a b", "http://h/a%20b"},
        {"http://h/a%2fb", "http://h/a%2fb"},
        {"http://h/%zz", NULL},
        {"http://h/\x01", NULL},
        {"http://[::1]:80/", "http://[::1]:80/"},
        {"http://[::1%25eth0]/", "http://[::1%25eth0]/"},
        {"http://[x]/", NULL},
        {"http://[::1/", NULL},
        {"http://h:8x/", NULL},
        {"http://a:b:1/", NULL},
        {"ftp://a:b:1/", "ftp://a:b:1/"},
        {"http://h o/", NULL},
        {"http://:80/", "http://:80/"},
        {"http:///p", NULL},
        {"mailto:x", NULL},
        {"a/b", NULL},
        {"", NULL},
        {"1http://h/", NULL},
        {"https+insecure://h/", "https+insecure://h/"},
        {"http://h/\xc3\xa9", "http://h/%C3%A9"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].text;
        Url u;
        bool ok = url_parse(t->arena, str_c(rows[i].text), &u);
        CHECK_EQ(t, ok, rows[i].want != NULL);
        if (ok && rows[i].want) CHECK_STR(t, url_text(t->arena, &u), str_c(rows[i].want));
    }
}

TEST(urls_keep_passwords_to_themselves) {
    Url u;
    CHECK(t, url_parse(t->arena, STR("http://u:secret@h/p?x=1"), &u));
    CHECK_STR(t, u.password, STR("secret"));
    CHECK_STR(t, url_text_without_password(t->arena, &u), STR("http://u:***@h/p?x=1"));
    CHECK(t, url_parse(t->arena, STR("http://u@h/p"), &u));
    CHECK_STR(t, url_text_without_password(t->arena, &u), STR("http://u@h/p"));
}

TEST(url_queries_are_sorted) {
    static const struct {
        const char *query, *value, *want;
    } rows[] = {
        {"", "5", "seconds=5"},
        {"", "", ""},
        {"seconds=3&b=2&a=1", "5", "a=1&b=2&seconds=5"},
        {"seconds=3&b=2&a=1", "", "a=1&b=2&seconds=3"},
        {"b=2&b=1", "", "b=2&b=1"},
        {"a;b=1&c", "", "c="},
        {"a=x%20y+z&b=%zz", "", "a=x+y+z"},
        {"a=%2F%c3", "", "a=%2F%C3"},
        {"&&=1&", "", "=1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].query;
        Str got =
            url_query_with(t->arena, str_c(rows[i].query), STR("seconds"), str_c(rows[i].value));
        CHECK_STR(t, got, str_c(rows[i].want));
    }
    Str value;
    CHECK(t, url_query_get(t->arena, STR("a=1&a=2"), STR("a"), &value));
    CHECK_STR(t, value, STR("1"));
    CHECK(t, !url_query_get(t->arena, STR("a=1"), STR("b"), &value));
}
