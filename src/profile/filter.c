// profile/filter.c: what of a profile is looked at: focus, ignore, hide, show, show_from,
// prune_from and the tag filters. Locations are changed first, step by step, then every sample is
// judged once.
#include "profile/profile_internal.h"

// What the steps decided about a location.
enum {
    LOC_FOCUS = 1,
    LOC_IGNORE = 2,
    LOC_HIDDEN = 4,
    LOC_SHOW_FROM = 8,
    LOC_PRUNE = 16,
    LOC_DROP = 32,
    LOC_DROP_BENEATH = 64
};

// An expression over functions, each asked once; a function matches by its name or its file.
typedef struct Matcher {
    const Profile *p;
    const Regex *re;
    uint8_t *known; // by function: 0 not asked, 1 no, 2 yes
} Matcher;

static Matcher matcher_new(Arena *a, const Profile *p, const Regex *re) {
    return (Matcher){p, re, NEW_ARRAY(a, uint8_t, p->functions.len)};
}

static bool function_matches(Matcher *m, uint32_t f) {
    if (f == 0) return false;
    if (!m->known[f]) {
        const ProfileFunction *fn = &m->p->functions.v[f];
        m->known[f] = regex_match(m->re, fn->name) || regex_match(m->re, fn->file) ? 2 : 1;
    }
    return m->known[f] == 2;
}

static bool mapping_matches(Matcher *m, const ProfileLocation *l) {
    return l->mapping && regex_match(m->re, m->p->mappings.v[l->mapping].file);
}

static bool location_matches(Matcher *m, const ProfileLocation *l) {
    for (uint32_t i = 0; i < l->line_count; i++)
        if (function_matches(m, m->p->lines.v[l->first_line + i].function)) return true;
    return mapping_matches(m, l);
}

// Keeps the lines whose functions match, or those that do not.
static void keep_lines(Profile *p, Matcher *m, ProfileLocation *l, bool matching) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->line_count; i++) {
        ProfileLine line = p->lines.v[l->first_line + i];
        if (function_matches(m, line.function) == matching) p->lines.v[l->first_line + n++] = line;
    }
    l->line_count = n;
}

typedef struct Filtering {
    Profile *p;
    const ProfileFilter *f;
    Arena *scratch;
    uint8_t *marks; // by location
    bool any_hidden;
    ProfileMatches found;

} Filtering;

static void mark_focus(Filtering *x) {
    Profile *p = x->p;
    Matcher focus = {0}, ignore = {0};
    if (x->f->focus) focus = matcher_new(x->scratch, p, x->f->focus);
    if (x->f->ignore) ignore = matcher_new(x->scratch, p, x->f->ignore);
    for (uint32_t i = 1; i < p->locations.len; i++) {
        const ProfileLocation *l = &p->locations.v[i];
        if (x->f->ignore && location_matches(&ignore, l)) {
            x->found.ignore = true;
            x->marks[i] |= LOC_IGNORE;
        } else if (!x->f->focus || location_matches(&focus, l)) {
            x->found.focus = true;
            x->marks[i] |= LOC_FOCUS;
        }
    }
}

static void hide(Filtering *x) {
    Matcher m = matcher_new(x->scratch, x->p, x->f->hide);
    for (uint32_t i = 1; i < x->p->locations.len; i++) {
        ProfileLocation *l = &x->p->locations.v[i];
        if (!location_matches(&m, l)) continue;
        x->found.hide = true;
        if (mapping_matches(&m, l))
            l->line_count = 0;
        else
            keep_lines(x->p, &m, l, false);
        if (l->line_count == 0) x->marks[i] |= LOC_HIDDEN;
    }
}

static void show(Filtering *x) {
    Matcher m = matcher_new(x->scratch, x->p, x->f->show);
    for (uint32_t i = 1; i < x->p->locations.len; i++) {
        ProfileLocation *l = &x->p->locations.v[i];
        if (!mapping_matches(&m, l)) keep_lines(x->p, &m, l, true);
        if (l->line_count == 0)
            x->marks[i] |= LOC_HIDDEN;
        else
            x->found.show = true;
    }
}

static void show_from(Filtering *x) {
    Matcher m = matcher_new(x->scratch, x->p, x->f->show_from);
    for (uint32_t i = 1; i < x->p->locations.len; i++) {
        ProfileLocation *l = &x->p->locations.v[i];
        bool hit = mapping_matches(&m, l);
        for (uint32_t k = l->line_count; !hit && k > 0; k--)
            if (function_matches(&m, x->p->lines.v[l->first_line + k - 1].function)) {
                l->line_count = k;
                hit = true;
            }
        if (!hit) continue;
        x->marks[i] |= LOC_SHOW_FROM;
        x->found.show_from = true;
    }
}

