// binary/object: PE, the executables of Windows. The format is Microsoft's PE/COFF specification.
#include <string.h>

#include "binary/object/object_internal.h"

enum { SYMBOL_BYTES = 18, SECTION_BYTES = 40 };
enum { SCN_CODE = 0x20, SCN_DATA = 0x40, SCN_BSS = 0x80, SCN_EXEC = 0x20000000 };
#define SCN_WRITE 0x80000000u

static ObjectArch arch_of(uint16_t machine) {
    switch (machine) {
    case 0x14c: return OBJECT_386;
    case 0x8664: return OBJECT_AMD64;
    case 0xaa64: return OBJECT_ARM64;
    default: return OBJECT_OTHER_ARCH;
    }
}

// Behind the symbols: a length that includes itself, then the strings.
static Str string_table(const Object *o, uint32_t symbols, uint32_t n) {
    uint64_t at = symbols + (uint64_t)n * SYMBOL_BYTES;
    Str head = object_view(o, at, 4);
    if (!symbols || head.len < 4) return STR("");
    return object_view(o, at, object_word(o, head, 0, 4));
}

// Offsets count from the length field.
static bool table_string(const Object *o, uint64_t at, Str *out) {
    if (at < 4 || at > o->string_bytes.len) return false;
    *out = object_field(str_from(o->string_bytes, (size_t)at));
    return true;
}

static Err section_name(Arena *a, const Object *o, Str field, Str *out) {
    *out = object_field(field);
    uint64_t at;
    if (!out->len || out->ptr[0] != '/' || !str_to_u64(str_from(*out, 1), &at)) return NULL;
    if (!table_string(o, at, out))
        return err_new(a, ERR_FORMAT, 0, "name of a PE section lies outside the string table");
    return NULL;
}

static Err read_sections(Arena *a, Object *o, Reader *r, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        Section s = {.loaded = true};
        Str name = read_bytes(r, 8);
        if (r->failed) break;
        TRY(section_name(a, o, name, &s.name));
        uint32_t virtual_bytes = read_u32(r);
        s.addr = o->image_base + read_u32(r);
        uint32_t raw_bytes = read_u32(r);
        s.file_offset = read_u32(r);
        read_bytes(r, 12);
        s.flags = read_u32(r);
        if (r->failed) break;
        s.size_bytes = virtual_bytes ? virtual_bytes : raw_bytes;
        s.writable = s.flags & SCN_WRITE;
        s.executable = s.flags & SCN_EXEC;
        s.has_data = s.file_offset != 0;
        if (s.has_data) s.data = object_view(o, s.file_offset, raw_bytes);
        if (s.has_data && s.data.len < raw_bytes)
            return err_new(a, ERR_TRUNCATED, s.file_offset,
                           "PE section " STR_FMT " reaches past the end of the file",
                           STR_ARG(s.name));
        if (str_starts(s.name, STR(".debug_")) || str_starts(s.name, STR(".zdebug_")) ||
            str_eq(s.name, STR(".symtab")))
            s.loaded = false;
        vec_push(a, &o->sections, s);
    }
    return reader_err(a, r, "PE section headers");
}

static Err read_optional(Arena *a, Object *o, Reader *r, uint16_t size) {
    enum { PE32 = 0x10b, PE32_PLUS = 0x20b };
    Reader h = reader_over(read_bytes(r, size));
    if (size == 0) return reader_err(a, r, "PE header");
    uint16_t magic = read_u16(&h);
    if (magic != PE32 && magic != PE32_PLUS)
        return err_new(a, ERR_FORMAT, 0, "optional header of PE has unexpected magic of 0x%x",
                       magic);
    o->is64 = magic == PE32_PLUS;
    read_bytes(&h, o->is64 ? 22 : 26);
    o->image_base = o->is64 ? read_u64(&h) : read_u32(&h);
    return reader_err(a, &h, "PE optional header");
}

Err pe_open(Arena *a, Object *o) {
    o->format = OBJECT_PE;
    Reader r = reader_over(o->bytes);
    reader_seek(&r, 0x3c);
    uint32_t at = read_u32(&r);
    reader_seek(&r, at);
    Str signature = read_bytes(&r, 4);
    if (r.failed || memcmp(signature.ptr, "PE\0\0", 4) != 0)
        return err_new(a, ERR_FORMAT, at, "invalid PE file signature");
    o->arch = arch_of(read_u16(&r));
    uint16_t sections = read_u16(&r);
    read_u32(&r);
    uint32_t symbols = read_u32(&r);
    o->symbol_count = read_u32(&r);
    uint16_t optional = read_u16(&r);
    read_u16(&r);
    TRY(reader_err(a, &r, "PE header"));
    o->string_bytes = string_table(o, symbols, o->symbol_count);
    uint64_t bytes = (uint64_t)o->symbol_count * SYMBOL_BYTES;
    o->symbol_bytes = symbols ? object_view(o, symbols, bytes) : STR("");
    if (symbols && o->symbol_bytes.len < bytes)
        return err_new(a, ERR_TRUNCATED, symbols,
                       "PE symbol table reaches past the end of the file");
    if (!symbols) o->symbol_count = 0;
    o->has_symbols = o->symbol_count > 0;
    TRY(read_optional(a, o, &r, optional));
    o->position_independent = true;
    return read_sections(a, o, &r, sections);
}

static char letter(const Section *s) {
    if (s->flags & SCN_CODE) return 'T';
    if (s->flags & SCN_DATA) return s->writable ? 'D' : 'R';
    return s->flags & SCN_BSS ? 'B' : '?';
}

static Err symbol_name(Arena *a, const Object *o, Str field, Str *out) {
    *out = object_field(field);
    uint64_t at = object_word(o, field, 4, 4);
    if (object_word(o, field, 0, 4) != 0 || at == 0) return NULL;
    if (!table_string(o, at, out))
        return err_new(a, ERR_FORMAT, 0, "name of a PE symbol lies outside the string table");
    return NULL;
}

Err pe_symbols(Arena *a, const Object *o, SymbolVec *out) {
    enum { ABSOLUTE = -1, DEBUG = -2 };
    SymbolVec syms = {0};
    Reader r = reader_over(o->symbol_bytes);
    for (uint32_t i = 0; i < o->symbol_count; i++) {
        Symbol s = {0};
        TRY(symbol_name(a, o, read_bytes(&r, 8), &s.name));
        s.addr = read_u32(&r);
        int16_t number = (int16_t)read_u16(&r);
        read_bytes(&r, 3);
        uint8_t more = read_u8(&r);
        read_bytes(&r, (size_t)more * SYMBOL_BYTES);
        i += more;
        TRY(reader_err(a, &r, "PE symbol table"));
        s.code = number == 0 ? 'U' : number == ABSOLUTE ? 'C' : '?';
        if (number != 0 && number != ABSOLUTE && number != DEBUG) {
            if (number < 0 || (uint32_t)number > o->sections.len)
                return err_new(a, ERR_FORMAT, 0, "invalid section number in symbol table");
            s.section = (uint32_t)number;
            s.code = letter(&o->sections.v[number - 1]);
            s.addr += o->sections.v[number - 1].addr;
        }
        vec_push(a, &syms, s);
    }
    object_sizes_from_addresses(a, &syms);
    *out = syms;
    return NULL;
}
