// go/ir/lower_internal.h: what the files that lower checked syntax share.
//
// The compiler writes a package's trees to a byte stream and reads them back, function by function,
// while it builds IR; here both are one step. What the order of reading decides is kept: which
// function is read when (todo lists, last in first out), when names and temporaries are made, and
// which types are met first (wrappers are made in that order).
#ifndef HEAPWISE_GO_IR_LOWER_INTERNAL_H
#define HEAPWISE_GO_IR_LOWER_INTERNAL_H

#include "base/index.h"
#include "go/ir/ir.h"
#include "go/ir/irtype_internal.h"

// A function's declaration, for its own package and for those that instantiate it.
typedef struct FuncDecl {
    Obj *obj;
    const Decl *decl;
    const File *file;
    bool distinct_vars; // loop variables are per iteration in this file
} FuncDecl;

// A type declared inside a function.
typedef struct LocalType {
    uint32_t gen;       // number of the declaration among its package's local types
    TypeList implicits; // type parameters of the functions around it
} LocalType;

// A generic function or type with type arguments, in the package that needs it.
typedef struct Inst {
    Obj *obj;
    IrPkg *home;      // where it is declared
    IrTypeList targs; // implicit ones first
    uint32_t implicits;
    bool shaped;
    IrEnv env;      // of the declaration's own type parameters
    Func *func;     // of a function
    IrType *type;   // of a type
    Func **methods; // of a type, in the order of its declaration
    uint32_t nmethods;
    struct Inst *twin; // of a plain one: the shaped one
    Node *dict;        // the runtime dictionary, a package-level variable; NULL until asked for
} Inst;

// A body still to be read.
typedef struct Todo {
    Func *func;
    const FuncDecl *decl;
    IrPkg *home;
    Inst *inst;      // NULL: not generic
    IrEnv *env;      // of the function's type parameters; NULL: not generic
    IrMethod method; // name set: a method (of a plain instance: what to call)
} Todo;

typedef struct MethodValue { // x.M needs a -fm wrapper
    IrType *recv;
    const IrMethod *method;
} MethodValue;

// What the loops over functions in one function body need to know beforehand: range_shape.c.
enum { LOOP_NEXT = 1, LOOP_DEFERS = 2 };
typedef struct LoopNeeds {
    const Stmt *loop; // an outermost one
    uint32_t needs;   // LOOP_*
} LoopNeeds;
typedef struct LabelPlace {
    Name label;
    const Stmt *loop; // the loop over a function it is declared in; NULL: none
} LabelPlace;
typedef struct FuncShape {
    bool rename_results; // a return with results leaves such a loop: nameless results get names
    VEC(LoopNeeds) loops;
    VEC(LabelPlace) labels;
} FuncShape;
// What dictionaries of a generic declaration hold, each in the order of its words: dict_scan.c.
typedef struct DictType {
    Type *type;
    TypeList tparams; // of the function it stands in
    bool own;         // of the body of a loop over a function: written nowhere else
} DictType;
typedef struct DictItab {
    Type *type, *iface; // iface NULL: interface{} of the switch numbered mixed
    uint32_t mixed;
    TypeList tparams;
} DictItab;
typedef struct DictMethod { // of a type parameter
    uint32_t index;
    Name name;
    const Pkg *pkg;
} DictMethod;
typedef struct DictSub {
    Obj *obj;
    TypeList targs;
    TypeList tparams;
} DictSub;
typedef struct DictTypes {
    VEC(DictMethod) methods;
    VEC(DictSub) subs;
    VEC(DictType) types;
    VEC(DictItab) itabs;
    VEC(IrType *) dummies; // as many as there are type parameters
    uint32_t mixed;        // switches whose cases become interface{}
} DictTypes;
typedef struct RangeLoop RangeLoop;
typedef struct RangeFunc RangeFunc;

typedef struct MetType {
    const Type *t;
    IrType *it;
} MetType;

