// view/pprof_weblist.c: `-weblist`: source lines with what they cost, as one HTML page; each line
// opens to the instructions made of it. What is listed, in which order and with which figures is as
// `go tool pprof` has it; the page's markup is our own (tools/pprof-agree compares the text).
//
// Addresses with samples in a function that matches are widened to ranges, which are disassembled;
// each instruction is filed under the source line it comes from. Addresses without a binary are
// filed by the lines the profile names.
#include "base/gosort.h"
#include "base/path.h"
#include "base/utf8.h"
#include "view/pprof_binary.h"

enum { WIDEN = 500, RANGES_MOST = 25, NEAR = 32, MERGE_WITHIN = 20, AROUND = 5, TEXT_WIDTH = 80 };

typedef struct Address {
    uint64_t at;
    int64_t flat, cum;
    uint32_t location; // of interest; 0: not
    PprofBinary *binary;
} Address;

// A place in a source file, of a call inlined on the way to an instruction.
typedef struct Call {
    Str file;
    int64_t line;
} Call;
typedef VEC(Call) CallVec;

typedef struct Inst {
    uint64_t at, in_file; // where the program ran; in the binary
    uint64_t length;
    Str text; // empty: there is no binary to read
    Str file;
    int64_t line, flat, cum;
} Inst;

typedef struct LineInst {
    uint32_t inst;
    CallVec calls; // the caller first
} LineInst;

typedef struct SourceLine {
    int64_t number;
    Str function;
    VEC(LineInst) insts;
} SourceLine;

typedef struct File {
    Str name;
    VEC(SourceLine) lines;
    Index by_number;
} File;

typedef struct Frame {
    Str function, file;
    int64_t line;
} Frame;
typedef VEC(Frame) FrameVec;

typedef struct Range {
    uint64_t begin, end;
    PprofBinary *binary;
    int64_t score;
} Range;

typedef struct Text {
    StrVec lines;
} Text;

typedef struct WebList {
    PprofReport *r;
    Arena *a;
    Buf *out;
    bool by_address;
    uint64_t address;
    VEC(Address) addresses;
    Index by_at; // address -> place in addresses + 1
    uint64_t next_made_up;
    uint64_t *made_up; // by location without an address
    StrMap interest;   // names of functions that matched
    StrMap pretty;     // system name -> place in pretty_names + 1
    StrVec pretty_names;
    StrMap opened; // file of a mapping -> place in binaries + 1
    VEC(PprofBinary *) binaries;
    VEC(Range) ranges;
    VEC(Inst) insts;
    Index inst_at; // address -> place in insts + 1
    VEC(File *) files;
    StrMap file_of;
    StrMap text_of; // path -> place in texts + 1
    VEC(Text) texts;
} WebList;

static int64_t plus(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }
static uint64_t address_hash(uint64_t at) { return hash_mix(at, 0x9e3779b97f4a7c15u); }

// ---- which addresses

static uint32_t address_of(WebList *w, uint64_t at) {
    uint64_t hash = address_hash(at);
    for (IndexIter it = index_find(&w->by_at, hash); it.id; index_next(&it))
        if (w->addresses.v[it.id - 1].at == at) return it.id - 1;
    vec_push(w->a, &w->addresses, ((Address){.at = at}));
    index_add(&w->by_at, hash, w->addresses.len);
    return w->addresses.len - 1;
}

static int64_t flat_at(const WebList *w, uint64_t at, int64_t *cum) {
    for (IndexIter it = index_find(&w->by_at, address_hash(at)); it.id; index_next(&it)) {
        const Address *a = &w->addresses.v[it.id - 1];
        if (a->at != at) continue;
        *cum = a->cum;
        return a->flat;
    }
    *cum = 0;
    return 0;
}

// Locations without an address get one behind all mappings, in the order they are met.
static uint64_t address_of_location(WebList *w, uint32_t location) {
    const ProfileLocation *l = &w->r->p->locations.v[location];
    if (l->address) return l->address;
    if (!w->made_up[location]) w->made_up[location] = w->next_made_up++;
    return w->made_up[location];
}

static PprofBinary *binary_of(WebList *w, uint32_t mapping) {
    if (!mapping) return NULL;
    const ProfileMapping *m = &w->r->p->mappings.v[mapping];
    uint32_t *at = strmap_put(&w->opened, m->file);
    if (!*at) {
        PprofBinary *b = NULL;
        if (pprof_binary_open(w->r, m, &b)) b = NULL;
        vec_push(w->a, &w->binaries, b);
        *at = w->binaries.len;
    }
    return w->binaries.v[*at - 1];
}

