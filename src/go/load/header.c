// go/load: what a Go file says before its first declaration: constraints, package name, imports,
// and the //go:embed lines anywhere in it. Nothing else of the file is parsed. The errors are those
// the go command reports for such a header (it uses go/scanner and go/parser up to the imports).
#include "go/load/load_internal.h"

typedef enum Tok {
    TOK_EOF,
    TOK_IDENT,
    TOK_STRING,
    TOK_LITERAL, // number or character
    TOK_NEWLINE, // semicolon the scanner puts at a line's end
    TOK_SEMI,
    TOK_LPAREN,
    TOK_RPAREN,
    TOK_COMMA,
    TOK_PERIOD,
    TOK_KEYWORD,
    TOK_OTHER,
} Tok;

typedef struct Scan {
    Arena *arena;
    Str src;
    size_t at;         // next byte
    size_t line_start; // offset of the current line
    uint32_t line;
    bool want_semi; // a newline here ends a statement
    // The current token.
    Tok tok;
    Str text;
    size_t start;
    uint32_t tok_line, tok_col;
    // The comment group that ends on the line before the token, else empty.
    Str doc;
    Str go_version; // from a //go:build line before the first token
    bool top;       // no token seen yet
    // Errors: only the first in file order is ever shown.
    FileHeader *out;
    uint32_t last_error_line;
    bool failed;
    size_t sync_pos;
    int sync_count;
} Scan;

static uint32_t column(const Scan *s, size_t at) { return (uint32_t)(at - s->line_start + 1); }

static void report(Scan *s, uint32_t line, uint32_t col, Str text) {
    FileHeader *h = s->out;
    s->failed = true;
    s->last_error_line = line;
    bool earlier = line < h->error_line || (line == h->error_line && col < h->error_col);
    if (h->error_line != 0 && !earlier) return;
    h->error_line = line;
    h->error_col = col;
    h->error = text;
}

static void scan_error(Scan *s, size_t at, const char *text) {
    report(s, s->line, column(s, at), str_c(text));
}

// An error of the parser; a second one on a line is taken for a consequence of the first.
static void parse_error(Scan *s, uint32_t line, uint32_t col, Str text) {
    if (s->failed && s->last_error_line == line) return;
    report(s, line, col, text);
}

// ---- characters -----------------------------------------------------------------------------

// Reports bytes that may stand nowhere in Go source, in src[from, to).
static void check_bytes(Scan *s, size_t from, size_t to) {
    size_t line_start = s->line_start;
    uint32_t line = s->line, n;
    for (size_t i = from; i < to; i += n) {
        n = 1;
        unsigned char c = (unsigned char)s->src.ptr[i];
        const char *what = NULL;
        if (c == '\n') s->line++, s->line_start = i + 1;
        if (c == 0) what = "illegal character NUL";
        if (c >= 0x80) {
            uint32_t r = utf8_decode(str_from(s->src, i), &n);
            if (r == UTF8_BAD && n == 1) what = "illegal UTF-8 encoding";
            if (r == 0xFEFF && i > 0) what = "illegal byte order mark";
        }
        if (what) scan_error(s, i, what);
    }
    s->line_start = line_start;
    s->line = line;
}

static void check_if_odd(Scan *s, size_t from, size_t to) {
    enum { WORD = sizeof(uint64_t) };
    const uint64_t ones = UINT64_MAX / 255, highs = ones * 128;
    uint64_t odd = 0; // a byte above 0x7f, or a zero
    for (size_t i = from; i < to && !odd; i += WORD) {
        uint64_t w = ones;
        memcpy(&w, s->src.ptr + i, MIN((size_t)WORD, to - i));
        odd = (w | (w - ones)) & highs;
    }
    if (odd) check_bytes(s, from, to);
}

// The end of a file counts for the line before it, even after a newline.
static void next_line(Scan *s, size_t start) {
    if (start >= s->src.len) return;
    s->line++;
    s->line_start = start;
}

