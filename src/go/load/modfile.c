// go/load: go.mod and go.work read as text: one verb per line, or a verb with its lines in
// parentheses. Grammar: https://go.dev/ref/mod#go-mod-file-grammar. Errors carry the position and
// the words of the go command, since people search for them.
#include "go/load/load_internal.h"

typedef enum ModTok { MOD_EOF, MOD_NEWLINE, MOD_COMMENT, MOD_END_COMMENT, MOD_WORD } ModTok;

typedef struct ModScan {
    Arena *arena;
    Str name, in;
    size_t at;
    size_t line_start;
    uint32_t line;
    ModTok tok;
    Str text;
    uint32_t tok_line, tok_col;
    bool failed;
    ModFile *out;
    ModFileKind kind;
} ModScan;

typedef struct ModLine {
    StrVec words;
    Str verb;
    uint32_t line, col;
    bool indirect;
} ModLine;

static uint32_t rune_column(const ModScan *s, size_t at) {
    return (uint32_t)utf8_count(str_slice(s->in, s->line_start, at)) + 1;
}

static void add_error(ModScan *s, uint32_t line, uint32_t col, Str what) {
    Str pos = col > 1 ? str_fmt(s->arena, STR_FMT ":%u:%u: ", STR_ARG(s->name), line, col)
                      : str_fmt(s->arena, STR_FMT ":%u: ", STR_ARG(s->name), line);
    vec_push(s->arena, &s->out->errors, str_join2(s->arena, pos, what));
}

// A file that cannot be read as lines at all: nothing after this counts.
static void syntax_error(ModScan *s, uint32_t line, uint32_t col, Str what) {
    if (s->failed) return;
    s->failed = true;
    add_error(s, line, col, what);
    s->tok = MOD_EOF;
    s->at = s->in.len;
}

static void syntax_here(ModScan *s, const char *what) {
    syntax_error(s, s->line, rune_column(s, s->at), str_c(what));
}

static bool word_char(Str s, uint32_t *n) {
    uint32_t r = utf8_decode(s, n);
    if (r < 0x80 && (strchr(" ()[]{},", (int)r) || r == 0)) return false;
    return rune_is_print(r);
}

static bool at_text(const ModScan *s, const char *what) {
    return str_starts(str_from(s->in, s->at), str_c(what));
}

static void lex_comment(ModScan *s) {
    Str before = str_slice(s->in, s->line_start, s->at);
    s->tok = str_trim(before).len > 0 ? MOD_END_COMMENT : MOD_COMMENT;
    size_t nl = str_find_byte(str_from(s->in, s->at), '\n');
    size_t end = nl == STR_NONE ? s->in.len : s->at + nl;
    s->text = str_slice(s->in, s->at, end);
    str_cut_suffix(&s->text, STR("\r"));
    s->at = end;
    if (nl == STR_NONE) return;
    s->at++;
    s->line++;
    s->line_start = s->at;
}

static void lex_string(ModScan *s) {
    char quote = s->in.ptr[s->at];
    size_t start = s->at++;
    for (;;) {
        if (s->at >= s->in.len) {
            syntax_error(s, s->tok_line, s->tok_col, STR("unexpected EOF in string"));
            return;
        }
        char c = s->in.ptr[s->at];
        if (c == '\n') {
            syntax_here(s, "unexpected newline in string");
            return;
        }
        s->at++;
        if (c == quote) break;
        if (c == '\\' && quote == '"' && s->at < s->in.len) s->at++;
    }
    s->tok = MOD_WORD;
    s->text = str_slice(s->in, start, s->at);
}

static void lex_word(ModScan *s) {
    size_t start = s->at;
    uint32_t n;
    s->tok = MOD_WORD;
    while (s->at < s->in.len && word_char(str_from(s->in, s->at), &n)) {
        if (at_text(s, "//")) break;
        if (at_text(s, "/*")) {
            syntax_here(s, "mod files must use // comments (not /* */ comments)");
            return;
        }
        s->at += n;
    }
    s->text = str_slice(s->in, start, s->at);
    if (s->text.len > 0) return;
    Str quoted = text_quote_rune(s->arena, s->in, s->at);
    Str shown = str_fmt(s->arena, "unexpected input character `%.*s`", (int)(quoted.len - 2),
                        quoted.ptr + 1);
    if (s->in.ptr[s->at] < ' ' || s->in.ptr[s->at] == 0x7f)
        shown = str_join2(s->arena, STR("unexpected input character "), quoted);
    syntax_error(s, s->line, rune_column(s, s->at), shown);
}

