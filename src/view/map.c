// view/map: where this program's bytes live, in the file and in memory: the map of the memory
// guide, filled in. Memory that is only reserved (BSS nobody has written to) is told from memory in
// use.
#include <stdlib.h>

#include "view/program.h"

enum { LARGE_BYTES = 1 << 20, LARGE_MAX = 8 };

typedef struct Total {
    uint64_t memory, file;
    uint64_t first; // address
    StrVec sections;
} Total;

static void add_area(Arena *a, Total *t, const Area *area) {
    t->memory += area->addr ? area->size_bytes : 0;
    t->file += area->file_bytes;
    if (area->addr && (!t->first || area->addr < t->first)) t->first = area->addr;
    if (area->section.len && !strvec_has(&t->sections, area->section))
        vec_push(a, &t->sections, area->section);
}

static void add_identity(Doc *d, Str path, const Binary *p) {
    const Object *o = &p->object;
    doc_field(d, "file", "program", doc_text(path));
    doc_field(d, "format", "format",
              doc_text(str_fmt(d->arena, "%s %s%s%s", object_format_name(o->format),
                               object_arch_name(o->arch),
                               o->position_independent ? ", position-independent" : "",
                               p->stripped ? ", stripped" : "")));
    if (p->build.go_version.len)
        doc_field(d, "go_version", "built with", doc_text(p->build.go_version));
    if (p->build.path.len) doc_field(d, "package", "package", doc_text(p->build.path));
}

static void add_areas(Doc *d, const Total totals[AREA_COUNT], uint64_t file_bytes) {
    static const DocColumn columns[] = {
        {"area", "area", false},          {"address", "from", true},
        {"memory_bytes", "memory", true}, {"file_bytes", "file", true},
        {"file_share", "of file", true},  {"holds", "holds", false},
        {"sections", "sections", false}};
    doc_table(d, "areas", columns, COUNT(columns));
    for (int k = 0; k < AREA_COUNT; k++) {
        const Total *t = &totals[k];
        if (!t->memory && !t->file) continue;
        doc_cell(d, doc_text(str_c(area_name((AreaKind)k))));
        doc_cell(d, t->first ? doc_address(t->first) : doc_text(STR("")));
        doc_cell(d, doc_bytes((int64_t)t->memory));
        doc_cell(d, doc_bytes((int64_t)t->file));
        doc_cell(d, doc_percent(file_bytes ? 100.0 * (double)t->file / (double)file_bytes : 0));
        doc_cell(d, doc_text(str_c(area_text((AreaKind)k))));
        doc_cell(d, doc_text(strvec_join(d->arena, &t->sections, STR(" "))));
    }
}

static int compare_size(const void *x, const void *y) {
    const Static *a = x, *b = y;
    if (a->size_bytes != b->size_bytes) return a->size_bytes > b->size_bytes ? -1 : 1;
    return str_cmp(a->name, b->name);
}

// Large variables in BSS cost address space until someone writes to them.
static void add_large(Doc *d, const Binary *p) {
    static const DocColumn columns[] = {
        {"name", "variable", false}, {"size_bytes", "reserved", true}, {"area", "area", false}};
    StaticVec vars = {0}, large = {0};
    if (binary_variables(d->arena, p, &vars)) return;
    for (uint32_t i = 0; i < vars.len; i++) {
        AreaKind k = vars.v[i].area;
        if (vars.v[i].size_bytes >= LARGE_BYTES && (k == AREA_BSS || k == AREA_NOPTRBSS))
            vec_push(d->arena, &large, vars.v[i]);
    }
    if (!large.len) return;
    qsort(large.v, large.len, sizeof *large.v, compare_size);
    doc_open(d, "large_bss", STR("Reserved, not used, until written to"));
    doc_table(d, "variables", columns, COUNT(columns));
    for (uint32_t i = 0; i < large.len && i < LARGE_MAX; i++) {
        doc_cell(d, doc_text(large.v[i].name));
        doc_cell(d, doc_bytes((int64_t)large.v[i].size_bytes));
        doc_cell(d, doc_text(str_c(area_name(large.v[i].area))));
    }
    doc_close(d);
}

void view_map(Doc *d, Str path, const Binary *p) {
    AreaVec areas = binary_areas(d->arena, p);
    Total totals[AREA_COUNT] = {0};
    uint64_t memory = 0, file = 0, zero = 0, from_file = 0, written = 0;
    for (uint32_t i = 0; i < areas.len; i++) {
        const Area *area = &areas.v[i];
        add_area(d->arena, &totals[area->kind], area);
        file += area->file_bytes;
        if (!area->addr) continue;
        memory += area->size_bytes;
        from_file += area->file_bytes;
        zero += area->size_bytes - area->file_bytes;
        if (area->kind == AREA_DATA || area->kind == AREA_NOPTRDATA || area->kind == AREA_FOREIGN)
            written += area->file_bytes;
    }
    add_identity(d, path, p);
    doc_field(d, "file_bytes", "file", doc_bytes((int64_t)file));
    doc_field(d, "memory_bytes", "mapped into memory", doc_bytes((int64_t)memory));
    doc_field(d, "from_file_bytes", "  read from the file when touched, shared",
              doc_bytes((int64_t)(from_file - written)));
    doc_field(d, "private_bytes", "  copied when written (data, noptrdata)",
              doc_bytes((int64_t)written));
    doc_field(d, "zero_bytes", "  zero pages, no memory until written (BSS)",
              doc_bytes((int64_t)zero));
    doc_open(d, "map", STR("Areas"));
    add_areas(d, totals, file);
    doc_close(d);
    add_large(d, p);
    doc_prose(d, STR("Stacks, the heap and the runtime's own structures are made at run time and "
                     "are not part of "
                     "this map. nm prints D for BSS on ELF and PE; the areas above are the "
                     "linker's own bounds."));
}
