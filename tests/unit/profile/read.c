// tests/unit/profile/read.c: reading profiles: the protobuf form, gzip, the older texts, and what
// is refused.
#include "codec/proto.h"
#include "harness.h"
#include "profile/profile.h"
#include "writer.h"

static Profile heap(Test *t) {
    Writer w = writer_new(t->arena);
    writer_heap(&w);
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    return p;
}

TEST(profile_tables) {
    Profile p = heap(t);
    profile_check(&p);
    CHECK_EQ(t, p.types.len, 4);
    CHECK_STR(t, p.types.v[3].type, STR("inuse_space"));
    CHECK_STR(t, p.types.v[3].unit, STR("bytes"));
    CHECK_STR(t, p.default_type, STR("inuse_space"));
    CHECK_EQ(t, p.period, 524288);
    CHECK_EQ(t, p.sample_count, 2);
    CHECK_EQ(t, p.locations.len, 3);
    ProfileLocation *l = &p.locations.v[1];
    CHECK_EQ(t, l->line_count, 2);
    CHECK_EQ(t, l->address, 0x400100);
    CHECK_STR(t, p.functions.v[p.lines.v[l->first_line].function].name, STR("main.leaf"));
    CHECK_STR(t, p.functions.v[p.lines.v[l->first_line + 1].function].name, STR("main.mid"));
    CHECK_EQ(t, p.lines.v[l->first_line + 1].line, 21);
    CHECK_STR(t, p.mappings.v[l->mapping].file, STR("/bin/prog"));
    profile_free(&p);
}

TEST(profile_samples) {
    Profile p = heap(t);
    Cursor c = cursor_new(&p, t->arena);
    CHECK(t, cursor_next(&c));
    cursor_stack(&c);
    CHECK_EQ(t, c.depth, 2);
    CHECK_EQ(t, c.locations[0], 1);
    CHECK_EQ(t, c.locations[1], 2);
    CHECK_EQ(t, c.values[1], 100);
    CHECK_EQ(t, c.values[3], 0);
    CHECK(t, cursor_next(&c));
    cursor_stack(&c);
    CHECK_EQ(t, c.depth, 1);
    CHECK_EQ(t, c.values[2], 2);
    cursor_labels(&c);
    CHECK_EQ(t, c.labels.len, 4); // text labels by key, values in the order written, then numbers
    CHECK_STR(t, c.labels.v[0].text, STR("x"));
    CHECK_STR(t, c.labels.v[1].text, STR("b"));
    CHECK_STR(t, c.labels.v[2].text, STR("a"));
    CHECK_EQ(t, c.labels.v[3].number, 32);
    CHECK(t, !c.labels.v[3].has_units);
    CHECK(t, cursor_has_label(&c, STR("job"), STR("a")));
    CHECK(t, !cursor_has_label(&c, STR("job"), STR("x")));
    CHECK(t, !cursor_next(&c));
}

TEST(profile_value_index) {
    static const struct {
        const char *name;
        int want;
    } rows[] = {
        {"", 3},   {"inuse_space", 3}, {"alloc_objects", 0}, {"2", 2},
        {"4", -1}, {"-1", -1},         {"cpu", -1},
    };
    Profile p = heap(t);
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Str why = STR("");
        CHECK_EQ(t, profile_value_index(&p, str_c(rows[i].name), t->arena, &why), rows[i].want);
        CHECK_EQ(t, why.len > 0, rows[i].want < 0);
    }
}

// Ids need not be 1, 2, 3: neither small nor dense.
TEST(profile_odd_ids) {
    static const uint64_t bases[] = {1, 7, 900, 1ull << 40};
    for (size_t i = 0; i < COUNT(bases); i++) {
        uint64_t b = bases[i];
        Writer w = writer_new(t->arena);
        writer_type(&w, "space", "bytes");
        Buf s = writer_sample(
            &w, (WriterSample){(uint64_t[]){b + 1, b, b + 1}, 3, (int64_t[]){-5}, 1, i % 2 == 0});
        writer_add(&w, 2, &s);
        writer_function(&w, b, "f", "f.go", 1);
        writer_location(&w, b, b, 1, (uint64_t[][2]){{b, 3}}, 1);
        writer_location(&w, b + 1, 0, 2, NULL, 0);
        writer_mapping(&w, b, 0, 10, "x");
        Profile p;
        CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
        profile_check(&p);
        Cursor c = cursor_new(&p, t->arena);
        CHECK(t, cursor_next(&c));
        cursor_stack(&c);
        CHECK_EQ(t, c.locations[0], 2);
        CHECK_EQ(t, c.locations[1], 1);
        CHECK_EQ(t, c.values[0], -5);
        CHECK_EQ(t, p.locations.v[1].mapping, 1);
        CHECK_EQ(t, p.locations.v[2].mapping, 0);
    }
}

