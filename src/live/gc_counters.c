// live/gc_counters.c: the collector's own figures, read from a process that runs on: GOGC and limit
// as they are now, goal, live heap, what the last cycle saw, CPU spent on marking. The offsets are
// those the releases' debugging information gives (gc_layouts.inc).
#include "live/gc_counters.h"

#include "live/live_internal.h"

typedef struct GcLayout {
    uint32_t release;
    ObjectArch arch;
    const char *experiment; // the program was built with this GOEXPERIMENT, and no other
    uint32_t at[LIVE_GC_COUNT];
} GcLayout;

static const GcLayout layouts[] = {
#include "live/gc_layouts.inc"
};

// Which variable each field is in.
static const Str variables[LIVE_GC_COUNT] = {
#define X(id, variable, member) STR_INIT(variable),
#include "live/gc_fields.inc"
#undef X
};

// "go1.26.8 X:nogreenteagc" or "go1.26.8-X:nogreenteagc": the release alone, and what follows X:.
static Str cut_experiment(Str *version) {
    size_t at = str_find(*version, STR("X:"));
    if (at == STR_NONE || at == 0) return STR("");
    Str experiment = str_from(*version, at + 2);
    *version = str_to(*version, at - 1);
    return experiment;
}

// Of another collector than the release's own, the fields lie elsewhere, but are the same.
static const GcLayout *layout_of(Arena *a, const Binary *p) {
    Binary plain = *p;
    Str experiment = cut_experiment(&plain.build.go_version);
    uint32_t release;
    if (live_known_release(a, &plain, &release)) return NULL;
    for (size_t i = 0; i < COUNT(layouts); i++)
        if (layouts[i].release == release && layouts[i].arch == p->object.arch &&
            str_eq_c(experiment, layouts[i].experiment))
            return &layouts[i];
    return NULL;
}

Err live_gc_vars(Arena *a, const Binary *p, uint64_t bias, LiveGcVars *out) {
    const GcLayout *layout = layout_of(a, p);
    if (!layout)
        return err_new(a, ERR_FORMAT, 0,
                       "built with " STR_FMT ": the collector's variables are known for Go 1.24 to "
                       "1.27, of GOEXPERIMENT for the collectors alone (greenteagc, "
                       "nogreenteagc), on Linux, amd64 and arm64",
                       STR_ARG(p->build.go_version));
    if (p->stripped)
        return err_new(a, ERR_FORMAT, 0,
                       "the program is stripped (-ldflags=-s): without its symbol table the "
                       "runtime's variables are not found");
    LiveGcVars v = {0};
    for (uint32_t i = 0; i < p->symbols.len; i++) {
        if (!str_starts(p->symbols.v[i].name, STR("runtime."))) continue;
        for (int k = 0; k < LIVE_GC_COUNT; k++)
            if (str_eq(p->symbols.v[i].name, variables[k]))
                v.at[k] = p->symbols.v[i].addr + bias + layout->at[k];
    }
    for (int k = 0; k < LIVE_GC_COUNT; k++)
        if (!v.at[k])
            return err_new(a, ERR_FORMAT, 0, "the program has no variable " STR_FMT,
                           STR_ARG(variables[k]));
    *out = v;
    return NULL;
}

static bool read_fields(const LiveMemory *m, const LiveGcVars *vars, uint64_t out[LIVE_GC_COUNT]) {
    for (int k = 0; k < LIVE_GC_COUNT; k++) {
        bool half = k == LIVE_GC_PERCENT || k == LIVE_GC_CYCLES || k == LIVE_GC_FORCED ||
                    k == LIVE_GC_PHASE;
        uint32_t word32 = 0;
        uint64_t word64 = 0;
        if (!m->read(m->context, vars->at[k], half ? (void *)&word32 : &word64, half ? 4 : 8))
            return false;
        out[k] = half ? word32 : word64;
    }
    return true;
}

