// binary/object: Mach-O, 32 and 64 bits. The format is that of <mach-o/loader.h>.
#include <string.h>

#include "binary/object/object_internal.h"

enum { LC_SEGMENT = 0x1, LC_SYMTAB = 0x2, LC_SEGMENT_64 = 0x19 };
enum { LC_CODE_SIGNATURE = 0x1d, LC_DYLD_INFO = 0x22, LC_DYLD_CHAINED_FIXUPS = 0x34 };
enum { LC_REQUIRED = (int)0x80000000 };
enum { CPU_386 = 7, CPU_ARM = 12, CPU_PPC = 18, CPU_64 = 0x01000000, MH_PIE = 0x200000 };
enum { SECTION_TYPE = 0xff, ZEROFILL = 1, GB_ZEROFILL = 12, THREAD_ZEROFILL = 18 };
enum { STAB_MASK = 0xe0 };

static ObjectArch arch_of(uint32_t cpu) {
    switch (cpu) {
    case CPU_386: return OBJECT_386;
    case CPU_386 | CPU_64: return OBJECT_AMD64;
    case CPU_ARM: return OBJECT_ARM;
    case CPU_ARM | CPU_64: return OBJECT_ARM64;
    case CPU_PPC | CPU_64: return OBJECT_PPC64;
    default: return OBJECT_OTHER_ARCH;
    }
}

static uint64_t read_addr(Reader *r, const Object *o) { return read_word(r, o->is64 ? 8 : 4); }

static Section read_section(Reader *r, const Object *o, const Segment *seg) {
    Section s = {.loaded = true, .writable = seg->writable};
    s.name = object_field(read_bytes(r, 16));
    s.segment = object_field(read_bytes(r, 16));
    s.addr = read_addr(r, o);
    s.size_bytes = read_addr(r, o);
    s.file_offset = read_u32(r);
    read_u32(r);
    read_u32(r);
    read_u32(r);
    s.flags = read_u32(r);
    read_bytes(r, o->is64 ? 12 : 8);
    uint32_t type = s.flags & SECTION_TYPE;
    s.has_data = type != ZEROFILL && type != GB_ZEROFILL && type != THREAD_ZEROFILL;
    if (s.has_data) s.data = object_view(o, s.file_offset, s.size_bytes);
    s.executable = s.flags & 0x80000400; // some or only instructions
    if (str_eq(s.segment, STR("__DWARF"))) s.loaded = false;
    return s;
}

static Err read_segment(Arena *a, Object *o, Reader *r) {
    Segment seg = {.align = 4096};
    seg.name = object_field(read_bytes(r, 16));
    seg.addr = read_addr(r, o);
    seg.size_bytes = read_addr(r, o);
    seg.file_offset = read_addr(r, o);
    seg.file_bytes = read_addr(r, o);
    read_u32(r);
    uint32_t protection = read_u32(r);
    seg.readable = protection & 1;
    seg.writable = protection & 2;
    seg.executable = protection & 4;
    uint32_t n = read_count(r, o->is64 ? 80 : 68);
    read_u32(r);
    // read_count sees the whole file behind the command; each section below is checked again.
    for (uint32_t i = 0; i < n && !r->failed; i++) {
        Section s = read_section(r, o, &seg);
        if (s.has_data && s.data.len < s.size_bytes)
            return err_new(a, ERR_TRUNCATED, s.file_offset,
                           "Mach-O section " STR_FMT " reaches past the end of the file",
                           STR_ARG(s.name));
        vec_push(a, &o->sections, s);
    }
    TRY(reader_err(a, r, "Mach-O segment"));
    vec_push(a, &o->segments, seg);
    return NULL;
}

static Err read_symtab(Arena *a, Object *o, Reader *r) {
    uint32_t at = read_u32(r), n = read_u32(r), strings = read_u32(r), string_bytes = read_u32(r);
    TRY(reader_err(a, r, "Mach-O symbol table command"));
    size_t entry = o->is64 ? 16 : 12;
    o->symbol_bytes = object_view(o, at, (uint64_t)n * entry);
    o->string_bytes = object_view(o, strings, string_bytes);
    if (o->symbol_bytes.len < (uint64_t)n * entry || o->string_bytes.len < string_bytes)
        return err_new(a, ERR_TRUNCATED, at,
                       "Mach-O symbol table reaches past the end of the file");
    o->symbol_count = n;
    o->has_symbols = true;
    return NULL;
}

