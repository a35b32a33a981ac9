// profile/samples.c: one sample after the other out of the packed bytes (Cursor), and into them
// (Sink).
#include <math.h>

#include "codec/proto.h"
#include "profile/profile_internal.h"

// ---- ids

static uint64_t id_at(const void *table, uint32_t i, size_t elem) {
    uint64_t id;
    memcpy(&id, (const char *)table + i * elem, sizeof id);
    return id;
}

ProfileIds profile_ids(Arena *a, const void *table, uint32_t len, size_t elem) {
    ProfileIds ids = {.same = true, .count = len ? len - 1 : 0};
    uint64_t max = 0;
    for (uint32_t i = 1; i < len; i++) {
        uint64_t id = id_at(table, i, elem);
        if (id != i) ids.same = false;
        if (id > max) max = id;
    }
    if (ids.same) return ids;
    bool dense = max < (uint64_t)len * 4 + 1024;
    if (dense) {
        ids.dense_len = max + 1;
        ids.dense = NEW_ARRAY(a, uint32_t, max + 1);
    } else {
        ids.sparse = index_new(a);
        index_reserve(&ids.sparse, len);
    }
    for (uint32_t i = 1; i < len; i++) {
        uint64_t id = id_at(table, i, elem);
        if (dense)
            ids.dense[id] = i;
        else
            index_add(&ids.sparse, ids_hash(id), i);
    }
    // The index holds hashes: the caller's table is what settles equality.
    ids.table = table;
    ids.elem = elem;
    return ids;
}

uint32_t profile_location_at(const ProfileIds *ids, uint64_t id) {
    if (ids->same) return id <= ids->count ? (uint32_t)id : 0;
    if (ids->dense) return id < ids->dense_len ? ids->dense[id] : 0;
    uint32_t last = 0;
    for (IndexIter it = index_find(&ids->sparse, ids_hash(id)); it.id; index_next(&it))
        if (id_at(ids->table, it.id, ids->elem) == id && it.id > last) last = it.id;
    return last;
}

// ---- reading

Cursor cursor_new(const Profile *p, Arena *scratch) {
    Cursor c = {.p = p, .arena = scratch};
    c.raw = NEW_ARRAY(scratch, int64_t, p->raw_types + 1);
    c.values = c.raw;
    if (p->columns || p->scales.len) c.values = NEW_ARRAY(scratch, int64_t, p->types.len + 1);
    c.locations = NEW_ARRAY(scratch, uint32_t, (size_t)p->max_depth + 1);
    return c;
}

static uint32_t packed_values(Cursor *c, const uint8_t *at, const uint8_t *end, uint32_t n) {
    while (at < end) {
        uint64_t v;
        at = proto_varint(at, end, &v);
        if (!at) break;
        if (n < c->p->raw_types) c->raw[n++] = (int64_t)v;
    }
    return n;
}

// Finds the parts of the sample at msg. The decoder has seen that they are well formed.
static void find_parts(Cursor *c) {
    c->stack = c->stack_end = c->label = NULL;
    bool scattered = false, has_stack = false;
    uint32_t n = 0;
    for (const uint8_t *at = c->msg; at < c->msg_end;) {
        ProtoField f;
        const uint8_t *next = proto_field(at, c->msg_end, &f);
        if (!next) break;
        if (f.number == 1) {
            scattered |= has_stack || f.wire != PROTO_BYTES;
            has_stack = true;
            c->stack = f.at;
            c->stack_end = f.end;
        } else if (f.number == 2) {
            if (f.wire == PROTO_BYTES)
                n = packed_values(c, f.at, f.end, n);
            else if (n < c->p->raw_types)
                c->raw[n++] = (int64_t)f.value;
        } else if (f.number == 3 && !c->label) {
            c->label = at;
        }
        at = next;
    }
    if (scattered)
        c->stack = NULL;
    else if (!has_stack)
        c->stack = c->stack_end = c->msg;
}

int64_t profile_to_i64(double v) {
    if (!(v >= -9223372036854775808.0 && v < 9223372036854775808.0)) return INT64_MIN;
    return (int64_t)v;
}

// Applies columns and scales; false when scaling left nothing of the sample.
static bool adjust(Cursor *c) {
    const Profile *p = c->p;
    for (uint32_t i = 0; i < p->types.len; i++)
        c->values[i] = c->raw[p->columns ? p->columns[i] : i];
    for (uint32_t k = 0; k < p->scales.len; k++) {
        bool keep = false;
        for (uint32_t i = 0; i < p->types.len; i++) {
            double ratio = p->scales.v[k][i];
            if (ratio == 1) continue;
            c->values[i] = profile_to_i64(round((double)c->values[i] * ratio));
            keep |= c->values[i] != 0;
        }
        if (!keep) return false;
    }
    return true;
}

