#include "harness.h"

TEST(str_numbers) {
    static const struct {
        const char *name;
        Str in;
        bool ok;
        int64_t want;
    } rows[] = {
        {"zero", STR_INIT("0"), true, 0},
        {"largest", STR_INIT("9223372036854775807"), true, INT64_MAX},
        {"smallest", STR_INIT("-9223372036854775808"), true, INT64_MIN},
        {"one more", STR_INIT("9223372036854775808"), false, 0},
        {"empty", STR_INIT(""), false, 0},
        {"sign alone", STR_INIT("-"), false, 0},
        {"trailing", STR_INIT("1x"), false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        int64_t n = 0;
        CHECK_EQ(t, str_to_i64(rows[i].in, &n), rows[i].ok);
        CHECK_EQ(t, n, rows[i].want);
    }
}

TEST(str_split_and_trim) {
    Str rest = STR("a,,bc");
    CHECK_STR(t, str_split(&rest, ','), STR("a"));
    CHECK_STR(t, str_split(&rest, ','), STR(""));
    CHECK_STR(t, str_split(&rest, ','), STR("bc"));
    CHECK_EQ(t, rest.len, 0);
    CHECK_STR(t, str_trim(STR(" \t x y\n")), STR("x y"));
    Str lines = STR("one\r\ntwo");
    CHECK_STR(t, str_line(&lines), STR("one"));
    CHECK_STR(t, str_line(&lines), STR("two"));
}

TEST(str_hash_depends_on_every_byte_and_length) {
    char bytes[40] = {0};
    for (size_t len = 0; len < 40; len++) {
        uint64_t h = str_hash((Str){bytes, len});
        CHECK(t, h != str_hash((Str){bytes, len + 1 < 40 ? len + 1 : 0}));
        for (size_t i = 0; i < len; i++) {
            bytes[i] = 1;
            CHECK(t, h != str_hash((Str){bytes, len}));
            bytes[i] = 0;
        }
    }
}

TEST(buf_writes) {
    Buf b = buf_new(t->arena);
    buf_fmt(&b, "%s-%d", "x", 7);
    buf_u64(&b, 0);
    buf_i64(&b, INT64_MIN);
    buf_fill(&b, '.', 3);
    CHECK_STR(t, buf_view(&b), STR("x-70-9223372036854775808..."));
}
