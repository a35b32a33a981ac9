// tests/unit/live/dominate.c: dominators of random graphs against the definition: what cannot be
// reached once a node is taken away.
#include "harness.h"
#include "live/graph.h"

enum { NODES_MAX = 24, EDGES_MAX = 80 };

typedef struct Random {
    uint64_t state;
} Random;

static uint32_t below(Random *r, uint32_t n) { // splitmix64
    uint64_t x = r->state += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((x ^ x >> 31) % n);
}

typedef struct Sample {
    uint32_t nodes, first[NODES_MAX + 1], edges[EDGES_MAX];
} Sample;

static Sample sample_new(Random *r) {
    Sample s = {.nodes = 1 + below(r, NODES_MAX)};
    uint32_t count = below(r, EDGES_MAX), at = 0;
    uint32_t from[EDGES_MAX], to[EDGES_MAX];
    for (uint32_t i = 0; i < count; i++) {
        from[i] = below(r, s.nodes);
        to[i] = below(r, s.nodes);
    }
    for (uint32_t n = 0; n < s.nodes; n++) {
        s.first[n] = at;
        for (uint32_t i = 0; i < count; i++)
            if (from[i] == n) s.edges[at++] = to[i];
    }
    s.first[s.nodes] = at;
    return s;
}

// What is reached from the top without going through `gone`.
static uint32_t reach(const Sample *s, uint32_t top, uint32_t gone, bool *seen) {
    uint32_t stack[NODES_MAX], depth = 0, count = 0;
    for (uint32_t i = 0; i < s->nodes; i++) seen[i] = false;
    if (top == gone) return 0;
    seen[top] = true;
    stack[depth++] = top;
    while (depth) {
        uint32_t n = stack[--depth];
        count++;
        for (uint32_t e = s->first[n]; e < s->first[n + 1]; e++) {
            uint32_t t = s->edges[e];
            if (t == gone || seen[t]) continue;
            seen[t] = true;
            stack[depth++] = t;
        }
    }
    return count;
}

static bool dominates(const uint32_t *idom, uint32_t above, uint32_t below_node, uint32_t top) {
    for (uint32_t at = below_node;; at = idom[at]) {
        if (at == above) return true;
        if (at == top) return false;
    }
}

static void check_sample(Test *t, const Sample *s, uint32_t top) {
    uint32_t idom[NODES_MAX], order[NODES_MAX + 2];
    bool all[NODES_MAX], left[NODES_MAX];
    Digraph g = {s->nodes, top, s->first, s->edges};
    uint32_t count = digraph_dominators(&g, idom, order);
    CHECK_EQ(t, count, reach(s, top, NODES_MAX, all));
    for (uint32_t gone = 0; gone < s->nodes; gone++) {
        if (!all[gone]) {
            CHECK_EQ(t, idom[gone], gone); // not reached
            continue;
        }
        uint32_t lost = count - reach(s, top, gone, left), retained = 0;
        for (uint32_t n = 0; n < s->nodes; n++) {
            if (!all[n]) continue;
            bool goes = n == gone || !left[n];
            retained += goes;
            if (dominates(idom, gone, n, top) != goes)
                test_fail(t, __FILE__, __LINE__, "node %u with %u gone", n, gone);
        }
        CHECK_EQ(t, retained, lost);
    }
}

TEST(dominators_of_random_graphs) {
    Random r = {20261130};
    for (int i = 0; i < 12000 && !t->failures; i++) {
        Sample s = sample_new(&r);
        check_sample(t, &s, below(&r, s.nodes));
    }
}

// A list as long as a heap's may be: nothing recurses.
TEST(dominators_of_a_long_list) {
    enum { LONG = 1000000 };
    uint32_t *first = NEW_ARRAY(t->arena, uint32_t, LONG + 1),
             *edges = NEW_ARRAY(t->arena, uint32_t, LONG * 2);
    uint32_t *idom = NEW_ARRAY(t->arena, uint32_t, LONG),
             *order = NEW_ARRAY(t->arena, uint32_t, LONG + 2);
    uint32_t at = 0;
    for (uint32_t i = 0; i < LONG; i++) { // forward, and back to the start
        first[i] = at;
        if (i + 1 < LONG) edges[at++] = i + 1;
        edges[at++] = 0;
    }
    first[LONG] = at;
    Digraph g = {LONG, 0, first, edges};
    CHECK_EQ(t, digraph_dominators(&g, idom, order), LONG);
    bool right = true;
    for (uint32_t i = 1; i < LONG; i++) right &= idom[i] == i - 1;
    CHECK(t, right);
}