static void lex(ModScan *s) {
    while (s->at < s->in.len && memchr(" \t\r", s->in.ptr[s->at], 3)) s->at++;
    s->tok_line = s->line;
    s->tok_col = rune_column(s, s->at);
    s->text = STR("");
    s->tok = MOD_EOF;
    if (s->at >= s->in.len) return;
    char c = s->in.ptr[s->at];
    if (at_text(s, "//")) {
        lex_comment(s);
    } else if (at_text(s, "/*")) {
        syntax_here(s, "mod files must use // comments (not /* */ comments)");
    } else if (c == '\n') {
        s->at++;
        s->line++;
        s->line_start = s->at;
        s->tok = MOD_NEWLINE;
    } else if (memchr("()[]{},", c, 7)) {
        s->text = str_slice(s->in, s->at, s->at + 1);
        s->at++;
        s->tok = MOD_WORD;
    } else if (c == '"' || c == '`') {
        lex_string(s);
    } else {
        lex_word(s);
    }
}

static bool ends_line(const ModScan *s) {
    return s->tok == MOD_EOF || s->tok == MOD_NEWLINE || s->tok == MOD_END_COMMENT;
}

static bool is_mark(const ModScan *s, const char *mark) {
    return s->tok == MOD_WORD && str_eq_c(s->text, mark);
}

// "// indirect" or "// indirect; more".
static bool says_indirect(Str comment) {
    str_cut_prefix(&comment, STR("//"));
    Str first = str_field(&comment);
    bool alone = str_trim(comment).len == 0;
    return alone ? str_eq_c(first, "indirect") : str_eq_c(first, "indirect;");
}

static void take_line_end(ModScan *s, ModLine *line) {
    if (s->tok == MOD_END_COMMENT) line->indirect = says_indirect(s->text);
    if (s->tok != MOD_EOF) lex(s);
}

// ---- words to values ------------------------------------------------------------------------

static bool read_word(ModScan *s, const ModLine *line, Str word, Str *out) {
    const char *why = NULL;
    if (str_starts(word, STR("\"")))
        why = go_quoted_is_valid(word) ? NULL : "invalid syntax";
    else if (str_find_byte(word, '"') != STR_NONE || str_find_byte(word, '\'') != STR_NONE ||
             str_find_byte(word, '`') != STR_NONE)
        why = "unquoted string cannot contain quote";
    if (why) {
        add_error(s, line->line, line->col, str_fmt(s->arena, "invalid quoted string: %s", why));
        return false;
    }
    *out = str_starts(word, STR("\"")) ? go_unquote(s->arena, word) : str_copy(s->arena, word);
    return true;
}

static bool version_error(ModScan *s, const ModLine *line, Str verb, Str path, Str what) {
    add_error(s, line->line, line->col,
              str_fmt(s->arena, STR_FMT " " STR_FMT ": " STR_FMT, STR_ARG(verb), STR_ARG(path),
                      STR_ARG(what)));
    return false;
}

// A version as go.mod may hold it; the go command would ask the network about anything else.
static bool read_version(ModScan *s, const ModLine *line, Str verb, ModRef *ref, Str word) {
    Str v, major;
    if (!read_word(s, line, word, &v)) return false;
    ref->version = version_canonical(s->arena, v);
    if (ref->version.len == 0)
        return version_error(s, line, verb, ref->path,
                             str_fmt(s->arena,
                                     "version " STR_FMT " invalid: must be of the form v1.2.3",
                                     STR_ARG(text_quote(s->arena, v))));
    if (!module_split_major(ref->path, &major)) {
        add_error(s, line->line, line->col, STR("invalid module path"));
        return false;
    }
    Str why = module_check_major(s->arena, ref->version, major);
    return why.len == 0 || version_error(s, line, verb, ref->path, why);
}

