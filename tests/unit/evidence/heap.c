// A profile's bytes find the lines that asked for them.
#include "fixture.h"

static const Str SOURCE = STR_INIT("package a\n"
                                   "func f() *int {\n"
                                   "\treturn new(int)\n"
                                   "}\n"
                                   "func g() error {\n"
                                   "\treturn errors.New(\"x\")\n"
                                   "}\n");

typedef struct Made {
    Profile p;
    Arena *arena;
} Made;

static uint32_t add_function(Made *m, Str name, Str file) {
    ProfileFunction f = {.id = m->p.functions.len, .name = name, .file = file};
    vec_push(m->arena, &m->p.functions, f);
    return m->p.functions.len - 1;
}

// One location with up to two lines: the innermost first.
static uint32_t add_location(Made *m, const ProfileLine *lines, uint32_t count) {
    ProfileLocation l = {
        .id = m->p.locations.len, .first_line = m->p.lines.len, .line_count = count};
    for (uint32_t i = 0; i < count; i++) vec_push(m->arena, &m->p.lines, lines[i]);
    vec_push(m->arena, &m->p.locations, l);
    return m->p.locations.len - 1;
}

static void make_profile(Made *m, Arena *a, Str type) {
    static const char *const names[] = {"_space", "_objects"};
    *m = (Made){.arena = a};
    m->p.arena = a;
    vec_add(a, &m->p.functions);
    vec_add(a, &m->p.locations);
    vec_add(a, &m->p.lines);
    vec_add(a, &m->p.mappings);
    vec_push(a, &m->p.strings, STR(""));
    for (size_t i = 0; i < 2; i++) {
        ProfileType one = {str_join2(a, type, str_c(names[i])), STR("bytes")};
        vec_push(a, &m->p.types, one);
    }
}

static void add_sample(SampleSink *sink, uint32_t location, uint32_t caller, int64_t bytes) {
    uint32_t stack[] = {location, caller};
    int64_t values[] = {bytes, 1};
    sink_add(sink, stack, caller ? 2 : 1, values, STR(""));
}

TEST(samples_are_charged_to_findings_and_what_is_left_is_listed) {
    Fixture f = fixture_open(t, SOURCE,
                             STR("# ex.com/a\n@:3:12: new(int) escapes to heap\n"
                                 "@:6:19: &errors.errorString{...} escapes to heap\n"),
                             STR(""));
    EnginePos via = {STR("/go/src/errors/errors.go"), 65, 9};
    f.evidence->findings.v[1].via.len = 0;
    vec_push(t->arena, &f.evidence->findings.v[1].via, via);
    Made m;
    make_profile(&m, t->arena, STR("alloc"));
    uint32_t malloc = add_function(&m, STR("runtime.mallocgc"), STR("/go/src/runtime/malloc.go"));
    uint32_t own = add_function(&m, STR("ex.com/a.f"), f.file);
    uint32_t errors = add_function(&m, STR("errors.New"), STR("errors/errors.go"));
    uint32_t trimmed = add_function(&m, STR("ex.com/a.g"), STR("ex.com/a@v1.2.3/a.go"));
    uint32_t other = add_function(&m, STR("io.ReadAll"), STR("/go/src/io/io.go"));
    ProfileLine in_malloc = {1, 0, malloc}, in_f = {3, 0, own}, in_other = {9, 0, other};
    ProfileLine inlined[] = {{65, 0, errors}, {6, 0, trimmed}}, in_g = {5, 0, trimmed};
    uint32_t at_malloc = add_location(&m, &in_malloc, 1), at_f = add_location(&m, &in_f, 1);
    uint32_t at_new = add_location(&m, inlined, 2), at_other = add_location(&m, &in_other, 1);
    uint32_t at_g = add_location(&m, &in_g, 1);
    m.p.location_ids = (ProfileIds){.same = true, .count = m.p.locations.len - 1};
    SampleSink sink = sink_new(&m.p);
    add_sample(&sink, at_malloc, at_f, 100); // the runtime is passed over
    add_sample(&sink, at_new, at_f, 40);     // inlined from errors into g
    add_sample(&sink, at_other, at_g, 30);   // a callee that is not reviewed
    add_sample(&sink, at_other, 0, 5);
    sink_finish(&sink);
    CHECK_OK(t, evidence_add_profile(t->arena, f.evidence, &m.p));
    const EvidenceHeap *h = &f.evidence->heap;
    CHECK_EQ(t, h->bytes, 175);
    CHECK_EQ(t, h->joined_bytes, 140);
    CHECK_EQ(t, h->ours_bytes, 170);
    CHECK_EQ(t, f.evidence->findings.v[0].bytes, 100);
    CHECK_EQ(t, f.evidence->findings.v[1].bytes, 40);
    CHECK_EQ(t, h->hotspots.len, 2);
    CHECK_STR(t, h->hotspots.v[0].func, STR("io.ReadAll"));
    CHECK_EQ(t, h->hotspots.v[0].for_line, 5);
    CHECK_EQ(t, h->hotspots.v[1].for_file.len, 0);
    profile_free(&m.p);
    CHECK_EQ(t, h->frames.len, 6); // f, f>errors..., g, g>ReadAll, ReadAll: every node once
    fixture_close(t, &f);
}

TEST(other_profiles_are_refused) {
    Fixture f = fixture_open(t, SOURCE, STR(""), STR(""));
    Made m;
    make_profile(&m, t->arena, STR("cpu"));
    CHECK_ERR(t, evidence_add_profile(t->arena, f.evidence, &m.p), "not a heap profile");
    fixture_close(t, &f);
}
