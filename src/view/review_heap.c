// view/review_heap.c: the review's pictures and its table of hotspots without a finding.
#include "base/index.h"
#include "base/path.h"
#include "view/review_internal.h"

// --- the map: packages, in them files, in them findings ---

typedef struct MapBuilder {
    const ReviewView *v;
    DocChart chart;
    StrMap places; // "package" and "package|file" -> box + 1
} MapBuilder;

static uint32_t box_of(MapBuilder *m, Str key, Str label, uint32_t parent) {
    uint32_t *place = strmap_put(&m->places, key);
    if (!*place) {
        DocBox box = {.label = label, .parent = parent};
        vec_push(m->v->doc->arena, &m->chart.boxes, box);
        *place = m->chart.boxes.len;
    }
    return *place;
}

static DocTone heat(const ReviewView *v, const ReviewFinding *f) {
    if (v->review->ranking == RANK_PROFILE)
        return f->share >= 5 ? TONE_BAD : f->share >= 1 ? TONE_WARN : TONE_PLAIN;
    uint32_t loops = f->evidence->loop_depth;
    return review_is_cold(f) ? TONE_DIM : loops > 1 ? TONE_BAD : loops ? TONE_WARN : TONE_PLAIN;
}

static void add_box(MapBuilder *m, uint32_t i) {
    const ReviewView *v = m->v;
    const ReviewFinding *f = &v->review->findings.v[i];
    const EvidenceFinding *x = f->evidence;
    Arena *a = v->doc->arena;
    int64_t value = v->review->ranking == RANK_PROFILE ? review_own_bytes(v->review, i) : 1;
    if (value <= 0) return;
    Str package = v->review->evidence->engine->packages.v[x->package].path;
    uint32_t top = box_of(m, package, package, 0);
    uint32_t file = box_of(m, x->pos.file, path_base(x->pos.file), top);
    DocBox box = {.label = str_fmt(a, STR_FMT ":%u " STR_FMT, STR_ARG(path_base(x->pos.file)),
                                   x->pos.line, STR_ARG(f->what)),
                  .detail = str_c(review_category_text(f->category)),
                  .link = v->page->top && i >= v->page->top ? STR("") : review_link(v, f),
                  .parent = file,
                  .value = value,
                  .tone = heat(v, f)};
    vec_push(a, &m->chart.boxes, box);
    m->chart.boxes.v[top - 1].value += value;
    m->chart.boxes.v[file - 1].value += value;
}

static void map(const ReviewView *v) {
    bool measured = v->review->ranking == RANK_PROFILE;
    MapBuilder m = {.v = v};
    m.places = strmap_new(v->doc->arena);
    m.chart =
        (DocChart){.kind = CHART_TREEMAP,
                   .unit = measured ? DOC_BYTES : DOC_COUNT,
                   .caption = measured ? STR("Packages, their files and findings; areas are bytes "
                                             "the profile charges. Click one to read it.")
                                       : STR("Packages, their files and findings, one box each; "
                                             "warmer is deeper in loops. Click one to read it.")};
    for (uint32_t i = 0; i < v->review->findings.len; i++) add_box(&m, i);
    if (m.chart.boxes.len) doc_chart(v->doc, NULL, STR("Map of packages"), m.chart);
}

static void flame(const ReviewView *v) {
    const EvidenceHeap *h = &v->review->evidence->heap;
    Arena *a = v->doc->arena;
    DocChart chart = {.kind = CHART_FLAME,
                      .unit = DOC_BYTES,
                      .caption =
                          STR("Callers above, callees below; widths are bytes, your packages are "
                              "coloured. Click a frame to zoom in, the top one to zoom out.")};
    if (!h->frames.len) return;
    DocBox all = {.label = STR("all"), .tone = TONE_DIM};
    vec_push(a, &chart.boxes, all);
    for (uint32_t i = 0; i < h->frames.len; i++) {
        const EvidenceFrame *f = &h->frames.v[i];
        double part = h->bytes ? (double)f->bytes / (double)h->bytes : 0;
        DocBox box = {.label = path_base(f->func),
                      .detail = f->func,
                      .parent = f->parent + 1,
                      .value = f->bytes,
                      .tone = !f->ours       ? TONE_DIM
                              : part >= 0.3  ? TONE_BAD
                              : part >= 0.05 ? TONE_WARN
                                             : TONE_PLAIN};
        vec_push(a, &chart.boxes, box);
        if (!f->parent) chart.boxes.v[0].value += f->bytes;
    }
    doc_chart(v->doc, NULL, STR("Flame graph of the profile"), chart);
}

void review_pictures(const ReviewView *v) {
    map(v);
    flame(v);
}

// --- hotspots without a finding ---

static void hotspot(const ReviewView *v, const EvidenceHotspot *h, int64_t all) {
    Doc *d = v->doc;
    double share = all ? 100.0 * (double)h->bytes / (double)all : 0;
    EnginePos own = {h->for_file, h->for_line, 0};
    doc_cell(d, doc_percent(share));
    doc_cell(d, doc_bytes(h->bytes));
    doc_cell(d, doc_count(h->objects));
    doc_cell(d, doc_text(h->func));
    doc_cell(d, doc_place(review_path(v, h->file), h->line, 0));
    doc_cell(d, h->for_file.len ? review_place(v, own) : (DocValue){.kind = DOC_NONE});
}

void review_hotspots(const ReviewView *v) {
    enum { MOST = 15 };
    static const DocColumn columns[] = {
        {"share", "share", true},     {"bytes", "bytes", true},
        {"objects", "objects", true}, {"function", "asked for by", false},
        {"place", NULL, false},       {"own_place", "on behalf of", false}};
    const EvidenceHeap *h = &v->review->evidence->heap;
    uint32_t shown = 0;
    for (; shown < h->hotspots.len && shown < MOST; shown++)
        if (h->hotspots.v[shown].bytes * 200 < h->bytes) break; // half a percent
    if (!shown) return;
    doc_open(v->doc, NULL, STR("Hotspots without a finding"));
    doc_prose_toned(
        v->doc,
        STR("Lines that ask for memory without a heap move of yours: growth of slices and maps, "
            "make with a size known only at run time, and packages you call."),
        TONE_DIM);
    doc_table(v->doc, "hotspots", columns, COUNT(columns));
    for (uint32_t i = 0; i < shown; i++) hotspot(v, &h->hotspots.v[i], h->bytes);
    doc_close(v->doc);
}
