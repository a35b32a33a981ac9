// What each move costs: our own analysis says it of every place, and places are joined to moves by
// where they stand, outermost and innermost, and what they are. Also used beside the compiler,
// which says nothing of costs; the rules are those of Go 1.26.
#include "base/index.h"
#include "engine/engine_internal.h"
#include "sys/file.h"

typedef struct SitePlace { // of a site, as a move has it
    const CostSite *site;
    EnginePos inner;
} SitePlace;

typedef struct Join {
    Arena *arena;
    const Program *program;
    EngineResult *out;
    Index sites; // package, outermost place and text -> place in list + 1
    VEC(SitePlace) list;
} Join;

// -m=2 has the operands of an append, the line that sums up has not.
static Str plain_what(Str what) { return str_starts(what, STR("append(")) ? STR("append") : what; }

static uint64_t key_of(uint32_t package, uint32_t line, uint32_t col, Str what) {
    return hash_mix(hash_mix(str_hash(what), package), ((uint64_t)line << 32) | col);
}

static Place place_at(const Join *j, Pos pos) {
    if (!pos || pos == IR_POS_AUTOGEN) return (Place){0};
    return pos_place(program_files(j->program), pos);
}

static void add_site(Join *j, uint32_t package, const IrPkg *ir, const CostSite *s) {
    Place outer = place_at(j, ir_outermost(ir, s->pos).pos), inner = place_at(j, s->pos.pos);
    if (!outer.line) return;
    vec_push(j->arena, &j->list, ((SitePlace){s, {inner.file, inner.line, inner.col}}));
    index_add(&j->sites, key_of(package, outer.line, outer.col, s->what), j->list.len);
}

static bool find_package(const EngineResult *r, Str path, uint32_t *out) {
    for (uint32_t i = 0; i < r->packages.len; i++) {
        if (!str_eq(r->packages.v[i].path, path)) continue;
        *out = i;
        return true;
    }
    return false;
}

static void add_sites(Join *j) {
    for (uint32_t i = 0; i < program_unit_count(j->program); i++) {
        const ProgramUnit *u = program_unit(j->program, i);
        uint32_t package;
        if (!u->root || !u->ir || !find_package(j->out, u->package->import_path, &package))
            continue;
        for (uint32_t k = 0; k < u->costs.len; k++)
            if (u->costs.v[k].escapes) add_site(j, package, u->ir, &u->costs.v[k]);
    }
}

static EngineCost cost_of(Arena *a, const CostSite *s) {
    static const EngineCostClass classes[] = {[COST_NEVER] = ENGINE_COST_NEVER,
                                              [COST_SOMETIMES] = ENGINE_COST_SOMETIMES,
                                              [COST_ALWAYS] = ENGINE_COST_ALWAYS};
    return (EngineCost){classes[s->cls],  s->bytes, s->block,
                        s->pointer_bytes, s->loops, str_copy(a, s->when)};
}

// Of several copies at one call, the one from the same place; else the costliest.
static void take_cost(const Join *j, EngineMove *m) {
    EnginePos inner = m->chain.len ? vec_last(&m->chain) : m->pos;
    Str what = plain_what(m->what);
    for (IndexIter it = index_find(&j->sites, key_of(m->package, m->pos.line, m->pos.col, what));
         it.id; index_next(&it)) {
        const SitePlace *p = &j->list.v[it.id - 1];
        if (!str_eq(p->site->what, what)) continue;
        EngineCost c = cost_of(j->arena, p->site);
        if (c.cls > m->cost.cls) m->cost = c;
        if (p->inner.line != inner.line || p->inner.col != inner.col) continue;
        m->cost = c;
        return;
    }
}

void engine_join_costs(Arena *a, const Program *p, EngineResult *out) {
    Join j = {.arena = a, .program = p, .out = out, .sites = index_new(a)};
    add_sites(&j);
    for (uint32_t i = 0; i < out->moves.len; i++) take_cost(&j, &out->moves.v[i]);
}

Err engine_load(Arena *a, const EngineRequest *request, PackageSet **out) {
    LoadConfig load = {.dir = request->dir, .tags = request->tags, .build_only = true};
    vec_push(a, &load.env, STR("CGO_ENABLED=0")); // what C declares is not known here
    StrVec patterns = request->patterns;
    if (!patterns.len) vec_push(a, &patterns, STR("./..."));
    return load_packages(a, &load, &patterns, out);
}

static void run_beside(Arena *a, const PackageSet *set, EngineResult *out) {
    ProgramConfig config = {.analyse = true, .costs = true, .flags = {.m = 1}};
    Program *p = program_new(&config);
    if (!program_add_packages(p, set)) {
        program_run(p);
        engine_join_costs(a, p, out);
    }
    program_free(p);
}

void engine_costs_beside(Arena *a, const EngineRequest *request, EngineResult *out) {
    PackageSet *set = NULL;
    if (!str_starts(out->version, STR("go1.26"))) return; // another release allocates otherwise
    if (!engine_load(a, request, &set)) run_beside(a, set, out);
    package_set_free(set);
}
