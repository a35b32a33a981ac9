// tests/fuzz/gcsettings.c: any bytes as each of the settings, for the oldest and the newest
// release.
#include "gc/gc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str text = {(const char *)data, size};
    static const uint32_t minors[] = {GC_MINOR_MIN, 21, GC_MINOR_MAX};
    for (size_t i = 0; i < COUNT(minors); i++) {
        GcSettings s = settings_new(a, minors[i]);
        settings_check_godebug(&s, text);
        settings_check_gogc(&s, text);
        settings_check_memlimit(&s, text);
        settings_check_experiment(&s, text, true);
        settings_check_go_file(&s, text, STR("x.go"));
        settings_check_go_mod(&s, text, STR("go.mod"));
        for (uint32_t k = 0; k < s.notes.len; k++) ASSERT(s.notes.v[k].text.len > 0);
    }
    arena_free(a);
    return 0;
}
