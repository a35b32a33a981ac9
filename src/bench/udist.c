// bench/udist.c: the distribution of Mann-Whitney's U and the test on it.
//
// Without ties it follows Mann and Whitney's recurrence (1947)
//     p[n,m](u) = ( n p[n-1,m](u-m) + m p[n,m-1](u) ) / (n+m)
// evaluated in doubles in one fixed order, since benchstat's p is that sum. With ties the
// arrangements are counted group by group (Klotz 1966): exact, the counts stay below 2^53.
#include <math.h>
#include <string.h>

#include "bench/stats.h"

enum { EXACT_LIMIT = 50, TIES_LIMIT = 25 };

struct StatsU {
    Arena *arena;
    // cdf[n][m], n <= m: P(U <= u) for u up to n*m/2; NULL until asked for.
    double *cdf[EXACT_LIMIT + 1][EXACT_LIMIT + 1];
    double *ways[2]; // counting tables of the tied case
    size_t ways_cap;
};

StatsU *stats_u_new(Arena *a) {
    StatsU *su = NEW(a, StatsU);
    su->arena = a;
    return su;
}

// One cell of the recurrence, in place: out holds p[n,m-1] (or, where m == n, other does).
typedef struct Step {
    double *out;
    const double *less, *other; // p[n-1,m], p[n,m-1]
    size_t n, m, top;           // top: the largest u wanted
} Step;

static void step_pmf(Step s) {
    for (size_t u = s.top + 1; u-- > 0;) {
        double with = u >= s.m ? (double)s.n * s.less[u - s.m] : 0.0;
        double without = (double)s.m * s.other[u];
        s.out[u] = (with + without) / (double)(s.n + s.m);
    }
}

static double *make_cdf(StatsU *su, size_t n, size_t m) {
    size_t limit = n * m / 2, width = limit + 1;
    double *cdf = NEW_ARRAY(su->arena, double, width);
    ArenaMark mark = arena_mark(su->arena);
    double *rows = NEW_ARRAY(su->arena, double, (n + 1) * width); // rows[i]: p[i, row]
    rows[0] = 1;
    for (size_t row = 1; row <= m; row++)
        for (size_t i = 1; i <= MIN(n, row); i++) {
            const double *other = rows + (i < row ? i : row - 1) * width; // p[i,m-1] = p[m-1,i]
            step_pmf((Step){rows + i * width, rows + (i - 1) * width, other, i, row,
                            MIN(i * row, limit)});
        }
    double sum = 0;
    for (size_t u = 0; u <= limit; u++) cdf[u] = sum += rows[n * width + u];
    arena_pop_to(mark);
    return cdf;
}

double stats_u_cdf(StatsU *su, size_t n, size_t m, size_t u) {
    ASSERT(n <= EXACT_LIMIT && m <= EXACT_LIMIT);
    if (u >= n * m) return 1;
    if (n > m) return stats_u_cdf(su, m, n, u);
    double **cdf = &su->cdf[n][m];
    if (!*cdf) *cdf = make_cdf(su, n, m);
    if (u < (n * m + 1) / 2) return (*cdf)[u];
    return 1 - (*cdf)[n * m - u - 1]; // symmetric about n*m/2
}

// The counting: ways[j][v] is the number of ways to have given j of the values seen so far to
// sample one with 2U = v. A group of t values of which r go to sample one adds
// 2r(values of sample two below) + r(t-r), in C(t,r) ways.
typedef struct Count {
    double *now, *next;
    size_t n, width; // width = limit + 1
    size_t seen;     // values before this group
    size_t left;     // values after this group
} Count;

static void add_shifted(double *restrict to, const double *restrict from, size_t len,
                        double times) {
    for (size_t i = 0; i < len; i++) to[i] += times * from[i];
}

static void count_group(Count *c, size_t t) {
    size_t all = c->seen + t;
    size_t first = c->n > c->left ? c->n - c->left : 0; // fewer cannot reach n any more
    for (size_t j = first; j <= MIN(c->n, all); j++) {
        double *to = c->next + j * c->width;
        memset(to, 0, c->width * sizeof *to);
        size_t r = j > c->seen ? j - c->seen : 0;
        for (; r <= MIN(t, j); r++) {
            size_t before = j - r;
            size_t shift = 2 * r * (c->seen - before) + r * (t - r);
            // What the values still to come must add at least.
            size_t future = 2 * (c->n - j) * (all - j);
            if (shift + future >= c->width) continue;
            add_shifted(to + shift, c->now + before * c->width, c->width - shift - future,
                        stats_choose((unsigned)t, (unsigned)r));
        }
    }
}

static void reserve_ways(StatsU *su, size_t cells) {
    if (cells <= su->ways_cap) return;
    for (int i = 0; i < 2; i++) su->ways[i] = NEW_ARRAY(su->arena, double, cells);
    su->ways_cap = cells;
}

double stats_u_ties_cdf(StatsU *su, size_t n, const uint32_t *ties, size_t groups, size_t two_u) {
    size_t all = 0;
    for (size_t i = 0; i < groups; i++) all += ties[i];
    ASSERT(n <= all && all <= 2 * TIES_LIMIT);
    if (two_u >= 2 * n * (all - n)) return 1;
    size_t width = two_u + 1;
    reserve_ways(su, (n + 1) * width);
    Count c = {su->ways[0], su->ways[1], n, width, 0, all};
    memset(c.now, 0, (n + 1) * width * sizeof *c.now);
    c.now[0] = 1;
    for (size_t i = 0; i < groups; i++) {
        c.left -= ties[i];
        count_group(&c, ties[i]);
        c.seen += ties[i];
        double *swap = c.now;
        c.now = c.next;
        c.next = swap;
    }
    double sum = 0;
    for (size_t v = 0; v <= two_u; v++) sum += c.now[n * width + v];
    return sum / stats_choose((unsigned)all, (unsigned)n);
}

