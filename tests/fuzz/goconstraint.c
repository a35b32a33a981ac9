// tests/fuzz/goconstraint.c: any line as a build constraint: a tree that can be evaluated, or an
// error.
#include "go/load/load_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str text = {(const char *)data, size}, error;
    BuildTags tags = {.goos = STR("linux"), .goarch = STR("amd64"), .set = strmap_new(a)};
    static const char *const marks[] = {"", "//go:build ", "// +build "};
    for (size_t i = 0; i < COUNT(marks); i++) {
        Constraint *c = constraint_parse(a, str_join2(a, str_c(marks[i]), text), &error);
        ASSERT((c == NULL) == (error.len > 0));
        if (!c) continue;
        constraint_holds(c, &tags);
        constraint_go_version(a, c);
    }
    tags_match_file(&tags, text);
    import_path_check(a, text);
    module_path_check(a, text);
    arena_free(a);
    return 0;
}
