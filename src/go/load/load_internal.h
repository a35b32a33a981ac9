// go/load: what the files of this folder share.
#ifndef HEAPWISE_GO_LOAD_INTERNAL_H
#define HEAPWISE_GO_LOAD_INTERNAL_H

#include "base/buf.h"
#include "base/index.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "go/load/load.h"
#include "go/syntax/syntax.h"
#include "sys/file.h"
#include "sys/task.h"

// ---- path.c: text of paths -------------------------------------------------------------------

typedef enum PathKind { PATH_MODULE, PATH_IMPORT, PATH_FILE } PathKind;

Str path_under(Arena *a, Str dir, Str name); // joined and cleaned
bool path_is_abs(Str p);
Str path_ext(Str name);                     // with the dot, "" without one
bool path_has_prefix(Str path, Str prefix); // the same or below
Str path_below(Str path, Str prefix);       // without the prefix and its slash
bool path_is_local(Str p);                  // ".", "..", "./x", "../x"
Str first_element(Str path);
bool import_is_standard(Str path);
bool import_is_legal(Str path);                    // what a Go file may write between the quotes
Str path_check(Arena *a, Str path, PathKind kind); // "" or what is wrong
Str import_path_check(Arena *a, Str path);
Str module_path_check(Arena *a, Str path);
Str path_escape(Arena *a, Str s); // as the module cache spells it

// ---- text.c: text as Go's fmt and strconv write and read it ------------------------------------

bool is_space(char c);
Str str_field(Str *s); // the next word between white space; "" at the end
StrVec str_fields(Arena *a, Str s);
Str text_quote(Arena *a, Str s);
Str text_quote_rune(Arena *a, Str s, size_t at); // 'x'
Str text_unicode(Arena *a, Str s, size_t at);    // U+0078 'x'
bool go_quoted_is_valid(Str literal);
Str go_unquote(Arena *a, Str literal); // the value of a string literal

// ---- version.c -------------------------------------------------------------------------------

typedef struct Semver {
    Str major, minor, patch, prerelease, build; // the last two with their "-" and "+"
    Str short_form;                             // what a short version leaves out
} Semver;

bool semver_parse(Str v, Semver *out);
bool semver_is_valid(Str v);
int semver_compare(Str v, Str w);
Str version_canonical(Arena *a, Str v);
bool gover_is_valid(Str x);
int gover_compare(Str x, Str y);
Str gover_lang(Str x);
bool gover_is_go_line(Str s);
bool module_is_toolchain(Str path);
int module_compare(Str path, Str v, Str w);
bool module_split_major(Str path, Str *major);
Str module_check_major(Arena *a, Str v, Str major);

// ---- constraint.c ----------------------------------------------------------------------------

typedef struct BuildTags {
    Str goos, goarch;
    bool cgo;
    StrMap set; // -tags, releases, experiments, architecture levels
} BuildTags;

typedef struct Constraint Constraint;

bool constraint_is_go_build(Str line);
bool constraint_is_plus_build(Str line);
Constraint *constraint_parse(Arena *a, Str line, Str *error);
bool constraint_holds(const Constraint *c, const BuildTags *tags);
Str constraint_go_version(Arena *a, const Constraint *c);
bool tags_match(const BuildTags *t, Str name);
bool tags_match_file(const BuildTags *t, Str name);

// ---- header.c --------------------------------------------------------------------------------

typedef struct HeaderImport {
    Str path;
    uint32_t line, col;
    Str doc; // of import "C": the comment above it
} HeaderImport;
typedef VEC(HeaderImport) HeaderImports;

typedef struct HeaderEmbed {
    Str pattern;
    uint32_t line, col;
} HeaderEmbed;

typedef struct FileHeader {
    Str package_name; // "" when it could not be read
    HeaderImports imports;
    VEC(HeaderEmbed) embeds;
    Str go_build;      // the //go:build line
    StrVec plus_build; // or the old ones
    Str go_version;
    Str read_error;       // the file cannot be Go source
    Str constraint_error; // two //go:build lines
    Str error;            // a syntax error, at error_line:error_col (0: none)
    uint32_t error_line, error_col;
    bool error_is_plain; // its position is part of the text, not of the report
    bool reached_end;    // the header goes on to the last byte given
} FileHeader;

void header_read(Arena *a, Str text, bool *more, FileHeader *out);
void header_keep(Arena *a, FileHeader *h); // copies what points into the text
void header_read_constraints(Arena *a, Str text, FileHeader *out); // of other sources

