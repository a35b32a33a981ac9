// Input made to break a compiler: deep nesting, long lines, constants, sizes and types that double
// at every step. Each ends with the compiler's error or a limit that is named, soon and in little
// memory.
#include <sys/resource.h>

#include "go/program/program.h"
#include "harness.h"
#include "sys/file.h"
#include "sys/task.h"

enum { SECONDS_MOST = 10, MEGABYTES_MOST = 1024 };

static double cpu_seconds(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

#ifndef __SANITIZE_ADDRESS__ // which needs memory of its own
static long peak_megabytes(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss / 1024;
}
#endif

typedef struct Bomb {
    Test *t;
    Str text;
    Str first; // message about a file of this text; empty: none
} Bomb;

static void check_text(void *ctx) {
    Bomb *b = ctx;
    Test *t = b->t;
    Program *p = program_new(&(ProgramConfig){.workers = 1});
    Str dir;
    CHECK_OK(t, dir_temp(t->arena, "heapwise-test", &dir));
    Str name = path_join(t->arena, dir, STR("bomb.go"));
    CHECK_OK(t, file_write(t->arena, name, b->text));
    ProgramFiles files = {.path = STR("p"), .lang = STR("go1.26")};
    vec_push(t->arena, &files.names, name);
    CHECK_OK(t, program_add_files(p, &files));
    program_run(p);
    Report r = program_report(t->arena, p, program_unit(p, 0), (ReportStyle){0});
    b->first = r.lines.len ? str_copy(t->arena, r.lines.v[0].text) : STR("");
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
    program_free(p);
}

static void check_bomb(Test *t, const char *name, Str text, const char *want) {
    t->row = name;
    double before = cpu_seconds();
    Bomb b = {t, text, {0}};
    task_on_large_stack(check_text, &b); // as main does
    Str have = b.first;
    CHECK(t, cpu_seconds() - before < SECONDS_MOST);
#ifndef __SANITIZE_ADDRESS__
    CHECK(t, peak_megabytes() < MEGABYTES_MOST);
#endif
    if (!*want || !str_starts(have, str_c(want))) CHECK_STR(t, have, str_c(want));
}

static Str repeat(Test *t, const char *before, const char *what, uint32_t count,
                  const char *after) {
    Buf b = buf_new(t->arena);
    buf_c(&b, before);
    for (uint32_t i = 0; i < count; i++) buf_c(&b, what);
    buf_c(&b, after);
    return buf_view(&b);
}

static const char nested[] = "nested too deeply (the limits are 5000 levels and chains of 100000";

TEST(bombs_of_nesting) {
    static const struct {
        const char *name, *before, *what, *after, *want;
    } rows[] = {
        {"parentheses", "package p\nvar x = ", "(", "1\n", nested},
        {"signs", "package p\nvar x = ", "- ", "1\n", nested},
        {"pointers", "package p\nvar x ", "*", "int\n", nested},
        {"slices", "package p\nvar x ", "[]", "int\n", nested},
        {"functions", "package p\nvar x ", "func(", ")\n", nested},
        {"function literals", "package p\nvar x = ", "func() { _ = ", "1\n", nested},
        {"structs", "package p\nvar x ", "struct { a ", "int\n", nested},
        {"maps", "package p\nvar x ", "map[int]", "int\n", nested},
        {"blocks", "package p\nfunc f() ", "{", "}\n", nested},
        {"ifs", "package p\nfunc f() {", "if true {", "}\n", nested},
        {"else ifs", "package p\nfunc f() { if true {}", "else if true {}", "}\n", nested},
        {"type arguments", "package p\ntype T[P any] int\nvar x ", "T[", "int\n", nested},
        {"literals", "package p\nvar x = ", "[]int{", "}\n", nested},
        {"sums", "package p\nvar x = 1", "+1", "\n", nested},
        {"indexes", "package p\nvar x = a", "[0]", "\n", "undefined: a"},
        {"calls", "package p\nvar x = f", "()", "\n", "undefined: f"},
        {"selectors", "package p\nvar x = a", ".b", "\n", "undefined: a"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_bomb(t, rows[i].name, repeat(t, rows[i].before, rows[i].what, 300000, rows[i].after),
                   rows[i].want);
}

TEST(bombs_of_one_line) {
    enum { MANY = 10000000 };
    check_bomb(t, "string", repeat(t, "package p; const s int = \"", "a", MANY, "\"\n"),
               "cannot use \"aaa");
    check_bomb(t, "name", repeat(t, "package p; var ", "a", MANY, " int = \"\"\n"),
               "cannot use \"\" (untyped string constant) as int value");
    check_bomb(t, "comment", repeat(t, "package p /*", "*", MANY, "*/; var x int = \"\"\n"),
               "cannot use \"\" (untyped string constant) as int value");
    check_bomb(t, "number", repeat(t, "package p; const a = ", "9", MANY, "\n"),
               "excessively long constant: 9999999999... (10000000 chars)");
    check_bomb(t, "elements", repeat(t, "package p; var _ = []int{", "1,", MANY / 5, "\"\"}\n"),
               "cannot use \"\" (untyped string constant) as int value");
    check_bomb(t, "statements", repeat(t, "package p; func f() {", "f();", MANY / 10, "g()}\n"),
               "undefined: g");
}

TEST(bombs_of_constants) {
    static const char *const rows[][2] = {
        {"const a = 1 << 1e9", "invalid operation: invalid shift count 1e9"},
        {"const a = 1 << 1000000000", "invalid operation: invalid shift count 1000000000"},
        {"var a = 1.0 << 1e9", "invalid operation: invalid shift count 1e9"},
        {"const a = 1 << 511; const b = a << 511", "constant shift overflow"},
        {"const a = 1e1000000000", "malformed constant: 1e1000000000"},
        {"const a = 0x1p1000000000; var b float64 = a",
         "cannot use a (untyped float constant 4.61298e+301029995)"},
        {"const a = 0x1p99999999999999999999", "malformed constant: 0x1p99999999999999999999"},
        {"const a = 1e-1000000000; var b int = a", ""},
        {"var a [1 << 62]int", "type [4611686018427387904]int larger than address space"},
        {"var a string = []int{1<<63 - 1: 1, 2}", "cannot use []int{"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_bomb(t, rows[i][0],
                   str_join3(t->arena, STR("package p\n"), str_c(rows[i][0]), STR("\n")),
                   rows[i][1]);
}

// T0 is given; T(i+1) is written with T(i), levels times.
static Str doubled(Test *t, const char *first, const char *form, int levels, const char *last) {
    Buf b = buf_new(t->arena);
    buf_fmt(&b, "package p\nimport \"unsafe\"\nvar _ unsafe.Pointer\n%s\n", first);
    for (int i = 0; i < levels; i++)
        for (const char *f = form; *f; f++) {
            if (*f == '@') // the level being declared
                buf_fmt(&b, "%d", i + 1);
            else if (*f == '#') // the one below
                buf_fmt(&b, "%d", i);
            else
                buf_byte(&b, *f);
        }
    buf_c(&b, last);
    return buf_view(&b);
}

TEST(bombs_that_double) {
    static const struct {
        const char *name, *first, *form, *last, *want;
        int levels;
    } rows[] = {
        {"products", "const T0 = 1 << 500", "const T@ = T# * T#\n", "",
         "constant multiplication overflow", 60},
        {"strings", "const T0 = \"0123456789\"", "const T@ = T# + T#\n", "",
         "constant result is not representable", 60},
        {"sizes", "type T0 struct{ a, b int }", "type T@ struct{ a, b T# }\n",
         "const s = unsafe.Sizeof(T70{})\n", "T70{} (value of struct type T70) is too large", 70},
        {"empty structs", "type T0 struct{}", "type T@ struct{ a, b T# }\n",
         "const s string = unsafe.Sizeof(T70{})\n", "cannot use unsafe.Sizeof(T70{})", 70},
        {"alignments", "type T0 struct{}", "type T@ struct{ a, b T# }\n",
         "const s string = unsafe.Alignof(T70{})\n", "cannot use unsafe.Alignof(T70{})", 70},
        {"arrays", "type T0 [1 << 20]int", "type T@ [1 << 20]T#\n",
         "const s = unsafe.Sizeof(T9{})\n", "T9{} (value of array type T9) is too large", 9},
        {"comparable", "type T0 struct{ a, b func() }", "type T@ struct{ a, b T# }\n",
         "var x T70; var y = x == x\n", "invalid operation: x == x (struct containing T69", 70},
        {"really comparable", "type T0 struct{ a, b int }", "type T@ struct{ a, b T# }\n",
         "var x T70; var y int = x == x\n", "cannot use x == x", 70},
        {"map keys", "type T0 struct{ a, b int }", "type T@ struct{ a, b T# }\n",
         "var x map[T70]int; var y int = x\n", "cannot use x", 70},
        {"interfaces", "type T0 interface{ m() }", "type T@ interface{ T#; T# }\n",
         "var x T70 = 1\n", "cannot use 1 (constant of type int) as T70 value", 70},
        {"unions", "type T0 interface{ ~int | ~string }", "type T@ interface{ T# | T# }\n",
         "func f[P T70]() {}\nfunc g() { f[bool]() }\n", "bool does not satisfy T70", 70},
        {"embedded", "type T0 struct{ x int }",
         "type A@ struct{ *T# }\ntype B@ struct{ *T# }\ntype T@ struct{ *A@; *B@ }\n",
         "var _ = T40{}.x\n", "ambiguous selector T40{}.x", 40},
        {"instances", "type T0[P any] struct{ a, b P }", "type T@[P any] struct{ a T#[T#[P]] }\n",
         "var x T40[int]\n", "type T", 40},
        {"grows at every call", "", "", "func f[P any]() { f[*P]() }\nfunc g() { f[int]() }\n",
         "instantiation cycle:", 0},
        {"grows in itself", "", "", "type T[P any] struct{ f *T[T[P]] }\nvar x T[int]\n",
         "instantiation cycle:", 0},
        {"grows in a method", "", "", "type T[P any] []int\nfunc (T[P]) m(T[[]P]) {}\n",
         "instantiation cycle:", 0},
        {"aliases", "", "", "type A[P any] = B[P]\ntype B[P any] = A[P]\nvar x A[int]\n",
         "invalid recursive type A", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_bomb(t, rows[i].name,
                   doubled(t, rows[i].first, rows[i].form, rows[i].levels, rows[i].last),
                   rows[i].want);
}