static void count_lines(Scan *s, size_t from, size_t to) {
    const char *p = s->src.ptr;
    for (const char *nl; (nl = memchr(p + from, '\n', to - from));) {
        from = (size_t)(nl - p) + 1;
        next_line(s, from);
    }
}

static bool letter(uint32_t r) {
    if (r < 0x80) return (r | 32) - 'a' < 26 || r == '_';
    return unicode_is_letter(r);
}

static bool digit(uint32_t r) { return r - '0' < 10; }

static char peek(const Scan *s, size_t ahead) {
    return s->at + ahead < s->src.len ? s->src.ptr[s->at + ahead] : '\0';
}

// ---- tokens ---------------------------------------------------------------------------------

typedef struct Comments {
    size_t start, end;
    uint32_t end_line; // last line of the group, 0: none
} Comments;

static void note_go_build(Scan *s, Str comment) {
    if (!s->top || !str_starts(comment, STR("//go:build"))) return;
    Str error;
    Constraint *c = constraint_parse(s->arena, comment, &error);
    if (c) s->go_version = constraint_go_version(s->arena, c);
}

// At "//" or "/*". Leaves a newline that ends a line comment unread.
static void skip_comment(Scan *s, Comments *group) {
    size_t start = s->at, end = s->src.len;
    const char *p = s->src.ptr;
    uint32_t line = s->line;
    if (p[start + 1] == '/') {
        const char *nl = memchr(p + start, '\n', s->src.len - start);
        if (nl) end = (size_t)(nl - p);
        check_if_odd(s, start, end);
        note_go_build(s, str_slice(s->src, start, end));
    } else {
        size_t close = str_find(str_from(s->src, start + 2), STR("*/"));
        if (close == STR_NONE)
            scan_error(s, start, "comment not terminated");
        else
            end = start + 2 + close + 2;
        check_if_odd(s, start, end);
        count_lines(s, start, end);
    }
    s->at = end;
    if (group->end_line == 0 || line > group->end_line + 1) group->start = start;
    group->end = end;
    group->end_line = s->line;
}

static bool block_has_newline(const Scan *s) {
    Str rest = str_from(s->src, s->at + 2);
    size_t close = str_find(rest, STR("*/"));
    return str_find_byte(str_to(rest, MIN(close, rest.len)), '\n') != STR_NONE;
}

// Skips blanks and comments. True: a newline stands here where a statement ends.
static bool skip_blanks(Scan *s, Comments *group) {
    while (s->at < s->src.len) {
        char c = s->src.ptr[s->at];
        if (c == '\n') {
            if (s->want_semi) return true;
            next_line(s, ++s->at);
        } else if (c == ' ' || c == '\t' || c == '\r') {
            s->at++;
        } else if (c == '/' && (peek(s, 1) == '/' || peek(s, 1) == '*')) {
            bool ends = s->want_semi && peek(s, 1) == '*' && block_has_newline(s);
            skip_comment(s, group);
            if (ends) return true;
        } else {
            break;
        }
    }
    return s->at >= s->src.len && s->want_semi;
}

