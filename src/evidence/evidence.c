// The facts of one review, gathered.
#include "evidence/evidence_internal.h"

Evidence *evidence_gather(Arena *a, const EngineResult *engine) {
    Evidence *e = NEW(a, Evidence);
    e->engine = engine;
    e->sources = sources_new(a, engine);
    fold_moves(a, e);
    e->functions = e->sources->funcs.len;
    return e;
}

void evidence_free(Evidence *e) {
    if (e) sources_free(e->sources);
}

static const Expr *func_type(const Evidence *e, const EvidenceFinding *x) {
    const Spot *spot = sources_spot(e->sources, x->pos);
    return spot && spot->func ? e->sources->funcs.v[spot->func - 1].decl->func.type : NULL;
}

static bool has_field(const Evidence *e, FieldList list, Str name) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i].name && str_eq(name_str(e->sources->names, list.v[i].name->name), name))
            return true;
    return false;
}

bool evidence_names_result(const Evidence *e, const EvidenceFinding *x, Str name) {
    const Expr *type = func_type(e, x);
    return type && has_field(e, type->func_type.results, name);
}

bool evidence_names_param(const Evidence *e, const EvidenceFinding *x, Str name) {
    const Expr *type = func_type(e, x);
    return type && has_field(e, type->func_type.params, name);
}
