// binary/map: type descriptors (abi.Type) found from the places that name them: typelinks, itabs,
// and the descriptors they point at. Layouts are those of internal/abi; 64-bit programs only.
#include <stdlib.h>
#include <string.h>

#include "base/index.h"
#include "binary/map/map_internal.h"
#include "binary/map/size_internal.h"

enum {
    KIND_ARRAY = 17,
    KIND_CHAN,
    KIND_FUNC,
    KIND_INTERFACE,
    KIND_MAP,
    KIND_POINTER,
    KIND_SLICE,
    KIND_STRING,
    KIND_STRUCT
};
enum {
    UNCOMMON = 1,
    EXTRA_STAR = 2,
    MASK_ON_DEMAND = 16,
    TYPE_BYTES = 48,
    FOUND_MAX = 1 << 22,
    FIELDS_MAX = 1 << 16
};

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
    bool swiss;    // maps of Go 1.24 on
} Finder;

static uint64_t pointer_at(const Finder *f, uint64_t addr) {
    uint64_t v = 0;
    object_pointer_at(&f->p->object, addr, &v);
    return v;
}

static uint64_t word_at(const Finder *f, uint64_t addr, unsigned size) {
    Str s = object_bytes_at(&f->p->object, addr, size);
    return s.len ? object_word(&f->p->object, s, 0, size) : 0;
}

// A name: flags, length, bytes (internal/abi.Name).
static Str name_at(const Finder *f, uint64_t addr, uint64_t *bytes) {
    Str s = object_bytes_from(&f->p->object, addr);
    *bytes = 0;
    if (s.len < 2) return STR("");
    uint64_t len = 0, at = 1;
    for (unsigned shift = 0; at < s.len && shift < 28; shift += 7) {
        uint8_t b = (uint8_t)s.ptr[at++];
        len |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) break;
    }
    if (len > s.len - at || len > 1 << 16) return STR("");
    *bytes = at + len;
    return str_slice(s, (size_t)at, (size_t)(at + len));
}

static void part(Finder *f, uint64_t addr, uint64_t size) {
    TypePart one = {addr, size, f->type};
    if (f->parts && addr && size) vec_push(f->arena, f->parts, one);
}

