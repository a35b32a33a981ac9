// view/objdump: symbols by address, one block of lines per function, columns lined up within it as
// Go's text/tabwriter does (cells of at least 18 columns, padded with tabs to multiples of 8).
// Memory stays that of one function: blocks are made when the page is written.
#include "view/objdump.h"

#include <string.h>

#include "base/utf8.h"
#include "binary/asm/asm.h"
#include "binary/goobj/goobj.h"
#include "binary/pclntab/pclntab.h"
#include "view/code_names.h"

enum {
    CELL_MIN = 18,
    TAB = 8,
    CELLS_MAX = 5, // the last one: relocations of a Go object file
    PIECE_BYTES = 1 << 16,
    RELEASE_BYTES = 4 << 20,
    LARGE_BYTES = 1 << 15, // of code: such a function is not held as a whole
    ROWS_HELD = 512
};

typedef struct Row {
    int cells;
    size_t cell[CELLS_MAX + 1]; // ends of the cells in the block's text; [0] is its start
    uint32_t width[CELLS_MAX];
} Row;

typedef struct SourceFile {
    Str path, bytes;
    bool there;
    U32Vec lines; // start of each
} SourceFile;

typedef struct Dump {
    Arena *arena;
    ObjdumpStyle style;
    Object object;
    SymbolVec symbols;
    CodeNames names;
    Pclntab table;
    PclnCursor cursor;
    bool is_goobj; // an object file not linked yet: no line table, but relocations
    Goobj goobj;
    U32Vec defs;     // of each symbol: its definition + 1
    uint32_t def;    // of the symbol at hand
    uint32_t reloc;  // the next one of it
    uint64_t def_pc; // where it starts
    Section whole;   // an object file's bytes are its text
    const Section *text;
    uint64_t text_end;
    AsmArch arch;
    AsmFix *fix;
    uint64_t since_release; // bytes of text
    uint64_t pc, end;       // of the symbol at hand: what is left of it
    bool measured;          // its columns' widths are known: floor
    uint32_t floor[CELLS_MAX];
    uint32_t at;   // next symbol in order
    bool printed;  // a block came before
    Buf text_cell; // of the instruction at hand
    Buf block;     // text of the cells of the rows not yet written
    VEC(Row) rows;
    int cells; // per row
    VEC(SourceFile) files;
    uint32_t file; // place in files + 1 of the last one used
    Str last_file;
    int32_t last_line;
} Dump;

static void put_tabs(Buf *out, uint32_t have, uint32_t want) {
    uint32_t cells = (want + TAB - 1) / TAB * TAB;
    buf_fill(out, '\t', (cells - have + TAB - 1) / TAB);
}

// A last cell that not all rows have lines up with its neighbours only: the widest in a run.
static uint32_t widest_in_run(const Dump *d, uint32_t row, int c) {
    uint32_t first = row, last = row, want = d->floor[c];
    while (first && d->rows.v[first - 1].cells > c) first--;
    while (last + 1 < d->rows.len && d->rows.v[last + 1].cells > c) last++;
    for (uint32_t i = first; i <= last; i++) want = MAX(want, d->rows.v[i].width[c] + 1);
    return want;
}

// Writes the rows collected so far: each column as wide as its widest cell, or as the floor.
static void flush_rows(Dump *d, Buf *out) {
    uint32_t want[CELLS_MAX];
    memcpy(want, d->floor, sizeof want);
    for (uint32_t i = 0; i < d->rows.len; i++)
        for (int c = 0; c < d->cells; c++) want[c] = MAX(want[c], d->rows.v[i].width[c] + 1);
    for (uint32_t i = 0; i < d->rows.len; i++) {
        const Row *r = &d->rows.v[i];
        for (int c = 0; c < r->cells; c++) {
            bool starts = c == d->cells && (!i || r[-1].cells <= c);
            if (starts) want[c] = widest_in_run(d, i, c);
            buf_str(out, (Str){d->block.ptr + r->cell[c], r->cell[c + 1] - r->cell[c]});
            put_tabs(out, r->width[c], want[c]);
        }
        buf_byte(out, '\n');
    }
    d->rows.len = 0;
    d->block.len = 0;
}