// A name without its argument list and without the dot of old PowerPC symbols.
static Str simple_name(Str name) {
    str_cut_prefix(&name, STR("."));
    for (size_t i = 0; i < name.len; i++) {
        Str rest = str_from(name, i);
        if (str_starts(rest, STR("(anonymous namespace)")))
            i += sizeof "(anonymous namespace)" - 2;
        else if (str_starts(rest, STR("operator()")))
            i += sizeof "operator()" - 2;
        else if (name.ptr[i] == '(')
            return str_to(name, i);
    }
    return name;
}

static void prune_from(Filtering *x) {
    Profile *p = x->p;
    for (uint32_t i = 1; i < p->locations.len; i++) {
        ProfileLocation *l = &p->locations.v[i];
        for (uint32_t k = 0; k < l->line_count; k++) {
            Str name = p->functions.v[p->lines.v[l->first_line + k].function].name;
            if (name.len == 0 || !regex_match(x->f->prune_from, simple_name(name))) continue;
            x->marks[i] |= LOC_PRUNE;
            l->first_line += k;
            l->line_count -= k;
            break;
        }
    }
}

// ---- tags

static bool in_range(const TagFilter *t, int64_t value, Str unit) {
    Str scaled_unit;
    double v = measure_scale(value, unit, t->unit, &scaled_unit);
    return str_eq(scaled_unit, t->unit) && v >= t->low && v <= t->high;
}

static bool range_matches(const Filtering *x, const TagFilter *t, const Cursor *c) {
    for (uint32_t i = 0; i < c->labels.len; i++) {
        const ProfileLabel *l = &c->labels.v[i];
        if (!l->numeric || (t->has_key && !str_eq(l->key, t->key))) continue;
        uint32_t *unit = strmap_get(x->f->units, l->key);
        if (in_range(t, l->number, unit ? x->f->unit_names->v[*unit] : STR(""))) return true;
    }
    return false;
}

static bool any_label(Arena *a, const Regex *re, const Cursor *c) {
    for (uint32_t i = 0; i < c->labels.len; i++) {
        const ProfileLabel *l = &c->labels.v[i];
        if (!l->numeric && regex_match(re, str_join3(a, l->key, STR(":"), l->text))) return true;
    }
    return false;
}

static bool tags_match(const Filtering *x, const TagFilter *t, const Cursor *c) {
    if (t->range) return range_matches(x, t, c);
    if (!t->has_key) {
        for (uint32_t k = 0; k < t->expression_count; k++)
            if (!any_label(x->scratch, t->expressions[k], c)) return false;
        return true;
    }
    for (uint32_t i = 0; i < c->labels.len; i++) {
        const ProfileLabel *l = &c->labels.v[i];
        if (l->numeric || !str_eq(l->key, t->key)) continue;
        for (uint32_t k = 0; k < t->expression_count; k++)
            if (regex_match(t->expressions[k], l->text)) return true;
    }
    return false;
}

static bool judge_tags(Filtering *x, const Cursor *c) {
    bool focused = !x->f->tag_focus || tags_match(x, x->f->tag_focus, c);
    bool ignored = x->f->tag_ignore && tags_match(x, x->f->tag_ignore, c);
    x->found.tag_focus |= focused;
    x->found.tag_ignore |= ignored;
    return focused && !ignored;
}

static bool tag_removed(Filtering *x, Str key) {
    bool shown = !x->f->tag_show || regex_match(x->f->tag_show, key);
    bool hidden = x->f->tag_hide && regex_match(x->f->tag_hide, key);
    x->found.tag_show |= shown;
    x->found.tag_hide |= hidden;
    return !shown || hidden;
}

static void remove_tags(Filtering *x, Cursor *c) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->labels.len; i++)
        if (!tag_removed(x, c->labels.v[i].key)) c->labels.v[n++] = c->labels.v[i];
    c->labels.len = n;
}

// ---- samples

// Cuts c's stack as the marks say; false: the sample goes.
static bool judge_stack(Filtering *x, Cursor *c, bool by_name) {
    const uint8_t *marks = x->marks;
    uint32_t *stack = c->locations;
    if (by_name) {
        uint8_t seen = 0;
        for (uint32_t i = 0; i < c->depth; i++) seen |= marks[stack[i]];
        if (!(seen & LOC_FOCUS) || seen & LOC_IGNORE) return false;
        if (x->any_hidden) {
            uint32_t n = 0;
            for (uint32_t i = 0; i < c->depth; i++)
                if (!(marks[stack[i]] & LOC_HIDDEN)) stack[n++] = stack[i];
            if (n == 0) return false;
            c->depth = n;
        }
    }
    if (!x->f->show_from) return true;
    while (c->depth > 0 && !(marks[stack[c->depth - 1]] & LOC_SHOW_FROM)) c->depth--;
    return c->depth > 0;
}

// Drops what lies inside the frame nearest to the leaf that is marked.
static void prune_stack(const uint8_t *marks, Cursor *c) {
    for (uint32_t i = 0; i < c->depth; i++) {
        if (!(marks[c->locations[i]] & LOC_PRUNE)) continue;
        c->depth -= i;
        memmove(c->locations, c->locations + i, c->depth * sizeof *c->locations);
        return;
    }
}

