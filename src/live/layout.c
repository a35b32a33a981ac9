// live/layout.c: which releases are known, and where their runtimes' fields and variables are.
#include <string.h>

#include "binary/dwarf/dwarf.h"
#include "live/live_internal.h"

enum { RELEASE_FIRST = 24, RELEASE_LAST = 27 }; // Go 1.x

typedef struct LayoutRow {
    uint32_t release, patch; // holds from that patch on, up to the next row
    ObjectArch arch;
    int32_t at[LIVE_FIELD_COUNT];
} LayoutRow;

static const LayoutRow layouts[] = {
#include "live/layouts.inc"
};

// "go1.26.8", "go1.27rc1"; a GOEXPERIMENT follows as " X:name". Layouts are fixed by both.
Err live_known_release(Arena *a, const Binary *p, uint32_t *out) {
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
    *out = (uint32_t)minor;
    return NULL;
}

static bool optional(LiveField f) {
    return f == LIVE_MHEAP_HEAP_ARENAS || f == LIVE_ARENA_INLINE_MARKS || f == LIVE_CLEANUPS_ALL ||
           f == LIVE_DELTA_IN_BITS;
}

// The program's own debugging information; false: it has none, or not all that is asked.
static bool from_program(Arena *a, const Binary *p, LiveLayout *out) {
    static const struct {
        Str structure, member;
    } fields[] = {
#define X(id, structure, member) {STR_INIT(structure), STR_INIT(member)},
#include "live/fields.inc"
#undef X
    };
    Dwarf d;
    if (dwarf_open(a, &p->object, &d)) return false;
    DwarfStructs structs = dwarf_structs(a, &d, STR("runtime"));
    LiveLayout l = {.from_program = true};
    for (int i = 0; i < LIVE_FIELD_COUNT; i++) {
        uint64_t at;
        bool found = dwarf_member(&structs, fields[i].structure, fields[i].member, &at);
        if (!found && !optional((LiveField)i)) return false;
        l.at[i] = found && at < INT32_MAX ? (int32_t)at : -1;
    }
    *out = l;
    return true;
}

// The third number of "go1.24.6"; of a candidate the first.
static uint32_t patch_of(Str version) {
    uint64_t patch = 0;
    (void)str_split(&version, '.');
    (void)str_split(&version, '.');
    size_t n = 0;
    while (n < version.len && version.ptr[n] >= '0' && version.ptr[n] <= '9') n++;
    return str_to_u64(str_to(version, n), &patch) && patch < UINT32_MAX ? (uint32_t)patch : 0;
}

static const LayoutRow *row_for(uint32_t release, uint32_t patch, ObjectArch arch) {
    const LayoutRow *found = NULL;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        const LayoutRow *r = &layouts[i];
        if (r->release != release || r->arch != arch || r->patch > patch) continue;
        if (!found || r->patch > found->patch) found = r;
    }
    return found;
}

Err live_learn_layout(Arena *a, LiveTarget *t) {
    const Binary *p = &t->program;
    if (from_program(a, p, &t->layout)) return NULL;
    const LayoutRow *r = row_for(t->release, patch_of(p->build.go_version), p->object.arch);
    if (r) {
        memcpy(t->layout.at, r->at, sizeof t->layout.at);
        return NULL;
    }
    return err_new(a, ERR_FORMAT, 0,
                   "built with " STR_FMT " and without debugging information (-ldflags=-w): there "
                   "is no table of that release's structures; build it without -w",
                   STR_ARG(p->build.go_version));
}

static const Str var_names[] = {
#define X(id, name) STR_INIT(name),
    LIVE_VARS(X)
#undef X
};

static void named_vars(LiveTarget *t) {
    const SymbolVec *symbols = &t->program.symbols;
    for (uint32_t i = 0; i < symbols->len; i++) {
        if (!str_starts(symbols->v[i].name, STR("runtime."))) continue;
        for (int k = 0; k < LIVE_VAR_COUNT; k++)
            if (str_eq(symbols->v[i].name, var_names[k])) t->vars[k] = symbols->v[i].addr + t->bias;
    }
}

// By name; without a symbol table by what code uses, which takes the layout.
Err live_find_vars(Arena *a, LiveTarget *t) {
    static const LiveVar needed[] = {LIVE_VAR_MHEAP, LIVE_VAR_MEMSTATS, LIVE_VAR_ALLGS,
                                     LIVE_VAR_ALLM, LIVE_VAR_ALLP};
    bool stripped = t->program.stripped;
    if (stripped) TRY(live_learn_layout(a, t));
    if (stripped)
        live_guess_vars(a, t, t->vars);
    else
        named_vars(t);
    for (size_t i = 0; i < COUNT(needed); i++)
        if (!t->vars[needed[i]])
            return err_new(a, ERR_FORMAT, 0, "%s variable " STR_FMT "%s",
                           stripped ? "the program is stripped (-ldflags=-s), and its code does "
                                      "not show the runtime's"
                                    : "the program has no",
                           STR_ARG(var_names[needed[i]]), stripped ? ": build it without -s" : "");
    return NULL;
}
