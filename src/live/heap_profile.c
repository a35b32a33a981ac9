// live/heap_profile.c: copied records become a pprof profile: addresses get names, counts are
// scaled from what was sampled to what was allocated. Rules: runtime/pprof's protomem.go and
// runtime/symtab.go (Frames.Next).
#include <math.h>

#include "live/live_internal.h"

enum { PCDATA_INLINE = 2, FUNCDATA_INLINE = 3, INLINE_BYTES = 16, INLINE_DEPTH_MAX = 1000 };

typedef VEC(uint64_t) AddressVec;

typedef struct Namer {
    Arena *arena;
    const Binary *program;
    uint64_t bias;
    Profile *p;
    Index functions, locations;
} Namer;

static int32_t inline_index(const Pclntab *t, const PclnFunc *f, uint64_t pc) {
    uint32_t table = pclntab_pcdata(t, f, PCDATA_INLINE);
    if (table == 0 || table == UINT32_MAX) return -1;
    PclnWalk w = pclntab_walk(t, table, f->entry);
    return pclntab_value_at(&w, pc);
}

// The entry of f's inline tree; empty: none. {kind u8, name u32 at 4, parent pc u32 at 8, start
// line u32 at 12}
static Str inline_entry(const Binary *p, const PclnFunc *f, int32_t index) {
    uint32_t tree = pclntab_funcdata(&p->table, f, FUNCDATA_INLINE);
    if (index < 0 || tree == UINT32_MAX || !p->module.gofunc) return STR("");
    uint64_t at = p->module.gofunc + tree + (uint64_t)(uint32_t)index * INLINE_BYTES;
    return object_bytes_at(&p->object, at, INLINE_BYTES);
}

// The innermost function at pc, an address of the file.
static LiveFrame name_at(const Binary *p, const PclnFunc *f, uint64_t pc) {
    const Pclntab *t = &p->table;
    LiveFrame out = {.name = f->name, .start_line = f->start_line};
    Str entry = inline_entry(p, f, inline_index(t, f, pc));
    if (!entry.len) return out;
    Str name = str_from(t->names, (size_t)object_word(&p->object, entry, 4, 4));
    size_t end = str_find_byte(name, '\0');
    if (end == STR_NONE || end == 0) return out;
    return (LiveFrame){.name = str_to(name, end),
                       .inlined = true,
                       .start_line = (int64_t)object_word(&p->object, entry, 12, 4)};
}

LiveFrame live_frame(const Binary *p, uint64_t bias, uint64_t address) {
    const Pclntab *t = &p->table;
    uint64_t pc = address - bias;
    PclnFunc f;
    if (!pclntab_func_at(t, pc, &f)) return (LiveFrame){0};
    if (pc > f.entry) pc--;
    LiveFrame out = name_at(p, &f, pc);
    out.entry = f.entry;
    PclnCursor c = pclntab_cursor(t);
    int32_t line = 0;
    if (pclntab_locate(&c, pc, &out.file, &line)) out.line = MAX(line, 0);
    return out;
}

// One function a name, in the file it was first met in, as Go's own writer has it.
static uint32_t function_of(Namer *n, const LiveFrame *frame) {
    Profile *p = n->p;
    uint64_t hash = str_hash(frame->name);
    for (IndexIter it = index_find(&n->functions, hash); it.id; index_next(&it))
        if (str_eq(p->functions.v[it.id].name, frame->name)) return it.id;
    uint32_t id = p->functions.len;
    vec_push(n->arena, &p->functions,
             ((ProfileFunction){.name = frame->name,
                                .system_name = frame->name,
                                .file = frame->file,
                                .start_line = frame->start_line}));
    index_add(&n->functions, hash, id);
    return id;
}

static uint32_t location_at(const Namer *n, uint64_t address) {
    uint64_t hash = hash_mix(address, 1);
    for (IndexIter it = index_find(&n->locations, hash); it.id; index_next(&it))
        if (n->p->locations.v[it.id].address == address - 1) return it.id;
    return 0;
}

static bool ends_stack(const LiveFrame *f) { return str_eq(f->name, STR("runtime.goexit")); }

// Whether the caller is what the last frame was inlined into. Equal names: perhaps a recursion.
static bool belongs(const LiveFrame *last, const LiveFrame *caller) {
    return last->inlined && last->entry && last->entry == caller->entry &&
           !str_eq(last->name, caller->name);
}

// The location of the first of `count` return addresses, with those it is inlined into: as many as
// it has lines. 0: a frame no profile shows (what every goroutine returns to).
static uint32_t location_of(Namer *n, const uint64_t *stack, uint32_t count) {
    Profile *p = n->p;
    uint32_t id = location_at(n, stack[0]);
    if (id) return id;
    LiveFrame frame = live_frame(n->program, n->bias, stack[0]);
    if (ends_stack(&frame)) return 0;
    ProfileLocation l = {.address = stack[0] - 1, .mapping = 1, .first_line = p->lines.len};
    for (uint32_t i = 1; frame.name.len; i++) {
        ProfileLine line = {.line = frame.line, .function = function_of(n, &frame)};
        vec_push(n->arena, &p->lines, line);
        l.line_count++;
        if (i >= count) break;
        LiveFrame caller = live_frame(n->program, n->bias, stack[i]);
        if (!belongs(&frame, &caller)) break;
        frame = caller;
    }
    id = p->locations.len;
    vec_push(n->arena, &p->locations, l);
    index_add(&n->locations, hash_mix(stack[0], 1), id);
    return id;
}

