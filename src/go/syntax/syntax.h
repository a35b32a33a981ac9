// go/syntax/syntax.h: Go source text becomes a tree. First step of the front end.
//
// The tree has the shape and the node positions of cmd/compile/internal/syntax (Go 1.26), because
// the compiler's messages, inlining costs and escape lines are worded and placed by them. Where a
// position is not the node's first byte, the kind's comment says which token it is.
//
// Owns     the tree lives in Syntax.arena (a `package` lifetime); literals and pragma texts point
//          into the file's bytes, which must outlive the tree.
// Threads  one Syntax per task. Tasks share Names and FileSet, nothing else.
// Ids      every Expr, Stmt, Clause and Decl of one Syntax has a dense id from 1, so later passes
//          keep results in arrays of count + 1 elements. 0 is none.
// Failure  wrong source goes to Diags (code 0) in the compiler's words; the tree then has EXPR_BAD
//          nodes. syntax_parse gives NULL when there is no usable package clause.
// Memory   nodes are allocated only as long as their kind needs: never copy one by value, use
//          syntax_copy_expr.
#ifndef HEAPWISE_GO_SYNTAX_SYNTAX_H
#define HEAPWISE_GO_SYNTAX_SYNTAX_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/intern.h"
#include "base/pos.h"

// How deep the tree may be: brackets, blocks, types and unary operators, together.
#define SYNTAX_MAX_NESTING 5000
// How long x + y + z ... or x.a.b.c() ... may be. Such chains lean to the left (the last operator
// is the root), so passes walk the left operand in a loop, as syntax_walk does.
#define SYNTAX_MAX_CHAIN 100000

// clang-format off
// X(NAME, text, precedence); 0 is no binary operator.
#define SYNTAX_OPS(X)                                                                    \
    X(NONE, "", 0)     X(DEF, ":", 0)    X(NOT, "!", 0)     X(RECV, "<-", 0) X(TILDE, "~", 0)  \
    X(OROR, "||", 1)   X(ANDAND, "&&", 2)                                                      \
    X(EQL, "==", 3)    X(NEQ, "!=", 3)   X(LSS, "<", 3)     X(LEQ, "<=", 3)                    \
    X(GTR, ">", 3)     X(GEQ, ">=", 3)                                                         \
    X(ADD, "+", 4)     X(SUB, "-", 4)    X(OR, "|", 4)      X(XOR, "^", 4)                     \
    X(MUL, "*", 5)     X(DIV, "/", 5)    X(REM, "%", 5)     X(AND, "&", 5)                     \
    X(ANDNOT, "&^", 5) X(SHL, "<<", 5)   X(SHR, ">>", 5)

// X(KIND, name of the node in cmd/compile/internal/syntax)
#define EXPR_KINDS(X)                                                                    \
    X(BAD, "BadExpr")            X(NAME, "Name")               X(LIT, "BasicLit")              \
    X(COMPOSITE, "CompositeLit") X(KEY_VALUE, "KeyValueExpr")  X(FUNC_LIT, "FuncLit")          \
    X(PAREN, "ParenExpr")        X(SELECTOR, "SelectorExpr")   X(INDEX, "IndexExpr")           \
    X(SLICE, "SliceExpr")        X(ASSERT, "AssertExpr")       X(TYPE_SWITCH, "TypeSwitchGuard") \
    X(OPERATION, "Operation")    X(CALL, "CallExpr")           X(LIST, "ListExpr")             \
    X(ARRAY_TYPE, "ArrayType")   X(SLICE_TYPE, "SliceType")    X(DOTS_TYPE, "DotsType")        \
    X(STRUCT_TYPE, "StructType") X(INTERFACE_TYPE, "InterfaceType") X(FUNC_TYPE, "FuncType")   \
    X(MAP_TYPE, "MapType")       X(CHAN_TYPE, "ChanType")

#define STMT_KINDS(X)                                                                    \
    X(EMPTY, "EmptyStmt")   X(LABELED, "LabeledStmt") X(BLOCK, "BlockStmt")   X(EXPR, "ExprStmt") \
    X(SEND, "SendStmt")     X(DECL, "DeclStmt")       X(ASSIGN, "AssignStmt")                  \
    X(BRANCH, "BranchStmt") X(CALL, "CallStmt")       X(RETURN, "ReturnStmt") X(IF, "IfStmt")  \
    X(FOR, "ForStmt")       X(SWITCH, "SwitchStmt")   X(SELECT, "SelectStmt")                  \
    X(RANGE, "RangeClause")

