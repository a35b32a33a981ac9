// base/diag.c: collecting diagnostics.
#include "base/diag.h"

Diags diags_new(Arena *a) { return (Diags){.arena = a}; }

void diag_add(Diags *d, Diag one) {
    d->count++;
    if (d->limit && d->list.len >= d->limit) return;
    vec_push(d->arena, &d->list, one);
}

void diag_error(Diags *d, Pos pos, uint32_t code, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Str text = str_vfmt(d->arena, fmt, ap);
    va_end(ap);
    diag_add(d, (Diag){.pos = pos, .code = code, .text = text});
}
