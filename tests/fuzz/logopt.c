// tests/fuzz/logopt.c: any bytes read as a file of -json=0,DIR, against moves that are there, and
// as what `go list -json` prints.
#include "engine/engine_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str text = {(const char *)data, size};
    EngineResult r = {0}, listed = {0};
    m2_parse(a,
             STR("# a\n/s/a.go:9:4: new(T) escapes to heap in f:\n"
                 "/s/a.go:9:4:   flow: {heap} \xe2\x86\x90 &{storage for new(T)}:\n"
                 "/s/a.go:9:4:     from new(T) (spill) at /s/a.go:9:4\n"),
             STR("/s"), &r);
    if (!logopt_add(logopt_new(a, &r), 0, text)) ASSERT(r.moves.len == 1);
    if (!golist_parse(a, text, &listed)) (void)golist_exports(a, text, &listed);
    arena_free(a);
    return 0;
}
