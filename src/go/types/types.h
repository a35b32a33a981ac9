// go/types/types.h: a checked package: every expression with its type and value, every name with
// what it denotes. Second step of the front end; the rules and the words of the messages are those
// of cmd/compile/internal/types2 (Go 1.26).
//
// Owns     a package's types, objects and results live in the arena given to types_check, which
// must
//          outlive every package that imports it. The universe lives in TypesEnv.
// Threads  packages are checked in parallel, one check a thread; a checked package is read only,
// but
//          for instances of generic types expanded later, which happens under the environment's
//          lock.
// Failure  wrong code goes to the Diags of the check, in the order found; results are then partial.
#ifndef HEAPWISE_GO_TYPES_TYPES_H
#define HEAPWISE_GO_TYPES_TYPES_H

#include "base/bitset.h"
#include "base/index.h"
#include "go/syntax/syntax.h"

typedef struct Type Type;
typedef struct Obj Obj;
typedef struct Pkg Pkg;
typedef struct Scope Scope;
typedef struct TypeSet TypeSet;
typedef struct Const Const; // a constant's value: constant.h
typedef struct Check Check; // a check in progress
typedef struct TypesEnv TypesEnv;

typedef struct TypeList {
    Type **v;
    uint32_t len;
} TypeList;
typedef struct ObjList {
    Obj **v;
    uint32_t len;
} ObjList;
// ~T or T of a union or a type set.
typedef struct Term {
    bool tilde;
    Type *type;
} Term;
typedef struct TermList {
    Term *v;
    uint32_t len;
} TermList;

// clang-format off
#define TYPE_KINDS(X)                                                                    \
    X(BASIC, "Basic") X(ARRAY, "Array") X(SLICE, "Slice") X(STRUCT, "Struct")                  \
    X(POINTER, "Pointer") X(TUPLE, "Tuple") X(SIGNATURE, "Signature") X(UNION, "Union")        \
    X(INTERFACE, "Interface") X(MAP, "Map") X(CHAN, "Chan") X(NAMED, "Named")                  \
    X(TPARAM, "TypeParam") X(ALIAS, "Alias")

#define BASIC_KINDS(X)                                                                   \
    X(INVALID, "invalid type") X(BOOL, "bool")                                                 \
    X(INT, "int") X(INT8, "int8") X(INT16, "int16") X(INT32, "int32") X(INT64, "int64")        \
    X(UINT, "uint") X(UINT8, "uint8") X(UINT16, "uint16") X(UINT32, "uint32")                  \
    X(UINT64, "uint64") X(UINTPTR, "uintptr") X(FLOAT32, "float32") X(FLOAT64, "float64")      \
    X(COMPLEX64, "complex64") X(COMPLEX128, "complex128") X(STRING, "string")                  \
    X(UNSAFE_POINTER, "Pointer") X(UNTYPED_BOOL, "untyped bool") X(UNTYPED_INT, "untyped int") \
    X(UNTYPED_RUNE, "untyped rune") X(UNTYPED_FLOAT, "untyped float")                          \
    X(UNTYPED_COMPLEX, "untyped complex") X(UNTYPED_STRING, "untyped string")                  \
    X(UNTYPED_NIL, "untyped nil")

