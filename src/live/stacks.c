// live/stacks.c: what a goroutine's stack leads to, as the collector sees it: of each frame the
// words its stack map names, and variables whose address is taken only once something leads to
// them. Rules: runtime/mgcmark.go (scanstack), runtime/stkframe.go, runtime/traceback.go.
// Where a stack does not stand at a call (it runs, or was preempted at any instruction) the
// collector never looks; such a frame is taken word by word, and so is all behind a frame that
// cannot be read. arm64 keeps return addresses elsewhere: its stacks are taken word by word.
#include <stdlib.h>

#include "live/graph_internal.h"

enum { FRAMES_MAX = 1 << 20, DEFERS_MAX = 1 << 16, FLAG_TOP = 1 };
// runtime._defer, the same in all releases read: {heap, rangefunc bool; sp, pc, fn, link, head}.
enum { DEFER_FN = 24, DEFER_LINK = 32, DEFER_BYTES = 40 };

typedef struct Variable { // on a stack, its address taken
    uint64_t addr;
    FrameObject what;
    bool seen;
} Variable;

typedef struct Stack {
    Arena *arena; // of this stack alone
    const LiveGraph *g;
    const LiveGoroutine *go;
    const ImageBlock *bytes;
    Arena *keep;
    GraphStacks *out;
    VEC(Variable) variables;
    VEC(uint64_t) inside; // addresses within the stack that something leads to
} Stack;

typedef struct Frame {
    uint64_t pc, sp; // pc: in the file; of a call that waits: what it returns to
    bool waits;      // at a call, or at its entry
    bool loose;      // the frame called from holds its registers, or its arguments are not known
    bool trapped;    // it called nothing: a fault did
    bool starts;     // it has not begun
    bool last;       // there is none behind
} Frame;

static uint64_t stack_end(const Stack *s) { return s->bytes->addr + s->bytes->size; }

static uint64_t word_at(const Stack *s, uint64_t addr) {
    return graph_word(s->bytes->bytes + (addr - s->bytes->addr));
}

static void found(Stack *s, uint64_t value) {
    if (value >= s->bytes->addr && value < stack_end(s))
        vec_push(s->arena, &s->inside, value);
    else if (graph_object_at(s->g, value) != GRAPH_NONE)
        vec_push(s->keep, &s->out->words, value);
}

// Every word between two addresses.
static void take_all(Stack *s, uint64_t from, uint64_t end) {
    from = MAX((from + 7) & ~(uint64_t)7, s->bytes->addr);
    end = MIN(end, stack_end(s));
    for (; from + 8 <= end; from += 8) found(s, word_at(s, from));
}

// Of `words` from an address on those the mask names.
static void take_mask(Stack *s, uint64_t from, uint64_t words, Str mask) {
    for (uint64_t i = 0; i < words && i / 8 < mask.len; i++) {
        uint64_t at = from + i * 8;
        if (!((uint8_t)mask.ptr[i / 8] >> (i % 8) & 1)) continue;
        if (at >= s->bytes->addr && at + 8 <= stack_end(s)) found(s, word_at(s, at));
    }
}

static void add_variables(Stack *s, const PclnFunc *f, const Frame *at, uint64_t locals_end,
                          uint64_t args) {
    const Binary *p = &s->g->target->program;
    uint32_t n = frame_object_count(p, f);
    for (uint32_t i = 0; i < n; i++) {
        Variable v = {0};
        if (!frame_object(p, f, i, &v.what)) return;
        v.addr = (v.what.offset < 0 ? locals_end : args) + (uint64_t)(int64_t)v.what.offset;
        if (v.addr >= at->sp) vec_push(s->arena, &s->variables, v);
    }
}

// The words of a frame that waits at a call; false: its tables do not say.
static bool take_frame(Stack *s, const PclnFunc *f, const Frame *at, uint64_t top) {
    FramePointers maps;
    uint64_t args = top, locals_end = top - 8, pc = at->pc;
    if (locals_end > at->sp) locals_end -= 8;        // the caller's frame pointer
    if (at->trapped && !f->deferreturn) return true; // it will never go on
    if (at->trapped) pc = f->entry + f->deferreturn + 1;
    if (f->args_bytes < 0) return false; // arguments that only who calls it knows
    if (!frame_pointers(&s->g->target->program, f, pc == f->entry ? pc : pc - 1, &maps))
        return false;
    if (locals_end > at->sp && !maps.locals.known) return false;
    take_mask(s, locals_end - maps.locals.words * 8, maps.locals.words, maps.locals.bits);
    take_mask(s, args, MIN(maps.args.words, (uint32_t)f->args_bytes / 8), maps.args.bits);
    add_variables(s, f, at, locals_end, args);
    return true;
}

static bool is_injected(const PclnFunc *f) { // holds the registers of what it interrupted
    return str_eq(f->name, STR("runtime.asyncPreempt")) ||
           str_eq(f->name, STR("runtime.debugCallV2"));
}

