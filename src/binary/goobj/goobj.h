// binary/goobj: what the compiler and the assembler leave for the linker: archives (.a) and Go
// object files of Go 1.20 to 1.27. Owns     nothing: views into the bytes given; lists are in the
// arena. Failure  Err for what is no archive, no object file, or reaches past its end.
#ifndef HEAPWISE_BINARY_GOOBJ_GOOBJ_H
#define HEAPWISE_BINARY_GOOBJ_GOOBJ_H

#include "base/buf.h"
#include "binary/object/object.h"

typedef struct ArchiveMember {
    Str name;    // empty: the file itself is the object
    Str bytes;   // of a Go object: behind its text header
    Str arch;    // of a Go object: GOARCH
    Str version; // of a Go object: "go1.26.8"
    bool is_go;  // else an object file of the system's
} ArchiveMember;

typedef VEC(ArchiveMember) ArchiveMemberVec;

// An archive, or a Go object file by itself.
bool archive_is(Str bytes);
// Members that hold code: export data and marks for the linker are left out.
Err archive_members(Arena *a, Str bytes, ArchiveMemberVec *out);

enum { GOOBJ_BLOCKS = 19 };
typedef struct Goobj {
    Str bytes, arch;
    uint32_t block[GOOBJ_BLOCKS]; // where each begins; each ends where the next one begins
    uint32_t defined, nrefs;      // symbols of the four lists of definitions; then references
    uint32_t list[4];             // how many are in each list
    uint32_t minor;               // of the Go release that wrote it
} Goobj;

typedef struct GoobjSymbols {
    SymbolVec symbols; // as `go tool nm` lists them, unsorted; addresses are offsets in bytes
    U32Vec defs;       // of each: its definition + 1; 0: only referred to
} GoobjSymbols;

Err goobj_open(Arena *a, const ArchiveMember *m, Goobj *out);
Err goobj_symbols(Arena *a, const Goobj *o, GoobjSymbols *out);

typedef struct GoobjReloc {
    int32_t offset; // in the symbol
    uint8_t size;
    uint16_t type;
    int64_t add;
    uint32_t package, symbol;
} GoobjReloc;

uint32_t goobj_reloc_count(const Goobj *o, uint32_t def);
bool goobj_reloc(const Goobj *o, uint32_t def, uint32_t i, GoobjReloc *out);
// "[1:5]R_CALL:fmt.Println": place counted from `from`, an offset in the symbol.
void goobj_write_reloc(const Goobj *o, Buf *out, const GoobjReloc *r, int64_t from);

// File and line of an offset in the object's bytes, which most likely lies in definition def.
// False: no function there.
bool goobj_locate(const Goobj *o, uint32_t def, uint64_t pc, Str *file, int32_t *line);

#endif
