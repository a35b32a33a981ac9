// binary/map: claims on data: type descriptors, method tables, constants and variables, and the
// symbol and debugging tables. Constants have no owner in the file; the first code that mentions
// one pays.
#include <stdlib.h>
#include <string.h>

#include "binary/asm/asm.h"
#include "binary/dwarf/dwarf.h"
#include "binary/map/size_internal.h"

typedef struct Reference {
    uint64_t to;
    uint32_t item, order;
} Reference;

typedef VEC(Reference) ReferenceVec;

// The method tables stand side by side; the linker's list names only some of them.
static void claim_itabs(Sizer *z) {
    const Object *o = &z->p->object;
    AddrSpan itabs = z->p->module.itabs;
    for (uint64_t at = itabs.start; at + 24 <= itabs.end;) {
        uint64_t bytes = binary_itab_bytes(z->p, at), concrete;
        const AbiType *t = bytes && object_pointer_at(o, at + 8, &concrete)
                               ? size_type_at(&z->types, concrete)
                               : NULL;
        if (t) size_claim(z, at, bytes, size_item_type(z, t), SIZE_TYPES);
        at += bytes ? bytes : 8;
    }
}

void size_claim_types(Sizer *z) {
    const ModuleData *m = &z->p->module;
    for (uint32_t i = 0; i < z->types.len; i++)
        size_claim(z, z->types.v[i].addr, z->types.v[i].size_bytes,
                   size_item_type(z, &z->types.v[i]), SIZE_TYPES);
    for (uint64_t i = 0; i < m->typelinks.len; i++) {
        Str link = object_bytes_at(&z->p->object, m->typelinks.addr + i * 4, 4);
        const AbiType *t =
            link.len
                ? size_type_at(&z->types, m->types.start + object_word(&z->p->object, link, 0, 4))
                : NULL;
        if (t) size_claim(z, m->typelinks.addr + i * 4, 4, size_item_type(z, t), SIZE_TYPES);
    }
    for (uint64_t i = 0; i < m->itablinks.len; i++) {
        uint64_t itab, concrete;
        const Object *o = &z->p->object;
        if (!object_pointer_at(o, m->itablinks.addr + i * 8, &itab) ||
            !object_pointer_at(o, itab + 8, &concrete))
            continue;
        const AbiType *t = size_type_at(&z->types, concrete);
        if (t) size_claim(z, m->itablinks.addr + i * 8, 8, size_item_type(z, t), SIZE_TYPES);
    }
    claim_itabs(z);
}

static bool holds_data(AreaKind k) {
    return k == AREA_RODATA || k == AREA_DATA || k == AREA_NOPTRDATA || k == AREA_TYPES ||
           k == AREA_ITABS || k == AREA_FOREIGN;
}

static void scan_function(Sizer *z, AsmArch arch, const PclnFunc *f, ReferenceVec *refs) {
    AsmPages pages = {{0}};
    Str text = object_bytes_at(&z->p->object, f->entry, f->end - f->entry);
    uint32_t own = size_item_symbol(z, f->name);
    const AddrSpan data = {z->p->module.text.end, UINT64_MAX};
    for (size_t at = 0; at < text.len;) {
        uint64_t target;
        at += asm_data_target(arch, str_from(text, at), f->entry + at, &pages, &target);
        if (target >= data.start && target <= z->p->module.noptrbss.end) {
            Reference r = {target, own, refs->len};
            vec_push(z->arena, refs, r);
        }
    }
}

