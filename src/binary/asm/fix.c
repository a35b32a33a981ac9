// binary/asm: what Go's disassembler gets wrong: it knows five of the instructions with a VEX
// prefix and none with an EVEX prefix, and takes the bytes of the others for something else. With
// --fix-avx, capstone reads those; its AT&T text is turned into Go's words here (operands stand in
// the same order).
// The library is loaded when it is asked for: its tables would cost every run of heapwise three
// megabytes and a millisecond.
#include <capstone/capstone.h>
#include <string.h>

#include "base/library.h"
#include "binary/asm/asm.h"

enum { VEX3 = 0xc4, VEX2 = 0xc5, EVEX = 0x62, OPERANDS_MAX = 6 };

// Capstone's functions, as its header declares them.
typedef struct Library {
    void *opened;
    __typeof__(&cs_open) open;
    __typeof__(&cs_option) option;
    __typeof__(&cs_malloc) new_one;
    __typeof__(&cs_disasm_iter) next;
    __typeof__(&cs_free) free_list;
    __typeof__(&cs_close) close;
} Library;

struct AsmFix {
    Library lib;
    csh handle;
    cs_insn *one; // reused for every instruction
};

static bool load(Library *l) {
    l->opened = dlopen("libcapstone.so.4", RTLD_NOW);
    return l->opened && library_symbol(l->opened, "cs_open", &l->open) &&
           library_symbol(l->opened, "cs_option", &l->option) &&
           library_symbol(l->opened, "cs_malloc", &l->new_one) &&
           library_symbol(l->opened, "cs_disasm_iter", &l->next) &&
           library_symbol(l->opened, "cs_free", &l->free_list) &&
           library_symbol(l->opened, "cs_close", &l->close);
}

