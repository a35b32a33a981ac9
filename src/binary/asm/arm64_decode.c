// binary/asm: one arm64 word -> Arm64Inst.
// Formats are tried in the order of x/arch's list, because the first that fits wins and its
// operands may refuse the word, which hands it on to the next.
#include <string.h>

#include "binary/asm/arm64_internal.h"

enum {
    ARM64_ARG_NONE,
    ARM64_ARG_REG,
    ARM64_ARG_REG_SP,
    ARM64_ARG_BANK,
    ARM64_ARG_VECTOR,
    ARM64_ARG_ELEMENT,
    ARM64_ARG_EXTENDED,
    ARM64_ARG_SHIFTED,
    ARM64_ARG_MEM,
    ARM64_ARG_MEM_EXTEND,
    ARM64_ARG_LABEL,
    ARM64_ARG_LABEL_HI_LO,
    ARM64_ARG_ADD_IMM,
    ARM64_ARG_BITMASK,
    ARM64_ARG_IMM,
    ARM64_ARG_IMM16,
    ARM64_ARG_IMM_TEST_BIT,
    ARM64_ARG_IMM_ZERO,
    ARM64_ARG_IMM_C,
    ARM64_ARG_HINT,
    ARM64_ARG_CLREX,
    ARM64_ARG_DCPS,
    ARM64_ARG_OPTION,
    ARM64_ARG_OPTION_ISB,
    ARM64_ARG_FIELD_LSB,
    ARM64_ARG_FIELD_WIDTH,
    ARM64_ARG_SHIFT_LEFT,
    ARM64_ARG_WIDE,
    ARM64_ARG_WIDE_SHIFT,
    ARM64_ARG_COND,
    ARM64_ARG_COND_INVERT,
    ARM64_ARG_SYSREG,
    ARM64_ARG_PSTATE,
    ARM64_ARG_PRFOP,
    ARM64_ARG_SYSOP,
    ARM64_ARG_NEVER,
    ARM64_ARG_VECTOR_IMM,
    ARM64_ARG_BYTE_MASK,
    ARM64_ARG_FLOAT_ABC,
    ARM64_ARG_FLOAT_IMM8,
    ARM64_ARG_FBITS,
    ARM64_ARG_EXT_INDEX,
    ARM64_ARG_SHIFT_BY_IMMH,
    ARM64_ARG_SHIFT_BY_SIZE
};
enum { ARM64_BY_VALUE, ARM64_BY_HIGH_BIT, ARM64_BY_LOW_BIT };
enum {
    ARM64_CHOOSE_FIXED,
    ARM64_CHOOSE_Q,
    ARM64_CHOOSE_SIZE,
    ARM64_CHOOSE_SIZE_Q,
    ARM64_CHOOSE_SZ,
    ARM64_CHOOSE_SZ_Q,
    ARM64_CHOOSE_IMMH,
    ARM64_CHOOSE_IMMH_Q,
    ARM64_CHOOSE_IMM5_Q,
    ARM64_CHOOSE_LIST_SIZE_Q
};
enum {
    ARM64_INDEX_ONE,
    ARM64_INDEX_IMM5,
    ARM64_INDEX_IMM4,
    ARM64_INDEX_IMM5_TOP,
    ARM64_INDEX_IMM5_S,
    ARM64_INDEX_HLM,
    ARM64_INDEX_HL,
    ARM64_INDEX_LIST_B,
    ARM64_INDEX_LIST_H,
    ARM64_INDEX_LIST_S,
    ARM64_INDEX_LIST_D
};
enum {
    ARM64_MEM_FIXED,
    ARM64_MEM_IMM7,
    ARM64_MEM_IMM9,
    ARM64_MEM_IMM12,
    ARM64_MEM_BY_Q,
    ARM64_MEM_BY_SIZE,
    ARM64_MEM_REG
};
enum {
    ARM64_ALWAYS,
    ARM64_IF_IMMH,
    ARM64_IF_IMMH_ONE_BIT,
    ARM64_IF_SYS_AT,
    ARM64_IF_SYS_DC,
    ARM64_IF_SYS_IC,
    ARM64_IF_SYS_TLBI,
    ARM64_IF_BFX_PREFERRED,
    ARM64_IF_NOT_MOVE_WIDE,
    ARM64_IF_MOVN_32,
    ARM64_IF_MOV_WIDE,
    ARM64_IF_FIELD_BELOW_RN,
    ARM64_IF_FIELD_BELOW,
    ARM64_IF_FIELD_ABOVE,
    ARM64_IF_COND_INC,
    ARM64_IF_COND_NEG,
    ARM64_IF_COND_REAL,
    ARM64_IF_LSL_32,
    ARM64_IF_LSL_64,
    ARM64_IF_USES_SP,
    ARM64_IF_IMM5_S,
    ARM64_IF_IMM5_D,
    ARM64_IF_SAME_RN_RM
};
enum { ARM64_SYS_DC, ARM64_SYS_TLBI };

