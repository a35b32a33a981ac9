// base/base.c: the last words of the program when it is itself at fault.
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_OWN_FAILURE = 3 };

void base_bug(const char *file, int line, const char *func, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "heapwise: internal error at %s:%d (%s): ", file, line, func);
    vfprintf(stderr, fmt, ap);
    fputs("\nheapwise: this is our mistake, not yours; please report it with the command you ran\n",
          stderr);
    va_end(ap);
    fflush(stderr);
#if defined(__SANITIZE_ADDRESS__)
    abort(); // the sanitizer prints the stack
#else
    if (getenv("HEAPWISE_ABORT")) abort(); // for a debugger or a core
    _Exit(EXIT_OWN_FAILURE);
#endif
}

void base_out_of(const char *what, size_t size_bytes) {
    fprintf(stderr, "heapwise: out of %s (%zu bytes more were wanted)\n", what, size_bytes);
    fflush(stderr);
    _Exit(EXIT_OWN_FAILURE);
}
