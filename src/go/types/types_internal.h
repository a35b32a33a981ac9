// go/types/types_internal.h: what the files of this folder share: the check in progress, operands,
// and the functions of each file in the order of the data: names, declarations, types, expressions,
// statements, order of initialization.
#ifndef HEAPWISE_GO_TYPES_INTERNAL_H
#define HEAPWISE_GO_TYPES_INTERNAL_H

#include "base/index.h"
#include "base/trace.h"
#include "go/types/constant.h"
#include "go/types/types.h"

enum { // Type.named.state
    NAMED_UNPACKED = 1,
    NAMED_METHODS = 2,
    NAMED_UNDER = 4,
    NAMED_FINITE = 8,
    NAMED_VALID = 16, // does not contain itself
};

typedef struct DeclInfo {
    Scope *file;
    GoVersion version;
    ObjList lhs; // of an n:1 variable declaration
    Expr *vtype, *init;
    bool inherited;
    Decl *tdecl, *fdecl;
    VEC(Obj *)
    deps; // what the initializer or body refers to, in the order met; until the check ends
    Index dep_index; // places in deps + 1
    bool emitted;
} DeclInfo;

typedef struct Operand {
    Mode mode;
    BuiltinId id;
    Expr *expr;
    Type *type;
    Const *value;
} Operand;
typedef VEC(Operand *) OperandVec;
typedef VEC(Obj *) ObjVec;
typedef VEC(Type *) TypeVec;

// What a call of rawExpr looked at, for expression statements.
typedef enum ExprClass { CLASS_CONVERSION, CLASS_EXPRESSION, CLASS_STATEMENT } ExprClass;

typedef struct Target { // an assignment's left side, for inferring a generic function's arguments
    Type *sig;
    Str desc;
} Target;

typedef struct ErrorPart {
    Pos pos;
    Str text;
} ErrorPart;
typedef struct ErrorBuilder {
    Check *c;
    VEC(ErrorPart) parts;
    bool soft;
} ErrorBuilder;

typedef void ActionFn(Check *c, void *ctx);
typedef struct Action {
    GoVersion version;
    ActionFn *fn;
    void *ctx;
    Arena *local; // Check.local
} Action;

// State of the declaration or body at hand.
typedef struct Env {
    DeclInfo *decl;
    Scope *scope;
    GoVersion version;
    Const *iota;
    Pos errpos; // where errors of an inherited constant initializer are put
    Type *sig;
    bool in_tparam_list, has_label, has_call_or_recv;
} Env;

typedef struct CtxtEntry {
    Type *orig, *inst;
    TypeList targs;
} CtxtEntry;
typedef struct Context { // instances made so far
    Index index;
    VEC(CtxtEntry) entries;
} Context;

typedef struct MonoVertex {
    int weight, pre, len;
    Obj *obj;
} MonoVertex;
typedef struct MonoEdge {
    int dst, src, weight;
    Pos pos;
    Type *type;
} MonoEdge;
typedef struct Mono {
    VEC(MonoVertex) vertices;
    VEC(MonoEdge) edges;
    PtrMap canon, name_index;
} Mono;

struct TypesEnv {
    Names *names;
    FileSet *files;
    Arena *arena; // the universe, and instances expanded after their package's check
    Scope *universe;
    Pkg *unsafe_pkg;
    Type *error_type, *any_alias;
    Obj *comparable_obj, *iota_obj;
    Name blank, init, main_, C, true_, any, underscore_cmalloc, align64, sync_atomic,
        runtime_atomic, cast_unsafe_, nih, runtime_sys;
    struct Check *lazy; // the check that has no package: expands instances under the lock
    void *lock;         // recursive mutex
};

