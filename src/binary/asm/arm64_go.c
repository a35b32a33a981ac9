// binary/asm: Arm64Inst -> Go's assembler syntax, as x/arch writes it: Go's names for loads, stores
// and moves, operands from source to destination.
#include <stdio.h>
#include <string.h>

#include "binary/asm/arm64_internal.h"

// The line while it is put together: operands are written to the end of the buffer first, because
// most instructions reorder them, then the line is written behind them and moved to its place.
typedef struct Line {
    const Arm64Inst *inst;
    const AsmSite *site;
    Buf *out;
    struct {
        size_t at, len;
    } args[5];
    int count;
    size_t start; // of the finished line
    char op[32];
} Line;

static Str arg_text(const Line *l, int i) {
    return (Str){l->out->ptr + l->args[i].at, l->args[i].len};
}

static void begin_arg(Line *l, int i) { l->args[i].at = l->out->len; }

static void end_arg(Line *l, int i) { l->args[i].len = l->out->len - l->args[i].at; }

PRINTF_LIKE(3, 4) static void set_arg(Line *l, int i, const char *fmt, ...) {
    char text[128]; // numbers and register names only
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    begin_arg(l, i);
    buf_str(l->out, (Str){text, (size_t)n});
    end_arg(l, i);
}

static void swap_args(Line *l, int i, int j) {
    size_t at = l->args[i].at, len = l->args[i].len;
    l->args[i] = l->args[j];
    l->args[j].at = at;
    l->args[j].len = len;
}

static void set_op(Line *l, const char *op, const char *suffix) {
    snprintf(l->op, sizeof l->op, "%s%s", op, suffix);
}

static void add_op(Line *l, const char *suffix) {
    size_t n = strlen(l->op);
    snprintf(l->op + n, sizeof l->op - n, "%s", suffix);
}

static void prefix_op(Line *l, const char *prefix) {
    char op[sizeof l->op];
    memcpy(op, l->op, sizeof op);
    snprintf(l->op, sizeof l->op, "%s%.28s", prefix, op);
}

static bool find_exact(const AsmSite *site, uint64_t addr, Str *name) {
    uint64_t base;
    return site->names.find && site->names.find(site->names.ctx, addr, name, &base) && name->len &&
           base == addr;
}

static void put_gpr(unsigned reg, Buf *out) {
    if ((reg & 31) == 31)
        buf_lit(out, "ZR");
    else
        buf_fmt(out, "R%u", reg & 31);
}

static bool is_float_op(unsigned op) {
    Str name = arm64_op_name(op);
    return name.ptr[0] == 'F' || str_ends(name, STR("CVTF")) || op == ARM64_OP_LDP ||
           op == ARM64_OP_STP;
}

static void put_reg(const Line *l, unsigned reg, Buf *out) {
    if (reg >= ARM64_B0 && reg < ARM64_V0) // one bank for the hardware; Go tells by the instruction
        buf_fmt(out, "%c%u", is_float_op(l->inst->op) ? 'F' : 'V', reg & 31);
    else
        put_gpr(reg, out);
}

static void put_label(const Line *l, const Arm64Arg *a, Buf *out) {
    Str name;
    if (find_exact(l->site, l->site->pc + a->value, &name)) {
        buf_str(out, name);
        buf_lit(out, "(SB)");
    } else {
        buf_fmt(out, "%lld(PC)", (long long)a->value / 4);
    }
}

static void put_reg_ext(const Arm64Arg *a, Buf *out) {
    static const char *const shifts[] = {"<<", ">>", "->", "@>"};
    put_gpr(a->reg, out);
    if (a->a == ARM64_PLAIN) return;
    if (a->a >= ARM64_LSL) {
        buf_fmt(out, "%s%u", shifts[a->a - ARM64_LSL], a->b);
        return;
    }
    buf_byte(out, '.');
    buf_str(out, arm64_extend_name(a->a));
    if (a->b) buf_fmt(out, "<<%u", a->b);
}