// ---- modfile.c -------------------------------------------------------------------------------

typedef struct ModRef {
    Str path, version;
} ModRef;
typedef struct ModRequire {
    ModRef mod;
    bool indirect;
} ModRequire;
typedef struct ModReplace {
    ModRef old, now;
} ModReplace;
typedef enum ModFileKind { MODFILE_STRICT, MODFILE_LAX, MODFILE_WORK } ModFileKind;

typedef struct ModFile {
    bool has_module;
    Str module, go, toolchain;
    VEC(ModRequire) requires;
    VEC(ModRef) excludes;
    VEC(ModReplace) replaces;
    StrVec tools, ignores, uses;
    U32Vec use_lines;
    StrVec errors; // "go.mod:3: what"
} ModFile;

void modfile_parse(Arena *a, Str name, Str text, ModFileKind kind, ModFile *out);

// ---- env.c -----------------------------------------------------------------------------------

typedef struct Env {
    Arena *arena;
    const LoadConfig *config;
    StrMap files[2]; // the user's and the release's variables: places in values
    StrVec values;
    Str cwd;
    Str goroot, goroot_src, go_version;
    Str gopath, modcache, goamd64;
    BuildTags tags;
    StrVec experiments;
    Str tag_list;
    Str mod; // -mod as said, or what follows from the main module
    bool mod_explicit;
    Str mod_reason; // why it is what it is, for errors
    Str modfile;
} Env;

Err goenv_read(Arena *a, const LoadConfig *config, Env *e);
Str goenv_get(const Env *e, const char *name);

// ---- dirs.c ----------------------------------------------------------------------------------

typedef enum SourceKind {
    SOURCE_NONE,
    SOURCE_GO,
    SOURCE_C,
    SOURCE_CXX,
    SOURCE_M,
    SOURCE_H,
    SOURCE_F,
    SOURCE_S,
    SOURCE_BIG_S, // .S and .sx: only for the C compiler
    SOURCE_SWIG,
    SOURCE_SWIGCXX,
    SOURCE_SYSO,
} SourceKind;
SourceKind source_kind(Str name);

typedef struct DirFile {
    Str name;
    SourceKind kind;
    bool name_fits; // _GOOS_GOARCH endings
    bool fits;      // build constraints
    bool unreadable;
    Str constraint_error;
    FileHeader header;
    Str bytes; // when kept
} DirFile;

typedef struct Dir {
    Str path;
    bool read, wanted, exists;
    bool has_go; // a .go file the go command would look at
    bool has_go_mod;
    StrVec subdirs;     // sorted
    StrVec linked_dirs; // links to directories: not walked
    VEC(DirFile) files; // sources of any kind, sorted
} Dir;

typedef struct Dirs Dirs;
Dirs *dirs_new(Arena *a, const Env *env, bool build_only); // of standard packages
void dirs_free(Dirs *d);
void dirs_want(Dirs *d, Str path);
void dirs_read(Dirs *d);
const Dir *dirs_get(Dirs *d, Str path);
const Dir *dirs_known(const Dirs *d, Str path); // NULL: was not read
bool dir_is_fresh(Dirs *d, const Dir *dir);

// ---- mods.c, graph.c, vendor.c: which modules there are -----------------------------------------

typedef uint32_t ModId; // a module at a version; 0 is none (the standard library)

// How much of a module's requirements counts (https://go.dev/ref/mod#graph-pruning).
typedef enum Pruning { PRUNING_PRUNED, PRUNING_UNPRUNED, PRUNING_WORKSPACE } Pruning;

typedef struct ModSummary { // what its go.mod says to those who require it
    Str module, go;
    Pruning pruning;
    U32Vec require; // ModIds
    StrVec ignores;
    Str error; // "module@version: why"
    Str why;
} ModSummary;

typedef struct Mod {
    Str path, version;
    // Main modules only.
    bool main, in_goroot;
    Str root;   // its directory; "" when there is no main module at all
    Str prefix; // of its packages' import paths: its path, "" for std
    ModFile *file;
    Str raw_go; // what Module.GoVersion shows
    // Found on demand.
    bool located, local, missing_sum;
    Str dir, locate_error;
    bool summarized, summary_missing_sum;
    ModSummary summary;
    bool in_graph; // its requirements count
    ModId required_by;
    LoadModule *info;
} Mod;

typedef struct VendorMeta {
    bool explicitly;
    ModRef replacement;
    Str go;
} VendorMeta;

