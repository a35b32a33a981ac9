// binary/asm: x86-64 bytes -> X86Inst.
// A small machine runs the generated table (x86_steps.inc): it switches on bytes, prefixes and
// sizes, reads ModRM and immediates, and collects operands. The rules about prefixes follow
// x/arch, because what is printed depends on which of them count as used.
#include <string.h>

#include "binary/asm/x86_internal.h"

#define READ(name) X86_READ_##name,
#define ARG(name) X86_ARG_##name,
enum {
    X86_FAIL,
    X86_MATCH,
    X86_GOTO,
    X86_BY_BYTE_ARRAY, // lo, hi, else, one target per byte of lo..hi (0: else)
    X86_BY_BYTE_LIST,  // n, else, n times (byte, target)
    X86_BY_PREFIX,     // n, n times (prefix, target)
    X86_BY_SLASH,      // 8 targets: ModRM.reg
    X86_BY_DATA_SIZE,  // targets for 16, 32, 64 bits
    X86_BY_ADDR_SIZE,  // targets for 32, 64 bits
    X86_BY_MEM,        // targets: register, memory
    X86_SET_OP,        // op
    X86_READ_KINDS(READ) X86_ARG_KINDS(ARG) X86_STEP_COUNT
};
#undef READ
#undef ARG

#include "binary/asm/x86_steps.inc"

enum { REX = 0x40, REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1, VEX2 = 0xC5, VEX3 = 0xC4 };
enum { NONE = -1 };

// Everything known about the instruction while it is read.
typedef struct Decode {
    const uint8_t *code;
    int len, pos;
    X86Inst *inst;
    int prefix_end;                 // index of the first byte that was no legacy prefix
    int lock, rep, seg, data, addr; // index of the last prefix of each group, or NONE
    int rex_at;
    unsigned rex, rex_used, vex; // the bytes, 0 none
    bool have_modrm, have_mem;
    unsigned modrm, reg, rm;
    X86Arg mem;
    int64_t imm, near; // immediate; branch distance or far address
    uint8_t imm8;      // kept apart: ENTER has both
    int opcode_shift;
    int arg_count;
    bool bad;
} Decode;

static void need(Decode *d, int n) {
    if (d->len - d->pos < n) d->bad = true;
}

static uint64_t take(Decode *d, int n) {
    need(d, n);
    if (d->bad) return 0;
    uint64_t v = 0;
    memcpy(&v, d->code + d->pos, (size_t)n); // little-endian host: Debian x86-64 and arm64
    d->pos += n;
    return v;
}

static void note_opcode(Decode *d, unsigned byte) {
    if (d->opcode_shift < 0) return;
    d->inst->opcode |= byte << d->opcode_shift;
    d->opcode_shift -= 8;
}

static void mark(Decode *d, int at, unsigned flag) {
    if (at >= 0) d->inst->prefix[at] |= (uint16_t)flag;
}

// Remembers a prefix of a group; an earlier one of the same group loses.
static void supersede(Decode *d, int *last) {
    mark(d, *last, X86_IGNORED);
    *last = d->pos;
}

// A VEX prefix counts only as the very first byte. Its payload is kept in the prefix list.
static bool take_vex(Decode *d, unsigned byte) {
    int payload = byte == VEX2 ? 1 : 2;
    if (d->pos != 0 || payload >= d->len) return false;
    d->vex = byte;
    for (int i = 0; i <= payload; i++) d->inst->prefix[i] = d->code[i];
    d->pos += payload + 1;
    return true;
}

// Reads legacy prefixes and VEX. False: more than there can be.
static bool read_prefixes(Decode *d) {
    for (; d->pos < d->len; d->pos++) {
        unsigned p = d->code[d->pos];
        switch (p) {
        case 0xF0: supersede(d, &d->lock); break;
        case 0xF2:
        case 0xF3: supersede(d, &d->rep); break;
        case 0x26:
        case 0x2E:
        case 0x36:
        case 0x3E: p |= X86_IGNORED; break;
        case 0x64:
        case 0x65: supersede(d, &d->seg); break;
        case 0x66:
            p = X86_DATA16;
            d->inst->data_bits = 16;
            supersede(d, &d->data);
            break;
        case 0x67:
            p = X86_ADDR32;
            d->inst->addr_bits = 32;
            supersede(d, &d->addr);
            break;
        case VEX2:
        case VEX3:
            if (take_vex(d, p)) {
                d->pos--; // the loop steps over the last byte
                continue;
            }
            // fallthrough
        default: d->prefix_end = d->pos; return true;
        }
        if (d->pos >= X86_MAX_PREFIX) return false;
        d->inst->prefix[d->pos] = (uint16_t)p;
    }
    return true;
}

