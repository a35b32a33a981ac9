// From evidence to a ranked review.
#include "base/index.h"
#include "review/review_internal.h"

enum { WHAT_MOST = 60 }; // bytes of source text shown for what moves

// What moves, as the source has it when that is short, else as the compiler prints it.
static Str what_text(Arena *a, const Evidence *e, const EvidenceFinding *x) {
    const EngineMove *m = x->move;
    if (m->kind == ENGINE_VAR) return m->what;
    Str line = evidence_line(e->sources, x->pos.file, x->span.line);
    Str text = STR("");
    if (x->span.line && x->span.line == x->span.end_line)
        text = str_slice(line, x->span.col - 1, x->span.end_col - 1);
    if (str_eq(m->what, STR("... argument"))) {
        Str callee = review_callee(text);
        return callee.len ? str_join2(a, STR("the variadic arguments of "), callee)
                          : STR("the variadic arguments");
    }
    if (str_eq(m->what, STR("func literal"))) return m->what;
    if (text.len && text.len <= WHAT_MOST && !x->via.len) return text;
    if (str_find(m->what, STR("~r")) != STR_NONE || str_find(m->what, STR(".autotmp")) != STR_NONE)
        return STR("the value");
    return m->what;
}

// A name for the finding that edits elsewhere in the file leave alone: package, function, rule,
// what moves, and how many equal ones come before it.
static Str make_id(Arena *a, StrMap *seen, const Review *r, const ReviewFinding *f) {
    const EngineResult *engine = r->evidence->engine;
    Str key = str_fmt(a, STR_FMT "|" STR_FMT "|%s|" STR_FMT,
                      STR_ARG(engine->packages.v[f->evidence->package].path),
                      STR_ARG(f->evidence->func), review_rule_id(f->category), STR_ARG(f->what));
    uint32_t *count = strmap_put(seen, key);
    uint64_t hash = hash_mix(str_hash(key), ++*count);
    return str_fmt(a, "%016llx", (unsigned long long)hash);
}

// --- order ---

// What runs once, on the way to an error, or grows a buffer that is used again comes after the
// rest.
static int coldness(const Evidence *e, const EvidenceFinding *x) {
    if (x->flags & EVIDENCE_IN_PANIC) return 4;
    if (x->flags & EVIDENCE_AT_START) return 3;
    if (x->flags & EVIDENCE_IN_ERROR) return 2;
    return review_reuses(e, x) ? 1 : 0;
}

bool review_is_cold(const ReviewFinding *f) { return f->coldness > 0; }

static int by_place(const EvidenceFinding *x, const EvidenceFinding *y) {
    int files = str_cmp(x->pos.file, y->pos.file);
    if (files) return files;
    if (x->pos.line != y->pos.line) return x->pos.line < y->pos.line ? -1 : 1;
    return x->pos.col < y->pos.col ? -1 : x->pos.col > y->pos.col;
}

// What certainly takes memory comes first; what is not known may.
static int certainty(const EvidenceFinding *x) {
    return x->cost.cls == ENGINE_COST_UNKNOWN ? (int)ENGINE_COST_ALWAYS : (int)x->cost.cls;
}

static int compare_loops(const void *p, const void *q) {
    const ReviewFinding *f = p, *g = q;
    const EvidenceFinding *x = f->evidence, *y = g->evidence;
    if (f->coldness != g->coldness) return f->coldness < g->coldness ? -1 : 1;
    if (x->loop_depth != y->loop_depth) return x->loop_depth > y->loop_depth ? -1 : 1;
    if (certainty(x) != certainty(y)) return certainty(x) > certainty(y) ? -1 : 1;
    if (x->callers != y->callers) return x->callers > y->callers ? -1 : 1;
    return by_place(x, y);
}

static int compare_profile(const void *p, const void *q) {
    const EvidenceFinding *x = ((const ReviewFinding *)p)->evidence;
    const EvidenceFinding *y = ((const ReviewFinding *)q)->evidence;
    if (x->bytes != y->bytes) return x->bytes > y->bytes ? -1 : 1;
    // Findings of one line have the same figures; they stay together, in order of place.
    if (x->bytes && x->pos.line == y->pos.line && str_eq(x->pos.file, y->pos.file))
        return by_place(x, y);
    if (x->objects != y->objects) return x->objects > y->objects ? -1 : 1;
    return compare_loops(p, q);
}

Review *review_make(Arena *a, const Evidence *e) {
    Review *r = NEW(a, Review);
    StrMap seen = strmap_new(a);
    r->evidence = e;
    r->ranking = e->heap.given ? RANK_PROFILE : RANK_LOOPS;
    for (uint32_t i = 0; i < e->findings.len; i++) {
        const EvidenceFinding *x = &e->findings.v[i];
        ReviewFinding f = {.evidence = x, .category = review_category(e, x), .share = -1};
        f.coldness = coldness(e, x);
        f.what = what_text(a, e, x);
        f.flow = review_flow(a, e, x);
        f.id = make_id(a, &seen, r, &f);
        if (r->ranking == RANK_PROFILE)
            f.share = e->heap.bytes > 0 ? 100.0 * (double)x->bytes / (double)e->heap.bytes : 0;
        review_words(a, r, &f);
        vec_push(a, &r->findings, f);
        r->by_category[f.category]++;
    }
    if (r->findings.len)
        qsort(r->findings.v, r->findings.len, sizeof *r->findings.v,
              r->ranking == RANK_PROFILE ? compare_profile : compare_loops);
    return r;
}

void review_keep(Review *r, EngineCostClass least) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->findings.len; i++) {
        if ((int)least > certainty(r->findings.v[i].evidence))
            r->by_category[r->findings.v[i].category]--;
        else
            r->findings.v[kept++] = r->findings.v[i];
    }
    r->findings.len = kept;
}

int64_t review_own_bytes(const Review *r, uint32_t finding) {
    const EvidenceFinding *x = r->findings.v[finding].evidence;
    if (!(x->flags & EVIDENCE_SHARED_LINE)) return x->bytes;
    for (uint32_t i = finding; i-- > 0;) { // findings of one line stand together
        const EvidenceFinding *y = r->findings.v[i].evidence;
        if (y->bytes != x->bytes) break;
        if (y->pos.line == x->pos.line && str_eq(y->pos.file, x->pos.file) &&
            (y->flags & EVIDENCE_SHARED_LINE))
            return 0;
    }
    return x->bytes;
}