static void put_base(unsigned reg, Buf *out) {
    if ((reg & 31) == 31)
        buf_lit(out, "(RSP)");
    else
        buf_fmt(out, "(R%u)", reg & 31);
}

static void put_mem(const Arm64Arg *a, Buf *out) {
    if (a->a == ARM64_POST_REG) {
        put_base(a->reg, out);
        buf_fmt(out, "(R%llu)", (unsigned long long)a->value);
        return;
    }
    if (a->value) buf_i64(out, (int64_t)a->value);
    put_base(a->reg, out);
}

// A byte access may say "shifted by 0": Go shows that as <<0.
static void put_mem_ext(const Arm64Arg *a, Buf *out) {
    bool must_be_zero = a->value;
    put_base(a->reg, out);
    buf_byte(out, '(');
    put_gpr(a->a, out);
    if (a->b != ARM64_LSL) {
        buf_byte(out, '.');
        buf_str(out, arm64_extend_name(a->b));
    }
    if (a->c && !must_be_zero)
        buf_fmt(out, "<<%u", a->c);
    else if (a->c == 1 && a->b == ARM64_LSL)
        buf_lit(out, "<<0");
    buf_byte(out, ')');
}

static void put_float(const Arm64Arg *a, Buf *out) {
    buf_fmt(out, "$%f", arm64_float(a));
    while (out->ptr[out->len - 1] == '0') out->len--;
}

// Go writes the arrangement letter first: .B8, not .8B.
static void put_arrangement(const Arm64Arg *a, Buf *out) {
    Str name = arm64_arrangement(a->a);
    size_t digits = a->is == ARM64_IS_VECTOR ? name.len - 2 : 0;
    buf_byte(out, '.');
    buf_byte(out, name.ptr[name.len - 1]);
    buf_str(out, str_slice(name, 1, 1 + digits));
}

static void put_vector(const Arm64Arg *a, Buf *out) {
    bool list = a->c > (a->is == ARM64_IS_ELEMENT ? 1 : 0);
    if (list) buf_byte(out, '[');
    for (unsigned i = 0; i < MAX(a->c, 1u); i++) {
        buf_fmt(out, i ? ", V%u" : "V%u", (a->reg + i) & 31);
        put_arrangement(a, out);
    }
    if (list) buf_byte(out, ']');
    if (a->is == ARM64_IS_ELEMENT) buf_fmt(out, "[%u]", a->b);
}

static void put_upper(const Arm64Arg *a, Buf *out) {
    size_t start = out->len;
    arm64_put_arg(a, out);
    for (size_t i = start; i < out->len; i++)
        if (out->ptr[i] >= 'a' && out->ptr[i] <= 'z') out->ptr[i] = (char)(out->ptr[i] - 32);
}

static void put_cond(const Arm64Arg *a, Buf *out) {
    Str name = str_c(arm64_cond_name(a->a, a->b));
    if (str_eq(name, STR("CS"))) name = STR("HS");
    if (str_eq(name, STR("CC"))) name = STR("LO");
    buf_str(out, name);
}

static void put_prefetch(const Arm64Arg *a, Buf *out) {
    if (a->a >> 3 == 3 || (a->a >> 1 & 3) == 3)
        buf_fmt(out, "$%u", a->a);
    else
        put_upper(a, out);
}

