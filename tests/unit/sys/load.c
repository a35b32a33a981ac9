// A load on a service of our own, a forked one, that answers in every way HTTP knows.
#include "sys/load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "sys/clock.h"

static const char *const answers[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
    "chunked\r\n\r\n5\r\nhello\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: close\r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\nuntil the end", // closed after it
    "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!",
};

// One connection: answers every request with the next answer, in two pieces.
static void serve(int fd, unsigned at) {
    char request[4096];
    ssize_t n;
    while ((n = read(fd, request, sizeof request)) > 0) {
        const char *answer = answers[at % COUNT(answers)];
        size_t len = strlen(answer), half = len / 2;
        if (write(fd, answer, half) != (ssize_t)half) break;
        usleep(200);
        if (write(fd, answer + half, len - half) != (ssize_t)(len - half)) break;
        if (at % COUNT(answers) == 3 || at % COUNT(answers) == 4) break;
        at++;
    }
    close(fd);
}

static pid_t start_service(Test *t, LoadSpec *spec, int stands_still_ms) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    CHECK(t, !bind(listener, (struct sockaddr *)&at, size) && !listen(listener, 64));
    CHECK(t, !getsockname(listener, (struct sockaddr *)&at, &size));
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGCHLD, SIG_IGN);
        for (unsigned i = 0;; i++) {
            int fd = accept(listener, NULL, NULL);
            if (fd < 0) _exit(1);
            if (i == 1 && stands_still_ms) usleep((useconds_t)stands_still_ms * 1000);
            if (fork() == 0) {
                close(listener); // else somebody listens for as long as this one lives
                serve(fd, i);
                _exit(0);
            }
            close(fd);
        }
    }
    close(listener);
    Str url = str_fmt(t->arena, "http://127.0.0.1:%d/x", ntohs(at.sin_port));
    CHECK_OK(t, load_read_url(t->arena, url, spec));
    return pid;
}

TEST(load_reads_every_answer_and_ends_the_service) {
    LoadSpec spec = {.rate = 400, .seconds = 0.5};
    pid_t pid = start_service(t, &spec, 0);
    CHECK(t, load_taken(&spec));
    Load *l = load_start(t->arena, &spec, pid);
    int status;
    CHECK_EQ(t, waitpid(pid, &status, 0), pid);
    CHECK(t, WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    LoadResult r;
    CHECK_OK(t, load_join(t->arena, l, &r));
    CHECK_EQ(t, r.count + r.failed, 200);
    CHECK(t, r.failed > 5 && r.failed < 80); // about every sixth is a 404
    for (uint32_t i = 1; i < r.count; i++) CHECK(t, r.latency_ns[i - 1] <= r.latency_ns[i]);
    CHECK(t, !load_taken(&spec));
}

// The requests that were due while the service stood still are charged for it.
TEST(load_counts_from_when_a_request_was_due) {
    LoadSpec spec = {.rate = 100, .seconds = 1};
    pid_t pid = start_service(t, &spec, 300);
    Load *l = load_start(t->arena, &spec, pid);
    waitpid(pid, NULL, 0);
    LoadResult r;
    CHECK_OK(t, load_join(t->arena, l, &r));
    uint32_t late = 0;
    for (uint32_t i = 0; i < r.count; i++) late += r.latency_ns[i] > 100000000;
    CHECK(t, late >= 10);
    CHECK(t, load_percentile(&r, 100) >= 250000000);
}

TEST(load_percentiles) {
    uint64_t xs[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    LoadResult r = {.latency_ns = xs, .count = 10};
    CHECK_EQ(t, load_percentile(&r, 50), 5);
    CHECK_EQ(t, load_percentile(&r, 90), 9);
    CHECK_EQ(t, load_percentile(&r, 99), 10);
    CHECK_EQ(t, load_percentile(&r, 100), 10);
    CHECK_EQ(t, load_percentile(&(LoadResult){0}, 50), 0);
}

TEST(load_urls) {
    static const struct {
        const char *name, *host, *port;
    } rows[] = {
        {"http://h", "h", "80"},           {"http://h:8080/a?b=c", "h", "8080"},
        {"http://[::1]:99/", "::1", "99"}, {"http://[::1]/x:y", "::1", "80"},
        {"https://h", "h", "443"},         {"https://h:8443/", "h", "8443"},
        {"http://h?a:b", "h", "80"},       {"http://", NULL, NULL},
        {"ftp://h", NULL, NULL},           {"http://h:0/", NULL, NULL},
        {"http://h:x/", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        LoadSpec s = {0};
        Err e = load_read_url(t->arena, str_c(rows[i].name), &s);
        CHECK_EQ(t, e == NULL, rows[i].host != NULL);
        if (e || !rows[i].host) continue;
        CHECK_STR(t, s.host, str_c(rows[i].host));
        CHECK_STR(t, s.port, str_c(rows[i].port));
        CHECK_STR(t, s.url, str_c(rows[i].name));
    }
}

TEST(load_on_a_program_that_ends) {
    LoadSpec spec = {.url = STR("http://127.0.0.1:1/"), .rate = 10, .seconds = 1};
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    Load *l = load_start(t->arena, &spec, pid);
    usleep(50000);
    LoadResult r;
    CHECK_ERR(t, load_join(t->arena, l, &r), "ended before it answered");
    waitpid(pid, NULL, 0);
}
