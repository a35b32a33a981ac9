// binary/map, shared by its files.
#ifndef HEAPWISE_BINARY_MAP_MAP_INTERNAL_H
#define HEAPWISE_BINARY_MAP_MAP_INTERNAL_H

#include "binary/map/map.h"

void module_read(Program *p);
// Length of the method table at addr; 0: there is none.
uint64_t program_itab_bytes(const Program *p, uint64_t addr);
void build_info_read(Arena *a, Program *p);

#endif