static bool read_rex(Decode *d) {
    if (d->pos >= d->len || (d->code[d->pos] & 0xF0) != REX || d->vex) return true;
    if (d->pos >= X86_MAX_PREFIX) return false;
    d->rex = d->code[d->pos];
    d->rex_at = d->pos;
    d->inst->prefix[d->pos++] = (uint16_t)d->rex;
    if (d->rex & REX_W) {
        d->inst->data_bits = 64;
        mark(d, d->data, X86_IGNORED);
    }
    return true;
}

static bool rex_bit(Decode *d, unsigned bit) {
    if (!(d->rex & bit)) return false;
    d->rex_used |= bit;
    return true;
}

static unsigned address_base(const Decode *d) {
    return d->inst->addr_bits == 32 ? X86_EAX : X86_RAX;
}

static unsigned segment_of(unsigned prefix) {
    switch (prefix & ~(unsigned)X86_IMPLICIT) {
    case 0x64: return X86_FS;
    case 0x65: return X86_GS;
    default: return 0;
    }
}

static bool vex3_inverted(const Decode *d, unsigned bit) {
    return d->vex == VEX3 && !(d->inst->prefix[1] & bit);
}

// The SIB byte; returns its base field with the extension bit.
static unsigned read_sib(Decode *d, unsigned mod) {
    unsigned sib = (unsigned)take(d, 1);
    if (d->bad) return 0;
    note_opcode(d, sib);
    unsigned index = sib >> 3 & 7, base = sib & 7;
    if (d->rex & REX_B || vex3_inverted(d, 0x20)) {
        d->rex_used |= REX_B;
        base |= 8;
    }
    if (d->rex & REX_X || vex3_inverted(d, 0x40)) {
        d->rex_used |= REX_X;
        index |= 8;
    }
    d->mem.scale = (uint8_t)(1u << (sib >> 6));
    if (index != 4) d->mem.index = (uint8_t)(address_base(d) + index);
    if ((base & 7) != 5 || mod != 0) d->mem.reg = (uint8_t)(address_base(d) + base);
    return base;
}

static void read_modrm(Decode *d) {
    if (d->have_modrm) d->bad = true;
    unsigned modrm = (unsigned)take(d, 1);
    if (d->bad) return;
    d->have_modrm = true;
    d->modrm = modrm;
    note_opcode(d, modrm);
    unsigned mod = modrm >> 6;
    d->reg = modrm >> 3 & 7;
    d->rm = modrm & 7;
    if (rex_bit(d, REX_R)) d->reg |= 8;
    d->have_mem = mod != 3;
    bool base5 = false; // mod 0 and this: a 32-bit displacement without base
    if (d->rm == 4 && mod != 3) {
        base5 = (read_sib(d, mod) & 7) == 5;
    } else {
        if (rex_bit(d, REX_B)) d->rm |= 8;
        base5 = (d->rm & 7) == 5;
        bool no_base = (mod == 0 && base5) || (d->rm & 7) == 4;
        if (!no_base && mod != 3) d->mem.reg = (uint8_t)(address_base(d) + d->rm);
    }
    if ((mod == 0 && base5) || mod == 2) d->mem.value = (int64_t)take(d, 4); // x/arch: no sign
    if (mod == 1) d->mem.value = (int8_t)take(d, 1);
    if (mod == 0 && (d->rm & 7) == 5) d->mem.reg = d->inst->addr_bits == 32 ? X86_EIP : X86_RIP;
    if (d->seg >= 0) d->mem.segment = (uint8_t)segment_of(d->inst->prefix[d->seg]);
}

// Does the VEX payload say what a legacy prefix or escape byte would say?
static bool vex_says(const Decode *d, unsigned prefix) {
    unsigned map = d->vex == VEX2 ? 1 : d->inst->prefix[1];
    unsigned pp = d->inst->prefix[d->vex == VEX2 ? 1 : 2];
    switch (prefix) {
    case 0x66: return (pp & 3) == 1;
    case 0xF3: return (pp & 3) == 2;
    case 0xF2: return (pp & 3) == 3;
    case 0x0F: return (map & 3) == 1;
    case 0x0F38: return (map & 3) == 2;
    case 0x0F3A: return (map & 3) == 3;
    default: return false;
    }
}

