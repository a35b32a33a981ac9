#include "codec/regex.h"
#include "harness.h"

TEST(regex_matches_anywhere) {
    static const struct {
        const char *pattern, *text, *found; // found NULL: no match
    } rows[] = {
        {"b+", "abbb", "bbb"},
        {"^b", "ab", NULL},
        {"", "x", ""},
        {"a|ab", "ab", "a"},
        {"(?i)MALLOC", "runtime.malloc", "malloc"},
        {"(?<n>x)y", "axy", "xy"},
        {"[\\]x]+", "a]x", "]x"},
        {"\\pL+", "1\xc3\xa4z", "\xc3\xa4z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].pattern;
        Regex *re = NULL;
        CHECK_OK(t, regex_compile(t->arena, str_c(rows[i].pattern), &re));
        Str found = {0};
        CHECK_EQ(t, regex_find(re, str_c(rows[i].text), &found), rows[i].found != NULL);
        CHECK_EQ(t, regex_match(re, str_c(rows[i].text)), rows[i].found != NULL);
        if (rows[i].found) CHECK_STR(t, found, str_c(rows[i].found));
        CHECK_STR(t, regex_pattern(re), str_c(rows[i].pattern));
        regex_free(re);
    }
}

// The texts are those of Go 1.26's regexp.Compile.
TEST(regex_errors_are_gos) {
    static const struct {
        const char *pattern, *error;
    } rows[] = {
        {"a(b", "error parsing regexp: missing closing ): `a(b`"},
        {"a)b", "error parsing regexp: unexpected ): `a)b`"},
        {"*", "error parsing regexp: missing argument to repetition operator: `*`"},
        {"a**", "error parsing regexp: invalid nested repetition operator: `**`"},
        {"x[a", "error parsing regexp: missing closing ]: `[a`"},
        {"[z-a]", "error parsing regexp: invalid character class range: `z-a`"},
        {"\\", "error parsing regexp: trailing backslash at end of expression: ``"},
        {"a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"},
        {"(?=x)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
        {"(?<n", "error parsing regexp: invalid named capture: `(?<n`"},
        {"\\8", "error parsing regexp: invalid escape sequence: `\\8`"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].pattern;
        Regex *re = NULL;
        Err e = regex_compile(t->arena, str_c(rows[i].pattern), &re);
        CHECK(t, e != NULL);
        if (e) CHECK_STR(t, e->what, str_c(rows[i].error));
    }
}

TEST(regex_gives_groups) {
    Regex *re = NULL;
    CHECK_OK(t, regex_compile(t->arena, STR("(a+)(b)?(c)"), &re));
    Str groups[4];
    CHECK(t, regex_groups(re, STR("xxaac"), groups, 4));
    CHECK_STR(t, groups[0], STR("aac"));
    CHECK_STR(t, groups[1], STR("aa"));
    CHECK_STR(t, groups[2], STR(""));
    CHECK_STR(t, groups[3], STR("c"));
    CHECK(t, !regex_groups(re, STR("xxaa"), groups, 4));
    regex_free(re);
}
