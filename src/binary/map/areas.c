// binary/map: the file and the image cut into areas. Sections give the coarse cut; inside them the
// runtime's own bounds tell BSS from data (PE keeps both in one section) and types from constants.
#include <stdlib.h>
#include <string.h>

#include "binary/map/map_internal.h"

#define X(id, name, text) name,
static const char *const names[] = {AREA_KINDS(X)};
#undef X
#define X(id, name, text) text,
static const char *const texts[] = {AREA_KINDS(X)};
#undef X

const char *area_name(AreaKind k) { return names[k]; }
const char *area_text(AreaKind k) { return texts[k]; }

static bool inside(AddrSpan s, uint64_t addr) { return addr >= s.start && addr < s.end; }

static bool any_prefix(Str name, const char *const *heads, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_starts(name, str_c(heads[i]))) return true;
    return false;
}

static AreaKind kind_by_name(const Section *s) {
    static const char *const dwarf[] = {".debug_", ".zdebug_", "__debug_", "__zdebug_", "__apple_"};
    static const char *const symbols[] = {".symtab", ".strtab", ".shstrtab"};
    static const char *const info[] = {".go.", "__go_build", "__go_fips", "__go_module", ".note"};
    static const char *const linkage[] = {
        ".rel",           ".dyn",        ".got",          ".plt",     ".interp",       ".hash",
        ".gnu",           ".eh_frame",   ".init",         ".fini",    ".ctors",        ".dtors",
        ".tm_clone",      ".idata",      ".edata",        ".reloc",   ".pdata",        ".xdata",
        ".rsrc",          ".CRT",        ".tls",          "__stubs",  "__stub_helper", "__got",
        "__la_symbol",    "__nl_symbol", "__symbol_stub", "__unwind", "__eh_frame",    "__mod_init",
        "__init_offsets", "__thread"};
#define IS(list) any_prefix(s->name, list, COUNT(list))
    if (str_starts(s->name, STR(".go.type"))) return AREA_TYPES; // Go 1.27 on
    if (IS(dwarf)) return AREA_DWARF;
    if (IS(symbols)) return AREA_SYMBOLS;
    if (IS(info)) return AREA_GOINFO;
    if (IS(linkage)) return AREA_LINKAGE;
#undef IS
    return s->loaded ? AREA_FOREIGN : AREA_DWARF;
}

AreaKind binary_area_of(const Binary *p, const Section *s, uint64_t addr) {
    const ModuleData *m = &p->module;
    if (addr >= p->table_addr && addr < p->table_end) return AREA_PCLNTAB;
    if (inside(m->itabs, addr)) return AREA_ITABS;
    if (inside(m->type_data, addr)) return AREA_TYPES;
    if (inside(m->noptrdata, addr)) return AREA_NOPTRDATA;
    if (inside(m->data, addr)) return AREA_DATA;
    if (inside(m->bss, addr)) return AREA_BSS;
    if (inside(m->noptrbss, addr)) return AREA_NOPTRBSS;
    AreaKind named = kind_by_name(s);
    if (named != AREA_FOREIGN) return named;
    if (s->executable) return AREA_TEXT;
    if (str_ends(s->name, STR("itablink"))) return AREA_ITABS;
    if (str_eq(s->name, STR("__go_type"))) return AREA_TYPES;
    if (str_ends(s->name, STR("typelink"))) return AREA_TYPES;
    if (!s->writable || str_starts(s->name, STR(".data.rel.ro")) ||
        str_eq(s->segment, STR("__DATA_CONST")))
        return AREA_RODATA;
    return AREA_FOREIGN;
}

