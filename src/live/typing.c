// live/typing.c: types spread from memory whose type is known (variables, objects with a header,
// interfaces, closures) along its fields to what these lead to. An object seen as a larger type or
// an array wins over one seen as a part: a pointer may lead to a first field.
#include "live/graph_internal.h"

enum { TINY_BYTES = 16, WAITING = 16 };

typedef struct Known { // memory outside the heap seen as a type
    uint64_t addr;
    TypeId type;
} Known;

typedef struct Claim { // an object seen as values of a type
    const GraphSpan *span;
    uint64_t offset, count; // offset: of the first value within it
    uint32_t slot, id;
    TypeId type;
    bool many;
} Claim;

typedef struct Place { // of an object
    uint32_t span, slot;
} Place;

typedef struct Typing {
    Arena *arena;
    LiveGraph *g;
    GoTypes *ts;
    // Claims wait a little, so that the memory they need is on its way meanwhile.
    Claim claims[WAITING];
    uint32_t claimed, settled; // of all claims so far
    VEC(Place) work;           // objects whose fields are to be followed
    VEC(Known) statics;
    uint32_t statics_done;
    Index seen; // of statics
} Typing;

const char *graph_static_bytes(const LiveGraph *g, uint64_t addr, uint64_t *left) {
    const ImageBlock *blocks[] = {&g->image->data, &g->image->bss};
    for (size_t i = 0; i < COUNT(blocks); i++) {
        if (addr < blocks[i]->addr || addr - blocks[i]->addr >= blocks[i]->size) continue;
        *left = blocks[i]->size - (addr - blocks[i]->addr);
        return blocks[i]->bytes + (addr - blocks[i]->addr);
    }
    return NULL;
}

static void add_static(Typing *t, uint64_t addr, TypeId type) {
    uint64_t left, hash = hash_mix(addr, type);
    if (!type || !graph_static_bytes(t->g, addr, &left)) return;
    for (IndexIter it = index_find(&t->seen, hash); it.id; index_next(&it))
        if (t->statics.v[it.id - 1].addr == addr && t->statics.v[it.id - 1].type == type) return;
    vec_push(t->arena, &t->statics, ((Known){addr, type}));
    index_add(&t->seen, hash, t->statics.len);
}

// Bytes of an object a type accounts for.
static uint64_t covered(const Typing *t, uint32_t word, uint64_t slot) {
    return word % 2 ? slot : t->ts->all.v[word / 2].size;
}

// Whether the runtime itself has said what an object is.
static bool is_settled(const LiveSpan *s, uint32_t word) {
    if (s->noscan) return false;
    return s->size_class ? s->elem_bytes > GRAPH_BITMAP_MAX : word != 0;
}

// A map's directory or table: the runtime does not say of which map.
static bool is_map_part(const Typing *t, const Claim *c, uint32_t word) {
    TypeRole role = t->ts->all.v[c->type].role;
    return (role == ROLE_MAP_DIR || role == ROLE_MAP_TABLE) && c->offset == 0 &&
           t->ts->all.v[word / 2].role == ROLE_VALUE;
}

static void settle(Typing *t) {
    Claim c = t->claims[t->settled++ % WAITING];
    uint32_t *word = &t->g->type[c.id], span = (uint32_t)(c.span - t->g->spans);
    const LiveSpan *s = &t->g->image->walk.spans.v[span];
    uint64_t size = t->ts->all.v[c.type].size, head = graph_header_bytes(s), count = c.count;
    uint64_t room = s->elem_bytes - head;
    c.offset -= MIN(c.offset, head);
    if (!size || count > room / size + 1) count = size ? room / size : 1;
    bool part_of_map = is_map_part(t, &c, *word);
    if (is_settled(s, *word) && !part_of_map) return;
    // The allocator packs small values without pointers into blocks of 16 bytes.
    if (c.offset && !*word && room == TINY_BYTES && s->noscan) *word = TYPE_TINY * 2;
    if (c.offset && (!c.many || !size || c.offset % size)) return; // a part of something
    uint64_t cover = c.offset + count * size;
    if (cover > room || (*word && cover <= covered(t, *word, room) && !part_of_map)) return;
    *word = c.type * 2 + c.many;
    if (c.span->bytes) vec_push(t->arena, &t->work, ((Place){span, c.slot}));
}