// clang-format off
static void put_arg(const Line *l, const Arm64Arg *a, Buf *out) { // flat switch
    switch ((Arm64Is)a->is) {
    case ARM64_IS_NONE: return;
    case ARM64_IS_REG: put_reg(l, a->reg, out); return;
    case ARM64_IS_REG_SP:
        if ((a->reg & 31) == 31) buf_lit(out, "RSP");
        else buf_fmt(out, "R%u", a->reg & 31);
        return;
    case ARM64_IS_IMM: case ARM64_IS_DCPS: buf_fmt(out, "$%u", (uint32_t)a->value); return;
    case ARM64_IS_IMM64: buf_fmt(out, "$%lld", (long long)a->value); return;
    case ARM64_IS_IMM_SHIFT:
        if (a->a) buf_fmt(out, "$(%u<<%u)", (uint32_t)a->value, a->a);
        else buf_fmt(out, "$%u", (uint32_t)a->value);
        return;
    case ARM64_IS_LABEL: put_label(l, a, out); return;
    case ARM64_IS_REG_EXT: put_reg_ext(a, out); return;
    case ARM64_IS_MEM: put_mem(a, out); return;
    case ARM64_IS_MEM_EXT: put_mem_ext(a, out); return;
    case ARM64_IS_COND: put_cond(a, out); return;
    case ARM64_IS_OPTION: case ARM64_IS_HINT: case ARM64_IS_CLREX: buf_fmt(out, "$%u", a->a); return;
    case ARM64_IS_FLOAT: put_float(a, out); return;
    case ARM64_IS_PRFOP: put_prefetch(a, out); return;
    case ARM64_IS_SYSREG: buf_fmt(out, "$%u", (uint32_t)a->value & 0x7fff); return;
    case ARM64_IS_VECTOR: case ARM64_IS_ELEMENT: put_vector(a, out); return;
    case ARM64_IS_SYSOP:
        buf_str(out, arm64_sysop_name(a->value));
        if (!a->reg) return;
        buf_lit(out, ", ");
        put_gpr(a->reg, out);
        return;
    case ARM64_IS_IMM_C: case ARM64_IS_PSTATE: put_upper(a, out); return;
    }
}
// clang-format on

static bool in_bank(const Arm64Arg *a, unsigned bank) {
    return a->is == ARM64_IS_REG && a->reg >= bank && a->reg < bank + 32;
}

static bool is_word(const Arm64Arg *a) { return in_bank(a, ARM64_W0); }

// ".W" writes the base back before the access, ".P" after it.
// clang-format off
static const char *mode_suffix(const Arm64Inst *inst) {
    int place;
    switch (inst->op) {
    case ARM64_OP_LDR: case ARM64_OP_LDRB: case ARM64_OP_LDRH: case ARM64_OP_LDRSB:
    case ARM64_OP_LDRSH: case ARM64_OP_LDRSW: case ARM64_OP_STR: case ARM64_OP_STRB:
    case ARM64_OP_STRH: case ARM64_OP_STUR: case ARM64_OP_STURB: case ARM64_OP_STURH:
    case ARM64_OP_LD1: case ARM64_OP_ST1: place = 1; break;
    case ARM64_OP_STP: case ARM64_OP_LDP: place = 2; break;
    default: return "";
    }
    const Arm64Arg *m = &inst->args[place];
    if (m->is != ARM64_IS_MEM || m->a == ARM64_OFFSET) return "";
    return m->a == ARM64_PRE ? ".W" : ".P";
}
// clang-format on

// clang-format off
static void name_pc_load(Line *l) {
    const Arm64Arg *args = l->inst->args;
    Str name;
    switch (l->inst->op) {
    case ARM64_OP_LDR: case ARM64_OP_LDRB: case ARM64_OP_LDRH: case ARM64_OP_LDRSB:
    case ARM64_OP_LDRSH: case ARM64_OP_LDRSW: break;
    default: return;
    }
    if (args[1].is != ARM64_IS_LABEL || args[0].is != ARM64_IS_REG) return;
    if (!find_exact(l->site, l->site->pc + args[1].value, &name)) return;
    begin_arg(l, 1);
    buf_byte(l->out, '$');
    buf_str(l->out, name);
    buf_lit(l->out, "(SB)");
    end_arg(l, 1);
}
// clang-format on

