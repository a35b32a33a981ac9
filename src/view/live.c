// view/live: one moment of a process as a page.
#include "view/live.h"

#include <stdlib.h>

#include "base/index.h"

typedef struct Page {
    Doc *d;
    const LiveTarget *t;
    const LiveFacts *f;
    const LiveOptions *o;
    bool sound; // every cross-check so far
} Page;

static double share(uint64_t part, uint64_t whole) {
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

// One line of a cross-check: two numbers that must be the same.
static void check(Page *p, const char *key, const char *label, int64_t counted, int64_t said) {
    Arena *a = p->d->arena;
    bool equal = counted == said;
    p->sound &= equal;
    DocValue v =
        doc_text(equal ? str_fmt(a, "%lld = %lld", (long long)counted, (long long)said)
                       : str_fmt(a, "%lld, not %lld", (long long)counted, (long long)said));
    doc_field(p->d, NULL, label, doc_toned(v, equal ? TONE_GOOD : TONE_BAD));
    doc_field(p->d, str_to_c(a, str_fmt(a, "%s_counted", key)), NULL, doc_int(counted));
    doc_field(p->d, str_to_c(a, str_fmt(a, "%s_runtime", key)), NULL, doc_int(said));
}

static void identity(Page *p) {
    Doc *d = p->d;
    const LiveTarget *t = p->t;
    if (t->pid) doc_field(d, "pid", "process", doc_int(t->pid));
    doc_field(d, "program", "program", doc_text(t->exe));
    doc_field(d, "go_version", "built with", doc_text(t->program.build.go_version));
    doc_field(d, "layout", "structures",
              doc_text(t->layout.from_program ? STR("the program's debugging information")
                                              : STR("the table of its release")));
    if (t->pid) doc_field(d, "stops", NULL, doc_count(p->f->walk.stops));
    if (t->pid) doc_field(d, "stopped_ns", "stood still for", doc_nanos((int64_t)p->f->stopped_ns));
}

// ---- where the resident memory is

static void treemap(Page *p, const LiveWhere *w) {
    static const struct {
        LivePlace first;
        const char *name;
    } groups[] = {{LIVE_PLACE_TEXT, "program"},       {LIVE_PLACE_OBJECTS, "heap"},
                  {LIVE_PLACE_STACKS_USED, "stacks"}, {LIVE_PLACE_METADATA, "runtime"},
                  {LIVE_PLACE_C_STACKS, "other"},     {LIVE_PLACE_COUNT, NULL}};
    DocChart c = {.kind = CHART_TREEMAP,
                  .unit = DOC_BYTES,
                  .caption = STR("Resident memory by what it holds")};
    for (size_t g = 0; groups[g].name; g++) {
        DocBox box = {.label = str_c(groups[g].name)};
        for (int i = groups[g].first; i < (int)groups[g + 1].first; i++)
            box.value += (int64_t)w->bytes[i];
        if (!box.value) continue;
        vec_push(p->d->arena, &c.boxes, box);
        uint32_t parent = c.boxes.len;
        for (int i = groups[g].first; i < (int)groups[g + 1].first; i++) {
            if (!w->bytes[i]) continue;
            DocBox part = {.label = str_c(live_place_text((LivePlace)i)),
                           .parent = parent,
                           .value = (int64_t)w->bytes[i],
                           .tone = i == LIVE_PLACE_UNEXPLAINED ? TONE_WARN : TONE_PLAIN};
            vec_push(p->d->arena, &c.boxes, part);
        }
    }
    doc_chart(p->d, NULL, STR("Resident memory"), c);
}

static void unexplained(Page *p, const LiveWhere *w) {
    static const DocColumn columns[] = {{"start", "from", true},
                                        {"mapped_bytes", "mapped", true},
                                        {"unexplained_bytes", "unexplained", true},
                                        {"name", "name", false}};
    if (!w->unexplained.len) return;
    doc_open(p->d, "unexplained", STR("Mappings that hold what is unexplained"));
    doc_table(p->d, "mappings", columns, COUNT(columns));
    for (uint32_t i = 0; i < w->unexplained.len; i++) {
        const LiveMapping *m = &w->unexplained.v[i].mapping;
        doc_cell(p->d, doc_address(m->start));
        doc_cell(p->d, doc_bytes((int64_t)(m->end - m->start)));
        doc_cell(p->d, doc_bytes((int64_t)w->unexplained.v[i].bytes));
        doc_cell(p->d, doc_text(m->name));
    }
    doc_close(p->d);
}

static void where(Page *p) {
    static const DocColumn columns[] = {{"place", NULL, false},
                                        {NULL, "what", false},
                                        {"resident_bytes", "resident", true},
                                        {"share", "of RSS", true},
                                        {"virtual_bytes", "address space", true}};
    const LiveResident *r = &p->f->resident;
    LiveWhere w;
    uint64_t sum = 0;
    if (!p->t->pid) return;
    live_where(p->d->arena, p->t, p->f, &w);
    doc_open(p->d, "where", STR("Where the resident memory is"));
    doc_table(p->d, "places", columns, COUNT(columns));
    for (int i = 0; i < LIVE_PLACE_COUNT; i++) {
        sum += w.bytes[i];
        if (!w.bytes[i] && !w.reserved[i] && i != LIVE_PLACE_UNEXPLAINED) continue;
        doc_cell(p->d, doc_text(str_c(live_place_key((LivePlace)i))));
        doc_cell(p->d, doc_text(str_c(live_place_text((LivePlace)i))));
        doc_cell(p->d, doc_bytes((int64_t)w.bytes[i]));
        doc_cell(p->d, doc_percent(share(w.bytes[i], r->total)));
        doc_cell(p->d, doc_bytes((int64_t)w.reserved[i]));
    }
    doc_field(p->d, "sum_bytes", "all lines", doc_bytes((int64_t)sum));
    doc_field(p->d, "kernel_rss_bytes", "RSS as the kernel counts it",
              doc_bytes((int64_t)r->kernel_rss));
    doc_field(p->d, "difference_bytes", "difference",
              doc_bytes((int64_t)sum - (int64_t)r->kernel_rss));
    unexplained(p, &w);
    if (p->o->treemap) treemap(p, &w);
    doc_close(p->d);
}

// ---- the heap

typedef struct Class {
    int number; // 0: large objects
    bool noscan, others;
    uint64_t spans, unswept, objects, span_bytes, elem_bytes;
} Class;

static void add_class(Class *to, const Class *c) {
    to->spans += c->spans;
    to->unswept += c->unswept;
    to->objects += c->objects;
    to->span_bytes += c->span_bytes;
    to->elem_bytes += c->elem_bytes;
}

static int compare_class(const void *x, const void *y) {
    const Class *a = x, *b = y;
    if (a->span_bytes != b->span_bytes) return a->span_bytes > b->span_bytes ? -1 : 1;
    return a->number != b->number ? a->number - b->number : a->noscan - b->noscan;
}

// Those with most memory first; what is more than `top` as one.
static uint32_t count_classes(const LiveWalk *w, Class *out, uint32_t top) {
    Class all[LIVE_CLASSES * 2 + 1] = {0};
    for (int i = 0; i < LIVE_CLASSES * 2; i++) all[i] = (Class){.number = i / 2, .noscan = i % 2};
    for (uint32_t i = 0; i < w->spans.len; i++) {
        const LiveSpan *s = &w->spans.v[i];
        if (s->state != LIVE_SPAN_HEAP) continue;
        Class one = {.spans = 1,
                     .unswept = s->sweepgen == w->sweepgen - 2,
                     .objects = s->live,
                     .span_bytes = s->bytes,
                     .elem_bytes = s->live * s->elem_bytes};
        add_class(&all[s->size_class * 2 + s->noscan], &one);
    }
    qsort(all, LIVE_CLASSES * 2, sizeof *all, compare_class);
    uint32_t n = 0;
    Class others = {.others = true};
    for (int i = 0; i < LIVE_CLASSES * 2 && all[i].spans; i++) {
        if (top && n >= top)
            add_class(&others, &all[i]);
        else
            out[n++] = all[i];
    }
    if (others.spans) out[n++] = others;
    return n;
}

static void class_row(Page *p, const Class *c) {
    uint64_t size = c->objects ? c->elem_bytes / c->objects : 0;
    doc_cell(p->d, c->others    ? doc_text(STR("(others)"))
                   : !c->number ? doc_text(STR("large"))
                   : size       ? doc_text(str_fmt(p->d->arena, "%llu", (unsigned long long)size))
                                : doc_text(str_fmt(p->d->arena, "class %d", c->number)));
    doc_cell(p->d, doc_text(c->others ? STR("") : c->noscan ? STR("no") : STR("yes")));
    doc_cell(p->d, doc_count((int64_t)c->spans));
    doc_cell(p->d, doc_count((int64_t)c->objects));
    doc_cell(p->d, doc_bytes((int64_t)c->elem_bytes));
    doc_cell(p->d, doc_bytes((int64_t)(c->span_bytes - c->elem_bytes)));
    doc_cell(p->d, doc_percent(share(c->elem_bytes, c->span_bytes)));
    doc_cell(p->d, doc_count((int64_t)c->unswept));
}

static void heap(Page *p) {
    static const DocColumn columns[] = {{"object_bytes", "object size", true},
                                        {"pointers", "pointers", false},
                                        {"spans", "spans", true},
                                        {"objects", "objects", true},
                                        {"used_bytes", "in objects", true},
                                        {"unused_bytes", "unused in spans", true},
                                        {"fill", "filled", true},
                                        {"unswept", "not swept", true}};
    const LiveWalk *w = &p->f->walk;
    const LiveStats *s = &w->stats;
    Class classes[LIVE_CLASSES * 2 + 1];
    uint32_t n = count_classes(w, classes, p->o->top);
    doc_open(p->d, "heap", STR("Heap"));
    doc_field(p->d, "objects", "objects", doc_count((int64_t)w->objects));
    doc_field(p->d, "bytes", "bytes in objects", doc_bytes((int64_t)w->bytes));
    check(p, "objects", "objects counted = the runtime's statistics", (int64_t)w->objects,
          s->objects);
    check(p, "bytes", "bytes counted = the runtime's statistics", (int64_t)w->bytes, s->bytes);
    if (!w->agrees && w->objects == (uint64_t)s->objects) {
        p->sound = false;
        doc_prose_toned(p->d, STR("The two counts differ in some size class."), TONE_BAD);
    }
    doc_field(p->d, "marked_bytes", "live at the last collection", doc_bytes(s->marked));
    if (s->goal > 0) doc_field(p->d, "goal_bytes", "goal of the next", doc_bytes(s->goal));
    doc_field(p->d, "gogc", "GOGC", s->percent < 0 ? doc_text(STR("off")) : doc_int(s->percent));
    if (s->limit > 0 && s->limit < INT64_MAX)
        doc_field(p->d, "limit_bytes", "memory limit", doc_bytes(s->limit));
    doc_field(p->d, "collections", "collections", doc_count(s->cycles));
    if (s->phase)
        doc_prose(p->d, STR("It stood still in the middle of a collection: objects not yet marked "
                            "are counted, and free ones not yet swept too."));
    doc_table(p->d, "classes", columns, COUNT(columns));
    for (uint32_t i = 0; i < n; i++) class_row(p, &classes[i]);
    doc_close(p->d);
}

// ---- stacks

typedef struct SiteRow {
    LiveSite start, created;
    uint64_t count, bytes, used;
    Str state; // the commonest first seen
    uint64_t in_state;
} SiteRow;

typedef VEC(SiteRow) SiteRowVec;

static int compare_site(const void *x, const void *y) {
    const SiteRow *a = x, *b = y;
    if (a->bytes != b->bytes) return a->bytes > b->bytes ? -1 : 1;
    int c = str_cmp(a->start.function, b->start.function);
    return c ? c : (a->created.line > b->created.line) - (a->created.line < b->created.line);
}

static SiteRowVec by_site(Page *p) {
    Arena *a = p->d->arena;
    SiteRowVec rows = {0};
    StrMap places = strmap_new(a);
    for (uint32_t i = 0; i < p->f->goroutines.all.len; i++) {
        const LiveGoroutine *g = &p->f->goroutines.all.v[i];
        bool dead = g->status == LIVE_G_DEAD;
        if (dead && !g->system) continue;
        Str key = g->system ? STR("threads")
                            : str_fmt(a, "%llx %llx", (unsigned long long)g->startpc,
                                      (unsigned long long)g->gopc);
        uint32_t *place = strmap_put(&places, key);
        if (!*place) {
            SiteRow row = {.start = g->system ? (LiveSite){.function = STR("(threads: g0 and "
                                                                           "signal stacks)")}
                                              : live_site(p->t, g->startpc, false),
                           .created = g->system ? (LiveSite){0} : live_site(p->t, g->gopc, true),
                           .state = g->system ? STR("") : live_state(p->t, g)};
            vec_push(a, &rows, row);
            *place = rows.len;
        }
        SiteRow *row = &rows.v[*place - 1];
        row->count++;
        row->bytes += g->stack_hi - g->stack_lo;
        row->used += dead ? 0 : g->stack_hi - g->sp;
        row->in_state += !g->system && str_eq(row->state, live_state(p->t, g));
    }
    if (rows.len) qsort(rows.v, rows.len, sizeof *rows.v, compare_site);
    return rows;
}

static void sites(Page *p) {
    static const DocColumn columns[] = {
        {"function", "goroutine", false}, {"created_at", "started at", false},
        {"count", "count", true},         {"stack_bytes", "stacks", true},
        {"used_bytes", "in use", true},   {"state", "state", false}};
    SiteRowVec rows = by_site(p);
    doc_table(p->d, "goroutines", columns, COUNT(columns));
    for (uint32_t i = 0; i < rows.len && (!p->o->top || i < p->o->top); i++) {
        const SiteRow *r = &rows.v[i];
        doc_cell(p->d, doc_text(r->start.function));
        doc_cell(p->d, r->created.line
                           ? doc_place(r->created.file, (uint32_t)MAX(r->created.line, 0), 0)
                           : doc_text(STR("")));
        doc_cell(p->d, doc_count((int64_t)r->count));
        doc_cell(p->d, doc_bytes((int64_t)r->bytes));
        doc_cell(p->d, doc_bytes((int64_t)r->used));
        doc_cell(p->d, doc_text(r->in_state < r->count && r->state.len
                                    ? str_fmt(p->d->arena, STR_FMT " (%llu)", STR_ARG(r->state),
                                              (unsigned long long)r->in_state)
                                    : r->state));
    }
}

static void sizes(Page *p, const uint64_t by_size[64], const uint64_t used[64]) {
    static const DocColumn columns[] = {{"size_bytes", "stack size", true},
                                        {"count", "count", true},
                                        {"stack_bytes", "stacks", true},
                                        {"used_bytes", "in use", true}};
    doc_table(p->d, "sizes", columns, COUNT(columns));
    for (int i = 0; i < 64; i++) {
        if (!by_size[i]) continue;
        doc_cell(p->d, doc_bytes((int64_t)1 << i));
        doc_cell(p->d, doc_count((int64_t)by_size[i]));
        doc_cell(p->d, doc_bytes((int64_t)(by_size[i] << i)));
        doc_cell(p->d, doc_bytes((int64_t)used[i]));
    }
}

static bool in_manual_span(const Page *p, const LiveGoroutine *g) {
    const LiveSpan *s = live_span_at(&p->f->walk, g->stack_lo);
    return s && s->state == LIVE_SPAN_MANUAL && g->stack_hi <= s->start + s->bytes;
}

static void stacks(Page *p) {
    const LiveWalk *w = &p->f->walk;
    uint64_t total = 0, used = 0, dead = 0, threads = 0, manual = 0;
    uint64_t by_size[64] = {0}, used_of[64] = {0};
    for (uint32_t i = 0; i < w->spans.len; i++)
        if (w->spans.v[i].state == LIVE_SPAN_MANUAL) manual += w->spans.v[i].bytes;
    for (uint32_t i = 0; i < p->f->goroutines.all.len; i++) {
        const LiveGoroutine *g = &p->f->goroutines.all.v[i];
        uint64_t size = g->stack_hi - g->stack_lo;
        if (!in_manual_span(p, g)) continue; // of a C thread, or the main one
        *(g->system ? &threads : g->status == LIVE_G_DEAD ? &dead : &total) += size;
        if (g->system || g->status == LIVE_G_DEAD) continue;
        used += g->stack_hi - g->sp;
        by_size[63 - __builtin_clzll(size)]++;
        used_of[63 - __builtin_clzll(size)] += g->stack_hi - g->sp;
    }
    int64_t rest = w->stats.in_stacks - (int64_t)(total + dead + threads) -
                   (int64_t)p->f->goroutines.cached_bytes;
    doc_open(p->d, "stacks", STR("Stacks"));
    doc_field(p->d, "goroutine_bytes", "of goroutines", doc_bytes((int64_t)total));
    doc_field(p->d, "used_bytes", "  in use", doc_bytes((int64_t)used));
    doc_field(p->d, "thread_bytes", "of threads (g0, signals)", doc_bytes((int64_t)threads));
    doc_field(p->d, "dead_bytes", "of ended goroutines, kept", doc_bytes((int64_t)dead));
    doc_field(p->d, "cached_bytes", "free, kept by Ps",
              doc_bytes((int64_t)p->f->goroutines.cached_bytes));
    doc_field(p->d, "pool_bytes", "free, in stack spans", doc_bytes(rest));
    doc_field(p->d, "in_stacks_bytes", "StackInuse", doc_bytes(w->stats.in_stacks));
    check(p, "manual", "spans of stacks and work buffers = the runtime's statistics",
          (int64_t)manual, w->stats.in_stacks + w->stats.in_workbufs);
    sites(p);
    sizes(p, by_size, used_of);
    doc_close(p->d);
}

// ---- the runtime

static void runtime(Page *p) {
    const LiveStats *s = &p->f->walk.stats;
    doc_open(p->d, "runtime", STR("What the runtime says it took from the system"));
    doc_field(p->d, "heap_bytes", "heap: in spans", doc_bytes(s->in_heap));
    doc_field(p->d, "heap_idle_bytes", "heap: free, kept",
              doc_bytes(s->committed - s->in_heap - s->in_stacks - s->in_workbufs));
    doc_field(p->d, "heap_released_bytes", "heap: given back", doc_bytes(s->released));
    doc_field(p->d, "stack_bytes", "stacks", doc_bytes(s->in_stacks + s->stacks_sys));
    doc_field(p->d, "workbuf_bytes", "collector's work buffers", doc_bytes(s->in_workbufs));
    doc_field(p->d, "span_bytes", "span structures", doc_bytes(s->mspan_sys));
    doc_field(p->d, "cache_bytes", "allocation caches", doc_bytes(s->mcache_sys));
    doc_field(p->d, "profile_bytes", "profile records", doc_bytes(s->buckhash_sys));
    doc_field(p->d, "gc_bytes", "collector: bitmaps, indexes", doc_bytes(s->gc_sys));
    doc_field(p->d, "other_bytes", "other", doc_bytes(s->other_sys));
    doc_close(p->d);
}

bool view_live(Doc *d, const LiveTarget *t, const LiveFacts *f, const LiveOptions *o) {
    Page p = {d, t, f, o, true};
    identity(&p);
    where(&p);
    heap(&p);
    stacks(&p);
    runtime(&p);
    return p.sound;
}
