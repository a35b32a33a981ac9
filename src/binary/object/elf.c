// binary/object: ELF. The format is that of the System V gABI; what counts as which nm letter
// is Go's.
#include <stdlib.h>
#include <string.h>

#include "binary/object/object_internal.h"

enum { SHT_SYMTAB = 2, SHT_STRTAB = 3, SHT_RELA = 4, SHT_NOBITS = 8 };
enum { SHF_WRITE = 1, SHF_ALLOC = 2, SHF_EXEC = 4 };
enum { PT_LOAD = 1, ET_DYN = 3, SHN_COMMON = 0xfff2, SHN_XINDEX = 0xffff };

typedef struct ElfHeader {
    uint16_t type, machine;
    uint64_t phoff, shoff;
    uint32_t phentsize, phnum, shentsize, shnum, shstrndx;
} ElfHeader;

static ObjectArch arch_of(uint16_t machine, const Object *o) {
    switch (machine) {
    case 3: return OBJECT_386;
    case 62: return OBJECT_AMD64;
    case 40: return OBJECT_ARM;
    case 183: return OBJECT_ARM64;
    case 258: return OBJECT_LOONG64;
    case 21: return o->big_endian ? OBJECT_PPC64 : OBJECT_PPC64LE;
    case 243: return o->is64 ? OBJECT_RISCV64 : OBJECT_OTHER_ARCH;
    case 22: return OBJECT_S390X;
    default: return OBJECT_OTHER_ARCH;
    }
}

static uint64_t read_addr(Reader *r, const Object *o) { return read_word(r, o->is64 ? 8 : 4); }

static Reader reader_at(const Object *o, uint64_t at) {
    Reader r = reader_over(o->bytes);
    r.big_endian = o->big_endian;
    reader_seek(&r, at > o->bytes.len ? o->bytes.len + 1 : (size_t)at);
    return r;
}

static Err read_header(Arena *a, Object *o, ElfHeader *out) {
    Reader r = reader_over(o->bytes);
    Str ident = read_bytes(&r, 16);
    if (ident.len < 16) return err_new(a, ERR_TRUNCATED, 0, "ELF file ends in its header");
    uint8_t class = (uint8_t)ident.ptr[4], order = (uint8_t)ident.ptr[5];
    if (class != 1 && class != 2) return err_new(a, ERR_FORMAT, 4, "unknown ELF class %u", class);
    if (order != 1 && order != 2)
        return err_new(a, ERR_FORMAT, 5, "unknown ELF data encoding %u", order);
    if (ident.ptr[6] != 1)
        return err_new(a, ERR_FORMAT, 6, "unknown ELF version %u", (uint8_t)ident.ptr[6]);
    o->is64 = class == 2;
    o->big_endian = r.big_endian = order == 2;
    ElfHeader h = {0};
    h.type = read_u16(&r);
    h.machine = read_u16(&r);
    read_u32(&r);
    read_addr(&r, o);
    h.phoff = read_addr(&r, o);
    h.shoff = read_addr(&r, o);
    read_u32(&r);
    read_u16(&r);
    h.phentsize = read_u16(&r);
    h.phnum = read_u16(&r);
    h.shentsize = read_u16(&r);
    h.shnum = read_u16(&r);
    h.shstrndx = read_u16(&r);
    TRY(reader_err(a, &r, "ELF header"));
    *out = h;
    return NULL;
}

// With 0xff00 sections or more, the true counts stand in the first section header.
static void read_large_counts(const Object *o, ElfHeader *h) {
    if (h->shnum || !h->shoff) return;
    Reader r = reader_at(o, h->shoff + (o->is64 ? 32 : 20));
    uint64_t n = read_addr(&r, o);
    uint32_t link = read_u32(&r);
    if (r.failed) return;
    h->shnum = (uint32_t)MIN(n, (uint64_t)UINT32_MAX);
    if (h->shstrndx == SHN_XINDEX) h->shstrndx = link;
}

// A table of n headers, which must lie in the file whole.
typedef struct Table {
    uint64_t at, n;
    uint32_t entry, want; // bytes per entry: said, and needed
} Table;

