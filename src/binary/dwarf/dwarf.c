// binary/dwarf: units, abbreviations and entries. Numbers are those of the DWARF 5 standard,
// section 7.
#include "binary/dwarf/dwarf.h"

#include <stdlib.h>
#include <string.h>

#include "base/reader.h"

enum { TAG_VARIABLE = 0x34, TAG_SUBPROGRAM = 0x2e, TAG_UNIT = 0x11, TAG_PARAMETER = 0x05 };
enum {
    AT_LOCATION = 0x02,
    AT_NAME = 0x03,
    AT_BYTE_SIZE = 0x0b,
    AT_COUNT = 0x37,
    AT_MEMBER_LOCATION = 0x38,
    AT_STMT_LIST = 0x10,
    AT_LOW_PC = 0x11,
    AT_HIGH_PC = 0x12,
    AT_ABSTRACT_ORIGIN = 0x31,
    AT_LANGUAGE = 0x13,
    AT_TYPE = 0x49,
    AT_RANGES = 0x55,
    AT_ADDR_BASE = 0x73,
    AT_GO_KIND = 0x2900,
    AT_GO_KEY = 0x2901,
    AT_GO_ELEM = 0x2902,
    AT_GO_RUNTIME_TYPE = 0x2904,
    AT_GO_CLOSURE_OFFSET = 0x2907
};
enum { OP_ADDR = 0x03, OP_ADDRX = 0xa1, UT_SKELETON = 4, UT_SPLIT = 5 };
enum {
    FORM_ADDR = 0x01,
    FORM_BLOCK2 = 0x03,
    FORM_BLOCK4,
    FORM_DATA2,
    FORM_DATA4,
    FORM_DATA8,
    FORM_STRING,
    FORM_BLOCK,
    FORM_BLOCK1,
    FORM_DATA1,
    FORM_FLAG,
    FORM_SDATA,
    FORM_STRP,
    FORM_UDATA,
    FORM_REF_ADDR,
    FORM_REF1,
    FORM_REF2,
    FORM_REF4,
    FORM_REF8,
    FORM_REF_UDATA,
    FORM_INDIRECT,
    FORM_SEC_OFFSET,
    FORM_EXPRLOC,
    FORM_FLAG_PRESENT,
    FORM_STRX,
    FORM_ADDRX,
    FORM_REF_SUP4,
    FORM_STRP_SUP,
    FORM_DATA16,
    FORM_LINE_STRP,
    FORM_REF_SIG8,
    FORM_IMPLICIT,
    FORM_LOCLISTX,
    FORM_RNGLISTX,
    FORM_REF_SUP8,
    FORM_STRX1,
    FORM_STRX2,
    FORM_STRX3,
    FORM_STRX4,
    FORM_ADDRX1,
    FORM_ADDRX2,
    FORM_ADDRX3,
    FORM_ADDRX4
};
enum { CODES_MAX = 1 << 16 };

typedef struct Value {
    uint64_t n;
    Str bytes; // strings and blocks
} Value;

static Reader reader_at(const Dwarf *d, Str section, uint64_t at) {
    Reader r = reader_over(section);
    r.big_endian = d->big_endian;
    reader_seek(&r, at > section.len ? section.len + 1 : (size_t)at);
    return r;
}

static Str section_of(Arena *a, const Object *o, const char *name) {
    static const char *const heads[] = {".debug_", ".zdebug_", "__debug_", "__zdebug_"};
    for (size_t i = 0; i < COUNT(heads); i++) {
        Str full = str_fmt(a, "%s%s", heads[i], name), out;
        if (o->format == OBJECT_MACHO) full = str_to(full, 16);
        const Section *s = object_section(o, full);
        if (s && !object_section_data(a, o, s, &out)) return out;
    }
    return STR("");
}

static Str string_at(Str table, uint64_t at) {
    if (at >= table.len) return STR("");
    const char *p = table.ptr + at, *nul = memchr(p, 0, table.len - (size_t)at);
    return nul ? (Str){p, (size_t)(nul - p)} : STR("");
}

