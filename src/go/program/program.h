// go/program/program.h: a whole program: every package parsed and type-checked once, in parallel,
// imports before importers; what is wrong with each, as the compiler and the go command print it.
// Later passes hang their results per package here (ProgramUnit.results).
//
// Owns     a Program owns its units, their trees, types and results until program_free. The
//          PackageSet it was given must outlive it.
// Threads  adding is for one thread; program_run uses all workers; afterwards a unit is read only.
// Order    units keep the order they were added in; nothing printed depends on which was done
// first. Failure  Err: a file cannot be read, positions run out. Wrong Go code is in a unit's
// diagnostics.
#ifndef HEAPWISE_GO_PROGRAM_H
#define HEAPWISE_GO_PROGRAM_H

#include "go/ir/ir.h"
#include "go/load/load.h"
#include "go/types/types.h"
#include "go/why/why.h"

typedef struct Program Program;
typedef struct Kept Kept; // kept.h

struct ProgramUnit;
// The unit was lowered, or a pass over it is done (program_passes). Called from many threads, for
// one unit from one at a time.
typedef void ProgramWatch(void *ctx, struct ProgramUnit *u, IrPkg *ir, const char *pass);

typedef struct ProgramConfig {
    uint32_t workers;   // 0: as many as there are processors
    Str goarch;         // decides sizes; empty: amd64
    bool syntax_only;   // parse, and check nothing else
    bool raw;           // as types2's own tests want it: types are checked after syntax errors too,
                        // directives by nobody
    bool test_builtins; // assert and trace are predeclared
    bool fake_import_c; // names of package C are opaque
    bool keep;          // trees and results stay after a unit's check, for later passes
    bool analyse;      // lower, inline and analyse what escapes; types and source texts stay, trees
                       // of packages with something generic
    IrFlags flags;     // of the analysis: for roots, or for all with all_flags
    bool all_flags;    // -gcflags=all=...
    const char *until; // the last pass that is wanted; NULL: all of them
    bool costs;        // with analyse: ProgramUnit.costs of roots
    const Kept *kept;  // what is not to be worked on: answers are there; NULL: nothing
    ProgramWatch *after_pass; // NULL: nobody looks
    void *after_pass_ctx;
} ProgramConfig;

// What an analysis does with a unit, in order; NULL at the end. After the last one trees are gone
// but for the bodies that importers may inline.
extern const char *const program_passes[];

// What the compiler does in turn; it stops after a stage that found errors (after the first one:
// after syntax errors).
typedef enum ProgramStage { STAGE_PARSE, STAGE_TYPES, STAGE_LATE, STAGE_COUNT } ProgramStage;

enum { PROGRAM_RESULTS = 8 }; // places for later passes

// One package being compiled.
typedef struct ProgramUnit {
    const Package *package; // NULL when it was given as files
    Str path;               // import path
    Str title;              // with the ending of a test variant: what follows "# "
    Str dir;                // its directory, empty when not known
    Str lang;               // "go1.26"
    Arena *arena;           // source text, types, diagnostics
    Arena *trees;           // trees and their TypesInfo; NULL once they are gone
    Arena *bodies; // of an analysis: the trees of bodies, but for generic ones, and the TypesInfo
                   // until they are gone; NULL: all is in trees
    File **files;  // those with a usable package clause
    uint32_t file_count;
    uint32_t expr_count, stmt_count, decl_count, group_count; // highest ids in the trees
    Pkg *pkg;                                                 // NULL when not checked
    TypesInfo info;
    Diags diags[STAGE_COUNT];
    bool standard;                  // of the standard library
    bool root;                      // asked for, not only needed by another one
    bool failed;                    // it has errors
    bool import_failed;             // one of its imports has, or could not be found
    bool unreadable;                // a file of it could not be read: the answer is not whole
    bool cut_short;                 // a file without a usable package clause ended the parsing
    void *results[PROGRAM_RESULTS]; // of whoever the program is run for
    IrPkg *ir;                      // of an analysed unit; NULL: not analysed
    Costs costs;                    // what its code asks the runtime for
} ProgramUnit;

typedef struct ProgramImport { // what an import of `path` means: another package's id
    Str path, id;
} ProgramImport;