// What ranking the pooled samples gives.
typedef struct Ranks {
    uint64_t two_rank_sum; // of the first sample, tied values share their mean rank
    uint32_t *ties;        // sizes of the groups of equal values; NULL past the exact limits
    size_t groups;
    uint64_t tie_term; // sum of t^3 - t
    bool tied;
} Ranks;

static bool same(double x, double y) { return x == y || (isnan(x) && isnan(y)); }

static void add_group(Ranks *r, size_t start, size_t mine, size_t size) {
    r->two_rank_sum += (uint64_t)mine * (2 * start + size + 1);
    if (r->ties) r->ties[r->groups] = (uint32_t)size;
    r->groups++;
    r->tied |= size > 1;
    r->tie_term += (uint64_t)size * size * size - size;
}

static void rank_samples(Ranks *r, StatsPair s) {
    size_t i = 0, j = 0;
    while (i < s.n || j < s.m) {
        bool from_x =
            j == s.m || (i < s.n && !(s.y[j] < s.x[i]) && !(isnan(s.y[j]) && !isnan(s.x[i])));
        double v = from_x ? s.x[i] : s.y[j];
        size_t start = i + j, first = i;
        while (i < s.n && same(s.x[i], v)) i++;
        size_t mine = i - first;
        while (j < s.m && same(s.y[j], v)) j++;
        add_group(r, start, mine, i + j - start);
    }
}

static StatsTest normal_test(const Ranks *r, double u, size_t n, size_t m) {
    double pairs = (double)(n * m), all = (double)(n + m);
    double tie = (double)(int64_t)r->tie_term / (all * (all - 1));
    double sigma = sqrt(pairs * ((all + 1) - tie) / 12);
    if (sigma == 0 || r->groups == 1) return (StatsTest){u, 1, false, true};
    double off = u - pairs / 2;
    if (off != 0) off -= off < 0 ? -0.5 : 0.5;
    double below = stats_normal_cdf(off / sigma);
    return (StatsTest){u, 2 * MIN(below, 1 - below), false, false};
}

typedef struct Exact { // what both forms of the exact test start from
    StatsPair s;
    Ranks ranks;
    uint32_t ties[2 * EXACT_LIMIT];
    size_t least; // twice the smaller of the two U
    StatsTest test;
    bool done; // test is the answer already
} Exact;

static void start_test(Exact *e, StatsPair s) {
    bool small = s.n <= EXACT_LIMIT && s.m <= EXACT_LIMIT;
    *e = (Exact){.s = s, .done = true};
    e->ranks.ties = small ? e->ties : NULL;
    rank_samples(&e->ranks, s);
    uint64_t two_u = e->ranks.two_rank_sum - (uint64_t)s.n * (s.n + 1),
             most = 2 * (uint64_t)s.n * s.m;
    e->least = (size_t)MIN(two_u, most - two_u);
    e->test = (StatsTest){.u = (double)two_u / 2, .p = 1, .exact = true};
    if (!small || (e->ranks.tied && MAX(s.n, s.m) > TIES_LIMIT))
        e->test = normal_test(&e->ranks, e->test.u, s.n, s.m);
    else if (e->ranks.groups == 1)
        e->test.all_equal = true;
    else
        e->done = two_u * 2 == most; // in the very middle
}

StatsTest stats_u_test(StatsU *su, const double *x, size_t n, const double *y, size_t m) {
    Exact e;
    start_test(&e, (StatsPair){x, y, n, m});
    if (e.done) return e.test;
    if (!e.ranks.tied) {
        e.test.p = 2 * stats_u_cdf(su, n, m, e.least / 2);
        return e.test;
    }
    double low = stats_u_ties_cdf(su, n, e.ties, e.ranks.groups, e.least);
    double high = n == m ? low : stats_u_ties_cdf(su, m, e.ties, e.ranks.groups, e.least);
    e.test.p = MIN(1, low + high);
    return e.test;
}

// P(2U <= two_u) with two different values, as benchstat sums it: the last term's number is rounded
// towards zero, so one term is counted even below the least U.
static double two_groups(size_t n, const uint32_t *ties, size_t two_u) {
    long t0 = ties[0], t1 = ties[1], n1 = (long)n, sum = t0 + t1;
    long last = ((long)two_u - n1 * (t0 - n1)) / sum;
    double ways = 0;
    for (long r = MAX(0, n1 - t0); r <= MIN(last, MIN(t1, n1)); r++)
        ways += stats_choose((unsigned)t0, (unsigned)(n1 - r)) *
                stats_choose((unsigned)t1, (unsigned)r);
    return ways / stats_choose((unsigned)sum, (unsigned)n1);
}

StatsTest stats_u_test_benchstat(StatsU *su, const double *x, size_t n, const double *y, size_t m) {
    Exact e;
    start_test(&e, (StatsPair){x, y, n, m});
    if (e.done) return e.test;
    double tail = !e.ranks.tied         ? stats_u_cdf(su, n, m, e.least / 2)
                  : e.ranks.groups == 2 ? two_groups(n, e.ties, e.least)
                                        : stats_u_ties_cdf(su, n, e.ties, e.ranks.groups, e.least);
    e.test.p = tail * 2;
    return e.test;
}

double stats_u_min_p(size_t n, size_t m) {
    if (n + m > 1000) return 0;
    double ways = 1; // C(n+m, n)
    for (size_t i = 1; i <= n; i++) ways = ways * (double)(m + i) / (double)i;
    return MIN(1, 2 / ways);
}
