// sys/notify.h: directories watched for files that are written, put there or taken away.
// Owns     what is watched, until notify_free.      Threads  one.
#ifndef HEAPWISE_SYS_NOTIFY_H
#define HEAPWISE_SYS_NOTIFY_H

#include "base/err.h"
#include "base/vec.h"

typedef struct Notify {
    int fd;
    U32Vec dirs; // what the caller calls each watch
} Notify;

typedef struct NotifyChange {
    uint32_t dir; // as the caller calls it
    Str name;
} NotifyChange;
typedef VEC(NotifyChange) NotifyChanges;

Err notify_new(Arena *a, Notify *out);
void notify_free(Notify *n);
Err notify_dir(Arena *a, Notify *n, Str path, uint32_t dir);
// Waits for a change at most timeout_ms (-1: as long as it takes), then until none came for
// settle_ms; editors write in steps. None: an interrupt, or the time is over.
Err notify_wait(Arena *a, Notify *n, int timeout_ms, int settle_ms, NotifyChanges *out);
bool notify_waiting(const Notify *n); // a change waits to be read

#endif