typedef struct Arm64Shape { // an operand: its kind, numbers of that kind, and a table to choose
                            // from
    uint8_t kind, n[4], table[8];
} Arm64Shape;

typedef struct Arm64Format {
    uint32_t mask, value;
    uint16_t op;
    uint8_t condition;
    uint16_t args[5]; // places in arm64_shapes
} Arm64Format;

typedef struct Arm64SysOp {
    uint8_t op1, cn, cm, op2, kind;
    bool has_register;
    Str name;
} Arm64SysOp;

#include "binary/asm/arm64_formats.inc"

static uint32_t bits(uint32_t x, unsigned at, unsigned n) { return x >> at & ((1u << n) - 1); }

static int64_t sign_extend(uint64_t v, unsigned n) { return (int64_t)(v << (64 - n)) >> (64 - n); }

static uint8_t rn(uint32_t x) { return (uint8_t)bits(x, 5, 5); }
static uint8_t rm(uint32_t x) { return (uint8_t)bits(x, 16, 5); }
static uint32_t imms(uint32_t x) { return bits(x, 10, 6); }
static uint32_t immr(uint32_t x) { return bits(x, 16, 6); }
static uint32_t q_bit(uint32_t x) { return x >> 30 & 1; }

static int low_bit(uint32_t field) { return field ? __builtin_ctz(field) : 7; }
static int high_bit(uint32_t field) { return field ? 31 - __builtin_clz(field) : 7; }

static const Arm64SysOp *find_sysop(uint32_t op1, uint32_t cn, uint32_t cm, uint32_t op2) {
    for (size_t i = 0; i < COUNT(arm64_sysops); i++) {
        const Arm64SysOp *s = &arm64_sysops[i];
        if (s->op1 == op1 && s->cn == cn && s->cm == cm && s->op2 == op2) return s;
    }
    return NULL;
}

static bool is_sysop(uint32_t x, uint32_t cn, unsigned kind) {
    const Arm64SysOp *s = find_sysop(bits(x, 16, 3), cn, bits(x, 8, 4), bits(x, 5, 3));
    return s && s->kind == kind;
}

// The ARM manual's BFXPreferred().
static bool bfx_preferred(uint32_t x) {
    uint32_t s = imms(x), r = immr(x), wide = x >> 31, is_unsigned = x >> 30 & 1;
    if (s < r || (s >> 5 == wide && (s & 31) == 31)) return false;
    if (r) return true;
    if (!wide) return s != 7 && s != 15;
    return is_unsigned || (s != 7 && s != 15 && s != 31);
}

// The ARM manual's MoveWidePreferred().
static bool move_wide_preferred(uint32_t x) {
    uint32_t s = imms(x), r = immr(x), wide = x >> 31, n = x >> 22 & 1, width = wide ? 64 : 32;
    if (wide && !n) return false;
    if (!wide && (n || s >> 5)) return false;
    if (s < 16) return (0 - r) % 16 <= 15 - s;
    if (s >= width - 15) return r % 16 <= s - (width - 15);
    return false;
}