static bool is_vex_question(unsigned prefix) {
    return prefix == 0x0F || prefix == 0x0F38 || prefix == 0x0F3A || prefix == 0x66 ||
           prefix == 0xF2 || prefix == 0xF3;
}

// Is the prefix there? When it is, it counts as said by the instruction's name.
static bool has_prefix(Decode *d, unsigned prefix) {
    int at = NONE;
    switch (prefix) {
    case 0xF0: at = d->lock; break;
    case 0xF2:
    case 0xF3: at = d->rep; break;
    case 0x26:
    case 0x2E:
    case 0x36:
    case 0x3E:
    case 0x64:
    case 0x65: at = d->seg; break;
    case 0x66: at = d->data; break;
    case 0x67: at = d->addr; break;
    default: return false;
    }
    if (at < 0) return false;
    bool by_value = at == d->rep || at == d->seg;
    if (by_value && (d->inst->prefix[at] & 0xFFu) != prefix) return false;
    mark(d, at, X86_IMPLICIT);
    return true;
}

// Chooses by prefix; the list ends with 0 where the plain form exists. Returns 0 for no choice.
static unsigned choose_by_prefix(Decode *d, unsigned at) {
    unsigned n = x86_steps[at++];
    for (unsigned i = 0; i < n; i++, at += 2) {
        unsigned prefix = x86_steps[at];
        bool ok;
        if ((prefix & 0xF0) == REX) {
            d->rex_used |= prefix;
            ok = (d->rex & prefix) == prefix;
        } else if (prefix == 0) {
            ok = true;
        } else if (prefix == VEX2 || prefix == VEX3) {
            ok = d->vex == prefix;
        } else if (d->vex && is_vex_question(prefix)) {
            ok = vex_says(d, prefix);
        } else {
            // F2 and F3 win over 66: with one of them there, 66 opens no other meaning.
            if (prefix == 0x66 && d->rep >= 0) return 0;
            ok = has_prefix(d, prefix);
        }
        if (ok) return x86_steps[at + 1];
    }
    return 0;
}

static unsigned choose_by_byte(Decode *d, unsigned at, bool array) {
    need(d, 1);
    if (d->bad) return 0;
    unsigned byte = d->code[d->pos], found = 0;
    if (array) {
        unsigned lo = x86_steps[at], hi = x86_steps[at + 1];
        if (byte >= lo && byte <= hi) found = x86_steps[at + 3 + byte - lo];
        at += 2;
    } else {
        unsigned n = x86_steps[at];
        for (unsigned i = 0; i < n && !found; i++)
            if (x86_steps[at + 2 + 2 * i] == byte) found = x86_steps[at + 3 + 2 * i];
        at += 1;
    }
    if (!found) return x86_steps[at];
    d->pos++;
    note_opcode(d, byte);
    return found;
}

static unsigned choose_by_size(Decode *d, unsigned at) {
    if (d->inst->data_bits == 64) {
        d->rex_used |= REX_W;
        return x86_steps[at + 2];
    }
    mark(d, d->data, X86_IMPLICIT);
    return x86_steps[at + (d->inst->data_bits == 32)];
}

static bool next_is_mem(Decode *d) {
    if (d->have_modrm) return d->have_mem;
    need(d, 1);
    return !d->bad && d->code[d->pos] >> 6 != 3;
}

static void push(Decode *d, X86Arg arg) {
    if (d->arg_count == 4) BUG("more than four operands in the x86 table");
    d->inst->args[d->arg_count++] = arg;
}

static void push_reg(Decode *d, unsigned reg) {
    push(d, (X86Arg){.is = X86_IS_REG, .reg = (uint8_t)reg});
}

static void push_imm(Decode *d, int64_t v) { push(d, (X86Arg){.is = X86_IS_IMM, .value = v}); }

static void push_rel(Decode *d, int64_t v) { push(d, (X86Arg){.is = X86_IS_REL, .value = v}); }

static void push_mem(Decode *d, unsigned size_bytes) {
    if (!d->have_mem) {
        d->bad = true;
        return;
    }
    d->mem.is = X86_IS_MEM;
    push(d, d->mem);
    d->inst->mem_bytes = (uint8_t)size_bytes;
}

