// binary/asm: Arm64Inst -> GNU syntax as x/arch writes it: the names and numbers of the ARM manual
// in lower case. The Go printer borrows the operand forms it does not write its own way.
#include <stdio.h>

#include "binary/asm/arm64_internal.h"

#define X(name) STR_INIT(#name),
static const Str op_names[ARM64_OP_COUNT] = {STR_INIT(""), ARM64_OP_NAMES(X)};
#undef X

Str arm64_op_name(unsigned op) { return op_names[op]; }

Str arm64_extend_name(unsigned extend) {
    static const char *const names[] = {"",     "UXTB", "UXTH", "UXTW", "UXTX", "SXTB", "SXTH",
                                        "SXTW", "SXTX", "LSL",  "LSR",  "ASR",  "ROR"};
    return str_c(names[extend]);
}

Str arm64_arrangement(unsigned arrangement) {
    static const char *const names[] = {"",   ".B",  ".8B", ".16B", ".H",  ".4H", ".8H",
                                        ".S", ".2S", ".4S", ".D",   ".1D", ".2D", ".1Q"};
    return str_c(names[arrangement]);
}

const char *arm64_cond_name(unsigned cond, bool inverted) {
    static const char *const names[16] = {"EQ", "NE", "CS", "CC", "MI", "PL", "VS", "VC",
                                          "HI", "LS", "GE", "LT", "GT", "LE", "AL", "AL"};
    return names[cond ^ (inverted ? 1 : 0)];
}

double arm64_float(const Arm64Arg *a) {
    int exponent = a->b - 3;
    double v = (16 + a->c) / 16.0;
    for (; exponent > 0; exponent--) v *= 2;
    for (; exponent < 0; exponent++) v /= 2;
    return a->a ? -v : v;
}

static void put_reg(unsigned reg, bool sp, Buf *out) {
    static const char banks[] = "WXBHSDQV";
    unsigned number = reg & 31;
    if (number == 31 && reg <= ARM64_XZR) {
        if (sp)
            buf_c(out, reg == ARM64_WZR ? "WSP" : "SP");
        else
            buf_c(out, reg == ARM64_WZR ? "WZR" : "XZR");
        return;
    }
    buf_byte(out, banks[reg / 32]);
    buf_u64(out, number);
}

static void put_imm(uint64_t v, bool decimal, Buf *out) {
    buf_byte(out, '#');
    if (decimal)
        buf_u64(out, v);
    else
        asm_put_hex(out, v);
}

static void put_reg_ext(const Arm64Arg *a, Buf *out) {
    put_reg(a->reg, false, out);
    if (a->a == ARM64_PLAIN) return;
    buf_lit(out, ", ");
    buf_str(out, arm64_extend_name(a->a));
    if (a->b || a->c) buf_fmt(out, " #%u", a->b);
}

static void put_mem(const Arm64Arg *a, Buf *out) {
    long long offset = (long long)a->value;
    buf_byte(out, '[');
    put_reg(a->reg, true, out);
    switch ((Arm64Mode)a->a) {
    case ARM64_OFFSET:
        if (offset) buf_fmt(out, ",#%lld", offset);
        buf_byte(out, ']');
        return;
    case ARM64_PRE: buf_fmt(out, ",#%lld]!", offset); return;
    case ARM64_POST: buf_fmt(out, "],#%lld", offset); return;
    case ARM64_POST_REG:
        buf_lit(out, "], ");
        put_reg((unsigned)(ARM64_X0 + a->value), false, out);
        return;
    }
}

static void put_mem_ext(const Arm64Arg *a, Buf *out) {
    buf_byte(out, '[');
    put_reg(a->reg, true, out);
    buf_byte(out, ',');
    put_reg(a->a, false, out);
    if (a->c || a->b != ARM64_LSL) {
        buf_byte(out, ',');
        buf_str(out, arm64_extend_name(a->b));
    }
    if (a->c) buf_fmt(out, " #%u", a->value ? 0u : a->c);
    buf_byte(out, ']');
}

static void put_option(unsigned option, Buf *out) {
    static const char *const names[16] = {NULL,    "OSHLD", "OSHST", "OSH",   NULL,    "NSHLD",
                                          "NSHST", "NSH",   NULL,    "ISHLD", "ISHST", "ISH",
                                          NULL,    "LD",    "ST",    "SY"};
    if (names[option])
        buf_c(out, names[option]);
    else
        buf_fmt(out, "#0x%02x", option);
}

static void put_prefetch(unsigned op, Buf *out) {
    static const char *const types[] = {"PLD", "PLI", "PST"};
    unsigned type = op >> 3, target = op >> 1 & 3;
    if (type == 3 || target == 3)
        buf_fmt(out, "#0x%02x", op);
    else
        buf_fmt(out, "%sL%u%s", types[type], target + 1, op & 1 ? "STRM" : "KEEP");
}