static void scan_escape(Scan *s, char quote) {
    char c = peek(s, 0);
    if (c != '\0' && (strchr("abfnrtv\\", c) || c == quote)) {
        s->at++;
        return;
    }
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : c >= '0' && c <= '7' ? 3 : 0;
    if (digits == 0) {
        const char *bad =
            s->at >= s->src.len ? "escape sequence not terminated" : "unknown escape sequence";
        scan_error(s, s->at, bad);
        return;
    }
    size_t start = s->at;
    bool octal = digits == 3;
    if (!octal) s->at++;
    uint32_t x = 0;
    for (int i = 0; i < digits; i++, s->at++) {
        unsigned char d = (unsigned char)peek(s, 0);
        uint32_t low = d | 32u, v = digit(d) ? d - 48u : low - 'a' < 6 ? low - 'a' + 10 : 16;
        if (v >= (octal ? 8u : 16u)) {
            Str text = s->at >= s->src.len
                           ? STR("escape sequence not terminated")
                           : str_fmt(s->arena, "illegal character " STR_FMT " in escape sequence",
                                     STR_ARG(text_unicode(s->arena, s->src, s->at)));
            report(s, s->line, column(s, s->at), text);
            return;
        }
        x = x * (octal ? 8 : 16) + v;
    }
    uint32_t max = digits <= 3 ? 255 : 0x10FFFF;
    if (x > max || (x >= 0xD800 && x < 0xE000))
        scan_error(s, start, "escape sequence is invalid Unicode code point");
}

static void scan_quoted(Scan *s, char quote, const char *unterminated) {
    size_t start = s->at++;
    for (;;) {
        char c = peek(s, 0);
        if (s->at >= s->src.len || c == '\n') {
            scan_error(s, start, unterminated);
            break;
        }
        s->at++;
        if (c == quote) break;
        if (c == '\\') scan_escape(s, quote);
    }
    check_if_odd(s, start, s->at);
}

static void scan_raw(Scan *s) {
    size_t start = s->at++;
    const char *close = memchr(s->src.ptr + s->at, '`', s->src.len - s->at);
    if (!close) scan_error(s, start, "raw string literal not terminated");
    s->at = close ? (size_t)(close - s->src.ptr) + 1 : s->src.len;
    check_if_odd(s, start, s->at);
}

static void scan_ident(Scan *s) {
    uint32_t n;
    while (s->at < s->src.len) {
        uint32_t r = utf8_decode(str_from(s->src, s->at), &n);
        if (!letter(r) && !digit(r) && !(r >= 0x80 && unicode_is_digit(r))) break;
        s->at += n;
    }
}

static bool is_keyword(Str s) {
    static const char *const words[] = {
        "break",  "case",        "chan", "const",   "continue", "default", "defer",
        "else",   "fallthrough", "for",  "func",    "go",       "goto",    "if",
        "import", "interface",   "map",  "package", "range",    "return",  "select",
        "struct", "switch",      "type", "var",
    };
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq_c(s, words[i])) return true;
    return false;
}

// The longest operator at this place; one character when it is none.
static size_t operator_len(const Scan *s) {
    static const char *const ops[] = {"<<=", ">>=", "&^=", "...", "&&", "||", "<-", "++", "--",
                                      "==",  "!=",  "<=",  ">=",  ":=", "+=", "-=", "*=", "/=",
                                      "%=",  "&=",  "|=",  "^=",  "<<", ">>", "&^"};
    Str rest = str_from(s->src, s->at);
    for (size_t i = 0; i < COUNT(ops); i++)
        if (str_starts(rest, str_c(ops[i]))) return strlen(ops[i]);
    return 1;
}

static void scan_operator(Scan *s) {
    char c = s->src.ptr[s->at];
    bool semi = s->want_semi;
    s->at += operator_len(s);
    Str op = str_slice(s->src, s->start, s->at);
    s->tok = c == '('            ? TOK_LPAREN
             : c == ')'          ? TOK_RPAREN
             : c == ','          ? TOK_COMMA
             : c == ';'          ? TOK_SEMI
             : str_eq_c(op, ".") ? TOK_PERIOD
                                 : TOK_OTHER;
    s->want_semi = c == ')' || c == ']' || c == '}' || str_eq_c(op, "++") || str_eq_c(op, "--");
    if (strchr("+-*/%&|^<>=!()[]{},;.:~", c) && c != '\0') return;
    uint32_t n, r = utf8_decode(str_from(s->src, s->start), &n);
    s->at = s->start + n;
    s->want_semi = semi;
    check_if_odd(s, s->start, s->at);
    bool curly = r == 0x201C || r == 0x201D;
    Str shown = text_unicode(s->arena, s->src, s->start);
    Str mark = str_slice(s->src, s->start, s->at);
    if (r != 0xFEFF)
        report(s, s->line, column(s, s->start),
               curly ? str_fmt(s->arena, "curly quotation mark '" STR_FMT "' (use neutral '\"')",
                               STR_ARG(mark))
                     : str_fmt(s->arena, "illegal character " STR_FMT, STR_ARG(shown)));
    s->text = STR("ILLEGAL");
}

