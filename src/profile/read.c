// profile/read.c: from a file's bytes, whatever their form, to a profile that obeys the rules.
#include "profile/profile_internal.h"

// Errors that say "this is a protobuf profile, and it is broken": the older forms are not tried
// then.
static bool settled(Err err) {
    return str_eq(err->what, STR(PROFILE_EMPTY)) || str_eq(err->what, STR(PROFILE_CONCAT));
}

static Err parse(Arena *a, Str bytes, Profile *out) {
    Err err = profile_decode(a, bytes, out);
    if (err && !settled(err)) err = profile_legacy(a, bytes, out);
    return err ? err_wrap(a, err, "parsing profile") : NULL;
}

Err profile_read(Arena *a, Str file, Profile *out) {
    Inflated owned = {0};
    Str bytes = file;
    if (inflate_is_gzip(file)) {
        Err err = inflate_gzip(a, file, PROFILE_LIMIT_BYTES, &owned);
        if (err) return err_wrap(a, err, "decompressing profile");
        bytes = (Str){owned.ptr, owned.len};
    }
    Profile p;
    Err err = parse(a, bytes, &p);
    if (!err) {
        p.owned = owned;
        err = profile_validate(&p, a);
        if (err) {
            inflate_free(&p.owned2);
            err = err_wrap(a, err, "malformed profile");
        }
    }
    if (err) {
        inflate_free(&owned);
        return err;
    }
    *out = p;
    return NULL;
}

void profile_free(Profile *p) {
    inflate_free(&p->owned);
    inflate_free(&p->owned2);
    inflate_free(&p->owned3);
    *p = (Profile){0};
}
