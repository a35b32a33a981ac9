// tests/fuzz/profile.c: what the profile reader accepts is sound, whatever the bytes.
#include "profile/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Profile p;
    if (!profile_read(a, (Str){(const char *)data, size}, &p)) {
        profile_check(&p);
        if (profile_name_from_text(&p)) profile_check(&p);
        profile_free(&p);
    }
    arena_free(a);
    return 0;
}
