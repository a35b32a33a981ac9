// go/load: text as Go's fmt and strconv write and read it: quoting, white space, string literals.
#include "go/load/load_internal.h"

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Str str_field(Str *s) {
    size_t start = 0, end;
    while (start < s->len && is_space(s->ptr[start])) start++;
    for (end = start; end < s->len && !is_space(s->ptr[end]);) end++;
    Str word = str_slice(*s, start, end);
    *s = str_from(*s, end);
    return word;
}

StrVec str_fields(Arena *a, Str s) {
    StrVec words = {0};
    for (Str w; (w = str_field(&s)).len > 0;) vec_push(a, &words, w);
    return words;
}

Str text_quote(Arena *a, Str s) {
    Buf b = buf_new(a);
    buf_quote(&b, s);
    return buf_view(&b);
}

// A rune as fmt's %q prints it: as in a string, but that the other quote is escaped.
Str text_quote_rune(Arena *a, Str s, size_t at) {
    uint32_t n, r = utf8_decode(str_from(s, at), &n);
    if (r == '\'') return STR("'\\''");
    if (r == '"') return STR("'\"'");
    Str quoted = text_quote(a, r == UTF8_BAD ? STR("\xEF\xBF\xBD") : str_slice(s, at, at + n));
    return str_fmt(a, "'" STR_FMT "'", STR_ARG(str_slice(quoted, 1, quoted.len - 1)));
}

Str text_unicode(Arena *a, Str s, size_t at) {
    uint32_t n, r = utf8_decode(str_from(s, at), &n);
    Buf b = buf_new(a);
    buf_fmt(&b, "U+%04X", r);
    if (rune_is_print(r)) {
        Str shown = r == UTF8_BAD ? STR("\xEF\xBF\xBD") : str_slice(s, at, at + n);
        buf_fmt(&b, " '" STR_FMT "'", STR_ARG(shown));
    }
    return buf_view(&b);
}

// ---- string literals ------------------------------------------------------------------------

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    char low = (char)(c | 32);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// What stands after a backslash; false when that is no escape. *s loses what was read.
static bool unescape(Str *s, Buf *out) {
    static const char names[] = "abfnrtv\\\"", values[] = "\a\b\f\n\r\t\v\\\"";
    if (s->len == 0) return false;
    char c = s->ptr[0];
    const char *named = c ? strchr(names, c) : NULL;
    if (named) {
        if (out) buf_byte(out, values[named - names]);
        *s = str_from(*s, 1);
        return true;
    }
    bool octal = c >= '0' && c <= '7';
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 3;
    if (!octal && digits == 3) return false;
    *s = str_from(*s, octal ? 0 : 1);
    if (s->len < digits) return false;
    uint32_t x = 0;
    for (size_t i = 0; i < digits; i++) {
        int v = hex(s->ptr[i]);
        if (v < 0 || (octal && v > 7)) return false;
        x = x * (octal ? 8 : 16) + (uint32_t)v;
    }
    *s = str_from(*s, digits);
    if (octal && x > 255) return false;
    if (digits > 3 && (x > 0x10FFFF || (x >= 0xD800 && x < 0xE000))) return false;
    char bytes[4] = {(char)x};
    if (out) buf_str(out, (Str){bytes, digits > 3 ? utf8_encode(bytes, x) : 1});
    return true;
}

static bool unquote(Str s, Buf *out) {
    if (s.len < 2 || s.ptr[0] != s.ptr[s.len - 1]) return false;
    char quote = s.ptr[0];
    s = str_slice(s, 1, s.len - 1);
    if (quote == '`') {
        for (size_t i = 0; i < s.len; i++) {
            if (s.ptr[i] == '`') return false;
            if (out && s.ptr[i] != '\r') buf_byte(out, s.ptr[i]);
        }
        return true;
    }
    if (quote != '"') return false;
    while (s.len > 0) {
        char c = s.ptr[0];
        if (c == '"' || c == '\n') return false;
        s = str_from(s, 1);
        if (c != '\\') {
            if (out) buf_byte(out, c);
        } else if (!unescape(&s, out)) {
            return false;
        }
    }
    return true;
}

bool go_quoted_is_valid(Str literal) { return unquote(literal, NULL); }

Str go_unquote(Arena *a, Str literal) {
    bool raw = literal.len >= 2 && (literal.ptr[0] == '"' || literal.ptr[0] == '`');
    if (raw && str_find_byte(literal, '\\') == STR_NONE && str_find_byte(literal, '\r') == STR_NONE)
        return str_copy(a, str_slice(literal, 1, literal.len - 1));
    Buf b = buf_new(a);
    unquote(literal, &b);
    return buf_view(&b);
}
