// sys/dirscan.c: getdents64 gives names and kinds at once; only links and odd file systems need
// stat.
#include "sys/dirscan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LIST_BYTES = 32 << 10 };

static int by_name(const void *x, const void *y) {
    return str_cmp(((const DirEntry *)x)->name, ((const DirEntry *)y)->name);
}

static void set_kind(int dir_fd, unsigned char type, DirEntry *e) {
    struct stat st;
    e->is_link = type == DT_LNK;
    e->kind = type == DT_REG ? FILE_REGULAR : type == DT_DIR ? FILE_DIR : FILE_OTHER;
    if (type != DT_LNK && type != DT_UNKNOWN) return;
    if (type == DT_UNKNOWN && fstatat(dir_fd, e->name.ptr, &st, AT_SYMLINK_NOFOLLOW) == 0)
        e->is_link = S_ISLNK(st.st_mode);
    e->kind = FILE_NONE;
    if (fstatat(dir_fd, e->name.ptr, &st, 0) < 0) return;
    e->kind = S_ISREG(st.st_mode) ? FILE_REGULAR : S_ISDIR(st.st_mode) ? FILE_DIR : FILE_OTHER;
}

static bool is_dot(const char *name) {
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static bool list_all(Arena *a, DirScan *d) {
    _Alignas(struct dirent64) char buf[LIST_BYTES];
    for (;;) {
        long n = syscall(SYS_getdents64, d->fd, buf, sizeof buf);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0;
        for (long at = 0; at < n;) {
            const struct dirent64 *e = (const struct dirent64 *)(const void *)(buf + at);
            at += e->d_reclen;
            if (is_dot(e->d_name)) continue;
            Str name = {e->d_name, strlen(e->d_name)};
            DirEntry one = {.name = {arena_copy(a, name.ptr, name.len + 1, 1), name.len}};
            set_kind(d->fd, e->d_type, &one);
            vec_push(a, &d->list, one);
        }
    }
}

bool dirscan_open(Arena *a, Str path, DirScan *out) {
    DirScan d = {.fd = open(str_to_c(a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (d.fd < 0) return false;
    if (!list_all(a, &d)) {
        close(d.fd);
        return false;
    }
    if (d.list.len > 1) qsort(d.list.v, d.list.len, sizeof *d.list.v, by_name);
    *out = d;
    return true;
}

size_t dirscan_read(const DirScan *d, Str name, char *buf, size_t cap) {
    int fd = openat(d->fd, name.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return SCAN_FAILED;
    size_t len = 0;
    while (len < cap) {
        ssize_t n = read(fd, buf + len, cap - len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            close(fd);
            return SCAN_FAILED;
        }
        if (n == 0) break;
        len += (size_t)n;
        if ((size_t)n < cap / 2) break; // a short read of a regular file is its end
    }
    close(fd);
    return len;
}

int64_t dirscan_changed_ns(const DirScan *d, Str name) {
    struct stat st;
    if (fstatat(d->fd, name.ptr, &st, 0) < 0) return 0;
    return (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

void dirscan_close(DirScan *d) {
    if (d->fd >= 0) close(d->fd);
    d->fd = -1;
}
