// binary/map: every byte of a program's file charged to the function, type or package that causes
// it. Each part of the linker's output has a file of claims (size_*.c); here they are put in order,
// cut where they overlap, and what nobody claims goes to a row that says what it is.
#include <stdlib.h>
#include <string.h>

#include "binary/map/size_internal.h"

#define X(id, name) name,
static const char *const kind_names[] = {SIZE_KINDS(X)};
#undef X

const char *size_kind_name(SizeKind k) { return kind_names[k]; }

static uint32_t item(Sizer *z, Str key, Str package, Str name) {
    uint32_t *place = strmap_put(&z->places, key);
    if (!*place) {
        SizeItem *added = vec_add(z->arena, &z->items);
        added->package = package;
        added->name = name;
        *place = z->items.len;
    }
    return *place - 1;
}

uint32_t size_item_package(Sizer *z, Str package) {
    if (!package.len) return size_item_shared(z, "runtime tables");
    uint32_t *place = strmap_get(&z->places, package);
    return place ? *place - 1 : item(z, package, package, STR(""));
}

uint32_t size_item_shared(Sizer *z, const char *name) {
    uint32_t i = item(z, str_fmt(z->arena, "(%s)", name), STR(""), str_c(name));
    z->items.v[i].shared = true;
    return i;
}

uint32_t size_item_symbol(Sizer *z, Str name) {
    Str folded = symbol_fold(z->arena, name);
    uint32_t *place = strmap_get(&z->places, folded);
    if (place) return *place - 1;
    Str package = symbol_package(z->arena, name);
    return package.len ? item(z, folded, package, folded)
                       : size_item_shared(z, "linker-made functions");
}

uint32_t size_item_type(Sizer *z, const AbiType *t) {
    if (!t->package.len) return size_item_shared(z, "types of no package");
    Str name = symbol_fold(z->arena, t->name);
    return item(z,
                str_fmt(z->arena, "type " STR_FMT " " STR_FMT, STR_ARG(t->package), STR_ARG(name)),
                t->package, str_join2(z->arena, STR("type "), name));
}

void size_claim(Sizer *z, uint64_t addr, uint64_t len, uint32_t owner, SizeKind kind) {
    const Section *s = z->last;
    if (!s || addr < s->addr || addr - s->addr >= s->size_bytes)
        s = object_section_at(&z->p->object, addr);
    if (!s) return;
    z->last = s;
    uint64_t from = addr - s->addr;
    if (from >= s->data.len || !len) return;
    Claim c = {s->file_offset + from,
               (uint32_t)MIN(MIN(len, s->data.len - from), (uint64_t)UINT32_MAX),
               owner * 16 + kind};
    vec_push(z->arena, &z->claims, c);
}

void size_claim_view(Sizer *z, Str bytes, uint32_t owner, SizeKind kind) {
    Claim c = {(uint64_t)(bytes.ptr - z->p->object.bytes.ptr),
               (uint32_t)MIN(bytes.len, (size_t)UINT32_MAX), owner * 16 + kind};
    if (bytes.len) vec_push(z->arena, &z->claims, c);
}

static int compare_claim(const void *x, const void *y) {
    const Claim *a = x, *b = y;
    if (a->offset != b->offset) return a->offset < b->offset ? -1 : 1;
    if (a->len != b->len) return a->len > b->len ? -1 : 1;
    return (a->owner > b->owner) - (a->owner < b->owner);
}

static SizeKind kind_of_area(AreaKind k) {
    switch (k) {
    case AREA_TEXT: return SIZE_CODE;
    case AREA_RODATA: return SIZE_CONSTANTS;
    case AREA_TYPES:
    case AREA_ITABS: return SIZE_TYPES;
    case AREA_PCLNTAB: return SIZE_LINES;
    case AREA_DATA:
    case AREA_NOPTRDATA:
    case AREA_BSS:
    case AREA_NOPTRBSS:
    case AREA_FOREIGN: return SIZE_VARIABLES;
    case AREA_DWARF: return SIZE_DWARF;
    case AREA_SYMBOLS: return SIZE_SYMBOLS;
    case AREA_GOINFO:
    case AREA_LINKAGE:
    case AREA_HEADERS:
    case AREA_PADDING:
    case AREA_COUNT: return SIZE_FORMAT;
    }
    BUG("area %d", k);
}

static void charge(Sizer *z, uint32_t owner, SizeKind kind, uint64_t bytes) {
    z->items.v[owner].bytes[kind] += bytes;
    z->items.v[owner].total += bytes;
}

// Walks areas and claims side by side; every byte is charged exactly once.
static void settle(Sizer *z, const AreaVec *areas) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < areas->len; i++) {
        const Area *area = &areas->v[i];
        uint64_t at = area->file_offset, end = at + area->file_bytes;
        if (!area->file_bytes) continue;
        uint32_t rest = size_item_shared(z, area_text(area->kind));
        SizeKind rest_kind = kind_of_area(area->kind);
        while (next < z->claims.len && z->claims.v[next].offset < end) {
            Claim *c = &z->claims.v[next];
            uint64_t from = MAX(c->offset, at), to = c->offset + c->len;
            if (to > at) {
                charge(z, rest, rest_kind, from - at);
                charge(z, c->owner / 16, (SizeKind)(c->owner % 16), MIN(to, end) - from);
                at = MIN(to, end);
            }
            if (to > end) break; // goes on in the next area
            next++;
        }
        charge(z, rest, rest_kind, end - at);
    }
}

SizeMap binary_size(Arena *a, const Binary *p) {
    Sizer z = {.arena = a, .p = p, .places = strmap_new(a), .names = index_new(a)};
    TypePartVec parts = {0};
    z.types = binary_types(a, p, &parts);
    size_claim_functions(&z);
    size_claim_types(&z);
    size_claim_references(&z);
    size_claim_symbols(&z);
    size_claim_dwarf(&z);
    for (uint32_t i = 0; i < parts.len; i++) {
        const AbiType *t = size_type_at(&z.types, parts.v[i].type);
        if (t)
            size_claim(&z, parts.v[i].addr, parts.v[i].size_bytes, size_item_type(&z, t),
                       SIZE_TYPES);
    }
    if (z.claims.len) qsort(z.claims.v, z.claims.len, sizeof *z.claims.v, compare_claim);
    AreaVec areas = binary_areas(a, p);
    settle(&z, &areas);
    SizeMap out = {.items = z.items};
    for (uint32_t i = 0; i < z.items.len; i++) {
        out.file_bytes += z.items.v[i].total;
        if (z.items.v[i].shared) out.shared_bytes += z.items.v[i].total;
    }
    return out;
}

// The longest module path the package's path starts with.
Str binary_module_of(const Binary *p, Str package) {
    Str best = STR("");
    for (uint32_t i = 0; i < p->build.modules.len; i++) {
        Str line = p->build.modules.v[i], path = str_split(&line, ' '), rest = package;
        bool below = str_cut_prefix(&rest, path) && (!rest.len || *rest.ptr == '/');
        if (below && path.len > best.len) best = path;
    }
    if (best.len) return best;
    if (package_is_std(package)) return STR("std");
    return p->build.main_module.len ? p->build.main_module : STR("(main module)");
}
