// go/types/sizes.c: sizes, alignments and offsets as the compiler lays types out
// (types2/gcsizes.go).
#include "go/types/types_internal.h"

bool sizes_for(Str goarch, Sizes *out) {
    static const struct {
        const char *name;
        Sizes sizes;
    } archs[] = {
        {"386", {4, 4}},      {"amd64", {8, 8}},   {"arm", {4, 4}},     {"arm64", {8, 8}},
        {"loong64", {8, 8}},  {"mips", {4, 4}},    {"mipsle", {4, 4}},  {"mips64", {8, 8}},
        {"mips64le", {8, 8}}, {"ppc64", {8, 8}},   {"ppc64le", {8, 8}}, {"riscv64", {8, 8}},
        {"s390x", {8, 8}},    {"sparc64", {8, 8}}, {"wasm", {8, 8}},    {"amd64p32", {4, 8}},
    };
    for (size_t i = 0; i < COUNT(archs); i++)
        if (str_eq_c(goarch, archs[i].name)) {
            *out = archs[i].sizes;
            return true;
        }
    return false;
}

static int64_t basic_size(Sizes s, BasicKind k) {
    static const uint8_t sizes[BASIC_COUNT] = {
        [BASIC_BOOL] = 1,        [BASIC_INT8] = 1,    [BASIC_INT16] = 2,   [BASIC_INT32] = 4,
        [BASIC_INT64] = 8,       [BASIC_UINT8] = 1,   [BASIC_UINT16] = 2,  [BASIC_UINT32] = 4,
        [BASIC_UINT64] = 8,      [BASIC_FLOAT32] = 4, [BASIC_FLOAT64] = 8, [BASIC_COMPLEX64] = 8,
        [BASIC_COMPLEX128] = 16,
    };
    if (k == BASIC_STRING) return s.word * 2;
    return sizes[k] ? sizes[k] : s.word;
}

static bool is_atomic_align64(Type *t) { // an empty struct that asks for 8 bytes
    Type *n = type_named(t);
    if (!n) return false;
    return obj_is_align64(n->named.env, named_origin(n)->named.obj);
}

// A question about sizes. The answers for arrays and structs are kept once it has taken many steps:
// a type may hold another one twice, and that one a third one twice, and so on.
typedef struct Measure {
    Sizes s;
    uint32_t steps;
    Arena *scratch;
    PtrMap sizes, aligns; // array or struct type -> int64_t
} Measure;

static bool measured(Measure *m, const PtrMap *map, const Type *u, int64_t *out) {
    enum { STEPS_FREE = 256 };
    if (m->steps++ < STEPS_FREE) return false;
    if (!m->scratch) {
        m->scratch = arena_new("sizes");
        m->sizes = ptrmap_new(m->scratch);
        m->aligns = ptrmap_new(m->scratch);
    }
    const int64_t *kept = ptrmap_get(map, u);
    if (kept) *out = *kept;
    return kept != NULL;
}

static int64_t measure_keep(Measure *m, PtrMap *map, const Type *u, int64_t value) {
    if (!m->scratch || ptrmap_get(map, u)) return value;
    int64_t *kept = NEW(m->scratch, int64_t);
    *kept = value;
    ptrmap_put(map, u, kept);
    return value;
}

static int64_t size_in(Measure *m, Type *t);

static int64_t align_in(Measure *m, Type *t) {
    Type *u = type_under(t);
    int64_t known, max = 1;
    if (u->kind == TYPE_ARRAY || u->kind == TYPE_STRUCT) {
        if (u->kind == TYPE_STRUCT && !u->strct.fields.len && is_atomic_align64(t)) return 8;
        if (measured(m, &m->aligns, u, &known)) return known;
        if (u->kind == TYPE_ARRAY) max = align_in(m, u->array.elem);
        for (uint32_t i = 0; u->kind == TYPE_STRUCT && i < u->strct.fields.len; i++)
            max = MAX(max, align_in(m, u->strct.fields.v[i]->type));
        return measure_keep(m, &m->aligns, u, max);
    }
    if (u->kind == TYPE_SLICE || u->kind == TYPE_INTERFACE || is_string(u)) return m->s.word;
    int64_t a = MAX(size_in(m, t), 1);
    if (is_complex(u)) a /= 2;
    return MIN(a, m->s.max_align);
}

static int64_t struct_size(Measure *m, Type *u) {
    ObjList fields = u->strct.fields;
    int64_t at = 0, size = 0;
    for (uint32_t i = 0; i < fields.len; i++) {
        at = align_up(at + size, align_in(m, fields.v[i]->type));
        size = size_in(m, fields.v[i]->type);
        if (size < 0 || at > INT64_MAX - size - 16) return -1;
    }
    if (at > 0 && size == 0) size = 1; // so that its address stays inside
    return align_up(at + size, align_in(m, u));
}

static int64_t array_size(Measure *m, Type *u) {
    if (u->array.len <= 0) return 0;
    int64_t elem = size_in(m, u->array.elem);
    if (elem <= 0) return elem;
    return elem > INT64_MAX / u->array.len ? -1 : elem * u->array.len;
}

static int64_t size_in(Measure *m, Type *t) {
    Type *u = type_under(t);
    int64_t known;
    if (u->kind == TYPE_BASIC) return basic_size(m->s, u->basic.kind);
    if (u->kind == TYPE_SLICE) return m->s.word * 3;
    if (u->kind == TYPE_INTERFACE) return m->s.word * 2;
    if (u->kind != TYPE_STRUCT && u->kind != TYPE_ARRAY) return m->s.word;
    if (u->kind == TYPE_STRUCT && !u->strct.fields.len) return 0;
    if (measured(m, &m->sizes, u, &known)) return known;
    return measure_keep(m, &m->sizes, u,
                        u->kind == TYPE_ARRAY ? array_size(m, u) : struct_size(m, u));
}

int64_t sizes_of(Sizes s, Type *t) {
    Measure m = {.s = s};
    int64_t size = size_in(&m, t);
    arena_free(m.scratch);
    return size;
}

int64_t sizes_align(Sizes s, Type *t) {
    Measure m = {.s = s};
    int64_t align = align_in(&m, t);
    arena_free(m.scratch);
    return align;
}

void sizes_offsets(Sizes s, ObjList fields, int64_t *offsets) {
    int64_t at = 0;
    for (uint32_t i = 0; i < fields.len; i++) {
        if (at >= 0) at = align_up(at, sizes_align(s, fields.v[i]->type));
        offsets[i] = at;
        int64_t size = at < 0 ? -1 : sizes_of(s, fields.v[i]->type);
        if (size < 0 || __builtin_add_overflow(at, size, &at)) at = -1;
    }
}

int64_t offset_of(Sizes s, Type *t, const U32Vec *index) {
    int64_t total = 0;
    for (uint32_t i = 0; i < index->len; i++) {
        ObjList fields = type_under(t)->strct.fields;
        ObjList upto = {fields.v, index->v[i] + 1};
        int64_t few[64],
            *offsets = upto.len <= COUNT(few) ? few : calloc(upto.len, sizeof *offsets);
        if (!offsets) base_out_of("memory", upto.len * sizeof *offsets);
        sizes_offsets(s, upto, offsets);
        int64_t d = offsets[index->v[i]];
        if (offsets != few) free(offsets);
        if (d < 0 || __builtin_add_overflow(total, d, &total)) return -1;
        t = fields.v[index->v[i]]->type;
    }
    return total;
}
