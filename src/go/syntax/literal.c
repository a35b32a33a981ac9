// go/syntax/literal.c: numbers, strings and runes: where they end and what is wrong with them.
// The values are computed where they are needed (unquote.c, go/types).
#include <string.h>

#include "go/syntax/syntax_internal.h"

// The rune at p->at without what no source may hold; -1 at the end.
static inline int32_t peek(Parser *p, uint32_t *width) {
    if (LIKELY(p->at < p->end && (uint8_t)(*p->at - 1) < 0x7F)) {
        *width = 1;
        return *p->at;
    }
    return scanner_peek_odd(p, width);
}

static int32_t lower(int32_t c) { return c | 0x20; }
static bool is_decimal(int32_t c) { return '0' <= c && c <= '9'; }
static bool is_hex(int32_t c) { return is_decimal(c) || ('a' <= lower(c) && lower(c) <= 'f'); }

static void literal(Parser *p, LitKind kind, bool ok) {
    p->tok = TOK_LITERAL;
    p->kind = kind;
    p->bad = !ok;
    p->semi_if_line_ends = true;
}

static const char *base_name(int base) {
    switch (base) {
    case 2: return "binary";
    case 8: return "octal";
    case 10: return "decimal";
    default: return "hexadecimal";
    }
}

typedef struct Number {
    int base;
    char prefix; // 0, '0', 'x', 'o' or 'b'
    LitKind kind;
    bool ok, digits, separators;
    const uint8_t *invalid; // first digit too large for the base
} Number;

// { digit | "_" } in base 10 (smaller bases take any digit and note the first wrong one) or 16.
static void digits(Parser *p, Number *n, int base) {
    const uint8_t *at = p->at; // none of them is beyond ASCII, and no digit stands at the end
    for (;; at++) {
        uint8_t c = *at;
        if (c == '_')
            n->separators = true;
        else if (!(base == 16 ? is_hex(c) : is_decimal(c)))
            break;
        else {
            n->digits = true;
            if (base <= 10 && c >= '0' + base && !n->invalid) n->invalid = at;
        }
    }
    p->at = at;
}

static void number_prefix(Parser *p, Number *n) {
    uint32_t width;
    p->at++; // the 0
    switch (lower(peek(p, &width))) {
    case 'x': n->base = 16, n->prefix = 'x'; break;
    case 'o': n->base = 8, n->prefix = 'o'; break;
    case 'b': n->base = 2, n->prefix = 'b'; break;
    default: n->base = 8, n->prefix = '0', n->digits = true; return;
    }
    p->at += width;
}

static void number_error(Parser *p, Number *n, const char *subject, const char *what) {
    if (n->ok) scanner_error(p, p->at, "%s %s", subject, what);
    n->ok = false;
}

static void number_exponent(Parser *p, Number *n) {
    uint32_t width;
    int32_t c = peek(p, &width), e = lower(c);
    RuneText quoted = rune_quoted((uint32_t)c);
    if (e == 'e' && n->prefix != 0 && n->prefix != '0')
        number_error(p, n, quoted.text, "exponent requires decimal mantissa");
    else if (e == 'p' && n->prefix != 'x')
        number_error(p, n, quoted.text, "exponent requires hexadecimal mantissa");
    p->at += width;
    n->kind = LIT_FLOAT;
    c = peek(p, &width);
    if (c == '+' || c == '-') p->at += width;
    n->digits = false;
    const uint8_t *invalid = n->invalid;
    digits(p, n, 10);
    n->invalid = invalid;
    if (!n->digits) number_error(p, n, "exponent", "has no digits");
}

// The place of the first '_' that does not stand between digits, or NULL.
static const uint8_t *wrong_separator(const uint8_t *x, const uint8_t *end) {
    int32_t base = ' ', d = '.'; // d: '_', '0' for any digit, '.' for anything else
    const uint8_t *at = x;
    if (end - x >= 2 && x[0] == '0') {
        base = lower(x[1]);
        if (base == 'x' || base == 'o' || base == 'b') d = '0', at += 2; // counts as a digit
    }
    for (; at < end; at++) {
        int32_t before = d;
        d = *at;
        if (d == '_') {
            if (before != '0') return at;
        } else if (is_decimal(d) || (base == 'x' && is_hex(d))) {
            d = '0';
        } else {
            if (before == '_') return at - 1;
            d = '.';
        }
    }
    return d == '_' ? end - 1 : NULL;
}

static void number_finish(Parser *p, Number *n) {
    if (n->kind == LIT_INT && n->invalid && n->ok) {
        scanner_error(p, n->invalid, "invalid digit %s in %s literal",
                      rune_quoted(*n->invalid).text, base_name(n->base));
        n->ok = false;
    }
    if (n->separators && n->ok) {
        const uint8_t *wrong = wrong_separator(p->start, p->at);
        if (wrong) scanner_error(p, wrong, "'_' must separate successive digits");
        n->ok = !wrong;
    }
    literal(p, n->kind, n->ok);
}

