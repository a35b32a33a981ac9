// binary/map: one type descriptor, read where it stands. Layouts are those of internal/abi
// (type.go, map.go of Go 1.18 to 1.27); 64-bit programs only.
#include <string.h>

#include "binary/map/map_internal.h"

enum { UNCOMMON = 1, EXTRA_STAR = 2, NAMED = 4, MASK_ON_DEMAND = 16, DIRECT = 32 };
enum { OLD_KIND_DIRECT = 32, OLD_KIND_PROGRAM = 64, KIND_MASK = 31 };
enum { NAME_EXPORTED = 1, NAME_TAG = 2, NAME_PACKAGE = 4, NAME_EMBEDDED = 8 };
enum { NAME_MAX = 1 << 16, FIELD_BYTES = 24, METHOD_BYTES = 16, IMETHOD_BYTES = 8 };

uint64_t abi_pointer(const Binary *p, uint64_t addr) {
    uint64_t v = 0;
    object_pointer_at(&p->object, addr, &v);
    return v;
}

uint64_t abi_word(const Binary *p, uint64_t addr, unsigned size) {
    Str s = object_bytes_at(&p->object, addr, size);
    return s.len ? object_word(&p->object, s, 0, size) : 0;
}

// Bytes with their length before them; false: not within s.
static bool counted_bytes(Str s, size_t *at, Str *out) {
    uint64_t len = 0;
    for (unsigned shift = 0; *at < s.len && shift < 28; shift += 7) {
        uint8_t b = (uint8_t)s.ptr[(*at)++];
        len |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) break;
    }
    if (len > s.len - *at || len > NAME_MAX) return false;
    *out = str_slice(s, *at, *at + (size_t)len);
    *at += (size_t)len;
    return true;
}

Str abi_name(const Binary *p, uint64_t addr, uint64_t *bytes) {
    enum { PACKAGE_OFFSET = 4 };
    Str s = object_bytes_from(&p->object, addr), name, tag;
    size_t at = 1;
    *bytes = 0;
    if (s.len < 2 || !counted_bytes(s, &at, &name)) return STR("");
    *bytes = at;
    if (*s.ptr & NAME_TAG && counted_bytes(s, &at, &tag)) *bytes = at;
    if (*s.ptr & NAME_PACKAGE) *bytes += PACKAGE_OFFSET;
    return name;
}

// An offset from the start of the types; 0 and -1 are none.
static uint64_t at_offset(const Binary *p, uint64_t offset) {
    return offset && offset != UINT32_MAX ? p->module.types.start + offset : 0;
}

static AbiList list_at(const Binary *p, uint64_t addr) {
    return (AbiList){abi_pointer(p, addr), abi_word(p, addr + 8, 8)};
}

// Maps: Swiss ones from Go 1.24 on; 1.27 lays keys and elements out by offset and stride.
static uint64_t map_bytes(const Binary *p, uint64_t addr, AbiType *t) {
    t->key = abi_pointer(p, addr + 48);
    t->elem = abi_pointer(p, addr + 56);
    t->group = abi_pointer(p, addr + 64);
    if (p->module.types_in_order) {
        t->map = (AbiMap){.keys = abi_word(p, addr + 88, 8),
                          .key_stride = abi_word(p, addr + 96, 8),
                          .elems = abi_word(p, addr + 104, 8),
                          .elem_stride = abi_word(p, addr + 112, 8),
                          .flags = (uint32_t)abi_word(p, addr + 128, 4)};
        return 136;
    }
    if (!binary_has_swiss_maps(p)) return 88;
    uint64_t slot = abi_word(p, addr + 88, 8); // groups: a control word, then eight slots
    t->map = (AbiMap){.keys = 8,
                      .key_stride = slot,
                      .elems = 8 + abi_word(p, addr + 96, 8),
                      .elem_stride = slot,
                      .flags = (uint32_t)abi_word(p, addr + 104, 4)};
    return 112;
}

