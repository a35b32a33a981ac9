// binary/dwarf: DWARF 4 and 5 as Go writes it, from any object format: units, package-level
// variables, types. Sections are unpacked into the arena; names are views into them. Failure  a
// program without DWARF is an Err; a broken unit is skipped and ends nothing else.
#ifndef HEAPWISE_BINARY_DWARF_DWARF_H
#define HEAPWISE_BINARY_DWARF_DWARF_H

#include "base/index.h"
#include "binary/object/object.h"

typedef struct DwarfAttr {
    uint32_t name, form;
    int64_t implicit; // of DW_FORM_implicit_const
} DwarfAttr;

typedef struct DwarfAbbrev {
    uint32_t tag;
    bool has_children, known;
    uint32_t attr_count;
    const DwarfAttr *attrs;
} DwarfAbbrev;

typedef struct DwarfAbbrevTable {
    uint64_t offset; // in .debug_abbrev
    VEC(DwarfAbbrev) by_code;
} DwarfAbbrevTable;

typedef struct DwarfUnit {
    uint64_t offset, dies, end; // in .debug_info: header, first entry, end
    uint16_t version;
    uint8_t addr_bytes, offset_bytes;
    const DwarfAbbrevTable *abbrevs;
    uint64_t addr_base;
    bool has_line;
    uint64_t line; // offset in .debug_line
    Str name;      // package path of a Go unit, file of a C unit
    uint32_t language;
} DwarfUnit;

typedef VEC(DwarfUnit) DwarfUnitVec;

typedef struct Dwarf {
    Arena *arena;
    bool big_endian;
    Str info, abbrev, str, line_str, addr, line, loclists, loc; // loc: lists of DWARF 4
    VEC(DwarfAbbrevTable *) tables;
    DwarfUnitVec units;
} Dwarf;

typedef struct DwarfVariable { // at a fixed address
    Str name;
    uint64_t addr, type; // type: an offset in .debug_info, 0 none
    uint32_t unit;
} DwarfVariable;

typedef VEC(DwarfVariable) DwarfVariableVec;

typedef struct DwarfTop { // one that stands directly below its unit, with all that is below it
    uint64_t offset, end; // in .debug_info
    uint64_t addr;        // of functions, 0 none
    // Where the first list of it or of what is below it stands in .debug_loclists (.debug_loc) and
    // .debug_rnglists (.debug_ranges); -1 none.
    uint64_t locations, ranges;
    Str name; // empty: none
    uint32_t tag;
} DwarfTop;

typedef VEC(DwarfTop) DwarfTopVec;
enum { DWARF_FUNCTION = 0x2e, DWARF_VARIABLE = 0x34, DWARF_CONSTANT = 0x27 };

// The functions .debug_frame describes: offset and length of each description, and the address.
typedef struct DwarfFrame {
    uint64_t offset, end, addr;
} DwarfFrame;

typedef VEC(DwarfFrame) DwarfFrameVec;

Err dwarf_open(Arena *a, const Object *o, Dwarf *out);
DwarfVariableVec dwarf_variables(Arena *a, const Dwarf *d);
DwarfTopVec dwarf_top_entries(Arena *a, const Dwarf *d, const DwarfUnit *u);
DwarfFrameVec dwarf_frames(Arena *a, const Object *o, Str section); // of .debug_frame, unpacked
Str dwarf_type_name(const Dwarf *d, uint64_t type);                 // empty: unnamed or broken
bool dwarf_type_size(const Dwarf *d, uint64_t type, uint64_t *out);

// What an entry says, as far as types need it. Types are offsets in .debug_info, 0 none.
typedef struct DwarfEntry {
    uint32_t tag;
    Str name;
    uint64_t offset, next; // next: behind its attributes, where its children begin
    uint64_t type, size_bytes, member_offset, count;
    uint64_t go_elem, go_key; // Go's own: of slices, maps and channels
    uint64_t go_runtime_type; // offset of its descriptor from runtime.types; 0 none
    uint8_t go_kind;          // reflect.Kind
    bool has_children, has_count;
} DwarfEntry;

enum {
    DWARF_ARRAY = 0x01,
    DWARF_MEMBER = 0x0d,
    DWARF_POINTER = 0x0f,
    DWARF_STRUCT = 0x13,
    DWARF_TYPEDEF = 0x16,
    DWARF_SUBRANGE = 0x21
};

// The entry at an offset; false: none, or the end of a list of children.
bool dwarf_entry(const Dwarf *d, uint64_t offset, DwarfEntry *out);
// A variable a function literal holds of its surroundings, and where in the closure.
typedef struct DwarfCapture {
    uint64_t function, offset, type;
    Str name;
} DwarfCapture;
typedef VEC(DwarfCapture) DwarfCaptureVec;
DwarfCaptureVec dwarf_captures(Arena *a, const Dwarf *d);

typedef struct DwarfFunction { // its code, and where its entry is
    uint64_t low, high, offset;
} DwarfFunction;
typedef VEC(DwarfFunction) DwarfFunctionVec;
DwarfFunctionVec dwarf_functions(Arena *a, const Dwarf *d); // by address

typedef struct DwarfLocal { // a parameter or variable that lies in its frame at some pc
    uint64_t type;
    int64_t offset;      // from the frame's canonical address
    uint64_t size_bytes; // of it that lies there; UINT64_MAX: all
} DwarfLocal;
typedef VEC(DwarfLocal) DwarfLocalVec;
// Those of a function and of what is inlined there whose place at pc is said (DWARF 5).
void dwarf_locals(Arena *a, const Dwarf *d, const DwarfFunction *f, uint64_t pc,
                  DwarfLocalVec *out);

// Structures of one unit by name ("runtime.mspan").
typedef struct DwarfStructs {
    const Dwarf *dwarf;
    StrMap places; // name -> place in offsets + 1
    VEC(uint64_t) offsets;
} DwarfStructs;
DwarfStructs dwarf_structs(Arena *a, const Dwarf *d, Str unit);
// Where a member lies: path "pages.summary" goes through embedded structures; an empty path asks
// for the structure's size.
bool dwarf_member(const DwarfStructs *s, Str name, Str path, uint64_t *out);

#endif
