// gc/buildinfo.c: which Go built a binary and with which experiments, from the block the linker
// leaves in every Go binary since 1.18: a magic, flags, then two strings with a length before each
// (the version and the module text with its "build" lines). Layout: debug/buildinfo.
#include "gc/gc.h"

static const Str magic = STR_INIT("\xff Go buildinf:");

static bool read_string(Str bytes, size_t *at, Str *out) {
    uint64_t n = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (*at >= bytes.len || shift > 35) return false;
        unsigned char b = (unsigned char)bytes.ptr[(*at)++];
        n |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) break;
    }
    if (n > bytes.len - *at) return false;
    *out = str_slice(bytes, *at, *at + n);
    *at += n;
    return true;
}

Err buildinfo_read(Arena *a, Str binary, GcBuild *out) {
    enum { HEADER = 32, FLAG_INLINE = 2, SENTINEL = 16 };
    for (size_t from = 0;;) {
        size_t at = str_find(str_from(binary, from), magic);
        if (at == STR_NONE) break;
        at += from;
        from = at + 1;
        size_t next = at + HEADER;
        GcBuild build = {0};
        if (next >= binary.len || !(binary.ptr[at + 15] & FLAG_INLINE)) continue;
        if (!read_string(binary, &next, &build.version) ||
            !read_string(binary, &next, &build.module))
            continue;
        if (!str_starts(build.version, STR("go")) && !str_starts(build.version, STR("devel")))
            continue;
        if (build.module.len > 2 * SENTINEL)
            build.module = str_slice(build.module, SENTINEL, build.module.len - SENTINEL);
        Str rest = build.module;
        while (rest.len) {
            Str line = str_line(&rest);
            if (str_cut_prefix(&line, STR("build\tGOEXPERIMENT="))) build.experiments = line;
        }
        *out = build;
        return NULL;
    }
    return err_new(a, ERR_FORMAT, 0,
                   "no Go build information in it: not a Go binary, or one older than Go 1.18");
}

Str buildinfo_collector(const GcBuild *b) {
    uint32_t minor = 0;
    Str v = b->version, list = b->experiments;
    uint64_t n;
    if (str_cut_prefix(&v, STR("go1.")) && str_to_u64(str_split(&v, '.'), &n) && n < 1000)
        minor = (uint32_t)n;
    bool green = minor >= GC_MINOR_MIN &&
                 settings_experiment_on(MIN(minor, (uint32_t)GC_MINOR_MAX), STR("greenteagc"));
    while (list.len) {
        Str word = str_split(&list, ',');
        if (str_eq_c(word, "greenteagc")) green = true;
        if (str_eq_c(word, "nogreenteagc")) green = false;
    }
    return green ? STR("Green Tea") : STR("classic");
}
