// tests/unit/profile/calltree.c: the tree's sums against a plain count over the samples, cutting,
// and more stacks than the tree may hold.
#include "profile/calltree.h"

#include "harness.h"
#include "writer.h"

enum { FUNCTIONS = 12, TYPES = 2 };

static uint64_t state;
static uint32_t next_random(uint32_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % below;
}

// Location i has function i, and every third one an inlined frame of the function after it.
static void tables(Writer *w) {
    writer_type(w, "alloc_space", "bytes");
    writer_type(w, "inuse_space", "bytes");
    writer_mapping(w, 1, 0x1000, 0x9000, "/bin/x");
    for (uint64_t i = 1; i <= FUNCTIONS; i++) {
        const char *name = str_to_c(w->arena, str_fmt(w->arena, "main.f%u", (unsigned)i));
        writer_function(w, i, name, "/src/x.go", (int64_t)(i * 100));
        writer_location(w, i, 1, 0x1000 + i * 16,
                        (uint64_t[][2]){{i % FUNCTIONS + 1, i * 100 + 150}, {i, i * 100 + 7}} +
                            (i % 3 != 0),
                        i % 3 == 0 ? 2 : 1);
    }
}

static Profile random_profile(Test *t, uint64_t seed, uint32_t samples, uint32_t depth) {
    state = seed;
    Writer w = writer_new(t->arena);
    tables(&w);
    uint64_t stack[64];
    for (uint32_t i = 0; i < samples; i++) {
        uint32_t n = 1 + next_random(depth);
        for (uint32_t k = 0; k < n; k++) stack[k] = 1 + next_random(FUNCTIONS);
        int64_t size = 16 + next_random(5000);
        int64_t values[TYPES] = {size, next_random(9) ? 0 : size};
        Buf s = writer_sample(&w, (WriterSample){stack, n, values, TYPES, true});
        writer_add(&w, 2, &s);
    }
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    return p;
}

static uint32_t function_named(const CallTree *t, Str name) {
    for (uint32_t i = 1; i < t->functions.len; i++)
        if (str_eq(t->functions.v[i].name, name)) return i;
    return 0;
}

// What the tree says of each function must be what a plain count of the profile says.
static void check_functions(Test *t, const CallTree *tree, const Profile *p, uint32_t side) {
    int64_t flat[FUNCTIONS + 1][TYPES] = {{0}}, cum[FUNCTIONS + 1][TYPES] = {{0}};
    Cursor c = cursor_new(p, t->arena);
    while (cursor_next(&c)) {
        cursor_stack(&c);
        bool seen[FUNCTIONS + 1] = {false};
        for (uint32_t i = 0; i < c.depth; i++) {
            const ProfileLocation *l = &p->locations.v[c.locations[i]];
            for (uint32_t k = 0; k < l->line_count; k++) {
                uint32_t f = p->lines.v[l->first_line + k].function;
                for (uint32_t v = 0; v < TYPES; v++) {
                    if (i == 0 && k == 0) flat[f][v] += c.values[v];
                    if (!seen[f]) cum[f][v] += c.values[v];
                }
                seen[f] = true;
            }
        }
    }
    for (uint32_t f = 1; f <= FUNCTIONS; f++) {
        uint32_t at = function_named(tree, p->functions.v[f].name);
        CHECK(t, at != 0);
        for (uint32_t v = 0; v < TYPES; v++) {
            CHECK_EQ(t, tree->flat[at * tree->columns + side * TYPES + v], flat[f][v]);
            CHECK_EQ(t, tree->cum[at * tree->columns + side * TYPES + v], cum[f][v]);
        }
    }
}

// Every byte is somewhere: own and folded values of all nodes make the total.
static void check_whole(Test *t, const CallTree *tree, uint32_t most) {
    CHECK(t, tree->nodes.len <= most + 1);
    for (uint32_t v = 0; v < tree->columns; v++) {
        int64_t sum = 0;
        for (uint32_t i = 0; i < tree->nodes.len; i++)
            sum += tree->self[i * tree->columns + v] + tree->rest[i * tree->columns + v];
        CHECK_EQ(t, sum, tree->total[v]);
    }
    for (uint32_t i = 1; i < tree->nodes.len; i++) {
        CHECK(t, tree->nodes.v[i].parent < i);
        CHECK(t, tree->nodes.v[i].weight <= tree->nodes.v[tree->nodes.v[i].parent].weight);
    }
}

