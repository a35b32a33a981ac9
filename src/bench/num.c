// bench/num.c: numbers and quoted strings as Go's strconv and fmt read and write them.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_internal.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static char lower(char c) { return (char)(c | 0x20); }
static bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

NumStatus num_parse_int(Str s, int64_t *out) {
    bool negative = s.len > 0 && s.ptr[0] == '-';
    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+')) s = str_from(s, 1);
    if (s.len == 0) return NUM_SYNTAX;
    uint64_t limit = (uint64_t)INT64_MAX + negative, n = 0;
    bool over = false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i])) return NUM_SYNTAX;
        uint64_t d = (uint64_t)(s.ptr[i] - '0');
        if (n > (limit - d) / 10) over = true;
        if (!over) n = n * 10 + d;
    }
    if (over) return NUM_RANGE;
    *out = negative ? (int64_t)(0 - n) : (int64_t)n;
    return NUM_OK;
}

static bool special(Str s, double *out) {
    char text[10];
    if (s.len < 3 || s.len > 9) return false;
    for (size_t i = 0; i < s.len; i++) text[i] = s.ptr[i] < 'A' ? s.ptr[i] : lower(s.ptr[i]);
    text[s.len] = 0;
    const char *bare = text + (text[0] == '+' || text[0] == '-');
    if (strcmp(bare, "inf") == 0 || strcmp(bare, "infinity") == 0) {
        *out = text[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    if (strcmp(text, "nan") != 0) return false;
    *out = NAN;
    return true;
}

// An underscore stands between two digits, or between a base prefix and a digit.
static bool underscores_fine(Str s) {
    if (str_find_byte(s, '_') == STR_NONE) return true;
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) s = str_from(s, 1);
    bool prefix = s.len >= 2 && s.ptr[0] == '0' && strchr("box", lower(s.ptr[1])) != NULL;
    bool hex = prefix && lower(s.ptr[1]) == 'x';
    bool digit = prefix; // what stands before counts as one
    for (size_t i = prefix ? 2 : 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool now = is_digit(c) || (hex && is_hex(c));
        if (c == '_' && (!digit || i + 1 == s.len)) return false;
        if (i > 0 && s.ptr[i - 1] == '_' && !now) return false;
        digit = now;
    }
    return true;
}

// float = [sign] digits ["." digits] [("e"|"p") [sign] digits]; underscores are skipped.
typedef struct Decimal {
    uint64_t mantissa; // the first 19 significant digits
    int exponent;      // of ten
    bool whole;        // mantissa holds them all
    bool negative, hex;
} Decimal;

static size_t scan_digits(Str s, size_t i, Decimal *d, bool *any, bool *point) {
    int kept = 0;
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '_') continue;
        if (c == '.') {
            if (*point) return s.len + 1;
            *point = true;
            continue;
        }
        if (!(d->hex ? is_hex(c) : is_digit(c))) return i;
        *any = true;
        if (d->hex) continue;
        if (kept < 18) {
            d->mantissa = d->mantissa * 10 + (uint64_t)(c - '0');
            kept += d->mantissa != 0;
            d->exponent -= *point;
        } else {
            d->whole = false;
        }
    }
    return i;
}

static bool scan_float(Str s, Decimal *d) {
    *d = (Decimal){.whole = true};
    size_t i = 0;
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) d->negative = s.ptr[i++] == '-';
    d->hex = i + 2 < s.len && s.ptr[i] == '0' && lower(s.ptr[i + 1]) == 'x';
    if (d->hex) i += 2;
    bool any = false, point = false;
    i = scan_digits(s, i, d, &any, &point);
    if (!any || i > s.len) return false;
    if (i == s.len) return !d->hex; // a hexadecimal number must have an exponent
    if (lower(s.ptr[i]) != (d->hex ? 'p' : 'e')) return false;
    bool minus = false;
    if (++i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) minus = s.ptr[i++] == '-';
    if (i >= s.len || !is_digit(s.ptr[i])) return false;
    int e = 0;
    for (; i < s.len && (is_digit(s.ptr[i]) || s.ptr[i] == '_'); i++)
        if (s.ptr[i] != '_' && e < 10000) e = e * 10 + (s.ptr[i] - '0');
    d->exponent += minus ? -e : e;
    return i == s.len;
}

static NumStatus parse_slowly(Arena *scratch, Str s, double *out) {
    ArenaMark mark = arena_mark(scratch);
    char *text = NEW_ARRAY(scratch, char, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '_') text[n++] = s.ptr[i];
    double v = strtod(text, NULL);
    arena_pop_to(mark);
    if (isinf(v)) return NUM_RANGE;
    *out = v;
    return NUM_OK;
}

NumStatus num_parse_float(Arena *scratch, Str s, double *out) {
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    Decimal d;
    if (!underscores_fine(s)) return NUM_SYNTAX;
    if (!scan_float(s, &d)) return special(s, out) ? NUM_OK : NUM_SYNTAX;
    bool exact = !d.hex && d.whole && d.mantissa <= (uint64_t)1 << 53 && d.exponent <= 22 &&
                 d.exponent >= -22;
    if (!exact) return parse_slowly(scratch, s, out);
    double v = (double)d.mantissa; // both factors are exact, so one rounding is all there is
    v = d.exponent < 0 ? v / tens[-d.exponent] : v * tens[d.exponent];
    *out = d.negative ? -v : v;
    return NUM_OK;
}

bool bench_parse_number(Arena *scratch, Str text, double *out) {
    return num_parse_float(scratch, text, out) == NUM_OK;
}

