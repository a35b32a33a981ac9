// profile/encode.c: a profile as protobuf, fields and strings in the order pprof writes them, so
// that equal profiles are equal bytes before compression.
#include "codec/proto.h"
#include "profile/profile_internal.h"

typedef struct Encoder {
    const Profile *p;
    Arena *arena;
    Buf out;
    StrMap strings;
} Encoder;

static uint64_t text(Encoder *e, Str s) {
    uint32_t *at = strmap_get(&e->strings, s);
    if (at) return *at;
    uint32_t number = e->strings.entries.len;
    *strmap_put(&e->strings, s) = number;
    return number;
}

static void put_list(Buf *b, uint32_t field, const uint64_t *list, uint32_t n) {
    if (n <= 2) { // pprof packs from three on
        for (uint32_t i = 0; i < n; i++) proto_put_u64(b, field, list[i]);
        return;
    }
    size_t size = 0;
    for (uint32_t i = 0; i < n; i++) size += proto_varint_size(list[i]);
    proto_put_key(b, field, PROTO_BYTES);
    proto_put_varint(b, size);
    for (uint32_t i = 0; i < n; i++) proto_put_varint(b, list[i]);
}

static void put_type(Encoder *e, uint32_t field, ProfileType t) {
    uint64_t type = text(e, t.type), unit = text(e, t.unit);
    if (field == 11 && type == 0 && unit == 0) return;
    char room[64];
    Buf m = {e->arena, room, 0, sizeof room};
    proto_put_opt(&m, 1, type);
    proto_put_opt(&m, 2, unit);
    proto_put_bytes(&e->out, field, buf_view(&m));
}

static void put_label(Encoder *e, Buf *sample, const ProfileLabel *l) {
    char room[64];
    Buf m = {e->arena, room, 0, sizeof room};
    proto_put_opt(&m, 1, text(e, l->key));
    if (!l->numeric) {
        proto_put_opt(&m, 2, text(e, l->text));
    } else {
        proto_put_opt(&m, 3, (uint64_t)l->number);
        if (l->has_units) proto_put_opt(&m, 4, text(e, l->unit));
    }
    proto_put_bytes(sample, 3, buf_view(&m));
}

static void put_samples(Encoder *e) {
    const Profile *p = e->p;
    Cursor c = cursor_new(p, e->arena);
    Buf m = buf_new(e->arena);
    uint64_t *ids = NEW_ARRAY(e->arena, uint64_t, MAX(p->max_depth, p->types.len) + 1);
    while (cursor_next(&c)) {
        m.len = 0;
        cursor_stack(&c);
        for (uint32_t i = 0; i < c.depth; i++) ids[i] = p->locations.v[c.locations[i]].id;
        put_list(&m, 1, ids, c.depth);
        for (uint32_t i = 0; i < p->types.len; i++) ids[i] = (uint64_t)c.values[i];
        put_list(&m, 2, ids, p->types.len);
        cursor_labels(&c);
        for (uint32_t i = 0; i < c.labels.len; i++) put_label(e, &m, &c.labels.v[i]);
        proto_put_bytes(&e->out, 2, buf_view(&m));
    }
}

static void put_mapping(Encoder *e, const ProfileMapping *x) {
    char room[128];
    Buf m = {e->arena, room, 0, sizeof room};
    proto_put_opt(&m, 1, x->id);
    proto_put_opt(&m, 2, x->start);
    proto_put_opt(&m, 3, x->limit);
    proto_put_opt(&m, 4, x->offset);
    proto_put_opt(&m, 5, text(e, x->file));
    proto_put_opt(&m, 6, text(e, x->build_id));
    proto_put_opt(&m, 7, x->has_functions);
    proto_put_opt(&m, 8, x->has_files);
    proto_put_opt(&m, 9, x->has_lines);
    proto_put_opt(&m, 10, x->has_inlines);
    proto_put_bytes(&e->out, 3, buf_view(&m));
}

static void put_location(Encoder *e, const ProfileLocation *l, Buf *m) {
    const Profile *p = e->p;
    m->len = 0;
    proto_put_opt(m, 1, l->id);
    proto_put_opt(m, 2, l->mapping ? p->mappings.v[l->mapping].id : 0);
    proto_put_opt(m, 3, l->address);
    for (uint32_t i = 0; i < l->line_count; i++) {
        const ProfileLine *line = &p->lines.v[l->first_line + i];
        char room[64];
        Buf in = {e->arena, room, 0, sizeof room};
        proto_put_opt(&in, 1, line->function ? p->functions.v[line->function].id : 0);
        proto_put_opt(&in, 2, (uint64_t)line->line);
        proto_put_opt(&in, 3, (uint64_t)line->column);
        proto_put_bytes(m, 4, buf_view(&in));
    }
    proto_put_opt(m, 5, l->folded);
    proto_put_bytes(&e->out, 4, buf_view(m));
}

static void put_function(Encoder *e, const ProfileFunction *f) {
    char room[64];
    Buf m = {e->arena, room, 0, sizeof room};
    proto_put_opt(&m, 1, f->id);
    proto_put_opt(&m, 2, text(e, f->name));
    proto_put_opt(&m, 3, text(e, f->system_name));
    proto_put_opt(&m, 4, text(e, f->file));
    proto_put_opt(&m, 5, (uint64_t)f->start_line);
    proto_put_bytes(&e->out, 5, buf_view(&m));
}

// Strings are numbered as they are met: fields 7 to 15 name theirs before the table is written.
static void put_tail(Encoder *e) {
    const Profile *p = e->p;
    uint64_t drop = text(e, p->drop_frames), keep = text(e, p->keep_frames);
    (void)text(e, p->period_type.type);
    (void)text(e, p->period_type.unit);
    uint64_t *comments = NEW_ARRAY(e->arena, uint64_t, p->comments.len + 1);
    for (uint32_t i = 0; i < p->comments.len; i++) comments[i] = text(e, p->comments.v[i]);
    uint64_t fallback = text(e, p->default_type), doc = text(e, p->doc_url);
    for (uint32_t i = 0; i < e->strings.entries.len; i++)
        proto_put_bytes(&e->out, 6, e->strings.entries.v[i].key);
    proto_put_opt(&e->out, 7, drop);
    proto_put_opt(&e->out, 8, keep);
    proto_put_opt(&e->out, 9, (uint64_t)p->time_nanos);
    proto_put_opt(&e->out, 10, (uint64_t)p->duration_nanos);
    put_type(e, 11, p->period_type);
    proto_put_opt(&e->out, 12, (uint64_t)p->period);
    put_list(&e->out, 13, comments, p->comments.len);
    proto_put_u64(&e->out, 14, fallback);
    proto_put_opt(&e->out, 15, doc);
}

Str profile_encode(const Profile *p, Arena *a) {
    Encoder e = {.p = p, .arena = a, .out = buf_new(a), .strings = strmap_new(a)};
    (void)text(&e, STR(""));
    for (uint32_t i = 0; i < p->types.len; i++) put_type(&e, 1, p->types.v[i]);
    put_samples(&e);
    for (uint32_t i = 1; i < p->mappings.len; i++) put_mapping(&e, &p->mappings.v[i]);
    Buf m = buf_new(a);
    for (uint32_t i = 1; i < p->locations.len; i++) put_location(&e, &p->locations.v[i], &m);
    for (uint32_t i = 1; i < p->functions.len; i++) put_function(&e, &p->functions.v[i]);
    put_tail(&e);
    return buf_view(&e.out);
}