#define BUILTINS(X) /* name, least arguments, variadic, what a call of it is */           \
    X(APPEND, "append", 1, true, EXPRESSION)    X(CAP, "cap", 1, false, EXPRESSION)            \
    X(CLEAR, "clear", 1, false, STATEMENT)      X(CLOSE, "close", 1, false, STATEMENT)         \
    X(COMPLEX, "complex", 2, false, EXPRESSION) X(COPY, "copy", 2, false, STATEMENT)           \
    X(DELETE, "delete", 2, false, STATEMENT)    X(IMAG, "imag", 1, false, EXPRESSION)          \
    X(LEN, "len", 1, false, EXPRESSION)         X(MAKE, "make", 1, true, EXPRESSION)           \
    X(MAX, "max", 1, true, EXPRESSION)          X(MIN, "min", 1, true, EXPRESSION)             \
    X(NEW, "new", 1, false, EXPRESSION)         X(PANIC, "panic", 1, false, STATEMENT)         \
    X(PRINT, "print", 0, true, STATEMENT)       X(PRINTLN, "println", 0, true, STATEMENT)      \
    X(REAL, "real", 1, false, EXPRESSION)       X(RECOVER, "recover", 0, false, STATEMENT)     \
    X(ADD, "Add", 2, false, EXPRESSION)         X(ALIGNOF, "Alignof", 1, false, EXPRESSION)    \
    X(OFFSETOF, "Offsetof", 1, false, EXPRESSION) X(SIZEOF, "Sizeof", 1, false, EXPRESSION)    \
    X(SLICE, "Slice", 2, false, EXPRESSION)     X(SLICE_DATA, "SliceData", 1, false, EXPRESSION) \
    X(STRING, "String", 2, false, EXPRESSION)   X(STRING_DATA, "StringData", 1, false, EXPRESSION) \
    X(ASSERT, "assert", 1, false, STATEMENT)    X(TRACE, "trace", 0, true, STATEMENT)
// clang-format on

#define X(id, text) TYPE_##id,
typedef enum SYNTAX_PACKED TypeKind { TYPE_KINDS(X) } TypeKind;
#undef X
#define X(id, text) BASIC_##id,
typedef enum SYNTAX_PACKED BasicKind { BASIC_KINDS(X) BASIC_COUNT } BasicKind;
#undef X
#define X(id, ...) BUILTIN_##id,
typedef enum SYNTAX_PACKED BuiltinId { BUILTINS(X) BUILTIN_COUNT } BuiltinId;
#undef X

enum { // of basic types
    INFO_BOOLEAN = 1,
    INFO_INTEGER = 2,
    INFO_UNSIGNED = 4,
    INFO_FLOAT = 8,
    INFO_COMPLEX = 16,
    INFO_STRING = 32,
    INFO_UNTYPED = 64,
    INFO_ORDERED = INFO_INTEGER | INFO_FLOAT | INFO_STRING,
    INFO_NUMERIC = INFO_INTEGER | INFO_FLOAT | INFO_COMPLEX,
    INFO_CONST = INFO_BOOLEAN | INFO_NUMERIC | INFO_STRING,
};

// Where a type or an object stands (settle.c).
typedef enum SYNTAX_PACKED Life {
    LIFE_CHECK,   // as its package's check has made it
    LIFE_SETTLED, // of the universe, or as importers see it: moves no more
    LIFE_MOVED,   // there is a settled copy; this one is on its way out
} Life;

// Cut only as long as its kind needs: never copy one by value.
struct Type {
    TypeKind kind;
    Life life;
    union {
        Type *moved; // MOVED: the copy
        struct {
            BasicKind kind;
            uint8_t info;
            const char *name;
        } basic;
        struct {
            Type *elem;
            int64_t len; // < 0: not known (invalid, or [...]T before its literal is read)
        } array;
        struct {
            Type *elem;
        } slice;
        struct {
            Type *elem;
        } pointer;
        struct {
            Type *elem;
            ChanDir dir;
        } chan;
        struct {
            Type *key, *elem;
        } map;
        struct {
            ObjList fields;
            Str *tags; // NULL, or one a field
        } strct;
        struct {
            ObjList vars;
        } tuple;
        struct {
            TypeList rparams, tparams; // receiver's and own type parameters
            Scope *scope;
            Obj *recv;
            Type *params, *results; // TUPLE, or NULL for none
            bool variadic;
        } sig;
        struct {
            TermList terms;
        } unio;
        struct {
            ObjList methods; // declared here, sorted
            TypeList embeddeds;
            Pos *embed_pos;
            TypeSet *tset;
            Check *check; // set while the package is being checked
            bool implicit, complete;
        } iface;
        struct {
            Obj *obj;       // of an instance: a name of its own at the place of instantiation
            Type *origin;   // of an instance: the generic type; else NULL
            TypeList targs; // of an instance
            TypeList tparams;
            Type *rhs, *under;
            VEC(Obj *) methods;
            Check *check; // set while the package is being checked
            TypesEnv *env;
            _Atomic uint8_t state; // NAMED_* bits
            bool finite, allow_nil_rhs;
        } named;
        struct {
            Obj *obj;
            Type *bound;
            Check *check;
            uint32_t id, index; // index UINT32_MAX: not bound yet
        } tparam;
        struct {
            Obj *obj;
            Type *origin; // itself unless an instance
            TypeList tparams, targs;
            Type *rhs, *actual;
        } alias;
    };
};