struct Check {
    const TypesConfig *cfg;
    TypesEnv *env;
    Arena *arena;
    Arena *local;     // of what nobody needs once the body at hand is checked
    Arena *meanwhile; // of what nobody needs once the check has ended
    Diags *diags;
    TypesInfo *info;
    uint32_t expr_room, stmt_room; // highest ids that have a place in info
    uint32_t expr_last, stmt_last; // highest ids given out
    Pkg *pkg;                      // NULL in the lazy check
    TypesInput in;
    Sizes sizes;
    Context ctxt;
    Env e;
    GoVersion lang;
    GoVersion *file_versions; // per file
    ObjVec objects;           // package-level objects and methods, in order of declaration
    ObjVec imports;           // PKG objects, in order
    PtrMap dot_imports;       // an imported object -> PKG object (per file scope: see resolver.c)
    PtrMap methods;           // TYPE object -> ObjVec of its methods, until collected
    PtrMap union_sets;
    PtrMap method_values; // a method -> its type as a value
    VEC(Action) delayed;
    ObjVec path;
    TypeVec cleaners;
    StrMap pkg_names; // package name -> number of different paths, for qualification
    bool pkg_names_made;
    bool lazy;
    bool done; // only types_settle follows: nothing more is reported
    bool has_error;
    uint32_t next_tparam_id;
    Mono mono;
    VEC(struct Exported *) exported; // of the packages asked about, see exportdata.c
    Arena *scratch;
};

#define BASIC(k) (&basic_types[BASIC_##k])
extern Type basic_types[BASIC_COUNT];
extern Type basic_byte, basic_rune; // the types of the aliases byte and rune
extern Type empty_interface;
extern TypeSet top_type_set;
extern const TermList all_terms;

#define NEW_LIST(a, list, n) ((list)->v = (void *)NEW_ARRAY((a), void *, (n)), (list)->len = (n))

// ---- errors and text: format.c, typestring.c
// Directives: %s C string, %S Str, %d int, %T Type*, %O Operand*, %E Expr*, %N Name, %J Obj*,
// %P Pos, %V Const*, %X Op, %Q Pkg*.
Str check_format(Check *c, const char *fmt, ...);
void check_error(Check *c, Pos pos, const char *fmt, ...);
void check_soft_error(Check *c, Pos pos, const char *fmt, ...);
ErrorBuilder error_begin(Check *c);
void error_add(ErrorBuilder *e, Pos pos, const char *fmt, ...);
void error_add_alt(ErrorBuilder *e, Obj *o);
Str error_text(const ErrorBuilder *e);
void error_report(ErrorBuilder *e);
Pos at_expr(const Expr *x); // where errors about it are put: its first byte
Pos at_operand(const Operand *x);
Pos at_stmt(const Stmt *s);
void write_type(Check *c, Buf *b, Type *t);
void write_object(Check *c, Buf *b, Obj *o);
void write_operand(Check *c, Buf *b, Operand *x);
void write_signature_bare(Check *c, Buf *b, Type *sig, bool pkg_info); // no parameter names
void write_terms(Check *c, Buf *b, TermList terms);
const char *composite_kind(Type *t); // "" for basic types
const char *object_kind(Obj *o);

// ---- versions: version.c
bool check_allow(Check *c, GoVersion want);
bool check_verify(Check *c, Pos at, GoVersion want, const char *fmt, ...); // false with an error
void check_version_error(Check *c, Pos at, GoVersion want, const char *fmt, ...);

// ---- scopes, objects, universe: scope.c, universe.c
Scope *scope_new(Arena *a, Scope *parent, Pos pos, Pos end);
Obj *scope_insert(Arena *a, Scope *s, Obj *o); // NULL, or the object that is there already
void scope_put(Arena *a, Scope *s, Name name, Obj *o);
Obj *obj_new(Check *c, ObjKind kind, Pos pos, Name name); // of the package checked
Obj *var_new(Check *c, VarKind kind, Pos pos, Name name, Type *t);
bool name_fold_equal(Str x, Str y);
bool name_is_valid(Str s);
bool obj_same_id(const TypesEnv *env, const Obj *o, const Pkg *pkg, Name name, bool fold);
int obj_cmp(const TypesEnv *env, const Obj *x, const Obj *y); // methods' order
void sort_methods(const TypesEnv *env, ObjVec *methods);
bool obj_is_alias(const Obj *o);
bool same_pkg(const Pkg *a, const Pkg *b);