// Loads and stores of whole registers: the bank names the move.
static void rename_move(Line *l, const char *word, const char *suffix) {
    static const char *const names[] = {NULL,    "MOVD",  "FMOVB", "FMOVH",
                                        "FMOVS", "FMOVD", "FMOVQ", "MOVD"};
    unsigned reg = l->inst->args[0].reg, bank = reg / 32;
    set_op(l, bank ? names[bank] : word, suffix);
    if (reg >= ARM64_B0 && reg < ARM64_V0) set_arg(l, 0, "F%u", reg & 31);
}

static void rename_mov(Line *l) {
    const Arm64Arg *to = &l->inst->args[0], *from = &l->inst->args[1];
    bool gpr = to->is == ARM64_IS_REG || to->is == ARM64_IS_REG_SP;
    if (to->is == ARM64_IS_VECTOR || to->is == ARM64_IS_ELEMENT) set_op(l, "VMOV", "");
    if (gpr && to->reg <= ARM64_WZR)
        set_op(l, "MOVW", "");
    else if (gpr && to->reg <= ARM64_XZR)
        set_op(l, "MOVD", "");
    if (from->is == ARM64_IS_ELEMENT) set_op(l, "VMOV", "");
}

static void add_word(Line *l, int place) {
    if (is_word(&l->inst->args[place])) add_op(l, "W");
}

// "S" or "D" (or "H") for the bank of a floating-point operand. True: it had one.
static bool add_float_size(Line *l, int place, bool half) {
    const Arm64Arg *a = &l->inst->args[place];
    if (half && in_bank(a, ARM64_H0))
        add_op(l, "H");
    else if (in_bank(a, ARM64_S0))
        add_op(l, "S");
    else if (in_bank(a, ARM64_D0))
        add_op(l, "D");
    else
        return false;
    return true;
}

static void pair_args(Line *l, int first) {
    Str x = arg_text(l, first), y = arg_text(l, first + 1);
    size_t x_at = l->args[first].at, y_at = l->args[first + 1].at;
    begin_arg(l, first);
    buf_room(l->out, x.len + y.len + 4); // the texts stay where they are from here on
    buf_byte(l->out, '(');
    buf_str(l->out, (Str){l->out->ptr + x_at, x.len});
    buf_lit(l->out, ", ");
    buf_str(l->out, (Str){l->out->ptr + y_at, y.len});
    buf_byte(l->out, ')');
    end_arg(l, first);
}

// Writes op and the operands in the order given.
static void join(Line *l, const int *order, int n) {
    l->start = l->out->len;
    buf_c(l->out, l->op);
    for (int i = 0; i < n; i++) {
        if (i)
            buf_lit(l->out, ", ");
        else
            buf_byte(l->out, ' ');
        size_t len = l->args[order[i]].len;
        buf_room(l->out, len);
        buf_str(l->out, (Str){l->out->ptr + l->args[order[i]].at, len});
    }
}

static void print_pair(Line *l, const char *suffix) {
    const Arm64Arg *first = &l->inst->args[0];
    bool store = l->inst->op == ARM64_OP_STP;
    pair_args(l, 0);
    if (first->reg <= ARM64_WZR) add_op(l, "W");
    const char *size = in_bank(first, ARM64_S0)   ? "S"
                       : in_bank(first, ARM64_D0) ? "D"
                       : in_bank(first, ARM64_Q0) ? "Q"
                                                  : NULL;
    if (size) {
        prefix_op(l, "F");
        add_op(l, size);
    }
    add_op(l, suffix);
    join(l, store ? (const int[]){0, 2} : (const int[]){2, 0}, 2);
}

static void print_sysl(Line *l) {
    const Arm64Arg *a = l->inst->args;
    set_arg(
        l, 1, "$%d",
        (int)(a[1].value << 16 | (uint64_t)a[2].a << 12 | (uint64_t)a[3].a << 8 | a[4].value << 5));
    join(l, (const int[]){1, 0}, 2);
}

