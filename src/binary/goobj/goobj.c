// binary/goobj: the tables of a Go object file. Layout: cmd/internal/goobj/objfile.go.
#include "binary/goobj/goobj.h"

#include <string.h>

#include "binary/pclntab/pclntab.h"

enum { // the blocks we read
    BLOCK_FILES = 2,
    BLOCK_SYMBOLS = 3, // four lists of definitions, then references
    BLOCK_REFERENCES = 7,
    BLOCK_RELOC_INDEX = 11,
    BLOCK_AUX_INDEX,
    BLOCK_DATA_INDEX,
    BLOCK_RELOCS,
    BLOCK_AUX,
    BLOCK_DATA,
    BLOCK_NAMES
};
enum { HEAD_BYTES = 20, SYMBOL_BYTES = 21, RELOC_BYTES = 23, AUX_BYTES = 9, NAME_BYTES = 16 };
enum { STRING_BYTES = 8, AUX_PC_FILE = 8, AUX_PC_LINE = 9, ABI_STATIC = 0xffff };
enum { // which list a reference's number counts in
    IN_SELF = INT32_MAX - 4,
    IN_BUILTIN,
    IN_HASHED,
    IN_HASHED64,
    IN_NONE
};

typedef struct GoobjNames {
    uint32_t minor;
    const char *const *builtins;
    size_t builtin_count;
    const char *const *relocations;
    size_t relocation_count;
} GoobjNames;

#include "binary/goobj/goobj_tables.inc"

static uint64_t word(const Goobj *o, uint64_t at, unsigned size) {
    uint64_t v = 0;
    if (at > o->bytes.len || o->bytes.len - at < size) return 0;
    memcpy(&v, o->bytes.ptr + at, size); // little-endian, as the format
    return v;
}

static uint32_t u32(const Goobj *o, uint64_t at) { return (uint32_t)word(o, at, 4); }

static Str string_at(const Goobj *o, uint64_t at) {
    uint64_t len = u32(o, at), start = u32(o, at + 4);
    return start <= o->bytes.len && len <= o->bytes.len - start
               ? str_slice(o->bytes, (size_t)start, (size_t)(start + len))
               : STR("");
}

static uint32_t entries(const Goobj *o, unsigned block, uint32_t each) {
    return (o->block[block + 1] - o->block[block]) / each;
}

static uint32_t minor_of(Str version) {
    uint64_t n = 0;
    if (!str_cut_prefix(&version, STR("go1."))) return 0; // a development version: the newest
    str_to_u64(str_split(&version, '.'), &n);
    return (uint32_t)n;
}

Err goobj_open(Arena *a, const ArchiveMember *m, Goobj *out) {
    Goobj o = {.bytes = m->bytes, .arch = m->arch, .minor = minor_of(m->version)};
    Str magic = str_to(o.bytes, 8);
    if (!str_eq(magic, STR("\0go120ld")))
        return str_starts(magic, STR("\0go1")) && str_ends(magic, STR("ld"))
                   ? err_new(a, ERR_FORMAT, 0, "go object of a different version: \"" STR_FMT "\"",
                             STR_ARG(str_from(magic, 1)))
                   : err_new(a, ERR_FORMAT, 0, "corrupt object file");
    for (unsigned i = 0; i < GOOBJ_BLOCKS; i++) {
        o.block[i] = u32(&o, HEAD_BYTES + i * 4);
        if (o.block[i] > o.bytes.len || (i && o.block[i] < o.block[i - 1]))
            return err_new(a, ERR_TRUNCATED, HEAD_BYTES + i * 4,
                           "a block of the Go object file lies outside of it");
    }
    for (unsigned i = 0; i < 4; i++) {
        o.list[i] = entries(&o, BLOCK_SYMBOLS + i, SYMBOL_BYTES);
        o.defined += o.list[i];
    }
    o.nrefs = entries(&o, BLOCK_REFERENCES, SYMBOL_BYTES);
    if (entries(&o, BLOCK_DATA_INDEX, 4) < o.defined)
        return err_new(a, ERR_TRUNCATED, 0, "the Go object file has symbols without data");
    *out = o;
    return NULL;
}

// The i-th symbol: lists of definitions and references follow each other.
static uint64_t symbol_at(const Goobj *o, uint32_t i) {
    return o->block[BLOCK_SYMBOLS] + (uint64_t)i * SYMBOL_BYTES;
}

