// live/frames.c: the frames of a goroutine that stands still, and the types of what lies in them:
// frame sizes from the line table, variables and their places from the debugging information.
// amd64: a return address stands above each frame.
#include "live/graph_internal.h"

enum { FRAMES_MAX = 4096 };

static const DwarfFunction *function_at(const DwarfFunctionVec *all, uint64_t pc) {
    uint32_t lo = 0, hi = all->len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (all->v[mid].low <= pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && pc < all->v[lo - 1].high ? &all->v[lo - 1] : NULL;
}

// Bytes between the stack pointer and the return address at pc; false: no Go code.
static bool size_at(const Binary *p, uint64_t pc, uint64_t *out) {
    PclnFunc f;
    if (!pclntab_func_at(&p->table, pc, &f) || !f.pcsp) return false;
    int32_t size = frame_bytes(p, &f, pc);
    if (size < 0) return false;
    *out = (uint64_t)(uint32_t)size;
    return true;
}

void graph_frames(Arena *a, const LiveGraph *g, FrameSeen seen, void *context) {
    const LiveTarget *t = g->target;
    if (!g->types->has_dwarf || t->program.object.arch != OBJECT_AMD64) return;
    DwarfFunctionVec functions = dwarf_functions(a, &g->types->dwarf);
    DwarfLocalVec locals = {0};
    for (uint32_t i = 0; i < g->image->stacks.len; i++) {
        const ImageBlock *b = &g->image->stacks.v[i];
        uint64_t pc = g->image->goroutines.all.v[i].pc - t->bias, sp = b->addr, size;
        for (int n = 0; n < FRAMES_MAX && b->size && size_at(&t->program, pc, &size); n++) {
            uint64_t cfa = sp + size + 8;
            if (cfa < sp || cfa > b->addr + b->size) break;
            const DwarfFunction *f = function_at(&functions, pc);
            locals.len = 0;
            if (f) dwarf_locals(a, &g->types->dwarf, f, pc, &locals);
            for (uint32_t k = 0; k < locals.len; k++) {
                uint64_t at = cfa + (uint64_t)locals.v[k].offset - b->addr;
                if (at % 8 || at >= b->size) continue;
                seen(context, locals.v[k].type, b->bytes + at,
                     MIN(b->size - at, locals.v[k].size_bytes));
            }
            // Within the call, not behind it.
            pc = graph_word(b->bytes + (cfa - 8 - b->addr)) - t->bias - 1;
            sp = cfa;
        }
    }
}
