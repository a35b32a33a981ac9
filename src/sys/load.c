// sys/load.c: load.h over libcurl, which speaks HTTP and TLS, and ppoll, which waits: curl says
// what it waits for, and is called when that came. HTTP/1.1, connections kept open.
#include "sys/load.h"

#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/vec.h"
#include "sys/clock.h"
#include "sys/curl.h"

enum {
    CONNECTIONS = 64, // more requests than that under way wait, and their latency counts the wait
    READY_MS = 30000, // for a service to start
    REST_MS = 10000,  // for answers after the last request
    END_MS = 10000,   // for the process to end when it is asked to
};

typedef struct Asking {
    CURL *handle;
    bool busy;
    uint64_t due_ns;
} Asking;

struct Load {
    LoadSpec spec;
    pid_t pid;
    pthread_t thread;
    bool started;
    atomic_bool over; // the process has ended
    Arena *arena;     // the thread's
    Curl curl;
    CURLM *multi;
    struct curl_slist *headers;
    VEC(struct pollfd) watched; // what curl waits for
    uint64_t call_ns;           // when curl wants to be called though nothing came; 0: never
    Asking asking[CONNECTIONS];
    uint64_t *latency_ns;
    uint32_t wanted, sent, answered, failed;
    CURLcode last_code; // of the newest request that ended
    long last_status;
    Err error;
};

static bool read_host(Str url, Str *host, Str *port) {
    Str rest = url;
    bool tls = str_cut_prefix(&rest, STR("https://"));
    if (!tls && !str_cut_prefix(&rest, STR("http://"))) return false;
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?') end++;
    Str at = str_to(rest, end);
    *port = tls ? STR("443") : STR("80");
    size_t colon = at.len;
    while (colon > 0 && at.ptr[colon - 1] != ':' && at.ptr[colon - 1] != ']') colon--;
    if (colon > 0 && at.ptr[colon - 1] == ':') {
        *port = str_from(at, colon);
        at = str_to(at, colon - 1);
    }
    if (at.len > 2 && at.ptr[0] == '[') at = (Str){at.ptr + 1, at.len - 2};
    *host = at;
    uint64_t number;
    return at.len && str_to_u64(*port, &number) && number >= 1 && number <= 65535;
}

Err load_read_url(Arena *a, Str url, LoadSpec *out) {
    Str host, port;
    if (!read_host(url, &host, &port))
        return err_new(a, ERR_USAGE, 0,
                       "'" STR_FMT "': a load wants http://HOST:PORT/PATH, or https://",
                       STR_ARG(url));
    out->url = str_copy(a, url), out->host = str_copy(a, host), out->port = str_copy(a, port);
    return NULL;
}

bool load_taken(const LoadSpec *spec) {
    Arena *a = arena_new("load");
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    bool taken = false;
    if (getaddrinfo(str_to_c(a, spec->host), str_to_c(a, spec->port), &hints, &found)) found = NULL;
    for (const struct addrinfo *at = found; at && !taken; at = at->ai_next) {
        int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) continue;
        taken = connect(fd, at->ai_addr, at->ai_addrlen) == 0;
        close(fd);
    }
    if (found) freeaddrinfo(found);
    arena_free(a);
    return taken;
}

// ---- what curl waits for ----

static int on_socket(CURL *handle, curl_socket_t fd, int what, void *ctx, void *unused) {
    (void)handle, (void)unused;
    Load *l = ctx;
    uint32_t i = 0;
    while (i < l->watched.len && l->watched.v[i].fd != fd) i++;
    if (what == CURL_POLL_REMOVE) {
        if (i < l->watched.len) l->watched.v[i] = l->watched.v[--l->watched.len];
        return 0;
    }
    if (i == l->watched.len) vec_push(l->arena, &l->watched, ((struct pollfd){.fd = fd}));
    bool in = what & CURL_POLL_IN, out = what & CURL_POLL_OUT;
    l->watched.v[i].events = (short)((in ? POLLIN : 0) | (out ? POLLOUT : 0));
    return 0;
}

static int on_timer(CURLM *multi, long after_ms, void *ctx) {
    (void)multi;
    Load *l = ctx;
    l->call_ns = after_ms < 0 ? 0 : clock_ns() + (uint64_t)after_ms * 1000000;
    return 0;
}