static int compare_reference(const void *x, const void *y) {
    const Reference *a = x, *b = y;
    if (a->to != b->to) return a->to < b->to ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static void sort_references(ReferenceVec *refs) {
    if (!refs->len) return;
    qsort(refs->v, refs->len, sizeof *refs->v, compare_reference);
    uint32_t n = 1; // the first mention of an address stays
    for (uint32_t i = 1; i < refs->len; i++)
        if (refs->v[i].to != refs->v[n - 1].to) refs->v[n++] = refs->v[i];
    refs->len = n;
}

static const Reference *reference_at(const ReferenceVec *refs, uint32_t known, uint64_t addr) {
    uint32_t lo = 0, hi = known;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (refs->v[mid].to <= addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? &refs->v[lo - 1] : NULL;
}

// Variables and tables point at further constants: those belong to whoever owns the pointer.
static void follow_pointers(Sizer *z, const AreaVec *areas, ReferenceVec *refs) {
    uint32_t known = refs->len;
    for (uint32_t i = 0; i < areas->len; i++) {
        const Area *area = &areas->v[i];
        if (area->kind != AREA_DATA && area->kind != AREA_RODATA) continue;
        uint64_t last = area->addr + area->file_bytes;
        for (uint64_t at = (area->addr + 7) & ~(uint64_t)7; area->file_bytes && at + 8 <= last;
             at += 8) {
            uint64_t to;
            if (!object_pointer_at(&z->p->object, at, &to) || to < z->p->module.text.end) continue;
            const Section *s = object_section_at(&z->p->object, to);
            const Reference *owner = s && s->has_data ? reference_at(refs, known, at) : NULL;
            if (!owner) continue;
            Reference r = {to, owner->item, refs->len};
            vec_push(z->arena, refs, r);
        }
    }
}

// Descriptors and method tables have owners of their own: what stands before one ends there.
static bool has_owner(const Sizer *z, AreaKind k, uint64_t addr) {
    if (k == AREA_TYPES) return size_type_at(&z->types, addr) != NULL;
    return k == AREA_ITABS && binary_itab_bytes(z->p, addr) != 0;
}

static void add_known_places(Sizer *z, ReferenceVec *refs) {
    AddrSpan itabs = z->p->module.itabs;
    for (uint32_t i = 0; i < z->types.len; i++) {
        Reference r = {z->types.v[i].addr, size_item_type(z, &z->types.v[i]), refs->len};
        vec_push(z->arena, refs, r);
    }
    for (uint64_t at = itabs.start; at + 24 <= itabs.end;) {
        uint64_t bytes = binary_itab_bytes(z->p, at), concrete = 0;
        const AbiType *t = bytes && object_pointer_at(&z->p->object, at + 8, &concrete)
                               ? size_type_at(&z->types, concrete)
                               : NULL;
        Reference r = {at, t ? size_item_type(z, t) : 0, refs->len};
        if (t) vec_push(z->arena, refs, r);
        at += bytes ? bytes : 8;
    }
}

// Each mentioned place reaches to the next one of the same area.
static void claim_extents(Sizer *z, const AreaVec *areas, const ReferenceVec *refs) {
    uint32_t r = 0;
    for (uint32_t i = 0; i < areas->len; i++) {
        const Area *area = &areas->v[i];
        if (!holds_data(area->kind) || !area->file_bytes || !area->addr) continue;
        uint64_t end = area->addr + area->file_bytes;
        for (r = 0; r < refs->len && refs->v[r].to < area->addr;) r++;
        for (; r < refs->len && refs->v[r].to < end; r++) {
            uint64_t next = r + 1 < refs->len ? MIN(refs->v[r + 1].to, end) : end;
            SizeKind kind =
                area->kind == AREA_RODATA || area->kind == AREA_TYPES || area->kind == AREA_ITABS
                    ? SIZE_CONSTANTS
                    : SIZE_VARIABLES;
            if (has_owner(z, area->kind, refs->v[r].to)) continue;
            size_claim(z, refs->v[r].to, next - refs->v[r].to, refs->v[r].item, kind);
        }
    }
}

void size_claim_references(Sizer *z) {
    AsmArch arch = z->p->object.arch == OBJECT_AMD64   ? ASM_AMD64
                   : z->p->object.arch == OBJECT_ARM64 ? ASM_ARM64
                                                       : ASM_NONE;
    if (arch == ASM_NONE || !z->p->module.addr) return;
    ReferenceVec refs = {0};
    add_known_places(z, &refs);
    for (uint32_t i = 0; i < z->p->table.func_count; i++) {
        PclnFunc f;
        if (pclntab_func(&z->p->table, i, &f) && f.end > f.entry) scan_function(z, arch, &f, &refs);
    }
    AreaVec areas = binary_areas(z->arena, z->p);
    sort_references(&refs);
    follow_pointers(z, &areas, &refs);
    sort_references(&refs);
    claim_extents(z, &areas, &refs);
}

// ELF: an entry and a name per symbol, both its package's.
void size_claim_symbols(Sizer *z) {
    const Object *o = &z->p->object;
    const Section *table = object_section(o, STR(".symtab"));
    if (o->format != OBJECT_ELF || !table || z->p->stripped) return;
    size_t entry = o->is64 ? 24 : 16;
    for (uint32_t i = 0; i < z->p->symbols.len; i++) {
        const Symbol *s = &z->p->symbols.v[i];
        uint32_t owner = size_item_package(z, symbol_package(z->arena, s->name));
        size_claim_view(z, str_slice(table->data, (i + 1) * entry, (i + 2) * entry), owner,
                        SIZE_SYMBOLS);
        if (s->name.len)
            size_claim_view(z, (Str){s->name.ptr, s->name.len + 1}, owner, SIZE_SYMBOLS);
    }
}

// A debugging section is split among the units by the size of their entries: compressed bytes have
// no owner of their own.
static void split_section(Sizer *z, const Section *s, const Dwarf *d, uint64_t whole) {
    uint64_t seen = 0, at = 0;
    for (uint32_t i = 0; i < d->units.len; i++) {
        const DwarfUnit *u = &d->units.v[i];
        seen += u->end - u->offset;
        uint64_t to = (uint64_t)((double)s->data.len * (double)seen / (double)whole);
        bool go = u->language == 0x16;
        uint32_t owner = go ? size_item_package(z, u->name) : size_item_shared(z, "C code");
        size_claim_view(z, str_slice(s->data, (size_t)at, (size_t)to), owner, SIZE_DWARF);
        at = to;
    }
}

void size_claim_dwarf(Sizer *z) {
    Dwarf d;
    uint64_t whole = 0;
    if (dwarf_open(z->arena, &z->p->object, &d)) return;
    for (uint32_t i = 0; i < d.units.len; i++) whole += d.units.v[i].end - d.units.v[i].offset;
    for (uint32_t i = 0; whole && i < z->p->object.sections.len; i++) {
        const Section *s = &z->p->object.sections.v[i];
        if (!s->loaded && s->data.len && str_find(s->name, STR("debug_")) != STR_NONE)
            split_section(z, s, &d, whole);
    }
}
