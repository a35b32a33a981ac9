#include "harness.h"

#include "go/load/load_internal.h"

TEST(semver_order) {
    static const Str rising[] = {
        STR_INIT("bad"),
        STR_INIT("v0.0.0-20200101000000-abcdef012345"),
        STR_INIT("v0.1.0"),
        STR_INIT("v1.0.0-alpha"),
        STR_INIT("v1.0.0-alpha.1"),
        STR_INIT("v1.0.0-alpha.beta"),
        STR_INIT("v1.0.0-beta.2"),
        STR_INIT("v1.0.0-beta.11"),
        STR_INIT("v1.0.0"),
        STR_INIT("v1.2.0"),
        STR_INIT("v1.10.0"),
        STR_INIT("v2.0.0+incompatible"),
    };
    for (size_t i = 0; i < COUNT(rising); i++)
        for (size_t j = 0; j < COUNT(rising); j++)
            CHECK_EQ(t, semver_compare(rising[i], rising[j]), i < j ? -1 : i > j);
}

TEST(semver_validity) {
    static const Str bad[] = {STR_INIT(""),           STR_INIT("1.0.0"),     STR_INIT("v1.0.0-"),
                              STR_INIT("v01.0.0"),    STR_INIT("v1.0.0-01"), STR_INIT("v1.0.0."),
                              STR_INIT("v1.2.3-a..b")};
    for (size_t i = 0; i < COUNT(bad); i++) CHECK(t, !semver_is_valid(bad[i]));
    CHECK_STR(t, version_canonical(t->arena, STR("v1.2")), STR("v1.2.0"));
    CHECK_STR(t, version_canonical(t->arena, STR("v1.2.3+meta")), STR("v1.2.3"));
    CHECK_STR(t, version_canonical(t->arena, STR("v2.0.0+incompatible")),
              STR("v2.0.0+incompatible"));
    CHECK_STR(t, version_canonical(t->arena, STR("master")), STR(""));
}

TEST(go_version_order) {
    static const Str rising[] = {
        STR_INIT(""),       STR_INIT("1.2"),    STR_INIT("1.20rc1"), STR_INIT("1.20"),
        STR_INIT("1.20.1"), STR_INIT("1.21"),   STR_INIT("1.21rc2"), STR_INIT("1.21.0"),
        STR_INIT("1.21.1"), STR_INIT("1.22.0"),
    };
    // Before 1.21 a release candidate of 1.N is below "1.N"; since then "1.N" is the language
    // itself, below its candidates.
    for (size_t i = 0; i < COUNT(rising); i++)
        for (size_t j = i + 1; j < COUNT(rising); j++) {
            bool candidate_first = i == 2 && j == 3;
            int c = gover_compare(rising[i], rising[j]);
            if (!candidate_first) CHECK(t, c < 0);
        }
    CHECK_STR(t, gover_lang(STR("1.21.3")), STR("1.21"));
    CHECK_STR(t, gover_lang(STR("1.23rc1")), STR("1.23"));
    CHECK(t, gover_is_go_line(STR("1.21rc1")));
    CHECK(t, !gover_is_go_line(STR("1.021")));
    CHECK(t, !gover_is_go_line(STR("go1.21")));
}

TEST(module_majors) {
    static const struct {
        const char *name;
        Str version, major, want;
    } rows[] = {
        {"v1 alone", STR_INIT("v1.2.3"), STR_INIT(""), STR_INIT("")},
        {"v2 path", STR_INIT("v2.0.0"), STR_INIT("/v2"), STR_INIT("")},
        {"incompatible", STR_INIT("v3.0.0+incompatible"), STR_INIT(""), STR_INIT("")},
        {"gopkg", STR_INIT("v1.0.0"), STR_INIT(".v1"), STR_INIT("")},
        {"wrong", STR_INIT("v2.0.0"), STR_INIT(""),
         STR_INIT("version \"v2.0.0\" invalid: should be v0 or v1, not v2")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        CHECK_STR(t, module_check_major(t->arena, rows[i].version, rows[i].major), rows[i].want);
    }
    Str major;
    CHECK(t, module_split_major(STR("gopkg.in/yaml.v3"), &major));
    CHECK_STR(t, major, STR(".v3"));
    CHECK(t, module_split_major(STR("a.org/b/v2"), &major));
    CHECK_STR(t, major, STR("/v2"));
    CHECK(t, !module_split_major(STR("a.org/b/v1"), &major));
}

TEST(import_paths) {
    static const struct {
        Str path, want;
    } rows[] = {
        {STR_INIT("example.org/x"), STR_INIT("")},
        {STR_INIT("a//b"), STR_INIT("malformed import path \"a//b\": double slash")},
        {STR_INIT("a b"), STR_INIT("malformed import path \"a b\": invalid char ' '")},
        {STR_INIT("-x"), STR_INIT("malformed import path \"-x\": leading dash")},
        {STR_INIT("con.x/y"), STR_INIT("malformed import path \"con.x/y\": \"con\" disallowed as "
                                       "path element component on Windows")},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_STR(t, import_path_check(t->arena, rows[i].path), rows[i].want);
    CHECK_STR(t, path_escape(t->arena, STR("github.com/Azure/x")), STR("github.com/!azure/x"));
    CHECK_STR(t, module_path_check(t->arena, STR("nodot/x")),
              STR("missing dot in first path element"));
}
