// bench/query.c: the two small languages of benchstat's flags.
//
//     filter     = and {"OR" and}
//     and        = match {["AND"] match}
//     match      = "(" filter ")" | "-" match | "*" | key ":" value
//                | key ":" "(" value {"OR" value} ")"
//     value      = word | "/" regexp "/"
//     projection = field {[","] field}
//     field      = key ["@" (order | "(" word {word} ")")]
//     word       = text without space or ( ) : @ , | a double-quoted Go string
//
// The first error wins and ends the input, so every loop below comes to its end.
#include <string.h>

#include "bench/bench_internal.h"
#include "codec/regex.h"

enum { DEPTH_LIMIT = 1000 };

typedef struct Query { // shared by all cursors over one text
    Arena *arena;
    Str text;
    Err error; // the first one
    RegexVec *regexes;
    int depth;
} Query;

typedef struct Cursor { // a place to go on from; copied freely to look ahead
    Query *query;
    Str rest;
} Cursor;

// kind is 'w' for a word, 'q' for a quoted one, 'r' for a regexp, 'A' and 'O' for AND and OR, the
// character itself for an operator, 0 at the end.
typedef struct Token {
    char kind;
    size_t offset;
    Str text;
    Regex *regex;
} Token;

static bool graphic(Arena *a, Str rune, uint32_t r) {
    if (r < 0x80) return r >= 0x20 && r < 0x7f;
    Regex *re;
    if (regex_compile(a, STR("^[\\pL\\pM\\pN\\pP\\pS\\p{Zs}]$"), &re)) BUG("pattern");
    bool yes = regex_match(re, rune);
    regex_free(re);
    return yes;
}

// The message, the query, and a mark below the place.
Err query_error(Arena *a, Str query, size_t offset, Str msg) {
    size_t column = 0;
    uint32_t width;
    for (size_t i = 0; i < query.len && i < offset; i += width) {
        uint32_t r = utf8_decode(str_from(query, i), &width);
        Str rune =
            width == 1 && r == UTF8_BAD ? STR("\xef\xbf\xbd") : str_slice(query, i, i + width);
        column += graphic(a, rune, r);
    }
    Buf text = buf_new(a);
    buf_fmt(&text, "syntax error: " STR_FMT "\n\t" STR_FMT "\n\t", STR_ARG(msg), STR_ARG(query));
    buf_fill(&text, ' ', column);
    buf_byte(&text, '^');
    return err_new(a, ERR_FORMAT, offset, STR_FMT, STR_ARG(buf_view(&text)));
}

// ---- tokens

static size_t offset_of(Cursor c) { return c.query->text.len - c.rest.len; }

static Cursor fail(Cursor c, Str msg) {
    if (!c.query->error)
        c.query->error = query_error(c.query->arena, c.query->text, offset_of(c), msg);
    return (Cursor){c.query, {0}};
}

static Cursor fail_unexpected(Cursor c, Str token) {
    Buf msg = buf_new(c.query->arena);
    buf_lit(&msg, "unexpected ");
    num_quote(&msg, token);
    return fail(c, buf_view(&msg));
}

static bool is_operator(char c) { return c && strchr("():@,", c) != NULL; }
static bool starts_operator(char c) { return is_operator(c) || c == '-' || c == '*'; }

static Token token_at(Cursor c, char kind, Str text, size_t width, Cursor *after) {
    *after = (Cursor){c.query, str_from(c.rest, width)};
    return (Token){kind, offset_of(c), text, NULL};
}

static Token failed_token(Cursor c, Str msg, Cursor *after) {
    *after = fail(c, msg);
    return (Token){0};
}

static Token quoted(Cursor c, Cursor *after) {
    size_t end = 1;
    while (end < c.rest.len && (c.rest.ptr[end] != '"' || c.rest.ptr[end - 1] == '\\')) end++;
    if (end == c.rest.len) return failed_token(c, STR("missing end quote"), after);
    Str word;
    if (!num_unquote(c.query->arena, str_to(c.rest, end + 1), &word))
        return failed_token(c, STR("bad escape sequence"), after);
    return token_at(c, 'q', word, end + 1, after);
}