static bool is_directory_path(Str p) {
    static const char *const starts[] = {"./", ".\\", "../", "..\\", "/", "\\"};
    for (size_t i = 0; i < COUNT(starts); i++)
        if (str_starts(p, str_c(starts[i]))) return true;
    bool drive = p.len >= 2 && ((unsigned char)p.ptr[0] | 32u) - 'a' < 26u && p.ptr[1] == ':';
    return str_eq_c(p, ".") || str_eq_c(p, "..") || drive;
}

static void line_error(ModScan *s, const ModLine *line, const char *what) {
    add_error(s, line->line, line->col, str_c(what));
}

static const char *replacement_fault(Str path) {
    if (!is_directory_path(path))
        return str_find_byte(path, '@') != STR_NONE
                   ? "replacement module must match format 'path version', not 'path@version'"
                   : "replacement module without version must be directory path (rooted or "
                     "starting with . or ..)";
    if (str_find_byte(path, '\\') != STR_NONE)
        return "replacement directory appears to be Windows path (on a non-windows system)";
    return NULL;
}

// replace old [version] => new [version]
static void add_replace(ModScan *s, ModLine *line, Str verb, const Str *w, uint32_t n) {
    uint32_t arrow = n >= 2 && str_eq_c(w[1], "=>") ? 1 : 2;
    if (n < arrow + 2 || n > arrow + 3 || !str_eq_c(w[arrow], "=>")) {
        line_error(s, line,
                   "usage: replace module/path [v1.2.3] => other/module v1.4\n"
                   "\t or replace module/path [v1.2.3] => ../local/directory");
        return;
    }
    ModReplace r = {0};
    Str major;
    if (!read_word(s, line, w[0], &r.old.path)) return;
    if (!module_split_major(r.old.path, &major)) {
        version_error(s, line, verb, r.old.path, STR("invalid module path"));
        return;
    }
    if (arrow == 2 && !read_version(s, line, verb, &r.old, w[1])) return;
    if (!read_word(s, line, w[arrow + 1], &r.now.path)) return;
    if (n == arrow + 2) {
        const char *fault = replacement_fault(r.now.path);
        if (fault) {
            line_error(s, line, fault);
            return;
        }
    } else if (!read_version(s, line, verb, &r.now, w[arrow + 2])) {
        return;
    } else if (is_directory_path(r.now.path)) {
        add_error(s, line->line, line->col,
                  str_fmt(s->arena,
                          "replacement module directory path " STR_FMT " cannot have version",
                          STR_ARG(text_quote(s->arena, r.now.path))));
        return;
    }
    vec_push(s->arena, &s->out->replaces, r);
}

static void add_require(ModScan *s, ModLine *line, Str verb, const Str *w, uint32_t n) {
    if (n != 2) {
        add_error(s, line->line, line->col,
                  str_fmt(s->arena, "usage: " STR_FMT " module/path v1.2.3", STR_ARG(verb)));
        return;
    }
    ModRequire r = {.indirect = line->indirect};
    if (!read_word(s, line, w[0], &r.mod.path)) return;
    if (!read_version(s, line, verb, &r.mod, w[1])) return;
    if (str_eq_c(verb, "require"))
        vec_push(s->arena, &s->out->requires, r);
    else
        vec_push(s->arena, &s->out->excludes, r.mod);
}

// Old files say "v1.13" or "1.13 // more"; dependencies are read with that forgiven.
static Str forgiven_go_version(Str word) {
    Str v = word;
    str_cut_prefix(&v, STR("v"));
    size_t i = 0;
    while (i < v.len && (v.ptr[i] - '0' < 10 && v.ptr[i] >= '0')) i++;
    if (i == 0 || i >= v.len || v.ptr[i] != '.') return STR("");
    size_t minor = ++i;
    while (i < v.len && v.ptr[i] >= '0' && v.ptr[i] <= '9') i++;
    return i > minor && gover_is_go_line(str_to(v, i)) ? str_to(v, i) : STR("");
}

