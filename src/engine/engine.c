// The engines there are.
#include "engine/engine_internal.h"

static const Engine ENGINES[] = {
    {"own", "heapwise's own front end and analysis, from source alone", own_run},
    {"compiler", "the installed Go toolchain's -m=2 and -json", compiler_run},
};

const Engine *engine_find(Str name) {
    for (size_t i = 0; i < COUNT(ENGINES); i++)
        if (str_eq_c(name, ENGINES[i].name)) return &ENGINES[i];
    return NULL;
}

const Engine *engine_default(void) { return &ENGINES[0]; }

Str engine_names(Arena *a) {
    StrVec names = {0};
    for (size_t i = 0; i < COUNT(ENGINES); i++) vec_push(a, &names, str_c(ENGINES[i].name));
    return strvec_join(a, &names, STR(", "));
}
