// engine/engine_internal.h: what the files of the compiler engine share.
#ifndef HEAPWISE_ENGINE_ENGINE_INTERNAL_H
#define HEAPWISE_ENGINE_ENGINE_INTERNAL_H

#include "engine/engine.h"
#include "go/program/program.h"

// Places "file:line:col" and makes the file absolute against dir.
typedef struct Placer {
    Arena *arena;
    Str dir;
    Str last_text, last_file; // the file asked for last, and its answer: lines come in runs
} Placer;
EnginePos placer_parse(Placer *p, Str text); // text without a position: file empty

// Reads what `go build -gcflags=-m=2` wrote; packages of out must be there already. Takes any
// bytes.
void m2_parse(Arena *a, Str text, Str dir, EngineResult *out);

// Adds inline chains from one file of -json=0,DIR (any bytes) to the moves of package `package`.
// A record that matches no move says nothing new and is passed over.
typedef struct Logopt Logopt;
Logopt *logopt_new(Arena *a, EngineResult *result);
Err logopt_add(Logopt *l, uint32_t package, Str text);
// The first move there whose chain was not added yet, for who knows it; NULL: no more of them.
EngineMove *logopt_take(Logopt *l, uint32_t package, uint32_t line, uint32_t col, Str what);

// Packages from `go list -json`: one object after the other.
Err golist_parse(Arena *a, Str text, EngineResult *out);   // adds packages
Err golist_exports(Arena *a, Str text, EngineResult *out); // fills covered and error

// A build cache that reads the user's and keeps what is written to itself.
Err overlay_cache(Arena *a, Str cache, Str *out);

// Costs of the moves, from an analysis that has them.
void engine_join_costs(Arena *a, const Program *p, EngineResult *out);
// The same from an analysis of our own beside another engine; unknown where it cannot say.
void engine_costs_beside(Arena *a, const EngineRequest *request, EngineResult *out);
Err engine_load(Arena *a, const EngineRequest *request, PackageSet **out);

Err compiler_run(Arena *a, const EngineRequest *request, EngineResult *out);
Err own_run(Arena *a, const EngineRequest *request, EngineResult *out);

#endif