TEST(profile_gzip) {
    Writer w = writer_new(t->arena);
    writer_heap(&w);
    Str plain = writer_finish(&w), packed = deflate_gzip(t->arena, plain);
    Profile p;
    CHECK_OK(t, profile_read(t->arena, packed, &p));
    CHECK_EQ(t, p.sample_count, 2);
    profile_free(&p);
    for (size_t cut = 2; cut < packed.len; cut += 7)
        CHECK_ERR(t, profile_read(t->arena, str_to(packed, cut), &p), "decompressing profile: ");
    CHECK_ERR(
        t,
        profile_read(
            t->arena,
            STR("\x1f\x8b\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11"),
            &p),
        "gzip: invalid header");
    // Members one after the other are one file.
    Str two = str_join2(t->arena, deflate_gzip(t->arena, str_to(plain, 40)),
                        deflate_gzip(t->arena, str_from(plain, 40)));
    CHECK_OK(t, profile_read(t->arena, two, &p));
    CHECK_EQ(t, p.sample_count, 2);
    profile_free(&p);
}

TEST(profile_refused) {
    static const char *const bad_ids[] = {"location", "function", "mapping"};
    Profile p;
    CHECK_ERR(t, profile_read(t->arena, STR(""), &p), "parsing profile: empty input file");
    CHECK_ERR(t, profile_read(t->arena, STR("hello, this is no profile\n"), &p),
              "parsing profile: unrecognized profile format");
    for (size_t i = 0; i < COUNT(bad_ids); i++) {
        t->row = bad_ids[i];
        Writer w = writer_new(t->arena);
        writer_heap(&w);
        if (i == 0) writer_location(&w, 2, 1, 1, NULL, 0);
        if (i == 1) writer_function(&w, 2, "x", "y", 0);
        if (i == 2) writer_mapping(&w, 1, 1, 2, "z");
        CHECK_ERR(t, profile_read(t->arena, writer_finish(&w), &p), "with same id: ");
    }
    Writer w = writer_new(t->arena);
    writer_heap(&w);
    Buf s = writer_sample(&w, (WriterSample){(uint64_t[]){1}, 1, (int64_t[]){1, 2}, 2, true});
    writer_add(&w, 2, &s);
    CHECK_ERR(t, profile_read(t->arena, writer_finish(&w), &p),
              "malformed profile: mismatch: sample has 2 values vs. 4 types");
    w = writer_new(t->arena);
    writer_heap(&w);
    s = writer_sample(&w, (WriterSample){(uint64_t[]){9}, 1, (int64_t[]){1, 2, 3, 4}, 4, true});
    writer_add(&w, 2, &s);
    CHECK_ERR(t, profile_read(t->arena, writer_finish(&w), &p), "sample has nil location");
    w = writer_new(t->arena);
    writer_heap(&w);
    writer_location(&w, 3, 1, 1, (uint64_t[][2]){{77, 1}}, 1);
    CHECK_ERR(t, profile_read(t->arena, writer_finish(&w), &p),
              "location id: 3 has a line with nil function");
    w = writer_new(t->arena);
    writer_heap(&w);
    writer_number(&w, 9, 5);
    writer_number(&w, 9, 5);
    CHECK_ERR(t, profile_read(t->arena, writer_finish(&w), &p), "concatenated profiles detected");
}

// A profile cut anywhere is either refused or still sound.
TEST(profile_cut) {
    Writer w = writer_new(t->arena);
    writer_heap(&w);
    Str whole = writer_finish(&w);
    for (size_t n = 1; n < whole.len; n++) {
        Profile p;
        if (profile_read(t->arena, str_to(whole, n), &p)) continue;
        profile_check(&p);
        profile_free(&p);
    }
}

TEST(profile_legacy_heap) {
    Str file = STR("heap profile: 2: 160 [3: 260] @ heap/1048576\n"
                   "1: 96 [2: 196] @ 0x401001 0x402002 0x403003\n"
                   "#\t0x401000\tmain.f+0x20\t/src/a.go:12\n"
                   "\n"
                   "1: 64 [1: 64] @ 0x402002\n"
                   "\n# runtime.MemStats\n# Alloc = 5\n");
    Profile p;
    CHECK_OK(t, profile_read(t->arena, file, &p));
    profile_check(&p);
    CHECK_EQ(t, p.types.len, 4);
    CHECK_EQ(t, p.period, 524288);
    CHECK_EQ(t, p.sample_count, 2);
    CHECK_EQ(t, p.locations.v[1].address, 0x401000);
    CHECK_EQ(t, p.mappings.v[p.locations.v[1].mapping].limit, UINT64_MAX);
    Cursor c = cursor_new(&p, t->arena);
    CHECK(t, cursor_next(&c));
    // 96 bytes of a rate of 524288: 1/(1-exp(-96/524288)) = 5461.83...
    CHECK_EQ(t, c.values[2], 5461);
    CHECK_EQ(t, c.values[3], 524336);
    cursor_labels(&c);
    CHECK_EQ(t, c.labels.v[0].number, 96);
    profile_free(&p);
}

