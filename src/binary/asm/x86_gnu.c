// binary/asm: X86Inst -> GNU (AT&T) syntax, as x/arch writes it to please libopcodes, whose rules
// for suffixes and left-over prefixes have more exceptions than rules.
#include <string.h>

#include "binary/asm/x86_internal.h"

typedef struct Gnu {
    X86Inst *in; // a copy: what is shown changes which prefixes are left over
    const AsmSite *site;
    Buf *out;
    char op[40];
    size_t op_len;
    int arg_count;
    bool segment_shown; // segment prefixes were spent on a memory operand
} Gnu;

#define QUAD(head, f)                                                                              \
    [head] = STR_INIT(f("ax")), [head + 1] = STR_INIT(f("cx")), [head + 2] = STR_INIT(f("dx")),    \
    [head + 3] = STR_INIT(f("bx")), [head + 4] = STR_INIT(f("sp")),                                \
    [head + 5] = STR_INIT(f("bp")), [head + 6] = STR_INIT(f("si")), [head + 7] = STR_INIT(f("di"))
#define NUMBERED(head, before, after)                                                              \
    [head] = STR_INIT(before "8" after), [head + 1] = STR_INIT(before "9" after),                  \
    [head + 2] = STR_INIT(before "10" after), [head + 3] = STR_INIT(before "11" after),            \
    [head + 4] = STR_INIT(before "12" after), [head + 5] = STR_INIT(before "13" after),            \
    [head + 6] = STR_INIT(before "14" after), [head + 7] = STR_INIT(before "15" after)
#define EIGHT(head, name)                                                                          \
    [head] = STR_INIT(name "0"), [head + 1] = STR_INIT(name "1"), [head + 2] = STR_INIT(name "2"), \
    [head + 3] = STR_INIT(name "3"), [head + 4] = STR_INIT(name "4"),                              \
    [head + 5] = STR_INIT(name "5"), [head + 6] = STR_INIT(name "6"),                              \
    [head + 7] = STR_INIT(name "7")
#define WORD(r) "%" r
#define LONG(r) "%e" r
#define WIDE(r) "%r" r

static const Str reg_names[X86_REG_COUNT] = {
    STR_INIT("REG0"),
    STR_INIT("%al"),
    STR_INIT("%cl"),
    STR_INIT("%dl"),
    STR_INIT("%bl"),
    STR_INIT("%ah"),
    STR_INIT("%ch"),
    STR_INIT("%dh"),
    STR_INIT("%bh"),
    STR_INIT("%spl"),
    STR_INIT("%bpl"),
    STR_INIT("%sil"),
    STR_INIT("%dil"),
    NUMBERED(13, "%r", "b"),
    QUAD(X86_AX, WORD),
    NUMBERED(X86_AX + 8, "%r", "w"),
    QUAD(X86_EAX, LONG),
    NUMBERED(X86_EAX + 8, "%r", "d"),
    QUAD(X86_RAX, WIDE),
    NUMBERED(X86_RAX + 8, "%r", ""),
    [X86_IP] = STR_INIT("%ip"),
    [X86_EIP] = STR_INIT("%eip"),
    [X86_RIP] = STR_INIT("%rip"),
    [X86_F0] = STR_INIT("%st"),
    [X86_F0 + 1] = STR_INIT("%st(1)"),
    [X86_F0 + 2] = STR_INIT("%st(2)"),
    [X86_F0 + 3] = STR_INIT("%st(3)"),
    [X86_F0 + 4] = STR_INIT("%st(4)"),
    [X86_F0 + 5] = STR_INIT("%st(5)"),
    [X86_F0 + 6] = STR_INIT("%st(6)"),
    [X86_F0 + 7] = STR_INIT("%st(7)"),
    EIGHT(X86_M0, "%mm"),
    EIGHT(X86_X0, "%xmm"),
    NUMBERED(X86_X0 + 8, "%xmm", ""),
    [X86_ES] = STR_INIT("%es"),
    [X86_CS] = STR_INIT("%cs"),
    [X86_SS] = STR_INIT("%ss"),
    [X86_DS] = STR_INIT("%ds"),
    [X86_FS] = STR_INIT("%fs"),
    [X86_GS] = STR_INIT("%gs"),
    EIGHT(X86_CR0, "%cr"),
    NUMBERED(X86_CR0 + 8, "%cr", ""),
    EIGHT(X86_DR0, "%db"),
    EIGHT(X86_TR0, "%tr"),
};

