// view/program.h: pages about a built program: its memory map, its package-level variables, its
// size.
#ifndef HEAPWISE_VIEW_PROGRAM_H
#define HEAPWISE_VIEW_PROGRAM_H

#include "binary/map/map.h"
#include "doc/doc.h"
#include "evidence/variables.h"

void view_map(Doc *d, Str path, const Binary *p);

typedef struct StaticOptions {
    Str package;       // only this package and those below it; empty: all
    bool std;          // the standard library's packages too
    uint64_t at_least; // bytes; smaller variables only count
    uint32_t top;      // variables listed; 0: all
    bool source;       // what the source says is known
    Str base;          // files below it are named from there
} StaticOptions;
void view_static(Doc *d, VariableVec *vars, const StaticOptions *o); // sorts vars

#endif
