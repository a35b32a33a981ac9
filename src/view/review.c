// view/review.c: the main page of the program. First what was looked at and how it was ranked, then
// where the memory goes, then each finding with its source, its way out, the question of the
// checklist and an answer.
#include "view/review.h"
#include "view/review_internal.h"

// Paths inside the base directory are shown without it.
Str review_path(const ReviewView *v, Str path) {
    Str rest = path;
    if (v->page->base.len && str_cut_prefix(&rest, v->page->base) &&
        str_cut_prefix(&rest, STR("/")))
        return rest;
    return path;
}

DocValue review_place(const ReviewView *v, EnginePos pos) {
    return doc_place(review_path(v, pos.file), pos.line, pos.col);
}

Str review_link(const ReviewView *v, const ReviewFinding *f) {
    return str_join2(v->doc->arena, STR("#f-"), f->id);
}

static Str bytes_text(Arena *a, int64_t bytes) {
    Str text;
    doc_format_value(a, doc_bytes(bytes), &text);
    return text;
}

static Str count_text(Arena *a, int64_t n) {
    Str text;
    doc_format_value(a, doc_count(n), &text);
    return text;
}

// --- summary ---

static uint32_t uncovered(const EngineResult *e) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < e->packages.len; i++) n += !e->packages.v[i].covered;
    return n;
}

