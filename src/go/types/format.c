// go/types/format.c: the words of a message, and handing it in. Formats have directives of their
// own for types, operands and syntax (types_internal.h lists them), so printf is not used.
#include "go/types/types_internal.h"

#include <stdarg.h>

Pos at_expr(const Expr *x) { return syntax_start_pos(node_expr(x)); }
Pos at_operand(const Operand *x) { return x->expr ? at_expr(x->expr) : 0; }
Pos at_stmt(const Stmt *s) { return syntax_start_pos(node_stmt(s)); }

// What the compiler puts into export data does not say where GOROOT is.
static bool elsewhere_in_goroot(const Check *c, Pos pos) {
    if (!c->cfg) return false; // a question about a type, not a check of a package
    Str root = c->cfg->goroot, name = pos_place(c->env->files, pos).file;
    if (!root.len || !str_starts(name, root) || name.len == root.len || name.ptr[root.len] != '/')
        return false;
    const SourceFile *file = fileset_file(c->env->files, pos);
    for (uint32_t i = 0; i < c->in.file_count; i++)
        if (c->in.files[i]->source == file) return false;
    return true;
}

static void write_pos(Check *c, Buf *b, Pos pos) {
    if (!pos) {
        buf_lit(b, "<unknown position>");
        return;
    }
    Place p = pos_place(c->env->files, pos);
    if (elsewhere_in_goroot(c, pos)) {
        buf_lit(b, "$GOROOT");
        p.file = str_from(p.file, c->cfg->goroot.len);
    }
    buf_str(b, p.file);
    buf_fmt(b, ":%u", p.line);
    if (p.col) buf_fmt(b, ":%u", p.col);
}

static void write_expr(Check *c, Buf *b, const Expr *x) {
    syntax_write(b, c->env->names, node_expr(x));
}

static void directive(Check *c, Buf *b, char what, va_list *ap) { // flat switch
    switch (what) {
    case 's': buf_c(b, va_arg(*ap, const char *)); return;
    case 'S': buf_str(b, va_arg(*ap, Str)); return;
    case 'd': buf_i64(b, va_arg(*ap, int)); return;
    case 'l': buf_i64(b, va_arg(*ap, int64_t)); return;
    case 'T': write_type(c, b, va_arg(*ap, Type *)); return;
    case 'O': write_operand(c, b, va_arg(*ap, Operand *)); return;
    case 'E': write_expr(c, b, va_arg(*ap, Expr *)); return;
    case 'N': buf_str(b, name_str(c->env->names, va_arg(*ap, Name))); return;
    case 'J': write_object(c, b, va_arg(*ap, Obj *)); return;
    case 'P': write_pos(c, b, va_arg(*ap, Pos)); return;
    case 'V': buf_str(b, const_str(c->arena, va_arg(*ap, Const *))); return;
    case 'X': buf_c(b, op_text((Op)va_arg(*ap, int))); return;
    case 'Q': {
        const Pkg *p = va_arg(*ap, const Pkg *);
        Str name = name_str(c->env->names, p->name), path = name_str(c->env->names, p->path);
        buf_fmt(b, "package " STR_FMT " (\"" STR_FMT "\")", STR_ARG(name), STR_ARG(path));
        return;
    }
    case '%': buf_byte(b, '%'); return;
    }
    BUG("format directive %%%c", what);
}

static Str format(Check *c, const char *fmt, va_list *ap) {
    Buf b = buf_new(c->arena);
    for (const char *p = fmt; *p; p++) {
        if (*p != '%')
            buf_byte(&b, *p);
        else
            directive(c, &b, *++p, ap);
    }
    return buf_view(&b);
}

Str check_format(Check *c, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Str s = format(c, fmt, &ap);
    va_end(ap);
    return s;
}

ErrorBuilder error_begin(Check *c) { return (ErrorBuilder){.c = c}; }

static void add_part(ErrorBuilder *e, Pos pos, Str text) {
    vec_push(e->c->arena, &e->parts, ((ErrorPart){pos, text}));
}

void error_add(ErrorBuilder *e, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    add_part(e, pos, format(e->c, fmt, &ap));
    va_end(ap);
}

void error_add_alt(ErrorBuilder *e, Obj *o) {
    if (o->pos) error_add(e, o->pos, "other declaration of %N", o->name);
}

Str error_text(const ErrorBuilder *e) {
    Buf b = buf_new(e->c->arena);
    for (uint32_t i = 0; i < e->parts.len; i++) {
        if (i) {
            buf_lit(&b, "\n\t");
            if (e->parts.v[i].pos) {
                write_pos(e->c, &b, e->parts.v[i].pos);
                buf_lit(&b, ": ");
            }
        }
        buf_str(&b, e->parts.v[i].text);
    }
    return buf_view(&b);
}

void error_report(ErrorBuilder *e) {
    Check *c = e->c;
    if (c->lazy || c->done || !e->parts.len) return;
    Str first = e->parts.v[0].text;
    // What follows from an earlier error is not told, nor from a name of package C we do not know.
    if (c->has_error || c->cfg->fake_import_c) {
        size_t operand = str_find(first, STR("invalid operand")),
               type = str_find(first, STR("invalid type"));
        if ((operand != STR_NONE && operand > 0) || (type != STR_NONE && type > 0)) return;
    }
    Pos pos = c->e.errpos ? c->e.errpos : e->parts.v[0].pos;
    Str text = str_copy(c->diags->arena, error_text(e)); // it outlives the check
    diag_add(c->diags, (Diag){.pos = pos, .code = 1, .text = text, .soft = e->soft});
    c->has_error = true;
}

void check_error(Check *c, Pos pos, const char *fmt, ...) {
    ErrorBuilder e = error_begin(c);
    va_list ap;
    va_start(ap, fmt);
    add_part(&e, pos, format(c, fmt, &ap));
    va_end(ap);
    error_report(&e);
}

void check_soft_error(Check *c, Pos pos, const char *fmt, ...) {
    ErrorBuilder e = error_begin(c);
    e.soft = true;
    va_list ap;
    va_start(ap, fmt);
    add_part(&e, pos, format(c, fmt, &ap));
    va_end(ap);
    error_report(&e);
}

// ---- language versions

GoVersion go_version(Str text) {
    str_cut_prefix(&text, STR("go"));
    Str major = str_split(&text, '.');
    size_t n = 0;
    while (n < text.len && text.ptr[n] >= '0' && text.ptr[n] <= '9') n++;
    uint64_t x, y = 0;
    if (!str_to_u64(major, &x) || x > 9 || (n && !str_to_u64(str_to(text, n), &y)) || y > 99)
        return 0;
    return (GoVersion)(x * 100 + y);
}

Str go_version_str(Arena *a, GoVersion v) { return str_fmt(a, "go%u.%u", v / 100, v % 100); }

bool check_allow(Check *c, GoVersion want) { return !c->e.version || c->e.version >= want; }

static void version_error(Check *c, Pos at, GoVersion want, Str what) {
    check_error(c, at, "%S requires %S or later", what, go_version_str(c->arena, want));
}

void check_version_error(Check *c, Pos at, GoVersion want, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    version_error(c, at, want, format(c, fmt, &ap));
    va_end(ap);
}

bool check_verify(Check *c, Pos at, GoVersion want, const char *fmt, ...) {
    if (check_allow(c, want)) return true;
    va_list ap;
    va_start(ap, fmt);
    version_error(c, at, want, format(c, fmt, &ap));
    va_end(ap);
    return false;
}
