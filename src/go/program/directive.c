// go/program/directive.c: the //go: lines the compiler reads, and what it says of them while
// parsing, as in cmd/compile/internal/noder. What follows once types are known is in decl.c.
#include "base/quote.h"
#include "go/program/program_internal.h"
#include "sys/file.h"

// Allowed in the standard library without a meaning to the compiler's own tables.
static const char *const std_verbs[] = {"go:cgo_export_static",
                                        "go:cgo_export_dynamic",
                                        "go:cgo_import_static",
                                        "go:cgo_import_dynamic",
                                        "go:cgo_ldflag",
                                        "go:cgo_dynamic_linker",
                                        "go:embed",
                                        "go:fix",
                                        "go:generate"};

static bool among(const char *const *list, size_t count, Str s) {
    for (size_t i = 0; i < count; i++)
        if (str_eq_c(s, list[i])) return true;
    return false;
}

bool directive_is_embed(const Pragma *g) {
    return str_eq_c(g->text, "go:embed") || str_starts(g->text, STR("go:embed "));
}

// ---- while parsing

static void read_linkname(Unit *u, const Pragma *g, Diags *d) {
    UnitLinkname one = {.file = u->pub.file_count - 1};
    if (pragma_linkname(u->pub.arena, g, &one.name))
        vec_push(u->pub.arena, &u->linknames, one);
    else
        diag_error(d, g->pos, 0, "usage: //go:linkname localname [linkname]");
}

// Length of the pattern s begins with, quotes included; 0: badly quoted.
static size_t pattern_length(Str s) {
    size_t n = 1;
    if (s.ptr[0] == '`') {
        while (n < s.len && s.ptr[n] != '`') n++;
        return n < s.len ? n + 1 : 0;
    }
    if (s.ptr[0] == '"') {
        while (n < s.len && s.ptr[n] != '"') n += s.ptr[n] == '\\' ? 2 : 1;
        return n < s.len ? n + 1 : 0;
    }
    while (n < s.len && !strchr(" \t\r\n\f\v", s.ptr[n])) n++;
    return n;
}

static void read_embed(const Pragma *g, Diags *d) {
    Str s = str_trim(str_from(g->text, strlen("go:embed")));
    bool any = false;
    while (s.len) {
        size_t n = pattern_length(s);
        bool apart = n && (n == s.len || strchr(" \t\r\n\f\v", s.ptr[n]));
        if (!apart) {
            diag_error(d, g->pos, 0, "invalid quoted string in //go:embed: " STR_FMT, STR_ARG(s));
            break;
        }
        any = true;
        s = str_trim(str_from(s, n));
    }
    if (!any) diag_error(d, g->pos, 0, "usage: //go:embed pattern...");
}

// Of the runtime alone.
static const PragmaBits runtime_only = PRAGMA_SYSTEMSTACK | PRAGMA_NOWRITEBARRIER |
                                       PRAGMA_NOWRITEBARRIERREC | PRAGMA_YESWRITEBARRIERREC;

static void read_other(const Unit *u, const Pragma *g, Diags *d) {
    Str verb = pragma_verb(g);
    PragmaBits bits = pragma_bits(g);
    bool runtime = u->pub.standard && path_is_runtime(u->pub.path);
    if (!runtime && bits & runtime_only)
        diag_error(d, g->pos, 0, "//" STR_FMT " only allowed in runtime", STR_ARG(verb));
    if (bits == PRAGMA_UINTPTRKEEPALIVE && !u->pub.standard)
        diag_error(d, g->pos, 0, "//" STR_FMT " is only allowed in the standard library",
                   STR_ARG(verb));
    bool old =
        str_eq_c(verb, "go:notinheap") && go_version(u->pub.lang) < go_version(STR("go1.20"));
    if (!bits && u->pub.standard && !old && !among(std_verbs, COUNT(std_verbs), verb))
        diag_error(d, g->pos, 0, "//" STR_FMT " is not allowed in the standard library",
                   STR_ARG(verb));
}

// ---- cgo's own lines

// Fields are split at white space and around double quotes; an open quote's rest is dropped.
static StrVec quoted_fields(Arena *a, Str s) {
    StrVec out = {0};
    size_t start = 0;
    bool quote = false;
    for (size_t i = 0; i <= s.len; i++) {
        bool mark = i < s.len && s.ptr[i] == '"';
        bool space = i == s.len || (!quote && strchr(" \t\n\r", s.ptr[i]) && s.ptr[i]);
        if (!mark && !space) continue;
        size_t end = i + (mark && quote);
        if (end > start && !(i == s.len && quote))
            vec_push(a, &out, str_from(str_to(s, end), start));
        start = space || quote ? i + 1 : i;
        quote ^= mark;
    }
    return out;
}