// A byte register: with any REX prefix, numbers 4 to 7 are SPL, BPL, SIL and DIL.
static unsigned byte_reg(Decode *d, unsigned n) {
    if (!d->rex || n < 4) return X86_AL + n;
    d->rex_used |= REX;
    return X86_SPB + n - 4;
}

static void push_reg_or_mem(Decode *d, unsigned bank, unsigned size_bytes) {
    if (d->have_mem)
        push_mem(d, size_bytes);
    else if (bank == X86_AL)
        push_reg(d, byte_reg(d, d->rm));
    else
        push_reg(d, bank + (bank == X86_M0 ? d->rm & 7 : d->rm));
}

static void push_fixed_mem(Decode *d, unsigned size_bytes) {
    X86Arg mem = {.is = X86_IS_MEM, .value = d->near};
    if (d->seg >= 0) {
        mem.segment = (uint8_t)segment_of(d->inst->prefix[d->seg]);
        mark(d, d->seg, X86_IMPLICIT);
    }
    push(d, mem);
    d->inst->mem_bytes = (uint8_t)size_bytes;
}

// The register named by the low bits of the last opcode byte.
static void push_opcode_reg(Decode *d, unsigned bank) {
    unsigned n = d->inst->opcode >> (d->opcode_shift + 8) & 7;
    if (bank == X86_F0) {
        push_reg(d, bank + n);
        return;
    }
    if (rex_bit(d, REX_B)) n += 8;
    push_reg(d, bank == X86_AL ? byte_reg(d, n) : bank + n);
}

static void push_forced_reg(Decode *d, unsigned bank) {
    push_reg(d, bank + (d->modrm & 7) + (rex_bit(d, REX_B) ? 8 : 0));
}

static void push_reg_only(Decode *d, unsigned bank, unsigned n) {
    if (d->have_mem)
        d->bad = true;
    else
        push_reg(d, bank + n);
}

static void push_control_reg(Decode *d) {
    if (d->lock >= 0) { // AMD: LOCK stands for REX.R
        mark(d, d->lock, X86_IMPLICIT);
        d->reg += 8;
    }
    push_reg(d, X86_CR0 + d->reg);
}

static void push_segment_reg(Decode *d) {
    d->reg &= 7;
    if (d->reg >= 6)
        d->bad = true;
    else
        push_reg(d, X86_ES + d->reg);
}

static void push_ymm2(Decode *d) {
    if (d->have_mem)
        push_mem(d, 32);
    else
        push_reg(d, X86_X0 + d->rm + (d->vex == VEX3 && d->inst->prefix[1] & 0x40 ? 8 : 0));
}