static void mark(WebList *w, uint32_t address, uint32_t location, const ProfileLine *line) {
    const ProfileFunction *f = &w->r->p->functions.v[line->function];
    if (!line->function) return;
    *strmap_put(&w->interest, f->name) = 1;
    *strmap_put(&w->interest, f->system_name) = 1;
    Address *a = &w->addresses.v[address];
    if (a->location) return;
    a->location = location;
    a->binary = binary_of(w, w->r->p->locations.v[location].mapping);
}

static bool line_matches(const WebList *w, const ProfileLine *line) {
    const ProfileFunction *f = &w->r->p->functions.v[line->function];
    if (!line->function) return false;
    return regex_match(w->r->symbol, f->name) || regex_match(w->r->symbol, f->system_name) ||
           regex_match(w->r->symbol, f->file);
}

static void remember_name(WebList *w, const ProfileFunction *f) {
    uint32_t *at = strmap_put(&w->pretty, f->system_name);
    if (!*at) {
        vec_push(w->a, &w->pretty_names, f->name);
        *at = w->pretty_names.len;
    }
    w->pretty_names.v[*at - 1] = f->name;
}

static void see_frame(WebList *w, uint32_t location, bool leaf, int64_t value) {
    const Profile *p = w->r->p;
    const ProfileLocation *l = &p->locations.v[location];
    const ProfileLine *lines = p->lines.v + l->first_line;
    for (uint32_t k = 0; k < l->line_count; k++)
        if (lines[k].function) remember_name(w, &p->functions.v[lines[k].function]);
    uint64_t at = address_of_location(w, location);
    uint32_t place = address_of(w, at);
    w->addresses.v[place].cum = plus(w->addresses.v[place].cum, value);
    if (leaf) w->addresses.v[place].flat = plus(w->addresses.v[place].flat, value);
    if (w->by_address && at == w->address) {
        if (l->line_count) mark(w, place, location, &lines[l->line_count - 1]);
        return;
    }
    bool file = l->mapping && regex_match(w->r->symbol, p->mappings.v[l->mapping].file);
    for (uint32_t k = 0; k < l->line_count; k++)
        if ((k == 0 && file) || line_matches(w, &lines[k])) mark(w, place, location, &lines[k]);
}

static void see_samples(WebList *w) {
    Arena *scratch = arena_new("weblist");
    Cursor c = cursor_new(w->r->p, scratch);
    while (cursor_next(&c)) {
        int64_t value = c.values[w->r->value];
        int64_t by = w->r->divisor >= 0 ? c.values[w->r->divisor] : 0;
        if (by) value /= by;
        cursor_stack(&c);
        for (uint32_t i = c.depth; i-- > 0;) see_frame(w, c.locations[i], i == 0, value);
    }
    arena_free(scratch);
}

// ---- source lines

static Str canonical(Arena *a, Str file) {
    str_cut_prefix(&file, STR("/proc/self/cwd/"));
    str_cut_prefix(&file, STR("./"));
    return path_clean(a, file);
}

static File *file_named(WebList *w, Str name) {
    uint32_t *at = strmap_put(&w->file_of, name);
    if (!*at) {
        File *f = NEW(w->a, File);
        *f = (File){.name = name, .by_number = index_new(w->a)};
        vec_push(w->a, &w->files, f);
        *at = w->files.len;
    }
    return w->files.v[*at - 1];
}

static SourceLine *line_numbered(WebList *w, File *f, int64_t number) {
    uint64_t hash = address_hash((uint64_t)number);
    for (IndexIter it = index_find(&f->by_number, hash); it.id; index_next(&it))
        if (f->lines.v[it.id - 1].number == number) return &f->lines.v[it.id - 1];
    vec_push(w->a, &f->lines, ((SourceLine){.number = number}));
    index_add(&f->by_number, hash, f->lines.len);
    return &vec_last(&f->lines);
}

