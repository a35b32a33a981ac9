// cli/bench_source.h: where in a tree of Go files a benchmark is written.
#ifndef HEAPWISE_CLI_BENCH_SOURCE_H
#define HEAPWISE_CLI_BENCH_SOURCE_H

#include "base/err.h"
#include "base/vec.h"

typedef struct BenchFunc {
    Str name, path; // "BenchmarkX"; of the file, as seen from here
    uint32_t line;
} BenchFunc;
typedef VEC(BenchFunc) BenchFuncs;

// The functions BenchmarkX of all _test.go files below dir; what cannot be read is passed over.
BenchFuncs bench_source_scan(Arena *a, Str dir);
// The one a result's package and name ("X/size=1-8") mean; NULL when there is none.
const BenchFunc *bench_source_find(const BenchFuncs *funcs, Str package, Str benchmark);

#endif
