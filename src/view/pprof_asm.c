// view/pprof_asm.c: `-disasm`: the instructions of the functions that match, with what each costs.
// Symbols come from the binary's own table, instructions from src/binary; where a symbol ends,
// which names match and what stands behind the semicolon is as `go tool pprof` has it.
#include "base/utf8.h"
#include "binary/asm/asm.h"
#include "binary/pclntab/pclntab.h"
#include "view/code_names.h"
#include "view/pprof.h"

// The file of a mapping.
typedef struct Binary {
    Str name;
    uint64_t offset; // added to its addresses where the program ran
    Object object;
    SymbolVec symbols;
    CodeNames names;
    Pclntab table;
    PclnCursor cursor;
    const Section *text;
    AsmArch arch;
    bool ready; // for disassembly
} Binary;

// A function of a binary with the nodes that lie in it, by address.
typedef struct Function {
    Str name;
    uint64_t start, end; // its last byte counts as the end, as pprof has it
    Binary *binary;
    U32Vec nodes;
    uint32_t number; // keeps the order of equal ones
} Function;

typedef struct Listing {
    PprofReport *r;
    Arena *a;
    Buf *out;
    bool by_address;
    uint64_t address;
    VEC(Function) functions;
} Listing;

// ---- what matches

static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

// As Go's strconv.ParseUint(s, 0, 64): 0x1f, 0b1, 0o7, 017, 12, and underscores between digits.
static bool parse_address(Str s, uint64_t *out) {
    unsigned base = 10;
    bool before = false; // an underscore may follow
    if (s.len > 1 && s.ptr[0] == '0') {
        char c = (char)(s.ptr[1] | 0x20);
        base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
        s = str_from(s, c == 'x' || c == 'b' || c == 'o' ? 2 : 1);
        before = true;
    }
    uint64_t v = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '_' && before && i + 1 < s.len) {
            before = false;
            continue;
        }
        int d = digit(s.ptr[i]);
        before = true;
        if (d >= (int)base || __builtin_mul_overflow(v, (uint64_t)base, &v) ||
            __builtin_add_overflow(v, (uint64_t)d, &v))
            return false;
    }
    *out = v;
    return s.len > 0;
}

// Some node of the file has a name that matches.
static bool file_matches(Listing *l, Str file) {
    Graph *g = &l->r->graph;
    for (uint32_t i = 0; i < g->order.len && file.len; i++)
        if (str_eq(g->nodes.v[g->order.v[i]].info.object, file) &&
            regex_match(l->r->symbol, graph_name(g, g->order.v[i])))
            return true;
    return false;
}

static void add_functions(Listing *l, Binary *b) {
    for (uint32_t i = 0; i < b->symbols.len; i++) {
        const Symbol *s = &b->symbols.v[i];
        if (!s->addr && !s->size_bytes) continue; // names of files
        if (!regex_match(l->r->symbol, s->name)) continue;
        uint64_t wanted = l->by_address ? l->address : 0;
        if (wanted && !(s->addr <= wanted && wanted - s->addr < s->size_bytes)) continue;
        vec_push(l->a, &l->functions,
                 ((Function){.name = s->name,
                             .start = s->addr,
                             .end = s->addr + s->size_bytes - 1,
                             .binary = b,
                             .number = l->functions.len}));
    }
}

// What pprof cannot open it says and goes on.
static void find_functions(Listing *l) {
    const Profile *p = l->r->p;
    for (uint32_t i = 1; i < p->mappings.len; i++) {
        const ProfileMapping *m = &p->mappings.v[i];
        bool inside = l->by_address && m->start <= l->address && l->address <= m->limit;
        if (!inside && !file_matches(l, m->file)) continue;
        Str bytes;
        Binary *b = NEW(l->a, Binary);
        b->name = m->file;
        Err err = l->r->files.read(l->r->files.ctx, l->a, m->file, &bytes);
        if (!err && object_open(l->a, bytes, &b->object))
            err = err_new(l->a, ERR_FORMAT, 0, "open " STR_FMT ": unrecognized object file",
                          STR_ARG(m->file));
        if (err) {
            buf_fmt(&l->r->early, STR_FMT "\n", STR_ARG(err->what));
            continue;
        }
        uint64_t load = 0;
        if (m->start && object_load_address(&b->object, &load)) b->offset = m->start - load;
        if (!object_symbols(l->a, &b->object, &b->symbols)) add_functions(l, b);
    }
}

