// go/ir/irtype.h: types as the back half of the compiler sees them: instances by shape, sizes,
// method lists, and the texts that messages and symbol names use.
//
// Owns     an IrTypes is a session's table: every type lives in it until irtypes_free.
// Identity types are interned: two types print and behave alike exactly when their pointers are
//          equal. byte and uint8, rune and int32, any and interface{} print differently and so are
//          different pointers; `canon` is equal for them. irtype_identical is the compiler's
//          types.Identical: it looks through shapes too.
// Threads  any number of tasks at once; a lock is taken only to make a type or to fill it in.
// Rules    cmd/compile/internal/types, reflectdata.NeedEmit, noder/reader.go (shapify, mangle).
#ifndef HEAPWISE_GO_IR_IRTYPE_H
#define HEAPWISE_GO_IR_IRTYPE_H

#include "go/types/types.h"

typedef struct IrType IrType;
typedef struct IrTypes IrTypes;

// clang-format off
#define IR_KINDS(X)                                                                         \
    X(BAD) X(BOOL) X(INT8) X(UINT8) X(INT16) X(UINT16) X(INT32) X(UINT32) X(INT64) X(UINT64)        \
    X(INT) X(UINT) X(UINTPTR) X(FLOAT32) X(FLOAT64) X(COMPLEX64) X(COMPLEX128) X(STRING)            \
    X(UNSAFEPTR) X(PTR) X(FUNC) X(SLICE) X(ARRAY) X(STRUCT) X(CHAN) X(MAP) X(INTER)                 \
    X(NIL) X(TUPLE) /* several results of a call */                                                \
    X(UNTYPED_BOOL) X(UNTYPED_INT) X(UNTYPED_RUNE) X(UNTYPED_FLOAT) X(UNTYPED_COMPLEX)              \
    X(UNTYPED_STRING)                                                                              \
    X(TYPE) /* the type of a type expression; never a value's */
// clang-format on
#define X(id) KIND_##id,
typedef enum SYNTAX_PACKED IrKind { IR_KINDS(X) KIND_COUNT } IrKind;
#undef X

typedef struct IrTypeList {
    IrType **v;
    uint32_t len;
} IrTypeList;

// A field of a struct, a parameter or a result. Names of parameters do not make types differ.
typedef struct IrField {
    Name name;      // 0: none (embedded fields have their type's name)
    const Pkg *pkg; // home of an unexported name; NULL for exported ones
    IrType *type;
    Str tag;
    bool embedded;
    int64_t offset; // of struct fields, bytes; valid after irtype_size
} IrField;

// A method of a named type (declared, or promoted: irtype_all_methods) or of an interface.
typedef struct IrMethod {
    Name name;
    const Pkg *pkg;       // home of an unexported name; NULL for exported ones
    Obj *obj;             // the generic declaration (FUNC); interface methods: their FUNC too
    IrType *recv;         // declared receiver type: T or *T (of the instance); NULL for interfaces
    IrType *sig;          // FUNC without receiver
    const uint32_t *path; // of promoted ones: fields to follow; path_len 0: declared on the type
    uint32_t path_len;
    bool follows_pointer; // the path follows a pointer (compiler: Field.Embedded == 2)
    bool from_interface;  // promoted from an embedded interface field
} IrMethod;

struct IrType {
    IrKind kind;    // of a named type: of its underlying type; ask irtype_kind while building
    bool named;     // has a name of its own: basic types too
    bool shape;     // is go.shape.X itself
    bool has_shape; // shape somewhere in it
    bool variadic;  // FUNC: the last parameter is ...T (its type is a SLICE)
    bool not_in_heap;
    bool fully_instantiated;
    ChanDir dir;        // CHAN
    uint32_t id;        // dense; differs from run to run: never sort by it
    IrType *canon;      // itself, but for byte, rune, any and what is made of them
    IrType *elem, *key; // PTR SLICE ARRAY CHAN MAP
    int64_t len;        // ARRAY
    IrField *fields;    // STRUCT; FUNC: params then results; TUPLE: all. Under of named: shared
    uint32_t nfields, nparams; // FUNC: nparams of the fields are parameters
    // Named types.
    Obj *obj;         // TYPE object (the generic one for instances); NULL for basic and shapes
    IrTypeList targs; // implicit ones (of enclosing functions) first
    uint32_t implicits;
    IrType *under; // itself for unnamed types
    // Filled in on first use, by the functions below only.
    void *lazy;
};