static void name_part(Finder *f, uint64_t addr) {
    uint64_t bytes;
    if (!f->parts || !addr) return;
    name_at(f, addr, &bytes);
    part(f, addr, bytes);
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
    if (addr < m->types.start || addr + TYPE_BYTES > m->types.end || addr % 8 ||
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

static void visit_offset(Finder *f, uint64_t offset) {
    if (offset && offset != UINT32_MAX) visit(f, f->p->module.types.start + offset);
}

// Parameters of a function type stand behind its uncommon part.
static uint64_t func_params(Finder *f, uint64_t addr, uint64_t at) {
    uint64_t in = word_at(f, addr + TYPE_BYTES, 2),
             out = word_at(f, addr + TYPE_BYTES + 2, 2) & 0x7fff;
    for (uint64_t i = 0; i < in + out; i++) visit(f, pointer_at(f, at + i * 8));
    return (in + out) * 8;
}

static void visit_field(Finder *f, uint64_t field) {
    name_part(f, pointer_at(f, field));
    visit(f, pointer_at(f, field + 8));
}

static void struct_fields(Finder *f, uint64_t addr) {
    uint64_t fields = pointer_at(f, addr + 56), n = word_at(f, addr + 64, 8);
    for (uint64_t i = 0; i < n && n < FIELDS_MAX; i++) visit_field(f, fields + i * 24);
    part(f, fields, n < FIELDS_MAX ? n * 24 : 0);
}

static void interface_methods(Finder *f, uint64_t addr) {
    uint64_t methods = pointer_at(f, addr + 56), n = word_at(f, addr + 64, 8);
    for (uint64_t i = 0; i < n && n < FIELDS_MAX; i++) {
        name_part(f, f->p->module.types.start + word_at(f, methods + i * 8, 4));
        visit_offset(f, word_at(f, methods + i * 8 + 4, 4));
    }
    part(f, methods, n < FIELDS_MAX ? n * 8 : 0);
}

// Bytes of the fixed part; the types it names are visited.
static uint64_t kind_bytes(Finder *f, uint64_t addr, unsigned kind) {
    switch (kind) {
    case KIND_ARRAY:
        visit(f, pointer_at(f, addr + 48));
        visit(f, pointer_at(f, addr + 56));
        return 72;
    case KIND_CHAN: visit(f, pointer_at(f, addr + 48)); return 64;
    case KIND_FUNC: return 56;
    case KIND_INTERFACE: interface_methods(f, addr); return 80;
    case KIND_MAP:
        for (int i = 0; i < 3; i++) visit(f, pointer_at(f, addr + 48 + (uint64_t)i * 8));
        return f->p->module.types_in_order ? 136 : f->swiss ? 112 : 88;
    case KIND_POINTER:
    case KIND_SLICE: visit(f, pointer_at(f, addr + 48)); return 56;
    case KIND_STRUCT: struct_fields(f, addr); return 80;
    default: return TYPE_BYTES;
    }
}

// Methods: sixteen bytes each, at an offset from the uncommon part.
static void uncommon(Finder *f, AbiType *t, uint64_t at) {
    uint64_t pkg = word_at(f, at, 4), count = word_at(f, at + 4, 2), offset = word_at(f, at + 8, 4),
             bytes;
    if (pkg) t->package = name_at(f, f->p->module.types.start + pkg, &bytes);
    t->methods = (AddrList){at + offset, count};
    for (uint64_t i = 0; i < count; i++) {
        name_part(f, f->p->module.types.start + word_at(f, at + offset + i * 16, 4));
        visit_offset(f, word_at(f, at + offset + i * 16 + 4, 4));
    }
    part(f, at + offset, count * 16);
}

static void read_type(Finder *f, uint32_t place) {
    uint64_t addr = f->out->v[place].addr;
    AbiType t = {.addr = addr, .value_bytes = word_at(f, addr, 8)};
    f->type = addr;
    f->user = place + 1;
    unsigned flags = (unsigned)word_at(f, addr + 20, 1);
    t.kind = (uint8_t)(word_at(f, addr + 23, 1) & 31);
    t.name_addr = f->p->module.types.start + word_at(f, addr + 40, 4);
    t.name = name_at(f, t.name_addr, &t.name_bytes);
    part(f, t.name_addr, t.name_bytes);
    if (!(flags & MASK_ON_DEMAND))
        part(f, pointer_at(f, addr + 32), (word_at(f, addr + 8, 8) / 8 + 7) / 8);
    if (flags & EXTRA_STAR) t.name = str_from(t.name, 1);
    visit_offset(f, word_at(f, addr + 44, 4));
    t.size_bytes = kind_bytes(f, addr, t.kind);
    uint64_t behind = addr + t.size_bytes;
    if (flags & UNCOMMON) {
        uncommon(f, &t, behind);
        t.size_bytes += 16;
        behind += 16;
    }
    if (t.kind == KIND_FUNC) t.size_bytes += func_params(f, addr, behind);
    bool lists = t.kind == KIND_STRUCT || t.kind == KIND_INTERFACE;
    uint64_t list = lists ? pointer_at(f, addr + 56) : 0, n = lists ? word_at(f, addr + 64, 8) : 0;
    if (list == addr + t.size_bytes && n < FIELDS_MAX)
        t.size_bytes += n * (t.kind == KIND_STRUCT ? 24 : 8);
    if (t.methods.len && t.methods.addr == addr + t.size_bytes) t.size_bytes += t.methods.len * 16;
    if (t.kind == KIND_FUNC) t.parts = (AddrList){behind, (t.size_bytes - (behind - addr)) / 8};
    if (t.kind == KIND_MAP) t.parts = (AddrList){addr + 48, 2};
    if (t.kind == KIND_STRUCT && !t.package.len) {
        uint64_t bytes, path = pointer_at(f, addr + 48);
        if (path) t.package = name_at(f, path, &bytes);
    }
    t.elem = t.kind == KIND_POINTER || t.kind == KIND_SLICE || t.kind == KIND_ARRAY ||
                     t.kind == KIND_CHAN
                 ? pointer_at(f, addr + 48)
                 : 0;
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
    for (uint64_t at = m->types.start + 8; at + TYPE_BYTES <= end;) {
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
    enum { KIND_UNSAFE_POINTER = 26 };
    bool plain = t->kind < KIND_ARRAY || t->kind == KIND_STRING || t->kind == KIND_UNSAFE_POINTER;
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
    if (addr < m->types.start || addr + TYPE_BYTES > m->types.end || addr % 8) return false;
    Str s = object_bytes_at(&f->p->object, addr, TYPE_BYTES);
    if (!s.len) return false;
    const uint8_t *b = (const uint8_t *)s.ptr;
    uint64_t size = word_at(f, addr, 8), pointers = word_at(f, addr + 8, 8), bytes;
    unsigned align = b[21], field_align = b[22], kind = b[23] & 31;
    bool sane = pointers <= size && pointers % 8 == 0 && size < (uint64_t)1 << 48 && kind >= 1 &&
                kind <= 26 && align && align <= 64 && !(align & (align - 1)) &&
                align == field_align;
    Str name = sane ? name_at(f, m->types.start + word_at(f, addr + 40, 4), &bytes) : STR("");
    return name.len && word_at(f, addr + 16, 4) != 0;
}

AbiTypeVec binary_types(Arena *a, const Binary *p, TypePartVec *parts) {
    return binary_types_from(a, p, NULL, parts);
}

AbiTypeVec binary_types_from(Arena *a, const Binary *p, const AddrVec *seeds, TypePartVec *parts) {
    AbiTypeVec out = {0};
    const ModuleData *m = &p->module;
    if (!m->addr || !p->object.is64) return out;
    Finder f = {.arena = a, .p = p, .seen = index_new(a), .out = &out, .parts = parts};
    Str version = p->build.go_version;
    f.swiss = !(str_starts(version, STR("go1.1")) || str_starts(version, STR("go1.20")) ||
                str_starts(version, STR("go1.21")) || str_starts(version, STR("go1.22")) ||
                str_starts(version, STR("go1.23")));
    for (uint64_t i = 0; i < m->typelinks.len; i++)
        visit_offset(&f, word_at(&f, m->typelinks.addr + i * 4, 4));
    for (uint64_t at = m->itabs.start; at + 24 <= m->itabs.end;) {
        uint64_t bytes = binary_itab_bytes(p, at);
        if (bytes) visit(&f, pointer_at(&f, at));
        if (bytes) visit(&f, pointer_at(&f, at + 8));
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
