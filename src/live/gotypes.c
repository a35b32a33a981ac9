// live/gotypes.c: types as the graph needs them: which words of a value lead to objects, and of
// what type those are. They come from the runtime's descriptors (internal/abi) in the program's
// file, and from its debugging information where a type has no descriptor or memory has none:
// variables and what closures hold.
#include <stdlib.h>

#include "live/graph.h"
#include "live/live_internal.h"

enum {
    KIND_ARRAY = 17,
    KIND_CHAN,
    KIND_FUNC,
    KIND_INTERFACE,
    KIND_MAP,
    KIND_POINTER,
    KIND_SLICE,
    KIND_STRING,
    KIND_STRUCT,
    KIND_UNSAFE,
    KIND_MASK = 31,
    DIRECT = 32, // in the kind up to Go 1.25, a flag since
    EXTRA_STAR = 2,
    TYPE_BYTES = 48,
    FIELDS_MAX = 1 << 16,
    FLAT_MAX = 8, // elements of an array written out
    DEPTH_MAX = 64,
    RELEASE_DIRECT_FLAG = 26,
};
// Where a type comes from, in the upper bits of its key; the rest is an address or an offset.
#define KEY_DWARF ((uint64_t)1 << 62)
#define KEY_CLOSURE ((uint64_t)1 << 61)
#define KEY_MADE ((uint64_t)1 << 60)
#define KEY_ROLE(role) ((uint64_t)(role) << 56)

// ---- the program's file

static uint64_t pointer_at(const GoTypes *ts, uint64_t addr) {
    uint64_t v = 0;
    object_pointer_at(&ts->target->program.object, addr, &v);
    return v;
}

static uint64_t word_at(const GoTypes *ts, uint64_t addr, unsigned size) {
    const Object *o = &ts->target->program.object;
    Str s = object_bytes_at(o, addr, size);
    return s.len ? object_word(o, s, 0, size) : 0;
}

// A name: flags, length, bytes (internal/abi.Name).
static Str name_at(const GoTypes *ts, uint64_t addr) {
    Str s = object_bytes_from(&ts->target->program.object, addr);
    uint64_t len = 0, at = 1;
    for (unsigned shift = 0; at < s.len && shift < 28; shift += 7) {
        uint8_t b = (uint8_t)s.ptr[at++];
        len |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) break;
    }
    return at < s.len && len <= s.len - at ? str_slice(s, (size_t)at, (size_t)(at + len)) : STR("");
}

GoTypes *gotypes_new(Arena *a, const LiveTarget *t) {
    GoTypes *ts = NEW(a, GoTypes);
    *ts = (GoTypes){.arena = a, .target = t, .index = index_new(a)};
    ts->has_dwarf = !dwarf_open(a, &t->program.object, &ts->dwarf);
    vec_push(a, &ts->all, ((GoType){.built = true}));
    vec_push(a, &ts->all, ((GoType){.name = STR("string"), .size = 1, .built = true}));
    vec_push(
        a, &ts->all,
        ((GoType){.name = STR("func with values without pointers"), .size = 8, .built = true}));
    vec_push(a, &ts->all,
             ((GoType){.name = STR("(small values packed together)"), .size = 1, .built = true}));
    return ts;
}

static TypeId find(const GoTypes *ts, uint64_t key) {
    for (IndexIter it = index_find(&ts->index, hash_mix(key, 1)); it.id; index_next(&it))
        if (ts->all.v[it.id].key == key) return it.id;
    return 0;
}

static TypeId add(GoTypes *ts, GoType type) {
    TypeId id = ts->all.len;
    vec_push(ts->arena, &ts->all, type);
    index_add(&ts->index, hash_mix(type.key, 1), id);
    return id;
}

// ---- descriptors