// One frame; *at becomes its caller's. False: the last one, or it cannot be read.
static bool take_next(Stack *s, Frame *at) {
    const LiveTarget *t = s->g->target;
    PclnFunc f;
    uint64_t look = at->waits && !at->starts ? at->pc - 1 : at->pc;
    if (!pclntab_func_at(&t->program.table, look, &f)) return false;
    int32_t size = f.pcsp ? frame_bytes(&t->program, &f, look) : -1;
    uint64_t top = at->sp + (uint64_t)(uint32_t)size + 8;
    if (size < 0 || top > stack_end(s)) return false;
    bool injected = is_injected(&f), exact = at->waits && !at->loose && !injected;
    bool known = exact && take_frame(s, &f, at, top);
    if (!known) take_all(s, at->sp, top + (f.args_bytes > 0 ? (uint64_t)f.args_bytes : 0));
    uint64_t back = word_at(s, top - 8);
    *at = (Frame){.pc = back - t->bias,
                  .sp = top,
                  .waits = true,
                  .loose = injected || f.args_bytes < 0,
                  .trapped = str_eq(f.name, STR("runtime.sigpanic")),
                  .last = (f.flags & FLAG_TOP) || !back};
    return !at->last;
}

static void take_frames(Stack *s) {
    const LiveTarget *t = s->g->target;
    Frame at = {.pc = s->go->pc - t->bias, .sp = s->bytes->addr, .waits = !s->go->thread};
    PclnFunc f;
    at.starts = pclntab_func_at(&t->program.table, at.pc, &f) && f.entry == at.pc;
    bool readable = t->program.object.arch == OBJECT_AMD64 && !s->go->unsure;
    for (int n = 0; readable && n < FRAMES_MAX && take_next(s, &at); n++) continue;
    if (!at.last) take_all(s, at.sp, stack_end(s));
}

// Records of deferred calls lie on the stack or in the heap, in any order.
static void take_defers(Stack *s) {
    uint64_t at = s->go->defers;
    for (int n = 0; at && n < DEFERS_MAX; n++) {
        GraphObject o;
        const char *bytes = NULL;
        found(s, at);
        if (at >= s->bytes->addr && at + DEFER_BYTES <= stack_end(s)) {
            bytes = s->bytes->bytes + (at - s->bytes->addr);
            found(s, graph_word(bytes + DEFER_FN));
        } else if (graph_locate(s->g, at, &o) != GRAPH_NONE &&
                   o.addr + o.size - at >= DEFER_BYTES) {
            bytes = o.bytes ? o.bytes + (at - o.addr) : NULL;
        }
        at = bytes ? graph_word(bytes + DEFER_LINK) : 0;
    }
    found(s, s->go->panics);
}

static int compare_variable(const void *x, const void *y) {
    uint64_t a = ((const Variable *)x)->addr, b = ((const Variable *)y)->addr;
    return (a > b) - (a < b);
}

static Variable *variable_at(const Stack *s, uint64_t addr) {
    uint32_t lo = 0, hi = s->variables.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->variables.v[mid].addr <= addr)
            lo = mid + 1;
        else
            hi = mid;
    }
    Variable *v = lo ? &s->variables.v[lo - 1] : NULL;
    return v && addr - v->addr < v->what.size_bytes ? v : NULL;
}

static void take_variables(Stack *s) {
    if (s->variables.len)
        qsort(s->variables.v, s->variables.len, sizeof(Variable), compare_variable);
    while (s->inside.len) {
        Variable *v = variable_at(s, vec_pop(&s->inside));
        if (!v || v->seen) continue;
        v->seen = true;
        uint64_t end = v->addr + v->what.size_bytes;
        if (v->what.pointer_bytes < 0) // its mask is a program
            take_all(s, v->addr, end);
        else
            take_mask(s, v->addr, (uint64_t)v->what.pointer_bytes / 8,
                      object_bytes_from(&s->g->target->program.object, v->what.mask));
    }
}

static const LiveThread *thread_of(const LiveTarget *t, uint32_t id) {
    for (uint32_t i = 0; id && i < t->threads.len; i++)
        if (t->threads.v[i].id == id) return &t->threads.v[i];
    return NULL;
}

void graph_stacks(Arena *a, const LiveGraph *g, GraphStacks *out) {
    const LiveImage *m = g->image;
    Arena *scratch = arena_new("stacks");
    for (uint32_t i = 0; i < m->stacks.len; i++) {
        ArenaMark mark = arena_mark(scratch);
        Stack s = {.arena = scratch,
                   .g = g,
                   .go = &m->goroutines.all.v[i],
                   .bytes = &m->stacks.v[i],
                   .keep = a,
                   .out = out};
        const LiveThread *th = thread_of(g->target, s.go->thread);
        if (s.bytes->size) {
            take_frames(&s);
            for (uint32_t k = 0; th && k < th->words; k++) found(&s, th->registers[k]);
            found(&s, s.go->ctxt);
            take_defers(&s);
            take_variables(&s);
        }
        vec_push(a, &out->ends, out->words.len);
        arena_pop_to(mark);
    }
    arena_free(scratch);
}
