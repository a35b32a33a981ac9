// live/walk.c: every span of the heap and which of its slots are allocated; beside it the runtime's
// own counts, put together as runtime.ReadMemStats does. The two must be equal, class by class:
// that is what tells a right layout from a plausible one.
#include <stdlib.h>

#include "base/bitset.h"
#include "live/live_internal.h"

enum {
    SPANS_MAX = 64 << 20,
    ELEMS_MAX = 1 << 16, // a slot is at least 8 bytes of a span of at most some pages
    GATHER = 1024,
    STOP_TRIES = 30,
};

static Err unreadable(Arena *a, const char *what, uint64_t addr) {
    return err_new(a, ERR_IO, addr,
                   "%s cannot be read at address 0x%llx: the process has ended, or its program is "
                   "not the one it was started from",
                   what, (unsigned long long)addr);
}

static bool read_span(const LiveTarget *t, const char *bytes, LiveSpan *s) {
    uint8_t class = field8(t, bytes, LIVE_MSPAN_CLASS);
    s->start = field64(t, bytes, LIVE_MSPAN_START);
    s->bytes = field64(t, bytes, LIVE_MSPAN_PAGES) * LIVE_PAGE;
    s->elem_bytes = field64(t, bytes, LIVE_MSPAN_ELEM_SIZE);
    s->alloc_bits = field64(t, bytes, LIVE_MSPAN_ALLOC_BITS);
    s->mark_bits = field64(t, bytes, LIVE_MSPAN_MARK_BITS);
    s->specials = field64(t, bytes, LIVE_MSPAN_SPECIALS);
    s->large_type = field64(t, bytes, LIVE_MSPAN_LARGE_TYPE);
    s->elems = field16(t, bytes, LIVE_MSPAN_ELEMS);
    s->free_index = field16(t, bytes, LIVE_MSPAN_FREE_INDEX);
    s->alloc_count = field16(t, bytes, LIVE_MSPAN_ALLOC_COUNT);
    s->before_cache = field16(t, bytes, LIVE_MSPAN_BEFORE_CACHE);
    s->sweepgen = field32(t, bytes, LIVE_MSPAN_SWEEPGEN);
    s->state = field8(t, bytes, LIVE_MSPAN_STATE);
    s->size_class = class >> 1;
    s->noscan = class & 1;
    if (s->state == LIVE_SPAN_DEAD) return true;
    if (s->start % LIVE_PAGE || !s->bytes || s->bytes > (uint64_t)1 << 46 ||
        s->state > LIVE_SPAN_MANUAL)
        return false;
    return s->state != LIVE_SPAN_HEAP ||
           (s->size_class < LIVE_CLASSES && s->elem_bytes && s->elems && s->elems < ELEMS_MAX &&
            s->free_index <= s->elems && s->elem_bytes <= s->bytes &&
            s->elems <= s->bytes / s->elem_bytes);
}

// The structures of all spans, some hundred with one call.
static Err read_spans(Arena *a, const LiveTarget *t, const uint64_t *addrs, uint64_t count,
                      LiveSpanVec *out) {
    size_t size = field_size(t, LIVE_MSPAN_SIZE);
    Arena *scratch = arena_new("spans");
    char *bytes = NEW_ARRAY(scratch, char, size *GATHER);
    LivePiece *pieces = NEW_ARRAY(scratch, LivePiece, GATHER);
    Err err = NULL;
    for (uint64_t from = 0; from < count && !err; from += GATHER) {
        size_t n = (size_t)MIN(count - from, (uint64_t)GATHER);
        for (size_t i = 0; i < n; i++)
            pieces[i] = (LivePiece){addrs[from + i], bytes + i * size, size};
        if (!live_gather(t, pieces, n)) err = unreadable(a, "a span of the heap", addrs[from]);
        for (size_t i = 0; i < n && !err; i++) {
            LiveSpan s = {.addr = addrs[from + i]};
            if (!read_span(t, bytes + i * size, &s))
                err = err_new(a, ERR_FORMAT, s.addr,
                              "no span at address 0x%llx: the runtime's structures are not those "
                              "of the release its program names",
                              (unsigned long long)s.addr);
            else if (s.state != LIVE_SPAN_DEAD)
                vec_push(a, out, s);
        }
    }
    arena_free(scratch);
    return err;
}

static int compare_span(const void *x, const void *y) {
    uint64_t a = ((const LiveSpan *)x)->start, b = ((const LiveSpan *)y)->start;
    return (a > b) - (a < b);
}

