// live/graph.c: objects numbered, and every word that leads from one to another, exactly as the
// collector would see it: pointer bitmaps of small objects, type headers of larger ones.
#include "live/graph.h"

#include "live/graph_internal.h"
#include "sys/region.h"

enum {
    INLINE_MARK_BYTES = 128,
    PAGES_MAX = 1 << 28,
};

// ---- numbers

static Err number_objects(Arena *a, LiveGraph *g) {
    const LiveWalk *w = &g->image->walk;
    uint64_t n = 0;
    g->span_first = NEW_ARRAY(a, uint32_t, w->spans.len + 1);
    g->slots = NEW_ARRAY(a, GraphSlots, w->bit_words + 1);
    g->spans = NEW_ARRAY(a, GraphSpan, w->spans.len + 1);
    for (uint32_t i = 0; i < w->spans.len; i++) {
        const LiveSpan *s = &w->spans.v[i];
        uint64_t at = g->image->span_at[i];
        g->span_first[i] = (uint32_t)n;
        g->spans[i] = (GraphSpan){.start = s->start,
                                  .elem_bytes = s->elem_bytes,
                                  .bytes = at == UINT64_MAX ? NULL : g->image->heap + at,
                                  .bits = s->bits,
                                  .elems = s->elems,
                                  .magic = s->magic};
        for (uint32_t k = 0; s->state == LIVE_SPAN_HEAP && k < (s->elems + 63) / 64; k++) {
            uint64_t word = w->bits[s->bits + k];
            g->slots[s->bits + k] = (GraphSlots){word, (uint32_t)n};
            n += bits_count(word);
        }
    }
    g->span_first[w->spans.len] = (uint32_t)n;
    if (n > UINT32_MAX / 2)
        return err_new(a, ERR_LIMIT, 0, "%llu objects: more than the graph can hold",
                       (unsigned long long)n);
    g->objects = (uint32_t)n;
    g->span_hint = NEW_ARRAY(a, uint32_t, n / 64 + 1);
    for (uint32_t i = 0, hint = 0; i < w->spans.len; i++)
        for (; (uint64_t)hint * 64 < n && (uint64_t)hint * 64 < g->span_first[i + 1]; hint++)
            g->span_hint[hint] = i;
    return NULL;
}

// Where heap and manual spans are, by page.
static Err index_pages(Arena *a, LiveGraph *g) {
    const LiveSpanVec *spans = &g->image->walk.spans;
    if (!spans->len) return NULL;
    g->first_page = spans->v[0].start / LIVE_PAGE;
    g->page_count = (vec_last(spans).start + vec_last(spans).bytes) / LIVE_PAGE - g->first_page;
    if (g->page_count > PAGES_MAX)
        return err_new(a, ERR_LIMIT, 0, "the heap's pages lie too far apart");
    g->page_span = REGION_ARRAY(uint32_t, g->page_count);
    for (uint32_t i = 0; i < spans->len; i++) {
        const LiveSpan *s = &spans->v[i];
        if (s->state != LIVE_SPAN_HEAP) continue;
        uint64_t at = s->start / LIVE_PAGE - g->first_page, n = s->bytes / LIVE_PAGE;
        for (uint64_t k = 0; k < n; k++) g->page_span[at + k] = i + 1;
    }
    return NULL;
}

uint32_t graph_object_at(const LiveGraph *g, uint64_t addr) {
    const GraphSpan *s = graph_span_at(g, addr);
    return s ? graph_number(g, s, graph_slot(s, addr)) : GRAPH_NONE;
}

static inline GraphObject object_of(const LiveGraph *g, const GraphSpan *s, uint32_t slot,
                                    uint32_t id) {
    uint64_t offset = slot * s->elem_bytes;
    GraphObject o = {.addr = s->start + offset,
                     .size = s->elem_bytes,
                     .span = &g->image->walk.spans.v[s - g->spans]};
    if (s->bytes) o.bytes = s->bytes + offset;
    o.type = g->type ? g->type[id] / 2 : 0;
    o.many = g->type && g->type[id] % 2;
    return o;
}

