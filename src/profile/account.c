// profile/account.c: what one sample is charged to, and how far off it may be.
#include "profile/account.h"

#include <math.h>

// ---- the error of one sample

int profile_column(const Profile *p, Str type) {
    for (uint32_t i = 0; i < p->types.len; i++)
        if (str_eq(p->types.v[i].type, type)) return (int)i;
    return -1;
}

ProfileSampling profile_sampling(Arena *a, const Profile *p, uint32_t value) {
    Str type = p->types.v[value].type, unit = p->types.v[value].unit;
    ProfileSampling s = {.rate = (double)p->period};
    if (str_eq(p->period_type.type, STR("cpu"))) {
        s.kind = SAMPLING_TICKS;
        if (str_eq(unit, STR("count"))) s.rate = 1;
        return s;
    }
    if (!str_eq(p->period_type.type, STR("space"))) return s;
    Str head = type;
    s.bytes = str_cut_suffix(&head, STR("_space"));
    if (!s.bytes && !str_cut_suffix(&head, STR("_objects"))) return s;
    int objects = profile_column(p, str_join2(a, head, STR("_objects")));
    int space = profile_column(p, str_join2(a, head, STR("_space")));
    if (objects < 0 || space < 0) return s;
    s.kind = SAMPLING_HEAP;
    s.objects = (uint32_t)objects;
    s.space = (uint32_t)space;
    return s;
}

double profile_variance(const ProfileSampling *s, const Cursor *c, uint32_t value) {
    if (s->kind == SAMPLING_TICKS) return fabs((double)c->values[value]) * s->rate;
    if (s->kind != SAMPLING_HEAP || s->rate <= 1) return 0; // rate 1: every object was counted
    double n = fabs((double)c->values[s->objects]), bytes = fabs((double)c->values[s->space]);
    if (n == 0 || bytes == 0) return 0;
    double size = bytes / n, met = -expm1(-size / s->rate);
    return n / met * (s->bytes ? size * size : 1);
}

// ---- names

// "example.com/x/y.(*T).F" -> "example.com/x/y"
Str profile_package(Str function) {
    size_t from = 0;
    for (size_t i = 0; i < function.len; i++) {
        if (function.ptr[i] == '[' || function.ptr[i] == '(') break; // type arguments have slashes
        if (function.ptr[i] == '/') from = i + 1;
    }
    size_t dot = str_find_byte(str_from(function, from), '.');
    return dot == STR_NONE ? function : str_to(function, from + dot);
}

// The innermost frame: what allocated.
static const ProfileLine *leaf_of(Cursor *c) {
    cursor_stack(c);
    if (c->depth == 0) return NULL;
    const ProfileLocation *l = &c->p->locations.v[c->locations[0]];
    return l->line_count ? &c->p->lines.v[l->first_line] : NULL;
}

static Str label_of(Cursor *c, Str key) {
    cursor_labels(c);
    for (uint32_t i = 0; i < c->labels.len; i++)
        if (!c->labels.v[i].numeric && str_eq(c->labels.v[i].key, key)) return c->labels.v[i].text;
    return STR("(no label)");
}

// The functions of a stack, whatever the lines: the innermost first.
static Str stack_of(Cursor *c, Buf *room) {
    const Profile *p = c->p;
    room->len = 0;
    for (uint32_t i = 0; i < c->depth; i++) {
        const ProfileLocation *l = &p->locations.v[c->locations[i]];
        for (uint32_t k = 0; k < l->line_count; k++) {
            if (room->len) buf_lit(room, PROFILE_STACK_ARROW);
            buf_str(room, p->functions.v[p->lines.v[l->first_line + k].function].name);
        }
    }
    return buf_view(room);
}

enum { STACK_SHOWN = 3 };

Str profile_short_stack(Arena *a, Str name) {
    Str arrow = STR(PROFILE_STACK_ARROW);
    size_t shown = 0, calls = 0;
    for (size_t at = 0; at < name.len;) {
        size_t next = str_find(str_from(name, at), arrow);
        if (next == STR_NONE) break;
        if (++calls == STACK_SHOWN) shown = at + next;
        at += next + arrow.len;
    }
    if (calls < STACK_SHOWN + 1) return name; // "and 1 more" would save nothing
    return str_fmt(a, STR_FMT " and %zu more", STR_ARG(str_to(name, shown)),
                   calls + 1 - STACK_SHOWN);
}

ProfileCharge profile_charge(Cursor *c, ProfileBy by, Str label, Buf *room) {
    if (by == PROFILE_BY_LABEL) return (ProfileCharge){label_of(c, label), NULL};
    const ProfileLine *leaf = leaf_of(c);
    if (!leaf) return (ProfileCharge){STR("(no name)"), NULL};
    if (by == PROFILE_BY_STACK) return (ProfileCharge){stack_of(c, room), leaf};
    Str name = c->p->functions.v[leaf->function].name;
    return (ProfileCharge){by == PROFILE_BY_PACKAGE ? profile_package(name) : name, leaf};
}
