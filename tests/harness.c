// tests/harness.c: runs what registered itself (all, or those whose name contains argv[1]) and ends
// with the line "N passed, N failed".
#include "harness.h"

#include <stdarg.h>

static Test *first, **last = &first;

void test_register(Test *t) {
    *last = t;
    last = &t->next;
}

void test_fail(Test *t, const char *file, int line, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: %s", file, line, t->name);
    if (t->row) fprintf(stderr, " [%s]", t->row);
    fputs(": ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    t->failures++;
}

void test_check_str(Test *t, const char *file, int line, Str have, Str want) {
    if (!str_eq(have, want))
        test_fail(t, file, line, "have '" STR_FMT "', want '" STR_FMT "'", STR_ARG(have),
                  STR_ARG(want));
}

int main(int argc, char **argv) {
    int passed = 0, failed = 0;
    for (Test *t = first; t; t = t->next) {
        if (argc > 1 && !strstr(t->name, argv[1])) continue;
        t->arena = arena_new(t->name);
        t->run(t);
        arena_free(t->arena);
        if (t->failures)
            failed++;
        else
            passed++;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