static void end_cell(Dump *d, Row *r, int c) {
    r->cell[c + 1] = d->block.len;
    Str text = {d->block.ptr + r->cell[c], r->cell[c + 1] - r->cell[c]};
    r->width[c] = (uint32_t)utf8_count(text);
    r->cells = c + 1;
}

// Windows paths too, wherever this runs.
static Str base_name(Str path) {
    size_t slash = str_rfind_byte(path, '/');
    if (slash != STR_NONE) path = str_from(path, slash + 1);
    slash = str_rfind_byte(path, '\\');
    return slash == STR_NONE ? path : str_from(path, slash + 1);
}

static void put_code(Dump *d, Str code) {
    if (code.len == 4 && d->arch == ASM_ARM64) { // a word, not bytes
        uint32_t word;
        memcpy(&word, code.ptr, 4);
        for (int shift = 28; shift >= 0; shift -= 4)
            buf_byte(&d->block, "0123456789abcdef"[word >> shift & 15]);
        return;
    }
    char *to = buf_room(&d->block, code.len * 2);
    for (size_t i = 0; i < code.len; i++) {
        *to++ = "0123456789abcdef"[(uint8_t)code.ptr[i] >> 4];
        *to++ = "0123456789abcdef"[(uint8_t)code.ptr[i] & 15];
    }
    d->block.len += code.len * 2;
}

static SourceFile *source_file(Dump *d, Str path) {
    if (d->file && str_eq(d->files.v[d->file - 1].path, path)) return &d->files.v[d->file - 1];
    for (uint32_t i = 0; i < d->files.len; i++) {
        if (!str_eq(d->files.v[i].path, path)) continue;
        d->file = i + 1;
        return &d->files.v[i];
    }
    SourceFile f = {.path = path};
    f.there = d->style.read && d->style.read(d->style.read_ctx, path, &f.bytes);
    if (f.there) {
        vec_push(d->arena, &f.lines, 0);
        for (size_t i = 0; i < f.bytes.len; i++)
            if (f.bytes.ptr[i] == '\n') vec_push(d->arena, &f.lines, (uint32_t)i + 1);
    }
    vec_push(d->arena, &d->files, f);
    d->file = d->files.len;
    return &d->files.v[d->file - 1];
}

// A source line stands alone and ends a block of columns. Files that are not Go's give an empty
// line, files that cannot be read none.
static void put_source(Dump *d, Str file, int32_t line, Buf *out) {
    Str text = STR("");
    if (str_ends(file, STR(".go"))) {
        const SourceFile *f = source_file(d, file);
        if (!f->there) return;
        if (line >= 1 && (uint32_t)line <= f->lines.len) {
            text = str_from(f->bytes, f->lines.v[line - 1]);
            size_t end = str_find_byte(text, '\n');
            if (end != STR_NONE) text = str_to(text, end);
        }
    }
    flush_rows(d, out);
    buf_str(out, text);
    buf_byte(out, '\n');
}

static void locate(Dump *d, uint64_t pc, Str *file, int32_t *line) {
    if (d->is_goobj)
        goobj_locate(&d->goobj, d->def, pc, file, line);
    else
        pclntab_locate(&d->cursor, pc, file, line);
}

// What the linker will fill in, up to the end of the instruction.
static void add_relocations(Dump *d, Row *r, uint64_t pc, size_t size) {
    GoobjReloc reloc;
    int c = r->cells;
    while (goobj_reloc(&d->goobj, d->def, d->reloc, &reloc) &&
           d->def_pc + (uint64_t)(int64_t)reloc.offset < pc + size) {
        if (r->cells > c) buf_byte(&d->block, ' ');
        goobj_write_reloc(&d->goobj, &d->block, &reloc, (int64_t)(pc - d->def_pc));
        end_cell(d, r, c);
        d->reloc++;
    }
}