#define DECL_KINDS(X)                                                                    \
    X(IMPORT, "ImportDecl") X(CONST, "ConstDecl") X(TYPE, "TypeDecl") X(VAR, "VarDecl")        \
    X(FUNC, "FuncDecl")
// clang-format on

#define SYNTAX_PACKED __attribute__((packed)) // one byte, and still an enum to -Wswitch-enum

#define X(name, text, prec) OP_##name,
typedef enum SYNTAX_PACKED Op { SYNTAX_OPS(X) OP_COUNT } Op;
#undef X
#define X(kind, text) EXPR_##kind,
typedef enum SYNTAX_PACKED ExprKind { EXPR_KINDS(X) } ExprKind;
#undef X
#define X(kind, text) STMT_##kind,
typedef enum SYNTAX_PACKED StmtKind { STMT_KINDS(X) } StmtKind;
#undef X
#define X(kind, text) DECL_##kind,
typedef enum SYNTAX_PACKED DeclKind { DECL_KINDS(X) } DeclKind;
#undef X

// clang-format off
typedef enum SYNTAX_PACKED LitKind { LIT_INT, LIT_FLOAT, LIT_IMAG, LIT_RUNE, LIT_STRING } LitKind;
typedef enum SYNTAX_PACKED ChanDir { CHAN_BOTH, CHAN_SEND_ONLY, CHAN_RECV_ONLY } ChanDir;
// What a BRANCH or CALL statement starts with.
typedef enum SYNTAX_PACKED Keyword {
    KEYWORD_BREAK, KEYWORD_CONTINUE, KEYWORD_FALLTHROUGH, KEYWORD_GOTO, KEYWORD_GO, KEYWORD_DEFER
} Keyword;

typedef struct Expr Expr;
typedef struct Stmt Stmt;
typedef struct Decl Decl;
typedef struct Field Field;
typedef struct Clause Clause;
typedef struct File File;

// Lists are exact, and never grow after parsing.
typedef struct ExprList { Expr **v; uint32_t len; } ExprList;
typedef struct StmtList { Stmt **v; uint32_t len; } StmtList;
typedef struct DeclList { Decl **v; uint32_t len; } DeclList;
typedef struct FieldList { Field *v; uint32_t len; } FieldList;
typedef struct ClauseList { Clause *v; uint32_t len; } ClauseList;

struct Expr {
    ExprKind kind; // says which members below are live
    union {
        Op op;            // OPERATION
        LitKind lit_kind; // LIT
        ChanDir dir;      // CHAN_TYPE
    };
    union {
        bool bad;      // LIT: malformed, already reported
        bool has_dots; // CALL: the last argument is followed by ...
        bool full;     // SLICE: has a second colon
    };
    bool implicit; // the parser's or a later pass's own, not in the source
    Pos pos;
    Pos end; // the byte after the node; exact, unlike syntax_end_pos
    uint32_t id;
    union {
        Name name;                                    // NAME (and "_" for a missing one)
        Str text;                                     // LIT: as written
        struct { Expr *type;  ExprList elems;         // COMPOSITE  T{...}; type NULL: elided. At '{'
                 uint32_t nkeys; Pos rbrace; } composite;
        struct { Expr *key, *value; } key_value;      // KEY_VALUE  k: v. At ':'
        struct { Expr *type; Stmt *body; } func_lit;  // FUNC_LIT   At 'func'; type.pos is at '('
        struct { Expr *x; } paren;                    // PAREN      kept only where errors need it
        struct { Expr *x, *sel; } selector;           // SELECTOR   x.sel. At '.'; sel is a NAME
        struct { Expr *x, *index; } index;            // INDEX      x[i], x[T1, T2] (a LIST). At '['
        struct { Expr *x, *index[3]; } slice;         // SLICE      x[i:j:k], each may be NULL. At '['
        struct { Expr *x, *type; } assert;            // ASSERT     x.(T). At '.'
        struct { Expr *lhs, *x; } type_switch;        // TYPE_SWITCH [lhs :=] x.(type). At '.'
        struct { Expr *x, *y; } operation;            // OPERATION  y NULL: unary. At the operator
        struct { Expr *fn; ExprList args; } call;     // CALL       At '('
        ExprList list;                                // LIST       x, y. At its first element
        struct { Expr *len, *elem; } array_type;      // ARRAY_TYPE len NULL: [...]T. At '['
        struct { Expr *elem; } elem_type;             // SLICE_TYPE at '[', DOTS_TYPE at '...',
                                                      // CHAN_TYPE at 'chan' or '<-'
        FieldList fields;                             // STRUCT_TYPE, INTERFACE_TYPE. At the keyword
        struct { FieldList params, results; } func_type; // FUNC_TYPE  At the parameters' '(' ('[')
        struct { Expr *key, *value; } map_type;       // MAP_TYPE   At 'map'
    };
};

