// go/syntax/syntax_internal.h: what the scanner and the files of the parser share.
#ifndef HEAPWISE_GO_SYNTAX_INTERNAL_H
#define HEAPWISE_GO_SYNTAX_INTERNAL_H

#include "go/syntax/syntax.h"

// clang-format off
// X(NAME, text)
#define SYNTAX_TOKENS(X)                                                                       \
    X(NONE, "") X(EOF, "EOF") X(NAME, "name") X(LITERAL, "literal") X(OPERATOR, "op")          \
    X(ASSIGN_OP, "op=") X(INC_OP, "opop") X(ASSIGN, "=") X(DEFINE, ":=") X(ARROW, "<-")        \
    X(STAR, "*") X(LPAREN, "(") X(LBRACK, "[") X(LBRACE, "{") X(RPAREN, ")") X(RBRACK, "]")    \
    X(RBRACE, "}") X(COMMA, ",") X(SEMI, ";") X(COLON, ":") X(DOT, ".") X(DOT_DOT_DOT, "...")  \
    SYNTAX_KEYWORDS(X)
#define SYNTAX_KEYWORDS(X)                                                                     \
    X(BREAK, "break") X(CASE, "case") X(CHAN, "chan") X(CONST, "const")                        \
    X(CONTINUE, "continue") X(DEFAULT, "default") X(DEFER, "defer") X(ELSE, "else")            \
    X(FALLTHROUGH, "fallthrough") X(FOR, "for") X(FUNC, "func") X(GO, "go") X(GOTO, "goto")    \
    X(IF, "if") X(IMPORT, "import") X(INTERFACE, "interface") X(MAP, "map")                    \
    X(PACKAGE, "package") X(RANGE, "range") X(RETURN, "return") X(SELECT, "select")            \
    X(STRUCT, "struct") X(SWITCH, "switch") X(TYPE, "type") X(VAR, "var")
// clang-format on

#define X(name, text) TOK_##name,
typedef enum SYNTAX_PACKED Tok { SYNTAX_TOKENS(X) TOK_COUNT } Tok;
#undef X

// Sets of tokens.
typedef uint64_t TokSet;
#define TOK_BIT(tok) ((TokSet)1 << (tok))
_Static_assert(TOK_COUNT <= 64, "a token set is one word");

// Why a semicolon is there.
typedef enum SYNTAX_PACKED SemiKind { SEMI_SEMICOLON, SEMI_NEWLINE, SEMI_EOF } SemiKind;

// Scratch for lists being parsed: nested productions push and pop above each other.
typedef struct SyntaxStacks {
    VEC(void *) nodes;
    VEC(Field) fields;
    VEC(Clause) clauses;
} SyntaxStacks;

// A word met before. Up to 16 bytes it is compared by its two halves alone.
typedef struct CachedName {
    uint64_t low, high; // first and last eight bytes; longer names: a hash, and the last eight
    Name name;
    uint16_t len; // 0: free; longer ones count as UINT16_MAX
    Tok tok;      // NAME or a keyword
} CachedName;

enum { RECENT_NAMES = 1 << 11, KEYWORDS = TOK_COUNT - TOK_BREAK };

typedef struct SyntaxCache {
    CachedName recent[RECENT_NAMES]; // a look here stays in the processor's nearest caches
    CachedName keywords[KEYWORDS];
    Arena *scratch; // empty between functions
    Arena *arena;
    CachedName *slots;
    uint32_t mask, count;
    SyntaxStacks stacks;
    U32Vec lines;
    Name blank; // "_"
    Name dot;   // "."
} SyntaxCache;

typedef struct Parser {
    // The scanner reads text[at..end); text[end] may be read too and is then a newline, or the text
    // ends with a newline (see scanner.c).
    const uint8_t *at;
    const uint8_t *text, *end;
    Pos base;               // Pos of text[0]
    bool semi_if_line_ends; // the last token may end a statement
    // The present token.
    Tok tok;
    Op op;         // OPERATOR, STAR, ASSIGN_OP, INC_OP
    uint8_t prec;  // of op as a binary operator
    LitKind kind;  // LITERAL
    bool bad;      // LITERAL
    SemiKind semi; // SEMI
    Name name;     // NAME
    Pos pos;
    const uint8_t *start; // its first byte; at is the byte after it
    Pos prev_end;         // end of the token before
    // The parser.
    Syntax *s;
    SyntaxCache *cache;
    Arena *arena;
    File *file;
    bool top;                // still above the package clause
    bool first;              // some error was reported
    bool skips;              // bodies may be left unread
    uint32_t errors;         // how many (branch errors not counted)
    uint32_t pending;        // file->pragmas from here on wait for a declaration
    int func_nest;           // > 0: in a function, where statements' keywords stop error recovery
    int expr_nest;           // < 0: in a control clause, where { opens a block
    uint32_t depth;          // against SYNTAX_MAX_NESTING
    char *block, *block_end; // nodes are cut from here
} Parser;