static const DwarfAbbrevTable *abbrevs_at(Dwarf *d, uint64_t offset) {
    for (uint32_t i = 0; i < d->tables.len; i++)
        if (d->tables.v[i]->offset == offset) return d->tables.v[i];
    DwarfAbbrevTable *t = NEW(d->arena, DwarfAbbrevTable);
    t->offset = offset;
    Reader r = reader_at(d, d->abbrev, offset);
    for (uint64_t code; (code = read_uleb(&r)) != 0 && code < CODES_MAX && !r.failed;) {
        VEC(DwarfAttr) attrs = {0};
        DwarfAbbrev ab = {.known = true};
        ab.tag = (uint32_t)read_uleb(&r);
        ab.has_children = read_u8(&r);
        for (;;) {
            DwarfAttr at = {.name = (uint32_t)read_uleb(&r)};
            at.form = (uint32_t)read_uleb(&r);
            if (at.form == FORM_IMPLICIT) at.implicit = read_sleb(&r);
            if ((!at.name && !at.form) || r.failed) break;
            vec_push(d->arena, &attrs, at);
        }
        ab.attrs = attrs.v;
        ab.attr_count = attrs.len;
        while (t->by_code.len <= code) vec_push(d->arena, &t->by_code, (DwarfAbbrev){0});
        t->by_code.v[code] = ab;
    }
    vec_push(d->arena, &d->tables, t);
    return t;
}

static const DwarfAbbrev *abbrev_of(const DwarfUnit *u, uint64_t code) {
    if (code >= u->abbrevs->by_code.len || !u->abbrevs->by_code.v[code].known) return NULL;
    return &u->abbrevs->by_code.v[code];
}

static uint64_t address_at(const Dwarf *d, const DwarfUnit *u, uint64_t i) {
    if (i > d->addr.len) return 0;
    Reader r = reader_at(d, d->addr, u->addr_base + i * u->addr_bytes);
    return read_word(&r, u->addr_bytes);
}

static Str read_block(Reader *r, uint64_t n) {
    if (n > reader_left(r)) {
        r->failed = true;
        return STR("");
    }
    return read_bytes(r, (size_t)n);
}

static uint64_t read_u24(Reader *r) {
    uint64_t low = read_u16(r), high = read_u8(r);
    return r->big_endian ? low << 8 | high : high << 16 | low;
}

// Reads an attribute; references come out as offsets in .debug_info.
static Value read_value(const Dwarf *d, const DwarfUnit *u, Reader *r,
                        const DwarfAttr *at) { // flat switch
    Value v = {0};
    uint32_t form = at->form;
    if (form == FORM_INDIRECT) form = (uint32_t)read_uleb(r);
    switch (form) {
    case FORM_ADDR: v.n = read_word(r, u->addr_bytes); break;
    case FORM_DATA1:
    case FORM_FLAG: v.n = read_u8(r); break;
    case FORM_DATA2: v.n = read_u16(r); break;
    case FORM_DATA4:
    case FORM_REF_SUP4: v.n = read_u32(r); break;
    case FORM_DATA8:
    case FORM_REF_SIG8:
    case FORM_REF_SUP8: v.n = read_u64(r); break;
    case FORM_DATA16: v.bytes = read_bytes(r, 16); break;
    case FORM_SDATA: v.n = (uint64_t)read_sleb(r); break;
    case FORM_UDATA:
    case FORM_STRX:
    case FORM_LOCLISTX:
    case FORM_RNGLISTX: v.n = read_uleb(r); break;
    case FORM_ADDRX: v.n = address_at(d, u, read_uleb(r)); break;
    case FORM_ADDRX1: v.n = address_at(d, u, read_u8(r)); break;
    case FORM_ADDRX2: v.n = address_at(d, u, read_u16(r)); break;
    case FORM_ADDRX3: v.n = address_at(d, u, read_u24(r)); break;
    case FORM_ADDRX4: v.n = address_at(d, u, read_u32(r)); break;
    case FORM_STRX1: v.n = read_u8(r); break;
    case FORM_STRX2: v.n = read_u16(r); break;
    case FORM_STRX3: v.n = read_u24(r); break;
    case FORM_STRX4: v.n = read_u32(r); break;
    case FORM_REF1: v.n = u->offset + read_u8(r); break;
    case FORM_REF2: v.n = u->offset + read_u16(r); break;
    case FORM_REF4: v.n = u->offset + read_u32(r); break;
    case FORM_REF8: v.n = u->offset + read_u64(r); break;
    case FORM_REF_UDATA: v.n = u->offset + read_uleb(r); break;
    case FORM_REF_ADDR: v.n = read_word(r, u->version < 3 ? u->addr_bytes : u->offset_bytes); break;
    case FORM_SEC_OFFSET:
    case FORM_STRP_SUP: v.n = read_word(r, u->offset_bytes); break;
    case FORM_STRP: v.bytes = string_at(d->str, read_word(r, u->offset_bytes)); break;
    case FORM_LINE_STRP: v.bytes = string_at(d->line_str, read_word(r, u->offset_bytes)); break;
    case FORM_STRING: v.bytes = read_c_string(r); break;
    case FORM_BLOCK1: v.bytes = read_block(r, read_u8(r)); break;
    case FORM_BLOCK2: v.bytes = read_block(r, read_u16(r)); break;
    case FORM_BLOCK4: v.bytes = read_block(r, read_u32(r)); break;
    case FORM_BLOCK:
    case FORM_EXPRLOC: v.bytes = read_block(r, read_uleb(r)); break;
    case FORM_FLAG_PRESENT: v.n = 1; break;
    case FORM_IMPLICIT: v.n = (uint64_t)at->implicit; break;
    default: r->failed = true; // a form we do not know has no length
    }
    return v;
}

