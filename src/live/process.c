// live/process.c: from a process's number to its profile: the program it was started from, where
// that was loaded, one short stop to copy.
#include <string.h>

#include "live/live.h"
#include "sys/attach.h"
#include "sys/clock.h"
#include "sys/file.h"

static bool read_process(void *context, uint64_t addr, void *out, size_t size) {
    return attach_read(*(const uint32_t *)context, addr, out, size);
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

// Where the program's first segment was put, less where its file says. A line of maps is
// "START-END PERMS OFFSET DEVICE INODE  PATH"; the program's first one has offset 0.
static Err find_bias(Arena *a, uint32_t pid, const Object *o, uint64_t *out) {
    *out = 0;
    if (!o->position_independent) return NULL;
    Str maps, exe = path_resolve(a, str_fmt(a, "/proc/%u/exe", pid));
    if (!file_try_read(a, str_to_c(a, str_fmt(a, "/proc/%u/maps", pid)), &maps))
        return err_new(a, ERR_IO, 0, "its memory map (/proc/%u/maps) cannot be read", pid);
    while (maps.len) {
        Str line = str_line(&maps), rest = line;
        uint64_t start;
        Str first = str_split(&rest, '-');
        if (!str_ends(line, exe) || !parse_hex(first, &start)) continue;
        for (uint32_t i = 0; i < o->segments.len; i++)
            if (o->segments.v[i].file_offset == 0) *out = start - o->segments.v[i].addr;
        return NULL;
    }
    return err_new(a, ERR_FORMAT, 0, "its program is not in its memory map");
}

static Err copy_heap(Arena *a, uint32_t pid, const LiveHeapVars *vars, LiveHeap *out) {
    Attach stopped;
    LiveMemory memory = {read_process, &pid};
    TRY(attach_stop(a, pid, &stopped));
    Err err = live_heap_read(a, &memory, vars, out);
    attach_go(&stopped);
    return err;
}

static Err heap_of(Arena *a, uint32_t pid, Str bytes, Profile *out) {
    Binary program;
    LiveHeapVars vars;
    LiveHeap heap;
    uint64_t bias;
    TRY(binary_open(a, bytes, &program));
    TRY(find_bias(a, pid, &program.object, &bias));
    TRY(live_heap_vars(a, &program, bias, &vars));
    TRY(copy_heap(a, pid, &vars, &heap));
    live_heap_profile(a, &program, bias, &heap, out);
    out->time_nanos = clock_unix_ns();
    return NULL;
}

Err live_pid_heap_profile(Arena *a, uint32_t pid, Profile *out) {
    FileMap map;
    Str exe = str_fmt(a, "/proc/%u/exe", pid);
    if (!file_exists(str_fmt(a, "/proc/%u", pid))) return err_new(a, ERR_IO, 0, "no such process");
    Err err = file_map(a, exe, &map);
    if (err)
        return err_new(a, ERR_IO, 0,
                       "its program (" STR_FMT ") cannot be opened: run as its user, or "
                       "with CAP_SYS_PTRACE",
                       STR_ARG(exe));
    err = heap_of(a, pid, map.bytes, out);
    if (err) { // else the profile's names are views into it
        file_unmap(&map);
        return err;
    }
    out->mappings.v[1].file = path_resolve(a, exe);
    return NULL;
}