// ---- parts.c
// The types a walk has met, from some number of steps on. Starts zeroed.
typedef struct TypeVisits {
    Arena *scratch;
    PtrMap met;
    uint32_t steps;
} TypeVisits;
bool visits_again(TypeVisits *v, const Type *t);
void visits_end(TypeVisits *v);

// ---- exportdata.c
bool in_export_data(Check *c, const Obj *o); // o: package-level, of a complete package

// ---- types: type.c, predicate.c, typeset.c, lookup.c, subst.c
Type *type_new(Check *c, TypeKind kind);
Type *type_copy(Check *c, const Type *t); // shallow
size_t type_size(TypeKind kind);
Type *new_pointer(Check *c, Type *elem);
Type *new_slice(Check *c, Type *elem);
Type *new_tuple(Check *c, ObjList vars); // NULL when empty
Type *new_signature(Check *c, Type *params, Type *results, bool variadic);
Type *new_named(Check *c, Obj *o);
Type *new_interface(Check *c);
Type *new_alias(Check *c, Obj *o, Type *rhs);
Type *new_tparam(Check *c, Obj *o, Type *bound);
void needs_cleanup(Check *c, Type *t);
// At the end of a check: nothing may be left half done that another package could look at.
void type_finish(Type *t);
void type_detach(Type *t); // from its check
void check_finish_types(Check *c);
void bind_tparams(TypeList list);
Type *tparam_iface(Type *tp);
TermList tparam_terms(Type *tp, bool *specific); // specific: there are terms
void named_unpack(Type *n);
Type *named_origin(Type *n);
TypeList named_tparams(Type *n);
void named_add_method(Check *c, Type *n, Obj *m);
Obj *named_lookup(Type *n, const Pkg *pkg, Name name, bool fold, uint32_t *index);
TypesEnv *check_env(Check *c);

typedef struct Under { // walks (type, underlying type) of a type set
    Type *one;
    TermList terms;
    uint32_t i, n;
    bool specific, is_tparam;
} Under;
Under under_each(Type *t);
bool under_next(Under *it, Type **t, Type **u); // u NULL: no specific types
typedef bool UnderFn(void *ctx, Type *u);
bool under_is(Type *t, UnderFn *f, void *ctx);
// The common underlying type, or NULL with *cause. cond may refuse a type: it returns a cause.
typedef bool UnderCond(void *ctx, Check *c, Type *t, Type *u, Str *cause); // true: refused
Type *common_under(Check *c, Type *t, UnderCond *cond, void *ctx, Str *cause);

