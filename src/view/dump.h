// view/dump.h: what a pass left behind, for people who work on it.
#ifndef HEAPWISE_VIEW_DUMP_H
#define HEAPWISE_VIEW_DUMP_H

#include "go/program/program.h"

// One line a fact, sorted: package-level objects of a checked unit: constants with exact values,
// types with size, alignment, offsets and pointer bytes, method sets, signatures; then the order of
// initialization.
void view_dump_types(Buf *b, const Program *p, const ProgramUnit *u, Sizes sizes);

// Functions of an analysed unit after a pass: their variables and trees. func: the name, as
// messages have it, of the one wanted, with the literals in it; empty: all. Returns how many. While
// the pass's trees are there: ProgramConfig.after_pass.
uint32_t view_dump_ir(Buf *b, const ProgramUnit *u, IrPkg *ir, Str func);

#endif
