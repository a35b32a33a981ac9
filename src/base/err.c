// base/err.c: making errors.
#include "base/err.h"

#include <errno.h>
#include <string.h>

static Err make(Arena *a, ErrCode code, uint64_t offset, Str what) {
    struct Error *e = (struct Error *)NEW(a, struct Error);
    e->code = code;
    e->offset = offset;
    e->what = what;
    return e;
}

Err err_new(Arena *a, ErrCode code, uint64_t offset, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Str what = str_vfmt(a, fmt, ap);
    va_end(ap);
    return make(a, code, offset, what);
}

Err err_io(Arena *a, const char *doing, Str path) {
    int code = errno;
    return make(a, ERR_IO, 0,
                str_fmt(a, "%s " STR_FMT ": %s", doing, STR_ARG(path), strerror(code)));
}

Err err_wrap(Arena *a, Err inner, const char *fmt, ...) {
    if (!inner) return NULL;
    va_list ap;
    va_start(ap, fmt);
    Str outer = str_vfmt(a, fmt, ap);
    va_end(ap);
    return make(a, inner->code, inner->offset, str_join3(a, outer, STR(": "), inner->what));
}
