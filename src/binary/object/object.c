// binary/object: telling the formats apart, and what all three share.
#include "binary/object/object.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "binary/object/object_internal.h"

enum { MAX_INFLATED = 1 << 30 };

static uint32_t word32(Str s, bool big) {
    Reader r = reader_over(s);
    r.big_endian = big;
    return read_u32(&r);
}

Str object_view(const Object *o, uint64_t offset, uint64_t size) {
    if (offset >= o->bytes.len) return STR("");
    return (Str){o->bytes.ptr + offset, (size_t)MIN(size, o->bytes.len - offset)};
}

// A universal file holds one Mach-O file per architecture.
static Err choose_slice(Arena *a, Object *o) {
    enum { CPU_AMD64 = 0x01000007, CPU_ARM64 = 0x0100000c, ARCH_BYTES = 20 };
    Reader r = reader_over(o->bytes);
    r.big_endian = true;
    read_u32(&r);
    uint32_t n = read_count(&r, ARCH_BYTES);
    Str best = {0};
    int best_rank = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t cpu = read_u32(&r);
        read_u32(&r);
        uint32_t offset = read_u32(&r), size = read_u32(&r);
        read_u32(&r);
        int rank = cpu == CPU_AMD64 ? 3 : cpu == CPU_ARM64 ? 2 : 1;
        Str slice = object_view(o, offset, size);
        if (rank > best_rank && slice.len) {
            best_rank = rank;
            best = slice;
        }
    }
    TRY(reader_err(a, &r, "fat Mach-O header"));
    if (!best_rank) return err_new(a, ERR_FORMAT, 0, "fat Mach-O file without a usable slice");
    o->bytes = best;
    return macho_open(a, o);
}

Err object_open(Arena *a, Str bytes, Object *out) {
    enum { MACHO_MAGIC = 0xfeedface, FAT_MAGIC = 0xcafebabe };
    Object o = {.bytes = bytes};
    uint32_t le = word32(bytes, false), be = word32(bytes, true);
    if (bytes.len >= 4 && memcmp(bytes.ptr,
                                 "\x7f"
                                 "ELF",
                                 4) == 0) {
        TRY(elf_open(a, &o));
    } else if ((le & ~1u) == MACHO_MAGIC || (be & ~1u) == MACHO_MAGIC) {
        TRY(macho_open(a, &o));
    } else if (be == FAT_MAGIC) {
        TRY(choose_slice(a, &o));
    } else if (bytes.len >= 2 && memcmp(bytes.ptr, "MZ", 2) == 0) {
        TRY(pe_open(a, &o));
    } else {
        return err_new(a, ERR_FORMAT, 0, "unrecognized object file (not ELF, Mach-O or PE)");
    }
    *out = o;
    return NULL;
}

const char *object_arch_name(ObjectArch arch) {
    static const char *const names[] = {"",        "386",   "amd64",   "arm",     "arm64",
                                        "loong64", "ppc64", "ppc64le", "riscv64", "s390x"};
    return names[arch];
}

const char *object_format_name(ObjectFormat format) {
    static const char *const names[] = {"ELF", "Mach-O", "PE"};
    return names[format];
}

Err object_symbols(Arena *a, const Object *o, SymbolVec *out) {
    switch (o->format) {
    case OBJECT_ELF: return elf_symbols(a, o, out);
    case OBJECT_MACHO: return macho_symbols(a, o, out);
    case OBJECT_PE: return pe_symbols(a, o, out);
    }
    BUG("object format %d", o->format);
}

bool object_string(Str table, uint64_t at, Str *out) {
    if (at >= table.len) return false;
    const char *start = table.ptr + at, *nul = memchr(start, 0, table.len - at);
    if (!nul) return false;
    *out = (Str){start, (size_t)(nul - start)};
    return true;
}

Str object_field(Str field) {
    const char *nul = field.len ? memchr(field.ptr, 0, field.len) : NULL;
    return nul ? (Str){field.ptr, (size_t)(nul - field.ptr)} : field;
}

static int compare_u64(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

void object_sizes_from_addresses(Arena *a, SymbolVec *syms) {
    ArenaMark mark = arena_mark(a);
    uint64_t *addrs = NEW_ARRAY(a, uint64_t, syms->len ? syms->len : 1);
    for (uint32_t i = 0; i < syms->len; i++) addrs[i] = syms->v[i].addr;
    qsort(addrs, syms->len, sizeof *addrs, compare_u64);
    for (uint32_t i = 0; i < syms->len; i++) {
        uint32_t lo = 0, hi = syms->len; // first address above
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (addrs[mid] > syms->v[i].addr)
                hi = mid;
            else
                lo = mid + 1;
        }
        if (lo < syms->len) syms->v[i].size_bytes = addrs[lo] - syms->v[i].addr;
    }
    arena_pop_to(mark);
}

const Section *object_section(const Object *o, Str name) {
    for (uint32_t i = 0; i < o->sections.len; i++)
        if (str_eq(o->sections.v[i].name, name)) return &o->sections.v[i];
    return NULL;
}

const Section *object_section_at(const Object *o, uint64_t addr) {
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        if (s->loaded && addr >= s->addr && addr - s->addr < s->size_bytes) return s;
    }
    return NULL;
}

