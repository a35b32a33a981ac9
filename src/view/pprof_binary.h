// view/pprof_binary.h: the file of a mapping, for listings of its instructions.
#ifndef HEAPWISE_VIEW_PPROF_BINARY_H
#define HEAPWISE_VIEW_PPROF_BINARY_H

#include "binary/asm/asm.h"
#include "binary/pclntab/pclntab.h"
#include "view/code_names.h"
#include "view/pprof.h"

typedef struct PprofBinary {
    uint64_t offset; // what its addresses are off by where the program ran
    Object object;
    SymbolVec symbols;
    bool has_symbols;
    CodeNames names;
    Pclntab table;
    PclnCursor cursor;
    const Section *text;
    AsmArch arch;
    bool ready; // for disassembly
} PprofBinary;

typedef struct PprofInst {
    uint64_t addr; // in the file
    Str text, file;
    int64_t line;
} PprofInst;
typedef VEC(PprofInst) PprofInstVec;

// Err in Go's words: "open FILE: no such file or directory".
Err pprof_binary_open(const PprofReport *r, const ProfileMapping *m, PprofBinary **out);
// Every instruction that begins from start on and before end; the bytes end there, too, which may
// cut the last one.
Err pprof_binary_decode(const PprofReport *r, PprofBinary *b, uint64_t start, uint64_t end,
                        PprofInstVec *out);
// The function, file and line of an address in the file, from the Go line table; false: not Go's.
bool pprof_binary_locate(PprofBinary *b, uint64_t addr, Str *function, Str *file, int64_t *line);

// An address as Go's strconv.ParseUint(s, 0, 64) reads it; false: it is none.
bool pprof_parse_address(Str s, uint64_t *out);

#endif
