// profile/merge.c: several profiles become one. Locations are the same when mapping, offset in it
// and lines are; samples when their locations and labels are. Sources are added one at a time and
// may be freed at once: what is kept are the merged stacks (packed) and their values.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "codec/proto.h"
#include "profile/profile_internal.h"

typedef struct Entry {
    uint64_t at; // of the stack and the labels in the bytes
    uint32_t stack_len, label_len;
} Entry;

typedef struct Slot {
    uint32_t hash, entry; // entry + 1; 0: empty
} Slot;

// A location's number as it is written; size 0: the location was not met yet.
typedef struct Packed {
    uint8_t bytes[5], size;
} Packed;

// A growing array outside any arena: these are the large ones.
typedef struct Heap {
    char *ptr;
    size_t len, cap;
} Heap;

struct Merger {
    Arena *arena;
    Profile p;
    Index functions, locations, mappings;
    SampleSink sink; // only interns strings
    // Per source.
    const Profile *src;
    Packed *location_map;
    uint32_t *function_map, *mapping_map;
    int64_t *mapping_shift;
    StrMap label_cache; // label bytes of the source -> labels + 1
    // Samples.
    Heap bytes, entries, values;
    Slot *slots;
    uint64_t slot_mask, count;
    VEC(Str) labels; // encoded, in the merged profile's strings
    StrVec comments_seen;
    uint64_t only; // columns, a bit each; see merger_only
    bool started;
};

static void heap_room(Heap *h, size_t n) {
    if (h->cap - h->len >= n) return;
    size_t cap = h->cap + h->cap / 2;
    if (cap < h->len + n) cap = h->len + n;
    if (cap < 65536) cap = 65536;
    char *moved = realloc(h->ptr, cap);
    if (!moved) base_out_of("memory", cap);
    h->ptr = moved;
    h->cap = cap;
}

static char *put(char *to, uint64_t v) {
    for (; v >= 0x80; v >>= 7) *to++ = (char)(uint8_t)(v | 0x80);
    *to++ = (char)v;
    return to;
}

Merger *merger_new(Arena *a) {
    Merger *m = NEW(a, Merger);
    m->arena = a;
    m->p.arena = a;
    vec_push(a, &m->p.strings, STR(""));
    (void)vec_add(a, &m->p.mappings);
    (void)vec_add(a, &m->p.functions);
    (void)vec_add(a, &m->p.locations);
    m->functions = index_new(a);
    m->locations = index_new(a);
    m->mappings = index_new(a);
    m->only = UINT64_MAX;
    m->p.location_ids.same = true;
    m->p.zero_labels = true;
    return m;
}

void merger_only(Merger *m, uint64_t columns) { m->only = columns; }

void merger_free(Merger *m) {
    free(m->bytes.ptr);
    free(m->entries.ptr);
    free(m->values.ptr);
    free(m->slots);
    m->bytes = m->entries = m->values = (Heap){0};
    m->slots = NULL;
}

// ---- tables

// Sizes are compared in whole pages: loaders differ in the last one.
static uint64_t mapping_pages(const ProfileMapping *m) {
    return (m->limit - m->start + 0xfff) / 0x1000;
}

static Str mapping_name(const ProfileMapping *m) { return m->build_id.len ? m->build_id : m->file; }

static uint32_t map_mapping(Merger *m, uint32_t from) {
    if (from == 0) return 0;
    if (m->mapping_map[from]) return m->mapping_map[from];
    const ProfileMapping *src = &m->src->mappings.v[from];
    uint64_t h = hash_mix(hash_mix(mapping_pages(src), src->offset), str_hash(mapping_name(src)));
    uint32_t place = 0;
    for (IndexIter it = index_find(&m->mappings, h); it.id && !place; index_next(&it)) {
        const ProfileMapping *x = &m->p.mappings.v[it.id];
        if (mapping_pages(x) == mapping_pages(src) && x->offset == src->offset &&
            str_eq(mapping_name(x), mapping_name(src)))
            place = it.id;
    }
    if (!place) {
        ProfileMapping *x = vec_add(m->arena, &m->p.mappings);
        *x = *src;
        x->file = str_copy(m->arena, src->file);
        x->build_id = str_copy(m->arena, src->build_id);
        place = m->p.mappings.len - 1;
        x->id = place;
        index_add(&m->mappings, h, place);
    }
    m->mapping_map[from] = place;
    m->mapping_shift[from] = (int64_t)(m->p.mappings.v[place].start - src->start);
    return place;
}

static bool same_function(const ProfileFunction *x, const ProfileFunction *y) {
    return x->start_line == y->start_line && str_eq(x->name, y->name) &&
           str_eq(x->system_name, y->system_name) && str_eq(x->file, y->file);
}