uint32_t graph_locate(const LiveGraph *g, uint64_t addr, GraphObject *out) {
    const GraphSpan *s = graph_span_at(g, addr);
    if (!s) return GRAPH_NONE;
    uint32_t slot = graph_slot(s, addr), id = graph_number(g, s, slot);
    if (id != GRAPH_NONE) *out = object_of(g, s, slot, id);
    return id;
}

// The span of an object: from a hint every 64 objects on.
static uint32_t span_of(const LiveGraph *g, uint32_t id) {
    uint32_t i = g->span_hint[id / 64];
    while (g->span_first[i + 1] <= id) i++;
    return i;
}

uint64_t graph_size(const LiveGraph *g, uint32_t id) { return g->spans[span_of(g, id)].elem_bytes; }

// The slot of the n-th allocated object of a span.
static uint32_t nth_slot(const LiveGraph *g, const GraphSpan *s, uint32_t id) {
    const GraphSlots *w = g->slots + s->bits;
    uint32_t k = 0, words = (s->elems + 63) / 64;
    while (k + 1 < words && w[k + 1].first <= id) k++;
    uint64_t word = w[k].allocated;
    for (uint32_t skip = id - w[k].first; skip; skip--) word &= word - 1;
    return k * 64 + (uint32_t)__builtin_ctzll(word);
}

GraphObject graph_object(const LiveGraph *g, uint32_t id) {
    const GraphSpan *s = &g->spans[span_of(g, id)];
    return object_of(g, s, nth_slot(g, s, id), id);
}

// ---- edges

static inline void edge(LiveGraph *g, uint64_t value) {
    const GraphSpan *s = graph_span_at(g, value);
    if (!s) return;
    uint32_t to = graph_number(g, s, graph_slot(s, value));
    if (to != GRAPH_NONE) g->edges[g->edge_count++] = to;
}

static void scan_words(LiveGraph *g, const char *bytes, uint64_t size) {
    for (uint64_t i = 0; i + 8 <= size; i += 8) edge(g, graph_word(bytes + i));
}

static void scan_type(LiveGraph *g, TypeId id, const char *bytes, uint64_t size);

// One value of a type with slots.
static void scan_value(LiveGraph *g, const TypeSlotVec *slots, const char *bytes, uint64_t size) {
    for (uint32_t i = 0; i < slots->len; i++) {
        const TypeSlot s = slots->v[i];
        if (s.offset + 8 > size) return;
        if (s.kind == SLOT_ARRAY)
            scan_type(g, s.type, bytes + s.offset, MIN(size - s.offset, s.count * s.stride));
        else
            edge(g, graph_word(bytes + s.offset));
    }
}

// Values of a type side by side, as many as fit.
static void scan_type(LiveGraph *g, TypeId id, const char *bytes, uint64_t size) {
    const GoType *t = gotypes_get(g->types, id);
    TypeSlotVec slots = t->slots;
    uint64_t step = t->size;
    if (!slots.len || !step) return;
    for (uint64_t at = 0; at < size; at += step) scan_value(g, &slots, bytes + at, size - at);
}

// An object whose type the runtime itself names.
static void scan_typed(LiveGraph *g, const LiveSpan *s, const char *bytes) {
    uint64_t type = graph_told_type(s, bytes);
    uint64_t skip = graph_header_bytes(s), size = s->elem_bytes - skip;
    TypeId found = gotypes_at(g->types, type);
    if (found)
        scan_type(g, found, bytes + skip, size);
    else if (type) // made by reflect at run time: its descriptor is no part of the program
        scan_words(g, bytes + skip, size);
}

// A small object: a bit for each of its words stands at the end of its span.
static void scan_bits(LiveGraph *g, const LiveSpan *s, uint32_t slot, const char *span) {
    uint64_t map = s->bytes - s->bytes / 64 - (s->inline_marks ? INLINE_MARK_BYTES : 0);
    uint64_t from = slot * s->elem_bytes / 8, end = from + s->elem_bytes / 8;
    const uint8_t *bits = (const uint8_t *)span + map;
    for (uint64_t i = from; i < end; i++) {
        if (i % 8 == 0 && !bits[i / 8]) {
            i += 7;
            continue;
        }
        if (bits[i / 8] >> (i % 8) & 1) edge(g, graph_word(span + i * 8));
    }
}

