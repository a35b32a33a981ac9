// binary/map: type descriptors found from the places that name them: typelinks, itabs, and the
// descriptors they point at.
#include <stdlib.h>
#include <string.h>

#include "base/index.h"
#include "binary/map/map_internal.h"
#include "binary/map/size_internal.h"

enum { FOUND_MAX = 1 << 22 };

typedef struct TypeUse { // one type is made of another: places in the list found
    uint32_t user, used;
} TypeUse;

typedef struct Finder {
    Arena *arena;
    const Binary *p;
    Index seen;
    AbiTypeVec *out;
    TypePartVec *parts; // may be NULL
    VEC(TypeUse) uses;
    uint64_t type; // the one being read
    uint32_t user; // its place + 1; 0: no type asks
    uint64_t left; // fields, methods and parameters still to be read: each has bytes of its own
    bool swiss;    // maps of Go 1.24 on
} Finder;

static void part(Finder *f, uint64_t addr, uint64_t size) {
    TypePart one = {addr, size, f->type};
    if (f->parts && addr && size) vec_push(f->arena, f->parts, one);
}

// The place of a type already met, plus 1.
static uint32_t place_of(const Finder *f, uint64_t addr) {
    for (IndexIter it = index_find(&f->seen, hash_mix(addr, 1)); it.id; index_next(&it))
        if (f->out->v[it.id - 1].addr == addr) return it.id;
    return 0;
}

// Files a type to be looked at; addresses outside the type data are none.
static void visit(Finder *f, uint64_t addr) {
    const ModuleData *m = &f->p->module;
    if (addr < m->types.start || addr + ABI_TYPE_BYTES > m->types.end || addr % 8 ||
        f->out->len >= FOUND_MAX)
        return;
    uint32_t place = place_of(f, addr);
    if (!place) {
        vec_push(f->arena, f->out, (AbiType){.addr = addr});
        index_add(&f->seen, hash_mix(addr, 1), f->out->len);
        place = f->out->len;
    }
    TypeUse use = {f->user - 1, place - 1};
    if (f->user) vec_push(f->arena, &f->uses, use);
}

static void visit_fields(Finder *f, const AbiType *t) {
    AbiField field;
    for (uint64_t i = 0; i < t->fields.len && f->left; i++, f->left--) {
        if (!abi_type_field(f->p, t, i, &field)) continue;
        part(f, field.name_addr, field.name_bytes);
        visit(f, field.type);
    }
}

static void visit_methods(Finder *f, const AbiType *t, uint64_t count) {
    AbiMethod method;
    for (uint64_t i = 0; i < count && f->left; i++, f->left--) {
        if (!abi_type_method(f->p, t, i, &method)) continue;
        part(f, method.name_addr, method.name_bytes);
        visit(f, method.type);
    }
}

// What compares values: a function value, for plain memory with the length behind the code.
static void equal_part(Finder *f, uint64_t addr) {
    AddrSpan text = f->p->module.text;
    uint64_t behind = abi_pointer(f->p, addr + 8);
    bool other = behind >= text.start && behind < text.end; // the next function value
    part(f, addr, other ? 8 : 16);
}

static void read_type(Finder *f, uint32_t place) {
    AbiType t = {.addr = f->out->v[place].addr, .size_bytes = ABI_TYPE_BYTES};
    f->type = t.addr;
    f->user = place + 1;
    uint64_t package_bytes = 0;
    abi_type_at(f->p, t.addr, &t);
    part(f, t.name_addr, t.name_bytes);
    if (t.package.len) abi_name(f->p, t.package_addr, &package_bytes);
    part(f, t.package_addr, package_bytes);
    equal_part(f, t.equal);
    part(f, t.mask, (t.pointer_bytes / 8 + 7) / 8);
    visit(f, t.pointer_to);
    visit(f, t.elem);
    visit(f, t.key);
    if (t.kind == ABI_MAP) visit(f, t.group);
    if (t.kind == ABI_ARRAY) visit(f, abi_pointer(f->p, t.addr + ABI_TYPE_BYTES + 8)); // its slice
    for (uint64_t i = 0; i < t.params.len && f->left; i++, f->left--)
        visit(f, abi_pointer(f->p, t.params.addr + i * 8));
    if (t.kind == ABI_STRUCT) visit_fields(f, &t);
    if (t.kind == ABI_INTERFACE) visit_methods(f, &t, t.fields.len);
    part(f, t.fields.addr, t.fields.len * (t.kind == ABI_STRUCT ? 24 : 8));
    if (t.kind != ABI_INTERFACE) visit_methods(f, &t, t.methods.len);
    part(f, t.methods.addr, t.methods.len * 16);
    f->out->v[place] = t;
}

static int compare_type(const void *x, const void *y) {
    uint64_t a = ((const AbiType *)x)->addr, b = ((const AbiType *)y)->addr;
    return (a > b) - (a < b);
}

