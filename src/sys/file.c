// sys/file.c: reading and writing whole files.
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Reads fd to its end into an arena buffer.
static Err read_all(Arena *a, int fd, Str path, size_t limit, Str *out) {
    Buf b = buf_new(a);
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        buf_room(&b, MIN((size_t)st.st_size, limit) + 1);
    for (;;) {
        if (b.len > limit)
            return err_new(a, ERR_LIMIT, b.len, STR_FMT ": larger than the limit of %zu bytes",
                           STR_ARG(path), limit);
        size_t room = MAX(b.cap - b.len, (size_t)1);
        ssize_t n = read(fd, buf_room(&b, room), room);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return err_io(a, "cannot read", path);
        if (n == 0) break;
        b.len += (size_t)n;
    }
    *out = buf_view(&b);
    return NULL;
}

Err file_read_limit(Arena *a, Str path, size_t limit, Str *out) {
    if (str_eq(path, STR("-"))) return read_all(a, STDIN_FILENO, STR("standard input"), limit, out);
    int fd = open(str_to_c(a, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return err_io(a, "cannot open", path);
    Err e = read_all(a, fd, path, limit, out);
    close(fd);
    return e;
}

Err file_read(Arena *a, Str path, Str *out) { return file_read_limit(a, path, SIZE_MAX / 4, out); }

bool file_try_read(Arena *a, const char *path, Str *out) {
    Str text;
    if (file_read(a, str_c(path), &text)) return false;
    *out = text;
    return true;
}

Err file_map(Arena *a, Str path, FileMap *out) {
    int fd = open(str_to_c(a, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return err_io(a, "cannot open", path);
    struct stat st;
    FileMap m = {.bytes = {"", 0}};
    Err e = NULL;
    if (fstat(fd, &st) < 0) {
        e = err_io(a, "cannot read", path);
    } else if (!S_ISREG(st.st_mode)) {
        e = S_ISDIR(st.st_mode) ? err_new(a, ERR_IO, 0, STR_FMT ": is a directory", STR_ARG(path))
                                : file_read(a, path, &m.bytes);
    } else if (st.st_size > 0) {
        m.size = (size_t)st.st_size;
        m.base = mmap(NULL, m.size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (m.base == MAP_FAILED)
            e = err_io(a, "cannot map", path);
        else
            m.bytes = (Str){m.base, m.size};
    }
    close(fd);
    if (!e) *out = m;
    return e;
}

void file_unmap(FileMap *m) {
    if (m->base) munmap(m->base, m->size);
    *m = (FileMap){.bytes = {"", 0}};
}

Err file_map_fd(Arena *a, int fd, FileMap *out) {
    struct stat st;
    if (fstat(fd, &st) < 0) return err_io(a, "cannot read", STR("a temporary file"));
    FileMap m = {.bytes = {"", 0}, .size = (size_t)st.st_size};
    if (m.size) {
        m.base = mmap(NULL, m.size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (m.base == MAP_FAILED) return err_io(a, "cannot map", STR("a temporary file"));
        m.bytes = (Str){m.base, m.size};
    }
    *out = m;
    return NULL;
}

Err file_temp(Arena *a, int *fd) {
    const char *dir = getenv("TMPDIR");
    Str base = str_c(dir && *dir ? dir : "/tmp");
    char *path = str_to_c(a, str_join2(a, base, STR("/heapwise-XXXXXX")));
    *fd = mkostemp(path, O_CLOEXEC);
    if (*fd < 0) return err_io(a, "cannot make a file in", base);
    unlink(path);
    return NULL;
}

void file_map_release(const FileMap *m) {
    if (m->base) madvise(m->base, m->size, MADV_DONTNEED); // read-only and backed by the file
}

Err file_write_fd(Arena *a, int fd, Str bytes, Str name) {
    while (bytes.len) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return err_io(a, "cannot write", name);
        bytes = str_from(bytes, (size_t)n);
    }
    return NULL;
}

// A device or a pipe is written to: renaming would put a file in its place (/dev/null has died so).
static Err write_through(Arena *a, Str path, Str bytes) {
    int fd = open(str_to_c(a, path), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return err_io(a, "cannot write", path);
    Err e = file_write_fd(a, fd, bytes, path);
    if (close(fd) < 0 && !e) e = err_io(a, "cannot write", path);
    return e;
}

Err file_write(Arena *a, Str path, Str bytes) {
    if (file_kind(path) == FILE_OTHER) return write_through(a, path, bytes);
    Str part = str_fmt(a, STR_FMT ".tmp-%ld", STR_ARG(path), (long)getpid());
    const char *part_c = part.ptr;
    int fd = open(part_c, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return err_io(a, "cannot write", path);
    Err e = file_write_fd(a, fd, bytes, path);
    if (close(fd) < 0 && !e) e = err_io(a, "cannot write", path);
    if (!e && rename(part_c, str_to_c(a, path)) < 0) e = err_io(a, "cannot replace", path);
    if (e) unlink(part_c);
    return e;
}

static bool c_path(Str path, char *name, size_t cap) {
    if (path.len >= cap || str_find_byte(path, '\0') != STR_NONE) return false;
    if (path.len) memcpy(name, path.ptr, path.len);
    name[path.len] = 0;
    return true;
}

static bool stat_path(Str path, struct stat *st) {
    char name[4096];
    return c_path(path, name, sizeof name) && stat(name, st) == 0;
}

FileKind file_kind(Str path) {
    struct stat st;
    if (!stat_path(path, &st)) return FILE_NONE;
    return S_ISREG(st.st_mode) ? FILE_REGULAR : S_ISDIR(st.st_mode) ? FILE_DIR : FILE_OTHER;
}

bool file_exists(Str path) { return file_kind(path) != FILE_NONE; }

static bool lstat_path(Str path, struct stat *st) {
    char name[4096];
    if (!c_path(path, name, sizeof name)) return false;
    return lstat(name, st) == 0;
}

bool file_is_link(Str path) {
    struct stat st;
    return lstat_path(path, &st) && S_ISLNK(st.st_mode);
}

bool file_lexists(Str path) {
    struct stat st;
    return lstat_path(path, &st);
}

int64_t file_size(Str path) {
    struct stat st;
    return stat_path(path, &st) ? (int64_t)st.st_size : -1;
}

int64_t file_modified_s(Str path) {
    struct stat st;
    return stat_path(path, &st) ? (int64_t)st.st_mtime : -1;
}

void file_touch(Str path) {
    char name[4096];
    if (c_path(path, name, sizeof name)) (void)utimensat(AT_FDCWD, name, NULL, 0);
}

bool file_remove(Str path) {
    char name[4096];
    return c_path(path, name, sizeof name) && unlink(name) == 0;
}

Err file_link(Arena *a, Str from, Str to) {
    if (!link(str_to_c(a, from), str_to_c(a, to))) return NULL;
    if (errno != EXDEV) return err_io(a, "link", to);
    return err_new(a, ERR_LIMIT, 0, STR_FMT ": not on the file system of " STR_FMT, STR_ARG(to),
                   STR_ARG(from));
}

bool file_executable(Str path) {
    struct stat st;
    return stat_path(path, &st) && S_ISREG(st.st_mode) && (st.st_mode & 0111);
}