static void filter_samples(Filtering *x, bool by_name) {
    Profile *p = x->p;
    const ProfileFilter *f = x->f;
    SampleSink sink = sink_new(p);
    Buf labels = buf_new(x->scratch);
    ArenaMark mark = arena_mark(x->scratch);
    Arena *own = arena_new("filter cursor");
    Cursor c = cursor_new(p, own);
    while (cursor_next(&c)) {
        cursor_stack(&c);
        if (!judge_stack(x, &c, by_name)) continue;
        cursor_labels(&c);
        bool keep = judge_tags(x, &c);
        if (keep && (f->tag_show || f->tag_hide)) remove_tags(x, &c);
        arena_pop_to(mark);
        if (!keep) continue;
        if (f->prune_from) prune_stack(x->marks, &c);
        labels = buf_new(x->scratch);
        sink_labels(&sink, &c.labels, &labels);
        sink_add(&sink, c.locations, c.depth, c.values, buf_view(&labels));
        arena_pop_to(mark);
    }
    arena_free(own);
    sink_finish(&sink);
    p->zero_labels = true;
}

ProfileMatches profile_filter(Profile *p, const ProfileFilter *f) {
    bool by_name = f->focus || f->ignore || f->hide || f->show;
    bool all = by_name || f->show_from || f->tag_focus || f->tag_ignore || f->tag_show ||
               f->tag_hide || f->prune_from;
    if (!all) return (ProfileMatches){0};
    Arena *scratch = arena_new("filter");
    Filtering x = {
        .p = p, .f = f, .scratch = scratch, .marks = NEW_ARRAY(scratch, uint8_t, p->locations.len)};
    if (by_name) mark_focus(&x);
    if (f->hide) hide(&x);
    if (f->show) show(&x);
    for (uint32_t i = 1; i < p->locations.len; i++) x.any_hidden |= (x.marks[i] & LOC_HIDDEN) != 0;
    if (f->show_from) show_from(&x);
    if (f->prune_from) prune_from(&x);
    filter_samples(&x, by_name);
    arena_free(scratch);
    return x.found;
}

// ---- frames of the allocator and the profiler

static Regex *whole_name(Arena *a, Str alternatives) {
    Regex *re = NULL;
    if (alternatives.len == 0) return NULL;
    return regex_compile(a, str_join3(a, STR("^("), alternatives, STR(")$")), &re) ? NULL : re;
}

// Marks locations with a frame to drop; those inside it in the same location go at once.
static bool mark_drops(Profile *p, const Regex *drop, const Regex *keep, uint8_t *marks) {
    bool any = false;
    for (uint32_t i = 1; i < p->locations.len; i++) {
        ProfileLocation *l = &p->locations.v[i];
        for (uint32_t k = l->line_count; k > 0; k--) {
            Str name = simple_name(p->functions.v[p->lines.v[l->first_line + k - 1].function].name);
            if (name.len == 0 || !regex_match(drop, name) || (keep && regex_match(keep, name)))
                continue;
            any = true;
            if (k == l->line_count) {
                marks[i] = LOC_DROP;
            } else {
                marks[i] = LOC_DROP_BENEATH;
                l->first_line += k;
                l->line_count -= k;
            }
            break;
        }
    }
    return any;
}

// From the root on: the first frame to drop that lies inside a frame to keep ends the stack.
static void drop_stack(const uint8_t *marks, Cursor *c) {
    bool user = false;
    for (uint32_t i = c->depth; i-- > 0;) {
        uint8_t mark = marks[c->locations[i]];
        if (!mark) user = true;
        if (!mark || !user) continue;
        uint32_t from = mark == LOC_DROP ? i + 1 : i;
        c->depth -= from;
        memmove(c->locations, c->locations + from, c->depth * sizeof *c->locations);
        return;
    }
}

void profile_drop_frames(Profile *p) {
    if (p->drop_frames.len == 0 || p->lines.len == 0) return;
    Arena *scratch = arena_new("drop frames");
    Regex *drop = whole_name(scratch, p->drop_frames), *keep = whole_name(scratch, p->keep_frames);
    uint8_t *marks = NEW_ARRAY(scratch, uint8_t, p->locations.len);
    bool valid = drop && (keep || p->keep_frames.len == 0);
    if (valid && mark_drops(p, drop, keep, marks)) {
        SampleSink sink = sink_new(p);
        Cursor c = cursor_new(p, scratch);
        while (cursor_next(&c)) {
            cursor_stack(&c);
            cursor_labels(&c);
            drop_stack(marks, &c);
            Buf labels = buf_new(scratch);
            sink_labels(&sink, &c.labels, &labels);
            sink_add(&sink, c.locations, c.depth, c.values, buf_view(&labels));
        }
        sink_finish(&sink);
        p->zero_labels = true;
    }
    regex_free(drop);
    regex_free(keep);
    arena_free(scratch);
}