typedef struct Lower {
    IrPkg *p;
    const IrInput *in;
    PtrMap objs;  // Obj (variable, function, method) to NAME; of this package's own declarations
    PtrMap decls; // Obj (FUNC) to FuncDecl
    PtrMap leads; // Obj (FUNC) to the ObjList its body leads to: reach.c
    PtrMap types; // Obj (TYPE, local) to LocalType
    PtrMap dict_types; // generic Obj to DictTypes
    StrMap dicts_done; // dictionaries made here
    PtrMap described;  // IrType to what descriptor.c did for it
    PtrMap shapes;     // body of a function with loops over functions to FuncShape
    Node *blank;
    const Pkg *runtime; // NULL: this compile has none
    Index inst_index;
    VEC(Inst *) insts;
    VEC(Inst *) todo_dicts;
    VEC(Todo) todo_bodies;
    bool reading;       // a body is being read: bodies of literals follow at once
    uint32_t inits;     // init functions seen
    uint8_t *type_seen; // by IrType.id: in which ways it was met
    uint32_t type_seen_len;
    MetType met[256]; // some of those met, outside of instances
    bool loaded; // the package's own bodies are read; what is met from here on is met by inlining
    VEC(IrType *) need_wrappers;
    VEC(Type *) aliases; // of other packages, that the source names
    VEC(MethodValue) need_values;
    struct Wrappers *wrappers;
} Lower;

// One function body being read.
typedef struct Low {
    Lower *l;
    IrPkg *p;    // where the IR goes
    IrPkg *home; // whose syntax it is
    const TypesInfo *info;
    IrEnv *env; // NULL: not generic
    Inst *inst; // NULL: not generic
    Func *fn;
    struct Low *outer; // of a literal: the function around it
    PtrMap locals;     // Obj to NAME in fn
    Type *sig;         // the checker's, for results
    bool distinct_vars;
    Node *dict;             // .dict here; NULL
    RangeLoop *loop;        // the innermost loop over a function whose body this is; NULL
    const FuncShape *shape; // NULL: no such loop in the function
    uint32_t *range_counts; // #state, #yield
} Low;

static inline IrPos at(Pos pos) { return (IrPos){pos, 0}; }

// ---- reach.c
// All that the export data of a finished package has: objects of its own and of others.
void reach_objects(IrPkg *home, const PtrMap *carried, Arena *a, PtrMap *seen);
void reach_bodies(IrPkg *p, const PtrMap *used, PtrMap *carried);
void reach_note(IrPkg *p);   // what each body leads to, while its syntax is there
void reach_settle(IrPkg *p); // leaves that of bodies which importers may get

// ---- lower_obj.c: names, functions, instances, types met
Lower *lower_of(const IrPkg *p);
const Pkg *lower_shapes(const Lower *l); // package go.shape: lower.c
IrType *lower_type(Low *w, Type *t);     // and remembers that it was met
void lower_meet_type(Lower *l, IrType *t);
void lower_note_aliases(Lower *l);                        // while the syntax is there
void lower_meet_aliases(Lower *l);                        // before wrappers are made
bool lower_met_imported(const Lower *l, const IrType *t); // its wrappers are made elsewhere
Node *lower_global(Low *w, Obj *o);                       // package-level variable or function
Node *lower_own_var(Lower *l, Obj *o);                    // a package-level variable declared here
Func *lower_func_of(Lower *l, Obj *o); // of a function or method that is not generic
Inst *lower_inst(Lower *l, Obj *o, IrTypeList targs, uint32_t implicits, bool shaped);
Inst *lower_inst_of(Lower *l, IrType *t);     // of an instantiated type
void lower_meet_inlined(Lower *l, IrType *t); // in a body of another package that is inlined here
Func *lower_method_func(Lower *l, IrType *recv, const IrMethod *m); // NULL: an interface's
Node *lower_blank(Lower *l);                                        // _
Node *lower_dict_name(Lower *l, Inst *inst);
bool lower_is_derived(Low *w, Type *t);
IrTypeList lower_targs(Low *w, TypeList targs, const Obj *o, uint32_t *implicits);
void lower_read_bodies(Lower *l, bool during_inlining);
void lower_func_body(Lower *l, const Todo *t);

// ---- dict_scan.c, dict_types.c
Type *lower_core(Type *t); // what t is underneath; of a type set, what its first type is
// When its package is lowered: a generic function, or a method of a generic type.
void lower_scan_dict(Lower *l, const FuncDecl *f);
uint32_t lower_dict_words(const Obj *o); // in a dictionary of a generic function or type
// Where w's dictionary has it.
uint32_t lower_method_word(const Low *w, const Type *tparam, const Obj *m);
uint32_t lower_sub_word(const Low *w, const Obj *o, TypeList targs);
uint32_t lower_type_word(const Low *w, Type *t);
uint32_t lower_itab_word(const Low *w, Type *t, Type *iface);
// Places in the lists of d; their length: it is not there.
uint32_t dict_find_method(const DictTypes *d, const Type *tparam, const Obj *m);
uint32_t dict_find_sub(const DictTypes *d, const Obj *o, TypeList targs);
uint32_t dict_find_type(const DictTypes *d, Type *t);
uint32_t dict_find_itab(const DictTypes *d, Type *t, Type *iface, uint32_t mixed);
Type *dict_written(Type *t); // behind aliases declared inside functions; NULL gives NULL
// A dictionary for o with these arguments is needed here: what it holds is met.
void lower_meet_dict(Lower *l, const Obj *o, IrTypeList targs, uint32_t implicits);

