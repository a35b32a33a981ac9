// Whole loads over a tiny Go tree and modules made here: no Go installation is needed or seen.
#include "harness.h"

#include "go/load/load.h"
#include "sys/file.h"

typedef struct World {
    Test *t;
    Str dir;
    LoadConfig config;
} World;

static void put(World *w, const char *name, const char *text) {
    Str path = path_join(w->t->arena, w->dir, str_c(name));
    CHECK_OK(w->t, dir_make(w->t->arena, path_dir(path)));
    CHECK_OK(w->t, file_write(w->t->arena, path, str_c(text)));
}

static void set(World *w, const char *name, const char *value) {
    vec_push(w->t->arena, &w->config.env, str_fmt(w->t->arena, "%s=%s", name, value));
}

static World world_new(Test *t) {
    World w = {.t = t};
    CHECK_OK(t, dir_temp(t->arena, "heapwise-load", &w.dir));
    w.dir = path_resolve(t->arena, w.dir);
    put(&w, "go/VERSION", "go1.22.5\ntime 2024-07-01\n");
    put(&w, "go/src/runtime/r.go", "package runtime\nimport _ \"unsafe\"\n");
    put(&w, "go/src/unsafe/u.go", "package unsafe\n");
    put(&w, "go/src/fmt/f.go", "package fmt\nimport _ \"os\"\nimport _ \"x.org/text\"\n");
    put(&w, "go/src/os/o_linux.go", "package os\nimport _ \"internal/abi\"\n");
    put(&w, "go/src/os/o_plan9.go", "package os\n");
    put(&w, "go/src/internal/abi/a.go", "package abi\n");
    put(&w, "go/src/internal/abi/a.s", "// +build arm64\n\nTEXT\n");
    put(&w, "go/src/vendor/x.org/text/t.go", "package text\n");
    put(&w, "go/src/embed/e.go", "package embed\n");
    set(&w, "GOROOT", str_to_c(t->arena, path_join(t->arena, w.dir, STR("go"))));
    set(&w, "GOMODCACHE", str_to_c(t->arena, path_join(t->arena, w.dir, STR("cache"))));
    set(&w, "GOENV", "off");
    set(&w, "GOFLAGS", "");
    set(&w, "GOWORK", "");
    set(&w, "GOOS", "linux");
    set(&w, "GOARCH", "amd64");
    set(&w, "CGO_ENABLED", "0");
    set(&w, "GOEXPERIMENT", "");
    set(&w, "GO111MODULE", "");
    set(&w, "HOME", str_to_c(t->arena, w.dir));
    w.config.dir = path_join(t->arena, w.dir, STR("m"));
    CHECK_OK(t, dir_make(t->arena, w.config.dir));
    return w;
}

static void world_free(World *w) { CHECK_OK(w->t, dir_remove_tree(w->t->arena, w->dir)); }

static PackageSet *load(World *w, const char *pattern) {
    StrVec patterns = {0};
    PackageSet *set = NULL;
    vec_push(w->t->arena, &patterns, str_c(pattern));
    CHECK_OK(w->t, load_packages(w->t->arena, &w->config, &patterns, &set));
    return set;
}

static void check_refused(World *w, const char *part) {
    StrVec patterns = {0};
    PackageSet *set = NULL;
    Err e = load_packages(w->t->arena, &w->config, &patterns, &set);
    CHECK(w->t, e != NULL);
    if (e && str_find(e->what, str_c(part)) == STR_NONE)
        test_fail(w->t, __FILE__, __LINE__, "'" STR_FMT "' lacks '%s'", STR_ARG(e->what), part);
    package_set_free(set);
}

static Str order_of(World *w, const PackageSet *set) {
    StrVec paths = {0};
    for (uint32_t i = 1; i <= package_count(set); i++)
        vec_push(w->t->arena, &paths, package_get(set, i)->import_path);
    return strvec_join(w->t->arena, &paths, STR(" "));
}

static Str error_of(World *w, const PackageSet *set, const char *path) {
    PackageId id = package_find(set, str_c(path));
    CHECK(w->t, id != 0);
    return id ? package_error_text(w->t->arena, &package_get(set, id)->error) : STR("");
}