TypeId gotypes_at(GoTypes *ts, uint64_t addr) {
    const ModuleData *m = &ts->target->program.module;
    uint64_t at = addr - ts->target->bias; // in the file
    if (at < m->types.start || at + TYPE_BYTES > m->types.end || at % 8) return 0;
    TypeId id = find(ts, addr);
    if (id) return id;
    uint8_t flags = (uint8_t)word_at(ts, at + 20, 1), kind = (uint8_t)word_at(ts, at + 23, 1);
    GoType t = {.key = addr, .size = word_at(ts, at, 8), .kind = kind & KIND_MASK};
    if (!t.kind || t.kind > KIND_UNSAFE || t.size > (uint64_t)1 << 40) return 0;
    bool flag = ts->target->release >= RELEASE_DIRECT_FLAG;
    t.direct = (flag ? flags : kind) & DIRECT;
    t.name = name_at(ts, m->types.start + word_at(ts, at + 40, 4));
    if (flags & EXTRA_STAR) t.name = str_from(t.name, 1);
    return add(ts, t);
}

static TypeId type_word(GoTypes *ts, uint64_t at) {
    uint64_t addr = pointer_at(ts, at);
    return addr ? gotypes_at(ts, addr + ts->target->bias) : 0;
}

TypeId gotypes_iface(GoTypes *ts, uint64_t itab) {
    uint64_t type;
    // Itabs made at run time lie outside the file, and are never given back.
    if (pointer_at(ts, itab - ts->target->bias + 8))
        return type_word(ts, itab - ts->target->bias + 8);
    return live_read(ts->target, itab + 8, &type, sizeof type) ? gotypes_at(ts, type) : 0;
}

typedef struct Builder {
    GoTypes *ts;
    TypeSlotVec *out;
} Builder;

static void slot(Builder *b, uint64_t offset, SlotKind kind, TypeId type) {
    vec_push(b->ts->arena, b->out, ((TypeSlot){.offset = offset, .kind = kind, .type = type}));
}

static void abi_slots(Builder *b, uint64_t base, uint64_t at, int depth);

static void array_slots(Builder *b, uint64_t base, uint64_t at, int depth) {
    uint64_t count = word_at(b->ts, at + 64, 8), elem = pointer_at(b->ts, at + 48);
    TypeId id = type_word(b->ts, at + 48);
    uint64_t stride = id ? b->ts->all.v[id].size : 0;
    if (!id || !stride || !word_at(b->ts, elem + 8, 8)) return; // no pointers
    if (count > FLAT_MAX) {
        vec_push(
            b->ts->arena, b->out,
            ((TypeSlot){
                .offset = base, .kind = SLOT_ARRAY, .type = id, .count = count, .stride = stride}));
        return;
    }
    for (uint64_t i = 0; i < count; i++) abi_slots(b, base + i * stride, elem, depth + 1);
}

// sync.Pool keeps its values where only unsafe pointers lead. poolLocal: {private any; shared
// {head, tail *poolChainElt}}, a cache line or two of it; poolChainElt: {headTail uint64; vals
// []any; next, prev} (sync/pool.go, sync/poolqueue.go, the same from Go 1.24 to 1.27).
static TypeId pool_local(GoTypes *ts) {
    enum { LOCAL_BYTES = 128, ELT_BYTES = 48 };
    if (ts->pool_local) return ts->pool_local;
    TypeSlotVec any = {0}, elt = {0}, local = {0};
    Builder b = {ts, &any};
    slot(&b, 8, SLOT_EFACE, 0);
    TypeId value = add(ts, (GoType){.name = STR("any in a sync.Pool"),
                                    .key = KEY_MADE | 1,
                                    .size = 16,
                                    .built = true,
                                    .slots = any});
    TypeId chain = add(ts, (GoType){.name = STR("sync.poolChainElt"),
                                    .key = KEY_MADE | 2,
                                    .size = ELT_BYTES,
                                    .built = true});
    b.out = &elt;
    slot(&b, 8, SLOT_SLICE, value);
    slot(&b, 32, SLOT_POINTER, chain);
    slot(&b, 40, SLOT_POINTER, chain);
    ts->all.v[chain].slots = elt;
    b.out = &local;
    slot(&b, 8, SLOT_EFACE, 0);
    slot(&b, 16, SLOT_POINTER, chain);
    slot(&b, 24, SLOT_POINTER, chain);
    return ts->pool_local = add(ts, (GoType){.name = STR("sync.poolLocal"),
                                             .key = KEY_MADE | 3,
                                             .size = LOCAL_BYTES,
                                             .built = true,
                                             .slots = local});
}