static Err all_spans(Arena *a, const LiveTarget *t, LiveSpanVec *out) {
    LiveSlice list;
    uint64_t at = t->vars[LIVE_VAR_MHEAP] + (uint64_t)t->layout.at[LIVE_MHEAP_ALLSPANS];
    if (!live_slice(t, at, &list)) return unreadable(a, "the heap", at);
    if (list.len > SPANS_MAX)
        return err_new(a, ERR_LIMIT, at, "more than %d spans: that is no heap", SPANS_MAX);
    Arena *scratch = arena_new("span list");
    uint64_t *addrs = NEW_ARRAY(scratch, uint64_t, list.len + 1);
    Err err = NULL;
    if (list.len && !live_read(t, list.ptr, addrs, list.len * 8))
        err = unreadable(a, "the list of spans", list.ptr);
    if (!err) err = read_spans(a, t, addrs, list.len, out);
    arena_free(scratch);
    if (err) return err;
    if (out->len) qsort(out->v, out->len, sizeof *out->v, compare_span);
    for (uint32_t i = 1; i < out->len; i++)
        if (out->v[i].start < out->v[i - 1].start + out->v[i - 1].bytes)
            return err_new(a, ERR_FORMAT, out->v[i].start, "spans overlap at address 0x%llx",
                           (unsigned long long)out->v[i].start);
    return NULL;
}

// The words of allocation bits, copied; then what lies below each span's free index is set.
static Err read_bits(Arena *a, const LiveTarget *t, LiveWalk *w) {
    for (uint32_t i = 0; i < w->spans.len; i++) {
        LiveSpan *s = &w->spans.v[i];
        s->bits = (uint32_t)w->bit_words;
        if (s->state == LIVE_SPAN_HEAP) w->bit_words += (s->elems + 63) / 64;
    }
    if (w->bit_words > UINT32_MAX)
        return err_new(a, ERR_LIMIT, 0, "the heap has more objects than fit");
    w->bits = NEW_ARRAY(a, uint64_t, w->bit_words + 1);
    w->survived = NEW_ARRAY(a, uint64_t, w->bit_words + 1);
    LivePiece pieces[GATHER];
    size_t n = 0;
    for (uint32_t i = 0; i <= w->spans.len; i++) {
        if (n && (n == GATHER || i == w->spans.len)) {
            if (!live_gather(t, pieces, n)) return unreadable(a, "allocation bits", pieces[0].addr);
            n = 0;
        }
        if (i == w->spans.len) break;
        const LiveSpan *s = &w->spans.v[i];
        if (s->state == LIVE_SPAN_HEAP)
            pieces[n++] = (LivePiece){s->alloc_bits, w->bits + s->bits, (s->elems + 63) / 64 * 8};
    }
    return NULL;
}

static void count_span(LiveWalk *w, LiveSpan *s) {
    uint64_t *words = w->bits + s->bits;
    uint32_t n = (s->elems + 63) / 64, full = s->free_index / 64;
    memcpy(w->survived + s->bits, words, n * sizeof *words);
    for (uint32_t i = 0; i < full; i++) words[i] = UINT64_MAX;
    if (s->free_index % 64) words[full] |= ((uint64_t)1 << (s->free_index % 64)) - 1;
    if (s->elems % 64) words[n - 1] &= ((uint64_t)1 << (s->elems % 64)) - 1;
    // Spans of several slots are small: 32 bits suffice, as the runtime divides.
    s->magic = s->elems > 1 ? (uint32_t)(UINT32_MAX / s->elem_bytes + 1) : 0;
    s->live = 0;
    for (uint32_t i = 0; i < n; i++) s->live += bits_count(words[i]);
    w->objects += s->live;
    w->bytes += s->live * s->elem_bytes;
    w->class_objects[s->size_class] += s->live;
    if (s->size_class) w->class_bytes[s->size_class] = s->elem_bytes;
}

// Whether the collector keeps a span's marks at its own end (Green Tea): a bit a page of its arena.
static void read_inline_marks(const LiveTarget *t, LiveWalk *w) {
    if (t->layout.at[LIVE_ARENA_INLINE_MARKS] < 0) return;
    enum { ARENA_SHIFT = 26, BITS_BYTES = (1 << ARENA_SHIFT) / LIVE_PAGE / 8 };
    uint64_t base = t->program.object.arch == OBJECT_AMD64 ? 0x800000000000u : 0;
    uint64_t level2 =
        live_word(t, t->vars[LIVE_VAR_MHEAP] + (uint64_t)t->layout.at[LIVE_MHEAP_ARENAS]);
    uint64_t last = UINT64_MAX;
    uint8_t bits[BITS_BYTES] = {0};
    for (uint32_t i = 0; i < w->spans.len; i++) {
        LiveSpan *s = &w->spans.v[i];
        uint64_t arena = (s->start + base) >> ARENA_SHIFT;
        if (arena != last) {
            uint64_t at = live_word(t, level2 + arena * 8);
            last = arena;
            at += (uint64_t)t->layout.at[LIVE_ARENA_INLINE_MARKS];
            if (!live_read(t, at, bits, sizeof bits)) memset(bits, 0, sizeof bits);
        }
        uint64_t page = s->start % ((uint64_t)1 << ARENA_SHIFT) / LIVE_PAGE;
        s->inline_marks = bits[page / 8] >> (page % 8) & 1;
    }
}

