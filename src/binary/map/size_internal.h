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

typedef VEC(Claim) ClaimVec;

typedef struct Reference { // an address that code or data mentions
    uint64_t to;
    uint32_t item, order; // who, and in which order they were met
} Reference;

typedef VEC(Reference) ReferenceVec;

typedef struct Unit { // a compilation unit of the line table, or a folder: one package
    Str package;
    uint32_t number; // as functions have it
    int32_t votes;
} Unit;

typedef VEC(Unit) UnitVec;

typedef struct Owned { // something at an address or offset, and one who uses it
    uint64_t at;
    uint32_t item;
} Owned;

typedef VEC(Owned) OwnedVec;

typedef struct Sizer {
    Arena *arena;
    const Binary *p;
    StrMap places; // key of an item -> place + 1
    SizeItemVec items;
    ClaimVec claims;
    uint32_t settled; // the first so many claims stand in order and do not overlap
    UnitVec units, folders;
    Index unit_places;
    StrMap folder_places;
    Index names;         // offsets of inlined functions' names already claimed
    const Section *last; // where the last address lay
    AreaVec areas;
    OwnedVec funcdata;     // stack maps, inline trees: each function that uses one
    ReferenceVec mentions; // by code
    bool foreign;          // C is linked in
    uint64_t unnamed;      // bytes of no known use so far
    AbiTypeVec types;
    TypePartVec type_parts;
} Sizer;

// Items: a function or type by its name, or what a whole package shares.
uint32_t size_item_symbol(Sizer *z, Str name);
uint32_t size_item_function(Sizer *z, const PclnFunc *f); // its unit knows the package of any name
uint32_t size_item_type(Sizer *z, const AbiType *t);
uint32_t size_item_described(Sizer *z, Str package, Str type); // a type in DWARF's words
uint32_t size_item_package(Sizer *z, Str package);
uint32_t size_item_shared(Sizer *z, const char *name);
uint32_t size_item_foreign(Sizer *z, Str name); // of C; no name: all that has none
void size_claim(Sizer *z, uint64_t addr, uint64_t len, uint32_t item, SizeKind kind);
// bytes: a view into the file.
void size_claim_view(Sizer *z, Str bytes, uint32_t item, SizeKind kind);

// By place, each user once.
void size_sort_owned(OwnedVec *v);
// Bytes that n use, split evenly among them.
void size_claim_split(Sizer *z, Str bytes, const Owned *users, uint32_t n, SizeKind kind);

// Puts claims in order and cuts them where they overlap. size_owner_at asks those.
void size_settle_claims(Sizer *z);
// The item that owns the byte at a file offset or an address; false: nobody.
bool size_owner_at_offset(const Sizer *z, uint64_t offset, uint32_t *item);
bool size_owner_at(const Sizer *z, uint64_t addr, uint32_t *item);

// The descriptor at an address, NULL.
const AbiType *size_type_at(const AbiTypeVec *types, uint64_t addr);

void size_find_units(Sizer *z);
// The package of a function whose name says none; empty: C or the linker's.
Str size_unit_package(const Sizer *z, const PclnFunc *f);
void size_claim_functions(Sizer *z);
void size_find_foreign(Sizer *z);
void size_claim_foreign(Sizer *z);
// Whether what nobody claims there is C's.
bool size_foreign_at(const Sizer *z, const Area *area, uint64_t offset);
void size_find_mentions(Sizer *z);
void size_find_types(Sizer *z);
void size_claim_types(Sizer *z);
void size_claim_references(Sizer *z);
void size_claim_dwarf(Sizer *z);
// These two ask who owns what they describe: the other claims are settled before.
void size_claim_symbols(Sizer *z);
void size_claim_relocations(Sizer *z);
void size_claim_rebases(Sizer *z);
// Last: a page's hash belongs to whoever owns the page.
void size_claim_signature(Sizer *z);

#endif
