// codec/url.h: URLs, read and written again as Go's net/url does it: who asks for what Go's tools
// ask for must name it as they do. Owns     nothing: decoded texts are in the arena, the others are
// parts of what was read.
#ifndef HEAPWISE_CODEC_URL_H
#define HEAPWISE_CODEC_URL_H

#include "base/buf.h"

typedef struct Url {
    Str scheme;            // in lower case
    Str user, password;    // decoded
    Str host;              // decoded, with its port
    Str path, query, mark; // as they are written again; mark: what is behind #
    bool has_user, has_password, has_query;
} Url;

// False: not a URL, or one without a host ("mailto:x", "a/b").
bool url_parse(Arena *a, Str text, Url *out);
Str url_text(Arena *a, const Url *u);
Str url_text_without_password(Arena *a, const Url *u); // *** in its place

// The words of the query, sorted, with `name` set to `value` (empty: as it is).
Str url_query_with(Arena *a, Str query, Str name, Str value);
bool url_query_get(Arena *a, Str query, Str name, Str *out); // the first one

#endif