static int count_prefix(const X86Inst *in, unsigned byte) {
    int n = 0;
    for (int i = 0; i < X86_MAX_PREFIX; i++) n += (in->prefix[i] & 0xFFu) == byte;
    return n;
}

static bool mark_last(X86Inst *in, unsigned byte) {
    for (int i = X86_MAX_PREFIX - 1; i >= 0; i--) {
        if ((in->prefix[i] & 0xFFu) != byte) continue;
        in->prefix[i] |= X86_IMPLICIT;
        return true;
    }
    return false;
}

static void unmark(X86Inst *in, unsigned byte) {
    for (int i = 0; i < X86_MAX_PREFIX; i++)
        if ((in->prefix[i] & 0xFFu) == byte) in->prefix[i] &= (uint16_t)~X86_IMPLICIT;
}

static bool is_mem(const X86Arg *a) { return a->is == X86_IS_MEM; }
static bool is_segment_reg(const X86Arg *a) {
    return a->is == X86_IS_REG && a->reg >= X86_ES && a->reg <= X86_GS;
}

static bool between(unsigned reg, unsigned lo, unsigned hi) { return reg >= lo && reg <= hi; }

static void swap_reversed_floats(X86Inst *in) {
    static const uint16_t twins[][2] = {{X86_OP_FDIV, X86_OP_FDIVR},
                                        {X86_OP_FSUB, X86_OP_FSUBR},
                                        {X86_OP_FDIVP, X86_OP_FDIVRP},
                                        {X86_OP_FSUBP, X86_OP_FSUBRP}};
    unsigned top = in->opcode >> 24;
    if (in->args[0].is != X86_IS_REG || in->args[1].is != X86_IS_REG ||
        (top != 0xDC && top != 0xDE))
        return;
    for (size_t i = 0; i < COUNT(twins); i++) {
        if (in->op != twins[i][0] && in->op != twins[i][1]) continue;
        in->op = in->op == twins[i][0] ? twins[i][1] : twins[i][0];
        return;
    }
}

// libopcodes lets F3 win over F2 here, wherever they stand.
static void prefer_movntss(X86Inst *in) {
    if (in->op != X86_OP_MOVNTSD || !count_prefix(in, 0xF3)) return;
    bool found = false;
    for (int i = X86_MAX_PREFIX - 1; i >= 0; i--) {
        unsigned byte = in->prefix[i] & 0xFF;
        if (byte == 0xF3 && !found) {
            found = true;
            in->prefix[i] |= X86_IMPLICIT;
        }
        if (byte == 0xF2) in->prefix[i] &= (uint16_t)~X86_IMPLICIT;
    }
    in->op = X86_OP_MOVNTSS;
}

static void add_implied_args(X86Inst *in) {
    X86Arg *a = in->args;
    if (in->op == X86_OP_MONITOR) {
        a[0] = (X86Arg){.is = X86_IS_REG, .reg = X86_EDX};
        a[1] = (X86Arg){.is = X86_IS_REG, .reg = X86_ECX};
        a[2] = (X86Arg){.is = X86_IS_REG, .reg = X86_EAX};
    } else if (in->op == X86_OP_MWAIT) {
        a[0] = (X86Arg){.is = X86_IS_REG, .reg = X86_RCX};
        a[1] = (X86Arg){.is = X86_IS_REG, .reg = X86_RAX};
    }
}

