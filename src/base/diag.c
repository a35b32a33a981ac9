// base/diag.c: collecting diagnostics.
#include "base/diag.h"

#include <string.h>

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

static bool same_line(const FileSet *files, Pos x, Pos y) {
    return x && y && fileset_file(files, x) == fileset_file(files, y) &&
           pos_line(files, x) == pos_line(files, y);
}

// Keeps what the compiler would not fold away while errors are reported.
static void fold(Diags *d, const FileSet *files) {
    Pos syntax = 0, other = 0;
    Str text = {NULL, 0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->list.len; i++) {
        Diag one = d->list.v[i];
        if (str_starts(one.text, STR("syntax error"))) {
            if (same_line(files, syntax, one.pos)) continue;
            syntax = one.pos;
        } else {
            if (same_line(files, other, one.pos) && str_eq(text, one.text)) continue;
            other = one.pos;
            text = one.text;
        }
        d->list.v[kept++] = one;
    }
    d->list.len = kept;
}

// Stable merge sort; a list in order is only looked at.
static void sort_by_place(Diag *v, uint32_t n, Diag *room, const FileSet *files) {
    if (n < 2) return;
    uint32_t half = n / 2, i = 0, k = half, out = 0;
    sort_by_place(v, half, room, files);
    sort_by_place(v + half, n - half, room, files);
    if (pos_cmp(files, v[half - 1].pos, v[half].pos) <= 0) return;
    memcpy(room, v, half * sizeof *v);
    while (i < half && k < n)
        v[out++] = pos_cmp(files, v[k].pos, room[i].pos) < 0 ? v[k++] : room[i++];
    memcpy(v + out, room + i, (half - i) * sizeof *v);
}

static bool same(const FileSet *files, const Diag *x, const Diag *y) {
    Place px = pos_place(files, x->pos), py = pos_place(files, y->pos);
    return px.line == py.line && px.col == py.col && str_eq(px.file, py.file) &&
           str_eq(x->text, y->text);
}

void diags_as_shown(Diags *d, const FileSet *files) {
    if (!d->list.len) return;
    fold(d, files);
    Diag *room = NEW_ARRAY(d->arena, Diag, d->list.len);
    sort_by_place(d->list.v, d->list.len, room, files);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < d->list.len; i++)
        if (!same(files, &d->list.v[i], &d->list.v[i - 1])) d->list.v[kept++] = d->list.v[i];
    d->list.len = kept;
}
