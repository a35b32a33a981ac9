// sys/listen.h: sockets other programs of this machine connect to: a listening one on 127.0.0.1,
// and what comes in. Nothing here waits longer than it is told to.
#ifndef HEAPWISE_SYS_LISTEN_H
#define HEAPWISE_SYS_LISTEN_H

#include "base/err.h"

typedef struct Listener {
    int fd;
    uint16_t port;
} Listener;
Err listen_loopback(Arena *a, uint16_t port, Listener *out); // port 0: any that is free
void listen_close(Listener *l);
int listen_accept(const Listener *l); // a connection that does not block; -1: none waits

// Sets ready[i] where bytes (or the end) have come; fds that are negative are passed over.
void socket_wait(const int *fds, uint32_t count, bool *ready, int timeout_ms);
typedef enum SocketRead { SOCKET_BYTES, SOCKET_NOTHING, SOCKET_ENDED } SocketRead;
SocketRead socket_read(int fd, char *into, size_t size, size_t *got);
bool socket_write_all(int fd, Str bytes, int timeout_ms); // false: the other side does not take it
void socket_close(int fd);

bool random_bytes(void *out, size_t count); // fit for secrets; false: the system has none

#endif
