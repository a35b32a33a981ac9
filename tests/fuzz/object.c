// tests/fuzz/object.c: whatever object_open accepts can be walked: sections, symbols, line table.
#include "binary/pclntab/pclntab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t touch(Str s) {
    uint64_t sum = 0;
    for (size_t i = 0; i < s.len; i++) sum += (uint8_t)s.ptr[i];
    return sum;
}

static uint64_t walk_lines(const Pclntab *t) {
    uint64_t sum = 0;
    PclnCursor c = pclntab_cursor(t);
    for (uint32_t i = 0; i < t->func_count && i < 64; i++) {
        PclnFunc f;
        if (!pclntab_func(t, i, &f)) continue;
        sum += touch(f.name) + pclntab_pcdata(t, &f, 2) + pclntab_funcdata(t, &f, 3);
        Str file;
        int32_t line;
        for (uint64_t pc = f.entry; pc < f.end && pc - f.entry < 256; pc++) {
            pclntab_locate(&c, pc, &file, &line);
            sum += touch(file) + (uint32_t)line;
        }
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Object o;
    SymbolVec syms = {0};
    Pclntab table;
    uint64_t sum = 0;
    if (!object_open(a, (Str){(const char *)data, size}, &o)) {
        for (uint32_t i = 0; i < o.sections.len; i++) {
            sum += touch(o.sections.v[i].name) + touch(o.sections.v[i].data);
            Str whole;
            if (!object_section_data(a, &o, &o.sections.v[i], &whole)) sum += touch(whole);
        }
        if (!object_symbols(a, &o, &syms))
            for (uint32_t i = 0; i < syms.len; i++) {
                sum += touch(syms.v[i].name);
                ASSERT(syms.v[i].section <= o.sections.len);
            }
        if (!pclntab_find(a, &o, &syms, &table))
            sum += walk_lines(&table) + pclntab_symbols(a, &table, &o).len;
    }
    volatile uint64_t keep = sum;
    (void)keep;
    arena_free(a);
    return 0;
}