// Type parameters in force while generic code is lowered: tparams.v[i] stands for targs.v[i].
typedef struct IrEnv {
    TypeList tparams; // TPARAM types of the declaration (of a method: its receiver's)
    IrTypeList targs;
    uint32_t implicits; // that many come from enclosing declarations
    IrType **cache;     // front cache of the task, by hash of the checker's type
    uint32_t cache_mask, cache_len;
    Arena *arena; // of the cache
} IrEnv;

IrTypes *irtypes_new(Names *names, TypesEnv *env, Sizes sizes, ArenaPool *pool);
void irtypes_free(IrTypes *ts);

// ---- making types
IrType *irtype_basic(IrTypes *ts,
                     IrKind kind); // int8 ... string, unsafe.Pointer, untyped ones, NIL
IrType *irtype_byte(IrTypes *ts);
IrType *irtype_rune(IrTypes *ts);
IrType *irtype_any(IrTypes *ts);             // prints any
IrType *irtype_empty_interface(IrTypes *ts); // prints interface {}
IrType *irtype_error(IrTypes *ts);
IrType *irtype_pointer(IrTypes *ts, IrType *elem);
IrType *irtype_slice(IrTypes *ts, IrType *elem);
IrType *irtype_array(IrTypes *ts, IrType *elem, int64_t len);
IrType *irtype_map(IrTypes *ts, IrType *key, IrType *elem);
IrType *irtype_chan(IrTypes *ts, IrType *elem, ChanDir dir);
IrType *irtype_struct(IrTypes *ts, const IrField *fields, uint32_t n);
IrType *irtype_func(IrTypes *ts, const IrField *params, uint32_t nparams, const IrField *results,
                    uint32_t nresults, bool variadic);
IrType *irtype_niladic(IrTypes *ts); // func()
// sig with `first` (NULL: nothing) in place of its first `skip` parameters.
IrType *irtype_with_first(IrTypes *ts, const IrType *sig, uint32_t skip, IrType *first);
IrType *irtype_tuple(IrTypes *ts, const IrField *fields, uint32_t n);
// The checker's type; env says what its type parameters stand for (NULL: it has none).
IrType *irtype_of(IrTypes *ts, IrEnv *env, Type *t);
// Whether t names a type parameter of env, or a local type declared under one.
bool irtype_depends(IrTypes *ts, const IrEnv *env, Type *t);
// The type a name declares, instantiated with targs (implicits first).
IrType *irtype_named(IrTypes *ts, Obj *type_name, IrTypeList targs, uint32_t implicits);
// The same with arguments that are not made shapes even where one of them has a shape.
IrType *irtype_exact(IrTypes *ts, Obj *type_name, IrTypeList targs, uint32_t implicits);
// go.shape.X for a type argument; basic: the parameter's constraint is a plain method set.
IrType *irtype_shapify(IrTypes *ts, IrType *targ, bool basic);
bool irtype_is_plain_constraint(Type *tparam); // a method set and nothing more

// Type parameters of the functions around a type's declaration, then its own.
TypeList irtype_tparams(Arena *a, const Obj *type_name);
TypeList irtype_join(Arena *a, TypeList first, TypeList then);

