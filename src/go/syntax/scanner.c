// go/syntax/scanner.c: bytes become tokens. First station of a source file's journey.
//
// Positions are byte offsets, so nothing is counted per byte; the scanner only notes where lines
// begin. To spare every loop a test for the end, text always has a newline to stop at: either the
// last byte is one, or the text was copied with one behind it. Only who steps over a newline
// compares with the end.
//
// Bytes that no Go file may hold (NUL, bad UTF-8, a byte order mark that is not the first) are
// reported and then treated as if they were not there, wherever they are.
#include <string.h>

#include "base/utf8.h"
#include "go/syntax/syntax_internal.h"

enum {
    CLASS_WORD = 1,
    CLASS_DIGIT = 2,
    CLASS_SPACE = 4,
    CLASS_ODD = 8,
    CLASS_STAR = 16,
    CLASS_NL = 32,
    CLASS_MARK = 64 // what blocks are made of, and what may hide braces
};

#define RUNE_BOM 0xFEFFu

static const uint8_t class_of[256] = {
    [0] = CLASS_ODD,
    ['\t'] = CLASS_SPACE,
    ['\n'] = CLASS_NL,
    ['\r'] = CLASS_SPACE,
    [' '] = CLASS_SPACE,
    ['*'] = CLASS_STAR,
    ['0' ... '9'] = CLASS_DIGIT,
    ['{'] = CLASS_MARK,
    ['}'] = CLASS_MARK,
    ['"'] = CLASS_MARK,
    ['\''] = CLASS_MARK,
    ['`'] = CLASS_MARK,
    ['/'] = CLASS_MARK,
    ['A' ... 'Z'] = CLASS_WORD,
    ['a' ... 'z'] = CLASS_WORD,
    ['_'] = CLASS_WORD,
    [0x80 ... 0xFF] = CLASS_ODD,
};

static void line_begins(Parser *p, const uint8_t *at) {
    vec_push(p->cache->arena, &p->cache->lines, (uint32_t)(at - p->text));
}

void scanner_init(Parser *p, SourceFile *source) {
    Str text = source->text;
    if (text.len == 0 || text.ptr[text.len - 1] != '\n') {
        char *copy = arena_push(source->arena, text.len + 1, 1, 1);
        if (text.len) memcpy(copy, text.ptr, text.len);
        copy[text.len] = '\n';
        text.ptr = copy;
    }
    p->text = p->at = p->start = (const uint8_t *)text.ptr;
    p->end = p->text + text.len;
    p->base = p->pos = p->prev_end = source->base;
    p->cache->lines.len = 0;
    line_begins(p, p->text);
}

void scanner_finish(Parser *p) {
    const U32Vec *lines = &p->cache->lines;
    SourceFile *source = p->file->source;
    source->lines.v =
        arena_copy(source->arena, lines->v, lines->len * sizeof *lines->v, sizeof(uint32_t));
    source->lines.len = source->lines.cap = lines->len;
}

// Reports the byte or rune at p->at if no source may hold it, and steps over it.
static bool skip_odd(Parser *p) {
    const uint8_t *at = p->at;
    if (*at == 0) {
        scanner_error(p, at, "invalid NUL character");
        p->at = at + 1;
        return true;
    }
    uint32_t width;
    uint32_t rune = utf8_decode((Str){(const char *)at, (size_t)(p->end - at)}, &width);
    if (rune == UTF8_BAD && width == 1)
        scanner_error(p, at, "invalid UTF-8 encoding");
    else if (rune != RUNE_BOM)
        return false;
    else if (at != p->text)
        scanner_error(p, at, "invalid BOM in the middle of the file");
    p->at = at + width;
    return true;
}

int32_t scanner_peek_odd(Parser *p, uint32_t *width) {
    while (p->at < p->end && class_of[*p->at] == CLASS_ODD)
        if (!skip_odd(p))
            return (int32_t)utf8_decode((Str){(const char *)p->at, (size_t)(p->end - p->at)},
                                        width);
    *width = p->at < p->end;
    return p->at < p->end ? *p->at : -1;
}

