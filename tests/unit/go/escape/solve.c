// The solver, on graphs made by hand: locations of functions that have no bodies.
#include "go/escape/escape_internal.h"
#include "harness.h"

typedef struct Graph {
    IrPkg pkg;
    Func func, literal; // literal stands in func
    Node closure;
    Esc e;
} Graph;

static Graph *graph(Test *t) {
    Graph *g = NEW(t->arena, Graph);
    g->closure.op = IR_CLOSURE;
    g->literal.oclosure = &g->closure;
    g->literal.closure_parent = &g->func;
    g->e = (Esc){
        .p = &g->pkg, .arena = t->arena, .lists = t->arena, .func = &g->func, .loop_depth = 1};
    static const uint8_t attrs[LOC_FIRST] = {
        [LOC_HEAP] = ATTR_ALL, [LOC_MUTATOR] = ATTR_MUTATES, [LOC_CALLEE] = ATTR_CALLS};
    for (LocId l = 0; l < LOC_FIRST; l++) {
        esc_new_loc(&g->e, NULL, false);
        g->e.locs.v[l].attrs = attrs[l];
    }
    vec_add(t->arena, &g->e.notes);
    return g;
}

static LocId local(Graph *g, int depth) {
    g->e.loop_depth = depth;
    return esc_new_loc(&g->e, NULL, false);
}

static void flow(Graph *g, LocId dst, LocId src, int derefs) {
    esc_flow(&g->e, (Hole){.dst = dst, .derefs = derefs}, src);
}

static bool escapes(const Graph *g, LocId l) { return g->e.locs.v[l].attrs & ATTR_ESCAPES; }

TEST(solve_addresses_on_the_way_to_the_heap) {
    Graph *g = graph(t);
    LocId p = local(g, 1), x = local(g, 1), y = local(g, 1), z = local(g, 1);
    flow(g, p, x, -1);       // p = &x
    flow(g, p, y, 0);        // p = y: its address goes nowhere
    flow(g, x, z, -1);       // x = &z: reached through x
    flow(g, LOC_HEAP, p, 0); // sink = p
    esc_solve(&g->e);
    CHECK(t, escapes(g, x));
    CHECK(t, escapes(g, z));
    CHECK(t, !escapes(g, y));
    CHECK(t, !escapes(g, p));
}

TEST(solve_dereferences_cancel_addresses) {
    Graph *g = graph(t);
    LocId p = local(g, 1), x = local(g, 1), y = local(g, 1);
    flow(g, p, x, -1);       // p = &x
    flow(g, x, y, -1);       // x = &y
    flow(g, LOC_HEAP, p, 1); // sink = *p: what x holds
    esc_solve(&g->e);
    CHECK(t, !escapes(g, x));
    CHECK(t, escapes(g, y));
}

TEST(solve_loops) {
    Graph *g = graph(t);
    LocId outer = local(g, 1), inner = local(g, 2), same = local(g, 2), v = local(g, 2);
    flow(g, outer, inner, -1);
    flow(g, same, v, -1);
    esc_solve(&g->e);
    CHECK(t, escapes(g, inner)); // new in each turn, and kept
    CHECK(t, !escapes(g, v));
}

TEST(solve_parameters) {
    Graph *g = graph(t);
    LocId p = local(g, 1), q = local(g, 1), result = local(g, 1);
    g->e.locs.v[p].param = g->e.locs.v[q].param = true;
    g->e.locs.v[result].result = true;
    g->e.infos.v[result].result = 1;
    flow(g, result, p, 1);
    flow(g, LOC_HEAP, q, 2);
    flow(g, LOC_HEAP, q, 1);
    flow(g, LOC_MUTATOR, q, 0);
    esc_solve(&g->e);
    CHECK_EQ(t, leaks_get(&g->e.infos.v[p].leaks, LEAK_RESULT0), 1);
    CHECK_EQ(t, leaks_get(&g->e.infos.v[p].leaks, LEAK_HEAP), -1);
    CHECK_EQ(t, leaks_get(&g->e.infos.v[q].leaks, LEAK_HEAP), 1);
    CHECK_EQ(t, leaks_get(&g->e.infos.v[q].leaks, LEAK_MUTATOR), 0);
}

TEST(solve_results_of_literals) {
    for (int lost = 0; lost < 2; lost++) {
        t->row = lost ? "calls unknown" : "all calls known";
        Graph *g = graph(t);
        LocId x = local(g, 1);
        g->e.func = &g->literal;
        LocId own = local(g, 1), result = local(g, 1);
        g->e.locs.v[result].result = true;
        g->literal.closure_results_lost = lost;
        flow(g, result, x, -1);
        flow(g, result, own, -1);
        esc_solve(&g->e);
        CHECK_EQ(t, escapes(g, x), lost); // the surroundings' variable
        CHECK(t, escapes(g, own));
    }
}

TEST(solve_cycles_end) {
    Graph *g = graph(t);
    LocId x = local(g, 1), y = local(g, 1), z = local(g, 1);
    flow(g, x, y, -1);
    flow(g, y, x, -1);
    flow(g, z, x, 3);
    flow(g, x, z, -1);
    flow(g, LOC_HEAP, y, 0);
    esc_solve(&g->e);
    CHECK(t, escapes(g, x));
    CHECK(t, escapes(g, y)); // through x
    CHECK(t, escapes(g, z));
}
