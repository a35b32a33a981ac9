// go/syntax/directive.c: comments that mean something: //line moves positions, //go:build may raise
// the file's language version, and the other //go: lines are kept for the declarations below them.
#include "base/utf8.h"
#include "go/syntax/syntax_internal.h"

#define LINE_MAX_VALUE (1u << 30) // syntax.PosMax: larger lines and columns are refused

typedef struct Digits {
    size_t at; // behind the last ':' of the text; 0: there is none
    uint64_t value;
    bool ok;
} Digits;

static Digits trailing_digits(Str text) {
    size_t colon = str_rfind_byte(text, ':');
    if (colon == STR_NONE) return (Digits){0, 0, false};
    Digits d = {.at = colon + 1};
    d.ok = str_to_u64(str_from(text, d.at), &d.value);
    return d;
}

static void bad_line(Parser *p, Str text, size_t at, const char *what) {
    Str rest = str_from(text, at);
    scanner_error(p, (const uint8_t *)rest.ptr, "invalid %s number: " STR_FMT, what, STR_ARG(rest));
}

// //line file:line  //line file:line:col  /*line ...*/
void directive_line(Parser *p, const uint8_t *start, const uint8_t *end) {
    bool full = start[1] == '*';
    const uint8_t *text_end = full ? end - 2 : end[-1] == '\r' ? end - 1 : end;
    Str text = {(const char *)start + 7, (size_t)(text_end - start - 7)};
    Digits last = trailing_digits(text), before = {0};
    if (!last.at) return; // no directive after all
    if (!last.ok) {
        bad_line(p, text, last.at, "line");
        return;
    }
    before = trailing_digits(str_to(text, last.at - 1));
    Digits line = before.ok ? before : last;
    if (before.ok && (last.value == 0 || last.value > LINE_MAX_VALUE)) {
        bad_line(p, text, last.at, "column");
        return;
    }
    if (line.value == 0 || line.value > LINE_MAX_VALUE) {
        bad_line(p, str_to(text, before.ok ? last.at - 1 : text.len), line.at, "line");
        return;
    }
    SourceFile *source = p->file->source;
    Str name = str_to(text, line.at - 1);
    if (name.len == 0 && before.ok) // with a column, no name means the name before
        name = source->directives.len ? vec_last(&source->directives).name : source->name;
    uint32_t within = 0; // lines the comment spans; the compiler counts from its first
    for (const uint8_t *at = start; at < end; at++) within += *at == '\n';
    LineDirective d = {.offset = (uint32_t)(end - p->text) + !full,
                       .line = (uint32_t)line.value,
                       .col = before.ok ? (uint32_t)last.value : 0,
                       .name = str_copy(source->arena, name), // it outlives the text
                       .from_line = p->cache->lines.len - within + !full};
    vec_push(source->arena, &source->directives, d);
}

// The smallest N of go1.N an expression implies, and that its negation implies; -1: none.
typedef struct Implied {
    int64_t yes, no;
} Implied;

typedef struct BuildExpr {
    Str rest;
    int size; // atoms so far
    bool bad;
} BuildExpr;

enum { BUILD_MAX = 1000 };

static void build_space(BuildExpr *e) {
    while (e->rest.len && (e->rest.ptr[0] == ' ' || e->rest.ptr[0] == '\t'))
        e->rest = str_from(e->rest, 1);
}

static bool build_got(BuildExpr *e, Str what) {
    build_space(e);
    return str_cut_prefix(&e->rest, what);
}

static Implied build_tag(BuildExpr *e) {
    build_space(e);
    size_t n = 0;
    while (n < e->rest.len) {
        uint32_t width, c = utf8_decode(str_from(e->rest, n), &width);
        if (!unicode_is_letter(c) && !unicode_is_digit(c) && c != '_' && c != '.') break;
        n += width;
    }
    if (n == 0) e->bad = true;
    Str tag = str_to(e->rest, n);
    e->rest = str_from(e->rest, n);
    if (str_eq(tag, STR("go1"))) return (Implied){0, -1};
    size_t at = str_find(tag, STR("go1."));
    uint64_t version;
    if (at == STR_NONE || !str_to_u64(str_from(tag, at + 4), &version) || version > INT64_MAX)
        return (Implied){-1, -1};
    return (Implied){(int64_t)version, -1};
}

static Implied build_or(BuildExpr *e);

// "!" atom | atom, where atom = "(" expression ")" | tag
static Implied build_not(BuildExpr *e) {
    if (++e->size > BUILD_MAX) e->bad = true;
    if (e->bad) return (Implied){-1, -1};
    bool negated = build_got(e, STR("!"));
    if (negated && build_got(e, STR("!"))) e->bad = true;
    Implied x;
    if (build_got(e, STR("("))) {
        x = build_or(e);
        if (!build_got(e, STR(")"))) e->bad = true;
    } else {
        x = build_tag(e);
    }
    return negated ? (Implied){x.no, x.yes} : x;
}

static Implied build_and(BuildExpr *e) {
    Implied x = build_not(e);
    while (!e->bad && build_got(e, STR("&&"))) {
        Implied y = build_not(e);
        x = (Implied){MAX(x.yes, y.yes), MIN(x.no, y.no)};
    }
    return x;
}

static Implied build_or(BuildExpr *e) {
    Implied x = build_and(e);
    while (!e->bad && build_got(e, STR("||"))) {
        Implied y = build_and(e);
        x = (Implied){MIN(x.yes, y.yes), MAX(x.no, y.no)};
    }
    return x;
}

// "go1.N" that a //go:build line asks for at least; the file's old value where it is no such line.
static Str build_version(Parser *p, Str text) {
    Str rest = str_trim(str_from(text, 8)); // behind "go:build"
    if (text.len > 8 && text.ptr[8] != ' ' && text.ptr[8] != '\t') return p->file->go_version;
    BuildExpr e = {.rest = rest};
    Implied x = build_or(&e);
    build_space(&e);
    if (e.bad || e.rest.len) return p->file->go_version;
    if (x.yes < 0) return STR("");
    if (x.yes == 0) return STR("go1");
    return str_fmt(p->arena, "go1.%lld", (long long)x.yes);
}

void directive_go(Parser *p, const uint8_t *start, const uint8_t *end, bool own_line) {
    if (end[-1] == '\r') end--;
    Str text = {(const char *)start + 2, (size_t)(end - start - 2)};
    if (p->top && str_starts(text, STR("go:build"))) p->file->go_version = build_version(p, text);
    Pragma one = {.pos = pos_of(p, start) + 2, .text = text, .own_line = own_line};
    vec_push(p->arena, &p->file->pragmas, one);
}

PragmaRange pragma_take(Parser *p, PragmaUse use) {
    File *f = p->file;
    PragmaRange r = {p->pending, f->pragmas.len - p->pending};
    for (; p->pending < f->pragmas.len; p->pending++) f->pragmas.v[p->pending].use = use;
    return r;
}

void pragma_clear_slow(Parser *p) {
    File *f = p->file;
    for (; p->pending < f->pragmas.len; p->pending++) f->pragmas.v[p->pending].misplaced = p->pos;
}
