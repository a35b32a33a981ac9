// binary/asm: machine code -> the text of `go tool objdump`, one instruction at a time.
// The text equals golang.org/x/arch's own, its `?` lines and its mistakes included, because
// people compare heapwise's output with the Go tool's. Tables are data (see tools/gen-x86-table and
// tools/gen-arm64-table); engines and printers are ours.
// Threads  any number: no state but the caller's.
// Failure  bytes that are no instruction are printed as `?`, as Go does; there is no error.
#ifndef HEAPWISE_BINARY_ASM_ASM_H
#define HEAPWISE_BINARY_ASM_ASM_H

#include "base/buf.h"

// Names for addresses: find says which symbol holds addr (false: none).
typedef struct AsmNames {
    const void *ctx;
    bool (*find)(const void *ctx, uint64_t addr, Str *name, uint64_t *base);
} AsmNames;

typedef enum AsmArch { ASM_NONE, ASM_AMD64, ASM_ARM64 } AsmArch;

typedef struct AsmFix AsmFix;  // capstone, for what Go's disassembler does not know
AsmFix *asm_fix_new(Arena *a); // NULL: it cannot be had
void asm_fix_free(AsmFix *f);  // what capstone holds; NULL is fine

typedef struct AsmSite {
    AsmArch arch;
    bool gnu;    // add the GNU form behind " // "
    uint64_t pc; // address of the first byte of code
    AsmNames names;
    const AsmFix *fix; // NULL: Go's text, its mistakes included. amd64 only
} AsmSite;

// VEX and EVEX instructions as they are, in Go's words. 0: capstone does not know it either.
bool asm_fix_applies(Str code);
size_t asm_fix_print(const AsmSite *site, Str code, Buf *out);

// Appends the instruction at the front of code and returns its length in bytes (at least 1,
// on arm64 always 4, so it may reach past the end of code). code is not empty.
size_t asm_print(const AsmSite *site, Str code, Buf *out);

// The instruction's length, and in *target the address in the image it computes or uses as data (0:
// none). On arm64 an address takes two instructions; state carries the first half of the walk so
// far and starts zeroed.
typedef struct AsmPages {
    uint64_t page[32]; // what ADRP put into each register, 0 unknown
} AsmPages;
size_t asm_data_target(AsmArch arch, Str code, uint64_t pc, AsmPages *state, uint64_t *target);

// Pads the Go form (from start on) to 36 characters and adds the separator of the GNU form.
void asm_pad_go_form(Buf *out, size_t start);
// Numbers as Go prints them: "0x1f", "-0x8", "+31".
void asm_put_hex(Buf *out, uint64_t n);
void asm_put_signed_hex(Buf *out, int64_t n);
void asm_put_signed_plus(Buf *out, int64_t n);

#endif
