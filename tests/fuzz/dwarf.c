// tests/fuzz/dwarf.c: what any program's debugging information is asked for, on whatever bytes open
// as an object file: entries, variables, functions and their places, closures, structures.
#include "binary/dwarf/dwarf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_entries(const Dwarf *d, const DwarfUnit *u) {
    enum { ENTRIES_MAX = 2000 };
    DwarfEntry e;
    uint64_t at = u->dies;
    for (uint32_t i = 0; i < ENTRIES_MAX && dwarf_entry(d, at, &e); i++) {
        ASSERT(e.next > at && e.next <= d->info.len);
        uint64_t bytes;
        (void)dwarf_type_name(d, e.type);
        (void)!dwarf_type_size(d, e.type, &bytes);
        at = e.next;
    }
}

static void read_tops(Arena *a, const Dwarf *d, const DwarfUnit *u) {
    DwarfTopVec tops = dwarf_top_entries(a, d, u);
    for (uint32_t i = 0; i < tops.len; i++) {
        ASSERT(tops.v[i].end >= tops.v[i].offset);
        ASSERT(i + 1 == tops.len || tops.v[i].end == tops.v[i + 1].offset);
    }
}

static void read_functions(Arena *a, const Dwarf *d) {
    enum { FUNCTIONS_MAX = 64 };
    DwarfFunctionVec functions = dwarf_functions(a, d);
    for (uint32_t i = 0; i < functions.len && i < FUNCTIONS_MAX; i++) {
        DwarfLocalVec locals = {0};
        ASSERT(functions.v[i].low < functions.v[i].high);
        dwarf_locals(a, d, &functions.v[i], functions.v[i].low, &locals);
    }
}

static void read_structs(Arena *a, const Dwarf *d, Str unit) {
    DwarfStructs s = dwarf_structs(a, d, unit);
    uint64_t at;
    (void)!dwarf_member(&s, STR("mspan"), STR("next.u.x"), &at);
    (void)!dwarf_member(&s, STR("mspan"), STR(""), &at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Object o;
    Dwarf d;
    if (!object_open(a, (Str){(const char *)data, size}, &o) && !dwarf_open(a, &o, &d)) {
        (void)dwarf_variables(a, &d);
        (void)dwarf_captures(a, &d);
        read_functions(a, &d);
        for (uint32_t i = 0; i < d.units.len; i++) {
            read_entries(&d, &d.units.v[i]);
            read_tops(a, &d, &d.units.v[i]);
            read_structs(a, &d, d.units.v[i].name);
        }
    }
    arena_free(a);
    return 0;
}