// Steps over bytes >= 0x80 and NULs of comments and raw strings.
static void step_odd(Parser *p) {
    uint32_t width;
    if (scanner_peek_odd(p, &width) >= 0x80) p->at += width;
}

// The byte at p->at, after what no source may hold was reported and skipped.
static uint8_t peek_byte(Parser *p) {
    uint8_t c = *p->at;
    if (LIKELY(class_of[c] != CLASS_ODD)) return c;
    uint32_t width;
    int32_t rune = scanner_peek_odd(p, &width);
    return rune > 0 && rune < 0x80 ? (uint8_t)rune : 0;
}

static bool eat(Parser *p, uint8_t c) {
    if (peek_byte(p) != c) return false;
    p->at++;
    return true;
}

// identifier = letter { letter | digit } .
static void scan_name(Parser *p) {
    const uint8_t *at = p->at;
    while (class_of[*at] & (CLASS_WORD | CLASS_DIGIT)) at++;
    p->at = at;
    if (UNLIKELY(class_of[*at] == CLASS_ODD)) {
        uint32_t width;
        for (int32_t c; (c = scanner_peek_odd(p, &width)) >= 0; p->at += width) {
            if (c < 0x80 ? !(class_of[c] & (CLASS_WORD | CLASS_DIGIT)) : false) break;
            if (c < 0x80 || unicode_is_letter((uint32_t)c)) continue;
            if (unicode_is_digit((uint32_t)c)) {
                if (p->at == p->start)
                    scanner_error(p, p->at, "identifier cannot begin with digit %s",
                                  rune_sharp_u((uint32_t)c).text);
                continue;
            }
            scanner_error(p, p->at, "invalid character %s in identifier",
                          rune_sharp_u((uint32_t)c).text);
        }
    }
    Str word = {(const char *)p->start, (size_t)(p->at - p->start)};
    p->tok = cache_find(p->cache, p->s->names, word, p->end, &p->name);
    p->semi_if_line_ends =
        TOK_BIT(p->tok) & (TOK_BIT(TOK_NAME) | TOK_BIT(TOK_BREAK) | TOK_BIT(TOK_CONTINUE) |
                           TOK_BIT(TOK_FALLTHROUGH) | TOK_BIT(TOK_RETURN));
}

// Eight bytes at a time; ends less than eight before the first line end, NUL or byte beyond ASCII.
static const uint8_t *skip_plain(const uint8_t *at, const uint8_t *end) {
    static const uint64_t ones = 0x0101010101010101;
    for (uint64_t word; end - at >= (ptrdiff_t)sizeof word; at += sizeof word) {
        memcpy(&word, at, sizeof word);
        uint64_t no_line_end = word ^ ones * '\n';
        if ((word | (word - ones) | (no_line_end - ones)) & ones * 0x80) break;
    }
    return at;
}

// From behind // to the line's end, which is left for the caller.
static void skip_line_comment(Parser *p) {
    const uint8_t *at = p->at;
    for (;;) {
        at = skip_plain(at, p->end);
        while (!(class_of[*at] & (CLASS_NL | CLASS_ODD))) at++;
        p->at = at;
        if (*at == '\n') return;
        step_odd(p);
        at = p->at;
    }
}

// From behind /* to behind */. False: the file ends first.
static bool skip_full_comment(Parser *p) {
    const uint8_t *at = p->at;
    for (;;) {
        while (!(class_of[*at] & (CLASS_NL | CLASS_ODD | CLASS_STAR))) at++;
        if (*at == '*') {
            p->at = at + 1;
            if (eat(p, '/')) return true;
            at = p->at;
        } else if (*at == '\n') {
            if (at == p->end) break;
            line_begins(p, ++at);
            if (at == p->end) break;
        } else {
            p->at = at;
            step_odd(p);
            at = p->at;
        }
    }
    p->at = p->end;
    scanner_error(p, p->start, "comment not terminated");
    return false;
}

