// live/core_read.c: a core file (the kernel's, gcore's or ours) as a process that stands still.
// What the core leaves out of the program's file is taken from that file.
#include <stdlib.h>

#include "base/reader.h"
#include "live/live_internal.h"
#include "sys/file.h"

enum {
    TYPE_CORE = 4,
    MACHINE_AMD64 = 62,
    MACHINE_ARM64 = 183,
    SEGMENT_LOAD = 1,
    SEGMENT_NOTE = 4,
    NOTE_PRSTATUS = 1,
    NOTE_AUXV = 6,
    NOTE_FILE = 0x46494c45,
    AUX_ENTRY = 9,
    REGISTERS_AT = 112, // in struct elf_prstatus of both
    PID_AT = 32,
    SEGMENTS_MANY = 0xffff, // the count stands in the first section then
};

typedef struct CoreSegment {
    uint64_t addr, size, offset, bytes;
    bool readable, writable, executable;
} CoreSegment;

typedef struct Core {
    Arena *arena;
    Str file;
    uint16_t machine;
    VEC(CoreSegment) segments; // by address
    VEC(LiveThread) threads;
    LiveMappingVec files;
    uint64_t entry; // where the program starts, 0: not said
    const Object *program;
    uint64_t bias;
} Core;

static int compare_segment(const void *x, const void *y) {
    uint64_t a = ((const CoreSegment *)x)->addr, b = ((const CoreSegment *)y)->addr;
    return (a > b) - (a < b);
}

static void read_thread(Core *c, Str desc) {
    LiveThread t = {0};
    Reader r = reader_over(desc);
    reader_seek(&r, PID_AT);
    t.id = read_u32(&r);
    reader_seek(&r, REGISTERS_AT);
    t.words = c->machine == MACHINE_AMD64 ? 27 : 34;
    for (uint32_t i = 0; i < t.words; i++) t.registers[i] = read_u64(&r);
    t.sp = t.registers[c->machine == MACHINE_AMD64 ? 19 : 31];
    t.pc = t.registers[c->machine == MACHINE_AMD64 ? 16 : 32];
    if (!r.failed) vec_push(c->arena, &c->threads, t);
}

// NT_FILE: count, page size, {start, end, offset in pages} each, then the names.
static void read_files(Core *c, Str desc) {
    Reader r = reader_over(desc);
    uint64_t count = read_u64(&r), page = read_u64(&r);
    if (count > desc.len / 24) return;
    uint32_t from = c->files.len;
    for (uint64_t i = 0; i < count; i++) {
        LiveMapping m = {.readable = true};
        m.start = read_u64(&r);
        m.end = read_u64(&r);
        m.offset = read_u64(&r) * page;
        vec_push(c->arena, &c->files, m);
    }
    for (uint64_t i = 0; i < count; i++) c->files.v[from + i].name = read_c_string(&r);
    if (r.failed) c->files.len = from;
}

static void read_auxv(Core *c, Str desc) {
    Reader r = reader_over(desc);
    while (reader_left(&r) >= 16) {
        uint64_t key = read_u64(&r), value = read_u64(&r);
        if (key == AUX_ENTRY) c->entry = value;
    }
}

static void read_notes(Core *c, Str notes) {
    Reader r = reader_over(notes);
    while (reader_left(&r) >= 12) {
        uint32_t name = read_u32(&r), size = read_u32(&r), kind = read_u32(&r);
        if (name > reader_left(&r)) return;
        (void)read_bytes(&r, ((size_t)name + 3) & ~(size_t)3);
        if (r.failed || size > reader_left(&r)) return;
        Str desc = read_bytes(&r, size);
        if (kind == NOTE_PRSTATUS) read_thread(c, desc);
        if (kind == NOTE_FILE) read_files(c, desc);
        if (kind == NOTE_AUXV) read_auxv(c, desc);
        (void)read_bytes(&r, MIN((4 - size % 4) % 4, reader_left(&r)));
    }
}

static Err read_header(Core *c, uint64_t *table, uint64_t *count) {
    Reader r = reader_over(c->file);
    Str magic = read_bytes(&r, 16);
    if (r.failed || !str_starts(magic, STR("\x7f"
                                           "ELF\x02\x01")))
        return err_new(c->arena, ERR_FORMAT, 0, "no core file of a 64-bit process");
    uint16_t type = read_u16(&r);
    c->machine = read_u16(&r);
    if (type != TYPE_CORE || (c->machine != MACHINE_AMD64 && c->machine != MACHINE_ARM64))
        return err_new(c->arena, ERR_FORMAT, 16, "no core file of an amd64 or arm64 process");
    reader_seek(&r, 32);
    *table = read_u64(&r);
    uint64_t sections = read_u64(&r);
    reader_seek(&r, 56);
    *count = read_u16(&r);
    if (*count == SEGMENTS_MANY) { // sh_info of the first section
        reader_seek(&r, (size_t)sections + 44);
        *count = read_u32(&r);
    }
    if (r.failed || *table > c->file.len || *count > (c->file.len - *table) / 56)
        return err_new(c->arena, ERR_TRUNCATED, c->file.len, "the core file is cut short");
    return NULL;
}

