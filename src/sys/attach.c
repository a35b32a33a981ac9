// sys/attach.c: PTRACE_SEIZE and PTRACE_INTERRUPT for every thread, process_vm_readv,
// PTRACE_DETACH.
#include "sys/attach.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

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

bool attach_write(uint32_t pid, uint64_t addr, const void *bytes, size_t size) {
    struct iovec here = {(void *)(uintptr_t)bytes, size}, there = {(void *)(uintptr_t)addr, size};
    return process_vm_writev((pid_t)pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

enum { GATHER_MAX = 512 }; // below IOV_MAX

bool attach_gather(uint32_t pid, const AttachPiece *pieces, size_t count) {
    for (size_t from = 0; from < count; from += GATHER_MAX) {
        struct iovec here[GATHER_MAX], there[GATHER_MAX];
        size_t n = MIN(count - from, (size_t)GATHER_MAX), wanted = 0;
        for (size_t i = 0; i < n; i++) {
            const AttachPiece *p = &pieces[from + i];
            here[i] = (struct iovec){p->out, p->size};
            there[i] = (struct iovec){(void *)(uintptr_t)p->addr, p->size};
            wanted += p->size;
        }
        ssize_t got = process_vm_readv((pid_t)pid, here, n, there, n, 0);
        if (got == (ssize_t)wanted) continue;
        for (size_t i = 0; i < n; i++) // cut somewhere: one by one
            if (!attach_read(pid, pieces[from + i].addr, pieces[from + i].out,
                             pieces[from + i].size))
                return false;
    }
    return true;
}

size_t attach_registers(uint32_t tid, void *out, size_t size) {
    struct iovec v = {out, size};
    if (ptrace(PTRACE_GETREGSET, (pid_t)tid, (void *)(uintptr_t)NT_PRSTATUS, &v) < 0) return 0;
    return v.iov_len;
}

// The kernel's struct pm_scan_arg and struct page_region
// (Documentation/admin-guide/mm/pagemap.rst); Debian 12's headers are older than they are.
typedef struct ScanArg {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
} ScanArg;
typedef struct ScanRegion {
    uint64_t start, end, categories;
} ScanRegion;
enum { SCAN_PRESENT = 1 << 3, SCAN_SWAPPED = 1 << 4, SCAN_ZERO_PAGE = 1 << 5, SCAN_ROOM = 256 };
#define SCAN_REQUEST _IOWR('f', 16, ScanArg)

static int scan(int fd, AttachPages which, uint64_t *at, AttachRun limit, AttachRun *out) {
    ScanRegion regions[SCAN_ROOM];
    ScanArg arg = {.size = sizeof arg,
                   .start = *at,
                   .end = limit.start,
                   .vec = (uint64_t)(uintptr_t)regions,
                   .vec_len = MIN(limit.end, (uint64_t)SCAN_ROOM),
                   .category_inverted = SCAN_ZERO_PAGE,
                   .category_mask = SCAN_ZERO_PAGE,
                   .category_anyof_mask =
                       which == ATTACH_PRESENT ? SCAN_PRESENT : SCAN_PRESENT | SCAN_SWAPPED,
                   .return_mask = SCAN_PRESENT};
    int n = ioctl(fd, SCAN_REQUEST, &arg);
    for (int i = 0; i < n; i++) out[i] = (AttachRun){regions[i].start, regions[i].end};
    if (n >= 0) *at = arg.walk_end;
    return n;
}

// One word a page: bit 63 says that it is there, bit 62 that it is swapped out.
static int read_pagemap(int fd, AttachPages which, uint64_t *at, AttachRun limit, AttachRun *out) {
    enum { PAGES = 4096 };
    uint64_t words[PAGES], page = (uint64_t)sysconf(_SC_PAGESIZE), end = limit.start;
    uint64_t wanted = (uint64_t)(which == ATTACH_PRESENT ? 2 : 3) << 62;
    int room = (int)limit.end;
    int n = 0;
    while (*at < end && n < room) {
        size_t want = (size_t)MIN((end - *at) / page, (uint64_t)PAGES);
        ssize_t got = pread(fd, words, want * 8, (off_t)(*at / page * 8));
        if (got < 8) return -1;
        for (size_t i = 0; i < (size_t)got / 8 && n < room; i++, *at += page) {
            if (!(words[i] & wanted)) continue;
            if (n && out[n - 1].end == *at)
                out[n - 1].end += page;
            else
                out[n++] = (AttachRun){*at, *at + page};
        }
    }
    return n;
}

int attach_resident(uint32_t pid, AttachPages which, uint64_t *at, AttachRun limit,
                    AttachRun *out) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%u/pagemap", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    int n = scan(fd, which, at, limit, out);
    if (n < 0) n = read_pagemap(fd, which, at, limit, out);
    close(fd);
    return n;
}