// cache.c
SyntaxCache *cache_new(Names *names);
void cache_free(SyntaxCache *c);
// Sets *name; gives NAME or the keyword the word is.
Tok cache_find(SyntaxCache *c, Names *names, Str word, const uint8_t *readable_end, Name *name);

// scanner.c
void scanner_init(Parser *p, SourceFile *source);
void scanner_finish(Parser *p); // hands the line table to the source file
void scanner_next(Parser *p);
// From a "{" that is the present token to the "}" that closes it, which is the next one, noting
// lines alone. False, nothing done: there is something within that has to be read in its turn.
bool scanner_skip_block(Parser *p);
// Begins at "at" of a file that was scanned before, and ends behind the line "last" is in.
void scanner_resume(Parser *p, const SourceFile *source, Pos at, Pos last);
// The rune at p->at after what no source may hold was reported and skipped; -1 at the end.
int32_t scanner_peek_odd(Parser *p, uint32_t *width);
void scanner_error(Parser *p, const uint8_t *at, const char *fmt, ...) PRINTF_LIKE(3, 4);

// literal.c: numbers, strings and runes from p->at on (behind the point, if it was seen); set tok,
// kind, bad.
void scan_number(Parser *p, bool seen_point);
void scan_string(Parser *p);
void scan_raw_string(Parser *p);
void scan_rune(Parser *p);

// unicode.c
// "U+0040 '@'", as %#U; "'\n'" as %q.
typedef struct RuneText {
    char text[32];
} RuneText;
RuneText rune_sharp_u(uint32_t rune);
RuneText rune_quoted(uint32_t rune);

// directive.c
void directive_line(Parser *p, const uint8_t *start, const uint8_t *end);
void directive_go(Parser *p, const uint8_t *start, const uint8_t *end, bool own_line);
PragmaRange pragma_take(Parser *p, PragmaUse use);
void pragma_clear_slow(Parser *p);
static inline void pragma_clear(Parser *p) {
    if (UNLIKELY(p->pending < p->file->pragmas.len)) pragma_clear_slow(p);
}

// error.c
const char *tok_text(Tok tok);
const char *tok_words(Tok tok); // as messages name it
void error_at(Parser *p, Pos pos, const char *fmt, ...) PRINTF_LIKE(3, 4);
// "syntax error: ..."; texts that begin with in, at, after or expected get "unexpected TOKEN".
void syntax_error_at(Parser *p, Pos pos, const char *fmt, ...) PRINTF_LIKE(3, 4);
#define syntax_error(p, ...) syntax_error_at((p), (p)->pos, __VA_ARGS__)
// Skips to a token of follow (or one that starts a statement, inside functions); 0: skips one.
void advance(Parser *p, TokSet follow);
void want_slow(Parser *p, Tok tok);
bool too_deep(Parser *p); // reports once, and skips the rest of the file

// parse_*.c
Stmt *parse_func_body(Parser *p);
Decl *parse_const(Parser *p, uint32_t group);
Decl *parse_type_decl(Parser *p, uint32_t group);
Decl *parse_var(Parser *p, uint32_t group);
typedef Decl *ParseSpec(Parser *p, uint32_t group);
void parse_group(Parser *p, ParseSpec *spec); // pushes the specs on the node stack

Expr *parse_expr(Parser *p);
Expr *parse_expr_list(Parser *p);
Expr *parse_binary(Parser *p, Expr *x, int prec);
Expr *parse_primary(Parser *p, Expr *x, bool keep_parens);
Expr *parse_literal_or_null(Parser *p);
Expr *parse_name(Parser *p);
ExprList parse_name_list(Parser *p, Expr *first);
Expr *bad_expr(Parser *p, Pos pos);

