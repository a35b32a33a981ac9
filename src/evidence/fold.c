// From the moves an engine reports to one finding per place: copies that inlining put into callers
// and instances of generic functions belong to the place they were written at.
#include "evidence/evidence_internal.h"

typedef struct Fold {
    Arena *arena;
    Evidence *e;
    Index index;       // place and kind -> place + 1 of the finding
    VEC(StrVec) funcs; // per finding: the functions that hold it uninlined
} Fold;

// The frame of a move that is innermost among the files reviewed: 0 is its outermost position,
// i the i-th of its chain. False: none is.
static bool own_place(const Sources *s, EnginePos pos, const EnginePosVec *chain, uint32_t *out) {
    bool found = false;
    if (sources_file(s, pos.file)) {
        *out = 0;
        found = true;
    }
    for (uint32_t i = 0; i < chain->len; i++) {
        if (!sources_file(s, chain->v[i].file)) continue;
        *out = i + 1;
        found = true;
    }
    return found;
}

static bool own_frame(const Sources *s, const EngineMove *m, uint32_t *out) {
    return own_place(s, m->pos, &m->chain, out);
}

EnginePos evidence_own_pos(const Evidence *e, EnginePos pos, const EnginePosVec *chain) {
    uint32_t frame;
    if (!own_place(e->sources, pos, chain, &frame)) return (EnginePos){0};
    return frame ? chain->v[frame - 1] : pos;
}

static EnginePos frame_pos(const EngineMove *m, uint32_t frame) {
    return frame ? m->chain.v[frame - 1] : m->pos;
}

static void ask_about_moves(const Evidence *e) {
    for (uint32_t i = 0; i < e->engine->moves.len; i++) {
        const EngineMove *m = &e->engine->moves.v[i];
        uint32_t frame;
        if (own_frame(e->sources, m, &frame)) sources_ask(e->sources, frame_pos(m, frame));
    }
}

// --- what takes no memory ---

// A Go string literal as the compiler prints it, and nothing behind it.
static bool is_quoted(Str s) {
    if (s.len < 2 || s.ptr[0] != '"') return false;
    if (str_ends(s, STR("...")) && str_find(str_from(s, 1), STR("\"")) == STR_NONE) return true;
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == '"')
            return i + 1 == s.len || str_eq(str_from(s, i + 1), STR("..."));
    }
    return false;
}

static bool is_number(Str s) {
    str_cut_prefix(&s, STR("-"));
    if (s.len == 0 || s.ptr[0] < '0' || s.ptr[0] > '9') return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool part = (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == 'x' ||
                    c == '_' || (i && (c == '+' || c == '-') && (s.ptr[i - 1] | 32) == 'e');
        if (!part) return false;
    }
    return true;
}

// A constant, perhaps converted: T("x"), pkg.T(3), 'a', true.
static bool is_constant(Str s) {
    if (is_quoted(s) || is_number(s) || str_eq(s, STR("true")) || str_eq(s, STR("false")) ||
        str_eq(s, STR("nil")))
        return true;
    if (s.len >= 3 && s.ptr[0] == '\'' && str_find(str_from(s, 1), STR("'")) == s.len - 2)
        return true;
    size_t open = str_find_byte(s, '(');
    if (open == STR_NONE || open == 0 || !str_ends(s, STR(")"))) return false;
    for (size_t i = 0; i < open; i++) {
        char c = s.ptr[i];
        bool word =
            c == '.' || c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        if (!word) return false;
    }
    Str inner = str_slice(s, open + 1, s.len - 1);
    return is_quoted(inner) || is_number(inner);
}

// Constants boxed in interfaces are read-only data, empty structs share one address, a literal
// without captures is one object of the linker's.
static bool takes_no_memory(const EngineMove *m, const Spot *spot) {
    if (m->cost.cls != ENGINE_COST_UNKNOWN) return m->cost.cls == ENGINE_COST_NEVER;
    if (m->kind == ENGINE_VAR) return false;
    if (is_constant(m->what) || str_eq(m->what, STR("struct {}{}"))) return true;
    return str_eq(m->what, STR("func literal")) && spot->expr &&
           spot->expr->kind == EXPR_FUNC_LIT && !spot->captures;
}

// --- findings ---

static uint64_t finding_key(EnginePos pos, EngineKind kind) {
    uint64_t place = hash_mix(str_hash(pos.file), ((uint64_t)pos.line << 32) | pos.col);
    return hash_mix(place, (uint64_t)kind + 1);
}