static inline bool is_valid(Type *t) { return type_unalias(t) != BASIC(INVALID); }
bool is_basic(Type *t, unsigned info);  // its underlying type is
bool all_basic(Type *t, unsigned info); // every type of its type set is
static inline bool is_boolean(Type *t) { return is_basic(t, INFO_BOOLEAN); }
static inline bool is_integer(Type *t) { return is_basic(t, INFO_INTEGER); }
static inline bool is_unsigned(Type *t) { return is_basic(t, INFO_UNSIGNED); }
static inline bool is_float(Type *t) { return is_basic(t, INFO_FLOAT); }
static inline bool is_complex(Type *t) { return is_basic(t, INFO_COMPLEX); }
static inline bool is_numeric(Type *t) { return is_basic(t, INFO_NUMERIC); }
static inline bool is_string(Type *t) { return is_basic(t, INFO_STRING); }
static inline bool is_const_type(Type *t) { return is_basic(t, INFO_CONST); }
static inline bool all_integer(Type *t) { return all_basic(t, INFO_INTEGER); }
static inline bool all_numeric(Type *t) { return all_basic(t, INFO_NUMERIC); }
static inline bool all_boolean(Type *t) { return all_basic(t, INFO_BOOLEAN); }
static inline bool all_string(Type *t) { return all_basic(t, INFO_STRING); }
static inline bool all_ordered(Type *t) { return all_basic(t, INFO_ORDERED); }
static inline bool is_typed(Type *t) {
    return !t || t->kind != TYPE_BASIC || !(t->basic.info & INFO_UNTYPED);
}
static inline bool is_untyped(Type *t) { return !is_typed(t); }
static inline bool is_kind(Type *t, TypeKind k) { return t && t->kind == k; }
static inline Type *under_as(Type *t, TypeKind k) { // underlying type if of that kind, else NULL
    Type *u = type_under(t);
    return is_kind(u, k) ? u : NULL;
}
static inline Type *unalias_as(Type *t, TypeKind k) {
    Type *u = type_unalias(t);
    return is_kind(u, k) ? u : NULL;
}
bool has_type_name(Type *t);
bool is_type_lit(Type *t);
bool is_untyped_numeric(Type *t);
bool is_plain_interface(Type *t); // an interface, not a type parameter
bool is_generic(Type *t);
bool is_iface_ptr(Type *t);
bool is_bytes_or_runes(Type *t);
bool is_basic_kind(Type *t, BasicKind k);
bool has_nil(Type *t);
bool has_empty_type_set(Type *t);
// NULL when comparable; else why (may be empty). dynamic: interfaces count as comparable.
bool incomparable(Check *c, Type *t, bool dynamic, Str *why);
Type *default_type(Type *t);
Type *max_type(Type *x, Type *y); // of untyped numbers; NULL: none
bool identical_ignore_tags(Type *x, Type *y);
bool identical_origin(Type *x, Type *y);
bool identical_lists(TypeList x, TypeList y);
typedef struct IfacePair {
    Type *x, *y;
    const struct IfacePair *prev;
} IfacePair;
bool iface_pair_seen(const IfacePair *p, Type *x, Type *y);

TypeSet *iface_type_set(Check *c, Pos pos, Type *iface);
bool type_set_is_empty(const TypeSet *s);
bool type_set_is_all(const TypeSet *s);
bool type_set_is_method_set(const TypeSet *s);
bool type_set_has_terms(const TypeSet *s);
bool type_set_comparable(const TypeSet *s);
Obj *type_set_lookup(const TypesEnv *env, const TypeSet *s, const Pkg *pkg, Name name, bool fold,
                     uint32_t *index);
bool terms_empty(TermList x);
bool terms_all(TermList x);
bool terms_equal(TermList x, TermList y);
bool terms_subset(TermList x, TermList y);
TermList terms_union(Arena *a, TermList x, TermList y);
TermList terms_intersect(Arena *a, TermList x, TermList y);
bool term_includes(Term x, Type *t);
bool term_disjoint(Term x, Term y);
TermList union_terms(Check *c, Pos pos, Type *u, bool *bad);
Type *parse_union(Check *c, Expr *x);

typedef struct Found {
    Obj *obj;
    U32Vec index; // empty with obj NULL: not found; non-empty: ambiguous
    bool indirect;
} Found;
Found lookup_member(Check *c, Type *t, bool addressable, Name name, const Pkg *pkg, bool fold);
Found lookup_member_impl(Check *c, Type *t, bool addressable, Name name, const Pkg *pkg, bool fold);
typedef bool SameType(void *ctx, Type *x, Type *y);
Obj *missing_method(Check *c, Type *v, Type *t, bool is_static, Str *cause);
bool has_all_methods(Check *c, Type *v, Type *t, bool is_static, Str *cause);
bool has_all_methods_by(Check *c, Type *v, Type *t, SameType *same, void *ctx, Str *cause);
bool check_implements(Check *c, Type *v, Type *t, bool constraint, Str *cause);
bool assertable_to(Check *c, Type *v, Type *t, Str *cause);
Str iface_ptr_error(Check *c, Type *t);
Str lookup_error(Check *c, Type *t, Name sel, Obj *alt, bool struct_lit);
Type *deref(Type *t, bool *is_ptr); // is_ptr may be NULL
int field_index(Check *c, ObjList fields, Name name, bool fold);
bool func_has_ptr_recv(Obj *f);

