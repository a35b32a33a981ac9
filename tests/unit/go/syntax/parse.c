// The parser: errors, trees, positions, texts.
#include "go/syntax/syntax.h"
#include "harness.h"

typedef struct Parsed {
    Names *names;
    FileSet *files;
    Syntax *syntax;
    Diags diags;
    File *file;
    Arena *arena;
} Parsed;

static Parsed parse_mode(Test *t, Str text, unsigned mode) {
    Parsed p = {.names = names_new(), .files = fileset_new(), .arena = t->arena};
    p.syntax = syntax_new(p.names, p.files);
    p.diags = diags_new(t->arena);
    syntax_begin(p.syntax, t->arena, &p.diags, mode);
    p.file = syntax_parse(p.syntax, STR("x.go"), text);
    return p;
}

static Parsed parse(Test *t, Str text) { return parse_mode(t, text, SYNTAX_CHECK_BRANCHES); }

static void parsed_free(Parsed *p) {
    syntax_free(p->syntax);
    fileset_free(p->files);
    names_free(p->names);
}

static Str errors_of(const Parsed *p) {
    Buf b = buf_new(p->arena);
    for (uint32_t i = 0; i < p->diags.list.len; i++) {
        Place at = pos_place(p->files, p->diags.list.v[i].pos);
        buf_fmt(&b, "%s%u:%u: " STR_FMT, i ? "\n" : "", at.line, at.col,
                STR_ARG(p->diags.list.v[i].text));
    }
    return buf_view(&b);
}

