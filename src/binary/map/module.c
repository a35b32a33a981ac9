// binary/map: finding and reading moduledata. Layout: runtime/symtab.go of Go 1.8 to 1.27; fields
// only ever grew in the middle, so what is there is told by what the words look like.
#include <string.h>

#include "binary/map/map_internal.h"

enum { WORDS_MAX = 64 };

// The words before findfunctab: from Go 1.16 on the table's header and six slices of its parts,
// before that the table, its functions and its files.
static unsigned first_fixed(const Pclntab *t) { return t->version == PCLN_12 ? 9 : 19; }

static bool points_into(const Object *o, uint64_t addr) {
    return object_section_at(o, addr) != NULL;
}

// Reads moduledata's words; false: the first bounds make no sense.
static bool read_words(const Binary *p, uint64_t addr, uint64_t words[WORDS_MAX]) {
    unsigned size = object_pointer_bytes(&p->object);
    for (int i = 0; i < WORDS_MAX; i++)
        if (!object_pointer_at(&p->object, addr + (uint64_t)i * size, &words[i])) {
            if (i < 48) return false;
            words[i] = 0;
        }
    const uint64_t *w = words + first_fixed(&p->table); // findfunctab, minpc, maxpc, text, etext
    return words[0] == p->table_addr && w[1] <= w[2] && w[3] <= w[4] &&
           points_into(&p->object, w[3]);
}

static uint64_t find_symbol(const Binary *p, Str name) {
    for (uint32_t i = 0; i < p->symbols.len; i++)
        if (str_eq(p->symbols.v[i].name, name)) return p->symbols.v[i].addr;
    return 0;
}

// Without a symbol or a section of its own: a word of writable data that points at the line table.
static uint64_t scan(const Binary *p, uint64_t words[WORDS_MAX]) {
    const Object *o = &p->object;
    unsigned size = object_pointer_bytes(o);
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        if (!s->loaded || s->executable || !s->has_data) continue;
        for (uint64_t at = 0; at + (uint64_t)size * 48 <= s->data.len; at += size) {
            uint64_t first;
            if (!object_pointer_at(o, s->addr + at, &first) || first != p->table_addr) continue;
            if (read_words(p, s->addr + at, words)) return s->addr + at;
        }
    }
    return 0;
}

static uint64_t find_module(const Binary *p, uint64_t words[WORDS_MAX]) {
    const Section *s = object_section(
        &p->object, p->object.format == OBJECT_MACHO ? STR("__go_module") : STR(".go.module"));
    if (s && read_words(p, s->addr, words)) return s->addr;
    uint64_t addr = find_symbol(p, STR("runtime.firstmoduledata"));
    if (addr && read_words(p, addr, words)) return addr;
    return scan(p, words);
}

static AddrSpan span(const uint64_t *w) {
    return w[0] <= w[1] ? (AddrSpan){w[0], w[1]} : (AddrSpan){0, 0};
}

// From types on: 1.27 put a length between types and etypes, and replaced the two lists of links.
static void read_types(const Binary *p, const uint64_t *w, ModuleData *m) {
    if (w[1] < w[0]) { // types, typedesclen, etypes, itaboffset, itabsize
        m->types = span((const uint64_t[]){w[0], w[2]});
        m->types_in_order = true;
        m->types_bytes = w[1];
        m->itabs = (AddrSpan){w[0] + w[3], w[0] + w[3] + w[4]};
        w += 5;
    } else {
        m->types = span(w);
        w += 2;
    }
    if (p->table.version >= PCLN_118) { // rodata, gofunc, from 1.26 on epclntab
        m->rodata = w[0];
        m->gofunc = w[1];
        w += 2;
        bool end_follows = w[0] >= p->table_addr && w[0] <= p->table_end;
        if (end_follows) m->gofunc_end = w[0];
        if (end_follows) w++;
    }
    if (m->types_in_order) return;
    w += 3; // textsectmap
    m->typelinks = (AddrList){w[0], w[1]};
    m->itablinks = (AddrList){w[3], w[4]};
}

