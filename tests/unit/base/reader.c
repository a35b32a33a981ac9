#include "base/reader.h"
#include "harness.h"

TEST(read_uleb) {
    static const struct {
        const char *name;
        Str in;
        uint64_t want;
        bool fails;
    } rows[] = {
        {"two bytes", STR_INIT("\x80\x01"), 128, false},
        {"cut short", STR_INIT("\x80"), 0, true},
        {"largest", STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), UINT64_MAX, false},
        {"too large", STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), 0, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Reader r = reader_over(rows[i].in);
        CHECK(t, read_uleb(&r) == rows[i].want);
        CHECK_EQ(t, r.failed, rows[i].fails);
    }
}

TEST(read_sleb) {
    static const struct {
        const char *name;
        Str in;
        int64_t want;
    } rows[] = {
        {"two", STR_INIT("\x02"), 2},
        {"minus two", STR_INIT("\x7e"), -2},
        {"127", STR_INIT("\xff\x00"), 127},
        {"-128", STR_INIT("\x80\x7f"), -128},
        {"smallest", STR_INIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f"), INT64_MIN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Reader r = reader_over(rows[i].in);
        CHECK_EQ(t, read_sleb(&r), rows[i].want);
        CHECK_EQ(t, r.failed, false);
    }
}

TEST(a_short_read_sticks) {
    Reader r = reader_over(STR("\x01\x02\x03"));
    CHECK_EQ(t, read_u16(&r), 0x0201);
    CHECK_EQ(t, read_u32(&r), 0);
    CHECK_EQ(t, read_u8(&r), 0);
    CHECK_ERR(t, reader_err(t->arena, &r, "a table"), "a table: the input ends too early");
    Reader many = reader_over(STR("\xff\xff\xff\x7f...."));
    CHECK_EQ(t, read_count(&many, 8), 0);
    CHECK_EQ(t, many.failed, true);
}
