// live/resident.c: which pages of a process are in memory (pagemap), and which ranges its runtime's
// own structures take.
#include "live/live_internal.h"
#include "sys/attach.h"
#include "sys/file.h"

static void add_run(Arena *a, LiveResident *r, uint64_t start, uint64_t end) {
    LiveRun *last = r->runs.len ? &vec_last(&r->runs) : NULL;
    if (last && last->end == start)
        last->end = end;
    else
        vec_push(a, &r->runs, ((LiveRun){start, end, r->total}));
    r->total += end - start;
}

static Err resident_mapping(Arena *a, const LiveTarget *t, const LiveMapping *m, LiveResident *r) {
    enum { ROOM = 256 };
    AttachRun runs[ROOM];
    for (uint64_t at = m->start; at < m->end;) {
        int n = attach_resident(t->pid, ATTACH_PRESENT, &at, (AttachRun){m->end, ROOM}, runs);
        if (n < 0)
            return err_new(a, ERR_IO, 0, "its resident pages (/proc/%u/pagemap) cannot be read",
                           t->pid);
        for (int i = 0; i < n; i++) add_run(a, r, runs[i].start, runs[i].end);
    }
    return NULL;
}

// "Rss:    12345 kB"
static uint64_t kernel_rss(Arena *a, uint32_t pid) {
    Str text;
    if (!file_try_read(a, str_to_c(a, str_fmt(a, "/proc/%u/smaps_rollup", pid)), &text)) return 0;
    while (text.len) {
        Str line = str_line(&text);
        uint64_t kib;
        if (!str_cut_prefix(&line, STR("Rss:")) || !str_cut_suffix(&line, STR(" kB"))) continue;
        return str_to_u64(str_trim(line), &kib) ? kib * 1024 : 0;
    }
    return 0;
}

Err live_resident(Arena *a, const LiveTarget *t, LiveResident *out) {
    LiveResident r = {0};
    if (!t->pid) { // a core does not say
        *out = r;
        return NULL;
    }
    r.kernel_rss = kernel_rss(a, t->pid);
    for (uint32_t i = 0; i < t->mappings.len; i++) {
        const LiveMapping *m = &t->mappings.v[i];
        if (!m->readable && !m->writable && !m->executable) continue;
        if (str_starts(m->name, STR("[vsyscall]"))) continue; // the kernel's own
        r.virtual_bytes += m->end - m->start;
        TRY(resident_mapping(a, t, m, &r));
    }
    *out = r;
    return NULL;
}

// Resident bytes below an address.
static uint64_t resident_below(const LiveResident *r, uint64_t addr) {
    uint32_t lo = 0, hi = r->runs.len; // last run that starts before
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (r->runs.v[mid].start < addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!lo) return 0;
    const LiveRun *run = &r->runs.v[lo - 1];
    return run->before + MIN(addr, run->end) - run->start;
}

uint64_t live_resident_in(const LiveResident *r, uint64_t start, uint64_t end) {
    return start < end ? resident_below(r, end) - resident_below(r, start) : 0;
}

// ---- the runtime's structures (runtime/malloc.go, mheap.go, mpagealloc.go)

enum {
    CHUNK_BYTES = 256 << 10,    // of persistentalloc; the first word leads to the next
    BIT_ARENA_BYTES = 64 << 10, // gcBitsArena: {free, next}
    ARENA_SLOTS = 1 << 22,      // of the index of arenas
    BUCKET_SLOTS = 179999,
    SUMMARY_LEVELS = 5,
    CHUNK_ROWS = 1 << 13, // pallocData: two bitmaps of 64 bytes
    CHUNK_DATA_BYTES = 128,
    LIST_MAX = 1 << 22,
};

static void range(Arena *a, LiveRangeVec *out, uint64_t start, uint64_t bytes, LivePlace place) {
    if (start && bytes && start + bytes > start)
        vec_push(a, out, ((LiveRange){start, start + bytes, place}));
}

static Err list_of(Arena *a, const LiveTarget *t, LiveRange head, uint64_t next_at,
                   LiveRangeVec *out) {
    uint64_t at = head.start, bytes = head.end;
    for (int n = 0; at; n++) {
        if (n > LIST_MAX) return err_new(a, ERR_LIMIT, at, "a list of the runtime does not end");
        range(a, out, at, bytes, head.place);
        at = live_word(t, at + next_at);
    }
    return NULL;
}