static uint32_t map_function(Merger *m, uint32_t from) {
    if (from == 0 || m->function_map[from]) return from ? m->function_map[from] : 0;
    const ProfileFunction *src = &m->src->functions.v[from];
    uint64_t h =
        hash_mix(hash_mix(str_hash(src->name), str_hash(src->file)), (uint64_t)src->start_line);
    for (IndexIter it = index_find(&m->functions, h); it.id; index_next(&it))
        if (same_function(&m->p.functions.v[it.id], src)) return m->function_map[from] = it.id;
    ProfileFunction *x = vec_add(m->arena, &m->p.functions);
    *x = *src;
    x->name = str_copy(m->arena, src->name);
    x->system_name =
        str_eq(src->name, src->system_name) ? x->name : str_copy(m->arena, src->system_name);
    x->file = str_copy(m->arena, src->file);
    x->id = m->p.functions.len - 1;
    index_add(&m->functions, h, m->p.functions.len - 1);
    return m->function_map[from] = m->p.functions.len - 1;
}

// pprof's key holds every function and line, but of the columns only the last one's.
static bool same_location(const Profile *p, const ProfileLocation *x, const ProfileLocation *y) {
    if (x->mapping != y->mapping || x->folded != y->folded || x->line_count != y->line_count)
        return false;
    if (x->address - p->mappings.v[x->mapping].start !=
        y->address - p->mappings.v[y->mapping].start)
        return false;
    const ProfileLine *lx = p->lines.v + x->first_line, *ly = p->lines.v + y->first_line;
    for (uint32_t i = 0; i < x->line_count; i++)
        if (lx[i].function != ly[i].function || lx[i].line != ly[i].line) return false;
    return x->line_count == 0 || lx[x->line_count - 1].column == ly[x->line_count - 1].column;
}

static uint32_t place_location(Merger *m, uint32_t from) {
    Profile *p = &m->p;
    const ProfileLocation *src = &m->src->locations.v[from];
    ProfileLocation l = *src;
    l.mapping = map_mapping(m, src->mapping);
    if (src->mapping) l.address += (uint64_t)m->mapping_shift[src->mapping];
    l.first_line = p->lines.len;
    uint64_t h = hash_mix(l.mapping, l.address - p->mappings.v[l.mapping].start);
    for (uint32_t i = 0; i < l.line_count; i++) {
        ProfileLine line = m->src->lines.v[src->first_line + i];
        line.function = map_function(m, line.function);
        vec_push(m->arena, &p->lines, line);
        h = hash_mix(h ^ line.function, (uint64_t)line.line);
    }
    for (IndexIter it = index_find(&m->locations, h); it.id; index_next(&it))
        if (same_location(p, &p->locations.v[it.id], &l)) {
            p->lines.len = l.first_line;
            return it.id;
        }
    l.id = p->locations.len;
    vec_push(m->arena, &p->locations, l);
    index_add(&m->locations, h, p->locations.len - 1);
    p->location_ids.count = p->locations.len - 1;
    return p->locations.len - 1;
}

static void map_location(Merger *m, uint32_t from) {
    char bytes[10];
    Packed *x = &m->location_map[from];
    x->size = (uint8_t)(put(bytes, place_location(m, from)) - bytes);
    memcpy(x->bytes, bytes, x->size);
}

// ---- samples

static void grow_slots(Merger *m) {
    uint64_t size = m->slots ? (m->slot_mask + 1) * 2 : 4096;
    Slot *fresh = calloc(size, sizeof *fresh);
    if (!fresh) base_out_of("memory", size * sizeof *fresh);
    for (uint64_t i = 0; m->slots && i <= m->slot_mask; i++) {
        if (!m->slots[i].entry) continue;
        const Entry *e = (const Entry *)(const void *)m->entries.ptr + m->slots[i].entry - 1;
        uint64_t at = XXH3_64bits(m->bytes.ptr + e->at, (size_t)e->stack_len + e->label_len);
        while (fresh[at & (size - 1)].entry) at++;
        fresh[at & (size - 1)] = m->slots[i];
    }
    free(m->slots);
    m->slots = fresh;
    m->slot_mask = size - 1;
}

// The sample's labels in the merged profile's words; most samples share a few sets of them.
static Str map_labels(Merger *m, Cursor *c) {
    if (!c->label && !m->src->all_key.len) return STR("");
    Str raw = c->label ? (Str){(const char *)c->label, (size_t)(c->msg_end - c->label)} : STR("");
    uint32_t *known = strmap_put(&m->label_cache, raw);
    if (*known) return m->labels.v[*known - 1];
    cursor_labels(c);
    Buf b = buf_new(m->arena);
    sink_labels(&m->sink, &c->labels, &b);
    vec_push(m->arena, &m->labels, buf_view(&b));
    *known = m->labels.len;
    return buf_view(&b);
}

