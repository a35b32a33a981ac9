// sys/snapshot.c: fork and two pipes. On them a message is its length and its bytes; an answer ends
// with a message of length END or FAILED. An empty question asks nothing: the one before is waived.
#include "sys/snapshot.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    END = UINT32_MAX,
    FAILED = UINT32_MAX - 1,
    NOBODY_ASKS = 77 // exit status
};

static int question_fd = -1, answer_fd = -1; // in a copy

static bool write_all(int fd, const void *bytes, size_t n) {
    for (const char *p = bytes; n;) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static bool read_all(int fd, void *bytes, size_t n) {
    for (char *p = bytes; n;) {
        ssize_t got = read(fd, p, n);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool write_message(int fd, Str s) {
    uint32_t n = (uint32_t)s.len;
    return write_all(fd, &n, sizeof n) && write_all(fd, s.ptr, s.len);
}

// A copy that is gone is no reason to end.
static bool write_quietly(int fd, Str s) {
    static const struct timespec now = {0};
    sigset_t pipe_only, before;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    bool written = write_message(fd, s);
    if (!written) (void)sigtimedwait(&pipe_only, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return written;
}

void snapshot_say(Str message) {
    if (!write_message(answer_fd, message)) _exit(1);
}

bool snapshot_waived(void) {
    struct pollfd p = {.fd = question_fd, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

static bool read_question(Arena *a, int fd, Str *out) {
    uint32_t n;
    if (!read_all(fd, &n, sizeof n)) return false;
    char *p = arena_push(a, (size_t)n + 1, 1, 1);
    *out = (Str){p, n};
    return read_all(fd, p, n);
}

static void answer_next(SnapshotFn *fn, void *ctx) {
    Arena *a = arena_new("snapshot");
    Str question = {0};
    while (!question.len)
        if (!read_question(a, question_fd, &question)) _exit(NOBODY_ASKS);
    fn(ctx, question);
    _exit(0);
}

// Answers questions until nobody can ask any more. The copy that will answer is made before it is
// asked: making one takes a while.
static void serve(SnapshotFn *fn, void *ctx) {
    for (;;) {
        pid_t pid = fork();
        if (pid < 0) _exit(1); // who asks finds the pipes closed
        if (pid == 0) answer_next(fn, ctx);
        int status = 1;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        if (WIFEXITED(status) && WEXITSTATUS(status) == NOBODY_ASKS) _exit(0);
        uint32_t end = status == 0 ? (uint32_t)END : (uint32_t)FAILED;
        if (!write_all(answer_fd, &end, sizeof end)) _exit(0);
    }
}

static void close_both(const int fds[2]) {
    (void)close(fds[0]);
    (void)close(fds[1]);
}

Err snapshot_take(Arena *a, Snapshots *s, SnapshotFn *fn, void *ctx) {
    int to[2], from[2];
    if (pipe(to) < 0) return err_io(a, "copy", STR("this process"));
    pid_t pid = pipe(from) < 0 ? -1 : fork();
    if (pid < 0) {
        close_both(to);
        return err_io(a, "copy", STR("this process"));
    }
    if (pid == 0) {
        for (uint32_t i = 0; i < s->v.len; i++) {
            (void)close(s->v.v[i].to);
            (void)close(s->v.v[i].from);
        }
        (void)close(to[1]);
        (void)close(from[0]);
        question_fd = to[0];
        answer_fd = from[1];
        serve(fn, ctx);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    vec_push(a, &s->v, ((Snapshot){pid, to[1], from[0]}));
    return NULL;
}

void snapshots_drop(Snapshots *s) {
    for (uint32_t i = 0; i < s->v.len; i++) {
        (void)close(s->v.v[i].to);
        (void)close(s->v.v[i].from);
    }
    for (uint32_t i = 0; i < s->v.len; i++)
        while (waitpid(s->v.v[i].pid, NULL, 0) < 0 && errno == EINTR) {}
    s->v.len = 0;
}

Err snapshot_ask(Arena *a, Snapshots *s, uint32_t i, Str question, SnapshotAnswer *out) {
    *out = (SnapshotAnswer){.from = &s->v.v[i]};
    return write_quietly(out->from->to, question)
               ? NULL
               : err_new(a, ERR_IO, 0, "a copy of this process is gone");
}

bool snapshot_next(Arena *a, SnapshotAnswer *answer, Str *message) {
    uint32_t n;
    if (!read_all(answer->from->from, &n, sizeof n)) n = FAILED;
    answer->failed = n == (uint32_t)FAILED;
    if (n == (uint32_t)END || answer->failed) return false;
    char *p = arena_push(a, (size_t)n + 1, 1, 1);
    *message = (Str){p, n};
    if (read_all(answer->from->from, p, n)) return true;
    answer->failed = true;
    return false;
}

void snapshot_waive(const SnapshotAnswer *answer) { write_quietly(answer->from->to, STR("")); }