// ---- descriptor.c
// A conversion, or a question for a dynamic type, is read; other pairs of types are ignored.
void lower_itab(Lower *l, IrType *t, IrType *iface);

// ---- lower_stmt.c
void lower_stmts(Low *w, StmtList list, NodeVec *out);
typedef void StmtFn(void *ctx, const Stmt *s, bool dead); // dead: not reached, not written
void lower_each_stmt(Low *w, StmtList list, StmtFn *fn, void *ctx);
const Stmt *lower_last_stmt(StmtList list);   // that is not empty; NULL: none
bool lower_terminates(Low *w, const Stmt *s); // what follows s is not read
// A switch on a constant whose cases are constants: *out is all that is left of it, as default
// (NULL: nothing is). False: it stays.
bool lower_chosen_clause(Low *w, const Stmt *s, const Clause **out);
void lower_block(Low *w, const Stmt *block, NodeVec *out);
void lower_params(Low *w, Func *f, Type *sig); // names of sig's parameters and results in f->dcl
void ir_declare_params(IrPkg *p, Func *f);     // the same from f's type, named ~pN, ~rN
void lower_body(Low *w, const Stmt *body);
void lower_find_shape(Low *w, const Stmt *body);
Node *lower_declare(Low *w, Obj *o, IrPos pos, IrType *t); // a local variable
Node *lower_declare_param(Low *w, Obj *o, Type *t, uint32_t index);
Node *lower_assignee(Low *w, const Expr *e, NodeVec *declared);
void lower_results(Low *w, Pos pos, Type *sig, ExprList results, NodeVec *out);

// ---- range_shape.c, lower_range.c
bool lower_is_range_func(const TypesInfo *info, const Stmt *s);
void lower_shape_function(Lower *l, const Stmt *body);
uint32_t lower_loop_needs(const FuncShape *shape, const Stmt *loop);
void lower_range_func(Low *w, const Stmt *s, NodeVec *out);
bool lower_leaves_range(const Low *w, const Stmt *s); // a break or continue that becomes a return
// Code that is left out: its loops over functions have taken their numbers. s may be NULL.
void lower_skip(Low *w, const Stmt *s);
void lower_range_return(Low *w, const Stmt *s, NodeVec *out);
bool lower_range_branch(Low *w, const Stmt *s, NodeVec *out); // false: an ordinary one
Node *lower_range_defers(Low *w, const Stmt *s);              // NULL: an ordinary defer
void lower_assign(Low *w, Pos pos, ExprList lhs, ExprList rhs, NodeVec *out);

// ---- lower_expr.c
Node *lower_expr(Low *w, const Expr *e);
Node *lower_cond(Low *w, const Expr *e); // of if and for: constant parts folded away
int static_bool(Low *w, const Expr *e);  // 1 true, -1 false, 0 not known
// What stands for && and || when one side is known.
const Expr *lower_cut_down(Low *w, const Expr *e);
Node *lower_implicit(Low *w, IrType *dst, const Expr *e); // dst NULL: no conversion
Node *lower_convert(Low *w, IrType *dst, const Expr *e, bool implicit, bool to_tparam);
typedef struct DstTypes {                         // types the values of a list are assigned to
    IrType *(*of)(Low *w, void *ctx, uint32_t i); // NULL: none
    void *ctx;
} DstTypes;
void lower_multi(Low *w, Pos pos, DstTypes dst, ExprList exprs, NodeVec *out);
Node *lower_local(Low *w, Pos pos, Obj *o); // a variable, captured where need be
IrType *type_of(Low *w, const Expr *e);     // of a value
const TypeAndValue *info_of(const Low *w, const Expr *e);
Type *lower_checked_type(const Low *w, const Expr *e);             // of an instance: the instance's
static inline bool lower_is_blank(const IrPkg *p, const Expr *e) { // _
    return e->kind == EXPR_NAME && str_eq_c(name_str(p->names, e->name), "_");
}
static inline Obj *lower_generic_obj(const Type *named) { // of an instance: the generic type's
    return named->named.origin ? named->named.origin->named.obj : named->named.obj;
}
Obj *lookup_obj(const Low *w, const Expr *e, Instance **inst);
bool is_package_qualified(const Low *w, const Expr *e);
Node *lower_temp_copy(Low *w, IrPos pos, Node *x, NodeVec *init);
Node *lower_init_expr(IrPkg *p, NodeVec init, Node *x); // ir.InitExpr

