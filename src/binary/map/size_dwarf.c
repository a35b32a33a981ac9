// binary/map: claims on debugging sections: each entry, line program, frame and list belongs to the
// function, type or package it describes. Compressed sections are split in the same proportions:
// compressed bytes have no owner of their own.
#include <stdlib.h>

#include "binary/dwarf/dwarf.h"
#include "binary/map/size_internal.h"

enum { LANGUAGE_GO = 0x16 };

typedef struct DebugSection {
    const Section *section;
    uint64_t whole; // bytes when unpacked
    uint64_t done;  // of those in the file, claimed so far
} DebugSection;

static bool find_debug(const Sizer *z, const char *name, DebugSection *out) {
    for (uint32_t i = 0; i < z->p->object.sections.len; i++) {
        const Section *s = &z->p->object.sections.v[i];
        Str head = s->name;
        if (s->loaded || !s->data.len || !str_cut_suffix(&head, str_c(name)) ||
            !str_ends(head, STR("debug_")))
            continue;
        *out = (DebugSection){s, object_section_unpacked(&z->p->object, s), 0};
        return out->whole != 0;
    }
    return false;
}

// What stands before `to` (unpacked) and is not claimed yet. Parts come in order.
static void claim_up_to(Sizer *z, DebugSection *s, uint64_t to, uint32_t owner) {
    Str data = s->section->data;
    if (to > s->whole) to = s->whole;
    uint64_t end = (uint64_t)((double)data.len * ((double)to / (double)s->whole));
    if (end <= s->done) return;
    size_claim_view(z, str_slice(data, (size_t)s->done, (size_t)end), owner, SIZE_DWARF);
    s->done = end;
}

static uint32_t unit_item(Sizer *z, const DwarfUnit *u) {
    return u->language == LANGUAGE_GO ? size_item_package(z, u->name)
                                      : size_item_package(z, STR("C"));
}

static uint32_t function_item(Sizer *z, uint64_t addr, Str name, uint32_t otherwise) {
    PclnFunc f;
    if (addr && pclntab_func_at(&z->p->table, addr, &f)) return size_item_function(z, &f);
    return symbol_package(z->arena, name).len ? size_item_symbol(z, name) : otherwise;
}

static uint32_t entry_item(Sizer *z, const DwarfTop *e, uint32_t unit) {
    if (e->tag == DWARF_FUNCTION) return function_item(z, e->addr, e->name, unit);
    if (e->tag == DWARF_VARIABLE || e->tag == DWARF_CONSTANT) {
        Str package = symbol_package(z->arena, e->name);
        return package.len ? size_item_package(z, package) : unit;
    }
    Str package = type_package(z->arena, e->name); // the linker keeps all types in one unit
    return package.len ? size_item_described(z, package, e->name) : unit;
}

typedef struct DebugLists { // lists of places and of address ranges, by who has them
    OwnedVec locations, ranges;
} DebugLists;

static void push_list(Sizer *z, OwnedVec *v, uint64_t at, uint32_t item) {
    Owned one = {at, item};
    if (at != UINT64_MAX) vec_push(z->arena, v, one);
}

static void claim_info(Sizer *z, const Dwarf *d, DebugLists *lists) {
    DebugSection s;
    Arena *scratch = arena_new("entries of a unit");
    bool found = find_debug(z, "info", &s);
    for (uint32_t i = 0; found && i < d->units.len; i++) {
        const DwarfUnit *u = &d->units.v[i];
        uint32_t unit = unit_item(z, u);
        ArenaMark mark = arena_mark(scratch);
        DwarfTopVec entries = {0};
        if (u->language == LANGUAGE_GO) entries = dwarf_top_entries(scratch, d, u);
        for (uint32_t k = 0; k < entries.len; k++) {
            uint32_t item = entry_item(z, &entries.v[k], unit);
            claim_up_to(z, &s, entries.v[k].offset, unit);
            claim_up_to(z, &s, entries.v[k].end, item);
            push_list(z, &lists->locations, entries.v[k].locations, item);
            push_list(z, &lists->ranges, entries.v[k].ranges, item);
        }
        arena_pop_to(mark);
        claim_up_to(z, &s, u->end, unit);
    }
    arena_free(scratch);
}

// Parts in order: each reaches to the next one.
static void claim_parts(Sizer *z, const char *name, OwnedVec *parts) {
    DebugSection s;
    if (!find_debug(z, name, &s)) return;
    size_sort_owned(parts);
    for (uint32_t i = 0; i < parts->len; i++)
        claim_up_to(z, &s, i + 1 < parts->len ? parts->v[i + 1].at : s.whole, parts->v[i].item);
}

static void claim_per_unit(Sizer *z, const Dwarf *d, const char *name, size_t field) {
    OwnedVec parts = {0};
    for (uint32_t i = 0; i < d->units.len; i++) {
        const DwarfUnit *u = &d->units.v[i];
        Owned one = {*(const uint64_t *)((const char *)u + field), unit_item(z, u)};
        vec_push(z->arena, &parts, one);
    }
    claim_parts(z, name, &parts);
}

static void claim_frames(Sizer *z) {
    DebugSection s;
    Str data;
    if (!find_debug(z, "frame", &s) ||
        object_section_data(z->arena, &z->p->object, s.section, &data))
        return;
    uint32_t common = size_item_package(z, STR("runtime"));
    DwarfFrameVec frames = dwarf_frames(z->arena, &z->p->object, data);
    for (uint32_t i = 0; i < frames.len; i++)
        claim_up_to(z, &s, frames.v[i].end, function_item(z, frames.v[i].addr, STR(""), common));
}

// What has no parts we know is split by the size of the units' entries.
static void claim_by_share(Sizer *z, const Dwarf *d, const char *name) {
    DebugSection s;
    uint64_t whole = 0, seen = 0;
    if (!find_debug(z, name, &s)) return;
    for (uint32_t i = 0; i < d->units.len; i++) whole += d->units.v[i].end - d->units.v[i].offset;
    for (uint32_t i = 0; i < d->units.len && whole; i++) {
        seen += d->units.v[i].end - d->units.v[i].offset;
        claim_up_to(z, &s, (uint64_t)((double)s.whole * ((double)seen / (double)whole)),
                    unit_item(z, &d->units.v[i]));
    }
}

void size_claim_dwarf(Sizer *z) {
    static const char *const shared[] = {"abbrev",      "str",     "line_str",
                                         "str_offsets", "aranges", "gdb_scripts"};
    Dwarf d;
    if (dwarf_open(z->arena, &z->p->object, &d)) return;
    DebugLists lists = {0};
    claim_info(z, &d, &lists);
    claim_frames(z);
    claim_per_unit(z, &d, "line", offsetof(DwarfUnit, line));
    claim_per_unit(z, &d, "addr", offsetof(DwarfUnit, addr_base));
    claim_parts(z, "rnglists", &lists.ranges);
    claim_parts(z, "ranges", &lists.ranges);
    claim_parts(z, "loclists", &lists.locations);
    claim_parts(z, "loc", &lists.locations);
    for (size_t i = 0; i < COUNT(shared); i++) claim_by_share(z, &d, shared[i]);
}
