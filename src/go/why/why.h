// go/why/why.h: what an escape costs. A line of escape analysis is not an allocation: constants in
// interfaces are read-only data, and what "does not escape" may still be too large for its buffer.
// Each place of a package where compiled code may ask the runtime for memory gets a class, with the
// bytes asked for and the block the allocator gives.
//
// Needs    a package after go/escape, before its trees are dropped. Changes nothing in it.
// Owns     results live in the arena given.
// Rules    cmd/compile/internal/{walk,slice,ssagen} and package runtime of Go 1.26, linux/amd64.
#ifndef HEAPWISE_GO_WHY_WHY_H
#define HEAPWISE_GO_WHY_WHY_H

#include "go/ir/ir.h"

typedef enum CostClass {
    COST_NEVER,     // no memory from the heap, whatever runs
    COST_SOMETIMES, // it depends on values: CostSite.when
    COST_ALWAYS     // each time it is reached
} CostClass;
const char *cost_class_name(CostClass c); // "never", "sometimes", "always"

// clang-format off
#define COST_KINDS(X)                                                                              \
    X(VARIABLE, "variable") X(NEW, "new") X(POINTER, "pointer literal") X(SLICE, "slice literal")  \
    X(MAKE_SLICE, "make slice") X(MAKE_MAP, "make map") X(MAKE_CHAN, "make channel")               \
    X(CLOSURE, "closure") X(METHOD_VALUE, "method value") X(INTERFACE, "interface")                \
    X(APPEND, "append") X(CONCAT, "concatenation") X(STRING, "string conversion")                  \
    X(BYTES, "slice conversion") X(MAP_ENTRY, "map entry") X(MOVE, "slice moved to the heap")      \
    X(GOROUTINE, "goroutine") X(DEFER, "defer") X(RUNTIME, "runtime")
// clang-format on
#define X(id, name) COST_##id,
typedef enum CostKind { COST_KINDS(X) } CostKind;
#undef X
const char *cost_kind_name(CostKind k);

enum { COST_UNKNOWN = -1 }; // a size that only running tells

typedef struct CostSite {
    IrPos pos; // where messages about it stand, with the calls inlined on the way
    IrPos at;  // where the instruction stands that asks the runtime, when elsewhere; else pos
    Str func;  // that is compiled, as messages have it
    Str what;  // the expression or variable, as messages have it
    CostKind kind;
    CostClass cls;
    Str when;              // SOMETIMES: the condition. NEVER: why not
    int64_t bytes;         // asked for, each time; COST_UNKNOWN
    int64_t block;         // what the allocator takes for it; COST_UNKNOWN
    int64_t pointer_bytes; // prefix of it the collector looks at; 0: none; COST_UNKNOWN
    uint32_t loops;        // loops around it in the function compiled; 0: once a call
    bool escapes;          // the escape line says so
    bool tiny;             // several share one block of 16 bytes
    bool grouped;          // a variable that may share one block with its neighbours
} CostSite;
typedef struct Costs {
    CostSite *v;
    uint32_t len, cap;
} Costs;

Costs why_costs(IrPkg *p, Arena *a); // functions in the package's order, statements as compiled

// Bytes of the block a request gets; 0 of 0. pointers: the type has some.
int64_t why_block(int64_t bytes, bool pointers);
static inline bool why_is_tiny(int64_t bytes, bool pointers) {
    return bytes > 0 && bytes < 16 && !pointers;
}

#endif
