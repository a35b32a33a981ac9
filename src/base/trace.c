// base/trace.c: trace levels by area.
#include "base/trace.h"

#include <stdarg.h>

#include "base/str.h"

uint8_t trace_levels[TRACE_COUNT];

#define X(id, text) text,
static const char *const area_names[] = {TRACE_AREAS(X)};
#undef X

static bool set_level(Str item) {
    Str name = str_split(&item, ':');
    uint64_t level = 1;
    if (item.len && (!str_to_u64(item, &level) || level > 9)) return false;
    for (size_t i = 0; i < COUNT(area_names); i++)
        if (str_eq_c(name, area_names[i])) {
            trace_levels[i] = (uint8_t)level;
            return true;
        }
    return false;
}

bool trace_init(const char *spec) {
    Str rest = str_c(spec);
    bool ok = true;
    while (rest.len) ok &= set_level(str_split(&rest, ','));
    return ok;
}

void trace_print(TraceArea area, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    flockfile(stderr);
    fprintf(stderr, "%s: ", area_names[area]);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    funlockfile(stderr);
    va_end(ap);
}