typedef struct Subst {
    TypeList from, to;
} Subst;
Type *check_subst(Check *c, Pos pos, Type *t, Subst s);
Obj *clone_obj(Check *c, Obj *o, Type *t);
// In place of methods whose receiver is from, copies with receiver to. False: none was.
bool replace_recv(Check *c, ObjList in, Type *from, Type *to, ObjList *out);
Type *check_instance(Check *c, Pos pos, Type *orig, TypeList targs);
bool check_targ_len(Check *c, Pos pos, Str name, uint32_t want, uint32_t got);
int check_verify_targs(Check *c, Pos pos, TypeList tparams, TypeList targs, Str *cause); // -1: fine
Type *context_update(Check *c, Type *orig, TypeList targs, Type *inst);

// ---- inference: infer.c, unify.c
typedef struct Unifier Unifier;
typedef enum UnifyMode { UNIFY_INEXACT = 0, UNIFY_ASSIGN = 1, UNIFY_EXACT = 2 } UnifyMode;
Unifier *unifier_new(Check *c, TypeList tparams, TypeList targs, bool interfaces);
bool unify(Unifier *u, Type *x, Type *y, unsigned mode);
Type *unifier_at(Unifier *u, Type *tparam);
void unifier_set(Unifier *u, Type *tparam, Type *t);
uint32_t unifier_unknowns(const Unifier *u);
TypeList unifier_inferred(Unifier *u, TypeList tparams);
bool is_parameterized(TypeList tparams, Type *t);
TypeList rename_tparams(Check *c, Pos pos, TypeList tparams, Type *t, Type **renamed);

typedef struct InferInput {
    Pos pos;
    TypeList tparams, targs; // targs: as long as tparams, NULL where to be inferred
    Type *params;            // TUPLE or NULL
    OperandVec args;
    bool reverse;
} InferInput;
bool check_infer(Check *c, const InferInput *in, ErrorBuilder *err, TypeList *out);

// ---- the check itself: check.c, resolver.c, decl.c, cycle.c
void check_later(Check *c, ActionFn *fn, void *ctx);
void check_free(Check *c); // with what it has for itself
void check_process_delayed(Check *c, uint32_t top);
void check_push(Check *c, Obj *o);
void check_pop(Check *c);
Obj *check_lookup(Check *c, Name name, Scope **where);
void check_add_dep(Check *c, Obj *to);
void check_open_scope(Check *c, Pos pos, Pos end);
void check_close_scope(Check *c);
void collect_objects(Check *c);
void package_objects(Check *c);
void unused_imports(Check *c);
void unpack_recv(Check *c, Expr *rtype, bool params, bool *ptr, Expr **base, ExprList *tparams);
void check_arity(Check *c, Pos pos, ExprList names, ExprList inits, bool is_const, bool inherited);
void check_declare(Check *c, Scope *s, Expr *id, Obj *o, Pos scope_pos);
void check_obj_decl(Check *c, Obj *o);
void check_decl_stmt(Check *c, DeclList list);
void collect_methods(Check *c, Obj *o);
void collect_tparams(Check *c, TypeList *dst, FieldList list);
Type *declare_tparam(Check *c, Expr *name, Pos scope_pos);
bool is_imported_constraint(Check *c, Type *t);
void direct_cycles(Check *c);
bool finite_size(Check *c, Type *t);
void valid_type(Check *c, Type *named);
void cycle_error(Check *c, Obj **cycle, uint32_t len, uint32_t start);
uint32_t first_in_source(Check *c, Obj **path, uint32_t len);
void init_order(Check *c);
void mono_record_canon(Check *c, Type *mpar, Type *tpar);
void mono_record(Check *c, Pos pos, TypeList tparams, TypeList targs, ExprList xlist);
void mono_check(Check *c);
void check_labels(Check *c, Stmt *body);