bool cursor_only(Cursor *c, uint32_t column) {
    const Profile *p = c->p;
    if (p->columns) column = p->columns[column];
    if (column >= PROFILE_MARKED_COLUMNS || !p->marks[column].known) return false;
    c->marked = true;
    c->mark = p->marks[column].v;
    c->mark_end = c->mark + p->marks[column].len;
    return true;
}

// Goes to where the next sample begins; false: there is none.
static bool find_next(Cursor *c) {
    if (c->marked) {
        if (c->mark == c->mark_end) return false;
        c->at = c->mark->at;
        c->end = c->at + c->mark->size_bytes;
        c->number = c->mark++->number - 1;
        return true;
    }
    while (c->at == c->end) {
        if (c->run >= c->p->runs.len) return false;
        Str run = c->p->runs.v[c->run++];
        c->at = (const uint8_t *)run.ptr;
        c->end = c->at + run.len;
    }
    return true;
}

static void release_behind(Cursor *c) {
    bool near = c->released && c->at >= c->released && c->at - c->released < PROFILE_RELEASE_BYTES;
    if (near) return;
    if (c->released) c->p->release.call(c->p->release.ctx);
    c->released = c->at;
}

static bool next_raw(Cursor *c) {
    if (!find_next(c)) return false;
    ProtoField f;
    const uint8_t *next = proto_field(c->at, c->end, &f);
    if (!next) BUG("sample at run %u is not a field", c->run);
    if (c->p->release.call) release_behind(c);
    c->field = c->at;
    c->at = next;
    c->msg = f.at;
    c->msg_end = f.end;
    c->number++;
    find_parts(c);
    if (c->p->value_table) c->raw = c->p->value_table + (c->number - 1) * c->p->raw_types;
    return true;
}

CursorMark cursor_mark(const Cursor *c) { return (CursorMark){c->field, c->at, c->number}; }

void cursor_return(Cursor *c, CursorMark mark) {
    c->at = mark.at;
    c->end = mark.end;
    c->number = mark.number - 1;
}

bool cursor_next(Cursor *c) {
    bool changed = c->p->columns || c->p->scales.len;
    while (next_raw(c)) {
        if (!changed) c->values = c->raw;
        if (!changed || adjust(c)) return true;
    }
    return false;
}

static void push_stack(Cursor *c, const uint8_t *at, const uint8_t *end) {
    const ProfileIds *ids = &c->p->location_ids;
    uint32_t n = c->depth, *to = c->locations;
    uint64_t same = ids->same ? ids->count : 0; // ids up to here are places
    while (at < end) {
        uint64_t id = *at;
        if (id < 0x80) {
            at++;
        } else if (end - at >= 2 && at[1] < 0x80) {
            id = (id & 0x7f) | (uint64_t)at[1] << 7;
            at += 2;
        } else if (end - at >= 3 && at[2] < 0x80) {
            id = (id & 0x7f) | (uint64_t)(at[1] & 0x7f) << 7 | (uint64_t)at[2] << 14;
            at += 3;
        } else {
            at = proto_varint(at, end, &id);
            if (!at) break;
        }
        to[n++] = id <= same ? (uint32_t)id : profile_location_at(ids, id);
    }
    c->depth = n;
}

void cursor_stack(Cursor *c) {
    c->depth = 0;
    if (c->stack) {
        push_stack(c, c->stack, c->stack_end);
        return;
    }
    for (const uint8_t *at = c->msg; at < c->msg_end;) {
        ProtoField f;
        at = proto_field(at, c->msg_end, &f);
        if (!at) break;
        if (f.number != 1) continue;
        if (f.wire == PROTO_BYTES)
            push_stack(c, f.at, f.end);
        else
            c->locations[c->depth++] = profile_location_at(&c->p->location_ids, f.value);
    }
}

uint64_t cursor_value_count(const Cursor *c) {
    uint64_t n = 0, v;
    for (const uint8_t *at = c->msg; at < c->msg_end;) {
        ProtoField f;
        at = proto_field(at, c->msg_end, &f);
        if (!at) break;
        if (f.number != 2) continue;
        if (f.wire != PROTO_BYTES)
            n++;
        else
            for (const uint8_t *in = f.at; in && in < f.end; n++) in = proto_varint(in, f.end, &v);
    }
    return n;
}

static Str string_at(const Profile *p, uint64_t i) {
    return i < p->strings.len ? p->strings.v[i] : STR("");
}