// Files the instruction under each frame of a function of interest, the innermost first.
static void add_stack(WebList *w, uint32_t inst, const FrameVec *frames) {
    for (uint32_t i = 0; i < frames->len; i++) {
        const Frame *f = &frames->v[i];
        if (!strmap_get(&w->interest, f->function)) continue;
        SourceLine *line = line_numbered(w, file_named(w, canonical(w->a, f->file)), f->line);
        if (!line->insts.len) line->function = f->function;
        LineInst to = {.inst = inst};
        for (uint32_t k = i; k-- > 0;)
            vec_push(w->a, &to.calls, ((Call){frames->v[k].file, frames->v[k].line}));
        vec_push(w->a, &line->insts, to);
    }
}

static uint32_t inst_place(const WebList *w, uint64_t at) { // + 1
    for (IndexIter it = index_find(&w->inst_at, address_hash(at)); it.id; index_next(&it))
        if (w->insts.v[it.id - 1].at == at) return it.id;
    return 0;
}

// An address that comes again (ranges may overlap) has what was found last.
static uint32_t add_inst(WebList *w, Inst inst) {
    uint32_t at = inst_place(w, inst.at);
    if (at) {
        w->insts.v[at - 1] = inst;
        return at - 1;
    }
    vec_push(w->a, &w->insts, inst);
    index_add(&w->inst_at, address_hash(inst.at), w->insts.len);
    return w->insts.len - 1;
}

// ---- addresses without a binary

static void add_bare(WebList *w, const Address *a) {
    const Profile *p = w->r->p;
    const ProfileLocation *l = &p->locations.v[a->location];
    FrameVec frames = {0};
    for (uint32_t k = 0; k < l->line_count; k++) {
        const ProfileLine *line = &p->lines.v[l->first_line + k];
        const ProfileFunction *f = &p->functions.v[line->function];
        if (line->function) vec_push(w->a, &frames, ((Frame){f->name, f->file, line->line}));
    }
    Inst inst = {.at = a->at, .in_file = a->at, .length = 1};
    if (frames.len) {
        inst.file = frames.v[0].file;
        inst.line = frames.v[0].line;
    }
    add_stack(w, add_inst(w, inst), &frames);
}

// ---- addresses with one

static int by_at(const void *x, const void *y) {
    const Address *a = *(const Address *const *)x, *b = *(const Address *const *)y;
    return a->at < b->at ? -1 : a->at > b->at;
}

// The order of pprof's bare addresses is that of a map; ours is by address.
static const Address **wanted(const WebList *w, bool with_binary, uint32_t *count) {
    const Address **list = NEW_ARRAY(w->a, const Address *, w->addresses.len + 1);
    *count = 0;
    for (uint32_t i = 0; i < w->addresses.len; i++) {
        const Address *a = &w->addresses.v[i];
        if (a->location && (a->binary != NULL) == with_binary) list[(*count)++] = a;
    }
    qsort(list, *count, sizeof *list, by_at);
    return list;
}

static void find_ranges(WebList *w) {
    uint32_t n;
    const Address **list = wanted(w, true, &n);
    for (uint32_t i = 0; i < n;) {
        const Address *first = list[i];
        const ProfileMapping *m =
            &w->r->p->mappings.v[w->r->p->locations.v[first->location].mapping];
        Range r = {first->at, first->at, first->binary, first->flat};
        for (i++; i < n && list[i]->at <= r.end + 2 * WIDEN && list[i]->at < m->limit; i++) {
            r.end = list[i]->at;
            r.score = plus(r.score, list[i]->flat);
        }
        // Below the mapping's start the difference wraps around and is large: as in pprof.
        r.begin = m->start - r.begin >= WIDEN ? r.begin - WIDEN : m->start;
        r.end = m->limit - r.end >= WIDEN ? r.end + WIDEN : m->limit;
        vec_push(w->a, &w->ranges, r);
    }
}

static bool heavier(const void *ctx, size_t i, size_t j) {
    const WebList *w = ctx;
    return w->ranges.v[i].score > w->ranges.v[j].score;
}

static void swap_ranges(void *ctx, size_t i, size_t j) {
    WebList *w = ctx;
    Range r = w->ranges.v[i];
    w->ranges.v[i] = w->ranges.v[j];
    w->ranges.v[j] = r;
}

