// binary/object: Mach-O's chained fixups: every pointer the loader fills in holds its target and
// how far the next one is. Apple's linkers write them since 2021 (Go's own does not: programs with
// cgo get them). The format is that of <mach-o/fixup-chains.h>; other kinds of pointers than those
// of 64-bit programs without pointer authentication are left as they stand.
#include "binary/object/object_internal.h"

enum { POINTER_64 = 2, POINTER_64_OFFSET = 6 }; // target: an address; one from the header on
enum { PAGE_NONE = 0xffff, STRIDE = 4, WORD = 8 };
#define TARGET_BITS 0xfffffffffull // 36; eight for the top byte follow

typedef struct Chains { // those of one segment
    uint64_t addr, base;
    uint32_t page_bytes, page_count, format;
    Reader starts; // of each page: where its first pointer is
} Chains;

// Where the image starts: what holds the file's header.
static uint64_t image_base(const Object *o) {
    for (uint32_t i = 0; i < o->segments.len; i++)
        if (o->segments.v[i].file_bytes && !o->segments.v[i].file_offset)
            return o->segments.v[i].addr;
    return 0;
}

static uint64_t target_of(const Chains *c, uint64_t word) {
    bool imported = word >> 63;
    if (imported) return 0;
    uint64_t target = word & TARGET_BITS, top = word >> 36 & 0xff;
    return (c->format == POINTER_64_OFFSET ? target + c->base : target) | top << 56;
}

// Each step goes on by at least one stride, so a page ends.
static void read_page(Arena *a, Object *o, const Chains *c, uint64_t page, uint32_t at) {
    while (at + WORD <= c->page_bytes) {
        Str bytes = object_bytes_at(o, c->addr + page + at, WORD);
        if (!bytes.len || o->relatives.len > o->bytes.len / STRIDE) return;
        uint64_t word = object_word(o, bytes, 0, WORD), next = word >> 51 & 0xfff;
        Relative r = {c->addr + page + at, target_of(c, word)};
        vec_push(a, &o->relatives, r);
        if (!next) return;
        at += (uint32_t)next * STRIDE;
    }
}

static bool read_segment(const Object *o, Str info, uint64_t base, Chains *out) {
    Reader r = reader_over(info);
    read_u32(&r);
    Chains c = {.base = base};
    c.page_bytes = read_u16(&r);
    c.format = read_u16(&r);
    c.addr = base + read_u64(&r);
    read_u32(&r);
    c.page_count = read_u16(&r);
    c.starts = r;
    *out = c;
    bool known = c.format == POINTER_64 || c.format == POINTER_64_OFFSET;
    return !r.failed && known && o->is64 && !o->big_endian;
}

void macho_read_fixups(Arena *a, Object *o, Str fixups) {
    enum { STARTS_AT = 4 };
    Reader r = reader_over(fixups);
    reader_seek(&r, STARTS_AT);
    uint32_t starts = read_u32(&r);
    reader_seek(&r, starts);
    uint32_t segments = read_count(&r, 4);
    for (uint32_t i = 0; i < segments; i++) {
        uint32_t at = read_u32(&r);
        Chains c;
        if (!at || !read_segment(o, str_from(fixups, (size_t)starts + at), image_base(o), &c))
            continue;
        for (uint32_t page = 0; page < c.page_count; page++) {
            uint16_t first = read_u16(&c.starts);
            if (c.starts.failed) break;
            if (first != PAGE_NONE) read_page(a, o, &c, (uint64_t)page * c.page_bytes, first);
        }
    }
    object_sort_relatives(o);
}
