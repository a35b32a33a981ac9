// live/process.c: from a process's number to its heap profile: one short stop to copy.
#include "live/live_internal.h"
#include "sys/clock.h"

enum { RELEASE_COUNTS_ONLY = 27 }; // Go 1.x

Err live_profile_vars(Arena *a, const LiveTarget *t, LiveHeapVars *out) {
    LiveHeapVars v = {t->vars[LIVE_VAR_BUCKETS], t->vars[LIVE_VAR_CYCLE], t->vars[LIVE_VAR_RATE],
                      t->release >= RELEASE_COUNTS_ONLY};
    const char *missing = !v.buckets ? "runtime.mbuckets"
                          : !v.cycle ? "runtime.mProfCycle"
                          : !v.rate  ? "runtime.MemProfileRate"
                                     : NULL;
    if (missing)
        return err_new(a, ERR_FORMAT, 0, "the program has no variable %s: it keeps no heap profile",
                       missing);
    *out = v;
    return NULL;
}

// The line of the memory map its code is in: what other tools count addresses from.
static void set_mapping(const LiveTarget *t, ProfileMapping *out) {
    out->file = t->exe;
    for (uint32_t i = 0; i < t->mappings.len; i++) {
        const LiveMapping *m = &t->mappings.v[i];
        if (!m->executable || out->start < m->start || out->start >= m->end) continue;
        out->start = m->start;
        out->limit = m->end;
        out->offset = m->offset;
        return;
    }
}

Err live_pid_heap_profile(Arena *a, uint32_t pid, Profile *out) {
    LiveTarget t;
    LiveHeapVars vars;
    LiveHeap heap;
    LiveStop *stop;
    TRY(live_open_pid(a, pid, &t));
    TRY(live_profile_vars(a, &t, &vars));
    TRY(live_stop(a, &t, &stop));
    Err err = live_heap_read(a, &t.memory, &vars, &heap);
    live_go(stop);
    if (err) return err;
    live_heap_profile(a, &t.program, t.bias, &heap, out);
    out->time_nanos = clock_unix_ns();
    set_mapping(&t, &out->mappings.v[1]);
    return NULL;
}
