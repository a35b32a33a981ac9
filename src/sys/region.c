// sys/region.c: anonymous mappings without reserved swap.
#include "sys/region.h"

#include <sys/mman.h>
#include <unistd.h>

void *region_new(uint64_t bytes) {
    if (!bytes) return NULL;
    void *p = bytes > SIZE_MAX / 2 ? MAP_FAILED
                                   : mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) base_out_of("memory", bytes);
    return p;
}

void *region_new_huge(uint64_t bytes) {
    void *p = region_new(bytes);
    if (p) (void)madvise(p, bytes, MADV_HUGEPAGE);
    return p;
}

void region_drop(void *pages, uint64_t bytes) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = (uintptr_t)pages;
    uintptr_t start = (from + page - 1) / page * page, end = (from + bytes) / page * page;
    if (start < end) (void)madvise((void *)start, end - start, MADV_DONTNEED);
}

void region_free(void *pages, uint64_t bytes) {
    if (pages) (void)munmap(pages, bytes);
}
