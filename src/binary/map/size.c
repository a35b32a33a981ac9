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
    if (!package.len) return size_item_shared(z, "symbols of no package");
    uint32_t *place = strmap_get(&z->places, package);
    return place ? *place - 1 : item(z, package, package, STR(""));
}

uint32_t size_item_shared(Sizer *z, const char *name) {
    uint32_t i = item(z, str_fmt(z->arena, "(%s)", name), STR(""), str_c(name));
    z->items.v[i].shared = true;
    return i;
}

uint32_t size_item_foreign(Sizer *z, Str name) {
    if (!name.len) return size_item_package(z, STR("C"));
    return item(z, str_join2(z->arena, STR("C "), name), STR("C"), name);
}

static uint32_t item_of(Sizer *z, Str folded, Str package) {
    if (package.len) return item(z, folded, package, folded);
    bool linker = symbol_is_linkers(folded);
    return linker ? size_item_shared(z, "functions of the linker") : size_item_foreign(z, folded);
}

uint32_t size_item_symbol(Sizer *z, Str name) {
    Str folded = symbol_fold(z->arena, name);
    uint32_t *place = strmap_get(&z->places, folded);
    return place ? *place - 1 : item_of(z, folded, symbol_package(z->arena, name));
}

// Assembly and what the compiler makes of unnamed types have no package in their names.
uint32_t size_item_function(Sizer *z, const PclnFunc *f) {
    Str folded = symbol_fold(z->arena, f->name);
    uint32_t *place = strmap_get(&z->places, folded);
    if (place) return *place - 1;
    Str package = symbol_package(z->arena, f->name);
    return item_of(z, folded, package.len ? package : size_unit_package(z, f));
}

static uint32_t type_item(Sizer *z, Str package, Str name) {
    Str folded = symbol_fold(z->arena, name);
    Str key = str_join3(z->arena, package, STR(" type "), folded); // the item's name is its end
    return item(z, key, package, str_from(key, package.len + 1));
}

uint32_t size_item_type(Sizer *z, const AbiType *t) { return type_item(z, t->owner, t->name); }

uint32_t size_item_described(Sizer *z, Str package, Str type) {
    return type_item(z, package, type_short_name(z->arena, type));
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

static int compare_owned(const void *x, const void *y) {
    const Owned *a = x, *b = y;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return (a->item > b->item) - (a->item < b->item);
}

void size_sort_owned(OwnedVec *v) {
    if (!v->len) return;
    qsort(v->v, v->len, sizeof *v->v, compare_owned);
    uint32_t n = 1;
    for (uint32_t i = 1; i < v->len; i++)
        if (compare_owned(&v->v[i], &v->v[n - 1]) != 0) v->v[n++] = v->v[i];
    v->len = n;
}

void size_claim_split(Sizer *z, Str bytes, const Owned *users, uint32_t n, SizeKind kind) {
    uint64_t pieces = MIN((uint64_t)n, (uint64_t)bytes.len);
    for (uint64_t k = 0; k < pieces; k++) { // more users than bytes: some, from all over the list
        size_t start = (size_t)(bytes.len * k / pieces),
               end = (size_t)(bytes.len * (k + 1) / pieces);
        size_claim_view(z, str_slice(bytes, start, end), users[k * n / pieces].item, kind);
    }
}

static int compare_claim(const void *x, const void *y) {
    const Claim *a = x, *b = y;
    if (a->offset != b->offset) return a->offset < b->offset ? -1 : 1;
    if (a->len != b->len) return a->len > b->len ? -1 : 1;
    return (a->owner > b->owner) - (a->owner < b->owner);
}

// By offset, eleven bits at a time; there are hundreds of thousands. Order within equal ones is
// compare_claim's.
static void sort_claims(Claim *v, uint32_t len, Claim *spare) {
    enum { BITS = 11, BUCKETS = 1 << BITS };
    Claim *from = v, *to = spare;
    uint64_t all = 0;
    for (uint32_t i = 0; i < len; i++) all |= from[i].offset;
    for (unsigned shift = 0; shift < 64 && all >> shift; shift += BITS) {
        uint32_t starts[BUCKETS + 1] = {0};
        for (uint32_t i = 0; i < len; i++) starts[(from[i].offset >> shift & (BUCKETS - 1)) + 1]++;
        for (uint32_t i = 0; i < BUCKETS; i++) starts[i + 1] += starts[i];
        for (uint32_t i = 0; i < len; i++)
            to[starts[from[i].offset >> shift & (BUCKETS - 1)]++] = from[i];
        Claim *swap = from;
        from = to;
        to = swap;
    }
    if (from != v) memcpy(v, from, len * sizeof *from);
    for (uint32_t i = 0, next; i < len; i = next) {
        for (next = i + 1; next < len && v[next].offset == v[i].offset;) next++;
        if (next - i > 1) qsort(v + i, next - i, sizeof *v, compare_claim);
    }
}

// Those settled before stand in order already: the new ones are sorted and merged in.
static void merge_claims(Sizer *z) {
    ClaimVec *c = &z->claims;
    uint32_t old = z->settled, fresh = c->len - old, i = 0, k = 0;
    ArenaMark mark = arena_mark(z->arena);
    Claim *spare = NEW_ARRAY(z->arena, Claim, c->len);
    sort_claims(c->v + old, fresh, spare);
    for (uint32_t n = 0; old && n < c->len; n++) {
        bool take_old = k == fresh || (i < old && compare_claim(c->v + i, c->v + old + k) <= 0);
        spare[n] = take_old ? c->v[i++] : c->v[old + k++];
    }
    if (old) memcpy(c->v, spare, c->len * sizeof *spare);
    arena_pop_to(mark);
}

void size_settle_claims(Sizer *z) {
    ClaimVec *c = &z->claims;
    if (!c->len) return;
    merge_claims(z);
    uint64_t taken = 0; // up to here
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->len; i++) {
        Claim one = c->v[i];
        uint64_t end = one.offset + one.len, from = MAX(one.offset, taken);
        if (end <= from) continue;
        taken = end;
        one.offset = from;
        one.len = (uint32_t)(end - from);
        c->v[n++] = one;
    }
    c->len = z->settled = n;
}

