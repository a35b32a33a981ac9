// codec/json.h: writing JSON text, and reading it through jansson (json_read.h when needed).
// The writer only appends; commas and indentation follow from the calls, so output is never
// malformed as long as opens and closes match (a BUG otherwise).
#ifndef HEAPWISE_CODEC_JSON_H
#define HEAPWISE_CODEC_JSON_H

#include "base/buf.h"

typedef struct Json {
    Buf *out;
    uint32_t depth;
    uint32_t indent; // spaces a level; 0 writes one line
    bool tabs;       // indent with tabs, one a level (as the go command does)
    bool fresh;      // nothing written yet at this level
    bool after_key;
    uint64_t objects; // bit per level: set for an object
} Json;

Json json_new(Buf *out, uint32_t indent);
void json_object(Json *j); // opens {
void json_array(Json *j);  // opens [
void json_close(Json *j);  // closes the innermost
void json_key(Json *j, Str key);
void json_str(Json *j, Str s); // bytes that are no UTF-8 become U+FFFD
void json_i64(Json *j, int64_t v);
void json_u64(Json *j, uint64_t v);
void json_f64(Json *j, double v); // shortest text that reads back; no number is written as null
void json_bool(Json *j, bool v);
void json_null(Json *j);
void json_raw(Json *j, Str text); // already JSON
void json_quote(Buf *out, Str s);

#endif
