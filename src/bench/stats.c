// bench/stats.c: medians and their intervals, geometric means, ratios, Holm, how many runs.
// The distribution of Mann-Whitney's U is in udist.c.
#include "bench/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/gomath.h"

static bool before(double x, double y) { return x < y || (isnan(x) && !isnan(y)); }

static void insertion_sort(double *xs, size_t n) {
    for (size_t i = 1; i < n; i++) {
        double x = xs[i];
        size_t j = i;
        for (; j > 0 && before(x, xs[j - 1]); j--) xs[j] = xs[j - 1];
        xs[j] = x;
    }
}

static int by_value(const void *a, const void *b) {
    const double *x = a, *y = b;
    return before(*x, *y) ? -1 : before(*y, *x) ? 1 : 0;
}

void stats_sort(double *xs, size_t n) {
    if (n <= 32)
        insertion_sort(xs, n);
    else
        qsort(xs, n, sizeof *xs, by_value); // glibc's is a merge sort: stable
}

double stats_median(const double *xs, size_t n) {
    if (n == 0) return NAN;
    // Type 8 puts the quantile q at place 1/3 + q(n + 1/3); rounding in that sum is part of the
    // result benchstat prints, so it is kept.
    double place = 1 / 3.0 + 0.5 * ((double)n + 1 / 3.0), whole;
    double fraction = modf(place, &whole);
    size_t k = (size_t)whole;
    if (k == 0) return xs[0];
    if (k >= n) return xs[n - 1];
    return xs[k - 1] + fraction * (xs[k] - xs[k - 1]);
}

double stats_geomean(const double *xs, size_t n) {
    if (n == 0) return NAN;
    double mean = 0; // of the logarithms, kept as a running mean
    for (size_t i = 0; i < n; i++) {
        if (xs[i] <= 0) return NAN;
        mean += (gomath_log(xs[i]) - mean) / (double)(i + 1);
    }
    return gomath_exp(mean);
}

double stats_mode(const double *xs, size_t n, size_t *count) {
    size_t run = 0, best = 0;
    double mode = xs[0];
    for (size_t i = 0; i < n; i++) {
        run = i > 0 && xs[i] == xs[i - 1] ? run + 1 : 1;
        if (run > best) best = run, mode = xs[i];
    }
    *count = best;
    return mode;
}

double stats_choose(unsigned n, unsigned k) {
    if (k > n) return 0;
    if (k > n - k) k = n - k;
    double c = 1;
    for (unsigned i = 1; i <= k; i++) {
        double next = c * (n - k + i); // divisible by i; exact up to 2^53
        c = next / i;
    }
    return c;
}

// P(k of n samples lie below the median). From n = 21 on benchstat takes the coefficient through
// log-gamma, whose last bit decides which of two equally likely sides it takes first.
static double binomial_half(size_t n, long k) {
    if (k < 0 || (size_t)k > n) return 0;
    unsigned un = (unsigned)n, uk = (unsigned)k;
    double choose = stats_choose(un, uk);
    if (n > 20 && uk != 0 && uk != un)
        choose =
            gomath_exp(gomath_lgamma(un + 1) - gomath_lgamma(uk + 1) - gomath_lgamma(un - uk + 1));
    return choose * pow(0.5, (double)k) * pow(0.5, (double)(n - uk));
}

// Adds the likeliest neighbouring gap until the level is reached, the left one when equal.
static StatsInterval small_interval(size_t n, double confidence) {
    long left = (long)ceil((double)(n + 1) * 0.5) - 1, right = left + 1; // gaps [left, right)
    double sum = binomial_half(n, left);
    double to_left = binomial_half(n, left - 1), to_right = binomial_half(n, right);
    while (sum < confidence && (to_left > 0 || to_right > 0)) {
        if (to_left >= to_right) {
            sum += to_left;
            left--;
            to_left = binomial_half(n, left - 1);
        } else {
            sum += to_right;
            right++;
            to_right = binomial_half(n, right);
        }
    }
    return (StatsInterval){(size_t)MAX(left, 0), (size_t)right, sum};
}

// The normal approximation of the binomial, rounded out to whole gaps.
static StatsInterval large_interval(size_t n, double confidence) {
    double mean = (double)n * 0.5, sigma = sqrt((double)n * 0.5 * 0.5);
    double low = stats_normal_quantile((1 - confidence) / 2) * sigma + mean;
    double high = 2 * mean - low;
    double left = floor(floor(low - 0.5) + 0.5) + 1, right = floor(ceil(high - 0.5) + 0.5) + 1;
#define BELOW(gap) stats_normal_cdf(((gap)-0.5 - mean) / sigma)
    double has = BELOW(right) - BELOW(left);
    double less = BELOW(right - 1) - BELOW(left);
#undef BELOW
    if (less >= confidence && less < has) {
        has = less;
        right--;
    }
    if (left <= 0 && right >= (double)n + 1) has = 1;
    left = MAX(left, 0);
    right = MIN(right, (double)n + 1);
    return (StatsInterval){(size_t)left, (size_t)right, has};
}

StatsInterval stats_median_interval(size_t n, double confidence) {
    if (confidence >= 1) return (StatsInterval){0, n + 1, 1};
    StatsInterval r = n <= 30 ? small_interval(n, confidence) : large_interval(n, confidence);
    if (r.hi > n + 1) r.hi = n + 1;
    return r;
}

double stats_normal_cdf(double z) { return erfc(-z / M_SQRT2) / 2; }