static void scan_span(LiveGraph *g, uint32_t index) {
    const LiveSpan *s = &g->image->walk.spans.v[index];
    const uint64_t *bits = g->image->walk.bits + s->bits;
    bool copied = g->image->span_at[index] != UINT64_MAX;
    const char *bytes = copied ? g->image->heap + g->image->span_at[index] : NULL;
    uint32_t id = g->span_first[index];
    for (uint32_t k = 0; k < (s->elems + 63) / 64; k++) {
        for (uint64_t word = bits[k]; word; word &= word - 1, id++) {
            uint32_t slot = k * 64 + (uint32_t)__builtin_ctzll(word);
            g->first[id] = (uint32_t)g->edge_count;
            if (!copied) continue;
            if (g->type[id]) {
                uint64_t head = graph_header_bytes(s);
                graph_see_object(g, id, bytes + slot * s->elem_bytes + head, s->elem_bytes - head);
            }
            if (s->elem_bytes <= GRAPH_BITMAP_MAX)
                scan_bits(g, s, slot, bytes);
            else
                scan_typed(g, s, bytes + slot * s->elem_bytes);
        }
    }
}

// What was read is given back where nobody will look again, in steps as large as a large page.
static void drop_behind(LiveImage *m, uint64_t from, uint64_t to) {
    enum { STEP = 2 << 20 };
    uintptr_t start = ((uintptr_t)m->heap + from) / STEP * STEP,
              end = ((uintptr_t)m->heap + to) / STEP * STEP;
    start = MAX(start, (uintptr_t)m->heap);
    if (start < end) region_drop(m->heap + (start - (uintptr_t)m->heap), end - start);
}

static void scan_heap(LiveGraph *g, bool keep_copy) {
    LiveImage *m = g->image;
    uint64_t dropped = 0;
    for (uint32_t i = 0; i < m->walk.spans.len; i++) {
        const LiveSpan *s = &m->walk.spans.v[i];
        if (s->state != LIVE_SPAN_HEAP) continue;
        scan_span(g, i);
        if (keep_copy || m->span_at[i] == UINT64_MAX) continue;
        drop_behind(m, dropped, m->span_at[i] + s->bytes);
        dropped = m->span_at[i] + s->bytes;
    }
    if (!keep_copy && m->heap) region_drop(m->heap, m->heap_bytes);
    g->first[g->objects] = (uint32_t)g->edge_count;
}

// ---- roots

// Opens the next root's node; edges pushed from now on are its own. None: it is taken back.
static void root_open(Arena *a, LiveGraph *g, GraphRoot root) {
    g->first[g->objects + g->roots.len] = (uint32_t)g->edge_count;
    vec_push(a, &g->roots, root);
}

static void root_close(LiveGraph *g) {
    if (g->first[g->objects + g->roots.len - 1] == g->edge_count) g->roots.len--;
}

static bool mask_bit(const ImageBlock *mask, uint64_t i) {
    return i / 8 < mask->size && (uint8_t)mask->bytes[i / 8] >> (i % 8) & 1;
}

// The words of a variable that the collector looks at.
static void scan_section(LiveGraph *g, const ImageBlock *b, const ImageBlock *mask,
                         ImageBlock part) {
    if (part.addr < b->addr || part.addr >= b->addr + b->size) return;
    uint64_t from = (part.addr - b->addr) / 8, end = MIN(part.addr - b->addr + part.size, b->size);
    for (uint64_t i = from; i * 8 + 8 <= end; i++)
        if (mask_bit(mask, i)) edge(g, graph_word(b->bytes + i * 8));
}