// clang-format off
static void push_arg(Decode *d, unsigned kind) { // flat switch
    switch (kind) {
    case X86_ARG_1: push_imm(d, 1); return;
    case X86_ARG_3: push_imm(d, 3); return;
    case X86_ARG_AL: push_reg(d, X86_AL); return;
    case X86_ARG_AX: push_reg(d, X86_AX); return;
    case X86_ARG_CL: push_reg(d, X86_AL + 1); return;
    case X86_ARG_DX: push_reg(d, X86_DX); return;
    case X86_ARG_EAX: push_reg(d, X86_EAX); return;
    case X86_ARG_RAX: push_reg(d, X86_RAX); return;
    case X86_ARG_FS: push_reg(d, X86_FS); return;
    case X86_ARG_GS: push_reg(d, X86_GS); return;
    case X86_ARG_ST: push_reg(d, X86_F0); return;
    case X86_ARG_XMM0: push_reg(d, X86_X0); return;
    case X86_ARG_IMM8: push_imm(d, (int8_t)d->imm8); return;
    case X86_ARG_IMM8U: push_imm(d, d->imm8); return;
    case X86_ARG_IMM16: push_imm(d, (int16_t)d->imm); return;
    case X86_ARG_IMM16U: push_imm(d, (uint16_t)d->imm); return;
    case X86_ARG_IMM32: push_imm(d, (int32_t)d->imm); return;
    case X86_ARG_IMM64: push_imm(d, d->imm); return;
    case X86_ARG_REL8: push_rel(d, (int8_t)d->near); return;
    case X86_ARG_REL16: push_rel(d, (int16_t)d->near); return;
    case X86_ARG_REL32: push_rel(d, (int32_t)d->near); return;
    case X86_ARG_M: case X86_ARG_M8: case X86_ARG_MEM: case X86_ARG_M1428BYTE: case X86_ARG_M94108BYTE:
    case X86_ARG_M512BYTE: case X86_ARG_M80BCD: case X86_ARG_M80DEC: case X86_ARG_M80FP:
    case X86_ARG_M16AND64: case X86_ARG_M16COLON64: push_mem(d, 0); return;
    case X86_ARG_M16: case X86_ARG_M16INT: case X86_ARG_M2BYTE: push_mem(d, 2); return;
    case X86_ARG_M32: case X86_ARG_M32FP: case X86_ARG_M32INT: case X86_ARG_M16COLON16:
        push_mem(d, 4); return;
    case X86_ARG_M16COLON32: push_mem(d, 6); return;
    case X86_ARG_M64: case X86_ARG_M64FP: case X86_ARG_M64INT: push_mem(d, 8); return;
    case X86_ARG_M128: push_mem(d, 16); return;
    case X86_ARG_M256: push_mem(d, 32); return;
    case X86_ARG_MOFFS8: push_fixed_mem(d, 1); return;
    case X86_ARG_MOFFS16: push_fixed_mem(d, 2); return;
    case X86_ARG_MOFFS32: push_fixed_mem(d, 4); return;
    case X86_ARG_MOFFS64: push_fixed_mem(d, 8); return;
    case X86_ARG_R8: push_reg(d, byte_reg(d, d->reg)); return;
    case X86_ARG_R16: push_reg(d, X86_AX + d->reg); return;
    case X86_ARG_R32: push_reg(d, X86_EAX + d->reg); return;
    case X86_ARG_R64: push_reg(d, X86_RAX + d->reg); return;
    case X86_ARG_XMM: case X86_ARG_XMM1: push_reg(d, X86_X0 + d->reg); return;
    case X86_ARG_YMM1: push_reg(d, X86_X0 + d->reg + (d->inst->prefix[1] & 0x80 ? 0 : 8)); return;
    case X86_ARG_MM: case X86_ARG_MM1: push_reg(d, X86_M0 + (d->reg & 7)); return;
    case X86_ARG_TR0DASHTR7: push_reg(d, X86_TR0 + (d->reg & 7)); return;
    case X86_ARG_DR0DASHDR7: push_reg(d, X86_DR0 + d->reg); return;
    case X86_ARG_CR0DASHCR7: push_control_reg(d); return;
    case X86_ARG_SREG: push_segment_reg(d); return;
    case X86_ARG_RMF16: push_forced_reg(d, X86_AX); return;
    case X86_ARG_RMF32: push_forced_reg(d, X86_EAX); return;
    case X86_ARG_RMF64: push_forced_reg(d, X86_RAX); return;
    case X86_ARG_R8OP: push_opcode_reg(d, X86_AL); return;
    case X86_ARG_R16OP: push_opcode_reg(d, X86_AX); return;
    case X86_ARG_R32OP: push_opcode_reg(d, X86_EAX); return;
    case X86_ARG_R64OP: push_opcode_reg(d, X86_RAX); return;
    case X86_ARG_STI: push_opcode_reg(d, X86_F0); return;
    case X86_ARG_RM8: push_reg_or_mem(d, X86_AL, 1); return;
    case X86_ARG_RM16: push_reg_or_mem(d, X86_AX, 2); return;
    case X86_ARG_RM32: push_reg_or_mem(d, X86_EAX, 4); return;
    case X86_ARG_RM64: push_reg_or_mem(d, X86_RAX, 8); return;
    case X86_ARG_R32M8: push_reg_or_mem(d, X86_EAX, 1); return;
    case X86_ARG_R32M16: push_reg_or_mem(d, X86_EAX, 2); return;
    case X86_ARG_R64M16: push_reg_or_mem(d, X86_RAX, 2); return;
    case X86_ARG_MMM32: push_reg_or_mem(d, X86_M0, 4); return;
    case X86_ARG_MMM64: case X86_ARG_MM2M64: push_reg_or_mem(d, X86_M0, 8); return;
    case X86_ARG_XMM2M16: push_reg_or_mem(d, X86_X0, 2); return;
    case X86_ARG_XMM2M32: case X86_ARG_XMMM32: push_reg_or_mem(d, X86_X0, 4); return;
    case X86_ARG_XMM2M64: case X86_ARG_XMMM64: push_reg_or_mem(d, X86_X0, 8); return;
    case X86_ARG_XMM2M128: case X86_ARG_XMMM128: push_reg_or_mem(d, X86_X0, 16); return;
    case X86_ARG_YMM2M256: push_ymm2(d); return;
    case X86_ARG_MM2: push_reg_only(d, X86_M0, d->rm & 7); return;
    case X86_ARG_XMM2: push_reg_only(d, X86_X0, d->rm); return;
    default: BUG("operand kind %u in the x86 table", kind);
    }
}
// clang-format on

