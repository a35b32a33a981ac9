// binary/map: claims on tables that describe other bytes: an entry of the symbol table or a
// relocation, and how to unwind a function, belong to whoever owns the place they are about.
#include "binary/map/size_internal.h"

enum { ELF_ENTRY = 24, ELF_ENTRY_32 = 16, PE_ENTRY = 18, MACHO_ENTRY = 16, MACHO_ENTRY_32 = 12 };

typedef struct SymbolTable {
    Str bytes;
    size_t entry, at;
} SymbolTable;

static SymbolTable symbol_table(const Object *o) {
    SymbolTable t = {.bytes = o->symbol_bytes};
    const Section *s = object_section(o, STR(".symtab"));
    switch (o->format) {
    case OBJECT_ELF:
        t.entry = o->is64 ? ELF_ENTRY : ELF_ENTRY_32;
        t.bytes = s ? s->data : STR("");
        t.at = t.entry; // the first one is null
        break;
    case OBJECT_PE: t.entry = PE_ENTRY; break;
    case OBJECT_MACHO: t.entry = o->is64 ? MACHO_ENTRY : MACHO_ENTRY_32; break;
    }
    return t;
}

// The next symbol's entry; PE entries say how many more follow them, Mach-O's list has debugging
// entries that are no symbols (the upper three bits of the type).
static Str next_entry(const Object *o, SymbolTable *t) {
    enum { STAB_AT = 4, STAB = 0xe0, MORE_AT = 17 };
    while (t->at + t->entry <= t->bytes.len) {
        const uint8_t *b = (const uint8_t *)t->bytes.ptr + t->at;
        size_t start = t->at, entries = o->format == OBJECT_PE ? 1 + (size_t)b[MORE_AT] : 1;
        t->at += entries * t->entry;
        if (o->format == OBJECT_MACHO && b[STAB_AT] & STAB) continue;
        return str_slice(t->bytes, start, t->at);
    }
    return STR("");
}

static uint32_t symbol_owner(Sizer *z, const Symbol *s) {
    uint32_t owner;
    Str package = symbol_package(z->arena, s->name);
    if (!package.len && s->section && size_owner_at(z, s->addr, &owner))
        package = z->items.v[owner].package;
    return size_item_package(z, package);
}

void size_claim_symbols(Sizer *z) {
    const Object *o = &z->p->object;
    if (z->p->stripped) return;
    SymbolTable t = symbol_table(o);
    for (uint32_t i = 0; i < z->p->symbols.len; i++) {
        const Symbol *s = &z->p->symbols.v[i];
        uint32_t owner = symbol_owner(z, s);
        size_claim_view(z, next_entry(o, &t), owner, SIZE_SYMBOLS);
        // Mach-O's names have lost the linker's "_".
        bool cut = s->name.len && o->format == OBJECT_MACHO && s->name.ptr > o->string_bytes.ptr &&
                   s->name.ptr[-1] == '_';
        if (s->name.len)
            size_claim_view(z, (Str){s->name.ptr - cut, s->name.len + cut + 1}, owner,
                            SIZE_SYMBOLS);
    }
}

static void claim_relocation(Sizer *z, uint64_t addr, Str entry) {
    uint32_t owner;
    if (size_owner_at(z, addr, &owner)) size_claim_view(z, entry, owner, SIZE_FORMAT);
}

static void claim_rela(Sizer *z, const Section *s) {
    enum { RELA_BYTES = 24 };
    for (size_t at = 0; at + RELA_BYTES <= s->data.len; at += RELA_BYTES)
        claim_relocation(z, object_word(&z->p->object, s->data, at, 8),
                         str_slice(s->data, at, at + RELA_BYTES));
}

// PE's .reloc: blocks of a page's address, a length and two bytes per place in it.
static void claim_base_relocations(Sizer *z, const Section *s) {
    enum { HEAD = 8, ENTRY = 2 };
    const Object *o = &z->p->object;
    for (size_t at = 0; at + HEAD <= s->data.len;) {
        uint64_t page = object_word(o, s->data, at, 4), len = object_word(o, s->data, at + 4, 4);
        if (len < HEAD || len > s->data.len - at) return;
        for (size_t k = at + HEAD; k + ENTRY <= at + len; k += ENTRY)
            claim_relocation(z, o->image_base + page + (object_word(o, s->data, k, ENTRY) & 0xfff),
                             str_slice(s->data, k, k + ENTRY));
        at += (size_t)len;
    }
}

// PE's .pdata: how to unwind each function: its start, its end (amd64) and where that is written.
static void claim_unwinding(Sizer *z, const Section *s) {
    const Object *o = &z->p->object;
    size_t entry = o->arch == OBJECT_AMD64 ? 12 : 8;
    for (size_t at = 0; at + entry <= s->data.len; at += entry)
        claim_relocation(z, o->image_base + object_word(o, s->data, at, 4),
                         str_slice(s->data, at, at + entry));
}

void size_claim_relocations(Sizer *z) {
    enum { SHT_RELA = 4 };
    const Object *o = &z->p->object;
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        bool rela = o->format == OBJECT_ELF && o->is64 && s->type == SHT_RELA && s->loaded;
        if (rela) claim_rela(z, s);
        if (o->format == OBJECT_PE && str_eq(s->name, STR(".reloc"))) claim_base_relocations(z, s);
        if (o->format == OBJECT_PE && str_eq(s->name, STR(".pdata"))) claim_unwinding(z, s);
    }
}