// Acklam's rational approximations (2003), then one step of Halley's method.
static double quantile_guess(double p) {
    static const double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                               -2.759285104469687e+02, 1.383577518672690e+02,
                               -3.066479806614716e+01, 2.506628277459239e+00};
    static const double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                               -1.556989798598866e+02, 6.680131188771972e+01,
                               -1.328068155288572e+01};
    static const double c[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                               -2.400758277161838e+00, -2.549732539343734e+00,
                               4.374664141464968e+00,  2.938163982698783e+00};
    static const double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                               3.754408661907416e+00};
    double tail = MIN(p, 1 - p), top, bottom;
    if (tail < 0.02425) {
        double q = sqrt(-2 * gomath_log(tail));
        top = c[0], bottom = d[0];
        for (int i = 1; i < 6; i++) top = top * q + c[i];
        for (int i = 1; i < 4; i++) bottom = bottom * q + d[i];
        bottom = bottom * q + 1;
        return p < 0.5 ? top / bottom : -top / bottom;
    }
    double q = p - 0.5, r = q * q;
    top = a[0], bottom = b[0];
    for (int i = 1; i < 6; i++) top = top * r + a[i];
    for (int i = 1; i < 5; i++) bottom = bottom * r + b[i];
    return top * q / (bottom * r + 1);
}

double stats_normal_quantile(double p) {
    if (!(p >= 0 && p <= 1)) return NAN;
    if (p == 0) return -INFINITY;
    if (p == 1) return INFINITY;
    double x = quantile_guess(p);
    double error = 0.5 * erfc(-x / M_SQRT2) - p;
    double u = error * sqrt(2 * M_PI) * gomath_exp(x * x / 2);
    return x - u / (1 + x * u / 2);
}

// The largest c for which 2 P(U <= c-1) stays within alpha: the interval of the ratios runs from
// the c-th smallest to the c-th largest. 0: the samples are too small for the level.
static size_t ratio_rank(StatsU *su, size_t n, size_t m, double alpha) {
    if (n <= 50 && m <= 50) {
        size_t c = 0;
        while (c < n * m / 2 && 2 * stats_u_cdf(su, n, m, c) <= alpha) c++;
        return c;
    }
    double pairs = (double)n * (double)m;
    double sigma = sqrt(pairs * (double)(n + m + 1) / 12);
    double c = floor(pairs / 2 + stats_normal_quantile(alpha / 2) * sigma);
    return c > 0 ? (size_t)c : 0;
}

// Past this many values evenly spaced order statistics stand for a sample.
enum { RATIO_LIMIT = 1000 };

static const double *thin(Arena *scratch, const double *xs, size_t *n) {
    if (*n <= RATIO_LIMIT) return xs;
    double *some = NEW_ARRAY(scratch, double, RATIO_LIMIT);
    for (size_t i = 0; i < RATIO_LIMIT; i++) some[i] = xs[(2 * i + 1) * *n / (2 * RATIO_LIMIT)];
    *n = RATIO_LIMIT;
    return some;
}

StatsRatio stats_ratio(Arena *scratch, StatsU *su, StatsPair s, double confidence) {
    size_t rank = ratio_rank(su, s.n, s.m, 1 - confidence); // first: su may keep what it works out
    double all = (double)s.n * (double)s.m;
    ArenaMark mark = arena_mark(scratch);
    s.x = thin(scratch, s.x, &s.n);
    s.y = thin(scratch, s.y, &s.m);
    size_t pairs = s.n * s.m;
    size_t c = (double)pairs == all ? rank : (size_t)((double)rank / all * (double)pairs);
    double *ratios = NEW_ARRAY(scratch, double, pairs);
    for (size_t i = 0; i < s.n; i++)
        for (size_t j = 0; j < s.m; j++) ratios[i * s.m + j] = s.y[j] / s.x[i];
    qsort(ratios, pairs, sizeof *ratios, by_value);
    StatsRatio r = {stats_median(ratios, pairs), 0, INFINITY};
    if (c > 0) r.lo = ratios[c - 1], r.hi = ratios[pairs - c];
    arena_pop_to(mark);
    return r;
}

static int by_p(const void *a, const void *b, void *ctx) {
    const double *p = ctx;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (p[i] != p[j]) return p[i] < p[j] ? -1 : 1;
    return i < j ? -1 : i > j;
}

void stats_holm(const double *p, size_t n, uint32_t *order, double *adjusted) {
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    if (n > 1) qsort_r(order, n, sizeof *order, by_p, (void *)(uintptr_t)p);
    double highest = 0;
    for (size_t i = 0; i < n; i++) {
        double a = MIN(1, p[order[i]] * (double)(n - i));
        highest = MAX(highest, a); // never below an easier one
        adjusted[order[i]] = highest;
    }
}

size_t stats_runs_min(double alpha) {
    size_t n = 1;
    while (n < 500 && stats_u_min_p(n, n) > alpha) n++;
    return n;
}

size_t stats_runs_needed(double wins, double alpha, double power) {
    double off = wins - 0.5;
    if (off == 0) return SIZE_MAX;
    double z = stats_normal_quantile(1 - alpha / 2) + stats_normal_quantile(power);
    double n = ceil(z * z / (6 * off * off)); // N = z^2 / (12 c(1-c) off^2) in all, c = 1/2
    size_t least = stats_runs_min(alpha);
    return n > 1e9 ? SIZE_MAX : MAX((size_t)n, least);
}
