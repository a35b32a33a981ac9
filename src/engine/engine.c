// The engines there are.
#include "engine/engine_internal.h"
#include "sys/proc.h"

static const Engine ENGINES[] = {
    {"compiler", "the installed Go toolchain's -m=2 and -json", compiler_run},
    {"own", "heapwise's own front end and analysis, from source alone", own_run},
};

const Engine *engine_find(Str name) {
    for (size_t i = 0; i < COUNT(ENGINES); i++)
        if (str_eq_c(name, ENGINES[i].name)) return &ENGINES[i];
    return NULL;
}

const Engine *engine_default(Arena *a) {
    return proc_find(a, STR("go")).len ? &ENGINES[0] : &ENGINES[1];
}

Str engine_names(Arena *a) {
    StrVec names = {0};
    for (size_t i = 0; i < COUNT(ENGINES); i++) vec_push(a, &names, str_c(ENGINES[i].name));
    return strvec_join(a, &names, STR(", "));
}
