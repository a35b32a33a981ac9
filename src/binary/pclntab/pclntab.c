// binary/pclntab: header, functions, pc-value tables. Layout: runtime/symtab.go,
// golang.org/s/go12symtab.
#include "binary/pclntab/pclntab.h"

#include <string.h>

#include "base/reader.h"

static uint64_t word(const Pclntab *t, Str s, uint64_t at, unsigned size) {
    if (at > s.len || s.len - at < size) return 0;
    const uint8_t *p = (const uint8_t *)s.ptr + at;
    uint64_t v = 0;
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)p[i] << 8 * (t->big_endian ? size - 1 - i : i);
    return v;
}

static uint32_t u32(const Pclntab *t, Str s, uint64_t at) {
    uint32_t v;
    if (at > s.len || s.len - at < 4) return 0;
    memcpy(&v, s.ptr + at, 4);
    return t->big_endian ? __builtin_bswap32(v) : v;
}

static unsigned index_field(const Pclntab *t) {
    return t->version >= PCLN_118 ? 4 : t->pointer_bytes;
}

static bool known_magic(uint32_t magic, PclnVersion *out) {
    switch (magic) {
    case 0xfffffffb: *out = PCLN_12; return true;
    case 0xfffffffa: *out = PCLN_116; return true;
    case 0xfffffff0: *out = PCLN_118; return true;
    case 0xfffffff1: *out = PCLN_120; return true;
    default: return false;
    }
}

static bool read_magic(Pclntab *t) {
    t->big_endian = false;
    if (known_magic(u32(t, t->data, 0), &t->version)) return true;
    t->big_endian = true;
    return known_magic(u32(t, t->data, 0), &t->version);
}

// The k-th pointer-sized word behind the first eight bytes.
static uint64_t header_word(const Pclntab *t, unsigned k) {
    return word(t, t->data, 8 + (uint64_t)k * t->pointer_bytes, t->pointer_bytes);
}

static Str tail(const Pclntab *t, unsigned k) {
    uint64_t at = header_word(t, k);
    return at < t->data.len ? str_from(t->data, (size_t)at) : STR("");
}

// From 1.16 on the header lists where each part starts; 1.18 put the text address before them.
static void read_parts(Pclntab *t) {
    unsigned first = t->version >= PCLN_118 ? 3 : 2;
    t->func_count = (uint32_t)header_word(t, 0);
    t->file_count = (uint32_t)header_word(t, 1);
    t->names = tail(t, first);
    t->units = tail(t, first + 1);
    t->files = tail(t, first + 2);
    t->values = tail(t, first + 3);
    t->funcs = t->index = tail(t, first + 4);
}

static void read_parts_12(Pclntab *t) {
    t->func_count = (uint32_t)header_word(t, 0);
    t->funcs = t->names = t->values = t->data;
    t->index = str_from(t->data, 8 + t->pointer_bytes);
    uint64_t end = ((uint64_t)t->func_count * 2 + 1) * t->pointer_bytes;
    uint32_t at = u32(t, t->index, end);
    t->files = at < t->data.len ? str_from(t->data, at) : STR("");
    t->file_count = u32(t, t->files, 0);
}

uint64_t pclntab_entry(const Pclntab *t, uint32_t i) {
    unsigned size = index_field(t);
    uint64_t v = word(t, t->index, (uint64_t)i * 2 * size, size);
    return t->version >= PCLN_118 ? v + t->text : v;
}

// Functions stand by address; where that ends the table is broken, and what follows could make
// every function as long as the program.
static uint32_t count_in_order(const Pclntab *t) {
    uint64_t last = 0;
    for (uint32_t i = 0; i <= t->func_count; i++) {
        uint64_t entry = pclntab_entry(t, i);
        if (entry < last) return i - 1;
        last = entry;
    }
    return t->func_count;
}

Err pclntab_open(Arena *a, Str data, uint64_t text, Pclntab *out) {
    Pclntab t = {.data = data, .text = text};
    if (data.len < 16 || data.ptr[4] || data.ptr[5] || !read_magic(&t))
        return err_new(a, ERR_FORMAT, 0, "no Go line table of a known format (pclntab)");
    t.quantum = (uint8_t)data.ptr[6];
    t.pointer_bytes = (uint8_t)data.ptr[7];
    bool sane = (t.quantum == 1 || t.quantum == 2 || t.quantum == 4) &&
                (t.pointer_bytes == 4 || t.pointer_bytes == 8);
    if (!sane) return err_new(a, ERR_FORMAT, 6, "bad header of the Go line table (pclntab)");
    if (t.version == PCLN_12)
        read_parts_12(&t);
    else
        read_parts(&t);
    uint64_t bytes = ((uint64_t)t.func_count * 2 + 1) * index_field(&t);
    if (bytes > t.index.len)
        return err_new(a, ERR_TRUNCATED, 8, "the Go line table names %u functions but is too short",
                       t.func_count);
    t.index = str_to(t.index, (size_t)bytes);
    t.func_count = count_in_order(&t);
    *out = t;
    return NULL;
}

