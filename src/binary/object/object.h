// binary/object: ELF, Mach-O and PE files from bytes: headers, sections, segments, symbols.
// Owns     nothing: names and contents are views into the bytes given, which must outlive the
// Object. Units    addresses are those of the file as linked; sizes are bytes. Threads  an opened
// Object is read-only. Failure  Err for bytes that are no object file or whose headers do not fit
// the file. Counts are
//          bounded by the bytes there are, so a hostile header costs no memory.
#ifndef HEAPWISE_BINARY_OBJECT_OBJECT_H
#define HEAPWISE_BINARY_OBJECT_OBJECT_H

#include "base/err.h"
#include "base/vec.h"

typedef enum ObjectFormat { OBJECT_ELF, OBJECT_MACHO, OBJECT_PE } ObjectFormat;
typedef enum ObjectArch {
    OBJECT_OTHER_ARCH,
    OBJECT_386,
    OBJECT_AMD64,
    OBJECT_ARM,
    OBJECT_ARM64,
    OBJECT_LOONG64,
    OBJECT_PPC64,
    OBJECT_PPC64LE,
    OBJECT_RISCV64,
    OBJECT_S390X
} ObjectArch;

typedef struct Section {
    Str name;
    Str segment;          // Mach-O
    uint64_t addr;        // 0 when not loaded
    uint64_t size_bytes;  // in memory, or in the file for a section that is not loaded
    uint64_t file_offset; // of data
    uint32_t type, link;  // ELF
    uint64_t flags;       // the format's own bits
    bool loaded, writable, executable;
    bool has_data; // false: no bytes in the file (BSS)
    Str data;      // the bytes in the file; a compressed section's are still compressed
} Section;

typedef struct Segment { // what the loader maps
    Str name;            // Mach-O
    uint64_t addr, size_bytes, align;
    uint64_t file_offset, file_bytes;
    bool readable, writable, executable;
} Segment;

typedef struct Symbol {
    Str name;
    uint64_t addr, size_bytes; // as Go's tools count: Mach-O and PE symbols reach to the next one
    uint32_t section;          // place in sections + 1; 0 is none
    char code;                 // nm's letter, as Go's nm gives it
} Symbol;

typedef struct Relative { // a pointer the loader fills in
    uint64_t at, value;
} Relative;

typedef VEC(Relative) RelativeVec;
typedef VEC(Section) SectionVec;
typedef VEC(Segment) SegmentVec;
typedef VEC(Symbol) SymbolVec;

typedef struct Object {
    ObjectFormat format;
    ObjectArch arch;
    Str bytes;
    bool is64, big_endian;
    bool position_independent;
    uint64_t image_base; // PE
    SectionVec sections;
    SegmentVec segments;
    Str symbol_bytes, string_bytes; // PE and Mach-O tables; ELF finds its own
    Str rebase_bytes, signature;    // Mach-O: which words the loader moves; hashes of the pages
    uint32_t symbol_count;
    bool has_symbols;
    RelativeVec relatives; // of ELF PIE and chained fixups, by address
} Object;

// A fat Mach-O file gives its slice for amd64, else arm64, else the first.
Err object_open(Arena *a, Str bytes, Object *out);
const char *object_arch_name(ObjectArch arch); // GOARCH, "" for others
const char *object_format_name(ObjectFormat format);

// The symbol table in file order, without the null entry. No table: an error saying "no symbol
// section" (ELF) or an empty list (Mach-O, PE), as Go's debug packages have it.
Err object_symbols(Arena *a, const Object *o, SymbolVec *out);

const Section *object_section(const Object *o, Str name); // first of that name, NULL
// The section an address lies in, NULL.
const Section *object_section_at(const Object *o, uint64_t addr);
// size bytes of the image at addr as the file has them; empty when they are not (all) in the file.
Str object_bytes_at(const Object *o, uint64_t addr, uint64_t size);
// From addr to the end of the file's bytes of that section.
Str object_bytes_from(const Object *o, uint64_t addr);
// A pointer-sized word at addr, with the loader's relocation applied.
bool object_pointer_at(const Object *o, uint64_t addr, uint64_t *out);
uint64_t object_word(const Object *o, Str bytes, size_t at, unsigned size_bytes); // 0 past the end
unsigned object_pointer_bytes(const Object *o);
// The address symbols and Go's tables count the code from: where .text starts; 0 none.
const Section *object_text(const Object *o);
// The aligned address where what holds the code is mapped, as cmd/internal/objfile gives it: a
// running program's addresses are off by where that lies there. False: not known.
bool object_load_address(const Object *o, uint64_t *out);
// A section's bytes, inflated when compressed (SHF_COMPRESSED, .zdebug_ and PE's zlib form).
Err object_section_data(Arena *a, const Object *o, const Section *s, Str *out);
// How long those are; 0: packed in a way we do not know.
uint64_t object_section_unpacked(const Object *o, const Section *s);

#endif
