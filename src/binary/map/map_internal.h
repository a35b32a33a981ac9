// binary/map, shared by its files.
#ifndef HEAPWISE_BINARY_MAP_MAP_INTERNAL_H
#define HEAPWISE_BINARY_MAP_MAP_INTERNAL_H

#include "binary/map/map.h"

typedef VEC(uint64_t) AddrVec;
// binary_types, and the descriptors at those of the addresses that hold one.
AbiTypeVec binary_types_from(Arena *a, const Binary *p, const AddrVec *seeds, TypePartVec *parts);
bool binary_has_swiss_maps(const Binary *p);          // Go 1.24 on
uint64_t abi_pointer(const Binary *p, uint64_t addr); // 0: not in the file
uint64_t abi_word(const Binary *p, uint64_t addr, unsigned size);
// A name (flags, length, bytes) and how long it is with those.
Str abi_name(const Binary *p, uint64_t addr, uint64_t *bytes);
void binary_read_module(Binary *p);
// Length of the method table at addr; 0: there is none.
uint64_t binary_itab_bytes(const Binary *p, uint64_t addr);
void binary_read_build_info(Arena *a, Binary *p);

#endif