static const struct {
    const char *name;
    Str in;
    const char *want;
} error_rows[] = {
    {"fine", STR_INIT("package p\nvar x = 1\n"), ""},
    {"no package", STR_INIT("var x = 1\n"), "1:1: syntax error: package statement must be first"},
    {"empty", STR_INIT(""), "1:1: syntax error: package statement must be first"},
    {"no newline at the end", STR_INIT("package p"), ""},
    {"statement at top", STR_INIT("package p\nx++\n"),
     "2:1: syntax error: non-declaration statement outside function body"},
    {"brace below", STR_INIT("package p\nfunc f()\n{\n}\n"),
     "3:1: syntax error: unexpected semicolon or newline before {"},
    {"import late", STR_INIT("package p\nvar x int\nimport \"a\"\n"),
     "3:1: syntax error: imports must appear before other declarations"},
    {"import number", STR_INIT("package p\nimport 1\n"),
     "2:8: syntax error: import path must be a string"},
    {"assignment as value", STR_INIT("package p\nfunc f() { if x = y + 1 { } }\n"),
     "2:17: syntax error: cannot use assignment x = (y + 1) as value"},
    {"send as value", STR_INIT("package p\nfunc f() { if c <- 1 { } }\n"),
     "2:17: syntax error: cannot use c <- 1 as value"},
    {"missing condition", STR_INIT("package p\nfunc f() { if { } }\n"),
     "2:15: syntax error: missing condition in if statement"},
    {"name and type mixed", STR_INIT("package p\nfunc f(a int, string, b)\n"),
     "2:24: syntax error: missing parameter type"},
    {"dots first", STR_INIT("package p\nfunc f(a ...int, b int)\n"),
     "2:10: can only use ... with final parameter"},
    {"dots in result", STR_INIT("package p\nfunc f() (a ...int)\n"), "2:13: invalid use of ..."},
    {"method type parameters", STR_INIT("package p\nfunc (T) m[P any]() {}\n"),
     "2:11: syntax error: method must have no type parameters"},
    {"empty type parameters", STR_INIT("package p\nfunc f[]() {}\n"),
     "2:8: syntax error: empty type parameter list"},
    {"no receiver", STR_INIT("package p\nfunc () m() {}\n"), "2:9: method has no receiver"},
    {"newline in string", STR_INIT("package p\nvar x = \"a\n"), "2:11: newline in string"},
    {"open string", STR_INIT("package p\nvar x = \"a"), "2:9: string not terminated"},
    {"open raw string", STR_INIT("package p\nvar x = `a\n\n"), "2:9: string not terminated"},
    {"open comment", STR_INIT("package p\n/* x\n"), "2:1: comment not terminated"},
    {"empty rune", STR_INIT("package p\nvar x = ''\n"), "2:10: empty rune literal or unescaped '"},
    {"long rune", STR_INIT("package p\nvar x = 'ab'\n"),
     "2:9: more than one character in rune literal"},
    {"bad escape", STR_INIT("package p\nvar x = \"\\q\"\n"), "2:11: unknown escape"},
    {"surrogate", STR_INIT("package p\nvar x = '\\ud800'\n"),
     "2:16: escape is invalid Unicode code point U+D800"},
    {"octal escape", STR_INIT("package p\nvar x = '\\400'\n"),
     "2:14: octal escape value 256 > 255"},
    {"digits", STR_INIT("package p\nvar x = 0x\n"), "2:11: hexadecimal literal has no digits"},
    {"octal digit", STR_INIT("package p\nvar x = 089\n"),
     "2:10: invalid digit '8' in octal literal"},
    {"separators", STR_INIT("package p\nvar x = 1__0\n"),
     "2:11: '_' must separate successive digits"},
    {"hex float", STR_INIT("package p\nvar x = 0x1.8\n"),
     "2:14: hexadecimal mantissa requires a 'p' exponent"},
    {"exponent", STR_INIT("package p\nvar x = 1e\n"), "2:11: exponent has no digits"},
    {"p exponent", STR_INIT("package p\nvar x = 1p1\n"),
     "2:10: 'p' exponent requires hexadecimal mantissa"},
    {"nul", STR_INIT("package p\nvar x\0y int\n"), "2:6: invalid NUL character"},
    {"bad utf-8", STR_INIT("package p\nvar x\xFF int\n"), "2:6: invalid UTF-8 encoding"},
    {"mark first", STR_INIT("\xEF\xBB\xBFpackage p\n"), ""},
    {"mark inside", STR_INIT("package p\nvar x \xEF\xBB\xBFint\n"),
     "2:7: invalid BOM in the middle of the file"},
    {"odd character", STR_INIT("package p\nvar x # int\n"), "2:7: invalid character U+0023 '#'"},
    {"control character", STR_INIT("package p\nvar x \x01 int\n"), "2:7: invalid character U+0001"},
    {"odd name", STR_INIT("package p\nvar x\xE2\x82\xAC int\n"),
     "2:6: invalid character U+20AC '\xE2\x82\xAC' in identifier"},
    {"arabic digit", STR_INIT("package p\nvar \xD9\xA1x int\n"),
     "2:5: identifier cannot begin with digit U+0661 '\xD9\xA1'"},
    {"go paren", STR_INIT("package p\nfunc f() { go (f()) }\n"),
     "2:15: expression in go must not be parenthesized"},
    {"arrow type", STR_INIT("package p\nvar x = <-chan<- int\n"),
     "2:21: syntax error: unexpected int, expected chan"},
    {"slice", STR_INIT("package p\nvar x = a[::]\n"),
     "2:12: middle index required in 3-index slice\n"
     "2:13: final index required in 3-index slice"},
    {"line number", STR_INIT("package p\n//line x:0\nvar x int\n"), "2:10: invalid line number: 0"},
    {"column number", STR_INIT("package p\n//line x:1:0\nvar x int\n"),
     "2:12: invalid column number: 0"},
};

TEST(syntax_errors) {
    for (size_t i = 0; i < COUNT(error_rows); i++) {
        t->row = error_rows[i].name;
        Parsed p = parse(t, error_rows[i].in);
        CHECK_STR(t, errors_of(&p), str_c(error_rows[i].want));
        parsed_free(&p);
    }
}