// From Go 1.27 on descriptors stand side by side, behind one word, and no list names them.
static void walk_in_order(Finder *f) {
    const ModuleData *m = &f->p->module;
    uint64_t end = m->types.start + m->types_bytes;
    for (uint64_t at = m->types.start + 8; at + ABI_TYPE_BYTES <= end;) {
        visit(f, at);
        uint32_t place = place_of(f, at);
        if (!place--) return; // outside the type data: the layout is not what we know
        if (!f->out->v[place].size_bytes) read_type(f, place);
        f->user = 0;
        at = (at + f->out->v[place].size_bytes + 7) & ~(uint64_t)7;
    }
}

const AbiType *size_type_at(const AbiTypeVec *types, uint64_t addr) {
    AbiType key = {.addr = addr};
    return types->len ? bsearch(&key, types->v, types->len, sizeof key, compare_type) : NULL;
}

// Types without a package of their own belong with what they are made of, else with the first type
// that is made of them. Basic types are the runtime's.
static bool is_basic(const AbiType *t) {
    bool plain = t->kind < ABI_ARRAY || t->kind == ABI_STRING || t->kind == ABI_UNSAFE_POINTER;
    return plain && str_find_byte(t->name, '.') == STR_NONE;
}

static void find_owners(Finder *f) {
    enum { ROUNDS = 4 };
    for (uint32_t i = 0; i < f->out->len; i++) {
        AbiType *t = &f->out->v[i];
        t->owner = t->package.len ? t->package : is_basic(t) ? STR("runtime") : STR("");
    }
    for (int down = 1; down >= 0; down--) {
        for (int round = 0; round < ROUNDS; round++)
            for (uint32_t i = 0; i < f->uses.len; i++) {
                AbiType *user = &f->out->v[f->uses.v[i].user],
                        *used = &f->out->v[f->uses.v[i].used];
                AbiType *from = down ? used : user, *to = down ? user : used;
                bool says = from->owner.len && !is_basic(from);
                if (says && !to->owner.len) to->owner = from->owner;
            }
    }
}

// Whether a descriptor could stand at an address that code or data mentions.
static bool looks_like_type(const Finder *f, uint64_t addr) {
    const ModuleData *m = &f->p->module;
    if (addr < m->types.start || addr + ABI_TYPE_BYTES > m->types.end || addr % 8) return false;
    Str s = object_bytes_at(&f->p->object, addr, ABI_TYPE_BYTES);
    if (!s.len) return false;
    const uint8_t *b = (const uint8_t *)s.ptr;
    uint64_t size = abi_word(f->p, addr, 8), pointers = abi_word(f->p, addr + 8, 8), bytes;
    unsigned align = b[21], field_align = b[22], kind = b[23] & 31;
    bool sane = pointers <= size && pointers % 8 == 0 && size < (uint64_t)1 << 48 && kind >= 1 &&
                kind <= 26 && align && align <= 64 && !(align & (align - 1)) &&
                align == field_align;
    Str name =
        sane ? abi_name(f->p, m->types.start + abi_word(f->p, addr + 40, 4), &bytes) : STR("");
    return name.len && abi_word(f->p, addr + 16, 4) != 0;
}

AbiTypeVec binary_types(Arena *a, const Binary *p, TypePartVec *parts) {
    return binary_types_from(a, p, NULL, parts);
}

AbiTypeVec binary_types_from(Arena *a, const Binary *p, const AddrVec *seeds, TypePartVec *parts) {
    AbiTypeVec out = {0};
    const ModuleData *m = &p->module;
    if (!m->addr || !p->object.is64) return out;
    Finder f = {.arena = a, .p = p, .seen = index_new(a), .out = &out, .parts = parts};
    f.left = p->object.bytes.len;
    for (uint64_t i = 0; i < m->typelinks.len; i++)
        visit(&f, m->types.start + abi_word(p, m->typelinks.addr + i * 4, 4));
    for (uint64_t at = m->itabs.start; at + 24 <= m->itabs.end;) {
        uint64_t bytes = binary_itab_bytes(p, at);
        if (bytes) visit(&f, abi_pointer(p, at));
        if (bytes) visit(&f, abi_pointer(p, at + 8));
        at += bytes ? bytes : 8;
    }
    if (m->types_in_order) walk_in_order(&f);
    f.user = 0;
    for (uint32_t i = 0; seeds && i < seeds->len; i++)
        if (looks_like_type(&f, seeds->v[i])) visit(&f, seeds->v[i]);
    for (uint32_t i = 0; i < out.len; i++)
        if (!out.v[i].size_bytes) read_type(&f, i);
    find_owners(&f);
    if (out.len) qsort(out.v, out.len, sizeof *out.v, compare_type);
    return out;
}

bool binary_has_swiss_maps(const Binary *p) {
    Str v = p->build.go_version;
    return !(str_starts(v, STR("go1.1")) || str_starts(v, STR("go1.20")) ||
             str_starts(v, STR("go1.21")) || str_starts(v, STR("go1.22")) ||
             str_starts(v, STR("go1.23")));
}
