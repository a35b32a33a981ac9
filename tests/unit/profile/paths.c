// tests/unit/profile/paths.c: stacks that share their callers, decoded from one sample to the next,
// and what the folds count along them: against each stack by itself.
#include "profile/graph.h"
#include "profile/profile_internal.h"

#include "harness.h"
#include "unit/profile/writer.h"

enum { FUNCTIONS = 40, LOCATIONS = 600, SAMPLES = 3000, DEPTH = 30 };

typedef struct Dice {
    uint64_t state;
} Dice;

static uint64_t roll(Dice *d, uint64_t n) {
    d->state = hash_mix(d->state + 1, 7);
    return d->state % n;
}

// Locations have up to four lines; one in ten calls goes back to where the stack has been.
static void write_tables(Writer *w, Dice *d) {
    writer_mapping(w, 1, 0x1000, 0x100000, "/bin/p");
    for (uint64_t i = 1; i <= FUNCTIONS; i++)
        writer_function(w, i, str_to_c(w->arena, str_fmt(w->arena, "f%d", (int)i)), "f.go", 1);
    for (uint64_t i = 1; i <= LOCATIONS; i++) {
        uint64_t lines[4][2];
        size_t n = roll(d, 8) ? 1 + roll(d, 2) : 3 + roll(d, 2);
        for (size_t k = 0; k < n; k++) {
            lines[k][0] = 1 + roll(d, FUNCTIONS);
            lines[k][1] = 0;
        }
        writer_location(w, i, 1, 0, lines, n);
    }
}

static void write_samples(Writer *w, Dice *d) {
    uint64_t stack[DEPTH]; // outermost first
    size_t depth = 0;
    for (int i = 0; i < SAMPLES; i++) {
        depth = roll(d, depth + 1);
        size_t more = roll(d, 6);
        for (; more && depth < DEPTH; more--, depth++)
            stack[depth] = depth && !roll(d, 10) ? stack[roll(d, depth)] : 1 + roll(d, LOCATIONS);
        uint64_t locations[DEPTH];
        for (size_t k = 0; k < depth; k++) locations[k] = stack[depth - 1 - k];
        int64_t value = roll(d, 5) ? (int64_t)roll(d, 100) - 30 : 0;
        WriterSample s = {locations, depth, &value, 1, roll(d, 20) != 0};
        Buf message = writer_sample(w, s);
        writer_add(w, 2, &message);
    }
}

static Profile make(Test *t, uint64_t seed) {
    Writer w = writer_new(t->arena);
    Dice d = {seed};
    writer_type(&w, "space", "bytes");
    write_tables(&w, &d);
    write_samples(&w, &d);
    Profile p;
    Err err = profile_read(t->arena, writer_finish(&w), &p);
    CHECK(t, !err);
    return p;
}

TEST(paths_are_stacks) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Profile p = make(t, seed);
        Cursor c = cursor_new(&p, t->arena), plain = cursor_new(&p, t->arena);
        Path path = path_new(&p, t->arena);
        uint64_t wrong = 0, shared = 0;
        while (cursor_next(&c)) {
            CHECK(t, cursor_next(&plain));
            cursor_stack(&plain);
            cursor_path(&c, &path);
            shared += path.shared;
            wrong += path.depth != plain.depth;
            for (uint32_t i = 0; i < MIN(path.depth, plain.depth); i++)
                wrong += path.locations[i] != plain.locations[plain.depth - 1 - i];
        }
        CHECK_EQ(t, wrong, 0);
        CHECK(t, shared > SAMPLES);
        profile_free(&p);
    }
}

// What ids end in may be what others end in: 0x81 0x05 is 641, and 0x05 is 5.
TEST(paths_cut_between_ids) {
    Writer w = writer_new(t->arena);
    Dice d = {3};
    writer_type(&w, "space", "bytes");
    write_tables(&w, &d);
    static const uint64_t stacks[][3] = {
        {9, 5, 7}, {9, 3 + 128 * 2, 7}, {2, 7, 7}, {2, 128 + 7, 7}};
    for (size_t i = 0; i < COUNT(stacks); i++) {
        int64_t value = 1;
        Buf message = writer_sample(&w, (WriterSample){stacks[i], 3, &value, 1, true});
        writer_add(&w, 2, &message);
    }
    Profile p;
    CHECK(t, !profile_read(t->arena, writer_finish(&w), &p));
    Cursor c = cursor_new(&p, t->arena);
    Path path = path_new(&p, t->arena);
    for (size_t i = 0; cursor_next(&c); i++) {
        cursor_path(&c, &path);
        CHECK_EQ(t, path.depth, 3);
        for (size_t k = 0; k < 3; k++) CHECK_EQ(t, path.locations[k], stacks[i][2 - k]);
    }
    profile_free(&p);
}

