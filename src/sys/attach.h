// sys/attach.h: another process held still for a moment and its memory read (Linux).
// The process is never changed: it is seized without any option, so that it runs on when we die,
// and its memory is only read. Every thread is stopped before attach_stop returns.
// Threads  the thread that called attach_stop must call attach_go: ptrace belongs to it.
#ifndef HEAPWISE_SYS_ATTACH_H
#define HEAPWISE_SYS_ATTACH_H

#include "base/err.h"
#include "base/vec.h"

typedef struct Attach {
    uint32_t pid;
    U32Vec threads; // seized by us
} Attach;

// Failure  no such process, no permission (the setting that decides is named), or a process that
//          ends midway; whatever was stopped runs again.
Err attach_stop(Arena *a, uint32_t pid, Attach *out);
void attach_go(Attach *t); // lets every thread run; fine when the process is gone
// Bytes at an address of that process, all or nothing.
bool attach_read(uint32_t pid, uint64_t addr, void *out, size_t size);

#endif