static void set_go(ModScan *s, ModLine *line, const Str *w, uint32_t n) {
    if (s->out->go.len > 0) {
        line_error(s, line, "repeated go statement");
        return;
    }
    if (n != 1) {
        line_error(s, line, "go directive expects exactly one argument");
        return;
    }
    Str v = w[0];
    if (!gover_is_go_line(v)) v = s->kind == MODFILE_LAX ? forgiven_go_version(v) : STR("");
    if (v.len == 0) {
        add_error(s, line->line, line->col,
                  str_fmt(s->arena, "invalid go version '" STR_FMT "': must match format 1.23.0",
                          STR_ARG(w[0])));
        return;
    }
    s->out->go = v;
}

static void set_toolchain(ModScan *s, ModLine *line, const Str *w, uint32_t n) {
    if (s->out->toolchain.len > 0) {
        line_error(s, line, "repeated toolchain statement");
    } else if (n != 1) {
        line_error(s, line, "toolchain directive expects exactly one argument");
    } else if (!str_eq_c(w[0], "default") && !str_eq_c(w[0], "go1") &&
               !str_starts(w[0], STR("go1."))) {
        add_error(s, line->line, line->col,
                  str_fmt(s->arena,
                          "invalid toolchain version '" STR_FMT
                          "': must match format go1.23.0 or default",
                          STR_ARG(w[0])));
    } else {
        s->out->toolchain = w[0];
    }
}

static void set_module(ModScan *s, ModLine *line, const Str *w, uint32_t n) {
    if (s->out->has_module)
        line_error(s, line, "repeated module statement");
    else if (n != 1)
        line_error(s, line, "usage: module module/path");
    else
        s->out->has_module = read_word(s, line, w[0], &s->out->module);
}

static void add_path(ModScan *s, ModLine *line, StrVec *list, const Str *w, uint32_t n) {
    Str verb = line->verb;
    Str path;
    if (n != 1) {
        Str text = str_eq_c(verb, "use")
                       ? STR("usage: use local/dir")
                       : str_join2(s->arena, verb, STR(" directive expects exactly one argument"));
        add_error(s, line->line, line->col, text);
    } else if (read_word(s, line, w[0], &path)) {
        vec_push(s->arena, list, path);
        if (str_eq_c(verb, "use")) vec_push(s->arena, &s->out->use_lines, line->line);
    }
}

static bool verb_is_known(ModFileKind kind, Str verb) {
    static const char *const in_mod[] = {"go",      "toolchain", "module",  "godebug", "require",
                                         "exclude", "replace",   "retract", "tool",    "ignore"};
    static const char *const in_work[] = {"go", "toolchain", "godebug", "use", "replace"};
    const char *const *list = kind == MODFILE_WORK ? in_work : in_mod;
    size_t n = kind == MODFILE_WORK ? COUNT(in_work) : COUNT(in_mod);
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(verb, list[i])) return true;
    return false;
}

// A dependency's go.mod counts only for these; the rest is its own business.
static bool verb_counts(ModFileKind kind, Str verb) {
    if (kind != MODFILE_LAX) return true;
    static const char *const counted[] = {"go", "module", "retract", "require", "ignore"};
    for (size_t i = 0; i < COUNT(counted); i++)
        if (str_eq_c(verb, counted[i])) return true;
    return false;
}

static void add_godebug(ModScan *s, ModLine *line, const Str *w, uint32_t n) {
    bool sound = n == 1 && str_find_byte(w[0], '=') != STR_NONE;
    for (size_t i = 0; sound && i < w[0].len; i++) sound = !memchr("\"`',", w[0].ptr[i], 4);
    if (!sound) line_error(s, line, "usage: godebug key=value");
}

