// evidence/variables.c: the linker's variables, and the join with those of the source.
#include "evidence/variables.h"

#include "base/index.h"

#define X(id, text) text,
static const char *const starts[] = {VARIABLE_STARTS(X)};
static const char *const uses[] = {VARIABLE_USES(X)};
#undef X

const char *variable_start_text(VariableStart s) { return starts[s]; }
const char *variable_use_text(VariableUse u) { return uses[u]; }

Err evidence_binary_variables(Arena *a, const Binary *p, VariableVec *out) {
    StaticVec found = {0};
    TRY(binary_variables(a, p, &found));
    for (uint32_t i = 0; i < found.len; i++) {
        const Static *s = &found.v[i];
        Variable v = {.symbol = s->name,
                      .package = s->package,
                      .type = s->type,
                      .size_bytes = s->size_bytes,
                      .addr = s->addr,
                      .area = s->area,
                      .section = s->section,
                      .generated = s->generated};
        vec_push(a, out, v);
    }
    return NULL;
}

void evidence_join_variables(Arena *a, VariableVec *built, const VariableVec *source) {
    StrMap places = strmap_new(a);
    for (uint32_t i = 0; i < source->len; i++) *strmap_put(&places, source->v[i].symbol) = i + 1;
    for (uint32_t i = 0; i < built->len; i++) {
        Variable *b = &built->v[i];
        uint32_t *place = strmap_get(&places, b->symbol);
        if (!place || b->generated) continue;
        Variable v = source->v[*place - 1];
        v.symbol = b->symbol;
        v.package = b->package;
        v.size_bytes = b->size_bytes;
        v.addr = b->addr;
        v.area = b->area;
        v.section = b->section;
        if (b->type.len) v.type = b->type;
        *b = v;
    }
}
