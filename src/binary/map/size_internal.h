// binary/map, size only: the ledger of who owns which bytes of the file.
#ifndef HEAPWISE_BINARY_MAP_SIZE_INTERNAL_H
#define HEAPWISE_BINARY_MAP_SIZE_INTERNAL_H

#include "base/index.h"
#include "binary/map/map_internal.h"

typedef struct Claim { // the first claim on a byte wins
    uint64_t offset;   // in the file
    uint32_t len;
    uint32_t owner; // place of the item * 16 + kind
} Claim;

typedef struct Sizer {
    Arena *arena;
    const Binary *p;
    StrMap places; // key of an item -> place + 1
    SizeItemVec items;
    VEC(Claim) claims;
    Index names;         // offsets of inlined functions' names already claimed
    const Section *last; // where the last address lay
    AbiTypeVec types;
} Sizer;

// Items: a function or type by its name, or what a whole package shares.
uint32_t size_item_symbol(Sizer *z, Str name);
uint32_t size_item_type(Sizer *z, const AbiType *t);
uint32_t size_item_package(Sizer *z, Str package);
uint32_t size_item_shared(Sizer *z, const char *name);
void size_claim(Sizer *z, uint64_t addr, uint64_t len, uint32_t item, SizeKind kind);
void size_claim_view(Sizer *z, Str bytes, uint32_t item,
                     SizeKind kind); // bytes: a view into the file

// The descriptor at an address, NULL.
const AbiType *size_type_at(const AbiTypeVec *types, uint64_t addr);

void size_claim_functions(Sizer *z);
void size_claim_types(Sizer *z);
void size_claim_references(Sizer *z);
void size_claim_symbols(Sizer *z);
void size_claim_dwarf(Sizer *z);

#endif
