// sys/sparse.c: pwrite, ftruncate, rename.
#include "sys/sparse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

Err sparse_new(Arena *a, Str path, Sparse *out) {
    Sparse s = {.path = path, .temp = str_fmt(a, STR_FMT ".tmp-%d", STR_ARG(path), (int)getpid())};
    s.fd = open(str_to_c(a, s.temp), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (s.fd < 0) return err_io(a, "write", path);
    *out = s;
    return NULL;
}

Err sparse_write(Arena *a, const Sparse *s, uint64_t at, const void *bytes, size_t size) {
    const char *from = bytes;
    while (size) {
        ssize_t n = pwrite(s->fd, from, size, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return err_io(a, "write", s->path);
        from += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return NULL;
}

Err sparse_finish(Arena *a, Sparse *s, uint64_t size) {
    bool ok = ftruncate(s->fd, (off_t)size) == 0;
    ok &= close(s->fd) == 0;
    if (ok && rename(str_to_c(a, s->temp), str_to_c(a, s->path)) == 0) return NULL;
    Err err = err_io(a, "write", s->path);
    (void)unlink(str_to_c(a, s->temp));
    return err;
}

void sparse_drop(Arena *a, Sparse *s) {
    (void)close(s->fd);
    (void)unlink(str_to_c(a, s->temp));
}
