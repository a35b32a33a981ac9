// binary/asm: the entry: one instruction, by architecture; and the number forms both printers
// share.
#include "binary/asm/asm.h"

#include <string.h>

#include "base/utf8.h"

#include "binary/asm/arm64_internal.h"
#include "binary/asm/x86_internal.h"

void asm_put_hex(Buf *out, uint64_t n) {
    char digits[18];
    int at = sizeof digits;
    do digits[--at] = "0123456789abcdef"[n & 15];
    while (n >>= 4);
    digits[--at] = 'x';
    digits[--at] = '0';
    buf_str(out, (Str){digits + at, sizeof digits - (size_t)at});
}

void asm_put_signed_hex(Buf *out, int64_t n) {
    if (n < 0) buf_byte(out, '-');
    asm_put_hex(out, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void asm_put_signed_plus(Buf *out, int64_t n) {
    if (n >= 0) buf_byte(out, '+');
    buf_i64(out, n);
}

void asm_pad_go_form(Buf *out, size_t start) {
    size_t width = utf8_count((Str){out->ptr + start, out->len - start});
    if (width < 36) buf_fill(out, ' ', 36 - width);
    buf_lit(out, " // ");
}

static size_t print_x86(const AsmSite *site, Str code, Buf *out) {
    X86Inst inst;
    size_t fixed = site->fix && asm_fix_applies(code) ? asm_fix_print(site, code, out) : 0;
    if (fixed) return fixed;
    if (!x86_decode(code, &inst)) {
        buf_byte(out, '?');
        return 1;
    }
    size_t start = out->len;
    x86_print_go(&inst, site, out);
    if (site->gnu) {
        asm_pad_go_form(out, start);
        x86_print_gnu(inst, site, out);
    }
    return inst.len;
}

static size_t print_arm64(const AsmSite *site, Str code, Buf *out) {
    Arm64Inst inst;
    if (code.len < 4 || !arm64_decode(code, &inst)) {
        buf_byte(out, '?');
        return 4; // even when less is left, as in Go
    }
    size_t start = out->len;
    arm64_print_go(&inst, site, out);
    if (site->gnu) {
        asm_pad_go_form(out, start);
        arm64_print_gnu(&inst, out);
    }
    return 4;
}

size_t asm_print(const AsmSite *site, Str code, Buf *out) {
    switch (site->arch) {
    case ASM_NONE: break;
    case ASM_AMD64: return print_x86(site, code, out);
    case ASM_ARM64: return print_arm64(site, code, out);
    }
    BUG("disassembling for no architecture");
}

// ADRP Xd loads a page; ADD Xd, Xn, #imm or a load or store at [Xn, #imm] completes the address.
static void arm64_target(uint32_t x, uint64_t pc, AsmPages *state, uint64_t *target) {
    unsigned to = x & 31, from = x >> 5 & 31;
    if ((x & 0x9f000000) == 0x90000000) {
        uint64_t pages = (uint64_t)(x >> 5 & 0x7ffff) << 2 | (x >> 29 & 3);
        state->page[to] =
            (pc & ~(uint64_t)0xfff) + ((uint64_t)((int64_t)(pages << 43) >> 43) << 12);
        return;
    }
    if ((x & 0xffc00000) == 0x91000000) { // ADD, no shift
        if (state->page[from]) *target = state->page[from] + (x >> 10 & 0xfff);
        state->page[to] = 0;
    } else if ((x & 0x3b000000) == 0x39000000) { // load or store, unsigned offset
        unsigned scale = x >> 30;
        if (state->page[from]) *target = state->page[from] + ((uint64_t)(x >> 10 & 0xfff) << scale);
        if (x >> 22 & 3 && !(x >> 26 & 1)) state->page[to] = 0;
    }
}

size_t asm_data_target(AsmArch arch, Str code, uint64_t pc, AsmPages *state, uint64_t *target) {
    *target = 0;
    if (arch == ASM_AMD64) return x86_data_target(code, pc, target);
    uint32_t word = 0;
    memcpy(&word, code.ptr, MIN(code.len, sizeof word));
    arm64_target(word, pc, state, target);
    return 4;
}
