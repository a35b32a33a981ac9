// go/load: what the files of this folder share.
#ifndef HEAPWISE_GO_LOAD_INTERNAL_H
#define HEAPWISE_GO_LOAD_INTERNAL_H

#include "base/buf.h"
#include "base/index.h"
#include "base/utf8.h"
#include "go/load/load.h"
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
bool rune_is_letter(uint32_t r); // these three: r >= 0x80 too
bool rune_is_digit(uint32_t r);
bool rune_is_printable(uint32_t r);
Str str_field(Str *s); // the next word between white space; "" at the end
StrVec str_fields(Arena *a, Str s);
void buf_quote(Buf *b, Str s);
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

#endif
