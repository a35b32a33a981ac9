// tests/oracle/syntax_tool.c: the parser alone, for comparison with Go's.
//   syntax_tool dump FILE...    one line per node: kind, position, what tells it from its likes
//   syntax_tool errors FILE...  one line per syntax error
//   syntax_tool errors-per-line FILE...  at most one "syntax error" for each line of source
//   syntax_tool bench LIST N    parses the files LIST names N times: bytes, nodes, seconds of CPU
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "go/syntax/syntax.h"
#include "sys/file.h"

typedef struct Dump {
    Buf out;
    const Names *names;
    const File *file;
    int depth;
} Dump;

static void line_col(const SourceFile *f, Pos pos, uint32_t *line, uint32_t *col) {
    uint32_t offset = pos - f->base, lo = 0, hi = f->lines.len;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->lines.v[mid] <= offset)
            lo = mid;
        else
            hi = mid;
    }
    *line = lo + 1;
    *col = offset - f->lines.v[lo] + 1;
}

static void write_pos(Dump *d, Pos pos) {
    uint32_t line, col;
    line_col(d->file->source, pos, &line, &col);
    buf_u64(&d->out, line);
    buf_byte(&d->out, ':');
    buf_u64(&d->out, col);
}

static void write_expr(Dump *d, const Expr *x) {
    if (x->kind == EXPR_NAME) buf_fmt(&d->out, " " STR_FMT, STR_ARG(name_str(d->names, x->name)));
    if (x->kind == EXPR_LIT) {
        buf_fmt(&d->out, " %d %d ", x->lit_kind, x->bad);
        buf_str(&d->out, x->text);
    }
    if (x->kind == EXPR_OPERATION) buf_fmt(&d->out, " %s", op_text(x->op));
    if (x->kind == EXPR_CALL) buf_fmt(&d->out, " %d", x->has_dots);
    if (x->kind == EXPR_SLICE) buf_fmt(&d->out, " %d", x->full);
    if (x->kind == EXPR_CHAN_TYPE) buf_fmt(&d->out, " %d", x->dir);
    if (x->kind != EXPR_COMPOSITE) return;
    buf_fmt(&d->out, " %u ", x->composite.nkeys);
    write_pos(d, x->composite.rbrace);
}

static void write_stmt(Dump *d, const Stmt *s) {
    if (s->kind == STMT_ASSIGN) buf_fmt(&d->out, " %s", op_text(s->op));
    if (s->kind == STMT_RANGE) buf_fmt(&d->out, " %d", s->def);
    if (s->kind == STMT_BRANCH || s->kind == STMT_CALL)
        buf_fmt(&d->out, " %s", keyword_text(s->keyword));
    if (s->kind == STMT_BRANCH && s->branch.target) {
        buf_byte(&d->out, ' ');
        write_pos(d, s->branch.target->pos);
    }
    Pos rbrace = s->kind == STMT_BLOCK    ? s->block.rbrace
                 : s->kind == STMT_SWITCH ? s->switch_.rbrace
                 : s->kind == STMT_SELECT ? s->select.rbrace
                                          : 0;
    if (!rbrace) return;
    buf_byte(&d->out, ' ');
    write_pos(d, rbrace);
}

static bool dump_node(void *ctx, SyntaxNode n) {
    Dump *d = ctx;
    buf_fill(&d->out, ' ', (size_t)d->depth++);
    buf_c(&d->out, syntax_kind(n));
    buf_byte(&d->out, ' ');
    write_pos(d, syntax_pos(n));
    if (n.tag == TREE_EXPR) write_expr(d, n.expr);
    if (n.tag == TREE_STMT) write_stmt(d, n.stmt);
    if (n.tag == TREE_DECL) buf_fmt(&d->out, " %d %d", n.decl->group != 0, n.decl->alias);
    if (n.tag == TREE_CLAUSE) {
        buf_byte(&d->out, ' ');
        write_pos(d, n.clause->colon);
    }
    buf_byte(&d->out, ' ');
    write_pos(d, syntax_start_pos(n));
    buf_byte(&d->out, ' ');
    write_pos(d, syntax_end_pos(n));
    buf_byte(&d->out, '\n');
    return true;
}

static void leave_node(void *ctx, SyntaxNode n) {
    (void)n;
    ((Dump *)ctx)->depth--;
}

typedef struct Session {
    Names *names;
    FileSet *files;
    Syntax *syntax;
} Session;

// By place, as the compiler does; stable; there are few.
static void sort_errors(Diags *d) {
    for (uint32_t i = 1; i < d->list.len; i++) {
        Diag one = d->list.v[i];
        uint32_t at = i;
        for (; at > 0 && d->list.v[at - 1].pos > one.pos; at--) d->list.v[at] = d->list.v[at - 1];
        d->list.v[at] = one;
    }
}

