// sys/file.h: files and directories: whole-file reads, mapped reads, writes that replace by rename.
// Failure  Err with the path and the system's reason, allocated in the arena given.
// Paths    Str; a NUL-terminated copy is made inside.
#ifndef HEAPWISE_SYS_FILE_H
#define HEAPWISE_SYS_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/path.h"
#include "base/vec.h"

Err file_read(Arena *a, Str path, Str *out); // "-" is standard input
// Reads at most limit bytes; more is ERR_LIMIT.
Err file_read_limit(Arena *a, Str path, size_t limit, Str *out);
bool file_try_read(Arena *a, const char *path,
                   Str *out); // false: not there or unreadable; no message

typedef struct FileMap {
    Str bytes;
    void *base;
    size_t size;
} FileMap;
Err file_map(Arena *a, Str path, FileMap *out); // read-only; unmap when done
void file_unmap(FileMap *m);
Err file_map_fd(Arena *a, int fd, FileMap *out);
// A file without a name under $TMPDIR: it goes when it is closed and no longer mapped.
Err file_temp(Arena *a, int *fd);
// Gives the pages read so far back to the system; they are read again when they are looked at.
void file_map_release(const FileMap *m);

// Writes path.tmp-PID beside it and renames: readers see the old file or the whole new one.
// What is there and no regular file (/dev/null, a pipe) is written to instead.
Err file_write(Arena *a, Str path, Str bytes);
Err file_write_fd(Arena *a, int fd, Str bytes, Str name); // all of it, or an error

typedef enum FileKind { FILE_NONE, FILE_REGULAR, FILE_DIR, FILE_OTHER } FileKind;
FileKind file_kind(Str path); // follows links
bool file_exists(Str path);
bool file_is_link(Str path); // itself, whatever it leads to
bool file_lexists(Str path); // a link that leads nowhere counts
int64_t file_size(Str path); // -1: not there
bool file_executable(Str path);
int64_t file_modified_s(Str path); // seconds since 1970; -1: not there
void file_touch(Str path);         // as if it had been written now
bool file_remove(Str path);        // false: it is not there, or cannot be
// A second name for the same file. ERR_LIMIT: the two places are on different file systems.
Err file_link(Arena *a, Str from, Str to);

typedef struct DirEntry {
    Str name;
    FileKind kind; // of a link: what it leads to
    bool is_link;
} DirEntry;
typedef VEC(DirEntry) DirList;
Err dir_list(Arena *a, Str path, DirList *out);       // sorted by name, without "." and ".."
Err dir_make(Arena *a, Str path);                     // with its parents; fine when there
Err dir_temp(Arena *a, const char *prefix, Str *out); // a new directory under $TMPDIR
Err dir_remove_tree(Arena *a, Str path); // everything below and itself; fine when absent
Str dir_current(Arena *a);

// Of paths as text: base/path.h.
Str path_absolute(Arena *a, Str path); // cleaned, from the current directory
Str path_resolve(Arena *a, Str path);  // links followed (realpath); empty when not there

#endif
