// profile/read.c: from a file's bytes, whatever their form, to a profile that obeys the rules.
#include "profile/profile_internal.h"

// Errors that say "this is a protobuf profile, and it is broken": the older forms are not tried
// then.
static bool settled(Err err) {
    return str_eq(err->what, STR(PROFILE_EMPTY)) || str_eq(err->what, STR(PROFILE_CONCAT));
}

static Err parse(Arena *a, Str bytes, ProfileRelease release, Profile *out) {
    Err err = profile_decode_with(a, bytes, release, out);
    if (err && !settled(err)) err = profile_legacy(a, bytes, out);
    return err ? err_wrap(a, err, "parsing profile") : NULL;
}

// Hands out a profile that obeys the rules, and frees one that does not.
static Err accept(Arena *a, Profile *p, Profile *out) {
    Err err = profile_validate(p, a);
    if (err) {
        profile_free(p);
        return err_wrap(a, err, "malformed profile");
    }
    *out = *p;
    return NULL;
}

Err profile_unpack(Arena *a, Str file, const ArenaSource *source, Inflated *out) {
    Err err = inflate_gzip(a, file, (InflateLimits){PROFILE_LIMIT_BYTES, source}, out);
    return err ? err_wrap(a, err, "decompressing profile") : NULL;
}

Err profile_read_unpacked(Arena *a, Inflated *bytes, Profile *out) {
    Profile p;
    Err err = parse(a, (Str){bytes->ptr, bytes->len}, (ProfileRelease){0}, &p);
    if (err) {
        inflate_free(bytes);
        return err;
    }
    p.owned = *bytes;
    *bytes = (Inflated){0};
    return accept(a, &p, out);
}

Err profile_read(Arena *a, Str file, Profile *out) {
    if (inflate_is_gzip(file)) {
        Inflated bytes;
        TRY(profile_unpack(a, file, NULL, &bytes));
        return profile_read_unpacked(a, &bytes, out);
    }
    return profile_read_mapped(a, file, (ProfileRelease){0}, out);
}

Err profile_read_mapped(Arena *a, Str bytes, ProfileRelease release, Profile *out) {
    Profile p;
    TRY(parse(a, bytes, release, &p));
    return accept(a, &p, out);
}

void profile_free(Profile *p) {
    inflate_free(&p->owned);
    inflate_free(&p->owned2);
    inflate_free(&p->owned3);
    *p = (Profile){0};
}
