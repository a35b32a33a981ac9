// sys/load.c: load.h over sockets and ppoll. HTTP/1.1, GET, connections kept open.
#include "sys/load.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sys/clock.h"

enum {
    CONNECTIONS = 64, // more requests than that under way wait, and their latency counts the wait
    HEAD_MAX = 16 << 10,
    READY_MS = 30000, // for a service to start
    REST_MS = 10000,  // for answers after the last request
    END_MS = 10000,   // for the process to end when it is asked to
};

typedef enum AnswerState {
    ANSWER_HEAD,
    ANSWER_BODY,       // `left` bytes
    ANSWER_TO_CLOSE,   // until the connection ends
    ANSWER_CHUNK_SIZE, // a hexadecimal number and a line end
    ANSWER_CHUNK,      // `left` bytes, the line end after them included
    ANSWER_TRAILER,    // lines up to an empty one
} AnswerState;

typedef struct Connection {
    int fd; // -1: closed
    bool busy;
    uint64_t due_ns;
    AnswerState state;
    char head[HEAD_MAX];
    size_t head_len, line_len;
    uint64_t left;
    int status;
    bool closes;
} Connection;

struct Load {
    LoadSpec spec;
    pid_t pid;
    pthread_t thread;
    bool started;
    atomic_bool over; // the process has ended
    Arena *arena;     // the thread's
    struct addrinfo *addresses;
    Str request;
    Connection *connections;
    uint64_t *latency_ns;
    uint32_t wanted, sent, answered, failed;
    Err error;
};

Err load_read_url(Arena *a, Str url, LoadSpec *out) {
    Str rest = url;
    if (!str_cut_prefix(&rest, STR("http://")))
        return err_new(a, ERR_USAGE, 0, "'" STR_FMT "': a load wants http://HOST:PORT/PATH",
                       STR_ARG(url));
    size_t slash = str_find_byte(rest, '/');
    Str host = slash == STR_NONE ? rest : str_to(rest, slash);
    Str path = slash == STR_NONE ? STR("/") : str_from(rest, slash);
    Str port = STR("80");
    size_t colon = STR_NONE;
    for (size_t i = host.len; i-- > 0 && host.ptr[i] != ']';)
        if (host.ptr[i] == ':') {
            colon = i;
            break;
        }
    if (colon != STR_NONE) port = str_from(host, colon + 1), host = str_to(host, colon);
    if (host.len > 2 && host.ptr[0] == '[') host = (Str){host.ptr + 1, host.len - 2};
    uint64_t number;
    if (!host.len || !str_to_u64(port, &number) || number < 1 || number > 65535)
        return err_new(a, ERR_USAGE, 0, "'" STR_FMT "': a load wants http://HOST:PORT/PATH",
                       STR_ARG(url));
    out->host = str_copy(a, host), out->port = str_copy(a, port), out->path = str_copy(a, path);
    return NULL;
}

// ---- one connection ----

static void connection_close(Connection *c) {
    if (c->fd >= 0) close(c->fd);
    c->fd = -1, c->busy = false;
}

static bool connection_open(const Load *l, Connection *c) {
    for (const struct addrinfo *at = l->addresses; at; at = at->ai_next) {
        int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) continue;
        if (connect(fd, at->ai_addr, at->ai_addrlen) == 0) {
            int on = 1;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            fcntl(fd, F_SETFL, O_NONBLOCK);
            c->fd = fd;
            return true;
        }
        close(fd);
    }
    return false;
}

// A service may have closed a connection that stood idle.
static bool is_closed(const Connection *c) {
    char byte;
    ssize_t n = recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n >= 0 || (errno != EAGAIN && errno != EINTR);
}

// A request is smaller than any socket's buffer, which is empty between two of them.
static bool connection_ask(const Load *l, Connection *c, uint64_t due_ns) {
    if (c->fd >= 0 && is_closed(c)) connection_close(c);
    if (c->fd < 0 && !connection_open(l, c)) return false;
    ssize_t n = send(c->fd, l->request.ptr, l->request.len, MSG_NOSIGNAL);
    if (n != (ssize_t)l->request.len) {
        connection_close(c);
        return false;
    }
    c->busy = true, c->due_ns = due_ns, c->state = ANSWER_HEAD;
    c->head_len = c->line_len = 0, c->left = 0, c->status = 0, c->closes = false;
    return true;
}

