// cli/pprof_names.h: names for the addresses of a profile that has none, from the program itself.
#ifndef HEAPWISE_CLI_PPROF_NAMES_H
#define HEAPWISE_CLI_PPROF_NAMES_H

#include "profile/profile.h"

// Names every location of a mapping from the program at its path, as `go tool pprof` does: the
// function that holds the address (what was inlined there is not told apart). Failure: no program.
Err pprof_name_mapping(Arena *a, Profile *p, uint32_t mapping);

#endif
