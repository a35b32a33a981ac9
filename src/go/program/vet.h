// go/program/vet.h: one package as the go command's vet hands it over: a .cfg file in, facts in and
// out. What we need of a dependency is its source, not its export data: so the facts of a package
// say which files it is made of, what its imports mean there, and the same of all below it. The
// analysis of a package from its .cfg is then the one `heapwise escape` makes of the whole program.
// A hash of every file is in them: facts change with any byte they stand for, and the go command
// asks again for what depends on them.
//
// Owns     everything lives in the arena given.
// Failure  Err: bytes that are no .cfg or no facts, a file that cannot be read.
#ifndef HEAPWISE_GO_PROGRAM_VET_H
#define HEAPWISE_GO_PROGRAM_VET_H

#include "go/program/program.h"

typedef struct VetFile {
    Str name; // absolute
    Str hash; // hex
    Str text; // of files the go command made for this build only; ptr NULL: read it
} VetFile;

typedef struct VetPackage {
    Str id; // "fmt", "fmt [fmt.test]"
    Str lang;
    bool standard;
    VEC(VetFile) files;
    VEC(ProgramImport) imports; // those that mean another path
} VetPackage;
typedef VEC(VetPackage) VetFacts; // imports before importers

typedef struct VetDep {
    Str id, file;
} VetDep;

typedef struct VetConfig {
    VetPackage own; // hashes and texts are vet_read_files'
    Str dir;
    VEC(VetDep) deps;          // files with facts, by id
    bool facts_only;           // nothing is to be reported
    bool may_fail;             // wrong code is no failure
    Str facts_out, report_out; // empty: nowhere
} VetConfig;

// goroot: packages below it are the standard library's.
Err vet_parse(Arena *a, Str json, Str goroot, VetConfig *out);
// Reads the package's own files; those outside its directory are kept whole.
Err vet_read_files(Arena *a, VetConfig *c);

Err vet_facts_parse(Arena *a, Str json, VetFacts *inout); // adds packages that are not there yet
Str vet_facts_write(Arena *a, const VetFacts *facts);

// Packages become units, the last one the root.
Err vet_add(Program *p, const VetFacts *facts);

#endif