static void read_unit_entry(const Dwarf *d, DwarfUnit *u) {
    Reader r = reader_at(d, d->info, u->dies);
    const DwarfAbbrev *ab = abbrev_of(u, read_uleb(&r));
    // Two rounds: the name of a unit may be indexed through a base that stands behind it.
    for (uint32_t i = 0; ab && i < ab->attr_count && !r.failed; i++) {
        Value v = read_value(d, u, &r, &ab->attrs[i]);
        switch (ab->attrs[i].name) {
        case AT_NAME: u->name = v.bytes; break;
        case AT_LANGUAGE: u->language = (uint32_t)v.n; break;
        case AT_ADDR_BASE: u->addr_base = v.n; break;
        case AT_STMT_LIST:
            u->line = v.n;
            u->has_line = true;
            break;
        default: break;
        }
    }
}

// Reads the unit header at *at and steps over the unit. False: no more that can be read.
static bool read_unit(Dwarf *d, uint64_t *at) {
    Reader r = reader_at(d, d->info, *at);
    DwarfUnit u = {.offset = *at, .offset_bytes = 4};
    uint64_t length = read_u32(&r);
    if (length == 0xffffffff) {
        u.offset_bytes = 8;
        length = read_u64(&r);
    }
    if (r.failed || length == 0 || length > reader_left(&r)) return false;
    u.end = r.at + length;
    *at = u.end;
    u.version = read_u16(&r);
    if (u.version < 2 || u.version > 5) return true;
    uint64_t abbrevs;
    if (u.version >= 5) {
        uint8_t kind = read_u8(&r);
        u.addr_bytes = read_u8(&r);
        abbrevs = read_word(&r, u.offset_bytes);
        if (kind == UT_SKELETON || kind == UT_SPLIT) read_u64(&r);
    } else {
        abbrevs = read_word(&r, u.offset_bytes);
        u.addr_bytes = read_u8(&r);
    }
    if (u.addr_bytes != 4 && u.addr_bytes != 8) return true;
    u.addr_base = 8;
    u.dies = r.at;
    u.abbrevs = abbrevs_at(d, abbrevs);
    read_unit_entry(d, &u);
    vec_push(d->arena, &d->units, u);
    return true;
}

