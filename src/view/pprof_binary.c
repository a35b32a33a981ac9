// view/pprof_binary.c: see pprof_binary.h.
#include "view/pprof_binary.h"

static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

// As Go's strconv.ParseUint(s, 0, 64): 0x1f, 0b1, 0o7, 017, 12, and underscores between digits.
bool pprof_parse_address(Str s, uint64_t *out) {
    unsigned base = 10;
    bool before = false; // an underscore may follow
    if (s.len > 1 && s.ptr[0] == '0') {
        char c = (char)(s.ptr[1] | 0x20);
        base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
        s = str_from(s, c == 'x' || c == 'b' || c == 'o' ? 2 : 1);
        before = true;
    }
    uint64_t v = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '_' && before && i + 1 < s.len) {
            before = false;
            continue;
        }
        int d = digit(s.ptr[i]);
        before = true;
        if (d >= (int)base || __builtin_mul_overflow(v, (uint64_t)base, &v) ||
            __builtin_add_overflow(v, (uint64_t)d, &v))
            return false;
    }
    *out = v;
    return s.len > 0;
}

Err pprof_binary_open(const PprofReport *r, const ProfileMapping *m, PprofBinary **out) {
    Str bytes;
    PprofBinary *b = NEW(r->arena, PprofBinary);
    TRY(r->files.read(r->files.ctx, r->arena, m->file, &bytes));
    if (object_open(r->arena, bytes, &b->object))
        return err_new(r->arena, ERR_FORMAT, 0, "open " STR_FMT ": unrecognized object file",
                       STR_ARG(m->file));
    uint64_t load = 0;
    if (m->start && object_load_address(&b->object, &load)) b->offset = m->start - load;
    b->has_symbols = object_symbols(r->arena, &b->object, &b->symbols) == NULL;
    *out = b;
    return NULL;
}

static Err make_ready(const PprofReport *r, PprofBinary *b) {
    if (b->ready) return NULL;
    if (r->cfg.intel_syntax)
        return err_new(r->arena, ERR_USAGE, 0,
                       "printing assembly in Intel syntax is not supported");
    if (!b->has_symbols) return err_new(r->arena, ERR_FORMAT, 0, "no symbol section");
    TRY(pclntab_find(r->arena, &b->object, &b->symbols, &b->table));
    b->text = object_text(&b->object);
    if (!b->text) return err_new(r->arena, ERR_FORMAT, 0, "text section not found");
    b->arch = b->object.arch == OBJECT_AMD64   ? ASM_AMD64
              : b->object.arch == OBJECT_ARM64 ? ASM_ARM64
                                               : ASM_NONE;
    if (b->arch == ASM_NONE)
        return err_new(r->arena, ERR_FORMAT, 0, "unsupported architecture \"%s\"",
                       object_arch_name(b->object.arch));
    b->names = code_names_new(r->arena, &b->symbols);
    b->cursor = pclntab_cursor(&b->table);
    b->ready = true;
    return NULL;
}

Err pprof_binary_decode(const PprofReport *r, PprofBinary *b, uint64_t start, uint64_t end,
                        PprofInstVec *out) {
    TRY(make_ready(r, b));
    const Section *text = b->text;
    end = MIN(end, text->addr + text->data.len);
    for (uint64_t pc = MAX(start, text->addr); pc < end;) {
        Str code = str_slice(text->data, (size_t)(pc - text->addr), (size_t)(end - text->addr));
        AsmSite site = {.arch = b->arch, .pc = pc, .names = {&b->names, code_name_at}};
        Buf words = buf_new(r->arena);
        size_t size = asm_print(&site, code, &words);
        PprofInst in = {.addr = pc, .text = buf_view(&words)};
        int32_t line;
        pclntab_locate(&b->cursor, pc, &in.file, &line);
        in.line = line;
        vec_push(r->arena, out, in);
        pc += size;
    }
    return NULL;
}

bool pprof_binary_locate(PprofBinary *b, uint64_t addr, Str *function, Str *file, int64_t *line) {
    PclnFunc f;
    int32_t number;
    if (!b->ready || !pclntab_func_at(&b->table, addr, &f)) return false;
    pclntab_locate(&b->cursor, addr, file, &number);
    *function = f.name;
    *line = number;
    return true;
}
