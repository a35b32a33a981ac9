// tests/fuzz/program.c: whatever opens as a Go program can be mapped, listed and weighed, and the
// weights add up to the file.
#include "binary/map/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Binary p;
    if (!binary_open(a, (Str){(const char *)data, size}, &p)) {
        AreaVec areas = binary_areas(a, &p);
        uint64_t sum = 0;
        for (uint32_t i = 0; i < areas.len; i++) sum += areas.v[i].file_bytes;
        ASSERT(sum == p.object.bytes.len);
        StaticVec vars = {0};
        (void)!binary_variables(a, &p, &vars);
        SizeMap m = binary_size(a, &p);
        ASSERT(m.file_bytes == p.object.bytes.len);
    }
    arena_free(a);
    return 0;
}
