// web/web.h: pages for one reader on this machine. The address holds a random token, so other users
// and other pages of the browser cannot ask for anything; the Host field must be ours, so that a
// name that leads here (DNS rebinding) is of no use; only GET and HEAD are answered. Threads  one:
// requests are answered one after the other, slow ones wait for nobody.
#ifndef HEAPWISE_WEB_WEB_H
#define HEAPWISE_WEB_WEB_H

#include "base/err.h"
#include "codec/httphead.h"
#include "sys/listen.h"

typedef struct WebReply {
    int status;       // 200, 404, ...
    const char *type; // "text/html; charset=utf-8"
    Str body;
} WebReply;

// What the pages are: path is what follows "/TOKEN/", "" for the first one.
typedef struct WebSite {
    void *ctx;
    void (*answer)(void *ctx, Arena *a, Str path, const HttpPairVec *query, WebReply *out);
} WebSite;

enum { WEB_TOKEN_CHARS = 32 };

typedef struct Web {
    Listener listener;
    uint16_t port;
    char token[WEB_TOKEN_CHARS];
} Web;

Err web_open(Arena *a, uint16_t port, Web *out);
Str web_url(const Web *w, Arena *a);             // "http://127.0.0.1:PORT/TOKEN/"
void web_run(const Web *w, const WebSite *site); // until stop_asked
void web_close(Web *w);

// The answer to a whole request head: the decision alone, without sockets.
void web_respond(const Web *w, const WebSite *site, Arena *a, Str head, Buf *out);

#endif
