// live/gc_counters.c: the collector's own figures, read from a process that runs on: GOGC and limit
// as they are now, goal, live heap, what the last cycle saw, CPU spent on marking. The offsets are
// those the releases' debugging information gives (gc_layouts.inc).
#include "live/gc_counters.h"

#include <stdlib.h>

#include "sys/attach.h"
#include "sys/file.h"

typedef struct GcLayout {
    uint32_t release;
    ObjectArch arch;
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

// "go1.26.8", "go1.27rc1"; a GOEXPERIMENT follows as " X:name" and may change what is where.
static const GcLayout *layout_of(const Binary *p) {
    Str rest = p->build.go_version;
    uint64_t minor = 0;
    size_t digits = 0;
    if (p->object.format != OBJECT_ELF || str_find(rest, STR(" X:")) != STR_NONE) return NULL;
    if (!str_cut_prefix(&rest, STR("go1."))) return NULL;
    while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9') digits++;
    if (!str_to_u64(str_to(rest, digits), &minor)) return NULL;
    for (size_t i = 0; i < COUNT(layouts); i++)
        if (layouts[i].release == minor && layouts[i].arch == p->object.arch) return &layouts[i];
    return NULL;
}

Err live_gc_vars(Arena *a, const Binary *p, uint64_t bias, LiveGcVars *out) {
    const GcLayout *layout = layout_of(p);
    if (!layout)
        return err_new(a, ERR_FORMAT, 0,
                       "built with " STR_FMT ": the collector's variables are known for Go 1.24 to "
                       "1.27 without GOEXPERIMENT, on Linux, amd64 and arm64",
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

static bool read_process(void *context, uint64_t addr, void *out, size_t size) {
    return attach_read(*(const uint32_t *)context, addr, out, size);
}

// Where the program was loaded, less where its file says: the start of its first mapping. A line of
// maps is "START-END PERMS OFFSET DEVICE INODE  PATH".
static Err find_bias(Arena *a, uint32_t pid, const Object *o, uint64_t *out) {
    *out = 0;
    if (!o->position_independent) return NULL;
    Str maps, exe = path_resolve(a, str_fmt(a, "/proc/%u/exe", pid));
    if (!file_try_read(a, str_to_c(a, str_fmt(a, "/proc/%u/maps", pid)), &maps))
        return err_new(a, ERR_IO, 0, "its memory map (/proc/%u/maps) cannot be read", pid);
    while (maps.len) {
        Str line = str_line(&maps);
        if (!str_ends(line, exe)) continue;
        uint64_t start = strtoull(str_to_c(a, str_split(&line, '-')), NULL, 16);
        for (uint32_t i = 0; i < o->segments.len; i++)
            if (o->segments.v[i].file_offset == 0) *out = start - o->segments.v[i].addr;
        return NULL;
    }
    return err_new(a, ERR_FORMAT, 0, "its program is not in its memory map");
}

Err live_pid_gc_open(Arena *a, uint32_t pid, LiveGcSource *out) {
    FileMap map;
    Binary program;
    uint64_t bias;
    LiveGcSource s = {.pid = pid};
    Str exe = str_fmt(a, "/proc/%u/exe", pid);
    if (!file_exists(str_fmt(a, "/proc/%u", pid))) return err_new(a, ERR_IO, 0, "no such process");
    if (file_map(a, exe, &map))
        return err_new(a, ERR_IO, 0,
                       "its program (" STR_FMT ") cannot be opened: run as its user, or "
                       "with CAP_SYS_PTRACE",
                       STR_ARG(exe));
    Err err = binary_open(a, map.bytes, &program);
    if (!err) err = find_bias(a, pid, &program.object, &bias);
    if (!err) err = live_gc_vars(a, &program, bias, &s.vars);
    file_unmap(&map);
    TRY(err);
    *out = s;
    return NULL;
}

Err live_pid_gc_read(Arena *a, const LiveGcSource *s, LiveGc *out) {
    uint32_t pid = s->pid;
    LiveMemory memory = {.read = read_process, .context = &pid};
    return live_gc_read(a, &memory, &s->vars, out);
}
