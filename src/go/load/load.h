// go/load/load.h: finds Go packages as the go command does, without running it: go.mod, go.work,
// vendor/, the module cache, GOROOT, build constraints. Files are read as far as their imports.
// Owns     a PackageSet owns everything it points to, until package_set_free.
// Order    packages come in dependency order (imports before importers), the order `go list -deps`
//          prints, the same on every run.
// Threads  load_packages uses its own workers; the set it returns is read-only afterwards.
// Failure  Err: the environment or a go.mod cannot be used at all (no GOROOT, broken go.mod).
//          What is wrong with one package stands in its Package.error and the others are whole.
// Network  never used: a module that is not in the module cache is an error saying how to get it.
#ifndef HEAPWISE_GO_LOAD_LOAD_H
#define HEAPWISE_GO_LOAD_LOAD_H

#include "base/err.h"
#include "base/vec.h"

typedef uint32_t PackageId; // place in PackageSet.packages + 1; 0 is none

typedef struct LoadConfig {
    Str dir;     // directory the command works in; empty: the process's
    StrVec env;  // "NAME=value": wins over the process's environment, as `env NAME=value` does
    Str tags;    // -tags: comma-separated
    Str mod;     // -mod: "", mod, readonly or vendor
    Str modfile; // -modfile
    bool tests;  // add test variants: p [p.test], p_test [p.test], p.test
    bool want_deps_lists; // fill in Package.deps
    bool keep_bytes;      // keep the text of the Go files a build takes: see package_file
    bool skip_embed;      // do not look up //go:embed patterns
    bool build_only; // of standard packages only the files a build may take are read: they have no
                     // tests and no ignored files then
    Str pgo;         // -pgo: auto (or empty), off, or the profile of all packages
} LoadConfig;

// Where an error stands and through which imports it was reached, as `go list` reports it.
typedef struct PackageError {
    StrVec import_stack;
    Str pos;  // "file:line:col", "" when unknown
    Str text; // without the position; "" is no error
    bool is_cycle;
    bool print_stack;   // the message shows the stack even where there is a position
    StrVec stack_files; // of a cycle: for each element of import_stack the importing file, or ""
} PackageError;

typedef struct LoadModule {
    Str path, version;                 // version "" for main modules and directories
    Str dir;                           // "" when vendored
    Str go_mod;                        // its go.mod
    Str go_version;                    // from its go line; "" without one
    Str replace_path, replace_version; // what a replace directive put in its place, else ""
    bool main, indirect;
} LoadModule;

typedef struct ImportedPackage {
    Str path;     // as the source says it
    PackageId id; // 0: could not be found, Package.error says why
} ImportedPackage;

typedef struct Package {
    // What `go list -json` calls by the same names.
    Str import_path; // may end in " [p.test]" or " [main/path]" for a variant built for that one
    Str name, dir;
    StrVec go_files, cgo_files, ignored_go_files, invalid_go_files, ignored_other_files;
    StrVec c_files, cxx_files, m_files, h_files, f_files, s_files, swig_files, swigcxx_files;
    StrVec syso_files, test_go_files, xtest_go_files;
    StrVec embed_patterns, embed_files;
    StrVec test_embed_patterns, xtest_embed_patterns;
    StrVec imports;     // resolved paths, sorted by what the source says
    StrVec raw_imports; // the same as the source says them
    StrVec test_imports, xtest_imports;
    StrVec deps;              // import paths of everything it needs, sorted
    const LoadModule *module; // NULL for the standard library
    PackageError error;
    bool standard, incomplete, dep_only;
    // For the compiler's passes.
    Str path;     // the import path other code uses: import_path without a variant's ending
    Str for_test; // the package under test of a test variant
    Str for_main; // the main package a profile-guided variant is built for
    Str profile;  // the CPU profile it is compiled with; empty: none
    VEC(ImportedPackage)
    imported;                // the imports of the source first, then what cgo and the linker add
    uint32_t source_imports; // how many of `imported` the source asks for
    bool has_body_elsewhere; // assembly, C or objects: functions without a body are allowed
} Package;

typedef struct PackageSet PackageSet;

// patterns: import paths, ./dir, ./..., path/..., std, cmd, all or .go files; none means ".".
Err load_packages(Arena *a, const LoadConfig *config, const StrVec *patterns, PackageSet **out);
void package_set_free(PackageSet *set); // NULL is fine

uint32_t package_count(const PackageSet *set);
const Package *package_get(const PackageSet *set, PackageId id); // id in 1..package_count
// Packages the patterns name, in the order the go command lists them without -deps.
const U32Vec *package_roots(const PackageSet *set);
// The one with that import path (a plain one, no variant); 0 when there is none.
PackageId package_find(const PackageSet *set, Str import_path);

// -lang of the package: "go1.21"; of the standard library the release's own.
Str package_lang(const PackageSet *set, const Package *p);

typedef struct SourceText {
    Str path;       // absolute
    Str bytes;      // the whole file
    Str go_version; // "go1.22" when a //go:build line raises or lowers the file's language, else ""
} SourceText;
// A Go file of the package by its name: kept bytes, else read into `a`.
Err package_file(const PackageSet *set, const Package *p, Str name, Arena *a, SourceText *out);

// Hashes of the sources in a package's directory, tests left out.
typedef struct PackageSource {
    uint64_t facts;   // what decides which packages there are and of which files: names of sources,
                      // their imports, build constraints, patterns
    uint64_t content; // the Go files
    bool broken;      // a file cannot be read, or breaks off before its declarations: no facts
} PackageSource;
PackageSource package_source(const Package *p);

// The error as the go command prints it after "go: " or "package ".
Str package_error_text(Arena *a, const PackageError *e);

// Facts about the build, for those who need more than packages.
typedef struct LoadFacts {
    Str goroot, go_version; // "1.26.8"
    Str goos, goarch, goamd64;
    Str module_cache;
    StrVec experiments; // those in force
    bool cgo;
} LoadFacts;
const LoadFacts *package_set_facts(const PackageSet *set);
const StrVec *package_set_warnings(const PackageSet *set); // what the go command says on stderr

#endif
