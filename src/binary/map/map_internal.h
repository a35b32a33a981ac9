// binary/map, shared by its files.
#ifndef HEAPWISE_BINARY_MAP_MAP_INTERNAL_H
#define HEAPWISE_BINARY_MAP_MAP_INTERNAL_H

#include "binary/map/map.h"

void binary_read_module(Binary *p);
// Length of the method table at addr; 0: there is none.
uint64_t binary_itab_bytes(const Binary *p, uint64_t addr);
void binary_read_build_info(Arena *a, Binary *p);

#endif