// A leaf of sync.Map's tree: {isEntry bool; overflow *entry; key, value any}
// (internal/sync/hashtriemap.go). No descriptor leads to it.
TypeId gotypes_map_entry(GoTypes *ts, TypeId tree) {
    if (str_find(ts->all.v[tree].name, STR("[interface {},interface {}]")) == STR_NONE) return 0;
    TypeId id = find(ts, KEY_MADE | 4);
    if (id) return id;
    TypeSlotVec slots = {0};
    Builder b = {ts, &slots};
    id = add(
        ts,
        (GoType){.name = STR("sync.Map entry"), .key = KEY_MADE | 4, .size = 48, .built = true});
    slot(&b, 8, SLOT_POINTER, id);
    slot(&b, 24, SLOT_EFACE, 0);
    slot(&b, 40, SLOT_EFACE, 0);
    ts->all.v[id].slots = slots;
    return id;
}

static void pool_slots(Builder *b, uint64_t base) {
    enum { LOCAL_AT = 0, VICTIM_AT = 16, NEW_AT = 32 };
    slot(b, base + LOCAL_AT, SLOT_POOL, pool_local(b->ts));
    slot(b, base + VICTIM_AT, SLOT_POOL, pool_local(b->ts));
    slot(b, base + NEW_AT, SLOT_FUNC, 0);
}

static bool is_pool(Str name) { return str_eq(name, STR("sync.Pool")); }

static Str abi_name(const GoTypes *ts, uint64_t at) {
    Str name = name_at(ts, ts->target->program.module.types.start + word_at(ts, at + 40, 4));
    return word_at(ts, at + 20, 1) & EXTRA_STAR ? str_from(name, MIN(name.len, (size_t)1)) : name;
}

// atomic.Pointer[T] is an unsafe pointer; what it leads to is said by its first field, a [0]*T.
static void atomic_slots(Builder *b, uint64_t base, uint64_t at) {
    uint64_t fields = pointer_at(b->ts, at + 56), array = pointer_at(b->ts, fields + 8);
    uint64_t pointer = array ? pointer_at(b->ts, array + 48) : 0;
    slot(b, base, SLOT_POINTER, pointer ? type_word(b->ts, pointer + 48) : 0);
}

// An inner node of internal/sync.HashTrieMap: its last field, 16 pointers, leads to nodes that say
// themselves in their first byte whether they are inner ones.
static void trie_slots(Builder *b, uint64_t base, uint64_t at) {
    enum { CHILDREN = 16 };
    uint64_t from = word_at(b->ts, at, 8) - CHILDREN * 8;
    TypeId self = gotypes_at(b->ts, at + b->ts->target->bias);
    for (int i = 0; i < CHILDREN; i++) slot(b, base + from + (uint64_t)i * 8, SLOT_TRIE, self);
}

static void struct_slots(Builder *b, uint64_t base, uint64_t at, int depth) {
    Str name = abi_name(b->ts, at);
    if (is_pool(name)) {
        pool_slots(b, base);
        return;
    }
    if (str_starts(name, STR("atomic.Pointer["))) {
        atomic_slots(b, base, at);
        return;
    }
    if (str_starts(name, STR("sync.indirect["))) {
        trie_slots(b, base, at);
        return;
    }
    uint64_t fields = pointer_at(b->ts, at + 56), n = word_at(b->ts, at + 64, 8);
    for (uint64_t i = 0; i < n && n < FIELDS_MAX; i++) {
        uint64_t type = pointer_at(b->ts, fields + i * 24 + 8);
        if (type) abi_slots(b, base + word_at(b->ts, fields + i * 24 + 16, 8), type, depth + 1);
    }
}

