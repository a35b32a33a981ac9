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
