// cli/pprof_lowmem.c: `-low-mem`: a profile many times larger than the memory at hand. It is
// decompressed into a file without a name, which is mapped; pages are given back as soon as they
// have been read, and read again by the next walk.
#include <unistd.h>

#include "cli/pprof_cli.h"

enum { PIECE = 1 << 18 };

typedef struct Compressed {
    const FileMap *map;
    size_t at, released;
} Compressed;

static size_t give(void *from, char *to, size_t room) {
    Compressed *c = from;
    size_t n = MIN(room, c->map->bytes.len - c->at);
    memcpy(to, c->map->bytes.ptr + c->at, n);
    c->at += n;
    if (c->at - c->released > PROFILE_RELEASE_BYTES) {
        file_map_release(c->map);
        c->released = c->at;
    }
    return n;
}

static Err unpack_into(Arena *a, const FileMap *map, int fd) {
    Compressed from = {map, 0, 0};
    InflateStream *s = inflate_open(a, give, &from);
    char *piece = arena_push(a, PIECE, 1, 1);
    size_t total = 0, got = 0;
    Err err = NULL;
    do {
        err = inflate_next(s, piece, PIECE, &got);
        total += got;
        if (!err && total > PROFILE_LIMIT_BYTES)
            err = err_new(a, ERR_LIMIT, 0, "more than %zu MB when decompressed",
                          PROFILE_LIMIT_BYTES >> 20);
        if (!err) err = file_write_fd(a, fd, (Str){piece, got}, STR("a temporary file"));
    } while (!err && got);
    inflate_close(s);
    return err;
}

static Err spill(Arena *a, const FileMap *map, FileMap *out) {
    int fd;
    TRY(file_temp(a, &fd));
    Err err = unpack_into(a, map, fd);
    if (!err) err = file_map_fd(a, fd, out);
    close(fd);
    return err;
}

static void release(void *ctx) { file_map_release(ctx); }

Err pprof_read_low(Arena *a, FileMap *map, Profile *out) {
    FileMap *at = NEW(a, FileMap);
    *at = *map;
    if (inflate_is_gzip(map->bytes)) {
        Err err = spill(a, map, at);
        if (err && (err->code == ERR_FORMAT || err->code == ERR_TRUNCATED)) {
            Inflated bytes; // says what is wrong in pprof's words
            Err said = profile_unpack(a, map->bytes, NULL, &bytes);
            if (!said) inflate_free(&bytes);
            if (said) err = said;
        }
        file_unmap(map);
        if (err) return err;
    }
    Err err = profile_read_mapped(a, at->bytes, (ProfileRelease){release, at}, out);
    if (err) file_unmap(at);
    return err; // a profile is read where it is mapped
}