static Err check_table(Arena *a, const Object *o, Table t) {
    if (t.n == 0) return NULL;
    if (t.entry < t.want)
        return err_new(a, ERR_FORMAT, t.at, "ELF header entries of %u bytes", t.entry);
    if (t.at > o->bytes.len || t.n * t.entry > o->bytes.len - t.at)
        return err_new(a, ERR_TRUNCATED, t.at, "ELF header table reaches past the end of the file");
    return NULL;
}

static Err read_segments(Arena *a, Object *o, const ElfHeader *h) {
    TRY(check_table(a, o, (Table){h->phoff, h->phnum, h->phentsize, o->is64 ? 56 : 32}));
    for (uint32_t i = 0; i < h->phnum; i++) {
        Reader r = reader_at(o, h->phoff + (uint64_t)i * h->phentsize);
        uint32_t type = read_u32(&r), flags = 0;
        if (o->is64) flags = read_u32(&r);
        Segment s = {0};
        s.file_offset = read_addr(&r, o);
        s.addr = read_addr(&r, o);
        read_addr(&r, o);
        s.file_bytes = read_addr(&r, o);
        s.size_bytes = read_addr(&r, o);
        if (!o->is64) flags = read_u32(&r);
        s.align = read_addr(&r, o);
        s.executable = flags & 1;
        s.writable = flags & 2;
        s.readable = flags & 4;
        if (type == PT_LOAD) vec_push(a, &o->segments, s);
    }
    return NULL;
}

static Section read_section(const Object *o, const ElfHeader *h, uint32_t i, uint32_t *name) {
    Reader r = reader_at(o, h->shoff + (uint64_t)i * h->shentsize);
    Section s = {0};
    *name = read_u32(&r);
    s.type = read_u32(&r);
    s.flags = read_addr(&r, o);
    s.addr = read_addr(&r, o);
    s.file_offset = read_addr(&r, o);
    s.size_bytes = read_addr(&r, o);
    s.link = read_u32(&r);
    s.loaded = s.flags & SHF_ALLOC;
    s.writable = s.flags & SHF_WRITE;
    s.executable = s.flags & SHF_EXEC;
    s.has_data = s.type != SHT_NOBITS && s.type != 0;
    if (s.has_data) s.data = object_view(o, s.file_offset, s.size_bytes);
    return s;
}

static Err read_sections(Arena *a, Object *o, const ElfHeader *h) {
    TRY(check_table(a, o, (Table){h->shoff, h->shnum, h->shentsize, o->is64 ? 64 : 40}));
    if (h->shnum && h->shstrndx >= h->shnum)
        return err_new(a, ERR_FORMAT, 0, "invalid ELF section name table %u", h->shstrndx);
    Str names = STR("");
    for (int pass = 0; pass < 2; pass++) { // names need the table, the table needs its header
        for (uint32_t i = 0; i < h->shnum; i++) {
            uint32_t name;
            Section s = read_section(o, h, i, &name);
            if (pass == 0) {
                if (i == h->shstrndx && s.type == SHT_STRTAB) names = s.data;
                continue;
            }
            if (names.len && !object_string(names, name, &s.name))
                return err_new(a, ERR_FORMAT, h->shoff, "bad name of ELF section %u", i);
            if (s.has_data && s.data.len < s.size_bytes)
                return err_new(a, ERR_TRUNCATED, s.file_offset,
                               "ELF section " STR_FMT " reaches past the end of the file",
                               STR_ARG(s.name));
            vec_push(a, &o->sections, s);
        }
    }
    return NULL;
}

// What the loader writes into a word: an address of the image, or of a symbol that a plugin or a
// shared library has for others as well. False: another kind, or a symbol from elsewhere.
static bool relative_value(const Object *o, const Section *symbols, uint64_t info,
                           uint64_t *value) {
    enum { AMD64_ADDRESS = 1, AMD64_RELATIVE = 8, ARM64_ADDRESS = 257, ARM64_RELATIVE = 1027 };
    enum { SYMBOL_BYTES = 24, SECTION_AT = 6, VALUE_AT = 8 };
    bool amd64 = o->arch == OBJECT_AMD64;
    uint32_t kind = (uint32_t)info;
    if (kind == (amd64 ? AMD64_RELATIVE : ARM64_RELATIVE)) return true;
    if (kind != (amd64 ? AMD64_ADDRESS : ARM64_ADDRESS)) return false;
    uint64_t at = (info >> 32) * SYMBOL_BYTES;
    if (at + SYMBOL_BYTES > symbols->data.len) return false;
    *value += object_word(o, symbols->data, (size_t)at + VALUE_AT, 8);
    return object_word(o, symbols->data, (size_t)at + SECTION_AT, 2) != 0;
}