// clang-format off
static bool accepts(unsigned condition, uint32_t x) {
    switch (condition) {
    case ARM64_ALWAYS: return true;
    case ARM64_IF_IMMH: return x & 0x780000;
    case ARM64_IF_IMMH_ONE_BIT: return __builtin_popcount(bits(x, 19, 4)) == 1;
    case ARM64_IF_SYS_AT: return false; // x/arch names no operation of this kind
    case ARM64_IF_SYS_IC: return false;
    case ARM64_IF_SYS_DC: return is_sysop(x, 7, ARM64_SYS_DC);
    case ARM64_IF_SYS_TLBI: return is_sysop(x, 8, ARM64_SYS_TLBI);
    case ARM64_IF_BFX_PREFERRED: return bfx_preferred(x);
    case ARM64_IF_NOT_MOVE_WIDE: return !move_wide_preferred(x);
    case ARM64_IF_MOVN_32: return (bits(x, 5, 16) || !bits(x, 21, 2)) && bits(x, 5, 16) != 0xffff;
    case ARM64_IF_MOV_WIDE: return bits(x, 5, 16) || !bits(x, 21, 2);
    case ARM64_IF_FIELD_BELOW_RN: return rn(x) != 31 && imms(x) < immr(x);
    case ARM64_IF_FIELD_BELOW: return imms(x) < immr(x);
    case ARM64_IF_FIELD_ABOVE: return imms(x) >= immr(x);
    case ARM64_IF_COND_INC:
        return rm(x) != 31 && (x & 0xe000) != 0xe000 && rn(x) != 31 && rn(x) == rm(x);
    case ARM64_IF_COND_NEG: return (x & 0xe000) != 0xe000 && rn(x) == rm(x);
    case ARM64_IF_COND_REAL: return (x & 0xe000) != 0xe000;
    case ARM64_IF_LSL_32: return imms(x) != 31 && imms(x) + 1 == immr(x);
    case ARM64_IF_LSL_64: return imms(x) != 63 && imms(x) + 1 == immr(x);
    case ARM64_IF_USES_SP: return (x & 31) == 31 || rn(x) == 31;
    case ARM64_IF_IMM5_S: return bits(x, 16, 3) == 4;
    case ARM64_IF_IMM5_D: return bits(x, 16, 4) == 8;
    case ARM64_IF_SAME_RN_RM: return rn(x) == rm(x);
    default: BUG("condition %u in the arm64 table", condition);
    }
}
// clang-format on

static bool put_reg(Arm64Arg *a, unsigned bank, uint32_t number) {
    a->is = ARM64_IS_REG;
    a->reg = (uint8_t)(bank + number);
    return true;
}

static bool put_imm(Arm64Arg *a, uint32_t v, bool decimal) {
    a->is = ARM64_IS_IMM;
    a->value = v;
    a->a = decimal;
    return true;
}

static bool put_byte(Arm64Arg *a, Arm64Is is, uint32_t v) {
    a->is = (uint8_t)is;
    a->a = (uint8_t)v;
    return true;
}

static bool read_bank(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    uint32_t v = bits(x, s->n[1], s->n[2]);
    if (s->n[3] == ARM64_BY_LOW_BIT) v = (uint32_t)low_bit(v & 15);
    if (s->n[3] == ARM64_BY_HIGH_BIT) v = (uint32_t)high_bit(v);
    unsigned bank = s->table[v];
    return bank != ARM64_NO_BANK && put_reg(a, bank, bits(x, s->n[0], 5));
}

static uint32_t choose(unsigned how, uint32_t x) {
    switch (how) {
    case ARM64_CHOOSE_FIXED: return 0;
    case ARM64_CHOOSE_Q: return q_bit(x);
    case ARM64_CHOOSE_SIZE: return bits(x, 22, 2);
    case ARM64_CHOOSE_SIZE_Q: return bits(x, 22, 2) * 2 + q_bit(x);
    case ARM64_CHOOSE_SZ: return x >> 22 & 1;
    case ARM64_CHOOSE_SZ_Q: return (x >> 22 & 1) * 2 + q_bit(x);
    case ARM64_CHOOSE_IMMH: return (uint32_t)high_bit(bits(x, 19, 4)) & 7;
    case ARM64_CHOOSE_IMMH_Q:
        return bits(x, 19, 4) ? (uint32_t)high_bit(bits(x, 19, 4)) * 2 + q_bit(x) : 8;
    case ARM64_CHOOSE_IMM5_Q:
        return bits(x, 16, 4) ? (uint32_t)low_bit(bits(x, 16, 4)) * 2 + q_bit(x) : 8;
    case ARM64_CHOOSE_LIST_SIZE_Q: return bits(x, 10, 2) * 2 + q_bit(x);
    default: BUG("choice %u in the arm64 table", how);
    }
}

