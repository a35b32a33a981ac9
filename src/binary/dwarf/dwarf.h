// binary/dwarf: DWARF 4 and 5 as Go writes it, from any object format: units, package-level
// variables, types. Sections are unpacked into the arena; names are views into them. Failure  a
// program without DWARF is an Err; a broken unit is skipped and ends nothing else.
#ifndef HEAPWISE_BINARY_DWARF_DWARF_H
#define HEAPWISE_BINARY_DWARF_DWARF_H

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
    Str info, abbrev, str, line_str, addr;
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

#endif
