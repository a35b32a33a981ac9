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
    out->mappings.v[1].file = t.exe;
    return NULL;
}