// The words of a value at base whose descriptor stands at `at` of the file.
static void abi_slots(Builder *b, uint64_t base, uint64_t at, int depth) { // flat switch
    uint8_t kind = (uint8_t)word_at(b->ts, at + 23, 1) & KIND_MASK;
    if (!word_at(b->ts, at + 8, 8) || depth > DEPTH_MAX) return; // no pointers
    switch (kind) {
    case KIND_POINTER: slot(b, base, SLOT_POINTER, type_word(b->ts, at + 48)); return;
    case KIND_SLICE: slot(b, base, SLOT_SLICE, type_word(b->ts, at + 48)); return;
    case KIND_STRING: slot(b, base, SLOT_STRING, 0); return;
    case KIND_INTERFACE:
        slot(b, base + 8, word_at(b->ts, at + 64, 8) ? SLOT_IFACE : SLOT_EFACE, 0);
        return;
    case KIND_MAP: slot(b, base, SLOT_MAP, gotypes_at(b->ts, at + b->ts->target->bias)); return;
    case KIND_CHAN: slot(b, base, SLOT_CHAN, gotypes_at(b->ts, at + b->ts->target->bias)); return;
    case KIND_FUNC: slot(b, base, SLOT_FUNC, 0); return;
    case KIND_UNSAFE: slot(b, base, SLOT_UNSAFE, 0); return;
    case KIND_ARRAY: array_slots(b, base, at, depth); return;
    case KIND_STRUCT: struct_slots(b, base, at, depth); return;
    default: return;
    }
}

// ---- debugging information

// A type of it, less the names it was given.
static bool dwarf_plain(const GoTypes *ts, uint64_t offset, DwarfEntry *out) {
    for (int depth = 0; depth < DEPTH_MAX && dwarf_entry(&ts->dwarf, offset, out); depth++) {
        if (out->tag != DWARF_TYPEDEF) return true;
        offset = out->type;
    }
    return false;
}

// Its descriptor: an offset from the runtime's types, in older releases an address.
static TypeId dwarf_descriptor(GoTypes *ts, const DwarfEntry *e) {
    uint64_t start = ts->target->program.module.types.start, at = e->go_runtime_type;
    if (!at) return 0;
    return gotypes_at(ts, (at < start ? start + at : at) + ts->target->bias);
}

TypeId gotypes_dwarf(GoTypes *ts, uint64_t offset) {
    DwarfEntry e, plain;
    if (!ts->has_dwarf || !dwarf_entry(&ts->dwarf, offset, &e)) return 0;
    TypeId id = dwarf_descriptor(ts, &e);
    if (id) return id;
    if (!dwarf_plain(ts, offset, &plain)) return 0;
    if (plain.offset != offset) id = dwarf_descriptor(ts, &plain);
    if (id) return id;
    id = find(ts, KEY_DWARF | offset);
    if (id) return id;
    GoType t = {.key = KEY_DWARF | offset,
                .name = e.name,
                .size = plain.size_bytes,
                .kind = plain.go_kind ? plain.go_kind : e.go_kind};
    if (plain.tag == DWARF_POINTER) t.size = 8;
    return add(ts, t);
}

static void dwarf_slots(Builder *b, uint64_t base, uint64_t offset, int depth);

static void dwarf_struct(Builder *b, uint64_t base, const DwarfEntry *e, int depth) {
    DwarfEntry m;
    if (!e->has_children) return;
    for (uint64_t at = e->next; dwarf_entry(&b->ts->dwarf, at, &m); at = m.next)
        if (m.tag == DWARF_MEMBER) dwarf_slots(b, base + m.member_offset, m.type, depth + 1);
}

static void dwarf_array(Builder *b, uint64_t base, const DwarfEntry *e, int depth) {
    DwarfEntry range, elem;
    if (!e->has_children || !dwarf_entry(&b->ts->dwarf, e->next, &range) || !range.has_count)
        return;
    if (!dwarf_plain(b->ts, e->type, &elem)) return;
    uint64_t stride = elem.tag == DWARF_POINTER ? 8 : elem.size_bytes;
    if (!stride) return;
    if (range.count > FLAT_MAX) {
        TypeSlot s = {.offset = base,
                      .kind = SLOT_ARRAY,
                      .type = gotypes_dwarf(b->ts, e->type),
                      .count = range.count,
                      .stride = stride};
        vec_push(b->ts->arena, b->out, s);
        return;
    }
    for (uint64_t i = 0; i < range.count; i++)
        dwarf_slots(b, base + i * stride, e->type, depth + 1);
}