typedef struct Vendor {
    bool read;
    StrMap package_module; // import path -> ModId
    StrMap version;        // module path -> ModId
    U32Vec list;           // ModIds, in file order
    U32Vec replaced;
    VEC(VendorMeta) meta; // by ModId
} Vendor;

typedef struct ReplaceTo {
    ModRef now;
    Str root; // of the module whose go.mod says it; "" for go.work
    Str from; // the file that says it
} ReplaceTo;

typedef struct Mods {
    Arena *arena;
    Env *env;
    Dirs *dirs;
    VEC(Mod *) all; // by ModId - 1
    Index index;
    U32Vec mains;
    Str work_file;
    ModFile work;
    StrMap replaces; // "path@version" or "path@" -> place in replace_list
    VEC(ReplaceTo) replace_list;
    StrMap excludes, sums, go_mod_at;
    Pruning pruning;
    U32Vec roots;     // sorted
    StrMap root_mods; // path -> ModId, the highest
    bool graph_read;
    StrMap selected; // path -> ModId
    U32Vec build_list;
    Str graph_error;
    Vendor vendor;
    StrVec *warnings;
} Mods;

Err mods_open(Arena *a, Env *env, Dirs *dirs, StrVec *warnings, Mods **out);
Mod *mod_get(const Mods *ms, ModId id);
ModId mods_intern(Mods *ms, Str path, Str version);
bool mods_is_main_path(const Mods *ms, Str path);
bool mods_has_root(const Mods *ms); // a main module with a directory
bool mods_in_workspace(const Mods *ms);
ModId mods_root_selected(const Mods *ms, Str path); // 0: no root has that path
ModId mods_selected(Mods *ms, Str path);            // in the whole graph
const ReplaceTo *mods_replacement(const Mods *ms, const Mod *m);
ModRef mods_resolved(const Mods *ms, const Mod *m); // after replacement
Str mods_replace_base(const Mods *ms);              // what a relative replacement starts from
void mods_locate(Mods *ms, Mod *m);                 // sets dir or locate_error
bool mods_have_sum(Mods *ms, ModRef r, bool go_mod);
bool mods_must_have_sums(const Mods *ms);
const ModSummary *mods_summary(Mods *ms, ModId id);
void mods_sort(const Mods *ms, U32Vec *ids);
bool mods_has_go_mod(Mods *ms, Str dir); // a module starts there
Str mods_short_path(const Mods *ms, Str path);
Str mods_go_version(const Mods *ms); // of the main module or workspace
Str mod_file_path(const Mods *ms, Str root);
Str mod_text(Arena *a, ModRef r); // "path@version"
const LoadModule *mods_info(Mods *ms, ModId id);
void graph_read(Mods *ms);
bool graph_roots_hold(Mods *ms); // each root is the version selected
Err vendor_open(Mods *ms);       // reads vendor/modules.txt and compares it with go.mod
void vendor_read(Mods *ms);
Str vendor_dir(const Mods *ms);
Err mods_dirty_error(const Mods *ms);

// ---- build.c: the files of one directory, sorted into a package --------------------------------

typedef struct FilePos {
    Str what; // import path or pattern
    Str file; // absolute
    uint32_t line, col;
} FilePos;
typedef VEC(FilePos) FilePosVec;

typedef enum BuildErrorKind {
    BUILD_OK,
    BUILD_NO_GO,  // nothing to build here
    BUILD_SYNTAX, // at `at`
    BUILD_OTHER,
} BuildErrorKind;

typedef struct BuildPackage {
    Str dir, name;
    StrVec lists[SOURCE_SYSO + 1]; // by SourceKind; SOURCE_GO: the plain ones
    StrVec cgo_files, test_go_files, xtest_go_files;
    StrVec ignored_go_files, ignored_other_files, invalid_go_files;
    // Sorted, each once, with the first place in file order.
    FilePosVec imports, test_imports, xtest_imports;
    FilePosVec embeds, test_embeds, xtest_embeds;
    BuildErrorKind error_kind;
    Str error;
    FilePos at;
} BuildPackage;

typedef struct BuildOptions {
    const BuildTags *tags;
    bool indexed;   // errors as the go command's index of a directory gives them
    bool all_files; // files named one by one are taken whatever their constraints
} BuildOptions;

void build_package(Arena *a, const Dir *dir, BuildOptions options, BuildPackage *out);
StrVec positions_names(Arena *a, const FilePosVec *list);
const FilePos *positions_find(const FilePosVec *list, Str what); // NULL: not there

// ---- embed.c -----------------------------------------------------------------------------------

