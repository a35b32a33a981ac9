// tests/fuzz/goobj.c: whatever opens as an archive or a Go object file can be listed: symbols,
// relocations, lines.
#include "binary/goobj/goobj.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(Arena *a, const Goobj *o, const GoobjSymbols *all) {
    enum { RELOCS_MAX = 100, SYMBOLS_MAX = 1000 };
    Buf out = buf_new(a);
    ASSERT(all->symbols.len == all->defs.len);
    for (uint32_t i = 0; i < all->symbols.len && i < SYMBOLS_MAX; i++) {
        if (!all->defs.v[i]) continue;
        Str file;
        int32_t line;
        GoobjReloc r;
        uint32_t def = all->defs.v[i] - 1;
        ASSERT(def < o->defined);
        for (uint32_t k = 0; k < RELOCS_MAX && goobj_reloc(o, def, k, &r); k++)
            goobj_write_reloc(o, &out, &r, 0);
        if (goobj_locate(o, def, all->symbols.v[i].addr, &file, &line)) buf_str(&out, file);
        out.len = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    ArchiveMemberVec members = {0};
    Str bytes = {(const char *)data, size};
    if (archive_is(bytes) && !archive_members(a, bytes, &members))
        for (uint32_t i = 0; i < members.len; i++) {
            Goobj o;
            GoobjSymbols all;
            if (members.v[i].is_go && !goobj_open(a, &members.v[i], &o) &&
                !goobj_symbols(a, &o, &all))
                walk(a, &o, &all);
        }
    arena_free(a);
    return 0;
}