static void read_label(Cursor *c, const ProtoField *f) {
    uint64_t n[5] = {0};
    for (const uint8_t *at = f->at; at < f->end;) {
        ProtoField in;
        at = proto_field(at, f->end, &in);
        if (!at) return;
        if (in.number >= 1 && in.number <= 4) n[in.number] = in.value;
    }
    const Profile *p = c->p;
    if (n[2] == 0 && n[3] == 0 && n[4] == 0 && !p->zero_labels) return;
    vec_push(c->arena, &c->labels,
             ((ProfileLabel){.key = string_at(p, n[1]),
                             .text = string_at(p, n[2]),
                             .number = (int64_t)n[3],
                             .unit = string_at(p, n[4]),
                             .numeric = n[2] == 0,
                             .has_units = n[2] == 0 && n[4] != 0}));
}

static int label_order(const ProfileLabel *x, const ProfileLabel *y) {
    if (x->numeric != y->numeric) return x->numeric ? 1 : -1;
    return str_cmp(x->key, y->key);
}

// Insertion sort: stable, and samples have few labels.
static void sort_labels(ProfileLabelVec *labels) {
    for (uint32_t i = 1; i < labels->len; i++) {
        ProfileLabel one = labels->v[i];
        uint32_t k = i;
        for (; k > 0 && label_order(&labels->v[k - 1], &one) > 0; k--)
            labels->v[k] = labels->v[k - 1];
        labels->v[k] = one;
    }
}

// One unit given makes all numbers of the key have units, "" where none was given.
static void spread_units(ProfileLabelVec *labels) {
    for (uint32_t i = 0; i < labels->len;) {
        uint32_t end = i;
        bool has = false;
        for (; end < labels->len && label_order(&labels->v[end], &labels->v[i]) == 0; end++)
            has |= labels->v[end].has_units;
        for (; i < end; i++) labels->v[i].has_units = has;
    }
}

// The label all samples have takes the place of those of its key.
static void add_common(Cursor *c) {
    const Profile *p = c->p;
    uint32_t to = 0;
    for (uint32_t i = 0; i < c->labels.len; i++)
        if (c->labels.v[i].numeric || !str_eq(c->labels.v[i].key, p->all_key))
            c->labels.v[to++] = c->labels.v[i];
    c->labels.len = to;
    vec_push(c->arena, &c->labels, ((ProfileLabel){.key = p->all_key, .text = p->all_text}));
}

void cursor_labels(Cursor *c) {
    c->labels.len = 0;
    for (const uint8_t *at = c->label; at && at < c->msg_end;) {
        ProtoField f;
        at = proto_field(at, c->msg_end, &f);
        if (!at) break;
        if (f.number == 3) read_label(c, &f);
    }
    if (c->p->all_key.len) add_common(c);
    if (c->labels.len > 1) {
        sort_labels(&c->labels);
        spread_units(&c->labels);
    }
}

bool cursor_has_label(Cursor *c, Str key, Str want) {
    for (uint32_t i = 0; i < c->labels.len; i++) {
        const ProfileLabel *l = &c->labels.v[i];
        if (!l->numeric && str_eq(l->key, key) && str_eq(l->text, want)) return true;
    }
    return false;
}

static uint64_t string_number(const Profile *p, Str text) {
    for (uint32_t i = 1; i < p->strings.len; i++)
        if (str_eq(p->strings.v[i], text)) return i;
    return 0;
}

bool profile_may_have_label(const Profile *p, Str key) {
    return str_eq(p->all_key, key) || string_number(p, key) != 0;
}

bool cursor_is_labelled(Cursor *c, Str key, Str want) {
    if (c->p->all_key.len) {
        cursor_labels(c);
        return cursor_has_label(c, key, want);
    }
    for (const uint8_t *at = c->label; at && at < c->msg_end;) {
        ProtoField f;
        at = proto_field(at, c->msg_end, &f);
        if (!at) break;
        uint64_t n[3] = {0};
        if (f.number != 3) continue;
        for (const uint8_t *in = f.at; in && in < f.end;) {
            ProtoField part;
            in = proto_field(in, f.end, &part);
            if (in && (part.number == 1 || part.number == 2)) n[part.number] = part.value;
        }
        if (n[2] && str_eq(string_at(c->p, n[1]), key) && str_eq(string_at(c->p, n[2]), want))
            return true;
    }
    return false;
}

// ---- writing

SampleSink sink_new(Profile *p) { return (SampleSink){.p = p}; }

