// live/heap_pprof.c: the dominator tree as a profile: a sample a node, its stack the way of types
// down from the root that keeps it, so that pprof's views show who holds memory.
#include "live/graph.h"

enum { COLUMNS = 2 };

static void set_head(Arena *a, Profile *p) {
    static const char *const types[][2] = {{"objects", "count"}, {"space", "bytes"}};
    *p = (Profile){.arena = a,
                   .raw_types = COLUMNS,
                   .period = 1,
                   .period_type = {STR("space"), STR("bytes")},
                   .default_type = STR("space")};
    for (size_t i = 0; i < COLUMNS; i++)
        vec_push(a, &p->types, ((ProfileType){str_c(types[i][0]), str_c(types[i][1])}));
    vec_push(a, &p->strings, STR(""));
    (void)vec_add(a, &p->mappings);
    (void)vec_add(a, &p->functions);
    (void)vec_add(a, &p->locations);
}

// One location a name.
static uint32_t location_named(Profile *p, StrMap *places, Str name) {
    uint32_t *place = strmap_put(places, name);
    if (*place) return *place;
    uint32_t function = p->functions.len;
    vec_push(p->arena, &p->functions, ((ProfileFunction){.name = name, .system_name = name}));
    vec_push(p->arena, &p->lines, ((ProfileLine){.function = function}));
    *place = p->locations.len;
    vec_push(p->arena, &p->locations,
             ((ProfileLocation){.first_line = p->lines.len - 1, .line_count = 1}));
    return *place;
}

void graph_profile(Arena *a, const HeapSummary *s, Profile *out) {
    set_head(a, out);
    StrMap places = strmap_new(a);
    U32Vec locations = {0}, stack = {0};
    for (uint32_t i = 0; i < s->tree.len; i++)
        vec_push(a, &locations, location_named(out, &places, s->tree.v[i].name));
    profile_number(out);
    SampleSink sink = sink_new(out);
    for (uint32_t i = 0; i < s->tree.len; i++) {
        const HeapNode *n = &s->tree.v[i];
        if (!n->objects) continue;
        stack.len = 0;
        for (uint32_t at = i + 1; at; at = s->tree.v[at - 1].parent)
            vec_push(a, &stack, locations.v[at - 1]);
        int64_t values[COLUMNS] = {(int64_t)n->objects, (int64_t)n->bytes};
        sink_add(&sink, stack.v, stack.len, values, STR(""));
    }
    sink_finish(&sink);
}
