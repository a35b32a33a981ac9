// sys/proc.h: running other programs, with their output kept or passed on.
#ifndef HEAPWISE_SYS_PROC_H
#define HEAPWISE_SYS_PROC_H

#include "base/err.h"
#include "base/vec.h"

typedef struct ProcSpec {
    StrVec argv;         // argv.v[0] is looked up in PATH
    StrVec env;          // "NAME=value" set on top of ours; "NAME=" alone keeps it empty
    Str dir;             // working directory; empty is ours
    Str input;           // fed to its standard input; empty: /dev/null
    int timeout_ms;      // 0: none. After it the child's process group is killed
    bool inherit_stderr; // its standard error goes where ours goes
} ProcSpec;

typedef struct ProcResult {
    Str out, err; // what it wrote
    int status;   // exit status, or 128 + signal
    bool timed_out;
} ProcResult;

// Runs to the end. Err only when it could not be started or read; a bad status is not an Err.
Err proc_run(Arena *a, const ProcSpec *spec, ProcResult *out);
uint32_t proc_self(void);          // our own number
bool proc_is_alive(uint64_t pid);  // whoever it belongs to
Str proc_find(Arena *a, Str name); // full path through PATH, empty when absent

#endif