static void disassemble(WebList *w, const Range *r) {
    PprofInstVec code = {0};
    PprofBinary *b = r->binary;
    if (pprof_binary_decode(w->r, b, r->begin - b->offset, r->end - b->offset, &code)) return;
    FrameVec last = {0};
    uint64_t last_at = 0, highest = 0;
    for (uint32_t i = 0; i < code.len; i++) {
        const PprofInst *c = &code.v[i];
        uint64_t at = c->addr + b->offset;
        if (at <= highest) continue;
        highest = at;
        Frame f = {STR(""), c->file, c->line};
        (void)pprof_binary_locate(b, c->addr, &f.function, &f.file, &f.line);
        FrameVec frames = {0};
        vec_push(w->a, &frames, f);
        uint32_t inst =
            add_inst(w, (Inst){.at = at,
                               .in_file = c->addr,
                               .length = i + 1 < code.len ? code.v[i + 1].addr - c->addr : 1,
                               .text = c->text,
                               .file = f.file,
                               .line = f.line});
        // One without a line takes that of a near one before.
        if (f.line != 0) {
            last = frames;
            last_at = at;
        } else if (at - last_at <= NEAR && last.len) {
            frames = last;
        }
        add_stack(w, inst, &frames);
    }
}

static void collect(WebList *w) {
    uint32_t n;
    find_ranges(w);
    const Address **bare = wanted(w, false, &n);
    for (uint32_t i = 0; i < n; i++) add_bare(w, bare[i]);
    gosort(&(GoSort){w, heavier, swap_ranges}, w->ranges.len);
    for (uint32_t i = 0; i < w->ranges.len && i < RANGES_MOST; i++) disassemble(w, &w->ranges.v[i]);
    for (uint32_t i = 0; i < w->insts.len; i++) {
        Inst *x = &w->insts.v[i];
        for (uint64_t k = 0; k < x->length; k++) { // samples in the middle of it, too
            int64_t cum, flat = flat_at(w, x->at + k, &cum);
            x->flat = plus(x->flat, flat);
            x->cum = plus(x->cum, cum);
        }
    }
}

// ---- the page

static void escape(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '<': buf_lit(out, "&lt;"); break;
        case '>': buf_lit(out, "&gt;"); break;
        case '&': buf_lit(out, "&amp;"); break;
        case '"': buf_lit(out, "&#34;"); break;
        case '\'': buf_lit(out, "&#39;"); break;
        default: buf_byte(out, s.ptr[i]);
        }
    }
}

static bool source_line(WebList *w, Str path, int64_t number, Str *out) {
    uint32_t *at = strmap_put(&w->text_of, path);
    if (!*at) {
        Text t = {0};
        Str text;
        if (!pprof_open_source(w->r, path, &text))
            while (text.len) vec_push(w->a, &t.lines, str_line(&text));
        vec_push(w->a, &w->texts, t);
        *at = w->texts.len;
    }
    const Text *t = &w->texts.v[*at - 1];
    if (number < 1 || number > (int64_t)t->lines.len) return false;
    *out = t->lines.v[number - 1];
    return true;
}

static size_t indent_of(Str line) {
    size_t column = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == ' ')
            column++;
        else if (line.ptr[i] == '\t')
            column += 8 - column % 8;
        else
            break;
    }
    return column;
}

// Text behind so many blanks, filled up to TEXT_WIDTH.
static void put_padded(Buf *out, size_t indent, Str text) {
    buf_fill(out, ' ', indent);
    escape(out, text);
    size_t have = indent + utf8_count(text);
    if (have < TEXT_WIDTH) buf_fill(out, ' ', TEXT_WIDTH - have);
}

static void put_values(WebList *w, int64_t flat, int64_t cum) {
    pprof_pad(w->out, pprof_value_or_dot(w->r, w->a, flat), 10);
    buf_byte(w->out, ' ');
    pprof_pad(w->out, pprof_value_or_dot(w->r, w->a, cum), 10);
}

static void put_calls(WebList *w, const LineInst *now, const CallVec *before, size_t indent) {
    bool same = true;
    for (uint32_t k = 0; k < now->calls.len; k++) {
        const Call *c = &now->calls.v[k];
        same = same && k < before->len && before->v[k].line == c->line &&
               str_eq(before->v[k].file, c->file);
        if (same) continue;
        Str text = STR("");
        (void)source_line(w, c->file, c->line, &text);
        buf_fill(w->out, ' ', 42);
        buf_lit(w->out, "<i>");
        put_padded(w->out, indent + 4 + 4 * k, str_trim(text));
        buf_lit(w->out, "</i> <u>");
        escape(w->out, pprof_base(c->file));
        buf_fmt(w->out, ":%lld</u>\n", (long long)c->line);
    }
}

