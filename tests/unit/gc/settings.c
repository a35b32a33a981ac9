// What Go makes of settings, per release. The rows were checked against the toolchains named.
#include "gc/gc.h"
#include "harness.h"

static GcNote only(Test *t, const GcSettings *s) {
    CHECK_EQ(t, s->notes.len, 1);
    return s->notes.len ? s->notes.v[0] : (GcNote){0};
}

TEST(settings_godebug) {
    static const struct {
        const char *name;
        uint32_t minor;
        Str in;
        GcVerdict want;
        const char *part;
    } rows[] = {
        {"green tea, on by default", 26, STR_INIT("gc=greentea"), VERDICT_IGNORED, "Good news"},
        {"green tea, opt-in release", 25, STR_INIT("greentea=1"), VERDICT_IGNORED,
         "GOEXPERIMENT=greenteagc go build"},
        {"green tea, before it", 23, STR_INIT("gc=greentea"), VERDICT_IGNORED, "came with Go 1.25"},
        {"gctrace", 26, STR_INIT("gctrace=1"), VERDICT_FINE, "one line"},
        {"not an integer", 26, STR_INIT("gctrace=on"), VERDICT_IGNORED, "no whole number"},
        {"too large", 26, STR_INIT("gctrace=99999999999"), VERDICT_IGNORED, "no whole number"},
        {"no value", 26, STR_INIT("gctrace"), VERDICT_IGNORED, "no key=value"},
        {"space", 26, STR_INIT(" gctrace=1"), VERDICT_IGNORED, "space"},
        {"misspelt", 26, STR_INIT("gctarce=1"), VERDICT_IGNORED, "did you mean gctrace"},
        {"gone", 26, STR_INIT("allocfreetrace=1"), VERDICT_IGNORED,
         "last release with it is Go 1.22"},
        {"still there", 20, STR_INIT("allocfreetrace=1"), VERDICT_CAUTION, "stack trace"},
        {"not yet", 21, STR_INIT("containermaxprocs=0"), VERDICT_IGNORED, "came with Go 1.25"},
        {"fatal", 21, STR_INIT("cgocheck=2"), VERDICT_REJECTED, "cgocheck2"},
        {"fine before", 20, STR_INIT("cgocheck=2"), VERDICT_FINE, ""},
        {"experiment", 26, STR_INIT("arenas=1"), VERDICT_IGNORED, "GOEXPERIMENT=arenas"},
        {"old default", 22, STR_INIT("gotypesalias=0"), VERDICT_DEFAULT, "anyway"},
        {"old behaviour", 26, STR_INIT("httplaxcontentlength=1"), VERDICT_FINE, "before 1.22"},
        {"panicnil wants a number", 26, STR_INIT("panicnil=yes"), VERDICT_IGNORED,
         "no whole number"},
        {"cpu option", 26, STR_INIT("cpu.avx2=off"), VERDICT_FINE, "off"},
        {"cpu option wrong", 26, STR_INIT("cpu.avx2=0"), VERDICT_IGNORED, "on or off"},
        {"scheddetail alone", 26, STR_INIT("scheddetail=1"), VERDICT_IGNORED, "schedtrace"},
        {"fips", 26, STR_INIT("fips140=yes"), VERDICT_REJECTED, "panics"},
        {"semicolon", 26, STR_INIT("gctrace=1;scavtrace=1"), VERDICT_IGNORED, "no whole number"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        GcSettings s = settings_new(t->arena, rows[i].minor);
        settings_check_godebug(&s, rows[i].in);
        GcNote n = only(t, &s);
        CHECK_EQ(t, n.verdict, rows[i].want);
        if (str_find(n.text, str_c(rows[i].part)) == STR_NONE)
            CHECK_STR(t, n.text, str_c(rows[i].part));
    }
    GcSettings s = settings_new(t->arena, 26);
    settings_check_godebug(&s, STR("gctrace=1,gctrace=2,,"));
    CHECK_EQ(t, s.notes.len, 2);
    CHECK_EQ(t, s.notes.v[0].verdict, VERDICT_IGNORED);
    CHECK_EQ(t, s.notes.v[1].verdict, VERDICT_FINE);
}

TEST(settings_gogc_and_limit) {
    static const struct {
        Str gogc, limit;
        uint32_t minor;
        GcVerdict want;
        const char *part;
    } rows[] = {
        {STR_INIT("200"), STR_INIT(""), 26, VERDICT_FINE, "200%"},
        {STR_INIT("100"), STR_INIT(""), 26, VERDICT_DEFAULT, ""},
        {STR_INIT("abc"), STR_INIT(""), 26, VERDICT_IGNORED, "uses 100"},
        {STR_INIT("50%"), STR_INIT(""), 26, VERDICT_IGNORED, "write GOGC=50"},
        {STR_INIT("OFF"), STR_INIT(""), 26, VERDICT_IGNORED, ""},
        {STR_INIT("off"), STR_INIT(""), 26, VERDICT_CAUTION, "without a GOMEMLIMIT"},
        {STR_INIT("-1"), STR_INIT(""), 26, VERDICT_CAUTION, "off"},
        {STR_INIT("99999999999"), STR_INIT(""), 26, VERDICT_IGNORED, ""},
        {STR_INIT(""), STR_INIT("100MB"), 26, VERDICT_REJECTED, "100MiB"},
        {STR_INIT(""), STR_INIT("1G"), 26, VERDICT_REJECTED, "1GiB"},
        {STR_INIT(""), STR_INIT("1.5GiB"), 26, VERDICT_REJECTED, "malformed"},
        {STR_INIT(""), STR_INIT("1GiB"), 26, VERDICT_FINE, "1024 MiB"},
        {STR_INIT(""), STR_INIT("3GiB"), 26, VERDICT_IGNORED, "container"},
        {STR_INIT(""), STR_INIT("1GiB"), 18, VERDICT_IGNORED, "Go 1.19"},
        {STR_INIT(""), STR_INIT("off"), 26, VERDICT_DEFAULT, ""},
        {STR_INIT(""), STR_INIT("1048576"), 26, VERDICT_CAUTION, "half the CPU"},
        {STR_INIT(""), STR_INIT("99999999TiB"), 26, VERDICT_REJECTED, "malformed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].gogc.len ? rows[i].gogc.ptr : rows[i].limit.ptr;
        GcSettings s = settings_new(t->arena, rows[i].minor);
        s.container_limit = (uint64_t)2 << 30;
        settings_check_memlimit(&s, rows[i].limit);
        settings_check_gogc(&s, rows[i].gogc);
        GcNote n = only(t, &s);
        CHECK_EQ(t, n.verdict, rows[i].want);
        if (str_find(n.text, str_c(rows[i].part)) == STR_NONE)
            CHECK_STR(t, n.text, str_c(rows[i].part));
    }
}

TEST(settings_experiments) {
    static const struct {
        Str in;
        uint32_t minor;
        GcVerdict want;
    } rows[] = {
        {STR_INIT("greenteagc"), 26, VERDICT_DEFAULT},
        {STR_INIT("greenteagc"), 25, VERDICT_FINE},
        {STR_INIT("nogreenteagc"), 26, VERDICT_FINE},
        {STR_INIT("nogreenteagc"), 25, VERDICT_DEFAULT},
        {STR_INIT("greentea"), 26, VERDICT_REJECTED},
        {STR_INIT("greenteagc"), 24, VERDICT_REJECTED},
        {STR_INIT("nocoverageredesign"), 24, VERDICT_FINE},
        {STR_INIT("swissmap"), 26, VERDICT_REJECTED},
        {STR_INIT("noregabi"), 18, VERDICT_FINE},
        {STR_INIT("none"), 26, VERDICT_CAUTION},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].in.ptr;
        GcSettings s = settings_new(t->arena, rows[i].minor);
        settings_check_experiment(&s, rows[i].in, true);
        CHECK_EQ(t, only(t, &s).verdict, rows[i].want);
    }
    GcSettings s = settings_new(t->arena, 26);
    settings_check_experiment(&s, STR("nogreenteagc"), false);
    CHECK_EQ(t, only(t, &s).verdict, VERDICT_IGNORED);
}

TEST(settings_in_files) {
    GcSettings s = settings_new(t->arena, 26);
    settings_check_go_file(
        &s,
        STR("// A program.\n/* two\nlines */\n//go:debug panicnil=1\n//go:debug gc=greentea\n"
            "//go:debugger x\n//go:debug gctrace=1\n//go:debug panicnil=0\n//go:debug x509sha1=1\n"
            "package main\n//go:debug late=1\n"),
        STR("cmd/a/main.go"));
    static const GcVerdict want[] = {VERDICT_FINE, VERDICT_REJECTED, VERDICT_REJECTED,
                                     VERDICT_REJECTED, VERDICT_REJECTED};
    CHECK_EQ(t, s.notes.len, COUNT(want));
    for (uint32_t i = 0; i < s.notes.len && i < COUNT(want); i++)
        CHECK_EQ(t, s.notes.v[i].verdict, want[i]);
    CHECK_STR(t, s.notes.v[0].where, STR("cmd/a/main.go:4"));

    GcSettings lib = settings_new(t->arena, 26);
    settings_check_go_file(&lib, STR("//go:debug panicnil=1\npackage lib\n"), STR("lib/lib.go"));
    CHECK_EQ(t, only(t, &lib).verdict, VERDICT_IGNORED);

    Str mod = STR("module x\n\ngo 1.26.1 // here\n\ngodebug default=go1.21\ngodebug "
                  "(\n\tpanicnil=1 // why\n\tgc=greentea\n)\n");
    GcSettings m = settings_new(t->arena, 26);
    settings_check_go_mod(&m, mod, STR("go.mod"));
    CHECK_EQ(t, m.notes.len, 3);
    CHECK_EQ(t, m.notes.v[0].verdict, VERDICT_FINE);
    CHECK_EQ(t, m.notes.v[1].verdict, VERDICT_FINE);
    CHECK_EQ(t, m.notes.v[2].verdict, VERDICT_REJECTED);
    CHECK_STR(t, settings_go_mod_version(mod), STR("1.26.1"));
    GcSettings old = settings_new(t->arena, 22);
    settings_check_go_mod(&old, STR("godebug panicnil=1\n"), STR("go.mod"));
    CHECK_EQ(t, only(t, &old).verdict, VERDICT_REJECTED);
}

TEST(settings_versions) {
    uint32_t minor = 0;
    CHECK_OK(t, settings_go_version(t->arena, STR("go1.26.8-X:nogreenteagc"), &minor));
    CHECK_EQ(t, minor, 26);
    CHECK_OK(t, settings_go_version(t->arena, STR("1.18"), &minor));
    CHECK_EQ(t, minor, 18);
    CHECK_ERR(t, settings_go_version(t->arena, STR("devel"), &minor), "no Go version");
    CHECK_ERR(t, settings_go_version(t->arena, STR("go1.17"), &minor), "1.18 to 1.27");
}

// A block as the linker writes it: magic, pointer size, flags, padding, then two strings.
TEST(buildinfo_block) {
    Buf b = buf_new(t->arena);
    buf_fill(&b, 'x', 77);
    buf_lit(&b, "\xff Go buildinf:\x08\x02");
    buf_fill(&b, 0, 16);
    Str version = STR("go1.26.8");
    buf_byte(&b, (char)version.len);
    buf_str(&b, version);
    Str module = STR("0123456789abcdefpath\tx\nbuild\tGOEXPERIMENT=nogreenteagc\n0123456789abcdef");
    buf_byte(&b, (char)module.len);
    buf_str(&b, module);
    GcBuild build;
    CHECK_OK(t, buildinfo_read(t->arena, buf_view(&b), &build));
    CHECK_STR(t, build.version, version);
    CHECK_STR(t, build.experiments, STR("nogreenteagc"));
    CHECK_STR(t, buildinfo_collector(&build), STR("classic"));
    build.experiments = STR("");
    CHECK_STR(t, buildinfo_collector(&build), STR("Green Tea"));
    build.version = STR("go1.24.1");
    CHECK_STR(t, buildinfo_collector(&build), STR("classic"));
    for (size_t cut = 0; cut < b.len; cut++) // cut anywhere: no block, never a wrong one
        CHECK_ERR(t, buildinfo_read(t->arena, str_to(buf_view(&b), cut), &build),
                  "no Go build information");
}
