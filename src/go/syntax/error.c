// go/syntax/error.c: syntax errors in the compiler's words, and how the parser finds its feet
// again.
#include <stdarg.h>

#include "go/syntax/syntax_internal.h"

static const char *const tok_texts[TOK_COUNT] = {
#define X(name, text) [TOK_##name] = text,
    SYNTAX_TOKENS(X)
#undef X
};

const char *tok_text(Tok tok) { return tok_texts[tok]; }

const char *tok_words(Tok tok) {
    static const char *const keywords[TOK_COUNT] = {
#define X(name, text) [TOK_##name] = "keyword " text,
        SYNTAX_KEYWORDS(X)
#undef X
    };
    if (tok == TOK_COMMA) return "comma";
    if (tok == TOK_SEMI) return "semicolon or newline";
    return keywords[tok] ? keywords[tok] : tok_texts[tok];
}

static void report(Parser *p, Pos pos, Str text) {
    p->first = true;
    p->errors++;
    p->file->had_errors = true;
    diag_add(p->s->diags, (Diag){.pos = pos, .text = text});
}

void error_at(Parser *p, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    report(p, pos, str_vfmt(p->s->diags->arena, fmt, ap));
    va_end(ap);
}

void scanner_error(Parser *p, const uint8_t *at, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    report(p, pos_of(p, at), str_vfmt(p->s->diags->arena, fmt, ap));
    va_end(ap);
}

// What "unexpected" is followed by.
static void write_token(Parser *p, Buf *b) {
    Str text = {(const char *)p->start, (size_t)(p->at - p->start)};
    switch (p->tok) { // flat switch
    case TOK_NAME:
        buf_lit(b, "name ");
        buf_str(b, text);
        return;
    case TOK_SEMI:
        buf_c(b, p->semi == SEMI_EOF ? "EOF" : p->semi == SEMI_NEWLINE ? "newline" : "semicolon");
        return;
    case TOK_LITERAL:
        buf_lit(b, "literal ");
        buf_str(b, text);
        return;
    case TOK_OPERATOR: buf_c(b, op_text(p->op)); return;
    case TOK_ASSIGN_OP:
        buf_c(b, op_text(p->op));
        buf_byte(b, '=');
        return;
    case TOK_INC_OP:
        buf_c(b, op_text(p->op));
        buf_c(b, op_text(p->op));
        return;
#define X(name, text) case TOK_##name:
        SYNTAX_KEYWORDS(X)
#undef X
    case TOK_NONE:
    case TOK_EOF:
    case TOK_ASSIGN:
    case TOK_DEFINE:
    case TOK_ARROW:
    case TOK_STAR:
    case TOK_LPAREN:
    case TOK_LBRACK:
    case TOK_LBRACE:
    case TOK_RPAREN:
    case TOK_RBRACK:
    case TOK_RBRACE:
    case TOK_COMMA:
    case TOK_COLON:
    case TOK_DOT:
    case TOK_DOT_DOT_DOT:
    case TOK_COUNT: buf_c(b, tok_words(p->tok)); return;
    }
}

void syntax_error_at(Parser *p, Pos pos, const char *fmt, ...) {
    if (p->tok == TOK_EOF && p->first) return; // nothing new to say at the end
    Arena *a = p->s->diags->arena;
    va_list ap;
    va_start(ap, fmt);
    Str text = str_vfmt(a, fmt, ap);
    va_end(ap);
    bool where = str_starts(text, STR("in ")) || str_starts(text, STR("at ")) ||
                 str_starts(text, STR("after "));
    bool expected = str_starts(text, STR("expected "));
    Buf b = buf_new(a);
    buf_lit(&b, "syntax error: ");
    if (where || expected) {
        buf_lit(&b, "unexpected ");
        write_token(p, &b);
        buf_c(&b, expected ? ", " : " ");
    }
    buf_str(&b, text);
    report(p, pos, buf_view(&b));
}

void advance(Parser *p, TokSet follow) {
    static const TokSet starts_statement =
        TOK_BIT(TOK_BREAK) | TOK_BIT(TOK_CONST) | TOK_BIT(TOK_CONTINUE) | TOK_BIT(TOK_DEFER) |
        TOK_BIT(TOK_FALLTHROUGH) | TOK_BIT(TOK_FOR) | TOK_BIT(TOK_GO) | TOK_BIT(TOK_GOTO) |
        TOK_BIT(TOK_IF) | TOK_BIT(TOK_RETURN) | TOK_BIT(TOK_SELECT) | TOK_BIT(TOK_SWITCH) |
        TOK_BIT(TOK_TYPE) | TOK_BIT(TOK_VAR);
    if (!follow) {
        if (p->tok != TOK_EOF) scanner_next(p);
        return;
    }
    if (p->func_nest > 0) follow |= starts_statement;
    follow |= TOK_BIT(TOK_EOF);
    while (!(follow & TOK_BIT(p->tok))) scanner_next(p);
}

void want_slow(Parser *p, Tok tok) {
    syntax_error(p, "expected %s", tok_words(tok));
    advance(p, 0);
}

bool list_next_slow(Parser *p, const char *context, Tok sep, Tok close) {
    syntax_error(p, "in %s; possibly missing %s or %s", context, tok_words(sep), tok_words(close));
    advance(p, TOK_BIT(TOK_RPAREN) | TOK_BIT(TOK_RBRACK) | TOK_BIT(TOK_RBRACE));
    return p->tok == close;
}

bool too_deep(Parser *p) {
    if (p->tok != TOK_EOF)
        error_at(p, p->pos,
                 "nested too deeply (the limits are %d levels and chains of %d operators); "
                 "the rest of the file is not read",
                 SYNTAX_MAX_NESTING, SYNTAX_MAX_CHAIN);
    p->at = p->start = p->end;
    p->semi_if_line_ends = false;
    p->tok = TOK_EOF;
    return false;
}