static void put_inst(WebList *w, const Inst *x, size_t indent) {
    buf_fill(w->out, ' ', 10);
    put_values(w, x->flat, x->cum);
    buf_fmt(w->out, " %8llx: ", (unsigned long long)x->in_file);
    put_padded(w->out, indent, x->text);
    buf_lit(w->out, " <u>");
    if (x->file.len) {
        escape(w->out, pprof_base(x->file));
        buf_fmt(w->out, ":%lld", (long long)x->line);
    }
    buf_lit(w->out, "</u>\n");
}

static void put_insts(WebList *w, const SourceLine *line, Str source) {
    size_t indent = indent_of(source);
    const CallVec *before = &(CallVec){0};
    uint64_t end = 0;
    buf_lit(w->out, "<div>");
    for (uint32_t i = 0; i < line->insts.len; i++) {
        const LineInst *li = &line->insts.v[i];
        const Inst *x = &w->insts.v[li->inst];
        if (i && x->at != end) buf_lit(w->out, "                                     ⋮\n");
        end = x->at + x->length;
        put_calls(w, li, before, indent);
        before = &li->calls;
        if (x->text.len) put_inst(w, x, indent + 4 + 4 * li->calls.len);
    }
    buf_lit(w->out, "</div>");
}

static void put_line(WebList *w, const File *f, const SourceLine *line, int64_t number) {
    int64_t flat = 0, cum = 0;
    bool inside = false;
    Str source;
    for (uint32_t i = 0; line && i < line->insts.len; i++) {
        const Inst *x = &w->insts.v[line->insts.v[i].inst];
        flat = plus(flat, x->flat);
        cum = plus(cum, x->cum);
        inside |= line->insts.v[i].calls.len || x->text.len;
    }
    if (!source_line(w, f->name, number, &source)) {
        if (!line) return;
        source = number ? STR("???") : STR("<instructions with unknown line numbers>");
    }
    buf_fmt(w->out, "\n%s<b>%6lld</b>   ", inside ? "<details><summary>" : "<p>",
            (long long)number);
    if (!line) buf_lit(w->out, "<s>");
    put_values(w, flat, cum);
    buf_fill(w->out, ' ', 11);
    escape(w->out, source);
    if (!line) buf_lit(w->out, "</s>");
    buf_c(w->out, inside ? "</summary>" : "</p>");
    if (inside) put_insts(w, line, source);
    if (inside) buf_lit(w->out, "</details>");
}

// A function's part of a file.
typedef struct Part {
    Str name;
    int64_t begin, end, flat, cum; // lines, the end not included
} Part;
typedef VEC(Part) PartVec;

static int by_line(const void *x, const void *y) {
    const SourceLine *a = x, *b = y;
    return a->number < b->number ? -1 : a->number > b->number;
}

static PartVec parts_of(WebList *w, const File *f) {
    PartVec parts = {0};
    for (uint32_t i = 0; i < f->lines.len; i++) {
        const SourceLine *line = &f->lines.v[i];
        uint32_t *pretty = strmap_get(&w->pretty, line->function);
        Part p = {pretty ? w->pretty_names.v[*pretty - 1] : line->function, line->number,
                  line->number + 1, 0, 0};
        for (uint32_t k = 0; k < line->insts.len; k++) {
            p.flat = plus(p.flat, w->insts.v[line->insts.v[k].inst].flat);
            p.cum = plus(p.cum, w->insts.v[line->insts.v[k].inst].cum);
        }
        Part *last = parts.len ? &vec_last(&parts) : NULL;
        if (last && line->number - last->end < MERGE_WITHIN && str_eq(last->name, p.name)) {
            last->end = p.end;
            last->flat = plus(last->flat, p.flat);
            last->cum = plus(last->cum, p.cum);
        } else {
            vec_push(w->a, &parts, p);
        }
    }
    return parts;
}

// Some lines around each, shared where two are near. Line 0 stands for unknown ones.
static void widen_parts(PartVec *parts) {
    for (uint32_t i = 0; i < parts->len; i++) {
        Part *p = &parts->v[i];
        if (i == 0) {
            p->begin = p->begin > AROUND ? p->begin - AROUND : MIN(p->begin, (int64_t)1);
            continue;
        }
        int64_t half = MIN((p->begin - parts->v[i - 1].end) / 2, (int64_t)AROUND);
        parts->v[i - 1].end += half;
        p->begin -= half;
    }
    if (parts->len) vec_last(parts).end += AROUND;
}

