// codec/json.c: the JSON writer.
#include "codec/json.h"

#include <math.h>

#include "base/utf8.h"

enum { DEPTH_MAX = 63 };

Json json_new(Buf *out, uint32_t indent) {
    return (Json){.out = out, .indent = indent, .fresh = true};
}

static void new_line(Json *j) {
    if (!j->indent && !j->tabs) return;
    buf_byte(j->out, '\n');
    if (j->tabs)
        buf_fill(j->out, '\t', j->depth);
    else
        buf_fill(j->out, ' ', (size_t)j->depth * j->indent);
}

// What stands before a value or a key: a comma and a new line, or nothing after a key.
static void lead(Json *j) {
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (!j->depth) return;
    if (!j->fresh) buf_byte(j->out, ',');
    new_line(j);
    j->fresh = false;
}

static void open(Json *j, bool object) {
    lead(j);
    if (j->depth >= DEPTH_MAX) BUG("JSON nested deeper than %d", DEPTH_MAX);
    buf_byte(j->out, object ? '{' : '[');
    j->depth++;
    uint64_t bit = (uint64_t)1 << j->depth;
    j->objects = object ? j->objects | bit : j->objects & ~bit;
    j->fresh = true;
}

void json_object(Json *j) { open(j, true); }
void json_array(Json *j) { open(j, false); }

void json_close(Json *j) {
    if (!j->depth) BUG("JSON closed more often than opened");
    bool object = j->objects >> j->depth & 1, empty = j->fresh;
    j->depth--;
    if (!empty) new_line(j);
    buf_byte(j->out, object ? '}' : ']');
    j->fresh = false;
}

void json_key(Json *j, Str key) {
    lead(j);
    json_quote(j->out, key);
    buf_byte(j->out, ':');
    if (j->indent || j->tabs) buf_byte(j->out, ' ');
    j->after_key = true;
}

static void quote_rune(Buf *out, uint32_t r) {
    static const char *const short_forms = "\bb\ff\nn\rr\tt\"\"\\\\";
    for (const char *p = short_forms; *p; p += 2)
        if ((uint32_t)*p == r) {
            buf_byte(out, '\\');
            buf_byte(out, p[1]);
            return;
        }
    if (r < 0x20 || r == 0x7f) {
        buf_fmt(out, "\\u%04x", r);
        return;
    }
    char bytes[4];
    buf_str(out, (Str){bytes, utf8_encode(bytes, r)});
}

void json_quote(Buf *out, Str s) {
    buf_byte(out, '"');
    for (uint32_t w; s.len; s = str_from(s, w)) quote_rune(out, utf8_decode(s, &w));
    buf_byte(out, '"');
}

void json_str(Json *j, Str s) {
    lead(j);
    json_quote(j->out, s);
}

void json_i64(Json *j, int64_t v) {
    lead(j);
    buf_i64(j->out, v);
}

void json_u64(Json *j, uint64_t v) {
    lead(j);
    buf_u64(j->out, v);
}

void json_f64(Json *j, double v) {
    lead(j);
    if (!isfinite(v)) {
        buf_lit(j->out, "null");
        return;
    }
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v) break;
    }
    buf_c(j->out, text);
}

void json_bool(Json *j, bool v) {
    lead(j);
    buf_c(j->out, v ? "true" : "false");
}

void json_null(Json *j) { json_raw(j, STR("null")); }

void json_raw(Json *j, Str text) {
    lead(j);
    buf_str(j->out, text);
}
