// engine/engine.h: who says what moves to the heap. One interface: a set of packages in; places,
// kinds and flows out. `compiler` asks the installed Go toolchain; our own front end takes its
// place behind the same interface, and the compiler stays as its oracle.
// Owns     every result lives in the arena given.
// Units    lines and columns are 1-based, columns count bytes; column 0 is unknown.
// Threads  one run at a time per arena.
// Failure  Err when nothing could be examined (no toolchain, no such directory). A package that
//          cannot be examined is no Err: it is listed as not covered, with the reason.
#ifndef HEAPWISE_ENGINE_ENGINE_H
#define HEAPWISE_ENGINE_ENGINE_H

#include "base/err.h"
#include "base/vec.h"

typedef struct EnginePos {
    Str file; // absolute where the engine could tell
    uint32_t line, col;
} EnginePos;
typedef VEC(EnginePos) EnginePosVec;

// One reason inside a flow step: `from EXPR (WHY) at POS`.
typedef struct EngineNote {
    Str expr, why;
    EnginePos pos;      // as the function that was compiled sees it
    EnginePosVec chain; // where inlining took it from, outermost first; empty: not inlined
} EngineNote;

// One edge: the value (derefs >= 0 loads away) or the address (-1) of src went to dst.
typedef struct EngineStep {
    Str dst, src;
    int32_t derefs;
    VEC(EngineNote) notes;
} EngineStep;

typedef enum EngineKind {
    ENGINE_EXPR, // the expression's storage is on the heap
    ENGINE_VAR,  // a named variable is on the heap ("moved to heap")
} EngineKind;

typedef enum EngineCostClass { // what is not known may be anything
    ENGINE_COST_UNKNOWN,
    ENGINE_COST_NEVER,
    ENGINE_COST_SOMETIMES,
    ENGINE_COST_ALWAYS
} EngineCostClass;

typedef struct EngineCost { // what a move asks the allocator for, each time (go/why)
    EngineCostClass cls;
    int64_t bytes, block;  // asked for, and taken; negative: only running tells
    int64_t pointer_bytes; // of them the collector looks at; negative: not known
    uint32_t loops;        // around it where it was compiled; 0: once a call
    Str when;              // SOMETIMES: the condition. NEVER: why not
} EngineCost;

typedef struct EngineMove {
    EngineKind kind;
    Str what; // the variable or expression, as the compiler prints it
    Str func; // that was compiled, e.g. "(*T).M.func1"; empty when not known
    EnginePos pos;
    EnginePosVec chain; // as in EngineNote
    VEC(EngineStep) steps;
    uint32_t package; // place in EngineResult.packages
    bool truncated;   // the engine stopped explaining at a cycle
    EngineCost cost;
    bool explained; // false: the engine said that, not why
} EngineMove;

typedef struct EngineFunc {
    Str name;
    EnginePos pos;
    uint32_t package;
    bool inlinable;
} EngineFunc;

typedef struct EngineCall { // a call that was inlined
    Str callee;
    EnginePos pos;
    uint32_t package;
} EngineCall;

typedef struct EngineCapture { // a closure keeps a variable
    Str closure, var;          // closure: the function that holds the literal
    bool by_ref;
    EnginePos pos; // of the variable
    uint32_t package;
} EngineCapture;

typedef struct EnginePackage {
    Str path, name, dir, module;
    Str desc;     // the heading in the engine's output: path, or path with its test variant
    StrVec files; // absolute
    bool covered;
    Str error; // why not, as one or more lines
} EnginePackage;

typedef struct EngineResult {
    Str engine;                  // "compiler"
    Str version;                 // of what did the work, "go1.26.8"
    VEC(EnginePackage) packages; // sorted by path
    VEC(EngineMove) moves;       // as reported, nothing folded
    VEC(EngineFunc) funcs;
    VEC(EngineCall) calls;
    VEC(EngineCapture) captures;
    uint32_t unparsed;      // lines nobody understood: counted, never dropped in silence
    StrVec unparsed_sample; // the first few
    uint32_t unplaced;      // understood, but without a position (compiler-made variables)
} EngineResult;

typedef struct EngineRequest {
    StrVec patterns; // empty: "./..."
    Str dir;         // working directory; empty: ours
    Str tags;        // -tags
    Str toolchain;   // "go1.24.0": asks the go command for that one; empty: its own choice
    void (*progress)(void *ctx, Str what); // may be NULL
    void *progress_ctx;
} EngineRequest;

typedef struct Engine {
    const char *name, *about;
    Err (*run)(Arena *a, const EngineRequest *request, EngineResult *out);
} Engine;

const Engine *engine_find(Str name);    // NULL: no such engine
const Engine *engine_default(Arena *a); // the compiler where go is on PATH, else our own
Str engine_names(Arena *a);             // "compiler, own" for messages

#endif
