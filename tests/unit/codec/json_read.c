#include "codec/json_read.h"
#include "harness.h"

TEST(json_values_are_found_by_name) {
    JsonValue v;
    CHECK_OK(t, json_parse(t->arena, STR("{\"a\":[1,2.5,\"x\\u00e9\",true,null],\"b\":{\"c\":-7}}"),
                           &v));
    const JsonValue *a = json_get(&v, "a");
    CHECK_EQ(t, a->len, 5);
    CHECK_EQ(t, a->items[0].num, 1);
    CHECK(t, a->items[1].kind == JSON_KIND_REAL && a->items[1].real == 2.5);
    CHECK_STR(t, a->items[2].str, STR("xé"));
    CHECK_EQ(t, json_get_int(json_get(&v, "b"), "c"), -7);
    CHECK_EQ(t, json_get(&v, "none")->kind, JSON_KIND_NULL);
    CHECK_STR(t, json_get_str(json_get(&v, "none"), "deeper"), STR(""));
}

TEST(json_values_one_behind_the_other) {
    Str rest = STR("{\"n\":1}\n{\"n\":2} 3");
    JsonValue v;
    CHECK_OK(t, json_parse_next(t->arena, &rest, &v));
    CHECK_EQ(t, json_get_int(&v, "n"), 1);
    CHECK_OK(t, json_parse_next(t->arena, &rest, &v));
    CHECK_EQ(t, json_get_int(&v, "n"), 2);
    CHECK_OK(t, json_parse_next(t->arena, &rest, &v));
    CHECK_EQ(t, v.num, 3);
    CHECK_EQ(t, rest.len, 0);
}

TEST(json_that_is_none_is_refused) {
    static const Str rows[] = {STR_INIT(""), STR_INIT("{"), STR_INIT("{\"a\" 1}"),
                               STR_INIT("[1] 2"), STR_INIT("\"\xff\"")};
    for (size_t i = 0; i < COUNT(rows); i++) {
        JsonValue v;
        t->row = str_to_c(t->arena, rows[i]);
        CHECK(t, json_parse(t->arena, rows[i], &v) != NULL);
    }
}