// ---- the nodes of a function

static int64_t plus(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }

static void find_nodes(Listing *l) {
    Graph *g = &l->r->graph;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < l->functions.len; i++) {
        Function *f = &l->functions.v[i];
        for (uint32_t k = 0; k < g->order.len; k++) {
            uint64_t at = g->nodes.v[g->order.v[k]].info.address - f->binary->offset;
            if (at >= f->start && at < f->end) vec_push(l->a, &f->nodes, g->order.v[k]);
        }
        if (f->nodes.len) l->functions.v[kept++] = *f;
    }
    l->functions.len = kept;
}

static int by_name(const void *x, const void *y) {
    const Function *a = x, *b = y;
    int c = str_cmp(a->name, b->name);
    if (c) return c;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

static void sort_nodes(const Graph *g, U32Vec *nodes) {
    for (uint32_t i = 1; i < nodes->len; i++) // nearly sorted, or few
        for (uint32_t k = i; k > 0; k--) {
            uint32_t *pair = &nodes->v[k - 1];
            if (g->nodes.v[pair[0]].info.address <= g->nodes.v[pair[1]].info.address) break;
            uint32_t swap = pair[0];
            pair[0] = pair[1];
            pair[1] = swap;
        }
}

// ---- instructions

static Err make_ready(Listing *l, Binary *b) {
    if (b->ready) return NULL;
    if (l->r->cfg.intel_syntax)
        return err_new(l->a, ERR_USAGE, 0, "printing assembly in Intel syntax is not supported");
    TRY(pclntab_find(l->a, &b->object, &b->symbols, &b->table));
    b->text = object_text(&b->object);
    if (!b->text) return err_new(l->a, ERR_FORMAT, 0, "text section not found");
    b->arch = b->object.arch == OBJECT_AMD64   ? ASM_AMD64
              : b->object.arch == OBJECT_ARM64 ? ASM_ARM64
                                               : ASM_NONE;
    if (b->arch == ASM_NONE)
        return err_new(l->a, ERR_FORMAT, 0, "unsupported architecture \"%s\"",
                       object_arch_name(b->object.arch));
    b->names = code_names_new(l->a, &b->symbols);
    b->cursor = pclntab_cursor(&b->table);
    b->ready = true;
    return NULL;
}

typedef struct Instruction {
    uint64_t address;
    Str text, function, file;
    int64_t line, flat, flat_div, cum, cum_div;
} Instruction;

static int64_t divided(int64_t v, int64_t by) { return by ? v / by : v; }

// What the samples up to the next instruction add.
static void count_nodes(Listing *l, const Function *f, Instruction *in, uint32_t *at,
                        uint64_t next) {
    const Graph *g = &l->r->graph;
    for (; *at < f->nodes.len; ++*at) {
        const GraphNode *n = &g->nodes.v[f->nodes.v[*at]];
        if (n->info.address - f->binary->offset >= next) break;
        in->flat = plus(in->flat, n->flat);
        in->flat_div = plus(in->flat_div, n->flat_div);
        in->cum = plus(in->cum, n->cum);
        in->cum_div = plus(in->cum_div, n->cum_div);
        if (n->info.file.len && !in->file.len) in->file = pprof_base(n->info.file);
        if (n->info.line && !in->line) in->line = n->info.line;
        if (n->info.name.len && !in->function.len) in->function = n->info.name;
    }
}

static Str place_of(Arena *a, const Instruction *in) {
    Buf b = buf_new(a);
    if (in->function.len) buf_fmt(&b, STR_FMT " ", STR_ARG(in->function));
    buf_str(&b, in->file);
    if (in->file.len && in->line) buf_fmt(&b, ":%lld", (long long)in->line);
    return buf_view(&b);
}

static void put_head(Listing *l, const Instruction *in) {
    pprof_pad(l->out, pprof_value_or_dot(l->r, l->a, divided(in->flat, in->flat_div)), 10);
    buf_byte(l->out, ' ');
    pprof_pad(l->out, pprof_value_or_dot(l->r, l->a, divided(in->cum, in->cum_div)), 10);
    buf_fmt(l->out, " %10llx: ", (unsigned long long)in->address);
    buf_str(l->out, in->text);
}

static void put_instruction(Listing *l, const Instruction *in, Str place) {
    if (place.len && in->text.len >= 40) {
        buf_fill(l->out, ' ', 74);
        buf_fmt(l->out, ";" STR_FMT "\n", STR_ARG(place));
        place = STR("");
    }
    put_head(l, in);
    if (place.len) {
        size_t have = utf8_count(in->text);
        if (have < 40) buf_fill(l->out, ' ', 40 - have);
        buf_fmt(l->out, ";" STR_FMT, STR_ARG(place));
    }
    buf_byte(l->out, '\n');
}

static void put_code(Listing *l, const Function *f) {
    Binary *b = f->binary;
    uint64_t text_end = b->text->addr + b->text->data.len, end = MIN(f->end, text_end);
    Instruction last = {0};
    uint32_t at = 0;
    for (uint64_t pc = MAX(f->start, b->text->addr); pc < end;) {
        // The bytes end where the symbol's last one begins, which may cut an instruction.
        Str code =
            str_slice(b->text->data, (size_t)(pc - b->text->addr), (size_t)(end - b->text->addr));
        AsmSite site = {.arch = b->arch, .pc = pc, .names = {&b->names, code_name_at}};
        Buf text = buf_new(l->a);
        size_t size = asm_print(&site, code, &text);
        Instruction in = {.address = pc, .text = buf_view(&text)};
        int32_t line;
        pclntab_locate(&b->cursor, pc, &in.file, &line);
        in.line = line;
        if (in.file.len) in.file = pprof_base(in.file);
        count_nodes(l, f, &in, &at, pc + size < end ? pc + size : UINT64_MAX);
        bool same = str_eq(in.function, last.function) && str_eq(in.file, last.file) &&
                    in.line == last.line;
        put_instruction(l, &in, same ? STR("") : place_of(l->a, &in));
        last = in;
        pc += size;
    }
}

static Err put_function(Listing *l, Function *f) {
    PprofReport *r = l->r;
    int64_t flat = 0, cum = 0;
    TRY(make_ready(l, f->binary));
    sort_nodes(&r->graph, &f->nodes);
    for (uint32_t i = 0; i < f->nodes.len; i++) {
        flat = plus(flat, r->graph.nodes.v[f->nodes.v[i]].flat);
        cum = plus(cum, r->graph.nodes.v[f->nodes.v[i]].cum);
    }
    buf_fmt(l->out, "ROUTINE ======================== " STR_FMT "\n", STR_ARG(f->name));
    pprof_pad(l->out, pprof_value(r, l->a, flat), 10);
    buf_byte(l->out, ' ');
    pprof_pad(l->out, pprof_value(r, l->a, cum), 10);
    buf_fmt(l->out, " (flat, cum) " STR_FMT " of Total\n",
            STR_ARG(measure_percent(l->a, cum, r->total)));
    put_code(l, f);
    return NULL;
}

Err pprof_print_disasm(PprofReport *r, Buf *out) {
    Listing l = {.r = r, .a = r->arena, .out = out};
    pprof_full_graph(r);
    l.by_address = parse_address(r->symbol_text, &l.address);
    buf_fmt(out, "Total: " STR_FMT "\n", STR_ARG(pprof_value(r, l.a, r->total)));
    find_functions(&l);
    uint32_t found = l.functions.len;
    find_nodes(&l);
    if (!l.functions.len && !l.by_address)
        return err_new(l.a, ERR_USAGE, 0, "no matches found for regexp " STR_FMT,
                       STR_ARG(r->symbol_text));
    if (!found)
        return err_new(l.a, ERR_USAGE, 0, "no matches found for address 0x%llx",
                       (unsigned long long)l.address);
    if (!l.functions.len)
        return err_new(l.a, ERR_USAGE, 0,
                       "address 0x%llx found in binary, but the corresponding symbols do not have "
                       "samples in the profile",
                       (unsigned long long)l.address);
    qsort(l.functions.v, l.functions.len, sizeof *l.functions.v, by_name);
    for (uint32_t i = 0; i < l.functions.len; i++) TRY(put_function(&l, &l.functions.v[i]));
    return NULL;
}
