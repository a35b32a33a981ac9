#include "harness.h"

#include "go/load/load_internal.h"

TEST(header_imports) {
    FileHeader h;
    header_read(t->arena,
                STR("// Copyright\n\n//go:build go1.22 && linux\n\n/* doc\n*/\npackage p // x\n"
                    "import \"fmt\"; import . `os`\nimport (\n\t_ \"a/b\"\n\tz \"c\" // c\n)\n"
                    "func f() { 'x }"),
                NULL, &h);
    CHECK_EQ(t, h.error_line, 0);
    CHECK_STR(t, h.package_name, STR("p"));
    CHECK_STR(t, h.go_build, STR("//go:build go1.22 && linux"));
    CHECK_STR(t, h.go_version, STR("go1.22"));
    static const Str paths[] = {STR_INIT("fmt"), STR_INIT("os"), STR_INIT("a/b"), STR_INIT("c")};
    static const uint32_t lines[] = {8, 8, 10, 11}, cols[] = {8, 22, 2, 2};
    CHECK_EQ(t, h.imports.len, COUNT(paths));
    for (uint32_t i = 0; i < h.imports.len && i < COUNT(paths); i++) {
        CHECK_STR(t, h.imports.v[i].path, paths[i]);
        CHECK_EQ(t, h.imports.v[i].line, lines[i]);
        CHECK_EQ(t, h.imports.v[i].col, cols[i]);
    }
}

TEST(header_errors) {
    static const struct {
        Str text;
        uint32_t line, col;
        Str want;
    } rows[] = {
        {STR_INIT(""), 1, 1, STR_INIT("expected 'package', found 'EOF'")},
        {STR_INIT("packag p\n"), 1, 1, STR_INIT("expected 'package', found packag")},
        {STR_INIT("package \"x\"\n"), 1, 9, STR_INIT("expected 'IDENT', found \"x\"")},
        {STR_INIT("package p\nimport fmt\n"), 2, 11, STR_INIT("missing import path")},
        {STR_INIT("package p\nimport 1\n"), 2, 8, STR_INIT("import path must be a string")},
        {STR_INIT("package p\nimport \"a\n"), 2, 8, STR_INIT("string literal not terminated")},
        {STR_INIT("package p\nimport \"a b\"\n"), 2, 8, STR_INIT("invalid import path: a b")},
        {STR_INIT("package p\nimport (\"a\" \"b\")\n"), 2, 13,
         STR_INIT("expected ';', found \"b\"")},
        {STR_INIT("package p\n/* open\n"), 2, 1, STR_INIT("comment not terminated")},
        {STR_INIT("package p\nimport (\n}\n}\n}"), 3, 1, STR_INIT("missing import path")},
        {STR_INIT("#!x\npackage p\n"), 1, 1, STR_INIT("illegal character U+0023 '#'")},
        {STR_INIT("package p\nimport \"a\" x\n"), 0, 0, STR_INIT("")}, // past the imports
        {STR_INIT("package p\nimport \"a\"\n#"), 0, 0, STR_INIT("")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].text.ptr;
        FileHeader h;
        header_read(t->arena, rows[i].text, NULL, &h);
        CHECK_EQ(t, h.error_line, rows[i].line);
        CHECK_EQ(t, h.error_col, rows[i].col);
        CHECK_STR(t, h.error, rows[i].want);
    }
    FileHeader h;
    header_read(t->arena, STR("package p\n\0import \"a\"\n"), NULL, &h);
    CHECK_STR(t, h.read_error, STR("unexpected NUL in input"));
    header_read(t->arena, STR("//go:build a\n//go:build b\npackage p\n"), NULL, &h);
    CHECK_STR(t, h.constraint_error, STR("multiple //go:build comments"));
}

TEST(header_old_constraints_need_a_blank_line) {
    FileHeader h;
    header_read(t->arena, STR("// +build a\n// +build b\n\n// +build c\npackage p\n"), NULL, &h);
    CHECK_EQ(t, h.plus_build.len, 2);
    header_read(t->arena, STR("/* x */ // +build a\n\npackage p\n"), NULL, &h);
    CHECK_EQ(t, h.plus_build.len, 0);
}

TEST(header_embeds) {
    FileHeader h;
    header_read(t->arena,
                STR("package p\nimport _ \"embed\"\nvar s = `//go:embed no`\n"
                    "//go:embed a.txt \"b c\" `d`\nvar x string\n\t//go:embed all:e\n"
                    "//go:embedded f\n//go:embed \"bad\nvar c = '\"' //go:embed g\n"),
                NULL, &h);
    static const Str want[] = {STR_INIT("a.txt"), STR_INIT("b c"), STR_INIT("d"), STR_INIT("all:e"),
                               STR_INIT("g")};
    CHECK_EQ(t, h.embeds.len, COUNT(want));
    for (uint32_t i = 0; i < h.embeds.len && i < COUNT(want); i++)
        CHECK_STR(t, h.embeds.v[i].pattern, want[i]);
    CHECK_EQ(t, h.embeds.v[1].line, 4);
    CHECK_EQ(t, h.embeds.v[1].col, 18);
}

TEST(header_of_a_first_part) {
    Str text = STR("// long\npackage p\nimport \"a\"\nimport \"b\"\nvar x int\n");
    FileHeader whole;
    header_read(t->arena, text, NULL, &whole);
    for (size_t n = 0; n < text.len; n++) {
        FileHeader h;
        bool more;
        header_read(t->arena, str_to(text, n), &more, &h);
        if (!more) CHECK_EQ(t, h.imports.len, whole.imports.len);
    }
}
