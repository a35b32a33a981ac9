// codec/httphead.h: the head of an HTTP/1.x request, and the words of a query.
// Bytes come from anybody: what is not plainly a request is refused, and nothing is allocated for
// what a count says.
#ifndef HEAPWISE_CODEC_HTTPHEAD_H
#define HEAPWISE_CODEC_HTTPHEAD_H

#include "base/vec.h"

typedef struct HttpPair {
    Str name, value;
} HttpPair;
typedef VEC(HttpPair) HttpPairVec;

typedef struct HttpHead {
    Str method, path, query; // path and query as sent, not decoded
    HttpPairVec fields;      // in their order
    size_t size_bytes;       // of the head, its empty line included
} HttpHead;

typedef enum HttpHeadState { HTTP_HEAD_WHOLE, HTTP_HEAD_SHORT, HTTP_HEAD_WRONG } HttpHeadState;
// SHORT: more bytes are needed. The texts are parts of bytes.
HttpHeadState http_head_read(Arena *a, Str bytes, HttpHead *out);
// The value of the only field of that name (in any case); false: none, or more than one.
bool http_field(const HttpHead *h, const char *name, Str *out);

// "a=1&b=x+y%21" decoded; a broken escape is kept as it is.
HttpPairVec http_query(Arena *a, Str query);
Str http_query_get(const HttpPairVec *v, const char *name); // the last one; empty: none

#endif