static void sink_room(SampleSink *s, size_t n) {
    if (s->cap - s->len >= n) return;
    size_t cap = MAX(s->cap * 2, s->len + n);
    if (cap < 65536) cap = 65536;
    char *moved = realloc(s->ptr, cap);
    if (!moved) base_out_of("memory", cap);
    s->ptr = moved;
    s->cap = cap;
}

static char *put(char *to, uint64_t v) {
    for (; v >= 0x80; v >>= 7) *to++ = (char)(uint8_t)(v | 0x80);
    *to++ = (char)v;
    return to;
}

uint64_t profile_location_id(const Profile *p, uint32_t location) {
    return p->location_ids.same ? location : p->locations.v[location].id;
}

void sink_add(SampleSink *s, const uint32_t *locations, uint32_t depth, const int64_t *values,
              Str label_bytes) {
    const Profile *p = s->p;
    size_t stack = 0, nums = 0;
    for (uint32_t i = 0; i < depth; i++)
        stack += proto_varint_size(profile_location_id(p, locations[i]));
    for (uint32_t i = 0; i < p->types.len; i++) nums += proto_varint_size((uint64_t)values[i]);
    size_t msg =
        1 + proto_varint_size(stack) + stack + 1 + proto_varint_size(nums) + nums + label_bytes.len;
    sink_room(s, msg + 16);
    char *to = s->ptr + s->len;
    *to++ = 2 << 3 | PROTO_BYTES;
    to = put(to, msg);
    *to++ = 1 << 3 | PROTO_BYTES;
    to = put(to, stack);
    for (uint32_t i = 0; i < depth; i++) to = put(to, profile_location_id(p, locations[i]));
    *to++ = 2 << 3 | PROTO_BYTES;
    to = put(to, nums);
    for (uint32_t i = 0; i < p->types.len; i++) to = put(to, (uint64_t)values[i]);
    if (label_bytes.len) memcpy(to, label_bytes.ptr, label_bytes.len);
    s->len = (size_t)(to - s->ptr) + label_bytes.len;
    s->count++;
    s->max_depth = MAX(s->max_depth, depth);
}

static uint32_t intern(SampleSink *s, Str t) {
    Profile *p = s->p;
    if (!s->strings_ready) {
        s->strings = strmap_new(p->arena);
        for (uint32_t i = p->strings.len; i-- > 0;) *strmap_put(&s->strings, p->strings.v[i]) = i;
        s->strings_ready = true;
    }
    uint32_t *at = strmap_get(&s->strings, t);
    if (at) return *at;
    t = str_copy(p->arena, t);
    *strmap_put(&s->strings, t) = p->strings.len;
    vec_push(p->arena, &p->strings, t);
    return p->strings.len - 1;
}

void sink_labels(SampleSink *s, const ProfileLabelVec *labels, Buf *out) {
    for (uint32_t i = 0; i < labels->len; i++) {
        const ProfileLabel *l = &labels->v[i];
        char tmp[64], *to = tmp;
        *to++ = 1 << 3;
        to = put(to, intern(s, l->key));
        if (!l->numeric) {
            *to++ = 2 << 3;
            to = put(to, intern(s, l->text));
        } else {
            *to++ = 3 << 3;
            to = put(to, (uint64_t)l->number);
            if (l->has_units) {
                s->p->has_units = true;
                *to++ = 4 << 3;
                to = put(to, intern(s, l->unit));
            }
        }
        proto_put_bytes(out, 3, (Str){tmp, (size_t)(to - tmp)});
    }
}

void sink_finish(SampleSink *s) {
    Profile *p = s->p;
    inflate_free(&p->owned2);
    p->owned2 = (Inflated){s->ptr, s->len};
    p->raw_types = p->types.len;
    p->columns = NULL;
    p->scales.len = 0;
    p->all_key = STR("");
    inflate_free(&p->owned3);
    p->value_table = NULL;
    memset(p->marks, 0, sizeof p->marks);
    p->runs = (StrVec){0};
    if (s->len) vec_push(p->arena, &p->runs, ((Str){s->ptr, s->len}));
    p->sample_count = s->count;
    p->max_depth = s->max_depth;
    *s = (SampleSink){0};
}

void profile_number(Profile *p) {
    for (uint32_t i = 1; i < p->mappings.len; i++) p->mappings.v[i].id = i;
    for (uint32_t i = 1; i < p->functions.len; i++) p->functions.v[i].id = i;
    for (uint32_t i = 1; i < p->locations.len; i++) p->locations.v[i].id = i;
    p->location_ids = (ProfileIds){.same = true, .count = p->locations.len - 1};
}
