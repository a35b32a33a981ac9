// sys/notify.c: inotify.
#include "sys/notify.h"

#include <errno.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

Err notify_new(Arena *a, Notify *out) {
    *out = (Notify){.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
    return out->fd < 0 ? err_io(a, "watch files through", STR("inotify")) : NULL;
}

void notify_free(Notify *n) { (void)close(n->fd); }

Err notify_dir(Arena *a, Notify *n, Str path, uint32_t dir) {
    static const uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
    int watch = inotify_add_watch(n->fd, str_to_c(a, path), events);
    if (watch < 0 && errno == ENOSPC)
        return err_new(a, ERR_LIMIT, 0,
                       "cannot watch " STR_FMT
                       ": no watches left; raise fs.inotify.max_user_watches",
                       STR_ARG(path));
    if (watch < 0) return err_io(a, "watch", path);
    while (n->dirs.len <= (uint32_t)watch) vec_push(a, &n->dirs, UINT32_MAX);
    n->dirs.v[watch] = dir;
    return NULL;
}

static bool wait_for(const Notify *n, int timeout_ms) {
    struct pollfd p = {.fd = n->fd, .events = POLLIN};
    return poll(&p, 1, timeout_ms) > 0;
}

bool notify_waiting(const Notify *n) { return wait_for(n, 0); }

static void add_change(Arena *a, NotifyChanges *out, uint32_t dir, Str name) {
    for (uint32_t i = 0; i < out->len; i++)
        if (out->v[i].dir == dir && str_eq(out->v[i].name, name)) return;
    vec_push(a, out, ((NotifyChange){dir, str_copy(a, name)}));
}

static void read_changes(Arena *a, const Notify *n, NotifyChanges *out) {
    _Alignas(struct inotify_event) char buffer[16 << 10];
    for (ssize_t got; (got = read(n->fd, buffer, sizeof buffer)) > 0;)
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *e = (const void *)(buffer + at);
            bool known = e->wd >= 0 && (uint32_t)e->wd < n->dirs.len && e->len;
            if (known) add_change(a, out, n->dirs.v[e->wd], str_c(e->name));
            at += (ssize_t)(sizeof *e + e->len);
        }
}

Err notify_wait(Arena *a, Notify *n, int timeout_ms, int settle_ms, NotifyChanges *out) {
    *out = (NotifyChanges){0};
    for (int wait = timeout_ms; wait_for(n, wait); wait = settle_ms) read_changes(a, n, out);
    return NULL;
}