static Err read_segments(Core *c) {
    uint64_t table = 0, count = 0;
    TRY(read_header(c, &table, &count));
    Reader r = reader_over(c->file);
    for (uint64_t i = 0; i < count; i++) {
        reader_seek(&r, (size_t)(table + i * 56));
        uint32_t type = read_u32(&r), flags = read_u32(&r);
        CoreSegment s = {0};
        s.offset = read_u64(&r);
        s.addr = read_u64(&r);
        (void)read_u64(&r);
        s.bytes = read_u64(&r);
        s.size = read_u64(&r);
        s.readable = flags & 4;
        s.writable = flags & 2;
        s.executable = flags & 1;
        // A file that was cut keeps what it has.
        if (s.offset > c->file.len) s.bytes = 0;
        s.bytes = MIN(s.bytes, c->file.len - MIN(s.offset, c->file.len));
        if (s.addr + s.size < s.addr) continue;
        if (type == SEGMENT_LOAD) s.bytes = MIN(s.bytes, s.size);
        if (type == SEGMENT_NOTE)
            read_notes(c, str_slice(c->file, (size_t)s.offset, (size_t)(s.offset + s.bytes)));
        if (type == SEGMENT_LOAD && s.size) vec_push(c->arena, &c->segments, s);
    }
    if (c->segments.len)
        qsort(c->segments.v, c->segments.len, sizeof *c->segments.v, compare_segment);
    return NULL;
}

// Notes may be counted before memory is: a note segment's bytes are no memory.
static const CoreSegment *segment_at(const Core *c, uint64_t addr) {
    uint32_t lo = 0, hi = c->segments.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->segments.v[mid].addr <= addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!lo) return NULL;
    const CoreSegment *s = &c->segments.v[lo - 1];
    return addr - s->addr < s->size ? s : NULL;
}

static bool read_core(void *context, uint64_t addr, void *out, size_t size) {
    const Core *c = context;
    char *to = out;
    while (size) {
        const CoreSegment *s = segment_at(c, addr);
        uint64_t at = s ? addr - s->addr : 0, n = 0;
        if (s && at < s->bytes) {
            n = MIN(s->bytes - at, (uint64_t)size);
            memcpy(to, c->file.ptr + s->offset + at, (size_t)n);
        } else if (c->program) { // left out, as the kernel does with a file's pages
            Str from = object_bytes_from(c->program, addr - c->bias);
            n = MIN(from.len, size);
            if (s) n = MIN(n, s->size - at);
            if (n) memcpy(to, from.ptr, (size_t)n);
        }
        if (!n) return false;
        to += n;
        addr += n;
        size -= (size_t)n;
    }
    return true;
}

// The file the program was started from: the one its entry lies in, else the first.
static Str program_path(const Core *c) {
    for (uint32_t i = 0; i < c->files.len; i++)
        if (c->entry >= c->files.v[i].start && c->entry < c->files.v[i].end)
            return c->files.v[i].name;
    return c->files.len ? c->files.v[0].name : STR("");
}

static uint64_t file_entry(const Object *o) { // e_entry
    Reader r = reader_over(o->bytes);
    reader_seek(&r, 24);
    return read_u64(&r);
}

// The program the core came from has its line table where the core's runtime says it is.
static Err check_program(Arena *a, const LiveTarget *t) {
    uint64_t header = live_word(t, t->program.module.addr + t->bias);
    if (t->program.module.addr && header == t->program.table_addr + t->bias) return NULL;
    return err_new(a, ERR_FORMAT, 0,
                   "the core was not written by " STR_FMT
                   " as it is now; name the program it was with --exe",
                   STR_ARG(t->exe));
}

Err live_core_program(Arena *a, Str bytes, Str *out) {
    Core c = {.arena = a, .file = bytes};
    TRY(read_segments(&c));
    if (!c.segments.len) return err_new(a, ERR_FORMAT, 0, "a core file without any memory");
    *out = program_path(&c);
    return NULL;
}

Err live_open_core(Arena *a, Str bytes, Str exe, LiveTarget *out) {
    Core *c = NEW(a, Core);
    *c = (Core){.arena = a, .file = bytes};
    FileMap map;
    TRY(read_segments(c));
    if (!c->segments.len) return err_new(a, ERR_FORMAT, 0, "a core file without any memory");
    LiveTarget t = {.exe = exe.len ? exe : program_path(c)};
    if (!t.exe.len)
        return err_new(a, ERR_FORMAT, 0,
                       "the core does not say which program it came from: name it with --exe");
    TRY(file_map(a, t.exe, &map)); // stays mapped: names are views into it
    TRY(binary_open(a, map.bytes, &t.program));
    if (t.program.object.position_independent) {
        if (!c->entry)
            return err_new(a, ERR_FORMAT, 0, "the core does not say where its program was loaded");
        t.bias = c->entry - file_entry(&t.program.object);
    }
    t.memory = (LiveMemory){read_core, c, NULL};
    for (uint32_t i = 0; i < c->threads.len; i++) vec_push(a, &t.threads, c->threads.v[i]);
    for (uint32_t i = 0; i < c->segments.len; i++) {
        const CoreSegment *s = &c->segments.v[i];
        vec_push(a, &t.mappings,
                 ((LiveMapping){.start = s->addr,
                                .end = s->addr + s->size,
                                .readable = s->readable,
                                .writable = s->writable,
                                .executable = s->executable}));
    }
    TRY(check_program(a, &t)); // by the core's own bytes
    Object *object = NEW(a, Object);
    *object = t.program.object;
    c->program = object;
    c->bias = t.bias;
    TRY(live_find_runtime(a, &t));
    *out = t;
    return NULL;
}