// Memory at addr holds `count` values of a type side by side; many: it is the backing of a slice,
// even of one.
static void assign_many(Typing *t, uint64_t addr, TypeId type, uint64_t count, bool many) {
    if (!type || !addr) return;
    const GraphSpan *s = graph_span_at(t->g, addr);
    uint32_t slot = s ? graph_slot(s, addr) : 0;
    uint32_t id = s ? graph_number(t->g, s, slot) : GRAPH_NONE;
    if (id == GRAPH_NONE) {
        if (!many) add_static(t, addr, type);
        return;
    }
    uint64_t start = s->start + slot * s->elem_bytes;
    if (t->claimed - t->settled == WAITING) settle(t);
    t->claims[t->claimed++ % WAITING] = (Claim){s, addr - start, count, slot, id, type, many};
    __builtin_prefetch(&t->g->type[id], 1);
    if (s->bytes) __builtin_prefetch(s->bytes + (start - s->start));
}

static void assign(Typing *t, uint64_t addr, TypeId type) { assign_many(t, addr, type, 1, false); }

static void follow_slot(Typing *t, const TypeSlot *s, const char *bytes, uint64_t left);

// An interface's second word: the value itself, or where it is.
static void follow_interface(Typing *t, TypeId type, const char *word) {
    if (!type) return;
    const GoType *c = gotypes_get(t->ts, type);
    if (!c->direct) {
        assign(t, graph_word(word), type);
    } else if (c->slots.len == 1 && c->slots.v[0].kind < SLOT_SLICE) {
        assign(t, graph_word(word), c->slots.v[0].type);
    } else if (c->slots.len == 1 && c->slots.v[0].kind >= SLOT_MAP) {
        TypeSlot s = c->slots.v[0];
        s.offset = 0;
        follow_slot(t, &s, word, 8);
    }
}

static void follow_func(Typing *t, uint64_t closure) {
    GraphObject o;
    if (graph_locate(t->g, closure, &o) == GRAPH_NONE || o.addr != closure) return;
    assign(t, closure,
           o.bytes ? gotypes_closure(t->ts, graph_word(o.bytes)) : (TypeId)TYPE_CLOSURE_DATA);
}

// A node of a sync.Map's tree says in its first byte whether it is a leaf.
static void follow_node(Typing *t, uint64_t node, TypeId inner) {
    GraphObject o;
    if (graph_locate(t->g, node, &o) == GRAPH_NONE || o.addr != node || !o.bytes) return;
    assign(t, node, o.bytes[0] ? gotypes_map_entry(t->ts, inner) : inner);
}

static void follow_values(Typing *t, TypeId type, const char *bytes, uint64_t size);

static void follow_slot(Typing *t, const TypeSlot *s, const char *bytes,
                        uint64_t left) { // flat switch
    uint64_t word = graph_word(bytes + s->offset);
    bool more = s->offset + 16 <= left;
    switch (s->kind) {
    case SLOT_POINTER: assign(t, word, s->type); return;
    case SLOT_SLICE:
        if (s->offset + 24 <= left)
            assign_many(t, word, s->type, graph_word(bytes + s->offset + 16), true);
        return;
    case SLOT_STRING:
        if (more) assign_many(t, word, TYPE_STRING_DATA, graph_word(bytes + s->offset + 8), true);
        return;
    case SLOT_IFACE:
        if (word && s->offset >= 8)
            follow_interface(t, gotypes_iface(t->ts, graph_word(bytes + s->offset - 8)),
                             bytes + s->offset);
        return;
    case SLOT_EFACE:
        if (word && s->offset >= 8)
            follow_interface(t, gotypes_at(t->ts, graph_word(bytes + s->offset - 8)),
                             bytes + s->offset);
        return;
    case SLOT_MAP: assign(t, word, word ? gotypes_role(t->ts, s->type, ROLE_MAP) : 0); return;
    case SLOT_CHAN: assign(t, word, word ? gotypes_role(t->ts, s->type, ROLE_CHAN) : 0); return;
    case SLOT_FUNC:
        if (word) follow_func(t, word);
        return;
    case SLOT_UNSAFE: return;
    case SLOT_TRIE:
        if (word) follow_node(t, word, s->type);
        return;
    case SLOT_POOL:
        if (more) assign_many(t, word, s->type, graph_word(bytes + s->offset + 8), true);
        return;
    case SLOT_ARRAY:
        follow_values(t, s->type, bytes + s->offset, MIN(left - s->offset, s->count * s->stride));
        return;
    }
}

// Map: {used, seed, dirPtr at 16, dirLen at 24}; without a directory dirPtr is the one group.
static void follow_map(Typing *t, const GoType *type, const char *bytes) {
    uint64_t dir = graph_word(bytes + 16), count = graph_word(bytes + 24);
    TypeId of = type->elem, group = type->group;
    if (!dir) return;
    if (count)
        assign_many(t, dir, gotypes_role(t->ts, of, ROLE_MAP_DIR), count, true);
    else
        assign(t, dir, group);
}