static bool read_vector(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    uint32_t place = choose(s->n[2], x);
    if (place >= 8 || !s->table[place]) return false;
    a->is = ARM64_IS_VECTOR;
    a->reg = (uint8_t)(ARM64_V0 + bits(x, s->n[0], 5));
    a->a = s->table[place];
    a->c = s->n[1];
    return true;
}

// One element of a vector register: its arrangement and index share bits.
static bool read_element(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    uint32_t imm5 = bits(x, 16, 5), q = q_bit(x), bit12 = x >> 12 & 1, index = 0, place = 0;
    uint32_t h = x >> 11 & 1, l = x >> 21 & 1, number = bits(x, s->n[0], 5);
    switch (s->n[2]) {
    case ARM64_INDEX_ONE: index = 1; break;
    case ARM64_INDEX_IMM5:
    case ARM64_INDEX_IMM4:
        place = (uint32_t)low_bit(imm5 & 15);
        index = s->n[2] == ARM64_INDEX_IMM5 ? imm5 >> (place + 1) : bits(x, 11, 4) >> place;
        break;
    case ARM64_INDEX_IMM5_TOP: index = imm5 >> 4; break;
    case ARM64_INDEX_IMM5_S: index = imm5 >> 3; break;
    case ARM64_INDEX_HLM:
        place = bits(x, 22, 2);
        index = place == 1 ? h << 2 | l << 1 | (x >> 20 & 1) : h << 1 | l;
        if (place == 1) number &= 15;
        break;
    case ARM64_INDEX_HL:
        place = x >> 22 & 1;
        if (place && l) return false;
        index = place ? h : h << 1 | l;
        break;
    case ARM64_INDEX_LIST_B: index = q << 3 | bit12 << 2 | bits(x, 10, 2); break;
    case ARM64_INDEX_LIST_H: index = q << 2 | bit12 << 1 | (x >> 11 & 1); break;
    case ARM64_INDEX_LIST_S: index = q << 1 | bit12; break;
    case ARM64_INDEX_LIST_D: index = q; break;
    default: BUG("index %u in the arm64 table", s->n[2]);
    }
    if (!s->table[place]) return false;
    *a = (Arm64Arg){.is = ARM64_IS_ELEMENT,
                    .reg = (uint8_t)(ARM64_V0 + number),
                    .a = s->table[place],
                    .b = (uint8_t)index,
                    .c = s->n[1]};
    return true;
}

// A register with an extension; on the stack pointer the plain one is written LSL or not at all.
static bool read_extended(bool by_option, uint32_t x, Arm64Arg *a) {
    uint32_t option = bits(x, 13, 3), amount = bits(x, 10, 3);
    bool with_sp = rn(x) == 31 || (!(x >> 29 & 1) && (x & 31) == 31);
    bool wide = by_option && (option & 3) == 3;
    a->is = ARM64_IS_REG_EXT;
    a->reg = (uint8_t)((wide ? ARM64_X0 : ARM64_W0) + rm(x));
    a->a = (uint8_t)(ARM64_UXTB + option);
    if (with_sp && option == (by_option ? 3u : 2u)) a->a = amount ? ARM64_LSL : ARM64_PLAIN;
    a->b = (uint8_t)amount;
    return true;
}

static bool read_shifted(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    unsigned max = s->n[0], shift = bits(x, 22, 2), amount = imms(x);
    if (shift == 3 && !s->n[1]) return false;
    a->is = ARM64_IS_REG_EXT;
    a->reg = (uint8_t)((max == 31 ? ARM64_W0 : ARM64_X0) + rm(x));
    a->a = (uint8_t)(ARM64_LSL + shift);
    a->b = (uint8_t)amount;
    a->c = true;
    if (amount == 0 && shift == 0) a->a = ARM64_PLAIN;
    return amount <= max;
}

static bool read_mem(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    unsigned n = s->n[2];
    int64_t offset = 0;
    switch (s->n[1]) {
    case ARM64_MEM_FIXED: offset = n; break;
    case ARM64_MEM_IMM7: offset = sign_extend(bits(x, 15, 7), 7) * (1 << n); break;
    case ARM64_MEM_IMM9: offset = sign_extend(bits(x, 12, 9), 9); break;
    case ARM64_MEM_IMM12: offset = (int64_t)bits(x, 10, 12) << n; break;
    case ARM64_MEM_BY_Q: offset = (int64_t)(q_bit(x) + 1) * n; break;
    case ARM64_MEM_BY_SIZE: offset = (int64_t)n << bits(x, 10, 2); break;
    case ARM64_MEM_REG: offset = rm(x); break;
    default: BUG("memory operand %u in the arm64 table", s->n[1]);
    }
    *a = (Arm64Arg){.is = ARM64_IS_MEM,
                    .reg = (uint8_t)(ARM64_X0 + rn(x)),
                    .a = s->n[0],
                    .value = (uint64_t)offset};
    return true;
}

