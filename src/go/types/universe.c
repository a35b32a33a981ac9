// go/types/universe.c: what every package sees: predeclared types, constants, nil and functions.
// Source: the Go specification, "Predeclared identifiers"; types2/universe.go for package unsafe.
#include <pthread.h>
#include <stdlib.h>

#include "go/types/types_internal.h"

static const Term every_type = {false, NULL};
const TermList all_terms = {(Term *)(uintptr_t)&every_type, 1};
TypeSet top_type_set = {.terms = {(Term *)(uintptr_t)&every_type, 1}};
Type empty_interface = {.kind = TYPE_INTERFACE,
                        .life = LIFE_SETTLED,
                        .iface = {.complete = true, .tset = &top_type_set}};

#define T(id, bits, text)                                                                          \
    [BASIC_##id] = {.kind = TYPE_BASIC, .life = LIFE_SETTLED, .basic = {BASIC_##id, (bits), (text)}}
Type basic_types[BASIC_COUNT] = {
    T(INVALID, 0, "invalid type"),
    T(BOOL, INFO_BOOLEAN, "bool"),
    T(INT, INFO_INTEGER, "int"),
    T(INT8, INFO_INTEGER, "int8"),
    T(INT16, INFO_INTEGER, "int16"),
    T(INT32, INFO_INTEGER, "int32"),
    T(INT64, INFO_INTEGER, "int64"),
    T(UINT, INFO_INTEGER | INFO_UNSIGNED, "uint"),
    T(UINT8, INFO_INTEGER | INFO_UNSIGNED, "uint8"),
    T(UINT16, INFO_INTEGER | INFO_UNSIGNED, "uint16"),
    T(UINT32, INFO_INTEGER | INFO_UNSIGNED, "uint32"),
    T(UINT64, INFO_INTEGER | INFO_UNSIGNED, "uint64"),
    T(UINTPTR, INFO_INTEGER | INFO_UNSIGNED, "uintptr"),
    T(FLOAT32, INFO_FLOAT, "float32"),
    T(FLOAT64, INFO_FLOAT, "float64"),
    T(COMPLEX64, INFO_COMPLEX, "complex64"),
    T(COMPLEX128, INFO_COMPLEX, "complex128"),
    T(STRING, INFO_STRING, "string"),
    T(UNSAFE_POINTER, 0, "Pointer"),
    T(UNTYPED_BOOL, INFO_BOOLEAN | INFO_UNTYPED, "untyped bool"),
    T(UNTYPED_INT, INFO_INTEGER | INFO_UNTYPED, "untyped int"),
    T(UNTYPED_RUNE, INFO_INTEGER | INFO_UNTYPED, "untyped rune"),
    T(UNTYPED_FLOAT, INFO_FLOAT | INFO_UNTYPED, "untyped float"),
    T(UNTYPED_COMPLEX, INFO_COMPLEX | INFO_UNTYPED, "untyped complex"),
    T(UNTYPED_STRING, INFO_STRING | INFO_UNTYPED, "untyped string"),
    T(UNTYPED_NIL, INFO_UNTYPED, "untyped nil"),
};
Type basic_byte = {.kind = TYPE_BASIC,
                   .life = LIFE_SETTLED,
                   .basic = {BASIC_UINT8, INFO_INTEGER | INFO_UNSIGNED, "byte"}};
Type basic_rune = {
    .kind = TYPE_BASIC, .life = LIFE_SETTLED, .basic = {BASIC_INT32, INFO_INTEGER, "rune"}};

static const char *const builtin_names[] = {
#define X(id, text, ...) [BUILTIN_##id] = text,
    BUILTINS(X)
#undef X
};

static Obj *declare(TypesEnv *env, ObjKind kind, const char *name, Type *t) {
    Name n = name_intern(env->names, str_c(name));
    Obj *o = obj_new(env->lazy, kind, 0, n);
    o->type = t;
    Scope *s = env->universe;
    if (o->exported) {
        s = env->unsafe_pkg->scope;
        o->pkg = env->unsafe_pkg;
    }
    if (scope_insert(env->arena, s, o)) BUG("%s is declared twice", name);
    return o;
}

static void declare_types(TypesEnv *env) {
    for (int i = BASIC_BOOL; i < BASIC_UNTYPED_BOOL; i++)
        declare(env, OBJ_TYPE, basic_types[i].basic.name, &basic_types[i]);
    declare(env, OBJ_TYPE, "byte", &basic_byte);
    declare(env, OBJ_TYPE, "rune", &basic_rune);
}

static Type *declare_named(TypesEnv *env, const char *name, Type *under) {
    Type *t = type_new(env->lazy, TYPE_NAMED);
    Obj *o = declare(env, OBJ_TYPE, name, t);
    t->named.obj = o;
    t->named.rhs = t->named.under = under;
    t->named.env = env;
    t->named.finite = true;
    t->named.state = NAMED_UNPACKED | NAMED_METHODS | NAMED_UNDER | NAMED_FINITE;
    return t;
}

static void declare_any(TypesEnv *env) {
    Type *t = type_new(env->lazy, TYPE_ALIAS);
    t->alias.obj = declare(env, OBJ_TYPE, "any", t);
    t->alias.origin = t;
    t->alias.rhs = t->alias.actual = &empty_interface;
    env->any_alias = t;
}

static void declare_error(TypesEnv *env) {
    Arena *a = env->arena;
    Type *iface = type_new(env->lazy, TYPE_INTERFACE);
    Type *t = declare_named(env, "error", iface);
    Type *sig = type_new(env->lazy, TYPE_SIGNATURE), *results = type_new(env->lazy, TYPE_TUPLE);
    Obj *res = obj_new(env->lazy, OBJ_VAR, 0, name_intern(env->names, STR("")));
    res->var_kind = VAR_RESULT;
    res->type = BASIC(STRING);
    NEW_LIST(a, &results->tuple.vars, 1);
    results->tuple.vars.v[0] = res;
    sig->sig.results = results;
    sig->sig.recv = obj_new(env->lazy, OBJ_VAR, 0, res->name);
    sig->sig.recv->var_kind = VAR_RECV;
    sig->sig.recv->type = t;
    Obj *m = obj_new(env->lazy, OBJ_FUNC, 0, name_intern(env->names, STR("Error")));
    m->type = sig;
    NEW_LIST(a, &iface->iface.methods, 1);
    iface->iface.methods.v[0] = m;
    iface->iface.complete = true;
    iface->iface.tset = NEW(a, TypeSet);
    *iface->iface.tset = (TypeSet){.methods = iface->iface.methods, .terms = all_terms};
    env->error_type = t;
}

static void declare_comparable(TypesEnv *env) {
    Type *iface = type_new(env->lazy, TYPE_INTERFACE);
    iface->iface.complete = true;
    iface->iface.tset = NEW(env->arena, TypeSet);
    *iface->iface.tset = (TypeSet){.terms = all_terms, .comparable = true};
    env->comparable_obj = declare_named(env, "comparable", iface)->named.obj;
}

static void declare_values(TypesEnv *env) {
    declare(env, OBJ_CONST, "true", BASIC(UNTYPED_BOOL))->value = const_bool(env->arena, true);
    declare(env, OBJ_CONST, "false", BASIC(UNTYPED_BOOL))->value = const_bool(env->arena, false);
    env->iota_obj = declare(env, OBJ_CONST, "iota", BASIC(UNTYPED_INT));
    env->iota_obj->value = const_i64(env->arena, 0);
    declare(env, OBJ_NIL, "nil", BASIC(UNTYPED_NIL));
    for (int i = 0; i < BUILTIN_ASSERT; i++)
        declare(env, OBJ_BUILTIN, builtin_names[i], BASIC(INVALID))->builtin = (BuiltinId)i;
}

void types_env_add_test_builtins(TypesEnv *env) {
    if (scope_lookup(env->universe, name_intern(env->names, STR("assert")))) return;
    for (int i = BUILTIN_ASSERT; i <= BUILTIN_TRACE; i++)
        declare(env, OBJ_BUILTIN, builtin_names[i], BASIC(INVALID))->builtin = (BuiltinId)i;
}

static void intern_names(TypesEnv *env) {
    Names *ns = env->names;
    env->blank = name_intern(ns, STR("_"));
    env->init = name_intern(ns, STR("init"));
    env->main_ = name_intern(ns, STR("main"));
    env->C = name_intern(ns, STR("C"));
    env->true_ = name_intern(ns, STR("true"));
    env->any = name_intern(ns, STR("any"));
    env->align64 = name_intern(ns, STR("align64"));
    env->sync_atomic = name_intern(ns, STR("sync/atomic"));
    env->runtime_atomic = name_intern(ns, STR("internal/runtime/atomic"));
    env->nih = name_intern(ns, STR("nih"));
    env->runtime_sys = name_intern(ns, STR("internal/runtime/sys"));
}

static void *new_lock(Arena *a) {
    pthread_mutex_t *m = NEW(a, pthread_mutex_t);
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(m, &attr);
    pthread_mutexattr_destroy(&attr);
    return m;
}

// The check without a package: it expands instances met after their package was done.
static Check *new_lazy_check(TypesEnv *env) {
    static const TypesConfig none;
    Check *c = NEW(env->arena, Check);
    c->cfg = &none;
    c->env = env;
    c->arena = c->local = env->arena;
    c->lazy = true;
    c->ctxt.index = index_new(env->arena);
    c->union_sets = ptrmap_new(env->arena);
    c->scratch = arena_new("types lazy");
    c->meanwhile = env->arena;
    c->method_values = ptrmap_new(env->arena);
    return c;
}

TypesEnv *types_env_new(Names *names, FileSet *files) {
    Arena *a = arena_new("universe");
    TypesEnv *env = NEW(a, TypesEnv);
    env->names = names;
    env->files = files;
    env->arena = a;
    env->lock = new_lock(a);
    intern_names(env);
    env->universe = scope_new(a, NULL, 0, 0);
    env->unsafe_pkg = NEW(a, Pkg);
    env->unsafe_pkg->path = env->unsafe_pkg->name = name_intern(names, STR("unsafe"));
    env->unsafe_pkg->scope = scope_new(a, env->universe, 0, 0);
    env->unsafe_pkg->complete = true;
    env->lazy = new_lazy_check(env);
    declare_types(env);
    declare_any(env);
    declare_error(env);
    declare_comparable(env);
    declare_values(env);
    return env;
}

void types_env_free(TypesEnv *env) {
    if (!env) return;
    pthread_mutex_destroy(env->lock);
    arena_free(env->lazy->scratch);
    arena_free(env->arena);
}

Pkg *types_unsafe(const TypesEnv *env) { return env->unsafe_pkg; }