static bool all_zero(const int64_t *values, uint32_t n, uint64_t only) {
    for (uint32_t i = 0; i < n; i++)
        if (values[i] && (i >= 64 || only >> i & 1)) return false;
    return true;
}

// Writes the stack and labels behind the bytes kept so far, then keeps or forgets them.
static void add_sample(Merger *m, Cursor *c) {
    Profile *p = &m->p;
    cursor_stack(c);
    heap_room(&m->bytes, (size_t)c->depth * 5 + 64);
    // Location ids take at most five bytes; the stack's length goes in front once it is known.
    char *start = m->bytes.ptr + m->bytes.len, *body = start + 16, *to = body;
    for (uint32_t i = 0; i < c->depth; i++) {
        const Packed *x = &m->location_map[c->locations[i]];
        if (UNLIKELY(!x->size)) map_location(m, c->locations[i]);
        memcpy(to, x->bytes, sizeof x->bytes); // there is room for all five
        to += x->size;
    }
    size_t stack = (size_t)(to - body);
    Str labels = map_labels(m, c);
    heap_room(&m->bytes, stack + labels.len + 64);
    start = m->bytes.ptr + m->bytes.len;
    char head[16], *h = head;
    *h++ = 1 << 3 | PROTO_BYTES;
    h = put(h, stack);
    size_t head_len = (size_t)(h - head), msg = head_len + stack + labels.len;
    char front[16], *f = front;
    *f++ = 2 << 3 | PROTO_BYTES;
    f = put(f, msg);
    size_t front_len = (size_t)(f - front);
    memmove(start + front_len + head_len, start + 16, stack);
    memcpy(start, front, front_len);
    memcpy(start + front_len, head, head_len);
    memcpy(start + front_len + head_len + stack, labels.ptr, labels.len);
    uint64_t hash = XXH3_64bits(start + front_len, msg);
    if ((m->count + 1) * 4 > (m->slot_mask + 1) * 3 || !m->slots) grow_slots(m);
    uint64_t at = hash & m->slot_mask;
    for (; m->slots[at].entry; at = (at + 1) & m->slot_mask) {
        if (m->slots[at].hash != (uint32_t)(hash >> 32)) continue;
        uint32_t k = m->slots[at].entry - 1;
        const Entry *e = (const Entry *)(const void *)m->entries.ptr + k;
        if ((size_t)e->stack_len + e->label_len != msg ||
            memcmp(m->bytes.ptr + e->at, start + front_len, msg) != 0)
            continue;
        int64_t *sum = (int64_t *)(void *)m->values.ptr + (size_t)k * p->types.len;
        for (uint32_t i = 0; i < p->types.len; i++)
            sum[i] = (int64_t)((uint64_t)sum[i] + (uint64_t)c->values[i]);
        return;
    }
    m->slots[at] = (Slot){(uint32_t)(hash >> 32), (uint32_t)++m->count};
    heap_room(&m->entries, sizeof(Entry));
    Entry e = {m->bytes.len + front_len, (uint32_t)(head_len + stack), (uint32_t)labels.len};
    memcpy(m->entries.ptr + m->entries.len, &e, sizeof e);
    m->entries.len += sizeof e;
    heap_room(&m->values, p->types.len * sizeof(int64_t));
    memcpy(m->values.ptr + m->values.len, c->values, p->types.len * sizeof(int64_t));
    m->values.len += p->types.len * sizeof(int64_t);
    m->bytes.len += front_len + msg;
    if (c->depth > p->max_depth) p->max_depth = c->depth;
}

// ---- headers

static Str type_list(Arena *a, const ProfileTypeVec *types) {
    Buf b = buf_new(a);
    buf_byte(&b, '[');
    for (uint32_t i = 0; i < types->len; i++)
        buf_fmt(&b, "%s" STR_FMT "/" STR_FMT, i ? " " : "", STR_ARG(types->v[i].type),
                STR_ARG(types->v[i].unit));
    buf_byte(&b, ']');
    return buf_view(&b);
}

static bool same_type(ProfileType x, ProfileType y) {
    return str_eq(x.type, y.type) && str_eq(x.unit, y.unit);
}

bool profile_same_types(const Profile *x, const Profile *y) {
    bool same = x->types.len == y->types.len && same_type(x->period_type, y->period_type);
    for (uint32_t i = 0; same && i < x->types.len; i++)
        same = same_type(x->types.v[i], y->types.v[i]);
    return same;
}

