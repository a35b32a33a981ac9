// binary/asm: X86Inst -> Go's assembler syntax, as x/arch writes it.
#include "binary/asm/x86_internal.h"

#define X(name) STR_INIT(#name),
static const Str op_names[X86_OP_COUNT] = {STR_INIT(""), X86_OP_NAMES(X)};
#undef X

Str x86_op_name(unsigned op) { return op_names[op]; }

#define WIDE(head)                                                                                 \
    [head] = STR_INIT("AX"), [head + 1] = STR_INIT("CX"), [head + 2] = STR_INIT("DX"),             \
    [head + 3] = STR_INIT("BX"), [head + 4] = STR_INIT("SP"), [head + 5] = STR_INIT("BP"),         \
    [head + 6] = STR_INIT("SI"), [head + 7] = STR_INIT("DI"), HIGH(head + 8)
#define HIGH(head)                                                                                 \
    [head] = STR_INIT("R8"), [head + 1] = STR_INIT("R9"), [head + 2] = STR_INIT("R10"),            \
    [head + 3] = STR_INIT("R11"), [head + 4] = STR_INIT("R12"), [head + 5] = STR_INIT("R13"),      \
    [head + 6] = STR_INIT("R14"), [head + 7] = STR_INIT("R15")
#define EIGHT(head, name)                                                                          \
    [head] = STR_INIT(name "0"), [head + 1] = STR_INIT(name "1"), [head + 2] = STR_INIT(name "2"), \
    [head + 3] = STR_INIT(name "3"), [head + 4] = STR_INIT(name "4"),                              \
    [head + 5] = STR_INIT(name "5"), [head + 6] = STR_INIT(name "6"),                              \
    [head + 7] = STR_INIT(name "7")
#define UPPER(head, name)                                                                          \
    [head] = STR_INIT(name "8"), [head + 1] = STR_INIT(name "9"),                                  \
    [head + 2] = STR_INIT(name "10"), [head + 3] = STR_INIT(name "11"),                            \
    [head + 4] = STR_INIT(name "12"), [head + 5] = STR_INIT(name "13"),                            \
    [head + 6] = STR_INIT(name "14"), [head + 7] = STR_INIT(name "15")

static const Str reg_names[X86_REG_COUNT] = {
    [1] = STR_INIT("AL"),
    [2] = STR_INIT("CL"),
    [3] = STR_INIT("DL"),
    [4] = STR_INIT("BL"),
    [5] = STR_INIT("AH"),
    [6] = STR_INIT("CH"),
    [7] = STR_INIT("DH"),
    [8] = STR_INIT("BH"),
    [9] = STR_INIT("SP"),
    [10] = STR_INIT("BP"),
    [11] = STR_INIT("SI"),
    [12] = STR_INIT("DI"),
    HIGH(13),
    WIDE(X86_AX),
    WIDE(X86_EAX),
    WIDE(X86_RAX),
    [X86_IP] = STR_INIT("IP"),
    [X86_EIP] = STR_INIT("IP"),
    [X86_RIP] = STR_INIT("IP"),
    EIGHT(X86_F0, "F"),
    EIGHT(X86_M0, "M"),
    EIGHT(X86_X0, "X"),
    UPPER(X86_X0 + 8, "X"),
    [X86_ES] = STR_INIT("ES"),
    [X86_CS] = STR_INIT("CS"),
    [X86_SS] = STR_INIT("SS"),
    [X86_DS] = STR_INIT("DS"),
    [X86_FS] = STR_INIT("FS"),
    [X86_GS] = STR_INIT("GS"),
    EIGHT(X86_CR0, "CR"),
    UPPER(X86_CR0 + 8, "CR"),
    EIGHT(X86_DR0, "DR"),
    UPPER(X86_DR0 + 8, "DR"),
    EIGHT(X86_TR0, "TR"),
};