bool size_owner_at_offset(const Sizer *z, uint64_t offset, uint32_t *out) {
    uint32_t lo = 0, hi = z->settled; // first claim behind
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (z->claims.v[mid].offset > offset)
            hi = mid;
        else
            lo = mid + 1;
    }
    if (!lo || offset - z->claims.v[lo - 1].offset >= z->claims.v[lo - 1].len) return false;
    *out = z->claims.v[lo - 1].owner / 16;
    return true;
}

bool size_owner_at(const Sizer *z, uint64_t addr, uint32_t *out) {
    const Section *s = object_section_at(&z->p->object, addr);
    return s && s->has_data && size_owner_at_offset(z, s->file_offset + (addr - s->addr), out);
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

static void charge(Sizer *z, uint32_t owner, uint64_t bytes) {
    z->items.v[owner / 16].bytes[owner % 16] += bytes;
    z->items.v[owner / 16].total += bytes;
}

// What lies between two claims and is nothing but a few zeros is the first one's alignment.
static bool is_alignment(const Sizer *z, uint64_t at, uint64_t end) {
    enum { ALIGN_MAX = 64 };
    if (end - at >= ALIGN_MAX) return false;
    for (; at < end; at++)
        if (z->p->object.bytes.ptr[at]) return false;
    return true;
}

// What nobody claims is named by its area where the format alone needs it.
static bool names_itself(AreaKind k) {
    return k == AREA_HEADERS || k == AREA_PADDING || k == AREA_GOINFO || k == AREA_LINKAGE;
}

// Bytes of an area up to `end` that nobody claims: alignment of who stands before, or nobody's.
// Where Go's text ends C's may begin.
static void charge_gap(Sizer *z, const Area *area, uint64_t at, uint64_t end, uint32_t before) {
    uint64_t text_end = z->p->module.text.end - area->addr + area->file_offset;
    if (area->kind == AREA_TEXT && at < text_end && text_end < end) {
        charge_gap(z, area, at, text_end, before);
        at = text_end;
    }
    uint32_t rest = size_item_shared(z, area_text(area->kind)) * 16 + kind_of_area(area->kind);
    bool alignment = before != UINT32_MAX && is_alignment(z, at, end);
    if (!alignment && size_foreign_at(z, area, at)) {
        charge(z, size_item_foreign(z, STR("")) * 16 + kind_of_area(area->kind), end - at);
        return;
    }
    charge(z, alignment ? before : rest, end - at);
    if (!alignment && !names_itself(area->kind)) z->unnamed += end - at;
}

// Walks areas and claims side by side; every byte is charged exactly once.
static void settle(Sizer *z) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < z->areas.len; i++) {
        const Area *area = &z->areas.v[i];
        uint64_t start = area->file_offset, at = start, end = start + area->file_bytes;
        if (!area->file_bytes) continue;
        uint32_t before = UINT32_MAX; // whose the bytes up to here were: nobody's
        while (next < z->claims.len && z->claims.v[next].offset < end) {
            const Claim *c = &z->claims.v[next];
            uint64_t from = MAX(c->offset, at), to = c->offset + c->len;
            if (to > at) {
                charge_gap(z, area, at, from, before);
                charge(z, c->owner, MIN(to, end) - from);
                at = MIN(to, end);
                before = c->owner;
            }
            if (to > end) break; // goes on in the next area
            next++;
        }
        charge_gap(z, area, at, end, before);
    }
}

SizeMap binary_size(Arena *a, const Binary *p) {
    Sizer z = {.arena = a, .p = p, .places = strmap_new(a)};
    z.names = index_new(a);
    z.unit_places = index_new(a);
    z.folder_places = strmap_new(a);
    z.areas = binary_areas(a, p);
    size_find_units(&z);
    size_claim_functions(&z);
    size_find_mentions(&z);
    size_find_types(&z);
    size_claim_types(&z);
    size_claim_references(&z);
    size_find_foreign(&z);
    size_claim_foreign(&z);
    size_claim_dwarf(&z);
    size_settle_claims(&z);
    size_claim_symbols(&z);
    size_claim_relocations(&z);
    size_claim_rebases(&z);
    size_settle_claims(&z);
    size_claim_signature(&z);
    size_settle_claims(&z);
    settle(&z);
    SizeMap out = {.items = z.items, .unnamed_bytes = z.unnamed};
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
    if (str_eq(package, STR("C"))) return STR("(C)");
    if (package_is_std(package)) return STR("std");
    return p->build.main_module.len ? p->build.main_module : STR("(main module)");
}
