// binary/object, shared by the readers of the three formats.
#ifndef HEAPWISE_BINARY_OBJECT_OBJECT_INTERNAL_H
#define HEAPWISE_BINARY_OBJECT_OBJECT_INTERNAL_H

#include "base/reader.h"
#include "binary/object/object.h"

Err elf_open(Arena *a, Object *o);
Err elf_symbols(Arena *a, const Object *o, SymbolVec *out);
Err macho_open(Arena *a, Object *o);
Err macho_symbols(Arena *a, const Object *o, SymbolVec *out);
// The pointers of chained fixups become o's relatives. Broken lists end where they break.
void macho_read_fixups(Arena *a, Object *o, Str fixups);
Err pe_open(Arena *a, Object *o);
Err pe_symbols(Arena *a, const Object *o, SymbolVec *out);

// The string at an offset of a table, up to its NUL; false: outside, or no NUL.
bool object_string(Str table, uint64_t at, Str *out);
// A fixed field that a NUL may end early.
Str object_field(Str field);
// Sizes of symbols that have none: up to the next higher address; 0 for the last.
void object_sizes_from_addresses(Arena *a, SymbolVec *syms);
void object_sort_relatives(Object *o);
// A view of the file; what lies past its end is cut off.
Str object_view(const Object *o, uint64_t offset, uint64_t size);

#endif