// Bytes of the part that depends on the kind.
static uint64_t read_kind(const Binary *p, uint64_t addr, AbiType *t) {
    uint64_t bytes;
    switch (t->kind) {
    case ABI_ARRAY:
        t->elem = abi_pointer(p, addr + 48);
        t->length = abi_word(p, addr + 64, 8);
        return 72;
    case ABI_CHAN: t->elem = abi_pointer(p, addr + 48); return 64;
    case ABI_FUNC: return 56;
    case ABI_INTERFACE:
        t->package_addr = abi_pointer(p, addr + 48);
        t->package = abi_name(p, t->package_addr, &bytes);
        t->fields = list_at(p, addr + 56);
        return 80;
    case ABI_MAP: return map_bytes(p, addr, t);
    case ABI_POINTER:
    case ABI_SLICE: t->elem = abi_pointer(p, addr + 48); return 56;
    case ABI_STRUCT:
        t->package_addr = abi_pointer(p, addr + 48);
        t->package = abi_name(p, t->package_addr, &bytes);
        t->fields = list_at(p, addr + 56);
        return 80;
    default: return ABI_TYPE_BYTES;
    }
}

// What stands right behind the fixed part: the uncommon part, parameters, fields, methods.
static void read_behind(const Binary *p, AbiType *t, bool uncommon) {
    uint64_t behind = t->addr + t->size_bytes, bytes;
    if (uncommon) {
        uint64_t package = at_offset(p, abi_word(p, behind, 4));
        if (package) t->package_addr = package;
        if (package) t->package = abi_name(p, package, &bytes);
        t->methods = (AbiList){behind + abi_word(p, behind + 8, 4), abi_word(p, behind + 4, 2)};
        t->size_bytes += 16;
    }
    if (t->kind == ABI_FUNC) {
        uint64_t in = abi_word(p, t->addr + ABI_TYPE_BYTES, 2);
        uint64_t out = abi_word(p, t->addr + ABI_TYPE_BYTES + 2, 2);
        t->variadic = out & 0x8000;
        t->params = (AbiList){t->addr + t->size_bytes, in + (out & 0x7fff)};
        t->length = in;
        t->size_bytes += t->params.len * 8;
    }
    uint64_t each = t->kind == ABI_STRUCT ? FIELD_BYTES : IMETHOD_BYTES;
    if (t->fields.len > NAME_MAX) t->fields.len = 0;
    if (t->fields.len && t->fields.addr == t->addr + t->size_bytes)
        t->size_bytes += t->fields.len * each;
    if (t->methods.len && t->methods.addr == t->addr + t->size_bytes)
        t->size_bytes += t->methods.len * METHOD_BYTES;
}

bool abi_type_at(const Binary *p, uint64_t addr, AbiType *out) {
    Str head = object_bytes_at(&p->object, addr, ABI_TYPE_BYTES);
    if (!p->object.is64 || !head.len) return false;
    unsigned flags = (uint8_t)head.ptr[20], kind = (uint8_t)head.ptr[23];
    AbiType t = {.addr = addr,
                 .value_bytes = abi_word(p, addr, 8),
                 .pointer_bytes = abi_word(p, addr + 8, 8),
                 .hash = (uint32_t)abi_word(p, addr + 16, 4),
                 .align = (uint8_t)head.ptr[21],
                 .kind = (uint8_t)(kind & KIND_MASK),
                 .named = flags & NAMED,
                 .direct = flags & DIRECT || kind & OLD_KIND_DIRECT,
                 .equal = abi_pointer(p, addr + 24),
                 .name_addr = p->module.types.start + abi_word(p, addr + 40, 4),
                 .pointer_to = at_offset(p, abi_word(p, addr + 44, 4))};
    bool built = flags & MASK_ON_DEMAND || kind & OLD_KIND_PROGRAM;
    t.mask = built ? 0 : abi_pointer(p, addr + 32);
    t.name = abi_name(p, t.name_addr, &t.name_bytes);
    if (flags & EXTRA_STAR) t.name = str_from(t.name, 1);
    t.size_bytes = read_kind(p, addr, &t);
    read_behind(p, &t, flags & UNCOMMON);
    *out = t;
    return true;
}

bool abi_type_field(const Binary *p, const AbiType *t, uint64_t i, AbiField *out) {
    if (t->kind != ABI_STRUCT || i >= t->fields.len) return false;
    uint64_t at = t->fields.addr + i * FIELD_BYTES, bytes, name = abi_pointer(p, at);
    unsigned flags = (unsigned)abi_word(p, name, 1);
    *out = (AbiField){.name = abi_name(p, name, &bytes),
                      .type = abi_pointer(p, at + 8),
                      .offset = abi_word(p, at + 16, 8),
                      .exported = flags & NAME_EXPORTED,
                      .embedded = flags & NAME_EMBEDDED};
    out->name_addr = name;
    out->name_bytes = bytes;
    return out->name.len != 0;
}

static uint64_t code_at(const Binary *p, uint64_t offset) {
    return offset && offset != UINT32_MAX ? p->module.text.start + offset : 0;
}

