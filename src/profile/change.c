// profile/change.c: profiles made comparable (types, units, totals) and frames made coarser. Values
// are not rewritten: columns and scales are remembered and applied as samples are read.
#include "profile/profile_internal.h"

// ---- scales

static void add_scale(Profile *p, const double *ratios) {
    bool ones = true;
    for (uint32_t i = 0; i < p->types.len; i++) ones &= ratios[i] == 1;
    if (!ones) vec_push(p->arena, &p->scales, ratios);
}

void profile_scale(Profile *p, double ratio) {
    double *ratios = NEW_ARRAY(p->arena, double, p->types.len + 1);
    for (uint32_t i = 0; i < p->types.len; i++) ratios[i] = ratio;
    add_scale(p, ratios);
}

static void sums(Arena *a, const Profile *p, int64_t *out) {
    Cursor c = cursor_new(p, a);
    while (cursor_next(&c))
        for (uint32_t i = 0; i < p->types.len; i++)
            out[i] = (int64_t)((uint64_t)out[i] + (uint64_t)c.values[i]);
}

Err profile_normalize(Arena *a, Profile *p, const Profile *base) {
    if (!profile_same_types(p, base)) {
        Merger *probe = merger_new(a); // for the words of the mismatch
        Err err = merger_add(probe, p);
        if (!err) err = merger_add(probe, base);
        merger_free(probe);
        return err;
    }
    int64_t *mine = NEW_ARRAY(a, int64_t, p->types.len + 1),
            *its = NEW_ARRAY(a, int64_t, p->types.len + 1);
    sums(a, p, mine);
    sums(a, base, its);
    double *ratios = NEW_ARRAY(p->arena, double, p->types.len + 1);
    for (uint32_t i = 0; i < p->types.len; i++)
        ratios[i] = mine[i] == 0 ? 0.0 : (double)its[i] / (double)mine[i];
    add_scale(p, ratios);
    return NULL;
}

void profile_ratio(Profile *p, double ratio) {
    Arena *a = arena_new("ratio");
    SampleSink sink = sink_new(p);
    Cursor c = cursor_new(p, a);
    int64_t *values = NEW_ARRAY(a, int64_t, p->types.len + 1);
    while (cursor_next(&c)) {
        cursor_stack(&c);
        cursor_labels(&c);
        for (uint32_t i = 0; i < p->types.len; i++)
            values[i] = profile_to_i64((double)c.values[i] * ratio);
        Buf labels = buf_new(a);
        sink_labels(&sink, &c.labels, &labels);
        sink_add(&sink, c.locations, c.depth, values, buf_view(&labels));
    }
    sink_finish(&sink);
    p->zero_labels = true;
    arena_free(a);
}

void profile_label_all(Profile *p, Str key, Str text) {
    p->all_key = key;
    p->all_text = text;
}

// ---- common types

static bool has_type(const Profile *p, Str type, uint32_t *at) {
    for (uint32_t i = 0; i < p->types.len; i++)
        if (str_eq(p->types.v[i].type, type)) {
            *at = i;
            return true;
        }
    return false;
}

// How often a type's name occurs in all profiles: those that occur once in each are common.
static uint32_t occurrences(Profile *const *profiles, uint32_t count, Str type) {
    uint32_t n = 0;
    for (uint32_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < profiles[k]->types.len; i++)
            n += str_eq(profiles[k]->types.v[i].type, type);
    return n;
}

static Err keep_types(Arena *a, Profile *p, const StrVec *types) {
    uint32_t *columns = NEW_ARRAY(p->arena, uint32_t, types->len);
    ProfileTypeVec kept = {0};
    bool change = types->len != p->types.len;
    Str fallback = types->v[0];
    for (uint32_t i = 0; i < types->len; i++) {
        uint32_t at;
        if (str_eq(types->v[i], p->default_type)) fallback = p->default_type;
        if (!has_type(p, types->v[i], &at))
            return err_new(a, ERR_FORMAT, 0, "\"" STR_FMT "\" sample type is not found in profile",
                           STR_ARG(types->v[i]));
        columns[i] = p->columns ? p->columns[at] : at;
        change |= at != i;
        vec_push(p->arena, &kept, p->types.v[at]);
    }
    if (!change) return NULL;
    p->default_type = fallback;
    p->columns = columns;
    p->types = kept;
    return NULL;
}

// ---- common units

static bool comparable(ProfileType x, ProfileType y) {
    str_cut_suffix(&x.type, STR("s"));
    str_cut_suffix(&y.type, STR("s"));
    return str_eq(x.type, y.type) && measure_comparable(x.unit, y.unit);
}

static double unit_ratio(Str from, Str to) {
    Str unit;
    return measure_scale(1, from, to, &unit);
}

