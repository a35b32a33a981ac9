// binary/asm, x86 part: how long an instruction is, and which address of data it uses. Whoever
// weighs a program asks this of all of its code, so what compilers write most is read from two
// tables; the decoder answers for the rest.
#include <string.h>

#include "binary/asm/x86_internal.h"

// ModRM, SIB and displacement at `at`: where they end; in *place where a displacement from the
// next instruction stands, 0 none.
static size_t operand_end(Str code, size_t at, size_t *place) {
    uint8_t modrm = at < code.len ? (uint8_t)code.ptr[at++] : 0;
    unsigned mod = modrm >> 6, rm = modrm & 7;
    *place = mod == 0 && rm == 5 ? at : 0;
    uint8_t sib = mod != 3 && rm == 4 && at < code.len ? (uint8_t)code.ptr[at++] : 0;
    bool four = mod == 2 || (mod == 0 && (rm == 5 || (rm == 4 && (sib & 7) == 5)));
    return at + (four ? 4 : mod == 1);
}

// Instructions with a VEX or EVEX prefix, which Go's disassembler takes for others: Intel's
// manual, volume 2, chapter 2. Map 3 has an immediate byte, map 1 has some.
static size_t vex_target(Str code, uint64_t pc, uint64_t *target) {
    enum { VEX3 = 0xc4, VEX2 = 0xc5, ZEROUPPER = 0x77 };
    uint8_t b[5] = {0};
    memcpy(b, code.ptr, MIN(code.len, sizeof b));
    size_t head = b[0] == VEX2 ? 2 : b[0] == VEX3 ? 3 : 4, place, end;
    unsigned map = b[0] == VEX2 ? 1 : b[0] == VEX3 ? b[1] & 31 : b[1] & 7, op = b[head];
    if (map == 1 && op == ZEROUPPER) return head + 1;
    bool immediate =
        map == 3 ||
        (map == 1 && ((op >= 0x70 && op <= 0x73) || op == 0xc2 || (op >= 0xc4 && op <= 0xc6)));
    end = operand_end(code, head + 1, &place) + immediate;
    int32_t distance = 0;
    if (end > code.len) return code.len;
    if (place) memcpy(&distance, code.ptr + place, sizeof distance);
    if (place) *target = pc + end + (uint64_t)(int64_t)distance;
    return end;
}

// What follows an opcode: nothing (.), an operand (m), one or four bytes (1, 4), an operand and
// those (a, z), four bytes or eight with REX.W (v), a third byte and m or a (M, A); - is for the
// decoder. Intel's manual, volume 2, tables.
// clang-format off
static const char one_byte[] =
    "mmmm14--mmmm14--" "mmmm14--mmmm14--" "mmmm14--mmmm14--" "mmmm14--mmmm14--"
    "----------------" "................" "---m----4z1a----" "1111111111111111"
    "az-ammmmmmmm-m--" "..........--..--" "--------14------" "11111111vvvvvvvv"
    "aa-.--az-.--.---" "mmmm------------" "--------44-1----" "--------------mm";
static const char two_bytes[] =
    "-----.-----.-m--" "mmmmmmmmmmmmmmmm" "--------mmmmmmmm" "-.------M-A-----"
    "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "aaaammm.----mmmm"
    "4444444444444444" "mmmmmmmmmmmmmmmm" "--.mam-----mammm" "mm-m--mmm-ammmmm"
    "mmamaaam........" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmm-";
// clang-format on

// The length of a common instruction, 0: another one. code has at least 16 bytes.
static size_t common_length(Str code, size_t *place) {
    const uint8_t *b = (const uint8_t *)code.ptr;
    size_t at = 0;
    bool prefix = b[0] == 0x66 || b[0] == 0xf2 || b[0] == 0xf3;
    at += prefix;
    bool wide = (b[at] & 0xf8) == 0x48;
    at += (b[at] & 0xf0) == 0x40;
    char kind = one_byte[b[at]];
    if (b[at] == 0x0f) kind = two_bytes[b[++at]];
    bool three = kind == 'A' || kind == 'M'; // the third one says nothing more
    at += three ? 2 : 1;
    *place = 0;
    switch (kind) {
    case '.': return at;
    case '1': return at + 1;
    case 'M':
    case 'm': return operand_end(code, at, place);
    case 'A':
    case 'a': return operand_end(code, at, place) + 1;
    case '4': return prefix ? 0 : at + 4; // the prefix may make it two
    case 'z': return prefix ? 0 : operand_end(code, at, place) + 4;
    case 'v': return prefix ? 0 : at + (wide ? 8 : 4);
    default: return 0;
    }
}

static size_t decoded_target(Str code, uint64_t pc, uint64_t *target) {
    X86Inst inst;
    if (!x86_decode(code, &inst)) return 1;
    for (int i = 0; i < 4 && inst.args[i].is; i++) {
        const X86Arg *a = &inst.args[i];
        if (a->is == X86_IS_MEM && a->reg == X86_RIP && !a->index)
            *target = pc + inst.len + (uint64_t)(int64_t)(int32_t)a->value;
    }
    return inst.len;
}

size_t x86_data_target(Str code, uint64_t pc, uint64_t *target) {
    enum { LONGEST = 16 };
    size_t place;
    if (asm_fix_applies(code)) return vex_target(code, pc, target);
    size_t len = code.len >= LONGEST ? common_length(code, &place) : 0;
    if (!len) return decoded_target(code, pc, target);
    int32_t distance = 0;
    if (place) memcpy(&distance, code.ptr + place, sizeof distance);
    if (place) *target = pc + len + (uint64_t)(int64_t)distance;
    return len;
}
