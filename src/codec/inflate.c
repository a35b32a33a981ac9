// codec/inflate.c: whole gzip files through libdeflate (twice zlib's speed), streams through zlib.
#include "codec/inflate.h"

#include <libdeflate.h>
#include <zlib.h>

// Deflate cannot expand more than this: it bounds the first guess at a file's size.
#define DEFLATE_MAX_RATIO 1032

bool inflate_is_gzip(Str in) {
    return in.len >= 2 && (uint8_t)in.ptr[0] == 0x1f && (uint8_t)in.ptr[1] == 0x8b;
}

void inflate_free(Inflated *out) {
    if (out->source)
        out->source->give(out->ptr, out->taken);
    else
        free(out->ptr);
    *out = (Inflated){0};
}

// The last four bytes of a gzip file are its size modulo 2^32 (RFC 1952): a hint, never trusted.
static size_t size_hint(Str in, size_t limit) {
    uint64_t hint = 0;
    if (in.len >= 4)
        for (int i = 0; i < 4; i++)
            hint |= (uint64_t)(uint8_t)in.ptr[in.len - 4 + (size_t)i] << (8 * i);
    uint64_t most = (uint64_t)in.len * DEFLATE_MAX_RATIO;
    if (hint > most) hint = most;
    if (hint < 256) hint = 256;
    return hint < limit ? (size_t)hint : limit;
}

// Bytes of a gzip member's head (RFC 1952): ten, and what its flags say follows.
static size_t head_size(Str in) {
    if (in.len < 10) return in.len;
    uint8_t flags = (uint8_t)in.ptr[3];
    size_t at = 10;
    if (flags & 4 && in.len >= 12)
        at += 2 + (size_t)(uint8_t)in.ptr[10] + ((size_t)(uint8_t)in.ptr[11] << 8);
    for (int texts = (flags >> 3 & 1) + (flags >> 4 & 1); texts > 0; texts--) {
        size_t nul = str_find_byte(str_from(in, at), 0);
        at = nul == STR_NONE ? in.len : at + nul + 1;
    }
    return MIN(at + (flags & 2), in.len);
}

// libdeflate does not tell a cut file from a corrupt one; zlib does.
static Err why_bad(Arena *a, Str in) {
    z_stream z = {0};
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) base_out_of("memory", 0);
    z.next_in = (Bytef *)(uintptr_t)in.ptr;
    z.avail_in = (uInt)(in.len < UINT32_MAX ? in.len : UINT32_MAX);
    char sink[16384];
    int status = Z_OK;
    uint64_t produced = 0;
    while (status == Z_OK) {
        z.next_out = (Bytef *)sink;
        z.avail_out = sizeof sink;
        status = inflate(&z, Z_NO_FLUSH);
        produced += sizeof sink - z.avail_out;
        if (status == Z_OK && z.avail_in == 0 && z.avail_out == sizeof sink) status = Z_BUF_ERROR;
    }
    uint64_t at = z.total_in;
    bool header =
        z.msg && (strstr(z.msg, "header") || strstr(z.msg, "method") || strstr(z.msg, "flags"));
    bool check = z.msg && strstr(z.msg, "check");
    // zlib looks at the checksum before it has the length behind it, Go after both are there.
    if (check && strstr(z.msg, "data") && z.avail_in < 4) status = Z_BUF_ERROR;
    inflateEnd(&z);
    if (status == Z_BUF_ERROR) return err_new(a, ERR_TRUNCATED, at, "unexpected EOF");
    if (header && produced == 0) return err_new(a, ERR_FORMAT, at, "gzip: invalid header");
    if (check) return err_new(a, ERR_FORMAT, at, "gzip: invalid checksum");
    return err_new(a, ERR_FORMAT, at, "flate: corrupt input before offset %llu",
                   (unsigned long long)(at - MIN(at, head_size(in))));
}

// An ArenaSource gives whole units, and new ones each time: what malloc may have at hand is
// malloc's.
enum { SOURCE_UNIT = 2 << 20, SOURCE_LEAST = 16 << 20 };

static void room(Inflated *out, size_t want, const ArenaSource *source) {
    if (want <= out->taken) return;
    if (want < SOURCE_LEAST) source = NULL;
    if (source) want = (want + SOURCE_UNIT - 1) / SOURCE_UNIT * SOURCE_UNIT;
    Inflated moved = {source ? source->take(want) : malloc(want), out->len, source, want};
    if (!moved.ptr) base_out_of("memory", want);
    if (out->len) memcpy(moved.ptr, out->ptr, out->len);
    inflate_free(out);
    *out = moved;
}