static void dwarf_slots(Builder *b, uint64_t base, uint64_t offset, int depth) {
    DwarfEntry named, e;
    if (depth > DEPTH_MAX || !dwarf_entry(&b->ts->dwarf, offset, &named)) return;
    TypeId id = dwarf_descriptor(b->ts, &named);
    if (!dwarf_plain(b->ts, offset, &e)) return;
    if (!id) id = dwarf_descriptor(b->ts, &e);
    if (id) {
        abi_slots(b, base, b->ts->all.v[id].key - b->ts->target->bias, depth + 1);
        return;
    }
    uint8_t kind = named.go_kind ? named.go_kind : e.go_kind;
    if (kind == KIND_SLICE) {
        slot(b, base, SLOT_SLICE, gotypes_dwarf(b->ts, named.go_elem ? named.go_elem : e.go_elem));
    } else if (kind == KIND_STRING) {
        slot(b, base, SLOT_STRING, 0);
    } else if (kind == KIND_MAP || kind == KIND_CHAN) {
        slot(b, base, SLOT_UNSAFE, 0); // without a descriptor none was ever made
    } else if (kind == KIND_FUNC) {
        slot(b, base, SLOT_FUNC, 0);
    } else if (kind == KIND_INTERFACE || str_eq(e.name, STR("runtime.iface")) ||
               str_eq(e.name, STR("runtime.eface"))) {
        slot(b, base + 8, str_eq(e.name, STR("runtime.eface")) ? SLOT_EFACE : SLOT_IFACE, 0);
    } else if (e.tag == DWARF_POINTER) {
        slot(b, base, e.type ? SLOT_POINTER : SLOT_UNSAFE,
             e.type ? gotypes_dwarf(b->ts, e.type) : 0);
    } else if (e.tag == DWARF_STRUCT && is_pool(e.name)) {
        pool_slots(b, base);
    } else if (e.tag == DWARF_STRUCT) {
        dwarf_struct(b, base, &e, depth);
    } else if (e.tag == DWARF_ARRAY) {
        dwarf_array(b, base, &e, depth);
    }
}

// ---- closures