Err dwarf_open(Arena *a, const Object *o, Dwarf *out) {
    Dwarf d = {.arena = a, .big_endian = o->big_endian};
    d.info = section_of(a, o, "info");
    d.abbrev = section_of(a, o, "abbrev");
    if (!d.info.len || !d.abbrev.len) return err_new(a, ERR_FORMAT, 0, "no DWARF in the file");
    d.str = section_of(a, o, "str");
    d.line_str = section_of(a, o, "line_str");
    d.addr = section_of(a, o, "addr");
    d.line = section_of(a, o, "line");
    d.loclists = section_of(a, o, "loclists");
    d.loc = section_of(a, o, "loc");
    for (uint64_t at = 0; at < d.info.len && read_unit(&d, &at);) continue;
    *out = d;
    return NULL;
}

static bool fixed_address(const Dwarf *d, const DwarfUnit *u, Str location, uint64_t *out) {
    if (location.len < 2) return false;
    Reader r = reader_over(str_from(location, 1));
    r.big_endian = d->big_endian;
    switch ((uint8_t)location.ptr[0]) {
    case OP_ADDR: *out = read_word(&r, u->addr_bytes); return !r.failed;
    case OP_ADDRX: *out = address_at(d, u, read_uleb(&r)); return !r.failed;
    default: return false;
    }
}

static void read_variable(const Dwarf *d, const DwarfUnit *u, Reader *r, const DwarfAbbrev *ab,
                          DwarfVariable *v) {
    v->addr = 0;
    for (uint32_t i = 0; i < ab->attr_count && !r->failed; i++) {
        Value value = read_value(d, u, r, &ab->attrs[i]);
        if (ab->attrs[i].name == AT_NAME) v->name = value.bytes;
        if (ab->attrs[i].name == AT_TYPE) v->type = value.n;
        if (ab->attrs[i].name == AT_LOCATION) fixed_address(d, u, value.bytes, &v->addr);
    }
}

typedef struct EntryWalk { // through the entries of a unit, in the order they stand
    const Dwarf *d;
    const DwarfUnit *u;
    Reader r;
    uint64_t offset;       // of the entry, or of the mark that ends the walk
    uint32_t depth, below; // of the entry: 0 is the first one; of what follows it
} EntryWalk;

static EntryWalk walk_from(const Dwarf *d, const DwarfUnit *u, uint64_t offset) {
    return (EntryWalk){.d = d, .u = u, .r = reader_at(d, d->info, offset), .offset = offset};
}

// The next entry's form, whose attributes the caller reads; NULL: the list the first one began has
// ended, or the unit is broken.
static const DwarfAbbrev *walk_next(EntryWalk *w) {
    while (w->u->abbrevs && w->r.at < w->u->end && !w->r.failed) {
        w->offset = w->r.at;
        uint64_t code = read_uleb(&w->r);
        if (code) {
            const DwarfAbbrev *ab = abbrev_of(w->u, code);
            w->depth = w->below;
            if (ab && ab->has_children) w->below++;
            return ab;
        }
        if (w->below-- <= 1) return NULL;
    }
    w->offset = w->r.at;
    return NULL;
}

static void unit_variables(Arena *a, const Dwarf *d, uint32_t unit, DwarfVariableVec *out) {
    const DwarfUnit *u = &d->units.v[unit];
    EntryWalk w = walk_from(d, u, u->dies);
    for (const DwarfAbbrev *ab; (ab = walk_next(&w));) {
        DwarfVariable v = {.unit = unit};
        read_variable(d, u, &w.r, ab, &v);
        if (ab->tag == TAG_VARIABLE && v.addr && !w.r.failed) vec_push(a, out, v);
    }
}

DwarfVariableVec dwarf_variables(Arena *a, const Dwarf *d) {
    DwarfVariableVec out = {0};
    for (uint32_t i = 0; i < d->units.len; i++) unit_variables(a, d, i, &out);
    return out;
}

