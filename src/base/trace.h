// base/trace.h: HEAPWISE_TRACE=escape:2,mem prints what a pass does, on standard error.
// The levels are the program's only mutable globals; trace_init sets them once, before any thread.
#ifndef HEAPWISE_BASE_TRACE_H
#define HEAPWISE_BASE_TRACE_H

#include "base/base.h"

// clang-format off
#define TRACE_AREAS(X) \
    X(MEM, "mem") X(TIME, "time") X(LOAD, "load") X(SYNTAX, "syntax") X(TYPES, "types") \
    X(IR, "ir") X(INLINE, "inline") X(ESCAPE, "escape") X(ENGINE, "engine") X(REVIEW, "review") \
    X(PROFILE, "profile") X(BINARY, "binary") X(GC, "gc") X(BENCH, "bench")
// clang-format on

#define X(id, text) TRACE_##id,
typedef enum TraceArea { TRACE_AREAS(X) TRACE_COUNT } TraceArea;
#undef X

extern uint8_t trace_levels[TRACE_COUNT];

bool trace_init(const char *spec); // false: an unknown area is named in it
void trace_print(TraceArea area, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define TRACE(area, level, ...)                                                                    \
    (UNLIKELY(trace_levels[area] >= (level)) ? trace_print((area), __VA_ARGS__) : (void)0)

#endif