// ---- the runtime's own account

static void add_delta(const LiveTarget *t, const char *d, LiveWalk *w) {
    LiveStats *s = &w->stats;
    s->committed += (int64_t)field64(t, d, LIVE_DELTA_COMMITTED);
    s->released += (int64_t)field64(t, d, LIVE_DELTA_RELEASED);
    s->in_heap += (int64_t)field64(t, d, LIVE_DELTA_IN_HEAP);
    s->in_stacks += (int64_t)field64(t, d, LIVE_DELTA_IN_STACKS);
    s->in_workbufs += (int64_t)field64(t, d, LIVE_DELTA_IN_WORKBUFS);
    s->tiny += (int64_t)field64(t, d, LIVE_DELTA_TINY);
    int64_t made = (int64_t)field64(t, d, LIVE_DELTA_LARGE_ALLOCS),
            freed = (int64_t)field64(t, d, LIVE_DELTA_LARGE_FREES);
    s->class_objects[0] += made - freed;
    s->allocs += made;
    s->frees += freed;
    s->bytes +=
        (int64_t)(field64(t, d, LIVE_DELTA_LARGE_ALLOC) - field64(t, d, LIVE_DELTA_LARGE_FREE));
    for (int i = 1; i < LIVE_CLASSES; i++) {
        uint64_t a, f;
        memcpy(&a, d + t->layout.at[LIVE_DELTA_SMALL_ALLOCS] + i * 8, 8);
        memcpy(&f, d + t->layout.at[LIVE_DELTA_SMALL_FREES] + i * 8, 8);
        s->class_objects[i] += (int64_t)(a - f);
        s->allocs += (int64_t)a;
        s->frees += (int64_t)f;
    }
}

// What a P's cache holds back: allocations counted only when it is flushed.
static Err add_cached(Arena *a, const LiveTarget *t, uint64_t cache, LiveWalk *w) {
    size_t size = field_size(t, LIVE_MCACHE_SIZE), span_bytes = field_size(t, LIVE_MSPAN_SIZE);
    char *bytes = NEW_ARRAY(a, char, size), *span = NEW_ARRAY(a, char, span_bytes);
    if (!live_read(t, cache, bytes, size)) return unreadable(a, "a cache of spans", cache);
    w->stats.tiny += (int64_t)field64(t, bytes, LIVE_MCACHE_TINY_ALLOCS);
    for (int i = 0; i < LIVE_CLASSES * 2; i++) {
        uint64_t addr;
        memcpy(&addr, bytes + t->layout.at[LIVE_MCACHE_ALLOC] + i * 8, 8);
        if (!addr) continue;
        if (!live_read(t, addr, span, span_bytes)) return unreadable(a, "a cached span", addr);
        uint32_t generation = field32(t, span, LIVE_MSPAN_SWEEPGEN);
        if (!field16(t, span, LIVE_MSPAN_ELEMS)) continue; // the empty one
        if (generation != w->sweepgen + 3 && generation != w->sweepgen + 1) continue;
        int64_t n = (int64_t)field16(t, span, LIVE_MSPAN_ALLOC_COUNT) -
                    field16(t, span, LIVE_MSPAN_BEFORE_CACHE);
        w->stats.class_objects[field8(t, span, LIVE_MSPAN_CLASS) >> 1] += n;
        w->stats.allocs += n;
    }
    return NULL;
}

static Err add_caches(Arena *a, const LiveTarget *t, LiveWalk *w) {
    LiveSlice ps;
    if (!live_slice(t, t->vars[LIVE_VAR_ALLP], &ps) || ps.len > 1 << 16)
        return unreadable(a, "the list of Ps", t->vars[LIVE_VAR_ALLP]);
    for (uint64_t i = 0; i < ps.len; i++) {
        uint64_t p = live_word(t, ps.ptr + i * 8);
        uint64_t cache = p ? live_word(t, p + (uint64_t)t->layout.at[LIVE_P_MCACHE]) : 0;
        if (cache) TRY(add_cached(a, t, cache, w));
    }
    return NULL;
}

