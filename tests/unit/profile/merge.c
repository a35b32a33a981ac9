// tests/unit/profile/merge.c: merging, subtracting, scaling, filters and folds.
#include "harness.h"
#include "profile/graph.h"
#include "writer.h"

static Profile heap(Test *t) {
    Writer w = writer_new(t->arena);
    writer_heap(&w);
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    return p;
}

static Profile merge(Test *t, const Profile *x, const Profile *y) {
    Merger *m = merger_new(t->arena);
    CHECK_OK(t, merger_add(m, x));
    CHECK_OK(t, merger_add(m, y));
    Profile out;
    merger_finish(m, &out);
    profile_check(&out);
    return out;
}

TEST(merge_doubles) {
    Profile a = heap(t), b = heap(t), m = merge(t, &a, &b);
    CHECK_EQ(t, m.sample_count, 2);
    CHECK_EQ(t, m.locations.len, 3);
    CHECK_EQ(t, m.functions.len, 4);
    Cursor c = cursor_new(&m, t->arena);
    CHECK(t, cursor_next(&c));
    CHECK_EQ(t, c.values[1], 200);
    CHECK(t, cursor_next(&c));
    CHECK_EQ(t, c.values[3], 128);
    cursor_labels(&c);
    CHECK_EQ(t, c.labels.len, 4);
    profile_free(&m);
}

TEST(merge_only_what_counts) {
    Profile a = heap(t), b = heap(t);
    Merger *m = merger_new(t->arena);
    merger_only(m, 1 << 3); // inuse_space: of two samples one is 0 there
    CHECK_OK(t, merger_add(m, &a));
    CHECK_OK(t, merger_add(m, &b));
    Profile out;
    merger_finish(m, &out);
    CHECK_EQ(t, out.sample_count, 1);
    Cursor c = cursor_new(&out, t->arena);
    CHECK(t, cursor_next(&c));
    CHECK_EQ(t, c.values[3], 128);
    CHECK(t, !cursor_next(&c));
    profile_free(&out);
}

TEST(graph_leaves_out_light_edges) {
    Profile p = heap(t);
    GraphOptions o = {.value = 1, .divisor = -1};
    Graph all = graph_new(t->arena, &p, o), few = graph_new(t->arena, &p, o);
    graph_fold(&all, NULL, GRAPH_INLINE_EDGES);
    int64_t heaviest = 0;
    for (uint32_t i = 1; i < all.edges.len; i++)
        heaviest = MAX(heaviest, graph_abs(all.edges.v[i].weight));
    CHECK(t, heaviest > 0);
    few.edge_cutoff = heaviest; // stays: it is not below the cutoff
    graph_fold(&few, NULL, GRAPH_INLINE_EDGES);
    CHECK(t, few.edges.len > 1);
    few.edge_cutoff = 1000 * heaviest;
    graph_fold(&few, NULL, GRAPH_INLINE_EDGES);
    CHECK_EQ(t, few.edges.len, 1);
    CHECK_EQ(t, few.sum, all.sum);
}

TEST(merge_cancels) {
    Profile a = heap(t), b = heap(t);
    profile_scale(&b, -1);
    Profile m = merge(t, &a, &b);
    CHECK_EQ(t, m.sample_count, 0);
    CHECK_EQ(t, m.locations.len, 1); // nothing uses them any more
    CHECK_EQ(t, m.mappings.len, 2);  // the program's stays
    profile_free(&m);
}

TEST(merge_keeps_labelled_apart) {
    Profile a = heap(t), b = heap(t);
    profile_label_all(&b, STR("pprof::base"), STR("true"));
    profile_scale(&b, -1);
    Profile m = merge(t, &a, &b);
    CHECK_EQ(t, m.sample_count, 4);
    CHECK(t, profile_may_have_label(&m, STR("pprof::base")));
    int based = 0;
    Cursor c = cursor_new(&m, t->arena);
    while (cursor_next(&c)) based += cursor_is_labelled(&c, STR("pprof::base"), STR("true"));
    CHECK_EQ(t, based, 2);
    profile_free(&m);
}

TEST(merge_refuses_other_types) {
    Profile a = heap(t), b;
    Writer w = writer_new(t->arena);
    writer_type(&w, "cpu", "nanoseconds");
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &b));
    Merger *m = merger_new(t->arena);
    CHECK_OK(t, merger_add(m, &a));
    CHECK_ERR(t, merger_add(m, &b), "incompatible sample types");
    merger_free(m);
    CHECK_ERR(t, profile_agree(t->arena, (Profile *[]){&a, &b}, 2),
              "profiles have empty common sample type list");
}

TEST(agree_takes_common_columns) {
    Profile a = heap(t), b;
    Writer w = writer_new(t->arena);
    writer_type(&w, "inuse_space", "kilobytes");
    writer_type(&w, "alloc_objects", "count");
    Buf s = writer_sample(&w, (WriterSample){(uint64_t[]){1}, 1, (int64_t[]){3, 5}, 2, true});
    writer_add(&w, 2, &s);
    writer_location(&w, 1, 0, 7, NULL, 0);
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &b));
    CHECK_OK(t, profile_agree(t->arena, (Profile *[]){&a, &b}, 2));
    CHECK_EQ(t, a.types.len, 2);
    CHECK_STR(t, b.types.v[0].type, STR("alloc_objects"));
    Cursor c = cursor_new(&b, t->arena);
    CHECK(t, cursor_next(&c));
    CHECK_EQ(t, c.values[0], 5);
    CHECK_EQ(t, c.values[1], 3 * 1024); // bytes, the finer unit
}