static bool read_mem_extend(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    static const uint8_t extends[8] = {0, 0, ARM64_UXTW, ARM64_LSL, 0, 0, ARM64_SXTW, ARM64_SXTX};
    uint32_t option = bits(x, 13, 3);
    if (!extends[option]) return false;
    a->is = ARM64_IS_MEM_EXT;
    a->reg = (uint8_t)(ARM64_X0 + rn(x));
    a->a = (uint8_t)((option & 1 ? ARM64_X0 : ARM64_W0) + rm(x));
    a->b = extends[option];
    a->c = (uint8_t)((x >> 12 & 1) * s->n[0]);
    a->value = s->n[1];
    return true;
}

static bool read_label(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    a->is = ARM64_IS_LABEL;
    if (s->kind == ARM64_ARG_LABEL) {
        a->value = (uint64_t)(sign_extend(bits(x, s->n[0], s->n[1]), s->n[1]) * (1 << s->n[2]));
    } else {
        uint32_t v = bits(x, 5, 19) << 2 | bits(x, 29, 2);
        a->value = (uint64_t)(sign_extend(v, 21) * (1 << s->n[0]));
    }
    return true;
}

// A logical immediate: a run of ones, rotated within an element that repeats.
static bool read_bitmask(unsigned width, uint32_t x, Arm64Arg *a) {
    unsigned length = 6;
    if (!(x >> 22 & 1)) {
        uint32_t inverted = ~imms(x) & 63;
        length = inverted ? (unsigned)high_bit(inverted) : 0;
        if (length == 0) return false;
    }
    unsigned element = 1u << length, levels = element - 1;
    if (element > width) return false;
    unsigned s = imms(x) & levels, r = immr(x) & levels;
    uint64_t all = element == 64 ? ~(uint64_t)0 : ((uint64_t)1 << element) - 1;
    uint64_t ones = s == 63 ? ~(uint64_t)0 : ((uint64_t)1 << (s + 1)) - 1;
    uint64_t rotated = (r ? ones >> r | ones << (element - r) : ones) & all, mask = 0;
    for (unsigned i = 0; i < width; i += element)
        mask = (element == 64 ? 0 : mask << element) | rotated;
    a->is = ARM64_IS_IMM64;
    a->value = mask;
    return true;
}

static bool read_field_width(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    uint32_t width = s->n[0], size = imms(x) + 1;
    if (s->n[1]) { // counted from the low bit immr names
        size -= immr(x);
        return size >= 1 && size <= width - immr(x) && put_imm(a, size, true);
    }
    return size <= width && put_imm(a, size, true);
}

static bool read_wide(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    unsigned shift = bits(x, 21, 2) * 16;
    uint64_t v = (uint64_t)bits(x, 5, 16) << shift;
    if (s->n[1]) v = ~v;
    if (s->n[0] == 32) return shift <= 16 && put_imm(a, (uint32_t)v, false);
    a->is = ARM64_IS_IMM64;
    a->value = v;
    return true;
}

static bool put_imm_shift(Arm64Arg *a, uint32_t v, unsigned shift) {
    a->is = ARM64_IS_IMM_SHIFT;
    a->value = v;
    a->a = (uint8_t)shift;
    return true;
}

static uint32_t imm_abcdefgh(uint32_t x) { return bits(x, 16, 3) << 5 | bits(x, 5, 5); }

static bool read_vector_imm(unsigned kind, uint32_t x, Arm64Arg *a) {
    enum { NO_SHIFT, MSL, BY_ONE_BIT, BY_TWO_BITS, MSL_MARK = 128 };
    unsigned shift = 0;
    if (kind == MSL) shift = (x >> 12 & 1 ? 16 : 8) + MSL_MARK;
    if (kind == BY_ONE_BIT) shift = 8 * (x >> 13 & 1);
    if (kind == BY_TWO_BITS) shift = 8 * bits(x, 13, 2);
    return put_imm_shift(a, imm_abcdefgh(x), shift);
}