static Err compatible(Arena *a, const Profile *x, const Profile *y) {
    if (profile_same_types(x, y)) return NULL;
    if (!same_type(x->period_type, y->period_type))
        return err_new(a, ERR_FORMAT, 0,
                       "incompatible period types &{" STR_FMT " " STR_FMT " 0 0} and &{" STR_FMT
                       " " STR_FMT " 0 0}",
                       STR_ARG(x->period_type.type), STR_ARG(x->period_type.unit),
                       STR_ARG(y->period_type.type), STR_ARG(y->period_type.unit));
    return err_new(a, ERR_FORMAT, 0, "incompatible sample types " STR_FMT " and " STR_FMT,
                   STR_ARG(type_list(a, &x->types)), STR_ARG(type_list(a, &y->types)));
}

static ProfileType copy_type(Arena *a, ProfileType t) {
    return (ProfileType){str_copy(a, t.type), str_copy(a, t.unit)};
}

static void start(Merger *m, const Profile *src) {
    Profile *p = &m->p;
    Arena *a = m->arena;
    for (uint32_t i = 0; i < src->types.len; i++)
        vec_push(a, &p->types, copy_type(a, src->types.v[i]));
    p->raw_types = p->types.len;
    p->period_type = copy_type(a, src->period_type);
    p->drop_frames = str_copy(a, src->drop_frames);
    p->keep_frames = str_copy(a, src->keep_frames);
    m->sink = sink_new(p);
    m->started = true;
}

static void combine_header(Merger *m, const Profile *src) {
    Profile *p = &m->p;
    if (p->time_nanos == 0 || src->time_nanos < p->time_nanos) p->time_nanos = src->time_nanos;
    p->duration_nanos = (int64_t)((uint64_t)p->duration_nanos + (uint64_t)src->duration_nanos);
    if (p->period == 0 || p->period < src->period) p->period = src->period;
    for (uint32_t i = 0; i < src->comments.len; i++)
        if (!strvec_has(&p->comments, src->comments.v[i]))
            vec_push(m->arena, &p->comments, str_copy(m->arena, src->comments.v[i]));
    if (!p->default_type.len) p->default_type = str_copy(m->arena, src->default_type);
    if (!p->doc_url.len) p->doc_url = str_copy(m->arena, src->doc_url);
}

Err merger_add(Merger *m, const Profile *src) {
    if (!m->started) start(m, src);
    TRY(compatible(m->arena, &m->p, src));
    combine_header(m, src);
    Arena *scratch = arena_new("merge");
    m->src = src;
    m->location_map = NEW_ARRAY(scratch, Packed, src->locations.len);
    m->function_map = NEW_ARRAY(scratch, uint32_t, src->functions.len);
    m->mapping_map = NEW_ARRAY(scratch, uint32_t, src->mappings.len);
    m->mapping_shift = NEW_ARRAY(scratch, int64_t, src->mappings.len);
    m->label_cache = strmap_new(scratch);
    // The first mapping stands for the program: it stays first whatever the samples name.
    if (m->p.mappings.len == 1 && src->mappings.len > 1) (void)map_mapping(m, 1);
    Cursor c = cursor_new(src, scratch);
    for (uint32_t i = 0; i < MIN(src->types.len, 64u); i++)
        if (m->only == (uint64_t)1 << i) cursor_only(&c, i);
    while (cursor_next(&c))
        if (!all_zero(c.values, src->types.len, m->only)) add_sample(m, &c);
    arena_free(scratch);
    return NULL;
}

static bool any_zero(const Profile *p) {
    for (uint64_t i = 0; i < p->sample_count; i++)
        if (all_zero(p->value_table + i * p->types.len, p->types.len, UINT64_MAX)) return true;
    return false;
}

void merger_finish(Merger *m, Profile *out) {
    Profile *p = &m->p;
    p->owned2 = (Inflated){m->bytes.ptr, m->bytes.len};
    p->owned3 = (Inflated){m->values.ptr, m->values.len};
    p->value_table = (int64_t *)(void *)m->values.ptr;
    p->sample_count = m->count;
    if (m->bytes.len) vec_push(m->arena, &p->runs, ((Str){m->bytes.ptr, m->bytes.len}));
    m->bytes = m->values = (Heap){0};
    merger_free(m);
    if (!any_zero(p)) {
        *out = *p;
        return;
    }
    // Sums that became 0 go, and with them what only they used.
    Merger *again = merger_new(m->arena);
    Err err = merger_add(again, p);
    if (err) BUG("a profile does not agree with itself");
    merger_finish(again, out);
    profile_free(p);
}