AsmFix *asm_fix_new(Arena *a) {
    AsmFix *f = NEW(a, AsmFix);
    if (!load(&f->lib) || f->lib.open(CS_ARCH_X86, CS_MODE_64, &f->handle) != CS_ERR_OK)
        return NULL;
    f->lib.option(f->handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    f->one = f->lib.new_one(f->handle);
    return f;
}

void asm_fix_free(AsmFix *f) {
    if (!f) return;
    f->lib.free_list(f->one, 1);
    f->lib.close(&f->handle);
    dlclose(f->lib.opened);
}

// In 64-bit mode these bytes start nothing else.
bool asm_fix_applies(Str code) {
    uint8_t first = code.len ? (uint8_t)*code.ptr : 0;
    return first == VEX2 || first == VEX3 || first == EVEX;
}

static void put_upper(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        buf_byte(out, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
}

// "%ymm3" -> Y3, "%r10d" -> R10, "%eax" -> AX.
static void put_register(Buf *out, Str name) {
    str_cut_prefix(&name, STR("%"));
    size_t mm = str_find(name, STR("mm"));
    if (mm == 1 && name.len > 3) {
        put_upper(out, str_to(name, 1));
        buf_str(out, str_from(name, 3));
        return;
    }
    bool numbered = name.len > 1 && *name.ptr == 'r' && name.ptr[1] >= '0' && name.ptr[1] <= '9';
    bool wide = name.len == 3 && (*name.ptr == 'r' || *name.ptr == 'e');
    char last = name.len ? name.ptr[name.len - 1] : 0;
    if (numbered && (last == 'd' || last == 'w' || last == 'b')) name.len--;
    put_upper(out, wide && !numbered ? str_from(name, 1) : name);
}

static int64_t number(Str s) {
    bool minus = str_cut_prefix(&s, STR("-"));
    uint64_t v = 0;
    if (!str_cut_prefix(&s, STR("0x"))) {
        str_to_u64(s, &v);
    } else {
        for (size_t i = 0; i < s.len; i++) {
            char c = s.ptr[i];
            v = v << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
    }
    return minus ? -(int64_t)v : (int64_t)v;
}

static bool put_name(Buf *out, const AsmSite *site, uint64_t addr) {
    Str name;
    uint64_t base;
    if (!site->names.find || !site->names.find(site->names.ctx, addr, &name, &base)) return false;
    buf_str(out, name);
    if (addr != base) asm_put_signed_plus(out, (int64_t)(addr - base));
    buf_lit(out, "(SB)");
    return true;
}

// "0x10(%rax, %rcx, 4)" -> 0x10(AX)(CX*4)
static void put_memory(Buf *out, const AsmSite *site, Str s, uint64_t next_pc) {
    Str disp = str_split(&s, '(');
    str_cut_suffix(&s, STR(")"));
    Str base = str_trim(str_split(&s, ',')), index = str_trim(str_split(&s, ',')),
        scale = str_trim(s);
    int64_t value = number(disp);
    if (str_eq(base, STR("%rip")) && put_name(out, site, next_pc + (uint64_t)value)) return;
    if (value)
        asm_put_signed_hex(out, value);
    else
        buf_byte(out, '0');
    if (base.len) {
        buf_byte(out, '(');
        put_register(out, base);
        buf_byte(out, ')');
    }
    if (!index.len) return;
    buf_byte(out, '(');
    put_register(out, index);
    buf_byte(out, '*');
    buf_str(out, scale.len ? scale : STR("1"));
    buf_byte(out, ')');
}

static void put_operand(Buf *out, const AsmSite *site, Str s, uint64_t next_pc) {
    if (str_find_byte(s, '(') != STR_NONE) {
        put_memory(out, site, s, next_pc);
    } else if (str_cut_prefix(&s, STR("$"))) {
        buf_byte(out, '$');
        asm_put_signed_hex(out, number(s));
    } else if (str_starts(s, STR("%"))) {
        put_register(out, s);
    } else {
        put_upper(out, s); // {rn-sae} and the like
    }
}

// Cuts the next operand off; commas in parentheses belong to it.
static Str next_operand(Str *rest) {
    int depth = 0;
    size_t i = 0;
    for (; i < rest->len; i++) {
        char c = rest->ptr[i];
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ',' && !depth) break;
    }
    Str one = str_trim(str_to(*rest, i));
    *rest = str_from(*rest, i + 1);
    return one;
}

// The mask of the last operand stands before it: "%zmm0 {%k1} {z}" -> K1, Z0 and the suffix .Z.
static bool cut_mask(Str *last, Str *mask, bool *zero) {
    *zero = str_cut_suffix(last, STR(" {z}"));
    size_t open = str_find(*last, STR(" {%k"));
    if (open == STR_NONE) return false;
    *mask = str_slice(*last, open + 2, last->len - 1);
    *last = str_to(*last, open);
    return true;
}

size_t asm_fix_print(const AsmSite *site, Str code, Buf *out) {
    const uint8_t *at = (const uint8_t *)code.ptr;
    size_t left = code.len;
    uint64_t pc = site->pc;
    const AsmFix *f = site->fix;
    if (!f->lib.next(f->handle, &at, &left, &pc, f->one)) return 0;
    Str operands[OPERANDS_MAX], mask = STR(""), rest = str_c(f->one->op_str);
    uint32_t n = 0;
    while (rest.len && n < OPERANDS_MAX) operands[n++] = next_operand(&rest);
    bool zero = false, masked = n && cut_mask(&operands[n - 1], &mask, &zero);
    size_t start = out->len;
    put_upper(out, str_c(f->one->mnemonic));
    if (zero) buf_lit(out, ".Z");
    for (uint32_t i = 0; i < n; i++) {
        buf_c(out, i ? ", " : " ");
        if (masked && i + 1 == n) {
            put_register(out, mask);
            buf_lit(out, ", ");
        }
        put_operand(out, site, operands[i], pc);
    }
    if (site->gnu) {
        asm_pad_go_form(out, start);
        buf_c(out, f->one->mnemonic);
        if (f->one->op_str[0]) buf_fmt(out, " %s", f->one->op_str);
    }
    return f->one->size;
}
