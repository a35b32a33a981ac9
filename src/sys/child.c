// sys/child.c: child.h over fork, execve, poll and /proc.
#include "sys/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/proc.h"
#include "sys/stop.h"

NORETURN static void become(char **argv, int err_fd, int fail_fd, ChildOutput output) {
    stop_unwatch(); // handlers do not outlive exec, but the time before it counts too
    int to = output == CHILD_OUTPUT_TO_STDERR ? 2
             : output == CHILD_OUTPUT_DROPPED ? open("/dev/null", O_WRONLY)
                                              : 1;
    bool moved = to == 1 || (to >= 0 && dup2(to, 1) >= 0);
    if (moved && dup2(err_fd, 2) >= 0) execv(argv[0], argv);
    int code = errno;
    if (write(fail_fd, &code, sizeof code) < 0) _exit(126);
    _exit(127);
}

static void set_environment(Arena *a, const StrVec *env) {
    for (uint32_t i = 0; i < env->len; i++) {
        Str value = env->v[i];
        Str name = str_split(&value, '=');
        setenv(str_to_c(a, name), str_to_c(a, value), 1);
    }
}

Err child_start(Arena *a, const StrVec *argv, const StrVec *env, ChildOutput output, Child *out) {
    ASSERT(argv->len > 0);
    Str path = proc_find(a, argv->v[0]);
    if (!path.len) return err_new(a, ERR_IO, 0, STR_FMT ": no such program", STR_ARG(argv->v[0]));
    char **args = NEW_ARRAY(a, char *, argv->len + 1);
    for (uint32_t i = 0; i < argv->len; i++) args[i] = str_to_c(a, argv->v[i]);
    args[0] = str_to_c(a, path);
    int err[2], fail[2];
    if (pipe2(err, O_CLOEXEC)) return err_io(a, "cannot make a pipe for", path);
    if (pipe2(fail, O_CLOEXEC)) {
        close(err[0]), close(err[1]);
        return err_io(a, "cannot make a pipe for", path);
    }
    stop_watch();
    pid_t pid = fork();
    if (pid == 0) {
        set_environment(a, env);
        become(args, err[1], fail[1], output);
    }
    close(err[1]), close(fail[1]);
    int code = pid < 0 ? errno : 0;
    if (pid > 0 && read(fail[0], &code, sizeof code) != (ssize_t)sizeof code) code = 0;
    close(fail[0]);
    if (code) {
        if (pid > 0) waitpid(pid, NULL, 0);
        close(err[0]);
        stop_unwatch();
        errno = code;
        return err_io(a, "cannot start", path);
    }
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    *out = (Child){.pid = pid, .err_fd = err[0]};
    return NULL;
}

// A signal that the terminal sent has reached the child already.
static void pass_signal(Child *c) {
    if (c->told || !stop_asked()) return;
    c->told = true;
    int number = stop_signal();
    bool both = number == SIGINT && isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
    if (number && !both) kill(c->pid, number);
}

static bool has_ended(const Child *c) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == c->pid;
}

ChildEvent child_read(Child *c, char *into, size_t size, int timeout_ms, size_t *got) {
    *got = 0;
    struct pollfd fd = {c->err_fd, POLLIN, 0};
    int ready = poll(&fd, 1, timeout_ms);
    pass_signal(c);
    if (ready > 0) {
        ssize_t n = read(c->err_fd, into, size);
        if (n > 0) {
            *got = (size_t)n;
            return CHILD_BYTES;
        }
        if (n == 0) return CHILD_CLOSED;
        return errno == EAGAIN || errno == EINTR ? CHILD_QUIET : CHILD_CLOSED;
    }
    // A grandchild may hold the pipe open for ever: nothing more to wait for once ours has ended.
    return ready == 0 && has_ended(c) ? CHILD_CLOSED : CHILD_QUIET;
}

static uint64_t timeval_ns(struct timeval t) {
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_usec * 1000u;
}

Err child_wait(Arena *a, Child *c, ChildEnd *out) {
    int status;
    struct rusage usage;
    while (wait4(c->pid, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return err_io(a, "cannot wait for", str_fmt(a, "process %d", (int)c->pid));
    close(c->err_fd);
    stop_unwatch();
    *out = (ChildEnd){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .user_ns = timeval_ns(usage.ru_utime),
        .system_ns = timeval_ns(usage.ru_stime),
        .peak_rss = (uint64_t)usage.ru_maxrss << 10,
    };
    return NULL;
}

// "VmHWM:	    1234 kB"
static uint64_t status_kib(Str text, Str name) {
    while (text.len) {
        Str line = str_line(&text);
        if (!str_cut_prefix(&line, name)) continue;
        line = str_trim(line);
        uint64_t n = 0;
        (void)str_to_u64(str_split(&line, ' '), &n);
        return n << 10;
    }
    return 0;
}

// "on a CPU, waiting for one, turns", in nanoseconds.
static void add_thread(Arena *a, Str path, ProcessFacts *f) {
    Str text;
    uint64_t run, wait;
    if (!file_try_read(a, str_to_c(a, path), &text)) return;
    if (!str_to_u64(str_split(&text, ' '), &run) || !str_to_u64(str_split(&text, ' '), &wait))
        return;
    f->run_ns += run;
    f->wait_ns += wait;
    f->threads++;
}

bool process_facts(Arena *a, pid_t pid, ProcessFacts *out) {
    ArenaMark mark = arena_mark(a);
    Str text, tasks = str_fmt(a, "/proc/%d/task", (int)pid);
    ProcessFacts f = {0};
    bool there = file_try_read(a, str_to_c(a, str_fmt(a, "/proc/%d/status", (int)pid)), &text);
    if (there) {
        f.rss = status_kib(text, STR("VmRSS:"));
        f.rss_anon = status_kib(text, STR("RssAnon:"));
        f.peak_rss = status_kib(text, STR("VmHWM:"));
        DirList list;
        if (!dir_list(a, tasks, &list))
            for (uint32_t i = 0; i < list.len; i++)
                add_thread(a,
                           str_fmt(a, STR_FMT "/" STR_FMT "/schedstat", STR_ARG(tasks),
                                   STR_ARG(list.v[i].name)),
                           &f);
    }
    arena_pop_to(mark);
    if (there && f.rss) *out = f;
    return there && f.rss;
}
