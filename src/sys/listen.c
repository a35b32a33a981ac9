// sys/listen.c: see listen.h.
#include "sys/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/clock.h"

static Err failed(Arena *a, int fd, uint16_t port) {
    int number = errno;
    if (fd >= 0) close(fd);
    return err_new(a, ERR_IO, 0, "cannot listen on 127.0.0.1:%u: %s", port, strerror(number));
}

Err listen_loopback(Arena *a, uint16_t port, Listener *out) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return failed(a, fd, port);
    int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;
    if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 64) ||
        getsockname(fd, (struct sockaddr *)&at, &len))
        return failed(a, fd, port);
    *out = (Listener){fd, ntohs(at.sin_port)};
    return NULL;
}

void listen_close(Listener *l) {
    if (l->fd >= 0) close(l->fd);
    l->fd = -1;
}

int listen_accept(const Listener *l) {
    return accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void socket_wait(const int *fds, uint32_t count, bool *ready, int timeout_ms) {
    enum { MOST = 128 };
    struct pollfd list[MOST];
    if (count > MOST) count = MOST;
    for (uint32_t i = 0; i < count; i++) list[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    int n = poll(list, count, timeout_ms);
    for (uint32_t i = 0; i < count; i++) ready[i] = n > 0 && fds[i] >= 0 && list[i].revents != 0;
}

SocketRead socket_read(int fd, char *into, size_t size, size_t *got) {
    ssize_t n = recv(fd, into, size, 0);
    *got = n > 0 ? (size_t)n : 0;
    if (n > 0) return SOCKET_BYTES;
    bool again = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return again ? SOCKET_NOTHING : SOCKET_ENDED;
}

bool socket_write_all(int fd, Str bytes, int timeout_ms) {
    uint64_t until = clock_ns() + (uint64_t)timeout_ms * 1000000;
    while (bytes.len) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n > 0) {
            bytes = str_from(bytes, (size_t)n);
            continue;
        }
        if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return false;
        if (clock_ns() >= until) return false;
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        poll(&p, 1, 100);
    }
    return true;
}

void socket_close(int fd) {
    shutdown(fd, SHUT_WR);
    close(fd);
}

bool random_bytes(void *out, size_t count) {
    for (size_t at = 0; at < count;) {
        ssize_t n = getrandom((char *)out + at, count - at, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += (size_t)n;
    }
    return true;
}
