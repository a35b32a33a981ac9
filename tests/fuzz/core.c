// tests/fuzz/core.c: the headers and notes of core files.
#include "live/live.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str program;
    if (!live_core_program(a, (Str){(const char *)data, size}, &program)) (void)str_hash(program);
    arena_free(a);
    return 0;
}
