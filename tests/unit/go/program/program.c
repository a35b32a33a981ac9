#include "go/program/program.h"

#include "harness.h"
#include "sys/file.h"

// A program of packages given as one file each: path and text in turn.
static Program *check(Test *t, ProgramConfig config, const char *const *sources, size_t count) {
    Program *p = program_new(&config);
    Str dir;
    CHECK_OK(t, dir_temp(t->arena, "heapwise-test", &dir));
    for (size_t i = 0; i < count; i += 2) {
        Str name = path_join(t->arena, dir, str_fmt(t->arena, "%zu.go", i));
        CHECK_OK(t, file_write(t->arena, name, str_c(sources[i + 1])));
        ProgramFiles files = {.path = str_c(sources[i]), .lang = STR("go1.26"), .complete = true};
        vec_push(t->arena, &files.names, name);
        CHECK_OK(t, program_add_files(p, &files));
    }
    program_run(p);
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
    return p;
}

// What is reported of unit i, without positions.
static Str messages(Test *t, const Program *p, uint32_t i, ReportStyle style) {
    Report r = program_report(t->arena, p, program_unit(p, i), style);
    Buf b = buf_new(t->arena);
    for (uint32_t k = 0; k < r.lines.len; k++) {
        if (k) buf_byte(&b, '|');
        buf_str(&b, r.lines.v[k].text);
    }
    return buf_view(&b);
}

TEST(program_imports_first) {
    static const char *const sources[] = {
        "a", "package a\nconst X = 2\nfunc bad() int { return \"\" }\nvar Y int = X\n",
        "b", "package b\nconst Z = 3\n",
        "c", "package c\nimport \"b\"\nvar s string = b.Z\n",
        "d", "package d\nimport \"a\"\nvar t string = a.Y\n"};
    ReportStyle all = {.all = true, .import_fail = true};
    for (uint32_t workers = 1; workers <= 2; workers++) {
        ProgramConfig config = {.workers = workers};
        Program *p = check(t, config, sources, COUNT(sources));
        CHECK_EQ(t, program_unit_count(p), 4);
        CHECK(t, program_unit(p, 0)->failed && !program_unit(p, 1)->failed);
        CHECK_STR(t, messages(t, p, 1, all), STR(""));
        CHECK_STR(t, messages(t, p, 2, (ReportStyle){0}),
                  STR("cannot use b.Z (untyped int constant 3) as string value in variable "
                      "declaration"));
        CHECK_STR(t, messages(t, p, 3, (ReportStyle){0}), STR("")); // its import has errors
        CHECK_STR(t, messages(t, p, 3, all),
                  STR("cannot use a.Y (variable of type int) as string value in variable "
                      "declaration"));
        program_free(p);
    }
}

TEST(program_reports_as_the_compiler) {
    static const char *const sources[] = {
        "sorted",       "package p\nvar a = b\nvar c = d\nfunc f() { x(); x() }\n",
        "syntax first", "package p\nvar a = nosuch\nfunc f() { x := }\n",
        "late last",    "package p\nfunc f()\nvar a int = \"\"\n",
        "late",         "package p\nfunc f()\n//go:noinline\nvar a int\n"};
    static const char *const want[] = {
        "undefined: b|undefined: d|undefined: x", "syntax error: unexpected }, expected expression",
        "cannot use \"\" (untyped string constant) as int value in variable declaration",
        "missing function body|misplaced compiler directive"};
    Program *p = check(t, (ProgramConfig){.workers = 1}, sources, COUNT(sources));
    for (uint32_t i = 0; i < COUNT(want); i++) {
        t->row = sources[2 * (size_t)i];
        CHECK_STR(t, messages(t, p, i, (ReportStyle){0}), str_c(want[i]));
    }
    program_free(p);
}

TEST(program_stops_after_ten_errors) {
    Buf b = buf_new(t->arena);
    buf_c(&b, "package p\n");
    for (int i = 0; i < 30; i++) buf_fmt(&b, "var v%d = nosuch%d\n", i, i);
    buf_byte(&b, '\0');
    const char *sources[] = {"many", buf_view(&b).ptr};
    Program *p = check(t, (ProgramConfig){.workers = 1}, sources, COUNT(sources));
    Report ten = program_report(t->arena, p, program_unit(p, 0), (ReportStyle){0});
    CHECK_EQ(t, ten.lines.len, 10);
    CHECK(t, ten.too_many);
    Report all = program_report(t->arena, p, program_unit(p, 0), (ReportStyle){.all = true});
    CHECK_EQ(t, all.lines.len, 30);
    CHECK(t, !all.too_many);
    program_free(p);
}

// More packages than are parsed ahead, each importing the one before, and a cycle among them.
TEST(program_never_stalls) {
    enum { UNITS = 60 };
    const char *sources[2 * UNITS];
    for (int i = 0; i < UNITS; i++) {
        Str path = str_fmt(t->arena, "p%d", i);
        int import = i == 5 ? 7 : i - 1; // p5 imports p7, which reaches p5
        Str text = i ? str_fmt(t->arena, "package p%d\nimport _ \"p%d\"\n", i, import)
                     : STR("package p0\n");
        sources[2 * i] = str_to_c(t->arena, path);
        sources[2 * i + 1] = str_to_c(t->arena, text);
    }
    Program *p = check(t, (ProgramConfig){.workers = 2}, sources, COUNT(sources));
    for (uint32_t i = 0; i < UNITS; i++) CHECK(t, program_unit(p, i)->pkg != NULL);
    CHECK(t, program_unit(p, 5)->failed);
    CHECK(t, !program_unit(p, 4)->failed && program_unit(p, UNITS - 1)->import_failed);
    program_free(p);
}

TEST(program_keeps_trees_when_asked) {
    static const char *const sources[] = {"a", "package a\nvar X int\n"};
    Program *p = check(t, (ProgramConfig){.workers = 1, .keep = true}, sources, COUNT(sources));
    CHECK_EQ(t, program_unit(p, 0)->file_count, 1);
    CHECK(t, program_unit(p, 0)->info.exprs != NULL);
    program_free(p);
    p = check(t, (ProgramConfig){.workers = 1}, sources, COUNT(sources));
    CHECK_EQ(t, program_unit(p, 0)->file_count, 0);
    CHECK(t, program_unit(p, 0)->pkg != NULL);
    program_free(p);
}
