// live/core_write.c: a core file of a running process: registers, the list of files, and the pages
// that are in memory; what was never touched is a hole, what the program's file has is left out.
#include "live/live_internal.h"
#include "sys/attach.h"
#include "sys/file.h"
#include "sys/sparse.h"

enum {
    HEADER_BYTES = 64,
    SEGMENT_BYTES = 56,
    PAGE = 4096,
    PIECE = 4 << 20,
    STATUS_BYTES_AMD64 = 336, // struct elf_prstatus
    STATUS_BYTES_ARM64 = 392,
    INFO_BYTES = 136, // struct elf_prpsinfo
};

static void put(Buf *b, uint64_t v, size_t bytes) { // little-endian, as both are
    for (size_t i = 0; i < bytes; i++) buf_byte(b, (char)(v >> (i * 8)));
}

static void note(Buf *b, uint32_t kind, Str desc) {
    put(b, 5, 4);
    put(b, desc.len, 4);
    put(b, kind, 4);
    buf_str(b, (Str){"CORE\0\0\0\0", 8});
    buf_str(b, desc);
    buf_fill(b, 0, (4 - desc.len % 4) % 4);
}

static void thread_notes(Arena *a, const LiveTarget *t, Buf *b) {
    bool amd64 = t->program.object.arch == OBJECT_AMD64;
    size_t size = amd64 ? STATUS_BYTES_AMD64 : STATUS_BYTES_ARM64;
    for (uint32_t i = 0; i < t->threads.len; i++) {
        const LiveThread *th = &t->threads.v[i];
        char *status = NEW_ARRAY(a, char, size);
        memcpy(status + 32, &th->id, 4);
        memcpy(status + 112, th->registers, (size_t)th->words * 8);
        note(b, 1, (Str){status, size});
        if (i) continue;
        char *info = NEW_ARRAY(a, char, INFO_BYTES);
        Str name = path_base(t->exe);
        memcpy(info + 24, &t->pid, 4);
        memcpy(info + 40, name.ptr, MIN(name.len, (size_t)15));
        memcpy(info + 56, t->exe.ptr, MIN(t->exe.len, (size_t)79));
        note(b, 3, (Str){info, INFO_BYTES});
    }
}

static bool is_file(const LiveMapping *m) { return m->name.len && m->name.ptr[0] == '/'; }

static void file_note(Arena *a, const LiveTarget *t, Buf *b) {
    Buf desc = buf_new(a);
    uint64_t count = 0;
    for (uint32_t i = 0; i < t->mappings.len; i++) count += is_file(&t->mappings.v[i]);
    put(&desc, count, 8);
    put(&desc, PAGE, 8);
    for (uint32_t i = 0; i < t->mappings.len; i++) {
        const LiveMapping *m = &t->mappings.v[i];
        if (!is_file(m)) continue;
        put(&desc, m->start, 8);
        put(&desc, m->end, 8);
        put(&desc, m->offset / PAGE, 8);
    }
    for (uint32_t i = 0; i < t->mappings.len; i++)
        if (is_file(&t->mappings.v[i])) {
            buf_str(&desc, t->mappings.v[i].name);
            buf_byte(&desc, 0);
        }
    note(b, 0x46494c45, buf_view(&desc));
}

static Str all_notes(Arena *a, const LiveTarget *t) {
    Buf b = buf_new(a);
    Str auxv;
    thread_notes(a, t, &b);
    if (file_try_read(a, str_to_c(a, str_fmt(a, "/proc/%u/auxv", t->pid)), &auxv))
        note(&b, 6, auxv);
    file_note(a, t, &b);
    return buf_view(&b);
}

// Its pages stand in the core. Unchanged pages of files do not: they are in the files.
static bool dumped(const LiveMapping *m) {
    return m->readable && (m->writable || !is_file(m)) && !str_starts(m->name, STR("[v"));
}

static bool listed(const LiveMapping *m) {
    return (m->readable || m->writable || m->executable) && !str_starts(m->name, STR("[vsyscall"));
}

static void segment(Buf *b, uint32_t type, uint32_t flags, const uint64_t place[4]) {
    put(b, type, 4);
    put(b, flags, 4);
    put(b, place[0], 8); // in the file
    put(b, place[1], 8); // in memory
    put(b, 0, 8);
    put(b, place[2], 8); // bytes in the file
    put(b, place[3], 8); // bytes in memory
    put(b, type == 1 ? PAGE : 4, 8);
}