bool abi_type_method(const Binary *p, const AbiType *t, uint64_t i, AbiMethod *out) {
    bool abstract = t->kind == ABI_INTERFACE;
    const AbiList *list = abstract ? &t->fields : &t->methods;
    if (i >= list->len) return false;
    uint64_t at = list->addr + i * (abstract ? IMETHOD_BYTES : METHOD_BYTES);
    *out = (AbiMethod){.name_addr = at_offset(p, abi_word(p, at, 4)),
                       .type = at_offset(p, abi_word(p, at + 4, 4))};
    if (!abstract) {
        out->by_interface = code_at(p, abi_word(p, at + 8, 4));
        out->direct = code_at(p, abi_word(p, at + 12, 4));
    }
    out->name = abi_name(p, out->name_addr, &out->name_bytes);
    return out->name.len != 0;
}

typedef struct MaskWriter {
    const Binary *p;
    uint8_t *bits;
    uint64_t words; // of the whole mask
    unsigned depth;
} MaskWriter;

static bool set_word(MaskWriter *w, uint64_t word) {
    if (word >= w->words) return false;
    w->bits[word / 8] |= (uint8_t)(1u << word % 8);
    return true;
}

static bool put_type(MaskWriter *w, uint64_t type, uint64_t offset);

static bool put_array(MaskWriter *w, const AbiType *t, uint64_t offset) {
    AbiType e;
    if (!abi_type_at(w->p, t->elem, &e)) return false;
    if (!e.pointer_bytes) return true;
    if (!e.value_bytes || t->length > t->value_bytes / e.value_bytes) return false;
    for (uint64_t i = 0; i < t->length; i++)
        if (!put_type(w, t->elem, offset + i * e.value_bytes)) return false;
    return true;
}

static bool put_struct(MaskWriter *w, const AbiType *t, uint64_t offset) {
    for (uint64_t i = 0; i < t->fields.len; i++) {
        AbiField f;
        if (!abi_type_field(w->p, t, i, &f) || f.offset > t->value_bytes) return false;
        if (!put_type(w, f.type, offset + f.offset)) return false;
    }
    return true;
}

static bool copy_mask(MaskWriter *w, const AbiType *t, uint64_t offset) {
    uint64_t n = t->pointer_bytes / 8;
    Str mask = object_bytes_at(&w->p->object, t->mask, (n + 7) / 8);
    if (!mask.len) return false;
    for (uint64_t i = 0; i < n; i++)
        if ((uint8_t)mask.ptr[i / 8] >> i % 8 & 1 && !set_word(w, offset / 8 + i)) return false;
    return true;
}

// A type without a mask in the file is made of parts that have one.
static bool put_type(MaskWriter *w, uint64_t type, uint64_t offset) {
    enum { DEPTH_MAX = 64 };
    AbiType t;
    if (!abi_type_at(w->p, type, &t) || t.pointer_bytes > t.value_bytes || offset % 8) return false;
    if (!t.pointer_bytes) return true;
    if (t.mask) return copy_mask(w, &t, offset);
    if (w->depth == DEPTH_MAX) return false;
    w->depth++;
    bool ok = t.kind == ABI_ARRAY    ? put_array(w, &t, offset)
              : t.kind == ABI_STRUCT ? put_struct(w, &t, offset)
                                     : false;
    w->depth--;
    return ok;
}

bool abi_type_mask(Arena *a, const Binary *p, const AbiType *t, Str *out) {
    enum { WORDS_MAX = 1 << 24 };
    uint64_t words = t->pointer_bytes / 8;
    if (words > WORDS_MAX) return false;
    MaskWriter w = {.p = p, .words = words};
    ArenaMark mark = arena_mark(a);
    w.bits = NEW_ARRAY(a, uint8_t, (size_t)(words + 7) / 8 + 1);
    if (!put_type(&w, t->addr, 0)) {
        arena_pop_to(mark);
        return false;
    }
    *out = (Str){(const char *)w.bits, (size_t)(words + 7) / 8};
    return true;
}

// The compiler writes the package's name, not its path, before a type's name.
Str abi_type_path(Arena *a, const AbiType *t) {
    size_t dot = str_find_byte(t->name, '.'), open = str_find_byte(t->name, '[');
    if (!t->named || !t->package.len || dot == STR_NONE || (open != STR_NONE && open < dot))
        return t->name;
    return str_join2(a, t->package, str_from(t->name, dot));
}
