// profile/stackscan.c: the inner loop of reading a profile: are the packed location ids of a stack
// well formed, how many are there, which is the largest. Most stacks can be passed sixteen bytes at
// a time; the rest is read id by id.
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "codec/proto.h"
#include "profile/profile_internal.h"

static int64_t scan_one_by_one(StackScan *s, const uint8_t *at, const uint8_t *end) {
    int64_t n = 0;
    uint64_t max = s->max, zero = 1;
    while (at < end) {
        uint64_t id = *at;
        if (LIKELY(id < 0x80)) {
            at++;
        } else if (end - at >= 3 && at[1] < 0x80) {
            id = (id & 0x7f) | (uint64_t)at[1] << 7;
            at += 2;
        } else if (end - at >= 3 && at[2] < 0x80) {
            id = (id & 0x7f) | (uint64_t)(at[1] & 0x7f) << 7 | (uint64_t)at[2] << 14;
            at += 3;
        } else {
            at = proto_varint(at, end, &id);
            if (!at) return -1;
        }
        if (id > max) max = id;
        zero &= id != 0;
        n++;
    }
    s->max = max;
    if (!zero) s->zero = true;
    return n;
}

#if defined(__SSE2__)

// The ids that may be larger than the largest so far: those whose upper bits are not below its own.
// An id of one byte is never one of them, nor one of two bytes where `bytes` is 3.
typedef struct Bound {
    int bytes;         // of the largest id so far: 2 or 3
    __m128i last, mid; // its last byte, and of three the one before
} Bound;

static Bound bound_of(uint64_t max) {
    int bytes = max >= 1 << 14 ? 3 : 2;
    return (Bound){bytes, _mm_set1_epi8((char)(max >> (bytes == 3 ? 14 : 7))),
                   _mm_set1_epi8((char)(uint8_t)(0x80 | (max >> 7 & 0x7f)))};
}

static inline uint32_t mask(__m128i bytes) { return (uint32_t)_mm_movemask_epi8(bytes); }

// Bytes at q.. that, as the last of an id of b->bytes bytes, make it one that may be larger.
static inline uint32_t may_exceed(const Bound *b, const uint8_t *q, __m128i v) {
    uint32_t above = mask(_mm_cmpgt_epi8(v, b->last)), equal = mask(_mm_cmpeq_epi8(v, b->last));
    if (b->bytes == 2) return above | equal;
    __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(q - 1));
    return above | (equal & ~mask(_mm_cmplt_epi8(before, b->mid)));
}

static inline uint32_t ones(uint32_t x) { // of 16 bits
    x -= x >> 1 & 0x5555;
    x = (x & 0x3333) + (x >> 2 & 0x3333);
    x = (x + (x >> 4)) & 0x0f0f;
    return (x + (x >> 8)) & 0x1f;
}

// How many ids, when all are well formed, of one to three bytes, not 0 and not larger than s->max;
// -1: not so, or not certain. at[-1] must be readable, and there are 16 bytes or more.
static int64_t scan_blocks(const StackScan *s, const uint8_t *at, const uint8_t *end) {
    if (s->max < 0x7f || s->max >= 1 << 21 || end[-1] >= 0x80) return -1;
    const Bound b = bound_of(s->max);
    const __m128i nothing = _mm_setzero_si128();
    int64_t n = 0;
    uint32_t carry = 0, doubt = 0; // carry: whether the three bytes before go on
    for (const uint8_t *p = at; p < end; p += 16) {
        // The last block lies over the one before, of which only the new bytes are looked at.
        const uint8_t *q = end - p < 16 ? end - 16 : p;
        uint32_t shift = (uint32_t)(p - q), inside = 0xffffu >> shift;
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)q);
        uint32_t more = mask(v) >> shift, seen = more << 3 | carry;
        uint32_t more1 = seen >> 2, more2 = seen >> 1, last = ~more & inside;
        doubt |= more & more1 & more2;                      // four bytes
        doubt |= mask(_mm_cmpeq_epi8(v, nothing)) >> shift; // 0
        uint32_t three = last & more1 & more2, large = may_exceed(&b, q, v) >> shift;
        doubt |= b.bytes == 3 ? three & large : three | (last & more1 & large);
        carry = seen >> 16;
        n += ones(last);
    }
    return doubt ? -1 : n;
}

#endif

int64_t stack_scan(StackScan *s, const uint8_t *at, const uint8_t *end) {
#if defined(__SSE2__)
    if (end - at >= 16) {
        int64_t n = scan_blocks(s, at, end);
        if (n >= 0) return n;
    }
#endif
    return scan_one_by_one(s, at, end);
}