struct TypeSet {
    ObjList methods; // all of them, sorted
    TermList terms;  // one term without a type: every type
    bool comparable;
};

#define OBJ_KINDS(X)                                                                               \
    X(PKG, "package")                                                                              \
    X(CONST, "const")                                                                              \
    X(TYPE, "type")                                                                                \
    X(VAR, "var") X(FUNC, "func") X(LABEL, "label") X(BUILTIN, "builtin") X(NIL, "nil")
#define X(id, text) OBJ_##id,
typedef enum SYNTAX_PACKED ObjKind { OBJ_KINDS(X) } ObjKind;
#undef X

typedef enum SYNTAX_PACKED VarKind {
    VAR_PACKAGE,
    VAR_LOCAL,
    VAR_RECV,
    VAR_PARAM,
    VAR_RESULT,
    VAR_FIELD
} VarKind;

struct Obj {
    ObjKind kind;
    VarKind var_kind;
    bool embedded;     // VAR: an embedded field
    bool used;         // VAR, PKG: something refers to it
    bool has_ptr_recv; // FUNC: before its signature is known
    bool exported;
    BuiltinId builtin;
    Life life;
    Name name;
    Pos pos, scope_pos;
    uint32_t order;      // of package-level objects, by declaration; else 0
    uint32_t path_index; // 1 + place on the path of objects being checked; 0: not on it
    Pkg *pkg;            // NULL in the universe
    Scope *parent;
    Type *type; // NULL until known
    struct DeclInfo *decl;
    union {
        Const *value;  // CONST
        Pkg *imported; // PKG
        Obj *origin;   // VAR, FUNC of an instance: the generic one; else NULL
        Obj *moved;    // MOVED: the copy
    };
};

struct Scope {
    Scope *parent;
    Scope *first_child, *last_child, *next; // next: of the same parent
    VEC(Obj *) objs;                        // in order of declaration
    VEC(Name) names; // of objs (a dot-import may file an object under its own name only)
    uint32_t *slots; // hash slots once there are many; id + 1
    uint32_t slot_mask;
    Pos pos, end;
    bool is_func;
};

struct Pkg {
    Name path, name;
    Scope *scope;
    VEC(Pkg *) imports; // direct ones
    bool complete;
    bool fake; // could not be imported: uses of it are not reported
    bool cgo;
    Arena *arena;
    Check *check;     // between a check for settling and types_settle
    struct IrPkg *ir; // for go/ir: what it was lowered to
};

// Parameters or results of a signature; NULL: none.
static inline ObjList tuple_vars(const Type *tuple) {
    return tuple ? tuple->tuple.vars : (ObjList){0};
}

typedef enum SYNTAX_PACKED Mode {
    MODE_INVALID,
    MODE_NOVALUE,
    MODE_BUILTIN,
    MODE_TYPE,
    MODE_CONST,
    MODE_VARIABLE,
    MODE_MAPINDEX,
    MODE_VALUE,
    MODE_NIL,
    MODE_COMMAOK,
    MODE_COMMAERR,
    MODE_CGOFUNC
} Mode;

