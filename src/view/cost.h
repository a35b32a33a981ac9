// view/cost.h: what each place of analysed packages asks the allocator for.
#ifndef HEAPWISE_VIEW_COST_H
#define HEAPWISE_VIEW_COST_H

#include "doc/doc.h"
#include "go/program/program.h"

// The roots of an analysis with costs; paths relative to cwd where that is shorter. cwd empty: for
// programs: every site, also what the runtime may need for itself, and paths as they are. Text is
// copied to the page's arena.
void view_costs(Doc *d, const Program *p, Str cwd);

#endif
