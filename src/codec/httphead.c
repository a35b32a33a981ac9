// codec/httphead.c: RFC 9112, as far as a page's requests need it: no body, no continuation lines.
#include "codec/httphead.h"

#include <string.h>

#include "base/buf.h"

static bool is_token(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c))) return false;
    }
    return s.len > 0;
}

static bool is_printable(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x21 || s.ptr[i] == 0x7f) return false;
    return s.len > 0;
}

// "GET /path?query HTTP/1.1"
static bool request_line(Str line, HttpHead *out) {
    size_t space = str_find_byte(line, ' '), last = str_rfind_byte(line, ' ');
    if (space == STR_NONE || last == space) return false;
    Str target = str_slice(line, space + 1, last), version = str_from(line, last + 1);
    out->method = str_to(line, space);
    if (!str_eq(version, STR("HTTP/1.1")) && !str_eq(version, STR("HTTP/1.0"))) return false;
    if (!is_token(out->method) || !is_printable(target) || target.ptr[0] != '/') return false;
    size_t mark = str_find_byte(target, '?');
    out->path = mark == STR_NONE ? target : str_to(target, mark);
    out->query = mark == STR_NONE ? (Str){0} : str_from(target, mark + 1);
    return true;
}

static bool field_line(Arena *a, Str line, HttpHead *out) {
    size_t colon = str_find_byte(line, ':');
    if (colon == STR_NONE || !is_token(str_to(line, colon))) return false;
    Str value = str_trim(str_from(line, colon + 1));
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < 0x20 && value.ptr[i] != '\t') return false;
    vec_push(a, &out->fields, ((HttpPair){str_to(line, colon), value}));
    return true;
}

HttpHeadState http_head_read(Arena *a, Str bytes, HttpHead *out) {
    HttpHead h = {0};
    size_t end = str_find(bytes, STR("\r\n\r\n"));
    if (end == STR_NONE) return HTTP_HEAD_SHORT;
    h.size_bytes = end + 4;
    Str rest = str_to(bytes, end + 2);
    for (bool first = true; rest.len; first = false) {
        size_t at = str_find(rest, STR("\r\n"));
        Str line = str_to(rest, at);
        rest = str_from(rest, at + 2);
        if (!(first ? request_line(line, &h) : field_line(a, line, &h))) return HTTP_HEAD_WRONG;
    }
    *out = h;
    return HTTP_HEAD_WHOLE;
}

static bool same_name(Str s, const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; i < n && s.len == n; i++) {
        char c = s.ptr[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c | 0x20);
        if (c != name[i]) return false;
    }
    return s.len == n;
}

bool http_field(const HttpHead *h, const char *name, Str *out) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < h->fields.len; i++)
        if (same_name(h->fields.v[i].name, name)) {
            *out = h->fields.v[i].value;
            found++;
        }
    return found == 1;
}

// ---- queries

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Str decode(Arena *a, Str s) {
    Buf b = buf_new(a);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0) {
            c = (char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2]));
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        buf_byte(&b, c);
    }
    return buf_view(&b);
}

HttpPairVec http_query(Arena *a, Str query) {
    HttpPairVec out = {0};
    while (query.len) {
        Str value = str_split(&query, '&');
        if (!value.len) continue;
        Str name = str_split(&value, '=');
        vec_push(a, &out, ((HttpPair){decode(a, name), decode(a, value)}));
    }
    return out;
}

Str http_query_get(const HttpPairVec *v, const char *name) {
    for (uint32_t i = v->len; i-- > 0;)
        if (str_eq_c(v->v[i].name, name)) return v->v[i].value;
    return STR("");
}
