// live/heap_vars.c: which releases are known, and where their variables are.
#include <string.h>

#include "live/live.h"

enum { RELEASE_FIRST = 24, RELEASE_COUNTS_ONLY = 27, RELEASE_LAST = 27 }; // Go 1.x

// "go1.26.8", "go1.27rc1"; a GOEXPERIMENT follows as " X:name". Layouts are fixed by both.
static Err known_release(Arena *a, const Binary *p, uint64_t *out) {
    Str version = p->build.go_version, rest = version;
    if (!version.len)
        return err_new(a, ERR_FORMAT, 0, "no Go program: it has no Go build information");
    uint64_t minor = 0;
    if (str_cut_prefix(&rest, STR("go1."))) {
        size_t n = 0;
        while (n < rest.len && rest.ptr[n] >= '0' && rest.ptr[n] <= '9') n++;
        if (!str_to_u64(str_to(rest, n), &minor)) minor = 0;
    }
    if (minor < RELEASE_FIRST || minor > RELEASE_LAST)
        return err_new(a, ERR_FORMAT, 0,
                       "built with " STR_FMT ": the runtime's structures are known for Go 1.%d to "
                       "1.%d only",
                       STR_ARG(version), RELEASE_FIRST, RELEASE_LAST);
    if (str_find(version, STR(" X:")) != STR_NONE)
        return err_new(a, ERR_FORMAT, 0,
                       "built with " STR_FMT ": the runtime's structures are not known under a "
                       "GOEXPERIMENT",
                       STR_ARG(version));
    if (p->object.format != OBJECT_ELF ||
        (p->object.arch != OBJECT_AMD64 && p->object.arch != OBJECT_ARM64))
        return err_new(a, ERR_FORMAT, 0,
                       "only Linux programs for amd64 and arm64 can be read while they run");
    *out = minor;
    return NULL;
}

Err live_heap_vars(Arena *a, const Binary *p, uint64_t bias, LiveHeapVars *out) {
    LiveHeapVars v = {0};
    const struct {
        Str name;
        uint64_t *addr;
    } wanted[] = {{STR("runtime.mbuckets"), &v.buckets},
                  {STR("runtime.mProfCycle"), &v.cycle},
                  {STR("runtime.MemProfileRate"), &v.rate}};
    uint64_t minor = 0;
    TRY(known_release(a, p, &minor));
    v.counts_only = minor >= RELEASE_COUNTS_ONLY;
    if (p->stripped)
        return err_new(a, ERR_FORMAT, 0,
                       "the program is stripped (-ldflags=-s): without its symbol table the "
                       "runtime's variables are not found");
    for (uint32_t i = 0; i < p->symbols.len; i++)
        for (size_t k = 0; k < COUNT(wanted); k++)
            if (str_eq(p->symbols.v[i].name, wanted[k].name))
                *wanted[k].addr = p->symbols.v[i].addr + bias;
    for (size_t k = 0; k < COUNT(wanted); k++)
        if (!*wanted[k].addr)
            return err_new(a, ERR_FORMAT, 0, "the program has no variable " STR_FMT,
                           STR_ARG(wanted[k].name));
    *out = v;
    return NULL;
}
