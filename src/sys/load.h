// sys/load.h: an HTTP load on a service, for measuring how long answers take.
// The load is an open loop: request i is due at i/rate seconds whatever happened to those before,
// and its latency counts from then. A service that stands still for a second is charged for every
// request that was due in it; a loop that waits for each answer would charge it for one. Owns
// results are in the arena given to load_join.      Threads  the load runs on its own thread.
// Failure  a service that never answers, or ends meanwhile, is an Err; single requests are counted.
#ifndef HEAPWISE_SYS_LOAD_H
#define HEAPWISE_SYS_LOAD_H

#include <sys/types.h>

#include "base/err.h"
#include "base/vec.h"

typedef struct LoadSpec {
    Str url, host, port;
    bool posts, insecure; // insecure: any certificate is taken
    Str body;             // of a POST
    StrVec headers;       // "Name: value"
    double rate, seconds; // requests per second, and for how long
} LoadSpec;
// http://HOST[:PORT][/PATH], or https://: fills url, host and port.
Err load_read_url(Arena *a, Str url, LoadSpec *out);

typedef struct LoadResult {
    uint64_t *latency_ns;   // of the requests that were answered, smallest first
    uint32_t count, failed; // failed: no answer, or a status from 400
} LoadResult;

// Whether something listens there already: the load would go to that.
bool load_taken(const LoadSpec *spec);

// Waits until the service answers, then loads it, then asks process `pid` to end (SIGTERM).
typedef struct Load Load;
Load *load_start(Arena *a, const LoadSpec *spec, pid_t pid);
Err load_join(Arena *a, Load *l, LoadResult *out); // the process has ended: the load ends, too
// Exact: of `count` values, smallest first.
uint64_t load_percentile(const LoadResult *r, double percent);

#endif
