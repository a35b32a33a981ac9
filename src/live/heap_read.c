// live/heap_read.c: the runtime's list of profile buckets, copied and added up.
// A bucket is a header, its stack, then four sets of counts: the published ones and those of three
// cycles to come. Layout and rules: runtime/mprof.go, Go 1.24 to 1.26 with bytes among the
// counts, 1.27 without (tools/runtime-layout-check asks the releases' own DWARF).
#include <string.h>

#include "live/live.h"

enum {
    BUCKET_BYTES = 48,
    BUCKET_NEXT = 8,   // allnext
    BUCKET_KIND = 16,  // typ
    BUCKET_SIZE = 32,  // of each object sampled
    BUCKET_DEPTH = 40, // nstk
    KIND_MEMORY = 1,
    CYCLES = 3,
    DEPTH_MAX = 1024, // GODEBUG=profstackdepth allows no more
    BUCKETS_MAX = 4 << 20,
    STACKS_MAX = 64 << 20, // words
};

typedef struct Counts {
    uint64_t v[4]; // allocs, frees, alloc_bytes, free_bytes
} Counts;

typedef struct Cycles {
    Counts active, future[CYCLES];
} Cycles;

static void add(Counts *to, const Counts *from) {
    for (int i = 0; i < 4; i++) to->v[i] += from->v[i];
}

static Err unreadable(Arena *a, uint64_t addr) {
    return err_new(a, ERR_IO, addr,
                   "the runtime's heap profile cannot be read at address 0x%llx: the process has "
                   "ended, or its program is not the one it was started from",
                   (unsigned long long)addr);
}

static uint64_t word(const char *bytes, size_t at) {
    uint64_t v;
    memcpy(&v, bytes + at, sizeof v);
    return v;
}

typedef VEC(Cycles) CyclesVec;

typedef struct Copy {
    bool counts_only;
    LiveHeap heap;
    CyclesVec cycles; // of each record
} Copy;

// A record's words: the sets side by side, two words each where there are counts only.
static Cycles cycles_of(const char *words, bool counts_only, uint64_t object_bytes) {
    Cycles out;
    Counts *sets[] = {&out.active, &out.future[0], &out.future[1], &out.future[2]};
    size_t per_set = counts_only ? 2 : 4;
    for (size_t i = 0; i < COUNT(sets); i++)
        for (size_t k = 0; k < 4; k++)
            sets[i]->v[k] =
                k < per_set ? word(words, (i * per_set + k) * 8) : sets[i]->v[k - 2] * object_bytes;
    return out;
}

static Err read_bucket(Arena *a, const LiveMemory *m, uint64_t at, Copy *to, uint64_t *next) {
    char head[BUCKET_BYTES], rest[DEPTH_MAX * 8 + sizeof(Cycles)];
    if (!m->read(m->context, at, head, sizeof head)) return unreadable(a, at);
    uint64_t depth = word(head, BUCKET_DEPTH);
    if (word(head, BUCKET_KIND) != KIND_MEMORY || depth > DEPTH_MAX)
        return err_new(a, ERR_FORMAT, at,
                       "no memory profile bucket at address 0x%llx: the runtime's structures are "
                       "not those of the release its program names",
                       (unsigned long long)at);
    size_t size = depth * 8 + sizeof(Cycles) / (to->counts_only ? 2 : 1);
    if (!m->read(m->context, at + BUCKET_BYTES, rest, size)) return unreadable(a, at);
    uint64_t object_bytes = word(head, BUCKET_SIZE);
    LiveHeapRecord r = {.addr = at,
                        .object_bytes = to->counts_only ? object_bytes : 0,
                        .first = to->heap.stacks.len,
                        .depth = (uint32_t)depth};
    for (uint64_t i = 0; i < depth; i++) vec_push(a, &to->heap.stacks, word(rest, i * 8));
    vec_push(a, &to->cycles, cycles_of(rest + depth * 8, to->counts_only, object_bytes));
    vec_push(a, &to->heap.records, r);
    *next = word(head, BUCKET_NEXT);
    return NULL;
}

// The finished cycle is added always: once the runtime has published it, it is zero.
static void publish(Copy *copy, uint32_t cycle) {
    CyclesVec *cycles = &copy->cycles;
    bool clear = true;
    for (uint32_t i = 0; i < cycles->len; i++) {
        Cycles *c = &cycles->v[i];
        add(&c->active, &c->future[cycle % CYCLES]);
        c->future[cycle % CYCLES] = (Counts){0};
        clear &= c->active.v[0] == 0 && c->active.v[1] == 0;
    }
    for (uint32_t i = 0; i < cycles->len; i++) {
        Cycles *c = &cycles->v[i];
        for (int k = 0; clear && k < CYCLES; k++) add(&c->active, &c->future[k]);
        LiveHeapRecord *r = &copy->heap.records.v[i];
        r->allocs = c->active.v[0];
        r->frees = c->active.v[1];
        r->alloc_bytes = c->active.v[2];
        r->free_bytes = c->active.v[3];
        if (!copy->counts_only && r->allocs) r->object_bytes = r->alloc_bytes / r->allocs;
    }
}

Err live_heap_read(Arena *a, const LiveMemory *m, const LiveHeapVars *vars, LiveHeap *out) {
    Copy copy = {.counts_only = vars->counts_only};
    LiveHeap *heap = &copy.heap;
    uint32_t holder;
    uint64_t at;
    if (!m->read(m->context, vars->cycle, &holder, sizeof holder))
        return unreadable(a, vars->cycle);
    if (!m->read(m->context, vars->rate, &heap->rate, sizeof heap->rate))
        return unreadable(a, vars->rate);
    if (!m->read(m->context, vars->buckets, &at, sizeof at)) return unreadable(a, vars->buckets);
    uint64_t mark = 0; // an address met before, moved on at every power of two: finds a ring
    while (at) {
        TRY(read_bucket(a, m, at, &copy, &at));
        if (at && at == mark)
            return err_new(a, ERR_FORMAT, at,
                           "the runtime's list of memory profile buckets is a ring");
        if ((heap->records.len & (heap->records.len - 1)) == 0) mark = at;
        if (heap->records.len > BUCKETS_MAX || heap->stacks.len > STACKS_MAX)
            return err_new(a, ERR_LIMIT, at,
                           "more than %d memory profile buckets: the runtime's list does not end",
                           BUCKETS_MAX);
    }
    if (!heap->rate && !heap->records.len)
        return err_new(a, ERR_USAGE, 0,
                       "memory profiling is off in this process (runtime.MemProfileRate is 0): "
                       "the linker switches it off in programs that never call "
                       "runtime.MemProfile; import net/http/pprof or runtime/pprof to have it on");
    publish(&copy, holder >> 1); // bit 0: already published
    *out = copy.heap;
    return NULL;
}