typedef struct EmbedResult {
    StrVec files; // sorted
    Str failed;   // the pattern that does not work, and why
    Str error;
} EmbedResult;

bool embed_resolve(Arena *a, Str dir, const StrVec *patterns, EmbedResult *out); // false: failed

// ---- resolve.c, scan.c: import paths to directories, and the import graph ----------------------

typedef enum ImportErrorKind {
    IMPORT_OK,
    IMPORT_NO_GO, // a directory without Go files for this build
    IMPORT_MISSING,
    IMPORT_MISSING_SUM,
    IMPORT_OTHER,
} ImportErrorKind;

typedef struct ImportError {
    ImportErrorKind kind;
    Str text;
} ImportError;

typedef struct Found {
    bool found;
    ModId mod; // 0: the standard library
    Str dir;
    ImportError error;
} Found;

typedef struct LoadPkg { // one import path
    Str path;
    ModId mod;
    Str dir;
    ImportError error;
    StrVec import_paths, test_paths; // as the source says
    U32Vec imports;                  // places in Loader.pkgs + 1; those of tests come last
    uint32_t plain_imports;
    bool in_std, want_tests, reached, needed;
    uint32_t stack; // who imports it, 0: nobody
} LoadPkg;

typedef struct Match { // one pattern
    Str pattern;
    StrVec dirs, packages;
    Str error;              // "" or why it matches nothing
    bool error_is_of_graph; // shown without the pattern
} Match;

typedef struct Loader {
    Arena *arena;
    const LoadConfig *config;
    Env env;
    Dirs *dirs;
    Mods *mods;
    VEC(LoadPkg *) pkgs;
    StrMap pkg_at; // path -> place in pkgs + 1
    bool whole_graph;
    bool all_tests; // the pattern "all" counts tests of main modules
    StrVec warnings;
} Loader;

Str standard_dir(Loader *ld, Str path);
void resolve_want(Loader *ld, Str path);
Found resolve_import(Loader *ld, Str path);
void resolve_word_errors(Loader *ld);
Err scan_prepare(Loader *ld);
Err scan_packages(Loader *ld, const StrVec *paths);
Err scan_all(Loader *ld, StrVec *paths); // adds what they need, tests of main modules included
LoadPkg *scan_find(const Loader *ld, Str path); // NULL: not part of the graph
bool scan_has_package(Loader *ld, const Dir *dir);
Str scan_std_vendor(Loader *ld, Str parent, Str path);

// ---- match.c -----------------------------------------------------------------------------------

typedef VEC(Match) MatchVec;
StrVec match_clean(Arena *a, const StrVec *patterns);
bool match_is_literal(Str pattern);
bool match_is_local(Str pattern);
Err match_patterns(Loader *ld, MatchVec *matches);

// ---- package.c, variant.c, testvariant.c: packages with their imports
// ------------------------------------------

typedef struct PackageData { // what an import path stands for
    Str path;
    BuildPackage build;
    bool goroot;
    BuildErrorKind error_kind;
    Str error;
    FilePos error_at;
} PackageData;

typedef struct Pkg {
    Package pub;
    const PackageData *data;
    U32Vec imports; // places in Assembly.pkgs + 1: those of the source, then of cgo and the linker
    bool imports_known;
    bool files_named; // made of files named on the command line
    bool listed;      // already in the order of output
    bool is_root;
    bool has_profile; // built with a default.pgo
} Pkg;

typedef struct StackItem {
    Str package, file;
} StackItem;

typedef struct Assembly {
    Arena *arena;
    Loader *ld;
    VEC(Pkg *) pkgs;
    StrMap pkg_at;
    VEC(PackageData *) data;
    StrMap data_at;
    VEC(StackItem) stack; // the imports that led here
    StrMap folded;
    StrVec fold_list;
    U32Vec roots;
} Assembly;

uint32_t assembly_import(Assembly *as, Str path, const Pkg *parent, const FilePos *at,
                         PackageError *error);
void assembly_fill(Assembly *as, Pkg *p, Str path, const FilePos *at, const PackageData *d);
Pkg *assembly_new(Assembly *as, Str import_path, uint32_t *id);
void assembly_split_profiles(Assembly *as); // variants for main packages with a default.pgo
void assembly_add_tests(Assembly *as);      // variants of the roots that have tests
// Adds id and what it imports, imports first; those marked as listed are passed over.
void assembly_list_from(Assembly *as, uint32_t id, U32Vec *out);
U32Vec assembly_order(Assembly *as); // imports before importers, from the roots

#endif
