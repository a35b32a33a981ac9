// binary/pclntab: finding the table in an object file, with symbols or without.
#include <string.h>

#include "binary/pclntab/pclntab.h"

static const Symbol *symbol_named(const SymbolVec *syms, Str name) {
    for (uint32_t i = 0; syms && i < syms->len; i++)
        if (str_eq(syms->v[i].name, name)) return &syms->v[i];
    return NULL;
}

static Str between_symbols(const Object *o, const SymbolVec *syms, Str start, Str end) {
    const Symbol *s = symbol_named(syms, start), *e = symbol_named(syms, end);
    if (!s || !e || e->addr < s->addr) return STR("");
    return object_bytes_at(o, s->addr, e->addr - s->addr);
}

// Without section or symbols (PE, stripped): the header's eight bytes are rare enough to look for.
static Str scan(const Object *o) {
    static const char magic[4][4] = {"\xf1\xff\xff\xff", "\xf0\xff\xff\xff", "\xfa\xff\xff\xff",
                                     "\xfb\xff\xff\xff"};
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        if (!s->loaded || s->executable) continue;
        for (size_t at = 0; at + 64 <= s->data.len; at += 8) { // tables are aligned
            const char *p = s->data.ptr + at;
            if ((uint8_t)p[1] != 0xff || p[4] || p[5] || p[7] != (char)object_pointer_bytes(o))
                continue;
            if (p[6] != 1 && p[6] != 4) continue;
            for (size_t m = 0; m < COUNT(magic); m++)
                if (memcmp(p, magic[m], 4) == 0) return str_from(s->data, at);
        }
    }
    return STR("");
}

static Str table_bytes(const Object *o, const SymbolVec *syms) {
    const Section *s =
        object_section(o, o->format == OBJECT_MACHO ? STR("__gopclntab") : STR(".gopclntab"));
    if (!s && o->format == OBJECT_ELF) s = object_section(o, STR(".data.rel.ro.gopclntab"));
    if (s) return s->data;
    Str found = between_symbols(o, syms, STR("runtime.pclntab"), STR("runtime.epclntab"));
    return found.len ? found : scan(o);
}

// The addresses count from runtime.text, which is not .text's start in externally linked programs.
static uint64_t text_start(const Object *o, const SymbolVec *syms, const Pclntab *t) {
    const Symbol *s = symbol_named(syms, STR("runtime.text"));
    if (s) return s->addr;
    const Section *text = object_text(o);
    uint64_t start = text ? text->addr : 0;
    if (t->version < PCLN_118 || !text) return start;
    // Up to Go 1.25 the header names it; a position-independent file holds 0 there until loaded.
    unsigned size = t->pointer_bytes;
    uint64_t said = object_word(o, t->data, 8 + 2 * (size_t)size, size);
    return said > start && said - start < text->size_bytes ? said : start;
}

Err pclntab_find(Arena *a, const Object *o, const SymbolVec *syms, Pclntab *out) {
    Str data = table_bytes(o, syms);
    if (!data.len) return err_new(a, ERR_FORMAT, 0, "no Go line table: is this a Go program?");
    TRY(pclntab_open(a, data, 0, out));
    out->text = text_start(o, syms, out);
    return NULL;
}

// Where the code ends and alignment begins: the table of frame sizes covers all of the code. At
// most one step for each place an instruction can stand at.
static uint64_t code_end(const Pclntab *t, const PclnFunc *f) {
    PclnWalk w = pclntab_walk(t, f->pcsp, f->entry);
    for (uint64_t at = f->entry; at < f->end && pclntab_step(&w); at += MAX(t->quantum, 1u))
        if (w.pc >= f->end) break;
    return w.pc > f->entry && w.pc < f->end ? w.pc : f->end;
}

SymbolVec pclntab_symbols(Arena *a, const Pclntab *t, const Object *o) {
    SymbolVec out = {0};
    for (uint32_t i = 0; i < t->func_count; i++) {
        PclnFunc f;
        if (!pclntab_func(t, i, &f) || !f.name.len) continue;
        const Section *s = object_section_at(o, f.entry);
        Symbol sym = {.name = f.name,
                      .addr = f.entry,
                      .code = 'T',
                      .size_bytes = f.end > f.entry ? code_end(t, &f) - f.entry : 0};
        sym.section = s ? (uint32_t)(s - o->sections.v) + 1 : 0;
        vec_push(a, &out, sym);
    }
    return out;
}
