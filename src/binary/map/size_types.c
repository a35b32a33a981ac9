// binary/map: claims on type descriptors and method tables. The runtime's lists name only some
// descriptors: others are found where code or data mentions them.
#include "binary/map/size_internal.h"

static void push_seed(Sizer *z, AddrVec *seeds, uint64_t addr) {
    AddrSpan types = z->p->module.types;
    if (addr >= types.start && addr < types.end && addr % 8 == 0) vec_push(z->arena, seeds, addr);
}

// Descriptors that data mentions: static interface values.
static void seeds_in_data(Sizer *z, AddrVec *seeds) {
    for (uint32_t i = 0; i < z->areas.len; i++) {
        const Area *area = &z->areas.v[i];
        if (area->kind != AREA_DATA && area->kind != AREA_RODATA) continue;
        uint64_t end = area->addr + area->file_bytes, to;
        for (uint64_t at = (area->addr + 7) & ~(uint64_t)7; area->file_bytes && at + 8 <= end;
             at += 8)
            if (object_pointer_at(&z->p->object, at, &to)) push_seed(z, seeds, to);
    }
}

// Whoever mentions an unnamed type first.
static Str first_mention(const Sizer *z, uint64_t addr) {
    uint32_t lo = 0, hi = z->mentions.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (z->mentions.v[mid].to < addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    bool found = lo < z->mentions.len && z->mentions.v[lo].to == addr;
    return found ? z->items.v[z->mentions.v[lo].item].package : STR("");
}

void size_find_types(Sizer *z) {
    AddrVec seeds = {0};
    for (uint32_t i = 0; i < z->mentions.len; i++) push_seed(z, &seeds, z->mentions.v[i].to);
    seeds_in_data(z, &seeds);
    z->types = binary_types_from(z->arena, z->p, &seeds, &z->type_parts);
    for (uint32_t i = 0; i < z->types.len; i++) {
        AbiType *t = &z->types.v[i];
        if (!t->owner.len) t->owner = first_mention(z, t->addr);
        if (!t->owner.len) t->owner = STR("runtime"); // which makes the types everybody uses
    }
}

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
    for (uint32_t i = 0; i < z->type_parts.len; i++) {
        const TypePart *part = &z->type_parts.v[i];
        const AbiType *t = size_type_at(&z->types, part->type);
        if (t) size_claim(z, part->addr, part->size_bytes, size_item_type(z, t), SIZE_TYPES);
    }
}