// The pointers of a position-independent image.
static void read_relatives(Arena *a, Object *o) {
    enum { RELA_BYTES = 24 };
    bool known = o->arch == OBJECT_AMD64 || o->arch == OBJECT_ARM64;
    if (!o->position_independent || !o->is64 || !known) return;
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        if (s->type != SHT_RELA || !s->loaded || s->link >= o->sections.len) continue;
        Reader r = reader_over(s->data);
        r.big_endian = o->big_endian;
        for (size_t n = s->data.len / RELA_BYTES; n; n--) {
            Relative rel = {.at = read_u64(&r)};
            uint64_t info = read_u64(&r);
            rel.value = read_u64(&r);
            if (relative_value(o, &o->sections.v[s->link], info, &rel.value))
                vec_push(a, &o->relatives, rel);
        }
    }
    object_sort_relatives(o);
}

Err elf_open(Arena *a, Object *o) {
    ElfHeader h = {0};
    o->format = OBJECT_ELF;
    TRY(read_header(a, o, &h));
    o->arch = arch_of(h.machine, o);
    o->position_independent = h.type == ET_DYN;
    read_large_counts(o, &h);
    TRY(read_segments(a, o, &h));
    TRY(read_sections(a, o, &h));
    read_relatives(a, o);
    for (uint32_t i = 0; i < o->sections.len; i++)
        o->has_symbols |= o->sections.v[i].type == SHT_SYMTAB;
    return NULL;
}

static char letter(const Object *o, uint32_t index, uint8_t info) {
    char code = '?';
    if (index == 0)
        code = 'U';
    else if (index == SHN_COMMON)
        code = 'B';
    else if (index < o->sections.len) {
        switch (o->sections.v[index].flags & (SHF_WRITE | SHF_ALLOC | SHF_EXEC)) {
        case SHF_ALLOC | SHF_EXEC: code = 'T'; break;
        case SHF_ALLOC: code = 'R'; break;
        case SHF_ALLOC | SHF_WRITE: code = 'D'; break;
        default: break;
        }
    }
    bool local = info >> 4 == 0;
    return (char)(local ? code + 32 : code); // '?' becomes '_', as in Go
}

static Symbol read_symbol(Reader *r, const Object *o, Str strings) {
    uint32_t name = read_u32(r), index;
    uint8_t info;
    Symbol s = {0};
    if (o->is64) {
        info = read_u8(r);
        read_u8(r);
        index = read_u16(r);
        s.addr = read_u64(r);
        s.size_bytes = read_u64(r);
    } else {
        s.addr = read_u32(r);
        s.size_bytes = read_u32(r);
        info = read_u8(r);
        read_u8(r);
        index = read_u16(r);
    }
    object_string(strings, name, &s.name);
    s.code = letter(o, index, info);
    s.section = index && index < o->sections.len ? index + 1 : 0;
    return s;
}

Err elf_symbols(Arena *a, const Object *o, SymbolVec *out) {
    const Section *table = NULL;
    for (uint32_t i = 0; i < o->sections.len && !table; i++)
        if (o->sections.v[i].type == SHT_SYMTAB) table = &o->sections.v[i];
    if (!table || !table->data.len) return err_new(a, ERR_FORMAT, 0, "no symbol section");
    size_t entry = o->is64 ? 24 : 16;
    if (table->data.len % entry)
        return err_new(a, ERR_FORMAT, table->file_offset,
                       "length of symbol section is not a multiple of %zu", entry);
    if (table->link == 0 || table->link >= o->sections.len)
        return err_new(a, ERR_FORMAT, table->file_offset,
                       "cannot load string table section: section has invalid string table link");
    Str strings = o->sections.v[table->link].data;
    SymbolVec syms = {0};
    size_t n = table->data.len / entry - 1;
    syms.v = NEW_ARRAY(a, Symbol, n ? n : 1);
    syms.cap = (uint32_t)n;
    Reader r = reader_over(str_from(table->data, entry));
    r.big_endian = o->big_endian;
    for (size_t i = 0; i < n; i++) syms.v[syms.len++] = read_symbol(&r, o, strings);
    *out = syms;
    return NULL;
}
