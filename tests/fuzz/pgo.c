// tests/fuzz/pgo.c: any bytes read as the profile a package is compiled with.
#include "go/program/program_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    PgoProfile *g = NULL;
    if (!pgo_decode(a, (Str){(const char *)data, size}, &g) && g) {
        ASSERT(g->count && g->hot && g->hot <= g->count);
        for (uint32_t i = 1; i < g->count; i++)
            ASSERT(g->edges[i].next == 0 || g->edges[i].next > i + 1);
    }
    arena_free(a);
    return 0;
}
