// binary/asm/fix.c: AVX in Go's words. Bytes and meaning: Intel's manual, volume 2.
#include "binary/asm/asm.h"
#include "harness.h"

static bool find(const void *ctx, uint64_t addr, Str *name, uint64_t *base) {
    (void)ctx;
    *name = STR("p.mask");
    *base = 0x2000;
    return addr >= 0x2000 && addr < 0x2100;
}

TEST(fixed_avx) {
    static const struct {
        Str code, text;
    } rows[] = {
        {STR_INIT("\xc5\xe5\x74\xc2"), STR_INIT("VPCMPEQB Y2, Y3, Y0")},
        {STR_INIT("\xc5\xfe\x6f\x16"), STR_INIT("VMOVDQU 0(SI), Y2")},
        {STR_INIT("\xc5\xf8\x77"), STR_INIT("VZEROUPPER")},
        {STR_INIT("\xc4\xe2\x7d\x18\x04\x8b"), STR_INIT("VBROADCASTSS 0(BX)(CX*4), Y0")},
        {STR_INIT("\xc5\xfe\x6f\x05\xf8\x0f\x00\x00"), STR_INIT("VMOVDQU p.mask(SB), Y0")},
        {STR_INIT("\xc5\xfe\x6f\x05\x00\x10\x00\x00"), STR_INIT("VMOVDQU p.mask+8(SB), Y0")},
        {STR_INIT("\xc5\xfe\x6f\x05\x10\x00\x00\x00"), STR_INIT("VMOVDQU 0x10(IP), Y0")},
        {STR_INIT("\xc4\x41\x7e\x7f\x4c\x24\xe0"), STR_INIT("VMOVDQU Y9, -0x20(R12)")},
        {STR_INIT("\xc5\xfd\xd7\xc6"), STR_INIT("VPMOVMSKB Y6, AX")},
        {STR_INIT("\x62\xf1\x6d\xc9\xdb\xc3"), STR_INIT("VPANDD.Z Z3, Z2, K1, Z0")},
    };
    AsmFix *fix = asm_fix_new(t->arena);
    AsmSite site = {.arch = ASM_AMD64, .pc = 0x1000, .names = {NULL, find}, .fix = fix};
    CHECK(t, fix != NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf out = buf_new(t->arena);
        t->row = rows[i].text.ptr;
        CHECK_EQ(t, asm_print(&site, rows[i].code, &out), rows[i].code.len);
        CHECK_STR(t, buf_view(&out), rows[i].text);
    }
    Buf out = buf_new(t->arena); // no instruction: Go's text
    CHECK_EQ(t, asm_print(&site, STR("\xc5"), &out), 1);
    CHECK_STR(t, buf_view(&out), STR("?"));
    asm_fix_free(fix);
}

// How far those reach and what they use; a broken one ends with the code.
TEST(data_of_avx) {
    static const struct {
        Str code;
        size_t bytes;
        uint64_t target;
    } rows[] = {
        {STR_INIT("\xc5\xe5\x74\xc2\x90"), 4, 0},
        {STR_INIT("\xc5\xf8\x77\x90"), 3, 0},
        {STR_INIT("\xc4\xe2\x7d\x18\x04\x8b\x90"), 6, 0},
        {STR_INIT("\xc5\xfe\x6f\x05\xf8\x0f\x00\x00\x90"), 8, 0x2000},
        {STR_INIT("\xc4\x41\x7e\x7f\x4c\x24\xe0\x90"), 7, 0},
        {STR_INIT("\xc4\xe3\x7d\x46\x05\xf0\x0f\x00\x00\x31\x90"), 10, 0x1ffa}, // an immediate byte
        {STR_INIT("\xc5\xfd\x70\xc0\x1b\x90"), 5, 0},                           // in map 1 too
        {STR_INIT("\x62\xf1\xfe\x48\x6f\x05\xf6\x0f\x00\x00\x90"), 10, 0x2000},
        {STR_INIT("\x62\xf1\x6d\xc9\xdb\xc3\x90"), 6, 0},
        {STR_INIT("\xc5\xfe\x6f\x05\xf8"), 5, 0},
        {STR_INIT("\xc5"), 1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        AsmPages pages = {{0}};
        uint64_t target;
        CHECK_EQ(t, asm_data_target(ASM_AMD64, rows[i].code, 0x1000, &pages, &target),
                 rows[i].bytes);
        CHECK_EQ(t, target, rows[i].target);
    }
}
