// profile/trend.c: see trend.h. Snapshots are added one at a time, so that many of them need no
// more memory than their sums.
#include "profile/trend.h"

#include <math.h>

// A growth counts as one when the line explains this much of the ups and downs, and it is this many
// times the sampling error.
static const double R2_LEAST = 0.7, SIGMAS = 3;

const char *trend_verdict_text(TrendVerdict v) {
    static const char *const texts[] = {
#define X(id, text) text,
        TREND_VERDICTS(X)
#undef X
    };
    return texts[v];
}

// ---- size classes

// Of internal/runtime/gc/sizeclasses.go in Go 1.26: what small objects are rounded up to.
static const uint16_t class_sizes[] = {
    8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,  160,   176,   192,
    208,   224,   240,   256,   288,   320,   352,   384,   416,   448,   480,  512,   576,   640,
    704,   768,   896,   1024,  1152,  1280,  1408,  1536,  1792,  2048,  2304, 2688,  3072,  3200,
    3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,  8192,  9472,  9728, 10240, 10880, 12288,
    13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};
enum { CLASSES = COUNT(class_sizes), PAGE = 8192 }; // larger ones: whole pages

typedef struct TrendSizes {
    struct {
        int64_t objects, bytes, allocated, rounding;
    } at[CLASSES + 1]; // [CLASSES]: larger
} TrendSizes;

static uint32_t class_of(int64_t size) {
    uint32_t i = 0;
    while (i < CLASSES && class_sizes[i] < size) i++;
    return i;
}

// What rounding can have added to an object of this size. The profile has the rounded size: it was
// asked for as more than the class below. (Older profiles may have the size asked for.)
static int64_t rounding_of(int64_t size) {
    uint32_t i = class_of(size);
    if (i == CLASSES) {
        int64_t up = (size + PAGE - 1) / PAGE * PAGE;
        return up == size ? PAGE - 1 : up - size;
    }
    if (class_sizes[i] != size) return class_sizes[i] - size;
    return size - (i ? class_sizes[i - 1] : 0) - 1;
}

static int64_t plus(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }

// The label "bytes" of a heap sample.
static int64_t size_of(Cursor *c) {
    cursor_labels(c);
    for (uint32_t i = 0; i < c->labels.len; i++)
        if (c->labels.v[i].numeric && str_eq(c->labels.v[i].key, STR("bytes")))
            return c->labels.v[i].number;
    return 0;
}

// ---- one snapshot

typedef struct Columns {
    uint32_t value;
    int in_use, in_use_objects, allocated, allocated_objects; // -1: none
} Columns;

static Columns columns_of(const Profile *p, uint32_t value) {
    return (Columns){value, profile_column(p, STR("inuse_space")),
                     profile_column(p, STR("inuse_objects")), profile_column(p, STR("alloc_space")),
                     profile_column(p, STR("alloc_objects"))};
}

static bool is_heap(const Columns *c) {
    return c->in_use >= 0 && c->in_use_objects >= 0 && c->allocated >= 0 &&
           c->allocated_objects >= 0;
}

static TrendPoint *point_of(Trend *t, uint32_t row) {
    TrendRow *r = &t->rows.v[row];
    while (r->points.len < t->snapshots.len) vec_add(t->arena, &r->points);
    return &vec_last(&r->points);
}

static uint32_t row_of(Trend *t, Str name) {
    uint32_t *at = strmap_get(&t->by_name, name);
    if (at) return *at;
    TrendRow *r = vec_add(t->arena, &t->rows);
    r->name = str_copy(t->arena, name);
    *strmap_put(&t->by_name, r->name) = t->rows.len - 1;
    return t->rows.len - 1;
}

static void count(TrendPoint *to, const Cursor *c, const Columns *at, double variance) {
    to->value = plus(to->value, c->values[at->value]);
    to->variance += variance;
    if (!is_heap(at)) return;
    to->in_use = plus(to->in_use, c->values[at->in_use]);
    to->allocated = plus(to->allocated, c->values[at->allocated]);
}

static void count_size(TrendSizes *sizes, Cursor *c, const Columns *at) {
    int64_t size = size_of(c), objects = c->values[at->in_use_objects];
    if (size <= 0) return;
    uint32_t i = class_of(size);
    sizes->at[i].objects = plus(sizes->at[i].objects, objects);
    sizes->at[i].bytes = plus(sizes->at[i].bytes, c->values[at->in_use]);
    sizes->at[i].allocated = plus(sizes->at[i].allocated, c->values[at->allocated_objects]);
    int64_t most = 0;
    if (!__builtin_mul_overflow(objects, rounding_of(size), &most))
        sizes->at[i].rounding = plus(sizes->at[i].rounding, most);
}

static bool counts(const Cursor *c, const Columns *at) {
    if (c->values[at->value]) return true;
    return is_heap(at) && (c->values[at->in_use] || c->values[at->allocated]);
}

static void place(Trend *t, uint32_t row, const Profile *p, const ProfileLine *leaf) {
    TrendRow *r = &t->rows.v[row];
    Str file = p->functions.v[leaf->function].file;
    if (!str_eq(r->file, file)) r->file = str_copy(t->arena, file);
    r->line = leaf->line;
}

