// tests/fuzz/asm.c: any bytes disassemble to lines of sane length, and the walk always advances;
// with capstone's help too, where it is installed.
#include "binary/asm/asm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(AsmArch arch, Str code, const AsmFix *fix, Arena *a) {
    Buf out = buf_new(a);
    AsmSite site = {.arch = arch, .gnu = true, .fix = fix};
    for (size_t at = 0; at < code.len;) {
        out.len = 0;
        site.pc = 0x400000 + at;
        size_t n = asm_print(&site, str_from(code, at), &out);
        ASSERT(n >= 1 && n <= 15);
        ASSERT(out.len >= 1 && out.len < 400);
        at += n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    static Arena *library; // kept: loading it takes longer than all else
    static const AsmFix *fix;
    if (!library) fix = asm_fix_new(library = arena_new("capstone"));
    walk(ASM_AMD64, (Str){(const char *)data, size}, NULL, a);
    if (fix) walk(ASM_AMD64, (Str){(const char *)data, size}, fix, a);
    walk(ASM_ARM64, (Str){(const char *)data, size}, NULL, a);
    arena_free(a);
    return 0;
}