static void put_main(World *w) {
    put(w, "m/go.mod", "module ex.org/m\n\ngo 1.21\n");
    put(w, "m/main.go", "package main\nimport (\n\t_ \"ex.org/m/a\"\n\t_ \"fmt\"\n)\n");
    put(w, "m/a/a.go", "package a\nimport _ \"embed\"\n//go:embed data *.txt\nvar s string\n");
    put(w, "m/a/data/one", "1");
    put(w, "m/a/b.txt", "2");
    put(w, "m/a/new.go", "//go:build go1.22\n\npackage a\n");
    put(w, "m/a/win_windows.go", "package a\nimport _ \"nowhere.org/x\"\n");
    put(w, "m/a/a_test.go", "package a\n");
    put(w, "m/a/x_test.go", "package a_test\n");
}

TEST(load_module) {
    World w = world_new(t);
    put_main(&w);
    w.config.keep_bytes = true;
    w.config.want_deps_lists = true;
    PackageSet *set = load(&w, ".");
    CHECK_STR(
        t, order_of(&w, set),
        STR("embed ex.org/m/a internal/abi os vendor/x.org/text fmt unsafe runtime ex.org/m"));
    const Package *a = package_get(set, package_find(set, STR("ex.org/m/a")));
    CHECK_STR(t, strvec_join(t->arena, &a->go_files, STR(" ")), STR("a.go new.go"));
    CHECK_STR(t, strvec_join(t->arena, &a->ignored_go_files, STR(" ")), STR("win_windows.go"));
    CHECK_STR(t, strvec_join(t->arena, &a->embed_files, STR(" ")), STR("b.txt data/one"));
    CHECK_EQ(t, a->test_go_files.len, 1);
    CHECK_EQ(t, a->xtest_go_files.len, 1);
    CHECK_STR(t, a->module->path, STR("ex.org/m"));
    CHECK_STR(t, package_lang(set, a), STR("go1.21"));
    CHECK(t, a->dep_only && !a->standard && !a->has_body_elsewhere);
    SourceText text;
    CHECK_OK(t, package_file(set, a, STR("new.go"), t->arena, &text));
    CHECK_STR(t, text.go_version, STR("go1.22"));
    CHECK_STR(t, text.bytes, STR("//go:build go1.22\n\npackage a\n"));
    const Package *f = package_get(set, package_find(set, STR("fmt")));
    CHECK_STR(t, f->imported.v[1].path, STR("x.org/text")); // std's own copy stands for it
    CHECK_STR(t, package_get(set, f->imported.v[1].id)->import_path, STR("vendor/x.org/text"));
    CHECK_STR(t, package_lang(set, f), STR("go1.22"));
    const Package *m = package_get(set, package_roots(set)->v[0]);
    CHECK_EQ(t, m->source_imports, 2);
    CHECK_EQ(t, m->imported.len, 3); // and runtime, for the linker
    CHECK_EQ(t, m->deps.len, 8);
    package_set_free(set);
    world_free(&w);
}

// Of the release's packages a build needs neither tests nor what is for another system.
TEST(load_for_a_build_only) {
    World w = world_new(t);
    put_main(&w);
    put(&w, "go/src/os/o_test.go", "package elsewhere\n");
    put(&w, "go/src/os/cgo.go", "package os\nimport \"C\"\n");
    put(&w, "go/src/tests/only_test.go", "package tests\nimport _ \"fmt\"\n");
    PackageSet *set = load(&w, ".");
    CHECK(t, error_of(&w, set, "os").len > 0);
    package_set_free(set);
    w.config.build_only = true;
    set = load(&w, ".");
    CHECK_STR(t, error_of(&w, set, "os"), STR(""));
    const Package *os = package_get(set, package_find(set, STR("os")));
    CHECK_STR(t, strvec_join(t->arena, &os->go_files, STR(" ")), STR("o_linux.go"));
    CHECK_EQ(t, os->test_go_files.len, 0);
    const Package *a = package_get(set, package_find(set, STR("ex.org/m/a")));
    CHECK_EQ(t, a->test_go_files.len, 1); // not the release's
    package_set_free(set);
    set = load(&w, "tests");
    const Package *tests = package_get(set, package_find(set, STR("tests")));
    CHECK_EQ(t, tests->test_go_files.len, 1); // else nothing would be there
    package_set_free(set);
    world_free(&w);
}

