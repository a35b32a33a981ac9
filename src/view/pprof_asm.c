// view/pprof_asm.c: `-disasm`: the instructions of the functions that match, with what each costs.
// Symbols come from the binary's own table, instructions from src/binary; where a symbol ends,
// which names match and what stands behind the semicolon is as `go tool pprof` has it.
#include "base/utf8.h"
#include "view/pprof_binary.h"

// A function of a binary with the nodes that lie in it, by address.
typedef struct Function {
    Str name;
    uint64_t start, end; // its last byte counts as the end, as pprof has it
    PprofBinary *binary;
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

// Some node of the file has a name that matches.
static bool file_matches(Listing *l, Str file) {
    Graph *g = &l->r->graph;
    for (uint32_t i = 0; i < g->order.len && file.len; i++)
        if (str_eq(g->nodes.v[g->order.v[i]].info.object, file) &&
            regex_match(l->r->symbol, graph_name(g, g->order.v[i])))
            return true;
    return false;
}

static void add_functions(Listing *l, PprofBinary *b) {
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
        PprofBinary *b;
        Err err = pprof_binary_open(l->r, m, &b);
        if (err) {
            buf_fmt(&l->r->early, STR_FMT "\n", STR_ARG(err->what));
            continue;
        }
        if (b->has_symbols) add_functions(l, b);
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

static Err put_code(Listing *l, const Function *f) {
    PprofInstVec code = {0};
    TRY(pprof_binary_decode(l->r, f->binary, f->start, f->end, &code));
    Instruction last = {0};
    uint32_t at = 0;
    for (uint32_t i = 0; i < code.len; i++) {
        const PprofInst *c = &code.v[i];
        Instruction in = {.address = c->addr, .text = c->text, .line = c->line};
        if (c->file.len) in.file = pprof_base(c->file);
        count_nodes(l, f, &in, &at, i + 1 < code.len ? code.v[i + 1].addr : UINT64_MAX);
        bool same = str_eq(in.function, last.function) && str_eq(in.file, last.file) &&
                    in.line == last.line;
        put_instruction(l, &in, same ? STR("") : place_of(l->a, &in));
        last = in;
    }
    return NULL;
}

static Err put_function(Listing *l, Function *f) {
    PprofReport *r = l->r;
    int64_t flat = 0, cum = 0;
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
    return put_code(l, f);
}

Err pprof_print_disasm(PprofReport *r, Buf *out) {
    Listing l = {.r = r, .a = r->arena, .out = out};
    pprof_full_graph(r);
    l.by_address = pprof_parse_address(r->symbol_text, &l.address);
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