TEST(profile_legacy_others) {
    static const struct {
        const char *name;
        Str file;
        const char *type;
        int64_t first;
    } rows[] = {
        {"count", STR_INIT("goroutine profile: total 3\n2 @ 0x10 0x20\n1 @ 0x10\n"), "goroutine",
         2},
        {"growth", STR_INIT("heap profile: 1: 4 [1: 4] @ growthz\n1: 4 [1: 4] @ 0x10\n"), "objects",
         1},
        {"mutex",
         STR_INIT("--- mutex:\ncycles/second=1000000000\nsampling period=5\n7 3 @ 0x10 0x11\n"),
         "contentions", 15},
        {"thread", STR_INIT("--- Thread 7f (name: a/1) stack: ---\n  PC: 0x10\n 0x20\n---\n"), NULL,
         0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Profile p;
        Err err = profile_read(t->arena, rows[i].file, &p);
        CHECK_EQ(t, err == NULL, rows[i].type != NULL);
        if (err) continue;
        profile_check(&p);
        CHECK_STR(t, p.types.v[0].type, str_c(rows[i].type));
        Cursor c = cursor_new(&p, t->arena);
        CHECK(t, cursor_next(&c));
        CHECK_EQ(t, c.values[0], rows[i].first);
        profile_free(&p);
    }
}

// Every sample counts in the first column, one in forty in the second.
TEST(profile_marks_few) {
    Writer w = writer_new(t->arena);
    writer_type(&w, "alloc_space", "bytes");
    writer_type(&w, "inuse_space", "bytes");
    writer_function(&w, 1, "main.f", "f.go", 1);
    static const uint64_t lines[1][2] = {{1, 3}};
    writer_location(&w, 1, 0, 0x1000, lines, 1);
    static const uint64_t stack[] = {1, 1, 1};
    for (int64_t i = 0; i < 20000; i++) {
        int64_t values[] = {i + 1, i % 40 == 7 ? i : 0};
        Buf m = writer_sample(&w, (WriterSample){stack, 1 + (size_t)i % 3, values, 2, i % 5 != 0});
        writer_add(&w, 2, &m);
    }
    Profile p = {0};
    CHECK_OK(t, profile_read(t->arena, writer_finish(&w), &p));
    profile_check(&p);
    Cursor all = cursor_new(&p, t->arena), few = cursor_new(&p, t->arena);
    CHECK(t, !cursor_only(&all, 0));
    CHECK(t, cursor_only(&few, 1));
    CHECK_EQ(t, few.mark_end - few.mark, 500);
    for (int64_t i = 7; i < 20000; i += 40) {
        CHECK(t, cursor_next(&few));
        CHECK_EQ(t, few.values[1], i);
        CHECK_EQ(t, few.number, i + 1);
        cursor_stack(&few);
        CHECK_EQ(t, few.depth, 1 + i % 3);
    }
    CHECK(t, !cursor_next(&few));
    profile_free(&p);
}

static void count_call(void *ctx) { ++*(uint32_t *)ctx; }

// Of a mapped profile the pages behind are given back every few megabytes, in each walk.
TEST(read_mapped_gives_back) {
    Writer w = writer_new(t->arena);
    writer_type(&w, "samples", "count");
    char *text = arena_push(t->arena, 4001, 1, 1);
    memset(text, 'x', 4000);
    for (uint64_t i = 0; i < 5000; i++) {
        Buf s = writer_sample(&w, (WriterSample){NULL, 0, (int64_t[]){1}, 1, true});
        buf_byte(&s, (char)(9 << 3 | 2)); // a field of no meaning
        buf_byte(&s, (char)((4000 & 127) | 128));
        buf_byte(&s, 4000 >> 7);
        buf_str(&s, (Str){text, 4000});
        writer_add(&w, 2, &s);
    }
    Str bytes = writer_finish(&w);
    Profile p = {0};
    uint32_t calls = 0;
    CHECK_OK(t, profile_read_mapped(t->arena, bytes, (ProfileRelease){count_call, &calls}, &p));
    CHECK_EQ(t, calls, bytes.len / PROFILE_RELEASE_BYTES);
    int64_t sum = 0;
    calls = 0;
    Cursor c = cursor_new(&p, t->arena);
    while (cursor_next(&c)) sum += c.values[0];
    CHECK_EQ(t, sum, 5000);
    CHECK_EQ(t, calls, bytes.len / PROFILE_RELEASE_BYTES);
}

// Where the frames of a text profile are named: its leaves and its end are what Go leaves out.
TEST(profile_text_names) {
    Profile p;
    CHECK_OK(t, profile_read(t->arena,
                             STR("heap profile: 1: 64 [1: 64] @ heap/1048576\n"
                                 "1: 64 [1: 64] @ 0x401001 0x402011 0x403021 0x404031\n"
                                 "#\t0x402010\tmain.fill+0x10\t\t/src/a:b.go:12\n"
                                 "#\t0x403020\tmain.(*T).f[...]+0x20\t/src/main.go:20\n"
                                 "#\t0x999999\tmain.elsewhere+0x1\t/src/main.go:9\n"
                                 "#\t0x402010\tmain.again+0x10\t/src/main.go:1\n"
                                 "#\tnonsense\n#\t0x403020\n"),
                             &p));
    CHECK(t, profile_name_from_text(&p));
    profile_check(&p);
    static const struct {
        const char *name, *file;
        int64_t line;
    } want[] = {{"runtime.(not in the text)", "", 0},
                {"main.fill", "/src/a:b.go", 12},
                {"main.(*T).f[...]", "/src/main.go", 20},
                {"runtime.goexit", "", 0}};
    Cursor c = cursor_new(&p, t->arena);
    CHECK(t, cursor_next(&c));
    cursor_stack(&c);
    CHECK_EQ(t, c.depth, COUNT(want));
    for (uint32_t i = 0; i < COUNT(want); i++) {
        const ProfileLocation *l = &p.locations.v[c.locations[i]];
        CHECK_EQ(t, l->line_count, 1);
        const ProfileLine *line = &p.lines.v[l->first_line];
        CHECK_STR(t, p.functions.v[line->function].name, str_c(want[i].name));
        CHECK_STR(t, p.functions.v[line->function].file, str_c(want[i].file));
        CHECK_EQ(t, line->line, want[i].line);
    }
    profile_free(&p);
    CHECK_OK(t, profile_read(t->arena,
                             STR("heap profile: 1: 64 [1: 64] @ heap/1048576\n"
                                 "1: 64 [1: 64] @ 0x401001 0x402011\n# 0x402010 no tabs\n"),
                             &p));
    CHECK(t, !profile_name_from_text(&p));
    profile_free(&p);
}

// Where the older forms end: a list of threads wants the section behind it, a stack may be cut.
TEST(older_forms_at_their_ends) {
#define THREAD "--- threadz 1 ---\n\n--- Thread 7f (name: main/1) stack: ---\n  PC: 0x10 0x20\n"
    static const struct {
        const char *name;
        Str bytes;
        uint64_t samples;
        const char *wrong; // NULL: it is one
    } rows[] = {
        {"threads and a map", STR_INIT(THREAD "--- Memory map: ---\n"), 1, NULL},
        {"threads and no map", STR_INIT(THREAD), 0, "unrecognized profile format"},
        {"threads and an empty line", STR_INIT(THREAD "\n\n"), 0, "unrecognized profile format"},
        {"a thread's head is cut", STR_INIT(THREAD "--- Thr"), 0, "unrecognized profile format"},
        {"no stack, set in", STR_INIT(THREAD "  ---- no stack trace for 5\n"), 1, NULL},
        {"a map's mark in a line", STR_INIT(THREAD "x MAPPED_LIBRARIES:"), 1, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Profile p = {0};
        Err err = profile_read(t->arena, rows[i].bytes, &p);
        CHECK_EQ(t, err != NULL, rows[i].wrong != NULL);
        if (err)
            CHECK(t, str_find(err->what, str_c(rows[i].wrong)) != STR_NONE);
        else
            CHECK_EQ(t, p.sample_count, rows[i].samples);
        profile_free(&p);
    }
}

TEST(a_cut_stack_of_a_cpu_profile) {
    uint64_t words[] = {0, 3, 0, 100, 0, /* 2 times */ 2, 4, 0x10, 0x21, /* missing: */ 7, 7};
    Profile p;
    CHECK(t, !profile_read(t->arena, (Str){(const char *)words, 9 * sizeof *words}, &p));
    CHECK_EQ(t, p.sample_count, 1);
    Cursor c = cursor_new(&p, t->arena);
    CHECK(t, cursor_next(&c));
    cursor_stack(&c);
    CHECK_EQ(t, c.depth, 2); // the frame all samples have next to the leaf goes, then the next
    CHECK_EQ(t, p.locations.v[c.locations[0]].address, 0x10);
    profile_free(&p);
}
