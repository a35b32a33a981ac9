// profile/validate.c: the rules a profile obeys before anything is computed from it. The texts are
// pprof's, since its users know them.
#include "profile/profile_internal.h"

#define FAIL(...) return err_new(a, ERR_FORMAT, 0, __VA_ARGS__)
#define LL(x) (unsigned long long)(x)

// Walks samples one by one: only when the decoder saw something that may be wrong.
static Err check_samples(const Profile *p, Arena *a) {
    if (p->types.len == 0 && p->sample_count > 0) FAIL("missing sample type information");
    if (!p->doubtful) return NULL;
    Cursor c = cursor_new(p, a);
    while (cursor_next(&c)) {
        uint64_t values = cursor_value_count(&c);
        if (values != p->types.len)
            FAIL("mismatch: sample has %llu values vs. %u types", LL(values), p->types.len);
        cursor_stack(&c);
        for (uint32_t i = 0; i < c.depth; i++)
            if (c.locations[i] == 0) FAIL("sample has nil location");
    }
    return NULL;
}

static uint64_t id_of(const ProfileIds *ids, uint32_t i) {
    uint64_t id;
    memcpy(&id, (const char *)ids->table + i * ids->elem, sizeof id);
    return id;
}

// Ids are not 0 and not given twice.
static Err check_ids(Arena *a, const ProfileIds *ids, uint32_t len, const char *zero,
                     const char *twice) {
    if (ids->same) return NULL;
    Index seen = index_new(a);
    for (uint32_t i = 1; i < len; i++) {
        uint64_t id = id_of(ids, i);
        if (id == 0) FAIL("%s", zero);
        for (IndexIter it = index_find(&seen, ids_hash(id)); it.id; index_next(&it))
            if (id_of(ids, it.id) == id) FAIL("%s: %llu", twice, LL(id));
        index_add(&seen, ids_hash(id), i);
    }
    return NULL;
}

Err profile_validate(const Profile *p, Arena *a) {
    TRY(check_samples(p, a));
    ProfileIds m = profile_ids(a, p->mappings.v, p->mappings.len, sizeof *p->mappings.v);
    TRY(check_ids(a, &m, p->mappings.len, "found mapping with reserved ID=0",
                  "multiple mappings with same id"));
    ProfileIds f = profile_ids(a, p->functions.v, p->functions.len, sizeof *p->functions.v);
    TRY(check_ids(a, &f, p->functions.len, "found function with reserved ID=0",
                  "multiple functions with same id"));
    TRY(check_ids(a, &p->location_ids, p->locations.len, "found location with reserved id=0",
                  "multiple locations with same id"));
    for (uint32_t i = 1; i < p->locations.len; i++) {
        const ProfileLocation *l = &p->locations.v[i];
        for (uint32_t k = 0; k < l->line_count; k++)
            if (p->lines.v[l->first_line + k].function == 0)
                FAIL("location id: %llu has a line with nil function", LL(l->id));
    }
    return NULL;
}

// The marked samples of a column are all that count in it.
static void check_marks(const Profile *p, uint32_t column) {
    Arena *a = arena_new("marks check");
    Cursor all = cursor_new(p, a), some = cursor_new(p, a);
    bool marked = cursor_only(&some, column);
    while (marked && cursor_next(&all)) {
        if (all.values[column] == 0) continue;
        bool found = cursor_next(&some);
        while (found && some.number < all.number) found = cursor_next(&some);
        ASSERT(found && some.number == all.number && some.msg == all.msg);
        ASSERT(some.values[column] == all.values[column]);
    }
    arena_free(a);
}

void profile_check(const Profile *p) {
    ASSERT(p->mappings.len >= 1 && p->functions.len >= 1 && p->locations.len >= 1);
    for (uint32_t i = 1; i < p->locations.len; i++) {
        const ProfileLocation *l = &p->locations.v[i];
        ASSERT(l->mapping < p->mappings.len);
        ASSERT((uint64_t)l->first_line + l->line_count <= p->lines.len);
        for (uint32_t k = 0; k < l->line_count; k++)
            ASSERT(p->lines.v[l->first_line + k].function < p->functions.len);
    }
    Arena *a = arena_new("profile check");
    Cursor c = cursor_new(p, a);
    while (cursor_next(&c)) {
        cursor_stack(&c);
        cursor_labels(&c);
        ASSERT(c.depth <= p->max_depth);
        for (uint32_t i = 0; i < c.depth; i++)
            ASSERT(c.locations[i] != 0 && c.locations[i] < p->locations.len);
    }
    ASSERT(c.number == p->sample_count);
    arena_free(a);
    for (uint32_t i = 0; i < p->types.len; i++) check_marks(p, i);
}

int profile_value_index(const Profile *p, Str name, Arena *a, Str *why) {
    int count = (int)p->types.len;
    if (name.len == 0) {
        for (int i = 0; i < count && p->default_type.len; i++)
            if (str_eq(p->types.v[i].type, p->default_type)) return i;
        return count - 1;
    }
    int64_t number;
    Str digits = name;
    if (digits.len && digits.ptr[0] == '+') digits = str_from(digits, 1);
    if (str_to_i64(digits, &number)) {
        if (number >= 0 && number < count) return (int)number;
        *why = str_fmt(a, "sample_index " STR_FMT " is outside the range [0..%d]", STR_ARG(name),
                       count - 1);
        return -1;
    }
    Str bare = name;
    str_cut_prefix(&bare, STR("inuse_"));
    Buf list = buf_new(a);
    for (int i = 0; i < count; i++) {
        Str type = p->types.v[i].type;
        if (str_eq(type, name) || str_eq(type, bare)) return i;
        if (i) buf_byte(&list, ' ');
        buf_str(&list, type);
    }
    *why = str_fmt(a, "sample_index \"" STR_FMT "\" must be one of: [" STR_FMT "]", STR_ARG(name),
                   STR_ARG(buf_view(&list)));
    return -1;
}
