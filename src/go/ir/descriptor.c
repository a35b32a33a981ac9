// go/ir/descriptor.c: what the compiler generates because a conversion that is read asks for an
// itab, and with it for descriptors of all that its types are made of: functions that compare and
// hash. Those that are there before inlining are judged by it (-m=2: "cannot inline type..eq.T:
// ..."). Rules: reflectdata/reflect.go (writeITab, writeType, dcommontype, dextratype),
// reflectdata/alg.go (geneq, genhash), reflectdata/map.go (writeMapType), types/size.go (AlgType).
#include "go/ir/lower_internal.h"

typedef enum Alg { ALG_NONE, ALG_MEM, ALG_OWN, ALG_SPECIAL } Alg; // OWN: a function of the runtime

static Alg alg_of(IrTypes *ts, IrType *t);

static bool is_blank_field(const IrTypes *ts, const IrField *f) {
    return str_eq_c(name_str(ts->names, f->name), "_");
}

static bool is_padded(IrTypes *ts, IrType *t, uint32_t i) {
    int64_t end = i + 1 < t->nfields ? t->fields[i + 1].offset : irtype_size(ts, t);
    return t->fields[i].offset + irtype_size(ts, t->fields[i].type) != end;
}

static Alg struct_alg(IrTypes *ts, IrType *t) {
    t = t->under;
    irtype_size(ts, t);
    if (t->nfields == 1 && !is_blank_field(ts, &t->fields[0])) return alg_of(ts, t->fields[0].type);
    Alg all = ALG_MEM;
    for (uint32_t i = 0; i < t->nfields; i++) {
        Alg a = alg_of(ts, t->fields[i].type);
        if (a == ALG_NONE) return ALG_NONE;
        bool plain = a == ALG_MEM && !is_blank_field(ts, &t->fields[i]) && !is_padded(ts, t, i);
        if (!plain) all = ALG_SPECIAL;
    }
    return all;
}

static Alg alg_of(IrTypes *ts, IrType *t) { // flat switch
    switch ((int)t->kind) {
    case KIND_SLICE:
    case KIND_MAP:
    case KIND_FUNC: return ALG_NONE;
    case KIND_STRING:
    case KIND_INTER:
    case KIND_FLOAT32:
    case KIND_FLOAT64:
    case KIND_COMPLEX64:
    case KIND_COMPLEX128: return ALG_OWN;
    case KIND_STRUCT: return struct_alg(ts, t);
    case KIND_ARRAY: {
        Alg a = alg_of(ts, t->elem);
        if (a == ALG_NONE || a == ALG_MEM || t->len == 1) return a;
        return t->len ? ALG_SPECIAL : ALG_MEM;
    }
    default: return ALG_MEM;
    }
}

// ---- functions

enum { DID_DESCRIPTOR = 1, DID_EQ = 2, DID_HASH = 4 };

static bool first_time(Lower *l, IrType *t, uintptr_t what) {
    uintptr_t done = (uintptr_t)ptrmap_get(&l->described, t);
    if (done & what) return false;
    ptrmap_put(&l->described, t, (void *)(done | what));
    return true;
}

static void add_function(Lower *l, const char *prefix, IrType *t) {
    IrPkg *p = l->p;
    IrPos autogen = {IR_POS_AUTOGEN, 0};
    Str name = str_join2(p->arena, str_c(prefix), irtype_link_string(p->types, p->arena, t));
    Func *f = ir_func(p, autogen, autogen, name, p->pkg, irtype_niladic(p->types));
    f->pragma = PRAGMA_NOINLINE;
    f->dupok = true;
    vec_push(p->arena, &p->funcs, f);
}

static void add_eq(Lower *l, IrType *t) {
    if (alg_of(l->p->types, t) != ALG_SPECIAL || !first_time(l, t, DID_EQ)) return;
    add_function(l, "type..eq.", t);
}

static void add_hash(Lower *l, IrType *t) {
    t = t->canon;
    if (alg_of(l->p->types, t) != ALG_SPECIAL || !first_time(l, t, DID_HASH)) return;
    if (t->kind == KIND_ARRAY) add_hash(l, t->elem);
    for (uint32_t i = 0; i < t->nfields && t->kind == KIND_STRUCT; i++)
        add_hash(l, t->fields[i].type);
    add_function(l, "type..hash.", t);
}

// ---- descriptors

static void describe(Lower *l, IrType *t);

static void describe_fields(Lower *l, const IrType *t) {
    for (uint32_t i = 0; i < t->nfields; i++) describe(l, t->fields[i].type);
}

static void describe_parts(Lower *l, IrType *t) { // flat switch
    switch ((int)t->kind) {
    case KIND_ARRAY:
        describe(l, t->elem);
        describe(l, irtype_slice(l->p->types, t->elem));
        return;
    case KIND_SLICE:
    case KIND_CHAN:
    case KIND_PTR: describe(l, t->elem); return;
    case KIND_FUNC:
    case KIND_STRUCT: describe_fields(l, t->under); return;
    case KIND_INTER: {
        IrMethodList ms = irtype_methods(l->p->types, t);
        for (uint32_t i = 0; i < ms.len; i++) describe(l, ms.v[i].sig);
        return;
    }
    case KIND_MAP:
        describe(l, t->key);
        describe(l, t->elem);
        add_hash(l, t->key);
        return;
    default: return;
    }
}

// reflectdata.methods: of t, a pointer or not.
static IrMethodList methods_of(Lower *l, IrType *t) {
    IrType *base = irtype_base(t);
    bool none = base->kind == KIND_INTER || base->kind == KIND_PTR ||
                (!base->named && base->kind != KIND_STRUCT);
    return none ? (IrMethodList){0} : irtype_all_methods(l->p->types, base);
}

static void describe_methods(Lower *l, IrType *t) {
    IrMethodList ms = methods_of(l, t);
    for (uint32_t i = 0; i < ms.len; i++) {
        if (!irtype_is_method_applicable(t, &ms.v[i])) continue;
        describe(l, irtype_with_first(l->p->types, ms.v[i].sig, 0, t));
    }
    for (uint32_t i = 0; i < ms.len; i++)
        if (irtype_is_method_applicable(t, &ms.v[i])) describe(l, ms.v[i].sig);
}

static void describe(Lower *l, IrType *t) {
    t = t->canon;
    if (!first_time(l, t, DID_DESCRIPTOR)) return;
    IrType *base = t->kind == KIND_PTR && !t->named && t->elem->named ? t->elem : t;
    if (!irtype_need_emit(l->p->types, l->p->pkg, base)) return;
    add_eq(l, t);
    if (t->kind != KIND_PTR) describe(l, irtype_pointer(l->p->types, t));
    describe_parts(l, t);
    describe_methods(l, t);
}

void lower_itab(Lower *l, IrType *t, IrType *iface) {
    if (l->loaded || l->p->flags.m < 2 || l->p->flags.no_inline) return;
    if (irtype_is_interface(t) || !irtype_is_interface(iface)) return;
    if (irtype_is_empty_interface(iface) || t->has_shape || iface->has_shape) return;
    if (t->kind == KIND_NIL || irtype_is_untyped(t)) return;
    describe(l, iface);
    describe(l, t);
}