// Which prefixes count as shown by the instruction itself.
// clang-format off
static void adjust_prefixes(X86Inst *in) { // flat switch
    const X86Arg *a = in->args;
    switch (in->op) {
    case X86_OP_CRC32:
        if (count_prefix(in, 0xF2) > 1) {
            unmark(in, 0xF2);
            mark_last(in, 0xF2);
        }
        unmark(in, 0x66);
        mark_last(in, 0x66);
        return;
    case X86_OP_CVTSI2SD: case X86_OP_CVTSI2SS:
        if (!is_mem(&a[1])) mark_last(in, 0x66);
        return;
    case X86_OP_CVTSD2SI: case X86_OP_CVTSS2SI: case X86_OP_CVTTSD2SI: case X86_OP_CVTTSS2SI:
    case X86_OP_ENTER: case X86_OP_FLDENV: case X86_OP_FNSAVE: case X86_OP_FNSTENV:
    case X86_OP_FRSTOR: case X86_OP_LGDT: case X86_OP_LIDT: case X86_OP_LRET: case X86_OP_POP:
    case X86_OP_PUSH: case X86_OP_RET: case X86_OP_SGDT: case X86_OP_SIDT: case X86_OP_SYSRET:
    case X86_OP_XBEGIN: mark_last(in, 0x66); return;
    case X86_OP_LOOP: case X86_OP_LOOPE: case X86_OP_LOOPNE: case X86_OP_MONITOR:
        mark_last(in, 0x67);
        return;
    case X86_OP_MOV: // the size of a segment register in memory would be lost
        if ((is_segment_reg(&a[1]) && is_mem(&a[0])) || (is_segment_reg(&a[0]) && is_mem(&a[1])))
            unmark(in, 0x66);
        return;
    case X86_OP_MOVDQU:
        if (count_prefix(in, 0xF3) > 1) {
            unmark(in, 0xF3);
            mark_last(in, 0xF3);
        }
        return;
    case X86_OP_MOVQ2DQ: mark_last(in, 0x66); return;
    case X86_OP_SLDT: case X86_OP_SMSW: case X86_OP_STR: case X86_OP_FXRSTOR: case X86_OP_XRSTOR:
    case X86_OP_XSAVE: case X86_OP_XSAVEOPT: case X86_OP_CMPXCHG8B:
        if (is_mem(&a[0])) unmark(in, 0x66);
        return;
    case X86_OP_SYSEXIT: unmark(in, 0x66); return;
    default: return;
    }
}
// clang-format on

// With hints both ways on one jump, both are shown as the segment prefixes they are.
static void undo_hints(X86Inst *in) {
    if (!x86_is_cond_jump(in->op) && !x86_is_loop(in->op) && in->op != X86_OP_JCXZ) return;
    if (!count_prefix(in, 0x2E) || !count_prefix(in, 0x3E)) return;
    for (int i = 0; i < X86_MAX_PREFIX; i++) {
        unsigned p = in->prefix[i] & 0xFFF;
        if (p == X86_PN || p == X86_PT) in->prefix[i] &= 0xF0FF;
    }
}

// Only the last of several F2 or F3 is shown as XACQUIRE or XRELEASE.
static void limit_elision(X86Inst *in) {
    bool repn = false, acquire = false, release = false;
    for (int i = X86_MAX_PREFIX - 1; i >= 0 && in->op == X86_OP_MOV; i--) {
        unsigned p = in->prefix[i] & ~(unsigned)X86_IGNORED;
        if (p == X86_REPN) repn = true;
        if (p == X86_XRELEASE && repn) in->prefix[i] = X86_REP;
    }
    for (int i = X86_MAX_PREFIX - 1; i >= 0; i--) {
        unsigned p = in->prefix[i] & ~(unsigned)X86_IGNORED;
        if (p == X86_XRELEASE) {
            if (release) in->prefix[i] = X86_REP;
            release = true;
        }
        if (p == X86_XACQUIRE) {
            if (acquire) in->prefix[i] = X86_REPN;
            acquire = true;
        }
    }
}