static bool own_line(const Parser *p, const uint8_t *at) {
    while (at > p->text && (class_of[at[-1]] & CLASS_SPACE)) at--;
    return at == p->text || at[-1] == '\n';
}

static void line_comment(Parser *p) {
    const uint8_t *start = p->start, *text = p->at;
    skip_line_comment(p);
    if (text != start + 2) return; // odd bytes within the slashes: no directive
    size_t len = (size_t)(p->at - text);
    if (len >= 3 && memcmp(text, "go:", 3) == 0)
        directive_go(p, start, p->at, own_line(p, start));
    else if (len >= 5 && memcmp(text, "line ", 5) == 0 && (start == p->text || start[-1] == '\n'))
        directive_line(p, start, p->at);
}

// True: the comment holds a newline, and so ends a statement that may end.
static bool full_comment(Parser *p) {
    const uint8_t *start = p->start;
    uint32_t lines = p->cache->lines.len;
    bool plain = p->at == start + 2;
    if (skip_full_comment(p) && plain && p->at - start >= 9 && memcmp(start + 2, "line ", 5) == 0)
        directive_line(p, start, p->at);
    return p->cache->lines.len > lines;
}

void scan_raw_string(Parser *p) {
    const uint8_t *at = p->at + 1;
    p->bad = false;
    for (;;) {
        while (*at != '`' && !(class_of[*at] & (CLASS_NL | CLASS_ODD))) at++;
        if (*at == '`') {
            p->at = at + 1;
            break;
        }
        if (*at == '\n') {
            if (at != p->end) line_begins(p, ++at);
            if (at != p->end) continue;
            p->at = at;
            scanner_error(p, p->start, "string not terminated");
            p->bad = true;
            break;
        }
        p->at = at;
        step_odd(p);
        at = p->at;
    }
    p->tok = TOK_LITERAL;
    p->kind = LIT_STRING;
    p->semi_if_line_ends = true;
}

static void closing(Parser *p, Tok tok) {
    p->tok = tok;
    p->semi_if_line_ends = true;
}

static void semicolon(Parser *p, SemiKind why, int bytes) {
    p->semi = why;
    p->tok = TOK_SEMI;
    p->at += bytes;
}

static uint8_t precedence[OP_COUNT] = {
#define X(name, text, prec) [OP_##name] = prec,
    SYNTAX_OPS(X)
#undef X
};

// The functions below begin behind a token's first byte.

static void operator_token(Parser *p, Op op) {
    p->op = op;
    p->prec = precedence[op];
    p->tok = TOK_OPERATOR;
}

// op or op=
static void assign_operator(Parser *p, Op op) {
    operator_token(p, op);
    if (eat(p, '=')) p->tok = TOK_ASSIGN_OP;
}

// + and -, which may be doubled.
static void plus_minus(Parser *p, Op op, uint8_t again) {
    if (!eat(p, again)) {
        assign_operator(p, op);
        return;
    }
    operator_token(p, op);
    p->tok = TOK_INC_OP;
    p->semi_if_line_ends = true;
}

static void dot(Parser *p) {
    if (class_of[peek_byte(p)] == CLASS_DIGIT) {
        scan_number(p, true);
        return;
    }
    p->tok = TOK_DOT;
    if (!eat(p, '.')) return;
    p->tok = TOK_DOT_DOT_DOT;
    if (eat(p, '.')) return;
    p->tok = TOK_DOT; // the second one is read again, and what is odd before it reported again
    p->at = p->start + 1;
    peek_byte(p);
}

static void less(Parser *p) {
    if (eat(p, '='))
        operator_token(p, OP_LEQ);
    else if (eat(p, '<'))
        assign_operator(p, OP_SHL);
    else if (eat(p, '-'))
        p->tok = TOK_ARROW;
    else
        operator_token(p, OP_LSS);
}

static void greater(Parser *p) {
    if (eat(p, '='))
        operator_token(p, OP_GEQ);
    else if (eat(p, '>'))
        assign_operator(p, OP_SHR);
    else
        operator_token(p, OP_GTR);
}