static void scan_word(Scan *s) {
    scan_ident(s);
    s->text = str_slice(s->src, s->start, s->at);
    s->tok = is_keyword(s->text) ? TOK_KEYWORD : TOK_IDENT;
    s->want_semi = s->tok == TOK_IDENT || str_eq_c(s->text, "break") ||
                   str_eq_c(s->text, "continue") || str_eq_c(s->text, "fallthrough") ||
                   str_eq_c(s->text, "return");
}

static void scan_token(Scan *s) {
    char c = s->src.ptr[s->at];
    uint32_t n, r = utf8_decode(str_from(s->src, s->at), &n);
    if (letter(r)) {
        scan_word(s);
        return;
    }
    s->tok = TOK_LITERAL;
    s->want_semi = true;
    if (c == '"' || c == '`') {
        s->tok = TOK_STRING;
        if (c == '"')
            scan_quoted(s, '"', "string literal not terminated");
        else
            scan_raw(s);
    } else if (c == '\'') {
        scan_quoted(s, '\'', "rune literal not terminated");
    } else if (digit(r) || (c == '.' && digit((unsigned char)peek(s, 1)))) {
        while (letter((unsigned char)peek(s, 0)) || digit((unsigned char)peek(s, 0)) ||
               peek(s, 0) == '.')
            s->at++;
    } else {
        s->text = STR("");
        scan_operator(s);
        if (s->text.len == 0) s->text = str_slice(s->src, s->start, s->at);
        return;
    }
    s->text = str_slice(s->src, s->start, s->at);
}

static void next_token(Scan *s) {
    Comments group = {0};
    if (s->tok == TOK_STRING) count_lines(s, s->start, s->at); // a raw string may span lines
    bool newline = skip_blanks(s, &group);
    s->start = s->at;
    s->tok_line = s->line;
    s->tok_col = column(s, s->at);
    s->text = STR("");
    s->doc = STR("");
    if (newline) {
        s->tok = TOK_NEWLINE;
        s->want_semi = false;
        return;
    }
    if (group.end_line != 0 && group.end_line + 1 == s->line)
        s->doc = str_slice(s->src, group.start, group.end);
    s->top = false;
    s->tok = TOK_EOF;
    if (s->at < s->src.len) scan_token(s);
}

// ---- the grammar of a header ----------------------------------------------------------------

static Str found(const Scan *s) {
    switch (s->tok) {
    case TOK_NEWLINE: return STR(", found newline");
    case TOK_EOF: return STR(", found 'EOF'");
    case TOK_IDENT:
    case TOK_STRING:
    case TOK_LITERAL: return str_join2(s->arena, STR(", found "), s->text);
    case TOK_SEMI:
    case TOK_LPAREN:
    case TOK_RPAREN:
    case TOK_COMMA:
    case TOK_PERIOD:
    case TOK_KEYWORD:
    case TOK_OTHER: return str_join3(s->arena, STR(", found '"), s->text, STR("'"));
    }
    BUG("token %d", (int)s->tok);
}

static void error_expected(Scan *s, const char *what) {
    Str text = str_fmt(s->arena, "expected %s" STR_FMT, what, STR_ARG(found(s)));
    parse_error(s, s->tok_line, s->tok_col, text);
}

