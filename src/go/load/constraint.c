// go/load: which files a build takes: //go:build expressions, old // +build lines and the
// _GOOS_GOARCH endings of file names. Grammar and limits as documented in `go help
// buildconstraint`; the known systems and architectures are those of Go's internal/syslist.
#include "go/load/load_internal.h"

enum { MAX_TAGS = 1000, MAX_OLD_TAGS = 100 }; // limits the go command puts on one expression

struct Constraint {
    enum { CONSTRAINT_TAG, CONSTRAINT_NOT, CONSTRAINT_AND, CONSTRAINT_OR } kind;
    Str tag;
    Constraint *x, *y;
};

typedef struct ConstraintParser {
    Arena *arena;
    Str in;
    size_t at;
    Str token; // "" at the end
    bool is_tag;
    int size;
    Str error; // sticky; the first one stays
} ConstraintParser;

static Constraint *parse_or(ConstraintParser *p);

static void fail(ConstraintParser *p, const char *what, Str arg) {
    if (p->error.len == 0) p->error = str_fmt(p->arena, "%s" STR_FMT, what, STR_ARG(arg));
    p->token = STR("");
    p->is_tag = false;
    p->at = p->in.len;
}

static bool tag_char(uint32_t r) {
    if (r < 0x80) return (r | 32) - 'a' < 26 || r - '0' < 10 || r == '_' || r == '.';
    return unicode_is_letter(r) || unicode_is_digit(r);
}

static void lex_tag(ConstraintParser *p) {
    size_t start = p->at;
    uint32_t n;
    while (p->at < p->in.len && tag_char(utf8_decode(str_from(p->in, p->at), &n))) p->at += n;
    p->token = str_slice(p->in, start, p->at);
    p->is_tag = p->token.len > 0;
    if (p->is_tag) return;
    utf8_decode(str_from(p->in, start), &n);
    fail(p, "invalid syntax at ", str_slice(p->in, start, start + n));
}

static void lex(ConstraintParser *p) {
    p->is_tag = false;
    while (p->at < p->in.len && (p->in.ptr[p->at] == ' ' || p->in.ptr[p->at] == '\t')) p->at++;
    p->token = STR("");
    if (p->at >= p->in.len) return;
    char c = p->in.ptr[p->at];
    size_t n = 0;
    if (c == '(' || c == ')' || c == '!') n = 1;
    if (c == '&' || c == '|') {
        n = 2;
        if (p->at + 1 >= p->in.len || p->in.ptr[p->at + 1] != c) {
            fail(p, "invalid syntax at ", str_slice(p->in, p->at, p->at + 1));
            return;
        }
    }
    if (n == 0) {
        lex_tag(p);
        return;
    }
    p->token = str_slice(p->in, p->at, p->at + n);
    p->at += n;
}

static Constraint *node(ConstraintParser *p, int kind, Constraint *x, Constraint *y) {
    Constraint *c = NEW(p->arena, Constraint);
    c->kind = kind;
    c->x = x;
    c->y = y;
    return c;
}

static Constraint *tag_node(Arena *a, Str tag) {
    Constraint *c = NEW(a, Constraint);
    c->tag = tag;
    return c;
}

static Constraint *parse_paren(ConstraintParser *p) {
    Constraint *x = parse_or(p);
    if (str_eq_c(p->error, "unexpected end of expression")) p->error = STR("missing close paren");
    if (!str_eq_c(p->token, ")")) {
        fail(p, "missing close paren", STR(""));
        return x;
    }
    lex(p);
    return x;
}

// atom = tag | "(" or ")" .   The current token is the first of it.
static Constraint *parse_atom(ConstraintParser *p) {
    if (str_eq_c(p->token, "(")) return parse_paren(p);
    Constraint *c = tag_node(p->arena, p->token);
    if (p->is_tag)
        lex(p);
    else if (p->token.len == 0)
        fail(p, "unexpected end of expression", STR(""));
    else
        fail(p, "unexpected token ", p->token);
    return c;
}