static double percent(int64_t part, int64_t whole) {
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

static void heap_fields(const ReviewView *v) {
    const EvidenceHeap *h = &v->review->evidence->heap;
    Doc *d = v->doc;
    if (!h->given) return;
    bool live = str_eq(h->type, STR("inuse_space"));
    doc_field(d, "profile_bytes", live ? "in use" : "allocated", doc_bytes(h->bytes));
    doc_field(d, "profile_objects", "objects", doc_count(h->objects));
    doc_field(d, "own_share", "by these packages and what they call",
              doc_percent(percent(h->ours_bytes, h->bytes)));
    doc_field(d, "joined_share", "on lines with a finding",
              doc_percent(percent(h->joined_bytes, h->bytes)));
    if (v->page->gc) {
        GcCredit all = gc_model_cost(v->page->gc);
        doc_field(d, "gc_cpu", "GC CPU of the run observed",
                  doc_nanos((int64_t)(all.gc_cpu_s * 1e9)));
        doc_field(d, "gc_cycles", "cycles of it", doc_count((int64_t)all.cycles));
        doc_field(d, "observation_file", NULL, doc_text(v->page->observation));
    }
    doc_field(d, "profile_file", NULL, doc_text(v->page->profile));
    doc_field(d, "sample_type", NULL, doc_text(h->type));
}

static void figures(const ReviewView *v) {
    const Evidence *e = v->review->evidence;
    Doc *d = v->doc;
    doc_field(d, "findings", "places that move memory to the heap",
              doc_count(v->review->findings.len));
    doc_field(d, "packages", "packages", doc_count(e->engine->packages.len));
    doc_field(d, "functions", "functions", doc_count(e->functions));
    heap_fields(v);
    if (v->page->gated) doc_field(d, "failing", "above --fail-on", doc_count(v->page->failing));
    doc_field(d, "engine", NULL, doc_text(e->engine->engine));
    doc_field(d, "engine_version", NULL, doc_text(e->engine->version));
    doc_field(d, "moves", NULL, doc_count(e->engine->moves.len));
    doc_field(d, "no_memory", NULL, doc_count(e->no_memory));
    doc_field(d, "outside", NULL, doc_count(e->outside));
    doc_field(d, "unparsed_lines", NULL, doc_count(e->engine->unparsed));
    doc_field(d, "not_covered", NULL, doc_count(uncovered(e->engine)));
    doc_field(d, "ranking", NULL,
              doc_text(v->review->ranking == RANK_PROFILE ? STR("profile") : STR("loops")));
}

static void summary(const ReviewView *v) {
    const EngineResult *e = v->review->evidence->engine;
    Arena *a = v->doc->arena;
    Str by = STR("Ranked by loop depth, then by how many functions reach the place: no profile was "
                 "given. A profile (--profile FILE) shows what really counts.");
    if (v->review->ranking == RANK_PROFILE)
        by = str_fmt(a, "Ranked by the bytes that " STR_FMT " charges to each line.",
                     STR_ARG(v->page->profile));
    doc_open(v->doc, "summary", STR(""));
    doc_look(v->doc, LOOK_TILES);
    figures(v);
    doc_close(v->doc);
    doc_prose_toned(v->doc,
                    str_fmt(a, STR_FMT " Heap moves as the Go compiler sees them: " STR_FMT ".",
                            STR_ARG(by), STR_ARG(e->version)),
                    TONE_DIM);
}

// --- what could not be looked at ---

static void gaps(const ReviewView *v) {
    const EngineResult *e = v->review->evidence->engine;
    Doc *d = v->doc;
    if (uncovered(e)) {
        doc_open_list(d, "not_covered_packages", STR("Not covered"));
        for (uint32_t i = 0; i < e->packages.len; i++) {
            if (e->packages.v[i].covered) continue;
            doc_open_item(d, e->packages.v[i].path);
            doc_field(d, "path", NULL, doc_text(e->packages.v[i].path));
            doc_prose_toned(d, e->packages.v[i].error, TONE_BAD);
            doc_field(d, "error", NULL, doc_text(e->packages.v[i].error));
            doc_close(d);
        }
        doc_close(d);
    }
    if (!e->unparsed) return;
    doc_open_list(d, "unparsed_sample", STR("Compiler lines not understood"));
    for (uint32_t i = 0; i < e->unparsed_sample.len; i++) {
        doc_open_item(d, STR(""));
        doc_field(d, NULL, " ", doc_text(e->unparsed_sample.v[i]));
        doc_close(d);
    }
    doc_close(d);
}

// --- by category ---

static void categories(const ReviewView *v) {
    static const DocColumn columns[] = {{"rule", NULL, false},
                                        {"category", "category", false},
                                        {"findings", "places", true},
                                        {"bytes", "bytes", true},
                                        {"share", "share", true}};
    const Review *r = v->review;
    int64_t bytes[CATEGORY_COUNT] = {0};
    bool measured = r->ranking == RANK_PROFILE;
    uint32_t shown = measured ? COUNT(columns) : 3;
    for (uint32_t i = 0; i < r->findings.len; i++)
        bytes[r->findings.v[i].category] += review_own_bytes(r, i);
    if (!r->findings.len) return;
    doc_open(v->doc, NULL, STR("By category"));
    doc_table(v->doc, "categories", columns, shown);
    bool done[CATEGORY_COUNT] = {0};
    for (;;) { // the heaviest, or most frequent, that is left
        int best = -1;
        for (int c = 0; c < CATEGORY_COUNT; c++) {
            if (done[c] || !r->by_category[c]) continue;
            if (best < 0 || bytes[c] > bytes[best] ||
                (bytes[c] == bytes[best] && r->by_category[c] > r->by_category[best]))
                best = c;
        }
        if (best < 0) break;
        done[best] = true;
        doc_cell(v->doc, doc_text(str_c(review_rule_id((Category)best))));
        doc_cell(v->doc, doc_text(str_c(review_category_text((Category)best))));
        doc_cell(v->doc, doc_count(r->by_category[best]));
        if (!measured) continue;
        int64_t all = r->evidence->heap.bytes;
        doc_cell(v->doc, doc_bytes(bytes[best]));
        doc_cell(v->doc, doc_percent(all ? 100.0 * (double)bytes[best] / (double)all : 0));
    }
    doc_close(v->doc);
}

// --- one finding ---

static Str measure_text(const ReviewView *v, const ReviewFinding *f) {
    Arena *a = v->doc->arena;
    const EvidenceFinding *x = f->evidence;
    if (v->review->ranking == RANK_PROFILE) {
        if (!x->bytes) return STR("");
        return str_fmt(a, "%.1f%%  " STR_FMT, f->share, STR_ARG(bytes_text(a, x->bytes)));
    }
    Str callers = str_fmt(a, "%u %s", x->callers, x->callers == 1 ? "caller" : "callers");
    if (x->loop_depth)
        return str_fmt(a, "loop depth %u, " STR_FMT, x->loop_depth, STR_ARG(callers));
    return x->callers ? callers : STR("");
}

static void excerpt(const ReviewView *v, const EvidenceFinding *x) {
    enum { AROUND = 2 };
    uint32_t line = x->pos.line, from = line > AROUND ? line - AROUND : 1;
    SourceLines s = evidence_lines(v->review->evidence->sources, x->pos.file, from, line + AROUND);
    if (!s.text.len) return;
    DocCode code = {review_path(v, x->pos.file), s.first, s.text, line, 0, 0};
    Str text = evidence_line(v->review->evidence->sources, x->pos.file, line);
    code.mark_start = x->pos.col ? x->pos.col - 1 : 0;
    code.mark_end = x->pos.col ? x->pos.col : 0;
    if (x->span.line && x->span.line <= line && x->span.end_line >= line) {
        code.mark_start = x->span.line == line ? x->span.col - 1 : 0;
        code.mark_end = x->span.end_line == line ? x->span.end_col - 1 : (uint32_t)text.len;
        while (code.mark_start < text.len &&
               (text.ptr[code.mark_start] == ' ' || text.ptr[code.mark_start] == '\t'))
            code.mark_start++;
    }
    doc_code(v->doc, "source", code);
}

static void flow(const ReviewView *v, const ReviewFinding *f) {
    DocStepVec steps = {0};
    for (uint32_t i = 0; i < f->flow.len; i++) {
        const ReviewStep *s = &f->flow.v[i];
        DocStep step = {.text = s->text, .why = s->why};
        if (s->pos.line) {
            step.place = review_place(v, s->pos);
            step.source = evidence_line(v->review->evidence->sources, s->pos.file, s->pos.line);
        }
        vec_push(v->doc->arena, &steps, step);
    }
    if (steps.len) doc_flow(v->doc, "flow", STR("How it gets out"), steps);
}

static const char *const cost_words[] = {[ENGINE_COST_UNKNOWN] = "unknown",
                                         [ENGINE_COST_NEVER] = "never",
                                         [ENGINE_COST_SOMETIMES] = "sometimes",
                                         [ENGINE_COST_ALWAYS] = "always"};

static void cost_fields(Doc *d, const EngineCost *c) {
    doc_field(d, "cost", NULL, doc_text(str_c(cost_words[c->cls])));
    if (c->cls == ENGINE_COST_UNKNOWN) return;
    doc_field(d, "cost_when", NULL, doc_text(c->when));
    doc_field(d, "cost_bytes", NULL, c->bytes < 0 ? (DocValue){0} : doc_int(c->bytes));
    doc_field(d, "cost_block", NULL, c->block < 0 ? (DocValue){0} : doc_int(c->block));
    doc_field(d, "cost_pointer_bytes", NULL,
              c->pointer_bytes < 0 ? (DocValue){0} : doc_int(c->pointer_bytes));
    doc_field(d, "cost_loops", NULL, doc_count(c->loops));
}

// "allocates 24 bytes (a block of 32) each time"; empty: not known.
static Str cost_text(const ReviewView *v, const EngineCost *c) {
    Arena *a = v->doc->arena;
    if (c->cls != ENGINE_COST_ALWAYS && c->cls != ENGINE_COST_SOMETIMES) return STR("");
    Str size = STR("");
    if (c->bytes >= 0 && c->block > c->bytes)
        size =
            str_fmt(a, " %lld bytes (a block of %lld)", (long long)c->bytes, (long long)c->block);
    else if (c->bytes >= 0)
        size = str_fmt(a, " %lld bytes", (long long)c->bytes);
    Str each = c->loops ? STR(" each turn of the loop") : STR(" each time");
    if (c->cls == ENGINE_COST_ALWAYS)
        return str_fmt(a, "allocates" STR_FMT STR_FMT, STR_ARG(size), STR_ARG(each));
    return str_fmt(a, "allocates" STR_FMT " when " STR_FMT, STR_ARG(size), STR_ARG(c->when));
}

static void evidence_fields(const ReviewView *v, const ReviewFinding *f) {
    const EvidenceFinding *x = f->evidence;
    Doc *d = v->doc;
    doc_field(d, "function", NULL, doc_text(x->func));
    doc_field(d, "package", NULL,
              doc_text(v->review->evidence->engine->packages.v[x->package].path));
    doc_field(d, "what", NULL, doc_text(f->what));
    doc_field(d, "compiler_text", NULL, doc_text(x->move->what));
    doc_field(d, "variable", NULL, doc_bool(x->move->kind == ENGINE_VAR));
    doc_field(d, "inlined_copies", NULL, doc_count(x->inlined_copies));
    doc_field(d, "instances", NULL, doc_count(x->instances));
    doc_field(d, "loop_depth", NULL, doc_count(x->loop_depth));
    cost_fields(d, &x->cost);
    doc_field(d, "callers", NULL, doc_count(x->callers));
    doc_field(d, "question_text", NULL, doc_text(str_c(review_question_text(f->question))));
    doc_field(d, "answer", NULL, doc_text(f->answer));
    if (v->review->ranking != RANK_PROFILE) return;
    doc_field(d, "bytes", NULL, doc_bytes(x->bytes));
    doc_field(d, "objects", NULL, doc_count(x->objects));
    doc_field(d, "share", NULL, doc_percent(f->share));
    if (v->page->gc) {
        GcCredit c = gc_model_credit(v->page->gc, f->share / 100);
        doc_field(d, "gc_cpu_saved", NULL, doc_nanos((int64_t)(c.gc_cpu_s * 1e9)));
        doc_field(d, "gc_cycles_saved", NULL, doc_float(c.cycles));
        doc_field(d, "rss_saved", NULL, doc_bytes((int64_t)c.rss));
    }
    doc_field(d, "line_shared", NULL, doc_bool((x->flags & EVIDENCE_SHARED_LINE) != 0));
}

static Str evidence_text(const ReviewView *v, const ReviewFinding *f) {
    Arena *a = v->doc->arena;
    const EvidenceFinding *x = f->evidence;
    Str objects = count_text(a, x->objects);
    if (v->review->ranking == RANK_PROFILE && x->bytes)
        return str_fmt(a, STR_FMT " %s%s", STR_ARG(objects), x->objects == 1 ? "object" : "objects",
                       x->flags & EVIDENCE_SHARED_LINE
                           ? "; the line has more findings, the figures are those of all of them"
                           : "");
    if (v->review->ranking != RANK_PROFILE || !x->loop_depth) return STR("");
    return str_fmt(a, "in a loop, %u deep", x->loop_depth);
}

// What the collector would save if the line allocated nothing.
static Str credit_text(const ReviewView *v, const ReviewFinding *f) {
    if (!v->page->gc || !f->evidence->bytes) return STR("");
    Arena *a = v->doc->arena;
    GcCredit all = gc_model_cost(v->page->gc), c = gc_model_credit(v->page->gc, f->share / 100);
    Str cpu;
    doc_format_value(a, doc_nanos((int64_t)(c.gc_cpu_s * 1e9)), &cpu);
    double part = all.gc_cpu_s > 0 ? 100 * c.gc_cpu_s / all.gc_cpu_s : 0;
    return str_fmt(a,
                   "without it the run observed spends " STR_FMT
                   " (%.1f%%) less on GC, in %.0f of %.0f cycles",
                   STR_ARG(cpu), part, all.cycles - c.cycles, all.cycles);
}

static DocFinding heading(const ReviewView *v, uint32_t i) {
    const ReviewFinding *f = &v->review->findings.v[i];
    const EvidenceFinding *x = f->evidence;
    bool quiet = v->review->ranking == RANK_PROFILE ? x->bytes == 0 : review_is_cold(f);
    return (DocFinding){
        .rule = str_c(review_rule_id(f->category)),
        .rule_title = str_c(review_category_text(f->category)),
        .rule_help = str_c(review_category_help(f->category)),
        .level = quiet ? LEVEL_NOTE : LEVEL_WARNING,
        .message = f->message,
        .place = review_place(v, x->pos),
        .end_col =
            x->span.line == x->pos.line && x->span.end_line == x->pos.line ? x->span.end_col : 0,
        .id = f->id,
        .rank = i + 1,
        .measure = measure_text(v, f),
        .share = f->share,
    };
}

static void finding(const ReviewView *v, uint32_t i) {
    const ReviewFinding *f = &v->review->findings.v[i];
    doc_open_finding(v->doc, heading(v, i));
    Str evidence = evidence_text(v, f);
    if (evidence.len) doc_prose_toned(v->doc, evidence, TONE_DIM);
    Str cost = cost_text(v, &f->evidence->cost);
    if (cost.len) doc_prose_toned(v->doc, cost, TONE_DIM);
    Str credit = credit_text(v, f);
    if (credit.len) doc_prose_toned(v->doc, credit, TONE_DIM);
    excerpt(v, f->evidence);
    flow(v, f);
    doc_open(v->doc, NULL, STR(""));
    doc_look(v->doc, LOOK_ASIDE);
    doc_prose_toned(v->doc, str_c(review_question_text(f->question)), TONE_STRONG);
    doc_prose(v->doc, f->answer);
    doc_close(v->doc);
    evidence_fields(v, f);
    doc_close(v->doc);
}

static void findings(const ReviewView *v) {
    const Review *r = v->review;
    uint32_t count = r->findings.len, shown = v->page->top ? MIN(v->page->top, count) : count;
    Arena *a = v->doc->arena;
    Str title =
        shown < count ? str_fmt(a, "Findings: the first %u of %u", shown, count) : STR("Findings");
    doc_open_list(v->doc, "findings", title);
    for (uint32_t i = 0; i < shown; i++) finding(v, i);
    doc_close(v->doc);
    const EngineResult *e = r->evidence->engine;
    if (!count && uncovered(e) == e->packages.len)
        doc_prose(v->doc, STR("No package could be reviewed."));
    else if (!count)
        doc_prose(v->doc, STR("Nothing moves to the heap in what was reviewed."));
    else if (shown < count)
        doc_prose_toned(v->doc, STR("--top 0 shows all of them."), TONE_DIM);
}

// The module, when all packages are of one; else the patterns as given.
static Str subject(const EngineResult *e, const ReviewPage *page) {
    for (uint32_t i = 0; i < e->packages.len; i++)
        if (!e->packages.v[i].module.len ||
            !str_eq(e->packages.v[i].module, e->packages.v[0].module))
            return page->patterns;
    return e->packages.len ? e->packages.v[0].module : page->patterns;
}

void view_review(Doc *d, const Review *r, const ReviewPage *page) {
    ReviewView v = {d, r, page};
    d->title = str_join2(d->arena, STR("Memory review of "), subject(r->evidence->engine, page));
    doc_open(d, NULL, d->title);
    summary(&v);
    doc_close(d);
    gaps(&v);
    if (page->pictures) review_pictures(&v);
    review_hotspots(&v);
    findings(&v);
    categories(&v);
}