static void ampersand(Parser *p) {
    if (eat(p, '&'))
        operator_token(p, OP_ANDAND);
    else
        assign_operator(p, eat(p, '^') ? OP_ANDNOT : OP_AND);
}

static void bar(Parser *p) {
    if (eat(p, '|'))
        operator_token(p, OP_OROR);
    else
        assign_operator(p, OP_OR);
}

static void star(Parser *p) {
    operator_token(p, OP_MUL);
    p->tok = eat(p, '=') ? TOK_ASSIGN_OP : TOK_STAR;
}

static void operator_or(Parser *p, Op with_equals, Op alone) {
    operator_token(p, eat(p, '=') ? with_equals : alone);
}

// What begins with c, which p->at stands behind, and is no literal.
static bool scan_operator(Parser *p, uint8_t c) { // flat switch
    switch (c) {
    case '(': p->tok = TOK_LPAREN; return true;
    case '[': p->tok = TOK_LBRACK; return true;
    case '{': p->tok = TOK_LBRACE; return true;
    case ',': p->tok = TOK_COMMA; return true;
    case ';': semicolon(p, SEMI_SEMICOLON, 0); return true;
    case ')': closing(p, TOK_RPAREN); return true;
    case ']': closing(p, TOK_RBRACK); return true;
    case '}': closing(p, TOK_RBRACE); return true;
    case ':': p->tok = eat(p, '=') ? TOK_DEFINE : TOK_COLON; return true;
    case '.': dot(p); return true;
    case '+': plus_minus(p, OP_ADD, c); return true;
    case '-': plus_minus(p, OP_SUB, c); return true;
    case '*': star(p); return true;
    case '/': assign_operator(p, OP_DIV); return true; // comments are gone by now
    case '%': assign_operator(p, OP_REM); return true;
    case '&': ampersand(p); return true;
    case '|': bar(p); return true;
    case '^': assign_operator(p, OP_XOR); return true;
    case '<': less(p); return true;
    case '>': greater(p); return true;
    case '=':
        p->tok = TOK_ASSIGN;
        if (eat(p, '=')) operator_token(p, OP_EQL);
        return true;
    case '!': operator_or(p, OP_NEQ, OP_NOT); return true;
    case '~': operator_token(p, OP_TILDE); return true;
    default: return false;
    }
}

// Everything that is no name, space or comment. False: not a token, skipped with a message.
static bool scan_token(Parser *p) {
    uint8_t c = *p->at;
    if (class_of[c] == CLASS_DIGIT)
        scan_number(p, false);
    else if (c == '"')
        scan_string(p);
    else if (c == '`')
        scan_raw_string(p);
    else if (c == '\'')
        scan_rune(p);
    else {
        p->at++;
        if (scan_operator(p, c)) return true;
        scanner_error(p, p->start, "invalid character %s", rune_sharp_u(c).text);
        return false;
    }
    return true;
}

// Skips space, line ends that mean nothing and bytes that should not be there.
// False: the file ends here.
static bool skip_space(Parser *p, bool stop_at_newline) {
    const uint8_t *at = p->at;
    for (; at < p->end; at++) {
        while (class_of[*at] == CLASS_SPACE) at++;
        if (*at == '\n') {
            if (at == p->end) break;
            if (stop_at_newline) {
                p->at = at;
                return true;
            }
            line_begins(p, at + 1);
            continue;
        }
        p->at = at;
        if (LIKELY(class_of[*at] != CLASS_ODD) || !skip_odd(p)) return true;
        at = p->at - 1;
    }
    p->at = p->end;
    return false;
}

typedef enum Comment { COMMENT_NONE, COMMENT_LINE, COMMENT_FULL, COMMENT_LINES } Comment;

// From a "/" on: a comment, or else the operator is read.
static Comment comment(Parser *p) {
    p->at++;
    if (eat(p, '/')) {
        line_comment(p);
        return COMMENT_LINE;
    }
    if (eat(p, '*')) return full_comment(p) ? COMMENT_LINES : COMMENT_FULL;
    assign_operator(p, OP_DIV);
    return COMMENT_NONE;
}

