// base/base.h: the words every file uses: counts, limits, assertions about ourselves.
// BUG is for our own mistakes only: it names the place and aborts (the driver turns that into
// exit status 3). Wrong input is never a BUG: see err.h and diag.h.
#ifndef HEAPWISE_BASE_BASE_H
#define HEAPWISE_BASE_BASE_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
static inline int64_t align_up(int64_t x, int64_t align) { // a power of two
    return (x + align - 1) & ~(align - 1);
}

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

// Reports a broken invariant of heapwise itself and ends the program with status 3.
NORETURN void base_bug(const char *file, int line, const char *func, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
#define BUG(...) base_bug(__FILE__, __LINE__, __func__, __VA_ARGS__)
#define ASSERT(cond) ((cond) ? (void)0 : BUG("assertion failed: %s", #cond))

// Ends the program with status 3: memory or another resource of the machine is used up.
NORETURN void base_out_of(const char *what, size_t size_bytes);

#endif