// ---- type expressions: typexpr.c, signature.c, struct.c
void check_ident(Check *c, Operand *x, Expr *e, bool want_type);
Type *check_typ(Check *c, Expr *e);
Type *check_var_type(Check *c, Expr *e);
void check_valid_var_type(Check *c, Expr *e, Type *t);
Type *check_declared_type(Check *c, Expr *e, Obj *def);
Type *check_generic_type(Check *c, Expr *e, Str *cause);
bool check_type_list(Check *c, ExprList list, TypeList *out);
void check_func_type(Check *c, Type *sig, Field *recv, FieldList tparams, Expr *ftype);
void check_struct_type(Check *c, Type *t, Expr *e);
void check_interface_type(Check *c, Type *t, Expr *e, Obj *def);

// ---- expressions: record.c, operand.c, const.c, conversion.c, expr.c, literal.c, index.c, call.c
void record_type(Check *c, Expr *e, Mode mode, Type *t, Const *v);
void record_operand(Check *c, Operand *x);
void record_def(Check *c, Expr *name, Obj *o);
void record_use(Check *c, Expr *name, Obj *o);
void record_selection(Check *c, Expr *sel, SelectionKind kind, Type *recv, const Found *f);
void record_instance(Check *c, Expr *e, TypeList targs, Type *t);
void record_comma_ok(Check *c, Expr *e, Operand *x0, Operand *x1);
void record_builtin(Check *c, Expr *f, Type *sig);
bool operand_assignable(Check *c, const Operand *x, Type *t, Str *cause);
bool operand_is_nil(const Operand *x);
typedef enum ConstFault {
    FAULT_NONE,
    FAULT_CONVERSION,
    FAULT_TRUNCATED,
    FAULT_OVERFLOW
} ConstFault;
void check_overflow(Check *c, Operand *x, Pos op_pos);
bool representable_const(Check *c, Const *v, Type *basic, Const **rounded);
void check_representable(Check *c, Operand *x, Type *basic);
ConstFault representation(Check *c, Operand *x, Type *basic, Const **out);
void invalid_conversion(Check *c, ConstFault f, Operand *x, Type *t);
void convert_untyped(Check *c, Operand *x, Type *t);
Type *implicit_type(Check *c, Operand *x, Type *target, Const **v, ConstFault *fault);
void check_conversion(Check *c, Operand *x, Type *t);
void update_expr_type(Check *c, Expr *x, Type *t, bool final);
// The untyped x takes type t and value v (NULL: keeps its own), as implicit_type has found.
void take_type(Check *c, Operand *x, Type *t, Const *v);
Target *target_new(Check *c, Type *t, Str desc);
ExprClass raw_expr(Check *c, const Target *t, Operand *x, Expr *e, Type *hint, bool generic);
void check_expr(Check *c, const Target *t, Operand *x, Expr *e);
void check_generic_expr(Check *c, Operand *x, Expr *e);
void check_multi_expr(Check *c, Expr *e, bool comma_ok, OperandVec *out, bool *was_comma_ok);
void check_expr_hint(Check *c, Operand *x, Expr *e, Type *hint);
void check_expr_or_type(Check *c, Operand *x, Expr *e, bool generic);
void check_exclude(Check *c, Operand *x, unsigned modes);
void check_single_value(Check *c, Operand *x);
void check_non_generic(Check *c, const Target *t, Operand *x);
void check_comparison(Check *c, Operand *x, Operand *y, Op op, bool switch_case);
void check_match_types(Check *c, Operand *x, Operand *y);
// e NULL: an assignment operation.
void check_binary(Check *c, Operand *x, Expr *e, Expr *operands[2], Op op);
void check_type_assertion(Check *c, Expr *e, Operand *x, Type *t, bool type_switch);
Type *chan_elem(Check *c, Pos pos, Operand *x, bool recv);
Pos op_pos(const Expr *e);
void check_basic_lit(Check *c, Operand *x, Expr *e);
void check_func_lit(Check *c, Operand *x, Expr *e);
void check_composite_lit(Check *c, Operand *x, Expr *e, Type *hint);
bool check_index_expr(Check *c, Operand *x, Expr *e); // true: a function to instantiate
void check_slice_expr(Check *c, Operand *x, Expr *e);
Type *check_index(Check *c, Expr *e, int64_t max, int64_t *value);
bool check_valid_index(Check *c, Operand *x, const char *what, bool negative);
// Type arguments of a partial instantiation that is left to infer (infer false), else an empty
// list.
TypeList check_func_inst(Check *c, const Target *t, Operand *x, Expr *inst, bool infer);
ExprClass check_call(Check *c, Operand *x, Expr *e);
typedef struct CallArgs {
    TypeList targs;
    ExprList xlist;
    OperandVec args;
    TypeList *atargs; // per argument; NULL: none
} CallArgs;
Type *check_arguments(Check *c, Expr *call, Type *sig, CallArgs *args);
void check_expr_list(Check *c, ExprList list, OperandVec *out);
void check_selector(Check *c, Operand *x, Expr *e, bool want_type);
bool check_use(Check *c, ExprList list, bool lhs);
bool check_use1(Check *c, Expr *e, bool lhs);
bool check_builtin(Check *c, Operand *x, Expr *call, BuiltinId id);
bool check_builtin_unsafe(Check *c, Operand *x, Expr *call, BuiltinId id, OperandVec *args);
Type *array_ptr_deref(Type *t);
ExprList list_of(Check *c, Expr *x); // elements of a LIST, x alone, or none

