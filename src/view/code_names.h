// view/code_names.h: which symbol an address belongs to, as cmd/internal/disasm finds it.
#ifndef HEAPWISE_VIEW_CODE_NAMES_H
#define HEAPWISE_VIEW_CODE_NAMES_H

#include "binary/object/object.h"

// Symbols by address, with a bucket index: a call's target is looked up for every call.
typedef struct CodeNames {
    const Symbol *symbols;
    const uint32_t *order; // by address, ties as Go's sort leaves them
    const uint64_t *addrs; // of order, side by side
    uint32_t count;
    uint64_t lowest;  // address of order[first_real]
    uint32_t *bucket; // how many symbols start at or below the end of each 1 KiB
    uint64_t bucket_count;
} CodeNames;

// The symbols stay the caller's.
CodeNames code_names_new(Arena *a, const SymbolVec *symbols);
// names is a CodeNames: for AsmNames.
bool code_name_at(const void *names, uint64_t addr, Str *name, uint64_t *base);

#endif
