// go/program/program_internal.h: what the files of this folder share.
#ifndef HEAPWISE_GO_PROGRAM_INTERNAL_H
#define HEAPWISE_GO_PROGRAM_INTERNAL_H

#include <stdatomic.h>

#include "base/index.h"
#include "cache/cache.h"
#include "go/inline/inline.h"
#include "go/program/program.h"
#include "sys/task.h"

typedef struct UnitLinkname {
    Linkname name;
    uint32_t file; // place in ProgramUnit.files
} UnitLinkname;

// A unit and what the scheduler and the checks keep beside it.
typedef struct Unit {
    ProgramUnit pub;
    ProgramFiles source;             // when given as files
    bool parsed, complete;           // complete: every function has to have a body
    bool whole;                      // its trees have all bodies
    bool later;                      // left by program_run_but
    uint32_t tree_exprs, tree_stmts; // ids up to these are of nodes outside of pub.bodies
    VEC(uint32_t) imports;           // places of units; each once
    VEC(uint32_t) importers;
    _Atomic uint32_t to_check;   // its own parse and imports not yet checked
    _Atomic uint32_t to_analyse; // its own check and imports not yet analysed
    uint64_t chain;              // weight of the longest chain of importers that wait for it
    VEC(UnitLinkname) linknames;
    const PgoProfile *pgo; // it is compiled with; NULL: none
    CacheKey texts;        // of the files parsed, with config.kept
    struct Program *program;
    uint32_t place; // in Program.units
    uint32_t rank;  // in Program.order
    uint32_t turn;  // in Program.turns
} Unit;

struct Program {
    ProgramConfig config;
    Arena *arena;
    ArenaPool *pool;      // of the arenas that come and go with each package
    ArenaPool *stay_pool; // of those that stay: apart, so that what goes leaves no holes
    Names *names;
    FileSet *files;
    TypesEnv *env;
    IrSession *ir; // of an analysis
    Tasks *tasks;
    Syntax **syntaxes; // one a worker, made when first needed
    VEC(Unit *) units;
    VEC(Unit *) order; // imports before importers: the set's packages, then those given as files
    VEC(Unit *) turns; // as they are worked on
    _Atomic uint32_t next_parse; // place in turns of the next unit to parse
    const PackageSet *set;
    uint32_t set_first; // place of the unit of the set's package 1
    StrMap file_units;  // import path of a unit given as files -> place + 1
};

// ---- parse.c
// Bodies of functions may be left unread, unless all_bodies.
void unit_parse(Program *p, Unit *u, uint32_t worker, bool all_bodies);
Syntax *worker_syntax(Program *p, uint32_t worker);

// ---- generated.c
// The file of a standard package that a tree of Go's source alone lacks; false: it lacks none.
bool generated_file(const PackageSet *set, const Package *pkg, Arena *a, SourceText *out);

// ---- check.c
void types_setup(Program *p);
void types_teardown(Program *p);
void unit_check(Program *p, Unit *u, uint32_t worker);
// The unit an import path leads to; NULL: none, or package unsafe or C.
Unit *unit_import(const Program *p, const Unit *u, Str path);

// ---- pgo.c
// The profiles that packages of the set are compiled with are read.
Err program_read_profiles(Program *p);
// The bytes of a CPU profile, or what cmd/preprofile makes of one. *out NULL: nothing to go by.
Err pgo_decode(Arena *a, Str bytes, PgoProfile **out);

// ---- kept.c
bool kept_needs(const Kept *k, PackageId id); // it has to be analysed
CacheKey kept_add_text(CacheKey texts, Str bytes);

// ---- program.c
// A copy built for a profile is asked for where the original is.
bool package_is_root(const PackageSet *set, const Package *pkg);

// ---- analyse.c
void unit_analyse(Program *p, Unit *u);

// ---- directive.c
void directives_parsed(Unit *u, File *f, Diags *diags); // what the compiler's parser says of them
bool directive_is_embed(const Pragma *g);

// ---- decl.c
void directives_check(Unit *u, Names *names); // what the compiler says once types are known

// ---- late.c
// What the table of types holds; almost always nothing of it, and then no tree is walked.
typedef struct Suspects {
    bool cyclic, not_in_heap, too_large; // types that are written
    bool large_array;                    // of a value
} Suspects;
// Of the expressions with ids first to last.
Suspects unit_suspects(Arena *scratch, const Unit *u, uint32_t first, uint32_t last);
Suspects suspects_union(Suspects x, Suspects y);
// False: it cannot be said without the bodies. seen: what they had.
bool unit_check_late(Unit *u, Suspects seen);
void unit_walk(const Unit *u, bool (*visit)(void *ctx, SyntaxNode n), void *ctx); // every file

// ---- notinheap.c
// t is, or contains, internal/runtime/sys.NotInHeap. (There is no //go: line for it since Go 1.20.)
bool not_in_heap(const Program *p, Type *t);
// For units that write such a type.
void heap_check_types(Unit *u);
void heap_check_allocations(Unit *u);
bool unit_sees_not_in_heap(const Unit *u);       // it can write such a type
void heap_check_body(Unit *u, const Stmt *body); // both

// ---- size.c
bool size_is_too_large(Sizes s, Type *t);
void size_check(Unit *u, Sizes sizes); // for units that write such a type

// ---- frame.c
bool frame_is_large_array(Sizes s, Type *t);
void frame_check(Unit *u, Sizes sizes, bool large_arrays); // the unit has values of such a type

#endif