static uint32_t find_finding(const Fold *f, EnginePos pos, EngineKind kind) {
    IndexIter it = index_find(&f->index, finding_key(pos, kind));
    for (; it.id; index_next(&it)) {
        const EvidenceFinding *x = &f->e->findings.v[it.id - 1];
        if (x->pos.line == pos.line && x->pos.col == pos.col && x->move->kind == kind &&
            str_eq(x->pos.file, pos.file))
            return it.id;
    }
    return 0;
}

static void take_syntax(Evidence *e, EvidenceFinding *x, const Spot *spot) {
    x->span = spot->span;
    x->loop_depth = spot->loop_depth;
    x->flags = spot->flags;
    if (!spot->func) return;
    const SourceFunc *f = &e->sources->funcs.v[spot->func - 1];
    x->func = f->name;
    x->callers = f->callers;
}

static EvidenceFinding *new_finding(Fold *f, EnginePos pos, const EngineMove *m, const Spot *spot) {
    EvidenceFinding *x = vec_add(f->arena, &f->e->findings);
    x->pos = pos;
    x->move = m;
    x->func = m->func;
    x->package = f->e->sources->files.v[spot->file - 1].package;
    take_syntax(f->e, x, spot);
    (void)vec_add(f->arena, &f->funcs);
    index_add(&f->index, finding_key(pos, m->kind), f->e->findings.len);
    return x;
}

// The copy that stands where it was written explains it best; of those, one that says why.
static uint32_t merit(const EngineMove *m, uint32_t frame) {
    return (frame == 0 ? 2u : 0u) + (m->explained && m->steps.len ? 1u : 0u);
}

static uint32_t frame_of(const Evidence *e, const EngineMove *m) {
    uint32_t frame = 0;
    (void)own_frame(e->sources, m, &frame);
    return frame;
}

// A finding costs what its costliest copy does.
static void add_cost(EvidenceFinding *x, const EngineCost *c) {
    uint32_t loops = MAX(x->cost.loops, c->loops);
    if (c->cls > x->cost.cls) x->cost = *c;
    x->cost.loops = loops;
}

static void fold_move(Fold *f, const EngineMove *m) {
    uint32_t frame;
    if (!own_frame(f->e->sources, m, &frame)) {
        f->e->outside++;
        return;
    }
    EnginePos pos = frame_pos(m, frame);
    const Spot *spot = sources_spot(f->e->sources, pos);
    if (takes_no_memory(m, spot)) {
        f->e->no_memory++;
        return;
    }
    uint32_t id = find_finding(f, pos, m->kind);
    EvidenceFinding *x = id ? &f->e->findings.v[id - 1] : new_finding(f, pos, m, spot);
    if (!id) id = f->e->findings.len;
    if (merit(m, frame) > merit(x->move, frame_of(f->e, x->move))) x->move = m;
    add_cost(x, &m->cost);
    StrVec *funcs = &f->funcs.v[id - 1];
    if (frame > 0)
        x->inlined_copies++;
    else if (!strvec_has(funcs, m->func))
        vec_push(f->arena, funcs, m->func);
}

static void finish(Fold *f) {
    for (uint32_t i = 0; i < f->e->findings.len; i++) {
        EvidenceFinding *x = &f->e->findings.v[i];
        uint32_t frame = frame_of(f->e, x->move);
        for (uint32_t k = frame; k < x->move->chain.len; k++)
            vec_push(f->arena, &x->via, x->move->chain.v[k]);
        x->instances = f->funcs.v[i].len > 1 ? f->funcs.v[i].len - 1 : 0;
    }
}

static int by_place(const void *x, const void *y) {
    const EvidenceFinding *p = x, *q = y;
    int files = str_cmp(p->pos.file, q->pos.file);
    if (files) return files;
    if (p->pos.line != q->pos.line) return p->pos.line < q->pos.line ? -1 : 1;
    if (p->pos.col != q->pos.col) return p->pos.col < q->pos.col ? -1 : 1;
    return (int)p->move->kind - (int)q->move->kind;
}

void fold_moves(Arena *a, Evidence *e) {
    Fold f = {.arena = a, .e = e, .index = index_new(a)};
    ask_about_moves(e);
    sources_answer(e->sources);
    callers_count(e->sources);
    for (uint32_t i = 0; i < e->engine->moves.len; i++) fold_move(&f, &e->engine->moves.v[i]);
    finish(&f);
    if (e->findings.len) qsort(e->findings.v, e->findings.len, sizeof *e->findings.v, by_place);
}