typedef struct CgoUsage {
    const char *verb;
    uint32_t least, most; // words, the verb included
    uint32_t quoted;      // from here on they are in quotes
    const char *usage;
} CgoUsage;

static const CgoUsage cgo_usages[] = {
    {"go:cgo_export_static", 2, 3, 3, "local [remote]"},
    {"go:cgo_export_dynamic", 2, 3, 3, "local [remote]"},
    {"go:cgo_import_dynamic", 2, 4, 3, "local [remote [\"library\"]]"},
    {"go:cgo_import_static", 2, 2, 2, "local"},
    {"go:cgo_dynamic_linker", 2, 2, 1, "\"path\""},
    {"go:cgo_ldflag", 2, 2, 1, "\"arg\""},
};

static bool in_quotes(Str s) { return s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"'; }

static void check_cgo_usage(const Pragma *g, StrVec words, Diags *d) {
    for (size_t i = 0; i < COUNT(cgo_usages); i++) {
        const CgoUsage *use = &cgo_usages[i];
        if (!str_eq_c(words.v[0], use->verb)) continue;
        bool ok = words.len >= use->least && words.len <= use->most;
        for (uint32_t k = 1; ok && k < words.len; k++)
            ok = in_quotes(words.v[k]) == (k >= use->quoted);
        if (!ok) diag_error(d, g->pos, 0, "usage: //%s %s", use->verb, use->usage);
    }
}

// What does not look like an option of the linker.
static bool safe_library(Str name) {
    uint8_t c = (uint8_t)name.ptr[0];
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '/' || c >= 0x80;
}

static void read_cgo(const Unit *u, const File *f, const Pragma *g, Diags *d) {
    Arena *a = u->pub.arena;
    StrVec words = quoted_fields(a, g->text);
    bool generated = str_starts(path_base(f->source->name), STR("_cgo_"));
    if (str_starts(g->text, STR("go:cgo_import_dynamic ")) && words.len >= 4) {
        Str library = words.v[3]; // such a line is for everybody
        while (library.len && library.ptr[0] == '"') library = str_from(library, 1);
        while (library.len && library.ptr[library.len - 1] == '"')
            library = str_to(library, library.len - 1);
        if (library.len && !safe_library(library) && !generated) {
            Buf quoted = buf_new(a);
            buf_quote(&quoted, library);
            diag_error(d, g->pos, 0,
                       "invalid library name " STR_FMT " in cgo_import_dynamic directive",
                       STR_ARG(buf_view(&quoted)));
        }
    } else if (!generated && !u->pub.standard) {
        diag_error(d, g->pos, 0, "//" STR_FMT " only allowed in cgo-generated code",
                   STR_ARG(g->text));
    }
    if (words.len) check_cgo_usage(g, words, d);
}

// ---- each line

static void read_directive(Unit *u, const File *f, const Pragma *g, Diags *d) {
    if (!g->own_line) {
        diag_error(d, g->pos, 0, "misplaced compiler directive");
    } else if (str_starts(g->text, STR("go:wasmimport "))) {
        if (pragma_fields(u->pub.arena, g).len != 3)
            diag_error(d, g->pos, 0, "usage: //go:wasmimport importmodule importname");
    } else if (str_starts(g->text, STR("go:wasmexport "))) {
        if (pragma_fields(u->pub.arena, g).len != 2)
            diag_error(d, g->pos, 0, "usage: //go:wasmexport exportname");
    } else if (str_starts(g->text, STR("go:linkname "))) {
        read_linkname(u, g, d);
    } else if (directive_is_embed(g)) {
        read_embed(g, d);
    } else {
        if (str_starts(g->text, STR("go:cgo_"))) read_cgo(u, f, g, d);
        read_other(u, g, d);
    }
}

void directives_parsed(Unit *u, File *f, Diags *diags) {
    for (uint32_t i = 0; i < f->pragmas.len; i++) read_directive(u, f, &f->pragmas.v[i], diags);
    for (uint32_t i = 0; i < f->pragmas.len; i++) {
        const Pragma *g = &f->pragmas.v[i];
        if (g->use != PRAGMA_UNUSED || !g->own_line) continue;
        if (pragma_bits(g)) diag_error(diags, g->pos, 0, "misplaced compiler directive");
        if (directive_is_embed(g)) diag_error(diags, g->pos, 0, "misplaced go:embed directive");
    }
}
