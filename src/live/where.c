// live/where.c: every resident byte put down to one place. Ranges that are known claim what is
// resident in them; what is left of a mapping goes by the mapping's name, and the rest is called
// unexplained.
#include <stdlib.h>

#include "live/live_internal.h"

const char *live_place_key(LivePlace p) {
    static const char *const keys[] = {
#define X(id, key, text) key,
        LIVE_PLACES(X)
#undef X
    };
    return keys[p];
}

const char *live_place_text(LivePlace p) {
    static const char *const texts[] = {
#define X(id, key, text) text,
        LIVE_PLACES(X)
#undef X
    };
    return texts[p];
}

typedef struct Claims {
    const LiveTarget *t;
    const LiveFacts *f;
    uint64_t *claimed, *reserved; // by mapping
    LiveWhere *out;
} Claims;

// The first mapping that ends behind addr.
static uint32_t mapping_after(const LiveTarget *t, uint64_t addr) {
    uint32_t lo = 0, hi = t->mappings.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->mappings.v[mid].end <= addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

// Claimed ranges never overlap: each comes from another structure.
static void claim(Claims *c, uint64_t start, uint64_t end, LivePlace place) {
    for (uint32_t i = mapping_after(c->t, start); i < c->t->mappings.len && start < end; i++) {
        const LiveMapping *m = &c->t->mappings.v[i];
        if (m->start >= end) break;
        uint64_t from = MAX(start, m->start), to = MIN(end, m->end);
        uint64_t n = live_resident_in(&c->f->resident, from, to);
        c->claimed[i] += n;
        c->reserved[i] += to - from;
        c->out->bytes[place] += n;
        c->out->reserved[place] += to - from;
        start = to;
    }
}

static void claim_span(Claims *c, AddrSpan s, LivePlace place) {
    if (s.start < s.end) claim(c, s.start + c->t->bias, s.end + c->t->bias, place);
}

static void claim_program(Claims *c) {
    const ModuleData *m = &c->t->program.module;
    claim_span(c, m->text, LIVE_PLACE_TEXT);
    claim_span(c, m->data, LIVE_PLACE_DATA);
    claim_span(c, m->noptrdata, LIVE_PLACE_NOPTRDATA);
    claim_span(c, m->bss, LIVE_PLACE_BSS);
    claim_span(c, m->noptrbss, LIVE_PLACE_NOPTRBSS);
    const Object *o = &c->t->program.object;
    for (uint32_t i = 0; i < o->sections.len; i++) {
        const Section *s = &o->sections.v[i];
        if (s->loaded && !s->writable && !s->executable && s->addr)
            claim_span(c, (AddrSpan){s->addr, s->addr + s->size_bytes}, LIVE_PLACE_RODATA);
    }
}

// A span of which some pages were never touched or given back: slot by slot.
static void claim_slots(Claims *c, const LiveSpan *s) {
    for (uint32_t i = 0; i < s->elems;) {
        uint32_t from = i;
        bool used = live_is_allocated(&c->f->walk, s, i);
        while (i < s->elems && live_is_allocated(&c->f->walk, s, i) == used) i++;
        claim(c, s->start + from * s->elem_bytes, s->start + i * s->elem_bytes,
              used ? LIVE_PLACE_OBJECTS : LIVE_PLACE_FREE_SLOTS);
    }
    claim(c, s->start + s->elems * s->elem_bytes, s->start + s->bytes, LIVE_PLACE_SPAN_ENDS);
}

static void add(Claims *c, LivePlace place, uint64_t bytes) {
    c->out->bytes[place] += bytes;
    c->out->reserved[place] += bytes;
}

static void claim_heap_span(Claims *c, const LiveSpan *s) {
    uint32_t i = mapping_after(c->t, s->start);
    bool whole = i < c->t->mappings.len && c->t->mappings.v[i].end >= s->start + s->bytes &&
                 live_resident_in(&c->f->resident, s->start, s->start + s->bytes) == s->bytes;
    if (!whole) {
        claim_slots(c, s);
        return;
    }
    uint64_t used = s->live * s->elem_bytes, slots = s->elems * s->elem_bytes;
    c->claimed[i] += s->bytes;
    c->reserved[i] += s->bytes;
    add(c, LIVE_PLACE_OBJECTS, used);
    add(c, LIVE_PLACE_FREE_SLOTS, slots - used);
    add(c, LIVE_PLACE_SPAN_ENDS, s->bytes - slots);
}

static int compare_stack(const void *x, const void *y) {
    uint64_t a = ((const LiveGoroutine *)x)->stack_lo, b = ((const LiveGoroutine *)y)->stack_lo;
    return (a > b) - (a < b);
}

// Goroutines' stacks lie in manual spans, what is between them is kept for later.
static void claim_stacks(Arena *a, Claims *c) {
    const LiveGoroutineVec *all = &c->f->goroutines.all;
    LiveGoroutine *sorted = arena_copy(a, all->v, all->len * sizeof *all->v, 8);
    if (all->len) qsort(sorted, all->len, sizeof *sorted, compare_stack);
    uint32_t g = 0;
    for (uint32_t i = 0; i < c->f->walk.spans.len; i++) {
        const LiveSpan *s = &c->f->walk.spans.v[i];
        if (s->state != LIVE_SPAN_MANUAL) continue;
        uint64_t at = s->start, end = s->start + s->bytes;
        while (g < all->len && sorted[g].stack_lo < at) g++;
        for (; g < all->len && sorted[g].stack_hi <= end; g++) {
            if (sorted[g].stack_lo < at) continue;
            bool dead = sorted[g].status == LIVE_G_DEAD && !sorted[g].system;
            claim(c, at, sorted[g].stack_lo, LIVE_PLACE_STACKS_IDLE);
            claim(c, sorted[g].stack_lo, sorted[g].sp,
                  dead ? LIVE_PLACE_STACKS_IDLE : LIVE_PLACE_STACKS_ROOM);
            claim(c, sorted[g].sp, sorted[g].stack_hi, LIVE_PLACE_STACKS_USED);
            at = sorted[g].stack_hi;
        }
        claim(c, at, end, LIVE_PLACE_STACKS_IDLE);
    }
}

static bool holds_thread(const LiveTarget *t, const LiveMapping *m) {
    for (uint32_t i = 0; i < t->threads.len; i++)
        if (t->threads.v[i].sp >= m->start && t->threads.v[i].sp < m->end) return true;
    return false;
}

static bool in_arenas(const LiveWalk *w, const LiveMapping *m) {
    enum { ARENA_BYTES = 64 << 20 };
    if (!w->spans.len) return false;
    uint64_t first = w->spans.v[0].start / ARENA_BYTES * ARENA_BYTES;
    uint64_t last = (vec_last(&w->spans).start / ARENA_BYTES + 1) * ARENA_BYTES;
    return m->start >= first && m->end <= last;
}

// What nobody claimed of a mapping.
static LivePlace rest_of(const Claims *c, const LiveMapping *m) {
    Str name = m->name;
    if (str_eq(name, c->t->exe)) return LIVE_PLACE_PROGRAM_REST;
    if (str_starts(name, STR("[anon: Go: heap]")) || in_arenas(&c->f->walk, m))
        return LIVE_PLACE_FREE_PAGES;
    if (str_starts(name, STR("[anon: Go:"))) return LIVE_PLACE_RUNTIME_REST;
    if (str_starts(name, STR("[stack"))) return LIVE_PLACE_C_STACKS;
    if (str_eq(name, STR("[heap]"))) return LIVE_PLACE_C_HEAP;
    if (str_starts(name, STR("[v"))) return LIVE_PLACE_KERNEL;
    if (name.len && name.ptr[0] == '/') return LIVE_PLACE_LIBRARIES;
    return holds_thread(c->t, m) ? LIVE_PLACE_C_STACKS : LIVE_PLACE_UNEXPLAINED;
}

// The zero pages behind the program's file are its BSS, too.
static bool behind_program(const LiveTarget *t, uint32_t i) {
    while (i && !t->mappings.v[i].name.len && t->mappings.v[i].start == t->mappings.v[i - 1].end)
        if (str_eq(t->mappings.v[--i].name, t->exe)) return true;
    return false;
}

static void claim_rest(Arena *a, Claims *c) {
    for (uint32_t i = 0; i < c->t->mappings.len; i++) {
        const LiveMapping *m = &c->t->mappings.v[i];
        uint64_t all = live_resident_in(&c->f->resident, m->start, m->end);
        LivePlace place = behind_program(c->t, i) ? LIVE_PLACE_PROGRAM_REST : rest_of(c, m);
        if (all > c->claimed[i] && place == LIVE_PLACE_UNEXPLAINED)
            vec_push(a, &c->out->unexplained, ((LiveRest){*m, all - c->claimed[i]}));
        c->out->bytes[place] += all - MIN(all, c->claimed[i]);
        if (m->readable || m->writable || m->executable)
            c->out->reserved[place] += m->end - m->start - MIN(m->end - m->start, c->reserved[i]);
    }
}

void live_where(Arena *a, const LiveTarget *t, const LiveFacts *f, LiveWhere *out) {
    *out = (LiveWhere){0};
    Claims c = {t, f, NEW_ARRAY(a, uint64_t, t->mappings.len + 1),
                NEW_ARRAY(a, uint64_t, t->mappings.len + 1), out};
    claim_program(&c);
    for (uint32_t i = 0; i < f->walk.spans.len; i++)
        if (f->walk.spans.v[i].state == LIVE_SPAN_HEAP) claim_heap_span(&c, &f->walk.spans.v[i]);
    claim_stacks(a, &c);
    for (uint32_t i = 0; i < f->ranges.len; i++)
        claim(&c, f->ranges.v[i].start, f->ranges.v[i].end, f->ranges.v[i].place);
    claim_rest(a, &c);
}

Err live_look(Arena *a, LiveTarget *t, LiveFacts *out) {
    LiveStop *stop;
    LiveFacts f = {0};
    TRY(live_stop_walk(a, t, &stop, &f.walk));
    Err err = live_goroutines(a, t, &f.goroutines);
    if (!err) err = live_runtime_ranges(a, t, &f.ranges);
    if (!err) err = live_resident(a, t, &f.resident);
    f.stopped_ns = live_go(stop);
    if (!err) *out = f;
    return err;
}