TEST(syntax_branches) {
    static const struct {
        const char *name;
        const char *body, *want;
    } rows[] = {
        {"fine", "L: for { break L; continue L }", ""},
        {"outside", "break; continue; fallthrough",
         "2:2: break is not in a loop, switch, or select\n2:9: continue is not in a loop\n"
         "2:19: fallthrough statement out of place"},
        {"unused", "L: for {}", "2:2: label L defined and not used"},
        {"twice", "L: for { break L }; L: for { }", "2:22: label L already defined at x.go:2:2"},
        {"no such label", "for { break L; continue M }; goto N",
         "2:14: break label not defined: L\n2:26: continue label not defined: M\n"
         "2:36: label N not defined"},
        {"not around", "L: x(); for { break L }", "2:22: invalid break label L"},
        {"not a loop", "L: switch { case x: continue L }", "2:31: invalid continue label L"},
        {"over a variable",
         "goto L; x := 1; L:", "2:7: goto L jumps over declaration of x at x.go:2:12"},
        {"before the variable", "x := 1; goto L; L:", ""},
        {"out of a block", "{ goto L }; L:", ""},
        {"out over a variable",
         "{ goto L }; var x int; L:", "2:9: goto L jumps over declaration of x at x.go:2:18"},
        {"into a block", "goto L; { L: }", "2:7: goto L jumps into block starting at x.go:2:10"},
        {"back", "L: { goto L }", ""},
        {"fallthrough", "switch { case a: fallthrough; case b: }", ""},
        {"last fallthrough", "switch { case a: fallthrough }",
         "2:19: cannot fallthrough final case in switch"},
        {"type switch", "switch x.(type) { case a: fallthrough; case b: }",
         "2:28: cannot fallthrough in type switch"},
        {"empty statements", "switch { case a: fallthrough;;; case b: }", ""},
        {"literal", "for { func() { break }() }",
         "2:17: break is not in a loop, switch, or select"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Parsed p = parse(t, str_fmt(t->arena, "package p; func f() {\n\t%s\n}\n", rows[i].body));
        CHECK_STR(t, errors_of(&p), str_c(rows[i].want));
        parsed_free(&p);
    }
}

static const Expr *value_of(const Parsed *p) { // of: package p; var _ = x
    return p->file && p->file->decls.len ? p->file->decls.v[0]->value.values : NULL;
}

TEST(syntax_strings) {
    static const struct {
        const char *in, *want; // want NULL: as in
    } rows[] = {
        {"a+b", "a + b"},
        {"(a+b)*c", "(a + b) * c"},
        {"-x", NULL},
        {"f(a, b...)", NULL},
        {"x[1:2:3]", NULL},
        {"x[ : ]", "x[:]"},
        {"x.(T)", NULL},
        {"T{1, 2}", "T{\xE2\x80\xA6}"},
        {"T{}", NULL},
        {"&T{a: 1}", "&T{\xE2\x80\xA6}"},
        {"func(a, b int, c string) (x error) { return }",
         "func(a, b int, c string) (x error) {\xE2\x80\xA6}"},
        {"func() {}", NULL},
        {"[]int", NULL},
        {"[...]int{}", NULL},
        {"map[string]chan<- int", NULL},
        {"chan (<-chan int)", NULL},
        {"(<-chan int)(nil)", NULL},
        {"struct{a, b int; c string \"tag\"; T}", NULL},
        {"interface{m(x int) error; ~int | string}", NULL},
        {"G[int, string](x)", NULL},
        {"*p.q", NULL},
        {"<-c", NULL},
        {"'a' + \"b\" + `c`", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].in;
        Parsed p = parse(t, str_fmt(t->arena, "package p; var _ = %s\n", rows[i].in));
        CHECK_STR(t, errors_of(&p), STR(""));
        const Expr *x = value_of(&p);
        CHECK(t, x != NULL);
        if (x)
            CHECK_STR(t, syntax_expr_string(t->arena, p.names, x),
                      str_c(rows[i].want ? rows[i].want : rows[i].in));
        parsed_free(&p);
    }
}

typedef struct Seen {
    Test *t;
    const Parsed *p;
    Buf out;
    uint32_t exprs, stmts;
    bool *met;
} Seen;

static bool see(void *ctx, SyntaxNode n) {
    Seen *s = ctx;
    if (n.tag != TREE_EXPR) return true;
    const SourceFile *f = s->p->file->source;
    Pos start = syntax_start_pos(n);
    buf_fmt(&s->out, "%s%s %u [%u %u)", s->out.len ? " " : "", syntax_kind(n),
            n.expr->pos - f->base, start - f->base, n.expr->end - f->base);
    return true;
}

// Positions: the node's own [its start, the byte behind it).
TEST(syntax_positions) {
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"a.b(c)", "CallExpr 3 [0 6) SelectorExpr 1 [0 3) Name 0 [0 1) Name 2 [2 3) Name 4 [4 5)"},
        {"a + b", "Operation 2 [0 5) Name 0 [0 1) Name 4 [4 5)"},
        {"&T{1}", "Operation 0 [0 5) CompositeLit 2 [1 5) Name 1 [1 2) BasicLit 3 [3 4)"},
        {"x[i:j]", "SliceExpr 1 [1 6) Name 0 [0 1) Name 2 [2 3) Name 4 [4 5)"},
        {"x[i]", "IndexExpr 1 [0 4) Name 0 [0 1) Name 2 [2 3)"},
        {"(x)", "ParenExpr 0 [0 3) Name 1 [1 2)"},
        {"x.(T)", "AssertExpr 1 [0 5) Name 0 [0 1) Name 3 [3 4)"},
        {"func() {}", "FuncLit 0 [0 9) FuncType 4 [4 6)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].in;
        Parsed p = parse(t, str_fmt(t->arena, "package p; var _ = %s", rows[i].in));
        const Expr *x = value_of(&p);
        Seen s = {.p = &p, .out = buf_new(t->arena)};
        if (x) { // offsets from the expression's first byte
            ((SourceFile *)(uintptr_t)p.file->source)->base += 19;
            syntax_walk(node_expr(x), &(SyntaxWalk){see, NULL, &s});
        }
        CHECK_STR(t, buf_view(&s.out), str_c(rows[i].want));
        parsed_free(&p);
    }
}

