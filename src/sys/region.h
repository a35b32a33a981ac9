// sys/region.h: large arrays straight from the system: pages cost memory only once they are
// touched, and parts are given back while the rest is in use.
#ifndef HEAPWISE_SYS_REGION_H
#define HEAPWISE_SYS_REGION_H

#include "base/base.h"

// Zeroed; out of address space ends the program as an arena's does. bytes 0: NULL.
void *region_new(uint64_t bytes);
// huge: touched soon and whole, so that few page faults fill it.
void *region_new_huge(uint64_t bytes);
void region_drop(void *pages, uint64_t bytes); // their contents are lost
void region_free(void *pages, uint64_t bytes); // of region_new; NULL is fine

#define REGION_ARRAY(T, n) ((T *)region_new((uint64_t)(n) * sizeof(T)))

#endif