// Names and addresses are those of the top entry itself, lists also of what is below it.
static void read_top(EntryWalk *w, const DwarfAbbrev *ab, DwarfTop *top) {
    for (uint32_t i = 0; i < ab->attr_count && !w->r.failed; i++) {
        Value value = read_value(w->d, w->u, &w->r, &ab->attrs[i]);
        uint32_t name = ab->attrs[i].name;
        bool list = ab->attrs[i].form == FORM_SEC_OFFSET;
        if (list && name == AT_LOCATION) top->locations = MIN(top->locations, value.n);
        if (list && name == AT_RANGES) top->ranges = MIN(top->ranges, value.n);
        if (w->depth != 1) continue;
        if (name == AT_NAME) top->name = value.bytes;
        if (name == AT_LOW_PC) top->addr = value.n;
    }
}

// Each reaches to the next one.
DwarfTopVec dwarf_top_entries(Arena *a, const Dwarf *d, const DwarfUnit *u) {
    DwarfTopVec out = {0};
    DwarfTop unit = {0};
    EntryWalk w = walk_from(d, u, u->dies);
    for (const DwarfAbbrev *ab; (ab = walk_next(&w));) {
        if (w.depth == 1) {
            DwarfTop top = {
                .offset = w.offset, .tag = ab->tag, .locations = UINT64_MAX, .ranges = UINT64_MAX};
            if (out.len) vec_last(&out).end = w.offset;
            vec_push(a, &out, top);
        }
        read_top(&w, ab, out.len ? &vec_last(&out) : &unit);
    }
    if (out.len) vec_last(&out).end = w.offset;
    return out;
}

DwarfFrameVec dwarf_frames(Arena *a, const Object *o, Str section) {
    DwarfFrameVec out = {0};
    Reader r = reader_over(section);
    r.big_endian = o->big_endian;
    while (reader_left(&r) >= 4) {
        DwarfFrame f = {.offset = r.at};
        unsigned size = 4;
        uint64_t length = read_u32(&r);
        if (length == 0xffffffff) {
            size = 8;
            length = read_u64(&r);
        }
        if (r.failed || length > reader_left(&r)) break;
        f.end = r.at + length;
        uint64_t common = read_word(&r, size);
        bool is_common = common == (size == 4 ? UINT32_MAX : UINT64_MAX);
        f.addr = is_common ? 0 : read_word(&r, object_pointer_bytes(o));
        if (f.addr && !r.failed) vec_push(a, &out, f);
        reader_seek(&r, (size_t)f.end);
    }
    return out;
}

static const DwarfUnit *unit_at(const Dwarf *d, uint64_t offset) {
    uint32_t lo = 0, hi = d->units.len; // last unit that starts at or before
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (d->units.v[mid].offset <= offset)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && offset < d->units.v[lo - 1].end ? &d->units.v[lo - 1] : NULL;
}

// One attribute of the entry at an offset.
static bool entry_attr(const Dwarf *d, uint64_t offset, uint32_t name, Value *out) {
    const DwarfUnit *u = offset ? unit_at(d, offset) : NULL;
    if (!u) return false;
    Reader r = reader_at(d, d->info, offset);
    const DwarfAbbrev *ab = abbrev_of(u, read_uleb(&r));
    for (uint32_t i = 0; ab && i < ab->attr_count && !r.failed; i++) {
        Value v = read_value(d, u, &r, &ab->attrs[i]);
        if (ab->attrs[i].name != name || r.failed) continue;
        *out = v;
        return true;
    }
    return false;
}

Str dwarf_type_name(const Dwarf *d, uint64_t type) {
    Value v;
    return entry_attr(d, type, AT_NAME, &v) ? v.bytes : STR("");
}

bool dwarf_type_size(const Dwarf *d, uint64_t type, uint64_t *out) {
    Value v;
    if (!entry_attr(d, type, AT_BYTE_SIZE, &v)) return false;
    *out = v.n;
    return true;
}

static void entry_value(DwarfEntry *e, uint32_t name, Value v) {
    switch (name) {
    case AT_NAME: e->name = v.bytes; break;
    case AT_TYPE: e->type = v.n; break;
    case AT_BYTE_SIZE: e->size_bytes = v.n; break;
    case AT_COUNT:
        e->count = v.n;
        e->has_count = true;
        break;
    case AT_MEMBER_LOCATION: e->member_offset = v.n; break;
    case AT_GO_KIND: e->go_kind = (uint8_t)v.n; break;
    case AT_GO_KEY: e->go_key = v.n; break;
    case AT_GO_ELEM: e->go_elem = v.n; break;
    case AT_GO_RUNTIME_TYPE: e->go_runtime_type = v.n; break;
    default: break;
    }
}

