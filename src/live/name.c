// live/name.c: addresses and numbers of the process become the names its program's file has for
// them.
#include "live/live_internal.h"

LiveSite live_site(const LiveTarget *t, uint64_t address, bool is_return) {
    BinaryFrame f;
    uint64_t pc = address - t->bias;
    if (!address || !binary_frames(&t->program, is_return ? pc - 1 : pc, &f, 1))
        return (LiveSite){0};
    return (LiveSite){f.name, f.file, f.line};
}

// One string of runtime.waitReasonStrings.
static Str reason(const LiveTarget *t, uint64_t at) {
    const Object *o = &t->program.object;
    uint64_t ptr, len;
    if (!object_pointer_at(o, at, &ptr) || !object_pointer_at(o, at + 8, &len) || len > 64)
        return STR("");
    return object_bytes_at(o, ptr, len);
}

Str live_state(const LiveTarget *t, const LiveGoroutine *g) {
    static const char *const names[] = {"idle", "runnable", "running", "system call", "waiting", "",
                                        "dead", "",         "stack",   "preempted",   "leaked"};
    Str s = g->status < COUNT(names) ? str_c(names[g->status]) : STR("");
    if (g->status == LIVE_G_WAITING && t->vars[LIVE_VAR_WAIT_REASONS]) {
        uint64_t list = t->vars[LIVE_VAR_WAIT_REASONS] - t->bias;
        Str why = reason(t, list + (uint64_t)g->wait_reason * 16);
        if (why.len) return why;
    }
    return s;
}
