// live/goroutines.c: every goroutine, and where its stack stands: one that runs on a thread has its
// place in that thread's registers, one that waits or is in a system call in its own structure.
#include "live/live_internal.h"

enum { GOROUTINES_MAX = 64 << 20, GATHER = 512, THREADS_MAX = 1 << 20, STACK_ORDERS = 4 };
enum { SCAN_BIT = 0x1000 };

static void read_goroutine(const LiveTarget *t, const char *bytes, LiveGoroutine *g) {
    g->id = field64(t, bytes, LIVE_G_ID);
    g->gopc = field64(t, bytes, LIVE_G_GOPC);
    g->startpc = field64(t, bytes, LIVE_G_STARTPC);
    memcpy(&g->stack_lo, bytes + t->layout.at[LIVE_G_STACK], 8);
    memcpy(&g->stack_hi, bytes + t->layout.at[LIVE_G_STACK] + 8, 8);
    g->status = (uint8_t)(field32(t, bytes, LIVE_G_STATUS) & ~(uint32_t)SCAN_BIT);
    g->wait_reason = field8(t, bytes, LIVE_G_WAIT_REASON);
    g->sp = field64(t, bytes, LIVE_G_SP);
    g->pc = field64(t, bytes, LIVE_G_PC);
    g->ctxt = field64(t, bytes, LIVE_G_CTXT);
    g->defers = field64(t, bytes, LIVE_G_DEFER);
    g->panics = field64(t, bytes, LIVE_G_PANIC);
    if (g->status == LIVE_G_SYSCALL && field64(t, bytes, LIVE_G_SYSCALL_SP)) {
        g->sp = field64(t, bytes, LIVE_G_SYSCALL_SP);
        g->pc = field64(t, bytes, LIVE_G_SYSCALL_PC);
    }
    if (g->status == LIVE_G_DEAD) g->sp = g->stack_hi; // nothing on it counts
}

// The thread that runs on this stack now. What is in a system call stands where it called: what it
// has on its stack and in registers since leads to nothing, the collector says.
static void place_on_thread(const LiveTarget *t, LiveGoroutine *g) {
    if (g->status == LIVE_G_SYSCALL) return;
    for (uint32_t i = 0; i < t->threads.len; i++) {
        const LiveThread *th = &t->threads.v[i];
        if (th->sp <= g->stack_lo || th->sp > g->stack_hi) continue;
        g->thread = th->id;
        g->sp = th->sp;
        g->pc = th->pc;
        return;
    }
}

static bool sound(const LiveGoroutine *g) {
    return g->stack_hi > g->stack_lo && g->stack_hi - g->stack_lo <= (uint64_t)1 << 40;
}

// One that runs while its thread is on another stack (the scheduler's, a signal's) stands where its
// structure says only if it went there of its own will; a stack that is being moved, nowhere.
static bool is_unsure(const LiveTarget *t, const LiveGoroutine *g) {
    if (g->status == LIVE_G_MOVING) return true;
    if (g->status != LIVE_G_RUNNING || g->thread) return false;
    Str at = live_site(t, g->pc, false).function;
    return !str_eq(at, STR("runtime.systemstack_switch"));
}

static void keep(Arena *a, const LiveTarget *t, LiveGoroutine *g, LiveGoroutines *out) {
    if (!sound(g)) return; // dead, its stack given back
    place_on_thread(t, g);
    if (g->sp < g->stack_lo || g->sp > g->stack_hi) g->sp = g->stack_hi;
    g->unsure = !g->system && is_unsure(t, g);
    if (g->unsure) g->sp = g->stack_lo, g->pc = 0;
    vec_push(a, &out->all, *g);
}

static Err all_goroutines(Arena *a, const LiveTarget *t, LiveGoroutines *out) {
    LiveSlice list;
    size_t size = field_size(t, LIVE_G_SIZE);
    if (!live_slice(t, t->vars[LIVE_VAR_ALLGS], &list) || list.len > GOROUTINES_MAX)
        return err_new(a, ERR_IO, 0, "the list of goroutines cannot be read");
    Arena *scratch = arena_new("goroutines");
    uint64_t *addrs = NEW_ARRAY(scratch, uint64_t, list.len + 1);
    char *bytes = NEW_ARRAY(scratch, char, size *GATHER);
    LivePiece pieces[GATHER];
    bool ok = !list.len || live_read(t, list.ptr, addrs, list.len * 8);
    for (uint64_t from = 0; from < list.len && ok; from += GATHER) {
        size_t n = (size_t)MIN(list.len - from, (uint64_t)GATHER);
        for (size_t i = 0; i < n; i++)
            pieces[i] = (LivePiece){addrs[from + i], bytes + i * size, size};
        ok = live_gather(t, pieces, n);
        for (size_t i = 0; i < n && ok; i++) {
            LiveGoroutine g = {.addr = addrs[from + i]};
            read_goroutine(t, bytes + i * size, &g);
            keep(a, t, &g, out);
        }
    }
    arena_free(scratch);
    return ok ? NULL : err_new(a, ERR_IO, list.ptr, "a goroutine cannot be read");
}

// g0 and the signal stack of every thread; those of C threads lie outside Go's memory.
static Err thread_stacks(Arena *a, const LiveTarget *t, LiveGoroutines *out) {
    size_t size = field_size(t, LIVE_G_SIZE);
    char *bytes = NEW_ARRAY(a, char, size);
    uint64_t m = live_word(t, t->vars[LIVE_VAR_ALLM]);
    for (int n = 0; m; n++) {
        if (n > THREADS_MAX) return err_new(a, ERR_LIMIT, m, "the list of threads does not end");
        static const LiveField both[] = {LIVE_M_G0, LIVE_M_GSIGNAL};
        for (size_t i = 0; i < COUNT(both); i++) {
            LiveGoroutine g = {.addr = live_word(t, m + (uint64_t)t->layout.at[both[i]])};
            if (!g.addr || !live_read(t, g.addr, bytes, size)) continue;
            read_goroutine(t, bytes, &g);
            g.system = true;
            keep(a, t, &g, out);
        }
        m = live_word(t, m + (uint64_t)t->layout.at[LIVE_M_NEXT]);
    }
    return NULL;
}

// Stacks that Ps keep for the next goroutine: {list, size} an order.
static uint64_t cached_stacks(const LiveTarget *t) {
    LiveSlice ps;
    uint64_t total = 0;
    if (!live_slice(t, t->vars[LIVE_VAR_ALLP], &ps)) return 0;
    for (uint64_t i = 0; i < ps.len && i < 1 << 16; i++) {
        uint64_t p = live_word(t, ps.ptr + i * 8);
        uint64_t cache = p ? live_word(t, p + (uint64_t)t->layout.at[LIVE_P_MCACHE]) : 0;
        for (uint64_t k = 0; cache && k < STACK_ORDERS; k++)
            total += live_word(t, cache + (uint64_t)t->layout.at[LIVE_MCACHE_STACKS] + k * 16 + 8);
    }
    return total;
}

Err live_goroutines(Arena *a, const LiveTarget *t, LiveGoroutines *out) {
    LiveGoroutines g = {0};
    TRY(all_goroutines(a, t, &g));
    TRY(thread_stacks(a, t, &g));
    g.cached_bytes = cached_stacks(t);
    *out = g;
    return NULL;
}