static bool c_string(Str s, uint64_t at, Str *out) {
    if (at >= s.len) return false;
    const char *p = s.ptr + at, *nul = memchr(p, 0, s.len - (size_t)at);
    if (!nul) return false;
    *out = (Str){p, (size_t)(nul - p)};
    return true;
}

bool pclntab_func(const Pclntab *t, uint32_t i, PclnFunc *out) {
    if (i >= t->func_count) return false;
    unsigned size = index_field(t);
    uint64_t at = word(t, t->index, ((uint64_t)i * 2 + 1) * size, size);
    if (at >= t->funcs.len) return false;
    // The record: entry, then 32-bit fields, the last of them split in bytes.
    uint64_t fields = at + (t->version >= PCLN_118 ? 4 : t->pointer_bytes);
    PclnFunc f = {.index = i,
                  .entry = pclntab_entry(t, i),
                  .end = pclntab_entry(t, i + 1),
                  .offset = (size_t)at};
    uint64_t tail_at = fields + (t->version == PCLN_12 ? 28 : t->version == PCLN_120 ? 36 : 32);
    if (tail_at + 4 > t->funcs.len) return false;
    f.name_offset = u32(t, t->funcs, fields);
    f.args_bytes = (int32_t)u32(t, t->funcs, fields + 4);
    f.deferreturn = u32(t, t->funcs, fields + 8);
    f.pcsp = u32(t, t->funcs, fields + 12);
    f.pcfile = u32(t, t->funcs, fields + 16);
    f.pcln = u32(t, t->funcs, fields + 20);
    f.pcdata_count = u32(t, t->funcs, fields + 24);
    if (t->version != PCLN_12) f.unit = u32(t, t->funcs, fields + 28);
    if (t->version == PCLN_120) f.start_line = u32(t, t->funcs, fields + 32);
    f.id = (uint8_t)t->funcs.ptr[tail_at];
    f.flags = (uint8_t)t->funcs.ptr[tail_at + 1];
    f.funcdata_count = (uint8_t)t->funcs.ptr[tail_at + 3];
    unsigned datum = t->version >= PCLN_118 ? 4 : t->pointer_bytes;
    uint64_t pcdata_end = tail_at + 4 + (uint64_t)f.pcdata_count * 4;
    if (datum == 8) pcdata_end = (pcdata_end + 7) & ~(uint64_t)7;
    uint64_t end = pcdata_end + (uint64_t)f.funcdata_count * datum;
    if (end > t->funcs.len) return false;
    f.record_bytes = (size_t)(end - at);
    c_string(t->names, f.name_offset, &f.name);
    *out = f;
    return true;
}

// Where the funcdata words start: they end the record.
static size_t funcdata_at(const Pclntab *t, const PclnFunc *f) {
    unsigned datum = t->version >= PCLN_118 ? 4 : t->pointer_bytes;
    return f->offset + f->record_bytes - (size_t)f->funcdata_count * datum;
}

uint32_t pclntab_pcdata(const Pclntab *t, const PclnFunc *f, unsigned which) {
    if (which >= f->pcdata_count) return UINT32_MAX;
    uint64_t head = f->offset + (t->version >= PCLN_118 ? 4 : t->pointer_bytes) +
                    (t->version == PCLN_12    ? 32
                     : t->version == PCLN_120 ? 40
                                              : 36);
    return u32(t, t->funcs, head + (uint64_t)which * 4);
}

uint32_t pclntab_funcdata(const Pclntab *t, const PclnFunc *f, unsigned which) {
    if (which >= f->funcdata_count || t->version < PCLN_118) return UINT32_MAX;
    return u32(t, t->funcs, funcdata_at(t, f) + (uint64_t)which * 4);
}

