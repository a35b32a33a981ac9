// tests/unit/sys/attach.c: a process of ours is stopped, read, let go; and goes on when whoever
// holds it is killed.
#include "sys/attach.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

typedef struct Shared {
    volatile uint64_t counter; // the target counts
    volatile int attached;     // 1: stopped by the holder, -1: refused
} Shared;

static void nap(void) { nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL); }

static pid_t start_target(Shared *shared) {
    pid_t pid = fork();
    if (pid) return pid;
    for (;;) {
        shared->counter++;
        if (shared->counter % 1000 == 0) nap();
    }
}

static bool counts_on(const Shared *shared) {
    uint64_t before = shared->counter;
    for (int i = 0; i < 1000; i++) {
        nap();
        if (shared->counter != before) return true;
    }
    return false;
}

static bool stands_still(const Shared *shared) {
    uint64_t before = shared->counter;
    for (int i = 0; i < 10; i++) nap();
    return shared->counter == before;
}

static Shared *shared_new(void) {
    return mmap(NULL, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static void end(pid_t pid) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

TEST(a_process_stands_still_and_goes_on) {
    Shared *shared = shared_new();
    uint64_t secret = 0x5eed, seen = 0;
    pid_t pid = start_target(shared);
    CHECK(t, counts_on(shared));
    for (int i = 0; i < 20; i++) {
        Attach held;
        CHECK_OK(t, attach_stop(t->arena, (uint32_t)pid, &held));
        if (i == 0) CHECK(t, stands_still(shared));
        CHECK(t, attach_read((uint32_t)pid, (uint64_t)(uintptr_t)&secret, &seen, sizeof seen));
        CHECK_EQ(t, seen, secret);
        CHECK(t, !attach_read((uint32_t)pid, 8, &seen, sizeof seen));
        attach_go(&held);
    }
    CHECK(t, counts_on(shared));
    end(pid);
}

TEST(it_goes_on_when_its_holder_is_killed) {
    Shared *shared = shared_new();
    pid_t target = start_target(shared), holder = fork();
    if (holder == 0) {
        Attach held;
        shared->attached = attach_stop(t->arena, (uint32_t)target, &held) ? -1 : 1;
        for (;;) nap();
    }
    while (!shared->attached) nap();
    if (shared->attached > 0) { // not allowed where only ancestors may trace
        CHECK(t, stands_still(shared));
        end(holder);
        CHECK(t, counts_on(shared));
    } else {
        end(holder);
    }
    end(target);
}

TEST(no_such_process) {
    Attach held;
    CHECK_ERR(t, attach_stop(t->arena, INT32_MAX, &held), "no such process");
}
