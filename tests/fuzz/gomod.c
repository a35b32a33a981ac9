// tests/fuzz/gomod.c: any bytes as go.mod and go.work: what is read is sound, or an error says why.
#include "go/load/load_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str text = {(const char *)data, size};
    for (int kind = MODFILE_STRICT; kind <= MODFILE_WORK; kind++) {
        ModFile f;
        modfile_parse(a, STR("go.mod"), text, (ModFileKind)kind, &f);
        for (uint32_t i = 0; i < f.requires.len; i++)
            ASSERT(semver_is_valid(f.requires.v[i].mod.version));
        for (uint32_t i = 0; i < f.errors.len; i++)
            ASSERT(str_starts(f.errors.v[i], STR("go.mod:")));
        ASSERT(f.uses.len == f.use_lines.len);
        ASSERT(f.go.len == 0 || gover_is_go_line(f.go));
    }
    arena_free(a);
    return 0;
}
