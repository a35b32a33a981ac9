// sys/dirscan.h: one directory listed and many of its files read, with few system calls: names are
// looked up in the open directory, and small files cost open, read, close.
// Failure  false or SCAN_FAILED without a message: a missing directory is an answer here.
#ifndef HEAPWISE_SYS_DIRSCAN_H
#define HEAPWISE_SYS_DIRSCAN_H

#include "sys/file.h"

#define SCAN_FAILED ((size_t)-1)

typedef struct DirScan {
    int fd;
    DirList list; // sorted by name; each name is followed by a NUL
} DirScan;

bool dirscan_open(Arena *a, Str path, DirScan *out);
// Up to cap bytes of the file from its start; fewer mean it ends there.
size_t dirscan_read(const DirScan *d, Str name, char *buf, size_t cap);
int64_t dirscan_changed_ns(const DirScan *d, Str name); // when last written, 0 when unknown
void dirscan_close(DirScan *d);

#endif