static size_t on_body(char *data, size_t size, size_t n, void *ctx) {
    (void)data, (void)ctx;
    return size * n;
}

// ---- requests ----

static void asking_end(Load *l, Asking *q) {
    if (q->busy) l->curl.multi_remove(l->multi, q->handle);
    q->busy = false;
}

// Counts the requests that have ended.
static void take_answers(Load *l) {
    int more;
    for (const CURLMsg *m; (m = l->curl.multi_done(l->multi, &more));) {
        if (m->msg != CURLMSG_DONE) continue;
        CURLcode code = m->data.result;
        uint32_t i = 0;
        while (i < CONNECTIONS && l->asking[i].handle != m->easy_handle) i++;
        if (i == CONNECTIONS) continue;
        long status = 0;
        l->curl.info(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        l->last_code = code, l->last_status = status;
        if (code == CURLE_OK && status < 400)
            l->latency_ns[l->answered++] = clock_ns() - l->asking[i].due_ns;
        else
            l->failed++;
        asking_end(l, &l->asking[i]);
    }
}

static void act(Load *l, curl_socket_t fd, int events) {
    int running;
    l->curl.multi_act(l->multi, fd, events, &running);
    take_answers(l);
}

static void set_up(const Load *l, CURL *h) {
    const Curl *c = &l->curl;
    const LoadSpec *s = &l->spec;
    c->set(h, CURLOPT_URL, str_to_c(l->arena, s->url));
    c->set(h, CURLOPT_NOSIGNAL, 1L);
    c->set(h, CURLOPT_PROTOCOLS_STR, "http,https");
    c->set(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    c->set(h, CURLOPT_NOPROXY, "*"); // the service is what is measured
    c->set(h, CURLOPT_USERAGENT, "heapwise");
    c->set(h, CURLOPT_WRITEFUNCTION, on_body);
    c->set(h, CURLOPT_HTTPHEADER, l->headers);
    if (s->insecure) {
        c->set(h, CURLOPT_SSL_VERIFYPEER, 0L);
        c->set(h, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!s->posts) return;
    c->set(h, CURLOPT_POST, 1L);
    c->set(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->body.len);
    c->set(h, CURLOPT_POSTFIELDS, s->body.len ? s->body.ptr : "");
}

static bool ask(Load *l, Asking *q, uint64_t due_ns) {
    if (!q->handle) {
        q->handle = l->curl.init();
        if (!q->handle) return false;
        set_up(l, q->handle);
    }
    if (l->curl.multi_add(l->multi, q->handle) != CURLM_OK) return false;
    q->busy = true, q->due_ns = due_ns;
    act(l, CURL_SOCKET_TIMEOUT, 0); // so that it goes out now
    return true;
}

static Asking *free_asking(Load *l) {
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        if (!l->asking[i].busy) return &l->asking[i];
    return NULL;
}

// Waits for answers, at most until `until_ns`.
static void wait_answers(Load *l, uint64_t until_ns) {
    enum { MANY = 4 * CONNECTIONS };
    struct pollfd fds[MANY];
    nfds_t n = MIN(l->watched.len, (uint32_t)MANY);
    if (n) memcpy(fds, l->watched.v, n * sizeof *fds);
    if (l->call_ns) until_ns = MIN(until_ns, l->call_ns);
    uint64_t now = clock_ns(), left = until_ns > now ? MIN(until_ns - now, 100000000u) : 0;
    struct timespec wait = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    int came = ppoll(fds, n, &wait, NULL);
    if (l->call_ns && clock_ns() >= l->call_ns) {
        l->call_ns = 0;
        act(l, CURL_SOCKET_TIMEOUT, 0);
    }
    for (nfds_t i = 0; came > 0 && i < n; i++) {
        short r = fds[i].revents;
        int events = (r & (POLLIN | POLLHUP) ? CURL_CSELECT_IN : 0) |
                     (r & POLLOUT ? CURL_CSELECT_OUT : 0) |
                     (r & (POLLERR | POLLNVAL) ? CURL_CSELECT_ERR : 0);
        if (events) act(l, fds[i].fd, events);
    }
}

// ---- the load ----

// What no waiting mends: the certificate is not one to be believed.
static bool distrusted(const Load *l) {
    return l->last_code == CURLE_PEER_FAILED_VERIFICATION ||
           l->last_code == CURLE_SSL_CACERT_BADFILE;
}

static bool wait_ready(Load *l) {
    uint64_t until = clock_ns() + (uint64_t)READY_MS * 1000000;
    Asking *q = &l->asking[0];
    while (clock_ns() < until && !atomic_load(&l->over) && !distrusted(l)) {
        l->answered = l->failed = 0;
        if (!ask(l, q, clock_ns())) return false;
        uint64_t enough = MIN(until, clock_ns() + 2000000000u);
        while (q->busy && clock_ns() < enough && !atomic_load(&l->over)) wait_answers(l, enough);
        bool ready = !q->busy && l->last_code == CURLE_OK && l->last_status < 500;
        asking_end(l, q);
        if (ready) return true;
        wait_answers(l, clock_ns() + 50000000);
    }
    return false;
}

static Err not_ready(const Load *l) {
    Str url = l->spec.url;
    if (atomic_load(&l->over))
        return err_new(l->arena, ERR_IO, 0, "the program ended before it answered at " STR_FMT,
                       STR_ARG(url));
    if (distrusted(l))
        return err_new(l->arena, ERR_IO, 0, STR_FMT ": %s; --insecure takes any certificate",
                       STR_ARG(url), l->curl.text(l->last_code));
    if (l->last_code == CURLE_OK && l->last_status)
        return err_new(l->arena, ERR_IO, 0, STR_FMT ": nothing but status %ld within 30 s",
                       STR_ARG(url), l->last_status);
    return err_new(l->arena, ERR_IO, 0, "no answer at " STR_FMT " within 30 s%s%s", STR_ARG(url),
                   l->last_code ? ": " : "", l->last_code ? l->curl.text(l->last_code) : "");
}

static void run(Load *l) {
    uint64_t begin = clock_ns(), end = 0;
    for (;;) {
        uint64_t now = clock_ns(), due = begin + (uint64_t)(l->sent / l->spec.rate * 1e9);
        Asking *q = l->sent < l->wanted ? free_asking(l) : NULL;
        if (q && due <= now) {
            l->failed += !ask(l, q, due);
            l->sent++;
            continue;
        }
        if (l->sent == l->wanted) {
            if (!end) end = now + (uint64_t)REST_MS * 1000000;
            if (l->answered + l->failed >= l->wanted || now >= end) break;
        }
        if (atomic_load(&l->over)) break;
        wait_answers(l, q ? due : now + 100000000);
    }
    l->failed = l->wanted - l->answered;
}

static Err begin(Load *l) {
    TRY(curl_open(l->arena, &l->curl));
    const Curl *c = &l->curl;
    l->multi = c->multi_init();
    if (!l->multi) return err_new(l->arena, ERR_IO, 0, "libcurl does not start");
    c->multi_set(l->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    c->multi_set(l->multi, CURLMOPT_SOCKETDATA, l);
    c->multi_set(l->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    c->multi_set(l->multi, CURLMOPT_TIMERDATA, l);
    c->multi_set(l->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
    l->headers = c->slist_append(NULL, "Expect:"); // a body goes along with its request
    for (uint32_t i = 0; i < l->spec.headers.len; i++)
        l->headers = c->slist_append(l->headers, str_to_c(l->arena, l->spec.headers.v[i]));
    return NULL;
}

static void finish(Load *l) {
    if (!l->multi) return;
    for (uint32_t i = 0; i < CONNECTIONS; i++) {
        asking_end(l, &l->asking[i]);
        if (l->asking[i].handle) l->curl.cleanup(l->asking[i].handle);
    }
    l->curl.multi_cleanup(l->multi);
    l->curl.slist_free(l->headers);
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
    l->error = begin(l);
    if (!l->error && !wait_ready(l)) l->error = not_ready(l);
    if (!l->error) {
        l->answered = l->failed = 0;
        run(l);
        if (atomic_load(&l->over))
            l->error = err_new(l->arena, ERR_IO, 0, "the program ended after %u of %u requests",
                               l->sent, l->wanted);
    }
    finish(l);
    end_process(l);
    return NULL;
}

Load *load_start(Arena *a, const LoadSpec *spec, pid_t pid) {
    Load *l = NEW(a, Load);
    *l = (Load){.spec = *spec, .pid = pid, .arena = arena_new("load")};
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