// What is known of one expression.
typedef struct TypeAndValue {
    Type *type; // NULL for no value, or when nothing was recorded
    Const *value;
    Mode mode;
    bool pending, is_lhs; // during the check: still untyped; operand of a shift
    bool is_panic;        // a call of the predeclared panic
} TypeAndValue;

typedef enum SYNTAX_PACKED SelectionKind { FIELD_VAL, METHOD_VAL, METHOD_EXPR } SelectionKind;
typedef struct Selection {
    SelectionKind kind;
    bool indirect; // a pointer was followed on the way
    Type *recv;
    Obj *obj;
    U32Vec index; // path through embedded fields; the last is the field or method
} Selection;

typedef struct Instance {
    TypeList targs;
    Type *type;
} Instance;

typedef struct Initializer {
    ObjList lhs;
    Expr *rhs;
} Initializer;

// Results by id of the syntax tree (Expr.id, Clause.id ...). Arrays have the tree's count + 1.
typedef struct TypesInfo {
    TypeAndValue *exprs;
    Obj **names;            // of NAME expressions: declared or used object
    Selection **selections; // of SELECTOR expressions
    PtrMap instances;       // Instance by NAME expression: there are few
    Obj **clause_vars;      // of type switch clauses with a variable
    VEC(Initializer) init_order;
    uint32_t expr_count, stmt_count;
} TypesInfo;

// The release a source is written for: 0 is none given (everything allowed), 118 is go1.18.
typedef uint32_t GoVersion;
GoVersion go_version(Str text); // "go1.21", "go1.21.3", "1.21"; 0 when it is none
Str go_version_str(Arena *a, GoVersion v);
GoVersion file_lang(const File *f, GoVersion lang); // f's own, by its //go:build lines, or lang

// Bodies of declared functions that are not read yet (syntax_read_body): each is read when it is
// checked, and forgotten with its results and local names after that.
typedef struct TypesBodies {
    // Ids of the body's nodes begin behind *exprs and *stmts, which become the last ones. False: it
    // cannot be read like that; the answer will not be looked at.
    bool (*read)(void *ctx, Stmt *body, uint32_t *exprs, uint32_t *stmts);
    // Called with the results in place, those of the body under the ids from first_expr on.
    void (*checked)(void *ctx, const Decl *func, uint32_t first_expr, uint32_t last_expr);
    void *ctx;
    Arena *arena; // of the trees read; all a body leaves in it is dropped
} TypesBodies;

typedef struct TypesConfig {
    TypesEnv *env;
    Str path;           // import path
    Str lang;           // -lang, "go1.26"; empty: newest
    Str goarch;         // decides sizes
    Str goroot;         // files of other packages below it are shown as $GOROOT/...
    bool ignore_bodies; // declarations only
    bool fake_import_c; // names of package C are opaque
    bool cgo;           // files are cgo's output, C.x means _Cfunc_x
    bool labels;        // check labels and branches: the parser has not done so
    Pkg *(*import)(void *ctx, Str path, Str *why);
    void *import_ctx;
    // The text of a file that was dropped after its package's check; NULL: texts are kept.
    Str (*reread)(Arena *a, Str name);
    const TypesBodies *bodies; // NULL: all bodies were read; else settle is set
    ArenaPool *pool;           // for what is needed only during the check; NULL: the system
    bool settle; // the package is handed to types_settle before others import it; of the results
                 // there are no selections
} TypesConfig;

TypesEnv *types_env_new(Names *names, FileSet *files);
void types_env_free(TypesEnv *env);
void types_env_add_test_builtins(TypesEnv *env); // assert and trace
Pkg *types_unsafe(const TypesEnv *env);

typedef struct TypesInput {
    File **files;
    uint32_t file_count;
    uint32_t expr_count, stmt_count; // highest ids in the files
    Arena *results; // of the TypesInfo and what else is found in bodies; NULL: the package's
    Arena *generic; // of what is found in bodies of generic functions; NULL: results
} TypesInput;

