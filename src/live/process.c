// live/process.c: from a process's number to its heap profile: one short stop to copy.
#include "live/live_internal.h"
#include "sys/attach.h"
#include "sys/clock.h"
#include "sys/stop.h"

enum { RELEASE_COUNTS_ONLY = 27, RATE_DEFAULT = 512 << 10 }; // Go 1.x

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

// ---- profiling switched on from outside

static bool write_rate(const LiveTarget *t, const LiveHeapVars *vars, uint64_t rate) {
    return attach_write(t->pid, vars->rate, &rate, sizeof rate);
}

// Sets the sampling rate where it is 0. *changed: it was.
static Err switch_on(Arena *a, LiveTarget *t, const LiveHeapVars *vars, bool *changed) {
    LiveStop *stop;
    uint64_t rate = 1;
    TRY(live_stop(a, t, &stop));
    bool ok = live_read(t, vars->rate, &rate, sizeof rate);
    *changed = ok && !rate;
    if (*changed) ok = write_rate(t, vars, RATE_DEFAULT);
    live_go(stop);
    return ok ? NULL : err_new(a, ERR_IO, vars->rate, "runtime.MemProfileRate cannot be changed");
}

// Waits for so long, or until we are asked to end: what was changed has to be set back.
static void wait_seconds(uint64_t seconds) {
    enum { STEP_MS = 50 };
    stop_watch();
    for (uint64_t n = seconds * 1000 / STEP_MS; n && !stop_asked(); n--) clock_sleep_ms(STEP_MS);
    stop_unwatch();
}

static Err profile_for_a_while(Arena *a, LiveTarget *t, const LiveHeapVars *vars,
                               const LiveProfileRequest *q, LiveHeap *heap) {
    LiveStop *stop;
    bool changed;
    TRY(switch_on(a, t, vars, &changed));
    if (changed) wait_seconds(q->seconds);
    TRY(live_stop(a, t, &stop));
    Err err = live_heap_read(a, &t->memory, vars, heap);
    bool back = !changed || write_rate(t, vars, 0);
    live_go(stop);
    if (changed)
        buf_fmt(q->messages,
                "Wrote %d into runtime.MemProfileRate of process %u for %llu s, then 0 again: only "
                "what was allocated meanwhile is in the profile\n",
                RATE_DEFAULT, t->pid, (unsigned long long)q->seconds);
    else
        buf_fmt(q->messages, "Profiling is on in process %u: nothing was changed\n", t->pid);
    if (!back)
        return err_new(a, ERR_IO, vars->rate,
                       "runtime.MemProfileRate could not be set back to 0: it is %d now",
                       RATE_DEFAULT);
    return err;
}

static Err read_once(Arena *a, LiveTarget *t, const LiveHeapVars *vars, LiveHeap *heap) {
    LiveStop *stop;
    TRY(live_stop(a, t, &stop));
    Err err = live_heap_read(a, &t->memory, vars, heap);
    live_go(stop);
    return err;
}

Err live_pid_heap_profile(Arena *a, uint32_t pid, const LiveProfileRequest *q, Profile *out) {
    LiveTarget t;
    LiveHeapVars vars;
    LiveHeap heap;
    TRY(live_open_pid(a, pid, &t));
    TRY(live_profile_vars(a, &t, &vars));
    TRY(q && q->seconds ? profile_for_a_while(a, &t, &vars, q, &heap)
                        : read_once(a, &t, &vars, &heap));
    if (q && q->text) live_heap_text(&t.program, t.bias, &heap, q->text);
    live_heap_profile(a, &t.program, t.bias, &heap, out);
    out->time_nanos = clock_unix_ns();
    set_mapping(&t, &out->mappings.v[1]);
    return NULL;
}
