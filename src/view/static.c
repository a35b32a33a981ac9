// view/static: every package-level variable: where it lives, how large it is, whose it is. One copy
// per process, shared by all goroutines, alive until the process ends.
#include <stdlib.h>

#include "base/index.h"
#include "view/program.h"

typedef struct Owner { // a package's static memory
    Str name;
    uint64_t bytes[AREA_COUNT], total, generated;
    uint32_t count;
} Owner;

typedef VEC(Owner) OwnerVec;

static const AreaKind areas[] = {AREA_DATA, AREA_NOPTRDATA, AREA_BSS, AREA_NOPTRBSS};

static bool selected(const Static *v, const StaticOptions *o) {
    if (v->area == AREA_FOREIGN) return !o->package.len && o->std;
    if (o->package.len) {
        Str rest = v->package;
        return str_cut_prefix(&rest, o->package) && (!rest.len || *rest.ptr == '/');
    }
    return o->std || (v->package.len && !package_is_std(v->package));
}

static OwnerVec by_package(Arena *a, const StaticVec *vars, const StaticOptions *o) {
    StrMap places = strmap_new(a);
    OwnerVec owners = {0};
    for (uint32_t i = 0; i < vars->len; i++) {
        const Static *v = &vars->v[i];
        if (!selected(v, o)) continue;
        uint32_t *place = strmap_put(&places, v->package);
        if (!*place) {
            vec_push(a, &owners,
                     (Owner){.name = v->package.len ? v->package : STR("(no package)")});
            *place = owners.len;
        }
        Owner *owner = &owners.v[*place - 1];
        owner->bytes[v->area] += v->size_bytes;
        owner->total += v->size_bytes;
        if (v->generated)
            owner->generated += v->size_bytes;
        else
            owner->count++;
    }
    return owners;
}

static int compare_owner(const void *x, const void *y) {
    const Owner *a = x, *b = y;
    if (a->total != b->total) return a->total > b->total ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static int compare_variable(const void *x, const void *y) {
    const Static *a = x, *b = y;
    if (a->size_bytes != b->size_bytes) return a->size_bytes > b->size_bytes ? -1 : 1;
    if (a->addr != b->addr) return a->addr < b->addr ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static void add_owners(Doc *d, const OwnerVec *owners) {
    static const DocColumn columns[] = {{"package", "package", false},
                                        {"variables", "variables", true},
                                        {"data_bytes", "data", true},
                                        {"noptrdata_bytes", "noptrdata", true},
                                        {"bss_bytes", "bss", true},
                                        {"noptrbss_bytes", "noptrbss", true},
                                        {"generated_bytes", "literals", true},
                                        {"total_bytes", "all", true}};
    doc_table(d, "packages", columns, COUNT(columns));
    for (uint32_t i = 0; i < owners->len; i++) {
        const Owner *o = &owners->v[i];
        doc_cell(d, doc_text(o->name));
        doc_cell(d, doc_count(o->count));
        for (size_t k = 0; k < COUNT(areas); k++)
            doc_cell(d, doc_bytes((int64_t)o->bytes[areas[k]]));
        doc_cell(d, doc_bytes((int64_t)o->generated));
        doc_cell(d, doc_bytes((int64_t)o->total));
    }
}

// The guide's question, answered as far as the section tells.
static Str verdict(const Static *v) {
    switch ((unsigned)v->area) { // the other areas hold no variables
    case AREA_DATA: return STR("process-wide; the collector scans it for pointers");
    case AREA_NOPTRDATA: return STR("process-wide; never scanned");
    case AREA_BSS: return STR("process-wide, zero at start; scanned for pointers");
    case AREA_NOPTRBSS: return STR("process-wide, zero at start; never scanned");
    case AREA_FOREIGN: return STR("process-wide, outside Go");
    default: return STR("");
    }
}

static void add_variables(Doc *d, const StaticVec *vars, const StaticOptions *o) {
    static const DocColumn columns[] = {
        {"name", "variable", false},  {"type", "type", false},
        {"size_bytes", "size", true}, {"area", "area", false},
        {"section", NULL, false},     {"package", NULL, false},
        {"address", NULL, true},      {"scope", "truly process-wide?", false}};
    uint32_t shown = 0;
    doc_table(d, "variables", columns, COUNT(columns));
    for (uint32_t i = 0; i < vars->len; i++) {
        const Static *v = &vars->v[i];
        if (v->generated || !selected(v, o) || v->size_bytes < o->at_least) continue;
        if (o->top && shown++ >= o->top) continue;
        doc_cell(d, doc_text(v->name));
        doc_cell(d, doc_text(v->type));
        doc_cell(d, doc_bytes((int64_t)v->size_bytes));
        doc_cell(d, doc_text(str_c(area_name(v->area))));
        doc_cell(d, doc_text(v->section));
        doc_cell(d, doc_text(v->package));
        doc_cell(d, doc_address(v->addr));
        doc_cell(d, doc_text(verdict(v)));
    }
}

Err view_static(Doc *d, Str path, const Binary *p, const StaticOptions *o) {
    StaticVec vars = {0};
    TRY(binary_variables(d->arena, p, &vars));
    OwnerVec owners = by_package(d->arena, &vars, o);
    if (owners.len) qsort(owners.v, owners.len, sizeof *owners.v, compare_owner);
    if (vars.len) qsort(vars.v, vars.len, sizeof *vars.v, compare_variable);
    doc_field(d, "file", "program", doc_text(path));
    if (p->build.go_version.len)
        doc_field(d, "go_version", "built with", doc_text(p->build.go_version));
    doc_open(d, "by_package", STR("Static memory by package"));
    add_owners(d, &owners);
    doc_close(d);
    doc_open(d, "by_variable", STR("Package-level variables, largest first"));
    add_variables(d, &vars, o);
    doc_close(d);
    doc_prose(d, STR("Each of these exists once per process and lives until it ends, whatever "
                     "points to it. What a "
                     "variable points to lies on the heap and is kept alive by it; literals are "
                     "the compiler's static "
                     "data behind composite values."));
    return NULL;
}
