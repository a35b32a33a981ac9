// bench/stats.h: what a handful of measurements say, without assuming how they are distributed:
// medians with order-statistic intervals, the Mann-Whitney test (exact, also with ties), Holm's
// correction, ratios with exact intervals, and how many runs a verdict would need.
// Samples  plain arrays of doubles; a `const double *` argument is sorted (stats_sort) unless said.
// Owns     nothing: results are values; StatsU keeps the distributions it has worked out.
// Threads  everything is pure but StatsU, which serves one thread at a time.
// Exact    means computed by counting arrangements, not by an approximation.
#ifndef HEAPWISE_BENCH_STATS_H
#define HEAPWISE_BENCH_STATS_H

#include "base/arena.h"

void stats_sort(double *xs, size_t n); // ascending, NaN first, equal values keep their order

// Median of a sorted sample: Hyndman and Fan's quantile of type 8 at one half. NaN when empty.
double stats_median(const double *xs, size_t n);
// NaN when empty or when a value is not above zero. The order of xs matters in the last bit only.
double stats_geomean(const double *xs, size_t n);
// The most frequent value of a sorted, non-empty sample; of several the smallest.
double stats_mode(const double *xs, size_t n, size_t *count);

// Between which order statistics (1-based) the median lies: lo 0 or hi n+1 say "unbounded there".
typedef struct StatsInterval {
    size_t lo, hi;
    double confidence; // what the interval has, at least what was asked for
} StatsInterval;
StatsInterval stats_median_interval(size_t n, double confidence);

double stats_normal_cdf(double z);
double stats_normal_quantile(double p);      // p in [0,1]; NaN outside
double stats_choose(unsigned n, unsigned k); // exact while the result fits 2^53, i.e. n <= 56

// Distributions of U, worked out once per pair of sizes.
typedef struct StatsU StatsU;
StatsU *stats_u_new(Arena *a);

typedef struct StatsTest {
    double u;       // pairs in which the first sample's value is the larger, ties count one half
    double p;       // two-sided
    bool exact;     // else the normal approximation with tie and continuity correction
    bool all_equal; // nothing to test: p is 1
} StatsTest;
// Two-sided Mann-Whitney test of two sorted, non-empty samples: the chance of a U at least as far
// from its mean. Exact for samples up to 50, with ties up to 25.
StatsTest stats_u_test(StatsU *su, const double *x, size_t n, const double *y, size_t m);
// benchstat's answer to the same: twice the chance that the first sample has a U of at most the
// smaller of the two. With ties and samples of different sizes, U is not symmetric and that is
// something else (it may be 0, or above 1). Everywhere else the two agree.
StatsTest stats_u_test_benchstat(StatsU *su, const double *x, size_t n, const double *y, size_t m);
// P(U <= u) for samples of n and m without ties, n and m up to 50.
double stats_u_cdf(StatsU *su, size_t n, size_t m, size_t u);
// P(2U <= two_u) when the pooled values form `groups` groups of equal values, smallest first, of
// the sizes in ties (sum n+m, at most 50 in all); n is the size of the sample U counts for.
double stats_u_ties_cdf(StatsU *su, size_t n, const uint32_t *ties, size_t groups, size_t two_u);
// The smallest p two samples of n and m can reach.
double stats_u_min_p(size_t n, size_t m);

// How many times the second sample's values are the first's: Hodges-Lehmann estimate (the median
// of all m*n ratios) and the interval Mann-Whitney's test does not reject (Moses). Values must be
// above zero. lo is 0 and hi infinite where the samples are too small for the confidence.
typedef struct StatsRatio {
    double center, lo, hi;
} StatsRatio;
typedef struct StatsPair {
    const double *x, *y;
    size_t n, m;
} StatsPair;
StatsRatio stats_ratio(Arena *scratch, StatsU *su, StatsPair s, double confidence);

// Holm's step-down correction: adjusted[i] is the smallest family-wise level at which p[i] is
// rejected. order is room for n ids.
void stats_holm(const double *p, size_t n, uint32_t *order, double *adjusted);

// Runs per side after which a test at level alpha finds, with the power given, a difference in
// which the first sample's value is the larger with probability `wins` (Noether 1987); never fewer
// than make alpha reachable at all. SIZE_MAX when wins is one half.
size_t stats_runs_needed(double wins, double alpha, double power);
// Runs per side that make level alpha reachable.
size_t stats_runs_min(double alpha);

#endif