TEST(calltree_counts) {
    Profile a = random_profile(t, 1, 400, 6), b = random_profile(t, 2, 300, 6);
    const Profile *sides[] = {&a, &b};
    CallTree *tree = calltree_new(t->arena, sides, 2, 100000);
    CHECK_EQ(t, tree->samples, 700);
    CHECK_EQ(t, tree->columns, 4);
    check_functions(t, tree, &a, 0);
    check_functions(t, tree, &b, 1);
    check_whole(t, tree, 100000);
    for (uint32_t v = 0; v < 4; v++) // nothing had to be folded
        for (uint32_t i = 0; i < tree->nodes.len; i++) CHECK_EQ(t, tree->rest[i * 4 + v], 0);
}

TEST(calltree_lines) {
    Writer w = writer_new(t->arena);
    writer_heap(&w);
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    CallTree *tree = calltree_new(t->arena, (const Profile *[]){&p}, 1, 100);
    uint32_t leaf = function_named(tree, STR("main.leaf")),
             main = function_named(tree, STR("main.main"));
    CHECK(t, tree->functions.v[leaf].inlined);
    CHECK(t, !tree->functions.v[main].inlined);
    CHECK_EQ(t, tree->functions.v[main].start_line, 30);
    for (uint32_t i = 1; i < tree->lines.len; i++) {
        const CallLine *l = &tree->lines.v[i];
        CHECK_EQ(t, l->line, l->function == leaf ? 11 : l->function == main ? 31 : 21);
        CHECK_EQ(t, tree->line_flat[i * 4 + 1],
                 l->function == leaf   ? 100
                 : l->function == main ? 96
                                       : 0);
        CHECK_EQ(t, tree->line_cum[i * 4 + 1], l->function == main ? 196 : 100);
    }
}

TEST(calltree_cut_keeps_the_sum) {
    static const uint32_t limits[] = {2000, 300, 41, 7, 1};
    Profile p = random_profile(t, 3, 2000, 8);
    CallTree *tree = calltree_new(t->arena, (const Profile *[]){&p}, 1, 5000);
    check_whole(t, tree, 5000);
    for (size_t i = 0; i < COUNT(limits); i++) {
        calltree_cut(tree, limits[i]);
        CHECK_EQ(t, tree->nodes.len, limits[i] + 1);
        check_whole(t, tree, limits[i]);
        check_functions(t, tree, &p, 0); // their sums do not change
    }
}

// Heavy stacks are still there after the tree has let go of a million others.
TEST(calltree_more_than_it_holds) {
    state = 9;
    Writer w = writer_new(t->arena);
    tables(&w);
    uint64_t stack[48];
    for (uint32_t i = 0; i < 30000; i++) {
        for (uint32_t k = 0; k < COUNT(stack); k++) stack[k] = 1 + next_random(FUNCTIONS);
        bool heavy = i % 3000 == 1000;
        if (heavy)
            for (uint32_t k = 0; k < COUNT(stack); k++) stack[k] = 2 + k % 2 * 3;
        int64_t v = heavy ? 100000 : 10;
        Buf s = writer_sample(&w, (WriterSample){stack, COUNT(stack), (int64_t[]){v, v}, 2, true});
        writer_add(&w, 2, &s);
    }
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    CallTree *tree = calltree_new(t->arena, (const Profile *[]){&p}, 1, 500);
    check_whole(t, tree, 500);
    int64_t deepest = 0;
    for (uint32_t i = 0; i < tree->nodes.len; i++) deepest = MAX(deepest, tree->self[i * 2]);
    CHECK_EQ(t, deepest, 1000000); // all ten of them, at the end of their stack
}

TEST(calltree_without_samples_or_names) {
    Writer w = writer_new(t->arena);
    writer_type(&w, "samples", "count");
    writer_mapping(&w, 1, 0x1000, 0x9000, "/bin/x");
    writer_location(&w, 1, 1, 0x1010, NULL, 0);
    writer_location(&w, 2, 0, 0x2010, NULL, 0);
    Buf s = writer_sample(&w, (WriterSample){(uint64_t[]){1, 2}, 2, (int64_t[]){5}, 1, true});
    writer_add(&w, 2, &s);
    Buf bare = writer_sample(&w, (WriterSample){NULL, 0, (int64_t[]){3}, 1, true});
    writer_add(&w, 2, &bare);
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    CallTree *tree = calltree_new(t->arena, (const Profile *[]){&p}, 1, 100);
    CHECK_EQ(t, tree->nodes.len, 3);
    CHECK_EQ(t, tree->self[0], 3);
    CHECK_STR(t, tree->functions.v[tree->nodes.v[1].function].name, STR("<unknown>"));
    CHECK_STR(t, tree->functions.v[tree->nodes.v[2].function].name, STR("[x]"));
}