// Checks one package. Never NULL; pkg->complete is set. Messages are added to diags.
Pkg *types_check(const TypesConfig *cfg, Arena *a, TypesInput in, Diags *diags, TypesInfo *info);

// Of a package checked with settle set: a copy of what importers may look at, made in a. After it
// the arenas of the trees, the check and its results may go; only the messages stay.
Pkg *types_settle(Pkg *pkg, Arena *a);

// The same where the package is given up instead.
void types_drop(Pkg *pkg);

// Questions about types. None of them is NULL-safe unless it says so.
// Whether t or anything a value of it is laid out of (elements of arrays, fields) passes the test.
// Aliases are resolved first. NULL gives false.
bool type_any_part(Type *t, bool (*test)(void *ctx, Type *t), void *ctx);
bool name_is_exported(Str name);
// Type names the compiler knows: what asks for 8 bytes' alignment on every architecture, and
// internal/runtime/sys.nih, whose values never are in the garbage-collected heap.
bool obj_is_align64(const TypesEnv *env, const Obj *type_name);
bool obj_is_not_in_heap(const TypesEnv *env, const Obj *type_name);
// Of the packages the runtime is made of (cmd/internal/objabi, pkgspecial.go): they have directives
// of their own and may not allocate behind their own back.
bool path_is_runtime(Str import_path);
// What t is written with, one step down, NULLs among it: elements, fields, parameters and results,
// methods of interfaces (their parameters and results), terms, type arguments.
typedef void TypeVisit(void *ctx, Type *part);
void type_each_part(Type *t, TypeVisit *visit, void *ctx);
Type *type_under_slowly(Type *t);
Type *type_unalias_slowly(Type *t);
// Never NAMED or ALIAS; a TPARAM gives its constraint's interface. Most types are their own.
static inline Type *type_under(Type *t) {
    bool own = t->kind != TYPE_NAMED && t->kind != TYPE_ALIAS && t->kind != TYPE_TPARAM;
    return own ? t : type_under_slowly(t);
}
static inline Type *type_unalias(Type *t) { // NULL gives NULL
    return UNLIKELY(t && t->kind == TYPE_ALIAS) ? type_unalias_slowly(t) : t;
}
Type *type_named(Type *t); // the NAMED behind aliases, or NULL
bool type_identical(Type *x, Type *y);
bool type_is_interface(Type *t);
bool type_is_tparam(Type *t);
bool type_comparable(Type *t);
TypeSet *type_set(Type *iface);
Obj *scope_lookup(const Scope *s, Name name);
uint32_t type_method_count(Type *named);
Obj *type_method(Type *named, uint32_t i); // expands a method of an instance

typedef struct Sizes {
    int64_t word, max_align;
} Sizes;
bool sizes_for(Str goarch, Sizes *out); // false: unknown architecture (nothing written)
bool type_has_size(Type *t);            // no type parameter in it: its size is known
int64_t sizes_of(Sizes s, Type *t);     // -1: too large
int64_t sizes_align(Sizes s, Type *t);
void sizes_offsets(Sizes s, ObjList fields, int64_t *offsets);
int64_t sizes_pointer_bytes(Sizes s, Type *t); // up to the end of the last pointer; 0: none
// A bit for each word of the pointer bytes, at most words_most of them.
Bitset sizes_pointer_map(Sizes s, Type *t, Arena *a, uint32_t words_most);

typedef struct Method {
    Obj *obj;
    U32Vec index; // path through embedded fields
    bool indirect;
} Method;
typedef struct MethodList {
    Method *v;
    uint32_t len;
} MethodList;
// What can be called on a value of t, in the order of interface methods: exported names first.
MethodList types_method_set(TypesEnv *env, Arena *a, Type *t);

// Text as the compiler writes it in messages, names of from's own package unqualified.
// from NULL: every name with its package's full path.
Str type_string(Arena *a, const TypesEnv *env, Type *t, const Pkg *from);
Str obj_string(Arena *a, const TypesEnv *env, Obj *o, const Pkg *from);

#endif
