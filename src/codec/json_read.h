// codec/json_read.h: JSON text to a tree, through jansson. Numbers keep whether they were integers.
// Owns     the tree lives in the arena given; jansson's own tree is freed before returning.
// Failure  ERR_FORMAT with the byte offset; nesting deeper than jansson allows is refused.
#ifndef HEAPWISE_CODEC_JSON_READ_H
#define HEAPWISE_CODEC_JSON_READ_H

#include "base/err.h"
#include "base/vec.h"

typedef enum JsonKind {
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_INT,
    JSON_KIND_REAL,
    JSON_KIND_STR,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
} JsonKind;

typedef struct JsonValue JsonValue;
struct JsonValue {
    JsonKind kind;
    Str key;          // inside an object
    Str str;          // JSON_KIND_STR
    int64_t num;      // JSON_KIND_INT, JSON_KIND_BOOL
    double real;      // JSON_KIND_REAL and JSON_KIND_INT
    JsonValue *items; // of an array or object, in the order of the text
    uint32_t len;
};

Err json_parse(Arena *a, Str text, JsonValue *out); // one value and nothing behind it
// The next of several values that stand one behind the other; *rest is moved past it.
// *out is a null value and *rest empty at the end.
Err json_parse_next(Arena *a, Str *rest, JsonValue *out);

// Lookups never fail: an absent member is a null value, whose text is empty and number 0.
const JsonValue *json_get(const JsonValue *object, const char *key);
Str json_get_str(const JsonValue *object, const char *key);
int64_t json_get_int(const JsonValue *object, const char *key);
bool json_get_bool(const JsonValue *object, const char *key);

#endif