// not = [ "!" ] atom .   The count also bounds how deep parentheses nest.
static Constraint *parse_not(ConstraintParser *p) {
    if (++p->size > MAX_TAGS) fail(p, "build expression too large", STR(""));
    if (p->error.len > 0) return tag_node(p->arena, STR("ignore"));
    lex(p);
    if (!str_eq_c(p->token, "!")) return parse_atom(p);
    lex(p);
    if (str_eq_c(p->token, "!")) fail(p, "double negation not allowed", STR(""));
    return node(p, CONSTRAINT_NOT, parse_atom(p), NULL);
}

// and = not { "&&" not } .
static Constraint *parse_and(ConstraintParser *p) {
    Constraint *x = parse_not(p);
    while (str_eq_c(p->token, "&&")) x = node(p, CONSTRAINT_AND, x, parse_not(p));
    return x;
}

// or = and { "||" and } .
static Constraint *parse_or(ConstraintParser *p) {
    Constraint *x = parse_and(p);
    while (str_eq_c(p->token, "||")) x = node(p, CONSTRAINT_OR, x, parse_and(p));
    return x;
}

static Constraint *parse_go_build(Arena *a, Str text, Str *error) {
    ConstraintParser p = {.arena = a, .in = text};
    Constraint *x = parse_or(&p);
    if (p.error.len == 0 && p.token.len > 0) fail(&p, "unexpected token ", p.token);
    *error = p.error;
    return p.error.len == 0 ? x : NULL;
}

static bool valid_tag(Str s) {
    uint32_t n;
    for (size_t i = 0; i < s.len; i += n)
        if (!tag_char(utf8_decode(str_from(s, i), &n))) return false;
    return s.len > 0;
}

static Constraint *old_literal(ConstraintParser *p, Str lit) {
    if (str_starts(lit, STR("!!")) || str_eq_c(lit, "!")) return tag_node(p->arena, STR("ignore"));
    bool negated = str_cut_prefix(&lit, STR("!"));
    Constraint *x = tag_node(p->arena, valid_tag(lit) ? lit : STR("ignore"));
    return negated ? node(p, CONSTRAINT_NOT, x, NULL) : x;
}

// One +build line: words are alternatives, the commas in a word mean "and".
static Constraint *parse_plus_build(Arena *a, Str text) {
    ConstraintParser p = {.arena = a};
    Constraint *all = NULL;
    for (Str word; (word = str_field(&text)).len > 0;) {
        Constraint *term = NULL;
        for (bool more = true; more;) {
            more = str_find_byte(word, ',') != STR_NONE;
            Constraint *lit = old_literal(&p, str_split(&word, ','));
            term = term ? node(&p, CONSTRAINT_AND, term, lit) : lit;
            if (++p.size > MAX_OLD_TAGS) return NULL;
        }
        all = all ? node(&p, CONSTRAINT_OR, all, term) : term;
    }
    return all ? all : tag_node(a, STR("ignore"));
}

// What follows `mark` in a line that is only that comment, trimmed; false when it is not.
static bool cut_mark(Str *line, Str mark) {
    Str s = str_trim(*line);
    if (!str_cut_prefix(&s, mark)) return false;
    Str rest = str_trim(s);
    if (rest.len == s.len && s.len > 0) return false;
    *line = rest;
    return true;
}

bool constraint_is_go_build(Str line) { return cut_mark(&line, STR("//go:build")); }

bool constraint_is_plus_build(Str line) {
    if (!str_cut_prefix(&line, STR("//"))) return false;
    return cut_mark(&line, STR("+build"));
}

// NULL with *error set when the line is no constraint or a wrong one.
Constraint *constraint_parse(Arena *a, Str line, Str *error) {
    *error = STR("");
    Str text = line;
    if (cut_mark(&text, STR("//go:build"))) return parse_go_build(a, text, error);
    text = line;
    if (str_cut_prefix(&text, STR("//")) && cut_mark(&text, STR("+build"))) {
        Constraint *x = parse_plus_build(a, text);
        if (!x) *error = STR("expression too complex for // +build lines");
        return x;
    }
    *error = STR("not a build constraint");
    return NULL;
}

bool constraint_holds(const Constraint *c, const BuildTags *tags) {
    switch (c->kind) {
    case CONSTRAINT_TAG: return tags_match(tags, c->tag);
    case CONSTRAINT_NOT: return !constraint_holds(c->x, tags);
    case CONSTRAINT_AND: return constraint_holds(c->x, tags) && constraint_holds(c->y, tags);
    case CONSTRAINT_OR: return constraint_holds(c->x, tags) || constraint_holds(c->y, tags);
    }
    BUG("constraint kind %d", (int)c->kind);
}