// ---- asking
bool irtype_identical(const IrType *x, const IrType *y); // types.Identical
int64_t irtype_size(IrTypes *ts, IrType *t);
int64_t irtype_align(IrTypes *ts, IrType *t);
int64_t irtype_pointer_bytes(IrTypes *ts, IrType *t); // 0: no pointers
bool irtype_has_pointers(IrTypes *ts, IrType *t);
bool irtype_is_direct_iface(IrTypes *ts, IrType *t); // pointer-shaped
bool irtype_is_simd(IrTypes *ts, const IrType *t);   // a vector of package simd/archsimd
bool irtype_is_comparable(IrTypes *ts, IrType *t);
static inline bool irtype_is_interface(const IrType *t) { return t->kind == KIND_INTER; }
bool irtype_is_empty_interface(const IrType *t);
static inline bool irtype_is_int(const IrType *t) {
    return t->kind >= KIND_INT8 && t->kind <= KIND_UINTPTR;
}
bool irtype_is_unsigned(const IrType *t);
bool irtype_is_untyped(const IrType *t);
// Untyped ones are, too.
bool irtype_is_bool(const IrType *t);
bool irtype_is_string(const IrType *t);
bool irtype_is_integer(const IrType *t);
bool irtype_is_float(const IrType *t);
bool irtype_is_complex(const IrType *t);
static inline IrField *irtype_params(const IrType *f) { return f->under->fields; }
static inline IrField *irtype_results(const IrType *f) {
    return f->under->fields + f->under->nparams;
}
static inline uint32_t irtype_nparams(const IrType *f) { return f->under->nparams; }
static inline uint32_t irtype_nresults(const IrType *f) {
    return f->under->nfields - f->under->nparams;
}

// T of *T, where the pointer type has no name; else t.
static inline IrType *irtype_base(IrType *t) {
    return t->kind == KIND_PTR && !t->named ? t->elem : t;
}
// The generic declaration of a method of an instance; else the object itself.
static inline Obj *irobj_origin(Obj *o) { return o->origin ? o->origin : o; }
// The package that tells an unexported name from others; NULL of exported ones.
static inline const Pkg *irobj_pkg(const Obj *o) { return o->exported ? NULL : o->pkg; }

typedef struct IrMethodList {
    IrMethod *v;
    uint32_t len;
} IrMethodList;
// Declared on t (a named type, not a pointer), in the order of types.Sym.Less; interfaces: their
// whole method set in that order.
IrMethodList irtype_methods(IrTypes *ts, IrType *t);
// With promoted ones, the order wrappers are made in (types.CalcMethods, then sorted).
IrMethodList irtype_all_methods(IrTypes *ts, IrType *t);
// The method x.name where x is a t or *t (t not an interface), or the interface's. NULL: none.
const IrMethod *irtype_method(IrTypes *ts, IrType *t, Name name, const Pkg *pkg);
bool irtype_implements(IrTypes *ts, IrType *t, IrType *iface);
bool irtype_is_method_applicable(IrType *t, const IrMethod *m);
// Whether this package emits wrappers and descriptors for t (reflectdata.NeedEmit).
bool irtype_need_emit(IrTypes *ts, const Pkg *local, IrType *t);

// ---- texts
// %v: names of local's own package unqualified, others by package name.
Str irtype_string(IrTypes *ts, Arena *a, const Pkg *local, IrType *t);
void irtype_write(IrTypes *ts, Buf *b, const Pkg *local, IrType *t);
// LinkString: packages by full path; what symbol names are made of.
Str irtype_link_string(IrTypes *ts, Arena *a, IrType *t);
// A package's path as symbols have it: dots of its last part and odd bytes are %xx.
void irtype_write_prefix(IrTypes *ts, Buf *b, const Pkg *pkg);
// The name of a method's symbol as %v prints it inside its package: "T.M", "(*T).M", "(*G[int]).M".
// An unexported method of another package than recv's has its package's path put in.
Str irtype_method_symbol(IrTypes *ts, Arena *a, IrType *recv, Name name, const Pkg *pkg);

#endif