static uint64_t data_offset(const Goobj *o, uint32_t i) {
    return (uint32_t)(o->block[BLOCK_DATA] + u32(o, o->block[BLOCK_DATA_INDEX] + (uint64_t)i * 4));
}

// Kinds of symbols; those of Go's cryptographic module stand beside the plain ones from 1.24 on.
static char letter(const Goobj *o, uint8_t kind) {
    static const char now[] = "?TTRRDDDDBBB", before[] = "?TRDDBBB";
    bool old = o->minor && o->minor < 24;
    size_t n = old ? sizeof before - 1 : sizeof now - 1;
    return kind < n ? (old ? before : now)[kind] : '?';
}

static bool is_static(const Goobj *o, uint32_t i) {
    return word(o, symbol_at(o, i) + 8, 2) == ABI_STATIC;
}

Err goobj_symbols(Arena *a, const Goobj *o, GoobjSymbols *out) {
    GoobjSymbols all = {0};
    for (uint32_t i = 0; i < o->defined + o->nrefs; i++) {
        uint64_t at = symbol_at(o, i);
        Symbol s = {.name = string_at(o, at), .code = 'U'};
        if (i < o->defined) {
            if (!s.name.len) continue;
            s.code = letter(o, (uint8_t)word(o, at + 10, 1));
            s.addr = data_offset(o, i);
            s.size_bytes = u32(o, at + 13);
            if (is_static(o, i)) {
                s.code = (char)(s.code + 32);
                s.name = str_join2(a, s.name, STR("<1>"));
            }
        }
        vec_push(a, &all.symbols, s);
        vec_push(a, &all.defs, i < o->defined ? i + 1 : 0);
    }
    for (uint32_t i = 0; i < entries(o, BLOCK_NAMES, NAME_BYTES); i++) {
        uint64_t at = o->block[BLOCK_NAMES] + (uint64_t)i * NAME_BYTES;
        Symbol s = {.name = string_at(o, at + 8), .code = 'U'};
        vec_push(a, &all.symbols, s);
        vec_push(a, &all.defs, 0);
    }
    *out = all;
    return NULL;
}

// ---- relocations

uint32_t goobj_reloc_count(const Goobj *o, uint32_t def) {
    uint64_t at = o->block[BLOCK_RELOC_INDEX] + (uint64_t)def * 4;
    uint32_t from = u32(o, at), to = u32(o, at + 4);
    return def < o->defined && to > from && to <= entries(o, BLOCK_RELOCS, RELOC_BYTES) ? to - from
                                                                                        : 0;
}

bool goobj_reloc(const Goobj *o, uint32_t def, uint32_t i, GoobjReloc *out) {
    if (i >= goobj_reloc_count(o, def)) return false;
    uint32_t first = u32(o, o->block[BLOCK_RELOC_INDEX] + (uint64_t)def * 4);
    uint64_t at = o->block[BLOCK_RELOCS] + ((uint64_t)first + i) * RELOC_BYTES;
    *out = (GoobjReloc){.offset = (int32_t)u32(o, at),
                        .size = (uint8_t)word(o, at + 4, 1),
                        .type = (uint16_t)word(o, at + 5, 2),
                        .add = (int64_t)word(o, at + 7, 8),
                        .package = u32(o, at + 15),
                        .symbol = u32(o, at + 19)};
    return true;
}

static const GoobjNames *names_of(const Goobj *o) {
    const GoobjNames *best = &release_names[0];
    for (size_t i = 0; i < COUNT(release_names); i++)
        if (!o->minor || release_names[i].minor <= o->minor) best = &release_names[i];
    return best;
}

static void write_symbol(const Goobj *o, Buf *out, uint32_t i) {
    if (i >= o->defined + o->nrefs) return;
    buf_str(out, string_at(o, symbol_at(o, i)));
    if (is_static(o, i)) buf_lit(out, "<1>");
}

static void write_foreign(const Goobj *o, Buf *out, const GoobjReloc *r) {
    for (uint32_t i = 0; i < entries(o, BLOCK_NAMES, NAME_BYTES); i++) {
        uint64_t at = o->block[BLOCK_NAMES] + (uint64_t)i * NAME_BYTES;
        if (u32(o, at) != r->package || u32(o, at + 4) != r->symbol) continue;
        buf_str(out, string_at(o, at + 8));
        return;
    }
}