static bool meet(void *ctx, SyntaxNode n) {
    Seen *s = ctx;
    if (n.tag != TREE_EXPR) return true;
    CHECK(s->t, n.expr->id > 0 && n.expr->id <= s->exprs);
    if (n.expr->id <= s->exprs) s->met[n.expr->id] = true;
    return true;
}

TEST(syntax_ids_are_dense) {
    Parsed p = parse(t, STR("package p\nfunc f(a, b int) { for i := range a { g(i, b+1) } }\n"));
    Seen s = {.t = t, .p = &p, .exprs = p.syntax->expr_count};
    s.met = NEW_ARRAY(t->arena, bool, p.syntax->expr_count + 1);
    syntax_walk(node_file(p.file), &(SyntaxWalk){meet, NULL, &s});
    uint32_t met = 0;
    for (uint32_t i = 1; i <= s.exprs; i++) met += s.met[i];
    CHECK_EQ(t, met, s.exprs);
    syntax_begin(p.syntax, t->arena, &p.diags, 0);
    CHECK_EQ(t, p.syntax->expr_count, 0);
    parsed_free(&p);
}

TEST(syntax_pragmas) {
    Parsed p = parse(t, STR("//go:build go1.22 && (linux || !go1.30)\n\npackage p\n"
                            "//go:noinline\n//go:nosplit\nfunc f() {\n\t//go:noescape\n\tx()\n}\n"
                            "var a int //go:embed x\nvar b int\n"));
    CHECK_STR(t, errors_of(&p), STR(""));
    CHECK_STR(t, p.file->go_version, STR("go1.22"));
    CHECK_EQ(t, p.file->pragmas.len, 5);
    CHECK_EQ(t, p.file->pragma_range.count, 1);
    CHECK_EQ(t, p.file->decls.v[0]->pragmas.count, 2);
    const Pragma *first = &p.file->pragmas.v[p.file->decls.v[0]->pragmas.first];
    CHECK_STR(t, first->text, STR("go:noinline"));
    CHECK(t, first->own_line && first->use == PRAGMA_DECL);
    CHECK(t, p.file->pragmas.v[3].use == PRAGMA_UNUSED && p.file->pragmas.v[3].misplaced);
    CHECK(t, !p.file->pragmas.v[4].own_line);
    CHECK(t, p.file->pragmas.v[4].use == PRAGMA_UNUSED); // b is declared after the line's end
    parsed_free(&p);
}

