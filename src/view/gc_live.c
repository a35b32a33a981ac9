// view/gc_live.c: the live view of `heapwise gc watch` as lines of text: each figure with its
// newest value and its course as a row of bars. The terminal only shows them.
#include <math.h>

#include "view/gc.h"

typedef struct Row {
    const char *label;
    size_t offset;
    double scale;
    const char *unit;
} Row;

#define AT(member) offsetof(GcRecord, member)
static const Row rows[] = {
    {"allocation", AT(alloc_bytes), 1.0 / (1 << 20), "MiB/s"},
    {"objects", AT(alloc_objects), 1e-3, "k/s"},
    {"cycles", AT(cycles), 1, "/s"},
    {"reachable", AT(live), 1.0 / (1 << 20), "MiB"},
    {"floating", AT(floating), 1.0 / (1 << 20), "MiB"},
    {"live, as counted", AT(marked), 1.0 / (1 << 20), "MiB"},
    {"goal", AT(goal), 1.0 / (1 << 20), "MiB"},
    {"RSS", AT(rss), 1.0 / (1 << 20), "MiB"},
    {"GC", AT(gc_cpu), 1, "CPUs"},
    {"used", AT(used_cpu), 1, "CPUs"},
    {"got of asked", AT(on_cpu), 100, "%"},
    {"paused", AT(pause_s), 1000, "ms"},
    {"stacks", AT(stacks), 1.0 / 1024, "KiB"},
    {"globals", AT(globals), 1.0 / 1024, "KiB"},
};

static double value_of(const GcRecord *r, const Row *row) {
    double v;
    memcpy(&v, (const char *)r + row->offset, sizeof v);
    return v * row->scale;
}

// The newest `cells` values as bars from 0 to the largest of them; a gap where nothing is known.
static void bars(Buf *out, const GcRecordVec *records, const Row *row, uint32_t cells) {
    static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    uint32_t from = records->len > cells ? records->len - cells : 0;
    double most = 0;
    for (uint32_t i = from; i < records->len; i++) {
        double v = value_of(&records->v[i], row);
        if (isfinite(v)) most = fmax(most, v);
    }
    for (uint32_t i = from; i < records->len; i++) {
        double v = value_of(&records->v[i], row);
        if (!isfinite(v))
            buf_byte(out, ' ');
        else
            buf_c(out, heights[most > 0 ? MIN((size_t)(v / most * 7.999), (size_t)7) : 0]);
    }
}

void view_gc_live(Buf *out, const GcRecordVec *records, Str source, uint32_t width) {
    enum { LABEL = 18, VALUE = 12, LEAST = 10 };
    uint32_t cells = width > LABEL + VALUE + LEAST ? width - LABEL - VALUE - 8 : LEAST;
    buf_fmt(out, "heapwise gc watch  " STR_FMT "\n\n", STR_ARG(source));
    if (!records->len) {
        buf_lit(out, "waiting for the first interval\n");
        return;
    }
    const GcRecord *last = &vec_last(records);
    for (size_t i = 0; i < COUNT(rows); i++) {
        double v = value_of(last, &rows[i]);
        if (!isfinite(v)) continue;
        buf_fmt(out, "%-*s %*.*f %-5s ", LABEL, rows[i].label, VALUE - 2, v >= 100 ? 0 : 2, v,
                rows[i].unit);
        bars(out, records, &rows[i], cells);
        buf_byte(out, '\n');
    }
    if (last->used_cpu > 0 && isfinite(last->gc_cpu))
        buf_fmt(out, "\nGC share of the CPU used: %.1f %%\n", last->gc_cpu / last->used_cpu * 100);
    buf_lit(out, "\nq ends\n");
}
