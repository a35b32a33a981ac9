// base/pos.c: the file set. Files are found by binary search over chunks of 4 KiB of positions:
// a side array says which file a chunk starts in.
#include "base/pos.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

// Every file begins on a granule, so a granule belongs to one file and lookup is one array read.
enum { GRANULE_BITS = 12, GRANULES = 1 << (32 - GRANULE_BITS), LEAF = 1 << 10 };

struct FileSet {
    _Atomic uint32_t next_granule;
    _Atomic(SourceFile **) leaves[GRANULES / LEAF];
};

FileSet *fileset_new(void) {
    FileSet *fs = calloc(1, sizeof *fs);
    if (!fs) base_out_of("memory", sizeof *fs);
    atomic_init(&fs->next_granule, 1); // granule 0 holds the unknown position
    return fs;
}

void fileset_free(FileSet *fs) {
    if (!fs) return;
    for (size_t i = 0; i < COUNT(fs->leaves); i++) free(atomic_load(&fs->leaves[i]));
    free(fs);
}

static SourceFile **leaf_of(FileSet *fs, uint32_t granule) {
    _Atomic(SourceFile **) *place = &fs->leaves[granule / LEAF];
    SourceFile **leaf = atomic_load_explicit(place, memory_order_acquire);
    if (leaf) return leaf;
    SourceFile **fresh = calloc(LEAF, sizeof(SourceFile *));
    if (!fresh) base_out_of("memory", LEAF * sizeof(SourceFile *));
    if (atomic_compare_exchange_strong(place, &leaf, fresh)) return fresh;
    free(fresh);
    return leaf;
}

SourceFile *fileset_add(FileSet *fs, Arena *a, Str name, Str text) {
    uint64_t granules = ((uint64_t)text.len >> GRANULE_BITS) + 1; // room for the end position too
    if (granules >= GRANULES) return NULL;
    uint32_t first = atomic_load(&fs->next_granule);
    do
        if (first + granules >= GRANULES) return NULL;
    while (!atomic_compare_exchange_weak(&fs->next_granule, &first, first + (uint32_t)granules));
    SourceFile *f = NEW(a, SourceFile);
    *f = (SourceFile){.name = name, .text = text, .base = first << GRANULE_BITS, .arena = a};
    vec_push(a, &f->lines, 0);
    for (uint32_t g = first; g < first + granules; g++) leaf_of(fs, g)[g % LEAF] = f;
    return f;
}

SourceFile *fileset_file(const FileSet *fs, Pos pos) {
    uint32_t g = pos >> GRANULE_BITS;
    SourceFile **leaf = atomic_load_explicit(&fs->leaves[g / LEAF], memory_order_acquire);
    return leaf ? leaf[g % LEAF] : NULL;
}

// Index of the last line that starts at or before offset.
static uint32_t line_index(const SourceFile *f, uint32_t offset) {
    uint32_t lo = 0, hi = f->lines.len;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->lines.v[mid] <= offset)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

Place pos_physical(const FileSet *fs, Pos pos) {
    const SourceFile *f = fileset_file(fs, pos);
    if (!f) return (Place){{"", 0}, 0, 0};
    uint32_t offset = pos - f->base, line = line_index(f, offset);
    return (Place){f->name, line + 1, offset - f->lines.v[line] + 1};
}

uint32_t pos_line(const FileSet *fs, Pos pos) { return pos_physical(fs, pos).line; }

static const LineDirective *directive_at(const SourceFile *f, uint32_t offset) {
    const LineDirective *found = NULL;
    for (uint32_t lo = 0, hi = f->directives.len; lo < hi;) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->directives.v[mid].offset <= offset) {
            found = &f->directives.v[mid];
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return found;
}

Place pos_place(const FileSet *fs, Pos pos) {
    const SourceFile *f = fileset_file(fs, pos);
    Place p = pos_physical(fs, pos);
    if (!f || !f->directives.len) return p;
    const LineDirective *d = directive_at(f, pos - f->base);
    if (!d) return p;
    Place said = {d->name, d->line + (p.line - d->from_line), 0};
    if (d->col) { // columns count on from the directive on its own line only
        uint32_t start = f->lines.v[d->from_line - 1];
        said.col = p.line == d->from_line ? d->col + (p.col - (d->offset - start + 1)) : p.col;
    }
    return said;
}

int pos_cmp(const FileSet *fs, Pos x, Pos y) {
    const SourceFile *fx = fileset_file(fs, x), *fy = fileset_file(fs, y);
    if (fx == fy) return x < y ? -1 : x > y;
    if (!fx || !fy) return fx ? 1 : -1;
    int c = str_cmp(fx->name, fy->name);
    return c ? c : x < y ? -1 : 1;
}