static bool name_is(Str line, const char *name, Str *value) {
    size_t n = strlen(name);
    if (line.len <= n || line.ptr[n] != ':') return false;
    for (size_t i = 0; i < n; i++)
        if ((line.ptr[i] | 0x20) != name[i]) return false;
    *value = str_trim(str_from(line, n + 1));
    return true;
}

// False: not HTTP.
static bool read_head(Connection *c) {
    Str text = {c->head, c->head_len};
    Str first = str_line(&text);
    Str version = str_split(&first, ' ');
    uint64_t status;
    if (!str_starts(version, STR("HTTP/1.")) || !str_to_u64(str_split(&first, ' '), &status))
        return false;
    c->status = (int)status;
    c->state = ANSWER_TO_CLOSE;
    while (text.len) {
        Str line = str_trim(str_line(&text)), value;
        if (name_is(line, "content-length", &value)) {
            if (!str_to_u64(value, &c->left)) return false;
            c->state = ANSWER_BODY;
        } else if (name_is(line, "transfer-encoding", &value)) {
            c->state = ANSWER_CHUNK_SIZE;
        } else if (name_is(line, "connection", &value)) {
            c->closes = value.len && (value.ptr[0] | 0x20) == 'c';
        }
    }
    if (status == 204 || status == 304) c->left = 0, c->state = ANSWER_BODY;
    c->line_len = 0;
    return true;
}

typedef enum Taken { TAKEN_MORE, TAKEN_DONE, TAKEN_WRONG } Taken;

static Taken take_head_byte(Connection *c, char byte) {
    if (c->head_len == HEAD_MAX) return TAKEN_WRONG;
    c->head[c->head_len++] = byte;
    Str head = {c->head, c->head_len};
    bool whole = str_ends(head, STR("\r\n\r\n")) || str_ends(head, STR("\n\n"));
    if (!whole) return TAKEN_MORE;
    if (!read_head(c)) return TAKEN_WRONG;
    return c->state == ANSWER_BODY && !c->left ? TAKEN_DONE : TAKEN_MORE;
}

static Taken take_size_byte(Connection *c, char byte) {
    int digit = byte >= '0' && byte <= '9'                     ? byte - '0'
                : (byte | 0x20) >= 'a' && (byte | 0x20) <= 'f' ? (byte | 0x20) - 'a' + 10
                                                               : -1;
    if (byte == '\n') {
        if (c->line_len == 0) return TAKEN_WRONG;
        c->state = c->left ? ANSWER_CHUNK : ANSWER_TRAILER;
        c->left += c->left ? 2 : 0; // the line end after the chunk
        c->line_len = 0;
    } else if (digit >= 0 && c->line_len <= 15) {
        c->left = c->left << 4 | (uint64_t)digit;
        c->line_len++;
    } else {
        c->line_len |= 16; // an extension: what follows is no number
    }
    return TAKEN_MORE;
}

static Taken take_trailer_byte(Connection *c, char byte) {
    if (byte == '\n') {
        if (c->line_len == 0) return TAKEN_DONE;
        c->line_len = 0;
    } else if (byte != '\r') {
        c->line_len++;
    }
    return TAKEN_MORE;
}

static Taken take(Connection *c, Str bytes) {
    Taken taken = TAKEN_MORE;
    for (size_t i = 0; i < bytes.len && taken == TAKEN_MORE;) {
        uint64_t step = 1;
        switch (c->state) {
        case ANSWER_HEAD: taken = take_head_byte(c, bytes.ptr[i]); break;
        case ANSWER_CHUNK_SIZE: taken = take_size_byte(c, bytes.ptr[i]); break;
        case ANSWER_TRAILER: taken = take_trailer_byte(c, bytes.ptr[i]); break;
        case ANSWER_TO_CLOSE: return TAKEN_MORE;
        case ANSWER_BODY:
        case ANSWER_CHUNK:
            step = MIN(c->left, (uint64_t)(bytes.len - i));
            c->left -= step;
            if (c->left) break;
            if (c->state == ANSWER_BODY) taken = TAKEN_DONE;
            c->state = ANSWER_CHUNK_SIZE;
            break;
        }
        i += step;
    }
    return taken;
}