static void add_row(Dump *d, uint64_t pc, Str code, Buf *out) {
    Str file;
    int32_t line;
    locate(d, pc, &file, &line);
    if (d->style.source && (line != d->last_line || !str_eq(file, d->last_file))) {
        put_source(d, file, line, out);
        d->last_file = file;
        d->last_line = line;
    }
    Row *r = vec_add(d->arena, &d->rows);
    int c = 0;
    r->cell[0] = d->block.len;
    buf_lit(&d->block, "  ");
    if (!d->style.source) {
        buf_str(&d->block, base_name(file));
        buf_byte(&d->block, ':');
        buf_i64(&d->block, line);
        end_cell(d, r, c++);
    }
    asm_put_hex(&d->block, pc);
    end_cell(d, r, c++);
    put_code(d, code);
    end_cell(d, r, c++);
    buf_str(&d->block, buf_view(&d->text_cell));
    end_cell(d, r, c);
    if (d->is_goobj) add_relocations(d, r, pc, code.len);
}

// The next instruction's cells go to the end of the block. Returns its length.
static size_t next_row(Dump *d, Buf *out) {
    const Section *text = d->text;
    AsmSite site = {.arch = d->arch,
                    .gnu = d->style.gnu,
                    .pc = d->pc,
                    .names = {&d->names, code_name_at},
                    .fix = d->fix};
    Str code = str_slice(text->data, (size_t)(d->pc - text->addr), (size_t)(d->end - text->addr));
    // The text is made first: only it knows how long the instruction is.
    d->text_cell.len = 0;
    size_t size = asm_print(&site, code, &d->text_cell);
    // On arm64 a last, broken word is shown whole, with bytes from behind the symbol.
    code = str_to(str_from(text->data, (size_t)(d->pc - text->addr)), size);
    add_row(d, d->pc, code, out);
    return size;
}

static void reset_floor(Dump *d) {
    for (int c = 0; c < CELLS_MAX; c++) d->floor[c] = CELL_MIN;
}

// A large function is gone through twice, first for the columns' widths alone, so that its lines
// need not be held. With source lines the columns start anew at each of them, and blocks are small.
static void measure_columns(Dump *d, Buf *out) {
    uint64_t start = d->pc;
    while (d->pc < d->end) {
        d->pc += next_row(d, out);
        for (int c = 0; c < d->cells; c++)
            d->floor[c] = MAX(d->floor[c], d->rows.v[0].width[c] + 1);
        d->rows.len = 0;
        d->block.len = 0;
    }
    d->pc = start;
}

static void begin_symbol(Dump *d, const Symbol *s, uint64_t end, Buf *out) {
    Str file;
    int32_t line;
    if (d->printed) buf_byte(out, '\n');
    d->printed = true;
    d->def = d->is_goobj ? d->defs.v[s - d->symbols.v] - 1 : 0;
    d->def_pc = s->addr;
    d->reloc = 0;
    locate(d, s->addr, &file, &line);
    buf_lit(out, "TEXT ");
    buf_str(out, s->name);
    buf_lit(out, "(SB) ");
    buf_str(out, file);
    buf_byte(out, '\n');
    d->last_file = STR("");
    d->last_line = 0;
    d->pc = s->addr;
    d->end = end;
    d->measured = end - s->addr > LARGE_BYTES && !d->style.source && !d->is_goobj;
    if (d->measured) measure_columns(d, out);
    d->since_release += s->size_bytes;
}

// The symbol at hand, to its end or until the piece is full.
static void go_on(Dump *d, Buf *out) {
    while (d->pc < d->end) {
        d->pc += next_row(d, out);
        if (!d->measured || d->rows.len < ROWS_HELD) continue;
        flush_rows(d, out);
        if (out->len >= PIECE_BYTES) return;
    }
    flush_rows(d, out);
    reset_floor(d);
}

static bool wanted(const Dump *d, const Symbol *s, uint64_t start, uint64_t end) {
    uint64_t symbol_end = s->addr + s->size_bytes;
    return (s->code == 'T' || s->code == 't') && s->addr >= d->text->addr && symbol_end > start &&
           end > s->addr && (!d->style.match || regex_match(d->style.match, s->name));
}

static Err next_blocks(void *ctx, Buf *piece, bool *more) {
    Dump *d = ctx;
    uint64_t start = MAX(d->style.start, d->text->addr), end = MIN(d->style.end, d->text_end);
    while (piece->len < PIECE_BYTES && (d->pc < d->end || d->at < d->names.count)) {
        if (d->pc >= d->end) {
            const Symbol *s = &d->symbols.v[d->names.order[d->at++]];
            if (!wanted(d, s, start, end)) continue;
            begin_symbol(d, s, MIN(s->addr + s->size_bytes, end), piece);
        }
        go_on(d, piece);
        if (d->since_release < RELEASE_BYTES || !d->style.release) continue;
        d->style.release(d->style.release_ctx);
        d->since_release = 0;
    }
    *more = d->pc < d->end || d->at < d->names.count;
    if (*more) return NULL;
    asm_fix_free(d->fix);
    regex_free(d->style.match);
    d->fix = NULL;
    d->style.match = NULL;
    return NULL;
}