// name type `tag`. Names declared together share one type node.
struct Field {
    Pos pos;
    Expr *name; // a NAME; NULL: unnamed parameter, embedded field or element
    Expr *type;
    Expr *tag;  // a LIT or NULL; struct fields only
};

struct Stmt {
    StmtKind kind;
    union {
        Op op;           // ASSIGN: NONE is =, DEF is :=, else op=
        Keyword keyword; // BRANCH, CALL
        bool def;        // RANGE: lhs := range x
        bool unread;     // BLOCK: a function's body that was skipped, see syntax_read_body
    };
    Pos pos;
    uint32_t id;
    union {
        struct { Expr *label; Stmt *stmt; } labeled;  // At ':'
        struct { union { StmtList list; File *file; }; // file: of an unread body
                 Pos rbrace; } block;                 // At '{'
        struct { Expr *x; } expr;                     // At x.pos
        struct { Expr *chan, *value; } send;          // At '<-'
        struct { DeclList list; } decl;               // At the keyword
        struct { Expr *lhs, *rhs; } assign;           // rhs NULL: lhs++ (ADD), lhs-- (SUB). At the operator
        struct { Expr *label;                         // label and target may be NULL
                 Stmt *target; } branch;              // goto: LABELED; break, continue: FOR, SWITCH, SELECT
        struct { Expr *call; } call;                  // go, defer; call need not be a CALL yet
        struct { Expr *results; } ret;                // NULL: none; several: a LIST
        struct { Stmt *init; Expr *cond;
                 Stmt *then, *els; } if_;             // els: NULL, IF or BLOCK
        struct { Stmt *init; Expr *cond;              // init may be a RANGE; any of the three NULL
                 Stmt *post, *body; } for_;
        struct { Stmt *init; Expr *tag;               // tag may be a TYPE_SWITCH or NULL
                 ClauseList body; Pos rbrace; } switch_;
        struct { ClauseList body; Pos rbrace; } select;
        struct { Expr *lhs, *x; } range;              // lhs may be NULL. At 'range'
    };
};

// case ...: or default: of a switch or select.
struct Clause {
    Pos pos;
    Pos colon;
    uint32_t id; // shares the numbering of statements
    bool is_comm;
    Expr *cases; // switch: NULL is default; several: a LIST
    Stmt *comm;  // select: NULL is default
    StmtList body;
};

// clang-format on

typedef enum SYNTAX_PACKED PragmaUse { PRAGMA_UNUSED, PRAGMA_FILE, PRAGMA_DECL } PragmaUse;

// A //go: comment.
typedef struct Pragma {
    Pos pos;       // after the //
    Pos misplaced; // UNUSED: where the parser was when it gave up on it
    Str text;      // "go:noinline"; to the end of the line
    bool own_line; // nothing but space stands before it
    PragmaUse use; // what it augments
} Pragma;

// A run of File.pragmas.
typedef struct PragmaRange {
    uint32_t first, count;
} PragmaRange;

// clang-format off
struct Decl {
    DeclKind kind;
    bool alias;     // TYPE: type T = U
    Pos pos;        // the token after the keyword; in a group the spec's first token
    uint32_t id;
    uint32_t group; // equal for the specs of one ( ... ); 0: not in a group
    PragmaRange pragmas;
    union {
        struct { Expr *local, *path; } import;        // local: NAME incl. "." and "_", or NULL; path may be NULL
        struct { ExprList names;                      // NAMEs; type and values may be NULL
                 Expr *type, *values; } value;        // CONST, VAR; several values: a LIST
        struct { Expr *name; FieldList tparams;
                 Expr *type; } type;
        struct { Field *recv; Expr *name;             // recv and body may be NULL
                 FieldList tparams;
                 Expr *type; Stmt *body; } func;
    };
};