static void answered(Load *l, Connection *c) {
    if (c->status >= 400)
        l->failed++;
    else
        l->latency_ns[l->answered++] = clock_ns() - c->due_ns;
    c->busy = false;
    if (c->closes) connection_close(c);
}

static void connection_read(Load *l, Connection *c) {
    char chunk[32 << 10];
    for (;;) {
        ssize_t n = read(c->fd, chunk, sizeof chunk);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        Taken taken = n > 0                                   ? take(c, (Str){chunk, (size_t)n})
                      : c->state == ANSWER_TO_CLOSE && n == 0 ? TAKEN_DONE
                                                              : TAKEN_WRONG;
        if (taken == TAKEN_MORE) continue;
        if (taken == TAKEN_DONE) {
            c->closes |= n == 0;
            answered(l, c);
        } else {
            l->failed += c->busy;
            connection_close(c);
        }
        return;
    }
}

static int find_addresses(Arena *a, const LoadSpec *spec, struct addrinfo **out) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    return getaddrinfo(str_to_c(a, spec->host), str_to_c(a, spec->port), &hints, out);
}

bool load_taken(const LoadSpec *spec) {
    Load l = {.arena = arena_new("load")};
    Connection *c = NEW(l.arena, Connection);
    bool taken = !find_addresses(l.arena, spec, &l.addresses) && connection_open(&l, c);
    if (taken) close(c->fd);
    if (l.addresses) freeaddrinfo(l.addresses);
    arena_free(l.arena);
    return taken;
}

// ---- the load ----

static Connection *free_connection(Load *l) {
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        if (!l->connections[i].busy) return &l->connections[i];
    return NULL;
}

// Waits for answers, at most until `until_ns`.
static void wait_answers(Load *l, uint64_t until_ns) {
    struct pollfd fds[CONNECTIONS];
    Connection *of[CONNECTIONS];
    nfds_t n = 0;
    for (uint32_t i = 0; i < CONNECTIONS; i++) {
        Connection *c = &l->connections[i];
        if (c->fd < 0 || !c->busy) continue;
        fds[n] = (struct pollfd){c->fd, POLLIN, 0};
        of[n++] = c;
    }
    uint64_t now = clock_ns(), left = until_ns > now ? MIN(until_ns - now, 100000000u) : 0;
    struct timespec wait = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    if (ppoll(fds, n, &wait, NULL) <= 0) return;
    for (nfds_t i = 0; i < n; i++)
        if (fds[i].revents) connection_read(l, of[i]);
}

static bool wait_ready(Load *l) {
    uint64_t until = clock_ns() + (uint64_t)READY_MS * 1000000;
    while (clock_ns() < until && !atomic_load(&l->over)) {
        Connection *c = &l->connections[0];
        if (connection_ask(l, c, clock_ns())) {
            uint64_t enough = MIN(until, clock_ns() + 2000000000u);
            while (c->busy && clock_ns() < enough && !atomic_load(&l->over))
                wait_answers(l, enough);
            bool ready = !c->busy && c->status && c->status < 500;
            connection_close(c);
            if (ready) return true;
        }
        wait_answers(l, clock_ns() + 50000000);
    }
    return false;
}

static void run(Load *l) {
    uint64_t begin = clock_ns(), end = 0;
    for (;;) {
        uint64_t now = clock_ns(), due = begin + (uint64_t)(l->sent / l->spec.rate * 1e9);
        Connection *c = l->sent < l->wanted ? free_connection(l) : NULL;
        if (c && due <= now) {
            l->failed += !connection_ask(l, c, due);
            l->sent++;
            continue;
        }
        if (l->sent == l->wanted) {
            if (!end) end = now + (uint64_t)REST_MS * 1000000;
            if (l->answered + l->failed >= l->wanted || now >= end) break;
        }
        if (atomic_load(&l->over)) break;
        wait_answers(l, c ? due : now + 100000000);
    }
    l->failed = l->wanted - l->answered;
}

