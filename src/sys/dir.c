// sys/dir.c: directories and paths.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

static int by_name(const void *x, const void *y) {
    return str_cmp(((const DirEntry *)x)->name, ((const DirEntry *)y)->name);
}

static FileKind kind_of(int dir_fd, const struct dirent *d, bool *is_link) {
    struct stat st;
    *is_link = d->d_type == DT_LNK;
    if (d->d_type == DT_REG) return FILE_REGULAR;
    if (d->d_type == DT_DIR) return FILE_DIR;
    if (d->d_type != DT_LNK && d->d_type != DT_UNKNOWN) return FILE_OTHER;
    if (d->d_type == DT_UNKNOWN && fstatat(dir_fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        *is_link = S_ISLNK(st.st_mode);
    if (fstatat(dir_fd, d->d_name, &st, 0) < 0) return FILE_NONE;
    return S_ISREG(st.st_mode) ? FILE_REGULAR : S_ISDIR(st.st_mode) ? FILE_DIR : FILE_OTHER;
}

Err dir_list(Arena *a, Str path, DirList *out) {
    DIR *d = opendir(str_to_c(a, path));
    if (!d) return err_io(a, "cannot list", path);
    DirList list = {0};
    for (struct dirent *e; (e = readdir(d));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        DirEntry one = {.name = str_copy(a, str_c(e->d_name))};
        one.kind = kind_of(dirfd(d), e, &one.is_link);
        vec_push(a, &list, one);
    }
    closedir(d);
    if (list.len > 1) qsort(list.v, list.len, sizeof *list.v, by_name);
    *out = list;
    return NULL;
}

Err dir_make(Arena *a, Str path) {
    char *p = str_to_c(a, path);
    for (size_t i = 1; i <= path.len; i++) {
        if (p[i] != '/' && p[i] != 0) continue;
        char was = p[i];
        p[i] = 0;
        if (mkdir(p, 0777) < 0 && errno != EEXIST) return err_io(a, "cannot make", path);
        p[i] = was;
    }
    return file_kind(path) == FILE_DIR
               ? NULL
               : err_new(a, ERR_IO, 0, STR_FMT ": is not a directory", STR_ARG(path));
}

Err dir_temp(Arena *a, const char *prefix, Str *out) {
    const char *tmp = getenv("TMPDIR");
    Str name = str_fmt(a, "%s/%s-XXXXXX", tmp && *tmp ? tmp : "/tmp", prefix);
    if (!mkdtemp((char *)(uintptr_t)name.ptr)) return err_io(a, "cannot make", name);
    *out = name;
    return NULL;
}

static int remove_below(int parent, const char *name) {
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -1;
    fchmod(fd, 0700); // module caches are read-only trees
    DIR *d = fdopendir(fd);
    if (!d) return close(fd), -1;
    int rc = 0;
    for (struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) rc |= remove_below(fd, e->d_name);
    closedir(d);
    return rc | unlinkat(parent, name, AT_REMOVEDIR);
}

Err dir_remove_tree(Arena *a, Str path) {
    return remove_below(AT_FDCWD, str_to_c(a, path)) ? err_io(a, "cannot remove", path) : NULL;
}

Str dir_current(Arena *a) {
    char name[PATH_MAX];
    const char *pwd = getenv("PWD"); // keeps the user's own spelling through links, as Go does
    struct stat x, y;
    if (pwd && pwd[0] == '/' && stat(pwd, &x) == 0 && stat(".", &y) == 0 && x.st_ino == y.st_ino &&
        x.st_dev == y.st_dev)
        return str_copy(a, str_c(pwd));
    return getcwd(name, sizeof name) ? str_copy(a, str_c(name)) : STR(".");
}

Str path_absolute(Arena *a, Str path) {
    return path_clean(a, str_starts(path, STR("/")) ? path : path_join(a, dir_current(a), path));
}

Str path_resolve(Arena *a, Str path) {
    char name[PATH_MAX];
    return realpath(str_to_c(a, path), name) ? str_copy(a, str_c(name)) : (Str){"", 0};
}
