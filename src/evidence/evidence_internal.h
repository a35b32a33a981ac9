// evidence/evidence_internal.h: what the files of this folder share.
#ifndef HEAPWISE_EVIDENCE_EVIDENCE_INTERNAL_H
#define HEAPWISE_EVIDENCE_EVIDENCE_INTERNAL_H

#include "base/index.h"
#include "evidence/evidence.h"
#include "go/syntax/syntax.h"

// A place somebody asked about, with what the syntax says of it.
typedef struct Spot {
    uint32_t file;
    uint32_t line, col;
    const Expr *expr; // NULL: nothing begins there
    EvidenceSpan span;
    uint32_t func; // place + 1 in Sources.funcs; 0: outside functions
    uint32_t loop_depth;
    uint32_t flags;
    bool captures; // a function literal that uses variables around it
} Spot;

typedef struct SourceFunc {
    Str name; // "f", "(*T).M"
    Str bare; // "M"
    Str type; // "T"; empty: no method
    uint32_t package, file;
    const Decl *decl;
    uint32_t callers; // functions that reach it, itself not counted
    bool method;
} SourceFunc;

typedef struct SourceCall {
    uint32_t from; // place + 1 in funcs; 0: package initialisation
    Str package;   // import path; empty: a method of any type
    Str type;      // its type, where a parameter or the receiver tells; else empty
    Str name;
} SourceCall;

typedef struct SourceText {
    Str path;
    uint32_t package;
    SourceFile *source; // NULL: could not be read
    File *tree;         // NULL: could not be parsed
} SourceText;

struct Sources {
    Arena *arena;
    const EngineResult *engine;
    Names *names;
    FileSet *set;
    VEC(SourceText) files;
    StrMap by_path; // -> place + 1 in files
    VEC(Spot) spots;
    Index spot_index; // file, line, col -> place + 1
    VEC(SourceFunc) funcs;
    VEC(SourceCall) calls;
    Index methods; // names of methods
};

Sources *sources_new(Arena *a, const EngineResult *engine); // reads and parses every file
void sources_free(Sources *s);
void sources_ask(Sources *s, EnginePos pos);               // before sources_answer
void sources_answer(Sources *s);                           // walks the trees once
const Spot *sources_spot(const Sources *s, EnginePos pos); // NULL: nobody asked
uint32_t sources_file(const Sources *s, Str path);         // place + 1, 0: not reviewed

bool captures_any(Sources *s, const Spot *spot); // of a function literal

void callers_count(Sources *s);

void fold_moves(Arena *a, Evidence *e);

#endif
