// Two outputs of -m beside each other, package by package. A line counts by its whole text,
// position included; what stands more often on one side is missing or extra that often.
#include "base/index.h"
#include "engine/engine.h"

typedef struct Section {
    StrVec compiler, ours;
} Section;

typedef struct Compare {
    Arena *arena;
    StrMap names; // heading -> place in sections + 1
    VEC(Section) sections;
    VerifyResult *out;
} Compare;

const char *verify_kind_name(VerifyKind k) {
#define X(id, name) name,
    static const char *const names[] = {VERIFY_KINDS(X)};
#undef X
    return names[k];
}

// The first that fits; texts of functions may hold anything: theirs come first.
static VerifyKind kind_of(Str line) {
    static const struct {
        VerifyKind kind;
        Str text;
    } kinds[] = {
        {VERIFY_WAY, STR_INIT(":   ")},
        {VERIFY_INLINED, STR_INIT(": inlining call to ")},
        {VERIFY_CANNOT, STR_INIT(": cannot inline ")},
        {VERIFY_CAN, STR_INIT(": can inline ")},
        {VERIFY_LEAK_CONTENT, STR_INIT(": leaking param content: ")},
        {VERIFY_LEAK, STR_INIT(": leaking param: ")},
        {VERIFY_MOVED, STR_INIT(": moved to heap: ")},
        {VERIFY_CAPTURE, STR_INIT(" capturing by ")},
        {VERIFY_ESCAPES, STR_INIT(" escapes to heap")},
        {VERIFY_STAYS, STR_INIT(" does not escape")},
        {VERIFY_DEVIRTUAL, STR_INIT("devirtualizing ")},
        {VERIFY_SELF, STR_INIT("ignoring self-assignment")},
        {VERIFY_ZERO_COPY, STR_INIT("zero-copy ")},
        {VERIFY_BOUNDS, STR_INIT("index bounds check elided")},
    };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (str_find(line, kinds[i].text) == STR_NONE) continue;
        bool result =
            kinds[i].kind == VERIFY_LEAK && str_find(line, STR(" to result ")) != STR_NONE;
        return result ? VERIFY_LEAK_RESULT : kinds[i].kind;
    }
    return VERIFY_OTHER;
}

static Section *section(Compare *c, Str heading) {
    uint32_t *place = strmap_put(&c->names, heading);
    if (!*place) {
        (void)vec_add(c->arena, &c->sections);
        *place = c->sections.len;
    }
    return &c->sections.v[*place - 1];
}

// Lines before the first heading are the go command's own.
static void read_side(Compare *c, Str text, bool ours) {
    Section *at = NULL;
    while (text.len) {
        Str line = str_line(&text);
        if (str_cut_prefix(&line, STR("# ")))
            at = section(c, line);
        else if (at && line.len)
            vec_push(c->arena, ours ? &at->ours : &at->compiler, line);
    }
}

static StrMap counts_of(Arena *a, const StrVec *lines) {
    StrMap counts = strmap_new(a);
    for (uint32_t i = 0; i < lines->len; i++) ++*strmap_put(&counts, lines->v[i]);
    return counts;
}

static bool take(StrMap *counts, Str line) {
    uint32_t *left = strmap_get(counts, line);
    if (!left || !*left) return false;
    --*left;
    return true;
}

static void differ(Compare *c, Str package, Str line, bool ours) {
    VerifyResult *r = c->out;
    VerifyKind k = kind_of(line);
    ++*(ours ? &r->kinds[k].extra : &r->kinds[k].missing);
    ++*(ours ? &r->all.extra : &r->all.missing);
    vec_push(c->arena, &r->lines, ((VerifyLine){package, line, ours}));
}

static bool same_lines(const Section *s) {
    if (s->compiler.len != s->ours.len) return false;
    for (uint32_t i = 0; i < s->ours.len; i++)
        if (!str_eq(s->compiler.v[i], s->ours.v[i])) return false;
    return true;
}

static void compare_section(Compare *c, Str package, const Section *s) {
    Arena *scratch = arena_new("compared lines");
    StrMap compiler = counts_of(scratch, &s->compiler), ours = counts_of(scratch, &s->ours);
    c->out->packages++;
    c->out->identical += same_lines(s);
    for (uint32_t i = 0; i < s->compiler.len; i++) {
        if (!take(&ours, s->compiler.v[i])) {
            differ(c, package, s->compiler.v[i], false);
            continue;
        }
        c->out->kinds[kind_of(s->compiler.v[i])].both++;
        c->out->all.both++;
    }
    for (uint32_t i = 0; i < s->ours.len; i++)
        if (!take(&compiler, s->ours.v[i])) differ(c, package, s->ours.v[i], true);
    arena_free(scratch);
}

void verify_compare(Arena *a, Str compiler, Str ours, VerifyResult *out) {
    Compare c = {.arena = a, .names = strmap_new(a), .out = out};
    read_side(&c, compiler, false);
    read_side(&c, ours, true);
    for (uint32_t i = 0; i < c.sections.len; i++)
        compare_section(&c, c.names.entries.v[i].key, &c.sections.v[i]);
}
