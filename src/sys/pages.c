// sys/pages.c: regions aligned to the size of a large page, which the system is asked to use.
#include "sys/pages.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const ArenaSource *pages_source(void) { return NULL; }
#else
#include <sys/mman.h>

enum { LARGE = 2 << 20 };

// mmap knows pages only: more is taken than needed, and both ends are given back.
static void *pages_take(size_t bytes) {
    size_t all = bytes + LARGE;
    char *p = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return NULL;
    size_t before = -(uintptr_t)p & (LARGE - 1), after = all - bytes - before;
    if (before) munmap(p, before);
    if (after) munmap(p + before + bytes, after);
    madvise(p + before, bytes, MADV_HUGEPAGE); // only faster: a kernel without them is fine
    return p + before;
}

static void pages_give(void *start, size_t bytes) { munmap(start, bytes); }

const ArenaSource *pages_source(void) {
    static const ArenaSource source = {pages_take, pages_give, true};
    return &source;
}
#endif