static void read_collector(const LiveTarget *t, LiveStats *s) {
    uint64_t at = t->vars[LIVE_VAR_CONTROLLER];
    if (at) {
        uint32_t percent =
            (uint32_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_CONTROL_PERCENT]);
        s->percent = (int32_t)percent;
        s->limit = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_CONTROL_LIMIT]);
        s->goal = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_CONTROL_GOAL]);
        s->live = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_CONTROL_LIVE]);
        s->marked = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_CONTROL_MARKED]);
    }
    at = t->vars[LIVE_VAR_GCPHASE];
    if (at) s->phase = (uint32_t)live_word(t, at);
}

static Err read_stats(Arena *a, const LiveTarget *t, LiveWalk *w) {
    enum { SETS = 3 };
    size_t size = field_size(t, LIVE_DELTA_SIZE);
    uint64_t at = t->vars[LIVE_VAR_MEMSTATS];
    char *bytes = NEW_ARRAY(a, char, size *SETS);
    LiveStats *s = &w->stats;
    if (!live_read(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_HEAP], bytes, size * SETS))
        return unreadable(a, "the runtime's statistics", at);
    for (int i = 0; i < SETS; i++) add_delta(t, bytes + (size_t)i * size, w);
    s->stacks_sys = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_STACKS]);
    s->mspan_sys = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_MSPAN]);
    s->mcache_sys = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_MCACHE]);
    s->buckhash_sys = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_BUCKHASH]);
    s->gc_sys = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_GC_MISC]);
    s->other_sys = (int64_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_OTHER]);
    s->cycles = (uint32_t)live_word(t, at + (uint64_t)t->layout.at[LIVE_MSTATS_CYCLES]);
    TRY(add_caches(a, t, w));
    read_collector(t, s);
    for (int i = 0; i < LIVE_CLASSES; i++) {
        s->objects += s->class_objects[i];
        s->bytes += s->class_objects[i] * (int64_t)w->class_bytes[i];
    }
    return NULL;
}

static bool counts_agree(const LiveWalk *w) {
    int64_t manual = 0; // stacks and work buffers
    for (uint32_t i = 0; i < w->spans.len; i++)
        if (w->spans.v[i].state == LIVE_SPAN_MANUAL) manual += (int64_t)w->spans.v[i].bytes;
    if (manual != w->stats.in_stacks + w->stats.in_workbufs) return false;
    for (int i = 0; i < LIVE_CLASSES; i++)
        if ((int64_t)w->class_objects[i] != w->stats.class_objects[i]) return false;
    return (int64_t)w->bytes == w->stats.bytes;
}

Err live_walk(Arena *a, const LiveTarget *t, LiveWalk *out) {
    LiveWalk w = {0};
    uint64_t at = t->vars[LIVE_VAR_MHEAP] + (uint64_t)t->layout.at[LIVE_MHEAP_SWEEPGEN];
    if (!live_read(t, at, &w.sweepgen, sizeof w.sweepgen)) return unreadable(a, "the heap", at);
    TRY(all_spans(a, t, &w.spans));
    TRY(read_bits(a, t, &w));
    read_inline_marks(t, &w);
    for (uint32_t i = 0; i < w.spans.len; i++)
        if (w.spans.v[i].state == LIVE_SPAN_HEAP) count_span(&w, &w.spans.v[i]);
    TRY(read_stats(a, t, &w));
    w.agrees = counts_agree(&w);
    *out = w;
    return NULL;
}

Err live_stop_walk(Arena *a, LiveTarget *t, LiveStop **stop, LiveWalk *out) {
    for (int i = 1;; i++) {
        ArenaMark mark = arena_mark(a);
        TRY(live_stop(a, t, stop));
        Err err = live_walk(a, t, out);
        if (!err) out->stops = (uint32_t)i;
        if (!err && (out->agrees || i == STOP_TRIES || !t->pid)) return NULL;
        live_go(*stop);
        if (err && (i == STOP_TRIES || !t->pid)) return err;
        t->threads.v = NULL; // both lie behind the mark
        t->threads.len = t->threads.cap = 0;
        t->mappings.v = NULL;
        t->mappings.len = t->mappings.cap = 0;
        arena_pop_to(mark);
    }
}

const LiveSpan *live_span_at(const LiveWalk *w, uint64_t addr) {
    uint32_t lo = 0, hi = w->spans.len; // last span that starts at or before
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (w->spans.v[mid].start <= addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!lo) return NULL;
    const LiveSpan *s = &w->spans.v[lo - 1];
    return addr - s->start < s->bytes ? s : NULL;
}