void scanner_next(Parser *p) {
    bool ends_statement = p->semi_if_line_ends;
    p->prev_end = pos_of(p, p->at);
    p->semi_if_line_ends = false;
    for (;;) {
        bool more = skip_space(p, ends_statement);
        p->start = p->at;
        p->pos = pos_of(p, p->at);
        if (UNLIKELY(!more)) {
            if (ends_statement)
                semicolon(p, SEMI_EOF, 0);
            else
                p->tok = TOK_EOF;
            return;
        }
        uint8_t c = *p->at;
        if (class_of[c] & (CLASS_WORD | CLASS_ODD)) {
            scan_name(p);
            return;
        }
        if (c == '\n') {
            line_begins(p, p->at + 1);
            semicolon(p, SEMI_NEWLINE, 1);
            return;
        }
        if (c == '/') {
            Comment kind = comment(p);
            if (kind == COMMENT_NONE) return;
            if (kind != COMMENT_LINES || !ends_statement) continue;
            semicolon(p, SEMI_NEWLINE, 0);
            return;
        }
        if (scan_token(p)) return;
    }
}

// ---- bodies left for later

void scanner_resume(Parser *p, const SourceFile *source, Pos at, Pos last) {
    p->text = (const uint8_t *)source->text.ptr;
    p->at = p->text + (at - source->base);
    p->end = p->text + (last - source->base) + 2; // "}" and the line end behind it
    p->base = source->base;
    p->cache->lines.len = 0;
    scanner_next(p);
}

// The functions below are given the place behind what they are named for begins, and give the one
// behind its end; NULL: the block has to be read in its turn.

static const uint8_t *skip_quoted(const uint8_t *at, uint8_t quote) {
    for (;; at++) {
        if (*at == quote) return at + 1;
        if (*at == '\n') return NULL;
        if (*at == '\\' && *++at == '\n') return NULL;
    }
}

static const uint8_t *skip_raw(Parser *p, const uint8_t *at) {
    for (; at < p->end; at++) {
        if (*at == '`') return at + 1;
        if (*at == '\n') line_begins(p, at + 1);
    }
    return NULL;
}

static bool says(const uint8_t *at, const uint8_t *end, const char *word, size_t len) {
    return (size_t)(end - at) >= len && memcmp(at, word, len) == 0;
}

static const uint8_t *skip_comment(Parser *p, const uint8_t *at) {
    if (*at == '/') {
        const uint8_t *text = at + 1;
        if (says(text, p->end, "go:", 3) || says(text, p->end, "line ", 5)) return NULL;
        return memchr(text, '\n', (size_t)(p->end - text));
    }
    if (*at != '*') return at;
    if (says(++at, p->end, "line ", 5)) return NULL;
    for (; at < p->end; at++) {
        if (*at == '*' && at[1] == '/') return at + 2;
        if (*at == '\n') line_begins(p, at + 1);
    }
    return NULL;
}

static const uint8_t *find_rbrace(Parser *p, const uint8_t *at) { // flat switch
    for (uint32_t depth = 1; at && at < p->end;) {
        uint8_t c = *at++;
        if (LIKELY(!(class_of[c] & (CLASS_MARK | CLASS_NL)))) continue;
        switch (c) {
        case '\n': line_begins(p, at); break;
        case '{': depth++; break;
        case '}':
            if (!--depth) return at - 1;
            break;
        case '"':
        case '\'': at = skip_quoted(at, c); break;
        case '`': at = skip_raw(p, at); break;
        case '/': at = skip_comment(p, at); break;
        }
    }
    return NULL;
}

bool scanner_skip_block(Parser *p) {
    uint32_t lines = p->cache->lines.len;
    const uint8_t *rbrace = find_rbrace(p, p->at);
    if (!rbrace || rbrace[1] != '\n') {
        p->cache->lines.len = lines;
        return false;
    }
    p->at = rbrace;
    p->semi_if_line_ends = false;
    scanner_next(p);
    return true;
}