static void walk(Trend *t, const Profile *p, const Columns *at, TrendSizes *sizes) {
    Arena *scratch = arena_new("trend");
    ProfileSampling sampling = profile_sampling(scratch, p, at->value);
    t->sampled &= sampling.kind != SAMPLING_UNKNOWN;
    Cursor c = cursor_new(p, scratch);
    Buf room = buf_new(scratch);
    while (cursor_next(&c)) {
        if (!counts(&c, at)) continue;
        double variance = profile_variance(&sampling, &c, at->value);
        ProfileCharge to = profile_charge(&c, t->rules.by, t->rules.label, &room);
        uint32_t row = row_of(t, to.name);
        if (to.leaf && t->rules.by != PROFILE_BY_PACKAGE) place(t, row, p, to.leaf);
        count(point_of(t, row), &c, at, variance);
        count(point_of(t, 0), &c, at, variance);
        if (is_heap(at)) count_size(sizes, &c, at);
    }
    arena_free(scratch);
}

void trend_init(Arena *a, const TrendRules *rules, Trend *out) {
    *out = (Trend){
        .arena = a, .rules = *rules, .heap = true, .sampled = true, .by_name = strmap_new(a)};
    row_of(out, STR("(total)"));
    out->by_name = strmap_new(a); // a function may have that name
}

static Err choose_column(Trend *t, const Profile *p, Str name, uint32_t *out) {
    Str why, wanted = t->snapshots.len ? t->type.type : t->rules.value;
    int value = profile_value_index(p, wanted, t->arena, &why);
    if (value < 0)
        return err_new(t->arena, ERR_USAGE, 0, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(why));
    ProfileType type = p->types.v[value];
    if (!t->snapshots.len)
        t->type = (ProfileType){str_copy(t->arena, type.type), str_copy(t->arena, type.unit)};
    else if (!str_eq(type.type, t->type.type) || !str_eq(type.unit, t->type.unit))
        return err_new(t->arena, ERR_FORMAT, 0,
                       STR_FMT " has no " STR_FMT " in " STR_FMT ": it is of another kind",
                       STR_ARG(name), STR_ARG(t->type.type), STR_ARG(t->type.unit));
    *out = (uint32_t)value;
    return NULL;
}

Err trend_add(Trend *t, const Profile *p, Str name) {
    uint32_t value = 0;
    if (!p->types.len)
        return err_new(t->arena, ERR_FORMAT, 0, STR_FMT ": a profile without sample types",
                       STR_ARG(name));
    TRY(choose_column(t, p, name, &value));
    Columns at = columns_of(p, value);
    t->heap &= is_heap(&at);
    vec_push(t->arena, &t->snapshots, ((TrendSnapshot){.name = name, .time_nanos = p->time_nanos}));
    TrendSizes *sizes = NEW(t->arena, TrendSizes);
    vec_push(t->arena, &t->sizes, sizes);
    walk(t, p, &at, sizes);
    for (uint32_t i = 0; i < t->rows.len; i++) point_of(t, i);
    return NULL;
}

// ---- the order of snapshots

static uint32_t *order_by_time(Trend *t) {
    uint32_t n = t->snapshots.len, *order = NEW_ARRAY(t->arena, uint32_t, n + 1);
    t->timed = true;
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        t->timed &= t->snapshots.v[i].time_nanos > 0;
    }
    for (uint32_t i = 1; t->timed && i < n; i++) // usually sorted already
        for (uint32_t k = i;
             k > 0 && t->snapshots.v[order[k]].time_nanos < t->snapshots.v[order[k - 1]].time_nanos;
             k--) {
            uint32_t swap = order[k];
            order[k] = order[k - 1];
            order[k - 1] = swap;
        }
    // Of two with the same time one would stand still: then only the order counts.
    for (uint32_t i = 1; i < n; i++)
        t->timed &= t->snapshots.v[order[i]].time_nanos > t->snapshots.v[order[i - 1]].time_nanos;
    return order;
}

// The first snapshot of the last run: before it less has been allocated than at the one before.
static uint32_t last_run(const Trend *t, const uint32_t *order) {
    uint32_t first = 0;
    for (uint32_t i = 1; t->heap && i < t->snapshots.len; i++)
        if (t->rows.v[0].points.v[order[i]].allocated <
            t->rows.v[0].points.v[order[i - 1]].allocated)
            first = i;
    return first;
}

#define REORDER(t, vec, order, first)                                                              \
    do {                                                                                           \
        void *copy_ = arena_copy((t)->arena, (vec)->v, (vec)->len * sizeof *(vec)->v, 8);          \
        for (uint32_t i_ = (first); i_ < (vec)->len; i_++)                                         \
            memcpy(&(vec)->v[i_ - (first)], (char *)copy_ + (order)[i_] * sizeof *(vec)->v,        \
                   sizeof *(vec)->v);                                                              \
        (vec)->len -= (first);                                                                     \
    } while (0)

