// binary/map: claims of what is not Go: C libraries and the C compiler's start-up code. Where
// symbols are left each function and table is named; the rest of what lies outside the bounds the
// runtime knows is C's as a whole.
#include "binary/map/size_internal.h"

static bool inside(AddrSpan s, uint64_t addr) { return addr >= s.start && addr < s.end; }

// Constants, types and method tables, which the linker puts side by side.
static AddrSpan go_constants(const ModuleData *m) {
    AddrSpan s = {m->types.start, MAX(m->types.end, m->itabs.end)};
    if (m->rodata && m->rodata < s.start) s.start = m->rodata;
    return s;
}

static bool is_foreign(const Sizer *z, uint64_t addr) {
    const ModuleData *m = &z->p->module;
    bool data = inside(m->data, addr) || inside(m->noptrdata, addr) || inside(m->bss, addr) ||
                inside(m->noptrbss, addr);
    bool table = addr >= z->p->table_addr && addr < z->p->table_end;
    return !data && !table && !inside(m->text, addr) && !inside(go_constants(m), addr);
}

// Code outside of Go's text, but for what the linker puts there itself.
void size_find_foreign(Sizer *z) {
    enum { LINKER_MAX = 64 };
    uint64_t bytes = 0;
    AddrSpan text = z->p->module.text;
    for (uint32_t i = 0; i < z->areas.len && z->p->module.addr; i++) {
        const Area *area = &z->areas.v[i];
        if (area->kind != AREA_TEXT) continue;
        uint64_t from = MAX(area->addr, text.start);
        uint64_t to = MIN(area->addr + area->size_bytes, text.end);
        bytes += area->size_bytes - (to > from ? to - from : 0);
    }
    z->foreign = bytes > LINKER_MAX;
}

static bool may_hold_foreign(AreaKind k) {
    return k == AREA_FOREIGN || k == AREA_TEXT || k == AREA_RODATA;
}

bool size_foreign_at(const Sizer *z, const Area *area, uint64_t offset) {
    return z->foreign && area->addr && may_hold_foreign(area->kind) &&
           is_foreign(z, area->addr + (offset - area->file_offset));
}

void size_claim_foreign(Sizer *z) {
    if (!z->foreign || z->p->stripped || z->p->object.format != OBJECT_ELF) return;
    for (uint32_t i = 0; i < z->p->symbols.len; i++) {
        const Symbol *s = &z->p->symbols.v[i];
        if (!s->section || !s->size_bytes || !s->name.len) continue;
        if (!is_foreign(z, s->addr) || !is_foreign(z, s->addr + s->size_bytes - 1)) continue;
        const Section *section = &z->p->object.sections.v[s->section - 1];
        if (!may_hold_foreign(binary_area_of(z->p, section, s->addr)) ||
            symbol_package(z->arena, s->name).len)
            continue;
        SizeKind kind = s->code == 'T' || s->code == 't'   ? SIZE_CODE
                        : s->code == 'R' || s->code == 'r' ? SIZE_CONSTANTS
                                                           : SIZE_VARIABLES;
        size_claim(z, s->addr, s->size_bytes, size_item_foreign(z, s->name), kind);
    }
}