// A list is written from its first to its last register, unless it runs over V31.
static void put_vector(const Arm64Arg *a, Buf *out) {
    unsigned number = a->reg & 31, count = a->c;
    Str arrangement = arm64_arrangement(a->a);
    if (count) buf_byte(out, '{');
    put_reg(a->reg, false, out);
    buf_str(out, arrangement);
    bool range = count > 2 && count + number <= 32;
    for (unsigned i = range ? count - 1 : 1; i < count; i++) {
        buf_c(out, range ? "-" : ", ");
        put_reg(ARM64_V0 + ((number + i) & 31), false, out);
        buf_str(out, arrangement);
    }
    if (count) buf_byte(out, '}');
    if (a->is == ARM64_IS_ELEMENT) buf_fmt(out, "[%u]", a->b);
}

static void put_sysreg(uint64_t v, Buf *out) {
    unsigned n = (unsigned)v;
    buf_fmt(out, "S%u_%u_C%u_C%u_%u", n >> 14 & 3, n >> 11 & 7, n >> 7 & 15, n >> 3 & 15, n & 7);
}

// clang-format off
void arm64_put_arg(const Arm64Arg *a, Buf *out) { // flat switch
    static const char *const fields[] = {"SPSel", "DAIFSet", "DAIFClr"};
    switch ((Arm64Is)a->is) {
    case ARM64_IS_NONE: return;
    case ARM64_IS_REG: put_reg(a->reg, false, out); return;
    case ARM64_IS_REG_SP: put_reg(a->reg, true, out); return;
    case ARM64_IS_IMM: put_imm(a->value, a->a, out); return;
    case ARM64_IS_IMM64: put_imm(a->value, false, out); return;
    case ARM64_IS_IMM_SHIFT:
        put_imm(a->value, false, out);
        if (a->a) buf_fmt(out, ", %s #%d", a->a < 128 ? "LSL" : "MSL", a->a & 127);
        return;
    case ARM64_IS_LABEL:
        buf_lit(out, ".+");
        asm_put_hex(out, a->value);
        return;
    case ARM64_IS_REG_EXT: put_reg_ext(a, out); return;
    case ARM64_IS_MEM: put_mem(a, out); return;
    case ARM64_IS_MEM_EXT: put_mem_ext(a, out); return;
    case ARM64_IS_COND: buf_c(out, arm64_cond_name(a->a, a->b)); return;
    case ARM64_IS_IMM_C: buf_fmt(out, "C%u", a->a); return;
    case ARM64_IS_OPTION: put_option(a->a, out); return;
    case ARM64_IS_HINT: put_imm(a->a, false, out); return;
    case ARM64_IS_CLREX:
        if (a->a != 15) put_imm(a->a, false, out);
        return;
    case ARM64_IS_DCPS:
        if (a->value) put_imm(a->value, false, out);
        return;
    case ARM64_IS_FLOAT: buf_fmt(out, "#%.18e", arm64_float(a)); return;
    case ARM64_IS_PRFOP: put_prefetch(a->a, out); return;
    case ARM64_IS_PSTATE: buf_c(out, fields[a->a]); return;
    case ARM64_IS_SYSREG: put_sysreg(a->value, out); return;
    case ARM64_IS_VECTOR: case ARM64_IS_ELEMENT: put_vector(a, out); return;
    case ARM64_IS_SYSOP:
        buf_str(out, arm64_sysop_name(a->value));
        if (!a->c) return;
        buf_lit(out, ", ");
        put_reg(a->reg, false, out);
        return;
    }
}
// clang-format on

static void put_all(const Arm64Inst *inst, Buf *out) {
    buf_str(out, op_names[inst->op]);
    buf_byte(out, ' '); // even without operands
    for (int i = 0; i < 5 && inst->args[i].is; i++) {
        if (i) buf_lit(out, ", ");
        arm64_put_arg(&inst->args[i], out);
    }
}

static void lower(Buf *out, size_t start) {
    for (size_t i = start; i < out->len; i++)
        if (out->ptr[i] >= 'A' && out->ptr[i] <= 'Z') out->ptr[i] = (char)(out->ptr[i] + 32);
}

static void cut_suffix(Buf *out, size_t start, Str suffix) {
    Str text = {out->ptr + start, out->len - start};
    if (str_ends(text, suffix)) out->len -= suffix.len;
}

void arm64_print_gnu(const Arm64Inst *inst, Buf *out) {
    size_t start = out->len;
    const Arm64Arg *first = &inst->args[0];
    switch (inst->op) {
    case ARM64_OP_RET:
        if (first->is == ARM64_IS_REG && first->reg == ARM64_X30) {
            buf_lit(out, "ret");
            return;
        }
        break;
    case ARM64_OP_B:
        if (first->is != ARM64_IS_COND) break;
        buf_fmt(out, "b.%s ", arm64_cond_name(first->a, first->b));
        arm64_put_arg(&inst->args[1], out);
        lower(out, start);
        return;
    default: break;
    }
    put_all(inst, out);
    if (inst->op == ARM64_OP_ISB) cut_suffix(out, start, STR(" SY"));
    bool trimmed = inst->op == ARM64_OP_DCPS1 || inst->op == ARM64_OP_DCPS2 ||
                   inst->op == ARM64_OP_DCPS3 || inst->op == ARM64_OP_CLREX;
    if (trimmed) cut_suffix(out, start, STR(" "));
    lower(out, start);
    if (inst->op != ARM64_OP_SYSL) return;
    for (size_t i = start; i < out->len; i++)
        if (out->ptr[i] == 'c') out->ptr[i] = 'C';
}
