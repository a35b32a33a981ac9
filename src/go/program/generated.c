// go/program/generated.c: files of the standard library that building Go itself writes (cmd/dist).
// A tree of Go's source alone does not have them, and some of its packages do not compile without.
// Their names and constants: cmd/dist/buildruntime.go and buildgo.go of Go 1.19 to 1.26. Constants
// have had two spellings; a package takes the one it knows.
#include "base/path.h"
#include "go/program/program_internal.h"

#define BOTH(name, value)                                                                          \
    "const default" name " = `" value "`\n"                                                        \
    "const Default" name " = `" value "`\n"

typedef struct Generated {
    const char *package, *file;
    const char *text; // %V: the release
} Generated;

static const Generated generated[] = {
    {"runtime/internal/sys", "zversion.go",
     "package sys\n\nconst StackGuardMultiplierDefault = 1\n"},
    {"internal/buildcfg", "zbootstrap.go",
     "package buildcfg\n\n" BOTH("GO386", "sse2") BOTH("GOAMD64", "v1") BOTH("GOARM", "7")
         BOTH("GOARM64", "v8.0") BOTH("GOMIPS", "hardfloat") BOTH("GOMIPS64", "hardfloat")
             BOTH("GOPPC64", "power8") BOTH("GORISCV64", "rva20u64") BOTH("GOFIPS140", "off")
                 BOTH("CGO_ENABLED", "") "const defaultGOEXPERIMENT = ``\n"
                                         "const defaultGO_EXTLINK_ENABLED = ``\n"
                                         "const defaultGO_LDSO = ``\n"
                                         "const version = `go%V`\n"
                                         "const defaultGOOS = `%O`\n"
                                         "const defaultGOARCH = `%A`\n"},
    {"go/build", "zcgo.go",
     "package build\n\nconst defaultCGO_ENABLED = \"\"\n\n"
     "var cgoEnabled = map[string]bool{\n"
     "\"aix/ppc64\": true, \"android/386\": true, \"android/amd64\": true, \"android/arm\": true,\n"
     "\"android/arm64\": true, \"darwin/amd64\": true, \"darwin/arm64\": true,\n"
     "\"dragonfly/amd64\": true, \"freebsd/386\": true, \"freebsd/amd64\": true,\n"
     "\"freebsd/arm\": true, \"freebsd/arm64\": true, \"illumos/amd64\": true,\n"
     "\"ios/amd64\": true, \"ios/arm64\": true, \"linux/386\": true, \"linux/amd64\": true,\n"
     "\"linux/arm\": true, \"linux/arm64\": true, \"linux/loong64\": true, \"linux/mips\": true,\n"
     "\"linux/mips64\": true, \"linux/mips64le\": true, \"linux/mipsle\": true,\n"
     "\"linux/ppc64le\": true, \"linux/riscv64\": true, \"linux/s390x\": true,\n"
     "\"linux/sparc64\": true, \"netbsd/386\": true, \"netbsd/amd64\": true,\n"
     "\"netbsd/arm\": true, \"netbsd/arm64\": true, \"openbsd/386\": true,\n"
     "\"openbsd/amd64\": true, \"openbsd/arm\": true, \"openbsd/arm64\": true,\n"
     "\"openbsd/mips64\": true, \"solaris/amd64\": true, \"windows/386\": true,\n"
     "\"windows/amd64\": true, \"windows/arm64\": true,\n"
     "}\n"},
};

static Str filled(Arena *a, const LoadFacts *facts, const char *text) {
    Buf b = buf_new(a);
    for (Str rest = str_c(text); rest.len;) {
        buf_str(&b, str_split(&rest, '%'));
        if (!rest.len) break;
        char what = rest.ptr[0];
        buf_str(&b, what == 'V' ? facts->go_version : what == 'O' ? facts->goos : facts->goarch);
        rest = str_from(rest, 1);
    }
    return buf_view(&b);
}

// Go 1.20 moved the platforms with cgo out of go/build, and needs that file no more.
static bool wanted(const Generated *g, const Package *pkg, const LoadFacts *facts) {
    if (!str_eq_c(pkg->import_path, g->package) || strvec_has(&pkg->go_files, str_c(g->file)))
        return false;
    return !str_eq_c(pkg->import_path, "go/build") ||
           go_version(facts->go_version) < go_version(STR("1.20"));
}

bool generated_file(const PackageSet *set, const Package *pkg, Arena *a, SourceText *out) {
    const LoadFacts *facts = package_set_facts(set);
    for (size_t i = 0; pkg->standard && i < COUNT(generated); i++) {
        const Generated *g = &generated[i];
        if (!wanted(g, pkg, facts)) continue;
        *out = (SourceText){.path = path_join(a, pkg->dir, str_c(g->file)),
                            .bytes = filled(a, facts, g->text)};
        return true;
    }
    return false;
}
