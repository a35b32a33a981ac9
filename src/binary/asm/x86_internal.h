// binary/asm, x86 part only: what the decoder hands to the two printers.
#ifndef HEAPWISE_BINARY_ASM_X86_INTERNAL_H
#define HEAPWISE_BINARY_ASM_X86_INTERNAL_H

#include "binary/asm/asm.h"

#include "binary/asm/x86_names.inc" // X86_OP_NAMES and the other lists

#define X(name) X86_OP_##name,
enum { X86_OP_NONE, X86_OP_NAMES(X) X86_OP_COUNT };
#undef X

// Registers are numbered bank after bank. The order is x/arch's: a CR number over 15 (LOCK with
// REX.R) must run on into the debug registers as it does there.
enum {
    X86_AL = 1,
    X86_SPB = 9,
    X86_R15B = 20,
    X86_AX = 21,
    X86_CX,
    X86_DX,
    X86_BX,
    X86_SP,
    X86_BP,
    X86_SI,
    X86_DI,
    X86_R15W = 36,
    X86_EAX = 37,
    X86_ECX,
    X86_EDX,
    X86_ESP = 41,
    X86_R15L = 52,
    X86_RAX = 53,
    X86_RCX,
    X86_RDX,
    X86_RBX,
    X86_RSP,
    X86_RBP,
    X86_RSI,
    X86_RDI,
    X86_R15 = 68,
    X86_IP = 69,
    X86_EIP,
    X86_RIP,
    X86_F0 = 72,
    X86_M0 = 80,
    X86_M7 = 87,
    X86_X0 = 88,
    X86_X15 = 103,
    X86_ES = 104,
    X86_CS,
    X86_SS,
    X86_DS,
    X86_FS,
    X86_GS,
    X86_GDTR = 110,
    X86_CR0 = 115,
    X86_DR0 = 131,
    X86_TR0 = 147,
    X86_REG_COUNT = 155
};

// A prefix is its byte, a variant in bits 8-9 and what became of it in the top bits.
enum {
    X86_IMPLICIT = 0x8000, // the text of the instruction already says it
    X86_IGNORED = 0x4000,  // without effect, or overridden by a later one
    X86_INVALID = 0x2000,  // LOCK where there must be none
    X86_PN = 0x12E,
    X86_PT = 0x13E,
    X86_DATA16 = 0x166,
    X86_ADDR32 = 0x267,
    X86_LOCK = 0xF0,
    X86_REPN = 0xF2,
    X86_XACQUIRE = 0x1F2,
    X86_BND = 0x2F2,
    X86_REP = 0xF3,
    X86_XRELEASE = 0x1F3,
    X86_MAX_PREFIX = 14
};

typedef enum X86ArgIs { X86_IS_NONE, X86_IS_REG, X86_IS_MEM, X86_IS_IMM, X86_IS_REL } X86ArgIs;

typedef struct X86Arg {
    uint8_t is;                    // X86ArgIs
    uint8_t reg;                   // the register, or a memory operand's base
    uint8_t segment, index, scale; // memory operands; 0 is none
    int64_t value;                 // immediate, distance or displacement
} X86Arg;

typedef struct X86Inst {
    uint16_t prefix[X86_MAX_PREFIX]; // one per prefix byte, 0 ends the list
    uint16_t op;
    uint32_t opcode; // opcode, ModRM and SIB bytes, the first one on top
    X86Arg args[4];  // Intel's order
    uint8_t addr_bits, data_bits;
    uint8_t mem_bytes; // size of the memory operand, 0 unknown
    uint8_t len;
} X86Inst;

// False: these bytes are no instruction x/arch knows.
bool x86_decode(Str code, X86Inst *inst);
// The length of an instruction, at least 1; *target: the address of data it uses, else unchanged.
size_t x86_data_target(Str code, uint64_t pc, uint64_t *target);
void x86_print_go(const X86Inst *inst, const AsmSite *site, Buf *out);
void x86_print_gnu(X86Inst inst, const AsmSite *site, Buf *out);

Str x86_op_name(unsigned op);
Str x86_prefix_name(unsigned prefix); // of one of the named prefixes, without its top bits
bool x86_is_cond_jump(unsigned op);
bool x86_is_loop(unsigned op);
bool x86_is_string_op(unsigned op); // what REP may stand before

#endif
