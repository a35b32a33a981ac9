// go/ir/irtype_internal.h: what the files of the type table share.
#ifndef HEAPWISE_GO_IR_IRTYPE_INTERNAL_H
#define HEAPWISE_GO_IR_IRTYPE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/index.h"
#include "go/ir/irtype.h"

// What is worked out about a type when somebody asks.
typedef struct IrLazy {
    IrMethodList methods; // declared; of interfaces: all
    IrMethodList all;     // with promoted ones
    Str shape_name;       // of shapes: what follows "go.shape."
    _Atomic(bool) has_methods, has_all, has_size, has_name;
    int64_t size, align, pointer_bytes;
} IrLazy;

// The checker's type to ours, read without a lock.
typedef struct TypeCache {
    _Atomic(Type *) key;
    IrType *value;
} TypeCache;
typedef struct TypeCaches {
    TypeCache *slots;
    uint32_t mask;
} TypeCaches;

struct IrTypes {
    Arena *arena;
    Names *names;
    TypesEnv *env;
    Sizes sizes;
    pthread_mutex_t lock; // recursive: filling a type in asks for others
    Index index;
    VEC(IrType *) all;
    IrType *basic[KIND_COUNT];
    IrType *byte, *rune, *any, *eface, *error;
    Type *any_iface, *error_type;
    Name archsimd; // "simd/archsimd"
    _Atomic(TypeCaches *) cache;
    uint32_t cached;
};

void irtypes_lock(IrTypes *ts);
void irtypes_unlock(IrTypes *ts);
static inline IrLazy *irtype_lazy(const IrType *t) { return t->lazy; }
// Exported names first, then by name, then by the package's path (types.CompareSyms).
int irsym_cmp(IrTypes *ts, Name x, const Pkg *xp, Name y, const Pkg *yp);
IrMethodList irtype_sorted_methods(IrTypes *ts, IrMethod *v, uint32_t n);
// lower.c: number of a local type's declaration (0: package level), and the type parameters around
// it.
uint32_t lower_local_type(const Obj *o, TypeList *implicits);
IrType *irtype_sig_of(IrTypes *ts, IrEnv *env, Type *sig); // without receiver
// "T", "T[int]"; vargen: with the number of a local declaration ("T·1").
void irtype_write_name(IrTypes *ts, Buf *b, const IrType *t, bool vargen);

#endif