static void header(const LiveTarget *t, uint32_t segments, Buf *b) {
    buf_str(b, (Str){"\x7f"
                     "ELF\x02\x01\x01",
                     7});
    buf_fill(b, 0, 9);
    put(b, 4, 2);
    put(b, t->program.object.arch == OBJECT_AMD64 ? 62 : 183, 2);
    put(b, 1, 4);
    put(b, 0, 8);
    put(b, HEADER_BYTES, 8);
    put(b, 0, 8);
    put(b, 0, 4);
    put(b, HEADER_BYTES, 2);
    put(b, SEGMENT_BYTES, 2);
    put(b, segments, 2);
    put(b, 0, 2);
    put(b, 0, 4);
}

// The resident pages of a mapping, at their place in the file.
static Err write_mapping(Arena *a, const LiveTarget *t, const LiveMapping *m, const Sparse *file,
                         LiveCore *core) {
    enum { ROOM = 256 };
    AttachRun runs[ROOM];
    char *piece = core->piece;
    for (uint64_t at = m->start; at < m->end;) {
        int n = 1;
        if (is_file(m)) { // a page never touched is as in the file, not zero
            runs[0] = (AttachRun){m->start, m->end};
            at = m->end;
        } else {
            n = attach_resident(t->pid, ATTACH_SWAPPED_TOO, &at, (AttachRun){m->end, ROOM}, runs);
        }
        if (n < 0) return err_new(a, ERR_IO, 0, "its resident pages cannot be read");
        for (int i = 0; i < n; i++)
            for (uint64_t from = runs[i].start; from < runs[i].end; from += PIECE) {
                size_t size = (size_t)MIN(runs[i].end - from, (uint64_t)PIECE);
                if (!live_read(t, from, piece, size)) continue; // gone meanwhile: a hole
                TRY(sparse_write(a, file, core->at + (from - m->start), piece, size));
                core->written_bytes += size;
            }
    }
    return NULL;
}

static Err write_all(Arena *a, const LiveTarget *t, const Sparse *file, LiveCore *core) {
    Buf head = buf_new(a);
    uint32_t count = 1;
    for (uint32_t i = 0; i < t->mappings.len; i++) count += listed(&t->mappings.v[i]);
    if (count >= 0xffff)
        return err_new(a, ERR_LIMIT, 0, "it has too many mappings for a core file");
    Str notes = all_notes(a, t);
    header(t, count, &head);
    uint64_t at = HEADER_BYTES + (uint64_t)count * SEGMENT_BYTES;
    segment(&head, 4, 0, (const uint64_t[]){at, 0, notes.len, 0});
    uint64_t memory = (at + notes.len + PAGE - 1) / PAGE * PAGE;
    core->at = memory;
    for (uint32_t i = 0; i < t->mappings.len; i++) {
        const LiveMapping *m = &t->mappings.v[i];
        if (!listed(m)) continue;
        uint64_t bytes = dumped(m) ? m->end - m->start : 0;
        segment(&head, 1,
                (m->readable ? 4u : 0) | (m->writable ? 2u : 0) | (m->executable ? 1u : 0),
                (const uint64_t[]){core->at, m->start, bytes, m->end - m->start});
        if (bytes) TRY(write_mapping(a, t, m, file, core));
        core->at += bytes;
    }
    TRY(sparse_write(a, file, 0, head.ptr, head.len));
    return sparse_write(a, file, at, notes.ptr, notes.len);
}

Err live_write_core(Arena *a, LiveTarget *t, Str path, LiveCore *out) {
    LiveStop *stop;
    Sparse file;
    LiveCore core = {.piece = NEW_ARRAY(a, char, PIECE)};
    TRY(sparse_new(a, path, &file));
    Err err = live_stop(a, t, &stop);
    if (!err) {
        err = write_all(a, t, &file, &core);
        core.stopped_ns = live_go(stop);
    }
    if (err) {
        sparse_drop(a, &file);
        return err;
    }
    core.apparent_bytes = core.at;
    *out = core;
    return sparse_finish(a, &file, core.at);
}
