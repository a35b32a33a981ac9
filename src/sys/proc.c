// sys/proc.c: fork, exec, and both pipes drained together.
#include "sys/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "sys/clock.h"
#include "sys/file.h"

typedef struct Pipes {
    int in[2], out[2], err[2], fail[2]; // fail: errno of an exec that did not happen
} Pipes;

uint32_t proc_self(void) { return (uint32_t)getpid(); }

bool proc_is_alive(uint64_t pid) {
    if (pid == 0 || pid > INT32_MAX) return false;
    return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

Str proc_find(Arena *a, Str name) {
    if (str_find_byte(name, '/') != STR_NONE) return file_executable(name) ? name : (Str){"", 0};
    Str path = str_c(getenv("PATH"));
    while (path.len) {
        Str dir = str_split(&path, ':');
        Str full = path_join(a, dir.len ? dir : STR("."), name);
        if (file_executable(full)) return full;
    }
    return (Str){"", 0};
}

static char **environment(Arena *a, const StrVec *extra) {
    extern char **environ;
    VEC(char *) env = {0};
    for (char **e = environ; *e; e++) {
        Str have = str_c(*e);
        bool replaced = false;
        for (uint32_t i = 0; i < extra->len; i++) {
            size_t eq = str_find_byte(extra->v[i], '=');
            replaced |= str_starts(have, str_to(extra->v[i], eq + 1));
        }
        if (!replaced) vec_push(a, &env, *e);
    }
    for (uint32_t i = 0; i < extra->len; i++) vec_push(a, &env, str_to_c(a, extra->v[i]));
    vec_push(a, &env, NULL);
    return env.v;
}

NORETURN static void child(const Pipes *p, char **argv, char **env, const char *dir,
                           bool keep_err) {
    setpgid(0, 0);
    if (dup2(p->in[0], 0) >= 0 && dup2(p->out[1], 1) >= 0 &&
        (keep_err || dup2(p->err[1], 2) >= 0) && (!dir || chdir(dir) == 0)) {
        signal(SIGPIPE, SIG_DFL);
        execve(argv[0], argv, env);
    }
    int code = errno;
    if (write(p->fail[1], &code, sizeof code) < 0) _exit(126);
    _exit(127);
}

static void shut(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static bool drain(int *fd, Buf *into) {
    ssize_t n = read(*fd, buf_room(into, 65536), 65536);
    if (n > 0)
        into->len += (size_t)n;
    else if (n == 0 || errno != EINTR)
        shut(fd);
    return n > 0;
}

static void feed(int *fd, Str *input) {
    ssize_t n = input->len ? write(*fd, input->ptr, input->len) : 0;
    if (n > 0) *input = str_from(*input, (size_t)n);
    if (!input->len || (n < 0 && errno != EINTR && errno != EAGAIN)) shut(fd);
}

// Moves bytes until both outputs are closed; false when the time is up.
static bool pump(Pipes *p, Str input, uint64_t deadline_ns, Buf *out, Buf *err) {
    while (p->out[0] >= 0 || p->err[0] >= 0) {
        struct pollfd fds[3] = {
            {p->out[0], POLLIN, 0}, {p->err[0], POLLIN, 0}, {p->in[1], POLLOUT, 0}};
        int wait_ms = -1;
        if (deadline_ns) {
            uint64_t now = clock_ns();
            if (now >= deadline_ns) return false;
            wait_ms = (int)MIN((deadline_ns - now) / 1000000 + 1, (uint64_t)1000000);
        }
        if (poll(fds, 3, wait_ms) < 0 && errno != EINTR) return true;
        if (fds[0].revents) drain(&p->out[0], out);
        if (fds[1].revents) drain(&p->err[0], err);
        if (fds[2].revents) feed(&p->in[1], &input);
    }
    return true;
}

static int reap(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool open_pipes(Pipes *p) {
    *p = (Pipes){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    return !pipe2(p->in, O_CLOEXEC) && !pipe2(p->out, O_CLOEXEC) && !pipe2(p->err, O_CLOEXEC) &&
           !pipe2(p->fail, O_CLOEXEC) && fcntl(p->in[1], F_SETFL, O_NONBLOCK) >= 0;
}

static void close_pipes(Pipes *p) {
    for (int i = 0; i < 2; i++) {
        shut(&p->in[i]);
        shut(&p->out[i]);
        shut(&p->err[i]);
        shut(&p->fail[i]);
    }
}

static Err run_child(Arena *a, Pipes *p, const ProcSpec *spec, char **argv, ProcResult *out) {
    char **env = environment(a, &spec->env);
    const char *dir = spec->dir.len ? str_to_c(a, spec->dir) : NULL;
    pid_t pid = fork();
    if (pid < 0) return err_io(a, "cannot start", spec->argv.v[0]);
    if (pid == 0) child(p, argv, env, dir, spec->inherit_stderr);
    shut(&p->in[0]);
    shut(&p->out[1]);
    shut(&p->err[1]);
    shut(&p->fail[1]);
    Buf stdout_bytes = buf_new(a), stderr_bytes = buf_new(arena_new("stderr"));
    uint64_t deadline = spec->timeout_ms ? clock_ns() + (uint64_t)spec->timeout_ms * 1000000 : 0;
    ProcResult r = {.timed_out = !pump(p, spec->input, deadline, &stdout_bytes, &stderr_bytes)};
    if (r.timed_out) kill(-pid, SIGKILL);
    r.status = reap(pid);
    r.out = buf_view(&stdout_bytes);
    r.err = str_copy(a, buf_view(&stderr_bytes));
    arena_free(stderr_bytes.arena);
    int code;
    if (read(p->fail[0], &code, sizeof code) == sizeof code) {
        errno = code;
        return err_io(a, "cannot start", spec->argv.v[0]);
    }
    *out = r;
    return NULL;
}

Err proc_run(Arena *a, const ProcSpec *spec, ProcResult *out) {
    Str program = proc_find(a, spec->argv.v[0]);
    if (!program.len)
        return err_new(a, ERR_IO, 0, STR_FMT ": no such program in PATH", STR_ARG(spec->argv.v[0]));
    VEC(char *) argv = {0};
    vec_push(a, &argv, str_to_c(a, program));
    for (uint32_t i = 1; i < spec->argv.len; i++) vec_push(a, &argv, str_to_c(a, spec->argv.v[i]));
    vec_push(a, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    Pipes p;
    Err e = open_pipes(&p) ? run_child(a, &p, spec, argv.v, out)
                           : err_io(a, "cannot open a pipe for", program);
    close_pipes(&p);
    return e;
}
