// profile/gate.c: samples of two profiles summed by name, and a verdict for each name.
#include "profile/gate.h"

#include <math.h>

const char *profile_verdict_text(ProfileVerdict v) {
    static const char *const texts[] = {
#define X(id, text) text,
        PROFILE_VERDICTS(X)
#undef X
    };
    return texts[v];
}

// ---- the error of one sample

typedef enum SamplingKind { SAMPLING_UNKNOWN, SAMPLING_HEAP, SAMPLING_TICKS } SamplingKind;

typedef struct Sampling {
    SamplingKind kind;
    double rate;             // bytes between samples of a heap; units of the column per tick
    uint32_t objects, space; // columns of a heap's pair
    bool bytes;              // the column judged is the space one
} Sampling;

static int column(const Profile *p, Str type) {
    for (uint32_t i = 0; i < p->types.len; i++)
        if (str_eq(p->types.v[i].type, type)) return (int)i;
    return -1;
}

static Sampling sampling_of(Arena *a, const Profile *p, uint32_t value) {
    Str type = p->types.v[value].type, unit = p->types.v[value].unit;
    Sampling s = {.rate = (double)p->period};
    if (str_eq(p->period_type.type, STR("cpu"))) {
        s.kind = SAMPLING_TICKS;
        if (str_eq(unit, STR("count"))) s.rate = 1;
        return s;
    }
    if (!str_eq(p->period_type.type, STR("space"))) return s;
    Str head = type;
    s.bytes = str_cut_suffix(&head, STR("_space"));
    if (!s.bytes && !str_cut_suffix(&head, STR("_objects"))) return s;
    int objects = column(p, str_join2(a, head, STR("_objects")));
    int space = column(p, str_join2(a, head, STR("_space")));
    if (objects < 0 || space < 0) return s;
    s.kind = SAMPLING_HEAP;
    s.objects = (uint32_t)objects;
    s.space = (uint32_t)space;
    return s;
}

static double variance_of(const Sampling *s, const Cursor *c, uint32_t value) {
    if (s->kind == SAMPLING_TICKS) return fabs((double)c->values[value]) * s->rate;
    if (s->kind != SAMPLING_HEAP || s->rate <= 1) return 0; // rate 1: every object was counted
    double n = fabs((double)c->values[s->objects]), bytes = fabs((double)c->values[s->space]);
    if (n == 0 || bytes == 0) return 0;
    double size = bytes / n, met = -expm1(-size / s->rate);
    return n / met * (s->bytes ? size * size : 1);
}

// ---- names

// "example.com/x/y.(*T).F" -> "example.com/x/y"
static Str package_of(Str function) {
    size_t from = 0;
    for (size_t i = 0; i < function.len; i++) {
        if (function.ptr[i] == '[' || function.ptr[i] == '(') break; // type arguments have slashes
        if (function.ptr[i] == '/') from = i + 1;
    }
    size_t dot = str_find_byte(str_from(function, from), '.');
    return dot == STR_NONE ? function : str_to(function, from + dot);
}

typedef struct Summing {
    Arena *arena;
    const ProfileGateRules *rules;
    ProfileGate *gate;
    StrMap by_name; // name -> place in rows
} Summing;