bool dwarf_entry(const Dwarf *d, uint64_t offset, DwarfEntry *out) {
    const DwarfUnit *u = offset ? unit_at(d, offset) : NULL;
    if (!u || !u->abbrevs) return false;
    Reader r = reader_at(d, d->info, offset);
    const DwarfAbbrev *ab = abbrev_of(u, read_uleb(&r));
    if (!ab || r.failed) return false;
    DwarfEntry e = {.tag = ab->tag, .offset = offset, .has_children = ab->has_children};
    for (uint32_t i = 0; i < ab->attr_count && !r.failed; i++)
        entry_value(&e, ab->attrs[i].name, read_value(d, u, &r, &ab->attrs[i]));
    e.next = r.at;
    *out = e;
    return !r.failed;
}

// Steps over an entry's children, to what follows it. False: the unit ends.
static bool skip_children(const Dwarf *d, uint64_t *at) {
    const DwarfUnit *u = unit_at(d, *at);
    if (!u) return false;
    EntryWalk w = walk_from(d, u, *at);
    w.below = 1;
    for (const DwarfAbbrev *ab; (ab = walk_next(&w));)
        for (uint32_t i = 0; i < ab->attr_count && !w.r.failed; i++)
            read_value(d, u, &w.r, &ab->attrs[i]);
    *at = w.r.at;
    return !w.below && !w.r.failed;
}

DwarfStructs dwarf_structs(Arena *a, const Dwarf *d, Str unit) {
    DwarfStructs s = {.dwarf = d, .places = strmap_new(a)};
    for (uint32_t i = 0; i < d->units.len; i++) {
        const DwarfUnit *u = &d->units.v[i];
        DwarfEntry e;
        if (!str_eq(u->name, unit) || !dwarf_entry(d, u->dies, &e)) continue;
        for (uint64_t at = e.next; at < u->end && dwarf_entry(d, at, &e);) {
            at = e.next;
            if (e.tag == DWARF_STRUCT && e.name.len) {
                vec_push(a, &s.offsets, e.offset);
                *strmap_put(&s.places, e.name) = s.offsets.len;
            }
            if (e.has_children && !skip_children(d, &at)) break;
        }
    }
    return s;
}

// The member of the structure at `entry` named so.
static bool find_member(const Dwarf *d, uint64_t entry, Str name, DwarfEntry *out) {
    DwarfEntry e;
    if (!dwarf_entry(d, entry, &e) || !e.has_children) return false;
    for (uint64_t at = e.next; dwarf_entry(d, at, &e);) {
        at = e.next;
        if (e.has_children && !skip_children(d, &at)) return false;
        if (e.tag != DWARF_MEMBER || !str_eq(e.name, name)) continue;
        *out = e;
        return true;
    }
    return false;
}

// Through the names a type was given, to what it is.
static uint64_t underlying(const Dwarf *d, uint64_t type) {
    DwarfEntry e;
    for (int depth = 0; depth < 16 && dwarf_entry(d, type, &e); depth++) {
        if (e.tag != DWARF_TYPEDEF) break;
        type = e.type;
    }
    return type;
}

bool dwarf_member(const DwarfStructs *s, Str name, Str path, uint64_t *out) {
    const uint32_t *place = strmap_get(&s->places, name);
    if (!place) return false;
    uint64_t type = s->offsets.v[*place - 1], offset = 0;
    if (!path.len) return dwarf_type_size(s->dwarf, type, out);
    while (path.len) {
        DwarfEntry e;
        if (!find_member(s->dwarf, type, str_split(&path, '.'), &e)) return false;
        offset += e.member_offset;
        type = underlying(s->dwarf, e.type);
    }
    *out = offset;
    return true;
}

typedef struct Captures {
    Arena *arena;
    uint64_t function; // the one whose children are read
    DwarfCaptureVec *out;
} Captures;