// Its parent has not waited for it yet, so the id is still its own.
static void end_process(const Load *l) {
    const struct timespec step = {.tv_nsec = 20000000};
    for (int ms = 0; ms < END_MS && !atomic_load(&l->over); ms += 20) {
        if (ms == 0) kill(l->pid, SIGTERM);
        nanosleep(&step, NULL);
    }
    if (!atomic_load(&l->over)) kill(l->pid, SIGKILL);
}

static void *load_thread(void *ctx) {
    Load *l = ctx;
    int code = find_addresses(l->arena, &l->spec, &l->addresses);
    if (code)
        l->error =
            err_new(l->arena, ERR_IO, 0, STR_FMT ": %s", STR_ARG(l->spec.host), gai_strerror(code));
    else if (!wait_ready(l))
        l->error = err_new(l->arena, ERR_IO, 0,
                           atomic_load(&l->over)
                               ? "the program ended before it answered at " STR_FMT ":" STR_FMT
                               : "no answer at " STR_FMT ":" STR_FMT " within 30 s",
                           STR_ARG(l->spec.host), STR_ARG(l->spec.port));
    else {
        l->answered = l->failed = 0;
        run(l);
        if (atomic_load(&l->over))
            l->error = err_new(l->arena, ERR_IO, 0, "the program ended after %u of %u requests",
                               l->sent, l->wanted);
    }
    if (l->addresses) freeaddrinfo(l->addresses);
    for (uint32_t i = 0; i < CONNECTIONS; i++) connection_close(&l->connections[i]);
    end_process(l);
    return NULL;
}

Load *load_start(Arena *a, const LoadSpec *spec, pid_t pid) {
    Load *l = NEW(a, Load);
    *l = (Load){.spec = *spec, .pid = pid, .arena = arena_new("load")};
    bool v6 = str_find_byte(spec->host, ':') != STR_NONE;
    l->request = str_fmt(l->arena,
                         "GET " STR_FMT " HTTP/1.1\r\nHost: %s" STR_FMT "%s:" STR_FMT
                         "\r\nUser-Agent: heapwise\r\nAccept: */*\r\n\r\n",
                         STR_ARG(spec->path), v6 ? "[" : "", STR_ARG(spec->host), v6 ? "]" : "",
                         STR_ARG(spec->port));
    l->connections = NEW_ARRAY(l->arena, Connection, CONNECTIONS);
    for (uint32_t i = 0; i < CONNECTIONS; i++) l->connections[i].fd = -1;
    l->wanted = (uint32_t)MAX(spec->rate * spec->seconds, 1.0);
    l->latency_ns = NEW_ARRAY(l->arena, uint64_t, l->wanted + 1); // one more: the first, for a try
    l->started = pthread_create(&l->thread, NULL, load_thread, l) == 0;
    if (l->started) return l;
    l->error = err_new(l->arena, ERR_IO, 0, "the system starts no thread for the load");
    kill(pid, SIGTERM);
    return l;
}

static int by_size(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

Err load_join(Arena *a, Load *l, LoadResult *out) {
    atomic_store(&l->over, true);
    if (l->started) pthread_join(l->thread, NULL);
    Err e = l->error ? err_new(a, l->error->code, 0, STR_FMT, STR_ARG(l->error->what)) : NULL;
    LoadResult r = {.count = l->answered, .failed = l->failed};
    r.latency_ns = arena_copy(a, l->latency_ns, r.count * sizeof(uint64_t), _Alignof(uint64_t));
    if (r.count) qsort(r.latency_ns, r.count, sizeof(uint64_t), by_size);
    arena_free(l->arena);
    TRY(e);
    *out = r;
    return NULL;
}

uint64_t load_percentile(const LoadResult *r, double percent) {
    if (!r->count) return 0;
    double at = percent / 100 * r->count;
    uint32_t i = (uint32_t)at;
    if (i == at && i > 0) i--; // the smallest value that so many are not above
    return r->latency_ns[MIN(i, r->count - 1)];
}
