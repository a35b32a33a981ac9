// binary/map: opening a program.
#include <string.h>

#include "binary/map/map_internal.h"

// The address of bytes that are a view into a loaded section.
static uint64_t addr_of(const Object *o, const char *ptr) {
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        if (s->data.len && ptr >= s->data.ptr && ptr < s->data.ptr + s->data.len)
            return s->addr + (uint64_t)(ptr - s->data.ptr);
    }
    return 0;
}

// runtime.types to runtime.etypes spans all read-only data in most programs: narrow it down to what
// the descriptors found and their names cover.
static void find_type_data(Arena *a, Binary *p) {
    ArenaMark mark = arena_mark(a);
    AbiTypeVec types = binary_types(a, p, NULL);
    AddrSpan s = {UINT64_MAX, 0};
    for (uint32_t i = 0; i < types.len; i++) {
        const AbiType *t = &types.v[i];
        s.start = MIN(s.start, t->addr);
        s.end = MAX(s.end, t->addr + t->size_bytes);
        if (!t->name.len || t->name_addr < p->module.types.start) continue;
        s.start = MIN(s.start, t->name_addr);
        s.end = MAX(s.end, t->name_addr + t->name_bytes);
    }
    arena_pop_to(mark);
    const ModuleData *m = &p->module;
    if (s.start < s.end && s.start >= m->types.start && s.end <= m->types.end)
        p->module.type_data = s;
}

Err binary_open(Arena *a, Str bytes, Binary *out) {
    Binary p = {0};
    TRY(object_open(a, bytes, &p.object));
    Err e = object_symbols(a, &p.object, &p.symbols);
    p.stripped = e != NULL || !p.symbols.len;
    TRY(pclntab_find(a, &p.object, &p.symbols, &p.table));
    p.table_addr = addr_of(&p.object, p.table.data.ptr);
    p.table_end = p.table_addr + p.table.data.len;
    binary_read_module(&p);
    // From 1.26 on the table's header has no text address; moduledata does.
    if (p.stripped && p.module.addr && p.table.version >= PCLN_118)
        p.table.text = p.module.text.start;
    binary_read_build_info(a, &p);
    find_type_data(a, &p);
    *out = p;
    return NULL;
}
