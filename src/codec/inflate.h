// codec/inflate.h: gzip in and out.
// Owns     the bytes it returns: whoever asked frees them with inflate_free.
// Limits   the caller states the most bytes he is willing to hold: a bomb ends there.
#ifndef HEAPWISE_CODEC_INFLATE_H
#define HEAPWISE_CODEC_INFLATE_H

#include "base/err.h"

typedef struct Inflated {
    char *ptr;
    size_t len;
    const ArenaSource *source; // where the bytes are from; NULL: malloc
    size_t taken;              // bytes of it
} Inflated;

bool inflate_is_gzip(Str in); // the two magic bytes
// Every member of a gzip file, joined. ERR_TRUNCATED, ERR_FORMAT or ERR_LIMIT otherwise.
// Large ones are laid into memory of `source` (NULL: malloc), whose pages may be larger.
typedef struct InflateLimits {
    size_t bytes; // at most
    const ArenaSource *source;
} InflateLimits;
Err inflate_gzip(Arena *a, Str in, InflateLimits limits, Inflated *out);
void inflate_free(Inflated *out);
Str deflate_gzip(Arena *a, Str in); // one member, in the arena
// A CRC-32 and friends stay inside; a stream is read piece by piece with inflate_stream.
typedef struct InflateStream InflateStream;
typedef size_t InflateRead(void *from, char *to, size_t room); // 0 at the end
InflateStream *inflate_open(Arena *a, InflateRead *read, void *from);
// Fills up to `room` bytes; *got is 0 at the end of the last member. Plain bytes pass through.
Err inflate_next(InflateStream *s, char *to, size_t room, size_t *got);
void inflate_close(InflateStream *s);

#endif
