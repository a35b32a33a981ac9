// web/serve.c: connections: read until a head is whole, answered, closed. Browsers open some that
// they never use; those wait beside the others and are closed after a while.
#include <string.h>

#include "base/buf.h"
#include "sys/clock.h"
#include "sys/stop.h"
#include "web/web.h"

enum { CONNECTIONS = 64, HEAD_MOST = 16384, IDLE_MS = 20000, WRITE_MS = 20000 };

typedef struct Waiting {
    int fd; // -1: free
    uint64_t since_ns;
    uint32_t len;
    char head[HEAD_MOST];
} Waiting;

typedef struct Serve {
    const Web *w;
    const WebSite *site;
    Waiting *list; // CONNECTIONS of them
} Serve;

Err web_open(Arena *a, uint16_t port, Web *out) {
    unsigned char secret[WEB_TOKEN_CHARS / 2];
    Web w;
    if (!random_bytes(secret, sizeof secret))
        return err_new(a, ERR_IO, 0, "the system gives no random bytes for the address");
    for (size_t i = 0; i < sizeof secret; i++) {
        w.token[2 * i] = "0123456789abcdef"[secret[i] >> 4];
        w.token[2 * i + 1] = "0123456789abcdef"[secret[i] & 15];
    }
    TRY(listen_loopback(a, port, &w.listener));
    w.port = w.listener.port;
    *out = w;
    return NULL;
}

Str web_url(const Web *w, Arena *a) {
    return str_fmt(a, "http://127.0.0.1:%u/%.*s/", w->port, WEB_TOKEN_CHARS, w->token);
}

void web_close(Web *w) { listen_close(&w->listener); }

static void drop(Waiting *c) {
    socket_close(c->fd);
    c->fd = -1;
}

static void answer(Serve *s, Waiting *c) {
    Arena *a = arena_new("web request");
    Buf out = buf_new(a);
    web_respond(s->w, s->site, a, (Str){c->head, c->len}, &out);
    (void)socket_write_all(c->fd, buf_view(&out), WRITE_MS);
    drop(c);
    arena_free(a);
}

static void read_more(Serve *s, Waiting *c) {
    size_t got;
    SocketRead r = socket_read(c->fd, c->head + c->len, HEAD_MOST - c->len, &got);
    c->len += (uint32_t)got;
    if (r == SOCKET_ENDED) {
        drop(c);
    } else if (c->len == HEAD_MOST ||
               str_find((Str){c->head, c->len}, STR("\r\n\r\n")) != STR_NONE) {
        answer(s, c); // one that is too long is answered as no request
    }
}

// The one that has waited longest makes room when there is none.
static void welcome(Serve *s) {
    for (int fd; (fd = listen_accept(&s->w->listener)) >= 0;) {
        Waiting *to = &s->list[0];
        for (uint32_t i = 0; i < CONNECTIONS; i++) {
            Waiting *c = &s->list[i];
            if (c->fd < 0) to = c;
            if (c->fd < 0) break;
            if (c->since_ns < to->since_ns) to = c;
        }
        if (to->fd >= 0) drop(to);
        to->fd = fd;
        to->len = 0;
        to->since_ns = clock_ns();
    }
}

static void look(Serve *s) {
    int fds[CONNECTIONS + 1];
    bool ready[CONNECTIONS + 1];
    for (uint32_t i = 0; i < CONNECTIONS; i++) fds[i] = s->list[i].fd;
    fds[CONNECTIONS] = s->w->listener.fd;
    socket_wait(fds, CONNECTIONS + 1, ready, 200);
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        if (ready[i]) read_more(s, &s->list[i]);
    if (ready[CONNECTIONS]) welcome(s);
    uint64_t now = clock_ns();
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        if (s->list[i].fd >= 0 && now - s->list[i].since_ns > (uint64_t)IDLE_MS * 1000000)
            drop(&s->list[i]);
}

void web_run(const Web *w, const WebSite *site) {
    Arena *a = arena_new("web");
    Serve s = {w, site, NEW_ARRAY(a, Waiting, CONNECTIONS)};
    for (uint32_t i = 0; i < CONNECTIONS; i++) s.list[i].fd = -1;
    while (!stop_asked()) look(&s);
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        if (s.list[i].fd >= 0) drop(&s.list[i]);
    arena_free(a);
}
