// binary/map: package-level variables: where the linker put them and what they are.
#include <stdlib.h>

#include "binary/dwarf/dwarf.h"
#include "binary/map/map_internal.h"

// Marks the linker sets at the ends of its sections; no variables.
static bool is_bound(Str name) {
    static const char *const bounds[] = {
        "noptrdata", "enoptrdata", "data",     "edata",  "bss",    "ebss",    "noptrbss",
        "enoptrbss", "covctrs",    "ecovctrs", "end",    "gcdata", "egcdata", "gcbss",
        "egcbss",    "types",      "etypes",   "rodata", "erodata"};
    if (!str_cut_prefix(&name, STR("runtime."))) return false;
    for (size_t i = 0; i < COUNT(bounds); i++)
        if (str_eq_c(name, bounds[i])) return true;
    return false;
}

// What the compiler makes for itself: literals behind variables, initialisation lists,
// dictionaries, caches of type switches.
static bool is_generated(Str name) {
    static const char *const parts[] = {
        "..stmp_",       "..inittask",         "..dict.",      "..gobytes.", "..d\"",
        "..importpath.", "..interfaceSwitch.", "..typeAssert."};
    static const char *const heads[] = {"type.", "gclocals", "gcargs", "local.",
                                        "masks", "_cgo",     "x_cgo"};
    if (symbol_is_linkers(name)) return true;
    for (size_t i = 0; i < COUNT(parts); i++)
        if (str_find(name, str_c(parts[i])) != STR_NONE) return true;
    for (size_t i = 0; i < COUNT(heads); i++)
        if (str_starts(name, str_c(heads[i]))) return true;
    return false;
}

static bool is_variable_area(AreaKind k) {
    return k == AREA_DATA || k == AREA_NOPTRDATA || k == AREA_BSS || k == AREA_NOPTRBSS ||
           k == AREA_FOREIGN;
}

static int compare_addr(const void *x, const void *y) {
    const Static *a = x, *b = y;
    if (a->addr != b->addr) return a->addr < b->addr ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static int compare_dwarf(const void *x, const void *y) {
    uint64_t a = ((const DwarfVariable *)x)->addr, b = ((const DwarfVariable *)y)->addr;
    return (a > b) - (a < b);
}

static const DwarfVariable *described(const DwarfVariableVec *known, uint64_t addr) {
    uint32_t lo = 0, hi = known->len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (known->v[mid].addr < addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < known->len && known->v[lo].addr == addr ? &known->v[lo] : NULL;
}

// Types come from DWARF; so do the sizes where the symbol table only knows distances.
static void describe(const Binary *p, const Dwarf *d, const DwarfVariableVec *known,
                     StaticVec *vars) {
    for (uint32_t i = 0; i < vars->len; i++) {
        Static *v = &vars->v[i];
        const DwarfVariable *dv = described(known, v->addr);
        if (!dv || (v->name.len && !str_eq(dv->name, v->name))) continue;
        v->type = dwarf_type_name(d, dv->type);
        uint64_t size;
        bool measured = p->object.format == OBJECT_ELF;
        if (!measured && dwarf_type_size(d, dv->type, &size) && size <= v->size_bytes)
            v->size_bytes = size;
    }
}

static void add_symbols(Arena *a, const Binary *p, StaticVec *out) {
    for (uint32_t i = 0; i < p->symbols.len; i++) {
        const Symbol *s = &p->symbols.v[i];
        if (!s->section || !s->size_bytes || is_bound(s->name)) continue;
        const Section *section = &p->object.sections.v[s->section - 1];
        if (!section->loaded || section->executable || s->addr < section->addr) continue;
        AreaKind area = binary_area_of(p, section, s->addr);
        if (!is_variable_area(area)) continue;
        Static v = {.name = s->name,
                    .addr = s->addr,
                    .size_bytes = s->size_bytes,
                    .area = area,
                    .section = section->name,
                    .generated = is_generated(s->name)};
        if (area != AREA_FOREIGN) v.package = symbol_package(a, s->name); // C's x.0 is no package's
        vec_push(a, out, v);
    }
}

static void add_described(Arena *a, const Binary *p, const Dwarf *d, const DwarfVariableVec *known,
                          StaticVec *out) {
    for (uint32_t i = 0; i < known->len; i++) {
        const DwarfVariable *dv = &known->v[i];
        const Section *section = object_section_at(&p->object, dv->addr);
        if (!section) continue;
        Static v = {.name = dv->name,
                    .addr = dv->addr,
                    .area = binary_area_of(p, section, dv->addr),
                    .section = section->name,
                    .package = symbol_package(a, dv->name)};
        dwarf_type_size(d, dv->type, &v.size_bytes);
        if (is_variable_area(v.area)) vec_push(a, out, v);
    }
}

Err binary_variables(Arena *a, const Binary *p, StaticVec *out) {
    Dwarf d;
    DwarfVariableVec known = {0};
    bool has_dwarf = !dwarf_open(a, &p->object, &d);
    if (has_dwarf) known = dwarf_variables(a, &d);
    if (known.len) qsort(known.v, known.len, sizeof *known.v, compare_dwarf);
    if (p->stripped && !known.len)
        return err_new(a, ERR_FORMAT, 0,
                       "stripped: without symbols or DWARF the names of variables are "
                       "gone; build without -ldflags=-s to see them");
    if (p->stripped)
        add_described(a, p, &d, &known, out);
    else
        add_symbols(a, p, out);
    if (known.len) describe(p, &d, &known, out);
    if (out->len) qsort(out->v, out->len, sizeof *out->v, compare_addr);
    return NULL;
}
