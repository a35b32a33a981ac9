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

const Engine *engine_find(Str name); // NULL: no such engine
const Engine *engine_default(void);  // our own
Str engine_names(Arena *a);          // "own, compiler" for messages

// ---- two outputs beside each other: verify.c, verify_go.c, verify_result.c

// clang-format off
#define VERIFY_KINDS(X)                                                                            \
    X(WAY, "way out") X(INLINED, "inlining call") X(CANNOT, "cannot inline") X(CAN, "can inline")  \
    X(LEAK_CONTENT, "leaking param content") X(LEAK_RESULT, "leaking param to result")             \
    X(LEAK, "leaking param") X(MOVED, "moved to heap") X(ESCAPES, "escapes to heap")               \
    X(STAYS, "does not escape") X(DEVIRTUAL, "devirtualizing") X(CAPTURE, "capturing")             \
    X(SELF, "self-assignment") X(ZERO_COPY, "zero-copy") X(BOUNDS, "bounds check elided")          \
    X(OTHER, "other")
// clang-format on
#define X(id, name) VERIFY_##id,
typedef enum VerifyKind { VERIFY_KINDS(X) VERIFY_KIND_COUNT } VerifyKind;
#undef X
const char *verify_kind_name(VerifyKind k);

typedef struct VerifyLine {
    Str package, text;
    bool ours; // only we say it; else only the compiler does
} VerifyLine;

typedef struct VerifyResult {
    Str version; // of the toolchain
    struct {
        uint32_t both, missing, extra; // lines; missing: only the compiler has them
    } kinds[VERIFY_KIND_COUNT], all;
    uint32_t packages, identical; // identical: the same bytes, order included
    VEC(VerifyLine) lines;        // that differ: by package, the compiler's before ours
} VerifyResult;

// Two texts of lines below "# package": each package's lines as multisets. Takes any bytes.
void verify_compare(Arena *a, Str compiler, Str ours, VerifyResult *out);
typedef struct VerifyAnswer {
    Str version, text; // of the toolchain; what it said
} VerifyAnswer;
// What `go build -gcflags=FLAGS PATTERNS` prints, with CGO_ENABLED=0. more: further words for it.
// Nothing of the run stays in the user's build cache.
Err verify_ask_go(Arena *a, const EngineRequest *request, Str flags, const StrVec *more,
                  VerifyAnswer *out);
// A result as lines to compare: moves with their ways and what inlining did, captures, functions.
Str verify_result_text(Arena *a, const EngineResult *r);

#endif