static void print_branch(Line *l) {
    const Arm64Arg *a = l->inst->args;
    if (a[0].is == ARM64_IS_COND) {
        snprintf(l->op, sizeof l->op, "B%s", arm64_cond_name(a[0].a, a[0].b));
        join(l, (const int[]){1}, 1);
    } else {
        set_op(l, "JMP", "");
        join(l, (const int[]){0}, 1);
    }
}

// The instructions whose line is not "name, operands reversed". True: the line is written.
// clang-format off
static bool print_special(Line *l, const char *suffix) {
    const Arm64Arg *a = l->inst->args;
    switch (l->inst->op) {
    case ARM64_OP_BL:
        set_op(l, "CALL", "");
        join(l, (const int[]){0}, 1);
        return true;
    case ARM64_OP_BLR:
    case ARM64_OP_BR:
        l->start = l->out->len;
        buf_fmt(l->out, "%s (R%u)", l->inst->op == ARM64_OP_BR ? "JMP" : "CALL", a[0].reg & 31);
        return true;
    case ARM64_OP_RET:
        if (a[0].is != ARM64_IS_REG || a[0].reg != ARM64_X30) return false;
        set_op(l, "RET", "");
        join(l, NULL, 0);
        return true;
    case ARM64_OP_B: print_branch(l); return true;
    case ARM64_OP_LDAXP: case ARM64_OP_LDXP:
        add_word(l, 0);
        pair_args(l, 0);
        join(l, (const int[]){2, 0}, 2);
        return true;
    case ARM64_OP_STP: case ARM64_OP_LDP: print_pair(l, suffix); return true;
    case ARM64_OP_STLXP: case ARM64_OP_STXP:
        add_word(l, 1);
        pair_args(l, 1);
        join(l, (const int[]){1, 3, 0}, 3);
        return true;
    case ARM64_OP_SYSL: print_sysl(l); return true;
    default: return false;
    }
}
// clang-format on

static void rename_convert(Line *l) {
    const Arm64Arg *a = l->inst->args;
    if (a[2].is == ARM64_IS_IMM) return;
    for (int i = 1; i >= 0; i--)
        if (!add_float_size(l, i, false)) add_word(l, i);
}

static void rename_load(Line *l, const char *suffix) {
    bool has_reg = l->inst->args[0].is == ARM64_IS_REG, word = is_word(&l->inst->args[0]);
    switch (l->inst->op) {
    case ARM64_OP_LDRB: set_op(l, "MOVBU", suffix); return;
    case ARM64_OP_LDRH: set_op(l, "MOVHU", suffix); return;
    case ARM64_OP_LDRSW: set_op(l, "MOVW", suffix); return;
    case ARM64_OP_LDRSB:
        if (has_reg) set_op(l, word ? "MOVBW" : "MOVB", suffix);
        return;
    case ARM64_OP_LDRSH:
        if (has_reg) set_op(l, word ? "MOVHW" : "MOVH", suffix);
        return;
    default: return;
    }
}

// clang-format off
static bool keeps_its_name(unsigned op) {
    switch (op) {
    case ARM64_OP_AESD: case ARM64_OP_AESE: case ARM64_OP_AESIMC: case ARM64_OP_AESMC:
    case ARM64_OP_CRC32B: case ARM64_OP_CRC32CB: case ARM64_OP_CRC32CH: case ARM64_OP_CRC32CW:
    case ARM64_OP_CRC32CX: case ARM64_OP_CRC32H: case ARM64_OP_CRC32W: case ARM64_OP_CRC32X:
    case ARM64_OP_LDARB: case ARM64_OP_LDARH: case ARM64_OP_LDAXRB: case ARM64_OP_LDAXRH:
    case ARM64_OP_LDTRH: case ARM64_OP_LDXRB: case ARM64_OP_LDXRH: case ARM64_OP_SHA1C:
    case ARM64_OP_SHA1H: case ARM64_OP_SHA1M: case ARM64_OP_SHA1P: case ARM64_OP_SHA1SU0:
    case ARM64_OP_SHA1SU1: case ARM64_OP_SHA256H: case ARM64_OP_SHA256H2: case ARM64_OP_SHA256SU0:
    case ARM64_OP_SHA256SU1: return true;
    default: return false;
    }
}
// clang-format on

