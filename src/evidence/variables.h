// evidence/variables.h: package-level variables: what the linker says of them (section, size,
// address), what the source says (where declared, how initialised, who writes), joined by symbol.
// Owns     all of it lives in the arena given; names from a program point into its file's bytes.
// Threads  evidence_watch_variables is called from any number, the rest from one.
#ifndef HEAPWISE_EVIDENCE_VARIABLES_H
#define HEAPWISE_EVIDENCE_VARIABLES_H

#include "binary/map/map.h"
#include "go/program/program.h"

#define VARIABLE_STARTS(X)                                                                         \
    X(UNKNOWN, "")                                                                                 \
    X(ZERO, "zero")                                                                                \
    X(STATIC, "statically")                                                                        \
    X(INIT, "at init")
#define X(id, text) VARIABLE_START_##id,
typedef enum VariableStart { VARIABLE_STARTS(X) } VariableStart;
#undef X

// Strongest last: a variable is called by the last one that holds.
#define VARIABLE_USES(X)                                                                           \
    X(UNKNOWN, "")                                                                                 \
    X(UNUSED, "unused")                                                                            \
    X(CONSTANT, "constant")                                                                        \
    X(SET_ONCE, "set once")                                                                        \
    X(ADDRESS, "address taken")                                                                    \
    X(CONTENT, "contents change")                                                                  \
    X(WRITTEN, "written")                                                                          \
    X(GUARD, "guard")
#define X(id, text) VARIABLE_##id,
typedef enum VariableUse { VARIABLE_USES(X) } VariableUse;
#undef X

typedef struct Variable {
    Str symbol, package, type; // symbol: "net/http.DefaultClient"
    // The linker's; a source alone gives the area the compiler will choose.
    uint64_t size_bytes, addr;
    AreaKind area;
    Str section;
    bool generated;
    // The source's. file empty: not known.
    Str file;
    uint32_t line;
    VariableStart start;
    Str value;        // the expression that runs at init, cut short
    int64_t behind;   // bytes it makes besides the variable: static data, or heap when at init
    bool behind_open; // and more that calls make
    bool exported;
    VariableUse use;
    Str user, user_file; // the first function, by place, that makes it so
    uint32_t user_line, users;
} Variable;

typedef VEC(Variable) VariableVec;

const char *variable_start_text(VariableStart s);
const char *variable_use_text(VariableUse u);

// Of a built program, in address order.
Err evidence_binary_variables(Arena *a, const Binary *p, VariableVec *out);

// To be a ProgramConfig's after_pass of an analysis; notes go to the unit's results.
ProgramWatch evidence_watch_variables;
// Afterwards: those of every root package, by package and place. With `all` of the others too.
VariableVec evidence_source_variables(Arena *a, const Program *p, bool all);

// What the source knows is filled in.
void evidence_join_variables(Arena *a, VariableVec *built, const VariableVec *source);

#endif
