// go/load: text as Go's fmt and strconv write and read it: quoting, white space, classes of runes.
#include "go/load/load_internal.h"

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Blocks of Unicode that hold no letters: punctuation, symbols, spaces, private use, emoji. The
// places that ask (build tags, file names, identifiers of a file's header) need no finer answer.
static const struct {
    uint32_t lo, hi;
} no_letters[] = {
    {0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},     {0xBB, 0xBF},       {0xD7, 0xD7},
    {0xF7, 0xF7},     {0x300, 0x36F},   {0x2000, 0x2070}, {0x2072, 0x207E},   {0x2080, 0x208F},
    {0x20A0, 0x2101}, {0x2190, 0x2BFF}, {0x3000, 0x3004}, {0x3007, 0x3030},   {0xD800, 0xF8FF},
    {0xFE00, 0xFE6F}, {0xFF00, 0xFF20}, {0xFFE0, 0xFFFF}, {0x1F000, 0x1FAFF}, {0xE0000, 0x10FFFF},
};

bool rune_is_letter(uint32_t r) {
    if (r < 0x80) return (r | 32) - 'a' < 26;
    for (size_t i = 0; i < COUNT(no_letters); i++)
        if (r >= no_letters[i].lo && r <= no_letters[i].hi) return false;
    return !rune_is_digit(r);
}

// Decimal digits of the scripts that have their own.
bool rune_is_digit(uint32_t r) {
    static const uint32_t zeros[] = {'0',   0x660, 0x6F0,  0x7C0,  0x966,  0x9E6, 0xA66,
                                     0xAE6, 0xB66, 0xBE6,  0xC66,  0xCE6,  0xD66, 0xE50,
                                     0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10};
    for (size_t i = 0; i < COUNT(zeros); i++)
        if (r - zeros[i] < 10) return true;
    return false;
}

bool rune_is_printable(uint32_t r) {
    if (r < 0x80) return r >= ' ' && r < 0x7F;
    if (r < 0xA1 || r == 0xAD || r == 0xFEFF || r == 0x3000) return false;
    bool spaces = (r >= 0x2000 && r <= 0x200F) || (r >= 0x2028 && r <= 0x202F) || r == 0x205F;
    return !spaces && !(r >= 0xD800 && r <= 0xF8FF) && r < 0xE0000;
}

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

static void quote_byte(Buf *b, unsigned char c, char quote) {
    static const char names[] = "abtnvfr"; // \a is 7 ... \r is 13
    if (c == (unsigned char)quote || c == '\\')
        buf_fmt(b, "\\%c", c);
    else if (c >= 7 && c <= 13)
        buf_fmt(b, "\\%c", names[c - 7]);
    else if (c < ' ' || c == 0x7f)
        buf_fmt(b, "\\x%02x", c);
    else
        buf_byte(b, (char)c);
}

static void quote_runes(Buf *b, Str s, char quote) {
    buf_byte(b, quote);
    uint32_t n;
    for (size_t i = 0; i < s.len; i += n) {
        uint32_t r = utf8_decode(str_from(s, i), &n);
        if (r < 0x80)
            quote_byte(b, (unsigned char)r, quote);
        else if (r == UTF8_BAD && n == 1)
            buf_fmt(b, "\\x%02x", (unsigned char)s.ptr[i]);
        else if (!rune_is_printable(r))
            buf_fmt(b, r < 0x10000 ? "\\u%04x" : "\\U%08x", r);
        else
            buf_str(b, str_slice(s, i, i + n));
    }
    buf_byte(b, quote);
}

void buf_quote(Buf *b, Str s) { quote_runes(b, s, '"'); }

Str text_quote(Arena *a, Str s) {
    Buf b = buf_new(a);
    quote_runes(&b, s, '"');
    return buf_view(&b);
}

// A rune as fmt's %q prints it: 'x'.
Str text_quote_rune(Arena *a, Str s, size_t at) {
    uint32_t n, r = utf8_decode(str_from(s, at), &n);
    Buf b = buf_new(a);
    quote_runes(&b, r == UTF8_BAD ? STR("\xEF\xBF\xBD") : str_slice(s, at, at + n), '\'');
    return buf_view(&b);
}

Str text_unicode(Arena *a, Str s, size_t at) {
    uint32_t n, r = utf8_decode(str_from(s, at), &n);
    Buf b = buf_new(a);
    buf_fmt(&b, "U+%04X", r);
    if (rune_is_printable(r)) {
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