static bool statement_starts(const Scan *s) {
    static const char *const words[] = {"break",  "const",  "continue", "defer", "fallthrough",
                                        "for",    "go",     "goto",     "if",    "return",
                                        "select", "switch", "type",     "var"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (s->tok == TOK_KEYWORD && str_eq_c(s->text, words[i])) return true;
    return false;
}

static bool expression_ends(const Scan *s) {
    return s->tok == TOK_COMMA || s->tok == TOK_SEMI || s->tok == TOK_NEWLINE ||
           s->tok == TOK_RPAREN ||
           (s->tok == TOK_OTHER && s->text.len == 1 && strchr(":]}", s->text.ptr[0]));
}

// Skips to a token where parsing can go on; counts stops at one place so that it always gets on.
static void advance(Scan *s, bool (*stop)(const Scan *)) {
    for (; s->tok != TOK_EOF; next_token(s)) {
        if (!stop(s)) continue;
        if (s->start == s->sync_pos && s->sync_count < 10) {
            s->sync_count++;
            return;
        }
        if (s->start > s->sync_pos) {
            s->sync_pos = s->start;
            s->sync_count = 0;
            return;
        }
    }
}

static void expect_semi(Scan *s) {
    if (s->tok == TOK_RPAREN || (s->tok == TOK_OTHER && str_eq_c(s->text, "}"))) return;
    if (s->tok == TOK_COMMA) error_expected(s, "';'");
    if (s->tok == TOK_COMMA || s->tok == TOK_SEMI || s->tok == TOK_NEWLINE) {
        next_token(s);
        return;
    }
    error_expected(s, "';'");
    advance(s, statement_starts);
}

// ImportSpec = [ "." | name ] path .
static void parse_import(Scan *s, HeaderImport *imp) {
    imp->line = s->tok_line;
    imp->col = s->tok_col;
    if (s->tok == TOK_IDENT || s->tok == TOK_PERIOD) next_token(s);
    if (s->tok == TOK_STRING) {
        imp->path = s->text;
        next_token(s);
    } else if (s->tok == TOK_LITERAL || s->tok == TOK_IDENT) {
        parse_error(s, s->tok_line, s->tok_col, STR("import path must be a string"));
        next_token(s);
    } else {
        parse_error(s, s->tok_line, s->tok_col, STR("missing import path"));
        advance(s, expression_ends);
    }
    expect_semi(s);
}

static void note_import(Scan *s, HeaderImport imp, Str doc) {
    if (s->failed) return;
    imp.path = go_unquote(s->arena, imp.path);
    if (str_eq_c(imp.path, "C")) imp.doc = doc;
    vec_push(s->arena, &s->out->imports, imp);
}

// ImportDecl = "import" ( ImportSpec | "(" { ImportSpec ";" } ")" ) .
static void parse_import_decl(Scan *s) {
    Str doc = s->doc;
    next_token(s);
    if (s->tok != TOK_LPAREN) {
        HeaderImport imp = {0};
        parse_import(s, &imp);
        note_import(s, imp, doc);
        return;
    }
    next_token(s);
    uint32_t first = s->out->imports.len;
    while (s->tok != TOK_RPAREN && s->tok != TOK_EOF) {
        HeaderImport imp = {0};
        Str own = s->doc;
        parse_import(s, &imp);
        note_import(s, imp, own);
    }
    HeaderImports *all = &s->out->imports; // a lone import in parentheses takes the outer comment
    if (all->len == first + 1 && all->v[first].doc.len == 0 && str_eq_c(all->v[first].path, "C"))
        all->v[first].doc = doc;
    if (s->tok != TOK_RPAREN) error_expected(s, "')'");
    next_token(s);
    expect_semi(s);
}

// SourceFile = "package" name ";" { ImportDecl ";" } ... , up to the imports.
static void parse_header(Arena *a, Str text, FileHeader *out) {
    Scan s = {.arena = a, .src = text, .line = 1, .out = out, .top = true};
    next_token(&s);
    if (s.failed) return;
    if (s.tok != TOK_KEYWORD || !str_eq_c(s.text, "package")) error_expected(&s, "'package'");
    next_token(&s);
    Str name = s.tok == TOK_IDENT ? s.text : STR("_");
    if (s.tok != TOK_IDENT) error_expected(&s, "'IDENT'");
    next_token(&s);
    expect_semi(&s);
    if (s.failed) return; // likely no Go source at all
    out->package_name = name;
    out->go_version = s.go_version;
    while (s.tok == TOK_KEYWORD && str_eq_c(s.text, "import")) parse_import_decl(&s);
    out->reached_end = s.at >= text.len;
    if (s.failed) out->imports.len = 0;
}

// ---- where a header ends --------------------------------------------------------------------

// The go command first copies a file's bytes up to the end of its imports, by a scan much coarser
// than the grammar, and parses only those when the scan understood them. What follows the imports
// can therefore not be an error.
typedef struct Coarse {
    Str in;
    size_t at; // bytes taken
    char peeked;
    bool syntax, nul, eof;
} Coarse;

static bool stopped(const Coarse *r) { return r->syntax || r->nul; }

static char take(Coarse *r) {
    if (r->at >= r->in.len) {
        r->eof = true;
        return '\0';
    }
    char c = r->in.ptr[r->at++];
    if (c == '\0') r->nul = true;
    return c;
}

static char skip_coarse_comment(Coarse *r) {
    char c = take(r);
    if (c == '/') {
        while (c != '\n' && !stopped(r) && !r->eof) c = take(r);
    } else if (c == '*') {
        char c1 = '\0';
        while ((c != '*' || c1 != '/') && !stopped(r)) {
            if (r->eof) r->syntax = true;
            c = c1;
            c1 = take(r);
        }
    } else {
        r->syntax = true;
    }
    return take(r);
}

static char peek_coarse(Coarse *r, bool skip) {
    if (stopped(r)) return '\0';
    char c = r->peeked ? r->peeked : take(r);
    while (skip && !stopped(r) && !r->eof) {
        if (c != '\0' && strchr(" \f\t\r\n;", c))
            c = take(r);
        else if (c == '/')
            c = skip_coarse_comment(r);
        else
            break;
    }
    r->peeked = c;
    return c;
}

static char next_coarse(Coarse *r, bool skip) {
    char c = peek_coarse(r, skip);
    r->peeked = '\0';
    return c;
}

static bool coarse_ident(char c) {
    unsigned char u = (unsigned char)c;
    return (u | 32u) - 'a' < 26u || digit(u) || c == '_' || u >= 0x80;
}

static void coarse_keyword(Coarse *r, const char *word) {
    peek_coarse(r, true);
    for (; *word; word++)
        if (next_coarse(r, false) != *word) {
            r->syntax = true;
            return;
        }
    if (coarse_ident(peek_coarse(r, false))) r->syntax = true;
}

static void coarse_name(Coarse *r) {
    if (!coarse_ident(peek_coarse(r, true))) r->syntax = true;
    while (!stopped(r) && coarse_ident(peek_coarse(r, false))) r->peeked = '\0';
}

static void coarse_string(Coarse *r) {
    char quote = next_coarse(r, true);
    if (quote != '"' && quote != '`') r->syntax = true;
    while (!stopped(r)) {
        char c = next_coarse(r, false);
        if (c == quote) break;
        if (r->eof || (quote == '"' && c == '\n')) r->syntax = true;
        if (quote == '"' && c == '\\') next_coarse(r, false);
    }
}

static void coarse_import(Coarse *r) {
    char c = peek_coarse(r, true);
    if (c == '.')
        r->peeked = '\0';
    else if (coarse_ident(c))
        coarse_name(r);
    coarse_string(r);
}

static void coarse_header(Coarse *r) {
    coarse_keyword(r, "package");
    coarse_name(r);
    while (!stopped(r) && peek_coarse(r, true) == 'i') {
        coarse_keyword(r, "import");
        if (peek_coarse(r, true) != '(') {
            coarse_import(r);
            continue;
        }
        next_coarse(r, false);
        while (!stopped(r) && !r->eof && peek_coarse(r, true) != ')') coarse_import(r);
        next_coarse(r, false);
    }
}

// ---- constraints ----------------------------------------------------------------------------

// //go:build lines before the package clause; +build lines only where a blank line follows them.
static void read_constraints(Arena *a, Str text, FileHeader *out) {
    Str rest = text;
    size_t plus_end = 0;
    bool ended = false, in_block = false;
    while (rest.len > 0) {
        Str line = str_trim(str_split(&rest, '\n'));
        if (line.len == 0 && !ended) {
            plus_end = text.len - rest.len;
            continue;
        }
        if (!str_starts(line, STR("//"))) ended = true;
        if (!in_block && constraint_is_go_build(line)) {
            if (out->go_build.len > 0) {
                out->go_build = STR("");
                out->constraint_error = STR("multiple //go:build comments");
                return;
            }
            out->go_build = line;
        }
        while (line.len > 0 && (in_block || !str_starts(line, STR("//")))) {
            if (!in_block && !str_cut_prefix(&line, STR("/*"))) goto done;
            size_t close = str_find(line, STR("*/"));
            in_block = close == STR_NONE;
            line = in_block ? STR("") : str_trim(str_from(line, close + 2));
        }
    }
done:
    if (out->go_build.len > 0) return;
    rest = str_to(text, plus_end);
    while (rest.len > 0) {
        Str line = str_trim(str_split(&rest, '\n'));
        if (constraint_is_plus_build(line)) vec_push(a, &out->plus_build, line);
    }
}

void header_read_constraints(Arena *a, Str text, FileHeader *out) {
    read_constraints(a, text, out);
}

// ---- //go:embed -----------------------------------------------------------------------------

static size_t skip_string(Str s, size_t at) {
    char quote = s.ptr[at++];
    if (quote == '`') {
        size_t close = str_find_byte(str_from(s, at), '`');
        return close == STR_NONE ? s.len : at + close + 1;
    }
    for (; at < s.len && s.ptr[at] != '\n'; at++) {
        if (s.ptr[at] == quote) return at + 1;
        if (s.ptr[at] == '\\') at++;
    }
    return at;
}

static void add_embed(Arena *a, FileHeader *out, Str pattern, uint32_t line, size_t col) {
    HeaderEmbed e = {pattern, line, (uint32_t)col};
    vec_push(a, &out->embeds, e);
}

// The patterns of one //go:embed comment; a wrongly quoted one drops the whole line.
static void read_embed(Arena *a, Str text, uint32_t line, uint32_t col, FileHeader *out) {
    size_t at = strlen("//go:embed");
    if (at >= text.len || !is_space(text.ptr[at])) return;
    uint32_t before = out->embeds.len;
    for (;;) {
        while (at < text.len && is_space(text.ptr[at])) at++;
        if (at >= text.len) return;
        size_t start = at;
        if (text.ptr[at] != '"' && text.ptr[at] != '`') {
            while (at < text.len && !is_space(text.ptr[at])) at++;
            add_embed(a, out, str_slice(text, start, at), line, col + start);
            continue;
        }
        at = MIN(skip_string(text, at), text.len);
        Str quoted = str_slice(text, start, at);
        bool closed = quoted.len >= 2 && quoted.ptr[quoted.len - 1] == quoted.ptr[0];
        if (!closed || (at < text.len && !is_space(text.ptr[at]))) {
            out->embeds.len = before;
            return;
        }
        add_embed(a, out, go_unquote(a, quoted), line, col + start);
    }
}

// Walks the whole file, over comments and literals only.
static void find_embeds(Arena *a, Str s, FileHeader *out) {
    uint32_t line = 1;
    size_t line_start = 0;
    for (size_t at = 0; at < s.len;) {
        char c = s.ptr[at];
        size_t end = at + 1;
        if (c == '"' || c == '`' || c == '\'') {
            end = skip_string(s, at);
        } else if (c == '/' && end < s.len && s.ptr[end] == '*') {
            size_t close = str_find(str_from(s, at + 2), STR("*/"));
            end = close == STR_NONE ? s.len : at + 2 + close + 2;
        } else if (c == '/' && end < s.len && s.ptr[end] == '/') {
            end = at + MIN(str_find_byte(str_from(s, at), '\n'), s.len - at);
            Str text = str_slice(s, at, end);
            if (str_starts(text, STR("//go:embed")))
                read_embed(a, text, line, (uint32_t)(at - line_start + 1), out);
        }
        for (end = MIN(end, s.len); at < end; at++)
            if (s.ptr[at] == '\n') line++, line_start = at + 1;
    }
}

// ---- the whole ------------------------------------------------------------------------------

static void reparse(Arena *a, Str text, FileHeader *out) {
    Coarse r = {.in = text};
    coarse_header(&r);
    Str kept = out->go_build;
    StrVec plus = out->plus_build;
    *out = (FileHeader){.go_build = kept, .plus_build = plus};
    if (r.nul && !r.syntax) {
        out->read_error = STR("unexpected NUL in input");
        return;
    }
    size_t end = r.syntax ? text.len : r.eof ? r.at : r.at - 1;
    parse_header(a, str_to(text, end), out);
}

static void check_import_paths(Arena *a, FileHeader *out) {
    for (uint32_t i = 0; i < out->imports.len; i++) {
        const HeaderImport *imp = &out->imports.v[i];
        if (import_is_legal(imp->path)) continue;
        out->error_line = imp->line;
        out->error_col = imp->col;
        out->error = str_join2(a, STR("invalid import path: "), imp->path);
        out->error_is_plain = true;
        out->imports.len = 0;
        return;
    }
}

// text may be only the file's first bytes: then *more is set when the rest is needed, and nothing
// else counts. With the whole text pass more = NULL.
void header_read(Arena *a, Str text, bool *more, FileHeader *out) {
    *out = (FileHeader){0};
    bool first_part = more != NULL;
    if (first_part) *more = false;
    str_cut_prefix(&text, STR("\xEF\xBB\xBF"));
    read_constraints(a, text, out);
    if (out->constraint_error.len == 0) parse_header(a, text, out);
    bool embeds = false;
    for (uint32_t i = 0; i < out->imports.len; i++)
        embeds = embeds || str_eq_c(out->imports.v[i].path, "embed");
    bool unsure = out->reached_end || out->error_line != 0 || out->constraint_error.len > 0;
    if (first_part && (embeds || unsure)) {
        *more = true;
        return;
    }
    if (out->error_line != 0) reparse(a, text, out);
    if (out->error_line != 0 || out->read_error.len > 0) return;
    check_import_paths(a, out);
    if (embeds && out->error_line == 0) find_embeds(a, text, out);
}

// The text was in a buffer that will be used again.
void header_keep(Arena *a, FileHeader *h) {
    h->package_name = str_copy(a, h->package_name);
    h->go_build = str_copy(a, h->go_build);
    for (uint32_t i = 0; i < h->plus_build.len; i++)
        h->plus_build.v[i] = str_copy(a, h->plus_build.v[i]);
    for (uint32_t i = 0; i < h->imports.len; i++)
        if (h->imports.v[i].doc.len > 0) h->imports.v[i].doc = str_copy(a, h->imports.v[i].doc);
    for (uint32_t i = 0; i < h->embeds.len; i++)
        h->embeds.v[i].pattern = str_copy(a, h->embeds.v[i].pattern);
}