static Err find_symbols(Doc *doc, Str path, Dump *d) {
    Err e = object_symbols(d->arena, &d->object, &d->symbols);
    Err no_table = pclntab_find(d->arena, &d->object, &d->symbols, &d->table);
    if (!e && d->symbols.len) return NULL;
    if (no_table) return e ? e : no_table;
    d->symbols = pclntab_symbols(d->arena, &d->table, &d->object);
    doc_warn(doc,
             STR_FMT ": no symbol table (go tool objdump fails here); names come from the Go line "
                     "table",
             STR_ARG(path));
    return NULL;
}

static Err unsupported(Arena *a, Str arch) {
    return err_new(a, ERR_FORMAT, 0,
                   "unsupported architecture \"" STR_FMT "\" (amd64 and arm64 are)", STR_ARG(arch));
}

static Err prepare(Doc *doc, Str path, Str bytes, Dump *d) {
    TRY(object_open(d->arena, bytes, &d->object));
    TRY(find_symbols(doc, path, d));
    d->text = object_text(&d->object);
    if (!d->text) return err_new(d->arena, ERR_FORMAT, 0, "text section not found");
    d->arch = d->object.arch == OBJECT_AMD64   ? ASM_AMD64
              : d->object.arch == OBJECT_ARM64 ? ASM_ARM64
                                               : ASM_NONE;
    return d->arch == ASM_NONE ? unsupported(d->arena, str_c(object_arch_name(d->object.arch)))
                               : NULL;
}

// Of an archive Go shows the first member with code.
static Err prepare_archive(Doc *doc, Str path, Str bytes, Dump *d) {
    ArchiveMemberVec members = {0};
    GoobjSymbols found;
    TRY(archive_members(d->arena, bytes, &members));
    if (!members.len) return err_new(d->arena, ERR_FORMAT, 0, "no object file in the archive");
    const ArchiveMember *m = &members.v[0];
    if (!m->is_go) return prepare(doc, path, m->bytes, d);
    TRY(goobj_open(d->arena, m, &d->goobj));
    TRY(goobj_symbols(d->arena, &d->goobj, &found));
    d->is_goobj = true;
    d->symbols = found.symbols;
    d->defs = found.defs;
    d->whole = (Section){.size_bytes = m->bytes.len, .data = m->bytes};
    d->text = &d->whole;
    d->arch = str_eq(m->arch, STR("amd64"))   ? ASM_AMD64
              : str_eq(m->arch, STR("arm64")) ? ASM_ARM64
                                              : ASM_NONE;
    return d->arch == ASM_NONE ? unsupported(d->arena, m->arch) : NULL;
}

Err view_objdump(Doc *doc, Str path, Str bytes, const ObjdumpStyle *style) {
    Dump *d = NEW(doc->arena, Dump);
    d->arena = doc->arena;
    d->style = *style;
    d->cells = style->source ? 3 : 4;
    d->block = d->text_cell = buf_new(doc->arena);
    Err e = archive_is(bytes) ? prepare_archive(doc, path, bytes, d) : prepare(doc, path, bytes, d);
    if (e) return err_wrap(doc->arena, e, "disassemble " STR_FMT, STR_ARG(path));
    d->text_end = d->text->addr + d->text->data.len;
    bool fix = style->fix_avx && d->arch == ASM_AMD64;
    if (fix) d->fix = asm_fix_new(d->arena);
    if (fix && !d->fix)
        doc_warn(doc, "--fix-avx: capstone's library is not installed (Debian: libcapstone4)");
    d->names = code_names_new(d->arena, &d->symbols);
    d->cursor = pclntab_cursor(&d->table);
    reset_floor(d);
    doc_stream(doc, (DocStream){d, next_blocks});
    return NULL;
}
