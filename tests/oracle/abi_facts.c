// tests/oracle/abi_facts.c: what the readers of type descriptors and frames say of a program, one
// line a type, after checks the file itself allows: masks computed from fields equal those stored,
// and every function's stack maps fit its frame. usage: abi_facts PROGRAM
#include <stdio.h>
#include <string.h>

#include "binary/map/map.h"
#include "sys/file.h"

static int wrong;

// The mask of a struct or array as its parts have it.
static bool same_as_parts(Arena *a, const Binary *p, AbiType t) {
    Str stored, built;
    if (!t.mask || (t.kind != ABI_STRUCT && t.kind != ABI_ARRAY)) return true;
    if (!abi_type_mask(a, p, &t, &stored)) return false;
    uint64_t words = t.pointer_bytes / 8;
    uint8_t *bits = NEW_ARRAY(a, uint8_t, stored.len + 1);
    uint64_t count = t.kind == ABI_ARRAY ? t.length : t.fields.len;
    for (uint64_t i = 0; i < count; i++) {
        AbiField f = {.type = t.elem};
        AbiType e;
        if (t.kind == ABI_STRUCT && !abi_type_field(p, &t, i, &f)) return false;
        if (!abi_type_at(p, f.type, &e) || !abi_type_mask(a, p, &e, &built)) return false;
        uint64_t at = t.kind == ABI_ARRAY ? i * e.value_bytes : f.offset;
        for (uint64_t k = 0; k < e.pointer_bytes / 8; k++) {
            if (!((uint8_t)built.ptr[k / 8] >> k % 8 & 1)) continue;
            if (at / 8 + k >= words) return false;
            bits[(at / 8 + k) / 8] |= (uint8_t)(1u << (at / 8 + k) % 8);
        }
    }
    for (uint64_t k = 0; k < words; k++)
        if (((uint8_t)stored.ptr[k / 8] ^ bits[k / 8]) >> k % 8 & 1) return false;
    return true;
}

static void print_type(const Binary *p, const AbiType *t) {
    printf("type %llx %u %llu", (unsigned long long)t->addr, t->kind,
           (unsigned long long)t->value_bytes);
    for (uint64_t i = 0; i < t->fields.len && t->kind == ABI_STRUCT; i++) {
        AbiField f;
        if (abi_type_field(p, t, i, &f))
            printf(" " STR_FMT "@%llu", STR_ARG(f.name), (unsigned long long)f.offset);
    }
    printf("\n");
}

static bool frame_fits(const Binary *p, const PclnFunc *f, uint64_t pc) {
    FramePointers at;
    int32_t bytes = frame_bytes(p, f, pc);
    return bytes >= 0 && bytes % 4 == 0 && frame_pointers(p, f, pc, &at) &&
           (!bytes || (int64_t)at.locals.words * 8 <= bytes);
}

// Maps hold after the calls: where the stack map's number changes.
static uint32_t check_function(const Binary *p, const PclnFunc *f) {
    uint32_t places = 0, table = pclntab_pcdata(&p->table, f, 1);
    if (!table || table == UINT32_MAX) return 0;
    PclnWalk w = pclntab_walk(&p->table, table, f->entry);
    for (uint64_t start = f->entry; pclntab_step(&w); start = w.pc) {
        if (w.value < 0) continue;
        places++;
        if (frame_fits(p, f, start)) continue;
        if (wrong++ < 10)
            printf("frame of " STR_FMT " at %llx\n", STR_ARG(f->name), (unsigned long long)start);
    }
    return places;
}

int main(int argc, char **argv) {
    Arena *a = arena_new("facts");
    FileMap map;
    Binary p;
    if (argc != 2 || file_map(a, str_c(argv[1]), &map) || binary_open(a, map.bytes, &p)) return 2;
    AbiTypeVec types = binary_types(a, &p, NULL);
    printf("types from %llx\n", (unsigned long long)p.module.types.start);
    for (uint32_t i = 0; i < types.len; i++) {
        ArenaMark mark = arena_mark(a);
        print_type(&p, &types.v[i]);
        if (!same_as_parts(a, &p, types.v[i]) && wrong++ < 10)
            printf("mask of " STR_FMT "\n", STR_ARG(types.v[i].name));
        arena_pop_to(mark);
    }
    uint32_t places = 0, objects = 0, functions = 0;
    for (uint32_t i = 0; i < p.table.func_count; i++) {
        PclnFunc f;
        FrameObject object;
        if (!pclntab_func(&p.table, i, &f)) continue;
        functions++;
        places += check_function(&p, &f);
        for (uint32_t k = 0; k < frame_object_count(&p, &f); k++, objects++)
            if (!frame_object(&p, &f, k, &object) || !object.size_bytes ||
                (uint32_t)object.pointer_bytes > object.size_bytes)
                wrong++;
    }
    printf("checked %u types, %u functions, %u places, %u stack objects: %d wrong\n", types.len,
           functions, places, objects, wrong);
    return wrong != 0;
}
