// view/gc_run.c: the page of `heapwise gc run` and of a whole trace: what the collector did.
#include "view/gc.h"

static DocValue bytes(double n) { return doc_bytes((int64_t)n); }
static DocValue seconds(double s) { return doc_nanos((int64_t)(s * 1e9)); }

static void heap_section(Doc *d, const GcSummary *s) {
    doc_open(d, "heap", STR("heap"));
    doc_field(d, "alloc_bytes", "allocated", bytes(s->alloc_bytes));
    if (s->seconds > 0)
        doc_field(d, "alloc_bytes_per_s", "per second", bytes(s->alloc_bytes / s->seconds));
    doc_field(d, "live", "reachable", bytes(s->live));
    doc_field(d, "floating", "floating garbage", bytes(s->floating));
    doc_field(d, "marked", "live, as the runtime counts", bytes(s->marked));
    doc_field(d, "goal", "goal", bytes(s->goal));
    doc_field(d, "stacks", "stacks scanned", bytes(s->stacks));
    doc_field(d, "globals", "globals scanned", bytes(s->globals));
    doc_field(d, "exact", NULL, doc_bool(s->exact));
    if (!s->exact)
        doc_prose_toned(
            d, STR("gctrace rounds heap sizes down to 1 MiB; --precise gives them to the byte"),
            TONE_DIM);
    doc_close(d);
}

static void cpu_section(Doc *d, const GcObservation *o, const GcSummary *s) {
    doc_open(d, "cpu", STR("CPU"));
    doc_field(d, "cycles", "cycles", doc_count(s->cycles));
    if (s->forced) doc_field(d, "forced", "forced", doc_count(s->forced));
    if (s->seconds > 0)
        doc_field(d, "cycles_per_s", "cycles per second",
                  doc_float((double)s->cycles / s->seconds));
    doc_field(d, "gc_cpu", "GC CPU", seconds(s->gc_cpu_s));
    doc_field(d, "idle_mark", "of it on idle processors", seconds(s->idle_mark_s));
    if (o->cpu_s > 0) {
        doc_field(d, "used_cpu", "CPU used", seconds(o->cpu_s));
        doc_field(d, "gc_share", "GC share of the CPU used", doc_percent(s->gc_share * 100));
    }
    doc_field(d, "on_cpu", "got of the CPU asked for", doc_percent(s->on_cpu * 100));
    if (s->on_cpu < 0.9)
        doc_prose_toned(
            d, STR("The machine was busy: GC CPU is corrected for the time spent waiting."),
            TONE_WARN);
    doc_field(d, "pauses", "stop-the-world", seconds(s->pause_s));
    doc_field(d, "longest_pause", "longest pause", seconds(s->longest_pause_s));
    doc_close(d);
}

static void trace_section(Doc *d, const GcTraceCounts *c) {
    doc_open(d, "trace", STR("trace"));
    doc_field(d, "torn", "torn lines put together", doc_count((int64_t)c->torn));
    doc_field(d, "lost", "lines lost",
              doc_toned(doc_count((int64_t)c->lost), c->lost ? TONE_WARN : TONE_PLAIN));
    if (c->restarts) doc_field(d, "restarts", "restarts", doc_count((int64_t)c->restarts));
    doc_close(d);
}

void view_gc_run(Doc *d, const GcObservation *o, const GcTraceCounts *counts, int status) {
    GcSummary s = observation_summary(d->arena, o);
    if (status >= 0)
        doc_field(d, "status", "exit status of the program",
                  doc_toned(doc_int(status), status ? TONE_WARN : TONE_PLAIN));
    if (o->wall_s > 0) doc_field(d, "wall", "ran for", seconds(o->wall_s));
    if (o->peak_rss) doc_field(d, "peak_rss", "peak RSS", bytes((double)o->peak_rss));
    doc_field(d, "procs", "GOMAXPROCS", doc_int(o->procs));
    if (!s.cycles) {
        doc_prose(d, STR("No cycle ran: the heap never reached its first goal (4 MiB at GOGC=100), "
                         "or this is no Go program."));
        return;
    }
    heap_section(d, &s);
    cpu_section(d, o, &s);
    if (counts) trace_section(d, counts);
}
