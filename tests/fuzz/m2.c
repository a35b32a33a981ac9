// tests/fuzz/m2.c: any bytes read as the compiler's -m=2 output: what comes out refers only to
// packages and steps that are there, and lines are accounted for.
#include "engine/engine_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    EngineResult r = {0};
    m2_parse(a, (Str){(const char *)data, size}, STR("/src"), &r);
    for (uint32_t i = 0; i < r.moves.len; i++) {
        ASSERT(r.moves.v[i].package < r.packages.len);
        for (uint32_t k = 0; k < r.moves.v[i].steps.len; k++)
            ASSERT(r.moves.v[i].steps.v[k].derefs >= -1);
    }
    ASSERT(r.unparsed_sample.len <= r.unparsed);
    arena_free(a);
    return 0;
}