static void write_errors(const Session *s, const Diags *d, Buf *out) {
    for (uint32_t i = 0; i < d->list.len; i++) {
        Place at = pos_place(s->files, d->list.v[i].pos);
        buf_fmt(out, STR_FMT ":%u:%u: ", STR_ARG(at.file), at.line, at.col);
        buf_str(out, d->list.v[i].text);
        buf_byte(out, '\n');
    }
}

typedef enum Mode { DUMP, ERRORS, ERRORS_PER_LINE } Mode;

static bool show_file(Session *s, Str path, Mode mode) {
    Arena *a = arena_new("file");
    Str text;
    Err err = file_read(a, path, &text);
    if (err) {
        fprintf(stderr, STR_FMT "\n", STR_ARG(err->what));
        return false;
    }
    Diags diags = diags_new(a);
    syntax_begin(s->syntax, a, &diags, SYNTAX_CHECK_BRANCHES);
    Dump d = {.out = buf_new(a), .names = s->names};
    d.file = syntax_parse(s->syntax, path, text);
    if (mode == DUMP) buf_fmt(&d.out, "# " STR_FMT "\n", STR_ARG(path));
    if (mode == ERRORS_PER_LINE) diags_as_shown(&diags, s->files);
    sort_errors(&diags);
    write_errors(s, &diags, &d.out);
    if (mode == DUMP && d.file && !d.file->had_errors) { // as the other side
        buf_fmt(&d.out, "version " STR_FMT " eof ", STR_ARG(d.file->go_version));
        write_pos(&d, d.file->eof);
        buf_byte(&d.out, '\n');
        syntax_walk(node_file(d.file), &(SyntaxWalk){dump_node, leave_node, &d});
    }
    fwrite(d.out.ptr, 1, d.out.len, stdout);
    arena_free(a);
    return true;
}

// A file, or with @ in front a file that lists files.
static bool show(Session *s, Str path, Mode mode) {
    if (path.len < 2 || path.ptr[0] != '@') return show_file(s, path, mode);
    Arena *a = arena_new("list");
    Str list;
    bool ok = !file_read(a, str_from(path, 1), &list);
    while (ok && list.len) {
        Str one = str_line(&list);
        if (one.len) ok = show_file(s, one, mode);
    }
    arena_free(a);
    return ok;
}

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int bench(Session *s, Str list_path, int rounds) {
    Arena *a = arena_new("bench");
    Str list;
    if (file_read(a, list_path, &list)) return 2;
    StrVec names = {0}, texts = {0};
    size_t bytes = 0;
    while (list.len) {
        Str path = str_line(&list), text;
        if (!path.len || file_read(a, path, &text)) continue;
        vec_push(a, &names, path);
        vec_push(a, &texts, text);
        bytes += text.len;
    }
    for (int round = 0; round < rounds; round++) {
        uint64_t nodes = 0, errors = 0, memory = 0;
        double start = cpu_seconds();
        for (uint32_t i = 0; i < texts.len; i++) {
            Arena *tree = arena_new("tree");
            Diags diags = diags_new(tree);
            syntax_begin(s->syntax, tree, &diags, 0);
            syntax_parse(s->syntax, names.v[i], texts.v[i]);
            nodes += s->syntax->expr_count + s->syntax->stmt_count + s->syntax->decl_count;
            errors += diags.count;
            memory += arena_used(tree);
            arena_free(tree);
        }
        double seconds = cpu_seconds() - start;
        printf("%u files, %zu bytes, %llu nodes, %llu tree bytes, %llu errors: %.3f s, %.1f MB/s\n",
               texts.len, bytes, (unsigned long long)nodes, (unsigned long long)memory,
               (unsigned long long)errors, seconds, (double)bytes / seconds / 1e6);
    }
    arena_free(a);
    return 0;
}

static bool mode_of(const char *word, Mode *out) {
    static const char *const words[] = {"dump", "errors", "errors-per-line"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(word, words[i])) {
            *out = (Mode)i;
            return true;
        }
    return false;
}

int main(int argc, char **argv) {
    Mode mode;
    Session s = {names_new(), fileset_new(), NULL};
    s.syntax = syntax_new(s.names, s.files);
    int status = 2;
    if (argc == 4 && !strcmp(argv[1], "bench")) {
        status = bench(&s, str_c(argv[2]), (int)strtol(argv[3], NULL, 10));
    } else if (argc > 2 && mode_of(argv[1], &mode)) {
        status = 0;
        for (int i = 2; i < argc; i++)
            if (!show(&s, str_c(argv[i]), mode)) status = 2;
    } else {
        fprintf(stderr, "usage: syntax_tool dump FILE... | errors FILE... | bench LIST ROUNDS\n");
    }
    syntax_free(s.syntax);
    fileset_free(s.files);
    names_free(s.names);
    return status;
}