// ---- folds, each sample by itself

typedef struct Plain {
    int64_t flat[FUNCTIONS + 1], cum[FUNCTIONS + 1];
    int64_t weight[FUNCTIONS + 1][FUNCTIONS + 1];
    bool called[FUNCTIONS + 1][FUNCTIONS + 1], real[FUNCTIONS + 1][FUNCTIONS + 1];
} Plain;

static uint32_t function_of(const Graph *g, uint32_t node) {
    uint64_t n = 0;
    (void)str_to_u64(str_from(g->nodes.v[node].info.name, 1), &n);
    return (uint32_t)n;
}

static void count_plain(Test *t, const Profile *p, const bool *kept, Plain *out) {
    Cursor c = cursor_new(p, t->arena);
    while (cursor_next(&c)) {
        int64_t v = c.values[0];
        if (!v) continue;
        bool seen[FUNCTIONS + 1] = {0}, edge[FUNCTIONS + 1][FUNCTIONS + 1] = {{0}};
        uint32_t parent = 0, last = 0;
        cursor_stack(&c);
        for (uint32_t i = c.depth; i-- > 0;) {
            const ProfileLocation *l = &p->locations.v[c.locations[i]];
            for (uint32_t k = l->line_count; k-- > 0;) {
                uint32_t f = last = p->lines.v[l->first_line + k].function;
                if (!seen[f]) out->cum[f] += v;
                seen[f] = true;
                if (!kept[f]) continue;
                if (parent && parent != f && !edge[parent][f]) {
                    edge[parent][f] = out->called[parent][f] = true;
                    out->weight[parent][f] += v;
                    out->real[parent][f] |= k + 1 == l->line_count;
                }
                parent = f;
            }
        }
        out->flat[last] += v;
    }
}

static Profile *folded(Test *t, uint64_t seed, bool *kept, Graph *g, Plain *plain) {
    Profile *p = NEW(t->arena, Profile);
    *p = make(t, seed);
    Dice d = {seed + 100};
    for (uint32_t i = 1; i <= FUNCTIONS; i++) kept[i] = roll(&d, 3) != 0;
    count_plain(t, p, kept, plain);
    *g = graph_new(t->arena, p, (GraphOptions){.divisor = -1});
    return p;
}

TEST(folds_count_each_sample_once) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
        bool kept[FUNCTIONS + 1] = {0};
        Plain *plain = NEW(t->arena, Plain);
        Graph g;
        Profile *p = folded(t, seed, kept, &g, plain);
        graph_fold(&g, NULL, GRAPH_NO_EDGES);
        uint32_t found = 0;
        for (uint32_t i = 1; i < g.nodes.len; i++) {
            uint32_t f = function_of(&g, i);
            CHECK_EQ(t, g.nodes.v[i].cum, plain->cum[f]);
            CHECK_EQ(t, g.nodes.v[i].flat, plain->flat[f]);
            found++;
        }
        CHECK_EQ(t, found, FUNCTIONS);
        profile_free(p);
    }
}

static void check_edges(Test *t, const Graph *g, const Plain *plain, int64_t cutoff) {
    bool found[FUNCTIONS + 1][FUNCTIONS + 1] = {{0}};
    for (uint32_t i = 1; i < g->edges.len; i++) {
        const GraphEdge *e = &g->edges.v[i];
        uint32_t src = function_of(g, e->src), dest = function_of(g, e->dest);
        CHECK(t, plain->called[src][dest] && !found[src][dest]);
        CHECK_EQ(t, e->weight, plain->weight[src][dest]);
        CHECK_EQ(t, e->inlined, !plain->real[src][dest]);
        found[src][dest] = true;
    }
    for (uint32_t i = 1; i <= FUNCTIONS; i++)
        for (uint32_t k = 1; k <= FUNCTIONS; k++)
            if (plain->called[i][k] && graph_abs(plain->weight[i][k]) >= cutoff)
                CHECK(t, found[i][k]);
}

TEST(folds_find_inlined_calls) {
    for (uint64_t seed = 1; seed <= 10; seed++) {
        bool kept[FUNCTIONS + 1] = {0};
        Plain *plain = NEW(t->arena, Plain);
        Graph g;
        Profile *p = folded(t, seed, kept, &g, plain);
        Bitset nodes = bitset_new(t->arena, g.nodes.len);
        for (uint32_t i = 1; i < g.nodes.len; i++)
            if (kept[function_of(&g, i)]) bitset_add(&nodes, i);
        g.edge_cutoff = seed % 2 ? 0 : 150;
        graph_fold(&g, &nodes, GRAPH_INLINE_EDGES);
        check_edges(t, &g, plain, g.edge_cutoff);
        profile_free(p);
    }
}