void scan_number(Parser *p, bool seen_point) {
    Number n = {.base = 10, .kind = LIT_INT, .ok = true};
    uint32_t width;
    if (!seen_point) {
        if (*p->at == '0') number_prefix(p, &n);
        digits(p, &n, n.base);
        if (peek(p, &width) == '.') {
            if (n.prefix == 'o' || n.prefix == 'b') {
                scanner_error(p, p->at, "invalid radix point in %s literal", base_name(n.base));
                n.ok = false;
            }
            p->at++;
            seen_point = true;
        }
    }
    if (seen_point) {
        n.kind = LIT_FLOAT;
        digits(p, &n, n.base);
    }
    if (!n.digits && n.ok) {
        scanner_error(p, p->at, "%s literal has no digits", base_name(n.base));
        n.ok = false;
    }
    int32_t e = lower(peek(p, &width));
    if (e == 'e' || e == 'p') {
        number_exponent(p, &n);
    } else if (n.prefix == 'x' && n.kind == LIT_FLOAT && n.ok) {
        scanner_error(p, p->at, "hexadecimal mantissa requires a 'p' exponent");
        n.ok = false;
    }
    if (peek(p, &width) == 'i') {
        n.kind = LIT_IMAG;
        p->at++;
    }
    number_finish(p, &n);
}

// \xhh is most common, and any two digits will do.
static bool hex_byte(const uint8_t *at) {
    static const bool digit[256] = {
        ['0' ... '9'] = true, ['a' ... 'f'] = true, ['A' ... 'F'] = true};
    return digit[at[0]] && digit[at[1]]; // the text ends with a 0
}

// The n digits of \ooo, \xhh, \uhhhh and \Uhhhhhhhh. False: wrong, reported.
static bool escape_digits(Parser *p, int n, uint32_t base, uint32_t max) {
    uint32_t x = 0, width;
    if (n == 2 && hex_byte(p->at)) {
        p->at += 2;
        (void)peek(p, &width);
        return true;
    }
    for (; n > 0; n--) {
        int32_t c = peek(p, &width);
        if (c < 0) return true; // the caller complains about the end
        uint32_t d = base;
        if (is_decimal(c))
            d = (uint32_t)c - '0';
        else if ('a' <= lower(c) && lower(c) <= 'f')
            d = (uint32_t)lower(c) - 'a' + 10;
        if (d >= base) {
            scanner_error(p, p->at, "invalid character %s in %s escape",
                          rune_quoted((uint32_t)c).text, base_name((int)base));
            return false;
        }
        x = x * base + d;
        p->at += width;
    }
    (void)peek(p, &width);
    if (x > max && base == 8) {
        scanner_error(p, p->at, "octal escape value %u > 255", x);
        return false;
    }
    if (x > max || (0xD800 <= x && x < 0xE000)) {
        scanner_error(p, p->at, "escape is invalid Unicode code point %s", rune_sharp_u(x).text);
        return false;
    }
    return true;
}

// From behind the backslash. False: wrong, reported.
static bool escape(Parser *p, char quote) {
    uint32_t width;
    int32_t c = peek(p, &width);
    switch (c) {
    case 'a':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
    case 'v':
    case '\\': p->at++; return true;
    case '0' ... '7': return escape_digits(p, 3, 8, 255);
    case 'x': p->at++; return escape_digits(p, 2, 16, 255);
    case 'u': p->at++; return escape_digits(p, 4, 16, 0x10FFFF);
    case 'U': p->at++; return escape_digits(p, 8, 16, 0x10FFFF);
    default: break;
    }
    if (c == quote) {
        p->at++;
        return true;
    }
    if (c < 0) return true; // the caller complains about the end
    scanner_error(p, p->at, "unknown escape");
    return false;
}

void scan_string(Parser *p) {
    static const bool stop[256] = {
        [0] = true, ['"'] = true, ['\\'] = true, ['\n'] = true, [0x80 ... 0xFF] = true};
    bool ok = true;
    p->at++;
    for (;;) {
        const uint8_t *at = p->at;
        while (!stop[*at]) at++;
        p->at = at;
        if (LIKELY(*at == '"')) {
            p->at++;
            break;
        }
        uint32_t width;
        int32_t c = peek(p, &width);
        if (c == '\\') {
            p->at++;
            ok &= escape(p, '"');
        } else if (c == '\n') {
            scanner_error(p, p->at, "newline in string");
            ok = false;
            break;
        } else if (c < 0) {
            scanner_error(p, p->start, "string not terminated");
            ok = false;
            break;
        } else if (c != '"') {
            p->at += width;
        }
    }
    literal(p, LIT_STRING, ok);
}

void scan_rune(Parser *p) {
    bool ok = true;
    uint32_t width;
    p->at++;
    for (int n = 0;; n++) {
        int32_t c = peek(p, &width);
        if (c == '\'') {
            if (ok && n == 0)
                scanner_error(p, p->at, "empty rune literal or unescaped '");
            else if (ok && n != 1)
                scanner_error(p, p->start, "more than one character in rune literal");
            ok &= n == 1;
            p->at++;
            break;
        }
        if (c == '\n' || c < 0) {
            if (ok && c < 0)
                scanner_error(p, p->start, "rune literal not terminated");
            else if (ok)
                scanner_error(p, p->at, "newline in rune literal");
            ok = false;
            break;
        }
        p->at += width;
        if (c == '\\') ok &= escape(p, '\'');
    }
    literal(p, LIT_RUNE, ok);
}