static void read_value(Decode *d, unsigned kind) {
    switch (kind) {
    case X86_READ_SLASHR: read_modrm(d); return;
    case X86_READ_IB: d->imm8 = (uint8_t)take(d, 1); return;
    case X86_READ_IW: d->imm = (int64_t)take(d, 2); return;
    case X86_READ_ID: d->imm = (int64_t)take(d, 4); return;
    case X86_READ_IO: d->imm = (int64_t)take(d, 8); return;
    case X86_READ_CB: d->near = (int64_t)take(d, 1); return;
    case X86_READ_CW: d->near = (int64_t)take(d, 2); return;
    case X86_READ_CD: d->near = (int64_t)take(d, 4); return;
    case X86_READ_CM: d->near = (int64_t)take(d, d->inst->addr_bits / 8); return;
    default: BUG("reading kind %u in the x86 table", kind);
    }
}

// Runs the table until it matches or gives up.
static bool run_steps(Decode *d) { // flat switch
    unsigned at = X86_START;
    while (!d->bad) {
        unsigned step = x86_steps[at++];
        switch (step) {
        case X86_FAIL: return false;
        case X86_MATCH: return d->inst->op != X86_OP_NONE;
        case X86_GOTO: at = x86_steps[at]; break;
        case X86_BY_BYTE_ARRAY: at = choose_by_byte(d, at, true); break;
        case X86_BY_BYTE_LIST: at = choose_by_byte(d, at, false); break;
        case X86_BY_PREFIX:
            at = choose_by_prefix(d, at);
            if (!at) return false;
            break;
        case X86_BY_SLASH:
            read_modrm(d);
            at = x86_steps[at + (d->reg & 7)];
            break;
        case X86_BY_DATA_SIZE: at = choose_by_size(d, at); break;
        case X86_BY_ADDR_SIZE:
            if (d->inst->addr_bits == 32) mark(d, d->addr, X86_IMPLICIT);
            at = x86_steps[at + (d->inst->addr_bits == 64)];
            break;
        case X86_BY_MEM: at = x86_steps[at + next_is_mem(d)]; break;
        case X86_SET_OP: d->inst->op = x86_steps[at++]; break;
        default:
            if (step < X86_ARG_1)
                read_value(d, step);
            else
                push_arg(d, step);
        }
    }
    return false;
}

// 90 is XCHG AX, AX in the table but means NOP; with F3 it means PAUSE.
static void rename_nop(Decode *d) {
    X86Inst *in = d->inst;
    if (in->op != X86_OP_XCHG || in->opcode >> 24 != 0x90) return;
    X86Arg first = in->args[0];
    bool nop = first.is == X86_IS_REG &&
               (first.reg == X86_RAX || first.reg == X86_EAX || first.reg == X86_AX);
    bool pause = d->rep >= 0 && in->prefix[d->rep] == 0xF3;
    if (nop) {
        in->op = X86_OP_NOP;
        if (d->data >= 0) in->prefix[d->data] &= (uint16_t)~X86_IMPLICIT;
    }
    if (pause) {
        in->op = X86_OP_PAUSE;
        mark(d, d->rep, X86_IMPLICIT);
    }
    if (nop || pause) in->args[0].is = in->args[1].is = X86_IS_NONE;
}

static X86Arg implied_mem(const Decode *d, unsigned segment, unsigned index) {
    return (X86Arg){
        .is = X86_IS_MEM, .segment = (uint8_t)segment, .reg = (uint8_t)(address_base(d) + index)};
}

static X86Arg source_mem(Decode *d, unsigned index) {
    unsigned segment = X86_DS;
    if (d->seg >= 0) {
        mark(d, d->seg, X86_IMPLICIT);
        segment = segment_of(d->inst->prefix[d->seg]);
    }
    return implied_mem(d, segment, index);
}

