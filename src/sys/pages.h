// sys/pages.h: memory straight from the system, in large pages where it offers them: one fault
// instead of hundreds, and fewer misses when an address is translated.
#ifndef HEAPWISE_SYS_PAGES_H
#define HEAPWISE_SYS_PAGES_H

#include "base/arena.h"

// For arena_pool_new. NULL under a sanitizer, whose leak check looks only at what it gave out.
const ArenaSource *pages_source(void);

#endif
