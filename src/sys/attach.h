// sys/attach.h: another process held still for a moment and its memory read (Linux).
// The process is never changed but by attach_write: it is seized without any option, so that it
// runs on when we die, and its memory is read. Every thread is stopped before attach_stop returns.
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
// Only where somebody has asked for a change.
bool attach_write(uint32_t pid, uint64_t addr, const void *bytes, size_t size);
typedef struct AttachPiece {
    uint64_t addr;
    void *out;
    size_t size;
} AttachPiece;
// Many pieces with few system calls. False: some could not be read whole.
bool attach_gather(uint32_t pid, const AttachPiece *pieces, size_t count);
// A stopped thread's general registers as the kernel gives them (NT_PRSTATUS); how many bytes.
size_t attach_registers(uint32_t tid, void *out, size_t size);
// Runs of pages between two addresses that are in memory, the shared zero page left out where the
// kernel says so (6.7 on): at most `room` runs, [start, end) each, from *at on; *at moves behind
// what was looked at.  Failure: -1, not permitted or gone.
typedef struct AttachRun {
    uint64_t start, end;
} AttachRun;
typedef enum AttachPages { ATTACH_PRESENT, ATTACH_SWAPPED_TOO } AttachPages;
int attach_resident(uint32_t pid, AttachPages which, uint64_t *at, AttachRun limit,
                    AttachRun *out); // limit: {end, room}

#endif
