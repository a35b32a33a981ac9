// profile/trend.h: several profiles of one program, taken one after the other: what grows with
// time, what is surely kept, what is let go of at once, and in which size classes.
//
// For Go's heap profiles, whose columns count since the start, and of one name:
//   freed(t) = allocated(t) - in_use(t). Of what had been allocated by snapshot i at least
//   allocated(i) - freed(last) is still in use at the last one, whoever it is that was freed.
//   By Little's law the mean lifetime is the mean in use over the rate of allocation.
// Owns     results in the arena given, texts too: a profile may be freed once it is added.
// Threads  one at a time.
#ifndef HEAPWISE_PROFILE_TREND_H
#define HEAPWISE_PROFILE_TREND_H

#include "profile/account.h"

typedef struct TrendPoint {
    int64_t value;             // of the column chosen
    int64_t in_use, allocated; // bytes; 0 where the profile does not say
    double variance;           // of value, by sampling
} TrendPoint;

// clang-format off
#define TREND_VERDICTS(X)                                                                          \
    X(GROWS, "grows") X(SHRINKS, "shrinks") X(WAVERS, "up and down") X(STEADY, "steady")
// clang-format on
#define X(id, text) TREND_##id,
typedef enum TrendVerdict { TREND_VERDICTS(X) } TrendVerdict;
#undef X
const char *trend_verdict_text(TrendVerdict v);

typedef struct TrendRow {
    Str name, file; // where the last of its samples is; empty when not known
    int64_t line;
    VEC(TrendPoint) points; // one per snapshot
    double slope;           // of the fitted line: the column's unit per second, or per snapshot
    double r2;              // 0 to 1; 0 when nothing changes
    double growth;          // of the fitted line from the first to the last snapshot
    double sigma;           // sampling error of last less first
    TrendVerdict verdict;
    int64_t kept;         // bytes surely in use since snapshot kept_since
    uint32_t kept_since;  // the earliest with any; the last snapshot: none
    int64_t window_alloc; // bytes between the first and the last snapshot
    int64_t window_freed;
    double lifetime_s; // mean, negative: not known
} TrendRow;

// Objects by the size Go rounds them to.
typedef struct TrendClass {
    int64_t size;           // 0: larger than the classes go
    int64_t objects, bytes; // in use at the last snapshot
    int64_t window_objects; // allocated between the first and the last
    int64_t rounding_most;  // bytes in use that rounding can have added at most
} TrendClass;

typedef struct TrendSnapshot {
    Str name;
    int64_t time_nanos; // 0: not known
    double at_s;        // since the first; a count where times are not known
} TrendSnapshot;

typedef struct TrendRules {
    Str value; // the column, empty: the first profile's default
    ProfileBy by;
    Str label; // of PROFILE_BY_LABEL
} TrendRules;

typedef struct Trend {
    Arena *arena;
    TrendRules rules;
    ProfileType type;
    bool heap;  // in_use and allocated are known
    bool timed; // at_s are seconds
    bool sampled;
    VEC(TrendSnapshot) snapshots; // by time where it is known, else as they were added
    VEC(TrendRow) rows;           // [0] is the whole; then what grows most, r2 counted
    VEC(TrendClass) classes;      // of those that occur
    uint32_t restarts;            // snapshots left out: from before the program was started again
    StrMap by_name;
    VEC(struct TrendSizes *) sizes; // per snapshot, until the end
} Trend;

void trend_init(Arena *a, const TrendRules *rules, Trend *out);
// name stays the caller's. All profiles have the column of the first.
Err trend_add(Trend *t, const Profile *p, Str name);
// Two snapshots of one run at least.
Err trend_finish(Trend *t);

#endif
