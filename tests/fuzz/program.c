// tests/fuzz/program.c: whatever opens as a Go program can be mapped, listed and weighed, and the
// weights add up to the file.
#include "binary/map/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_types(Arena *a, const Binary *p) {
    AbiTypeVec types = binary_types(a, p, NULL);
    for (uint32_t i = 0; i < types.len; i++) {
        Str mask;
        if (abi_type_mask(a, p, &types.v[i], &mask))
            ASSERT(mask.len == (types.v[i].pointer_bytes / 8 + 7) / 8);
        (void)abi_type_path(a, &types.v[i]);
    }
}

static void read_frames(const Binary *p) {
    enum { FUNCTIONS_MAX = 1000 };
    for (uint32_t i = 0; i < p->table.func_count && i < FUNCTIONS_MAX; i++) {
        PclnFunc f;
        FramePointers at;
        FrameObject object;
        if (!pclntab_func(&p->table, i, &f)) continue;
        (void)frame_bytes(p, &f, f.entry);
        if (frame_pointers(p, &f, f.entry, &at))
            ASSERT(at.locals.bits.len == (at.locals.words + 7) / 8);
        uint32_t n = frame_object_count(p, &f);
        for (uint32_t k = 0; k < n; k++) ASSERT(frame_object(p, &f, k, &object));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Binary p;
    if (!binary_open(a, (Str){(const char *)data, size}, &p)) {
        AreaVec areas = binary_areas(a, &p);
        uint64_t sum = 0;
        for (uint32_t i = 0; i < areas.len; i++) sum += areas.v[i].file_bytes;
        ASSERT(sum == p.object.bytes.len);
        read_types(a, &p);
        read_frames(&p);
        StaticVec vars = {0};
        (void)!binary_variables(a, &p, &vars);
        SizeMap m = binary_size(a, &p);
        ASSERT(m.file_bytes == p.object.bytes.len);
    }
    arena_free(a);
    return 0;
}
