// binary/map: claims on constants and variables. They have no owner in the file: the first code
// that mentions one pays, and what it points at follows it.
#include <stdlib.h>

#include "binary/asm/asm.h"
#include "binary/map/size_internal.h"

// Not type data: descriptors and their names are all known, and a number that looks like an address
// among them would take their bytes.
static bool holds_data(AreaKind k) {
    return k == AREA_RODATA || k == AREA_DATA || k == AREA_NOPTRDATA || k == AREA_ITABS ||
           k == AREA_FOREIGN;
}

static void scan_function(Sizer *z, AsmArch arch, const PclnFunc *f, ReferenceVec *refs) {
    AsmPages pages = {{0}};
    Str text = object_bytes_at(&z->p->object, f->entry, f->end - f->entry);
    uint32_t own = size_item_function(z, f);
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
static void follow_pointers(Sizer *z, ReferenceVec *refs) {
    uint32_t known = refs->len;
    for (uint32_t i = 0; i < z->areas.len; i++) {
        const Area *area = &z->areas.v[i];
        if (area->kind != AREA_DATA && area->kind != AREA_RODATA && area->kind != AREA_ITABS)
            continue;
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

// Method tables have owners of their own: what stands before one ends there.
static bool has_owner(const Sizer *z, AreaKind k, uint64_t addr) {
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

// Each mentioned place reaches to the next one of the same area, and no further than to funcdata,
// which no code mentions.
static void claim_extents(Sizer *z, const ReferenceVec *refs) {
    const OwnedVec *funcdata = &z->funcdata;
    uint32_t r = 0;
    for (uint32_t i = 0; i < z->areas.len; i++) {
        const Area *area = &z->areas.v[i];
        if (!holds_data(area->kind) || !area->file_bytes || !area->addr) continue;
        uint64_t end = area->addr + area->file_bytes;
        uint32_t f = 0;
        for (r = 0; r < refs->len && refs->v[r].to < area->addr;) r++;
        for (; r < refs->len && refs->v[r].to < end; r++) {
            uint64_t next = r + 1 < refs->len ? MIN(refs->v[r + 1].to, end) : end;
            while (f < funcdata->len && funcdata->v[f].at <= refs->v[r].to) f++;
            if (f < funcdata->len) next = MIN(next, funcdata->v[f].at);
            bool constant = area->kind == AREA_RODATA || area->kind == AREA_ITABS;
            SizeKind kind = constant ? SIZE_CONSTANTS : SIZE_VARIABLES;
            if (has_owner(z, area->kind, refs->v[r].to)) continue;
            size_claim(z, refs->v[r].to, next - refs->v[r].to, refs->v[r].item, kind);
        }
    }
}

void size_find_mentions(Sizer *z) {
    AsmArch arch = z->p->object.arch == OBJECT_AMD64   ? ASM_AMD64
                   : z->p->object.arch == OBJECT_ARM64 ? ASM_ARM64
                                                       : ASM_NONE;
    if (arch == ASM_NONE || !z->p->module.addr) return;
    for (uint32_t i = 0; i < z->p->table.func_count; i++) {
        PclnFunc f;
        if (pclntab_func(&z->p->table, i, &f) && f.end > f.entry)
            scan_function(z, arch, &f, &z->mentions);
    }
    sort_references(&z->mentions);
}

void size_claim_references(Sizer *z) {
    if (!z->mentions.len) return;
    ReferenceVec refs = {0};
    add_known_places(z, &refs);
    for (uint32_t i = 0; i < z->mentions.len; i++) vec_push(z->arena, &refs, z->mentions.v[i]);
    for (uint32_t i = 0; i < refs.len; i++) refs.v[i].order = i;
    sort_references(&refs);
    follow_pointers(z, &refs);
    sort_references(&refs);
    claim_extents(z, &refs);
}