static void slice_range(Arena *a, const LiveTarget *t, uint64_t addr, LiveRange kind,
                        LiveRangeVec *out) {
    LiveSlice s;
    if (live_slice(t, addr, &s) && s.cap < (uint64_t)1 << 40)
        range(a, out, s.ptr, s.cap * kind.end, kind.place);
}

static void arena_ranges(Arena *a, const LiveTarget *t, LiveRangeVec *out) {
    uint64_t heap = t->vars[LIVE_VAR_MHEAP];
    uint64_t level2 = live_word(t, heap + (uint64_t)t->layout.at[LIVE_MHEAP_ARENAS]);
    range(a, out, level2, (uint64_t)ARENA_SLOTS * 8, LIVE_PLACE_ARENA_INDEX);
    if (t->layout.at[LIVE_MHEAP_HEAP_ARENAS] < 0) return;
    LiveSlice list;
    if (!live_slice(t, heap + (uint64_t)t->layout.at[LIVE_MHEAP_HEAP_ARENAS], &list) ||
        list.len > ARENA_SLOTS)
        return;
    for (uint64_t i = 0; i < list.len; i++) {
        uint64_t index = live_word(t, list.ptr + i * 8); // arenaIdx is a uint
        if (index < ARENA_SLOTS)
            range(a, out, live_word(t, level2 + index * 8), field_size(t, LIVE_ARENA_SIZE),
                  LIVE_PLACE_ARENA_INDEX);
    }
}

static void page_ranges(Arena *a, const LiveTarget *t, LiveRangeVec *out) {
    uint64_t heap = t->vars[LIVE_VAR_MHEAP];
    for (uint64_t i = 0; i < SUMMARY_LEVELS; i++)
        slice_range(a, t, heap + (uint64_t)t->layout.at[LIVE_MHEAP_SUMMARY] + i * 24,
                    (LiveRange){0, 8, LIVE_PLACE_PAGE_INDEX}, out);
    slice_range(a, t, heap + (uint64_t)t->layout.at[LIVE_MHEAP_SCAVENGE],
                (LiveRange){0, 8, LIVE_PLACE_PAGE_INDEX}, out);
    char *rows = NEW_ARRAY(a, char, CHUNK_ROWS * 8);
    if (!live_read(t, heap + (uint64_t)t->layout.at[LIVE_MHEAP_CHUNKS], rows, CHUNK_ROWS * 8))
        return;
    for (int i = 0; i < CHUNK_ROWS; i++) {
        uint64_t row;
        memcpy(&row, rows + i * 8, 8);
        range(a, out, row, (uint64_t)CHUNK_ROWS * CHUNK_DATA_BYTES, LIVE_PLACE_PAGE_INDEX);
    }
}

Err live_runtime_ranges(Arena *a, const LiveTarget *t, LiveRangeVec *out) {
    out->len = 0;
    TRY(list_of(
        a, t, (LiveRange){live_word(t, t->vars[LIVE_VAR_CHUNKS]), CHUNK_BYTES, LIVE_PLACE_METADATA},
        0, out));
    // {lock, free, next, current, previous}
    for (uint64_t i = 1; t->vars[LIVE_VAR_BIT_ARENAS] && i <= 4; i++)
        TRY(list_of(a, t,
                    (LiveRange){live_word(t, t->vars[LIVE_VAR_BIT_ARENAS] + i * 8), BIT_ARENA_BYTES,
                                LIVE_PLACE_BITMAPS},
                    8, out));
    arena_ranges(a, t, out);
    page_ranges(a, t, out);
    slice_range(a, t, t->vars[LIVE_VAR_MHEAP] + (uint64_t)t->layout.at[LIVE_MHEAP_ALLSPANS],
                (LiveRange){0, 8, LIVE_PLACE_SPAN_LIST}, out);
    if (t->vars[LIVE_VAR_BUCKHASH])
        range(a, out, live_word(t, t->vars[LIVE_VAR_BUCKHASH]), (uint64_t)BUCKET_SLOTS * 8,
              LIVE_PLACE_BUCKET_TABLE);
    return NULL;
}
