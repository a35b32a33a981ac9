// binary/map: claims on what only Mach-O files have: the list of words the loader moves, which
// belongs to the owners of those words, and the hashes of the signature, each of which belongs to
// the owners of the page it covers. Formats: <mach-o/loader.h>, and XNU's cs_blobs.h.
#include "base/reader.h"
#include "binary/map/size_internal.h"

typedef struct Rebasing { // where the list of words stands: a segment and a place in it
    uint32_t segment;
    uint64_t offset;
} Rebasing;

// One command without its last words: those that fix words return how many, and how far each is
// from the one before.
static uint64_t rebase_step(Reader *r, Rebasing *at, unsigned pointer, uint64_t *stride) {
    enum { SEGMENT = 0x20, ADD = 0x30, ADD_SCALED = 0x40, TIMES = 0x50 };
    enum { ULEB_TIMES = 0x60, THEN_ADD = 0x70, SKIPPING = 0x80 };
    uint8_t byte = read_u8(r);
    unsigned low = byte & 15;
    uint64_t count;
    *stride = pointer;
    switch (byte & 0xf0) {
    case SEGMENT: *at = (Rebasing){low, read_uleb(r)}; return 0;
    case ADD: at->offset += read_uleb(r); return 0;
    case ADD_SCALED: at->offset += (uint64_t)low * pointer; return 0;
    case TIMES: return low;
    case ULEB_TIMES: return read_uleb(r);
    case THEN_ADD: *stride += read_uleb(r); return 1;
    case SKIPPING:
        count = read_uleb(r);
        *stride += read_uleb(r);
        return count;
    default: return 0;
    }
}

void size_claim_rebases(Sizer *z) {
    const Object *o = &z->p->object;
    Reader r = reader_over(o->rebase_bytes);
    Rebasing at = {0};
    for (size_t from = 0; reader_left(&r) && !r.failed;) {
        uint64_t stride, count = rebase_step(&r, &at, object_pointer_bytes(o), &stride);
        if (!count || at.segment >= o->segments.len) continue;
        uint32_t owner;
        if (size_owner_at(z, o->segments.v[at.segment].addr + at.offset, &owner))
            size_claim_view(z, str_slice(o->rebase_bytes, from, r.at), owner, SIZE_FORMAT);
        at.offset += count * stride;
        from = r.at;
    }
}

// Byte k of a hash goes to who owns the page at that fraction of it.
static void claim_hash(Sizer *z, Str hash, uint64_t page, uint64_t page_bytes) {
    uint32_t owner;
    for (size_t k = 0; k < hash.len; k++)
        if (size_owner_at_offset(z, page + page_bytes * k / hash.len, &owner))
            size_claim_view(z, str_slice(hash, k, k + 1), owner, SIZE_FORMAT);
}

static void claim_directory(Sizer *z, Str blob) {
    enum { HASHES_AT = 16, COUNT_AT = 28, HASH_BYTES_AT = 36, PAGE_SHIFT_AT = 39, PAGE_MAX = 20 };
    Reader r = reader_over(blob);
    r.big_endian = true;
    reader_seek(&r, HASHES_AT);
    uint32_t hashes = read_u32(&r);
    reader_seek(&r, COUNT_AT);
    uint32_t count = read_u32(&r);
    reader_seek(&r, HASH_BYTES_AT);
    uint8_t bytes = read_u8(&r);
    reader_seek(&r, PAGE_SHIFT_AT);
    uint8_t shift = read_u8(&r);
    if (r.failed || !bytes || shift > PAGE_MAX) return;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t at = hashes + (uint64_t)i * bytes;
        if (at + bytes > blob.len) return;
        claim_hash(z, str_slice(blob, (size_t)at, (size_t)at + bytes), (uint64_t)i << shift,
                   (uint64_t)1 << shift);
    }
}

void size_claim_signature(Sizer *z) {
    enum { INDEX_AT = 12, ENTRY_BYTES = 8, CODE_DIRECTORY = 0 };
    Str all = z->p->object.signature;
    Reader r = reader_over(all);
    r.big_endian = true;
    reader_seek(&r, INDEX_AT - 4);
    uint32_t count = read_count(&r, ENTRY_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = read_u32(&r), at = read_u32(&r);
        if (kind != CODE_DIRECTORY || at >= all.len) continue;
        claim_directory(z, str_from(all, at)); // there is one; others are for older systems
        return;
    }
}
