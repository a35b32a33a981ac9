// binary/pclntab: the runtime's table of functions and lines (.gopclntab), formats 1.2 to 1.27.
// Owns     nothing: a Pclntab is views into the table's bytes.
// Failure  a table whose header does not fit is an Err; a broken entry reads as "no line", as in
// Go.
#ifndef HEAPWISE_BINARY_PCLNTAB_PCLNTAB_H
#define HEAPWISE_BINARY_PCLNTAB_PCLNTAB_H

#include "binary/object/object.h"

typedef enum PclnVersion { PCLN_12, PCLN_116, PCLN_118, PCLN_120 } PclnVersion;

typedef struct Pclntab {
    PclnVersion version;
    bool big_endian;
    unsigned pointer_bytes, quantum;
    uint64_t text; // what function addresses count from (1.18 on)
    uint32_t func_count, file_count;
    Str data;                                      // the whole table
    Str names, units, files, values, funcs, index; // units: file numbers per compilation unit
} Pclntab;

typedef struct PclnFunc {
    uint32_t index;
    uint64_t entry, end; // end: where the next function starts
    Str name;
    uint32_t name_offset, pcsp, pcfile, pcln, pcdata_count, unit, start_line, deferreturn;
    int32_t args_bytes;
    uint8_t id, flags, funcdata_count;
    size_t offset;       // of its record in funcs
    size_t record_bytes; // with its pcdata and funcdata words
} PclnFunc;

Err pclntab_open(Arena *a, Str data, uint64_t text, Pclntab *out);
// Where the table of an object is, and what its addresses count from; works without symbols.
Err pclntab_find(Arena *a, const Object *o, const SymbolVec *syms, Pclntab *out);

uint64_t pclntab_entry(const Pclntab *t, uint32_t i); // i == func_count: the end of the last one
bool pclntab_func(const Pclntab *t, uint32_t i, PclnFunc *out);
bool pclntab_func_at(const Pclntab *t, uint64_t pc, PclnFunc *out);
Str pclntab_file(const Pclntab *t, const PclnFunc *f, int32_t number); // empty: none
// Words of a function's variable part; UINT32_MAX: absent.
uint32_t pclntab_pcdata(const Pclntab *t, const PclnFunc *f, unsigned which);
uint32_t pclntab_funcdata(const Pclntab *t, const PclnFunc *f, unsigned which);
// Up to Go 1.17 funcdata are addresses: where in the table that of a function stands; 0: absent.
size_t pclntab_funcdata_place(const Pclntab *t, const PclnFunc *f, unsigned which);
// Functions in table order as symbols of text, for programs without a symbol table.
SymbolVec pclntab_symbols(Arena *a, const Pclntab *t, const Object *o);

// A pc-value table, read forwards.
typedef struct PclnWalk {
    const Pclntab *table;
    Str left;
    uint64_t entry, pc; // value holds up to pc
    int32_t value;
    uint8_t empty; // runs of nothing so far
    bool done;
} PclnWalk;
PclnWalk pclntab_walk(const Pclntab *t, uint32_t offset, uint64_t entry);
bool pclntab_step(PclnWalk *w);                     // next run: value holds until pc
int32_t pclntab_value_at(PclnWalk *w, uint64_t pc); // pcs must not fall; -1: none
// Length of the table at offset, at most room.
size_t pclntab_values_bytes(const Pclntab *t, uint32_t offset, size_t room);

// File and line of ascending addresses: each function's tables are read once.
typedef struct PclnCursor {
    const Pclntab *table;
    bool have;
    PclnFunc func;
    PclnWalk file, line;
    int32_t file_number; // of file_name
    Str file_name;
    uint64_t last;
} PclnCursor;
PclnCursor pclntab_cursor(const Pclntab *t);
// False: no function there (file empty, line 0). A hole in a function's table is line -1.
bool pclntab_locate(PclnCursor *c, uint64_t pc, Str *file, int32_t *line);

#endif