static Token bare(Cursor c, Cursor *after) {
    size_t end = 0;
    uint32_t width;
    for (; end < c.rest.len; end += width) {
        uint32_t r = utf8_decode(str_from(c.rest, end), &width);
        if (utf8_is_space(r) || (r < 0x80 && is_operator((char)r))) break;
    }
    Str word = str_to(c.rest, end);
    char kind = str_eq(word, STR("AND")) ? 'A' : str_eq(word, STR("OR")) ? 'O' : 'w';
    return token_at(c, kind, word, end, after);
}

// The length of a regexp up to a "/" outside brackets and parentheses.
static size_t regexp_end(Str s) {
    int brackets = 0, parens = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '/' && brackets == 0 && parens == 0) return i;
        if (c == '[') brackets++;
        if (c == ']' && brackets > 0) brackets--;
        if (c == '(' && brackets == 0) parens++;
        if (c == ')' && brackets == 0) parens--;
        if (c == '\\') i++;
    }
    return STR_NONE;
}

static bool ends_regexp(Str rest) {
    if (!rest.len) return true;
    unsigned char c = (unsigned char)rest.ptr[0];
    return starts_operator((char)c) || utf8_is_space(c);
}

static Token regexp(Cursor c, Cursor *after) {
    Str body = str_from(c.rest, 1);
    size_t end = regexp_end(body);
    if (end == STR_NONE) return failed_token(c, STR("missing close \"/\""), after);
    body = str_to(body, end);
    Regex *re;
    Err e = regex_compile(c.query->arena, body, &re);
    if (e) return failed_token(c, e->what, after);
    vec_push(c.query->arena, c.query->regexes, re);
    Cursor past = {c.query, str_from(c.rest, end + 2)};
    if (!ends_regexp(past.rest))
        return failed_token(
            past, STR("regexp must be followed by space or an operator (unescaped \"/\"?)"), after);
    Token t = token_at(c, 'r', body, end + 2, after);
    t.regex = re;
    return t;
}

// The next token; c itself only moves over white space.
static Token next(Cursor *c, bool value, Cursor *after) {
    uint32_t width;
    while (c->rest.len) {
        char first = c->rest.ptr[0];
        if (starts_operator(first)) return token_at(*c, first, str_to(c->rest, 1), 1, after);
        if (!utf8_is_space(utf8_decode(c->rest, &width))) {
            if (value && first == '/') return regexp(*c, after);
            return first == '"' ? quoted(*c, after) : bare(*c, after);
        }
        c->rest = str_from(c->rest, width);
    }
    return token_at(*c, 0, (Str){0}, 0, after);
}

static void expect_end(Cursor c) {
    Cursor after;
    Token t = next(&c, false, &after);
    if (t.kind) fail_unexpected(c, t.text);
}

static bool is_word(Token t) { return t.kind == 'w' || t.kind == 'q'; }

// ---- filters

static Filter *new_filter(Cursor c, FilterKind kind) {
    Filter *f = NEW(c.query->arena, Filter);
    f->kind = kind;
    return f;
}

static Cursor parse_or(Cursor c, Filter **out);

static Filter *new_match(Cursor c, Token key, Token value) {
    Filter *f = new_filter(c, FILTER_MATCH);
    f->key = key.text;
    f->offset = key.offset;
    f->literal = value.text;
    f->regex = value.regex;
    return f;
}

// After `key : (`.
static Cursor parse_values(Cursor c, Token key, Filter **out) {
    Filter *any = new_filter(c, FILTER_OR);
    for (;;) {
        Cursor after;
        Token v = next(&c, true, &after);
        if (!is_word(v) && v.kind != 'r') return fail(c, STR("expected value"));
        vec_push(c.query->arena, &any->subs, new_match(c, key, v));
        c = after;
        Token sep = next(&c, true, &after);
        if (sep.kind == ')') {
            *out = any;
            return after;
        }
        if (sep.kind != 'O') return fail(c, STR("value list must be separated by OR"));
        c = after;
    }
}

static Cursor parse_key_value(Cursor start, Cursor rest, Token key, Filter **out) {
    Cursor after;
    Token colon = next(&rest, false, &after);
    if (colon.kind != ':') return fail(start, STR("expected key:value"));
    rest = after;
    Token v = next(&rest, true, &after);
    if (v.kind == '(') return parse_values(after, key, out);
    if (!is_word(v) && v.kind != 'r') return fail(start, STR("expected key:value"));
    *out = new_match(start, key, v);
    return after;
}