static void put_in_order(Trend *t) {
    uint32_t *order = order_by_time(t), first = last_run(t, order);
    t->restarts = first;
    for (uint32_t i = 0; i < t->rows.len; i++) REORDER(t, &t->rows.v[i].points, order, first);
    REORDER(t, &t->sizes, order, first);
    REORDER(t, &t->snapshots, order, first);
    for (uint32_t i = 0; i < t->snapshots.len; i++)
        t->snapshots.v[i].at_s =
            t->timed ? (double)(t->snapshots.v[i].time_nanos - t->snapshots.v[0].time_nanos) / 1e9
                     : i;
}

// ---- what is made of the points

static void fit_line(const Trend *t, TrendRow *r) {
    uint32_t n = t->snapshots.len;
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
    for (uint32_t i = 0; i < n; i++) {
        mean_x += t->snapshots.v[i].at_s / n;
        mean_y += (double)r->points.v[i].value / n;
    }
    for (uint32_t i = 0; i < n; i++) {
        double x = t->snapshots.v[i].at_s - mean_x, y = (double)r->points.v[i].value - mean_y;
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    r->slope = xx > 0 ? xy / xx : 0;
    r->r2 = xx > 0 && yy > 0 ? fmin(xy * xy / (xx * yy), 1) : 0;
    r->growth = r->slope * t->snapshots.v[n - 1].at_s;
    r->sigma = sqrt(r->points.v[0].variance + r->points.v[n - 1].variance);
}

static TrendVerdict judge(const TrendRow *r) {
    if (fabs(r->growth) <= SIGMAS * r->sigma || r->growth == 0) {
        // A line without slope may still hide large swings.
        double low = INFINITY, high = -INFINITY, most = 0;
        for (uint32_t i = 0; i < r->points.len; i++) {
            low = fmin(low, (double)r->points.v[i].value);
            high = fmax(high, (double)r->points.v[i].value);
            most = fmax(most, r->points.v[i].variance);
        }
        return high - low > 2 * SIGMAS * sqrt(most) ? TREND_WAVERS : TREND_STEADY;
    }
    if (r->r2 < R2_LEAST) return TREND_WAVERS;
    return r->growth > 0 ? TREND_GROWS : TREND_SHRINKS;
}

static int64_t freed(const TrendPoint *p) { return plus(p->allocated, -p->in_use); }

static void follow_memory(const Trend *t, TrendRow *r) {
    uint32_t n = t->snapshots.len;
    const TrendPoint *first = &r->points.v[0], *last = &r->points.v[n - 1];
    r->window_alloc = plus(last->allocated, -first->allocated);
    r->window_freed = plus(freed(last), -freed(first));
    r->kept_since = n - 1;
    for (uint32_t i = n - 1; i-- > 0;) {
        int64_t kept = plus(r->points.v[i].allocated, -freed(last));
        if (kept <= 0) continue;
        r->kept = kept;
        r->kept_since = i;
    }
    double area = 0, span = t->snapshots.v[n - 1].at_s;
    for (uint32_t i = 1; i < n; i++)
        area += ((double)r->points.v[i].in_use + (double)r->points.v[i - 1].in_use) / 2 *
                (t->snapshots.v[i].at_s - t->snapshots.v[i - 1].at_s);
    bool known = t->timed && r->window_alloc > 0 && span > 0;
    r->lifetime_s = known ? area / (double)r->window_alloc : -1;
}

static double leak_score(const TrendRow *r) { return r->growth * r->r2; }

static int by_leak(const void *x, const void *y) {
    const TrendRow *a = x, *b = y;
    double sa = leak_score(a), sb = leak_score(b);
    if (sa != sb) return sa < sb ? 1 : -1;
    return str_cmp(a->name, b->name);
}

static void list_classes(Trend *t) {
    const TrendSizes *first = t->sizes.v[0], *last = vec_last(&t->sizes);
    for (uint32_t i = 0; i <= CLASSES; i++) {
        TrendClass c = {.size = i < CLASSES ? class_sizes[i] : 0,
                        .objects = last->at[i].objects,
                        .bytes = last->at[i].bytes,
                        .window_objects = plus(last->at[i].allocated, -first->at[i].allocated),
                        .rounding_most = last->at[i].rounding};
        if (c.objects || c.window_objects) vec_push(t->arena, &t->classes, c);
    }
}

Err trend_finish(Trend *t) {
    put_in_order(t);
    if (t->snapshots.len < 2)
        return err_new(t->arena, ERR_USAGE, 0,
                       t->restarts ? "the program was started again before the last profile: a "
                                     "trend needs two of one run"
                                   : "a trend needs two profiles at least");
    for (uint32_t i = 0; i < t->rows.len; i++) {
        fit_line(t, &t->rows.v[i]);
        t->rows.v[i].verdict = judge(&t->rows.v[i]);
        t->rows.v[i].lifetime_s = -1;
        if (t->heap) follow_memory(t, &t->rows.v[i]);
    }
    qsort(t->rows.v + 1, t->rows.len - 1, sizeof *t->rows.v, by_leak);
    if (t->heap) list_classes(t);
    return NULL;
}
