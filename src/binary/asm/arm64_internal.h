// binary/asm, arm64 part only: what the decoder hands to the two printers.
#ifndef HEAPWISE_BINARY_ASM_ARM64_INTERNAL_H
#define HEAPWISE_BINARY_ASM_ARM64_INTERNAL_H

#include "binary/asm/asm.h"

#include "binary/asm/arm64_names.inc" // ARM64_OP_NAMES

#define X(name) ARM64_OP_##name,
enum { ARM64_OP_NONE, ARM64_OP_NAMES(X) ARM64_OP_COUNT };
#undef X

// Banks of 32 registers; number 31 of W and X is the zero register, or the stack pointer where an
// operand says so.
enum {
    ARM64_W0 = 0,
    ARM64_WZR = 31,
    ARM64_X0 = 32,
    ARM64_X30 = 62,
    ARM64_XZR = 63,
    ARM64_B0 = 64,
    ARM64_H0 = 96,
    ARM64_S0 = 128,
    ARM64_D0 = 160,
    ARM64_Q0 = 192,
    ARM64_V0 = 224,
    ARM64_NO_BANK = 255
};

typedef enum Arm64Is {
    ARM64_IS_NONE,
    ARM64_IS_REG,       // reg
    ARM64_IS_REG_SP,    // reg; 31 is the stack pointer
    ARM64_IS_IMM,       // value (32 bits), a: decimal in GNU form
    ARM64_IS_IMM64,     // value
    ARM64_IS_IMM_SHIFT, // value, a: shift; 128 more for MSL
    ARM64_IS_LABEL,     // value: signed distance
    ARM64_IS_REG_EXT,   // reg, a: Arm64Extend, b: amount, c: amount 0 is shown
    ARM64_IS_MEM,       // reg, a: Arm64Mode, value: offset or register number
    ARM64_IS_MEM_EXT,   // reg, a: index register, b: Arm64Extend, c: amount, value: must be 0
    ARM64_IS_COND,      // a: condition, b: inverted
    ARM64_IS_IMM_C,     // a
    ARM64_IS_OPTION,    // a
    ARM64_IS_HINT,      // a
    ARM64_IS_CLREX,     // a
    ARM64_IS_DCPS,      // value
    ARM64_IS_FLOAT,     // a: sign, b: exponent + 3, c: fraction
    ARM64_IS_PRFOP,     // a
    ARM64_IS_PSTATE,    // a: 0 SPSel, 1 DAIFSet, 2 DAIFClr
    ARM64_IS_SYSREG,    // value: the 16 bits op0:op1:CRn:CRm:op2
    ARM64_IS_VECTOR,    // reg, a: arrangement, c: registers in the list
    ARM64_IS_ELEMENT,   // reg, a: arrangement, b: index, c: registers in the list
    ARM64_IS_SYSOP      // value: place of the name; reg, c: has a register
} Arm64Is;

typedef enum Arm64Mode { ARM64_OFFSET, ARM64_POST, ARM64_PRE, ARM64_POST_REG } Arm64Mode;
typedef enum Arm64Extend {
    ARM64_PLAIN,
    ARM64_UXTB,
    ARM64_UXTH,
    ARM64_UXTW,
    ARM64_UXTX,
    ARM64_SXTB,
    ARM64_SXTH,
    ARM64_SXTW,
    ARM64_SXTX,
    ARM64_LSL,
    ARM64_LSR,
    ARM64_ASR,
    ARM64_ROR
} Arm64Extend;

typedef struct Arm64Arg {
    uint8_t is; // Arm64Is
    uint8_t reg, a, b, c;
    uint64_t value;
} Arm64Arg;

typedef struct Arm64Inst {
    uint16_t op;
    Arm64Arg args[5];
} Arm64Inst;

bool arm64_decode(Str code, Arm64Inst *inst); // code has four bytes or more
void arm64_print_go(const Arm64Inst *inst, const AsmSite *site, Buf *out);
void arm64_print_gnu(const Arm64Inst *inst, Buf *out);

Str arm64_op_name(unsigned op);
Str arm64_sysop_name(uint64_t place);
Str arm64_extend_name(unsigned extend);
Str arm64_arrangement(unsigned arrangement); // ".8B"
const char *arm64_cond_name(unsigned cond, bool inverted);
void arm64_put_arg(const Arm64Arg *a, Buf *out); // GNU form, upper case
double arm64_float(const Arm64Arg *a);

#endif
