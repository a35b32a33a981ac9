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

// Inline chains of moves and of the notes on their way, from records that say of a place the same
// as an explanation of -m=2. A record that matches no move says nothing new and is passed over.
typedef struct LogDetail {
    Str text;           // "flow: ..." or "from ..."
    EnginePosVec chain; // where inlining took it from, outermost first
} LogDetail;
typedef struct LogRecord {
    uint32_t line, col; // outermost
    Str what;
    EnginePosVec chain; // of the move
    VEC(LogDetail) details;
} LogRecord;
typedef struct Logopt Logopt;
Logopt *logopt_new(Arena *a, EngineResult *result);
// One file of -json=0,DIR (any bytes), of package `package`.
Err logopt_add(Logopt *l, uint32_t package, Str text);
// Whether a record of this code is about a move; *text, its message, becomes what moves.
bool logopt_wants(Str code, Str *text);
void logopt_detail(Arena *a, LogRecord *r, Str text); // a related message, if it is of the way
void logopt_take(Logopt *l, uint32_t package, const LogRecord *r);

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

// The release of the go command on PATH, "go1.26.8", and its build cache.
Err go_ask_environment(Arena *a, const EngineRequest *request, Str *version, Str *cache);
// The first line of what the go command complained about on standard error.
Str go_first_complaint(Arena *a, Str err);

Err compiler_run(Arena *a, const EngineRequest *request, EngineResult *out);
Err own_run(Arena *a, const EngineRequest *request, EngineResult *out);

#endif