Node *lower_type_case(Low *w, const Expr *e, Type *iface); // TYPE or DYNAMICTYPE
IrOp lower_binary_op(Op op);

void ir_assign_form(IrPkg *p, Func *f, Node *as2); // AS2 of one value: AS2FUNC, AS2MAPR ...

// ---- lower_lit.c
Node *lower_composite(Low *w, const Expr *e);
Node *lower_func_lit(Low *w, const Expr *e);
Low lower_inner(Low *w, Func *f);   // for the body of a literal f in w
void lower_close_inner(Low *inner); // after its body

// ---- lower_call.c
Node *lower_call(Low *w, const Expr *e);
// typecheck.tcCall for a call of fn: hoists what has to be, packs variadic arguments.
Node *lower_finish_call(IrPkg *p, Func *cur, IrPos pos, Node *fn, NodeVec args, bool ddd);
Node *lower_call_with(Low *w, const Expr *fun, Node *arg, Pos pos); // fun(arg)
Func *lower_runtime_func(Lower *l, const char *name, IrType *sig);
Node *lower_go_defer(Low *w, const Stmt *s);
Node *lower_check_nil(IrPkg *p, IrPos pos, Node *iface);

// ---- lower_method.c: method values and expressions, instances as values
typedef struct MethodRef { // reader.methodExpr: wrapper (NULL: none), what is called, its
                           // dictionary
    Node *wrapper, *base, *dict;
} MethodRef;
typedef struct RecvType { // base, or *base
    Type *base;
    bool pointer;
} RecvType;
RecvType lower_receiver(Type *t, const Selection *sel); // of the method sel finds in t
Node *lower_recv(Low *w, const Expr *e, const Selection *sel, RecvType *out);
MethodRef lower_method_ref(Low *w, const Expr *e, RecvType recv, const Selection *sel);
Node *lower_interface_method(IrPkg *p, IrPos pos, Node *x, Name name, const Pkg *pkg); // DOTINTER
void ir_split_results(IrPkg *p, Func *f, Node *stmt, Node *call, NodeVec *out);
void lower_return_call(IrPkg *p, Func *f, IrPos pos, Node *call); // as f's last statement
Node *lower_method_value(Low *w, const Expr *e, const Selection *sel);
Node *lower_method_expr(Low *w, const Expr *e, const Selection *sel);
MethodRef lower_func_inst(Low *w, const Expr *e, Obj *o, TypeList targs);
Node *lower_func_inst_value(Low *w, const Expr *e, Obj *o, TypeList targs);
Node *lower_dict_word(Low *w, IrPos pos, uint32_t index);
void lower_name_param(Lower *l, Node *param, const Obj *o); // as o, when that has a name
Node *lower_method_node(Lower *l, IrPos pos, IrType *recv, Name name, const Pkg *pkg); // METHEXPR
void lower_call_shaped(Low *w, const Todo *t);

void ir_seal_bodies(IrPkg *p); // bodies.c: when the package is done
void ir_settle(IrPkg *p);      // settle.c: p->arena goes

// ---- convert.c: typecheck's conversions and constants
Node *ir_default_lit(IrPkg *p, Node *n, IrType *t);     // t NULL: the constant's default type
Node *ir_conv(IrPkg *p, IrPos pos, IrType *t, Node *x); // OCONV typechecked
IrOp ir_assign_op(IrPkg *p, IrType *src, IrType *dst);  // IR_BAD: not assignable
Node *ir_assign_conv(IrPkg *p, IrPos pos, Node *x, IrType *t);
void ir_default_lit2(IrPkg *p, Node **x, Node **y, bool force);
Const *ir_convert_const(IrPkg *p, Const *v, IrType *t, bool is_explicit);
IrType *ir_default_type(IrPkg *p, IrType *t);
Node *ir_field(IrPkg *p, IrPos pos, Node *x, uint32_t index); // typecheck.DotField
Node *ir_addr(IrPkg *p, IrPos pos, Node *x);                  // &x: marks x as address-taken
Node *ir_deref(IrPkg *p, IrPos pos, Node *x);
static inline Node *ir_implicit(Node *n) { // not in the source
    n->implicit = true;
    return n;
}

#endif