static bool in_runtime(const Namer *n, uint64_t address) {
    PclnFunc f;
    uint64_t pc = address - n->bias;
    if (!pclntab_func_at(&n->program->table, pc, &f)) return false;
    Str name = name_at(n->program, &f, pc).name;
    return str_starts(name, STR("runtime.")) || str_starts(name, STR("internal/runtime/"));
}

// A stack cut at its greatest depth may end within inlined calls: what they are inlined into is
// added. (Go leaves out generated wrappers there; we do not know them and keep them.)
static void expand_last(Namer *n, AddressVec *stack) {
    const Pclntab *t = &n->program->table;
    uint64_t pc = vec_last(stack) - 1 - n->bias;
    PclnFunc f;
    if (!pclntab_func_at(t, pc, &f)) return;
    for (int depth = 0; depth < INLINE_DEPTH_MAX; depth++) {
        Str entry = inline_entry(n->program, &f, inline_index(t, &f, pc));
        if (!entry.len) return;
        pc = f.entry + object_word(&n->program->object, entry, 8, 4);
        if (pc >= f.end) return;
        vec_push(n->arena, stack, pc + 1 + n->bias);
    }
}

static void places_of(Namer *n, const uint64_t *stack, uint32_t depth, U32Vec *out) {
    out->len = 0;
    for (uint32_t i = 0; i < depth;) {
        uint32_t location = location_of(n, stack + i, depth - i);
        if (location) vec_push(n->arena, out, location);
        i += location ? MAX(n->p->locations.v[location].line_count, 1) : 1;
    }
}

// The places of a record's stack: the runtime's own frames at the leaf are left out, unless there
// would be nothing else.
static void stack_of(Namer *n, const uint64_t *addresses, uint32_t depth, U32Vec *out) {
    AddressVec stack = {0};
    uint32_t from = 0;
    for (uint32_t i = 0; i < depth; i++) vec_push(n->arena, &stack, addresses[i]);
    while (from < depth && in_runtime(n, stack.v[from])) from++;
    if (from == depth) from = 0;
    expand_last(n, &stack);
    places_of(n, stack.v + from, stack.len - from, out);
    if (!out->len && from) places_of(n, stack.v, stack.len, out);
}

// A sample of size S is drawn with probability 1-exp(-S/rate).
static void scale(int64_t count, int64_t bytes, uint64_t rate, int64_t out[2]) {
    out[0] = out[1] = 0;
    if (count == 0 || bytes == 0) return;
    double factor = 1;
    if (rate > 1) factor = 1 / (1 - exp(-((double)bytes / (double)count) / (double)rate));
    out[0] = rate > 1 ? (int64_t)((double)count * factor) : count;
    out[1] = rate > 1 ? (int64_t)((double)bytes * factor) : bytes;
}

typedef VEC(U32Vec) StackVec;

static void add_samples(Namer *n, const LiveHeap *heap, const StackVec *stacks) {
    SampleSink sink = sink_new(n->p);
    Buf labels = buf_new(n->arena);
    for (uint32_t i = 0; i < heap->records.len; i++) {
        const LiveHeapRecord *r = &heap->records.v[i];
        int64_t values[4];
        scale((int64_t)r->allocs, (int64_t)r->alloc_bytes, heap->rate, values);
        scale((int64_t)(r->allocs - r->frees), (int64_t)(r->alloc_bytes - r->free_bytes),
              heap->rate, values + 2);
        ProfileLabelVec list = {0};
        int64_t size = (int64_t)r->object_bytes;
        if (size)
            vec_push(n->arena, &list,
                     ((ProfileLabel){.key = STR("bytes"), .number = size, .numeric = true}));
        labels.len = 0;
        sink_labels(&sink, &list, &labels);
        sink_add(&sink, stacks->v[i].v, stacks->v[i].len, values, buf_view(&labels));
    }
    sink_finish(&sink);
}

static void set_head(Arena *a, const LiveHeap *heap, Profile *p) {
    static const char *const types[][2] = {{"alloc_objects", "count"},
                                           {"alloc_space", "bytes"},
                                           {"inuse_objects", "count"},
                                           {"inuse_space", "bytes"}};
    *p = (Profile){.arena = a,
                   .raw_types = COUNT(types),
                   .period = (int64_t)heap->rate,
                   .period_type = {STR("space"), STR("bytes")}};
    for (size_t i = 0; i < COUNT(types); i++)
        vec_push(a, &p->types, ((ProfileType){str_c(types[i][0]), str_c(types[i][1])}));
    vec_push(a, &p->strings, STR(""));
    (void)vec_add(a, &p->mappings);
    (void)vec_add(a, &p->functions);
    (void)vec_add(a, &p->locations);
}

void live_heap_profile(Arena *a, const Binary *program, uint64_t bias, const LiveHeap *heap,
                       Profile *out) {
    set_head(a, heap, out);
    uint64_t start = program->module.text.start + bias, end = program->module.text.end + bias;
    vec_push(a, &out->mappings,
             ((ProfileMapping){.id = 1,
                               .start = start,
                               .limit = end,
                               .has_functions = true,
                               .has_files = true,
                               .has_lines = true,
                               .has_inlines = true}));
    Namer n = {.arena = a,
               .program = program,
               .bias = bias,
               .p = out,
               .functions = index_new(a),
               .locations = index_new(a)};
    StackVec stacks = {0};
    for (uint32_t i = 0; i < heap->records.len; i++) {
        const LiveHeapRecord *r = &heap->records.v[i];
        U32Vec stack = {0};
        if (r->depth) stack_of(&n, heap->stacks.v + r->first, r->depth, &stack);
        vec_push(a, &stacks, stack);
    }
    profile_number(out);
    add_samples(&n, heap, &stacks);
}
