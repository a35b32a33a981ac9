// binary/asm/fix.c: AVX in Go's words. Bytes and meaning: Intel's manual, volume 2.
#include <string.h>

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

// Of common instructions, with enough bytes behind them for the tables, and with too few.
TEST(data_of_instructions) {
    static const struct {
        Str code;
        size_t bytes;
        uint64_t target;
    } rows[] = {
        {STR_INIT("\x90"), 1, 0},
        {STR_INIT("\x48\x8d\x05\xf9\x0f\x00\x00"), 7, 0x2000},                  // LEAQ
        {STR_INIT("\x48\xc7\x05\xf5\x0f\x00\x00\x01\x00\x00\x00"), 11, 0x2000}, // MOVQ $1
        {STR_INIT("\x83\x3d\xf9\x0f\x00\x00\x00"), 7, 0x2000},                  // CMPL $0
        {STR_INIT("\x48\xb8\x01\x02\x03\x04\x05\x06\x07\x08"), 10, 0},
        {STR_INIT("\xb8\x01\x02\x03\x04"), 5, 0},
        {STR_INIT("\x66\xb8\x01\x02"), 4, 0}, // two bytes with this prefix
        {STR_INIT("\x4c\x8b\x64\x24\x18"), 5, 0},
        {STR_INIT("\x8b\x04\x25\x01\x02\x03\x04"), 7, 0},          // no base: four bytes
        {STR_INIT("\xf2\x0f\x10\x05\xf8\x0f\x00\x00"), 8, 0x2000}, // MOVSD
        {STR_INIT("\x66\x0f\x6f\x05\xf8\x0f\x00\x00"), 8, 0x2000}, // MOVDQA
        {STR_INIT("\x0f\x84\x01\x02\x03\x04"), 6, 0},
        {STR_INIT("\x66\x0f\x3a\x0f\x05\xf6\x0f\x00\x00\x04"), 10, 0x2000}, // PALIGNR
        {STR_INIT("\xf0\x48\x0f\xc1\x05\xf7\x0f\x00\x00"), 9, 0x2000},      // the decoder's: LOCK
        {STR_INIT("\x64\x48\x8b\x0c\x25\xf8\xff\xff\xff"), 9, 0},           // FS
        {STR_INIT("\xf6\x05\xf9\x0f\x00\x00\x01"), 7, 0x2000},              // TESTB $1
    };
    char padded[32];
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int pad = 0; pad < 2; pad++) {
            AsmPages pages = {{0}};
            uint64_t target;
            memset(padded, 0x90, sizeof padded);
            memcpy(padded, rows[i].code.ptr, rows[i].code.len);
            Str code = {padded, pad ? sizeof padded : rows[i].code.len};
            CHECK_EQ(t, asm_data_target(ASM_AMD64, code, 0x1000, &pages, &target), rows[i].bytes);
            CHECK_EQ(t, target, rows[i].target);
        }
}