// metric = number [prefix ["i"]] ["b"|"B"], as the "num" order understands it.
NumStatus num_parse_metric(Arena *scratch, Str s, double *out) {
    if (num_parse_float(scratch, s, out) == NUM_OK) return NUM_OK;
    size_t i = s.len && (s.ptr[0] == '+' || s.ptr[0] == '-'), first = i;
    while (i < s.len && (is_digit(s.ptr[i]) || s.ptr[i] == '.')) i++;
    if (i == first || num_parse_float(scratch, str_to(s, i), out) != NUM_OK) return NUM_SYNTAX;
    static const char prefixes[] = "KMGTPEZY";
    int power = 0;
    bool binary = false;
    if (i < s.len) {
        const char *at = strchr(prefixes, s.ptr[i] == 'k' ? 'K' : s.ptr[i]);
        if (at && *at) {
            power = (int)(at - prefixes) + 1;
            i++;
            if (i < s.len && s.ptr[i] == 'i') binary = true, i++;
        }
    }
    if (i < s.len && lower(s.ptr[i]) == 'b') i++;
    if (i != s.len) return NUM_SYNTAX;
    *out *= pow(binary ? 1024 : 1000, power);
    return NUM_OK;
}

// ---- writing

static bool put_odd(Buf *out, double v, bool plus) {
    if (isnan(v)) buf_c(out, plus ? "+NaN" : "NaN");
    if (isinf(v)) buf_c(out, v > 0 ? "+Inf" : "-Inf");
    return isnan(v) || isinf(v);
}

void bench_put_fixed(Buf *out, double v, int precision, bool plus) {
    if (put_odd(out, v, plus)) return;
    buf_room(out, 40); // most numbers fit: formatted once
    if (plus)
        buf_fmt(out, "%+.*f", precision, v);
    else
        buf_fmt(out, "%.*f", precision, v);
}

// The shortest digits that read back as v: text "d.ddde+xx" in out.
static void shortest(double v, char out[40]) {
    for (int digits = 0; digits < 17; digits++) {
        snprintf(out, 40, "%.*e", digits, v);
        if (strtod(out, NULL) == v) return;
    }
}

void bench_put_go(Buf *out, double v) {
    if (put_odd(out, v, false)) return;
    char text[40];
    shortest(v, text);
    char *e = strchr(text, 'e');
    int exponent = (int)strtol(e + 1, NULL, 10);
    if (exponent < -4 || exponent >= 6) {
        buf_c(out, text);
        return;
    }
    int digits = (int)(e - text) - (text[0] == '-') - (strchr(text, '.') != NULL);
    buf_fmt(out, "%.*f", MAX(0, digits - 1 - exponent), v);
}

void num_quote(Buf *out, Str s) {
    static const char plain[] = "\a\b\f\n\r\t\v\\\"", names[] = "abfnrtv\\\"";
    buf_byte(out, '"');
    for (uint32_t width; s.len; s = str_from(s, width)) {
        uint32_t rune = utf8_decode(s, &width);
        const char *at = rune && rune < 0x80 ? strchr(plain, (int)rune) : NULL;
        if (at)
            buf_fmt(out, "\\%c", names[at - plain]);
        else if (rune == UTF8_BAD && width == 1)
            buf_fmt(out, "\\x%02x", (unsigned char)s.ptr[0]);
        else if (rune < 0x20 || rune == 0x7f)
            buf_fmt(out, "\\x%02x", rune);
        else
            buf_str(out, str_to(s, width));
    }
    buf_byte(out, '"');
}

// escape = "\" (letter | 3 octal | "x" 2 hex | "u" 4 hex | "U" 8 hex)
static bool unescape(Str *s, Buf *out) {
    static const char names[] = "abfnrtv\\\"", plain[] = "\a\b\f\n\r\t\v\\\"";
    if (!s->len) return false;
    char c = s->ptr[0];
    const char *at = c ? strchr(names, c) : NULL;
    if (at) {
        buf_byte(out, plain[at - names]);
        *s = str_from(*s, 1);
        return true;
    }
    bool octal = c >= '0' && c <= '7';
    size_t digits = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (!octal) *s = str_from(*s, 1);
    if (!digits || s->len < digits) return false;
    uint64_t rune = 0;
    for (size_t i = 0; i < digits; i++) {
        char d = s->ptr[i];
        if (octal ? d < '0' || d > '7' : !is_hex(d)) return false;
        rune = rune * (octal ? 8 : 16) + (uint64_t)(is_digit(d) ? d - '0' : lower(d) - 'a' + 10);
    }
    *s = str_from(*s, digits);
    if (octal || digits == 2) {
        if (rune > 255) return false;
        buf_byte(out, (char)rune);
        return true;
    }
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) return false;
    char bytes[4];
    buf_str(out, (Str){bytes, utf8_encode(bytes, (uint32_t)rune)});
    return true;
}

bool num_unquote(Arena *a, Str s, Str *out) {
    if (s.len < 2 || s.ptr[0] != '"' || s.ptr[s.len - 1] != '"') return false;
    s = str_slice(s, 1, s.len - 1);
    Buf text = buf_new(a);
    while (s.len) {
        char c = s.ptr[0];
        if (c == '"' || c == '\n') return false;
        s = str_from(s, 1);
        if (c != '\\')
            buf_byte(&text, c);
        else if (!unescape(&s, &text))
            return false;
    }
    *out = buf_view(&text);
    return true;
}