static void write_target(const Goobj *o, Buf *out, const GoobjReloc *r) {
    const GoobjNames *n = names_of(o);
    switch (r->package) {
    case 0: return;
    case IN_SELF: write_symbol(o, out, r->symbol); return;
    case IN_HASHED64: write_symbol(o, out, o->list[0] + r->symbol); return;
    case IN_HASHED: write_symbol(o, out, o->list[0] + o->list[1] + r->symbol); return;
    case IN_NONE: write_symbol(o, out, o->list[0] + o->list[1] + o->list[2] + r->symbol); return;
    case IN_BUILTIN:
        if (r->symbol < n->builtin_count) buf_c(out, n->builtins[r->symbol]);
        return;
    default: write_foreign(o, out, r); return;
    }
}

void goobj_write_reloc(const Goobj *o, Buf *out, const GoobjReloc *r, int64_t from) {
    const GoobjNames *n = names_of(o);
    int64_t start = r->offset - from;
    buf_fmt(out, "[%lld:%lld]", (long long)start, (long long)(start + r->size));
    if (r->type && r->type < n->relocation_count)
        buf_c(out, n->relocations[r->type]);
    else
        buf_fmt(out, "RelocType(%d)", (int)(int16_t)r->type);
    size_t before = out->len;
    buf_byte(out, ':');
    write_target(o, out, r);
    bool named = out->len > before + 1;
    if (!named) out->len = before;
    if (r->add) buf_fmt(out, named ? "+%lld" : ":%lld", (long long)r->add);
}

// ---- lines

// A table of pc values: the data of a symbol of the list of hashed ones.
static bool pc_table(const Goobj *o, uint32_t def, uint8_t kind, Str *out) {
    uint64_t index = o->block[BLOCK_AUX_INDEX] + (uint64_t)def * 4;
    uint32_t from = u32(o, index), to = u32(o, index + 4);
    if (to > entries(o, BLOCK_AUX, AUX_BYTES)) return false;
    for (uint32_t i = from; i < to; i++) {
        uint64_t at = o->block[BLOCK_AUX] + (uint64_t)i * AUX_BYTES;
        if (word(o, at, 1) != kind || u32(o, at + 1) != IN_HASHED) continue;
        uint32_t symbol = o->list[0] + o->list[1] + u32(o, at + 5);
        if (symbol >= o->defined) return false;
        uint64_t start = data_offset(o, symbol), end = data_offset(o, symbol + 1);
        *out = start < end ? str_slice(o->bytes, (size_t)start, (size_t)end) : STR("");
        return out->len != 0;
    }
    return false;
}

static int32_t value_at(const Goobj *o, Str values, uint64_t pc) {
    Pclntab table = {.values = values, .quantum = str_eq(o->arch, STR("amd64")) ? 1 : 4};
    PclnWalk w = pclntab_walk(&table, 0, 0);
    return pclntab_value_at(&w, pc);
}

static bool holds(const Goobj *o, uint32_t def, uint64_t pc) {
    uint64_t start = data_offset(o, def);
    return pc >= start && pc - start < u32(o, symbol_at(o, def) + 13);
}

static bool locate_in(const Goobj *o, uint32_t def, uint64_t pc, Str *file, int32_t *line) {
    Str files, lines;
    if (!holds(o, def, pc) || !pc_table(o, def, AUX_PC_FILE, &files) ||
        !pc_table(o, def, AUX_PC_LINE, &lines))
        return false;
    uint64_t at = pc - data_offset(o, def);
    int32_t number = value_at(o, files, at);
    if (number >= 0 && (uint32_t)number < entries(o, BLOCK_FILES, STRING_BYTES))
        *file = string_at(o, o->block[BLOCK_FILES] + (uint64_t)number * STRING_BYTES);
    *line = value_at(o, lines, at);
    return true;
}

bool goobj_locate(const Goobj *o, uint32_t def, uint64_t pc, Str *file, int32_t *line) {
    *file = STR("");
    *line = 0;
    if (def < o->defined && locate_in(o, def, pc, file, line)) return true;
    if (def < o->defined && holds(o, def, pc)) return false;
    for (uint32_t i = 0; i < o->defined; i++) // an empty symbol stands where another one starts
        if (locate_in(o, i, pc, file, line)) return true;
    return false;
}