// clang-format on

struct File {
    SourceFile *source;
    Pos pos;
    Pos eof;
    Expr *pkg_name;
    DeclList decls;
    PragmaRange pragma_range; // those of the package clause
    VEC(Pragma) pragmas;      // all, in source order
    Str go_version;           // "go1.21" from a //go:build line above the package clause, or ""
    bool had_errors;
};

enum {
    SYNTAX_CHECK_BRANCHES = 1, // report wrong labels and branches, set branch targets
    SYNTAX_IMPORTS_ONLY = 2,   // stop at the first declaration that is not an import
    SYNTAX_SKIP_BODIES = 4,    // leave bodies of declared functions unread where that can be done
    SYNTAX_READ_GENERIC = 8    // but for those of generic functions
};

// A task's parser: names it has met, and where the present package's trees go.
typedef struct Syntax {
    Names *names;
    FileSet *files;
    Arena *arena; // of the trees
    Diags *diags;
    unsigned mode;
    uint32_t expr_count, stmt_count, decl_count, group_count; // highest ids given out
    struct SyntaxCache *cache;                                // see cache.c
} Syntax;

Syntax *syntax_new(Names *names, FileSet *files); // borrows both
void syntax_free(Syntax *s);                      // leaves the trees alone; NULL is fine
// Starts a package: trees go to a, messages to diags, ids begin at 1 again.
void syntax_begin(Syntax *s, Arena *a, Diags *diags, unsigned mode);
// NULL with a message when there is no usable package clause.
File *syntax_parse(Syntax *s, Str filename, Str text);
File *syntax_parse_source(Syntax *s, SourceFile *source); // of a file already in the set
// Reads an unread body: its trees go to s->arena, ids go on from *exprs and *stmts, which become
// the last ones given out. An unread body holds no statements, but has its end. It has no
// directives, and no errors were looked for in it. False: there are some, or the file would have
// been parsed otherwise with the body read in its turn: everything has to be parsed again without
// SYNTAX_SKIP_BODIES for messages that are right.
bool syntax_read_body(Syntax *s, Stmt *body, uint32_t *exprs, uint32_t *stmts);
// Reads all unread bodies of a file that s has parsed since syntax_begin; their trees go to a.
// False: as above.
bool syntax_read_bodies(Syntax *s, File *f, Arena *a);
// It, or the type it is a method of, has type parameters.
bool syntax_is_generic(const Decl *func);

// Nodes for passes that rewrite the tree.
Expr *syntax_new_expr(Syntax *s, ExprKind kind, Pos pos);
Expr *syntax_new_name(Syntax *s, Pos pos, Name name);
Stmt *syntax_new_stmt(Syntax *s, StmtKind kind, Pos pos);
Decl *syntax_new_decl(Syntax *s, DeclKind kind, Pos pos);
Expr *syntax_copy_expr(Syntax *s, const Expr *x); // shallow, with an id of its own

// Any node.
typedef enum TreeTag {
    TREE_FILE,
    TREE_DECL,
    TREE_FIELD,
    TREE_EXPR,
    TREE_STMT,
    TREE_CLAUSE
} TreeTag;
typedef struct SyntaxNode {
    TreeTag tag;
    union {
        const File *file;
        const Decl *decl;
        const Field *field;
        const Expr *expr;
        const Stmt *stmt;
        const Clause *clause;
    };
} SyntaxNode;

static inline SyntaxNode node_expr(const Expr *x) { return (SyntaxNode){TREE_EXPR, {.expr = x}}; }
static inline SyntaxNode node_stmt(const Stmt *x) { return (SyntaxNode){TREE_STMT, {.stmt = x}}; }
static inline SyntaxNode node_decl(const Decl *x) { return (SyntaxNode){TREE_DECL, {.decl = x}}; }
static inline SyntaxNode node_file(const File *x) { return (SyntaxNode){TREE_FILE, {.file = x}}; }
static inline SyntaxNode node_field(const Field *x) {
    return (SyntaxNode){TREE_FIELD, {.field = x}};
}
static inline SyntaxNode node_clause(const Clause *x) {
    return (SyntaxNode){TREE_CLAUSE, {.clause = x}};
}