const Section *object_text(const Object *o) {
    return object_section(o, o->format == OBJECT_MACHO ? STR("__text") : STR(".text"));
}

Str object_bytes_from(const Object *o, uint64_t addr) {
    const Section *s = object_section_at(o, addr);
    return s ? str_from(s->data, (size_t)(addr - s->addr)) : STR("");
}

Str object_bytes_at(const Object *o, uint64_t addr, uint64_t size) {
    Str s = object_bytes_from(o, addr);
    return s.len >= size ? str_to(s, (size_t)size) : STR("");
}

unsigned object_pointer_bytes(const Object *o) { return o->is64 ? 8 : 4; }

uint64_t object_word(const Object *o, Str bytes, size_t at, unsigned size_bytes) {
    Reader r = reader_over(str_from(bytes, at));
    r.big_endian = o->big_endian;
    return read_word(&r, size_bytes);
}

static int compare_relative(const void *x, const void *y) {
    uint64_t a = ((const Relative *)x)->at, b = ((const Relative *)y)->at;
    return (a > b) - (a < b);
}

void object_sort_relatives(Object *o) {
    if (!o->relatives.len) return;
    qsort(o->relatives.v, o->relatives.len, sizeof *o->relatives.v, compare_relative);
}

// A relative relocation of the word at addr, if it has one.
static bool relocated(const Object *o, uint64_t addr, uint64_t *out) {
    uint32_t lo = 0, hi = o->relatives.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (o->relatives.v[mid].at < addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == o->relatives.len || o->relatives.v[lo].at != addr) return false;
    *out = o->relatives.v[lo].value;
    return true;
}

bool object_pointer_at(const Object *o, uint64_t addr, uint64_t *out) {
    if (relocated(o, addr, out)) return true;
    unsigned size = object_pointer_bytes(o);
    Str bytes = object_bytes_at(o, addr, size);
    if (!bytes.len) return false;
    *out = object_word(o, bytes, 0, size);
    return true;
}

static Err inflate_whole(Arena *a, Str in, uint64_t size, Str *out) {
    if (size > MAX_INFLATED || size / 1100 > in.len) // deflate cannot do better than 1032:1
        return err_new(a, ERR_LIMIT, 0, "compressed section claims %llu bytes",
                       (unsigned long long)size);
    char *to = arena_push(a, (size_t)size + 1, 1, 1);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    ASSERT(d);
    enum libdeflate_result how =
        libdeflate_zlib_decompress(d, in.ptr, in.len, to, (size_t)size, NULL);
    libdeflate_free_decompressor(d);
    if (how != LIBDEFLATE_SUCCESS)
        return err_new(a, ERR_FORMAT, 0, "compressed section does not unpack");
    *out = (Str){to, (size_t)size};
    return NULL;
}

typedef struct Packed { // a section's bytes: how they are packed, and how long they are unpacked
    Str bytes;
    uint64_t size;
    bool zlib, known;
} Packed;

static Packed packed_section(const Object *o, const Section *s) {
    enum { SHF_COMPRESSED = 0x800, ZLIB = 1 };
    Str d = s->data;
    if (o->format == OBJECT_PE && s->size_bytes && s->size_bytes < d.len)
        d = str_to(d, (size_t)s->size_bytes); // padded to the file's alignment
    if (o->format == OBJECT_ELF && s->flags & SHF_COMPRESSED) {
        size_t head = o->is64 ? 24 : 12;
        if (d.len < head || object_word(o, d, 0, 4) != ZLIB) return (Packed){0};
        uint64_t size = object_word(o, d, o->is64 ? 8 : 4, object_pointer_bytes(o));
        return (Packed){str_from(d, head), size, true, true};
    }
    if (d.len >= 12 && memcmp(d.ptr, "ZLIB", 4) == 0) {
        Reader r = reader_over(str_from(d, 4));
        r.big_endian = true;
        return (Packed){str_from(d, 12), read_u64(&r), true, true};
    }
    return (Packed){d, d.len, false, true};
}

uint64_t object_section_unpacked(const Object *o, const Section *s) {
    return packed_section(o, s).size;
}

Err object_section_data(Arena *a, const Object *o, const Section *s, Str *out) {
    Packed p = packed_section(o, s);
    if (!p.known)
        return err_new(a, ERR_FORMAT, s->file_offset,
                       "section " STR_FMT " is compressed in an unknown way", STR_ARG(s->name));
    if (p.zlib) return inflate_whole(a, p.bytes, p.size, out);
    *out = p.bytes;
    return NULL;
}

bool object_load_address(const Object *o, uint64_t *out) {
    if (o->format == OBJECT_PE) {
        *out = o->image_base;
        return true;
    }
    for (uint32_t i = 0; i < o->segments.len; i++) {
        const Segment *s = &o->segments.v[i];
        bool elf = o->format == OBJECT_ELF;
        if (elf ? !s->executable : !str_eq(s->name, STR("__TEXT"))) continue;
        *out = elf && s->align ? s->addr - s->addr % s->align : s->addr;
        return true;
    }
    return false;
}