// Reads one entry; the function's start, or a variable with a place in its closure.
static void read_capture(Captures *c, EntryWalk *w, const DwarfAbbrev *ab) {
    DwarfCapture v = {.function = c->function};
    uint64_t low = 0;
    for (uint32_t i = 0; i < ab->attr_count && !w->r.failed; i++) {
        Value value = read_value(w->d, w->u, &w->r, &ab->attrs[i]);
        switch (ab->attrs[i].name) {
        case AT_NAME: v.name = value.bytes; break;
        case AT_TYPE: v.type = value.n; break;
        case AT_LOW_PC: low = value.n; break;
        case AT_GO_CLOSURE_OFFSET: v.offset = value.n; break;
        default: break;
        }
    }
    if (ab->tag == TAG_SUBPROGRAM) c->function = low;
    if (ab->tag == TAG_VARIABLE && v.offset && c->function) vec_push(c->arena, c->out, v);
}

DwarfCaptureVec dwarf_captures(Arena *a, const Dwarf *d) {
    DwarfCaptureVec out = {0};
    for (uint32_t i = 0; i < d->units.len; i++) {
        Captures c = {a, 0, &out};
        EntryWalk w = walk_from(d, &d->units.v[i], d->units.v[i].dies);
        for (const DwarfAbbrev *ab; (ab = walk_next(&w));) read_capture(&c, &w, ab);
    }
    return out;
}

// ---- what lies in a frame

static int compare_function(const void *x, const void *y) {
    uint64_t a = ((const DwarfFunction *)x)->low, b = ((const DwarfFunction *)y)->low;
    return (a > b) - (a < b);
}

static void unit_functions(Arena *a, const Dwarf *d, const DwarfUnit *u, DwarfFunctionVec *out) {
    EntryWalk w = walk_from(d, u, u->dies);
    for (const DwarfAbbrev *ab; (ab = walk_next(&w));) {
        DwarfFunction f = {.offset = w.offset};
        bool relative = false;
        for (uint32_t i = 0; i < ab->attr_count && !w.r.failed; i++) {
            Value v = read_value(d, u, &w.r, &ab->attrs[i]);
            if (ab->attrs[i].name == AT_LOW_PC) f.low = v.n;
            if (ab->attrs[i].name != AT_HIGH_PC) continue;
            f.high = v.n;
            relative = ab->attrs[i].form != FORM_ADDR && ab->attrs[i].form != FORM_ADDRX;
        }
        if (relative) f.high += f.low;
        if (ab->tag == TAG_SUBPROGRAM && f.low < f.high) vec_push(a, out, f);
    }
}

DwarfFunctionVec dwarf_functions(Arena *a, const Dwarf *d) {
    DwarfFunctionVec out = {0};
    for (uint32_t i = 0; i < d->units.len; i++) unit_functions(a, d, &d->units.v[i], &out);
    if (out.len) qsort(out.v, out.len, sizeof *out.v, compare_function);
    return out;
}

enum { OP_FBREG = 0x91, OP_PIECE = 0x93, OP_CFA = 0x9c };
enum {
    LIST_END,
    LIST_BASE_X,
    LIST_START_X_END_X,
    LIST_START_X_LENGTH,
    LIST_PAIR,
    LIST_DEFAULT,
    LIST_BASE,
    LIST_START_END,
    LIST_START_LENGTH
};

// A place in the frame: one offset, or pieces that follow one another from one on. False:
// elsewhere.
static bool frame_place(Str expression, DwarfLocal *out) {
    Reader r = reader_over(expression);
    uint64_t size = 0;
    for (bool first = true; reader_left(&r) && !r.failed; first = false) {
        uint8_t op = read_u8(&r);
        if (op != OP_FBREG && op != OP_CFA)
            return !first && size; // a register, or nothing: up to here
        int64_t offset = op == OP_FBREG ? read_sleb(&r) : 0;
        if (!first && offset != out->offset + (int64_t)size) return true;
        if (first) out->offset = offset;
        out->size_bytes = size;
        if (!reader_left(&r)) {
            out->size_bytes = UINT64_MAX;
            return first;
        }
        if (read_u8(&r) != OP_PIECE) return false;
        size += read_uleb(&r);
        out->size_bytes = size;
    }
    return size && !r.failed;
}