static bool read_byte_mask(uint32_t x, Arm64Arg *a) {
    uint32_t each = imm_abcdefgh(x);
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        if (each >> i & 1) v |= (uint64_t)0xff << 8 * i;
    a->is = ARM64_IS_IMM64;
    a->value = v;
    return true;
}

static bool put_float(Arm64Arg *a, uint32_t imm8) {
    a->is = ARM64_IS_FLOAT;
    a->a = (uint8_t)(imm8 >> 7);
    a->b = (uint8_t)((~imm8 >> 6 & 1) << 2 | (imm8 >> 4 & 3)); // exponent + 3
    a->c = (uint8_t)(imm8 & 15);
    return true;
}

static bool read_shift_by_immh(const Arm64Shape *s, uint32_t x, Arm64Arg *a) {
    uint32_t immh = bits(x, 19, 4), v = immh << 3 | bits(x, 16, 3);
    if (!immh) return false;
    int k = high_bit(immh);
    if (!(s->n[1] >> k & 1)) return false;
    uint32_t element = 8u << k;
    return put_imm(a, s->n[0] ? 2 * element - v : v - element, true);
}

static bool read_sysop(uint32_t x, Arm64Arg *a) {
    const Arm64SysOp *s = find_sysop(bits(x, 16, 3), bits(x, 12, 4), bits(x, 8, 4), bits(x, 5, 3));
    bool has_register = s && s->has_register;
    if (!has_register && (x & 31) != 31) return false;
    a->is = ARM64_IS_SYSOP;
    a->value = s ? (uint64_t)(s - arm64_sysops) + 1 : 0;
    a->reg = has_register ? (uint8_t)(ARM64_X0 + (x & 31)) : 0;
    a->c = has_register;
    return true;
}

static bool read_pstate(uint32_t x, Arm64Arg *a) {
    uint32_t op1 = bits(x, 16, 3), op2 = bits(x, 5, 3);
    if (op1 == 0 && op2 == 5) return put_byte(a, ARM64_IS_PSTATE, 0);
    if (op1 == 3 && (op2 == 6 || op2 == 7)) return put_byte(a, ARM64_IS_PSTATE, op2 - 5);
    return false;
}

static bool put_cond(Arm64Arg *a, uint32_t cond, bool inverted) {
    a->b = inverted;
    return put_byte(a, ARM64_IS_COND, cond);
}

