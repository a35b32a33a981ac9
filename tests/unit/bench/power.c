// The gate on real noise: what it finds where nothing changed, and where 5 % did. Rounds are drawn
// from those in noise.h, always the same ones (the generator's seed is fixed).
#include "bench/gate.h"
#include "harness.h"
#include "noise.h"

static const size_t looks[] = {10, 20, 40, 80}; // bench run's

typedef struct Random {
    uint64_t state;
} Random;

static uint32_t draw(Random *r, uint32_t below) { // xorshift64*
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (uint32_t)((r->state * 2685821657736338717u) >> 32) % below;
}

typedef struct Trial {
    const Noise *const *family;
    size_t count, changed; // family[changed] is slower by `factor`
    double factor;
    Buf text[2];
    size_t rounds;
} Trial;

static void add_round(Trial *t, Random *r) {
    for (size_t i = 0; i < t->count; i++)
        for (int side = 0; side < 2; side++) {
            double v = t->family[i]->rounds[draw(r, NOISE_ROUNDS)];
            if (side && i == t->changed) v *= t->factor;
            buf_fmt(&t->text[side], "BenchmarkB%zu 1 %.7g ns/op\n", i, v);
        }
    t->rounds++;
}

static Gate judge(Arena *a, const Trial *t) {
    BenchSet *s = bench_set_new(a);
    BenchBuilder *b;
    if (bench_builder_new(s, &gate_query, &b)) BUG("the gate's own query is wrong");
    for (int side = 0; side < 2; side++) {
        BenchReader r =
            bench_reader(s, buf_view(&t->text[side]), STR("f"), side ? STR("new") : STR("old"));
        while (bench_read(&r)) bench_builder_add(b, &r.result);
    }
    BenchTables tables = bench_builder_tables(b, .95, .05);
    bench_builder_free(b);
    GateRules rules = gate_rules_default;
    rules.alpha /= COUNT(looks);
    rules.max_runs = 4 * looks[COUNT(looks) - 1];
    return gate_decide(s, &tables, &rules);
}

static bool claims(GateVerdict v) { return v == GATE_WORSE || v == GATE_BETTER; }

typedef struct Tally {
    size_t comparisons, false_claims, changes, found;
} Tally;

// Looks as bench run does, until the changed one has a verdict that stays.
static void run_trial(Trial *t, Random *r, Tally *tally) {
    bool found = false, open = true, falsely[64] = {0};
    Arena *text = arena_new("trial");
    for (int side = 0; side < 2; side++) t->text[side] = buf_new(text);
    for (size_t look = 0; look < COUNT(looks) && open; look++) {
        while (t->rounds < looks[look]) add_round(t, r);
        Arena *a = arena_new("look");
        Gate g = judge(a, t);
        open = false;
        for (size_t i = 0; i < g.rows.len; i++) {
            open |= g.rows.v[i].verdict == GATE_MORE_RUNS;
            bool is_changed = t->factor != 1 && i == t->changed;
            if (is_changed)
                found |= g.rows.v[i].verdict == GATE_WORSE;
            else
                falsely[i] |= claims(g.rows.v[i].verdict);
        }
        arena_free(a);
    }
    arena_free(text);
    tally->comparisons += t->count - (t->factor != 1);
    for (size_t i = 0; i < t->count; i++) tally->false_claims += falsely[i];
    tally->changes += t->factor != 1;
    tally->found += found;
}

enum { FAMILY = 10 };

static void run_trials(Tally *tally, double factor, size_t per_benchmark) {
    Random r = {88172645463325252u};
    for (size_t i = 0; i < COUNT(noise); i++)
        for (size_t k = 0; k < per_benchmark; k++) {
            const Noise *family[FAMILY] = {&noise[i]};
            for (size_t j = 1; j < FAMILY; j++) family[j] = &noise[draw(&r, COUNT(noise))];
            Trial t = {.family = family, .count = FAMILY, .factor = factor};
            run_trial(&t, &r, tally);
        }
}

TEST(nothing_changed_and_little_is_claimed) {
    Tally tally = {0};
    run_trials(&tally, 1, 5);
    printf("no change: %zu comparisons, %zu claimed (%.2f %%)\n", tally.comparisons,
           tally.false_claims, 100.0 * (double)tally.false_claims / (double)tally.comparisons);
    CHECK(t, tally.comparisons >= 300 && tally.false_claims * 50 <= tally.comparisons);
}

TEST(five_percent_are_found) {
    Tally tally = {0};
    run_trials(&tally, 1.05, 20);
    printf("5 %% slower: %zu of %zu found (%.1f %%)\n", tally.found, tally.changes,
           100.0 * (double)tally.found / (double)tally.changes);
    CHECK(t, tally.found * 100 >= tally.changes * 95);
    CHECK(t, tally.false_claims * 50 <= tally.comparisons);
}

// One allocation more per operation, in one run a side.
TEST(any_allocation_is_found) {
    Arena *a = t->arena;
    size_t found = 0, trials = 0;
    for (unsigned old = 0; old < 2000; old += 1 + old / 8, trials++) {
        BenchSet *s = bench_set_new(a);
        BenchBuilder *b;
        CHECK_OK(t, bench_builder_new(s, &gate_query, &b));
        for (unsigned side = 0; side < 2; side++) {
            Str text = str_fmt(a, "BenchmarkX 1 %u allocs/op\n", old + side);
            BenchReader r = bench_reader(s, text, STR("f"), side ? STR("new") : STR("old"));
            while (bench_read(&r)) bench_builder_add(b, &r.result);
        }
        BenchTables tables = bench_builder_tables(b, .95, .05);
        bench_builder_free(b);
        found += gate_decide(s, &tables, &gate_rules_default).count[GATE_WORSE];
    }
    CHECK_EQ(t, found, trials);
}