static void add_line(ModScan *s, ModLine *line, Str verb, const Str *w, uint32_t n) {
    line->verb = verb;
    if (!verb_counts(s->kind, verb)) return;
    if (!verb_is_known(s->kind, verb)) {
        add_error(s, line->line, line->col, str_join2(s->arena, STR("unknown directive: "), verb));
        return;
    }
    if (str_eq_c(verb, "go"))
        set_go(s, line, w, n);
    else if (str_eq_c(verb, "toolchain"))
        set_toolchain(s, line, w, n);
    else if (str_eq_c(verb, "module"))
        set_module(s, line, w, n);
    else if (str_eq_c(verb, "require") || str_eq_c(verb, "exclude"))
        add_require(s, line, verb, w, n);
    else if (str_eq_c(verb, "replace"))
        add_replace(s, line, verb, w, n);
    else if (str_eq_c(verb, "tool"))
        add_path(s, line, &s->out->tools, w, n);
    else if (str_eq_c(verb, "ignore"))
        add_path(s, line, &s->out->ignores, w, n);
    else if (str_eq_c(verb, "use"))
        add_path(s, line, &s->out->uses, w, n);
    else if (str_eq_c(verb, "godebug"))
        add_godebug(s, line, w, n);
    // retract says which of its own versions a module takes back: no build depends on it
}

// ---- lines and blocks -----------------------------------------------------------------------

static void parse_block_lines(ModScan *s, const ModLine *open, Str verb, bool known) {
    for (;;) {
        if (s->tok == MOD_EOF) {
            syntax_error(s, s->tok_line, s->tok_col,
                         str_fmt(s->arena,
                                 "syntax error (unterminated block started at " STR_FMT ":%u:%u)",
                                 STR_ARG(s->name), open->line, open->col));
            return;
        }
        if (s->tok != MOD_WORD) {
            lex(s);
            continue;
        }
        if (is_mark(s, ")")) break;
        ModLine line = {.line = s->tok_line, .col = s->tok_col};
        while (!ends_line(s)) {
            vec_push(s->arena, &line.words, s->text);
            lex(s);
        }
        take_line_end(s, &line);
        if (known && !s->failed) add_line(s, &line, verb, line.words.v, line.words.len);
    }
    lex(s);
    if (!ends_line(s)) {
        syntax_error(s, s->line, rune_column(s, s->at),
                     STR("syntax error (expected newline after closing paren)"));
        return;
    }
    lex(s);
}

static void parse_block(ModScan *s, ModLine *open) {
    Str verb = open->words.v[0];
    bool may_block = !str_eq_c(verb, "go") && !str_eq_c(verb, "toolchain");
    bool known = open->words.len == 1 && may_block && verb_is_known(s->kind, verb);
    if (!known && s->kind != MODFILE_LAX)
        add_error(s, open->line, open->col,
                  str_join2(s->arena, STR("unknown block type: "),
                            strvec_join(s->arena, &open->words, STR(" "))));
    parse_block_lines(s, open, verb, known);
}

static void parse_statement(ModScan *s) {
    ModLine line = {.line = s->tok_line, .col = s->tok_col};
    vec_push(s->arena, &line.words, s->text);
    lex(s);
    while (!ends_line(s)) {
        bool open = is_mark(s, "(");
        Str word = s->text;
        lex(s);
        if (open && ends_line(s)) {
            parse_block(s, &line);
            return;
        }
        vec_push(s->arena, &line.words, word);
        if (!open || !is_mark(s, ")")) continue;
        lex(s);
        if (ends_line(s)) { // "verb ()" is an empty block
            lex(s);
            return;
        }
        vec_push(s->arena, &line.words, STR(")"));
    }
    take_line_end(s, &line);
    if (!s->failed) add_line(s, &line, line.words.v[0], line.words.v + 1, line.words.len - 1);
}

// Whatever is wrong is said in out->errors, in file order; what could be read is there all the
// same.
void modfile_parse(Arena *a, Str name, Str text, ModFileKind kind, ModFile *out) {
    *out = (ModFile){0};
    ModScan s = {.arena = a, .name = name, .in = text, .line = 1, .out = out, .kind = kind};
    lex(&s);
    while (s.tok != MOD_EOF && !s.failed) {
        if (s.tok == MOD_WORD)
            parse_statement(&s);
        else
            lex(&s);
    }
    if (!s.failed) return;
    Str only = vec_last(&out->errors);
    *out = (ModFile){0};
    vec_push(a, &out->errors, only);
}