static void rename_other(Line *l, const char *suffix) {
    const Arm64Arg *a = &l->inst->args[0];
    if (!keeps_its_name(l->inst->op)) {
        bool reg = a->is == ARM64_IS_REG || a->is == ARM64_IS_REG_SP;
        bool vector = reg && a->reg >= ARM64_B0 && a->reg < ARM64_V0 && l->op[0] != 'F';
        if (a->is == ARM64_IS_VECTOR || vector) prefix_op(l, "V");
        if (reg && a->reg <= ARM64_WZR) add_op(l, "W");
    }
    add_op(l, suffix);
}

// A flag comparison or a multiplication with addition: sizes and operand order of floats.
static void rename_float(Line *l) {
    unsigned op = l->inst->op;
    if (op == ARM64_OP_FCCMP || op == ARM64_OP_FCCMPE) swap_args(l, 0, 1);
    bool compare = op == ARM64_OP_FCMP || op == ARM64_OP_FCMPE || op == ARM64_OP_FCCMP ||
                   op == ARM64_OP_FCCMPE;
    if (compare && l->inst->args[1].is == ARM64_IS_IMM) set_arg(l, 1, "$(0.0)");
    Str name = arm64_op_name(op);
    if (str_ends(name, STR("MADD")) || str_ends(name, STR("MSUB"))) swap_args(l, 2, 3);
    add_float_size(l, 0, false);
}