// Calls visit for root and everything below it, parents first, children in the compiler's order
// (a type shared by several fields is met once for each). False from visit: not below this node.
// leave may be NULL; else it is called after a node's children, for nodes visit accepted.
typedef struct SyntaxWalk {
    bool (*visit)(void *ctx, SyntaxNode n);
    void (*leave)(void *ctx, SyntaxNode n);
    void *ctx;
} SyntaxWalk;
void syntax_walk(SyntaxNode root, const SyntaxWalk *w);

Pos syntax_pos(SyntaxNode n);
const char *syntax_kind(SyntaxNode n); // "CallExpr"
Pos syntax_start_pos(
    SyntaxNode n);                // as syntax.StartPos: parentheses dropped by the parser not seen
Pos syntax_end_pos(SyntaxNode n); // as syntax.EndPos: approximate, for scopes

// Text as in the compiler's messages: on one line, bodies of literals shortened to {...} (with the
// character U+2026). Expressions, types and simple statements.
Str syntax_string(Arena *a, const Names *names, SyntaxNode n);
void syntax_write(Buf *b, const Names *names, SyntaxNode n);
static inline Str syntax_expr_string(Arena *a, const Names *names, const Expr *x) {
    return syntax_string(a, names, node_expr(x));
}

const Expr *syntax_unparen(const Expr *x);
Expr *syntax_unparen_mut(Expr *x);
// The elements of a LIST, else x alone, else nothing. one is room for the single element.
ExprList syntax_unpack_list(Expr *x, Expr **one);

const char *op_text(Op op);
int op_precedence(Op op);
const char *keyword_text(Keyword k);

// ---- what //go: lines ask of the compiler

// As the compiler's own flags: a line that implies another sets both.
typedef unsigned PragmaBits;
enum {
    PRAGMA_BUILD = 1 << 0, // go:build; allowed above a package clause only
    PRAGMA_NOESCAPE = 1 << 1,
    PRAGMA_NORACE = 1 << 2,
    PRAGMA_NOSPLIT = 1 << 3, // with NOCHECKPTR
    PRAGMA_NOINLINE = 1 << 4,
    PRAGMA_NOCHECKPTR = 1 << 5,
    PRAGMA_REGISTERPARAMS = 1 << 6,
    PRAGMA_CGO_UNSAFE_ARGS = 1 << 7, // with NOCHECKPTR
    PRAGMA_SYSTEMSTACK = 1 << 8,
    PRAGMA_NOWRITEBARRIER = 1 << 9,
    PRAGMA_NOWRITEBARRIERREC = 1 << 10, // with NOWRITEBARRIER
    PRAGMA_YESWRITEBARRIERREC = 1 << 11,
    PRAGMA_UINTPTRKEEPALIVE = 1 << 12,
    PRAGMA_UINTPTRESCAPES = 1 << 13, // with UINTPTRKEEPALIVE
};

// What one line means; 0 for a line that shares its line with code, or has no flag.
PragmaBits pragma_bits(const Pragma *g);
Str pragma_verb(const Pragma *g); // "go:noinline"
// All that stand above d.
PragmaBits decl_pragmas(const File *f, const Decl *d);
StrVec pragma_fields(Arena *a, const Pragma *g); // between white space

// //go:linkname local [remote], wherever it stands. Of a local name the first line counts.
typedef struct Linkname {
    Pos pos;
    Str local;
    Str remote; // a symbol as "import/path.name"; empty: the name's own symbol
} Linkname;
typedef VEC(Linkname) LinknameList;

bool pragma_linkname(Arena *a, const Pragma *g, Linkname *out); // false: no such line, or malformed
LinknameList file_linknames(Arena *a, const File *f);           // well-formed ones, in source order

// The value of a literal that is not bad. Strings: raw or quoted, carriage returns of raw ones
// gone.
bool syntax_unquote(Arena *a, Str lit, Str *out);
bool syntax_rune_value(Str lit, int32_t *out);

// Runes: letters and digits of names, upper case (exported names), and the lower-case form.
bool unicode_is_letter(uint32_t rune);
bool unicode_is_digit(uint32_t rune);
bool unicode_is_upper(uint32_t rune);
uint32_t unicode_fold(uint32_t rune);

#endif