size_t pclntab_funcdata_place(const Pclntab *t, const PclnFunc *f, unsigned which) {
    if (which >= f->funcdata_count || t->version >= PCLN_118) return 0;
    size_t part = (size_t)(t->funcs.ptr - t->data.ptr);
    return part + funcdata_at(t, f) + (size_t)which * t->pointer_bytes;
}

bool pclntab_func_at(const Pclntab *t, uint64_t pc, PclnFunc *out) {
    if (!t->func_count || pc < pclntab_entry(t, 0) || pc >= pclntab_entry(t, t->func_count))
        return false;
    uint32_t lo = 0, hi = t->func_count; // first function that starts above pc
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (pclntab_entry(t, mid) > pc)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo > 0 && pclntab_func(t, lo - 1, out);
}

Str pclntab_file(const Pclntab *t, const PclnFunc *f, int32_t number) {
    Str name = STR("");
    if (t->version == PCLN_12) {
        if (number <= 0 || (uint32_t)number >= t->file_count) return name;
        c_string(t->data, u32(t, t->files, (uint64_t)number * 4), &name);
        return name;
    }
    // In 32 bits, as Go counts: functions without a unit (-1) wrap around to the table's start.
    uint32_t at = (f->unit + (uint32_t)number) * 4;
    if (number < 0 || (uint64_t)at + 4 > t->units.len) return name;
    uint32_t offset = u32(t, t->units, at);
    if (offset != UINT32_MAX) c_string(t->files, offset, &name);
    return name;
}

PclnWalk pclntab_walk(const Pclntab *t, uint32_t offset, uint64_t entry) {
    PclnWalk w = {.table = t, .entry = entry, .pc = entry, .value = -1};
    if (offset < t->values.len)
        w.left = str_from(t->values, offset);
    else
        w.done = true;
    return w;
}

static bool varint(Str *s, uint32_t *out) {
    uint32_t v = 0;
    for (unsigned shift = 0; s->len; shift += 7) {
        uint8_t b = (uint8_t)*s->ptr;
        s->ptr++;
        s->len--;
        if (shift < 32) v |= (uint32_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) {
            *out = v;
            return true;
        }
    }
    return false;
}

// A run of nothing is never written, but functions of C have no table and say 0: what Go reads
// there, its tables' first bytes, holds some. Too many would let a walk stand still.
bool pclntab_step(PclnWalk *w) {
    enum { EMPTY_MAX = 64 };
    uint32_t value, run;
    bool first = w->pc == w->entry;
    if (w->done || !varint(&w->left, &value) || (value == 0 && !first) || !varint(&w->left, &run) ||
        (!run && ++w->empty > EMPTY_MAX)) {
        w->done = true;
        w->value = -1;
        return false;
    }
    uint32_t delta = value & 1 ? ~(value >> 1) : value >> 1;
    w->value = (int32_t)((uint32_t)w->value + delta);
    w->pc += (uint64_t)(run * w->table->quantum);
    return true;
}

int32_t pclntab_value_at(PclnWalk *w, uint64_t pc) {
    while (!w->done && pc >= w->pc) pclntab_step(w);
    return w->value;
}

size_t pclntab_values_bytes(const Pclntab *t, uint32_t offset, size_t room) {
    PclnWalk w = pclntab_walk(t, offset, 0);
    if (w.done) return 0;
    w.left = str_to(w.left, MIN(room, w.left.len));
    size_t before = w.left.len;
    while (pclntab_step(&w)) continue;
    return before - w.left.len;
}

PclnCursor pclntab_cursor(const Pclntab *t) { return (PclnCursor){.table = t}; }

static bool enter(PclnCursor *c, uint64_t pc) {
    c->have = pclntab_func_at(c->table, pc, &c->func);
    if (!c->have) return false;
    c->file = pclntab_walk(c->table, c->func.pcfile, c->func.entry);
    c->line = pclntab_walk(c->table, c->func.pcln, c->func.entry);
    c->file_number = -1;
    c->file_name = STR("");
    return true;
}

bool pclntab_locate(PclnCursor *c, uint64_t pc, Str *file, int32_t *line) {
    bool inside = c->have && pc >= c->last && pc < c->func.end;
    c->last = pc;
    *file = STR("");
    *line = 0;
    if (!inside && !enter(c, pc)) return false;
    int32_t number = pclntab_value_at(&c->file, pc);
    if (number != c->file_number) {
        c->file_number = number;
        c->file_name = number < 0 ? STR("") : pclntab_file(c->table, &c->func, number);
    }
    *file = c->file_name;
    *line = pclntab_value_at(&c->line, pc);
    return true;
}
