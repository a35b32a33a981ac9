// cli/pprof_http.c: profiles over HTTP through libcurl.
#include "cli/pprof_cli.h"
#include "sys/curl.h"

// The most a server may send.
#define HTTP_LIMIT_BYTES ((size_t)1 << 30)

typedef struct Body {
    Buf bytes, status, type;
    bool too_long, go_pprof;
    char detail[CURL_ERROR_SIZE]; // of a failure, in libcurl's words
} Body;

static size_t on_body(char *data, size_t size, size_t n, void *to) {
    Body *b = to;
    if (b->bytes.len + size * n > HTTP_LIMIT_BYTES) {
        b->too_long = true;
        return 0;
    }
    buf_str(&b->bytes, (Str){data, size * n});
    return size * n;
}

static bool starts_fold(Str s, const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        if (i >= s.len || (s.ptr[i] | 0x20) != name[i]) return false;
    return true;
}

static size_t on_header(char *data, size_t size, size_t n, void *to) {
    Body *b = to;
    Str line = str_trim((Str){data, size * n});
    if (str_starts(line, STR("HTTP/"))) {
        size_t space = str_find_byte(line, ' ');
        b->status.len = 0;
        buf_str(&b->status, space == STR_NONE ? line : str_from(line, space + 1));
    } else if (starts_fold(line, "content-type:")) {
        b->type.len = 0;
        buf_str(&b->type, line);
    } else if (starts_fold(line, "x-go-pprof:")) {
        b->go_pprof = true;
    }
    return size * n;
}

static void set_up(const Curl *c, CURL *h, Arena *a, const HttpRequest *q, Body *body) {
    c->set(h, CURLOPT_URL, str_to_c(a, q->url));
    c->set(h, CURLOPT_ERRORBUFFER, body->detail);
    c->set(h, CURLOPT_NOSIGNAL, 1L);
    c->set(h, CURLOPT_FOLLOWLOCATION, 1L);
    c->set(h, CURLOPT_MAXREDIRS, 10L);
    c->set(h, CURLOPT_PROTOCOLS_STR, "http,https");
    c->set(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    // As long as something comes, a large profile may take its time.
    c->set(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
    c->set(h, CURLOPT_LOW_SPEED_TIME, (long)q->timeout_seconds);
    c->set(h, CURLOPT_CONNECTTIMEOUT, (long)MIN(q->timeout_seconds, 30));
    c->set(h, CURLOPT_USERAGENT, "heapwise");
    c->set(h, CURLOPT_WRITEFUNCTION, on_body);
    c->set(h, CURLOPT_WRITEDATA, body);
    c->set(h, CURLOPT_HEADERFUNCTION, on_header);
    c->set(h, CURLOPT_HEADERDATA, body);
    if (q->insecure) {
        c->set(h, CURLOPT_SSL_VERIFYPEER, 0L);
        c->set(h, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (q->cert.len) c->set(h, CURLOPT_SSLCERT, str_to_c(a, q->cert));
    if (q->key.len) c->set(h, CURLOPT_SSLKEY, str_to_c(a, q->key));
    if (q->ca.len) c->set(h, CURLOPT_CAINFO, str_to_c(a, q->ca));
    if (!q->post.len) return;
    c->set(h, CURLOPT_POSTFIELDSIZE, (long)q->post.len);
    c->set(h, CURLOPT_COPYPOSTFIELDS, q->post.ptr);
}

Err http_fetch(Arena *a, const HttpRequest *q, Str *out) {
    Curl c;
    TRY(curl_open(a, &c));
    CURL *h = c.init();
    if (!h) return err_new(a, ERR_IO, 0, "libcurl does not start");
    Body body = {.bytes = buf_new(a), .status = buf_new(a), .type = buf_new(a)};
    set_up(&c, h, a, q, &body);
    CURLcode code = c.perform(h);
    long status = 0;
    c.info(h, CURLINFO_RESPONSE_CODE, &status);
    c.cleanup(h);
    if (body.too_long)
        return err_new(a, ERR_LIMIT, 0, "the server sent more than %zu MB", HTTP_LIMIT_BYTES >> 20);
    if (code != CURLE_OK)
        return err_new(a, ERR_IO, 0, "Get " STR_FMT ": %s",
                       STR_ARG(pprof_quote(a, pprof_source_shown(a, q->url))),
                       body.detail[0] ? body.detail : c.text(code));
    if (status == 200) {
        *out = buf_view(&body.bytes);
        return NULL;
    }
    bool told = body.go_pprof && str_find(buf_view(&body.type), STR("text/plain")) != STR_NONE;
    return err_new(a, ERR_IO, 0, "server response: " STR_FMT "%s" STR_FMT,
                   STR_ARG(buf_view(&body.status)), told ? " - " : "",
                   STR_ARG(told ? buf_view(&body.bytes) : STR("")));
}
