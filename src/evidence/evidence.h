// evidence/evidence.h: everything known about one place in the source, joined: what the engine says
// moves to the heap there, what the syntax shows around it, who calls it, and what a profile
// charges to it. One finding per place; the copies inlining and instantiation made are counted.
// Owns     all of it lives in the arena given; source texts as well.
// Threads  one at a time.
// Failure  a source file that cannot be read leaves its findings without an excerpt, no more.
#ifndef HEAPWISE_EVIDENCE_EVIDENCE_H
#define HEAPWISE_EVIDENCE_EVIDENCE_H

#include "engine/engine.h"
#include "profile/profile.h"

typedef struct Sources Sources;

// Where an expression stands; line 0: not known.
typedef struct EvidenceSpan {
    uint32_t line, col;
    uint32_t end_line, end_col; // behind it
} EvidenceSpan;

enum {
    EVIDENCE_IN_PANIC = 1,     // inside the argument of panic
    EVIDENCE_IN_ERROR = 2,     // part of an error value that is made
    EVIDENCE_AT_START = 4,     // runs once, when the package is initialised
    EVIDENCE_GO = 8,           // the function a go statement starts
    EVIDENCE_DEFER = 16,       // the function a defer statement runs
    EVIDENCE_SHARED_LINE = 32, // other findings stand on the line the profile's figures belong to
    EVIDENCE_METHOD_VALUE = 64 // x.M where M is a method and is not called
};

typedef struct EvidenceFinding {
    EnginePos pos; // innermost position inside the packages reviewed
    EvidenceSpan span;
    const EngineMove *move;  // the copy that explains it best
    Str func;                // the declaration around it: "(*T).M"; empty: a package variable
    uint32_t package;        // place in EngineResult.packages
    EnginePosVec via;        // inlined callees outside those packages, outermost first
    uint32_t inlined_copies; // how many callers got a copy of it
    uint32_t instances;      // of a generic function, beyond the first
    uint32_t loop_depth, callers;
    uint32_t flags;         // EVIDENCE_*
    EngineCost cost;        // of the costliest copy
    int64_t bytes, objects; // charged to its line by the profile
} EvidenceFinding;

// What the profile charges to a line that has no finding.
typedef struct EvidenceHotspot {
    Str func, file; // where memory was asked for
    uint32_t line;
    Str for_func, for_file; // the first frame inside the packages reviewed; empty: none on the way
    uint32_t for_line;
    int64_t bytes, objects;
} EvidenceHotspot;

typedef struct EvidenceFrame { // of a flame graph: functions from the root down
    Str func;
    uint32_t parent; // place + 1; 0: a root
    int64_t bytes;
    bool ours; // inside the packages reviewed
} EvidenceFrame;

// A heap profile joined to the findings.
typedef struct EvidenceHeap {
    bool given;
    Str type;                      // "alloc_space", or "inuse_space" where the profile has no other
    int64_t bytes, objects;        // in the whole profile
    int64_t ours_bytes;            // with a frame inside the packages reviewed
    int64_t joined_bytes;          // charged to lines with a finding
    VEC(EvidenceHotspot) hotspots; // largest first
    VEC(EvidenceFrame) frames;     // parents first, siblings largest first
} EvidenceHeap;

typedef struct Evidence {
    const EngineResult *engine;
    Sources *sources;
    VEC(EvidenceFinding) findings; // by file, line, column
    uint32_t no_memory;            // moves the compiler reports that take no memory at run time
    uint32_t outside;              // moves without a place in the packages reviewed (wrappers)
    uint32_t functions;            // declared in the packages reviewed
    EvidenceHeap heap;
} Evidence;

Evidence *evidence_gather(Arena *a, const EngineResult *engine);
// Gives back what is not in the arena. Findings and what was drawn from them stay; the functions
// that look at source do not work any more. NULL is fine.
void evidence_free(Evidence *e);
// Adds what a heap profile says; it may be freed afterwards. ERR_FORMAT: it is no heap profile.
Err evidence_add_profile(Arena *a, Evidence *e, const Profile *p);

// The innermost position inside the packages reviewed; line 0: none is.
EnginePos evidence_own_pos(const Evidence *e, EnginePos pos, const EnginePosVec *chain);

// Whether the function around a finding has a result, or a parameter, of this name.
bool evidence_names_result(const Evidence *e, const EvidenceFinding *x, Str name);
bool evidence_names_param(const Evidence *e, const EvidenceFinding *x, Str name);

// ---- source text

typedef struct SourceLines {
    uint32_t first; // line number of the first
    Str text;       // whole lines
} SourceLines;
// Lines from..to of a file of the packages reviewed, as far as they exist; empty: unknown file.
SourceLines evidence_lines(const Sources *s, Str file, uint32_t from, uint32_t to);
Str evidence_line(const Sources *s, Str file, uint32_t line); // without the line end
// Whether a name in the package of this file is declared as a map or as a slice or array: 'm', 's',
// or 0 when the syntax does not tell. Names decide, not scopes: the file itself comes first.
char evidence_container(const Sources *s, Str file, Str name);

#endif