Err inflate_gzip(Arena *a, Str in, InflateLimits limits, Inflated *out) {
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    if (!d) base_out_of("memory", 0);
    Inflated got = {0};
    Str rest = in;
    Err err = NULL;
    room(&got, size_hint(in, limits.bytes), limits.source);
    while (!err && rest.len > 0) {
        size_t used = 0, made = 0;
        enum libdeflate_result r =
            libdeflate_gzip_decompress_ex(d, rest.ptr, rest.len, got.ptr + got.len,
                                          MIN(got.taken, limits.bytes) - got.len, &used, &made);
        if (r == LIBDEFLATE_SUCCESS) {
            got.len += made;
            rest = str_from(rest, used);
        } else if (r != LIBDEFLATE_INSUFFICIENT_SPACE) {
            err = why_bad(a, rest);
        } else if (got.taken >= limits.bytes) {
            err =
                err_new(a, ERR_LIMIT, 0, "more than %zu MB when decompressed", limits.bytes >> 20);
        } else {
            room(&got, got.taken > limits.bytes / 2 ? limits.bytes : got.taken * 2, limits.source);
        }
    }
    libdeflate_free_decompressor(d);
    if (err) {
        inflate_free(&got);
        return err;
    }
    *out = got;
    return NULL;
}

Str deflate_gzip(Arena *a, Str in) {
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    if (!c) base_out_of("memory", 0);
    size_t bound = libdeflate_gzip_compress_bound(c, in.len);
    char *to = arena_push(a, bound, 1, 1);
    size_t len = libdeflate_gzip_compress(c, in.ptr, in.len, to, bound);
    libdeflate_free_compressor(c);
    if (len == 0) BUG("deflate of %zu bytes", in.len);
    return (Str){to, len};
}

struct InflateStream {
    Arena *arena;
    InflateRead *read;
    void *from;
    z_stream z;
    bool plain, started, ended; // ended: the input gave its last byte
    char in[65536];
};

InflateStream *inflate_open(Arena *a, InflateRead *read, void *from) {
    InflateStream *s = NEW(a, InflateStream);
    s->arena = a;
    s->read = read;
    s->from = from;
    return s;
}

static void refill(InflateStream *s) {
    if (s->z.avail_in > 0 || s->ended) return;
    size_t n = s->read(s->from, s->in, sizeof s->in);
    s->z.next_in = (Bytef *)s->in;
    s->z.avail_in = (uInt)n;
    s->ended = n == 0;
}

static Err next_plain(InflateStream *s, char *to, size_t room_bytes, size_t *got) {
    refill(s);
    size_t n = MIN(room_bytes, s->z.avail_in);
    memcpy(to, s->z.next_in, n);
    s->z.next_in += n;
    s->z.avail_in -= (uInt)n;
    *got = n;
    return NULL;
}

static void start(InflateStream *s) {
    refill(s);
    s->plain = !inflate_is_gzip((Str){s->in, s->z.avail_in});
    if (!s->plain && inflateInit2(&s->z, 16 + MAX_WBITS) != Z_OK) base_out_of("memory", 0);
    s->started = true;
}

Err inflate_next(InflateStream *s, char *to, size_t room_bytes, size_t *got) {
    if (!s->started) start(s);
    if (s->plain) return next_plain(s, to, room_bytes, got);
    *got = 0;
    while (*got == 0) {
        refill(s);
        if (s->z.avail_in == 0 && s->ended)
            return s->z.total_in == 0 ? NULL
                                      : err_new(s->arena, ERR_TRUNCATED, 0, "unexpected EOF");
        s->z.next_out = (Bytef *)to;
        s->z.avail_out = (uInt)room_bytes;
        int status = inflate(&s->z, Z_NO_FLUSH);
        *got = room_bytes - s->z.avail_out;
        if (status == Z_STREAM_END)
            inflateReset(&s->z); // another member may follow
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return err_new(s->arena, ERR_FORMAT, s->z.total_in, "gzip: corrupt input");
    }
    return NULL;
}

void inflate_close(InflateStream *s) {
    if (s && s->started && !s->plain) inflateEnd(&s->z);
}