TEST(encode_reads_back) {
    Profile a = heap(t), b;
    Str bytes = profile_encode(&a, t->arena);
    CHECK_OK(t, profile_read(t->arena, bytes, &b));
    CHECK_STR(t, profile_encode(&b, t->arena), bytes);
    CHECK_EQ(t, b.sample_count, 2);
    CHECK_EQ(t, b.lines.len, a.lines.len);
}

static Regex *expression(Test *t, const char *text) {
    Regex *re = NULL;
    CHECK_OK(t, regex_compile(t->arena, str_c(text), &re));
    return re;
}

TEST(filters) {
    static const struct {
        const char *focus, *ignore, *hide, *show_from;
        uint64_t samples;
        uint32_t depth; // of the first
    } rows[] = {
        {"leaf", NULL, NULL, NULL, 1, 2},    {NULL, "leaf", NULL, NULL, 1, 1},
        {"nothing", NULL, NULL, NULL, 0, 0}, {NULL, NULL, "main.main", NULL, 1, 1},
        {NULL, NULL, NULL, "mid", 1, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].focus ? rows[i].focus : "other";
        Profile p = heap(t);
        ProfileFilter f = {0};
        if (rows[i].focus) f.focus = expression(t, rows[i].focus);
        if (rows[i].ignore) f.ignore = expression(t, rows[i].ignore);
        if (rows[i].hide) f.hide = expression(t, rows[i].hide);
        if (rows[i].show_from) f.show_from = expression(t, rows[i].show_from);
        profile_filter(&p, &f);
        profile_check(&p);
        CHECK_EQ(t, p.sample_count, rows[i].samples);
        Cursor c = cursor_new(&p, t->arena);
        if (cursor_next(&c)) {
            cursor_stack(&c);
            CHECK_EQ(t, c.depth, rows[i].depth);
        }
        Regex *all[] = {f.focus, f.ignore, f.hide, f.show_from};
        for (size_t k = 0; k < COUNT(all); k++) regex_free(all[k]);
        profile_free(&p);
    }
}

static uint32_t node_named(Graph *g, const char *name) {
    for (uint32_t i = 1; i < g->nodes.len; i++)
        if (str_eq_c(g->nodes.v[i].info.name, name)) return i;
    return 0;
}

TEST(fold) {
    Profile p = heap(t);
    ProfileGrain grain = {.inlines = true, .function = true};
    profile_aggregate(&p, &grain);
    Graph g = graph_new(t->arena, &p, (GraphOptions){.value = 1, .divisor = -1});
    graph_fold(&g, NULL, GRAPH_ALL_EDGES);
    const GraphNode *leaf = &g.nodes.v[node_named(&g, "main.leaf")],
                    *top = &g.nodes.v[node_named(&g, "main.main")];
    CHECK_EQ(t, leaf->flat, 100);
    CHECK_EQ(t, top->flat, 96);
    CHECK_EQ(t, top->cum, 196);
    CHECK(t, leaf->inlined && g.edges.v[leaf->in].inlined);
    graph_sort(&g, GRAPH_BY_CUM);
    CHECK_STR(t, graph_name(&g, g.order.v[0]), STR("main.main"));
    // Without main.mid the call goes past it: the edge is a residual one.
    Bitset kept = bitset_new(t->arena, g.nodes.len);
    bitset_add(&kept, node_named(&g, "main.leaf"));
    bitset_add(&kept, node_named(&g, "main.main"));
    graph_fold(&g, &kept, GRAPH_ALL_EDGES);
    CHECK_EQ(t, g.edges.len, 2);
    CHECK(t, g.edges.v[1].residual);
    profile_free(&p);
}

// A location without lines is the same node as a nameless function, which may be inlined elsewhere:
// a plain call of the one is a plain call of the other.
TEST(graph_nameless_calls) {
    Writer w = writer_new(t->arena);
    writer_type(&w, "samples", "count");
    writer_function(&w, 1, "", "", 0);
    writer_function(&w, 2, "main.f", "", 0);
    writer_location(&w, 1, 0, 0, (const uint64_t[][2]){{1, 0}, {2, 0}}, 2);
    writer_location(&w, 2, 0, 0, NULL, 0);
    writer_location(&w, 3, 0, 0, (const uint64_t[][2]){{2, 0}}, 1);
    static const uint64_t inlined[] = {1}, plain[] = {2, 3};
    const struct {
        const uint64_t *stack;
        size_t depth;
    } rows[] = {{inlined, 1}, {plain, 2}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf s = writer_sample(
            &w, (WriterSample){rows[i].stack, rows[i].depth, (int64_t[]){5}, 1, true});
        writer_add(&w, 2, &s);
    }
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    for (int fold = 0; fold < 2; fold++) {
        Graph g = graph_new(t->arena, &p, (GraphOptions){.value = 0, .divisor = -1});
        graph_fold(&g, NULL, GRAPH_NO_EDGES);
        graph_fold(&g, NULL, fold ? GRAPH_ALL_EDGES : GRAPH_INLINE_EDGES);
        CHECK_EQ(t, g.edges.len, 2);
        CHECK_EQ(t, g.edges.v[1].weight, 10);
        CHECK(t, !g.edges.v[1].inlined);
    }
}
