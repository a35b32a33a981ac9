#include "harness.h"

#include "go/load/load_internal.h"

TEST(go_mod_read) {
    ModFile f;
    modfile_parse(t->arena, STR("go.mod"),
                  STR("module example.org/m // why\n\ngo 1.21.3\ntoolchain go1.22.0\n"
                      "require a.org/x v1.2.3 // indirect\n"
                      "require (\n\tb.org/y/v2 v2.0.0\n\n\t// note\n\t\"c.org/z\" v0.1.0\n)\n"
                      "exclude a.org/x v1.0.0\n"
                      "replace (\n\ta.org/x => ../x\n\tb.org/y/v2 v2.0.0 => d.org/w/v2 v2.1.0\n)\n"
                      "retract [v1.0.0, v1.0.5]\ntool a.org/x/cmd\nignore ./node_modules\n"),
                  MODFILE_STRICT, &f);
    CHECK_EQ(t, f.errors.len, 0);
    CHECK_STR(t, f.module, STR("example.org/m"));
    CHECK_STR(t, f.go, STR("1.21.3"));
    CHECK_STR(t, f.toolchain, STR("go1.22.0"));
    CHECK_EQ(t, f.requires.len, 3);
    CHECK(t, f.requires.v[0].indirect && !f.requires.v[1].indirect);
    CHECK_STR(t, f.requires.v[2].mod.path, STR("c.org/z"));
    CHECK_EQ(t, f.excludes.len, 1);
    CHECK_EQ(t, f.replaces.len, 2);
    CHECK_STR(t, f.replaces.v[0].now.path, STR("../x"));
    CHECK_STR(t, f.replaces.v[1].now.version, STR("v2.1.0"));
    CHECK_STR(t, f.ignores.v[0], STR("./node_modules"));
    CHECK_STR(t, f.tools.v[0], STR("a.org/x/cmd"));
}

TEST(go_mod_errors) {
    static const struct {
        Str text, want;
    } rows[] = {
        {STR_INIT("module m\nfoo bar\n"), STR_INIT("go.mod:2: unknown directive: foo")},
        {STR_INIT("module m\n\nrequire a.org/x\n"),
         STR_INIT("go.mod:3: usage: require module/path v1.2.3")},
        {STR_INIT("module m\nrequire a.org/x latest\n"),
         STR_INIT("go.mod:2: require a.org/x: version \"latest\" invalid: must be of the form "
                  "v1.2.3")},
        {STR_INIT("module m\nrequire (\n\ta.org/x v2.0.0\n)\n"),
         STR_INIT("go.mod:3:2: require a.org/x: version \"v2.0.0\" invalid: should be v0 or v1, "
                  "not v2")},
        {STR_INIT("module m\ngo 1.x\n"),
         STR_INIT("go.mod:2: invalid go version '1.x': must match format 1.23.0")},
        {STR_INIT("module m\nrequire (\n\ta.org/x v1.0.0\n"),
         STR_INIT("go.mod:4: syntax error (unterminated block started at go.mod:2:1)")},
        {STR_INIT("module m\nmodule n\n"), STR_INIT("go.mod:2: repeated module statement")},
        {STR_INIT("module \"m\n"), STR_INIT("go.mod:1:10: unexpected newline in string")},
        {STR_INIT("/* x */\n"),
         STR_INIT("go.mod:1: mod files must use // comments (not /* */ comments)")},
        {STR_INIT("replace a.org/x => b.org/y\n"),
         STR_INIT("go.mod:1: replacement module without version must be directory path (rooted or "
                  "starting with . or ..)")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].text.ptr;
        ModFile f;
        modfile_parse(t->arena, STR("go.mod"), rows[i].text, MODFILE_STRICT, &f);
        CHECK(t, f.errors.len > 0);
        if (f.errors.len > 0) CHECK_STR(t, f.errors.v[0], rows[i].want);
    }
}

TEST(go_mod_of_a_dependency_is_read_laxly) {
    ModFile f;
    modfile_parse(t->arena, STR("go.mod"),
                  STR("module m\ngo v1.13beta\nunheard of\nreplace x\nblock (\n\tz\n)\n"
                      "require a.org/x v1.0.0\n"),
                  MODFILE_LAX, &f);
    CHECK_EQ(t, f.errors.len, 0);
    CHECK_STR(t, f.go, STR("1.13"));
    CHECK_EQ(t, f.requires.len, 1);
}

TEST(go_work_read) {
    ModFile f;
    modfile_parse(t->arena, STR("go.work"), STR("go 1.22\nuse ./a\nuse (\n\t./b\n\t../c\n)\n"),
                  MODFILE_WORK, &f);
    CHECK_EQ(t, f.errors.len, 0);
    CHECK_EQ(t, f.uses.len, 3);
    CHECK_STR(t, f.uses.v[2], STR("../c"));
    CHECK_EQ(t, f.use_lines.v[1], 4);
    modfile_parse(t->arena, STR("go.work"), STR("require a v1.0.0\n"), MODFILE_WORK, &f);
    CHECK_STR(t, f.errors.v[0], STR("go.work:1: unknown directive: require"));
}