// The instructions whose name gets the operand size as its last letter.
// clang-format off
static bool has_size_suffix(unsigned op) { // flat switch
    switch (op) {
    case X86_OP_ADC: case X86_OP_ADD: case X86_OP_AND: case X86_OP_BSF: case X86_OP_BSR:
    case X86_OP_BT: case X86_OP_BTC: case X86_OP_BTR: case X86_OP_BTS: case X86_OP_CMP:
    case X86_OP_CMPXCHG: case X86_OP_CVTSI2SD: case X86_OP_CVTSI2SS: case X86_OP_CVTSD2SI:
    case X86_OP_CVTSS2SI: case X86_OP_CVTTSD2SI: case X86_OP_CVTTSS2SI: case X86_OP_DEC:
    case X86_OP_DIV: case X86_OP_FLDENV: case X86_OP_FRSTOR: case X86_OP_IDIV: case X86_OP_IMUL:
    case X86_OP_IN: case X86_OP_INC: case X86_OP_LEA: case X86_OP_MOV: case X86_OP_MOVNTI:
    case X86_OP_MUL: case X86_OP_NEG: case X86_OP_NOP: case X86_OP_NOT: case X86_OP_OR:
    case X86_OP_OUT: case X86_OP_POP: case X86_OP_POPA: case X86_OP_POPCNT: case X86_OP_PUSH:
    case X86_OP_PUSHA: case X86_OP_RCL: case X86_OP_RCR: case X86_OP_ROL: case X86_OP_ROR:
    case X86_OP_SAR: case X86_OP_SBB: case X86_OP_SHL: case X86_OP_SHLD: case X86_OP_SHR:
    case X86_OP_SHRD: case X86_OP_SUB: case X86_OP_TEST: case X86_OP_XADD: case X86_OP_XCHG:
    case X86_OP_XOR: return true;
    default: return false;
    }
}
// clang-format on

Str x86_prefix_name(unsigned prefix) {
    switch (prefix) {
    case 0x2E: return STR("CS");
    case 0x3E: return STR("DS");
    case 0x26: return STR("ES");
    case 0x64: return STR("FS");
    case 0x65: return STR("GS");
    case 0x36: return STR("SS");
    case X86_LOCK: return STR("LOCK");
    case X86_REP: return STR("REP");
    case X86_REPN: return STR("REPN");
    case 0x67: return STR("ADDRSIZE");
    case 0x66: return STR("DATASIZE");
    case X86_DATA16: return STR("DATA16");
    case X86_ADDR32: return STR("ADDR32");
    case X86_BND: return STR("BND");
    case X86_XACQUIRE: return STR("XACQUIRE");
    case X86_XRELEASE: return STR("XRELEASE");
    case X86_PT: return STR("PT");
    case X86_PN: return STR("PN");
    default: return STR("");
    }
}

// Repeat prefixes are separate words; of the others the last one that is not implied is shown.
static void print_prefixes(const X86Inst *in, Buf *out) {
    bool rep = false, repn = false;
    unsigned last = 0;
    for (int i = 0; i < X86_MAX_PREFIX; i++) {
        unsigned p = in->prefix[i], byte = p & 0xFF;
        if (p == 0 || (p & 0xF0) == 0x40 || byte == 0xC5 || byte == 0xC4) break;
        if ((p & 0xFF00) == X86_IMPLICIT) continue;
        if (byte == X86_REP) {
            rep = true;
            repn = false;
        } else if (byte == X86_REPN) {
            repn = true;
            rep = false;
        } else {
            last = p;
        }
    }
    if (rep) buf_lit(out, "REP; ");
    if (repn) buf_lit(out, "REPNE; ");
    unsigned byte = last & 0xFF;
    if (byte == 0 || byte == 0x66 || byte == 0x67) return;
    buf_str(out, x86_prefix_name(last & 0x1FFF));
    buf_byte(out, ' ');
}

static void print_size_suffix(const X86Inst *in, Buf *out) {
    unsigned bits = in->data_bits;
    const X86Arg *a = in->args;
    if (in->mem_bytes)
        bits = in->mem_bytes * 8u;
    else if (!a[1].is && a[0].is == X86_IS_REG && a[0].reg >= X86_RAX && a[0].reg <= X86_R15)
        bits = 64;
    switch (bits) {
    case 8: buf_byte(out, 'B'); return;
    case 16: buf_byte(out, 'W'); return;
    case 32: buf_byte(out, 'L'); return;
    case 64: buf_byte(out, 'Q'); return;
    default: return;
    }
}

static bool find_name(const AsmSite *site, uint64_t addr, Str *name, uint64_t *base) {
    return site->names.find && site->names.find(site->names.ctx, addr, name, base) && name->len;
}

static void put_name_offset(Buf *out, Str name, int64_t offset) {
    buf_str(out, name);
    if (offset) asm_put_signed_plus(out, offset);
    buf_lit(out, "(SB)");
}