// clang-format off
static void rename_by_op(Line *l, const char *suffix) { // flat switch
    const Arm64Arg *a = l->inst->args;
    switch (l->inst->op) {
    case ARM64_OP_RET: return;
    case ARM64_OP_MOV: rename_mov(l); return;
    case ARM64_OP_LDR: case ARM64_OP_LDUR: rename_move(l, "MOVWU", suffix); return;
    case ARM64_OP_LDRB: case ARM64_OP_LDRH: case ARM64_OP_LDRSW: case ARM64_OP_LDRSB:
    case ARM64_OP_LDRSH: rename_load(l, suffix); return;
    case ARM64_OP_STR: case ARM64_OP_STUR:
        rename_move(l, "MOVW", suffix);
        swap_args(l, 0, 1);
        return;
    case ARM64_OP_STRB: case ARM64_OP_STURB:
        set_op(l, "MOVB", suffix);
        swap_args(l, 0, 1);
        return;
    case ARM64_OP_STRH: case ARM64_OP_STURH:
        set_op(l, "MOVH", suffix);
        swap_args(l, 0, 1);
        return;
    case ARM64_OP_TBNZ: case ARM64_OP_TBZ:
        swap_args(l, 0, 2);
        swap_args(l, 1, 2);
        return;
    case ARM64_OP_MADD: case ARM64_OP_MSUB: case ARM64_OP_SMADDL: case ARM64_OP_SMSUBL:
    case ARM64_OP_UMADDL: case ARM64_OP_UMSUBL:
        add_word(l, 0);
        swap_args(l, 2, 3);
        return;
    case ARM64_OP_STLR: case ARM64_OP_CBNZ: case ARM64_OP_CBZ:
        add_word(l, 0);
        swap_args(l, 0, 1);
        return;
    case ARM64_OP_STLRB: case ARM64_OP_STLRH: swap_args(l, 0, 1); return;
    case ARM64_OP_STLXR: case ARM64_OP_STXR:
        add_word(l, 1);
        swap_args(l, 1, 2);
        return;
    case ARM64_OP_STLXRB: case ARM64_OP_STLXRH: case ARM64_OP_STXRB: case ARM64_OP_STXRH:
        swap_args(l, 1, 2);
        return;
    case ARM64_OP_BFI: case ARM64_OP_BFXIL: case ARM64_OP_SBFIZ: case ARM64_OP_SBFX:
    case ARM64_OP_UBFIZ: case ARM64_OP_UBFX: // 1 2 3 becomes 3 1 2
        add_word(l, 0);
        swap_args(l, 1, 3);
        swap_args(l, 2, 3);
        return;
    case ARM64_OP_FCCMP: case ARM64_OP_FCCMPE: case ARM64_OP_FCMP: case ARM64_OP_FCMPE:
    case ARM64_OP_FADD: case ARM64_OP_FSUB: case ARM64_OP_FMUL: case ARM64_OP_FNMUL:
    case ARM64_OP_FDIV: case ARM64_OP_FMAX: case ARM64_OP_FMIN: case ARM64_OP_FMAXNM:
    case ARM64_OP_FMINNM: case ARM64_OP_FCSEL: case ARM64_OP_FMADD: case ARM64_OP_FMSUB:
    case ARM64_OP_FNMADD: case ARM64_OP_FNMSUB: rename_float(l); return;
    case ARM64_OP_FCVT:
        add_float_size(l, 1, true);
        add_float_size(l, 0, true);
        return;
    case ARM64_OP_FABS: case ARM64_OP_FNEG: case ARM64_OP_FSQRT: case ARM64_OP_FRINTN:
    case ARM64_OP_FRINTP: case ARM64_OP_FRINTM: case ARM64_OP_FRINTZ: case ARM64_OP_FRINTA:
    case ARM64_OP_FRINTX: case ARM64_OP_FRINTI: add_float_size(l, 1, false); return;
    case ARM64_OP_FCVTZS: case ARM64_OP_FCVTZU: case ARM64_OP_SCVTF: case ARM64_OP_UCVTF:
        rename_convert(l);
        return;
    case ARM64_OP_FMOV:
        if (!add_float_size(l, 0, false)) add_float_size(l, 1, false);
        return;
    case ARM64_OP_ADR: case ARM64_OP_ADRP: set_arg(l, 1, "%lld(PC)", (long long)a[1].value); return;
    case ARM64_OP_MSR:
        begin_arg(l, 0);
        arm64_put_arg(&a[0], l->out);
        end_arg(l, 0);
        return;
    case ARM64_OP_ST1:
        prefix_op(l, "V");
        add_op(l, suffix);
        swap_args(l, 0, 1);
        return;
    case ARM64_OP_LD1:
        prefix_op(l, "V");
        add_op(l, suffix);
        return;
    case ARM64_OP_UMOV: set_op(l, "VMOV", ""); return;
    case ARM64_OP_NOP: set_op(l, "NOOP", ""); return;
    default: rename_other(l, suffix); return;
    }
}
// clang-format on

void arm64_print_go(const Arm64Inst *inst, const AsmSite *site, Buf *out) {
    Line l = {.inst = inst, .site = site, .out = out};
    size_t start = out->len;
    for (; l.count < 5 && inst->args[l.count].is; l.count++) {
        begin_arg(&l, l.count);
        put_arg(&l, &inst->args[l.count], out);
        end_arg(&l, l.count);
    }
    Str op = arm64_op_name(inst->op);
    memcpy(l.op, op.ptr, MIN(op.len, sizeof l.op - 1));
    name_pc_load(&l);
    const char *suffix = mode_suffix(inst);
    if (!print_special(&l, suffix)) {
        rename_by_op(&l, suffix);
        if (inst->args[3].is == ARM64_IS_COND)
            swap_args(&l, inst->args[2].is == ARM64_IS_REG ? 1 : 0, 2);
        int order[5];
        for (int i = 0; i < l.count; i++) order[i] = l.count - 1 - i; // destination last
        join(&l, order, l.count);
    }
    memmove(out->ptr + start, out->ptr + l.start, out->len - l.start);
    out->len -= l.start - start;
}