static void op_add(Gnu *g, Str s) {
    for (size_t i = 0; i < s.len && g->op_len < sizeof g->op; i++) {
        char c = s.ptr[i];
        g->op[g->op_len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
}

static void op_set(Gnu *g, Str s) {
    g->op_len = 0;
    op_add(g, s);
}

// clang-format off
static Str other_name(unsigned op) { // flat switch
    switch (op) {
    case X86_OP_CBW: return STR("cbtw");
    case X86_OP_CDQ: return STR("cltd");
    case X86_OP_CMPSD: return STR("cmpsl");
    case X86_OP_CMPSD_XMM: return STR("cmpsd");
    case X86_OP_CWD: return STR("cwtd");
    case X86_OP_CWDE: return STR("cwtl");
    case X86_OP_CQO: return STR("cqto");
    case X86_OP_INSD: return STR("insl");
    case X86_OP_IRET: return STR("iretw");
    case X86_OP_IRETD: return STR("iret");
    case X86_OP_IRETQ: return STR("iretq");
    case X86_OP_LODSB: case X86_OP_LODSD: case X86_OP_LODSQ: case X86_OP_LODSW: return STR("lods");
    case X86_OP_MOVSD: return STR("movsl");
    case X86_OP_MOVSD_XMM: return STR("movsd");
    case X86_OP_OUTSD: return STR("outsl");
    case X86_OP_POPA: return STR("popaw");
    case X86_OP_POPAD: return STR("popa");
    case X86_OP_POPF: return STR("popfw");
    case X86_OP_POPFD: return STR("popf");
    case X86_OP_PUSHA: return STR("pushaw");
    case X86_OP_PUSHAD: return STR("pusha");
    case X86_OP_PUSHF: return STR("pushfw");
    case X86_OP_PUSHFD: return STR("pushf");
    case X86_OP_SCASB: case X86_OP_SCASD: case X86_OP_SCASQ: case X86_OP_SCASW: return STR("scas");
    case X86_OP_STOSB: case X86_OP_STOSD: case X86_OP_STOSQ: case X86_OP_STOSW: return STR("stos");
    case X86_OP_XLATB: return STR("xlat");
    default: return STR("");
    }
}
// clang-format on

static bool is_shift(unsigned op) {
    return op == X86_OP_SHL || op == X86_OP_SHR || op == X86_OP_RCL || op == X86_OP_RCR ||
           op == X86_OP_ROL || op == X86_OP_ROR || op == X86_OP_SAR;
}

// Does the register operand at place i tell the size of the operation?
static bool reg_tells_size(const X86Inst *in, int i) {
    unsigned reg = in->args[i].reg;
    switch (in->op) {
    case X86_OP_MOVSX:
    case X86_OP_MOVZX:
    case X86_OP_CRC32: return false;
    case X86_OP_PUSH:
    case X86_OP_POP:
        if (is_segment_reg(&in->args[i])) return false;
        break;
    case X86_OP_CVTSI2SD:
    case X86_OP_CVTSI2SS:
        if (between(reg, X86_X0, X86_X15)) return false;
        break;
    default:
        if (is_shift(in->op) && i == 1) return false;
    }
    return between(reg, X86_AL, X86_R15) || is_segment_reg(&in->args[i]) ||
           between(reg, X86_X0, X86_X15) || between(reg, X86_M0, X86_M7);
}

static bool needs_suffix(const X86Inst *in) {
    for (int i = 0; i < 4 && in->args[i].is; i++)
        if (in->args[i].is == X86_IS_REG && reg_tells_size(in, i)) return false;
    return true;
}

static void op_add_size(Gnu *g, unsigned bytes) {
    switch (bytes) {
    case 1: op_add(g, STR("b")); return;
    case 2: op_add(g, STR("w")); return;
    case 4: op_add(g, STR("l")); return;
    case 8: op_add(g, STR("q")); return;
    default: return;
    }
}

static unsigned arg_bytes(const X86Inst *in, const X86Arg *a) {
    if (is_mem(a)) return in->mem_bytes;
    if (a->is != X86_IS_REG) return 0;
    if (between(a->reg, X86_AL, X86_R15B)) return 1;
    if (between(a->reg, X86_AX, X86_R15W)) return 2;
    if (between(a->reg, X86_EAX, X86_R15L)) return 4;
    return between(a->reg, X86_RAX, X86_R15) ? 8 : 0;
}

// clang-format off
static bool is_float_int(unsigned op) {
    switch (op) {
    case X86_OP_FIADD: case X86_OP_FICOM: case X86_OP_FICOMP: case X86_OP_FIDIV: case X86_OP_FIDIVR:
    case X86_OP_FILD: case X86_OP_FIMUL: case X86_OP_FIST: case X86_OP_FISTP: case X86_OP_FISTTP:
    case X86_OP_FISUB: case X86_OP_FISUBR: return true;
    default: return false;
    }
}
// clang-format on

// clang-format off
static bool is_float(unsigned op) {
    switch (op) {
    case X86_OP_FADD: case X86_OP_FCOM: case X86_OP_FCOMP: case X86_OP_FDIV: case X86_OP_FDIVR:
    case X86_OP_FLD: case X86_OP_FMUL: case X86_OP_FST: case X86_OP_FSTP: case X86_OP_FSUB:
    case X86_OP_FSUBR: return true;
    default: return is_float_int(op);
    }
}
// clang-format on

static void add_float_suffix(Gnu *g) {
    const X86Inst *in = g->in;
    bool integer = is_float_int(in->op);
    switch (in->mem_bytes) {
    case 4: op_add(g, integer ? STR("l") : STR("s")); return;
    case 8: op_add(g, integer ? STR("ll") : STR("l")); return;
    default:
        if ((in->op == X86_OP_FLD || in->op == X86_OP_FSTP) && is_mem(&in->args[0]))
            op_add(g, STR("t"));
    }
}

static void add_branch_suffix(Gnu *g) {
    if (g->in->opcode >> 24 == 0xEB) return; // a short jump
    if (g->in->data_bits == 16) {
        mark_last(g->in, 0x66);
        op_add(g, STR("w"));
    } else {
        op_add(g, STR("q"));
    }
}

// clang-format off
static void add_suffix(Gnu *g) { // flat switch
    X86Inst *in = g->in;
    switch (in->op) {
    case X86_OP_CMPXCHG8B: case X86_OP_FLDCW: case X86_OP_FNSTCW: case X86_OP_FNSTSW:
    case X86_OP_LDMXCSR: case X86_OP_LLDT: case X86_OP_LMSW: case X86_OP_LTR: case X86_OP_PCLMULQDQ:
    case X86_OP_SETA: case X86_OP_SETAE: case X86_OP_SETB: case X86_OP_SETBE: case X86_OP_SETE:
    case X86_OP_SETG: case X86_OP_SETGE: case X86_OP_SETL: case X86_OP_SETLE: case X86_OP_SETNE:
    case X86_OP_SETNO: case X86_OP_SETNP: case X86_OP_SETNS: case X86_OP_SETO: case X86_OP_SETP:
    case X86_OP_SETS: case X86_OP_SLDT: case X86_OP_SMSW: case X86_OP_STMXCSR: case X86_OP_STR:
    case X86_OP_VERR: case X86_OP_VERW: return;
    case X86_OP_CRC32: op_add_size(g, arg_bytes(in, &in->args[1])); return;
    case X86_OP_LGDT: case X86_OP_LIDT: case X86_OP_SGDT: case X86_OP_SIDT:
        op_add_size(g, in->data_bits / 8u);
        return;
    case X86_OP_MOVZX: case X86_OP_MOVSX: // from and to
        g->op_len = 4;
        op_add_size(g, arg_bytes(in, &in->args[1]));
        op_add_size(g, arg_bytes(in, &in->args[0]));
        return;
    case X86_OP_LOOP: case X86_OP_LOOPE: case X86_OP_LOOPNE: return; // no 16-bit addresses here
    case X86_OP_CALL: case X86_OP_ENTER: case X86_OP_JMP: case X86_OP_LCALL: case X86_OP_LEAVE:
    case X86_OP_LJMP: case X86_OP_LRET: case X86_OP_RET: case X86_OP_SYSRET: case X86_OP_XBEGIN:
        add_branch_suffix(g);
        return;
    case X86_OP_FRSTOR: case X86_OP_FNSAVE: case X86_OP_FNSTENV: case X86_OP_FLDENV:
        if (in->data_bits == 16) op_add(g, STR("s"));
        return;
    case X86_OP_PUSH: case X86_OP_POP:
        if (mark_last(in, 0x66)) op_add_size(g, in->data_bits / 8u);
        else op_add(g, STR("q"));
        return;
    default:
        if (is_float(in->op)) add_float_suffix(g);
        else op_add_size(g, in->mem_bytes);
    }
}
// clang-format on

// Immediates that select a variant become part of the name.
static void fold_immediate(Gnu *g) {
    static const char *const compares[] = {"eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"};
    static const char *const multiplies[] = {"pclmullqlqdq", "pclmulhqlqdq", "pclmullqhqdq",
                                             "pclmulhqhqdq"};
    X86Inst *in = g->in;
    X86Arg *imm = &in->args[2];
    switch (in->op) {
    case X86_OP_INT:
        if (in->opcode >> 24 != 0xCC) return;
        in->args[0].is = X86_IS_NONE;
        op_set(g, STR("int3"));
        return;
    case X86_OP_CMPPS:
    case X86_OP_CMPPD:
    case X86_OP_CMPSD_XMM:
    case X86_OP_CMPSS: {
        if (imm->is != X86_IS_IMM || imm->value < 0 || imm->value > 7) return;
        char kind[2] = {g->op[3], g->op[4]}; // "cmpps": what follows "cmp"
        imm->is = X86_IS_NONE;
        op_set(g, STR("cmp"));
        op_add(g, str_c(compares[imm->value]));
        op_add(g, (Str){kind, 2});
        return;
    }
    case X86_OP_PCLMULQDQ:
        if (imm->is != X86_IS_IMM || imm->value & ~0x11) return;
        imm->is = X86_IS_NONE;
        op_set(g, str_c(multiplies[(imm->value & 0x10) >> 3 | (imm->value & 1)]));
        return;
    case X86_OP_XLATB:
        if (mark_last(in, 0x67)) op_set(g, STR("xlat"));
        return;
    default: return;
    }
}

// The segments to show before a memory operand, in libopcodes' order; prefixes spent on it are
// marked.
static void put_segments(Gnu *g, unsigned own) {
    static const uint8_t order[] = {X86_CS, X86_DS, X86_SS, X86_ES, X86_FS, X86_GS};
    static const uint8_t bytes[] = {0x2E, 0x3E, 0x36, 0x26, 0x64, 0x65};
    bool have[6];
    unsigned op = g->in->op;
    for (int k = 0; k < 6; k++) have[k] = own == order[k];
    bool none = op == X86_OP_INSB || op == X86_OP_INSW || op == X86_OP_INSD || op == X86_OP_STOSB ||
                op == X86_OP_STOSW || op == X86_OP_STOSD || op == X86_OP_STOSQ ||
                op == X86_OP_SCASB || op == X86_OP_SCASW || op == X86_OP_SCASD ||
                op == X86_OP_SCASQ;
    if (!none && !g->segment_shown) {
        for (int i = X86_MAX_PREFIX - 1; i >= 0; i--) {
            unsigned p = g->in->prefix[i] & ~(unsigned)X86_IGNORED;
            for (int k = 0; k < 6; k++) {
                if (p != bytes[k] || have[k]) continue;
                have[k] = true;
                g->in->prefix[i] |= X86_IMPLICIT;
            }
        }
        g->segment_shown = true;
    }
    for (int k = 0; k < 6; k++) {
        if (!have[k]) continue;
        buf_str(g->out, reg_names[order[k]]);
        buf_byte(g->out, ':');
    }
}

static void put_mem(Gnu *g, const X86Arg *m) {
    put_segments(g, m->segment);
    if (m->value) asm_put_signed_hex(g->out, m->value);
    bool no_index =
        !m->index && m->scale == 1 && (m->reg == X86_ESP || m->reg == X86_RSP || m->reg == 0);
    if (!m->scale || no_index) {
        if (!m->reg) return;
        buf_byte(g->out, '(');
        buf_str(g->out, reg_names[m->reg]);
        buf_byte(g->out, ')');
        return;
    }
    buf_byte(g->out, '(');
    if (m->reg) buf_str(g->out, reg_names[m->reg]);
    buf_byte(g->out, ',');
    if (m->index)
        buf_str(g->out, reg_names[m->index]);
    else
        buf_c(g->out, g->in->addr_bits == 64 ? "%riz" : "%eiz");
    buf_byte(g->out, ',');
    buf_byte(g->out, (char)('0' + m->scale));
    buf_byte(g->out, ')');
}

// clang-format off
static void put_reg(Gnu *g, unsigned reg) {
    unsigned op = g->in->op;
    switch (op) {
    case X86_OP_CVTSI2SS: case X86_OP_CVTSI2SD: case X86_OP_CVTSS2SI: case X86_OP_CVTSD2SI:
    case X86_OP_CVTTSD2SI: case X86_OP_CVTTSS2SI:
        if (g->in->data_bits == 16 && between(reg, X86_EAX, X86_R15L)) reg -= X86_EAX - X86_AX;
        break;
    case X86_OP_IN: case X86_OP_INSB: case X86_OP_INSW: case X86_OP_INSD: case X86_OP_OUT:
    case X86_OP_OUTSB: case X86_OP_OUTSW: case X86_OP_OUTSD: // the port, written like memory
        if (reg != X86_DX) break;
        buf_lit(g->out, "(%dx)");
        return;
    case X86_OP_VMOVDQA: case X86_OP_VMOVDQU: case X86_OP_VMOVNTDQA: case X86_OP_VMOVNTDQ:
        if (!between(reg, X86_X0, X86_X15)) break;
        buf_lit(g->out, "%ymm");
        buf_str(g->out, str_from(reg_names[reg], 4));
        return;
    default: break;
    }
    buf_str(g->out, reg_names[reg]);
}
// clang-format on

// objdump hands no symbols to this form, so addresses stay numbers.
static void put_arg(Gnu *g, const X86Arg *a) {
    switch ((X86ArgIs)a->is) {
    case X86_IS_NONE: return;
    case X86_IS_REG: put_reg(g, a->reg); return;
    case X86_IS_MEM: put_mem(g, a); return;
    case X86_IS_IMM:
        buf_byte(g->out, '$');
        asm_put_signed_hex(g->out, a->value);
        return;
    case X86_IS_REL:
        if (g->site->pc)
            asm_put_hex(g->out, g->site->pc + g->in->len + (uint64_t)a->value);
        else {
            buf_lit(g->out, ".");
            if (a->value >= 0) buf_byte(g->out, '+');
            asm_put_signed_hex(g->out, a->value);
        }
        return;
    }
}

static void write_args(Gnu *g, size_t at[4], size_t len[4]) {
    X86Inst *in = g->in;
    bool string = in->op == X86_OP_MOVSB || in->op == X86_OP_MOVSW || in->op == X86_OP_MOVSD ||
                  in->op == X86_OP_MOVSQ || in->op == X86_OP_OUTSB || in->op == X86_OP_OUTSW ||
                  in->op == X86_OP_OUTSD;
    for (int i = 0; i < 4 && in->args[i].is; i++) {
        const X86Arg *a = &in->args[i];
        if (string) g->segment_shown = i == 0; // the destination's segment is fixed
        if (a->is == X86_IS_IMM && a->value == 1 && (in->opcode >> 24 & ~1u) == 0xD0) continue;
        at[g->arg_count] = g->out->len;
        put_arg(g, a);
        len[g->arg_count] = g->out->len - at[g->arg_count];
        g->arg_count++;
    }
}

static void put_lower(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++)
        buf_byte(out, s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i]);
}