static void print_imm(const X86Inst *in, const AsmSite *site, int64_t v, Buf *out) {
    Str name;
    uint64_t base;
    buf_byte(out, '$');
    bool may_be_address = (in->op == X86_OP_MOV || in->op == X86_OP_PUSH) && in->data_bits == 32;
    if (may_be_address && find_name(site, (uint64_t)v, &name, &base)) {
        // Go prints the unsigned difference with a sign; it is never above the symbol's size.
        put_name_offset(out, name, (int64_t)((uint64_t)v - base));
    } else if ((int32_t)v == v) {
        asm_put_signed_hex(out, v);
    } else {
        asm_put_hex(out, (uint64_t)v);
    }
}

// A memory operand that is a plain address, absolute or from the instruction pointer.
static bool mem_address(const X86Inst *in, const X86Arg *m, uint64_t pc, uint64_t *addr) {
    if (m->segment || !m->value || m->index || m->scale) return false;
    bool relative = m->reg == X86_IP || m->reg == X86_EIP || m->reg == X86_RIP;
    if (!relative && m->reg) return false;
    *addr = (uint64_t)m->value + (relative ? pc + in->len : 0);
    return true;
}

static bool mem_name(const X86Inst *in, const X86Arg *m, const AsmSite *site, Str *name,
                     int64_t *offset) {
    uint64_t addr, base;
    if (!mem_address(in, m, site->pc, &addr) || !find_name(site, addr, name, &base)) return false;
    *offset = (int64_t)(addr - base);
    return true;
}

static void print_mem(const X86Inst *in, const X86Arg *m, const AsmSite *site, Buf *out) {
    Str name;
    int64_t offset;
    if (mem_name(in, m, site, &name, &offset)) {
        put_name_offset(out, name, offset);
        return;
    }
    if (m->segment) {
        buf_str(out, reg_names[m->segment]);
        buf_byte(out, ':');
    }
    if (m->value)
        asm_put_signed_hex(out, m->value);
    else
        buf_byte(out, '0');
    if (m->reg) {
        buf_byte(out, '(');
        buf_str(out, reg_names[m->reg]);
        buf_byte(out, ')');
    }
    if (m->index && m->scale) {
        buf_byte(out, '(');
        buf_str(out, reg_names[m->index]);
        buf_byte(out, '*');
        buf_byte(out, (char)('0' + m->scale));
        buf_byte(out, ')');
    }
}

// A jump to the start of a symbol shows the symbol, any other jump the address.
static void print_rel(const X86Inst *in, const AsmSite *site, int64_t distance, Buf *out) {
    if (site->pc == 0) {
        buf_byte(out, '.');
        asm_put_signed_plus(out, distance);
        return;
    }
    Str name;
    uint64_t base, to = site->pc + in->len + (uint64_t)distance;
    if (find_name(site, to, &name, &base) && base == to)
        put_name_offset(out, name, 0);
    else
        asm_put_hex(out, to);
}

static void print_arg(const X86Inst *in, const X86Arg *a, const AsmSite *site, Buf *out) {
    switch ((X86ArgIs)a->is) {
    case X86_IS_NONE: return;
    case X86_IS_REG: buf_str(out, reg_names[a->reg]); return;
    case X86_IS_MEM: print_mem(in, a, site, out); return;
    case X86_IS_IMM: print_imm(in, site, a->value, out); return;
    case X86_IS_REL: print_rel(in, site, a->value, out); return;
    }
}

void x86_print_go(const X86Inst *in, const AsmSite *site, Buf *out) {
    print_prefixes(in, out);
    buf_str(out, op_names[in->op]);
    if (has_size_suffix(in->op)) print_size_suffix(in, out);
    const X86Arg *order[4];
    int n = 0;
    for (int i = 3; i >= 0; i--) // Go names the destination last
        if (in->args[i].is) order[n++] = &in->args[i];
    if (in->op == X86_OP_CMP && n >= 2) { // except here, so that it reads left to right
        const X86Arg *swap = order[0];
        order[0] = order[1];
        order[1] = swap;
    }
    for (int i = 0; i < n; i++) {
        if (i)
            buf_lit(out, ", ");
        else
            buf_byte(out, ' ');
        print_arg(in, order[i], site, out);
    }
}
