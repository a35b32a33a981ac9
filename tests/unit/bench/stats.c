// Published tables, and values counted here by brute force.
#include <math.h>
#include <stdlib.h>

#include "bench/gomath.h"
#include "bench/stats.h"
#include "harness.h"

static bool near(double have, double want, double off) { return fabs(have - want) <= off; }
#define CHECK_NEAR(t, have, want, off)                                                             \
    do {                                                                                           \
        double have_ = (have), want_ = (want);                                                     \
        if (!near(have_, want_, off))                                                              \
            test_fail((t), __FILE__, __LINE__, "%s is %.17g, want %.17g", #have, have_, want_);    \
    } while (0)

// P(U <= u) from Mann and Whitney (1947), table 1: n = 3 and n = 5, m from 1 on.
TEST(u_without_ties_is_mann_whitneys_table) {
    static const double n3[6][3] = {{.250, .100, .050}, {.500, .200, .100}, {.750, .400, .200},
                                    {1.0, .600, .350},  {1.0, .800, .500},  {1.0, .900, .650}};
    static const double n5[6][5] = {{.167, .048, .018, .008, .004}, {.333, .095, .036, .016, .008},
                                    {.500, .190, .071, .032, .016}, {.667, .286, .125, .056, .028},
                                    {.833, .429, .196, .095, .048}, {1.0, .571, .286, .143, .075}};
    StatsU *su = stats_u_new(t->arena);
    for (size_t u = 0; u < 6; u++) {
        for (size_t m = 1; m <= 3; m++)
            CHECK_NEAR(t, stats_u_cdf(su, m, 3, u), n3[u][m - 1], .0006);
        for (size_t m = 1; m <= 5; m++)
            CHECK_NEAR(t, stats_u_cdf(su, 5, m, u), n5[u][m - 1], .0006);
    }
}

// Critical values of U, two-sided 5 % (Milton 1964; in most textbooks): the largest u with
// 2 P(U <= u) <= .05.
TEST(u_critical_values) {
    static const struct {
        size_t n, m, u;
    } rows[] = {{4, 4, 0},    {5, 5, 2},     {6, 6, 5},  {8, 8, 13},   {10, 10, 23}, {12, 12, 37},
                {15, 15, 64}, {20, 20, 127}, {5, 10, 8}, {10, 20, 55}, {7, 14, 22}};
    StatsU *su = stats_u_new(t->arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK(t, 2 * stats_u_cdf(su, rows[i].n, rows[i].m, rows[i].u) <= .05);
        CHECK(t, 2 * stats_u_cdf(su, rows[i].n, rows[i].m, rows[i].u + 1) > .05);
    }
}

// Klotz (1966), table 1: m = 5 of 10 with ties 1 1 2 1 1 2 1 1, by 2U (his statistic less m*m/2).
TEST(u_with_ties_is_klotzs_table) {
    static const uint32_t ties[] = {1, 1, 2, 1, 1, 2, 1, 1};
    static const struct {
        double rank_sum, p;
    } rows[] = {{12.5, .003968}, {13.5, .007937}, {15, .023810}, {16.5, .047619},
                {17.5, .071429}, {18, .087302},   {19, .134921}, {19.5, .138889}};
    StatsU *su = stats_u_new(t->arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t two_u = (size_t)(2 * rows[i].rank_sum) - 25;
        CHECK_NEAR(t, stats_u_ties_cdf(su, 5, ties, COUNT(ties), two_u), rows[i].p, 5e-7);
    }
    static const uint32_t pairs[] = {2, 2, 2, 2, 2, 2, 2, 2};
    CHECK_NEAR(t, stats_u_ties_cdf(su, 8, pairs, COUNT(pairs), 0), .000078, 5e-7);
    CHECK_NEAR(t, stats_u_ties_cdf(su, 8, pairs, COUNT(pairs), 2 * 54 - 64), .175369, 5e-7);
}

// Every way to give n of the pooled values to the first sample, counted one by one.
static double two_u_of(const double *pool, size_t all, unsigned chosen) {
    double two_u = 0;
    for (size_t i = 0; i < all; i++)
        for (size_t j = 0; j < all; j++)
            if ((chosen >> i & 1) && !(chosen >> j & 1))
                two_u += pool[i] > pool[j] ? 2 : pool[i] == pool[j] ? 1 : 0;
    return two_u;
}

static double counted_p(const double *pool, size_t n, size_t m) {
    size_t all = n + m;
    double mean = (double)(n * m), seen = fabs(two_u_of(pool, all, (1u << n) - 1) - mean);
    double far = 0, ways = 0;
    for (unsigned set = 0; set < 1u << all; set++) {
        if ((size_t)__builtin_popcount(set) != n) continue;
        ways++;
        far += fabs(two_u_of(pool, all, set) - mean) >= seen;
    }
    return far / ways;
}

TEST(u_test_equals_counting_all_arrangements) {
    StatsU *su = stats_u_new(t->arena);
    srand(7);
    for (int round = 0; round < 300; round++) {
        size_t n = 1 + (size_t)rand() % 6, m = 1 + (size_t)rand() % 6;
        int values = 2 + rand() % 12; // few values: many ties
        double pool[12];
        for (size_t i = 0; i < n + m; i++) pool[i] = rand() % values;
        double want = counted_p(pool, n, m);
        stats_sort(pool, n);
        stats_sort(pool + n, m);
        StatsTest have = stats_u_test(su, pool, n, pool + n, m);
        CHECK_NEAR(t, have.p, want, 1e-12);
        CHECK_NEAR(t, have.u, two_u_of(pool, n + m, (1u << n) - 1) / 2, 0);
        CHECK(t, have.exact);
    }
}

// Mann and Whitney's variance with the correction for ties, worked out by hand.
TEST(u_test_of_large_samples_is_the_normal_one) {
    double x[60], y[60];
    for (int i = 0; i < 60; i++) x[i] = i, y[i] = i + 10;
    StatsTest far = stats_u_test(stats_u_new(t->arena), x, 60, y, 60);
    CHECK(t, !far.exact);
    CHECK_NEAR(t, far.u, 1250, 0); // 0+...+49 smaller ones, and 50 ties that count one half
    double tie = 50 * 6.0 / (120 * 119.0), sigma = sqrt(3600 * (121 - tie) / 12);
    CHECK_NEAR(t, far.p, erfc((1800 - 1250 - .5) / sigma / sqrt(2)), 1e-12);
    for (int i = 0; i < 60; i++) y[i] = x[i] = 3;
    CHECK(t, stats_u_test(stats_u_new(t->arena), x, 60, y, 60).all_equal);
}

// Where benchstat's doubling of one tail is right, the two agree; its known slips are kept apart.
TEST(u_test_as_benchstat) {
    StatsU *su = stats_u_new(t->arena);
    const double x[] = {1, 2, 3, 4}, y[] = {5, 6, 7, 8};
    CHECK_NEAR(t, stats_u_test_benchstat(su, x, 4, y, 4).p, 2.0 / 70, 1e-15);
    CHECK_NEAR(t, stats_u_test(su, x, 4, y, 4).p, 2.0 / 70, 1e-15);
    const double a[] = {1, 1, 1, 2}, b[] = {1, 1, 1, 1, 1};
    CHECK_NEAR(t, stats_u_test_benchstat(su, a, 4, b, 5).p, 10.0 / 9, 1e-12); // more than 1
    CHECK_NEAR(t, stats_u_test(su, a, 4, b, 5).p, 4.0 / 9, 1e-12);
}

TEST(median_intervals) {
    // Conover, Practical Nonparametric Statistics, and sums of binomial terms.
    static const struct {
        size_t n;
        double level;
        size_t lo, hi;
        double has;
    } rows[] = {{6, .95, 1, 6, 1 - 2 / 64.0},        {10, .95, 2, 9, 1 - 22 / 1024.0},
                {8, .99, 1, 8, 1 - 2 / 256.0},       {5, .95, 0, 5, 31 / 32.0},
                {20, .95, 6, 15, 1 - 2 * .02069473}, {1, .95, 0, 2, 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        StatsInterval have = stats_median_interval(rows[i].n, rows[i].level);
        CHECK_EQ(t, have.lo, rows[i].lo);
        CHECK_EQ(t, have.hi, rows[i].hi);
        CHECK_NEAR(t, have.confidence, rows[i].has, 1e-6);
    }
    CHECK_EQ(t, stats_median_interval(100, .95).lo, 40); // normal approximation
    CHECK_EQ(t, stats_median_interval(100, .95).hi, 60); // one less still has 95 %
}

TEST(centers) {
    double odd[] = {3, 1, 2}, even[] = {4, 1, 3, 2}, with_nan[] = {2, NAN, 1};
    stats_sort(odd, 3);
    stats_sort(even, 4);
    stats_sort(with_nan, 3);
    CHECK_NEAR(t, stats_median(odd, 3), 2, 0);
    CHECK_NEAR(t, stats_median(even, 4), 2.5, 1e-15);
    CHECK(t, isnan(with_nan[0]) && with_nan[1] == 1);
    double powers[] = {1, 10, 100};
    CHECK_NEAR(t, stats_geomean(powers, 3), 10, 1e-13);
    double zero[] = {0, 1};
    CHECK(t, isnan(stats_geomean(zero, 2)));
    size_t count;
    double modes[] = {1, 2, 2, 3, 3};
    CHECK_NEAR(t, stats_mode(modes, 5, &count), 2, 0);
    CHECK_EQ(t, count, 2);
}

TEST(normal_distribution) {
    static const struct {
        double p, z;
    } rows[] = {{.5, 0},
                {.975, 1.959963984540054},
                {.995, 2.5758293035489004},
                {.001, -3.090232306167813},
                {.9, 1.2815515655446004},
                {1e-10, -6.361340902404056}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_NEAR(t, stats_normal_quantile(rows[i].p), rows[i].z, 1e-9);
        CHECK_NEAR(t, stats_normal_cdf(rows[i].z), rows[i].p, 1e-12);
    }
    CHECK(t, isnan(stats_normal_quantile(1.5)) && isinf(stats_normal_quantile(0)));
}

// Holm (1979), the example in most texts: .01 .04 .03 .005 -> .03 .06 .06 .02.
TEST(holm) {
    const double p[] = {.01, .04, .03, .005}, want[] = {.03, .06, .06, .02};
    uint32_t order[4];
    double have[4];
    stats_holm(p, 4, order, have);
    for (int i = 0; i < 4; i++) CHECK_NEAR(t, have[i], want[i], 1e-15);
}

// The interval of ratios holds exactly what the test does not reject: scaling the second sample by
// 1/r makes p > alpha for r inside, p <= alpha outside.
TEST(ratio_interval_is_the_inverted_test) {
    StatsU *su = stats_u_new(t->arena);
    srand(3);
    for (int round = 0; round < 100; round++) {
        double x[9], y[8], scaled[8];
        for (int i = 0; i < 9; i++) x[i] = 100 + rand() / (double)RAND_MAX * 20;
        for (int i = 0; i < 8; i++) y[i] = 105 + rand() / (double)RAND_MAX * 20;
        stats_sort(x, 9);
        stats_sort(y, 8);
        StatsRatio r = stats_ratio(t->arena, su, (StatsPair){x, y, 9, 8}, .95);
        CHECK(t, r.lo < r.center && r.center < r.hi);
        const double edges[] = {r.lo * (1 + 1e-9), r.hi * (1 - 1e-9), r.lo * (1 - 1e-9),
                                r.hi * (1 + 1e-9)};
        for (int e = 0; e < 4; e++) {
            for (int i = 0; i < 8; i++) scaled[i] = y[i] / edges[e];
            CHECK_EQ(t, stats_u_test(su, x, 9, scaled, 8).p > .05, e < 2);
        }
    }
    StatsRatio small =
        stats_ratio(t->arena, su, (StatsPair){(double[]){1, 2}, (double[]){1, 2}, 2, 2}, .95);
    CHECK(t, small.lo == 0 && isinf(small.hi));
}

TEST(ratio_of_large_samples) {
    enum { N = 20000 };
    double *x = NEW_ARRAY(t->arena, double, N), *y = NEW_ARRAY(t->arena, double, N);
    for (int i = 0; i < N; i++) x[i] = 100 + 10.0 * i / N, y[i] = 1.02 * x[i];
    StatsRatio r = stats_ratio(t->arena, stats_u_new(t->arena), (StatsPair){x, y, N, N}, .99);
    CHECK_NEAR(t, r.center, 1.02, 1e-4);
    CHECK(t, r.lo < 1.02 && r.hi > 1.02 && r.hi - r.lo < .004);
}

TEST(runs_needed) {
    CHECK_EQ(t, stats_runs_min(.05), 4);
    CHECK_EQ(t, stats_runs_min(.01), 5);
    CHECK_NEAR(t, stats_u_min_p(4, 4), 2.0 / 70, 1e-15);
    CHECK_EQ(t, stats_runs_needed(1, .05, .95), 9); // (1.960+1.645)^2 / (6/4) = 8.66
    CHECK_EQ(t, stats_runs_needed(.5, .05, .95), (long long)SIZE_MAX);
}

TEST(gomath_is_close_to_the_truth) {
    for (double x = 1e-300; x < 1e300; x *= 1.7e3)
        CHECK_NEAR(t, gomath_log(x), log(x), fabs(log(x)) * 4e-16 + 1e-16);
    for (double x = -700; x < 700; x += 13.37) CHECK_NEAR(t, gomath_exp(x) / exp(x), 1, 4e-16);
    for (unsigned n = 1; n < 60; n++) CHECK_NEAR(t, gomath_lgamma(n), lgamma(n), lgamma(n) * 4e-16);
    CHECK(t, stats_choose(50, 25) == 126410606437752.0);
}