// An offset and a length; what does not lie in the file is left empty: nothing else depends on it.
static Str read_place(Reader *r, const Object *o) {
    uint32_t at = read_u32(r), bytes = read_u32(r);
    return object_view(o, at, bytes);
}

static Err read_command(Arena *a, Object *o, Reader *c, uint32_t kind, Str *fixups) {
    switch (kind) {
    case LC_SEGMENT:
    case LC_SEGMENT_64: return read_segment(a, o, c);
    case LC_SYMTAB: return read_symtab(a, o, c);
    case LC_DYLD_INFO:
    case LC_DYLD_INFO | (uint32_t)LC_REQUIRED: o->rebase_bytes = read_place(c, o); return NULL;
    case LC_DYLD_CHAINED_FIXUPS | (uint32_t)LC_REQUIRED: *fixups = read_place(c, o); return NULL;
    case LC_CODE_SIGNATURE: o->signature = read_place(c, o); return NULL;
    default: return NULL;
    }
}

Err macho_open(Arena *a, Object *o) {
    Reader r = reader_over(o->bytes);
    o->format = OBJECT_MACHO;
    uint32_t magic = read_u32(&r);
    if ((magic & ~1u) != 0xfeedface) {
        o->big_endian = r.big_endian = true;
        reader_seek(&r, 0);
        magic = read_u32(&r);
        if ((magic & ~1u) != 0xfeedface)
            return err_new(a, ERR_FORMAT, 0, "no Mach-O file in the fat file's slice");
    }
    o->is64 = magic & 1;
    o->arch = arch_of(read_u32(&r));
    read_u32(&r);
    read_u32(&r);
    uint32_t n = read_u32(&r), bytes = read_u32(&r);
    o->position_independent = read_u32(&r) & MH_PIE;
    if (o->is64) read_u32(&r);
    Str commands = read_bytes(&r, bytes), fixups = STR("");
    TRY(reader_err(a, &r, "Mach-O header"));
    for (uint32_t i = 0; i < n; i++) {
        Reader c = reader_over(commands);
        c.big_endian = o->big_endian;
        uint32_t kind = read_u32(&c), size = read_u32(&c);
        if (c.failed || size < 8 || size > commands.len)
            return err_new(a, ERR_FORMAT, r.at, "invalid size of Mach-O load command %u", i);
        c.in = str_to(commands, size);
        TRY(read_command(a, o, &c, kind, &fixups));
        commands = str_from(commands, size);
    }
    macho_read_fixups(a, o, fixups);
    return NULL;
}

static char letter(const Object *o, uint8_t sect) {
    if (sect == 0) return 'U';
    if (sect > o->sections.len) return '?';
    const Section *s = &o->sections.v[sect - 1];
    char code = '?';
    if (str_eq(s->segment, STR("__TEXT")) || str_eq(s->segment, STR("__DATA_CONST"))) code = 'R';
    if (str_eq(s->segment, STR("__DATA"))) code = 'D';
    if (str_eq(s->segment, STR("__TEXT")) && str_eq(s->name, STR("__text"))) code = 'T';
    if (code == 'D' && (str_eq(s->name, STR("__bss")) || str_eq(s->name, STR("__noptrbss"))))
        code = 'B';
    return code;
}

Err macho_symbols(Arena *a, const Object *o, SymbolVec *out) {
    Reader r = reader_over(o->symbol_bytes);
    r.big_endian = o->big_endian;
    SymbolVec syms = {0};
    for (uint32_t i = 0; i < o->symbol_count; i++) {
        uint32_t name = read_u32(&r);
        uint8_t type = read_u8(&r), sect = read_u8(&r);
        read_u16(&r);
        Symbol s = {.addr = read_addr(&r, o), .code = letter(o, sect)};
        if (name >= o->string_bytes.len)
            return err_new(a, ERR_FORMAT, 0, "invalid name in symbol table (%u)", name);
        if (type & STAB_MASK) continue; // debug entries
        s.name = object_field(str_from(o->string_bytes, name));
        // The linker puts "_" before Go's names.
        if (s.name.len && s.name.ptr[0] == '_' && str_find_byte(s.name, '.') != STR_NONE)
            s.name = str_from(s.name, 1);
        s.section = sect <= o->sections.len ? sect : 0;
        vec_push(a, &syms, s);
    }
    object_sizes_from_addresses(a, &syms);
    *out = syms;
    return NULL;
}
