// live/image.c: the one stop of `heapwise heap`: spans with pointers, data, BSS, stacks, what is
// attached to objects. Memory without pointers is not copied.
#include "live/graph.h"
#include "live/live_internal.h"
#include "sys/region.h"

enum {
    GATHER = 512,
    SPECIALS_MAX = 1 << 24,
    QUEUE_MAX = 1 << 16,
    FIN_BYTES = 4096,
    CLEANUP_BYTES = 512,
    CLEANUP_LINK = 16,
    SPECIAL_WORDS = 7,
    SPECIAL_SHORT = 32
};

static bool wanted(const LiveSpan *s) {
    return s->state == LIVE_SPAN_HEAP && !s->noscan && s->live;
}

static Err copy_heap(Arena *a, const LiveTarget *t, LiveImage *m) {
    LivePiece pieces[GATHER];
    size_t n = 0;
    m->span_at = NEW_ARRAY(a, uint64_t, m->walk.spans.len + 1);
    for (uint32_t i = 0; i < m->walk.spans.len; i++) {
        const LiveSpan *s = &m->walk.spans.v[i];
        m->span_at[i] = wanted(s) ? m->heap_bytes : UINT64_MAX;
        if (wanted(s)) m->heap_bytes += s->bytes;
    }
    m->heap = region_new_huge(m->heap_bytes);
    for (uint32_t i = 0; i <= m->walk.spans.len; i++) {
        if (n && (n == GATHER || i == m->walk.spans.len)) {
            if (!live_gather(t, pieces, n))
                return err_new(a, ERR_IO, pieces[0].addr, "the heap cannot be read");
            n = 0;
        }
        if (i == m->walk.spans.len || m->span_at[i] == UINT64_MAX) continue;
        const LiveSpan *s = &m->walk.spans.v[i];
        LivePiece *last = n ? &pieces[n - 1] : NULL;
        if (last && last->addr + last->size == s->start)
            last->size += s->bytes; // side by side in both
        else
            pieces[n++] = (LivePiece){s->start, m->heap + m->span_at[i], s->bytes};
    }
    return NULL;
}

static Err copy_block(Arena *a, const LiveTarget *t, uint64_t addr, uint64_t size,
                      ImageBlock *out) {
    if (size > (uint64_t)1 << 36) return err_new(a, ERR_LIMIT, addr, "a section that is too large");
    *out = (ImageBlock){addr, size, NEW_ARRAY(a, char, size + 1)};
    if (size && !live_read(t, addr, out->bytes, size))
        return err_new(a, ERR_IO, addr, "memory at address 0x%llx cannot be read",
                       (unsigned long long)addr);
    return NULL;
}

// runtime.bitvector: {n int32, bytedata *uint8}.
static Err copy_mask(Arena *a, const LiveTarget *t, LiveField field, ImageBlock *out) {
    uint64_t at = t->program.module.addr + t->bias + (uint64_t)t->layout.at[field];
    uint64_t bits = live_word(t, at) & UINT32_MAX, bytes = live_word(t, at + 8);
    return copy_block(a, t, bytes, (bits + 7) / 8, out);
}

static Err copy_sections(Arena *a, const LiveTarget *t, LiveImage *m) {
    const ModuleData *d = &t->program.module;
    TRY(copy_block(a, t, d->data.start + t->bias, d->data.end - d->data.start, &m->data));
    TRY(copy_block(a, t, d->bss.start + t->bias, d->bss.end - d->bss.start, &m->bss));
    TRY(copy_mask(a, t, LIVE_MODULE_DATA_MASK, &m->data_mask));
    return copy_mask(a, t, LIVE_MODULE_BSS_MASK, &m->bss_mask);
}

static Err copy_stacks(Arena *a, const LiveTarget *t, LiveImage *m) {
    for (uint32_t i = 0; i < m->goroutines.all.len; i++) {
        const LiveGoroutine *g = &m->goroutines.all.v[i];
        ImageBlock b = {0};
        bool counts = !g->system && g->status != LIVE_G_DEAD;
        if (counts) TRY(copy_block(a, t, g->sp, g->stack_hi - g->sp, &b));
        vec_push(a, &m->stacks, b);
    }
    return NULL;
}

