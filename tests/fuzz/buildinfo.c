// tests/fuzz/buildinfo.c: any bytes as a binary with Go build information.
#include "gc/gc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    GcBuild build;
    if (!buildinfo_read(a, (Str){(const char *)data, size}, &build)) {
        ASSERT(build.version.len > 0);
        ASSERT(buildinfo_collector(&build).len > 0);
    }
    arena_free(a);
    return 0;
}
