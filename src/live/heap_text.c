// live/heap_text.c: copied records as /debug/pprof/heap?debug=1 writes them: counts as sampled,
// return addresses, and a line a call. Rules: runtime/pprof/pprof.go (writeHeapInternal,
// printStackRecord); columns are set by tabs, eight apart.
#include <stdlib.h>

#include "live/live_internal.h"

enum { TAB = 8 };

typedef struct Line {
    LiveFrame frame;
    uint64_t pc, entry; // in the process
} Line;
typedef VEC(Line) LineVec;

// The text form, unlike the protobuf one, writes [...] for type arguments.
static Str printed_name(Arena *a, Str name) {
    size_t from = str_find_byte(name, '['), end = name.len;
    if (from == STR_NONE) return name;
    while (end > from && name.ptr[end - 1] != ']') end--;
    if (end <= from + 1) return name;
    return str_join3(a, str_to(name, from), STR("[...]"), str_from(name, end));
}

static bool of_runtime(Str name) {
    return str_starts(name, STR("runtime.")) || str_starts(name, STR("internal/runtime/"));
}

// A cell and the tabs behind it, in a column `width` wide.
static void cell(Buf *out, Str text, size_t width) {
    size_t column = (width + 1 + TAB - 1) / TAB * TAB;
    buf_str(out, text);
    for (size_t at = text.len; at < column; at = (at / TAB + 1) * TAB) buf_lit(out, "\t");
}

static Str pc_text(Arena *a, const Line *l) {
    return str_fmt(a, "0x%llx", (unsigned long long)l->pc);
}

static Str name_text(Arena *a, const Line *l) {
    return str_fmt(a, STR_FMT "+0x%llx", STR_ARG(l->frame.name),
                   (unsigned long long)(l->pc - l->entry));
}

static void write_lines(Arena *a, const LineVec *lines, Buf *out) {
    size_t pcs = 0, names = 0;
    for (uint32_t i = 0; i < lines->len; i++) {
        pcs = MAX(pcs, pc_text(a, &lines->v[i]).len);
        if (lines->v[i].frame.name.len) names = MAX(names, name_text(a, &lines->v[i]).len);
    }
    for (uint32_t i = 0; i < lines->len; i++) {
        const Line *l = &lines->v[i];
        buf_lit(out, "#\t");
        if (!l->frame.name.len) {
            buf_fmt(out, STR_FMT "\n", STR_ARG(pc_text(a, l)));
            continue;
        }
        cell(out, pc_text(a, l), pcs);
        cell(out, name_text(a, l), names);
        buf_fmt(out, STR_FMT ":%lld\n", STR_ARG(l->frame.file), (long long)l->frame.line);
    }
}

typedef struct Text {
    Arena *arena;
    const Binary *program;
    uint64_t bias;
    const LiveHeap *heap;
} Text;

// The runtime's own frames at the leaf are left out, unless there would be nothing else.
static void collect_lines(const Text *x, const LiveHeapRecord *r, bool all, LineVec *out) {
    for (uint32_t i = 0; i < r->depth; i++) {
        uint64_t pc = x->heap->stacks.v[r->first + i];
        Line l = {.frame = live_frame(x->program, x->bias, pc), .pc = pc};
        Str name = l.frame.name = printed_name(x->arena, l.frame.name);
        l.entry = l.frame.entry + x->bias;
        if (name.len && l.pc > l.entry) l.pc--;
        if (str_eq(name, STR("runtime.goexit")) || (!all && of_runtime(name))) continue;
        all = true;
        vec_push(x->arena, out, l);
    }
}

static int compare_record(const void *x, const void *y) {
    const LiveHeapRecord *a = *(const LiveHeapRecord *const *)x,
                         *b = *(const LiveHeapRecord *const *)y;
    int64_t used_a = (int64_t)(a->alloc_bytes - a->free_bytes),
            used_b = (int64_t)(b->alloc_bytes - b->free_bytes);
    if (used_a != used_b) return used_a < used_b ? -1 : 1;
    return (a > b) - (a < b);
}

static void write_counts(Buf *out, const LiveHeapRecord *r) {
    buf_fmt(out, "%lld: %lld [%lld: %lld] @", (long long)(r->allocs - r->frees),
            (long long)(r->alloc_bytes - r->free_bytes), (long long)r->allocs,
            (long long)r->alloc_bytes);
}

void live_heap_text(const Binary *program, uint64_t bias, const LiveHeap *heap, Buf *out) {
    Arena *scratch = arena_new("heap text");
    const LiveHeapRecord **order =
        NEW_ARRAY(scratch, const LiveHeapRecord *, heap->records.len + 1);
    LiveHeapRecord total = {0};
    for (uint32_t i = 0; i < heap->records.len; i++) {
        const LiveHeapRecord *r = order[i] = &heap->records.v[i];
        total.allocs += r->allocs;
        total.frees += r->frees;
        total.alloc_bytes += r->alloc_bytes;
        total.free_bytes += r->free_bytes;
    }
    if (heap->records.len) qsort(order, heap->records.len, sizeof(*order), compare_record);
    if (!total.free_bytes) { // equal columns would be taken for a profile of two
        total.alloc_bytes++;
        total.free_bytes++;
    }
    buf_lit(out, "heap profile: ");
    write_counts(out, &total);
    buf_fmt(out, " heap/%llu\n", (unsigned long long)heap->rate * 2);
    Text x = {scratch, program, bias, heap};
    for (uint32_t i = 0; i < heap->records.len; i++) {
        const LiveHeapRecord *r = order[i];
        ArenaMark mark = arena_mark(scratch);
        LineVec lines = {0};
        write_counts(out, r);
        for (uint32_t k = 0; k < r->depth; k++)
            buf_fmt(out, " 0x%llx", (unsigned long long)heap->stacks.v[r->first + k]);
        collect_lines(&x, r, false, &lines);
        if (!lines.len) collect_lines(&x, r, true, &lines);
        buf_lit(out, "\n");
        write_lines(scratch, &lines, out);
        buf_lit(out, "\n");
        arena_pop_to(mark);
    }
    arena_free(scratch);
}