// A package given as files, the way the compiler itself is called.
typedef struct ProgramFiles {
    Str path;                   // import path; empty: "p"
    Str id;                     // what imports of it are resolved to; empty: path
    VEC(ProgramImport) imports; // where not simply by path
    StrVec texts;     // of names, where they are not to be read; one an empty Str: read it
    Str lang;         // -lang; empty: the newest (raw: none)
    Str local_prefix; // -D: what "./a" is relative to
    StrVec names;     // as to be shown and read
    bool complete;    // every function has a body
    bool standard;    // -std
    bool root;
} ProgramFiles;

Program *program_new(const ProgramConfig *config);
void program_free(Program *p); // NULL is fine

// Every package of the set becomes a unit.
Err program_add_packages(Program *p, const PackageSet *set);
// Parses at once. A unit sees those added as files before it, then the packages of the set.
Err program_add_files(Program *p, const ProgramFiles *files);
// What the units added as files import and none of them provides; sorted.
StrVec program_missing_imports(Program *p, Arena *a);

void program_run(Program *p);

// In two parts, for who asks again after an edit: the units that `later` (by unit) leaves and what
// imports them are not worked on, and are marked in it. Afterwards the program has one thread, and
// program_run_unit works on one of them, its imports being done.
void program_run_but(Program *p, bool *later);
void program_run_unit(Program *p, uint32_t i);
// The unit that import number k of unit i is; false: it has fewer. Once it ran.
bool program_imports(const Program *p, uint32_t i, uint32_t k, uint32_t *from);

// Calls fn for every unit, on all workers; for after program_run.
void program_each(Program *p, void (*fn)(void *ctx, uint32_t unit, uint32_t worker), void *ctx);
uint32_t program_unit_count(const Program *p);
ProgramUnit *program_unit(const Program *p, uint32_t i); // 0-based
FileSet *program_files(const Program *p);
Names *program_names(const Program *p);
TypesEnv *program_types(const Program *p);
Arena *program_arena(const Program *p); // lives as long as the program

// ---- what is printed

typedef struct ReportStyle {
    bool all;         // -e: no limit of ten errors
    bool raw;         // every diagnostic as found: nothing sorted, folded or left out
    bool no_columns;  // -C
    bool import_fail; // report units whose imports failed, too (the go command does not build them)
} ReportStyle;

// One line of a report, for JSON.
typedef struct ReportLine {
    Pos pos; // 0: unknown
    Str text;
    ProgramStage stage;
    uint32_t code;
} ReportLine;
typedef struct Report {
    VEC(ReportLine) lines; // in the order they are printed
    bool too_many;         // ended by "too many errors"
    Pos too_many_pos;
} Report;

// What the compiler would report of the unit.
Report program_report(Arena *a, const Program *p, const ProgramUnit *u, ReportStyle style);
// The same as text: what the compiler prints.
void program_print_unit(Buf *b, const Program *p, const ProgramUnit *u, ReportStyle style);
// The same as `go build` run in cwd prints it: "# path", paths relative to cwd where shorter.
void program_print_build(Buf *b, const Program *p, const ProgramUnit *u, ReportStyle style);

// Why the unit is missing from an analysis, when no diagnostic of it says so: it could not be
// found, or is a root that something it imports keeps from being analysed. Empty: it is not
// missing.
Str program_why_missing(Arena *a, const ProgramUnit *u);
// The messages of an analysed root under "# path" (of one given as files: as the compiler prints
// them, without), file names whole. False: it has none.
bool program_write_messages(Buf *b, const ProgramUnit *u);
// The unit's log, as -json=0,dir writes it, in a directory of dir (log.c); with flags.log.
Err program_write_log(Arena *a, const Program *p, const ProgramUnit *u, Str dir);
// What `go build -gcflags=-m` run in cwd prints of an analysed unit: "# path" and its messages.
// False: nothing.
bool program_print_messages(Buf *b, const ProgramUnit *u);
// Paths below each directory above dir are shown relative to cwd where that is shorter: how the go
// command passes on what the compiler says of a package in dir.
Str program_shorten_paths(Arena *a, Str text, Str dir, Str cwd);

#endif
