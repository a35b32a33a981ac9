// view/gc_credit.c: the page of `heapwise gc credit`: what each allocation site of a profile costs
// the collector, as what its removal would save. Bytes decide for the collector, objects for
// malloc.
#include "view/gc.h"

typedef struct Site {
    Str name;
    double bytes, objects;
} Site;
typedef VEC(Site) SiteVec;

static Err column(Arena *a, const Profile *p, const char *name, int *out) {
    Str why;
    *out = profile_value_index(p, str_c(name), a, &why);
    if (*out >= 0) return NULL;
    return err_new(
        a, ERR_FORMAT, 0,
        "no %s in it: credit needs a Go heap profile (/debug/pprof/allocs or a -memprofile)", name);
}

static Str site_name(Arena *a, const Profile *p, const Cursor *c) {
    if (!c->depth) return STR("?");
    const ProfileLocation *l = &p->locations.v[c->locations[0]];
    if (!l->line_count) return str_fmt(a, "0x%llx", (unsigned long long)l->address);
    const ProfileLine *line = &p->lines.v[l->first_line];
    const ProfileFunction *f = &p->functions.v[line->function];
    return str_fmt(a, STR_FMT "  " STR_FMT ":%lld", STR_ARG(f->name), STR_ARG(f->file),
                   (long long)line->line);
}

static int by_bytes(const void *x, const void *y) {
    const Site *a = x, *b = y;
    if (a->bytes != b->bytes) return a->bytes < b->bytes ? 1 : -1;
    return str_cmp(a->name, b->name);
}

// The innermost line of every stack, with what was allocated there.
static SiteVec sites_of(Arena *a, const Profile *p, int bytes, int objects) {
    SiteVec sites = {0};
    StrMap known = strmap_new(a);
    Cursor c = cursor_new(p, a);
    while (cursor_next(&c)) {
        if (!c.values[bytes]) continue;
        cursor_stack(&c);
        Str name = site_name(a, p, &c);
        uint32_t *at = strmap_put(&known, name);
        if (!*at) {
            vec_push(a, &sites, ((Site){.name = name}));
            *at = sites.len;
        }
        sites.v[*at - 1].bytes += (double)c.values[bytes];
        sites.v[*at - 1].objects += (double)c.values[objects];
    }
    if (sites.len) qsort(sites.v, sites.len, sizeof *sites.v, by_bytes);
    return sites;
}

typedef struct Totals {
    double bytes, objects, seconds, gc_cpu_s, observed;
} Totals;

static void site_row(Doc *d, const GcModel *m, const Site *s, const Totals *t) {
    double part = s->bytes / t->bytes;
    GcCredit c = gc_model_credit(m, part);
    double objects =
        t->bytes > 0 ? s->objects * t->observed / t->bytes : 0; // the profile may span another time
    doc_cell(d, doc_text(s->name));
    doc_cell(d, doc_percent(part * 100));
    doc_cell(d, doc_bytes((int64_t)(c.bytes / t->seconds)));
    doc_cell(d, doc_count((int64_t)(objects / t->seconds)));
    doc_cell(d, doc_float(c.cycles));
    doc_cell(d, doc_nanos((int64_t)(c.gc_cpu_s * 1e9)));
    doc_cell(d, doc_percent(t->gc_cpu_s > 0 ? c.gc_cpu_s / t->gc_cpu_s * 100 : 0));
    doc_cell(d, doc_bytes((int64_t)c.rss));
}

Err view_gc_credit(Doc *d, const GcCreditPage *page) {
    static const DocColumn columns[] = {
        {"site", "site", false},          {"part", "of all bytes", true},
        {"bytes_per_s", "bytes/s", true}, {"objects_per_s", "objects/s", true},
        {"cycles", "cycles saved", true}, {"gc_cpu_ns", "GC CPU saved", true},
        {"gc_cpu_part", "of it", true},   {"rss", "RSS saved", true}};
    Arena *a = d->arena;
    int bytes, objects;
    TRY(column(a, page->profile, "alloc_space", &bytes));
    TRY(column(a, page->profile, "alloc_objects", &objects));
    SiteVec sites = sites_of(a, page->profile, bytes, objects);
    GcSummary s = observation_summary(a, page->seen);
    Totals t = {.seconds = page->seen->wall_s > 0 ? page->seen->wall_s : MAX(s.seconds, 1e-3),
                .gc_cpu_s = s.gc_cpu_s};
    GcStepVec steps = observation_steps(a, page->seen);
    t.observed = observation_allocated(page->seen, &steps);
    for (uint32_t i = 0; i < sites.len; i++)
        t.bytes += sites.v[i].bytes, t.objects += sites.v[i].objects;
    if (!(t.bytes > 0)) return err_new(a, ERR_FORMAT, 0, "the profile holds no allocation");
    doc_field(d, "gc_cpu_s", NULL, doc_float(s.gc_cpu_s));
    doc_field(d, "gc_cpu", "GC CPU of the run", doc_nanos((int64_t)(s.gc_cpu_s * 1e9)));
    doc_field(d, "cycles", "cycles of the run", doc_count(s.cycles));
    doc_field(d, "sites", "allocation sites", doc_count(sites.len));
    doc_table(d, "credit", columns, COUNT(columns));
    for (uint32_t i = 0; i < MIN(sites.len, page->top); i++)
        site_row(d, page->model, &sites.v[i], &t);
    doc_prose_toned(d,
                    STR("Each row by itself: what the run would save if this site allocated "
                        "nothing. The program also saves the "
                        "allocation itself, which is often as much again as the GC CPU."),
                    TONE_DIM);
    return NULL;
}
