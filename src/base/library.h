// base/library.h: functions of shared libraries that are loaded when they are asked for: linked in,
// they would cost every run of heapwise some milliseconds and megabytes.
#ifndef HEAPWISE_BASE_LIBRARY_H
#define HEAPWISE_BASE_LIBRARY_H

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

// out: a pointer to a function (or to what the library has under that name); NULL is stored and
// false given where there is none. dlsym gives an object pointer; POSIX lets it be a function's.
static inline bool library_symbol(void *library, const char *name, void *out) {
    void *at = dlsym(library, name);
    memcpy(out, &at, sizeof at);
    return at != NULL;
}

#endif