// ---- bodies.c
void check_declared_body(Check *c, DeclInfo *d, Type *sig); // of the function d declares

// ---- statements: stmt.c, switch.c, assign.c, range.c, return.c
void check_func_body(Check *c, DeclInfo *decl, Type *sig, Stmt *body, Const *iota);
void check_stmt(Check *c, unsigned ctxt, Stmt *s);
void check_stmt_list(Check *c, unsigned ctxt, StmtList list);
void check_switch(Check *c, unsigned ctxt, Stmt *s);
void check_type_switch(Check *c, unsigned ctxt, Stmt *s);
void check_range(Check *c, unsigned ctxt, Stmt *s);
void check_assignment(Check *c, Operand *x, Type *t, Str context);
void check_argument(Check *c, Operand *x, Type *t, const Expr *callee);
void check_init_const(Check *c, Obj *lhs, Operand *x);
void check_init_var(Check *c, Obj *lhs, Operand *x, const char *context);
void check_init_vars(Check *c, ObjList lhs, ExprList rhs, Stmt *return_stmt);
void check_assign_var(Check *c, Expr *lhs, Expr *rhs, Operand *x, const char *context);
void check_assign_vars(Check *c, ExprList lhs, ExprList rhs);
void check_short_var_decl(Check *c, Pos pos, ExprList lhs, ExprList rhs);
Str types_summary(Check *c, TypeList list, bool variadic, bool dots);
Str measure(Check *c, uint32_t n, const char *unit);
bool is_terminating(Check *c, Stmt *s, Name label);

enum { // where a statement stands
    CTXT_BREAK = 1,
    CTXT_CONTINUE = 2,
    CTXT_FALLTHROUGH = 4,
    CTXT_FINAL_CASE = 8,
    CTXT_TYPE_SWITCH = 16,
};

int64_t offset_of(Sizes s, Type *t, const U32Vec *index); // -1: too large

#endif