static int compare_closure(const void *x, const void *y) {
    const ClosureVar *a = x, *b = y;
    if (a->entry != b->entry) return a->entry < b->entry ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static void read_closures(GoTypes *ts) {
    ts->closures_read = true;
    if (!ts->has_dwarf) return;
    DwarfCaptureVec all = dwarf_captures(ts->arena, &ts->dwarf);
    for (uint32_t i = 0; i < all.len; i++)
        vec_push(ts->arena, &ts->closures,
                 ((ClosureVar){all.v[i].function, all.v[i].offset, all.v[i].type, all.v[i].name}));
    if (ts->closures.len)
        qsort(ts->closures.v, ts->closures.len, sizeof(ClosureVar), compare_closure);
}

static uint32_t first_capture(const GoTypes *ts, uint64_t entry) {
    uint32_t lo = 0, hi = ts->closures.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (ts->closures.v[mid].entry < entry)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

TypeId gotypes_closure(GoTypes *ts, uint64_t pc) {
    PclnFunc f;
    uint64_t at = pc - ts->target->bias;
    if (!pclntab_func_at(&ts->target->program.table, at, &f) || f.entry != at) return 0;
    TypeId id = find(ts, KEY_CLOSURE | at);
    if (id) return id;
    if (!ts->closures_read) read_closures(ts);
    GoType t = {.key = KEY_CLOSURE | at,
                .size = 8,
                .role = ROLE_CLOSURE,
                .name = str_join2(ts->arena, STR("func "), f.name)};
    for (uint32_t i = first_capture(ts, at); i < ts->closures.len; i++) {
        uint64_t size = 8;
        DwarfEntry e;
        if (ts->closures.v[i].entry != at) break;
        if (dwarf_plain(ts, ts->closures.v[i].type, &e) && e.size_bytes) size = e.size_bytes;
        t.size = MAX(t.size, ts->closures.v[i].offset + size);
    }
    return add(ts, t);
}

static void closure_slots(Builder *b, uint64_t entry) {
    for (uint32_t i = first_capture(b->ts, entry); i < b->ts->closures.len; i++) {
        const ClosureVar *v = &b->ts->closures.v[i];
        if (v->entry != entry) return;
        dwarf_slots(b, v->offset, v->type, 0);
    }
}

Str gotypes_captured(Arena *a, GoTypes *ts, TypeId closure) {
    uint64_t entry = ts->all.v[closure].key & ~KEY_CLOSURE;
    Buf out = buf_new(a);
    for (uint32_t i = first_capture(ts, entry); i < ts->closures.len; i++) {
        const ClosureVar *v = &ts->closures.v[i];
        DwarfEntry e = {0};
        if (v->entry != entry) break;
        if (!dwarf_entry(&ts->dwarf, v->type, &e)) e.name = STR("?");
        buf_fmt(&out, "%s" STR_FMT " " STR_FMT, out.len ? ", " : "", STR_ARG(v->name),
                STR_ARG(e.name));
    }
    return buf_view(&out);
}

// ---- maps and channels

TypeId gotypes_role(GoTypes *ts, TypeId of, TypeRole role) {
    static const char *const words[] = {[ROLE_MAP] = "",
                                        [ROLE_MAP_DIR] = " (directory)",
                                        [ROLE_MAP_TABLE] = " (table)",
                                        [ROLE_CHAN] = ""};
    static const uint64_t sizes[] = {
        [ROLE_MAP] = 48, [ROLE_MAP_DIR] = 8, [ROLE_MAP_TABLE] = 32, [ROLE_CHAN] = 96};
    if (!of) return 0;
    uint64_t key = ts->all.v[of].key | KEY_ROLE(role);
    TypeId id = find(ts, key);
    if (id) return id;
    uint64_t at = ts->all.v[of].key - ts->target->bias;
    GoType t = {.key = key,
                .size = sizes[role],
                .role = role,
                .elem = of,
                .name = str_join2(ts->arena, ts->all.v[of].name, str_c(words[role]))};
    t.group = role == ROLE_CHAN ? type_word(ts, at + 48) : type_word(ts, at + 64);
    return add(ts, t);
}

// Maps: internal/runtime/maps.Map and table; which words count depends on their contents, so the
// walk over values knows them, too (typing.c).
static void role_slots(Builder *b, const GoType *t) {
    enum { MAP_DIR_AT = 16, TABLE_GROUPS_AT = 16, CHAN_BUFFER_AT = 16 };
    switch (t->role) {
    case ROLE_MAP: slot(b, MAP_DIR_AT, SLOT_MAP, t->elem); return;
    case ROLE_MAP_DIR:
        slot(b, 0, SLOT_POINTER, gotypes_role(b->ts, t->elem, ROLE_MAP_TABLE));
        return;
    case ROLE_MAP_TABLE: slot(b, TABLE_GROUPS_AT, SLOT_POINTER, t->group); return;
    case ROLE_CHAN: slot(b, CHAN_BUFFER_AT, SLOT_POINTER, t->group); return;
    case ROLE_CLOSURE: closure_slots(b, t->key & ~KEY_CLOSURE); return;
    case ROLE_VALUE: return;
    }
}

const GoType *gotypes_get(GoTypes *ts, TypeId id) {
    if (ts->all.v[id].built) return &ts->all.v[id];
    ts->all.v[id].built = true;
    GoType t = ts->all.v[id]; // the table may grow meanwhile
    TypeSlotVec slots = {0};
    Builder b = {ts, &slots};
    if (t.role != ROLE_VALUE)
        role_slots(&b, &t);
    else if (t.key & KEY_DWARF)
        dwarf_slots(&b, 0, t.key & ~KEY_DWARF, 0);
    else
        abi_slots(&b, 0, t.key - ts->target->bias, 0);
    TypeId elem = 0;
    if (!t.role && !(t.key & (KEY_DWARF | KEY_MADE)) &&
        (t.kind == KIND_POINTER || t.kind == KIND_SLICE || t.kind == KIND_ARRAY))
        elem = type_word(ts, t.key - ts->target->bias + 48);
    ts->all.v[id].slots = slots;
    if (elem) ts->all.v[id].elem = elem;
    return &ts->all.v[id];
}

// ---- names of fields

static Str abi_field(GoTypes *ts, uint64_t at, uint64_t offset, int depth);

static Str dotted(GoTypes *ts, Str name, Str rest) {
    if (!rest.len) return name;
    return rest.ptr[0] == '[' ? str_join2(ts->arena, name, rest)
                              : str_join3(ts->arena, name, STR("."), rest);
}

static Str abi_struct_field(GoTypes *ts, uint64_t at, uint64_t offset, int depth) {
    uint64_t fields = pointer_at(ts, at + 56), n = word_at(ts, at + 64, 8);
    for (uint64_t i = MIN(n, (uint64_t)FIELDS_MAX); i-- > 0;) {
        uint64_t start = word_at(ts, fields + i * 24 + 16, 8),
                 type = pointer_at(ts, fields + i * 24 + 8);
        if (start > offset || offset - start >= word_at(ts, type, 8)) continue;
        Str name = name_at(ts, pointer_at(ts, fields + i * 24));
        return dotted(ts, name, abi_field(ts, type, offset - start, depth + 1));
    }
    return STR("");
}

// Within a value whose descriptor stands at `at` of the file.
static Str abi_field(GoTypes *ts, uint64_t at, uint64_t offset, int depth) {
    uint8_t kind = (uint8_t)word_at(ts, at + 23, 1) & KIND_MASK;
    if (depth > DEPTH_MAX) return STR("");
    if (kind == KIND_STRUCT) return abi_struct_field(ts, at, offset, depth);
    if (kind != KIND_ARRAY) return STR("");
    uint64_t elem = pointer_at(ts, at + 48), stride = elem ? word_at(ts, elem, 8) : 0;
    if (!stride) return STR("");
    return dotted(ts, str_fmt(ts->arena, "[%llu]", (unsigned long long)(offset / stride)),
                  abi_field(ts, elem, offset % stride, depth + 1));
}

static Str dwarf_field(GoTypes *ts, uint64_t type, uint64_t offset, int depth) {
    DwarfEntry e, m, inner, best = {0};
    if (depth > DEPTH_MAX || !dwarf_plain(ts, type, &e) || !e.has_children) return STR("");
    if (e.tag == DWARF_ARRAY) {
        if (!dwarf_plain(ts, e.type, &inner)) return STR("");
        uint64_t stride = inner.tag == DWARF_POINTER ? 8 : inner.size_bytes;
        if (!stride) return STR("");
        return dotted(ts, str_fmt(ts->arena, "[%llu]", (unsigned long long)(offset / stride)),
                      dwarf_field(ts, e.type, offset % stride, depth + 1));
    }
    uint8_t kind = e.go_kind;
    if (e.tag != DWARF_STRUCT || kind == KIND_SLICE || kind == KIND_STRING) return STR("");
    for (uint64_t at = e.next; dwarf_entry(&ts->dwarf, at, &m); at = m.next)
        if (m.tag == DWARF_MEMBER && m.member_offset <= offset &&
            (!best.tag || m.member_offset >= best.member_offset))
            best = m;
    if (!best.tag) return STR("");
    return dotted(ts, best.name,
                  dwarf_field(ts, best.type, offset - best.member_offset, depth + 1));
}

Str gotypes_field(GoTypes *ts, TypeId id, uint64_t offset) {
    const GoType t = *gotypes_get(ts, id);
    if (t.role == ROLE_CLOSURE) {
        for (uint32_t i = first_capture(ts, t.key & ~KEY_CLOSURE); i < ts->closures.len; i++) {
            const ClosureVar *v = &ts->closures.v[i];
            if (v->entry != (t.key & ~KEY_CLOSURE) || v->offset > offset) break;
            if (i + 1 < ts->closures.len && v[1].entry == v->entry && v[1].offset <= offset)
                continue;
            return v->name;
        }
        return STR("");
    }
    if (t.role || id < TYPE_FIRST || t.key & KEY_MADE) return STR("");
    if (t.key & KEY_DWARF) return dwarf_field(ts, t.key & ~KEY_DWARF, offset, 0);
    return abi_field(ts, t.key - ts->target->bias, offset, 0);
}
