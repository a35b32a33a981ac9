// tests/fuzz/vet.c: any bytes as a .cfg of go vet and as facts; facts that are read are written,
// and read again, the same.
#include "go/program/vet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str bytes = {(const char *)data, size};
    VetConfig c;
    (void)!vet_parse(a, bytes, STR("/go"), &c);
    VetFacts facts = {0}, again = {0};
    if (!vet_facts_parse(a, bytes, &facts)) {
        Str text = vet_facts_write(a, &facts);
        ASSERT(!vet_facts_parse(a, text, &again));
        ASSERT(str_eq(vet_facts_write(a, &again), text));
    }
    arena_free(a);
    return 0;
}
