// sys/attach.c: PTRACE_SEIZE and PTRACE_INTERRUPT for every thread, process_vm_readv,
// PTRACE_DETACH.
#include "sys/attach.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "sys/file.h"

static bool is_seized(const Attach *t, uint32_t tid) {
    for (uint32_t i = 0; i < t->threads.len; i++)
        if (t->threads.v[i] == tid) return true;
    return false;
}

static Err refused(Arena *a, int number) {
    if (number == ESRCH) return err_new(a, ERR_IO, 0, "no such process (it may have ended)");
    if (number == EPERM || number == EACCES)
        return err_new(a, ERR_IO, 0,
                       "not permitted to look into this process: run as its user, or with "
                       "CAP_SYS_PTRACE; /proc/sys/kernel/yama/ptrace_scope above 0 forbids it to "
                       "its user too, and so does another debugger");
    return err_new(a, ERR_IO, 0, "cannot stop it: %s", strerror(number));
}

// Waits until one seized thread has stopped. A signal that stops it on its way is handed back to
// it.
static bool wait_stopped(uint32_t tid) {
    for (;;) {
        int status;
        if (waitpid((pid_t)tid, &status, __WALL) < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        if (!WIFSTOPPED(status)) return false; // it ended
        if (status >> 16 == PTRACE_EVENT_STOP) return true;
        if (ptrace(PTRACE_CONT, (pid_t)tid, NULL, (void *)(uintptr_t)WSTOPSIG(status)) < 0)
            return false;
    }
}

// Seizes threads not seen before; how many there were. A thread that ends meanwhile is none.
static Err seize_new(Arena *a, Attach *t, uint32_t *count) {
    DirList tasks;
    *count = 0;
    if (dir_list(a, str_fmt(a, "/proc/%u/task", t->pid), &tasks)) return refused(a, ESRCH);
    for (uint32_t i = 0; i < tasks.len; i++) {
        uint64_t tid;
        if (!str_to_u64(tasks.v[i].name, &tid) || is_seized(t, (uint32_t)tid)) continue;
        if (ptrace(PTRACE_SEIZE, (pid_t)tid, NULL, NULL) < 0) {
            if (errno == ESRCH && tid != t->pid) continue;
            return refused(a, errno);
        }
        if (ptrace(PTRACE_INTERRUPT, (pid_t)tid, NULL, NULL) == 0 && wait_stopped((uint32_t)tid)) {
            vec_push(a, &t->threads, (uint32_t)tid);
            *count += 1;
        } else if (tid == t->pid) {
            return refused(a, ESRCH);
        }
    }
    return NULL;
}

Err attach_stop(Arena *a, uint32_t pid, Attach *out) {
    Attach t = {.pid = pid};
    uint32_t count;
    do { // a running thread may have started another while the list was read
        Err err = seize_new(a, &t, &count);
        if (err) {
            attach_go(&t);
            return err;
        }
    } while (count);
    *out = t;
    return NULL;
}

void attach_go(Attach *t) {
    for (uint32_t i = 0; i < t->threads.len; i++)
        (void)ptrace(PTRACE_DETACH, (pid_t)t->threads.v[i], NULL, NULL);
    t->threads.len = 0;
}

bool attach_read(uint32_t pid, uint64_t addr, void *out, size_t size) {
    char *to = out;
    while (size) { // a read stops where a page is not there, and may stop short elsewhere
        struct iovec here = {to, size}, there = {(void *)(uintptr_t)addr, size};
        ssize_t n = process_vm_readv((pid_t)pid, &here, 1, &there, 1, 0);
        if (n <= 0) return false;
        to += n;
        addr += (uint64_t)n;
        size -= (size_t)n;
    }
    return true;
}