// 16 bits in older releases, a word since.
static uint64_t special_offset(const LiveTarget *t, const char *bytes) {
    bool word = t->layout.at[LIVE_SPECIAL_KIND] - t->layout.at[LIVE_SPECIAL_OFFSET] >= 8;
    return word ? field64(t, bytes, LIVE_SPECIAL_OFFSET) : field16(t, bytes, LIVE_SPECIAL_OFFSET);
}

static uint8_t special_kind(const LiveTarget *t, const char *bytes) {
    enum { RELEASE_TINY_BLOCKS = 25 }; // which come first since
    return (uint8_t)(field8(t, bytes, LIVE_SPECIAL_KIND) + (t->release < RELEASE_TINY_BLOCKS));
}

static Err copy_specials(Arena *a, const LiveTarget *t, LiveImage *m) {
    for (uint32_t i = 0; i < m->walk.spans.len; i++) {
        const LiveSpan *s = &m->walk.spans.v[i];
        if (s->state != LIVE_SPAN_HEAP) continue;
        for (uint64_t at = s->specials; at;) {
            char bytes[SPECIAL_WORDS * 8] = {0};
            ImageSpecial sp = {0};
            if (!live_read(t, at, bytes, SPECIAL_SHORT) || m->specials.len > SPECIALS_MAX)
                return err_new(a, ERR_FORMAT, at, "what is attached to objects cannot be read");
            sp.kind = special_kind(t, bytes);
            if ((sp.kind == SPECIAL_FINALIZER || sp.kind == SPECIAL_CLEANUP) &&
                !live_read(t, at, bytes, sizeof bytes))
                return err_new(a, ERR_IO, at, "a finalizer or cleanup cannot be read");
            memcpy(sp.words, bytes, sizeof bytes);
            sp.object = s->start + special_offset(t, bytes);
            vec_push(a, &m->specials, sp);
            at = field64(t, bytes, LIVE_SPECIAL_NEXT);
        }
    }
    return NULL;
}

// Blocks of a list outside the heap that hold what waits to run.
static Err copy_queue(Arena *a, const LiveTarget *t, LiveImage *m, uint64_t at, ImageBlock kind) {
    for (int n = 0; at; n++) {
        ImageBlock b;
        if (n > QUEUE_MAX) return err_new(a, ERR_LIMIT, at, "a queue that does not end");
        TRY(copy_block(a, t, at, kind.size, &b));
        vec_push(a, &m->queues, b);
        memcpy(&at, b.bytes + kind.addr, 8); // where its link is
    }
    return NULL;
}

static Err copy_queues(Arena *a, const LiveTarget *t, LiveImage *m) {
    if (t->vars[LIVE_VAR_ALLFIN])
        TRY(copy_queue(a, t, m, live_word(t, t->vars[LIVE_VAR_ALLFIN]),
                       (ImageBlock){0, FIN_BYTES, 0}));
    if (t->vars[LIVE_VAR_CLEANUPS] && t->layout.at[LIVE_CLEANUPS_ALL] >= 0)
        TRY(copy_queue(
            a, t, m,
            live_word(t, t->vars[LIVE_VAR_CLEANUPS] + (uint64_t)t->layout.at[LIVE_CLEANUPS_ALL]),
            (ImageBlock){CLEANUP_LINK, CLEANUP_BYTES, 0}));
    return NULL;
}

static Err copy_all(Arena *a, const LiveTarget *t, LiveImage *m) {
    TRY(live_goroutines(a, t, &m->goroutines));
    TRY(copy_heap(a, t, m));
    TRY(copy_sections(a, t, m));
    TRY(copy_stacks(a, t, m));
    TRY(copy_specials(a, t, m));
    TRY(copy_queues(a, t, m));
    LiveHeapVars vars;
    if (live_profile_vars(a, t, &vars) || live_heap_read(a, &t->memory, &vars, &m->profile))
        m->profile = (LiveHeap){0}; // it is off, or not linked in
    return NULL;
}

Err live_copy(Arena *a, LiveTarget *t, LiveImage *out) {
    LiveStop *stop;
    LiveImage m = {0};
    TRY(live_stop_walk(a, t, &stop, &m.walk));
    Err err = copy_all(a, t, &m);
    m.stopped_ns = live_go(stop);
    m.copied_bytes = m.heap_bytes + m.data.size + m.bss.size;
    if (err)
        live_image_free(&m);
    else
        *out = m;
    return err;
}

void live_image_free(LiveImage *m) {
    region_free(m->heap, m->heap_bytes);
    m->heap = NULL;
}
