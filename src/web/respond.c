// web/respond.c: from a request's head to the bytes of the answer.
#include "base/buf.h"
#include "web/web.h"

static const char *reason(int status) {
    switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    default: return "Internal Server Error";
    }
}

// The page may run its own script and style, load nothing, be framed by nobody.
static void write_reply(Buf *out, const WebReply *r, bool head_only) {
    buf_fmt(out, "HTTP/1.1 %d %s\r\n", r->status, reason(r->status));
    buf_fmt(out, "Content-Type: %s\r\nContent-Length: %zu\r\n", r->type, r->body.len);
    buf_lit(out,
            "Content-Security-Policy: default-src 'none'; script-src 'unsafe-inline'; style-src "
            "'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors "
            "'none'\r\n"
            "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
            "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: "
            "same-origin\r\n"
            "Cache-Control: no-store\r\nConnection: close\r\n");
    if (r->status == 405) buf_lit(out, "Allow: GET, HEAD\r\n");
    buf_lit(out, "\r\n");
    if (!head_only) buf_str(out, r->body);
}

static WebReply plain(int status, Str text) {
    return (WebReply){status, "text/plain; charset=utf-8", text};
}

// Our own address, by number or by name.
static bool is_ours(const Web *w, Arena *a, Str host) {
    return str_eq(host, str_fmt(a, "127.0.0.1:%u", w->port)) ||
           str_eq(host, str_fmt(a, "localhost:%u", w->port));
}

// Takes "/TOKEN/" off the path. Every character is looked at, whatever the first ones are: the time
// it takes says nothing.
static bool take_token(const Web *w, Str *path) {
    if (path->len < WEB_TOKEN_CHARS + 2 || path->ptr[0] != '/') return false;
    unsigned differs = (unsigned char)path->ptr[WEB_TOKEN_CHARS + 1] ^ '/';
    for (size_t i = 0; i < WEB_TOKEN_CHARS; i++)
        differs |= (unsigned char)path->ptr[i + 1] ^ (unsigned char)w->token[i];
    *path = str_from(*path, WEB_TOKEN_CHARS + 2);
    return differs == 0;
}

static WebReply decide(const Web *w, const WebSite *site, Arena *a, const HttpHead *h) {
    Str host, path = h->path;
    if (!http_field(h, "host", &host) || !is_ours(w, a, host))
        return plain(403, STR("heapwise answers to 127.0.0.1 and localhost only\n"));
    if (!take_token(w, &path))
        return plain(403, STR("the address needs the token heapwise web printed\n"));
    if (!str_eq(h->method, STR("GET")) && !str_eq(h->method, STR("HEAD")))
        return plain(405, STR("pages can only be read\n"));
    HttpPairVec query = http_query(a, h->query);
    WebReply reply = plain(404, STR("there is no such page\n"));
    site->answer(site->ctx, a, path, &query, &reply);
    return reply;
}

void web_respond(const Web *w, const WebSite *site, Arena *a, Str head, Buf *out) {
    HttpHead h;
    WebReply reply = plain(400, STR("this is no HTTP request\n"));
    bool whole = http_head_read(a, head, &h) == HTTP_HEAD_WHOLE;
    if (whole) reply = decide(w, site, a, &h);
    write_reply(out, &reply, whole && str_eq(h.method, STR("HEAD")));
}
