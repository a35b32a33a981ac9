// profile/stackscan.c: the inner loop of reading a profile: are the packed location ids of a stack
// well formed, how many are there, which is the largest. Most stacks can be passed a block of bytes
// at a time (32 where the processor has AVX2, else 16); the rest is read id by id.
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "base/bitset.h"
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

// How a block is looked at. A byte goes on when its high bit is set; v are the block's bytes, `one`
// those in front of each of them and `two` those before. The stack is read id by id when an id
//   - is 0 or ends in 0: v == 0;
//   - has four bytes or more: v, one and two go on;
//   - may be larger than the largest: it ends in v > last, or in v == last and one >= mid, and has
//     as many bytes (one goes on, of three bytes two as well), or more.
// The high bits of what is in doubt are gathered and tested once. The byte in front of a stack is
// the end of its length, which does not go on.
typedef struct Bound {
    bool three; // the largest id so far has three bytes, else two
    char last;  // its last byte
    char mid;   // the byte before that, of three; of two none is below it
} Bound;

static Bound bound_of(uint64_t max) {
    bool three = max >= 1 << 14;
    uint64_t mid = 0x80 | (three ? max >> 7 & 0x7f : 0);
    return (Bound){three, (char)(max >> (three ? 14 : 7)), (char)(uint8_t)mid};
}

// Whether blocks can be used: the bounds are of two or three bytes, and the last id ends.
static bool bounded(const StackScan *s, const uint8_t *end) {
    return s->max >= 0x80 && s->max < 1 << 21 && end[-1] < 0x80;
}

#define LOAD_16(p) _mm_loadu_si128((const __m128i *)(const void *)(p))
#define LOAD_32(p) _mm256_loadu_si256((const __m256i *)(const void *)(p))

// 16 bytes at a time, of which there are as many. The last block lies over the one before: looking
// twice at bytes does no harm, but ids are counted in new bytes alone. -1: not certain.
static int64_t scan_16(const StackScan *s, const uint8_t *at, const uint8_t *end) {
    const Bound b = bound_of(s->max);
    const __m128i last = _mm_set1_epi8(b.last), mid = _mm_set1_epi8(b.mid);
    const __m128i whole = _mm_set1_epi8(b.three ? 0 : -1), none = _mm_setzero_si128();
    __m128i doubt = none;
    int64_t n = 0;
    for (const uint8_t *p = at; p < end; p += 16) {
        const uint8_t *q = end - p < 16 ? end - 16 : p;
        __m128i v = LOAD_16(q), one = LOAD_16(q - 1), two = LOAD_16(q - 2);
        __m128i equal = _mm_andnot_si128(_mm_cmpgt_epi8(mid, one), _mm_cmpeq_epi8(v, last));
        __m128i above = _mm_or_si128(_mm_cmpgt_epi8(v, last), equal);
        __m128i both = _mm_and_si128(one, two);
        __m128i same = _mm_and_si128(above, _mm_or_si128(both, _mm_and_si128(one, whole)));
        __m128i longer = _mm_and_si128(both, _mm_or_si128(v, whole));
        doubt =
            _mm_or_si128(doubt, _mm_or_si128(_mm_cmpeq_epi8(v, none), _mm_or_si128(same, longer)));
        uint32_t ends = ~(uint32_t)_mm_movemask_epi8(v);
        n += bits_count((ends & 0xffff) >> (p - q));
    }
    return _mm_movemask_epi8(doubt) ? -1 : n;
}

// 32 bytes at a time, of which there are as many. The last block lies over the one before: looking
// twice at bytes does no harm, but ids are counted in new bytes alone. -1: not certain.
__attribute__((target("avx2,popcnt"))) static int64_t scan_32(const StackScan *s, const uint8_t *at,
                                                              const uint8_t *end) {
    const Bound b = bound_of(s->max);
    const __m256i last = _mm256_set1_epi8(b.last), mid = _mm256_set1_epi8(b.mid);
    const __m256i whole = _mm256_set1_epi8(b.three ? 0 : -1), none = _mm256_setzero_si256();
    __m256i doubt = none;
    int64_t n = 0;
    for (const uint8_t *p = at; p < end; p += 32) {
        const uint8_t *q = end - p < 32 ? end - 32 : p;
        __m256i v = LOAD_32(q), one = LOAD_32(q - 1), two = LOAD_32(q - 2);
        __m256i equal =
            _mm256_andnot_si256(_mm256_cmpgt_epi8(mid, one), _mm256_cmpeq_epi8(v, last));
        __m256i above = _mm256_or_si256(_mm256_cmpgt_epi8(v, last), equal);
        __m256i both = _mm256_and_si256(one, two);
        __m256i same = _mm256_and_si256(above, _mm256_or_si256(both, _mm256_and_si256(one, whole)));
        __m256i longer = _mm256_and_si256(both, _mm256_or_si256(v, whole));
        doubt = _mm256_or_si256(
            doubt, _mm256_or_si256(_mm256_cmpeq_epi8(v, none), _mm256_or_si256(same, longer)));
        uint32_t ends = ~(uint32_t)_mm256_movemask_epi8(v);
        n += __builtin_popcount(ends >> (p - q));
    }
    return _mm256_movemask_epi8(doubt) ? -1 : n;
}

static int64_t scan_blocks(const StackScan *s, const uint8_t *at, const uint8_t *end) {
    if (end - at < 16 || !bounded(s, end)) return -1;
    if (end - at >= 32 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
        return scan_32(s, at, end);
    return scan_16(s, at, end);
}
#else
static int64_t scan_blocks(const StackScan *s, const uint8_t *at, const uint8_t *end) {
    (void)s, (void)at, (void)end;
    return -1;
}
#endif

int64_t stack_scan(StackScan *s, const uint8_t *at, const uint8_t *end) {
    int64_t n = scan_blocks(s, at, end);
    return n >= 0 ? n : scan_one_by_one(s, at, end);
}
