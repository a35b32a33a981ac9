// live/target.c: from a process's number to a program whose runtime can be read: the file it was
// started from, where that was loaded, the stop.
#include "live/live_internal.h"
#include "sys/attach.h"
#include "sys/clock.h"
#include "sys/file.h"

_Static_assert(sizeof(LivePiece) == sizeof(AttachPiece), "one is handed on as the other");

static bool read_process(void *context, uint64_t addr, void *out, size_t size) {
    return attach_read(*(const uint32_t *)context, addr, out, size);
}

static bool gather_process(void *context, const LivePiece *pieces, size_t count) {
    return attach_gather(*(const uint32_t *)context, (const AttachPiece *)pieces, count);
}

bool live_read(const LiveTarget *t, uint64_t addr, void *out, size_t size) {
    return t->memory.read(t->memory.context, addr, out, size);
}

uint64_t live_word(const LiveTarget *t, uint64_t addr) {
    uint64_t v = 0;
    return live_read(t, addr, &v, sizeof v) ? v : 0;
}

bool live_gather(const LiveTarget *t, const LivePiece *pieces, size_t count) {
    if (t->memory.gather) return t->memory.gather(t->memory.context, pieces, count);
    for (size_t i = 0; i < count; i++)
        if (!live_read(t, pieces[i].addr, pieces[i].out, pieces[i].size)) return false;
    return true;
}

static bool parse_hex(Str s, uint64_t *out) {
    uint64_t v = 0;
    if (!s.len || s.len > 16) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return false;
        v = v << 4 | (uint64_t)digit;
    }
    *out = v;
    return true;
}

// "START-END PERMS OFFSET DEVICE INODE  PATH"; PATH may have spaces.
Err live_parse_maps(Arena *a, Str text, LiveMappingVec *out) {
    while (text.len) {
        Str line = str_line(&text), rest = line;
        LiveMapping m = {0};
        if (!line.len) continue;
        Str start = str_split(&rest, '-'), end = str_split(&rest, ' ');
        Str perms = str_split(&rest, ' '), offset = str_split(&rest, ' ');
        if (!parse_hex(start, &m.start) || !parse_hex(end, &m.end) || m.end < m.start ||
            perms.len < 4 || !parse_hex(offset, &m.offset))
            return err_new(a, ERR_FORMAT, 0,
                           "a line of its memory map that makes no sense: " STR_FMT, STR_ARG(line));
        m.readable = perms.ptr[0] == 'r';
        m.writable = perms.ptr[1] == 'w';
        m.executable = perms.ptr[2] == 'x';
        (void)str_split(&rest, ' ');
        (void)str_split(&rest, ' ');
        m.name = str_trim(rest);
        vec_push(a, out, m);
    }
    return NULL;
}

static Err read_maps(Arena *a, uint32_t pid, LiveMappingVec *out) {
    Str text;
    out->len = 0;
    if (!file_try_read(a, str_to_c(a, str_fmt(a, "/proc/%u/maps", pid)), &text))
        return err_new(a, ERR_IO, 0, "its memory map (/proc/%u/maps) cannot be read", pid);
    return live_parse_maps(a, text, out);
}

// Where the program's first segment was put, less where its file says.
static Err find_bias(Arena *a, const LiveTarget *t, uint64_t *out) {
    const Object *o = &t->program.object;
    *out = 0;
    if (!o->position_independent) return NULL;
    for (uint32_t k = 0; k < t->mappings.len; k++) {
        const LiveMapping *m = &t->mappings.v[k];
        if (!str_eq(m->name, t->exe) || m->offset) continue;
        for (uint32_t i = 0; i < o->segments.len; i++)
            if (o->segments.v[i].file_offset == 0) *out = m->start - o->segments.v[i].addr;
        return NULL;
    }
    return err_new(a, ERR_FORMAT, 0, "its program is not in its memory map");
}

Err live_find_runtime(Arena *a, LiveTarget *t) {
    TRY(live_known_release(a, &t->program, &t->release));
    return live_find_vars(a, t);
}

LiveMemory live_memory_of(uint32_t *pid) { return (LiveMemory){read_process, pid, gather_process}; }

Err live_open_program(Arena *a, uint32_t pid, FileMap *map, LiveTarget *out) {
    Str link = str_fmt(a, "/proc/%u/exe", pid);
    if (!file_exists(str_fmt(a, "/proc/%u", pid))) return err_new(a, ERR_IO, 0, "no such process");
    if (file_map(a, link, map))
        return err_new(a, ERR_IO, 0,
                       "its program (" STR_FMT ") cannot be opened: run as its user, or "
                       "with CAP_SYS_PTRACE",
                       STR_ARG(link));
    LiveTarget t = {.pid = pid, .exe = path_resolve(a, link)};
    Err err = binary_open(a, map->bytes, &t.program);
    if (!err) err = read_maps(a, pid, &t.mappings);
    // Replaced since it was started: the memory map still has its name, " (deleted)" behind it.
    for (uint32_t i = 0; !err && !t.exe.len && i < t.mappings.len; i++)
        if (str_starts(t.mappings.v[i].name, STR("/"))) t.exe = t.mappings.v[i].name;
    if (!err) err = find_bias(a, &t, &t.bias);
    if (err) {
        file_unmap(map);
        return err;
    }
    *out = t;
    return NULL;
}

Err live_open_pid(Arena *a, uint32_t pid, LiveTarget *out) {
    FileMap map;
    TRY(live_open_program(a, pid, &map, out));
    Err err = live_find_runtime(a, out);
    if (err) { // else the program's names are views into it
        file_unmap(&map);
        return err;
    }
    uint32_t *context = NEW(a, uint32_t);
    *context = pid;
    out->memory = live_memory_of(context);
    return NULL;
}

// ---- the stop

struct LiveStop {
    Attach attach;
    uint64_t since;
};

static void read_threads(Arena *a, LiveTarget *t, const Attach *stopped) {
    bool amd64 = t->program.object.arch == OBJECT_AMD64;
    t->threads.len = 0;
    for (uint32_t i = 0; i < stopped->threads.len; i++) {
        LiveThread th = {.id = stopped->threads.v[i]};
        size_t got = attach_registers(th.id, th.registers, sizeof th.registers);
        th.words = (uint32_t)(got / 8);
        th.sp = th.registers[amd64 ? 19 : 31]; // struct user_regs_struct of the two
        th.pc = th.registers[amd64 ? 16 : 32];
        vec_push(a, &t->threads, th);
    }
}

Err live_stop(Arena *a, LiveTarget *t, LiveStop **out) {
    LiveStop *s = NEW(a, LiveStop);
    if (!t->pid) { // a core stands still
        *out = s;
        return NULL;
    }
    s->since = clock_ns();
    TRY(attach_stop(a, t->pid, &s->attach));
    read_threads(a, t, &s->attach);
    Err err = read_maps(a, t->pid, &t->mappings);
    if (err) {
        attach_go(&s->attach);
        return err;
    }
    *out = s;
    return NULL;
}

uint64_t live_go(LiveStop *s) {
    if (!s->since) return 0;
    attach_go(&s->attach);
    uint64_t ns = clock_ns() - s->since;
    s->since = 0;
    return ns;
}