// Valid until the next call.
static ProfileRow *row_of(Summing *x, Str name) {
    uint32_t *at = strmap_put(&x->by_name, name);
    if (!*at) {
        *at = x->gate->rows.len;
        vec_push(x->arena, &x->gate->rows, ((ProfileRow){.name = name}));
    }
    return &x->gate->rows.v[*at];
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

static ProfileRow *row_of_sample(Summing *x, Cursor *c) {
    if (x->rules->by == PROFILE_BY_LABEL) return row_of(x, label_of(c, x->rules->label));
    const ProfileLine *leaf = leaf_of(c);
    if (!leaf) return row_of(x, STR("(no name)"));
    const ProfileFunction *f = &c->p->functions.v[leaf->function];
    bool package = x->rules->by == PROFILE_BY_PACKAGE;
    ProfileRow *row = row_of(x, package ? package_of(f->name) : f->name);
    if (!package) { // the new profile comes last: its lines are those of the source at hand
        row->file = f->file;
        row->line = leaf->line;
    }
    return row;
}

static void count(ProfileRow *row, int side, int64_t v, double variance) {
    row->sides[side] = (int64_t)((uint64_t)row->sides[side] + (uint64_t)v);
    row->variance[side] += variance;
    row->seen[side] = true;
}

static void sum_side(Summing *x, const Profile *p, uint32_t value, int side) {
    Arena *scratch = arena_new("profile gate");
    Sampling s = sampling_of(scratch, p, value);
    x->gate->sampled[side] = s.kind != SAMPLING_UNKNOWN;
    Cursor c = cursor_new(p, scratch);
    while (cursor_next(&c)) {
        int64_t v = c.values[value];
        if (v == 0) continue;
        double variance = variance_of(&s, &c, value);
        count(row_of_sample(x, &c), side, v, variance);
        count(&x->gate->rows.v[0], side, v, variance);
    }
    arena_free(scratch);
}

// ---- verdicts

static const ProfileLimit *limit_of(const ProfileGateRules *rules, Str name) {
    for (uint32_t i = 0; i < rules->limits.len; i++) {
        const ProfileLimit *l = &rules->limits.v[i];
        if (!l->names || regex_match(l->names, name)) return l;
    }
    return NULL;
}

// The chance of a value so far above 0 by its own error, one-sided.
static double tail(double excess, double variance) {
    if (variance <= 0) return excess > 0 ? 0 : 1;
    return erfc(excess / sqrt(2 * variance)) / 2;
}

static void judge(ProfileRow *row, const ProfileGateRules *rules, double family) {
    const ProfileLimit *l = limit_of(rules, row->name);
    double old = (double)row->sides[0], now = (double)row->sides[1];
    double share = l ? l->share : 0;
    bool fresh = rules->new_sites && !row->seen[0];
    row->limit = fresh ? 0 : !l || l->never ? -1 : fabs(old) * share + l->amount;
    double both = row->variance[0] + row->variance[1];
    if (row->limit < 0 || now - old <= row->limit) {
        row->p = MIN(tail(old - now, both) * family, 1.0);
        row->verdict = now < old && row->p <= rules->alpha ? PROFILE_BETTER : PROFILE_SAME;
        return;
    }
    double wide = (1 + share) * (1 + share) * row->variance[0] + row->variance[1];
    row->p = MIN(tail(now - old - row->limit, wide) * family, 1.0);
    row->verdict = row->p <= rules->alpha ? PROFILE_WORSE : PROFILE_UNSURE;
}

static int by_change(const void *x, const void *y) {
    const ProfileRow *a = x, *b = y;
    double da = fabs((double)a->sides[1] - (double)a->sides[0]);
    double db = fabs((double)b->sides[1] - (double)b->sides[0]);
    if (da != db) return da < db ? 1 : -1;
    return str_cmp(a->name, b->name);
}

static Err columns(Arena *a, const Profile *const *p, Str value, uint32_t *out) {
    Str why;
    int now = profile_value_index(p[1], value, a, &why);
    if (now < 0) {
        if (p[1]->types.len == 0) why = STR("the new profile has no sample types");
        return err_new(a, ERR_USAGE, 0, STR_FMT, STR_ARG(why));
    }
    ProfileType type = p[1]->types.v[now];
    int old = column(p[0], type.type);
    if (old < 0 || !str_eq(p[0]->types.v[old].unit, type.unit))
        return err_new(a, ERR_FORMAT, 0,
                       "the old profile has no " STR_FMT " in " STR_FMT
                       ": the two are not of one kind",
                       STR_ARG(type.type), STR_ARG(type.unit));
    out[0] = (uint32_t)old;
    out[1] = (uint32_t)now;
    return NULL;
}

Err profile_gate(Arena *a, const Profile *old, const Profile *now, const ProfileGateRules *rules,
                 ProfileGate *out) {
    const Profile *p[2] = {old, now};
    uint32_t value[2] = {0};
    TRY(columns(a, p, rules->value, value));
    ProfileGate gate = {.type = now->types.v[value[1]]};
    vec_push(a, &gate.rows, ((ProfileRow){.name = STR("(total)")}));
    Summing x = {.arena = a, .rules = rules, .gate = &gate, .by_name = strmap_new(a)};
    for (int i = 0; i < 2; i++) sum_side(&x, p[i], value[i], i);
    gate.type.type = str_copy(a, gate.type.type);
    gate.type.unit = str_copy(a, gate.type.unit);
    for (uint32_t i = 0; i < gate.rows.len; i++) {
        gate.rows.v[i].name = str_copy(a, gate.rows.v[i].name);
        gate.rows.v[i].file = str_copy(a, gate.rows.v[i].file);
        judge(&gate.rows.v[i], rules, (double)gate.rows.len);
        gate.count[gate.rows.v[i].verdict]++;
    }
    if (gate.rows.len > 2)
        qsort(gate.rows.v + 1, gate.rows.len - 1, sizeof *gate.rows.v, by_change);
    *out = gate;
    return NULL;
}
