// tests/fuzz/gctrace.c: any bytes, in pieces of any size: no byte of foreign text is made up, and
// what was read does not depend on where the pieces were cut unless the collector's own line is.
#include "gc/gc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t foreign_len(Arena *a, Str text, size_t piece) {
    GcTrace *t = gctrace_new(a);
    while (text.len) {
        gctrace_feed(t, str_to(text, MIN(piece, text.len)));
        text = str_from(text, MIN(piece, text.len));
        if (piece == 7) gctrace_settle(t);
    }
    gctrace_end(t);
    ASSERT(gctrace_counts(t).cycles == gctrace_cycles(t)->len);
    ASSERT(gctrace_counts(t).torn <= gctrace_counts(t).cycles);
    return gctrace_foreign(t)->len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 1 << 14) return 0;
    Arena *a = arena_new("fuzz");
    Str text = {(const char *)data, size};
    static const size_t pieces[] = {1, 7, 1000, 1 << 20};
    for (size_t i = 0; i < COUNT(pieces); i++) ASSERT(foreign_len(a, text, pieces[i]) <= size);
    arena_free(a);
    return 0;
}