// The finest of some types; with fewer than two there is nothing to agree on.
static Err finest(Arena *a, const ProfileTypeVec *types, ProfileType *out) {
    if (types->len == 0) return NULL;
    *out = types->v[0];
    for (uint32_t i = 1; i < types->len; i++) {
        ProfileType t = types->v[i];
        if (!comparable(*out, t))
            return err_new(
                a, ERR_FORMAT, 0,
                "incompatible types: {" STR_FMT " " STR_FMT " 0 0} {" STR_FMT " " STR_FMT " 0 0}",
                STR_ARG(out->type), STR_ARG(out->unit), STR_ARG(t.type), STR_ARG(t.unit));
        if (unit_ratio(t.unit, out->unit) < 1) *out = t;
    }
    return NULL;
}

static Err agree_units(Arena *a, Profile *const *profiles, uint32_t count) {
    ProfileTypeVec periods = {0}, column = {0};
    ProfileType period = {0};
    uint32_t types = profiles[0]->types.len;
    for (uint32_t k = 0; k < count; k++) vec_push(a, &periods, profiles[k]->period_type);
    Err err = finest(a, &periods, &period);
    if (err) return err_wrap(a, err, "period type");
    ProfileType *common = NEW_ARRAY(a, ProfileType, types + 1);
    for (uint32_t i = 0; i < types; i++) {
        column.len = 0;
        for (uint32_t k = 0; k < count; k++) vec_push(a, &column, profiles[k]->types.v[i]);
        err = finest(a, &column, &common[i]);
        if (err) return err_wrap(a, err, "sample types");
    }
    for (uint32_t k = 0; k < count; k++) {
        Profile *p = profiles[k];
        Str unit;
        p->period =
            profile_to_i64(measure_scale(p->period, p->period_type.unit, period.unit, &unit));
        // Copies: the profile a unit came from may be freed before this one.
        p->period_type.unit = str_copy(p->arena, period.unit);
        double *ratios = NEW_ARRAY(p->arena, double, types + 1);
        for (uint32_t i = 0; i < types; i++) {
            ratios[i] = unit_ratio(p->types.v[i].unit, common[i].unit);
            p->types.v[i].unit = str_copy(p->arena, common[i].unit);
        }
        add_scale(p, ratios);
    }
    return NULL;
}

Err profile_agree(Arena *a, Profile *const *profiles, uint32_t count) {
    StrVec types = {0};
    for (uint32_t i = 0; i < profiles[0]->types.len; i++) {
        Str type = profiles[0]->types.v[i].type;
        if (occurrences(profiles, count, type) == count) vec_push(a, &types, type);
    }
    if (types.len == 0)
        return err_new(a, ERR_FORMAT, 0, "profiles have empty common sample type list");
    for (uint32_t k = 0; k < count; k++) TRY(keep_types(a, profiles[k], &types));
    return count > 1 ? agree_units(a, profiles, count) : NULL;
}

// ---- coarser frames

static void coarser_lines(Profile *p, const ProfileGrain *grain) {
    for (uint32_t i = 0; i < p->lines.len; i++) {
        if (!grain->line) p->lines.v[i].line = 0;
        if (!grain->line || !grain->column) p->lines.v[i].column = 0;
    }
    for (uint32_t i = 1; i < p->locations.len; i++) {
        ProfileLocation *l = &p->locations.v[i];
        if (!grain->inlines && l->line_count > 1) {
            l->first_line += l->line_count - 1; // the function that was really called
            l->line_count = 1;
        }
        if (!grain->address) l->address = 0;
    }
}

void profile_aggregate(Profile *p, const ProfileGrain *grain) {
    for (uint32_t i = 1; i < p->mappings.len; i++) {
        ProfileMapping *m = &p->mappings.v[i];
        m->has_inlines &= grain->inlines;
        m->has_functions &= grain->function;
        m->has_files &= grain->file;
        m->has_lines &= grain->line;
    }
    for (uint32_t i = 1; i < p->functions.len; i++) {
        ProfileFunction *f = &p->functions.v[i];
        if (!grain->function) f->name = f->system_name = STR("");
        if (!grain->file) f->file = STR("");
    }
    coarser_lines(p, grain);
}

static void *copy_vec(Arena *a, const void *v, uint32_t len, size_t elem) {
    void *to = arena_push(a, len, elem, 8);
    if (len) memcpy(to, v, len * elem);
    return to;
}

void profile_fork(const Profile *p, Arena *a, Profile *out) {
    Profile f = *p;
    f.arena = a;
    f.owned = f.owned2 = f.owned3 = (Inflated){0}; // they stay the original's
#define COPY(x) (f.x.v = copy_vec(a, p->x.v, p->x.len, sizeof *p->x.v), f.x.cap = p->x.len)
    COPY(types);
    COPY(strings);
    COPY(mappings);
    COPY(functions);
    COPY(locations);
    COPY(lines);
    COPY(runs);
    COPY(comments);
#undef COPY
    *out = f;
}
