// profile/tagframes.c: labels as frames (tagroot, tagleaf), and the units of numeric labels.
#include "profile/profile_internal.h"

typedef struct Framer {
    Profile *p;
    Arena *scratch;
    StrMap made; // key and text of a frame -> its location
    Str unit;
    uint64_t next_location, next_function;
} Framer;

// The texts of a label key in the current sample, joined with commas. False: it has none.
static bool texts(Framer *f, const Cursor *c, Str key, Str *out) {
    Buf b = buf_new(f->scratch);
    bool any = false;
    for (uint32_t i = 0; i < c->labels.len; i++) {
        const ProfileLabel *l = &c->labels.v[i];
        if (!str_eq(l->key, key)) continue;
        if (any) buf_byte(&b, ',');
        any = true;
        if (!l->numeric)
            buf_str(&b, l->text);
        else
            buf_str(&b, measure_label(f->scratch, l->number, l->has_units ? l->unit : STR(""),
                                      l->has_units ? f->unit : STR("")));
    }
    *out = buf_view(&b);
    return any;
}

// A made frame: a function named by the label's text, in a "file" named by its key.
static uint32_t frame(Framer *f, Str key, Str text) {
    Profile *p = f->p;
    Str name = str_join3(p->arena, key, STR("\n"), text);
    uint32_t *known = strmap_put(&f->made, name);
    if (*known) return *known;
    ProfileFunction *fn = vec_add(p->arena, &p->functions);
    *fn = (ProfileFunction){.id = f->next_function++,
                            .name = str_copy(p->arena, text),
                            .file = str_copy(p->arena, key)};
    ProfileLocation *l = vec_add(p->arena, &p->locations);
    *l = (ProfileLocation){.id = f->next_location++, .first_line = p->lines.len, .line_count = 1};
    vec_push(p->arena, &p->lines, ((ProfileLine){.function = p->functions.len - 1}));
    *strmap_put(&f->made, name) = p->locations.len - 1;
    return p->locations.len - 1;
}

static uint64_t after_last(const void *table, uint32_t len, size_t elem) {
    uint64_t max = 0, id;
    for (uint32_t i = 1; i < len; i++) {
        memcpy(&id, (const char *)table + i * elem, sizeof id);
        if (id > max) max = id;
    }
    return max + 1;
}

// Keys are taken from the last to the first: the first is outermost, the last innermost.
static uint32_t add_frames(Framer *f, const Cursor *c, const StrVec *keys, uint32_t *to,
                           bool *any) {
    for (uint32_t i = 0; i < keys->len; i++) {
        Str key = keys->v[keys->len - 1 - i], text;
        *any |= texts(f, c, key, &text);
        to[i] = frame(f, key, text);
    }
    return keys->len;
}

TagFrames profile_tag_frames(Profile *p, const StrVec *roots, const StrVec *leaves, Str unit) {
    TagFrames found = {0};
    if (roots->len + leaves->len == 0) return found;
    Arena *scratch = arena_new("tag frames");
    Framer f = {.p = p, .scratch = scratch, .made = strmap_new(scratch), .unit = unit};
    f.next_location = after_last(p->locations.v, p->locations.len, sizeof *p->locations.v);
    f.next_function = after_last(p->functions.v, p->functions.len, sizeof *p->functions.v);
    uint32_t *stack = NEW_ARRAY(scratch, uint32_t, (size_t)p->max_depth + roots->len + leaves->len);
    Cursor c = cursor_new(p, scratch);
    SampleSink sink = sink_new(p);
    while (cursor_next(&c)) {
        cursor_stack(&c);
        cursor_labels(&c);
        // Roots first: their frames are numbered before those of the leaves.
        uint32_t depth = leaves->len;
        memcpy(stack + depth, c.locations, c.depth * sizeof *stack);
        depth += c.depth;
        depth += add_frames(&f, &c, roots, stack + depth, &found.root);
        add_frames(&f, &c, leaves, stack, &found.leaf);
        Buf labels = buf_new(scratch);
        sink_labels(&sink, &c.labels, &labels);
        sink_add(&sink, stack, depth, c.values, buf_view(&labels));
    }
    ProfileIds ids =
        profile_ids(p->arena, p->locations.v, p->locations.len, sizeof *p->locations.v);
    sink_finish(&sink);
    p->location_ids = ids;
    p->zero_labels = true;
    arena_free(scratch);
    return found;
}

// ---- units

typedef struct UnitSeen {
    Str unit;
    StrVec others;
} UnitSeen;

static void note_unit(Arena *a, UnitSeen *seen, Str unit) {
    if (unit.len == 0) return;
    if (seen->unit.len == 0)
        seen->unit = unit;
    else if (!str_eq(seen->unit, unit) && !strvec_has(&seen->others, unit))
        vec_push(a, &seen->others, unit);
}

// Samples whose label bytes were seen before bring nothing new.
static bool seen_before(StrMap *known, const Cursor *c) {
    if (!c->label) return true;
    uint32_t *at =
        strmap_put(known, (Str){(const char *)c->label, (size_t)(c->msg_end - c->label)});
    return (*at)++ > 0;
}

void profile_label_units(const Profile *p, Arena *a, StrMap *units, StrVec *names,
                         StrVec *ignored) {
    *units = strmap_new(a);
    *names = *ignored = (StrVec){0};
    VEC(UnitSeen) seen = {0};
    StrMap known = strmap_new(a);
    Cursor c = cursor_new(p, a);
    while (cursor_next(&c)) {
        if (seen_before(&known, &c)) continue;
        cursor_labels(&c);
        for (uint32_t i = 0; i < c.labels.len; i++) {
            const ProfileLabel *l = &c.labels.v[i];
            if (!l->numeric) continue;
            uint32_t *at = strmap_put(units, l->key);
            if (!*at) {
                (void)vec_add(a, &seen);
                *at = seen.len;
            }
            note_unit(a, &seen.v[*at - 1], l->unit);
        }
    }
    for (uint32_t i = 0; i < units->entries.len; i++) {
        StrMapEntry *e = &units->entries.v[i];
        UnitSeen *s = &seen.v[e->value - 1];
        bool bytes = str_eq(e->key, STR("alignment")) || str_eq(e->key, STR("request"));
        vec_push(a, names, s->unit.len ? s->unit : bytes ? STR("bytes") : e->key);
        e->value = names->len - 1;
        if (!s->others.len) continue;
        strvec_sort(&s->others);
        vec_push(a, ignored, e->key);
        vec_push(a, ignored, strvec_join(a, &s->others, STR(", ")));
    }
}
