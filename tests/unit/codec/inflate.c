// tests/unit/codec/inflate.c: gzip whole and as a stream, and the limit a bomb meets.
#include "codec/inflate.h"

#include <stdlib.h>

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
        CHECK_OK(t, inflate_gzip(t->arena, deflate_gzip(t->arena, want),
                                 (InflateLimits){.bytes = SIZE_MAX / 4}, &got));
        CHECK_STR(t, ((Str){got.ptr, got.len}), want);
        inflate_free(&got);
    }
}

TEST(inflate_limit) {
    char *zeros = arena_push(t->arena, 8 << 20, 1, 1);
    Str bomb = deflate_gzip(t->arena, (Str){zeros, 8 << 20});
    Inflated got;
    CHECK_ERR(t, inflate_gzip(t->arena, bomb, (InflateLimits){.bytes = 1 << 20}, &got),
              "more than 1 MB when decompressed");
    CHECK_OK(t, inflate_gzip(t->arena, bomb, (InflateLimits){.bytes = 8 << 20}, &got));
    inflate_free(&got);
}

static size_t lent; // bytes of the source below that nobody gave back

static void *lend(size_t bytes) {
    lent += bytes;
    return aligned_alloc(2 << 20, bytes);
}

static void take_back(void *start, size_t bytes) {
    lent -= bytes;
    free(start);
}

// Two members: the size at the end is the second one's alone, so the memory has to grow. Large
// memory is the source's, and the limit holds inside of its last unit.
TEST(inflate_source) {
    static const ArenaSource source = {lend, take_back, false};
    Str part = text(t, 17 << 20), member = deflate_gzip(t->arena, part), again;
    Str small = deflate_gzip(t->arena, STR("small"));
    Inflated got;
    CHECK_OK(t, inflate_gzip(t->arena, str_join2(t->arena, member, small),
                             (InflateLimits){64 << 20, &source}, &got));
    CHECK(t, lent >= part.len + 5 && lent % (2 << 20) == 0);
    CHECK_EQ(t, got.len, part.len + 5);
    again = str_to((Str){got.ptr, got.len}, part.len);
    CHECK(t, str_eq(again, part));
    inflate_free(&got);
    CHECK_EQ(t, lent, (size_t)0);
    CHECK_ERR(t, inflate_gzip(t->arena, member, (InflateLimits){part.len - 1, &source}, &got),
              "more than 16 MB");
    CHECK_EQ(t, lent, (size_t)0);
    CHECK_OK(t, inflate_gzip(t->arena, small, (InflateLimits){64 << 20, &source}, &got));
    CHECK_EQ(t, lent, (size_t)0); // too small for it
    inflate_free(&got);
}

TEST(inflate_damage) {
    Str whole = deflate_gzip(t->arena, text(t, 5000));
    Inflated got;
    CHECK_ERR(t,
              inflate_gzip(t->arena, str_to(whole, whole.len - 3),
                           (InflateLimits){.bytes = 1 << 20}, &got),
              "unexpected EOF");
    CHECK_ERR(t,
              inflate_gzip(t->arena, str_to(whole, whole.len / 2),
                           (InflateLimits){.bytes = 1 << 20}, &got),
              "unexpected EOF");
    char *copy = arena_copy(t->arena, whole.ptr, whole.len, 1);
    copy[whole.len - 6] ^= 1; // the check sum
    CHECK_ERR(
        t, inflate_gzip(t->arena, (Str){copy, whole.len}, (InflateLimits){.bytes = 1 << 20}, &got),
        "invalid checksum");
    // Cut behind a wrong check sum: Go reads the length before it looks.
    CHECK_ERR(
        t,
        inflate_gzip(t->arena, (Str){copy, whole.len - 3}, (InflateLimits){.bytes = 1 << 20}, &got),
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