// clang-format off
static bool read_arg(const Arm64Shape *s, uint32_t x, Arm64Arg *a) { // flat switch
    uint32_t crm = bits(x, 8, 4);
    switch (s->kind) {
    case ARM64_ARG_REG: return put_reg(a, s->n[0], bits(x, s->n[1], 5));
    case ARM64_ARG_REG_SP:
        put_reg(a, s->n[0], bits(x, s->n[1], 5));
        a->is = ARM64_IS_REG_SP;
        return true;
    case ARM64_ARG_BANK: return read_bank(s, x, a);
    case ARM64_ARG_VECTOR: return read_vector(s, x, a);
    case ARM64_ARG_ELEMENT: return read_element(s, x, a);
    case ARM64_ARG_EXTENDED: return read_extended(s->n[0], x, a);
    case ARM64_ARG_SHIFTED: return read_shifted(s, x, a);
    case ARM64_ARG_MEM: return read_mem(s, x, a);
    case ARM64_ARG_MEM_EXTEND: return read_mem_extend(s, x, a);
    case ARM64_ARG_LABEL: case ARM64_ARG_LABEL_HI_LO: return read_label(s, x, a);
    case ARM64_ARG_ADD_IMM:
        return bits(x, 22, 2) <= 1 && put_imm_shift(a, bits(x, 10, 12), 12 * bits(x, 22, 2));
    case ARM64_ARG_BITMASK: return read_bitmask(s->n[0], x, a);
    case ARM64_ARG_IMM: {
        uint32_t v = bits(x, s->n[0], s->n[1]);
        return v <= s->n[3] && put_imm(a, v, s->n[2]);
    }
    case ARM64_ARG_IMM16: return put_imm(a, bits(x, 5, 16), false);
    case ARM64_ARG_IMM_TEST_BIT: return put_imm(a, x >> 31 << 5 | bits(x, 19, 5), true);
    case ARM64_ARG_IMM_ZERO: return put_imm(a, 0, true);
    case ARM64_ARG_IMM_C: return put_byte(a, ARM64_IS_IMM_C, bits(x, s->n[0], 4));
    case ARM64_ARG_HINT: return put_byte(a, ARM64_IS_HINT, bits(x, 5, 7));
    case ARM64_ARG_CLREX: return put_byte(a, ARM64_IS_CLREX, crm);
    case ARM64_ARG_DCPS:
        a->value = bits(x, 5, 16);
        return put_byte(a, ARM64_IS_DCPS, 0);
    case ARM64_ARG_OPTION: return put_byte(a, ARM64_IS_OPTION, crm);
    case ARM64_ARG_OPTION_ISB:
        return crm == 15 ? put_byte(a, ARM64_IS_OPTION, crm) : put_imm(a, crm, false);
    case ARM64_ARG_FIELD_LSB: return immr(x) < s->n[0] && put_imm(a, s->n[0] - immr(x), true);
    case ARM64_ARG_FIELD_WIDTH: return read_field_width(s, x, a);
    case ARM64_ARG_SHIFT_LEFT: return imms(x) < s->n[0] && put_imm(a, s->n[0] - 1u - imms(x), true);
    case ARM64_ARG_WIDE: return read_wide(s, x, a);
    case ARM64_ARG_WIDE_SHIFT: {
        unsigned shift = bits(x, 21, 2) * 16;
        return shift <= s->n[0] && put_imm_shift(a, bits(x, 5, 16), shift);
    }
    case ARM64_ARG_COND: return put_cond(a, bits(x, s->n[0], 4), false);
    case ARM64_ARG_COND_INVERT: return bits(x, 13, 3) != 7 && put_cond(a, bits(x, 12, 4), true);
    case ARM64_ARG_SYSREG:
        a->value = bits(x, 5, 16);
        return put_byte(a, ARM64_IS_SYSREG, 0);
    case ARM64_ARG_PSTATE: return read_pstate(x, a);
    case ARM64_ARG_PRFOP: return put_byte(a, ARM64_IS_PRFOP, x & 31);
    case ARM64_ARG_SYSOP: return read_sysop(x, a);
    case ARM64_ARG_NEVER: return false;
    case ARM64_ARG_VECTOR_IMM: return read_vector_imm(s->n[0], x, a);
    case ARM64_ARG_BYTE_MASK: return read_byte_mask(x, a);
    case ARM64_ARG_FLOAT_ABC: return put_float(a, imm_abcdefgh(x));
    case ARM64_ARG_FLOAT_IMM8: return put_float(a, bits(x, 13, 8));
    case ARM64_ARG_FBITS: {
        uint32_t fraction = 64 - imms(x);
        return fraction <= s->n[0] && put_imm(a, fraction, true);
    }
    case ARM64_ARG_EXT_INDEX:
        return (q_bit(x) || !(x >> 14 & 1)) && put_imm(a, bits(x, 11, 4), true);
    case ARM64_ARG_SHIFT_BY_IMMH: return read_shift_by_immh(s, x, a);
    case ARM64_ARG_SHIFT_BY_SIZE: return bits(x, 22, 2) < 3 && put_imm(a, 8u << bits(x, 22, 2), true);
    default: BUG("operand kind %u in the arm64 table", s->kind);
    }
}
// clang-format on

static bool try_format(const Arm64Format *f, uint32_t x, Arm64Inst *inst) {
    if ((x & f->mask) != f->value || !accepts(f->condition, x)) return false;
    memset(inst, 0, sizeof *inst);
    inst->op = f->op;
    for (int i = 0; i < 5 && f->args[i]; i++)
        if (!read_arg(&arm64_shapes[f->args[i]], x, &inst->args[i])) return false;
    return true;
}

bool arm64_decode(Str code, Arm64Inst *inst) {
    uint32_t x;
    memcpy(&x, code.ptr, 4); // little-endian host
    uint32_t bucket = x >> 21;
    for (uint32_t i = arm64_bucket[bucket]; i < arm64_bucket[bucket + 1]; i++)
        if (try_format(&arm64_formats[arm64_members[i]], x, inst)) return true;
    return false;
}

Str arm64_sysop_name(uint64_t place) { return place ? arm64_sysops[place - 1].name : STR(""); }