static void follow_one(Typing *t, const GoType *type, const char *bytes, uint64_t size) {
    TypeSlotVec slots = type->slots; // the table of types may grow meanwhile
    TypeRole role = type->role;
    TypeId group = type->group;
    if (role == ROLE_MAP && size >= 32) {
        follow_map(t, type, bytes);
        return;
    }
    if (role == ROLE_MAP_TABLE && size >= 32) { // {..., groups at 16, lengthMask at 24}
        assign_many(t, graph_word(bytes + 16), group, graph_word(bytes + 24) + 1, true);
        return;
    }
    if (role == ROLE_CHAN && size >= 24) { // {qcount, dataqsiz, buf}
        assign_many(t, graph_word(bytes + 16), group, graph_word(bytes + 8), true);
        return;
    }
    for (uint32_t i = 0; i < slots.len && slots.v[i].offset + 8 <= size; i++)
        follow_slot(t, &slots.v[i], bytes, size);
}

static void follow_values(Typing *t, TypeId type, const char *bytes, uint64_t size) {
    const GoType *g = gotypes_get(t->ts, type);
    uint64_t step = g->size;
    if (!step || (!g->slots.len && !g->role)) return;
    for (uint64_t at = 0; at + step <= size; at += step)
        follow_one(t, gotypes_get(t->ts, type), bytes + at, size - at);
}

static void follow_object(Typing *t, Place at) {
    const GraphSpan *s = &t->g->spans[at.span];
    const LiveSpan *span = &t->g->image->walk.spans.v[at.span];
    uint32_t word = t->g->type[graph_number(t->g, s, at.slot)];
    uint64_t skip = graph_header_bytes(span);
    const char *bytes = s->bytes + at.slot * s->elem_bytes + skip;
    if (!word) return;
    if (word % 2)
        follow_values(t, word / 2, bytes, s->elem_bytes - skip);
    else
        follow_one(t, gotypes_get(t->ts, word / 2), bytes, s->elem_bytes - skip);
}

static void drain(Typing *t) {
    for (;;) {
        if (t->work.len) {
            follow_object(t, vec_pop(&t->work));
        } else if (t->claimed != t->settled) {
            settle(t);
        } else if (t->statics_done < t->statics.len) {
            Known k = t->statics.v[t->statics_done++];
            uint64_t left;
            const char *bytes = graph_static_bytes(t->g, k.addr, &left);
            follow_one(t, gotypes_get(t->ts, k.type), bytes, left);
        } else {
            return;
        }
    }
}

// What the runtime itself names: in the word before a value, or of the only one in a span.
static void name_object(Typing *t, uint32_t span, uint32_t slot) {
    const GraphSpan *g = &t->g->spans[span];
    const LiveSpan *s = &t->g->image->walk.spans.v[span];
    uint64_t head = graph_header_bytes(s);
    TypeId type = gotypes_at(t->ts, graph_told_type(s, g->bytes + slot * s->elem_bytes));
    if (!type) return;
    uint64_t one = t->ts->all.v[type].size;
    t->g->type[graph_number(t->g, g, slot)] = type * 2 + (one && (s->elem_bytes - head) / one > 1);
    vec_push(t->arena, &t->work, ((Place){span, slot}));
}

static void name_objects(Typing *t) {
    const LiveWalk *w = &t->g->image->walk;
    for (uint32_t i = 0; i < w->spans.len; i++) {
        const LiveSpan *s = &w->spans.v[i];
        if (s->state != LIVE_SPAN_HEAP || s->noscan || s->elem_bytes <= GRAPH_BITMAP_MAX) continue;
        for (uint32_t slot = 0; slot < s->elems && t->g->spans[i].bytes; slot++)
            if (live_is_allocated(w, s, slot)) name_object(t, i, slot);
    }
}

static void follow_local(void *context, uint64_t type, const char *bytes, uint64_t left) {
    Typing *t = context;
    TypeId id = gotypes_dwarf(t->ts, type);
    if (!id) return;
    uint64_t size = t->ts->all.v[id].size;
    follow_one(t, gotypes_get(t->ts, id), bytes, MIN(left, size));
    drain(t);
}

void graph_type_objects(Arena *a, LiveGraph *g) {
    Typing t = {.arena = a, .g = g, .ts = g->types, .seen = index_new(a)};
    if (t.ts->has_dwarf) {
        DwarfVariableVec vars = g->types->variables = dwarf_variables(a, &t.ts->dwarf);
        for (uint32_t i = 0; i < vars.len; i++)
            add_static(&t, vars.v[i].addr + g->target->bias, gotypes_dwarf(t.ts, vars.v[i].type));
    }
    name_objects(&t);
    drain(&t);
    graph_frames(a, g, follow_local, &t);
}