Expr *parse_type(Parser *p);
Expr *parse_type_or_null(Parser *p);
Expr *parse_type_list(Parser *p, bool strict, bool *comma);
Expr *parse_func_type(Parser *p, const char *context, FieldList *tparams);
Expr *parse_qualified_name(Parser *p, Expr *name);
Expr *parse_array_type(Parser *p, Pos pos, Expr *len);
Expr *parse_slice_type(Parser *p, Pos pos);
typedef enum ParamsKind {
    PARAMS_PLAIN,    // the last one may have "..."
    PARAMS_NO_DOTS,  // results, receivers
    PARAMS_OF_TYPES, // type parameters: all must have names
} ParamsKind;
FieldList parse_params(Parser *p, const Field *first, Tok close, ParamsKind kind);

Stmt *parse_block(Parser *p, const char *context);
StmtList parse_stmt_list(Parser *p);

// branches.c
void check_branches(Parser *p, Stmt *body);

// The present token: tests and steps.
static inline bool got(Parser *p, Tok tok) {
    if (p->tok != tok) return false;
    scanner_next(p);
    return true;
}
static inline void want(Parser *p, Tok tok) {
    if (LIKELY(p->tok == tok))
        scanner_next(p);
    else
        want_slow(p, tok);
}
static inline Pos pos_of(const Parser *p, const uint8_t *at) {
    return p->base + (Pos)(at - p->text);
}

// After a list's element. False: the list is broken off without its closing token.
bool list_next_slow(Parser *p, const char *context, Tok sep, Tok close);
static inline bool list_next(Parser *p, const char *context, Tok sep, Tok close) {
    return got(p, sep) || p->tok == close || list_next_slow(p, context, sep, close);
}
static inline bool list_more(const Parser *p, Tok close) {
    return p->tok != close && p->tok != TOK_EOF;
}
static inline Pos list_end(Parser *p, bool whole, Tok close) {
    Pos pos = p->pos;
    if (whole) want(p, close);
    return pos;
}

// Nodes. Each is cut only as long as its kind needs.
void *node_block(Parser *p, size_t size);
static inline void *node_alloc(Parser *p, size_t size) {
    size = (size + 7) & ~(size_t)7;
    if (UNLIKELY((size_t)(p->block_end - p->block) < size)) return node_block(p, size);
    void *n = p->block;
    p->block += size;
    return n;
}
#define EXPR_SIZE(member) (offsetof(Expr, member) + sizeof(((Expr *)NULL)->member))
#define STMT_SIZE(member) (offsetof(Stmt, member) + sizeof(((Stmt *)NULL)->member))
static inline Expr *expr_cut(Parser *p, ExprKind kind, Pos pos, size_t size) {
    Expr *x = node_alloc(p, size);
    x->kind = kind;
    x->pos = pos;
    x->id = ++p->s->expr_count;
    return x;
}
static inline Stmt *stmt_cut(Parser *p, StmtKind kind, Pos pos, size_t size) {
    Stmt *x = node_alloc(p, size);
    x->kind = kind;
    x->pos = pos;
    x->id = ++p->s->stmt_count;
    return x;
}
#define EXPR_NEW(p, kind, pos, member) expr_cut((p), EXPR_##kind, (pos), EXPR_SIZE(member))
#define STMT_NEW(p, kind, pos, member) stmt_cut((p), STMT_##kind, (pos), STMT_SIZE(member))
Decl *decl_cut(Parser *p, DeclKind kind, Pos pos, uint32_t group);
size_t expr_size(ExprKind kind);
size_t stmt_size(StmtKind kind);

// Copies what was pushed on a scratch stack since mark to the tree, and pops it.
ExprList take_exprs(Parser *p, uint32_t mark);
StmtList take_stmts(Parser *p, uint32_t mark);
DeclList take_decls(Parser *p, uint32_t mark);
FieldList take_fields(Parser *p, uint32_t mark);
ClauseList take_clauses(Parser *p, uint32_t mark);
static inline uint32_t node_mark(const Parser *p) { return p->cache->stacks.nodes.len; }
void node_push_slow(Parser *p);
static inline void node_push(Parser *p, void *n) {
    SyntaxStacks *k = &p->cache->stacks;
    if (UNLIKELY(k->nodes.len == k->nodes.cap)) node_push_slow(p);
    k->nodes.v[k->nodes.len++] = n;
}

static inline bool enter(Parser *p) {
    return LIKELY(++p->depth <= SYNTAX_MAX_NESTING) || too_deep(p);
}
static inline void leave(Parser *p) { p->depth--; }

#endif