TEST(syntax_pragma_bits) {
    static const struct {
        const char *name;
        Str above;
        PragmaBits want;
    } rows[] = {
        {"none", STR_INIT("// a comment\n"), 0},
        {"one", STR_INIT("//go:noinline\n"), PRAGMA_NOINLINE},
        {"words behind it", STR_INIT("//go:noinline because\n"), PRAGMA_NOINLINE},
        {"no space behind the slashes", STR_INIT("// go:noinline\n"), 0},
        {"longer word", STR_INIT("//go:noinlined\n"), 0},
        {"two and a comment between", STR_INIT("//go:norace\n// why\n//go:noescape\n"),
         PRAGMA_NORACE | PRAGMA_NOESCAPE},
        {"nosplit implies", STR_INIT("//go:nosplit\n"), PRAGMA_NOSPLIT | PRAGMA_NOCHECKPTR},
        {"cgo_unsafe_args implies", STR_INIT("//go:cgo_unsafe_args\n"),
         PRAGMA_CGO_UNSAFE_ARGS | PRAGMA_NOCHECKPTR},
        {"uintptrescapes implies", STR_INIT("//go:uintptrescapes\n"),
         PRAGMA_UINTPTRESCAPES | PRAGMA_UINTPTRKEEPALIVE},
        {"nowritebarrierrec implies", STR_INIT("//go:nowritebarrierrec\n"),
         PRAGMA_NOWRITEBARRIERREC | PRAGMA_NOWRITEBARRIER},
        {"runtime's own", STR_INIT("//go:systemstack\n//go:yeswritebarrierrec\n"),
         PRAGMA_SYSTEMSTACK | PRAGMA_YESWRITEBARRIERREC},
        {"linkname has no flag", STR_INIT("//go:linkname f p.g\n"), 0},
        {"another declaration's", STR_INIT("//go:noinline\nfunc g() {}\n"), 0},
        {"shares its line", STR_INIT("var x int //go:noinline\n"), 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Parsed p = parse(t, str_join3(t->arena, STR("package p\n\n"), rows[i].above,
                                      STR("func f() {\n\t//go:nosplit\n}\n")));
        const DeclList *decls = &p.file->decls;
        CHECK_EQ(t, decl_pragmas(p.file, decls->v[decls->len - 1]), rows[i].want);
        parsed_free(&p);
    }
}

TEST(syntax_linknames) {
    Parsed p = parse(t, STR("package p\n//go:linkname a runtime.b\nfunc a()\n//go:linkname c\n"
                            "var c int //go:linkname not_this one\n//go:linkname\n"
                            "func f() {\n\t//go:linkname  d\ta/b.c.d  \n}\n"
                            "//go:linkname e f g\n//go:linkname \0 \0\n"));
    LinknameList all = file_linknames(t->arena, p.file);
    Buf b = buf_new(t->arena);
    CHECK_EQ(t, all.len, 4);
    CHECK_EQ(t, vec_last(&all).local.len, 1); // the NUL: reported elsewhere
    for (uint32_t i = 0; i + 1 < all.len; i++)
        buf_fmt(&b, "%u " STR_FMT "=" STR_FMT "\n", pos_place(p.files, all.v[i].pos).line,
                STR_ARG(all.v[i].local), STR_ARG(all.v[i].remote));
    CHECK_STR(t, buf_view(&b), STR("2 a=runtime.b\n4 c=\n8 d=a/b.c.d\n"));
    parsed_free(&p);
}

TEST(syntax_build_versions) {
    static const struct {
        const char *line, *want;
    } rows[] = {
        {"linux", ""},
        {"go1.21", "go1.21"},
        {"go1.21 || go1.19", "go1.19"},
        {"!go1.21", ""},
        {"go1", "go1"},
        {"(linux && go1.22) || windows", ""},
        {"!(!go1.18)", "go1.18"},
        {"go1.21 &&", ""},
        {"go1.18.3", ""},
        {"!(linux||!go1.18)", "go1.18"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].line;
        Parsed p = parse(t, str_fmt(t->arena, "//go:build %s\npackage p\n", rows[i].line));
        CHECK_STR(t, p.file->go_version, str_c(rows[i].want));
        parsed_free(&p);
    }
}

TEST(syntax_line_directives) {
    Parsed p = parse(t, STR("package p\n//line a.go:10\nvar x int\n/*line b.go:5:7*/var y int\n"));
    Place x = pos_place(p.files, p.file->decls.v[0]->pos),
          y = pos_place(p.files, p.file->decls.v[1]->pos);
    CHECK_STR(t, x.file, STR("a.go"));
    CHECK_EQ(t, x.line, 10);
    CHECK_EQ(t, x.col, 0);
    CHECK_STR(t, y.file, STR("b.go"));
    CHECK_EQ(t, y.line, 5);
    CHECK_EQ(t, y.col, 11);
    CHECK_EQ(t, pos_physical(p.files, p.file->decls.v[1]->pos).line, 4);
    parsed_free(&p);
}

TEST(syntax_unquoting) {
    static const struct {
        Str lit, want;
        bool fails;
    } rows[] = {
        {STR_INIT("\"abc\""), STR_INIT("abc"), false},
        {STR_INIT("`a\r\n\\n`"), STR_INIT("a\n\\n"), false},
        {STR_INIT("\"\\x41\\102\\u00e9\\n\\\"\""), STR_INIT("AB\xC3\xA9\n\""), false},
        {STR_INIT("\"\\xff\\377\""), STR_INIT("\xFF\xFF"), false},
        {STR_INIT("\"\\U0001F600\""), STR_INIT("\xF0\x9F\x98\x80"), false},
        {STR_INIT("\"a"), STR_INIT(""), true},
        {STR_INIT("\"\\x4\""), STR_INIT(""), true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].lit.ptr;
        Str out = STR("");
        CHECK_EQ(t, syntax_unquote(t->arena, rows[i].lit, &out), !rows[i].fails);
        CHECK_STR(t, out, rows[i].want);
    }
    int32_t rune = 0;
    CHECK(t, syntax_rune_value(STR("'a'"), &rune) && rune == 'a');
    CHECK(t, syntax_rune_value(STR("'\\n'"), &rune) && rune == '\n');
    CHECK(t, syntax_rune_value(STR("'\\xff'"), &rune) && rune == 0xFF);
    CHECK(t, syntax_rune_value(STR("'\xE2\x82\xAC'"), &rune) && rune == 0x20AC);
    CHECK(t, !syntax_rune_value(STR("''"), &rune));
}

static bool count(void *ctx, SyntaxNode n) {
    (void)n;
    ++*(uint32_t *)ctx;
    return true;
}

// Nothing makes the parser run out of stack: it stops reading and says so.
TEST(syntax_limits) {
    static const struct {
        const char *name, *head, *unit;
        int count;
        bool limit;
    } rows[] = {
        {"brackets", "package p; var x = ", "(", 200000, true},
        {"calls", "package p; var x = ", "f(", 200000, true},
        {"blocks", "package p; func f() ", "{", 200000, true},
        {"literals", "package p; var x = ", "func() { x = ", 100000, true},
        {"types", "package p; var x ", "[]", 200000, true},
        {"else", "package p; func f() { ", "if x {} else ", 100000, true},
        {"elements", "package p; var x = T", "{", 200000, true},
        {"instances", "package p; var x ", "A[", 200000, true},
        {"operators", "package p; var x = 1", "+1", SYNTAX_MAX_CHAIN - 1, false},
        {"more operators", "package p; var x = 1", "+1", SYNTAX_MAX_CHAIN + 9, true},
        {"selectors", "package p; var x = a", ".b", 5000000, true},
        {"elements of one list", "package p; var x = []T{", "1,", 1000000, false},
        {"statements", "package p; func f() {", "x;", 1000000, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Buf b = buf_new(t->arena);
        buf_c(&b, rows[i].head);
        for (int n = 0; n < rows[i].count; n++) buf_c(&b, rows[i].unit);
        if (strchr(rows[i].head, '{') && !rows[i].limit) buf_byte(&b, '}');
        Parsed p = parse(t, buf_view(&b));
        bool limit =
            p.diags.list.len == 1 && str_starts(p.diags.list.v[0].text, STR("nested too deeply"));
        CHECK_EQ(t, limit, rows[i].limit);
        CHECK_EQ(t, p.diags.list.len, rows[i].limit);
        if (!rows[i].limit && p.file) { // what was accepted can be walked
            uint32_t nodes = 0;
            syntax_walk(node_file(p.file), &(SyntaxWalk){count, NULL, &nodes});
            CHECK(t, nodes > p.syntax->expr_count);
        }
        parsed_free(&p);
    }
}

// ---- bodies read later

static bool count_node(void *ctx, SyntaxNode n) {
    (void)n;
    ++*(uint32_t *)ctx;
    return true;
}

static uint32_t node_count(const File *f) {
    uint32_t n = 0;
    syntax_walk(node_file(f), &(SyntaxWalk){.visit = count_node, .ctx = &n});
    return n;
}

static const struct {
    const char *name;
    Str in;          // its first declaration is a function
    bool skipped;    // the body is left unread
    const char *bad; // reading it later says that everything has to be parsed anew
} body_rows[] = {
    {"plain", STR_INIT("package p\nfunc f() {\n\tif x { y() }\n}\nvar z int\n"), true, NULL},
    {"empty", STR_INIT("package p\nfunc f() {}\n"), true, NULL},
    {"braces in texts", STR_INIT("package p\nfunc f() { g('}', \"}\\\"}\", `}\n\\`) }\n"), true,
     NULL},
    {"braces in comments", STR_INIT("package p\nfunc f() { // }\n/* } */ g()\n}\n"), true, NULL},
    {"quotients", STR_INIT("package p\nfunc f() { x = a / b / c; y /= z }\n"), true, NULL},
    {"literals", STR_INIT("package p\nfunc f() { g(func() { h(T{1, 2}) }) }\n"), true, NULL},
    {"method", STR_INIT("package p\nfunc (t T) f() int { return 1 }\n"), true, NULL},
    {"behind it a directive", STR_INIT("package p\nfunc f() { g() }\n//go:noinline\nfunc g() {}\n"),
     true, NULL},
    {"directive", STR_INIT("package p\nfunc f() {\n//go:noinline\n}\n"), false, NULL},
    {"line directive", STR_INIT("package p\nfunc f() {\n//line a.go:1\n}\n"), false, NULL},
    {"line directive inside", STR_INIT("package p\nfunc f() { /*line a.go:1*/ }\n"), false, NULL},
    {"something behind it", STR_INIT("package p\nfunc f() { g() } // why\n"), false, NULL},
    {"no line end", STR_INIT("package p\nfunc f() { g() }"), false, NULL},
    {"newline in a string", STR_INIT("package p\nfunc f() { g(\"\n) }\n"), false, NULL},
    {"open", STR_INIT("package p\nfunc f() { g(\n"), false, NULL},
    {"wrong", STR_INIT("package p\nfunc f() { x = = y }\n"), true, "x"},
    {"label", STR_INIT("package p\nfunc f() { goto L }\n"), true, "x"},
    {"nul", STR_INIT("package p\nfunc f() { g(\0) }\n"), true, "x"},
};

TEST(bodies_read_later) {
    for (size_t i = 0; i < COUNT(body_rows); i++) {
        t->row = body_rows[i].name;
        Parsed whole = parse(t, body_rows[i].in);
        Parsed p = parse_mode(t, body_rows[i].in, SYNTAX_CHECK_BRANCHES | SYNTAX_SKIP_BODIES);
        p.syntax->diags = &p.diags; // it was made in another place
        Stmt *body = p.file->decls.v[0]->func.body;
        Pos rbrace = body->block.rbrace;
        CHECK_EQ(t, body->unread, body_rows[i].skipped);
        if (body->unread) {
            CHECK_EQ(t, body->block.list.len, 0);
            CHECK_EQ(t, p.file->source->lines.len, whole.file->source->lines.len);
            uint32_t exprs = p.syntax->expr_count, stmts = p.syntax->stmt_count;
            CHECK_EQ(t, syntax_read_body(p.syntax, body, &exprs, &stmts), !body_rows[i].bad);
            CHECK_EQ(t, body->unread, false);
        }
        if (!body_rows[i].bad) {
            CHECK_EQ(t, body->block.rbrace, rbrace);
            CHECK_EQ(t, p.file->pragmas.len, whole.file->pragmas.len);
        }
        bool alone = p.file->decls.len == 1 || !body_rows[i].skipped; // others are unread still
        if (alone && !p.diags.count) CHECK_EQ(t, node_count(p.file), node_count(whole.file));
        parsed_free(&whole);
        parsed_free(&p);
    }
}

// What importers may lower is read with the declarations and has the first ids; the rest follows.
TEST(bodies_read_at_once) {
    static const char text[] = "package p\n"
                               "func a() int { return f(1, 2) }\n"
                               "func g[T any](x T) T { return x }\n"
                               "func (l *(list[T])) len() int { return l.n }\n"
                               "func (l *other) len() int { go func() { _ = l }(); return l.n }\n"
                               "func none()\n";
    static const bool generic[] = {false, true, true, false, false};
    Parsed whole = parse(t, str_c(text));
    Parsed p = parse_mode(t, str_c(text),
                          SYNTAX_CHECK_BRANCHES | SYNTAX_SKIP_BODIES | SYNTAX_READ_GENERIC);
    p.syntax->diags = &p.diags;
    uint32_t first = p.syntax->expr_count;
    CHECK_EQ(t, p.file->decls.len, COUNT(generic));
    for (uint32_t i = 0; i < p.file->decls.len; i++) {
        const Decl *d = p.file->decls.v[i];
        CHECK_EQ(t, syntax_is_generic(d), generic[i]);
        if (d->func.body) CHECK_EQ(t, d->func.body->unread, !generic[i]);
    }
    Arena *bodies = arena_new("bodies");
    size_t before = arena_used(p.syntax->arena);
    CHECK_EQ(t, syntax_read_bodies(p.syntax, p.file, bodies), true);
    CHECK_EQ(t, arena_used(p.syntax->arena), before);
    CHECK_EQ(t, p.syntax->expr_count, whole.syntax->expr_count);
    CHECK_EQ(t, node_count(p.file), node_count(whole.file));
    const Decl *a = p.file->decls.v[0], *g = p.file->decls.v[1];
    CHECK_EQ(t, a->func.body->block.list.v[0]->ret.results->id > first, true);
    CHECK_EQ(t, g->func.body->block.list.v[0]->ret.results->id <= first, true);
    arena_free(bodies);
    parsed_free(&whole);
    parsed_free(&p);
}