static X86Arg accumulator(unsigned op, const unsigned ops[4]) {
    static const uint8_t regs[4] = {X86_AL, X86_AX, X86_EAX, X86_RAX};
    for (int i = 0; i < 4; i++)
        if (ops[i] == op) return (X86Arg){.is = X86_IS_REG, .reg = regs[i]};
    BUG("no accumulator for x86 op %u", op);
}

static bool one_of(unsigned op, const unsigned *ops, int n) {
    for (int i = 0; i < n; i++)
        if (ops[i] == op) return true;
    return false;
}

#define SIZES(name) X86_OP_##name##B, X86_OP_##name##W, X86_OP_##name##D
static const unsigned ins_ops[] = {SIZES(INS)}, outs_ops[] = {SIZES(OUTS)},
                      movs_ops[] = {SIZES(MOVS), X86_OP_MOVSQ},
                      cmps_ops[] = {SIZES(CMPS), X86_OP_CMPSQ},
                      lods_ops[] = {SIZES(LODS), X86_OP_LODSQ},
                      stos_ops[] = {SIZES(STOS), X86_OP_STOSQ},
                      scas_ops[] = {SIZES(SCAS), X86_OP_SCASQ};
#undef SIZES

// What the rules about prefixes ask of an operation.
enum { IS_STRING = 1, IS_COND_JUMP = 2, IS_LOOP = 4, MAY_LOCK = 8 };
#define SIZES(name)                                                                                \
    [X86_OP_##name##B] = IS_STRING, [X86_OP_##name##W] = IS_STRING, [X86_OP_##name##D] = IS_STRING
#define JUMP(name) [X86_OP_J##name] = IS_COND_JUMP
#define LOCKS(name) [X86_OP_##name] = MAY_LOCK
// clang-format off
static const uint8_t op_class[X86_OP_COUNT] = {
    SIZES(INS), SIZES(OUTS), SIZES(MOVS), SIZES(CMPS), SIZES(LODS), SIZES(STOS), SIZES(SCAS),
    [X86_OP_MOVSQ] = IS_STRING, [X86_OP_CMPSQ] = IS_STRING, [X86_OP_LODSQ] = IS_STRING,
    [X86_OP_STOSQ] = IS_STRING, [X86_OP_SCASQ] = IS_STRING,
    JUMP(A), JUMP(AE), JUMP(B), JUMP(BE), JUMP(E), JUMP(G), JUMP(GE), JUMP(L), JUMP(LE), JUMP(NE),
    JUMP(NO), JUMP(NP), JUMP(NS), JUMP(O), JUMP(P), JUMP(S),
    [X86_OP_LOOP] = IS_LOOP, [X86_OP_LOOPE] = IS_LOOP, [X86_OP_LOOPNE] = IS_LOOP,
    [X86_OP_JECXZ] = IS_LOOP, [X86_OP_JRCXZ] = IS_LOOP,
    LOCKS(ADD), LOCKS(ADC), LOCKS(AND), LOCKS(BTC), LOCKS(BTR), LOCKS(BTS), LOCKS(CMPXCHG),
    LOCKS(CMPXCHG8B), LOCKS(CMPXCHG16B), LOCKS(DEC), LOCKS(INC), LOCKS(NEG), LOCKS(NOT), LOCKS(OR),
    LOCKS(SBB), LOCKS(SUB), LOCKS(XOR), LOCKS(XADD), LOCKS(XCHG),
};
// clang-format on
#undef SIZES
#undef JUMP
#undef LOCKS

bool x86_is_string_op(unsigned op) { return op_class[op] & IS_STRING; }
bool x86_is_cond_jump(unsigned op) { return op_class[op] & IS_COND_JUMP; }
bool x86_is_loop(unsigned op) { return op_class[op] & IS_LOOP; }

// String instructions name their operands nowhere in the encoding. True: they use an address.
static bool add_implied_args(Decode *d) {
    enum { BX = 3, SI = 6, DI = 7 };
    unsigned op = d->inst->op;
    X86Arg *args = d->inst->args, dx = {.is = X86_IS_REG, .reg = X86_DX};
    if (op == X86_OP_XLATB) {
        args[0] = source_mem(d, BX);
        return true;
    }
    if (!x86_is_string_op(op)) return false;
    X86Arg to = implied_mem(d, X86_ES, DI);
    if (one_of(op, ins_ops, 3)) {
        args[0] = to;
        args[1] = dx;
    } else if (one_of(op, outs_ops, 3)) {
        args[0] = dx;
        args[1] = source_mem(d, SI);
    } else if (one_of(op, movs_ops, 4)) {
        args[0] = to;
        args[1] = source_mem(d, SI);
    } else if (one_of(op, cmps_ops, 4)) {
        args[0] = source_mem(d, SI);
        args[1] = to;
    } else if (one_of(op, lods_ops, 4)) {
        args[0] = accumulator(op, lods_ops);
        args[1] = source_mem(d, SI);
    } else if (one_of(op, stos_ops, 4)) {
        args[0] = to;
        args[1] = accumulator(op, stos_ops);
    } else {
        args[0] = accumulator(op, scas_ops);
        args[1] = to;
    }
    return true;
}

// Segment prefixes on jumps are branch hints, REPN is BND.
static void rename_jump_prefixes(Decode *d) {
    X86Inst *in = d->inst;
    bool cond = x86_is_cond_jump(in->op);
    if (cond || x86_is_loop(in->op) || in->op == X86_OP_JCXZ) {
        for (int i = d->prefix_end - 1; i >= 0; i--) {
            unsigned byte = in->prefix[i] & 0xFF;
            if (byte != 0x2E && byte != 0x3E) continue;
            in->prefix[i] = byte == 0x2E ? X86_PN : X86_PT;
            break;
        }
    }
    if (cond || in->op == X86_OP_JMP || in->op == X86_OP_CALL || in->op == X86_OP_RET) {
        for (int i = d->prefix_end - 1; i >= 0; i--) {
            if ((in->prefix[i] & ~X86_IGNORED) != X86_REPN) continue;
            in->prefix[i] = X86_BND;
            break;
        }
    }
}

// LOCK needs a memory destination; with it REPN and REP mean XACQUIRE and XRELEASE.
static void judge_lock(Decode *d) {
    X86Inst *in = d->inst;
    bool to_mem = in->args[0].is == X86_IS_MEM, locked = false;
    if (d->lock >= 0 && !(in->prefix[d->lock] & X86_IMPLICIT)) {
        locked = (op_class[in->op] & MAY_LOCK) && to_mem;
        if (!locked) mark(d, d->lock, X86_INVALID);
    }
    if (!to_mem) return;
    if (in->op == X86_OP_XCHG) locked = true;
    unsigned top = in->opcode >> 24 & ~1u;
    bool store = in->op == X86_OP_MOV && (top == 0x88 || top == 0xC6);
    for (int i = X86_MAX_PREFIX - 1; i >= 0; i--) {
        unsigned p = in->prefix[i], kept = p & X86_IGNORED;
        if ((p & ~X86_IGNORED) == X86_REPN && locked)
            in->prefix[i] = (uint16_t)(kept | X86_XACQUIRE);
        if ((p & ~X86_IGNORED) == X86_REP && (locked || store))
            in->prefix[i] = (uint16_t)(kept | X86_XRELEASE);
    }
}

static void finish(Decode *d) {
    X86Inst *in = d->inst;
    rename_nop(d);
    bool uses_address = add_implied_args(d);
    if (d->have_mem || uses_address) mark(d, d->addr, X86_IMPLICIT);
    if (d->have_mem) mark(d, d->seg, X86_IMPLICIT);
    rename_jump_prefixes(d);
    judge_lock(d);
    if (d->rep >= 0 && (in->prefix[d->rep] == X86_REP || in->prefix[d->rep] == X86_REPN) &&
        !x86_is_string_op(in->op))
        mark(d, d->rep, X86_IGNORED);
    if (d->rex_used) d->rex_used |= REX;
    if (d->rex_at >= 0 && !(d->rex & ~d->rex_used)) mark(d, d->rex_at, X86_IMPLICIT);
    in->len = (uint8_t)d->pos;
}

bool x86_decode(Str code, X86Inst *inst) {
    *inst = (X86Inst){.addr_bits = 64, .data_bits = 32};
    Decode d = {.code = (const uint8_t *)code.ptr,
                .len = (int)MIN(code.len, (size_t)15),
                .inst = inst,
                .lock = NONE,
                .rep = NONE,
                .seg = NONE,
                .data = NONE,
                .addr = NONE,
                .rex_at = NONE,
                .opcode_shift = 24};
    if (!read_prefixes(&d) || !read_rex(&d)) return false;
    if (!run_steps(&d) || d.bad) return false;
    finish(&d);
    return true;
}
