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

// What importers see is a copy made when the rest of a package goes: every kind of type, constants
// of every form, methods, embedding, instances not yet looked into.
static const char *const settled[] = {
    "a",
    "package a\n"
    "type List[T any] struct { next *List[T]; val T }\n"
    "func (l *List[T]) Val() T { return l.val }\n"
    "func (l *List[T]) Pair(o *T) map[string]*List[T] { return nil }\n"
    "type Base struct { N int `json:\"n\"` }\n"
    "func (b *Base) Set(n int) {}\n"
    "type Sub struct { Base; *List[int]; f func(x ...int) (chan<- string, error) }\n"
    "func (s Sub) F() func(x ...int) (chan<- string, error) { return s.f }\n"
    "type Setter interface { Set(int); interface{ Len() int } }\n"
    "type Num interface { ~int | ~float64 }\n"
    "func Sum[T Num](x ...T) (t T) { return }\n"
    "type A[P any] = map[string]P\n"
    "type Arr [len(Text)]uint8\n"
    "const Text = \"ab\" + \"cd\"\n"
    "const Big = 1 << 100\n"
    "const Third = 1.0 / 3\n"
    "const Huge = 1e5000\n"
    "const C = 1.5 + 2i\n"
    "var V = func() List[string] { type local struct{}; _ = local{}; return *new(List[string]) "
    "}()\n",
    "b",
    "package b\nimport \"a\"\n"
    "var L a.List[bool]\n"
    "var _ string = L.Val()\n"
    "var _ string = L.Pair\n"
    "var S a.Sub\n"
    "var _ string = S.F\n"
    "var _ string = S.N\n"
    "var _ a.Setter = &S\n"
    "var _ = a.Sum(\"x\")\n"
    "var _ string = a.Sum(1, 2.5)\n"
    "var _ a.A[int] = 1\n"
    "var _ a.Arr = [5]uint8{}\n"
    "var _ int = a.Text\n"
    "var _ int = a.Big\n"
    "var _ int = a.Third\n"
    "var _ int = a.Huge\n"
    "var _ int = a.C\n"
    "var _ int = a.V.Val()\n"
    "var _ struct{ N int `json:\"m\"` } = a.Base{}\n"};

TEST(program_importers_see_settled_packages) {
    static const char *const want[] = {
        "cannot use L.Val() (value of type bool) as string value in variable declaration",
        "cannot use L.Pair (value of type func(o *bool) map[string]*a.List[bool]) as "
        "string value in variable declaration",
        "cannot use S.F (value of type func() func(x ...int) (chan<- string, error)) as string "
        "value in variable declaration",
    };
    ReportStyle all = {.all = true};
    Program *keep = check(t, (ProgramConfig){.workers = 1, .keep = true}, settled, COUNT(settled));
    Program *p = check(t, (ProgramConfig){.workers = 1}, settled, COUNT(settled));
    CHECK_STR(t, messages(t, p, 0, all), STR(""));
    Report r = program_report(t->arena, p, program_unit(p, 1), all);
    CHECK_EQ(t, r.lines.len, 16);
    if (r.lines.len != 16) return;
    for (uint32_t i = 0; i < COUNT(want); i++) CHECK_STR(t, r.lines.v[i].text, str_c(want[i]));
    CHECK_STR(t, messages(t, p, 1, all), messages(t, keep, 1, all));
    program_free(p);
    program_free(keep);
}