static void variable_root(Arena *a, LiveGraph *g, GraphRoot root) {
    root_open(a, g, root);
    ImageBlock part = {root.addr, root.size, NULL};
    scan_section(g, &g->image->data, &g->image->data_mask, part);
    scan_section(g, &g->image->bss, &g->image->bss_mask, part);
    root_close(g);
}

// Without names each word that leads somewhere stands for itself.
static void word_roots(Arena *a, LiveGraph *g, const ImageBlock *b, const ImageBlock *mask) {
    for (uint64_t i = 0; i * 8 + 8 <= b->size; i++) {
        uint64_t at = b->addr + i * 8;
        if (!mask_bit(mask, i) || graph_object_at(g, graph_word(b->bytes + i * 8)) == GRAPH_NONE)
            continue;
        Str name = str_fmt(a, "variable at 0x%llx", (unsigned long long)at);
        variable_root(a, g, (GraphRoot){ROOT_VARIABLE, name, at, 8});
    }
}

// Variables by address; what lies between them (or all, without a symbol table) under one name.
static void variable_roots(Arena *a, LiveGraph *g) {
    const ImageBlock *blocks[] = {&g->image->data, &g->image->bss};
    StaticVec vars = {0};
    if (binary_variables(a, &g->target->program, &vars)) vars.len = 0;
    for (size_t k = 0; k < COUNT(blocks); k++) {
        uint64_t at = blocks[k]->addr, end = at + blocks[k]->size;
        if (!vars.len) {
            word_roots(a, g, blocks[k], k ? &g->image->bss_mask : &g->image->data_mask);
            continue;
        }
        for (uint32_t i = 0; i < vars.len && at < end; i++) {
            uint64_t start = vars.v[i].addr + g->target->bias, size = vars.v[i].size_bytes;
            if (start < at || start >= end || !size) continue;
            if (start > at)
                variable_root(
                    a, g,
                    (GraphRoot){ROOT_VARIABLE, STR("(variables without a name)"), at, start - at});
            size = MIN(size, end - start);
            variable_root(a, g, (GraphRoot){ROOT_VARIABLE, vars.v[i].name, start, size});
            at = start + size;
        }
        if (at < end)
            variable_root(
                a, g, (GraphRoot){ROOT_VARIABLE, STR("(variables without a name)"), at, end - at});
    }
}

static void goroutine_roots(Arena *a, LiveGraph *g, const GraphStacks *stacks) {
    for (uint32_t i = 0; i < g->image->goroutines.all.len; i++) {
        const LiveGoroutine *go = &g->image->goroutines.all.v[i];
        uint64_t size = g->image->stacks.v[i].size;
        if (!size) continue;
        Str name = live_site(g->target, go->startpc, false).function;
        root_open(a, g, (GraphRoot){ROOT_GOROUTINE, name, go->id, size});
        for (uint32_t k = i ? stacks->ends.v[i - 1] : 0; k < stacks->ends.v[i]; k++)
            edge(g, stacks->words.v[k]);
        root_close(g);
    }
}

// What an object with a finalizer leads to stays, though the object itself does not.
static void contents(LiveGraph *g, uint64_t addr) {
    uint32_t id = graph_object_at(g, addr);
    if (id == GRAPH_NONE) return;
    for (uint32_t e = g->first[id]; e < g->first[id + 1]; e++)
        if (g->edges[e] != id) g->edges[g->edge_count++] = g->edges[e];
}

static void special_roots(Arena *a, LiveGraph *g) {
    static const struct {
        uint8_t kind;
        RootKind root;
        const char *name;
        int first, last; // words that count
    } kinds[] = {{SPECIAL_FINALIZER, ROOT_FINALIZER, "finalizers", 3, 3},
                 {SPECIAL_CLEANUP, ROOT_CLEANUP, "cleanups", 3, 5},
                 {SPECIAL_WEAK, ROOT_WEAK, "handles of weak pointers", 3, 3}};
    for (size_t k = 0; k < COUNT(kinds); k++) {
        root_open(a, g, (GraphRoot){kinds[k].root, str_c(kinds[k].name), 0, 0});
        for (uint32_t i = 0; i < g->image->specials.len; i++) {
            const ImageSpecial *s = &g->image->specials.v[i];
            if (s->kind != kinds[k].kind) continue;
            for (int w = kinds[k].first; w <= kinds[k].last; w++) edge(g, s->words[w]);
            if (s->kind == SPECIAL_FINALIZER) contents(g, s->object);
        }
        root_close(g);
    }
    root_open(a, g, (GraphRoot){ROOT_QUEUE, STR("finalizers and cleanups that wait to run"), 0, 0});
    for (uint32_t i = 0; i < g->image->queues.len; i++)
        scan_words(g, g->image->queues.v[i].bytes, g->image->queues.v[i].size);
    root_close(g);
}