static void put_rex(Buf *out, unsigned p) {
    buf_lit(out, "rex");
    if (p & 15) buf_byte(out, '.');
    for (int i = 0; i < 4; i++)
        if (p & 8u >> i) buf_byte(out, "WRXB"[i]);
    buf_byte(out, ' ');
}

// The prefixes nothing else has shown. Repeated size prefixes name the size they would have had.
static void write_prefixes(Gnu *g) {
    X86Inst *in = g->in;
    int addr = 0, data = 0;
    bool implicit_data = false;
    for (int i = 0; i < X86_MAX_PREFIX; i++)
        implicit_data |= (in->prefix[i] & 0xFF) == 0x66 && in->prefix[i] & X86_IMPLICIT;
    for (int i = 0; i < X86_MAX_PREFIX && in->prefix[i]; i++) {
        unsigned p = in->prefix[i];
        if ((p & 0xFF) == 0xC5 || (p & 0xFF) == 0xC4) break;
        if (p & X86_IMPLICIT) continue;
        p &= ~(unsigned)(X86_IGNORED | X86_INVALID);
        if (p == X86_PN || p == X86_PT) {
            op_add(g, p == X86_PN ? STR(",pn") : STR(",pt"));
        } else if (p == 0x67 || p == X86_ADDR32) {
            buf_c(g->out, count_prefix(in, 0x67) > ++addr ? "addr64 " : "addr32 ");
        } else if (p == X86_DATA16 && implicit_data && count_prefix(in, 0x66) > 1) {
            buf_c(g->out, count_prefix(in, 0x66) > ++data ? "data32 " : "data16 ");
        } else if ((p & 0xF0) == 0x40) {
            put_rex(g->out, p);
        } else {
            put_lower(g->out, x86_prefix_name(p));
            buf_byte(g->out, ' ');
        }
    }
}

