#include "harness.h"

#include "go/load/load_internal.h"

static BuildTags linux_tags(Arena *a) {
    BuildTags tags = {.goos = STR("linux"), .goarch = STR("amd64"), .set = strmap_new(a)};
    strmap_put(&tags.set, STR("go1.1"));
    strmap_put(&tags.set, STR("go1.21"));
    strmap_put(&tags.set, STR("mine"));
    return tags;
}

TEST(constraints_hold_or_not) {
    static const struct {
        Str line;
        bool want;
        Str go;
    } rows[] = {
        {STR_INIT("//go:build linux"), true, STR_INIT("")},
        {STR_INIT("//go:build unix && !cgo"), true, STR_INIT("")},
        {STR_INIT("//go:build (windows || linux) && amd64"), true, STR_INIT("")},
        {STR_INIT("//go:build !(linux && mine)"), false, STR_INIT("")},
        {STR_INIT("//go:build go1.21 && linux"), true, STR_INIT("go1.21")},
        {STR_INIT("//go:build go1.21 || go1.5"), true, STR_INIT("go1.5")},
        {STR_INIT("//go:build !go1.30"), true, STR_INIT("")},
        {STR_INIT("// +build windows linux,!mine"), false, STR_INIT("")},
        {STR_INIT("// +build windows linux,mine"), true, STR_INIT("")},
        {STR_INIT("//+build !!linux"), false, STR_INIT("")},
        {STR_INIT("// +build"), false, STR_INIT("")},
        {STR_INIT("// +build linux,"), false, STR_INIT("")},
    };
    BuildTags tags = linux_tags(t->arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].line.ptr;
        Str error;
        Constraint *c = constraint_parse(t->arena, rows[i].line, &error);
        CHECK(t, c != NULL);
        if (!c) continue;
        CHECK_EQ(t, constraint_holds(c, &tags), rows[i].want);
        CHECK_STR(t, constraint_go_version(t->arena, c), rows[i].go);
    }
}

TEST(constraint_errors) {
    static const struct {
        Str line, want;
    } rows[] = {
        {STR_INIT("//go:build"), STR_INIT("unexpected end of expression")},
        {STR_INIT("//go:build a b"), STR_INIT("unexpected token b")},
        {STR_INIT("//go:build (a"), STR_INIT("missing close paren")},
        {STR_INIT("//go:build !!a"), STR_INIT("double negation not allowed")},
        {STR_INIT("//go:build a & b"), STR_INIT("invalid syntax at &")},
        {STR_INIT("//go:build a-b"), STR_INIT("invalid syntax at -")},
        {STR_INIT("//go:buildx"), STR_INIT("not a build constraint")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str error;
        CHECK(t, !constraint_parse(t->arena, rows[i].line, &error));
        CHECK_STR(t, error, rows[i].want);
    }
    Buf b = buf_new(t->arena);
    buf_c(&b, "//go:build ");
    buf_fill(&b, '(', 100000); // depth is bounded
    Str error;
    CHECK(t, !constraint_parse(t->arena, buf_view(&b), &error));
}

TEST(file_name_endings) {
    static const struct {
        Str name;
        bool want;
    } rows[] = {
        {STR_INIT("a.go"), true},
        {STR_INIT("linux.go"), true},
        {STR_INIT("a_linux.go"), true},
        {STR_INIT("a_windows.go"), false},
        {STR_INIT("a_amd64.go"), true},
        {STR_INIT("a_linux_arm64.go"), false},
        {STR_INIT("a_windows_amd64_test.go"), false},
        {STR_INIT("_test.go"), true},
        {STR_INIT("a_linux_amd64_test.go"), true},
        {STR_INIT("windows_x.go"), true},
        {STR_INIT("a_unix.go"), true},
        {STR_INIT("a_plan9.x.s"), false},
    };
    BuildTags tags = linux_tags(t->arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name.ptr;
        CHECK_EQ(t, tags_match_file(&tags, rows[i].name), rows[i].want);
    }
}