// The expression of a location list that holds at pc; empty: none.
static Str location_at(const Dwarf *d, const DwarfUnit *u, uint64_t list, uint64_t pc) {
    Reader r = reader_at(d, d->loclists, list);
    uint64_t base = 0;
    while (!r.failed) {
        uint64_t start = 0, end = 0;
        switch (read_u8(&r)) {
        case LIST_BASE_X: base = address_at(d, u, read_uleb(&r)); continue;
        case LIST_BASE: base = read_word(&r, u->addr_bytes); continue;
        case LIST_PAIR:
            start = base + read_uleb(&r);
            end = base + read_uleb(&r);
            break;
        case LIST_START_X_LENGTH:
            start = address_at(d, u, read_uleb(&r));
            end = start + read_uleb(&r);
            break;
        case LIST_START_LENGTH:
            start = read_word(&r, u->addr_bytes);
            end = start + read_uleb(&r);
            break;
        case LIST_START_END:
            start = read_word(&r, u->addr_bytes);
            end = read_word(&r, u->addr_bytes);
            break;
        default: return STR(""); // the end, or what Go does not write
        }
        Str expression = read_block(&r, read_uleb(&r));
        if (pc >= start && pc < end && !r.failed) return expression;
    }
    return STR("");
}

// The same of DWARF 4: pairs from a base on, which Go's lists name first.
static Str old_location_at(const Dwarf *d, const DwarfUnit *u, uint64_t list, uint64_t pc) {
    Reader r = reader_at(d, d->loc, list);
    uint64_t none = u->addr_bytes == 4 ? UINT32_MAX : UINT64_MAX, base = 0;
    while (!r.failed) {
        uint64_t start = read_word(&r, u->addr_bytes), end = read_word(&r, u->addr_bytes);
        if (!start && !end) break;
        if (start == none) {
            base = end;
            continue;
        }
        Str expression = read_block(&r, read_u16(&r));
        if (pc >= base + start && pc < base + end && !r.failed) return expression;
    }
    return STR("");
}

typedef struct Locals {
    Arena *arena;
    uint64_t pc;
    DwarfLocalVec *out;
} Locals;

static void read_local(const Locals *l, EntryWalk *w, const DwarfAbbrev *ab) {
    DwarfLocal local = {0};
    Str place = STR("");
    uint64_t origin = 0;
    for (uint32_t i = 0; i < ab->attr_count && !w->r.failed; i++) {
        Value v = read_value(w->d, w->u, &w->r, &ab->attrs[i]);
        if (ab->attrs[i].name == AT_TYPE) local.type = v.n;
        if (ab->attrs[i].name == AT_ABSTRACT_ORIGIN) origin = v.n;
        if (ab->attrs[i].name != AT_LOCATION) continue;
        if (ab->attrs[i].form != FORM_SEC_OFFSET)
            place = v.bytes;
        else
            place = w->u->version < 5 ? old_location_at(w->d, w->u, v.n, l->pc)
                                      : location_at(w->d, w->u, v.n, l->pc);
    }
    Value type;
    if (ab->tag != TAG_VARIABLE && ab->tag != TAG_PARAMETER) return;
    if (!local.type && origin && entry_attr(w->d, origin, AT_TYPE, &type)) local.type = type.n;
    if (local.type && place.len && frame_place(place, &local)) vec_push(l->arena, l->out, local);
}

void dwarf_locals(Arena *a, const Dwarf *d, const DwarfFunction *f, uint64_t pc,
                  DwarfLocalVec *out) {
    const DwarfUnit *u = unit_at(d, f->offset);
    if (!u || !u->abbrevs || u->version < 4) return;
    Locals l = {a, pc, out};
    EntryWalk w = walk_from(d, u, f->offset);
    for (const DwarfAbbrev *ab; (ab = walk_next(&w)) && (w.depth || w.offset == f->offset);)
        read_local(&l, &w, ab);
}
