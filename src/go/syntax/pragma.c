// go/syntax/pragma.c: what the //go: lines above a declaration ask of the compiler, and the symbols
// that //go:linkname gives to names of a file. The rules of cmd/compile/internal/noder, lex.go and
// noder.go; whether a line is allowed where it stands is for go/program to say.
#include "base/utf8.h"
#include "go/syntax/syntax_internal.h"

typedef struct PragmaVerb {
    const char *verb;
    PragmaBits bits;
} PragmaVerb;

static const PragmaVerb verbs[] = {
    {"go:build", PRAGMA_BUILD},
    {"go:noescape", PRAGMA_NOESCAPE},
    {"go:norace", PRAGMA_NORACE},
    {"go:nosplit", PRAGMA_NOSPLIT | PRAGMA_NOCHECKPTR},
    {"go:noinline", PRAGMA_NOINLINE},
    {"go:nocheckptr", PRAGMA_NOCHECKPTR},
    {"go:registerparams", PRAGMA_REGISTERPARAMS},
    {"go:cgo_unsafe_args", PRAGMA_CGO_UNSAFE_ARGS | PRAGMA_NOCHECKPTR},
    {"go:systemstack", PRAGMA_SYSTEMSTACK},
    {"go:nowritebarrier", PRAGMA_NOWRITEBARRIER},
    {"go:nowritebarrierrec", PRAGMA_NOWRITEBARRIERREC | PRAGMA_NOWRITEBARRIER},
    {"go:yeswritebarrierrec", PRAGMA_YESWRITEBARRIERREC},
    {"go:uintptrkeepalive", PRAGMA_UINTPTRKEEPALIVE},
    {"go:uintptrescapes", PRAGMA_UINTPTRESCAPES | PRAGMA_UINTPTRKEEPALIVE},
};

Str pragma_verb(const Pragma *g) {
    size_t space = str_find_byte(g->text, ' ');
    return space == STR_NONE ? g->text : str_to(g->text, space);
}

PragmaBits pragma_bits(const Pragma *g) {
    if (!g->own_line) return 0;
    Str verb = pragma_verb(g);
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (str_eq_c(verb, verbs[i].verb)) return verbs[i].bits;
    return 0;
}

PragmaBits decl_pragmas(const File *f, const Decl *d) {
    PragmaBits bits = 0;
    for (uint32_t i = d->pragmas.first; i < d->pragmas.first + d->pragmas.count; i++)
        bits |= pragma_bits(&f->pragmas.v[i]);
    return bits;
}

StrVec pragma_fields(Arena *a, const Pragma *g) {
    StrVec out = {0};
    Str s = g->text;
    size_t start = 0, at = 0;
    while (at < s.len) {
        uint32_t width;
        bool space = utf8_is_space(utf8_decode(str_from(s, at), &width));
        if (space && at > start) vec_push(a, &out, str_from(str_to(s, at), start));
        at += width;
        if (space) start = at;
    }
    if (at > start) vec_push(a, &out, str_from(s, start));
    return out;
}

bool pragma_linkname(Arena *a, const Pragma *g, Linkname *out) {
    if (!g->own_line || !str_starts(g->text, STR("go:linkname "))) return false;
    StrVec words = pragma_fields(a, g);
    if (words.len < 2 || words.len > 3) return false;
    *out = (Linkname){g->pos, words.v[1], words.len == 3 ? words.v[2] : (Str){0}};
    return true;
}

LinknameList file_linknames(Arena *a, const File *f) {
    LinknameList out = {0};
    Linkname one;
    for (uint32_t i = 0; i < f->pragmas.len; i++)
        if (pragma_linkname(a, &f->pragmas.v[i], &one)) vec_push(a, &out, one);
    return out;
}
