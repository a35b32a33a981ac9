// sys/child.h: a program that runs beside us for a while, its standard error read as it comes, and
// what the kernel says of a process meanwhile.
// Owns     the pipe and the process, until child_wait.      Threads  one.
// Signals  while a child runs, the first SIGTERM, SIGHUP or SIGINT sent to us goes on to it (unless
// a
//          terminal sent it to both) and we read on until it ends; a second one ends us.
#ifndef HEAPWISE_SYS_CHILD_H
#define HEAPWISE_SYS_CHILD_H

#include <sys/types.h>

#include "base/err.h"
#include "base/vec.h"

typedef struct Child {
    pid_t pid;
    int err_fd; // what it writes to standard error; not blocking
    bool told;  // the signal that asked us to end was passed on
} Child;

typedef struct ChildEnd {
    int status; // exit status, or 128 + signal
    uint64_t user_ns, system_ns;
    uint64_t peak_rss; // bytes
} ChildEnd;

typedef enum ChildOutput {
    CHILD_OUTPUT_OURS,
    CHILD_OUTPUT_TO_STDERR,
    CHILD_OUTPUT_DROPPED
} ChildOutput;
// env: "NAME=value" on top of ours. output: where its standard output goes.
Err child_start(Arena *a, const StrVec *argv, const StrVec *env, ChildOutput output, Child *out);

typedef enum ChildEvent { CHILD_BYTES, CHILD_QUIET, CHILD_CLOSED } ChildEvent;
// Waits at most timeout_ms for bytes of its standard error; never longer, so the pipe never fills
// while the caller works on what came.
ChildEvent child_read(Child *c, char *into, size_t size, int timeout_ms, size_t *got);
Err child_wait(Arena *a, Child *c, ChildEnd *out); // also closes the pipe

typedef struct ProcessFacts {
    uint64_t rss, rss_anon, peak_rss; // bytes
    uint64_t run_ns, wait_ns;         // of all threads: on a CPU, and waiting for one
    uint32_t threads;
} ProcessFacts;
bool process_facts(Arena *a, pid_t pid, ProcessFacts *out); // false: it is gone, or not ours to see

#endif