static Cursor parse_match(Cursor start, Filter **out) {
    Cursor rest, after;
    Token t = next(&start, false, &rest);
    *out = NULL;
    if (t.kind == '*') {
        *out = new_filter(start, FILTER_AND);
        return rest;
    }
    if (is_word(t)) return parse_key_value(start, rest, t, out);
    if (t.kind != '(' && t.kind != '-')
        return fail(start, STR("expected key:value or subexpression"));
    if (++start.query->depth > DEPTH_LIMIT) return fail(start, STR("expression nests too deeply"));
    if (t.kind == '-') {
        Filter *sub = NULL, *negated = new_filter(start, FILTER_NOT);
        rest = parse_match(rest, &sub);
        vec_push(start.query->arena, &negated->subs, sub);
        *out = negated;
        start.query->depth--;
        return rest;
    }
    rest = parse_or(rest, out);
    start.query->depth--;
    if (next(&rest, false, &after).kind != ')') return fail(rest, STR("missing \")\""));
    return after;
}

static Filter *one_or_all(Filter *group) { return group->subs.len == 1 ? group->subs.v[0] : group; }

static Cursor parse_and(Cursor c, Filter **out) {
    Filter *all = new_filter(c, FILTER_AND), *sub;
    c = parse_match(c, &sub);
    vec_push(c.query->arena, &all->subs, sub);
    for (;;) {
        Cursor after;
        Token op = next(&c, false, &after);
        if (op.kind == ')' || op.kind == 'O' || op.kind == 0) break;
        if (op.kind == 'A') {
            c = after;
            continue;
        }
        if (op.kind != '(' && op.kind != '-' && op.kind != '*' && !is_word(op)) {
            *out = NULL;
            return fail_unexpected(c, op.text);
        }
        c = parse_match(c, &sub);
        vec_push(c.query->arena, &all->subs, sub);
    }
    *out = one_or_all(all);
    return c;
}

static Cursor parse_or(Cursor c, Filter **out) {
    Filter *any = new_filter(c, FILTER_OR);
    for (;;) {
        Filter *sub;
        Cursor after;
        c = parse_and(c, &sub);
        vec_push(c.query->arena, &any->subs, sub);
        if (next(&c, false, &after).kind != 'O') break;
        c = after;
    }
    *out = one_or_all(any);
    return c;
}

Err query_parse_filter(Arena *a, Str text, RegexVec *regexes, Filter **out) {
    Query q = {.arena = a, .text = text, .regexes = regexes};
    Filter *f = NULL;
    expect_end(parse_or((Cursor){&q, text}, &f));
    if (!q.error) *out = f;
    return q.error;
}

// ---- projections

static Cursor parse_fixed(Cursor c, Field *f) {
    f->order = STR("fixed");
    for (;;) {
        Cursor after;
        Token t = next(&c, false, &after);
        if (t.kind == ')') return f->fixed.len ? after : fail(c, STR("nothing to match"));
        if (!is_word(t)) return fail(c, STR("missing )"));
        vec_push(c.query->arena, &f->fixed, t.text);
        c = after;
    }
}

static Cursor parse_field(Cursor c, Field *f) {
    Cursor after;
    Token key = next(&c, false, &after);
    if (!is_word(key)) return fail(c, STR("expected key"));
    c = after;
    *f = (Field){.key = key.text,
                 .order = STR("first"),
                 .key_offset = key.offset,
                 .order_offset = key.offset + key.text.len};
    if (next(&c, false, &after).kind != '@') return c;
    c = after;
    Token order = next(&c, false, &after);
    f->order_offset = order.offset;
    if (is_word(order)) {
        f->order = order.text;
        return after;
    }
    if (order.kind == '(') return parse_fixed(after, f);
    return fail(c, STR("expected named sort order or parenthesized list"));
}

Err query_parse_projection(Arena *a, Str text, FieldVec *out) {
    Query q = {.arena = a, .text = text};
    FieldVec fields = {0};
    Cursor c = {&q, text};
    for (;;) {
        Cursor after;
        Token t = next(&c, false, &after);
        if (t.kind == 0) break;
        if (t.kind == ',' && fields.len > 0) c = after;
        Field f = {0};
        c = parse_field(c, &f);
        vec_push(a, &fields, f);
    }
    expect_end(c);
    if (!q.error) *out = fields;
    return q.error;
}