static int implied(const Constraint *c, bool positive) { // -1: nothing is implied
    if (c->kind == CONSTRAINT_NOT) return implied(c->x, !positive);
    if (c->kind == CONSTRAINT_TAG) {
        uint64_t n;
        Str v = c->tag;
        if (!positive) return -1;
        if (str_eq_c(v, "go1")) return 0;
        return str_cut_prefix(&v, STR("go1.")) && str_to_u64(v, &n) && n < 10000 ? (int)n : -1;
    }
    int x = implied(c->x, positive), y = implied(c->y, positive);
    bool both = (c->kind == CONSTRAINT_AND) == positive;
    return both ? MAX(x, y) : MIN(x, y);
}

// The language version a file asks for with its constraint ("go1.21"), "" when with none.
Str constraint_go_version(Arena *a, const Constraint *c) {
    int minor = implied(c, true);
    if (minor < 0) return STR("");
    return minor == 0 ? STR("go1") : str_fmt(a, "go1.%d", minor);
}

// ---- tags -----------------------------------------------------------------------------------

static bool listed(const char *const *list, size_t n, Str s) {
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(s, list[i])) return true;
    return false;
}

static const char *const unix_systems[] = {
    "aix",     "android", "darwin", "dragonfly", "freebsd", "hurd",
    "illumos", "ios",     "linux",  "netbsd",    "openbsd", "solaris",
};
static const char *const other_systems[] = {"js", "nacl", "plan9", "wasip1", "windows", "zos"};
static const char *const architectures[] = {
    "386",     "amd64",  "amd64p32", "arm",      "armbe",     "arm64",       "arm64be", "loong64",
    "mips",    "mipsle", "mips64",   "mips64le", "mips64p32", "mips64p32le", "ppc",     "ppc64",
    "ppc64le", "riscv",  "riscv64",  "s390",     "s390x",     "sparc",       "sparc64", "wasm",
};

static bool is_unix(Str os) { return listed(unix_systems, COUNT(unix_systems), os); }

static bool is_system(Str s) {
    return is_unix(s) || listed(other_systems, COUNT(other_systems), s);
}

static bool is_architecture(Str s) { return listed(architectures, COUNT(architectures), s); }

bool tags_match(const BuildTags *t, Str name) {
    if (t->cgo && str_eq_c(name, "cgo")) return true;
    if (str_eq(name, t->goos) || str_eq(name, t->goarch) || str_eq_c(name, "gc")) return true;
    if (str_eq_c(name, "linux") && str_eq_c(t->goos, "android")) return true;
    if (str_eq_c(name, "solaris") && str_eq_c(t->goos, "illumos")) return true;
    if (str_eq_c(name, "darwin") && str_eq_c(t->goos, "ios")) return true;
    if (str_eq_c(name, "unix")) return is_unix(t->goos) || strmap_get(&t->set, name);
    if (str_eq_c(name, "boringcrypto")) name = STR("goexperiment.boringcrypto");
    return strmap_get(&t->set, name) != NULL;
}

// Whether the ending of a file's name (_linux, _amd64, _linux_amd64, each before _test) lets it in.
// Only what follows the first "_" counts, so "linux.go" is no constraint.
bool tags_match_file(const BuildTags *t, Str name) {
    name = str_to(name, MIN(str_find_byte(name, '.'), name.len));
    size_t first = str_find_byte(name, '_');
    if (first == STR_NONE) return true;
    Str rest = str_from(name, first);
    str_cut_suffix(&rest, STR("_test"));
    size_t cut = str_rfind_byte(rest, '_');
    if (cut == STR_NONE) return true;
    Str last = str_from(rest, cut + 1), before = str_to(rest, cut);
    cut = str_rfind_byte(before, '_');
    if (cut != STR_NONE) {
        before = str_from(before, cut + 1);
        if (is_system(before) && is_architecture(last))
            return tags_match(t, last) && tags_match(t, before);
    }
    return !(is_system(last) || is_architecture(last)) || tags_match(t, last);
}
