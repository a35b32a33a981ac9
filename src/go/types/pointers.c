// go/types/pointers.c: where a type's pointers are: how far into a value the last one reaches, and
// which words hold one, as the compiler tells the collector (cmd/compile/internal/types/size.go,
// typebits).
#include "go/types/types_internal.h"

static int64_t basic_pointers(Sizes s, const Type *u) {
    return u->basic.kind == BASIC_STRING || u->basic.kind == BASIC_UNSAFE_POINTER ? s.word : 0;
}

static int64_t struct_pointers(Sizes s, Type *u) {
    ObjList fields = u->strct.fields;
    int64_t at = 0, last = 0;
    for (uint32_t i = 0; i < fields.len; i++) {
        Type *t = fields.v[i]->type;
        int64_t align = sizes_align(s, t), size = sizes_of(s, t), bytes = sizes_pointer_bytes(s, t);
        if (size < 0) return last;
        at = (at + align - 1) & ~(align - 1);
        if (bytes) last = at + bytes;
        at += size;
    }
    return last;
}

int64_t sizes_pointer_bytes(Sizes s, Type *t) {
    Type *u = type_under(t);
    switch (u->kind) {
    case TYPE_BASIC: return basic_pointers(s, u);
    case TYPE_POINTER:
    case TYPE_SIGNATURE:
    case TYPE_MAP:
    case TYPE_CHAN:
    case TYPE_SLICE: return s.word;
    case TYPE_INTERFACE: return 2 * s.word;
    case TYPE_ARRAY: {
        int64_t elem = u->array.len > 0 ? sizes_pointer_bytes(s, u->array.elem) : 0;
        return elem ? (u->array.len - 1) * sizes_of(s, u->array.elem) + elem : 0;
    }
    case TYPE_STRUCT: return struct_pointers(s, u);
    case TYPE_TUPLE:
    case TYPE_UNION:
    case TYPE_NAMED:
    case TYPE_TPARAM:
    case TYPE_ALIAS: return 0;
    }
    BUG("type kind %d", u->kind);
}

typedef struct Marking {
    Sizes s;
    Bitset *map; // a bit a word
} Marking;

static void mark(const Marking *m, Type *t, int64_t at);

static void mark_word(const Marking *m, int64_t at) {
    uint64_t word = (uint64_t)(at / m->s.word);
    if (word < m->map->len) bitset_add(m->map, (uint32_t)word);
}

static void mark_struct(const Marking *m, Type *u, int64_t at) {
    int64_t offset = 0;
    for (uint32_t i = 0; i < u->strct.fields.len; i++) {
        Type *t = u->strct.fields.v[i]->type;
        int64_t align = sizes_align(m->s, t);
        offset = (offset + align - 1) & ~(align - 1);
        mark(m, t, at + offset);
        offset += sizes_of(m->s, t);
    }
}

static void mark(const Marking *m, Type *t, int64_t at) {
    Type *u = type_under(t);
    if (!sizes_pointer_bytes(m->s, u) || (uint64_t)(at / m->s.word) >= m->map->len) return;
    if (u->kind == TYPE_STRUCT) {
        mark_struct(m, u, at);
    } else if (u->kind == TYPE_ARRAY) {
        int64_t size = sizes_of(m->s, u->array.elem);
        for (int64_t i = 0; i < u->array.len && (uint64_t)(at / m->s.word) < m->map->len;
             i++, at += size)
            mark(m, u->array.elem, at);
    } else if (u->kind == TYPE_INTERFACE) {
        mark_word(m, at + m->s.word); // the type word points at nothing the collector frees
    } else {
        mark_word(m, at);
    }
}

Bitset sizes_pointer_map(Sizes s, Type *t, Arena *a, uint32_t words_most) {
    int64_t words = sizes_pointer_bytes(s, t) / s.word;
    Bitset map = bitset_new(a, (uint32_t)MIN(words, (int64_t)words_most));
    Marking m = {s, &map};
    mark(&m, t, 0);
    return map;
}
