// go/syntax/unquote.c: what a string or rune literal stands for. Literals that are not bad only:
// the scanner has looked at every escape already, yet nothing here trusts that.
#include "base/utf8.h"
#include "go/syntax/syntax.h"

typedef struct Escape {
    uint32_t value;
    bool is_byte; // \ooo and \xhh in a string are bytes, not runes
} Escape;

static int hex_digit(char c) {
    if ('0' <= c && c <= '9') return c - '0';
    c |= 0x20;
    return 'a' <= c && c <= 'f' ? c - 'a' + 10 : 16;
}

static bool number(Str *s, size_t n, uint32_t base, Escape *out) {
    uint32_t value = 0;
    if (s->len < n) return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t d = (uint32_t)hex_digit(s->ptr[i]);
        if (d >= base) return false;
        value = value * base + d;
    }
    *s = str_from(*s, n);
    out->value = value;
    return true;
}

// From behind the backslash.
static bool escape(Str *s, Escape *out) {
    static const char letters[] = "abfnrtv\\'\"", values[] = "\a\b\f\n\r\t\v\\'\"";
    if (!s->len) return false;
    char c = s->ptr[0];
    *out = (Escape){0};
    if ('0' <= c && c <= '7') {
        out->is_byte = true;
        return number(s, 3, 8, out) && out->value <= 0xFF;
    }
    *s = str_from(*s, 1);
    if (c == 'x') {
        out->is_byte = true;
        return number(s, 2, 16, out);
    }
    if (c == 'u') return number(s, 4, 16, out);
    if (c == 'U') return number(s, 8, 16, out) && out->value <= 0x10FFFF;
    const char *at = c ? strchr(letters, c) : NULL;
    if (at) out->value = (unsigned char)values[at - letters];
    return at != NULL;
}

static Str without_carriage_returns(Arena *a, Str s) {
    if (str_find_byte(s, '\r') == STR_NONE) return s;
    Buf b = buf_new(a);
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\r') buf_byte(&b, s.ptr[i]);
    return buf_view(&b);
}

bool syntax_unquote(Arena *a, Str lit, Str *out) {
    if (lit.len < 2 || lit.ptr[0] != lit.ptr[lit.len - 1]) return false;
    Str s = str_slice(lit, 1, lit.len - 1);
    if (lit.ptr[0] == '`') {
        *out = without_carriage_returns(a, s);
        return true;
    }
    if (lit.ptr[0] != '"') return false;
    if (str_find_byte(s, '\\') == STR_NONE) {
        *out = s;
        return true;
    }
    Buf b = buf_new(a);
    while (s.len) {
        size_t plain = str_find_byte(s, '\\');
        if (plain == STR_NONE) plain = s.len;
        buf_str(&b, str_to(s, plain));
        s = str_from(s, plain);
        if (!s.len) break;
        s = str_from(s, 1);
        Escape e;
        if (!escape(&s, &e)) return false;
        char bytes[4] = {(char)e.value};
        uint32_t n = e.is_byte ? 1 : utf8_encode(bytes, e.value);
        buf_str(&b, (Str){bytes, n});
    }
    *out = buf_view(&b);
    return true;
}

bool syntax_rune_value(Str lit, int32_t *out) {
    if (lit.len < 3 || lit.ptr[0] != '\'' || lit.ptr[lit.len - 1] != '\'') return false;
    Str s = str_slice(lit, 1, lit.len - 1);
    if (s.ptr[0] == '\\') {
        s = str_from(s, 1);
        Escape e;
        if (!escape(&s, &e) || s.len) return false;
        *out = (int32_t)e.value;
        return true;
    }
    uint32_t width, rune = utf8_decode(s, &width);
    if (width != s.len) return false;
    *out = (int32_t)rune;
    return true;
}