// What the limit leaves for the heap, by the runtime's rule (runtime/mgcpacer.go,
// memoryLimitHeapGoal): the limit less all that is mapped and no heap, less 3 % (1 MiB at least).
static uint64_t limited_goal(const uint64_t v[LIVE_GC_COUNT]) {
    const uint64_t mebibyte = 1 << 20;
    uint64_t limit = v[LIVE_GC_LIMIT], mapped = v[LIVE_GC_MAPPED];
    uint64_t heap = v[LIVE_GC_HEAP_FREE] + v[LIVE_GC_ALLOC] - v[LIVE_GC_FREE];
    uint64_t other = mapped > heap ? mapped - heap : 0, over = mapped > limit ? mapped - limit : 0;
    if (other + over >= limit) return v[LIVE_GC_MARKED];
    uint64_t goal = limit - (other + over), spare = MAX(goal / 100 * 3, mebibyte);
    goal = goal < spare * 2 ? spare : goal - spare;
    return MAX(goal, v[LIVE_GC_MARKED]);
}

Err live_gc_read(Arena *a, const LiveMemory *m, const LiveGcVars *vars, LiveGc *out) {
    enum { TRIES = 20 }; // a cycle that ends between two reads
    uint64_t v[LIVE_GC_COUNT];
    uint32_t cycles;
    for (int i = 0;; i++) {
        if (!read_fields(m, vars, v) ||
            !m->read(m->context, vars->at[LIVE_GC_CYCLES], &cycles, sizeof cycles))
            return err_new(a, ERR_IO, 0,
                           "the runtime's figures cannot be read: the process has ended, or its "
                           "memory is not ours to read (its user, or CAP_SYS_PTRACE)");
        if (cycles == v[LIVE_GC_CYCLES]) break;
        if (i == TRIES)
            return err_new(a, ERR_LIMIT, 0, "cycles follow each other too fast for one look");
    }
    *out = (LiveGc){.gogc = (int32_t)(uint32_t)v[LIVE_GC_PERCENT],
                    .memlimit = v[LIVE_GC_LIMIT],
                    .goal = MIN(v[LIVE_GC_GOAL], limited_goal(v)),
                    .marked = v[LIVE_GC_MARKED],
                    .live = v[LIVE_GC_LIVE],
                    .alloc = v[LIVE_GC_ALLOC],
                    .freed = v[LIVE_GC_FREE],
                    .stack_scan = v[LIVE_GC_STACK_SCAN],
                    .globals_scan = v[LIVE_GC_GLOBALS_SCAN],
                    .last_start = v[LIVE_GC_HEAP_AT_START],
                    .last_end = v[LIVE_GC_HEAP_AT_END],
                    .last_marked = v[LIVE_GC_HEAP_MARKED],
                    .assist_ns = v[LIVE_GC_ASSIST_NS],
                    .dedicated_ns = v[LIVE_GC_DEDICATED_NS],
                    .idle_ns = v[LIVE_GC_IDLE_NS],
                    .paused_ns = v[LIVE_GC_PAUSED_NS],
                    .marking = v[LIVE_GC_PHASE] != 0,
                    .cycles = cycles,
                    .forced = (uint32_t)v[LIVE_GC_FORCED]};
    return NULL;
}

// ---- a process

Err live_pid_gc_open(Arena *a, uint32_t pid, LiveGcSource *out) {
    FileMap map;
    LiveTarget t;
    LiveGcSource s = {.pid = pid};
    TRY(live_open_program(a, pid, &map, &t));
    Err err = live_gc_vars(a, &t.program, t.bias, &s.vars);
    file_unmap(&map);
    TRY(err);
    *out = s;
    return NULL;
}

Err live_pid_gc_read(Arena *a, const LiveGcSource *s, LiveGc *out) {
    uint32_t pid = s->pid;
    LiveMemory memory = live_memory_of(&pid);
    return live_gc_read(a, &memory, &s->vars, out);
}
