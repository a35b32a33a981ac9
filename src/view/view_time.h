// view/view_time.h: moments as a page shows them.
#ifndef HEAPWISE_VIEW_VIEW_TIME_H
#define HEAPWISE_VIEW_VIEW_TIME_H

#include "base/str.h"

// In the local zone, as pprof prints it: "2026-11-30 21:00:04 UTC".
Str view_local_time(Arena *a, int64_t nanos_since_1970);

#endif
