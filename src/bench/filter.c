// bench/filter.c: does a result match, and which of its measurements.
//
// A term on .unit says yes or no per measurement, every other term for the whole result. As in
// benchstat, in a group of terms those on units decide once the others let the result pass.
#include <string.h>

#include "bench/bench_internal.h"

typedef struct Verdict {
    uint64_t *mask; // one bit per measurement; NULL: the whole result
    bool whole;
} Verdict;

typedef struct Filtering {
    const BenchSet *set;
    Arena *arena;
    const BenchResult *result;
    size_t words; // of a mask
} Filtering;

Err filter_check(Arena *a, Str query, const Filter *f) {
    for (uint32_t i = 0; i < f->subs.len; i++) TRY(filter_check(a, query, f->subs.v[i]));
    if (f->kind != FILTER_MATCH) return NULL;
    if (str_eq(f->key, STR(".config")))
        return query_error(a, query, f->offset, STR(".config is only allowed in projections"));
    return f->key.len ? NULL : query_error(a, query, f->offset, STR("key must not be empty"));
}

static bool term_matches(const Filter *f, Str value) {
    return f->regex ? regex_match(f->regex, value) : str_eq(f->literal, value);
}

static Verdict match_units(const Filtering *c, const Filter *f) {
    uint64_t *mask = NEW_ARRAY(c->arena, uint64_t, c->words);
    for (uint32_t i = 0; i < c->result->values.len; i++) {
        const BenchValue *v = &c->result->values.v[i];
        if (term_matches(f, bench_str(c->set, v->unit)) ||
            (v->orig_unit && term_matches(f, bench_str(c->set, v->orig_unit))))
            mask[i / 64] |= (uint64_t)1 << (i % 64);
    }
    return (Verdict){mask, false};
}

static Verdict match(const Filtering *c, const Filter *f);

static Verdict match_group(const Filtering *c, const Filter *f) {
    bool all = f->kind == FILTER_AND;
    uint64_t *mask = NULL;
    for (uint32_t i = 0; i < f->subs.len; i++) {
        Verdict v = match(c, f->subs.v[i]);
        if (!v.mask) {
            if (v.whole != all) return (Verdict){NULL, !all};
            continue;
        }
        for (size_t w = 0; mask && w < c->words; w++)
            mask[w] = all ? mask[w] & v.mask[w] : mask[w] | v.mask[w];
        if (!mask) mask = v.mask;
    }
    return (Verdict){mask, all};
}

static Verdict match_not(const Filtering *c, const Filter *f) {
    Verdict v = match(c, f->subs.v[0]);
    for (size_t w = 0; v.mask && w < c->words; w++) v.mask[w] = ~v.mask[w];
    v.whole = !v.whole;
    return v;
}

static Verdict match(const Filtering *c, const Filter *f) {
    switch (f->kind) {
    case FILTER_AND:
    case FILTER_OR: return match_group(c, f);
    case FILTER_NOT: return match_not(c, f);
    case FILTER_MATCH: break;
    }
    if (str_eq(f->key, STR(".unit"))) return match_units(c, f);
    Str value = project_extract(c->set, project_kind(f->key), f->key, c->result);
    return (Verdict){NULL, term_matches(f, value)};
}

bool filter_apply(const BenchSet *s, const Filter *f, BenchResult *r) {
    ArenaMark mark = arena_mark(s->arena);
    Filtering c = {s, s->arena, r, (r->values.len + 63) / 64};
    Verdict v = match(&c, f);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->values.len; i++) {
        bool keep = v.mask ? v.mask[i / 64] >> (i % 64) & 1 : v.whole;
        if (keep) r->values.v[kept++] = r->values.v[i];
    }
    r->values.len = kept;
    arena_pop_to(mark);
    return kept > 0;
}