static uint64_t root_words(const LiveImage *m) {
    uint64_t n = m->data.size / 8 + m->bss.size / 8 + m->specials.len * 4;
    for (uint32_t i = 0; i < m->queues.len; i++) n += m->queues.v[i].size / 8;
    for (uint32_t i = 0; i < m->specials.len; i++) // what a finalizer's object leads to, again
        if (m->specials.v[i].kind == SPECIAL_FINALIZER) {
            const LiveSpan *s = live_span_at(&m->walk, m->specials.v[i].object);
            n += s ? s->elem_bytes / 8 : 0;
        }
    return n;
}

static uint32_t roots_at_most(const LiveGraph *g, Arena *a) {
    StaticVec vars = {0};
    ArenaMark mark = arena_mark(a);
    if (binary_variables(a, &g->target->program, &vars)) vars.len = 0;
    uint64_t variables = vars.len ? vars.len * 2u : (g->image->data.size + g->image->bss.size) / 8;
    uint32_t n = (uint32_t)variables + g->image->goroutines.all.len + 16;
    arena_pop_to(mark);
    return n;
}

Err graph_build(Arena *a, LiveTarget *t, LiveImage *image, bool keep_copy, LiveGraph *out) {
    LiveGraph g = {.target = t, .image = image, .types = gotypes_new(a, t)};
    TRY(number_objects(a, &g));
    TRY(index_pages(a, &g));
    GraphStacks stacks = {0};
    graph_stacks(a, &g, &stacks);
    uint64_t nodes = (uint64_t)g.objects + roots_at_most(&g, a) + 2;
    // A word leads to one object at most: nothing grows, and untouched pages cost nothing.
    g.edge_room = image->heap_bytes / 8 + root_words(image) + stacks.words.len + nodes;
    if (g.edge_room > (uint64_t)1 << 36)
        return err_new(a, ERR_LIMIT, 0, "more memory with pointers than the graph can hold");
    g.first = REGION_ARRAY(uint32_t, nodes);
    g.edges = REGION_ARRAY(uint32_t, g.edge_room);
    g.type = REGION_ARRAY(uint32_t, nodes);
    g.slack = graph_slack_new(a);
    graph_type_objects(a, &g);
    scan_heap(&g, keep_copy);
    variable_roots(a, &g);
    graph_see_variables(&g);
    goroutine_roots(a, &g, &stacks);
    special_roots(a, &g);
    g.top = g.objects + g.roots.len;
    g.nodes = g.top + 1;
    g.first[g.top] = (uint32_t)g.edge_count;
    for (uint32_t i = 0; i < g.roots.len; i++) g.edges[g.edge_count++] = g.objects + i;
    g.first[g.nodes] = (uint32_t)g.edge_count;
    if (g.edge_count > UINT32_MAX) {
        graph_free(&g);
        return err_new(a, ERR_LIMIT, 0, "more pointers than the graph can hold");
    }
    *out = g;
    return NULL;
}

void graph_free(LiveGraph *g) {
    uint64_t n = (uint64_t)g->objects + g->roots.len + 2;
    region_free(g->page_span, g->page_count * 4);
    region_free(g->first, n * 4);
    region_free(g->edges, g->edge_room * 4);
    region_free(g->type, n * 4);
    region_free(g->idom, n * 4);
    region_free(g->retained, n * 8);
    *g = (LiveGraph){0};
}
