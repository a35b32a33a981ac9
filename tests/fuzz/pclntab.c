// tests/fuzz/pclntab.c: any bytes as a Go line table: functions, names, files, lines, values. What
// the table says of a function lies in it, and no walk goes back.
#include "binary/pclntab/pclntab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT = 0x401000, FUNCTIONS_MAX = 64, STEPS_MAX = 1000 };

static uint64_t touch(Str s) {
    uint64_t sum = 0;
    for (size_t i = 0; i < s.len; i++) sum += (uint8_t)s.ptr[i];
    return sum;
}

static uint64_t read_values(const Pclntab *t, uint32_t offset, uint64_t entry) {
    PclnWalk w = pclntab_walk(t, offset, entry);
    uint64_t sum = 0, before = entry;
    for (int i = 0; i < STEPS_MAX && pclntab_step(&w); i++) {
        ASSERT(w.pc >= before);
        before = w.pc;
        sum += (uint32_t)w.value;
    }
    ASSERT(pclntab_values_bytes(t, offset, 16) <= 16);
    return sum;
}

static uint64_t read_function(const Pclntab *t, const PclnFunc *f) {
    uint64_t sum = touch(f->name) + read_values(t, f->pcsp, f->entry);
    ASSERT(f->end >= f->entry);
    ASSERT(f->offset + f->record_bytes <= t->funcs.len);
    for (unsigned i = 0; i < f->pcdata_count && i < FUNCTIONS_MAX; i++)
        sum += read_values(t, pclntab_pcdata(t, f, i), f->entry);
    for (unsigned i = 0; i < f->funcdata_count; i++) sum += pclntab_funcdata(t, f, i);
    for (int32_t number = -1; number < 4; number++) sum += touch(pclntab_file(t, f, number));
    return sum;
}

static uint64_t read_lines(const Pclntab *t, const PclnFunc *f) {
    PclnCursor c = pclntab_cursor(t);
    uint64_t sum = 0;
    for (uint64_t pc = f->entry; pc < f->end && pc - f->entry < 64; pc++) {
        Str file;
        int32_t line;
        PclnFunc at;
        pclntab_locate(&c, pc, &file, &line);
        sum += touch(file) + (uint32_t)line;
        if (pclntab_func_at(t, pc, &at)) ASSERT(at.entry <= pc && pc < at.end);
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Pclntab t;
    volatile uint64_t sum = 0;
    if (!pclntab_open(a, (Str){(const char *)data, size}, TEXT, &t))
        for (uint32_t i = 0; i < t.func_count && i < FUNCTIONS_MAX; i++) {
            PclnFunc f;
            if (pclntab_func(&t, i, &f)) sum = sum + read_function(&t, &f) + read_lines(&t, &f);
        }
    arena_free(a);
    return 0;
}
