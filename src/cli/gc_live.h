// cli/gc_live.h: a terminal that shows the newest records of a watch. Between open and close
// nothing else may write to it.
#ifndef HEAPWISE_CLI_GC_LIVE_H
#define HEAPWISE_CLI_GC_LIVE_H

#include "gc/gc.h"

typedef struct GcLive GcLive;
Err gc_live_open(Arena *a, Str source, GcLive **out);
void gc_live_draw(GcLive *l, const GcRecordVec *records);
bool gc_live_quit(GcLive *l); // q was pressed
void gc_live_close(GcLive *l);

#endif
