// tests/unit/codec/inflate.c: gzip whole and as a stream, and the limit a bomb meets.
#include "codec/inflate.h"

#include "harness.h"

static Str text(Test *t, size_t len) {
    char *p = arena_push(t->arena, len, 1, 1);
    for (size_t i = 0; i < len; i++) p[i] = (char)('a' + i * i % 23);
    return (Str){p, len};
}

TEST(inflate_round_trip) {
    static const size_t sizes[] = {0, 1, 100, 70000, 3000000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        Str want = text(t, sizes[i]);
        Inflated got;
        CHECK_OK(t, inflate_gzip(t->arena, deflate_gzip(t->arena, want), SIZE_MAX / 4, &got));
        CHECK_STR(t, ((Str){got.ptr, got.len}), want);
        inflate_free(&got);
    }
}

TEST(inflate_limit) {
    char *zeros = arena_push(t->arena, 8 << 20, 1, 1);
    Str bomb = deflate_gzip(t->arena, (Str){zeros, 8 << 20});
    Inflated got;
    CHECK_ERR(t, inflate_gzip(t->arena, bomb, 1 << 20, &got), "more than 1 MB when decompressed");
    CHECK_OK(t, inflate_gzip(t->arena, bomb, 8 << 20, &got));
    inflate_free(&got);
}

TEST(inflate_damage) {
    Str whole = deflate_gzip(t->arena, text(t, 5000));
    Inflated got;
    CHECK_ERR(t, inflate_gzip(t->arena, str_to(whole, whole.len - 3), 1 << 20, &got),
              "unexpected EOF");
    CHECK_ERR(t, inflate_gzip(t->arena, str_to(whole, whole.len / 2), 1 << 20, &got),
              "unexpected EOF");
    char *copy = arena_copy(t->arena, whole.ptr, whole.len, 1);
    copy[whole.len - 6] ^= 1; // the check sum
    CHECK_ERR(t, inflate_gzip(t->arena, (Str){copy, whole.len}, 1 << 20, &got), "invalid checksum");
    // Cut behind a wrong check sum: Go reads the length before it looks.
    CHECK_ERR(t, inflate_gzip(t->arena, (Str){copy, whole.len - 3}, 1 << 20, &got),
              "unexpected EOF");
}

typedef struct Source {
    Str left;
    size_t piece;
} Source;

static size_t give(void *from, char *to, size_t room) {
    Source *s = from;
    size_t n = MIN(MIN(s->piece, room), s->left.len);
    memcpy(to, s->left.ptr, n);
    s->left = str_from(s->left, n);
    return n;
}

TEST(inflate_stream) {
    Str want = text(t, 200000);
    Str two = str_join2(t->arena, deflate_gzip(t->arena, str_to(want, 1000)),
                        deflate_gzip(t->arena, str_from(want, 1000)));
    for (int plain = 0; plain < 2; plain++) {
        Source src = {plain ? want : two, 777};
        InflateStream *s = inflate_open(t->arena, give, &src);
        Buf all = buf_new(t->arena);
        size_t got = 1;
        while (got > 0) {
            char piece[4096];
            CHECK_OK(t, inflate_next(s, piece, sizeof piece, &got));
            buf_str(&all, (Str){piece, got});
        }
        inflate_close(s);
        CHECK_STR(t, buf_view(&all), want);
    }
}