TEST(load_sources_after_an_edit) {
    static const struct {
        const char *name, *file, *text;
        bool facts, content, broken; // are other than before, or no longer known
    } rows[] = {
        {"another body", "m/a/a.go",
         "package a\nimport _ \"embed\"\n//go:embed data *.txt\nvar s string\nfunc f() {}\n", false,
         true, false},
        {"another import", "m/a/a.go", "package a\nimport _ \"fmt\"\n", true, true, false},
        {"another pattern", "m/a/a.go",
         "package a\nimport _ \"embed\"\n//go:embed data\nvar s string\n", true, true, false},
        {"another constraint", "m/a/new.go", "//go:build go1.21\n\npackage a\n", true, true, false},
        {"another name", "m/a/new.go", "//go:build go1.22\n\npackage b\n", true, true, false},
        {"half an import", "m/a/new.go", "//go:build go1.22\n\npackage a\nimport \"fm\n", true,
         true, true},
        {"another file", "m/a/more.go", "package a\n", true, true, false},
        {"assembly", "m/a/more.s", "TEXT\n", true, false, false},
        {"a test", "m/a/a_test.go", "package a\nimport _ \"os\"\n", false, false, false},
        {"something else", "m/a/notes.md", "...\n", false, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        World w = world_new(t);
        put_main(&w);
        PackageSet *set = load(&w, ".");
        const Package *a = package_get(set, package_find(set, STR("ex.org/m/a")));
        t->row = rows[i].name;
        PackageSource before = package_source(a);
        put(&w, rows[i].file, rows[i].text);
        PackageSource after = package_source(a);
        CHECK(t, !before.broken);
        CHECK_EQ(t, after.broken, rows[i].broken);
        if (!after.broken) CHECK_EQ(t, before.facts != after.facts, rows[i].facts);
        CHECK_EQ(t, before.content != after.content, rows[i].content);
        package_set_free(set);
        world_free(&w);
    }
}

TEST(load_tells_what_is_wrong_and_goes_on) {
    World w = world_new(t);
    put_main(&w);
    put(&w, "m/bad/x.go", "package bad\nimport (\n\t_ \"ex.org/m/none\"\n\t_ \"far.org/x\"\n)\n");
    put(&w, "m/c1/x.go", "package c1\nimport _ \"ex.org/m/c2\"\n");
    put(&w, "m/c2/x.go", "package c2\nimport _ \"ex.org/m/c1\"\n");
    put(&w, "m/syn/x.go", "package syn\nimport \"a\n");
    put(&w, "m/peek/x.go", "package peek\nimport _ \"internal/abi\"\n");
    PackageSet *set = load(&w, "./...");
    CHECK_STR(t, error_of(&w, set, "far.org/x"),
              STR("bad/x.go:4:2: no required module provides package far.org/x; to add it:\n\tgo "
                  "get far.org/x"));
    CHECK_STR(
        t, error_of(&w, set, "ex.org/m/c1"),
        STR("package ex.org/m/c1\n\timports ex.org/m/c2 from x.go\n\timports ex.org/m/c1 from "
            "x.go: import cycle not allowed"));
    CHECK_STR(t, error_of(&w, set, "ex.org/m/syn"),
              STR("syn/x.go:2:8: string literal not terminated"));
    CHECK_STR(t, error_of(&w, set, "ex.org/m/peek"),
              STR("package ex.org/m/peek\n\tpeek/x.go:2:8: use of internal package internal/abi "
                  "not allowed"));
    CHECK_STR(t, error_of(&w, set, "ex.org/m"), STR(""));
    package_set_free(set);
    world_free(&w);
}

TEST(load_from_the_module_cache) {
    World w = world_new(t);
    put(&w, "m/go.mod",
        "module ex.org/m\n\ngo 1.21\n\nrequire (\n\tDep.org/A v1.0.0\n\tdep.org/b v0.2.0\n)\n");
    put(&w, "m/go.sum",
        "Dep.org/A v1.0.0 h1:x=\nDep.org/A v1.0.0/go.mod h1:x=\ndep.org/b v0.2.0 h1:x=\n"
        "dep.org/b v0.2.0/go.mod h1:x=\n");
    put(&w, "m/x.go", "package m\nimport _ \"Dep.org/A/sub\"\n");
    put(&w, "cache/!dep.org/!a@v1.0.0/sub/s.go", "package sub\nimport _ \"dep.org/b\"\n");
    put(&w, "cache/cache/download/!dep.org/!a/@v/v1.0.0.mod",
        "module Dep.org/A\nrequire dep.org/b v0.1.0\n");
    put(&w, "cache/cache/download/!dep.org/!a/@v/v1.0.0.ziphash", "h1:x=");
    put(&w, "cache/dep.org/b@v0.2.0/b.go", "package b\n");
    put(&w, "cache/cache/download/dep.org/b/@v/v0.2.0.mod", "module dep.org/b\n\ngo 1.18\n");
    put(&w, "cache/cache/download/dep.org/b/@v/v0.2.0.ziphash", "h1:x=");
    PackageSet *set = load(&w, ".");
    CHECK_STR(t, order_of(&w, set), STR("dep.org/b Dep.org/A/sub ex.org/m"));
    const LoadModule *b = package_get(set, package_find(set, STR("dep.org/b")))->module;
    CHECK_STR(t, b->version, STR("v0.2.0"));
    CHECK_STR(t, b->go_version, STR("1.18"));
    CHECK(t, str_ends(b->dir, STR("cache/dep.org/b@v0.2.0")));
    package_set_free(set);
    put(&w, "m/go.sum", "dep.org/b v0.2.0 h1:x=\n");
    set = load(&w, ".");
    CHECK_STR(t, error_of(&w, set, "Dep.org/A/sub"),
              STR("x.go:2:8: missing go.sum entry for module providing package Dep.org/A/sub "
                  "(imported by ex.org/m); to add:\n\tgo get ex.org/m"));
    package_set_free(set);
    world_free(&w);
}

TEST(load_vendored_replaced_and_workspaces) {
    World w = world_new(t);
    put(&w, "m/go.mod", "module ex.org/m\n\ngo 1.21\n\nrequire v.org/a v1.0.0\n");
    put(&w, "m/x.go", "package m\nimport _ \"v.org/a\"\n");
    put(&w, "m/vendor/modules.txt", "# v.org/a v1.0.0\n## explicit; go 1.17\nv.org/a\n");
    put(&w, "m/vendor/v.org/a/a.go", "package a\n");
    PackageSet *set = load(&w, "./...");
    const Package *a = package_get(set, package_find(set, STR("v.org/a")));
    CHECK(t, str_ends(a->dir, STR("m/vendor/v.org/a")));
    CHECK_STR(t, package_lang(set, a), STR("go1.17"));
    package_set_free(set);

    put(&w, "m/vendor/modules.txt", "# v.org/a v1.1.0\n## explicit\nv.org/a\n");
    check_refused(&w, "inconsistent vendoring in ");

    put(&w, "m/go.mod",
        "module ex.org/m\n\ngo 1.21\n\nrequire v.org/a v1.0.0\nreplace v.org/a => ../other\n");
    put(&w, "other/go.mod", "module v.org/a\n");
    put(&w, "other/a.go", "package a\n");
    w.config.mod = STR("readonly");
    set = load(&w, ".");
    a = package_get(set, package_find(set, STR("v.org/a")));
    CHECK_STR(t, a->dir, path_join(t->arena, w.dir, STR("other")));
    CHECK_STR(t, a->module->replace_path, STR("../other"));
    package_set_free(set);

    w.config.mod = STR("");
    put(&w, "go.work", "go 1.22\nuse (\n\t./m\n\t./other\n)\n");
    put(&w, "m/go.mod", "module ex.org/m\n\ngo 1.21\n");
    set = load(&w, "v.org/...");
    CHECK_EQ(t, package_count(set), 1);
    CHECK(t, package_get(set, 1)->module->main);
    package_set_free(set);
    world_free(&w);
}

TEST(load_refuses_what_it_cannot_use) {
    World w = world_new(t);
    put(&w, "m/go.mod", "module ex.org/m\n\nfoo bar\nrequire x\n");
    check_refused(&w, "go.mod:3: unknown directive: foo\ngo.mod:4: usage: require");
    put(&w, "m/go.mod", "go 1.20\n");
    check_refused(&w, "error reading go.mod: missing module declaration");
    put(&w, "m/go.mod", "module ex.org/m\ngo 1.99\n");
    check_refused(&w, "go.mod requires go >= 1.99 (GOROOT has go 1.22.5)");
    put(&w, "m/go.mod", "module ex.org/m\n");
    set(&w, "GOFLAGS", "-mod=often");
    check_refused(&w, "-mod=often: not supported");
    set(&w, "GOFLAGS", "");
    set(&w, "GOEXPERIMENT", "warpdrive");
    check_refused(&w, "unknown GOEXPERIMENT warpdrive");
    set(&w, "GOEXPERIMENT", "");
    set(&w, "GOROOT", "/nonexistent");
    check_refused(&w, "GOROOT=/nonexistent: no Go source there");
    world_free(&w);
}
