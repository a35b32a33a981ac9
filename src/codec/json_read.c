// Reads JSON with jansson and copies what it found into an arena, so that nobody else counts
// references and a value is as easy to keep as any other of our structures.
#include "codec/json_read.h"

#include <jansson.h>

static const JsonValue NULL_VALUE = {.kind = JSON_KIND_NULL};

static void copy_value(Arena *a, json_t *from, JsonValue *to);

static void copy_array(Arena *a, json_t *from, JsonValue *to) {
    to->kind = JSON_KIND_ARRAY;
    to->len = (uint32_t)json_array_size(from);
    to->items = NEW_ARRAY(a, JsonValue, to->len);
    for (uint32_t i = 0; i < to->len; i++) copy_value(a, json_array_get(from, i), &to->items[i]);
}

static void copy_object(Arena *a, json_t *from, JsonValue *to) {
    to->kind = JSON_KIND_OBJECT;
    to->items = NEW_ARRAY(a, JsonValue, json_object_size(from));
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value) {
        JsonValue *item = &to->items[to->len++];
        copy_value(a, value, item);
        item->key = str_copy(a, str_c(key));
    }
}

// jansson refuses nesting deeper than 2048, which bounds this recursion.
static void copy_value(Arena *a, json_t *from, JsonValue *to) {
    *to = NULL_VALUE;
    switch (json_typeof(from)) {
    case JSON_NULL: return;
    case JSON_TRUE:
    case JSON_FALSE:
        to->kind = JSON_KIND_BOOL;
        to->num = json_is_true(from);
        return;
    case JSON_INTEGER:
        to->kind = JSON_KIND_INT;
        to->num = json_integer_value(from);
        to->real = (double)to->num;
        return;
    case JSON_REAL:
        to->kind = JSON_KIND_REAL;
        to->real = json_real_value(from);
        return;
    case JSON_STRING:
        to->kind = JSON_KIND_STR;
        to->str = str_copy(a, (Str){json_string_value(from), json_string_length(from)});
        return;
    case JSON_ARRAY: copy_array(a, from, to); return;
    case JSON_OBJECT: copy_object(a, from, to); return;
    }
    BUG("JSON type %d", (int)json_typeof(from));
}

static Err load(Arena *a, Str text, size_t flags, JsonValue *out, size_t *used) {
    json_error_t error;
    json_t *root = json_loadb(text.ptr, text.len, flags | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!root)
        return err_new(a, ERR_FORMAT, (uint64_t)MAX(error.position, 0), "not JSON: %s (line %d)",
                       error.text, error.line);
    *used = (size_t)MAX(error.position, 0);
    copy_value(a, root, out);
    json_decref(root);
    return NULL;
}

Err json_parse(Arena *a, Str text, JsonValue *out) {
    size_t used;
    return load(a, text, 0, out, &used);
}

Err json_parse_next(Arena *a, Str *rest, JsonValue *out) {
    *rest = str_trim(*rest);
    *out = NULL_VALUE;
    if (rest->len == 0) return NULL;
    size_t used = 0;
    TRY(load(a, *rest, JSON_DISABLE_EOF_CHECK, out, &used));
    *rest = str_from(*rest, MAX(used, 1));
    return NULL;
}

const JsonValue *json_get(const JsonValue *object, const char *key) {
    if (object->kind != JSON_KIND_OBJECT) return &NULL_VALUE;
    for (uint32_t i = 0; i < object->len; i++)
        if (str_eq_c(object->items[i].key, key)) return &object->items[i];
    return &NULL_VALUE;
}

Str json_get_str(const JsonValue *object, const char *key) { return json_get(object, key)->str; }
int64_t json_get_int(const JsonValue *object, const char *key) {
    return json_get(object, key)->num;
}
bool json_get_bool(const JsonValue *object, const char *key) {
    return json_get(object, key)->num != 0;
}
