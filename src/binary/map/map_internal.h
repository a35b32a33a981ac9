// binary/map, shared by its files.
#ifndef HEAPWISE_BINARY_MAP_MAP_INTERNAL_H
#define HEAPWISE_BINARY_MAP_MAP_INTERNAL_H

#include "binary/map/map.h"

void module_read(Program *p);
void build_info_read(Arena *a, Program *p);

#endif