static int compare_u64(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

// The addresses at which the kind of a section's bytes may change.
static uint32_t cuts_of(const Binary *p, const Section *s, uint64_t cuts[32]) {
    const ModuleData *m = &p->module;
    const AddrSpan spans[] = {m->noptrdata,
                              m->data,
                              m->bss,
                              m->noptrbss,
                              m->type_data,
                              m->itabs,
                              {p->table_addr, p->table_end}};
    uint32_t n = 0;
    uint64_t end = s->addr + s->size_bytes;
    cuts[n++] = s->addr;
    for (size_t i = 0; i < COUNT(spans); i++) {
        if (spans[i].start > s->addr && spans[i].start < end) cuts[n++] = spans[i].start;
        if (spans[i].end > s->addr && spans[i].end < end) cuts[n++] = spans[i].end;
    }
    cuts[n++] = end;
    qsort(cuts, n, sizeof *cuts, compare_u64);
    return n;
}

// One section: its loaded part by address, then what the file pads it with.
static void cut_section(Arena *a, const Binary *p, const Section *s, AreaVec *out) {
    if (!s->loaded || !s->size_bytes) {
        Area area = {.kind = kind_by_name(s),
                     .section = s->name,
                     .file_offset = s->file_offset,
                     .file_bytes = s->data.len};
        if (area.file_bytes) vec_push(a, out, area);
        return;
    }
    uint64_t cuts[32];
    uint32_t n = cuts_of(p, s, cuts);
    uint64_t in_file = MIN((uint64_t)s->data.len, s->size_bytes);
    for (uint32_t i = 0; i + 1 < n; i++) {
        if (cuts[i] == cuts[i + 1]) continue;
        uint64_t from = cuts[i] - s->addr, to = cuts[i + 1] - s->addr;
        Area area = {.kind = binary_area_of(p, s, cuts[i]),
                     .section = s->name,
                     .addr = cuts[i],
                     .size_bytes = to - from};
        if (from < in_file) {
            area.file_offset = s->file_offset + from;
            area.file_bytes = MIN(to, in_file) - from;
        }
        vec_push(a, out, area);
    }
    if (s->data.len > in_file) {
        Area pad = {.kind = AREA_PADDING,
                    .section = s->name,
                    .file_offset = s->file_offset + in_file,
                    .file_bytes = s->data.len - in_file};
        vec_push(a, out, pad);
    }
}

static int compare_offset(const void *x, const void *y) {
    const Area *a = x, *b = y;
    if (a->file_offset != b->file_offset) return a->file_offset < b->file_offset ? -1 : 1;
    return (a->file_bytes > b->file_bytes) - (a->file_bytes < b->file_bytes);
}

// What lies between sections: headers at the start, symbol tables of formats that keep them outside
// sections, else alignment.
static AreaKind gap_kind(const Binary *p, uint64_t offset) {
    const Object *o = &p->object;
    const char *at = o->bytes.ptr + offset;
    const Str tables[] = {o->symbol_bytes, o->string_bytes};
    for (size_t i = 0; i < COUNT(tables); i++)
        if (tables[i].len && at >= tables[i].ptr && at < tables[i].ptr + tables[i].len)
            return AREA_SYMBOLS;
    if (offset < 4096) return AREA_HEADERS;
    for (uint32_t i = 0; i < o->segments.len; i++) {
        const Segment *s = &o->segments.v[i];
        bool linkedit = str_eq(s->name, STR("__LINKEDIT"));
        if (linkedit && offset >= s->file_offset && offset - s->file_offset < s->file_bytes)
            return AREA_LINKAGE;
    }
    return AREA_PADDING;
}

// The places where a gap's kind may change.
static uint64_t gap_end(const Binary *p, uint64_t from, uint64_t to) {
    const Object *o = &p->object;
    const Str tables[] = {o->symbol_bytes, o->string_bytes};
    uint64_t end = to;
    for (size_t i = 0; i < COUNT(tables); i++) {
        if (!tables[i].len) continue;
        uint64_t start = (uint64_t)(tables[i].ptr - o->bytes.ptr), stop = start + tables[i].len;
        if (start > from && start < end) end = start;
        if (stop > from && stop < end) end = stop;
    }
    for (uint32_t i = 0; i < o->segments.len; i++) {
        uint64_t start = o->segments.v[i].file_offset;
        if (start > from && start < end) end = start;
    }
    return from < 4096 ? MIN(end, MAX((uint64_t)4096, from + 1)) : end;
}

static void fill_gap(Arena *a, const Binary *p, uint64_t from, uint64_t to, AreaVec *out) {
    while (from < to) {
        uint64_t end = gap_end(p, from, to);
        Area gap = {.kind = gap_kind(p, from), .file_offset = from, .file_bytes = end - from};
        vec_push(a, out, gap);
        from = end;
    }
}

// ELF's own section header table stands between sections too.
static void add_section_headers(Arena *a, const Binary *p, AreaVec *out) {
    const Object *o = &p->object;
    if (o->format != OBJECT_ELF || !o->sections.len) return;
    uint64_t at = object_word(o, o->bytes, o->is64 ? 40 : 32, object_pointer_bytes(o));
    Area head = {.kind = AREA_HEADERS,
                 .file_offset = at,
                 .file_bytes = o->sections.len * (o->is64 ? 64u : 40u)};
    if (at && at + head.file_bytes <= o->bytes.len) vec_push(a, out, head);
}

AreaVec binary_areas(Arena *a, const Binary *p) {
    AreaVec cut = {0}, out = {0};
    for (uint32_t i = 0; i < p->object.sections.len; i++)
        cut_section(a, p, &p->object.sections.v[i], &cut);
    add_section_headers(a, p, &cut);
    qsort(cut.v, cut.len, sizeof *cut.v, compare_offset);
    uint64_t at = 0;
    for (uint32_t i = 0; i < cut.len; i++) {
        Area area = cut.v[i];
        if (area.file_bytes) {
            if (area.file_offset > at) fill_gap(a, p, at, area.file_offset, &out);
            if (area.file_offset < at) { // sections that overlap: each byte counts once
                uint64_t shared = MIN(at - area.file_offset, area.file_bytes);
                area.file_offset += shared;
                area.file_bytes -= shared;
            }
            at = MAX(at, area.file_offset + area.file_bytes);
        }
        vec_push(a, &out, area);
    }
    fill_gap(a, p, at, p->object.bytes.len, &out);
    return out;
}
