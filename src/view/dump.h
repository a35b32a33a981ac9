// view/dump.h: what a pass left behind, for people who work on it: one line a fact, sorted.
#ifndef HEAPWISE_VIEW_DUMP_H
#define HEAPWISE_VIEW_DUMP_H

#include "go/program/program.h"

// Package-level objects of a checked unit: constants with exact values, types with size, alignment,
// offsets and pointer bytes, method sets, signatures; then the order of initialization.
void view_dump_types(Buf *b, const Program *p, const ProgramUnit *u, Sizes sizes);

#endif
