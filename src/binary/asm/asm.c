// binary/asm: the entry: one instruction, by architecture; and the number forms both printers
// share.
#include "binary/asm/asm.h"

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

// Pads the Go form to 36 characters and adds the separator of the GNU form.
static void pad_go_form(Buf *out, size_t start) {
    size_t width = utf8_count((Str){out->ptr + start, out->len - start});
    if (width < 36) buf_fill(out, ' ', 36 - width);
    buf_lit(out, " // ");
}

static size_t print_x86(const AsmSite *site, Str code, Buf *out) {
    X86Inst inst;
    if (!x86_decode(code, &inst)) {
        buf_byte(out, '?');
        return 1;
    }
    size_t start = out->len;
    x86_print_go(&inst, site, out);
    if (site->gnu) {
        pad_go_form(out, start);
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
        pad_go_form(out, start);
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
