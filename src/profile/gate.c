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

typedef struct Summing {
    Arena *arena;
    const ProfileGateRules *rules;
    ProfileGate *gate;
    StrMap by_name; // name -> place in rows
    Buf room;       // a stack's name
} Summing;

// Valid until the next call.
static ProfileRow *row_of(Summing *x, Str name) {
    uint32_t *at = strmap_get(&x->by_name, name);
    if (at) return &x->gate->rows.v[*at];
    if (x->rules->by == PROFILE_BY_STACK) name = str_copy(x->arena, name);
    *strmap_put(&x->by_name, name) = x->gate->rows.len;
    vec_push(x->arena, &x->gate->rows, ((ProfileRow){.name = name}));
    return &vec_last(&x->gate->rows);
}

static ProfileRow *row_of_sample(Summing *x, Cursor *c) {
    ProfileCharge to = profile_charge(c, x->rules->by, x->rules->label, &x->room);
    ProfileRow *row = row_of(x, to.name);
    if (to.leaf && x->rules->by != PROFILE_BY_PACKAGE) {
        // The new profile comes last: its lines are those of the source at hand.
        row->file = c->p->functions.v[to.leaf->function].file;
        row->line = to.leaf->line;
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
    ProfileSampling s = profile_sampling(scratch, p, value);
    x->gate->sampled[side] = s.kind != SAMPLING_UNKNOWN;
    Cursor c = cursor_new(p, scratch);
    while (cursor_next(&c)) {
        int64_t v = c.values[value];
        if (v == 0) continue;
        double variance = profile_variance(&s, &c, value);
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
    int old = profile_column(p[0], type.type);
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
    Summing x = {
        .arena = a, .rules = rules, .gate = &gate, .by_name = strmap_new(a), .room = buf_new(a)};
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