static bool keeps_intel_order(unsigned op) {
    return op == X86_OP_BOUND || op == X86_OP_LCALL || op == X86_OP_ENTER || op == X86_OP_LJMP;
}

static void write_line(Gnu *g, const size_t at[4], const size_t len[4]) {
    X86Inst *in = g->in;
    buf_str(g->out, (Str){g->op, g->op_len});
    if (!g->arg_count) return;
    buf_byte(g->out, ' ');
    bool branch = in->op == X86_OP_CALL || in->op == X86_OP_JMP || in->op == X86_OP_LJMP ||
                  in->op == X86_OP_LCALL;
    if (branch && (is_mem(&in->args[0]) || in->args[0].is == X86_IS_REG)) buf_byte(g->out, '*');
    for (int i = 0; i < g->arg_count; i++) {
        int k = keeps_intel_order(in->op) ? i : g->arg_count - 1 - i;
        if (i) buf_byte(g->out, ',');
        buf_room(g->out, len[k]);
        buf_str(g->out, (Str){g->out->ptr + at[k], len[k]});
    }
}

void x86_print_gnu(X86Inst inst, const AsmSite *site, Buf *out) {
    Gnu g = {.in = &inst, .site = site, .out = out};
    swap_reversed_floats(&inst);
    prefer_movntss(&inst);
    add_implied_args(&inst);
    adjust_prefixes(&inst);
    undo_hints(&inst);
    limit_elision(&inst);
    Str other = other_name(inst.op);
    op_set(&g, other.len ? other : x86_op_name(inst.op));
    if (needs_suffix(&inst)) add_suffix(&g);
    fold_immediate(&g);
    // Operands first: formatting them decides which prefixes are left to show. The line is then
    // written behind them and moved to its place.
    size_t start = out->len, at[4] = {0}, len[4] = {0};
    write_args(&g, at, len);
    size_t line = out->len;
    write_prefixes(&g);
    write_line(&g, at, len);
    memmove(out->ptr + start, out->ptr + line, out->len - line);
    out->len -= line - start;
}