static void put_part(WebList *w, const File *f, const Part *p) {
    buf_lit(w->out, "<h2>");
    escape(w->out, p->name);
    buf_lit(w->out, "</h2><p>");
    escape(w->out, f->name);
    buf_lit(w->out, "</p>\n<pre>\n  Total:  ");
    pprof_pad(w->out, pprof_value(w->r, w->a, p->flat), 10);
    buf_byte(w->out, ' ');
    pprof_pad(w->out, pprof_value(w->r, w->a, p->cum), 10);
    buf_fmt(w->out, " (flat, cum) " STR_FMT, STR_ARG(measure_percent(w->a, p->cum, w->r->total)));
    uint32_t at = 0;
    for (int64_t l = p->begin; l < p->end; l++) {
        while (at < f->lines.len && f->lines.v[at].number < l) at++;
        bool here = at < f->lines.len && f->lines.v[at].number == l;
        put_line(w, f, here ? &f->lines.v[at] : NULL, l);
    }
    buf_lit(w->out, "\n</pre>\n");
}

static void put_head(WebList *w) {
    StrVec labels = pprof_profile_labels(w->r);
    buf_lit(w->out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    const Profile *p = w->r->p;
    if (p->mappings.len > 1 && p->mappings.v[1].file.len) {
        escape(w->out, pprof_base(p->mappings.v[1].file));
        buf_byte(w->out, ' ');
    }
    escape(w->out, w->r->type);
    buf_lit(w->out,
            "</title>\n<style>\n:root { color-scheme: light dark; }\nbody { font-family: "
            "system-ui, sans-serif; margin: 1.5rem; }\npre { font-size: 13px; line-height: 1.45; "
            "}\nh2 { margin-bottom: 0; }\npre p { margin: 0; }\npre b, pre s, pre u { font-weight: "
            "normal; text-decoration: none; opacity: .55; }\nsummary { list-style: none; cursor: "
            "pointer; }\nsummary:hover { background: rgba(128, 128, 128, .2); }\npre div { color: "
            "#1a7f4b; }\npre i { font-style: normal; color: #3b6fd4; }\n</style>\n</head>\n<body>\n"
            "<div>");
    for (uint32_t i = 0; i < labels.len; i++) {
        escape(w->out, labels.v[i]);
        buf_lit(w->out, "<br>\n");
    }
    buf_lit(w->out, "Total: ");
    escape(w->out, pprof_value(w->r, w->a, w->r->total));
    buf_lit(w->out, "</div>");
}

static int by_file(const void *x, const void *y) {
    return str_cmp((*(const File *const *)x)->name, (*(const File *const *)y)->name);
}

static void put_page(WebList *w) {
    put_head(w);
    if (w->files.len) qsort(w->files.v, w->files.len, sizeof *w->files.v, by_file);
    for (uint32_t i = 0; i < w->files.len; i++) {
        File *f = w->files.v[i];
        qsort(f->lines.v, f->lines.len, sizeof *f->lines.v, by_line);
        PartVec parts = parts_of(w, f);
        widen_parts(&parts);
        for (uint32_t k = 0; k < parts.len; k++)
            if (parts.v[k].cum) put_part(w, f, &parts.v[k]);
    }
    buf_lit(w->out, "\n</body>\n</html>\n");
}

Err pprof_print_weblist(PprofReport *r, Buf *out) {
    Arena *a = r->arena;
    WebList w = {.r = r, .a = a, .out = out, .next_made_up = 1};
    w.by_at = index_new(a);
    w.inst_at = index_new(a);
    w.interest = strmap_new(a);
    w.pretty = strmap_new(a);
    w.opened = strmap_new(a);
    w.file_of = strmap_new(a);
    w.text_of = strmap_new(a);
    w.made_up = NEW_ARRAY(a, uint64_t, r->p->locations.len + 1);
    for (uint32_t i = 1; i < r->p->mappings.len; i++)
        w.next_made_up = MAX(w.next_made_up, r->p->mappings.v[i].limit);
    w.by_address = pprof_parse_address(r->symbol_text, &w.address);
    see_samples(&w);
    if (!w.interest.entries.len)
        return err_new(a, ERR_USAGE, 0, "no matches found for regexp: " STR_FMT,
                       STR_ARG(r->symbol_text));
    collect(&w);
    put_page(&w);
    return NULL;
}