// itab: the interface, the concrete type, a hash, one word per method of the interface.
uint64_t binary_itab_bytes(const Binary *p, uint64_t addr) {
    const Object *o = &p->object;
    uint64_t inter, concrete, methods, size = object_pointer_bytes(o);
    enum { KIND_AT = 23, KIND_INTERFACE = 20, TYPE_BYTES = 48 };
    if (!object_pointer_at(o, addr, &inter) || !object_pointer_at(o, addr + size, &concrete))
        return 0;
    // The method table repeats the concrete type's hash: nothing else looks like that by chance.
    Str own = object_bytes_at(o, addr + 2 * (uint64_t)size, 4);
    Str hash = object_bytes_at(o, concrete + 2 * (uint64_t)size, 4);
    if (!own.len || !str_eq(own, hash)) return 0;
    Str kind = object_bytes_at(o, inter + KIND_AT, 1);
    if (!kind.len || (kind.ptr[0] & 31) != KIND_INTERFACE || !object_section_at(o, concrete))
        return 0;
    // InterfaceType: Type, PkgPath, Methods (a slice).
    if (!object_pointer_at(o, inter + TYPE_BYTES + 2 * size, &methods) || methods > 10000) return 0;
    return 24 + methods * size;
}

static void read_itabs(const Binary *p, ModuleData *m) {
    uint64_t first = UINT64_MAX, end = 0, size = object_pointer_bytes(&p->object);
    for (uint64_t i = 0; i < m->itablinks.len; i++) {
        uint64_t itab;
        if (!object_pointer_at(&p->object, m->itablinks.addr + i * size, &itab)) break;
        uint64_t bytes = binary_itab_bytes(p, itab);
        if (!bytes) continue;
        first = MIN(first, itab);
        end = MAX(end, itab + bytes);
    }
    if (first < end) m->itabs = (AddrSpan){first, end};
}

// What the file holds is no longer than the file: a broken description must not make walks endless.
static void bound_spans(const Object *o, ModuleData *m) {
    AddrSpan *spans[] = {&m->text, &m->types, &m->itabs};
    AddrList *lists[] = {&m->typelinks, &m->itablinks};
    for (size_t i = 0; i < COUNT(spans); i++) {
        if (spans[i]->end < spans[i]->start) *spans[i] = (AddrSpan){0, 0};
        uint64_t bytes = MIN(spans[i]->end - spans[i]->start, (uint64_t)o->bytes.len);
        spans[i]->end = spans[i]->start + bytes;
    }
    for (size_t i = 0; i < COUNT(lists); i++)
        lists[i]->len = MIN(lists[i]->len, (uint64_t)o->bytes.len / 4);
    m->types_bytes = MIN(m->types_bytes, m->types.end - m->types.start);
}

void binary_read_module(Binary *p) {
    uint64_t words[WORDS_MAX];
    ModuleData m = {.addr = find_module(p, words)};
    if (!m.addr) return;
    const uint64_t *w = words + first_fixed(&p->table);
    m.findfunctab = w[0];
    m.text = span(w + 3);
    m.noptrdata = span(w + 5);
    m.data = span(w + 7);
    m.bss = span(w + 9);
    m.noptrbss = span(w + 11);
    w += 13;
    if (p->table.version == PCLN_120) w += 2; // covctrs
    read_types(p, w + 3, &m);                 // end, gcdata, gcbss
    bound_spans(&p->object, &m);
    if (!m.types_in_order) read_itabs(p, &m);
    p->module = m;
    // A table found by its header alone ends where the last of its parts does.
    unsigned last = p->table.version == PCLN_12 ? 0 : 13; // the slice that ends it
    uint64_t end = m.gofunc_end ? m.gofunc_end : words[last] + words[last + 1];
    const Section *s = object_section_at(&p->object, p->table_addr);
    if (s && s->addr != p->table_addr && end > p->table_addr && end < p->table_end)
        p->table_end = end;
}
